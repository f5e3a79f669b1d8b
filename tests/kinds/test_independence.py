"""Independence: what has to be true, or must not be, of each person."""

from __future__ import annotations

import pytest

from cspr_core.kinds import LoweringError
from tests.builders import answers, it, lowered

UNINVOLVED = """
kind: independence
for_each: {person: {role: author}}
no: involved_with_child
yes: senior_manager
"""


def person(more: str, roles: str = "author") -> str:
    return f"people: {{p1: {{agency: police, roles: [{roles}]{more}}}}}"


@pytest.mark.parametrize(
    ("involved", "senior", "status"),
    [
        ("no", "yes", "met"),
        ("yes", "yes", "breached"),
        ("no", "no", "breached"),
        ("yes", "unknown", "breached"),
        ("unknown", "yes", "undetermined"),
        ("no", "unknown", "undetermined"),
    ],
)
def test_answers_about_a_person(involved: str, senior: str, status: str) -> None:
    text = person(f", involved_with_child: {involved}, senior_manager: {senior}")
    assert it(UNINVOLVED, text, subject="p1").status == status


def test_a_missing_answer_is_unknown() -> None:
    assert it(UNINVOLVED, person(""), subject="p1").status == "undetermined"


def test_pending_while_nobody_has_the_role() -> None:
    assert it(UNINVOLVED, "").status == "pending"


def test_each_member_of_a_body_is_answered() -> None:
    requirement = UNINVOLVED.replace("{role: author}", "{body: review_group}")
    text = """
people:
  p1: {agency: police, involved_with_child: no, senior_manager: yes}
  p2: {agency: gp, involved_with_child: yes}
groups: {review_group: {members: [p1, p2]}}"""
    found = answers(text, "2026-06-01", requirement)
    assert found["northamptonshire.it", "p1"].status == "met"
    assert found["northamptonshire.it", "p2"].status == "breached"


def test_not_in_another_body() -> None:
    requirement = """
kind: independence
for_each: {person: {body: review_group}}
not_in: oversight_group"""
    text = "people: {p1: {agency: police}}\ngroups: {review_group: {members: [p1]}"
    assert it(requirement, text + "}", subject="p1").status == "met"
    both = text + ", oversight_group: {members: [p1]}}"
    assert it(requirement, both, subject="p1").status == "breached"


def test_not_another_role() -> None:
    requirement = """
kind: independence
for_each: {person: {role: author}}
not_role: practitioner"""
    assert it(requirement, person(""), subject="p1").status == "met"
    assert it(requirement, person("", "author, practitioner"), subject="p1").status == "breached"


@pytest.mark.parametrize(
    ("agency", "status"),
    [("agency: independent", "met"), ("agency: police", "breached"), ("", "undetermined")],
)
def test_only_from_some_kinds_of_agency(agency: str, status: str) -> None:
    requirement = """
kind: independence
for_each: {person: {role: lead_reviewer}}
only: independent"""
    comma = ", " if agency else ""
    text = f"people: {{p1: {{{agency}{comma}roles: [lead_reviewer]}}}}"
    assert it(requirement, text, subject="p1").status == status


@pytest.mark.parametrize(
    ("involved", "unless", "status"),
    [
        ("yes", True, "excused"),
        ("unknown", True, "excused"),
        ("no", True, "met"),  # nothing to excuse
        ("yes", False, "breached"),
    ],
)
def test_a_recorded_exception(involved: str, unless: bool, status: str) -> None:  # noqa: FBT001
    text = (
        person(f", involved_with_child: {involved}, senior_manager: yes")
        + """
exceptions: [{requirement: northamptonshire.it, subject: p1, reason: no_other, on: 2026-05-01}]"""
    )
    requirement = UNINVOLVED + ("unless: recorded" if unless else "")
    assert it(requirement, text, subject="p1").status == status


@pytest.mark.parametrize(
    ("involved", "answer", "status"),
    [("unknown", "yes", "met"), ("unknown", "no", "breached"), ("yes", "yes", "breached")],
)
def test_minutes_help_where_an_answer_is_unknown(involved: str, answer: str, status: str) -> None:
    text = (
        person(f", involved_with_child: {involved}, senior_manager: yes")
        + f"""
confirmed: [{{requirement: northamptonshire.it, subject: p1, answer: {answer}, on: 2026-05-01}}]"""
    )
    assert it(UNINVOLVED, text, subject="p1").status == status


def test_not_applicable_and_waiting_by_its_conditions() -> None:
    when = UNINVOLVED + "when: {decision: local_review}"
    assert it(when, person(""), subject="p1").status == "pending"
    decided = person("") + "\nevents: [{type: decision, outcome: no_review, date: 2026-03-10}]"
    assert it(when, decided, subject="p1").status == "not_applicable"


def test_it_is_asked_of_persons() -> None:
    with pytest.raises(LoweringError, match="asked of persons"):
        lowered("kind: independence\nno: knows_child")
