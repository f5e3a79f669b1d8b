"""CSPR205: requirements that ask for nothing, or of which the numbers can't be."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.model.arrangements import (
    Attendance,
    Composition,
    Independence,
    Number_,
    Requirement,
)

CODE = "CSPR205"
TITLE = "A requirement that asks nothing, or whose numbers cannot be"
SEVERITY: Severity = "error"


def check(context: Context) -> Iterator[Message]:
    """Each requirement that is met whatever happens, and numbers that can't be."""
    for requirement in context.requirements:
        for key, what, remedy in _wrong(requirement):
            yield context.about(requirement, f"`{requirement.id}` {what}", remedy, key)


def _wrong(requirement: Requirement) -> Iterator[tuple[str, str, str]]:
    if isinstance(requirement, Number_):
        if requirement.min == 0 and requirement.max is None:
            yield "of", "is met by any number", "Add `min:` or `max:`"
    elif isinstance(requirement, Composition):
        yield from _make_up(requirement)
    elif isinstance(requirement, Attendance):
        yield from _meeting(requirement)
    elif isinstance(requirement, Independence):
        asked = (
            *(*requirement.no, *requirement.yes, *requirement.not_in),
            *(*requirement.not_role, *requirement.only),
        )
        if not asked:
            yield "kind", "asks nothing of the person", "Add `no:`, `yes:`, `not_in:` or `only:`"


def _make_up(requirement: Composition) -> Iterator[tuple[str, str, str]]:
    further = requirement.further
    if further is not None and further.uninvolved > further.n:
        yield (
            "further",
            f"asks for {further.uninvolved} of {further.n} further partners to be uninvolved",
            "Let `n` be at least `uninvolved`",
        )
    if not requirement.seats and requirement.chair is None and not (further and further.n):
        yield (
            "kind",
            "names nobody who has to be in the body",
            "Add `seats:`, `further:` or `chair:`",
        )


def _meeting(requirement: Attendance) -> Iterator[tuple[str, str, str]]:
    asked = (
        *(requirement.present, requirement.everyone, requirement.absent, requirement.led_by),
        requirement.agencies is not None and requirement.agencies.n,
    )
    if not any(asked):
        yield "kind", "asks for nobody", "Add `present:`, `everyone:`, `absent:` or `led_by:`"
