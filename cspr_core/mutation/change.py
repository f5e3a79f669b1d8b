"""A change to one requirement as it is written, and the small edits that changes are made of.

A requirement is handled here as its file has it: dictionaries, lists and text. A change leaves the
original alone and shares with it what it does not touch. Whether what comes out is still valid
arrangements, `cspr_core.mutation.mutants` finds out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Loc = tuple[str | int, ...]
Raw = Mapping[str, Any]
# What a requirement says to people: no answer depends on it.
_WORDS_ALONE = frozenset({"id", "title", "action", "source", "reading", "note", "who", "reference"})
_LIMITS = ("within", "before", "around", "by")


@dataclass(frozen=True)
class Change:
    """One way of getting a requirement wrong.

    `loc` is the place within the requirement that was changed, `what` the change in words, `raw`
    the requirement as it is then (`None`: it is left out altogether).
    """

    operator: str
    loc: Loc
    what: str
    raw: Raw | None


def put(raw: Any, loc: Loc, value: Any) -> Any:
    """A copy with `value` at `loc`; a key that was not there comes last."""
    if not loc:
        return value
    step, rest = loc[0], loc[1:]
    if isinstance(raw, list):
        return [put(v, rest, value) if i == step else v for i, v in enumerate(raw)]
    return {**raw, step: put(raw.get(step), rest, value)}


def drop(raw: Any, loc: Loc) -> Any:
    """A copy without what stands at `loc`; a list or group of which nothing is left goes too."""
    step, rest = loc[0], loc[1:]
    left: Any = None
    if rest:
        left = drop(raw[step], rest)
    if isinstance(raw, list):
        changed = [left] if left not in (None, [], {}) else []
        return [*raw[: int(step)], *changed, *raw[int(step) + 1 :]]
    if left in (None, [], {}):
        return {k: v for k, v in raw.items() if k != step}
    return {**raw, step: left}


def renamed(raw: Any, loc: Loc, name: str) -> Any:
    """A copy in which the key at `loc` is called `name`; its value stays."""
    holder, value = at(raw, loc[:-1]), at(raw, loc)
    new = {name if k == loc[-1] else k: value if k == loc[-1] else v for k, v in holder.items()}
    return put(raw, loc[:-1], new)


def at(raw: Any, loc: Loc) -> Any:
    """What stands at `loc`."""
    for step in loc:
        raw = raw[step]
    return raw


def listed(value: Any) -> list[Any]:
    """A single value stands for a list of one."""
    return list(value) if isinstance(value, list) else [value]


def entries(raw: Any, loc: Loc) -> list[tuple[Loc, Any]]:
    """The entries of the list at `loc` with their places; a single value is its own entry."""
    value = at(raw, loc)
    if isinstance(value, list):
        return [((*loc, index), entry) for index, entry in enumerate(value)]
    return [(loc, value)]


def groups(raw: Any, loc: Loc = ()) -> Iterator[tuple[Loc, dict[str, Any]]]:
    """Every group of keys of a requirement, itself first, that an answer may depend on."""
    if isinstance(raw, dict):
        yield loc, raw
        for key, value in raw.items():
            if key not in _WORDS_ALONE or loc:
                yield from groups(value, (*loc, key))
    elif isinstance(raw, list):
        for index, value in enumerate(raw):
            yield from groups(value, (*loc, index))


def periods(raw: Raw) -> Iterator[tuple[Loc, dict[str, Any]]]:
    """The periods that a requirement states, on its own lines and under `values`."""
    holders: list[tuple[Loc, Any]] = [((), raw)]
    holders += [(("values", i), value) for i, value in enumerate(raw.get("values") or [])]
    for loc, holder in holders:
        for form in _LIMITS:
            if isinstance(holder, dict) and isinstance(holder.get(form), dict):
                yield (*loc, form), holder[form]


def flow(value: Any) -> str:
    """A value as arrangements write it on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(inner) for inner in value) + "]"
    return "null" if value is None else str(value)
