"""`cspr agree`: nothing to say where the engines agree, and a file for each way in which not."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from cspr_core.agreeing import comparing
from cspr_core.check import rules_for
from tests.agreeing.conftest import ARRANGEMENTS
from tests.agreeing.wrong import count_off_by_one, wrong
from tests.cli.conftest import Run


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "plugins"
    (folder / "exshire").mkdir(parents=True)
    (folder / "exshire" / "arrangements.yaml").write_text(ARRANGEMENTS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def mistaken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table engine counts wrongly: one of two is enough for it."""
    monkeypatch.setattr(comparing, "prepared", wrong(count_off_by_one))
    rules_for.cache_clear()  # engines are kept with the rules


FEW = ("--areas", "exshire", "--cases", "8", "--seed", "10", "--processes", "1")


def test_engines_that_agree(plugins: Path, run: Run) -> None:
    ran = run("agree", *FEW, "--plugins", plugins)
    assert (ran.status, ran.err) == (0, "")
    head, numbers, _, engines, drawn, said = ran.out.splitlines()
    assert head.split() == [*comparing.COUNTED]
    assert numbers.split()[:2] == ["exshire", "8"]
    assert all(int(number.replace(",", "")) for number in numbers.split()[1:])
    assert re.match(r"Engines: .*reference \(Python .*table \(duckdb ", engines)
    assert re.match(r"8 cases drawn from seed 10, compared in [\d.]+ seconds\.", drawn)
    assert said == "No difference."
    assert not Path("differences").exists()


@pytest.mark.usefixtures("mistaken")
def test_a_difference_is_written_down_and_shown_again(plugins: Path, run: Run) -> None:
    ran = run("agree", *FEW, "--plugins", plugins, "--out", "found")
    assert (ran.status, ran.err) == (1, "")
    assert "decisions: exshire.twice\n  reference: upcoming (too_few); evidence: there " in ran.out
    assert "\n  table: met (enough); evidence: there " in ran.out
    [path] = Path("found").iterdir()
    assert path.name == "difference-01.yaml"
    text = path.read_text("utf-8")
    assert "# requirement: exshire.twice\n# subject: the case itself\n" in text
    # A few lines: the least that the reader takes, and one event where two are asked for.
    case = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(case) <= 14
    assert sum("practitioner_event" in line for line in case) == 1

    # The command at its head shows the same again.
    command = next(line for line in text.splitlines() if line.startswith("# To see it again: "))
    again = run(*command.partition("cspr ")[2].split())
    assert again.status == 1
    assert "decisions: exshire.twice\n  reference: upcoming (too_few)" in again.out
    assert "findings: exshire.twice" in again.out


def test_at_most_ten_files_are_written(
    plugins: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Every limit is lost: most requirements that have one differ.
    right = comparing.Together.dated
    monkeypatch.setattr(
        comparing.Together, "dated", lambda self, kind: {} if kind == "limit" else right(self, kind)
    )
    ran = run("agree", *FEW[:2], "--cases", "2", "--seed", "10", "--plugins", plugins)
    assert ran.status == 1
    assert len(list(Path("differences").iterdir())) == 10
    assert re.search(r"Of the other \d+ no case was written down\.", ran.out)
    if os.name != "nt":
        assert Path("differences").stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("mistaken")
def test_what_does_not_come_again_is_said(
    plugins: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cspr_core.agreeing.running.cut_down", lambda *_: None)
    ran = run("agree", *FEW, "--plugins", plugins)
    assert ran.status == 1
    assert "this did not come again:\ndecisions: exshire.twice" in ran.out
    assert not Path("differences").exists()


def test_case_files_are_compared_under_their_own_area_and_day(
    run: Run, case: Path, area: Path
) -> None:
    ran = run("agree", case, "--plugins", area, "--as-of", "2026-03-20")
    assert (ran.status, ran.err) == (0, "")
    assert "testshire, 2026-03-20" in ran.out
    assert ran.out.endswith("No difference.\n")
    today = run("agree", case, "--plugins", area)
    assert today.status == 0


def test_a_case_under_another_area(run: Run, case: Path, area: Path) -> None:
    ran = run("agree", case, "--plugins", area, "--areas", "leeds", "--as-of", "2026-03-20")
    assert ran.status == 0
    assert "leeds, 2026-03-20" in ran.out


@pytest.mark.slow
def test_several_processes_find_the_same(plugins: Path, run: Run) -> None:
    # Another process starts afresh, and knows no monkeypatch: here they have to agree.
    many = ("--areas", "exshire,leeds", "--cases", "6", "--seed", "3", "--plugins", plugins)
    alone, two = (run("agree", *many, "--processes", n) for n in ("1", "2"))
    assert (alone.status, two.status) == (0, 0)
    assert alone.out.splitlines()[:4] == two.out.splitlines()[:4]


def test_a_bar_on_a_terminal(plugins: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    ran = run("agree", "--areas", "exshire", "--cases", "2", "--plugins", plugins)
    assert ran.status == 0
    assert "Comparing" in ran.err
    assert "Comparing" not in ran.out


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--cases", "0"), "--cases 0: there is nothing to compare. Write 1 or more."),
        (("--areas", "leeds,leeds"), "--areas leeds,leeds: write each area once, with commas"),
        (("--areas", "leeds,"), "--areas leeds,: write each area once, with commas between them."),
        (("--areas", "lees"), "There is no plugin for the partnership `lees`. Did you mean"),
        (("--as-of", "2026-01-01"), "--as-of goes with case files: random cases have days of"),
        (("--out", "no/such"), "--out no/such: there is no folder no. Make it first."),
        (("--out", "file"), "--out file: this is no folder. Name another."),
        (("--plugins", "none"), "--plugins none: there is no such folder. Name one that there is."),
        (("file", "--cases", "3"), "--cases goes with random cases: leave it out, or the files."),
        (("file", "--out", "o"), "--out goes with random cases: leave it out, or the files."),
        (("file", "--areas", "essex,leeds"), "a case is compared under one area. Name that one."),
        (("--processes", "0"), "Invalid value for '--processes'"),
    ],
)
def test_bad_usage(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argv: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("schema: cspr.case/1\n", encoding="utf-8")
    ran = run("agree", *argv)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1


def test_without_any_area_there_is_nothing_to_draw(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cspr_core.plugins.installed", dict)
    ran = run("agree")
    assert ran.status == 2
    assert "There is no area to draw cases of. Install a plugin, or name one." in ran.err


def test_files_that_are_no_cases(run: Run, tmp_path: Path) -> None:
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    for path in (one, other):
        path.write_text("schema: cspr.case/1\n", encoding="utf-8")
    ran = run("agree", one, other)
    assert ran.status == 2
    assert {line.split(":")[0] for line in ran.err.splitlines()} == {str(one), str(other)}


def test_without_the_libraries_one_line_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    ran = run("agree", "--areas", "leeds", "--cases", "1")
    assert (ran.status, ran.err) == (
        2,
        "cspr: The table engine needs duckdb, which is not installed. Install `cspr[caseload]`.\n",
    )
