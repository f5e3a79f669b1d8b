"""Criterion: a question that has to be considered, and answered with a reason."""

from __future__ import annotations

from cspr_core.kinds.lowered import Lowered, Lowering, start_limit
from cspr_core.kinds.patterns import LoweringError, subjects
from cspr_core.model.arrangements import Criterion
from cspr_core.model.patterns import Anchor, Period
from cspr_core.program import ALWAYS, ANSWERS, Count, Every, Pattern, Row, Some, eq

_LIMIT_TAGS = ("limit.open", "limit.passed")


def lower(requirement: Criterion) -> Lowered:
    """A criterion of the decision, or (`all`) a definition.

    A criterion is `upcoming` until the decision, `overdue` after it, `met` when answered; `no` is
    as good an answer as `yes`. A definition is `met` when all of its questions are known, else
    `undetermined`.
    """
    if (requirement.question is None) == (not requirement.all):
        raise LoweringError("a criterion asks one `question`, or `all` of several")
    subject = subjects(requirement.for_each)
    build = Lowering(requirement, subject)
    build.prepare()
    if requirement.question is None:
        return _definition(build, requirement)
    limit = start_limit(Period(of=Anchor(event="decision")), subject)
    build.limit_match()
    question = eq("question", requirement.question)
    build.add("answer", Pattern("a", "answer", (question,)), split="value")
    reasoned = requirement.reason == "required"
    tests = (question, *((eq("reasoned", "yes"),) if reasoned else ()))
    build.add("settled", Pattern("a", "answer", tests), split="value")
    rows = build.excluded()
    for word in ("yes", "no"):
        rows.append(Row("met", Count(f"settled.{word}"), "answered", (f"settled.{word}",), word))
    rows += build.waiting()
    for status in ("overdue", "upcoming"):
        passed = Count("limit.passed") if status == "overdue" else ALWAYS
        for word in ("yes", "no"):
            when = Every((passed, Count(f"answer.{word}")))
            rows.append(Row(status, when, "no_reason", (f"answer.{word}", *_LIMIT_TAGS), word))
        rows.append(Row(status, passed, "no_answer", ("answer.unknown", *_LIMIT_TAGS), "unknown"))
    return build.lowered(rows, limit=limit)


def _definition(build: Lowering, requirement: Criterion) -> Lowered:
    for index, question in enumerate(requirement.all):
        tests = [eq("question", question)]
        if "child" in build.subject.same:
            tests.append(eq("child", build.subject.same["child"]))
        build.add(f"q.{index}", Pattern("a", "answer", tuple(tests)), split="value")
    numbers = range(len(requirement.all))
    shown = {w: tuple(f"q.{i}.{w}" for i in numbers) for w in ANSWERS}
    unknown = Some(tuple(Count(f"q.{i}.unknown") for i in numbers))
    no = Some(tuple(Count(f"q.{i}.no") for i in numbers))
    yes = Every(tuple(Count(f"q.{i}.yes") for i in numbers))
    everything = (*shown["yes"], *shown["no"])
    rows = [
        *build.excluded(),
        # one `no` settles the answer, whatever the others turn out to be
        Row("undetermined", Every((unknown, no)), "unknown", shown["unknown"], "no"),
        Row("undetermined", unknown, "unknown", shown["unknown"], "unknown"),
        *build.waiting(),
        Row("met", yes, "answered", everything, "yes"),
        Row("met", ALWAYS, "answered", everything, "no"),
    ]
    return build.lowered(rows)
