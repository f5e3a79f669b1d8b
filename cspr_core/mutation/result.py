"""What became of every mutant of an area: the score, and the words in which it is told.

The score is the share of killed mutants among those killed and those that survived, in percent;
equivalent ones and errors count for neither side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cspr_core.mutation.judging import Verdict
from cspr_core.mutation.mutants import Mutant
from cspr_core.mutation.operators import NAMES

SCHEMA_VERSION = "1"
ALL = 100.0
_OUTCOMES = ("survived", "error", "equivalent", "killed")


@dataclass(frozen=True)
class Judged:
    """A mutant, and what became of it."""

    mutant: Mutant
    verdict: Verdict


@dataclass(frozen=True)
class Score:
    """How many of some mutants were killed, survived, and so on."""

    killed: int
    survived: int
    equivalent: int
    error: int

    @property
    def percent(self) -> float:
        """Killed of killed and survived, rounded down to a tenth; 100 where there are none."""
        counted = self.killed + self.survived
        return ALL if not counted else self.killed * 1000 // counted / 10


@dataclass(frozen=True)
class MutationResult:
    """Every mutant of an area with its verdict, in the file's order.

    `invalid` counts the changes that made no valid arrangements; `failing` names expectations that
    do not hold as the arrangements are, by scenario file and number from 1.
    """

    area: str
    file: str
    judged: tuple[Judged, ...]
    invalid: int
    failing: tuple[tuple[str, int], ...]

    @property
    def score(self) -> float:
        """The score of all of them, in percent."""
        return self.total.percent

    @property
    def total(self) -> Score:
        """All of them together."""
        return _score(self.judged)

    def of(self, outcome: str) -> tuple[Judged, ...]:
        """Those of which this became."""
        return tuple(one for one in self.judged if one.verdict.outcome == outcome)

    def by_operator(self) -> Mapping[str, Score]:
        """The score of each operator that changed anything."""
        found = _by(self.judged, lambda one: one.mutant.operator)
        return {name: found[name] for name in NAMES if name in found}

    def by_requirement(self) -> Mapping[str, Score]:
        """The score of each requirement that was changed, in the file's order."""
        return _by(self.judged, lambda one: one.mutant.requirement)

    # --- text ---------------------------------------------------------------------------------

    def text(self) -> str:
        """The result for a person: survivors first, each with its place and the change."""
        lines: list[str] = []
        for outcome, title in _TITLES.items():
            several = self.of(outcome)
            if several:
                lines += [f"{title} ({len(several)})", ""]
                lines += [self._line(one) for one in several]
                lines.append("")
        if self.failing:
            lines += [f"Left out: does not hold as the arrangements are ({len(self.failing)})", ""]
            lines += [f"{path}: expectation {number}" for path, number in self.failing]
            lines.append("")
        lines += _table("By kind of change", self.by_operator(), every=True)
        lines += _table("Requirements with survivors or errors", self.by_requirement(), every=False)
        lines.append(self.summary())
        return "\n".join(lines)

    def _line(self, one: Judged) -> str:
        mutant, why = one.mutant, one.verdict.why
        where = f"{self.file}:{mutant.line}:{mutant.column}"
        end = f" ({why})" if why else ""
        return f"{where}: {mutant.requirement}: {mutant.what} [{mutant.operator}]{end}"

    def summary(self) -> str:
        """One line: the score, and what it is made of."""
        total = self.total
        parts = [f"{total.killed} killed", f"{total.survived} survived"]
        parts += [f"{total.equivalent} equivalent"] if total.equivalent else []
        parts += [f"{total.error} in error"] if total.error else []
        invalid = f"; {self.invalid} changes made no valid arrangements" if self.invalid else ""
        return f"{self.area}: {total.percent:.1f}% ({', '.join(parts)}{invalid})"

    # --- JSON ---------------------------------------------------------------------------------

    def as_json(self) -> dict[str, Any]:
        """The result for other programs; survivors first, absent values null."""
        order = sorted(self.judged, key=lambda one: _OUTCOMES.index(one.verdict.outcome))
        return {
            "area": self.area,
            "file": self.file,
            "score": self.score,
            **vars(self.total),
            "invalid": self.invalid,
            "failing": [{"scenario": path, "expectation": n} for path, n in self.failing],
            "operators": _scores(self.by_operator()),
            "requirements": _scores(self.by_requirement()),
            "mutants": [_entry(one) for one in order],
        }


_TITLES = {
    "survived": "Survived: no scenario notices the change",
    "error": "Error: the check itself failed on the change",
    "equivalent": "Equivalent: proved to come to the same",
}


def _entry(one: Judged) -> dict[str, Any]:
    mutant, verdict = one.mutant, one.verdict
    return {
        "outcome": verdict.outcome,
        "requirement": mutant.requirement,
        "operator": mutant.operator,
        "line": mutant.line,
        "column": mutant.column,
        "change": mutant.what,
        "why": verdict.why or None,
    }


def _score(several: Iterable[Judged]) -> Score:
    outcomes = [one.verdict.outcome for one in several]
    return Score(*(outcomes.count(o) for o in ("killed", "survived", "equivalent", "error")))


def _by(several: Iterable[Judged], key: Callable[[Judged], str]) -> dict[str, Score]:
    found: dict[str, list[Judged]] = {}
    for one in several:
        found.setdefault(key(one), []).append(one)
    return {name: _score(ones) for name, ones in found.items()}


def _scores(scores: Mapping[str, Score]) -> dict[str, dict[str, Any]]:
    return {name: {"score": score.percent, **vars(score)} for name, score in scores.items()}


def _table(title: str, scores: Mapping[str, Score], *, every: bool) -> list[str]:
    rows = {n: s for n, s in scores.items() if every or s.survived or s.error}
    if not rows:
        return []
    wide = max(len(name) for name in rows)
    head = f"{'':{wide}}  {'score':>6}  killed  survived  equivalent  error"
    lines = [
        f"{name:{wide}}  {s.percent:5.1f}%  {s.killed:6}  {s.survived:8}  {s.equivalent:10}"
        f"  {s.error:5}"
        for name, s in rows.items()
    ]
    return [title, "", head, *lines, ""]
