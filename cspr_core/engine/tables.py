"""Facts of many cases as columns of whole numbers: what the table engine and its limits read.

Every text is a code, in the order of the texts; what is not known is `NONE`. A `Slice` holds the
facts of one type that pass the constant tests of a pattern. A `Space` is a set of slots: the cases
themselves, or the subjects of some requirements. A `Placed` slice has its facts in the slots of a
space: where there is at most one in each, its columns are as wide as the space, and a pattern is
an expression over them rather than a join.

It takes `numpy` (the extra `caseload`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from cspr_core.matching import Rows
from cspr_core.program import FACT_TYPES, ID

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

NONE = -(2**31 - 1)  # in place of a column that is not known: less than anything that is
CASE, SLOT = "c", "slot"
# The column by which the facts of a type are first told apart: they are kept sorted by it.
FIRST: Mapping[str, str] = {
    "event": "name",
    "answer": "question",
    "quality": "name",
    "role": "role",
    "member": "body",
    "meeting": "body",
    "agenda_item": "item",
    "recipient": "to",
    "form": "form",
    "parallel": "type",
    "delay": "requirement",
    "confirmation": "requirement",
    "exception": "requirement",
    "stage": "stage",
    "noted": "name",
    "limit": "requirement",
    "mark": "requirement",
    "finding": "requirement",
}
Constants = tuple[tuple[str, str, Any], ...]  # operator, column, value


class Tables:
    """The facts of `cases` cases, by type."""

    def __init__(self, cases: int, words: Iterable[str]) -> None:
        """No facts yet; `words` are all texts that will ever be asked for or told."""
        self.cases = cases
        self.words = sorted({"", *words})
        self.codes = {word: code for code, word in enumerate(self.words)}
        self._types: dict[str, _Type] = {}
        self._slices: dict[tuple[str, Constants], Slice] = {}
        self._numbers = count()
        self._spaces: dict[frozenset[tuple[Slice, str]], Space] = {}
        # Of a requirement, the space in whose slots its limits were found (their column `SLOT`).
        self.homes: dict[str, Space] = {}

    @cached_property
    def whole(self) -> Space:
        """The cases themselves."""
        return Space(self, np.arange(self.cases, dtype=np.int32), None)

    def code(self, value: Any) -> int | None:
        """A constant as columns have it; `None` where no fact can have it."""
        return value if isinstance(value, int) else self.codes.get(value)

    def put(self, fact_type: str, columns: Mapping[str, Array | Coded]) -> None:
        """Add the facts of a type, in place of those that there were: `c`, and its columns."""
        self._types[fact_type] = _Type(columns, FIRST.get(fact_type))
        for key in [key for key in self._slices if key[0] == fact_type]:
            del self._slices[key]

    def column(self, fact_type: str, name: str) -> Array:
        """A whole column of a type of facts, in no particular order."""
        found = self._types.get(fact_type)
        return np.empty(0, np.int32) if found is None else found.columns[name][:]

    def slice(self, fact_type: str, constants: Constants) -> Slice:
        """The facts of a type that pass tests against constants."""
        key = (fact_type, constants)
        found = self._slices.get(key)
        if found is None:
            found = self._slices[key] = self._made(fact_type, constants)
        return found

    def space(self, sources: frozenset[tuple[Slice, str]]) -> Space:
        """The subjects that slices name in a column: each once for each case."""
        found = self._spaces.get(sources)
        if found is None:
            columns = [(one.column(CASE), one.column(name)) for one, name in sources]
            cases, subjects = (np.concatenate(parts) for parts in zip(*columns, strict=True))
            cases, subjects = distinct(cases, subjects)
            named = subjects > 0  # the text "" is no subject, and its code is 0
            found = self._spaces[sources] = Space(self, cases[named], subjects[named])
        return found

    def _made(self, fact_type: str, constants: Constants) -> Slice:
        held = self._types.get(fact_type)
        number = next(self._numbers)
        if held is None:
            return Slice(number, fact_type, {}, np.empty(0, np.int64), None)
        left = list(constants)
        home = None
        chosen = held.all
        for test in constants:
            op, column, value = test
            if fact_type == "limit" and (op, column) == ("==", "requirement"):
                home = self.homes.get(value)
            if column == held.first and op in ("==", "in"):
                left.remove(test)
                chosen = held.rows([self.code(v) for v in (value if op == "in" else [value])])
                break
        for op, column, value in left:
            if not len(chosen):
                break
            chosen = chosen[self._passes(held.columns[column][chosen], op, value)]
        return Slice(number, fact_type, held.columns, chosen, home)

    def _passes(self, values: Array, op: str, constant: Any) -> Array:
        known: Array = values != NONE
        if op == "known":
            return known
        if op == "unknown":
            return ~known
        if op == "in":
            passes = np.zeros(len(values), bool)
            for one in constant:
                if (code := self.code(one)) is not None:
                    passes |= values == code
            return passes
        code = self.code(constant)
        if code is None:  # a text that no fact has: unlike every text that is known
            return known if op == "!=" else np.zeros(len(values), bool)
        compared: Array = COMPARE[op](values, code)
        return known & compared


COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


class Coded:
    """A column of texts: codes into a list of their own, looked up for the rows that are asked for.

    -1 is what is not known.
    """

    def __init__(self, indices: Array, codes: Sequence[int]) -> None:
        """Take each row's number in a list of codes."""
        self._indices = indices
        self._codes = np.array([*codes, NONE], np.int32)  # the last is what -1 leads to

    def __getitem__(self, rows: Array | slice) -> Array:
        """The codes in some rows."""
        found: Array = self._codes[self._indices[rows]]
        return found


class _Type:
    """The facts of one type, and their rows by the column that first tells them apart.

    Columns stay as they are: a slice takes what it needs of them.
    """

    def __init__(self, columns: Mapping[str, Array | Coded], first: str | None) -> None:
        self.columns = columns
        self.first = first if first in columns else None
        self.all = np.arange(len(columns[CASE][:]))
        if self.first is not None:
            values = columns[self.first][:]
            if len(values) and values.min() >= 0 and values.max() < _SHORT:
                values = values.astype(np.int16)  # sorted by their digits: much quicker
            self.all = np.argsort(values, kind="stable")
            self._sorted = values[self.all]

    def rows(self, codes: Sequence[int | None]) -> Array:
        """The rows in which the first column has one of these values."""
        found = []
        for code in sorted({code for code in codes if code is not None}):
            # As the column's own type: else all of it would be copied.
            bounds = np.array([code, code + 1]).clip(max=np.iinfo(self._sorted.dtype).max)
            start, end = np.searchsorted(self._sorted, bounds.astype(self._sorted.dtype))
            if end > start:
                found.append(self.all[start:end])
        if len(found) == 1:
            return found[0]
        return np.concatenate(found) if found else self.all[:0]


_SHORT = 2**15 - 1


class Slice:
    """Facts of one type, by column; columns are taken when they are first asked for."""

    def __init__(
        self,
        number: int,
        fact_type: str,
        columns: Mapping[str, Array | Coded],
        rows: Array,
        home: Space | None,
    ) -> None:
        """Take the `rows` of the `columns` of a type; `home` is where their slots are known."""
        self.number, self.type, self._from, self.rows = number, fact_type, columns, rows
        self.home = home
        self._columns: dict[str, Array] = {}

    def __len__(self) -> int:
        """How many facts there are."""
        return len(self.rows)

    def column(self, name: str) -> Array:
        """One column of these facts."""
        found = self._columns.get(name)
        if found is None:
            if not len(self.rows):
                return np.empty(0, np.int32)
            found = self._columns[name] = self._from[name][self.rows]
        return found


class Space:
    """Slots, each of one case: the cases themselves (`s` is `None`), or subjects of cases."""

    def __init__(self, tables: Tables, c: Array, s: Array | None) -> None:
        """Take each slot's case and subject, sorted by them."""
        self.tables, self.c, self.s = tables, c, s
        self._placed: dict[tuple[Slice, str | None], Placed] = {}

    @property
    def subjects(self) -> Array:
        """The code of each slot's subject: that of "" for the cases themselves."""
        return np.zeros(len(self.c), np.int32) if self.s is None else self.s

    def __len__(self) -> int:
        """How many slots there are."""
        return len(self.c)

    @cached_property
    def starts(self) -> Array:
        """The first slot of each case, and where the last one's end."""
        starts = np.zeros(self.tables.cases + 1, np.int64)
        np.cumsum(np.bincount(self.c, minlength=self.tables.cases), out=starts[1:])
        return starts

    def find(self, cases: Array, subjects: Array) -> Array:
        """The slot of each case and subject; -1 where there is none."""
        found = np.full(len(cases), -1, np.int64)
        if not len(self) or not len(cases):
            return found
        own = self.subjects
        # Cases have few subjects: each is held against the next one of its case, all at once.
        at, ends = self.starts[cases], self.starts[cases + 1]
        left = np.flatnonzero(at < ends)
        while len(left):
            here = at[left]
            hit = own[here] == subjects[left]
            found[left[hit]] = here[hit]
            left = left[~hit]
            at[left] += 1
            left = left[at[left] < ends[left]]
        return found

    def place(self, held: Slice, link: str | None) -> Placed:
        """The facts of a slice in these slots: by case, or by case and the column `link`."""
        key = (held, link)
        found = self._placed.get(key)
        if found is None:
            found = self._placed[key] = Placed(self, held, link)
        return found


class Placed:
    """A slice's facts in the slots of a space."""

    def __init__(self, space: Space, held: Slice, link: str | None) -> None:
        """By case where `link` is `None`, else by case and that column."""
        self.space, self.held, self.link = space, held, link
        # By case, facts are placed among the cases once, for whatever space: one fact may then
        # stand in several slots.
        self.spread = link is None and space.s is not None
        self._columns: dict[str, Array] = {}

    @cached_property
    def _by_case(self) -> Placed:
        return self.space.tables.whole.place(self.held, None)

    @cached_property
    def slots(self) -> Array:
        """The slot of each fact; -1 where it has none."""
        cases = self.held.column(CASE)
        if self.link is None:
            return cases
        if self.link == "subject" and self.held.home is self.space:
            return self.held.column(SLOT)
        return self.space.find(cases, self.held.column(self.link))

    @cached_property
    def once(self) -> bool:
        """Whether no slot has more than one of the facts."""
        if self.spread:
            return self._by_case.once
        slots = self.slots
        placed = slots[slots >= 0] if self.link is not None else slots
        if len(placed) < 2 or bool((placed[1:] > placed[:-1]).all()):  # noqa: PLR2004
            return True  # facts stand in the order of their cases, so this is the usual way
        return int(np.bincount(placed).max()) < 2  # noqa: PLR2004

    @cached_property
    def present(self) -> Array:
        """Which slots have such a fact."""
        if self.spread:
            return self._by_case.present[self.space.c]
        there = np.zeros(len(self.space), bool)
        slots = self.slots
        there[slots[slots >= 0] if self.link is not None else slots] = True
        return there

    def column(self, name: str) -> Array:
        """A column as wide as the space, where there is at most one fact in each slot."""
        found = self._columns.get(name)
        if found is None:
            if self.spread:
                found = self._by_case.column(name)[self.space.c]
            else:
                found = np.full(len(self.space), NONE, np.int32)
                slots, values = self.slots, self.held.column(name)
                if self.link is not None:
                    there = slots >= 0
                    slots, values = slots[there], values[there]
                found[slots] = values
            self._columns[name] = found
        return found

    def least(self, names: Sequence[str]) -> Array:
        """For each slot the least of what columns of its facts hold; the largest number if none."""
        if self.spread:
            return self._by_case.least(names)[self.space.c]
        found = np.full(len(self.space), FAR, np.int32)
        slots = self.slots
        for name in names:
            values = self.held.column(name)
            there = values != NONE
            if self.link is not None:
                there &= slots >= 0
            np.minimum.at(found, slots[there], values[there])
        return found


def tables_of(cases: Sequence[Rows], words: Iterable[str]) -> Tables:
    """The facts of cases, as engines of single cases take them, in tables.

    `words` are further texts that need codes.
    """
    names = {name: (ID, *FACT_TYPES[name]) for rows in cases for name in rows}
    spoken = {
        value
        for rows in cases
        for facts in rows.values()
        for fact in facts
        for value in fact.values()
        if isinstance(value, str)
    }
    tables = Tables(len(cases), {*words, *spoken})
    codes = tables.codes
    for fact_type, columns in names.items():
        facts = [(n, fact) for n, rows in enumerate(cases) for fact in rows.get(fact_type, ())]
        held = {CASE: np.array([number for number, _ in facts], np.int32)}
        for column in columns:
            values = [fact[column] for _, fact in facts]
            numbers = [codes[v] if isinstance(v, str) else NONE if v is None else v for v in values]
            held[column] = np.array(numbers, np.int32)
        tables.put(fact_type, held)
    return tables


FAR = 2**31 - 1  # where there is no day: later than any


def distinct(cases: Array, subjects: Array) -> tuple[Array, Array]:
    """Cases and subjects, each pair once and in order."""
    keys = (cases.astype(np.int64) << 32) | subjects
    if bool((keys[1:] > keys[:-1]).all()):
        return cases, subjects  # facts stand in the order of their cases: often they are already
    keys = np.unique(keys)
    return (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32)


def known_columns(fact_type: str) -> frozenset[str]:
    """The columns of a type of facts that are always there."""
    columns = FACT_TYPES[fact_type]
    return frozenset([ID, *(name for name, column in columns.items() if not column.optional)])
