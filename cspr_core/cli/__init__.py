"""The command line: thin commands over the core. `main` is what the command `cspr` runs."""

from __future__ import annotations

from collections.abc import Sequence

from cspr_core.cli.errors import guarded


def main(argv: Sequence[str] | None = None) -> None:
    """Run `cspr` with these arguments (those of the process without) and leave with its status.

    Raises `SystemExit`: 0 nothing wrong, 1 something is overdue or breached, 2 the input or the
    usage is wrong.
    """
    raise SystemExit(guarded(argv, _run))


def _run(argv: Sequence[str] | None) -> object:
    from cspr_core.cli.app import run

    return run(argv)
