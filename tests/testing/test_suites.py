"""What there is to test: by area, by path, or everything."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from cspr_core.reading.problems import BadInput
from cspr_core.testing import suites
from cspr_core.testing.suites import NothingToTestError, Suite, near, suite_of, targets
from tests import scenarios
from tests.testing.areas import Area


def _names(suite: Suite) -> list[str]:
    return [path.name for path in suite.paths]


def test_an_installed_area_is_found_with_its_scenarios() -> None:
    suite = suite_of("essex")
    assert (suite.area, suite.whole, suite.rules.plugin.hooks is not None) == ("essex", True, True)
    assert "quorum.yaml" in _names(suite)
    assert {one.requirement.id.partition(".")[0] for one in suite.lowered} == {"essex"}


def test_the_nation_is_an_area_of_its_own() -> None:
    suite = suite_of("national")
    assert suite.rules.plugin.lowered == ()
    assert {one.requirement.id.partition(".")[0] for one in suite.lowered} == {"national"}
    for path in (suites.HOME, suites.PROVISIONS, suites.HOME / "scenarios"):
        assert _names(suite_of(str(path))) == _names(suite)


@pytest.mark.parametrize("part", ["", "cspr_testshire", "cspr_testshire/arrangements.yaml"])
def test_a_plugin_that_is_not_installed_is_read_as_yaml(area: Area, part: str) -> None:
    suite = suite_of(str(area.folder / part))
    assert (suite.area, suite.whole, suite.rules.plugin.hooks) == ("testshire", True, None)
    assert _names(suite) == ["one.yaml"]


def test_the_folder_of_an_installed_plugin_is_that_plugin_with_its_hooks() -> None:
    suite = suite_of(str(scenarios.PLUGINS / "essex"))
    assert suite.rules.plugin.hooks is not None


def test_a_copy_of_an_installed_plugin_is_another_one(area: Area) -> None:
    area.change("partnership: testshire", "partnership: essex")
    assert suite_of(str(area.folder)).rules.plugin.hooks is None


def test_a_folder_of_scenarios_and_a_single_one_belong_to_the_plugin_around(area: Area) -> None:
    (area.scenarios / "review").mkdir()
    two = area.scenario(name="review/two")
    assert suite_of(str(area.scenarios)).whole
    part = suite_of(str(area.scenarios / "review"))
    assert (part.area, part.whole, _names(part)) == ("testshire", False, ["two.yaml"])
    one = suite_of(str(two))
    assert (one.area, one.whole, _names(one)) == ("testshire", False, ["two.yaml"])


def test_a_suite_is_found_again(area: Area) -> None:
    for suite in (suite_of("essex"), suite_of(str(area.folder))):
        assert suite_of(*suite.again).paths == suite.paths


def test_a_folder_of_plugins_is_all_of_them(area: Area) -> None:
    found = targets(str(area.folder.parent))
    assert [one.load().area for one in found] == ["testshire"]


def test_an_area_in_a_folder_of_plugins(area: Area) -> None:
    suite = suite_of("testshire", area.folder.parent)
    assert (suite.area, _names(suite)) == ("testshire", ["one.yaml"])


def test_here_is_the_plugin_in_whose_folder_one_works(area: Area) -> None:
    (found,) = targets(None, here=area.folder)
    assert found.load().area == "testshire"


def test_elsewhere_it_is_everything_that_brings_scenarios(area: Area, tmp_path: Path) -> None:
    found = [one.name for one in targets(None, area.folder.parent, here=tmp_path)]
    assert found == sorted(found, key=lambda name: (name != "national", name))
    assert {"national", "testshire", *scenarios.areas()} <= set(found)


def test_an_area_without_scenarios_is_left_out_of_everything(area: Area, tmp_path: Path) -> None:
    area.scenarios.rename(area.folder / "elsewhere")
    found = [one.name for one in targets(None, area.folder.parent, here=tmp_path)]
    assert "testshire" not in found


def test_what_stands_beside_an_installed_package_is_not_its_own(
    area: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    (area.folder / "pyproject.toml").unlink()
    monkeypatch.syspath_prepend(area.folder)
    with pytest.raises(NothingToTestError, match="it has no folder `scenarios`"):
        suite_of(str(area.folder))


def test_scenarios_may_stand_in_the_package(area: Area) -> None:
    area.scenarios.rename(area.arrangements.parent / "scenarios")
    assert _names(suite_of(str(area.folder))) == ["one.yaml"]


def test_an_entry_point_to_nothing_has_no_scenarios(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gone = metadata.EntryPoint("gone", "no_such_package_at_all", "cspr")
    odd = metadata.EntryPoint("odd", "", "cspr")
    monkeypatch.setattr(suites, "installed", lambda: {"gone": (gone,), "odd": (odd,)})
    assert [one.name for one in targets(None, here=tmp_path)] == ["national"]


# --- nothing to test ------------------------------------------------------------------------------


def test_a_misspelt_area_is_told_with_the_nearest() -> None:
    with pytest.raises(NothingToTestError, match=r"esex: there is no such area.*essex\?"):
        suite_of("esex")


def test_an_empty_folder_of_scenarios_is_no_pass(area: Area) -> None:
    (area.scenarios / "one.yaml").unlink()
    with pytest.raises(BadInput) as bad:
        suite_of(str(area.folder))
    (line,) = map(str, bad.value.problems)
    assert line.endswith(
        "scenarios:1:1: There is no scenario in this folder. Write one, or name another."
    )


def test_an_empty_folder_is_no_pass(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no scenario in this folder"):
        suite_of(str(tmp_path))


@pytest.mark.parametrize("name", ["two.yml", "two.json", "two.YAML"])
def test_a_scenario_that_would_go_unread_is_told(area: Area, name: str) -> None:
    (area.scenarios / name).write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match=r"A scenario's name ends in `\.yaml`"):
        suite_of(str(area.folder))


# --- scenarios of no plugin's folder --------------------------------------------------------------


def _stray(folder: Path, area: str) -> Path:
    base = (suites.HOME / "scenarios" / "base" / "aware.yaml").read_text("utf-8")
    (folder / f"{area}-base.yaml").write_text(base.replace("national", area), encoding="utf-8")
    path = folder / f"{area}.yaml"
    path.write_text(
        f"schema: cspr.scenario/1\ntitle: A title\nbase: {area}-base.yaml\n"
        "expect: [{requirement: national.decision, as_of: 2026-03-09, status: pending,"
        " because: x}]\n",
        encoding="utf-8",
    )
    return path


def test_a_scenario_anywhere_is_held_against_its_cases_own_area(tmp_path: Path) -> None:
    _stray(tmp_path, "national")
    _stray(tmp_path, "essex")
    found = [one.load() for one in targets(str(tmp_path))]
    assert [(one.area, one.whole, _names(one)) for one in found] == [
        ("essex", False, ["essex.yaml"]),
        ("national", False, ["national.yaml"]),
    ]


def test_one_that_can_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "one.yaml"
    path.write_text("schema: cspr.scenario/1\n", encoding="utf-8")
    (found,) = targets(str(path))
    with pytest.raises(BadInput, match="`expect` is missing"):
        found.load()


def test_paths_are_shown_from_where_one_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert near(str(tmp_path / "a" / ".." / "b.yaml")) == "b.yaml"
    assert near("/elsewhere/b.yaml") == str(Path("/elsewhere/b.yaml"))
