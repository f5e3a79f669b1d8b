"""The reference engine: programs as plain Python over indexed facts.

It needs no compiler and can't crash; it is the oracle for the other engines, and takes over
where durable-rules can't be installed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property

from cspr_core.engine.plan import Fire, Plan, answer, planned
from cspr_core.matching import Firings, Index, Matcher, Rows
from cspr_core.program import Decision, Program


class ReferenceEngine:
    """Programs, compiled at the first run; `run` answers them for one case."""

    name = "reference"

    def __init__(self, programs: Plan | Sequence[Program]) -> None:
        """Take `programs`; raises `ProgramError` where they wait for each other."""
        self.plan = planned(programs)

    @cached_property
    def _matchers(self) -> Sequence[Matcher]:
        return [Matcher(self.plan.stratum(n)) for n in range(len(self.plan.deciders))]

    @contextmanager
    def case(self) -> Iterator[Fire]:
        """What fires for one case, stratum by stratum."""
        index = Index({})

        def fire(rows: Rows, stratum: int) -> Firings:
            for fact_type, found in rows.items():
                index.replace(fact_type, found)
            return self._matchers[stratum].run(index)

        yield fire

    def run(self, rows: Rows) -> list[Decision]:
        """The decisions for one case, sorted by requirement and subject."""
        with self.case() as fire:
            return answer(self.plan, fire, rows)
