"""Uses of durable-rules that the adapter avoids; run as a program, as some crash or never end.

`python durable_probe.py NAME` prints what came out, as JSON. `test_durable_rules.py` says what each
shows.
"""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import durable_rules_engine as library

Tests = Sequence[Mapping[str, Any]]


def rule(*patterns: tuple[str, Tests], **settings: int) -> dict[str, Any]:
    return {**settings, "all": [{alias: {"$and": list(tests)}} for alias, tests in patterns]}


def create(rules: Mapping[str, Any], *, ascii_only: bool = True) -> int:
    return library.create_ruleset("probe", json.dumps(rules, ensure_ascii=ascii_only))


def assert_facts(
    ruleset: int, facts: Sequence[Mapping[str, Any]], *, ascii_only: bool = True
) -> tuple[int, int]:
    whole = [{"sid": "case", "k": 1, **fact} for fact in facts]
    return library.assert_facts(ruleset, json.dumps(whole, ensure_ascii=ascii_only))


def fired(ruleset: int, state: int) -> list[Any]:
    """Each firing: the rule, and the ids of its facts (a list of lists, if it counts)."""
    found = []
    answer = library.start_action_for_state(ruleset, state)
    message = answer[1] if answer else None
    while message:
        ((name, bound),) = json.loads(message).items()
        many = bound if isinstance(bound, list) else [bound]
        ids = [{alias: fact["id"] for alias, fact in each.items()} for each in many]
        found.append([name, ids if isinstance(bound, list) else ids[0]])
        message = library.complete_and_start_action(ruleset, state)
    return sorted(found, key=json.dumps)


def outcome(rules: Mapping[str, Any], *batches: Sequence[Mapping[str, Any]], **how: bool) -> Any:
    """All firings of the batches one after the other; the error's text where there is one."""
    try:
        ruleset = create(rules, **how)
        found = []
        for batch in batches:
            _, state = assert_facts(ruleset, batch, **how)
            found += fired(ruleset, state)
    except library.error as error:
        return str(error)
    return found


X, Y, ANCHORED = {"t": "x"}, {"t": "y"}, {"k": {"a": "k"}}
JOIN = rule(("a", [X]), ("b", [Y, {"d": {"a": "d"}}, ANCHORED]))


def inequality_last() -> Any:
    join = rule(("a", [X]), ("b", [Y, {"$lt": {"d": {"a": "d"}}}]))
    return outcome({"r": join}, [{"id": "1", "t": "x", "d": 1}, {"id": "2", "t": "y", "d": 2}])


def inequality_before_the_anchor() -> Any:
    join = rule(("a", [X]), ("b", [Y, {"$lt": {"d": {"a": "d"}}}, ANCHORED]))
    facts = [{"id": "1", "t": "x", "d": 1}, {"id": "2", "t": "y", "d": 2}]
    return outcome({"r": join, "ready": rule(("a", [X]))}, facts)


def _join_on(column: str) -> Any:
    """Two facts that agree in a column, each in a text of its own that is freed after its use."""
    ruleset = create({"r": rule(("a", [X]), ("b", [Y, {column: {"a": column}}, ANCHORED]))})
    found = []
    for number, kind in enumerate("xy"):
        fact = {"id": str(number), "own": "case", "t": kind, "fill": "z" * 2_000}
        _, state = assert_facts(ruleset, [fact])
        found += fired(ruleset, state)
    return found


NONE = ("n$not", [Y, ANCHORED])


def negation_before_the_fact() -> Any:
    facts = [{"id": "1", "t": "x"}, {"id": "2", "t": "y"}]
    return outcome({"r": rule(("a", [X]), NONE)}, facts[:1], facts[1:])


def negation_in_one_batch() -> Any:
    """Whether the rule fires when its fact stands before, and after, the one it denies."""
    facts = [{"id": "1", "t": "x"}, {"id": "2", "t": "y"}]
    rules = {"r": rule(("a", [X]), NONE)}
    return [outcome(rules, facts), outcome(rules, facts[::-1])]


def negation_with_a_trigger() -> Any:
    none = ("n$not", [Y, {"k": {"go": "k"}}])
    facts = [{"id": "1", "t": "x"}, {"id": "2", "t": "y"}, {"id": "3", "t": "go"}]
    return outcome({"r": rule(("go", [{"t": "go"}]), ("a", [X]), none)}, facts)


def either_beside_a_join() -> Any:
    either = {"$or": [{"p": "m"}, {"p": "n"}]}
    join = rule(("a", [X]), ("b", [Y, either, {"d": {"a": "d"}}, ANCHORED]))
    facts = [{"id": "1", "t": "x", "d": 1}, {"id": "2", "t": "y", "d": 2, "p": "m"}]
    return outcome({"r": join}, facts)


def missing_in_the_earlier_fact() -> Any:
    join = rule(("a", [X]), ("b", [Y, {"$lt": {"d": {"a": "d"}}}, ANCHORED]))
    return outcome({"r": join}, [{"id": "1", "t": "x"}, {"id": "2", "t": "y", "d": 2}])


def missing_in_the_tested_fact() -> Any:
    join = rule(("a", [X]), ("b", [Y, {"$lt": {"d": {"a": "d"}}}, ANCHORED]))
    return outcome({"r": join}, [{"id": "1", "t": "x", "d": 2}, {"id": "2", "t": "y"}])


def rules_on_one_pattern(number: int) -> Any:
    return outcome({f"r{n}": rule(("a", [X])) for n in range(number)}, [{"id": "1", "t": "x"}])


def tests_under_one_node(number: int) -> Any:
    rules = {f"r{n}": rule(("a", [X, {"name": f"v{n}"}])) for n in range(number)}
    return outcome(rules, [{"id": "1", "t": "x", "name": "v7"}])


def joins_under_one_node(number: int) -> Any:
    return outcome(
        {f"r{n}": JOIN for n in range(number)},
        [{"id": "1", "t": "x", "d": 1}, {"id": "2", "t": "y", "d": 2}],
    )


def ids_with_one_hash() -> Any:
    code, _ = assert_facts(
        create({"r": rule(("a", [X]))}),
        [{"id": "costarring", "t": "x"}, {"id": "liquid", "t": "x"}],
    )
    return code


def number_and_text() -> Any:
    return outcome({"r": JOIN}, [{"id": "1", "t": "x", "d": 1}, {"id": "2", "t": "y", "d": "1"}])


def null_and_null() -> Any:
    return outcome(
        {"r": JOIN}, [{"id": "1", "t": "x", "d": None}, {"id": "2", "t": "y", "d": None}]
    )


def left_out_and_left_out() -> Any:
    return outcome({"r": JOIN}, [{"id": "1", "t": "x"}, {"id": "2", "t": "y"}])


def written_in_two_ways() -> Any:
    ruleset = create({"r": rule(("a", [X, {"p": "café"}]))}, ascii_only=True)
    _, state = assert_facts(ruleset, [{"id": "1", "t": "x", "p": "café"}], ascii_only=False)
    return fired(ruleset, state)


def written_in_one_way() -> Any:
    return outcome({"r": rule(("a", [X, {"p": "café"}]))}, [{"id": "1", "t": "x", "p": "café"}])


def counting() -> Any:
    facts = [{"id": str(n), "t": "x"} for n in range(5)]
    return outcome({"r": rule(("a", [X]), count=2)}, facts)


def two_parts(**settings: int) -> Any:
    again = rule(("a", [X]), ("b", [X, {"d": {"a": "d"}}, ANCHORED]), **settings)
    return outcome({"r": again}, [{"id": "1", "t": "x", "d": 1}])


def deleted_before_a_firing() -> Any:
    ruleset = create({"r": rule(("a", [X]))})
    assert_facts(ruleset, [{"id": "1", "t": "y"}])
    library.delete_state(ruleset, "case")
    return "deleted"


def deleted_after_a_firing() -> Any:
    ruleset = create({"r": rule(("a", [X]))})
    _, state = assert_facts(ruleset, [{"id": "1", "t": "x"}])
    fired(ruleset, state)
    library.delete_state(ruleset, "case")
    assert_facts(ruleset, [{"id": "1", "t": "y"}])
    library.delete_state(ruleset, "case")
    return "deleted"


def empty_batch() -> Any:
    """The states that an assertion of nothing names, five times; there is none yet."""
    ruleset = create({"r": rule(("a", [X]))})
    return [assert_facts(ruleset, [])[1] for _ in range(5)]


def _megabytes() -> float:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096 / 1e6


def cases_left_behind(*, deleted: bool) -> Any:
    """Megabytes that 200 cases have added."""
    rules = {f"r{n}": rule(("a", [X]), ("b", [Y, {"d": n}])) for n in range(50)}
    ruleset = create({"ready": rule(("a", [X])), **rules})
    before = 0.0
    for number in range(220):
        if number == 20:
            before = _megabytes()
        name = f"case-{number}"
        _, state = assert_facts(ruleset, [{"sid": name, "id": "1", "t": "x"}])
        fired(ruleset, state)
        if deleted:
            library.delete_state(ruleset, name)
    return _megabytes() - before


PROBES: Mapping[str, Callable[[], Any]] = {
    "inequality_last": inequality_last,
    "inequality_before_the_anchor": inequality_before_the_anchor,
    "join_on_sid": lambda: _join_on("sid"),
    "join_on_own_column": lambda: _join_on("own"),
    "negation_before_the_fact": negation_before_the_fact,
    "negation_in_one_batch": negation_in_one_batch,
    "negation_with_a_trigger": negation_with_a_trigger,
    "either_beside_a_join": either_beside_a_join,
    "missing_in_the_earlier_fact": missing_in_the_earlier_fact,
    "missing_in_the_tested_fact": missing_in_the_tested_fact,
    "200_rules_on_one_pattern": lambda: len(rules_on_one_pattern(200)),
    "258_rules_on_one_pattern": lambda: rules_on_one_pattern(258),
    "480_tests_under_one_node": lambda: tests_under_one_node(480),
    "513_tests_under_one_node": lambda: tests_under_one_node(513),
    "60_joins_under_one_node": lambda: joins_under_one_node(60),
    "65_joins_under_one_node": lambda: joins_under_one_node(65),
    "ids_with_one_hash": ids_with_one_hash,
    "number_and_text": number_and_text,
    "null_and_null": null_and_null,
    "left_out_and_left_out": left_out_and_left_out,
    "written_in_two_ways": written_in_two_ways,
    "written_in_one_way": written_in_one_way,
    "counting": counting,
    "two_parts": two_parts,
    "two_parts_dist_0": lambda: two_parts(dist=0),
    "deleted_before_a_firing": deleted_before_a_firing,
    "deleted_after_a_firing": deleted_after_a_firing,
    "empty_batch": empty_batch,
    "cases_left_behind": lambda: cases_left_behind(deleted=False),
    "cases_deleted": lambda: cases_left_behind(deleted=True),
}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(PROBES[sys.argv[1]]()))
