"""What several commands share: the options' types, and how their values are read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from cspr_core.cli.errors import CommandError


def area_names(incomplete: str) -> list[str]:
    """Installed areas for shell completion; imports no plugin."""
    points = metadata.entry_points(group="cspr")
    return sorted(name for name in {p.name for p in points} if name.startswith(incomplete))


AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="Answer as of this day (YYYY-MM-DD) instead of today.",
        show_default=False,
    ),
]
PluginsDir = Annotated[
    Path | None,
    typer.Option(
        "--plugins",
        metavar="DIR",
        help="Read partnerships' arrangements.yaml from this folder first (YAML only).",
        show_default=False,
    ),
]
Partnership = Annotated[
    str | None,
    typer.Option(
        "--partnership",
        metavar="AREA",
        help="Check under this area's arrangements instead of the case's own.",
        autocompletion=area_names,
        show_default=False,
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="Write to this file, readable by you only, instead of the screen.",
        show_default=False,
    ),
]
TableMarkdownOrJson = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="table, markdown or json; left out: what the ending of --out says, or a table.",
        show_default=False,
    ),
]
TextOrJson = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="text or json; left out: what the ending of --out says, or text.",
        show_default=False,
    ),
]
Area = Annotated[
    str,
    typer.Argument(
        metavar="AREA",
        help="The partnership's area, for example northamptonshire.",
        autocompletion=area_names,
        show_default=False,
    ),
]
WhichPlugin = Annotated[
    str | None,
    typer.Option(
        "--area",
        metavar="AREA",
        help="Which plugin of a revision or of a folder; `national` for the provisions.",
        autocompletion=area_names,
        show_default=False,
    ),
]
Processes = Annotated[
    int | None,
    typer.Option(
        "--processes",
        metavar="N",
        min=1,
        help="For many cases, how many processes to use; as many as there are cores if left out.",
        show_default=False,
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="Of many cases, hand them to the Dask scheduler at this address (tcp://HOST:PORT).",
        show_default=False,
    ),
]
ErrorsFile = Annotated[
    Path | None,
    typer.Option(
        "--errors",
        metavar="FILE",
        help="Of many cases, write every problem to this file; stderr shows the first 50.",
        show_default=False,
    ),
]


def day_of(text: str, option: str = "--as-of") -> date:
    """The date given to an option, strictly YYYY-MM-DD; raises `CommandError` for others."""
    from pydantic_core import PydanticCustomError

    from cspr_core.model.scalars import iso_date

    try:
        return iso_date(text)
    except PydanticCustomError as error:
        context = error.context or {}
        raise CommandError(f"{option}: {context['what']}. {context['remedy']}.") from None


def as_of_day(text: str | None) -> tuple[date, date | None]:
    """The day to answer for, and today's date where none was given (`read_case` asks for it).

    Raises `CommandError` for what is no date.
    """
    if text is None:
        today = date.today()  # noqa: DTZ011  (the office's own day is what counts)
        return today, today
    return day_of(text), None


def plugins_dir(path: Path | None) -> Path | None:
    """The folder given to `--plugins`, made sure of; raises `CommandError`."""
    if path is not None and not path.is_dir():
        raise CommandError(f"--plugins {path}: there is no such folder. Name one that there is.")
    return path


def one_of(option: str, value: str | None, words: Iterable[str]) -> None:
    """Refuse a value that is none of the words, naming the nearest; raises `CommandError`."""
    known = list(words)
    if value is None or value in known:
        return
    from cspr_core.reading.words import nearest

    near = nearest(value, known)
    hint = f"Did you mean {near}?" if near else f"There are: {', '.join(known)}."
    raise CommandError(f"{option} {value}: there is no such word here. {hint}")
