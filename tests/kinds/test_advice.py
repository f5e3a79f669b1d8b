"""Advice: shown at its stage, never failed."""

from __future__ import annotations

import pytest

from cspr_core.program import STATUSES
from tests.builders import it, lowered

REVIEW = "kind: advice\nstage: review"
LEARNING = "kind: advice\nstage: learning"
DECIDED = "events: [{{type: decision, outcome: {}, date: 2026-03-10}}]"


def test_pending_before_its_stage_and_then_upcoming() -> None:
    text = DECIDED.format("local_review")
    assert it(REVIEW, text, "2026-03-09").status == "pending"
    assert it(REVIEW, text, "2026-03-10").status == "upcoming"


@pytest.mark.parametrize(("answer", "status"), [("yes", "met"), ("no", "upcoming")])
def test_met_if_confirmed_and_never_failed(answer: str, status: str) -> None:
    text = (
        DECIDED.format("local_review")
        + f"""
confirmed: [{{requirement: northamptonshire.it, answer: {answer}, on: 2026-03-12}}]"""
    )
    assert it(REVIEW, text).status == status


@pytest.mark.parametrize("outcome", ["no_review", "national_referral", "alternative_review"])
def test_advice_on_a_review_ends_with_another_decision(outcome: str) -> None:
    assert it(REVIEW, DECIDED.format(outcome)).status == "not_applicable"
    assert it(LEARNING, DECIDED.format(outcome)).status == "upcoming"


def test_a_review_and_a_referral_on_one_day_leave_the_advice() -> None:
    assert it(REVIEW, DECIDED.format("[local_review, national_referral]")).status == "upcoming"


def test_conditions_of_its_own() -> None:
    when = "\nwhen: {answer: died}"
    text = "children: [{{id: c, outcome: {}}}]"
    assert it(LEARNING + when, text.format("unknown")).status == "undetermined"
    assert it(LEARNING + when, text.format("neither")).status == "not_applicable"
    waiting = "\nwhen: {happened: {event: publication}}"
    assert it(LEARNING + waiting, "").status == "pending"


def test_no_row_of_advice_fails() -> None:
    statuses = {row.status for row in lowered(REVIEW).program.rows}
    assert statuses <= set(STATUSES) - {"overdue", "breached", "met_late"}
