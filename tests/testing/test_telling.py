"""A run of scenarios as text, JSON and JUnit XML."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

from cspr_core.check import Rules
from cspr_core.testing.running import Ran, Selection, run
from cspr_core.testing.suites import suite_of
from cspr_core.testing.telling import json_of, junit_of, percent, text_of
from tests.testing.areas import RETURN, Area

WRONG = f"expect: [{{{RETURN}, as_of: 2026-03-20, status: met, due: 2026-03-19, because: x}}]"


def _ran(area: Area, selection: Selection | None = None) -> Ran:
    """One that holds, one that does not, and one that can't be read."""
    area.scenario(WRONG, "two")
    area.scenario("expect: []\n", "three")
    return run(suite_of(str(area.folder)), selection)


def test_text_ends_with_the_counts_and_the_coverage(area: Area) -> None:
    lines = text_of([_ran(area)], missing=True).splitlines()
    assert lines[0].startswith("FAILED ")
    start = lines.index(
        "testshire: 3 scenarios, 2 expectations: 1 expectation failed and 1 scenario"
    )
    # of the deadline 8 statuses, of the step 5, of the attendance 6: 19; one of them holds
    assert lines[start + 1 : start + 4] == [
        "could not be played.",
        "  Coverage, requirement by status: 1 of 19 (5.2%), of 3 requirements.",
        "  No scenario shows testshire.quorum and testshire.terms.",
    ]
    assert lines[-4:-1] == [
        "  not shown: testshire.quorum: met, upcoming, breached, undetermined, pending,",
        "      not applicable",
        "  not shown: testshire.terms: met, upcoming, breached, pending, not applicable",
    ]


def test_what_does_not_hold_covers_nothing(area: Area) -> None:
    (shown,) = (c for c in _ran(area).coverage.requirements if "information" in c.requirement)
    assert shown.shown == ("upcoming",)


def test_of_a_part_no_coverage_is_told(area: Area) -> None:
    text = text_of([_ran(area, Selection(text="TWO"))], missing=True)
    assert "testshire: 1 scenario, 1 expectation: 1 expectation failed." in text
    assert "Coverage" not in text
    assert "not shown" not in text


def test_a_selection_by_requirement_covers_that_requirement(area: Area) -> None:
    ran = _ran(area, Selection(requirements=("testshire.information_return",)))
    assert not ran.part
    assert [c.requirement for c in ran.coverage.requirements] == ["testshire.information_return"]
    none = run(suite_of(str(area.folder)), Selection(requirements=("testshire.terms",)))
    assert [p.outcome for p in none.played] == ["error"]  # who knows what it would have said


def test_the_first_failure_ends_the_run(area: Area) -> None:
    told: list[tuple[int, int]] = []
    area.scenario(WRONG, "a")
    ran = run(
        suite_of(str(area.folder)), Selection(first=True), lambda *counts: told.append(counts)
    )
    assert [p.path.name for p in ran.played] == ["a.yaml"]
    assert (told, ran.part) == ([(1, 2)], True)


def test_everything_said_is_in_the_json(area: Area) -> None:
    data: dict[str, Any] = json.loads(json_of([_ran(area)]))
    (suite,) = data["suites"]
    assert suite["summary"] == {"scenarios": 3, "expectations": 2, "failed": 1, "errors": 1}
    assert (suite["coverage"]["shown"], suite["coverage"]["possible"]) == (1, 19)
    outcomes = {s["file"].rpartition("/")[2]: s["outcome"] for s in suite["scenarios"]}
    assert outcomes == {"one.yaml": "passed", "three.yaml": "error", "two.yaml": "failed"}
    (failure,) = (f for s in suite["scenarios"] for f in s["failures"])
    assert (failure["line"], failure["requirement"], failure["subject"], failure["as_of"]) == (
        4,
        "testshire.information_return",
        "police",
        "2026-03-20",
    )
    assert failure["expected"] == {"status": "met", "due": "2026-03-19"}
    assert failure["found"] == {"status": "overdue", "due": "2026-03-19"}
    assert failure["wrong"] == ["status"]
    assert failure["facts"][0]["line"] == 15
    assert failure["counted"][-2:] == ["7  Thu 19 Mar 2026  due", "8  Fri 20 Mar 2026  <- as of"]
    part = json.loads(json_of([_ran(area, Selection(text="two"))], ascii_only=True))
    assert part["suites"][0]["coverage"] is None


def test_junit_has_the_shape_that_its_readers_know(area: Area) -> None:
    area.scenario(WRONG.replace("because: x", 'because: "<&>"'), "four")
    root = ET.parse(BytesIO(junit_of([_ran(area)]).encode())).getroot()  # noqa: S314  (our own)
    assert (root.tag, root.get("tests"), root.get("failures"), root.get("errors")) == (
        "testsuites",
        "4",
        "2",
        "1",
    )
    (suite,) = root
    assert (suite.tag, suite.get("name"), suite.get("skipped")) == ("testsuite", "testshire", "0")
    cases = list(suite)
    assert {case.tag for case in cases} == {"testcase"}
    for case in cases:
        assert {"name", "classname", "file", "time"} == set(case.keys())
        assert float(case.get("time", "")) >= 0
        assert [part.tag for part in case] in ([], ["failure"], ["error"])
        for part in case:
            assert {"type", "message"} == set(part.keys())
            assert part.text
    by_name = {str(case.get("file")).rpartition("/")[2]: case for case in cases}
    assert by_name["four.yaml"].get("classname") == "testshire.scenarios.four"
    assert by_name["four.yaml"].get("name") == "A title"
    assert "because: <&>" in str(by_name["four.yaml"][0].text)
    assert by_name["three.yaml"].get("name") == "three"
    assert "There is no entry in this list" in str(by_name["three.yaml"][0].get("message"))


def test_a_share_is_rounded_down() -> None:
    assert [percent(share) for share in (99.99, 100.0, 66.666)] == ["99.9%", "100%", "66.6%"]


def test_a_plugin_that_fails_spoils_its_scenario_alone(area: Area) -> None:
    suite = suite_of(str(area.folder))

    class Broken:
        class hook:  # noqa: N801
            @staticmethod
            def cspr_facts(**_: object) -> object:
                raise ValueError

    plugin = replace(suite.rules.plugin, hooks=Broken)
    broken = replace(suite, rules=Rules(plugin, suite.rules.nation))
    (played,) = run(broken).played
    (line,) = played.problems
    assert line.startswith(f"{played.path}:1:1: The plugin `testshire`")
