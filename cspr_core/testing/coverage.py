"""What scenarios cover: each requirement in each of its statuses, never lines.

Which statuses a requirement can come to is read from the rows of its program; the page
`docs/how-it-decides.md` has them by kind. A status is covered where an expectation of it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cspr_core.check import Rules
from cspr_core.engine.decide import compile_condition
from cspr_core.kinds import Lowered
from cspr_core.model.patterns import AnswerIs
from cspr_core.program import (
    STATUSES,
    Condition,
    Count,
    Every,
    Row,
)

_ALWAYS_SOMEBODY = ("child", "recipient")  # a case has a child, and each has its recipients


def possible(rules: Rules, lowered: Lowered) -> tuple[str, ...]:
    """The statuses that a requirement can come to, in the order of the table of statuses."""
    impossible = {"mark.extended"} if lowered.requirement.delay is None else set()
    forms = _forms(rules, lowered)
    if not forms:
        impossible.add("mark.confirmed_late")
    if "before" not in forms:
        impossible.add("limit.shut")
    if rules.in_force.get(lowered.requirement.id) is None and not _dated(lowered):
        impossible.add("mark.not_in_force")
    program = lowered.program
    rows: Iterable[Row] = program.rows
    if program.empty is not None and lowered.subject.type not in _ALWAYS_SOMEBODY:
        rows = (*program.rows, *program.empty)
    never = set(_never(lowered, forms))
    found = {r.status for r in rows if r.why not in never and _can_hold(r.when, impossible)}
    return tuple(status for status in STATUSES if status in found)


def _forms(rules: Rules, lowered: Lowered) -> frozenset[str]:
    """The forms of a requirement's limit, or of the one that it takes over."""
    while lowered.limit is not None and lowered.limit.copies is not None:
        lowered = rules.by_id[lowered.limit.copies]
    return frozenset() if lowered.limit is None else frozenset(v.form for v in lowered.limit.values)


def _never(lowered: Lowered, forms: frozenset[str]) -> Iterator[str]:
    """The reasons for a row that no case can give.

    An answer is yes, no or unknown, and never waited for; nothing is too early for a limit that
    only ends.
    """
    yield "involved.waits"
    if forms.isdisjoint(("before", "around")):
        yield "too_early"
    for index, condition in enumerate(lowered.requirement.when):
        if isinstance(condition, AnswerIs):
            yield f"when.{index}.waits"


def _dated(lowered: Lowered) -> bool:
    """Every value is in force from some day: before it there is none."""
    values = () if lowered.limit is None else lowered.limit.values
    return bool(values) and all(value.in_force_from is not None for value in values)


def _can_hold(condition: Condition, impossible: set[str]) -> bool:
    if isinstance(condition, Count):
        return condition.tag not in impossible or compile_condition(condition)({})
    if isinstance(condition, Every):
        return all(_can_hold(part, impossible) for part in condition.of)
    return any(_can_hold(part, impossible) for part in condition.of)


@dataclass(frozen=True)
class Covered:
    """One requirement: the statuses that it can come to, and those that a scenario shows."""

    requirement: str
    possible: tuple[str, ...]
    shown: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The statuses that no scenario shows."""
        return tuple(status for status in self.possible if status not in self.shown)


@dataclass(frozen=True)
class Coverage:
    """What the scenarios of an area cover of its requirements."""

    requirements: tuple[Covered, ...]

    @property
    def possible(self) -> int:
        """How many pairs of requirement and status there are."""
        return sum(len(one.possible) for one in self.requirements)

    @property
    def shown(self) -> int:
        """How many of them a scenario shows."""
        return sum(len(one.shown) for one in self.requirements)

    @property
    def percent(self) -> float:
        """The share that is shown, in per cent; of nothing at all, the whole."""
        return 100.0 * self.shown / self.possible if self.possible else 100.0

    @property
    def untouched(self) -> tuple[str, ...]:
        """The requirements of which no scenario shows anything."""
        return tuple(one.requirement for one in self.requirements if not one.shown)


def coverage_of(
    rules: Rules, lowered: Iterable[Lowered], shown: Mapping[str, set[str]]
) -> Coverage:
    """The coverage of requirements, by the statuses `shown` of each."""
    found = []
    for one in lowered:
        can = possible(rules, one)
        seen = shown.get(one.requirement.id, set())
        found.append(Covered(one.requirement.id, can, tuple(s for s in can if s in seen)))
    return Coverage(tuple(sorted(found, key=lambda c: c.requirement)))
