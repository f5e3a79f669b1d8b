"""Matches as plain Python closures over indexed facts.

The reference engine runs on it, and `cspr_core.limits` finds with it the events that time counts
from. It needs no compiler and can't crash. A fact is a dict of its columns; a column that is
unknown is `None`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from cspr_core.program import Match, Pattern, Ref, Test

FactRow = Mapping[str, Any]
Rows = Mapping[str, Sequence[FactRow]]
Bound = dict[str, FactRow]
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Hit(NamedTuple):
    """One way in which a match holds."""

    tag: str
    subject: str
    key: Any
    evidence: tuple[int, ...]


class Index:
    """A case's facts, looked up by type and by the columns that a pattern fixes."""

    def __init__(self, rows: Rows) -> None:
        """Index `rows`: fact type to its facts. Indexes are made when first asked for."""
        self.rows = dict(rows)
        self._by: dict[tuple[str, tuple[str, ...]], dict[tuple[Any, ...], list[FactRow]]] = {}

    def find(self, fact_type: str, columns: tuple[str, ...], values: tuple[Any, ...]) -> Any:
        """The facts of a type whose columns have these values."""
        if not columns:
            return self.rows.get(fact_type, ())
        index = self._by.get((fact_type, columns))
        if index is None:
            index = self._by[fact_type, columns] = {}
            for row in self.rows.get(fact_type, ()):
                index.setdefault(tuple(row[column] for column in columns), []).append(row)
        return index.get(values, ())

    def replace(self, fact_type: str, rows: Sequence[FactRow]) -> None:
        """Put `rows` in place of the facts of one type."""
        self.rows[fact_type] = rows
        self._by = {key: index for key, index in self._by.items() if key[0] != fact_type}


Step = Callable[[Index, Bound, list[Any]], None]


def _test(test: Test) -> Callable[[FactRow, Bound], bool]:
    column, value = test.column, test.value
    if test.op == "known":
        return lambda row, bound: row[column] is not None
    if test.op == "unknown":
        return lambda row, bound: row[column] is None
    if test.op == "in":
        allowed = frozenset(value) if isinstance(value, tuple) else frozenset()
        return lambda row, bound: row[column] in allowed
    compare = _COMPARE[test.op]
    if isinstance(value, Ref):
        alias, other = value.alias, value.column
        return lambda row, bound: (
            row[column] is not None and compare(row[column], bound[alias][other])
        )
    return lambda row, bound: row[column] is not None and compare(row[column], value)


def _pattern(pattern: Pattern, then: Step) -> Step:
    fixed = sorted((t for t in pattern.tests if t.op == "=="), key=lambda t: t.column)
    columns = tuple(t.column for t in fixed)
    constants = tuple(None if isinstance(t.value, Ref) else t.value for t in fixed)
    joins = [(i, t.value) for i, t in enumerate(fixed) if isinstance(t.value, Ref)]
    tests = [_test(t) for t in pattern.tests if t.op != "=="]
    fact_type, alias = pattern.type, pattern.alias

    def candidates(index: Index, bound: Bound) -> Iterable[FactRow]:
        if not joins:
            return index.find(fact_type, columns, constants)  # type: ignore[no-any-return]
        values: list[Any] = list(constants)
        for position, ref in joins:
            values[position] = bound[ref.alias][ref.column]
        return index.find(fact_type, columns, tuple(values))  # type: ignore[no-any-return]

    def absent(index: Index, bound: Bound, out: list[Any]) -> None:
        for row in candidates(index, bound):
            if all(test(row, bound) for test in tests):
                return
        then(index, bound, out)

    def present(index: Index, bound: Bound, out: list[Any]) -> None:
        for row in candidates(index, bound):
            if all(test(row, bound) for test in tests):
                bound[alias] = row
                then(index, bound, out)

    return absent if pattern.negated else present


def _chain(body: Sequence[Pattern], last: Step) -> Callable[[Index], list[Any]]:
    step = last
    for pattern in reversed(body):
        step = _pattern(pattern, step)

    def run(index: Index) -> list[Any]:
        out: list[Any] = []
        step(index, {}, out)
        return out

    return run


def compile_match(match: Match) -> Callable[[Index], list[Hit]]:
    """A function from a case's facts to the hits of `match`."""
    tag, key, subject, split = match.tag, match.key, match.subject, match.split
    evidence = match.evidence

    def emit(_index: Index, bound: Bound, out: list[Any]) -> None:
        out.append(
            Hit(
                tag if split is None else f"{tag}.{bound[split.alias][split.column]}",
                "" if subject is None else bound[subject.alias][subject.column],
                bound[key.alias][key.column],
                tuple(bound[ref.alias][ref.column] for ref in evidence),
            )
        )

    return _chain(match.body, emit)


def compile_rows(body: Sequence[Pattern]) -> Callable[[Index], list[Bound]]:
    """A function from a case's facts to each way in which the patterns hold: alias to fact."""

    def emit(_index: Index, bound: Bound, out: list[Any]) -> None:
        out.append(dict(bound))

    return _chain(body, emit)
