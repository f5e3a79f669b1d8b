"""CSPR101: words that neither the shared vocabulary nor the area defines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from cspr_core.kinds.patterns import EVENT_ATTRIBUTES
from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.lint.parts import data_at, key_of, parts
from cspr_core.model import arrangements as arr
from cspr_core.model import patterns as pat
from cspr_core.model.case import Person
from cspr_core.plugins import NATIONAL
from cspr_core.reading.document import Loc
from cspr_core.reading.words import alternatives, nearest, token
from cspr_core.vocabulary import vocabulary

CODE = "CSPR101"
TITLE = "A word that nothing defines"
SEVERITY: Severity = "error"

_QUALITIES = tuple(
    name for name, info in Person.model_fields.items() if name not in ("agency", "roles")
)
_ASKED = (  # questions about each child, which a case answers by itself
    *("abuse_or_neglect", "died_or_seriously_harmed", "died"),
    *("looked_after", "care_leaver", "own_area"),
)
_EDITIONS = tuple(f"working_together_{year}" for year in (2018, 2023, 2026))
_PARTNERS = ("safeguarding_partners", "agency")  # who acts: all of the partners; the subject

_WHO = ("roles", "bodies", "agencies")
_ADDRESSED = (*_WHO, "recipients", "audiences")

# A use of a word: under which key, the word, and the classes and words that may stand there.
_Use = tuple[str, str, tuple[str, ...], tuple[str, ...]]


def check(context: Context) -> Iterator[Message]:
    """Every word of a closed list that is not on it."""
    own = _own(context)
    for requirement in context.requirements:
        for loc, part in parts(context, requirement):
            for key, word, classes, also in _uses(part):
                found = _judged(word, classes, (*also, *own))
                if found is not None:
                    at = _entry(context, (*loc, key), word)
                    yield Message(at, *found, requirement=requirement.id)
            if isinstance(part, pat.EventPattern):
                for key in _foreign(part):
                    what = f"`{part.event}` has no `{key}`, so nothing can ever be recorded so"
                    yield Message((*loc, key), what, _attributes(part.event), requirement.id)
            if isinstance(part, arr.Rule):
                yield from _raw(part, loc, own)
    yield from _sections(context, own)


def _entry(context: Context, loc: Loc, word: str) -> Loc:
    """The loc of a word in the list, or of the single value, at `loc`."""
    written = data_at(context.document, loc)
    return (*loc, written.index(word)) if isinstance(written, list) and word in written else loc


def _own(context: Context) -> tuple[str, ...]:
    """The words that the area adds."""
    given = context.arrangements
    dotted = [w for w in (*given.roles, *given.bodies, *given.agencies) if "." in w]
    return (*given.words, *dotted)


@cache
def _known(classes: tuple[str, ...], also: tuple[str, ...]) -> frozenset[str]:
    """The words of these classes of the vocabulary, of its events and gatherings, and these."""
    words = vocabulary()
    found = set(also)
    for name in classes:
        if name == "events":
            found |= set(words.events)
        elif name == "gatherings":
            found |= {event.name for event in words.events.values() if event.gathering}
        else:
            found |= set(words.classes[name])
    return frozenset(found)


def _judged(word: str, classes: tuple[str, ...], also: tuple[str, ...]) -> tuple[str, str] | None:
    """What is wrong with a word, and the remedy; nothing where it is known."""
    known = _known(classes, also)
    if word in known:
        return None
    near = nearest(word, known)
    if near:
        remedy = f"Write {near} if that was meant"
    elif "." in word:
        remedy = "Declare it under `words`, or correct it"
    else:
        remedy = f"Write {alternatives(sorted(known))}, or declare a word of your own under `words`"
    return f"{token(word)} is a word that nothing defines here", remedy


# --- the parts of a requirement -----------------------------------------------------------------


def _uses(part: pat.Value) -> Iterator[_Use]:
    """The words of one part of a requirement."""
    if isinstance(part, pat.EventPattern):
        yield from _event(part)
    for field, classes, also in _CLOSED.get(type(part), ()):
        given = getattr(part, field)
        for word in (given,) if isinstance(given, str) else given or ():
            yield key_of(part, field), word, classes, also
    if isinstance(part, arr.Requirement) and part.who is not None:
        yield "who", part.who, _WHO, _PARTNERS
    if isinstance(part, arr.Requirement):
        for field, classes, also in _BY_KIND.get(part.kind_name, ()):
            given = getattr(part, field)
            for word in (given,) if isinstance(given, str) else given or ():
                yield field, word, classes, also
    if isinstance(part, pat.SubjectPattern) and part.item is not None:
        yield "item", part.item, _ITEMS.get(part.subject, ()), ()


_CLOSED: Mapping[type, tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]] = {
    pat.MeetingPattern: (
        ("meeting", ("bodies", "gatherings"), ()),
        ("agenda", ("agenda",), ()),
        ("invited", ("roles", "audiences", "bodies", "agencies"), ()),
    ),
    pat.FormPattern: (("form", (), ()),),
    pat.RolePattern: (("role", ("roles",), ()), ("body", ("bodies",), ())),
    pat.DecisionIs: (("decision", ("outcomes",), ()),),
    pat.ParallelIs: (("parallel", ("parallel",), ()), ("during", ("events",), ())),
    pat.ForEach: (
        ("meeting", ("bodies", "gatherings"), ()),
        ("event", ("events",), ()),
        ("recipient", ("recipients",), ()),
        ("should", ("recipients",), ()),
        ("substitute", ("bodies", "gatherings"), ()),
        ("form", (), ()),
        ("parallel", ("parallel",), ()),
    ),
    pat.PersonIs: (("body", ("bodies",), ()), ("role", ("roles",), ())),
    arr.DelayRule: (("told", ("recipients",), ()),),
    arr.Seat: (
        ("kind", ("agencies",), ()),
        ("role", ("roles",), ()),
        ("body", ("bodies",), ()),
    ),
    arr.Absent: (("role", ("roles",), ()), ("yes", (), _QUALITIES), ("no", (), _QUALITIES)),
    arr.Agencies: (("role", ("roles",), ()),),
}
_BY_KIND: Mapping[str, tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]] = {
    "criterion": (
        ("question", (), tuple(f"criteria.{word}" for word in vocabulary().words("criteria"))),
        ("all", (), _ASKED),
    ),
    "composition": (("body", ("bodies",), ()),),
    "independence": (
        ("no", (), _QUALITIES),
        ("yes", (), _QUALITIES),
        ("not_in", ("bodies",), ()),
        ("not_role", ("roles",), ()),
        ("only", ("agencies",), ()),
    ),
    "attendance": (
        ("at", ("bodies", "gatherings"), ()),
        ("everyone", ("bodies",), ()),
        ("led_by", ("roles",), ()),
    ),
    "form": (("signed", ("roles",), ()),),
    "hold": (("running", ("parallel",), ()),),
}
_ITEMS: Mapping[str, tuple[str, ...]] = {
    "agenda": ("agenda",),
    "led_by": ("roles",),
    "invited": ("roles", "audiences", "bodies", "agencies"),
    "considered": ("bodies",),
    "told": ("recipients",),
}


def _event(part: pat.EventPattern) -> Iterator[_Use]:
    kind = vocabulary().events.get(part.event)
    if kind is None:
        return  # an event of the area's own: its attributes may hold any word
    for field in EVENT_ATTRIBUTES:
        spec = kind.attributes.get(field.rstrip("_"))
        if spec is not None:
            for word in getattr(part, field):
                yield field.rstrip("_"), word, (), vocabulary().allowed(spec)


def _foreign(part: pat.EventPattern) -> Iterator[str]:
    """Attributes that the event's type does not have: no case can record them."""
    kind = vocabulary().events.get(part.event)
    for field in () if kind is None else EVENT_ATTRIBUTES:
        if getattr(part, field) and kind is not None and field.rstrip("_") not in kind.attributes:
            yield field.rstrip("_")


def _attributes(event: str) -> str:
    known = vocabulary().events[event].attributes
    return f"Leave it out; what goes with it is {', '.join(known)}" if known else "Leave it out"


# --- raw patterns -------------------------------------------------------------------------------

_COLUMNS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("member", "body"): ("bodies",),
    ("chair", "body"): ("bodies",),
    ("meeting", "body"): ("bodies", "gatherings"),
    ("substitute", "body"): ("bodies", "gatherings"),
    ("role", "role"): ("roles",),
    ("parallel", "type"): ("parallel",),
    ("agenda_item", "item"): ("agenda",),
    ("delay_told", "to"): ("recipients",),
    ("delay_considered", "by"): ("bodies",),
    ("stage", "stage"): ("stages",),
    ("form", "form"): (),
    **{(fact, "kind"): ("agencies",) for fact in ("person", "member", "attendance", "involvement")},
}
_INCIDENT = ("incident",)  # the facts' own name for the date of the incident
_SET_BY_VALUE = ("known", "unknown")


def _raw(rule: arr.Rule, loc: Loc, own: tuple[str, ...]) -> Iterator[Message]:
    """The words of a raw rule's patterns, as far as a column's words are a closed list."""
    for name, tests in rule.match.items():
        for index, test in enumerate(tests):
            where = (*loc, "match", name, index, "where")
            for column, words in test.where.items():
                classes = _COLUMNS.get((test.fact, column))
                also: tuple[str, ...] = own
                if (test.fact, column) == ("event", "name"):
                    classes, also = ("events",), (*own, *_INCIDENT)
                if (test.fact, column) == ("quality", "name"):
                    classes, also = (), _QUALITIES
                for word in words if classes is not None else ():
                    if word.startswith("=") or word in _SET_BY_VALUE:
                        continue
                    found = _judged(word, classes or (), also)
                    if found is not None:
                        yield Message((*where, column), *found, requirement=rule.id)


# --- the other sections -------------------------------------------------------------------------


def _sections(context: Context, own: tuple[str, ...]) -> Iterator[Message]:
    given = context.arrangements
    uses: list[tuple[Loc, str, tuple[str, ...], tuple[str, ...], bool]] = []
    uses += [(("bodies", word), word, ("bodies",), own, True) for word in given.bodies]
    uses += [(("agencies", word), word, ("agencies",), own, True) for word in given.agencies]
    uses += [(("roles", word), word, _WHO, own, True) for word in given.roles]
    for role, profile in given.roles.items():
        for n, duty in enumerate(profile.duties):
            uses.append((("roles", role, "duties", n, "stage"), duty.stage, ("stages",), (), False))
    for n, cover in enumerate(given.covers):
        for m, stage in enumerate(cover.stages):
            uses.append((("covers", n, "stages", m), stage, ("stages",), (), False))
        if cover.written_under is not None:
            loc: Loc = ("covers", n, "written_under")
            uses.append((loc, cover.written_under, (), _EDITIONS, False))
    for n, contact in enumerate(given.contacts):
        uses.append((("contacts", n, "for"), contact.for_, _ADDRESSED, own, False))
    for loc, word, classes, also, at_key in uses:
        own_word = at_key and word.startswith(f"{given.partnership}.")
        found = None if own_word else _judged(word, classes, also)
        if found is not None:
            yield Message(loc, *found, at_key=at_key)
    for word in given.words:
        if not word.startswith(f"{given.partnership}.") and given.partnership != NATIONAL:
            yield Message(
                ("words", word),
                f"{token(word)} does not begin with the area's name",
                f"Write {given.partnership}.{word.rsplit('.', 1)[-1]}, here and where it is used",
                at_key=True,
            )
