"""The lines of a file of arrangements in which a requirement, or some of its keys, stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cspr_core.reading.document import Document, Loc


@dataclass(frozen=True)
class Line:
    """A line with its number, counted from 1."""

    number: int
    text: str


def requirement_lines(document: Document, lines: Sequence[str], index: int) -> tuple[Line, ...]:
    """Every line of the requirement at `index`."""
    starts = _starts(document, ("requirements",))
    return _span(lines, starts[index], _next(starts, starts[index], document, lines))


def key_lines(
    document: Document, lines: Sequence[str], index: int, keys: Iterable[str]
) -> tuple[Line, ...]:
    """The lines of some keys of the requirement at `index`; none for a key that it has not."""
    loc: Loc = ("requirements", index)
    entry = document.data["requirements"][index]
    end = requirement_lines(document, lines, index)[-1].number + 1
    starts = {key.rstrip("_"): document.place((*loc, key), key=True).line for key in entry}
    found: dict[int, Line] = {}
    for key in keys:
        start = starts.get(key.rstrip("_"))
        if start is not None:
            stop = min((line for line in starts.values() if line > start), default=end)
            found |= {line.number: line for line in _span(lines, start, stop)}
    return tuple(found[number] for number in sorted(found))


def line_of(document: Document, loc: Loc, *, key: bool = False) -> int:
    """The line in which a value (or its key) stands."""
    return document.place(loc, key).line


def _starts(document: Document, loc: Loc) -> list[int]:
    entries = range(len(document.data[loc[0]]))
    return [document.place((*loc, index)).line for index in entries]


def _next(starts: Sequence[int], start: int, document: Document, lines: Sequence[str]) -> int:
    """The line after a requirement: that of the next one, of the next section, or the end."""
    sections = [document.place((key,), key=True).line for key in document.data]
    return min((line for line in (*starts, *sections) if line > start), default=len(lines) + 1)


def _span(lines: Sequence[str], start: int, stop: int) -> tuple[Line, ...]:
    """The lines from `start` up to `stop` (not included), without blanks and comments at the end.

    What stands on one line with another entry is that line.
    """
    found = [Line(n, lines[n - 1]) for n in range(start, max(stop, start + 1))]
    while len(found) > 1 and _idle(found[-1].text):
        found.pop()
    return tuple(found)


def _idle(text: str) -> bool:
    return not text.strip() or text.lstrip().startswith("#")
