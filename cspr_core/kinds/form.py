"""Form: each receipt of a form is complete and signed."""

from __future__ import annotations

from cspr_core.kinds.lowered import Lowered, Lowering
from cspr_core.kinds.patterns import LoweringError, subjects
from cspr_core.model.arrangements import Form
from cspr_core.program import ALWAYS, Count, Every, Pattern, Ref, Row, Some, eq


def lower(requirement: Form) -> Lowered:
    """`met` when no box is empty and everybody has signed.

    `not_applicable` once a later copy from the same sender has come; `undetermined` where only
    the boxes are not known; else `upcoming` (it can be completed).
    """
    subject = subjects(requirement.for_each)
    if subject.type != "form":
        raise LoweringError("a form is asked of receipts: `for_each: {form: …}`")
    build = Lowering(requirement, subject)
    build.prepare()
    build.add("latest", split="latest")
    build.add("complete", split="complete")
    signed = []
    for role in requirement.signed:
        tag = f"signed.{role}"
        tests = (eq("id", Ref("s", "id")), eq("by", role))
        build.add(tag, Pattern("g", "signature", tests))
        signed.append(Count(tag))
    tags = tuple(f"signed.{role}" for role in requirement.signed)
    unsigned = Some(tuple(Count(tag, "==", 0) for tag in tags))
    rows = [
        *build.excluded(),
        Row("not_applicable", Count("latest.no"), "superseded", ("latest.no",)),
        Row("met", Every((Count("complete.yes"), *signed)), "complete", ("complete.yes", *tags)),
        *build.recorded(),
        *build.waiting(),
        Row("upcoming", Count("complete.no"), "boxes_empty", ("complete.no",)),
        Row("upcoming", unsigned, "unsigned", ("subject",)),
        Row("undetermined", ALWAYS, "boxes_unknown", ("complete.unknown",)),
    ]
    return build.lowered(rows)
