"""Several engines held against each other: what is a difference, and what is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from cspr_core.engine.compared import Compared, EnginesDifferError
from cspr_core.engine.plan import Fire, Plan
from cspr_core.engine.reference import ReferenceEngine
from cspr_core.matching import Bound, Firings, Rows
from cspr_core.program import Count, Every, Match, Pattern, Program, Ref, Row, eq
from tests.engine.handmade import fact

Changed = Mapping[int, Sequence[Bound]]
AWARE = Pattern("e", "event", (eq("name", "aware"),))
TOLD = Pattern("f", "event", (eq("name", "told"),))
FACTS: dict[str, list[dict[str, Any]]] = {
    "event": [fact("event", 1, name="aware"), fact("event", 2, name="aware")]
}


def asks(name: str, *body: Pattern) -> Program:
    rows = (Row("met", Count("t"), "t", ("t",)), Row("upcoming", Every()))
    return Program(name, (Match("t", body, Ref(body[0].alias), None, (Ref(body[0].alias),)),), rows)


class Altered:
    """The reference engine, with something done to what fires."""

    name = "altered"

    def __init__(self, plan: Plan, change: Any) -> None:
        self.engine, self.change = ReferenceEngine(plan), change

    @contextmanager
    def case(self) -> Iterator[Fire]:
        with self.engine.case() as fire:

            def fire_otherwise(rows: Rows, stratum: int) -> Firings:
                found: Firings = self.change({k: list(v) for k, v in fire(rows, stratum).items()})
                return found

            yield fire_otherwise


def answered(change: Any, *programs: Program) -> Any:
    plan = Plan(programs or [asks("area.one", AWARE), asks("area.two", TOLD)])
    return Compared(plan, [ReferenceEngine(plan), Altered(plan, change)]).run(FACTS)


def test_the_order_in_which_bodies_fire_is_no_difference() -> None:
    found = answered(lambda fired: {body: list(reversed(ways)) for body, ways in fired.items()})
    assert [(d.requirement, d.status, d.evidence) for d in found] == [
        ("area.one", "met", (("t", 1), ("t", 2))),
        ("area.two", "upcoming", ()),
    ]


OTHER = fact("event", 3, name="aware")


@pytest.mark.parametrize(
    "change",
    [
        lambda _: {},
        lambda fired: {**fired, 1: [(FACTS["event"][0],)]},
        lambda fired: {0: fired[0][:1]},
        lambda fired: {0: [*fired[0], fired[0][0]]},
        lambda fired: {0: [fired[0][0], (OTHER,)]},
        lambda fired: {0: [fired[0][0], (dict(FACTS["event"][1]),)]},  # equal, but not the same
    ],
    ids=["nothing", "another body", "one less", "one twice", "another fact", "a copy"],
)
def test_a_difference_gives_no_result(change: Any) -> None:
    with pytest.raises(EnginesDifferError, match=r"differ on area\.\w+ \(reference, altered"):
        answered(change)


@pytest.mark.parametrize(
    "change",
    [lambda fired: {0: [(OTHER,)]}, lambda fired: {0: [(*fired[0][0], OTHER)]}],
    ids=["another fact", "a fact more"],
)
def test_a_difference_in_the_only_way_is_seen(change: Any) -> None:
    alone = Pattern("e", "event", (*AWARE.tests, eq("fid", 1)))
    with pytest.raises(EnginesDifferError, match=r"Nothing was decided\. Please report this line"):
        answered(change, asks("area.one", alone))


def test_requirements_that_ask_the_same_are_named_together() -> None:
    renamed = Pattern("x", "event", AWARE.tests)
    with pytest.raises(EnginesDifferError, match=r"differ on area\.one, area\.two \("):
        answered(lambda _: {}, asks("area.one", AWARE), asks("area.two", renamed))


def test_a_difference_in_what_findings_say_is_seen_in_their_stratum() -> None:
    told = Pattern("w", "finding", (eq("requirement", "area.one"), eq("status", "met")))
    programs = asks("area.one", AWARE), asks("area.two", told)
    with pytest.raises(EnginesDifferError, match=r"differ on area\.two "):
        answered(lambda fired: {n: ways for n, ways in fired.items() if n == 0}, *programs)


def test_one_engine_is_enough() -> None:
    plan = Plan([asks("area.one", AWARE)])
    alone = Compared(plan, [ReferenceEngine(plan)])
    assert alone.names == ("reference",)
    assert alone.run(FACTS) == ReferenceEngine(plan).run(FACTS)
