"""`cspr due` over files of many cases, and over more case files than one process should read.

What the caseload holds, and which dates are due, stands in `caseloads`. As of Fri 20 March 2026 ten
working days go to Tue 7 April (Good Friday and Easter Monday lie between); the Panel has the rapid
review of both cases by Mon 30 March.
"""

import errno
import json
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from pathlib import Path
from typing import ClassVar, Self

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cspr_core.caseload import due as gathering
from cspr_core.caseload.partition import Job
from cspr_core.caseload.sources import Partition
from cspr_core.caseload.store import FactsFile
from cspr_core.cli import office
from cspr_core.reading.problems import BadInput, Problem
from tests.cli.caseloads import AS_OF, DAY, write_area, write_facts, write_lines
from tests.cli.conftest import CASE, RETURNED

SECOND = CASE.replace("TS-2026-01", "TS-2026-02") + RETURNED
CRITERIA = (
    "improvements recurrent_themes agencies_together panel_view single_agency no_agency"
    " several_areas institutional"
).split()
ANSWERS = "".join(f"  {name}: {{answer: no, reason: Considered.}}\n" for name in CRITERIA)
PUBLISHED = """\
  - {type: rapid_review_sent, to: panel, date: 2026-03-16}
  - {type: decision, outcome: local_review, by: executive, date: 2026-03-18}
  - {type: announced, to: [panel, ofsted, dfe], reviewer_named: yes, date: 2026-03-18}
  - {type: publication, what: report, date: 2026-03-19}
"""
ENDED = """\
  - {type: rapid_review_sent, to: panel, date: 2026-03-18}
  - {type: decision, outcome: no_review, by: executive, date: 2026-03-18}
"""


@pytest.fixture(scope="module")
def area(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_area(tmp_path_factory.mktemp("plugins"))


@pytest.fixture
def cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cases"
    folder.mkdir()
    (folder / "first.yaml").write_text(CASE, "utf-8")
    (folder / "second.yaml").write_text(SECOND, "utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def due(run: Callable, area: Path) -> Callable:
    return lambda *argv: run("due", *argv, "--plugins", area)


@pytest.fixture
def facts(cases: Path, area: Path) -> Path:
    return write_facts(Path("cases.parquet"), sorted(cases.iterdir()), area)


@pytest.mark.parametrize("days", ["0", "10"])
def test_stored_facts_give_the_list_of_the_case_files(
    due: Callable, cases: Path, facts: Path, days: str
) -> None:
    stored, filed = due(facts, "--days", days), due(cases, *AS_OF, "--days", days)
    assert (stored.status, stored.err) == (1, "")
    assert stored.out == filed.out
    assert "Thu 19 Mar 2026" in stored.out


def test_lines_give_the_list_of_the_case_files(due: Callable, cases: Path) -> None:
    path = write_lines(Path("cases.jsonl"), sorted(cases.iterdir()))
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    ran = due(path, *AS_OF)
    assert (ran.status, ran.err) == (1, "")
    assert ran.out == due(cases, *AS_OF).out


def test_many_case_files_give_what_few_give(
    due: Callable, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = due(cases, *AS_OF, "--format", "json")
    monkeypatch.setattr(office, "_FEW", 1)
    assert due(cases, *AS_OF, "--format", "json") == few
    monkeypatch.setattr("cspr_core.cli.caseload.is_terminal", lambda _stream: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = due(cases, *AS_OF, "--format", "json")
    assert shown.out == few.out
    assert "2 cases" in shown.err


@pytest.mark.slow
def test_several_processes_give_what_one_gives(
    due: Callable, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = due(cases, *AS_OF)
    monkeypatch.setattr(office, "_FEW", 1)
    monkeypatch.setattr("cspr_core.cli.caseload._DUE_FILES", 1)
    assert due(cases, *AS_OF, "--processes", "2") == few


def test_a_quoted_pattern_is_looked_up(due: Callable, cases: Path) -> None:
    found = json.loads(due(cases / "f*.yaml", *AS_OF, "--format", "json").out)
    assert found["cases"] == 1


def test_one_area_alone(due: Callable, facts: Path) -> None:
    assert due(facts, "--area", "testshire").status == 1
    ran = due(facts, "--area", "elsewhere")
    assert (ran.status, ran.out) == (2, "")
    assert "There is no case of elsewhere" in ran.err


def test_cases_with_nothing_dated_to_do_are_counted_all_the_same(
    due: Callable, cases: Path, area: Path
) -> None:
    # No review was decided on, all that came before is done: what is left has no date.
    text = (CASE + RETURNED + ENDED).replace("events:\n", f"criteria:\n{ANSWERS}events:\n")
    (cases / "first.yaml").write_text(text, "utf-8")
    files = sorted(cases.iterdir())
    stored = due(write_facts(Path("a.parquet"), files, area), "--format", "json")
    filed = due(cases, *AS_OF, "--format", "json")
    one, other = json.loads(stored.out), json.loads(filed.out)
    assert {line["case"] for line in other["due"]} == {"TS-2026-02"}
    for line in (*one["due"], *other["due"]):
        del line["file"]
    assert one == other
    assert stored.status == filed.status


def test_a_case_of_which_all_is_over_counts_what_was_breached(
    due: Callable, cases: Path, area: Path
) -> None:
    # Published without the full report to the Panel and the Secretary of State: two are breached.
    text = (CASE + RETURNED + PUBLISHED).replace("events:\n", f"criteria:\n{ANSWERS}events:\n")
    (cases / "first.yaml").write_text(text, "utf-8")
    stored = due(write_facts(Path("a.parquet"), [cases / "first.yaml"], area))
    assert stored == due(cases / "first.yaml", *AS_OF)
    assert "Breached:   TS-2026-01 (2)." in stored.out
    assert stored.status == 1


def test_a_line_that_is_no_json_is_told(due: Callable, cases: Path) -> None:
    path = write_lines(Path("cases.jsonl"), sorted(cases.iterdir()))
    path.write_text("{\n" + path.read_text("utf-8"), "utf-8")
    ran = due(path, *AS_OF)
    assert ran.status == 2
    assert ran.err.startswith("cases.jsonl:")
    assert "2 cases" in ran.out


def test_a_bad_line_is_told_and_the_rest_is_listed(due: Callable, cases: Path) -> None:
    path = write_lines(Path("cases.jsonl"), sorted(cases.iterdir()))
    path.write_text('{"schema": "cspr.case/1"}\n' + path.read_text("utf-8"), "utf-8")
    ran = due(path, *AS_OF)
    assert ran.status == 2
    assert ran.err.startswith("cases.jsonl:1:")
    assert "2 cases" in ran.out


@pytest.mark.slow
def test_facts_of_an_area_without_a_plugin_are_told(
    due: Callable, cases: Path, run: Callable, tmp_path: Path
) -> None:
    other = write_area(write_area(tmp_path / "both"), "othershire")
    (cases / "third.yaml").write_text(
        CASE.replace("partnership: testshire", "partnership: othershire").replace("-01", "-03"),
        "utf-8",
    )
    path = write_facts(Path("a.parquet"), sorted(cases.iterdir()), other)
    ran = due(path)
    assert ran.status == 2
    assert ran.err == (
        "a.parquet:1:1: There is no plugin for the partnership `othershire`: the case `TS-2026-03`"
        " is left out. Did you mean `testshire`?\n"
    )
    assert "2 cases" in ran.out
    assert "NOT THE WHOLE CASELOAD: 1 file or entry could not be used" in ran.out
    assert "3 cases" in run("due", path, "--plugins", other).out


def test_facts_that_are_cut_off_are_told(due: Callable, facts: Path) -> None:
    facts.write_bytes(facts.read_bytes()[:-20])
    ran = due(facts)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("cases.parquet:1:1: ")


def test_facts_of_another_day_are_refused(due: Callable, facts: Path) -> None:
    ran = due(facts, "--as-of", "2026-03-21")
    assert ran.status == 2
    assert f"stand as of {DAY}" in ran.err


def test_out_never_takes_the_place_of_what_is_read(due: Callable, facts: Path) -> None:
    copied = Path("facts.txt")  # facts say what they are, whatever they are called
    copied.write_bytes(facts.read_bytes())
    ran = due(facts, "--out", copied)
    assert ran.status == 2
    assert "would be lost" in ran.err
    assert copied.read_bytes() == facts.read_bytes()


# --- what is missing ----------------------------------------------------------------------------


@pytest.mark.parametrize("many", [False, True])
def test_what_could_not_be_used_stands_above_the_list(
    due: Callable, cases: Path, monkeypatch: pytest.MonkeyPatch, *, many: bool
) -> None:
    if many:
        monkeypatch.setattr(office, "_FEW", 1)
    (cases / "broken.yaml").write_text("case: [", "utf-8")
    (cases / "bare.yaml").write_text("schema: cspr.case/1\ncase: TS-9\n", "utf-8")
    other = CASE.replace("partnership: testshire", "partnership: othershire").replace("-01", "-03")
    (cases / "other.yaml").write_text(other, "utf-8")
    ran = due(cases, "nowhere.jsonl", *AS_OF) if many else due(cases, *AS_OF)
    missing = 4 if many else 3
    assert ran.status == 2
    assert "2 cases.\nNOT THE WHOLE CASELOAD: " in " ".join(ran.out.split(" "))
    assert f"NOT THE WHOLE CASELOAD: {missing} files or entries could not be used" in ran.out
    found = json.loads(due(cases, *AS_OF, "--format", "json").out)
    assert (found["cases"], found["not_used"]) == (2, 3)


def test_nothing_due_is_said_of_what_could_be_used_alone(due: Callable, cases: Path) -> None:
    (cases / "broken.yaml").write_text("case: [", "utf-8")
    ran = due(cases, "--as-of", "2026-03-10", "--days", "0")
    assert (
        "Nothing of what could be used is overdue, and nothing falls due in this time."
        in " ".join(ran.out.split())
    )


def test_lines_that_can_not_be_used_are_counted(due: Callable, cases: Path) -> None:
    path = write_lines(Path("cases.jsonl"), sorted(cases.iterdir()))
    path.write_text('{\n{"schema": "cspr.case/1"}\n' + path.read_text("utf-8"), "utf-8")
    found = json.loads(due(path, *AS_OF, "--format", "json").out)
    assert (found["cases"], found["not_used"]) == (2, 2)


def test_rows_that_can_not_be_used_are_counted(due: Callable, cases: Path, area: Path) -> None:
    facts = write_facts(Path("good.parquet"), sorted(cases.iterdir()), area)
    table = pq.read_table(facts)
    names = pa.array(["TS 2026 01", "TS-2026-02"], table.schema.field("case").type)
    where = table.schema.get_field_index("case")
    pq.write_table(table.set_column(where, table.schema.field("case"), names), "bad.parquet")
    ran = due("bad.parquet", "--format", "json")
    found = json.loads(ran.out)
    assert ran.status == 2
    assert (found["cases"], found["not_used"]) == (1, 1)


def test_a_damaged_part_is_counted_with_its_cases(
    facts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(file: FactsFile, *_args: object, **_more: object) -> None:
        raise BadInput([Problem(str(file.path), 1, 1, "Damaged", "Copy it again")])

    monkeypatch.setattr(FactsFile, "read_part", damaged)
    gathered = gathering.gathered_from(
        Partition(0, "facts", (facts,), 0, 1), gathering.Wanted(Job(date(2026, 3, 20)), 10)
    )
    assert (gathered.not_used, len(gathered.problems)) == (2, 1)


# --- what is there twice ------------------------------------------------------------------------


def test_a_case_in_two_files_of_facts_is_listed_for_each_and_told(
    due: Callable, cases: Path, area: Path
) -> None:
    facts = write_facts(Path("once.parquet"), [cases / "second.yaml", cases / "first.yaml"], area)
    ran = due(facts, cases / "first.yaml", *AS_OF)
    assert ran.status == 2
    first = cases / "first.yaml"
    assert ran.err == (
        f"{first}:2:1: The case `TS-2026-01` of testshire stands here and first in once.parquet,"
        " row 2; both are listed. Keep one of them.\n"
    )
    note = "TS-2026-01 stands in several places, and is listed for each: once.parquet, row 2 and"
    assert note in " ".join(ran.out.split())


def test_a_case_in_two_rows_is_counted_for_each(due: Callable, cases: Path, area: Path) -> None:
    text = (CASE + RETURNED + PUBLISHED).replace("events:\n", f"criteria:\n{ANSWERS}events:\n")
    (cases / "first.yaml").write_text(text, "utf-8")
    twice = write_facts(Path("twice.parquet"), [cases / "first.yaml"] * 2, area)
    ran = due(twice)
    assert "Breached:   TS-2026-01 (2) and TS-2026-01 (2)." in ran.out
    assert "stands here (row 2) and first in twice.parquet, row 1; both are listed." in ran.err


# --- what else a folder holds -------------------------------------------------------------------


@pytest.mark.parametrize("many", [False, True])
def test_files_of_many_cases_in_a_folder_are_told(
    due: Callable, cases: Path, monkeypatch: pytest.MonkeyPatch, *, many: bool
) -> None:
    if many:
        monkeypatch.setattr(office, "_FEW", 1)
    write_lines(cases / "more.jsonl", sorted(cases.iterdir()))
    path = cases / "more.jsonl"
    ran = due(cases, *AS_OF)
    assert ran.status == 1
    assert ran.err == (
        f"{path}: skipped: it may hold many cases, and is not looked at; name the file itself to"
        " take them.\n"
    )
    assert "Name it itself if its cases are meant." in " ".join(ran.out.split())


def test_identities_that_somebody_names_are_refused(due: Callable, cases: Path) -> None:
    ran = due(cases / "first.identities.yaml", *AS_OF)
    assert (ran.status, ran.out) == (2, "")
    assert "This file holds identities, which no check reads. Name the case file itself." in ran.err


# --- processes ----------------------------------------------------------------------------------


class Failing:
    """A pool of processes in which something goes wrong as soon as there is work."""

    error: Exception
    stopped: ClassVar[list[object]] = []

    def __init__(self, *_argv: object, **_options: object) -> None:
        self.stopped.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_argv: object) -> None:
        pass

    def map(self, *_argv: object) -> Iterator[object]:
        raise self.error
        yield

    def shutdown(self, **options: object) -> None:
        self.stopped.append(options)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> type[Failing]:
    """Two processes for two files, which fail."""
    monkeypatch.setattr(gathering, "Processes", Failing)
    monkeypatch.setattr(office, "_FEW", 1)
    monkeypatch.setattr("cspr_core.cli.caseload._DUE_FILES", 1)
    return Failing


def test_a_process_that_dies_makes_no_list(
    due: Callable, cases: Path, failing: type[Failing]
) -> None:
    failing.error = BrokenProcessPool()
    ran = due(cases, *AS_OF, "--processes", "2")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("cspr: A process that read cases was ended from outside")


def test_what_stops_one_process_stops_them_all(
    due: Callable, cases: Path, failing: type[Failing]
) -> None:
    failing.error = OSError(errno.EMFILE, "Too many open files")
    ran = due(cases, *AS_OF, "--processes", "2")
    assert (ran.status, ran.out) == (2, "")
    assert failing.stopped == [{"cancel_futures": True}]
