"""What implies what: of patterns for events, meetings and forms, and of conditions over them.

A narrower pattern takes only what the wider one takes too. Conditions are held against each other
as propositions, over every way in which their parts can be true or false together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

from cspr_core.kinds.patterns import EVENT_ATTRIBUTES
from cspr_core.model.arrangements import Seat
from cspr_core.model.patterns import (
    AllOf,
    AnswerIs,
    AnyOf,
    Condition,
    DecisionIs,
    DelayIs,
    DelayTold,
    Done,
    EventPattern,
    FindingIs,
    FormPattern,
    Happened,
    InPlay,
    MeetingPattern,
    Not,
    OneOf,
    ParallelIs,
    RolePattern,
)

_MOST = 12  # parts of conditions held against each other: 4096 ways

Words = tuple[str, ...]


def within(narrow: Words, wide: Words) -> bool:
    """Whether one of `narrow` is always one of `wide`, where no word means any."""
    return not wide or (bool(narrow) and set(narrow) <= set(wide))


def _asks(narrow: object, wide: object) -> bool:
    """Whether what the wider pattern asks for, the narrower one asks for as well."""
    return wide is None or narrow == wide


def narrower(narrow: Done | OneOf, wide: Done | OneOf) -> bool:
    """Whether everything that `narrow` takes is also taken by `wide` (alike counts too)."""
    return all(
        any(_narrower(one, other) for other in alternatives(wide)) for one in alternatives(narrow)
    )


def alternatives(done: Done | OneOf) -> Iterator[Done]:
    """A pattern as single ones: one for each word of each attribute that lists several."""
    if isinstance(done, OneOf):
        for one in done.any:
            yield from alternatives(one)
    elif isinstance(done, EventPattern):
        names = [name for name in EVENT_ATTRIBUTES if len(getattr(done, name)) > 1]
        for words in product(*(getattr(done, name) for name in names)):
            given = {name: (word,) for name, word in zip(names, words, strict=True)}
            yield done.model_copy(update=given)
    else:
        yield done


def _narrower(narrow: Done, wide: Done) -> bool:
    if isinstance(narrow, EventPattern) and isinstance(wide, EventPattern):
        return _narrower_event(narrow, wide)
    if type(narrow) is not type(wide):
        return False
    if narrow == wide:
        return True
    if isinstance(narrow, RolePattern) and isinstance(wide, RolePattern):
        return narrow.role == wide.role and _asks(narrow.body, wide.body)
    if not set(getattr(wide, "same", ())) <= set(getattr(narrow, "same", ())):
        return False
    if isinstance(narrow, MeetingPattern) and isinstance(wide, MeetingPattern):
        # An invitation counts before there is a meeting, so it is another thing than the meeting.
        alike = (narrow.meeting, narrow.invited) == (wide.meeting, wide.invited)
        return alike and _asks(narrow.first, wide.first) and _asks(narrow.agenda, wide.agenda)
    if isinstance(narrow, FormPattern) and isinstance(wide, FormPattern):
        alike = (narrow.form, narrow.returned) == (wide.form, wide.returned)
        return alike and _asks(narrow.complete, wide.complete)
    if isinstance(narrow, DelayTold) and isinstance(wide, DelayTold):
        return narrow.delay_told == wide.delay_told
    return False


def _narrower_event(narrow: EventPattern, wide: EventPattern) -> bool:
    return (
        narrow.event == wide.event
        and (getattr(narrow, "as_", None), getattr(narrow, "field", None))
        == (getattr(wide, "as_", None), getattr(wide, "field", None))
        and set(wide.same) <= set(narrow.same)
        and _asks(narrow.reviewer_named, wide.reviewer_named)
        and wide.stands in ("any", narrow.stands)
        and all(within(getattr(narrow, name), getattr(wide, name)) for name in EVENT_ATTRIBUTES)
    )


def covered(narrow: Sequence[Done | OneOf], wide: Sequence[Done | OneOf]) -> bool:
    """Whether whatever is one of `narrow` is also one of `wide`."""
    any_of = OneOf.model_construct(any=tuple(one for many in wide for one in alternatives(many)))
    return all(narrower(one, any_of) for one in narrow)


def narrower_seat(narrow: Seat, wide: Seat) -> bool:
    """Whether whoever may take the place `narrow` may take the place `wide` as well."""
    return (
        within(narrow.kind, wide.kind)
        and within(narrow.role, wide.role)
        and _asks(narrow.body, wide.body)
    )


# --- conditions ---------------------------------------------------------------------------------

# A condition over the parts that are true: parts are numbered as they are met.
Proposition = Callable[[Sequence[bool]], bool]


class _Parts:
    """The parts of conditions, each once."""

    def __init__(self) -> None:
        self.found: list[Any] = []

    def proposition(self, condition: Condition) -> Proposition:
        if isinstance(condition, AllOf):
            return self.every(condition.all)
        if isinstance(condition, AnyOf):
            return self._some([self.proposition(part) for part in condition.any])
        if isinstance(condition, AnswerIs) and condition.same:  # of a child that is known: each
            alone = [condition.model_copy(update={"answer": (q,)}) for q in condition.answer]
            inner_parts = [self._part(one) for one in alone]
            return lambda true: all(part(true) for part in inner_parts)
        if isinstance(condition, Not):
            inner = self.proposition(condition.not_)
            return lambda true: not inner(true)
        return self._some([self._part(part) for part in _split(condition)])

    def every(self, conditions: Sequence[Condition]) -> Proposition:
        inner = [self.proposition(condition) for condition in conditions]
        return lambda true: all(one(true) for one in inner)

    @staticmethod
    def _some(inner: Sequence[Proposition]) -> Proposition:
        return lambda true: any(one(true) for one in inner)

    def _part(self, part: object) -> Proposition:
        if part not in self.found:
            self.found.append(part)
        index = self.found.index(part)
        return lambda true: true[index]

    def ways(self) -> Iterator[tuple[bool, ...]]:
        """Every way in which the parts can be true together."""
        numbered = range(len(self.found))
        implied = [
            (a, b)
            for a in numbered
            for b in numbered
            if a != b and _implies(self.found[a], self.found[b])
        ]
        for true in product((False, True), repeat=len(self.found)):
            if all(true[b] or not true[a] for a, b in implied):
                yield true


def _split(condition: Any) -> Iterator[Any]:
    """A condition's alternatives, each as a condition of its own."""
    if isinstance(condition, DecisionIs):
        yield from (DecisionIs(decision=(word,)) for word in condition.decision)
    elif isinstance(condition, Happened):
        for done in condition.happened:
            for one in alternatives(done):
                yield condition.model_copy(update={"happened": (one,)})
    elif isinstance(condition, FindingIs) and len(condition.status) > 1:
        for status in condition.status:
            yield condition.model_copy(update={"status": (status,)})
    elif isinstance(condition, ParallelIs):
        for process in condition.parallel:
            yield condition.model_copy(update={"parallel": (process,)})
    else:
        yield condition


def _implies(one: Any, other: Any) -> bool:
    """Whether a part that holds makes another hold too."""
    if type(one) is not type(other):
        return False
    if isinstance(one, Happened):
        return narrower(one.happened[0], other.happened[0]) and (
            one.planned is None or other.planned is not None
        )
    if isinstance(one, AnswerIs):
        # Of the subject itself, and so of some child; all of several, and so each of them.
        return set(other.same) <= set(one.same) and set(other.answer) <= set(one.answer)
    if isinstance(one, InPlay | FindingIs):
        # Of the subject itself, and so of some subject; a `no` has to be everybody's.
        wide, narrow = (one, other) if getattr(one, "answer", "") == "no" else (other, one)
        unscoped = {"same": ()}
        return set(wide.same) <= set(narrow.same) and one.model_copy(
            update=unscoped
        ) == other.model_copy(update=unscoped)
    if isinstance(one, ParallelIs):
        return one.parallel == other.parallel and (other.running is None and other.during is None)
    if isinstance(one, DelayIs):
        return one.delayed == other.delayed and one.by_plan is None
    return False


def implication(old: Sequence[Condition], new: Sequence[Condition]) -> tuple[bool, bool] | None:
    """Whether the new conditions imply the old, and the old the new; `None`: too many to say."""
    parts = _Parts()
    before, after = parts.every(old), parts.every(new)
    if len(parts.found) > _MOST:
        return (True, True) if tuple(old) == tuple(new) else None
    ways = list(parts.ways())
    return (
        all(before(true) for true in ways if after(true)),
        all(after(true) for true in ways if before(true)),
    )
