"""Calendar facts of many cases: what `cspr_core.limits` derives for one, over columns.

From the facts in tables and the same lowered requirements it makes those of the types `limit` and
`mark`. Working days are looked up in arrays of every day of the calendar, made from
`cspr_core.calendar` itself, which stays the one place that knows weekends and holidays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cspr_core import calendar
from cspr_core.engine.table import Sheet, Way, canonical
from cspr_core.engine.tables import (
    CASE,
    FAR,
    NONE,
    SUBJECT,
    Group,
    Parted,
    Slice,
    Space,
    Tables,
    Wide,
    distinct,
)
from cspr_core.facts import FOREVER
from cspr_core.kinds import Lowered
from cspr_core.kinds.lowered import LimitValue
from cspr_core.kinds.patterns import Origin
from cspr_core.limits import REVIEW_STAGES
from cspr_core.matching import Part, Place, body_of, positions
from cspr_core.model.patterns import DecisionIs
from cspr_core.program import ID, LIMIT_STATES, MARKS, Ref

if TYPE_CHECKING:
    from cspr_core.engine.tables import Array

DAY = "day"  # of a mark: when minutes confirmed it
# What a limit counts from is one number, so that the first is the smallest: whether it comes second
# (a plan, where what happened comes first), the day, the fact, and whether it is a plan.
_FACT_BITS, _DAY_BITS = 32, 22
_FACT, _DAYS = (1 << _FACT_BITS) - 1, (1 << _DAY_BITS) - 1
_NOTHING = np.iinfo(np.int64).max
_LIMIT = ("anchor", "start", "opens", "date", "closes", "state")
WORDS = (*LIMIT_STATES, *MARKS)


class _Origin(NamedTuple):
    """What a limit counts from, as tables are asked."""

    way: Way
    happened: Place
    planned: Place | None
    prefer: str


class _Value(NamedTuple):
    """One dated value of a limit, as tables are asked."""

    value: LimitValue
    origins: tuple[_Origin, ...]
    governed: tuple[tuple[_Origin, ...], ...]


class Due(NamedTuple):
    """A requirement's limits: in which slots there is one, and what it is."""

    space: Space
    there: Array
    start: Array
    date: Array
    limit: Mapping[str, Array]

    def placed(self, space: Space) -> Due:
        """The same limits in the slots of another space."""
        slots = self.space.find(space.c, space.subjects)
        columns = {
            name: np.where(slots >= 0, values[slots], NONE) if len(values) else slots + NONE
            for name, values in self.limit.items()
        }
        there = (slots >= 0) & self.there[slots] if len(self.there) else slots >= 0
        return Due(space, there, columns["start"], columns["date"], columns)


class Held:
    """What requirements ask of the calendar, made once for all partitions."""

    def __init__(self, requirements: Sequence[Lowered]) -> None:
        """Take the requirements, national ones and local ones."""
        self.requirements = {one.requirement.id: one for one in requirements}
        self.subjects = {
            name: None if one.subject.ref is None else _way(one.subject.body, one.subject.ref)
            for name, one in self.requirements.items()
        }
        self.values = {
            name: tuple(_value(value, one) for value in one.limit.values)
            for name, one in self.requirements.items()
            if one.limit is not None
        }

    @property
    def ways(self) -> Iterator[tuple[Way, Sequence[Place]]]:
        """Every way that is asked for, with the places that are read."""
        for name, way in self.subjects.items():
            if way is not None:
                yield way, _own_dates(self.requirements[name])
        for values in self.values.values():
            for value in values:
                for origin in (*value.origins, *(o for some in value.governed for o in some)):
                    at = origin.happened[0]
                    yield (
                        origin.way,
                        [
                            (at, ID),
                            *(place for place in (origin.happened, origin.planned) if place),
                        ],
                    )


def derive_all(
    tables: Tables,
    held: Held,
    as_of: date,
    in_force: Mapping[str, date | None],
    connection: Any,
) -> Mapping[str, Due]:
    """Put the facts of the types `limit` and `mark` into tables; gives the limits by requirement.

    `in_force` tells from which day each requirement is held (`None`: always). The facts are those
    that `cspr_core.limits.derive` adds, but for their own numbers.
    """
    return _Deriving(tables, held, as_of, in_force, connection).run()


# --- days ----------------------------------------------------------------------------------------


class _Calendar(NamedTuple):
    first: int
    upto: Array  # of each day, the number of working days up to it
    workdays: Array  # each working day, in order
    months: Array  # of each day, the months since the first one's January
    of_month: Array  # of each day, its day of the month
    begins: Array  # of each month, the day before its first
    length: Array  # of each month, how many days it has


@cache
def _calendar() -> _Calendar:
    first = calendar.FIRST_DAY
    days = [first + timedelta(n) for n in range((calendar.LAST_DAY - first).days + 1)]
    working = np.frombuffer(calendar.working_days(first, calendar.LAST_DAY), bool)
    ordinals = np.arange(first.toordinal(), first.toordinal() + len(days), dtype=np.int32)
    months = np.array([(d.year - first.year) * 12 + d.month - 1 for d in days], np.int32)
    of_month = np.array([d.day for d in days], np.int32)
    starts = np.flatnonzero(of_month == 1)
    return _Calendar(
        first.toordinal(),
        np.cumsum(working).astype(np.int32),
        ordinals[working],
        months,
        of_month,
        ordinals[starts] - 1,
        np.diff([*starts, len(days)]).astype(np.int32),
    )


def shifted(days: Array, n: int, unit: str, *, backwards: bool) -> Array:
    """The days n units after, or before, others; all are ordinals.

    As `cspr_core.calendar.after` and `before` have it: the nth working day after a day is the one
    whose number is that of the working days up to the day and n; before a day, those up to the day
    before it count. A month that is shorter ends the count on its last day.
    """
    if n == 0 or not len(days):
        return days
    moved: Array
    known = _calendar()
    at = days - known.first
    if unit == "days":
        moved = days - n if backwards else days + n
    elif unit == "months":
        months = known.months[at] + (-n if backwards else n)
        moved = known.begins[months] + np.minimum(known.of_month[at], known.length[months])
    elif backwards:
        moved = known.workdays[known.upto[at - 1] - n]
    else:
        moved = known.workdays[known.upto[at] + n - 1]
    return moved


# --- deriving ------------------------------------------------------------------------------------


class _Deriving:
    def __init__(
        self,
        tables: Tables,
        held: Held,
        as_of: date,
        in_force: Mapping[str, date | None],
        connection: Any,
    ) -> None:
        self.tables, self.held, self.in_force = tables, held, in_force
        self.connection, self.as_of = connection, as_of.toordinal()
        self._sheets: dict[int, Sheet] = {}
        self._firsts: dict[tuple[int, _Origin], Array] = {}
        self._due: dict[str, Due] = {}
        self._without: dict[str, Array] = {}
        # By requirement and the code of what they say.
        self._marks: dict[str, dict[int, list[dict[str, Array]]]] = {}
        self._state = [tables.codes[state] for state in ("open", "passed", "shut")]

    def run(self) -> Mapping[str, Due]:
        for name in self.held.requirements:
            self._limit(name)
        self._put_limits()
        self._in_force()
        self._recorded("exception")
        self._recorded("confirmation")
        self._delays()
        self._put_marks()
        return self._due

    def _space(self, name: str) -> Space:
        way = self.held.subjects[name]
        if way is None or way.subject is None:
            return self.tables.whole
        part = way.body[way.subject[0]]
        held = self.tables.slice(part.type, part.constants)
        return self.tables.space(frozenset([(held, way.subject[1])]))

    def _sheet(self, space: Space) -> Sheet:
        found = self._sheets.get(id(space))
        if found is None:
            found = self._sheets[id(space)] = Sheet(self.tables, space, self.connection)
        return found

    def _mark(self, name: str, space: Space, slots: Array, what: str, day: Array | None) -> None:
        """Add a mark for each of some slots."""
        if len(slots):
            code = self.tables.codes[what]
            of_kind = self._marks.setdefault(name, {}).setdefault(code, [])
            days = np.full(len(slots), NONE, np.int32) if day is None else day
            of_kind.append({CASE: space.c[slots], SUBJECT: space.subjects[slots], DAY: days})

    def _put_marks(self) -> None:
        groups, number = dict[str, Group](), 1
        for name, kinds in self._marks.items():
            parts = {}
            for code, several in kinds.items():
                columns = {
                    column: np.concatenate([one[column] for one in several])
                    for column in several[0]
                }
                upto = number + len(columns[CASE])
                columns[ID] = np.arange(number, upto, dtype=np.int32)
                parts[code] = Group(columns, None)
                if not columns[SUBJECT].any():
                    parts[code].tell(SUBJECT, 0)  # the text ""
                number = upto
            groups[name] = Parted(parts, "what")
        self.tables.put_groups("mark", groups)

    # --- limits -------------------------------------------------------------------------------

    def _limit(self, name: str) -> None:
        limit = self.held.requirements[name].limit
        if name in self._due or limit is None:
            return
        if limit.copies is not None:
            if limit.copies in self.held.requirements:
                self._limit(limit.copies)
                if limit.copies in self._due:
                    self._due[name] = self._due[limit.copies]
            return
        values = self.held.values[name]
        space = self._space(name)
        starts = [self._starts(space, value.origins) for value in values]
        chosen, anything = self._chosen(space, values, starts)
        without = np.flatnonzero(anything & (chosen < 0))
        if len(without):
            self._mark(name, space, without, "not_in_force", None)
            self._without[name] = without
        self._due[name] = self._detail(space, values, starts, chosen)

    def _starts(self, space: Space, origins: Sequence[_Origin]) -> Array:
        """For each slot the first of what can be counted from, as one number; else `_NOTHING`."""
        found = [self._first(space, origin) for origin in origins]
        return np.minimum.reduce(found) if len(found) > 1 else found[0]

    def _first(self, space: Space, origin: _Origin) -> Array:
        key = (id(space), origin)
        found = self._firsts.get(key)
        if found is None:
            found = self._firsts[key] = self._sought(space, origin)
        return found

    def _sought(self, space: Space, origin: _Origin) -> Array:
        places = [(origin.happened[0], ID), origin.happened]
        if origin.planned is not None:
            places.append(origin.planned)
        slots, (fact, happened, *rest) = self._sheet(space).hits(origin.way, places)
        first = np.full(len(space), _NOTHING)
        planned = rest[0] if rest and origin.prefer != "date" else None
        if origin.prefer == "planned":
            _firsts(first, slots, fact, planned, of_plan=True, later=False)
            left = None if planned is None else planned == NONE
            _firsts(first, slots, fact, happened, left, of_plan=False, later=True)
        else:
            _firsts(first, slots, fact, happened, of_plan=False, later=False)
            _firsts(first, slots, fact, planned, happened == NONE, of_plan=True, later=True)
        return first

    def _chosen(
        self, space: Space, values: Sequence[_Value], starts: Sequence[Array]
    ) -> tuple[Array, Array]:
        """For each slot the number of the last value in force (-1: none), and where any governs."""
        chosen = np.full(len(space), -1, np.int32)
        anything = np.zeros(len(space), bool)
        for number, (value, mine) in enumerate(zip(values, starts, strict=True)):
            governing = mine
            if value.governed:
                # What governs is asked in this order: the first group with anything decides.
                governing = np.full(len(space), _NOTHING)
                for origins in value.governed:
                    found = self._starts(space, origins)
                    governing = np.where(governing == _NOTHING, found, governing)
            there = governing != _NOTHING
            anything |= there
            since = value.value.in_force_from
            if since is not None:
                there &= _day(governing) >= since.toordinal()
            chosen[there] = number
        return chosen, anything

    def _detail(
        self, space: Space, values: Sequence[_Value], starts: Sequence[Array], chosen: Array
    ) -> Due:
        n = len(space)
        there = np.zeros(n, bool)
        columns = {name: np.full(n, NONE, np.int32) for name in _LIMIT}
        for number, (value, mine) in enumerate(zip(values, starts, strict=True)):
            slots = np.flatnonzero((chosen == number) & (mine != _NOTHING))
            first = mine[slots]
            start = _day(first)
            planned = first & 1 == 1
            if value.value.form == "by" and all(o.prefer != "planned" for o in value.origins):
                lapsed = planned & (start < self.as_of)
                if lapsed.any():
                    slots, first = slots[~lapsed], first[~lapsed]
                    start, planned = start[~lapsed], planned[~lapsed]
            there[slots] = True
            told = self._told(value.value, start, planned)
            told["anchor"] = ((first >> 1) & _FACT).astype(np.int32)
            for name, values_ in told.items():
                columns[name][slots] = values_
        return Due(space, there, columns["start"], columns["date"], columns)

    def _told(self, value: LimitValue, start: Array, planned: Array) -> dict[str, Array | np.int32]:
        """What a limit says, for each day that it starts on; what is the same for all, once."""
        open_, passed, closed = (np.int32(state) for state in self._state)
        opens: Array | np.int32 = np.int32(0)
        closes: Array | np.int32 = np.int32(FOREVER)
        if value.form == "before":
            due = shifted(start, value.n, value.unit, backwards=True)
            # On the day itself it can still be done, where that day is the limit.
            today = self.as_of
            shut = ~planned & ((start < today) | ((due < today) & (start == today)))
            state = np.where(shut, closed, np.where(due < today, passed, open_))
            closes = np.where(shut, start, closes)
        else:
            due = shifted(start, value.n, value.unit, backwards=False)
            state = np.where(due < self.as_of, passed, open_)
            if value.form == "around":
                opens = shifted(start, value.n, value.unit, backwards=True)
        return {"start": start, "opens": opens, "date": due, "closes": closes, "state": state}

    def _put_limits(self) -> None:
        groups, number = dict[str, Group](), 1
        for name, due in self._due.items():
            groups[name] = wide = Wide(due.space, due.there, due.limit, number)
            number += len(wide)
        self.tables.put_groups("limit", groups)

    # --- marks --------------------------------------------------------------------------------

    def _least(self, *tests: tuple[str, str, Any]) -> Array:
        """The first day of the events that pass tests, for each case; else `FAR`."""
        constants = canonical((Part("event", tests, (), negated=False),))[0].constants
        held = self.tables.slice("event", constants)
        return self.tables.whole.place(held, None).least(["date"])

    def _in_force(self) -> None:
        review = self._least(("==", "name", "decision"), ("==", "outcome", "local_review"))
        first = self._least(("in", "name", ("referral_received", "aware", "notified")))
        record = np.where(first == FAR, self._least(("==", "name", "incident")), first)
        for name, lowered in self.held.requirements.items():
            since = self.in_force.get(name)
            if since is None:
                continue
            requirement = lowered.requirement
            of_review = requirement.stage in REVIEW_STAGES or any(
                isinstance(condition, DecisionIs) for condition in requirement.when
            )
            space = self._space(name)
            day = (review if of_review else record)[space.c]
            own = self._own(name, space)
            if own is not None:
                day = np.where(own != FAR, own, day)
            due = self._due.get(name)
            if due is not None:
                mine = due if due.space is space else due.placed(space)
                day = np.where(mine.there, mine.start, day)
            before = day < since.toordinal()
            if name in self._without:
                before[self._without[name]] = False
            if before.any():
                self._mark(name, space, np.flatnonzero(before), "not_in_force", None)

    def _own(self, name: str, space: Space) -> Array | None:
        """The date that each subject has of its own, else `FAR`."""
        way, lowered = self.held.subjects[name], self.held.requirements[name]
        places = _own_dates(lowered)
        if way is None or not places:
            return None
        slots, (fact, *dates) = self._sheet(space).hits(way, [(places[0][0], ID), *places])
        own = dates[0]
        for other in dates[1:]:
            own = np.where(own == NONE, other, own)
        # Of several facts about one subject the first tells its date, be it known or not.
        numbers = (fact.astype(np.int64) << 32) | (own.astype(np.int64) - NONE)
        first = np.full(len(space), _NOTHING)
        np.minimum.at(first, slots[slots >= 0], numbers[slots >= 0])
        day = (first & _FACT) + NONE
        return np.where((first == _NOTHING) | (day == NONE), FAR, day).astype(np.int32)

    def _recorded(self, fact_type: str) -> None:
        """Marks of what minutes confirm, or of recorded exceptions."""
        for name in self.held.requirements:
            held = self.tables.slice(fact_type, (("==", "requirement", name),))
            if len(held):
                self._record(fact_type, name, held)

    def _record(self, fact_type: str, name: str, held: Slice) -> None:
        cases, subjects = held.column(CASE), held.column(SUBJECT)
        space = self._space(name)
        rows = np.arange(len(cases))
        about = Space(self.tables, cases, subjects)
        if space.s is not None:
            about, rows = _for_each(space, about)
        if fact_type == "exception":
            self._mark(name, about, np.arange(len(rows)), "excepted", None)
            return
        yes, dates = held.column("answer") == self.tables.codes["yes"], held.column("date")
        confirmed = np.flatnonzero(yes[rows])
        refused = np.flatnonzero(~yes[rows])
        self._mark(name, about, refused, "confirmed_no", dates[rows[refused]])
        due = self._due.get(name)
        late = np.zeros(len(confirmed), bool)
        if due is not None and len(due.space):
            # What is confirmed for everyone holds for each, from that day on.
            given = Space(self.tables, cases, subjects)
            since = _since(given, dates, yes)[rows[confirmed]]
            slots = due.space.find(about.c[confirmed], about.subjects[confirmed])
            late = (slots >= 0) & due.there[slots] & (since > due.date[slots])
        for what, chosen in (("confirmed", confirmed[~late]), ("confirmed_late", confirmed[late])):
            self._mark(name, about, chosen, what, dates[rows[chosen]])

    def _delays(self) -> None:
        for name, lowered in self.held.requirements.items():
            rule, due = lowered.requirement.delay, self._due.get(name)
            if rule is None or due is None:
                continue
            names = tuple(n for n in (name, lowered.requirement.tightens) if n is not None)
            agreed = self.tables.slice(
                "delay", (("==", "agreed", "yes"), ("in", "requirement", names))
            )
            if not len(agreed):
                continue
            cases, until = agreed.column(CASE), agreed.column("agreed_due")
            keep = np.ones(len(cases), bool)
            for word in rule.told:
                told = self.tables.slice("delay_told", (("==", "to", word),))
                informed = Space(self.tables, *distinct(told.column(CASE), told.column("delay")))
                keep &= informed.find(cases, agreed.column("delay")) >= 0
            latest = np.full(self.tables.cases, NONE, np.int32)
            np.maximum.at(latest, cases[keep], until[keep])
            runs = latest[due.space.c]
            extended = due.there & (due.date < self.as_of) & (runs != NONE) & (self.as_of <= runs)
            self._mark(name, due.space, np.flatnonzero(extended), "extended", None)


def _firsts(  # noqa: PLR0913
    first: Array,
    slots: Array,
    facts: Array,
    days: Array | None,
    left: Array | None = None,
    *,
    of_plan: bool,
    later: bool,
) -> None:
    """Keep the first that counts in each slot, as one number, of facts that have a day.

    `left` says of which facts (`None`: of all).
    """
    if days is None:
        return
    known = days != NONE if left is None else left & (days != NONE)
    if not known.all():
        slots, facts, days = slots[known], facts[known], days[known]
    if not len(slots):
        return
    numbers = days.astype(np.int64)
    numbers <<= _FACT_BITS
    numbers |= facts
    numbers <<= 1
    numbers |= of_plan | later << (_FACT_BITS + _DAY_BITS + 1)
    np.minimum.at(first, slots, numbers)


def _day(first: Array) -> Array:
    """The day of what is counted from."""
    return ((first >> (_FACT_BITS + 1)) & _DAYS).astype(np.int32)


def _for_each(space: Space, records: Space) -> tuple[Space, Array]:
    """Whom records are about: each's own, and those for everyone that has none of its own.

    Gives cases and subjects, and the number of the record for each.
    """
    cases, subjects = records.c, records.subjects
    own, general = np.flatnonzero(subjects != 0), np.flatnonzero(subjects == 0)
    starts, ends = space.starts[cases[general]], space.starts[cases[general] + 1]
    each = ends - starts
    rows = np.repeat(general, each)
    before = np.repeat(np.cumsum(each) - each, each)
    slots = np.arange(len(rows)) - before + np.repeat(starts, each)
    if len(own):
        named = Space(space.tables, *distinct(cases[own], subjects[own]))
        left = named.find(space.c[slots], space.subjects[slots]) < 0
        rows, slots = rows[left], slots[left]
    about = Space(
        space.tables,
        np.concatenate([cases[own], space.c[slots]]),
        np.concatenate([subjects[own], space.subjects[slots]]),
    )
    return about, np.concatenate([own, rows])


def _since(records: Space, dates: Array, yes: Array) -> Array:
    """For each record the first day on which it, or one for everyone, was confirmed."""
    cases, subjects = records.c, records.subjects
    if bool((cases[1:] > cases[:-1]).all()):
        return np.where(yes, dates, FAR)  # one record for each case, as it usually is
    given = Space(records.tables, *distinct(cases, subjects))
    least = np.full(len(given), FAR, np.int32)
    np.minimum.at(least, given.find(cases[yes], subjects[yes]), dates[yes])
    own: Array = least[given.find(cases, subjects)]
    general = given.find(cases, np.zeros(len(cases), np.int32))
    return np.where(general >= 0, np.minimum(own, least[general]), own)


def _way(body: Sequence[Any], ref: Ref) -> Way:
    at = positions(body)
    place = (at[ref.alias], ref.column)
    return Way(canonical(body_of(body)), place, place, ())


def _value(value: LimitValue, lowered: Lowered) -> _Value:
    ref = lowered.subject.ref
    return _Value(
        value,
        tuple(_origin(origin, ref) for origin in value.origins),
        tuple(tuple(_origin(origin, ref) for origin in some) for some in value.governed),
    )


def _origin(origin: Origin, ref: Ref | None) -> _Origin:
    at = positions(origin.body)
    subject = None if ref is None else (at[ref.alias], ref.column)
    happened = (at[origin.date.alias], origin.date.column)
    planned = None if origin.planned is None else (at[origin.planned.alias], origin.planned.column)
    way = Way(canonical(body_of(origin.body)), subject, (happened[0], ID), ())
    return _Origin(way, happened, planned, origin.prefer)


def _own_dates(lowered: Lowered) -> list[Place]:
    """Where a subject's own date stands: what happened, then what is planned."""
    subject = lowered.subject
    if subject.date is None:
        return []
    at = positions(subject.body)["s"]
    return [(at, ref.column) for ref in (subject.date, subject.planned) if ref is not None]
