"""Count: how many there are of something: at least, at most."""

from __future__ import annotations

from cspr_core.kinds.lowered import Lowered, Lowering
from cspr_core.kinds.patterns import LoweringError, subjects, ways
from cspr_core.model.arrangements import Number_
from cspr_core.program import ALWAYS, Count, Ref, Row


def lower(requirement: Number_) -> Lowered:
    """`breached` when there are too many, `met` when there are enough, else `upcoming`."""
    subject = subjects(requirement.for_each)
    if requirement.max is not None and requirement.max < requirement.min:
        raise LoweringError("`max` is less than `min`")
    build = Lowering(requirement, subject)
    build.prepare()
    for way in ways([requirement.of], subject):
        build.add("there" if way.sure else "maybe", *way.body, key=Ref("e", "entry"))
    rows = build.excluded()
    if requirement.max is not None:
        rows.append(Row("breached", Count("there", ">", requirement.max), "too_many", ("there",)))
    enough = Count("there", ">=", requirement.min)
    rows.append(Row("met", enough, "enough", ("there",)))
    rows += [*build.recorded(), *build.waiting(), Row("upcoming", ALWAYS, "too_few", ("there",))]
    return build.lowered(rows, ways=ways([requirement.of], subject))
