"""`cspr simulate`: a caseload as it might be, from stated assumptions and a seed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cspr_core.cli import output
from cspr_core.cli.errors import CommandError
from cspr_core.cli.options import AsOf, PluginsDir, Processes, area_names, as_of_day, plugins_dir

if TYPE_CHECKING:
    from cspr_core.simulating.writing import Kind

_KINDS: dict[str, Kind] = {".parquet": "facts", ".jsonl": "lines"}
_MOST_FILES = 100_000  # in one folder: more than that no system and no editor takes well
_MOST_YEARS = 30


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(simulate)


def simulate(  # noqa: PLR0913  (one for each option)
    *,
    areas: Annotated[
        str | None,
        typer.Option(
            "--areas",
            metavar="AREA,...",
            help="The areas that the cases are dealt out to in turn; every one installed if left"
            " out.",
            autocompletion=area_names,
            show_default=False,
        ),
    ] = None,
    cases: Annotated[int, typer.Option("--cases", metavar="N", help="How many cases in all.")],
    seed: Annotated[
        int, typer.Option("--seed", metavar="S", help="Another seed gives other cases.")
    ] = 1,
    as_of: AsOf = None,
    years: Annotated[
        int,
        typer.Option("--years", metavar="N", help="Over how many years before it cases begin."),
    ] = 5,
    distributions: Annotated[
        Path | None,
        typer.Option(
            "--distributions",
            metavar="FILE",
            help="A YAML file with other shares and delays than those that docs/simulating.md"
            " states.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="FILE|DIR",
            help="FILE.parquet (facts), FILE.jsonl (a case a line), or a new folder (a file each).",
            show_default=False,
        ),
    ],
    processes: Processes = None,
    plugins: PluginsDir = None,
) -> None:
    """Make a synthetic caseload: cases as they might be, and nobody's.

    Every share and delay behind it is a stated assumption for simulation, not data about any
    area. The same seed gives the same bytes, and the first cases of many are those of few.

    \b
    Examples:
      cspr simulate --areas northamptonshire --cases 200 --as-of 2026-11-21 --out caseload
      cspr simulate --cases 200000 --seed 7 --as-of 2026-11-21 --out caseload.parquet
    """  # noqa: D301  (typer reads the \b)
    kind = _kind_of(out)
    _refuse_numbers(cases, years, kind)
    day = as_of_day(as_of)[0]
    _refuse_place(out, kind)
    with _needed():
        from cspr_core.simulating.distributions import read_distributions, shipped_distributions
        from cspr_core.simulating.writing import Caseload, write

        by = shipped_distributions() if distributions is None else read_distributions(distributions)
        directory = plugins_dir(plugins)
        caseload = Caseload(_areas_of(areas, directory), cases, seed, day, years, by, directory)
        with _progress(cases) as tell:
            write(caseload, kind, out, processes=processes, progress=tell)
    output.note(f"cspr: {cases:,} simulated cases as of {day} in {out}.")


def _kind_of(out: Path) -> Kind:
    kind = _KINDS.get(out.suffix.lower())
    if out.is_dir():
        return "files"
    if kind is None and out.suffix:
        raise CommandError(
            f"--out {out}: no caseload is written as {out.suffix}. Write FILE.parquet, FILE.jsonl,"
            " or a folder's name without an ending."
        )
    return kind or "files"


def _refuse_numbers(cases: int, years: int, kind: Kind) -> None:
    if cases < 1:
        raise CommandError(f"--cases {cases}: there is no such caseload. Write 1 or more.")
    if not 1 <= years <= _MOST_YEARS:
        raise CommandError(f"--years {years}: write a number from 1 to {_MOST_YEARS}.")
    if kind == "files" and cases > _MOST_FILES:
        raise CommandError(
            f"--cases {cases}: a folder takes at most {_MOST_FILES:,} files. Write FILE.parquet or"
            " FILE.jsonl with --out, or fewer cases."
        )


def _refuse_place(out: Path, kind: Kind) -> None:
    """Refuse to write over what is not to be lost; raises `CommandError`."""
    if kind == "files":
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise CommandError(
                f"--out {out}: there is something here already, and nothing is overwritten. Name a"
                " new or an empty folder."
            )
        return
    from cspr_core.cli.caseload import refuse_input

    refuse_input(out)


def _areas_of(text: str | None, directory: Path | None) -> tuple[str, ...]:
    """The areas named, each once; raises `CommandError` or `PluginError`."""
    from cspr_core.check import rules_for
    from cspr_core.plugins import in_directory, installed

    if text is None:
        return tuple(sorted({*installed(), *(in_directory(directory) if directory else ())}))
    named = [area.strip() for area in text.split(",")]
    if not all(named) or len(set(named)) < len(named):
        raise CommandError(f"--areas {text}: write each area once, with commas between them.")
    for area in named:
        rules_for(area, directory)
    return tuple(named)


@contextmanager
def _needed() -> Iterator[None]:
    """Say in one line what has to be installed, and what a whole caseload stopped at."""
    from cspr_core.caseload.errors import CaseloadError

    try:
        yield
    except CaseloadError as error:
        raise CommandError(str(error)) from error
    except ModuleNotFoundError as error:
        if error.name != "pyarrow":
            raise
        raise CommandError(
            "A Parquet file needs pyarrow, which is not installed. Install `cspr[caseload]`, or"
            " write FILE.jsonl or a folder."
        ) from error


@contextmanager
def _progress(cases: int) -> Iterator[Callable[[int], None] | None]:
    """Something to call with the cases made: a line that moves, on a terminal only."""
    if not _is_terminal():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Left

    console = Console(stderr=True)
    columns = (TextColumn("Simulating"), BarColumn(), MofNCompleteColumn(), Left())
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task("", total=cases)
        yield lambda made: shown.update(task, completed=made)


def _is_terminal() -> bool:
    return sys.stderr.isatty()
