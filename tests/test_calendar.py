"""The calendar against worked examples, a second list of holidays, and properties of counting."""

import json
import os
import subprocess
import sys
from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta
from importlib import resources
from typing import Any, cast

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cspr_core.calendar import (
    FIRST_DAY,
    LAST_DAY,
    LAST_PUBLISHED,
    Day,
    Unit,
    after,
    before,
    clipped,
    count,
    holiday,
    is_provisional,
    is_working_day,
    working_days,
    working_days_left,
)


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """Load the holidays once, so that no single example of Hypothesis pays for it."""
    is_working_day(date(2025, 1, 1))


# --- Worked examples -----------------------------------------------------------------------------


def test_within_working_days_crosses_christmas() -> None:
    # Tue 24 Dec 2024; 25 and 26 holidays; Fri 27 (1); weekend; Mon 30 (2), Tue 31 (3);
    # 1 Jan holiday; Thu 2 Jan (4), Fri 3 Jan (5).
    assert after(date(2024, 12, 24), 5, "working_days") == date(2025, 1, 3)


def test_within_working_days_crosses_easter() -> None:
    # Thu 17 Apr 2025; Good Friday 18, weekend, Easter Monday 21; Tue 22 (1), 23 (2), 24 (3),
    # Fri 25 (4); weekend; Mon 28 (5).
    assert after(date(2025, 4, 17), 5, "working_days") == date(2025, 4, 28)


def test_an_anchor_on_a_saturday_counts_the_next_working_day_as_the_first() -> None:
    # Sat 1 Mar 2025; Mon 3 (1), Tue 4 (2), Wed 5 (3), Thu 6 (4), Fri 7 (5).
    assert after(date(2025, 3, 1), 5, "working_days") == date(2025, 3, 7)


def test_an_anchor_on_a_holiday_counts_the_next_working_day_as_the_first() -> None:
    # Good Friday 18 Apr 2025; weekend; Easter Monday; Tue 22 (1), Wed 23 (2).
    assert after(date(2025, 4, 18), 2, "working_days") == date(2025, 4, 23)


def test_seven_working_days_cross_easter() -> None:
    # Mon 14 Apr 2025; 15, 16, 17 (3); Easter; 22, 23, 24, 25 (7).
    assert after(date(2025, 4, 14), 7, "working_days") == date(2025, 4, 25)


def test_fifteen_working_days_from_awareness() -> None:
    # Fri 30 May 2025; 2 to 6 June (5), 9 to 13 June (10), 16 to 20 June (15).
    assert after(date(2025, 5, 30), 15, "working_days") == date(2025, 6, 20)


def test_fifteen_working_days_from_notification() -> None:
    # Thu 5 Jun 2025; Fri 6 (1), 9 to 13 (6), 16 to 20 (11), Mon 23 to Thu 26 (15).
    assert after(date(2025, 6, 5), 15, "working_days") == date(2025, 6, 26)


def test_at_least_seven_working_days_before_crosses_christmas() -> None:
    # Tue 6 Jan 2026; Mon 5 (1), Fri 2 (2); 1 Jan holiday; 31 (3), 30 (4), Mon 29 Dec (5);
    # weekend; 26 and 25 holidays; Wed 24 (6), Tue 23 (7).
    assert before(date(2026, 1, 6), 7, "working_days") == date(2025, 12, 23)


def test_at_least_fourteen_days_before_counts_every_day() -> None:
    # 6 Jan 2026 is 6 days after 31 Dec; 14 - 6 = 8 more; 31 - 8 = 23 Dec.
    assert before(date(2026, 1, 6), 14, "days") == date(2025, 12, 23)


def test_within_days_may_end_on_a_sunday() -> None:
    # Fri 7 Mar 2025 + 2 = Sun 9 Mar: no roll-on.
    assert after(date(2025, 3, 7), 2, "days") == date(2025, 3, 9)


# --- Months --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("anchor", "n", "due"),
    [
        # The 29th of a February without one: its last day, the 28th (a Saturday).
        (date(2025, 8, 29), 6, date(2026, 2, 28)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        # In a leap year, February has a 29th.
        (date(2023, 8, 29), 6, date(2024, 2, 29)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        # A leap day, a year later: 2025 has no 29 February.
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        # 2100 is no leap year (divisible by 100, not by 400), 2000 was one.
        (date(2099, 8, 31), 6, date(2100, 2, 28)),
        (date(1999, 8, 31), 6, date(2000, 2, 29)),
        # From the last day of a short month: the same number, not the last day again.
        (date(2025, 2, 28), 6, date(2025, 8, 28)),
        # November + 1 is December, not month 0 of the next year.
        (date(2025, 11, 30), 1, date(2025, 12, 30)),
        (date(2025, 12, 31), 1, date(2026, 1, 31)),
    ],
)
def test_months_after(anchor: date, n: int, due: date) -> None:
    assert after(anchor, n, "months") == due


@pytest.mark.parametrize(
    ("anchor", "n", "due"),
    [
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2024, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 1), 12, date(2025, 12, 1)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
    ],
)
def test_months_before(anchor: date, n: int, due: date) -> None:
    assert before(anchor, n, "months") == due


def test_a_count_of_months_takes_each_step_from_the_anchor() -> None:
    # 31 Jan: February is clipped to its 28th, but March has a 31st again.
    assert count(date(2025, 1, 31), 3, "months") == (
        Day(date(2025, 2, 28), 1, None),
        Day(date(2025, 3, 31), 2, None),
        Day(date(2025, 4, 30), 3, None),
    )


def test_a_count_of_months_backwards() -> None:
    assert count(date(2025, 3, 31), 2, "months", backwards=True) == (
        Day(date(2025, 2, 28), 1, None),
        Day(date(2025, 1, 31), 2, None),
    )


@pytest.mark.parametrize(
    ("anchor", "n", "backwards", "expected"),
    [
        (date(2025, 8, 29), 6, False, True),  # 28 Feb 2026
        (date(2025, 8, 28), 6, False, False),  # 28 Feb 2026, the same day
        (date(2023, 8, 29), 6, False, False),  # 29 Feb 2024
        (date(2025, 3, 31), 1, True, True),  # 28 Feb 2025
        (date(2025, 3, 31), 1, False, True),  # 30 Apr 2025
        (date(2025, 8, 31), 1, True, False),  # 31 Jul 2025
    ],
)
def test_clipped_tells_a_shorter_month(
    anchor: date, n: int, *, backwards: bool, expected: bool
) -> None:
    assert clipped(anchor, n, backwards=backwards) is expected


# --- Holidays ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2020, 5, 8), "Early May bank holiday"),  # moved from Mon 4 May
        (date(2022, 6, 2), "Spring bank holiday"),  # moved from Mon 30 May
        (date(2022, 6, 3), "Platinum Jubilee of Elizabeth II"),
        (date(2022, 9, 19), "State Funeral of Queen Elizabeth II"),
        (date(2023, 5, 8), "Coronation of Charles III"),
        (date(2012, 6, 5), "Diamond Jubilee of Elizabeth II"),
        (date(2011, 4, 29), "Wedding of William and Catherine"),
        (date(2025, 8, 25), "Summer bank holiday"),
        (date(2027, 12, 27), "Christmas Day (substitute day)"),  # 25 Dec is a Saturday
        (date(2027, 12, 28), "Boxing Day (substitute day)"),  # 26 Dec is a Sunday
    ],
)
def test_a_holiday_has_a_name_and_is_no_working_day(day: date, name: str) -> None:
    assert (holiday(day), is_working_day(day)) == (name, False)


def test_each_of_many_days_is_one_or_none() -> None:
    # Wednesday 24 December 2025 to Friday 2 January 2026: of the ten days 25 and 26 December, the
    # Saturday and the Sunday after them and 1 January are none.
    found = working_days(date(2025, 12, 24), date(2026, 1, 2))
    assert list(found) == [1, 0, 0, 0, 0, 1, 1, 1, 0, 1]


def test_of_no_days_none_is_a_working_day() -> None:
    assert working_days(date(2026, 1, 2), date(2026, 1, 1)) == b""
    assert working_days(date(2026, 1, 2), date(2025, 6, 1)) == b""


@pytest.mark.parametrize("ends", [(date(1989, 12, 31), FIRST_DAY), (LAST_DAY, date(2101, 1, 1))])
def test_days_outside_the_calendar_are_neither(ends: tuple[date, date]) -> None:
    with pytest.raises(ValueError, match="outside the calendar"):
        working_days(*ends)


@pytest.mark.parametrize(
    "day",
    [
        date(2020, 5, 4),  # the Monday that gave its holiday to VE day's anniversary
        date(2022, 5, 30),  # the Monday that gave its holiday to the jubilee
        date(2025, 1, 2),  # a holiday in Scotland alone
        date(2025, 3, 17),  # a holiday in Northern Ireland alone
        date(2025, 4, 17),  # Maundy Thursday
    ],
)
def test_an_ordinary_weekday_is_a_working_day(day: date) -> None:
    assert (holiday(day), is_working_day(day)) == (None, True)


@pytest.mark.parametrize("day", [date(2025, 3, 1), date(2025, 3, 2)])  # Sat, Sun
def test_a_weekend_is_no_working_day(day: date) -> None:
    assert (holiday(day), is_working_day(day)) == (None, False)


def test_one_off_holiday_moves_a_due_date() -> None:
    # Fri 16 Sep 2022; Mon 19 State Funeral; Tue 20 (1) to Fri 23 (4); Mon 26 (5).
    assert after(date(2022, 9, 16), 5, "working_days") == date(2022, 9, 26)


def test_two_jubilee_days_move_a_due_date() -> None:
    # Tue 31 May 2022; Wed 1 Jun (1); 2 and 3 holidays; weekend; Mon 6 (2), Tue 7 (3).
    assert after(date(2022, 5, 31), 3, "working_days") == date(2022, 6, 7)


def test_coronation_moves_a_date_before() -> None:
    # Wed 10 May 2023; Tue 9 (1); Mon 8 coronation; weekend; Fri 5 (2), Thu 4 (3).
    assert before(date(2023, 5, 10), 3, "working_days") == date(2023, 5, 4)


@pytest.mark.parametrize(("day", "expected"), [(LAST_PUBLISHED, False), (date(2029, 1, 1), True)])
def test_a_date_after_the_last_published_year_is_provisional(day: date, *, expected: bool) -> None:
    assert is_provisional(day) is expected


# --- Every day of 2019 to 2028 against GOV.UK's own list ------------------------------------------
#
# govuk-bank-holidays bundles GOV.UK's published list for England and Wales: 2012 to 2028. Counting
# back from January 2019 needs the end of 2018, which it has. Counting on from December 2028 needs
# January 2029, which GOV.UK has not published: New Year's Day, a Monday, is added by hand.

_BUNDLED: dict[date, str] = {
    date.fromisoformat(event["date"]): event["title"]
    for event in json.loads(
        resources.files("govuk_bank_holidays").joinpath("bank-holidays.json").read_text("utf-8")
    )["england-and-wales"]["events"]
}
_SECOND_SOURCE = {*_BUNDLED, date(2029, 1, 1)}


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


# Five weeks more at either end: 15 working days and Christmas are less.
_WORKING = [
    day
    for day in _days(date(2018, 11, 26), date(2029, 2, 4))
    if day.strftime("%a") not in {"Sat", "Sun"} and day not in _SECOND_SOURCE
]
_TEN_YEARS = _days(date(2019, 1, 1), date(2028, 12, 31))


def test_second_source_covers_the_published_years() -> None:
    years = {day.year for day in _BUNDLED}
    assert years >= set(range(2018, LAST_PUBLISHED.year + 1))


def test_ten_years_are_all_there() -> None:
    # 10 * 365, and 29 February in 2020, 2024 and 2028.
    assert len(_TEN_YEARS) == 3653


@pytest.mark.parametrize("n", [5, 7, 15])
def test_every_day_forwards_agrees_with_second_source(n: int) -> None:
    # _WORKING[bisect_right(...)] is the first working day after the anchor: number 1.
    wrong = [
        (day, due, expected)
        for day in _TEN_YEARS
        if (due := after(day, n, "working_days"))
        != (expected := _WORKING[bisect_right(_WORKING, day) + n - 1])
    ]
    assert wrong == []


@pytest.mark.parametrize("n", [5, 7, 15])
def test_every_day_backwards_agrees_with_second_source(n: int) -> None:
    # _WORKING[bisect_left(...) - 1] is the last working day before the anchor: number 1.
    wrong = [
        (day, due, expected)
        for day in _TEN_YEARS
        if (due := before(day, n, "working_days"))
        != (expected := _WORKING[bisect_left(_WORKING, day) - n])
    ]
    assert wrong == []


def test_every_weekday_holiday_agrees_with_second_source() -> None:
    ours = {day for day in _TEN_YEARS if holiday(day) and day.strftime("%a") not in {"Sat", "Sun"}}
    assert ours == {day for day in _BUNDLED if 2019 <= day.year <= 2028}


def test_yearly_holidays_have_the_second_sources_names() -> None:
    # One-off holidays are worded differently; 2025 and 2027 have none, 2027 has substitute days.
    bundled = {
        day: name.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        for day, name in _BUNDLED.items()
        if day.year in {2025, 2027}
    }
    ours = {day: (holiday(day) or "").removesuffix(" (substitute day)") for day in bundled}
    assert ours == bundled


# --- Days counted one by one ---------------------------------------------------------------------


def test_count_names_every_skipped_day() -> None:
    assert count(date(2025, 4, 17), 2, "working_days") == (
        Day(date(2025, 4, 18), None, "Good Friday"),
        Day(date(2025, 4, 19), None, "Saturday"),
        Day(date(2025, 4, 20), None, "Sunday"),
        Day(date(2025, 4, 21), None, "Easter Monday"),
        Day(date(2025, 4, 22), 1, None),
        Day(date(2025, 4, 23), 2, None),
    )


def test_count_backwards_names_every_skipped_day() -> None:
    assert count(date(2026, 1, 5), 2, "working_days", backwards=True) == (
        Day(date(2026, 1, 4), None, "Sunday"),
        Day(date(2026, 1, 3), None, "Saturday"),
        Day(date(2026, 1, 2), 1, None),
        Day(date(2026, 1, 1), None, "New Year's Day"),
        Day(date(2025, 12, 31), 2, None),
    )


def test_a_holiday_on_a_weekend_is_called_by_its_weekday() -> None:
    # Christmas Day 2027 is a Saturday; its substitute is the Monday.
    assert count(date(2027, 12, 24), 1, "working_days") == (
        Day(date(2027, 12, 25), None, "Saturday"),
        Day(date(2027, 12, 26), None, "Sunday"),
        Day(date(2027, 12, 27), None, "Christmas Day (substitute day)"),
        Day(date(2027, 12, 28), None, "Boxing Day (substitute day)"),
        Day(date(2027, 12, 29), 1, None),
    )


def test_count_of_days_skips_nothing() -> None:
    # Fri 7 Mar 2025: Saturday and Sunday count.
    assert count(date(2025, 3, 7), 2, "days") == (
        Day(date(2025, 3, 8), 1, None),
        Day(date(2025, 3, 9), 2, None),
    )


# --- Working days left ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "due", "left"),
    [
        # Due Fri 7 Mar 2025.
        (date(2025, 3, 3), date(2025, 3, 7), 4),  # Tue, Wed, Thu, Fri
        (date(2025, 3, 6), date(2025, 3, 7), 1),
        (date(2025, 3, 7), date(2025, 3, 7), 0),
        (date(2025, 3, 8), date(2025, 3, 7), 0),  # the Saturday after
        (date(2025, 3, 9), date(2025, 3, 7), 0),  # the Sunday after
        (date(2025, 3, 10), date(2025, 3, 7), -1),
        (date(2025, 3, 11), date(2025, 3, 7), -2),
        # Due on a Saturday: on the Friday before, no working day is left.
        (date(2026, 2, 27), date(2026, 2, 28), 0),
        # Over Easter: 17 April to 22 April 2025, only the 22nd.
        (date(2025, 4, 17), date(2025, 4, 22), 1),
        # 19 Mar to 1 Jun 2026: March 20, 23 to 27, 30, 31 (8); April 22 weekdays less Good Friday
        # and Easter Monday (20); May 21 weekdays less 4 and 25 (19); 1 June (1): 48.
        (date(2026, 6, 1), date(2026, 3, 19), -48),
    ],
)
def test_working_days_left(as_of: date, due: date, left: int) -> None:
    assert working_days_left(as_of, due) == left


# --- Properties ----------------------------------------------------------------------------------

_ANCHORS = st.dates(date(1996, 1, 1), date(2094, 12, 31))
_PERIODS = st.integers(1, 60)
_UNITS: st.SearchStrategy[Unit] = st.sampled_from(["working_days", "days", "months"])


@given(_ANCHORS, _PERIODS, _UNITS)
def test_after_is_later_and_before_is_earlier(anchor: date, n: int, unit: Unit) -> None:
    assert before(anchor, n, unit) < anchor < after(anchor, n, unit)


@given(_ANCHORS, _PERIODS)
def test_working_days_end_on_working_days(anchor: date, n: int) -> None:
    assert is_working_day(after(anchor, n, "working_days"))
    assert is_working_day(before(anchor, n, "working_days"))


@given(_ANCHORS, _PERIODS)
def test_before_undoes_after_from_a_working_day(anchor: date, n: int) -> None:
    assume(is_working_day(anchor))
    assert before(after(anchor, n, "working_days"), n, "working_days") == anchor


@given(_ANCHORS, _PERIODS)
def test_before_undoes_after_to_the_last_working_day(anchor: date, n: int) -> None:
    back = before(after(anchor, n, "working_days"), n, "working_days")
    between = _days(back, anchor)
    assert [day for day in between if is_working_day(day)] == [back]


@given(_ANCHORS, _PERIODS)
def test_before_undoes_after_in_days(anchor: date, n: int) -> None:
    assert before(after(anchor, n, "days"), n, "days") == anchor


@given(_ANCHORS, _PERIODS)
def test_before_undoes_after_in_months_unless_clipped(anchor: date, n: int) -> None:
    back = before(after(anchor, n, "months"), n, "months")
    assert (back == anchor) is not clipped(anchor, n)
    assert (back.year, back.month) == (anchor.year, anchor.month)


@given(st.integers(1996, 2094), _PERIODS)
def test_the_31st_stays_at_the_end_of_its_month(year: int, n: int) -> None:
    assert (after(date(year, 1, 31), n, "months") + timedelta(days=1)).day == 1


@given(_ANCHORS, _PERIODS, _UNITS, st.integers(0, 400))
def test_a_later_anchor_is_never_due_sooner(anchor: date, n: int, unit: Unit, later: int) -> None:
    other = anchor + timedelta(days=later)
    assert after(anchor, n, unit) <= after(other, n, unit)
    assert before(anchor, n, unit) <= before(other, n, unit)


@given(_ANCHORS, _PERIODS, _UNITS)
def test_a_longer_period_is_due_later(anchor: date, n: int, unit: Unit) -> None:
    assert after(anchor, n, unit) < after(anchor, n + 1, unit)
    assert before(anchor, n, unit) > before(anchor, n + 1, unit)


@given(_ANCHORS, _PERIODS, st.integers(1, 30))
def test_working_days_add_up(anchor: date, n: int, more: int) -> None:
    halfway = after(anchor, n, "working_days")
    assert after(halfway, more, "working_days") == after(anchor, n + more, "working_days")


@given(_ANCHORS, _PERIODS, _UNITS)
def test_count_ends_on_the_due_date(anchor: date, n: int, unit: Unit) -> None:
    assert count(anchor, n, unit)[-1].day == after(anchor, n, unit)
    assert count(anchor, n, unit, backwards=True)[-1].day == before(anchor, n, unit)


@given(anchor=_ANCHORS, n=_PERIODS, unit=_UNITS, backwards=st.booleans())
def test_count_numbers_from_one_to_n(anchor: date, n: int, unit: Unit, *, backwards: bool) -> None:
    numbers = [day.number for day in count(anchor, n, unit, backwards=backwards) if day.number]
    assert numbers == list(range(1, n + 1))


@given(anchor=_ANCHORS, n=_PERIODS, backwards=st.booleans())
def test_count_of_working_days_leaves_no_day_out(anchor: date, n: int, *, backwards: bool) -> None:
    step = -1 if backwards else 1
    counted = count(anchor, n, "working_days", backwards=backwards)
    assert [d.day for d in counted] == [
        anchor + timedelta(days=step * i) for i in range(1, len(counted) + 1)
    ]


@given(anchor=_ANCHORS, n=_PERIODS, backwards=st.booleans())
def test_a_day_is_either_numbered_or_skipped(anchor: date, n: int, *, backwards: bool) -> None:
    for day in count(anchor, n, "working_days", backwards=backwards):
        assert (day.number is not None) is is_working_day(day.day)
        assert (day.skipped is None) is is_working_day(day.day)


@given(_ANCHORS, st.integers(0, 60))
def test_n_working_days_are_left_of_n(anchor: date, n: int) -> None:
    assert working_days_left(anchor, after(anchor, n, "working_days")) == n


@given(_ANCHORS, st.integers(-400, 400))
def test_days_left_and_days_past_mirror_each_other(as_of: date, distance: int) -> None:
    due = as_of + timedelta(days=distance)
    assert working_days_left(as_of, due) == -working_days_left(due, as_of)


@given(_ANCHORS, st.integers(-90, 90))
def test_a_day_gone_by_takes_one_working_day_off(as_of: date, distance: int) -> None:
    due = as_of + timedelta(days=distance)
    tomorrow = as_of + timedelta(days=1)
    taken = working_days_left(as_of, due) - working_days_left(tomorrow, due)
    assert taken == (1 if is_working_day(tomorrow) else 0)


# --- Edges and errors ----------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["working_days", "days", "months"])
def test_a_period_of_none_is_the_anchor_itself(unit: Unit) -> None:
    saturday = date(2025, 3, 1)
    assert (after(saturday, 0, unit), before(saturday, 0, unit)) == (saturday, saturday)
    assert count(saturday, 0, unit) == ()


@pytest.mark.parametrize("unit", ["working_days", "days", "months"])
def test_a_negative_period_is_refused(unit: Unit) -> None:
    message = "A period is counted with a number from 0 up, not -1."
    for call in (after, before, count):
        with pytest.raises(ValueError, match=message):
            call(date(2025, 3, 1), -1, unit)


@pytest.mark.parametrize("unit", ["working_days", "days", "months"])
@pytest.mark.parametrize("day", [date(1989, 12, 31), date(2101, 1, 1)])
def test_an_anchor_outside_the_calendar_is_refused(day: date, unit: Unit) -> None:
    message = f"{day} is outside the calendar, which covers 1990 to 2100."
    for call in (after, before, count):
        with pytest.raises(ValueError, match=message):
            call(day, 0, unit)


@pytest.mark.parametrize("day", [date(1989, 12, 31), date(2101, 1, 1)])
def test_a_day_outside_the_calendar_is_refused(day: date) -> None:
    for call in (holiday, is_working_day, is_provisional):
        with pytest.raises(ValueError, match="which covers 1990 to 2100"):
            call(day)


@pytest.mark.parametrize("day", [date(1989, 12, 31), date(2101, 1, 1)])
def test_days_left_outside_the_calendar_are_refused(day: date) -> None:
    inside = date(2100, 12, 1) if day > LAST_DAY else date(1990, 2, 1)
    for as_of, due in ((day, inside), (inside, day), (day, day)):
        with pytest.raises(ValueError, match="which covers 1990 to 2100"):
            working_days_left(as_of, due)


@pytest.mark.parametrize(
    ("unit", "n"), [("working_days", 1), ("days", 1), ("months", 1), ("days", 10**12)]
)
def test_a_count_past_either_end_is_refused(unit: Unit, n: int) -> None:
    with pytest.raises(ValueError, match="outside the calendar, which covers 1990 to 2100"):
        after(LAST_DAY, n, unit)
    with pytest.raises(ValueError, match="outside the calendar, which covers 1990 to 2100"):
        before(FIRST_DAY, n, unit)


def test_the_first_and_the_last_day_can_be_reached() -> None:
    assert before(date(1990, 1, 2), 1, "days") == FIRST_DAY
    assert after(date(2100, 11, 30), 1, "months") == date(2100, 12, 30)
    assert after(date(2100, 12, 30), 1, "days") == LAST_DAY


def test_a_time_of_day_is_refused() -> None:
    # A datetime is a date to Python, and would never equal a holiday.
    with pytest.raises(TypeError):
        is_working_day(datetime.combine(date(2025, 12, 25), time(9)))


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(AssertionError):
        after(date(2025, 3, 1), 1, cast("Any", "weeks"))


# --- The library behind it -----------------------------------------------------------------------


def _python(code: str, **environment: str) -> str:
    return subprocess.run(  # noqa: S603 - the code is this file's own
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def test_importing_the_calendar_does_not_load_every_countrys_holidays() -> None:
    code = "import sys, cspr_core.calendar; print('holidays' in sys.modules)"
    assert _python(code) == "False"


def test_names_do_not_follow_the_users_language() -> None:
    # The library has a Thai translation, and would choose it in this environment.
    code = (
        "from datetime import date; from cspr_core.calendar import holiday;"
        "print(ascii(holiday(date(2025, 4, 18))))"
    )
    assert _python(code, LANGUAGE="th") == "'Good Friday'"
