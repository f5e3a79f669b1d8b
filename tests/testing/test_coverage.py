"""What scenarios cover: which statuses a requirement can come to, and which are shown."""

from __future__ import annotations

import pytest

from cspr_core.check import nation_alone, rules_for
from cspr_core.program import STATUSES
from cspr_core.scenarios import scenarios_in
from cspr_core.testing.coverage import Coverage, Covered, coverage_of, possible
from cspr_core.testing.suites import suite_of
from tests import scenarios
from tests.testing.areas import Area


def _possible(area: Area, name: str) -> set[str]:
    rules = suite_of(str(area.folder)).rules
    return set(possible(rules, rules.by_id[f"testshire.{name}"]))


def test_a_deadline_without_delay_or_exception_is_never_excused(area: Area) -> None:
    # docs/how-it-decides.md, the row of deadlines, without a window: never breached but by minutes
    assert _possible(area, "information_return") == set(STATUSES) - {"excused"}


def test_a_step_without_a_limit_is_never_late_or_overdue(area: Area) -> None:
    found = _possible(area, "terms")
    assert found == {"met", "upcoming", "breached", "pending", "not_applicable"}


def test_without_a_day_of_coming_into_force_nothing_is_too_early_for_the_rules(area: Area) -> None:
    assert "not_applicable" in _possible(area, "quorum")
    area.change("in_force_from: 2020-12,", "in_force_from: null,")
    assert "not_applicable" not in _possible(area, "quorum")


@pytest.mark.parametrize(
    ("name", "never"),
    [
        ("decision", {"breached", "excused"}),  # a limit taken over, that nothing can shut
        ("serious_case", set(STATUSES) - {"met", "undetermined"}),
        # the answer is yes, no or unknown, and the child is always there: never pending
        ("looked_after_death", {"met_late", "overdue", "breached", "pending", "excused"}),
        ("final_report", {"undetermined", "excused"}),
    ],
)
def test_what_a_national_duty_never_comes_to(name: str, never: set[str]) -> None:
    rules = nation_alone()
    assert set(possible(rules, rules.by_id[f"national.{name}"])) == set(STATUSES) - never


@pytest.mark.parametrize("name", scenarios.areas())
def test_no_scenario_shows_a_status_that_is_said_to_be_impossible(name: str) -> None:
    rules = rules_for(name)
    paths = list(scenarios_in(scenarios.PLUGINS / name / "scenarios"))[::4]
    for expected in (e for path in paths for e in scenarios.read(path).scenario.expect):
        can = possible(rules, rules.by_id[expected.requirement])
        assert expected.status in can, expected


def test_the_share_is_of_requirement_and_status() -> None:
    rules = nation_alone()
    lowered = [rules.by_id["national.serious_case"], rules.by_id["national.publish"]]
    shown = {"national.serious_case": {"met"}, "national.publish": {"met", "pending"}}
    found = coverage_of(rules, lowered, shown)
    # met and undetermined; met, upcoming, pending and not applicable: three of six
    assert (found.shown, found.possible, found.percent) == (3, 6, 50.0)
    assert [(c.requirement, c.missing) for c in found.requirements] == [
        ("national.publish", ("upcoming", "not_applicable")),
        ("national.serious_case", ("undetermined",)),
    ]


def test_a_requirement_that_no_scenario_shows_is_named() -> None:
    assert Coverage((Covered("a.b", ("met",), ()),)).untouched == ("a.b",)


def test_of_nothing_everything_is_covered() -> None:
    assert Coverage(()).percent == 100.0
