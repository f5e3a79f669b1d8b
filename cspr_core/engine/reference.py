"""The reference engine: programs as plain Python closures over indexed facts.

It needs no compiler and can't crash; it is the oracle for the other engines, and takes over
where durable-rules can't be installed.
"""

from __future__ import annotations

from collections.abc import Sequence

from cspr_core.engine.decide import Decider, in_order
from cspr_core.matching import Index, Rows, compile_match
from cspr_core.program import Decision, Program, strata


class ReferenceEngine:
    """Programs, compiled once; `run` answers them for one case."""

    name = "reference"

    def __init__(self, programs: Sequence[Program]) -> None:
        """Compile `programs`; raises `ProgramError` where they wait for each other."""
        self._read = frozenset().union(*(program.reads for program in programs))
        self._strata = [
            [
                (Decider(program), [compile_match(match) for match in program.matches])
                for program in stratum
            ]
            for stratum in strata(programs)
        ]

    def run(self, rows: Rows) -> list[Decision]:
        """The decisions for one case, sorted by requirement and subject."""
        index = Index(rows)
        found: list[Decision] = []
        for stratum in self._strata:
            for decider, matches in stratum:
                found += decider(hit for match in matches for hit in match(index))
            index.replace("finding", finding_rows(found, self._read))
        return in_order(found)


def finding_rows(found: Sequence[Decision], read: frozenset[str]) -> list[dict[str, str | int]]:
    """Decisions as facts that the next stratum reads; only of the requirements in `read`."""
    return [
        {
            "fid": -number,
            "requirement": decision.requirement,
            "subject": decision.subject,
            "status": decision.status,
            "answer": decision.answer or "unknown",
        }
        for number, decision in enumerate(found, 1)
        if decision.requirement in read
    ]
