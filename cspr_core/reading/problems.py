"""What is wrong with a file, where, and what to write instead.

A problem quotes keys, dates and fixed words only: never a value that could be free text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Place(NamedTuple):
    """A line and a column of a file, both counted from 1."""

    line: int
    column: int


START = Place(1, 1)  # a problem of the whole file stands here


@dataclass(frozen=True)
class Problem:
    """One mistake in one file. `what` and `remedy` are whole sentences without their full stop.

    A remedy may be a question, which has its mark.
    """

    file: str
    line: int
    column: int
    what: str
    remedy: str

    def __str__(self) -> str:
        """One line for a person: `FILE:LINE:COLUMN: what is wrong. What to write instead.`."""
        end = "" if self.remedy.endswith("?") else "."
        return f"{self.file}:{self.line}:{self.column}: {self.what}. {self.remedy}{end}"

    @property
    def place(self) -> Place:
        """Where the mistake stands."""
        return Place(self.line, self.column)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems by file and place, each once."""
    return tuple(sorted(set(problems), key=lambda p: (p.file, p.line, p.column, p.what, p.remedy)))


class BadInput(Exception):  # noqa: N818  (it names the input, not the program's fault)
    """The input cannot be used. `problems` holds everything found, by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Take the problems in any order."""
        self.problems = in_order(problems)
        super().__init__("\n".join(str(p) for p in self.problems))
