"""Working days looked up in an array, and quarters by two kinds of years."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cspr_core.calendar import working_days_left
from cspr_core.statistics.days import day_of, number_of, working_days_after
from cspr_core.statistics.quarters import begins, months_of, name_of, quarter_of


def test_days_are_counted_from_1970() -> None:
    assert number_of(date(1970, 1, 1)) == 0
    assert day_of(31) == date(1970, 2, 1)


def test_over_the_turn_of_the_year() -> None:
    # 24 December 2024 to 3 January 2025: 27, 30, 31 December, 2, 3 January.
    start, end = np.array([number_of(date(2024, 12, 24))]), np.array([number_of(date(2025, 1, 3))])
    assert working_days_after(start, end).tolist() == [5]


def test_of_no_days_there_are_none() -> None:
    nothing = np.zeros(0, np.int64)
    assert working_days_after(nothing, nothing).tolist() == []


@given(
    st.lists(
        st.tuples(st.dates(date(2018, 1, 1), date(2028, 12, 31)), st.integers(0, 700)), min_size=1
    )
)
def test_it_agrees_with_the_calendar(pairs: list[tuple[date, int]]) -> None:
    starts = np.array([number_of(start) for start, _ in pairs])
    ends = starts + np.array([days for _, days in pairs])
    expected = [working_days_left(start, start + timedelta(days)) for start, days in pairs]
    assert working_days_after(starts, ends).tolist() == expected


@pytest.mark.parametrize(
    ("day", "calendar", "financial", "months"),
    [
        (date(2026, 1, 1), "2026 Q1", "2025-26 Q4", "Jan–Mar 2026"),
        (date(2026, 3, 31), "2026 Q1", "2025-26 Q4", "Jan–Mar 2026"),
        (date(2026, 4, 1), "2026 Q2", "2026-27 Q1", "Apr–Jun 2026"),
        (date(1999, 12, 31), "1999 Q4", "1999-00 Q3", "Oct–Dec 1999"),
    ],
)
def test_a_day_has_a_quarter(day: date, calendar: str, financial: str, months: str) -> None:
    quarter = quarter_of(day)
    assert name_of(quarter, "january") == calendar
    assert name_of(quarter, "april") == financial
    assert months_of(quarter) == months


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_quarter_begins_no_later_than_its_days_and_the_next_after(day: date) -> None:
    assert begins(quarter_of(day)) <= day < begins(quarter_of(day) + 1)
