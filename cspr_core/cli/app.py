"""The typer application: every command, registered without importing any plugin.

The modules of commands import at their head only typer and this package; what a command needs of
the core it imports when it runs, so that `--help`, `--version` and completion stay quick.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from typer.main import get_command

import cspr_core
from cspr_core.cli import (
    calendar_export,
    checking,
    comparing,
    errors,
    explaining,
    office,
    output,
    plugin_kit,
    reference,
    testing,
)

app = typer.Typer(
    name="cspr",
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:  # noqa: FBT001  (typer calls it so)
    if value:
        output.emit(f"cspr {cspr_core.__version__}")
        raise typer.Exit


@app.callback()
def common(
    *,
    version: Annotated[  # noqa: ARG001  (its callback has seen to it)
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where an error comes from (or CSPR_DEBUG=1).")
    ] = False,
) -> None:
    """Check child safeguarding practice reviews against national and local rules.

    \b
    Exit status: 0 nothing wrong; 1 something is overdue or breached;
    2 the input or the usage is wrong.
    """  # noqa: D301  (typer reads the \b)
    if debug:
        errors.show_tracebacks()


for module in (
    checking,
    office,
    calendar_export,
    explaining,
    reference,
    testing,
    comparing,
    plugin_kit,
):
    module.register(app)


def run(argv: Sequence[str] | None) -> object:
    """Run the application; the exit status, or nothing where all went well."""
    return get_command(app).main(
        args=None if argv is None else list(argv), prog_name="cspr", standalone_mode=False
    )
