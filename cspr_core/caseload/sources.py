"""Where a caseload comes from: folders, patterns and files, cut into partitions of bounded size.

Nothing is read here but names, the footer of a Parquet file, and where the lines of a JSONL file
end; what is wrong with a file shows when its partition is checked, so that the rest goes on.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from cspr_core.caseload.answers import holds_findings
from cspr_core.caseload.store import GROUP, open_facts
from cspr_core.reading.case_files import (
    CASE_FILES,
    FACTS,
    LINES,
    NAME_IT,
    Kind,
    holds_identities,
    kind_of,
    of_identities,
    refuse_special,
    walk,
)
from cspr_core.reading.problems import START, BadInput, Problem

FILES = 500  # case files, or lines, of one partition
_BLOCK = 1 << 20  # bytes read at once where only line ends are looked for


@dataclass(frozen=True)
class Partition:
    """A part of a caseload that is checked by itself; small, and the same wherever it is made.

    `files`: the case files `paths`. `facts`: the row groups `start` to `stop` (not included) of
    the one Parquet file. `lines`: the bytes `start` to `stop` of the one JSONL file, which begin
    with line `line`. `walked`: the files were found in a folder, not named, so what is no case
    among them is passed over.
    """

    number: int
    kind: Kind
    paths: tuple[Path, ...]
    start: int = 0
    stop: int = 0
    line: int = 1
    walked: bool = False

    def __str__(self) -> str:
        """What it holds, for a person: a file and its part, or the first and last of many."""
        first, last = self.paths[0], self.paths[-1]
        if self.kind == "facts":
            return f"{first}, parts {self.start + 1} to {self.stop}"
        if self.kind == "lines":
            return f"{first}, from line {self.line}"
        return f"{first}" if first == last else f"{first} to {last} ({len(self.paths)} files)"

    def absolute(self) -> Partition:
        """The same by whole paths, for processes that run in another folder."""
        return replace(self, paths=tuple(path.absolute() for path in self.paths))


class Taken(NamedTuple):
    """What is taken of what was given, and files in its folders that are not, each with why."""

    parts: list[Partition]
    passed_over: tuple[tuple[str, str], ...]


def partitions(given: Sequence[str], *, size: int = FILES) -> list[Partition]:
    """The partitions of `taken`."""
    return taken(given, size=size).parts


def taken(given: Sequence[str], *, size: int = FILES) -> Taken:
    """The partitions of all that is given, numbered from 0, the same for the same files.

    Each of `given` is a folder (all `*.yaml`, `*.yml`, `*.json` in and below it; not hidden, no
    identities), a pattern (`*`, `?`, `[…]`, `**`), a case file, a Parquet file of facts or a JSONL
    file with one case a line. A file named twice is taken once. `size` is the most case files, or
    lines, of one partition. Parquet and JSONL files that stand in a folder are passed over, which
    is told.

    Raises `BadInput` with a problem for each of `given` of which nothing can be taken: a folder or
    pattern without cases, a kind of file that is not read, no file at all. What is wrong with a
    file itself, its partition's outcome tells.
    """
    taking = _Taking(size)
    for text in given:
        taking.take(text)
    taking.end_files()
    if taking.problems:
        raise BadInput(taking.problems)
    parts = [replace(part, number=number) for number, part in enumerate(taking.parts)]
    return Taken(parts, tuple((str(path), NAME_IT) for path in taking.beside()))


class _Taking:
    """What is taken so far."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.parts: list[Partition] = []
        self.problems: list[Problem] = []
        self._files: list[Path] = []  # that no partition holds yet
        self._walked = False
        self._seen: set[object] = set()
        self._beside: list[Path] = []

    def take(self, text: str) -> None:
        path = Path(text)
        if os.path.lexists(path) or not glob.has_magic(text):
            self._named(path)
            return
        # `Path.glob` takes no whole pattern, and its `**` means something else in each Python.
        matches = [Path(match) for match in sorted(glob.glob(text, recursive=True))]  # noqa: PTH207
        # What a pattern matches beside cases was not meant; what somebody names was.
        usable = [path for path in matches if path.is_dir() or kind_of(path) is not None]
        files = [path for path in usable if not path.is_dir()]
        walked = [self._walked_in(path) for path in usable if path.is_dir()]
        folders = [found for found in walked if found]
        if not files and not folders:
            self._problem(
                path, "No case file matches this pattern", "Check it, and the folder it starts from"
            )
        for match in files:
            self._named(match)
        for folder in folders:
            self._add(folder, walked=True)

    def _walked_in(self, folder: Path) -> list[Path]:
        """The case files in a folder; what holds many cases there is noted, and not taken."""
        files: list[Path] = []
        for path, kind in walk(folder):
            (files if kind == "files" else self._beside).append(path)
        return files

    def beside(self) -> list[Path]:
        """The files of many cases that stood in folders, and that nobody named."""
        return [path for path in self._beside if self._new(path)]

    def _named(self, path: Path) -> None:
        if path.is_dir():
            before = len(self._beside)
            files = self._walked_in(path)
            if not files:
                self._problem(
                    path,
                    "There is no case file in this folder",
                    "Name its Parquet or JSONL files one by one, or with a pattern"
                    if len(self._beside) > before
                    else "Name a folder that holds case files, or make one with `cspr new`",
                )
            self._add(files, walked=True)
        elif (special := refuse_special(path)) is not None:
            self.problems.append(special)
        elif holds_identities(path):
            self.problems.append(of_identities(path))
        else:
            self._file(path)

    def _file(self, path: Path) -> None:
        match kind_of(path):
            case "files":
                self._add([path], walked=False)
            case "facts" if holds_findings(path):
                self._problem(
                    path,
                    "This file holds findings, the result of a check, and no cases",
                    "Name the cases themselves; `cspr stats` counts findings",
                )
            case "facts" if self._new(path):
                self.end_files()
                self.parts += _facts(path)
            case "lines" if self._new(path):
                self.end_files()
                self.parts += _lines(path, self.size)
            case None if path.exists():
                self._problem(
                    path,
                    "This kind of file is not read",
                    f"Name a folder, or files that end in {', '.join(_ENDINGS)}",
                )
            case None:
                self._problem(
                    path, "There is no such file or folder", "Check the name and the folder"
                )

    def _add(self, files: Sequence[Path] | Iterator[Path], *, walked: bool) -> None:
        if walked != self._walked:
            self.end_files()
            self._walked = walked
        self._files += [path for path in files if self._new(path)]

    def end_files(self) -> None:
        """Cut the case files so far into partitions of about the same size."""
        files, self._files = self._files, []
        count = -(-len(files) // self.size)
        for n in range(count):
            start, stop = n * len(files) // count, (n + 1) * len(files) // count
            paths = tuple(files[start:stop])
            self.parts.append(Partition(0, "files", paths, walked=self._walked))

    def _new(self, path: Path) -> bool:
        """Whether this file was not taken before, under whatever name."""
        try:
            stat = path.stat()
            key: object = (stat.st_dev, stat.st_ino)
        except OSError:
            key = path
        known = key in self._seen
        self._seen.add(key)
        return not known

    def _problem(self, path: Path, what: str, remedy: str) -> None:
        self.problems.append(Problem(str(path), START.line, START.column, what, remedy))


_ENDINGS = (*CASE_FILES, FACTS[0], LINES[0])


def _facts(path: Path) -> Iterator[Partition]:
    """The row groups of a Parquet file, small ones together."""
    try:
        sizes = open_facts(path).sizes
    except BadInput:
        sizes = ()  # when its partition is checked, that is told
    start, cases = 0, 0
    for group, rows in enumerate(sizes):
        if group > start and cases + rows > GROUP:
            yield Partition(0, "facts", (path,), start, group)
            start, cases = group, 0
        cases += rows
    yield Partition(0, "facts", (path,), start, len(sizes))


def _lines(path: Path, size: int) -> Iterator[Partition]:
    """A JSONL file, cut behind every `size` lines."""
    try:
        cuts = list(_cuts(path, size))
    except OSError:
        cuts = [(0, 1)]  # when its partition is checked, that is told
    for (start, line), (stop, _) in zip(cuts, [*cuts[1:], (_end(path), 0)], strict=True):
        yield Partition(0, "lines", (path,), start, stop, line)


def _cuts(path: Path, size: int) -> Iterator[tuple[int, int]]:
    """Where partitions begin: the byte, and the number of the line."""
    at, lines = 0, 0
    yield 0, 1
    with path.open("rb") as stream:
        end = stream.seek(0, os.SEEK_END)
        stream.seek(0)
        while piece := stream.readline(_BLOCK):  # of a line without end, no more than this
            at += len(piece)
            lines += piece.endswith(b"\n")
            if piece.endswith(b"\n") and lines % size == 0 and at < end:
                yield at, lines + 1


def _end(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
