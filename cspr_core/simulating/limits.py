"""When something asked for is in time: requirements' limits, made ready to count from a log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from cspr_core.calendar import Unit
from cspr_core.model.arrangements import DatedValue, Limited, Requirement
from cspr_core.model.patterns import Anchor, IncidentDate, Period, SubjectDate
from cspr_core.simulating.days import WorkingDays
from cspr_core.simulating.log import INCIDENT, Entry, Log, Since, first_of, tests_of


class Window(NamedTuple):
    """The days from which and until which something is in time, as far as there are any."""

    start: int | None = None
    due: int | None = None


class Subject(NamedTuple):
    """What a requirement is asked of: an agency, or something that has a day of its own."""

    agency: str | None = None
    day: int | None = None


Start = Callable[[Log, Subject], int | None]
_NOBODY = Subject()
_LIMITS = ("within", "before", "around", "by")


class _Value(NamedTuple):
    """One value of a limit, and the day from which it holds."""

    from_: int
    name: str
    n: int
    unit: Unit
    start: Start
    as_: str | None


class Limit(NamedTuple):
    """A requirement's limit; of several values, the day of an event decides which holds."""

    values: tuple[_Value, ...]
    governed: tuple[Since, ...]


Limits = Mapping[str, Limit]  # by the requirement's id
NO_LIMIT = Limit((), ())


def limit_of(requirement: Requirement) -> Limit:
    """A requirement's limit, dated or not; without values where it has none."""
    if not isinstance(requirement, Limited):
        return NO_LIMIT
    stated = requirement.values or (
        DatedValue(
            within=requirement.within,
            before=requirement.before,
            around=requirement.around,
            by=requirement.by,
        ),
    )
    found = [value for one in stated for value in _values(one)]
    return Limit(tuple(found), tuple(first_of(p) for p in stated[0].governed_by))


def _values(one: DatedValue) -> list[_Value]:
    from_ = one.in_force_from.toordinal() if one.in_force_from else 0
    found = []
    for name in _LIMITS:
        period: Period | None = getattr(one, name)
        if period is not None:
            n, unit = period.n or 0, period.unit or "days"
            found.append(_Value(from_, name, n, unit, _start(period.of), period.as_))
    return found


def window(
    limit: Limit, limits: Limits, log: Log, days: WorkingDays, subject: Subject = _NOBODY
) -> Window:
    """From when until when something is in time, as far as the log tells what it counts from."""
    on = date.max.toordinal()
    for governing in limit.governed:
        if (day := governing(log)) is not None:
            on = day
            break
    value = None
    for each in limit.values:
        if each.from_ <= on:
            value = each
    if value is None:
        return Window()
    if value.as_ is not None:
        return window(limits[value.as_], limits, log, days, subject)
    start = value.start(log, subject)
    if start is None:
        return Window()
    if value.name == "within":
        return Window(start, days.limit(start, value.n, value.unit))
    if value.name == "by":
        return Window(None, start)
    due = days.limit(start, value.n, value.unit, backwards=True)
    return Window(due, start) if value.name == "around" else Window(None, due)


def _start(of: Any) -> Start:
    if isinstance(of, Anchor):
        return _anchor(of)
    if isinstance(of, IncidentDate):
        return lambda log, subject: log.first(INCIDENT)
    if isinstance(of, SubjectDate):
        return lambda log, subject: subject.day
    first = first_of(of)
    return lambda log, subject: first(log)


def _anchor(of: Anchor) -> Start:
    tests, by_agency, planned = tests_of(of), "agency" in of.same, of.as_ == "planned"
    if not by_agency and not planned and of.field is None:
        return lambda log, subject: log.first(of.event, tests)

    def start(log: Log, subject: Subject) -> int | None:
        found = log.all(of.event, tests)
        if by_agency and subject.agency is not None:
            found = [entry for entry in found if subject.agency in entry["agency"]]
        held = [_day(entry, of.field, planned=planned) for entry in found]
        return min((day for day in held if day is not None), default=None)

    return start


def _day(entry: Entry, field: str | None, *, planned: bool) -> int | None:
    if field is not None:
        day: int | None = entry.get(field)
        return day
    set_for: int | None = entry.get("planned") if planned else None
    happened: int = entry["date"]
    return happened if set_for is None else set_for
