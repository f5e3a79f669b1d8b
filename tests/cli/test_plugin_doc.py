"""`cspr plugin doc`, as people call it."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

DAY = "2026-03-02"


def test_markdown_is_shown(run: Callable, area: Path) -> None:
    done = run("plugin", "doc", "testshire", "--plugins", area, "--as-of", DAY)
    assert done.status == 0
    assert done.out.startswith("# Child safeguarding practice reviews: practice guidance\n")
    # Confirmed on 20 May 2025 or later; published in December 2020: five years and two months.
    assert "December 2020 (5 years ago) in Made-up Guide" in done.out


def test_a_page_is_written(run: Callable, area: Path, tmp_path: Path) -> None:
    out = tmp_path / "guidance.html"
    done = run("plugin", "doc", "testshire", "--plugins", area, "--format", "html", "--out", out)
    assert (done.status, done.out) == (0, "")
    assert out.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_word_is_written_for_its_owner_only(run: Callable, area: Path, tmp_path: Path) -> None:
    out = tmp_path / "guidance.docx"
    done = run("plugin", "doc", "testshire", "--plugins", area, "--format", "word", "--out", out)
    assert (done.status, done.out) == (0, "")
    assert out.read_bytes()[:2] == b"PK"
    if os.name != "nt":
        assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_word_needs_a_file(run: Callable, area: Path) -> None:
    done = run("plugin", "doc", "testshire", "--plugins", area, "--format", "word")
    assert done.status == 2
    assert done.err == (
        "cspr: --format word: a Word document can't be shown here. Name a file with --out.\n"
    )


def test_an_unknown_format_is_named(run: Callable, area: Path) -> None:
    done = run("plugin", "doc", "testshire", "--plugins", area, "--format", "pdf")
    assert done.status == 2
    assert done.err == (
        "cspr: --format pdf: there is no such format here. There are: markdown, html, word.\n"
    )


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A document that is quickly made: what is in it is another test's."""
    monkeypatch.setattr("cspr_core.report.guidance.as_word.word_of", lambda guidance: b"PK")


@pytest.mark.usefixtures("small")
def test_word_is_not_written_over_what_is_read(run: Callable, area: Path) -> None:
    arrangements = next(area.rglob("arrangements.yaml"))
    before = arrangements.read_bytes()
    done = run(
        "plugin", "doc", "testshire", "--plugins", area, "--format", "word", "--out", arrangements
    )
    assert done.status == 2
    assert arrangements.read_bytes() == before


@pytest.mark.usefixtures("small")
def test_a_full_disk_is_told(
    run: Callable, area: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    out = tmp_path / "guidance.docx"
    done = run("plugin", "doc", "testshire", "--plugins", area, "--format", "word", "--out", out)
    assert done.status == 2
    assert "the disk is full. Nothing was written there" in done.err
    assert not out.exists()


@pytest.mark.usefixtures("small")
def test_a_folder_is_written_out(run: Callable, area: Path) -> None:
    done = run("plugin", "doc", area / "testshire")
    assert done.status == 0
    assert "Testshire Safeguarding Partnership" in done.out


def test_an_unknown_area_is_told(run: Callable) -> None:
    done = run("plugin", "doc", "essexx")
    assert (done.status, done.out) == (2, "")
    assert "Did you mean `essex`?" in done.err


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("name", "begins"), [("g.docx", b"PK"), ("g.HTML", b"<!DOCTYPE html>"), ("g.md", b"# Child")]
)
def test_the_ending_of_the_file_says_what_it_is(
    run: Callable, area: Path, tmp_path: Path, name: str, begins: bytes
) -> None:
    out = tmp_path / name
    assert run("plugin", "doc", "testshire", "--plugins", area, "--out", out).status == 0
    assert out.read_bytes()[:20].lower().startswith(begins.lower())
