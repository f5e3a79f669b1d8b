"""CSPR202: two requirements of which one can't be kept where the other is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from cspr_core.lint.conditions import can_meet, narrower
from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.lint.parts import counted, periods
from cspr_core.model.arrangements import (
    Attendance,
    Hold,
    Independence,
    Limited,
    Number_,
    Requirement,
)
from cspr_core.model.patterns import EventPattern, Period, Value

CODE = "CSPR202"
TITLE = "Two requirements contradict each other"
SEVERITY: Severity = "error"

# Calendar days to each unit, at least and at most; on top of the working days a run of free days.
_SHORTEST = {"working_days": 1, "days": 1, "months": 28}
_LONGEST = {"working_days": 2, "days": 1, "months": 31}
_SLACK = 6


def check(context: Context) -> Iterator[Message]:
    """Each pair, and each single requirement, that asks for what it rules out itself."""
    for requirement in context.requirements:
        for what in _alone(requirement):
            yield context.about(
                requirement, f"`{requirement.id}` {what}", "Keep what the document says", "id"
            )
    national = () if context.is_national else context.national.values()
    pairs = [*combinations(context.requirements, 2), *product(national, context.requirements)]
    for one, other in pairs:
        if one.for_each != other.for_each:
            continue
        for what in (*_between(one, other), *_between(other, one)):
            if can_meet((one, other), context.rules.by_id):
                yield context.about(
                    other,
                    f"`{other.id}` and `{one.id}` contradict each other: {what}",
                    "Read the two passages again, and say in `reading` which one holds when",
                    "id",
                )


def _alone(requirement: Requirement) -> Iterator[str]:
    """What a requirement asks for and rules out itself."""
    if isinstance(requirement, Independence):
        yield from _of_a_person(requirement)
    if isinstance(requirement, Attendance):
        role = _away(requirement)
        places = [seat.role for seat in requirement.present]
        if role is not None and (role in requirement.led_by or (role,) in places):
            yield f"asks for the `{role}` to be there and to stay away"
    if isinstance(requirement, Limited):
        yield from _too_early(requirement)


def _of_a_person(requirement: Independence) -> Iterator[str]:
    for name in sorted(set(requirement.no) & set(requirement.yes)):
        yield f"asks that `{name}` be answered yes and no"
    who = None if requirement.for_each is None else requirement.for_each.person
    if who is not None and who.role in requirement.not_role:
        yield f"is asked of each `{who.role}` and forbids that role"
    if who is not None and who.body in requirement.not_in:
        yield f"is asked of each member of `{who.body}` and forbids the membership"


def _too_early(requirement: Limited) -> Iterator[str]:
    """Due so long before something, and not counting before it."""
    for _, form, period in periods(requirement):
        if form != "before" or not period.n or not isinstance(period.of, EventPattern):
            continue
        for since in requirement.since:
            if narrower(_plain(period.of), since):
                yield (
                    f"has to be done {counted(period)} before `{since.event}`, and does not"
                    " count before it"
                )


def _away(requirement: Attendance) -> str | None:
    """A role that stays away altogether."""
    absent = requirement.absent
    return None if absent is None or absent.yes or absent.no else absent.role


def _between(one: Requirement, other: Requirement) -> Iterator[str]:
    """What the one asks for and the other rules out, in words."""
    if isinstance(one, Limited) and isinstance(other, Limited):
        yield from _apart(one, other)
    if isinstance(one, Limited) and isinstance(other, Hold):
        yield from _held(one, other)
    if isinstance(one, Limited) and isinstance(other, Number_) and other.max == 0:
        asked = one.met_by and all(narrower(done, other.of) for done in one.met_by)
        if asked:
            yield f"`{other.of.event}` is asked for, and there may be none"
    if isinstance(one, Independence) and isinstance(other, Independence):
        for name in sorted(set(one.no) & set(other.yes)):
            yield f"`{name}` has to be answered no and yes"
        if one.only and other.only and one.id < other.id and not set(one.only) & set(other.only):
            yield "they come from agencies that have none in common"
    if isinstance(one, Attendance) and isinstance(other, Attendance):
        role = _away(one)
        wanted = [seat.role for seat in other.present]
        if role is not None and ((role,) in wanted or other.led_by == (role,)):
            yield f"the `{role}` has to stay away, and to be there"


def _apart(one: Limited, other: Limited) -> Iterator[str]:
    """Before something by much, and close around it: both can't be kept by one and the same."""
    if not _same_deed(one, other):
        return
    for _, form, before in periods(one):
        if form != "before" or not before.n:
            continue
        for _, form_, around in periods(other):
            if form_ == "around" and _same_start(before, around) and _longer(before, around):
                yield (
                    f"at least {counted(before)} before, and not sooner than {counted(around)}"
                    " before"
                )


def _held(one: Limited, hold: Hold) -> Iterator[str]:
    """Due while it is still held back."""
    if not one.met_by or not all(narrower(done, hold.hold) for done in one.met_by):
        return
    for _, form, within in periods(one):
        for _, _, held in periods(hold):
            if form == "within" and _same_start(within, held) and _longer(held, within):
                yield f"due within {counted(within)}, and held back for {counted(held)}"


def _same_deed(one: Limited, other: Limited) -> bool:
    return bool(one.met_by) and set(map(_key, one.met_by)) == set(map(_key, other.met_by))


def _key(value: Value) -> str:
    return value.model_dump_json(by_alias=True, exclude_defaults=True)


def _plain(value: EventPattern) -> EventPattern:
    """An anchor as the event that it is."""
    names = EventPattern.model_fields
    return EventPattern.model_validate({name: getattr(value, name) for name in names}, by_name=True)


def _same_start(one: Period, other: Period) -> bool:
    if isinstance(one.of, EventPattern) and isinstance(other.of, EventPattern):
        return _plain(one.of) == _plain(other.of)
    return one.of is not None and one.of == other.of


def _longer(one: Period, other: Period) -> bool:
    """Whether the one is longer than the other on every date.

    Where the units differ, the shortest that the one can be is held against the longest that the
    other can: a working day is a day at least, and with weekends and holidays seldom over two.
    """
    least, most = one.n or 0, other.n or 0
    if one.unit == other.unit:
        return least > most
    longest = most * _LONGEST[other.unit or "days"]
    if other.unit == "working_days":
        longest += _SLACK
    return least * _SHORTEST[one.unit or "days"] > longest
