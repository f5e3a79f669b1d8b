"""Deadline: each status that it can give, with the smallest case, and its boundaries."""

from __future__ import annotations

import pytest

from cspr_core.kinds import LoweringError
from tests.builders import it, lowered

# asked Tue 10 Mar 2026, 7 working days: 11, 12, 13, 16, 17, 18, 19: Thu 19 March
RETURN = """
kind: deadline
for_each: {agency: involved}
within: {n: 7, unit: working_days, of: {event: information_requested, same: agency}}
met_by: {event: information_returned, same: agency}
"""
BEFORE = """
kind: deadline
before: {n: 14, unit: days, of: {event: publication}}
met_by: {event: report_sent, to: panel}
"""
AROUND = """
kind: deadline
around: {n: 2, unit: days, of: {event: publication, as: planned}}
met_by: {event: press_statement}
"""


def asked(*more: str, involved: str = "yes") -> str:
    events = ("{type: information_requested, agency: police, date: 2026-03-10}", *more)
    return f"agencies: {{police: {{involved: {involved}}}}}\nevents: [{', '.join(events)}]"


def returned(day: str) -> str:
    return f"{{type: information_returned, agency: police, date: {day}}}"


def published(*more: str, when: str = "date: 2026-03-20") -> str:
    return f"events: [{', '.join((f'{{type: publication, what: report, {when}}}', *more))}]"


def test_pending_until_there_is_something_to_count_from() -> None:
    found = it(RETURN, "agencies: {police: {involved: yes}}", "2026-03-10", "police")
    assert (found.short, found.why) == (("pending", None), "no_start")


@pytest.mark.parametrize(
    ("as_of", "status"),
    [("2026-03-10", "upcoming"), ("2026-03-19", "upcoming"), ("2026-03-20", "overdue")],
)
def test_upcoming_up_to_the_due_date_and_overdue_after_it(as_of: str, status: str) -> None:
    assert it(RETURN, asked(), as_of, "police").short == (status, "2026-03-19")


@pytest.mark.parametrize(("day", "status"), [("2026-03-19", "met"), ("2026-03-20", "met_late")])
def test_met_by_the_due_date_and_late_after_it(day: str, status: str) -> None:
    assert it(RETURN, asked(returned(day)), "2026-04-01", "police").short == (status, "2026-03-19")


def test_the_first_of_several_satisfies() -> None:
    text = asked(returned("2026-03-25"), returned("2026-03-12"))
    assert it(RETURN, text, "2026-04-01", "police").status == "met"


def test_another_agencys_return_does_not_count() -> None:
    text = asked("{type: information_returned, agency: gp, date: 2026-03-12}")
    assert it(RETURN, text, "2026-04-01", "police").status == "overdue"


def test_done_without_a_start_is_met() -> None:
    text = f"agencies: {{police: {{involved: yes}}}}\nevents: [{returned('2026-03-12')}]"
    assert it(RETURN, text, "2026-04-01", "police").short == ("met", None)


@pytest.mark.parametrize(
    ("involved", "status"), [("no", "not_applicable"), ("unknown", "undetermined")]
)
def test_involvement_decides_and_unknown_keeps_the_due_date(involved: str, status: str) -> None:
    found = it(RETURN, asked(involved=involved), "2026-04-01", "police")
    assert found.short == (status, "2026-03-19")


def test_done_is_met_though_involvement_is_unknown() -> None:
    text = asked(returned("2026-03-12"), involved="unknown")
    assert it(RETURN, text, "2026-04-01", "police").status == "met"


def test_an_agency_without_an_entry_has_unknown_involvement() -> None:
    text = "events: [{type: information_requested, agency: gp, date: 2026-03-10}]"
    assert it(RETURN, text, "2026-04-01", "gp").status == "undetermined"


def test_no_agency_at_all_is_pending() -> None:
    found = it(RETURN, "", "2026-04-01")
    assert (found.status, found.why) == ("pending", "no_subject")


@pytest.mark.parametrize(
    ("answer", "day", "status"),
    [
        ("yes", "2026-03-19", "met"),
        ("yes", "2026-03-20", "met_late"),
        ("no", "2026-03-12", "breached"),
    ],
)
def test_what_minutes_confirm(answer: str, day: str, status: str) -> None:
    text = f"""
{asked()}
confirmed: [{{requirement: northamptonshire.it, subject: police, answer: {answer}, on: {day}}}]"""
    assert it(RETURN, text, "2026-04-01", "police").status == status


def test_a_recorded_fact_wins_over_a_confirmation() -> None:
    text = f"""
{asked(returned("2026-03-25"))}
confirmed: [{{requirement: northamptonshire.it, subject: police, answer: yes, on: 2026-03-12}}]"""
    assert it(RETURN, text, "2026-04-01", "police").status == "met_late"


EXCEPTION = """
exceptions: [{requirement: northamptonshire.it, subject: police, reason: r, on: 2026-03-12}]"""


@pytest.mark.parametrize(("unless", "status"), [("unless: recorded", "excused"), ("", "overdue")])
def test_an_exception_counts_only_where_the_requirement_allows_one(
    unless: str, status: str
) -> None:
    text = f"{asked()}\n{EXCEPTION}"
    assert it(RETURN + unless, text, "2026-04-01", "police").status == status


DELAYED = """
delays:
  - {requirement: northamptonshire.it, reason: r, agreed_by: executive, agreed_due: 2026-04-30}
"""


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        ("2026-03-19", "upcoming"),
        ("2026-03-20", "excused"),
        ("2026-04-30", "excused"),
        ("2026-05-01", "overdue"),
    ],
)
def test_an_agreed_delay_excuses_between_the_old_date_and_the_new(as_of: str, status: str) -> None:
    assert it(RETURN + "delay: {told: []}", asked() + DELAYED, as_of, "police").status == status


def test_a_delay_excuses_nothing_where_the_requirement_has_no_word_of_delays() -> None:
    assert it(RETURN, asked() + DELAYED, "2026-03-20", "police").status == "overdue"


# published Fri 20 March, 14 days before: Fri 6 March


@pytest.mark.parametrize(
    ("as_of", "status"), [("2026-03-06", "upcoming"), ("2026-03-07", "overdue")]
)
def test_before_a_planned_event(as_of: str, status: str) -> None:
    text = published(when="planned: 2026-03-20")
    assert it(BEFORE, text, as_of).short == (status, "2026-03-06")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("2026-03-06", "met"),
        ("2026-03-07", "met_late"),
        ("2026-03-20", "met_late"),
        ("2026-03-21", "breached"),
    ],
)
def test_before_an_event_that_has_happened(sent: str, status: str) -> None:
    text = published(f"{{type: report_sent, to: panel, date: {sent}}}")
    assert it(BEFORE, text, "2026-04-01").short == (status, "2026-03-06")


def test_the_event_happened_and_nothing_came_before_it_is_breached() -> None:
    assert it(BEFORE, published(), "2026-03-20").short == ("breached", "2026-03-06")
    assert it(BEFORE, published(when="planned: 2026-03-20"), "2026-03-20").status == "overdue"


def test_minutes_may_hold_what_the_record_lacks_before_a_breach() -> None:
    text = (
        published()
        + """
confirmed: [{requirement: northamptonshire.it, subject: null, answer: yes, on: 2026-03-05}]"""
    )
    assert it(BEFORE, text, "2026-04-01").status == "met"


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2026-03-17", "breached"),  # before the window opens on 18 March
        ("2026-03-18", "met"),
        ("2026-03-22", "met"),
        ("2026-03-23", "met_late"),
    ],
)
def test_around_an_event(day: str, status: str) -> None:
    text = published(f"{{type: press_statement, date: {day}}}", when="planned: 2026-03-20")
    assert it(AROUND, text, "2026-04-01").short == (status, "2026-03-22")


@pytest.mark.parametrize(
    ("as_of", "status"), [("2026-03-22", "upcoming"), ("2026-03-23", "overdue")]
)
def test_around_not_done(as_of: str, status: str) -> None:
    assert it(AROUND, published(when="planned: 2026-03-20"), as_of).status == status


BY_DAY = """
kind: deadline
by: {of: {event: information_requested, field: return_by}}
met_by: {event: information_returned}
"""


def test_by_a_date_that_was_named() -> None:
    text = """
events: [{type: information_requested, agency: police, date: 2026-03-10, return_by: 2026-03-18}]"""
    assert it(BY_DAY, text, "2026-03-18").short == ("upcoming", "2026-03-18")
    assert it(BY_DAY, text, "2026-03-19").short == ("overdue", "2026-03-18")


def test_by_without_a_date_is_upcoming_and_never_overdue() -> None:
    text = "events: [{type: information_requested, agency: police, date: 2026-03-10}]"
    assert it(BY_DAY, text, "2027-03-18").short == ("upcoming", None)


def test_a_date_named_in_a_request_that_is_only_planned_binds_nobody() -> None:
    text = """
events:
  - {type: information_requested, agency: gp, planned: 2026-03-10, return_by: 2026-03-18}"""
    assert it(BY_DAY, text, "2026-03-19").short == ("upcoming", None)


def test_what_was_done_only_perhaps_is_undetermined() -> None:
    requirement = """
kind: deadline
within: {n: 5, unit: days, of: {event: decision}}
met_by: {event: announced, to: panel, reviewer_named: yes}"""
    text = """
events:
  - {type: decision, outcome: local_review, date: 2026-03-10}
  - {type: announced, to: panel, date: 2026-03-11}"""
    # 10 March and 5 days: 15 March
    assert it(requirement, text, "2026-03-20").short == ("undetermined", "2026-03-15")


def test_not_applicable_before_the_arrangements_came_into_force() -> None:
    found = it(RETURN, asked(), "2026-04-01", "police", since="2026-03-11")
    assert (found.status, found.why) == ("not_applicable", "not_in_force")
    assert it(RETURN, asked(), "2026-04-01", "police", since="2026-03-10").status == "overdue"


FIVE = "{n: 5, unit: days, of: {event: decision}}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("met_by: {event: publication}", "a deadline has a limit"),
        (
            "confirmable: no\nwithin: {n: 5, unit: days, of: {event: decision}}",
            "say what meets it",
        ),
        (f"within: {FIVE}\nbefore: {FIVE}", "a requirement has one limit"),
        (f"within: {FIVE}\nvalues: [{{within: {FIVE}}}]", "not both"),
        ("values: [{in_force_from: 2020-01}]", "a dated value has one limit"),
        ("within: {n: 5, unit: days}", "says what it counts from"),
        ("within: {of: {event: decision}}", "needs `n` and `unit`"),
        (
            "within: {n: 5, unit: days, of: {event: decision, same: agency}}",
            "`same: agency` needs a `for_each` that names one: the case does not",
        ),
        ("within: {n: 5, unit: days, of: {subject: date}}", "the case has no date"),
        ("for_each: {}\nwithin: {n: 5, unit: days, of: {event: decision}}", "names one kind"),
        (f"for_each: {{child: all, agency: any}}\nwithin: {FIVE}", "names one kind of subject"),
        (
            "for_each: {person: {}}\nwithin: {n: 5, unit: days, of: {event: decision}}",
            "names a body or a role",
        ),
    ],
)
def test_what_can_not_be_meant(text: str, sentence: str) -> None:
    with pytest.raises(LoweringError, match=sentence):
        lowered(f"kind: deadline\n{text}")
