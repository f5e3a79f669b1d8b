"""What bad input and bad luck get: one line a problem on stderr, status 2, never a traceback."""

import errno
import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cspr_core.check import EnginesDifferError
from cspr_core.cli import errors
from cspr_core.reading import case as reading

FAMILIAR = "Did you mean"


def bad(ran: object, *parts: str) -> None:
    """One line with these parts on stderr, nothing else, status 2."""
    assert (ran.status, ran.out) == (2, "")  # type: ignore[attr-defined]
    lines = ran.err.splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 1
    for part in parts:
        assert part in lines[0]
    assert "Traceback" not in lines[0]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("2026-06-31", "There is no 31 June 2026. Write a day from 01 to 30"),
        ("01/06/2026", "Write 2026-06-01"),
        ("1 June 2026", "Write 2026-06-01"),
        ("tomorrow", "`tomorrow` is not a date"),
        ("2026-06", "This date has no day"),
    ],
)
def test_as_of_is_a_strict_date(run: Callable, case: Path, given: str, told: str) -> None:
    bad(run("check", case, "--as-of", given), "cspr: --as-of: ", told)


def test_unknown_option_names_the_nearest(run: Callable, case: Path) -> None:
    bad(run("check", case, "--partnershp", "essex"), "cspr check: No such option", "--help")


def test_unknown_command_says_how_to_find_them(run: Callable) -> None:
    bad(run("chek"), "cspr: No such command 'chek'", "`cspr --help` shows how to call it.")


def test_missing_argument_is_told(run: Callable) -> None:
    bad(run("check"), "cspr check: Missing argument", "`cspr check --help`")


def test_unknown_format_lists_those_there_are(run: Callable, case: Path, area: Path) -> None:
    ran = run("check", case, "--plugins", area, "--as-of", "2026-03-12", "--format", "xml")
    bad(ran, "--format xml: there is no such format. There are: table, json, markdown, html.")


def test_misspelt_format_names_the_nearest(run: Callable, case: Path, area: Path) -> None:
    ran = run("check", case, "--plugins", area, "--as-of", "2026-03-12", "--format", "markdwon")
    bad(ran, "Did you mean markdown?")


def test_missing_plugins_folder_is_told(run: Callable, case: Path, tmp_path: Path) -> None:
    ran = run("check", case, "--plugins", tmp_path / "none")
    bad(ran, f"--plugins {tmp_path / 'none'}: there is no such folder.")


def test_partnership_of_a_case_is_told_with_its_place(run: Callable, case: Path) -> None:
    text = case.read_text(encoding="utf-8")
    case.write_text(
        text.replace("partnership: testshire", "partnership: northamptonshir"), encoding="utf-8"
    )
    ran = run("check", case, "--as-of", "2026-03-12")
    # `partnership` stands in line 3; its value begins after `partnership: `, 13 characters.
    bad(ran, f"{case}:3:14: There is no plugin for the partnership `northamptonshir`.", FAMILIAR)


def test_partnership_given_as_an_option_is_told(run: Callable, case: Path) -> None:
    ran = run("check", case, "--as-of", "2026-03-12", "--partnership", "northamptonshir")
    bad(ran, "cspr: There is no plugin", "Did you mean `northamptonshire`?")


def test_directory_instead_of_a_case_is_told(run: Callable, tmp_path: Path) -> None:
    bad(run("timetable", tmp_path), f"{tmp_path}:1:1: This is a directory, not a file.")


def test_directory_without_cases_is_told(run: Callable, tmp_path: Path) -> None:
    bad(run("check", tmp_path), f"{tmp_path}:1:1: There is no case file in this folder.")


def test_unreadable_case_is_told(
    run: Callable, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    bad(run("check", case), f"{case}:1:1: This file may not be read.")


def test_every_problem_of_a_file_has_its_line(run: Callable, case: Path) -> None:
    text = case.read_text(encoding="utf-8").replace("2026-03-02", "02/03/2026")
    case.write_text(text.replace("2026-03-03", "2026-02-30"), encoding="utf-8")
    ran = run("check", case, "--as-of", "2026-03-12")
    assert ran.status == 2
    assert [line.split(":")[1] for line in ran.err.splitlines()] == ["6", "11"]


def test_bad_arrangements_are_told_once_for_all_cases(
    run: Callable, case: Path, area: Path
) -> None:
    path = area / "testshire" / "arrangements.yaml"
    text = path.read_text(encoding="utf-8").replace("kind: step", "kind: stepp")
    path.write_text(text, encoding="utf-8")
    ran = run("check", case, case, "--plugins", area, "--as-of", "2026-03-12")
    bad(ran, f"{path}:", "stepp")


def test_bug_is_told_by_type_and_place_alone(
    run: Callable, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("what a family said")

    monkeypatch.setattr("cspr_core.reading.case.read_case", fail)
    ran = run("check", case)
    bad(ran, "cspr: Internal error: ValueError in test_errors.py, line", "CSPR_DEBUG=1")
    assert "family" not in ran.err


def test_bug_in_one_case_spoils_no_other(
    run: Callable, case: Path, area: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = reading.read_case

    def fail(path: Path, **more: Any) -> object:
        if path.name == "odd.yaml":
            raise ValueError
        return real(path, **more)

    monkeypatch.setattr(reading, "read_case", fail)
    ran = run("check", tmp_path / "odd.yaml", case, "--plugins", area, "--as-of", "2026-03-12")
    assert ran.status == 2
    assert ran.err.startswith("cspr: Internal error: ValueError")
    assert ran.out.startswith("TS-2026-01: ")


@pytest.mark.parametrize("how", ["option", "environment"])
def test_debugging_shows_where_an_error_comes_from(
    run: Callable, case: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    if how == "environment":
        monkeypatch.setenv("CSPR_DEBUG", "1")
    argv = ["--debug"] if how == "option" else []
    ran = run(*argv, "check", case, "--as-of", "never")
    assert ran.status == 2
    assert "Traceback (most recent call last)" in ran.err
    assert ran.err.splitlines()[-1].startswith("cspr: --as-of: ")


def test_debugging_ends_with_its_run(run: Callable, case: Path) -> None:
    run("--debug", "check", case, "--as-of", "never")
    assert "Traceback" not in run("check", case, "--as-of", "never").err


@pytest.mark.parametrize("status", [130, None])
def test_interrupted_run_says_so(
    run: Callable, monkeypatch: pytest.MonkeyPatch, status: int | None
) -> None:
    def interrupted(_: object) -> int:
        if status is None:
            raise KeyboardInterrupt
        return status

    monkeypatch.setattr("cspr_core.cli.app.run", interrupted)
    bad(run("check", "x"), "cspr: Stopped before the end.")


@pytest.mark.parametrize(("code", "status"), [(0, 0), (None, 0), (1, 1), ("no", 2)])
def test_status_of_whoever_leaves_early_is_kept(
    run: Callable, monkeypatch: pytest.MonkeyPatch, code: object, status: int
) -> None:
    def leave(_: object) -> None:
        raise SystemExit(code)

    monkeypatch.setattr("cspr_core.cli.app.run", leave)
    assert run("check").status == status


def test_error_of_the_system_names_its_file() -> None:
    error = OSError(errno.EIO, "Input/output error", "/drive/case.yaml")
    assert errors.lines_of(error) == ("cspr: /drive/case.yaml: Input/output error.",)


def test_engines_that_differ_are_told_in_their_own_words() -> None:

    assert errors.lines_of(EnginesDifferError("Nothing was\ndecided.")) == (
        "cspr: Nothing was decided.",
    )


def test_error_without_a_place_is_told_by_its_type() -> None:
    assert errors.lines_of(MemoryError())[0].startswith("cspr: Internal error: MemoryError. ")


def test_stderr_that_is_gone_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = io.StringIO()
    gone.close()
    monkeypatch.setattr(sys, "stderr", gone)
    monkeypatch.setattr(errors, "_asked", [])  # whatever a run before this asked for
    errors.complain(errors.CommandError("nobody hears this"))
    assert sys.stderr is gone


# --- plugins that can't be used, beside one that can ---------------------------------------------

BROKEN = {
    "syntax": ("def (", "SyntaxError in __init__.py, line 1"),
    "leaves": ("import sys\nsys.exit('bye')", "SystemExit in __init__.py, line 2"),
    "missing": ("import nothing_of_the_kind", "ModuleNotFoundError in __init__.py, line 1"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_plugin_is_told_with_its_distribution(
    run: Callable, case: Path, installed: Callable, name: str
) -> None:
    python, told = BROKEN[name]
    installed(name, python)
    ran = run("check", case, "--as-of", "2026-03-12", "--partnership", name)
    bad(ran, f"The plugin `{name}` (cspr-{name}) can't be used: {told}.", "Repair or uninstall")


@pytest.mark.slow
def test_working_plugin_works_beside_broken_ones(
    install: Callable, spawn: Callable, case: Path
) -> None:
    for name, (python, _) in BROKEN.items():
        install(name, python)
    install("wrongtype", "five = 5\n", target="cspr_wrongtype:five")
    install("twice", distribution="cspr-twice")
    install("twice", distribution="cspr-twice-again")
    install("testshire")
    ran = spawn("check", case, "--as-of", "2026-03-12")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("TS-2026-01: Testshire Safeguarding Partnership")


def test_two_plugins_of_one_name_are_both_named(
    run: Callable, case: Path, installed: Callable
) -> None:
    installed("twice", distribution="cspr-twice")
    installed("twice", distribution="cspr-twice-again")
    ran = run("check", case, "--as-of", "2026-03-12", "--partnership", "twice")
    bad(ran, "Two plugins are called `twice`: cspr-twice and cspr-twice-again. Uninstall one")


def test_plugin_of_the_wrong_type_is_told(run: Callable, case: Path, installed: Callable) -> None:
    installed("wrongtype", "five = 5\n", target="cspr_wrongtype:five")
    ran = run("check", case, "--as-of", "2026-03-12", "--partnership", "wrongtype")
    bad(ran, "The plugin `wrongtype` (cspr-wrongtype) can't be used")


def test_two_folders_of_one_area_are_both_named(run: Callable, area: Path, case: Path) -> None:
    shutil.copytree(area / "testshire", area / "a-copy" / "testshire")
    ran = run("check", case, "--plugins", area)
    assert (ran.status, ran.out) == (2, "")
    assert "Two plugins are called `testshire`: " in ran.err
    assert ran.err.endswith("Take one of them away.\n")
