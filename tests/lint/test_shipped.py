"""The five areas and the national provisions: nothing is said of them that is not so.

What is left was judged by hand and needs somebody outside: contacts that only the partnerships can
confirm. What CSPR301 says of them is judged in `test_weakening.py`.
"""

from __future__ import annotations

from datetime import date

import pytest

from cspr_core.lint import evaluation, weakening
from cspr_core.lint.framework import rules, run
from cspr_core.lint.targets import Target, context_for

# Errors and warnings by rule, as of the day on which the areas were last held to their documents.
LEFT = {
    "national": [],
    "essex": [],
    "leeds": [],
    # the leaflet has no date: the two contacts in it were never confirmed
    "staffordshire": ["CSPR406"] * 2,
    # four addresses published in December 2020
    "northamptonshire": ["CSPR406"] * 4,
    # the factsheet has no date
    "south_glos": ["CSPR406"],
}


@pytest.mark.parametrize("area", LEFT)
def test_what_is_said_of_an_area(area: str) -> None:
    chosen = [rule for rule in rules() if rule.CODE not in (evaluation.CODE, weakening.CODE)]
    result = run(context_for(Target(area), date(2026, 11, 22)), chosen)
    said = [one for one in result.found if one.severity != "note"]
    assert [one.code for one in said] == LEFT[area]


@pytest.mark.slow
@pytest.mark.parametrize("area", LEFT)
def test_every_requirement_can_be_evaluated(area: str) -> None:
    assert run(context_for(Target(area), date(2026, 11, 22)), [evaluation]).found == ()
