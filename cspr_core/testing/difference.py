"""Why an expectation does not hold: what was found, and the fact, line or day that made it so.

Nothing here reasons about statuses. What may have made the difference is tried: the case without
one change of the scenario, without one fact that the answer rests on, with one entry more, on
another day; and told where the answer then is the one expected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cspr_core import calendar
from cspr_core.check import Rules, check_facts, facts_for
from cspr_core.kinds import Lowered
from cspr_core.limits import LimitDetail
from cspr_core.model.case import Case
from cspr_core.model.finding import Finding
from cspr_core.model.scenario import Expectation
from cspr_core.plugins import NATIONAL
from cspr_core.program import Decision
from cspr_core.reading.case import CaseFile
from cspr_core.reading.document import Document, read_document
from cspr_core.reading.problems import BadInput
from cspr_core.report.changes import Change, Trials, edited
from cspr_core.report.counting import counted_lines
from cspr_core.report.findings import bare_findings, report_of
from cspr_core.report.layout import labelled, wrapped
from cspr_core.report.words import Words, amount, day, listing, spaced
from cspr_core.scenarios import Loc, ScenarioFile, changes_of, unchanged
from cspr_core.testing.coverage import possible
from cspr_core.testing.playing import Replay, Result, compared, narrowed, unlike
from cspr_core.testing.suites import near

_FAR = 15  # working days beyond the rule's own count in which an expected day is looked for
_FORMS = ("within", "before", "around", "by")
_LABEL = 12


@dataclass(frozen=True)
class At:
    """Something with the place where it stands."""

    what: str
    file: str
    line: int
    column: int

    def __str__(self) -> str:
        """What, and where."""
        return f"{self.what}  ({near(self.file)}:{self.line}:{self.column})"


@dataclass(frozen=True)
class Failure:
    """An expectation that does not hold, with all that helps to see why."""

    file: str
    line: int
    column: int
    title: str
    expected: Expectation
    wrong: tuple[str, ...]
    finding: Finding
    differences: tuple[str, ...]
    evidence: tuple[At, ...]
    rule: tuple[At, ...]
    counted: tuple[str, ...]

    @property
    def about(self) -> str:
        """The requirement, with its subject."""
        return about(self.expected)

    def value(self, name: str) -> str | None:
        """What was found, as text; `None` for nothing."""
        finding = self.finding
        if name == "counted_from":
            return None if finding.counted_from is None else finding.counted_from.event
        return _text(getattr(finding, name))

    @property
    def head(self) -> str:
        """One line: the place, and what is not as expected."""
        wrong = [
            f"{name} is {_said(self.value(name))}, not {_said(_text(getattr(self.expected, name)))}"
            for name in self.wrong
        ]
        place = f"{near(self.file)}:{self.line}:{self.column}"
        return f"{place}: {self.about} on {self.expected.as_of}: {' and '.join(wrong)}"

    def lines(self) -> Iterator[str]:
        """The whole of it, at most 79 columns wide."""
        expected = self.expected
        yield f"FAILED {near(self.file)}:{self.line}:{self.column}"
        yield from wrapped(self.title, "  ")
        yield from wrapped(f"{self.about} as of {day(expected.as_of)}", "  ")
        yield ""
        yield f"{'':<14}{'expected':<24}found"
        for name in compared(expected):
            mark = "  <-" if name in self.wrong else ""
            wanted = _shown(_text(getattr(expected, name)))
            yield f"{spaced(name):<14}{wanted:<24}{_shown(self.value(name))}{mark}"
        yield ""
        yield from labelled("Expected", f"because: {expected.because}", _LABEL)
        yield from labelled("Found", self.finding.message, _LABEL)
        yield from _several("Difference", self.differences)
        yield from _several("Facts", [str(at) for at in self.evidence])
        yield from _several("Rule", [str(at) for at in self.rule])
        yield from self.counted


def about(expected: Expectation) -> str:
    """The requirement of an expectation, with its subject."""
    return expected.requirement + (f"/{expected.subject}" if expected.subject else "")


def _several(label: str, lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield from labelled(label, line, _LABEL)
        label = ""


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _said(value: str | None) -> str:
    return "none" if value is None else value


def _shown(value: str | None) -> str:
    if value is None:
        return "none"
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return spaced(value)


def failure_of(replay: Replay, rules: Rules, result: Result) -> Failure:
    """What is to be told of a result that does not hold, under all of an area's rules."""
    return _Difference(replay, rules, result).failure()


class _Difference:
    """One failing expectation, looked at from all sides."""

    def __init__(self, replay: Replay, rules: Rules, result: Result) -> None:
        self.file: ScenarioFile = replay.file
        self.rules, self.result, self.expected = rules, result, result.expected
        self.small = narrowed(rules, [self.expected.requirement])
        self.checked = replay.checked(rules, self.expected.as_of)
        key = (self.expected.requirement, self.expected.subject or "")
        self.decision: Decision = next(
            d for d in self.checked.decisions if (d.requirement, d.subject) == key
        )
        self.finding: Finding = next(
            f
            for f in report_of(self.checked).findings
            if (f.requirement, f.subject.id if f.subject else "") == key
        )
        self.lowered: Lowered = rules.by_id[self.expected.requirement]
        self.key = key

    @cached_property
    def limit(self) -> LimitDetail | None:
        """The limit, where the answer has one."""
        return None if self.finding.due is None else self.checked.limit(self.decision)

    def failure(self) -> Failure:
        at = self.file.place(self.result.index)
        return Failure(
            self.file.path,
            at.line,
            at.column,
            self.file.scenario.title,
            self.expected,
            self.result.wrong,
            self.finding,
            tuple(self._differences()),
            tuple(self._evidence()),
            tuple(_rule(self.rules, self.lowered, self.decision, self.limit)),
            tuple(self._counted()),
        )

    # --- what made the difference ---------------------------------------------------------------

    def _differences(self) -> Iterator[str]:
        """Everything that, taken or given alone, makes the answer the expected one."""
        if self.expected.status not in possible(self.rules, self.lowered):
            can = listing(map(spaced, possible(self.rules, self.lowered)), "or")
            yield f"This requirement never comes to {spaced(self.expected.status)}: only to {can}."
            return
        found = [*self._in_the_count(), *self._without_changes(), *self._without_facts()]
        if not found and "status" in self.result.wrong:
            found = [*self._with_people(), *self._with_entries()]
        found += self._on_another_day()
        yield from dict.fromkeys(found)
        if not found:
            yield (
                "No single change, fact, entry or day makes it as expected: look at the lines of"
                " the rule."
            )

    def _in_the_count(self) -> Iterator[str]:
        """Where the expected due date lies in the count, and what else would lead to it."""
        limit, wanted = self.limit, self.expected.due
        if limit is None or wanted is None or wanted == limit.due:
            return
        unit: Any = limit.value.unit
        backwards = limit.value.form == "before"
        if unit == "working_days":
            found = calendar.count(limit.start.day, limit.value.n + _FAR, unit, backwards=backwards)
            one = next((d for d in found if d.day == wanted), None)
            if one is not None and one.number is not None:
                yield (
                    f"The rule counts {amount(limit.value.n, unit)}; the expected day would be"
                    f" number {one.number}."
                )
            elif one is not None:
                yield f"The expected day is not counted: {one.skipped}."
        told: set[Loc] = set()
        for number, (fact_type, row) in self.checked.facts.by_number().items():
            day_ = row.get("date") if fact_type in ("event", "meeting") else None
            if day_ is None or number == limit.start.fact:
                continue
            start = date.fromordinal(day_)
            place = self.checked.place(number)
            if start != limit.start.day and _due(limit, start) == wanted and place.loc not in told:
                told.add(place.loc)
                name, line = self.file.origin(place.line)
                yield (
                    f"Counted from this instead it is the expected day: {place.words}"
                    f"  ({near(name)}:{line}:{place.column})"
                )

    def _without_changes(self) -> Iterator[str]:
        for loc in changes_of(self.file):
            casefile = unchanged(self.file, loc)
            if casefile is not None and self._holds(casefile):
                at = self.file.document.place(loc)
                change = ".".join(step for step in loc[1:] if isinstance(step, str))
                yield (
                    f"Without this change of the scenario {self._is_right}: {change}"
                    f"  ({near(self.file.path)}:{at.line}:{at.column})"
                )

    @property
    def _is_right(self) -> str:
        names = listing(map(spaced, self.result.wrong))
        return f"the {names} {'is' if len(self.result.wrong) == 1 else 'are'} as expected"

    def _without_facts(self) -> Iterator[str]:
        """The facts that the answer rests on, each taken away; of a list, each entry."""
        parts: dict[Loc, str] = {}
        for words, loc in self._shown():
            parts.setdefault(loc, words)
            for part in self._entries(loc):
                parts.setdefault(part, self._entry(part))
        for part, what in parts.items():
            casefile = _without(self.file.casefile, part)
            if casefile is not None and self._holds(casefile):
                yield f"Without this {self._is_right}: {what}  ({self._place(part)})"

    def _shown(self) -> Iterator[tuple[str, Loc]]:
        """What the evidence says, and where each of it stands."""
        for _, fact in self.decision.evidence:
            place = self.checked.place(fact)
            if place.loc:
                yield place.words, place.loc

    def _entries(self, loc: Loc) -> Iterator[Loc]:
        value = _value_at(self.file.casefile, loc)
        if isinstance(value, list):
            yield from ((*loc, index) for index in range(len(value)))

    def _entry(self, loc: Loc) -> str:
        return f"`{_value_at(self.file.casefile, loc)}` in `{loc[-2]}`"

    def _place(self, loc: Loc) -> str:
        at = self.file.casefile.place(loc)
        name, line = self.file.origin(at.line)
        return f"{near(name)}:{line}:{at.column}"

    def _lists(self) -> Iterator[Loc]:
        """The lists that the evidence stands in, or holds."""
        for _, loc in self._shown():
            value = _value_at(self.file.casefile, loc)
            if isinstance(value, list):
                yield loc
            elif isinstance(value, dict):
                yield from ((*loc, k) for k, inner in value.items() if isinstance(inner, list))

    def _with_people(self) -> Iterator[str]:
        """Somebody more in a list of people that the answer rests on."""
        case = self.file.casefile.case
        for loc in dict.fromkeys(self._lists()):
            value = _value_at(self.file.casefile, loc)
            if not set(map(str, value)) <= set(case.people):
                continue
            for person in sorted(set(case.people) - set(value)):
                try:
                    more = edited(case, [((*loc, len(value)), person)])
                except (ValidationError, KeyError, IndexError, ValueError):
                    continue
                casefile = CaseFile(more, self.file.casefile.path, self.file.casefile.document)
                if self._holds(casefile):
                    yield (
                        f"With `{person}` in `{loc[-1]}` too {self._is_right}  ({self._place(loc)})"
                    )

    def _with_entries(self) -> Iterator[str]:
        """What is not recorded, and would make it as expected."""
        trials = Trials(self.checked, self.decision)
        for question in trials.questions():
            for change in question.changes:
                if self._as_expected(change):
                    where = "" if question.line is None else self._line(question.line)
                    yield (
                        f"`{question.name}` is {question.now.replace('_', ' ')}{where}; with"
                        f" `{change.entry}` it is {spaced(self.expected.status)}, as expected."
                    )
        for change in self._recordings(trials):
            if self._as_expected(change):
                dated = "" if change.day is None else f", dated {day(change.day)},"
                yield (
                    f"This is not on record under `{change.where}`; with it{dated} it is"
                    f" {spaced(self.expected.status)}, as expected: {change.entry}"
                )

    def _as_expected(self, change: Change) -> bool:
        """Whether one entry more makes the status, and the date where it is stated, as expected."""
        expected, outcome = self.expected, change.outcome
        dated = "due" in expected.model_fields_set
        return outcome.status == expected.status and (not dated or outcome.due == expected.due)

    def _line(self, line: int) -> str:
        name, line = self.file.origin(line)
        return f" ({near(name)}:{line})"

    @staticmethod
    def _recordings(trials: Trials) -> Iterator[Change]:
        for _, changes in trials.recordings():
            yield from changes
        yield from trials.confirmation()
        yield from (c for c in (trials.exception(), trials.delay()) if c is not None)
        yield from trials.starts()

    def _on_another_day(self) -> Iterator[str]:
        """The nearest day on which it is as expected, of those on which anything changes."""
        for as_of in self._days():
            if self._holds(self.file.casefile, as_of):
                relation = "before" if as_of < self.expected.as_of else "after"
                yield (
                    f"On another day it is as expected: as of {day(as_of)}, {relation} the day"
                    " that the scenario names."
                )
                return

    def _days(self) -> list[date]:
        days = {row["date"] for row in self.checked.facts.of("limit")}
        for fact_type in ("event", "meeting"):
            for row in self.checked.facts.of(fact_type):
                days |= {row["date"], row["planned"]}
        near = {date.fromordinal(n) for n in days if n is not None and n < date.max.toordinal()}
        asked = self.expected.as_of
        both = {d + timedelta(days=n) for d in near for n in (0, 1)} - {asked}
        return sorted(both, key=lambda d: (abs(d - asked), d))

    def _holds(self, casefile: CaseFile, as_of: date | None = None) -> bool:
        as_of = as_of or self.expected.as_of
        facts = facts_for(casefile, self.rules, as_of)
        checked = check_facts(casefile, self.small, as_of, facts)
        found = bare_findings(checked).get(self.key)
        wrong = set(self.result.wrong)
        return found is not None and wrong.isdisjoint(unlike(self.expected, found))

    # --- what it rests on -----------------------------------------------------------------------

    def _evidence(self) -> Iterator[At]:
        limit = self.limit
        told: set[tuple[str, int, int]] = set()
        if limit is not None:
            place = self.checked.place(limit.start.fact)
            name, line = self.file.origin(place.line)
            told.add((place.words, place.line, place.column))
            yield At(f"counted from: {place.words}", name, line, place.column)
        for item in self.finding.evidence:
            if (item.fact, item.line, item.column) not in told:
                name, line = self.file.origin(item.line)
                yield At(item.fact, name, line, item.column)
        for missing in self.finding.missing:
            line = int(missing.where.rpartition(":")[2])
            yield At(f"not known: {missing.fact}", *self.file.origin(line), 1)

    def _counted(self) -> Iterator[str]:
        if self.limit is None:
            return
        notes = {self.expected.as_of: "as of"}
        wanted = self.expected.due
        if wanted is not None and wanted != self.limit.due:
            notes[wanted] = "expected" if wanted not in notes else "expected, as of"
        yield from counted_lines(Words(self.rules), self.limit, notes)


def _due(limit: LimitDetail, start: date) -> date:
    """The due date that a limit would give from another day."""
    unit: Any = limit.value.unit
    count = calendar.before if limit.value.form == "before" else calendar.after
    return count(start, limit.value.n, unit) if limit.value.n else start


def _without(casefile: CaseFile, loc: Loc) -> CaseFile | None:
    """The case without one entry; `None` where that makes no case."""
    document = casefile.document.without({loc})
    try:
        case = Case.model_validate(document.data, by_alias=True, by_name=False)
    except ValidationError:
        return None
    return CaseFile(case, casefile.path, document)


def _value_at(casefile: CaseFile, loc: Loc) -> Any:
    """What stands at a place of the case file; `None` for nothing."""
    value = casefile.document.data
    for step in loc:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


# --- the rule -------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _document(path: str) -> Document | None:
    try:
        return read_document(Path(path))
    except BadInput:
        return None  # it was read when the plugin was loaded, and has changed since


def _rule(
    rules: Rules, lowered: Lowered, decision: Decision, limit: LimitDetail | None
) -> Iterator[At]:
    """Where the requirement stands, and the line of it that decides here."""
    nation = lowered.requirement.id.startswith(f"{NATIONAL}.")
    file = (rules.nation if nation else rules.plugin).file
    document = _document(file)
    area = rules.plugin.area
    short = lowered.requirement.id.removeprefix(f"{area}.")
    entries = [] if document is None else document.data.get("requirements") or []
    index = next(
        (n for n, e in enumerate(entries) if e.get("id") in (lowered.requirement.id, short)), None
    )
    if document is None or index is None:
        yield At(f"{lowered.requirement.id}: added by the plugin's Python", file, 1, 1)
        return
    loc: Loc = ("requirements", index)
    at = document.place((*loc, "id"))
    yield At(f"{lowered.requirement.id} ({lowered.requirement.kind_name})", file, at.line, 1)
    lines = _lines(file)
    for part in _parts(entries[index], decision, limit):
        at = document.place((*loc, *part), key=isinstance(part[-1], str))
        yield At(lines[at.line - 1].strip().removeprefix("- "), file, at.line, at.column)


def _lines(file: str) -> list[str]:
    return Path(file).read_text("utf-8-sig").splitlines()


def _parts(
    entry: dict[str, object], decision: Decision, limit: LimitDetail | None
) -> Iterator[Loc]:
    """The parts of a requirement's entry that decide here: a condition, the limit."""
    if decision.why.startswith("when.") and "when" in entry:
        several = isinstance(entry["when"], list)
        yield ("when", int(decision.why.split(".")[1])) if several else ("when",)
    if limit is not None:
        values = entry.get("values")
        if isinstance(values, list):
            since = [str(v.get("in_force_from")) for v in values]
            here = str(limit.value.in_force_from)
            yield ("values", since.index(here)) if here in since else ("values",)
        yield from ((form,) for form in _FORMS if form in entry)
