"""A recorded exception that excuses, or does so no longer."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.mutation.change import Change, Raw, drop, put

NAME = "exception"
TITLE = "A recorded exception excuses where it did not, or no longer does"
_WHERE_TEMPTING = ("independence", "attendance", "composition")


def changes(raw: Raw) -> Iterator[Change]:
    """`unless: recorded` left out; or put where an order, a place or a person is asked for."""
    if "unless" in raw:
        yield Change(NAME, ("unless",), "`unless: recorded` removed", drop(raw, ("unless",)))
    elif raw.get("kind") in _WHERE_TEMPTING or "after" in raw:
        changed = put(raw, ("unless",), "recorded")
        yield Change(NAME, (), "`unless: recorded` added", changed)
