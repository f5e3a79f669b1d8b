"""The table of findings by the table engine: row for row that of the reference engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from cspr_core.caseload.answers import answers, findings_schema, reference_answers
from cspr_core.caseload.columns import CaseFacts, facts_schema, table_of
from cspr_core.caseload.tabled import Tabled
from cspr_core.check import Rules
from cspr_core.facts import facts_of
from cspr_core.model.case import Case
from cspr_core.program import Count, Match, Pattern, Program, Ref, Row
from cspr_core.program import Test as Check  # pytest would take `Test` for a class of tests
from tests.caseload.made import AS_OF, case_data
from tests.strategies import rules_of

REQUIREMENTS: list[dict[str, Any]] = [
    {
        "id": "exshire.returned",
        "kind": "deadline",
        "title": "Made up",
        "stage": "rapid_review",
        "for_each": {"agency": "involved"},
        "within": {
            "n": 7,
            "unit": "working_days",
            "of": {"event": "information_requested", "same": "agency"},
        },
        "met_by": [{"event": "information_returned", "same": "agency"}],
        "source": {"section": "1"},
    },
    {
        "id": "exshire.told",
        "kind": "notification",
        "title": "Made up",
        "stage": "rapid_review",
        "for_each": {"recipient": ["panel", "ofsted"], "should": ["press"]},
        "met_by": [{"event": "notified", "same": "recipient"}],
        "source": {"section": "2"},
    },
    {
        "id": "exshire.improvements",
        "kind": "criterion",
        "title": "Made up",
        "stage": "rapid_review",
        "question": "criteria.improvements",
        "source": {"section": "3"},
    },
    {
        "id": "exshire.summary",
        "kind": "step",
        "title": "Made up",
        "stage": "rapid_review",
        "met_by": [{"event": "terms_of_reference"}],
        "source": {"section": "4"},
    },
]


@pytest.fixture(scope="module")
def rules() -> Rules:
    return rules_of(REQUIREMENTS)


def facts(*cases: dict[str, Any]) -> pa.Table:
    found = []
    for number, data in enumerate(cases):
        rows = facts_of(Case.model_validate(data), AS_OF).rows if data else {}
        found.append(CaseFacts(f"T-{number}", "exshire", rows))
    return table_of(found, AS_OF)


def case(*events: dict[str, Any], **more: Any) -> dict[str, Any]:
    data = case_data(area="exshire", **more)
    return {**data, "events": [*data["events"], *events]}


def requested(agency: str, day: str) -> dict[str, Any]:
    return {"type": "information_requested", "agency": agency, "date": day}


def returned(agency: str, day: str) -> dict[str, Any]:
    return {"type": "information_returned", "agency": agency, "date": day}


def rows(table: pa.Table, requirement: str) -> list[tuple[Any, ...]]:
    names = ("case", "subject", "status", "answer", "binding", "due", "done")
    return [
        tuple(row[name] for name in names)
        for row in table.to_pylist()
        if row["requirement"] == requirement
    ]


def same(table: pa.Table, rules: Rules) -> pa.Table:
    """The findings, which are the reference engine's, in the same order."""
    found = answers(table, rules, AS_OF)
    assert found.schema == findings_schema()
    assert found.to_pylist() == reference_answers(table, rules, AS_OF).to_pylist()
    return found


def test_due_done_and_status_of_each_subject(rules: Rules) -> None:
    agencies = {"police": {"involved": "yes"}, "gp": {"involved": "yes"}, "icb": {"involved": "no"}}
    first = case(
        requested("police", "2026-05-18"),
        requested("gp", "2026-05-20"),
        returned("gp", "2026-06-01"),
        agencies=agencies,
    )
    second = case(
        requested("police", "2026-05-11"), returned("police", "2026-05-21"), agencies=agencies
    )
    found = same(facts(first, {}, second), rules)
    # Seven working days over the bank holiday of Monday 25 May 2026: from the 18th 19, 20, 21, 22,
    # 26, 27, 28; from the 20th 21, 22, 26, 27, 28, 29 and 1 June; from the 11th to the 20th.
    assert rows(found, "exshire.returned") == [
        ("T-0", "gp", "met", None, "must", date(2026, 6, 1), date(2026, 6, 1)),
        ("T-0", "icb", "not_applicable", None, "must", None, None),
        ("T-0", "police", "overdue", None, "must", date(2026, 5, 28), None),
        ("T-1", None, "pending", None, "must", None, None),
        ("T-2", "gp", "pending", None, "must", None, None),
        ("T-2", "icb", "not_applicable", None, "must", None, None),
        ("T-2", "police", "met_late", None, "must", date(2026, 5, 20), date(2026, 5, 21)),
    ]


def test_who_should_only_be_told(rules: Rules) -> None:
    found = same(facts(case()), rules)
    binding = {
        subject: (status, b) for _, subject, status, _, b, _, _ in rows(found, "exshire.told")
    }
    assert binding["panel"] == ("met", "must")
    assert binding["ofsted"][1] == "must"
    assert binding["press"][1] == "should"


def test_answers_of_criteria(rules: Rules) -> None:
    said = [
        {"improvements": {"answer": answer, "reason": "Considered."}}
        for answer in ("yes", "no", "unknown")
    ]
    found = same(facts(*(case(criteria=one) for one in said), {}), rules)
    # Nothing is known of the last case, so that nobody has answered.
    assert [row[3] for row in rows(found, "exshire.improvements")] == [
        "yes",
        "no",
        "unknown",
        "unknown",
    ]


def test_minutes_tell_when_it_was_done(rules: Rules) -> None:
    minutes = [
        {"requirement": "exshire.summary", "subject": None, "answer": "yes", "on": "2026-03-04",
         "by": "business_manager", "reference": "Minute 1"},
    ]  # fmt: skip
    found = same(facts(case(confirmed=minutes)), rules)
    assert rows(found, "exshire.summary") == [
        ("T-0", None, "met", None, "must", None, date(2026, 3, 4))
    ]


def test_a_case_is_answered_alike_alone_and_among_others(rules: Rules) -> None:
    table = facts(case(requested("police", "2026-05-18")), {}, case(requested("gp", "2026-05-20")))
    whole = answers(table, rules, AS_OF).to_pylist()
    for number in range(3):
        alone = answers(table.slice(number, 1), rules, AS_OF).to_pylist()
        assert alone == [row for row in whole if row["case"] == f"T-{number}"]


def test_an_empty_table(rules: Rules) -> None:
    found = answers(facts_schema(AS_OF).empty_table(), rules, AS_OF)
    assert (found.num_rows, found.schema) == (0, findings_schema())


def test_some_requirements_alone(rules: Rules) -> None:
    wanted = {"exshire.returned", "national.rapid_review", "national.decision"}
    table = facts(case(requested("police", "2026-05-18")), {})
    some = Tabled(rules, wanted).answers(table, AS_OF).to_pylist()
    whole = answers(table, rules, AS_OF).to_pylist()
    assert {row["requirement"] for row in some} == wanted
    assert some == [row for row in whole if row["requirement"] in wanted]


def test_facts_of_which_nothing_is_read_but_that_they_are_there() -> None:
    # No column of an agenda is asked for: a case has something on one, or it has not.
    absent = {"fact": "agenda_item", "as": "t", "absent": "yes"}
    rule = {
        "id": "exshire.open",
        "kind": "rule",
        "title": "Made up",
        "stage": "review",
        "match": {"alone": [{"fact": "child", "as": "c"}, absent]},
        "decide": [{"status": "met", "all": ["alone"]}, {"status": "overdue"}],
        "source": {"section": "5"},
    }
    meeting = {"id": "m1", "body": "review_group", "date": "2026-02-01"}
    with_agenda = case(meetings=[{**meeting, "agenda": ["family_engagement"]}])
    # Only the rule itself: others may read what stands in these facts.
    only = Tabled(rules_of([rule]), {"exshire.open"})
    found = only.answers(facts(with_agenda, case(meetings=[meeting])), AS_OF)
    assert [row[2] for row in rows(found, "exshire.open")] == ["overdue", "met"]


def test_facts_of_two_types_are_two() -> None:
    # A meeting and an event, each the first of its type: two numbers, and two keys.
    matches = tuple(
        Match("hit", (Pattern("a", kind, (Check("date", "known"),)),), Ref("a"))
        for kind in ("event", "meeting")
    )
    decided = (Row("met", Count("hit", "==", 2)), Row("pending"))
    lowered = rules_of(REQUIREMENTS[-1:]).plugin.lowered[0]
    two = replace(lowered, program=Program("exshire.summary", matches, decided))
    rules = rules_of([])
    rules = Rules(replace(rules.plugin, lowered=(two,)), rules.nation)
    meeting = {"id": "m1", "body": "review_group", "date": "2026-02-01"}
    one_event = {**case(meetings=[meeting]), "events": case()["events"][:1]}
    found = same(facts(one_event, case()), rules)
    # The second case has two events.
    assert [row[2] for row in rows(found, "exshire.summary")] == ["met", "met"]
