"""Hold: something is not done while something else runs, or for a time."""

from __future__ import annotations

import pytest

from cspr_core.kinds import LoweringError
from tests.builders import answers, it, lowered

PROSECUTION = """
kind: hold
running: prosecution
hold: {event: publication}
"""


def case(process: str, *events: str) -> str:
    found = f"parallel: [{{id: x1, type: prosecution, {process}}}]"
    return found + (f"\nevents: [{', '.join(events)}]" if events else "")


def published(day: str, how: str = "date") -> str:
    return f"{{type: publication, what: report, {how}: {day}}}"


def status(process: str, *events: str, as_of: str = "2026-06-01") -> str:
    return it(PROSECUTION, case(process, *events), as_of, "x1").status


def test_not_applicable_where_nothing_of_the_kind_runs() -> None:
    found = it(PROSECUTION, "parallel: [{id: x1, type: inquest, opened: 2026-03-01}]")
    assert (found.status, found.why) == ("not_applicable", "nothing_runs")


def test_a_process_that_opens_later_does_not_run_yet() -> None:
    text = case("opened: 2026-06-02")
    assert it(PROSECUTION, text, "2026-06-01").status == "not_applicable"
    assert it(PROSECUTION, text, "2026-06-02", "x1").status == "upcoming"


def test_running() -> None:
    assert status("opened: 2026-03-01") == "upcoming"


def test_a_planned_publication_is_shown_and_breaches_nothing() -> None:
    found = it(
        PROSECUTION, case("opened: 2026-03-01", published("2026-07-01", "planned")), subject="x1"
    )
    assert found.status == "upcoming"
    assert "publication report planned 2026-07-01" in found.evidence


def test_over() -> None:
    assert status("opened: 2026-03-01, closed: 2026-05-01") == "met"
    assert status("opened: 2026-03-01, closed: 2026-05-01", as_of="2026-04-30") == "upcoming"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-02-27", "met"),  # before it began
        ("2026-03-01", "breached"),
        ("2026-04-30", "breached"),
        ("2026-05-01", "met"),  # the day on which it ended
        ("2026-05-02", "met"),
    ],
)
def test_done_meanwhile_or_not(day: str, expected: str) -> None:
    assert status("opened: 2026-03-01, closed: 2026-05-01", published(day)) == expected


def test_done_while_it_still_runs() -> None:
    assert status("opened: 2026-03-01", published("2026-05-20")) == "breached"


@pytest.mark.parametrize(
    ("process", "expected"),
    [
        ("opened: unknown", "undetermined"),
        ("opened: 2026-03-01, closed: unknown", "undetermined"),
        ("opened: unknown, closed: unknown", "undetermined"),
        # over for certain, and nothing was published before: the start makes no difference
        ("opened: unknown, closed: 2026-05-01", "met"),
    ],
)
def test_a_start_or_an_end_that_is_not_known(process: str, expected: str) -> None:
    assert status(process) == expected


@pytest.mark.parametrize(
    ("process", "day", "expected"),
    [
        ("opened: unknown", "2026-04-01", "undetermined"),
        ("opened: unknown, closed: 2026-05-01", "2026-04-01", "undetermined"),
        ("opened: unknown, closed: 2026-05-01", "2026-05-01", "met"),
        ("opened: 2026-03-01, closed: unknown", "2026-04-01", "undetermined"),
    ],
)
def test_done_while_it_perhaps_ran(process: str, day: str, expected: str) -> None:
    assert status(process, published(day)) == expected


def test_each_process_is_answered_on_its_own() -> None:
    text = """
parallel:
  - {id: x1, type: prosecution, opened: 2026-03-01, closed: 2026-04-01}
  - {id: x2, type: prosecution, opened: 2026-03-01}"""
    found = answers(text, "2026-06-01", PROSECUTION)
    assert found["northamptonshire.it", "x1"].status == "met"
    assert found["northamptonshire.it", "x2"].status == "upcoming"


def test_pending_and_not_applicable_by_its_conditions() -> None:
    when = PROSECUTION + "when: {decision: local_review}"
    assert it(when, case("opened: 2026-03-01"), subject="x1").status == "pending"
    decided = case("opened: 2026-03-01", "{type: decision, outcome: no_review, date: 2026-03-10}")
    assert it(when, decided, subject="x1").status == "not_applicable"


PUBLIC = """
kind: hold
within: {n: 12, unit: months, of: {event: publication}}
hold: {event: taken_down}
"""
# published Tue 10 Mar 2026: twelve months end on 10 March 2027


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2026-03-09", "pending"),
        ("2026-03-10", "upcoming"),
        ("2027-03-10", "upcoming"),
        ("2027-03-11", "met"),
    ],
)
def test_for_a_time(as_of: str, expected: str) -> None:
    text = f"events: [{published('2026-03-10')}]"
    assert it(PUBLIC, text, as_of).status == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-03-10", "breached"), ("2027-03-09", "breached"), ("2027-03-10", "upcoming")],
)
def test_done_within_the_time_is_breached(day: str, expected: str) -> None:
    text = f"events: [{published('2026-03-10')}, {{type: taken_down, date: {day}}}]"
    assert it(PUBLIC, text, "2027-03-10").short == (expected, "2027-03-10")


def test_a_breach_stays_after_the_time_is_over() -> None:
    text = f"events: [{published('2026-03-10')}, {{type: taken_down, date: 2026-12-01}}]"
    assert it(PUBLIC, text, "2028-01-01").status == "breached"


@pytest.mark.parametrize(
    "text",
    [
        "hold: {event: publication}",
        "running: inquest\nwithin: {n: 1, unit: days, of: {event: decision}}\nhold: {event: death}",
    ],
)
def test_it_lasts_while_something_runs_or_for_a_time(text: str) -> None:
    with pytest.raises(LoweringError, match="lasts while something is `running`, or `within`"):
        lowered(f"kind: hold\n{text}")
