"""JSON text to a tree, with the place of each value; for files that other programs write.

Strict where JSON readers are lax (doubled keys, comments, `NaN`), and without numbers or
`true`/`false`: a value is text here, as it is in a YAML file.
"""

from __future__ import annotations

import json
import re
from typing import NoReturn

from cspr_core.model.characters import odd_character
from cspr_core.reading.problems import Problem
from cspr_core.reading.source import controls
from cspr_core.reading.tree import At, Builder, TooMuchError, Tree

_TOKEN = re.compile(
    r"""[ \t]*(?:
        (?P<break>\n)
      | (?P<text>"(?:[^"\\\n\x00-\x08\x0b-\x1f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*")
      | (?P<sign>[{}\[\],:])
      | (?P<bare>[A-Za-z0-9+.-]+)
      | (?P<end>\Z)
      | (?P<other>.)
    )""",
    re.VERBOSE,
)
_ANSWERS = {"true": '"yes"', "false": '"no"'}


class _StopError(Exception):
    """The text is no JSON from here on (the problem is noted)."""


def read_json(text: str, file: str) -> tuple[Tree | None, list[Problem]]:
    """A tree (None where none can be made) and every problem of form, in no order."""
    return read_json_line(text, file, 1)


def read_json_line(text: str, file: str, line: int) -> tuple[Tree | None, list[Problem]]:
    """As `read_json`, for a text that stands in a file from this line on."""
    builder = Builder(file)
    try:
        _Reader(text, builder).read(line)
    except (_StopError, TooMuchError):
        return None, builder.problems
    return builder.root, builder.problems


class _Reader:
    """Reads tokens one after the other; `due` says what may come next."""

    def __init__(self, text: str, builder: Builder) -> None:
        self.text, self.builder = text, builder
        self.closers: list[str] = []
        # value, value of key, first value (or ]), first key (or }), key, colon, comma, end
        self.due = "value"

    def read(self, line: int) -> None:
        """Read to the end of the text, which begins with this line, or raise `_StopError`."""
        line_start, index = 0, 0
        while True:
            match = _TOKEN.match(self.text, index)
            assert match is not None  # noqa: S101  (`other` and `end` match whatever is left)
            kind = match.lastgroup or ""
            at = (line, match.start(kind) - line_start + 1)
            index = match.end()
            if kind == "break":
                line, line_start = line + 1, index
            elif kind == "end":
                if not self.closers and self.due == "value":
                    self._stop((1, 1), "The file is empty", "Fill it in")
                if self.due != "end":
                    self._stop(
                        at,
                        "The file ends too early",
                        f"Close what is open with {self.closers[-1]}",
                    )
                return
            else:
                self._take(kind, match[kind], at)

    def _stop(self, at: At, what: str, remedy: str) -> NoReturn:
        self.builder.problem(at, what, remedy)
        raise _StopError

    def _take(self, kind: str, token: str, at: At) -> None:
        if kind == "other":
            self._foreign(token, at)
        if self.due == "end":
            self._stop(at, "Something stands behind the end", "Keep one document in a file")
        if token in {"}", "]"} and token == (self.closers or [""])[-1]:
            self._close(at)
        elif self.due == "colon":
            if token != ":":
                self._stop(at, "A colon is missing before this", "Write a colon after the key")
            self.due = "value of key"
        elif self.due == "comma":
            if token != ",":
                self._stop(
                    at,
                    "A comma is missing before this",
                    f"Write a comma between two entries, and {self.closers[-1]} after the last",
                )
            self.due = "key" if self.closers[-1] == "}" else "value"
        elif self.due in {"key", "first key"}:
            if kind != "text":
                self._stop(at, "A key in quotes is due here", 'Write it, for example "date"')
            self.builder.scalar(self._text(token, at), at)
            self.due = "colon"
        else:
            self._value(kind, token, at)

    def _foreign(self, token: str, at: At) -> NoReturn:
        if token == '"':
            self._stop(
                at,
                "A quotation mark opens here and is not closed in this line, "
                "or a backslash stands before the wrong character",
                'Close it with ", and write a backslash as \\\\',
            )
        if odd := odd_character(token):
            self._stop(at, *odd)
        if token in {"/", "#"}:
            self._stop(at, "There are no comments in a JSON file", "Delete the comment")
        self._stop(at, "This sign may not stand here", 'Put keys and values in quotes ("…")')

    def _close(self, at: At) -> None:
        if self.due in {"key", "value"}:
            self._stop(at, "A comma stands before this bracket", "Delete the comma")
        if self.due in {"colon", "value of key"}:
            self._stop(at, "The last key has no value", "Write a colon and a value behind it")
        self.builder.end()
        self.closers.pop()
        self._done()

    def _done(self) -> None:
        self.due = "comma" if self.closers else "end"

    def _value(self, kind: str, token: str, at: At) -> None:
        if token in {"{", "["}:
            self.builder.start(at, is_dict=token == "{")
            self.closers.append("}" if token == "{" else "]")
            self.due = "first key" if token == "{" else "first value"
            return
        if kind == "sign":
            self._stop(at, "A value is missing here", "Write it before this sign")
        if kind == "text":
            self.builder.scalar(self._text(token, at), at)
        elif token == "null":
            self.builder.scalar(None, at)
        else:
            if token in _ANSWERS:
                self.builder.problem(
                    at, f"`{token}` is not used here", f"Write {_ANSWERS[token]} in quotes"
                )
            else:
                self.builder.problem(
                    at,
                    "This value is not in quotes",
                    'Put every value, numbers and dates too, in quotes ("…")',
                )
            self.builder.scalar(token, at)
        self._done()

    def _text(self, token: str, at: At) -> str | None:
        value: str = json.loads(token, strict=False)
        if any(controls(value)):
            self.builder.problem(
                at, "A control character stands in this text", "Delete what begins with \\"
            )
            return None
        return value
