"""What deadline, notification and step share: something is done, in time or not.

The order of the rows is the order in which the statuses win: not in force or not applicable; done;
recorded in minutes; depending on something unknown; not in play yet; no longer to be put right;
excused; overdue; upcoming.
"""

from __future__ import annotations

from collections.abc import Sequence

from cspr_core.kinds.lowered import Limit, Lowered, Lowering, limit_of
from cspr_core.kinds.patterns import LoweringError, Subjects, Way, event_tests, subjects
from cspr_core.kinds.patterns import ways as ways_of
from cspr_core.model.arrangements import Limited
from cspr_core.model.patterns import EventPattern
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
    negation,
)

_LIMIT = tuple(Count(f"limit.{state}") for state in ("open", "passed", "shut"))
_LIMIT_TAGS = ("limit.open", "limit.passed", "limit.shut")


def lower_doing(
    requirement: Limited, limit: Limit | None = None, after: list[list[Way]] | None = None
) -> Lowered:
    """A requirement that something is done, lowered.

    `limit` overrides the requirement's own; each list in `after` holds the ways in which
    something that has to come first was done.
    """
    subject = subjects(requirement.for_each)
    build = Lowering(requirement, subject)
    limit = limit or limit_of(requirement, subject)
    ways = ways_of(requirement.met_by, subject)
    if requirement.since:
        ways = _since(ways, requirement.since, subject)
    if requirement.confirmable == "no" and not ways:
        raise LoweringError("say what meets it (`met_by`), or let it be confirmed")
    windowed = limit is not None and (limit.windowed or limit.copies is not None)
    build.prepare()
    if limit is not None:
        build.limit_match()
    build.done_matches(ways, windowed=windowed, limited=limit is not None)
    rows = [
        *build.excluded(),
        *_order(build, ways, after or []),
        *_done(build, limit, windowed=windowed),
    ]
    rows += build.recorded()
    if build.has("maybe"):
        rows.append(Row("undetermined", Count("maybe"), "maybe", ("maybe",)))
    rows += build.waiting()
    rows += _open(build, requirement, limit, windowed=windowed)
    return build.lowered(rows, limit=limit, ways=ways)


def _since(ways: list[Way], starts: Sequence[EventPattern], subject: Subjects) -> list[Way]:
    """The same ways, on or after the day of one of these events."""
    found: list[Way] = []
    for way in ways:
        if way.date is None:
            raise LoweringError("`since` needs a day on which it was done")
        for tests in (tests for start in starts for tests in event_tests(start, subject)):
            begun = Pattern("b", "event", (*tests, Test("date", "known")))
            later = way.when(Test(way.date, ">=", Ref("b", "date")))
            found.append(Way((begun, *later), way.date, way.sure))
    return found


def _order(build: Lowering, ways: list[Way], after: list[list[Way]]) -> list[Row]:
    """Done, but not after each of the things that come first."""
    if not after:
        return []
    missing: list[Condition] = []
    for index, firsts in enumerate(after):
        tag = f"after.{index}"
        for way in ways:
            if not way.sure or way.date is None:
                continue
            for first in firsts:  # one that may be it leaves nothing certainly out of order
                renamed = first.renamed("f")
                test = () if first.date is None else (Test(way.date, ">=", Ref("f", first.date)),)
                build.add(tag, *renamed, *way.when(*test))
        missing.append(Count(tag, "==", 0))
    out_of_order = Every((build.in_play, Count("did"), Some(tuple(missing))))
    shown = ("did", *(f"after.{index}" for index in range(len(after))))  # words name the others
    rows = [Row("breached", out_of_order, "out_of_order", shown)]
    if build.model.unless == "recorded":  # the reason may be one for another order, too
        allowed = Every((Count("mark.excepted"), out_of_order))
        rows.insert(0, Row("excused", allowed, "excepted", ("mark.excepted", "did")))
    return rows


def _done(build: Lowering, limit: Limit | None, *, windowed: bool) -> list[Row]:
    rows: list[Row] = []
    if build.has("held"):
        rows.append(Row("met", Count("held"), "done", ("held",)))
    if not build.has("did"):
        return rows
    if limit is None:
        return [*rows, Row("met", Count("did"), "done", ("did",))]
    has_limit = Some(_LIMIT)
    rows.append(Row("met", Count("in_time"), "done", ("in_time", *_LIMIT_TAGS)))
    reach = "in_reach" if windowed else "did"
    late = Every((Count(reach), has_limit))
    rows.append(Row("met_late", late, "late", (reach, *_LIMIT_TAGS)))
    rows.append(Row("met", Every((Count("did"), negation(has_limit))), "done", ("did",)))
    return rows


def _open(
    build: Lowering, requirement: Limited, limit: Limit | None, *, windowed: bool
) -> list[Row]:
    rows: list[Row] = []
    if limit is not None:
        if not limit.soft:
            rows.append(Row("pending", negation(Some(_LIMIT)), "no_start"))
        if windowed:
            did = ("did",) if build.has("did") else ()
            shut = _LIMIT_TAGS[2:]
            rows.append(Row("breached", Count("limit.shut"), "too_late", (*shut, *did)))
            if did:
                early = Every((Count("did"), Some(_LIMIT)))
                rows.append(Row("breached", early, "too_early", ("did", *_LIMIT_TAGS)))
        if requirement.delay is not None:
            rows.append(
                Row("excused", Count("mark.extended"), "extended", ("mark.extended", *_LIMIT_TAGS))
            )
        rows.append(Row("overdue", Count("limit.passed"), "overdue", _LIMIT_TAGS[1:2]))
        return [*rows, Row("upcoming", ALWAYS, "upcoming", _LIMIT_TAGS)]
    return [Row("upcoming", ALWAYS, "upcoming")]
