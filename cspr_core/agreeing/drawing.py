"""The cases that engines are held against each other on: drawn from a seed, batch by batch.

The table engine answers all cases of a table as of one day. So each batch has its own day, and
every other case of it is moved there in time, as a whole: the day on which it is best looked at
becomes that of the batch. The others stay where they are, long over or still to come.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from cspr_core.check import Rules
from cspr_core.generated import Data, Drawn, acceptable, drawn_cases
from cspr_core.model.case import Case

BATCH = 250  # cases: a table costs about as much to set up as so many cases to answer
_APART = 100_003  # batches of one run, and those of neighbouring seeds, share no case
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Batch(NamedTuple):
    """Cases of one area that are looked at on one day: which, its seed says."""

    area: str
    seed: int
    cases: int


def batches(areas: Sequence[str], cases: int, seed: int, size: int = BATCH) -> list[Batch]:
    """`cases` cases, dealt out evenly to areas, in batches of at most `size`."""
    found: list[Batch] = []
    each, more = divmod(cases, len(areas))
    for place, area in enumerate(areas):
        mine = each + (place < more)
        parts = -(-mine // size)
        for part in range(parts):
            n = (mine + part) // parts
            found.append(Batch(area, seed * _APART + len(found), n))
    return found


def drawn(batch: Batch, rules: Rules) -> tuple[date, list[Drawn]]:
    """The cases of a batch, and the day as of which they are looked at."""
    found = list(drawn_cases(rules, batch.seed, batch.cases))
    day = found[0].as_of
    return day, [one if number % 2 else moved(one, day) for number, one in enumerate(found)]


def moved(one: Drawn, to: date) -> Drawn:
    """A case moved in time as a whole, so that `to` is the day on which it is best looked at."""
    by = to - one.as_of
    data = acceptable(_moved(one.data, by))
    return Drawn(one.seed, data, Case.model_validate(data), to)


def _moved(value: Any, by: timedelta) -> Any:
    if isinstance(value, dict):
        return {key: _moved(inner, by) for key, inner in value.items()}
    if isinstance(value, list):
        return [_moved(inner, by) for inner in value]
    if isinstance(value, str) and _DAY.fullmatch(value):
        return (date.fromisoformat(value) + by).isoformat()
    return value


def data_of(cases: Sequence[Drawn]) -> list[Data]:
    """The cases as plain data."""
    return [one.data for one in cases]
