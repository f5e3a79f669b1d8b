"""Scenarios: how they are read, merged and played, and what a mistake in one is answered with.

The scenarios that areas bring along are played by the core's own pytest plugin, from `plugins/`.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from cspr_core.check import rules_for
from cspr_core.plugins import PluginError, load
from cspr_core.reading.problems import BadInput
from cspr_core.scenarios import read_scenario, scenarios_in
from cspr_core.testing.difference import failure_of
from cspr_core.testing.playing import Player
from tests import scenarios

ARRANGEMENTS = """\
schema: cspr.arrangements/1
partnership: northamptonshire
name: An area for this test
covers:
  - {document: Guidance, dated: 2020-12, in_force_from: 2020-12, checked: 2026-11-21}
requirements:
  - id: information_return
    kind: deadline
    title: Agencies return the template
    stage: rapid_review
    for_each: {agency: involved}
    within: {n: 7, unit: working_days, of: {event: information_requested, same: agency}}
    met_by: {event: information_returned, same: agency}
    source: {section: Rapid Review}
  - id: briefing
    kind: step
    title: The briefing is written
    stage: learning
    met_by: {event: learning_briefing}
    source: {section: Rapid Review}
"""
BASE = """\
schema: cspr.case/1
case: NH-2025-01
partnership: northamptonshire
children:
  - {id: child_1, outcome: died}
incident: {date: 2025-03-03, area: northamptonshire, abuse_or_neglect: known}
agencies:
  police: {involved: yes}
groups:
  review_group: {members: [p1, p2]}
people:
  p1: {agency: police}
  p2: {agency: police}
events:
  - {type: aware, by: local_authority, date: 2025-03-04}
  - {type: information_requested, agency: police, date: 2025-04-14}
"""
# 14 April 2025 is a Monday: 15, 16, 17 (3); Good Friday, weekend, Easter Monday; 22 to 25 (7).
MET = "requirement: northamptonshire.information_return, subject: police"


def _scenario(folder: Path, rest: str, *, base: str = BASE) -> Path:
    """A scenario file of three lines and `rest`, beside its base."""
    (folder / "base.yaml").write_text(base, encoding="utf-8")
    path = folder / "scenario.yaml"
    head = "schema: cspr.scenario/1\ntitle: A title\nbase: base.yaml\n"
    path.write_text(head + dedent(rest), encoding="utf-8")
    return path


@pytest.fixture
def area(tmp_path: Path) -> Path:
    """A folder of plugins with the one that these tests need."""
    folder = tmp_path / "plugins"
    (folder / "northamptonshire").mkdir(parents=True)
    (folder / "northamptonshire" / "arrangements.yaml").write_text(ARRANGEMENTS, encoding="utf-8")
    return folder


def _differences(path: Path, area: Path | None = None) -> list[str]:
    file = read_scenario(path)
    player = Player(rules_for(file.casefile.case.partnership, area))
    replay, results = player.play(file)
    failures = [failure_of(replay, player.rules, r) for r in results if not r.holds]
    return [failure.head.replace(f"{path}:", "") for failure in failures]


def _problems(path: Path, area: Path | None = None) -> list[str]:
    with pytest.raises(BadInput) as bad:
        _differences(path, area)
    return [str(p).replace(f"{path.parent}/", "") for p in bad.value.problems]


# --- what comes out, against what was expected ----------------------------------------------------


def test_what_is_as_expected_makes_no_difference(tmp_path: Path, area: Path) -> None:
    path = _scenario(
        tmp_path,
        f"expect: [{{{MET}, as_of: 2025-04-25, status: upcoming, due: 2025-04-25, because: x}}]\n",
    )
    assert _differences(path, area) == []


def test_another_status_is_a_difference_at_its_place(tmp_path: Path, area: Path) -> None:
    # The due date is Friday 25 April; on Monday 28 it has passed.
    path = _scenario(
        tmp_path, f"expect:\n  - {{{MET}, as_of: 2025-04-28, status: met, because: x}}\n"
    )
    (difference,) = _differences(path, area)
    assert difference.startswith(
        "5:5: northamptonshire.information_return/police on 2025-04-28: status is overdue, not met"
    )


def test_every_value_named_is_compared(tmp_path: Path, area: Path) -> None:
    # Returned on Tuesday 22 April, by Friday 25 April; a deadline has no answer.
    path = _scenario(
        tmp_path,
        f"""\
        change:
          add: {{events: [{{type: information_returned, agency: police, date: 2025-04-22}}]}}
        expect:
          - {{{MET}, as_of: 2025-04-28, status: met,
             due: 2025-04-24, done: 2025-04-23, answer: yes, because: x}}
        """,
    )
    (difference,) = _differences(path, area)
    assert "due is 2025-04-25, not 2025-04-24" in difference
    assert "answer is none, not yes" in difference
    assert "done is 2025-04-22, not 2025-04-23" in difference


def test_a_due_date_of_null_is_compared_too(tmp_path: Path, area: Path) -> None:
    path = _scenario(
        tmp_path,
        f"expect: [{{{MET}, as_of: 2025-04-22, status: upcoming, due: null, because: x}}]\n",
    )
    (difference,) = _differences(path, area)
    assert "due is 2025-04-25, not none" in difference


def test_a_value_that_is_not_named_is_not_compared(tmp_path: Path, area: Path) -> None:
    path = _scenario(
        tmp_path, f"expect: [{{{MET}, as_of: 2025-04-22, status: upcoming, because: x}}]\n"
    )
    assert _differences(path, area) == []


# --- changes --------------------------------------------------------------------------------------


def _changed(folder: Path, change: str) -> dict[str, object]:
    """The base's data once changed."""
    rest = f"change: {change}\nexpect: [{{{MET}, as_of: 2025-04-22, status: met, because: x}}]\n"
    data = read_scenario(_scenario(folder, rest)).casefile.document.data
    assert isinstance(data, dict)
    return data


def test_add_puts_entries_at_the_end_of_lists(tmp_path: Path) -> None:
    data = _changed(tmp_path, "{add: {children: [{id: child_2, outcome: died}]}}")
    assert data["children"] == [
        {"id": "child_1", "outcome": "died"},
        {"id": "child_2", "outcome": "died"},
    ]


def test_add_puts_keys_where_there_are_none(tmp_path: Path) -> None:
    data = _changed(
        tmp_path,
        "{add: {agencies: {gp: {involved: no}}, parallel: [{id: x1, type: inquest}]}}",
    )
    assert data["agencies"] == {"police": {"involved": "yes"}, "gp": {"involved": "no"}}
    assert data["parallel"] == [{"id": "x1", "type": "inquest"}]


def test_set_replaces_values_and_keeps_the_keys_beside_them(tmp_path: Path) -> None:
    data = _changed(tmp_path, "{set: {incident: {abuse_or_neglect: unknown}}}")
    assert data["incident"] == {
        "date": "2025-03-03",
        "area": "northamptonshire",
        "abuse_or_neglect": "unknown",
    }


def test_set_replaces_a_list_as_a_whole(tmp_path: Path) -> None:
    data = _changed(tmp_path, "{set: {groups: {review_group: {members: [p2]}}}}")
    assert data["groups"] == {"review_group": {"members": ["p2"]}}


def test_remove_drops_the_entries_that_have_the_given_keys(tmp_path: Path) -> None:
    data = _changed(tmp_path, "{remove: {events: [{type: information_requested}]}}")
    assert data["events"] == [{"type": "aware", "by": "local_authority", "date": "2025-03-04"}]


def test_remove_drops_single_values_and_keys(tmp_path: Path) -> None:
    data = _changed(
        tmp_path,
        "{remove: {groups: {review_group: {members: [p1]}}, people: p1, agencies: [police]}}",
    )
    assert data["groups"] == {"review_group": {"members": ["p2"]}}
    assert data["people"] == {"p2": {"agency": "police"}}
    assert data["agencies"] == {}


def test_remove_comes_before_set_and_add(tmp_path: Path) -> None:
    change = """{add: {events: [{type: aware, by: local_authority, date: 2025-03-05}]},
      remove: {events: [{type: aware}]}}"""
    data = _changed(tmp_path, change)
    assert data["events"] == [
        {"type": "information_requested", "agency": "police", "date": "2025-04-14"},
        {"type": "aware", "by": "local_authority", "date": "2025-03-05"},
    ]


EXPECT = f"expect: [{{{MET}, as_of: 2025-04-22, status: upcoming, because: x}}]\n"


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            "{add: {case: NH-2025-02}}",
            "scenario.yaml:4:22: The base has a value here already. Write it under `set`.",
        ),
        (
            "{add: {events: {type: aware}}}",
            (
                "scenario.yaml:4:24: The base has something of another shape here."
                " Follow the base's lists and keys."
            ),
        ),
        (
            "{remove: {events: [{type: debrief}]}}",
            (
                "scenario.yaml:4:28: The base has nothing like this to remove."
                " Correct it, or leave it out."
            ),
        ),
        (
            "{remove: {events: [{}]}}",
            (
                "scenario.yaml:4:28: The base has nothing like this to remove."
                " Correct it, or leave it out."
            ),
        ),
        (
            "{remove: {people: [p9]}}",
            (
                "scenario.yaml:4:27: The base has nothing like this to remove."
                " Correct it, or leave it out."
            ),
        ),
        (
            "{remove: {meetings: [{id: m1}]}}",
            (
                "scenario.yaml:4:29: The base has nothing like this to remove."
                " Correct it, or leave it out."
            ),
        ),
        (
            "{remove: {case: NH-2025-01}}",
            (
                "scenario.yaml:4:25: The base has something of another shape here."
                " Follow the base's lists and keys."
            ),
        ),
        (
            "{put: {case: NH-2025-01}}",
            (
                "scenario.yaml:4:10: `put` is not a key that may stand here."
                " Leave it out; the keys here are remove, set, add."
            ),
        ),
    ],
)
def test_a_change_that_can_not_be_made_is_told_at_its_place(
    tmp_path: Path, change: str, line: str
) -> None:
    path = _scenario(tmp_path, f"change: {change}\n{EXPECT}")
    assert _problems(path) == [line]


def test_what_a_change_brings_in_is_told_at_its_place_in_the_scenario(tmp_path: Path) -> None:
    change = """\
change:
  add:
    events:
      - {type: information_returned, agency: police, date: 2025-04-01}
      - {type: information_requested, agency: gp, date: 2025-04-14}
      - {type: information_returned, agency: gp, date: 2025-04-11}
"""
    path = _scenario(tmp_path, change + EXPECT)
    assert _problems(path) == [
        (
            "scenario.yaml:7:60: `information_returned` of `police` on 2025-04-01 lies before"
            " `information_requested` on 2025-04-14 (line 16). Correct one of the two dates."
        ),
        (
            "scenario.yaml:9:56: `information_returned` of `gp` on 2025-04-11 lies before"
            " `information_requested` on 2025-04-14 (line 8 of the scenario)."
            " Correct one of the two dates."
        ),
    ]


def test_a_word_that_no_area_declares_is_told_at_its_place(tmp_path: Path, area: Path) -> None:
    path = _scenario(
        tmp_path,
        f"change: {{add: {{forms: [{{id: f1, form: northamptonshire.letter}}]}}}}\n{EXPECT}",
    )
    (line,) = _problems(path, area)
    assert line.startswith("scenario.yaml:4:39: `northamptonshire.letter` is a word that no area")


def test_a_mistake_in_the_base_is_told_at_its_place_in_the_base(tmp_path: Path) -> None:
    path = _scenario(tmp_path, EXPECT, base=BASE.replace("outcome: died", "outcome: dead"))
    (line,) = _problems(path)
    assert line.startswith("base.yaml:5:28: ")


# --- scenarios that say nothing, or nothing that can be held against anything --------------------


@pytest.mark.parametrize(
    ("old", "new", "at", "line"),
    [
        (
            "return,",
            "retrun,",
            "northamptonshire",
            (
                "`northamptonshire.information_retrun` is not a requirement."
                " Write northamptonshire.information_return if that was meant."
            ),
        ),
        (
            "information_return",
            "nothing_like_it_at_all",
            "northamptonshire",
            (
                "`northamptonshire.nothing_like_it_at_all` is not a requirement."
                " Take its id from `cspr requirements northamptonshire`."
            ),
        ),
        (
            "police",
            "gp",
            "gp",
            (
                "northamptonshire.information_return has no finding about `gp` on 2025-04-22."
                " Write one of the subjects that it has: police."
            ),
        ),
        (
            " subject: police,",
            "",
            "{",
            (
                "northamptonshire.information_return has no finding about the case itself on"
                " 2025-04-22. Write one of the subjects that it has: police."
            ),
        ),
        (
            "information_return",
            "briefing",
            "police",
            (
                "northamptonshire.briefing has no finding about `police` on 2025-04-22."
                " Leave `subject` out: there is one finding, about the case itself."
            ),
        ),
    ],
)
def test_an_expectation_on_nothing_is_told_at_its_place(  # noqa: PLR0913, PLR0917
    tmp_path: Path, area: Path, old: str, new: str, at: str, line: str
) -> None:
    rest = EXPECT.replace(old, new)
    path = _scenario(tmp_path, rest)
    assert _problems(path, area) == [f"scenario.yaml:4:{rest.index(at) + 1}: {line}"]


@pytest.mark.parametrize(
    ("old", "new", "at", "line"),
    [
        ("upcoming", "done", "done", "`done` is not one of the words that may stand here."),
        ("because", "days: 3, because", "days", "`days` is not a key that may stand here."),
        (", because: x", "", "{", "`because` is missing. Add `because:`."),
        ("because: x", "because: ''", "''", "There is no value here. Say it in words."),
        ("-04-22", "-02-30", "2025-02-30", "There is no 30 February 2025."),
        (EXPECT, "expect: []\n", "[]", "There is no entry in this list. Write at least one."),
        (EXPECT, f"colour: red\n{EXPECT}", "colour", "`colour` is not a key that may stand here."),
        (
            "because: x}]",
            "because: x}" + f", {{{MET}, as_of: 2025-04-22, status: met, because: x}}" * 5 + "]",
            "[",
            (
                "There are 6 expectations here, and a scenario has at most 5."
                " Make a second scenario of the rest."
            ),
        ),
    ],
)
def test_a_scenario_with_a_mistake_is_told_at_its_place(
    tmp_path: Path, old: str, new: str, at: str, line: str
) -> None:
    rest = EXPECT.replace(old, new)
    (found,) = _problems(_scenario(tmp_path, rest))
    assert found.startswith(f"scenario.yaml:4:{rest.index(at) + 1}: {line}")


def test_a_scenario_without_expectations_is_a_mistake(tmp_path: Path) -> None:
    assert _problems(_scenario(tmp_path, "")) == [
        "scenario.yaml:1:1: `expect` is missing. Add `expect:`."
    ]


def test_an_empty_file_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text("", encoding="utf-8")
    (line,) = _problems(path)
    assert line.startswith("scenario.yaml:1:1: ")


def test_a_base_that_is_not_there_is_told_at_its_place(tmp_path: Path) -> None:
    path = _scenario(tmp_path, EXPECT)
    (tmp_path / "base.yaml").unlink()
    assert _problems(path) == [
        (
            "scenario.yaml:3:7: There is no case file at this path."
            " Write the path of a case file as seen from this scenario's folder."
        )
    ]


def test_an_area_without_a_plugin_is_an_error(tmp_path: Path, area: Path) -> None:
    base = BASE.replace("partnership: northamptonshire", "partnership: nowhere_at_all")
    with pytest.raises(PluginError):
        _differences(_scenario(tmp_path, EXPECT, base=base), area)


def test_a_case_beside_a_scenario_is_no_scenario(tmp_path: Path) -> None:
    path = _scenario(tmp_path, EXPECT)
    mixed = tmp_path / "mixed.yaml"
    mixed.write_text("schema: cspr.case/1\nexpect: []\n", encoding="utf-8")
    assert list(scenarios_in(tmp_path)) == [mixed, path]


def test_what_can_not_be_read_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    assert list(scenarios_in(tmp_path)) == [tmp_path / "folder.yaml"]


def test_the_same_expected_twice_is_a_mistake(tmp_path: Path, area: Path) -> None:
    once = f"  - {{{MET}, as_of: 2025-04-22, status: upcoming, because: x}}\n"
    path = _scenario(tmp_path, f"expect:\n{once}{once.replace('upcoming', 'met')}")
    assert _problems(path, area) == [
        (
            "scenario.yaml:6:5: This is expected in an entry above already: requirement, subject"
            " and day are the same. Make one entry of the two."
        )
    ]


def test_base_cases_are_no_scenarios(tmp_path: Path) -> None:
    for name in ("base/review.yaml", "review/b.yaml", "a.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    assert list(scenarios_in(tmp_path)) == [tmp_path / "a.yaml", tmp_path / "review" / "b.yaml"]


# --- the scenarios that areas bring along ---------------------------------------------------------


@pytest.mark.parametrize("area", scenarios.areas())
@pytest.mark.parametrize("statuses", [scenarios.MET, scenarios.NOT_MET], ids=["met", "not met"])
def test_every_requirement_of_the_area_is_met_once_and_once_not(
    area: str, statuses: frozenset[str]
) -> None:
    ids = {lowered.requirement.id for lowered in load(area).lowered}
    shown = {e.requirement for e in scenarios.expectations(area) if e.status in statuses}
    assert sorted(ids - shown) == []


@pytest.mark.parametrize("area", scenarios.areas())
def test_no_scenario_says_the_same_as_another(area: str) -> None:
    seen: dict[str, Path] = {}
    for path in scenarios_in(scenarios.PLUGINS / area / "scenarios"):
        _, _, said = path.read_text(encoding="utf-8").partition("\nbase: ")
        assert said not in seen, f"{path.name} and {seen[said].name}"
        seen[said] = path
