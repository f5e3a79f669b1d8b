"""Plain lines of at most 79 columns, and short dates: what printed lists have in common.

No colour and no drawing characters, so that a list reads the same in a pipe, on paper and on a
cp1252 console. What stands in the lines is none of its concern.
"""

from __future__ import annotations

import textwrap
from datetime import date

from cspr_core.report.words import day as long_day

WIDTH = 79  # a Windows console starts another line after its 80th column


def short(value: date) -> str:
    """A date in a column: `Tue  3 Mar 2026`, always 15 wide."""
    weekday, number, month, year = long_day(value).split()
    return f"{weekday} {number:>2} {month[:3]} {year}"


def wrapped(text: str, first: str = "", rest: str | None = None) -> list[str]:
    """The text in lines of at most 79: `first` before the first one, `rest` before the others."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]


def labelled(label: str, text: str, width: int = 12) -> list[str]:
    """A label in a column of its own, and the text beside it."""
    return wrapped(text, f"{label:<{width}}", " " * width)
