"""Attendance: who is, and who is not, at each meeting or gathering."""

from __future__ import annotations

import pytest

from cspr_core.kinds import LoweringError
from tests.builders import it, lowered

QUORUM = """
kind: attendance
for_each: {meeting: oversight_group}
present: [{kind: police}, {kind: icb}]
substitutes: yes
"""
PEOPLE = """
people:
  p1: {agency: police}
  p2: {agency: icb}
  p3: {agency: housing}
  p4: {}
  p5: {agency: independent, roles: [lead_reviewer]}
  p6: {agency: education, roles: [line_manager], involved_with_child: yes}
  p7: {agency: education, roles: [line_manager], involved_with_child: unknown}
  p8: {agency: education, roles: [line_manager], involved_with_child: no}
"""


def held(more: str = "", day: str = "date: 2026-05-12", body: str = "oversight_group") -> str:
    return f"{PEOPLE}\nmeetings: [{{id: m1, body: {body}, {day}{more}}}]"


def status(requirement: str, text: str, as_of: str = "2026-06-01") -> str:
    return it(requirement, text, as_of, "m1").status


def test_pending_without_any_meeting() -> None:
    assert it(QUORUM, "").status == "pending"


def test_upcoming_until_it_is_held() -> None:
    assert status(QUORUM, held(day="planned: 2026-05-12")) == "upcoming"
    assert (
        status(
            QUORUM, held(", attended: [p1]", "date: 2026-05-12, planned: 2026-05-12"), "2026-05-11"
        )
        == "upcoming"
    )


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (", attended: [p1, p2]", "met"),
        (", attended: [p1]", "breached"),
        (", attended: []", "breached"),
        ("", "undetermined"),  # no list: not known
        (", attended: [p1], unclear: [p2]", "undetermined"),
        (", attended: [p1], unclear: [p3]", "breached"),  # nobody unclear could fill the place
        (", attended: [p1, p4]", "undetermined"),  # p4's agency is not recorded
    ],
)
def test_every_place_is_filled(more: str, expected: str) -> None:
    assert status(QUORUM, held(more)) == expected


def test_a_substitute_fills_the_place_where_one_may() -> None:
    text = held(", attended: [p1, p3], substitutes: [{for: p2, by: p3, named: 2026-05-08}]")
    assert status(QUORUM, text) == "met"
    assert status(QUORUM.replace("substitutes: yes", ""), text) == "breached"


def test_a_substitute_who_did_not_come_fills_nothing() -> None:
    text = held(", attended: [p1], substitutes: [{for: p2, by: p3, named: 2026-05-08}]")
    assert status(QUORUM, text) == "breached"


ROLE = """
kind: attendance
for_each: {meeting: oversight_group}
present: [{role: lead_reviewer}]
substitutes: yes
"""


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (", attended: [p5]", "met"),
        (", attended: [p1]", "breached"),
        (", attended: [p1], unclear: [p5]", "undetermined"),
        (", attended: [p3], substitutes: [{for: p5, by: p3}]", "met"),
        (", attended: [p3], substitutes: [{for: p1, by: p3}]", "breached"),
    ],
)
def test_somebody_with_a_role_is_there(more: str, expected: str) -> None:
    assert status(ROLE, held(more)) == expected


def test_a_member_of_a_body_is_there() -> None:
    requirement = ROLE.replace("role: lead_reviewer", "kind: police, body: review_group")
    group = "\ngroups: {review_group: {members: [p1]}}"
    assert status(requirement, held(", attended: [p1]") + group) == "met"
    assert status(requirement, held(", attended: [p1]")) == "breached"


EVERYONE = """
kind: attendance
for_each: {meeting: oversight_group}
everyone: oversight_group
"""


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (", attended: [p1, p2]", "met"),
        (", attended: [p1]", "breached"),
        (", attended: [p1, p3], substitutes: [{for: p2, by: p3}]", "met"),
        (", attended: [p1], unclear: [p2]", "undetermined"),
        ("", "undetermined"),
    ],
)
def test_every_member_is_there_or_represented(more: str, expected: str) -> None:
    text = held(more) + "\ngroups: {oversight_group: {members: [p1, p2]}}"
    assert status(EVERYONE, text) == expected


def test_who_became_a_member_later_was_not_missed() -> None:
    group = "\ngroups: {oversight_group: {members: [p1, {person: p2, from: 2026-05-13}]}}"
    assert status(EVERYONE, held(", attended: [p1]") + group) == "met"


AWAY = """
kind: attendance
for_each: {meeting: oversight_group}
absent: {role: line_manager, no: involved_with_child}
"""


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (", attended: [p1]", "met"),
        (", attended: [p8]", "breached"),  # a line manager who was not involved
        (", attended: [p6]", "met"),
        (", attended: [p7]", "undetermined"),
        (", attended: [p1], unclear: [p8]", "undetermined"),
        ("", "undetermined"),
    ],
)
def test_who_should_stay_away(more: str, expected: str) -> None:
    assert status(AWAY, held(more)) == expected


def test_who_should_stay_away_by_role_alone() -> None:
    requirement = AWAY.replace(", no: involved_with_child", "")
    assert status(requirement, held(", attended: [p6]")) == "breached"
    assert status(requirement, held(", attended: [p1]")) == "met"


def test_who_should_stay_away_by_answer_alone() -> None:
    requirement = AWAY.replace("role: line_manager, no:", "yes:")
    assert status(requirement, held(", attended: [p6]")) == "breached"
    assert status(requirement, held(", attended: [p8]")) == "met"


LED = """
kind: attendance
for_each: {meeting: debrief}
led_by: lead_reviewer
"""


@pytest.mark.parametrize(
    ("more", "expected"),
    [(", led_by: p5", "met"), (", led_by: p1", "breached"), ("", "undetermined")],
)
def test_who_leads_it(more: str, expected: str) -> None:
    text = f"{PEOPLE}\nevents: [{{type: debrief, id: d1, date: 2026-05-12{more}}}]"
    assert it(LED, text, subject="d1").status == expected


@pytest.mark.parametrize(
    ("more", "answer", "expected"),
    [
        ("", "yes", "met"),
        ("", "no", "breached"),
        (", attended: [p1]", "yes", "breached"),  # the list itself wins
    ],
)
def test_minutes_where_no_list_is_recorded(more: str, answer: str, expected: str) -> None:
    text = (
        held(more)
        + f"""
confirmed: [{{requirement: northamptonshire.it, subject: m1, answer: {answer}, on: 2026-05-12}}]"""
    )
    assert status(QUORUM, text) == expected


def test_a_recorded_exception_excuses_what_is_not_known() -> None:
    text = (
        held()
        + """
exceptions: [{requirement: northamptonshire.it, subject: m1, reason: snow, on: 2026-05-12}]"""
    )
    assert status(QUORUM + "unless: recorded", text) == "excused"


def test_pending_and_not_applicable_by_its_conditions() -> None:
    when = QUORUM + "when: {decision: local_review}"
    assert status(when, held()) == "pending"
    decided = held() + "\nevents: [{type: decision, outcome: no_review, date: 2026-03-10}]"
    assert status(when, decided) == "not_applicable"


def test_it_is_asked_of_meetings() -> None:
    with pytest.raises(LoweringError, match="asked of meetings"):
        lowered("kind: attendance\npresent: [{kind: police}]")
