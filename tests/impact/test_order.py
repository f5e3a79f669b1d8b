"""Which change of a finding is worse for its case: the table of `docs/impact.md`, by hand."""

from itertools import combinations
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cspr_core.impact.order import Moved, State, direction, severity
from cspr_core.program import STATUSES

MOVED = get_args(Moved)
states = st.none() | st.builds(
    State,
    st.sampled_from(STATUSES),
    st.sampled_from([None, "yes", "no"]),
    st.sampled_from(["must", "should"]),
)


def must(status: str) -> State:
    return State(status, None, "must")


def should(status: str) -> State:
    return State(status, None, "should")


@pytest.mark.parametrize(
    ("better", "worse"),
    list(
        combinations(
            ["met", "upcoming", "excused", "met_late", "undetermined", "overdue", "breached"], 2
        )
    ),
)
def test_from_done_to_past_mending(better: str, worse: str) -> None:
    assert direction(must(better), must(worse), "same") == "worse"
    assert direction(must(worse), must(better), "same") == "better"


@pytest.mark.parametrize("unasked", [None, must("pending"), must("not_applicable")])
@pytest.mark.parametrize(
    ("asked", "when_asked"),
    [
        ("met", "other"),
        ("upcoming", "other"),
        ("excused", "other"),
        ("met_late", "worse"),
        ("undetermined", "worse"),
        ("overdue", "worse"),
        ("breached", "worse"),
    ],
)
def test_what_was_not_asked_gets_worse_only_where_it_is_wrong(
    unasked: State | None, asked: str, when_asked: str
) -> None:
    assert direction(unasked, must(asked), "same") == when_asked
    # A wrong that nobody asks about any more is not put right.
    assert direction(must(asked), unasked, "same") == "other"


@pytest.mark.parametrize(
    ("moved", "expected"),
    [("earlier", "worse"), ("given", "worse"), ("later", "better"), ("taken", "better")],
)
def test_a_date_counts_while_something_is_left_to_do(moved: Moved, expected: str) -> None:
    for status in ("upcoming", "excused", "undetermined", "overdue"):
        assert direction(must(status), must(status), moved) == expected
    for status in ("met", "met_late", "breached", "pending", "not_applicable"):
        assert direction(must(status), must(status), moved) == "other"


@pytest.mark.parametrize("status", ["upcoming", "excused", "undetermined", "overdue"])
def test_how_binding_goes_before_the_date(status: str) -> None:
    assert direction(should(status), must(status), "later") == "worse"
    assert direction(must(status), should(status), "earlier") == "better"


def test_what_is_late_or_past_mending_weighs_more_as_a_must() -> None:
    assert direction(should("met_late"), must("met_late"), "same") == "worse"
    assert direction(should("breached"), must("breached"), "same") == "worse"


def test_how_binding_says_nothing_of_what_is_met_or_not_asked() -> None:
    for status in ("met", "pending", "not_applicable"):
        assert direction(should(status), must(status), "same") == "other"


def test_the_status_goes_before_how_binding() -> None:
    assert direction(must("upcoming"), should("overdue"), "same") == "worse"


def test_another_answer_alone_is_neither() -> None:
    old, new = State("upcoming", "unknown", "must"), State("upcoming", "no", "must")
    assert direction(old, new, "same") == "other"


def test_the_worst_standing_is_told_first_then_who_came_farthest() -> None:
    changes = [
        (must("met"), must("overdue")),
        (must("undetermined"), must("breached")),
        (must("upcoming"), must("overdue")),
        (must("met"), must("breached")),
    ]
    ordered = sorted(changes, key=lambda change: severity(*change))
    assert [(a.status, b.status) for a, b in ordered] == [
        ("met", "breached"),
        ("undetermined", "breached"),
        ("met", "overdue"),
        ("upcoming", "overdue"),
    ]


@settings(max_examples=50)  # there are a few hundred in all
@given(states, states, st.sampled_from(MOVED))
def test_there_and_back_is_never_worse_both_ways(
    old: State | None, new: State | None, moved: Moved
) -> None:
    back: dict[Moved, Moved] = {
        "earlier": "later",
        "later": "earlier",
        "given": "taken",
        "taken": "given",
        "same": "same",
    }
    both = {direction(old, new, moved), direction(new, old, back[moved])}
    assert both in ({"worse", "better"}, {"worse", "other"}, {"other"})


@settings(max_examples=50)
@given(states, st.sampled_from(MOVED))
def test_anything_that_becomes_breached_is_worse(old: State | None, moved: Moved) -> None:
    new = must("breached")
    was_breached = old is not None and old.status == "breached"
    assert was_breached or direction(old, new, moved) == "worse"
