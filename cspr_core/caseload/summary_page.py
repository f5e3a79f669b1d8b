"""A caseload's summary as a page for a person: plain text for a console, or Markdown.

What is wrong stands first; what is missing from the numbers stands above everything. It lays out
what `results.Summary` holds, and counts nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cspr_core.caseload.results import CaseInNeed, RequirementCount, Summary
from cspr_core.report.guide import escaped
from cspr_core.report.layout import short
from cspr_core.report.lines import wrapped
from cspr_core.report.words import day, listing, not_the_whole, spaced

# In the order in which somebody has to act on them.
_STATUSES = (
    "overdue breached undetermined upcoming excused met met_late pending not_applicable"
).split()
_ENGINES: Mapping[tuple[str, ...], str] = {
    ("table", "reference"): "the table engine, and the first case of each part by the reference"
    " engine too",
}
_GAP = "  "


@dataclass(frozen=True)
class Table:
    """A heading, column heads and rows; the first `left` columns are text, the others numbers.

    `long` says that the first column is a sentence, for which no console is wide enough.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int = 1
    after: str = ""
    long: bool = False


def summary_text(summary: Summary, width: int) -> str:
    """The summary in lines of at most `width` characters (a long word apart)."""
    lines: list[str] = []
    for text in _opening(summary):
        lines += wrapped(text, width)
    for table in _tables(summary):
        lines += ["", _ruled(table.title, width), ""]
        blocks = list(_blocks(table, width))
        for number, block in enumerate(blocks):
            lines += [*([""] if number else []), *block]
        lines += wrapped(table.after, width)
    lines += ["", "-" * width]
    for label, text in _closing(summary):
        lines += wrapped(f"{label}: {text}", width, "", _GAP)
    return "\n".join(lines) + "\n"


def summary_markdown(summary: Summary) -> str:
    """The summary as Markdown, its headings from the first level."""
    title, *rest = _opening(summary)
    lines = [f"# {escaped(title.rstrip('.'))}", ""]
    for text in rest:
        lines += [escaped(text), ""]
    for table in _tables(summary):
        lines += [f"## {table.title.capitalize()}", ""]
        sides = ["---"] * table.left + ["---:"] * (len(table.head) - table.left)
        lines += [_piped(table.head), _piped(sides)]
        lines += [_piped([escaped(cell) for cell in row]) for row in table.rows]
        lines += ["", *([escaped(table.after), ""] if table.after else [])]
    lines += ["---", ""]
    lines += [f"- {label}: {escaped(text)}" for label, text in _closing(summary)]
    return "\n".join(lines) + "\n"


def amount_of(n: int, one: str) -> str:
    """A number with what it counts: `1 case`, `2,000 cases`."""
    return f"{n:,} {one}{'' if n == 1 else 's'}"


# --- what it says -------------------------------------------------------------------------------


def _opening(summary: Summary) -> Iterator[str]:
    areas = amount_of(len(summary.areas), "area")
    cases = amount_of(summary.cases, "case")
    yield f"{cases} of {areas} as of {day(summary.as_of)}: {summary.answers:,} answers."
    if summary.not_used:
        yield not_the_whole(summary.not_used)
    if summary.wrong:
        said = (
            f"Overdue or breached: in {amount_of(summary.cases_wrong, 'case')} something that must"
            " be done."
        )
        if summary.cases_unknown:
            said += (
                f" In {summary.cases_unknown:,} more, something that must be done is not known, and"
                " its date has passed."
            )
        yield said
    else:
        yield "Nothing that must be done is overdue, breached, or past its date and not known."


def _tables(summary: Summary) -> Iterator[Table]:
    if summary.in_need:
        yield Table(
            "CASES MOST IN NEED",
            ("Case", "Area", "Overdue", "Breached", "Not known", "Oldest due"),
            tuple(_in_need(case) for case in summary.in_need),
            left=2,
            after=_more(summary.more_in_need, "case"),
        )
    if summary.requirements:
        yield Table(
            "WHAT IS MOST OFTEN OVERDUE",
            ("Requirement", "Overdue", "Breached", "Not known", "Cases", "Oldest due"),
            tuple(_requirement(requirement) for requirement in summary.requirements),
            after=_more(summary.more_requirements, "requirement"),
            long=True,
        )
    if not summary.areas:
        return
    yield Table(
        "CASES BY AREA",
        ("Area", "Cases", "Overdue or breached", "Not known, date passed"),
        tuple(
            (area.area, *_numbers(area.cases, area.cases_wrong, area.cases_unknown))
            for area in summary.areas
        )
        + _all(summary, *_numbers(summary.cases, summary.cases_wrong, summary.cases_unknown)),
    )
    totals = [sum(area.statuses[status] for area in summary.areas) for status in _STATUSES]
    yield Table(
        "ANSWERS BY AREA AND STATUS, WHETHER MUST OR SHOULD",
        ("Area", "All", *map(spaced, _STATUSES)),
        tuple(
            (area.area, *_numbers(area.answers, *(area.statuses[name] for name in _STATUSES)))
            for area in summary.areas
        )
        + _all(summary, *_numbers(summary.answers, *totals)),
    )


def _in_need(case: CaseInNeed) -> tuple[str, ...]:
    due = "" if case.oldest_due is None else short(case.oldest_due)
    return (case.case, case.area, *_numbers(case.overdue, case.breached, case.unknown), due)


def _requirement(found: RequirementCount) -> tuple[str, ...]:
    rule = found.requirement
    said = rule if found.title is None else f"{found.title} ({rule})"
    due = "" if found.oldest_due is None else short(found.oldest_due)
    numbers = _numbers(found.overdue, found.breached, found.unknown, found.cases)
    return (said, *numbers, due)


def _numbers(*counts: int) -> tuple[str, ...]:
    return tuple(f"{count:,}" for count in counts)


def _all(summary: Summary, *cells: str) -> tuple[tuple[str, ...], ...]:
    return (("All areas", *cells),) if len(summary.areas) > 1 else ()


def _more(n: int, one: str) -> str:
    return f"And {amount_of(n, f'more {one}')} (--all)." if n else ""


def _closing(summary: Summary) -> Iterator[tuple[str, str]]:
    for note in summary.notes:
        yield "Note", note
    if summary.in_need:
        yield "Why", "the same command with `--case REF` gives the whole report of a case."
    engines = _ENGINES.get(summary.engines) or f"{listing(summary.engines)} engine"
    versions = ", ".join(f"{name} {version}" for name, version in summary.versions.items())
    yield "Checked by", f"{engines}; {versions}."


# --- how it is laid out -------------------------------------------------------------------------


def _ruled(title: str, width: int) -> str:
    return f"--- {title} {'-' * (width - len(title) - 5)}"


def _piped(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _blocks(table: Table, width: int) -> Iterator[list[str]]:
    """The table, cut between columns where it is too wide; each part repeats the first column.

    Sentences stand below the rest of their rows.
    """
    if table.long:
        yield list(_with_sentences(table, width))
        return
    sizes = _sizes((table.head, *table.rows))
    cuts, used = [1], sizes[0]
    for number, size in enumerate(sizes[1:], 1):
        used += len(_GAP) + size
        if used > width and number > cuts[-1]:
            cuts.append(number)
            used = sizes[0] + len(_GAP) + size
    for start, stop in pairwise([*cuts, len(sizes)]):
        chosen = [0, *range(start, stop)]
        rows = [[row[number] for number in chosen] for row in (table.head, *table.rows)]
        left = sum(number < table.left for number in chosen)
        yield [_line(row, [sizes[number] for number in chosen], left) for row in rows]


def _with_sentences(table: Table, width: int) -> Iterator[str]:
    rows = [row[1:] for row in (table.head, *table.rows)]
    sizes = _sizes(rows)
    yield _line(rows[0], sizes, 0)
    for row in table.rows:
        yield _line(row[1:], sizes, 0)
        yield from wrapped(row[0], width, _GAP * 2)


def _sizes(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(len, column)) for column in zip(*rows, strict=True)]


def _line(cells: Sequence[str], sizes: Sequence[int], left: int) -> str:
    """A row, its first `left` cells to the left of their columns."""
    texts = [
        f"{cell:<{size}}" if number < left else f"{cell:>{size}}"
        for number, (cell, size) in enumerate(zip(cells, sizes, strict=True))
    ]
    return _GAP.join(texts).rstrip()
