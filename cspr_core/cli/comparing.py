"""`cspr compare` and `cspr diff`: how arrangements differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cspr_core.cli import errors, output
from cspr_core.cli.formats import format_of
from cspr_core.cli.options import (
    Out,
    PluginsDir,
    TableMarkdownOrJson,
    WhichPlugin,
    area_names,
    one_of,
    plugins_dir,
)

if TYPE_CHECKING:
    from pathlib import Path

    from cspr_core.check import Rules

_DIFFERENT = 1  # the exit status where what is checked differs


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("compare")(compare)
    app.command("diff")(diff)


def complete_topics(incomplete: str) -> list[str]:
    """The topics that begin so, for shell completion."""
    from cspr_core.comparing.matters import TOPICS
    from cspr_core.comparing.side_by_side import PARTS

    return [word for word in (*PARTS, *TOPICS) if word.startswith(incomplete)]


def complete_stages(incomplete: str) -> list[str]:
    """The stages that begin so, for shell completion."""
    from cspr_core.vocabulary import vocabulary

    return [s for s in vocabulary().words("stages") if s.startswith(incomplete)]


def compare(  # noqa: PLR0913  (one for each option)
    areas: Annotated[
        list[str],
        typer.Argument(
            metavar="AREA...",
            help="Two areas or more: each installed, or a plugin's folder (YAML only).",
            autocompletion=area_names,
            show_default=False,
        ),
    ],
    *,
    stage: Annotated[
        str | None,
        typer.Option(
            metavar="STAGE",
            help="This stage alone, in full: for example review.",
            autocompletion=complete_stages,
            show_default=False,
        ),
    ] = None,
    topic: Annotated[
        str | None,
        typer.Option(
            metavar="TOPIC",
            help="This topic alone, in full: for example deadlines, make_up, family or contacts.",
            autocompletion=complete_topics,
            show_default=False,
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Show everything, not only what the areas speak of.")
    ] = False,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="table, markdown or html; left out: what the ending of --out says, or a table.",
            show_default=False,
        ),
    ] = None,
    plugins: PluginsDir = None,
    out: Out = None,
) -> None:
    """Set the arrangements of areas side by side: what each asks for on the same matter.

    The table gives the time limits, and names stage by stage and topic by topic what the areas
    speak of; with --stage, --topic or --all, and in the other formats, it says what they say.

    \b
    Topics: documents, deadlines, bodies, contacts, not_covered; referral,
    notification, information, rapid_review, decision, reviewer, make_up,
    scrutineer, family, authors, practitioners, disputes, delay, parallel,
    drafts, content, sign_off, telling, publication, debrief, learning, other.

    \b
    Examples:
      cspr compare essex northamptonshire
      cspr compare essex northamptonshire --topic family
      cspr compare essex northamptonshire --stage publication
      cspr compare essex south_glos staffordshire --format html --out areas.html
      cspr compare northamptonshire ./devon --topic deadlines
    """  # noqa: D301  (typer reads the \b)
    from cspr_core.comparing.matters import TOPICS
    from cspr_core.comparing.side_by_side import PARTS, side_by_side
    from cspr_core.vocabulary import vocabulary

    form = format_of(form, out, ("table", "markdown", "html"))
    one_of("--stage", stage, vocabulary().words("stages"))
    one_of("--topic", topic, (*PARTS, *TOPICS))
    if stage is not None and topic in set(PARTS) - {"deadlines"}:
        raise errors.CommandError(
            f"--topic {topic}: this belongs to no stage. Leave --stage out, or name another topic."
        )
    compared = side_by_side(_rules_of(areas, plugins_dir(plugins)), stage, topic)
    if form == "html":
        from cspr_core.comparing.compare_html import html_of

        made = html_of(compared)
    elif form == "markdown":
        from cspr_core.comparing.compare_markdown import markdown_of

        made = markdown_of(compared)
    else:
        from cspr_core.comparing.compare_text import text_of

        made = text_of(compared, output.width(out), everything=everything)
    output.emit(made, out)


def _rules_of(areas: list[str], directory: Path | None) -> list[Rules]:
    """The rules of each area; raises `CommandError` for fewer than two, or one twice."""
    from cspr_core.comparing.areas import rules_of

    if len(areas) < 2:  # noqa: PLR2004
        raise errors.CommandError(
            f"{areas[0]}: one area alone can't be compared. Name another beside it."
        )
    found = [rules_of(area, directory) for area in areas]
    names = [rules.plugin.area for rules in found]
    for name in names:
        if name == "national":
            raise errors.CommandError(
                "national: the national duties stand beside every area. Leave national out."
            )
        if names.count(name) > 1:
            raise errors.CommandError(
                f"{name}: this area is named twice. For two versions of one plugin use `cspr diff`."
            )
    return found


def diff(
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD",
            help="A plugin's folder, its arrangements.yaml, REVISION or REVISION:PATH.",
            show_default=False,
        ),
    ],
    new: Annotated[
        str,
        typer.Argument(metavar="NEW", help="The same, of the newer version.", show_default=False),
    ],
    *,
    area: WhichPlugin = None,
    form: TableMarkdownOrJson = None,
    out: Out = None,
) -> None:
    """Say what changed between two versions of one plugin: the worst first.

    Only YAML is read: nothing of an old revision is checked out or run. A revision without a path
    takes the path of the other version, or of AREA.

    \b
    Exit status: 0 what is checked is the same; 1 it differs; 2 a version can't be read.

    \b
    Examples:
      cspr diff barset barset-2027
      cspr diff HEAD~3 plugins/essex
      cspr diff main HEAD --area northamptonshire
      cspr diff v1:plugins/essex HEAD:plugins/essex --format markdown
    """  # noqa: D301  (typer reads the \b)
    from pathlib import Path

    from cspr_core.comparing.changes import difference_of
    from cspr_core.comparing.diff_json import json_of
    from cspr_core.comparing.diff_markdown import markdown_of
    from cspr_core.comparing.diff_text import text_of
    from cspr_core.comparing.versions import read_versions

    form = format_of(form, out, ("table", "markdown", "json"))
    difference = difference_of(*read_versions(old, new, area, Path()))
    if form == "json":
        plain = out is None and not output.is_unicode()
        made = json_of(difference, ascii_only=plain)
    elif form == "markdown":
        made = markdown_of(difference)
    else:
        made = text_of(difference, output.width(out))
    output.emit(made, out)
    if difference.affects:
        raise typer.Exit(_DIFFERENT)
