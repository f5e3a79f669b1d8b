"""Playing scenarios: what is compared, and that fewer rules come to the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cspr_core.check import Rules, rules_for
from cspr_core.kinds import Lowered
from cspr_core.plugins import PluginError
from cspr_core.program import Match, Pattern, Program, Ref, Row, eq
from cspr_core.scenarios import read_scenario, scenarios_in
from cspr_core.testing.playing import Replay, dependents, narrowed, needs
from cspr_core.testing.suites import HOME, nation_alone, suite_of
from tests import scenarios
from tests.builders import lowered
from tests.testing.areas import GOOD, RETURN, Area

AREAS = ("national", *scenarios.areas())


def _rules(area: Area) -> Rules:
    return suite_of(str(area.folder)).rules


def _replay(area: Area, rest: str = GOOD) -> Replay:
    return Replay(read_scenario(area.scenario(rest)), _rules(area))


@pytest.mark.slow
@pytest.mark.parametrize("name", AREAS)
def test_the_rules_that_a_scenario_needs_come_to_the_same_as_all(name: str) -> None:
    rules = nation_alone() if name == "national" else rules_for(name)
    folder = HOME if name == "national" else scenarios.PLUGINS / name
    paths = list(scenarios_in(folder / "scenarios"))[::8]  # one in eight shows every kind
    assert paths
    for path in paths:
        replay = Replay(read_scenario(path), rules)
        few = narrowed(rules, replay.requirements)
        assert replay.results(few) == replay.results(engines="reference"), path.name


def test_a_requirement_brings_along_what_it_reads_and_copies() -> None:
    few = narrowed(nation_alone(), ["national.decision"])
    # the decision takes over the rapid review's limit, which reads whether it is a serious case
    assert sorted(few.by_id) == [
        "national.decision",
        "national.rapid_review",
        "national.serious_case",
    ]


def test_what_nobody_knows_brings_along_nothing() -> None:
    assert narrowed(nation_alone(), ["national.nothing"]).by_id == {}


def _reading(name: str, *tests: object) -> Lowered:
    """A requirement whose program reads findings; of which, `tests` say."""
    one = lowered("kind: advice\nstage: review")
    pattern = Pattern("f", "finding", tests)  # type: ignore[arg-type]
    program = Program(name, (Match("f", (pattern,), Ref("f")),), (Row("pending"),))
    requirement = one.requirement.model_copy(update={"id": name})
    return replace(one, requirement=requirement, program=program)


def test_one_that_may_read_any_finding_needs_all_rules() -> None:
    nation = nation_alone()
    plugin = replace(nation.plugin, lowered=(_reading("national.any"),))
    rules = Rules(plugin, nation.nation)
    assert needs(rules.by_id["national.any"]) is None
    assert narrowed(rules, ["national.any"]) is rules
    assert "national.any" in dependents(rules, "national.publish")


def test_what_depends_on_a_requirement_depends_on_what_it_reads() -> None:
    found = dependents(nation_alone(), "national.serious_case")
    # explain_delay reads publish_6_months, which reads nothing of the beginning
    assert {"national.serious_case", "national.rapid_review", "national.decision"} <= found
    assert "national.explain_delay" not in found
    assert dependents(nation_alone(), "national.publish_6_months") == {
        "national.publish_6_months",
        "national.explain_delay",
    }


def test_several_requirements_read_at_once_are_all_needed() -> None:
    one = _reading("x.y", eq("requirement", "a.b"))
    assert needs(one) == {"a.b"}


# --- what is compared -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("binding: must", ()),
        ("binding: should", ("binding",)),
        ("counted_from: information_requested", ()),
        ("counted_from: aware", ("counted_from",)),
        ("counted_from: null", ("counted_from",)),
        ("due: 2026-03-20, done: 2026-03-18", ("due", "done")),
    ],
)
def test_each_value_that_is_written_is_compared(
    area: Area, said: str, wrong: tuple[str, ...]
) -> None:
    (result,) = _replay(
        area, f"expect: [{{{RETURN}, as_of: 2026-03-19, status: upcoming, {said}, because: x}}]\n"
    ).results()
    assert result.wrong == wrong


def test_every_expectation_is_held_against_the_rules(area: Area) -> None:
    replay = _replay(area, GOOD + GOOD.partition("\n")[2].replace("19, status", "20, status"))
    # on 20 March the due date of the 19th has passed
    assert replay.failing() == (1,)
    assert replay.failing(only=["testshire.terms"]) == ()


def test_other_rules_can_be_given(area: Area) -> None:
    replay = _replay(area)
    area.change("{n: 7,", "{n: 8,")
    assert replay.failing(_rules(area)) == (0,)
    assert replay.failing(narrowed(_rules(area), ["testshire.terms"])) == (0,)  # no such rule left


def test_a_hook_that_fails_is_told(area: Area) -> None:
    rules = _rules(area)

    class Broken:
        class hook:  # noqa: N801
            @staticmethod
            def cspr_facts(**_: object) -> object:
                raise ValueError

    broken = Rules(replace(rules.plugin, hooks=Broken), rules.nation)
    with pytest.raises(PluginError, match="testshire"):
        Replay(read_scenario(area.scenario()), broken).failing()
