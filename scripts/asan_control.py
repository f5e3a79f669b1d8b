"""Uses durable-rules in two ways that are known to touch memory that isn't its own.

`scripts/asan.sh` runs it to show that its AddressSanitizer build would notice: this program is
expected to be stopped by a report. It is no test of the adapter, which avoids both uses.
"""

import json
import sys
from collections.abc import Mapping, Sequence

import durable_rules_engine as engine


def fire(rules: Mapping[str, object], facts: Sequence[Mapping[str, object]]) -> None:
    """Assert the facts in one batch and take every firing."""
    ruleset = engine.create_ruleset("control", json.dumps(rules))
    _, state = engine.assert_facts(ruleset, json.dumps(facts))
    answer = engine.start_action_for_state(ruleset, state)
    message = answer[1] if answer else None
    while message:
        message = engine.complete_and_start_action(ruleset, state)
    engine.delete_state(ruleset, "case")


def inequality_last() -> None:
    """End a conjunction on an inequality join that is false: read past the array of tests."""
    rules = {
        "r": {
            "all": [
                {"a": {"$and": [{"t": "x"}]}},
                {"b": {"$and": [{"t": "y"}, {"$lt": {"d": {"a": "d"}}}]}},
            ]
        }
    }
    fire(
        rules,
        [
            {"sid": "case", "id": "1", "t": "x", "d": 1},
            {"sid": "case", "id": "2", "t": "y", "d": 2},
        ],
    )


def join_on_sid() -> None:
    """Join on `sid`, for which pointers into the caller's freed JSON are kept."""
    rules = {
        "r": {
            "all": [
                {"a": {"$and": [{"t": "x"}]}},
                {"b": {"$and": [{"t": "y"}, {"sid": {"a": "sid"}}]}},
            ]
        }
    }
    ruleset = engine.create_ruleset("control", json.dumps(rules))
    for number, kind in enumerate("xyxy"):
        fact = {"sid": "case", "id": str(number), "t": kind}
        engine.assert_facts(ruleset, json.dumps([fact]))
    engine.delete_state(ruleset, "case")


USES = {"inequality_last": inequality_last, "join_on_sid": join_on_sid}

if __name__ == "__main__":
    USES[sys.argv[1]]()
    print("nothing was reported")
