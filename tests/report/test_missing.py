"""What an undetermined finding says is missing: the very thing to find out and record."""

from __future__ import annotations

from datetime import date

import pytest

from cspr_core.check import check_case
from cspr_core.report.findings import report_of
from cspr_core.scenarios import read_scenario
from tests.scenarios import PLUGINS


@pytest.mark.parametrize(
    ("scenario", "finding", "missing"),
    [
        (
            "staffordshire/scenarios/review/lead-reviewer-agency-unknown",
            ("staffordshire.lead_reviewer_independent", "p1"),
            "the agency of p1",
        ),
        (
            "south_glos/scenarios/review/writer-of-whom-no-agency-is-recorded",
            ("south_glos.account_from_the_organisation", "education"),
            "the agency of p10",
        ),
        (
            "south_glos/scenarios/review/one-account-of-ones-own-is-enough",
            ("south_glos.account_from_the_organisation", "police"),
            "by whom: analysis_returned police 2025-05-20",
        ),
    ],
)
def test_what_is_not_known_is_named(scenario: str, finding: tuple[str, str], missing: str) -> None:
    file = read_scenario((PLUGINS / scenario).with_suffix(".yaml"))
    report = report_of(check_case(file.casefile, date(2025, 5, 20), directory=PLUGINS))
    found = {(f.requirement, f.subject.id): f for f in report.findings if f.subject is not None}
    assert [item.fact for item in found[finding].missing] == [missing]
