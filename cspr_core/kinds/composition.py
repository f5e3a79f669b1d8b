"""Composition: a body's make-up, complete by its first meeting."""

from __future__ import annotations

from cspr_core.kinds.lowered import Lowered, Lowering, start_limit
from cspr_core.kinds.patterns import LoweringError, subjects
from cspr_core.model.arrangements import Composition, Seat
from cspr_core.model.patterns import MeetingPattern, Period
from cspr_core.program import (
    ALWAYS,
    Condition,
    Count,
    Every,
    Pattern,
    Ref,
    Row,
    Some,
    Test,
    eq,
    negation,
)

# agencies that are never counted as partners; and people of whom no agency is recorded
NO_PARTNERS = ("independent", "business_office", "unknown")
_LIMIT_TAGS = ("limit.open", "limit.passed", "limit.shut")


def lower(requirement: Composition) -> Lowered:
    """`met` when every seat is taken and there are enough further partners.

    A seat is taken by a member from one of its kinds of agency, or with one of its roles (both,
    where both are named). Further partners are counted by agency, beyond the kinds that have a
    seat. Incomplete: `upcoming` until the body's first meeting, then `overdue`.
    """
    subject = subjects(requirement.for_each)
    build = Lowering(requirement, subject)
    build.prepare()
    period = Period(of=MeetingPattern(meeting=requirement.body, first="yes"))
    limit = start_limit(period, subject)
    build.limit_match()
    of_body = eq("body", requirement.body)
    build.add("member", Pattern("m", "member", (of_body,)))
    sure: list[Condition] = []
    for index, seat in enumerate(requirement.seats):
        _seat(build, seat, f"seat.{index}", (of_body,))
        sure.append(Count(f"seat.{index}"))
    possible = list(sure)
    if requirement.chair is not None:
        _chair(build, requirement)
        sure.append(Count("chair.sure"))
        possible.append(Count("chair.sure"))
    if requirement.further is not None:
        named = tuple(dict.fromkeys(kind for seat in requirement.seats for kind in seat.kind))
        beyond = tuple(Test("kind", "!=", kind) for kind in (*named, *NO_PARTNERS))
        partner = Pattern("m", "member", (of_body, *beyond))
        build.add("further", partner, key=Ref("m", "agency"))
        sure.append(Count("further", ">=", requirement.further.n))
        possible.append(Count("further", ">=", requirement.further.n))
        for tag, answers in (("outside", ("no",)), ("perhaps_outside", ("no", "unknown"))):
            for answer in answers:
                tests = (eq("agency", Ref("m", "agency")), eq("value", answer))
                build.add(tag, partner, Pattern("i", "involvement", tests), key=Ref("m", "agency"))
        sure.append(Count("outside", ">=", requirement.further.uninvolved))
        possible.append(Count("perhaps_outside", ">=", requirement.further.uninvolved))
    shown = tuple(tag for tag in ("member", "outside") if build.has(tag))
    unsure = tuple(tag for tag in ("perhaps_outside",) if build.has(tag))
    rows = [
        *build.excluded(),
        Row("met", Every(tuple(sure)), "complete", shown),
        *build.recorded(),
        *build.waiting(),
        Row("undetermined", Every((*possible, negation(Every(tuple(sure))))), "perhaps", unsure),
        Row(
            "overdue",
            Some((Count("limit.passed"), Count("limit.shut"))),
            "incomplete",
            ("member", *_LIMIT_TAGS),
        ),
        Row("upcoming", ALWAYS, "incomplete", ("member", *_LIMIT_TAGS)),
    ]
    return build.lowered(rows, limit=limit)


def _seat(build: Lowering, seat: Seat, tag: str, tests: tuple[Test, ...]) -> None:
    kinds = (Test("kind", "in", seat.kind),) if seat.kind else ()
    member = Pattern("m", "member", (*tests, *kinds))
    if seat.body is not None:
        raise LoweringError("a seat in a body is not itself in a body")
    if seat.role:
        held = (eq("person", Ref("m", "person")), Test("role", "in", seat.role))
        build.add(tag, member, Pattern("r", "role", held), key=Ref("m", "person"))
    else:
        build.add(tag, member, key=Ref("m", "person"))


def _chair(build: Lowering, requirement: Composition) -> None:
    seat = requirement.chair or Seat()
    chair = Pattern("c", "chair", (eq("body", requirement.body),))
    person = eq("person", Ref("c", "person"))
    if seat.role:
        build.add(
            "chair.sure", chair, Pattern("r", "role", (person, Test("role", "in", seat.role)))
        )
    else:
        build.add(
            "chair.sure", chair, Pattern("p", "person", (person, Test("kind", "in", seat.kind)))
        )
