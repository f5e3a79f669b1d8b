"""The impact of a change: a caseload's findings under both versions, compared part by part.

Each version is a run of its own (`caseload.running`). Then each partition's two files of findings
are held against each other, and what differs is summed. Nothing grows with the caseload but what
lies in the folder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cspr_core.caseload.partition import Job, Outcome, rules_of
from cspr_core.caseload.running import Progress, run
from cspr_core.caseload.sources import Partition
from cspr_core.comparing.changes import Aspect
from cspr_core.impact.differing import write_differences
from cspr_core.impact.explaining import Explainer
from cspr_core.impact.result import Change, Group, Impact
from cspr_core.impact.sides import Sides
from cspr_core.impact.summing import summed
from cspr_core.reading.problems import Problem, in_order


@dataclass(frozen=True)
class Caseload:
    """What is asked over which cases: partitions, the day (`job`), and how to run over them.

    `folder` is this run's own: what stands in it holds references of cases. `lost` is what was
    named and is not there.
    """

    parts: Sequence[Partition]
    job: Job
    folder: Path
    lost: tuple[Problem, ...] = ()
    processes: int | None = None
    cluster: str | None = None
    progress: Progress | None = None


@dataclass(frozen=True)
class Computed:
    """An impact; what neither version could use; and the files that are no cases."""

    impact: Impact
    unread: tuple[Problem, ...]
    passed_over: tuple[tuple[str, str], ...]


def impact_of(sides: Sides, caseload: Caseload, examples: int) -> Computed:
    """What the change from one version to the other does to a caseload.

    Each change comes with up to `examples` cases. Raises `BadInput` for national provisions that
    an area's plugin does not go with, and what `caseload.running.run` raises.
    """
    sides.refuse_broken()
    folder = caseload.folder
    jobs = sides.jobs(caseload.job, folder / "rules")
    runs = [_run(caseload, job, folder / f"findings-{n}", n) for n, job in enumerate(jobs)]
    pairs = list(zip(*runs, strict=True))
    files, areas = [], Counter[str]()
    for old, new in pairs:
        out = folder / f"differences-{old.number}.parquet"
        areas.update(write_differences(old.result, new.result, out, sides.renamed))
        files.append(out)
        for outcome in (old, new):
            outcome.result.unlink()  # the next ones need the room
    found = summed(files, folder, examples)
    changes = tuple(_change(sides, jobs, group) for group in found.groups)
    explainer = Explainer(caseload.parts, *jobs)
    was, now = (_problems(outcomes) | {*caseload.lost} for outcomes in runs)
    impact = Impact(
        sides.difference,
        caseload.job.as_of,
        dict(sorted(areas.items())),
        _others(runs[1]),
        tuple(dict.fromkeys(note for outcome in runs[1] for note in outcome.notes)),
        len(was & now),
        tuple(str(problem) for problem in in_order(now - was)),
        tuple(str(problem) for problem in in_order(was - now)),
        changes,
        found.touched,
        found.changed,
        found.lost,
        explainer.explained(changes[0]) if changes else None,
    )
    passed_over = dict.fromkeys(each for outcome in runs[1] for each in outcome.passed_over)
    return Computed(impact, in_order(was & now), tuple(passed_over))


def _run(caseload: Caseload, job: Job, folder: Path, before: int) -> list[Outcome]:
    """The outcomes under one version, after as many runs before."""
    parts, tell = caseload.parts, caseload.progress

    def progress(cases: int, done: int) -> None:
        if tell is not None:
            tell(cases, before * len(parts) + done)

    return list(
        run(
            parts,
            job,
            folder,
            processes=caseload.processes,
            cluster=caseload.cluster,
            progress=progress,
        )
    )


def _problems(outcomes: Sequence[Outcome]) -> set[Problem]:
    return {problem for outcome in outcomes for problem in outcome.problems}


def _others(outcomes: Sequence[Outcome]) -> Mapping[str, int]:
    """The cases of areas that are not compared."""
    counts = Counter[str]()
    for outcome in outcomes:
        counts.update(dict(outcome.others))
    return dict(sorted(counts.items()))


# --- changes ------------------------------------------------------------------------------------


def _change(sides: Sides, jobs: tuple[Job, Job], group: Group) -> Change:
    area = next(iter(group.areas))
    old, new = (rules_of(area, job).by_id.get(group.requirement) for job in jobs)
    lowered = new or old
    title = group.requirement if lowered is None else lowered.requirement.title
    own = next((o for o in sides.difference.requirements if o.id == group.requirement), None)
    rule: list[str] = []
    if own is not None:
        rule += [_words(aspect) for aspect in own.aspects if aspect.name != "wording"]
        rule = rule or [own.change]
    rule += [one.words for one in sides.difference.redated if group.requirement in one.requirements]
    return Change(group, title, None if own is None else own.renamed_from, tuple(rule))


def _words(aspect: Aspect) -> str:
    """A clause on what is new in a rule."""
    if aspect.was and aspect.now and aspect.was != aspect.now:
        return f"“{aspect.was}” became “{aspect.now}”"
    return aspect.words
