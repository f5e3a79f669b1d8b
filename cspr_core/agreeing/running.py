"""Batches of random cases over the processors there are, and what came of each.

A worker is told which batches, and draws their cases itself. Workers are started afresh (`spawn`),
so that it runs alike on every system.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

from cspr_core.agreeing.comparing import Difference, compare
from cspr_core.agreeing.drawing import Batch, data_of, drawn
from cspr_core.agreeing.shrinking import Small, cut_down
from cspr_core.caseload.running import cores
from cspr_core.check import rules_for
from cspr_core.processes import Processes


class Outcome(NamedTuple):
    """How much was compared in a batch, as of which day, and the first difference of each cause."""

    batch: Batch
    as_of: date
    counts: Counter[str]
    differences: tuple[Difference, ...]
    differing: int  # how many differences there were in all


def compared(batch: Batch, directory: Path | None = None) -> Outcome:
    """Draw the cases of a batch, and hold every engine against the others on them."""
    rules = rules_for(batch.area, directory)
    as_of, cases = drawn(batch, rules)
    counts, differences = compare(rules, [one.case for one in cases], as_of)
    firsts: dict[str, Difference] = {}
    for difference in differences:
        firsts.setdefault(difference.cause, difference)
    return Outcome(batch, as_of, counts, tuple(firsts.values()), len(differences))


def run(
    batches: Sequence[Batch], directory: Path | None = None, processes: int | None = None
) -> Iterator[Outcome]:
    """Compare all batches, in their order; in as many processes as there are cores, if not told."""
    processes = min(processes or cores(), len(batches))
    work = partial(compared, directory=directory)
    if processes == 1:
        yield from map(work, batches)
        return
    with Processes(processes) as pool:
        yield from pool.map(work, batches)


def shown_by(outcome: Outcome, difference: Difference, directory: Path | None) -> Small | None:
    """The smallest cases that show a difference of a batch; nothing if it does not come again."""
    rules = rules_for(outcome.batch.area, directory)
    as_of, cases = drawn(outcome.batch, rules)
    return cut_down(difference, rules, data_of(cases), as_of)
