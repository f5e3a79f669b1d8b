"""CSPR201: requirements whose conditions can't all hold."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.lint.conditions import can_be_in_play, clashes
from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.model.arrangements import Requirement
from cspr_core.model.patterns import FindingIs, InPlay, Started

CODE = "CSPR201"
TITLE = "A requirement that can never be in play"
SEVERITY: Severity = "error"


def check(context: Context) -> Iterator[Message]:
    """Each requirement of which it is proved that it can never be asked of any case."""
    for requirement in context.requirements:
        if not can_be_in_play(requirement, context.rules.by_id):
            yield context.about(
                requirement,
                f"`{requirement.id}` can never be in play: {_why(context, requirement)}",
                "Take the condition out that is not meant, or join the two by `any`",
                "when",
            )


def _why(context: Context, requirement: Requirement) -> str:
    """The reason in words, as near as it can be told."""
    for one, other in clashes(requirement):
        first, second = (requirement.when.index(c) + 1 for c in (one, other))
        return f"its conditions {first} and {second} can't both hold"
    by_id = context.rules.by_id
    for condition in requirement.when:
        if isinstance(condition, Started) and by_id[requirement.id].limit is None:
            return "it waits for a limit's start, and has no limit"
        name = ""
        if isinstance(condition, InPlay):
            name = condition.in_play
        elif isinstance(condition, FindingIs):
            name = condition.finding
        if name in by_id and not can_be_in_play(by_id[name].requirement, by_id):
            return f"it waits for `{name}`, which can never be in play"
    return "its conditions can't all hold at once"
