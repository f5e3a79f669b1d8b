"""Which change of a finding is worse for the case, and which is better: the one table of it.

`docs/impact.md` gives the table with its reasons. It judges where a case stands, not which rule is
the better one: that a wrong is no longer asked about puts nothing right, and is no improvement.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Direction = Literal["worse", "better", "other"]
# What became of a date: `given` where there was none, `taken` where there is none now.
Moved = Literal["earlier", "later", "given", "taken", "same"]

# From where nothing is left to do to what can't be put right. What is done late is worse than
# what has still its time: lateness on record stays. What is not known may be any of what follows.
STANDING: Mapping[str, int] = {
    "met": 0,
    "upcoming": 1,
    "excused": 2,
    "met_late": 3,
    "undetermined": 4,
    "overdue": 5,
    "breached": 6,
}
UNASKED = ("pending", "not_applicable")  # nothing is asked of the case, as without any finding
_FIRST_WRONG = STANDING["met_late"]
OPEN = ("upcoming", "excused", "undetermined", "overdue")  # a date that moves still matters

# In the order in which they are told.
DIRECTIONS: Mapping[Direction, str] = {
    "worse": "something is wrong that was not, or there is less time",
    "better": "something that was wrong is right, or there is more time",
    "other": "nothing goes wrong by it, and nothing is put right",
}


class State(NamedTuple):
    """What a finding says, but for its dates."""

    status: str
    answer: str | None
    binding: str


def direction(old: State | None, new: State | None, moved: Moved) -> Direction:
    """Whether a finding that changes so is worse for its case than before, or better.

    `None`: there is no such finding. The status decides; where it is the same, how binding the
    rule is; where that is the same, the date.
    """
    was, now = _standing(old), _standing(new)
    if was is None or now is None:
        return "worse" if now is not None and now >= _FIRST_WRONG else "other"
    if was != now:
        return "worse" if now > was else "better"
    if old is None or new is None or old.status == "met":
        return "other"  # what is done in time, and stays so, nobody has to do anything about
    if old.binding != new.binding:
        return "worse" if new.binding == "must" else "better"
    if old.status not in OPEN or moved == "same":
        return "other"
    return "worse" if moved in ("earlier", "given") else "better"


def is_lost(old: State | None, new: State | None) -> bool:
    """Whether something wrong is no longer asked about: which puts nothing right."""
    was = _standing(old)
    return was is not None and was >= _FIRST_WRONG and _standing(new) is None


def severity(old: State | None, new: State | None) -> tuple[int, int]:
    """By what changes of one direction are told: the worst standing now, then how far it came."""
    was, now = _standing(old) or 0, _standing(new) or 0
    return -now, -abs(now - was)


def _standing(state: State | None) -> int | None:
    return None if state is None else STANDING.get(state.status)
