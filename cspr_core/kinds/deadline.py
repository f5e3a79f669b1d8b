"""Deadline: something is done by a date."""

from __future__ import annotations

from cspr_core.kinds.doing import lower_doing
from cspr_core.kinds.lowered import Lowered
from cspr_core.kinds.patterns import LoweringError
from cspr_core.model.arrangements import Deadline


def lower(requirement: Deadline) -> Lowered:
    """`met` when done by the due date, `met_late` after it, `overdue` once it has passed.

    With `before` or `around`, what is done after the event it has to precede does not count
    (`breached`), nor does what is done before the window opens.
    """
    lowered = lower_doing(requirement)
    if lowered.limit is None:
        raise LoweringError("a deadline has a limit: within, before, around, by or values")
    return lowered
