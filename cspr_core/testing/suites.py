"""Which scenarios there are to play, and the rules that they are held against.

A suite is one area's scenarios with that area's rules. It is named by the area, by a plugin's
folder, by a folder of scenarios or by a single file. An installed plugin is loaded with its hooks;
of one that is not installed the YAML alone is read, and nothing of it is executed.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cspr_core
from cspr_core.check import Rules, nation_alone, rules_for
from cspr_core.kinds import Lowered
from cspr_core.plugins import (
    ARRANGEMENTS,
    NATIONAL,
    in_directory,
    installed,
    load_arrangements,
    national,
)
from cspr_core.reading.problems import START, BadInput, Problem
from cspr_core.reading.words import nearest
from cspr_core.scenarios import read_scenario, scenarios_in

SCENARIOS = "scenarios"
HOME = Path(cspr_core.__file__).parent / "national"
PROVISIONS = HOME / "provisions.yaml"


class NothingToTestError(Exception):
    """There is nothing at this name or path that could be tested: one line with the remedy."""


@dataclass(frozen=True)
class Suite:
    """Scenarios of one area, and its rules.

    `whole`: these are all of the area's scenarios, so that what they cover means something.
    `again` are the arguments with which `suite_of` finds the suite again.
    """

    area: str
    rules: Rules
    arrangements: Path
    folder: Path | None
    paths: tuple[Path, ...]
    whole: bool
    again: tuple[str, Path | None]

    @property
    def lowered(self) -> tuple[Lowered, ...]:
        """The requirements that the scenarios are to exercise: the area's own."""
        plugin = self.rules.nation if self.area == NATIONAL else self.rules.plugin
        return plugin.lowered


@dataclass(frozen=True)
class Target:
    """A suite by its name; `load` reads it, and raises what is wrong with it."""

    name: str
    load: Callable[[], Suite]


def near(path: str) -> str:
    """A path as it is called from the folder one works in, where it lies below it."""
    path = os.path.normpath(path)
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return path


def area_rules(area: str, directory: Path | None = None) -> Rules:
    """The rules of an area, or the nation's alone; raises as `rules_for`."""
    return nation_alone() if area == NATIONAL else rules_for(area, directory)


# --- finding --------------------------------------------------------------------------------------


def suite_of(target: str, directory: Path | None = None) -> Suite:
    """The one suite of an area or path; raises as `Target.load`, or `NothingToTestError`."""
    return targets(target, directory)[0].load()


def targets(
    target: str | None, directory: Path | None = None, here: Path | None = None
) -> tuple[Target, ...]:
    """What to test: an area or a path; with neither, the plugin `here`, or all that there are.

    `directory` is read before what is installed, as for a check. Raises `NothingToTestError`.
    """
    if target is None:
        here = here or Path()
        if plugin_in(here) is not None:
            return _at(here)
        return tuple(_everything(directory))
    path = Path(target)
    named = target == NATIONAL or target in installed()
    if directory is not None and target in in_directory(directory):
        named = True
    if named:
        return (Target(target, partial(_of_area, target, directory)),)
    if path.exists():
        return _at(path)
    areas = [NATIONAL, *installed(), *(in_directory(directory) if directory else ())]
    near = nearest(target, areas)
    hint = f"Did you mean {near}?" if near else f"The areas are: {', '.join(areas)}."
    raise NothingToTestError(f"{target}: there is no such area, file or folder. {hint}")


def _everything(directory: Path | None) -> Iterator[Target]:
    """Every area that brings scenarios along, the nation first; loads no plugin."""
    areas = {**dict.fromkeys(installed()), **(in_directory(directory) if directory else {})}
    for area in (NATIONAL, *sorted(areas)):
        if _has_scenarios(area, directory):
            yield Target(area, partial(_of_area, area, directory))


def _has_scenarios(area: str, directory: Path | None) -> bool:
    if area == NATIONAL:
        return True
    if directory is not None and (path := in_directory(directory).get(area)) is not None:
        return scenarios_of(path, named=True) is not None
    homes = [home for point in installed()[area] if (home := _home(point.value)) is not None]
    return any(scenarios_of(home / ARRANGEMENTS) is not None for home in homes)


def _home(value: str) -> Path | None:
    """The folder of the package that an entry point names, found without importing it."""
    try:
        spec = importlib.util.find_spec(value.partition(":")[0].partition(".")[0].strip())
    except (ImportError, ValueError):
        return None
    return None if spec is None or spec.origin is None else Path(spec.origin).parent


def plugin_in(folder: Path) -> Path | None:
    """The arrangements of the plugin whose folder this is: its own, or in the package in it."""
    if (folder / ARRANGEMENTS).is_file():
        return folder / ARRANGEMENTS
    found = sorted(folder.glob(f"*/{ARRANGEMENTS}"))
    if len(found) == 1 and (
        found[0].parent.name.startswith("cspr_") or (folder / "pyproject.toml").is_file()
    ):
        return found[0]
    return None


def scenarios_of(arrangements: Path, *, named: bool = False) -> Path | None:
    """The folder of the scenarios of a plugin: in its package, or beside it in the plugin's folder.

    What stands beside an installed package may be anybody's: it counts only where the folder is a
    project's (`pyproject.toml`), or where the user has named it.
    """
    home = arrangements.parent
    if (home / SCENARIOS).is_dir():
        return home / SCENARIOS
    beside = home.parent / SCENARIOS
    a_project = (home.parent / "pyproject.toml").is_file()
    a_package = home.name.startswith("cspr_") and str(home.parent) not in sys.path
    if beside.is_dir() and (a_project or (named and a_package)):
        return beside
    return None


# --- by area --------------------------------------------------------------------------------------


def _of_area(area: str, directory: Path | None) -> Suite:
    if area == NATIONAL:
        return _whole(NATIONAL, nation_alone(), PROVISIONS, (area, directory))
    rules = rules_for(area, directory)
    return _whole(area, rules, Path(rules.plugin.file), (area, directory), named=bool(directory))


def _whole(
    area: str,
    rules: Rules,
    arrangements: Path,
    again: tuple[str, Path | None],
    *,
    named: bool = False,
) -> Suite:
    folder = scenarios_of(arrangements, named=named)
    if folder is None:
        raise NothingToTestError(
            f"{area}: it has no folder `{SCENARIOS}`. Name the folder of the plugin's source, or"
            " write a first scenario there."
        )
    folder = Path(near(str(folder)))
    return Suite(area, rules, arrangements, folder, _files(folder), whole=True, again=again)


def _files(folder: Path) -> tuple[Path, ...]:
    """The scenarios of a folder; raises `BadInput` for none, and for what would go unread."""
    problems = [
        _problem(path, "A scenario's name ends in `.yaml`", "Rename it, so that it is played")
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in (".yml", ".json") or path.suffix in (".YAML", ".Yaml")
    ]
    found = tuple(scenarios_in(folder))
    if not found and not problems:
        problems.append(
            _problem(folder, "There is no scenario in this folder", "Write one, or name another")
        )
    if problems:
        raise BadInput(problems)
    return found


def _problem(path: Path, what: str, remedy: str) -> Problem:
    return Problem(str(path), START.line, START.column, what, remedy)


# --- by path --------------------------------------------------------------------------------------


def _at(path: Path) -> tuple[Target, ...]:
    """The suites of a path: a plugin, several, a folder of scenarios or a file of one."""
    whole = _plugin_at(path)
    if whole is not None:
        return (Target(str(path), partial(_of_plugin, whole, str(path))),)
    if path.is_dir() and (several := in_directory(path)):
        return tuple(
            Target(area, partial(_of_plugin, file, str(file))) for area, file in several.items()
        )
    if (path / SCENARIOS).is_dir():
        wanted = next(iter(sorted(path.glob("cspr_*/"))), path) / ARRANGEMENTS
        raise NothingToTestError(
            f"{path}: there is no {wanted}. A plugin's rules stand in a file of this name: put it"
            " there, or name another folder."
        )
    files = _files(path) if path.is_dir() else (path,)
    above = plugin_above(path)
    if above is not None:
        return (Target(str(path), partial(_part, above, path, files)),)
    return tuple(_strays(path, files))


def _plugin_at(path: Path) -> Path | None:
    """The arrangements that a path names as a whole."""
    if path.name in (ARRANGEMENTS, PROVISIONS.name) and path.is_file():
        return path
    if path.is_dir() and path.resolve() == HOME:
        return PROVISIONS
    return plugin_in(path) if path.is_dir() else None


def plugin_above(path: Path) -> Path | None:
    """The arrangements of the plugin in whose folder of scenarios a path lies."""
    path = path.resolve()
    for parent in path.parents:
        if SCENARIOS in path.relative_to(parent).parts:
            found = PROVISIONS if parent == HOME else plugin_in(parent)
            if found is not None:
                return found
    return None


def rules_at(arrangements: Path) -> Rules:
    """The rules that a file holds: with hooks where that very plugin is installed.

    Raises `BadInput` or `PluginError`.
    """
    if arrangements.resolve() == PROVISIONS.resolve():
        return nation_alone()
    for area, points in installed().items():
        home = _home(points[0].value)
        if len(points) == 1 and home is not None and _holds(home, arrangements):
            rules = rules_for(area)
            if Path(rules.plugin.file).resolve() == arrangements.resolve():
                return rules
    return Rules(load_arrangements(arrangements), national())


def _holds(home: Path, arrangements: Path) -> bool:
    return arrangements.resolve().is_relative_to(home.resolve())


def _area_of(rules: Rules) -> str:
    return rules.plugin.area


def _of_plugin(arrangements: Path, name: str) -> Suite:
    rules = rules_at(arrangements)
    return _whole(_area_of(rules), rules, arrangements, (name, None), named=True)


def _part(arrangements: Path, path: Path, files: tuple[Path, ...]) -> Suite:
    rules = rules_at(arrangements)
    folder = scenarios_of(arrangements, named=True)
    whole = folder is not None and path.is_dir() and folder.resolve() == path.resolve()
    return Suite(
        _area_of(rules), rules, arrangements, folder, files, whole=whole, again=(str(path), None)
    )


def _strays(path: Path, files: tuple[Path, ...]) -> Iterator[Target]:
    """Scenarios that belong to no plugin's folder: by the partnership that each case names."""
    found: dict[str, list[Path]] = {}
    for file in files:
        try:
            area = read_scenario(file).casefile.case.partnership
        except BadInput as error:
            yield Target(str(file), partial(_raise, error))
        else:
            found.setdefault(area, []).append(file)
    for area, paths in found.items():
        yield Target(area, partial(_stray, area, tuple(paths), str(path)))


def _raise(error: BadInput) -> Suite:
    raise error


def _stray(area: str, paths: tuple[Path, ...], name: str) -> Suite:
    rules = area_rules(area)
    file = Path(rules.plugin.file)
    return Suite(area, rules, file, None, paths, whole=False, again=(name, None))
