"""CSPR206: asked of each agency or recipient, and answered by what any one of them does."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.lint.parts import parts
from cspr_core.model.arrangements import Limited
from cspr_core.model.patterns import Anchor, EventPattern, ForEach
from cspr_core.reading.document import Loc
from cspr_core.vocabulary import vocabulary

CODE = "CSPR206"
TITLE = "One answers for all"
SEVERITY: Severity = "error"


def check(context: Context) -> Iterator[Message]:
    """Each `met_by` and each start of a limit that lacks `same` beside a `for_each`."""
    for requirement in context.requirements:
        subject = _subject(requirement.for_each)
        if subject is None or not isinstance(requirement, Limited):
            continue
        name, attribute = subject
        for loc, part in parts(context, requirement):
            if not isinstance(part, EventPattern) or not _answers(loc, part):
                continue
            known = vocabulary().events.get(part.event)
            carried = known is not None and attribute in known.attributes
            if carried and name not in part.same and not getattr(part, attribute):
                yield context.about(
                    requirement,
                    f"`{requirement.id}` is asked of each {name}, and what any {name} does"
                    f" counts for all of them",
                    f"Add `same: {name}` to `{part.event}`",
                    *loc[2:],
                )


def _subject(each: ForEach | None) -> tuple[str, str] | None:
    """What `same` would name, and the attribute of an event that carries it."""
    if each is not None and each.agency is not None:
        return "agency", "agency"
    if each is not None and (each.recipient or each.should):
        return "recipient", "to"
    return None


def _answers(loc: Loc, part: EventPattern) -> bool:
    """Whether the pattern is what meets the requirement or what its limit counts from."""
    return isinstance(part, Anchor) or "met_by" in loc
