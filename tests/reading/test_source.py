"""Bytes to text: what kind of file it is, and how big."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cspr_core.reading.problems import BadInput
from cspr_core.reading.source import MAX_BYTES, decode, read_bytes


def _said(path: Path) -> str:
    with pytest.raises(BadInput) as caught:
        read_bytes(path)
    return str(caught.value)


def test_a_missing_file_a_directory_and_a_pipe_are_told_apart(tmp_path: Path) -> None:
    assert _said(tmp_path / "no.yaml").endswith(
        "no.yaml:1:1: There is no such file. Check the name and the folder."
    )
    assert "This is a directory" in _said(tmp_path)
    assert "This file cannot be read" in _said(Path("a\0b"))
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert "not an ordinary file" in _said(tmp_path / "pipe")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "case.yaml"
    path.touch()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    assert "This file may not be read" in _said(path)


def test_a_file_of_one_mebibyte_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(b"#" * MAX_BYTES)
    assert len(read_bytes(path)) == 1_048_576  # 1024 * 1024
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    assert "larger than 1 MiB" in _said(path)


def test_byte_order_mark_and_line_ends_do_not_matter() -> None:
    assert decode(b"\xef\xbb\xbfa: 1\r\nb: 2\rc: 3\n", "f") == "a: 1\nb: 2\nc: 3\n"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xd0\xcf\x11\xe0....", "an old Word or Excel file"),
        (b"%PDF-1.7", "a PDF file"),
        (b"{\\rtf1", "a rich-text file"),
        ("a: 1\n".encode("utf-16-be"), "UTF-16"),
    ],
)
def test_other_kinds_of_file_are_named(content: bytes, kind: str) -> None:
    with pytest.raises(BadInput, match=kind):
        decode(content, "f")


def test_the_first_bad_byte_has_its_place_behind_a_mark_and_crlf() -> None:
    with pytest.raises(BadInput) as caught:
        decode(b"\xef\xbb\xbfa: \xc3\xa9\r\nb: x\xe9", "f")
    # second line: b is column 1, the colon 2, the space 3, x 4, the byte 5
    assert (caught.value.problems[0].line, caught.value.problems[0].column) == (2, 5)


def test_of_many_control_characters_five_are_told() -> None:
    with pytest.raises(BadInput) as caught:
        decode(b"x\x01" * 9, "f")
    assert [p.column for p in caught.value.problems] == [2, 4, 6, 8, 10]
