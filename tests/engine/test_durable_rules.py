"""What durable-rules does wrong or refuses; that the adapter never meets it is beside each.

Every probe runs in a process of its own, as some crash or never end.
"""

import json
import os
import platform
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cspr_core.engine import rete
from cspr_core.engine.rete import ReteEngine, ReteError
from cspr_core.matching import Rows
from cspr_core.program import (
    FACT_TYPES,
    Count,
    Decision,
    Match,
    Pattern,
    Program,
    ProgramError,
    Ref,
    Row,
    eq,
)
from cspr_core.program import Test as Check  # pytest would take `Test` for a class of tests
from tests.engine.handmade import answer, fact

pytestmark = pytest.mark.durable

ROOT = Path(__file__).parents[2]
PROBE = Path(__file__).with_name("durable_probe.py")
UNDER_ASAN = "ASAN_OPTIONS" in os.environ
LINUX = sys.platform == "linux"
GLIBC = platform.libc_ver()[0] == "glibc"
# glibc then fills what is allocated and what is freed, so that the use of either shows.
PERTURBED = {"MALLOC_PERTURB_": "85"}


def start(
    *arguments: str, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (our own file)
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def probe(name: str) -> Any:
    done = start(str(PROBE), name)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def crashes(name: str, env: Mapping[str, str] | None = None) -> bool:
    return start(str(PROBE), name, env=env).returncode != 0


# --- programs and facts to try the adapter with -------------------------------------------------


def events(*names: str, **columns: Any) -> Rows:
    return {"event": [fact("event", n, name=name, **columns) for n, name in enumerate(names, 1)]}


def program(*bodies: tuple[Pattern, ...], requirement: str = "area.r") -> Program:
    """Met where a body holds; the facts of its first pattern are the evidence."""
    matches = tuple(
        Match("hit", body, Ref(body[0].alias), evidence=(Ref(body[0].alias),)) for body in bodies
    )
    return Program(
        requirement, matches, (Row("met", Count("hit"), evidence=("hit",)), Row("pending"))
    )


def answer_one(given: Program, rows: Rows) -> list[Decision]:
    return answer([given], rows)


def shown(decisions: list[Decision]) -> list[int]:
    return [fid for decision in decisions for _, fid in decision.evidence]


def written(*programs: Program) -> dict[str, Any]:
    """The ruleset that the adapter hands over."""
    engine = ReteEngine(programs)
    handed: list[str] = []

    class Spy(rete.Ruleset):
        def __init__(self, rules: str) -> None:
            handed.append(rules)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rete, "Ruleset", Spy)
        engine.compile()
    return json.loads(handed[0])  # type: ignore[no-any-return]


A = Pattern("a", "event", (eq("name", "a"),))
LATER = Pattern("b", "event", (eq("name", "b"), Check("entry", ">", Ref("a", "entry"))))


# --- building and loading -----------------------------------------------------------------------


def test_builds_on_python_3_13_as_a_missing_name_is_given() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    variables = project["tool"]["uv"]["extra-build-variables"]["durable-rules"]
    assert variables["CPPFLAGS"] == "-DPyEval_CallObject=PyObject_CallObject"


def test_is_not_asked_for_on_windows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (wanted,) = (d for d in project["project"]["dependencies"] if d.startswith("durable-rules"))
    assert wanted.endswith("; sys_platform != 'win32'")


def test_neither_host_nor_language_module_is_loaded_and_no_thread_is_started() -> None:
    code = (
        "import sys, threading\n"
        "from cspr_core.engine.rete import ReteEngine\n"
        "assert 'durable_rules_engine' not in sys.modules\n"
        "engine = ReteEngine([])\n"
        "engine.run({})\n"
        "assert 'durable_rules_engine' in sys.modules\n"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'durable']\n"
        "assert threading.active_count() == 1\n"
    )
    done = start("-c", code)
    assert done.returncode == 0, done.stderr


# --- inequality joins ---------------------------------------------------------------------------


@pytest.mark.skipif(not UNDER_ASAN, reason="only AddressSanitizer sees it every time")
def test_inequality_as_the_last_test_reads_past_its_array() -> None:
    done = start(str(PROBE), "inequality_last")
    assert "AddressSanitizer" in done.stderr


def test_inequality_before_the_anchor_is_safe() -> None:
    assert probe("inequality_before_the_anchor") == [["ready", {"a": "1"}]]


def test_adapter_ends_every_joining_or_negated_pattern_on_the_anchor() -> None:
    none = Pattern("n", "event", (Check("entry", "!=", Ref("b", "entry")),), negated=True)
    bare = Pattern("n", "event", negated=True)
    ruleset = written(program((A, LATER), (A, LATER, none), (A, bare)))
    last = [
        (alias, tests["$and"][-1])
        for name, rule in ruleset.items()
        if name != "ready"
        for pattern in rule["all"]
        for alias, tests in pattern.items()
    ]
    assert last == [
        ("a0", {"c_name": "a"}),
        ("a1", {"k": {"a0": "k"}}),
        ("go", {"c_number": 0}),
        ("a0", {"c_name": "a"}),
        ("a1", {"k": {"go": "k"}}),
        ("a2$not", {"k": {"go": "k"}}),
        ("go", {"c_number": 0}),
        ("a0", {"c_name": "a"}),
        ("a1$not", {"k": {"go": "k"}}),
    ]


def test_adapter_answers_an_inequality_that_is_false() -> None:
    assert shown(answer_one(program((A, LATER)), events("a", "b", entry=3))) == []


# --- sid and id ---------------------------------------------------------------------------------


def test_join_on_sid_misses_facts_that_agree() -> None:
    if UNDER_ASAN:
        assert crashes("join_on_sid")
    else:
        assert probe("join_on_sid") == []


def test_join_on_an_own_column_finds_facts_that_agree() -> None:
    assert probe("join_on_own_column") == [["r", {"a": "0", "b": "1"}]]


def test_adapter_names_no_column_id_or_sid() -> None:
    same = Pattern("b", "event", (eq("id", Ref("a", "id")), eq("fid", Ref("a"))))
    text = json.dumps(written(program((A, same))))
    assert '"id"' not in text
    assert '"sid"' not in text
    assert '"c_id"' in text


def test_adapter_joins_on_a_column_called_id_and_on_the_facts_number() -> None:
    same = Pattern("b", "event", (eq("id", Ref("a", "id")),))
    other = Pattern("b", "event", (eq("id", Ref("a", "id")), Check("fid", "!=", Ref("a"))))
    rows = {
        "event": [
            fact("event", 1, name="a", id="m1"),
            fact("event", 2, name="b", id="m1"),
            fact("event", 3, name="a", id="m2"),
        ]
    }
    assert shown(answer_one(program((A, same)), rows)) == [1, 3]
    assert shown(answer_one(program((A, other)), rows)) == [1]


# --- negation -----------------------------------------------------------------------------------


def test_negation_fires_before_the_fact_that_it_denies_has_come() -> None:
    assert probe("negation_before_the_fact") == [["r", {"a": "1"}]]


def test_negation_depends_on_the_order_within_one_batch() -> None:
    assert probe("negation_in_one_batch") == [[["r", {"a": "1"}]], []]


def test_negation_behind_a_trigger_that_comes_last_is_right() -> None:
    assert probe("negation_with_a_trigger") == []


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_adapter_denies_whatever_the_order(names: tuple[str, str]) -> None:
    none = Pattern("n", "event", (eq("name", "b"),), negated=True)
    assert shown(answer_one(program((A, none)), events(*names))) == []


def test_adapter_hands_over_the_triggers_last() -> None:
    none = Pattern("n", "event", (eq("name", "b"),), negated=True)
    engine = ReteEngine([program((A, none))])
    engine.compile()
    batches: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rete.Ruleset, "fire", lambda self, facts: batches.append(facts) or [])
        patch.setattr(rete.Ruleset, "forget", lambda self: None)
        engine.run(events("b", "a", "b"))
    assert [[json.loads(written)["t"] for written in batch] for batch in batches] == [
        ["event", "event", "event", "go"]
    ]


# --- disjunction --------------------------------------------------------------------------------


def test_either_beside_a_join_lets_through_what_does_not_join() -> None:
    assert probe("either_beside_a_join") == [["r", {"a": "1", "b": "2"}]]


def test_adapter_makes_a_rule_for_each_value() -> None:
    either = Pattern(
        "b", "event", (Check("name", "in", ("m", "n")), eq("entry", Ref("a", "entry")))
    )
    ruleset = written(program((A, either)))
    assert len(ruleset) == 3  # two values, and the rule that makes the state ready
    assert "$or" not in json.dumps(ruleset)
    rows = {"event": [fact("event", 1, name="a", entry=1), fact("event", 2, name="m", entry=2)]}
    assert shown(answer_one(program((A, either)), rows)) == []


def test_adapter_denies_all_of_several_values() -> None:
    # "Neither m nor n" is not "no m, or no n": one m is enough to refute it.
    none = Pattern("x", "event", (Check("name", "in", ("m", "n")),), negated=True)
    assert shown(answer_one(program((A, none)), events("a", "m"))) == []
    assert shown(answer_one(program((A, none)), events("a", "n"))) == []
    assert shown(answer_one(program((A, none)), events("a", "o"))) == [1]


# --- unknown columns ----------------------------------------------------------------------------


def test_a_column_missing_on_the_earlier_side_fails_the_whole_assertion() -> None:
    assert probe("missing_in_the_earlier_fact") == "Could not assert facts, error code: 311"


def test_a_column_missing_on_the_tested_side_is_simply_false() -> None:
    assert probe("missing_in_the_tested_fact") == []


def test_the_language_refuses_a_join_on_what_may_be_unknown() -> None:
    after = Pattern("b", "event", (Check("date", ">", Ref("a", "date")),))
    with pytest.raises(ProgramError, match="may be unknown"):
        program((A, after))


def test_adapter_joins_where_the_tested_side_is_unknown() -> None:
    dated = Pattern("a", "event", (Check("date", "known"),))
    after = Pattern("b", "event", (Check("date", ">", Ref("a", "date")),))
    rows = {"event": [fact("event", 1, date=5), fact("event", 2), fact("event", 3, date=6)]}
    assert shown(answer_one(program((dated, after)), rows)) == [1]


# --- limits -------------------------------------------------------------------------------------


def test_too_many_rules_on_one_pattern_are_refused() -> None:
    assert probe("200_rules_on_one_pattern") == 200
    if UNDER_ASAN:
        assert crashes("258_rules_on_one_pattern")  # it reads past its list before it refuses
    else:
        assert probe("258_rules_on_one_pattern") == "Could not create ruleset, error code: 108"


def test_adapter_lets_any_number_of_rules_share_a_pattern() -> None:
    many = [
        program((A, Pattern("b", "event", (eq("entry", n),))), requirement=f"area.r{n}")
        for n in range(450)
    ]
    assert len(shown(answer(many, {"event": [fact("event", 1, name="a", entry=7)]}))) == 1


def test_adapter_numbers_the_triggers() -> None:
    many = [
        program((A, Pattern("n", "event", (eq("entry", n),), negated=True)), requirement=f"a.r{n}")
        for n in range(450)
    ]
    numbers = [
        pattern["go"]["$and"][1]["c_number"]
        for rule in written(*many).values()
        for pattern in rule["all"]
        if "go" in pattern
    ]
    assert [numbers.count(n) for n in sorted(set(numbers))] == [200, 200, 50]
    # Entry 7 is there, so of 450 denials 449 hold.
    found = answer(many, {"event": [fact("event", 1, name="a", entry=7)]})
    assert len(shown(found)) == 449


def test_compiling_more_tests_than_a_table_holds_never_ends() -> None:
    assert probe("480_tests_under_one_node") == [["r7", {"a": "1"}]]
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run(  # noqa: S603 (our own file)
            [sys.executable, str(PROBE), "513_tests_under_one_node"],
            capture_output=True,
            timeout=3,
            check=False,
        )


def test_adapter_counts_the_tests_and_refuses_before_compiling() -> None:
    many = program(*((Pattern("a", "event", (eq("name", f"e{n}"),)),) for n in range(481)))
    with pytest.raises(ReteError, match="after t == 'event' stand 481 different tests"):
        ReteEngine([many]).run({})


def test_adapter_takes_as_many_tests_as_it_says() -> None:
    many = program(*((Pattern("a", "event", (eq("name", f"e{n}"),)),) for n in range(480)))
    assert shown(answer_one(many, events("e3", "e480", "e479"))) == [1, 3]


def test_one_fact_that_passes_too_many_tests_at_once_fails() -> None:
    assert probe("60_joins_under_one_node") == []
    assert probe("65_joins_under_one_node") == "Could not assert facts, error code: 303"


def joining(number: int) -> list[Program]:
    """So many programs whose second patterns join the first, and differ in nothing else."""
    return [
        program(
            (
                Pattern("a", "role", (eq("person", f"p{n % 50}"), eq("role", f"r{n // 50}"))),
                Pattern("b", "event", (eq("name", "b"), eq("of", Ref("a", "role")))),
            ),
            requirement=f"area.r{n:03}",
        )
        for n in range(number)
    ]


def test_adapter_keeps_joins_apart() -> None:
    # The roles of programs 0, 100 and 200; the event is about the last of them, whose number is 3.
    rows = {
        "role": [
            fact("role", n, person="p0", role=role) for n, role in enumerate(["r0", "r2", "r4"], 1)
        ],
        "event": [fact("event", 4, name="b", of="r4")],
    }
    assert shown(answer(joining(300), rows)) == [3]


def test_adapter_refuses_joins_that_one_fact_might_overwhelm() -> None:
    # 24 to a group, and 64 on the stack: 2,000 / 24 = 84 groups are too many.
    with pytest.raises(ReteError, match="tests that one fact might pass"):
        ReteEngine(joining(2_000)).run({})


def test_adapter_refuses_more_rules_than_there_may_be() -> None:
    many = program(
        *(
            (Pattern("a", "event", (eq("name", f"e{n % 64}"), eq("entry", n // 64))),)
            for n in range(4_001)
        )
    )
    with pytest.raises(ReteError, match="takes 4000 rules; these are 4001"):
        ReteEngine([many]).run({})


def test_adapter_refuses_a_match_of_too_many_facts() -> None:
    body = tuple(Pattern(f"a{n}", "child") for n in range(16))
    with pytest.raises(ReteError, match=r"takes 15 facts in a match; area\.r has more"):
        ReteEngine([program(body)]).run({})


def test_adapter_takes_a_match_of_as_many_facts_as_it_says() -> None:
    body = (
        *(Pattern(f"a{n}", "event", (eq("entry", n),)) for n in range(15)),
        # Denied facts do not count: 30 of them, here.
        Pattern("n", "child", (Check("child", "in", tuple(map(str, range(30)))),), negated=True),
    )
    rows = {"event": [fact("event", 50 + n, entry=n) for n in range(15)]}
    assert shown(answer_one(program(body), rows)) == [50]


def test_adapter_refuses_too_many_joins_in_a_pattern() -> None:
    # Five columns, five operators: 25 joins, where 24 are taken.
    joins = tuple(
        Check("fid", op, Ref("a", column))
        for op in ("!=", "<", "<=", ">", ">=")
        for column in ("anchor", "start", "opens", "date", "closes")
    )
    body = (Pattern("a", "limit"), Pattern("b", "event", joins))
    with pytest.raises(ReteError, match=r"takes 24 joins in a pattern; area\.r has more"):
        ReteEngine([program(body)]).run({})


# --- ids, types, texts --------------------------------------------------------------------------


def test_two_ids_may_be_one_to_the_library() -> None:
    assert probe("ids_with_one_hash") == 2  # "observed before"


def test_adapter_numbers_the_facts_itself() -> None:
    rows = {"event": [fact("event", 2**40, name="a"), fact("event", -5, name="a")]}
    assert shown(answer_one(program((A,)), rows)) == [-5, 2**40]


def fnv(text: str) -> int:
    """The library's hash of a text: 32-bit FNV-1a."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 16_777_619 & 0xFFFFFFFF
    return value


def test_no_two_numbers_that_the_adapter_gives_have_one_hash() -> None:
    assert fnv("costarring") == fnv("liquid")  # the pair above
    given = [str(number) for number in range(rete.FIRST, rete.FIRST + rete.FACTS)]
    assert {len(number) for number in given} == {rete.DIGITS}
    numbers = {fnv(number) for number in given}
    triggers = {fnv(f"go{number}") for number in range(100)}
    assert len(numbers) == rete.FACTS
    assert not numbers & triggers


def test_no_two_columns_have_one_hash() -> None:
    names = {f"c_{name}" for columns in FACT_TYPES.values() for name in columns}
    names |= {"c_fid", "c_number", "t", "k", "id", "sid"}
    assert len({fnv(name) for name in names}) == len(names)


def test_a_number_joins_a_text() -> None:
    assert probe("number_and_text") == [["r", {"a": "1", "b": "2"}]]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": 1}, "event.name is text, not int"),
        ({"entry": "1"}, "event.entry is a whole number, not str"),
        ({"entry": True}, "event.entry is a whole number, not bool"),
        ({"entry": 2**63}, "event.entry is a whole number, not int"),
        ({"entry": 1.0}, "event.entry is a whole number, not float"),
    ],
)
def test_adapter_checks_types(wrong: dict[str, Any], message: str) -> None:
    body = (Pattern("a", "event", (Check("name", "!=", "z"), Check("entry", ">", -1))),)
    rows = {"event": [fact("event", 1, **{"name": "a", "entry": 1, **wrong})]}
    with pytest.raises(ReteError, match=message):
        ReteEngine([program(body)]).run(rows)


def test_null_joins_null() -> None:
    assert probe("null_and_null") == [["r", {"a": "1", "b": "2"}]]
    assert probe("left_out_and_left_out") == []


def test_adapter_leaves_out_what_is_unknown() -> None:
    unknown = Pattern("a", "event", (Check("agency", "unknown"),))
    same = Pattern("b", "event", (Check("agency", "known"),))
    rows = {"event": [fact("event", 1), fact("event", 2, agency="police")]}
    assert shown(answer_one(program((unknown,)), rows)) == [1]
    assert shown(answer_one(program((Pattern("a", "event", same.tests),)), rows)) == [2]


def test_texts_written_in_two_ways_differ() -> None:
    assert probe("written_in_two_ways") == []
    assert probe("written_in_one_way") == [["r", {"a": "1"}]]


@pytest.mark.parametrize(
    "text",
    ["café", "中文", "😀", "\ud83d", 'a "quoted" word', "back\\slash", "a\nb", "\x00", "{,}", ""],
)
def test_adapter_compares_any_text(text: str) -> None:
    body = (
        Pattern("a", "event", (eq("name", text),)),
        Pattern("b", "event", (eq("name", Ref("a", "name")),)),
    )
    assert shown(answer_one(program(body), events(text, "other", text + "x"))) == [1]


# --- counting, and a fact in two parts ----------------------------------------------------------


def test_count_makes_batches_and_counts_nothing() -> None:
    # Five facts, two to a batch: the fifth is never heard of.
    assert [len(ids) for _, ids in probe("counting")] == [2, 2]


def test_adapter_counts_outside() -> None:
    three = Program(
        "area.r",
        (Match("hit", (A,), Ref("a")),),
        (Row("met", Count("hit", "==", 3)), Row("pending")),
    )
    assert "count" not in json.dumps(written(three))
    assert answer_one(three, events("a", "a", "a"))[0].status == "met"


def test_a_fact_plays_one_part_only_unless_told_otherwise() -> None:
    assert probe("two_parts") == []
    assert probe("two_parts_dist_0") == [["r", {"a": "1", "b": "1"}]]


def test_adapter_lets_a_fact_play_two_parts() -> None:
    again = Pattern("b", "event", (eq("entry", Ref("a", "entry")),))
    none = Pattern("n", "event", (eq("entry", Ref("a", "entry")),), negated=True)
    assert shown(answer_one(program((A, again)), events("a"))) == [1]
    assert shown(answer_one(program((A, none)), events("a"))) == []


# --- memory -------------------------------------------------------------------------------------


@pytest.mark.skipif(not LINUX or UNDER_ASAN, reason="reads /proc; AddressSanitizer keeps memory")
def test_a_case_that_is_not_deleted_stays() -> None:
    assert probe("cases_left_behind") > 100
    assert probe("cases_deleted") < 5


@pytest.mark.skipif(not GLIBC, reason="glibc's way of filling memory")
def test_deleting_a_state_in_which_nothing_fired_frees_what_was_never_set() -> None:
    assert crashes("deleted_before_a_firing", PERTURBED)
    assert not crashes("deleted_after_a_firing", PERTURBED)


@pytest.mark.skipif(not GLIBC, reason="glibc's way of filling memory")
def test_adapter_runs_a_case_in_which_nothing_fires() -> None:
    code = (
        "from cspr_core.engine.rete import ReteEngine\n"
        "from cspr_core.program import *\n"
        "body = (Pattern('a', 'child', (eq('child', 'x'),)), Pattern('b', 'stage'))\n"
        "rows = Row('met', Count('hit')), Row('pending')\n"
        "engine = ReteEngine([Program('r', (Match('hit', body, Ref('a')),), rows)])\n"
        "for run in range(3):\n"
        "    (found,) = engine.run({'child': [{'fid': 1, 'child': 'x'}]})\n"
        "    assert found.status == 'pending'\n"
    )
    done = start("-c", code, env=PERTURBED)
    assert done.returncode == 0, done.stderr


def test_an_empty_batch_is_answered_with_a_state_that_there_is_not() -> None:
    # To ask for the firings of such a state crashes. Asking for those of 0 alone would be safe.
    assert any(probe("empty_batch"))


def test_adapter_runs_without_any_fact() -> None:
    assert [decision.status for decision in answer_one(program((A,)), {})] == ["pending"]
    assert [decision.status for decision in answer_one(program((A,)), {"event": []})] == ["pending"]


def megabytes() -> float:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.skipif(not LINUX or UNDER_ASAN, reason="reads /proc; AddressSanitizer keeps memory")
def test_adapter_needs_no_more_memory_after_hundreds_of_runs() -> None:
    engine = ReteEngine(joining(100))
    rows: Rows = {
        "role": [fact("role", n, person=f"p{n}", role="r0") for n in range(30)],
        "event": [fact("event", 100 + n, name="b", of="r0") for n in range(3)],
    }
    for _ in range(20):
        engine.run(rows)
    before = megabytes()
    for _ in range(400):
        engine.run(rows)
    # 300 patterns would leave some 3 MB behind with each run: 1.2 GB.
    assert megabytes() - before < 5


@pytest.mark.skipif(not LINUX or UNDER_ASAN, reason="reads /proc; AddressSanitizer keeps memory")
def test_adapter_needs_no_more_memory_after_hundreds_of_engines() -> None:
    programs = joining(20)
    for _ in range(20):
        ReteEngine(programs).run({})
    before = megabytes()
    for _ in range(200):
        ReteEngine(programs).run({})
    # A ruleset of 20 such rules takes more than 0.2 MB: 40 MB, were they kept.
    assert megabytes() - before < 8
