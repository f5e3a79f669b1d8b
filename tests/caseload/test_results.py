"""The summary of a caseload and its rows, from the findings of two partitions made by hand.

As of Mon 2 March 2026. Of the first partition `T-1` has one must overdue, `T-2` one overdue, one
breached and one unknown past its date; of the second `T-3` has one must unknown past its date, and
`S-1` of the other area only a should that is overdue and a must unknown until its date.
"""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cspr_core.caseload.answers import FINDINGS, Answer, findings_table
from cspr_core.caseload.partition import Outcome
from cspr_core.caseload.results import (
    Made,
    Summary,
    connection,
    csv_word,
    summary_of,
    write_rows,
)

TODAY = date(2026, 3, 2)
MADE = Made(TODAY, {"cspr": "1.0", "national": "2.0", "testshire": "3.0"}, expected=6)


def answer(  # noqa: PLR0913  (as many as a row has columns)
    case: str,
    requirement: str,
    status: str,
    *,
    subject: str | None = None,
    said: str | None = None,
    binding: str = "must",
    due: date | None = None,
    done: date | None = None,
    area: str = "testshire",
) -> Answer:
    return Answer(area, case, requirement, subject, status, said, binding, due, done)


FIRST = (
    answer("T-1", "testshire.a", "overdue", due=date(2026, 2, 27)),
    answer("T-1", "testshire.c", "met", said="yes", done=date(2026, 2, 3)),
    answer("T-2", "testshire.a", "overdue", subject="police", due=date(2026, 1, 30)),
    answer("T-2", "testshire.b", "breached", subject="p1"),
    answer("T-2", "testshire.b", "undetermined", subject="p2", due=date(2026, 2, 27)),
)
SECOND = (
    answer("T-3", "testshire.b", "undetermined", subject="p1", due=date(2026, 2, 27)),
    answer(
        "S-1", "othershire.z", "overdue", binding="should", due=date(2026, 1, 1), area="othershire"
    ),
    answer("S-1", "othershire.y", "undetermined", due=TODAY, area="othershire"),
)
ALL = FIRST + SECOND


def outcome(folder: Path, number: int, cases: int, *answers: Answer) -> Outcome:
    path = folder / f"{number}.parquet"
    pq.write_table(findings_table(answers), path)
    return Outcome(number, cases, path, notes=(f"Part {number % 2}.",), engines=("table",))


@pytest.fixture
def outcomes(tmp_path: Path) -> list[Outcome]:
    return [outcome(tmp_path, 0, 2, *FIRST), outcome(tmp_path, 1, 2, *SECOND)]


@pytest.fixture
def summary(outcomes: list[Outcome]) -> Summary:
    return summary_of(outcomes, MADE, title=lambda area, requirement: f"{area}: {requirement}")


def written(outcomes: list[Outcome], form: str) -> bytes:
    stream = io.BytesIO()
    assert write_rows(outcomes, stream, form, summary_of(outcomes, MADE)) == len(ALL)
    return stream.getvalue()


# --- the summary --------------------------------------------------------------------------------


def test_cases_count_once_however_much_is_wrong_with_them(summary: Summary) -> None:
    # T-1 and T-2 have something overdue or breached; T-3 has only something unknown past its date.
    assert (summary.cases, summary.answers) == (4, 8)
    assert (summary.cases_wrong, summary.cases_unknown) == (2, 1)
    assert summary.wrong


def test_areas_have_every_status_counted_whatever_the_binding(summary: Summary) -> None:
    other, tested = summary.areas
    assert (other.area, other.cases, other.answers) == ("othershire", 1, 2)
    assert (other.cases_wrong, other.cases_unknown) == (0, 0)  # a should, and a date not passed
    assert {status: n for status, n in other.statuses.items() if n} == {
        "overdue": 1,
        "undetermined": 1,
    }
    assert {status: n for status, n in tested.statuses.items() if n} == {
        "met": 1,
        "overdue": 2,
        "breached": 1,
        "undetermined": 2,
    }
    assert next(iter(tested.statuses)) == "met"  # every status has its place, in the usual order


def test_what_is_most_often_overdue_comes_first(summary: Summary) -> None:
    first, second = summary.requirements
    assert (first.requirement, first.overdue, first.breached, first.unknown, first.cases) == (
        *("testshire.a", 2, 0, 0, 2),
    )
    assert first.oldest_due == date(2026, 1, 30)
    assert first.title == "testshire: testshire.a"
    assert (second.requirement, second.overdue, second.breached, second.unknown, second.cases) == (
        *("testshire.b", 0, 1, 2, 2),
    )


def test_cases_in_need_are_those_with_most_overdue_or_breached(summary: Summary) -> None:
    assert [(c.case, c.overdue, c.breached, c.unknown) for c in summary.in_need] == [
        ("T-2", 1, 1, 1),
        ("T-1", 1, 0, 0),
        ("T-3", 0, 0, 1),
    ]
    assert summary.in_need[0].oldest_due == date(2026, 1, 30)


def test_of_many_the_first_are_named_and_the_others_counted(outcomes: list[Outcome]) -> None:
    summary = summary_of(outcomes, MADE, most=1)
    assert [case.case for case in summary.in_need] == ["T-2"]
    assert (summary.more_in_need, summary.more_requirements) == (2, 1)


def test_what_ran_and_what_was_not_there_is_said_once(summary: Summary) -> None:
    assert summary.engines == ("table",)
    assert summary.notes == ("Part 0.", "Part 1.")
    assert summary.versions["testshire"] == "3.0"


def test_what_was_given_and_has_no_answers_is_missing(summary: Summary) -> None:
    assert summary.not_used == 2  # six were given, four are answered


def test_a_caseload_without_cases_has_a_summary_of_nothing(tmp_path: Path) -> None:
    nothing = Outcome(0, 0, tmp_path / "was never written.parquet")
    summary = summary_of([nothing], MADE)
    assert (summary.cases, summary.answers, summary.areas, summary.wrong) == (0, 0, (), False)


def test_nothing_is_fetched_from_anywhere() -> None:
    with connection() as asked:
        settings = asked.execute(
            "SELECT value FROM duckdb_settings() WHERE name LIKE 'auto%known_extensions'"
        ).fetchall()
    assert settings == [("false",), ("false",)]


# --- the rows -----------------------------------------------------------------------------------


def test_csv_has_a_header_and_a_row_for_each_answer(outcomes: list[Outcome]) -> None:
    lines = written(outcomes, "csv").decode("utf-8").splitlines()
    assert lines[0] == "partnership,case,requirement,subject,status,answer,binding,due,done"
    assert lines[1] == "testshire,T-1,testshire.a,,overdue,,must,2026-02-27,"
    assert lines[2] == "testshire,T-1,testshire.c,,met,yes,must,,2026-02-03"
    assert lines[3] == "testshire,T-2,testshire.a,police,overdue,,must,2026-01-30,"
    assert len(lines) == 1 + 8


def test_jsonl_has_an_object_a_line_with_null_for_what_is_not_there(
    outcomes: list[Outcome],
) -> None:
    lines = written(outcomes, "jsonl").decode("utf-8").splitlines()
    assert json.loads(lines[1]) == {
        "partnership": "testshire",
        "case": "T-1",
        "requirement": "testshire.c",
        "subject": None,
        "status": "met",
        "answer": "yes",
        "binding": "must",
        "due": None,
        "done": "2026-02-03",
    }
    assert [Answer(**_dated(json.loads(line))) for line in lines] == list(ALL)


def _dated(row: dict[str, str]) -> dict[str, object]:
    days = {name: row[name] and date.fromisoformat(row[name]) for name in ("due", "done")}
    return {**row, **days}


def test_parquet_holds_the_rows_and_says_how_it_was_made(outcomes: list[Outcome]) -> None:
    table = pq.read_table(pa.BufferReader(written(outcomes, "parquet")))
    assert [Answer(**row) for row in table.to_pylist()] == list(ALL)
    said = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    assert said == {
        "schema": "cspr.findings/1",
        "as_of": "2026-03-02",
        "not_used": "2",
        "version.cspr": "1.0",
        "version.national": "2.0",
        "version.testshire": "3.0",
    }


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_the_same_findings_give_the_same_bytes(outcomes: list[Outcome], form: str) -> None:
    assert written(outcomes, form) == written(outcomes, form)


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_rows_are_written_part_by_part(
    outcomes: list[Outcome], form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    read = pq.ParquetFile.read_row_group

    def reading(file: pq.ParquetFile, group: int, **options: object) -> pa.Table:
        table = read(file, group, **options)
        held.append(table.num_rows)
        return table

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", reading)
    written(outcomes, form)
    assert held == [len(FIRST), len(SECOND)]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_long_results_become_text_in_pieces(
    outcomes: list[Outcome], form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = written(outcomes, form)
    monkeypatch.setattr("cspr_core.caseload.results._AT_ONCE", 2)
    assert written(outcomes, form) == whole


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("T-1", "T-1"),
        (None, ""),
        ("=1+1", "'=1+1"),
        ("+44", "'+44"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ('a,"b"', '"a,""b"""'),
        ("child_1/ofsted", "child_1/ofsted"),
    ],
)
def test_no_field_of_a_csv_file_is_a_formula(value: str | None, field: str) -> None:
    assert csv_word(value) == field


def test_a_reference_that_looks_like_a_formula_is_text_in_a_spreadsheet(
    outcome_of: Callable[..., Outcome],
) -> None:
    made = outcome_of(answer('=HYPERLINK("http://x","y")', "testshire.a", "met"))
    stream = io.BytesIO()
    write_rows([made], stream, "csv", summary_of([made], MADE))
    header, row = csv.reader(io.StringIO(stream.getvalue().decode()))
    assert header == list(FINDINGS)
    assert row[1] == '\'=HYPERLINK("http://x","y")'


@pytest.fixture
def outcome_of(tmp_path: Path) -> Callable[..., Outcome]:
    return lambda *answers: outcome(tmp_path, 9, 1, *answers)


def test_a_national_duty_is_counted_once_over_all_areas(tmp_path: Path) -> None:
    # Both areas have a case T-1: these are two cases, of which one is overdue since January.
    made = outcome(
        tmp_path,
        0,
        2,
        answer("T-1", "national.a", "overdue", due=TODAY),
        answer("T-1", "national.a", "overdue", due=date(2026, 1, 2), area="othershire"),
    )
    (found,) = summary_of([made], MADE, title=lambda area, _: f"Asked in {area}").requirements
    assert (found.requirement, found.area, found.overdue, found.cases) == (
        *("national.a", "national", 2, 2),
    )
    assert (found.oldest_due, found.title) == (date(2026, 1, 2), "Asked in othershire")


def test_what_was_given_may_have_a_note(outcomes: list[Outcome]) -> None:
    summary = summary_of(outcomes, MADE._replace(notes=("Not looked at: a.pq.",)))
    assert summary.notes == ("Not looked at: a.pq.", "Part 0.", "Part 1.")
