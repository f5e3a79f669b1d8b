"""The program language: what it refuses, its conditions, strata."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cspr_core.engine.decide import Decider, Emit, Hits, Tallies, add, compile_condition
from cspr_core.program import (
    ALWAYS,
    NEVER,
    Condition,
    Count,
    Every,
    Match,
    Pattern,
    Program,
    ProgramError,
    Ref,
    Row,
    Some,
    all_tags,
    eq,
    match_tags,
    negation,
    strata,
)
from cspr_core.program import (
    Test as Check,
)

CHILD = Pattern("s", "child")
EVENT = Pattern("e", "event", (eq("name", "aware"),))
LAST = Row("upcoming")


def program(
    *matches: Match,
    rows: tuple[Row, ...] = (LAST,),
    empty: tuple[Row, ...] | None = None,
    name: str = "area.it",
) -> Program:
    return Program(name, matches, rows, empty)


def match(*body: Pattern, key: Ref | None = None, tag: str = "t", **more: Ref) -> Match:
    return Match(tag, body, key or Ref(body[0].alias), **more)  # type: ignore[arg-type]


def of(*tests: Check) -> Match:
    """A match whose second pattern, an event, has these tests."""
    return match(CHILD, Pattern("e", "event", tests))


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (lambda: program(match(Pattern("x", "ghost"))), "no facts are of the type 'ghost'"),
        (lambda: program(of(eq("ghost", "a"))), "'event' has no column 'ghost'"),
        (lambda: program(of(eq("name", Ref("x", "child")))), "is not a pattern before this one"),
        (lambda: program(of(eq("name", Ref("e", "name")))), "is not a pattern before this one"),
        (lambda: program(of(eq("name", Ref("s", "ghost")))), "'child' has no column 'ghost'"),
        (lambda: program(of(eq("date", Ref("s", "child")))), "differ in type"),
        (lambda: program(of(Check("name", "in", "aware"))), "'in' takes several values"),
        (lambda: program(of(Check("name", "==", ("aware",)))), "'in' takes several values"),
        (lambda: program(of(Check("name", "in", ()))), "'in' takes several values"),
        (lambda: program(of(eq("name", 3))), "can't be held against 3"),
        (lambda: program(of(eq("date", "2026"))), "can't be held against '2026'"),
        (lambda: program(of(eq("stands", "perhaps"))), "'stands' is never 'perhaps'"),
        (lambda: program(of(Check("name", "<", "aware"))), "text has no order"),
        (lambda: program(match(CHILD, CHILD)), "two patterns are called 's'"),
        (
            lambda: program(match(Pattern("s", "child", negated=True))),
            "a negated pattern is the last of several",
        ),
        (
            lambda: program(match(CHILD, Pattern("n", "event", negated=True), EVENT)),
            "a negated pattern is the last of several",
        ),
        (
            lambda: program(match(CHILD, Pattern("n", "event", negated=True), key=Ref("n"))),
            "no pattern is called 'n'",
        ),
        (lambda: program(match(CHILD, key=Ref("x"))), "no pattern is called 'x'"),
        (lambda: program(match(EVENT, key=Ref("e", "agency"))), "e.agency may be unknown"),
        (
            lambda: program(match(EVENT, split=Ref("e", "name"))),
            "'name' is not of a closed set of words",
        ),
        (lambda: program(match(EVENT, split=Ref("e", "outcome"))), "e.outcome may be unknown"),
        (
            lambda: program(match(CHILD, subject=Ref("s", "child"))),
            "either all matches have a subject or none",
        ),
        (lambda: program(match(CHILD), empty=(LAST,)), "either all matches have a subject"),
        (lambda: program(rows=()), "the last row must hold always"),
        (lambda: program(rows=(Row("met", NEVER),)), "the last row must hold always"),
        (
            lambda: program(match(CHILD, subject=Ref("s", "child")), empty=()),
            "the last row must hold always",
        ),
        (lambda: program(rows=(Row("fine"),)), "'fine' is no status"),
        (
            lambda: program(match(CHILD), rows=(Row("met", Count("x")), LAST)),
            "no match is tagged 'x'",
        ),
        (
            lambda: program(match(CHILD), rows=(Row("met", evidence=("x",)),)),
            "no match is tagged 'x'",
        ),
    ],
)
def test_what_no_engine_could_run_is_refused(made: object, sentence: str) -> None:
    with pytest.raises(ProgramError, match=sentence):
        made()  # type: ignore[operator]


def test_a_join_on_what_may_be_unknown_needs_a_test_that_it_is_known() -> None:
    other = Pattern("f", "event", (eq("agency", Ref("e", "agency")),))
    with pytest.raises(ProgramError, match=r"e\.agency may be unknown: test that it is known"):
        program(match(EVENT, other))
    known = Pattern("e", "event", (Check("agency", "known"),))
    assert program(match(known, other)).tags == ("t",)
    unknown = Pattern("e", "event", (Check("agency", "unknown"),))
    with pytest.raises(ProgramError, match="may be unknown"):
        program(match(unknown, other))


def test_a_split_goes_on_with_each_word_of_the_column() -> None:
    decided = Pattern("e", "event", (eq("name", "decision"), Check("outcome", "known")))
    found = match(decided, tag="d", split=Ref("e", "outcome"))
    assert match_tags(found) == (
        "d.local_review",
        "d.no_review",
        "d.national_referral",
        "d.alternative_review",
    )
    assert all_tags([found, match(CHILD)]) == {*match_tags(found), "t"}


def test_two_matches_with_one_tag_are_one_tag() -> None:
    assert program(match(CHILD), match(EVENT)).tags == ("t",)


# --- conditions ---------------------------------------------------------------------------------


def counts(numbers: dict[str, int]) -> object:
    return lambda tag: numbers.get(tag, 0)


def emit(tag: str, **places: tuple[int, str] | None) -> Emit:
    """A match that counts the facts of its only pattern."""
    split, subject = places.get("split"), places.get("subject")
    made = Emit((tag, split, subject, places.get("key") or (0, "fid"), ((0, "fid"),)))
    made.requirements.append("area.it")
    return made


def tally(**counts: int) -> dict[str, Hits]:
    """As many keys of each tag; a tag without any is not there."""
    return {
        tag: (emit(tag), [({"fid": i},) for i in range(n)], None) for tag, n in counts.items() if n
    }


@pytest.mark.parametrize(
    ("op", "holding"),
    [
        (">=", {1, 2}),
        ("<=", {0, 1}),
        (">", {2}),
        ("<", {0}),
        ("==", {1}),
        ("!=", {0, 2}),
    ],
)
def test_a_count_against_one(op: str, holding: set[int]) -> None:
    condition = Count("t", op, 1)  # type: ignore[arg-type]
    found = {n for n in range(3) if compile_condition(condition)(tally(t=n))}
    assert found == holding


def test_always_and_never() -> None:
    assert compile_condition(ALWAYS)({})
    assert not compile_condition(NEVER)(tally(t=9))


_conditions: st.SearchStrategy[Condition] = st.recursive(
    st.builds(
        Count,
        st.sampled_from("ab"),
        st.sampled_from([">=", "<=", ">", "<", "==", "!="]),
        st.integers(0, 2),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: Every(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: Some(tuple(parts))),
    ),
    max_leaves=6,
)


@given(_conditions, st.fixed_dictionaries({"a": st.integers(0, 3), "b": st.integers(0, 3)}))
def test_a_negation_holds_exactly_where_the_condition_does_not(
    condition: Condition, numbers: dict[str, int]
) -> None:
    opposite = compile_condition(negation(condition))
    assert opposite(tally(**numbers)) != compile_condition(condition)(tally(**numbers))


# --- decide -------------------------------------------------------------------------------------

PER_CHILD = program(
    match(CHILD, subject=Ref("s", "child")),
    rows=(Row("met", Count("t", ">=", 2), "two", ("t",), "yes"), LAST),
    empty=(Row("not_applicable", why="nobody"),),
)


def test_distinct_keys_are_counted_and_their_facts_shown() -> None:
    per_child = emit("t", subject=(0, "child"), key=(0, "day"))
    tallies = Tallies()
    facts = [(11, "a", 1), (12, "a", 1), (13, "b", 1)]
    add(tallies, per_child, [({"fid": n, "child": c, "day": day},) for n, c, day in facts])
    found = Decider(PER_CHILD)(tallies)
    assert [(d.subject, d.status, d.evidence) for d in found] == [
        ("a", "upcoming", ()),
        ("b", "upcoming", ()),
    ]
    add(tallies, per_child, [({"fid": 14, "child": "a", "day": 2},)])
    first = Decider(PER_CHILD)(tallies)[0]
    assert (first.status, first.why, first.answer) == ("met", "two", "yes")
    assert first.evidence == (("t", 11), ("t", 12), ("t", 14))


def test_a_split_tag_goes_on_with_the_word() -> None:
    tallies = Tallies()
    add(tallies, emit("t", split=(0, "stands")), [({"stands": "yes"},), ({"stands": "no"},)])
    assert not tallies.each
    assert tallies.own["area.it"].keys() == {"t.yes", "t.no"}


def test_no_subject_at_all_is_answered_by_the_list_for_it() -> None:
    found = Decider(PER_CHILD)(Tallies())
    assert [(d.subject, d.status, d.why) for d in found] == [("", "not_applicable", "nobody")]


def test_a_requirement_of_the_case_is_always_answered() -> None:
    found = Decider(program(match(CHILD)))(Tallies())
    assert [(d.subject, d.status) for d in found] == [("", "upcoming")]


# --- strata -------------------------------------------------------------------------------------


def reading(name: str, *others: str) -> Program:
    bodies = (Pattern("w", "finding", (eq("requirement", other),)) for other in others)
    return program(*(match(body) for body in bodies), name=name)


def test_whoever_reads_a_finding_runs_after_it() -> None:
    a, b, c = reading("a", "b"), reading("b", "c"), reading("c")
    assert strata([a, b, c]) == [[c], [b], [a]]
    assert a.reads == {"b"}


def test_reading_what_is_not_there_waits_for_nobody() -> None:
    a = reading("a", "elsewhere")
    assert strata([a]) == [[a]]


def test_requirements_that_wait_for_each_other_are_refused() -> None:
    with pytest.raises(ProgramError, match="wait for each other: a, b"):
        strata([reading("a", "b"), reading("b", "a"), reading("c")])
