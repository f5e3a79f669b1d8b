"""Chance: within its bounds, near its means, and the same wherever it is drawn."""

import pytest

from cspr_core.simulating.dice import Dice


def test_a_name_draws_the_same_again_and_another_name_something_else() -> None:
    drawn = [Dice("1/barset/1").random() for _ in range(2)]

    assert drawn[0] == drawn[1] != Dice("1/barset/2").random()


def test_what_is_drawn_is_what_every_python_draws() -> None:
    # The same from another maker of such numbers: numpy.random.RandomState, seeded with the four
    # 32-bit words of the BLAKE2b digest of the name, gives 0.689735046 as its first.
    assert Dice("1/barset/1").whole(0, 10**9) == 689_735_046


@pytest.mark.parametrize(("percent", "always"), [(0, False), (100, True)])
def test_none_in_a_hundred_is_never_and_a_hundred_always(percent: float, *, always: bool) -> None:
    dice = Dice("shares")

    assert {dice.share(percent) for _ in range(500)} == {always}


def test_a_whole_number_takes_both_its_ends_and_nothing_beyond() -> None:
    dice = Dice("whole")

    assert {dice.whole(3, 5) for _ in range(200)} == {3, 4, 5}


def test_some_of_several_keep_their_order() -> None:
    dice = Dice("some")

    for n in range(6):
        found = dice.some("abcd", n)
        assert len(found) == min(n, 4)
        assert found == sorted(found)


def test_words_come_by_their_shares() -> None:
    dice = Dice("among")
    drawn = [dice.among(("a", "b"), (20.0, 100.0)) for _ in range(2_000)]

    # 400 are expected, with a standard deviation of the root of 2000 x 0.2 x 0.8: 18
    assert drawn.count("a") == pytest.approx(400, abs=4 * 18)


@pytest.mark.parametrize("mean", [1, 7, 240])
def test_a_tail_is_its_mean_on_average(mean: int) -> None:
    dice = Dice("tail")
    drawn = [dice.tail(mean) for _ in range(4_000)]

    # The deviation of one draw is about mean + 0.5, of the mean of 4,000 a 63rd of that.
    assert sum(drawn) / len(drawn) == pytest.approx(mean, abs=4 * (mean + 0.5) / 63)
    assert min(drawn) == 0


def test_a_tail_without_a_mean_is_nothing() -> None:
    assert Dice("tail").tail(0) == 0
