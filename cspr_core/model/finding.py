"""Findings and reports: the answers to every requirement, each with its evidence. Values only.

Their shape is that of `cspr check --format json`; dates are ISO text there.
"""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from cspr_core.model.patterns import Value

V = TypeVar("V", bound=Value)


_SET: dict[type[Value], set[str]] = {}
_put = object.__setattr__


def trusted(model: type[V], values: dict[str, Any]) -> V:
    """A value of a model, made of all its fields in their order, which are not validated.

    For what the program itself has made, and only where hundreds are made at once: as
    `model_construct`, in a twentieth of the time. `values` becomes part of the value.
    """
    given = _SET.get(model)
    if given is None:
        given = _SET[model] = set(model.model_fields)
    made = model.__new__(model)
    _put(made, "__dict__", values)
    _put(made, "__pydantic_fields_set__", given)
    _put(made, "__pydantic_extra__", None)
    _put(made, "__pydantic_private__", None)
    return made


class Subject(Value):
    """Whom or what a finding is about."""

    type: str
    id: str
    label: str


class CountedFrom(Value):
    """What a limit was counted from."""

    event: str
    date: date
    planned: bool


class LimitValue(Value):
    """A limit's figure: `n` in `unit` (working_days, days or months), in force from a day."""

    n: int
    unit: str
    in_force_from: date | None


class NextStep(Value):
    """What to do next, and who does it."""

    what: str
    who: str | None


class Missing(Value):
    """What is not known, and where it is written down."""

    fact: str
    where: str


class SourceRef(Value):
    """Where a rule stands."""

    document: str
    section: str


class Evidence(Value):
    """A fact that shows it, with its place in the case file."""

    fact: str
    file: str
    line: int
    column: int


class Finding(Value):
    """The answer to one requirement for one subject."""

    requirement: str
    title: str
    kind: str
    stage: str
    status: str
    subject: Subject | None
    answer: str | None
    due: date | None
    agreed_due: date | None
    done: date | None
    working_days_left: int | None
    provisional: bool
    counted_from: CountedFrom | None
    value: LimitValue | None
    authority: str
    binding: str
    tightens: str | None
    verified: bool
    confirmed: bool
    message: str
    next_step: NextStep | None
    missing: tuple[Missing, ...]
    waits_for: str | None
    source: SourceRef
    reading: str | None
    evidence: tuple[Evidence, ...]


class ReportStep(Value):
    """One line of "what to do next"."""

    what: str
    who: str | None
    by: date | None
    requirement: str
    subject: str | None


class Versions(Value):
    """What the report was made with."""

    cspr: str
    plugin: str
    national: str
    calendar_verified_to: date
    engines: tuple[str, ...]


class CoverRef(Value):
    """A document that the arrangements follow."""

    document: str
    dated: str | None
    in_force_from: date | None
    written_under: str | None
    checked: date
    stages: tuple[str, ...]


class Report(Value):
    """One case, checked."""

    schema_version: str
    case: str
    partnership: str
    as_of: date
    versions: Versions
    covers: tuple[CoverRef, ...]
    not_covered: tuple[str, ...]
    notes: tuple[str, ...] = ()  # what has to be known before anything else is read
    summary: dict[str, int]
    next_steps: tuple[ReportStep, ...]
    findings: tuple[Finding, ...]
