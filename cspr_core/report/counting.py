"""A limit's days, counted one by one for whoever has to trust the date: holidays are named.

What the due date is, `cspr_core.limits` has counted; here it is only shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from cspr_core import calendar
from cspr_core.calendar import Day
from cspr_core.limits import LimitDetail
from cspr_core.report.layout import labelled, short
from cspr_core.report.timetable import counted_words, noun, short_day
from cspr_core.report.words import Words, amount, day

_LONG = 31  # beyond a month, days are not counted one by one
_WEEKEND = (5, 6)
_FARTHEST = timedelta(days=21)  # how far beyond the due date a noted day is counted on to
_INDENT = " " * 12


def counted_lines(
    words: Words, limit: LimitDetail, notes: Mapping[date, str] | None = None
) -> Iterator[str]:
    """What a limit is counted from, and each day of the count, at most 79 columns wide.

    `notes` are put beside their days; a noted day that lies at most three weeks beyond the due
    date is counted on to.
    """
    notes = notes or {}
    yield from labelled("Counted", counted_words(words, limit))
    if limit.value.form == "by" and not limit.value.n:
        yield from labelled("", f"Due on that day: {day(limit.due)}")
    elif limit.value.form == "around":
        if limit.opens is not None:
            yield from labelled("", f"Not before {day(limit.opens)}, not after {day(limit.due)}")
    elif limit.value.n:
        yield from _days(limit, notes, backwards=limit.value.form == "before")
    if limit.other is not None:
        other, event = limit.other
        yield from labelled("", f"Counted from {noun(words, event)} instead: {day(other)}")
    if limit.provisional:
        last = calendar.LAST_PUBLISHED.year
        yield from labelled("", f"Provisional: public holidays are published to {last} only.")
    if limit.agreed_due is not None:
        yield from labelled("", f"Agreed new date: {day(limit.agreed_due)}")


def _days(limit: LimitDetail, notes: Mapping[date, str], *, backwards: bool) -> Iterator[str]:
    value = limit.value
    unit: Any = value.unit
    start = "counting back from here" if backwards else "the day it counts from"
    yield f"{_INDENT}  0  {short(limit.start.day)}  {start}"
    if unit == "months":
        much = amount(value.n, unit)
        text = f"due: {much} {'back' if backwards else 'on'}, the same day of the month"
        yield f"{_INDENT}{value.n:>3}  {short(limit.due)}  {text}"
        if calendar.clipped(limit.start.day, value.n, backwards=backwards):
            yield f"{_INDENT}     that month has no day {limit.start.day.day}: its last day"
        return
    days = calendar.count(limit.start.day, value.n, unit, backwards=backwards)
    if unit == "days" or len(days) > _LONG:
        kind = "every day counts, weekends too" if unit == "days" else "working days"
        yield f"{_INDENT}     ... {kind} ..."
        yield f"{_INDENT}{value.n:>3}  {short(limit.due)}  due"
        return
    further = _further(limit, notes, backwards=backwards)
    for group in _grouped([*days, *further], notes):
        first = group[0]
        noted = "".join(f"  <- {notes[one.day]}" for one in group if one.day in notes)
        if first.number is not None:
            due = "  due" if first.number == value.n else ""
            yield f"{_INDENT}{first.number:>3}  {short(first.day)}{due}{noted}"
        else:
            dates = " and ".join(_without_year(one.day) for one in group)
            why = " and ".join(str(one.skipped) for one in group)
            why = "weekend" if len(group) > 1 else why
            yield f"{_INDENT}  -  {dates}: {why}, not counted{noted}"


def _further(limit: LimitDetail, notes: Mapping[date, str], *, backwards: bool) -> list[Day]:
    """The days beyond the due date, on to the last one that is noted."""
    sign = -1 if backwards else 1
    ahead = [n for n in notes if timedelta(0) < (n - limit.due) * sign <= _FARTHEST]
    if not ahead:
        return []
    last = max(ahead) if sign > 0 else min(ahead)
    found = calendar.count(
        limit.start.day, limit.value.n + _FARTHEST.days, "working_days", backwards=backwards
    )
    return [
        one for one in found if timedelta(0) < (one.day - limit.due) * sign <= abs(last - limit.due)
    ]


def _grouped(days: Sequence[Day], notes: Mapping[date, str]) -> Iterator[list[Day]]:
    """Each day alone, and the two days of a weekend together."""
    held: list[Day] = []
    for one in days:
        if one.number is None and one.skipped in ("Saturday", "Sunday"):
            held.append(one)
            if len(held) == len(_WEEKEND) or one.day in notes:
                yield held
                held = []
            continue
        if held:
            yield held
            held = []
        yield [one]  # a count ends with a working day, or with a day that is noted


def _without_year(value: date) -> str:
    return short_day(value).rpartition(" ")[0]
