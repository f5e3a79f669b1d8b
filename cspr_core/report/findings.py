"""From decisions to findings: the answers as people and other programs read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import cspr_core
from cspr_core import calendar
from cspr_core.check import Checked, Rules
from cspr_core.facts import Loc, Row
from cspr_core.kinds import Lowered
from cspr_core.limits import LimitDetail, Start
from cspr_core.model.arrangements import (
    Arrangements,
    Attendance,
    Composition,
    Hold,
    Limited,
    Requirement,
)
from cspr_core.model.finding import (
    CountedFrom,
    CoverRef,
    Evidence,
    Finding,
    LimitValue,
    Missing,
    NextStep,
    Report,
    ReportStep,
    SourceRef,
    Subject,
    Versions,
    trusted,
)
from cspr_core.model.patterns import AnswerIs, Condition, FindingIs, ForEach, InPlay, Value
from cspr_core.program import STATUSES, Decision
from cspr_core.report.words import OUTCOMES, Words, amount, clause_of, day, listing, spaced
from cspr_core.vocabulary import vocabulary

SCHEMA_VERSION = "1"
OPEN = ("upcoming", "overdue", "undetermined")
DONE_TAGS = frozenset(("did", "in_time", "in_reach", "held"))
WITHOUT_DUE = ("pending", "not_applicable")
DATED = {"substitute": "named"}
_NO_ANSWER = ("no_answer", "no_reason")


class Bare(NamedTuple):
    """What a finding says, without its words: much quicker to make."""

    status: str
    due: date | None
    answer: str | None
    done: date | None
    binding: str
    counted_from: str | None


def is_wrong(finding: Finding, as_of: date) -> bool:
    """Whether a finding alone makes the exit status 1 (CONTRACTS: Statuses).

    A `must` that is overdue or breached, or undetermined past the date that it would have.
    """
    if finding.binding != "must":
        return False
    if finding.status in ("overdue", "breached"):
        return True
    return finding.status == "undetermined" and finding.due is not None and finding.due < as_of


def bare_findings(checked: Checked) -> Mapping[tuple[str, str], Bare]:
    """What the findings of a checked case say, by requirement and subject (`""`: the case)."""
    finder = _Finder(checked)
    return {(d.requirement, d.subject): finder.bare(d) for d in checked.decisions}


def plain_findings(checked: Checked) -> list[Mapping[str, Any]]:
    """Every finding by the names of its values, before any sentence is made of it.

    `message`, `next_step` and `waits_for` are `None`; all else is as in the report.
    """
    finder = _Finder(checked)
    return [finder.plain(decision) for decision in checked.decisions]


def report_of(checked: Checked) -> Report:
    """The report on one checked case: every finding, sorted by requirement and subject."""
    findings = tuple(_Finder(checked).findings())
    rules = checked.rules
    counts = dict.fromkeys(STATUSES, 0)
    for finding in findings:
        counts[finding.status] += 1
    return Report(
        schema_version=SCHEMA_VERSION,
        case=checked.casefile.case.case,
        partnership=rules.plugin.area,
        as_of=checked.as_of,
        versions=Versions(
            cspr=cspr_core.__version__,
            plugin=rules.plugin.version,
            national=rules.nation.version,
            calendar_verified_to=calendar.LAST_PUBLISHED,
            engines=checked.engines,
        ),
        covers=covers_of(rules.plugin.arrangements),
        not_covered=rules.plugin.arrangements.not_covered,
        notes=tuple(_notes(checked)),
        summary={status: n for status, n in counts.items() if n},
        next_steps=tuple(_steps(findings)),
        findings=findings,
    )


def _notes(checked: Checked) -> Iterator[str]:
    """Whose case it is, where that is not who it is checked for."""
    case, area = checked.casefile.case, checked.rules.plugin.area
    if case.partnership != area:
        yield (
            f"This is a case of {case.partnership}, checked here under {area}: whose duty the"
            f" notification is, {case.partnership} decides."
        )
    for row in checked.facts.of("answer"):
        if row["question"] == "own_area" and row["value"] == "no":
            line = checked.place(row["fid"]).line
            yield (
                f"The incident's area is {case.incident.area}, not {case.partnership} (line"
                f" {line}): notifying it is not this area's duty."
            )
            return


def covers_of(arrangements: Arrangements) -> tuple[CoverRef, ...]:
    """The documents that arrangements follow."""
    return tuple(
        CoverRef(
            document=cover.document,
            dated=cover.dated,
            in_force_from=cover.in_force_from,
            written_under=cover.written_under,
            checked=cover.checked,
            stages=cover.stages,
        )
        for cover in arrangements.covers
    )


def _steps(findings: Sequence[Finding]) -> Iterator[ReportStep]:
    """What to do next: overdue first, then by date, then what has no date."""

    def order(finding: Finding) -> tuple[int, date, int, str, str]:
        by = finding.agreed_due or finding.due or date.max
        late = finding.status in ("overdue", "breached")
        subject = finding.subject.id if finding.subject else ""
        return (not late, by, finding.binding != "must", finding.requirement, subject)

    for finding in sorted((f for f in findings if f.next_step is not None), key=order):
        if finding.next_step is not None:
            yield trusted(
                ReportStep,
                {
                    "what": finding.next_step.what,
                    "who": finding.next_step.who,
                    "by": finding.agreed_due or finding.due,
                    "requirement": finding.requirement,
                    "subject": finding.subject.id if finding.subject else None,
                },
            )


@lru_cache(maxsize=4096)
def _source_ref(document: str, section: str) -> SourceRef:
    return SourceRef(document=document, section=section)


@lru_cache(maxsize=4096)
def _step(what: str, who: str | None) -> NextStep:
    return NextStep(what=what, who=who)


@lru_cache(maxsize=4096)
def _limit_value(n: int, unit: str, in_force_from: date | None) -> LimitValue:
    return LimitValue(n=n, unit=unit, in_force_from=in_force_from)


class _Same:
    """What is the same in every finding of a requirement."""

    __slots__ = (
        *("about", "clauses", "criterion", "ends", "fields", "lowered", "quiet", "should"),
        "verified",
    )

    def __init__(self, rules: Rules, lowered: Lowered) -> None:
        requirement = lowered.requirement
        document = requirement.source.document
        if document is None:
            document = rules.plugin.arrangements.covers[0].document
        kind = requirement.kind_name
        self.lowered = lowered
        self.about = lowered.subject.type
        self.criterion = kind == "criterion"
        self.quiet = kind in ("advice", "hold")
        self.verified = requirement.verified == "yes"
        self.clauses: dict[str, str] = {}  # what is waited for, or does not hold, by the reason
        self.ends = "" if self.verified else f" {_NOT_VERIFIED}"
        if requirement.note is not None:
            self.ends += f" {requirement.note.rstrip('.')}."
        self.should = () if requirement.for_each is None else requirement.for_each.should
        self.fields: dict[str, Any] = {
            **dict.fromkeys(Finding.model_fields),
            "requirement": requirement.id,
            "title": requirement.title,
            "kind": kind,
            "stage": requirement.stage,
            "authority": requirement.authority,
            "binding": requirement.binding,
            "tightens": requirement.tightens,
            "provisional": False,
            "verified": self.verified,
            "confirmed": False,
            "source": _source_ref(document, requirement.source.section),
            "reading": requirement.reading,
            "missing": (),
            "evidence": (),
        }


class _Kept(dict[str, _Same]):
    """What findings of one area share, whatever the case.

    By requirement, what is the same in every finding of it; made when there is one.
    """

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self._rules = rules
        self.words = Words(rules)

    def __missing__(self, requirement: str) -> _Same:
        made = self[requirement] = _Same(self._rules, self._rules.by_id[requirement])
        return made


class _Finder:
    def __init__(self, checked: Checked) -> None:
        self.checked = checked
        self.kept = checked.rules.once(_Kept)
        self.words, self.limits = self.kept.words, checked.limits.details
        self._subjects: dict[tuple[str, str], Subject] = {}
        self._shown: dict[int, Evidence | None] = {}
        self._lines: dict[tuple[str, int, int], Evidence] = {}
        self._from: dict[Start, CountedFrom] = {}
        self._days: dict[date, tuple[int, bool]] = {}

    @cached_property
    def facts(self) -> Mapping[int, tuple[str, Row]]:
        """Each fact with its type, by its number."""
        return self.checked.facts.by_number()

    @cached_property
    def by_requirement(self) -> Mapping[str, Sequence[Decision]]:
        """The decisions on each requirement."""
        found: dict[str, list[Decision]] = {}
        for decision in self.checked.decisions:
            found.setdefault(decision.requirement, []).append(decision)
        return found

    @cached_property
    def bodies(self) -> Mapping[str, str]:
        """Whose each meeting is."""
        return {row["meeting"]: row["body"] for row in reversed(self.checked.facts.of("meeting"))}

    def findings(self) -> Iterator[Finding]:
        for decision in self.checked.decisions:
            yield self._finding(decision)

    def bare(self, decision: Decision) -> Bare:
        lowered = self.checked.rules.by_id[decision.requirement]
        limit = None if decision.status in WITHOUT_DUE else self.checked.limit(decision)
        return Bare(
            decision.status,
            None if limit is None else limit.due,
            _answer(lowered, decision),
            self._done(lowered, decision),
            self._binding(lowered, decision),
            None if limit is None else limit.start.event,
        )

    def _finding(self, decision: Decision) -> Finding:
        values = self.plain(decision)
        same = self.kept[decision.requirement]
        status = decision.status
        limit = None if status in WITHOUT_DUE else self.checked.limit(decision)
        values["message"] = self._message(same, decision, limit, values["done"])
        if status in OPEN and not same.quiet:
            values["next_step"] = self._next_step(
                same.lowered, decision, values["subject"], values["missing"]
            )
        if status == "pending":
            values["waits_for"] = self._waits_for(same, decision.why)
        return trusted(Finding, values)

    def plain(self, decision: Decision) -> dict[str, Any]:
        """All of a finding but its sentences: message, next step, what is waited for."""
        requirement, subject, status, why, answer, evidence = decision
        same = self.kept[requirement]
        values = same.fields.copy()
        values["status"] = status
        if subject and same.about is not None:
            about = (same.about, subject)
            subjects = self._subjects
            values["subject"] = subjects[about] if about in subjects else self._subject(*about)
        if same.criterion:
            values["answer"] = answer or "unknown"
        done = None
        if evidence:
            values["done"] = done = self._done(same.lowered, decision)
            values["evidence"] = self._evidence(evidence)
        limit = None if status in WITHOUT_DUE else self.limits.get((requirement, subject))
        if limit is not None:
            values["due"] = due = limit.due
            values["agreed_due"] = limit.agreed_due
            left, values["provisional"] = self._days[due] if due in self._days else self._day(due)
            if done is None and status not in ("met", "met_late"):
                values["working_days_left"] = left
            start, value = limit.start, limit.value
            values["counted_from"] = (
                self._from[start] if start in self._from else self._counted_from(start)
            )
            if value.form != "by":
                values["value"] = _limit_value(value.n, value.unit, limit.in_force_from)
            values["verified"] = same.verified and value.verified
        if same.should:
            values["binding"] = self._binding(same.lowered, decision)
        if why in ("confirmed", "confirmed_no"):
            values["confirmed"] = True
        if status == "undetermined" or why in _NO_ANSWER:
            values["missing"] = tuple(self._missing(decision))
        return values

    # --- parts --------------------------------------------------------------------------------

    # Each of these is made once for a case, and kept.

    def _subject(self, kind: str, key: str) -> Subject:
        event = kind == "meeting" and self.bodies.get(key) in vocabulary().events
        shown = "event" if event else kind
        label = self.words.subject(shown, key)
        found = trusted(Subject, {"type": shown, "id": key, "label": label})
        self._subjects[kind, key] = found
        return found

    def _counted_from(self, start: Start) -> CountedFrom:
        values = {"event": start.event, "date": start.day, "planned": start.planned}
        found = self._from[start] = trusted(CountedFrom, values)
        return found

    def _day(self, due: date) -> tuple[int, bool]:
        """The working days that are left until a due date, and whether it is provisional."""
        left = calendar.working_days_left(self.checked.as_of, due)
        found = self._days[due] = left, calendar.is_provisional(due)
        return found

    def _binding(self, lowered: Lowered, decision: Decision) -> str:
        each = lowered.requirement.for_each
        if each is not None and each.should and decision.subject.rpartition("/")[2] in each.should:
            return "should"
        return lowered.requirement.binding

    def _done(self, lowered: Lowered, decision: Decision) -> date | None:
        evidence = decision.evidence
        if not evidence:
            return None
        if decision.why == "confirmed":  # from minutes: what a mark was made from
            places, confirmed = self.checked.facts.places, self.confirmed
            at = [places[fact].loc for _, fact in evidence]
            return min([confirmed[loc] for loc in at if loc in confirmed], default=None)
        first: int | None = None
        for tag, fact in evidence:
            if tag in DONE_TAGS:
                kind, row = self.facts[fact]
                day = row.get(lowered.dates.get(kind) or DATED.get(kind, "date"))
                if isinstance(day, int) and (first is None or day < first):
                    first = day
        return None if first is None else date.fromordinal(first)

    @cached_property
    def confirmed(self) -> Mapping[Loc, date]:
        """The day of each confirmation, by where it stands."""
        places = self.checked.facts.places
        return {
            places[row["fid"]].loc: date.fromordinal(row["date"])
            for row in self.checked.facts.of("confirmation")
        }

    def _evidence(self, evidence: Sequence[tuple[str, int]]) -> tuple[Evidence, ...]:
        """Lines of evidence in the order of the facts; what two facts say alike is said once."""
        shown = self._shown
        if len(evidence) == 1:
            fact = evidence[0][1]
            line = shown[fact] if fact in shown else self._line(fact)
            return () if line is None else (line,)
        facts = sorted([fact for _, fact in evidence])
        lines = [shown[fact] if fact in shown else self._line(fact) for fact in facts]
        return tuple({id(line): line for line in lines if line is not None}.values())

    def _line(self, fact: int) -> Evidence | None:
        """A line of evidence, if it stands in the file; one for all facts that say the same."""
        found: Evidence | None = None
        place = self.checked.facts.places[fact]
        if place.loc:
            words, (line, column) = place.words, place.at
            found = self._lines.get((words, line, column))
            if found is None:
                path = self.checked.casefile.path
                at = {"fact": words, "file": path, "line": line, "column": column}
                found = self._lines[words, line, column] = trusted(Evidence, at)
        self._shown[fact] = found
        return found

    # --- what is not known, what is waited for -------------------------------------------------

    def _missing(self, decision: Decision, depth: int = 0) -> Iterator[Missing]:
        """What is not known, for a finding that waits for it."""
        lowered = self.checked.rules.by_id[decision.requirement]
        seen: set[str] = set()
        for tag, fact in decision.evidence:
            place = self.checked.facts.places[fact]
            of_event = self.facts[fact][0] == "event"
            left_open = tag.endswith(_PERHAPS) or tag.startswith("match.")  # a rule's own rows
            if not self._open(decision, fact) or (of_event and not left_open):
                continue
            what = self._unknown_words(decision, fact)
            if what not in seen:
                seen.add(what)
                yield self._not_known(what, place.line)
        if depth > 5 or not decision.why.startswith("when."):  # noqa: PLR2004
            return
        index = int(decision.why.split(".")[1])
        if not seen:
            yield from self._missing_behind(decision, lowered.requirement.when[index], depth, seen)
        for condition in lowered.requirement.when[index + 1 :]:
            if isinstance(condition, AnswerIs):
                yield from self._unanswered(condition, decision.subject, seen)

    def _not_known(self, fact: str, line: int) -> Missing:
        where = f"{self.checked.casefile.path}:{line}"
        return trusted(Missing, {"fact": fact, "where": where})

    def _unanswered(self, asked: AnswerIs, subject: str, seen: set[str]) -> Iterator[Missing]:
        """A question that stands behind the one that decided, and is open too."""
        child = subject.partition("/")[0] if "child" in asked.same else None
        for row in self.checked.facts.of("answer"):
            of_child = child is None or row["child"] == child
            if row["question"] in asked.answer and row["value"] == "unknown" and of_child:
                what = _asked(row)
                if what not in seen:
                    seen.add(what)
                    line = self.checked.facts.places[row["fid"]].line
                    yield self._not_known(what, line)

    def _missing_behind(
        self, decision: Decision, condition: Condition, depth: int, seen: set[str]
    ) -> Iterator[Missing]:
        """What is not known behind the findings that a condition reads."""
        for name in _read(condition):
            for other in self.by_requirement.get(name, ()):
                same = not decision.subject or other.subject in ("", decision.subject)
                shared = decision.subject.partition("/")[0] == other.subject
                if other.status == "undetermined" and (same or shared):
                    for found in self._missing(other, depth + 1):
                        if found.fact not in seen:
                            seen.add(found.fact)
                            yield found

    def _open(self, decision: Decision, fact: int) -> bool:
        """Whether it is this fact that is not known."""
        _, row = self.facts[fact]
        if decision.why in _NO_ANSWER:
            return self.facts[fact][0] == "answer"
        if self.facts[fact][0] == "meeting":
            return bool(self._open_of_meeting(decision, row))
        return any(
            row.get(column) in ("unknown", "unlisted") or (column in row and row[column] is None)
            for column in _UNKNOWN.get(self.facts[fact][0], ("value",))
        )

    def _open_of_meeting(self, decision: Decision, row: Row) -> list[str]:
        """What is not recorded of a meeting, of what the requirement asks."""
        requirement = self.checked.rules.by_id[decision.requirement].requirement
        asked = {"agenda", "led_by"}
        if isinstance(requirement, Attendance):
            asked = {"attendance", *(("led_by",) if requirement.led_by else ())}
        elif isinstance(requirement, Limited):
            asked = {getattr(d, "subject", None) or "agenda" for d in requirement.met_by}
        unknown = [c for c in ("attendance", "agenda") if row[c] == "unlisted" and c in asked]
        return unknown + (["led_by"] if row["led_by"] is None and "led_by" in asked else [])

    def _unknown_words(self, decision: Decision, fact: int) -> str:
        kind, row = self.facts[fact]
        if kind == "answer":
            if decision.why == "no_reason":
                return f"the reason for {row['question']}"
            return _asked(row)
        if kind == "involvement":
            return f"whether {row['agency']} was involved"
        if kind == "quality":
            return f"{row['name']} of {row['person']}"
        if kind == "meeting":
            return f"{listing(self._open_of_meeting(decision, row))} of {row['meeting']}"
        if kind == "attendance" and row["kind"] == "unknown":
            return f"the agency of {row['person']}"
        if kind == "person":
            return f"the agency of {row['person']}"
        if kind == "substitute":
            return self._of_substitute(decision, row)
        if kind == "form":
            return f"which boxes of {row['id']} are empty"
        if kind == "parallel":
            ends = ["opened"] if row["opened"] is None else []
            ends += ["closed"] if row["state"] == "unknown" else []
            return f"{listing(ends)} of {row['parallel']}"
        words = self.checked.facts.places[fact].words
        return f"by whom: {words}" if kind == "event" and row["name"] != "announced" else words

    def _of_substitute(self, decision: Decision, row: Row) -> str:
        """What is not known of a substitute, as the requirement asks it."""
        unknown = {
            "named": f"when {row['by']} was named",
            "briefed": f"whether {row['by']} was briefed",
            "equivalent_seniority": f"whether {row['by']} is of equivalent seniority",
        }
        requirement = self.checked.rules.by_id[decision.requirement].requirement
        asked = {getattr(done, "subject", "") for done in getattr(requirement, "met_by", ())}
        return listing(text for name, text in unknown.items() if name in asked)

    def _waits_for(self, same: _Same, why: str) -> str:
        found = same.clauses.get(why)
        if found is None:
            found = same.clauses[why] = self._waits(same.lowered, why)
        return found

    def _waits(self, lowered: Lowered, why: str) -> str:
        requirement = lowered.requirement
        if why.startswith("when."):
            return self.words.condition(requirement.when[int(why.split(".")[1])])
        if why == "no_start":
            return self._start_words(lowered)
        if why == "stage":
            return f"the stage {spaced(requirement.stage)}"
        return self._no_subject(lowered)

    def _start_words(self, lowered: Lowered) -> str:
        limit, requirement = lowered.limit, lowered.requirement
        while limit is not None and limit.copies is not None:
            copied = self.checked.rules.by_id[limit.copies]
            limit, requirement = copied.limit, copied.requirement
        last = [
            period.of
            for holder in (requirement, *getattr(requirement, "values", ()))
            for form in ("within", "before", "around", "by")
            if (period := getattr(holder, form, None)) is not None
        ][-1]
        named = any(hasattr(last, kind) for kind in ("event", "meeting", "form"))
        return self.words.done((last,)) if named else "its date"

    def _no_subject(self, lowered: Lowered) -> str:
        each = lowered.requirement.for_each or ForEach()
        if each.meeting is not None:
            return f"a meeting or gathering: {self.words.name(each.meeting)}"
        if each.person is not None:
            return (
                f"somebody recorded: {self.words.name(each.person.body or each.person.role or '')}"
            )
        if each.form is not None:
            return f"the form {self.words.name(each.form)}"
        names = {
            "agency": "an agency on record",
            "substitute": "a substitute",
            "delay": "a delay",
            "event": f"`{spaced(each.event or '')}`",
            "parallel": "a parallel process",
        }
        return names.get(lowered.subject.type or "", "somebody or something on record")

    # --- what to do next, and the message -----------------------------------------------------

    def _next_step(
        self,
        lowered: Lowered,
        decision: Decision,
        subject: Subject | None,
        missing: Sequence[Missing],
    ) -> NextStep:
        requirement = lowered.requirement
        who = self.words.who(requirement, subject.id if subject else None)
        if decision.status == "undetermined" and missing:
            facts = listing(item.fact for item in missing)
            return NextStep(what=f"Find out and record: {facts}", who="business_office")
        return _step(requirement.action or requirement.title, who)

    def _message(
        self,
        same: _Same,
        decision: Decision,
        limit: LimitDetail | None,
        done: date | None,
    ) -> str:
        text = self._first(same, decision, limit, done)
        if limit is not None:
            if limit.other is not None:
                other, event = limit.other
                text += f" Counted from `{event}` instead, it would be due on {day(other)}."
            if limit.provisional:
                text += " The date is provisional: public holidays are not yet published so far."
            if same.verified and not limit.value.verified:
                text += f" {_NOT_VERIFIED}"
        return text + same.ends

    def _first(  # noqa: C901, PLR0912
        self,
        same: _Same,
        decision: Decision,
        limit: LimitDetail | None,
        done: date | None,
    ) -> str:
        lowered = same.lowered
        status, why = decision.status, decision.why
        due = "" if limit is None else day(limit.due)
        if status == "not_applicable":
            return self._not_applicable(same, decision)
        if status == "pending":
            return f"Not in play yet: waits for {self._waits_for(same, why)}."
        if why in ("confirmed", "confirmed_no"):
            return self._confirmed(decision, due, done)
        if status == "undetermined":
            return self._undetermined(decision, limit)
        if status == "excused":
            if why == "excepted":
                return "Excused: an exception is on record."
            until = "" if limit is None or limit.agreed_due is None else day(limit.agreed_due)
            return f"Was due on {due}; a delay is agreed and told, until {until}."
        if same.criterion:
            return self._criterion(lowered, decision, due)
        if status == "met":
            if done is None:
                return _MET.get(why, "Done.")
            return f"Done on {day(done)}" + (f", due by {due}." if due else ".")
        if status == "met_late":
            when = "Done" if done is None else f"Done on {day(done)}"
            return f"{when}, after {due}, when it was due."
        if status == "overdue":
            late = (
                "" if limit is None else -calendar.working_days_left(self.checked.as_of, limit.due)
            )
            ago = f" ({amount(late, 'working_days')} ago)" if isinstance(late, int) and late else ""
            agreed = ""
            if limit is not None and limit.agreed_due is not None:
                agreed = f" The agreed new date, {day(limit.agreed_due)}, has passed too."
            return f"Was due by {due}{ago}; not recorded as done.{agreed}"
        if status == "breached":
            return self._breached(lowered, decision, limit, done)
        return self._upcoming(lowered, decision, limit)

    def _not_applicable(self, same: _Same, decision: Decision) -> str:
        if decision.why == "not_in_force":
            return self._not_in_force(same.lowered, decision)
        found = same.clauses.get(decision.why)
        if found is None:
            found = same.clauses[decision.why] = self._no_part(same.lowered, decision.why)
        return found

    def _not_in_force(self, lowered: Lowered, decision: Decision) -> str:
        since = self.checked.rules.in_force.get(decision.requirement)
        if since is None and lowered.limit is not None and lowered.limit.values:
            since = lowered.limit.values[0].in_force_from
        before = self.checked.limits.not_in_force.get((decision.requirement, decision.subject))
        when = "" if before is None else f" ({day(before)})"
        start = "" if since is None else f", from {day(since)}"
        return f"Does not apply: what it counts from{when} lies before it came into force{start}."

    def _no_part(self, lowered: Lowered, why: str) -> str:
        if why == "involved.no":
            return "Does not apply: this agency was not involved."
        if why == "superseded":
            return "Does not apply: a later copy of the form has come."
        if why == "nothing_runs":
            return "Does not apply: no such process is on record."
        if why == "no_review":
            return "Does not apply: the decision was not for a local review."
        if why.startswith("when."):
            condition = lowered.requirement.when[int(why.split(".")[1])]
            inner = getattr(condition, "not_", None)
            clause = self.words.condition(condition if inner is None else inner)
            return f"Does not apply: {'because of ' if inner is not None else 'it needs '}{clause}."
        return "Does not apply."

    def _confirmed(self, decision: Decision, due: str, done: date | None) -> str:
        when = "" if done is None else f" on {day(done)}"
        if decision.why == "confirmed_no":
            return "Minutes say that it was not done."
        late = f", after {due}, when it was due" if decision.status == "met_late" else ""
        return f"Confirmed from minutes{when}{late}."

    def _undetermined(self, decision: Decision, limit: LimitDetail | None) -> str:
        missing = list(self._missing(decision))
        clauses = [clause for item in missing if (clause := clause_of(item.fact)) is not None]
        if decision.why == "involved.unknown":
            clauses = ["this agency was involved"]
        facts = listing(dict.fromkeys(item.fact for item in missing)) or "something it depends on"
        start = f"Not known: {facts}."
        if limit is None:
            return start
        if clauses:
            return f"{start} If {listing(dict.fromkeys(clauses))}: due {day(limit.due)}."
        return f"{start} It would be due {day(limit.due)}."

    def _criterion(self, lowered: Lowered, decision: Decision, due: str) -> str:
        if decision.why == "answered":
            if lowered.requirement.for_each is None:
                return f"Considered, and answered {decision.answer} with a reason."
            return f"Answered {decision.answer}: both questions are known."
        what = "The reason is missing" if decision.why == "no_reason" else "Not answered"
        after = f"; the decision was on {due}" if decision.status == "overdue" else ""
        return f"{what}{after}."

    def _breached(
        self,
        lowered: Lowered,
        decision: Decision,
        limit: LimitDetail | None,
        done: date | None,
    ) -> str:
        why = decision.why
        when = "" if done is None else f" on {day(done)}"
        if why == "out_of_order":
            there = {tag for tag, _ in decision.evidence}
            after = getattr(lowered.requirement, "after", ())
            firsts = listing(
                (self.words.done([f]) for i, f in enumerate(after) if f"after.{i}" not in there),
                "and",
            )
            return f"Out of order: done{when}, without {firsts} on record before it."
        if why == "too_late" and limit is not None:
            bound = f"the `{spaced(limit.start.event)}` took place on {day(limit.start.day)}"
            late = f"; done only{when}" if done is not None else " without it on record"
            return f"Too late: it was due by {day(limit.due)}, and {bound}{late}."
        if why == "too_early" and limit is not None and limit.opens is not None:
            return f"Done{when}: before {day(limit.opens)}, when its time began."
        if why == "too_many":
            return "There are more than there should be."
        if why == "meanwhile":
            return "It was done while it should not have been."
        if why == "should_stay_away":
            return "Somebody was there who should stay away."
        if why == "not_present":
            return self._not_present(lowered.requirement, decision)
        if why.startswith("in."):
            return f"This person also sits in {self.words.name(why[3:])}."
        if why.startswith("role."):
            return f"This person is also {self.words.name(why[5:])}."
        if why.startswith("is."):
            name, _, answer = why[3:].rpartition(".")
            return f"For this person, {spaced(name)} is {answer}."
        if why == "from":
            return "This person does not come from where the requirement asks."
        return "What is on record stands against it."

    def _not_present(self, requirement: Requirement, decision: Decision) -> str:
        """Which places stayed empty, who was missing, and whether another led it."""
        generic = "Not everybody was there who has to be."
        if not isinstance(requirement, Attendance) or requirement.at is not None:
            return generic
        meetings = self.checked.facts.of("meeting")
        meeting = next(row for row in meetings if row["meeting"] == decision.subject)
        parts: list[str] = []
        there = {tag.rpartition(".")[0] for tag, _ in decision.evidence}
        if meeting["attendance"] == "listed":
            empty = [
                self.words.seat(seat)
                for index, seat in enumerate(requirement.present)
                if f"seat.{index}" not in there
            ]
            missing = sorted(
                self.facts[fact][1]["person"] for tag, fact in decision.evidence if tag == "missing"
            )
            if empty:
                parts.append(f"Not there: {'; '.join(empty)}.")
            if missing:
                parts.append(f"Neither there nor represented: {listing(missing)}.")
        roles = {
            r["role"] for r in self.checked.facts.of("role") if r["person"] == meeting["led_by"]
        }
        if requirement.led_by and meeting["led_by"] and not roles & set(requirement.led_by):
            parts.append("Somebody else led it.")
        return " ".join(parts) or generic

    def _upcoming(self, lowered: Lowered, decision: Decision, limit: LimitDetail | None) -> str:
        requirement = lowered.requirement
        if isinstance(requirement, Hold):
            planned = [
                self.facts[fact][1]["planned"]
                for _, fact in decision.evidence
                if self.facts[fact][0] == "event" and self.facts[fact][1].get("planned")
            ]
            if requirement.running:
                held = self.words.event(requirement.hold)
                text = f"Still running: hold {held} until it is over."
                if planned:
                    text += f" It is planned for {day(date.fromordinal(min(planned)))}."
                return text
            return "Holds" + ("." if limit is None else f" until {day(limit.due)}.")
        if decision.why == "advice":
            return requirement.action or "To be considered at this stage."
        if decision.why in _UPCOMING:
            return _UPCOMING[decision.why]
        if isinstance(requirement, Composition):
            due = "" if limit is None else f" Its first meeting is on {day(limit.due)}."
            return f"Not complete yet.{due}"
        if limit is None:
            return "Not recorded as done; no date is stated."
        left = calendar.working_days_left(self.checked.as_of, limit.due)
        return f"Due by {day(limit.due)}: {amount(left, 'working_days')} left."


_MET = {
    "over": "Over.",
    "complete": "Complete.",
    "independent": "Nothing on record stands against it.",
    "present": "Everybody was there who has to be.",
    "enough": "There are enough.",
}
_UPCOMING = {
    "boxes_empty": "Boxes are empty: it has to go back to be completed.",
    "unsigned": "A signature is missing.",
    "not_held_yet": "Not held yet.",
    "too_few": "Not enough yet.",
}
_NOT_VERIFIED = "Not verified against the source's text."
_PERHAPS = ("maybe", "possible")  # tags of events of which something is left open
_UNKNOWN: Mapping[str, tuple[str, ...]] = {
    "form": ("complete",),
    "parallel": ("state", "opened"),
    "event": ("reviewer_named", "by"),
    "person": ("kind",),
    "attendance": ("how", "kind"),
    "substitute": ("named", "briefed", "equivalent_seniority"),
}


def _asked(row: Row) -> str:
    """A question that is open, by what the case file calls it."""
    if row["question"] == "own_area":
        return "area of the incident"
    if (asked := OUTCOMES.get(row["question"])) is not None:
        return f"outcome of {row['child']} ({asked})"
    return f"{row['question']}" + (f" of {row['child']}" if row["child"] else "")


def _answer(lowered: Lowered, decision: Decision) -> str | None:
    criterion = lowered.requirement.kind_name == "criterion"
    return (decision.answer or "unknown") if criterion else None


def _read(condition: Condition) -> Iterator[str]:
    """The requirements that a condition reads."""
    if isinstance(condition, FindingIs):
        yield condition.finding
    elif isinstance(condition, InPlay):
        yield condition.in_play
    for name in ("any", "all"):
        for part in getattr(condition, name, ()):
            yield from _read(part)
    inner = getattr(condition, "not_", None)
    if isinstance(inner, Value):
        yield from _read(inner)  # type: ignore[arg-type]
