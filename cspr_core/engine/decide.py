"""Tally and decide: from hits to decisions, the same for every engine of single cases."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping

from cspr_core.matching import Hit
from cspr_core.program import Condition, Count, Decision, Every, Program

_COMPARE: Mapping[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def holds(condition: Condition, count: Callable[[str], int]) -> bool:
    """Whether a condition holds, given the number of distinct keys of each tag."""
    if isinstance(condition, Count):
        return _COMPARE[condition.op](count(condition.tag), condition.n)
    if isinstance(condition, Every):
        return all(holds(part, count) for part in condition.of)
    return any(holds(part, count) for part in condition.of)


def decide(program: Program, hits: Iterable[Hit]) -> Iterator[Decision]:
    """The decisions of one program, one for each subject, or one for "no subject at all"."""
    keys: dict[str, dict[str, set[object]]] = {}
    facts: dict[str, dict[str, set[int]]] = {}
    for tag, subject, key, evidence in hits:
        keys.setdefault(subject, {}).setdefault(tag, set()).add(key)
        facts.setdefault(subject, {}).setdefault(tag, set()).update(evidence)
    subjects = sorted(subject for subject in keys if subject) if program.empty is not None else []
    rows = program.rows if subjects or program.empty is None else program.empty
    for subject in subjects or [""]:
        tally, shown = keys.get(subject, {}), facts.get(subject, {})
        row = next(r for r in rows if holds(r.when, lambda tag, t=tally: len(t.get(tag, ()))))  # type: ignore[misc]
        yield Decision(
            program.requirement,
            subject,
            row.status,
            row.why,
            row.answer,
            tuple(sorted((tag, fid) for tag in row.evidence for fid in shown.get(tag, ()))),
        )
