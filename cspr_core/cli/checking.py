"""`cspr check`: cases, each held against its partnership's arrangements and the nation's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cspr_core.cli import errors, hooks, output
from cspr_core.cli.options import AsOf, Out, Partnership, PluginsDir, as_of_day, plugins_dir

if TYPE_CHECKING:
    from cspr_core.check import Checked
    from cspr_core.model.finding import Report
    from cspr_core.plugins import Plugin
    from cspr_core.report.outline import Outline

FORMATS = ("table", "json", "markdown", "html")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(  # noqa: PLR0913  (one for each option)
    cases: Annotated[
        list[Path],
        typer.Argument(
            metavar="CASE",
            help="Case files (YAML or JSON).",
            readable=False,
            show_default=False,
        ),
    ],
    *,
    as_of: AsOf = None,
    partnership: Partnership = None,
    plugins: PluginsDir = None,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="table, json, markdown or html, or a format that the area's plugin adds.",
            autocompletion=lambda incomplete: [f for f in FORMATS if f.startswith(incomplete)],
        ),
    ] = "table",
    everything: Annotated[
        bool,
        typer.Option(
            "--all", help="Show also what is met, not in play, not applicable, and the advice."
        ),
    ] = False,
    out: Out = None,
) -> None:
    """Check cases: what is overdue, what is not known, what comes next and who acts.

    \b
    Examples:
      cspr check NH-2026-03.yaml
      cspr check NH-2026-03.yaml --as-of 2026-06-01 --all
      cspr check cases/*.yaml --format json --out monday.json
      cspr check NH-2026-03.yaml --format markdown --out for-the-minutes.md
      cspr check NH-2026-03.yaml --format html --out for-the-meeting.html

    Exit status 1: a must is overdue or breached, or unknown past its date.
    """  # noqa: D301  (typer reads the \b)
    day, today = as_of_day(as_of)
    how = _How(day, today, partnership, plugins_dir(plugins))
    results, failed = _check_all(cases, how)
    several = len(cases) > 1
    wrong = _wrong(results)
    if results or (several and form == "json"):
        text = _rendered(results, form, several=several, everything=everything, out=out)
        output.emit(text, out)
    if failed or wrong:
        raise typer.Exit(errors.BAD if failed else 1)


class _How(NamedTuple):
    """How every case of a run is checked."""

    as_of: date
    today: date | None
    partnership: str | None
    directory: Path | None


Result = tuple["Checked", "Report"]


def _check_all(cases: Sequence[Path], how: _How) -> tuple[list[Result], bool]:
    """Every case that can be checked, and whether some could not: those are told on stderr."""
    from cspr_core.report.findings import report_of

    results: list[Result] = []
    seen: set[str] = set()
    for path in cases:
        try:
            checked = _checked(path, how)
            results.append((checked, report_of(checked)))
        except Exception as error:  # noqa: BLE001  (whatever spoils one case spoils no other)
            errors.complain(error, seen)
    return results, len(results) < len(cases)


def _checked(path: Path, how: _How) -> Checked:
    from cspr_core.check import check_case
    from cspr_core.plugins import UnknownPartnershipError
    from cspr_core.reading.case import read_case
    from cspr_core.reading.problems import BadInput, Problem

    casefile = read_case(path, today=how.today)
    try:
        return check_case(casefile, how.as_of, partnership=how.partnership, directory=how.directory)
    except UnknownPartnershipError as error:
        if how.partnership is not None:
            raise
        place = casefile.place(("partnership",))
        what, _, remedy = str(error).partition(". ")
        problem = Problem(str(path), place.line, place.column, what, remedy.rstrip("."))
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
    outlines = (_outline(checked, report, everything=everything) for checked, report in results)
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
            CasePage(_outline(checked, report, everything=everything), timeline_of(checked, report))
            for checked, report in results
        ]
    )


def _outline(checked: Checked, report: Report, *, everything: bool) -> Outline:
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
