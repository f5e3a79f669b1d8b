"""A case's timetable: its dates in order, what is still without one, and the way to publication."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cspr_core import calendar
from cspr_core.report.timetable import (
    Timetable,
    earliest_after,
    planned_publication,
    timetable_of,
    timetable_text,
    with_publication,
)
from tests.report import office_cases as office


def table(
    name: str, as_of: str, *changes: tuple[str, str], publish: date | None = None
) -> Timetable:
    return timetable_of(office.checked(name, as_of, *changes), publish)


def marks(found: Timetable, day: date) -> list[tuple[str, str]]:
    return [(line.mark, line.what) for line in found.lines if line.day == day]


def test_what_happened_what_is_late_and_what_is_due() -> None:
    found = table("easter", "2025-04-22")
    assert ("done", "The notification to the Panel") in marks(found, date(2025, 4, 8))
    # aware Wed 2 April 2025: 3, 4, 7, 8, 9
    assert [mark for mark, _ in marks(found, date(2025, 4, 9))] == ["met", "late"]
    # requested Mon 14 April: the seventh working day is Fri 25 April
    assert ("due", "Return the information template") in marks(found, date(2025, 4, 25))
    assert ("if", "Return the information template") in marks(found, date(2025, 4, 25))


def test_what_a_date_is_counted_from_is_told() -> None:
    text = timetable_text(table("easter", "2025-04-22"))
    assert "Police; 7 working days after a request for" in text
    assert "(Mon 14 Apr 2025)" in text


def test_today_stands_between_what_was_and_what_comes() -> None:
    text = timetable_text(table("easter", "2025-04-22"))
    assert text.index("Mon 14 Apr 2025  done") < text.index(" today ") < text.index("Fri 25 Apr")


def test_today_comes_last_where_all_is_past() -> None:
    text = timetable_text(table("withdrawn", "2026-06-01"))
    assert text.rindex("done") < text.index(" today ")


def test_two_agencies_in_one_event_are_both_named() -> None:
    text = timetable_text(table("publishing", "2025-12-18"))
    assert "The notification to the Panel and the safeguarding" in text


def test_passed_plan_is_told_as_not_done() -> None:
    found = table("publishing", "2026-01-08")
    assert ("plan", "Publication (report) (planned, and not recorded as done)") in marks(
        found, date(2026, 1, 6)
    )


def test_chain_of_latest_dates() -> None:
    # notified by Tue 7 April 2026 at the latest (aware Fri 27 March: 30, 31, 1, 2, 7); 15 working
    # days on: 8, 9, 10, 13-17, 20-24, 27, 28 April; six months after 28 April: 28 October
    found = table("new", "2026-03-30")
    latest = {what: item.latest for item in found.later for what in item.what}
    assert latest["Complete the rapid review and send it to the Panel"] == date(2026, 4, 28)
    assert latest["Complete and publish the review"] == date(2026, 10, 28)
    assert latest["Return the chronology"] is None


def test_brief_timetable_counts_what_cannot_be_foreseen() -> None:
    found = table("new", "2026-03-30")
    brief = timetable_text(found, brief=True)
    assert "Return the chronology" not in brief
    assert "more get a date later on" in brief
    assert "Return the chronology" in timetable_text(found)


def test_agreed_delay_and_its_review() -> None:
    delay = (
        "delays:\n  - {requirement: midshire.genogram, reason: prosecution, arose: 2025-06-20,"
        " told: {panel: 2025-06-21}, agreed_by: executive, agreed_due: 2026-01-30,"
        " review_on: 2026-01-05}\n"
    )
    found = timetable_of(office.checked("publishing", "2025-12-18", more=delay))
    assert ("agreed", "Draw the genogram") in marks(found, date(2026, 1, 30))
    assert ("excused", "Draw the genogram") in marks(found, date(2025, 6, 29))
    assert ("plan", "The delay is looked at again") in marks(found, date(2026, 1, 5))


def test_forms_and_the_end_of_a_process() -> None:
    more = (
        "forms:\n  - {id: f1, form: midshire.referral, received: 2025-05-02,"
        " returned: 2025-05-06, empty: [dated]}\n"
    )
    closed = ("opened: 2025-09-01}", "opened: 2025-09-01, closed: 2025-12-01}")
    found = timetable_of(office.checked("publishing", "2025-12-18", closed, more=more))
    assert ("done", "The referral form (f1) received") in marks(found, date(2025, 5, 2))
    assert ("done", "The referral form (f1) sent back") in marks(found, date(2025, 5, 6))
    assert ("done", "Prosecution (x1) ended") in marks(found, date(2025, 12, 1))
    assert found.publication is not None
    assert not any("HOLD" in warning for warning in found.publication.warnings)


def test_provisional_dates_are_noted() -> None:
    found = table("new", "2029-03-28", ("2026", "2029"))
    assert any("2028" in note for note in found.notes)
    assert "provisional" in timetable_text(found)


# --- publication --------------------------------------------------------------------------------


def test_what_leaves_before_a_publication_in_january() -> None:
    # before Tue 6 Jan 2026: 5, 2 Jan, 31, 30, 29, 24, 23 Dec; 14 days before: 23 Dec too
    found = table("publishing", "2025-12-18").publication
    assert found is not None
    assert {item.due for item in found.leaving} == {date(2025, 12, 23)}


def test_earliest_publication_is_decided_by_the_stricter_rule() -> None:
    # sent Mon 8 Dec 2025: 7 working days before Wed 17 Dec is 16, 15, 12, 11, 10, 9, 8;
    # 14 days before Mon 22 Dec is Mon 8 Dec
    found = table("publishing", "2025-12-08").publication
    assert found is not None
    assert {item.rule: item.earliest for item in found.leaving} == {
        "at least 14 days before publication": date(2025, 12, 22),
        "at least 7 working days before publication": date(2025, 12, 17),
    }
    assert found.earliest == date(2025, 12, 22)


def test_earliest_day_that_is_no_working_day_names_the_next() -> None:
    text = timetable_text(table("publishing", "2025-12-18"))
    # 14 days after Thu 18 December is New Year's Day
    assert "the earliest publication is Thu 1 January 2026" in text
    assert "the next one is Fri 2 January 2026" in text


def test_what_was_sent_counts_from_the_day_it_was_sent() -> None:
    sent = (
        "  - {type: publication,",
        "  - {type: report_sent, to: [panel, secretary_of_state, ofsted], date: 2025-12-01}\n  - {type: publication,",  # noqa: E501
    )
    found = table("publishing", "2025-12-18", sent).publication
    assert found is not None
    assert {item.sent for item in found.leaving} == {date(2025, 12, 1)}
    # 14 days after Mon 1 Dec
    assert found.earliest == date(2025, 12, 15)
    assert "With what has been sent" in timetable_text(table("publishing", "2025-12-18", sent))


def test_what_was_sent_for_another_day_has_to_be_sent_again() -> None:
    sent = (
        "  - {type: publication,",
        "  - {type: report_sent, to: panel, for: 2026-01-06, date: 2025-12-01}\n  - {type: publication,",  # noqa: E501
    )
    found = table("publishing", "2025-12-18", sent).publication
    assert found is not None
    assert found.earliest == date(2026, 1, 1)


def test_publishing_on_another_day_is_tried_and_warned_of() -> None:
    found = table("publishing", "2025-12-18", publish=date(2025, 12, 27)).publication
    assert found is not None
    assert found.planned == date(2025, 12, 27)
    assert found.tried
    warnings = " ".join(found.warnings)
    assert "no working day (Sat)" in warnings
    assert "Too late for this plan: Send the final report to the Panel" in warnings
    # decided on 29 May 2025
    assert "later than Sat 29 November 2025" in warnings
    assert warnings.count("HOLD: the prosecution x1 still runs") == 1


def test_planned_holiday_is_named() -> None:
    found = table("publishing", "2025-12-01", publish=date(2026, 1, 1)).publication
    assert found is not None
    assert any("New Year's Day" in warning for warning in found.warnings)


def test_plan_in_the_case_is_replaced_not_doubled() -> None:
    case = office.checked("publishing", "2025-12-18").casefile.case
    again = with_publication(case, date(2026, 2, 2))
    assert planned_publication(again) == date(2026, 2, 2)
    assert len(again.events) == len(case.events)


def test_plan_is_added_where_there_is_none() -> None:
    found = table("easter", "2025-04-22", publish=date(2025, 6, 10))
    assert ("plan", "Publication (report)") in marks(found, date(2025, 6, 10))


def test_review_without_a_plan_still_gets_its_earliest_day() -> None:
    gone = ("  - {type: publication, what: report, planned: 2026-01-06}\n", "")
    found = table("publishing", "2025-12-08", gone)
    assert found.publication is not None
    assert found.publication.planned is None
    assert found.publication.earliest == date(2025, 12, 22)
    assert "PUBLICATION: no day is planned" in timetable_text(found)


def test_without_a_review_there_is_no_publication() -> None:
    assert table("easter", "2025-04-22").publication is None
    assert table("withdrawn", "2025-12-18").publication is None


def test_once_published_the_day_given_is_not_used() -> None:
    done = ("planned: 2026-01-06}", "planned: 2026-01-06, date: 2026-01-06}")
    found = table("publishing", "2026-01-08", done, publish=date(2026, 3, 2))
    assert found.publication is None
    assert found.notes == ("The report is published already: the day given is not used.",)


def test_prosecution_warns_where_no_rule_holds_publication() -> None:
    checked = office.checked("publishing", "2025-12-18")
    casefile = type(checked.casefile)(
        checked.casefile.case, checked.casefile.path, checked.casefile.document
    )
    rules = type(checked.rules)(checked.rules.nation, checked.rules.nation)
    found = timetable_of(office.check_facts_of(casefile, rules, checked.as_of)).publication
    assert found is not None
    assert any("does not suspend the duty" in warning for warning in found.warnings)


def test_nothing_has_to_leave_before_the_rules_came_into_force() -> None:
    # published in January 2018: the national provisions hold from 29 June 2018
    found = table("publishing", "2017-12-18", ("2025", "2017"), ("2026", "2018"))
    assert found.publication is not None
    assert found.publication.earliest is None
    assert "Nothing has to leave" in timetable_text(found)


def test_earliest_day_beyond_the_published_holidays_is_provisional() -> None:
    found = table("publishing", "2029-12-10", ("2025", "2029"), ("2026", "2030"))
    assert "(provisional)" in timetable_text(found)


def test_free_text_is_not_shown() -> None:
    assert "Zebra" not in timetable_text(table("easter", "2025-04-28"))


@pytest.mark.parametrize(
    ("sent", "n", "unit", "earliest"),
    [
        # Mon 1 June 2026: 7 working days before Wed 10 June are 9, 8, 5, 4, 3, 2, 1
        (date(2026, 6, 1), 7, "working_days", date(2026, 6, 10)),
        # Sat 30 May: the 7th working day before Tue 9 June is Fri 29 May: too soon
        (date(2026, 5, 30), 7, "working_days", date(2026, 6, 10)),
        (date(2026, 6, 1), 14, "days", date(2026, 6, 15)),
        # 31 January and a month: a month before 1 March is 1 February, before 28 Feb 28 January
        (date(2026, 1, 31), 1, "months", date(2026, 3, 1)),
    ],
)
def test_earliest_after(sent: date, n: int, unit: str, earliest: date) -> None:
    assert earliest_after(sent, n, unit) == earliest


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(1, 20))
def test_earliest_is_the_first_day_that_keeps_the_rule(sent: date, n: int) -> None:
    found = earliest_after(sent, n, "working_days")
    assert calendar.before(found, n, "working_days") >= sent
    assert calendar.before(found - timedelta(days=1), n, "working_days") < sent


@pytest.mark.parametrize("name", ["new", "easter", "publishing", "withdrawn"])
def test_no_line_is_wider_than_a_console(name: str) -> None:
    text = timetable_text(table(name, "2026-01-08", publish=date(2026, 7, 1)))
    assert max(map(len, text.splitlines())) <= 79
