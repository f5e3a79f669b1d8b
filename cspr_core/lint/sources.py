"""CSPR401: requirements and duties whose source can't be looked up."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.model.arrangements import Source
from cspr_core.reading.document import Loc
from cspr_core.reading.words import nearest

CODE = "CSPR401"
TITLE = "A source that cannot be looked up"
SEVERITY: Severity = "error"


def check(context: Context) -> Iterator[Message]:
    """Each source without a section, or in a document that the plugin does not cover.

    The date from which an area's requirement is held is its document's: one that is not under
    `covers` has none of its own. The national provisions cite the law itself, and are left out.
    """
    documents = [cover.document for cover in context.arrangements.covers]
    for loc, source, about in _sources(context):
        if not source.section.strip():
            yield Message(
                (*loc, "section"),
                f"The source of {about} names no section",
                "Write the heading under which the rule stands",
            )
        named = source.document
        if named is not None and named not in documents and not context.is_national:
            near = nearest(named, documents)
            yield Message(
                (*loc, "document"),
                f"The source of {about} is a document that does not stand under `covers`",
                f"Write `{near}` if that was meant, or add the document to `covers`"
                if near
                else "Add the document to `covers`, with its date and the day it was checked",
            )


def _sources(context: Context) -> Iterator[tuple[Loc, Source, str]]:
    for requirement in context.requirements:
        yield context.loc(requirement, "source"), requirement.source, f"`{requirement.id}`"
    for role, profile in context.arrangements.roles.items():
        for n, duty in enumerate(profile.duties):
            yield ("roles", role, "duties", n, "source"), duty.source, f"a duty of `{role}`"
