"""A plugin made up for the tests of scenarios: its folder, a base case and a scenario or two."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

ARRANGEMENTS = """\
schema: cspr.arrangements/1
partnership: testshire
name: Testshire Safeguarding Partnership
covers:
  - {document: Made-up Guide, dated: 2020-12, in_force_from: 2020-12, checked: 2026-11-21, stages: [rapid_review]}
requirements:
  - id: information_return
    kind: deadline
    title: Agencies return the template
    stage: rapid_review
    for_each: {agency: involved}
    within: {n: 7, unit: working_days, of: {event: information_requested, same: agency}}
    met_by: {event: information_returned, same: agency}
    who: agency
    source: {section: Rapid Review}
  - id: terms
    kind: step
    title: The terms of reference are written
    stage: review
    when: {decision: local_review}
    met_by: {event: terms_of_reference}
    binding: should
    source: {section: Review}
  - id: quorum
    kind: attendance
    title: The police and the surgery are there
    stage: review
    for_each: {meeting: oversight_group}
    present: [{kind: police}, {kind: gp}]
    source: {section: Review}
"""  # noqa: E501
BASE = """\
schema: cspr.case/1
case: TS-2026-01
partnership: testshire
children:
  - {id: child_1, outcome: seriously_harmed, looked_after: no, care_leaver: no}
incident: {date: 2026-03-02, area: testshire, residence: testshire, abuse_or_neglect: suspected}
agencies:
  police: {involved: yes}
  gp: {involved: no}
people:
  p1: {agency: police}
  p2: {agency: gp}
events:
  - {type: aware, by: local_authority, date: 2026-03-03}
  - {type: information_requested, agency: police, date: 2026-03-10}
meetings:
  - {id: m1, body: oversight_group, date: 2026-03-12, attended: [p2], substitutes: []}
"""
# Asked on Tuesday 10 March 2026: 11, 12, 13 (3); weekend; 16, 17, 18, 19 (7): Thursday 19 March.
DUE = "2026-03-19"
HEAD = "schema: cspr.scenario/1\ntitle: A title\nbase: base/case.yaml\n"
RETURN = "requirement: testshire.information_return, subject: police"
GOOD = f"""\
expect:
  - {{{RETURN}, as_of: 2026-03-19, status: upcoming, due: 2026-03-19, because: The seventh day}}
"""
PROJECT = """\
[project]
name = "cspr-testshire"

[project.entry-points.cspr]
testshire = "cspr_testshire"
"""
PAGE = "| passage | where |\n|---|---|\n| all | `information_return`, `terms`, `quorum` |\n"


@dataclass(frozen=True)
class Area:
    """The folder of a plugin, and its parts."""

    folder: Path

    @property
    def arrangements(self) -> Path:
        return self.folder / "cspr_testshire" / "arrangements.yaml"

    @property
    def scenarios(self) -> Path:
        return self.folder / "scenarios"

    @property
    def base(self) -> Path:
        return self.scenarios / "base" / "case.yaml"

    def scenario(self, rest: str = GOOD, name: str = "one") -> Path:
        """A scenario file of three lines and `rest`."""
        path = self.scenarios / f"{name}.yaml"
        path.write_text(HEAD + dedent(rest), encoding="utf-8")
        return path

    def change(self, old: str, new: str) -> None:
        """Other arrangements."""
        text = self.arrangements.read_text("utf-8")
        assert old in text
        self.arrangements.write_text(text.replace(old, new), encoding="utf-8")


def make(folder: Path) -> Area:
    """The plugin, in `folder`, with one scenario that holds."""
    area = Area(folder)
    area.base.parent.mkdir(parents=True)
    area.arrangements.parent.mkdir()
    area.arrangements.write_text(ARRANGEMENTS, encoding="utf-8")
    (area.arrangements.parent / "__init__.py").write_text('"""Testshire."""\n', encoding="utf-8")
    area.base.write_text(BASE, encoding="utf-8")
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (folder / "COVERAGE.md").write_text(PAGE, encoding="utf-8")
    area.scenario()
    return area
