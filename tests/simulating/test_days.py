"""Working days counted quickly are those of the calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cspr_core import calendar
from cspr_core.simulating.days import WorkingDays

DAYS = WorkingDays(date(2021, 6, 1), date(2026, 6, 1))
ANY = st.dates(date(2020, 6, 1), date(2027, 12, 31))


@given(ANY, st.integers(0, 300))
def test_the_nth_working_day_after_is_the_calendars(day: date, n: int) -> None:
    assert DAYS.plus(day.toordinal(), n) == calendar.after(day, n, "working_days").toordinal()


@given(ANY, st.integers(0, 100))
def test_the_nth_working_day_before_is_the_calendars(day: date, n: int) -> None:
    assert DAYS.plus(day.toordinal(), -n) == calendar.before(day, n, "working_days").toordinal()


@given(ANY, st.sampled_from(("working_days", "days", "months")), st.booleans())
def test_a_limit_is_the_calendars(day: date, unit: calendar.Unit, back: bool) -> None:  # noqa: FBT001
    count = calendar.before if back else calendar.after

    assert DAYS.limit(day.toordinal(), 6, unit, backwards=back) == count(day, 6, unit).toordinal()


def test_a_weekend_waits_for_the_monday_unless_that_is_a_holiday() -> None:
    saturday = date(2026, 5, 23).toordinal()  # before the spring bank holiday, Monday the 25th

    assert DAYS.working(saturday) == date(2026, 5, 26).toordinal()
    assert DAYS.working(saturday - 1) == saturday - 1


def test_beyond_the_calendar_a_count_stops_at_its_end() -> None:
    days = WorkingDays(date(2097, 1, 1), date(2098, 12, 31))
    last = date(2100, 12, 31)  # a Friday

    assert days.plus((last - timedelta(3)).toordinal(), 30) == last.toordinal()
    assert days.plus(last.toordinal() + 50, -1) == last.toordinal()
    assert days.limit(last.toordinal(), 6, "months") == last.toordinal()


@pytest.mark.parametrize("first", [date(1992, 1, 1), date(1990, 1, 1)])
def test_before_the_calendar_a_count_stops_at_its_beginning(first: date) -> None:
    days = WorkingDays(first, first)

    assert days.limit(date(1990, 1, 2).toordinal(), 6, "months", backwards=True) == (
        date(1990, 1, 1).toordinal()
    )
