"""Writing what a command has to say: to the console, into a pipe, or into a file.

A file is written beside its place and renamed when it is whole, readable by its owner only: it
holds case data. What a console's encoding lacks is replaced by its nearest plain character.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path

PIPED = 79  # where there is no terminal

_NARROWEST, _WIDEST = 40, 100
_PLAIN = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "–": "-",
        "—": "-",
        "‑": "-",
        "…": "...",
        "→": "->",
        "•": "*",
        "\u00a0": " ",
        "≥": ">=",
        "≤": "<=",
    }
)
_HANDLER = "cspr.plain"


class OutputError(Exception):
    """What was to be written could not be: one line, with the place and the remedy."""


class ReaderGoneError(Exception):
    """Whoever read the output stopped reading (`cspr check CASE | head`): nothing to say."""


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end].translate(_PLAIN)
    return text.encode("ascii", "replace").decode("ascii"), error.end


codecs.register_error(_HANDLER, _replace)


def prepare() -> None:
    """Let no character that the console lacks stop the output."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_HANDLER)


def is_unicode() -> bool:
    """Whether standard output takes every character."""
    return (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"


def width(out: Path | None = None) -> int:
    """How many characters fit on a line: of the terminal, or 80 in a pipe or a file.

    One is left free: a Windows console starts another line after its last column.
    """
    if out is not None:
        return PIPED
    with contextlib.suppress(OSError, ValueError, AttributeError):
        if sys.stdout.isatty():
            columns = shutil.get_terminal_size().columns - 1
            return min(max(columns, _NARROWEST), _WIDEST)
    return PIPED


def note(line: str) -> None:
    """One line on stderr; where even that can't be written, nothing is left to be told."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def emit(text: str, out: Path | None = None) -> None:
    """Write text, to a file where one is named; raises `OutputError` or `ReaderGoneError`."""
    if not text.endswith("\n"):
        text += "\n"
    if out is not None:
        write_file(out, text)
        return
    try:
        sys.stdout.write(text)
    except OSError as error:
        _lost(error)
    flush()


def flush() -> None:
    """Send on what was written; raises `OutputError` or `ReaderGoneError`."""
    try:
        sys.stdout.flush()
    except OSError as error:
        _lost(error)


def _lost(error: OSError) -> None:
    # What is left in the buffer must not come up again when Python ends.
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
    # Windows reports a closed pipe as EINVAL.
    if isinstance(error, BrokenPipeError) or (_windows() and error.errno == errno.EINVAL):
        raise ReaderGoneError from None
    raise OutputError(f"The output could not be written: {_why(error)}.") from error


_INPUTS = (b"cspr.case/1", b"cspr.arrangements/1", b"cspr.scenario/1")
_ENOUGH = 65_536  # bytes: the schema stands at a file's beginning


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file, whole or not at all, readable by its owner only; text as UTF-8.

    Raises `OutputError`: nothing is then left half-written.
    """
    place = Path(os.path.realpath(path))  # a link stays a link
    made = content.encode() if isinstance(content, str) else content
    try:
        if _holds_input(place):
            raise OutputError(
                f"{path}: this file is one that cspr reads, and would be lost. Name another file."
            )
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            _write_through(path, made)  # what it leads to may have no name of its own
            return
        handle, name = tempfile.mkstemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(made)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(place)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputError(
            f"{path}: could not be written: {_why(error)}. Nothing was written there; name"
            " another file or folder."
        ) from error
    if _windows():
        note(
            f"{path}: whoever may read its folder can read this file; keep it where only those"
            " may look who need to."
        )


def _holds_input(path: Path) -> bool:
    """Whether a case, a plugin's file or somebody's identities stand there already."""
    if not path.is_file() or path.name.endswith(".identities.yaml"):
        return path.is_file()
    with path.open("rb") as stream:
        beginning = stream.read(_ENOUGH)
    return any(schema in beginning for schema in _INPUTS)


def _write_through(path: Path, made: bytes) -> None:
    """To a device or a pipe, which can't be replaced."""
    with path.open("wb") as stream:
        stream.write(made)


def _windows() -> bool:
    return os.name == "nt"


def _why(error: OSError) -> str:
    reasons = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "the disk is full",
        errno.EACCES: "it may not be written",
        errno.EPERM: "it may not be written",
        errno.EROFS: "the drive may only be read",
        errno.ENOENT: "there is no such folder",
        errno.ENOTDIR: "there is no such folder",
        errno.EISDIR: "this is a directory, not a file",
        errno.ENAMETOOLONG: "the name is too long",
    }
    return reasons.get(error.errno or 0, error.strerror or type(error).__name__)
