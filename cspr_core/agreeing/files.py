"""A difference as case files that show it again: what differs stands at the head, as comments."""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import yaml

from cspr_core.agreeing.comparing import Difference
from cspr_core.agreeing.shrinking import Small
from cspr_core.agreeing.telling import engines
from cspr_core.generated import Data

_AS_OF = re.compile(r"^# as of: +(\d{4}-\d\d-\d\d)$", re.MULTILINE)
_AREA = re.compile(r"^# area: +(\S+)$", re.MULTILINE)
_WIDTH = 98
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def paths_in(folder: Path, n: int) -> list[Path]:
    """Where the next difference of `n` cases is to be written; nothing is overwritten."""
    taken = {path.name.partition(".")[0].split("-")[1] for path in folder.glob("difference-*.yaml")}
    number = next(text for i in range(1, 10_000) if (text := f"{i:02}") not in taken)
    endings = [""] if n == 1 else [f"-{_ending(i)}" for i in range(n)]
    return [folder / f"difference-{number}{ending}.yaml" for ending in endings]


def _ending(number: int) -> str:
    return _LETTERS[number] if number < len(_LETTERS) else str(number + 1)


class Head(NamedTuple):
    """What stands at the head of a file beside the difference: whose case it is, and its origin.

    `drawn_by` is the command that drew the case, `plugins` the folder that was given to it.
    """

    area: str
    as_of: date
    drawn_by: str
    plugins: Path | None = None


def texts(small: Small, paths: Sequence[Path], head: Head) -> Iterator[str]:
    """The files' texts, in the order of `paths`."""
    for number, data in enumerate(small.cases):
        lines = [f"# {line}\n" for line in _head(small.difference, paths, number, head)]
        yield "".join(lines) + _yaml(data)


def _head(difference: Difference, paths: Sequence[Path], number: int, head: Head) -> Iterator[str]:
    yield "A made-up case on which the engines of cspr differ. Nothing in it is anybody's."
    if len(paths) > 1:
        yield f"It is number {number + 1} of {len(paths)} that show it together only."
    yield f"area: {head.area}"
    yield f"as of: {head.as_of}"
    yield f"drawn by: {head.drawn_by}"
    yield f"engines: {', '.join(engines())}"
    yield f"what differs: {difference.what}"
    name = "type of facts" if difference.what == "facts" else "requirement"
    yield f"{name}: {difference.requirement or 'none in particular'}"
    if difference.what != "facts":
        yield f"subject: {difference.subject or 'the case itself'}"
    for engine, said in difference.said:
        yield from textwrap.wrap(f"{engine}: {said}", _WIDTH, subsequent_indent="    ")
    command = ["cspr", "agree", *(str(path) for path in paths)]
    command += ["--plugins", str(head.plugins)] if head.plugins is not None else []
    yield f"To see it again: {shlex.join(command)}"


class _Plain(yaml.SafeDumper):
    """Dates and answers without quotes, as people write them in a case file."""


# The reader of cases takes every plain word as text, so that nothing but numbers needs quotes.
_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if not tag.endswith((":timestamp", ":bool"))]
    for first, known in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def _yaml(data: Data) -> str:
    return yaml.dump(data, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=_WIDTH)


def day_in(path: Path) -> date | None:
    """The day at the head of a file that was written here, if it is one."""
    found = _AS_OF.search(_comments(path))
    return None if found is None else date.fromisoformat(found[1])


def area_in(path: Path) -> str | None:
    """The area at the head of a file that was written here, if it is one."""
    found = _AREA.search(_comments(path))
    return None if found is None else found[1]


def _comments(path: Path) -> str:
    """The comment lines with which a file begins."""
    with path.open(encoding="utf-8", errors="replace") as stream:
        lines = []
        for line in stream:
            if not line.startswith("#"):
                break
            lines.append(line)
    return "".join(lines)
