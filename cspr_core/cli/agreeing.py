"""`cspr agree`: whether all engines say the same of as many random cases as you like."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cspr_core.cli import output
from cspr_core.cli.errors import CommandError
from cspr_core.cli.options import AsOf, PluginsDir, Processes, area_names, as_of_day, plugins_dir

if TYPE_CHECKING:
    from collections import Counter
    from datetime import date

    from cspr_core.agreeing.comparing import Difference
    from cspr_core.agreeing.running import Outcome
    from cspr_core.reading.case import CaseFile
    from cspr_core.reading.problems import Problem

_CASES, _FILES = 1_000, 10
_FOLDER = Path("differences")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(agree)


def agree(  # noqa: PLR0913  (one for each option)
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Case files to compare the engines on, instead of random cases: mostly one that"
            " this command wrote.",
            show_default=False,
        ),
    ] = None,
    *,
    areas: Annotated[
        str | None,
        typer.Option(
            "--areas",
            metavar="AREA,...",
            help="The areas whose cases are drawn; every one installed if left out.",
            autocompletion=area_names,
            show_default=False,
        ),
    ] = None,
    cases: Annotated[
        int | None,
        typer.Option(
            "--cases",
            metavar="N",
            help=f"How many cases in all; {_CASES:,} if left out.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed",
            metavar="S",
            help="Another seed gives other cases; 1 if left out.",
            show_default=False,
        ),
    ] = None,
    as_of: AsOf = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FOLDER",
            help=f"Where differences are written, a case file each; {_FOLDER} if left out.",
            show_default=False,
        ),
    ] = None,
    processes: Processes = None,
    plugins: PluginsDir = None,
) -> None:
    """Run every engine on random cases, and compare all that they say, evidence included.

    Where they differ, the case is cut down to what shows it and written to a file, at most ten of
    them. Called with such a file, the command shows the difference again.

    \b
    Examples:
      cspr agree
      cspr agree --areas essex,leeds --cases 20000 --seed 7 --out differences
      cspr agree differences/difference-01.yaml

    Exit status 1: the engines differ, which is an error of cspr; please report it.
    """  # noqa: D301  (typer reads the \b)
    directory = plugins_dir(plugins)
    _need_libraries()
    if files:
        _refuse_options(cases, seed, out, processes)
        differ = _again(files, areas, as_of, directory)
    else:
        if as_of is not None:
            raise CommandError(
                "--as-of goes with case files: random cases have days of their own. Leave it out."
            )
        if cases is not None and cases < 1:
            raise CommandError(f"--cases {cases}: there is nothing to compare. Write 1 or more.")
        named = _areas_of(areas, directory)
        folder = out or _FOLDER
        _refuse_place(folder)
        wanted = _Wanted(
            named, _CASES if cases is None else cases, 1 if seed is None else seed, directory
        )
        differ = _drawn(wanted, folder, processes)
    if differ:
        raise typer.Exit(1)


class _Wanted(NamedTuple):
    """The random cases that are wanted."""

    areas: tuple[str, ...]
    cases: int
    seed: int
    directory: Path | None

    @property
    def command(self) -> str:
        """What draws them again."""
        areas = ",".join(self.areas)
        return f"cspr agree --areas {areas} --cases {self.cases} --seed {self.seed}"


def _refuse_options(
    cases: int | None, seed: int | None, out: Path | None, processes: int | None
) -> None:
    given = {"--cases": cases, "--seed": seed, "--out": out, "--processes": processes}
    for option, value in given.items():
        if value is not None:
            raise CommandError(f"{option} goes with random cases: leave it out, or the files.")


def _refuse_place(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise CommandError(f"--out {folder}: this is no folder. Name another.")
    if not folder.parent.is_dir():
        raise CommandError(f"--out {folder}: there is no folder {folder.parent}. Make it first.")


def _areas_of(text: str | None, directory: Path | None) -> tuple[str, ...]:
    """The areas named, each once; raises `CommandError` or `PluginError`."""
    from cspr_core.check import rules_for
    from cspr_core.plugins import in_directory, installed

    if text is None:
        named = tuple(sorted({*installed(), *(in_directory(directory) if directory else ())}))
        if not named:
            raise CommandError("There is no area to draw cases of. Install a plugin, or name one.")
        return named
    named = tuple(area.strip() for area in text.split(","))
    if not all(named) or len(set(named)) < len(named):
        raise CommandError(f"--areas {text}: write each area once, with commas between them.")
    for area in named:
        rules_for(area, directory)
    return named


def _need_libraries() -> None:
    """Say in one line what has to be installed; raises `CommandError`."""
    from importlib import import_module

    for name in ("duckdb", "numpy", "pyarrow"):
        try:
            import_module(name)
        except ModuleNotFoundError as error:
            raise CommandError(
                f"The table engine needs {name}, which is not installed. Install `cspr[caseload]`."
            ) from error


# --- random cases --------------------------------------------------------------------------------


def _drawn(wanted: _Wanted, folder: Path, processes: int | None) -> bool:
    """Compare, write down what differs, and tell; whether anything differed."""
    from collections import Counter
    from time import monotonic

    from cspr_core.agreeing.drawing import batches
    from cspr_core.agreeing.running import run
    from cspr_core.agreeing.telling import ran, table

    begun = monotonic()
    counts: dict[str, Counter[str]] = {area: Counter() for area in wanted.areas}
    kept: dict[tuple[str, str], tuple[Outcome, Difference]] = {}
    differing = 0
    asked = batches(wanted.areas, wanted.cases, wanted.seed)
    with _progress(wanted.cases) as tell:
        for outcome in run(asked, wanted.directory, processes):
            counts[outcome.batch.area] += outcome.counts
            differing += outcome.differing
            for one in outcome.differences:
                kept.setdefault((outcome.batch.area, one.cause), (outcome, one))
            tell(sum(mine["cases"] for mine in counts.values()))
    seconds = monotonic() - begun
    output.emit(table({area: mine for area, mine in counts.items() if mine}))
    output.emit(f"\n{ran()}")
    output.emit(
        f"{wanted.cases:,} cases drawn from seed {wanted.seed}, compared in {seconds:.1f} seconds."
    )
    if not differing:
        output.emit("No difference.")
        return False
    output.emit(f"{differing:,} differences, in {len(kept)} requirements of areas.")
    for outcome, one in list(kept.values())[:_FILES]:
        _write(outcome, one, folder, wanted)
    if len(kept) > _FILES:
        output.emit(f"\nOf the other {len(kept) - _FILES} no case was written down.")
    return True


def _write(outcome: Outcome, difference: Difference, folder: Path, wanted: _Wanted) -> None:
    """Cut a difference down, and write the case files that show it."""
    from cspr_core.agreeing.files import Head, paths_in, texts
    from cspr_core.agreeing.running import shown_by
    from cspr_core.agreeing.telling import told

    area, as_of = outcome.batch.area, outcome.as_of
    small = shown_by(outcome, difference, wanted.directory)
    if small is None:
        lines = "\n".join(told(difference))
        output.emit(f"\n{area}, as of {as_of}: this did not come again:\n{lines}")
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    paths = paths_in(folder, len(small.cases))
    head = Head(area, as_of, wanted.command, wanted.directory)
    for path, text in zip(paths, texts(small, paths, head), strict=True):
        output.emit(text, path)
    names = ", ".join(str(path) for path in paths)
    output.emit("\n".join([f"\n{names}: {area}, as of {as_of}", *told(small.difference)]))


@contextmanager
def _progress(cases: int) -> Iterator[Callable[[int], None]]:
    """Something to call with the cases compared: a line that moves, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Left

    columns = (TextColumn("Comparing"), BarColumn(), MofNCompleteColumn(), Left())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=cases)
        yield lambda done: shown.update(task, completed=done)


# --- files ---------------------------------------------------------------------------------------


def _again(
    files: Sequence[Path], areas: str | None, as_of: str | None, directory: Path | None
) -> bool:
    """Compare the engines on case files, and tell; whether anything differs.

    Files of one area and day go into one table, as they did when a difference was found.
    """
    from cspr_core.agreeing.comparing import compare
    from cspr_core.agreeing.telling import ran, table, told
    from cspr_core.check import check_words, rules_for

    asked = None if areas is None else _areas_of(areas, directory)
    if asked is not None and len(asked) > 1:
        raise CommandError(f"--areas {areas}: a case is compared under one area. Name that one.")
    together: dict[tuple[str, date], list[CaseFile]] = {}
    for casefile, area, day in _read(files, as_of):
        area_ = area if asked is None else asked[0]
        check_words(casefile, rules_for(area_, directory), lambda own: rules_for(own, directory))
        together.setdefault((area_, day), []).append(casefile)
    differ = False
    counts: dict[str, Counter[str]] = {}
    said: list[str] = []
    for (area, day), found in together.items():
        agreed = compare(rules_for(area, directory), [one.case for one in found], day)
        counts[f"{area}, {day}"] = agreed.counts
        for difference in agreed.differences:
            differ = True
            whose = found[difference.case].path if difference.case >= 0 else f"{area}, {day}"
            said += ["", f"{whose}:", *told(difference)]
    output.emit("\n".join([table(counts), "", ran(), *(said or ["No difference."])]))
    return differ


def _read(files: Sequence[Path], as_of: str | None) -> Iterator[tuple[CaseFile, str, date]]:
    """Each file's case, the area and the day that its head names, or else its own and today."""
    from cspr_core.agreeing.files import area_in, day_in
    from cspr_core.reading.case import read_case
    from cspr_core.reading.problems import BadInput

    problems: list[Problem] = []
    read: list[CaseFile] = []
    for path in files:
        try:
            read.append(read_case(path, today=None))
        except BadInput as error:
            problems += error.problems
    if problems:
        raise BadInput(problems)
    asked = None if as_of is None else as_of_day(as_of)[0]
    for path, casefile in zip(files, read, strict=True):
        day = asked or day_in(path) or as_of_day(None)[0]
        yield casefile, area_in(path) or casefile.case.partnership, day
