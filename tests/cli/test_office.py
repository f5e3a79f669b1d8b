"""`cspr new`, `cspr due`, `cspr timetable`: what they write, their exit status and their errors."""

import json
import shutil
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cspr_core.cli import output
from cspr_core.reading.case import read_case
from tests.report.office_cases import AREAS, CASES

GOLDEN = Path(__file__).parents[1] / "golden"
NEW = ("new", "--area", "midshire", "--aware", "2026-03-27", "--as-of", "2026-03-30")
Run = Callable


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- new ----------------------------------------------------------------------------------------


def test_new_writes_a_file_named_after_the_reference(run: Run, here: Path) -> None:
    ran = run(*NEW, "--case", "MS-2026-01", "--plugins", AREAS)
    assert (ran.status, ran.err) == (0, "")
    assert read_case(here / "MS-2026-01.yaml", today=None).case.case == "MS-2026-01"
    assert sorted(path.name for path in here.iterdir()) == [".cspr", "MS-2026-01.yaml"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_new_file_is_for_its_owner_only(run: Run, here: Path) -> None:
    run(*NEW, "--plugins", AREAS)
    mode = (here / "midshire-2026-03-27.yaml").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_new_never_overwrites(run: Run, here: Path) -> None:
    (here / "a.yaml").write_text("mine", "utf-8")
    ran = run(*NEW, "--out", "a.yaml", "--plugins", AREAS)
    assert (ran.status, ran.out) == (2, "")
    assert "is there already" in ran.err
    assert (here / "a.yaml").read_text("utf-8") == "mine"


def test_new_in_a_folder_that_is_not_there(run: Run) -> None:
    ran = run(*NEW, "--out", "nowhere/a.yaml", "--plugins", AREAS)
    assert ran.status == 2
    assert "there is no such folder" in ran.err


def test_full_disk_leaves_nothing_behind(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, _text: str) -> None:
        raise output.OutputError(f"{path}: could not be written: the disk is full.")

    monkeypatch.setattr(output, "write_file", full)
    ran = run(*NEW, "--plugins", AREAS)
    assert ran.status == 2
    assert list(here.iterdir()) == []


def test_new_prints_the_dates_that_would_hold(run: Run) -> None:
    # aware Fri 27 March 2026; Good Friday and Easter Monday lie between: Tue 7 April
    out = run(*NEW, "--plugins", AREAS).out
    assert "Tue  7 Apr 2026  if       Notify the incident to the Panel" in out
    assert "more get a date later on" in out


def test_new_under_an_unknown_area(run: Run, here: Path) -> None:
    ran = run("new", "--area", "midshir", "--aware", "2026-03-27", "--plugins", AREAS)
    assert ran.status == 2
    assert "Did you mean `midshire`?" in ran.err
    assert list(here.iterdir()) == []


def test_new_tells_every_option_that_is_wrong(run: Run) -> None:
    ran = run(*NEW, "--children", "9", "--outcome", "hurt", "--plugins", AREAS)
    assert ran.status == 2
    assert [line.split(":")[1].strip() for line in ran.err.splitlines()] == [
        "--outcome",
        "--children",
    ]


def test_new_refuses_a_british_date_with_what_was_meant(run: Run) -> None:
    ran = run("new", "--area", "midshire", "--aware", "27/03/2026", "--plugins", AREAS)
    assert ran.status == 2
    assert "--aware: " in ran.err
    assert "2026-03-27" in ran.err


def test_new_with_an_incident_shows_it(run: Run) -> None:
    out = run(*NEW, "--incident", "2026-03-26", "--plugins", AREAS).out
    assert "Thu 26 Mar 2026  done     The incident" in out


def test_new_writes_no_yaml_under_another_ending(run: Run, here: Path) -> None:
    ran = run(*NEW, "--plugins", AREAS, "--out", "case.json")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("cspr: --out case.json: a case file is written as YAML, and read so.")
    assert list(here.iterdir()) == []


# --- due ----------------------------------------------------------------------------------------


def test_due_is_wrong_where_a_must_is_overdue(run: Run) -> None:
    ran = run("due", CASES, "--as-of", "2025-12-18", "--plugins", AREAS)
    assert (ran.status, ran.err) == (1, "")


def test_due_is_fine_where_only_a_should_is_overdue(run: Run) -> None:
    ran = run("due", CASES / "easter.yaml", "--as-of", "2025-04-22", "--plugins", AREAS)
    assert ran.status == 0


def test_due_names_a_bad_file_and_shows_the_rest(run: Run, here: Path) -> None:
    shutil.copy(CASES / "new.yaml", here / "good.yaml")
    (here / "bad.yaml").write_text("schema: cspr.case/1\ncase: MS-9\n", "utf-8")
    (here / "scene.yaml").write_text("schema: cspr.scenario/1\n", "utf-8")
    (here / "good.identities.yaml").write_text("x: y\n", "utf-8")
    ran = run("due", here, "--as-of", "2026-03-30", "--plugins", AREAS)
    assert ran.status == 2
    assert "MS-2026-01" in ran.out
    assert "bad.yaml:" in ran.err
    assert "scene.yaml: skipped: scenario, not a case." in ran.err
    assert "identities" not in ran.err


def test_due_in_a_folder_without_cases(run: Run, here: Path) -> None:
    (here / "empty").mkdir()
    ran = run("due", "empty", "--plugins", AREAS)
    assert (ran.status, ran.out) == (2, "")
    assert "There is no case file in this folder" in ran.err


def test_due_for_a_file_that_is_not_there(run: Run) -> None:
    ran = run("due", "nowhere.yaml", "--plugins", AREAS)
    assert (ran.status, ran.out) == (2, "")
    assert "There is no such file" in ran.err


def test_due_for_an_area_without_cases(run: Run) -> None:
    ran = run("due", CASES, "--area", "elsewhere", "--plugins", AREAS)
    assert ran.status == 2
    assert "There is no case of elsewhere" in ran.err


def test_due_without_any_case_among_the_files(run: Run, here: Path) -> None:
    (here / "scene.yaml").write_text("schema: cspr.scenario/1\n", "utf-8")
    ran = run("due", "scene.yaml")
    assert ran.status == 2
    assert "There is no case in what was named" in ran.err


def test_due_as_json(run: Run) -> None:
    ran = run(
        "due", CASES / "easter.yaml", "--as-of", "2025-04-28", "--plugins", AREAS,
        "--format", "json",
    )  # fmt: skip
    found = json.loads(ran.out)
    assert ran.status == 1
    police = next(line for line in found["due"] if line["who"] == "police")
    assert (police["due"], police["working_days_left"], police["status"]) == (
        "2025-04-25",
        -1,
        "overdue",
    )


def test_due_in_an_unknown_format(run: Run) -> None:
    ran = run("due", CASES, "--format", "xml")
    assert ran.status == 2
    assert "There are: table, json." in ran.err


def test_due_with_days_out_of_range(run: Run) -> None:
    assert run("due", CASES, "--days", "-1").status == 2


def test_due_refuses_a_date_still_to_come_without_as_of(run: Run, here: Path) -> None:
    text = (CASES / "new.yaml").read_text("utf-8").replace("2026-03-27", "2090-03-27")
    (here / "future.yaml").write_text(text, "utf-8")
    ran = run("due", "future.yaml", "--plugins", AREAS)
    assert ran.status == 2
    assert "planned" in ran.err


# --- timetable ----------------------------------------------------------------------------------


def test_timetable_of_a_day_that_has_passed(run: Run) -> None:
    ran = run(
        "timetable", CASES / "publishing.yaml", "--plugins", AREAS,
        "--as-of", "2025-12-18", "--publish", "2025-12-17",
    )  # fmt: skip
    assert ran.status == 2
    assert "--publish: this day has passed" in ran.err


def test_timetable_of_a_bad_file(run: Run, here: Path) -> None:
    (here / "bad.yaml").write_text("schema: cspr.case/1\n", "utf-8")
    ran = run("timetable", "bad.yaml", "--plugins", AREAS)
    assert (ran.status, ran.out) == (2, "")


def test_timetable_into_a_file(run: Run, here: Path) -> None:
    ran = run(
        "timetable", CASES / "new.yaml", "--plugins", AREAS, "--as-of", "2026-03-30",
        "--out", "t.txt",
    )  # fmt: skip
    assert (ran.status, ran.out) == (0, "")
    assert (here / "t.txt").read_text("utf-8").startswith("Timetable of MS-2026-01")


# --- what people read, whole --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "argv"),
    [
        ("due-christmas.txt", ("due", ".", "--as-of", "2025-12-18")),
        ("timetable-new.txt", ("timetable", "new.yaml", "--as-of", "2026-03-30")),
        (
            "timetable-publish.txt",
            ("timetable", "publishing.yaml", "--as-of", "2025-12-08", "--publish", "2026-01-06"),
        ),
        (
            "explain-easter.txt",
            ("explain", "easter.yaml", "information_return", "--as-of", "2025-04-28"),
        ),
        (
            "explain-unknown.txt",
            ("explain", "new.yaml", "notify_panel", "--as-of", "2026-03-30"),
        ),
    ],
)
def test_page_is_as_it_was_read(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, argv: tuple[str, ...]
) -> None:
    monkeypatch.chdir(CASES)
    out = run(*argv, "--plugins", AREAS).out
    assert out == (GOLDEN / name).read_text(encoding="utf-8")
