"""A flow as Mermaid source, for pages that draw it themselves.

Every text stands between quotes, with whatever Mermaid or HTML would read as its own written as a
numbered entity, so that no word of an arrangements file can end a label or begin another.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import count

from cspr_core.report.guidance.flow import Flow, Node

_WIDTH = 60  # characters in a line of a box
_SHAPES = {
    "start": ('(["', '"])'),
    "end": ('(["', '"])'),
    "step": ('["', '"]'),
    "list": ('[["', '"]]'),
    "question": ('{{"', '"}}'),
}
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:?!-()/’‘“”–é")


def mermaid_of(flow: Flow) -> str:
    """The flow as the source of one Mermaid flowchart."""
    lines = [
        "flowchart LR",  # downwards, boxes beside each other would be wider than any page
        f"  accTitle: {_whole(flow.title)}",
        f"  accDescr: {_whole(flow.told)}",
    ]
    numbers = count()
    lines += _lines(flow.start, next(numbers), numbers)
    return "\n".join(lines) + "\n"


def _lines(node: Node, number: int, numbers: Iterator[int]) -> Iterator[str]:
    begin, end = _SHAPES[node.shape]
    texts = [text for part in (node.title, *node.lines) for text in textwrap.wrap(part, _WIDTH)]
    yield f"  n{number}{begin}{'<br/>'.join(map(escaped, texts))}{end}"
    for label, below in node.then:
        other = next(numbers)
        yield from _lines(below, other, numbers)
        way = f'-->|"{escaped(label)}"|' if label else "-->"
        yield f"  n{number} {way} n{other}"


def escaped(text: str) -> str:
    """A text as it may stand between a label's quotes."""
    return "".join(c if c in _PLAIN else f"#{ord(c)};" for c in " ".join(text.split()))


def _whole(text: str) -> str:
    """A text on one line without marks of Mermaid's, for what it reads up to the line's end."""
    text = text.replace("'", "’")  # which it takes, and a reader aloud needs
    return " ".join("".join(c for c in text if c in _PLAIN or c.isspace()).split())
