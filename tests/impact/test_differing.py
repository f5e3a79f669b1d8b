"""Two files of findings held against each other: each row worked out by hand."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cspr_core.caseload.answers import Answer, findings_table
from cspr_core.impact.differing import write_differences

JUNE = date(2026, 6, 10)


def finding(  # noqa: PLR0913
    case: str = "B-1",
    requirement: str = "barset.notice",
    subject: str | None = None,
    status: str = "upcoming",
    due: date | None = JUNE,
    *,
    answer: str | None = None,
    binding: str = "must",
    area: str = "barset",
    done: date | None = None,
) -> Answer:
    return Answer(area, case, requirement, subject, status, answer, binding, due, done)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def differ(
    folder: Path, old: list[Answer], new: list[Answer], **renamed: str
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    for name, rows in (("old", old), ("new", new)):
        pq.write_table(findings_table(rows), folder / name)
    ids = {f"barset.{was}": f"barset.{now}" for was, now in renamed.items()}
    compared = write_differences(folder / "old", folder / "new", folder / "out", ids)
    return pq.read_table(folder / "out").to_pylist(), compared


def test_what_is_the_same_is_no_difference(folder: Path) -> None:
    rows = [finding(), finding("B-2", subject="police"), finding("B-2", status="met", due=None)]
    assert differ(folder, rows, rows) == ([], {"barset": 2})


def test_when_it_was_done_is_no_difference(folder: Path) -> None:
    assert differ(folder, [finding(done=JUNE)], [finding(done=None)])[0] == []


@pytest.mark.parametrize(
    ("changed", "moved", "days"),
    [
        ({"status": "overdue"}, "same", 0),
        ({"answer": "no"}, "same", 0),
        ({"binding": "should"}, "same", 0),
        ({"due": date(2026, 6, 6)}, "earlier", -4),  # the 6th is four days before the 10th
        ({"due": date(2026, 7, 1)}, "later", 21),  # 20 days are left of June, and one more
        ({"due": None}, "taken", None),
        ({"due": None, "status": "pending"}, "same", None),  # the status says it all
        ({"due": date(2026, 6, 14), "status": "met"}, "later", 4),
    ],
)
def test_one_thing_that_differs(
    folder: Path, changed: dict[str, Any], moved: str, days: int | None
) -> None:
    (row,), _ = differ(folder, [finding()], [finding(**changed)])
    assert (row["case"], row["requirement"], row["subject"]) == ("B-1", "barset.notice", None)
    assert (row["old_status"], row["old_binding"], row["old_due"]) == ("upcoming", "must", JUNE)
    assert row["new_status"] == changed.get("status", "upcoming")
    assert row["new_answer"] == changed.get("answer")
    assert row["new_binding"] == changed.get("binding", "must")
    assert row["new_due"] == changed.get("due", JUNE)
    assert (row["moved"], row["days"]) == (moved, days)


def test_a_date_that_is_there_now(folder: Path) -> None:
    (row,), _ = differ(folder, [finding(due=None)], [finding()])
    assert (row["moved"], row["days"], row["new_due"]) == ("given", None, JUNE)


def test_each_subject_is_held_against_itself(folder: Path) -> None:
    old = [finding(subject="gp"), finding(subject="police"), finding(subject="housing")]
    new = [finding(subject="gp"), finding(subject="police", status="met"), finding(subject="icb")]
    rows, _ = differ(folder, old, new)
    found = {row["subject"]: (row["old_status"], row["new_status"]) for row in rows}
    assert found == {
        "police": ("upcoming", "met"),
        "housing": ("upcoming", None),
        "icb": (None, "upcoming"),
    }


def test_a_renamed_requirement_is_told_by_its_new_id(folder: Path) -> None:
    old = [finding(), finding(requirement="barset.letter")]
    new = [finding(requirement="barset.note"), finding(requirement="barset.mail", status="met")]
    rows, _ = differ(folder, old, new, notice="note", letter="mail")
    found = [(row["requirement"], row["old_status"], row["new_status"]) for row in rows]
    assert found == [("barset.mail", "upcoming", "met")]


def test_a_case_that_one_side_alone_has_is_left_out(folder: Path) -> None:
    old = [finding("B-1"), finding("B-2")]
    new = [finding("B-2"), finding("B-3")]
    assert differ(folder, old, new) == ([], {"barset": 1})


@pytest.mark.parametrize(("old", "new"), [([], []), ([finding()], []), ([], [finding()])])
def test_a_part_of_which_a_side_has_no_case(
    folder: Path, old: list[Answer], new: list[Answer]
) -> None:
    assert differ(folder, old, new) == ([], {})


def test_requirements_in_another_order_are_the_same(folder: Path) -> None:
    rows = [finding(requirement="barset.notice"), finding(requirement="barset.letter")]
    assert differ(folder, rows, rows[::-1]) == ([], {"barset": 1})


def test_two_areas_with_a_case_of_one_reference(folder: Path) -> None:
    old = [finding(), finding(area="essex")]
    new = [finding(), finding(area="essex", status="met")]
    rows, compared = differ(folder, old, new)
    assert [row["partnership"] for row in rows] == ["essex"]
    assert compared == {"barset": 1, "essex": 1}
