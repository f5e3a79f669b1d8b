"""From the words of requirements to patterns over facts: subjects, what was done, conditions.

Shared by every kind. A subject's pattern has the alias `s`; what was done has the alias `e`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cspr_core.model.patterns import (
    AllOf,
    AnswerIs,
    AnyOf,
    Condition,
    DecisionIs,
    DelayIs,
    DelayTold,
    Done,
    EventPattern,
    FindingIs,
    ForEach,
    FormPattern,
    Happened,
    IncidentDate,
    InPlay,
    MeetingPattern,
    Not,
    ParallelIs,
    RolePattern,
    Start,
    Started,
    SubjectDate,
    SubjectPattern,
)
from cspr_core.program import (
    ANSWERS,
    NEVER,
    OUTCOMES,
    STATUSES,
    Count,
    Every,
    Match,
    Pattern,
    Ref,
    Some,
    Test,
    eq,
    negation,
)
from cspr_core.program import Condition as Holds
from cspr_core.vocabulary import vocabulary

EVENT_ATTRIBUTES = (
    "to by from_ agency outcome what stage with_ view version whom for_ of on audience state"
).split()


class LoweringError(ValueError):
    """A requirement that says something its kind or its subject can't mean."""


@dataclass(frozen=True)
class Subjects:
    """For whom or what a requirement is answered: patterns, and what `same` means."""

    type: str | None = None
    body: tuple[Pattern, ...] = ()
    ref: Ref | None = None
    same: Mapping[str, Ref] = field(default_factory=dict)
    date: Ref | None = None
    planned: Ref | None = None
    involved: bool = False

    @property
    def limit_tests(self) -> tuple[Test, ...]:
        """The test that a derived row is about this subject."""
        return (eq("subject", "" if self.ref is None else self.ref),)


def _one_of(column: str, words: Sequence[str]) -> tuple[Test, ...]:
    if not words:
        return ()
    return (eq(column, words[0]),) if len(words) == 1 else (Test(column, "in", tuple(words)),)


def subjects(each: ForEach | None) -> Subjects:
    """The subjects that `for_each` names; raises `LoweringError` where it names none or two."""
    if each is None:
        return Subjects()
    recipients = (*each.recipient, *each.should)
    given = [
        name
        for name in ("child", "agency", "meeting", "event", "person", "substitute", "form", "delay")
        if getattr(each, name) is not None
    ]
    given += ["recipient"] * bool(recipients) + ["parallel"] * bool(each.parallel)
    if given == ["child", "recipient"]:
        tests = (*_one_of("to", recipients), Test("child", "known"))
        return Subjects(
            "recipient",
            (Pattern("s", "recipient", tests),),
            Ref("s", "recipient"),
            {"child": Ref("s", "child"), "recipient": Ref("s", "to")},
        )
    if len(given) != 1:
        raise LoweringError("`for_each` names one kind of subject, or child and recipient")
    return _SUBJECTS[given[0]](each, recipients)


def _child(_each: ForEach, _recipients: Sequence[str]) -> Subjects:
    ref = Ref("s", "child")
    return Subjects("child", (Pattern("s", "child"),), ref, {"child": ref})


def _agency(each: ForEach, _recipients: Sequence[str]) -> Subjects:
    ref = Ref("s", "agency")
    body = (Pattern("s", "involvement", (eq("listed", "yes"),)),)
    return Subjects("agency", body, ref, {"agency": ref}, involved=each.agency == "involved")


def _recipient(_each: ForEach, recipients: Sequence[str]) -> Subjects:
    tests = (*_one_of("to", recipients), Test("child", "unknown"))
    body = (Pattern("s", "recipient", tests),)
    return Subjects("recipient", body, Ref("s", "recipient"), {"recipient": Ref("s", "to")})


def _meeting(each: ForEach, _recipients: Sequence[str]) -> Subjects:
    ref = Ref("s", "meeting")
    first = (eq("first", "yes"),) if each.first else ()
    body = (Pattern("s", "meeting", (eq("body", each.meeting or ""), *first)),)
    same = {"meeting": ref}
    return Subjects("meeting", body, ref, same, Ref("s", "date"), Ref("s", "planned"))


def _event(each: ForEach, _recipients: Sequence[str]) -> Subjects:
    ref = Ref("s", "id")
    body = (Pattern("s", "event", (eq("name", each.event or ""),)),)
    same = {"event": ref}
    return Subjects("event", body, ref, same, Ref("s", "date"), Ref("s", "planned"))


def _person(each: ForEach, _recipients: Sequence[str]) -> Subjects:
    who = each.person
    if who is None or (who.body is None) == (who.role is None):
        raise LoweringError("`for_each: {person: …}` names a body or a role")
    if who.body is not None:
        pattern = Pattern("s", "member", (eq("body", who.body),))
    else:
        pattern = Pattern("s", "role", (eq("role", who.role or ""),))
    ref = Ref("s", "person")
    return Subjects("person", (pattern,), ref, {"person": ref})


def _substitute(each: ForEach, _recipients: Sequence[str]) -> Subjects:
    body = (Pattern("s", "substitute", (eq("body", each.substitute or ""),)),)
    same = {"meeting": Ref("s", "meeting"), "person": Ref("s", "by")}
    ref = Ref("s", "substitute")
    return Subjects("substitute", body, ref, same, Ref("s", "date"), Ref("s", "planned"))


def _form(each: ForEach, _recipients: Sequence[str]) -> Subjects:
    body = (Pattern("s", "form", (eq("form", each.form or ""),)),)
    ref = Ref("s", "id")
    return Subjects("form", body, ref, {"form": ref}, Ref("s", "date"))


def _delay(each: ForEach, _recipients: Sequence[str]) -> Subjects:
    tests = () if each.delay == "any" else (eq("requirement", each.delay or ""),)
    return Subjects(
        "delay", (Pattern("s", "delay", tests),), Ref("s", "delay"), {}, Ref("s", "date")
    )


def _parallel(each: ForEach, _recipients: Sequence[str]) -> Subjects:
    body = (Pattern("s", "parallel", _one_of("type", each.parallel)),)
    ref = Ref("s", "parallel")
    return Subjects("parallel", body, ref, {"parallel": ref}, Ref("s", "opened"))


_SUBJECTS: Mapping[str, Callable[[ForEach, Sequence[str]], Subjects]] = {
    "child": _child,
    "agency": _agency,
    "recipient": _recipient,
    "meeting": _meeting,
    "event": _event,
    "person": _person,
    "substitute": _substitute,
    "form": _form,
    "delay": _delay,
    "parallel": _parallel,
}


# --- what was done ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """One way in which something was done: patterns (the last called `e`), and its date.

    Without a date, it is known only that it was done. `sure` is false where it depends on
    something that is not known.
    """

    body: tuple[Pattern, ...]
    date: str | None = "date"
    sure: bool = True

    def when(self, *tests: Test) -> tuple[Pattern, ...]:
        """Its patterns, with further tests of the fact that was done."""
        *before, last = self.body
        return (*before, Pattern(last.alias, last.type, last.tests + tests))

    def renamed(self, alias: str) -> tuple[Pattern, ...]:
        """Its patterns under other aliases: the last is called `alias`, the others after it."""
        names = {p.alias: f"{alias}{i}" for i, p in enumerate(self.body[:-1])}
        names[self.body[-1].alias] = alias
        return tuple(
            Pattern(names[p.alias], p.type, tuple(_renamed(t, names) for t in p.tests))
            for p in self.body
        )


def _renamed(test: Test, names: Mapping[str, str]) -> Test:
    if isinstance(test.value, Ref) and test.value.alias in names:
        return Test(test.column, test.op, Ref(names[test.value.alias], test.value.column))
    return test


def _same(subject: Subjects, name: str) -> Ref:
    try:
        return subject.same[name]
    except KeyError:
        raise LoweringError(
            f"`same: {name}` needs a `for_each` that names one:"
            f" {subject.type or 'the case'} does not"
        ) from None


def event_tests(pattern: EventPattern, subject: Subjects) -> list[tuple[Test, ...]]:
    """The tests of an event pattern; several where one of several will do."""
    tests = [eq("name", pattern.event)]
    if pattern.stands == "yes":
        tests.append(eq("stands", "yes"))
    for attribute in EVENT_ATTRIBUTES:
        tests += _one_of(attribute.rstrip("_"), getattr(pattern, attribute))
    alternatives = [tuple(tests)]
    for name in pattern.same:
        ref = _same(subject, name)
        if name == "child":  # an event without a child is about every child
            either: tuple[tuple[Test, ...], ...] = (
                (eq("child", ref),),
                (Test("child", "unknown"),),
            )
        else:
            column = {"recipient": "to", "event": "id", "meeting": "id"}.get(name, name)
            either = ((eq(column, ref),),)
        alternatives = [tests + more for tests in alternatives for more in either]
    return alternatives


def _event_ways(pattern: EventPattern, subject: Subjects) -> Iterator[Way]:
    dated = Test("date", "known")
    for tests in event_tests(pattern, subject):
        if pattern.reviewer_named is None:
            yield Way((Pattern("e", "event", (*tests, dated)),))
            continue
        for answer in ("yes", "unknown"):
            more = (eq("reviewer_named", answer), dated)
            yield Way((Pattern("e", "event", tests + more),), sure=answer == "yes")
    if pattern.by and _by_may_be_left_out(pattern.event):
        # Who did it is not recorded: it may have been who should.
        for tests in event_tests(pattern.model_copy(update={"by": ()}), subject):
            nobody = (*tests, dated, Test("by", "unknown"))
            yield Way((Pattern("e", "event", nobody),), sure=False)


def _by_may_be_left_out(event: str) -> bool:
    known = vocabulary().events.get(event)
    return known is not None and "by" in known.attributes and not known.attributes["by"].required


def _meeting_ways(pattern: MeetingPattern, subject: Subjects) -> Iterator[Way]:
    tests = [eq("body", pattern.meeting), Test("date", "known")]
    tests += [eq("first", "yes")] if pattern.first else []
    tests += [eq("meeting", _same(subject, "meeting"))] if "meeting" in pattern.same else []
    if pattern.invited is not None:
        if pattern.agenda is not None:
            raise LoweringError("a meeting is asked for its `agenda` or for who was `invited`")
        whom = (eq("whom", pattern.invited), eq("meeting", Ref("m", "meeting")))
        # An invitation to what is still to come counts as well.
        tests.remove(Test("date", "known"))
        body = (Pattern("m", "meeting", tuple(tests)), Pattern("e", "invitation", whom))
        yield Way(body, date=None)
        return
    if pattern.agenda is None:
        yield Way((Pattern("e", "meeting", tuple(tests)),))
        return
    item = Pattern("i", "agenda_item", (eq("item", pattern.agenda),))
    yield Way((item, Pattern("e", "meeting", (*tests, eq("meeting", Ref("i", "meeting"))))))
    yield Way((Pattern("e", "meeting", (*tests, eq("agenda", "unlisted"))),), sure=False)


def _form_ways(pattern: FormPattern, subject: Subjects) -> Iterator[Way]:
    tests = [eq("form", pattern.form)]
    tests += [eq("agency", _same(subject, "agency"))] if "agency" in pattern.same else []
    tests += [eq("id", _same(subject, "form"))] if "form" in pattern.same else []
    if pattern.returned:
        yield Way((Pattern("e", "form", (*tests, Test("returned", "known"))),), date="returned")
    elif pattern.complete:
        yield Way((Pattern("e", "form", (*tests, eq("complete", "yes"))),))
        yield Way((Pattern("e", "form", (*tests, eq("complete", "unknown"))),), sure=False)
    else:
        yield Way((Pattern("e", "form", tuple(tests)),))


def _role_ways(pattern: RolePattern, _subject: Subjects) -> Iterator[Way]:
    role = Pattern("e", "role", (eq("role", pattern.role),))
    if pattern.body is None:
        yield Way((role,), date=None)
    else:
        member = Pattern("m", "member", (eq("body", pattern.body),))
        person = eq("person", Ref("m", "person"))
        yield Way((member, Pattern("e", "role", (*role.tests, person))), date=None)


def _delay_ways(pattern: DelayTold, subject: Subjects) -> Iterator[Way]:
    delay = Pattern("d", "delay", (eq("requirement", pattern.delay_told),))
    tests = [eq("delay", Ref("d", "delay"))]
    if "recipient" in pattern.same:
        tests.append(eq("to", _same(subject, "recipient")))
    yield Way((delay, Pattern("e", "delay_told", tuple(tests))))


def _subject_ways(pattern: SubjectPattern, subject: Subjects) -> Iterator[Way]:
    what, item = pattern.subject, pattern.item or ""
    if what in ("agenda", "led_by", "invited"):
        if subject.type != "meeting":
            raise LoweringError(f"`subject: {what}` needs `for_each: {{meeting: …}}`")
        meeting = eq("meeting", Ref("s", "meeting"))
        held = Test("date", "known")
        if what == "agenda":
            entry = Pattern("i", "agenda_item", (meeting, eq("item", item)))
            yield Way((entry, Pattern("e", "meeting", (meeting, held))))
            unlisted = (meeting, held, eq("agenda", "unlisted"))
            yield Way((Pattern("e", "meeting", unlisted),), sure=False)
        elif what == "led_by":
            role = Pattern("r", "role", (eq("role", item),))
            leads = (meeting, held, eq("led_by", Ref("r", "person")))
            yield Way((role, Pattern("e", "meeting", leads)))
            nobody = (meeting, held, Test("led_by", "unknown"))
            yield Way((Pattern("e", "meeting", nobody),), sure=False)
        else:
            yield Way((Pattern("e", "invitation", (meeting, eq("whom", item))),), date=None)
        return
    wanted, fact = _OWN[what]
    if subject.type != wanted:
        raise LoweringError(f"`subject: {what}` needs `for_each: {{{wanted}: …}}`")
    if what == "returned":
        tests = (eq("id", Ref("s", "id")), Test("returned", "known"))
        yield Way((Pattern("e", "form", tests),), date="returned")
    elif what == "named":
        this = eq("substitute", Ref("s", "substitute"))
        yield Way((Pattern("e", fact, (this, Test("named", "known"))),), date="named")
        yield Way((Pattern("e", fact, (this, Test("named", "unknown"))),), sure=False)
    elif wanted == "substitute":
        this = eq("substitute", Ref("s", "substitute"))
        yield Way((Pattern("e", fact, (this, eq(what, "yes"))),), date=None)
        yield Way((Pattern("e", fact, (this, eq(what, "unknown"))),), sure=False)
    else:
        column = "to" if what == "told" else "by"
        tests = (eq("delay", Ref("s", "delay")), eq(column, item))
        yield Way((Pattern("e", fact, tests),))


_OWN: Mapping[str, tuple[str, str]] = {
    "named": ("substitute", "substitute"),
    "briefed": ("substitute", "substitute"),
    "equivalent_seniority": ("substitute", "substitute"),
    "considered": ("delay", "delay_considered"),
    "told": ("delay", "delay_told"),
    "returned": ("form", "form"),
}


def ways(patterns: Sequence[Done], subject: Subjects) -> list[Way]:
    """Every way in which one of these was done, for this subject."""
    found: list[Way] = []
    for pattern in patterns:
        if isinstance(pattern, EventPattern):
            found += _event_ways(pattern, subject)
        elif isinstance(pattern, MeetingPattern):
            found += _meeting_ways(pattern, subject)
        elif isinstance(pattern, FormPattern):
            found += _form_ways(pattern, subject)
        elif isinstance(pattern, RolePattern):
            found += _role_ways(pattern, subject)
        elif isinstance(pattern, DelayTold):
            found += _delay_ways(pattern, subject)
        else:
            found += _subject_ways(pattern, subject)
    return found


# --- what time counts from ----------------------------------------------------------------------


@dataclass(frozen=True)
class Origin:
    """Patterns for what a limit counts from, and where its date stands.

    `prefer`: `date` only what happened; `either` what happened, else what is planned; `planned`
    the plan, else what happened.
    """

    body: tuple[Pattern, ...]
    date: Ref
    planned: Ref | None
    prefer: str
    event: str


def origins(start: Start, subject: Subjects, *, plans: bool) -> list[Origin]:
    """Where a limit counts from; with `plans`, a planned date counts where nothing has happened."""
    prefer = "either" if plans else "date"
    if isinstance(start, IncidentDate):
        body = (*subject.body, Pattern("e", "event", (eq("name", "incident"),)))
        return [Origin(body, Ref("e", "date"), None, "date", "incident")]
    if isinstance(start, SubjectDate):
        if subject.date is None:
            raise LoweringError(
                f"`of: {{subject: date}}`: {subject.type or 'the case'} has no date"
            )
        named = subject.body[0].type
        name = "meeting" if named == "substitute" else named  # whose date a substitute's is
        return [Origin(subject.body, subject.date, subject.planned, prefer, name)]
    if isinstance(start, MeetingPattern):
        tests = [eq("body", start.meeting)]
        tests += [eq("first", "yes")] if start.first else []
        tests += [eq("meeting", _same(subject, "meeting"))] if "meeting" in start.same else []
        body = (*subject.body, Pattern("e", "meeting", tuple(tests)))
        return [Origin(body, Ref("e", "date"), Ref("e", "planned"), prefer, start.meeting)]
    if isinstance(start, FormPattern):
        column = "returned" if start.returned else "date"
        return [
            Origin((*subject.body, *way.body), Ref("e", column), None, "date", start.form)
            for way in _form_ways(start, subject)
            if way.sure
        ]
    if start.as_ == "planned":
        prefer = "planned"
    asked = (Test("date", "known"),) if start.field else ()
    return [
        Origin(
            # a date that a request names binds from the request on, not while it is only planned
            (*subject.body, Pattern("e", "event", tests + asked)),
            Ref("e", start.field or "date"),
            None if start.field else Ref("e", "planned"),
            prefer,
            start.event,
        )
        for tests in event_tests(start, subject)
    ]


# --- conditions ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gate:
    """When a condition certainly holds, certainly doesn't, and depends on what is not known.

    Where none of the three holds, it does not hold yet.
    """

    yes: Holds
    no: Holds = NEVER
    unknown: Holds = NEVER

    @property
    def waits(self) -> Holds:
        """Nothing is known to stand against it, and it does not hold yet."""
        return negation(Some((self.yes, self.no, self.unknown)))


_IN_PLAY = ("met", "met_late", "upcoming", "overdue", "breached", "excused")


class Conditions:
    """Lowers conditions to gates, and gathers the matches that they need."""

    def __init__(self, requirement: str, subject: Subjects) -> None:
        """For one requirement and its subjects."""
        self.requirement, self.subject = requirement, subject
        self.matches: list[Match] = []

    def add(
        self,
        tag: str,
        *body: Pattern,
        key: Ref | None = None,
        evidence: bool = True,
        split: str | None = None,
    ) -> str:
        """A match for each subject: its key, evidence and split are of the last pattern."""
        last = next(p for p in reversed((*self.subject.body, *body)) if not p.negated).alias
        self.matches.append(
            Match(
                tag,
                (*self.subject.body, *body),
                key or Ref(last),
                self.subject.ref,
                (Ref(last),) if evidence else (),
                None if split is None else Ref(last, split),
            )
        )
        return tag

    def gate(self, condition: Condition, tag: str) -> Gate:
        """The gate of one condition; `tag` names its tallies."""
        return _GATES[type(condition)](self, condition, tag)

    def _decision(self, condition: DecisionIs, tag: str) -> Gate:
        tests = (eq("name", "decision"), eq("latest", "yes"), Test("outcome", "known"))
        self.add(tag, Pattern("w", "event", tests), split="outcome")
        wanted = tuple(Count(f"{tag}.{o}") for o in OUTCOMES if o in condition.decision)
        others = tuple(Count(f"{tag}.{o}") for o in OUTCOMES if o not in condition.decision)
        # several decisions of one day count alike: one of the wanted ones is enough
        return Gate(Some(wanted), Every((negation(Some(wanted)), Some(others))))

    def _happened(self, condition: Happened, tag: str) -> Gate:
        yes, maybe = f"{tag}.yes", f"{tag}.maybe"
        found = ways(condition.happened, self.subject)
        for way in found:
            self.add(yes if way.sure else maybe, *way.body)
        if condition.planned:
            for pattern in condition.happened:
                if not isinstance(pattern, EventPattern):
                    raise LoweringError("`planned: yes` speaks of events only")
                for tests in event_tests(pattern, self.subject):
                    self.add(yes, Pattern("e", "event", (*tests, Test("planned", "known"))))
        unsure = any(not way.sure for way in found)
        return Gate(
            Count(yes),
            unknown=Every((Count(yes, "==", 0), Count(maybe))) if unsure else NEVER,
        )

    def _three(self, tag: str) -> Gate:
        yes, no, unknown = (Count(f"{tag}.{word}") for word in ANSWERS)
        none_yes = negation(yes)
        return Gate(yes, Every((none_yes, no, negation(unknown))), Every((none_yes, unknown)))

    def _answer(self, condition: AnswerIs, tag: str) -> Gate:
        of = (eq("child", _same(self.subject, "child")),) if "child" in condition.same else ()
        if len(condition.answer) > 1:
            return self._answers(condition.answer, of, tag)
        tests = (eq("question", condition.answer[0]), *of)
        self.add(tag, Pattern("w", "answer", tests), split="value")
        return self._three(tag)

    def _answers(self, questions: Sequence[str], of: tuple[Test, ...], tag: str) -> Gate:
        """Of one child every answer is yes; or for no child can it be; or it depends."""
        yes, maybe, no = f"{tag}.yes", f"{tag}.maybe", f"{tag}.no"
        for name, values in ((yes, ("yes",)), (maybe, ("yes", "unknown"))):
            body = tuple(
                Pattern(
                    f"w{i}",
                    "answer",
                    (
                        eq("question", question),
                        *_one_of("value", values),
                        *(of or ((eq("child", Ref("w0", "child")),) if i else ())),
                    ),
                )
                for i, question in enumerate(questions)
            )
            self.add(name, *body)
            shown = tuple(Ref(pattern.alias) for pattern in body)
            self.matches[-1] = replace(self.matches[-1], evidence=shown)
        for question in questions:
            tests = (eq("question", question), eq("value", "no"), *of)
            self.add(no, Pattern("w", "answer", tests))
        nobody = negation(Count(maybe))
        return Gate(
            Count(yes), Every((nobody, Count(no))), Every((negation(Count(yes)), Count(maybe)))
        )

    def _finding(self, requirement: str, same: Sequence[str]) -> Pattern:
        tests = [eq("requirement", requirement)]
        tests += [eq("subject", _same(self.subject, name)) for name in same]
        return Pattern("w", "finding", tuple(tests))

    def _in_play(self, condition: InPlay, tag: str) -> Gate:
        pattern = self._finding(condition.in_play, condition.same)
        self.add(tag, pattern, key=Ref("w", "subject"), evidence=False, split="status")
        yes = Some(tuple(Count(f"{tag}.{status}") for status in _IN_PLAY))
        unknown, waits = Count(f"{tag}.undetermined"), Count(f"{tag}.pending")
        no = Count(f"{tag}.not_applicable")
        return Gate(
            yes,
            Every((negation(yes), negation(unknown), negation(waits), no)),
            Every((negation(yes), unknown)),
        )

    def _finding_is(self, condition: FindingIs, tag: str) -> Gate:
        if (condition.answer is None) == (not condition.status):
            raise LoweringError("`finding` goes with an `answer` or with a `status`")
        split = "answer" if condition.answer else "status"
        pattern = self._finding(condition.finding, condition.same)
        self.add(tag, pattern, key=Ref("w", "subject"), evidence=False, split=split)
        if condition.answer == "yes":
            return self._three(tag)
        if condition.answer == "no":
            certain = self._three(tag).no
            return Gate(certain, negation(certain))
        for status in condition.status:
            if status not in STATUSES:
                raise LoweringError(f"{status!r} is no status")
        yes = Some(tuple(Count(f"{tag}.{status}") for status in condition.status))
        return Gate(yes, negation(yes))

    def _parallel(self, condition: ParallelIs, tag: str) -> Gate:
        tests = _one_of("type", condition.parallel)
        self.add(tag, Pattern("w", "parallel", tests), split="state")
        running, over, unknown = (Count(f"{tag}.{w}") for w in ("open", "closed", "unknown"))
        if condition.during is not None:
            return self._during(condition.during, tests, tag, Gate(running, unknown=unknown))
        if condition.running:
            none = negation(running)
            return Gate(running, Every((none, negation(unknown))), Every((none, unknown)))
        yes = Some((running, over, unknown))
        return Gate(yes, negation(yes))

    def _during(self, event: str, tests: tuple[Test, ...], tag: str, now: Gate) -> Gate:
        """A process ran on the day of an event, or runs now where the event has no date yet."""
        held = Pattern("e", "event", (eq("name", event), Test("date", "known")))
        self.add(f"{tag}.held", held)
        known = (*tests, Test("opened", "known"))
        on_the_day = replace(held, tests=(*held.tests, Test("date", ">=", Ref("w", "opened"))))
        this = eq("parallel", Ref("w", "parallel"))
        over = Pattern("c", "closed", (this, Test("date", "<", Ref("e", "date"))), negated=True)
        end_known = Pattern("w", "parallel", (*known, Test("state", "!=", "unknown")))
        self.add(f"{tag}.during", end_known, on_the_day, over)
        # Without its first day, or its last, a process may have run on the day.
        unknown_start = Pattern("w", "parallel", (*tests, Test("opened", "unknown")))
        self.add(f"{tag}.perhaps", unknown_start, held, over)
        unknown_end = Pattern("w", "parallel", (*known, eq("state", "unknown")))
        self.add(f"{tag}.perhaps", unknown_end, on_the_day)
        happened, during = Count(f"{tag}.held"), Count(f"{tag}.during")
        may_have = Count(f"{tag}.perhaps")
        ended = Every((happened, negation(may_have)))
        sure = Every((happened, during))
        still = Every((negation(happened), now.yes))
        perhaps = Some(
            (
                Every((happened, negation(during), may_have)),
                Every((negation(happened), negation(now.yes), now.unknown)),
            )
        )
        yes = Some((sure, still))
        nothing = Every((negation(happened), negation(now.yes), negation(now.unknown)))
        return Gate(yes, Some((Every((ended, negation(during))), nothing)), perhaps)

    def _delay(self, condition: DelayIs, tag: str) -> Gate:
        self.add(tag, Pattern("w", "delay", (eq("requirement", condition.delayed),)))
        if condition.by_plan is not None:
            limit = Pattern("l", "limit", (eq("requirement", condition.delayed),))
            for tests in event_tests(condition.by_plan, self.subject):
                late = (*tests, Test("date", "unknown"), Test("planned", ">", Ref("l", "date")))
                self.add(tag, limit, Pattern("e", "event", late))
        return Gate(Count(tag))

    def _started(self, _condition: Started, tag: str) -> Gate:
        tests = (eq("requirement", self.requirement), *self.subject.limit_tests)
        self.add(tag, Pattern("w", "limit", tests), evidence=False)
        return Gate(Count(tag))

    def _any(self, condition: AnyOf, tag: str) -> Gate:
        gates = [self.gate(part, f"{tag}.{i}") for i, part in enumerate(condition.any)]
        yes = Some(tuple(gate.yes for gate in gates))
        unknown = Some(tuple(gate.unknown for gate in gates))
        return Gate(yes, Every(tuple(g.no for g in gates)), Every((negation(yes), unknown)))

    def _all(self, condition: AllOf, tag: str) -> Gate:
        gates = [self.gate(part, f"{tag}.{i}") for i, part in enumerate(condition.all)]
        known = Every(tuple(Some((gate.yes, gate.unknown)) for gate in gates))
        return Gate(
            Every(tuple(gate.yes for gate in gates)),
            Some(tuple(gate.no for gate in gates)),
            Every((known, Some(tuple(gate.unknown for gate in gates)))),
        )

    def _not(self, condition: Not, tag: str) -> Gate:
        gate = self.gate(condition.not_, f"{tag}.0")
        return Gate(negation(Some((gate.yes, gate.unknown))), gate.yes, gate.unknown)


_GATES: Mapping[type, Callable[..., Gate]] = {
    DecisionIs: Conditions._decision,  # noqa: SLF001  (its own methods)
    Happened: Conditions._happened,  # noqa: SLF001
    AnswerIs: Conditions._answer,  # noqa: SLF001
    InPlay: Conditions._in_play,  # noqa: SLF001
    FindingIs: Conditions._finding_is,  # noqa: SLF001
    ParallelIs: Conditions._parallel,  # noqa: SLF001
    DelayIs: Conditions._delay,  # noqa: SLF001
    Started: Conditions._started,  # noqa: SLF001
    AnyOf: Conditions._any,  # noqa: SLF001
    AllOf: Conditions._all,  # noqa: SLF001
    Not: Conditions._not,  # noqa: SLF001
}
