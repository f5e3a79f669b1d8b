"""A date of effect moved by a month."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date

from cspr_core.mutation.change import Change, Loc, Raw, at, put

NAME = "effect"
TITLE = "A date of effect is a month earlier, or a month later"
_DECEMBER = 12
_MONTH_ALONE = 7  # characters of YYYY-MM


def changes(raw: Raw) -> Iterator[Change]:
    """The requirement's own date of effect, and that of each dated value, moved."""
    places: list[Loc] = [("in_force_from",)]
    places += [("values", i, "in_force_from") for i in range(len(raw.get("values") or []))]
    for loc in places:
        holder = at(raw, loc[:-1])
        if holder.get("in_force_from"):
            yield from moved(raw, loc)


def moved(raw: Raw, loc: Loc) -> Iterator[Change]:
    """The date or month at `loc`, a month earlier and a month later."""
    old = str(at(raw, loc))
    for months in (-1, 1):
        new = _moved(old, months)
        yield Change(NAME, loc, f"in force from {old} → from {new}", put(raw, loc, new))


def _moved(text: str, months: int) -> str:
    year, month = int(text[:4]), int(text[5:7]) + months
    if month < 1:
        year, month = year - 1, _DECEMBER
    elif month > _DECEMBER:
        year, month = year + 1, 1
    if len(text) == _MONTH_ALONE:
        return f"{year:04}-{month:02}"
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(int(text[8:10]), last)).isoformat()
