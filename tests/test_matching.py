"""Bodies over indexed facts: tests, joins, negation, what several bodies share."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cspr_core.matching import Index, Matcher, body_of
from cspr_core.program import FACT_TYPES, Operator, Pattern, Ref, eq
from cspr_core.program import Test as Check

Row = dict[str, Any]


def event(fid: int, **columns: Any) -> Row:
    return {**dict.fromkeys(FACT_TYPES["event"]), "fid": fid, **columns}


EVENTS = [
    event(1, name="asked", agency="police", date=10, stands="yes"),
    event(2, name="asked", agency="gp", date=12, stands="no"),
    event(3, name="back", agency="police", date=15, stands="yes"),
    event(4, name="back", agency="gp", stands="yes"),
    event(5, name="told", date=12, stands="yes"),
]


def ways(*body: Pattern, events: list[Row] = EVENTS) -> list[tuple[int, ...]]:
    """The numbers of the facts in each way in which a body holds."""
    firings = Matcher({7: body_of(body)}).run(Index({"event": events}))
    return [tuple(row["fid"] for row in bound) for bound in firings.get(7, ())]


def found(*tests: Check) -> list[int]:
    return [e for (e,) in ways(Pattern("e", "event", tests))]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (eq("name", "asked"), [1, 2]),
        (Check("name", "!=", "asked"), [3, 4, 5]),
        (Check("agency", "!=", "gp"), [1, 3]),  # what is unknown passes no test
        (Check("date", "<", 12), [1]),
        (Check("date", "<=", 12), [1, 2, 5]),
        (Check("date", ">", 12), [3]),
        (Check("date", ">=", 12), [2, 3, 5]),
        (Check("date", "known"), [1, 2, 3, 5]),
        (Check("date", "unknown"), [4]),
        (Check("agency", "in", ("gp", "housing")), [2, 4]),
    ],
)
def test_each_test(test: Check, expected: list[int]) -> None:
    assert found(test) == expected


def test_all_tests_of_a_pattern_hold() -> None:
    assert found(eq("name", "asked"), eq("stands", "yes"), Check("date", ">", 5)) == [1]


ASKED = Pattern(
    "a", "event", (eq("name", "asked"), Check("agency", "known"), Check("date", "known"))
)
BACK = (eq("name", "back"), eq("agency", Ref("a", "agency")))


def test_a_join_by_equality_and_by_order() -> None:
    later = Pattern("b", "event", (*BACK, Check("date", ">=", Ref("a", "date"))))
    assert ways(ASKED, later) == [(1, 3)]


def test_a_negated_pattern_holds_where_there_is_none() -> None:
    in_time = Pattern("n", "event", (*BACK, Check("date", "<", 20)), negated=True)
    assert ways(ASKED, in_time) == [(2,)]


def test_no_facts_of_the_type() -> None:
    assert ways(Pattern("c", "child")) == []
    assert ways(ASKED, Pattern("c", "child", negated=True)) == [(1,), (2,)]


def test_what_is_unknown_is_equal_to_nothing_not_even_to_what_is_unknown() -> None:
    # In bodies that no program holds: a program has to test first that what is joined is known.
    same = Pattern("b", "event", (eq("agency", Ref("a", "agency")),))
    assert ways(Pattern("a", "event", (eq("name", "told"),)), same) == []


def test_bodies_that_begin_alike_are_each_found() -> None:
    told = Pattern("t", "event", (eq("name", "told"),))
    renamed = Pattern("x", "event", ASKED.tests)
    bodies = {
        1: body_of([ASKED]),
        2: body_of([renamed, Pattern("y", "event", (eq("name", "told"),))]),
        3: body_of([ASKED, Pattern("y", "event", (eq("name", "gone"),))]),
        4: body_of([told]),
    }
    firings = Matcher(bodies).run(Index({"event": EVENTS}))
    numbers = {n: [[row["fid"] for row in b] for b in bound] for n, bound in firings.items()}
    assert numbers == {1: [[1], [2]], 2: [[1, 5], [2, 5]], 4: [[5]]}


def test_facts_put_in_place_of_others_are_found() -> None:
    matcher = Matcher({0: body_of([Pattern("f", "finding", (eq("requirement", "a"),))])})
    index = Index({"event": EVENTS, "finding": []})
    assert matcher.run(index) == {}
    finding = {"fid": -1, "requirement": "a"}
    index.replace("finding", [finding])
    assert matcher.run(index) == {0: [(finding,)]}
    assert index["event", "name"]["told"] == [EVENTS[4]]


_OPERATORS: dict[Operator, Any] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_rows = st.lists(
    st.builds(
        lambda name, agency, day: {"name": name, "agency": agency, "date": day},
        st.sampled_from(["asked", "back"]),
        st.sampled_from(["police", "gp", None]),
        st.one_of(st.none(), st.integers(1, 4)),
    ),
    max_size=6,
)


@given(_rows, st.sampled_from(sorted(_OPERATORS)), st.booleans())
def test_a_join_is_what_a_plain_loop_finds(rows: list[Row], op: Operator, negated: bool) -> None:  # noqa: FBT001
    events = [event(number, **row) for number, row in enumerate(rows)]
    other = Pattern("b", "event", (*BACK, Check("date", op, Ref("a", "date"))), negated)
    asked = [
        e
        for e in events
        if e["name"] == "asked" and e["agency"] is not None and e["date"] is not None
    ]
    pairs = [
        (a["fid"], b["fid"])
        for a, b in product(asked, events)
        if b["name"] == "back"
        and b["agency"] == a["agency"]
        and b["date"] is not None
        and _OPERATORS[op](b["date"], a["date"])
    ]
    expected: list[tuple[int, ...]] = list(pairs)
    if negated:
        expected = [(a["fid"],) for a in asked if a["fid"] not in {one for one, _ in pairs}]
    assert sorted(ways(ASKED, other, events=events)) == sorted(expected)
