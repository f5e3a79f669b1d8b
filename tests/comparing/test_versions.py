"""Where a version comes from: paths, revisions, and what can't be had."""

import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cspr_core.comparing import git as git_module
from cspr_core.comparing.changes import Difference, difference_of
from cspr_core.comparing.git import VersionError
from cspr_core.comparing.versions import read_versions
from cspr_core.plugins import PROVISIONS
from cspr_core.reading.problems import BadInput

Write = Callable[..., Path]
Git = Callable[..., str]
LESS = ("{n: 14, unit: days", "{n: 10, unit: days")
MORE = ("{n: 14, unit: days", "{n: 21, unit: days")
FILE = "plugins/barset/cspr_barset/arrangements.yaml"


def difference(here: Path, old: str, new: str, area: str | None = None) -> Difference:
    return difference_of(*read_versions(old, new, area, here))


def changed(here: Path, old: str, new: str, area: str | None = None) -> list[str]:
    return [one.change for one in difference(here, old, new, area).requirements]


def refused(here: Path, old: str, new: str, area: str | None = None) -> str:
    with pytest.raises(VersionError) as error:
        read_versions(old, new, area, here)
    return str(error.value)


@pytest.fixture
def history(plugin: Write, commit: Git, git: Git) -> tuple[str, str]:
    """Two commits: 14 days of notice, then 10; and 21 in the folder, not committed."""
    plugin("barset", under="plugins")
    first = commit()
    plugin("barset", LESS, under="plugins")
    second = commit()
    git("tag", "v2")
    plugin("barset", MORE, under="plugins")
    return first, second


# --- paths --------------------------------------------------------------------------------------


def test_a_folder_a_package_and_a_file_are_the_same_plugin(plugin: Write, tmp_path: Path) -> None:
    plugin("barset")
    plugin("barset-2027", LESS)
    for name in ("barset-2027", "barset-2027/cspr_barset",
                 "barset-2027/cspr_barset/arrangements.yaml"):  # fmt: skip
        assert changed(tmp_path, "barset", name) == ["loosened"]


def test_a_folder_of_several_needs_the_area(plugin: Write, tmp_path: Path) -> None:
    plugin("barset", under="a")
    other = plugin("loamshire", under="a") / "cspr_barset"
    other.rename(other.with_name("cspr_loamshire"))
    assert refused(tmp_path, "a", "a") == (
        "a: several plugins are in this folder: barset, loamshire. Name one of them with --area,"
        " or its own folder."
    )
    assert changed(tmp_path, "a", "a", "barset") == []


def test_the_national_provisions_by_their_folder(tmp_path: Path) -> None:
    edited = tmp_path / "provisions.yaml"
    text = PROVISIONS.read_text("utf-8")
    assert text.count("before: {n: 7, unit: working_days") == 1
    edited.write_text(text.replace("before: {n: 7, unit: w", "before: {n: 5, unit: w"), "utf-8")
    found = difference(tmp_path, str(PROVISIONS.parent), ".")
    assert [(one.id, one.change) for one in found.requirements] == [
        ("national.final_report", "loosened")
    ]


def test_two_areas_are_no_versions(plugin: Write, tmp_path: Path) -> None:
    plugin("old")
    plugin("new", ("partnership: barset", "partnership: loamshire"),
           ("finding: barset.terms", "finding: loamshire.terms"))  # fmt: skip
    assert refused(tmp_path, "old", "new") == (
        "old is of the area barset and new of loamshire: these are no versions of one plugin."
        " `cspr compare barset loamshire` sets areas side by side."
    )


def test_what_is_wrong_in_a_file_is_told_by_its_name(plugin: Write, tmp_path: Path) -> None:
    plugin("old")
    plugin("new", ("kind: composition", "kind: compositon"))
    with pytest.raises(BadInput) as error:
        read_versions("old", "new", None, tmp_path)
    # `kind` stands in the line after the id of the second requirement, which is line 30.
    assert str(error.value).startswith("new/cspr_barset/arrangements.yaml:31:")


def test_no_such_file(tmp_path: Path) -> None:
    for name in ("nothing.yaml", "C:\\plugins\\barset"):
        assert refused(tmp_path, name, ".") == (
            f"{name}: there is no such file. Check the name and the folder."
        )


def test_python_is_named_and_never_run(plugin: Write, tmp_path: Path) -> None:
    boom = "raise SystemExit\n"
    plugin("old", python=f"{boom}def cspr_facts(): ...\ndef cspr_commands(): ...\n")
    plugin("new", python=f"{boom}def cspr_facts(): ...\ndef cspr_requirements(): ...\n")
    hooks = {hook.name: hook.words for hook in difference(tmp_path, "old", "new").hooks}
    assert hooks == {
        "cspr_facts": "in both, in files that differ",
        "cspr_commands": "in the old version alone",
        "cspr_requirements": "in the new version alone",
    }


def test_python_that_is_the_same(plugin: Write, tmp_path: Path) -> None:
    plugin("old", python="def cspr_facts(): ...\n")
    plugin("new", python="def cspr_facts(): ...\n")
    (hook,) = difference(tmp_path, "old", "new").hooks
    assert hook.words == "in both, in files that are the same"


def test_python_beside_a_file_that_is_in_no_package_is_nobodys(
    plugin: Write, tmp_path: Path
) -> None:
    folder = plugin("old", python="def cspr_facts(): ...\n") / "cspr_barset"
    (folder / "__init__.py").rename(folder / "hooks.py")
    assert difference(tmp_path, "old", "old").hooks == ()


# --- revisions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "area", "change"),
    [
        ("HEAD~1", "HEAD", "barset", "loosened"),
        ("v2", "HEAD~1", "barset", "tightened"),
        ("HEAD~1", "plugins/barset", None, "tightened"),
        ("plugins/barset", "main", None, "loosened"),
        ("HEAD~1:plugins/barset", "HEAD:plugins/barset", None, "loosened"),
        ("HEAD~1:./plugins/barset", "HEAD", None, "loosened"),
        ("HEAD~1", f"HEAD:{FILE}", None, "loosened"),
        ("HEAD~1:plugins\\barset", "HEAD", None, "loosened"),
    ],
)
@pytest.mark.usefixtures("history")
def test_revisions(tmp_path: Path, old: str, new: str, area: str | None, change: str) -> None:
    assert changed(tmp_path, old, new, area) == [change]


def test_a_revision_is_called_by_its_name_and_commit(
    history: tuple[str, str], tmp_path: Path
) -> None:
    found = difference(tmp_path, "HEAD~1", "HEAD", "barset")
    assert (found.old.file, found.old.commit) == (f"HEAD~1:{FILE}", history[0])
    assert (found.new.file, found.new.commit) == (f"HEAD:{FILE}", history[1])


@pytest.mark.usefixtures("history")
def test_a_revision_takes_the_repository_of_the_other_path(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert changed(elsewhere, "HEAD~1", str(tmp_path / "plugins" / "barset")) == ["tightened"]


@pytest.mark.usefixtures("history")
def test_a_path_goes_before_a_revision(plugin: Write, tmp_path: Path) -> None:
    plugin("main")  # 14 days, as the first commit; the branch has 10
    assert changed(tmp_path, "main", "HEAD~1:plugins/barset") == []


@pytest.mark.usefixtures("history")
def test_a_folder_without_arrangements_leaves_the_name_to_the_revision(tmp_path: Path) -> None:
    (tmp_path / "main").mkdir()
    assert changed(tmp_path, "HEAD~1", "main", "barset") == ["loosened"]


def test_a_plugin_that_moved_is_found_by_its_area(
    plugin: Write, commit: Git, git: Git, tmp_path: Path
) -> None:
    plugin("barset", under="areas")
    commit()
    git("mv", "areas", "plugins")
    assert changed(tmp_path, "HEAD", "plugins/barset") == []


def test_nothing_is_left_behind(
    history: tuple[str, str], tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(history) == 2
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    before = git("status", "--porcelain")
    assert changed(tmp_path, "HEAD~1", "HEAD", "barset") == ["loosened"]
    assert list(temporary.iterdir()) == []
    assert git("status", "--porcelain") == before


@pytest.mark.usefixtures("history")
def test_pythons_hooks_of_a_revision_are_named(plugin: Write, commit: Git, tmp_path: Path) -> None:
    plugin("barset", python="raise SystemExit\ndef cspr_facts(): ...\n", under="plugins")
    commit()
    found = difference(tmp_path, "HEAD~1", "HEAD", "barset")
    assert [(hook.name, hook.words) for hook in found.hooks] == [
        ("cspr_facts", "in the new version alone")
    ]


def test_an_old_revision_that_is_not_valid_today_is_told_with_its_name(
    plugin: Write, commit: Git, tmp_path: Path
) -> None:
    plugin("barset", ("kind: composition", "kind: compositon"), under="plugins")
    commit()
    plugin("barset", under="plugins")
    with pytest.raises(BadInput) as error:
        read_versions("HEAD", "plugins/barset", None, tmp_path)
    (problem,) = error.value.problems
    assert (problem.file, problem.line) == (f"HEAD:{FILE}", 31)


def test_a_file_of_a_revision_that_is_no_text(plugin: Write, commit: Git, tmp_path: Path) -> None:
    folder = plugin("barset", under="plugins")
    (folder / "cspr_barset" / "arrangements.yaml").write_bytes(b"name: \xff\n")
    commit()
    plugin("barset", under="plugins")
    with pytest.raises(BadInput) as error:
        read_versions("HEAD", "plugins/barset", None, tmp_path)
    assert str(error.value).startswith(f"HEAD:{FILE}:1:7: ")


# --- what can't be had --------------------------------------------------------------------------


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    ("old", "new", "area", "said"),
    [
        ("gone", "HEAD", "barset",
         "gone: there is no such file or folder here, and no such revision in the repository"),
        ("--output=x", "HEAD", "barset",
         "--output=x: there is no such file or folder here, and no such revision"),
        ("HEAD", "HEAD~1", None,
         ("HEAD: which plugin of this revision is not said. Name the area with --area, or write"
         " HEAD:PATH.")),
        ("HEAD", "HEAD~1", "atlantis",
         ("HEAD: the revision has no arrangements of the area atlantis. `git ls-tree -r --name-only"
         " HEAD` lists what it has.")),
        ("HEAD:docs", "HEAD", "barset", "HEAD:docs: the revision has no arrangements at docs."),
        ("HEAD:", "HEAD", "barset",
         ("HEAD:: this is no revision with a path. Write REVISION:PATH, for example"
         " HEAD~3:plugins/essex.")),
        (":plugins", "HEAD", "barset", ":plugins: this is no revision with a path."),
        ("HEAD", "HEAD", "national",
         "HEAD: the revision has no arrangements of the area national."),
    ],
)  # fmt: skip
def test_refused(tmp_path: Path, old: str, new: str, area: str | None, said: str) -> None:
    assert refused(tmp_path, old, new, area).startswith(said)


def test_a_path_that_a_revision_has_not(plugin: Write, commit: Git, tmp_path: Path) -> None:
    commit()
    plugin("barset", under="plugins")
    assert refused(tmp_path, "HEAD", "plugins/barset").startswith(
        f"HEAD: the revision has no arrangements at {FILE}."
    )


def test_several_of_a_revision_have_to_be_told_apart(
    plugin: Write, commit: Git, tmp_path: Path
) -> None:
    plugin("barset", under="a")
    plugin("barset", LESS, under="b")
    plugin("barset", under="tests/old")  # what lies among tests is nobody's plugin
    commit()
    assert refused(tmp_path, "HEAD", "HEAD", "barset") == (
        "HEAD: the revision has several: a/barset/cspr_barset/arrangements.yaml,"
        " b/barset/cspr_barset/arrangements.yaml. Name one of them:"
        " HEAD:a/barset/cspr_barset/arrangements.yaml."
    )
    assert changed(tmp_path, "HEAD:a", "HEAD:b", "barset") == ["loosened"]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_outside_a_repository(
    plugin: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin("barset")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert refused(tmp_path, "HEAD", "barset").endswith(
        "this is no git repository. Name a folder, or go to the repository's folder."
    )


def test_without_git(plugin: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin("barset")
    monkeypatch.setattr(git_module.shutil, "which", lambda _: None)
    assert refused(tmp_path, "HEAD", "barset") == (
        "HEAD: there is no such file or folder here, and revisions can't be read: git is not"
        " installed. Name a folder, or install git."
    )


@pytest.mark.usefixtures("history")
def test_a_repository_that_git_cannot_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = git_module._run  # noqa: SLF001  (what it gives is put in its place)

    def broken(program: str, folder: Path, *arguments: str) -> CompletedProcess[bytes]:
        if arguments[0] == "ls-tree":
            return CompletedProcess([], 128, b"", b"fatal: not a tree object.\nmore\n")
        return run(program, folder, *arguments)

    monkeypatch.setattr(git_module, "_run", broken)
    assert refused(tmp_path, "HEAD", "HEAD", "barset").endswith(
        ": git can't read this repository: not a tree object."
    )


@pytest.mark.usefixtures("history")
def test_a_path_from_the_folder_one_is_in(tmp_path: Path) -> None:
    here = tmp_path / "plugins"
    assert changed(here, "HEAD~1:.", "HEAD") == ["loosened"]
    assert changed(here, "HEAD~1:../plugins/barset", "HEAD") == ["loosened"]
    assert refused(here, "HEAD~1:../../elsewhere", "HEAD").startswith(
        "../../elsewhere: this lies outside the repository "
    )
