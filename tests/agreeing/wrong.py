"""The table engine with one mistake, made on purpose: a comparison has to find it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cspr_core import program as language  # its `Test` is none of pytest's
from cspr_core.caseload.tabled import Tabled
from cspr_core.check import Rules
from cspr_core.kinds import Lowered
from cspr_core.program import Condition, Count, Match, Pattern, Program, Ref, Row

Mistake = Callable[[Program], Program]


def wrong(mistake: Mistake) -> Callable[[Rules], Tabled]:
    """What makes the table engine of rules, were it to read their programs wrongly."""

    def lowered(one: Lowered) -> Lowered:
        return replace(one, program=mistake(one.program))

    def made(rules: Rules) -> Tabled:
        plugin = replace(rules.plugin, lowered=tuple(map(lowered, rules.plugin.lowered)))
        nation = replace(rules.nation, lowered=tuple(map(lowered, rules.nation.lowered)))
        return Tabled(Rules(plugin, nation))

    return made


def _matches(program: Program, change: Callable[[Match], Match]) -> Program:
    return replace(program, matches=tuple(map(change, program.matches)))


def less_or_equal_read_as_less(program: Program) -> Program:
    """On the last day it is no longer in time."""

    def test(one: language.Test) -> language.Test:
        join = isinstance(one.value, Ref) and one.op == "<="
        return replace(one, op="<") if join else one

    def pattern(one: Pattern) -> Pattern:
        return replace(one, tests=tuple(map(test, one.tests)))

    return _matches(program, lambda match: replace(match, body=tuple(map(pattern, match.body))))


def negated_pattern_dropped(program: Program) -> Program:
    """Where there must be no such fact, nobody looks."""

    def match(one: Match) -> Match:
        return replace(one, body=tuple(p for p in one.body if not p.negated))

    return _matches(program, match)


def count_off_by_one(program: Program) -> Program:
    """Wherever two or more are asked for, one fewer is enough."""

    def condition(one: Condition) -> Condition:
        if isinstance(one, Count):
            return replace(one, n=one.n - 1) if one.n > 1 else one
        return replace(one, of=tuple(map(condition, one.of)))

    def row(one: Row) -> Row:
        return replace(one, when=condition(one.when))

    return replace(program, rows=tuple(map(row, program.rows)))


MISTAKES: tuple[Mistake, ...] = (
    less_or_equal_read_as_less,
    negated_pattern_dropped,
    count_off_by_one,
)
