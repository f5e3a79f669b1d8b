"""Random arrangements, and random cases as strategies, for tests that hold for all of them.

Each is made from one whole number by a plain seeded generator, biased towards what is interesting,
so that a run can afford thousands: the cases by `cspr_core.generated`. `cases` and `arrangements`
are the same as Hypothesis strategies. Nothing here says what the right answer is.
"""
# ruff: noqa: S311 (nothing here is a secret)

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from cspr_core.check import Rules
from cspr_core.facts import QUALITIES
from cspr_core.generated import Data, Drawn, Speech, random_case
from cspr_core.kinds import LoweringError, lower
from cspr_core.model.arrangements import AnyRequirement, Arrangements
from cspr_core.plugins import Plugin, load, national
from cspr_core.program import FACT_TYPES, OUTCOMES, STATUSES
from cspr_core.vocabulary import vocabulary

AREA = "northamptonshire"
_VOCABULARY = vocabulary()
_BODIES = tuple(_VOCABULARY.words("bodies"))
_ROLES = tuple(_VOCABULARY.words("roles"))
_KINDS = tuple(_VOCABULARY.words("agencies"))
_RECIPIENTS = tuple(_VOCABULARY.words("recipients"))
_AGENDA = tuple(_VOCABULARY.words("agenda"))
_STAGES = tuple(_VOCABULARY.words("stages"))
_PARALLEL = tuple(_VOCABULARY.words("parallel"))
_CRITERIA = tuple(_VOCABULARY.words("criteria"))


@cache
def real_rules() -> Rules:
    """The rules of the fullest area there is, the nation's among them."""
    return Rules(load(AREA), national())


def cases(speech: Speech) -> st.SearchStrategy[Drawn]:
    """Whole cases, each of its own seed."""
    return st.integers(0, 2**32).map(lambda seed: random_case(seed, speech))


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
        for name, words in (("no", QUALITIES), ("yes", QUALITIES), ("not_in", _BODIES[:3]),
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
                absent["yes"] = self.some(QUALITIES, 1, 2)
            if self.chance(0.3):
                absent["no"] = self.some(QUALITIES, 1, 1)
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
