"""The engines against each other, over random cases and arrangements, field by field.

`CSPR_EXAMPLES` says how many cases; the nightly run draws afresh each time, and has most of its
cases of real areas by `cspr agree`. A further evaluator, deliberately naive, stands here: it shares
no code with the engines, so that they can't all be wrong alike. A difference is shown with the
smallest case that still has it.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import pytest
import yaml

from cspr_core import program as language  # its `Test` is none of pytest's
from cspr_core.agreeing import comparing, drawing
from cspr_core.agreeing.cutting import smallest
from cspr_core.agreeing.drawing import batches, data_of, moved
from cspr_core.agreeing.shrinking import cut_down
from cspr_core.agreeing.telling import told
from cspr_core.check import Rules, rules_for
from cspr_core.engine.reference import ReferenceEngine
from cspr_core.facts import facts_of
from cspr_core.generated import Data, Drawn, random_case, speech_of
from cspr_core.limits import derive
from cspr_core.model.case import Case
from cspr_core.program import (
    Condition,
    Count,
    Decision,
    Every,
    Match,
    Pattern,
    Program,
    Ref,
    Row,
)
from tests.strategies import random_rules, real_rules, rules_of

EXAMPLES = int(os.environ.get("CSPR_EXAMPLES", "1000"))
NAIVE_EXAMPLES = min(EXAMPLES, max(300, EXAMPLES // 20))
# Of every area; at night `cspr agree` draws 20,000 more.
OF_AREAS = min(EXAMPLES, 1000)
AREAS = ("essex", "leeds", "northamptonshire", "south_glos", "staffordshire")
# A table for each random arrangements takes longer than its cases: there are fewer of them.
TABLES = max(2, EXAMPLES // 200)
# In continuous integration the same cases every time; at night others. What fails names its seed.
START = secrets.randbits(40) if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 0
BATCHES = batches(AREAS, OF_AREAS, START, size=200)
CHUNKS = 20
PER_ARRANGEMENTS = 25  # cases held against the same random arrangements

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


class Engine(Protocol):
    """What every engine of single cases does."""

    def run(self, rows: Rows, /) -> list[Decision]: ...


# --- the harness ---------------------------------------------------------------------------------


def rows_of(data: Data, as_of: date, rules: Rules) -> Rows:
    facts, _ = derive(
        facts_of(Case.model_validate(data), as_of), rules.lowered, as_of, rules.in_force
    )
    return facts.rows


def programs(rules: Rules) -> list[Program]:
    return [lowered.program for lowered in rules.lowered]


def difference(
    one: Engine, other: Engine, rows: Rows, shown: Callable[[Decision], Decision]
) -> str:
    """The first decision in which two engines differ, or nothing."""
    first, second = ([shown(d) for d in engine.run(rows)] for engine in (one, other))
    if first == second:
        return ""
    for mine, theirs in zip(first, second, strict=False):
        if mine != theirs:
            return f"  {mine}\n  {theirs}"
    return f"  {len(first)} and {len(second)} decisions"


def compare(
    one: Engine,
    other: Engine,
    drawn: Drawn,
    rules: Rules,
    shown: Callable[[Decision], Decision] = lambda decision: decision,
) -> None:
    """Fails with the smallest case on which the engines differ, if they differ on this one."""
    if not difference(one, other, rows_of(drawn.data, drawn.as_of, rules), shown):
        return
    small = smallest(
        drawn.data,
        lambda data: bool(difference(one, other, rows_of(data, drawn.as_of, rules), shown)),
    )
    found = difference(one, other, rows_of(small, drawn.as_of, rules), shown)
    local = rules.plugin.arrangements.requirements
    concerned = [
        requirement.model_dump(by_alias=True, exclude_defaults=True, mode="json")
        for requirement in local
        if f"'{requirement.id}'" in found
    ]
    pytest.fail(
        f"The engines differ (seed {drawn.seed}, as of {drawn.as_of}):\n{found}\n"
        f"on the case\n{yaml.safe_dump(small, sort_keys=False)}"
        f"under\n{yaml.safe_dump(concerned, sort_keys=False)}",
        pytrace=False,
    )


def drawn_cases(
    chunk: int, examples: int, start: int = START, *, of_area: bool = True
) -> Iterator[tuple[Rules, Drawn]]:
    """A chunk's cases: half under an area's real rules, half under random arrangements."""
    per_chunk = -(-examples // CHUNKS)
    first = start + chunk * per_chunk
    half = per_chunk // 2
    if of_area:
        real = real_rules()
        speech = speech_of(real)
        for seed in range(first, first + half):
            yield real, random_case(seed, speech)
    for begin in range(first + half, first + per_chunk, PER_ARRANGEMENTS):
        rules = random_rules(begin)
        speech = speech_of(rules)
        for seed in range(begin, min(begin + PER_ARRANGEMENTS, first + per_chunk)):
            yield rules, random_case(seed, speech)


# --- the naive evaluator -------------------------------------------------------------------------


class NaiveEngine:
    """Programs word for word, without an index, a closure or a plan: loops inside loops."""

    def __init__(self, all_programs: Sequence[Program]) -> None:
        self.programs = {program.requirement: program for program in all_programs}

    def run(self, rows: Rows, /) -> list[Decision]:
        found: dict[str, list[Decision]] = {}
        for name in self.programs:
            self._answer(name, rows, found)
        return sorted(decision for decisions in found.values() for decision in decisions)

    def _answer(self, name: str, rows: Rows, found: dict[str, list[Decision]]) -> list[Decision]:
        if name in found:
            return found[name]
        program = self.programs[name]
        told = [
            {
                "fid": f"{d.requirement} {d.subject}",
                "requirement": d.requirement,
                "subject": d.subject,
                "status": d.status,
                "answer": d.answer or "unknown",
            }
            for read in sorted(program.reads & set(self.programs))
            for d in self._answer(read, rows, found)
        ]
        found[name] = decided(program, {**rows, "finding": told})
        return found[name]


def decided(program: Program, rows: Rows) -> list[Decision]:
    hits = [
        (
            tag_of(match, bound),
            "" if match.subject is None else column(match.subject, bound),
            column(match.key, bound),
            [column(ref, bound) for ref in match.evidence],
        )
        for match in program.matches
        for bound in ways(match.body, rows, {})
    ]
    subjects = sorted({subject for _, subject, _, _ in hits} - {""})
    table = program.rows
    if program.empty is None:
        subjects = [""]
    elif not subjects:  # hits without a subject speak of the case, and count here alone
        subjects, table = [""], program.empty
    return [decision(program.requirement, table, subject, hits) for subject in subjects]


def decision(
    requirement: str,
    table: Sequence[Row],
    subject: str,
    hits: list[tuple[str, str, Any, list[Any]]],
) -> Decision:
    mine = [hit for hit in hits if hit[1] == subject]
    for row in table:
        if true(row.when, mine):
            evidence = {
                (tag, fact)
                for tag, _, _, facts in mine
                for fact in facts
                if tag in row.evidence and isinstance(fact, int)
            }
            return Decision(
                requirement, subject, row.status, row.why, row.answer, tuple(sorted(evidence))
            )
    raise AssertionError("the last row always holds")


def true(condition: Condition, hits: list[tuple[str, str, Any, list[Any]]]) -> bool:
    if isinstance(condition, Count):
        number = len({key for tag, _, key, _ in hits if tag == condition.tag})
        return passes(number, condition.op, condition.n)
    answers = [true(part, hits) for part in condition.of]
    return False not in answers if isinstance(condition, Every) else True in answers


def ways(
    body: Sequence[Pattern], rows: Rows, bound: dict[str, Mapping[str, Any]]
) -> Iterator[dict[str, Mapping[str, Any]]]:
    if not body:
        yield bound
        return
    pattern, *rest = body
    fitting = [
        row
        for row in rows.get(pattern.type, ())
        if all(fits(test, row, bound) for test in pattern.tests)
    ]
    if pattern.negated:
        if not fitting:
            yield from ways(rest, rows, bound)
        return
    for row in fitting:
        yield from ways(rest, rows, {**bound, pattern.alias: row})


def fits(
    test: language.Test, row: Mapping[str, Any], bound: Mapping[str, Mapping[str, Any]]
) -> bool:
    value = row[test.column]
    if test.op == "unknown" or value is None:
        return test.op == "unknown" and value is None
    against = column(test.value, bound) if isinstance(test.value, Ref) else test.value
    return test.op == "known" or passes(value, test.op, against)


def passes(value: Any, op: str, against: Any) -> bool:
    if op == "in":
        return value in against
    if op == "==":
        return bool(value == against)
    if op == "!=":
        return bool(value != against)
    if op.startswith("<"):
        return bool(value < against or (op == "<=" and value == against))
    return bool(value > against or (op == ">=" and value == against))


def column(ref: Ref, bound: Mapping[str, Mapping[str, Any]]) -> Any:
    return bound[ref.alias][ref.column]


def tag_of(match: Match, bound: Mapping[str, Mapping[str, Any]]) -> str:
    return match.tag if match.split is None else f"{match.tag}.{column(match.split, bound)}"


def without_findings(decision: Decision) -> Decision:
    """A decision without findings among its evidence: how they are numbered is each engine's."""
    kept = tuple((tag, fact) for tag, fact in decision.evidence if fact > 0)
    return decision._replace(evidence=kept)


# --- the tests -----------------------------------------------------------------------------------


@pytest.mark.compare
@pytest.mark.parametrize("number", range(len(BATCHES)))
def test_all_engines_agree_on_cases_of_every_area(number: int) -> None:
    batch = BATCHES[number]
    rules = rules_for(batch.area)
    as_of, cases = drawing.drawn(batch, rules)
    assert agree(rules, cases, as_of) == batch.cases


@pytest.mark.compare
@pytest.mark.parametrize("chunk", range(4))
def test_all_engines_agree_under_random_arrangements(chunk: int) -> None:
    for seed in range(START + chunk, START + TABLES, 4):
        rules = random_rules(seed)
        speech = speech_of(rules)
        first, *others = (random_case(seed * 1000 + n, speech) for n in range(PER_ARRANGEMENTS))
        # Around the day on which there is most to see of each; and some as they are.
        cases = [
            first,
            *(one if n % 3 else moved(one, first.as_of) for n, one in enumerate(others)),
        ]
        assert agree(rules, cases, first.as_of) == PER_ARRANGEMENTS


def agree(rules: Rules, cases: Sequence[Drawn], as_of: date) -> int:
    """How many cases were compared; fails with the smallest that shows the first difference."""
    counts, differences = comparing.compare(rules, [one.case for one in cases], as_of)
    for difference in differences:
        small = cut_down(difference, rules, data_of(cases), as_of)
        seeds = f"seeds from {cases[0].seed}, as of {as_of}, {rules.plugin.area}"
        shown = [] if small is None else [yaml.safe_dump(c, sort_keys=False) for c in small.cases]
        words = "\n".join(told(difference if small is None else small.difference))
        pytest.fail(f"The engines differ ({seeds}):\n{words}\n{''.join(shown)}", pytrace=False)
    assert min(counts[name] for name in comparing.COUNTED) > 0
    return counts["cases"]


@pytest.mark.compare
@pytest.mark.durable
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_rete_and_the_reference_engine_agree_under_random_arrangements(chunk: int) -> None:
    for rules, drawn in drawn_cases(chunk, EXAMPLES, of_area=False):
        assert rules.rete is not None
        compare(rules.reference, rules.rete, drawn, rules)


@pytest.mark.compare
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_naive_evaluator_and_the_reference_engine_agree(chunk: int) -> None:
    for rules, drawn in drawn_cases(chunk, NAIVE_EXAMPLES):
        compare(rules.reference, NaiveEngine(programs(rules)), drawn, rules, without_findings)


class _Wrong(ReferenceEngine):
    """The reference engine with one mistake: a sign-off makes the publication overdue."""

    def run(self, rows: Rows) -> list[Decision]:
        found = super().run(rows)
        if not any(row["name"] == "sign_off" for row in rows.get("event", ())):
            return found
        return [
            d._replace(status="overdue") if d.requirement == "national.publish" else d
            for d in found
        ]


def test_a_difference_is_shown_with_the_smallest_case_that_has_it() -> None:
    rules = rules_of([], area="northamptonshire")
    right, wrong = rules.reference, _Wrong(programs(rules))
    speech = speech_of(rules)
    differing = (
        drawn
        for drawn in (random_case(seed, speech) for seed in range(1_000))
        if difference(right, wrong, rows_of(drawn.data, drawn.as_of, rules), lambda d: d)
    )
    with pytest.raises(pytest.fail.Exception) as failure:
        compare(right, wrong, next(differing), rules)
    told = str(failure.value)
    assert "requirement='national.publish'" in told
    case = yaml.safe_load(told.partition("on the case\n")[2].partition("under\n")[0])
    # What the reader asks of every case, and the one event that makes the difference.
    assert [event["type"] for event in case["events"]] in (
        ["aware", "sign_off"],
        ["sign_off", "aware"],
        ["referral_received", "sign_off"],
        ["sign_off", "referral_received"],
    )
    assert "people" not in case
    assert "meetings" not in case


@pytest.mark.slow
@pytest.mark.compare
def test_random_cases_reach_every_status_that_a_kind_can_have() -> None:
    # Possible is what has a row in a program of the kind; done late is only what has a limit.
    possible: set[tuple[str, str]] = set()
    reached: Counter[tuple[str, str]] = Counter()
    for chunk in range(CHUNKS):
        for rules, drawn in drawn_cases(chunk, 600, start=0):
            possible |= {
                (one.requirement.kind_name, row.status)
                for one in rules.lowered
                for row in (*one.program.rows, *(one.program.empty or ()))
                if one.limit is not None or row.why != "confirmed" or row.status != "met_late"
            }
            for found in rules.reference.run(rows_of(drawn.data, drawn.as_of, rules)):
                kind = rules.by_id[found.requirement].requirement.kind_name
                reached[kind, found.status] += 1
    assert possible - reached.keys() == set()
