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
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from cspr_core.matching import Rows
from cspr_core.program import FACT_TYPES, ID

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

NONE = -(2**31 - 1)  # in place of a column that is not known: less than anything that is
CASE, SUBJECT = "c", "subject"
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
Constant = tuple[str, str, Any]  # operator, column, value
Constants = tuple[Constant, ...]


class Tables:
    """The facts of `cases` cases, by type."""

    def __init__(self, cases: int, words: Iterable[str]) -> None:
        """No facts yet; `words` are all texts that will ever be asked for or told."""
        self.cases = cases
        self.words = sorted({"", *words})
        self.codes = {word: code for code, word in enumerate(self.words)}
        self._types: dict[str, _Type | _Groups] = {}
        self._slices: dict[tuple[str, Constants], Slice] = {}
        self._spaces: dict[frozenset[tuple[Slice, str]], Space] = {}

    @cached_property
    def whole(self) -> Space:
        """The cases themselves."""
        return Space(self, np.arange(self.cases, dtype=np.int32), None)

    def code(self, value: Any) -> int | None:
        """A constant as columns have it; `None` where no fact can have it."""
        return value if isinstance(value, int) else self.codes.get(value)

    def put(self, fact_type: str, columns: Mapping[str, Array | Stored]) -> None:
        """Add the facts of a type, in place of those that there were: `c`, and its columns."""
        self._put(fact_type, _Type(columns, FIRST.get(fact_type, CASE)))

    def put_groups(self, fact_type: str, groups: Mapping[str, Group]) -> None:
        """Add the facts of a type that stand apart already, by what first tells them apart."""
        coded = {self.codes[word]: group for word, group in groups.items()}
        for code, group in coded.items():
            group.tell(FIRST[fact_type], code)
        self._put(fact_type, _Groups(coded, FIRST[fact_type]))

    def _put(self, fact_type: str, held: _Type | _Groups) -> None:
        self._types[fact_type] = held
        for key in [key for key in self._slices if key[0] == fact_type]:
            del self._slices[key]

    def column(self, fact_type: str, name: str) -> Array:
        """A whole column of a type of facts, in no particular order."""
        found = self._types.get(fact_type)
        return np.empty(0, np.int32) if found is None else found.all.column(name)

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

    def group(self, fact_type: str, constants: Constants) -> tuple[Group, Constants]:
        """The facts that pass the test that first tells them apart; and the tests that are left."""
        held = self._types.get(fact_type)
        if held is None:
            return _NO_FACTS, ()
        group, left = None, list(constants)
        for test in constants:
            op, column, value = test
            if column == FIRST.get(fact_type) and op in ("==", "in"):
                left.remove(test)
                group = held.group([self.code(v) for v in (value if op == "in" else [value])])
                break
        if group is None:
            group = held.all
        for test in tuple(left):
            op, column, value = test
            if isinstance(group, Parted) and (op, column) == ("==", group.by):
                code = self.code(value)
                group = _NO_FACTS if code is None else group.parts.get(code, _NO_FACTS)
                left.remove(test)
        if group.told:
            left = [
                (op, column, value)
                for op, column, value in left
                if op != "==" or group.told.get(column, NONE) != self.code(value)
            ]
        return group, tuple(left)

    def _made(self, fact_type: str, constants: Constants) -> Slice:
        group, left = self.group(fact_type, constants)
        chosen: Array | None = None
        for op, column, value in left:
            values = group.column(column)
            if chosen is None:
                chosen = np.flatnonzero(self.passes(values, op, value))
            else:
                chosen = chosen[self.passes(values[chosen], op, value)]
            if not len(chosen):
                break
        return Slice(group, chosen)

    def passes(self, values: Array, op: str, constant: Any) -> Array:
        """Which of some values pass a test against a constant."""
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


class Stored:
    """A column as it came: looked up, or made whole, for the rows that are asked for only."""

    def __init__(
        self, values: Array, known: Array | None = None, codes: Sequence[int] | None = None
    ) -> None:
        """Take values, which of them are known (`None`: all), and what codes they lead to.

        With `codes`, values are numbers of texts in a list of their own; a value that is not known
        may be anything.
        """
        self._values, self._known = values, known
        self._codes = None if codes is None else np.array(codes or [0], np.int32)

    def short(self) -> tuple[Array, Array] | None:
        """Each row's text as a number below 256, and their codes; `None` if that can't be."""
        if self._codes is None or self._known is not None or len(self._codes) > _BYTE:
            return None
        return self._values.astype(np.uint8), self._codes

    def __getitem__(self, rows: Array | slice) -> Array:
        """What stands in some rows, `NONE` where it is not known."""
        if isinstance(rows, slice):
            found = self._values[rows]
            known = None if self._known is None else self._known[rows]
        else:  # rows are always there: `clip` only spares numpy the proof of it
            found = self._values.take(rows, mode="clip")
            known = None if self._known is None else self._known.take(rows, mode="clip")
        if self._codes is not None:
            found = self._codes.take(found, mode="clip")
        return found if known is None else np.where(known, found, np.int32(NONE))


class Group:
    """Facts of one type, by column; a column is taken when it is first asked for."""

    def __init__(self, columns: Mapping[str, Array | Stored], rows: Array | None) -> None:
        """Take these rows of the columns; `None`: all of them."""
        self._from, self._rows = columns, rows
        self._columns: dict[str, Array] = {}
        self.told: Mapping[str, int] = {}  # what is the same for all of them

    def tell(self, name: str, code: int) -> None:
        """Say what stands in a column of all of them."""
        self.told = {**self.told, name: code}

    def __len__(self) -> int:
        """How many facts there are."""
        return len(self.column(CASE)) if self._rows is None else len(self._rows)

    def column(self, name: str) -> Array:
        """One column of these facts."""
        found = self._columns.get(name)
        if found is None:
            if name in self.told:
                found = np.full(len(self), self.told[name], np.int32)
            else:
                found = self._taken(name)
            self._columns[name] = found
        return found

    def _taken(self, name: str) -> Array:
        if self._rows is None:
            return self._from[name][:]
        return self._from[name][self._rows] if len(self._rows) else np.empty(0, np.int32)


_NO_FACTS = Group({}, np.empty(0, np.int64))


class Wide(Group):
    """Facts that stand in the slots of a space, at most one in each: columns as wide as it."""

    def __init__(
        self, space: Space, present: Array, columns: Mapping[str, Array], first: int = 1
    ) -> None:
        """In which slots there is a fact, and its columns: `NONE` where there is none.

        Facts whose numbers are not among these are numbered from `first`.
        """
        self.slots = np.flatnonzero(present)
        super().__init__({}, self.slots)
        self.home, self.present, self.columns, self._first = space, present, columns, first
        if space.s is None:
            self.told = {SUBJECT: 0}  # the text "": facts about cases have no subject

    def _taken(self, name: str) -> Array:
        if name == CASE:
            return self.home.c[self.slots]
        if name == SUBJECT:
            return self.home.subjects[self.slots]
        if name == ID and ID not in self.columns:
            return np.arange(self._first, self._first + len(self.slots), dtype=np.int32)
        return self.columns[name][self.slots]


class _Type:
    """The facts of one type, and their rows by the column that first tells them apart."""

    def __init__(self, columns: Mapping[str, Array | Stored], first: str) -> None:
        self._from = columns
        self.all = Group(columns, None)
        self._first = first
        self._groups: dict[tuple[int, ...], Group] = {}

    @cached_property
    def _parts(self) -> Mapping[int, Sequence[Array]]:
        """The rows for each code in the first column."""
        column, codes = self._from[self._first], None
        short = column.short() if isinstance(column, Stored) else None
        if short is not None:
            values, codes = short
        else:
            values = column[:]
            if len(values) and values.min() >= 0 and values.max() < _SHORT:
                values = values.astype(np.int16)
        order = np.argsort(values, kind="stable")  # short numbers by their digits: much quicker
        values = values[order]
        starts = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))[: len(values)]
        found: dict[int, list[Array]] = {}
        for start, end in pairwise([*starts.tolist(), len(values)]):
            value = int(values[start])
            found.setdefault(value if codes is None else int(codes[value]), []).append(
                order[start:end]
            )
        return found

    def group(self, codes: Sequence[int | None]) -> Group:
        """The facts in which the first column has one of these values."""
        key = tuple(sorted({code for code in codes if code is not None}))
        found = self._groups.get(key)
        if found is None:
            parts = [part for code in key for part in self._parts.get(code, ())]
            rows = parts[0] if len(parts) == 1 else np.concatenate([_NONE, *parts])
            found = self._groups[key] = Group(self._from, rows)
        return found


_SHORT, _BYTE = 2**15 - 1, 2**8
_NONE = np.empty(0, np.int64)


class _Groups:
    """The facts of one type that stand apart already."""

    def __init__(self, groups: Mapping[int, Group], first: str) -> None:
        self._groups, self._first = groups, first

    @cached_property
    def all(self) -> Group:
        """All of them together."""
        return Parted(self._groups, self._first)

    def group(self, codes: Sequence[int | None]) -> Group:
        """The facts of these values."""
        found = {code: self._groups[code] for code in self._groups if code in codes}
        return next(iter(found.values())) if len(found) == 1 else Parted(found, self._first)


class Parted(Group):
    """The facts of several groups, one group after the other: by what stands in a column."""

    def __init__(self, parts: Mapping[int, Group], by: str) -> None:
        """Take a group for each code in the column `by`."""
        super().__init__({}, None)
        self.parts, self.by = parts, by

    def tell(self, name: str, code: int) -> None:
        """Say what stands in a column of all of them."""
        super().tell(name, code)
        for part in self.parts.values():
            part.tell(name, code)

    def _taken(self, name: str) -> Array:
        if name == self.by:
            each = np.array([len(group) for group in self.parts.values()], np.int64)
            return np.repeat(np.array(list(self.parts), np.int32), each)
        parts = [group.column(name) for group in self.parts.values()]
        return np.concatenate(parts) if parts else np.empty(0, np.int32)


class Slice:
    """Facts of one group, or those of its rows that pass further tests."""

    def __init__(self, group: Group, rows: Array | None) -> None:
        """Take some `rows` of a group of facts; `None`: all of them."""
        self.group, self._rows = group, rows
        self._columns: dict[str, Array] = {}

    def __len__(self) -> int:
        """How many facts there are."""
        return len(self.group) if self._rows is None else len(self._rows)

    def column(self, name: str) -> Array:
        """One column of these facts."""
        if self._rows is None:
            return self.group.column(name)
        found = self._columns.get(name)
        if found is None:
            if not len(self._rows):
                return np.empty(0, np.int32)
            found = self._columns[name] = self.group.column(name)[self._rows]
        return found

    def wide(self, space: Space, link: str | None) -> Wide | None:
        """The group, if it is all of it, and stands in the very slots that are asked for."""
        group = self.group
        if self._rows is not None or not isinstance(group, Wide) or group.home is not space:
            return None
        return group if link == (None if space.s is None else SUBJECT) else None

    def slots(self, space: Space, link: str | None) -> Array:
        """The slot of each fact, by its case, or by its case and a column; -1 where it has none."""
        if link is None:
            return self.column(CASE)
        if link == SUBJECT and isinstance(self.group, Wide) and self.group.home is space:
            return self.group.slots if self._rows is None else self.group.slots[self._rows]
        return space.find(self.column(CASE), self.column(link))


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
        if not len(self) or not len(cases):
            return np.full(len(cases), -1, np.int64)
        if self.s is None:
            return np.where(subjects == 0, cases, -1)
        own, starts, ends = self.subjects, self.starts[cases], self.starts[cases + 1]
        # Cases have few subjects: each is held against the first of its case, then the next, …
        hit = (own[np.minimum(starts, len(own) - 1)] == subjects) & (starts < ends)
        found = np.where(hit, starts, -1)
        left = np.flatnonzero(~hit & (starts + 1 < ends))
        at = starts[left] + 1
        while len(left):
            hit = own[at] == subjects[left]
            found[left[hit]] = at[hit]
            more = ~hit & (at + 1 < ends[left])
            left, at = left[more], at[more] + 1
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
        return self.held.slots(self.space, self.link)

    @cached_property
    def _wide(self) -> Wide | None:
        return self.held.wide(self.space, self.link)

    @property
    def wide(self) -> bool:
        """Whether the facts are as wide as the slots already."""
        return self._by_case.wide if self.spread else self._wide is not None

    def spread_out(self) -> tuple[Array | None, Array]:
        """Each fact in each of its slots: the facts (`None`: all, in their order) and the slots."""
        if not self.spread:
            slots = self.slots
            if self.link is None:
                return None, slots
            own = np.flatnonzero(slots >= 0)
            return own, slots[own]
        cases, starts = self.held.column(CASE), self.space.starts
        each = starts[cases + 1] - starts[cases]
        facts = np.repeat(np.arange(len(cases)), each)
        before = np.cumsum(each) - each
        return facts, np.arange(len(facts)) + np.repeat(starts[cases] - before, each)

    @cached_property
    def once(self) -> bool:
        """Whether no slot has more than one of the facts."""
        if self.spread:
            return self._by_case.once
        if self._wide is not None:
            return True
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
        if self._wide is not None:
            return self._wide.present
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
            elif self._wide is not None and name in self._wide.columns:
                found = self._wide.columns[name]
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
        if self.once:
            columns = [self.column(name) for name in names]
            known = [np.where(one == NONE, np.int32(FAR), one) for one in columns]
            return known[0] if len(known) == 1 else np.minimum.reduce(known)
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
    keys.sort()  # much quicker than `numpy.unique`
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])]
    return (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32)


def known_columns(fact_type: str) -> frozenset[str]:
    """The columns of a type of facts that are always there."""
    columns = FACT_TYPES[fact_type]
    return frozenset([ID, *(name for name, column in columns.items() if not column.optional)])
