"""Which files hold cases, by their names alone: one case, many, or identities that nothing reads.

No file is opened here, and what stands in one is none of this module's business.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from cspr_core.reading.problems import START, BadInput, Problem

CASE_FILES = (".yaml", ".yml", ".json")
FACTS = (".parquet", ".pq")
LINES = (".jsonl", ".ndjson")
_IDENTITIES = ".identities"

Kind = Literal["files", "facts", "lines"]
NAME_IT = "it may hold many cases, and is not looked at; name the file itself to take them"
_LISTED = 3  # files that a note names


def kind_of(path: Path) -> Kind | None:
    """As what a file is read: a case file, facts or lines of many cases; None for no case."""
    suffix = path.suffix.lower()
    if holds_identities(path):
        return None
    if suffix in FACTS:
        return "facts"
    if suffix in LINES:
        return "lines"
    return "files" if suffix in CASE_FILES else None


def holds_identities(path: Path) -> bool:
    """Whether a file says who is who: nothing of cspr reads it."""
    return path.stem.lower().endswith(_IDENTITIES)


def walk(folder: Path) -> Iterator[tuple[Path, Kind]]:
    """The files in a folder and below it that hold cases, each with what it is.

    Nothing hidden and no identities, in an order that no file system has a say in.
    """
    for top, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        at = Path(top)
        for name in sorted(files):
            if not name.startswith(".") and (kind := kind_of(path := at / name)) is not None:
                yield path, kind


def not_looked_at(files: Sequence[str]) -> tuple[str, ...]:
    """A note for a result that files of many cases, which stood in a folder, have no part in."""
    if not files:
        return ()
    named, more = ", ".join(files[:_LISTED]), len(files) - _LISTED
    named += f" and {more:,} more" if more > 0 else ""
    which = "it itself if its cases" if len(files) == 1 else "them themselves if their cases"
    told = f"Not looked at, as in a folder only case files are: {named}. Name {which} are meant."
    return (told,)


def refuse_others(path: Path) -> None:
    """Refuse, before it is read, what by its name is no file of one case; raises `BadInput`."""
    if holds_identities(path):
        raise BadInput([of_identities(path)])
    if kind_of(path) in ("facts", "lines"):
        what = "This file holds many cases, and this command reads files of one case"
        remedy = f"Name a case file, or use `cspr check {path} --case REF` for one case of it"
        raise BadInput([Problem(str(path), *START, what, remedy)])


def of_identities(path: Path) -> Problem:
    """What is to be said where somebody names a file of identities."""
    what = "This file holds identities, which no check reads"
    return Problem(str(path), *START, what, "Name the case file itself")


def refuse_special(path: Path) -> Problem | None:
    """The problem of what is neither file nor folder: a pipe would be waited for, for ever."""
    if not path.exists() or path.is_file() or path.is_dir():
        return None
    return Problem(str(path), *START, "This is not an ordinary file", "Name a file or a folder")
