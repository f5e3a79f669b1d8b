"""Matching in plain Python: which facts stand for the patterns of a body, and in which ways.

The reference engine runs on it, and `cspr_core.limits` finds with it the events that time counts
from. It needs no compiler and can't crash. A fact is a dict of its columns; a column that is
unknown is `None`, and passes no test but `unknown`.
"""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from cspr_core.program import FACT_TYPES, ID, Pattern, Ref

FactRow = Mapping[str, Any]
Rows = Mapping[str, Sequence[FactRow]]
Place = tuple[int, str]  # a pattern's position in its body, and a column of it
Bound = tuple[FactRow, ...]  # the facts that stand for a body's patterns (no negated one has any)
Firings = Mapping[int, Sequence[Bound]]  # a body's number → each way in which it holds
Passes = Callable[[FactRow, Bound], bool]
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_EVERY = ""  # in place of a column: all facts of a type


class Part(NamedTuple):
    """A pattern without names: tests against constants, and joins to places before it."""

    type: str
    constants: tuple[tuple[str, str, Any], ...]  # operator, column, value
    joins: tuple[tuple[str, str, Place], ...]
    negated: bool


Body = tuple[Part, ...]


def positions(body: Sequence[Pattern]) -> dict[str, int]:
    """Where each pattern stands, by its alias."""
    return {pattern.alias: position for position, pattern in enumerate(body)}


def body_of(patterns: Sequence[Pattern]) -> Body:
    """Patterns as they are matched: two bodies that differ in names alone are equal."""
    at = positions(patterns)
    parts = []
    for pattern in patterns:
        constants, joins = [], []
        for test in pattern.tests:
            value = test.value
            if isinstance(value, Ref):
                joins.append((test.op, test.column, (at[value.alias], value.column)))
            else:
                constants.append((test.op, test.column, value))
        parts.append(Part(pattern.type, tuple(constants), tuple(joins), pattern.negated))
    return tuple(parts)


Table = Mapping[Any, Sequence[FactRow]]  # the facts that have a value


# A type of facts and a column; or a type, a column, a value in it, and another column.
Key = tuple[str, str] | tuple[str, str, Any, str]


class Index(dict[Key, Table]):
    """A case's facts by type and column: for each value that is known, the facts that have it.

    Or, of the facts that have a value in a column, those that have each value in another. A table
    is made when it is first asked for.
    """

    def __init__(self, rows: Rows) -> None:
        """Index `rows`: fact type to its facts."""
        super().__init__()
        self.rows = dict(rows)

    def __missing__(self, key: Key) -> Table:
        """Make a table."""
        fact_type, column = key[:2]
        if len(key) == 2:  # noqa: PLR2004  (a type and a column)
            rows = self.rows.get(fact_type, ())
        else:
            rows = self[fact_type, column].get(key[2], ())
            column = key[3]
        table = self[key] = {_EVERY: rows} if column == _EVERY else _by(column, rows)
        return table

    def replace(self, fact_type: str, rows: Sequence[FactRow]) -> None:
        """Put `rows` in place of the facts of one type."""
        self.rows[fact_type] = rows
        for key in [key for key in self if key[0] == fact_type]:
            del self[key]


def _by(column: str, rows: Sequence[FactRow]) -> Table:
    found: dict[Any, list[FactRow]] = {}
    for row in rows:
        value = row[column]
        if value in found:
            found[value].append(row)
        elif value is not None:
            found[value] = [row]
    return found


def _test(op: str, column: str, value: Any) -> Passes:
    """A test against a constant."""
    if op == "known":
        return lambda row, _: row[column] is not None
    if op == "unknown":
        return lambda row, _: row[column] is None
    if op == "in":
        allowed = frozenset(value)
        return lambda row, _: row[column] in allowed
    if op == "==":
        return lambda row, _: row[column] == value
    compare = _COMPARE[op]
    return lambda row, _: row[column] is not None and compare(row[column], value)


def _join(op: str, column: str, place: Place) -> Passes:
    compare = _COMPARE[op]
    position, other = place
    return lambda row, bound: (
        row[column] is not None and compare(row[column], bound[position][other])
    )


class _Node:
    """A pattern, and what stands behind it in the bodies that begin alike.

    Its facts are looked up by the first column that has to equal something fixed (`column` and
    `value`: `key` and `value` of the index), and among these by the first that has to equal what
    stands in a fact before (`join`: `joining` of the index).
    """

    __slots__ = (
        *("column", "ends", "fixed", "join", "joined", "joining", "key", "leads"),
        *("negated", "part", "tests", "value"),
    )

    def __init__(self, part: Part) -> None:
        """Decide by which columns its facts are looked up."""
        self.part, self.negated = part, part.negated
        self.fixed: list[_Node] = []  # what stands next, and is the same for every row here
        # What depends on this row or one before it, and on which value of which of them.
        self.joined: list[tuple[_Node, int, str]] = []
        self.leads = False  # whether anything stands next
        self.ends: list[int] = []  # the bodies that end here
        self.tests: list[Passes] | None = None
        columns = (*FACT_TYPES[part.type], ID)
        fixed: dict[str, Any] = {c: value for op, c, value in part.constants if op == "=="}
        joined: dict[str, Place] = {c: place for op, c, place in part.joins if op == "=="}
        self.column: str = next(filter(fixed.__contains__, columns), _EVERY)
        self.value: Any = fixed.get(self.column, _EVERY)
        by: str = next(filter(joined.__contains__, columns), _EVERY)
        self.join = (by, joined[by]) if by in joined else None
        self.key = (part.type, self.column)
        self.joining: Key = (
            (part.type, by) if self.column == _EVERY else (*self.key, self.value, by)
        )

    def _compiled(self) -> list[Passes]:
        """All tests but those that the index answers; made when there are facts to be tested."""
        self.tests = [
            _test(op, column, value)
            for op, column, value in self.part.constants
            if (op, column, value) != ("==", self.column, self.value)
        ]
        self.tests += [
            _join(op, column, place)
            for op, column, place in self.part.joins
            if op != "==" or (column, place) != self.join
        ]
        return self.tests

    def match(
        self, rows: Sequence[FactRow], index: Index, bound: Bound, out: dict[int, list[Bound]]
    ) -> None:
        """Add to `out` each way in which the bodies from here on hold; `rows` may stand here."""
        tests = self._compiled() if self.tests is None else self.tests
        follow: Following | None = None
        for row in rows:
            for test in tests:
                if not test(row, bound):
                    break
            else:
                if self.negated:
                    return
                here = (*bound, row)
                for number in self.ends:
                    out[number].append(here)
                if self.leads:
                    if follow is None:
                        follow = self._following(index)
                    _go_on(follow, index, here, out)
        if self.negated:
            self.end(bound, out)

    def _following(self, index: Index) -> Following:
        """What stands next, with its facts: nothing is asked of what there are none for."""
        fixed = [
            (node, found)
            for node in self.fixed
            if (found := index[node.key].get(node.value, ())) or node.negated
        ]
        joined = [
            (node, table, position, column)
            for node, position, column in self.joined
            if (table := index[node.joining]) or node.negated
        ]
        return fixed, joined

    def end(self, bound: Bound, out: dict[int, list[Bound]]) -> None:
        """Add to `out` that nothing stands here that must not."""
        for number in self.ends:
            out[number].append(bound)


# What stands next: with its facts, or with those by what is joined, and on what.
Following = tuple[list[tuple[_Node, Sequence[FactRow]]], list[tuple[_Node, Table, int, str]]]


def _go_on(follow: Following, index: Index, here: Bound, out: dict[int, list[Bound]]) -> None:
    fixed, joined = follow
    for node, found in fixed:
        if found:
            node.match(found, index, here, out)
        else:
            node.end(here, out)
    for node, table, position, column in joined:
        value = here[position][column]
        if value in table:
            node.match(table[value], index, here, out)
        elif node.negated:
            node.end(here, out)


class Matcher:
    """Bodies that are matched together: what several begin with is looked for once."""

    def __init__(self, bodies: Mapping[int, Body]) -> None:
        """Take bodies by their numbers."""
        nodes: dict[Body, _Node] = {}  # by the patterns up to them
        # Nothing is asked of what a case has no facts for: by table, and in it by value.
        self._first: dict[tuple[str, str], dict[Any, list[_Node]]] = {}
        for number, body in bodies.items():
            before: _Node | None = None
            for end in range(1, len(body) + 1):
                node = nodes.get(body[:end])
                if node is None:
                    node = nodes[body[:end]] = _Node(body[end - 1])
                    self._hang(node, before)
                before = node
            if before is not None:
                before.ends.append(number)

    def _hang(self, node: _Node, before: _Node | None) -> None:
        if before is None:
            self._first.setdefault(node.key, {}).setdefault(node.value, []).append(node)
            return
        before.leads = True
        if node.join is None:
            before.fixed.append(node)
        else:
            before.joined.append((node, *node.join[1]))

    def run(self, index: Index) -> dict[int, list[Bound]]:
        """Each way in which each body holds; a body that does not hold is not there."""
        out: defaultdict[int, list[Bound]] = defaultdict(list)
        for key, nodes in self._first.items():
            table = index[key]
            for value in table.keys() & nodes.keys():
                for node in nodes[value]:
                    node.match(table[value], index, (), out)
        return out
