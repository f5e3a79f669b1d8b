"""The business office's commands: `cspr new`, `cspr due` and `cspr timetable`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cspr_core.cli import errors, output
from cspr_core.cli.caseload import Asked, list_due, refuse_input
from cspr_core.cli.checking import How, check_file, is_many
from cspr_core.cli.errors import CommandError
from cspr_core.cli.formats import format_of
from cspr_core.cli.options import (
    AsOf,
    Out,
    Partnership,
    PluginsDir,
    Processes,
    area_names,
    as_of_day,
    day_of,
    plugins_dir,
)

if TYPE_CHECKING:
    from cspr_core.report.due import DueList

FORMATS = ("table", "json")
_TEXT = ("table",)
_YAML = (".yaml", ".yml")
_FEW = 200  # case files, which take less time than it takes to begin a process
_MOST_DAYS = 250


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("new")(new)
    app.command("due")(due)
    app.command("timetable")(timetable)


def new(  # noqa: PLR0913  (one for each option)
    area: Annotated[
        str,
        typer.Option(
            "--area",
            metavar="AREA",
            help="The partnership's area.",
            autocompletion=area_names,
            show_default=False,
        ),
    ],
    aware: Annotated[
        str,
        typer.Option(
            "--aware",
            metavar="DATE",
            help="The day the local authority became aware of the incident (YYYY-MM-DD).",
            show_default=False,
        ),
    ],
    *,
    case: Annotated[
        str | None,
        typer.Option("--case", metavar="REF", help="The office's reference, never a name."),
    ] = None,
    incident: Annotated[
        str | None,
        typer.Option("--incident", metavar="DATE", help="The day of the incident, where known."),
    ] = None,
    outcome: Annotated[
        str,
        typer.Option(
            "--outcome", metavar="OUTCOME", help="died, seriously_harmed, neither or unknown."
        ),
    ] = "unknown",
    children: Annotated[
        int, typer.Option("--children", metavar="N", help="How many children, at most 6.")
    ] = 1,
    as_of: AsOf = None,
    plugins: PluginsDir = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="The new file; REF.yaml in this folder where left out."
        ),
    ] = None,
) -> None:
    """Begin a case: write a short case file, readable by you only, and print its timetable.

    \b
    Examples:
      cspr new --area northamptonshire --aware 2026-03-03 --case NH-2026-03
      cspr new --area northamptonshire --aware 2026-03-03 --incident 2026-03-02 --children 2

    What is not known yet is written as unknown. A file that is there already is left alone.
    Beside the file, .cspr holds what an editor needs to help you write it; no case data.
    """  # noqa: D301  (typer reads the \b)
    from cspr_core.check import check_case
    from cspr_core.report.new_case import NewCase, case_text, read_new, refuse_new
    from cspr_core.report.timetable import timetable_of, timetable_text

    if out is not None and out.suffix.lower() not in _YAML:
        raise CommandError(
            f"--out {out}: a case file is written as YAML, and read so. Let its name end in .yaml."
        )
    day, today = as_of_day(as_of)
    begun = NewCase(
        area=area,
        aware=day_of(aware, "--aware"),
        case=case,
        incident=None if incident is None else day_of(incident, "--incident"),
        outcome=outcome,
        children=children,
    )
    if problems := refuse_new(begun, day):
        raise CommandError(*problems)
    path = out or Path(f"{begun.reference}.yaml")
    text = case_text(begun)
    checked = check_case(
        read_new(text, str(path), today=today), day, directory=plugins_dir(plugins)
    )
    table = timetable_text(timetable_of(checked), brief=True)
    _write_new(path, text)
    _help_while_typing(path)
    output.emit(f"{path} is written. What is not known stands there as unknown.\n\n{table}")


def _help_while_typing(path: Path) -> None:
    """Put the schema that the new file names beside it; a case is none the worse without."""
    from cspr_core.schemas import FOLDER, put_schema

    try:
        put_schema(path, "case")
    except OSError:
        output.note(
            f"{path.parent / FOLDER}: could not be written. The case is whole; an editor will not"
            " complete or check it while you type."
        )


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet; raises `CommandError` or `OutputError`."""
    claimed = False
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        claimed = True
    except FileExistsError:
        raise CommandError(
            f"{path} is there already, and is left as it is. Name another file with --out, or"
            " another reference with --case."
        ) from None
    except OSError:
        pass  # the writing itself says why it can't be done
    try:
        output.write_file(path, text)
    except BaseException:
        if claimed:
            path.unlink(missing_ok=True)
        raise


def due(  # noqa: PLR0913  (one for each option)
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE|DIR|PATTERN...",
            help="Case files, folders of them, quoted patterns, Parquet files of facts, JSONL"
            " files with one case a line.",
            readable=False,
            show_default=False,
        ),
    ],
    *,
    days: Annotated[
        int,
        typer.Option(
            "--days", metavar="N", min=0, max=_MOST_DAYS, help="How many working days ahead."
        ),
    ] = 10,
    area: Annotated[
        str | None,
        typer.Option(
            "--area", metavar="AREA", help="This area's cases only.", autocompletion=area_names
        ),
    ] = None,
    as_of: AsOf = None,
    plugins: PluginsDir = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="table or json; left out: what the ending of --out says, or a table.",
            show_default=False,
        ),
    ] = None,
    out: Out = None,
    processes: Processes = None,
) -> None:
    """List what is due over all cases, by date: what, for which case, who acts; overdue first.

    \b
    Examples:
      cspr due cases
      cspr due cases --days 20
      cspr due caseload.parquet --days 5
      cspr due NH-2026-03.yaml NH-2026-04.yaml --as-of 2026-06-01

    Exit status 1: something that must be done is overdue or breached. A file that can't be used is
    named with its problems, and the rest is listed; the exit status is then 2.
    """  # noqa: D301  (typer reads the \b)
    from cspr_core.report.due import due_text

    form = format_of(form, out, FORMATS)
    asked = Asked(paths, as_of, plugins=plugins_dir(plugins), processes=processes)
    if out is not None:
        refuse_input(out, paths)
    found, refused = _due(asked, days, area)
    for line in (*(f"{item.file}: skipped: {item.why}." for item in found.skipped), *refused):
        output.note(line)
    if found.cases:
        output.emit(found.model_dump_json(indent=2) if form == "json" else due_text(found), out)
    elif not refused:
        whose = "" if area is None else f" of {area}"
        raise CommandError(
            f"There is no case{whose} in what was named. Name files or folders of cases."
        )
    if refused or found.wrong:
        raise typer.Exit(errors.BAD if refused else 1)


def _due(asked: Asked, days: int, area: str | None) -> tuple[DueList, tuple[str, ...]]:
    """The list, made here where there are few cases; many are read in several processes."""
    from cspr_core.report.due import due_list, find_cases, holds_more

    files_of_many = any(is_many(path) and not path.is_dir() for path in asked.given)
    if files_of_many or holds_more(asked.given, _FEW):
        return list_due(asked, days, area)
    day, today = as_of_day(asked.as_of)
    found = find_cases(asked.given)
    return due_list(found, day, days, today=today, directory=asked.plugins, area=area)


def timetable(  # noqa: PLR0913  (one for each option)
    case: Annotated[
        Path,
        typer.Argument(metavar="CASE", help="A case file.", readable=False, show_default=False),
    ],
    *,
    publish: Annotated[
        str | None,
        typer.Option(
            "--publish",
            metavar="DATE",
            help="Show it as if publication were planned for this day; nothing is changed.",
            show_default=False,
        ),
    ] = None,
    as_of: AsOf = None,
    partnership: Partnership = None,
    plugins: PluginsDir = None,
    out: Out = None,
) -> None:
    """Show every date of a case, and the way back from a planned publication.

    \b
    Examples:
      cspr timetable NH-2026-03.yaml
      cspr timetable NH-2026-03.yaml --publish 2026-12-01
    """  # noqa: D301  (typer reads the \b)
    from cspr_core.report.timetable import timetable_of, timetable_text

    format_of(None, out, _TEXT)
    day, today = as_of_day(as_of)
    planned = None if publish is None else day_of(publish, "--publish")
    if planned is not None and planned < day:
        raise CommandError("--publish: this day has passed. Name today or a day to come.")
    checked = check_file(case, How(day, today, partnership, plugins_dir(plugins)))
    output.emit(timetable_text(timetable_of(checked, planned)), out)
