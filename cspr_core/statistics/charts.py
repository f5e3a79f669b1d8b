"""The charts of a page of statistics: what each shows, and what it says in words.

A chart shows only what may be shown; what is withheld has its mark in the place of a value. Every
value of a chart stands in a table of the same page too.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from cspr_core.statistics.measures import Line, Mark, Statistics
from cspr_core.statistics.outcomes import Key
from cspr_core.statistics.quarters import months_of
from cspr_core.statistics.svg import FILL, INK, PAPER, QUIET, drawing, svg_of
from cspr_core.statistics.wording import amount, percent, said

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

QUARTERS = 8  # two years
PANELS = 12
BARS = 20
_COLUMNS = 2
_HATCH = "////"
_SMALL = 7.5
_NAME = 46  # characters of a requirement's title on a line
_LEFT = 0.345  # of a drawing's width: where bars begin
_ON_PAPER = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}


class Chart(NamedTuple):
    """A drawing as an `svg` element, its title, and how to read it."""

    svg: str
    title: str
    note: str


def by_quarter(statistics: Statistics) -> Chart | None:
    """Share on time by quarter, a panel for the whole and for each area; nothing if none is shown.

    An area of which no share may be shown has no panel; nor has one that is the whole caseload.
    """
    quarters = [line.key.quarter for line in statistics.lines.get("quarter", ())][-QUARTERS:]
    areas = [line for line in statistics.lines.get("area", ()) if line["due"] != 0]
    every = {line.key: line for by in ("quarter", "area_quarter") for line in _of(statistics, by)}
    whole = _points(every, "", quarters)
    found = [(line, _points(every, line.key.area, quarters)) for line in areas]
    told = [(line, points) for line, points in found if _shares(points)]
    if not told and not _shares(whole):
        return None
    chosen = sorted(told, key=lambda pair: -(pair[0].number("due") or 0))[:PANELS]
    panels = [(areas[0].name if len(areas) == 1 else "The whole caseload", whole)]
    if len(areas) > 1:
        panels += [(line.name, points) for line, points in told if (line, points) in chosen]
    names = {line.key.quarter: line.name for line in _of(statistics, "quarter")}
    title = "Share on time by quarter of the due date"
    svg = _panels(panels, quarters, names, title)
    note = "n is the number that came due."
    if len(panels) > 1:
        note += " The dotted line is the whole caseload."
    if len(told) > len(chosen):
        note += f" The {len(chosen)} areas where most came due."
    if len(areas) > max(len(told), 1):
        note += f" No share may be shown of {amount(len(areas) - len(told), 'area')}."
    if len(names) > QUARTERS:
        note += f" The last {QUARTERS} quarters; the table has all."
    return Chart(svg, title, note)


def _of(statistics: Statistics, by: str) -> tuple[Line, ...]:
    return statistics.lines.get(by, ())


def by_requirement(statistics: Statistics) -> Chart | None:
    """Share on time by requirement, the lowest first; nothing if none may be shown."""
    lines = [
        line
        for line in statistics.lines.get("requirement", ())
        if line.number("share_on_time") is not None
    ]
    lines.sort(key=lambda line: (line.number("share_on_time"), -(line.number("due") or 0)))
    chosen = lines[:BARS]
    if not chosen:
        return None
    title = "Share on time by requirement"
    with drawing(0.35 + 0.31 * len(chosen)) as figure:
        axis = figure.subplots()
        _room(figure)
        _names(axis, chosen)
        shares = [line.number("share_on_time") or 0 for line in chosen]
        labels = [
            f"{percent(s)}  (n {said(line, 'due')})" for s, line in zip(shares, chosen, strict=True)
        ]
        _bars(
            axis, chosen, shares, labels, hatched=[line.key.binding == "should" for line in chosen]
        )
        axis.set_xlim(0, 1.18)
        axis.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
        told = [f"{_named(line)}: {label}" for line, label in zip(chosen, labels, strict=True)]
        svg = svg_of(figure, "by-requirement", title, _sentences("A bar for each", told))
    caption = "The lowest first. n is the number that came due. Plain: must; hatched: should."
    if len(lines) > len(chosen):
        caption += f" The {len(chosen)} lowest of {len(lines)}; the table has all."
    return Chart(svg, title, caption)


def days_late(statistics: Statistics) -> Chart | None:
    """Median working days by requirement: done late, and overdue so far; the longest first."""
    lines = [
        line
        for line in statistics.lines.get("requirement", ())
        if line.number("median_late") is not None
    ]
    lines.sort(key=lambda line: -(line.number("median_late") or 0))
    chosen = lines[:BARS]
    if not chosen:
        return None
    title = "Median working days after the due date, by requirement"
    heads = ("median_late", "late", "Done late"), ("median_overdue", "overdue", "Overdue so far")
    with drawing(0.6 + 0.31 * len(chosen)) as figure:
        axes = figure.subplots(1, 2, sharey=True)
        _room(figure, titled=True)
        _names(axes[0], chosen)
        told = [f"{_named(line)}:" for line in chosen]
        for axis, (name, count, head) in zip(axes, heads, strict=True):
            values = [line.number(name) for line in chosen]
            labels = [_with_n(line, name, count) for line in chosen]
            late = name == "median_late"
            _bars(axis, chosen, [v or 0 for v in values], labels, hatched=[not late] * len(chosen))
            axis.set_title(f"{head} (working days)")
            axis.set_xlim(0, max([v or 0 for v in values] + [1]) * 1.55)
            told = [f"{a} {head.lower()} {b}." for a, b in zip(told, labels, strict=True)]
        svg = svg_of(figure, "days-late", title, _sentences("Two bars for each", told))
    caption = (
        "The longest first. Plain: of what was done late, up to the day it was done; hatched: of"
        " what is overdue, up to the day of the check. n is how many."
    )
    if len(lines) > len(chosen):
        caption += f" The {len(chosen)} longest of {len(lines)}; the table has all."
    return Chart(svg, title, caption)


def overdue_by_agency(statistics: Statistics) -> Chart | None:
    """What is overdue now, by kind of agency; nothing if nothing is."""
    lines = [line for line in statistics.lines.get("agency", ()) if line["overdue"] != 0]
    lines.sort(key=lambda line: -(line.number("overdue") or 0))
    if not any(line.number("overdue") for line in lines):
        return None
    title = "Overdue now by agency"
    with drawing(0.35 + 0.3 * len(lines)) as figure:
        axis = figure.subplots()
        _room(figure)
        _names(axis, lines)
        values = [line.number("overdue") or 0 for line in lines]
        labels = [said(line, "overdue") for line in lines]
        _bars(axis, lines, values, labels, hatched=[True] * len(lines))
        axis.set_xlim(0, max(values) * 1.12)
        axis.locator_params(axis="x", integer=True, nbins=6)
        told = [f"{line.name}: {label}" for line, label in zip(lines, labels, strict=True)]
        svg = svg_of(figure, "overdue-by-agency", title, _sentences("A bar for each", told))
    note = "What is asked of each agency by itself, is not recorded as done, and can still be done."
    return Chart(svg, title, note)


# --- lines --------------------------------------------------------------------------------------


class _Point(NamedTuple):
    """A quarter of a panel: the share, if it is shown; how many; and what is written there."""

    share: float | None
    n: str
    label: str


def _panels(
    panels: Sequence[tuple[str, Sequence[_Point]]],
    quarters: Sequence[int],
    names: dict[int, str],
    title: str,
) -> str:
    """A panel for each; the first one's line stands in the others too."""
    columns = min(_COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    with drawing(2.15 * rows + 0.1 if columns > 1 else 2.6) as figure:
        height = figure.get_figheight()
        axes = list(figure.subplots(rows, columns, squeeze=False, sharey=True).flat)
        figure.subplots_adjust(
            left=0.05,
            right=0.995,
            top=1 - 0.25 / height,
            bottom=0.5 / height,
            wspace=0.12,
            hspace=0.62,
        )
        for number, (axis, (name, points)) in enumerate(zip(axes, panels, strict=False)):
            _line(axis, points, [names[quarter] for quarter in quarters])
            if number:
                ys = _ys(panels[0][1])
                axis.plot(range(len(ys)), ys, color=QUIET, lw=1, ls=":", zorder=1)
            axis.set_title(textwrap.fill(name, 50))
        for axis in axes[len(panels) :]:
            axis.set_axis_off()
        return svg_of(figure, "by-quarter", title, _of_quarters(panels, quarters, names))


def _shares(points: Sequence[_Point]) -> bool:
    """Whether any share is shown."""
    return any(point.share is not None for point in points)


def _ys(points: Sequence[_Point]) -> list[float]:
    return [float("nan") if point.share is None else point.share for point in points]


def _points(every: dict[Key, Line], area: str, quarters: Sequence[int]) -> list[_Point]:
    by = "area_quarter" if area else "quarter"
    found = (every.get(Key(by, area=area, quarter=quarter)) for quarter in quarters)
    return [_point(line) for line in found]


def _point(line: Line | None) -> _Point:
    if line is None or line["due"] == 0:
        return _Point(None, "0", "")
    share = line.number("share_on_time")
    label = Mark.WITHHELD.value if share is None else f"{share:.0%}"
    return _Point(share, said(line, "due"), label)


def _line(axis: Axes, points: Sequence[_Point], names: Sequence[str]) -> None:
    xs = range(len(points))
    axis.plot(xs, _ys(points), color=INK, lw=1.6, marker="o", ms=5, mfc=PAPER, mew=1.6, zorder=3)
    for x, point in zip(xs, points, strict=True):
        low = point.share is not None and point.share > 0.82  # noqa: PLR2004  (room for a label)
        axis.annotate(
            point.label,
            (x, point.share or 0),
            xytext=(0, -8 if low else 8),
            textcoords="offset points",
            ha="center",
            va="top" if low else "bottom",
            fontsize=8,
            bbox=_ON_PAPER,
        )
    axis.set_ylim(0, 1.02)
    axis.set_xlim(-0.5, len(points) - 0.5)
    axis.set_yticks([0, 0.5, 1], ["0%", "50%", "100%"])
    axis.tick_params(labelleft=True)
    axis.set_xticks(
        list(xs), [_tick(n, p) for n, p in zip(names, points, strict=True)], fontsize=_SMALL
    )
    axis.grid(visible=False, axis="x")


def _tick(name: str, point: _Point) -> str:
    year, _, quarter = name.partition(" ")
    return f"{quarter}\n{year}\nn {point.n}"


def _of_quarters(
    panels: Sequence[tuple[str, Sequence[_Point]]], quarters: Sequence[int], names: dict[int, str]
) -> str:
    told = []
    for name, points in panels:
        each = [
            f"{names[quarter]} {point.label} (n {point.n})"
            for quarter, point in zip(quarters, points, strict=True)
            if point.label
        ]
        told.append(f"{name}: {', '.join(each) or 'nothing came due'}.")
    span = f"{months_of(quarters[0])} to {months_of(quarters[-1])}"
    return " ".join([f"A line for each, {span}.", *told])


# --- bars ---------------------------------------------------------------------------------------


def _bars(
    axis: Axes,
    lines: Sequence[Line],
    values: Sequence[float],
    labels: Sequence[str],
    *,
    hatched: Sequence[bool],
) -> None:
    places = range(len(lines))
    bars = axis.barh(places, values, height=0.62, color=FILL, edgecolor=INK, linewidth=0.8)
    for bar, hatch in zip(bars, hatched, strict=True):
        if hatch:
            bar.set(facecolor=PAPER, hatch=_HATCH)
    for place, value, label in zip(places, values, labels, strict=True):
        axis.annotate(
            label,
            (value, place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            bbox=_ON_PAPER,
        )
    axis.set_yticks([])
    axis.set_ylim(len(lines) - 0.4, -0.6)
    axis.spines["left"].set_visible(True)


def _names(axis: Axes, lines: Sequence[Line]) -> None:
    """The names, each from the left edge: however wide the reader's letters are, they line up."""
    for place, line in enumerate(lines):
        name = textwrap.fill(_named(line), _NAME, max_lines=2, placeholder=" ...")
        axis.annotate(
            name,
            (0, place),
            xycoords=("figure fraction", "data"),
            va="center",
            fontsize=8,
            annotation_clip=False,
            in_layout=False,
        )


def _room(figure: Figure, *, titled: bool = False) -> None:
    """Room for names on the left, and for numbers below; in inches, whatever the height."""
    height = figure.get_figheight()
    top = 1 - (0.3 if titled else 0.05) / height
    figure.subplots_adjust(left=_LEFT, right=0.995, bottom=0.25 / height, top=top, wspace=0.06)


def _named(line: Line) -> str:
    if line.key.by != "requirement":
        return line.name
    owner = line.key.requirement.partition(".")[0].replace("_", " ")
    return f"{line.name} ({owner})"


def _with_n(line: Line, median: str, count: str) -> str:
    if line[median] is Mark.NONE:
        return "none"
    if line[median] is Mark.WITHHELD:
        return said(line, median)
    return f"{said(line, median)}  (n {said(line, count)})"


def _sentences(first: str, told: Sequence[str]) -> str:
    return " ".join([f"{first}.", *(text if text.endswith(".") else f"{text}." for text in told)])
