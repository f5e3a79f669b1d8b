"""The product's statuses against the oracle's, over random cases."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cspr_core.agreeing.cutting import smallest
from cspr_core.check import Rules
from cspr_core.facts import facts_of
from cspr_core.generated import Drawn, random_case, speech_of
from cspr_core.limits import derive
from cspr_core.model.case import Case
from tests.oracle import AREA, PLAIN, Findings, oracle
from tests.strategies import rules_of


@cache
def rules() -> Rules:
    return rules_of(PLAIN, area=AREA)


def decided(case: Case, as_of: date) -> Findings:
    """What the reference engine decides, status by requirement and subject."""
    its = rules()
    facts, _ = derive(facts_of(case, as_of), its.lowered, as_of, its.in_force)
    return {(d.requirement, d.subject): d.status for d in its.reference.run(facts.rows)}


def differences(case: Case, as_of: date) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """Requirement and subject to the oracle's status and the product's, where they differ."""
    expected, found = oracle(case, as_of), decided(case, as_of)
    return {
        key: (expected.get(key), found.get(key))
        for key in sorted({*expected, *found})
        if expected.get(key) != found.get(key)
    }


def _report(drawn: Drawn) -> str:
    """The smallest case that still differs on the first requirement of those that do."""
    first = next(iter(differences(drawn.case, drawn.as_of)))

    def fails(data: dict[str, object]) -> bool:
        return first in differences(Case.model_validate(data), drawn.as_of)

    data = smallest(drawn.data, fails)
    both = differences(Case.model_validate(data), drawn.as_of)[first]
    return f"{first}: oracle and product say {both} on {drawn.as_of}\n{data}"


@pytest.mark.slow
@settings(max_examples=250)
@given(st.integers(0, 2**32))
def test_every_status_is_the_oracles(seed: int) -> None:
    drawn = random_case(seed, speech_of(rules()))
    assert not differences(drawn.case, drawn.as_of), _report(drawn)


@pytest.mark.slow
def test_the_cases_reach_every_status_that_the_oracle_knows() -> None:
    """Equal answers say little where few are ever given."""
    seen: set[tuple[str, str]] = set()
    for seed in range(200):
        drawn = random_case(seed, speech_of(rules()))
        seen |= {(name, status) for (name, _), status in oracle(drawn.case, drawn.as_of).items()}
    for name in ("notify_panel", "rapid_review", "publish_6_months"):
        assert {status for other, status in seen if other == f"national.{name}"} >= {
            "met",
            "met_late",
            "overdue",
            "upcoming",
            "not_applicable",
        }
    for plain in PLAIN:
        assert len({status for other, status in seen if other == plain["id"]}) >= 3, plain["id"]
