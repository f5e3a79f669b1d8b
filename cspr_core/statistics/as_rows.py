"""Statistics for programs: one row for each group, as CSV or JSON.

A figure that is withheld, or that there is not, is `[c]` or `[z]` in CSV. In JSON it is null, and
its name stands under `withheld` where it was withheld.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cspr_core.caseload.results import csv_word
from cspr_core.statistics.measures import COUNTS, Figure, Line, Mark, Oldest, Statistics
from cspr_core.statistics.quarters import name_of

SCHEMA_VERSION = "1"
_KEYS = ("by", "area", "requirement", "binding", "agency", "quarter", "name", "stage")
FIGURES = (
    "cases",
    "due",
    "on_time",
    "share_on_time",
    *COUNTS[2:6],
    "median_late",
    "median_overdue",
    "oldest_overdue",
    "settled",
    "kept",
    "share_kept",
    *COUNTS[8:],
)
_WITH = {
    "area": ("binding", "area"),
    "requirement": ("requirement",),
    "agency": ("agencies", "agency"),
    "quarter": ("quarter",),
}


def lines_of(statistics: Statistics, by: Sequence[str]) -> Iterator[Line]:
    """The lines of these breakdowns: the whole first, and the quarters of each area last."""
    yield from statistics.lines["all"]
    for breakdown in by:
        for each in _WITH[breakdown]:
            yield from statistics.lines.get(each, ())
    if "area" in by and "quarter" in by:
        yield from statistics.lines.get("area_quarter", ())


def csv_of(statistics: Statistics, by: Sequence[str]) -> str:
    """A row for each group, with a header; no value begins as a formula would."""
    rows = [",".join((*_KEYS, *FIGURES))]
    for line in lines_of(statistics, by):
        keys = _keys(line, statistics)
        cells = [csv_word(keys[name]) for name in _KEYS]
        rows.append(",".join([*cells, *(_cell(line[name], statistics) for name in FIGURES)]))
    return "\n".join(rows) + "\n"


def json_of(statistics: Statistics, by: Sequence[str], *, ascii_only: bool) -> str:
    """An object with what holds for all figures, and `rows`; shares are numbers from 0 to 1."""
    made = {
        "schema_version": SCHEMA_VERSION,
        "as_of": statistics.as_of.isoformat(),
        "year_begins": statistics.year,
        "suppress_below": statistics.threshold,
        "not_used": statistics.not_used,
        "versions": dict(statistics.versions),
        "notes": list(statistics.notes),
        "rows": [_object(line, statistics) for line in lines_of(statistics, by)],
    }
    return json.dumps(made, indent=2, ensure_ascii=ascii_only)


def _keys(line: Line, statistics: Statistics) -> Mapping[str, str | None]:
    key = line.key
    quarter = name_of(key.quarter, statistics.year) if key.quarter else None
    return {
        "by": key.by,
        "area": key.area or None,
        "requirement": key.requirement or None,
        "binding": key.binding or None,
        "agency": key.agency or None,
        "quarter": quarter,
        "name": line.name,
        "stage": line.stage or None,
    }


def _cell(figure: Figure, statistics: Statistics) -> str:
    value = _value(figure, statistics)
    return figure.value if isinstance(figure, Mark) else str(value)


def _value(figure: Figure, statistics: Statistics) -> str | int | float | None:
    if isinstance(figure, Mark):
        return None
    if isinstance(figure, Oldest):
        day = figure.day
        return name_of(figure.quarter, statistics.year) if day is None else day.isoformat()
    return round(figure, 4) if isinstance(figure, float) else figure


def _object(line: Line, statistics: Statistics) -> dict[str, Any]:
    return {
        **_keys(line, statistics),
        **{name: _value(line[name], statistics) for name in FIGURES},
        "withheld": [name for name in FIGURES if line[name] is Mark.WITHHELD],
    }
