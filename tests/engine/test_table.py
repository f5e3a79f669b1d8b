"""The table engine: it answers what the reference engine answers, for many cases at once.

The hand-worked programs of `test_rete.py` go through it, too (`handmade.answer`). Here is what is
its own: what each form of a pattern becomes over columns, and cases that must not meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cspr_core.engine.reference import ReferenceEngine
from cspr_core.engine.table import Joining, TableEngine
from cspr_core.engine.tables import tables_of
from cspr_core.matching import Rows
from cspr_core.program import (
    Condition,
    Count,
    Decision,
    Every,
    Match,
    Pattern,
    Program,
    ProgramError,
    Ref,
    Row,
    Some,
    eq,
)
from cspr_core.program import Test as Check  # pytest would take `Test` for a class of tests
from tests.engine.drawn import facts, programs
from tests.engine.handmade import AGENCY, fact, of

Cases = Sequence[Rows]


def program(*matches: Match, when: Condition | None = None, each: bool = False) -> Program:
    """Met where `when` holds (there is a hit), else pending; `each`: for each subject."""
    rows = (Row("met", when or Count("hit"), evidence=_tags(matches)), Row("pending"))
    return Program("area.r", matches, rows, (Row("not_applicable"),) if each else None)


def _tags(matches: Sequence[Match]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match.tag for match in matches if match.split is None))


def answer(given_programs: Sequence[Program], *cases: Rows) -> list[list[Decision]]:
    """The answers for all cases at once, which are the reference engine's for each."""
    found = TableEngine(given_programs).run_all(cases)
    reference = ReferenceEngine(given_programs)
    assert found == [reference.run(rows) for rows in cases]
    return found


def statuses(given_program: Program, *cases: Rows) -> list[list[tuple[str, str]]]:
    """Subject and status of each case's decisions."""
    return [[(d.subject, d.status) for d in one] for one in answer([given_program], *cases)]


def shown(given_program: Program, *cases: Rows) -> list[list[list[int]]]:
    """The numbers of the facts that are each decision's evidence."""
    return [[[n for _, n in d.evidence] for d in one] for one in answer([given_program], *cases)]


def events(*named: tuple[int, str, int | None], **columns: Any) -> Rows:
    return {"event": [fact("event", n, name=name, date=d, **columns) for n, name, d in named]}


def involved(*agencies: str) -> list[dict[str, Any]]:
    return [fact("involvement", 90 + n, agency=a, listed="yes") for n, a in enumerate(agencies)]


HIT = Match("hit", (Pattern("a", "event", (eq("name", "a"),)),), Ref("a"), None, (Ref("a"),))


# --- cases ---------------------------------------------------------------------------------------


def test_each_case_is_answered_from_its_own_facts() -> None:
    cases = [events((1, "a", None)), events((1, "b", None)), {}, events((4, "a", 3), (2, "a", 3))]
    assert shown(program(HIT), *cases) == [[[1]], [[]], [[]], [[2, 4]]]


def test_cases_without_any_fact_are_answered() -> None:
    assert statuses(program(HIT), {}, {"event": []}) == [[("", "pending")], [("", "pending")]]


def test_no_case_at_all() -> None:
    assert answer([program(HIT)]) == []


def test_no_program_at_all() -> None:
    assert answer([], events((1, "a", None)), {}) == [[], []]


def test_one_subject_in_two_cases_is_two() -> None:
    match = Match("hit", (AGENCY, of("a")), Ref("e"), Ref("s", "agency"), (Ref("e"),))
    first = {"involvement": involved("police"), **events((1, "a", None), agency="police")}
    second = {"involvement": involved("police"), **events((2, "a", None), agency="icb")}
    some = program(match, Match("all", (AGENCY,), Ref("s"), Ref("s", "agency")), each=True)
    assert statuses(some, first, second) == [[("police", "met")], [("police", "pending")]]


def test_a_case_without_subjects_stands_among_others() -> None:
    match = Match("hit", (AGENCY,), Ref("s"), Ref("s", "agency"), (Ref("s"),))
    cases = [{}, {"involvement": involved("icb", "gp")}, {}]
    assert statuses(program(match, each=True), *cases) == [
        [("", "not_applicable")],
        [("gp", "met"), ("icb", "met")],
        [("", "not_applicable")],
    ]


def test_the_text_of_no_letters_is_no_subject() -> None:
    match = Match("hit", (AGENCY,), Ref("s"), Ref("s", "agency"), (Ref("s"),))
    cases = [{"involvement": involved("", "gp")}, {"involvement": involved("")}]
    assert statuses(program(match, each=True), *cases) == [
        [("gp", "met")],
        [("", "not_applicable")],
    ]


def test_hits_for_the_text_of_no_letters_are_nobodys() -> None:
    # Nobody returned anything for the agency without a name; the GP did, and is not without.
    without = Match(
        "hit", (AGENCY, of("a", negated=True)), Ref("s"), Ref("s", "agency"), (Ref("s"),)
    )
    all_ = Match("all", (AGENCY,), Ref("s"), Ref("s", "agency"))
    returned = events((1, "a", None), (2, "a", None), agency="gp")
    case = {"involvement": involved("", "gp"), **returned}
    assert statuses(program(without, all_, each=True), case) == [[("gp", "pending")]]
    assert statuses(program(without, all_, when=Count("hit", "!=", 1), each=True), case) == [
        [("gp", "met")]
    ]
    assert days_of(program(without, each=True), "date", case) == [[None]]


def test_a_subject_that_two_facts_name_is_one() -> None:
    match = Match("hit", (AGENCY,), Ref("s"), Ref("s", "agency"), (Ref("s"),))
    twice = program(match, when=Count("hit", "==", 2), each=True)
    assert shown(twice, {"involvement": involved("gp", "gp", "icb")}) == [[[90, 91], []]]


def test_hits_without_a_subject_are_for_cases_without_subjects() -> None:
    # With a subject in the case the hit of "case.told" counts for nobody.
    named = Match("hit", (AGENCY, of("a")), Ref("e"), Ref("s", "agency"))
    told = Match("case.told", HIT.body, Ref("a"), None, (Ref("a"),))
    rows = (Row("met", Count("case.told")), Row("pending"))
    empty = (Row("overdue", Count("case.told"), evidence=("case.told",)), Row("upcoming"))
    one = Program("area.r", (named, told), rows, empty)
    with_subject = {"involvement": involved("gp"), **events((1, "a", None), agency="gp")}
    assert statuses(one, with_subject, events((2, "a", None)), {}) == [
        [("gp", "pending")],
        [("", "overdue")],
        [("", "upcoming")],
    ]


# --- the forms of a pattern ----------------------------------------------------------------------

A, B = eq("name", "a"), eq("name", "b")
KNOWN = Check("date", "known")


def joined(op: Any, *, negated: bool = False) -> Match:
    """Events "a" with a day, beside which there is (or is no) "b" on a day that compares so."""
    second = Pattern("b", "event", (B, Check("date", op, Ref("a", "date"))), negated)
    evidence = (Ref("a"),) if negated else (Ref("a"), Ref("b"))
    return Match("hit", (Pattern("a", "event", (A, KNOWN)), second), Ref("a"), None, evidence)


# b's day is before a's, the same, after it, unknown; a's is unknown.
PAIRS = [events((1, "a", 5), (2, "b", day)) for day in (4, 5, 6, None)]
PAIRS.append(events((1, "a", None), (2, "b", 5)))
COMPARED = [
    ("==", [1]),
    ("!=", [0, 2]),
    ("<", [0]),
    ("<=", [0, 1]),
    (">", [2]),
    (">=", [1, 2]),
]


@pytest.mark.parametrize(("op", "met"), COMPARED)
def test_two_facts_of_which_there_is_one_each_are_compared(op: str, met: list[int]) -> None:
    found = statuses(program(joined(op)), *PAIRS)
    assert [n for n, [(_, status)] in enumerate(found) if status == "met"] == met


@pytest.mark.parametrize(("op", "met"), COMPARED)
def test_many_facts_are_compared_with_one(op: str, met: list[int]) -> None:
    # In the last case are two "b": a join now, not a comparison of columns.
    twice = events((1, "a", 5), (2, "b", 4), (3, "b", 6))
    found = shown(program(joined(op)), *PAIRS, twice)
    assert [n for n, [shows] in enumerate(found[:-1]) if shows] == met
    before, after = {"<", "<=", "!="}, {">", ">=", "!="}
    assert found[-1] == [[*[1] * (op != "=="), *[2] * (op in before), *[3] * (op in after)]]


@pytest.mark.parametrize(("op", "met"), COMPARED)
def test_what_may_not_be_there_is_not_there(op: str, met: list[int]) -> None:
    # Without "b" on such a day: unknown is none; an "a" without a day is not asked for at all.
    found = statuses(program(joined(op, negated=True)), *PAIRS)
    assert [n for n, [(_, status)] in enumerate(found) if status == "met"] == sorted(
        {0, 1, 2, 3} - set(met)
    )


def test_a_negated_pattern_over_several_facts() -> None:
    later = joined(">", negated=True)
    cases = [events((1, "a", 5), (2, "a", 7), (3, "b", 6)), events((1, "a", 5), (2, "a", 7))]
    assert shown(program(later), *cases) == [[[2]], [[1, 2]]]


def test_a_pattern_that_nothing_passes_and_one_that_may_not_be_there() -> None:
    body = (Pattern("a", "event", (A,)), Pattern("n", "stage", negated=True))
    match = Match("hit", body, Ref("a"), None, (Ref("a"),))
    staged = {**events((1, "a", None)), "stage": [fact("stage", 5, stage="review")]}
    assert shown(program(match), staged, events((1, "a", None)), events((1, "b", 2))) == [
        [[]],
        [[1]],
        [[]],
    ]


def test_a_fact_is_looked_up_beside_each_of_several() -> None:
    # One limit for each case, several events: what stands beside each is its own case's.
    limit = Pattern("l", "limit", (eq("requirement", "area.r"),))
    done = Pattern("e", "event", (Check("date", "<=", Ref("l", "date")),))
    match = Match("hit", (limit, done), Ref("e"), None, (Ref("e"),))

    def case(day: int) -> Rows:
        rows = events((1, "a", 3), (2, "a", 4), (3, "a", 5), (4, "a", None))
        return {**rows, "limit": [fact("limit", 9, requirement="area.r", date=day)]}

    assert shown(program(match), case(4), case(2), case(9)) == [[[1, 2]], [[]], [[1, 2, 3]]]


def test_each_subject_has_its_own_fact_beside_it() -> None:
    limit = Pattern("l", "limit", (eq("requirement", "area.r"), eq("subject", Ref("s", "agency"))))
    done = of("a", Check("date", "<=", Ref("l", "date")))
    match = Match("hit", (AGENCY, limit, done), Ref("e"), Ref("s", "agency"), (Ref("e"),))
    all_ = Match("all", (AGENCY,), Ref("s"), Ref("s", "agency"))
    days = {"gp": 4, "icb": 6}
    case: Rows = {
        "involvement": involved("gp", "icb", "police"),
        "limit": [
            fact("limit", n, requirement="area.r", subject=a, date=d)
            for n, (a, d) in enumerate(days.items(), 50)
        ],
        "event": [
            fact("event", n, name="a", agency=a, date=5)
            for n, a in enumerate(["gp", "icb", "police"], 1)
        ],
    }
    # gp's 5 is after its 4; icb's within its 6; the police has no limit.
    assert statuses(program(match, all_, each=True), case) == [
        [("gp", "pending"), ("icb", "met"), ("police", "pending")]
    ]


def test_what_is_about_the_case_counts_for_each_subject() -> None:
    match = Match("hit", (AGENCY, Pattern("c", "child")), Ref("c"), Ref("s", "agency"), (Ref("c"),))
    all_ = Match("all", (AGENCY,), Ref("s"), Ref("s", "agency"))
    children = [fact("child", n, child=f"child_{n}") for n in (1, 2)]
    two = program(match, all_, when=Count("hit", ">=", 2), each=True)
    both = {"involvement": involved("gp", "icb"), "child": children}
    one = {"involvement": involved("gp"), "child": children[:1]}
    assert shown(two, both, one) == [[[1, 2], [1, 2]], [[]]]


@pytest.mark.parametrize(
    ("test", "hits"),
    [
        (Check("to", "in", ("x", "z")), [1, 3]),
        (Check("to", "in", ("nobody",)), []),
        (Check("to", "==", "nobody"), []),
        (Check("to", "!=", "x"), [2, 3]),
        (Check("to", "!=", "nobody"), [1, 2, 3]),
        (Check("to", "known"), [1, 2, 3]),
        (Check("to", "unknown"), [4]),
        (Check("date", "<", 2), [1]),
        (Check("date", "<=", 2), [1, 2]),
        (Check("date", ">", 2), [3]),
        (Check("date", ">=", 2), [2, 3]),
        (Check("date", "!=", 2), [1, 3]),
        (Check("date", "in", (1, 3, 7)), [1, 3]),
        (Check("name", "in", ("b", "a", "b")), [1, 2, 3, 4]),
    ],
)
def test_constants(test: Check, hits: list[int]) -> None:
    match = Match("hit", (Pattern("a", "event", (test,)),), Ref("a"), None, (Ref("a"),))
    rows = [(1, "x", 1), (2, "y", 2), (3, "z", 3), (4, None, None)]
    case = {"event": [fact("event", n, name="a", to=to, date=day) for n, to, day in rows]}
    assert shown(program(match), case) == [[hits]]


# --- counts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("op", "met"),
    [("==", [2]), ("!=", [0, 1, 3]), ("<", [0, 1]), ("<=", [0, 1, 2]), (">", [3]), (">=", [2, 3])],
)
def test_keys_are_counted_once(op: Any, met: list[int]) -> None:
    # Of 0, 1, 2 and 3 agencies, each twice over.
    match = Match("hit", (Pattern("a", "member"),), Ref("a", "agency"))
    counted = program(match, when=Count("hit", op, 2))

    def case(n: int) -> Rows:
        names = [f"agency_{number}" for number in range(n)] * 2
        return {"member": [fact("member", i, agency=name) for i, name in enumerate(names, 1)]}

    found = statuses(counted, *map(case, range(4)))
    assert [n for n, [(_, status)] in enumerate(found) if status == "met"] == met


def test_a_number_and_a_text_are_two_keys() -> None:
    # One tag, two matches: keys that are fact numbers, and keys that are words.
    numbers = Match("hit", (Pattern("c", "child"),), Ref("c"))
    words = Match("hit", (Pattern("c", "child"),), Ref("c", "child"))
    children = [fact("child", n, child=f"child_{n}") for n in (1, 2, 3)]
    both = program(numbers, words, when=Count("hit", "==", 6))
    assert statuses(both, {"child": children}, {"child": children[:2]}) == [
        [("", "met")],
        [("", "pending")],
    ]


def test_two_matches_of_one_tag_count_a_key_once() -> None:
    either = (
        Match("hit", (Pattern("a", "event", (A,)),), Ref("a", "name")),
        Match("hit", (Pattern("a", "event", (KNOWN,)),), Ref("a", "name")),
    )
    once = program(*either, when=Count("hit", "==", 1))
    assert statuses(once, events((1, "a", 2)), events((1, "a", None), (2, "b", 2))) == [
        [("", "met")],
        [("", "pending")],
    ]


def test_the_column_that_splits_a_tag_tells_which_counts() -> None:
    match = Match("is", (Pattern("a", "answer"),), Ref("a"), None, (Ref("a"),), Ref("a", "value"))
    rows = (
        Row("breached", Every((Count("is.yes"), Count("is.no"))), evidence=("is.yes", "is.no")),
        Row("met", Count("is.yes", "==", 2), evidence=("is.yes",)),
        Row("undetermined", Count("is.unknown"), evidence=("is.unknown",)),
        Row("pending"),
    )
    cases = [
        {"answer": [fact("answer", n, question="q", value=v) for n, v in enumerate(said, 1)]}
        for said in (["yes", "no"], ["yes", "yes"], ["yes", "unknown"], ["no"], [])
    ]
    found = answer([Program("area.r", (match,), rows)], *cases)
    assert [(d.status, d.evidence) for [d] in found] == [
        ("breached", (("is.no", 2), ("is.yes", 1))),
        ("met", (("is.yes", 1), ("is.yes", 2))),
        ("undetermined", (("is.unknown", 2),)),
        ("pending", ()),
        ("pending", ()),
    ]


@pytest.mark.parametrize(
    ("when", "met"),
    [
        (Every((Count("hit"), Count("other", "==", 0))), [1]),
        (Every((Count("hit"), Count("other", "<", 1))), [1]),
        (Some((Count("hit", "<=", 0), Count("other"))), [0, 2, 3]),
        (Some((Count("hit", ">", 0), Count("other", "!=", 0))), [1, 2, 3]),
        (Some((Every((Count("hit"), Count("other"))), Count("none"))), [3]),
        (Every(), [0, 1, 2, 3]),
        (Some(), []),
    ],
)
def test_conditions_over_tags(when: Condition, met: list[int]) -> None:
    other = Match("other", (Pattern("a", "event", (B,)),), Ref("a"))
    never = Match("none", (Pattern("a", "event", (eq("name", "nothing"),)),), Ref("a"))
    cases = [{}, events((1, "a", 1)), events((2, "b", 1)), events((1, "a", 1), (2, "b", 1))]
    found = statuses(program(HIT, other, never, when=when), *cases)
    assert [n for n, [(_, status)] in enumerate(found) if status == "met"] == met


# --- strata --------------------------------------------------------------------------------------


def test_a_later_stratum_reads_the_findings_of_its_own_case() -> None:
    first = program(
        Match("hit", (AGENCY, of("a")), Ref("e"), Ref("s", "agency")),
        Match("all", (AGENCY,), Ref("s"), Ref("s", "agency")),
        each=True,
    )
    tests = (eq("requirement", "area.r"), eq("subject", Ref("s", "agency")), eq("status", "met"))
    read = Match(
        "hit",
        (AGENCY, Pattern("f", "finding", tests)),
        Ref("f"),
        Ref("s", "agency"),
        (Ref("f"),),
    )
    all_ = Match("all", (AGENCY,), Ref("s"), Ref("s", "agency"))
    rows = (Row("met", Count("hit"), evidence=("hit",)), Row("pending"))
    second = Program("area.second", (read, all_), rows, (Row("pending"),))
    done = {"involvement": involved("gp", "icb"), **events((1, "a", 1), agency="icb")}
    open_ = {"involvement": involved("gp")}
    found = answer([second, first], done, open_, {})
    assert [[(d.subject, d.status, d.evidence) for d in one[-2:]] for one in found] == [
        # The first requirement's findings are -1 (gp) and -2 (icb).
        [("gp", "pending", ()), ("icb", "met", (("hit", -2),))],
        [("gp", "pending", ()), ("gp", "pending", ())],
        [("", "not_applicable", ()), ("", "pending", ())],
    ]


def test_programs_that_wait_for_each_other_are_refused() -> None:
    def reads(name: str, other: str) -> Program:
        body = (Pattern("f", "finding", (eq("requirement", other),)),)
        return Program(name, (Match("hit", body, Ref("f")),), (Row("pending"),))

    with pytest.raises(ProgramError, match="wait for each other"):
        TableEngine([reads("area.a", "area.b"), reads("area.b", "area.a")])


# --- days ----------------------------------------------------------------------------------------


def days_of(given_program: Program, column: str, *cases: Rows) -> list[list[int | None]]:
    """The first day that the deciding row's evidence tells, by case; `None`: no day."""
    engine = TableEngine([given_program])
    with Joining() as connection:
        tables = tables_of(cases, engine.words)
        (found,) = engine.answers(
            tables, connection, lambda _r, row, _t, kind: column if kind == "event" else None
        )
    told: list[list[int | None]] = [[] for _ in cases]
    done = [2**31 - 1] * len(found.c) if found.done is None else found.done.tolist()
    for case, day in sorted(zip(found.c.tolist(), done, strict=True)):
        told[case].append(None if day == 2**31 - 1 else day)
    return told


def test_the_day_done_is_the_first_that_evidence_tells() -> None:
    cases = [events((1, "a", 7), (2, "a", 5), (3, "a", None)), events((1, "a", None)), {}]
    assert days_of(program(HIT), "date", *cases) == [[5], [None], [None]]


def test_the_day_done_of_several_patterns_is_the_first_of_them() -> None:
    # a on 5 with b on 4, and a on 5 with b on 6 (which is no hit).
    assert days_of(program(joined("<")), "date", *PAIRS[:3]) == [[4], [None], [None]]


def test_the_day_done_where_there_are_several_ways_to_it() -> None:
    twice = events((1, "a", 5), (2, "b", 4), (3, "b", 3), (4, "b", None))
    assert days_of(program(joined("<")), "date", twice, {}) == [[3], [None]]


def test_the_day_done_of_two_tags_is_the_first_of_both() -> None:
    other = Match("other", (Pattern("a", "event", (B,)),), Ref("a"), None, (Ref("a"),))
    either = program(HIT, other, when=Some((Count("hit"), Count("other"))))
    cases = [events((1, "a", 7), (2, "b", 6)), events((1, "a", 7)), events((2, "b", 6))]
    assert days_of(either, "date", *cases) == [[6], [7], [6]]


def test_the_day_done_where_a_case_has_no_subject() -> None:
    named = Match("hit", (AGENCY, of("a")), Ref("e"), Ref("s", "agency"))
    told = Match("case.told", HIT.body, Ref("a"), None, (Ref("a"),))
    empty = (Row("met", Count("case.told"), evidence=("case.told",)), Row("not_applicable"))
    given_program = Program("area.r", (named, told), (Row("pending"),), empty)
    with_subject = {"involvement": involved("gp"), **events((1, "a", 7), agency="gp")}
    cases = [events((1, "a", 7)), with_subject, {}]
    assert days_of(given_program, "date", *cases) == [[7], [None], [None]]


def test_what_nothing_passes_tells_no_day() -> None:
    never = Match(
        "hit", (Pattern("a", "event", (eq("name", "never"),)), Pattern("c", "child")), Ref("a"),
        None, (Ref("a"),),
    )  # fmt: skip
    assert days_of(program(never, HIT, when=Some((Count("hit"),))), "date", *PAIRS[:1]) == [[5]]


# --- any program and any facts -------------------------------------------------------------------


@given(programs(), st.lists(facts(), min_size=1, max_size=4))
def test_any_program_is_answered_as_by_the_reference_engine(
    given_programs: list[Program], cases: list[dict[str, list[dict[str, Any]]]]
) -> None:
    answer(given_programs, *cases)


@pytest.mark.slow
@settings(max_examples=20)
@given(programs(), st.lists(facts(), min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_cases_and_facts_changes_nothing(
    given_programs: list[Program], cases: list[Any], random: Any
) -> None:
    engine = TableEngine(given_programs)
    order = random.sample(range(len(cases)), len(cases))
    turned = [
        {kind: random.sample(found, len(found)) for kind, found in cases[n].items()} for n in order
    ]
    found = engine.run_all(cases)
    assert engine.run_all(turned) == [found[n] for n in order]
