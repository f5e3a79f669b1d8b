"""A small fictional area with its scenarios, for the tests of mutants."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from cspr_core.testing.suites import Suite, suite_of

HEAD = """\
schema: cspr.arrangements/1
partnership: anyshire
name: Anyshire Safeguarding Partnership
covers:
  - {document: Guidance, dated: 2024-01, in_force_from: 2024-01-01, checked: 2026-11-21}
requirements:
"""
CASE = """\
schema: cspr.case/1
case: AN-2025-01
partnership: anyshire
children:
  - {id: child_1, outcome: died}
incident: {date: 2025-03-03, area: anyshire, residence: anyshire, abuse_or_neglect: known}
agencies:
  police: {involved: yes}
  education: {involved: yes}
events:
  - {type: aware, by: local_authority, date: 2025-03-04}
  - {type: information_requested, agency: police, date: 2025-04-14}
"""
RETURN = """\
- id: information_return
  kind: deadline
  title: Agencies return the template
  stage: rapid_review
  for_each: {agency: involved}
  within: {n: 7, unit: working_days, of: {event: information_requested, same: agency}}
  met_by: {event: information_returned, same: agency}
  source: {section: Rapid Review}
"""
# 14 April 2025 is a Monday: 15, 16, 17 (3); Good Friday, weekend, Easter Monday; 22 to 25 (7).
DUE = (
    "- {requirement: anyshire.information_return, subject: police, as_of: 2025-04-25,"
    " status: upcoming, due: 2025-04-25, because: the seventh working day}"
)
Area = Callable[..., Suite]


@pytest.fixture
def area(tmp_path: Path) -> Area:
    """Makes a suite of requirements, expectations (one scenario each) and a case."""

    def make(requirements: str = RETURN, *expectations: str, case: str = CASE) -> Suite:
        folder = tmp_path / "anyshire"
        (folder / "scenarios" / "base").mkdir(parents=True)
        body = "".join(f"  {line}\n" for line in dedent(requirements).splitlines())
        (folder / "arrangements.yaml").write_text(HEAD + body, "utf-8")
        (folder / "scenarios" / "base" / "case.yaml").write_text(case, "utf-8")
        for number, expected in enumerate(expectations or (DUE,), 1):
            text = (
                "schema: cspr.scenario/1\n"
                f"title: Scenario {number}\n"
                "base: base/case.yaml\n"
                "expect:\n" + "".join(f"  {line}\n" for line in expected.splitlines())
            )
            (folder / "scenarios" / f"s{number}.yaml").write_text(text, "utf-8")
        return suite_of(str(folder))

    return make
