"""The answers by the table engine, as a table of findings: limits, programs, days, words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from cspr_core.caseload.answers import DATES, findings_schema
from cspr_core.caseload.columns import CASE as CASES
from cspr_core.caseload.limits import DAY, WORDS, Due, Held, derive_all
from cspr_core.caseload.loading import load, merged
from cspr_core.check import Rules
from cspr_core.engine.table import Answered, Joining, TableEngine, columns_in
from cspr_core.engine.tables import FAR, Tables
from cspr_core.kinds import Lowered
from cspr_core.program import FACT_TYPES, ID, STATUSES, Row
from cspr_core.report.findings import DATED, DONE_TAGS, WITHOUT_DUE

if TYPE_CHECKING:
    from cspr_core.engine.tables import Array

_EPOCH = date(1970, 1, 1).toordinal()
# What limits and marks read beside what requirements ask for.
_ALWAYS = {
    "event": ("name", "outcome", "date"),
    "confirmation": ("requirement", "subject", "answer", "date"),
    "exception": ("requirement", "subject"),
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
        self.needed = merged(needed, *self._dates())
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
        with Joining() as connection:
            tables, dues = self.tables(facts, as_of, connection, numbered=False)
            found = self.engine.answers(tables, connection, self._days)
            if self.only is not None:
                found = [one for one in found if one.asked.requirement in self.only]
            found.sort(key=lambda one: one.asked.requirement)
            return _Findings(self.rules, tables, dues, facts.column(CASES)).table(found)

    def _dates(self) -> Iterator[Mapping[str, Sequence[str]]]:
        """The columns that tell when something was done, by type of facts."""
        for asked in self.engine.asked:
            for row in asked.rows:
                for tag in row.evidence:
                    for way in asked.ways.get(tag, ()):
                        for position, _ in way.evidence:
                            kind = way.body[position].type
                            name = self._days(asked.requirement, row, tag, kind)
                            if name is not None:
                                yield {kind: [name]}

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


class _Findings:
    """Answers as columns of the table of findings."""

    def __init__(
        self, rules: Rules, tables: Tables, dues: Mapping[str, Due], cases: pa.ChunkedArray
    ) -> None:
        self.rules, self.tables, self.dues, self.cases = rules, tables, dues, cases
        self._once: dict[tuple[int, int | None], pa.Array] = {}

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
            for name, column in self._part(number, one).items():
                if name in dictionaries:
                    told = pa.DictionaryArray.from_arrays(column, dictionaries[name], safe=False)
                    chunks[name].append(told)
                else:
                    chunks[name].append(column)
        columns = [pa.chunked_array(chunks[field.name], field.type) for field in schema]
        return pa.Table.from_arrays(columns, schema=schema)

    def _part(self, number: int, one: Answered) -> dict[str, pa.Array]:
        """The columns of one requirement's findings: codes, and days."""
        requirement = self.rules.by_id[one.asked.requirement].requirement
        order = None
        if one.asked.program.empty is not None and one.s is not None:
            # Subjects of one case in the order of their texts: codes have it.
            order = np.argsort((one.c.astype(np.int64) << 32) | one.s, kind="stable")

        def put(values: Array) -> Array:
            return values if order is None else values[order]

        n, row, s = len(one.c), put(one.row), None if one.s is None else put(one.s)
        columns = {
            "partnership": self._same(n, 0),
            "case": _codes(put(one.c)),
            "requirement": self._same(n, number),
            "subject": self._same(n, None) if s is None else _codes(s, s != 0),
            "status": _codes(_told([STATUSES.index(told.status) for told in one.asked.rows], row)),
            "answer": self._same(n, None),
            "binding": self._same(n, _BINDINGS.index(requirement.binding)),
            "due": self._same(n, None),
            "done": self._same(n, None),
        }
        if requirement.kind_name == "criterion":
            told = [_ANSWERS.index(told.answer or "unknown") for told in one.asked.rows]
            columns["answer"] = _codes(_told(told, row))
        each = requirement.for_each
        if each is not None and each.should and s is not None:
            softer = [word.rpartition("/")[2] in each.should for word in self.tables.words]
            binding = _BINDINGS.index(requirement.binding), _BINDINGS.index("should")
            columns["binding"] = _codes(np.where(np.array(softer)[s], *binding[::-1]))
        if (due := self._due(one)) is not None:
            columns["due"] = _codes(*map(put, due))
        if one.done is not None:
            done = put(one.done)
            columns["done"] = _codes(done - _EPOCH, done != FAR)
        return {
            name: column.view(pa.date32()) if name in DATES else column
            for name, column in columns.items()
        }

    def _due(self, one: Answered) -> tuple[Array, Array] | None:
        """The due date of each answer, and where there is one."""
        held = self.dues.get(one.asked.requirement)
        if held is None:
            return None
        # A copied limit may stand in another space: the same subjects, found by other facts.
        mine = held if held.space is one.space else held.placed(one.space)
        timed = _told([row.status not in WITHOUT_DUE for row in one.asked.rows], one.row)
        if one.s is None:
            return mine.date - _EPOCH, mine.there & timed
        days, there = np.zeros(len(one.c), np.int32), np.zeros(len(one.c), bool)
        count = len(one.slots)
        days[:count] = mine.date[one.slots] - _EPOCH
        there[:count] = mine.there[one.slots] & timed[:count]
        return days, there

    def _same(self, n: int, code: int | None) -> pa.Array:
        """So many times the same code, or nothing; made once."""
        if (n, code) not in self._once:
            value = pa.nulls(n, pa.int32()) if code is None else _codes(np.full(n, code, np.int32))
            self._once[n, code] = value
        return self._once[n, code]


def _told(values: Sequence[Any], row: Array) -> Array:
    """What each answer's row tells."""
    kind = bool if isinstance(values[0], bool) else np.int32
    found: Array = np.array(values, kind).take(row)
    return found


def _codes(values: Array, known: Array | None = None) -> pa.Array:
    """Whole numbers as they are, and nothing where they are not known."""
    valid = None if known is None else pa.py_buffer(np.packbits(known, bitorder="little"))
    data = np.ascontiguousarray(values, np.int32)
    return pa.Array.from_buffers(pa.int32(), len(data), [valid, pa.py_buffer(data)])


_ANSWERS = ["yes", "no", "unknown"]
_BINDINGS = ["must", "should"]
