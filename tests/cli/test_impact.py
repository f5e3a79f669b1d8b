"""`cspr impact`, as people call it.

The made-up area is that of `tests/impact/barset.py`; all is as of Monday 1 June 2026.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cspr_core.caseload import partition
from cspr_core.caseload.answers import reference_answers
from tests.impact.barset import write_case, write_plugin

PLANNED = "type: publication, what: report, planned: {}"
AS_OF = ("--as-of", "2026-06-01", "--processes", "1")


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Barset with 14 days as `old` and with 10 as `new`, and a case that is overdue under 14.

    Published on 13 June: due on 30 May with 14 days, on 3 June with 10.
    """
    monkeypatch.chdir(tmp_path)
    write_plugin(tmp_path / "old")
    write_plugin(tmp_path / "new", ("before: {n: 14,", "before: {n: 10,"))
    write_case(tmp_path / "cases", "B-1", PLANNED.format("2026-06-13"))
    return tmp_path


@pytest.fixture
def impact(run: Callable, two: Path) -> Callable:  # noqa: ARG001  (it makes the files)
    """Run the command over the two versions and the cases."""

    def impact(*argv: str, old: str = "old", new: str = "new", cases: str = "cases") -> object:
        return run("impact", "--from", old, "--to", new, "--cases", cases, *AS_OF, *argv)

    return impact


def test_a_looser_rule(impact: Callable) -> None:
    done = impact("--fail-on", "worse")
    assert (done.status, done.err) == (0, "")
    assert "Nothing gets worse. 1 of 1 case changes: something gets better in 1." in done.out
    assert "  1 case: overdue -> upcoming, due 4 days later\n" in done.out
    assert "Due        Sat 30 May 2026" in done.out
    assert max(map(len, done.out.splitlines())) < 80


def test_worse_is_1_where_that_is_asked(impact: Callable, two: Path) -> None:
    # The other way round: upcoming until 3 June becomes overdue since 30 May.
    asked = ("--fail-on", "worse", "--format", "json", "--out", "worse.json")
    done = impact(*asked, old="new", new="old")
    assert (done.status, done.out, done.err) == (1, "", "")
    (change,) = json.loads((two / "worse.json").read_text("utf-8"))["changes"]
    assert (change["direction"], change["days"]["max"]) == ("worse", 4)


def test_any_change_is_1_where_that_is_asked(impact: Callable) -> None:
    done = impact("--fail-on", "any", "--format", "markdown")
    assert done.status == 1
    assert "| better | 1 case | overdue → upcoming, due 4 days later |" in done.out


def test_nothing_changes(impact: Callable) -> None:
    done = impact("--fail-on", "any", new="old")
    assert done.status == 0
    assert "No finding changes." in done.out


def test_more_sources_than_one(run: Callable, two: Path) -> None:
    # As the shell makes it of `--cases cases/*.yaml nothing.yaml`.
    more = write_case(two / "cases", "B-2", PLANNED.format("2026-06-20"))
    named = ("--cases", "cases/B-1.yaml", str(more), "nothing.yaml")
    done = run("impact", "--from", "old", "--to", "new", *named, *AS_OF)
    assert done.status == 2
    assert done.err.startswith("nothing.yaml:1:1: There is no such file.")
    assert "2 of 2 cases change" in done.out
    assert "INCOMPLETE" in done.out


def test_a_broken_case_is_told_and_the_rest_goes_on(impact: Callable, two: Path) -> None:
    broken = write_case(two / "cases", "B-2", "type: publication, what: repot, planned: 2026-06-20")
    done = impact("--fail-on", "worse")
    assert done.status == 2
    (line,) = done.err.splitlines()
    assert line.startswith(f"cases/{broken.name}:8:")
    assert "INCOMPLETE: what could not be used is missing in every count here (1 problem" in (
        done.out
    )
    assert "1 of 1 case changes" in done.out


def test_a_typo_in_a_version(impact: Callable, two: Path) -> None:
    file = two / "new" / "arrangements.yaml"
    file.write_text(file.read_text("utf-8").replace("before: {n: 10", "befor: {n: 10"), "utf-8")
    done = impact()
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("new/arrangements.yaml:12:5: `befor` is not a key")


def test_a_version_that_is_not_there(impact: Callable) -> None:
    done = impact(old="nothing")
    assert (done.status, done.out) == (2, "")
    assert "nothing: there is no such file or folder here" in done.err


def test_cases_of_another_area_alone(impact: Callable, two: Path) -> None:
    example = Path(__file__).parents[2] / "examples" / "leeds" / "just-notified.yaml"
    (two / "others").mkdir()
    (two / "others" / "leeds.yaml").write_text(example.read_text("utf-8"), "utf-8")
    done = impact(cases="others")
    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "cspr: There is no case of barset in what was named, only 1 of leeds."
        " Name files or folders of its cases.\n"
    )


def test_cases_of_other_areas_are_counted_and_not_answered(
    impact: Callable, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = set()

    def answers(facts: Any, rules: Any, as_of: Any) -> Any:
        asked.add(rules.plugin.area)
        return reference_answers(facts, rules, as_of)

    monkeypatch.setattr(partition.engines, "answers", answers)
    example = Path(__file__).parents[2] / "examples" / "leeds" / "just-notified.yaml"
    text = example.read_text("utf-8")
    (two / "cases" / "leeds.yaml").write_text(text, "utf-8")
    # Of an area that nobody knows: it is not compared, so nothing is missing.
    nowhere = text.replace("partnership: leeds", "partnership: nowhere")
    (two / "cases" / "nowhere.yaml").write_text(nowhere, "utf-8")
    done = impact()
    assert (done.status, done.err) == (0, "")
    assert "; 1 of leeds and 1 of nowhere left out." in done.out
    assert asked == {"barset"}


def test_no_case_that_can_be_read_gives_no_result(impact: Callable, two: Path) -> None:
    case = two / "cases" / "B-1.yaml"
    case.write_text(case.read_text("utf-8").replace("outcome: died", "outcome: dead"), "utf-8")
    done = impact()
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("cases/B-1.yaml:4:")


def test_an_empty_folder(impact: Callable, two: Path) -> None:
    (two / "none").mkdir()
    done = impact(cases="none")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("none:1:1: ")


def test_plugins_are_for_the_national_provisions(impact: Callable) -> None:
    done = impact("--plugins", ".")
    assert done.status == 2
    assert "--plugins: the national provisions alone are held beside other plugins." in done.err


@pytest.mark.parametrize(("option", "word"), [("--format", "html"), ("--fail-on", "better")])
def test_a_word_that_is_none(impact: Callable, option: str, word: str) -> None:
    done = impact(option, word)
    assert done.status == 2
    what = option.removeprefix("--") if option == "--format" else "word"
    assert f"{option} {word}: there is no such {what} here." in done.err


def test_a_folder_has_no_working_tree(run: Callable, two: Path) -> None:
    done = run("impact", "--from", str(two / "old"), "--cases", "cases", *AS_OF)
    assert done.status == 2
    assert "Name the newer version as well." in done.err


def test_national_provisions_over_the_areas_of_a_folder(
    run: Callable, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Notified on Thursday 6 August 2026: the rapid review is due 15 working days later, on
    # Thursday 27 August; with 10, on Thursday 20 August: a week earlier. No holiday lies between.
    from cspr_core.plugins import PROVISIONS  # noqa: PLC0415

    text = PROVISIONS.read_text("utf-8")
    changed = text.replace("n: 15, unit: working_days", "n: 10, unit: working_days")
    assert changed != text
    for name, content in (("was", text), ("is", changed)):
        (two / name).mkdir()
        (two / name / PROVISIONS.name).write_text(content, "utf-8")
    monkeypatch.setattr("cspr_core.impact.sides.installed", dict)  # quicker without them
    (two / "plugins").mkdir()
    write_plugin(two / "plugins" / "barset")
    write_case(two / "nation", "B-1", "type: notified, to: panel, date: 2026-08-06")
    done = run(
        "impact", "--from", "was", "--to", "is", "--plugins", "plugins", "--cases", "nation",
        "--as-of", "2026-08-10", "--processes", "1", "--format", "json",
    )  # fmt: skip
    assert (done.status, done.err) == (0, "")
    values = json.loads(done.out)
    assert (values["partnership"], values["cases"]["areas"]) == ("national", {"barset": 1})
    by_id = {change["requirement"]: change for change in values["changes"]}
    change = by_id["national.rapid_review"]
    assert (change["direction"], change["days"]) == ("worse", {"min": 7, "median": 7, "max": 7})
    (example,) = change["examples"]
    assert (example["old_due"], example["new_due"]) == ("2026-08-27", "2026-08-20")
