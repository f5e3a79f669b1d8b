"""Findings that differ, summed: how many of which change in how many cases, the worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from cspr_core.impact.order import DIRECTIONS, Direction, Moved, State, direction, is_lost, severity
from cspr_core.impact.result import Days, Example, Group

if TYPE_CHECKING:
    import pyarrow as pa

_MEMORY = "1GB"  # what DuckDB may hold; the rest goes to the folder beside the differences
# What makes findings change alike; `groups` has each once, with its number and direction.
_ALIKE = """
CREATE VIEW differences AS
SELECT *, {
    'requirement': requirement, 'moved': moved,
    'old_status': old_status, 'old_answer': old_answer, 'old_binding': old_binding,
    'new_status': new_status, 'new_answer': new_answer, 'new_binding': new_binding
} AS alike
FROM found
"""
_GROUPS = """
SELECT alike, count(*) AS findings,
    min(abs(days)) AS least, quantile_disc(abs(days), 0.5) AS median, max(abs(days)) AS most
FROM differences GROUP BY alike ORDER BY alike
"""
_AREAS = """
SELECT g.number, d.partnership, count(DISTINCT d."case")
FROM differences d JOIN groups g USING (alike)
GROUP BY ALL ORDER BY ALL
"""
_EXAMPLES = """
SELECT g.number, d.partnership, d."case", d.subject, d.old_due, d.new_due
FROM (
    SELECT *, row_number() OVER (PARTITION BY alike, partnership, "case" ORDER BY subject) AS nth
    FROM differences
) d JOIN groups g USING (alike)
WHERE d.nth = 1
QUALIFY row_number() OVER (PARTITION BY g.number ORDER BY d."case", d.partnership) <= $most
ORDER BY g.number, d."case", d.partnership
"""
_TOUCHED = """
SELECT g.direction, count(DISTINCT (d.partnership, d."case"))
FROM differences d JOIN groups g USING (alike)
GROUP BY ROLLUP (g.direction)
"""


_LOST = """
SELECT count(DISTINCT (d.partnership, d."case"))
FROM differences d JOIN groups g USING (alike)
WHERE g.lost
"""


class Summed(NamedTuple):
    """All groups, the worst first; cases touched by each direction, and by any.

    `lost`: cases with something wrong that is no longer asked about.
    """

    groups: tuple[Group, ...]
    touched: Mapping[Direction, int]
    changed: int
    lost: int


def summed(files: Sequence[Path], folder: Path, examples: int) -> Summed:
    """The differences in these Parquet files (`differing.differences`), grouped and counted.

    `folder` takes what does not fit into memory. Each group has up to `examples` cases, the first
    by their references.
    """
    import duckdb  # noqa: PLC0415  (heavy, and only caseloads need it)

    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _MEMORY,
        "temp_directory": str(folder),
        "threads": 1,
    }
    with duckdb.connect(config=config) as connection:
        connection.read_parquet([str(file) for file in files]).create_view("found")
        connection.execute(_ALIKE)
        rows = [_Row(*row) for row in connection.sql(_GROUPS).fetchall()]
        connection.register("groups", _numbered(rows))
        areas: dict[int, dict[str, int]] = {}
        for number, area, cases in connection.sql(_AREAS).fetchall():
            areas.setdefault(number, {})[area] = cases
        shown: dict[int, list[Example]] = {}
        for number, *example in connection.sql(_EXAMPLES, params={"most": examples}).fetchall():
            shown.setdefault(number, []).append(Example(*example))
        counts = dict(connection.sql(_TOUCHED).fetchall())
        ((lost,),) = connection.sql(_LOST).fetchall()
    groups = [_group(row, areas[number], shown.get(number, ())) for number, row in enumerate(rows)]
    touched: dict[Direction, int] = {name: counts.get(name, 0) for name in DIRECTIONS}
    return Summed(tuple(sorted(groups, key=_order)), touched, counts.get(None, 0), lost)


class _Row(NamedTuple):
    """A row of the groups: what is alike in them, how many there are, by how many days."""

    alike: Mapping[str, Any]
    findings: int
    least: int | None
    median: int | None
    most: int | None

    def state(self, side: str) -> State | None:
        """What the findings say on one side."""
        status = self.alike[f"{side}_status"]
        if status is None:
            return None
        return State(status, self.alike[f"{side}_answer"], self.alike[f"{side}_binding"])

    @property
    def moved(self) -> Moved:
        """What became of the due dates."""
        return cast("Moved", self.alike["moved"])

    @property
    def direction(self) -> Direction:
        """Whether such a change is for the worse."""
        return direction(self.state("old"), self.state("new"), self.moved)

    @property
    def days(self) -> Days | None:
        """By how many days the due dates moved, where they did."""
        if self.least is None or self.median is None or self.most is None:
            return None
        return Days(self.least, self.median, self.most) if self.most else None


def _numbered(rows: Sequence[_Row]) -> pa.Table:
    """What makes groups, with their numbers and directions, as a table to join with."""
    import pyarrow as pa  # noqa: PLC0415

    text = pa.struct([(name, pa.string()) for name in rows[0].alike]) if rows else pa.null()
    return pa.table(
        {
            "alike": pa.array([row.alike for row in rows], text),
            "number": pa.array(range(len(rows)), pa.int32()),
            "direction": pa.array([row.direction for row in rows], pa.string()),
            "lost": pa.array(
                [is_lost(row.state("old"), row.state("new")) for row in rows], pa.bool_()
            ),
        }
    )


def _group(row: _Row, areas: Mapping[str, int], examples: Sequence[Example]) -> Group:
    return Group(
        row.alike["requirement"],
        row.state("old"),
        row.state("new"),
        row.moved,
        row.direction,
        sum(areas.values()),
        row.findings,
        areas,
        row.days,
        tuple(examples),
    )


def _order(group: Group) -> tuple[Any, ...]:
    """The worst direction first, dates alone last; then where cases stand, and how many."""
    return (
        list(DIRECTIONS).index(group.direction),
        group.only_date,
        *severity(group.old, group.new),
        -group.cases,
        group.requirement,
        group.moved,
        str(group.old),
        str(group.new),
    )
