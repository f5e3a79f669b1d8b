"""CSPR201: conditions of which it is proved, or not, that they can't all hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from cspr_core.lint import never_in_play
from tests.lint.said import said, step, write

NEVER = [
    # a decision has one outcome
    "when: [{decision: local_review}, {decision: no_review}]",
    "when: [{decision: local_review}, {not: {decision: [local_review, no_review]}}]",
    # done and not done, the second being the wider
    "when: [{happened: {event: notified, to: panel}}, {not: {happened: {event: notified}}}]",
    "when: [{happened: {meeting: review_group}}, {not: {happened: {meeting: review_group}}}]",
    "when: [{happened: {event: death}}, {not: {happened: {event: death}, planned: yes}}]",
    # one of two, and neither
    (
        "when: [{any: [{happened: {event: death}}, {happened: {event: aware}}]},"
        " {not: {happened: [{event: death}, {event: aware}]}}]"
    ),
    # who died was harmed
    "when: [{answer: died}, {not: {answer: died_or_seriously_harmed}}]",
    "when: [{parallel: inquest, running: yes}, {not: {parallel: [inquest, prosecution]}}]",
    (
        "when: [{finding: national.serious_case, answer: yes},"
        " {finding: national.serious_case, answer: no}]"
    ),
    # a status is one status
    (
        "for_each: {child: all}, when: [{finding: national.notify_panel, status: met, same: child},"
        " {finding: national.notify_panel, status: overdue, same: child}]"
    ),
    (
        "for_each: {child: all}, when: [{in_play: national.notify_panel, same: child},"
        " {finding: national.notify_panel, status: pending, same: child}]"
    ),
    # a local review's duty is not in play without one
    "when: [{in_play: national.publish}, {decision: no_review}]",
    # there is no limit that could have a start
    "when: {started: yes}",
    "when: [{answer: [looked_after, died]}, {not: {answer: died_or_seriously_harmed}}]",
    # all of one and not one of all
    "when: [{all: [{answer: died}, {answer: looked_after}]}, {not: {answer: died}}]",
]

POSSIBLE = [
    "when: [{decision: [local_review, no_review]}, {decision: no_review}]",
    "when: [{decision: local_review}, {not: {decision: no_review}}]",
    # the second is the narrower
    "when: [{happened: {event: notified}}, {not: {happened: {event: notified, to: panel}}}]",
    "when: [{happened: {event: death}, planned: yes}, {not: {happened: {event: death}}}]",
    # announced, but perhaps not with the name; notified, but perhaps withdrawn
    (
        "when: [{happened: {event: announced}},"
        " {not: {happened: {event: announced, reviewer_named: yes}}}]"
    ),
    ("when: [{happened: {event: notified, stands: any}}, {not: {happened: {event: notified}}}]"),
    "when: [{parallel: inquest}, {not: {parallel: inquest, running: yes}}]",
    # two children may have two findings
    (
        "when: [{finding: national.notify_panel, status: met},"
        " {finding: national.notify_panel, status: overdue}]"
    ),
    (
        "for_each: {child: all}, when: [{happened: {event: aware}},"
        " {not: {happened: {event: aware, same: child}}}]"
    ),
    "when: {any: [{decision: local_review}, {decision: no_review}]}",
    "when: [{in_play: national.publish}, {decision: local_review}]",
    "when: {delayed: national.publish_6_months}",
    "when: {not: {all: [{answer: died}, {answer: looked_after}]}}",
    # one child died, another was looked after
    "when: [{answer: died}, {answer: looked_after}, {not: {answer: [died, looked_after]}}]",
    "within: {n: 1, unit: days, of: {event: aware}}, when: {started: yes}",
]


@pytest.mark.parametrize("more", NEVER)
def test_what_can_never_hold(more: str, tmp_path: Path) -> None:
    (found,) = said(write(tmp_path, step(more)), never_in_play)
    assert "`exshire.one` can never be in play" in found


@pytest.mark.parametrize("more", POSSIBLE)
def test_what_can_hold(more: str, tmp_path: Path) -> None:
    assert said(write(tmp_path, step(more)), never_in_play) == []


def test_who_waits_for_what_is_never_in_play_is_not_either(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        step("when: [{decision: local_review}, {decision: no_review}]"),
        step("when: {in_play: exshire.one}", "two"),
        step("when: {finding: exshire.one, status: [overdue, breached]}", "three"),
        # not applicable is what it will be
        step("when: {finding: exshire.one, status: not_applicable}", "four"),
        step("when: {any: [{in_play: exshire.one}, {in_play: exshire.two}]}", "five"),
    )
    assert [text.split("can never be in play: ", 1) for text in said(path, never_in_play)] == [
        ["7:73: `exshire.one` ", "its conditions 1 and 2 can't both hold"],
        ["8:73: `exshire.two` ", "it waits for `exshire.one`, which can never be in play"],
        ["9:75: `exshire.three` ", "it waits for `exshire.one`, which can never be in play"],
        ["11:74: `exshire.five` ", "its conditions can't all hold at once"],
    ]


def test_the_reason_is_a_start_without_a_limit(tmp_path: Path) -> None:
    (found,) = said(write(tmp_path, step("when: [{started: yes}]")), never_in_play)
    assert found.endswith("it waits for a limit's start, and has no limit")


def test_advice_for_a_review_on_condition_that_there_is_none(tmp_path: Path) -> None:
    advice = (
        "{id: a, kind: advice, title: A, stage: review, when: {decision: no_review},"
        " source: {section: 1}}"
    )
    (found,) = said(write(tmp_path, advice), never_in_play)
    assert "can never be in play" in found
    (tmp_path / "learning").mkdir()
    elsewhere = write(tmp_path / "learning", advice.replace("stage: review", "stage: learning"))
    assert said(elsewhere, never_in_play) == []


def test_past_so_many_alternatives_nothing_is_proved(tmp_path: Path) -> None:
    either = "{any: [{answer: died}, {answer: looked_after}, {answer: care_leaver}]}"
    never = "{decision: local_review}, {decision: no_review}"
    # three to the power of six are 729 alternatives
    many = step(f"when: [{', '.join([either] * 6)}, {never}]")
    assert said(write(tmp_path, many), never_in_play) == []
