"""`cspr plugin doc`: the arrangements as practice guidance."""

from __future__ import annotations

from typing import Annotated

import typer

from cspr_core.cli import errors, output
from cspr_core.cli.formats import format_of
from cspr_core.cli.options import AsOf, Out, PluginsDir, area_names, as_of_day, plugins_dir

_FORMATS = ("markdown", "html", "word")


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("doc")(doc)


def doc(
    where: Annotated[
        str,
        typer.Argument(
            metavar="AREA|PATH",
            help="An area, or a plugin's folder, of which the YAML alone is read.",
            autocompletion=area_names,
            show_default=False,
        ),
    ],
    *,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="markdown, html or word (needs --out); left out: as FILE's ending says.",
        ),
    ] = None,
    as_of: AsOf = None,
    plugins: PluginsDir = None,
    out: Out = None,
) -> None:
    """Write an area's arrangements out as practice guidance: stages, dates, bodies, roles.

    --as-of is the day on which its contacts are so many years old; the rest knows no day.

    \b
    Examples:
      cspr plugin doc northamptonshire --out guidance.md
      cspr plugin doc essex --out essex.html
      cspr plugin doc plugins/south_glos --out guidance.docx
    """  # noqa: D301  (typer reads the \b)
    from cspr_core.lint.targets import context_for, targets
    from cspr_core.report.guidance.writing import guidance_of

    form = format_of(form, out, _FORMATS)
    if form == "word" and out is None:
        raise errors.CommandError(
            "--format word: a Word document can't be shown here. Name a file with --out."
        )
    day, _ = as_of_day(as_of)
    target = targets(where, plugins_dir(plugins))[0]
    guidance = guidance_of(context_for(target, day).rules, day)
    if form == "markdown":
        from cspr_core.report.guidance.as_markdown import markdown_of

        output.emit(markdown_of(guidance), out)
    elif form == "html":
        from cspr_core.report.guidance.as_html import html_of

        output.emit(html_of(guidance), out)
    elif out is not None:
        from cspr_core.report.guidance.as_word import word_of

        output.write_file(out, word_of(guidance))
