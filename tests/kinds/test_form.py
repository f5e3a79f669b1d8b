"""Form: each receipt is complete and signed."""

from __future__ import annotations

import pytest

from cspr_core.kinds import LoweringError
from tests.builders import answers, it, lowered

REFERRAL = """
kind: form
for_each: {form: northamptonshire.referral}
signed: senior_manager
"""


def receipt(more: str = "", day: str = "2026-03-02", name: str = "f1") -> str:
    return (
        f"{{id: {name}, form: northamptonshire.referral, from: education, received: {day}{more}}}"
    )


def forms(*receipts: str) -> str:
    return f"forms: [{', '.join(receipts)}]"


SIGNED = ", signed: {senior_manager: 2026-03-01}"


def test_pending_until_one_is_received() -> None:
    assert it(REFERRAL, "").status == "pending"
    assert it(REFERRAL, forms(receipt()), "2026-03-01").status == "pending"


@pytest.mark.parametrize(
    ("more", "status", "why"),
    [
        (", empty: []" + SIGNED, "met", "complete"),
        (", empty: []", "upcoming", "unsigned"),
        (", empty: [dated]" + SIGNED, "upcoming", "boxes_empty"),
        (", empty: [dated]", "upcoming", "boxes_empty"),
        (SIGNED, "undetermined", "boxes_unknown"),
        ("", "upcoming", "unsigned"),
        (", empty: [], signed: {senior_manager: unknown}", "met", "complete"),
        (", empty: [], signed: {line_manager: 2026-03-01}", "upcoming", "unsigned"),
        (", empty: [], signed: {senior_manager: 2026-06-02}", "upcoming", "unsigned"),
    ],
)
def test_boxes_and_signature(more: str, status: str, why: str) -> None:
    found = it(REFERRAL, forms(receipt(more)), "2026-06-01", "f1")
    assert (found.status, found.why) == (status, why)


def test_a_later_copy_from_the_same_sender_supersedes() -> None:
    text = forms(receipt(", empty: [dated]"), receipt(", empty: []" + SIGNED, "2026-03-09", "f2"))
    found = answers(text, "2026-03-09", REFERRAL)
    assert found["northamptonshire.it", "f1"].status == "not_applicable"
    assert found["northamptonshire.it", "f2"].status == "met"
    # before the copy came
    assert it(REFERRAL, text, "2026-03-08", "f1").status == "upcoming"


def test_a_copy_from_another_sender_supersedes_nothing() -> None:
    other = receipt(", empty: []", "2026-03-09", "f2").replace("education", "police")
    text = forms(receipt(", empty: [dated]"), other)
    assert it(REFERRAL, text, "2026-03-10", "f1").status == "upcoming"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_copies_on_one_day_the_complete_one_stands(order: tuple[int, int]) -> None:
    copies = (receipt(", empty: [dated]"), receipt(", empty: []" + SIGNED, name="f2"))
    text = forms(*(copies[i] for i in order))
    assert it(REFERRAL, text, subject="f1").status == "not_applicable"
    assert it(REFERRAL, text, subject="f2").status == "met"


@pytest.mark.parametrize(("answer", "status"), [("yes", "met"), ("no", "breached")])
def test_what_minutes_confirm(answer: str, status: str) -> None:
    text = (
        forms(receipt())
        + f"""
confirmed: [{{requirement: northamptonshire.it, subject: f1, answer: {answer}, on: 2026-03-09}}]"""
    )
    assert it(REFERRAL, text, subject="f1").status == status


def test_an_exception_where_one_is_allowed() -> None:
    text = (
        forms(receipt())
        + """
exceptions: [{requirement: northamptonshire.it, subject: f1, reason: urgent, on: 2026-03-09}]"""
    )
    assert it(REFERRAL + "unless: recorded", text, subject="f1").status == "excused"


def test_it_is_asked_of_receipts() -> None:
    with pytest.raises(LoweringError, match="asked of receipts"):
        lowered("kind: form\nsigned: chair")
