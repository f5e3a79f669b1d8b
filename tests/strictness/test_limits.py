"""Limits against limits: worked dates, orders of events, and the properties of a comparison."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cspr_core import calendar as counting
from cspr_core.calendar import Unit
from cspr_core.model.arrangements import Requirement
from cspr_core.model.patterns import Anchor, IncidentDate
from cspr_core.plugins import load, national
from cspr_core.strictness import (
    PUBLISHED,
    Calendar,
    Comparison,
    Limit,
    Piece,
    compare_limits,
    known,
    limit_of,
    opposite,
    overall,
    safe_number,
    same_on_calendar,
)
from cspr_core.strictness.limits import Form
from tests.builders import a_requirement

NATION = {r.id: r for r in national().arrangements.requirements}


def a_limit(text: str) -> Limit:
    """The limit of a deadline, from its own line of YAML."""
    found = limit_of(a_requirement(f"kind: deadline\n{text}"), NATION)
    assert found is not None
    return found


def national_limit(name: str) -> Limit:
    found = limit_of(NATION[f"national.{name}"], NATION)
    assert found is not None
    return found


def against(old: str | Limit, new: str | Limit, first: str = "2018-07-01") -> Comparison:
    """The new limit's verdict, on dates from `first` on."""
    limits = [a_limit(one) if isinstance(one, str) else one for one in (old, new)]
    return compare_limits(*limits, Calendar(date.fromisoformat(first), PUBLISHED.last))


def shown(comparison: Comparison) -> tuple[str, str, str, str]:
    """Old start and due date, new start and due date, where the new one is first looser."""
    dates = comparison.first
    assert dates is not None
    found = (dates.old_start, dates.old_due, dates.new_start, dates.new_due)
    a, b, c, d = (day.isoformat() for day in found)
    return a, b, c, d


def notice(n: int, unit: str = "days") -> str:
    return f"before: {{n: {n}, unit: {unit}, of: {{event: publication}}}}"


def aware(n: int, unit: str = "working_days", by: str = "local_authority") -> str:
    return f"within: {{n: {n}, unit: {unit}, of: {{event: aware, by: {by}}}}}"


def notified(n: int, unit: str = "working_days") -> str:
    return f"within: {{n: {n}, unit: {unit}, of: {{event: notified, to: panel}}}}"


def one_of_each(n: int, unit: str, event: str) -> str:
    return f"within: {{n: {n}, unit: {unit}, of: {{event: {event}}}}}"


# --- the notice before publication: Northamptonshire's 14 days ----------------------------------


def test_fourteen_days_are_never_looser_than_seven_working_days() -> None:
    found = against(national_limit("final_report"), notice(14))
    assert found.verdict == "stricter"
    assert found.first is None
    assert found.words == (
        "“at least 14 days before publication” is never looser than"
        " “at least 7 working days before publication”,"
        " on the calendar known to Sun 31 December 2028"
    )


def test_northamptonshires_own_limit_is_the_one_that_is_compared() -> None:
    local = {r.id: r for r in load("northamptonshire").arrangements.requirements}
    found = limit_of(local["northamptonshire.panel_final_report"], NATION)
    assert found == a_limit(notice(14))


@pytest.mark.parametrize(
    ("n", "first", "latest", "national_latest"),
    [
        # Sunday 1 July 2018, seven working days back: Fri 29 June (1), 28, 27, 26, Mon 25 (5),
        # Fri 22 (6), Thu 21 (7): ten days before. Nine days before is the 22nd.
        (9, "2018-07-01", "2018-06-22", "2018-06-21"),
        # Monday 2 July 2018: the same seven, now eleven days before; ten days before is the 22nd.
        (10, "2018-07-02", "2018-06-22", "2018-06-21"),
        # Tuesday 28 August 2018, after the bank holiday on Monday 27: Fri 24 (1), 23, 22, 21,
        # Mon 20 (5), Fri 17 (6), Thu 16 (7): twelve days. Without a holiday it is never over
        # eleven (Monday and Tuesday cross two weekends), and this is the first holiday.
        (11, "2018-08-28", "2018-08-17", "2018-08-16"),
        # Thursday 27 December 2018: 26 and 25 are holidays; Mon 24 (1), Fri 21 (2), 20, 19, 18,
        # Mon 17 (6), Fri 14 (7): thirteen days. One holiday alone makes no more than twelve.
        (12, "2018-12-27", "2018-12-15", "2018-12-14"),
        # Wednesday 2 January 2019: 1 January is one too; Mon 31 Dec (1), Fri 28 (2), Thu 27 (3),
        # Mon 24 (4), Fri 21 (5), 20 (6), Wed 19 (7): fourteen days.
        (13, "2019-01-02", "2018-12-20", "2018-12-19"),
    ],
)
def test_fewer_days_of_notice_are_looser_from(
    n: int, first: str, latest: str, national_latest: str
) -> None:
    found = against(national_limit("final_report"), notice(n))
    assert shown(found) == (first, national_latest, first, latest)


def test_nine_days_are_never_stricter_and_thirteen_sometimes_are() -> None:
    # From a Wednesday to a Saturday seven working days are nine days back: never fewer.
    assert against(national_limit("final_report"), notice(9)).verdict == "looser"
    assert against(national_limit("final_report"), notice(13)).verdict == "mixed"


def test_the_first_number_that_is_safe_is_fourteen() -> None:
    # Three holidays are the most that seven working days cross: 25, 26 December and 1 January.
    assert safe_number(national_limit("final_report"), a_limit(notice(9))) == 14


def test_the_words_show_both_due_dates() -> None:
    assert against(national_limit("final_report"), notice(9)).words == (
        "“at least 9 days before publication” is looser than"
        " “at least 7 working days before publication”, for the first time with publication on"
        " Sun 1 July 2018: due on Fri 22 June 2018 instead of Thu 21 June 2018,"
        " on the calendar known to Sun 31 December 2028"
    )


# --- bank holidays make five working days longer than a week ------------------------------------


@pytest.mark.parametrize(
    ("begin", "first", "week", "five"),
    [
        # 2 and 3 June 2022: Fri 27 May (1), 30, 31, Wed 1 June (4), Mon 6 June (5). From
        # Wednesday 25 May on it is still the 1st: 26, 27, 30, 31 May, 1 June.
        ("2022-05-24", "2022-05-26", "2022-06-02", "2022-06-06"),
        # 19 September 2022: Tue 13 (1), 14, 15, Fri 16 (4), Tue 20 (5).
        ("2022-09-06", "2022-09-12", "2022-09-19", "2022-09-20"),
        # 8 May 2023: Wed 3 (1), 4, Fri 5 (3), Tue 9 (4), Wed 10 (5).
        ("2023-05-02", "2023-05-02", "2023-05-09", "2023-05-10"),
        # Easter 2025, 18 and 21 April: Mon 14 (1), 15, 16, Thu 17 (4), Tue 22 (5).
        ("2025-04-07", "2025-04-11", "2025-04-18", "2025-04-22"),
        # Christmas 2024: Thu 19 (1), Fri 20, Mon 23, Tue 24 (4), Fri 27 (5).
        ("2024-12-16", "2024-12-18", "2024-12-25", "2024-12-27"),
    ],
)
def test_five_working_days_against_seven_days_over_a_holiday(
    begin: str, first: str, week: str, five: str
) -> None:
    found = against(aware(7, "days"), aware(5), begin)
    assert shown(found) == (first, week, first, five)
    assert found.verdict == "mixed"  # from a Saturday or Sunday five working days are fewer


def test_months_against_days() -> None:
    # The shortest six months are 181 days: 31 August to 28 February (30 + 31 + 30 + 31 + 31 + 28).
    # 31 August 2018 and 182 days is 1 March 2019; every earlier day's six months are longer.
    six = national_limit("publish_6_months")
    of = "of: {event: decision, outcome: local_review}"
    found = against(six, f"within: {{n: 182, unit: days, {of}}}")
    assert shown(found) == ("2018-08-31", "2019-02-28", "2018-08-31", "2019-03-01")
    assert against(six, f"within: {{n: 181, unit: days, {of}}}").verdict == "stricter"
    assert safe_number(six, a_limit(f"within: {{n: 182, unit: days, {of}}}")) == 181


# --- different events ---------------------------------------------------------------------------


def test_from_an_earlier_event_a_shorter_limit_is_stricter() -> None:
    # Fifteen working days are three weeks at least, but for a start at the weekend: 19 days.
    found = against(notified(15), aware(14, "days"))
    assert found.verdict == "stricter"
    assert "as the local authority notifies what it is aware of" in found.words
    assert "it can run out before the notification to the Panel" in found.words


def test_from_a_later_event_a_longer_limit_is_looser() -> None:
    # Sunday 1 July 2018: 14 days end on the 15th; fifteen working days are 2-6, 9-13, 16-20 July.
    found = against(aware(14, "days"), notified(15))
    assert found.verdict == "looser"
    assert shown(found) == ("2018-07-01", "2018-07-15", "2018-07-01", "2018-07-20")
    assert (
        "the notification to the Panel and the local authority becoming aware of the incident"
        " both on Sun 1 July 2018: due on Fri 20 July 2018 instead of Sun 15 July 2018"
    ) in found.words


def test_from_a_later_event_the_same_number_is_looser_once_they_lie_apart() -> None:
    # Aware on Sunday 1 July 2018: 20 July. Notified on Monday 2: 3-6 (4), 9-13 (9), 16-20 (14),
    # Monday 23 (15).
    found = against(aware(15), notified(15))
    assert found.verdict == "looser"
    assert shown(found) == ("2018-07-01", "2018-07-20", "2018-07-02", "2018-07-23")
    assert "on Mon 2 July 2018 and the local authority becoming aware" in found.words


def test_from_an_earlier_event_too_long_a_limit_is_looser_on_some_dates() -> None:
    # Both on Sunday 1 July 2018: 22 days end on the 23rd, fifteen working days on the 20th.
    found = against(notified(15), aware(22, "days"))
    assert found.verdict == "mixed"
    assert shown(found) == ("2018-07-01", "2018-07-20", "2018-07-01", "2018-07-23")


def test_from_a_later_event_a_shorter_limit_cannot_be_compared() -> None:
    found = against(aware(5), notified(3))
    assert found.verdict == "cannot be compared"
    assert "it counts from what comes later, the notification to the Panel" in found.words


@pytest.mark.parametrize(
    "other",
    [
        one_of_each(5, "working_days", "decision"),
        # The partners may hear of it after the local authority has notified.
        "within: {n: 1, unit: days, of: {event: aware, by: safeguarding_partners}}",
        # A limit for a meeting, and a plan, keep no certain order with anything.
        "within: {n: 1, unit: days, of: {meeting: rapid_review_group}}",
        "before: {n: 1, unit: days, of: {event: aware}}",
        "within: {n: 1, unit: days, of: {event: aware, field: return_by}}",
        "around: {n: 1, unit: days, of: {event: aware}}",
    ],
)
def test_without_a_certain_order_nothing_can_be_compared(other: str) -> None:
    found = against(notified(5), other)
    assert found.verdict == "cannot be compared"
    assert "no order of the two events that they count from is certain" in found.words


def test_around_something_in_another_order_cannot_be_compared() -> None:
    found = against("around: {n: 2, unit: days, of: {incident: date}}", aware(1))
    assert found.verdict == "cannot be compared"


def test_the_incident_comes_before_the_notification_by_two_orders() -> None:
    found = against(notified(5), "within: {n: 5, unit: days, of: {incident: date}}")
    assert found.verdict == "stricter"
    assert "nobody can be aware of an incident before it happens and the local auth" in found.words


def test_what_is_about_one_child_may_come_after_what_is_about_another() -> None:
    own = "for_each: {child: all}\nwithin: {n: 1, unit: days, of: {event: aware, same: child}}"
    assert against(notified(5), own).verdict == "cannot be compared"
    any_child = "for_each: {child: all}\nwithin: {n: 5, unit: days, of: {event: aware}}"
    assert against(own, any_child).verdict == "mixed"  # it starts earlier, and is longer
    assert against(any_child.replace("5", "1"), own).verdict == "looser"


def test_a_wider_event_starts_no_later() -> None:
    assert against(aware(5), one_of_each(5, "working_days", "aware")).verdict == "stricter"


def test_a_withdrawn_notification_comes_first_only_where_it_counts() -> None:
    withdrawn = one_of_each(9, "days", "notification_withdrawn")
    stands = "within: {n: 1, unit: days, of: {event: notified}}"
    assert against(withdrawn, stands).verdict == "cannot be compared"
    assert against(withdrawn, stands.replace("}}", ", stands: any}}")).verdict == "stricter"


def test_on_one_day_alone_there_are_no_dates_apart() -> None:
    day = Calendar(date(2018, 7, 2), date(2018, 7, 2))
    assert compare_limits(a_limit(aware(5)), a_limit(notified(5)), day).verdict == "same"


def test_from_what_comes_after_either_start_it_cannot_be_compared() -> None:
    found = against(
        national_limit("rapid_review"),
        "within: {n: 1, unit: days, of: {event: notification_withdrawn}}",
    )
    assert found.verdict == "cannot be compared"


def test_two_words_for_one_event_count_from_it_all_the_same() -> None:
    both = "within: {n: 5, unit: days, of: {event: notified, to: [panel, ofsted]}}"
    turned = "within: {n: 5, unit: days, of: {event: notified, to: [ofsted, panel]}}"
    assert against(both, turned).verdict == "same"


# --- dated values -------------------------------------------------------------------------------


def dated(*values: tuple[str, int]) -> str:
    lines = [f"  - {{in_force_from: {since}, {aware(n)}}}" for since, n in values]
    return "\n".join(["values:", *lines])


def test_fourteen_days_from_awareness_are_stricter_than_either_rapid_review_limit() -> None:
    found = against(
        national_limit("rapid_review"), "within: {n: 14, unit: days, of: {event: aware}}"
    )
    assert found.verdict == "stricter"


def test_the_later_value_for_all_dates_is_looser_where_the_earlier_one_held() -> None:
    # As for awareness alone: until June 2025 the duty counts from it.
    found = against(national_limit("rapid_review"), notified(15))
    assert found.verdict == "looser"
    assert shown(found) == ("2018-07-01", "2018-07-20", "2018-07-02", "2018-07-23")


def test_a_limit_taken_over_is_the_limit_itself() -> None:
    copy = a_limit("within: {as: national.rapid_review}")
    assert copy == national_limit("rapid_review")
    found = against(national_limit("rapid_review"), copy)
    assert found.verdict == "same"
    assert found.words.startswith("the same limit, “within 15 working days of becoming aware of")


def test_a_value_is_compared_only_on_the_dates_for_which_it_holds() -> None:
    # Ten working days until 31 May 2025, five since. Sunday 1 June 2025: ten end on Friday 13
    # (2-6, 9-13), five on Friday 6.
    found = against(dated(("2018-06-29", 10), ("2025-06-01", 5)), aware(10))
    assert found.verdict == "looser"
    assert shown(found) == ("2025-06-01", "2025-06-06", "2025-06-01", "2025-06-13")


def test_two_limits_with_the_same_dated_values_are_the_same() -> None:
    values = dated(("2018-06-29", 10), ("2025-06-01", 5))
    assert against(values, values).verdict == "same"


def test_a_value_moved_to_a_later_date_is_looser_between_the_two() -> None:
    # Tuesday 1 July 2025 would have been five: 2, 3, 4, 7, 8 July. Ten: until Tuesday 15.
    old = dated(("2018-06-29", 10), ("2025-07-01", 5))
    new = dated(("2018-06-29", 10), ("2025-07-02", 5))
    found = against(old, new)
    assert found.verdict == "looser"
    assert shown(found) == ("2025-07-01", "2025-07-08", "2025-07-01", "2025-07-15")


def test_a_limit_that_begins_later_is_looser() -> None:
    found = against(dated(("2018-06-29", 5)), dated(("2020-01-01", 5)))
    assert found.verdict == "looser"
    assert found.words == "the limit holds from Wed 1 January 2020 on, not always"
    assert against(dated(("2020-01-01", 5)), dated(("2018-06-29", 5))).verdict == "stricter"


def test_limits_that_hold_on_none_of_the_dates_say_so() -> None:
    far = dated(("2098-01-01", 5))
    found = against(far, far.replace("n: 5", "n: 6"))
    assert found.verdict == "cannot be compared"
    assert found.words.endswith("hold together on none of these dates")


def test_a_limit_that_does_not_hold_yet_is_looser() -> None:
    found = against(
        dated(("2018-06-29", 5)), dated(("2018-06-29", 5)).replace("2018-06-29", "2098-01-01")
    )
    assert found.verdict == "looser"
    assert found.words == "the limit holds from Wed 1 January 2098 on, not always"


def test_an_earlier_value_governed_by_something_else_holds_for_every_date() -> None:
    # Governed by the decision, the value may hold for any day of the meeting.
    values = (
        "values:\n  - {in_force_from: 2025-06-01, governed_by: [{event: decision}],"
        " within: {n: 5, unit: days, of: {meeting: rapid_review_group}}}"
    )
    found = against(values, "within: {n: 6, unit: days, of: {meeting: rapid_review_group}}")
    # Sunday 1 July 2018 and five days; six are Saturday 7.
    assert shown(found) == ("2018-07-01", "2018-07-06", "2018-07-01", "2018-07-07")


@pytest.mark.parametrize(
    ("governs", "first"),
    [
        # The incident is on the day of the notification or before, so with a notification before
        # June 2025 it lies before June 2025, and with a later one it may lie on any day.
        ("in_force_from: 2025-06-01, governed_by: [{event: notified}]", "2018-07-01"),
        # Awareness is on the day of the incident or after: on any day from then on.
        ("in_force_from: 2025-06-01, governed_by: [{event: aware}]", "2018-07-01"),
    ],
)
def test_an_incident_may_lie_long_before_what_governs_its_limit(governs: str, first: str) -> None:
    of = "of: {incident: date}"
    values = f"values:\n  - {{{governs}, within: {{n: 5, unit: days, {of}}}}}"
    found = against(values, f"within: {{n: 6, unit: days, {of}}}")
    assert found.first is not None
    assert found.first.new_start.isoformat() == first


def test_what_is_governed_by_what_comes_before_starts_no_earlier() -> None:
    values = (
        "values:\n  - {in_force_from: 2025-06-01, governed_by: [{event: aware, by:"
        " local_authority}], within: {n: 5, unit: days, of: {event: notified}}}"
    )
    found = against(values, "within: {n: 6, unit: days, of: {event: notified}}")
    # Aware on or after Sunday 1 June 2025, and so notified; five days are Friday 6.
    assert shown(found) == ("2025-06-01", "2025-06-06", "2025-06-01", "2025-06-07")


# --- forms --------------------------------------------------------------------------------------


def test_a_hold_that_ends_earlier_is_looser() -> None:
    def kept(months: int) -> Limit:
        text = f"within: {{n: {months}, unit: months, of: {{event: publication}}}}"
        found = limit_of(a_requirement(f"kind: hold\n{text}\nhold: {{event: taken_down}}"), {})
        assert found is not None
        return found

    nation = national_limit("stay_public")
    found = against(nation, kept(6))
    assert found.verdict == "looser"
    # Public until 1 July 2019 nationally, until 1 January 2019 here.
    assert shown(found) == ("2018-07-01", "2019-07-01", "2018-07-01", "2019-01-01")
    assert against(nation, kept(13)).verdict == "stricter"
    assert safe_number(nation, kept(6)) == 12
    later = Limit((Piece("within", 12, "months", Anchor(event="taken_down")),), holds=True)
    assert against(nation, later).verdict == "stricter"  # it begins, and so ends, no earlier
    assert against(later, nation).verdict == "looser"
    assert shown(against(later, nation)) == ("2018-07-02", "2019-07-02", "2018-07-01", "2019-07-01")


def test_to_do_by_and_to_keep_up_until_cannot_be_compared() -> None:
    done = "within: {n: 12, unit: months, of: {event: publication}}"
    assert against(national_limit("stay_public"), done).verdict == "cannot be compared"


def test_around_something_may_be_looser_at_its_beginning() -> None:
    around = "around: {n: 2, unit: days, of: {event: publication}}"
    found = against("around: {n: 2, unit: working_days, of: {event: publication}}", around)
    # Thursday 5 July 2018 is from Tuesday 3 to Monday 9 with working days. Sunday 1 July: from
    # Thursday 28 June to Tuesday 3 July, against Friday 29 to Tuesday 3: nothing looser. Monday 2
    # July: from Thursday 28 June, against Saturday 30. With plain days it never opens earlier.
    assert found.verdict == "stricter"
    found = against(around, "around: {n: 2, unit: working_days, of: {event: publication}}")
    dates = found.first
    assert dates is not None
    assert (dates.new_start, dates.new_opens) == (date(2018, 7, 1), date(2018, 6, 28))
    assert dates.old_opens == date(2018, 6, 29)
    assert "from Thu 28 June 2018 on instead of Fri 29 June 2018" in found.words


def test_by_the_day_without_a_first_day_is_looser_than_around_it() -> None:
    on_the_day = "by: {event: publication}"
    found = against("around: {n: 0, unit: days, of: {event: publication}}", on_the_day)
    assert found.verdict == "looser"
    assert "from any time before on instead of Sun 1 July 2018" in found.words


def test_by_the_day_counts_no_days() -> None:
    assert against("by: {event: publication}", notice(0)).verdict == "same"


def test_a_limit_of_each_meeting_is_the_same_only_for_the_same_meetings() -> None:
    own = "for_each: {meeting: review_group}\nby: {of: {subject: date}}"
    assert against(own, own).words.startswith("the same limit, “by its own day”")
    other = own.replace("review_group", "oversight_group")
    assert against(own, other).verdict == "cannot be compared"


def test_a_limit_where_there_was_none_is_stricter() -> None:
    assert compare_limits(None, a_limit(aware(5))).verdict == "stricter"
    assert compare_limits(a_limit(aware(5)), None).verdict == "looser"
    assert compare_limits(None, None).verdict == "same"


def test_a_number_that_leaves_the_calendar_cannot_be_compared() -> None:
    found = against(aware(5), aware(90_000))
    assert found.verdict == "cannot be compared"
    assert "leaves the calendar" in found.words
    assert safe_number(national_limit("rapid_review"), national_limit("rapid_review")) is None
    assert safe_number(a_limit(aware(5)), a_limit(notified(3))) is None


def test_what_has_no_limit_has_none() -> None:
    assert limit_of(a_requirement("kind: step"), {}) is None
    assert limit_of(a_requirement("kind: advice"), {}) is None


# --- the same on the calendar -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (notice(14), notice(13)),
        (notice(7, "working_days"), notice(9)),
        (aware(5), aware(7, "days")),
        (aware(5), notified(5)),
        (aware(5), aware(5, by="safeguarding_partners")),
        # On the day itself both ways, but only what has happened starts the first.
        ("within: {n: 0, unit: days, of: {event: publication}}", notice(0)),
        (dated(("2018-06-29", 5)), dated(("2018-06-30", 5))),
        (dated(("2018-06-29", 5)), aware(5)),
        (dated(("2018-06-29", 5)), dated(("2018-06-29", 5), ("2025-06-01", 5))),
        (aware(90_000), aware(90_001)),
        ("around: {n: 0, unit: days, of: {event: publication}}", notice(0)),
    ],
)
def test_what_is_not_proved_the_same_is_not(one: str, other: str) -> None:
    assert not same_on_calendar(a_limit(one), a_limit(other))
    assert not same_on_calendar(a_limit(other), a_limit(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (aware(0), aware(0, "days")),
        (aware(0, "months"), aware(0, "days")),
        (aware(5), aware(5)),
        (aware(90_000), aware(90_000)),
    ],
)
def test_what_gives_every_date_alike_is_the_same(one: str, other: str) -> None:
    assert same_on_calendar(a_limit(one), a_limit(other))


def test_no_limit_is_the_same_as_none() -> None:
    assert same_on_calendar(None, None)
    assert not same_on_calendar(None, a_limit(aware(5)))
    assert not same_on_calendar(a_limit(aware(5)), None)


def test_on_a_week_without_holidays_working_days_can_be_days() -> None:
    # Monday 2 to Friday 6 July 2018: five working days are seven days on each.
    week = Calendar(date(2018, 7, 2), date(2018, 7, 6))
    assert not same_on_calendar(a_limit(aware(5)), a_limit(aware(7, "days")))
    assert same_on_calendar(a_limit(aware(0)), a_limit(aware(0, "days")), week)


# --- properties ---------------------------------------------------------------------------------

YEARS = Calendar(date(2021, 11, 1), date(2023, 2, 28))  # two Christmases, June and September 2022
_EVENTS = (
    IncidentDate(incident="date"),
    Anchor(event="aware"),
    Anchor(event="aware", by=("local_authority",)),
    Anchor(event="notified", to=("panel",)),
    Anchor(event="decision"),
)
_FORMS: tuple[Form, ...] = ("within", "before", "around")
_UNITS: tuple[Unit, ...] = ("working_days", "days", "months")
_numbers = st.integers(0, 8)
pieces = st.builds(
    Piece,
    st.sampled_from(_FORMS),
    _numbers,
    st.sampled_from(_UNITS),
    st.sampled_from(_EVENTS),
)
limits = st.builds(Limit, pieces.map(lambda piece: (piece,)), st.booleans())
doing = st.builds(
    lambda n, unit, start: Limit((Piece("within", n, unit, start),)),
    _numbers,
    st.sampled_from(_UNITS),
    st.sampled_from(_EVENTS),
)


@given(limits)
def test_a_limit_is_the_same_as_itself(limit: Limit) -> None:
    assert compare_limits(limit, limit, YEARS).verdict == "same"
    assert same_on_calendar(limit, limit, YEARS)


@given(limits, limits)
def test_looser_one_way_is_stricter_the_other(one: Limit, other: Limit) -> None:
    there, back = (compare_limits(*pair, YEARS) for pair in ((one, other), (other, one)))
    if {there.verdict, back.verdict} <= {"mixed", "cannot be compared"}:
        return  # from the earlier event mixed, from the later one open
    assert there.verdict == opposite(back.verdict)


@given(doing, doing, doing)
def test_never_looser_goes_on_from_one_to_the_next(a: Limit, b: Limit, c: Limit) -> None:
    def fine(old: Limit, new: Limit) -> bool:
        return compare_limits(old, new, YEARS).verdict in ("same", "stricter")

    if fine(a, b) and fine(b, c):
        assert fine(a, c)


@given(limits, limits)
def test_what_is_the_same_on_the_calendar_is_neither_stricter_nor_looser(
    one: Limit, other: Limit
) -> None:
    if same_on_calendar(one, other, YEARS):
        assert compare_limits(one, other, YEARS).verdict == "same"


_RANK = {"incident": 0, "aware": 1, "notified": 2}


@given(doing, doing, st.integers(0, 480), st.integers(0, 40))
def test_no_pair_of_dates_gainsays_a_verdict(
    old: Limit, new: Limit, after: int, apart: int
) -> None:
    """Counted by the calendar itself, on dates that the orders allow."""
    one, other = old.pieces[0], new.pieces[0]
    ranks = [_RANK.get(getattr(p.start, "event", "incident"), 9) for p in (one, other)]
    first = YEARS.first + timedelta(days=after)
    second = min(first + timedelta(days=apart), YEARS.last)
    days = [first, first]
    if one.start != other.start:
        days = [first, second] if ranks[0] < ranks[1] else [second, first]
    if ranks[0] == ranks[1] and one.start != other.start:
        days = [first, first]
    due = [counting.after(day, p.n, p.unit) for day, p in zip(days, (one, other), strict=True)]
    verdict = compare_limits(old, new, YEARS).verdict
    if verdict in ("same", "stricter"):
        assert due[1] <= due[0]
    if verdict in ("same", "looser"):
        assert due[1] >= due[0]


@given(limits, limits)
def test_the_first_dates_are_dates_on_which_it_is_looser(old: Limit, new: Limit) -> None:
    found = compare_limits(old, new, YEARS)
    dates = found.first
    if dates is None:
        return
    assert found.verdict in ("looser", "mixed")
    one, other = old.pieces[0], new.pieces[0]
    count = {True: counting.before, False: counting.after}
    assert dates.old_due == count[one.form == "before"](dates.old_start, one.n, one.unit)
    assert dates.new_due == count[other.form == "before"](dates.new_start, other.n, other.unit)
    later = dates.new_due < dates.old_due if new.holds else dates.new_due > dates.old_due
    opens = dates.old_opens is not None and (
        dates.new_opens is None or dates.new_opens < dates.old_opens
    )
    assert later or opens


@pytest.mark.slow
def test_every_date_is_counted_by_the_calendar() -> None:
    old, new = a_limit(notice(7, "working_days")), a_limit(notice(9))
    days = [
        PUBLISHED.first + timedelta(days=i)
        for i in range((PUBLISHED.last - PUBLISHED.first).days + 1)
    ]
    looser = [
        day
        for day in days
        if counting.before(day, 9, "days") > counting.before(day, 7, "working_days")
    ]
    found = compare_limits(old, new)
    assert found.first is not None
    assert found.first.new_start == looser[0]


def test_the_calendar_is_named() -> None:
    assert known() == "on the calendar known to Sun 31 December 2028"


def test_verdicts_together() -> None:
    assert overall(["same", "same"]) == "same"
    assert overall(["same", "stricter"]) == "stricter"
    assert overall(["looser", "stricter"]) == "mixed"
    assert overall(["looser", "cannot be compared"]) == "mixed"
    assert overall(["stricter", "cannot be compared"]) == "cannot be compared"


def test_a_requirement_without_those_it_takes_over_is_refused() -> None:
    copies: Requirement = a_requirement("kind: deadline\nwithin: {as: national.rapid_review}")
    with pytest.raises(KeyError):
        limit_of(copies, {})
