"""Which figures are not shown, so that nobody can be recognised in a small one.

A count is *small* if it rests on at least one case and on fewer than the threshold: it is then not
shown (primary suppression). Counts add up to others, so a small one could be found as a difference:
further counts, the next smallest, are withheld until none can be (secondary suppression). Whether
one can be found is decided for all sums together, exactly, by elimination: in a sum that is shown
but for one part, and in any combination of sums.

It knows counts and the sums between them, and nothing of what they count.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, TypeVar

Cell = Hashable


class Count(NamedTuple):
    """A count: how many, from how many cases, and whether it is shown to anybody at all.

    What is never shown stands for a difference that a reader could work out. Of two counts that
    would do, the one that is `wanted` less is withheld.
    """

    n: int
    cases: int
    shown: bool = True
    wanted: int = 0


class Sum(NamedTuple):
    """A total and the parts that make it up."""

    total: Cell
    parts: tuple[Cell, ...]


def withheld(counts: Mapping[Cell, Count], sums: Iterable[Sum], threshold: int) -> frozenset[Cell]:
    """The counts that are not shown; those that are never shown are not among them.

    The sums have to hold. After it, no small count can be worked out from what is shown, nor be
    told to be less than `threshold` from any one sum.
    """
    sums = list(sums)
    small = {cell for cell, count in counts.items() if 0 < count.cases < threshold}
    unknown = small | {cell for cell, count in counts.items() if not count.shown and count.n}
    lines = [_line(each, counts) for each in sums]
    guard = _Guard(
        counts, [line for line in lines if line], small, unknown, threshold, _levels(sums)
    )
    guard.close()
    return frozenset(cell for cell in guard.unknown if counts[cell].shown)


def _line(each: Sum, counts: Mapping[Cell, Count]) -> dict[Cell, int]:
    """A sum as coefficients that come to nought; counts of nothing say nothing."""
    line = dict.fromkeys((part for part in each.parts if counts[part].n), 1)
    return {each.total: -1, **line} if counts[each.total].n else line


def _levels(sums: Iterable[Sum]) -> dict[Cell, int]:
    """How many sums stand one upon the other below each total; the smallest parts are not in it."""
    parts: dict[Cell, set[Cell]] = {}
    for each in sums:
        parts.setdefault(each.total, set()).update(each.parts)
    levels: dict[Cell, int] = {}

    def level(cell: Cell) -> int:
        if cell not in parts:
            return 0
        if cell not in levels:
            levels[cell] = 1 + max(map(level, parts[cell]), default=0)
        return levels[cell]

    for total in parts:
        level(total)
    return levels


@dataclass
class _Guard:
    counts: Mapping[Cell, Count]
    lines: Sequence[Mapping[Cell, int]]
    small: Collection[Cell]
    unknown: set[Cell]
    threshold: int
    levels: Mapping[Cell, int]

    def close(self) -> None:
        """Withhold the next smallest until no small count can be found."""
        while self._by_single_sums() or self._by_all_sums():
            pass

    def _by_single_sums(self) -> bool:
        """Sums in which the parts not shown come to too little; whether any was mended."""
        mended = False
        waiting = list(self.lines)
        while waiting:
            line = waiting.pop()
            if self._bare(line):
                self._withhold_one(line)
                mended = True
                waiting.append(line)
        return mended

    def _bare(self, line: Mapping[Cell, int]) -> bool:
        """Whether this sum says too much of a small count in it.

        Its unknown parts are at least 1 each; the bound that it gives for one of them has to reach
        the threshold, unless the total is unknown too.
        """
        unknown = [cell for cell in line if cell in self.unknown]
        if not any(cell in self.small for cell in unknown):
            return False
        if len(unknown) == 1:
            return True
        if any(line[cell] < 0 for cell in unknown):
            return False
        together = sum(self.counts[cell].n for cell in unknown)
        return together - (len(unknown) - 1) < self.threshold

    def _withhold_one(self, cells: Iterable[Cell]) -> None:
        """Withhold the smallest count that is still shown, of those that are wanted least."""
        open_ = [cell for cell in cells if cell not in self.unknown and self.counts[cell].n]
        self.unknown.add(min(open_, key=self._cost))

    def _cost(self, cell: Cell) -> tuple[int, int, int, str]:
        count = self.counts[cell]
        return count.wanted, self.levels.get(cell, 0), count.n, repr(cell)

    def _by_all_sums(self) -> bool:
        """Mend what combinations of sums give away of a small count; whether there was any."""
        found = False
        for cell, lines in _found(self.lines, self.unknown, self.small):
            used: dict[Cell, _Number] = {}
            for number, times in lines.items():
                for each, factor in self.lines[number].items():
                    used[each] = used.get(each, 0) + times * factor
            needed = [each for each, factor in used.items() if factor and each != cell]
            # What an earlier one of these has just made unknown mends this one too.
            if not any(each in self.unknown for each in needed):
                self._withhold_one(needed)
                found = True
        return found


_Number = int | Fraction  # nearly always whole, and then ten times as fast
_Row = dict[Cell, _Number]
_Lines = dict[int, _Number]


def _found(
    lines: Sequence[Mapping[Cell, int]], unknown: Collection[Cell], small: Collection[Cell]
) -> list[tuple[Cell, _Lines]]:
    """Small counts that can be worked out, each with the lines, and how often, that give it away.

    Gauss and Jordan's elimination over the unknown counts: one can be worked out if and only if a
    row of the reduced system holds it alone.
    """
    system = _System()
    for number, line in _telling(lines, unknown, small):
        system.add(dict(line), number)
    return [
        (cell, system.made_of[cell])
        for cell, row in system.rows.items()
        if len(row) == 1 and cell in small
    ]


def _telling(
    lines: Sequence[Mapping[Cell, int]], unknown: Collection[Cell], small: Collection[Cell]
) -> list[tuple[int, Mapping[Cell, int]]]:
    """The lines, on unknown counts alone, that can tell of a small one.

    A line with a count that is not small and stands in no other line tells of that count only.
    """
    left = {
        number: cut
        for number, line in enumerate(lines)
        if (cut := {cell: factor for cell, factor in line.items() if cell in unknown})
    }
    standing: dict[Cell, set[int]] = {}
    for number, line in left.items():
        for cell in line:
            standing.setdefault(cell, set()).add(number)
    waiting = [cell for cell, where in standing.items() if len(where) == 1 and cell not in small]
    while waiting:
        for number in list(standing[waiting.pop()]):
            for cell in left.pop(number):
                standing[cell].discard(number)
                if len(standing[cell]) == 1 and cell not in small:
                    waiting.append(cell)
    return list(left.items())


class _System:
    """Linear equations in reduced form: each row has a count that no other row holds."""

    def __init__(self) -> None:
        self.rows: dict[Cell, _Row] = {}
        self.made_of: dict[Cell, _Lines] = {}
        self._holding: dict[Cell, set[Cell]] = {}  # which rows hold a count

    def add(self, row: _Row, number: int) -> None:
        """Another equation; nothing changes if it follows from the others."""
        made: _Lines = {number: 1}
        for cell in [cell for cell in row if cell in self.rows]:
            self._take(row, made, cell, row[cell])
        if not row:
            return
        pivot = min(row, key=lambda cell: (abs(row[cell]) != 1, len(self._holding.get(cell, ()))))
        factor = row[pivot] if abs(row[pivot]) == 1 else 1 / Fraction(row[pivot])
        row = {cell: times * factor for cell, times in row.items()}
        made = {line: times * factor for line, times in made.items()}
        others = list(self._holding.get(pivot, ()))
        self.rows[pivot], self.made_of[pivot] = row, made
        for other in others:
            changed = self.rows[other]
            before = set(changed)
            self._take(changed, self.made_of[other], pivot, changed[pivot])
            for cell in before - changed.keys():
                self._holding[cell].discard(other)
            for cell in changed.keys() - before:
                self._holding.setdefault(cell, set()).add(other)
        for cell in row:
            self._holding.setdefault(cell, set()).add(pivot)

    def _take(self, row: _Row, made: _Lines, pivot: Cell, times: _Number) -> None:
        """Take a row off another so often that its pivot is gone."""
        _subtract(row, self.rows[pivot], times)
        _subtract(made, self.made_of[pivot], times)


_K = TypeVar("_K")


def _subtract(row: dict[_K, _Number], other: Mapping[_K, _Number], times: _Number) -> None:
    for each, factor in other.items():
        value = row.get(each, 0) - times * factor
        if value:
            row[each] = value
        else:
            row.pop(each, None)
