"""`cspr plugin check`, as somebody calls it who writes a plugin."""

from __future__ import annotations

import json
import os
from importlib.metadata import EntryPoint
from pathlib import Path

import jsonschema
import pytest

from cspr_core.cli import main
from cspr_core.lint import evaluation, targets
from cspr_core.lint.results import check_schema
from cspr_core.lint.targets import Target
from cspr_core.plugins import NATIONAL
from tests.lint.examples import installed
from tests.lint.said import step, write

OLD = "contacts: [{for: panel, email: a@exshire.gov.uk, published_in: Guide, as_of: 2020-01}]\n"
UNUSED = "words: {exshire.plan: A plan}\n"


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "CASES", 2)


def called(capsys: pytest.CaptureFixture[str], *argv: str | Path) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of `cspr plugin check`."""
    with pytest.raises(SystemExit) as left:
        main(["plugin", "check", "--as-of", "2026-11-21", *map(str, argv)])
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


def plugin(folder: Path, sections: str = "") -> Path:
    package = folder / "cspr_exshire"
    package.mkdir(parents=True)
    return write(package, step(), sections=sections)


def test_nothing_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(capsys, plugin(tmp_path)) == (
        0,
        (
            "exshire: 0 errors, 0 warnings, 0 notes in 1 requirement, as of 2026-11-21. Its"
            " scenarios are not at hand. Only its YAML was read: Python that it may have was not"
            " run.\n"
        ),
        "",
    )


@pytest.mark.parametrize(("sections", "status"), [(UNUSED, 0), (OLD, 1), (OLD + UNUSED, 1)])
def test_the_exit_status_tells_notes_from_the_rest(
    sections: str, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(capsys, plugin(tmp_path, sections))[0] == status


def test_places_are_shown_from_the_current_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin(tmp_path / "devon", OLD)
    monkeypatch.chdir(tmp_path)
    out = called(capsys, (tmp_path / "devon").resolve())[1]
    assert out.startswith(f"devon{os.sep}cspr_exshire{os.sep}arrangements.yaml:6:78: CSPR406 ")


def test_without_a_name_the_plugin_in_this_folder_is_meant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert called(capsys)[1].startswith("exshire: 0 errors")


def test_a_folder_of_several_plugins(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plugin(tmp_path / "one")
    other = plugin(tmp_path / "two")
    other.parent.rename(tmp_path / "two" / "cspr_devon")
    out = called(capsys, tmp_path)[1]
    assert len(out.splitlines()) == 2


def test_scenarios_are_found_beside_the_package(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = plugin(tmp_path)
    (tmp_path / "scenarios").mkdir()
    status, out, _ = called(capsys, "--format", "json", path)
    (one,) = json.loads(out)["checked"]
    assert (status, one["scenarios"]) == (1, 0)
    assert [problem["code"] for problem in one["problems"]] == ["CSPR501"]


def test_json_has_the_shape_that_is_documented(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = plugin(tmp_path, OLD)
    status, out, _ = called(capsys, path, "--format", "json")
    value = json.loads(out)
    jsonschema.Draft202012Validator.check_schema(check_schema())
    jsonschema.validate(value, check_schema())
    assert status == 1
    assert value == {
        "schema_version": "1",
        "as_of": "2026-11-21",
        "checked": [
            {
                "area": "exshire",
                "file": str(path),
                "requirements": 1,
                "scenarios": None,
                "hooks": False,
                "summary": {"error": 0, "warning": 1, "note": 0},
                "problems": [
                    {
                        "code": "CSPR406",
                        "severity": "warning",
                        "title": "A contact is old",
                        "file": str(path),
                        "line": 6,
                        "column": 78,
                        "requirement": None,
                        "what": (
                            "This contact was published in 2020-01 and never confirmed: over a"
                            " year before 2026-11-21"
                        ),
                        "remedy": (
                            "Ask whether it still holds, and write that day under `confirmed_on`"
                        ),
                    }
                ],
            }
        ],
    }


def test_what_is_found_goes_into_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "check.txt"
    assert called(capsys, plugin(tmp_path, OLD), "--out", out) == (1, "", "")
    assert "CSPR406" in out.read_text("utf-8")


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["nowhere"], "There is no plugin for the partnership `nowhere`"),
        (["--format", "xml"], "--format xml: there is no such format here. There are: text, json."),
        (["--plugins", "nowhere"], "--plugins nowhere: there is no such folder"),
        (["nowhere/arrangements.yaml"], "There is no such file"),
        (["nowhere.yaml"], "There is no such file"),
    ],
)
def test_what_cannot_be_done(
    argv: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = called(capsys, *argv)
    assert (status, out) == (2, "")
    assert told in err
    assert len(err.splitlines()) == 1


def test_a_folder_without_a_plugin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = called(capsys, tmp_path)
    assert status == 2
    assert err.startswith(f"{tmp_path / 'arrangements.yaml'}:1:1: There is no such file")


def test_one_that_cannot_be_read_leaves_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plugin(tmp_path / "one", OLD)
    broken = plugin(tmp_path / "two")
    broken.parent.rename(tmp_path / "two" / "cspr_devon")
    (tmp_path / "two" / "cspr_devon" / "arrangements.yaml").write_text("nothing: yes\n", "utf-8")
    status, out, err = called(capsys, tmp_path)
    assert status == 2
    assert "exshire: 0 errors, 1 warning" in out
    assert "cspr_devon" in err


def test_the_national_provisions_as_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, step("tightens: national.one", "national.one"))
    path.write_text(path.read_text("utf-8").replace("exshire", NATIONAL), encoding="utf-8")
    assert called(capsys, path) == (
        0,
        "national: 0 errors, 0 warnings, 0 notes in 1 requirement, as of 2026-11-21.\n",
        "",
    )


# --- what is meant --------------------------------------------------------------------------------


def test_areas_that_are_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    point = EntryPoint("exshire", "cspr_exshire", "cspr")
    monkeypatch.setattr(targets, "installed", lambda: {"exshire": (point,)})
    assert targets.targets(None, None) == (Target(NATIONAL), Target("exshire"))
    assert targets.targets("exshire", None) == (Target("exshire"),)
    assert [t.name for t in targets.targets("exshire.yaml", None)] == ["exshire.yaml"]
    # in a folder that is named, areas are read from there
    plugin(tmp_path / "more")
    assert targets.targets("exshire", tmp_path / "more") == (
        Target("exshire", directory=tmp_path / "more"),
    )


def test_the_file_of_an_installed_plugin_comes_with_its_python(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = plugin(tmp_path)
    (path.parent / "__init__.py").write_text("", encoding="utf-8")
    with installed(tmp_path, monkeypatch):
        assert targets.targets(str(path), None) == (Target("exshire", file=path),)
        assert "Only its YAML" not in called(capsys, path)[1]


def test_a_package_within_another_is_not_looked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # to find it, the outer one would have to be imported
    point = EntryPoint("exshire", "outer.inner", "cspr")
    monkeypatch.setattr(targets, "installed", lambda: {"exshire": (point,)})
    path = plugin(tmp_path)
    assert targets.targets(str(path), None) == (Target(file=path),)
