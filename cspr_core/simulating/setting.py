"""What an area's arrangements and the nation's ask of a case, made ready for telling stories.

Nothing here knows an area by name: which forms, bodies, seats, events and confirmations there are
is read from the requirements, so that each has something to hold against.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cspr_core.check import Rules
from cspr_core.model.arrangements import (
    Attendance,
    Composition,
    Form,
    Independence,
    Limited,
    Requirement,
    Seat,
    Step,
)
from cspr_core.model.patterns import DelayIs, EventPattern, MeetingPattern, SubjectPattern
from cspr_core.simulating.limits import Limit, Limits, limit_of
from cspr_core.simulating.log import (
    Since,
    Tests,
    earliest,
    first_of,
    latest,
    since_when,
    tests_of,
)
from cspr_core.vocabulary import vocabulary

PARTNERS = ("childrens_social_care", "police", "icb")
# What a story tells of itself, in every area; other events are told where requirements name them.
TOLD = frozenset(
    "referral_received referral_answered aware death notified notification_withdrawn"
    " information_requested information_returned rapid_review_sent panel_response decision"
    " reviewer_appointed announced terms_of_reference author_asked author_briefing"
    " chronology_returned analysis_returned practitioner_event family_letter family_meeting"
    " sign_off report_sent publication taken_down escalated learning_briefing learning_discussed"
    " action_plan".split()
)
DRAFTS = (
    {"type": "draft_shared", "version": "first", "with": "review_group"},
    {"type": "draft_shared", "version": "final", "with": "executive"},
)


class Asked(NamedTuple):
    """Something that requirements ask for: when it is in play, its limit, and its order."""

    id: str
    stage: str
    each: str | None  # the kind of subject: agency, meeting, form, …
    of: tuple[str, ...]  # which meetings, forms or processes
    since: Since
    limit: Limit
    after: Since  # since when all that comes first has been done
    ahead: Since  # the day of what comes after it


class Fill(NamedTuple):
    """An event that a requirement asks for and no story tells of itself."""

    asked: Asked
    type: str
    tests: Tests
    subject: bool  # whether it is about the requirement's subject


class FormAsked(NamedTuple):
    """A form, the stage at which it comes, who signs it, and its boxes."""

    form: str
    stage: str
    signed: tuple[str, ...]
    boxes: tuple[str, ...]


@dataclass(frozen=True)
class Setting:
    """An area, with all that its cases may be held against."""

    area: str
    bodies: frozenset[str] = field(default_factory=frozenset)
    seats: dict[str, list[Seat]] = field(default_factory=dict)
    chairs: dict[str, Seat] = field(default_factory=dict)
    further: dict[str, int] = field(default_factory=dict)
    agenda: dict[str, list[tuple[str, bool]]] = field(default_factory=dict)
    led_by: dict[str, tuple[str, ...]] = field(default_factory=dict)
    roles: frozenset[str] = field(default_factory=frozenset)
    qualities: tuple[str, ...] = ()
    forms: tuple[FormAsked, ...] = ()
    fills: tuple[Fill, ...] = ()
    own_events: tuple[tuple[str, tuple[Tests, ...]], ...] = ()
    confirmable: tuple[Asked, ...] = ()
    besides: tuple[tuple[Asked, Since], ...] = ()
    excusable: tuple[Asked, ...] = ()
    delayed: tuple[str, ...] = ()
    limits: Limits = field(default_factory=dict)
    ready: dict[str, Since] = field(default_factory=dict)  # since when it may be, by event type
    by_event: Limits = field(default_factory=dict)  # by the type of event that deadlines ask for
    delay_told: tuple[str, ...] = ()


# --- making it -----------------------------------------------------------------------------------


def setting_of(rules: Rules) -> Setting:
    """What the requirements of an area and of the nation ask for."""
    requirements = [lowered.requirement for lowered in rules.lowered]
    order = _Order(requirements)
    asked = {r.id: _asked(r, order) for r in requirements}
    seats, chairs, further = _seats(requirements)
    return Setting(
        rules.plugin.area,
        frozenset(rules.plugin.arrangements.bodies),
        seats,
        chairs,
        further,
        _agenda(requirements),
        {r.for_each.meeting: r.led_by for r in requirements
         if isinstance(r, Attendance) and r.led_by and r.for_each and r.for_each.meeting},
        _roles(requirements),
        _qualities(requirements),
        _forms(requirements),
        tuple(_fills(requirements, asked)),
        tuple(_own_events(requirements)),
        tuple(asked[r.id] for r in requirements if _by_minutes(r)),
        tuple(
            (asked[r.id], earliest([first_of(p) for p in r.met_by])) for r in requirements
            if isinstance(r, Limited) and r.met_by and r.confirmable == "yes" and not r.for_each
        ),
        tuple(asked[r.id] for r in requirements if r.unless == "recorded"),
        _delayed(requirements),
        {r.id: limit_of(r) for r in requirements},
        {type_: _soft(order.after(EventPattern(event=type_))) for type_ in ("reviewer_appointed",)},
        _by_event(requirements),
        tuple(word for r in requirements if r.delay for word in r.delay.told),
    )  # fmt: skip


class _Order:
    """What requirements put in order: what has to come before an event, and what after it."""

    def __init__(self, requirements: Iterable[Requirement]) -> None:
        self._first: list[tuple[Any, Since]] = []  # what comes first, and what follows it
        self._last: list[tuple[Any, Since]] = []  # what follows, and what comes first
        self._own: list[tuple[Any, list[Since], list[Since]]] = []  # before and after a thing
        for one in requirements:
            if not isinstance(one, Step) or not one.met_by:
                continue
            done = earliest([first_of(p) for p in one.met_by])
            self._first += [(first, done) for first in one.after]
            self._last += [(last, done) for last in one.ahead_of]
            before, then = [first_of(p) for p in one.after], [first_of(p) for p in one.ahead_of]
            self._own += [(pattern, before, then) for pattern in one.met_by]

    def ahead(self, pattern: EventPattern) -> list[Since]:
        """What follows such an event, by what all requirements say."""
        follows = [done for first, done in self._first if _alike(first, pattern)]
        own = [one for done, _, then in self._own if _alike(done, pattern) for one in then]
        return [*follows, *own]

    def after(self, pattern: EventPattern) -> list[Since]:
        """What comes before such an event, by what all requirements say."""
        before = [done for last, done in self._last if _alike(last, pattern)]
        own = [one for done, first, _ in self._own if _alike(done, pattern) for one in first]
        return [*before, *own]


def _alike(one: Any, other: EventPattern) -> bool:
    """Whether an event that fits the second pattern may fit the first."""
    if not isinstance(one, EventPattern) or one.event != other.event:
        return False
    theirs = dict(tests_of(other))
    return all(not words.isdisjoint(theirs.get(name, words)) for name, words in tests_of(one))


def _asked(requirement: Requirement, order: _Order) -> Asked:
    each = requirement.for_each
    kind: str | None = None
    of: tuple[str, ...] = ()
    if each is not None:
        for kind in ("agency", "meeting", "form", "parallel", "person", "event", "recipient",
                     "child", "substitute", "delay"):  # fmt: skip
            value = getattr(each, kind)
            if value:
                of = (value,) if isinstance(value, str) else value
                break
    after: list[Since] = [first_of(p) for p in getattr(requirement, "after", ())]
    ahead: list[Since] = [first_of(p) for p in getattr(requirement, "ahead_of", ())]
    for pattern in getattr(requirement, "met_by", ())[:1]:
        if isinstance(pattern, EventPattern):
            ahead, after = order.ahead(pattern), order.after(pattern)
    return Asked(
        requirement.id,
        requirement.stage,
        kind,
        of if kind in ("meeting", "form", "parallel", "event") else (),
        latest([since_when(condition) for condition in requirement.when]),
        limit_of(requirement),
        _soft(after),
        earliest(ahead),
    )


def _soft(since: list[Since]) -> Since:
    """The last day of those of these that there are."""
    if len(since) == 1:
        return since[0]
    return lambda log: max((d for one in since if (d := one(log)) is not None), default=None)


def _fills(requirements: Iterable[Requirement], asked: dict[str, Asked]) -> Iterable[Fill]:
    seen = set[tuple[str, Tests]]()
    for one in requirements:
        patterns = [p for p in getattr(one, "met_by", ()) if isinstance(p, EventPattern)]
        if not patterns or any(_told(p) for p in patterns):
            continue
        pattern = patterns[0]
        tests = _recordable(pattern)
        each_event = one.for_each is not None and one.for_each.event
        if tests is None or each_event or (pattern.event, tests) in seen:
            continue
        seen.add((pattern.event, tests))
        yield Fill(asked[one.id], pattern.event, tests, bool(pattern.same))


def _recordable(pattern: EventPattern) -> Tests | None:
    """What a case file can say of such an event; nothing where it can't hold such a one."""
    tests, kind = tests_of(pattern), vocabulary().events.get(pattern.event)
    if kind is None:  # an event of the area's own, of which it can say anything
        return tests
    found = []
    for name, words in tests:
        spec = kind.attributes.get(name)
        known = () if spec is None else vocabulary().allowed(spec)
        fitting = frozenset(word for word in words if word in known or "." in word)
        if not fitting:
            return None
        found.append((name, fitting))
    return None if "agency" in pattern.same and "agency" not in kind.attributes else tuple(found)


def _told(pattern: EventPattern) -> bool:
    """Whether stories tell of such an event without being asked."""
    if pattern.event in TOLD:
        return True
    tests = tests_of(pattern)
    return any(
        draft["type"] == pattern.event and all(draft.get(name) in words for name, words in tests)
        for draft in DRAFTS
    )


def _own_events(requirements: Iterable[Requirement]) -> Iterable[tuple[str, tuple[Tests, ...]]]:
    """Events of the area's own that happen seldom, with what may be asked of each."""
    found: dict[str, tuple[Tests, ...]] = {}
    for one in requirements:
        type_ = one.for_each.event if one.for_each else None
        if type_ is not None and "." in type_:
            tests = [tests_of(p) for p in getattr(one, "met_by", ()) if isinstance(p, EventPattern)]
            found[type_] = (*found.get(type_, ()), *tests)
    return found.items()


def _by_minutes(one: Requirement) -> bool:
    """Whether the office confirms it, as no event could show it."""
    no_event = not getattr(one, "met_by", ())
    return (
        one.confirmable == "yes"
        and one.kind_name in ("step", "notification", "deadline")
        and (no_event)
    )


def _seats(
    requirements: Iterable[Requirement],
) -> tuple[dict[str, list[Seat]], dict[str, Seat], dict[str, int]]:
    seats: dict[str, list[Seat]] = {}
    chairs: dict[str, Seat] = {}
    further: dict[str, int] = {}
    for one in requirements:
        if isinstance(one, Composition):
            seats.setdefault(one.body, []).extend(one.seats)
            if one.further is not None:
                further[one.body] = one.further.n
            if one.chair is not None:
                chairs[one.body] = one.chair
        elif isinstance(one, Attendance):
            meeting = one.at or (one.for_each.meeting if one.for_each else None)
            if meeting is not None:
                seats.setdefault(meeting, []).extend(one.present)
    return seats, chairs, further


def _agenda(requirements: Iterable[Requirement]) -> dict[str, list[tuple[str, bool]]]:
    """Of each body and gathering what is due on its agenda, and whether the first time only."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for one in requirements:
        for done in getattr(one, "met_by", ()):
            if isinstance(done, MeetingPattern) and done.agenda:
                found.setdefault(done.meeting, []).append((done.agenda, bool(done.first)))
            meeting = one.for_each.meeting if one.for_each else None
            if isinstance(done, SubjectPattern) and done.subject == "agenda" and meeting:
                found.setdefault(meeting, []).append((done.item or "", False))
    return found


def _roles(requirements: Iterable[Requirement]) -> frozenset[str]:
    """The roles that people of a case may need, for a seat, a signature or an invitation."""
    known, found = vocabulary().words("roles"), set[str]()
    for one in requirements:
        for part in _parts(one.model_dump(by_alias=True, exclude_none=True)):
            for key in ("role", "whom", "invited", "led_by", "who"):
                words = part.get(key, ())
                found.update([words] if isinstance(words, str) else words)
    return frozenset(found & set(known))


def _parts(value: Any) -> Iterable[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _parts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _parts(inner)


def _qualities(requirements: Iterable[Requirement]) -> tuple[str, ...]:
    found = dict.fromkeys(("involved_with_child",))
    for one in requirements:
        if isinstance(one, Independence):
            found.update(dict.fromkeys((*one.no, *one.yes)))
        if isinstance(one, Attendance) and one.absent is not None:
            found.update(dict.fromkeys((*one.absent.no, *one.absent.yes)))
    return tuple(found)


def _forms(requirements: Iterable[Requirement]) -> tuple[FormAsked, ...]:
    return tuple(
        FormAsked(one.for_each.form, one.stage, one.signed, one.boxes)
        for one in requirements
        if isinstance(one, Form) and one.for_each is not None and one.for_each.form
    )


def _delayed(requirements: Iterable[Requirement]) -> tuple[str, ...]:
    """The requirements of which a delay may be recorded."""
    found = [one.id for one in requirements if one.delay is not None]
    for one in requirements:
        found += [c.delayed for c in one.when if isinstance(c, DelayIs)]
    return tuple(dict.fromkeys(found))


def _by_event(requirements: Iterable[Requirement]) -> dict[str, Limit]:
    """The first limit there is for each type of event that deadlines ask for."""
    found: dict[str, Limit] = {}
    for one in requirements:
        for pattern in getattr(one, "met_by", ())[:1]:
            if isinstance(pattern, EventPattern) and one.kind_name == "deadline":
                found.setdefault(pattern.event, limit_of(one))
    return found
