"""Rule: raw patterns over the facts, for what no other kind covers."""

from __future__ import annotations

from dataclasses import replace

from cspr_core.kinds.lowered import Lowered, Lowering
from cspr_core.kinds.patterns import LoweringError, subjects
from cspr_core.model.arrangements import Rule, RuleTest
from cspr_core.program import (
    ALWAYS,
    FACT_TYPES,
    Condition,
    Count,
    Every,
    Pattern,
    Ref,
    Row,
    Test,
    eq,
    negation,
)

DEFINITE = ("met", "met_late", "breached")


def lower(requirement: Rule) -> Lowered:
    """The first row that holds gives the status; the last has neither `all` nor `none`.

    In a pattern's `where`, a value is a word, several words, `known`, `unknown`, or another
    pattern's column, written `=alias.column` (`=s.child` is the subject's).
    """
    subject = subjects(requirement.for_each)
    build = Lowering(requirement, subject)
    build.prepare()
    for name, patterns in requirement.match.items():
        body = [_pattern(i, p) for i, p in enumerate(patterns)]
        # A finding stands in no file, and so is no evidence.
        told = next((p.type for p in reversed(body) if not p.negated), "") == "finding"
        build.add(f"match.{name}", *body, evidence=not told)
    rows = build.excluded()
    decided: list[Row] = []
    for number, row in enumerate(requirement.decide):
        for name in (*row.all, *row.none):
            if name not in requirement.match:
                raise LoweringError(f"`decide` names {name!r}, which `match` does not define")
        holds = tuple(Count(f"match.{name}") for name in row.all)
        absent = tuple(negation(Count(f"match.{name}")) for name in row.none)
        evidence = tuple(f"match.{name}" for name in row.all)
        decided.append(Row(row.status, Every((*holds, *absent)), f"decide.{number}", evidence))
    # A recorded fact wins over what minutes confirm; all else comes after both.
    first = next((i for i, row in enumerate(decided) if row.status not in DEFINITE), len(decided))
    first = min(first, len(decided) - 1)
    rows += [_certain(row, build.in_play) for row in decided[:first]]
    rows += [*build.recorded(), *build.waiting(), *decided[first:]]
    if rows[-1].when != ALWAYS:
        raise LoweringError("the last row of `decide` has neither `all` nor `none`")
    return build.lowered(rows)


def _certain(row: Row, in_play: Condition) -> Row:
    """A breach only where every condition certainly holds; what is done is met all the same."""
    return replace(row, when=Every((in_play, row.when))) if row.status == "breached" else row


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
    if test.fact == "finding" and len(test.where.get("requirement", ())) != 1:
        raise LoweringError("a pattern over findings says of which one requirement")
    return Pattern(test.as_ or f"p{number}", test.fact, tuple(tests), test.absent == "yes")
