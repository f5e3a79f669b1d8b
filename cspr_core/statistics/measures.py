"""The figures that are told of a caseload: what of a tally may be shown, shares and medians.

Everything that is shown anywhere is decided here, once and for all breakdowns together, so that no
two outputs of one caseload give away what each of them withholds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from cspr_core.report.words import capital
from cspr_core.statistics.catalogue import Catalogue, agency_name, stage_name
from cspr_core.statistics.outcomes import AGENCIES, ALL, LEFT_OUT, Key
from cspr_core.statistics.quarters import Year, name_of, quarter_of
from cspr_core.statistics.suppression import Cell, Count, Sum, withheld
from cspr_core.statistics.tally import NOTHING, Group, Tally
from cspr_core.vocabulary import vocabulary

THRESHOLD = 5
BREAKDOWNS = ("area", "requirement", "agency", "quarter")

_HIDDEN = ("not_on_time", "not_kept")
_SETTLED = ("due", "on_time", "late", "overdue", "breached", "not_known")
_UNDATED = ("settled", "kept", "done", "broken")
COUNTS = (*_SETTLED, *_UNDATED, *LEFT_OUT)
# What a reader asks for first is withheld last: the share on time is made of two counts.
_WANTED = {"due": 2, "on_time": 2, "overdue": 1}
# Of what has a quarter, each finding has a date that has passed; what is left out of shares is
# counted by area and requirement alone, as much of it is about no agency yet.
_COUNTED: Mapping[str, tuple[str, ...]] = {
    "agencies": (*_SETTLED, *_UNDATED),
    "agency": (*_SETTLED, *_UNDATED),
    "quarter": _SETTLED,
    "area_quarter": ("due", "on_time"),
}
_SUMS = (
    ("due", ("on_time", "not_on_time")),
    ("not_on_time", ("late", "overdue", "breached")),
    ("kept", ("on_time", "late", "done")),
    ("not_kept", ("overdue", "breached", "broken")),
    ("settled", ("kept", "not_kept")),
    ("settled", ("due", "done", "broken")),
    # The same without what nobody prints: few that come to too little show in such a sum.
    ("due", ("on_time", "late", "overdue", "breached")),
    ("settled", ("kept", "overdue", "breached", "broken")),
    ("settled", ("on_time", "late", "overdue", "breached", "done", "broken")),
)


class Mark(Enum):
    """What stands in the place of a figure."""

    WITHHELD = "[c]"  # confidential: it could point to somebody
    NONE = "[z]"  # there is nothing of which it could be said


@dataclass(frozen=True)
class Oldest:
    """The earliest due date of what is overdue: its quarter, and the day where that may be told."""

    quarter: int
    day: date | None


Figure = int | float | Oldest | Mark


@dataclass(frozen=True)
class Line:
    """The figures of one group, and what it is called.

    `figures` by name: `cases`; each of `COUNTS`; the shares `share_on_time` and `share_kept` (0 to
    1); the medians in working days `median_late` and `median_overdue`; `oldest_overdue`. A group
    by quarter has no figures of what has no date.
    """

    key: Key
    name: str
    figures: Mapping[str, Figure]
    stage: str = ""

    def __getitem__(self, figure: str) -> Figure:
        """A figure by its name; nothing can be said of what the group does not have."""
        return self.figures.get(figure, Mark.NONE)

    def number(self, figure: str) -> float | None:
        """A figure that is a number and is shown, or nothing."""
        found = self[figure]
        return found if isinstance(found, int | float) else None


@dataclass(frozen=True)
class Statistics:
    """What is told of a caseload as of a day.

    `lines` holds the groups of each breakdown (`all`, `binding`, `area`, `requirement`,
    `agencies`, `agency`, `quarter`, `area_quarter`), in the order in which they are shown.
    `threshold` is the number of cases below which a count is withheld, or None where everything is
    shown. `not_used` counts the files or entries that the figures are without.
    """

    as_of: date
    year: Year
    threshold: int | None
    lines: Mapping[str, tuple[Line, ...]]
    not_used: int = 0
    notes: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> Line:
        """The whole caseload."""
        return self.lines["all"][0]

    @property
    def withheld(self) -> int:
        """How many counts are not shown."""
        return sum(
            line[name] is Mark.WITHHELD
            for lines in self.lines.values()
            for line in lines
            for name in ("cases", *COUNTS)
        )


def statistics_of(  # noqa: PLR0913  (one for each thing that is told)
    tally: Tally,
    as_of: date,
    catalogue: Catalogue,
    *,
    year: Year = "january",
    threshold: int | None = THRESHOLD,
    not_used: int = 0,
    notes: Iterable[str] = (),
    versions: Mapping[str, str] | None = None,
) -> Statistics:
    """The figures of a tally; `threshold` None shows everything."""
    tally = {ALL: NOTHING, **tally}
    hidden = frozenset[Cell]() if threshold is None else _withheld(tally, catalogue, threshold)
    lines: dict[str, list[Line]] = {}
    for key in sorted(tally, key=_place(catalogue)):
        figures = _figures(key, tally[key], hidden, threshold)
        about = catalogue.about(key.requirement)
        stage = stage_name(about.stage) if key.requirement else ""
        line = Line(key, _name(key, catalogue, year), figures, stage)
        lines.setdefault(key.by, []).append(line)
    return Statistics(
        as_of,
        year,
        threshold,
        {by: tuple(found) for by, found in lines.items()},
        not_used,
        tuple(notes),
        versions or {},
    )


# --- what may be shown --------------------------------------------------------------------------


def counted(by: str) -> tuple[str, ...]:
    """The counts that a breakdown has."""
    cases = ("cases",) if by in ("all", "area") else ()
    return (*cases, *_COUNTED.get(by, COUNTS))


def _withheld(tally: Tally, catalogue: Catalogue, threshold: int) -> frozenset[Cell]:
    counts: dict[Cell, Count] = {}
    for key, group in tally.items():
        for name in counted(key.by):
            cases = group.cases[_figure(name)]
            counts[key, name] = Count(_count(group, name), cases, wanted=_WANTED.get(name, 0))
        for name in _HIDDEN:
            counts[key, name] = Count(group.counts[name], group.cases[name], shown=False)
    sums = [each for key in tally for each in _sums_within(key)]
    sums += _sums_across(tally, catalogue)
    return withheld(counts, filter(None, (_known(each, counts) for each in sums)), threshold)


def _known(each: Sum, counts: Mapping[Cell, Count]) -> Sum | None:
    """A sum of what the caseload has, or nothing where that does not add up.

    What is answered for each agency is counted by agency only where there is one.
    """
    parts = tuple(part for part in each.parts if part in counts)
    holds = each.total in counts and counts[each.total].n == sum(counts[p].n for p in parts)
    return Sum(each.total, parts) if holds else None


def _sums_within(key: Key) -> Iterator[Sum]:
    """What adds up within a group."""
    for total, parts in _SUMS:
        yield Sum((key, total), tuple((key, part) for part in parts))


def _sums_across(tally: Tally, catalogue: Catalogue) -> Iterator[Sum]:
    """What adds up over groups: each breakdown to the whole, the area's quarters to the area."""
    by: dict[str, list[Key]] = {}
    for key in tally:
        by.setdefault(key.by, []).append(key)
    asked = [key for key in by.get("requirement", ()) if catalogue.of_agencies(key.requirement)]
    for name in ("cases", *COUNTS, *_HIDDEN):
        for breakdown in ("area", "binding", "requirement", "quarter"):
            yield Sum((ALL, name), tuple((key, name) for key in by.get(breakdown, ())))
        for keys in (by.get("agency", ()), asked):
            yield Sum((AGENCIES, name), tuple((key, name) for key in keys))
    each: dict[Key, list[Key]] = {}
    for key in by.get("area_quarter", ()):
        each.setdefault(Key("area", area=key.area), []).append(key)
        each.setdefault(Key("quarter", quarter=key.quarter), []).append(key)
    for whole, parts in each.items():
        for name in ("due", "on_time", "not_on_time"):
            yield Sum((whole, name), tuple((part, name) for part in parts))


def _figure(name: str) -> str:
    return "all" if name == "cases" else name


def _count(group: Group, name: str) -> int:
    return group.cases["all"] if name == "cases" else group.counts[name]


# --- the figures --------------------------------------------------------------------------------


def _figures(
    key: Key, group: Group, hidden: frozenset[Cell], threshold: int | None
) -> dict[str, Figure]:
    figures: dict[str, Figure] = {
        name: Mark.WITHHELD if (key, name) in hidden else _count(group, name)
        for name in counted(key.by)
    }
    figures["share_on_time"] = _share(figures["on_time"], figures["due"])
    if key.by == "area_quarter":
        return figures
    if "settled" in figures:
        figures["share_kept"] = _share(figures["kept"], figures["settled"])
    least = threshold or 1
    figures["median_late"] = _median(figures["late"], group.late, least)
    figures["median_overdue"] = _median(figures["overdue"], group.overdue, least)
    overdue = figures["overdue"]
    if isinstance(overdue, Mark):
        figures["oldest_overdue"] = overdue
    elif group.oldest is None:
        figures["oldest_overdue"] = Mark.NONE
    else:
        # One day is one case's: where small counts are withheld, only its quarter is told.
        day = group.oldest if threshold is None else None
        figures["oldest_overdue"] = Oldest(quarter_of(group.oldest), day)
    return figures


def _share(part: Figure, whole: Figure) -> Figure:
    if whole == 0:
        return Mark.NONE
    if isinstance(part, int) and isinstance(whole, int):
        return part / whole
    return Mark.WITHHELD


def _median(count: Figure, days: Mapping[int, int], least: int) -> Figure:
    """The middle number of days, or halfway between the two in the middle.

    It is shown where the count is, and where enough of them have a day.
    """
    number = sum(days.values())
    if isinstance(count, Mark):
        return count
    if number == 0:
        return Mark.NONE
    if number < least:
        return Mark.WITHHELD
    low, high = (number - 1) // 2, number // 2
    found: list[int] = []
    seen = 0
    for day, n in sorted(days.items()):
        found += [day for place in (low, high) if seen <= place < seen + n]
        seen += n
    middle = sum(found) / 2
    return int(middle) if middle.is_integer() else middle


# --- names and order ----------------------------------------------------------------------------

_ORDER = ("all", "binding", "area", "requirement", "agencies", "agency", "quarter", "area_quarter")


def _name(key: Key, catalogue: Catalogue, year: Year) -> str:
    if key.by == "area":
        return catalogue.area(key.area)
    if key.by == "requirement":
        return catalogue.about(key.requirement).title
    if key.by == "agency":
        return agency_name(key.agency)
    if key.by == "quarter":
        return name_of(key.quarter, year)
    if key.by == "area_quarter":
        return f"{catalogue.area(key.area)}, {name_of(key.quarter, year)}"
    return {"all": "All", "agencies": "All agencies"}.get(key.by, capital(key.binding))


def _place(catalogue: Catalogue) -> Callable[[Key], tuple[str | int, ...]]:
    stages = list(vocabulary().words("stages"))
    kinds = list(vocabulary().words("agencies"))

    def place(key: Key) -> tuple[str | int, ...]:
        stage = catalogue.about(key.requirement).stage
        return (
            _ORDER.index(key.by),
            catalogue.area(key.area),
            stages.index(stage) if stage in stages else len(stages),
            key.requirement,
            key.binding,
            kinds.index(key.agency) if key.agency in kinds else len(kinds),
            key.agency,
            key.quarter,
        )

    return place
