"""Matches as plain Python closures over indexed facts.

The reference engine runs on it, and `cspr_core.limits` finds with it the events that time counts
from. It needs no compiler and can't crash. A fact is a dict of its columns; a column that is
unknown is `None`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
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


Key = tuple[str, tuple[str, ...]]  # a fact type, and the columns that a pattern fixes


class Index:
    """A case's facts, looked up by type and by the columns that a pattern fixes."""

    def __init__(self, rows: Rows) -> None:
        """Index `rows`: fact type to its facts. Indexes are made when first asked for."""
        self.rows = dict(rows)
        self._by: dict[Key, dict[Any, Sequence[FactRow]]] = {}

    def table(self, key: Key) -> Mapping[Any, Sequence[FactRow]]:
        """The facts of a type by the value of one column, or by the values of several."""
        found = self._by.get(key)
        if found is None:
            found = self._by[key] = self._made(*key)
        return found

    def find(self, fact_type: str, columns: tuple[str, ...], values: tuple[Any, ...]) -> Any:
        """The facts of a type whose columns have these values."""
        return self.table((fact_type, columns)).get(_looked_up(values), ())

    def replace(self, fact_type: str, rows: Sequence[FactRow]) -> None:
        """Put `rows` in place of the facts of one type."""
        self.rows[fact_type] = rows
        self._by = {key: table for key, table in self._by.items() if key[0] != fact_type}

    def _made(self, fact_type: str, columns: tuple[str, ...]) -> dict[Any, Sequence[FactRow]]:
        rows = self.rows.get(fact_type, ())
        if not columns:
            return {(): rows}
        read = operator.itemgetter(*columns)
        table: dict[Any, list[FactRow]] = {}
        for row in rows:
            table.setdefault(read(row), []).append(row)
        return dict(table)


def _looked_up(values: tuple[Any, ...]) -> Any:
    """What an index is asked for: the value of one column, or the values of several."""
    return values[0] if len(values) == 1 else values


Step = Callable[[Index, Bound, list[Any]], None]
Candidates = Callable[[Index, Bound], Sequence[FactRow]]
Passes = Callable[[FactRow, Bound], bool]


def _test(test: Test) -> Passes:
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


def _tests(pattern: Pattern) -> Passes | None:
    """Every test but those that an index answers, as one."""
    tests = [_test(test) for test in pattern.tests if test.op != "=="]
    if len(tests) < 2:  # noqa: PLR2004  (most patterns have none or one)
        return tests[0] if tests else None

    def passes(row: FactRow, bound: Bound) -> bool:
        for test in tests:  # noqa: SIM110  (four times as fast as `all`, and asked most often)
            if not test(row, bound):
                return False
        return True

    return passes


def _candidates(pattern: Pattern) -> Candidates:
    """The facts for which every test of equality holds."""
    fixed = sorted((t for t in pattern.tests if t.op == "=="), key=operator.attrgetter("column"))
    columns = tuple(test.column for test in fixed)
    key = (pattern.type, columns)
    joins = [(i, test.value) for i, test in enumerate(fixed) if isinstance(test.value, Ref)]
    values: list[Any] = [test.value for test in fixed]
    if not joins:
        constant = _looked_up(tuple(values))
        return lambda index, bound: index.table(key).get(constant, ())
    if len(columns) == 1:
        alias, column = joins[0][1].alias, joins[0][1].column
        return lambda index, bound: index.table(key).get(bound[alias][column], ())

    def joined(index: Index, bound: Bound) -> Sequence[FactRow]:
        wanted = values.copy()
        for position, ref in joins:
            wanted[position] = bound[ref.alias][ref.column]
        return index.table(key).get(tuple(wanted), ())

    return joined


def _pattern(pattern: Pattern, candidates: Candidates, then: Step) -> Step:
    passes, alias = _tests(pattern), pattern.alias

    def absent(index: Index, bound: Bound, out: list[Any]) -> None:
        for row in candidates(index, bound):
            if passes is None or passes(row, bound):
                return
        then(index, bound, out)

    def present(index: Index, bound: Bound, out: list[Any]) -> None:
        for row in candidates(index, bound):
            if passes is None or passes(row, bound):
                bound[alias] = row
                then(index, bound, out)

    return absent if pattern.negated else present


def _chain(body: Sequence[Pattern], last: Step) -> Callable[[Index], list[Any]]:
    """A match as a function; made when a case first has facts to begin with: most never have."""
    first = _candidates(body[0])
    made: list[Step] = []

    def run(index: Index) -> list[Any]:
        out: list[Any] = []
        if first(index, {}):
            if not made:
                made.append(_steps(body, first, last))
            made[0](index, {}, out)
        return out

    return run


def _steps(body: Sequence[Pattern], first: Candidates, last: Step) -> Step:
    step = last
    for pattern in reversed(body[1:]):
        step = _pattern(pattern, _candidates(pattern), step)
    return _pattern(body[0], first, step)


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
                tuple([bound[ref.alias][ref.column] for ref in evidence]),
            )
        )

    return _chain(match.body, emit)


def compile_rows(body: Sequence[Pattern]) -> Callable[[Index], list[Bound]]:
    """A function from a case's facts to each way in which the patterns hold: alias to fact."""

    def emit(_index: Index, bound: Bound, out: list[Any]) -> None:
        out.append(dict(bound))

    return _chain(body, emit)
