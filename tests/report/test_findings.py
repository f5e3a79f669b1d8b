"""Findings, before and after their sentences."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cspr_core.check import check_case
from cspr_core.model.finding import Finding
from cspr_core.reading.case import read_case
from cspr_core.report.findings import plain_findings, report_of
from tests.scenarios import PLUGINS

EXAMPLES = Path(__file__).parents[2] / "examples"
SENTENCES = ("message", "next_step", "waits_for")


@pytest.mark.parametrize("case", ["northamptonshire/in-review.yaml", "essex/in-review.yaml"])
def test_a_plain_finding_is_the_one_in_the_report_without_its_sentences(case: str) -> None:
    checked = check_case(
        read_case(EXAMPLES / case, today=None), date(2026, 6, 1), directory=PLUGINS
    )
    plain, said = plain_findings(checked), report_of(checked).findings
    assert len(plain) == len(said) > 0
    for values, finding in zip(plain, said, strict=True):
        assert all(values[name] is None for name in SENTENCES)
        sentences = {name: getattr(finding, name) for name in SENTENCES}
        assert {**values, **sentences} == dict(finding)


def test_what_is_not_validated_is_as_if_it_were() -> None:
    checked = check_case(
        read_case(EXAMPLES / "northamptonshire/in-review.yaml", today=None),
        date(2026, 6, 1),
        directory=PLUGINS,
    )
    for finding in report_of(checked).findings:
        again = Finding.model_validate(finding.model_dump())
        assert again == finding
        assert again.model_dump_json() == finding.model_dump_json()
        assert again.model_fields_set == finding.model_fields_set
