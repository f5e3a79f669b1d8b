"""CSPR503: an internal error is laid at the door of the requirement that it comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cspr_core.engine.compared import EnginesDifferError
from cspr_core.lint import evaluation
from tests.lint.said import said, step, write


def fails(monkeypatch: pytest.MonkeyPatch, error: Exception, among: set[str]) -> None:
    """Let the check fail wherever one of these requirements is asked."""

    def check_facts(_casefile: Any, rules: Any, *_rest: Any) -> Any:
        if among & set(rules.by_id):
            raise error
        return None

    monkeypatch.setattr(evaluation, "check_facts", check_facts)
    monkeypatch.setattr(evaluation, "report_of", lambda _checked: None)


def test_the_engines_differ_on_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = "Internal error: the engines differ on exshire.two : met, overdue. Nothing was decided."
    fails(monkeypatch, EnginesDifferError(told), {"exshire.two"})
    path = write(tmp_path, step(), step(id_="two"))
    assert said(path, evaluation) == [
        (
            "8:10: `exshire.two` fails on the case drawn from seed 1000003: the engines differ on"
            " exshire.two : met, overdue"
        )
    ]


def test_who_reads_a_requirement_that_fails_fails_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails(monkeypatch, ValueError("of a case"), {"exshire.one"})
    copying = "within: {as: exshire.one}, met_by: {event: decision}"
    path = write(
        tmp_path,
        step("within: {n: 1, unit: days, of: {event: aware}}, met_by: {event: decision}"),
        step("when: {in_play: exshire.one}", "two"),
        step(copying, "three"),
        step(id_="four"),
    )
    found = said(path, evaluation)
    assert [text.split("` fails")[0] for text in found] == [
        "7:10: `exshire.one",
        "8:10: `exshire.two",
        "9:10: `exshire.three",
    ]
    # the error's own words could hold anything of a case
    assert all("ValueError in test_evaluation.py, line " in text for text in found)


def test_all_together_but_none_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def check_facts(_casefile: Any, rules: Any, *_rest: Any) -> Any:
        if len(rules.plugin.lowered) > 1:
            raise ValueError

    monkeypatch.setattr(evaluation, "check_facts", check_facts)
    monkeypatch.setattr(evaluation, "report_of", lambda _checked: None)
    (found,) = said(write(tmp_path, step(), step(id_="two")), evaluation)
    assert found.startswith("7:10: The check fails on the case drawn from seed 1000003")
