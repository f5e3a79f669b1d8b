"""Step: something is done, after other things or ahead of them."""

from __future__ import annotations

from cspr_core.kinds.doing import lower_doing
from cspr_core.kinds.lowered import Limit, LimitValue, Lowered
from cspr_core.kinds.patterns import LoweringError, origins, subjects, ways
from cspr_core.model.arrangements import Step
from cspr_core.model.patterns import Anchor, OneOf


def lower(requirement: Step) -> Lowered:
    """As a deadline; `breached` when done out of order.

    `after`: done before one of these, or without it on record; `excused` where the requirement
    allows a recorded exception (`unless: recorded`). `ahead_of`: not done by the day
    on which that, or the first of several, happened (its planned day is the due date until then).
    """
    subject = subjects(requirement.for_each)
    limit: Limit | None = None
    if requirement.ahead_of:
        anchors = [Anchor.model_construct(**vars(event)) for event in requirement.ahead_of]
        starts = tuple(o for anchor in anchors for o in origins(anchor, subject, plans=True))
        limit = Limit(
            (LimitValue("before", 0, "days", starts, (), None, True, None),), optional=True
        )
        if requirement.within or requirement.before or requirement.around or requirement.by:
            raise LoweringError("`ahead_of` is a limit of its own")
    after = [
        ways(first.any if isinstance(first, OneOf) else [first], subject)
        for first in requirement.after
    ]
    return lower_doing(requirement, limit, after)
