"""Calendar facts: for each requirement and subject its due date, and the marks that time makes.

Derived from the facts before any engine runs: a `limit` for each requirement and subject that has
something to count from, and `mark`s: confirmed in minutes (in time or late), a recorded exception,
an agreed delay that still runs, or arrangements that were not in force at the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from typing import Any, NamedTuple

from cspr_core import calendar
from cspr_core.facts import FOREVER, Facts, Place, Row, Said
from cspr_core.kinds import Lowered
from cspr_core.kinds.lowered import LimitValue
from cspr_core.kinds.patterns import Origin
from cspr_core.matching import Body, Bound, Index, Matcher, body_of, positions
from cspr_core.matching import Place as Where
from cspr_core.model.patterns import DecisionIs
from cspr_core.program import Pattern, Ref

REVIEW_STAGES = ("review", "sign_off", "publication")
_CASE: Mapping[str, date | None] = {"": None}  # the case itself, which has no date of its own


class Start(NamedTuple):
    """What a limit is counted from: a fact, its date, and whether that is only planned."""

    fact: int
    day: date
    planned: bool
    event: str


class LimitDetail(NamedTuple):
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
    return _prepared(_Same(requirements)).derive(facts, as_of, in_force)


class _Origin(NamedTuple):
    """What a limit counts from, as it is looked for: a body's number, and places in its facts.

    `number` is its own: many requirements count from the same.
    """

    number: int
    body: int
    subject: Where | None
    date: Where
    planned: Where | None
    prefer: str
    event: str


class _Value(NamedTuple):
    """One dated value of a limit, and what is looked for."""

    value: LimitValue
    origins: Sequence[_Origin]
    governed: Sequence[Sequence[_Origin]]
    lapses: bool


class _Subjects(NamedTuple):
    """Whom a requirement is about, as they are looked for, and the date of each."""

    body: int
    subject: Where
    date: Where | None
    planned: Where | None


class _Held(NamedTuple):
    """A requirement, as far as limits and marks are concerned."""

    id: str
    lowered: Lowered
    values: Sequence[_Value]
    subjects: _Subjects | None
    of_review: bool


class _Same:
    """Requirements that are equal only if they are the same, so that holding them up is quick."""

    __slots__ = ("requirements",)

    def __init__(self, requirements: Sequence[Lowered]) -> None:
        self.requirements = requirements

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.requirements is self.requirements

    def __hash__(self) -> int:
        return id(self.requirements)


@lru_cache(maxsize=16)
def _prepared(same: _Same) -> _Prepared:
    return _Prepared(same.requirements)


class _Prepared:
    """What requirements ask of the calendar, made once for all cases."""

    def __init__(self, requirements: Sequence[Lowered]) -> None:
        self._numbers: dict[Body, int] = {}
        self._origins: dict[tuple[Any, ...], _Origin] = {}
        self.held = {lowered.requirement.id: self._held(lowered) for lowered in requirements}
        self.matcher = Matcher({number: body for body, number in self._numbers.items()})
        self.limited = [one for one in self.held.values() if one.lowered.limit is not None]
        self.delayed = [
            (one, rule)
            for one in self.held.values()
            if (rule := one.lowered.requirement.delay) is not None
        ]

    def derive(
        self, facts: Facts, as_of: date, in_force: Mapping[str, date | None]
    ) -> tuple[Facts, Limits]:
        return _Deriving(self, facts, as_of, in_force).run()

    def _held(self, lowered: Lowered) -> _Held:
        limit, subject, requirement = lowered.limit, lowered.subject, lowered.requirement
        values = () if limit is None else limit.values
        whom = None
        if subject.ref is not None:
            at = positions(subject.body)
            whom = _Subjects(
                self._number(subject.body),
                (at[subject.ref.alias], subject.ref.column),
                None if subject.date is None else (at["s"], subject.date.column),
                None if subject.planned is None else (at["s"], subject.planned.column),
            )
        of_review = requirement.stage in REVIEW_STAGES or any(
            isinstance(condition, DecisionIs) for condition in requirement.when
        )
        found = [self._value(value, subject.ref) for value in values]
        return _Held(requirement.id, lowered, found, whom, of_review)

    def _value(self, value: LimitValue, subject: Ref | None) -> _Value:
        return _Value(
            value,
            [self._origin(origin, subject) for origin in value.origins],
            [[self._origin(origin, subject) for origin in some] for some in value.governed],
            value.form == "by" and all(origin.prefer != "planned" for origin in value.origins),
        )

    def _origin(self, origin: Origin, subject: Ref | None) -> _Origin:
        at = positions(origin.body)
        planned = origin.planned
        looked_for = (
            self._number(origin.body),
            None if subject is None else (at[subject.alias], subject.column),
            (at[origin.date.alias], origin.date.column),
            None if planned is None else (at[planned.alias], planned.column),
            origin.prefer,
            origin.event,
        )
        return self._origins.setdefault(looked_for, _Origin(len(self._origins), *looked_for))

    def _number(self, patterns: Sequence[Pattern]) -> int:
        return self._numbers.setdefault(body_of(patterns), len(self._numbers))


class _First(NamedTuple):
    """Of what can be counted from the first: what orders it, and the start."""

    order: tuple[bool, int, int]
    start: Start


def _start(origin: _Origin, bound: Bound) -> Start | None:
    happened, planned = _told(bound, origin.date), _told(bound, origin.planned)
    if origin.prefer == "date":
        planned = None
    elif origin.prefer == "planned" and planned is not None:
        happened = None
    day = planned if happened is None else happened
    if day is None:
        return None
    fact = bound[origin.date[0]]["fid"]
    return Start(fact, date.fromordinal(day), happened is None, origin.event)


def _told(bound: Bound, where: Where | None) -> Any:
    return None if where is None else bound[where[0]][where[1]]


def _due(requirement: str, due: date) -> str:
    return f"{requirement} due {due}"


class _Deriving:
    def __init__(
        self, asked: _Prepared, facts: Facts, as_of: date, in_force: Mapping[str, date | None]
    ) -> None:
        self.held, self.limited, self.delayed = asked.held, asked.limited, asked.delayed
        self.as_of, self.in_force = as_of, in_force
        self.facts = Facts(dict(facts.rows), dict(facts.places))
        self.ways = asked.matcher.run(Index(facts.rows))
        self.limits = Limits()
        self._of: dict[str, list[str]] = {}  # the subjects that have a limit, by requirement
        self._without: dict[str, list[str]] = {}  # those for whom no value was in force
        self._firsts: dict[int, Mapping[str, _First]] = {}  # by the numbers of origins
        self._whom: dict[_Subjects, Mapping[str, date | None]] = {}
        self._rows: dict[str, list[Row]] = {"limit": [], "mark": []}
        self._next = max(facts.places, default=0)
        self._fallbacks = self._fallback_days()

    def run(self) -> tuple[Facts, Limits]:
        for held in self.limited:
            self._limit(held)
        for (requirement, subject), detail in self.limits.details.items():
            self._add_limit(requirement, subject, detail)
        self._in_force()
        self._recorded()
        self._delays()
        for fact_type, rows in self._rows.items():
            if rows:
                self.facts.rows[fact_type] = [*self.facts.of(fact_type), *rows]
        return self.facts, self.limits

    def _append(self, fact_type: str, row: Row, words: Said, place: Place | None) -> int:
        """Add a fact that stands where another does, if it stands anywhere; its number."""
        self._next = number = self._next + 1
        row["fid"] = number
        self._rows[fact_type].append(row)
        self.facts.places[number] = Place(words) if place is None else place.saying(words)
        return number

    # --- limits -------------------------------------------------------------------------------

    def _limit(self, held: _Held) -> None:
        limit = held.lowered.limit
        if limit is None or held.id in self._of:
            return
        of = self._of[held.id] = []
        if limit.copies is not None:
            source = self.held.get(limit.copies)
            if source is not None:
                self._limit(source)
                for subject in self._of.get(source.id, ()):
                    self.limits.details[held.id, subject] = self.limits.details[source.id, subject]
                    of.append(subject)
            return
        if len(held.values) == 1 and not held.values[0].governed:
            self._only(held, held.values[0], of)
            return
        starts = [self._starts(value.origins) for value in held.values]
        governing = [
            self._governing(value, found) for value, found in zip(held.values, starts, strict=True)
        ]
        for subject in dict.fromkeys(subject for found in governing for subject in found):
            chosen = self._chosen(held.values, governing, subject)
            if chosen is None:
                earliest = min(found[subject] for found in governing if subject in found)
                self.limits.not_in_force[held.id, subject] = earliest
                self._without.setdefault(held.id, []).append(subject)
                continue
            first = starts[chosen].get(subject)
            if first is None:
                continue
            if self._lapsed(held.values[chosen], first.start):
                continue
            detail = self._detail(held.id, held.values[chosen].value, first.start)
            other = self._other(held.values, starts, chosen, subject)
            if other is not None and other[0] != detail.due:
                detail = detail._replace(other=other)
            self.limits.details[held.id, subject] = detail
            of.append(subject)

    def _only(self, held: _Held, value: _Value, of: list[str]) -> None:
        """The limit of a requirement that has one value, governed by what it counts from."""
        since = value.value.in_force_from
        for subject, first in self._starts(value.origins).items():
            start = first.start
            if since is not None and start.day < since:
                self.limits.not_in_force[held.id, subject] = start.day
                self._without.setdefault(held.id, []).append(subject)
            elif not self._lapsed(value, start):
                self.limits.details[held.id, subject] = self._detail(held.id, value.value, start)
                of.append(subject)

    def _lapsed(self, value: _Value, start: Start) -> bool:
        """A limit "by" a plan that has passed: no date is known."""
        return value.lapses and start.planned and start.day < self.as_of

    def _starts(self, origins: Sequence[_Origin]) -> Mapping[str, _First]:
        """The first of what can be counted from, for each subject."""
        if len(origins) == 1:
            return self._first(origins[0])
        best: dict[str, _First] = {}
        for origin in origins:
            for subject, first in self._first(origin).items():
                if subject not in best or first.order < best[subject].order:
                    best[subject] = first
        return best

    def _first(self, origin: _Origin) -> Mapping[str, _First]:
        """The first of what one origin finds; many requirements count from the same."""
        found = self._firsts.get(origin.number)
        if found is None:
            best: dict[str, _First] = {}
            for bound in self.ways.get(origin.body, ()):
                start = _start(origin, bound)
                if start is None:
                    continue
                subject = "" if origin.subject is None else str(_told(bound, origin.subject))
                later = start.planned != (origin.prefer == "planned")
                first = _First((later, start.day.toordinal(), start.fact), start)
                if subject not in best or first.order < best[subject].order:
                    best[subject] = first
            found = self._firsts[origin.number] = best
        return found

    def _governing(self, value: _Value, starts: Mapping[str, _First]) -> Mapping[str, date]:
        """The date that decides whether a value holds, for each subject."""
        if not value.governed:
            return {subject: first.start.day for subject, first in starts.items()}
        found: dict[str, date] = {}
        for origins in value.governed:
            for subject, first in self._starts(origins).items():
                found.setdefault(subject, first.start.day)
        return found

    def _chosen(
        self, values: Sequence[_Value], governing: Sequence[Mapping[str, date]], subject: str
    ) -> int | None:
        """The last value in force on its governing date."""
        chosen = None
        for index, (value, *_) in enumerate(values):
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
        values: Sequence[_Value],
        starts: Sequence[Mapping[str, _First]],
        chosen: int,
        subject: str,
    ) -> tuple[date, str] | None:
        """What a dated value with another start would have given."""
        for index, (value, origins, *_) in enumerate(values):
            first = starts[index].get(subject)
            if index == chosen or first is None or origins == values[chosen].origins:
                continue
            return self._detail("", value, first.start).due, first.start.event
        return None

    def _add_limit(self, requirement: str, subject: str, detail: LimitDetail) -> None:
        due, opens, _, start, _, passed, shut, *_ = detail
        began = start.day.toordinal()
        row: Row = {
            "requirement": requirement,
            "subject": subject,
            "anchor": start.fact,
            "start": began,
            "opens": 0 if opens is None else opens.toordinal(),
            "date": due.toordinal(),
            "closes": began if shut else FOREVER,
            "state": "shut" if shut else "passed" if passed else "open",
        }
        place = self.facts.places.get(start.fact)
        self._append("limit", row, partial(_due, requirement, due), place)

    # --- marks --------------------------------------------------------------------------------

    def _mark(self, requirement: str, subject: str, what: str, like: int | None) -> None:
        row: Row = {"requirement": requirement, "subject": subject, "what": what}
        place = None if like is None else self.facts.places.get(like)
        number = self._append("mark", row, what if place is None else place.said, place)
        self.limits.marks.setdefault((requirement, subject), []).append((what, number))

    def _subjects(self, whom: _Subjects) -> Mapping[str, date | None]:
        """A requirement's subjects, each with its own date where it has one."""
        known = self._whom.get(whom)
        if known is None:
            found: dict[str, date | None] = {}
            for bound in self.ways.get(whom.body, ()):
                own = _told(bound, whom.date)
                if own is None and whom.date is not None:
                    own = _told(bound, whom.planned)
                day = None if own is None else date.fromordinal(own)
                found.setdefault(str(_told(bound, whom.subject)), day)
            known = self._whom[whom] = found
        return known

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
        without, details = self.limits.not_in_force, self.limits.details
        for requirement, held in self.held.items():
            if requirement in self._without:
                for subject in self._without[requirement]:
                    self._mark(requirement, subject, "not_in_force", None)
            since = self.in_force.get(requirement)
            if since is None:
                continue
            general = review if held.of_review else first
            whom, limited = held.subjects, held.lowered.limit is not None
            if whom is None and not limited and (general is None or general >= since):
                continue
            for subject, own in (_CASE if whom is None else self._subjects(whom)).items():
                key = (requirement, subject)
                detail = details.get(key) if limited else None
                day = (own or general) if detail is None else detail.start.day
                if day is not None and day < since and key not in without:
                    without[key] = day
                    like = None if detail is None else detail.start.fact
                    self._mark(requirement, subject, "not_in_force", like)

    def _recorded(self) -> None:
        for fact_type, words in (("confirmation", None), ("exception", "excepted")):
            recorded: dict[str, list[Row]] = {}
            for row in self.facts.of(fact_type):
                recorded.setdefault(row["requirement"], []).append(row)
            for row in self.facts.of(fact_type):
                held, alike = self.held.get(row["requirement"]), recorded[row["requirement"]]
                if held is None:
                    continue
                subjects: Iterable[str] = (row["subject"],)
                if row["subject"] == "" and held.subjects is not None:  # it is said of everyone
                    own = {other["subject"] for other in alike}
                    subjects = [one for one in self._subjects(held.subjects) if one not in own]
                for subject in subjects:
                    what = words or self._confirmed(row, subject, alike)
                    self._mark(held.id, subject, what, row["fid"])

    def _confirmed(self, row: Row, subject: str, alike: Sequence[Row]) -> str:
        if row["answer"] == "no":
            return "confirmed_no"
        detail = self.limits.details.get((row["requirement"], subject))
        if detail is None:
            return "confirmed"
        since = min(  # what is confirmed for everyone holds for each, from that day on
            other["date"]
            for other in alike
            if other["answer"] == "yes" and other["subject"] in ("", row["subject"])
        )
        return "confirmed_late" if since > detail.due.toordinal() else "confirmed"

    def _delays(self) -> None:
        for held, rule in self.delayed:
            names = (held.id, held.lowered.requirement.tightens)
            for subject in self._of.get(held.id, ()):
                agreed = self._agreed(names, rule.told)
                if agreed is None:
                    continue
                fact, until = agreed
                detail = self.limits.details[held.id, subject]
                self.limits.details[held.id, subject] = detail._replace(agreed_due=until)
                if detail.passed and self.as_of <= until:
                    self._mark(held.id, subject, "extended", fact)

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
