"""Tally and decide: from hits to decisions, the same for every engine of single cases."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping

from cspr_core.matching import Hit
from cspr_core.program import Condition, Count, Decision, Every, Program, Row

Tally = Mapping[str, set[object]]
Test = Callable[[Tally], bool]
_COMPARE: Mapping[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_NONE: Mapping[str, set[int]] = {}


def compile_condition(condition: Condition) -> Test:
    """A function from the distinct keys of each tag to whether a condition holds."""
    if isinstance(condition, Count):
        tag, n = condition.tag, condition.n
        if condition.op == ">=" and n == 1:
            return lambda tally: tag in tally
        if (condition.op, n) in (("==", 0), ("<", 1)):
            return lambda tally: tag not in tally
        compare = _COMPARE[condition.op]
        return lambda tally: compare(len(tally.get(tag, ())), n)
    parts = tuple(compile_condition(part) for part in condition.of)
    if len(parts) == 1:
        return parts[0]
    if isinstance(condition, Every):
        return lambda tally: all(part(tally) for part in parts)
    return lambda tally: any(part(tally) for part in parts)


class Decider:
    """One program's decision, compiled: hits in, decisions out."""

    def __init__(self, program: Program) -> None:
        """Compile the conditions of every row."""
        self.requirement = program.requirement
        self._per_subject = program.empty is not None
        self._rows = [(compile_condition(row.when), row) for row in program.rows]
        self._empty = [(compile_condition(row.when), row) for row in program.empty or ()]

    def __call__(self, hits: Iterable[Hit]) -> list[Decision]:
        """The decisions: one for each subject, or one for "no subject at all"."""
        keys: dict[str, dict[str, set[object]]] = {}
        facts: dict[str, dict[str, set[int]]] = {}
        for tag, subject, key, evidence in hits:
            keys.setdefault(subject, {}).setdefault(tag, set()).add(key)
            facts.setdefault(subject, {}).setdefault(tag, set()).update(evidence)
        subjects = sorted(filter(None, keys)) if self._per_subject else []
        rows = self._rows if subjects or not self._per_subject else self._empty
        return [
            self._decision(subject, rows, keys.get(subject, {}), facts.get(subject, _NONE))
            for subject in subjects or [""]
        ]

    def _decision(
        self,
        subject: str,
        rows: list[tuple[Test, Row]],
        tally: Tally,
        shown: Mapping[str, set[int]],
    ) -> Decision:
        row = next(row for holds, row in rows if holds(tally))
        evidence = sorted({(tag, fact) for tag in row.evidence for fact in shown.get(tag, ())})
        return Decision(self.requirement, subject, row.status, row.why, row.answer, tuple(evidence))
