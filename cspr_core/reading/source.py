"""From a file on disk to its text: size, encoding and characters that no file may hold.

Knows nothing of YAML or JSON. Every line end comes out as a line feed; a byte-order mark is
dropped.
"""

from __future__ import annotations

import codecs
import re
import stat
from collections.abc import Iterable
from pathlib import Path

from cspr_core.model.characters import name_control
from cspr_core.reading.problems import START, BadInput, Place, Problem

MAX_BYTES = 1024 * 1024
_MAX_LISTED = 5  # of one kind: a file full of NULs is one mistake, not a million

_FOREIGN = (
    (b"PK\x03\x04", "a Word, Excel or zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"%PDF", "a PDF file"),
    (b"{\\rtf", "a rich-text file"),
)
_CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]"
_SAVE = "Save it as plain text with the encoding UTF-8"


def controls(text: str) -> Iterable[re.Match[str]]:
    """The characters of a text that no file may hold, each as a match."""
    # What can be printed holds none of them: most texts are through with that.
    return () if text.replace("\n", "").isprintable() else re.finditer(_CONTROL, text)


def position(text: str, index: int) -> Place:
    """The place of the character at `index` of `text`, whose line ends are line feeds."""
    return Place(text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def read_bytes(path: Path) -> bytes:
    """The content of an ordinary file of at most 1 MiB; raises `BadInput`."""

    def bad(what: str, remedy: str) -> BadInput:
        return BadInput([Problem(str(path), 1, 1, what, remedy)])

    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise bad("This is a directory, not a file", "Name a file in it")
        if not stat.S_ISREG(mode):
            raise bad("This is not an ordinary file", "Name a YAML or JSON file")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise bad("There is no such file", "Check the name and the folder") from None
    except PermissionError:
        raise bad("This file may not be read", "Ask its owner for access") from None
    except (OSError, ValueError):
        raise bad(
            "This file cannot be read", "Check the name, and that the drive is connected"
        ) from None
    if len(content) > MAX_BYTES:
        raise bad(
            "The file is larger than 1 MiB",
            "Keep one case in a file, and long texts in documents of their own",
        )
    return content


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _not_utf8(content: bytes, error: UnicodeDecodeError) -> tuple[Place, str]:
    before = _unix(content[: error.start].decode("utf-8"))
    bad = content[error.start : error.start + 1]
    place = position(before, len(before))
    try:
        meant = bad.decode("cp1252")
    except UnicodeDecodeError:
        return place, "The file is not saved as UTF-8: it cannot be read from here on"
    return place, (
        f"The file is not saved as UTF-8 but probably as Windows-1252 (ANSI), "
        f"where this character is {meant}"
    )


def decode(content: bytes, file: str) -> str:
    """The text of a file's bytes, with line feeds; raises `BadInput` with every place."""

    def bad(what: str, remedy: str = _SAVE, place: Place = START) -> BadInput:
        return BadInput([Problem(file, place.line, place.column, what, remedy)])

    for mark, kind in _FOREIGN:
        if content.startswith(mark):
            raise bad(f"This is {kind}, not plain text")
    head = content[:64]
    if (
        head[:2] in {b"\xff\xfe", b"\xfe\xff"}
        or (
            len(head) > 3  # noqa: PLR2004
            and (not any(head[0::2]) or not any(head[1::2]))
            and any(head)
        )
    ):
        raise bad("The file is saved as UTF-16 (Notepad and Word call it Unicode)")
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = _unix(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        place, what = _not_utf8(content, error)
        raise bad(what, place=place) from None
    problems = []
    for match in controls(text):
        place = position(text, match.start())
        problems.append(
            Problem(
                file,
                place.line,
                place.column,
                f"There is {name_control(match[0])} here",
                "Type an ordinary line break or space instead"
                if ord(match[0]) in {0x0B, 0x0C, 0x85, 0x2028, 0x2029}
                else "Delete it; if there are many, this is not a text file",
            )
        )
        if len(problems) == _MAX_LISTED:
            break
    if problems:
        raise BadInput(problems)
    return text
