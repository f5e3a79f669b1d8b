"""Whether the values of a table of facts are such as a case file gives, column by column.

Facts may be made by another program: what an engine could only misread is found before. A problem
names the column and a case, and quotes no value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cspr_core.caseload.columns import CASE, PARTNERSHIP, STORED, columns_of
from cspr_core.model.scalars import FIRST_YEAR, LAST_YEAR
from cspr_core.program import ID, Column
from cspr_core.reading.problems import START, Problem
from cspr_core.vocabulary import vocabulary

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

_KEY = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$"  # a case's reference, as a case file may write it
_WORD = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"
_OWN_WORD = r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_.]*$"
_ALWAYS = ("child", "answer", "recipient", "stage")  # every case has facts of these types
_ENTRY = "entry"
_TO_COME = ("planned", "return_by", "agreed_due")  # days that may lie ahead; no others
_SINCE = "since"  # 0: for as long as anybody knows
# What no closed set of words bounds, the shared vocabulary does, beside an area's own words.
_SHARED = {
    ("event", "name"): "events",
    ("parallel", "type"): "parallel",
    ("recipient", "to"): "recipients",
    ("stage", "stage"): "stages",
}
_MOST_SPARSE = 64  # places for each number that is there: above that, sorting costs less room


class Found(NamedTuple):
    """What is wrong with a column, what to do, and the cases (by their row) it is true of."""

    what: str
    remedy: str
    rows: np.ndarray[Any, Any]


class Sound(NamedTuple):
    """The cases of a table that can be used, with their rows, and what is wrong with the others."""

    facts: pa.Table
    problems: tuple[Problem, ...]
    rows: np.ndarray[Any, Any]


def sound(path: Path, facts: pa.Table, as_of: date, first: int = 0) -> Sound:
    """The cases whose values are in order, and a problem for each thing wrong with the others.

    `facts` has the types of a table of facts, and perhaps not all of its columns; `first` is the
    number of its first row in the file.
    """
    import numpy as np  # noqa: PLC0415  (heavy, and only caseloads need it)
    import pyarrow as pa  # noqa: PLC0415

    if not facts.num_rows:
        return Sound(facts, (), np.arange(0))
    keep = np.ones(facts.num_rows, dtype=bool)
    problems = []
    references = facts.column(CASE).combine_chunks()
    unnamed = _refused(references, _KEY)
    for found in _all(facts, as_of):
        keep[found.rows] = False
        problems.append(_problem(path, found, references, unnamed, first))
    left = facts if keep.all() else facts.filter(pa.array(keep))
    return Sound(left, tuple(problems), keep.nonzero()[0])


def _problem(
    path: Path, found: Found, references: pa.Array, unnamed: np.ndarray[Any, Any], first: int
) -> Problem:
    rows = sorted(set(found.rows.tolist()))
    row = rows[0]
    example = f"row {first + row + 1}" if unnamed[row] else f"case `{references[row]}`"
    more = f", and {len(rows) - 1} more" if len(rows) > 1 else ""
    what = f"{found.what} ({example}{more})"
    return Problem(str(path), START.line, START.column, what, found.remedy)


def _all(facts: pa.Table, as_of: date) -> Iterator[Found]:
    yield from _names(facts)
    numbers = []
    for name in STORED:
        if name in facts.column_names:
            lists = facts.column(name).combine_chunks()
            yield from _of_lists(name, lists)
            inner = _Facts(name, lists)
            yield from inner.found(as_of)
            numbers.append((inner.parents, inner.columns[ID]))
    yield from _numbered_twice(numbers, facts.num_rows)


def _names(facts: pa.Table) -> Iterator[Found]:
    for name, pattern, remedy in (
        (CASE, _KEY, "Write the office's reference: letters, digits, `.`, `_` and `-`, at most 60"),
        (PARTNERSHIP, _WORD, "Write the area as its plugin calls it"),
    ):
        wrong = _refused(facts.column(name).combine_chunks(), pattern)
        if wrong.any():
            what = "is empty or holds what is no reference of a case"
            if name == PARTNERSHIP:
                what = "is empty or holds what is no word"
            yield Found(f"The column `{name}` {what}", remedy, wrong.nonzero()[0])


def _refused(texts: pa.Array, pattern: str) -> np.ndarray[Any, Any]:
    import pyarrow.compute as pc  # noqa: PLC0415

    fits = pc.match_substring_regex(texts, pattern)
    return ~_plain(pc.fill_null(fits, False))


def _plain(mask: pa.Array) -> np.ndarray[Any, Any]:
    found: np.ndarray[Any, Any] = mask.to_numpy(zero_copy_only=False)
    return found


def _of_lists(name: str, lists: pa.ListArray) -> Iterator[Found]:
    import pyarrow.compute as pc  # noqa: PLC0415

    if lists.null_count:
        rows = _plain(lists.is_null()).nonzero()[0]
        yield Found(f"The column `{name}` has no list", "Write an empty list for no facts", rows)
    if name in _ALWAYS:
        empty = _plain(pc.equal(pc.fill_null(pc.list_value_length(lists), 1), 0))
        if empty.any():
            yield Found(
                f"The column `{name}` is empty, and every case has such facts",
                "Write what is not known as facts too, as `cspr simulate` does",
                empty.nonzero()[0],
            )


class _Facts:
    """All facts of a type, column by column, each fact with the row of its case."""

    def __init__(self, name: str, lists: pa.ListArray) -> None:
        self.name, self.lists = name, lists
        self.structs = lists.flatten()
        names = [field.name for field in self.structs.type]
        self.columns: Mapping[str, pa.Array] = dict(zip(names, self.structs.flatten(), strict=True))

    @property
    def parents(self) -> np.ndarray[Any, Any]:
        """The row of each fact's case."""
        import pyarrow.compute as pc  # noqa: PLC0415

        return _plain(pc.list_parent_indices(self.lists))

    def found(self, as_of: date) -> Iterator[Found]:
        if self.structs.null_count:
            yield self._told(
                "holds nothing for a fact", "Leave the fact out", self.structs.is_null()
            )
            return
        for name, column in columns_of(self.name).items():
            yield from self._of_column(name, column, as_of)

    def _told(self, what: str, remedy: str, wrong: pa.Array, column: str = "") -> Found:
        where = f"{self.name}.{column}" if column else self.name
        return Found(f"The column `{where}` {what}", remedy, self.parents[_plain(wrong)])

    def _of_column(self, name: str, column: Column, as_of: date) -> Iterator[Found]:
        import pyarrow.compute as pc  # noqa: PLC0415

        held = self.columns[name]
        if held.null_count and not column.optional:
            yield self._told("is empty", "Write its value", held.is_null(), name)
        if column.type == "number":
            low, high, what, remedy = _bounds(name, as_of)
            ends = pc.min_max(held).as_py()
            if ends["min"] is not None and (ends["min"] < low or ends["max"] > high):
                wrong = pc.or_(pc.less(held, low), pc.greater(held, high))
                if name == _SINCE:
                    wrong = pc.and_(wrong, pc.not_equal(held, 0))
                wrong = pc.fill_null(wrong, False)
                if pc.any(wrong).as_py():
                    yield self._told(what, remedy, wrong, name)
        elif column.words:
            yield from self._of_words(name, column.words)
        elif (self.name, name) in _SHARED:
            yield from self._shared(name, _SHARED[self.name, name])

    def _of_words(self, name: str, words: tuple[str, ...]) -> Iterator[Found]:
        import pyarrow.compute as pc  # noqa: PLC0415

        held = self.columns[name]
        known = _known(held, words)
        if known is not None:
            wrong = pc.and_(held.is_valid(), pc.invert(known))
            remedy = f"Write one of {', '.join(words)}"
            yield self._told("holds a word that is none of its own", remedy, wrong, name)

    def _shared(self, name: str, of: str) -> Iterator[Found]:
        import pyarrow.compute as pc  # noqa: PLC0415

        held = self.columns[name]
        known = _known(held, _words(of))
        if known is not None:
            own = pc.match_substring_regex(held.cast("string"), _OWN_WORD)
            wrong = pc.and_(held.is_valid(), pc.invert(pc.or_(known, own)))
            wrong = pc.fill_null(wrong, False)
            if pc.any(wrong).as_py():
                yield self._told(
                    "holds a word that nobody knows",
                    "Write one of the vocabulary's, or an area's own as `area.word`",
                    wrong,
                    name,
                )


def _known(held: pa.Array, words: tuple[str, ...]) -> pa.Array | None:
    """Which of the words held, in themselves or as codes, are among these; None where all are."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    if not pa.types.is_dictionary(held.type):
        known = pc.is_in(held, value_set=pa.array(words, pa.string()))
    else:
        known = pc.is_in(held.dictionary, value_set=pa.array(words, pa.string()))
        if known.true_count == len(known):
            return None
        known = pc.fill_null(known.take(held.indices), False)
    return None if known.true_count == len(held) - held.null_count else known


@cache
def _words(of: str) -> tuple[str, ...]:
    shared = vocabulary()
    return ("incident", *shared.events) if of == "events" else tuple(shared.words(of))


def _bounds(name: str, as_of: date) -> tuple[int, int, str, str]:
    """Between what the numbers of a column lie, and what to say of others."""
    most = 2**31 - 1
    if name in (ID, _ENTRY):
        low = 1 if name == ID else -1
        return low, most, f"holds a number below {low}", "Number what a case holds, from 1"
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    ordinal = "Write a day as its number, counted from 1 January of the year 1"
    if name in _TO_COME:
        what = f"holds what is no day from {first} to {last}"
        return first.toordinal(), last.toordinal(), what, ordinal
    return (
        first.toordinal(),
        as_of.toordinal(),
        f"holds what is no day from {first} to {as_of}, as of which the facts stand",
        f"{ordinal}; leave out what has not happened yet",
    )


def _numbered_twice(
    numbers: list[tuple[np.ndarray[Any, Any], pa.Array]], cases: int
) -> Iterator[Found]:
    """Facts of a case that share a number, whatever their types."""
    import numpy as np  # noqa: PLC0415

    held = []
    for parents, column in numbers:
        fids = _plain(column.fill_null(0))
        if (there := fids > 0).all():
            held.append((parents, fids))
        else:  # what is no number is told as that
            held.append((parents[there], fids[there]))
    count = sum(fids.size for _, fids in held)
    width = 1 + max((int(fids.max()) for _, fids in held if fids.size), default=0)
    keys = [parents * width + fids for parents, fids in held]
    if cases * width <= _MOST_SPARSE * count:
        seen = np.zeros(cases * width, bool)
        for some in keys:
            seen[some] = True
        if np.count_nonzero(seen) == count:
            return
    every = np.sort(np.concatenate([*keys, np.zeros(0, np.int64)]))
    twice = every[1:][every[1:] == every[:-1]]
    if twice.size:
        yield Found(
            f"Two facts of a case have the same number (`{ID}`)",
            "Give each fact of a case a number of its own",
            twice // width,
        )
