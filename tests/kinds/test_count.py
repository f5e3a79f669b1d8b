"""Count: at least and at most so many of something."""

from __future__ import annotations

import pytest

from cspr_core.kinds import LoweringError
from tests.builders import it, lowered

TWO_OR_THREE = """
kind: count
of: {event: practitioner_event}
min: 2
max: 3
"""


def events(number: int, more: str = "") -> str:
    lines = (f"{{type: practitioner_event, date: 2026-03-{10 + n}{more}}}" for n in range(number))
    return f"events: [{', '.join(lines)}]" if number else ""


@pytest.mark.parametrize(
    ("number", "status"),
    [(0, "upcoming"), (1, "upcoming"), (2, "met"), (3, "met"), (4, "breached")],
)
def test_too_few_enough_too_many(number: int, status: str) -> None:
    assert it(TWO_OR_THREE, events(number)).short == (status, None)


def test_without_a_maximum_there_are_never_too_many() -> None:
    assert it(TWO_OR_THREE.replace("max: 3", ""), events(6)).status == "met"


def test_planned_ones_and_those_after_the_check_do_not_count() -> None:
    planned = events(2).replace("date: 2026-03-11", "planned: 2026-03-11")
    assert it(TWO_OR_THREE, planned).status == "upcoming"
    assert it(TWO_OR_THREE, events(2), "2026-03-10").status == "upcoming"


def test_one_gathering_about_two_children_is_one() -> None:
    text = "children: [{id: a}, {id: b}]\n" + events(1, ", child: [a, b]")
    assert it(TWO_OR_THREE, text).status == "upcoming"


NAMED = """
kind: count
of: {event: announced, reviewer_named: yes}
min: 1
max: 1
"""


@pytest.mark.parametrize(
    ("named", "status"),
    [
        (["yes"], "met"),
        (["no"], "upcoming"),
        (["unknown"], "undetermined"),
        (["yes", "yes"], "breached"),
        (["yes", "unknown"], "undetermined"),  # one, or one too many
        (["yes", "no"], "met"),
    ],
)
def test_what_is_not_known_about_them(named: list[str], status: str) -> None:
    lines = (
        f"{{type: announced, to: panel, date: 2026-03-{10 + n}, reviewer_named: {answer}}}"
        for n, answer in enumerate(named)
    )
    assert it(NAMED, f"events: [{', '.join(lines)}]").status == status


@pytest.mark.parametrize(
    ("number", "answer", "status"),
    [(0, "yes", "met"), (0, "no", "breached"), (2, "no", "met"), (4, "yes", "breached")],
)
def test_what_minutes_confirm(number: int, answer: str, status: str) -> None:
    text = (
        events(number)
        + f"""
confirmed: [{{requirement: northamptonshire.it, answer: {answer}, on: 2026-04-01}}]"""
    )
    assert it(TWO_OR_THREE, text).status == status


def test_an_exception_where_one_is_allowed() -> None:
    text = """
exceptions: [{requirement: northamptonshire.it, reason: one_agency_only, on: 2026-04-01}]"""
    assert it(TWO_OR_THREE + "unless: recorded", text).status == "excused"


def test_pending_not_applicable_and_undetermined_by_its_conditions() -> None:
    assert it(TWO_OR_THREE + "when: {decision: local_review}", "").status == "pending"
    decided = "events: [{type: decision, outcome: no_review, date: 2026-03-10}]"
    assert it(TWO_OR_THREE + "when: {decision: local_review}", decided).status == "not_applicable"
    assert it(TWO_OR_THREE + "when: {answer: died}", "children: [{id: c}]").status == "undetermined"


def test_at_most_is_not_less_than_at_least() -> None:
    with pytest.raises(LoweringError, match="`max` is less than `min`"):
        lowered("kind: count\nof: {event: debrief}\nmin: 2\nmax: 1")
