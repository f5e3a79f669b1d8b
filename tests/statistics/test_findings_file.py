"""Files of findings: read whole cases at a time, and refused where they could be misread."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cspr_core.caseload.answers import holds_findings
from cspr_core.reading.problems import BadInput
from cspr_core.statistics.findings_file import (
    areas_of,
    open_findings,
    parts,
)
from cspr_core.statistics.gathering import of_findings
from cspr_core.statistics.outcomes import ALL
from tests.statistics.caseload import AS_OF, MAY_1, answer, stored

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(table: pa.Table, name: str = "findings.parquet", **options: int) -> Path:
        path = tmp_path / name
        pq.write_table(table, path, **options)
        return path

    return write


def problems_of(path: Path, day: date | None = None) -> list[str]:
    with pytest.raises(BadInput) as refused:
        list(parts(open_findings([path], day)))
    for problem in refused.value.problems:
        assert (problem.file, problem.line, problem.column) == (str(path), 1, 1)
    return [f"{problem.what}. {problem.remedy}." for problem in refused.value.problems]


def test_a_file_says_of_which_day_it_is_and_what_it_lacks(write: Write) -> None:
    path = write(stored([answer("N-1", "met", MAY_1)], not_used="3"))
    (file,) = open_findings([path])
    assert (file.as_of, file.findings, file.not_used) == (AS_OF, 1, 3)
    assert areas_of([file]) == {"north"}
    assert holds_findings(path)


def test_all_findings_of_a_case_come_together(write: Write) -> None:
    # Row groups of two findings, and parts of about three: each case is in one part all the same.
    answers = [
        answer(f"N-{n}", "met", MAY_1, requirement=requirement)
        for requirement in ("national.sent", "north.quorum", "north.tip")
        for n in range(6)
    ]
    files = open_findings([write(stored(answers), row_group_size=2)])
    found = [set(part.column("case").to_pylist()) for part in parts(files, at_once=3)]
    assert len(found) == 6
    assert sum(map(len, found)) == len(set().union(*found)) == 6


def test_a_file_is_cut_where_no_case_stands_on_both_sides(write: Write) -> None:
    # Row groups: N-0 and N-1; N-1 and N-2; N-3 and N-4. The first two belong together.
    cases = ("N-0", "N-1", "N-1", "N-2", "N-3", "N-4")
    requirements = ("national.sent", "national.sent", "north.quorum", *["national.sent"] * 3)
    answers = [
        answer(case, "met", MAY_1, requirement=requirement)
        for case, requirement in zip(cases, requirements, strict=True)
    ]
    files = open_findings([write(stored(answers), row_group_size=2)])
    assert [len(part) for part in parts(files, at_once=4)] == [4, 2]
    assert [len(part) for part in parts(files, at_once=6)] == [6]


def test_cases_are_counted_once_however_the_file_is_cut(write: Write) -> None:
    answers = [
        answer(f"N-{n}", "overdue", MAY_1, requirement=requirement)
        for requirement in ("national.sent", "north.quorum")
        for n in range(5)
    ]
    gathered = of_findings(open_findings([write(stored(answers), row_group_size=1)]))
    assert gathered.tally[ALL].cases["overdue"] == 5
    assert gathered.tally[ALL].counts["overdue"] == 10


def test_an_area_that_is_not_at_hand_is_told(write: Write) -> None:
    gathered = of_findings(open_findings([write(stored([answer("N-1", "met", MAY_1)]))]))
    assert gathered.catalogue.unread == ("north",)
    assert "The arrangements of north are not at hand" in gathered.notes[0]


def test_requirements_of_another_version_are_told(write: Write) -> None:
    old = answer("E-1", "met", MAY_1, requirement="essex.of_old", area="essex")
    gathered = of_findings(open_findings([write(stored([old]))]))
    (note,) = gathered.notes
    assert note.startswith("1 of the requirements is not in the arrangements at hand")


# --- what is refused ----------------------------------------------------------------------------


def test_another_day_than_asked_for(write: Write) -> None:
    path = write(stored([answer("N-1", "met", MAY_1)]))
    (problem,) = problems_of(path, date(2026, 5, 1))
    assert problem.startswith("These findings are as of 2026-06-01, not of 2026-05-01.")


def test_files_of_two_days(write: Write) -> None:
    one = write(stored([answer("N-1", "met", MAY_1)]))
    other = write(stored([answer("N-2", "met", MAY_1)], as_of="2026-05-30"), "other.parquet")
    with pytest.raises(BadInput) as refused:
        open_findings([one, other])
    assert [Path(problem.file).name for problem in refused.value.problems] == ["other.parquet"]


def test_a_file_that_is_cut_off(tmp_path: Path, write: Write) -> None:
    whole = write(stored([answer("N-1", "met", MAY_1)])).read_bytes()
    path = tmp_path / "cut.parquet"
    path.write_bytes(whole[: len(whole) // 2])
    assert problems_of(path)[0].startswith("This is not a Parquet file, or not the whole of one")
    assert not holds_findings(path)


def test_a_file_that_is_damaged_inside(tmp_path: Path, write: Write) -> None:
    whole = bytearray(
        write(stored([answer(f"N-{n}", "met", MAY_1) for n in range(50)])).read_bytes()
    )
    whole[4:200] = bytes(196)
    path = tmp_path / "damaged.parquet"
    path.write_bytes(whole)
    assert problems_of(path)[0].startswith("This file is damaged")


def test_missing_and_wrongly_typed_columns(write: Write) -> None:
    table = stored([answer("N-1", "met", MAY_1)])
    table = table.drop_columns(["binding"])
    texts = pa.array(["2026-05-01"])
    table = table.set_column(table.schema.get_field_index("due"), "due", texts)
    table = table.set_column(table.schema.get_field_index("case"), "case", pa.array([1]))
    made = problems_of(write(table))
    assert [text.split(". ")[0] for text in made] == [
        "The column `binding` is missing",
        "The column `case` holds int64, not words",
        "The column `due` holds string, not date32",
    ]


def test_another_version_and_no_day(write: Write) -> None:
    table = stored([answer("N-1", "met", MAY_1)], schema="cspr.findings/9", as_of="yesterday")
    made = [text.split(". ")[0] for text in problems_of(write(table))]
    assert made == [
        "It does not say as of which day its findings are",
        "This file says `cspr.findings/9` where `cspr.findings/1` is due",
    ]


def test_a_finding_that_stands_twice(write: Write) -> None:
    one = answer("N-1", "met", MAY_1)
    (problem,) = problems_of(write(stored([one, one])))
    assert problem.startswith("`N-1` stands in it twice (in findings.parquet). Keep one")


def test_a_status_that_there_is_not_and_a_row_without_one(write: Write) -> None:
    table = stored([answer("N-1", "done", MAY_1)])
    assert problems_of(write(table))[0].startswith("A row has a status that there is not")
    nothing = pa.array([None], pa.dictionary(pa.int32(), pa.string()))
    table = table.set_column(table.schema.get_field_index("status"), "status", nothing)
    assert problems_of(write(table))[0].startswith("A row has nothing in the column `status`")
