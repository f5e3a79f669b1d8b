"""From a parsed case to its findings, and on to the report, against bare calls of durable-rules.

The bare side is given the same ruleset, compiled, and the same facts, as dictionaries in the same
batches. It writes them as JSON, calls the C module and reads what it answers, and does nothing
with it: no calendar, no other engine, no comparison, no findings, no words.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.measure import Result, alternate, result, seldom
from cspr_core.check import Checked, Rules, check_case, check_words, facts_for, rules_for
from cspr_core.engine import rete
from cspr_core.engine.reference import ReferenceEngine
from cspr_core.facts import Facts
from cspr_core.limits import derive
from cspr_core.reading.case import CaseFile, read_case
from cspr_core.report.findings import plain_findings, report_of

Bare = Callable[[], object]


def engines(case: Path, as_of: date, pairs: int) -> tuple[list[Result], str]:
    """Both engines together, as a check runs them, and each alone; and how much there was to do."""
    casefile = read_case(case, today=None)
    checked = check_case(casefile, as_of)
    rules = rules_for(casefile.case.partnership, None)
    bare, parsed, size = _bare(rules, checked.facts)

    def alone(engine: ReferenceEngine | rete.ReteEngine) -> Callable[[], object]:
        return lambda: plain_findings(_with_one(engine, casefile, rules, as_of))

    def both() -> Checked:
        return check_case(casefile, as_of)

    sides: list[tuple[str, Callable[[], object], Bare, float | None]] = [
        ("to findings, both engines", lambda: plain_findings(both()), bare, 1.8),
        ("to findings, durable-rules alone", alone(rules.rete or rules.reference), bare, None),
        ("to findings, reference engine alone", alone(rules.reference), bare, None),
        ("to the report in words, both engines", lambda: report_of(both()), bare, None),
        ("to decisions, both engines", both, bare, None),
        ("durable-rules' engine, facts to decisions", _run(rules.rete, checked), bare, None),
        ("reference engine, facts to decisions", _run(rules.reference, checked), bare, None),
        ("both and their comparison, facts to decisions", _run(rules.engines, checked), bare, None),
        ("to findings, both engines, against C alone", lambda: plain_findings(both()), parsed,
            None),
    ]  # fmt: skip
    with seldom():
        return [
            result(what, alternate(ours, base, pairs), target) for what, ours, base, target in sides
        ], size


def _run(engine: Any, checked: Checked) -> Callable[[], object]:
    return lambda: engine.run(checked.facts.rows)


def _with_one(
    engine: ReferenceEngine | rete.ReteEngine, casefile: CaseFile, rules: Rules, as_of: date
) -> Checked:
    """What `check_case` does, with one engine in place of two that are compared."""
    check_words(casefile, rules)
    facts = facts_for(casefile, rules, as_of)
    facts, limits = derive(facts, rules.lowered, as_of, rules.in_force)
    decisions = tuple(engine.run(facts.rows))
    return Checked(casefile, rules, as_of, facts, limits, decisions, (engine.name,))


def _bare(rules: Rules, facts: Facts) -> tuple[Bare, Bare, str]:
    """The calls with facts as dictionaries, those with facts as JSON already; and their size."""
    written: list[str] = []
    batches: list[Sequence[Mapping[str, Any]]] = []

    class Recorder(rete.Ruleset):
        def __init__(self, text: str) -> None:
            written.append(text)
            super().__init__(text)
            batches.clear()  # what is asserted to make it ready belongs to no case

        def fire(self, asserted: Sequence[str]) -> list[str]:
            batches.append([json.loads(fact) for fact in asserted])
            return super().fire(asserted)

    with mock.patch.object(rete, "Ruleset", Recorder):
        rete.ReteEngine([lowered.program for lowered in rules.lowered]).run(facts.rows)
    library: Any = importlib.import_module(rete.MODULE)
    ruleset = library.create_ruleset("cspr-benchmark", written[0])
    texts = [rete.to_json(batch) for batch in batches]

    def run(text: str) -> list[str]:
        _, state = library.assert_facts(ruleset, text)
        answer = library.start_action_for_state(ruleset, state)
        message = answer[1] if answer else None
        fired = []
        while message:
            fired.append(message)
            message = library.complete_and_start_action(ruleset, state)
        return fired

    def bare() -> None:
        for batch in batches:
            for message in run(rete.to_json(batch)):
                json.loads(message)
        library.delete_state(ruleset, rete.STATE)

    def parsed() -> int:
        fired = sum(len(run(text)) for text in texts)
        library.delete_state(ruleset, rete.STATE)
        return fired

    size = (
        f"{sum(map(len, facts.rows.values()))} facts, {sum(map(len, batches))} of them asserted in"
        f" {len(batches)} batches, {len(json.loads(written[0])) - 1} rules, {parsed()} firings"
    )
    return bare, parsed, size
