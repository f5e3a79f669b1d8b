"""The pages on hooks and commands: nothing that there is goes unmentioned, and nothing is stale."""

import re
from pathlib import Path

import pluggy
import pytest
import typer
from typer.main import get_command

from cspr_core import hookspecs
from scripts.command_reference import PAGE, commands, page, parameters, said_of

HOOKS = Path(__file__).parent.parent / "docs" / "hooks.md"


def _hooks() -> dict[str, set[str]]:
    """Each hook with its arguments, as pluggy understands the specification."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    return {
        name: set(caller.spec.argnames)
        for name, caller in vars(manager.hook).items()
        if getattr(caller, "spec", None) is not None
    }


def _sections(text: str) -> dict[str, str]:
    parts = re.split(r"^## `(\w+)`\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_hook_has_its_section_and_none_is_left_over() -> None:
    assert set(_sections(HOOKS.read_text("utf-8"))) == set(_hooks())


@pytest.mark.parametrize("hook", sorted(_hooks()))
def test_section_says_what_goes_in_and_out_and_when(hook: str) -> None:
    section = _sections(HOOKS.read_text("utf-8"))[hook]
    for said in ("**Given:**", "**Gives", "**Called:**", "```python"):
        assert said in section
    for argument in _hooks()[hook]:
        assert f"`{argument}`" in section, f"{hook} does not explain {argument}"


def test_examples_of_hooks_are_python() -> None:
    for code in re.findall(r"```python\n(.+?)```", HOOKS.read_text("utf-8"), flags=re.DOTALL):
        compile(code, "docs/hooks.md", "exec")


def test_page_of_commands_is_what_the_program_says() -> None:
    assert PAGE.read_text("utf-8") == page(), (
        "docs/commands.md is stale: run `.venv/bin/python scripts/command_reference.py`"
    )


def test_every_command_option_and_argument_says_what_it_is() -> None:
    silent = [
        f"{name} {parameter.name}"
        for name, command in commands()
        for parameter in parameters(command)
        if len(said_of(parameter).split()) < 2
    ]
    assert silent == []
    assert [name for name, command in commands() if not (command.help or "").strip()] == []


def test_an_option_without_words_would_be_found() -> None:
    app = typer.Typer()

    @app.command()
    def only(*, quiet: bool = False) -> None: ...

    (parameter,) = (p for p in parameters(get_command(app)) if p.name == "quiet")
    assert said_of(parameter) == ""


def test_commands_within_a_group_are_listed() -> None:
    names = [name for name, _ in commands()]
    assert {"cspr", "cspr check", "cspr plugin new"} <= set(names)
