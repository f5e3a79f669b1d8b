"""What `cspr plugin check` is asked to check: areas and paths, each loaded by itself."""

from __future__ import annotations

import importlib.util
import traceback
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cspr_core.check import Rules, nation_alone
from cspr_core.lint.framework import SCENARIOS, Context, context_of
from cspr_core.plugins import (
    ARRANGEMENTS,
    NATIONAL,
    Plugin,
    PluginError,
    UnknownPartnershipError,
    in_directory,
    installed,
    load,
    load_arrangements,
    national,
)

_SIGNS = (SCENARIOS, "COVERAGE.md", "pyproject.toml")


@dataclass(frozen=True)
class Target:
    """One plugin to check: by its area, or by the file of its arrangements."""

    area: str | None = None
    file: Path | None = None
    directory: Path | None = None

    @property
    def name(self) -> str:
        """What it is called until its file has been read."""
        return self.area or str(self.file)


def targets(where: str | None, directory: Path | None) -> tuple[Target, ...]:
    """What is meant by an area, a path, or nothing.

    A word that is the name of an installed plugin, of one in `directory`, or `national`, is an
    area; else what there is at the path: a file, or every `arrangements.yaml` below a folder.
    Without either, the plugin in the current folder, and where there is none, every one that is
    installed and the national provisions.
    """
    known = [NATIONAL, *installed(), *(in_directory(directory) if directory else ())]
    if where is None:
        here = in_directory(Path())
        if here and directory is None:
            return tuple(_at(path) for path in here.values())
        return tuple(Target(area, directory=directory) for area in dict.fromkeys(known))
    if where in known:
        return (Target(where, directory=directory),)
    path = Path(where)
    if path.is_dir():
        found = in_directory(path)
        package = next(iter(sorted(path.glob("cspr_*/"))), path)
        return tuple(_at(p) for p in found.values()) or (Target(file=package / ARRANGEMENTS),)
    if path.exists() or path.suffix or len(path.parts) != 1:
        return (_at(path),)
    return (Target(where, directory=directory),)


def _at(path: Path) -> Target:
    """The installed plugin whose file this is, with its hooks; else the file alone."""
    for area, points in installed().items():
        for point in points:
            # a top-level package is found without being imported
            spec = importlib.util.find_spec(point.module) if "." not in point.module else None
            if spec is not None and spec.origin is not None:
                its = Path(spec.origin).parent / ARRANGEMENTS
                if its.is_file() and path.is_file() and its.samefile(path):
                    return Target(area, file=path)
    return Target(file=path)


def context_for(target: Target, as_of: date) -> Context:
    """The context of what is to be checked.

    Raises `BadInput` where its file can't be read or is wrong, `PluginError` where the plugin
    can't be used.
    """
    plugin, rules = _loaded(target)
    return context_of(plugin, rules, _folder(Path(plugin.file)), as_of)


def _loaded(target: Target) -> tuple[Plugin, Rules]:
    if target.area == NATIONAL:
        return national(), nation_alone()
    if target.area is not None:
        plugin = load(target.area, target.directory)
    else:
        plugin = load_arrangements(target.file or Path(ARRANGEMENTS))
    if plugin.area == NATIONAL:
        return plugin, nation_alone(plugin)
    return plugin, Rules(plugin, national())


def _folder(file: Path) -> Path | None:
    """The plugin's own folder: that of its file or the one above, whichever looks like one."""
    for folder in (file.parent, file.parent.parent):
        if any((folder / sign).exists() for sign in _SIGNS):
            return folder
    return None


def place_of(error: PluginError) -> tuple[str, int, int] | None:
    """File, line and column in the plugin's Python at which it broke; none where it is not that."""
    if error.at is not None:
        return *error.at, 1
    cause = error.__cause__
    if isinstance(error, UnknownPartnershipError) or cause is None:
        return None
    if isinstance(cause, SyntaxError) and cause.filename is not None:
        return cause.filename, cause.lineno or 1, cause.offset or 1
    frames = traceback.extract_tb(cause.__traceback__)
    core = Path(__file__).parent.parent
    outside = [f for f in frames if not Path(f.filename).is_relative_to(core)]
    frame = (outside or frames)[-1]
    return frame.filename, frame.lineno or 1, 1
