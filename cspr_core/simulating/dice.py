"""Chance, the same everywhere: what is drawn for a case depends on its name alone.

Only `random()` of Python's generator is used, which is fixed for a seed in every version of Python,
and nothing but comparisons, sums and products, which every machine makes alike.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")
_ENOUGH = 0.9999  # of all that may be drawn from a tail; what lies beyond is its last value


class Dice:
    """What is drawn for one case; `name` says which."""

    __slots__ = ("random",)

    def __init__(self, name: str) -> None:
        """Take the name that tells the case from all others, its seed included."""
        seed = int.from_bytes(blake2b(name.encode(), digest_size=16).digest(), "big")
        # A number from 0 to 1, without 1.
        self.random = random.Random(seed).random  # noqa: S311  (nothing here is a secret)

    def share(self, percent: float) -> bool:
        """Yes in so many cases of a hundred."""
        return self.random() * 100 < percent

    def whole(self, least: int, most: int) -> int:
        """A whole number from `least` to `most`, each as likely as the others."""
        return least + int(self.random() * (most - least + 1))

    def one(self, of: Sequence[T]) -> T:
        """One of these, each as likely as the others."""
        return of[int(self.random() * len(of))]

    def some(self, of: Sequence[T], n: int) -> list[T]:
        """`n` of these (all, where there are fewer), in their own order."""
        left, found = min(n, len(of)), list[T]()
        for index, each in enumerate(of):
            if self.random() * (len(of) - index) < left:
                found.append(each)
                left -= 1
        return found

    def among(self, words: Sequence[T], upto: Sequence[float]) -> T:
        """One of the words; `upto` are their shares in a hundred, each added to those before."""
        return words[min(bisect_right(upto, self.random() * 100), len(words) - 1)]

    def tail(self, mean: float) -> int:
        """A whole number from 0 up that is `mean` on average, small ones likelier than large."""
        return bisect_right(_tail(mean), self.random())


@cache
def _tail(mean: float) -> tuple[float, ...]:
    """How likely it is that no more than 0, 1, 2, … is drawn (a geometric distribution)."""
    if mean <= 0:
        return ()
    beyond = more = mean / (mean + 1)
    found = []
    while 1 - beyond < _ENOUGH:
        found.append(1 - beyond)
        beyond *= more
    return tuple(found)
