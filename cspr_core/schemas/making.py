"""The schemas of case, arrangements and scenario files, made from the models and the vocabulary.

The models say which keys there are and of what type; `fields.yaml` says what each is for and where
its words come from; the vocabulary says what goes with which type of event. What an editor can't
know (ids of the same file, an area's own words, which of two dates comes first) stays open here and
is left to the strict reader.
"""

from __future__ import annotations

import json
import types
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, Discriminator, Tag
from pydantic.fields import FieldInfo

from cspr_core.model import arrangements as a
from cspr_core.model import case as c
from cspr_core.model import patterns as p
from cspr_core.model import scenario as s
from cspr_core.model.scalars import choice, iso_date, key, number, subject, text, word
from cspr_core.plugins import national
from cspr_core.reading.uses import ATTRIBUTES
from cspr_core.reading.uses import GATHERING as GATHERING_KEYS
from cspr_core.schemas import parts
from cspr_core.schemas.parts import Schema
from cspr_core.schemas.table import ANY_WORD, IDS, OWN_WORDS, SchemaError, Table, Told, tables
from cspr_core.vocabulary import EventType, vocabulary

DRAFT = "http://json-schema.org/draft-07/schema#"
BEGINNINGS = ("aware", "referral_received")
_MOST = 5  # expectations of a scenario
_TAGS = {"not_": "not"}
_LIMITS = ("within", "before", "around", "by")
_DATED = (
    ("date", "planned"),
    "Add `date` for what has happened, or `planned` for what is intended.",
)
# What a group of keys needs beside its required keys: one of these, and what to say without.
_ONE_OF: Mapping[type, tuple[Sequence[str], str]] = {
    c.Meeting: _DATED,
    a.Deadline: (
        (*_LIMITS, "values"),
        "A deadline has a limit: add within, before, around, by or values.",
    ),
    a.DatedValue: (_LIMITS, "Add a limit: within, before, around or by."),
    a.Criterion: (("question", "all"), "A criterion asks one `question`, or `all` of several."),
    a.Hold: (
        ("running", "within", "values"),
        "A hold lasts while something is `running`, or `within` a period.",
    ),
    a.Form: (("for_each",), "A form is asked of receipts: add `for_each: {form: <word>}`."),
    a.Independence: (
        ("for_each",),
        "Independence is asked of people: add `for_each: {person: {role: <word>}}`.",
    ),
    a.Attendance: (
        ("for_each",),
        "Attendance is asked of meetings: add `for_each: {meeting: <body>}`.",
    ),
    p.PersonIs: (("body", "role"), "Add a `body` or a `role`."),
    p.FindingIs: (("answer", "status"), "Add the `answer` or the `status` that it has to have."),
}
_CHOOSE = "Press Ctrl+Space for the list."


def make(kind: str) -> Schema:
    """The schema of `case`, `arrangements` or `scenario` files.

    Raises `SchemaError` where `fields.yaml` and the models do not fit.
    """
    titles = {r.id: r.title for r in national().arrangements.requirements}
    told = tables(titles)
    makers: Mapping[str, Callable[[], Maker]] = {
        "case": lambda: CaseMaker(told["case"]),
        "arrangements": lambda: ArrangementsMaker(told["arrangements"]),
        "scenario": lambda: ScenarioMaker(told["scenario"], told["case"]),
    }
    maker = makers[kind]()
    root = maker.root()
    if left := maker.left_over():
        raise SchemaError(f"fields.yaml speaks of keys that no model has: {left}")
    return {"$schema": DRAFT, **root, "definitions": dict(sorted(maker.definitions.items()))}


def make_text(kind: str) -> str:
    """The schema as it is shipped."""
    made = json.dumps(make(kind), indent=1) + "\n"
    # A file with the words cspr.case/1 near its beginning is taken for a case, and never
    # overwritten; in JSON a slash may be written so too.
    return made.replace('/1"', '\\/1"')


class Maker(ABC):
    """Makes definitions from models, each once; a kind of file adds what is its own."""

    OF_ONE_CASE = True  # whether the ids of a case may stand where an agency may

    def __init__(self, table: Table) -> None:
        self.table = table
        self.definitions: dict[str, Schema] = {
            "date": parts.DATE,
            "month_or_date": parts.MONTH_OR_DATE,
            "word": parts.WORD,
            "own_word": parts.OWN_WORD,
            "id": parts.ID,
            "subject": parts.SUBJECT,
            "text": parts.TEXT,
            "said": parts.SAID,
            "number": parts.NUMBER,
        }

    @abstractmethod
    def root(self) -> Schema:
        """The schema of a whole file."""

    def left_over(self) -> list[tuple[str, str]]:
        """What the table says of keys that are nowhere."""
        return self.table.left_over()

    # --- definitions -----------------------------------------------------------------------------

    def ref(self, name: str) -> Schema:
        """A reference to a definition."""
        return {"$ref": f"#/definitions/{name}"}

    def define(self, name: str, make_it: Callable[[], Schema]) -> Schema:
        """A reference to a definition that is made when it is first asked for."""
        if name not in self.definitions:
            self.definitions[name] = {}  # what it holds may lead back to it
            self.definitions[name] = make_it()
        return self.ref(name)

    # --- models ----------------------------------------------------------------------------------

    def model(self, model: type[BaseModel]) -> Schema:
        """A reference to a model's group of keys."""
        return self.define(model.__name__, lambda: self.group(model))

    def group(self, model: type[BaseModel]) -> Schema:
        """A model's group of keys."""
        fields = dict(_fields(model))
        return parts.keys(
            self.table.title(model),
            {name: self.field(model, name) for name in fields},
            [name for name, info in fields.items() if info.is_required()],
            *_ONE_OF.get(model, ()),
        )

    def field(self, model: type[BaseModel], name: str) -> Schema:
        """One key of a model, with its sentence; shared by the models that inherit it."""
        told = self.table.told(model, name)
        return self.define(
            f"{told.model}.{name}",
            lambda: {**self.value(dict(_fields(model))[name], told), "description": told.says},
        )

    def value(self, info: FieldInfo, told: Told) -> Schema:
        """What a key may hold."""
        return self.shape(info.annotation, tuple(info.metadata), told)

    def shape(self, annotation: Any, metadata: tuple[Any, ...], told: Told) -> Schema:
        """What a type may hold."""
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            return self.shape(arguments[0], (*arguments[1:], *metadata), told)
        for found in reversed(metadata):  # the outermost reader first
            if isinstance(found, BeforeValidator):
                special = self.read_by(found.func, annotation, metadata, told)
                if special is not None:
                    return special
            if isinstance(found, Discriminator):
                return self.one_of(arguments)
        if origin is Union or origin is types.UnionType:
            return self.union(arguments, told)
        if origin is Literal:
            return self.literal(arguments, told)
        if origin is tuple:
            return self.several(self.shape(arguments[0], (), told), metadata)
        if origin is dict:
            return self.mapping(arguments, told)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return self.model(annotation)
        raise SchemaError(f"no schema for the type {annotation}")

    def several(self, item: Schema, metadata: tuple[Any, ...]) -> Schema:
        """A list."""
        found: Schema = {"type": "array", "items": item}
        least = next((m.min_length for m in metadata if hasattr(m, "min_length")), None)
        if least:
            found["minItems"] = least
        return found

    def read_by(
        self, function: Any, annotation: Any, metadata: tuple[Any, ...], told: Told
    ) -> Schema | None:
        """What one of the model's own readers takes; None where it changes nothing."""
        name = getattr(function, "__name__", "")
        simple = {iso_date: "date", text: "text", number: "number", subject: "subject", key: "id"}
        if function in simple:
            return self.ref(simple[function])
        if function in (word, choice):
            return self.words(told)
        if name == "in_force":
            return parts.or_nothing(self.ref("month_or_date"))
        if name == "month_or_date":
            return self.ref("month_or_date")
        if name == "_said":
            return self.ref("said")
        if name == "_member":
            return parts.chosen(((({}), self.model(annotation)),), self.ref("id"))
        if name == "_few":
            rest = tuple(m for m in metadata if not isinstance(m, BeforeValidator))
            return {**self.shape(annotation, rest, told), "maxItems": _MOST}
        if name in ("listed", "_listed"):
            item = get_args(annotation)[0]
            if any(self._reads(item, function) for function in (word, choice)):
                return self.one_or_several(told)
            made = self.shape(item, (), told)
            grouped = get_origin(item) is Annotated and any(
                isinstance(m, Discriminator) for m in get_args(item)[1:]
            )
            grouped = grouped or (isinstance(item, type) and issubclass(item, BaseModel))
            return (parts.group_or_several if grouped else parts.one_or_several)(made)
        raise SchemaError(f"no schema for what `{name}` reads")

    def union(self, arguments: Sequence[Any], told: Told) -> Schema:
        """One of several types: a value or nothing, a date or `unknown`."""
        nothing = type(None) in arguments
        made = [self.shape(arg, (), told) for arg in arguments if arg is not type(None)]
        if len(made) > 1:  # a date or a fixed word: the word first, so that editors offer it
            made = [*(m for m in made if "enum" in m), *(m for m in made if "enum" not in m)]
            first = {**made[0], "errorMessage": f"{parts.DATE['errorMessage']} Or write unknown."}
            made = [first, *made[1:]]
        found = parts.either(*made)
        if not nothing:
            return found
        return self.or_nothing(found)

    def or_nothing(self, schema: Schema) -> Schema:
        """The same or null; a group of keys keeps saying its own."""
        target = schema.get("$ref", "").removeprefix("#/definitions/")
        if target and self.definitions.get(target, {}).get("type") == "object":
            return {"if": {"type": "null"}, "else": schema}
        return parts.or_nothing(schema)

    def literal(self, arguments: Sequence[Any], told: Told) -> Schema:
        """Fixed words, explained by the one list that has them all."""
        for name in told.of:
            words = self.table.words(name)
            if set(arguments) <= set(words):
                return parts.closed({argument: words[argument] for argument in arguments})
        raise SchemaError(f"fields.yaml explains none of the words {arguments}")

    def words(self, told: Told, fixed: Mapping[str, str] | None = None) -> Schema:
        """A word from the lists named, an area's own, or, where any may stand, any."""
        return parts.either(*self.options(told, fixed))

    def options(self, told: Told, fixed: Mapping[str, str] | None = None) -> list[Schema]:
        """The closed list of words, where there is one, and what else may stand in its place."""
        known = self.known(told, fixed)
        options: list[Schema] = []
        if known:
            name = ".".join([*told.of, *(fixed or {})])
            options.append(self.define(f"words:{name}", lambda: parts.closed(known)))
        if IDS in told.of:
            options.append(self.ref("id"))
        elif ANY_WORD in told.of or not (told.of or fixed):
            options.append(self.ref("word"))
        elif told.own and (not told.of or any(self.table.is_open(name) for name in told.of)):
            options.append(self.ref("own_word"))
        return options

    def known(self, told: Told, fixed: Mapping[str, str] | None) -> dict[str, str]:
        """The words that may stand somewhere, each with its meaning."""
        known: dict[str, str] = dict(fixed or {})
        for name in told.of:
            for meant, meaning in self.table.words(name).items():
                known.setdefault(meant, meaning)
        return known

    def one_or_several(
        self, told: Told, fixed: Mapping[str, str] | None = None, least: int = 0
    ) -> Schema:
        """A word, or a list of words."""
        options = self.options(told, fixed)
        listed: Schema | None = None
        if len(options) > 1:
            listed = options[-1]
            if listed == self.ref("own_word"):
                words = self.known(told, fixed)
                name = ".".join([*told.of, *(fixed or {})])
                listed = self.define(f"any:{name}", lambda: parts.own_or(words))
        return parts.one_or_several(*options, listed=listed, least=least)

    def mapping(self, arguments: Sequence[Any], told: Told) -> Schema:
        """Keys that are words or ids, each with its value."""
        value = self.shape(arguments[1], (), told)
        named = {
            meant: {**value, "description": meaning}
            for name in told.of
            for meant, meaning in self._keys(name)
        }
        if named:
            other, message = parts.OWN, f"Write as keys the words that may stand here. {_CHOOSE}"
        elif OWN_WORDS in told.of:
            other, message = parts.OWN, "Write as keys words of the area's own: <area>.<word>."
        elif self._reads(arguments[0], key):
            other = parts.KEY
            message = "Write as keys pseudonyms such as p1, never names or numbers of people."
        else:
            other = r"[a-z][a-z0-9_]*"
            message = "Write as keys words in lower case, with underscores for spaces."
        return parts.mapping(named, other, value, message)

    def _keys(self, name: str) -> Iterator[tuple[str, str]]:
        if name != "unknown_date":  # what stands under the key
            yield from self.table.words(name).items()

    def _reads(self, annotation: Any, function: Any) -> bool:
        return any(
            isinstance(m, BeforeValidator) and m.func is function for m in get_args(annotation)[1:]
        )

    def one_of(self, branches: Sequence[Any]) -> Schema:
        """One of several groups of keys, told apart by a key that each of them has."""
        options: dict[str, type[BaseModel]] = {}
        for branch in branches:
            model, *metadata = get_args(branch)
            tag = next(m.tag for m in metadata if isinstance(m, Tag))
            options[_TAGS.get(tag, tag)] = model
        return self.define("one:" + ".".join(options), lambda: self._one_of(options))

    def _one_of(self, options: Mapping[str, type[BaseModel]]) -> Schema:
        begin = {name: self.field(model, name) for name, model in options.items()}
        otherwise = {
            "title": f"One of: {', '.join(options)}",
            "properties": begin,
            "required": list(options)[:1],
            "errorMessage": f"Write one of these keys first: {', '.join(options)}.",
        }
        order = sorted(options, key=lambda name: name != "finding")  # it may have an `answer` too
        branches = [({"required": [n]}, self.model(options[n])) for n in order]
        return {
            "type": "object",
            "errorMessage": f"Write keys with colons here, first one of: {', '.join(options)}.",
            **parts.chosen(branches, otherwise),
        }

    # --- events ----------------------------------------------------------------------------------

    def by_type(
        self,
        model: type[BaseModel],
        name: str,
        group: Callable[[EventType | None], Schema],
        more: Sequence[str],
    ) -> Schema:
        """A group of keys whose `name` is a type of event, which decides the others.

        `group` gives the keys of a type (None: of an area's own); `more` are keys that may be
        written before the type is chosen.
        """
        shared = vocabulary().events
        first = {key: self.field(model, key) for key in (name, *more)}
        own = parts.told(name, parts.OWN)
        branches = [(parts.says(name, [event]), group(found)) for event, found in shared.items()]
        otherwise = {"properties": first, "required": [name]}
        return {
            "title": self.table.title(model),
            "type": "object",
            **parts.chosen(
                [
                    (
                        parts.says(name, list(shared)),
                        {"allOf": [{"if": test, "then": then} for test, then in branches]},
                    ),
                    (own, group(None)),
                ],
                otherwise,
            ),
        }

    def attribute(self, model: type[BaseModel], name: str, kind: EventType | None) -> Schema:
        """An attribute of an event: the words that go with the event's type."""
        told = self.table.told(model, name)
        spec = None if kind is None else kind.attributes[name]
        of: tuple[str, ...] = (ANY_WORD,)
        fixed: Mapping[str, str] = {}
        least = 0
        if spec is not None and spec.of != ("word",):
            of, fixed = self.table.of_attribute(spec)
            least = int(spec.required)
        if not self.OF_ONE_CASE and IDS in of:
            of = tuple(other for other in of if other != IDS)
        name = ".".join([told.model, name, *of, *fixed]) + (":some" if least else "")

        def make_it() -> Schema:
            if of == ("date",):
                found = parts.one_or_several(self.ref("date"), least=least)
            else:
                found = self.one_or_several(Told("", of), fixed, least)
            return {**found, "description": told.says}

        return self.define(name, make_it)


class CaseMaker(Maker):
    """Case files."""

    KIND_NEEDED: Sequence[str] = ("kind",)  # by an agency whose key is no kind itself

    def root(self) -> Schema:
        """A case, which begins with one of two events."""
        whole = self.group(c.Case)
        whole["allOf"] = [{"properties": {"events": _begins()}}]
        whole["then"]["required"].append("events")
        return whole

    def group(self, model: type[BaseModel]) -> Schema:
        """A model's group of keys; an event's depend on its type."""
        if model is c.Event:
            return self.by_type(c.Event, "type", self._event, ("date", "planned", "id", "child"))
        return super().group(model)

    def shape(self, annotation: Any, metadata: tuple[Any, ...], told: Told) -> Schema:
        """What a type may hold."""
        if annotation is c.Event:
            return self.model(c.Event)
        return super().shape(annotation, metadata, told)

    def mapping(self, arguments: Sequence[Any], told: Told) -> Schema:
        """Keys with their values; an agency's key may say what kind it is."""
        if arguments[1] is c.Agency:
            return self._agencies()
        return super().mapping(arguments, told)

    def _event(self, kind: EventType | None) -> Schema:
        """The keys of one type of event."""
        names = [] if kind is None else list(kind.attributes)
        if kind is None:
            names = list(ATTRIBUTES.values())
        properties = {n: self.field(c.Event, n) for n in ("type", "id", "child", "date", "planned")}
        for name in names:
            typed = name in ("return_by", "reviewer_named")
            properties[name] = (
                self.field(c.Event, name) if typed else self.attribute(c.Event, name, kind)
            )
        if kind is None or kind.gathering:
            properties.update({name: self.field(c.Event, name) for name in GATHERING_KEYS})
        required = [] if kind is None else [n for n, v in kind.attributes.items() if v.required]
        title = "An event of the area's own" if kind is None else f"An event: {kind.name}"
        return parts.keys(title, properties, required, *_DATED)

    def _agencies(self) -> Schema:
        """Agencies by key: a kind of agency, which needs no `kind`, or another key, which does."""
        kinds = self.table.words("agencies")
        other = parts.keys(
            self.table.title(c.Agency),
            {name: self.field(c.Agency, name) for name in ("kind", "involved")},
            one_of=self.KIND_NEEDED,
            message="This key is no kind of agency: correct it, or add `kind`.",
        )
        named = {
            name: {
                **parts.keys(
                    f"An agency: {name}",
                    {
                        "kind": {
                            "enum": [name, None],
                            "description": self.table.told(c.Agency, "kind").says,
                            "errorMessage": f"This key is a kind of agency itself: {name}.",
                        },
                        "involved": self.field(c.Agency, "involved"),
                    },
                ),
                "description": meaning,
            }
            for name, meaning in kinds.items()
        }
        return parts.mapping(
            named,
            parts.KEY,
            self.define("Agency", lambda: other),
            f"Write as key a kind of agency, or a pseudonym with its `kind`. {_CHOOSE}",
        )


def _begins() -> Schema:
    """A case begins with one of two events; asked for where the type of each event is known."""
    known = parts.says("type", list(vocabulary().events))
    own = parts.told("type", parts.OWN)
    return {
        "if": {"type": "array", "items": {"anyOf": [known, own]}},
        "then": {
            "contains": parts.says("type", BEGINNINGS),
            "errorMessage": "Add an event `aware` or `referral_received`: a case begins with one.",
        },
    }


class ArrangementsMaker(Maker):
    """Arrangements files."""

    OF_ONE_CASE = False

    def root(self) -> Schema:
        """Arrangements."""
        return self.group(a.Arrangements)

    def group(self, model: type[BaseModel]) -> Schema:
        """A model's group of keys; some of them are told apart by what stands in them."""
        special: Mapping[type, Callable[[], Schema]] = {
            p.EventPattern: lambda: self._pattern(p.EventPattern),
            p.Anchor: lambda: self._pattern(p.Anchor),
            p.Period: lambda: self._period(("n", "unit", "of")),
            p.ForEach: self._for_each,
        }
        if model in special:
            return special[model]()
        return super().group(model)

    def _one_of(self, options: Mapping[str, type[BaseModel]]) -> Schema:
        if "deadline" in options:
            return self._requirement(options)
        return super()._one_of(options)

    def _requirement(self, options: Mapping[str, type[BaseModel]]) -> Schema:
        """A requirement: `kind` decides which keys there are."""
        common = {name: self.field(a.Advice, name) for name, _ in _fields(a.Advice)}
        branches = [
            {"if": parts.says("kind", [name]), "then": self.model(model)}
            for name, model in options.items()
        ]
        return {
            "title": self.table.title(a.Requirement),
            "type": "object",
            "errorMessage": "Write the keys of a requirement, first its `kind`.",
            **parts.chosen(
                [(parts.says("kind", list(options)), {"allOf": branches})],
                {"properties": common, "required": ["kind"]},
            ),
        }

    def value(self, info: FieldInfo, told: Told) -> Schema:
        """What a key may hold; of a requirement's `kind` any, so that it can be changed."""
        if told.of == ("kind",):
            return parts.closed(self.table.words("kind"))
        return super().value(info, told)

    def _pattern(self, model: type[p.EventPattern]) -> Schema:
        """Events of a type, with the attributes that go with it."""
        always = ["event", "same", "stands", *(["as", "field"] if model is p.Anchor else [])]
        attributes = [n for n, _ in _fields(model) if n not in always]

        def group(kind: EventType | None) -> Schema:
            properties = {"event": self.field(model, "event")}
            for name in attributes:
                if kind is not None and name not in kind.attributes:
                    continue
                if kind is not None and kind.attributes[name].of == ("date",):
                    continue
                plain = name == "reviewer_named"
                properties[name] = (
                    self.field(model, name) if plain else self.attribute(model, name, kind)
                )
            properties.update({name: self.field(model, name) for name in always[1:]})
            if kind is not None and "return_by" not in kind.attributes:
                properties.pop("field", None)
            of = "of the area's own" if kind is None else f"of the type {kind.name}"
            return parts.keys(f"Events {of}", properties)

        return self.by_type(model, "event", group, always[1:])

    def field(self, model: type[BaseModel], name: str) -> Schema:
        """One key of a model; the day of a thing itself (`by`) needs no number."""
        if name == "by" and issubclass(model, (a.Limited, a.DatedValue)):
            period = self.define("Period:by", lambda: self._period(("of",)))
            told = self.table.told(model, name)
            return {**self.or_nothing(period), "description": told.says}
        return super().field(model, name)

    def _period(self, required: Sequence[str]) -> Schema:
        """`n`, `unit` and `of`; another requirement's limit (`as`); or a start that stands alone.

        Of `n`, `unit` and `of` those required: the day of a thing itself needs no number.
        """
        all_keys = {name: self.field(p.Period, name) for name, _ in _fields(p.Period)}
        counted = {name: all_keys[name] for name in ("n", "unit", "of")}
        for name in required:  # what is needed can't be nothing
            counted[name] = self._something(name)
        names = dict(_starts())
        alone = self.define("one:" + ".".join(names), lambda: self._one_of(names))
        title = self.table.title(p.Period)
        return {
            "title": title,
            "type": "object",
            "errorMessage": "Write a period: {n: 7, unit: working_days, of: {event: publication}}.",
            **parts.chosen(
                [
                    (parts.has("n", "unit", "of"), parts.keys(title, counted, required)),
                    (parts.has(*names), alone),
                    (parts.has("as"), parts.keys(title, {"as": all_keys["as"]})),
                ],
                {
                    "properties": all_keys,
                    "required": ["n"],
                    "errorMessage": "Write `n`, `unit` and `of`; or `as` with a requirement.",
                },
            ),
        }

    def _something(self, name: str) -> Schema:
        told = self.table.told(p.Period, name)
        annotation = p.Period.model_fields[name].annotation
        there = tuple(arg for arg in get_args(annotation) if arg is not type(None))
        return self.define(
            f"Period.{name}:there",
            lambda: {**self.shape(there[0], (), told), "description": told.says},
        )

    def _for_each(self) -> Schema:
        """One kind of subject (or child and recipient), and what goes with it."""
        every = {name: self.field(p.ForEach, name) for name, _ in _fields(p.ForEach)}
        with_it = {
            "child": ("recipient", "should"),
            "recipient": ("should",),
            "should": (),
            "meeting": ("first",),
        }
        title = self.table.title(p.ForEach)
        subjects = [name for name in every if name != "first"]
        subjects.sort(key=lambda name: ("child", "recipient", "should").index(name)
                      if name in ("child", "recipient", "should") else 3)  # fmt: skip
        branches = [
            (
                {"required": [name]},
                parts.keys(title, {n: every[n] for n in (name, *with_it.get(name, ()))}),
            )
            for name in subjects
        ]
        return {
            "title": title,
            "type": "object",
            "errorMessage": "Write of whom it is asked, for example {agency: involved}.",
            **parts.chosen(
                branches,
                {
                    "properties": every,
                    "required": ["child"],
                    "errorMessage": f"Write one of these keys: {', '.join(subjects)}.",
                },
            ),
        }


class ScenarioMaker(Maker):
    """Scenario files: what is changed has the shapes of a case."""

    def __init__(self, table: Table, case: Table) -> None:
        super().__init__(table)
        self.case = PartMaker(case)
        self.case.definitions = self.definitions

    def root(self) -> Schema:
        """A scenario."""
        return self.group(s.Scenario)

    def field(self, model: type[BaseModel], name: str) -> Schema:
        """One key of a model; a change has the shapes of a case."""
        if model is s.Change:
            told = self.table.told(model, name)
            return {**self._change(name), "description": told.says}
        return super().field(model, name)

    def _change(self, name: str) -> Schema:
        part = self.case.root()
        if name != "remove":
            return {**part, "type": ["object", "null"]}
        says = {key: self.case.table.told(c.Case, key).says for key in part["properties"]}
        return {
            "type": ["object", "array", "string", "null"],
            "properties": {key: {"description": sentence} for key, sentence in says.items()},
            "additionalProperties": False,
            "items": parts.closed(says),
        }


class PartMaker(CaseMaker):
    """A part of a case: nothing is required of it, and agencies may be those of the base."""

    KIND_NEEDED = ()

    def root(self) -> Schema:
        """Any sections of a case."""
        properties = {name: self.field(c.Case, name) for name, _ in _fields(c.Case)}
        return {
            "title": self.table.title(c.Case),
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
        }


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    """The keys of a model as a file has them."""
    model.model_rebuild()
    for name, info in model.model_fields.items():
        yield info.alias or name, info


def _starts() -> Iterator[tuple[str, type[BaseModel]]]:
    """What a limit may count from, by the key that tells."""
    for branch in get_args(get_args(p.Start)[0]):
        model, tag = get_args(branch)
        yield tag.tag, model
