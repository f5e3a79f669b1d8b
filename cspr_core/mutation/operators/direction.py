"""Before for after: a limit counted the other way, an order turned round."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.mutation.change import (
    Change,
    Raw,
    drop,
    entries,
    flow,
    listed,
    periods,
    put,
    renamed,
)

NAME = "direction"
TITLE = "Before for after, and after for before"
_OTHERS = {"within": ("before",), "before": ("within",), "around": ("within", "before")}
_ORDER = {"after": "ahead_of", "ahead_of": "after"}


def changes(raw: Raw) -> Iterator[Change]:
    """Each limit the other way round; each thing that comes first last, and back."""
    for loc, period in periods(raw):
        if "n" not in period:
            continue
        for other in _OTHERS.get(str(loc[-1]), ()):
            what = f"{loc[-1]} → {other} ({flow(period)})"
            yield Change(NAME, loc, what, renamed(raw, loc, other))
    for key, other in _ORDER.items():
        if key not in raw:
            continue
        for loc, entry in entries(raw, (key,)):
            there = listed(raw[other]) if other in raw else []
            changed = put(drop(raw, loc), (other,), [*there, entry])
            yield Change(NAME, loc, f"{key} → {other}: {flow(entry)}", changed)
