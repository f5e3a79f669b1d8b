"""Tally and decide: from hits to decisions, the same for every engine of single cases."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping

from cspr_core.matching import Hit
from cspr_core.program import Condition, Count, Decision, Every, Program, Row

Tally = Mapping[str, set[object]]  # the distinct keys of each tag
Test = Callable[[Tally], bool]
_COMPARE: Mapping[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_in_order = operator.attrgetter("requirement", "subject")


def in_order(decisions: Iterable[Decision]) -> list[Decision]:
    """Decisions sorted by requirement and subject: there is one for each."""
    return sorted(decisions, key=_in_order)


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


class _Row:
    """One row of a decision; its condition is compiled when first asked for: many never are."""

    __slots__ = ("row", "test")

    def __init__(self, row: Row) -> None:
        self.row = row
        self.test: Test | None = None

    def compiled(self) -> Test:
        self.test = compile_condition(self.row.when)
        return self.test


class Decider:
    """One program's decision, compiled: hits in, decisions out."""

    def __init__(self, program: Program) -> None:
        """Take the rows of `program`."""
        self.requirement = program.requirement
        self._per_subject = program.empty is not None
        self._rows = [_Row(row) for row in program.rows]
        self._empty = [_Row(row) for row in program.empty or ()]

    def __call__(self, hits: Iterable[Hit]) -> list[Decision]:
        """The decisions: one for each subject, or one for "no subject at all"."""
        tallies: dict[str, dict[str, set[object]]] = {}
        shown: dict[str, list[Hit]] = {}
        for hit in hits:
            tag, subject, key, _ = hit
            tally = tallies.get(subject)
            if tally is None:
                tally, shown[subject] = tallies.setdefault(subject, {}), []
            tally.setdefault(tag, set()).add(key)
            shown[subject].append(hit)
        subjects = sorted(filter(None, tallies)) if self._per_subject else []
        rows = self._rows if subjects or not self._per_subject else self._empty
        return [
            self._decision(subject, rows, tallies.get(subject, {}), shown.get(subject, ()))
            for subject in subjects or [""]
        ]

    def _decision(
        self, subject: str, rows: Iterable[_Row], tally: Tally, hits: Iterable[Hit]
    ) -> Decision:
        row = next(r.row for r in rows if (r.test or r.compiled())(tally))
        shown: set[tuple[str, int]] = set()
        if row.evidence:
            for tag, _, _, facts in hits:
                if tag in row.evidence:
                    shown.update([(tag, fact) for fact in facts])
        return Decision(
            self.requirement, subject, row.status, row.why, row.answer, tuple(sorted(shown))
        )
