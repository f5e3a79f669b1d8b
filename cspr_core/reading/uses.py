"""Every place of a case where a word of a list, or the id of another entry, is due.

One walk serves two checks: `consistency` looks up the shared words and the ids of the case
itself, `references` the words that an area adds (`<area>.<word>`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cspr_core.model.case import Case, Event, Meeting
from cspr_core.vocabulary import Attribute, EventType, vocabulary

Loc = tuple[str | int, ...]


class Use(NamedTuple):
    """A word or an id, and what may stand there.

    `of` names the vocabulary's classes, and besides `agency` (a key of `agencies` or a kind of
    agency), `person`, `child`, `event` (a type), `date`, or `dotted` (an area's own word only).
    """

    loc: Loc
    text: str
    of: tuple[str, ...]
    words: tuple[str, ...] = ()
    at_key: bool = False


_PERSON = ("person",)
_AGENCY = ("agency",)
_CHILD = ("child",)
_AGREEING = ("bodies", "recipients", "roles")
_BODY = ("bodies",)
_SENDER = ("agency", "roles", "audiences")
_WHO = ("roles", "bodies", "person", "agency", "recipients")

# the attributes of an event that hold words: name in the model, key in the file
ATTRIBUTES = {
    info_name: info.alias or info_name
    for info_name, info in Event.model_fields.items()
    if info_name
    in {
        "to", "by", "from_", "agency", "outcome", "what", "stage", "with_", "view", "person",
        "version", "whom", "for_", "of", "on", "audience", "state", "return_by", "reviewer_named",
    }
}  # fmt: skip
GATHERING = ("led_by", "invited", "attended", "unclear", "apologies", "substitutes", "agenda",
             "online")  # fmt: skip
_TYPED = {"return_by", "reviewer_named"}  # the model has checked what they hold


def uses(case: Case) -> Iterator[Use]:
    """Every word and id that has to be looked up, in the order of the case's sections."""
    yield from _agencies_and_criteria(case)
    yield from _people(case)
    yield from _groups(case)
    for n, event in enumerate(case.events):
        yield from _event(event, ("events", n))
    for n, meeting in enumerate(case.meetings):
        yield Use(("meetings", n, "body"), meeting.body, _BODY)
        yield from _gathering(meeting, ("meetings", n))
    yield from _forms(case)
    yield from _parallel(case)
    yield from _statements(case)


def _agencies_and_criteria(case: Case) -> Iterator[Use]:
    for name, agency in case.agencies.items():
        if agency.kind is not None:
            yield Use(("agencies", name, "kind"), agency.kind, ("agencies",))
    for name in case.criteria:
        yield Use(("criteria", name), name, ("criteria",), at_key=True)


def _people(case: Case) -> Iterator[Use]:
    for name, person in case.people.items():
        if person.agency is not None:
            yield Use(("people", name, "agency"), person.agency, _AGENCY)
        for n, role in enumerate(person.roles):
            yield Use(("people", name, "roles", n), role, ("roles",))


def _groups(case: Case) -> Iterator[Use]:
    for name, group in case.groups.items():
        yield Use(("groups", name), name, _BODY, at_key=True)
        if group.chair is not None:
            yield Use(("groups", name, "chair"), group.chair, _PERSON)
        for n, member in enumerate(group.members):
            yield Use(("groups", name, "members", n, "person"), member.person, _PERSON)


def _event(event: Event, loc: Loc) -> Iterator[Use]:
    yield Use((*loc, "type"), event.type, ("event",))
    for n, child in enumerate(event.child):
        yield Use((*loc, "child", n), child, _CHILD)
    known = vocabulary().events.get(event.type)
    for name in event.model_fields_set:
        key = ATTRIBUTES.get(name)
        if key is None or name in _TYPED:
            continue
        spec = _spec(known, key)
        if spec is not None:
            for n, text in enumerate(getattr(event, name)):
                yield Use((*loc, key, n), text, spec.of, spec.words)
    yield from _gathering(event, loc)


_ANY = Attribute(("word",), (), False)


def _spec(known: EventType | None, key: str) -> Attribute | None:
    """What an attribute may hold: anything for an area's own event type."""
    return _ANY if known is None else known.attributes.get(key)


def _gathering(entry: Event | Meeting, loc: Loc) -> Iterator[Use]:
    if entry.led_by is not None:
        yield Use((*loc, "led_by"), entry.led_by, _PERSON)
    for key, persons in (
        ("invited", entry.invited),
        ("attended", entry.attended),
        ("unclear", entry.unclear),
    ):
        for n, person in enumerate(persons or ()):
            yield Use((*loc, key, n), person, _PERSON)
    for n, apology in enumerate(entry.apologies):
        yield Use((*loc, "apologies", n, "by"), apology.by, _PERSON)
    for n, substitute in enumerate(entry.substitutes):
        yield Use((*loc, "substitutes", n, "for"), substitute.for_, _PERSON)
        yield Use((*loc, "substitutes", n, "by"), substitute.by, _PERSON)
    for n, item in enumerate(entry.agenda or ()):
        yield Use((*loc, "agenda", n), item, ("agenda",))


def _forms(case: Case) -> Iterator[Use]:
    for n, form in enumerate(case.forms):
        yield Use(("forms", n, "form"), form.form, ("dotted",))
        if form.from_ is not None:
            yield Use(("forms", n, "from"), form.from_, _SENDER)
        for role in form.signed:
            yield Use(("forms", n, "signed", role), role, ("roles",), at_key=True)


def _parallel(case: Case) -> Iterator[Use]:
    for n, process in enumerate(case.parallel):
        yield Use(("parallel", n, "type"), process.type, ("parallel",))
        if process.agency is not None:
            yield Use(("parallel", n, "agency"), process.agency, _AGENCY)


def _statements(case: Case) -> Iterator[Use]:
    """What is confirmed, excepted or delayed, and who says so."""
    said = [(("confirmed", n, "by"), entry.by) for n, entry in enumerate(case.confirmed)]
    said += [(("exceptions", n, "by"), entry.by) for n, entry in enumerate(case.exceptions)]
    for loc, by in said:
        if by is not None:
            yield Use(loc, by, _WHO)
    for n, delay in enumerate(case.delays):
        for body in delay.considered:
            yield Use(("delays", n, "considered", body), body, _BODY, at_key=True)
        for recipient in delay.told:
            yield Use(("delays", n, "told", recipient), recipient, ("recipients",), at_key=True)
        if delay.agreed_by is not None:
            yield Use(("delays", n, "agreed_by"), delay.agreed_by, _AGREEING)
