"""What would change an answer: each possibility is tried on a copy of the case and checked again.

Nothing here reasons about statuses: it makes the entry that a requirement asks for, puts it into a
copy, and reports what the check then says. What can't be written down as one entry is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from cspr_core.check import Checked
from cspr_core.facts import Row
from cspr_core.kinds import Lowered
from cspr_core.limits import LimitDetail
from cspr_core.model.arrangements import Criterion, Hold, Limited, Number_, Requirement
from cspr_core.model.case import Case
from cspr_core.model.patterns import (
    AllOf,
    Anchor,
    AnswerIs,
    AnyOf,
    Condition,
    DecisionIs,
    EventPattern,
    FindingIs,
    FormPattern,
    Happened,
    InPlay,
    MeetingPattern,
    Not,
    ParallelIs,
)
from cspr_core.program import Decision
from cspr_core.report.timetable import checked_again, period_of
from cspr_core.vocabulary import vocabulary

_EVENT_KEYS = (
    "to by from_ agency outcome what stage with_ view version whom for_ of on audience state"
).split()
_FINE = ("met", "met_late")
_DEEPEST = 6
Loc = tuple[str | int, ...]


@dataclass(frozen=True)
class Outcome:
    """What a check of a changed case says; `status` is None where it is no longer asked."""

    status: str | None
    due: date | None
    agreed_due: date | None


@dataclass(frozen=True)
class Change:
    """An entry as one would write it (`entry`, under `where`), and what it would lead to.

    `line` is the line of the case file that it changes, where there is one.
    """

    where: str
    entry: str
    outcome: Outcome
    day: date | None = None
    line: int | None = None


@dataclass(frozen=True)
class Question:
    """An answer that the result depends on: where it stands, what it is, and what others give."""

    name: str
    line: int | None
    now: str
    changes: tuple[Change, ...]


class Trials:
    """What would change one decision of a checked case."""

    def __init__(self, checked: Checked, decision: Decision) -> None:
        """For one requirement and subject."""
        self.checked, self.decision = checked, decision
        self.case, self.as_of = checked.casefile.case, checked.as_of
        self.lowered: Lowered = checked.rules.by_id[decision.requirement]
        self.requirement: Requirement = self.lowered.requirement
        self.limit: LimitDetail | None = checked.limit(decision)
        self.facts: Mapping[int, tuple[str, Row]] = checked.facts.by_number()

    # --- trying -------------------------------------------------------------------------------

    def outcome(self, case: Case, as_of: date | None = None) -> Outcome:
        """What the check of a changed case says about this requirement and subject."""
        again = checked_again(self.checked, case, as_of)
        wanted = (self.decision.requirement, self.decision.subject)
        found = (d for d in again.decisions if (d.requirement, d.subject) == wanted)
        return _outcome(again, next(found, None))

    @property
    def now(self) -> Outcome:
        """What the check says without any change."""
        return _outcome(self.checked, self.decision)

    def _tried(self, edits: Sequence[tuple[Loc, Any]]) -> Outcome | None:
        try:
            return self.outcome(edited(self.case, edits))
        except (ValidationError, KeyError, IndexError, ValueError):
            return None  # not something that this case could say

    # --- time ---------------------------------------------------------------------------------

    def in_time(self) -> tuple[date, Outcome] | None:
        """The day after the due date, and the answer then if nothing more is recorded."""
        limit = self.limit
        if limit is None or self.decision.status not in ("upcoming", "undetermined", "excused"):
            return None
        last = limit.agreed_due if self.decision.status == "excused" else limit.due
        if last is None or last < self.as_of:
            return None
        following = last + timedelta(days=1)
        return following, self.outcome(self.case, following)

    # --- recording what meets it ---------------------------------------------------------------

    def recordings(self) -> Iterator[tuple[str, list[Change]]]:
        """For each way to meet it: how it is written, and what it gives by date."""
        requirement = self.requirement
        patterns: Sequence[Any] = ()
        if isinstance(requirement, Limited):
            patterns = requirement.met_by
        elif isinstance(requirement, Number_):
            patterns = (requirement.of,)
        if isinstance(requirement, Criterion) and requirement.question is not None:
            name = requirement.question.removeprefix("criteria.")
            edits = [(("criteria", name), {"answer": "no", "reason": "…"})]
            if (outcome := self._tried(edits)) is not None:
                entry = f"{name}: {{answer: yes or no, reason: …}}"
                yield "criteria", [Change("criteria", entry, outcome)]
            return
        for pattern in patterns:
            changes = [c for day in self._days() if (c := self._recorded(pattern, day))]
            if changes:
                yield changes[0].where, changes

    def _days(self) -> list[date]:
        """Days on which it could have been done: in time, and today."""
        days = [self.as_of]
        if self.limit is not None:
            last = min(self.limit.due, self.as_of)
            if self.limit.opens is not None and last < self.limit.opens:
                return days
            days.insert(0, last)
        return list(dict.fromkeys(days))

    def _recorded(self, pattern: Any, day: date) -> Change | None:
        if isinstance(pattern, EventPattern):
            return self._event(pattern, day)
        if isinstance(pattern, MeetingPattern):
            return self._meeting(pattern, day)
        if isinstance(pattern, FormPattern) and not pattern.returned and not pattern.same:
            data = {"id": "f9", "form": pattern.form, "received": day, "empty": []}
            return self._added("forms", data, day)
        return None

    def _event(self, pattern: EventPattern, day: date) -> Change | None:
        data = self._event_data(pattern)
        if data is None:
            return None
        for index, event in enumerate(self.case.events):
            open_ = event.type == pattern.event and event.date is None
            same = all(
                key in ("type", "reviewer_named") or _holds(getattr(event, _field(key)), value)
                for key, value in data.items()
            )
            if open_ and same:  # what was planned has now happened
                outcome = self._tried([(("events", index, "date"), day)])
                line = self.checked.casefile.place(("events", index)).line
                entry = "date: YYYY-MM-DD"
                return Change("events", entry, outcome, day, line) if outcome else None
        return self._new_event(data, day)

    def _new_event(self, data: Mapping[str, Any], day: date) -> Change | None:
        more = self._filled(data)
        change = self._added("events", {**data, **more, "date": day}, day)
        if change is None:
            return None
        open_ = {**data, **dict.fromkeys(more, "…"), "date": day}
        return replace(change, entry=_entry(open_))

    def _event_data(self, pattern: EventPattern) -> dict[str, Any] | None:
        data: dict[str, Any] = {"type": pattern.event}
        for name in _EVENT_KEYS:
            if values := getattr(pattern, name):
                data[name.rstrip("_")] = values[0]
        subject, kind = self.decision.subject, self.lowered.subject.type
        for same in pattern.same:
            if same == "child":
                data["child"] = subject.partition("/")[0]
            elif same == "recipient":
                data["to"] = subject.rpartition("/")[2]
            elif same in ("agency", "person") and kind == same:
                data[same] = subject
            else:
                return None
        return {**data, "reviewer_named": "yes"} if pattern.reviewer_named else data

    def _filled(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The event with the attributes that its type has to have, whatever they hold."""
        known = vocabulary().events.get(data["type"])
        attributes = {} if known is None else known.attributes
        return {
            name: vocabulary().allowed(attribute)[0]
            for name, attribute in attributes.items()
            if attribute.required and name not in data
        }

    def _meeting(self, pattern: MeetingPattern, day: date) -> Change | None:
        data: dict[str, Any] = {"id": "m9", "body": pattern.meeting, "date": day}
        if pattern.agenda is not None:
            data["agenda"] = [pattern.agenda]
        return None if pattern.same else self._added("meetings", data, day)

    def _added(self, where: str, data: dict[str, Any], day: date | None) -> Change | None:
        number = len(getattr(self.case, where))
        outcome = self._tried([((where, number), data)])
        if outcome is None:
            return None
        return Change(where, _entry(data), outcome, day)

    # --- confirmations, exceptions, delays -----------------------------------------------------

    def confirmation(self) -> list[Change]:
        """A confirmation from minutes, in time and today, where the requirement takes one."""
        if self.requirement.confirmable == "no" or self.decision.status in _FINE:
            return []
        found = []
        for day in self._days():
            data = {
                "requirement": self.requirement.id,
                "subject": self.decision.subject or None,
                "answer": "yes",
                "on": day,
                "by": "business_manager",
                "reference": "…",
            }
            change = self._added("confirmed", {k: v for k, v in data.items() if v}, day)
            if change is not None and change.outcome.status in _FINE:
                found.append(change)
        return found

    def exception(self) -> Change | None:
        """A recorded exception, where the requirement allows one."""
        if self.requirement.unless != "recorded" or self.decision.status == "excused":
            return None
        data = {
            "requirement": self.requirement.id,
            "subject": self.decision.subject or None,
            "reason": "reason",
            "by": "chair",
            "on": self.as_of,
        }
        change = self._added("exceptions", {k: v for k, v in data.items() if v}, None)
        return change if change is not None and change.outcome.status == "excused" else None

    def delay(self) -> Change | None:
        """A delay, agreed and told, where the requirement can be excused by one."""
        rule = self.requirement.delay
        if rule is None or self.decision.status != "overdue":
            return None
        data = {
            "requirement": self.requirement.id,
            "reason": "reason",
            "arose": self.as_of,
            "told": dict.fromkeys(rule.told, self.as_of),
            "agreed_by": "executive",
            "agreed_due": self.as_of + timedelta(days=1),
        }
        change = self._added("delays", {k: v for k, v in data.items() if v}, None)
        return change if change is not None and change.outcome.status == "excused" else None

    # --- what starts it ------------------------------------------------------------------------

    def starts(self) -> Iterator[Change]:
        """Entries dated today that would bring into play what waits for something."""
        patterns: list[EventPattern] = []
        for condition in self.requirement.when:
            patterns += _starting(condition)
        period = period_of(self.lowered, self.checked.rules.by_id)
        if period is not None and isinstance(period.of, Anchor):
            patterns.append(
                EventPattern(**period.of.model_dump(exclude={"as_", "field"}, by_alias=True))
            )
        seen: set[str] = set()
        for pattern in patterns:
            data = self._event_data(pattern)
            if data is None:
                continue
            change = self._new_event(data, self.as_of)
            if change is None or change.entry in seen or change.outcome == self.now:
                continue
            seen.add(change.entry)
            yield change

    # --- answers -------------------------------------------------------------------------------

    def questions(self) -> Iterator[Question]:
        """The answers that the result depends on, each tried with `yes` and with `no`.

        Unknown ones always; known ones only where another answer would give another status.
        """
        seen: set[Loc] = set()
        for fact_type, row, loc in (*self._unknown_facts(), *self._read_answers()):
            if loc in seen:
                continue
            seen.add(loc)
            question = self._question(fact_type, row, loc)
            if question is None:
                continue
            unknown = question.now in ("unknown", "not recorded")
            if unknown or any(c.outcome.status != self.decision.status for c in question.changes):
                yield question

    def all_unknown(self, questions: Sequence[Question]) -> Outcome | None:
        """The answer if everything unknown were known, and as the requirement needs it."""
        edits: list[tuple[Loc, Any]] = []
        for fact_type, row, loc in (*self._unknown_facts(), *self._read_answers()):
            found = _alternatives(self.case, fact_type, row, loc)
            if found is not None and _unknown(fact_type, row):
                edits.append(found[1][0][1])
        open_ = [q for q in questions if q.now in ("unknown", "not recorded")]
        return self._tried(list(dict(edits).items())) if len(open_) > 1 else None

    def _question(self, fact_type: str, row: Row, loc: Loc) -> Question | None:
        found = _alternatives(self.case, fact_type, row, loc)
        if found is None:
            return None
        name, options, now = found
        changes = []
        for entry, edit in options:
            if entry.endswith(f" {now}"):
                continue
            outcome = self._tried([edit])
            if outcome is not None:
                changes.append(Change(name, entry, outcome))
        place = self.checked.casefile.place(loc)
        line = place.line if loc and place.line > 1 else None
        return Question(name, line, now, tuple(changes)) if changes else None

    def _unknown_facts(self) -> Iterator[tuple[str, Row, Loc]]:
        for _, fact in self.decision.evidence:
            fact_type, row = self.facts[fact]
            place = self.checked.facts.places[fact]
            if _unknown(fact_type, row):
                yield fact_type, row, place.loc

    def _read_answers(self) -> Iterator[tuple[str, Row, Loc]]:
        subject = self.decision.subject
        kind = self.lowered.subject.type
        child = subject.partition("/")[0] if kind in ("child", "recipient") else None
        names = set(_answers(self.requirement, self.checked.rules.by_id, 0))
        if isinstance(self.requirement, Criterion) and self.requirement.all:
            names |= set(self.requirement.all)
        children = {c.id for c in self.case.children}
        for row in self.checked.facts.of("answer"):
            about = row["child"] in ("", child) or child not in children
            if row["question"] in names and about:
                yield "answer", row, self.checked.facts.places[row["fid"]].loc
        if self.lowered.subject.involved:
            for row in self.checked.facts.of("involvement"):
                if row["agency"] == subject:
                    yield "involvement", row, self.checked.facts.places[row["fid"]].loc
        types = set(_parallels(self.requirement.when))
        for row in self.checked.facts.of("parallel"):
            mine = isinstance(self.requirement, Hold) and row["parallel"] == subject
            if mine or row["type"] in types:
                yield "parallel", row, self.checked.facts.places[row["fid"]].loc


def _outcome(checked: Checked, decision: Decision | None) -> Outcome:
    status = None if decision is None else decision.status
    limit = None if decision is None else checked.limit(decision)
    if limit is None or status in ("pending", "not_applicable"):
        return Outcome(status, None, None)
    return Outcome(status, limit.due, limit.agreed_due)


# --- what conditions read ------------------------------------------------------------------------


def _starting(condition: Condition) -> list[EventPattern]:
    if isinstance(condition, DecisionIs):
        return [EventPattern(event="decision", outcome=condition.decision)]
    if isinstance(condition, Happened):
        return [p for p in condition.happened if isinstance(p, EventPattern)]
    return [p for part in _parts(condition) for p in _starting(part)]


def _parts(condition: Condition) -> tuple[Condition, ...]:
    if isinstance(condition, AnyOf):
        return condition.any
    return condition.all if isinstance(condition, AllOf) else ()


def _answers(requirement: Requirement, by_id: Mapping[str, Lowered], depth: int) -> Iterator[str]:
    """The fixed questions that a requirement's conditions read, through others' findings too."""
    stack: list[Condition] = list(requirement.when)
    while stack:
        condition = stack.pop()
        stack += [condition.not_] if isinstance(condition, Not) else _parts(condition)
        if isinstance(condition, AnswerIs):
            yield from condition.answer
        elif isinstance(condition, FindingIs | InPlay) and depth < _DEEPEST:
            name = condition.finding if isinstance(condition, FindingIs) else condition.in_play
            if (other := by_id.get(name)) is not None:
                if isinstance(other.requirement, Criterion):
                    yield from other.requirement.all
                yield from _answers(other.requirement, by_id, depth + 1)


def _parallels(conditions: Sequence[Condition]) -> Iterator[str]:
    for condition in conditions:
        if isinstance(condition, ParallelIs):
            yield from condition.parallel
        inner = (condition.not_,) if isinstance(condition, Not) else _parts(condition)
        yield from _parallels(inner)


# --- copies of a case with other entries -------------------------------------------------------


def edited(case: Case, edits: Sequence[tuple[Loc, Any]]) -> Case:
    """A copy of the case with each value at its place; a list grows by one where it is meant to.

    Raises pydantic's `ValidationError` where no case can say that.
    """
    data = _plain(case.model_dump(by_alias=True, exclude_defaults=True))
    for loc, value in edits:
        holder = data
        for step, following in pairwise(loc):
            if isinstance(holder, dict):
                holder = holder.setdefault(step, [] if isinstance(following, int) else {})
            else:
                holder = holder[step]
        last = loc[-1]
        if isinstance(holder, list) and last == len(holder):
            holder.append(value)
        elif value is None:
            holder.pop(last, None)
        else:
            holder[last] = value
    return Case.model_validate(data)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value


def _field(key: str) -> str:
    return f"{key}_" if key in ("from", "with", "for") else key


def _holds(given: Any, value: Any) -> bool:
    return not given or given == value or (isinstance(given, tuple) and value in given)


def _entry(data: Mapping[str, Any]) -> str:
    """An entry as one writes it, every date left open."""
    parts = []
    for key, value in data.items():
        if isinstance(value, date):
            shown = "YYYY-MM-DD"
        elif isinstance(value, dict):
            shown = "{" + ", ".join(f"{inner}: YYYY-MM-DD" for inner in value) + "}"
        elif isinstance(value, list):
            shown = f"[{', '.join(value)}]"
        else:
            shown = str(value)
        parts.append(f"{key}: {shown}")
    return "- {" + ", ".join(parts) + "}"


def _unknown(fact_type: str, row: Row) -> bool:
    if fact_type == "parallel":
        return row["state"] == "unknown" or row["opened"] is None
    if fact_type == "form":
        return bool(row["complete"] == "unknown")
    if fact_type == "substitute":
        return row["named"] is None or "unknown" in (row["briefed"], row["equivalent_seniority"])
    if fact_type == "event":
        return False
    return bool(row.get("value") == "unknown")


Options = list[tuple[str, tuple[Loc, Any]]]


def _alternatives(
    case: Case, fact_type: str, row: Row, loc: Loc
) -> tuple[str, Options, str] | None:
    """An answer's name, the other answers it can have, and the one it has."""
    if fact_type == "answer":
        return _about_child(case, row)
    if fact_type == "involvement":
        at: Loc = ("agencies", row["agency"], "involved")
        options: Options = [(f"involved: {a}", (at, a)) for a in ("yes", "no")]
        return f"agencies: {row['agency']}", options, row["value"]
    if fact_type == "quality":
        options = [(f"{row['name']}: {a}", (loc, a)) for a in ("yes", "no")]
        return f"people: {row['person']}", options, row["value"]
    if fact_type == "form":
        at = (*loc, "empty")
        options = [("empty: []", (at, [])), ("empty: [a_box]", (at, ["a_box"]))]
        return f"forms: {row['id']}", options, row["complete"]
    if fact_type == "parallel" and row["opened"] is not None:
        at = (*loc, "closed")
        closed: tuple[str, tuple[Loc, Any]] = (
            "closed: YYYY-MM-DD",
            (at, date.fromordinal(row["opened"])),
        )
        still = ("`closed` left out (it still runs)", (at, None))
        options = [closed, still] if row["state"] == "unknown" else [closed]
        now = {"open": "not closed", "closed": "closed"}.get(row["state"], "unknown")
        return f"parallel: {row['parallel']}", options if now != "closed" else [still], now
    return None


def _about_child(case: Case, row: Row) -> tuple[str, Options, str] | None:
    question, child = row["question"], row["child"]
    if question == "abuse_or_neglect":
        at: Loc = ("incident", "abuse_or_neglect")
        options: Options = [(f"abuse_or_neglect: {a}", (at, a)) for a in ("suspected", "no")]
        return "incident", options, case.incident.abuse_or_neglect
    if question == "own_area":
        at = ("incident", "area")
        here = case.partnership
        options = [(f"area: {here}", (at, here)), ("area: another area", (at, "another_area"))]
        return "incident", options, case.incident.area
    index = next((i for i, c in enumerate(case.children) if c.id == child), None)
    if index is None:
        return None
    at = ("children", index)
    name = f"children: {child}"
    if question == "died_or_seriously_harmed":
        options = [
            (f"outcome: {a}", ((*at, "outcome"), a)) for a in ("seriously_harmed", "neither")
        ]
        return name, options, case.children[index].outcome
    if question == "died":
        options = [(f"outcome: {a}", ((*at, "outcome"), a)) for a in ("died", "seriously_harmed")]
        return name, options, case.children[index].outcome
    options = [(f"{question}: {a}", ((*at, question), a)) for a in ("yes", "no")]
    return name, options, str(row["value"])
