"""What is due over a caseload: each partition's part of the list that `report.due` makes.

Case files and lines are checked one by one, as always. Of stored facts the table engine answers
all cases first; those in which something is to be done by a day are then checked one by one for
the words of the list, the others are only counted.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

from cspr_core.caseload.answers import answers
from cspr_core.caseload.columns import CASE, PARTNERSHIP, rows_of
from cspr_core.caseload.errors import CaseloadError
from cspr_core.caseload.one_case import check_stored, document_of, lines_of
from cspr_core.caseload.partition import Job, left_out, rules_of
from cspr_core.caseload.results import connection
from cspr_core.caseload.sources import Partition
from cspr_core.caseload.store import open_facts, unreadable
from cspr_core.check import EnginesDifferError, Rules
from cspr_core.plugins import PluginError
from cspr_core.processes import Processes
from cspr_core.reading.problems import START, BadInput, Problem
from cspr_core.report.due import (
    NO_TASK,
    CaseCount,
    Found,
    Gathered,
    Stands,
    find_cases,
    gather,
    until_of,
)

if TYPE_CHECKING:
    import pyarrow as pa


class Wanted(NamedTuple):
    """What is asked of every partition: `days` working days ahead, of one area or of all."""

    job: Job
    days: int
    area: str | None = None


def gathered_from_all(
    parts: Sequence[Partition],
    wanted: Wanted,
    processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Gathered]:
    """Every partition's part of the list, in their order, from several processes.

    `progress` is called with the cases and the partitions that are done. Raises `CaseloadError`
    where a process dies.
    """
    number = min(processes or os.cpu_count() or 1, len(parts))
    done: list[Gathered] = []

    def take(part: Gathered) -> None:
        done.append(part)
        if progress is not None:
            progress(sum(len(each.places) for each in done), len(done))

    if number <= 1:
        for part in parts:
            take(gathered_from(part, wanted))
        return done
    with Processes(number) as pool:
        try:
            for gathered in pool.map(gathered_from, parts, repeat(wanted)):
                take(gathered)
        except BrokenProcessPool as error:
            raise CaseloadError(
                "A process that read cases was ended from outside, and the list would not be"
                " whole. Call the command again, with fewer --processes if memory is short."
            ) from error
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return done


def gathered_from(part: Partition, wanted: Wanted) -> Gathered:
    """A partition's part of the list; what can't be used is among its problems."""
    job = wanted.job
    gathered = Gathered(until_of(job.as_of, wanted.days)[1])
    if part.kind == "facts":
        _add_stored(part, wanted, gathered)
        return gathered
    found = find_cases(part.paths) if part.kind == "files" else _in_lines(part)
    gather(found, gathered, job.as_of, today=job.today, directory=job.plugins, area=wanted.area)
    return gathered


def _in_lines(part: Partition) -> Found:
    found = Found()
    path = part.paths[0]
    try:
        for number, content in lines_of(part):
            try:
                document = document_of(content, number, path)
            except BadInput as error:
                found.problems += error.problems
                found.not_used += 1
            else:
                found.documents += [] if document is None else [document]
    except OSError as error:
        found.problems.append(Problem(str(path), *START, *unreadable(error)))
        found.not_used += 1
    return found


def _add_stored(part: Partition, wanted: Wanted, gathered: Gathered) -> None:
    try:
        file = open_facts(part.paths[0])
    except BadInput as error:
        gathered.problems += [str(problem) for problem in error.problems]
        gathered.not_used += 1
        return
    first = sum(file.sizes[: part.start])
    for group in range(part.start, part.stop):
        try:
            facts, problems, rows = file.read_part(group)
        except BadInput as error:
            gathered.problems += [str(problem) for problem in error.problems]
            gathered.not_used += file.sizes[group]
        else:
            gathered.problems += [str(problem) for problem in problems]
            gathered.not_used += file.sizes[group] - facts.num_rows
            areas = list(zip(facts.column(PARTNERSHIP).to_pylist(), rows.tolist(), strict=True))
            for area in sorted({area for area, _ in areas}):
                if wanted.area in (None, area):
                    own = [first + row + 1 for its, row in areas if its == area]
                    _add_area(part, wanted, gathered, _of(facts, PARTNERSHIP, area), own)
        first += file.sizes[group]


def _add_area(
    part: Partition, wanted: Wanted, gathered: Gathered, facts: pa.Table, rows: Sequence[int]
) -> None:
    """The cases of one area, in their order, which stand in these rows."""
    path, job = part.paths[0], wanted.job
    before = len(gathered.places)
    try:
        rules = rules_of(facts.column(PARTNERSHIP)[0].as_py(), job)
        counts = _counted(answers(facts, rules, job.as_of), rules, job)
        times = Counter(facts.column(CASE).to_pylist())
        for row, one in zip(rows, rows_of(facts), strict=True):
            count = counts[one.case]
            if count.dated or times[one.case] > 1:  # whose counts are those of both
                gathered.add(check_stored(one, path, job), row)
            else:
                area = rules.plugin.area
                gathered.places.append(Stands(area, one.case, str(path), START.line, row))
                gathered.undated += count.undated
                gathered.wrong = gathered.wrong or count.wrong
                if count.breached:
                    of_case = CaseCount(case=one.case, file=str(path), n=count.breached)
                    gathered.breached.append(of_case)
    except (PluginError, EnginesDifferError) as error:
        done = len(gathered.places) - before
        lost, example = facts.num_rows - done, facts.column(CASE)[done].as_py()
        what, _, remedy = str(error).partition(". ")
        told = Problem(str(path), *START, what + left_out(lost, example), remedy.rstrip("."))
        gathered.problems.append(str(told))
        gathered.not_used += lost


def _of(facts: pa.Table, name: str, value: str) -> pa.Table:
    import pyarrow.compute as pc  # noqa: PLC0415  (heavy, and only caseloads need it)

    return facts.filter(pc.equal(facts.column(name), value))


class _Count(NamedTuple):
    """Of one case: whether something to do has a day, and what is only counted."""

    dated: bool
    undated: int
    breached: int
    wrong: bool


_COUNTS = """
    SELECT "case",
           coalesce(bool_or(task AND status <> 'breached' AND due IS NOT NULL), false),
           count(*) FILTER (task AND status NOT IN ('breached', 'excused') AND due IS NULL),
           count(*) FILTER (status = 'breached' AND binding = 'must'),
           coalesce(bool_or(binding = 'must' AND (status IN ('overdue', 'breached')
                            OR (status = 'undetermined' AND due < ?))), false)
    FROM (SELECT *, requirement NOT IN (SELECT unnest(?)) AS task FROM findings)
    WHERE status IN ('upcoming', 'overdue', 'undetermined', 'excused', 'breached')
    GROUP BY ALL
"""


def _counted(findings: pa.Table, rules: Rules, job: Job) -> dict[str, _Count]:
    """What the answers to all cases count up to, by case."""
    counts = dict.fromkeys(findings.column(CASE).unique().to_pylist(), _Count(False, 0, 0, False))
    counts.update(_asked(findings, rules, job))
    return counts


def _asked(findings: pa.Table, rules: Rules, job: Job) -> Iterator[tuple[str, _Count]]:
    no_task = [
        lowered.requirement.id
        for lowered in rules.lowered
        if lowered.requirement.kind_name in NO_TASK
    ]
    with connection() as asked:
        asked.from_arrow(findings).create_view("findings")
        for case, *counts in asked.execute(_COUNTS, [job.as_of, no_task]).fetchall():
            yield case, _Count(*counts)
