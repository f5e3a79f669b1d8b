"""Which counts are withheld: small ones, and those that would give them away.

The attacker of these tests knows every sum and every count that is shown, and looks by linear
algebra for a small count that follows from them. Ranks are found by numpy, not by our elimination.
"""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cspr_core.statistics.suppression import Cell, Count, Sum, withheld


def plain(**numbers: int) -> dict[Cell, Count]:
    """Counts that rest on as many cases as they count."""
    return {name: Count(n, n) for name, n in numbers.items()}


def recovered(
    counts: dict[Cell, Count], sums: list[Sum], hidden: frozenset[Cell], threshold: int
) -> set[Cell]:
    """The small counts that follow from what is shown."""
    unknown = [c for c, count in counts.items() if c in hidden or (not count.shown and count.n)]
    at = {cell: n for n, cell in enumerate(unknown)}
    rows = np.zeros((len(sums), len(unknown)))
    for row, each in zip(rows, sums, strict=True):
        for cell in each.parts:
            if cell in at:
                row[at[cell]] += 1
        if each.total in at:
            row[at[each.total]] -= 1
    rank = np.linalg.matrix_rank(rows) if rows.size else 0
    small = [cell for cell in unknown if 0 < counts[cell].cases < threshold]
    return {
        cell
        for cell in small
        if np.linalg.matrix_rank(np.vstack([rows, np.eye(len(unknown))[at[cell]]])) == rank
    }


# --- by hand ------------------------------------------------------------------------------------


def test_nothing_is_withheld_where_nothing_is_small() -> None:
    counts = plain(a=0, b=5, c=20, total=25)
    assert withheld(counts, [Sum("total", ("a", "b", "c"))], 5) == frozenset()


@pytest.mark.parametrize(("n", "small"), [(0, False), (1, True), (4, True), (5, False)])
def test_small_is_from_one_up_to_below_the_threshold(n: int, *, small: bool) -> None:
    assert (withheld(plain(a=n), [], 5) == {"a"}) is small


def test_a_count_is_small_by_its_cases_not_by_what_it_counts() -> None:
    # Eight findings, all of two cases: two families.
    assert withheld({"a": Count(8, 2), "b": Count(8, 8)}, [], 5) == {"a"}


def test_the_next_smallest_goes_with_a_single_small_count() -> None:
    # 33 - 10 - 20 would give the 3 away; of 10, 20 and 33 the smallest is 10.
    counts = plain(a=3, b=10, c=20, total=33)
    assert withheld(counts, [Sum("total", ("a", "b", "c"))], 5) == {"a", "b"}


def test_two_small_counts_protect_each_other() -> None:
    # a + b = 6: a may be 1 to 5, as far as anybody can tell.
    counts = plain(a=2, b=4, c=20, total=26)
    assert withheld(counts, [Sum("total", ("a", "b", "c"))], 5) == {"a", "b"}


def test_two_counts_that_come_to_too_little_do_not() -> None:
    # a + b = 2, and neither is nought: each would be 1. So c goes too.
    counts = plain(a=1, b=1, c=20, d=30, total=52)
    assert withheld(counts, [Sum("total", ("a", "b", "c", "d"))], 5) == {"a", "b", "c"}


def test_a_total_that_is_small_itself_protects_its_only_part() -> None:
    counts = plain(a=3, b=0, total=3)
    assert withheld(counts, [Sum("total", ("a", "b"))], 5) == {"a", "total"}


def test_the_total_goes_where_there_is_no_other_part() -> None:
    # The parts rest on the same few cases, the total on more (of which the rest is not told).
    counts = {"a": Count(9, 4), "total": Count(9, 9)}
    assert withheld(counts, [Sum("total", ("a",))], 5) == {"a", "total"}


def test_noughts_are_never_withheld() -> None:
    counts = plain(a=0, b=2, c=0, d=9, total=11)
    assert withheld(counts, [Sum("total", ("a", "b", "c", "d"))], 5) == {"b", "d"}


def test_a_difference_that_nobody_prints_is_protected() -> None:
    # 38 of 40 on time: the 2 that were not are a difference.
    counts = {**plain(on_time=38, due=40), "not": Count(2, 2, shown=False)}
    assert withheld(counts, [Sum("due", ("on_time", "not"))], 5) == {"on_time"}


def test_in_a_table_rows_and_columns_are_closed() -> None:
    #        x   y | all
    #   a    3  10 |  13     a,x is small; 13 - 10 and 23 - 20 give it away: a,y and b,x go.
    #   b   20  30 |  50     Then 40 - 30 gives a,y away, and with it a,x: b,y goes.
    #  all  23  40 |  63
    counts = plain(ax=3, ay=10, bx=20, by=30, a=13, b=50, x=23, y=40, all=63)
    sums = [
        Sum("a", ("ax", "ay")),
        Sum("b", ("bx", "by")),
        Sum("x", ("ax", "bx")),
        Sum("y", ("ay", "by")),
        Sum("all", ("a", "b")),
        Sum("all", ("x", "y")),
    ]
    assert withheld(counts, sums, 5) == {"ax", "ay", "bx", "by"}


def test_what_is_wanted_most_goes_last() -> None:
    # As above 10 would be the next smallest, but it is wanted: 20 goes.
    counts = {**plain(a=3, c=20, total=33), "b": Count(10, 10, wanted=1)}
    assert withheld(counts, [Sum("total", ("a", "b", "c"))], 5) == {"a", "c"}


def test_a_combination_of_sums_gives_nothing_away() -> None:
    # total = p + q + r and other = q + r + z: total - (other - z) is p, though no sum alone has
    # one unknown part. p is small; q and r are small too. Some of z, total and other must go.
    counts = plain(p=4, q=3, r=3, z=50, total=10, other=56)
    sums = [Sum("total", ("p", "q", "r")), Sum("other", ("q", "r", "z"))]
    hidden = withheld(counts, sums, 5)
    assert {"p", "q", "r"} < hidden
    assert not recovered(counts, sums, hidden, 5)


def test_the_attacker_of_these_tests_finds_what_is_there_to_find() -> None:
    counts = plain(p=4, q=3, r=3, z=50, total=10, other=56)
    sums = [Sum("total", ("p", "q", "r")), Sum("other", ("q", "r", "z"))]
    assert recovered(counts, sums, frozenset("pqr"), 5) == {"p"}


# --- for all tables -----------------------------------------------------------------------------

_NUMBERS = st.one_of(st.just(0), st.integers(1, 6), st.integers(1, 60))


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[Cell, Count], list[Sum]]:
    """Rows and columns with all their totals, and in each cell a part that is never shown."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    counts: dict[Cell, Count] = {}
    places = list(product(range(rows), range(columns), ("part", "rest")))
    for place in places:
        n = draw(_NUMBERS)
        counts[place] = Count(n, draw(st.integers(min(n, 1), n)), shown=place[2] == "part")
    sums: list[Sum] = []

    def total(name: Cell, parts: list[Cell]) -> None:
        found = [counts[part] for part in parts]
        counts[name] = Count(sum(c.n for c in found), sum(c.cases for c in found))
        sums.append(Sum(name, tuple(parts)))

    for r, c in product(range(rows), range(columns)):
        total((r, c), [(r, c, "part"), (r, c, "rest")])
    for r in range(rows):
        total((r, "all"), [(r, c) for c in range(columns)])
    for c in range(columns):
        total(("all", c, "part"), [(r, c, "part") for r in range(rows)])
    total("all", [(r, "all") for r in range(rows)])
    return counts, sums


@settings(max_examples=60)
@given(tables(), st.integers(2, 6))
def test_no_small_count_can_be_worked_out(
    table: tuple[dict[Cell, Count], list[Sum]], threshold: int
) -> None:
    counts, sums = table
    hidden = withheld(counts, sums, threshold)
    small = {c for c, n in counts.items() if n.shown and 0 < n.cases < threshold}
    assert small <= hidden
    assert not recovered(counts, sums, hidden, threshold)
    assert all(counts[cell].n for cell in hidden)


@given(st.lists(_NUMBERS, min_size=1, max_size=6), st.integers(2, 6))
def test_a_sum_never_tells_that_a_part_is_below_the_threshold(
    numbers: list[int], threshold: int
) -> None:
    counts = plain(**{f"p{n}": each for n, each in enumerate(numbers)}, total=sum(numbers))
    hidden = withheld(counts, [Sum("total", tuple(c for c in counts if c != "total"))], threshold)
    parts = hidden - {"total"}
    if parts and "total" not in hidden:
        together = sum(counts[part].n for part in parts)
        assert together - (len(parts) - 1) >= threshold
