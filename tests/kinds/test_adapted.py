"""What rules that may be adapted to a case need: one of several things first, and exceptions.

A methodology may be followed in another order, or a meeting be missed, for a recorded reason.
"""

from __future__ import annotations

import pytest

from cspr_core.check import Rules
from cspr_core.plugins import national
from cspr_core.report.words import Words
from tests.builders import a_requirement, it, lowered

EITHER_FIRST = """
kind: step
met_by: {event: sign_off, by: oversight_group}
after: [{any: [{event: comment, by: review_group}, {event: sign_off, by: review_group}]}]
"""
AGREED = "{type: sign_off, by: oversight_group, date: 2026-03-12}"
COMMENT = "{type: comment, by: review_group, date: 2026-03-11}"
SIGNED = "{type: sign_off, by: review_group, date: 2026-03-12}"
TOO_LATE = "{type: comment, by: review_group, date: 2026-03-13}"
EXCEPTION = "exceptions: [{requirement: northamptonshire.it, reason: adapted, on: 2026-03-20}]"


@pytest.mark.parametrize(
    ("first", "status"),
    [
        (COMMENT, "met"),  # the day before
        (SIGNED, "met"),  # the other of the two, on the same day
        (f"{COMMENT}, {SIGNED}", "met"),
        (TOO_LATE, "breached"),  # the day after
        (f"{TOO_LATE}, {SIGNED}", "met"),  # one of the two in time is enough
    ],
)
def test_one_of_several_things_comes_first(first: str, status: str) -> None:
    assert it(EITHER_FIRST, f"events: [{AGREED}, {first}]").status == status


def test_without_any_of_several_things_it_is_out_of_order() -> None:
    found = it(EITHER_FIRST, f"events: [{AGREED}]")
    assert (found.status, found.why) == ("breached", "out_of_order")


def test_all_of_the_things_come_first_where_one_is_one_of_several() -> None:
    both = EITHER_FIRST.replace("after: [", "after: [{event: terms_of_reference}, ")
    assert it(both, f"events: [{AGREED}, {COMMENT}]").status == "breached"
    terms = "{type: terms_of_reference, date: 2026-03-02}"
    assert it(both, f"events: [{AGREED}, {COMMENT}, {terms}]").status == "met"


def test_one_of_several_things_in_words() -> None:
    requirement = a_requirement(EITHER_FIRST)
    words = Words(Rules(national(), national()))
    said = words.done(requirement.after)  # type: ignore[attr-defined]
    assert said == "`comment` by review group or sign-off by review group"


@pytest.mark.parametrize(
    ("unless", "as_of", "status"),
    [
        ("unless: recorded", "2026-03-20", "excused"),
        ("unless: recorded", "2026-03-19", "breached"),  # recorded on the next day only
        ("", "2026-03-20", "breached"),  # the requirement allows none
    ],
)
def test_an_exception_for_another_order(unless: str, as_of: str, status: str) -> None:
    text = f"events: [{AGREED}]\n{EXCEPTION}"
    assert it(EITHER_FIRST + unless, text, as_of).status == status


def test_what_was_done_in_order_is_met_whatever_exception_is_recorded() -> None:
    text = f"events: [{AGREED}, {COMMENT}]\n{EXCEPTION}"
    assert it(EITHER_FIRST + "unless: recorded", text).status == "met"


QUORUM = "kind: attendance\nfor_each: {meeting: review_group}\npresent: [{kind: police}]\n"
AWAY = "kind: attendance\nfor_each: {meeting: review_group}\nabsent: {role: senior_manager}\n"
PEOPLE = "people: {p1: {agency: police}, p2: {agency: gp, roles: [senior_manager]}}\n"
AT_MEETING = (
    "exceptions: [{requirement: northamptonshire.it, subject: m1, reason: snow, on: 2026-05-12}]"
)


@pytest.mark.parametrize(
    ("requirement", "attended", "unless", "status"),
    [
        (QUORUM, "p2", "unless: recorded", "excused"),
        (QUORUM, "p2", "", "breached"),
        (QUORUM, "p1", "unless: recorded", "met"),
        (AWAY, "p2", "unless: recorded", "excused"),
        (AWAY, "p2", "", "breached"),
        (AWAY, "p1", "unless: recorded", "met"),
    ],
)
def test_an_exception_for_a_meeting(
    requirement: str, attended: str, unless: str, status: str
) -> None:
    meeting = (
        f"meetings: [{{id: m1, body: review_group, date: 2026-05-12, attended: [{attended}]}}]"
    )
    text = f"{PEOPLE}{meeting}\n{AT_MEETING}"
    assert it(requirement + unless, text, subject="m1").status == status


@pytest.mark.parametrize(
    ("planned", "status"), [("2026-06-30", "not_applicable"), ("2026-07-01", "upcoming")]
)
def test_a_planned_meeting_is_held_to_the_rules_of_its_own_day(planned: str, status: str) -> None:
    # the review was decided on 2 March, before the rules came into force on 1 July
    text = f"""
events: [{{type: decision, outcome: local_review, date: 2026-03-02}}]
meetings: [{{id: m1, body: review_group, planned: {planned}}}]
"""
    assert it(QUORUM, text, subject="m1", since="2026-07-01").status == status


NAMED = """
kind: deadline
for_each: {substitute: review_group}
before: {n: 2, unit: working_days, of: {subject: date}}
met_by: {subject: named}
"""


def test_a_substitute_is_done_on_the_day_of_naming_not_on_the_day_of_the_meeting() -> None:
    assert lowered(NAMED).dates == {"substitute": "named"}
