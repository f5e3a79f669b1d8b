"""Why the answer is what it is: one requirement, for one subject, explained for whoever has to act.

The answer and its source, the dated values and which of them holds, the days counted one by one,
the evidence with its place, what is not known, and what would change the answer. It decides
nothing: what would change is tried and checked again (`cspr_core.report.changes`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cspr_core.check import Checked, Rules
from cspr_core.kinds import Lowered
from cspr_core.limits import LimitDetail
from cspr_core.model.arrangements import (
    Absent,
    Attendance,
    Composition,
    Criterion,
    Form,
    Hold,
    Independence,
    Limited,
    Number_,
    Requirement,
    Seat,
    Step,
)
from cspr_core.model.finding import Finding
from cspr_core.program import Decision
from cspr_core.reading.words import nearest
from cspr_core.report.changes import Change, Outcome, Question, Trials
from cspr_core.report.counting import counted_lines
from cspr_core.report.due import who_and_whom
from cspr_core.report.findings import report_of
from cspr_core.report.layout import labelled, wrapped
from cspr_core.report.timetable import rule_words, short_day
from cspr_core.report.words import Words, capital, day, listing, question, spaced

_WORST = (
    "breached",
    "overdue",
    "undetermined",
    "met_late",
    "upcoming",
    "excused",
    "pending",
    "met",
    "not_applicable",
)
_AUTHORITY = {
    "statute": "statute",
    "statutory_guidance": "statutory guidance",
    "panel_guidance": "the Panel's guidance",
    "local": "local",
}


class UnknownNameError(Exception):
    """No such requirement, or no such subject: one line that says which there are."""


@dataclass(frozen=True)
class Named:
    """A requirement that was asked for, and its subject; `None`: none was named."""

    requirement: str
    subject: str | None


# --- which requirement, which subject -------------------------------------------------------------


def named(rules: Rules, asked: str) -> Named:
    """What `REQUIREMENT[/SUBJECT]` means; the area or `national.` may be left out.

    Raises `UnknownNameError` with the nearest, or with both where two are meant.
    """
    name, slash, subject = asked.strip().partition("/")
    area = rules.plugin.area
    found = [n for n in (name, f"{area}.{name}", f"national.{name}") if n in rules.by_id]
    if not found:
        found = [n for n in rules.by_id if n.endswith(f".{name}")]
    if len(found) > 1 and name not in rules.by_id:
        raise UnknownNameError(f"`{name}` can be {listing(found, 'or')}: write the whole of it.")
    if not found:
        near = nearest(name, rules.by_id)
        hint = f"Did you mean `{near}`?" if near else f"`cspr requirements {area}` lists them."
        raise UnknownNameError(f"No requirement of {area} is called `{name}`. {hint}")
    return Named(found[0], subject if slash and subject else None)


def _find(checked: Checked, asked: Named) -> tuple[Decision, list[Decision]]:
    """The decision to explain, and all decisions of its requirement, the worst first."""
    each = checked.rules.by_id[asked.requirement].requirement.for_each
    weaker = () if each is None else each.should
    found = [d for d in checked.decisions if d.requirement == asked.requirement]
    found.sort(
        key=lambda d: (
            _WORST.index(d.status),
            d.subject.rpartition("/")[2] in weaker,
            d.subject,
        )
    )
    if asked.subject is None:
        return found[0], found
    for decision in found:
        if decision.subject == asked.subject:
            return decision, found
    subjects = [d.subject for d in found if d.subject]
    if not subjects:
        raise UnknownNameError(
            f"{asked.requirement} is about nobody in particular in this case: leave out"
            f" `/{asked.subject}`."
        )
    raise UnknownNameError(
        f"{asked.requirement} has no subject `{asked.subject}` in this case. It has:"
        f" {listing(sorted(subjects))}."
    )


def explain_text(checked: Checked, asked: Named) -> str:
    """The explanation, at most 79 columns wide; raises `UnknownNameError` for no such subject."""
    decision, several = _find(checked, asked)
    return "\n".join(_Explainer(checked, decision).lines(asked, several)) + "\n"


# --- the explanation ------------------------------------------------------------------------------


class _Explainer:
    def __init__(self, checked: Checked, decision: Decision) -> None:
        self.checked, self.decision = checked, decision
        self.words = Words(checked.rules)
        self.findings: dict[tuple[str, str], Finding] = {
            (f.requirement, f.subject.id if f.subject else ""): f
            for f in report_of(checked).findings
        }
        self.finding = self.findings[decision.requirement, decision.subject]
        self.lowered: Lowered = checked.rules.by_id[decision.requirement]
        self.requirement: Requirement = self.lowered.requirement
        hidden = decision.status in ("pending", "not_applicable")
        self.limit: LimitDetail | None = None if hidden else checked.limit(decision)
        self.trials = Trials(checked, decision)

    def lines(self, asked: Named, several: Sequence[Decision]) -> Iterator[str]:
        if asked.subject is None and len(several) > 1:
            yield from self._several(several)
        yield from self._head()
        yield from self._source()
        yield from self._values()
        yield from self._counted()
        yield from self._evidence()
        yield from self._missing()
        yield from self._changes()

    def _several(self, several: Sequence[Decision]) -> Iterator[str]:
        yield f"{len(several)} subjects:"
        for decision in several:
            finding = self.findings[decision.requirement, decision.subject]
            due = "" if finding.due is None else f"due {short_day(finding.due)}"
            mark = " <- explained below" if decision == self.decision else ""
            yield f"  {spaced(decision.status):<15} {decision.subject:<24} {due}{mark}".rstrip()
        other = next(d.subject for d in several if d != self.decision)
        yield from wrapped(f"For another one, write {self.decision.requirement}/{other}.", "  ")
        yield ""

    def _head(self) -> Iterator[str]:
        finding, requirement = self.finding, self.requirement
        subject = f"/{finding.subject.id}" if finding.subject else ""
        yield from wrapped(
            f"{finding.requirement}{subject}, case {self.checked.casefile.case.case}"
        )
        yield from wrapped(requirement.title)
        yield ""
        answer = spaced(finding.status).upper()
        if finding.answer is not None:
            answer += f" (answer: {finding.answer})"
        yield from labelled("Answer", f"{answer} as of {day(self.checked.as_of)}")
        yield from labelled("Why", finding.message)
        who, _ = who_and_whom(self.words, requirement, finding.subject)
        if who is not None:
            yield from labelled("Who acts", capital(self.words.name(who)))

    # --- source and values --------------------------------------------------------------------

    def _source(self) -> Iterator[str]:
        finding = self.finding
        yield from labelled("Source", f"{finding.source.document}: {finding.source.section}")
        parts = [_AUTHORITY[finding.authority], finding.binding]
        since = self.checked.rules.in_force.get(finding.requirement)
        if since is not None:
            parts.append(f"held from {day(since)}")
        if finding.tightens is not None:
            parts.append(f"adds to {finding.tightens}")
        if self.requirement.verified == "no":
            parts.append("not verified against the source's text")
        if self.requirement.checked is not None:
            parts.append(f"last checked {day(self.requirement.checked)}")
        yield from labelled("Binding", "; ".join(parts))
        label = "Asks for"
        for line in self._asks():
            yield from labelled(label, line)
            label = ""
        if finding.reading is not None:
            yield from labelled("Read as", finding.reading)

    def _asks(self) -> Iterator[str]:
        """What the requirement asks for, where its title may not say it all."""
        requirement, words = self.requirement, self.words
        if isinstance(requirement, Limited):
            yield from self._done(requirement)
        if isinstance(requirement, Criterion) and requirement.all:
            yield listing(question(q) or spaced(q) for q in requirement.all)
        if isinstance(requirement, Number_):
            most = "" if requirement.max is None else f", at most {requirement.max}"
            what = words.event(requirement.of).replace("`", "")
            yield f"at least {requirement.min}{most}: {what}"
        if isinstance(requirement, Hold):
            what = words.event(requirement.hold).replace("`", "")
            running = listing(map(words.name, requirement.running), "or")
            yield f"no {what}" + (f" while this runs: {running}" if running else " for a time")
        if isinstance(requirement, Form):
            signed = listing(map(words.name, requirement.signed))
            yield "no box empty" + (f"; signed by {signed}" if signed else "")
        if isinstance(requirement, Composition):
            yield from self._make_up(requirement)
        if isinstance(requirement, Attendance):
            yield from self._presence(requirement)
        if isinstance(requirement, Independence):
            yield from self._independent(requirement)

    def _done(self, requirement: Limited) -> Iterator[str]:
        """What has to be done, and its order."""
        words = self.words
        if requirement.met_by:
            yield words.done(requirement.met_by).replace("`", "")
        if requirement.since:
            started = listing(map(words.event, requirement.since), "or")
            yield f"not before {started}".replace("`", "")
        if isinstance(requirement, Step):
            if requirement.after:
                yield f"after {words.done(requirement.after)}".replace("`", "")
            if requirement.ahead_of:
                ahead = listing(map(words.event, requirement.ahead_of), "or")
                yield f"by the day of {ahead}".replace("`", "")

    def _make_up(self, requirement: Composition) -> Iterator[str]:
        body = self.words.name(requirement.body)
        members = [r for r in self.checked.facts.of("member") if r["body"] == requirement.body]
        for seat in requirement.seats:
            there = [m["person"] for m in members if self._sits(seat, m["person"], m["kind"])]
            yield f"in {body}: {self.words.seat(seat)} ({listing(there) or 'nobody yet'})"
        if requirement.further is not None:
            more = requirement.further
            free = f", {more.uninvolved} of them without any involvement" if more.uninvolved else ""
            yield f"further partners: {more.n} or more{free}"
        if requirement.chair is not None:
            yield f"in the chair: {self.words.seat(requirement.chair)}"

    def _sits(self, seat: Seat, person: str, kind: str) -> bool:
        """Whether a member takes a seat, as the requirement's kind reads it."""
        roles = {r["role"] for r in self.checked.facts.of("role") if r["person"] == person}
        of_body = seat.body is None or any(
            r["body"] == seat.body and r["person"] == person
            for r in self.checked.facts.of("member")
        )
        right_kind = not seat.kind or kind in seat.kind
        return of_body and right_kind and (not seat.role or not roles.isdisjoint(seat.role))

    def _presence(self, requirement: Attendance) -> Iterator[str]:
        if requirement.present:
            places = "; ".join(self.words.seat(seat) for seat in requirement.present)
            yield f"present: {places}" + (" (or a substitute)" if requirement.substitutes else "")
        if requirement.agencies is not None:
            who = listing(map(self.words.name, requirement.agencies.role), "or") or "anybody"
            yield f"present: {who}, from {requirement.agencies.n} different agencies or more"
        if requirement.everyone is not None:
            yield f"present: everyone of {self.words.name(requirement.everyone)}, or a substitute"
        if requirement.at is not None:
            yield f"at one of these at least: {self.words.name(requirement.at)}"
        if requirement.absent is not None:
            yield f"not present: {self._absent(requirement.absent)}"
        if requirement.led_by:
            yield f"led by: {listing(map(self.words.name, requirement.led_by), 'or')}"

    def _absent(self, absent: Absent) -> str:
        answers = [f"{spaced(n)}: yes" for n in absent.yes]
        answers += [f"{spaced(n)}: no" for n in absent.no]
        who = self.words.name(absent.role) if absent.role else "anybody"
        return who + (f" ({listing(answers)})" if answers else "")

    def _independent(self, requirement: Independence) -> Iterator[str]:
        asked = [f"{spaced(n)}: no" for n in requirement.no]
        asked += [f"{spaced(n)}: yes" for n in requirement.yes]
        asked += [f"not in {self.words.name(n)}" for n in requirement.not_in]
        asked += [f"not {self.words.name(n)}" for n in requirement.not_role]
        if requirement.only:
            asked.append(f"only from {listing(map(self.words.name, requirement.only), 'or')}")
        yield f"of each person: {'; '.join(asked)}"

    def _limits_holder(self) -> Lowered:
        lowered = self.lowered
        while lowered.limit is not None and lowered.limit.copies is not None:
            lowered = self.checked.rules.by_id[lowered.limit.copies]
        return lowered

    def _values(self) -> Iterator[str]:
        holder = self._limits_holder()
        limit = holder.limit
        if limit is None or not limit.values:
            return
        if holder is not self.lowered:
            yield from labelled("Limit", f"taken over from {holder.requirement.id}")
        dated = getattr(holder.requirement, "values", ())
        label = "Values" if len(limit.values) > 1 else "Limit"
        for index, value in enumerate(limit.values):
            events = [origin.event for origin in value.origins] or ["its date"]
            event = self.limit.start.event if self.limit is not None else ""
            event = event if event in events else events[0]
            text = rule_words(self.words, value, event)
            if value.in_force_from is not None:
                text = f"from {day(value.in_force_from)}: {text}"
            governed = dated[index].governed_by if index < len(dated) else ()
            if governed:
                nouns = [self.words.event(pattern).replace("`", "") for pattern in governed]
                text += f"; whether it holds goes by the date of {', else of '.join(nouns)}"
            if value.reference is not None:
                text += f"; {value.reference}"
            if not value.verified:
                text += "; not verified"
            if self.limit is not None and self.limit.value == value and len(limit.values) > 1:
                text = f"HOLDS HERE: {text}"
            yield from labelled(label, text)
            label = ""

    def _counted(self) -> Iterator[str]:
        if self.limit is not None:
            yield ""
            yield from counted_lines(self.words, self.limit)

    # --- evidence, what is missing --------------------------------------------------------------

    def _evidence(self) -> Iterator[str]:
        yield ""
        label = "Evidence"
        for item in self.finding.evidence:
            yield from labelled(label, f"{item.fact}  ({item.file}:{item.line}:{item.column})")
            label = ""
        if not self.finding.evidence:
            yield from labelled(label, "nothing on record in the case file")

    def _missing(self) -> Iterator[str]:
        label = "Not known"
        for item in self.finding.missing:
            yield from labelled(label, f"{item.fact}  (to be written at {item.where})")
            label = ""
        if self.finding.waits_for is not None:
            yield from labelled("Waits for", self.finding.waits_for.replace("`", ""))

    # --- what would change it -------------------------------------------------------------------

    def _changes(self) -> Iterator[str]:
        lines = list(self._all_changes())
        yield ""
        yield "What would change the answer"
        if not lines:
            yield from wrapped("Nothing that one entry in the case file could say.", "  ")
        yield from lines

    def _all_changes(self) -> Iterator[str]:
        trials, status = self.trials, self.decision.status
        following = trials.in_time()
        if following is not None and following[1].status != status:
            when, outcome = following
            yield from wrapped(
                f"Time: if nothing more is recorded, {self._says(outcome, due=False)} from"
                f" {day(when)}.",
                "- ",
            )
        questions = list(trials.questions())
        for one in questions:
            yield from self._question(one)
        together = trials.all_unknown(questions)
        if together is not None:
            yield from wrapped(
                f"With all that is unknown answered yes: {self._says(together)}.", "- "
            )
        if status == "pending":
            for change in trials.starts():
                says = self._says(change.outcome)
                yield from wrapped(f"Once this is on record (tried with today): {says}.", "- ")
                yield from _shown(change.entry)
        elif status not in ("met", "met_late", "not_applicable"):
            yield from self._to_record()

    def _to_record(self) -> Iterator[str]:
        trials = self.trials
        for where, changes in trials.recordings():
            line = changes[0].line
            at = f"`{where}`" if line is None else f"`{where}`, line {line}, where it is planned"
            yield from wrapped(f"Recorded under {at}: {self._by_date(changes)}.", "- ")
            yield from _shown(changes[0].entry)
        if confirmed := trials.confirmation():
            yield from wrapped(
                f"Confirmed from minutes, under `confirmed`: {self._by_date(confirmed)}.", "- "
            )
            yield from _shown(confirmed[0].entry)
        if (exception := trials.exception()) is not None:
            yield from wrapped(
                f"A reason on record, under `exceptions`: {self._says(exception.outcome)}.", "- "
            )
            yield from _shown(exception.entry)
        if (delay := trials.delay()) is not None:
            yield from wrapped(
                "A delay that is agreed and told, under `delays`: excused until its `agreed_due`.",
                "- ",
            )
            yield from _shown(delay.entry)

    def _by_date(self, changes: Sequence[Change]) -> str:
        """What an entry leads to, by its date."""
        by_status = {change.outcome.status: change for change in changes}
        limit = self.limit or self.checked.limit(self.decision)
        first = changes[0]
        if limit is None or first.day is None:
            return self._says(first.outcome)
        if len(by_status) > 1:
            later = changes[-1]
            return (
                f"dated on or before {day(limit.due)}, {self._says(first.outcome, due=False)};"
                f" dated later, {self._says(later.outcome, due=False)}"
            )
        opens = limit.opens
        if first.outcome.status == "met" and limit.due >= self.checked.as_of:
            since = "" if opens is None else f"not before {day(opens)} and "
            return f"dated {since}on or before {day(limit.due)}, met"
        says = self._says(first.outcome, due=False)
        firsts = getattr(self.requirement, "after", ())
        if first.outcome.status == "breached" and firsts:
            before = self.words.done(firsts).replace("`", "")
            says += f", as long as this is not on record before it: {before}"
        return f"dated {day(first.day)}, {says}"

    def _question(self, asked: Question) -> Iterator[str]:
        line = "" if asked.line is None else f", line {asked.line}"
        yield from wrapped(f"`{asked.name}`{line}, now {asked.now.replace('_', ' ')}:", "- ")
        for change in asked.changes:
            entry = change.entry if "`" in change.entry else f"`{change.entry}`"
            yield from wrapped(f"{entry} gives: {self._says(change.outcome)}", "    ")

    def _says(self, outcome: Outcome, *, due: bool = True) -> str:
        """An outcome in words, with its date."""
        text = spaced(outcome.status or "no longer asked")
        if outcome.status == self.decision.status and outcome == self.trials.now:
            text = f"still {text}"
        by = outcome.agreed_due if outcome.status == "excused" else outcome.due
        if due and by is not None and outcome.status not in ("met", "met_late"):
            text += f", due {day(by)}"
        return text


def _shown(entry: str) -> list[str]:
    return wrapped(entry, "      ", "         ")
