"""The table engine: the same programs as queries over tables of many cases.

No kind is compiled by hand: programs are. Facts come as columns (`cspr_core.engine.tables`). A
match whose patterns find at most one fact in each slot is an expression over columns as wide as
the slots; any other is a join. Tags are tallied as columns, one value in each slot, be there hits
or none, so that every requirement of every case is answered; a decision is a `CASE` over them.
What decided comes first, as the number of a row; evidence is fetched for those that are asked for.

It takes `duckdb`, `numpy` and `pyarrow` (the extra `caseload`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from cspr_core.engine.tables import (
    CASE,
    COMPARE,
    FAR,
    NONE,
    Placed,
    Slice,
    Space,
    Tables,
    known_columns,
    tables_of,
)
from cspr_core.matching import Body, Part, Place, Rows, body_of, positions
from cspr_core.program import (
    ANSWERS,
    FACT_TYPES,
    ID,
    STATUSES,
    Column,
    Condition,
    Count,
    Decision,
    Every,
    Match,
    Program,
    Ref,
    Row,
    strata,
)

if TYPE_CHECKING:
    from cspr_core.engine.tables import Array

Connection = Any  # of DuckDB
_SQL = {"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_SOME = frozenset([(">=", 1), (">", 0), ("!=", 0)])  # there is a hit
_NO = frozenset([("==", 0), ("<", 1), ("<=", 0)])
TRUE, FALSE = "TRUE", "FALSE"
# Of a requirement's row, a tag and a type of facts: the column that tells when it was done.
Days = Callable[[str, Row, str, str], str | None]


class Way(NamedTuple):
    """One way to a hit: a match without names, its tag spelt out."""

    body: Body
    subject: Place | None
    key: Place
    evidence: tuple[Place, ...]


@dataclass(frozen=True)
class Asked:
    """A program as tables are asked: the ways to each of its tags."""

    program: Program
    ways: Mapping[str, Sequence[Way]]

    @property
    def requirement(self) -> str:
        """Whose program it is."""
        return self.program.requirement

    @cached_property
    def of_case(self) -> Mapping[str, Sequence[Way]]:
        """The ways to each tag that are nobody's: without a subject, or with "" as one."""
        return {tag: [_nobodys(way) for way in ways] for tag, ways in self.ways.items()}

    @property
    def of_subjects(self) -> Sequence[Way]:
        """The ways that name subjects."""
        return [way for ways in self.ways.values() for way in ways if way.subject is not None]

    @cached_property
    def rows(self) -> Sequence[Row]:
        """Every row by its number: those for subjects first, then those for no subject at all."""
        return (*self.program.rows, *(self.program.empty or ()))

    def row(self, number: int) -> Row:
        """The row of a number."""
        return self.rows[number]


class Answered(NamedTuple):
    """A requirement's answers: for each, the case, the subject, the deciding row, the day done."""

    asked: Asked
    c: Array
    s: Array | None  # codes; `None`: the case itself
    row: Array
    done: Array  # an ordinal; `FAR`: no day
    space: Space
    slots: Array  # in that space; the cases that have no subject, which come last, have none

    def in_order(self) -> tuple[Array, Array, Array]:
        """Cases, subjects (their codes) and rows, by case and subject."""
        if self.s is None:
            return self.c, np.zeros(len(self.c), np.int32), self.row
        order = np.lexsort((self.s, self.c))
        return self.c[order], self.s[order], self.row[order]


def ask(program: Program) -> Asked:
    """A program as tables are asked."""
    ways: dict[str, list[Way]] = {}
    for match in program.matches:
        for tag, way in _ways(match):
            ways.setdefault(tag, []).append(way)
    return Asked(program, ways)


def _ways(match: Match) -> Iterator[tuple[str, Way]]:
    at, body = positions(match.body), canonical(body_of(match.body))

    def place(ref: Ref) -> Place:
        return at[ref.alias], ref.column

    subject = None if match.subject is None else place(match.subject)
    evidence = tuple(map(place, match.evidence))
    if match.split is None:
        yield match.tag, Way(body, subject, place(match.key), evidence)
        return
    position, column = place(match.split)
    for word in FACT_TYPES[body[position].type][column].words:
        part = body[position]
        told = part._replace(constants=(*part.constants, ("==", column, word)))
        split = canonical((*body[:position], told, *body[position + 1 :]))
        yield f"{match.tag}.{word}", Way(split, subject, place(match.key), evidence)


def _nobodys(way: Way) -> Way:
    if way.subject is None:
        return way
    position, column = way.subject
    part = way.body[position]
    nobody = part._replace(constants=(*part.constants, ("==", column, "")))
    body = canonical((*way.body[:position], nobody, *way.body[position + 1 :]))
    return way._replace(body=body, subject=None)


def canonical(body: Body) -> Body:
    """A body with its constant tests in one order, so that what is alike is found once."""
    return tuple(
        part._replace(
            constants=tuple(sorted(part.constants, key=lambda t: (t[1], t[0], str(t[2]))))
        )
        for part in body
    )


def words_in(asked: Sequence[Asked]) -> Iterator[str]:
    """Every text that programs ask for or tell."""
    yield from STATUSES
    yield from ANSWERS
    for one in asked:
        yield one.requirement
        for ways in one.ways.values():
            for way in ways:
                yield from words_of(way.body)


def words_of(body: Body) -> Iterator[str]:
    """Every text that a body asks for."""
    for part in body:
        for _, _, value in part.constants:
            for word in value if isinstance(value, tuple) else (value,):
                if isinstance(word, str):
                    yield word


def columns_in(ways: Sequence[Way]) -> Mapping[str, set[str]]:
    """The columns of each type of facts that ways read."""
    found: dict[str, set[str]] = {}
    for way in ways:
        for part in way.body:
            mine = found.setdefault(part.type, set())
            mine.update(column for _, column, _ in (*part.constants, *part.joins))
            for _, _, (position, column) in part.joins:
                found.setdefault(way.body[position].type, set()).add(column)
        for position, column in filter(None, (way.subject, way.key, *way.evidence)):
            found.setdefault(way.body[position].type, set()).add(column)
    return found


# --- bodies in the slots of a space --------------------------------------------------------------


def links_of(body: Body, subject: Place | None) -> dict[int, str]:
    """The columns by which patterns are about the subject: equal to it, by their joins."""
    if subject is None:
        return {}
    same, grown = {subject}, True
    while grown:
        grown = False
        for position, part in enumerate(body):
            for op, column, place in part.joins:
                here = (position, column)
                if op == "==" and (here in same) != (place in same):
                    same |= {here, place}
                    grown = True
    return dict(sorted(same, reverse=True))


class Sheet:
    """The slots of a space as one wide table, and what is asked of it."""

    def __init__(self, tables: Tables, space: Space, connection: Connection) -> None:
        """Nothing is asked yet."""
        self.tables, self.space, self.connection = tables, space, connection
        self._names = (f"x{number}" for number in count())
        self._arrays: dict[str, Array] = {}
        self._named: dict[int, str] = {}  # arrays by identity: they are kept as long as the sheet
        self._inner: dict[str, str] = {}  # expressions over arrays, by name
        self._found: dict[Any, str] = {}
        self._outer: dict[str, str] = {}
        self._last: dict[str, str] = {}

    def array(self, values: Array) -> str:
        """A column of the wide table, by its name."""
        name = self._named.get(id(values))
        if name is None:
            name = self._named[id(values)] = next(self._names)
            self._arrays[name] = values
        return name

    def fires(self, way: Way) -> str:
        """A condition: in which slots a body holds."""
        key = (way.body, way.subject)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._fires(way)
        return found

    def _fires(self, way: Way) -> str:
        held = [self._slice(part) for part in way.body]
        if not all(len(one) or part.negated for one, part in zip(held, way.body, strict=True)):
            return FALSE
        links = links_of(way.body, way.subject)
        if len(way.body) == 1:
            return self.array(self.space.place(held[0], links.get(0)).present)
        placed = [self.space.place(one, links.get(n)) for n, one in enumerate(held)]
        if not all(one.once for one in placed):
            return self._fired(way)
        parts = []
        for number, part in enumerate(way.body):
            mine = [self.array(placed[number].present)]
            known = known_columns(part.type)
            for op, column, (position, other) in part.joins:
                if op == "==" and (links.get(number), links.get(position)) == (column, other):
                    continue
                this = self.array(placed[number].column(column))
                that = self.array(placed[position].column(other))
                mine.append(f"{this} {_SQL[op]} {that}")
                if column not in known and op in ("<", "<=", "!="):
                    mine.append(f"{this} <> {NONE}")
            told = " AND ".join(mine)
            parts.append(f"NOT ({told})" if part.negated else told)
        return self._add(" AND ".join(parts))

    def _add(self, expression: str) -> str:
        name = next(self._names)
        self._inner[name] = expression
        return name

    def _slice(self, part: Part) -> Slice:
        return self.tables.slice(part.type, part.constants)

    def _fired(self, way: Way) -> str:
        slots, _ = self.hits(way, ())
        there = np.zeros(len(self.space), bool)
        there[slots] = True
        return self.array(there)

    def slots(self, found: Mapping[str, Array]) -> Array:
        """The slots that the cases and subjects of a query's result have."""
        if self.space.s is None:
            return found[CASE]
        return self.space.find(found[CASE], found["s"])

    def _query(
        self, way: Way, held: Sequence[Slice], places: Sequence[Place]
    ) -> Mapping[str, Array]:
        more = "".join(f", p{at}.{_q(column)} AS v{n}" for n, (at, column) in enumerate(places))
        subject = "" if way.subject is None else f", p{way.subject[0]}.{_q(way.subject[1])} AS s"
        with _Registered(self.connection, way, held, places) as joined:
            query = f"SELECT p0.{CASE} AS {CASE}{subject}{more} FROM {joined}"
            return dict(self.connection.execute(query).fetchnumpy())

    def hits(self, way: Way, places: Sequence[Place]) -> tuple[Array, list[Array]]:
        """Every hit's slot, and what stands in some places of it."""
        held = [self._slice(part) for part in way.body]
        if not all(len(one) or part.negated for one, part in zip(held, way.body, strict=True)):
            return np.empty(0, np.int64), [np.empty(0, np.int32) for _ in places]
        links = links_of(way.body, way.subject)
        placed = [self.space.place(one, links.get(n)) for n, one in enumerate(held)]
        several = [n for n, one in enumerate(placed) if not one.once]
        if len(several) > 1 or way.body[-1].negated or placed[(several or [0])[0]].spread:
            found = self._query(way, held, places)
            slots = self.slots(found)
            there = slots >= 0  # a hit for the text "" is nobody's
            return slots[there], [found[f"v{n}"][there] for n in range(len(places))]
        # One pattern's facts, and beside each what is looked up in its slot for the others.
        by = _Rows(placed, several[0] if several else 0)
        there = by.there
        for number, part in enumerate(way.body):
            for op, column, (position, other) in part.joins:
                if op == "==" and (links.get(number), links.get(position)) == (column, other):
                    continue
                this = by.column(number, column)
                there &= (this != NONE) & COMPARE[op](this, by.column(position, other))
        return by.slots[there], [by.column(at, column)[there] for at, column in places]

    def numbers(self, ways: Sequence[Way]) -> str:
        """A column: how many different keys there are in each slot."""
        key = ("numbers", tuple(ways))
        if key not in self._found:
            slots, keys = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
            for way in ways:
                found, (values,) = self.hits(way, [way.key])
                column = _column(way, way.key)
                slots.append(found.astype(np.int64))
                # 5 and the text whose code is 5 are two.
                keys.append(values.astype(np.int64) * 2 + (column.type == "text"))
            pairs = np.unique(np.stack([np.concatenate(slots), np.concatenate(keys)]), axis=1)
            counted = np.bincount(pairs[0], minlength=len(self.space)).astype(np.int32)
            self._found[key] = self.array(counted)
        return self._found[key]

    def day(self, way: Way, places: Sequence[Place]) -> str:
        """A column: the first day that places of the hits tell in each slot, else `FAR`."""
        key = ("day", way.body, way.subject, tuple(places))
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._day(way, places)
        return found

    def _day(self, way: Way, places: Sequence[Place]) -> str:
        fires = self.fires(way)
        if fires == FALSE:
            return str(FAR)
        held = [self._slice(part) for part in way.body]
        links = links_of(way.body, way.subject)
        placed = [self.space.place(one, links.get(n)) for n, one in enumerate(held)]
        if len(way.body) == 1:
            return self.array(placed[0].least([column for _, column in places]))
        if all(one.once for one in placed):
            days = ", ".join(
                f"coalesce(nullif({self.array(placed[at].column(column))}, {NONE}), {FAR})"
                for at, column in places
            )
            return self._add(f"CASE WHEN {self._inner[fires]} THEN least({days}) ELSE {FAR} END")
        slots, values = self.hits(way, places)
        least = np.full(len(self.space), FAR, np.int32)
        for told in values:
            known = told != NONE
            np.minimum.at(least, slots[known], told[known])
        return self.array(least)

    def decide(self, name: str, rows: Sequence[tuple[int, str]], days: Mapping[int, str]) -> None:
        """Ask for the number of the first row whose condition holds, and the day that it tells."""
        whens = "".join(f" WHEN {when} THEN {number}" for number, when in rows[:-1])
        last = rows[-1][0]
        self._outer[f"r{name}"] = f"CASE{whens} ELSE {last} END" if whens else str(last)
        told = "".join(f" WHEN {number} THEN {day}" for number, day in days.items())
        self._last[f"d{name}"] = f"CASE r{name}{told} ELSE {FAR} END" if told else str(FAR)

    def keep(self, name: str, condition: str) -> None:
        """Ask for a condition itself."""
        self._outer[f"k{name}"] = condition

    def run(self) -> Mapping[str, Array]:
        """The answers to what was asked since the last time, by name and slot."""
        slots = np.arange(len(self.space), dtype=np.int32)
        wide = pa.table({"slot": slots, **self._arrays})
        self.connection.register("wide", wide)
        inner = "".join(
            f", ({what})::{_type(what)} AS {name}" for name, what in self._inner.items()
        )
        outer = "".join(
            f", ({what})::{'BOOLEAN' if name[0] == 'k' else 'USMALLINT'} AS {name}"
            for name, what in self._outer.items()
        )
        last = "".join(f", ({what})::INTEGER AS {name}" for name, what in self._last.items())
        try:
            found = dict(
                self.connection.execute(
                    f"SELECT {', '.join(self._outer)}{last}"
                    f" FROM (SELECT *{outer} FROM (SELECT *{inner} FROM wide))"
                ).fetchnumpy()
            )
        finally:
            self.connection.unregister("wide")
        self._outer, self._last = {}, {}
        return found


class _Rows:
    """The facts of one of several placed patterns, and what the others have in the same slots."""

    def __init__(self, placed: Sequence[Placed], leading: int) -> None:
        self._placed, self._leading = placed, leading
        slots = placed[leading].slots
        self._own: Array | None = None if placed[leading].link is None else slots >= 0
        self.slots = slots if self._own is None else slots[self._own]
        self.there = np.ones(len(self.slots), bool)
        for number, one in enumerate(placed):
            if number != leading:
                self.there &= one.present[self.slots]

    def column(self, number: int, name: str) -> Array:
        """A column of a pattern, beside each fact of the leading one."""
        if number != self._leading:
            return self._placed[number].column(name)[self.slots]
        values = self._placed[number].held.column(name)
        return values if self._own is None else values[self._own]


def _type(expression: str) -> str:
    return "INTEGER" if expression.startswith("CASE") else "BOOLEAN"


def _q(name: str) -> str:
    """A column's name as SQL takes it: many are words of SQL's own (`from`, `to`)."""
    return f'"{name}"'


def _column(way: Way, place: Place) -> Column:
    position, name = place
    return Column("number") if name == ID else FACT_TYPES[way.body[position].type][name]


class _Registered:
    """A body's slices as tables of a connection, joined; for as long as it is entered."""

    def __init__(
        self, connection: Connection, way: Way, held: Sequence[Slice], places: Sequence[Place]
    ) -> None:
        self.connection, self.way, self.held, self.places = connection, way, held, places

    def __enter__(self) -> str:
        needed = [{CASE} for _ in self.way.body]
        for number, part in enumerate(self.way.body):
            for _, column, (position, other) in part.joins:
                needed[number].add(column)
                needed[position].add(other)
        for position, column in filter(None, (self.way.subject, *self.places)):
            needed[position].add(column)
        for number, (one, columns) in enumerate(zip(self.held, needed, strict=True)):
            given = pa.table({name: one.column(name) for name in sorted(columns)})
            self.connection.register(f"s{number}", given)
        joined = "s0 AS p0"
        where = ""
        for number, part in enumerate(self.way.body[1:], 1):
            tests = [f"p{number}.{CASE} = p0.{CASE}"]
            known = known_columns(part.type)
            for op, column, (position, other) in part.joins:
                this = f"p{number}.{_q(column)}"
                tests.append(f"{this} {_SQL[op]} p{position}.{_q(other)}")
                if column not in known:
                    tests.append(f"{this} <> {NONE}")
            told = " AND ".join(tests)
            if part.negated:
                where = f" WHERE NOT EXISTS (SELECT 1 FROM s{number} AS p{number} WHERE {told})"
            else:
                joined += f" JOIN s{number} AS p{number} ON {told}"
        return joined + where

    def __exit__(self, *_: object) -> None:
        for number in range(len(self.held)):
            self.connection.unregister(f"s{number}")


# --- conditions ----------------------------------------------------------------------------------


def every(parts: Sequence[str]) -> str:
    """A condition that holds where all of these do."""
    left = [part for part in dict.fromkeys(parts) if part != TRUE]
    if FALSE in left:
        return FALSE
    return f"({' AND '.join(left)})" if len(left) > 1 else left[0] if left else TRUE


def some(parts: Sequence[str]) -> str:
    """A condition that holds where at least one of these does."""
    left = [part for part in dict.fromkeys(parts) if part != FALSE]
    if TRUE in left:
        return TRUE
    return f"({' OR '.join(left)})" if len(left) > 1 else left[0] if left else FALSE


def negated(part: str) -> str:
    """A condition that holds where this one does not."""
    return {TRUE: FALSE, FALSE: TRUE}.get(part) or f"NOT {part}"


class _Conditions:
    """What rows ask for, as conditions over a sheet."""

    def __init__(self, asked: Asked, sheet: Sheet, *, subjects: bool) -> None:
        # Where subjects are decided, hits without one do not count, and the other way round.
        self.ways = asked.of_case
        if subjects:
            self.ways = {
                tag: [way for way in ways if way.subject is not None]
                for tag, ways in asked.ways.items()
            }
        self.sheet = sheet

    def tag(self, tag: str) -> str:
        return some([self.sheet.fires(way) for way in self.ways.get(tag, ())])

    def holds(self, condition: Condition) -> str:
        if isinstance(condition, Count):
            shape = (condition.op, condition.n)
            if shape in _SOME:
                return self.tag(condition.tag)
            if shape in _NO:
                return negated(self.tag(condition.tag))
            ways = self.ways.get(condition.tag, ())
            return f"({self.sheet.numbers(ways)} {_SQL[condition.op]} {condition.n})"
        parts = [self.holds(part) for part in condition.of]
        return every(parts) if isinstance(condition, Every) else some(parts)

    def rows(self, rows: Sequence[Row], start: int) -> list[tuple[int, str]]:
        """The rows that can decide, each with its number and condition; the last always holds."""
        found = []
        for number, row in enumerate(rows, start):
            when = self.holds(row.when)
            if when != FALSE:
                found.append((number, when))
            if when == TRUE:
                break
        return found


# --- the engine ----------------------------------------------------------------------------------


class TableEngine:
    """Programs, made ready once; `answers` answers them for all cases of tables."""

    name = "table"

    def __init__(self, programs: Sequence[Program]) -> None:
        """Take `programs`; raises `ProgramError` where they wait for each other."""
        self.strata = [[ask(program) for program in stratum] for stratum in strata(programs)]
        self.asked = [one for stratum in self.strata for one in stratum]
        self._read = frozenset[str]().union(*(program.reads for program in programs))
        self.words = frozenset(words_in(self.asked))

    def answers(
        self, tables: Tables, connection: Connection, days: Days | None = None
    ) -> list[Answered]:
        """The answers of every case, by requirement; `days` says what tells when it was done."""
        found: list[Answered] = []
        for number, stratum in enumerate(self.strata):
            mine = _Stratum(stratum, tables, connection, days).run()
            found += mine
            if number < len(self.strata) - 1:
                tables.put("finding", self._findings(found, tables))
        return found

    def _findings(self, answered: Sequence[Answered], tables: Tables) -> dict[str, Array]:
        """Answers as facts, for the strata that read them; numbered as for one case."""
        parts: dict[str, list[Array]] = {name: [] for name in (CASE, ID, *_FINDING)}
        before = np.zeros(tables.cases, np.int32)  # the decisions on each case so far
        for one in answered:
            if one.asked.requirement in self._read:
                c, s, row = one.in_order()
                rank = np.arange(len(c)) - np.searchsorted(c, c)
                parts[CASE].append(c)
                parts[ID].append((-(before[c] + rank + 1)).astype(np.int32))
                requirement = tables.codes[one.asked.requirement]
                parts["requirement"].append(np.full(len(c), requirement, np.int32))
                parts["subject"].append(s)
                status = [tables.codes[row.status] for row in one.asked.rows]
                answer = [tables.codes[row.answer or "unknown"] for row in one.asked.rows]
                parts["status"].append(np.array(status, np.int32)[row])
                parts["answer"].append(np.array(answer, np.int32)[row])
            before += 1 if one.s is None else np.bincount(one.c, minlength=tables.cases)
        return {
            name: np.concatenate(arrays) if arrays else np.empty(0, np.int32)
            for name, arrays in parts.items()
        }

    def run(self, rows: Rows) -> list[Decision]:
        """The decisions for one case, sorted by requirement and subject."""
        return self.run_all([rows])[0]

    def run_all(self, cases: Sequence[Rows]) -> list[list[Decision]]:
        """The decisions for each of many cases, whose calendar facts are among their facts."""
        with connected() as connection:
            tables = tables_of(cases, self.words)
            found: list[list[Decision]] = [[] for _ in cases]
            for one in self.answers(tables, connection):
                shown = self._shown(one, tables, connection)
                for c, s, number in zip(*(part.tolist() for part in one.in_order()), strict=True):
                    row, subject = one.asked.row(number), tables.words[s]
                    facts = {pair for pair in shown.get((c, s), ()) if pair[0] in row.evidence}
                    decision = (one.asked.requirement, subject, row.status, row.why, row.answer)
                    found[c].append(Decision(*decision, tuple(sorted(facts))))
        return [sorted(decisions) for decisions in found]

    def _shown(
        self, answered: Answered, tables: Tables, connection: Connection
    ) -> Mapping[tuple[int, int], set[tuple[str, int]]]:
        """What shows each tag that some row shows, by case and subject: tags and fact numbers."""
        found: dict[tuple[int, int], set[tuple[str, int]]] = {}
        wanted = {tag for row in answered.asked.rows for tag in row.evidence}
        for tag in sorted(wanted):
            of_subjects = [w for w in answered.asked.ways.get(tag, ()) if w.subject is not None]
            for way in (*of_subjects, *answered.asked.of_case.get(tag, ())):
                space = tables.whole if way.subject is None else _space(tables, answered.asked)
                slots, facts = Sheet(tables, space, connection).hits(way, way.evidence)
                for slot, *numbers in zip(
                    slots.tolist(), *(f.tolist() for f in facts), strict=True
                ):
                    key = (int(space.c[slot]), int(space.subjects[slot]))
                    found.setdefault(key, set()).update((tag, number) for number in numbers)
        return found


def connected() -> Connection:
    """A connection to nothing but memory; one thread, as partitions share the processors."""
    import duckdb  # noqa: PLC0415  (takes a tenth of a second)

    return duckdb.connect(config={"threads": 1})


def _space(tables: Tables, asked: Asked) -> Space:
    """The subjects of a requirement."""
    sources = set()
    for way in asked.of_subjects:
        if way.subject is not None:
            part = way.body[way.subject[0]]
            sources.add((tables.slice(part.type, part.constants), way.subject[1]))
    return tables.space(frozenset(sources))


_FINDING = ("requirement", "subject", "status", "answer")


class _Stratum:
    """Requirements that can be answered together."""

    def __init__(
        self,
        stratum: Sequence[Asked],
        tables: Tables,
        connection: Connection,
        days: Days | None,
    ) -> None:
        self.stratum, self.tables, self.connection, self.days = stratum, tables, connection, days
        self._sheets: dict[int, Sheet] = {}

    def run(self) -> list[Answered]:
        spaces = [self._ask(str(n), asked) for n, asked in enumerate(self.stratum)]
        told = {key: sheet.run() for key, sheet in self._sheets.items()}
        found = []
        for number, (asked, space) in enumerate(zip(self.stratum, spaces, strict=True)):
            whole = told[id(self.tables.whole)]
            name = str(number)
            if space is None:
                cases, row, done = self.tables.whole.c, whole[f"r{name}"], whole[f"d{name}"]
                found.append(Answered(asked, cases, None, row, done, self.tables.whole, cases))
            else:
                mine = told.get(id(space), {})
                found.append(self._together(asked, space, name, mine, whole))
        return found

    def _sheet(self, space: Space) -> Sheet:
        found = self._sheets.get(id(space))
        if found is None:
            found = self._sheets[id(space)] = Sheet(self.tables, space, self.connection)
        return found

    def _ask(self, name: str, asked: Asked) -> Space | None:
        """Ask for a requirement's answers; gives the space of its subjects, if it has any."""
        program = asked.program
        whole = self._sheet(self.tables.whole)
        if program.empty is None:
            self._decide(name, asked, whole, program.rows, 0, subjects=False)
            return None
        space = _space(self.tables, asked)
        self._decide(name, asked, whole, program.empty, len(program.rows), subjects=False)
        if len(space):
            sheet = self._sheet(space)
            self._decide(name, asked, sheet, program.rows, 0, subjects=True)
            sheet.keep(name, some([sheet.fires(way) for way in asked.of_subjects]))
        return space

    def _decide(  # noqa: PLR0913
        self,
        name: str,
        asked: Asked,
        sheet: Sheet,
        rows: Sequence[Row],
        start: int,
        *,
        subjects: bool,
    ) -> None:
        conditions = _Conditions(asked, sheet, subjects=subjects)
        decided = conditions.rows(rows, start)
        days: dict[int, str] = {}
        if self.days is not None:
            for number, _ in decided:
                row = asked.row(number)
                told = [
                    sheet.day(way, places)
                    for tag in row.evidence
                    for way in conditions.ways.get(tag, ())
                    if (places := self._places(asked.requirement, row, tag, way))
                ]
                told = [day for day in dict.fromkeys(told) if day != str(FAR)]
                if told:
                    days[number] = f"least({', '.join(told)})" if len(told) > 1 else told[0]
        sheet.decide(name, decided, days)

    def _places(self, requirement: str, row: Row, tag: str, way: Way) -> list[Place]:
        found = []
        for position, column in way.evidence:
            kind = way.body[position].type
            named = self.days(requirement, row, tag, kind) if self.days and column == ID else None
            if named is not None:
                found.append((position, named))
        return found

    def _together(
        self,
        asked: Asked,
        space: Space,
        name: str,
        mine: Mapping[str, Array],
        whole: Mapping[str, Array],
    ) -> Answered:
        """The answers for subjects, and for the cases that have none."""
        slots, row, done = np.empty(0, np.int64), np.empty(0, np.uint16), np.empty(0, np.int32)
        if mine:
            slots = np.flatnonzero(mine[f"k{name}"])
            row, done = mine[f"r{name}"], mine[f"d{name}"]
            if len(slots) < len(space):
                row, done = row[slots], done[slots]
        c, s = space.c[slots], space.subjects[slots]
        without = np.ones(self.tables.cases, bool)
        without[c] = False
        cases = np.flatnonzero(without).astype(np.int32)
        return Answered(
            asked,
            np.concatenate([c, cases]),
            np.concatenate([s, np.zeros(len(cases), np.int32)]),
            np.concatenate([row, whole[f"r{name}"][cases]]),
            np.concatenate([done, whole[f"d{name}"][cases]]),
            space,
            slots,
        )
