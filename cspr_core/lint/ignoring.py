"""Comments that say of one message: seen, and right: `# cspr: ignore CSPR404 the reason`.

Such a comment stands at the end of the line that the message names, or on a line of its own above
it. It names one rule, and its reason is required; one that leaves nothing out is reported.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from cspr_core.reading.source import decode, read_bytes

CODE_OF_ITS_OWN = "CSPR001"
TITLE = "A comment that ignores nothing, or gives no reason"
_MARK = re.compile(r"#\s*cspr:\s*ignore\b[ \t]*(?P<code>[A-Za-z]+\d+)?[ \t:,-]*(?P<reason>[^\n]*)")
_WORDS = 2  # a reason of fewer says nothing

Place = tuple[str, int, str]  # file, line, code of a message


@dataclass(frozen=True)
class Comment:
    """One comment: where it stands, which line it speaks of, what it leaves out, and why."""

    line: int
    column: int
    speaks_of: int
    code: str
    reason: str


def comments_in(path: Path) -> Iterator[Comment]:
    """The ignoring comments of a YAML file; what only looks like one inside a text is none."""
    text = decode(read_bytes(path), str(path))
    matches = list(_MARK.finditer(text))
    if not matches:
        return
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    texts = [
        (token.start_mark.index, token.end_mark.index)
        for token in yaml.scan(text, Loader=loader)
        if isinstance(token, yaml.ScalarToken)
    ]
    for match in matches:
        if any(start <= match.start() < end for start, end in texts):
            continue
        begin = text.rfind("\n", 0, match.start()) + 1
        line = text.count("\n", 0, match.start()) + 1
        alone = not text[begin : match.start()].strip()
        yield Comment(
            line,
            match.start() - begin + 1,
            line + 1 if alone else line,
            (match["code"] or "").upper(),
            match["reason"].strip(),
        )


def apply(
    file: str, messages: Iterable[Place], codes: Collection[str]
) -> tuple[frozenset[Place], list[tuple[int, int, tuple[str, str]]]]:
    """The messages that stay, and what is to be said of the comments themselves.

    `codes` are those of the rules that ran: a comment on another is not judged.
    """
    stay = frozenset(messages)
    said: list[tuple[int, int, tuple[str, str]]] = []
    for comment in comments_in(Path(file)):
        here = frozenset({(file, comment.speaks_of, comment.code)})
        if not comment.code:
            said.append((comment.line, comment.column, _NO_CODE))
        elif len(comment.reason.split()) < _WORDS:
            said.append((comment.line, comment.column, _NO_REASON))
        elif here & stay:
            stay -= here
        elif comment.code in codes:
            said.append((comment.line, comment.column, _NOTHING))
    return stay, said


_NO_CODE = (
    "This comment does not say which rule it ignores",
    "Write its code and the reason, for example `# cspr: ignore CSPR404 the text says so`",
)
_NO_REASON = (
    "This comment ignores a rule without a reason",
    "Write the reason behind the rule's code, for whoever reads it next",
)
_NOTHING = ("This comment ignores nothing: the rule has nothing to say here", "Delete it")
