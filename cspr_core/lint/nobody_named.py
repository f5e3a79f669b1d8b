"""CSPR105: requirements that do not say who has to act."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.lint.framework import Context, Message, Severity

CODE = "CSPR105"
TITLE = "Nobody is named who has to act"
SEVERITY: Severity = "warning"


def check(context: Context) -> Iterator[Message]:
    """Each requirement, advice apart, without `who`."""
    for requirement in context.requirements:
        if requirement.who is None and requirement.kind_name != "advice":
            yield context.about(
                requirement,
                f"`{requirement.id}` does not say who has to act, so its next step is nobody's",
                "Add `who:`; where the document names nobody, say in `reading` whom it was read as",
                "id",
            )
