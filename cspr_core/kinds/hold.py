"""Hold: something is not done while something else runs, or for a time."""

from __future__ import annotations

from dataclasses import replace

from cspr_core.kinds.lowered import Lowered, Lowering, limit_of
from cspr_core.kinds.patterns import LoweringError, event_tests, subjects
from cspr_core.model.arrangements import Hold
from cspr_core.model.patterns import ForEach
from cspr_core.program import ALWAYS, Count, Every, Pattern, Ref, Row, Some, Test, eq, negation


def lower(requirement: Hold) -> Lowered:
    """While a parallel process runs (`running`, answered for each) or for a time (`within`).

    Nothing of the kind, `not_applicable`; running, `upcoming`; start or end unknown,
    `undetermined`; done meanwhile, `breached`; over, `met`.
    """
    timed = requirement.within is not None or bool(requirement.values)
    if timed == bool(requirement.running):
        raise LoweringError("a hold lasts while something is `running`, or `within` a period")
    return _for_a_time(requirement) if timed else _while_running(requirement)


def _while_running(requirement: Hold) -> Lowered:
    each = ForEach(parallel=requirement.running)
    subject = subjects(each)
    build = Lowering(requirement, subject)
    build.prepare()
    build.add("state", split="state")
    this = eq("parallel", Ref("s", "parallel"))
    build.add("start_unknown", Pattern("o", "parallel", (this, Test("opened", "unknown"))))
    for tests in event_tests(requirement.hold, subject):
        done = Pattern("e", "event", (*tests, Test("date", "known")))
        known = Pattern(
            "o", "parallel", (this, Test("opened", "known"), Test("state", "!=", "unknown"))
        )
        meanwhile = replace(done, tests=(*done.tests, Test("date", ">=", Ref("o", "opened"))))
        over = Pattern("c", "closed", (this, Test("date", "<=", Ref("e", "date"))), negated=True)
        build.add("meanwhile", known, meanwhile, over, key=Ref("e"))
        planned = Pattern("e", "event", (*tests, Test("date", "unknown"), Test("planned", "known")))
        build.add("planned", planned)
        unsure = Pattern("o", "parallel", (this, Test("opened", "unknown")))
        before_end = Pattern(
            "c", "closed", (this, Test("date", "<=", Ref("e", "date"))), negated=True
        )
        build.add("perhaps", unsure, done, before_end, key=Ref("e"))
    planned_at = ("planned",)
    rows = [
        *build.excluded(),
        Row(
            "breached",
            Every((build.in_play, Count("meanwhile"))),
            "meanwhile",
            ("subject", "meanwhile"),
        ),
        *build.waiting(),
        Row("undetermined", Count("state.unknown"), "end_unknown", ("state.unknown", *planned_at)),
        Row(
            "undetermined",
            Every((Count("start_unknown"), Some((Count("state.open"), Count("perhaps"))))),
            "start_unknown",
            ("start_unknown", *planned_at),
        ),
        Row("upcoming", Count("state.open"), "running", ("state.open", *planned_at)),
        Row("met", ALWAYS, "over", ("state.closed",)),
    ]
    return build.lowered(rows, empty=Row("not_applicable", why="nothing_runs"))


def _for_a_time(requirement: Hold) -> Lowered:
    subject = subjects(requirement.for_each)
    build = Lowering(requirement, subject)
    build.prepare()
    limit = limit_of(requirement, subject)
    build.limit_match()
    row = Pattern("l", "limit", (eq("requirement", requirement.id), *subject.limit_tests))
    for tests in event_tests(requirement.hold, subject):
        sooner = Test("date", "<", Ref("l", "date"))
        later = Test("date", ">=", Ref("l", "start"))
        build.add("meanwhile", row, Pattern("e", "event", (*tests, later, sooner)), key=Ref("e"))
    states = tuple(f"limit.{state}" for state in ("open", "passed", "shut"))
    none = negation(Some(tuple(Count(state) for state in states)))
    rows = [
        *build.excluded(),
        Row(
            "breached",
            Every((build.in_play, Count("meanwhile"))),
            "meanwhile",
            ("meanwhile", *states),
        ),
        *build.waiting(),
        Row("pending", none, "no_start"),
        Row("met", Count("limit.passed"), "over", states),
        Row("upcoming", ALWAYS, "running", states),
    ]
    return build.lowered(rows, limit=limit)
