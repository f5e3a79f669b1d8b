"""Statistics as one page of HTML, to be read on a screen or printed in black and white.

The page is whole in itself: no script, no reference to anything outside. Each chart has its words,
and its values stand in a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import NamedTuple

from jinja2 import Environment
from markupsafe import Markup, escape

from cspr_core.report.html import environment, plain, running
from cspr_core.report.words import capital, day
from cspr_core.statistics import charts
from cspr_core.statistics.measures import Line, Mark, Statistics
from cspr_core.statistics.outcomes import LEFT_OUT, Key
from cspr_core.statistics.quarters import months_of
from cspr_core.statistics.wording import (
    FIGURES,
    amount,
    headline,
    opening,
    protection,
    said,
    unfinished,
)

_TIMELY = (
    *("share_on_time", "due", "on_time", "late", "median_late"),
    *("overdue", "median_overdue", "oldest_overdue", "breached", "not_known"),
)
_KEPT = ("share_kept", "settled", "kept", "broken")
_NOT_HERE = ("cases", "done")  # said by itself; a column of the CSV only
_MOST_AREAS = 8  # side by side in a table


class Row(NamedTuple):
    """A row of a table: its head, what is said under it, its cells, and whether it is a total."""

    head: str
    under: str
    cells: tuple[str, ...]
    total: bool = False


class Table(NamedTuple):
    """A table: an id, its caption, the heads of its columns, and rows under headings or none."""

    id: str
    caption: str
    first: str
    heads: tuple[str, ...]
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    after: str = ""


def html_of(statistics: Statistics) -> str:
    """The page, whole."""
    template = _environment().get_template("statistics.html.jinja")
    text = template.render(
        statistics=statistics,
        title=f"Timeliness and compliance, as of {day(statistics.as_of)}",
        opening=opening(statistics),
        headline=headline(statistics),
        protection=protection(statistics),
        figures=[figure for name, figure in FIGURES.items() if name not in _NOT_HERE],
        sections=list(_sections(statistics)),
        unfinished=unfinished(statistics),
    )
    return plain(text)


@cache
def _environment() -> Environment:
    made = environment("statistics/templates")
    made.filters.update(rule=_rule, running=running, capitalise=capital)
    made.globals.update(svg=_svg)
    return made


def _rule(text: str) -> Markup:
    """A rule's id, which may break after each of its words."""
    return Markup(re.sub(r"([._])", r"\1<wbr>", str(escape(text))))  # noqa: S704  (escaped)


def _svg(chart: charts.Chart) -> Markup:
    return Markup(chart.svg)  # noqa: S704  (ElementTree has escaped its texts)


class Section(NamedTuple):
    """A part of the page: its id and title, a sentence, charts and tables."""

    id: str
    title: str
    lead: str
    charts: tuple[charts.Chart, ...]
    tables: tuple[Table, ...]


def _sections(statistics: Statistics) -> Iterator[Section]:
    if not statistics.lines.get("area"):
        return
    yield Section("areas", "By area", "", (), tuple(_areas(statistics)))
    yield Section(
        "quarters",
        "By quarter",
        "By the quarter in which it came due, whenever it was done."
        f" {unfinished(statistics)}".rstrip(),
        _there(charts.by_quarter(statistics)),
        (_quarters(statistics), *_areas_by_quarter(statistics)),
    )
    yield Section(
        "requirements",
        "By requirement",
        "",
        _there(charts.by_requirement(statistics), charts.days_late(statistics)),
        tuple(_requirements(statistics)),
    )
    if statistics.lines.get("agency"):
        yield Section(
            "agencies",
            "By agency",
            "Requirements that are answered for each agency by itself, by the agency's kind.",
            _there(charts.overdue_by_agency(statistics)),
            (_agencies(statistics),),
        )
    yield Section(
        "left-out",
        "What is in no share",
        "Counted, so that nothing is dropped unseen.",
        (),
        (_left_out(statistics),),
    )


def _there(*found: charts.Chart | None) -> tuple[charts.Chart, ...]:
    return tuple(chart for chart in found if chart is not None)


# --- tables -------------------------------------------------------------------------------------


def _quarters(statistics: Statistics) -> Table:
    names = tuple(name for name in _TIMELY if name != "oldest_overdue")  # the quarter says it
    rows = [
        _row(line, names, months_of(line.key.quarter))
        for line in statistics.lines.get("quarter", ())
    ]
    return _table("table-quarters", "By quarter of the due date", "Quarter", names, rows)


def _areas_by_quarter(statistics: Statistics) -> Iterator[Table]:
    """Share on time and n, areas side by side, so many in each table."""
    every = {line.key: line for line in statistics.lines.get("area_quarter", ())}
    areas = [line for line in statistics.lines["area"] if line["due"] != 0]
    if len(areas) < 2:  # noqa: PLR2004  (one area is the whole)
        return
    parts = [areas[n : n + _MOST_AREAS] for n in range(0, len(areas), _MOST_AREAS)]
    for number, part in enumerate(parts, 1):
        rows = []
        for line in statistics.lines["quarter"]:
            quarter = line.key.quarter
            keys = [Key("area_quarter", area=a.key.area, quarter=quarter) for a in part]
            cells = tuple(_share(every.get(key)) for key in keys)
            rows.append(Row(line.name, months_of(quarter), cells))
        caption = "Share on time by quarter and area, with n, the number that came due"
        if len(parts) > 1:
            caption += f" ({number} of {len(parts)})"
        heads = tuple(area.name for area in part)
        yield Table(f"table-areas-{number}", caption, "Quarter", heads, (("", tuple(rows)),))


def _share(line: Line | None) -> str:
    if line is None or line["due"] == 0:
        return "none"
    share = said(line, "share_on_time")
    if line["share_on_time"] is Mark.WITHHELD and line["due"] is Mark.WITHHELD:
        return share
    return f"{share} (n {said(line, 'due')})"


def _areas(statistics: Statistics) -> Iterator[Table]:
    lines = statistics.lines["area"]
    totals = [*statistics.lines["all"], *statistics.lines.get("binding", ())]
    timely = "Timeliness by area, and by how binding the requirement is"
    kept = "Compliance by area: what is settled, with or without a date"
    for name, caption, names in (
        ("table-timely", timely, ("cases", *_TIMELY)),
        ("table-kept", kept, _KEPT),
    ):
        rows = [_row(line, names, total=True) for line in totals]
        rows += [_row(line, names) for line in lines]
        yield _table(name, caption, "Area", names, rows)


def _requirements(statistics: Statistics) -> Iterator[Table]:
    """Those of which something has come due, and those of which something is settled without."""
    lines = statistics.lines["requirement"]
    dated = [line for line in lines if line["due"] != 0 or line["not_known"] != 0]
    others = [line for line in lines if line not in dated]
    settled = [line for line in others if line["settled"] != 0]
    names = (*(name for name in _TIMELY if name != "oldest_overdue"), "share_kept", "settled")
    yield _by_stage("table-requirements", "Requirements of which something came due", names, dated)
    after = ""
    if len(settled) < len(others):
        more = amount(len(others) - len(settled), "more requirement")
        after = f"Of {more}, nothing has come due and nothing is settled."
    caption = "Requirements that are settled without a date that has passed"
    yield _by_stage("table-undated", caption, _KEPT, settled, after)


def _by_stage(
    name: str, caption: str, names: Sequence[str], lines: Sequence[Line], after: str = ""
) -> Table:
    groups = tuple(
        (stage or "Stage not known", tuple(_row(line, names, _about(line)) for line in found))
        for stage, found in groupby(lines, key=lambda line: line.stage)
    )
    heads = tuple(FIGURES[each].short for each in names)
    return Table(name, caption, "Requirement", heads, groups, after)


def _about(line: Line) -> str:
    return f"{line.key.binding}; {line.key.requirement}"


def _agencies(statistics: Statistics) -> Table:
    names = (*_TIMELY, "share_kept", "settled")
    rows = [_row(line, names, total=True) for line in statistics.lines["agencies"]]
    rows += [_row(line, names) for line in statistics.lines["agency"]]
    return _table("table-agencies", "By agency", "Agency", names, rows)


def _left_out(statistics: Statistics) -> Table:
    names = (*LEFT_OUT, "not_known")
    rows = [_row(line, names, total=True) for line in statistics.lines["all"]]
    rows += [_row(line, names) for line in statistics.lines["area"]]
    return _table("table-left-out", "What is in no share, by area", "Area", names, rows)


def _row(line: Line, names: Sequence[str], under: str = "", *, total: bool = False) -> Row:
    cells = ("" if _elsewhere(line, name) else said(line, name) for name in names)
    return Row(line.name, under, tuple(cells), total)


def _elsewhere(line: Line, name: str) -> bool:
    """Whether a figure is told of other rows only: a case has requirements of both kinds."""
    return name == "cases" and line.key.by == "binding"


def _table(name: str, caption: str, first: str, names: Sequence[str], rows: Sequence[Row]) -> Table:
    heads = tuple(FIGURES[each].short for each in names)
    return Table(name, caption, first, heads, (("", tuple(rows)),))
