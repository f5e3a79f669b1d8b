"""Cases drawn from a seed, in an area's own words: for checks that have to hold for all cases.

Each case is made from one whole number by a seeded generator and is the same wherever it is made.
It is biased towards what is interesting: days around the limits that documents set, the turns of
the calendar and of the rules, things unknown, planned, undone and done twice. Nothing here says
what the right answer is, and no case is anybody's.
"""
# ruff: noqa: S311 (nothing here is a secret)

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import yaml

from cspr_core.check import Rules
from cspr_core.facts import QUALITIES
from cspr_core.kinds import Lowered
from cspr_core.model.case import Case
from cspr_core.program import EVENT_WORDS, OUTCOMES
from cspr_core.reading.case import CaseFile, check_case
from cspr_core.reading.consistency import Reading, check_consistency
from cspr_core.reading.contradictions import check_contradictions
from cspr_core.reading.document import Document, parse_document
from cspr_core.reading.tree import Mark
from cspr_core.vocabulary import Attribute, vocabulary

Data = dict[str, Any]
FIRST, LAST = date(2019, 1, 1), date(2027, 12, 31)
_ANSWERS = ("yes", "no", "unknown")
_VOCABULARY = vocabulary()
_BODIES = tuple(_VOCABULARY.words("bodies"))
_ROLES = tuple(_VOCABULARY.words("roles"))
_KINDS = tuple(_VOCABULARY.words("agencies"))
_RECIPIENTS = tuple(_VOCABULARY.words("recipients"))
_AUDIENCES = tuple(_VOCABULARY.words("audiences"))
_AGENDA = tuple(_VOCABULARY.words("agenda"))
_PARALLEL = tuple(_VOCABULARY.words("parallel"))
_CRITERIA = tuple(_VOCABULARY.words("criteria"))
_LISTED = (*EVENT_WORDS, "outcome")
# Days between one thing and the next: around the limits that documents set (5, 7, 15 working days,
# 14 days, six months), and in between.
_GAPS = (0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 7, 8, 9, 10, 11, 13, 14, 15, 20, 21, 22, 30, 45)
_LONG_GAPS = (30, 60, 90, 150, 178, 181, 182, 183, 184, 185, 200, 300, 365, 366, 400)
_ONLY_PLANNED, _PLANNED_TOO = 0.09, 0.14  # how likely, the first within the second
# Days around which the calendar or the rules turn.
_TURNS = tuple(
    date.fromisoformat(day)
    for day in (
        "2019-06-10", "2020-11-27", "2020-12-01", "2022-06-01", "2022-09-16", "2023-12-15",
        "2024-12-20", "2025-04-14", "2025-05-26", "2025-05-30", "2025-06-02", "2026-03-02",
        "2026-12-18",
    )
)  # fmt: skip

# --- what is drawn -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """A drawn case as plain data, as the model has it, and the day on which it is looked at."""

    seed: int
    data: Data = field(repr=False)  # what fails is shown cut down, not whole
    case: Case = field(repr=False)
    as_of: date

    @property
    def text(self) -> str:
        """The case as a file would hold it."""
        dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
        return str(yaml.dump(self.data, Dumper=dumper, sort_keys=False, allow_unicode=True))

    @property
    def casefile(self) -> CaseFile:
        """The case as read from such a file, every entry with its place."""
        return check_case(parse_document(self.text, f"drawn-{self.seed}.yaml"), today=None)


def generated_cases(rules: Rules, seed: int, n: int) -> Iterator[CaseFile]:
    """`n` valid cases for the area of these rules, the same for the same seed.

    `drawn_cases` gives the day of the check with each.
    """
    for drawn in drawn_cases(rules, seed, n):
        yield drawn.casefile


def drawn_cases(rules: Rules, seed: int, n: int) -> Iterator[Drawn]:
    """As `generated_cases`, with the day on which each is best looked at (`as_of`)."""
    speech = speech_of(rules)
    for number in range(n):
        yield random_case(seed * _SEEDS + number, speech)


_SEEDS = 1_000_003  # apart, so that runs from neighbouring seeds share no case


def random_case(seed: int, speech: Speech) -> Drawn:
    """The case of a seed; what the reader would refuse has been left out of it."""
    maker = _Maker(seed, speech)
    data = acceptable(maker.case())
    return Drawn(seed, data, Case.model_validate(data), maker.as_of(data))


# --- what the rules speak of ---------------------------------------------------------------------


@dataclass(frozen=True)
class Speech:
    """What some requirements speak of, so that cases come near to meeting them."""

    area: str
    events: tuple[Data, ...]  # patterns of events
    forms: tuple[str, ...]
    bodies: tuple[str, ...]
    running: tuple[str, ...]
    signers: tuple[str, ...]
    roles: tuple[str, ...]  # of the area's own
    seats: Mapping[str, tuple[Data, ...]]  # body to the places in it
    confirmable: tuple[tuple[str, str | None], ...]  # id and the type of its subjects
    excusable: tuple[tuple[str, str | None], ...]
    delayed: tuple[str, ...]


def walk(value: Any) -> Iterator[Data]:
    """Every dictionary in a value, however deep."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from walk(inner)


def _speech(area: str, lowered: Iterable[Lowered]) -> Speech:
    models = [(one.requirement, one.subject.type) for one in lowered]
    dumped = [m.model_dump(by_alias=True, exclude_none=True) for m, _ in models]
    parts = [part for data in dumped for part in walk(data)]

    def said(*names: str) -> tuple[str, ...]:
        """The words that stand under these keys, single or listed."""
        words = (part.get(name, ()) for part in parts for name in names)
        single = ((w,) if isinstance(w, str) else w for w in words if isinstance(w, (str, tuple)))
        return tuple(dict.fromkeys(w for several in single for w in several if isinstance(w, str)))

    return Speech(
        area,
        events=tuple(part for part in parts if isinstance(part.get("event"), str)),
        forms=tuple(word for word in said("form") if "." in word),
        bodies=tuple(w for w in said("meeting", "body", "substitute") if w in _BODIES),
        running=said("running", "parallel"),
        signers=said("signed"),
        roles=tuple(w for w in said("role", "not_role", "led_by", "signed") if "." in w),
        seats=_seats(dumped),
        confirmable=tuple(
            (model.id, subject)
            for model, subject in models
            if model.confirmable == "yes" and model.kind_name not in ("criterion", "hold")
        ),
        excusable=tuple((m.id, subject) for m, subject in models if m.unless == "recorded"),
        delayed=(
            *(model.id for model, _ in models if model.delay is not None),
            *(word for word in said("delayed", "delay_told") if "." in word),
        ),
    )


def _seats(dumped: Iterable[Data]) -> dict[str, tuple[Data, ...]]:
    """Body to the places that somebody has to take in it, or at its meetings."""
    found: dict[str, tuple[Data, ...]] = {}
    partners = tuple(kind for kind in _KINDS if kind not in ("independent", "business_office"))
    for data in dumped:
        body = data.get("body") or (data.get("for_each") or {}).get("meeting")
        further = (data.get("further") or {}).get("n", 0)
        places = (*data.get("seats", ()), *data.get("present", ()))
        if body in _BODIES:
            found[body] = (*found.get(body, ()), *places, *[{"kind": partners}] * further)
    return found


def speech_of(rules: Rules) -> Speech:
    """What the requirements of these rules speak of."""
    return _speech(rules.plugin.area, rules.lowered)


# --- cases ---------------------------------------------------------------------------------------


def acceptable(data: Data) -> Data:
    """The data without the entries that the reader would refuse."""
    while wrong := {entry for entry in refused(data) if entry != _WHOLE}:
        data = dict(data)
        for section, index in sorted(wrong, key=str, reverse=True):
            entries = data[section]
            if isinstance(entries, dict):
                data[section] = {k: v for n, (k, v) in enumerate(entries.items()) if n != index}
            else:
                data[section] = [entry for n, entry in enumerate(entries) if n != index]
    return data


def refused(data: Data) -> set[tuple[str, int]]:
    """Section and number of each entry that the reader has something against.

    What is wrong with the whole case, and is mended by leaving nothing out, is `("", 0)`.
    """
    sections = list(data)
    marks: dict[str, tuple[int, int, Mark]] = {}
    # A place of its own for each entry tells which one a problem is about: the line is its
    # section's, the column its number's. Line 1 is the whole file, where nothing can be left out.
    for row, (section, entries) in enumerate(data.items(), _FIRST):
        inside: Any = None
        if isinstance(entries, list):
            inside = [Mark(row, n + _FIRST) for n in range(len(entries))]
        elif isinstance(entries, dict):
            inside = {k: (row, n + _FIRST, Mark(row, n + _FIRST)) for n, k in enumerate(entries)}
        marks[section] = (row, 1, Mark(row, 1, inside))
    document = Document("drawn.yaml", data, Mark(1, 1, marks))
    reading = Reading(Case.model_validate(data), document, data)
    problems = [*check_consistency(reading, today=None), *check_contradictions(reading)]
    return {
        (sections[problem.line - _FIRST], problem.column - _FIRST)
        if problem.line >= _FIRST and problem.column >= _FIRST
        else _WHOLE
        for problem in problems
    }


_FIRST = 2
_WHOLE = ("", 0)


class _Maker:
    """Makes one case: a story with gaps, odd dates, plans and things unknown."""

    def __init__(self, seed: int, speech: Speech) -> None:
        self.random = random.Random(seed)
        self.speech = speech
        self.children: list[str] = []
        self.died: list[str] = []
        self.roles = (*_ROLES, *speech.roles)
        self.people: dict[str, Data] = {}
        self.agencies: dict[str, Data] = {}
        self.now = FIRST
        self.odd = False  # until the case has its start, without which it would be none

    # --- dice ---

    def chance(self, likely: float) -> bool:
        return self.random.random() < likely

    def one(self, of: Sequence[Any]) -> Any:
        return self.random.choice(of)

    def some(self, of: Sequence[Any], most: int) -> list[Any]:
        return self.random.sample(list(of), self.random.randint(0, min(most, len(of))))

    def answer(self, no: float = 0.45, yes: float = 0.35) -> str:
        return self.random.choices(_ANSWERS, (yes, no, 1 - yes - no))[0]

    def day(self, long: bool = False) -> str:  # noqa: FBT001, FBT002
        """A day, mostly after what happened before it."""
        if self.odd and self.chance(0.1):
            return self.text(self.now + timedelta(self.random.randint(-400, 400)))
        gaps = _LONG_GAPS if long and self.chance(0.6) else _GAPS
        self.now = min(self.now + timedelta(self.one(gaps)), LAST)
        return self.text(self.now)

    @staticmethod
    def text(day: date) -> str:
        return min(max(day, FIRST), LAST).isoformat()

    def near(self, day: str, back: int = 40, on: int = 40) -> str:
        return self.text(date.fromisoformat(day) + timedelta(self.random.randint(-back, on)))

    # --- the case ---

    def case(self) -> Data:
        if self.chance(0.6):
            self.now = self.one(_TURNS) + timedelta(self.random.randint(-12, 6))
        else:
            self.now = FIRST + timedelta(self.random.randint(0, 2900))
        self.now = max(self.now, FIRST)
        area = self.speech.area
        where = self.random.choices(
            (area, "outside_england", "elsewhere", "unknown"), (80, 8, 5, 7)
        )[0]
        incident: Data = {"area": where}
        if self.chance(0.85):
            incident["date"] = self.day()
        if self.chance(0.8):
            incident["residence"] = self.one((area, area, "elsewhere", "unknown"))
        incident["abuse_or_neglect"] = self.random.choices(
            ("known", "suspected", "no", "unknown"), (35, 40, 8, 17)
        )[0]
        data: Data = {
            "schema": "cspr.case/1",
            "case": "EX-2026-01",
            "partnership": area,
            "children": self._children(),
            "incident": incident,
            "agencies": self._agencies(),
            "criteria": self._criteria(),
        }
        self._people()
        data["people"] = self.people
        data["groups"] = self._groups()
        data["events"] = self._events()
        data["meetings"] = self._meetings(data)
        data["forms"] = self._forms(data)
        data["parallel"] = self._parallel(data)
        data |= self._records(data)
        return data

    def _children(self) -> list[Data]:
        found = []
        for number in range(self.random.choices((1, 2, 3), (70, 22, 8))[0]):
            child: Data = {"id": f"child_{number + 1}"}
            child["outcome"] = self.random.choices(
                ("died", "seriously_harmed", "neither", "unknown"), (42, 36, 9, 13)
            )[0]
            for name in ("looked_after", "care_leaver"):
                if self.chance(0.8):
                    child[name] = self.answer()
            if self.chance(0.1):
                child["residence"] = self.one((self.speech.area, "elsewhere"))
            self.children.append(child["id"])
            self.died += [child["id"]] if child["outcome"] == "died" else []
            found.append(child)
        return found

    def _agencies(self) -> dict[str, Data]:
        for kind in self.some(_KINDS[:16], 6):
            self.agencies[kind] = {"involved": self.answer(0.25, 0.55)}
        for number in range(self.random.randint(0, 2)):
            kind = self.one(_KINDS)
            self.agencies[f"agency_{number + 1}"] = {"kind": kind, "involved": self.answer()}
        return self.agencies

    def _criteria(self) -> dict[str, Data]:
        found = {}
        for name in _CRITERIA:
            if self.chance(0.6):
                found[name] = {"answer": self.answer()}
                if self.chance(0.75):
                    found[name]["reason"] = "Considered."
        return found

    def _agency(self) -> str:
        return str(self.one([*self.agencies, *self.agencies, self.one(_KINDS)]))

    def _person(self, agency: str | None = None, roles: Sequence[str] = ()) -> str:
        name = f"p{len(self.people) + 1}"
        person: Data = {"roles": [*roles, *self.some(self.roles, 1 if self.chance(0.4) else 0)]}
        if agency is not None or self.chance(0.9):
            person["agency"] = agency or self._agency()
        for quality in QUALITIES:
            if self.chance(0.8):
                person[quality] = self.answer()
        self.people[name] = person
        return name

    def _people(self) -> None:
        for role in self.some(self.roles, 6):
            independent = role in ("lead_reviewer", "scrutineer") and self.chance(0.7)
            self._person("independent" if independent else None, [role])
        for _ in range(self.random.randint(1, 3)):
            self._person()

    def _groups(self) -> dict[str, Data]:
        found = {}
        for body in dict.fromkeys([*self.speech.bodies, *self.some(_BODIES, 2)]):
            if not self.chance(0.75):
                continue
            members: list[Any] = list(self.some(list(self.people), 3))
            if self.chance(0.65):
                members += [self._seated(seat) for seat in self.speech.seats.get(body, ())]
            if self.chance(0.3) and members:
                member: Data = {"person": members.pop()}
                if self.chance(0.7):
                    member["from"] = self.near(self.text(self.now), 10, 200)
                if self.chance(0.4):
                    member["to"] = self.near(member.get("from", self.text(self.now)), 0, 400)
                members.append(member)
            found[body] = {"members": members}
            if self.chance(0.7):
                found[body]["chair"] = self.one(list(self.people))
        return found

    def _seated(self, seat: Data) -> str:
        """Somebody for a place, who is there already or comes for it."""
        kinds, roles = seat.get("kind", ()), seat.get("role", ())
        for name, person in self.people.items():
            kind = person.get("agency", "")
            kind = self.agencies.get(kind, {}).get("kind", kind)
            fits = (not kinds or kind in kinds) and (not roles or set(roles) & set(person["roles"]))
            if fits and self.chance(0.8):
                return name
        return self._person(self.one(kinds) if kinds else None, [self.one(roles)] if roles else [])

    # --- events ---

    def _events(self) -> list[Data]:
        events = [self._event("aware", by="local_authority")]
        self.odd = self.chance(0.3)
        if self.chance(0.4):
            events.insert(0, self._event("referral_received"))
        if self.died and self.chance(0.4):
            events.append(self._event("death", child=self.one(self.died)))
        far = self.random.choices(range(6), (8, 14, 22, 16, 20, 20))[0]
        for chapter in _STORY[:far]:
            for name in chapter:
                if self.chance(0.75):
                    long = name in ("draft_shared", "sign_off", "publication", "taken_down")
                    events += self._named(name, long=long)
        for _ in range(self.random.choices((0, 2, 6, 12), (30, 40, 20, 10))[0]):
            if self.speech.events and self.chance(0.8):
                events.append(self._like(self.one(self.speech.events)))
            else:
                events.append(self._event(self.one(list(_VOCABULARY.events))))
        return events

    def _named(self, name: str, *, long: bool) -> list[Data]:
        """Events of a type as requirements speak of them, or with attributes of all kinds."""
        likes = [pattern for pattern in self.speech.events if pattern["event"] == name]
        if likes and self.chance(0.85):
            found = [self._like(self.one(likes), long=long)]
            if self.chance(0.35):
                found += [self._like(pattern) for pattern in self.some(likes, 4)]
            return found
        return [self._event(name, long=long)]

    def _like(self, pattern: Data, *, long: bool = False) -> Data:
        fixed = {name: self.one(pattern[name]) for name in _LISTED if pattern.get(name)}
        if pattern.get("reviewer_named"):
            fixed["reviewer_named"] = self.answer(0.15, 0.65)
        same = pattern.get("same", ())
        if "child" in same and self.chance(0.5):
            fixed["child"] = self.one(self.children)
        return self._event(pattern["event"], long=long, **fixed)

    def _event(self, name: str, *, long: bool = False, **fixed: Any) -> Data:
        kind = _VOCABULARY.events.get(name)
        entry: Data = {"type": name, **fixed}
        when = self.random.random()
        if when < _ONLY_PLANNED:
            entry["planned"] = self.day(long)
        else:
            entry["date"] = self.day(long)
            if when < _PLANNED_TOO:
                entry["planned"] = self.near(entry["date"])
        for key, spec in {} if kind is None else kind.attributes.items():
            if key in entry and key in fixed:
                continue
            if spec.required or self.chance(0.3):
                self._attribute(entry, key, spec)
        if self.chance(0.08):
            entry["id"] = f"e{self.random.randint(1, 99_999)}"
        if "child" not in entry and self.chance(0.08):
            entry["child"] = self.some(self.children, 2) or self.children[:1]
        if kind is not None and kind.gathering:
            entry.setdefault("id", f"g{self.random.randint(1, 99_999)}")
            self._gathering(entry, list(self.people))
        return entry

    def _attribute(self, entry: Data, key: str, spec: Attribute) -> None:
        happened = entry.get("date") or entry["planned"]
        if spec.of == ("date",):
            forward = 30 if key == "return_by" else 120
            entry[key] = self.near(happened, 0, forward)
        elif spec.of == ("answer",):
            entry[key] = self.answer(0.2, 0.6)
        elif spec.of == ("person",) or ("person" in spec.of and self.chance(0.2)):
            entry[key] = self.one(list(self.people))
        elif spec.of == ("agency",):
            entry[key] = self._agency()
        elif spec.of == ("outcomes",):
            entry[key] = self.random.choices(OUTCOMES, (70, 14, 6, 10))[0]
        else:
            words = _VOCABULARY.allowed(spec)
            several = key in ("to", "with", "whom") and self.chance(0.25)
            entry[key] = (
                self.random.sample(words, 2) if several and len(words) > 1 else self.one(words)
            )

    def _gathering(self, entry: Data, likely: Sequence[str]) -> None:
        """Who was there, who led it and what was on the agenda: listed, unclear or not known."""
        everybody = list(self.people)
        if self.chance(0.75):
            few = self.some(everybody, 3)
            attended = list(dict.fromkeys([*likely, *few] if self.chance(0.5) else few))
            unclear = self.some([p for p in everybody if p not in attended], 2)
            entry |= {"attended": attended, "unclear": unclear if self.chance(0.3) else []}
        if self.chance(0.7):
            leaders = [p for p, x in self.people.items() if x["roles"]]
            entry["led_by"] = self.one(leaders or everybody)
        if self.chance(0.5):
            entry["invited"] = self.some(everybody, 4)
        if self.chance(0.65):
            entry["agenda"] = self.some(_AGENDA, 4)
        if self.chance(0.4):
            entry["online"] = self.answer()
        if self.chance(0.4) and len(everybody) > 1:
            entry["substitutes"] = [
                self._substitute(entry) for _ in range(self.random.randint(1, 2))
            ]

    def _substitute(self, entry: Data) -> Data:
        for_, by = self.random.sample(list(self.people), 2)
        found: Data = {"for": for_, "by": by}
        if self.chance(0.85):
            found["named"] = self.near(entry.get("date") or entry["planned"], 10, 3)
        for name in ("briefed", "equivalent_seniority"):
            if self.chance(0.8):
                found[name] = self.answer(0.15, 0.65)
        return found

    # --- the rest ---

    def _days(self, data: Data) -> list[str]:
        return sorted(
            entry[key] for entry in data["events"] for key in ("date", "planned") if key in entry
        )

    def _any_day(self, data: Data) -> str:
        return self.near(self.one(self._days(data)), 5, 30)

    def _meetings(self, data: Data) -> list[Data]:
        found = []
        for number in range(self.random.randint(0, 5)):
            bodies = self.speech.bodies or _BODIES
            body = self.one(bodies if self.chance(0.8) else _BODIES)
            meeting: Data = {"id": f"m{number + 1}", "body": body}
            if self.chance(0.8):
                meeting["date"] = self._any_day(data)
            if "date" not in meeting or self.chance(0.1):
                meeting["planned"] = self._any_day(data)
            members = data["groups"].get(body, {}).get("members", [])
            self._gathering(meeting, [m if isinstance(m, str) else m["person"] for m in members])
            found.append(meeting)
        return found

    def _forms(self, data: Data) -> list[Data]:
        found = []
        # a form has a name only where an area gives it one
        for number in range(self.random.randint(0, 4) if self.speech.forms else 0):
            form: Data = {"id": f"f{number + 1}"}
            form["form"] = self.one(self.speech.forms)
            if self.chance(0.8):
                form["from"] = self._agency()
            if self.chance(0.92):
                form["received"] = self._any_day(data)
                if self.chance(0.25):
                    form["returned"] = self.near(form["received"], 0, 20)
            if self.chance(0.75):
                form["empty"] = [] if self.chance(0.6) else ["dated"]
            signers = [*self.speech.signers, self.one(_ROLES)]
            signed = {role: self._any_day(data) for role in signers if self.chance(0.6)}
            form["signed"] = {r: "unknown" if self.chance(0.15) else d for r, d in signed.items()}
            found.append(form)
        return found

    def _parallel(self, data: Data) -> list[Data]:
        found = []
        for number in range(self.random.choices((0, 1, 2, 3), (35, 35, 20, 10))[0]):
            kinds = self.speech.running if self.speech.running and self.chance(0.75) else _PARALLEL
            entry: Data = {"id": f"x{number + 1}", "type": self.one(kinds)}
            if self.chance(0.85):
                entry["opened"] = self._any_day(data)
            if self.chance(0.5):
                entry["closed"] = self._any_day(data)
            elif self.chance(0.25):
                entry["closed"] = "unknown"
            if self.chance(0.3):
                entry["agency"] = self._agency()
            found.append(entry)
        return found

    def _subject(self, kind: str | None, data: Data) -> str | None:
        """A subject that a requirement may have; none stands for all."""
        if kind is None or self.chance(0.4):
            return None
        gatherings = [e["id"] for e in (*data["meetings"], *data["events"]) if "attended" in e]
        options = {
            "child": self.children,
            "agency": list(self.agencies),
            "person": list(self.people),
            "recipient": _RECIPIENTS,
            "meeting": gatherings,
            "event": [e["id"] for e in data["events"] if "id" in e],
            "form": [f["id"] for f in data["forms"]],
            "parallel": [p["id"] for p in data["parallel"]],
            "substitute": [
                f"{e['id']}/{s['by']}"
                for e in (*data["meetings"], *data["events"])
                for s in e.get("substitutes", ())
                if "id" in e
            ],
            "delay": ["delay_1"],
        }[kind]
        return self.one(options) if options else None

    def _records(self, data: Data) -> Data:
        days = self._days(data)
        confirmed = []
        many = 16 + len(self.speech.confirmable) // 4
        for _ in range(self.random.choices((0, 3, 8, many), (30, 25, 25, 20))[0]):
            if self.speech.confirmable:
                name, kind = self.one(self.speech.confirmable)
                entry: Data = {"requirement": name, "answer": self.one(("yes", "yes", "no"))}
                entry |= {"on": self._any_day(data), "subject": self._subject(kind, data)}
                confirmed.append({k: v for k, v in entry.items() if v is not None})
        exceptions = []
        for name, kind in self.some(self.speech.excusable, 3):
            entry = {"requirement": name, "reason": "no_other", "on": self._any_day(data)}
            entry["subject"] = self._subject(kind, data)
            exceptions.append({k: v for k, v in entry.items() if v is not None})
        delays = [
            self._delay(self.one(self.speech.delayed), days)
            for _ in range(self.random.choices((0, 1, 2), (50, 40, 10))[0])
            if self.speech.delayed
        ]
        return {"confirmed": confirmed, "exceptions": exceptions, "delays": delays}

    def _delay(self, requirement: str, days: Sequence[str]) -> Data:
        entry: Data = {"requirement": requirement, "reason": "prosecution"}
        if self.chance(0.8):
            entry["arose"] = self.near(self.one(days), 0, 200)
        start = entry.get("arose", days[-1])
        if self.chance(0.8):
            entry["agreed_by"] = self.one(("executive", "oversight_group"))
            entry["agreed_due"] = self.near(start, 0, 500)
        for key, words in (("told", _RECIPIENTS[:5]), ("considered", _BODIES)):
            several = words if self.chance(0.6) else self.some(words, 3)
            entry[key] = {word: self.near(start, 0, 60) for word in several}
        return entry

    def as_of(self, data: Data) -> date:
        """Mostly a day on which something happens or falls due, else any."""
        days = [date.fromisoformat(day) for day in self._days(data)]
        agreed = [d["agreed_due"] for d in data["delays"] if "agreed_due" in d]
        if agreed and self.chance(0.4):
            return date.fromisoformat(self.near(self.one(agreed), 60, 1))
        near = self.random.choices(
            (
                self.one(days) + timedelta(self.one((-1, 0, 0, 1))),
                self.one(days)
                + timedelta(self.one((5, 7, 9, 10, 11, 14, 21, 22, 30, 182, 184, 366))),
                max(days) + timedelta(self.random.randint(0, 120)),
                self.one(days) + timedelta(self.random.randint(-30, 500)),
            ),
            (25, 30, 25, 20),
        )[0]
        return min(max(near, FIRST), date(2028, 6, 30))


_STORY = (
    ("information_requested", "information_returned", "notified", "referral_answered",
     "information_requested", "information_returned"),
    ("rapid_review_sent", "decision", "panel_response", "rationale_shared"),
    ("decision", "announced", "reviewer_appointed", "terms_of_reference", "family_letter",
     "author_asked", "author_briefing", "chronology_returned", "invited"),
    ("analysis_returned", "papers_sent", "practitioner_event", "family_meeting", "draft_shared",
     "comment", "invited", "findings_shared", "sign_off", "notification_withdrawn"),
    ("sign_off", "report_sent", "publication_date_told", "members_briefed", "press_statement",
     "report_sent", "publication", "debrief", "debrief", "learning_briefing", "taken_down",
     "learning_event", "action_plan", "told", "escalated", "learning_discussed"),
)  # fmt: skip
