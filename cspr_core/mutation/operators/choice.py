"""`and` for `or`, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cspr_core.mutation.change import Change, Loc, Raw, entries, groups, put, renamed

NAME = "choice"
TITLE = "`and` for `or`, and `or` for `and`"
_OTHER = {"all": "any", "any": "all"}


def changes(raw: Raw) -> Iterator[Change]:
    """Each `all` as `any` and back; several conditions, or things that come first, as one."""
    for loc, group in groups(raw):
        for key, other in _OTHER.items():
            if not _several(group.get(key)):
                continue
            if loc and loc[0] == "after":
                yield from _apart(raw, loc)
            elif loc and loc[0] == "when":
                yield _renamed(raw, (*loc, key), other)
    for key in ("when", "after"):
        if _several(raw.get(key)):
            what = f"all of `{key}` → any of them"
            yield Change(NAME, (key,), what, put(raw, (key,), [{"any": raw[key]}]))
    for number, row in enumerate(raw.get("decide") or []):
        for key in ("all", "none"):
            if key in row:
                loc = ("decide", number, key)
                other = {"all": "none", "none": "all"}[key]
                yield _renamed(raw, loc, other)


def _several(value: Any) -> bool:
    return isinstance(value, list) and len(value) > 1 and isinstance(value[0], dict)


def _renamed(raw: Raw, loc: Loc, other: str) -> Change:
    return Change(NAME, loc, f"{loc[-1]} → {other}", renamed(raw, loc, other))


def _apart(raw: Raw, loc: Loc) -> Iterator[Change]:
    """Of things one of which comes first, each has to."""
    before = [entry for place, entry in entries(raw, ("after",)) if place < loc]
    behind = [entry for place, entry in entries(raw, ("after",)) if place > loc]
    alternatives = next(e for place, e in entries(raw, ("after",)) if place == loc)["any"]
    changed = put(raw, ("after",), [*before, *alternatives, *behind])
    yield Change(NAME, (*loc, "any"), "any of these first → each of them", changed)
