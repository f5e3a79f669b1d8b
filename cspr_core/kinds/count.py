"""Count: how many there are of something: at least, at most."""

from __future__ import annotations

from cspr_core.kinds.lowered import Lowered, Lowering
from cspr_core.kinds.patterns import LoweringError, subjects, ways
from cspr_core.model.arrangements import Number_
from cspr_core.program import ALWAYS, Condition, Count, Every, Ref, Row


def lower(requirement: Number_) -> Lowered:
    """`breached` when there are too many, `met` when there are enough, else `upcoming`.

    `undetermined` where that depends on something about them that is not known.
    """
    subject = subjects(requirement.for_each)
    if requirement.max is not None and requirement.max < requirement.min:
        raise LoweringError("`max` is less than `min`")
    build = Lowering(requirement, subject)
    build.prepare()
    found = ways([requirement.of], subject)
    for way in found:
        build.add("possible", *way.body, key=Ref("e", "entry"))
        if way.sure:
            build.add("there", *way.body, key=Ref("e", "entry"))
    rows = build.excluded()
    if requirement.max is not None:
        too_many = Every((build.in_play, Count("there", ">", requirement.max)))
        rows.append(Row("breached", too_many, "too_many", ("there",)))
    enough: list[Condition] = [Count("there", ">=", requirement.min)]
    if requirement.max is not None:
        enough.append(Count("possible", "<=", requirement.max))
    rows.append(Row("met", Every(tuple(enough)), "enough", ("there",)))
    rows += [*build.recorded(), *build.waiting()]
    if not all(way.sure for way in found):
        perhaps = Count("possible", ">=", requirement.min)
        rows.append(Row("undetermined", perhaps, "perhaps", ("possible",)))
    rows.append(Row("upcoming", ALWAYS, "too_few", ("there",)))
    return build.lowered(rows, ways=found)
