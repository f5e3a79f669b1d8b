"""CSPR104: YAML anchors that no alias refers to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.reading.document import Document
from cspr_core.reading.source import decode, read_bytes
from cspr_core.reading.tree import Mark

CODE = "CSPR104"
TITLE = "An anchor that nothing refers to"
SEVERITY: Severity = "note"


def check(context: Context) -> Iterator[Message]:
    """Each `&name` without a `*name` after it."""
    path = Path(context.document.file)
    if path.suffix == ".json":
        return
    open_ones: dict[str, tuple[int, int]] = {}
    unused: list[tuple[str, int, int]] = []
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for token in yaml.scan(decode(read_bytes(path), str(path)), Loader=loader):
        if isinstance(token, yaml.AnchorToken):
            if token.value in open_ones:
                unused.append((token.value, *open_ones[token.value]))
            open_ones[token.value] = (token.start_mark.line + 1, token.start_mark.column + 1)
        elif isinstance(token, yaml.AliasToken):
            open_ones[token.value] = (0, 0)
    unused += [(name, *at) for name, at in open_ones.items()]
    for name, line, column in unused:
        if line:
            # an anchor has no key of its own: the message carries the place itself
            here = Document(context.document.file, None, Mark(line, column, [Mark(line, column)]))
            yield Message(
                (0,),
                f"The anchor &{name} is never referred to",
                f"Delete `&{name}`, or refer to it by `*{name}` where it was meant",
                document=here,
            )
