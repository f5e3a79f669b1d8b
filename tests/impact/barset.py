"""The made-up area of these tests: its arrangements, cases of it, and the impact of a change."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from cspr_core.caseload.partition import Job
from cspr_core.caseload.running import Progress
from cspr_core.caseload.sources import partitions
from cspr_core.comparing.versions import read_versions
from cspr_core.impact.computing import Caseload, Computed, impact_of
from cspr_core.impact.sides import Sides
from tests.builders import replaced

BARSET = """\
schema: cspr.arrangements/1
partnership: barset
name: Barset Safeguarding Partnership
covers:
  - {document: Made-up Guide, dated: 2024-01, in_force_from: 2024-01-01, checked: 2026-01-10, stages: [review]}
not_covered: [Nothing is said of the press.]
requirements:
  - id: notice
    kind: deadline
    title: The Panel has the report before publication
    stage: publication
    before: {n: 14, unit: days, of: {event: publication}}
    met_by: {event: report_sent, to: panel}
    who: business_office
    binding: must
    source: {section: Publication}
    reading: Calendar days.
  - id: one_event
    kind: count
    title: There is one practitioner event
    stage: review
    of: {event: practitioner_event}
    min: 1
    max: 1
    source: {section: Events}
  - id: letter
    kind: deadline
    title: The family has a letter
    stage: referral
    within: {n: 5, unit: days, of: {event: aware}}
    met_by: {event: family_letter}
    source: {section: Family}
  - id: genogram
    kind: step
    title: A genogram is drawn
    stage: review
    binding: should
    source: {section: Review}
"""  # noqa: E501
# The events begin in the eighth line.
_CASE = """\
schema: cspr.case/1
case: {case}
partnership: barset
children: [{{id: child_1, outcome: died}}]
incident: {{date: 2026-01-05, area: barset, residence: barset, abuse_or_neglect: suspected}}
events:
  - {{type: aware, by: local_authority, date: 2026-01-06}}
"""
AS_OF = date(2026, 6, 1)  # a Monday

Replaced = tuple[str, str]


def write_plugin(folder: Path, *changes: Replaced) -> None:
    """Barset's arrangements in a folder, with some texts replaced."""
    folder.mkdir(exist_ok=True)
    (folder / "arrangements.yaml").write_text(replaced(BARSET, *changes), "utf-8")


def write_case(folder: Path, name: str, *events: str, more: str = "") -> Path:
    """A case file with some events (each as in YAML), and lines after them."""
    folder.mkdir(exist_ok=True)
    text = _CASE.format(case=name) + "".join(f"  - {{{event}}}\n" for event in events) + more
    path = folder / f"{name}.yaml"
    path.write_text(text, "utf-8")
    return path


def impact(
    folder: Path,
    cases: Mapping[str, Sequence[str]],
    *changes: Replaced,
    progress: Progress | None = None,
) -> Computed:
    """What some changes of Barset's text do to cases, given by their events."""
    write_plugin(folder / "old")
    write_plugin(folder / "new", *changes)
    for name, events in cases.items():
        write_case(folder / "cases", name, *events)
    sides = Sides(*read_versions("old", "new", None, folder), None)
    (folder / "run").mkdir()
    parts = partitions([str(folder / "cases")])
    caseload = Caseload(parts, Job(AS_OF), folder / "run", processes=1, progress=progress)
    return impact_of(sides, caseload, 3)
