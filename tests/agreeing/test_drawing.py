"""The cases that engines are held against each other on."""

from __future__ import annotations

from datetime import date

import pytest

from cspr_core.agreeing.drawing import Batch, batches, data_of, drawn, moved
from cspr_core.check import rules_for
from cspr_core.generated import drawn_cases, refused

AREAS = ("essex", "leeds", "northamptonshire")


@pytest.mark.parametrize("cases", [1, 2, 3, 10, 999])
def test_cases_are_dealt_out_evenly(cases: int) -> None:
    found = batches(AREAS, cases, seed=4, size=50)
    of = {area: sum(b.cases for b in found if b.area == area) for area in AREAS}
    assert sum(of.values()) == cases
    assert max(of.values()) - min(of.values()) <= 1
    assert all(0 < batch.cases <= 50 for batch in found)


def test_batches_of_an_area_are_as_large_as_each_other() -> None:
    # 101 = 33 + 34 + 34
    assert [batch.cases for batch in batches(["leeds"], 101, seed=1, size=40)] == [33, 34, 34]


def test_no_two_batches_share_a_seed() -> None:
    seeds = [b.seed for seed in (1, 2, 3) for b in batches(AREAS, 3000, seed, size=10)]
    assert len(set(seeds)) == len(seeds) == 900


def test_all_are_looked_at_on_the_day_of_the_first() -> None:
    rules = rules_for("leeds")
    day, cases = drawn(Batch("leeds", 7, 9), rules)
    first = list(drawn_cases(rules, 7, 9))
    assert day == first[0].as_of
    # Every other one, the first among them, is looked at on its own day, by being moved there.
    assert [one.as_of == day for one in cases[::2]] == [True] * 5
    assert data_of(cases)[1::2] == data_of(first)[1::2]
    assert len({one.seed for one in cases}) == 9


def test_a_case_is_moved_as_a_whole() -> None:
    rules = rules_for("leeds")
    one = next(one for one in drawn_cases(rules, 3, 9) if len(one.case.events) > 3)
    later = moved(one, date.fromordinal(one.as_of.toordinal() + 100))
    assert (later.as_of - one.as_of).days == 100
    assert refused(later.data) == set()
    days = [
        (after.date.toordinal() - before.date.toordinal())
        for before, after in zip(one.case.events, later.case.events, strict=True)
        if isinstance(before.date, date) and isinstance(after.date, date)
    ]
    assert days
    assert set(days) == {100}
    assert moved(one, one.as_of).data == one.data
