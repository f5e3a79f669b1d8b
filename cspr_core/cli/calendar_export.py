"""`cspr calendar`: what is due and planned, as a file that a calendar can import, and again."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cspr_core.cli import errors, output
from cspr_core.cli.checking import How, check_casefile
from cspr_core.cli.errors import CommandError
from cspr_core.cli.formats import format_of
from cspr_core.cli.options import AsOf, PluginsDir, as_of_day, plugins_dir

if TYPE_CHECKING:
    from cspr_core.reading.case import CaseFile
    from cspr_core.report.due import Found
    from cspr_core.report.ical import CaseEntries, Made


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("calendar")(calendar)


def calendar(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="CASE|DIR...",
            help="Case files, and folders of them.",
            readable=False,
            show_default=False,
        ),
    ],
    *,
    update: Annotated[
        Path | None,
        typer.Option(
            "--update",
            metavar="FILE",
            help="The calendar made before, where it is not the file named with --out.",
            show_default=False,
        ),
    ] = None,
    as_of: AsOf = None,
    plugins: PluginsDir = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Write to this file, readable by you only; if it is there, bring it up to date.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write deadlines not met and planned dates as an iCalendar file, with reminders.

    \b
    Examples:
      cspr calendar cases --out reviews.ics
      cspr calendar NH-2026-03.yaml --as-of 2026-06-01 --out reviews.ics

    Keep the file and write to it again: what changed then replaces what the calendar has, and what
    was done is cancelled. With folders named, so are cases that are no longer in them.
    """  # noqa: D301  (typer reads the \b)
    from cspr_core.report.due import find_cases
    from cspr_core.report.ical import calendar_text, merged

    format_of(None, out, ("calendar",))
    day, today = as_of_day(as_of)
    before = _before(update, out)
    found = find_cases(paths)
    for item in found.skipped:
        output.note(f"{item.file}: skipped: {item.why}.")
    cases, failed = _cases(found, day, today, plugins_dir(plugins))
    if cases:
        # A case that could not be read may be the one whose events are missing.
        whole = not failed and any(path.is_dir() for path in paths)
        result = merged(cases, day, before, whole=whole)
        for case in result.kept:
            output.note(f"{case}: not among the cases named; its events are left as they are.")
        for case in result.dropped:
            output.note(f"{case}: no longer among the cases; its events are cancelled.")
        _write(calendar_text(result.events), out)
    elif not failed:
        raise CommandError("There is no case in what was named. Name files or folders of cases.")
    if failed:
        raise typer.Exit(errors.BAD)


def _before(update: Path | None, out: Path | None) -> dict[str, Made]:
    """The events of the calendar made before, if there is one; raises `CommandError`."""
    from cspr_core.report.ical import NotOursError, events_in

    path = update or out
    if path is None or (update is None and not path.is_file()):
        return {}
    if not path.is_file():
        raise CommandError(
            f"--update {path}: there is no such file. Name the calendar that was made before, or"
            " leave --update out."
        )
    try:
        return events_in(path.read_bytes())
    except NotOursError:
        option = "--out" if update is None else "--update"
        raise CommandError(
            f"{path}: this is no calendar that `cspr calendar` wrote, or it was changed since; it"
            f" is left as it is. Name another file with {option}."
        ) from None


def _cases(
    found: Found, day: date, today: date | None, directory: Path | None
) -> tuple[list[CaseEntries], bool]:
    """What each case puts in, and whether some could not be used: those are told on stderr."""
    from cspr_core.reading.case import check_case as read_checked
    from cspr_core.reading.problems import BadInput
    from cspr_core.report.ical import entries_of

    told: set[str] = set()
    files: dict[tuple[str, str], str] = {}
    cases: list[CaseEntries] = []
    if found.problems:
        errors.complain(BadInput(found.problems), told)
    failed = bool(found.problems)
    for document in found.documents:
        try:
            casefile = read_checked(document, today=today)
            _once(casefile, files)
            cases.append(entries_of(check_casefile(casefile, How(day, today, None, directory))))
        except Exception as error:  # noqa: BLE001  (whatever spoils one case spoils no other)
            errors.complain(error, told)
            failed = True
    return cases, failed


def _once(casefile: CaseFile, files: dict[tuple[str, str], str]) -> None:
    """Make sure that a case comes once: its events have one UID each; raises `CommandError`."""
    case = casefile.case
    if (other := files.setdefault((case.partnership, case.case), casefile.path)) != casefile.path:
        raise CommandError(
            f"{casefile.path}: the case {case.case} stands in {other} too, which was taken. Give"
            " each case a reference of its own, or name one of the files."
        )


def _write(text: str, out: Path | None) -> None:
    if out is None and hasattr(sys.stdout, "reconfigure"):
        # The format's own characters and line ends, whatever those of the console are.
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    output.emit(text, out)
