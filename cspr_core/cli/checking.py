"""`cspr check`: cases, each held against its partnership's arrangements and the nation's.

Case files that are named one by one get a report each. A folder, a pattern or a file of many cases
is a caseload, which gets a summary or a file of rows: `cspr_core.cli.caseload` sees to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cspr_core.cli import errors, hooks, output
from cspr_core.cli.formats import chosen_by, format_of
from cspr_core.cli.options import (
    AsOf,
    Cluster,
    ErrorsFile,
    Out,
    Partnership,
    PluginsDir,
    Processes,
    as_of_day,
    plugins_dir,
)

if TYPE_CHECKING:
    from cspr_core.check import Checked
    from cspr_core.model.finding import Report
    from cspr_core.plugins import Plugin
    from cspr_core.reading.case import CaseFile
    from cspr_core.report.outline import Outline

FORMATS = ("table", "json", "markdown", "html")
ROWS = ("csv", "jsonl", "parquet")  # one row for each answer of a caseload
MANY = (".parquet", ".pq", ".jsonl", ".ndjson")  # files of many cases
_PATTERN = "*?["


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(  # noqa: PLR0913  (one for each option)
    cases: Annotated[
        list[Path],
        typer.Argument(
            metavar="CASE|DIR|PATTERN|FILE...",
            help="Case files (YAML or JSON); or many cases: folders, quoted patterns, Parquet"
            " files of facts, JSONL files with one case a line.",
            readable=False,
            show_default=False,
        ),
    ],
    *,
    as_of: AsOf = None,
    partnership: Partnership = None,
    plugins: PluginsDir = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="table, json, markdown or html, or a format that the area's plugin adds. Of many"
            " cases: table, json or markdown for a summary, csv, jsonl or parquet for one row an"
            " answer. Left out: what the ending of --out says, or a table.",
            autocompletion=lambda incomplete: [
                name for name in (*FORMATS, *ROWS) if name.startswith(incomplete)
            ],
            show_default=False,
        ),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Show also what is met, not in play, not applicable, and the advice; of many"
            " cases, every requirement and case in need.",
        ),
    ] = False,
    out: Out = None,
    case: Annotated[
        list[str] | None,
        typer.Option(
            "--case",
            metavar="REF",
            help="Of many cases, report on this one alone; may be given several times.",
        ),
    ] = None,
    processes: Processes = None,
    cluster: Cluster = None,
    every_error: ErrorsFile = None,
) -> None:
    """Check cases: what is overdue, what is not known, what comes next and who acts.

    \b
    Examples:
      cspr check NH-2026-03.yaml
      cspr check NH-2026-03.yaml --as-of 2026-06-01 --all
      cspr check cases/*.yaml --format json --out monday.json
      cspr check NH-2026-03.yaml --format markdown --out for-the-minutes.md
      cspr check NH-2026-03.yaml --format html --out for-the-meeting.html
      cspr check cases
      cspr check cases --format csv --out answers.csv
      cspr check caseload.parquet --case NH-2026-03

    Of many cases it gives a summary, what is wrong first, or with csv, jsonl or parquet a file with
    one row for each case, requirement and subject. What can't be used is named, and the rest goes
    on; the exit status is then 2.

    Exit status 1: a must is overdue or breached, or unknown past its date.
    """  # noqa: D301  (typer reads the \b)
    directory = plugins_dir(plugins)
    if case or any(map(is_many, cases)) or _is_rows(form, out):
        from cspr_core.cli import caseload

        asked = caseload.Asked(
            cases, as_of, partnership, directory, processes, cluster, every_error, out
        )
        if not case:
            if status := caseload.check_many(asked, form, everything=everything):
                raise typer.Exit(status)
            return
        form = caseload.format_of_named(form, out)
        results, failed = caseload.check_named(asked, case, form)
        several = len(case) > 1
    else:
        _refuse_for_few(processes, cluster, every_error)
        form = format_of_few(form, out)
        day, today = as_of_day(as_of)
        results, failed = _check_all(cases, How(day, today, partnership, directory))
        several = len(cases) > 1
    wrong = _wrong(results)
    if results or (several and form == "json"):
        text = _rendered(results, form, several=several, everything=everything, out=out)
        output.emit(text, out)
    if failed or wrong:
        raise typer.Exit(errors.BAD if failed else 1)


def is_many(path: Path) -> bool:
    """Whether this stands for many cases: a folder, a pattern, or a file that holds many."""
    if path.suffix.lower() in MANY or path.is_dir():
        return True
    return any(sign in str(path) for sign in _PATTERN) and not path.exists()


def _is_rows(form: str | None, out: Path | None) -> bool:
    """Whether rows are asked for, which are made of many cases even where only one is named."""
    return (form or chosen_by(out)) in ROWS


def format_of_few(form: str | None, out: Path | None) -> str:
    """The format of reports, which may be one that a plugin adds; raises `CommandError`."""
    if form is not None and form not in FORMATS:
        return form
    return format_of(form, out, FORMATS, also=ROWS)


def _refuse_for_few(*only_for_many: object) -> None:
    if any(given is not None for given in only_for_many):
        raise errors.CommandError(
            "--processes, --cluster and --errors are for many cases. Leave them out, or name a"
            " folder, a quoted pattern, or a .parquet or .jsonl file."
        )


class How(NamedTuple):
    """How every case of a run is checked."""

    as_of: date
    today: date | None
    partnership: str | None
    directory: Path | None


Result = tuple["Checked", "Report"]


def _check_all(cases: Sequence[Path], how: How) -> tuple[list[Result], bool]:
    """Every case that can be checked, and whether some could not: those are told on stderr."""
    from cspr_core.report.findings import report_of

    results: list[Result] = []
    seen: set[str] = set()
    for path in cases:
        try:
            done = check_file(path, how)
            results.append((done, report_of(done)))
        except Exception as error:  # noqa: BLE001  (whatever spoils one case spoils no other)
            errors.complain(error, seen)
    return results, len(results) < len(cases)


def check_file(path: Path, how: How) -> Checked:
    """One case file, checked; raises `BadInput`, `PluginError`, `EnginesDifferError`."""
    from cspr_core.reading.case import read_case

    return check_casefile(read_case(path, today=how.today), how)


def check_casefile(casefile: CaseFile, how: How) -> Checked:
    """As `check_file`, for a case that was read."""
    from cspr_core.check import check_case
    from cspr_core.plugins import UnknownPartnershipError
    from cspr_core.reading.problems import BadInput, Problem

    try:
        return check_case(casefile, how.as_of, partnership=how.partnership, directory=how.directory)
    except UnknownPartnershipError as error:
        if how.partnership is not None:
            raise
        place = casefile.place(("partnership",))
        what, _, remedy = str(error).partition(". ")
        problem = Problem(casefile.path, place.line, place.column, what, remedy.rstrip("."))
        raise BadInput([problem]) from error


def _wrong(results: Sequence[Result]) -> bool:
    from cspr_core.report.findings import is_wrong

    return any(
        is_wrong(finding, report.as_of) for _, report in results for finding in report.findings
    )


def _rendered(
    results: Sequence[Result], form: str, *, several: bool, everything: bool, out: Path | None
) -> str:
    reports = tuple(report for _, report in results)
    if form == "json":
        from cspr_core.report.as_json import json_of

        plain = out is None and not output.is_unicode()
        return json_of(reports, several=several, ascii_only=plain)
    if form not in FORMATS:
        return _by_plugin(results, form)(reports)
    if form == "html":
        return _page(results, everything=everything)
    on_paper = form == "markdown"
    outlines = (
        _outline(checked, report, everything=everything, on_paper=on_paper)
        for checked, report in results
    )
    if form == "markdown":
        from cspr_core.report.markdown import markdown_of

        return "\n".join(markdown_of(outline) for outline in outlines)
    from cspr_core.report.table import table_of

    return "\n\n".join(table_of(outline, output.width(out)) for outline in outlines)


def _page(results: Sequence[Result], *, everything: bool) -> str:
    from cspr_core.report.page import CasePage, page_of
    from cspr_core.report.timeline import timeline_of

    return page_of(
        [
            CasePage(
                _outline(checked, report, everything=everything, on_paper=True),
                timeline_of(checked, report),
            )
            for checked, report in results
        ]
    )


def _outline(checked: Checked, report: Report, *, everything: bool, on_paper: bool) -> Outline:
    from cspr_core.report.outline import contacts_hint, outline_of
    from cspr_core.report.words import Words

    arrangements = checked.rules.plugin.arrangements
    contacts = [(contact.as_of, contact.confirmed_on) for contact in arrangements.contacts]
    return outline_of(
        report,
        name=Words(checked.rules).name,
        area=arrangements.name,
        everything=everything,
        contacts=contacts_hint(contacts, report.partnership),
        on_paper=on_paper,
    )


def _call(
    plugin: Plugin, render: Callable[[tuple[Report, ...]], str], reports: tuple[Report, ...]
) -> str:
    text = hooks.ask(plugin, lambda: render(reports))
    if not isinstance(text, str):
        raise errors.CommandError(
            f"The plugin `{plugin.area}` ({plugin.distribution}) gave no text for this format."
            " Use another format."
        )
    return text


def _by_plugin(results: Sequence[Result], form: str) -> Callable[[tuple[Report, ...]], str]:
    """The format that one of the cases' plugins adds; raises `CommandError`, `PluginError`."""
    from cspr_core.reading.words import nearest

    names = list(FORMATS)
    for checked, _ in results:
        plugin = checked.rules.plugin
        formats = hooks.ask(plugin, plugin.formats)
        if form in formats:
            return partial(_call, plugin, formats[form])
        names += formats
    near = nearest(form, names)
    hint = f"Did you mean {near}?" if near else f"There are: {', '.join(dict.fromkeys(names))}."
    raise errors.CommandError(f"--format {form}: there is no such format. {hint}")
