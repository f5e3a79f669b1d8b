"""CSPR102: words that the area declares and nothing in its arrangements uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cspr_core.lint.framework import Context, Message, Severity

CODE = "CSPR102"
TITLE = "A word of the area's own that nothing uses"
SEVERITY: Severity = "note"


def check(context: Context) -> Iterator[Message]:
    """Each word under `words` that no requirement, role or contact names."""
    used = set(_words(context.arrangements.model_dump(by_alias=True, exclude={"words"})))
    for word in context.arrangements.words:
        if word not in used:
            yield Message(
                ("words", word),
                f"No requirement uses `{word}`, so what a case records under it changes nothing",
                "Delete it, or write the requirement that it was meant for",
                at_key=True,
            )


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (key for key in value if isinstance(key, str))
        for inner in value.values():
            yield from _words(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _words(inner)
