"""The frame: help, version, completion, and that none of them imports a plugin."""

import atexit
import os
import re
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from typer.main import get_command

import cspr_core
from cspr_core import cli
from cspr_core.cli import app as frame

COMMANDS = (
    "check",
    "requirements",
    "contacts",
    "roles",
    "plugins",
    "schema",
    "area",
    "new",
    "due",
    "timetable",
    "explain",
)


def test_version_is_the_packages_own(run: Callable) -> None:
    ran = run("--version")
    assert (ran.status, ran.out, ran.err) == (0, f"cspr {cspr_core.__version__}\n", "")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_every_command(run: Callable, command: str) -> None:
    ran = run("--help")
    assert ran.status == 0
    assert re.search(rf"^\W*{command} ", ran.out, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_with_an_example(run: Callable, command: str) -> None:
    ran = run(command, "--help")
    assert ran.status == 0
    assert f"cspr {command}" in ran.out.partition("Example")[2]


def test_without_arguments_help_is_shown_and_nothing_is_done(run: Callable) -> None:
    ran = run()
    assert ran.status == 2
    assert "Usage" in ran.out


@pytest.mark.slow
@pytest.mark.parametrize("argv", [("--help",), ("--version",), ("check", "--help")])
def test_frame_imports_no_plugin(install: Callable, spawn: Callable, argv: tuple[str, ...]) -> None:
    install("loud", "raise SystemExit('imported')")
    ran = spawn(*argv)
    assert ran.status == 0
    assert "imported" not in ran.out + ran.err


@pytest.mark.slow
def test_frame_leaves_the_core_alone(spawn: Callable) -> None:
    code = (
        "import sys\nfrom cspr_core.cli import main\n"
        "try:\n    main(['--help'])\nfinally:\n"
        "    assert not {'pydantic', 'yaml', 'holidays', 'cspr_core.check'} & set(sys.modules)\n"
    )
    ran = spawn(code=code)
    assert (ran.status, ran.err) == (0, "")


@pytest.mark.slow
def test_completion_names_areas_and_imports_no_plugin(install: Callable, spawn: Callable) -> None:
    install("loud", "raise SystemExit('imported')")
    ran = spawn(_CSPR_COMPLETE="complete_bash", COMP_WORDS="cspr contacts lo", COMP_CWORD="2")
    assert ran.out.split() == ["loud"]


@pytest.mark.slow
def test_completion_can_be_shown_for_a_shell(spawn: Callable) -> None:
    ran = spawn(_CSPR_COMPLETE="source_bash")
    assert ran.status == 0
    assert "_CSPR_COMPLETE=complete_bash" in ran.out


def test_only_the_module_of_the_command_is_asked() -> None:
    group = get_command(frame.app)
    context = group.make_context("cspr", ["due"])
    assert group.get_command(context, "due") is not None
    assert list(group.commands) == list(frame.COMMANDS["office"])


def test_the_table_of_commands_is_complete() -> None:
    folder = Path(frame.__file__).parent
    modules = {
        path.stem
        for path in folder.glob("*.py")
        if re.search(r"^def register\(app", path.read_text("utf-8"), re.MULTILINE)
    }
    assert modules == set(frame.COMMANDS)
    for module, commands in frame.COMMANDS.items():
        assert tuple(frame.commands_of(module)) == commands, module


def test_a_command_that_the_table_forgot_is_found_all_the_same(
    run: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(frame._HOME, "due")  # noqa: SLF001
    assert run("due", "--help").status == 0


def test_the_process_ends_with_its_status_and_all_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[object] = []

    def main() -> None:
        sys.stdout.write("said\n")
        raise SystemExit(1)

    monkeypatch.setattr(cli, "main", main)
    monkeypatch.setattr(atexit, "_run_exitfuncs", lambda: done.append("at exit"))
    monkeypatch.setattr(os, "_exit", done.append)
    import_module("cspr_core.__main__")
    cli.command()
    assert done == ["at exit", 1]
    assert capsys.readouterr().out == "said\n"
