"""Calendar facts: for each requirement and subject its due date, and the marks that time makes.

Derived from the facts before any engine runs: a `limit` for each requirement and subject that has
something to count from, and `mark`s: confirmed in minutes (in time or late), a recorded exception,
an agreed delay that still runs, or arrangements that were not in force at the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from cspr_core import calendar
from cspr_core.facts import FOREVER, Facts, Place, Row
from cspr_core.kinds import Lowered
from cspr_core.kinds.lowered import LimitValue
from cspr_core.kinds.patterns import Origin
from cspr_core.matching import Index, compile_rows
from cspr_core.model.patterns import DecisionIs
from cspr_core.program import Pattern

REVIEW_STAGES = ("review", "sign_off", "publication")


@dataclass(frozen=True)
class Start:
    """What a limit is counted from: a fact, its date, and whether that is only planned."""

    fact: int
    day: date
    planned: bool
    event: str


@dataclass(frozen=True)
class LimitDetail:
    """Everything about one requirement's limit for one subject, for words and explanations.

    `other` is the due date that another dated value would have given, with what it counts from.
    """

    due: date
    opens: date | None
    value: LimitValue
    start: Start
    in_force_from: date | None
    passed: bool
    shut: bool
    agreed_due: date | None = None
    other: tuple[date, str] | None = None

    @property
    def provisional(self) -> bool:
        """The due date lies beyond the last published year of public holidays."""
        return calendar.is_provisional(self.due)


@dataclass
class Limits:
    """The limits of a case, by requirement and subject; and who was found not in force."""

    details: dict[tuple[str, str], LimitDetail] = field(default_factory=dict)
    not_in_force: dict[tuple[str, str], date | None] = field(default_factory=dict)
    marks: dict[tuple[str, str], list[tuple[str, int]]] = field(default_factory=dict)


def derive(
    facts: Facts,
    requirements: Sequence[Lowered],
    as_of: date,
    in_force: Mapping[str, date | None],
) -> tuple[Facts, Limits]:
    """The facts with limits and marks added, and the limits themselves.

    `in_force` tells from which day each requirement is held (`None`: always).
    """
    return _Deriving(facts, requirements, as_of, in_force).run()


@lru_cache(maxsize=8192)
def _rows_of(body: tuple[Pattern, ...]) -> Any:
    return compile_rows(body)


class _Deriving:
    def __init__(
        self,
        facts: Facts,
        requirements: Sequence[Lowered],
        as_of: date,
        in_force: Mapping[str, date | None],
    ) -> None:
        self.facts = Facts(dict(facts.rows), dict(facts.places))
        self.index = Index(self.facts.rows)
        self.by_id = {lowered.requirement.id: lowered for lowered in requirements}
        self.requirements, self.as_of, self.in_force = requirements, as_of, in_force
        self.limits = Limits()
        self._next = max(facts.places, default=0)
        self._done: set[str] = set()
        self._fallbacks = self._fallback_days()

    def run(self) -> tuple[Facts, Limits]:
        for lowered in self.requirements:
            self._limit(lowered)
        for (requirement, subject), detail in self.limits.details.items():
            self._add_limit(requirement, subject, detail)
        self._in_force()
        self._recorded()
        self._delays()
        return self.facts, self.limits

    def _number(self) -> int:
        self._next += 1
        return self._next

    def _append(self, fact_type: str, row: Row, words: str, like: int | None) -> None:
        row["fid"] = self._number()
        rows = self.facts.rows.get(fact_type, [])
        self.facts.rows[fact_type] = [*rows, row]
        place = self.facts.places.get(like or 0)
        loc, line, column = (place.loc, place.line, place.column) if place else ((), 1, 1)
        self.facts.places[row["fid"]] = Place(words, loc, line, column)

    # --- limits -------------------------------------------------------------------------------

    def _limit(self, lowered: Lowered) -> None:
        requirement = lowered.requirement.id
        if requirement in self._done or lowered.limit is None:
            return
        self._done.add(requirement)
        if lowered.limit.copies is not None:
            source = self.by_id.get(lowered.limit.copies)
            if source is not None:
                self._limit(source)
                for (name, subject), detail in list(self.limits.details.items()):
                    if name == source.requirement.id:
                        self.limits.details[requirement, subject] = detail
            return
        values = lowered.limit.values
        starts = [self._starts(value.origins, lowered) for value in values]
        governing = [
            self._governing(value, found, lowered)
            for value, found in zip(values, starts, strict=True)
        ]
        subjects = dict.fromkeys(subject for found in governing for subject in found)
        for subject in subjects:
            chosen = self._chosen(values, governing, subject)
            if chosen is None:
                earliest = min(found[subject] for found in governing if subject in found)
                self.limits.not_in_force[requirement, subject] = earliest
                continue
            start = starts[chosen].get(subject)
            if start is None:
                continue
            lapses = all(origin.prefer != "planned" for origin in values[chosen].origins)
            if values[chosen].form == "by" and lapses and start.planned and start.day < self.as_of:
                continue  # the plan has lapsed: no date is known
            detail = self._detail(requirement, values[chosen], start)
            other = self._other(values, starts, chosen, subject)
            if other is not None and other[0] != detail.due:
                detail = LimitDetail(**{**vars(detail), "other": other})
            self.limits.details[requirement, subject] = detail

    def _starts(self, origins: Iterable[Origin], lowered: Lowered) -> dict[str, Start]:
        """The first of what can be counted from, for each subject."""
        best: dict[str, tuple[tuple[int, int, int], Start]] = {}
        for origin in origins:
            for bound in _rows_of(origin.body)(self.index):
                start = self._start(origin, bound)
                if start is None:
                    continue
                subject = self._subject(lowered, bound)
                order = (int(start.planned), start.day.toordinal(), start.fact)
                if origin.prefer == "planned":
                    order = (int(not start.planned), *order[1:])
                if subject not in best or order < best[subject][0]:
                    best[subject] = (order, start)
        return {subject: start for subject, (_, start) in best.items()}

    def _start(self, origin: Origin, bound: Mapping[str, Any]) -> Start | None:
        fact = bound[origin.date.alias]
        happened = fact[origin.date.column]
        planned = None if origin.planned is None else fact[origin.planned.column]
        if origin.prefer == "date":
            planned = None
        elif origin.prefer == "planned" and planned is not None:
            happened = None
        if happened is not None:
            return Start(fact["fid"], date.fromordinal(happened), planned=False, event=origin.event)
        if planned is None:
            return None
        return Start(fact["fid"], date.fromordinal(planned), planned=True, event=origin.event)

    def _subject(self, lowered: Lowered, bound: Mapping[str, Any]) -> str:
        ref = lowered.subject.ref
        return "" if ref is None else str(bound[ref.alias][ref.column])

    def _governing(
        self, value: LimitValue, starts: Mapping[str, Start], lowered: Lowered
    ) -> dict[str, date]:
        """The date that decides whether a value holds, for each subject."""
        found: dict[str, date] = {}
        for origins in value.governed:
            for subject, start in self._starts(origins, lowered).items():
                found.setdefault(subject, start.day)
        if not value.governed:
            found = {subject: start.day for subject, start in starts.items()}
        return found

    def _chosen(
        self, values: Sequence[LimitValue], governing: Sequence[Mapping[str, date]], subject: str
    ) -> int | None:
        """The last value in force on its governing date."""
        chosen = None
        for index, value in enumerate(values):
            day = governing[index].get(subject)
            if day is None:
                continue
            if value.in_force_from is None or value.in_force_from <= day:
                chosen = index
        return chosen

    def _detail(self, requirement: str, value: LimitValue, start: Start) -> LimitDetail:
        unit: Any = value.unit
        opens: date | None = None
        shut = False
        if value.form == "before":
            due = calendar.before(start.day, value.n, unit)
            # On the day itself it can still be done, where that day is the limit.
            shut = not start.planned and (start.day < self.as_of or due < self.as_of == start.day)
        elif value.form == "around":
            opens = calendar.before(start.day, value.n, unit)
            due = calendar.after(start.day, value.n, unit)
        else:
            due = calendar.after(start.day, value.n, unit) if value.n else start.day
        in_force = value.in_force_from or self.in_force.get(requirement)
        return LimitDetail(due, opens, value, start, in_force, self.as_of > due, shut)

    def _other(
        self,
        values: Sequence[LimitValue],
        starts: Sequence[Mapping[str, Start]],
        chosen: int,
        subject: str,
    ) -> tuple[date, str] | None:
        """What a dated value with another start would have given."""
        for index, value in enumerate(values):
            start = starts[index].get(subject)
            if index == chosen or start is None or value.origins == values[chosen].origins:
                continue
            return self._detail("", value, start).due, start.event
        return None

    def _add_limit(self, requirement: str, subject: str, detail: LimitDetail) -> None:
        closes = detail.start.day.toordinal() if detail.shut else FOREVER
        row: Row = {
            "requirement": requirement,
            "subject": subject,
            "anchor": detail.start.fact,
            "start": detail.start.day.toordinal(),
            "opens": 0 if detail.opens is None else detail.opens.toordinal(),
            "date": detail.due.toordinal(),
            "closes": closes,
            "state": "shut" if detail.shut else "passed" if detail.passed else "open",
        }
        self._append("limit", row, f"{requirement} due {detail.due}", detail.start.fact)

    # --- marks --------------------------------------------------------------------------------

    def _mark(self, requirement: str, subject: str, what: str, like: int | None) -> None:
        row: Row = {"requirement": requirement, "subject": subject, "what": what}
        words = self.facts.places[like].words if like in self.facts.places else what
        self._append("mark", row, words, like)
        self.limits.marks.setdefault((requirement, subject), []).append((what, row["fid"]))

    def _subjects(self, lowered: Lowered) -> dict[str, date | None]:
        """A requirement's subjects, each with its own date where it has one."""
        subject = lowered.subject
        if subject.ref is None:
            return {"": None}
        found: dict[str, date | None] = {}
        for bound in _rows_of(subject.body)(self.index):
            day = None
            if subject.date is not None:
                own = bound["s"][subject.date.column]
                if own is None and subject.planned is not None:
                    own = bound["s"][subject.planned.column]
                day = None if own is None else date.fromordinal(own)
            found.setdefault(self._subject(lowered, bound), day)
        return found

    def _fallback_days(self) -> tuple[date | None, date | None]:
        """The first decision for a review; and the first thing on record."""
        review: list[int] = []
        first: list[int] = []
        incident: list[int] = []
        for row in self.facts.of("event"):
            if row["date"] is None:
                continue
            if row["name"] == "decision" and row["outcome"] == "local_review":
                review.append(row["date"])
            if row["name"] in ("referral_received", "aware", "notified"):
                first.append(row["date"])
            if row["name"] == "incident":
                incident.append(row["date"])

        def earliest(days: list[int]) -> date | None:
            return date.fromordinal(min(days)) if days else None

        return earliest(review), earliest(first) or earliest(incident)

    def _in_force(self) -> None:
        review, first = self._fallbacks
        for lowered in self.requirements:
            requirement = lowered.requirement
            for key, _day in list(self.limits.not_in_force.items()):
                if key[0] == requirement.id:
                    self._mark(requirement.id, key[1], "not_in_force", None)
            since = self.in_force.get(requirement.id)
            if since is None:
                continue
            of_review = requirement.stage in REVIEW_STAGES or any(
                isinstance(condition, DecisionIs) for condition in requirement.when
            )
            general = review if of_review else first
            for subject, own in self._subjects(lowered).items():
                if (requirement.id, subject) in self.limits.not_in_force:
                    continue
                detail = self.limits.details.get((requirement.id, subject))
                day = detail.start.day if detail is not None else own or general
                if day is not None and day < since:
                    self.limits.not_in_force[requirement.id, subject] = day
                    like = None if detail is None else detail.start.fact
                    self._mark(requirement.id, subject, "not_in_force", like)

    def _recorded(self) -> None:
        for fact_type, words in (("confirmation", None), ("exception", "excepted")):
            for row in self.facts.of(fact_type):
                lowered = self.by_id.get(row["requirement"])
                if lowered is None:
                    continue
                everyone = row["subject"] == "" and lowered.subject.ref is not None
                for subject in self._subjects(lowered) if everyone else [row["subject"]]:
                    if everyone and self._has_own(fact_type, row["requirement"], subject):
                        continue
                    what = words or self._confirmed(row, subject)
                    self._mark(row["requirement"], subject, what, row["fid"])

    def _has_own(self, fact_type: str, requirement: str, subject: str) -> bool:
        return any(
            row["requirement"] == requirement and row["subject"] == subject
            for row in self.facts.of(fact_type)
        )

    def _confirmed(self, row: Row, subject: str) -> str:
        if row["answer"] == "no":
            return "confirmed_no"
        detail = self.limits.details.get((row["requirement"], subject))
        since = min(  # what is confirmed for everyone holds for each, from that day on
            other["date"]
            for other in self.facts.of("confirmation")
            if other["requirement"] == row["requirement"]
            and other["answer"] == "yes"
            and other["subject"] in ("", row["subject"])
        )
        late = detail is not None and since > detail.due.toordinal()
        return "confirmed_late" if late else "confirmed"

    def _delays(self) -> None:
        for lowered in self.requirements:
            rule = lowered.requirement.delay
            if rule is None:
                continue
            for (requirement, subject), detail in list(self.limits.details.items()):
                if requirement != lowered.requirement.id:
                    continue
                agreed = self._agreed((requirement, lowered.requirement.tightens), rule.told)
                if agreed is None:
                    continue
                fact, until = agreed
                self.limits.details[requirement, subject] = LimitDetail(
                    **{**vars(detail), "agreed_due": until}
                )
                if detail.passed and self.as_of <= until:
                    self._mark(requirement, subject, "extended", fact)

    def _agreed(
        self, requirements: Sequence[str | None], told: Sequence[str]
    ) -> tuple[int, date] | None:
        """The delay that was agreed, and told to whom it must be told, with the latest new date.

        A delay of a national duty is one of the local rule that tightens it, too.
        """
        best: tuple[int, int] | None = None
        for row in self.facts.of("delay"):
            if row["requirement"] not in requirements or row["agreed"] != "yes":
                continue
            informed = {r["to"] for r in self.facts.of("delay_told") if r["delay"] == row["delay"]}
            if set(told) <= informed and (best is None or row["agreed_due"] > best[1]):
                best = (row["fid"], row["agreed_due"])
        return None if best is None else (best[0], date.fromordinal(best[1]))
