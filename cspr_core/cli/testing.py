"""`cspr test`: scenarios, what they cover, and whether they notice a changed rule."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cspr_core.cli import errors, output
from cspr_core.cli.formats import format_of
from cspr_core.cli.mutating import mutate_suites
from cspr_core.cli.options import (
    Out,
    PluginsDir,
    TextOrJson,
    area_names,
    plugins_dir,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cspr_core.testing.running import Ran, Selection
    from cspr_core.testing.suites import Suite

FORMATS = ("text", "json")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("test")(play_scenarios)


def play_scenarios(  # noqa: PLR0913  (one for each option)
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="[AREA|PATH]",
            help="An area (or `national`), a plugin's folder, a folder of scenarios or one file.",
            autocompletion=area_names,
            show_default=False,
        ),
    ] = None,
    *,
    text: Annotated[
        str,
        typer.Option(
            "-k",
            metavar="TEXT",
            help="Only scenarios whose path, title or requirements hold this text.",
            show_default=False,
        ),
    ] = "",
    requirements: Annotated[
        list[str] | None,
        typer.Option(
            "--requirement",
            "-r",
            metavar="ID",
            help="Only scenarios that expect something of this requirement (with --mutate, only"
            " changes of it); may be given again.",
            show_default=False,
        ),
    ] = None,
    first: Annotated[
        bool, typer.Option("-x", help="Stop at the first scenario that is not as expected.")
    ] = False,
    missing: Annotated[
        bool, typer.Option("--show-missing", help="Name every status that no scenario shows.")
    ] = False,
    fail_under: Annotated[
        float | None,
        typer.Option(
            "--fail-under",
            metavar="PERCENT",
            min=0,
            max=100,
            help="Exit status 1 where an area's coverage (with --mutate, its score) is below this.",
            show_default=False,
        ),
    ] = None,
    mutate: Annotated[
        bool,
        typer.Option("--mutate", help="Change the rules, one at a time: do the scenarios notice?"),
    ] = False,
    operators: Annotated[
        list[str] | None,
        typer.Option(
            "--operator",
            metavar="NAME",
            help="With --mutate, only changes of this kind; may be given again.",
            show_default=False,
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            metavar="N",
            min=1,
            help="With --mutate, this many processes instead of one for each processor.",
            show_default=False,
        ),
    ] = None,
    form: TextOrJson = None,
    junit: Annotated[
        Path | None,
        typer.Option(
            "--junit", metavar="FILE", help="Write JUnit XML to this file too.", show_default=False
        ),
    ] = None,
    plugins: PluginsDir = None,
    out: Out = None,
) -> None:
    """Play scenarios, and tell where an answer is not what was worked out by hand.

    \b
    Examples:
      cspr test essex
      cspr test plugins/essex --show-missing
      cspr test plugins/essex/scenarios/review/quorum.yaml
      cspr test --fail-under 60 --junit results.xml
      cspr test essex --mutate --fail-under 95

    With neither area nor path: the plugin in this folder, or every area that brings scenarios.
    Exit status 1: something is not as expected, or too little is covered; 2: a scenario can't be
    read.
    """  # noqa: D301  (typer reads the \b)
    from cspr_core.testing.running import Selection
    from cspr_core.testing.telling import json_of, junit_of, text_of

    form = format_of(form, out, FORMATS)
    suites, failed = _suites(target, plugins_dir(plugins))
    names = _requirements(requirements or [], suites)
    if mutate:
        if text or first or missing or junit is not None:
            raise errors.CommandError(
                "--mutate plays every scenario, and tells of changes: leave out -k, -x,"
                " --show-missing and --junit."
            )
        status = mutate_suites(
            suites,
            only=names,
            operators=operators or (),
            jobs=jobs,
            fail_under=fail_under,
            form=form,
            out=out,
        )
        if failed or status:
            raise typer.Exit(errors.BAD if failed else status)
        return
    if operators or jobs is not None:
        raise errors.CommandError("--operator and --jobs go with --mutate: give that too.")
    selection = Selection(text, names, first)
    _check_coverage(suites, selection, asked=missing or fail_under is not None)
    runs = _runs(suites, selection)
    if runs:
        plain = out is None and not output.is_unicode()
        said = json_of(runs, ascii_only=plain) if form == "json" else text_of(runs, missing=missing)
        output.emit(said, out)
        if junit is not None:
            output.write_file(junit, junit_of(runs))
    status = _status(runs, fail_under)
    if failed or status:
        raise typer.Exit(errors.BAD if failed else status)


def _suites(target: str | None, directory: Path | None) -> tuple[list[Suite], bool]:
    """The suites to play, and whether some can't be: those are told on stderr."""
    from cspr_core.testing.suites import NothingToTestError, targets

    suites: list[Suite] = []
    failed = False
    told: set[str] = set()
    try:
        found = targets(target, directory)
    except NothingToTestError as error:
        raise errors.CommandError(str(error)) from None
    for one in found:
        try:
            suites.append(one.load())
        except NothingToTestError as error:
            failed = True
            errors.complain(errors.CommandError(str(error)), told)
        except errors.expected() as error:
            failed = True
            errors.complain(error, told)
    return suites, failed


def _requirements(asked: Sequence[str], suites: Sequence[Suite]) -> tuple[str, ...]:
    """The ids meant; raises `CommandError` for what no suite has."""
    from cspr_core.report.explain import UnknownNameError, named

    found: list[str] = []
    for name in asked:
        said = ""
        before = len(found)
        for suite in suites:
            try:
                found.append(named(suite.rules, name).requirement)
            except UnknownNameError as error:
                said = str(error)
        if suites and len(found) == before:
            raise errors.CommandError(f"--requirement {name}: {said}")
    return tuple(dict.fromkeys(found))


def _check_coverage(suites: Sequence[Suite], selection: Selection, *, asked: bool) -> None:
    """Raises `CommandError` where coverage is asked for and only a part is played."""
    if asked and (selection.text or not all(suite.whole for suite in suites)):
        raise errors.CommandError(
            "What is covered can be told of an area's scenarios as a whole only: leave out"
            " --show-missing and --fail-under, or name the area alone."
        )


def _runs(suites: Sequence[Suite], selection: Selection) -> list[Ran]:
    """Each suite, played; what can't be played is told on stderr.

    Raises `CommandError` where no scenario is one of those asked for.
    """
    from cspr_core.testing.running import run

    runs: list[Ran] = []
    for suite in suites:
        ran = run(suite, selection)
        runs.append(ran)
        for played in ran.unread:
            for line in played.problems:
                output.note(line)
        if selection.first and (ran.failed or ran.unread):
            break
    if runs and not any(ran.played for ran in runs):
        raise errors.CommandError(
            "No scenario is one of those asked for. Correct -k or --requirement."
        )
    return runs


def _status(runs: Sequence[Ran], fail_under: float | None) -> int:
    """The exit status; too little covered is told on stderr."""
    from cspr_core.testing.telling import percent

    status = 0
    for ran in runs:
        if ran.failed:
            status = 1
        if fail_under is not None and not ran.part and ran.coverage.percent < fail_under:
            output.note(
                f"cspr: {ran.suite.area}: {percent(ran.coverage.percent)} is covered, and"
                f" {fail_under:g}% is asked for. --show-missing names what is not."
            )
            status = 1
    return errors.BAD if any(ran.unread for ran in runs) else status
