"""The typer application: every command, registered without importing any plugin.

The module of a command is imported when that command is called for; all of them only for help, for
completion and for a name that is not known. They import at their head only typer and this package;
what a command needs of the core it imports when it runs, so that all of this stays quick.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

import cspr_core
from cspr_core.cli import errors, output

# The modules, in the order in which help shows them, and the commands that each registers.
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "checking": ("check",),
    "office": ("new", "due", "timetable"),
    "calendar_export": ("calendar",),
    "explaining": ("explain",),
    "reference": ("requirements", "contacts", "roles", "plugins", "schema", "area"),
    "testing": ("test",),
    "agreeing": ("agree",),
    "comparing": ("compare", "diff"),
    "impact": ("impact",),
    "statistics": ("stats",),
    "simulating": ("simulate",),
    "plugin_kit": ("plugin",),
}
_HOME = {command: module for module, commands in COMMANDS.items() for command in commands}


class Commands(TyperGroup):
    """The group of all commands, each of whose modules is imported when it is needed."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name, or nothing."""
        if cmd_name not in self.commands:
            self._add(*([_HOME[cmd_name]] if cmd_name in _HOME else COMMANDS))
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all commands, in the order of their modules."""
        self.commands.clear()
        self._add(*COMMANDS)
        return super().list_commands(ctx)

    def _add(self, *modules: str) -> None:
        for module in modules:
            self.commands.update(commands_of(module))


def commands_of(module: str) -> dict[str, Any]:
    """The commands that a module of this package registers, by name."""
    part = typer.Typer(rich_markup_mode="rich")
    import_module(f"cspr_core.cli.{module}").register(part)
    return dict(get_group(part).commands)


app = typer.Typer(
    name="cspr",
    cls=Commands,
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


def run(argv: Sequence[str] | None) -> object:
    """Run the application; the exit status, or nothing where all went well."""
    return get_command(app).main(
        args=None if argv is None else list(argv), prog_name="cspr", standalone_mode=False
    )
