"""Step: as a deadline, and out of order where something should have come first."""

from __future__ import annotations

import pytest

from cspr_core.kinds import LoweringError
from tests.builders import it, lowered

AFTER = """
kind: step
met_by: {event: author_briefing}
after: {event: terms_of_reference}
"""
AHEAD = """
kind: step
met_by: {event: sign_off, by: review_group}
ahead_of: {event: sign_off, by: executive}
"""


def events(*lines: str) -> str:
    return f"events: [{', '.join(f'{{{line}}}' for line in lines)}]"


BRIEFED = "type: author_briefing, date: 2026-03-12"


def test_upcoming_until_it_is_done() -> None:
    assert it(AFTER, "").short == ("upcoming", None)


@pytest.mark.parametrize(
    ("first", "status"),
    [
        ("2026-03-11", "met"),
        ("2026-03-12", "met"),  # on the same day: not known to be out of order
        ("2026-03-13", "breached"),
    ],
)
def test_done_after_what_has_to_come_first(first: str, status: str) -> None:
    text = events(BRIEFED, f"type: terms_of_reference, date: {first}")
    assert it(AFTER, text).status == status


def test_done_without_what_has_to_come_first_is_out_of_order() -> None:
    found = it(AFTER, events(BRIEFED))
    assert (found.status, found.why) == ("breached", "out_of_order")


def test_a_planned_first_step_has_not_come_first() -> None:
    text = events(BRIEFED, "type: terms_of_reference, planned: 2026-03-01")
    assert it(AFTER, text).status == "breached"


def test_done_once_too_early_and_once_in_order_is_met() -> None:
    text = events(
        "type: author_briefing, date: 2026-03-02",
        "type: terms_of_reference, date: 2026-03-05",
        BRIEFED,
    )
    assert it(AFTER, text).status == "met"


def test_each_of_several_things_has_to_come_first() -> None:
    both = AFTER.replace(
        "after: {event: terms_of_reference}",
        "after: [{event: terms_of_reference}, {event: reviewer_appointed}]",
    )
    one = events(BRIEFED, "type: terms_of_reference, date: 2026-03-02")
    assert it(both, one).status == "breached"
    text = events(
        BRIEFED,
        "type: terms_of_reference, date: 2026-03-02",
        "type: reviewer_appointed, date: 2026-03-02",
    )
    assert it(both, text).status == "met"


def test_out_of_order_is_not_healed_by_minutes() -> None:
    text = (
        events(BRIEFED)
        + """
confirmed: [{requirement: northamptonshire.it, answer: yes, on: 2026-03-12}]"""
    )
    assert it(AFTER, text).status == "breached"


def test_something_held_by_a_role_comes_first_without_a_date() -> None:
    requirement = """
kind: step
met_by: {event: author_briefing}
after: {role: lead_reviewer}"""
    assert it(requirement, events(BRIEFED)).status == "breached"
    text = "people: {p1: {agency: independent, roles: [lead_reviewer]}}\n" + events(BRIEFED)
    assert it(requirement, text).status == "met"


EXECUTIVE = "type: sign_off, by: executive, date: 2026-03-20"


@pytest.mark.parametrize(("day", "status"), [("2026-03-20", "met"), ("2026-03-21", "breached")])
def test_done_ahead_of_something_or_not(day: str, status: str) -> None:
    text = events(f"type: sign_off, by: review_group, date: {day}", EXECUTIVE)
    assert it(AHEAD, text).short == (status, "2026-03-20")


def test_not_done_when_the_other_thing_happens_is_breached() -> None:
    # on the day itself it can still be done
    assert it(AHEAD, events(EXECUTIVE), "2026-03-20").short == ("upcoming", "2026-03-20")
    assert it(AHEAD, events(EXECUTIVE), "2026-03-21").short == ("breached", "2026-03-20")


@pytest.mark.parametrize(
    ("as_of", "status"), [("2026-03-20", "upcoming"), ("2026-03-21", "overdue")]
)
def test_ahead_of_something_planned(as_of: str, status: str) -> None:
    text = events("type: sign_off, by: executive, planned: 2026-03-20")
    assert it(AHEAD, text, as_of).short == (status, "2026-03-20")


def test_ahead_of_something_that_nobody_plans_yet_is_in_play() -> None:
    assert it(AHEAD, "").short == ("upcoming", None)
    text = events("type: sign_off, by: review_group, date: 2026-03-02")
    assert it(AHEAD, text).short == ("met", None)


EITHER = """
kind: step
met_by: {event: comment, by: oversight_group}
ahead_of: [{event: draft_shared, with: executive}, {event: sign_off, by: executive}]
"""
SHARED = "type: draft_shared, with: executive, date: 2026-03-16"


@pytest.mark.parametrize(
    ("others", "due"),
    [
        ((EXECUTIVE,), "2026-03-20"),
        ((SHARED,), "2026-03-16"),
        ((EXECUTIVE, SHARED), "2026-03-16"),  # the first of the two
    ],
)
def test_ahead_of_whichever_comes_first(others: tuple[str, ...], due: str) -> None:
    assert it(EITHER, events(*others)).short == ("breached", due)
    comment = f"type: comment, by: oversight_group, date: {due}"
    assert it(EITHER, events(comment, *others)).short == ("met", due)


def test_a_role_is_held_or_not() -> None:
    requirement = "kind: step\nmet_by: {role: lead_reviewer, body: review_group}"
    member = "groups: {review_group: {members: [p1]}}"
    text = "people: {p1: {agency: independent, roles: [lead_reviewer]}}"
    assert it(requirement, text).status == "upcoming"
    assert it(requirement, f"{text}\n{member}").status == "met"


def test_a_meeting_with_an_item_on_its_agenda() -> None:
    requirement = "kind: step\nmet_by: {meeting: review_group, agenda: family_engagement}"
    text = "meetings: [{{id: m1, body: review_group, date: 2026-03-12{}}}]"
    assert it(requirement, text.format(", agenda: [family_engagement]")).status == "met"
    assert it(requirement, text.format(", agenda: [delay]")).status == "upcoming"
    assert it(requirement, text.format("")).status == "undetermined"
    planned = (
        "meetings: [{id: m1, body: review_group, planned: 2026-03-12, agenda: [family_engagement]}]"
    )
    assert it(requirement, planned).status == "upcoming"


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        ("", "upcoming"),
        (", agenda: [delay]", "upcoming"),
        (", agenda: [family_engagement]", "met"),
        (None, "undetermined"),
    ],
)
def test_an_item_on_each_meetings_agenda(entry: str | None, status: str) -> None:
    requirement = """
kind: step
for_each: {meeting: review_group}
met_by: {subject: agenda, item: family_engagement}"""
    when = "planned" if entry == "" else "date"
    text = f"meetings: [{{id: m1, body: review_group, {when}: 2026-03-12{entry or ''}}}]"
    assert it(requirement, text, subject="m1").status == status


@pytest.mark.parametrize(
    ("led_by", "status"),
    [(", led_by: p1", "met"), (", led_by: p2", "upcoming"), ("", "undetermined")],
)
def test_who_leads_each_debrief(led_by: str, status: str) -> None:
    requirement = """
kind: step
for_each: {meeting: debrief}
met_by: {subject: led_by, item: lead_reviewer}"""
    text = f"""
people: {{p1: {{agency: independent, roles: [lead_reviewer]}}, p2: {{agency: police}}}}
events: [{{type: debrief, id: d1, date: 2026-03-12{led_by}}}]"""
    assert it(requirement, text, subject="d1").status == status


def test_somebody_with_a_role_is_invited_to_each_practitioner_event() -> None:
    requirement = """
kind: step
for_each: {meeting: practitioner_event}
met_by: {subject: invited, item: social_worker}"""
    text = """
people: {{p1: {{agency: local_authority, roles: [social_worker]}}, p2: {{agency: police}}}}
events: [{{type: practitioner_event, id: e1, date: 2026-03-12, invited: [{}]}}]"""
    assert it(requirement, text.format("p1"), subject="e1").status == "met"
    assert it(requirement, text.format("p2"), subject="e1").status == "upcoming"


@pytest.mark.parametrize(
    ("briefed", "status"), [("yes", "met"), ("no", "upcoming"), ("unknown", "undetermined")]
)
def test_a_substitute_is_briefed(briefed: str, status: str) -> None:
    requirement = """
kind: step
for_each: {substitute: oversight_group}
met_by: {subject: briefed}"""
    text = f"""
people: {{p2: {{agency: police}}, p7: {{agency: police}}}}
meetings:
  - {{id: m2, body: oversight_group, planned: 2026-06-20,
      substitutes: [{{for: p2, by: p7, briefed: {briefed}}}]}}"""
    assert it(requirement, text, subject="m2/p7").status == status


@pytest.mark.parametrize(
    ("named", "status"),
    [("2026-06-18", "met"), ("2026-06-19", "met_late"), ("unknown", "undetermined")],
)
def test_a_substitute_is_named_two_working_days_before(named: str, status: str) -> None:
    # meeting on Mon 22 June 2026; two working days before: 19, 18: Thu 18 June
    requirement = """
kind: deadline
for_each: {substitute: oversight_group}
before: {n: 2, unit: working_days, of: {subject: date}}
met_by: {subject: named}"""
    text = f"""
people: {{p2: {{agency: police}}, p7: {{agency: police}}}}
meetings:
  - {{id: m2, body: oversight_group, date: 2026-06-22,
      substitutes: [{{for: p2, by: p7, named: {named}}}]}}"""
    assert it(requirement, text, "2026-06-30", "m2/p7").short == (status, "2026-06-18")


def test_each_delay_is_considered_and_told() -> None:
    text = """
delays:
  - {id: d1, requirement: national.publish_6_months, reason: inquest, arose: 2026-03-02,
     considered: {executive: 2026-03-12}, told: {panel: 2026-03-13}}"""
    for what, item, status in (
        ("considered", "executive", "met"),
        ("considered", "oversight_group", "upcoming"),
        ("told", "panel", "met"),
        ("told", "ofsted", "upcoming"),
    ):
        requirement = f"""
kind: step
for_each: {{delay: any}}
met_by: {{subject: {what}, item: {item}}}"""
        assert it(requirement, text, subject="d1").status == status


def test_an_incomplete_form_is_returned() -> None:
    requirement = """
kind: step
for_each: {form: northamptonshire.referral}
met_by: {subject: returned}"""
    text = "forms: [{{id: f1, form: northamptonshire.referral, received: 2026-03-02{}}}]"
    assert it(requirement, text.format(", returned: 2026-03-03"), subject="f1").status == "met"
    assert it(requirement, text.format(""), subject="f1").status == "upcoming"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (AHEAD + "within: {n: 1, unit: days, of: {event: decision}}", "a limit of its own"),
        ("kind: step\nmet_by: {subject: agenda, item: delay}", "needs `for_each: {meeting: …}`"),
        ("kind: step\nmet_by: {subject: briefed}", "needs `for_each: {substitute: …}`"),
        ("kind: step\nfor_each: {child: all}\nmet_by: {subject: told, item: panel}", "{delay: …}"),
        ("kind: step\nconfirmable: no", "say what meets it"),
    ],
)
def test_what_can_not_be_meant(text: str, sentence: str) -> None:
    with pytest.raises(LoweringError, match=sentence):
        lowered(text)
