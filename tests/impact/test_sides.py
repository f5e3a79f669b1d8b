"""Both versions as a run takes them: laid out by their YAML, and refused where they don't fit."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from cspr_core.caseload.partition import Job
from cspr_core.comparing.git import VersionError
from cspr_core.comparing.versions import read_versions
from cspr_core.impact.sides import Sides, versions
from cspr_core.plugins import PROVISIONS, load_arrangements
from cspr_core.reading.problems import BadInput
from tests.impact.barset import write_plugin

JOB = Job(date(2026, 6, 1))
Git = Callable[..., str]


def sides(folder: Path, old: str, new: str) -> Sides:
    return Sides(*read_versions(old, new, None, folder), None)


# --- a plugin -----------------------------------------------------------------------------------


def test_a_version_is_laid_out_by_its_yaml_alone(tmp_path: Path) -> None:
    write_plugin(tmp_path / "old")
    write_plugin(tmp_path / "new", ("n: 14", "n: 10"))
    (tmp_path / "new" / "__init__.py").write_text("raise SystemExit(3)\n", "utf-8")
    both = sides(tmp_path, "old", "new")
    assert both.area == "barset"
    jobs = both.jobs(JOB, tmp_path / "run")
    for job, name, n in zip(jobs, ("old", "new"), (14, 10), strict=True):
        assert job.plugins == tmp_path / "run" / name
        laid = sorted(path for path in job.plugins.rglob("*") if path.is_file())
        assert laid == [tmp_path / "run" / name / "barset" / "arrangements.yaml"]
        assert f"n: {n}" in laid[0].read_text("utf-8")
        assert job.provisions is None


def test_renamed_requirements_are_known_by_both_ids(tmp_path: Path) -> None:
    write_plugin(tmp_path / "old")
    write_plugin(tmp_path / "new", ("id: notice", "id: notice_to_panel"))
    assert sides(tmp_path, "old", "new").renamed == {"barset.notice": "barset.notice_to_panel"}


# --- the national provisions --------------------------------------------------------------------


def nation(folder: Path, *changes: tuple[str, str]) -> None:
    text = PROVISIONS.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    folder.mkdir()
    (folder / PROVISIONS.name).write_text(text, "utf-8")


def test_national_provisions_stand_beside_every_plugin(tmp_path: Path) -> None:
    nation(tmp_path / "old")
    nation(tmp_path / "new", ("n: 15, unit: working_days", "n: 10, unit: working_days"))
    both = Sides(*read_versions("old", "new", None, tmp_path), tmp_path)
    assert both.area is None
    _, job = both.jobs(JOB, tmp_path / "run")
    assert job.plugins == tmp_path
    assert job.provisions == tmp_path / "run" / "new" / PROVISIONS.name
    assert load_arrangements(job.provisions).arrangements == both.new.plugin.arrangements
    both.refuse_broken()  # the installed plugins go with both


def test_provisions_that_a_plugin_does_not_go_with_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The plugin takes its limit from a national duty that the new provisions call otherwise.
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    within = "within: {as: national.rapid_review}"
    write_plugin(plugins / "barset", ("within: {n: 5, unit: days, of: {event: aware}}", within))
    nation(tmp_path / "old")
    nation(tmp_path / "new", ("national.rapid_review", "national.quick_review"))
    both = Sides(*read_versions("old", "new", None, tmp_path), plugins)
    monkeypatch.setattr("cspr_core.impact.sides.installed", dict)  # this plugin alone
    with pytest.raises(BadInput) as refused:
        both.refuse_broken()
    (problem,) = refused.value.problems
    assert problem.file == str(plugins / "barset" / "arrangements.yaml")
    # `letter` is the third requirement; its dash stands in the 26th line of Barset's file.
    assert problem.line == 26
    assert "`barset.letter` names `national.rapid_review`" in problem.what
    assert "new/provisions.yaml" in problem.what


# --- the working tree ---------------------------------------------------------------------------


@pytest.fixture
def committed(commit: Git, tmp_path: Path) -> Path:
    """A repository with Barset's arrangements at 14 days, and 10 days in the working tree."""
    write_plugin(tmp_path / "barset")
    commit()
    write_plugin(tmp_path / "barset", ("n: 14", "n: 10"))
    return tmp_path


@pytest.mark.parametrize(
    ("old", "area"), [("HEAD", "barset"), ("HEAD:barset", None), ("main:./barset", None)]
)
def test_a_revision_is_held_against_the_working_tree(
    committed: Path, old: str, area: str | None
) -> None:
    was, now = versions(old, None, area, committed)
    assert "n: 14" in was.text
    assert "n: 10" in now.text
    assert now.file == "barset/arrangements.yaml"


def test_from_a_folder_below_the_root(committed: Path) -> None:
    _, now = versions("HEAD", None, "barset", committed / "barset")
    assert now.file == "arrangements.yaml"


def test_a_folder_has_no_counterpart_in_the_working_tree(committed: Path) -> None:
    with pytest.raises(VersionError, match="Name the newer version as well"):
        versions("barset", None, None, committed)


def test_a_revision_alone_does_not_say_which_plugin(committed: Path) -> None:
    with pytest.raises(VersionError, match="Name the area with --area"):
        versions("HEAD", None, None, committed)


def test_what_the_working_tree_has_no_more(committed: Path) -> None:
    shutil.rmtree(committed / "barset")
    with pytest.raises(VersionError, match=r"no barset/arrangements\.yaml any more"):
        versions("HEAD", None, "barset", committed)


def test_a_revision_against_a_folder_that_is_in_no_repository(
    committed: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    write_plugin(elsewhere / "barset", ("n: 14", "n: 21"))
    was, now = versions("HEAD", str(elsewhere / "barset"), "barset", committed)
    assert ("n: 14" in was.text, "n: 21" in now.text) == (True, True)
    with pytest.raises(VersionError, match="this is no git repository"):
        versions("HEAD", str(elsewhere / "barset"), None, committed)


def test_a_run_of_a_revision_needs_nothing_checked_out(committed: Path, git: Git) -> None:
    both = Sides(*versions("HEAD", None, "barset", committed), None)
    (committed / "run").mkdir()
    old, _ = both.jobs(JOB, committed / "run" / "rules")
    assert old.plugins is not None
    assert "n: 14" in (old.plugins / "barset" / "arrangements.yaml").read_text("utf-8")
    assert git("status", "--porcelain", "barset") == "M barset/arrangements.yaml"
