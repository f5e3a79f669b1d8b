"""The pytest plugin: what it collects, how a failure reads, and that it leaves others alone."""

from __future__ import annotations

import importlib.util
import sys
from importlib import metadata
from pathlib import Path

import pytest

from cspr_core import pytest_plugin
from cspr_core.testing import collecting, contract
from tests.testing.areas import RETURN, Area, make

pytest_plugins = ["pytester"]
# The plugins of this suite are no part of what a partnership runs.
ALONE = ("-p", "no:randomly", "-p", "no:cov", "-p", "no:cacheprovider", "-q", "-rN")


# The folder holds a project's file, so that ids begin at it.
@pytest.fixture
def here(pytester: pytest.Pytester) -> Area:
    """The plugin Testshire, in the folder that pytest is run in."""
    return make(pytester.path / "testshire")


def test_it_is_installed_with_the_core() -> None:
    (point,) = metadata.entry_points(group="pytest11", name="cspr")
    assert point.value == "cspr_core.pytest_plugin"


@pytest.mark.usefixtures("here")
def test_scenarios_and_promises_are_collected(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_inprocess("testshire", *ALONE)
    result.assert_outcomes(passed=1 + len(contract.CHECKS))


def test_ids_hold_the_title_and_the_promise(pytester: pytest.Pytester, here: Area) -> None:
    here.scenario().write_text(
        here.scenario().read_text("utf-8").replace("A title", '"A: title :: of two"'), "utf-8"
    )
    lines = pytester.runpytest_inprocess("testshire", "--collect-only", *ALONE).outlines
    assert "scenarios/one.yaml::A: title : of two" in lines
    assert "cspr_testshire/arrangements.yaml::arrangements_are_valid" in lines


def test_a_failure_is_told_in_words_without_a_traceback(
    pytester: pytest.Pytester, here: Area
) -> None:
    here.scenario(
        f"expect: [{{{RETURN}, as_of: 2026-03-20, status: met, because: x}}]\n", name="two"
    )
    (here.folder / "COVERAGE.md").unlink()
    result = pytester.runpytest_inprocess("testshire", *ALONE)
    result.assert_outcomes(passed=len(contract.CHECKS), failed=2)
    text = result.stdout.str()
    assert "status        met                     overdue  <-" in text
    assert "7  Thu 19 Mar 2026  due" in text
    assert "Not kept: COVERAGE.md says of every requirement which passage it carries." in text
    assert "Traceback" not in text
    assert ".py:" not in text


def test_a_scenario_that_can_not_be_read_stops_no_other(
    pytester: pytest.Pytester, here: Area
) -> None:
    here.scenario("expect: []\n", name="two")
    (here.scenarios / "three.yaml").write_text("schema: cspr.scenario/1\n", encoding="utf-8")
    result = pytester.runpytest_inprocess("testshire/scenarios", *ALONE)
    result.assert_outcomes(passed=1, failed=2)
    text = result.stdout.str()
    assert "two.yaml:4:9: There is no entry in this list. Write at least one." in text
    assert "three.yaml:1:1: `expect` is missing. Add `expect:`." in text


@pytest.mark.usefixtures("here")
def test_what_nobody_foresaw_keeps_its_traceback(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(collecting, "read_scenario", fail)
    result = pytester.runpytest_inprocess("testshire/scenarios", *ALONE)
    result.assert_outcomes(failed=1)
    assert "ZeroDivisionError" in result.stdout.str()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("selected", "passed"),
    [
        (("-k", "information_return"), 1),
        (("-k", "nothing_like_it"), 0),
        (("-m", "cspr_scenario"), 1),
        (("-m", "cspr_contract", "--strict-markers"), len(contract.CHECKS)),
    ],
)
def test_items_can_be_selected(
    pytester: pytest.Pytester, selected: tuple[str, ...], passed: int
) -> None:
    result = pytester.runpytest_inprocess("testshire", *selected, *ALONE)
    result.assert_outcomes(passed=passed, deselected=1 + len(contract.CHECKS) - passed)


def test_a_scenario_outside_a_plugin_is_of_its_cases_area(pytester: pytest.Pytester) -> None:
    base = make(pytester.path / "x").base.read_text("utf-8").replace("testshire", "essex")
    (pytester.path / "case.yaml").write_text(base, encoding="utf-8")
    (pytester.path / "one.yaml").write_text(
        "schema: cspr.scenario/1\ntitle: A title\nbase: case.yaml\nexpect: [{requirement:"
        " national.publish, as_of: 2026-03-12, status: pending, because: x}]\n",
        encoding="utf-8",
    )
    pytester.runpytest_inprocess("one.yaml", *ALONE).assert_outcomes(passed=1)


def test_other_files_are_left_alone(pytester: pytest.Pytester, here: Area) -> None:
    for name in ("scenarios/other.yaml", "other/one.yaml", "arrangements.yaml"):
        path = pytester.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("schema: something/else\n", encoding="utf-8")
    (pytester.path / "other" / "scenario.yaml").write_text(
        here.scenario().read_text("utf-8"), encoding="utf-8"
    )
    loose = pytester.path / "loose" / "arrangements.yaml"
    loose.parent.mkdir()
    loose.write_text(here.arrangements.read_text("utf-8"), encoding="utf-8")
    result = pytester.runpytest_inprocess("scenarios", "other", "loose", *ALONE)
    result.assert_outcomes()


@pytest.mark.usefixtures("here")
def test_it_can_be_turned_off(pytester: pytest.Pytester) -> None:
    pytester.runpytest_inprocess("testshire", "-p", "no:cspr", *ALONE).assert_outcomes()


def test_it_imports_nothing_of_the_core_until_a_file_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    for name in [n for n in sys.modules if n.startswith("cspr_core.")]:
        monkeypatch.delitem(sys.modules, name)
    spec = importlib.util.find_spec("cspr_core.pytest_plugin")
    assert spec is not None
    assert spec.loader is not None
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    (tmp_path / "one.yaml").write_text("a: b\n", encoding="utf-8")
    fresh.pytest_configure(request.config)
    for name in ("one.yaml", "one.py"):
        assert (
            fresh.pytest_collect_file(tmp_path / name, request.node.getparent(pytest.Module))
            is None
        )
    assert [n for n in sys.modules if n.startswith("cspr_core.") and "pytest_plugin" not in n] == []
    assert fresh.MARKERS == pytest_plugin.MARKERS
