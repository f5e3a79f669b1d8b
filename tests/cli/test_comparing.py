"""`cspr diff` and `cspr compare`, as people call them."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def two(area: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of Testshire's arrangements as `old` and `new`, the new with fewer days."""
    monkeypatch.chdir(tmp_path)
    text = (area / "testshire" / "arrangements.yaml").read_text("utf-8")
    for name, n in (("old", 7), ("new", 5)):
        (tmp_path / name).mkdir()
        changed = text.replace("{n: 7, unit: working_days", f"{{n: {n}, unit: working_days")
        (tmp_path / name / "arrangements.yaml").write_text(changed, "utf-8")
    return tmp_path


@pytest.fixture
def areas(area: Path) -> Path:
    """A second area beside Testshire, for `--plugins`."""
    text = (area / "testshire" / "arrangements.yaml").read_text("utf-8")
    text = text.replace("partnership: testshire", "partnership: othershire")
    text = text.replace("name: Testshire Safeguarding", "name: Othershire Safeguarding")
    (area / "othershire").mkdir()
    (area / "othershire" / "arrangements.yaml").write_text(text, "utf-8")
    return area


# --- diff ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("two")
def test_what_is_checked_differs(run: Callable) -> None:
    done = run("diff", "old", "new")
    assert (done.status, done.err) == (1, "")
    assert "TIGHTENED (1): it asks for more" in done.out


@pytest.mark.usefixtures("two")
def test_the_same_leaves_with_0(run: Callable) -> None:
    done = run("diff", "old", "old")
    assert done.status == 0
    assert "Nothing differs." in done.out


def test_words_alone_leave_with_0(run: Callable, two: Path) -> None:
    file = two / "old" / "arrangements.yaml"
    text = file.read_text("utf-8").replace("title: Think of siblings", "title: Think of cousins")
    (two / "new" / "arrangements.yaml").write_text(text, "utf-8")
    done = run("diff", "old", "new")
    assert done.status == 0
    assert "only what is said differs" in done.out


@pytest.mark.usefixtures("two")
def test_markdown(run: Callable) -> None:
    done = run("diff", "old", "new", "--format", "markdown")
    assert done.status == 1
    assert done.out.startswith("## Testshire Safeguarding Partnership: what changed\n")


def test_json_into_a_file(run: Callable, two: Path) -> None:
    done = run("diff", "old", "new", "--format", "json", "--out", two / "diff.json")
    assert (done.status, done.out) == (1, "")
    assert json.loads((two / "diff.json").read_text("utf-8"))["summary"]["tightened"] == 1
    if os.name != "nt":
        assert stat.S_IMODE((two / "diff.json").stat().st_mode) == 0o600


@pytest.mark.usefixtures("two")
def test_json_on_the_screen(run: Callable) -> None:
    assert json.loads(run("diff", "old", "new", "--format", "json").out)["checks_differ"] is True


@pytest.mark.usefixtures("two")
def test_what_cannot_be_found_is_one_line(run: Callable) -> None:
    done = run("diff", "old", "gone.yaml")
    assert (done.status, done.out) == (2, "")
    assert done.err == ("cspr: gone.yaml: there is no such file. Check the name and the folder.\n")


def test_what_is_wrong_in_a_version_is_told_with_its_place(run: Callable, two: Path) -> None:
    file = two / "new" / "arrangements.yaml"
    file.write_text(file.read_text("utf-8").replace("kind: step", "kind: stop"), "utf-8")
    done = run("diff", "old", "new")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("new/arrangements.yaml:")


@pytest.mark.usefixtures("two")
def test_an_unknown_format(run: Callable) -> None:
    done = run("diff", "old", "new", "--format", "html")
    assert (done.status, done.err) == (
        2,
        "cspr: --format html: there is no such format here. There are: table, markdown, json.\n",
    )


# --- compare ------------------------------------------------------------------------------------


def test_two_areas(run: Callable, areas: Path) -> None:
    done = run("compare", "testshire", "othershire", "--plugins", areas)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("Arrangements side by side: Testshire and Othershire\n")
    assert max(map(len, done.out.splitlines())) <= 79


def test_a_folder_is_an_area_too(
    run: Callable, areas: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(areas)
    done = run("compare", "testshire", "othershire", "--topic", "deadlines")
    assert done.status == 0
    assert "Testshire and Othershire come to the same" in " ".join(done.out.split())


@pytest.mark.parametrize(
    ("form", "start"),
    [("markdown", "# Arrangements side by side"), ("html", "<!DOCTYPE html>")],
)
def test_other_formats(run: Callable, areas: Path, form: str, start: str, tmp_path: Path) -> None:
    out = tmp_path / "compared"
    done = run(
        "compare", "testshire", "othershire", "--plugins", areas, "--format", form, "--out", out
    )
    assert (done.status, done.out) == (0, "")
    assert out.read_text("utf-8").startswith(start)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("testshire",),
         "testshire: one area alone can't be compared. Name another beside it."),
        (("testshire", "testshire"),
         "testshire: this area is named twice. For two versions of one plugin use `cspr diff`."),
        (("testshire", "national"),
         "national: the national duties stand beside every area. Leave national out."),
        (("testshire", "othershire", "--stage", "revue"),
         "--stage revue: there is no such word here. Did you mean review?"),
        (("testshire", "othershire", "--topic", "contacts", "--stage", "review"),
         "--topic contacts: this belongs to no stage. Leave --stage out, or name another topic."),
        (("testshire", "othershire", "--format", "json"),
         "--format json: there is no such format here. There are: table, markdown, html."),
    ],
)  # fmt: skip
def test_refused(run: Callable, areas: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run("compare", *arguments, "--plugins", areas)
    assert (done.status, done.out, done.err) == (2, "", f"cspr: {said}\n")


def test_an_unknown_topic_names_those_there_are(run: Callable, areas: Path) -> None:
    done = run("compare", "testshire", "othershire", "--topic", "costs", "--plugins", areas)
    assert done.status == 2
    assert "There are: documents, deadlines, bodies, contacts, not_covered, referral," in done.err


def test_help_names_every_topic(run: Callable) -> None:
    from cspr_core.comparing.matters import TOPICS  # noqa: PLC0415
    from cspr_core.comparing.side_by_side import PARTS  # noqa: PLC0415

    said = run("compare", "--help").out
    assert [word for word in (*PARTS, *TOPICS) if word not in said] == []


def test_an_unknown_area_is_named(run: Callable, areas: Path) -> None:
    done = run("compare", "testshire", "atlantis", "--plugins", areas)
    assert done.status == 2
    assert done.err.startswith("cspr: There is no plugin for the partnership `atlantis`.")


def test_completion_of_stages_and_topics() -> None:
    from cspr_core.cli import comparing  # noqa: PLC0415

    assert comparing.complete_stages("re") == ["referral", "review"]
    assert comparing.complete_topics("de") == ["deadlines", "decision", "delay", "debrief"]
