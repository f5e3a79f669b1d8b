"""The durable-rules engine: it answers what the reference engine answers, evidence included."""

import importlib
import sys
import threading
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cspr_core.engine import plan, rete
from cspr_core.engine.reference import ReferenceEngine
from cspr_core.engine.rete import ReteEngine, ReteError
from cspr_core.program import (
    Count,
    Decision,
    Every,
    Match,
    Pattern,
    Program,
    ProgramError,
    Ref,
    Row,
    eq,
)
from cspr_core.program import Test as Check  # pytest would take `Test` for a class of tests
from tests.engine.drawn import facts, programs
from tests.engine.handmade import AGENCY, answer, fact, of

durable = pytest.mark.durable


def program(
    *matches: Match, rows: Sequence[Row] = (), empty: tuple[Row, ...] | None = None
) -> Program:
    """Met where there is a hit tagged "hit", whose facts are its evidence."""
    usual = (Row("met", Count("hit"), evidence=("hit",)), Row("pending"))
    return Program("area.r", matches, tuple(rows) or usual, empty)


def evidence(decisions: Sequence[Decision]) -> dict[str, list[int]]:
    """Subject to the numbers of the facts that are its evidence."""
    return {found.subject: [fid for _, fid in found.evidence] for found in decisions}


POLICE = fact("involvement", 1, agency="police", listed="yes")
HEALTH = fact("involvement", 2, agency="icb", listed="yes")


# --- what the language can say ------------------------------------------------------------------


@durable
def test_a_join_finds_the_events_of_each_subject() -> None:
    match = Match("hit", (AGENCY, of("asked")), Ref("e"), Ref("s", "agency"), (Ref("e"),))
    rows = {
        "involvement": [POLICE, HEALTH],
        "event": [
            fact("event", 3, name="asked", agency="icb"),
            fact("event", 4, name="asked", agency="housing"),
            fact("event", 5, name="told", agency="police"),
        ],
    }
    assert evidence(answer([program(match, empty=(Row("pending"),))], rows)) == {"icb": [3]}


@durable
@pytest.mark.parametrize(
    ("op", "hits"), [("<", [3]), ("<=", [3, 4]), (">", [5]), (">=", [4, 5]), ("!=", [3, 5])]
)
def test_an_inequality_join_compares_dates(op: Any, hits: list[int]) -> None:
    limit = Pattern("l", "limit", (eq("requirement", "area.r"),))
    done = Pattern("e", "event", (Check("date", op, Ref("l", "date")),))
    match = Match("hit", (limit, done), Ref("e"), evidence=(Ref("e"),))
    rows = {
        "limit": [fact("limit", 1, requirement="area.r", date=10)],
        "event": [fact("event", 2), *(fact("event", 3 + n, date=9 + n) for n in range(3))],
    }
    assert evidence(answer([program(match)], rows)) == {"": hits}


@durable
def test_a_negated_join_finds_the_subjects_without_an_event() -> None:
    match = Match(
        "hit",
        (AGENCY, of("returned", negated=True)),
        Ref("s"),
        Ref("s", "agency"),
        (Ref("s"),),
    )
    rows = {
        "involvement": [POLICE, HEALTH],
        "event": [fact("event", 3, name="returned", agency="icb")],
    }
    assert evidence(answer([program(match, empty=(Row("pending"),))], rows)) == {"police": [1]}


@durable
def test_a_negated_inequality_join_finds_the_latest() -> None:
    dated = Pattern("a", "event", (Check("date", "known"),))
    later = Pattern("n", "event", (Check("date", ">", Ref("a", "date")),), negated=True)
    match = Match("hit", (dated, later), Ref("a"), evidence=(Ref("a"),))
    rows = {"event": [fact("event", 10 + n, date=date) for n, date in enumerate([3, 7, 5])]}
    assert evidence(answer([program(match)], rows)) == {"": [11]}


@durable
def test_two_lists_of_words_are_every_pair_of_them() -> None:
    either = Pattern(
        "a", "event", (Check("name", "in", ("m", "n", "m")), Check("to", "in", ("x", "y")))
    )
    match = Match("hit", (either,), Ref("a"), evidence=(Ref("a"),))
    names = [("m", "x"), ("n", "y"), ("o", "x"), ("m", "z"), ("m", None)]
    rows = {"event": [fact("event", n, name=a, to=to) for n, (a, to) in enumerate(names)]}
    assert evidence(answer([program(match)], rows)) == {"": [0, 1]}


@durable
def test_the_tag_goes_on_with_the_word_that_splits_it() -> None:
    criterion = Pattern("a", "answer", (eq("question", "improvements"),))
    match = Match("is", (criterion,), Ref("a"), evidence=(Ref("a"),), split=Ref("a", "value"))
    rows = (
        Row("met", Count("is.yes"), evidence=("is.yes",)),
        Row("undetermined", Count("is.unknown"), evidence=("is.unknown",)),
        Row("pending"),
    )
    facts = {
        "answer": [
            fact("answer", 1, question="improvements", value="unknown"),
            fact("answer", 2, question="other", value="yes"),
        ]
    }
    (found,) = answer([program(match, rows=rows)], facts)
    assert (found.status, found.evidence) == ("undetermined", (("is.unknown", 1),))


@durable
def test_keys_are_counted_once_however_often_they_are_hit() -> None:
    match = Match("hit", (Pattern("a", "member"),), Ref("a", "agency"))
    rows = {"member": [fact("member", n, agency=a) for n, a in enumerate(["la", "la", "icb"])]}
    two = program(match, rows=(Row("met", Count("hit", "==", 2)), Row("pending")))
    assert answer([two], rows)[0].status == "met"


@durable
def test_matches_with_one_body_share_a_rule_and_keep_their_tags() -> None:
    body = (Pattern("a", "child"),)
    same = (Pattern("b", "child"),)
    programs = [
        program(
            Match("hit", body, Ref("a"), evidence=(Ref("a"),)),
            Match("other", same, Ref("b", "child"), evidence=(Ref("b"),)),
            rows=(Row("met", Count("other"), evidence=("hit", "other")), Row("pending")),
        )
    ]
    (found,) = answer(programs, {"child": [fact("child", 4, child="child_1")]})
    assert found.evidence == (("hit", 4), ("other", 4))


@durable
def test_without_subjects_the_list_for_none_at_all_decides() -> None:
    match = Match("hit", (AGENCY,), Ref("s"), Ref("s", "agency"))
    (found,) = answer([program(match, empty=(Row("not_applicable"),))], {"involvement": []})
    assert (found.subject, found.status) == ("", "not_applicable")


@durable
def test_a_program_without_matches_has_its_finding() -> None:
    (found,) = answer([Program("area.r", (), (Row("pending"),))], {"child": [fact("child", 1)]})
    assert found.status == "pending"


@durable
def test_columns_with_names_that_mean_something_elsewhere() -> None:
    names = ["from", "for", "to", "with", "by", "of", "on", "id"]
    first = Pattern("a", "event", (eq("name", "a"), *(Check(name, "known") for name in names)))
    same = Pattern("b", "event", (eq("name", "b"), *(eq(n, Ref("a", n)) for n in names)))
    match = Match("hit", (first, same), Ref("b"), evidence=(Ref("b"),))
    words = {name: f"{name}-word" for name in names}
    rows = {
        "event": [
            fact("event", 1, name="a", **words),
            fact("event", 2, name="b", **words),
            *(
                fact("event", 3 + n, name="b", **{**words, name: "another"})
                for n, name in enumerate(names)
            ),
        ]
    }
    assert evidence(answer([program(match)], rows)) == {"": [2]}


# --- strata -------------------------------------------------------------------------------------


def reads(requirement: str, other: str, *, without: bool = False) -> Program:
    """Met where the other requirement is met; `without`: where it has no such finding."""
    tests = (eq("requirement", other), eq("status", "met"))
    found = Pattern("f", "finding", tests, negated=without)
    body = (Pattern("c", "child"), found) if without else (found,)
    alias = body[0].alias
    match = Match("hit", body, Ref(alias), evidence=(Ref(alias),))
    return Program(
        requirement,
        (match,),
        (Row("met", Count("hit"), evidence=("hit",)), Row("pending")),
    )


CHILD = {"child": [fact("child", 1, child="child_1")]}


@durable
def test_a_later_stratum_reads_what_an_earlier_one_found() -> None:
    first = Program(
        "area.first",
        (Match("hit", (Pattern("a", "child"),), Ref("a")),),
        (Row("met", Count("hit")), Row("pending")),
    )
    # Findings are numbered -1, -2, … in the order in which they were made: first, then second.
    found = answer(
        [reads("area.third", "area.second"), reads("area.second", "area.first"), first], CHILD
    )
    assert [(d.requirement, d.status, d.evidence) for d in found] == [
        ("area.first", "met", ()),
        ("area.second", "met", (("hit", -1),)),
        ("area.third", "met", (("hit", -2),)),
    ]


@durable
def test_a_later_stratum_denies_what_an_earlier_one_found() -> None:
    first = Program("area.first", (), (Row("pending"),))
    second = reads("area.second", "area.first", without=True)
    third = reads("area.third", "area.second", without=True)
    found = answer([third, second, first], CHILD)
    assert [(d.requirement, d.status) for d in found] == [
        ("area.first", "pending"),
        ("area.second", "met"),
        ("area.third", "pending"),
    ]


@durable
def test_what_is_found_later_changes_nothing_that_is_decided() -> None:
    # A pattern that names no requirement makes no stratum: it sees no finding, in either engine.
    anything = Program(
        "area.anything",
        (Match("hit", (Pattern("f", "finding"),), Ref("f")),),
        (Row("met", Count("hit")), Row("pending")),
    )
    first = Program("area.first", (), (Row("met"),))
    found = answer([anything, first, reads("area.second", "area.first")], {})
    assert [(d.requirement, d.status) for d in found] == [
        ("area.anything", "pending"),
        ("area.first", "met"),
        ("area.second", "met"),
    ]


@durable
def test_one_body_in_two_strata_sees_the_findings_of_each() -> None:
    def none_met(requirement: str, *more: Match) -> Program:
        body = (
            Pattern("c", "child"),
            Pattern("f", "finding", (eq("status", "met"),), negated=True),
        )
        rows = (Row("met", Count("hit")), Row("pending"))
        return Program(requirement, (Match("hit", body, Ref("c")), *more), rows)

    first = Program("area.first", (), (Row("met"),))
    after = Match("more", (Pattern("f", "finding", (eq("requirement", "area.first"),)),), Ref("f"))
    found = answer([first, none_met("area.at_once"), none_met("area.later", after)], CHILD)
    assert [(d.requirement, d.status) for d in found] == [
        ("area.at_once", "met"),
        ("area.first", "met"),
        ("area.later", "pending"),
    ]


@durable
def test_one_body_without_findings_serves_every_stratum() -> None:
    body = (Pattern("c", "child"), Pattern("n", "stage", negated=True))
    match = Match("hit", body, Ref("c"), evidence=(Ref("c"),))
    after = Match("more", (Pattern("f", "finding", (eq("requirement", "area.r"),)),), Ref("f"))
    rows = (Row("met", Every((Count("hit"), Count("more"))), evidence=("hit",)), Row("pending"))
    later = Program("area.later", (match, after), rows)
    assert [(d.requirement, d.evidence) for d in answer([program(match), later], CHILD)] == [
        ("area.later", (("hit", 1),)),
        ("area.r", (("hit", 1),)),
    ]


@durable
def test_findings_have_the_subject_and_the_answer() -> None:
    first = Program(
        "area.first",
        (Match("hit", (AGENCY,), Ref("s"), Ref("s", "agency")),),
        (Row("met", answer="no"),),
        (Row("pending"),),
    )
    second = Program(
        "area.second",
        (
            Match(
                "hit",
                (
                    AGENCY,
                    Pattern(
                        "f",
                        "finding",
                        (
                            eq("requirement", "area.first"),
                            eq("subject", Ref("s", "agency")),
                            eq("answer", "no"),
                        ),
                    ),
                ),
                Ref("f"),
                Ref("s", "agency"),
                (Ref("f"), Ref("s")),
            ),
        ),
        (Row("met", evidence=("hit",)),),
        (Row("pending"),),
    )
    found = answer([first, second], {"involvement": [POLICE, HEALTH]})
    # The first requirement's subjects in order: icb (-1), police (-2).
    assert evidence([d for d in found if d.requirement == "area.second"]) == {
        "icb": [-1, 2],
        "police": [-2, 1],
    }


def test_requirements_that_wait_for_each_other_are_refused_at_once() -> None:
    with pytest.raises(ProgramError, match="wait for each other"):
        ReteEngine([reads("area.a", "area.b"), reads("area.b", "area.a")])


# --- engines and runs ---------------------------------------------------------------------------


def _met_on(name: str) -> Program:
    match = Match("hit", (Pattern("a", "event", (eq("name", name),)),), Ref("a"))
    return program(match)


@durable
def test_engines_with_different_programs_stand_side_by_side() -> None:
    rows = {"event": [fact("event", 1, name="b")]}
    engines = [ReteEngine([_met_on(name)]) for name in "abc"]
    for _ in range(2):
        statuses = [engine.run(rows)[0].status for engine in engines]
        assert statuses == ["pending", "met", "pending"]


@durable
def test_nothing_of_a_case_is_there_in_the_next() -> None:
    engine = ReteEngine([_met_on("a")])
    with_a, without = {"event": [fact("event", 1, name="a")]}, {"event": []}
    assert [engine.run(rows)[0].status for rows in (with_a, without, with_a, without)] == [
        "met",
        "pending",
        "met",
        "pending",
    ]


@durable
def test_nothing_of_a_case_that_failed_is_there_in_the_next() -> None:
    match = Match("hit", (Pattern("a", "event", (Check("name", "!=", "z"),)),), Ref("a"))
    engine = ReteEngine([program(match), reads("area.second", "area.r")])
    engine.compile()
    with pytest.MonkeyPatch.context() as patch:
        # The findings fail, which come after the case's facts have been taken.
        patch.setattr(plan, "finding_rows", lambda found, before: [{"requirement": "area.r"}])
        with pytest.raises(KeyError):
            engine.run({"event": [fact("event", 1, name="a")]})
    assert [found.status for found in engine.run({"event": []})] == ["pending", "pending"]


@durable
def test_compiling_waits_for_the_first_run_and_happens_once() -> None:
    made: list[str] = []

    class Counted(rete.Ruleset):
        def __init__(self, rules: str) -> None:
            made.append(rules)
            super().__init__(rules)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rete, "Ruleset", Counted)
        engine = ReteEngine([_met_on("a")])
        assert made == []
        engine.run({})
        engine.run({})
        engine.compile()
    assert len(made) == 1


@durable
def test_runs_from_several_threads_do_not_meet() -> None:
    engine = ReteEngine([_met_on("a")])
    wrong: list[str] = []

    def run(name: str, status: str) -> None:
        for _ in range(50):
            found = engine.run({"event": [fact("event", n, name=name) for n in range(20)]})
            wrong.extend(d.status for d in found if d.status != status)

    threads = [
        threading.Thread(target=run, args=given) for given in [("a", "met"), ("b", "pending")] * 2
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@durable
def test_facts_that_no_rule_reads_are_not_handed_over() -> None:
    engine = ReteEngine([_met_on("a")])
    engine.compile()
    handed: list[str] = []
    rows = {
        "event": [fact("event", n, name=name, agency="la") for n, name in enumerate("abc")],
        "child": [fact("child", 9)],
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rete.Ruleset, "fire", lambda self, facts: handed.extend(facts) or [])
        patch.setattr(rete.Ruleset, "forget", lambda self: None)
        engine.run(rows)
    assert handed == ['{"sid":"case","id":"10000","t":"event","k":1,"c_name":"a"}']


@durable
def test_too_many_facts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rete, "FACTS", 2)
    engine = ReteEngine([_met_on("a")])
    with pytest.raises(ReteError, match="takes 2 facts; these are 3"):
        engine.run({"event": [fact("event", n, name="a") for n in range(3)]})
    assert len(engine.run({"event": [fact("event", n, name="a") for n in range(2)]})) == 1


# --- errors of the library, and its absence -----------------------------------------------------


class Library(ModuleType):
    """Stands in for the C module: everything works, and nothing fires."""

    class error(Exception):  # noqa: N801, N818 (the name it has in the C module)
        pass

    def __init__(self, **answers: Any) -> None:
        super().__init__("durable_rules_engine")
        self.answers: Mapping[str, Any] = {
            "create_ruleset": 1,
            "assert_facts": (0, 1),
            "start_action_for_state": None,
            **answers,
        }

    def __getattr__(self, name: str) -> Any:
        def call(*_arguments: object) -> Any:
            found = self.answers.get(name)
            if isinstance(found, Exception):
                raise found
            return found

        return call


def failing(monkeypatch: pytest.MonkeyPatch, **answers: Any) -> ReteEngine:
    monkeypatch.setitem(sys.modules, "durable_rules_engine", Library(**answers))
    return ReteEngine([_met_on("a")])


def test_an_error_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    error = Library.error("Could not create ruleset, error code: 108")
    engine = failing(monkeypatch, create_ruleset=error)
    with pytest.raises(ReteError) as caught:
        engine.run({})
    assert str(caught.value) == (
        "durable-rules could not compile the rules: too many rules share one pattern (108)"
    )


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("error code: 999", "durable-rules could not compile the rules: it does not say why (999)"),
        ("pyCreate…", "durable-rules could not compile the rules: it does not say why (0)"),
    ],
)
def test_an_error_without_a_name(monkeypatch: pytest.MonkeyPatch, message: str, said: str) -> None:
    with pytest.raises(ReteError) as caught:
        failing(monkeypatch, create_ruleset=Library.error(message)).run({})
    assert str(caught.value) == said


def test_a_fact_asserted_twice_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ReteError) as caught:
        failing(monkeypatch, assert_facts=(2, 1)).run({})
    assert str(caught.value) == (
        "durable-rules could not assert the facts: two facts have one id (2)"
    )


@pytest.mark.parametrize(
    ("fired", "said"),
    [
        ('{"r9":{"a0":{"sid":"case","id":"10000"}}}', "fired what it was not given"),
        ('{"r0":{"a0":{"id":"10000","sid":"case"}}}', "fired what it was not given"),
        ('{"r0":{"a0":{"sid":"case","id":"10000"}}}', "fired what it was not given"),  # one missing
        (
            '{"r0":{"a0":{"sid":"case","id":"10000"},"a2":{"sid":"case","id":"10000"}}}',
            "mixes up the facts of r0",
        ),
    ],
)
def test_a_firing_in_another_form_is_refused(
    monkeypatch: pytest.MonkeyPatch, fired: str, said: str
) -> None:
    monkeypatch.setitem(
        sys.modules, "durable_rules_engine", Library(start_action_for_state=("", fired))
    )
    two = Match("hit", (Pattern("a", "event"), Pattern("b", "event")), Ref("a"))
    engine = ReteEngine([program(two)])
    with pytest.raises(ReteError, match=said):
        engine.run({"event": [fact("event", 1, name="a")]})


@durable
@pytest.mark.parametrize("text", ['","a1":{"sid":"case","id":"0', '}},{"r0":{"a0":{', "\\", "é"])
def test_no_value_is_taken_for_a_part_of_a_firing(text: str) -> None:
    tests = (eq("name", text),)
    two = Match("hit", (Pattern("a", "event", tests), Pattern("b", "event", tests)), Ref("b"))
    rows = {"event": [fact("event", n, name=text) for n in (1, 2)]}
    assert answer([program(two)], rows)[0].status == "met"


def test_available_where_the_module_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "durable_rules_engine", Library())
    assert rete.available()
    assert rete.why_not() is None


def test_says_in_one_line_that_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    assert not rete.available()
    assert rete.why_not() == "durable-rules is not installed"


def test_says_in_one_line_that_it_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_name: str) -> ModuleType:
        raise ImportError("a.so:\n undefined symbol: PyEval_CallObject")

    monkeypatch.setattr(importlib, "import_module", fails)
    assert not rete.available()
    assert rete.why_not() == (
        "durable-rules does not load: a.so: undefined symbol: PyEval_CallObject"
    )


def test_a_run_without_the_library_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    with pytest.raises(ImportError):
        ReteEngine([_met_on("a")]).run({})


# --- any program and any facts ------------------------------------------------------------------


@durable
@given(programs(), facts(), facts())
def test_any_program_is_answered_as_by_the_reference_engine(
    given_programs: list[Program],
    one: dict[str, list[dict[str, Any]]],
    another: dict[str, list[dict[str, Any]]],
) -> None:
    engine, reference = ReteEngine(given_programs), ReferenceEngine(given_programs)
    assert engine.run(one) == reference.run(one)
    assert engine.run(another) == reference.run(another)


@durable
@given(programs(), facts(), st.randoms(use_true_random=False))
def test_the_order_of_facts_changes_nothing(
    given_programs: list[Program], rows: dict[str, list[dict[str, Any]]], random: Any
) -> None:
    engine = ReteEngine(given_programs)
    turned = {fact_type: random.sample(found, len(found)) for fact_type, found in rows.items()}
    assert engine.run(rows) == engine.run(turned)
