"""Count periods of working days, calendar days and months, forwards and backwards.

This is the one place that knows weekends, public holidays and the lengths of months. It does not
know today's date, a case or a duty: every function is given its dates, so that a check repeated
with the same dates gives the same answer.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Literal, NamedTuple, assert_never

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "LAST_PUBLISHED",
    "Day",
    "Unit",
    "after",
    "before",
    "clipped",
    "count",
    "holiday",
    "is_provisional",
    "is_working_day",
    "working_days",
    "working_days_left",
]

Unit = Literal["working_days", "days", "months"]

FIRST_DAY = date(1990, 1, 1)
LAST_DAY = date(2100, 12, 31)

# The last year whose public holidays GOV.UK has published (https://www.gov.uk/bank-holidays).
# Later years follow from the usual rules, but a one-off holiday can still be proclaimed.
LAST_PUBLISHED = date(2028, 12, 31)

_FORWARDS = timedelta(days=1)
_BACKWARDS = timedelta(days=-1)

# GOV.UK's names where the holidays library uses others: the office checks a date against GOV.UK.
_GOV_UK_NAMES = {
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
}


class Day(NamedTuple):
    """One day (for months: one monthly step) of a count.

    `number` is 1 to n where the day counts and None where it does not; then `skipped` says why:
    "Saturday", "Sunday" or the name of the holiday.
    """

    day: date
    number: int | None
    skipped: str | None


def holiday(day: date) -> str | None:
    """Name the public holiday in England and Wales on this day, or return None.

    One-off holidays and substitute days are included (https://www.gov.uk/bank-holidays). A holiday
    that falls on a weekend is named on its own day as well as on its substitute day.
    Raises ValueError outside 1990 to 2100.
    """
    _require_covered(day)
    return _holidays_of(day.year).get(day)


def is_working_day(day: date) -> bool:
    """Say whether this is a working day: no Saturday, Sunday or public holiday.

    Public holidays are those of England and Wales (https://www.gov.uk/bank-holidays).
    Raises ValueError outside 1990 to 2100.
    """
    return _why_skipped(day) is None


def working_days(first: date, last: date) -> bytes:
    """Say of each day from `first` to `last`, itself too, whether it is a working day: 1, else 0.

    For many counts over the same years: how many working days there are up to each day is then
    added up once. Raises ValueError outside 1990 to 2100.
    """
    _require_covered(first)
    _require_covered(last)
    years = b"".join(map(_working_days_of, range(first.year, last.year + 1)))
    start = (first - date(first.year, 1, 1)).days
    return years[start : start + max(0, (last - first).days + 1)]


def after(anchor: date, n: int, unit: Unit) -> date:
    """Return the last day of "within n units of the anchor", met by the end of that day.

    The anchor is day 0, as in "within five working days of becoming aware" (Working Together to
    Safeguard Children).

    - working_days: the nth working day after the anchor. An anchor on a weekend or a holiday is
      still day 0, so the next working day is day 1.
    - days: n calendar days on, wherever that falls; a weekend does not move it.
    - months: the same day of the month n months on, or that month's last day where it is shorter.
      No source says what a shorter month does: this is a reading, and `clipped` tells where it
      was needed.

    With n = 0 the answer is the anchor itself. Raises ValueError for a negative n, and where the
    count leaves 1990 to 2100.
    """
    return _end(anchor, n, unit, backwards=False)


def before(anchor: date, n: int, unit: Unit) -> date:
    """Return the latest day that is "at least n units before the anchor".

    The anchor is not counted, as in "at least seven working days before publication" (Child
    Safeguarding Practice Review and Relevant Agency (England) Regulations 2018, SI 2018/789).

    - working_days: the nth working day before the anchor.
    - days: n calendar days earlier, wherever that falls.
    - months: the same day of the month n months earlier, or that month's last day where it is
      shorter.

    With n = 0 the answer is the anchor itself. Raises ValueError for a negative n, and where the
    count leaves 1990 to 2100.
    """
    return _end(anchor, n, unit, backwards=True)


def count(anchor: date, n: int, unit: Unit, *, backwards: bool = False) -> tuple[Day, ...]:
    """Count the units one by one, from the day next to the anchor to the due date.

    The last entry's day is what `after` (or `before`, if `backwards`) returns; n = 0 gives an
    empty tuple. Only working days are ever skipped over. A day that is both a weekend and a
    holiday is called by its weekday. Months give one entry for each month's step from the anchor.
    Raises ValueError for a negative n, and where the count leaves 1990 to 2100.
    """
    if unit == "working_days":
        _require_count(anchor, n)
        return tuple(_walk(anchor, n, _BACKWARDS if backwards else _FORWARDS))
    # The due date first: it refuses what is out of range before a long list is made.
    _end(anchor, n, unit, backwards=backwards)
    steps = range(1, n + 1)
    return tuple(Day(_end(anchor, i, unit, backwards=backwards), i, None) for i in steps)


def clipped(anchor: date, n: int, *, backwards: bool = False) -> bool:
    """Say whether n months from the anchor end early because that month is shorter.

    True for 29 August 2025 and 6 months: February 2026 has no 29th, so the count ends on the 28th.
    Raises ValueError for a negative n, and where the count leaves 1990 to 2100.
    """
    return _end(anchor, n, "months", backwards=backwards).day != anchor.day


def is_provisional(day: date) -> bool:
    """Say whether this due date lies beyond the last year of published public holidays.

    Such a date is given, and marked: a holiday may still be added or moved. The due date alone
    decides, whichever way it was counted. Raises ValueError outside 1990 to 2100.
    """
    _require_covered(day)
    return day > LAST_PUBLISHED


def working_days_left(as_of: date, due: date) -> int:
    """Count the working days after `as_of` up to and including `due`.

    Once `due` is past, minus the working days after it up to and including `as_of`: 0 on the
    weekend after a Friday, -1 on the Monday. Raises ValueError outside 1990 to 2100.
    """
    if as_of <= due:
        return _working_days_between(as_of, due)
    return -_working_days_between(due, as_of)


def _require_covered(day: date) -> None:
    """Refuse a day outside the calendar; comparing refuses a datetime with a TypeError."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(_outside(f"{day.isoformat()} is"))


def _require_count(anchor: date, n: int) -> None:
    _require_covered(anchor)
    if n < 0:
        raise ValueError(f"A period is counted with a number from 0 up, not {n}.")


def _outside(what: str) -> str:
    return f"{what} outside the calendar, which covers {FIRST_DAY.year} to {LAST_DAY.year}."


@cache
def _holidays_of(year: int) -> Mapping[date, str]:
    # Imported here because it takes a tenth of a second, which `--help` and many tests can spare.
    from holidays.countries.united_kingdom import UnitedKingdom  # noqa: PLC0415

    # The library's constructors are not typed.
    load: Callable[..., Mapping[date, str]] = UnitedKingdom
    # Without a language, it names the holidays in that of the user's environment.
    found = load(subdiv="ENG", years=year, expand=False, language="en_GB")
    return {day: _gov_uk_name(name) for day, name in found.items()}


def _gov_uk_name(name: str) -> str:
    name, observed, _ = name.partition(" (observed)")
    return _GOV_UK_NAMES.get(name, name) + (" (substitute day)" if observed else "")


def _is_weekday(day: date) -> bool:
    return day.weekday() < 5  # noqa: PLR2004  (Monday is 0)


def _why_skipped(day: date) -> str | None:
    name = holiday(day)
    match day.weekday():
        case 5:
            return "Saturday"
        case 6:
            return "Sunday"
        case _:
            return name


@cache
def _working_days_of(year: int) -> bytes:
    first, after_last = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    return bytes(is_working_day(date.fromordinal(day)) for day in range(first, after_last))


def _walk(anchor: date, n: int, step: timedelta) -> Iterator[Day]:
    """Yield every day from the one next to the anchor to the nth working day."""
    day, number = anchor, 0
    while number < n:
        day += step
        skipped = _why_skipped(day)
        if skipped is None:
            number += 1
            yield Day(day, number, None)
        else:
            yield Day(day, None, skipped)


def _end(anchor: date, n: int, unit: Unit, *, backwards: bool) -> date:
    _require_count(anchor, n)
    match unit:
        case "working_days":
            return _nth_working_day(anchor, n, _BACKWARDS if backwards else _FORWARDS)
        case "days":
            return _shift_days(anchor, -n if backwards else n)
        case "months":
            return _shift_months(anchor, -n if backwards else n)
        case _:
            assert_never(unit)


@lru_cache(maxsize=16_384)
def _nth_working_day(anchor: date, n: int, step: timedelta) -> date:
    day = anchor
    for counted in _walk(anchor, n, step):
        day = counted.day
    return day


def _shift_days(anchor: date, n: int) -> date:
    # Measured before it is added: a date far beyond the calendar can't be made at all.
    if not (FIRST_DAY - anchor).days <= n <= (LAST_DAY - anchor).days:
        raise ValueError(_outside(f"{anchor.isoformat()} and {n:+d} days end"))
    return anchor + timedelta(days=n)


def _shift_months(anchor: date, n: int) -> date:
    # Months since year 0, so that a carry over the turn of the year is one division.
    year, month0 = divmod(anchor.year * 12 + anchor.month - 1 + n, 12)
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise ValueError(_outside(f"{anchor.isoformat()} and {n:+d} months end"))
    last = monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(anchor.day, last))


@lru_cache(maxsize=16_384)
def _working_days_between(start: date, end: date) -> int:
    """Count the working days after `start` up to and including `end`."""
    _require_covered(start)
    _require_covered(end)
    weeks, rest = divmod((end - start).days, 7)
    weekdays = weeks * 5 + sum(_is_weekday(start + timedelta(days=i)) for i in range(1, rest + 1))
    years = range(start.year, end.year + 1)
    holidays = (day for y in years for day in _holidays_of(y) if day.year == y)
    return weekdays - sum(_is_weekday(day) for day in holidays if start < day <= end)
