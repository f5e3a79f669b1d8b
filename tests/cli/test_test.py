"""`cspr test`: its exit status, its options, and what a mistake in a scenario is answered with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.testing import areas
from tests.testing.areas import GOOD, RETURN, Area

Run = Callable
WRONG = f"expect: [{{{RETURN}, as_of: 2026-03-20, status: met, because: x}}]\n"


@pytest.fixture
def testshire(tmp_path: Path) -> Area:
    return areas.make(tmp_path / "testshire")


def test_all_as_expected(run: Run, testshire: Area) -> None:
    ran = run("test", testshire.folder)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("testshire: 1 scenario, 1 expectation: all as expected.\n")


def test_an_installed_area_by_its_name(run: Run) -> None:
    ran = run("test", "south_glos", "-k", "first")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("south_glos: ")


def test_an_area_in_a_folder_of_plugins(run: Run, testshire: Area) -> None:
    ran = run("test", "testshire", "--plugins", testshire.folder.parent)
    assert (ran.status, ran.err) == (0, "")


def test_the_plugin_in_whose_folder_one_works(
    run: Run, testshire: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(testshire.folder)
    testshire.scenario(WRONG, "two")
    ran = run("test")
    assert (ran.status, ran.err) == (1, "")
    assert ran.out.startswith("FAILED scenarios/two.yaml:4:10\n")


def test_what_is_not_as_expected_is_status_1(run: Run, testshire: Area) -> None:
    testshire.scenario(WRONG, "two")
    ran = run("test", testshire.folder)
    assert (ran.status, ran.err) == (1, "")
    assert "status        met                     overdue  <-" in ran.out


def test_what_can_not_be_read_is_status_2_and_stops_no_other(run: Run, testshire: Area) -> None:
    testshire.scenario("expect: []\n", "three")
    testshire.scenario(WRONG, "two")
    ran = run("test", testshire.folder)
    assert ran.status == 2
    assert ran.err.endswith("three.yaml:4:9: There is no entry in this list. Write at least one.\n")
    assert "1 expectation failed and 1 scenario" in ran.out


def test_it_stops_at_the_first(run: Run, testshire: Area) -> None:
    testshire.scenario(WRONG, "a")
    testshire.scenario(WRONG, "b")
    ran = run("test", testshire.folder, "-x")
    assert (ran.status, ran.out.count("FAILED")) == (1, 1)


@pytest.mark.parametrize("name", ["information_return", "testshire.information_return"])
def test_only_what_expects_something_of_a_requirement(run: Run, testshire: Area, name: str) -> None:
    terms = "expect: [{requirement: testshire.terms, as_of: 2026-03-10, status: met, because: x}]\n"
    testshire.scenario(terms, "two")
    ran = run("test", testshire.folder, "--requirement", name, "--fail-under", "12")
    assert ran.status == 0
    # of a deadline's eight statuses one is shown
    assert "Coverage, requirement by status: 1 of 8 (12.5%), of 1 requirement." in ran.out


def test_too_little_covered_is_status_1(run: Run, testshire: Area) -> None:
    ran = run("test", testshire.folder, "--fail-under", "50", "--show-missing")
    assert ran.status == 1
    assert ran.err == (
        "cspr: testshire: 5.2% is covered, and 50% is asked for. --show-missing names what is"
        " not.\n"
    )
    assert "not shown: testshire.quorum: met, upcoming, breached, undetermined," in ran.out


def test_json_and_junit(run: Run, testshire: Area, tmp_path: Path) -> None:
    junit, out = tmp_path / "results.xml", tmp_path / "results.json"
    ran = run("test", testshire.folder, "--format", "json", "--junit", junit, "--out", out)
    assert (ran.status, ran.out, ran.err) == (0, "", "")
    assert json.loads(out.read_text("utf-8"))["suites"][0]["area"] == "testshire"
    assert ET.parse(junit).getroot().get("tests") == "1"  # noqa: S314  (our own)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--format", "html"], "--format html: there is no such format here. There are: text,"),
        (["-k", "nothing like it"], "No scenario is one of those asked for."),
        (["-k", "one", "--show-missing"], "What is covered can be told of an area's scenarios"),
        (["--requirement", "trems"], "Did you mean"),
        (["--plugins", "nowhere"], "there is no such folder"),
    ],
)
def test_what_can_not_be_asked_for(
    run: Run, testshire: Area, options: list[str], said: str
) -> None:
    ran = run("test", testshire.folder, *options)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1


def test_no_such_area(run: Run) -> None:
    ran = run("test", "esex")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "cspr: esex: there is no such area, file or folder. Did you mean essex?\n"


def test_an_area_without_scenarios(run: Run, testshire: Area) -> None:
    testshire.scenarios.rename(testshire.folder / "elsewhere")
    ran = run("test", testshire.folder)
    assert (ran.status, ran.out) == (2, "")
    assert "testshire: it has no folder `scenarios`." in ran.err


def test_an_empty_folder_of_scenarios(run: Run, testshire: Area) -> None:
    (testshire.scenarios / "one.yaml").unlink()
    ran = run("test", testshire.folder)
    assert (ran.status, ran.out) == (2, "")
    assert "scenarios:1:1: There is no scenario in this folder." in ran.err


def test_broken_arrangements(run: Run, testshire: Area) -> None:
    testshire.change("n: 7", "n: seven")
    ran = run("test", testshire.folder)
    assert (ran.status, ran.out) == (2, "")
    assert "arrangements.yaml:12:17: This is not a whole number" in ran.err


# --- scenario files are read as strictly as cases -------------------------------------------------

SECOND = GOOD + f"  - {{{RETURN}, as_of: 2026-03-20, status: met, because: x}}\n"
SIX = "expect:\n" + "".join(
    f"  - {{{RETURN}, as_of: 2026-03-1{day}, status: upcoming, because: x}}\n" for day in range(6)
)
STRICT = {
    "misspelt requirement": (
        GOOD.replace("_return", "_retrun"),
        (
            "5:19: `testshire.information_retrun` is not a requirement. Write"
            " testshire.information_return if that was meant."
        ),
    ),
    "unknown status": (
        GOOD.replace("upcoming", "done"),
        "5:93: `done` is not one of the words that may stand here.",
    ),
    "duplicate key": (GOOD + "title: Another\n", "6:1: "),
    "no reason": (GOOD.replace(", because: The seventh day", ""), "5:5: `because` is missing."),
    "more than five": (SIX, "5:3: There are 6 expectations here, and a scenario has at most 5."),
    "add what is there": (
        "change: {add: {incident: {date: 2026-03-01}}}\n" + GOOD,
        "4:33: The base has a value here already. Write it under `set`.",
    ),
    "remove what is not": (
        "change: {remove: {agencies: [icb]}}\n" + GOOD,
        "4:29: The base has nothing like this to remove.",
    ),
    "no such subject": (
        GOOD.replace("subject: police", "subject: icb"),
        "5:58: testshire.information_return has no finding about `icb` on 2026-03-19.",
    ),
}


@pytest.mark.parametrize(("rest", "said"), STRICT.values(), ids=STRICT)
def test_each_mistake_is_told_at_its_place(run: Run, testshire: Area, rest: str, said: str) -> None:
    path = testshire.scenario(rest)
    ran = run("test", path)
    assert ran.status == 2
    assert ran.err.startswith(f"{path}:{said}")
    assert len(ran.err.splitlines()) == 1


def test_an_empty_file(run: Run, testshire: Area) -> None:
    path = testshire.scenario()
    path.write_text("", encoding="utf-8")
    ran = run("test", testshire.folder)
    assert ran.status == 2
    assert f"{path}:1:1: " in ran.err


def test_a_second_expectation_that_is_wrong(run: Run, testshire: Area) -> None:
    testshire.scenario(SECOND)
    ran = run("test", testshire.folder)
    assert ran.status == 1
    assert "one.yaml:6:5" in ran.out


def test_a_base_that_is_not_there(run: Run, testshire: Area) -> None:
    testshire.base.unlink()
    ran = run("test", testshire.folder)
    assert ran.status == 2
    assert "one.yaml:3:7: There is no case file at this path." in ran.err


def test_a_base_that_is_not_valid(run: Run, testshire: Area) -> None:
    text = testshire.base.read_text("utf-8")
    testshire.base.write_text(text.replace("seriously_harmed", "harmed"), encoding="utf-8")
    ran = run("test", testshire.folder)
    assert ran.status == 2
    assert "base/case.yaml:5:28: " in ran.err


def test_a_plugin_without_its_rules_is_told_which_file_is_missing(
    run: Callable, tmp_path: Path
) -> None:
    (tmp_path / "riverdale" / "cspr_riverdale").mkdir(parents=True)
    (tmp_path / "riverdale" / "scenarios").mkdir()
    ran = run("test", tmp_path / "riverdale")
    assert (ran.status, ran.out) == (2, "")
    missing = tmp_path / "riverdale" / "cspr_riverdale" / "arrangements.yaml"
    assert f"there is no {missing}." in ran.err
