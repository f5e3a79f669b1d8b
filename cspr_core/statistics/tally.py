"""Counting findings by area, requirement, agency and quarter, a partition at a time.

A tally of a partition is made in arrays; tallies of several partitions add up to that of the whole,
as long as each case stands in one partition. Medians stay exact: findings are counted by number of
working days. What may be shown of it, `suppression` decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple

from cspr_core.statistics.catalogue import Catalogue
from cspr_core.statistics.days import day_of, number_of, working_days_after
from cspr_core.statistics.outcomes import (
    AGENCIES,
    ALL,
    CLASSES,
    DATED,
    FIGURES,
    MASKS,
    Key,
    class_numbers,
)
from cspr_core.statistics.quarters import quarter_of

if TYPE_CHECKING:
    import pyarrow as pa

Kinds = Callable[[Sequence[tuple[str, str]]], Sequence[str]]
_LATE, _OVERDUE = CLASSES.index("late"), CLASSES.index("overdue")
_NO_DAY = -(2**31)


@dataclass(frozen=True)
class Group:
    """The findings of one group: how many, from how many cases, and how late.

    `counts` and `cases` go by `outcomes.FIGURES`: findings, and cases with at least one of them.
    `late`: how many were done so many working days after their due date; `overdue`: how many are
    overdue by so many up to the day of the check. `oldest`: the earliest due date that is overdue.
    """

    counts: Mapping[str, int]
    cases: Mapping[str, int]
    late: Mapping[int, int] = field(default_factory=dict)
    overdue: Mapping[int, int] = field(default_factory=dict)
    oldest: date | None = None

    def __add__(self, other: Group) -> Group:
        """The findings of both; no case may be in both."""
        days = [day for day in (self.oldest, other.oldest) if day is not None]
        return Group(
            {name: self.counts[name] + other.counts[name] for name in FIGURES},
            {name: self.cases[name] + other.cases[name] for name in FIGURES},
            _added(self.late, other.late),
            _added(self.overdue, other.overdue),
            min(days, default=None),
        )


NOTHING = Group(dict.fromkeys(FIGURES, 0), dict.fromkeys(FIGURES, 0))
Tally = Mapping[Key, Group]


def _added(one: Mapping[int, int], other: Mapping[int, int]) -> Mapping[int, int]:
    return dict(sorted((Counter(one) + Counter(other)).items()))


def merged(tallies: Iterable[Tally]) -> Tally:
    """The tally of all partitions together."""
    return reduce(_joined, tallies, dict[Key, Group]())


def _joined(one: dict[Key, Group], other: Tally) -> dict[Key, Group]:
    for key, group in other.items():
        one[key] = one[key] + group if key in one else group
    return one


def tally_of(findings: pa.Table, as_of: date, catalogue: Catalogue, kinds: Kinds) -> Tally:
    """The tally of a table of findings (`caseload.answers`) checked as of a day.

    `kinds` gives the kind of agency for pairs of a case and a subject of it. Raises ValueError for
    a date that the calendar does not cover.
    """
    if not len(findings):
        return {}
    columns = _Columns(findings, as_of, catalogue)
    tally: dict[Key, Group] = {}
    for by in _breakdowns(columns, kinds):
        tally |= _groups(columns, by)
    return tally


class _Coded(NamedTuple):
    """A column as numbers into its words."""

    codes: Any
    words: list[str]


class _Columns:
    """What is counted of a table of findings, as arrays, a row for each finding."""

    def __init__(self, findings: pa.Table, as_of: date, catalogue: Catalogue) -> None:
        import numpy as np  # noqa: PLC0415  (heavy, and only caseloads need it)

        self.area = coded(findings, "partnership")
        self.requirement = coded(findings, "requirement")
        self.binding = coded(findings, "binding")
        self.case = coded(findings, "case")
        self.subject = coded(findings, "subject")
        self.due = _days(findings, "due")
        done = _days(findings, "done")
        today = number_of(as_of)
        passed = (self.due != _NO_DAY) & (self.due < today)
        self.classes = self._classes(coded(findings, "status"), passed, catalogue)
        named = [catalogue.of_agencies(word) for word in self.requirement.words]
        self.of_agencies = np.array(named, bool)[self.requirement.codes]
        # Working days after the due date, of what was done late and of what is overdue.
        self.days = np.full(len(self.due), -1, np.int64)
        for number, until in ((_LATE, done), (_OVERDUE, np.full_like(done, today))):
            rows = np.flatnonzero((self.classes == number) & (until != _NO_DAY))
            self.days[rows] = working_days_after(self.due[rows], until[rows])

    def _classes(self, status: _Coded, passed: Any, catalogue: Catalogue) -> Any:
        import numpy as np  # noqa: PLC0415

        numbers = class_numbers()
        found = np.array(
            [
                [
                    [numbers[word, late, advice] for advice in (False, True)]
                    for late in (False, True)
                ]
                for word in status.words
            ],
            np.int8,
        )
        advice = np.array([catalogue.is_advice(word) for word in self.requirement.words], bool)
        return found[
            status.codes, passed.astype(np.int8), advice[self.requirement.codes].astype(np.int8)
        ]


class _Breakdown(NamedTuple):
    """Which rows belong to which group: group numbers for the rows, and the groups' keys."""

    rows: Any
    groups: Any
    keys: Sequence[Key]


def _breakdowns(columns: _Columns, kinds: Kinds) -> Iterator[_Breakdown]:
    import numpy as np  # noqa: PLC0415

    area, requirement, binding = columns.area, columns.requirement, columns.binding
    everything = np.arange(len(columns.due))
    yield _Breakdown(everything, np.zeros(len(everything), np.int64), [ALL])
    yield _Breakdown(everything, binding.codes, [Key("binding", binding=w) for w in binding.words])
    yield _Breakdown(everything, area.codes, [Key("area", area=word) for word in area.words])
    yield _Breakdown(
        everything,
        requirement.codes * len(binding.words) + binding.codes,
        [
            Key("requirement", requirement=r, binding=b)
            for r in requirement.words
            for b in binding.words
        ],
    )
    rows = np.flatnonzero(columns.of_agencies & (columns.subject.codes >= 0))
    if len(rows):
        agencies = _agencies(columns, rows, kinds)
        yield _Breakdown(rows, np.zeros(len(rows), np.int64), [AGENCIES])
        keys = [Key("agency", agency=word) for word in agencies.words]
        yield _Breakdown(rows, agencies.codes, keys)
    rows = np.flatnonzero(columns.classes < DATED)
    if len(rows):
        days, of_day = np.unique(columns.due[rows], return_inverse=True)
        of_quarter = [quarter_of(day_of(int(day))) for day in days]
        quarters, codes = np.unique(of_quarter, return_inverse=True)
        codes = codes[of_day]
        named = [int(quarter) for quarter in quarters]
        yield _Breakdown(rows, codes, [Key("quarter", quarter=q) for q in named])
        keys = [Key("area_quarter", area=a, quarter=q) for a in area.words for q in named]
        yield _Breakdown(rows, area.codes[rows] * len(named) + codes, keys)


def _agencies(columns: _Columns, rows: Any, kinds: Kinds) -> _Coded:
    """The kind of the agency that each of these rows is about."""
    import numpy as np  # noqa: PLC0415

    subject, case = columns.subject, columns.case
    pairs = case.codes[rows] * len(subject.words) + subject.codes[rows]
    different, back = np.unique(pairs, return_inverse=True)
    split = [divmod(int(pair), len(subject.words)) for pair in different]
    found = kinds([(case.words[c], subject.words[s]) for c, s in split])
    words = sorted(set(found))
    numbers = {word: number for number, word in enumerate(words)}
    return _Coded(np.array([numbers[word] for word in found], np.int64)[back], words)


def _groups(columns: _Columns, by: _Breakdown) -> dict[Key, Group]:
    """What there is of each group that has any finding."""
    import numpy as np  # noqa: PLC0415

    rows, groups, keys = by
    size, classes = len(keys), columns.classes[rows]
    numbers = groups * len(CLASSES) + classes
    counts = np.bincount(numbers, minlength=size * len(CLASSES)).reshape(size, len(CLASSES))
    cases = _cases(groups, columns.case.codes[rows], classes, size)
    late = _by_days(groups, columns.days[rows], classes == _LATE)
    overdue = _by_days(groups, columns.days[rows], classes == _OVERDUE)
    oldest = _oldest(groups, columns.due[rows], classes == _OVERDUE, size)
    found: dict[Key, Group] = {}
    for number in np.flatnonzero(counts.sum(axis=1)).tolist():
        each = dict(zip(CLASSES, counts[number].tolist(), strict=True))
        found[keys[number]] = Group(
            {name: sum(each[one] for one in classes) for name, classes in FIGURES.items()},
            {name: int(cases[name][number]) for name in FIGURES},
            late.get(number, {}),
            overdue.get(number, {}),
            oldest.get(number),
        )
    return found


def _cases(groups: Any, cases: Any, classes: Any, size: int) -> dict[str, Any]:
    """How many cases of each group have a finding that a figure counts."""
    import numpy as np  # noqa: PLC0415

    pairs = groups * (int(cases.max()) + 1) + cases
    order = np.argsort(pairs, kind="stable")
    pairs = pairs[order]
    starts = np.flatnonzero(np.concatenate([[True], pairs[1:] != pairs[:-1]]))
    has = np.bitwise_or.reduceat(1 << classes[order].astype(np.int64), starts)
    of_group = groups[order][starts]
    return {
        name: np.bincount(of_group[has & mask != 0], minlength=size) for name, mask in MASKS.items()
    }


def _by_days(groups: Any, days: Any, which: Any) -> dict[int, dict[int, int]]:
    """How many of each group took so many days."""
    import numpy as np  # noqa: PLC0415

    which = which & (days >= 0)
    groups, days = groups[which], days[which]
    found: dict[int, dict[int, int]] = {}
    if len(days):
        span = int(days.max()) + 1
        pairs, counts = np.unique(groups * span + days, return_counts=True)
        for pair, n in zip(pairs.tolist(), counts.tolist(), strict=True):
            group, day = divmod(pair, span)
            found.setdefault(group, {})[day] = n
    return found


def _oldest(groups: Any, due: Any, which: Any, size: int) -> dict[int, date]:
    import numpy as np  # noqa: PLC0415

    first = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(first, groups[which], due[which])
    there = first != np.iinfo(np.int64).max
    numbers = compress(range(size), there.tolist())
    return {n: day_of(day) for n, day in zip(numbers, first[there].tolist(), strict=True)}


def coded(findings: pa.Table, name: str) -> _Coded:
    """A column of words as codes (-1: nothing) and the words."""
    import numpy as np  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    column = findings.column(name)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    column = column.unify_dictionaries().combine_chunks()
    chunks = [column] if isinstance(column, pa.Array) else column.chunks
    words = chunks[0].dictionary.to_pylist()
    codes = [chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False) for chunk in chunks]
    return _Coded(np.concatenate(codes).astype(np.int64), words)


def _days(findings: pa.Table, name: str) -> Any:
    """A column of dates as days since 1970, with a day of its own for none."""
    import numpy as np  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    days = findings.column(name).cast(pa.int32()).fill_null(_NO_DAY)
    return days.to_numpy().astype(np.int64)
