"""Which of two events never comes later: declared as data, each order with its reason.

Only what is certain stands here: the order of the duties themselves, and what `reading` refuses
in a case file because it can't be true. What should come first, and may not, is no order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cspr_core.model.patterns import Anchor, EventPattern, IncidentDate, Start
from cspr_core.strictness.patterns import narrower

# What time is counted from, or what governs it.
Event = Start | EventPattern


@dataclass(frozen=True)
class Order:
    """The first `earlier` is never later than the first `later`: the `reason` is a clause."""

    earlier: EventPattern | IncidentDate
    later: EventPattern
    reason: str


def _event(name: str, by: str | None = None) -> EventPattern:
    # What was withdrawn happened all the same, so an order holds for it too.
    return EventPattern(event=name, by=() if by is None else (by,), stands="any")


def _standing(name: str, by: str | None = None) -> EventPattern:
    return _event(name, by).model_copy(update={"stands": "yes"})


_ASKED = "nothing comes back before it was asked for"
_DECIDED = "there is no report of a review before the decision"

ORDERS = (
    Order(
        IncidentDate(incident="date"),
        _event("aware"),
        "nobody can be aware of an incident before it happens",
    ),
    Order(
        _standing("aware", "local_authority"),
        _event("notified"),
        "the local authority notifies what it is aware of",
    ),
    Order(_standing("aware"), _event("rapid_review_sent"), "a rapid review is of a known incident"),
    Order(
        _event("notified"),
        _event("notification_withdrawn"),
        "nothing is withdrawn before it was notified",
    ),
    Order(_standing("referral_received"), _event("referral_answered"), _ASKED),
    Order(_standing("information_requested"), _event("information_returned"), _ASKED),
    Order(_standing("author_asked"), _event("chronology_returned"), _ASKED),
    Order(_standing("author_asked"), _event("analysis_returned"), _ASKED),
    Order(_standing("decision"), _event("sign_off"), _DECIDED),
    Order(_standing("decision"), _event("publication"), _DECIDED),
    Order(_standing("publication"), _event("taken_down"), "only what is public is taken down"),
)


def why_never_later(first: Event, second: Event) -> tuple[str, ...] | None:
    """Why `first`, by what happened, is on no day later than `second`; `None`: it may be.

    Of several alike the first counts, so that a wider pattern never starts later than a narrower
    one. What is about any child, agency or recipient starts no later than what is about one.
    """
    return next(_chains(first, second, frozenset()), None)


def _chains(first: Event, second: Event, used: frozenset[int]) -> Iterator[tuple[str, ...]]:
    if _covers(first, second):
        yield ()
    for index, order in enumerate(ORDERS):
        if index not in used and _covers(first, order.earlier, second):
            for reasons in _chains(_like(order.later, second), second, used | {index}):
                yield (order.reason, *reasons)


def _like(pattern: EventPattern, second: Event) -> EventPattern:
    """An order's later event, about whatever the second is about."""
    return pattern.model_copy(update={"same": getattr(second, "same", ())})


def _covers(wide: Event, narrow: Event, about: Event | None = None) -> bool:
    """Whether the first of `wide` is never later than the first of `narrow`.

    `narrow` may be an order's event, which is about whatever `about` is about.
    """
    if isinstance(wide, IncidentDate) or isinstance(narrow, IncidentDate):
        return type(wide) is type(narrow)
    if not isinstance(wide, EventPattern) or not isinstance(narrow, EventPattern):
        return False
    if any(isinstance(one, Anchor) and (one.as_ or one.field) for one in (wide, narrow)):
        return False
    if about is not None:
        narrow = _like(narrow, about)
    return narrower(narrow, wide)
