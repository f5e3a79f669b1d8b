"""Whether an area's scenarios notice a mutant: killed, survived, equivalent, or an error.

A mutant is killed by the first expectation that no longer holds. It is equivalent only where that
is proved: it lowers to the very same program, or its deadline falls on the same day from every day
that the calendar knows. What is not proved has survived.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from cspr_core.check import Rules
from cspr_core.kinds import Lowered
from cspr_core.model.arrangements import Hold, Limited, Requirement
from cspr_core.model.patterns import DecisionIs
from cspr_core.mutation.mutants import Mutant, mutated, owner
from cspr_core.program import Pattern, Test, eq
from cspr_core.reading.problems import BadInput, Problem
from cspr_core.scenarios import read_scenario
from cspr_core.strictness import known, limit_of, same_on_calendar
from cspr_core.testing.playing import Replay, dependents, narrowed
from cspr_core.testing.suites import Suite

Outcome = Literal["survived", "killed", "equivalent", "error"]
_LIMITS = ("within", "before", "around", "by", "values")
_FIRST, _HELD = eq("first", "yes"), Test("date", "known")


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: `why` names the expectation that noticed, the proof or the error."""

    outcome: Outcome
    why: str = ""


class Judge:
    """The scenarios of one area, read once, to hold against mutants one after the other."""

    def __init__(self, suite: Suite, only: Collection[str] | None = None) -> None:
        """Read the scenarios; of those the ones that changes of `only` these requirements touch.

        Raises `BadInput` where a scenario can't be read or played.
        """
        self.suite = suite
        self.rules = suite.rules
        self._readers: dict[str, frozenset[str]] = {}
        touched = None if only is None else frozenset().union(*map(self._reading, only))
        self.replays = [
            (path, replay)
            for path, replay in _replays(suite)
            if touched is None or replay.requirements & touched
        ]
        self._wrong = {path: frozenset(self._failing(replay)) for path, replay in self.replays}

    def _failing(self, replay: Replay) -> tuple[int, ...]:
        return replay.failing(narrowed(self.rules, replay.requirements))

    @property
    def failing(self) -> tuple[tuple[str, int], ...]:
        """The expectations that do not hold as the arrangements are, by file and number from 1."""
        return tuple((p, index + 1) for p, wrong in self._wrong.items() for index in sorted(wrong))

    def __call__(self, mutant: Mutant) -> Verdict:
        """Hold every expectation that the change can touch against the mutant."""
        try:
            noticed = next(self._noticed(mutant), None)
            if noticed is not None:
                return noticed
            proof = self.proof(mutant)
            return Verdict("equivalent", proof) if proof else Verdict("survived")
        except Exception as error:  # noqa: BLE001  (whatever a changed rule makes of a case)
            return Verdict("error", f"{type(error).__name__}: {error}")

    # --- the scenarios ------------------------------------------------------------------------

    def _noticed(self, mutant: Mutant) -> Iterator[Verdict]:
        rules = mutated(self.suite, mutant)
        made: dict[frozenset[str], Rules] = {}
        for touched in self._touched(mutant):
            for path, replay in self.replays:
                wanted = replay.requirements & touched
                if not wanted:
                    continue
                if wanted not in made:
                    made[wanted] = narrowed(rules, wanted)
                for index in replay.failing(made[wanted], only=wanted):
                    if index not in self._wrong[path]:
                        yield Verdict("killed", f"{path}, expectation {index + 1}")

    def _touched(self, mutant: Mutant) -> Iterator[frozenset[str]]:
        """First the requirement itself: most mutants are noticed there. Then what reads it."""
        if mutant.covers is not None:
            yield frozenset(low.requirement.id for low in owner(self.suite).lowered)
            return
        itself = frozenset({mutant.requirement})
        yield itself
        yield self._reading(mutant.requirement) - itself

    def _reading(self, requirement: str) -> frozenset[str]:
        """A requirement, and all whose answer may depend on it."""
        if requirement not in self._readers:
            self._readers[requirement] = dependents(self.rules, requirement)
        return self._readers[requirement]

    # --- proofs -------------------------------------------------------------------------------

    def proof(self, mutant: Mutant) -> str:
        """Why no case at all could tell the mutant from the original; nothing where not proved."""
        if mutant.lowered is None:
            return ""
        old = self.rules.by_id[mutant.requirement]
        if _behaviour(old) == _behaviour(mutant.lowered):
            return "it lowers to the same program"
        if _behaviour(_without_first(old)) == _behaviour(_without_first(mutant.lowered)):
            return "of several meetings the first counts anyway"
        if self._same_dates(old.requirement, mutant.lowered.requirement):
            return f"every due date is the same, {known()}"
        return ""

    def _same_dates(self, old: Requirement, new: Requirement) -> bool:
        """Only the limit differs, and falls on the same days."""
        if not isinstance(old, (Limited, Hold)) or not isinstance(new, (Limited, Hold)):
            return False
        limits = {name: getattr(old, name) for name in _LIMITS if hasattr(old, name)}
        if new.model_copy(update=limits) != old:
            return False
        others: Mapping[str, Requirement] = {
            name: lowered.requirement for name, lowered in self.rules.by_id.items()
        }
        return same_on_calendar(limit_of(old, others), limit_of(new, others))


def _replays(suite: Suite) -> list[tuple[str, Replay]]:
    """The scenarios by their files; raises `BadInput` with the problems of all of them."""
    found: list[tuple[str, Replay]] = []
    problems: list[Problem] = []
    for path in suite.paths:
        try:
            found.append((shown(path), Replay(read_scenario(path), suite.rules)))
        except BadInput as error:
            problems += error.problems
    if problems:
        raise BadInput(problems)
    return found


def shown(path: Path) -> str:
    """A path as a person reads it: from the current folder where it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


# --- the same requirement, said in another way ---------------------------------------------------


def _without_first(lowered: Lowered) -> Lowered:
    """Without `first: yes` where it says nothing.

    A limit counts from the earliest of what it can count from (`cspr_core.limits`: held before
    planned, then by day), which is how the first of a body's meetings is told, too. And something
    done after any of several meetings was done after the first of them.
    """
    limit = lowered.limit
    if limit is not None:
        values = tuple(
            replace(
                value,
                origins=tuple(replace(o, body=_any_meeting(o.body)) for o in value.origins),
            )
            for value in limit.values
        )
        limit = replace(limit, values=values)
    matches = tuple(
        replace(m, body=_any_meeting(m.body)) if m.tag.startswith("after.") else m
        for m in lowered.program.matches
    )
    return replace(lowered, limit=limit, program=replace(lowered.program, matches=matches))


def _any_meeting(body: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
    """Of patterns of a body's meetings, and of nothing else about them, those of the first too."""
    return tuple(
        replace(p, tests=tuple(t for t in p.tests if t != _FIRST))
        if p.type == "meeting" and _FIRST in p.tests and _only_of_body(p)
        else p
        for p in body
    )


def _only_of_body(pattern: Pattern) -> bool:
    return all(t in (_FIRST, _HELD) or t.column == "body" for t in pattern.tests)


def _behaviour(lowered: Lowered) -> tuple[Any, ...]:
    """All of a requirement that any answer depends on."""
    requirement = lowered.requirement
    each = requirement.for_each
    return (
        lowered.program,
        lowered.subject,
        lowered.limit,
        lowered.gates,
        lowered.dates,
        requirement.stage,
        requirement.binding,
        None if each is None else each.should,
        requirement.delay,
        requirement.tightens,
        requirement.in_force_from,
        requirement.source.document,
        any(isinstance(condition, DecisionIs) for condition in requirement.when),
    )
