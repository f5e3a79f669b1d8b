"""The dates that a case itself records: what happened and what is planned, each with its words.

Deadlines are none of its concern: they are findings. What it gives is fixed words, the area's own
words and pseudonyms, never free text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from cspr_core.check import Checked
from cspr_core.model.case import Event
from cspr_core.model.patterns import EventPattern, Value
from cspr_core.report.words import Words, capital, listing

_ATTRIBUTES = "to by from_ outcome what stage with_ view version whom of on audience state".split()


class CaseDate(Value):
    """One date of a case.

    `key` stays the same while the date moves: it is the entry's own id, or else its type, its
    attributes and its place among entries alike. `type` is an event's type, a meeting's body, or
    `delay`.
    """

    key: str
    type: str
    day: date
    planned: bool
    what: str


def dates_of(checked: Checked) -> Iterator[CaseDate]:
    """What happened by the check's day, and what is planned, in the order of the case file.

    A date after that day counts as planned; a plan that has passed and is not recorded as done
    stays a plan.
    """
    case, words = checked.casefile.case, Words(checked.rules)
    alike: Counter[str] = Counter()
    for event in case.events:
        signed = _signature(event)
        alike[signed] += 1
        key = f"event {event.id}" if event.id else f"event {signed} {alike[signed]}"
        what = event_words(words, event)
        yield from _dated(checked, key, event.type, what, event.date, event.planned)
    for meeting in case.meetings:
        what = f"Meeting of {words.name(meeting.body)} ({meeting.id})"
        key = f"meeting {meeting.id}"
        yield from _dated(checked, key, meeting.body, what, meeting.date, meeting.planned)
    for number, delay in enumerate(case.delays, 1):
        key = f"delay {delay.id or number}"
        what = "The delay is looked at again"
        yield from _dated(checked, key, "delay", what, None, delay.review_on)


def event_words(words: Words, event: Event) -> str:
    """An event as a noun: `The notification to the Panel and Ofsted`."""
    given = {name: getattr(event, name) for name in _ATTRIBUTES if getattr(event, name)}
    text = words.event(EventPattern.model_construct(event=event.type, **given))
    text = text.replace("`", "").replace(" or ", " and ")  # these all happened
    if event.agency:
        text += f": {listing(map(words.name, event.agency))}"
    return capital(text) + (f" ({listing(event.child)})" if event.child else "")


def _signature(event: Event) -> str:
    given = ((name, getattr(event, name)) for name in (*_ATTRIBUTES, "agency", "child"))
    return " ".join([event.type, *(f"{name}={','.join(v)}" for name, v in given if v)])


def _dated(  # noqa: PLR0913, PLR0917  (an entry's parts, in their order)
    checked: Checked, key: str, kind: str, what: str, happened: date | None, planned: date | None
) -> Iterator[CaseDate]:
    if happened is not None and happened <= checked.as_of:
        yield CaseDate(key=key, type=kind, day=happened, planned=False, what=what)
    elif (plan := planned or happened) is not None:
        yield CaseDate(key=key, type=kind, day=plan, planned=True, what=what)
