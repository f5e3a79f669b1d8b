"""Conditions as bits: and, or, not and the first that holds, by hand and against plain lists."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

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

# Nine slots, so that the second byte is not full.
ODD = [True, False, True, False, True, False, True, False, True]
EARLY = [True, True, True, True, False, False, False, False, False]


def bits(there: list[bool]) -> Bits:
    return bits_of(np.array(there))


def slots(found: Bits, count: int = 9) -> list[bool]:
    return truths(found, count).tolist()


def test_and_or_and_not_by_hand() -> None:
    assert slots(every([bits(ODD), bits(EARLY)])) == [True, False, True] + [False] * 6
    assert slots(some([bits(ODD), bits(EARLY)])) == [True] * 5 + [False, True, False, True]
    assert slots(~bits(ODD)) == [False, True] * 4 + [False]


def test_what_holds_everywhere_or_nowhere_has_no_bits() -> None:
    odd = bits(ODD)
    assert every([]) is EVERYWHERE
    assert some([]) is NOWHERE
    assert every([odd, EVERYWHERE]) is odd
    assert some([NOWHERE, odd, odd]) is odd
    assert every([odd, NOWHERE]) is NOWHERE
    assert some([odd, EVERYWHERE]) is EVERYWHERE
    assert ~EVERYWHERE is NOWHERE
    assert slots(EVERYWHERE, 2) == [True, True]
    assert slots(NOWHERE, 2) == [False, False]


def test_what_is_put_together_stays_as_it_was() -> None:
    odd, early = bits(ODD), bits(EARLY)
    every([odd, early, ~odd])
    some([odd, early, ~odd])
    assert (slots(odd), slots(early)) == (ODD, EARLY)
    assert ~~odd is odd


def test_the_first_condition_that_holds_has_the_slot() -> None:
    # Slots 0 to 3 are early. Of the others 4, 6 and 8 are odd ones; 5 and 7 are left.
    first = first_of([(3, bits(EARLY)), (1, bits(ODD)), (2, EVERYWHERE)])
    assert numbers_of(first, 9).tolist() == [3, 3, 3, 3, 1, 2, 1, 2, 1]
    assert slots(first[1]) == [False] * 4 + [True, False, True, False, True]


def test_where_no_condition_holds_the_number_is_0() -> None:
    assert numbers_of(first_of([(1, bits(ODD))]), 9).tolist() == [1, 0, 1, 0, 1, 0, 1, 0, 1]
    assert numbers_of({}, 2).tolist() == [0, 0]


def test_numbers_of_256_and_more() -> None:
    first = first_of([(255, bits(EARLY)), (256, bits(ODD)), (1000, EVERYWHERE)])
    expected = [255, 255, 255, 255, 256, 1000, 256, 1000, 256]
    assert numbers_of(first, 9).tolist() == expected


def rows_of(count: int) -> st.SearchStrategy[list[list[bool]]]:
    return st.lists(st.lists(st.booleans(), min_size=count, max_size=count), max_size=5)


@given(st.integers(0, 20).flatmap(rows_of))
def test_as_plain_lists_have_it(rows: list[list[bool]]) -> None:
    count = len(rows[0]) if rows else 3
    held = [bits(row) for row in rows]
    assert slots(every(held), count) == [all(row[n] for row in rows) for n in range(count)]
    assert slots(some(held), count) == [any(row[n] for row in rows) for n in range(count)]
    numbered = [*enumerate(held, 1), (0, EVERYWHERE)]
    first = [next((k for k, row in enumerate(rows, 1) if row[n]), 0) for n in range(count)]
    assert numbers_of(first_of(numbered), count).tolist() == first
