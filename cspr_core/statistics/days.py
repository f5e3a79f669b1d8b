"""Working days between many pairs of days at once, looked up in an array made from the calendar."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from cspr_core import calendar

_EPOCH = date(1970, 1, 1).toordinal()  # day 0 of Arrow's dates


def day_of(number: int) -> date:
    """The date of so many days after 1 January 1970."""
    return date.fromordinal(number + _EPOCH)


def number_of(day: date) -> int:
    """How many days a date is after 1 January 1970."""
    return day.toordinal() - _EPOCH


def working_days_after(starts: Any, ends: Any) -> Any:
    """The working days after each start up to and including its end; both as days since 1970.

    0 where the end is the start, or only a weekend or a holiday lies between. Raises ValueError
    outside the years that the calendar covers.
    """
    import numpy as np  # noqa: PLC0415  (heavy, and only caseloads need it)

    if not len(starts):
        return np.zeros(0, np.int64)
    first = day_of(int(min(starts.min(), ends.min()))).year
    last = day_of(int(max(starts.max(), ends.max()))).year
    if first < calendar.FIRST_DAY.year or last > calendar.LAST_DAY.year:
        raise ValueError(
            f"A date outside the calendar, which covers {calendar.FIRST_DAY.year} to"
            f" {calendar.LAST_DAY.year}."
        )
    so_far = np.cumsum(np.concatenate([_year(year) for year in range(first, last + 1)]))
    origin = number_of(date(first, 1, 1))
    return so_far[ends - origin] - so_far[starts - origin]


@cache
def _year(year: int) -> Any:
    """1 for each working day of a year, 0 for the others."""
    import numpy as np  # noqa: PLC0415

    first, after = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    days = map(date.fromordinal, range(first, after))
    return np.fromiter(map(calendar.is_working_day, days), np.int64, after - first)
