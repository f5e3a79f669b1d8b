"""Cases on which something fails, cut down to the least on which it still does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from cspr_core.generated import Data, refused

T = TypeVar("T")
Cut = Callable[[Data], "Data | None"]


def fewest(
    items: Sequence[T],
    fails: Callable[[Sequence[T]], bool],
    impatient: Callable[[], bool] = lambda: False,
) -> list[T]:
    """Of these items those that are needed for failing: halves go first, then ever fewer."""
    left = list(items)
    size = max(1, len(left) // 2)
    while True:
        start = 0
        while start < len(left) and not impatient():
            kept = [*left[:start], *left[start + size :]]
            if kept and fails(kept):
                left = kept
            else:
                start += size
        if size == 1 or impatient():
            return left
        size //= 2


# --- one case ------------------------------------------------------------------------------------


def smallest(
    data: Data,
    fails: Callable[[Data], bool],
    impatient: Callable[[], bool] = lambda: False,
) -> Data:
    """The case with everything cut out without which it still fails.

    `fails` is asked of data that the reader takes. Where `impatient`, what was found so far.
    """

    def still(candidate: Data) -> bool:
        try:
            return not refused(candidate) and fails(candidate)
        except (ValueError, AssertionError, KeyError):
            return False

    again = True
    while again:
        again = False
        for shrink in (_without_sections, _without_entries, _without_keys):
            for cut in shrink(data):
                if impatient():
                    return data
                candidate = cut(data)
                if candidate is not None and still(candidate):
                    data, again = candidate, True
    return data


def _without_sections(data: Data) -> Iterator[Cut]:
    for section in list(data):
        if section != "children":
            yield lambda now, s=section: {k: v for k, v in now.items() if k != s}  # type: ignore[misc]


def _without_entries(data: Data) -> Iterator[Cut]:
    """Of each section's entries half, a quarter, … one at a time."""
    for section, entries in data.items():
        if not isinstance(entries, (list, dict)):
            continue
        keys = [id(e) for e in entries] if isinstance(entries, list) else list(entries)
        size = max(1, len(keys) // 2)
        while True:
            for begin in range(0, len(keys), size):
                gone = frozenset(keys[begin : begin + size])
                yield lambda now, s=section, g=gone: _cut(now, s, g)  # type: ignore[misc]
            if size == 1:
                break
            size //= 2


def _cut(now: Data, section: str, gone: frozenset[Any]) -> Data | None:
    entries = now.get(section)
    kept: Any
    if isinstance(entries, list):
        kept = [entry for entry in entries if id(entry) not in gone]
    elif isinstance(entries, dict):
        kept = {key: value for key, value in entries.items() if key not in gone}
    else:
        return None
    return None if len(kept) == len(entries) else {**now, section: kept}


def _without_keys(data: Data) -> Iterator[Cut]:
    """Of each entry one key at a time, and of a key's list one value."""
    for section, entries in data.items():
        if not isinstance(entries, (list, dict)):
            continue
        named = enumerate(entries) if isinstance(entries, list) else entries.items()
        for place, entry in named:
            if not isinstance(entry, dict):
                continue
            for key, value in entry.items():
                yield lambda now, p=(section, place), k=key: _change(now, p, k, None)  # type: ignore[misc]
                for gone in value if isinstance(value, list) else ():
                    yield lambda now, p=(section, place), k=key, g=gone: _change(now, p, k, g)  # type: ignore[misc]


def _change(now: Data, place: tuple[str, Any], key: str, gone: Any) -> Data | None:
    section, at = place
    entries = now.get(section)
    try:
        entry = entries[at]  # type: ignore[index]
        value = entry[key]
    except (KeyError, IndexError, TypeError):
        return None
    changed = {k: v for k, v in entry.items() if k != key}
    if gone is not None:
        if not isinstance(value, list) or gone not in value:
            return None
        changed[key] = [one for one in value if one != gone]
    copied: Any = list(entries) if isinstance(entries, list) else dict(entries or {})
    copied[at] = changed
    return {**now, section: copied}
