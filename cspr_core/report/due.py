"""What is due over all cases: one list by date, overdue first.

It finds the case files below what was named, checks each, and keeps what somebody has to do: what,
for which case, who acts, by when, and in how many working days. A file that can't be used is told
apart, and the rest is listed. It does not say what is met, missing or breached: a check does.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from cspr_core import calendar
from cspr_core.check import Checked, EnginesDifferError, check_case
from cspr_core.model.arrangements import Requirement
from cspr_core.model.finding import Finding, Subject
from cspr_core.model.patterns import Value
from cspr_core.plugins import PluginError
from cspr_core.reading.case import check_case as read_checked
from cspr_core.reading.case_files import NAME_IT, not_looked_at, refuse_others, walk
from cspr_core.reading.document import Document, read_document
from cspr_core.reading.other_files import not_a_case
from cspr_core.reading.problems import START, BadInput, Problem
from cspr_core.report.findings import OPEN, is_wrong, report_of
from cspr_core.report.layout import labelled, short, wrapped
from cspr_core.report.words import Words, amount, capital, clause_of, day, listing, not_the_whole

DUE_SCHEMA_VERSION = "1"
NO_TASK = ("advice", "hold")
_CASE_COLUMN = 24
_GAP = "  "


class Due(Value):
    """One line of the list: something that somebody has to do by a day.

    `due` is the agreed new date where a delay was agreed; `condition` says on what it depends
    where something is not known; several subjects with one due date share a line.
    """

    case: str
    partnership: str
    file: str
    requirement: str
    subjects: tuple[str, ...]
    labels: tuple[str, ...]
    what: str
    who: str | None
    who_label: str | None
    due: date
    working_days_left: int
    status: str
    binding: str
    provisional: bool
    verified: bool
    agreed: bool
    condition: str | None


class Skipped(Value):
    """A file that is no case, and what it is."""

    file: str
    why: str


class CaseCount(Value):
    """How many of something a case has."""

    case: str
    file: str
    n: int


class DueList(Value):
    """Everything due within `days` working days of `as_of`, and what is overdue.

    `until` is the last of these working days; `wrong` says whether some `must` is overdue or
    breached, or depends on something unknown and its date has passed. `not_used`: files, lines or
    rows that could not be used, and of which nothing is listed.
    """

    schema_version: str
    as_of: date
    days: int
    until: date
    cases: int
    not_used: int
    due: tuple[Due, ...]
    later: int
    undated: int
    breached: tuple[CaseCount, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]
    wrong: bool


# --- which files are cases ----------------------------------------------------------------------


@dataclass
class Found:
    """Documents that are cases, files that are none, and problems of files and folders."""

    documents: list[Document] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    not_used: int = 0  # files, folders or lines that the problems are about


def find_cases(paths: Sequence[Path]) -> Found:
    """The cases among these files and below these folders, each file once, in order of its path.

    In a folder identities files are passed over, and files of many cases and other schemas are
    told. A folder without any case is a problem, and so is a file that can't be read, or one of
    identities or of many cases that somebody names: those are not opened.
    """
    found = Found()
    seen: set[Path] = set()
    for path in paths:
        before = len(found.documents) + len(found.problems)
        files, many = _files(path)
        found.skipped += [Skipped(file=str(file), why=NAME_IT) for file in many]
        for file in files:
            if (real := file.resolve()) not in seen:
                seen.add(real)
                _take(file, found)
            else:
                before -= 1
        if path.is_dir() and len(found.documents) + len(found.problems) == before:
            found.not_used += 1
            found.problems.append(
                Problem(
                    str(path),
                    *START,
                    "There is no case file in this folder",
                    "Name a folder that holds case files, or make one with `cspr new`",
                )
            )
    return found


def holds_more(paths: Sequence[Path], most: int) -> bool:
    """Whether there are more than so many files to look at; quick, as none is read."""
    files = itertools.chain.from_iterable(_files(path)[0] for path in paths)
    return next(itertools.islice(files, most, None), None) is not None


def _files(path: Path) -> tuple[list[Path], list[Path]]:
    """The case files in a folder, and the files of many cases beside them; or the file itself."""
    if not path.is_dir():
        return [path], []
    there = list(walk(path))
    return (
        [file for file, kind in there if kind == "files"],
        [file for file, kind in there if kind != "files"],
    )


def _take(file: Path, found: Found) -> None:
    try:
        refuse_others(file)
        document = read_document(file)
    except BadInput as error:
        found.problems += error.problems
        found.not_used += 1
        return
    if (other := not_a_case(document)) is not None:
        found.skipped.append(Skipped(file=str(file), why=other))
    else:
        found.documents.append(document)


# --- the list -----------------------------------------------------------------------------------


def condition_words(finding: Finding) -> str | None:
    """On what an undetermined finding depends: `if abuse or neglect is known or suspected`."""
    if finding.status != "undetermined":
        return None
    clauses: dict[str, None] = {}
    others: dict[str, None] = {}
    for item in finding.missing:
        if (known := clause_of(item.fact)) is not None:
            clauses[known] = None
        elif item.fact.startswith("whether "):
            clauses["this agency was involved"] = None
        else:
            others[item.fact] = None
    if clauses and not others:
        return f"if {listing(clauses)}"
    return f"depends on what is not known: {listing((*clauses, *others)) or 'see `cspr explain`'}"


def who_and_whom(
    words: Words, requirement: Requirement, subject: Subject | None
) -> tuple[str | None, str | None]:
    """Who acts, and the name of what the requirement is about, as a list shows them."""
    who = words.who(requirement, subject.id if subject else None)
    if subject is None:
        return who, None
    if subject.type in ("agency", "recipient", "body"):
        return who, ", ".join(words.name(part) for part in subject.id.split("/"))
    return who, subject.id


def due_of(checked: Checked, findings: Iterable[Finding]) -> tuple[Due, ...]:
    """What is still to do in one case and has a date, several subjects of one date together."""
    words = Words(checked.rules)
    lines: dict[tuple[object, ...], Due] = {}
    for finding in findings:
        if finding.kind in NO_TASK or finding.status not in (*OPEN, "excused"):
            continue
        by = finding.agreed_due if finding.status == "excused" else finding.due
        if by is None:
            continue
        line = _line(checked, words, finding, by)
        key = (line.requirement, by, line.status, line.binding, line.who, line.condition)
        if (same := lines.get(key)) is not None:
            subjects, labels = same.subjects + line.subjects, same.labels + line.labels
            line = same.model_copy(update={"subjects": subjects, "labels": labels})
        lines[key] = line
    return tuple(lines.values())


def _line(checked: Checked, words: Words, finding: Finding, by: date) -> Due:
    requirement = checked.rules.by_id[finding.requirement].requirement
    subject = finding.subject
    who, label = who_and_whom(words, requirement, subject)
    return Due(
        case=checked.casefile.case.case,
        partnership=checked.rules.plugin.area,
        file=checked.casefile.path,
        requirement=finding.requirement,
        subjects=(subject.id,) if subject else (),
        labels=(label,) if label else (),
        what=requirement.action or requirement.title,
        who=who,
        who_label=None if who is None else capital(words.name(who)),
        due=by,
        working_days_left=calendar.working_days_left(checked.as_of, by),
        status=finding.status,
        binding=finding.binding,
        provisional=calendar.is_provisional(by),
        verified=finding.verified,
        agreed=finding.status == "excused",
        condition=condition_words(finding),
    )


def until_of(as_of: date, days: int) -> tuple[date, date]:
    """The last of so many working days after `as_of`, and the last day that belongs to them.

    A date in calendar days may fall on the weekend or holiday that follows the last working day.
    """
    until = calendar.after(as_of, days, "working_days")
    return until, calendar.after(as_of, days + 1, "working_days") - timedelta(days=1)


class Stands(NamedTuple):
    """Where a case stands: in a file's line, or in a row of a file."""

    partnership: str
    case: str
    file: str
    line: int
    row: int | None = None

    def __str__(self) -> str:
        """As a person looks it up: `cases/one.yaml:2`, or `caseload.parquet, row 7`."""
        return f"{self.file}:{self.line}" if self.row is None else f"{self.file}, row {self.row}"


@dataclass
class Gathered:
    """What some of the cases add to the list: its lines up to a day, and counts of the others.

    `places` says where each case stands; `problems` holds a line for each problem, and `not_used`
    how many files, lines or rows these are about.
    """

    last: date
    lines: list[Due] = field(default_factory=list)
    later: int = 0
    undated: int = 0
    breached: list[CaseCount] = field(default_factory=list)
    places: list[Stands] = field(default_factory=list)
    wrong: bool = False
    skipped: list[Skipped] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    not_used: int = 0

    def add(self, checked: Checked, row: int | None = None) -> None:
        """Add what is to do in a checked case, which may stand in a row of a file."""
        findings = report_of(checked).findings
        case, file = checked.casefile.case.case, checked.casefile.path
        line = checked.casefile.place(("case",)).line
        self.places.append(Stands(checked.rules.plugin.area, case, file, line, row))
        lines = due_of(checked, findings)
        shown = [line for line in lines if line.due <= self.last]
        self.lines += shown
        self.later += len(lines) - len(shown)
        self.wrong = self.wrong or any(is_wrong(finding, checked.as_of) for finding in findings)
        self.undated += sum(_undated(finding) for finding in findings)
        n = sum(f.status == "breached" and f.binding == "must" for f in findings)
        if n:
            self.breached.append(CaseCount(case=case, file=file, n=n))


def due_list(  # noqa: PLR0913  (one for each thing that a user may ask for)
    found: Found,
    as_of: date,
    days: int,
    *,
    today: date | None = None,
    directory: Path | None = None,
    area: str | None = None,
) -> tuple[DueList, tuple[str, ...]]:
    """The list over all cases found, and a line for each problem of those that can't be checked.

    `days` are working days after `as_of`. `today` is given where the cases are checked as of
    today: a date still to come is then a problem. With `area`, only that partnership's cases.
    Raises nothing for a bad file or a plugin that can't be used: these are problems.
    """
    gathered = Gathered(until_of(as_of, days)[1])
    gather(found, gathered, as_of, today=today, directory=directory, area=area)
    return joined([gathered], as_of, days)


def gather(  # noqa: PLR0913
    found: Found,
    gathered: Gathered,
    as_of: date,
    *,
    today: date | None = None,
    directory: Path | None = None,
    area: str | None = None,
) -> None:
    """Add the cases found to what is gathered; see `due_list`."""
    gathered.skipped += found.skipped
    gathered.problems += [str(problem) for problem in found.problems]
    gathered.not_used += found.not_used
    for document in found.documents:
        try:
            casefile = read_checked(document, today=today)
            if area is not None and casefile.case.partnership != area:
                continue
            gathered.add(check_case(casefile, as_of, directory=directory))
        except BadInput as error:
            gathered.problems += [str(problem) for problem in error.problems]
            gathered.not_used += 1
        except (PluginError, EnginesDifferError) as error:
            gathered.not_used += 1
            at = document.place(("partnership",))
            gathered.problems.append(f"{document.file}:{at.line}:{at.column}: {error}")


def joined(
    parts: Iterable[Gathered], as_of: date, days: int, *, lost: int = 0
) -> tuple[DueList, tuple[str, ...]]:
    """One list of what was gathered in parts, and a line for each problem.

    A case that stands in several places is listed for each, as nobody can say which one is right;
    that is a problem, and a note. `lost`: what could not be found at all.
    """
    lines: list[Due] = []
    breached: list[CaseCount] = []
    skipped: list[Skipped] = []
    problems: dict[str, None] = {}  # a plugin's own problems come with each case
    places: dict[tuple[str, str], list[Stands]] = {}
    later = undated = 0
    not_used = lost
    wrong = False
    for part in parts:
        lines += part.lines
        breached += part.breached
        skipped += part.skipped
        problems.update(dict.fromkeys(part.problems))
        for place in part.places:
            places.setdefault((place.partnership, place.case), []).append(place)
        not_used += part.not_used
        later, undated, wrong = later + part.later, undated + part.undated, wrong or part.wrong
    result = DueList(
        schema_version=DUE_SCHEMA_VERSION,
        as_of=as_of,
        days=days,
        until=until_of(as_of, days)[0],
        cases=sum(map(len, places.values())),
        not_used=not_used,
        due=tuple(sorted(lines, key=_order(as_of))),
        later=later,
        undated=undated,
        breached=tuple(breached),
        skipped=tuple(skipped),
        notes=(
            *not_looked_at([item.file for item in skipped if item.why == NAME_IT]),
            *(
                f"{case} stands in several places, and is listed for each:"
                f" {listing(map(str, stands))}."
                for (_, case), stands in places.items()
                if len(stands) > 1
            ),
        ),
        wrong=wrong,
    )
    twice = [line for stands in places.values() for line in _told_twice(stands)]
    return result, (*problems, *twice)


def _told_twice(stands: Sequence[Stands]) -> Iterator[str]:
    """A problem for each place of a case but the first."""
    first, *others = stands
    for other in others:
        here = "" if other.row is None else f" (row {other.row})"
        all_of_them = "both" if len(stands) == 2 else f"all {len(stands)}"  # noqa: PLR2004
        yield (
            f"{other.file}:{other.line}:1: The case `{other.case}` of {other.partnership} stands"
            f" here{here} and first in {first}; {all_of_them} are listed. Keep one of them."
        )


def _undated(finding: Finding) -> bool:
    return finding.status in OPEN and finding.kind not in NO_TASK and finding.due is None


class _order:  # noqa: N801  (a sort key with the day in it)
    def __init__(self, as_of: date) -> None:
        self.as_of = as_of

    def __call__(self, line: Due) -> tuple[object, ...]:
        return (
            line.due >= self.as_of,
            line.due,
            line.case,
            line.file,
            line.who or "",
            line.agreed,
            line.binding != "must",
            line.requirement,
            line.subjects,
        )


# --- as text ------------------------------------------------------------------------------------


def due_text(found: DueList) -> str:
    """The list for a person, at most 79 columns wide."""
    cases = f"{found.cases} case{'' if found.cases == 1 else 's'}"
    lines = wrapped(
        f"Due within {amount(found.days, 'working_days')} of {day(found.as_of)}:"
        f" by {day(found.until)}. {cases}."
    )
    if found.not_used:
        lines += wrapped(not_the_whole(found.not_used))
    late = [line for line in found.due if line.due < found.as_of]
    soon = [line for line in found.due if line.due >= found.as_of]
    width = max((len(line.case) for line in found.due), default=0)
    width = min(max(width, 10), _CASE_COLUMN)
    head = f"{'By':<16} {'Working days':<13} {'Case':<{width}}{_GAP}Who acts"
    for title, rows in (("OVERDUE", late), ("NEXT", soon)):
        if rows:
            lines += ["", title, head, "-" * len(head)]
            for _, together in itertools.groupby(
                rows, key=lambda r: (r.due, r.case, r.file, r.who, r.agreed)
            ):
                lines += _rows(list(together), width, found.as_of)
    if not found.due:
        lines.append("")
        of = " of what could be used" if found.not_used else ""
        lines += wrapped(f"Nothing{of} is overdue, and nothing falls due in this time.")
    lines += _foot(found)
    return "\n".join(lines) + "\n"


def _rows(rows: Sequence[Due], width: int, as_of: date) -> list[str]:
    """What one case's one person or body has to do by one day."""
    row = rows[0]
    left = row.working_days_left
    days = f"{left} left" if left > 0 else f"{-left} ago"
    if row.due == as_of:
        days = "today"
    first, who = f"{short(row.due):<16} {days:<13} ", row.who_label or "not stated"
    column = " " * (len(first) + width + len(_GAP))
    if len(row.case) <= width:
        lines = wrapped(who, f"{first}{row.case:<{width}}{_GAP}", column)
    else:  # a long reference has its line for itself, and the columns stay where they are
        lines = [f"{first}{row.case}", *wrapped(who, column)]
    told: set[tuple[object, ...]] = set()
    for one in rows:
        alike = (one.what, one.labels, one.binding, one.verified, one.condition)
        if alike in told:
            continue  # a national duty and a local one that read the same
        told.add(alike)
        labels = [label for label in one.labels if capital(label) != one.who_label]
        what = one.what + (f" ({listing(labels)})" if labels else "")
        marks = marks_of(one)
        what += f" [{'; '.join(marks)}]" if marks else ""
        lines += wrapped(what, "  - ")
        if one.condition is not None:
            lines += wrapped(f"{'only ' * one.condition.startswith('if ')}{one.condition}", "    ")
    return lines


def marks_of(row: Due) -> list[str]:
    """What has to be known of a line beside its date."""
    marks = ["should"] if row.binding == "should" else []
    marks += ["the agreed new date"] if row.agreed else []
    marks += ["provisional: holidays not yet published"] if row.provisional else []
    marks += [] if row.verified else ["not verified against the source"]
    return marks


def _foot(found: DueList) -> Iterator[str]:
    yield ""
    if found.breached:
        named = listing(f"{item.case} ({item.n})" for item in found.breached)
        yield from labelled("Breached:", f"{named}. It can't be done any more; see `cspr check`.")
    if found.later:
        yield from labelled("Later:", f"{found.later} more with a date after this time.")
    if found.undated:
        yield from labelled("No date:", f"{found.undated} more to do; see `cspr check`.")
    for note in found.notes:
        yield from labelled("Note:", note)
