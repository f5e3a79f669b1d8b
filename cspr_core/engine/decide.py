"""Tally and decide: from firings to decisions, the same for every engine of single cases."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeGuard

from cspr_core.matching import Bound, Place
from cspr_core.program import Condition, Count, Decision, Every, Program, Row

# Of a match: its tag; where it is split, whose it is, what is counted, and what shows it.
Places = tuple[str, Place | None, Place | None, Place, tuple[Place, ...]]


class Emit:
    """What a body's firings are hits of: a `Match`, with places in place of aliases.

    One for all requirements that have the same match. No tuple, as its values are asked for one by
    one, thousands of times a case; but no value of it changes, once a plan is made.
    """

    __slots__ = ("evidence", "key", "names", "requirements", "split", "subject", "tag")

    def __init__(self, places: Places) -> None:
        """Take what a hit stands for; which requirements have it is added."""
        self.requirements: list[str] = []
        self.tag, self.split, self.subject, self.key, self.evidence = places
        self.names = _Names(self.tag)


class _Names(dict[str, str]):
    """A tag that is split, by the words that it goes on with: a closed set."""

    def __init__(self, tag: str) -> None:
        super().__init__()
        self._tag = tag

    def __missing__(self, word: str) -> str:
        name = self[word] = f"{self._tag}.{word}"
        return name


# Ways in which a match holds, for one subject; and the hits of the same tag that came before.
Hits = tuple[Emit, Sequence[Bound], "Hits | None"]
Tally = Mapping[str, Hits]  # the hits of each tag
Test = Callable[[Tally], bool]
Tests = dict[int, Test]  # conditions, by their identity: kept only beside the conditions themselves
_NO_HITS: Tally = {}
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


class Tallies:
    """The tallies of a case: of each requirement for the case itself, and for each subject."""

    __slots__ = ("each", "own")

    def __init__(self) -> None:
        """There are no hits yet."""
        self.own: defaultdict[str, dict[str, Hits]] = defaultdict(dict)
        self.each: defaultdict[str, defaultdict[str, dict[str, Hits]]] = defaultdict(
            lambda: defaultdict(dict)
        )


def add(tallies: Tallies, emit: Emit, firings: Sequence[Bound]) -> None:
    """Add the hits of a match to those of all requirements that have it."""
    own, tag, split, about = tallies.own, emit.tag, emit.split, emit.subject
    if split is None and about is None:  # the usual way
        for requirement in emit.requirements:
            tally = own[requirement]
            tally[tag] = emit, firings, tally.get(tag)
        return
    hits: list[tuple[str, str, Hits]] = []
    subject = ""
    for bound in firings:
        if split is not None:
            tag = emit.names[bound[split[0]][split[1]]]
        if about is not None:
            subject = bound[about[0]][about[1]]
        hits.append((subject, tag, (emit, (bound,), None)))
    for requirement in emit.requirements:
        each = own if about is None else tallies.each[requirement]
        for subject, tag, hit in hits:
            tally = each[subject] if subject else own[requirement]
            tally[tag] = (emit, hit[1], tally[tag]) if tag in tally else hit


def distinct(hits: Hits | None) -> int:
    """How many different keys there are."""
    keys = set()
    while hits is not None:
        emit, found, hits = hits
        position, column = emit.key
        keys.update([bound[position][column] for bound in found])
    return len(keys)


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
    return lambda tally: compare(distinct(tally.get(tag)), n)


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


# What a row decides (status, why and answer), and those of its tags that have a hit to be shown.
_Decided = tuple[str, str, str, tuple[str, ...]]


# Stands for whatever hits a tag has, where it is only asked whether it has any.
_SOME_HIT: Hits = (Emit(("", None, None, (0, ""), ())), (), None)


class _Rows(dict[frozenset[str], _Decided]):
    """The rows of a decision, in their order.

    Where none of them counts, the tags that have a hit decide alone, and what they came to is kept:
    cases resemble each other.
    """

    __slots__ = ("_rows", "counts")
    _MOST = 512  # tags come in few combinations; memory stays bounded if they do not

    def __init__(self, rows: Sequence[Row], tests: Tests) -> None:
        super().__init__()
        self._rows = [_Row(row, tests) for row in rows]
        self.counts = not all(_asks_only_whether(row.when) for row in rows)

    def __missing__(self, tags: frozenset[str]) -> _Decided:
        """What is decided where these tags have a hit, if no row counts."""
        found = self.first(dict.fromkeys(tags, _SOME_HIT))
        if len(self) < self._MOST:
            self[tags] = found
        return found

    def first(self, tally: Tally) -> _Decided:
        """What the first row that holds decides; the last always does."""
        row = next(
            decided.row
            for decided in self._rows
            if (decided.tag in tally if decided.tag is not None else decided.holds(tally))
        )
        return row.status, row.why, row.answer, tuple(tag for tag in row.evidence if tag in tally)


class Decider:
    """One program's decision, compiled: hits in, decisions out."""

    def __init__(self, program: Program, tests: Tests | None = None) -> None:
        """Take the rows of `program`; deciders that share `tests` compile what is one only once."""
        tests = {} if tests is None else tests
        self.requirement = program.requirement
        self._per_subject = program.empty is not None
        self._rows = _Rows(program.rows, tests)
        self._empty = _Rows(program.empty or (), tests)

    def __call__(self, tallies: Tallies) -> list[Decision]:
        """The decisions: one for each subject, or one for "no subject at all"."""
        requirement = self.requirement
        if self._per_subject and (each := tallies.each.get(requirement)):
            return [self._decision(name, self._rows, each[name]) for name in sorted(each)]
        rows = self._empty if self._per_subject else self._rows
        return [self._decision("", rows, tallies.own.get(requirement, _NO_HITS))]

    def _decision(self, subject: str, rows: _Rows, tally: Tally) -> Decision:
        decided = rows.first(tally) if rows.counts else rows[frozenset(tally)]
        status, why, answer, tags = decided
        if not tags:
            return Decision(self.requirement, subject, status, why, answer, ())
        shown: list[tuple[str, int]] = []
        for tag in tags:
            hits: Hits | None = tally[tag]
            while hits is not None:
                emit, found, hits = hits
                for position, column in emit.evidence:
                    for bound in found:
                        shown.append((tag, bound[position][column]))  # noqa: PERF401
        evidence = tuple(shown if len(shown) < 2 else sorted(set(shown)))  # noqa: PLR2004
        return Decision(self.requirement, subject, status, why, answer, evidence)
