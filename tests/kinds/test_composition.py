"""Composition: a body's make-up, and its first meeting as the due date."""

from __future__ import annotations

import pytest

from cspr_core.kinds import LoweringError
from tests.builders import it, lowered

SEATS = """
kind: composition
body: review_group
seats: [{kind: police}, {kind: [icb, gp]}]
"""
PEOPLE = """
people:
  p1: {agency: police}
  p2: {agency: gp}
  p3: {agency: housing}
  p4: {agency: education}
  p5: {agency: independent, roles: [lead_reviewer]}
  p6: {}
"""


def group(*members: str, chair: str = "") -> str:
    head = f"chair: {chair}, " if chair else ""
    return f"{PEOPLE}\ngroups: {{review_group: {{{head}members: [{', '.join(members)}]}}}}"


def meeting(day: str, how: str = "date") -> str:
    return f"\nmeetings: [{{id: m1, body: review_group, {how}: {day}}}]"


def test_met_when_every_seat_is_taken() -> None:
    assert it(SEATS, group("p1", "p2")).short == ("met", None)


def test_upcoming_without_a_meeting_however_long_it_takes() -> None:
    assert it(SEATS, group("p1"), "2030-01-01").short == ("upcoming", None)


@pytest.mark.parametrize(
    ("as_of", "status"),
    [("2026-05-11", "upcoming"), ("2026-05-12", "upcoming"), ("2026-05-13", "overdue")],
)
def test_incomplete_until_and_after_the_first_meeting(as_of: str, status: str) -> None:
    text = group("p1") + meeting("2026-05-12")
    assert it(SEATS, text, as_of).status == status


def test_a_planned_first_meeting_gives_the_date_and_never_makes_it_overdue() -> None:
    text = group("p1") + meeting("2026-05-12", "planned")
    assert it(SEATS, text, "2026-05-11").short == ("upcoming", "2026-05-12")
    assert it(SEATS, text, "2026-05-12").short == ("upcoming", "2026-05-12")
    assert it(SEATS, text, "2026-05-13").short == ("upcoming", None)  # the plan has lapsed


def test_a_meeting_that_was_held_goes_before_an_earlier_one_that_stayed_a_plan() -> None:
    text = (
        group("p1")
        + """
meetings:
  - {id: m1, body: review_group, planned: 2026-05-05}
  - {id: m2, body: review_group, date: 2026-05-12}"""
    )
    assert it(SEATS, text, "2026-05-13").short == ("overdue", "2026-05-12")


def test_somebody_who_has_left_takes_no_seat() -> None:
    text = group("p1", "{person: p2, to: 2026-05-20}")
    assert it(SEATS, text, "2026-05-20").status == "met"
    assert it(SEATS, text, "2026-05-21").status == "upcoming"


def test_somebody_who_is_still_to_come_takes_no_seat() -> None:
    text = group("p1", "{person: p2, from: 2026-05-20}")
    assert it(SEATS, text, "2026-05-19").status == "upcoming"
    assert it(SEATS, text, "2026-05-20").status == "met"


FURTHER = SEATS + "further: {n: 2, uninvolved: 1}\n"


def agencies(housing: str, education: str) -> str:
    return f"agencies: {{housing: {{involved: {housing}}}, education: {{involved: {education}}}}}\n"


@pytest.mark.parametrize(
    ("housing", "education", "status"),
    [
        ("no", "yes", "met"),
        ("unknown", "yes", "undetermined"),
        ("yes", "yes", "upcoming"),
    ],
)
def test_further_partners_one_of_them_uninvolved(housing: str, education: str, status: str) -> None:
    text = agencies(housing, education) + group("p1", "p2", "p3", "p4")
    assert it(FURTHER, text).status == status


def test_perhaps_uninvolved_does_not_help_where_a_seat_is_empty() -> None:
    text = agencies("unknown", "yes") + group("p1", "p3", "p4")
    assert it(FURTHER, text).status == "upcoming"


@pytest.mark.parametrize("other", ["p5", "p6", "p1"])
def test_who_is_no_further_partner(other: str) -> None:
    # independent; of no recorded agency; from an agency that has a seat already
    text = agencies("no", "no") + group("p1", "p2", "p3", other)
    assert it(FURTHER, text).status == "upcoming"


def test_two_from_one_agency_are_one_further_partner() -> None:
    text = agencies("no", "no") + group("p1", "p2", "p3", "p7").replace(
        "  p6: {}", "  p6: {}\n  p7: {agency: housing}"
    )
    assert it(FURTHER, text).status == "upcoming"


@pytest.mark.parametrize(("chair", "status"), [("p5", "met"), ("p1", "upcoming"), ("", "upcoming")])
def test_the_chair_by_role_or_by_kind(chair: str, status: str) -> None:
    text = group("p1", "p2", chair=chair)
    assert it(SEATS + "chair: {role: lead_reviewer}", text).status == status
    assert it(SEATS + "chair: {kind: independent}", text).status == status


def test_a_seat_for_a_role() -> None:
    requirement = "kind: composition\nbody: review_group\nseats: [{role: lead_reviewer}]"
    assert it(requirement, group("p5")).status == "met"
    assert it(requirement, group("p1")).status == "upcoming"


def test_pending_not_applicable_and_undetermined_by_its_conditions() -> None:
    assert it(SEATS + "when: {decision: local_review}", group("p1")).status == "pending"
    decided = "\nevents: [{type: decision, outcome: no_review, date: 2026-03-10}]"
    assert (
        it(SEATS + "when: {decision: local_review}", group("p1") + decided).status
        == "not_applicable"
    )
    unknown = group("p1") + "\nchildren: [{id: c}]"
    assert it(SEATS + "when: {answer: died}", unknown).status == "undetermined"


@pytest.mark.parametrize(
    ("answer", "on", "status"),
    [
        ("yes", "2026-05-12", "met"),
        ("yes", "2026-05-13", "met_late"),
        ("no", "2026-05-12", "breached"),
    ],
)
def test_what_minutes_confirm(answer: str, on: str, status: str) -> None:
    text = (
        group("p1")
        + meeting("2026-05-12")
        + f"""
confirmed: [{{requirement: northamptonshire.it, answer: {answer}, on: {on}}}]"""
    )
    assert it(SEATS, text).status == status


def test_excused_by_an_exception_where_one_is_allowed() -> None:
    text = (
        group("p1")
        + """
exceptions: [{requirement: northamptonshire.it, reason: small_area, on: 2026-05-12}]"""
    )
    assert it(SEATS + "unless: recorded", text).status == "excused"
    assert it(SEATS, text).status == "upcoming"


def test_a_seat_in_a_body_is_not_itself_in_a_body() -> None:
    with pytest.raises(LoweringError, match="not itself in a body"):
        lowered("kind: composition\nbody: review_group\nseats: [{body: executive}]")
