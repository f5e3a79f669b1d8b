"""The table engine: the same programs as queries over tables of many cases.

No kind is compiled by hand: programs are. Facts come as columns (`cspr_core.engine.tables`). A
match of whose patterns at most one finds several facts in a slot is looked up slot by slot, all
slots at once; any other is a join in DuckDB. What a match finds is a bit for each slot
(`cspr_core.engine.bits`), be there hits or none, so that every requirement of every case is
answered: a condition is a few operations on bits, a decision the first condition that holds. (As
`CASE` in SQL the text had to be parsed and planned anew for each partition.) What decided comes
first, as the number of a row; evidence is fetched for those that are asked for.

It takes `duckdb`, `numpy` and `pyarrow` (the extra `caseload`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
import pyarrow as pa

from cspr_core.engine.bits import (
    EVERYWHERE,
    NOWHERE,
    Bits,
    bits_of,
    every,
    first_of,
    numbers_of,
    some,
    truths,
)
from cspr_core.engine.tables import (
    CASE,
    COMPARE,
    FAR,
    NONE,
    SUBJECT,
    Group,
    Placed,
    Slice,
    Space,
    Tables,
    Wide,
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
    done: Array | None  # an ordinal; `FAR`: no day; `None`: in no case
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
    """The slots of a space, and what is asked of them."""

    def __init__(self, tables: Tables, space: Space, connection: Connection) -> None:
        """Nothing is asked yet."""
        self.tables, self.space, self.connection = tables, space, connection
        self._patterns: dict[Any, _Pattern | None] = {}
        self._firing: dict[Any, Bits] = {}
        self._counts: dict[Sequence[Way], Array] = {}
        # By arrays' identities, and so they are kept with what was found.
        self._tested: dict[tuple[int, str, Any], tuple[Bits, Array, Any]] = {}
        self._days: dict[Any, Array | None] = {}

    def fires(self, way: Way) -> Bits:
        """In which slots a body holds."""
        key = (way.body, way.subject)
        found = self._firing.get(key)
        if found is None:
            found = self._firing[key] = self._fires(way)
        return found

    def _fires(self, way: Way) -> Bits:
        found = self._stand(way)
        if any(one is None and not part.negated for one, part in zip(found, way.body, strict=True)):
            return NOWHERE
        if len(found) > 1 and not all(one.placed.once for one in found if one is not None):
            slots, _ = self.hits(way, ())
            there = np.zeros(len(self.space), bool)
            there[slots] = True
            return bits_of(there)
        links = links_of(way.body, way.subject)
        tests = list[Bits]()
        for number, (part, one) in enumerate(zip(way.body, found, strict=True)):
            if one is None:
                continue  # it is negated, and there is no such fact
            mine = [one.there]
            for op, column, (position, other) in part.joins:
                if op == "==" and (links.get(number), links.get(position)) == (column, other):
                    continue
                that = found[position]  # before this one, and so neither negated nor nowhere
                if that is not None:
                    mine += self._joined(op, one.column(column), that.column(other))
            tests += [~every(mine)] if part.negated else mine
        return every(tests)

    def _joined(self, op: str, this: Array, that: Array) -> list[Bits]:
        """Where two columns stand as an operator asks: nothing does that is not known."""
        key = (id(this), op, id(that))
        if key not in self._tested:
            self._tested[key] = (bits_of(COMPARE[op](this, that)), this, that)
        return [self._tested[key][0], self._tests(this, "known", None)]

    def _tests(self, column: Array, op: str, value: Any) -> Bits:
        """Where a column passes a test against a constant."""
        key = (id(column), op, value)
        if key not in self._tested:
            self._tested[key] = (bits_of(self.tables.passes(column, op, value)), column, None)
        return self._tested[key][0]

    def _stand(self, way: Way) -> list[_Pattern | None]:
        links = links_of(way.body, way.subject)
        return [self._pattern(part, links.get(n)) for n, part in enumerate(way.body)]

    def _pattern(self, part: Part, link: str | None) -> _Pattern | None:
        """What stands for a pattern in each slot; `None`: nothing in any."""
        key = (part.type, part.constants, link)
        if key not in self._patterns:
            self._patterns[key] = self._stands(part, link)
        return self._patterns[key]

    def _stands(self, part: Part, link: str | None) -> _Pattern | None:
        group, left = self.tables.group(part.type, part.constants)
        if isinstance(group, Wide):
            # Facts that are as wide as the slots already are tested there.
            first = tuple(test for test in part.constants if test not in left)
            placed = self.space.place(self.tables.slice(part.type, first), link)
            if placed.wide:
                tests = [self._tests(placed.column(name), op, value) for op, name, value in left]
                there = every([bits_of(placed.present), *tests])
                return None if there is NOWHERE or not len(group) else _Pattern(placed, there)
        held = self._slice(part)
        if not len(held):
            return None
        placed = self.space.place(held, link)
        return _Pattern(placed, bits_of(placed.present))

    def _slice(self, part: Part) -> Slice:
        return self.tables.slice(part.type, part.constants)

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
        if len(several) > 1 or any(way.body[n].negated for n in several):
            found = self._query(way, held, places)
            slots = self.slots(found)
            there = slots >= 0  # a hit for the text "" is nobody's
            return slots[there], [found[f"v{n}"][there] for n in range(len(places))]
        # One pattern's facts, and beside each what is looked up in its slot for the others.
        by = _Rows(placed, several[0] if several else 0)
        if len(way.body) == 1:
            return by.slots, [by.column(at, column) for at, column in places]
        there = np.ones(len(by.slots), bool)
        for number, part in enumerate(way.body):
            mine = by.present(number)
            for op, column, (position, other) in part.joins:
                if op == "==" and (links.get(number), links.get(position)) == (column, other):
                    continue
                this = by.column(number, column)
                mine = mine & (this != NONE) & COMPARE[op](this, by.column(position, other))
            there &= ~mine if part.negated else mine
        return by.slots[there], [by.column(at, column)[there] for at, column in places]

    def numbers(self, ways: Sequence[Way]) -> Array:
        """How many different keys there are in each slot."""
        key = tuple(ways)
        if key not in self._counts:
            slots, keys = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
            for way in ways:
                found, (values,) = self.hits(way, [way.key])
                column = _column(way, way.key)
                slots.append(found.astype(np.int64))
                # 5 and the text whose code is 5 are two.
                keys.append(values.astype(np.int64) * 2 + (column.type == "text"))
            pairs = np.unique(np.stack([np.concatenate(slots), np.concatenate(keys)]), axis=1)
            self._counts[key] = np.bincount(pairs[0], minlength=len(self.space)).astype(np.int32)
        return self._counts[key]

    def day(self, way: Way, places: Sequence[Place]) -> Array | None:
        """The first day that places of the hits tell in each slot, else `FAR`; `None`: nowhere."""
        key = (way.body, way.subject, tuple(places))
        if key not in self._days:
            self._days[key] = None if self.fires(way) is NOWHERE else self._day(way, places)
        return self._days[key]

    def _day(self, way: Way, places: Sequence[Place]) -> Array:
        found = self._stand(way)
        if len(found) == 1 and found[0] is not None and not found[0].placed.wide:
            return found[0].placed.least([column for _, column in places])
        least = np.full(len(self.space), FAR, np.int32)
        if all(one is None or one.placed.once for one in found):
            there = truths(self.fires(way), len(self.space))
            for at, column in places:
                told = found[at]
                if told is not None:
                    days = told.column(column)
                    known = np.where(there & (days != NONE), days, np.int32(FAR))
                    least = np.minimum(least, known)
            return least
        slots, values = self.hits(way, places)
        for days in values:
            known = days != NONE
            np.minimum.at(least, slots[known], days[known])
        return least

    def decide(
        self, rows: Sequence[tuple[int, Bits]], days: Mapping[int, Sequence[Array]]
    ) -> tuple[Array, Array | None]:
        """The number of the first row whose condition holds, and the first day that it tells.

        The second is `None` where no row tells one.
        """
        first = first_of(rows)
        done: Array | None = None
        for number, told in days.items():
            day = told[0] if len(told) == 1 else np.minimum.reduce(told)
            where = truths(first[number], len(self.space))  # of each row its own
            done = np.where(where, day, np.int32(FAR) if done is None else done)
        return numbers_of(first, len(self.space)), done


class _Pattern:
    """A pattern in the slots of a sheet: the facts, and where there is one."""

    def __init__(self, placed: Placed, there: Bits) -> None:
        self.placed, self.there = placed, there

    def column(self, name: str) -> Array:
        """A column of the facts, where there is at most one in each slot."""
        return self.placed.column(name)


class _Rows:
    """The facts of one of several placed patterns, and what the others have in the same slots."""

    def __init__(self, placed: Sequence[Placed], leading: int) -> None:
        self._placed, self._leading = placed, leading
        self._own, self.slots = placed[leading].spread_out()

    def present(self, number: int) -> Array:
        """Beside each fact of the leading pattern, whether there is one of another."""
        if number == self._leading:
            return np.ones(len(self.slots), bool)
        return self._placed[number].present[self.slots]

    def column(self, number: int, name: str) -> Array:
        """A column of a pattern, beside each fact of the leading one."""
        if number != self._leading:
            return self._placed[number].column(name)[self.slots]
        values = self._placed[number].held.column(name)
        return values if self._own is None else values[self._own]


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

    def tag(self, tag: str) -> Bits:
        return some(self.sheet.fires(way) for way in self.ways.get(tag, ()))

    def holds(self, condition: Condition) -> Bits:
        if isinstance(condition, Count):
            shape = (condition.op, condition.n)
            if shape in _SOME:
                return self.tag(condition.tag)
            if shape in _NO:
                return ~self.tag(condition.tag)
            counted = self.sheet.numbers(tuple(self.ways.get(condition.tag, ())))
            return bits_of(COMPARE[condition.op](counted, condition.n))
        parts = [self.holds(part) for part in condition.of]
        return every(parts) if isinstance(condition, Every) else some(parts)

    def rows(self, rows: Sequence[Row], start: int) -> list[tuple[int, Bits]]:
        """The rows that can decide, each with its number and condition; the last always holds."""
        found = []
        for number, row in enumerate(rows, start):
            when = self.holds(row.when)
            if when is not NOWHERE:
                found.append((number, when))
            if when is EVERYWHERE:
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
                tables.put_groups("finding", self._findings(found, tables))
        return found

    def _findings(self, answered: Sequence[Answered], tables: Tables) -> dict[str, Group]:
        """Answers as facts, for the strata that read them; numbered as for one case."""
        found: dict[str, Group] = {}
        before = np.zeros(tables.cases, np.int32)  # the decisions on each case so far
        for one in answered:
            name, rows = one.asked.requirement, one.asked.rows
            if name in self._read:
                c, s, row = one.in_order()
                status = [tables.codes[told.status] for told in rows]
                answer = [tables.codes[told.answer or "unknown"] for told in rows]
                rank = 0 if one.s is None else np.arange(len(c)) - np.searchsorted(c, c)
                columns = {
                    ID: (-(before[c] + rank + 1)).astype(np.int32),
                    "status": np.array(status, np.int32)[row],
                    "answer": np.array(answer, np.int32)[row],
                }
                if one.s is None:
                    found[name] = Wide(one.space, np.ones(len(c), bool), columns)
                else:
                    found[name] = Group({CASE: c, SUBJECT: s, **columns}, None)
            before += 1 if one.s is None else np.bincount(one.c, minlength=tables.cases)
        return found

    def run(self, rows: Rows) -> list[Decision]:
        """The decisions for one case, sorted by requirement and subject."""
        return self.run_all([rows])[0]

    def run_all(self, cases: Sequence[Rows]) -> list[list[Decision]]:
        """The decisions for each of many cases, whose calendar facts are among their facts."""
        with Joining() as connection:
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


class Joining:
    """A connection of DuckDB to nothing but memory, made when first used: few facts need a join."""

    def __init__(self) -> None:
        self._made: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __getattr__(self, name: str) -> Any:
        """What the connection has."""
        if self._made is None:
            import duckdb  # noqa: PLC0415  (takes a tenth of a second)

            # One thread, as partitions share the processors.
            self._made = duckdb.connect(config={"threads": 1})
        return getattr(self._made, name)

    def __exit__(self, *_: object) -> None:
        if self._made is not None:
            self._made.close()


def _space(tables: Tables, asked: Asked) -> Space:
    """The subjects of a requirement."""
    sources = set()
    for way in asked.of_subjects:
        if way.subject is not None:
            part = way.body[way.subject[0]]
            sources.add((tables.slice(part.type, part.constants), way.subject[1]))
    return tables.space(frozenset(sources))


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
        return [self._answered(asked) for asked in self.stratum]

    def _sheet(self, space: Space) -> Sheet:
        found = self._sheets.get(id(space))
        if found is None:
            found = self._sheets[id(space)] = Sheet(self.tables, space, self.connection)
        return found

    def _answered(self, asked: Asked) -> Answered:
        program, whole = asked.program, self.tables.whole
        sheet = self._sheet(whole)
        if program.empty is None:
            row, done = self._decide(asked, sheet, program.rows, 0, subjects=False)
            return Answered(asked, whole.c, None, row, done, whole, whole.c)
        space = _space(self.tables, asked)
        nobodys = self._decide(asked, sheet, program.empty, len(program.rows), subjects=False)
        if not len(space):
            empty = np.empty(0, np.int64)
            return self._together(asked, space, empty, (empty.astype(np.uint8), None), nobodys)
        mine = self._sheet(space)
        row, done = self._decide(asked, mine, program.rows, 0, subjects=True)
        there = some([mine.fires(way) for way in asked.of_subjects])
        slots = np.flatnonzero(truths(there, len(space)))
        if len(slots) < len(space):
            row, done = row[slots], None if done is None else done[slots]
        return self._together(asked, space, slots, (row, done), nobodys)

    def _decide(
        self, asked: Asked, sheet: Sheet, rows: Sequence[Row], start: int, *, subjects: bool
    ) -> tuple[Array, Array | None]:
        conditions = _Conditions(asked, sheet, subjects=subjects)
        decided = conditions.rows(rows, start)
        days: dict[int, list[Array]] = {}
        if self.days is not None:
            for number, _ in decided:
                row = asked.row(number)
                told = [
                    sheet.day(way, places)
                    for tag in row.evidence
                    for way in conditions.ways.get(tag, ())
                    if (places := self._places(asked.requirement, row, tag, way))
                ]
                if any(day is not None for day in told):
                    days[number] = [day for day in told if day is not None]
        return sheet.decide(decided, days)

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
        slots: Array,
        mine: tuple[Array, Array | None],
        nobodys: tuple[Array, Array | None],
    ) -> Answered:
        """The answers for subjects, and for the cases that have none."""
        c, s = space.c[slots], space.subjects[slots]
        without = np.ones(self.tables.cases, bool)
        without[c] = False
        cases = np.flatnonzero(without).astype(np.int32)
        row, done = mine
        row_of_case, done_of_case = nobodys
        told = None
        if done is not None or done_of_case is not None:
            told = np.full(len(slots) + len(cases), FAR, np.int32)
            if done is not None:
                told[: len(slots)] = done
            if done_of_case is not None:
                told[len(slots) :] = done_of_case[cases]
        return Answered(
            asked,
            np.concatenate([c, cases]),
            np.concatenate([s, np.zeros(len(cases), np.int32)]),
            np.concatenate([row, row_of_case[cases]]),
            told,
            space,
            slots,
        )
