"""Criterion: a question of the decision, or a definition that needs every answer."""

from __future__ import annotations

import pytest

from cspr_core.kinds import LoweringError
from tests.builders import it, lowered

QUESTION = """
kind: criterion
question: criteria.improvements
"""
REASONED = QUESTION + "reason: required\n"
DECIDED = "events: [{type: decision, outcome: no_review, date: 2026-03-10}]"


@pytest.mark.parametrize(
    ("as_of", "status"),
    [("2026-03-09", "upcoming"), ("2026-03-10", "upcoming"), ("2026-03-11", "overdue")],
)
def test_unanswered_until_and_after_the_decision(as_of: str, status: str) -> None:
    found = it(QUESTION, DECIDED, as_of)
    assert (found.status, found.answer) == (status, "unknown")


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_answered_is_met_whatever_the_answer(answer: str) -> None:
    text = f"{DECIDED}\ncriteria: {{improvements: {{answer: {answer}}}}}"
    found = it(QUESTION, text)
    assert (found.status, found.answer) == ("met", answer)


@pytest.mark.parametrize(
    ("as_of", "status"), [("2026-03-10", "upcoming"), ("2026-03-11", "overdue")]
)
def test_where_a_reason_is_asked_an_answer_alone_is_not_enough(as_of: str, status: str) -> None:
    text = f"{DECIDED}\ncriteria: {{improvements: {{answer: no}}}}"
    found = it(REASONED, text, as_of)
    assert (found.status, found.why, found.answer) == (status, "no_reason", "no")
    with_reason = text.replace("no}", "no, reason: Nothing to improve}")
    assert it(REASONED, with_reason, as_of).status == "met"


def test_pending_and_not_applicable_by_its_conditions() -> None:
    when = "when: {decision: local_review}\n"
    assert it(QUESTION + when, "").status == "pending"
    assert it(QUESTION + when, DECIDED).status == "not_applicable"


def test_a_condition_that_is_unknown_leaves_it_undetermined() -> None:
    when = "when: {answer: looked_after}\n"
    text = "children: [{id: c}]"
    assert it(QUESTION + when, text).status == "undetermined"


def test_minutes_do_not_answer_a_criterion() -> None:
    text = (
        f"{DECIDED}\nconfirmed: [{{requirement: northamptonshire.it, answer: yes, on: 2026-03-11}}]"
    )
    assert it(QUESTION, text).status == "overdue"


DEFINITION = """
kind: criterion
for_each: {child: all}
all: [looked_after, died]
"""


@pytest.mark.parametrize(
    ("looked_after", "outcome", "status", "answer"),
    [
        ("yes", "died", "met", "yes"),
        ("no", "died", "met", "no"),
        ("yes", "neither", "met", "no"),
        ("unknown", "died", "undetermined", "unknown"),
        ("yes", "unknown", "undetermined", "unknown"),
        ("no", "unknown", "undetermined", "no"),  # whatever the other turns out to be
    ],
)
def test_a_definition_needs_every_answer(
    looked_after: str, outcome: str, status: str, answer: str
) -> None:
    text = f"children: [{{id: c, looked_after: {looked_after}, outcome: {outcome}}}]"
    found = it(DEFINITION, text, subject="c")
    assert (found.status, found.answer) == (status, answer)


@pytest.mark.parametrize("text", ["", "question: criteria.improvements\nall: [died]"])
def test_one_question_or_all_of_several(text: str) -> None:
    with pytest.raises(LoweringError, match="asks one `question`, or `all`"):
        lowered(f"kind: criterion\n{text}")
