"""Arrangements and what they lower to, as plain JSON and back: equal values, field by field.

Every value is written once, however often it is meant, and stands in a list; a value that holds
others names their places in it. So `Count("mark.confirmed")`, which two hundred programs share, is
one object again when it is read back. What is read back is not validated a second time: see
`cspr_core.compiled` for when it is believed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from importlib import import_module
from itertools import groupby
from typing import Any

from cspr_core.model.patterns import Value

# Classes are made again only from these: whatever a file says, no other code is reached.
_HOMES = ("cspr_core.kinds.", "cspr_core.model.", "cspr_core.program")
_SCALAR, _DATE, _TUPLE, _SET, _MAPPING = "scalar", "date", "tuple", "set", "mapping"
_SET_FIELDS = "__pydantic_fields_set__"

Packed = list[list[Any]]  # runs: a kind, and its values; the last value of the last run is meant


class PackingError(TypeError):
    """A value of a kind that has no place in a compiled file."""


def pack(value: object) -> Packed:
    """A value as runs of values of one kind, each after all that it holds."""
    packing = _Packing()
    packing.place(value)
    return packing.runs()


def unpack(packed: Packed) -> Any:
    """The value that was packed; raises `PackingError` where that is none of ours."""
    pool: list[Any] = []
    try:
        for kind, *values in packed:
            pool += _MAKERS[kind](pool, values) if kind in _MAKERS else _made(kind, pool, values)
        return pool[-1]
    except (LookupError, TypeError, ValueError, AttributeError, ImportError) as error:
        raise PackingError(f"this is no packed value: {type(error).__name__}") from error


class _Packing:
    """The values so far: each with its level, which is above that of all that it holds."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], int] = {}
        self._values: list[tuple[int, str, Any]] = []

    def place(self, value: Any) -> int:
        """The number under which a value is kept."""
        kind, content, held = self._content(value)
        key = (kind, type(value), content)
        found = self._known.get(key)
        if found is None:
            level = 1 + max((self._values[n][0] for n in held), default=0)
            found = self._known[key] = len(self._values)
            self._values.append((level, kind, content))
        return found

    def _content(self, value: Any) -> tuple[str, Any, Sequence[int]]:
        if value is None or isinstance(value, (str, int)):
            return _SCALAR, value, ()
        if isinstance(value, date):
            return _DATE, value.toordinal(), ()
        if isinstance(value, Mapping):
            held = tuple(self.place(part) for pair in value.items() for part in pair)
            return _MAPPING, held, held
        if type(value) is tuple:
            held = tuple(map(self.place, value))
            return _TUPLE, held, held
        if isinstance(value, set):
            held = tuple(map(self.place, sorted(value)))
            return _SET, held, held
        held = tuple(self.place(part) for part in _parts(value))
        return f"{type(value).__module__}:{type(value).__qualname__}", held, held

    def runs(self) -> Packed:
        """All values, level by level and kind by kind, under the numbers of that order."""
        order = sorted(range(len(self._values)), key=lambda n: (*self._values[n][:2], n))
        number = {old: new for new, old in enumerate(order)}
        found: Packed = []
        for (_, kind), several in groupby(order, lambda n: self._values[n][:2]):
            contents = [self._values[n][2] for n in several]
            if kind not in (_SCALAR, _DATE):
                contents = [[number[held] for held in content] for content in contents]
            found.append([kind, *contents])
        return found


def _parts(value: Any) -> list[Any]:
    """What a value of ours holds, in the order of its class's fields."""
    cls: Any = type(value)
    if not cls.__module__.startswith(_HOMES):
        raise PackingError(f"{cls.__name__} has no place in a compiled file")
    held = [getattr(value, name) for name in _names(cls)]
    return [value.model_fields_set, *held] if isinstance(value, Value) else held


@cache
def _names(cls: Any) -> tuple[str, ...]:
    if issubclass(cls, Value):
        return tuple(cls.model_fields)
    if is_dataclass(cls):
        return tuple(field.name for field in fields(cls))
    names: tuple[str, ...] | None = getattr(cls, "_fields", None)  # a named tuple's
    if names is None:
        raise PackingError(f"{cls.__name__} has no place in a compiled file")
    return names


def _mappings(pool: list[Any], values: list[list[int]]) -> list[Any]:
    return [
        {pool[key]: pool[held] for key, held in zip(value[::2], value[1::2], strict=True)}
        for value in values
    ]


_MAKERS: Mapping[str, Callable[[list[Any], list[Any]], list[Any]]] = {
    _SCALAR: lambda pool, values: values,
    _DATE: lambda pool, values: [date.fromordinal(value) for value in values],
    _TUPLE: lambda pool, values: [tuple([pool[n] for n in value]) for value in values],
    _SET: lambda pool, values: [{pool[n] for n in value} for value in values],
    _MAPPING: _mappings,
}


def _made(kind: str, pool: list[Any], values: list[list[int]]) -> list[Any]:
    """Values of one class of ours, as they were: nothing is validated or worked out again."""
    home, _, name = kind.partition(":")
    if not home.startswith(_HOMES):
        raise PackingError(f"{kind} has no place in a compiled file")
    cls = getattr(sys.modules.get(home) or import_module(home), name)
    names = _names(cls)
    if "__slots__" in vars(cls) or issubclass(cls, tuple):
        return [cls(*[pool[n] for n in value]) for value in values]
    put, found = object.__setattr__, []
    for value in values:
        held = [pool[n] for n in value]
        new = cls.__new__(cls)
        if issubclass(cls, Value):
            put(new, _SET_FIELDS, held.pop(0))
            put(new, "__pydantic_extra__", None)
            put(new, "__pydantic_private__", None)
        put(new, "__dict__", dict(zip(names, held, strict=True)))
        found.append(new)
    return found
