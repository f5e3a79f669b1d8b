"""Judging every mutant of an area, on as many processors as there are, in the file's order.

Each worker reads the area and its scenarios for itself and is told only the numbers of mutants:
which change is meant by a number is the same everywhere. Workers are started afresh (`spawn`), so
that it runs alike on every system.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cspr_core.mutation.judging import Judge, Verdict, shown
from cspr_core.mutation.mutants import Mutant, mutants
from cspr_core.mutation.result import Judged, MutationResult
from cspr_core.processes import Processes
from cspr_core.reading.problems import BadInput, Problem
from cspr_core.testing.suites import Suite, suite_of

Progress = Callable[[int, int], None]
Failing = tuple[tuple[str, int], ...]  # scenarios' expectations: the file, and which
_AT_ONCE = 12  # mutants that a worker takes on at a time
_WORTH_A_WORKER = 60  # fewer mutants are judged sooner than workers are started


def mutate(
    suite: Suite,
    *,
    only: Collection[str] | None = None,
    operators: Collection[str] | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> MutationResult:
    """Judge each mutant of a suite's arrangements, or of these requirements and operators alone.

    `jobs` is the number of processes (all processors without it), `progress` is told how many
    mutants are judged, of how many. Expectations that do not hold as the arrangements are notice
    nothing: they are left out, and named in the result. Raises `BadInput` where the arrangements
    or a scenario can't be read.
    """
    made = mutants(suite, only, operators)
    jobs = jobs or os.cpu_count() or 1
    if jobs == 1 or len(made.found) < _WORTH_A_WORKER:
        shares = _alone(suite, made.found, only)
    else:
        shares = _in_workers(suite, len(made.found), jobs, only, operators)
    verdicts: dict[int, Verdict] = {}
    failing: Failing = ()
    if progress is not None:
        progress(0, len(made.found))
    for share in shares:
        if share.problems:
            raise BadInput(share.problems)
        failing = share.failing
        verdicts.update(share.verdicts)
        if progress is not None and share.verdicts:
            progress(len(verdicts), len(made.found))
    return MutationResult(
        suite.area,
        shown(suite.arrangements),
        tuple(Judged(mutant, verdicts[i]) for i, mutant in enumerate(made.found)),
        made.invalid,
        failing,
    )


@dataclass(frozen=True)
class Share:
    """Some mutants' verdicts by their numbers, and what there is to say of the scenarios.

    `problems`: why nothing could be judged (an error's own fields do not cross processes).
    """

    verdicts: Mapping[int, Verdict] = field(default_factory=dict)
    failing: Failing = ()
    problems: tuple[Problem, ...] = ()


def _alone(suite: Suite, found: Sequence[Mutant], only: Collection[str] | None) -> Iterator[Share]:
    """All in this process, one by one; the scenarios are told of even where there is no mutant."""
    judge = Judge(suite, only)
    yield Share(failing=judge.failing)
    for number, mutant in enumerate(found):
        yield Share({number: judge(mutant)}, judge.failing)


# --- workers --------------------------------------------------------------------------------------

# Of a worker: what it judges with and what it judges, or why it can't.
_here: list[tuple[Judge, Sequence[Mutant]] | BadInput] = []


def start(
    where: tuple[str, Path | None], only: Collection[str] | None, operators: Collection[str] | None
) -> None:
    """Make a worker ready: `where` are the arguments with which it finds the suite."""
    try:
        suite = suite_of(*where)
        _here[:] = [(Judge(suite, only), mutants(suite, only, operators).found)]
    except BadInput as error:
        _here[:] = [error]


def judged(numbers: Sequence[int]) -> Share:
    """What became of the mutants of these numbers, in a worker that was made ready."""
    here = _here[0]
    if isinstance(here, BadInput):
        return Share(problems=here.problems)
    judge, found = here
    return Share({number: judge(found[number]) for number in numbers}, judge.failing)


def _in_workers(
    suite: Suite,
    count: int,
    jobs: int,
    only: Collection[str] | None,
    operators: Collection[str] | None,
) -> Iterator[Share]:
    shares = [range(start, min(start + _AT_ONCE, count)) for start in range(0, count, _AT_ONCE)]
    workers = min(jobs, len(shares))
    with Processes(workers, start, suite.again, only, operators) as pool:
        yield from pool.map(judged, shares)
