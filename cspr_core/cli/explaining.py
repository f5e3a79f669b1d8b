"""`cspr explain`: why the answer to one requirement is what it is, and what would change it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cspr_core.cli import output
from cspr_core.cli.checking import How, check_file
from cspr_core.cli.errors import CommandError
from cspr_core.cli.formats import format_of
from cspr_core.cli.options import AsOf, Out, Partnership, PluginsDir, as_of_day, plugins_dir


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain)


def explain(  # noqa: PLR0913  (one for each option)
    case: Annotated[
        Path,
        typer.Argument(metavar="CASE", help="A case file.", readable=False, show_default=False),
    ],
    requirement: Annotated[
        str,
        typer.Argument(
            metavar="REQUIREMENT[/SUBJECT]",
            help="A requirement's id, with or without its area, and whom or what it is about.",
            show_default=False,
        ),
    ],
    *,
    as_of: AsOf = None,
    partnership: Partnership = None,
    plugins: PluginsDir = None,
    out: Out = None,
) -> None:
    """Explain one answer: its source, the days counted one by one, and what would change it.

    \b
    Examples:
      cspr explain NH-2026-03.yaml information_return/police
      cspr explain NH-2026-03.yaml national.rapid_review --as-of 2026-06-01

    Of several subjects, the one that is worst off is explained where none is named.
    """  # noqa: D301  (typer reads the \b)
    from cspr_core.report.explain import UnknownNameError, explain_text, named

    format_of(None, out, ("text",))
    day, today = as_of_day(as_of)
    checked = check_file(case, How(day, today, partnership, plugins_dir(plugins)))
    try:
        text = explain_text(checked, named(checked.rules, requirement))
    except UnknownNameError as error:
        raise CommandError(str(error)) from None
    output.emit(text, out)
