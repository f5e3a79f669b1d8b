"""A join loosened: another agency's, child's or recipient's will do."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.mutation.change import Change, Raw, drop, entries, groups

NAME = "same"
TITLE = "A join is loosened: `same` is dropped"


def changes(raw: Raw) -> Iterator[Change]:
    """Each `same`, and in a raw pattern each `=alias.column`, left out."""
    for loc, group in groups(raw):
        if "same" in group:
            for place, word in entries(raw, (*loc, "same")):
                yield Change(NAME, place, f"`same: {word}` dropped", drop(raw, place))
        for key, value in group.items():
            if isinstance(value, str) and value.startswith("="):
                place = (*loc, key)
                yield Change(NAME, place, f"`{key}: {value}` dropped", drop(raw, place))
