"""Rule: raw patterns over the facts, for what no other kind covers."""

from __future__ import annotations

from cspr_core.kinds.lowered import Lowered, Lowering
from cspr_core.kinds.patterns import LoweringError, subjects
from cspr_core.model.arrangements import Rule, RuleTest
from cspr_core.program import (
    ALWAYS,
    FACT_TYPES,
    Count,
    Every,
    Pattern,
    Ref,
    Row,
    Test,
    eq,
    negation,
)


def lower(requirement: Rule) -> Lowered:
    """The first row that holds gives the status; the last has neither `all` nor `none`.

    In a pattern's `where`, a value is a word, several words, `known`, `unknown`, or another
    pattern's column, written `=alias.column` (`=s.child` is the subject's).
    """
    subject = subjects(requirement.for_each)
    build = Lowering(requirement, subject)
    build.prepare()
    for name, patterns in requirement.match.items():
        build.add(f"match.{name}", *(_pattern(i, p) for i, p in enumerate(patterns)))
    rows = [*build.excluded(), *build.recorded(), *build.waiting()]
    for number, row in enumerate(requirement.decide):
        for name in (*row.all, *row.none):
            if name not in requirement.match:
                raise LoweringError(f"`decide` names {name!r}, which `match` does not define")
        holds = tuple(Count(f"match.{name}") for name in row.all)
        absent = tuple(negation(Count(f"match.{name}")) for name in row.none)
        evidence = tuple(f"match.{name}" for name in row.all)
        rows.append(Row(row.status, Every((*holds, *absent)), f"decide.{number}", evidence))
    if rows[-1].when != ALWAYS:
        raise LoweringError("the last row of `decide` has neither `all` nor `none`")
    return build.lowered(rows)


def _pattern(number: int, test: RuleTest) -> Pattern:
    tests: list[Test] = []
    for column, words in test.where.items():
        if words in (("known",), ("unknown",)):
            tests.append(Test(column, words[0]))
        elif len(words) == 1 and words[0].startswith("="):
            alias, _, other = words[0][1:].partition(".")
            tests.append(eq(column, Ref(alias, other or "fid")))
        elif len(words) == 1:
            tests.append(eq(column, words[0]))
        else:
            tests.append(Test(column, "in", words))
    if test.fact not in FACT_TYPES:
        raise LoweringError(f"no facts are of the type {test.fact!r}")
    return Pattern(test.as_ or f"p{number}", test.fact, tuple(tests), test.absent == "yes")
