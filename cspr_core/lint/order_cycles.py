"""CSPR204: orders that go round in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.lint.parts import periods
from cspr_core.model.arrangements import Limited, Requirement, Step
from cspr_core.model.patterns import EventPattern, MeetingPattern, OneOf, Value

CODE = "CSPR204"
TITLE = "Orders go round in a circle"
SEVERITY: Severity = "error"

# From what comes first to what comes after it, with the requirement that says so.
_Orders = dict[str, dict[str, Requirement]]


def check(context: Context) -> Iterator[Message]:
    """Each circle of things of which each has to come after the one before, once."""
    for requirement in context.requirements:
        # with the national duties and those above in the file: the last one closes the circle
        orders = _orders(context, requirement)
        for first, last, _ in _order(requirement):
            path = _path(orders, last, first)
            if path is None:
                continue
            others = ", ".join(f"`{r.id}`" for r in path) or "itself"
            yield context.about(
                requirement,
                f"`{requirement.id}` goes round in a circle with {others}: all can be kept only"
                " where everything happens on one day",
                "Read the order in the document again, and turn one of them round",
                "id",
            )


def _orders(context: Context, until: Requirement) -> _Orders:
    found: _Orders = {}
    national = () if context.is_national else context.rules.nation.arrangements.requirements
    for requirement in (*national, *context.requirements):
        if requirement.id == until.id:
            break
        if requirement.for_each == until.for_each:
            for first, last, by in _order(requirement):
                found.setdefault(first, {}).setdefault(last, by)
    return found


def _order(requirement: Requirement) -> Iterator[tuple[str, str, Requirement]]:
    """What the requirement says comes before what: only where each is one thing."""
    if not isinstance(requirement, Limited) or len(requirement.met_by) != 1:
        return
    done = _name(requirement.met_by[0])
    earlier: list[Value] = []
    later: list[Value] = []
    if isinstance(requirement, Step):
        earlier = [first for first in requirement.after if not isinstance(first, OneOf)]
        later = list(requirement.ahead_of) if len(requirement.ahead_of) == 1 else []
    later += [p.of for _, form, p in periods(requirement) if form == "before" and p.of is not None]
    for first in earlier:
        if (name := _name(first)) and done:
            yield name, done, requirement
    for last in later:
        if (name := _name(last)) and done:
            yield done, name, requirement


def _name(value: Value) -> str:
    """A pattern as text, equal where the same thing is meant."""
    if not isinstance(value, (EventPattern, MeetingPattern)):
        return ""
    said: Mapping[str, object] = value.model_dump(
        by_alias=True, exclude_defaults=True, exclude={"as_", "field", "stands"}
    )
    return repr(sorted(said.items(), key=lambda pair: pair[0]))


def _path(orders: _Orders, start: str, end: str) -> list[Requirement] | None:
    """The requirements on the way from one thing to another, or None where there is none."""
    if start == end:
        return []
    ways: list[tuple[str, list[Requirement]]] = [(start, [])]
    seen = {start}
    while ways:
        here, path = ways.pop(0)
        for last, by in orders.get(here, {}).items():
            if last == end:
                return [*path, by]
            if last not in seen:
                seen.add(last)
                ways.append((last, [*path, by]))
    return None
