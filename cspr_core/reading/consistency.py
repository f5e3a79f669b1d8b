"""Whether the entries of one case fit together: words, ids, what an event needs, dates to come.

What an area's document says about a case is none of its concern: the rules judge that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from pydantic_core import PydanticCustomError

from cspr_core.model.case import Case, Event, Meeting
from cspr_core.model.scalars import WORD, iso_date, word
from cspr_core.reading.document import Document
from cspr_core.reading.problems import Place, Problem
from cspr_core.reading.uses import ATTRIBUTES, GATHERING, Loc, Use, uses
from cspr_core.reading.words import alternatives, nearest, plain, refuse_word, token
from cspr_core.vocabulary import EventType, vocabulary


class Reading(NamedTuple):
    """A case on its way through the checks.

    `raw` is the file's whole content, so that what was cut out for a mistake of its own is not
    missed a second time; `spoiled` holds the places of entries that lost something. `own` gathers
    the words of areas' own that are come across, for `references` to look up.
    """

    case: Case
    document: Document
    raw: Mapping[str, Any]
    spoiled: frozenset[Place] = frozenset()
    own: list[Use] | None = None

    def whole(self, loc: Loc) -> bool:
        """Whether nothing was cut out of the entry at `loc`."""
        return not self.spoiled or self.document.place(loc) not in self.spoiled

    def problem(self, loc: Loc, what: str, remedy: str, *, at_key: bool = False) -> Problem:
        """A problem at the place of `loc`."""
        return self.document.problem(loc, what, remedy, at_key)

    def keys(self, section: str) -> list[str]:
        """The keys of a section, or the ids of its entries, as the file has them."""
        found = self.raw.get(section)
        if isinstance(found, dict):
            return list(found)
        if isinstance(found, list):
            return [e["id"] for e in found if isinstance(e, dict) and isinstance(e.get("id"), str)]
        return []


@cache
def allowed(of: tuple[str, ...], words: tuple[str, ...]) -> dict[str, None]:
    """The shared words that the classes `of` hold, with `words`; in the vocabulary's order."""
    shared = vocabulary()
    found = dict.fromkeys(words)
    for name in of:
        if name == "event":
            found.update(dict.fromkeys(shared.events))
        elif name == "agency":
            found.update(dict.fromkeys(shared.classes["agencies"]))
        elif name in shared.classes:
            found.update(dict.fromkeys(shared.classes[name]))
    return found


def check_consistency(reading: Reading, *, today: date | None) -> Iterator[Problem]:
    """Every problem that single entries, and the ids they refer to, give rise to."""
    yield from _agencies(reading)
    yield from _words(reading)
    yield from _events(reading)
    yield from _meetings(reading)
    yield from _ids(reading)
    yield from _subjects(reading)
    yield from _start(reading)
    if today is not None:
        yield from _to_come(reading, today)


def _agencies(reading: Reading) -> Iterator[Problem]:
    kinds = allowed(("agencies",), ())
    for name, agency in reading.case.agencies.items():
        loc: Loc = ("agencies", name)
        if name in kinds:
            if agency.kind not in (None, name):
                yield reading.problem(
                    (*loc, "kind"),
                    f"`{name}` is a kind of agency itself, and cannot be of another kind",
                    "Leave `kind` out, or give the agency a key of its own",
                )
        elif agency.kind is None and reading.whole(loc):
            near = nearest(name, kinds)
            yield reading.problem(
                loc,
                f"`{name}` is no kind of agency, and has no `kind`",
                f"Write {near} if that was meant, or add `kind:`"
                if near
                else f"Add `kind:` with {alternatives(list(kinds))}",
                at_key=True,
            )


def _words(reading: Reading) -> Iterator[Problem]:
    known = {
        "person": dict.fromkeys(reading.keys("people")),
        "agency": dict.fromkeys(reading.keys("agencies")),
        "child": dict.fromkeys(reading.keys("children")),
    }
    for use in uses(reading.case):
        if use.text in allowed(use.of, use.words):
            continue
        if any(use.text in known[name] for name in use.of if name in known):
            continue
        if use.of in {("date",), ("word",)}:
            found = _single(use)
        elif "." in use.text and WORD.match(use.text):
            if reading.own is not None:
                reading.own.append(use)
            continue  # an area's own word: `references` looks it up
        else:
            found = _unknown(use, known)
        if found is not None:
            yield reading.problem(use.loc, *found, at_key=use.at_key)


def _single(use: Use) -> tuple[str, str] | None:
    try:
        if use.of == ("date",):
            iso_date(use.text)
        elif not use.text[0].isdigit():
            word(use.text)
    except PydanticCustomError as error:
        context = error.context or {}
        return context["what"], context["remedy"]
    return None


def _unknown(use: Use, known: Mapping[str, Mapping[str, None]]) -> tuple[str, str]:
    """What to say of a word or id that nothing knows."""
    words = list(allowed(use.of, use.words))
    ids = [i for name in use.of for i in known.get(name, ())]
    if use.of == ("dotted",):
        return (
            f"{token(use.text)} does not name a form",
            "Write the area and the form's name, for example northamptonshire.referral",
        )
    for single, section in (("person", "people"), ("child", "children")):
        if use.of == (single,):
            near = nearest(use.text, ids)
            return (
                f"{token(use.text)} stands nowhere under `{section}`",
                f"Write {near} if that was meant, or add it there"
                if near
                else "Add it there, or correct the id",
            )
    if use.of == ("agency",):
        near = nearest(use.text, [*ids, *words])
        return (
            f"{token(use.text)} is neither a key of `agencies` nor a kind of agency",
            f"Write {near} if that was meant" if near else "Add it to `agencies` with its `kind`",
        )
    if use.of == ("event",):
        near = nearest(use.text, words)
        return (
            f"{token(use.text)} is not a type of event",
            f"Write {near}" + ("" if near == plain(use.text) else " if that was meant")
            if near
            else "Take one from the list of event types in docs/case-file.md",
        )
    return refuse_word(use.text, [*words, *ids])


def _events(reading: Reading) -> Iterator[Problem]:
    for n, event in enumerate(reading.case.events):
        loc: Loc = ("events", n)
        if event.date is None and event.planned is None and reading.whole(loc):
            yield _no_date(reading, loc)
        began = event.date or event.planned
        if event.return_by is not None and began is not None and event.return_by < began:
            yield reading.problem(
                (*loc, "return_by"),
                f"`return_by` {event.return_by} lies before the request of {began}",
                "Correct one of the two dates",
            )
        yield from _gathering(reading, event, loc)
        kind = vocabulary().events.get(event.type)
        if kind is not None:
            yield from _attributes(reading, event, loc, kind)


def _attributes(reading: Reading, event: Event, loc: Loc, kind: EventType) -> Iterator[Problem]:
    """Keys that do not go with an event's type, and such as it needs."""
    written = {ATTRIBUTES[f] for f in event.model_fields_set if f in ATTRIBUTES}
    for key in sorted(written - kind.attributes.keys()):
        yield reading.problem(
            (*loc, key),
            f"`{key}` does not go with `{event.type}`",
            f"Leave it out; what goes with it is {', '.join(kind.attributes)}"
            if kind.attributes
            else "Leave it out",
            at_key=True,
        )
    for key, spec in kind.attributes.items():
        if spec.required and not _given(event, key) and reading.whole(loc):
            yield reading.problem(
                loc,
                f"`{event.type}` needs `{key}`",
                f"Add `{key}:` with {_due(spec.of, spec.words)}",
            )
    if not kind.gathering:
        for key in sorted(event.model_fields_set.intersection(GATHERING)):
            yield reading.problem(
                (*loc, key),
                f"`{key}` does not go with `{event.type}`, which is not a gathering",
                "Leave it out, or record a meeting under `meetings`",
                at_key=True,
            )


def _given(event: Event, key: str) -> bool:
    name = key if key in Event.model_fields else f"{key}_"
    return name in event.model_fields_set and getattr(event, name) not in ((), None)


def _due(of: tuple[str, ...], words: tuple[str, ...]) -> str:
    if of == ("agency",):
        return "a key of `agencies` or a kind of agency"
    return alternatives(list(allowed(of, words)))


def _no_date(reading: Reading, loc: Loc) -> Problem:
    return reading.problem(
        loc,
        "This entry has neither `date` nor `planned`",
        "Add `date:` for what has happened, or `planned:` for what is intended",
    )


def _meetings(reading: Reading) -> Iterator[Problem]:
    for n, meeting in enumerate(reading.case.meetings):
        loc: Loc = ("meetings", n)
        if meeting.date is None and meeting.planned is None and reading.whole(loc):
            yield _no_date(reading, loc)
        yield from _gathering(reading, meeting, loc)


def _gathering(reading: Reading, entry: Event | Meeting, loc: Loc) -> Iterator[Problem]:
    for n, person in enumerate(entry.unclear):
        if person in (entry.attended or ()):
            yield reading.problem(
                (*loc, "unclear", n),
                f"`{person}` stands in `attended` and in `unclear`",
                "Keep one of the two",
            )
    for n, substitute in enumerate(entry.substitutes):
        if substitute.for_ == substitute.by:
            yield reading.problem(
                (*loc, "substitutes", n, "by"),
                f"`{substitute.by}` cannot be a substitute for themself",
                "Write under `by` who comes in their place",
            )


def default_id(event: Event) -> str:
    """The id of an event that has none of its own: type and date (or planned date)."""
    return f"{event.type}-{event.date or event.planned}"


def _ids(reading: Reading) -> Iterator[Problem]:
    case = reading.case
    for section, entries in (
        ("children", case.children),
        ("meetings", case.meetings),
        ("forms", case.forms),
        ("parallel", case.parallel),
        ("delays", case.delays),
        ("events", case.events),
    ):
        yield from _doubled(reading, section, [e.id for e in entries])
    written = {e.id for e in case.events}
    every = [_looks(event) for event in case.events]
    alike = Counter(looks for looks, e in zip(every, case.events, strict=True) if e.id is None)
    seen: dict[Any, int] = {}
    for n, (event, looks) in enumerate(zip(case.events, every, strict=True)):
        if event.id is not None or (event.date is None and event.planned is None):
            continue
        name = default_id(event)
        if name in written:
            yield reading.problem(
                ("events", n),
                f"Another event has the id `{name}`, which without an `id` is this one's too",
                "Give this event an `id` of its own",
            )
        if alike[looks] > 1:
            if looks in seen:
                line = reading.document.place(("events", seen[looks])).line
                yield reading.problem(
                    ("events", n),
                    f"This event and the one in line {line} are alike",
                    "Delete one, or give each an `id`",
                )
            else:
                seen[looks] = n


def _looks(event: Event) -> tuple[Any, ...]:
    """What tells an event from others: its type, its day, and for whom or by whom it was.

    Gatherings are spoken of by their id alone, so of these type and day decide.
    """
    kind = vocabulary().events.get(event.type)
    day = (event.type, event.date or event.planned, event.child)
    if kind is not None and kind.gathering:
        return day
    return (*day, *_ATTRIBUTES(event))


_ATTRIBUTES = attrgetter(*ATTRIBUTES)


def _doubled(reading: Reading, section: str, ids: Iterable[str | None]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for n, name in enumerate(ids):
        if name is None:
            continue
        if name in first:
            line = reading.document.place((section, first[name])).line
            yield reading.problem(
                (section, n, "id"),
                f"The id `{name}` stands here a second time; the first is in line {line}",
                "Give each its own",
            )
        else:
            first[name] = n


def _subjects(reading: Reading) -> Iterator[Problem]:
    """What is confirmed or excepted has to be about something that the case knows."""
    case = reading.case
    entries = [
        (section, n, subject)
        for section, subjects in (
            ("confirmed", [e.subject for e in case.confirmed]),
            ("exceptions", [e.subject for e in case.exceptions]),
        )
        for n, subject in enumerate(subjects)
        if subject is not None
    ]
    if not entries:
        return
    known = set(allowed(("agency", "bodies", "recipients", "roles", "audiences"), ()))
    known.update(default_id(e) for e in case.events)
    for section in ("children", "agencies", "people", "groups", "events", "meetings", "forms",
                    "parallel", "delays"):  # fmt: skip
        known.update(reading.keys(section))
    for section, n, subject in entries:
        for part in subject.split("/"):
            if part in known or "." in part or part.startswith(("delay", "substitute")):
                continue
            near = nearest(part, known)
            yield reading.problem(
                (section, n, "subject"),
                f"`{part}` stands nowhere else in this case",
                f"Write {near} if that was meant"
                if near
                else "Write the subject as `cspr check` shows it, or leave the key out",
            )


def _start(reading: Reading) -> Iterator[Problem]:
    """The smallest file has one event from which everything counts."""
    if any(e.type in {"aware", "referral_received"} for e in reading.case.events):
        return
    written = reading.raw.get("events")
    if isinstance(written, list):
        shared = vocabulary().events
        for entry in written:
            name = entry.get("type") if isinstance(entry, dict) else None
            if not isinstance(name, str) or (name not in shared and "." not in name):
                return  # it may be the one that is meant, misspelt: one problem is enough
    elif "events" in reading.raw:
        return
    yield reading.problem(
        (),
        "There is no `aware` and no `referral_received` event",
        "Add one under `events`, for example {type: aware, by: local_authority, date: 2026-03-03}",
    )


def _happened(case: Case) -> Iterator[tuple[Loc, Any, bool]]:
    """Every date that says that something has happened, and whether it could be `planned`."""
    yield ("incident", "date"), case.incident.date, False
    for n, event in enumerate(case.events):
        yield from _gathered(event, ("events", n))
    for n, meeting in enumerate(case.meetings):
        yield from _gathered(meeting, ("meetings", n))
    for n, form in enumerate(case.forms):
        yield ("forms", n, "received"), form.received, False
        yield ("forms", n, "returned"), form.returned, False
        for role, signed in form.signed.items():
            yield ("forms", n, "signed", role), signed, False
    for n, process in enumerate(case.parallel):
        yield ("parallel", n, "opened"), process.opened, False
        yield ("parallel", n, "closed"), process.closed, False
    yield from _stated(case)


def _gathered(entry: Event | Meeting, loc: Loc) -> Iterator[tuple[Loc, Any, bool]]:
    yield (*loc, "date"), entry.date, True
    for n, apology in enumerate(entry.apologies):
        yield (*loc, "apologies", n, "date"), apology.date, False
    for n, substitute in enumerate(entry.substitutes):
        yield (*loc, "substitutes", n, "named"), substitute.named, False


def _stated(case: Case) -> Iterator[tuple[Loc, Any, bool]]:
    for n, confirmation in enumerate(case.confirmed):
        yield ("confirmed", n, "on"), confirmation.on, False
    for n, exception in enumerate(case.exceptions):
        yield ("exceptions", n, "on"), exception.on, False
    for n, delay in enumerate(case.delays):
        yield ("delays", n, "arose"), delay.arose, False
        for body, day in delay.considered.items():
            yield ("delays", n, "considered", body), day, False
        for recipient, day in delay.told.items():
            yield ("delays", n, "told", recipient), day, False


def _to_come(reading: Reading, today: date) -> Iterator[Problem]:
    for loc, day, plannable in _happened(reading.case):
        if isinstance(day, date) and day > today:
            yield reading.problem(
                loc,
                f"{day} is still to come: today is {today}",
                f"Write `planned: {day}` instead of `date`"
                if plannable
                else "Leave it out until it has happened; what is intended goes under "
                "`planned` of an event or a meeting",
            )
