"""CSPR504: COVERAGE.md, which says of each passage of the document where it is carried."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.reading.document import Document
from cspr_core.reading.tree import Mark
from cspr_core.reading.words import nearest

CODE = "CSPR504"
TITLE = "COVERAGE.md and the requirements do not agree"
SEVERITY: Severity = "warning"

PAGE = "COVERAGE.md"
_CODE = re.compile(r"`([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)`")


def check(context: Context) -> Iterator[Message]:
    """Each requirement that the page leaves out, and each that it names and there is not.

    Only names with an area before them are judged: without one, a word in code type may be
    anything.
    """
    if context.folder is None or not (context.folder / PAGE).is_file():
        return
    path = context.folder / PAGE
    text = path.read_text("utf-8")
    named: set[str] = set()
    for number, line in enumerate(text.splitlines(), 1):
        for found in _CODE.finditer(line):
            name = found[1]
            named.add(name)
            if _is_id(context, name) and not _known(context, name):
                mark = Mark(number, found.start(1) + 1)
                near = nearest(name, list(context.rules.by_id))
                yield Message(
                    (0,),
                    f"`{name}` is not a requirement",
                    f"Write {near} if that was meant, or take it out" if near else "Take it out",
                    document=Document(str(path), None, mark._replace(inside=[mark])),
                )
    for requirement in context.requirements:
        short = requirement.id.removeprefix(f"{context.area}.")
        if not named & {requirement.id, short}:
            yield context.about(
                requirement,
                f"{PAGE} does not name `{short}`",
                f"Say in {PAGE} which passage of the document it carries",
                "id",
            )


def _is_id(context: Context, name: str) -> bool:
    return name.startswith((f"{context.area}.", "national."))


def _known(context: Context, name: str) -> bool:
    """A requirement, a group of them (`national.criteria`), or a word of the area's own."""
    within = any(known.startswith(f"{name}.") for known in context.rules.by_id)
    return within or name in context.rules.by_id or name in context.plugin.words
