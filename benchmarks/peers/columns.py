"""What comes before an engine and after it, the same for all: columns in, a table of answers out.

Facts are read from Parquet, no more of them than the columns need, and made into one number for
each case with numpy and pyarrow, never case by case. Working days are looked up in an array, made
once for the days that there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.peers.requirements import EACH, INVOLVED, NEVER, NONE, Asked, Column, Model
from cspr_core import calendar
from cspr_core.program import FACT_TYPES, STATUSES, Test

Numbers = np.ndarray[Any, np.dtype[np.int32]]
Array = np.ndarray[Any, Any]
EPOCH = date(1970, 1, 1).toordinal()
_DECISION = (Test("name", "==", "decision"), Test("latest", "==", "yes"))
_BEGUN = ("referral_received", "aware", "notified")


class Said(NamedTuple):
    """What an engine says: for each requirement a row, in it one number for each case.

    `status` is a place among `STATUSES`; days are ordinals, 0 for none.
    """

    status: np.ndarray[Any, np.dtype[np.uint8]]
    due: Numbers
    done: Numbers


class _Type:
    """The facts of one type of many cases, side by side."""

    def __init__(self, lists: pa.ListArray) -> None:
        offsets = lists.offsets.to_numpy()
        self._facts = lists.flatten()
        self.of = np.repeat(np.arange(len(lists), dtype=np.int32), np.diff(offsets))
        self._numbers: dict[str, Numbers] = {}
        self._codes: dict[str, tuple[Array, Mapping[str, int]]] = {}
        self._groups: dict[str, tuple[Array, Array]] = {}

    def number(self, name: str) -> Numbers:
        """A column of numbers, `NEVER` where it is not known."""
        if name not in self._numbers:
            filled = pc.fill_null(self._facts.field(name), NEVER)
            self._numbers[name] = filled.to_numpy(zero_copy_only=False)
        return self._numbers[name]

    def codes(self, name: str) -> tuple[Array, Mapping[str, int]]:
        """A column of words as numbers, -1 where it is not known, and the number of each word."""
        if name not in self._codes:
            array = self._facts.field(name)
            if not pa.types.is_dictionary(array.type):
                array = array.dictionary_encode()
            numbers = pc.fill_null(array.indices, -1).to_numpy(zero_copy_only=False)
            if len(array.dictionary) <= np.iinfo(np.int16).max:
                numbers = numbers.astype(np.int16)  # put in order much quicker
            words = {word: n for n, word in enumerate(array.dictionary.to_pylist())}
            self._codes[name] = numbers, words
        return self._codes[name]

    def passing(self, tests: Sequence[Test]) -> Array:
        """The places of the facts that pass all tests."""
        found: Array | None = None
        for test in tests:
            if found is None and test.op == "==":
                found = self._equal(test)
            elif found is None:
                found = np.flatnonzero(self._passes(test, slice(None)))
            else:
                found = found[self._passes(test, found)]
        return np.arange(len(self.of)) if found is None else found

    def _equal(self, test: Test) -> Array:
        """The facts with a word in a column: all facts are put in order of its words once."""
        numbers, words = self.codes(test.column)
        if test.column not in self._groups:
            order = np.argsort(numbers, kind="stable")
            bounds = np.searchsorted(numbers[order], np.arange(len(words) + 1))
            self._groups[test.column] = order, bounds
        order, bounds = self._groups[test.column]
        code = words.get(str(test.value))
        return order[:0] if code is None else order[bounds[code] : bounds[code + 1]]

    def _passes(self, test: Test, at: slice | Array) -> Array:
        if test.column in ("date", "planned", "returned") and test.op in ("known", "unknown"):
            known: Array = self.number(test.column)[at] < NEVER
            return known if test.op == "known" else ~known
        numbers, words = self.codes(test.column)
        given: Array = numbers[at]
        found: Array = given >= 0
        if test.op == "unknown":
            found = ~found
        elif test.op == "in" and isinstance(test.value, tuple):
            codes = [words.get(str(word), -2) for word in test.value]
            found = np.logical_or.reduce([given == code for code in codes])
        elif test.op != "known":
            code = words.get(str(test.value), -2)
            found = given == code if test.op == "==" else (given != code) & found
        return found


@dataclass(frozen=True)
class Facts:
    """The facts of a group of cases; with `agencies`, their columns have a place for each agency.

    An agency is one that is listed in the case, as `for_each: {agency: …}` means it.
    """

    table: pa.Table
    as_of: date
    agencies: bool = False

    @cached_property
    def _types(self) -> dict[str, _Type]:
        return {}

    def of(self, fact_type: str) -> _Type:
        """The facts of one type."""
        if fact_type not in self._types:
            self._types[fact_type] = _Type(self.table[fact_type].combine_chunks())
        return self._types[fact_type]

    def columns(self, wanted: Sequence[Column]) -> dict[str, Numbers]:
        """One number for each case (or agency), for each of these columns."""
        found: dict[str, Numbers] = {}
        for column in wanted:
            made = _MAKERS[column.what](self, column, found)
            whole = self.agencies and not column.each and column.what != "due"
            found[column.name] = made[self.cases] if whole else made
        return found

    def whole(self, value: int, *, each: bool = False) -> Numbers:
        """The same number for each case, or for each agency."""
        return np.full(len(self.cases) if each else self.table.num_rows, value, np.int32)

    def passing(self, column: Column, tests: Sequence[Test]) -> tuple[Array, Array]:
        """The facts that pass all tests, and for each the place of its case or agency."""
        given = self.of(column.type)
        at = given.passing([test for test in tests if test.value != EACH])
        if not column.each:
            return at, given.of[at]
        (name,) = (test.column for test in tests if test.value == EACH)
        places = self.places(given, name, at)
        return at[places >= 0], places[places >= 0]

    # --- agencies -------------------------------------------------------------------------------

    def of_agencies(self) -> Facts:
        """The same facts, for columns of agencies."""
        found = Facts(self.table, self.as_of, agencies=True)
        found.__dict__["_types"] = self._types  # what is read is read once
        return found

    @cached_property
    def _listed(self) -> Array:
        return self.of("involvement").passing((Test("listed", "==", "yes"),))

    @cached_property
    def cases(self) -> Array:
        """Of each agency, the place of its case."""
        return self.of("involvement").of[self._listed]

    @cached_property
    def names(self) -> pa.DictionaryArray:
        """Of each agency, its name in its case."""
        codes, words = self.of("involvement").codes("agency")
        numbers = pa.array(codes[self._listed].astype(np.int32))
        return pa.DictionaryArray.from_arrays(numbers, pa.array(list(words), pa.string()))

    @cached_property
    def _keys(self) -> tuple[Array, Array]:
        """What stands for the agencies of all cases, in order; and their places."""
        codes, words = self.of("involvement").codes("agency")
        keys = self.cases.astype(np.int64) * (len(words) + 1) + codes[self._listed]
        order = np.argsort(keys)
        return keys[order], order

    def places(self, given: _Type, name: str, at: Array) -> Array:
        """The places of the agencies that facts name in a column; -1 where they name none."""
        known = self.of("involvement").codes("agency")[1]
        codes, words = given.codes(name)
        same = np.array([*(known.get(word, -1) for word in words), -1], np.int64)
        ours = same[codes[at]]  # where it is not known, the last: -1
        keys, order = self._keys
        wanted = given.of[at].astype(np.int64) * (len(known) + 1) + ours
        found = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        if not len(keys):
            return np.full(len(at), -1)
        return np.where((keys[found] == wanted) & (ours >= 0), order[found], -1)


def _extreme(facts: Facts, column: Column, *, last: bool) -> Numbers:
    dates = facts.of(column.type).number(*(column.words or ("date",)))
    found = facts.whole(NONE if last else NEVER, each=column.each)
    for tests in column.tests:
        at, of = facts.passing(column, tests)
        days = dates[at]
        if last:
            np.maximum.at(found, of, np.where(days < NEVER, days, NONE))
        else:
            np.minimum.at(found, of, days)
    return found


def _first(facts: Facts, column: Column, _found: Mapping[str, Numbers]) -> Numbers:
    return _extreme(facts, column, last=False)


def _last(facts: Facts, column: Column, _found: Mapping[str, Numbers]) -> Numbers:
    return _extreme(facts, column, last=True)


def _start(facts: Facts, column: Column, _found: Mapping[str, Numbers]) -> Numbers:
    """What happened first, else what is planned first; or the other way round."""
    given = facts.of(column.type)
    dates, plans = given.number("date"), given.number("planned")
    happened = facts.whole(NEVER, each=column.each)
    planned = happened.copy()
    by_plan = "planned" in column.words
    for tests in column.tests:
        at, of = facts.passing(column, tests)
        done, plan = dates[at], plans[at]
        only = plan == NEVER if by_plan else done == NEVER
        ours, other = (planned, happened) if by_plan else (happened, planned)
        np.minimum.at(ours, of[~only], (plan if by_plan else done)[~only])
        np.minimum.at(other, of[only], (done if by_plan else plan)[only])
    if by_plan:
        return np.where(planned < NEVER, planned, happened)
    if "lapses" in column.words:
        planned[planned < facts.as_of.toordinal()] = NEVER
    return np.where(happened < NEVER, happened, planned)


def _due(_facts: Facts, column: Column, found: Mapping[str, Numbers]) -> Numbers:
    start = found[column.of]
    way, unit = column.words
    if column.n == 0:
        return np.where(start < NEVER, start, np.int32(NONE))
    table = _calendar(way, unit, column.n)
    known = start < NEVER
    return np.where(known, table[np.where(known, start - _FIRST, 0)], np.int32(NONE))


# Days that can stand in a case file with room for any limit: the first and last of the calendar.
_FIRST = date(2000, 1, 1).toordinal()
_LAST = date(2060, 1, 1).toordinal()


@lru_cache
def _calendar(way: str, unit: Literal["working_days", "days", "months"], n: int) -> Numbers:
    """So many units on from, or back from, each day that there may be."""
    days = range(_FIRST, _LAST)
    if unit == "days":
        return np.asarray(days, np.int32) + (-n if way == "back" else n)
    if unit == "months":
        count = calendar.before if way == "back" else calendar.after
        return np.array([count(date.fromordinal(d), n, unit).toordinal() for d in days], np.int32)
    working = np.array([calendar.is_working_day(date.fromordinal(day)) for day in days])
    ours = np.flatnonzero(working)
    if way == "back":  # the last working day before, and n - 1 before that
        at = np.searchsorted(ours, np.arange(len(working)), side="left") - n
    else:
        at = np.searchsorted(ours, np.arange(len(working)), side="right") + n - 1
    return (ours[np.clip(at, 0, len(ours) - 1)] + _FIRST).astype(np.int32)


def _flag(facts: Facts, column: Column, _found: Mapping[str, Numbers]) -> Numbers:
    found = facts.whole(0, each=column.each)
    for tests in column.tests:
        found[facts.passing(column, tests)[1]] = 1
    return found


def _outcome(facts: Facts, column: Column, _found: Mapping[str, Numbers]) -> Numbers:
    """As is asked for (1), otherwise (2), not decided yet (0)."""
    given = facts.of("event")
    found = facts.whole(0)
    found[given.of[given.passing((*_DECISION, Test("outcome", "known")))]] = 2
    found[given.of[given.passing((*_DECISION, Test("outcome", "in", column.words)))]] = 1
    return found


def _involved(facts: Facts, _column: Column, _found: Mapping[str, Numbers]) -> Numbers:
    given = facts.of("involvement")
    found = facts.whole(0, each=True)
    for word, code in INVOLVED.items():
        at = given.passing((Test("listed", "==", "yes"), Test("value", "==", word)))
        found[facts.places(given, "agency", at)] = code
    return found


def _recorded(facts: Facts, column: Column, fact_type: str) -> Iterator[tuple[Array, Array]]:
    """What is recorded of a requirement, with places: for all at once, then for each by name."""
    given = facts.of(fact_type)
    at = given.passing((Test("requirement", "==", column.of), Test("subject", "==", "")))
    if not column.each:
        yield at, given.of[at]
        return
    whole = facts.whole(-1)
    whole[given.of[at]] = at
    of = np.flatnonzero(whole[facts.cases] >= 0)
    yield whole[facts.cases][of], of
    at = given.passing((Test("requirement", "==", column.of),))
    places = facts.places(given, "subject", at)
    yield at[places >= 0], places[places >= 0]


def _confirmed(facts: Facts, column: Column, _found: Mapping[str, Numbers]) -> Numbers:
    """Its own confirmation, else the one for everyone."""
    given = facts.of("confirmation")
    found = facts.whole(NONE, each=column.each)
    codes, words = given.codes("answer")
    for at, of in _recorded(facts, column, "confirmation"):
        days = given.number("date")[at]
        found[of] = np.where(codes[at] == words.get("no", -2), -days, days)
    return found


def _since(facts: Facts, column: Column, _found: Mapping[str, Numbers]) -> Numbers:
    """The first day of a yes, its own or everyone's."""
    given = facts.of("confirmation")
    found = facts.whole(NEVER, each=True)
    codes, words = given.codes("answer")
    for at, of in _recorded(facts, column, "confirmation"):
        yes = codes[at] == words.get("yes", -2)
        np.minimum.at(found, of[yes], given.number("date")[at][yes])
    return np.where(found < NEVER, found, NONE)


def _excepted(facts: Facts, column: Column, _found: Mapping[str, Numbers]) -> Numbers:
    found = facts.whole(0, each=column.each)
    for _, of in _recorded(facts, column, "exception"):
        found[of] = 1
    return found


def _delayed(facts: Facts, column: Column, _found: Mapping[str, Numbers]) -> Numbers:
    """Until when a delay is agreed that everybody was told of who has to be."""
    given, told = facts.of("delay"), facts.of("delay_told")
    names, _ = told.codes("delay")
    whose, words = given.codes("delay")
    word_of = {number: word for word, number in words.items()}
    told_of = told.codes("delay")[1]
    informed = []
    for recipient in column.words:
        at = told.passing((Test("to", "==", recipient),))
        informed.append(set(zip(told.of[at].tolist(), names[at].tolist(), strict=True)))
    found = facts.whole(NONE)
    until = given.number("agreed_due")
    for tests in column.tests:
        for place in given.passing((*tests, Test("agreed", "==", "yes"))).tolist():
            case = int(given.of[place])
            key = (case, told_of.get(word_of[int(whose[place])], -2))
            if all(key in some for some in informed):
                found[case] = max(found[case], until[place])
    return found


def _begun(facts: Facts, column: Column, _found: Mapping[str, Numbers]) -> Numbers:
    def first(*tests: Test) -> Numbers:
        return _first(facts, Column("", "first", "event", (tests,)), {})

    if column.name == "begun_review":
        return first(Test("name", "==", "decision"), Test("outcome", "==", "local_review"))
    begun = np.minimum.reduce([first(Test("name", "==", name)) for name in _BEGUN])
    return np.where(begun < NEVER, begun, first(Test("name", "==", "incident")))


_MAKERS = {
    "first": _first,
    "last": _last,
    "start": _start,
    "due": _due,
    "flag": _flag,
    "outcome": _outcome,
    "involved": _involved,
    "confirmed": _confirmed,
    "since": _since,
    "excepted": _excepted,
    "delayed": _delayed,
    "begun": _begun,
}
MISSING = {"first": NEVER, "start": NEVER, "begun": NEVER}  # of all others: `NONE`


def missing(column: Column) -> int:
    """What a column holds where there is nothing to hold."""
    return MISSING.get(column.what, NONE)


# --- files ---------------------------------------------------------------------------------------

_ALWAYS = {
    "event": ("name", "outcome", "latest", "date", "planned"),
    "confirmation": ("requirement", "subject", "answer", "date"),
    "exception": ("requirement", "subject"),
    "involvement": ("agency", "value", "listed"),
    "delay": ("requirement", "delay", "agreed", "agreed_due"),
    "delay_told": ("delay", "to"),
}


def leaves(models: Sequence[Model]) -> list[str]:
    """The columns of a file of facts that models' columns are made of."""
    read = {fact_type: set(names) for fact_type, names in _ALWAYS.items()}
    for column in (column for model in models for column in model.columns):
        if column.type:
            names = read.setdefault(column.type, set())
            names |= {test.column for tests in column.tests for test in tests}
            if column.what != "flag":
                names |= {"date", "planned", *column.words} & FACT_TYPES[column.type].keys()
    return [
        "case",
        *(
            f"{fact_type}.list.element.{name}"
            for fact_type, names in sorted(read.items())
            for name in sorted(names)
        ),
    ]


def groups_of(
    path: Path, models: Sequence[Model], numbers: Sequence[int], as_of: date
) -> Iterator[Facts]:
    """The facts of some row groups of a file, one after the other."""
    read = leaves(models)
    words = [
        name
        for name in read
        if name != "case"
        and FACT_TYPES[name.partition(".")[0]][name.rpartition(".")[2]].type == "text"
    ]
    with pq.ParquetFile(path, read_dictionary=words) as file:
        for number in numbers:
            yield Facts(file.read_row_group(number, columns=read), as_of)


def write_answers(
    writer: pq.ParquetWriter, facts: Sequence[Facts], asked: Sequence[Asked], said: Said
) -> None:
    """Write what an engine says of groups of cases, requirement by requirement."""
    names = pa.concat_arrays([chunk for one in facts for chunk in one.table["case"].chunks])
    first = np.cumsum([0, *(one.table.num_rows for one in facts)])[:-1]
    whole = np.arange(len(names), dtype=np.int32)
    if agencies := facts[0].agencies:
        pairs = zip(facts, first, strict=True)
        whole = np.concatenate([one.cases + start for one, start in pairs]).astype(np.int32)
    requirements = list(dict.fromkeys(one.requirement for one in asked))
    which = np.array([requirements.index(one.requirement) for one in asked], np.int32)

    def coded(numbers: Array, words: Any) -> pa.DictionaryArray:
        return pa.DictionaryArray.from_arrays(pa.array(numbers, pa.int32()), words)

    def days(numbers: Numbers) -> pa.Array:
        flat = numbers.reshape(-1)
        return pa.array(flat - EPOCH, pa.int32(), mask=flat == 0).cast(pa.date32())

    if agencies:
        own = pa.concat_arrays([one.names.cast(pa.string()) for one in facts]).dictionary_encode()
        subjects = coded(np.tile(own.indices.to_numpy(), len(asked)), own.dictionary)
    else:
        words = list(dict.fromkeys(one.subject for one in asked))
        of = np.array([words.index(one.subject) for one in asked], np.int32)
        subjects = coded(np.repeat(of, len(whole)), pa.array(words))
    arrays = [
        coded(np.tile(whole, len(asked)), names),
        coded(np.repeat(which, len(whole)), pa.array(requirements)),
        subjects,
        coded(said.status.reshape(-1), pa.array(STATUSES)),
        days(said.due),
        days(said.done),
    ]
    writer.write_table(pa.Table.from_arrays(arrays, schema=SCHEMA))


_WORD = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        *((name, _WORD) for name in ("case", "requirement", "subject", "status")),
        ("due", pa.date32()),
        ("done", pa.date32()),
    ]
)
