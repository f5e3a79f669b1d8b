"""Attendance by agencies: how many of them are there, and whether each of them was."""

from __future__ import annotations

import pytest

from cspr_core.kinds import LoweringError
from tests.builders import it, lowered

PEOPLE = """
people:
  p1: {agency: police, roles: [practitioner]}
  p2: {agency: police, roles: [practitioner]}
  p3: {agency: gp, roles: [practitioner]}
  p4: {agency: gp, roles: [line_manager]}
  p5: {agency: independent, roles: [practitioner]}
  p6: {roles: [practitioner]}
  p7: {agency: business_office, roles: [practitioner]}
"""
TWO = """
kind: attendance
for_each: {meeting: practitioner_event}
agencies: {n: 2, role: practitioner}
"""


def event(more: str, day: str = "date: 2026-05-12", name: str = "e1") -> str:
    return f"{{type: practitioner_event, id: {name}, {day}{more}}}"


def events(*entries: str) -> str:
    return f"{PEOPLE}\nevents: [{', '.join(entries)}]"


# --- people of so many agencies ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (", attended: [p1, p3]", "met"),
        (", attended: [p1, p2]", "breached"),  # two people, one agency
        (", attended: [p1, p4]", "breached"),  # the other agency's is no practitioner
        (", attended: [p1, p5, p7]", "breached"),  # neither is of a partner
        (", attended: [p1, p6]", "undetermined"),  # p6 may be of another agency
        (", attended: [p1], unclear: [p3]", "undetermined"),
        (", attended: [p1], unclear: [p2]", "breached"),  # of the same agency, there or not
        ("", "undetermined"),
    ],
)
def test_different_agencies_are_counted(more: str, expected: str) -> None:
    assert it(TWO, events(event(more)), subject="e1").status == expected


def test_who_holds_no_role_counts_where_none_is_named() -> None:
    anybody = TWO.replace(", role: practitioner", "")
    assert it(anybody, events(event(", attended: [p1, p4]")), subject="e1").status == "met"


def test_it_is_upcoming_until_then() -> None:
    text = events(event("", "planned: 2026-07-01"))
    assert it(TWO, text, subject="e1").status == "upcoming"


# --- each agency, at one of several ---------------------------------------------------------------

EACH = """
kind: attendance
for_each: {agency: involved}
at: practitioner_event
present: [{role: practitioner}]
"""


def of_gp(involved: str, *entries: str) -> str:
    text = events(*entries) + f"\nagencies: {{gp: {{involved: {involved}}}}}"
    return it(EACH, text, subject="gp").status


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (", attended: [p1, p3]", "met"),
        (", attended: [p1]", "breached"),
        (", attended: [p1, p4]", "breached"),  # a manager takes no practitioner's place
        (", attended: [p1], unclear: [p3]", "undetermined"),
        (", attended: [p1, p6]", "undetermined"),  # p6's agency is not recorded
        ("", "undetermined"),
    ],
)
def test_each_agency_has_somebody_there(more: str, expected: str) -> None:
    assert of_gp("yes", event(more)) == expected


def test_one_of_two_events_is_enough() -> None:
    without, with_gp = event(", attended: [p1]"), event(", attended: [p3]", name="e2")
    assert of_gp("yes", without, with_gp) == "met"


def test_another_one_may_still_bring_them() -> None:
    later = event("", "planned: 2026-07-01", "e2")
    assert of_gp("yes", event(", attended: [p1]"), later) == "upcoming"


@pytest.mark.parametrize(
    ("involved", "expected"), [("no", "not_applicable"), ("unknown", "undetermined")]
)
def test_it_depends_on_the_involvement(involved: str, expected: str) -> None:
    assert of_gp(involved, event(", attended: [p1]")) == expected


def test_it_is_upcoming_without_any_event() -> None:
    assert of_gp("yes") == "upcoming"


def test_minutes_may_say_it_where_no_list_does() -> None:
    minutes = "\nconfirmed: [{requirement: northamptonshire.it, answer: yes, on: 2026-05-12}]"
    agencies = "\nagencies: {gp: {involved: yes}}"
    assert it(EACH, events(event("")) + agencies + minutes, subject="gp").status == "met"
    listed = events(event(", attended: [p1]")) + agencies + minutes
    assert it(EACH, listed, subject="gp").status == "breached"  # the list itself wins


def test_an_exception_excuses_where_one_is_allowed() -> None:
    reason = (
        "\nexceptions:"
        " [{requirement: northamptonshire.it, subject: gp, reason: absent, on: 2026-05-12}]"
    )
    agencies = "\nagencies: {gp: {involved: yes}}"
    text = events(event(", attended: [p1]")) + agencies + reason
    assert it(EACH + "unless: recorded\n", text, subject="gp").status == "excused"


@pytest.mark.parametrize(
    ("requirement", "problem"),
    [
        (EACH.replace("{agency: involved}", "{meeting: practitioner_event}"), "alone"),
        (EACH + "led_by: [lead_reviewer]\n", "alone"),
        (EACH + "substitutes: yes\n", "alone"),
        (EACH.replace("{role: practitioner}", "{kind: police}"), "roles alone"),
        (EACH.replace("{role: practitioner}", "{role: member, body: executive}"), "roles alone"),
        (EACH.replace("at: practitioner_event", ""), "with `at`"),
    ],
)
def test_what_can_not_be_meant_is_refused(requirement: str, problem: str) -> None:
    with pytest.raises(LoweringError, match=problem):
        lowered(requirement)
