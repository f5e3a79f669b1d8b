"""Requirement kinds: each lowers its model to a program, one file a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cspr_core.kinds import (
    advice,
    attendance,
    composition,
    count,
    criterion,
    deadline,
    form,
    hold,
    independence,
    notification,
    rule,
    step,
)
from cspr_core.kinds.lowered import Lowered
from cspr_core.kinds.patterns import LoweringError
from cspr_core.model.arrangements import Requirement
from cspr_core.program import ProgramError

KINDS: Mapping[str, Callable[[Any], Lowered]] = {
    "criterion": criterion.lower,
    "deadline": deadline.lower,
    "step": step.lower,
    "composition": composition.lower,
    "independence": independence.lower,
    "attendance": attendance.lower,
    "notification": notification.lower,
    "form": form.lower,
    "count": count.lower,
    "hold": hold.lower,
    "rule": rule.lower,
    "advice": advice.lower,
}


def lower(requirement: Requirement) -> Lowered:
    """A requirement's program, limit and subjects.

    Raises `LoweringError` with a sentence for whoever wrote it, where it can't be meant so.
    """
    try:
        return KINDS[requirement.kind_name](requirement)
    except ProgramError as error:
        raise LoweringError(str(error)) from error


__all__ = ["KINDS", "Lowered", "LoweringError", "lower"]
