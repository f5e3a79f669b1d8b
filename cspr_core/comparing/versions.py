"""Two versions of one plugin, each from a path or a git revision, as YAML alone.

Both are read with today's vocabulary and model, beside today's national provisions. What an old
revision's file does not keep to is told as any problem of a file, with the revision in its name.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from cspr_core import hookspecs
from cspr_core.check import Rules, nation_alone
from cspr_core.comparing.git import Repository, VersionError, repository_of
from cspr_core.plugins import (
    ARRANGEMENTS,
    NATIONAL,
    PROVISIONS,
    Plugin,
    in_directory,
    load_arrangements,
    national,
)
from cspr_core.reading.document import Document, parse_document
from cspr_core.reading.problems import BadInput, Problem
from cspr_core.reading.source import decode, read_bytes

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_FILES = (".yaml", ".yml", ".json")
_PACKAGE = "__init__.py"  # Python beside a file counts only where they are a package
_HOOKS = tuple(name for name in vars(hookspecs) if name.startswith("cspr_"))


@dataclass(frozen=True)
class Version:
    """One version of a plugin: what it is called, its file's text, and what that comes to.

    `file` is the file's name in problems (`HEAD~3:plugins/…/arrangements.yaml`), `commit` the
    revision's full name, or nothing for a path; `python` what stands beside it in Python.
    """

    name: str
    file: str
    commit: str | None
    text: str
    plugin: Plugin
    python: Mapping[str, bytes]

    @cached_property
    def document(self) -> Document:
        """The file's values with their places."""
        return parse_document(self.text, self.file)

    @cached_property
    def lines(self) -> list[str]:
        """The file's lines."""
        return self.text.split("\n")

    @cached_property
    def rules(self) -> Rules:
        """What a case is checked against under this version."""
        if self.plugin.area == NATIONAL:
            return nation_alone(self.plugin)
        return Rules(self.plugin, national())

    @property
    def hooks(self) -> Mapping[str, bytes]:
        """The hooks that its Python speaks of, each with the files that do; nothing is run."""
        found: dict[str, bytes] = {}
        for file, content in sorted(self.python.items()):
            for hook in _HOOKS:
                if hook.encode() in content:
                    found[hook] = found.get(hook, b"") + file.encode() + b"\0" + content
        return found


def read_versions(old: str, new: str, area: str | None, here: Path) -> tuple[Version, Version]:
    """Both versions; a revision without a path takes that of `area`, or the other version's.

    A path that exists goes before a revision of the same name. Raises `VersionError` where one
    can't be found, `BadInput` where one is not valid today.
    """
    asked = [_asked(text, area, here) for text in (old, new)]
    found = [
        _at_path(one, here)
        if isinstance(one, _AtPath)
        else _at_revision(one, asked[1 - index], area, here)
        for index, one in enumerate(asked)
    ]
    areas = [version.plugin.area for version in found]
    if areas[0] != areas[1]:
        raise VersionError(
            f"{found[0].name} is of the area {areas[0]} and {found[1].name} of {areas[1]}: these"
            f" are no versions of one plugin. `cspr compare {areas[0]} {areas[1]}` sets areas side"
            " by side."
        )
    return found[0], found[1]


def in_working_tree(old: str, area: str | None, here: Path) -> str:
    """The file of the working tree that stands where a revision has it, named as from `here`.

    Raises `VersionError` where `old` is no revision, or nothing stands there now.
    """
    asked = _asked(old, area, here)
    if isinstance(asked, _AtPath):
        raise VersionError(
            f"{old}: this is a file or a folder, and not a revision whose counterpart in the"
            " working tree could be taken. Name the newer version as well."
        )
    repository = repository_of(here, asked.name)
    commit = repository.commit(asked.revision)
    path = _path_in(asked, asked, area, repository, repository.files(commit), here)
    file = repository.root / path
    if not file.is_file():
        raise VersionError(
            f"{old}: the working tree has no {path} any more. Name the newer version as well."
        )
    return os.path.relpath(file, here)


# --- what is asked for --------------------------------------------------------------------------


@dataclass(frozen=True)
class _AtPath:
    """A file that exists, and what it was called."""

    name: str
    file: Path


@dataclass(frozen=True)
class _AtRevision:
    """A revision, and the path that was named with it, if one was."""

    name: str
    revision: str
    path: str | None


def _asked(text: str, area: str | None, here: Path) -> _AtPath | _AtRevision:
    path = here / text
    if path.is_file():
        return _AtPath(text, Path(text))
    if path.is_dir():
        found = _in_folder(path)
        if len(found) > 1 and area not in found:
            raise VersionError(
                f"{text}: several plugins are in this folder: {', '.join(found)}. Name one of them"
                " with --area, or its own folder."
            )
        if found:
            file = found[area] if area in found else next(iter(found.values()))
            return _AtPath(text, Path(text) / file.relative_to(path))
    revision, colon, inside = text.partition(":")
    if _DRIVE.match(text) or (not colon and text.endswith(_FILES)):
        raise VersionError(f"{text}: there is no such file. Check the name and the folder.")
    if not revision or (colon and not inside):
        raise VersionError(
            f"{text}: this is no revision with a path. Write REVISION:PATH, for example"
            " HEAD~3:plugins/essex."
        )
    return _AtRevision(text, revision, inside.replace("\\", "/") if colon else None)


def _in_folder(folder: Path) -> dict[str, Path]:
    """The arrangements in a folder, by area; the national provisions in theirs."""
    if (folder / PROVISIONS.name).is_file():
        return {NATIONAL: folder / PROVISIONS.name}
    return in_directory(folder)


def _at_path(asked: _AtPath, here: Path) -> Version:
    file, name = here / asked.file, asked.file.as_posix()
    try:
        content = read_bytes(file)
        plugin = load_arrangements(file)
    except BadInput as error:
        raise _called(error, name) from None
    folder = file.parent
    modules = sorted(folder.rglob("*.py")) if (folder / _PACKAGE).is_file() else ()
    python = {path.relative_to(folder).as_posix(): path.read_bytes() for path in modules}
    return Version(asked.name, name, None, decode(content, name), plugin, python)


def _called(error: BadInput, name: str) -> BadInput:
    """The same problems in a file of this name."""
    return BadInput(Problem(name, p.line, p.column, p.what, p.remedy) for p in error.problems)


# --- revisions ----------------------------------------------------------------------------------


def _at_revision(
    asked: _AtRevision, other: _AtPath | _AtRevision, area: str | None, here: Path
) -> Version:
    repository = _repository_for(asked, other, area, here)
    commit = repository.commit(asked.revision)
    files = repository.files(commit)
    path = _path_in(asked, other, area, repository, files, here)
    name = f"{asked.revision}:{path}"
    content = repository.content(commit, path)
    text = decode(content, name)
    with tempfile.TemporaryDirectory(prefix="cspr-") as folder:
        file = Path(folder) / PurePosixPath(path).name
        file.write_bytes(content)
        try:
            plugin = load_arrangements(file)
        except BadInput as error:
            raise _called(error, name) from None
    beside = f"{PurePosixPath(path).parent}/"
    python = {
        file.removeprefix(beside): repository.content(commit, file)
        for file in files
        if f"{beside}{_PACKAGE}" in files and file.startswith(beside) and file.endswith(".py")
    }
    return Version(asked.name, name, commit, text, plugin, python)


def _repository_for(
    asked: _AtRevision, other: _AtPath | _AtRevision, area: str | None, here: Path
) -> Repository:
    """Where a revision is looked for: beside the other version where that says which path."""
    if asked.path is None and isinstance(other, _AtPath):
        try:
            return repository_of((here / other.file).resolve().parent, asked.name)
        except VersionError:
            if area is None:
                raise
    return repository_of(here, asked.name)


def _path_in(  # noqa: PLR0913, PLR0917  (what is asked, and where it is looked for)
    asked: _AtRevision,
    other: _AtPath | _AtRevision,
    area: str | None,
    repository: Repository,
    files: Sequence[str],
    here: Path,
) -> str:
    """The arrangements that are meant in a revision, by its own path, the area, the other's."""
    if asked.path is not None:
        path = _from_root(asked.path, repository, here)
        return _one(asked, _below(path, files), area, f"no arrangements at {path or 'its root'}")
    if area is not None:
        return _one(asked, _of_area(area, files), area, f"no arrangements of the area {area}")
    if isinstance(other, _AtPath):
        path = repository.inside(here / other.file) or ""
    elif other.path is not None:
        path = _from_root(other.path, repository, here)
    else:
        raise VersionError(
            f"{asked.name}: which plugin of this revision is not said. Name the area with --area,"
            f" or write {asked.revision}:PATH."
        )
    if path in files:
        return path
    found = _below(path, files) if path else []
    name = PurePosixPath(path).parent.name.removeprefix("cspr_")
    return _one(asked, found or _of_area(name, files), area, f"no arrangements at {path}")


def _from_root(path: str, repository: Repository, here: Path) -> str:
    """A path of a revision as git reads it: from the root, or with `./` from this folder."""
    if path.startswith(("./", "../")) or path in (".", ".."):
        inside = repository.inside(here / path)
        if inside is None:
            raise VersionError(
                f"{path}: this lies outside the repository {repository.root}. Name a path in it."
            )
        return inside
    return str(PurePosixPath(path)).removeprefix("./")


def _below(path: str, files: Sequence[str]) -> list[str]:
    """The arrangements at a path: the file itself, or those in the folder, as deep as any."""
    if path in files:
        return [path]
    folder = "" if path in ("", ".") else f"{path}/"
    depth = folder.count("/")
    names = (ARRANGEMENTS, PROVISIONS.name)
    return [
        file
        for file in files
        if file.startswith(folder)
        and PurePosixPath(file).name in names
        and file.count("/") - depth <= 2  # noqa: PLR2004  (as `in_directory` looks)
    ]


def _of_area(area: str, files: Sequence[str]) -> list[str]:
    """The arrangements of an area, wherever they lie; what lies in a folder of tests only last."""
    wanted = PROVISIONS.name if area == NATIONAL else ARRANGEMENTS
    found = [
        file
        for file in files
        if PurePosixPath(file).name == wanted
        and PurePosixPath(file).parent.name in (area, f"cspr_{area}")
    ]
    return [file for file in found if "tests" not in PurePosixPath(file).parts] or found


def _one(asked: _AtRevision, found: Sequence[str], area: str | None, none: str) -> str:
    if area is not None and len(found) > 1:
        found = _of_area(area, found) or found
    if len(found) == 1:
        return found[0]
    if not found:
        raise VersionError(
            f"{asked.name}: the revision has {none}."
            f" `git ls-tree -r --name-only {asked.revision}` lists what it has."
        )
    raise VersionError(
        f"{asked.name}: the revision has several: {', '.join(found)}."
        f" Name one of them: {asked.revision}:{found[0]}."
    )
