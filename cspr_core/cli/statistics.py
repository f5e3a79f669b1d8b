"""`cspr stats`: timeliness and compliance over a caseload."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cspr_core.cli import errors, output
from cspr_core.cli.errors import CommandError
from cspr_core.cli.formats import format_of
from cspr_core.cli.options import (
    AsOf,
    Cluster,
    ErrorsFile,
    Out,
    Partnership,
    PluginsDir,
    Processes,
    day_of,
    one_of,
    plugins_dir,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cspr_core.cli.caseload import Asked
    from cspr_core.statistics.findings_file import FindingsFile
    from cspr_core.statistics.gathering import Gathered
    from cspr_core.statistics.measures import Statistics

FORMATS = ("table", "csv", "json", "html")
_BY = ("area", "requirement", "agency", "quarter")
_YEARS = ("january", "april")
_THRESHOLD = 5


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("stats")(stats)


def stats(  # noqa: PLR0913  (one for each option)
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="SOURCE...",
            help="Folders, quoted patterns, case files, Parquet files of facts, JSONL files with"
            " one case a line; or Parquet files of findings that `cspr check` wrote.",
            readable=False,
            show_default=False,
        ),
    ],
    *,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="WORDS",
            help="What to break down by, joined by commas; a page has all of them.",
        ),
    ] = ",".join(_BY),
    year: Annotated[
        str,
        typer.Option(
            "--year",
            metavar="MONTH",
            help="Name quarters by years that begin in `january` or in `april`.",
        ),
    ] = "january",
    suppress_below: Annotated[
        int | None,
        typer.Option(
            "--suppress-below",
            metavar="N",
            min=2,
            help=f"Withhold counts that rest on fewer cases than this; {_THRESHOLD} if left out.",
            show_default=False,
        ),
    ] = None,
    no_suppression: Annotated[
        bool,
        typer.Option(
            "--no-suppression",
            help="Show small numbers too: for use inside the partnership only.",
        ),
    ] = False,
    as_of: AsOf = None,
    partnership: Partnership = None,
    plugins: PluginsDir = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="table, csv, json or html; left out: what the ending of --out says, or a table.",
            autocompletion=lambda incomplete: [f for f in FORMATS if f.startswith(incomplete)],
            show_default=False,
        ),
    ] = None,
    out: Out = None,
    processes: Processes = None,
    cluster: Cluster = None,
    every_error: ErrorsFile = None,
) -> None:
    """Count over many cases how much was done on time, by area, requirement, agency and quarter.

    Share on time, working days late, what is overdue now. Small numbers are withheld, and so are
    those that would give them away. docs/statistics.md says what each figure means.

    \b
    Examples:
      cspr stats cases
      cspr stats cases --format html --out statistics.html
      cspr stats caseload.parquet --year april --by quarter
      cspr stats findings.parquet --format csv --out statistics.csv
      cspr stats cases --no-suppression

    Exit status 0, however much is overdue; 2: something could not be used, and the rest is counted.
    """  # noqa: D301  (typer reads the \b)
    from cspr_core.cli.caseload import Asked

    form = format_of(form, out, FORMATS)
    chosen = _chosen(by)
    one_of("--year", year, _YEARS)
    if no_suppression and suppress_below is not None:
        raise CommandError(
            "--no-suppression withholds nothing, and --suppress-below says what to withhold. Leave"
            " one of them out."
        )
    if form == "html":
        _need_charts()
    asked = Asked(
        sources, as_of, partnership, plugins_dir(plugins), processes, cluster, every_error, out
    )
    threshold = None if no_suppression else suppress_below or _THRESHOLD
    found = _counted(asked)
    if found is None:
        raise typer.Exit(errors.BAD)
    from cspr_core.statistics.measures import statistics_of

    made = statistics_of(
        found.gathered.tally,
        found.gathered.as_of,
        found.gathered.catalogue,
        year="april" if year == "april" else "january",
        threshold=threshold,
        not_used=found.not_used,
        notes=found.gathered.notes,
        versions=found.versions,
    )
    output.emit(_rendered(made, form, chosen, out), out)
    if found.failed:
        raise typer.Exit(errors.BAD)


def _chosen(by: str) -> tuple[str, ...]:
    """The breakdowns asked for, in the order in which they are shown; raises `CommandError`."""
    words = [word.strip() for word in by.split(",")]
    for word in words:
        if word not in _BY:
            raise CommandError(
                f"--by {by}: there is no such breakdown as `{word}`. There are: {', '.join(_BY)}."
            )
    return tuple(word for word in _BY if word in words)


def _need_charts() -> None:
    """Say before the work what a page needs; raises `CommandError`."""
    from importlib.util import find_spec

    if find_spec("matplotlib") is None:
        raise CommandError(
            "--format html: its charts are drawn by matplotlib, which is not installed. Install it"
            ' with `pip install "cspr[charts]"`, or use --format table, csv or json.'
        )


class _Counted(NamedTuple):
    """A caseload counted, how much of it is missing, and what counted it."""

    gathered: Gathered
    not_used: int
    versions: Mapping[str, str]
    failed: bool


def _counted(asked: Asked) -> _Counted | None:
    """The caseload counted, or nothing where no case of it could be used.

    What can't be used is told on stderr. Raises `CommandError` or `BadInput` where nothing can be
    counted at all.
    """
    from cspr_core.cli.caseload import needed

    with needed():
        files = _findings(asked)
        if not files:
            return _checked(asked)
        from cspr_core import __version__
        from cspr_core.cli.caseload import refuse_input
        from cspr_core.statistics.gathering import of_findings

        if asked.out is not None:
            refuse_input(asked.out, asked.given)
        gathered = of_findings(files, asked.plugins)
        missing = sum(file.not_used for file in files)
        return _Counted(gathered, missing, {"cspr": __version__}, bool(missing))


def _checked(asked: Asked) -> _Counted | None:
    from cspr_core.cli.caseload import checked_all, working_folder
    from cspr_core.statistics.gathering import of_outcomes

    with working_folder(asked) as folder:
        found = checked_all(asked, folder)
        if found is None:
            return None
        gathered = of_outcomes(found.parts, found.outcomes, found.job)
        gathered = gathered._replace(notes=(*found.made.notes, *gathered.notes))
        not_used = found.made.expected - gathered.cases
        failed = found.problems or bool(not_used)
        return _Counted(gathered, not_used, found.made.versions, failed)


def _findings(asked: Asked) -> tuple[FindingsFile, ...]:
    """The files of findings that were named, or none; raises `BadInput`, `CommandError`."""
    from cspr_core.caseload.answers import holds_findings
    from cspr_core.reading.case_files import kind_of
    from cspr_core.statistics.findings_file import open_findings

    paths = [path for path in asked.given if kind_of(path) == "facts" and holds_findings(path)]
    if not paths:
        return ()
    if len(paths) < len(asked.given):
        other = next(path for path in asked.given if path not in paths)
        raise CommandError(
            f"{other}: this is not a file of findings, and {paths[0]} is. Count files of findings"
            " and cases one after the other: a case in both would count twice."
        )
    if asked.partnership is not None or asked.cluster is not None:
        option = "--cluster" if asked.partnership is None else "--partnership"
        raise CommandError(
            f"{option}: the findings in {paths[0]} are made already, and nothing is checked. Leave"
            " it out, or name the cases."
        )
    day = None if asked.as_of is None else day_of(asked.as_of)
    return open_findings(list(dict.fromkeys(paths)), day)


def _rendered(made: Statistics, form: str, by: Sequence[str], out: Path | None) -> str:
    if form == "html":
        from cspr_core.statistics.as_html import html_of

        return html_of(made)
    if form == "csv":
        from cspr_core.statistics.as_rows import csv_of

        return csv_of(made, by)
    if form == "json":
        from cspr_core.statistics.as_rows import json_of

        return json_of(made, by, ascii_only=out is None and not output.is_unicode())
    from cspr_core.statistics.as_text import text_of

    return text_of(made, by, output.width(out))
