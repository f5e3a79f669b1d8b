"""A difference, cut down: the fewest cases, and of each the least, that still show it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from time import monotonic
from typing import NamedTuple

from cspr_core.agreeing.comparing import WHOLE, Difference, compare
from cspr_core.agreeing.cutting import fewest, smallest
from cspr_core.check import Rules
from cspr_core.generated import Data
from cspr_core.model.case import Case
from cspr_core.testing.playing import narrowed

PATIENCE = 120.0  # seconds for one difference: what is not the smallest yet is shown as it is


class Small(NamedTuple):
    """The cases that show a difference (mostly one), and the difference as they show it."""

    cases: tuple[Data, ...]
    difference: Difference


def cut_down(
    difference: Difference, rules: Rules, cases: Sequence[Data], as_of: date
) -> Small | None:
    """The least that still shows a difference found on `cases`; nothing if these do not show it."""
    concerned = narrowed(rules, [difference.requirement]) if difference.requirement else rules
    for under in dict.fromkeys([id(concerned), id(rules)]):
        shows = _Shows(difference, concerned if under == id(concerned) else rules, as_of)
        found = _cut_down(shows, cases)
        # What some rules show alone, all of them have to show as well.
        shown = None if found is None else _Shows(difference, rules, as_of).first(found)
        if found is not None and shown is not None:
            return Small(tuple(found), shown)
    return None


class _Shows:
    """Whether cases show a difference; never, once patience is at its end."""

    def __init__(self, difference: Difference, rules: Rules, as_of: date) -> None:
        self.difference, self.rules, self.as_of = difference, rules, as_of
        self.until = monotonic() + PATIENCE

    def first(self, cases: Sequence[Data]) -> Difference | None:
        """The difference as these cases show it."""
        models = [Case.model_validate(data) for data in cases]
        like = self.difference
        found = compare(self.rules, models, self.as_of, only=like.what).differences
        return next((one for one in found if _kin(one, like)), None)

    def __call__(self, cases: Sequence[Data]) -> bool:
        return bool(cases) and self.first(cases) is not None

    @property
    def impatient(self) -> bool:
        return monotonic() > self.until


def _kin(one: Difference, other: Difference) -> bool:
    """Of one thing and requirement; errors of one type."""
    if (one.what, one.requirement, one.case == WHOLE) != (
        other.what,
        other.requirement,
        other.case == WHOLE,
    ):
        return False
    return one.case != WHOLE or _type(one) == _type(other)


def _type(difference: Difference) -> str:
    return difference.said[0][1].partition(":")[0]


def _cut_down(shows: _Shows, cases: Sequence[Data]) -> list[Data] | None:
    number = shows.difference.case
    if number != WHOLE and shows([cases[number]]):
        left = [cases[number]]
    elif shows(cases):
        left = fewest(cases, shows, lambda: shows.impatient)
    else:
        return None
    for place in range(len(left)):

        def still(data: Data, place: int = place) -> bool:
            return shows([*left[:place], data, *left[place + 1 :]])

        left[place] = smallest(left[place], still, lambda: shows.impatient)
    return left
