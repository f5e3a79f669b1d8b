"""Helpers that build a case, a requirement and their answers from a few lines of YAML.

For tests only. Answers come from the reference engine, by the same way as a check's: facts,
limits, engine. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from textwrap import dedent
from typing import Any

from pydantic import TypeAdapter

from cspr_core.engine.reference import ReferenceEngine
from cspr_core.facts import Facts, Row, facts_of
from cspr_core.kinds import Lowered, lower
from cspr_core.limits import LimitDetail, Limits, derive
from cspr_core.model.arrangements import AnyRequirement, Requirement
from cspr_core.model.case import Case
from cspr_core.plugins import national
from cspr_core.reading.case import check_case
from cspr_core.reading.document import Document, parse_document

_BASE = """
schema: cspr.case/1
case: TEST-1
partnership: northamptonshire
children: [{id: child_1, outcome: seriously_harmed, looked_after: no, care_leaver: no}]
incident: {area: northamptonshire, residence: northamptonshire, abuse_or_neglect: suspected}
"""
_START = "{type: aware, by: local_authority, date: 2026-01-05}"
_REQUIREMENT: TypeAdapter[Requirement] = TypeAdapter(AnyRequirement)
DAY = "2026-06-01"  # a Monday, for tests in which the day of the check does not matter


def data(text: str) -> Any:
    """The values of some lines of YAML, each scalar as text, as in a case file."""
    return parse_document(dedent(text), "test.yaml").data


def replaced(text: str, *changes: tuple[str, str]) -> str:
    """A text with some of its parts replaced, each of which stands in it once."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def document(text: str) -> Document:
    """A case file's text: `text`, with every section of the base that it does not give.

    Where it has neither an `aware` nor a `referral_received` event, an `aware` of Monday 5 January
    2026 is put before its events.
    """
    own = data(text) if text.strip() else {}
    parts = [dedent(text)]
    parts += [line for line in _BASE.strip().splitlines() if line.partition(":")[0] not in own]
    events = own.get("events")
    started = any(event["type"] in ("aware", "referral_received") for event in events or ())
    if not started:
        if events is None:
            parts.append(f"events: [{_START}]")
        elif isinstance(events, list):
            parts[0] = _with_start(parts[0])
    return parse_document("\n".join(parts) + "\n", "test.yaml")


def _with_start(text: str) -> str:
    head, key, tail = text.partition("events:")
    rest = tail.lstrip(" ")
    if rest.startswith("["):
        return f"{head}{key} [{_START}, {rest[1:]}"
    return f"{head}{key}\n  - {_START}{tail}"


def a_case(text: str = "") -> Case:
    """A case that `cspr check` would read without a problem; raises `BadInput` otherwise."""
    return check_case(document(text), today=None).case


def a_requirement(text: str) -> Requirement:
    """A requirement: `text`, with id, title, stage and source where it does not give them."""
    given = {
        "id": "northamptonshire.it",
        "title": "It",
        "stage": "review",
        "source": {"section": "1"},
        **data(text),
    }
    return _REQUIREMENT.validate_python(given)


def lowered(text: str) -> Lowered:
    """A requirement, lowered; raises `LoweringError` where it can't be meant so."""
    return lower(a_requirement(text))


@dataclass(frozen=True)
class Answer:
    """One decision with its limit and the words of its evidence."""

    status: str
    why: str
    answer: str
    detail: LimitDetail | None
    evidence: tuple[str, ...]

    @property
    def due(self) -> str | None:
        """The due date as ISO text."""
        return None if self.detail is None else self.detail.due.isoformat()

    @property
    def short(self) -> tuple[str, str | None]:
        """Status and due date."""
        return self.status, self.due


@dataclass(frozen=True)
class Answers:
    """Everything that was decided of one case on one day."""

    found: Mapping[tuple[str, str], Answer]
    facts: Facts
    limits: Limits

    def __getitem__(self, key: str | tuple[str, str]) -> Answer:
        """The answer to a requirement for a subject; without subject, for the case."""
        return self.found[key if isinstance(key, tuple) else (key, "")]

    def subjects(self, requirement: str) -> list[str]:
        """For whom or what a requirement was answered."""
        return [subject for name, subject in self.found if name == requirement]


def decided(
    case: Case,
    as_of: str,
    requirements: tuple[Lowered, ...],
    engine: ReferenceEngine,
    in_force: Mapping[str, date | None],
) -> Answers:
    """What the reference engine decides of `case` on a day (ISO text)."""
    day = date.fromisoformat(as_of)
    facts, limits = derive(facts_of(case, day), requirements, day, in_force)
    found = {
        (d.requirement, d.subject): Answer(
            d.status,
            d.why,
            d.answer,
            limits.details.get((d.requirement, d.subject)),
            tuple(facts.places[number].words for _, number in d.evidence),
        )
        for d in engine.run(facts.rows)
    }
    return Answers(found, facts, limits)


@cache
def national_rules() -> tuple[tuple[Lowered, ...], ReferenceEngine, dict[str, date | None]]:
    """The nation's requirements, an engine for them, and from when each is held."""
    requirements = national().lowered
    return (
        requirements,
        ReferenceEngine([one.program for one in requirements]),
        {one.requirement.id: one.requirement.in_force_from for one in requirements},
    )


def nation(text: str | Case, as_of: str) -> Answers:
    """What is decided of a case under the national provisions alone."""
    case = text if isinstance(text, Case) else a_case(text)
    return decided(case, as_of, *national_rules())


def answers(
    text: str | Case,
    as_of: str,
    *requirements: str | Lowered,
    since: str | None = None,
) -> Answers:
    """What is decided of a case under these requirements, in force from the day `since`."""
    case = text if isinstance(text, Case) else a_case(text)
    rules = tuple(lowered(one) if isinstance(one, str) else one for one in requirements)
    start = None if since is None else date.fromisoformat(since)
    in_force = {one.requirement.id: start for one in rules}
    return decided(case, as_of, rules, ReferenceEngine([one.program for one in rules]), in_force)


def it(
    requirement: str | Lowered,
    text: str | Case,
    as_of: str = DAY,
    subject: str = "",
    *,
    since: str | None = None,
) -> Answer:
    """The answer to one requirement for one subject."""
    rule = lowered(requirement) if isinstance(requirement, str) else requirement
    return answers(text, as_of, rule, since=since)[rule.requirement.id, subject]


def facts(text: str | Case, as_of: str = DAY) -> Facts:
    """The facts of a case on a day."""
    case = text if isinstance(text, Case) else a_case(text)
    return facts_of(case, date.fromisoformat(as_of))


def rows(found: Facts, fact_type: str, **columns: Any) -> list[Row]:
    """The facts of a type whose columns have these values (`for_` stands for `for`)."""
    wanted = {name.rstrip("_"): value for name, value in columns.items()}
    return [
        row
        for row in found.of(fact_type)
        if all(row[name] == value for name, value in wanted.items())
    ]


def ordinal(day: str) -> int:
    """A day as facts hold it."""
    return date.fromisoformat(day).toordinal()
