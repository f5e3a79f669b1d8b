"""CSPR302: a national duty that is written out once more, without saying that it is one."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.lint.conditions import narrower
from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.lint.parts import periods
from cspr_core.model.arrangements import Limited, Requirement
from cspr_core.model.patterns import EventPattern

CODE = "CSPR302"
TITLE = "A national duty is restated without `tightens`"
SEVERITY: Severity = "warning"


def check(context: Context) -> Iterator[Message]:
    """Each limit on what a national duty asks for, from the same start, that names no duty."""
    if context.is_national:
        return
    for requirement in context.requirements:
        if requirement.tightens is not None or not isinstance(requirement, Limited):
            continue
        for duty in context.national.values():
            if isinstance(duty, Limited) and _same(requirement, duty):
                yield context.about(
                    requirement,
                    f"`{requirement.id}` is met by what meets `{duty.id}`, and counts from the"
                    " same start, but does not say so",
                    f"Add `tightens: {duty.id}`, or leave the requirement out: the national duty"
                    " is checked anyway",
                    "id",
                )
                break


def _same(requirement: Limited, duty: Limited) -> bool:
    met = requirement.met_by and all(
        any(_within(done, theirs) for theirs in duty.met_by) for done in requirement.met_by
    )
    return bool(met) and bool(_starts(requirement) & _starts(duty))


def _within(done: object, theirs: object) -> bool:
    """Whether what meets the one meets the other; for whom each is asked apart."""
    if not (isinstance(done, EventPattern) and isinstance(theirs, EventPattern)):
        return False
    return narrower(_plain(done), _plain(theirs))


def _plain(pattern: EventPattern) -> EventPattern:
    return pattern.model_copy(update={"same": (), "stands": "yes", "reviewer_named": None})


def _starts(requirement: Requirement) -> set[str]:
    """What the limit counts from, and in which direction."""
    found = set()
    for _, form, period in periods(requirement):
        if isinstance(period.of, EventPattern):
            found.add(f"{form} {period.of.event}")
        elif period.as_ is not None:
            found.add(f"as {period.as_}")
    return found
