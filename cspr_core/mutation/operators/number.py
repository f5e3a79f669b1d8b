"""A number by one: a period's, the least or the most of a count, how many partners or agencies."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.mutation.change import Change, Loc, Raw, at, periods, put

NAME = "number"
TITLE = "A number is one more, or one less"
_COUNTS: tuple[Loc, ...] = (
    ("min",),
    ("max",),
    ("further", "n"),
    ("further", "uninvolved"),
    ("agencies", "n"),
)


def changes(raw: Raw) -> Iterator[Change]:
    """Each number up and down by one; never below nought."""
    for loc, period in periods(raw):
        unit = str(period.get("unit", "")).replace("_", " ")
        if str(period.get("n", "")).isdigit():
            yield from _by_one(raw, (*loc, "n"), f" {unit}")
    for loc in _COUNTS:
        holder = raw if len(loc) == 1 else raw.get(str(loc[0]))
        if isinstance(holder, dict) and str(holder.get(str(loc[-1]), "")).isdigit():
            yield from _by_one(raw, loc, "")


def _by_one(raw: Raw, loc: Loc, unit: str) -> Iterator[Change]:
    n = int(at(raw, loc))
    name = "" if loc[-1] == "n" else f"{loc[-1]} "
    for other in (n + 1, n - 1):
        if other >= 0:
            what = f"{name}{n}{unit} → {other}{unit}"
            yield Change(NAME, loc, what, put(raw, loc, str(other)))
