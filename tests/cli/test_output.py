"""Writing: whole or not at all, for the owner alone, and on consoles that lack characters."""

import errno
import io
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cspr_core.cli import output

posix = pytest.mark.skipif(os.name != "posix", reason="modes and devices of POSIX")
full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


def console(monkeypatch: pytest.MonkeyPatch, encoding: str) -> io.BytesIO:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding, newline="\n"))
    output.prepare()
    return raw


def test_unicode_console_gets_every_character(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = console(monkeypatch, "utf-8")
    output.emit("“Review” → done …")
    assert raw.getvalue().decode("utf-8") == "“Review” → done …\n"
    assert output.is_unicode()


def test_windows_console_gets_the_nearest_plain_character(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = console(monkeypatch, "cp1252")
    output.emit("“Review” → done ≥ 5 ✓")
    # cp1252 has the curly quotation marks; the arrow and the sign have plain ones; the tick none.
    assert raw.getvalue().decode("cp1252") == "“Review” -> done >= 5 ?\n"
    assert not output.is_unicode()


def test_ascii_console_gets_plain_quotation_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = console(monkeypatch, "ascii")
    output.emit("“Review” – the child’s")
    assert raw.getvalue() == b'"Review" - the child\'s\n'


def test_only_what_cannot_be_encoded_is_replaced() -> None:
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("ascii", "cspr.plain")


@pytest.mark.parametrize(
    ("columns", "expected"), [("80", 79), ("60", 59), ("20", 40), ("200", 100)]
)
def test_width_is_the_terminals_less_one(
    monkeypatch: pytest.MonkeyPatch, columns: str, expected: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert output.width() == expected
    assert output.width(Path("page.txt")) == 79  # in a file as in a pipe


def test_width_in_a_pipe_does_not_ask_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert output.width() == 79


@posix
def test_file_is_the_owners_alone_even_where_it_was_not(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o644)
    output.write_file(path, "new\n")
    assert path.read_bytes() == b"new\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["out.txt"]


@posix
def test_link_stays_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "real.txt", tmp_path / "link.txt"
    path.write_text("old", encoding="utf-8")
    link.symlink_to(path)
    output.write_file(link, "new\n")
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == "new\n"


def test_full_disk_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")

    def no_space(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(output.OutputError, match="the disk is full") as raised:
        output.write_file(path, "new\n")
    assert str(path) in str(raised.value)
    assert path.read_text(encoding="utf-8") == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["out.txt"]


def test_interrupted_writing_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        output.write_file(tmp_path / "out.txt", "new\n")
    assert list(tmp_path.iterdir()) == []


def test_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(output.OutputError, match="there is no such folder"):
        output.write_file(tmp_path / "none" / "out.txt", "new\n")


def test_directory_in_the_files_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(output.OutputError, match="this is a directory"):
        output.write_file(tmp_path, "new\n")


def test_windows_is_warned_of_who_may_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output, "_windows", lambda: True)
    output.write_file(tmp_path / "out.txt", "new\n")
    assert capsys.readouterr().err == (
        f"{tmp_path / 'out.txt'}: whoever may read its folder can read this file; keep it where"
        " only those may look who need to.\n"
    )


@full
def test_full_device_is_told(run: Callable, case: Path, area: Path) -> None:
    ran = run(*("check", case, "--plugins", area, "--as-of", "2026-03-12"), *("--out", "/dev/full"))
    assert ran.status == 2
    assert ran.err == (
        "cspr: /dev/full: could not be written: the disk is full. Nothing was written there; name"
        " another file or folder.\n"
    )


@full
@pytest.mark.slow
def test_full_standard_output_is_told_once(spawn: Callable) -> None:
    code = (
        "import os, sys\nos.dup2(os.open('/dev/full', os.O_WRONLY), 1)\n"
        "from cspr_core.cli import main\nmain(['--version'])\n"
    )
    ran = spawn(code=code)
    assert ran.status == 2
    assert ran.err.splitlines() == ["cspr: The output could not be written: the disk is full."]


@posix
@pytest.mark.slow
def test_reader_that_stops_reading_hears_nothing(spawn: Callable) -> None:
    code = (
        "import os\nreading, writing = os.pipe()\nos.dup2(writing, 1)\nos.close(reading)\n"
        "os.close(writing)\nfrom cspr_core.cli import main\nmain(['--version'])\n"
    )
    ran = spawn(code=code)
    assert (ran.status, ran.err) == (2, "")


@posix
def test_reader_that_is_gone_leaves_nothing_to_come_up_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        with pytest.raises(output.ReaderGoneError):
            output.emit("text")
        stream.flush()  # what was left went where nobody reads


def test_reader_that_is_gone_is_status_2(run: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: object) -> None:
        raise output.ReaderGoneError

    monkeypatch.setattr("cspr_core.cli.app.run", gone)
    assert run("check").status == 2


@posix
def test_device_is_written_to_and_not_replaced() -> None:
    output.write_file(Path(os.devnull), "text\n")
    assert not Path(os.devnull).is_file()


class _Broken(io.StringIO):
    """Standard output that fails: on writing, or only when it is sent on."""

    def __init__(self, error: OSError, *, at_once: bool) -> None:
        super().__init__()
        self.error, self.at_once = error, at_once

    def write(self, text: str) -> int:
        if self.at_once:
            raise self.error
        return super().write(text)

    def flush(self) -> None:
        raise self.error


@pytest.mark.parametrize("at_once", [True, False])
def test_output_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, *, at_once: bool) -> None:
    broken = _Broken(OSError(errno.EIO, "Input/output error"), at_once=at_once)
    monkeypatch.setattr(sys, "stdout", broken)
    with pytest.raises(output.OutputError, match="could not be written: Input/output error"):
        output.emit("text")


@pytest.mark.parametrize("windows", [False, True])
def test_closed_pipe_is_known_on_every_system(
    monkeypatch: pytest.MonkeyPatch, *, windows: bool
) -> None:
    error = OSError(errno.EINVAL, "Invalid argument") if windows else BrokenPipeError()
    monkeypatch.setattr(output, "_windows", lambda: windows)
    monkeypatch.setattr(sys, "stdout", _Broken(error, at_once=True))
    with pytest.raises(output.ReaderGoneError):
        output.emit("text")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("case.yaml", "schema: cspr.case/1\ncase: X-1\n"),
        ("case.identities.yaml", "child_1: {}\n"),
    ],
)
def test_no_output_over_a_file_that_is_read(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(output.OutputError, match="would be lost"):
        output.write_file(path, "a report")
    assert path.read_text("utf-8") == text


def test_output_over_an_older_report(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("older", encoding="utf-8")
    output.write_file(path, "newer")
    assert path.read_text("utf-8") == "newer"


def test_a_path_is_told_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(output.OutputError) as refused:
        output.write_file(Path("none/report.txt"), "text")
    assert str(refused.value).startswith("none/report.txt: could not be written: there is no such")


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="no names for what is open there")
def test_a_pipe_by_its_name_is_written_to() -> None:
    reader, writer = os.pipe()
    output.write_file(Path(f"/dev/fd/{writer}"), "text\n")
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as stream:
        assert stream.read() == "text\n"
