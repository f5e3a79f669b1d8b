"""What has happened in a case that is being made: events, meetings and forms, found by pattern.

Days are ordinals. What requirements speak of (`cspr_core.model.patterns`) is made into small
functions that find the first day of it in a log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from cspr_core.model.case import Event
from cspr_core.model.patterns import (
    AllOf,
    AnyOf,
    DecisionIs,
    DelayIs,
    EventPattern,
    FormPattern,
    Happened,
    MeetingPattern,
    OneOf,
    ParallelIs,
)
from cspr_core.reading.uses import ATTRIBUTES

Entry = dict[str, Any]
Tests = tuple[tuple[str, frozenset[str]], ...]
INCIDENT = "incident"
ALWAYS = 0  # the day since when something holds that is taken to hold


class Log:
    """Events by type, meetings by body, receipts by form; and what runs beside the case."""

    def __init__(self) -> None:
        self.events: list[Entry] = []
        self.meetings: list[Entry] = []
        self.forms: list[Entry] = []
        self.parallel: list[Entry] = []
        self.delays: list[Entry] = []
        self.by_type: dict[str, list[Entry]] = {}
        self.by_body: dict[str, list[Entry]] = {}
        self.decided: tuple[int, str] | None = None  # the latest decision
        self._first: dict[str, int] = {}

    def event(self, type_: str, day: int, **attributes: Any) -> Entry:
        """Enter an event; attributes without a value are left out."""
        entry: Entry = {"type": type_}
        entry |= {name: value for name, value in attributes.items() if value is not None}
        entry["date"] = day
        self.events.append(entry)
        alike = self.by_type.get(type_)
        if alike is None:
            self.by_type[type_], self._first[type_] = [entry], day
        else:
            alike.append(entry)
            self._first[type_] = min(self._first[type_], day)
        if type_ == "decision":
            self.decided = day, entry["outcome"]
        return entry

    def incident(self, day: int) -> None:
        """Enter the day of the incident, which is no event of a case file."""
        self._first[INCIDENT] = day

    def meeting(self, body: str, day: int, name: str) -> Entry:
        """Enter a meeting of a body."""
        entry: Entry = {"id": name, "body": body, "date": day}
        self.meetings.append(entry)
        self.by_body.setdefault(body, []).append(entry)
        return entry

    def all(self, type_: str, tests: Tests = ()) -> list[Entry]:
        """The events of this type of which all tests hold."""
        found = self.by_type.get(type_, [])
        return [entry for entry in found if fits(entry, tests)] if tests else found

    def first(self, type_: str, tests: Tests = ()) -> int | None:
        """The first day of an event of this type of which all tests hold."""
        if not tests:
            return self._first.get(type_)
        found = [entry["date"] for entry in self.by_type.get(type_, ()) if fits(entry, tests)]
        return min(found) if found else None


def fits(entry: Entry, tests: Tests) -> bool:
    """Whether an event has one of the words asked for in each attribute."""
    for name, words in tests:
        value = entry.get(name)
        if value is None or (
            value not in words if isinstance(value, str) else words.isdisjoint(value)
        ):
            return False
    return True


Since = Callable[[Log], int | None]  # the day since when something is so; nothing where it isn't


def tests_of(pattern: EventPattern) -> Tests:
    """What a pattern asks of an event's attributes."""
    found = []
    for name, key in ATTRIBUTES.items():
        value = getattr(pattern, name, None) if name in type(pattern).model_fields else None
        if value and name in Event.model_fields:
            found.append((key, frozenset([value] if isinstance(value, str) else value)))
    return tuple(found)


def first_of(done: Any) -> Since:
    """The first day of what was done; nothing for what has no day of its own."""
    if isinstance(done, OneOf):
        return earliest([first_of(each) for each in done.any])
    if isinstance(done, EventPattern):
        tests = tests_of(done)
        return lambda log: log.first(done.event, tests)
    if isinstance(done, MeetingPattern):
        return lambda log: _first_day([*log.by_body.get(done.meeting, ()),
                                       *log.by_type.get(done.meeting, ())])  # fmt: skip
    if isinstance(done, FormPattern):
        return lambda log: _first_day(f for f in log.forms if f["form"] == done.form)
    return lambda log: None


def _first_day(entries: Iterable[Entry]) -> int | None:
    return min((e["received"] if "received" in e else e["date"] for e in entries), default=None)


def earliest(since: list[Since]) -> Since:
    """The first day of any of these."""
    if len(since) == 1:
        return since[0]
    return lambda log: min([d for one in since if (d := one(log)) is not None], default=None)


def latest(since: list[Since]) -> Since:
    """The day from which on all of these are so; nothing unless all are."""
    if len(since) == 1:
        return since[0]

    def found(log: Log) -> int | None:
        last = ALWAYS
        for one in since:
            day = one(log)
            if day is None:
                return None
            last = max(last, day)
        return last

    return found


def since_when(condition: Any) -> Since:
    """The day since when a condition holds, as nearly as a story needs to know.

    What depends on other requirements' findings, on answers and on what is not so is taken to hold.
    """
    if isinstance(condition, DecisionIs):
        return lambda log: _decided(log, condition.decision)
    if isinstance(condition, Happened):
        return earliest([first_of(each) for each in condition.happened])
    if isinstance(condition, ParallelIs):
        return lambda log: min(
            (p["opened"] for p in log.parallel if p["type"] in condition.parallel), default=None
        )
    if isinstance(condition, DelayIs):
        return lambda log: min((d["arose"] for d in log.delays), default=None)
    if isinstance(condition, AnyOf):
        return earliest([since_when(each) for each in condition.any])
    if isinstance(condition, AllOf):
        return latest([since_when(each) for each in condition.all])
    return lambda log: ALWAYS


def _decided(log: Log, outcomes: tuple[str, ...]) -> int | None:
    return log.decided[0] if log.decided is not None and log.decided[1] in outcomes else None
