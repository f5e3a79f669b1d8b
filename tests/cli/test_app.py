"""The frame: help, version, completion, and that none of them imports a plugin."""

import re
from collections.abc import Callable

import pytest

import cspr_core

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
