"""Matches as closures over indexed facts: tests, joins, negation."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cspr_core.matching import Hit, Index, compile_match, compile_rows
from cspr_core.program import FACT_TYPES, Match, Operator, Pattern, Ref, eq
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


def found(*tests: Check) -> list[int]:
    rows = compile_rows([Pattern("e", "event", tests)])(Index({"event": EVENTS}))
    return [bound["e"]["fid"] for bound in rows]


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


def hits(match: Match, events: list[Row] = EVENTS) -> list[Hit]:
    return compile_match(match)(Index({"event": events}))


def test_a_join_by_equality_and_by_order() -> None:
    later = Pattern("b", "event", (*BACK, Check("date", ">=", Ref("a", "date"))))
    match = Match("t", (ASKED, later), Ref("b"), None, (Ref("a"), Ref("b")))
    assert hits(match) == [Hit("t", "", 3, (1, 3))]


def test_a_negated_pattern_holds_where_there_is_none() -> None:
    in_time = Pattern("n", "event", (*BACK, Check("date", "<", 20)), negated=True)
    match = Match("t", (ASKED, in_time), Ref("a", "agency"), Ref("a", "agency"), (Ref("a"),))
    assert hits(match) == [Hit("t", "gp", "gp", (2,))]


def test_a_split_tag() -> None:
    match = Match("t", (ASKED,), Ref("a"), split=Ref("a", "stands"))
    assert [hit.tag for hit in hits(match)] == ["t.yes", "t.no"]


def test_no_facts_of_the_type() -> None:
    match = Match("t", (Pattern("c", "child"),), Ref("c"))
    assert compile_match(match)(Index({})) == []
    nobody = Match("t", (ASKED, Pattern("c", "child", negated=True)), Ref("a"))
    assert len(hits(nobody)) == 2


def test_facts_put_in_place_of_others_are_found() -> None:
    index = Index({"event": EVENTS, "finding": []})
    assert index.find("finding", ("requirement",), ("a",)) == ()
    index.replace("finding", [{"fid": -1, "requirement": "a"}])
    assert index.find("finding", ("requirement",), ("a",)) == [{"fid": -1, "requirement": "a"}]
    assert index.find("event", ("name",), ("told",)) == [EVENTS[4]]


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
    key = Ref("a") if negated else Ref("b")
    match = Match("t", (ASKED, other), key, None, (Ref("a"),))
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
    if negated:
        expected = [
            (a["fid"], a["fid"]) for a in asked if a["fid"] not in {one for one, _ in pairs}
        ]
    else:
        expected = pairs
    assert sorted((hit.evidence[0], hit.key) for hit in hits(match, events)) == sorted(expected)
