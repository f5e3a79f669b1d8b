"""Working days for days, and back; and a month for thirty days."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.mutation.change import Change, Raw, periods, put

NAME = "unit"
TITLE = "Working days for days, days for working days, thirty days for a month"
_DAYS_OF_A_MONTH = 30


def changes(raw: Raw) -> Iterator[Change]:
    """Each period in another unit."""
    for loc, period in periods(raw):
        n, unit = str(period.get("n", "")), period.get("unit")
        if not n.isdigit() or unit is None:
            continue
        other = {"working_days": "days", "days": "working_days"}.get(unit, "days")
        number = n if unit != "months" else str(int(n) * _DAYS_OF_A_MONTH)
        changed = put(put(raw, (*loc, "unit"), other), (*loc, "n"), number)
        what = f"{n} {unit} → {number} {other}".replace("_", " ")
        yield Change(NAME, (*loc, "unit"), what, changed)
