"""Working days between many pairs of days at once, looked up in an array made from the calendar."""

from __future__ import annotations

from datetime import date
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
    first = int(min(starts.min(), ends.min()))
    last = int(max(starts.max(), ends.max()))
    working = np.frombuffer(calendar.working_days(day_of(first), day_of(last)), np.uint8)
    so_far = np.cumsum(working, dtype=np.int64)
    return so_far[ends - first] - so_far[starts - first]
