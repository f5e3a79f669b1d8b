"""Independence: what has to be true, or must not be, of each person."""

from __future__ import annotations

from cspr_core.kinds.lowered import Lowered, Lowering
from cspr_core.kinds.patterns import LoweringError, subjects
from cspr_core.model.arrangements import Independence
from cspr_core.program import (
    ALWAYS,
    Condition,
    Count,
    Every,
    Pattern,
    Row,
    Some,
    Test,
    eq,
    negation,
)


def lower(requirement: Independence) -> Lowered:
    """`breached` where an answer is the wrong one, or the person also sits where they should not.

    `undetermined` where an answer is unknown and nothing is wrong; else `met`. A recorded
    exception makes it `excused` where the requirement allows one (`unless: recorded`).
    """
    subject = subjects(requirement.for_each)
    if subject.type != "person":
        raise LoweringError("independence is asked of persons: `for_each: {person: …}`")
    build = Lowering(requirement, subject)
    build.prepare()
    person = eq("person", subject.same["person"])
    wrong: list[tuple[str, Condition]] = []
    unknown: list[tuple[str, Condition]] = []
    shown: list[str] = []
    for bad, names in (("yes", requirement.no), ("no", requirement.yes)):
        for name in names:
            tag = f"is.{name}"
            build.add(tag, Pattern("q", "quality", (person, eq("name", name))), split="value")
            wrong.append((f"{tag}.{bad}", Count(f"{tag}.{bad}")))
            unknown.append((f"{tag}.unknown", Count(f"{tag}.unknown")))
            shown += [f"{tag}.{'no' if bad == 'yes' else 'yes'}"]
    for body in requirement.not_in:
        tag = build.add(f"in.{body}", Pattern("m", "member", (eq("body", body), person)))
        wrong.append((tag, Count(tag)))
    for role in requirement.not_role:
        tag = build.add(f"role.{role}", Pattern("r", "role", (eq("role", role), person)))
        wrong.append((tag, Count(tag)))
    if requirement.only:
        from_these = Test("kind", "in", requirement.only)
        build.add("from", Pattern("p", "person", (person, from_these)))
        nowhere = build.add("from_unknown", Pattern("p", "person", (person, eq("kind", "unknown"))))
        shown.append("from")
        wrong.append(("from", negation(Some((Count("from"), Count(nowhere))))))
        unknown.append((nowhere, Count(nowhere)))
    rows = build.excluded()
    anything = Some(tuple(condition for _, condition in (*wrong, *unknown)))
    rows.append(Row("met", negation(anything), "independent", ("subject", *shown)))
    excepted = [row for row in build.recorded() if row.why == "excepted"]
    confirmed = [row for row in build.recorded() if row.why != "excepted"]
    rows += excepted
    rows += [
        Row(
            "breached",
            Every((build.in_play, condition)),
            tag,
            ("subject",) if tag == "from" else (tag,),
        )
        for tag, condition in wrong
    ]
    rows += confirmed
    rows += build.waiting()
    rows.append(Row("undetermined", ALWAYS, "unknown", tuple(tag for tag, _ in unknown)))
    return build.lowered(rows)
