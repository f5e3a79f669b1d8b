"""Rule: raw patterns over the facts, for what no other kind covers."""

from __future__ import annotations

import pytest

from cspr_core.kinds import LoweringError
from tests.builders import answers, it, lowered

RULE = """
kind: rule
match:
  asked: [{fact: event, where: {name: information_requested, date: known}}]
  back: [{fact: event, where: {name: information_returned, agency: [police, gp], date: known}}]
decide:
  - {status: met, all: [asked, back]}
  - {status: overdue, all: asked, none: back}
  - {status: upcoming}
"""
ASKED = "{type: information_requested, agency: police, date: 2026-03-10}"


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ("", "upcoming"),
        (f"events: [{ASKED}]", "overdue"),
        ("events: [{type: information_returned, agency: gp, date: 2026-03-11}]", "upcoming"),
        (
            f"events: [{ASKED}, {{type: information_returned, agency: police, date: 2026-03-11}}]",
            "met",
        ),
        (
            f"events: [{ASKED}, {{type: information_returned, agency: housing, date: 2026-03-11}}]",
            "overdue",
        ),
    ],
)
def test_the_first_row_that_holds_decides(events: str, status: str) -> None:
    assert it(RULE, events).status == status


def test_an_absent_fact_and_one_of_several_words() -> None:
    requirement = """
kind: rule
match:
  open:
    - {fact: parallel, as: p, where: {type: [inquest, prosecution]}}
    - {fact: closed, where: {parallel: =p.parallel}, absent: yes}
decide: [{status: breached, all: open}, {status: met}]
"""
    text = "parallel: [{{id: x1, type: {}, opened: 2026-03-01{}}}]"
    assert it(requirement, text.format("inquest", "")).status == "breached"
    assert it(requirement, text.format("inquest", ", closed: 2026-04-01")).status == "met"
    assert it(requirement, text.format("lado", "")).status == "met"


def test_for_each_subject() -> None:
    requirement = """
kind: rule
for_each: {child: all}
match: {dead: [{fact: answer, where: {question: died, child: =s.child, value: yes}}]}
decide: [{status: met, all: dead}, {status: not_applicable}]
"""
    found = answers("children: [{id: a, outcome: died}, {id: b}]", "2026-06-01", requirement)
    assert found["northamptonshire.it", "a"].status == "met"
    assert found["northamptonshire.it", "b"].status == "not_applicable"


WRONG = """
kind: rule
for_each: {agency: involved}
when: {decision: local_review}
match:
  wrong: [{fact: event, where: {name: analysis_returned, agency: =s.agency, date: known}}]
decide: [{status: breached, all: wrong}, {status: upcoming}]
"""


@pytest.mark.parametrize(
    ("involved", "outcome", "status"),
    [
        ("yes", "local_review", "breached"),
        ("unknown", "local_review", "undetermined"),
        ("yes", None, "pending"),
        ("yes", "no_review", "not_applicable"),
    ],
)
def test_a_breach_only_where_every_condition_certainly_holds(
    involved: str, outcome: str | None, status: str
) -> None:
    entries = ["{type: analysis_returned, agency: gp, date: 2026-03-11}"]
    if outcome is not None:
        entries.append(f"{{type: decision, outcome: {outcome}, date: 2026-03-02}}")
    text = f"agencies: {{gp: {{involved: {involved}}}}}\nevents: [{', '.join(entries)}]"
    assert it(WRONG, text, subject="gp").status == status


@pytest.mark.parametrize(("answer", "status"), [("yes", "met"), ("no", "breached")])
def test_what_minutes_confirm(answer: str, status: str) -> None:
    text = f"confirmed: [{{requirement: northamptonshire.it, answer: {answer}, on: 2026-03-12}}]"
    assert it(RULE, text).status == status


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("match: {}\ndecide: [{status: met, all: x}, {status: upcoming}]", "does not define"),
        ("match: {x: [{fact: child}]}\ndecide: [{status: met, all: x}]", "the last row"),
        (
            "match: {x: [{fact: ghost}]}\ndecide: [{status: met}]",
            "no facts are of the type 'ghost'",
        ),
        ("match: {x: [{fact: child, where: {ghost: a}}]}\ndecide: [{status: met}]", "no column"),
        ("match: {x: [{fact: finding}]}\ndecide: [{status: met}]", "of which one requirement"),
        ("match: {}\ndecide: [{status: fine}]", "'fine' is no status"),
    ],
)
def test_what_can_not_be_meant(text: str, sentence: str) -> None:
    with pytest.raises(LoweringError, match=sentence):
        lowered(f"kind: rule\n{text}")


def test_a_join_on_what_may_be_unknown_is_refused() -> None:
    with pytest.raises(LoweringError, match="may be unknown"):
        lowered("""
kind: rule
match: {x: [{fact: event, as: e}, {fact: event, where: {agency: =e.agency}}]}
decide: [{status: met}]""")
