"""One case of a change, under both versions: what each says, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cspr_core.caseload.columns import CaseFacts
from cspr_core.caseload.one_case import Found, check_stored, find
from cspr_core.caseload.partition import Job, rules_of
from cspr_core.caseload.sources import Partition
from cspr_core.check import Checked, check_facts, facts_for
from cspr_core.impact.result import Change, Example, Explained, Told
from cspr_core.reading.case import check_case
from cspr_core.reading.problems import BadInput
from cspr_core.report.findings import WITHOUT_DUE, report_of
from cspr_core.report.timetable import counted_words
from cspr_core.report.words import Words


@dataclass(frozen=True)
class Explainer:
    """Explains a change over a caseload: its partitions, and the job under each version."""

    parts: Sequence[Partition]
    old: Job
    new: Job

    def explained(self, change: Change) -> Explained | None:
        """The first example of a change, checked anew; nothing where it is there no more."""
        example = change.group.examples[0]
        for found in find(self.parts, {example.case}):
            if isinstance(found, Found) and _partnership(found) == example.partnership:
                return self._explained(change, example, found)
        return None

    def _explained(self, change: Change, example: Example, found: Found) -> Explained | None:
        requirement = change.group.requirement
        try:
            old = _told(found, self.old, change.renamed_from or requirement, example)
            return Explained(change, example, old, _told(found, self.new, requirement, example))
        except BadInput:
            return None  # it has been written to since


def _partnership(found: Found) -> str:
    said = found.said
    return said.partnership if isinstance(said, CaseFacts) else str(said.data.get("partnership"))


def _told(found: Found, job: Job, requirement: str, example: Example) -> Told | None:
    checked = _checked(found, job, example.partnership)
    for finding in report_of(checked).findings:
        subject = None if finding.subject is None else finding.subject.id
        if (finding.requirement, subject) == (requirement, example.subject):
            limit = checked.limits.details.get((requirement, subject or ""))
            if limit is None or finding.status in WITHOUT_DUE:
                return Told(finding, None)
            return Told(finding, counted_words(Words(checked.rules), limit))
    return None


def _checked(found: Found, job: Job, area: str) -> Checked:
    if isinstance(found.said, CaseFacts):
        return check_stored(found.said, found.path, job)
    casefile, rules = check_case(found.said, today=job.today), rules_of(area, job)
    return check_facts(casefile, rules, job.as_of, facts_for(casefile, rules, job.as_of))
