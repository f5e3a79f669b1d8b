"""One of several left out: an agency, a role, a recipient, a word, a place, a way of doing it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cspr_core.mutation.change import Change, Loc, Raw, drop, flow, groups

NAME = "dropped"
TITLE = "An agency, role, recipient, place or other word is dropped from a list"
# What is not a list of such words: conditions and starts have operators of their own, and nothing
# is answered by the names of a form's boxes.
_OTHERS = frozenset({"when", "same", "values", "boxes", "any", "after", "ahead_of", "since"})


def changes(raw: Raw) -> Iterator[Change]:
    """Each entry of each list of two or more, and each place, left out."""
    for loc, group in groups(raw):
        for key, value in group.items():
            place = (*loc, key)
            if key == "all" and _conditions(value):
                continue
            if key in _OTHERS or not isinstance(value, list):
                continue
            if len(value) > 1 or key in ("seats", "present"):
                yield from _each(raw, place, value)


def _conditions(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(entry, dict) for entry in value)


def _each(raw: Raw, loc: Loc, value: list[Any]) -> Iterator[Change]:
    for index, entry in enumerate(value):
        what = f"{flow(entry)} dropped from `{loc[-1]}`"
        yield Change(NAME, (*loc, index), what, drop(raw, (*loc, index)))
