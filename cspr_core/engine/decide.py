"""Tally and decide: from firings to decisions, the same for every engine of single cases."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeGuard

from cspr_core.matching import Bound, Place
from cspr_core.program import Condition, Count, Decision, Every, Program, Row


class Emit(NamedTuple):
    """A match for whose hits a body's firings stand: a `Match`, with places in place of aliases."""

    requirement: str
    tag: str
    split: Place | None
    subject: Place | None
    key: Place
    evidence: tuple[Place, ...]


Hits = tuple[Emit, Sequence[Bound]]  # ways in which a match holds, for one subject
Tally = Mapping[str, Sequence[Hits]]  # the hits of each tag
Tallies = dict[str, dict[str, list[Hits]]]  # subject → tag → hits
Test = Callable[[Tally], bool]
Tests = dict[int, Test]  # conditions, by their identity: kept only beside the conditions themselves
_COMPARE: Mapping[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SOME = frozenset([(">=", 1), (">", 0), ("!=", 0)])  # there is a hit
_NONE = frozenset([("==", 0), ("<", 1), ("<=", 0)])


def in_order(decisions: Iterable[Decision]) -> list[Decision]:
    """Decisions sorted by requirement and subject: there is one for each."""
    return sorted(decisions)


def add(tallies: Tallies, emit: Emit, firings: Sequence[Bound]) -> None:
    """Add the hits of a match to those of its requirement."""
    _, tag, split, about, _, _ = emit
    if about is None and split is None:  # the usual way
        own = tallies.get("")
        if own is None:
            tallies[""] = {tag: [(emit, firings)]}
        elif tag in own:
            own[tag].append((emit, firings))
        else:
            own[tag] = [(emit, firings)]
        return
    name = tag
    for bound in firings:
        subject = "" if about is None else bound[about[0]][about[1]]
        if split is not None:
            name = f"{tag}.{bound[split[0]][split[1]]}"
        tally = tallies.get(subject)
        if tally is None:
            tallies[subject] = {name: [(emit, (bound,))]}
        elif name in tally:
            tally[name].append((emit, (bound,)))
        else:
            tally[name] = [(emit, (bound,))]


def distinct(hits: Sequence[Hits]) -> int:
    """How many different keys there are."""
    return len({bound[emit.key[0]][emit.key[1]] for emit, found in hits for bound in found})


def compile_condition(condition: Condition) -> Test:
    """A function from the hits of each tag to whether a condition holds."""
    if isinstance(condition, Count):
        return _compile_count(condition)
    if len(condition.of) == 1:
        return compile_condition(condition.of[0])
    # The usual parts, that there is some hit of a tag or none, need no call.
    some = tuple(part.tag for part in condition.of if _is_some(part))
    none = tuple(part.tag for part in condition.of if _is_none(part))
    others = tuple(
        compile_condition(part) for part in condition.of if not (_is_some(part) or _is_none(part))
    )
    ends = not isinstance(condition, Every)  # the answer for which one part is enough

    def holds(tally: Tally) -> bool:
        for tag in some:
            if (tag in tally) is ends:
                return ends
        for tag in none:
            if (tag not in tally) is ends:
                return ends
        for part in others:
            if part(tally) is ends:
                return ends
        return not ends

    return holds


def _is_some(condition: Condition) -> TypeGuard[Count]:
    return isinstance(condition, Count) and (condition.op, condition.n) in _SOME


def _is_none(condition: Condition) -> TypeGuard[Count]:
    return isinstance(condition, Count) and (condition.op, condition.n) in _NONE


def _compile_count(condition: Count) -> Test:
    tag, n = condition.tag, condition.n
    if _is_some(condition):
        return lambda tally: tag in tally
    if _is_none(condition):
        return lambda tally: tag not in tally
    compare = _COMPARE[condition.op]
    return lambda tally: compare(distinct(tally.get(tag, ())), n)


class _Row:
    """One row of a decision; its condition is compiled when first asked for: many never are.

    Most conditions are that there is some hit of a `tag`: these need no compiling, and no call.
    """

    __slots__ = ("_tests", "row", "tag", "test")

    def __init__(self, row: Row, tests: Tests) -> None:
        """Take a row as it is; `tests` are the conditions that have been compiled already."""
        self.row, self._tests = row, tests
        self.tag = row.when.tag if _is_some(row.when) else None
        self.test: Test | None = None

    def holds(self, tally: Tally) -> bool:
        if self.test is None:
            when = self.row.when
            found = self._tests.get(id(when))
            if found is None:
                found = self._tests[id(when)] = compile_condition(when)
            self.test = found
        return self.test(tally)


def _asks_only_whether(condition: Condition) -> bool:
    """Whether a condition depends on nothing but which tags have a hit."""
    if isinstance(condition, Count):
        return _is_some(condition) or _is_none(condition)
    return all(map(_asks_only_whether, condition.of))


class _Rows:
    """The rows of a decision, in their order.

    Where none of them counts, the tags that have a hit decide alone, and the row that they came to
    is kept: cases resemble each other.
    """

    __slots__ = ("_kept", "_rows")
    _MOST = 512  # tags come in few combinations; memory stays bounded if they do not

    def __init__(self, rows: Sequence[Row], tests: Tests) -> None:
        self._rows = [_Row(row, tests) for row in rows]
        plain = all(_asks_only_whether(row.when) for row in rows)
        self._kept: dict[frozenset[str], Row] | None = {} if plain else None

    def first(self, tally: Tally) -> Row:
        """The first row that holds; the last always does."""
        if self._kept is None:
            return self._first(tally)
        tags = frozenset(tally)
        found = self._kept.get(tags)
        if found is None:
            found = self._first(tally)
            if len(self._kept) < self._MOST:
                self._kept[tags] = found
        return found

    def _first(self, tally: Tally) -> Row:
        return next(
            decided.row
            for decided in self._rows
            if (decided.tag in tally if decided.tag is not None else decided.holds(tally))
        )


class Decider:
    """One program's decision, compiled: hits in, decisions out."""

    def __init__(self, program: Program, tests: Tests | None = None) -> None:
        """Take the rows of `program`; deciders that share `tests` compile what is one only once."""
        tests = {} if tests is None else tests
        self.requirement = program.requirement
        self._per_subject = program.empty is not None
        self._rows = _Rows(program.rows, tests)
        self._empty = _Rows(program.empty or (), tests)

    def __call__(self, tallies: Mapping[str, Tally]) -> list[Decision]:
        """The decisions: one for each subject, or one for "no subject at all"."""
        if not self._per_subject:
            return [self._decision("", self._rows, tallies.get("", {}))]
        subjects = sorted(filter(None, tallies))
        if not subjects:
            return [self._decision("", self._empty, tallies.get("", {}))]
        return [self._decision(name, self._rows, tallies[name]) for name in subjects]

    def _decision(self, subject: str, rows: _Rows, tally: Tally) -> Decision:
        row = rows.first(tally)
        if not row.evidence or not tally:
            return Decision(self.requirement, subject, row.status, row.why, row.answer, ())
        shown: set[tuple[str, int]] = set()
        for tag in row.evidence:
            for emit, found in tally.get(tag, ()):
                for position, column in emit.evidence:
                    for bound in found:
                        shown.add((tag, bound[position][column]))
        return Decision(
            self.requirement,
            subject,
            row.status,
            row.why,
            row.answer,
            tuple(sorted(shown)) if shown else (),
        )
