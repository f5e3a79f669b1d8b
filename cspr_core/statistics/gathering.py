"""From a caseload's findings to a tally: those of a run, partition by partition, or of a file.

What was checked, and how, is `cspr_core.caseload`'s business; what may be shown of the tally is
`measures`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from cspr_core.caseload.answers import FINDINGS
from cspr_core.caseload.partition import Job, Outcome
from cspr_core.caseload.sources import Partition
from cspr_core.statistics.catalogue import Catalogue, catalogue_of
from cspr_core.statistics.findings_file import FindingsFile, areas_of, parts
from cspr_core.statistics.kinds import kinds_of, named_by_kind
from cspr_core.statistics.outcomes import ALL
from cspr_core.statistics.tally import NOTHING, Tally, merged, tally_of


class Gathered(NamedTuple):
    """A caseload counted: its tally, what its requirements are called, and notes on both."""

    tally: Tally
    catalogue: Catalogue
    as_of: date
    notes: tuple[str, ...]

    @property
    def cases(self) -> int:
        """How many cases were counted."""
        return self.tally.get(ALL, NOTHING).cases["all"]


def of_outcomes(partitions: Sequence[Partition], outcomes: Sequence[Outcome], job: Job) -> Gathered:
    """Count the findings of a run, a partition at a time.

    Raises `BadInput` for arrangements that can't be read.
    """
    areas = {area for outcome in outcomes for area, _ in outcome.areas}
    catalogue = catalogue_of(areas, job.plugins)
    by_number = {partition.number: partition for partition in partitions}
    tally = merged(
        _counted(outcome, by_number[outcome.number], job.as_of, catalogue)
        for outcome in outcomes
        if outcome.cases
    )
    told = dict.fromkeys(note for outcome in outcomes for note in outcome.notes)
    return Gathered(tally, catalogue, job.as_of, (*told, *_notes(catalogue, tally)))


def of_findings(files: Sequence[FindingsFile], directory: Path | None = None) -> Gathered:
    """Count the findings that `cspr check --format parquet` wrote, so many cases at a time.

    Plugins are read from `directory` first. Raises `BadInput` for a file that can't be read, or
    can't be counted.
    """
    catalogue = catalogue_of(areas_of(files), directory)
    as_of = files[0].as_of
    tally = merged(tally_of(part, as_of, catalogue, named_by_kind) for part in parts(files))
    return Gathered(tally, catalogue, as_of, tuple(_notes(catalogue, tally)))


def _counted(outcome: Outcome, partition: Partition, as_of: date, catalogue: Catalogue) -> Tally:
    import pyarrow.parquet as pq  # noqa: PLC0415  (heavy, and only caseloads need it)

    findings = pq.read_table(outcome.result, columns=list(FINDINGS))
    return tally_of(findings, as_of, catalogue, kinds_of(partition))


def _notes(catalogue: Catalogue, tally: Tally) -> Iterator[str]:
    for area in catalogue.unread:
        yield (
            f"The arrangements of {area} are not at hand: its own requirements stand here by their"
            " ids, are not counted by agency, and advice is counted with the rest."
        )
    known = catalogue.requirements
    strange = {key.requirement for key in tally if key.requirement and key.requirement not in known}
    if strange and not catalogue.unread:
        one = len(strange) == 1
        their = (
            "it stands here by its id, and is" if one else "they stand here by their ids, and are"
        )
        yield (
            f"{len(strange):,} of the requirements {'is' if one else 'are'} not in the arrangements"
            f" at hand, which may be of another version: {their} not counted by agency."
        )
