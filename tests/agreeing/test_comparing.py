"""Engines held against each other: nothing where they agree, and every way in which they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from cspr_core.agreeing import comparing, drawing
from cspr_core.agreeing.comparing import COUNTED, PARTS, WHOLE, Difference, compare
from cspr_core.agreeing.drawing import Batch, data_of
from cspr_core.agreeing.shrinking import cut_down
from cspr_core.caseload import limits
from cspr_core.check import EnginesDifferError, Rules
from cspr_core.engine.compared import Compared
from cspr_core.generated import Data, Drawn
from cspr_core.plugins import load, national
from cspr_core.program import Decision
from tests.agreeing.wrong import (
    Mistake,
    count_off_by_one,
    less_or_equal_read_as_less,
    negated_pattern_dropped,
    wrong,
)

BATCH = Batch("exshire", 1, 8)


@pytest.fixture
def rules(exshire: Path) -> Rules:
    return Rules(load("exshire", exshire), national())


@pytest.fixture
def drawn(rules: Rules) -> tuple[date, list[Drawn]]:
    return drawing.drawn(BATCH, rules)


def differences(
    rules: Rules, drawn: tuple[date, list[Drawn]], only: str | None = None
) -> list[Difference]:
    as_of, cases = drawn
    return compare(rules, [one.case for one in cases], as_of, only).differences


def small(rules: Rules, drawn: tuple[date, list[Drawn]], of: Difference) -> tuple[Data, ...]:
    found = cut_down(of, rules, data_of(drawn[1]), drawn[0])
    assert found is not None
    assert (found.difference.what, found.difference.requirement) == (of.what, of.requirement)
    return found.cases


def events(data: Data) -> list[str]:
    return sorted(event["type"] for event in data["events"])


def test_all_is_compared_and_nothing_differs(rules: Rules, drawn: Any) -> None:
    as_of, cases = drawn
    counts, found = compare(rules, [one.case for one in cases], as_of)
    assert found == []
    assert counts["cases"] == 8
    assert counts["decisions"] == counts["findings"] > 8 * len(rules.lowered)
    assert min(counts[name] for name in COUNTED) > 0


# What the reader of cases asks of each: some event with which it began.
BEGINS = ("aware", "referral_received", "notified")


@pytest.mark.parametrize(
    "mistaken",
    [
        (less_or_equal_read_as_less, "exshire.same_day", ["decision"]),
        (negated_pattern_dropped, "exshire.undecided", ["decision", "information_requested"]),
    ],
)
def test_a_mistake_is_found_and_shown_with_the_least(
    monkeypatch: pytest.MonkeyPatch,
    rules: Rules,
    drawn: Any,
    mistaken: tuple[Mistake, str, list[str]],
) -> None:
    mistake, requirement, left = mistaken
    monkeypatch.setattr(comparing, "prepared", wrong(mistake))
    found = differences(rules, drawn, "decisions")
    assert requirement in {one.requirement for one in found}
    [case] = small(rules, drawn, next(one for one in found if one.requirement == requirement))
    assert [name for name in events(case) if name not in BEGINS] == left
    assert not {"people", "meetings", "forms", "criteria"} & case.keys()


def test_a_finding_that_differs_is_told_in_every_column(
    monkeypatch: pytest.MonkeyPatch, rules: Rules, drawn: Any
) -> None:
    monkeypatch.setattr(comparing, "prepared", wrong(count_off_by_one))
    found = differences(rules, drawn, "findings")
    assert {one.requirement for one in found} == {"exshire.twice"}
    (engine, _), (other, _) = found[0].said
    assert (engine, other) == ("reference", "table")
    # One event, and two are asked for: nothing of the kind is done yet.
    begins = "partnership exshire, status {}, answer None, binding must, due None, done "
    assert any(
        mine.startswith(begins.format("upcoming")) and theirs.startswith(begins.format("met"))
        for (_, mine), (_, theirs) in (one.said for one in found)
    )


@pytest.mark.slow
def test_a_limit_that_is_off_by_a_day_is_found(
    monkeypatch: pytest.MonkeyPatch, rules: Rules, drawn: Any
) -> None:
    right = limits.shifted

    def late(days: Any, n: int, unit: str, *, backwards: bool) -> Any:
        return right(days, n, unit, backwards=backwards) + (unit == "months")

    monkeypatch.setattr(limits, "shifted", late)
    found = differences(rules, drawn, "limits")
    mine = next(one for one in found if one.requirement == "national.publish_6_months")
    assert all("date" in engine for _, engine in mine.said)
    [case] = small(rules, drawn, mine)
    assert not {"people", "meetings", "forms", "criteria"} & case.keys()


@pytest.mark.slow
def test_a_fact_that_is_lost_when_stored_is_found(
    monkeypatch: pytest.MonkeyPatch, rules: Rules, drawn: Any
) -> None:
    def lost(table: Any) -> Any:
        for one in right(table):
            kept = {k: v[1:] if k == "child" else v for k, v in one.rows.items()}
            yield one._replace(rows=kept)

    right = comparing.rows_of
    monkeypatch.setattr(comparing, "rows_of", lost)
    found = differences(rules, drawn, "facts")
    assert {(one.what, one.requirement) for one in found} == {("facts", "child")}
    assert len(found) == 8
    assert found[0].said[1] == ("stored", "nothing")
    [case] = small(rules, drawn, found[3])
    assert case.keys() <= {"schema", "case", "partnership", "children", "incident", "events"}


def test_marks_that_are_not_there_are_found(
    monkeypatch: pytest.MonkeyPatch, rules: Rules, drawn: Any
) -> None:
    right = comparing.Together.dated

    def none(self: Any, fact_type: str) -> Mapping[Any, Sequence[Any]]:
        return {} if fact_type == "mark" else right(self, fact_type)

    monkeypatch.setattr(comparing.Together, "dated", none)
    found = differences(rules, drawn, "marks")
    assert found
    assert {one.said[1] for one in found} == {("table", "nothing")}
    assert {one.said[0][1].split()[0] for one in found} == {"what"}


def test_engines_that_do_not_fire_alike_are_a_difference(
    monkeypatch: pytest.MonkeyPatch, rules: Rules, drawn: Any
) -> None:
    right = Compared.run

    def torn(self: Compared, rows: Any) -> list[Decision]:
        if any(row["name"] == "decision" for row in rows.get("event", ())):
            raise EnginesDifferError("Internal error: the engines differ on something.")
        return right(self, rows)

    monkeypatch.setattr(Compared, "run", torn)
    found = differences(rules, drawn)
    assert {one.what for one in found} == {"firings"}
    assert found[0].said == (("both", "Internal error: the engines differ on something."),)
    [case] = small(rules, drawn, found[0])
    assert [name for name in events(case) if name not in BEGINS] == ["decision"]


@pytest.mark.slow
def test_what_shows_only_in_cases_together_is_shown_with_as_few_as_can_be(
    monkeypatch: pytest.MonkeyPatch, rules: Rules, drawn: Any
) -> None:
    # The last case takes the first one's decisions, as if tables mixed up their rows.
    def mixed(rules: Rules) -> Any:
        tabled = wrong(lambda program: program)(rules)
        right = tabled.engine.run_all

        def run_all(cases: Sequence[Any]) -> list[list[Decision]]:
            found = right(cases)
            return found if len(found) < 2 else [*found[:-1], found[0]]

        monkeypatch.setattr(tabled.engine, "run_all", run_all)
        return tabled

    monkeypatch.setattr(comparing, "prepared", mixed)
    found = differences(rules, drawn, "decisions")
    assert {one.case for one in found} == {len(drawn[1]) - 1}
    assert len(small(rules, drawn, found[0])) == 2


def test_an_engine_that_stops_is_a_difference(
    monkeypatch: pytest.MonkeyPatch, rules: Rules, drawn: Any
) -> None:
    def stops(rules: Rules) -> Any:
        tabled = wrong(lambda program: program)(rules)

        def run_all(cases: Sequence[Any]) -> Any:
            events = [row for rows in cases for row in rows.get("event", ())]
            return np.empty(0)[3] if any(row["name"] == "decision" for row in events) else []

        monkeypatch.setattr(tabled.engine, "run_all", run_all)
        return tabled

    monkeypatch.setattr(comparing, "prepared", stops)
    [found] = differences(rules, drawn, "decisions")
    assert (found.case, found.requirement) == (WHOLE, "")
    assert found.said[0][1].startswith("IndexError: ")
    [case] = small(rules, drawn, found)
    assert [name for name in events(case) if name not in BEGINS] == ["decision"]


def test_what_does_not_come_again_is_not_shown(rules: Rules, drawn: Any) -> None:
    was = Difference(0, "decisions", "exshire.twice", "", (("reference", "a"), ("table", "b")))
    assert cut_down(was, rules, data_of(drawn[1][:2]), drawn[0]) is None


def test_rows_in_another_order_are_a_difference(
    monkeypatch: pytest.MonkeyPatch, rules: Rules, drawn: Any
) -> None:
    def turned(rules: Rules) -> Any:
        tabled = wrong(lambda program: program)(rules)
        right = tabled.answers

        def answers(*given: Any) -> pa.Table:
            found = right(*given)
            return found.take(pa.array(range(found.num_rows - 1, -1, -1)))

        monkeypatch.setattr(tabled, "answers", answers)
        return tabled

    monkeypatch.setattr(comparing, "prepared", turned)
    found = differences(rules, drawn, "findings")
    assert [(one.case, one.said[1]) for one in found] == [(WHOLE, ("table", "in another order"))]


def test_parts_are_compared_in_the_order_of_their_causes() -> None:
    # A wrong limit makes a wrong decision, and that a wrong finding: the first is the one shown.
    assert [*PARTS] == ["facts", "limits", "marks", "firings", "decisions", "findings"]
