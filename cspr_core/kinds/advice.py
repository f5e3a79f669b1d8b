"""Advice: shown at its stage, never failed."""

from __future__ import annotations

from cspr_core.kinds.lowered import Lowered, Lowering
from cspr_core.kinds.patterns import subjects
from cspr_core.model.arrangements import Advice
from cspr_core.program import ALWAYS, OUTCOMES, Count, Every, Pattern, Row, Some, Test, eq, negation

REVIEW_STAGES = ("review", "sign_off", "publication")  # they come only if there is a review


def lower(requirement: Advice) -> Lowered:
    """`pending` before its stage, then `upcoming`; `met` if confirmed."""
    subject = subjects(requirement.for_each)
    build = Lowering(requirement, subject)
    build.prepare()
    build.add("stage", Pattern("g", "stage", (eq("stage", requirement.stage),)), evidence=False)
    rows = build.excluded()
    confirmed = Some((Count("mark.confirmed"), Count("mark.confirmed_late")))
    rows.append(Row("met", confirmed, "confirmed", ("mark.confirmed", "mark.confirmed_late")))
    if requirement.stage in REVIEW_STAGES:
        tests = (eq("name", "decision"), eq("latest", "yes"), Test("outcome", "known"))
        build.add("decided", Pattern("w", "event", tests), split="outcome")
        others = tuple(o for o in OUTCOMES if o != "local_review")
        other = Some(tuple(Count(f"decided.{outcome}") for outcome in others))
        ended = Every((Count("decided.local_review", "==", 0), other))
        shown = tuple(f"decided.{outcome}" for outcome in others)
        rows.append(Row("not_applicable", ended, "no_review", shown))
    rows += build.waiting()
    rows.append(Row("pending", negation(Count("stage")), "stage"))
    rows.append(Row("upcoming", ALWAYS, "advice"))
    return build.lowered(rows)
