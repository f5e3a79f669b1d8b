"""CSPR103: what was put there for the time being, and stayed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.reading.document import Loc

CODE = "CSPR103"
TITLE = "A placeholder was left"
SEVERITY: Severity = "error"

_SIGNS = (
    # capitals only: `to do` and `tbc` inside a word are other things
    (re.compile(r"\b(?:TODO|FIXME|TBC|TBA|TBD)\b"), "Write what is meant, or delete the entry"),
    (re.compile(r"\b[Xx]{3,}\b"), "Write what is meant, or delete the entry"),
    (re.compile(r"\blorem\s+ipsum\b", re.IGNORECASE), "Write the text"),
    (re.compile(r"\A\W*to be (?:confirmed|decided|added|completed)\W*\Z", re.IGNORECASE),
     "Write what is meant, or delete the entry"),
    (re.compile(r"\bexample\.(?:org|com|net|gov\.uk|nhs\.uk)\b", re.IGNORECASE),
     "Write the real address, or delete the entry"),
    (re.compile(r"(?:…|\.{3,})\s*\Z"), "Write the sentence to its end"),
    (re.compile(r"<[a-z][^<>\n]{0,60}>|\{\{.*?\}\}|\[(?:insert|your|name|area)\b[^\]]*\]",
                re.IGNORECASE), "Write what belongs there"),
    (re.compile(r"\?{2,}"), "Write what is meant, or delete the entry"),
    (re.compile(r"\A\s*\Z"), "Write the text, or delete the entry"),
)  # fmt: skip


def check(context: Context) -> Iterator[Message]:
    """Each text of the file in which a sign of a placeholder stands."""
    for loc, text in _texts(context.document.data, ()):
        for sign, remedy in _SIGNS:
            found = sign.search(text)
            if found is not None:
                shown = found[0].strip()
                what = f"A placeholder stands here: {shown}" if shown else "There is no text here"
                yield Message(loc, what, remedy)
                break


def _texts(value: Any, loc: Loc) -> Iterator[tuple[Loc, str]]:
    if isinstance(value, str):
        yield loc, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*loc, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*loc, index))
