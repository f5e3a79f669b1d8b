"""`cspr plugin check`: what a careful reader would say of a plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cspr_core.cli import errors, output
from cspr_core.cli.formats import format_of
from cspr_core.cli.options import (
    AsOf,
    Out,
    PluginsDir,
    TextOrJson,
    area_names,
    as_of_day,
    plugins_dir,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from cspr_core.lint.framework import Result
    from cspr_core.lint.targets import Target

FOUND = 1  # the exit status where there are errors or warnings


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("check")(check)


def check(
    where: Annotated[
        str | None,
        typer.Argument(
            metavar="AREA|PATH",
            help="An area, `national`, a plugin's folder or an arrangements.yaml.",
            autocompletion=area_names,
            show_default=False,
        ),
    ] = None,
    *,
    as_of: AsOf = None,
    form: TextOrJson = None,
    plugins: PluginsDir = None,
    out: Out = None,
) -> None:
    """Say what is wrong, doubtful or weak in a plugin, each with its place and a remedy.

    Without AREA or PATH: the plugin in this folder; where there is none, every one installed.
    A PATH is read as YAML only, unless it is that of an installed plugin. docs/plugin-check.md
    says what each code means.

    \b
    Exit status: 0 nothing, or notes only; 1 errors or warnings; 2 it can't be read or used.

    \b
    Examples:
      cspr plugin check northamptonshire
      cspr plugin check plugins/essex
      cspr plugin check devon/cspr_devon/arrangements.yaml
      cspr plugin check --as-of 2026-11-21 --format json --out check.json
    """  # noqa: D301  (typer reads the \b)
    from cspr_core.lint.results import as_json, as_text
    from cspr_core.lint.targets import targets

    form = format_of(form, out, ("text", "json"))
    day, _ = as_of_day(as_of)
    results: list[Result] = []
    broken = False
    for target in targets(where, plugins_dir(plugins)):
        result = _checked(target, day)
        broken = broken or result is None
        results += [] if result is None else [result]
    if results:
        shown: Callable[[list[Result], date], str] = as_json if form == "json" else as_text
        output.emit(shown(results, day), out)
    if broken:
        raise typer.Exit(errors.BAD)
    if any(result.count("error") or result.count("warning") for result in results):
        raise typer.Exit(FOUND)


def _checked(target: Target, day: date) -> Result | None:
    """What was found in one plugin; nothing where it can't be read, which is then told."""
    from cspr_core.lint.framework import run
    from cspr_core.lint.targets import context_for, place_of
    from cspr_core.plugins import PluginError

    try:
        return run(context_for(target, day))
    except PluginError as error:
        at = place_of(error)
        if at is None:
            errors.complain(error)
        else:
            # the place in full: it is the plugin's own author who reads this
            file, line, column = at
            output.note(f"{_short(file)}:{line}:{column}: {error}")
    except errors.expected() as error:
        errors.complain(error)
    return None


def _short(file: str) -> str:
    from cspr_core.lint.results import short

    return short(file)
