"""Attendance: who is, and who is not, at each meeting or gathering."""

from __future__ import annotations

from dataclasses import replace

from cspr_core.kinds.composition import NO_PARTNERS
from cspr_core.kinds.lowered import Lowered, Lowering
from cspr_core.kinds.patterns import LoweringError, subjects
from cspr_core.model.arrangements import Absent, Agencies, Attendance, Seat
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


def lower(requirement: Attendance) -> Lowered:
    """`upcoming` until the meeting, then `met`.

    `breached` where a place stayed empty, somebody was there who should stay away, or another led
    it; `undetermined` where that is not known. A recorded exception makes it `excused` where the
    requirement allows one (`unless: recorded`).
    """
    if requirement.at is not None:
        return _of_agencies(requirement, requirement.at)
    subject = subjects(requirement.for_each)
    if subject.type != "meeting":
        raise LoweringError(
            "attendance is asked of meetings (`for_each: {meeting: …}`),"
            " or of agencies (`for_each: {agency: …}`) with `at`"
        )
    build = Lowering(requirement, subject)
    build.prepare()
    meeting = eq("meeting", Ref("s", "meeting"))
    this = Pattern("h", "meeting", (meeting, Test("date", "known")))
    build.add("happened", this)
    unlisted = Pattern("h", "meeting", (meeting, eq("attendance", "unlisted")))
    build.add("unlisted", unlisted)
    good: list[Condition] = []
    perhaps: list[Condition] = []
    for index, seat in enumerate(requirement.present):
        tag = f"seat.{index}"
        _seat(build, requirement, seat, tag)
        present = Count(f"{tag}.present")
        good.append(present)
        somebody = (Count(f"{tag}.maybe"),) if seat.kind else ()
        perhaps.append(Some((present, Count(f"{tag}.unknown"), Count("unlisted"), *somebody)))
    if requirement.agencies is not None:
        _agencies(build, requirement.agencies, good, perhaps)
    if requirement.everyone is not None:
        _everyone(build, requirement.everyone)
        nobody_missing = Count("missing", "==", 0)
        unsure = Some((Count("unlisted"), Count("perhaps_there")))
        good.append(Every((nobody_missing, negation(unsure))))
        perhaps.append(nobody_missing)
    bad: list[Condition] = []
    if requirement.absent is not None:
        good.append(_absent(build, requirement.absent))
        bad.append(Count("away.present"))
    if requirement.led_by:
        _led(build, requirement.led_by, good, perhaps)
    tags = {match.tag for match in build.matches}
    present_tags = tuple(f"seat.{i}.present" for i in range(len(requirement.present)))
    present_tags += ("agency.present",) if requirement.agencies is not None else ()
    shown = (*present_tags, *(("led.right",) if "led.right" in tags else ()))
    led = tuple(tag for tag in ("led", "missing") if tag in tags)
    happened = Count("happened")
    rows = build.excluded()
    excepted = [row for row in build.recorded() if row.why == "excepted"]
    if bad:
        wrong = Every((happened, build.in_play, *bad))
        rows += [replace(row, when=Every((row.when, wrong))) for row in excepted]
        rows.append(Row("breached", wrong, "should_stay_away", ("away.present",)))
    rows += [
        Row("met", Every((happened, *good, *map(negation, bad))), "present", ("happened", *shown)),
        *excepted,
        Row(
            "breached",
            Every((happened, build.in_play, negation(Every(tuple(perhaps))))),
            "not_present",
            ("happened", *present_tags, *_unsure(requirement), *led),
        ),
        *(row for row in build.recorded() if row.why != "excepted"),
        *build.waiting(),
        Row("undetermined", happened, "attendance_unknown", _doubts(requirement)),
        Row("upcoming", ALWAYS, "not_held_yet", ("subject",)),
    ]
    return build.lowered(rows)


def _unsure(requirement: Attendance) -> tuple[str, ...]:
    """The tags of who may have filled a place: with them the place is not certainly empty."""
    places = [(f"seat.{index}", seat.kind) for index, seat in enumerate(requirement.present)]
    return tuple(f"{tag}.unknown" for tag, _ in places) + tuple(
        f"{tag}.maybe" for tag, kinds in places if kinds
    )


def _doubts(requirement: Attendance) -> tuple[str, ...]:
    """The tags of what is not known where the attendance leaves it open."""
    if requirement.agencies is None:
        away = ("away.maybe", "away.unknown") if requirement.absent is not None else ()
        return ("happened", *away)
    led = ("happened",) if requirement.led_by else ()
    return ("agency.unknown", "agency.nowhere", "unlisted", *led)


def _led(
    build: Lowering, roles: tuple[str, ...], good: list[Condition], perhaps: list[Condition]
) -> None:
    meeting = eq("meeting", Ref("s", "meeting"))
    leader = Pattern("h", "meeting", (meeting, Test("led_by", "known")))
    role = (eq("person", Ref("h", "led_by")), Test("role", "in", roles))
    build.add("led", leader)
    build.add("led.right", leader, Pattern("r", "role", role))
    good.append(Count("led.right"))
    perhaps.append(Some((Count("led.right"), negation(Count("led")))))


def _seat(build: Lowering, requirement: Attendance, seat: Seat, tag: str) -> None:
    meeting = eq("meeting", Ref("s", "meeting"))
    holds_role: tuple[Pattern, ...] = ()
    this_person: tuple[Test, ...] = ()
    if seat.role:
        holds_role = (Pattern("r", "role", (Test("role", "in", seat.role),)),)
        this_person = (eq("person", Ref("r", "person")),)
    if seat.body is not None:
        member = Pattern("m", "member", (eq("body", seat.body), *this_person))
        holds_role = (*holds_role, member)
        this_person = (eq("person", Ref("m", "person")),)
    kinds = (Test("kind", "in", seat.kind),) if seat.kind else ()
    there = Pattern("a", "attendance", (meeting, *kinds, *this_person))
    build.add(tag, *holds_role, there, key=Ref("a", "person"), split="how")
    if seat.kind:  # somebody of whom no agency is recorded may be from this one
        nowhere = Pattern("a", "attendance", (meeting, eq("kind", "unknown"), *this_person))
        build.add(f"{tag}.maybe", *holds_role, nowhere, key=Ref("a", "person"))
    if requirement.substitutes is None:
        return
    for_kinds = (Test("for_kind", "in", seat.kind),) if seat.kind else ()
    for_person = tuple(eq("for", test.value) for test in this_person)  # type: ignore[arg-type]
    stands_in = Pattern("b", "substitute", (meeting, *for_kinds, *for_person))
    sent = Pattern("a", "attendance", (meeting, eq("person", Ref("b", "by"))))
    build.add(tag, *holds_role, stands_in, sent, key=Ref("a", "person"), split="how")


def _agencies(
    build: Lowering, wanted: Agencies, good: list[Condition], perhaps: list[Condition]
) -> None:
    """The different agencies of those who were there; who is of no agency counts for none."""
    holds_role, this_person = _holding(wanted.role)
    meeting = eq("meeting", Ref("s", "meeting"))
    partner = tuple(Test("kind", "!=", kind) for kind in NO_PARTNERS)
    there = Pattern("a", "attendance", (meeting, *partner, *this_person))
    build.add("agency", *holds_role, there, key=Ref("a", "agency"), split="how")
    build.add("agency.possible", *holds_role, there, key=Ref("a", "agency"))
    nowhere = Pattern("a", "attendance", (meeting, eq("kind", "unknown"), *this_person))
    build.add("agency.nowhere", *holds_role, nowhere, key=Ref("a", "person"))
    good.append(Count("agency.present", ">=", wanted.n))
    possible = Count("agency.possible", ">=", wanted.n)
    perhaps.append(Some((possible, Count("agency.nowhere"), Count("unlisted"))))


def _holding(roles: tuple[str, ...]) -> tuple[tuple[Pattern, ...], tuple[Test, ...]]:
    """Somebody with one of these roles, and the test that it is this person; none, anybody."""
    if not roles:
        return (), ()
    holds_role = Pattern("r", "role", (Test("role", "in", roles),))
    return (holds_role,), (eq("person", Ref("r", "person")),)


def _of_agencies(requirement: Attendance, body: str) -> Lowered:
    """For each agency: somebody of it in each place, at one of the body's meetings at least.

    `upcoming` until one was held, and while another is planned; then `met` or `breached`.
    `undetermined` where the agency's involvement is not known, or who was there.
    """
    subject = subjects(requirement.for_each)
    other = (requirement.agencies, requirement.everyone, requirement.absent, requirement.led_by)
    if subject.type != "agency" or any(other) or requirement.substitutes:
        raise LoweringError("`at` goes with `for_each: {agency: …}` and `present` alone")
    build = Lowering(requirement, subject)
    build.prepare()
    of_body = eq("body", body)
    this = Pattern("h", "meeting", (of_body, Test("date", "known")))
    build.add("happened", this)
    build.add("planned", Pattern("h", "meeting", (of_body, Test("date", "unknown"))))
    unlisted = Pattern("h", "meeting", (*this.tests, eq("attendance", "unlisted")))
    build.add("unlisted", unlisted)
    good: list[Condition] = []
    perhaps: list[Condition] = []
    for index, seat in enumerate(requirement.present):
        if seat.kind or seat.body is not None:
            raise LoweringError("a place of an agency at a meeting names roles alone")
        holds_role, this_person = _holding(seat.role)
        of_meeting = eq("meeting", Ref("h", "meeting"))
        tag = f"seat.{index}"
        own = (of_meeting, eq("agency", subject.same["agency"]), *this_person)
        there = Pattern("a", "attendance", own)
        build.add(tag, this, *holds_role, there, key=Ref("a", "person"), split="how")
        nowhere = Pattern("a", "attendance", (of_meeting, eq("kind", "unknown"), *this_person))
        build.add(f"{tag}.nowhere", this, *holds_role, nowhere, key=Ref("a", "person"))
        good.append(Count(f"{tag}.present"))
        open_tags = (f"{tag}.present", f"{tag}.unknown", f"{tag}.nowhere", "unlisted")
        perhaps.append(Some(tuple(Count(open_tag) for open_tag in open_tags)))
    tags = tuple(f"seat.{i}" for i in range(len(requirement.present)))
    happened, planned = Count("happened"), Count("planned")
    missed = Every((build.in_play, happened, negation(planned), negation(Every(tuple(perhaps)))))
    known = Every((happened, Every(tuple(perhaps))))
    unsure = (*(f"{tag}.unknown" for tag in tags), *(f"{tag}.nowhere" for tag in tags), "unlisted")
    rows = [
        *build.excluded(),
        Row("met", Every(tuple(good)), "present", tuple(f"{tag}.present" for tag in tags)),
        *(row for row in build.recorded() if row.why == "excepted"),
        Row("breached", missed, "not_present", ("happened", "subject")),
        *(row for row in build.recorded() if row.why != "excepted"),
        *build.waiting(),
        Row("undetermined", known, "attendance_unknown", unsure),
        Row("upcoming", ALWAYS, "not_held_yet", ("subject",)),
    ]
    return build.lowered(rows)


def _everyone(build: Lowering, body: str) -> None:
    """Who of the body's members was neither there nor had somebody in their place."""
    meeting = eq("meeting", Ref("s", "meeting"))
    held = Pattern("h", "meeting", (meeting, eq("attendance", "listed"), Test("date", "known")))
    member = Pattern("m", "member", (eq("body", body), Test("since", "<=", Ref("h", "date"))))
    represented = (meeting, eq("person", Ref("m", "person")))
    there = Pattern("t", "represented", represented, negated=True)
    build.add("missing", held, member, there, key=Ref("m", "person"))
    perhaps = Pattern("t", "represented", (*represented, eq("how", "unknown")))
    build.add("perhaps_there", held, member, perhaps, key=Ref("m", "person"))


def _absent(build: Lowering, absent: Absent) -> Condition:
    """Tallies who should stay away; the condition that nobody of them can have been there."""
    meeting = eq("meeting", Ref("s", "meeting"))
    wanted = [(name, "yes") for name in absent.yes] + [(name, "no") for name in absent.no]

    there = Pattern("a", "attendance", (meeting,))
    person = eq("person", Ref("a", "person"))
    role = () if absent.role is None else (Pattern("r", "role", (eq("role", absent.role), person)),)

    def quality(index: int, answer: str) -> Pattern:
        name = wanted[index][0]
        return Pattern(f"q{index}", "quality", (eq("name", name), eq("value", answer), person))

    known = [quality(index, answer) for index, (_, answer) in enumerate(wanted)]
    last = Pattern("b", "attendance", (meeting, person))  # the split is of the last pattern
    build.add("away", there, *role, *known, last, key=Ref("a", "person"), split="how")
    for index in range(len(wanted)):
        others = [*known[:index], *known[index + 1 :]]
        unknown = quality(index, "unknown")  # last, and so the evidence
        build.add("away.maybe", there, *role, *others, unknown, key=Ref("a", "person"))
    if not wanted:
        # nothing about the person can be unknown: an empty tally under the same tag
        never = Pattern("a", "attendance", (meeting, eq("person", "")))
        build.add("away.maybe", never, key=Ref("a", "person"))
    perhaps = (Count("away.unknown"), Count("away.maybe"), Count("unlisted"))
    return negation(Some(perhaps))
