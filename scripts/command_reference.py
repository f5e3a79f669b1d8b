"""Write docs/commands.md: every command with its arguments and options, from the program itself.

Run it from the root. A test holds the page true, and fails where an option says nothing of itself.
"""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from cspr_core.cli.app import app

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "commands.md"
HEAD = """\
# The commands

Every command, argument and option. `cspr COMMAND --help` says the same, with the terminal's own
completion (`cspr --install-completion`).

Exit status of every command: 0 nothing wrong; 1 something is overdue or breached (or what the
command looks for was found: a failing scenario, a message of the linter, a difference); 2 the input
or the usage is wrong. Errors stand on stderr, one line a problem, with file, line, column and what
to write instead. Everything else about a command stands on its own page: [a case
file](case-file.md), [how it decides](how-it-decides.md), [the calendar](calendar.md), [writing a
plugin](writing-a-plugin.md).
"""


def commands(command: Any = None, path: tuple[str, ...] = ("cspr",)) -> Iterator[tuple[str, Any]]:
    """Every command that can be run, by its whole name, in the program's own order.

    A command that takes whatever a plugin adds (`cspr area`) has no list of its own.
    """
    command = get_command(app) if command is None else command
    if not hasattr(command, "list_commands"):
        yield " ".join(path), command
        return
    if len(path) == 1:
        yield "cspr", command
    for name in command.list_commands(None):
        yield from commands(command.get_command(None, name), (*path, name))


def parameters(command: Any) -> list[Any]:
    """A command's arguments and options, but for `--help`, which every one has."""
    return [p for p in command.params if p.name != "help" and not getattr(p, "hidden", False)]


def said_of(parameter: Any) -> str:
    """What a parameter says of itself, as plain Markdown."""
    text = " ".join((getattr(parameter, "help", None) or "").split())
    return re.sub(r"\[/?[a-z ]+\]", "", text).replace("|", "\\|")


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        shown = (parameter.metavar or str(parameter.name).upper()).replace("|", "\\|")
        return f"`{shown}`" + ("" if parameter.required else " (may be left out)")
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    takes = "" if getattr(parameter, "is_flag", False) else f" {parameter.metavar or 'VALUE'}"
    return f"{names}{takes}".replace("|", "\\|") + (" (required)" if parameter.required else "")


def help_of(command: Any) -> str:
    """A command's own help as Markdown: what is indented, the examples, as code."""
    text = inspect.cleandoc(command.help or "").replace("\b\n", "").replace("\f", "\n\n")
    text = re.sub(r"\[/?[a-z ]+\]", "", text).strip() + "\n"
    code = re.sub(r"((?:^  .+\n)+)", r"\n```sh\n\1```\n", text, flags=re.MULTILINE)
    return re.sub(r"^  ", "", code, flags=re.MULTILINE).strip()


def _section(name: str, command: Any) -> Iterator[str]:
    yield f"## `{name}`"
    yield ""
    yield help_of(command)
    yield ""
    if rows := parameters(command):
        yield "| argument or option | what it is |"
        yield "|---|---|"
        for parameter in rows:
            yield f"| {_name(parameter)} | {said_of(parameter)} |"
        yield ""


def page() -> str:
    """The whole page."""
    lines = [HEAD]
    for name, command in commands():
        lines += _section(name, command)
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(PAGE.relative_to(ROOT))


if __name__ == "__main__":
    main()
