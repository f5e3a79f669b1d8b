"""Working days counted quickly, over the years of one caseload; days are ordinals.

The days themselves are those of `cspr_core.calendar`; beyond the years at hand a count stops at
their end, where no case of the caseload reaches.
"""

from __future__ import annotations

from datetime import date
from itertools import accumulate

from cspr_core.calendar import FIRST_DAY, LAST_DAY, Unit, after, before, working_days

_BEFORE, _AFTER = 2, 12  # years around those in which cases begin: incidents before, plans after


class WorkingDays:
    """The working days of the years around those in which cases begin."""

    def __init__(self, first: date, last: date) -> None:
        """Take the first and the last day on which a case may begin."""
        start = date(max(first.year - _BEFORE, FIRST_DAY.year), 1, 1)
        end = date(min(last.year + _AFTER, LAST_DAY.year), 12, 31)
        self._first, self._last = start.toordinal(), end.toordinal()
        working = working_days(start, end)
        self._days = [day for day, is_one in enumerate(working, self._first) if is_one]
        # How many working days there are up to each day, itself too.
        self._upto = list(accumulate(working))
        self._many = len(self._days)

    def plus(self, day: int, n: int) -> int:
        """The nth working day after a day, or before it where `n` is below 0; for 0, the day."""
        if n == 0:
            return day
        upto = self._upto[day - self._first if day < self._last else -1]
        at = upto + n - 1 if n > 0 else upto + n - (self._days[upto - 1] == day)
        return self._days[at if at < self._many else -1]

    def working(self, day: int) -> int:
        """The day itself, or the next working day."""
        return self.plus(day - 1, 1)

    def limit(self, day: int, n: int, unit: Unit, *, backwards: bool = False) -> int:
        """The last day of a period, as `calendar.after` (or `before`) counts it."""
        if unit == "working_days":
            return self.plus(day, -n if backwards else n)
        if unit == "days":
            return day - n if backwards else day + n
        count = before if backwards else after
        try:
            return count(date.fromordinal(day), n, unit).toordinal()
        except ValueError:  # beyond the calendar, where no case of the caseload reaches
            return self._first if backwards else self._last
