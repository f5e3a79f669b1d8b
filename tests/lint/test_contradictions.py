"""CSPR202: each way in which two requirements, or one, ask for what they rule out."""

from __future__ import annotations

from pathlib import Path

import pytest

from cspr_core.lint import contradictions
from tests.lint.said import said, step, write


def deadline(limit: str, id_: str = "one", more: str = "") -> str:
    return (
        f"{{id: {id_}, kind: deadline, title: One, stage: review, who: author, {limit}, {more}"
        " met_by: {event: findings_shared, with: family}, source: {section: 1}}"
    )


def hold(within: str, held: str = "{event: findings_shared, with: family}") -> str:
    return (
        "{id: held, kind: hold, title: Held, stage: review, who: author,"
        f" within: {within}, hold: {held}, source: {{section: 1}}}}"
    )


def of_person(more: str, id_: str = "one", who: str = "role: author") -> str:
    return (
        f"{{id: {id_}, kind: independence, title: One, stage: review, who: author, {more},"
        f" for_each: {{person: {{{who}}}}}, source: {{section: 1}}}}"
    )


def meeting(more: str, id_: str = "one") -> str:
    return (
        f"{{id: {id_}, kind: attendance, title: One, stage: review, who: author, {more},"
        " for_each: {meeting: review_group}, source: {section: 1}}"
    )


def none_of(event: str) -> str:
    return (
        "{id: none, kind: count, title: None, stage: review, who: author, max: 0,"
        f" of: {event}, source: {{section: 1}}}}"
    )


PUBLISHED = "of: {event: publication}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # due by day 10, held back to the 31st at the latest and the 28th at the earliest
        (
            deadline(f"within: {{n: 10, unit: days, {PUBLISHED}}}"),
            hold(f"{{n: 1, unit: months, {PUBLISHED}}}"),
        ),
        (
            deadline(f"within: {{n: 10, unit: days, {PUBLISHED}}}"),
            hold(f"{{n: 11, unit: days, {PUBLISHED}}}"),
        ),
        # at least 14 days before, and from 2 days before
        (
            deadline(f"before: {{n: 14, unit: days, {PUBLISHED}}}"),
            deadline(f"around: {{n: 2, unit: days, {PUBLISHED}}}", "two"),
        ),
        (step("met_by: {event: taken_down}"), none_of("{event: taken_down}")),
        (
            step("met_by: {event: draft_shared, with: family}"),
            none_of("{event: draft_shared}"),
        ),
        (of_person("no: [knows_child]"), of_person("yes: [knows_child]", "two")),
        (of_person("only: [independent]"), of_person("only: [police, gp]", "two")),
        (
            meeting("absent: {role: senior_manager}"),
            meeting("present: [{role: senior_manager}]", "two"),
        ),
        (meeting("absent: {role: chair}"), meeting("led_by: [chair]", "two")),
    ],
)
def test_two_that_contradict_each_other(one: str, other: str, tmp_path: Path) -> None:
    (found,) = said(write(tmp_path, one, other), contradictions)
    assert found.startswith("8:10: ")
    assert "contradict each other" in found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # 20 working days are 28 calendar days or more; a month may have 28
        (
            deadline(f"within: {{n: 20, unit: working_days, {PUBLISHED}}}"),
            hold(f"{{n: 1, unit: months, {PUBLISHED}}}"),
        ),
        (
            deadline(f"within: {{n: 10, unit: days, {PUBLISHED}}}"),
            hold(f"{{n: 10, unit: days, {PUBLISHED}}}"),
        ),
        # from another event
        (
            deadline("within: {n: 10, unit: days, of: {event: sign_off}}"),
            hold(f"{{n: 1, unit: months, {PUBLISHED}}}"),
        ),
        # another deed
        (
            deadline(f"within: {{n: 10, unit: days, {PUBLISHED}}}"),
            hold(f"{{n: 1, unit: months, {PUBLISHED}}}", "{event: debrief}"),
        ),
        (
            deadline(f"before: {{n: 2, unit: days, {PUBLISHED}}}"),
            deadline(f"around: {{n: 2, unit: days, {PUBLISHED}}}", "two"),
        ),
        # another's limit, whatever it is
        (
            deadline("within: {as: national.rapid_review}"),
            hold("{n: 1, unit: months, of: {event: aware}}"),
        ),
        # not both in play
        (
            step("met_by: {event: taken_down}, when: {decision: local_review}"),
            none_of("{event: taken_down}").replace("max: 0", "max: 0, when: {decision: no_review}"),
        ),
        # any draft to anybody, none to the family
        (step("met_by: {event: draft_shared}"), none_of("{event: draft_shared, with: family}")),
        (of_person("no: [knows_child]"), of_person("yes: [knows_child]", "two", "role: member")),
        (of_person("only: [independent]"), of_person("only: [independent, gp]", "two")),
        # only those who worked with the child stay away
        (
            meeting("absent: {role: senior_manager, yes: [knows_child]}"),
            meeting("present: [{role: senior_manager}]", "two"),
        ),
    ],
)
def test_two_that_can_both_be_kept(one: str, other: str, tmp_path: Path) -> None:
    assert said(write(tmp_path, one, other), contradictions) == []


@pytest.mark.parametrize(
    ("requirement", "what"),
    [
        (
            of_person("no: [knows_child], yes: [knows_child]"),
            "asks that `knows_child` be answered yes and no",
        ),
        (of_person("not_role: [author]"), "is asked of each `author` and forbids that role"),
        (
            of_person("not_in: [review_group]", who="body: review_group"),
            "is asked of each member of `review_group` and forbids the membership",
        ),
        (
            meeting("absent: {role: chair}, led_by: [chair]"),
            "asks for the `chair` to be there and to stay away",
        ),
        (
            deadline(
                f"before: {{n: 2, unit: days, {PUBLISHED}}}", more="since: [{event: publication}],"
            ),
            "has to be done 2 days before `publication`, and does not count before it",
        ),
    ],
)
def test_one_that_contradicts_itself(requirement: str, what: str, tmp_path: Path) -> None:
    assert said(write(tmp_path, requirement), contradictions) == [f"7:10: `exshire.one` {what}"]


@pytest.mark.parametrize(
    "requirement",
    [
        # ahead of publication, and after the decision
        deadline(f"before: {{n: 2, unit: days, {PUBLISHED}}}", more="since: [{event: decision}],"),
        deadline(
            f"within: {{n: 2, unit: days, {PUBLISHED}}}", more="since: [{event: publication}],"
        ),
        deadline(
            "before: {n: 2, unit: days, of: {meeting: executive}}",
            more="since: [{event: decision}],",
        ),
    ],
)
def test_one_that_does_not(requirement: str, tmp_path: Path) -> None:
    assert said(write(tmp_path, requirement), contradictions) == []


def test_one_beside_a_national_duty(tmp_path: Path) -> None:
    # the national duty is asked of each of three recipients, and so is this
    close = (
        "{id: one, kind: deadline, title: One, stage: review, who: author,"
        " for_each: {recipient: [panel, secretary_of_state], should: ofsted},"
        f" around: {{n: 2, unit: days, {PUBLISHED}}},"
        " met_by: {event: report_sent, same: recipient}, source: {section: 1}}"
    )
    # seven working days are seven days at least, and two days are two
    assert said(write(tmp_path, close), contradictions) == [
        (
            "7:10: `exshire.one` and `national.final_report` contradict each other: at least 7"
            " working days before, and not sooner than 2 days before"
        )
    ]
