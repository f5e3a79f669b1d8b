"""A case's timetable: its dates in order, what has no date yet, and the way to a publication.

Forwards it shows what happened, what is due and from what that is counted; backwards from a planned
publication what must leave and when, and how early publication could be if it left today. It knows
no rule itself: dates come from a check, and another plan is tried on a copy of the case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from cspr_core import calendar
from cspr_core.check import Checked, check_facts
from cspr_core.facts import facts_of
from cspr_core.kinds import Lowered
from cspr_core.kinds.lowered import LimitValue
from cspr_core.limits import LimitDetail
from cspr_core.model.arrangements import Hold, Limited
from cspr_core.model.case import Case, Event
from cspr_core.model.finding import Finding
from cspr_core.model.patterns import Anchor, EventPattern, Period, Value
from cspr_core.reading.case import CaseFile
from cspr_core.report.due import condition_words, who_and_whom
from cspr_core.report.findings import report_of
from cspr_core.report.layout import labelled, short, wrapped
from cspr_core.report.words import Words, amount, capital, day, listing, spaced
from cspr_core.vocabulary import vocabulary

PUBLICATION = "publication"
_OWN_DATES = {  # where a limit counts from its subject's own date
    "substitute": "the meeting",
    "meeting": "the meeting",
    "event": "it",
    "form": "its receipt",
    "delay": "the delay",
    "parallel": "its beginning",
}
_FORMS = ("within", "before", "around", "by")
_MARK = 9
_ATTRIBUTES = (
    "to by from_ agency outcome what stage with_ view version whom of on audience state"
).split()


class Line(Value):
    """One date of the timetable.

    `mark` says what it is: `done`, `plan`, `due`, `late`, `met`, `if` (it depends on something
    unknown), `agreed`, `too late` (can't be done any more) or `until` (a hold's end).
    """

    day: date
    mark: str
    what: str
    who: str | None = None
    details: tuple[str, ...] = ()


class Later(Value):
    """What has no date yet: how it is counted, what it is, and the latest that it can become.

    `latest` is the date it would have if everything before it were done on its last day.
    """

    counted: str
    what: tuple[str, ...]
    latest: date | None


class Leaving(Value):
    """Something that must leave before publication: what, who sends it, by when, and how it stands.

    `from_` is the day from which time runs for it: the day it was sent, else `as_of`; `earliest`
    the first day on which publication would keep the rule.
    """

    what: str
    who: str | None
    authority: str
    binding: str
    verified: bool
    rule: str
    due: date | None
    sent: date | None
    earliest: date


class Publication(Value):
    """The way to a publication: the planned day, what leaves by when, and how early it could be."""

    planned: date | None
    tried: bool
    leaving: tuple[Leaving, ...]
    earliest: date | None
    warnings: tuple[str, ...]


class Timetable(Value):
    """Every date of one case, in order."""

    case: str
    partnership: str
    as_of: date
    lines: tuple[Line, ...]
    later: tuple[Later, ...]
    publication: Publication | None
    notes: tuple[str, ...]


# --- copies of a case ---------------------------------------------------------------------------


def checked_again(checked: Checked, case: Case, as_of: date | None = None) -> Checked:
    """The same check of a changed case, or on another day."""
    old = checked.casefile
    as_of = as_of or checked.as_of
    casefile = CaseFile(case, old.path, old.document)

    def locate(loc: tuple[str | int, ...]) -> tuple[int, int]:
        place = casefile.place(loc)
        return place.line, place.column

    facts = facts_of(case, as_of, locate, checked.rules.plugin.facts(case, as_of))
    return check_facts(casefile, checked.rules, as_of, facts)


def with_publication(case: Case, planned: date) -> Case:
    """A copy of the case in which the report's publication is planned for this day.

    It replaces what is planned; without a plan in the case, the plan is added.
    """
    events = list(case.events)
    for index, event in enumerate(events):
        if event.type == PUBLICATION and event.date is None and "improvements" not in event.what:
            events[index] = event.model_copy(update={"planned": planned})
            break
    else:
        events.append(Event(type=PUBLICATION, what=("report",), planned=planned))
    return case.model_copy(update={"events": tuple(events)})


def planned_publication(case: Case) -> date | None:
    """The day for which publication is planned; `None` without a plan."""
    days = [e.planned for e in case.events if e.type == PUBLICATION and e.date is None]
    return min((d for d in days if d is not None), default=None)


def published(case: Case, as_of: date) -> bool:
    """Whether publication has taken place."""
    return any(
        e.type == PUBLICATION and e.date is not None and e.date <= as_of for e in case.events
    )


# --- words for limits ---------------------------------------------------------------------------


def noun(words: Words, name: str) -> str:
    """What time counts from, as a noun."""
    if name == "incident" or name in vocabulary().events:
        return words.event(EventPattern(event=name)).replace("`", "")
    if name in _OWN_DATES:
        return _OWN_DATES[name]
    body = name in vocabulary().words("bodies")
    return f"the meeting of {words.name(name)}" if body else words.name(name)


def rule_words(words: Words, value: LimitValue, event: str) -> str:
    """A limit in words: `5 working days after awareness of the incident`."""
    what = noun(words, event)
    if value.form == "by":
        if value.origins and value.origins[0].date.column == "return_by":
            return f"the day asked for with {what}"
        return f"by {what}"
    if value.form == "before":
        return f"at least {amount(value.n, value.unit)} before {what}" if value.n else f"by {what}"
    if value.form == "around":
        return f"within {amount(value.n, value.unit)} of {what}"
    return f"{amount(value.n, value.unit)} after {what}" if value.n else f"the day of {what}"


def counted_words(words: Words, limit: LimitDetail) -> str:
    """A limit in words, with the day that it counts from."""
    plan = "planned for " if limit.start.planned else ""
    rule = rule_words(words, limit.value, limit.start.event)
    return f"{rule} ({plan}{short_day(limit.start.day)})"


def short_day(value: date) -> str:
    """A date within a sentence: `Tue 3 Mar 2026`."""
    return " ".join(short(value).split())


def period_of(lowered: Lowered, by_id: Mapping[str, Lowered]) -> Period | None:
    """The last of a requirement's periods, or of the requirement whose limit it takes over."""
    while lowered.limit is not None and lowered.limit.copies is not None:
        lowered = by_id[lowered.limit.copies]
    requirement = lowered.requirement
    holders: list[Any] = [requirement, *getattr(requirement, "values", ())]
    found = [getattr(h, form, None) for h in holders for form in _FORMS]
    periods = [period for period in found if period is not None]
    return periods[-1] if periods else None


# --- the timetable ------------------------------------------------------------------------------


def timetable_of(checked: Checked, publish: date | None = None) -> Timetable:
    """The timetable of a checked case; `publish` takes the place of its planned publication."""
    tried = publish is not None and not published(checked.casefile.case, checked.as_of)
    if tried and publish is not None:
        checked = checked_again(checked, with_publication(checked.casefile.case, publish))
    return _Timetable(checked, tried=tried).made(publish)


class _Timetable:
    def __init__(self, checked: Checked, *, tried: bool) -> None:
        self.checked, self.tried = checked, tried
        self.words = Words(checked.rules)
        self.case, self.as_of = checked.casefile.case, checked.as_of
        self.findings = report_of(checked).findings

    def made(self, publish: date | None) -> Timetable:
        # A national duty and a local one on the same thing can read alike: one line will do.
        lines = list(dict.fromkeys([*self._happened(), *self._due()]))
        notes = []
        if publish is not None and not self.tried:
            notes.append("The report is published already: the day given is not used.")
        if any(calendar.is_provisional(line.day) for line in lines):
            last = day(calendar.LAST_PUBLISHED)
            notes.append(f"Provisional: public holidays are published up to {last} only.")
        return Timetable(
            case=self.case.case,
            partnership=self.checked.rules.plugin.area,
            as_of=self.as_of,
            lines=tuple(sorted(lines, key=lambda line: (line.day, _ORDER[line.mark], line.what))),
            later=tuple(self._later()),
            publication=self._publication(),
            notes=tuple(notes),
        )

    # --- what happened, what is planned -------------------------------------------------------

    def _happened(self) -> Iterator[Line]:
        case = self.case
        if isinstance(case.incident.date, date):
            yield from self._dated("The incident", case.incident.date, None)
        for event in case.events:
            what = capital(self._event(event))
            yield from self._dated(what, event.date, event.planned)
            if event.return_by is not None:
                whom = listing(map(self.words.name, event.agency))
                asked = f"{capital(whom)}: the day asked for ({spaced(event.type)})"
                yield Line(day=event.return_by, mark="asked", what=asked)
        for meeting in case.meetings:
            what = f"Meeting of {self.words.name(meeting.body)} ({meeting.id})"
            yield from self._dated(what, meeting.date, meeting.planned)
        for form in case.forms:
            what = f"{capital(self.words.name(form.form))} ({form.id})"
            yield from self._dated(f"{what} received", form.received, None)
            yield from self._dated(f"{what} sent back", form.returned, None)
        for entry in case.parallel:
            what = f"{capital(self.words.name(entry.type))} ({entry.id})"
            for verb, value in (("began", entry.opened), ("ended", entry.closed)):
                if isinstance(value, date):
                    yield from self._dated(f"{what} {verb}", value, None)
        for delay in case.delays:
            if isinstance(delay.arose, date):
                yield from self._dated("A delay arose", delay.arose, None)
            yield from self._dated("The delay is looked at again", None, delay.review_on)

    def _dated(self, what: str, happened: date | None, planned: date | None) -> Iterator[Line]:
        if happened is not None and happened <= self.as_of:
            yield Line(day=happened, mark="done", what=what)
        elif (plan := planned or happened) is not None:
            passed = " (planned, and not recorded as done)" if plan < self.as_of else ""
            yield Line(day=plan, mark="plan", what=f"{what}{passed}")

    def _event(self, event: Event) -> str:
        given = {name: getattr(event, name) for name in _ATTRIBUTES if getattr(event, name)}
        agency = given.pop("agency", ())
        text = self.words.event(EventPattern.model_construct(event=event.type, **given))
        text = text.replace("`", "").replace(" or ", " and ")  # these all happened
        if agency:
            text += f": {listing(map(self.words.name, agency))}"
        return text + (f" ({listing(event.child)})" if event.child else "")

    # --- what is due --------------------------------------------------------------------------

    def _due(self) -> Iterator[Line]:
        together: dict[tuple[object, ...], tuple[Line, list[str]]] = {}
        for finding in self.findings:
            line = self._line(finding)
            if line is None:
                continue
            requirement = self.checked.rules.by_id[finding.requirement].requirement
            _, label = who_and_whom(self.words, requirement, finding.subject)
            key = (finding.requirement, line)
            found = together.setdefault(key, (line, []))
            if label is not None and capital(label) != line.who:
                found[1].append(label)
            if finding.status == "excused" and finding.agreed_due is not None:
                again = Line(day=finding.agreed_due, mark="agreed", what=line.what, who=line.who)
                together.setdefault((finding.requirement, again), (again, []))
        for line, labels in together.values():
            what = line.what + (f" ({listing(labels)})" if labels else "")
            yield line.model_copy(update={"what": what})

    def _line(self, finding: Finding) -> Line | None:
        if finding.due is None or finding.kind in ("advice", "criterion"):
            return None
        lowered = self.checked.rules.by_id[finding.requirement]
        requirement = lowered.requirement
        subject = finding.subject.id if finding.subject else ""
        limit = self.checked.limits.details[finding.requirement, subject]
        who, _ = who_and_whom(self.words, requirement, finding.subject)
        details = [counted_words(self.words, limit)]
        if limit.opens is not None:
            details.append(f"not before {short_day(limit.opens)}")
        if finding.status in ("met", "met_late") and not isinstance(requirement, Hold):
            when = "" if finding.done is None else f" {short_day(finding.done)}"
            details.insert(0, f"done{when}{' (late)' * (finding.status == 'met_late')}")
        if (condition := condition_words(finding)) is not None:
            details.insert(0, f"{'only ' * condition.startswith('if ')}{condition}")
        if finding.status == "excused":
            details.insert(0, "a delay is agreed, or an exception on record")
        marks = ["should"] if finding.binding == "should" else []
        marks += ["provisional"] if finding.provisional else []
        marks += [] if finding.verified else ["not verified"]
        details += [f"[{'; '.join(marks)}]"] if marks else []
        mark = "until" if isinstance(requirement, Hold) else _MARKS[finding.status]
        return Line(
            day=finding.due,
            mark=mark,
            what=requirement.action or requirement.title,
            who=None if who is None else capital(self.words.name(who)),
            details=tuple(details),
        )

    # --- what has no date yet -----------------------------------------------------------------

    def _later(self) -> Iterator[Later]:
        latest = self._latest()
        found: dict[tuple[str, date | None], dict[str, None]] = {}
        for finding in self.findings:
            lowered = self.checked.rules.by_id[finding.requirement]
            if finding.due is not None or finding.status not in ("pending", "undetermined"):
                continue
            limit = self._limit(lowered)
            if limit is None or finding.kind in ("hold", "criterion", "advice"):
                continue
            period = period_of(lowered, self.checked.rules.by_id)
            rule = rule_words(self.words, limit, limit.origins[0].event)
            if period is not None and isinstance(period.of, Anchor):
                name = noun(self.words, period.of.event)
                full = self.words.event(EventPattern(**_pattern(period.of))).replace("`", "")
                rule = rule.replace(name, full)
            key = (rule, latest.get(finding.requirement))
            found.setdefault(key, {})[lowered.requirement.action or lowered.requirement.title] = (
                None
            )
        soonest = sorted(found.items(), key=lambda item: (item[0][1] or date.max, item[0][0]))
        for (rule, by), what in soonest:
            yield Later(counted=rule, what=tuple(what), latest=by)

    def _limit(self, lowered: Lowered) -> LimitValue | None:
        by_id = self.checked.rules.by_id
        while lowered.limit is not None and lowered.limit.copies is not None:
            lowered = by_id[lowered.limit.copies]
        return lowered.limit.values[-1] if lowered.limit and lowered.limit.values else None

    def _latest(self) -> dict[str, date]:
        """The date of what is still to come, if each thing before it is done on its last day."""
        rules = self.checked.rules
        found: dict[str, date] = {}
        ends: list[tuple[EventPattern, date]] = []

        def add(lowered: Lowered, due: date) -> None:
            if isinstance(lowered.requirement, Limited):
                ends.extend(
                    (p, due) for p in lowered.requirement.met_by if isinstance(p, EventPattern)
                )

        open_ = ("upcoming", "undetermined")
        for finding in self.findings:
            if finding.due is not None and finding.due >= self.as_of and finding.status in open_:
                add(rules.by_id[finding.requirement], finding.due)
        waiting = {f.requirement for f in self.findings if f.status == "pending" and f.due is None}
        for _ in range(len(waiting)):
            before = len(found)
            for name in sorted(waiting - set(found)):
                lowered = rules.by_id[name]
                period = period_of(lowered, rules.by_id)
                limit = self._limit(lowered)
                if limit is None or limit.form != "within" or period is None:
                    continue
                starts = [
                    due
                    for done, due in ends
                    if isinstance(period.of, Anchor) and _leads_to(done, period.of)
                ]
                if starts:
                    unit: Any = limit.unit
                    found[name] = calendar.after(max(starts), limit.n, unit)
                    add(lowered, found[name])
            if len(found) == before:
                break
        return found

    # --- publication --------------------------------------------------------------------------

    def _publication(self) -> Publication | None:
        planned = planned_publication(self.case)
        if published(self.case, self.as_of):
            return None
        decided = [
            e
            for e in self.case.events
            if e.type == "decision" and e.date is not None and e.date <= self.as_of
        ]
        latest = max(decided, key=lambda e: e.date or self.as_of, default=None)
        if planned is None and (latest is None or "local_review" not in latest.outcome):
            return None
        leaving = self._leaving(planned)
        return Publication(
            planned=planned,
            tried=self.tried,
            leaving=leaving,
            earliest=max((item.earliest for item in leaving), default=None),
            warnings=tuple(dict.fromkeys(self._warnings(planned, leaving))),
        )

    def _leaving(self, planned: date | None) -> tuple[Leaving, ...]:
        # First as if nothing had been sent; then with what had been sent for that day or any day.
        first = self._bounds(self.checked, planned or self.as_of, planned, sent=False)
        earliest = max((item.earliest for item in first), default=None)
        if earliest is None:
            return ()
        again = checked_again(self.checked, with_publication(self.case, earliest))
        return self._bounds(again, earliest, planned, sent=True)

    def _bounds(
        self, checked: Checked, tried: date, planned: date | None, *, sent: bool
    ) -> tuple[Leaving, ...]:
        if planned_publication(checked.casefile.case) is None:
            checked = checked_again(checked, with_publication(checked.casefile.case, tried))
        together: dict[tuple[object, ...], tuple[Leaving, list[str]]] = {}
        for finding in report_of(checked).findings:
            key = (finding.requirement, finding.subject.id if finding.subject else "")
            limit = checked.limits.details.get(key)
            if limit is None or finding.due is None or not _leaves(limit):
                continue
            lowered = checked.rules.by_id[finding.requirement]
            done = finding.done if sent else None
            item = self._leaving_item(lowered, finding, limit, done, planned)
            _, label = who_and_whom(self.words, lowered.requirement, finding.subject)
            found = together.setdefault((finding.requirement, item), (item, []))
            found[1].extend([label] if label else [])
        return tuple(
            item.model_copy(
                update={"what": f"{item.what} ({listing(labels)})" if labels else item.what}
            )
            for item, labels in together.values()
        )

    def _leaving_item(
        self,
        lowered: Lowered,
        finding: Finding,
        limit: LimitDetail,
        done: date | None,
        planned: date | None,
    ) -> Leaving:
        requirement, unit = lowered.requirement, limit.value.unit
        who, _ = who_and_whom(self.words, requirement, finding.subject)
        left: Any = unit
        return Leaving(
            what=requirement.action or requirement.title,
            who=None if who is None else capital(self.words.name(who)),
            authority=finding.authority,
            binding=finding.binding,
            verified=finding.verified,
            rule=rule_words(self.words, limit.value, limit.start.event),
            due=None if planned is None else calendar.before(planned, limit.value.n, left),
            sent=done,
            earliest=earliest_after(done or self.as_of, limit.value.n, unit),
        )

    def _warnings(self, planned: date | None, leaving: Sequence[Leaving]) -> Iterator[str]:
        when = "" if planned is None else f" Publication is planned for {day(planned)}."
        held = set()
        for finding in self.findings:
            requirement = self.checked.rules.by_id[finding.requirement].requirement
            if not isinstance(requirement, Hold) or requirement.hold.event != PUBLICATION:
                continue
            if finding.status not in ("upcoming", "undetermined") or finding.subject is None:
                continue
            held.add(finding.subject.id)
            state = "still runs" if finding.status == "upcoming" else "may still run"
            yield (
                f"HOLD: {self._process(finding.subject.id)} {state}. Do not publish before it is"
                f" over ({finding.requirement}).{when}"
            )
        for entry in self.case.parallel:
            open_ = entry.closed is None or entry.closed == "unknown"
            begun = entry.opened == "unknown" or entry.opened <= self.as_of
            if entry.type == "prosecution" and entry.id not in held and open_ and begun:
                yield (
                    f"{capital(self._process(entry.id))} runs. It does not suspend the duty to"
                    f" publish: if it delays publication, explain that to the Panel.{when}"
                )
        if planned is not None:
            yield from self._about_plan(planned, leaving)

    def _about_plan(self, planned: date, leaving: Sequence[Leaving]) -> Iterator[str]:
        if not calendar.is_working_day(planned):
            why = calendar.holiday(planned) or day(planned).split()[0]
            yield f"The planned day is no working day ({why})."
        for item in leaving:
            if item.sent is None and item.due is not None and item.due < self.as_of:
                yield (
                    f"Too late for this plan: {item.what}, due {day(item.due)}, is not recorded"
                    " as done."
                )
        for finding in self.findings:
            requirement = self.checked.rules.by_id[finding.requirement].requirement
            by = finding.agreed_due or finding.due
            if by is None or by >= planned or not isinstance(requirement, Limited):
                continue
            done = [p.event for p in requirement.met_by if isinstance(p, EventPattern)]
            limit = self.checked.limits.details[
                finding.requirement, finding.subject.id if finding.subject else ""
            ]
            if PUBLICATION in done and limit.value.form == "within":
                rule = rule_words(self.words, limit.value, limit.start.event)
                yield (
                    f"The plan is later than {day(by)}, by when publication is due ({rule});"
                    " the delay has to be explained."
                )

    def _process(self, key: str) -> str:
        kind = next(entry.type for entry in self.case.parallel if entry.id == key)
        return f"the {self.words.name(kind)} {key}"


_ORDER = {
    name: index
    for index, name in enumerate(
        (
            "done",
            "asked",
            "plan",
            "met",
            "too late",
            "late",
            "due",
            "if",
            "agreed",
            "excused",
            "until",
        )
    )
}
_MARKS = {
    "met": "met",
    "met_late": "met",
    "upcoming": "due",
    "overdue": "late",
    "undetermined": "if",
    "breached": "too late",
    "excused": "excused",
}


def _pattern(anchor: Anchor) -> dict[str, Any]:
    return anchor.model_dump(exclude={"as_", "field"}, by_alias=True)


def _leads_to(done: EventPattern, start: EventPattern) -> bool:
    """Whether doing this gives what that counts from."""
    if done.event != start.event:
        return False
    return all(
        not getattr(start, name)
        or not getattr(done, name)
        or set(getattr(done, name)) & set(getattr(start, name))
        for name in ("to", "by", "outcome", "what", "version")
    )


def _leaves(limit: LimitDetail) -> bool:
    return limit.value.form == "before" and limit.start.event == PUBLICATION and limit.value.n > 0


def earliest_after(sent: date, n: int, unit: str) -> date:
    """The first day such that the day `n` units before it is not before `sent`.

    Sent on Mon 1 June 2026, at least 7 working days before: Wed 10 June 2026.
    """
    period: Any = unit
    found = calendar.after(sent, n, period)
    while calendar.before(found, n, period) < sent:
        found += timedelta(days=1)
    while found > sent and calendar.before(found - timedelta(days=1), n, period) >= sent:
        found -= timedelta(days=1)
    return found


# --- as text ------------------------------------------------------------------------------------


def timetable_text(table: Timetable, *, brief: bool = False) -> str:
    """The timetable for a person, at most 79 columns wide.

    Where it is `brief`, what has no date yet and can't be foreseen is only counted.
    """
    lines = wrapped(f"Timetable of {table.case} ({table.partnership}), as of {day(table.as_of)}")
    lines.append("")
    today = False
    for line in table.lines:
        if line.day > table.as_of and not today:
            today = True
            lines.append(_today(table.as_of))
        lines += _line_text(line)
    if not today:
        lines.append(_today(table.as_of))
    later = [item for item in table.later if item.latest is not None or not brief]
    if later:
        lines += ["", "NO DATE YET"]
        for item in later:
            lines += _later_text(item)
    if (more := sum(len(item.what) for item in table.later) - sum(len(i.what) for i in later)) > 0:
        lines += wrapped(f"{more} more get a date later on; `cspr timetable` names them.", "  ")
    if table.publication is not None:
        lines += ["", *_publication_text(table.publication, table.as_of)]
    for note in table.notes:
        lines += ["", *wrapped(note)]
    return "\n".join(lines) + "\n"


def _today(as_of: date) -> str:
    return f"{short(as_of)}  {'-' * 15} today {'-' * 15}"


def _line_text(line: Line) -> list[str]:
    first = f"{short(line.day)}  {line.mark:<{_MARK}}"
    indent = " " * len(first)
    lines = wrapped(line.what, first, indent)
    more = [line.who] if line.who else []
    marks = [d for d in line.details if d.startswith("[")]
    text = "; ".join([*more, *(d for d in line.details if not d.startswith("["))])
    if text:
        lines += wrapped(" ".join([text, *marks]), indent)
    return lines


def _later_text(item: Later) -> list[str]:
    lines = wrapped(f"{capital(item.counted)}:", "  ")
    for what in item.what:
        lines += wrapped(what, "  - ")
    if item.latest is not None:
        lines += wrapped(
            f"At the latest {day(item.latest)}, if all before it is done on its last day.", "    "
        )
    return lines


def _publication_text(found: Publication, as_of: date) -> list[str]:
    tried = " (as tried here; the case file is not changed)" if found.tried else ""
    if found.planned is None:
        lines = ["PUBLICATION: no day is planned"]
    else:
        lines = wrapped(f"PUBLICATION planned for {day(found.planned)}{tried}")
    for warning in found.warnings:
        lines += wrapped(warning, "! ")
    if found.earliest is None:
        return [*lines, *wrapped("Nothing has to leave a stated time before it.", "  ")]
    dated = sorted(found.leaving, key=lambda item: (item.due or date.max, item.what))
    if found.planned is not None:
        lines += ["", "  What must leave, and by when:"]
        for item in dated:
            lines += _leaving_text(item)
    lines += ["", *_earliest_text(found, found.earliest, as_of)]
    return lines


def _leaving_text(item: Leaving) -> list[str]:
    first = f"  {'' if item.due is None else short(item.due)}  "
    state = "not yet sent" if item.sent is None else f"sent {short_day(item.sent)}"
    text = f"{item.who}; {item.rule}; {state}" if item.who else f"{item.rule}; {state}"
    marks = ["should"] if item.binding == "should" else []
    marks += [] if item.verified else ["not verified"]
    text += f" [{'; '.join(marks)}]" if marks else ""
    return [*wrapped(item.what, first), *wrapped(text, " " * len(first))]


def _earliest_text(found: Publication, first: date, as_of: date) -> Iterator[str]:
    open_ = any(item.sent is None for item in found.leaving)
    start = f"Sent today ({short_day(as_of)})" if open_ else "With what has been sent"
    text = f"{start}, the earliest publication is {day(first)}"
    if not calendar.is_working_day(first):
        following = calendar.after(first, 1, "working_days")
        text += f", which is no working day; the next one is {day(following)}"
    if calendar.is_provisional(first):
        text += " (provisional)"
    yield from wrapped(f"{text}.", "  ")
    by_day: dict[date, dict[str, None]] = {}
    for item in found.leaving:
        whose = "national" if item.authority != "local" else "local"
        by_day.setdefault(item.earliest, {})[f"{whose}: {item.rule}"] = None
    for earliest in sorted(by_day, reverse=True):
        decides = "  <- decides" if earliest == first else ""
        yield from labelled(f"    {short(earliest)}", listing(by_day[earliest]) + decides, 21)
