"""The command line: thin commands over the core. `main` is what the command `cspr` runs."""

from __future__ import annotations

import gc
from collections.abc import Sequence

from cspr_core.cli.errors import guarded

# What a command loads, it keeps: to look through it for garbage again and again while it grows
# took a sixth of a check's time.
_SELDOM = (100_000, 20, 20)


def main(argv: Sequence[str] | None = None) -> None:
    """Run `cspr` with these arguments (those of the process without) and leave with its status.

    Raises `SystemExit`: 0 nothing wrong, 1 something is overdue or breached, 2 the input or the
    usage is wrong.
    """
    usual = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        status = guarded(argv, _run)
    finally:
        gc.set_threshold(*usual)
    raise SystemExit(status)


def _run(argv: Sequence[str] | None) -> object:
    from cspr_core.cli.app import run

    return run(argv)
