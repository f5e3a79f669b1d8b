"""CSPR502: scenarios that can't be read, or that expect something of what there is not."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.reading.document import Document
from cspr_core.reading.problems import BadInput
from cspr_core.reading.tree import Mark
from cspr_core.reading.words import nearest, token

CODE = "CSPR502"
TITLE = "A scenario that cannot be played"
SEVERITY: Severity = "error"


def check(context: Context) -> Iterator[Message]:
    """Each problem of a scenario or its base case, and each requirement that there is not."""
    for _, read in context.scenarios:
        if isinstance(read, BadInput):
            for problem in read.problems:
                mark = Mark(problem.line, problem.column)
                here = Document(problem.file, None, mark._replace(inside=[mark]))
                yield Message((0,), problem.what, problem.remedy, document=here)
            continue
        for n, expected in enumerate(read.scenario.expect):
            name = expected.requirement
            if name not in context.rules.by_id:
                near = nearest(name, list(context.rules.by_id))
                yield Message(
                    ("expect", n, "requirement"),
                    f"{token(name)} is not a requirement",
                    f"Write {near} if that was meant"
                    if near
                    else f"Take its id from `cspr requirements {context.area}`",
                    document=read.document,
                )
