"""The answers by the table engine, as a table of findings: limits, programs, days, words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from cspr_core.caseload.answers import DATES, findings_schema
from cspr_core.caseload.columns import CASE as CASES
from cspr_core.caseload.limits import DAY, WORDS, Due, Held, derive_all
from cspr_core.caseload.loading import load, merged
from cspr_core.check import Rules
from cspr_core.engine.table import Answered, TableEngine, columns_in, connected
from cspr_core.engine.tables import FAR, Tables
from cspr_core.kinds import Lowered
from cspr_core.program import FACT_TYPES, ID, STATUSES, Row
from cspr_core.report.findings import DATED, DONE_TAGS, WITHOUT_DUE

_EPOCH = date(1970, 1, 1).toordinal()
# What limits and marks read beside what requirements ask for.
_ALWAYS = {
    "event": ("name", "outcome", "date"),
    "confirmation": ("requirement", "subject", "answer", "date"),
    "exception": ("requirement", "subject", "date"),
    "delay": ("requirement", "delay", "agreed", "agreed_due"),
    "delay_told": ("delay", "to"),
}


def prepared(rules: Rules) -> Tabled:
    """The table engine of rules, with all that is the same for every partition."""
    return Tabled(rules)


class Tabled:
    """An area's rules, ready for tables of facts."""

    def __init__(self, rules: Rules, only: Collection[str] | None = None) -> None:
        """Compile the programs and the limits of `rules`: of all, or `only` of some.

        What these read of others' findings or limits is made too, and not told.
        """
        self.rules, self.only = rules, only
        lowered = rules.lowered if only is None else _with_what_they_read(rules, only)
        self.engine = TableEngine([one.program for one in lowered])
        self.held = Held(lowered)
        ways = [way for one in self.engine.asked for ways in one.ways.values() for way in ways]
        asked = [
            {way.body[at].type: [column]} for way, places in self.held.ways for at, column in places
        ]
        needed = merged(
            columns_in(ways), columns_in([way for way, _ in self.held.ways]), *asked, _ALWAYS
        )
        dated = {kind: {"date", *_dates(rules, kind)} & set(FACT_TYPES[kind]) for kind in needed}
        self.needed = merged(needed, dated)
        # Numbers tell facts apart where evidence is asked for; for the answers, order will do.
        self.read = {kind: names - {ID} for kind, names in self.needed.items()}
        self.words = {*self.engine.words, *WORDS, *self.held.requirements}

    def tables(
        self, facts: pa.Table, as_of: date, connection: Any, *, numbered: bool = True
    ) -> tuple[Tables, Mapping[str, Due]]:
        """A caseload's facts as tables, with its calendar facts; `numbered` as in the table."""
        tables = load(facts, self.needed if numbered else self.read, self.words)
        return tables, derive_all(tables, self.held, as_of, self.rules.in_force, connection)

    def answers(self, facts: pa.Table, as_of: date) -> pa.Table:
        """The table of findings."""
        if not facts.num_rows:
            return findings_schema().empty_table()
        with connected() as connection:
            tables, dues = self.tables(facts, as_of, connection, numbered=False)
            found = self.engine.answers(tables, connection, self._days)
            if self.only is not None:
                found = [one for one in found if one.asked.requirement in self.only]
            found.sort(key=lambda one: one.asked.requirement)
            return _Findings(self.rules, tables, dues, facts.column(CASES)).table(found)

    def _days(self, requirement: str, row: Row, tag: str, fact_type: str) -> str | None:
        """What tells when something was done: `cspr_core.report.findings` has it the same."""
        if row.why == "confirmed":
            return DAY if fact_type == "mark" else None
        if tag not in DONE_TAGS:
            return None
        dates = self.rules.by_id[requirement].dates
        column = dates.get(fact_type) or DATED.get(fact_type, "date")
        known = FACT_TYPES[fact_type].get(column)
        return column if known is not None and known.type == "number" else None


def _with_what_they_read(rules: Rules, only: Collection[str]) -> list[Lowered]:
    wanted, left = set[str](), list(only)
    while left:
        name = left.pop()
        lowered = rules.by_id.get(name)
        if lowered is None or name in wanted:
            continue
        wanted.add(name)
        left += lowered.program.reads
        if lowered.limit is not None and lowered.limit.copies is not None:
            left.append(lowered.limit.copies)
    return [one for one in rules.lowered if one.requirement.id in wanted]


def _dates(rules: Rules, kind: str) -> Iterator[str]:
    yield DATED.get(kind, "date")
    for lowered in rules.lowered:
        if kind in lowered.dates:
            yield lowered.dates[kind]


class _Findings:
    """Answers as columns of the table of findings."""

    def __init__(
        self, rules: Rules, tables: Tables, dues: Mapping[str, Due], cases: pa.ChunkedArray
    ) -> None:
        self.rules, self.tables, self.dues, self.cases = rules, tables, dues, cases

    def table(self, found: Iterable[Answered]) -> pa.Table:
        """The findings of every requirement, one after the other."""
        answered = list(found)
        dictionaries = {
            "partnership": pa.array([self.rules.plugin.area]),
            "case": self.cases.cast(pa.string()).combine_chunks(),
            "requirement": pa.array([one.asked.requirement for one in answered], pa.string()),
            "subject": pa.array(self.tables.words),
            "status": pa.array(STATUSES),
            "answer": pa.array(_ANSWERS),
            "binding": pa.array(_BINDINGS),
        }
        schema = findings_schema()
        # A chunk for each requirement: nothing is copied, however many cases there are.
        chunks: dict[str, list[Any]] = {name: [] for name in schema.names}
        for number, one in enumerate(answered):
            part = self._part(number, one)
            for name, dictionary in dictionaries.items():
                missing = _missing(name, part[name])
                codes = pa.array(part[name], pa.int32(), mask=missing)
                chunks[name].append(pa.DictionaryArray.from_arrays(codes, dictionary))
            for name in DATES:
                days = pa.array(part[name] - _EPOCH, pa.int32(), mask=part[name] == FAR)
                chunks[name].append(days.cast(pa.date32()))
        columns = [pa.chunked_array(chunks[field.name], field.type) for field in schema]
        return pa.Table.from_arrays(columns, schema=schema)

    def _part(self, number: int, one: Answered) -> dict[str, Any]:
        requirement = self.rules.by_id[one.asked.requirement].requirement
        rows = one.asked.rows
        status = np.array([STATUSES.index(row.status) for row in rows], np.int32)
        timed = np.array([row.status not in WITHOUT_DUE for row in rows])
        answer = np.full(len(rows), -1, np.int32)
        if requirement.kind_name == "criterion":
            answer = np.array([_ANSWERS.index(row.answer or "unknown") for row in rows], np.int32)
        n, s = len(one.c), one.s if one.s is not None else np.zeros(len(one.c), np.int32)
        due = np.full(n, FAR, np.int32)
        held = self.dues.get(one.asked.requirement)
        if held is not None:
            # A copied limit may stand in another space: the same subjects, found by other facts.
            mine = held if held.space is one.space else held.placed(one.space)
            slots = one.slots
            dated = mine.there[slots] & timed[one.row[: len(slots)]]
            due[: len(slots)][dated] = mine.date[slots[dated]]
        binding = np.full(n, _BINDINGS.index(requirement.binding), np.int32)
        each = requirement.for_each
        if each is not None and each.should:
            softer = [w.rpartition("/")[2] in each.should for w in self.tables.words]
            binding[np.array(softer)[s]] = _BINDINGS.index("should")
        columns = {
            "partnership": np.zeros(n, np.int32),
            "case": one.c,
            "requirement": np.full(n, number, np.int32),
            "subject": s,
            "status": status[one.row],
            "answer": answer[one.row],
            "binding": binding,
            "due": due,
            "done": one.done,
        }
        if one.asked.program.empty is not None:
            # Subjects of one case in the order of their texts: codes have it.
            order = np.lexsort((s, one.c))
            columns = {name: column[order] for name, column in columns.items()}
        return columns


_ANSWERS = ["yes", "no", "unknown"]
_BINDINGS = ["must", "should"]


def _missing(name: str, codes: Any) -> Any:
    """Where a column says nothing: the case itself is no subject; most have no answer."""
    if name == "subject":
        return codes == 0
    return codes < 0 if name == "answer" else None
