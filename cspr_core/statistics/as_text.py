"""Statistics for a console: sentences for the whole, and a table for each breakdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cspr_core.report.lines import wrapped
from cspr_core.report.words import spaced
from cspr_core.statistics.measures import Line, Statistics
from cspr_core.statistics.quarters import months_of
from cspr_core.statistics.wording import (
    FIGURES,
    headline,
    opening,
    protection,
    said,
    unfinished,
)

TITLES = {
    "area": "BY AREA",
    "requirement": "BY REQUIREMENT",
    "agency": "BY AGENCY, WHERE A REQUIREMENT IS ANSWERED FOR EACH",
    "quarter": "BY QUARTER OF THE DUE DATE",
}
_COLUMNS = (
    ("share_on_time", "On time"),
    ("due", "of"),
    ("late", "Late"),
    ("median_late", "Median"),
    ("overdue", "Overdue"),
    ("breached", "Breached"),
    ("not_known", FIGURES["not_known"].short),
)
_TOTALS = {"area": ("all", "binding"), "agency": ("agencies",)}
_GAP = "  "
_LEAST = 22  # characters for a name


def text_of(statistics: Statistics, by: Sequence[str], width: int) -> str:
    """The statistics in lines of at most `width`, by these breakdowns."""
    lines: list[str] = []
    for sentence in opening(statistics):
        lines += wrapped(sentence, width)
    lines.append("")
    for label, sentence in headline(statistics):
        lines += wrapped(sentence, width, f"{label + ':':<13}", " " * 13)
    for breakdown in by:
        lines += ["", _ruled(TITLES[breakdown], width), ""]
        lines += _table(statistics, breakdown, width)
    lines += ["", "-" * width]
    for sentence in _closing(statistics, by):
        lines += wrapped(sentence, width)
    return "\n".join(lines) + "\n"


def _ruled(title: str, width: int) -> str:
    return f"--- {title} {'-' * max(0, width - len(title) - 5)}"


def _table(statistics: Statistics, by: str, width: int) -> Iterator[str]:
    lines = [*statistics.lines.get(by, ())]
    shown = [line for line in lines if line["due"] != 0 or line["not_known"] != 0]
    totals = [line for each in _TOTALS.get(by, ()) for line in statistics.lines.get(each, ())]
    if not shown:
        yield "Nothing has come due."
        return
    rows = [[said(line, name) for name, _ in _COLUMNS] for line in (*totals, *shown)]
    heads = [head for _, head in _COLUMNS]
    sizes = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    room = max(_LEAST, width - sum(sizes) - len(_GAP) * len(sizes))
    yield _row("", heads, sizes, room)
    stage = ""
    for line, row in zip((*totals, *shown), rows, strict=True):
        if line.stage != stage:
            stage = line.stage
            yield from ("", f"{stage}:")
        *first, last = wrapped(_name(line), room, "", " ") or [""]
        yield from first
        yield _row(last, row, sizes, room)
    if len(shown) < len(lines):
        yield ""
        yield f"Of {len(lines) - len(shown):,} more, nothing has come due."


def _row(name: str, cells: Sequence[str], sizes: Sequence[int], room: int) -> str:
    numbers = [f"{cell:>{size}}" for cell, size in zip(cells, sizes, strict=True)]
    return _GAP.join([f"{name:<{room}}", *numbers]).rstrip()


def _name(line: Line) -> str:
    if line.key.by == "requirement":
        owner = spaced(line.key.requirement.partition(".")[0])
        return f"{line.name} ({line.key.binding}, {owner})"
    if line.key.by == "quarter":
        return f"{line.name}, {months_of(line.key.quarter)}"
    return line.name


def _closing(statistics: Statistics, by: Sequence[str]) -> Iterator[str]:
    yield (
        "On time: done by the due date, of what came due before the day of the check (`of`)."
        f" Median: {FIGURES['median_late'].meaning}, of what was done late."
        f" Not known: {FIGURES['not_known'].meaning}; in no share."
    )
    yield protection(statistics)
    if statistics.threshold is not None and statistics.withheld:
        yield "For use inside the partnership, --no-suppression shows everything."
    if "quarter" in by and (told := unfinished(statistics)):
        yield told
    for note in statistics.notes:
        yield f"Note: {note}"
