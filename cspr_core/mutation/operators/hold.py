"""A hold left out altogether."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.mutation.change import Change, Raw

NAME = "hold"
TITLE = "A hold is removed"


def changes(raw: Raw) -> Iterator[Change]:
    """The arrangements without this hold."""
    if raw.get("kind") == "hold":
        yield Change(NAME, ("kind",), "the hold is removed", None)
