"""Notification: as a deadline; without a limit `upcoming` until it is done, and never overdue."""

from __future__ import annotations

from tests.builders import answers, it

TOLD = """
kind: notification
for_each: {recipient: [panel, ofsted]}
when: {decision: local_review}
met_by: {event: announced, same: recipient}
"""
DECIDED = "{type: decision, outcome: local_review, date: 2026-03-10}"
ANNOUNCED = "{type: announced, to: panel, date: 2026-03-12}"


def test_pending_until_its_condition_holds() -> None:
    assert it(TOLD, "", subject="panel").short == ("pending", None)


def test_upcoming_without_a_date_however_long_it_takes() -> None:
    assert it(TOLD, f"events: [{DECIDED}]", "2030-01-01", "panel").short == ("upcoming", None)


def test_met_for_each_recipient_on_its_own() -> None:
    found = answers(f"events: [{DECIDED}, {ANNOUNCED}]", "2026-03-12", TOLD)
    assert found["northamptonshire.it", "panel"].status == "met"
    assert found["northamptonshire.it", "ofsted"].status == "upcoming"


def test_not_applicable_after_another_decision() -> None:
    text = "events: [{type: decision, outcome: no_review, date: 2026-03-10}]"
    assert it(TOLD, text, subject="panel").status == "not_applicable"


def test_with_a_limit_it_is_late_or_overdue_like_a_deadline() -> None:
    limited = TOLD + "within: {n: 1, unit: working_days, of: {event: decision}}"
    # decided Tue 10 March: due Wed 11 March
    text = f"events: [{DECIDED}, {ANNOUNCED}]"
    assert it(limited, text, "2026-03-12", "panel").short == ("met_late", "2026-03-11")
    assert it(limited, text, "2026-03-12", "ofsted").short == ("overdue", "2026-03-11")


def test_a_general_no_in_the_minutes_is_breached_where_nothing_is_recorded() -> None:
    text = f"""
events: [{DECIDED}, {ANNOUNCED}]
confirmed: [{{requirement: northamptonshire.it, answer: no, on: 2026-04-01}}]"""
    assert it(TOLD, text, subject="ofsted").status == "breached"
    assert it(TOLD, text, subject="panel").status == "met"


def test_an_event_about_one_child_tells_of_that_child_only() -> None:
    requirement = """
kind: notification
for_each: {child: all, recipient: ofsted}
met_by: {event: notified, same: [child, recipient]}"""
    text = """
children: [{id: a}, {id: b}]
events: [{type: notified, to: ofsted, child: a, date: 2026-03-10}]"""
    found = answers(text, "2026-03-12", requirement)
    assert found["northamptonshire.it", "a/ofsted"].status == "met"
    assert found["northamptonshire.it", "b/ofsted"].status == "upcoming"
