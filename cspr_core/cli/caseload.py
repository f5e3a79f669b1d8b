"""Many cases at once, for `cspr check` and `cspr due`: what is read, how far it is, what is told.

No command of its own: the commands' modules import it once they are asked for a folder, a pattern,
or a file of many cases. What is checked, where and how is `cspr_core.caseload`'s business.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from cspr_core.cli import errors, formats, output
from cspr_core.cli.checking import ROWS, How, Result, check_casefile, format_of_few
from cspr_core.cli.errors import CommandError

if TYPE_CHECKING:
    from cspr_core.caseload.one_case import Found
    from cspr_core.caseload.partition import Job, Outcome
    from cspr_core.caseload.results import Made, Summary
    from cspr_core.caseload.sources import Partition, Taken
    from cspr_core.check import Checked
    from cspr_core.reading.problems import BadInput, Problem
    from cspr_core.report.due import DueList

PAGES = ("table", "json", "markdown")
_FOR_ONE = {"html": "A page is made for one case: add --case REF."}
_MOST = 50  # lines about files on the screen: more than that nobody reads there
_KINDS = 10
_DUE_FILES = 100  # case files of a partition, of which each is checked whole
_NAMED = 10  # requirements and cases that a summary names
_ENOUGH = 65_536  # bytes: what a file says of itself stands at its beginning, or at its end
_INPUTS = (b"cspr.case/", b"cspr.facts/", b"cspr.arrangements/", b"cspr.scenario/")


class Asked(NamedTuple):
    """A caseload as somebody asked for it."""

    given: Sequence[Path]
    as_of: str | None = None
    partnership: str | None = None
    plugins: Path | None = None
    processes: int | None = None
    cluster: str | None = None
    errors: Path | None = None
    out: Path | None = None


def format_of(form: str | None, out: Path | None) -> str:
    """The format asked for, or that of the file's ending; raises `CommandError`."""
    form = formats.format_of(form, out, (*PAGES, *ROWS), instead=_FOR_ONE)
    if form in ROWS and out is None:
        raise CommandError(f"--format {form}: this is written to a file. Name it with --out FILE.")
    return form


def format_of_named(form: str | None, out: Path | None) -> str:
    """As `format_of`, for reports of cases that `--case` names; raises `CommandError`."""
    if (asked := form or formats.chosen_by(out)) in ROWS:
        raise CommandError(
            f"--case gives a case's report, and {asked} is for rows of many cases. Use table, json,"
            " markdown or html, or leave --case out."
        )
    return format_of_few(form, out)


def check_many(asked: Asked, form: str | None, *, everything: bool) -> int:
    """Check a caseload, tell what is wrong with its files, and give its result; the exit status.

    Raises `CommandError`, `BadInput` or `OutputError` where nothing can be given at all.
    """
    form = format_of(form, asked.out)
    with needed(), working_folder(asked) as folder:
        from cspr_core.caseload.results import summary_of

        checked = checked_all(asked, folder)
        if checked is None:
            return errors.BAD
        outcomes, job = checked.outcomes, checked.job
        most = None if everything else _NAMED
        summary = summary_of(outcomes, checked.made, title=_title_of(job), most=most)
        if form in ROWS and asked.out is not None:
            _write_rows(outcomes, form, summary, asked.out)
            _told(summary, asked.out)
        else:
            output.emit(_page(summary, form, asked.out), asked.out)
        if checked.problems or summary.not_used:
            return errors.BAD
        return int(summary.wrong)


class CheckedAll(NamedTuple):
    """A caseload that was checked, what made it, and whether it has problems, which are told."""

    parts: Sequence[Partition]
    job: Job
    outcomes: Sequence[Outcome]
    made: Made
    problems: bool


def checked_all(asked: Asked, folder: Path) -> CheckedAll | None:
    """Check a caseload with its results in `folder`, and tell what is wrong with its files.

    Gives nothing where no case of it could be used and all is told. Raises `CommandError`,
    `CaseloadError` or `BadInput` where nothing can be given at all.
    """
    from cspr_core.caseload.running import run

    parts, job, lost, beside = prepared(asked)
    with progress(len(parts)) as tell:
        outcomes = list(
            run(
                parts,
                job,
                folder,
                processes=asked.processes,
                cluster=asked.cluster,
                progress=tell,
            )
        )
    problems = [*lost, *(each for outcome in outcomes for each in outcome.problems)]
    tell_problems([str(problem) for problem in problems], asked.errors)
    tell_passed_over([*beside, *(each for one in outcomes for each in one.passed_over)])
    if not any(outcome.cases for outcome in outcomes):
        if problems:
            return None
        raise CommandError("There is no case in what was named. Name files or folders of cases.")
    from cspr_core.reading.case_files import not_looked_at

    made = _made(parts, outcomes, job, lost=len(lost))
    made = made._replace(notes=not_looked_at([file for file, _ in beside]))
    return CheckedAll(parts, job, outcomes, made, bool(problems))


def check_named(asked: Asked, wanted: Sequence[str], form: str) -> tuple[list[Result], bool]:
    """The reports of these cases in the order asked for, and whether one could not be given.

    What is wrong is told on stderr. Raises `CommandError` for a format that needs a case file.
    """
    if asked.out is not None:
        refuse_input(asked.out, asked.given)
    with needed():
        from cspr_core.caseload.one_case import Found, find
        from cspr_core.report.findings import report_of

        parts, job, problems, beside = prepared(asked)
        how = How(job.as_of, job.today, job.partnership, job.plugins)
        results: list[Result] = []
        told: set[str] = set()
        places: dict[str, list[Path]] = {reference: [] for reference in wanted}
        for found in find(parts, places):
            try:
                checked = _check_found(found, how, job, form)
                results.append((checked, report_of(checked)))
            except errors.expected() as error:
                errors.complain(error, told)
            if isinstance(found, Found):
                places[found.case].append(found.path)
    lines = [*map(str, problems), *_about_places(places)]
    tell_passed_over(beside)
    for line in lines:
        output.note(line)
    order = {reference: number for number, reference in enumerate(places)}
    results.sort(key=lambda result: order[result[1].case])
    return results, bool(told or lines)


def list_due(asked: Asked, days: int, area: str | None) -> tuple[DueList, tuple[str, ...]]:
    """What is due over a caseload, and a line for each problem; raises as `check_many`."""
    with needed():
        from cspr_core.caseload.due import Wanted, gathered_from_all
        from cspr_core.report.due import Gathered, Skipped, joined, until_of

        parts, job, problems, beside = prepared(asked, size=_DUE_FILES)
        with progress(len(parts)) as tell:
            wanted = Wanted(job, days, area)
            gathered = gathered_from_all(parts, wanted, asked.processes, tell)
        passed_over = Gathered(
            until_of(job.as_of, days)[1],
            skipped=[Skipped(file=file, why=why) for file, why in beside],
        )
        found, refused = joined([passed_over, *gathered], job.as_of, days, lost=len(problems))
        return found, (*map(str, problems), *refused)


def _check_found(found: Found | BadInput, how: How, job: Job, form: str) -> Checked:
    from cspr_core.caseload.one_case import Found, check_stored
    from cspr_core.reading.case import check_case
    from cspr_core.reading.document import Document

    if not isinstance(found, Found):
        raise found
    if isinstance(found.said, Document):
        return check_casefile(check_case(found.said, today=how.today), how)
    if form == "html":
        raise CommandError(
            f"--format html: its timeline needs a case file, and {found.case} stands in"
            f" {found.path} as facts alone. Use table, json or markdown."
        )
    return check_stored(found.said, found.path, job)


def _about_places(places: Mapping[str, Sequence[Path]]) -> Iterator[str]:
    """A line for each case asked for that stands nowhere, or more than once."""
    for case, paths in places.items():
        if not paths:
            yield (
                f"cspr: --case {case}: no case of this reference could be read in what was named."
                " Check the reference, and the folder or file."
            )
        elif len(paths) > 1:
            named = ", ".join(map(str, paths))
            yield (
                f"cspr: --case {case}: this case stands {len(paths)} times ({named}), and each has"
                " its report. Keep one of them."
            )


# --- what is asked for --------------------------------------------------------------------------


@contextmanager
def needed() -> Iterator[None]:
    """Say in one line what has to be installed, and what a whole caseload stopped at."""
    from cspr_core.caseload.errors import CaseloadError

    try:
        yield
    except CaseloadError as error:
        raise CommandError(str(error)) from error
    except ModuleNotFoundError as error:
        extra = "cluster" if error.name in ("dask", "distributed") else "caseload"
        if error.name not in ("pyarrow", "duckdb", "numpy", "dask", "distributed"):
            raise
        raise CommandError(
            f"Many cases at once need {error.name}, which is not installed. Install"
            f" `cspr[{extra}]`, or name case files one by one."
        ) from error


@contextmanager
def working_folder(asked: Asked) -> Iterator[Path]:
    """A folder for the partitions' results, readable by the owner only, and gone afterwards.

    It stands where the result is to stand, and so tells before the work whether there is room for
    one; on a cluster without a result in a file, in the present folder, which all have to see.
    Raises `CommandError`.
    """
    from cspr_core.caseload.store import unwritable

    place: Path | None = None
    if asked.out is not None:
        if asked.out.is_dir():
            raise CommandError(f"--out {asked.out}: this is a folder. Name a file in it.")
        refuse_input(asked.out, asked.given)
        place = Path(os.path.realpath(asked.out)).parent
        if asked.out.exists() and not stat.S_ISREG(asked.out.stat().st_mode):
            place = None  # a device or a pipe
    elif asked.cluster is not None:
        place = Path.cwd()
    try:
        made = tempfile.TemporaryDirectory(prefix=".cspr-", dir=place, ignore_cleanup_errors=True)
    except OSError as error:
        raise CommandError(str(unwritable(asked.out or place or Path(), error))) from error
    with made as name:
        yield Path(name)


def refuse_input(out: Path, given: Sequence[Path] = ()) -> None:
    """Refuse to write over what this run, or any other, reads; raises `CommandError`."""
    if out.is_file() and (any(_same(path, out) for path in given) or _holds_input(out)):
        raise CommandError(
            f"--out {out}: this file is one that cspr reads, and would be lost. Name another file."
        )


def _same(path: Path, out: Path) -> bool:
    return path.exists() and out.samefile(path)


def _holds_input(path: Path) -> bool:
    """Whether cases, facts, a plugin's file or somebody's identities stand there already."""
    with path.open("rb") as stream:
        ends = stream.read(_ENOUGH)
        stream.seek(max(0, stream.seek(0, os.SEEK_END) - _ENOUGH))
        ends += stream.read()
    return ".identities." in path.name or any(schema in ends for schema in _INPUTS)


class Prepared(NamedTuple):
    """A caseload's partitions, what is the same for all of them, and what could not be found.

    `passed_over`: files of many cases that stood in folders and are not taken, each with why.
    """

    parts: Sequence[Partition]
    job: Job
    problems: Sequence[Problem]
    passed_over: Sequence[tuple[str, str]]


def prepared(asked: Asked, *, size: int | None = None) -> Prepared:
    """The caseload cut into partitions (of at most `size` files), and how it is to be checked.

    Raises `BadInput` where nothing can be found or read at all, `CommandError` for a day that is
    not that of the facts.
    """
    from cspr_core.caseload.partition import Job
    from cspr_core.cli.options import as_of_day

    day, today = as_of_day(asked.as_of)
    (parts, passed_over), problems = _taken([str(path) for path in asked.given], size)
    stored = _day_of_facts(parts, None if asked.as_of is None else day)
    if stored is not None:
        day, today = stored, None
    job = Job(as_of=day, today=today, partnership=asked.partnership, plugins=asked.plugins)
    return Prepared(parts, job, problems, passed_over)


def _taken(given: Sequence[str], size: int | None) -> tuple[Taken, tuple[Problem, ...]]:
    """What can be found of what is given, and what can't; raises `BadInput` where nothing can."""
    from cspr_core.caseload.sources import FILES, taken
    from cspr_core.reading.problems import BadInput

    try:
        return taken(given, size=size or FILES), ()
    except BadInput as error:
        lost = {problem.file for problem in error.problems}
        rest = [text for text in given if str(Path(text)) not in lost]
        if not rest or len(rest) == len(given):
            raise
        return taken(rest, size=size or FILES), error.problems


def _day_of_facts(parts: Sequence[Partition], asked: date | None) -> date | None:
    """The day as of which stored facts stand, if there are any; raises `CommandError`."""
    from cspr_core.caseload.store import open_facts
    from cspr_core.reading.problems import BadInput

    days: dict[Path, date] = {}
    for path in dict.fromkeys(part.paths[0] for part in parts if part.kind == "facts"):
        with contextlib.suppress(BadInput):  # told when its partition is checked
            days[path] = open_facts(path).as_of
    for path, day in days.items():
        if asked is not None and day != asked:
            raise CommandError(
                f"--as-of {asked}: the facts in {path} stand as of {day}, and say nothing of"
                " another day. Leave --as-of out, or make the facts anew for that day."
            )
    if len(set(days.values())) > 1:
        named = ", ".join(f"{path} ({day})" for path, day in days.items())
        raise CommandError(
            f"These facts stand as of different days: {named}. Check the files of one day at a"
            " time."
        )
    return next(iter(days.values()), None)


# --- what is told -------------------------------------------------------------------------------


@contextmanager
def progress(parts: int) -> Iterator[Callable[[int, int], None] | None]:
    """Something to call with the cases and parts done: a line that moves, on a terminal only.

    Nothing is shown where standard output or standard error goes elsewhere.
    """
    if not (is_terminal(sys.stdout) and is_terminal(sys.stderr)):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    shown = Progress(
        TextColumn("Checking"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%  {task.fields[cases]:,} cases"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with shown:
        task = shown.add_task("", total=parts, cases=0)
        yield lambda cases, done: shown.update(task, completed=done, cases=cases)


def is_terminal(stream: IO[str]) -> bool:
    """Whether a line can move there: a terminal that is no dumb one."""
    try:
        return stream.isatty() and os.environ.get("TERM") != "dumb"
    except (AttributeError, ValueError):  # closed, or none at all
        return False


def tell_problems(lines: Sequence[str], every: Path | None = None) -> None:
    """The first problems on stderr, the others by kind; all of them in `every`, where named."""
    lines = list(dict.fromkeys(lines))
    for line in lines[:_MOST]:
        output.note(line)
    if every is not None:
        output.write_file(every, "".join(f"{line}\n" for line in lines))
    if len(lines) <= _MOST:
        return
    rest = lines[_MOST:]
    output.note(f"cspr: And {len(rest):,} more problems:")
    kinds = Counter(_kind(line) for line in rest).most_common()
    for kind, n in kinds[:_KINDS]:
        output.note(f"cspr: {n:,} times: {kind}")
    if len(kinds) > _KINDS:
        others = sum(n for _, n in kinds[_KINDS:])
        output.note(f"cspr: {others:,} times: something else")
    where = f"{every} holds all of them" if every else "`--errors FILE` writes all of them"
    output.note(f"cspr: {where}, one a line.")


def _kind(line: str) -> str:
    """A problem without its place, and without what it quotes."""
    import re

    _, _, said = re.sub(r":\d+:\d+: ", "\x00", line, count=1).rpartition("\x00")
    return re.sub(r"`[^`]*`|\d+", "…", said)


def tell_passed_over(files: Sequence[tuple[str, str]]) -> None:
    """The files of a folder that are no cases, in one line each while they are few."""
    for name, why in files[:_MOST]:
        output.note(f"{name}: skipped: {why}.")
    if len(files) > _MOST:
        output.note(f"cspr: And {len(files) - _MOST:,} more files that are no cases.")


# --- the result ---------------------------------------------------------------------------------


def _made(parts: Sequence[Partition], outcomes: Sequence[Outcome], job: Job, *, lost: int) -> Made:
    from cspr_core import __version__
    from cspr_core.caseload.partition import rules_of
    from cspr_core.caseload.results import Made

    versions = {"cspr": __version__}
    for area in sorted({area for outcome in outcomes for area, _ in outcome.areas}):
        rules = rules_of(area, job)
        versions["national"] = rules.nation.version
        versions[area] = rules.plugin.version
    passed_over = sum(len(outcome.passed_over) for outcome in outcomes)
    return Made(job.as_of, versions, lost + sum(map(_held, parts)) - passed_over)


def _held(part: Partition) -> int:
    """How many files, lines or rows a partition holds; 1 where that can't be found out."""
    from cspr_core.caseload.store import open_facts
    from cspr_core.reading.problems import BadInput

    if part.kind == "files":
        return len(part.paths)
    try:
        if part.kind == "facts":
            return sum(open_facts(part.paths[0]).sizes[part.start : part.stop])
        with part.paths[0].open("rb") as stream:
            stream.seek(part.start)
            lines = stream.read(part.stop - part.start).splitlines()
            return sum(bool(line.strip()) for line in lines)
    except (BadInput, OSError):
        return 1


def _title_of(job: Job) -> Callable[[str, str], str | None]:
    from cspr_core.caseload.partition import rules_of

    def title(area: str, requirement: str) -> str | None:
        lowered = rules_of(area, job).by_id.get(requirement)
        return None if lowered is None else lowered.requirement.title

    return title


def _write_rows(outcomes: Sequence[Outcome], form: str, summary: Summary, out: Path) -> None:
    from cspr_core.caseload.results import write_rows
    from cspr_core.caseload.store import told, whole_file

    place = Path(os.path.realpath(out))  # a link stays a link
    if out.exists() and not out.is_file():
        with told(out), out.open("wb") as stream:  # a device or a pipe can't be replaced
            write_rows(outcomes, stream, form, summary)
        return
    with whole_file(place) as stream, told(out):
        write_rows(outcomes, stream, form, summary)


def _told(summary: Summary, out: Path) -> None:
    """What was written, and what is missing from it, on stderr: the file can't say it."""
    from cspr_core.caseload.summary_page import amount_of

    line = (
        f"cspr: {out}: {amount_of(summary.answers, 'answer')} for"
        f" {amount_of(summary.cases, 'case')} as of {summary.as_of}."
    )
    if summary.cases_wrong:
        line += f" Overdue or breached: in {amount_of(summary.cases_wrong, 'case')}."
    if summary.not_used:
        line += f" NOT THE WHOLE: {summary.not_used:,} could not be used."
    output.note(line)


def _page(summary: Summary, form: str, out: Path | None) -> str:
    from cspr_core.caseload.summary_page import summary_markdown, summary_text

    if form == "json":
        return summary.model_dump_json(indent=2)
    if form == "markdown":
        return summary_markdown(summary)
    return summary_text(summary, output.width(out))
