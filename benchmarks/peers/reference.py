"""Our own engines, as they are held against others: facts in, a written file of findings out.

`Subset` is an area's rules cut down to some requirements and what these read: what the table
engine is asked where it is held against an engine that can't be given the others.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from cspr_core.caseload.answers import (
    FINDINGS,
    answers,
    findings_schema,
    leaves,
    reference_answers,
)
from cspr_core.caseload.columns import CASE
from cspr_core.caseload.store import FactsFile, open_facts, parquet_file
from cspr_core.caseload.tabled import prepared
from cspr_core.check import Rules
from cspr_core.kinds import Lowered

TOGETHER = 5  # row groups at once: for so few requirements there is room for them
# How every side writes: as a partition's findings are written.
WRITTEN: dict[str, Any] = {"compression": "lz4", "write_statistics": False}


@dataclass(frozen=True)
class Subset(Rules):
    """Rules with some of the requirements only."""

    wanted: frozenset[str] = frozenset()

    @cached_property
    def lowered(self) -> tuple[Lowered, ...]:
        """The requirements that are wanted, and those that they read, in their usual order."""
        whole = (*self.nation.lowered, *self.plugin.lowered)
        by_id = {lowered.requirement.id: lowered for lowered in whole}
        kept, waiting = set[str](), set(self.wanted)
        while waiting:
            one = by_id[waiting.pop()]
            kept.add(one.requirement.id)
            copies = () if one.limit is None or one.limit.copies is None else (one.limit.copies,)
            waiting |= {*one.program.reads, *copies} - kept
        return tuple(one for one in whole if one.requirement.id in kept)


def subset(rules: Rules, wanted: Collection[str]) -> Subset:
    """These requirements of an area, and what they read."""
    return Subset(rules.plugin, rules.nation, frozenset(wanted))


class Ours:
    """The table engine, or the reference engine, over a file of facts."""

    def __init__(
        self,
        rules: Rules,
        as_of: date,
        *,
        reference: bool = False,
        columns: Sequence[str] = FINDINGS,
    ) -> None:
        """Take requirements, day, and columns to write; what is made once is made now."""
        self.rules, self.as_of, self.columns = rules, as_of, list(columns)
        self.seconds = 0.0  # of answering alone, so far
        self._answers: Any = reference_answers if reference else answers
        _ = rules.reference if reference else rules.once(prepared)

    def run(self, path: Path, groups: Sequence[int], out: Path) -> int:
        """Answer the cases of some row groups; how many answers were written."""
        facts, written, whole = open_facts(path), 0, findings_schema()
        schema = pa.schema([whole.field(name) for name in self.columns])
        with parquet_file(out, schema, **WRITTEN) as write:
            for table in self._tables(facts, groups):
                begun = time.perf_counter()
                found: pa.Table = self._answers(table, self.rules, self.as_of)
                self.seconds += time.perf_counter() - begun
                write(found.select(self.columns))
                written += found.num_rows
        return written

    def _tables(self, facts: FactsFile, groups: Sequence[int]) -> Iterator[pa.Table]:
        """The facts as `cspr check` reads what is sealed: row groups together, what is needed.

        That they are sealed is not asked here, as nobody else asks anything of what is read.
        """
        if self._answers is reference_answers:
            yield from map(facts.read, groups)
            return
        wanted = leaves(self.rules)
        for start in range(0, len(groups), TOGETHER):
            some = groups[start : start + TOGETHER]
            read = [facts.read_sealed(n, wanted, [CASE]) for n in some]
            yield pa.concat_tables(read).combine_chunks()
