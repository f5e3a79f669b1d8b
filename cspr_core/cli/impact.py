"""`cspr impact`: what a change of the rules does to the cases there are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cspr_core.cli import errors, output
from cspr_core.cli.formats import format_of
from cspr_core.cli.options import (
    AsOf,
    Cluster,
    ErrorsFile,
    Out,
    PluginsDir,
    Processes,
    TableMarkdownOrJson,
    WhichPlugin,
    one_of,
    plugins_dir,
)

if TYPE_CHECKING:
    from cspr_core.cli.caseload import Asked
    from cspr_core.impact.computing import Computed
    from cspr_core.impact.result import Impact
    from cspr_core.impact.sides import Sides

_FORMATS = ("table", "markdown", "json")
_FAIL_ON = ("worse", "any")
_FAILED = 1  # the exit status where what --fail-on names is there


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("impact")(impact)


def impact(  # noqa: PLR0913  (one for each option)
    more: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="SOURCE",
            help="More of what --cases takes: so a pattern may be left to the shell.",
            show_default=False,
        ),
    ] = None,
    *,
    old: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="OLD",
            help="A plugin's folder, its arrangements.yaml, REVISION or REVISION:PATH.",
            show_default=False,
        ),
    ],
    new: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="NEW",
            help="The same, of the newer version; the working tree where a revision's is left out.",
            show_default=False,
        ),
    ] = None,
    cases: Annotated[
        list[Path],
        typer.Option(
            "--cases",
            metavar="SOURCE",
            help="A folder, a pattern, case files, FILE.parquet of facts or FILE.jsonl; may be"
            " given several times.",
            show_default=False,
        ),
    ],
    area: WhichPlugin = None,
    as_of: AsOf = None,
    examples: Annotated[
        int,
        typer.Option(
            "--examples", metavar="N", min=1, help="At most so many cases of each change."
        ),
    ] = 3,
    form: TableMarkdownOrJson = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on",
            metavar="WHAT",
            help="Exit status 1 if a finding gets worse (worse), or if one changes at all (any).",
            autocompletion=lambda incomplete: [w for w in _FAIL_ON if w.startswith(incomplete)],
            show_default=False,
        ),
    ] = None,
    plugins: PluginsDir = None,
    processes: Processes = None,
    cluster: Cluster = None,
    every_error: ErrorsFile = None,
    out: Out = None,
) -> None:
    """Say which findings change between two versions of the rules, in how many cases.

    OLD and NEW are versions of one plugin, or of the national provisions: only their YAML is read.
    Every case is checked under both; what gets worse stands first, each change with example cases,
    and one case is explained. Of a plugin, the cases of its area are compared; of the national
    provisions, those of every area, with their installed plugins or those of --plugins.

    \b
    Exit status: 0; 1 what --fail-on names is there; 2 a version or a case can't be read.

    \b
    Examples:
      cspr impact --from HEAD --area northamptonshire --cases cases
      cspr impact --from main:plugins/essex --to plugins/essex --cases cases/*.yaml
      cspr impact --from v1 --to v2 --area national --cases caseload.parquet
      cspr impact --from HEAD~1 --area leeds --cases cases --format markdown
      cspr impact --from HEAD --area leeds --cases cases --fail-on worse
    """  # noqa: D301  (typer reads the \b)
    from cspr_core.cli import caseload
    from cspr_core.impact.sides import Sides, versions

    form = format_of(form, out, _FORMATS)
    one_of("--fail-on", fail_on, _FAIL_ON)
    directory = plugins_dir(plugins)
    sides = Sides(*versions(old, new, area, Path()), directory)
    if directory is not None and sides.area is not None:
        raise errors.CommandError(
            "--plugins: the national provisions alone are held beside other plugins. Leave it out."
        )
    asked = caseload.Asked(
        [*cases, *(more or ())], as_of, None, directory, processes, cluster, every_error, out
    )
    computed = _computed(sides, asked, examples)
    caseload.tell_problems([str(problem) for problem in computed.unread], every_error)
    caseload.tell_passed_over(computed.passed_over)
    found = computed.impact
    _refuse_nothing(computed, sides)
    output.emit(_page(found, form, out), out)
    if computed.unread:
        raise typer.Exit(errors.BAD)
    if (fail_on == "worse" and found.worse) or (fail_on == "any" and found.differs):
        raise typer.Exit(_FAILED)


def _computed(sides: Sides, asked: Asked, examples: int) -> Computed:
    from cspr_core.cli.caseload import needed, prepared, progress, working_folder

    with needed(), working_folder(asked) as folder:
        from cspr_core.impact.computing import Caseload, impact_of

        parts, job, lost, beside = prepared(asked)
        with progress(2 * len(parts)) as tell:  # each is checked twice
            over = Caseload(parts, job, folder, tuple(lost), asked.processes, asked.cluster, tell)
            found = impact_of(sides, over, examples)
        return replace(found, passed_over=(*beside, *found.passed_over))


def _refuse_nothing(computed: Computed, sides: Sides) -> None:
    """Give no result of no case at all; raises `CommandError`, or leaves where all is told."""
    from cspr_core.impact.telling import by_area

    found = computed.impact
    if found.cases or found.refused or found.taken:
        return
    if computed.unread:
        raise typer.Exit(errors.BAD)
    wanted = "" if sides.area is None else f" of {sides.area}"
    there = f", only {by_area(found.left_out)}" if found.left_out else ""
    raise errors.CommandError(
        f"There is no case{wanted} in what was named{there}. Name files or folders of its cases."
    )


def _page(found: Impact, form: str, out: Path | None) -> str:
    if form == "json":
        from cspr_core.impact.as_json import json_of

        return json_of(found, ascii_only=out is None and not output.is_unicode())
    if form == "markdown":
        from cspr_core.impact.as_markdown import markdown_of

        return markdown_of(found)
    from cspr_core.impact.as_text import text_of

    return text_of(found, output.width(out))
