"""Random cases and random arrangements, for tests that hold for all of them.

Each is made from one whole number by a plain seeded generator, biased towards what is interesting,
so that a run can afford thousands; `cases` and `arrangements` are the same as Hypothesis
strategies. What fails is cut down by `smallest`. Nothing here says what the right answer is.
"""
# ruff: noqa: S311 (nothing here is a secret)

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from cspr_core.check import Rules
from cspr_core.kinds import Lowered, LoweringError, lower
from cspr_core.model.arrangements import AnyRequirement, Arrangements
from cspr_core.model.case import Case
from cspr_core.plugins import Plugin, load, national
from cspr_core.program import EVENT_WORDS, FACT_TYPES, OUTCOMES, STATUSES
from cspr_core.reading.consistency import Reading, check_consistency
from cspr_core.reading.contradictions import check_contradictions
from cspr_core.reading.document import Document
from cspr_core.reading.tree import Mark
from cspr_core.vocabulary import Attribute, vocabulary

Data = dict[str, Any]
AREA = "northamptonshire"
FIRST, LAST = date(2019, 1, 1), date(2027, 12, 31)
_ANSWERS = ("yes", "no", "unknown")
_VOCABULARY = vocabulary()
_BODIES = tuple(_VOCABULARY.words("bodies"))
_ROLES = tuple(_VOCABULARY.words("roles"))
_KINDS = tuple(_VOCABULARY.words("agencies"))
_RECIPIENTS = tuple(_VOCABULARY.words("recipients"))
_AUDIENCES = tuple(_VOCABULARY.words("audiences"))
_AGENDA = tuple(_VOCABULARY.words("agenda"))
_STAGES = tuple(_VOCABULARY.words("stages"))
_PARALLEL = tuple(_VOCABULARY.words("parallel"))
_CRITERIA = tuple(_VOCABULARY.words("criteria"))
_QUALITIES = (
    "involved_with_child",
    "knows_child",
    "senior_manager",
    "multi_agency_experience",
    "contributed",
)
_LISTED = (*EVENT_WORDS, "outcome")
# Days between one thing and the next: around the limits that documents set (5, 7, 15 working days,
# 14 days, six months), and in between.
_GAPS = (0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 7, 8, 9, 10, 11, 13, 14, 15, 20, 21, 22, 30, 45)
_LONG_GAPS = (30, 60, 90, 150, 178, 181, 182, 183, 184, 185, 200, 300, 365, 366, 400)
# Days around which the calendar or the rules turn.
_TURNS = tuple(
    date.fromisoformat(day)
    for day in (
        "2019-06-10", "2020-11-27", "2020-12-01", "2022-06-01", "2022-09-16", "2023-12-15",
        "2024-12-20", "2025-04-14", "2025-05-26", "2025-05-30", "2025-06-02", "2026-03-02",
        "2026-12-18",
    )
)  # fmt: skip


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


@cache
def real_rules() -> Rules:
    """The rules of the fullest area there is, the nation's among them."""
    return Rules(load(AREA), national())


# --- cases ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """A random case as plain data, as the model has it, and the day on which it is looked at."""

    seed: int
    data: Data = field(repr=False)  # what fails is shown cut down, not whole
    case: Case = field(repr=False)
    as_of: date


def random_case(seed: int, speech: Speech) -> Drawn:
    """The case of a seed; what the reader would refuse has been left out of it."""
    maker = _Maker(seed, speech)
    data = acceptable(maker.case())
    return Drawn(seed, data, Case.model_validate(data), maker.as_of(data))


def cases(speech: Speech) -> st.SearchStrategy[Drawn]:
    """Whole cases, each of its own seed."""
    return st.integers(0, 2**32).map(lambda seed: random_case(seed, speech))


def acceptable(data: Data) -> Data:
    """The data without the entries that the reader would refuse."""
    for _ in range(20):
        refused = _refused(data)
        if not refused:
            return data
        data = dict(data)
        for section, index in sorted(refused, key=str, reverse=True):
            entries = data[section]
            if isinstance(entries, dict):
                data[section] = {k: v for n, (k, v) in enumerate(entries.items()) if n != index}
            else:
                data[section] = [entry for n, entry in enumerate(entries) if n != index]
    raise AssertionError("the generator makes cases that can't be mended")


def _refused(data: Data) -> set[tuple[str, int]]:
    """Section and number of each entry that the reader has something against."""
    sections = list(data)
    marks: dict[str, tuple[int, int, Mark]] = {}
    for row, (section, entries) in enumerate(data.items(), 2):
        inside: Any = None
        if isinstance(entries, list):
            inside = [Mark(row, n + 2) for n in range(len(entries))]
        elif isinstance(entries, dict):
            inside = {k: (row, n + 2, Mark(row, n + 2)) for n, k in enumerate(entries)}
        marks[section] = (row, 1, Mark(row, 1, inside))
    document = Document("case.yaml", data, Mark(1, 1, marks))
    reading = Reading(Case.model_validate(data), document, data)
    problems = [*check_consistency(reading, today=None), *check_contradictions(reading)]
    for problem in problems:
        assert problem.line > 1, problem
        assert problem.column > 1, problem
    return {(sections[problem.line - 2], problem.column - 2) for problem in problems}


class _Maker:
    """Makes one case: a story with gaps, odd dates, plans and things unknown."""

    def __init__(self, seed: int, speech: Speech) -> None:
        self.random = random.Random(seed)
        self.speech = speech
        self.children: list[str] = []
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
        person: Data = {"roles": [*roles, *self.some(_ROLES, 1 if self.chance(0.4) else 0)]}
        if agency is not None or self.chance(0.9):
            person["agency"] = agency or self._agency()
        for quality in _QUALITIES:
            if self.chance(0.8):
                person[quality] = self.answer()
        self.people[name] = person
        return name

    def _people(self) -> None:
        for role in self.some(_ROLES, 6):
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
        if when < 0.09:
            entry["planned"] = self.day(long)
        else:
            entry["date"] = self.day(long)
            if when < 0.14:
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
        for number in range(self.random.randint(0, 4)):
            form: Data = {"id": f"f{number + 1}"}
            form["form"] = self.one(self.speech.forms or (f"{self.speech.area}.referral",))
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


# --- arrangements --------------------------------------------------------------------------------


def random_rules(seed: int, size: int = 14) -> Rules:
    """The nation's provisions, and random requirements of an area that does not exist."""
    return rules_of(random_requirements(seed, size), seed=seed)


def arrangements(size: int) -> st.SearchStrategy[list[Data]]:
    """The requirements of whole arrangements, each of its own seed."""
    return st.integers(0, 2**32).map(lambda seed: random_requirements(seed, size))


def rules_of(requirements: Sequence[Data], *, area: str = "exshire", seed: int = 0) -> Rules:
    """Rules of an area with these requirements."""
    in_force = (None, "2020-12-01", "2024-08-01")[seed % 3]
    model = Arrangements.model_validate(
        {
            "schema": "cspr.arrangements/1",
            "partnership": area,
            "name": "Exshire, which does not exist",
            "covers": [{"document": "Made up", "in_force_from": in_force, "checked": "2026-11-21"}],
            "requirements": list(requirements),
        }
    )
    lowered = tuple(lower(requirement) for requirement in model.requirements)
    return Rules(Plugin(area, model, lowered, "0", "none", "made up"), national())


_REQUIREMENT: TypeAdapter[Any] = TypeAdapter(AnyRequirement)


def random_requirements(seed: int, size: int) -> list[Data]:
    """Requirements as plain data, each of which can be lowered."""
    maker = _Arranger(seed)
    found: list[Data] = []
    while len(found) < size:
        data = maker.requirement(len(found))
        try:
            lowered = lower(_REQUIREMENT.validate_python(data))
        except (LoweringError, ValidationError):
            maker.refused += 1
            continue
        maker.known.append((data["id"], lowered.subject.type, lowered.limit is not None))
        found.append(data)
    return found


# For whom a requirement is answered: what `for_each` says, and what `same` may then name.
_EACH: Mapping[str | None, tuple[str, ...]] = {
    None: (),
    "child": ("child",),
    "agency": ("agency",),
    "recipient": ("recipient",),
    "child_recipient": ("child", "recipient"),
    "meeting": ("meeting",),
    "event": ("event",),
    "person": ("person",),
    "substitute": ("meeting", "person"),
    "form": (),
    "delay": (),
    "parallel": (),
}
_DATED = ("meeting", "event", "substitute", "form", "delay", "parallel")
_OWN_PATTERNS = {
    "meeting": ("agenda", "led_by", "invited"),
    "substitute": ("named", "briefed", "equivalent_seniority"),
    "delay": ("considered", "told"),
    "form": ("returned",),
}
_FORMS = ("exshire.referral", "exshire.summary")
_PERIODS = (
    *((n, "working_days") for n in (2, 5, 7)),
    *((n, "days") for n in (0, 2, 14)),
    *((n, "months") for n in (1, 6)),
)


@dataclass
class _Arranger:
    """Makes requirements; `known` are those made before, with subject type and limit or not."""

    seed: int
    known: list[tuple[str, str | None, bool]] = field(default_factory=list)
    refused: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        for lowered in national().lowered:
            limited = lowered.limit is not None
            self.known.append((lowered.requirement.id, lowered.subject.type, limited))

    def chance(self, likely: float) -> bool:
        return self.random.random() < likely

    def one(self, of: Sequence[Any]) -> Any:
        return self.random.choice(list(of))

    def some(self, of: Sequence[Any], least: int, most: int) -> list[Any]:
        return self.random.sample(list(of), self.random.randint(least, min(most, len(of))))

    # --- for whom ---

    def each(self, kind: str | None) -> Data | None:
        if kind is None:
            return None
        recipients = {"recipient": self.some(_RECIPIENTS[:5], 1, 3)}
        if self.chance(0.3):
            recipients["should"] = self.some(_RECIPIENTS[5:], 1, 1)
        return {
            "child": {"child": "all"},
            "agency": {"agency": self.one(("involved", "any"))},
            "recipient": recipients,
            "child_recipient": {"child": "all", **recipients},
            "meeting": {"meeting": self.one((*_BODIES[:3], "practitioner_event", "debrief"))},
            "event": {"event": self.one(("publication", "information_requested", "draft_shared"))},
            "person": {
                "person": self.one(({"body": self.one(_BODIES[:3])}, {"role": self.one(_ROLES)}))
            },
            "substitute": {"substitute": self.one(_BODIES[:3])},
            "form": {"form": self.one(_FORMS)},
            "delay": {"delay": self.one(("any", "national.publish_6_months"))},
            "parallel": {"parallel": self.some(_PARALLEL, 1, 3)},
        }[kind]

    # --- patterns ---

    def event(self, same: Sequence[str] = (), **more: Any) -> Data:
        """A pattern of events; of a type to which the subject's `same` can apply, mostly."""
        column = {"recipient": "to", "agency": "agency", "person": "person"}
        wanted = [column[name] for name in same if name in column]
        types = [
            name
            for name, kind in _VOCABULARY.events.items()
            if all(key in kind.attributes for key in wanted)
            and ("meeting" not in same or kind.gathering)
        ] or list(_VOCABULARY.events)
        likely = [t for t in types if t in _LIKELY]
        name = self.one(likely if likely and self.chance(0.7) else types)
        found: Data = {"event": name, **more}
        kind = _VOCABULARY.events[name]
        for key, spec in kind.attributes.items():
            if key in wanted or not self.chance(0.35):
                continue
            if spec.of == ("answer",):
                found[key] = "yes"
            elif spec.of not in (("date",), ("person",)):
                found[key] = self.some(_VOCABULARY.allowed(spec), 1, 3)
        ties = [name for name in same if self.chance(0.85)]
        if ties:
            found["same"] = ties
        if self.chance(0.1):
            found["stands"] = "any"
        return found

    def done(self, each: str | None) -> Data:
        """Something that may have been done."""
        same = _EACH[each]
        kinds = ["event"] * 6 + ["meeting", "form", "role", "delay_told"]
        kinds += ["subject"] * 5 if each in _OWN_PATTERNS else []
        kind = self.one(kinds)
        if kind == "event":
            return self.event(same)
        if kind == "meeting":
            found: Data = {"meeting": self.one((*_BODIES[:3], "practitioner_event"))}
            if self.chance(0.6):
                found["agenda"] = self.one(_AGENDA)
            if self.chance(0.3):
                found["first"] = "yes"
            if "meeting" in same:
                found["same"] = "meeting"
            return found
        if kind == "form":
            found = {"form": self.one(_FORMS)}
            if self.chance(0.6):
                found[self.one(("complete", "returned"))] = "yes"
            if "agency" in same:
                found["same"] = "agency"
            return found
        if kind == "role":
            body = {"body": self.one(_BODIES[:3])} if self.chance(0.5) else {}
            return {"role": self.one(_ROLES), **body}
        if kind == "delay_told":
            tie = {"same": "recipient"} if "recipient" in same else {}
            return {"delay_told": "national.publish_6_months", **tie}
        what = self.one(_OWN_PATTERNS[str(each)])
        items = {"agenda": _AGENDA, "led_by": _ROLES, "invited": _ROLES, "told": _RECIPIENTS[:5],
                 "considered": _BODIES}  # fmt: skip
        item = {"item": self.one(items[what])} if what in items else {}
        return {"subject": what, **item}

    def first(self, each: str | None) -> Data:
        """Something that has to come first, or one of several."""
        if self.chance(0.7):
            return self.done(each)
        return {"any": [self.done(each) for _ in range(self.random.randint(1, 3))]}

    # --- limits ---

    def start(self, each: str | None) -> Data:
        same = _EACH[each]
        kind = self.random.random()
        if each in _DATED and kind < 0.4:
            return {"subject": "date"}
        if kind < 0.5:
            return {"incident": "date"}
        if kind < 0.6:
            return {"meeting": self.one(_BODIES[:3]), "first": "yes"}
        if kind < 0.68:
            returned = {"returned": "yes"} if self.chance(0.4) else {}
            return {"form": self.one(_FORMS), **returned}
        planned = {"as": "planned"} if self.chance(0.2) else {}
        return self.event(same, **planned)

    def period(self, form: str, each: str | None) -> Data:
        if form == "by":
            if self.chance(0.5):
                return {"of": {"event": self.one(("information_requested", "author_asked")),
                               "field": "return_by",
                               "same": ["agency"] if each == "agency" else []}}  # fmt: skip
            return {"of": self.start(each)}
        n, unit = self.one(_PERIODS)
        return {"n": n, "unit": unit, "of": self.start(each)}

    def limit(self, each: str | None) -> Data:
        kind = self.random.random()
        forms = ("within", "within", "before", "around", "by")
        if kind < 0.15:
            own = self.subject_type(each)
            alike = [name for name, found, limited in self.known if limited and found == own]
            if alike:
                return {self.one(("within", "by")): {"as": self.one(alike)}}
        if kind < 0.35:
            values = []
            for since in ("2018-06-29", self.one(("2020-12", "2024-03-01"))):
                form = self.one(forms)
                value: Data = {"in_force_from": since, form: self.period(form, each)}
                if self.chance(0.5):
                    value["governed_by"] = [self.event(_EACH[each]) for _ in range(2)]
                values.append(value)
            return {"values": values}
        form = self.one(forms)
        return {form: self.period(form, each)}

    @staticmethod
    def subject_type(each: str | None) -> str | None:
        return "recipient" if each == "child_recipient" else each

    # --- conditions ---

    def condition(self, each: str | None, depth: int = 0) -> Data:
        same = _EACH[each]
        kinds = ["decision", "happened", "answer", "in_play", "answered", "status", "parallel",
                 "delayed", "started"]  # fmt: skip
        kind = self.one(kinds + (["any", "all", "not"] * 2 if depth < 2 else []))
        ties = [name for name in same if self.chance(0.8)]
        child = {"same": ["child"]} if "child" in ties else {}
        if kind == "decision":
            return {"decision": self.some(OUTCOMES, 1, 2)}
        if kind == "happened":
            if self.chance(0.3):
                return {"happened": self.event(same), "planned": "yes"}
            return {"happened": [self.done(each) for _ in range(self.random.randint(1, 2))]}
        if kind == "answer":
            questions = ("abuse_or_neglect", "died_or_seriously_harmed", "died", "looked_after",
                         "care_leaver", "own_area")  # fmt: skip
            return {"answer": self.one(questions), **child}
        if kind == "in_play":
            return {"in_play": self.reference(each), **self.tie(each)}
        if kind == "answered":
            return {
                "finding": "national.serious_case",
                "answer": self.one(("yes", "yes", "no")),
                **child,
            }
        if kind == "status":
            return {"finding": self.reference(each), "status": self.some(STATUSES, 1, 4),
                    **self.tie(each)}  # fmt: skip
        if kind == "parallel":
            running = {"running": "yes"} if self.chance(0.7) else {}
            return {"parallel": self.some(_PARALLEL, 1, 3), **running}
        if kind == "delayed":
            plan = {"by_plan": {"event": "publication"}} if self.chance(0.6) else {}
            return {"delayed": "national.publish_6_months", **plan}
        if kind == "started":
            return {"started": "yes"}
        if kind == "not":
            return {"not": self.condition(each, depth + 1)}
        return {kind: [self.condition(each, depth + 1) for _ in range(self.random.randint(1, 3))]}

    def reference(self, _each: str | None) -> str:
        return str(self.one(self.known[-12:] if self.chance(0.6) else self.known)[0])

    def tie(self, each: str | None) -> Data:
        return {"same": [self.one(_EACH[each])]} if _EACH[each] and self.chance(0.4) else {}

    # --- requirements ---

    def requirement(self, number: int) -> Data:
        kind = self.one(tuple(_MAKERS))
        each, more = _MAKERS[kind](self)
        data: Data = {
            "id": f"exshire.r{number}",
            "kind": kind,
            "title": "Made up",
            "stage": self.one(_STAGES),
            "source": {"section": "Made up"},
            "when": [
                self.condition(each) for _ in range(self.random.choices((0, 1, 2), (50, 35, 15))[0])
            ],
            **more,
        }
        for_each = self.each(each) if kind != "hold" or not more.get("running") else None
        if for_each is not None:
            data["for_each"] = for_each
        if self.chance(0.3):
            data["unless"] = "recorded"
        if self.chance(0.2):
            data["in_force_from"] = "2021-01"
        return data

    def any_each(self) -> str | None:
        return self.one((None, *_EACH)) if self.chance(0.85) else None

    def limited(self, likely: float) -> tuple[str | None, Data]:
        each = self.any_each()
        more: Data = {"met_by": [self.done(each) for _ in range(self.random.randint(1, 3))]}
        if self.chance(0.1):
            more["met_by"] = []
        elif self.chance(0.4):
            more["confirmable"] = "no"
        if self.chance(likely):
            more |= self.limit(each)
        if self.chance(0.3):
            more["delay"] = {"told": self.some(_RECIPIENTS[:5], 0, 2)}
        return each, more

    def step(self) -> tuple[str | None, Data]:
        each, more = self.limited(0.35)
        unlimited = not {"within", "before", "around", "by", "values"} & more.keys()
        if unlimited and self.chance(0.4):
            more["ahead_of"] = self.event(_EACH[each])
        if self.chance(0.6):
            more["after"] = [self.first(each) for _ in range(self.random.randint(1, 2))]
        return each, more

    def criterion(self) -> tuple[str | None, Data]:
        if self.chance(0.4):
            each = self.one((None, "child"))
            return each, {
                "all": self.some(("abuse_or_neglect", "died", "looked_after", "own_area"), 1, 3)
            }
        reason = {"reason": "required"} if self.chance(0.5) else {}
        return self.one((None, "child")), {"question": f"criteria.{self.one(_CRITERIA)}", **reason}

    def seat(self, of: str | None = None) -> Data:
        seat: Data = {}
        if self.chance(0.75):
            seat["kind"] = self.some(_KINDS, 1, 4)
        if not seat or self.chance(0.3):
            seat["role"] = self.some(_ROLES, 1, 3)
        if of is not None and self.chance(0.3):
            seat["body"] = of
        return seat

    def composition(self) -> tuple[str | None, Data]:
        more: Data = {"body": self.one(_BODIES[:3])}
        more["seats"] = [self.seat() for _ in range(self.random.randint(0, 2))]
        if self.chance(0.6):
            n = self.random.randint(0, 3)
            more["further"] = {"n": n, "uninvolved": self.random.randint(0, min(n, 2))}
        if self.chance(0.4):
            more["chair"] = self.seat()
        return None, more

    def independence(self) -> tuple[str | None, Data]:
        more: Data = {}
        for name, words in (("no", _QUALITIES), ("yes", _QUALITIES), ("not_in", _BODIES[:3]),
                            ("not_role", _ROLES), ("only", _KINDS)):  # fmt: skip
            if self.chance(0.4):
                more[name] = self.some(words, 1, 6 if name == "only" else 2)
        return "person", more

    def attendance(self) -> tuple[str | None, Data]:
        body = self.one(_BODIES[:3])
        more: Data = {"present": [self.seat(body) for _ in range(self.random.randint(0, 2))]}
        if self.chance(0.3):
            more["everyone"] = body
        if self.chance(0.4):
            more["substitutes"] = "yes"
        if self.chance(0.4):
            absent: Data = {}
            if self.chance(0.6):
                absent["role"] = self.one(_ROLES)
            if self.chance(0.6):
                absent["yes"] = self.some(_QUALITIES, 1, 2)
            if self.chance(0.3):
                absent["no"] = self.some(_QUALITIES, 1, 1)
            more["absent"] = absent
        if self.chance(0.4):
            more["led_by"] = self.some(_ROLES, 1, 4)
        return "meeting", more

    def form(self) -> tuple[str | None, Data]:
        return "form", {"signed": self.some(_ROLES, 0, 2)}

    def count(self) -> tuple[str | None, Data]:
        each = self.any_each()
        least = self.random.randint(0, 2)
        most = {"max": least + self.random.randint(0, 2)} if self.chance(0.6) else {}
        return each, {"of": self.event(_EACH[each]), "min": least, **most}

    def hold(self) -> tuple[str | None, Data]:
        if self.chance(0.5):
            return None, {"running": self.some(_PARALLEL, 1, 4), "hold": self.event()}
        each = self.one((None, "child", "agency", "meeting", "parallel"))
        hold = {"hold": self.event(_EACH[each])}
        if self.chance(0.3):
            form = "within"
            value = {"in_force_from": "2018-06-29", form: self.period(form, each)}
            return each, {"values": [value], **hold}
        return each, {"within": self.period("within", each), **hold}

    def rule(self) -> tuple[str | None, Data]:
        each = self.any_each()
        names = ("first", "second")[: self.random.randint(1, 2)]
        match = {name: self.tests(each) for name in names}
        rows = []
        for _ in range(self.random.randint(1, 3)):
            row: Data = {"status": self.one(STATUSES), "all": self.some(names, 0, 2)}
            row["none"] = [name for name in names if name not in row["all"] and self.chance(0.5)]
            if row["all"] or row["none"]:
                rows.append(row)
        return each, {"match": match, "decide": [*rows, {"status": self.one(STATUSES)}]}

    def tests(self, each: str | None) -> list[Data]:
        """Patterns over facts, each tied to one before it."""
        found: list[Data] = []
        seen: list[tuple[str, str]] = []  # aliases and their types
        subject = {"child_recipient": "recipient", "agency": "involvement", "person": None}
        of_subject = subject.get(str(each), each)
        if of_subject is not None:
            seen.append(("s", of_subject))
        for number in range(self.random.randint(1, 3)):
            fact = self.one(_RULE_FACTS)
            where = self.where(fact, seen)
            pattern: Data = {"fact": fact, "as": f"t{number}", "where": where}
            last = number > 0 and self.chance(0.2)
            if last:
                pattern["absent"] = "yes"
            found.append(pattern)
            if last:
                break
            seen.append((f"t{number}", fact))
        return found

    def where(self, fact: str, seen: Sequence[tuple[str, str]]) -> Data:
        where: Data = {}
        columns = FACT_TYPES[fact]
        for name, column in columns.items():
            if column.words and self.chance(0.4):
                where[name] = self.some(column.words, 1, 2)
            elif column.optional and self.chance(0.2):
                where[name] = self.one(("known", "unknown"))
        if fact == "finding":
            where["requirement"] = self.reference(None)
        joins = [
            (name, f"={alias}.{other}")
            for name, column in columns.items()
            if column.type == "text" and not column.words and name not in where
            for alias, of in seen
            for other, source in FACT_TYPES[of].items()
            if source.type == "text" and not source.optional and not source.words
            and (name == other or self.chance(0.02))
        ]  # fmt: skip
        if joins:
            name, value = self.one(joins)
            where[name] = value
        return where


_LIKELY = ("information_requested", "information_returned", "notified", "decision", "publication",
           "draft_shared", "sign_off", "report_sent", "comment", "chronology_returned",
           "reviewer_appointed", "debrief", "practitioner_event", "announced", "taken_down",
           "family_letter", "told", "invited")  # fmt: skip
_RULE_FACTS = ("event", "child", "answer", "involvement", "person", "quality", "role", "member",
               "chair", "meeting", "attendance", "invitation", "agenda_item", "substitute", "form",
               "signature", "parallel", "closed", "delay", "delay_told", "stage", "finding",
               "represented")  # fmt: skip
_MAKERS: Mapping[str, Callable[[_Arranger], tuple[str | None, Data]]] = {
    "criterion": _Arranger.criterion,
    "deadline": lambda maker: maker.limited(1.0),
    "step": _Arranger.step,
    "composition": _Arranger.composition,
    "independence": _Arranger.independence,
    "attendance": _Arranger.attendance,
    "notification": lambda maker: maker.limited(0.4),
    "form": _Arranger.form,
    "count": _Arranger.count,
    "hold": _Arranger.hold,
    "rule": _Arranger.rule,
    "advice": lambda maker: (maker.any_each(), {}),
}


# --- what fails, cut down ------------------------------------------------------------------------


def smallest(data: Data, fails: Callable[[Data], bool]) -> Data:
    """The case with everything cut out without which it still fails.

    `fails` is asked of data that the reader takes.
    """

    def still(candidate: Data) -> bool:
        try:
            return not _refused(candidate) and fails(candidate)
        except (ValueError, AssertionError, KeyError):
            return False

    again = True
    while again:
        again = False
        for shrink in (_without_sections, _without_entries, _without_keys):
            for cut in shrink(data):
                candidate = cut(data)
                if candidate is not None and still(candidate):
                    data, again = candidate, True
    return data


Cut = Callable[[Data], "Data | None"]


def _without_sections(data: Data) -> Iterator[Cut]:
    for section in list(data):
        if section != "children":
            yield lambda now, s=section: {k: v for k, v in now.items() if k != s}  # type: ignore[misc]


def _without_entries(data: Data) -> Iterator[Cut]:
    """Of each section's entries half, a quarter, … one at a time."""
    for section, entries in data.items():
        if not isinstance(entries, (list, dict)):
            continue
        keys = [id(e) for e in entries] if isinstance(entries, list) else list(entries)
        size = max(1, len(keys) // 2)
        while True:
            for begin in range(0, len(keys), size):
                gone = frozenset(keys[begin : begin + size])
                yield lambda now, s=section, g=gone: _cut(now, s, g)  # type: ignore[misc]
            if size == 1:
                break
            size //= 2


def _cut(now: Data, section: str, gone: frozenset[Any]) -> Data | None:
    entries = now.get(section)
    kept: Any
    if isinstance(entries, list):
        kept = [entry for entry in entries if id(entry) not in gone]
    elif isinstance(entries, dict):
        kept = {key: value for key, value in entries.items() if key not in gone}
    else:
        return None
    return None if len(kept) == len(entries) else {**now, section: kept}


def _without_keys(data: Data) -> Iterator[Cut]:
    """Of each entry one key at a time, and of a key's list one value."""
    for section, entries in data.items():
        if not isinstance(entries, (list, dict)):
            continue
        named = enumerate(entries) if isinstance(entries, list) else entries.items()
        for place, entry in named:
            if not isinstance(entry, dict):
                continue
            for key, value in entry.items():
                yield lambda now, p=(section, place), k=key: _change(now, p, k, None)  # type: ignore[misc]
                for gone in value if isinstance(value, list) else ():
                    yield lambda now, p=(section, place), k=key, g=gone: _change(now, p, k, g)  # type: ignore[misc]


def _change(now: Data, place: tuple[str, Any], key: str, gone: Any) -> Data | None:
    section, at = place
    entries = now.get(section)
    try:
        entry = entries[at]  # type: ignore[index]
        value = entry[key]
    except (KeyError, IndexError, TypeError):
        return None
    changed = {k: v for k, v in entry.items() if k != key}
    if gone is not None:
        if not isinstance(value, list) or gone not in value:
            return None
        changed[key] = [one for one in value if one != gone]
    copied: Any = list(entries) if isinstance(entries, list) else dict(entries or {})
    copied[at] = changed
    return {**now, section: copied}
