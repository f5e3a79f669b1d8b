"""What any plugin has to keep: each promise with a plugin that keeps it and one that does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cspr_core.testing import contract
from cspr_core.testing.contract import Subject
from tests.testing.areas import Area


def _wrong(area: Area, check: Callable[[Subject], Iterator[str]]) -> list[str]:
    return [
        line.replace(str(area.folder), "testshire") for line in check(Subject(area.arrangements))
    ]


@pytest.mark.parametrize("check", contract.CHECKS, ids=lambda check: check.__name__)
def test_a_sound_plugin_keeps_it(area: Area, check: Callable[[Subject], Iterator[str]]) -> None:
    assert _wrong(area, check) == []


def test_every_promise_says_in_a_sentence_what_it_is() -> None:
    for check in contract.CHECKS:
        assert str(check.__doc__).partition("\n")[0].endswith(".")


def test_arrangements_with_a_mistake(area: Area) -> None:
    area.change("stage: rapid_review\n", "stage: rapid_reviews\n")
    (line,) = _wrong(area, contract.arrangements_are_valid)
    assert line.startswith(
        "testshire/cspr_testshire/arrangements.yaml:10:12: `rapid_reviews` is no"
    )


def test_a_plugin_that_can_not_be_loaded(area: Area, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Path) -> None:
        raise contract.PluginError("It is broken.")

    monkeypatch.setattr(contract, "rules_at", broken)
    assert _wrong(area, contract.arrangements_are_valid) == ["It is broken."]


def test_ids_of_another_area(area: Area) -> None:
    area.change("id: terms", "id: essex.terms")
    assert _wrong(area, contract.ids_begin_with_the_area) == [
        (
            "testshire.essex.terms: an id of testshire begins with `testshire.`, and names no"
            " other area."
        )
    ]


def test_a_requirement_without_a_section(area: Area) -> None:
    area.change("source: {section: Review}\n  - id", "source: {section: ' '}\n  - id")
    assert _wrong(area, contract.requirements_have_sources) == [
        "testshire.terms: its source has no section."
    ]


def test_a_requirement_of_no_document(area: Area) -> None:
    subject = Subject(area.arrangements)
    arrangements = subject.plugin.arrangements.model_copy(update={"covers": ()})
    object.__setattr__(subject.plugin, "arrangements", arrangements)
    lines = list(contract.requirements_have_sources(subject))
    assert lines[0] == (
        "testshire.information_return: it stands in no document: `covers` is empty."
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("testshire = ", "tesshire = ", "there is no entry point `testshire` in the group `cspr`."),
        ('"cspr_testshire"\n', '"cspr_other"\n', "the entry point `testshire` names no package"),
    ],
)
def test_an_entry_point_that_leads_elsewhere(area: Area, old: str, new: str, said: str) -> None:
    project = area.folder / "pyproject.toml"
    project.write_text(project.read_text("utf-8").replace(old, new), encoding="utf-8")
    (line,) = _wrong(area, contract.entry_point_names_the_area)
    assert said in line


def test_another_plugin_of_the_same_name_is_installed(area: Area) -> None:
    area.change("partnership: testshire", "partnership: essex")
    project = area.folder / "pyproject.toml"
    text = project.read_text("utf-8").replace("testshire =", "essex =")
    project.write_text(text, encoding="utf-8")
    (line,) = _wrong(area, contract.entry_point_names_the_area)
    assert "the plugin `essex` that is installed is another one" in line


def test_without_a_project_there_is_no_entry_point_to_name(area: Area) -> None:
    (area.folder / "pyproject.toml").unlink()
    assert _wrong(area, contract.entry_point_names_the_area) == []
    assert Subject(area.arrangements).home == area.arrangements.parent


def test_a_hook_that_there_is_not(area: Area) -> None:
    package = area.arrangements.parent / "__init__.py"
    package.write_text(
        "raise SystemExit\ndef cspr_fact(case, as_of):\n    return []\n"
        "def cspr_commands(app):\n    pass\ndef cspr_x():\n    pass\n",
        encoding="utf-8",
    )
    found = _wrong(area, contract.hooks_are_known)
    assert found[0] == (
        "testshire/cspr_testshire/__init__.py:2:1: `cspr_fact` is no hook. Did you mean cspr_facts?"
    )
    assert found[1].startswith(
        "testshire/cspr_testshire/__init__.py:6:1: `cspr_x` is no hook. There"
    )


def test_a_package_that_is_no_python(area: Area) -> None:
    package = area.arrangements.parent / "__init__.py"
    package.write_text("x = 1\ndef (\n", encoding="utf-8")
    assert _wrong(area, contract.hooks_are_known) == [
        "testshire/cspr_testshire/__init__.py:2:1: this is no Python."
    ]
    package.unlink()
    assert _wrong(area, contract.hooks_are_known) == []


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (contract.every_requirement_has_its_finding, "a new case has no finding of it."),
        (
            contract.cases_of_other_areas_are_accepted,
            "a case of another area has no finding of it.",
        ),
    ],
)
def test_a_requirement_without_a_finding(
    area: Area,
    monkeypatch: pytest.MonkeyPatch,
    check: Callable[[Subject], Iterator[str]],
    said: str,
) -> None:
    whole = contract.report_of

    def without(checked: object) -> object:
        report = whole(checked)  # type: ignore[arg-type]
        kept = tuple(f for f in report.findings if f.requirement != "testshire.terms")
        return report.model_copy(update={"findings": kept})

    monkeypatch.setattr(contract, "report_of", without)
    assert _wrong(area, check) == [f"testshire.terms: {said}"]


def test_a_report_that_loses_its_shape(area: Area, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = contract.json_of

    def other(reports: object, **options: bool) -> str:
        return whole(reports, **options).replace("testshire", "elsewhere")  # type: ignore[arg-type]

    monkeypatch.setattr(contract, "json_of", other)
    assert _wrong(area, contract.report_keeps_its_shape) == [
        "A report does not come to the same once it is written and read."
    ]


def test_an_example_that_can_not_be_checked(area: Area) -> None:
    folder = area.folder / "examples"
    folder.mkdir()
    text = area.base.read_text("utf-8")
    (folder / "good.yaml").write_text(text, encoding="utf-8")
    bad = (
        text
        + "confirmed: [{requirement: testshire.trems, answer: yes, on: 2026-03-12, by: chair}]\n"
    )
    (folder / "bad.yaml").write_text(bad, encoding="utf-8")
    (line,) = _wrong(area, contract.examples_can_be_checked)
    assert line.startswith(
        "testshire/examples/bad.yaml:18:27: `testshire.trems` is not a requirement"
    )


def test_examples_of_the_project_around(area: Area, tmp_path: Path) -> None:
    folder = tmp_path / "examples" / "testshire"
    folder.mkdir(parents=True)
    (folder / "bad.yaml").write_text("schema: cspr.case/1\n", encoding="utf-8")
    assert "is missing" in _wrong(area, contract.examples_can_be_checked)[0]


def test_scenarios_that_are_none(area: Area) -> None:
    area.scenario("expect: []\n", "two")
    (area.scenarios / "three.yml").write_text("", encoding="utf-8")
    found = _wrong(area, contract.scenarios_are_there)
    assert [line.partition(" ")[0] for line in found] == [
        "testshire/scenarios/two.yaml:4:9:",
        "testshire/scenarios/three.yml:",
    ]


def test_a_base_that_a_change_alone_makes_valid(area: Area) -> None:
    text = area.base.read_text("utf-8").replace("outcome: seriously_harmed", "outcome: harmed")
    area.base.write_text(text, encoding="utf-8")
    area.scenario(
        "change: {set: {children: [{id: child_1, outcome: died}]}}\n"
        "expect: [{requirement: testshire.terms, as_of: 2026-03-12, status: pending, because: x}]\n"
    )
    (line,) = _wrong(area, contract.scenarios_are_there)
    assert line.startswith("testshire/scenarios/base/case.yaml:5:28: ")


def test_no_scenarios_at_all(area: Area) -> None:
    (area.scenarios / "one.yaml").unlink()
    assert _wrong(area, contract.scenarios_are_there) == [
        "testshire: there are no scenarios. Write a first one in `scenarios/`."
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ask about 943 476 5919", "an NHS number"),
        ("Ring 07700 900123", "a mobile telephone number"),
        ("QQ 12 34 56 C", "a National Insurance number"),
        ("Somebody, born on 3 May 2012", "a date of birth"),
        ("Write to somebody@testshire.example", "an e-mail address stands under `contacts` only"),
    ],
)
def test_what_looks_like_somebodys_data(area: Area, text: str, said: str) -> None:
    area.change("title: The police and the surgery are there", f"title: {text}")
    (line,) = _wrong(area, contract.no_personal_data)
    assert line.startswith("testshire/cspr_testshire/arrangements.yaml:26:")
    assert said in line


def test_an_address_of_the_office_is_no_personal_data(area: Area) -> None:
    area.change(
        "requirements:\n",
        "contacts:\n  - {for: business_office, email: office@testshire.example,"
        " published_in: Made-up Guide, as_of: 2020-12, confirmed_on: null}\nrequirements:\n",
    )
    assert _wrong(area, contract.no_personal_data) == []


def test_a_page_that_leaves_a_requirement_out(area: Area) -> None:
    page = area.folder / "COVERAGE.md"
    page.write_text(
        "`information_return`, `terms_of_reference`, `testshire.quorum`", encoding="utf-8"
    )
    assert _wrong(area, contract.coverage_page_names_every_requirement) == [
        "testshire/COVERAGE.md: `terms` is not named there. Say which passage it carries."
    ]
    page.unlink()
    (line,) = _wrong(area, contract.coverage_page_names_every_requirement)
    assert line.startswith("testshire/COVERAGE.md: there is no such page.")


def test_the_page_names_every_promise() -> None:
    page = Path(__file__).parents[2] / "docs" / "testing.md"
    rows = [line.split("`")[1] for line in page.read_text("utf-8").splitlines() if "| `" in line]
    named = [name for name in rows if not name.startswith("-")]
    assert named == [check.__name__ for check in contract.CHECKS]
