"""Conditions over the slots of a space, one bit for each slot: and, or, not, and who comes first.

A condition that holds in every slot, or in none, has no bits: `EVERYWHERE` and `NOWHERE`. Eight
slots are one byte, so a condition of a program over ten thousand cases is one pass over a
thousand bytes. It takes `numpy` (the extra `caseload`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

_PLANES = 8  # numbers below 256 take one byte


class Bits:
    """The slots in which something holds."""

    __slots__ = ("negation", "packed")

    def __init__(self, packed: Array) -> None:
        """Take eight slots in a byte, the first slot as its highest bit."""
        self.packed = packed
        self.negation: Bits | None = None  # once it was asked for

    def __invert__(self) -> Bits:
        """Where it does not hold; what fills up the last byte is anything."""
        if self.negation is None:
            self.negation = Bits(~self.packed)
            self.negation.negation = self
        return self.negation


EVERYWHERE, NOWHERE = Bits(np.empty(0, np.uint8)), Bits(np.empty(0, np.uint8))
EVERYWHERE.negation, NOWHERE.negation = NOWHERE, EVERYWHERE


def bits_of(there: Array) -> Bits:
    """One bit for each slot, from one truth value for each."""
    return Bits(np.packbits(there))


def truths(bits: Bits, count: int) -> Array:
    """One truth value for each of `count` slots."""
    if bits is EVERYWHERE or bits is NOWHERE:
        return np.full(count, bits is EVERYWHERE)
    return np.unpackbits(bits.packed, count=count).view(bool)


def every(parts: Iterable[Bits]) -> Bits:
    """Where all of these hold."""
    return _together(parts, np.bitwise_and, EVERYWHERE, NOWHERE)


def some(parts: Iterable[Bits]) -> Bits:
    """Where at least one of these holds."""
    return _together(parts, np.bitwise_or, NOWHERE, EVERYWHERE)


def _together(parts: Iterable[Bits], operation: np.ufunc, neutral: Bits, settles: Bits) -> Bits:
    """What an operation makes of all parts: `neutral` changes nothing, `settles` settles it."""
    found = neutral
    own = False  # whether the bits are this function's own, to be written over
    for part in parts:
        if part is settles:
            return settles
        if part is neutral or part is found:
            continue
        if found is neutral:
            found = part
        elif own:
            operation(found.packed, part.packed, out=found.packed)
        else:
            found, own = Bits(operation(found.packed, part.packed)), True
    return found


def first_of(rows: Sequence[tuple[int, Bits]]) -> Mapping[int, Bits]:
    """Where each of some numbered conditions is the first that holds; the last always holds."""
    found = dict[int, Bits]()
    left = EVERYWHERE
    for number, bits in rows:
        found[number] = every([left, bits])
        left = every([left, ~bits])
    return found


def numbers_of(first: Mapping[int, Bits], count: int) -> Array:
    """For each of `count` slots the number of the condition that holds there.

    Where none does, 0.
    """
    planes = max(first, default=0).bit_length()
    numbers: Array = np.zeros(count, np.uint8 if planes <= _PLANES else np.uint16)
    for plane in range(planes):
        bits = some(part for number, part in first.items() if number >> plane & 1)
        if bits is not NOWHERE:
            ones = truths(bits, count).view(np.uint8)
            np.bitwise_or(numbers, np.left_shift(ones, plane, dtype=numbers.dtype), out=numbers)
    return numbers
