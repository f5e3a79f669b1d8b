"""Limits against limits, on every date from which they can be counted.

Due dates are counted by `cspr_core.calendar` alone. An earlier due date is the stricter one, after
an event (`within`) as before it (`before`, the latest day for a notice); of a hold, which lasts
until then, the later one is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Literal, cast

from cspr_core import calendar as counting
from cspr_core.calendar import Unit
from cspr_core.check import Rules
from cspr_core.kinds.lowered import FORMS
from cspr_core.model.arrangements import Hold, Limited, Requirement
from cspr_core.model.patterns import (
    EventPattern,
    ForEach,
    FormPattern,
    IncidentDate,
    MeetingPattern,
    Period,
    Start,
    SubjectDate,
)
from cspr_core.plugins import national
from cspr_core.report.timing import Timing
from cspr_core.report.words import amount, day, listing
from cspr_core.strictness.orders import why_never_later
from cspr_core.strictness.patterns import narrower
from cspr_core.strictness.verdicts import (
    PUBLISHED,
    Calendar,
    Comparison,
    Dates,
    Verdict,
    known,
    overall,
)

Form = Literal["within", "before", "around", "by"]
_TOO_FAR = "a count leaves the calendar"
_FURTHEST = 200  # numbers that are tried for a remedy


@dataclass(frozen=True)
class Piece:
    """One value of a limit, and the dates of its governing event for which it holds.

    `since` is included, `until` is not; `None` is open. Without `governed_by`, the event that is
    counted from governs. `each` is whose own date the start is, where it is the subject's.
    """

    form: Form
    n: int
    unit: Unit
    start: Start
    each: ForEach | None = None
    governed_by: tuple[EventPattern, ...] = ()
    since: date | None = None
    until: date | None = None

    @property
    def happened(self) -> bool:
        """Only what has happened starts it, never a plan."""
        return self.form == "within" or isinstance(self.start, IncidentDate)


@dataclass(frozen=True)
class Limit:
    """A limit's values in their order. `holds`: something is kept until then, not done by then."""

    pieces: tuple[Piece, ...]
    holds: bool = False


def limit_of(requirement: Requirement, others: Mapping[str, Requirement]) -> Limit | None:
    """A requirement's limit, with that of another (`within: {as: …}`) in its place.

    `None` where it has none. Raises `KeyError` where it takes over the limit of none of `others`.
    """
    if not isinstance(requirement, Limited | Hold):
        return None
    for form in FORMS:
        period = getattr(requirement, form, None)
        if isinstance(period, Period) and period.as_ is not None:
            return limit_of(others[period.as_], others)
    given = [(requirement, None)] if not requirement.values else []
    dated = [*given, *((value, value) for value in requirement.values)]
    pieces = [
        _piece(cast("Form", form), period, requirement.for_each, value)
        for holder, value in dated
        for form in FORMS
        if isinstance(period := getattr(holder, form, None), Period)
    ]
    if not pieces:
        return None
    return Limit(tuple(_followed(pieces)), isinstance(requirement, Hold))


def _piece(form: Form, period: Period, each: ForEach | None, value: object) -> Piece:
    start = cast("Start", period.of)  # a limit without a start is refused when it is read
    by = form == "by"
    return Piece(
        form,
        (0 if by else None) or period.n or 0,
        "days" if by else period.unit or "days",
        start,
        each if isinstance(start, SubjectDate) else None,
        getattr(value, "governed_by", ()),
        getattr(value, "in_force_from", None),
    )


def _followed(pieces: Sequence[Piece]) -> Iterable[Piece]:
    """The pieces, each with the day on which a later one takes its place."""
    for index, piece in enumerate(pieces):
        later = [p for p in pieces[index + 1 :] if _governing(p) == _governing(piece)]
        until = min((p.since or date.min for p in later), default=None)
        yield replace(piece, until=until)


def _governing(piece: Piece) -> tuple[object, ...]:
    return piece.governed_by or (piece.start, piece.each)


# --- due dates ----------------------------------------------------------------------------------


@cache
def _next_working_day(ordinal: int, *, backwards: bool) -> int:
    count = counting.before if backwards else counting.after
    return count(date.fromordinal(ordinal), 1, "working_days").toordinal()


@lru_cache(maxsize=1024)
def _ends(n: int, unit: Unit, calendar: Calendar, *, backwards: bool) -> tuple[int, ...]:
    """Where n units from each date end, as ordinals; the nth working day follows the one before.

    Raises `ValueError` where the count leaves the calendar.
    """
    days = range(calendar.first.toordinal(), calendar.last.toordinal() + 1)
    count = counting.before if backwards else counting.after
    if unit != "working_days":
        return tuple(count(date.fromordinal(d), n, unit).toordinal() for d in days)
    for edge in (calendar.first, calendar.last):
        count(edge, n, unit)  # refused before it is walked
    found = list(days)
    for _ in range(n):
        found = [_next_working_day(d, backwards=backwards) for d in found]
    return tuple(found)


@dataclass(frozen=True)
class _Due:
    """The due date for each date of the calendar, and the first day (of `around`) for each."""

    ends: tuple[int, ...]
    opens: tuple[int, ...] | None


def _due(piece: Piece, calendar: Calendar) -> _Due:
    ends = _ends(piece.n, piece.unit, calendar, backwards=piece.form == "before")
    if piece.form != "around":
        return _Due(ends, None)
    return _Due(ends, _ends(piece.n, piece.unit, calendar, backwards=True))


# --- which dates go together --------------------------------------------------------------------

_Relation = Literal["same day", "new first", "old first"]


def _same_start(one: Piece, other: Piece) -> bool:
    if one.each != other.each:
        return False
    a, b = one.start, other.start
    if isinstance(a, EventPattern | MeetingPattern | FormPattern) and isinstance(
        b, EventPattern | MeetingPattern | FormPattern
    ):
        return narrower(a, b) and narrower(b, a)
    return a == b


def _relation(old: Piece, new: Piece) -> tuple[_Relation, tuple[str, ...]] | None:
    """Which start never comes after the other, and why."""
    if _same_start(old, new):
        return "same day", ()
    if old.happened and new.happened:
        if (why := why_never_later(new.start, old.start)) is not None:
            return "new first", why
        if (why := why_never_later(old.start, new.start)) is not None:
            return "old first", why
    return None


def _bounds(piece: Piece, calendar: Calendar) -> tuple[int, int]:
    """The dates on which a piece can start: the first, and the one after the last, as indices."""
    since, until = piece.since, piece.until
    for event in piece.governed_by:
        if isinstance(piece.start, EventPattern) and event == _plain(piece.start):
            break  # what came before it in the list is absent, or narrows no further
        if not isinstance(piece.start, EventPattern | IncidentDate):
            since = until = None
            continue
        if why_never_later(piece.start, event) is None:
            until = None
        if why_never_later(event, piece.start) is None:
            since = None
    return _indices(since, until, calendar)


def _plain(start: EventPattern) -> EventPattern:
    return EventPattern.model_construct(
        **{name: getattr(start, name) for name in EventPattern.model_fields}
    )


def _bounds_of_both(old: Piece, new: Piece, calendar: Calendar) -> tuple[range, range]:
    """The dates, as indices, on which each can start where both hold.

    What the first of an event governs, holds for the dates of that event: where the other piece
    starts with it, these are the other's dates too.
    """
    found = []
    for piece, other in ((old, new), (new, old)):
        low, high = _bounds(piece, calendar)
        first = other.governed_by[:1]
        if isinstance(piece.start, EventPattern) and first == (_plain(piece.start),):
            governed = _indices(other.since, other.until, calendar)
            low, high = max(low, governed[0]), min(high, governed[1])
        found.append(range(low, high))
    return found[0], found[1]


def _indices(since: date | None, until: date | None, calendar: Calendar) -> tuple[int, int]:
    size = (calendar.last - calendar.first).days + 1
    low = 0 if since is None else max(0, (since - calendar.first).days)
    return low, size if until is None else min(size, max(0, (until - calendar.first).days))


def _never_together(old: Piece, new: Piece) -> bool:
    """Whether one event governs both, and they hold for different dates of it."""
    if _governing(old) != _governing(new):
        return False
    ends_first = new.until is not None and old.since is not None and new.until <= old.since
    begins_after = old.until is not None and new.since is not None and old.until <= new.since
    return ends_first or begins_after


# --- piece against piece ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Pair:
    """What comparing two pieces came to; `why` is a clause."""

    verdict: Verdict
    old: Piece
    new: Piece
    first: Dates | None = None
    why: str = ""

    @property
    def may_be_later(self) -> bool:
        """The new one starts later, by nobody knows how much."""
        return self.verdict == "cannot be compared" and self.why not in ("", _TOO_FAR)


@dataclass(frozen=True)
class _Two:
    """Two pieces, and the earliest and latest dates that they can start on."""

    old: Piece
    new: Piece
    calendar: Calendar
    holds: bool

    def verdict(self) -> _Pair | None:
        """What they come to; `None` where they never hold together."""
        if _never_together(self.old, self.new):
            return None
        related = _relation(self.old, self.new)
        around = "around" in (self.old.form, self.new.form)
        if related is None or (around and related[0] != "same day"):
            return self._pair("cannot be compared")
        relation, reasons = related
        try:
            due = _due(self.old, self.calendar), _due(self.new, self.calendar)
        except ValueError:  # a number so large that it leaves the calendar
            return self._pair("cannot be compared", why=_TOO_FAR)
        starts = _bounds_of_both(self.old, self.new, self.calendar)
        closest = _closest(relation, *starts)
        if not closest:
            return None
        looser = next((pair for pair in closest if self._looser(*due, *pair)), None)
        stricter = any(self._looser(due[1], due[0], n, o) for o, n in closest)
        why = listing(reasons)
        if relation == "same day":
            return self._found(due, looser, why, stricter=stricter)
        if (relation == "new first") != self.holds:
            return self._found(due, looser, why, stricter=True)  # wherever they lie apart
        if stricter:
            return self._pair("cannot be compared", why=why)
        if looser is None or looser[0] != looser[1]:
            looser = self._apart(relation, due, *starts)
        return self._found(due, looser, why, stricter=False)

    def _pair(self, verdict: Verdict, first: Dates | None = None, why: str = "") -> _Pair:
        return _Pair(verdict, self.old, self.new, first, why)

    def _apart(
        self, relation: _Relation, due: tuple[_Due, _Due], old: range, new: range
    ) -> tuple[int, int] | None:
        """The first starts, within a fortnight of each other, on which the new is looser."""
        step = 1 if relation == "old first" else -1
        return next(
            (
                (at_old, at_new)
                for at_old in old
                for at_new in range(at_old + step, at_old + 15 * step, step)
                if at_new in new and self._looser(*due, at_old, at_new)
            ),
            None,
        )

    def _looser(self, old: _Due, new: _Due, at_old: int, at_new: int) -> bool:
        ends = new.ends[at_new] - old.ends[at_old]
        if (ends < 0) if self.holds else (ends > 0):
            return True
        if new.opens is None or old.opens is None:
            return new.opens is None and old.opens is not None
        return new.opens[at_new] < old.opens[at_old]

    def _found(
        self,
        due: tuple[_Due, _Due],
        looser: tuple[int, int] | None,
        why: str,
        *,
        stricter: bool,
    ) -> _Pair:
        if looser is None:
            return self._pair("stricter" if stricter else "same", why=why)
        at_old, at_new = looser
        (old, new), first = due, self.calendar.first
        dates = Dates(
            first + timedelta(days=at_old),
            date.fromordinal(old.ends[at_old]),
            first + timedelta(days=at_new),
            date.fromordinal(new.ends[at_new]),
            None if old.opens is None else date.fromordinal(old.opens[at_old]),
            None if new.opens is None else date.fromordinal(new.opens[at_new]),
        )
        return self._pair("mixed" if stricter else "looser", dates, why)


def _closest(relation: _Relation, old: range, new: range) -> list[tuple[int, int]]:
    """Old and new start on one day, or as near to each other as they can."""
    low = max(old.start, new.start)
    if relation == "same day":
        return [(i, i) for i in range(low, min(old.stop, new.stop))]
    if relation == "new first":
        return [(i, min(i, new.stop - 1)) for i in range(low, old.stop) if new]
    return [(min(i, old.stop - 1), i) for i in range(low, new.stop) if old]


# --- limit against limit ------------------------------------------------------------------------


def compare_limits(
    old: Limit | None,
    new: Limit | None,
    calendar: Calendar = PUBLISHED,
    *,
    old_words: Timing | None = None,
    new_words: Timing | None = None,
) -> Comparison:
    """The verdict on the new limit, over every date of `calendar` that they can count from.

    Where the two count from different events, `ORDERS` decide; where none does, and where the new
    one counts from what comes later and is shorter, they can't be compared. `looser` and `mixed`
    come with the first dates on which the new limit is looser. The words are those of the
    areas, or the shared ones.
    """
    words = new_words or _shared_words()
    says = _Saying(old_words or words, words)
    if old is None or new is None:
        return _one_alone(old, new, says)
    keys = tuple(dict.fromkeys(piece.form for piece in new.pieces))
    if old.holds != new.holds:
        what = "one is a time to do something in, the other a time to keep something up"
        return Comparison("limit", "cannot be compared", what, keys)
    two = [_Two(o, n, calendar, new.holds) for o in old.pieces for n in new.pieces]
    pairs = [pair for one in two if (pair := one.verdict()) is not None]
    held = _held(old, new, calendar)
    verdict = overall([*(pair.verdict for pair in pairs), *([held[0]] if held else [])])
    firsts = [pair for pair in pairs if pair.first is not None]
    first = min(firsts, key=lambda pair: _earliest(pair.first), default=None)
    if not pairs and held is None:
        return Comparison("limit", "cannot be compared", says.never(old, new), keys)
    if first is None and held is not None and held[0] != "stricter":
        return Comparison("limit", verdict, held[1], keys)
    if verdict == "same" and says.limit(new) == says.limit(old, new=False):
        return Comparison("limit", verdict, f"the same limit, “{says.limit(new)}”, {known()}", keys)
    shown = first or next((p for p in pairs if p.verdict == verdict), None)
    if shown is None:
        return Comparison("limit", verdict, held[1] if held else says.never(old, new), keys)
    later = any(pair.may_be_later for pair in pairs)
    return Comparison("limit", verdict, says.pair(shown, verdict), keys, shown.first, later)


def _earliest(dates: Dates | None) -> date:
    return date.max if dates is None else min(dates.old_start, dates.new_start)


def _one_alone(old: Limit | None, new: Limit | None, says: _Saying) -> Comparison:
    if new is not None:
        keys = tuple(dict.fromkeys(piece.form for piece in new.pieces))
        what = f"a limit, where the other has none: {says.limit(new)}"
        return Comparison("limit", "stricter", what, keys)
    if old is not None:
        what = f"no limit, where the other has one: {says.limit(old, new=False)}"
        return Comparison("limit", "looser", what)
    return Comparison("limit", "same", "neither has a limit")


def _held(old: Limit, new: Limit, calendar: Calendar) -> tuple[Verdict, str] | None:
    """Where one of them holds for starts on which the other does not hold yet."""
    since = [
        max(min(piece.since or date.min for piece in limit.pieces), calendar.first)
        for limit in (old, new)
    ]
    if since[0] == since[1]:
        return None
    verdict: Verdict = "looser" if since[1] > since[0] else "stricter"
    told = ["always" if d == calendar.first else f"from {day(d)} on" for d in since]
    return verdict, f"the limit holds {told[1]}, not {told[0]}"


def same_on_calendar(old: Limit | None, new: Limit | None, calendar: Calendar = PUBLISHED) -> bool:
    """Whether two limits are proved to be one and the same on every date of `calendar`.

    They are of one form, count from the same event, hold for the same dates, and every due date
    (and first day) is the same. Anything that is not proved is False; what else two requirements
    may differ in is not looked at.
    """
    if old is None or new is None or old.holds != new.holds:
        return old is new
    if len(old.pieces) != len(new.pieces):
        return False
    for one, other in zip(old.pieces, new.pieces, strict=True):
        if replace(one, n=0, unit="days") != replace(other, n=0, unit="days"):
            return False
        try:
            if _due(one, calendar) != _due(other, calendar):
                return False
        except ValueError:
            return one == other
    return True


def safe_number(old: Limit, new: Limit, calendar: Calendar = PUBLISHED) -> int | None:
    """The nearest number with which the new limit, of one value, would never be the looser one.

    Larger for a notice before something and for a hold, else smaller; `None` where there is none.
    """
    if len(new.pieces) != 1:
        return None
    piece = new.pieces[0]
    longer = piece.form == "before" or new.holds
    stop = piece.n + _FURTHEST if longer else -1
    for n in range(piece.n, stop, 1 if longer else -1):
        tried = Limit((replace(piece, n=n),), new.holds)
        if compare_limits(old, tried, calendar).verdict in ("same", "stricter"):
            return n
    return None


# --- in words -----------------------------------------------------------------------------------


@cache
def _shared_words() -> Timing:
    return Timing(Rules(national(), national()))


@dataclass(frozen=True)
class _Saying:
    """Limits and verdicts in words."""

    old_words: Timing
    new_words: Timing

    def limit(self, limit: Limit, *, new: bool = True) -> str:
        """A limit as a clause; its values joined where they are dated."""
        return listing(dict.fromkeys(self.piece(p, new=new) for p in limit.pieces), "or")

    def piece(self, piece: Piece, *, new: bool) -> str:
        """One value as a clause: `at least 14 days before publication`."""
        start, length = self.start(piece, new=new), amount(piece.n, piece.unit)
        if isinstance(piece.start, SubjectDate) and piece.n == 0:
            return f"by {start}"
        if piece.form == "by" or piece.n == 0:
            return f"by the day of {start}"
        fits = {
            "within": f"within {length} of",
            "before": f"at least {length} before",
            "around": f"at most {length} before or after",
        }
        return f"{fits[piece.form]} {start}"

    def start(self, piece: Piece, *, new: bool) -> str:
        """What a value counts from, as a noun."""
        words = self.new_words if new else self.old_words
        start = piece.start
        if isinstance(start, IncidentDate):
            return "the incident"
        if isinstance(start, SubjectDate):
            return "its own day"
        return words.noun(start)

    def never(self, old: Limit, new: Limit) -> str:
        """Two limits that never hold together."""
        both = f"“{self.limit(new)}” and “{self.limit(old, new=False)}”"
        return f"{both} hold together on none of these dates"

    def pair(self, pair: _Pair, verdict: Verdict) -> str:
        """The verdict on two values, with the dates that show it."""
        new, old = self.piece(pair.new, new=True), self.piece(pair.old, new=False)
        because = f", as {pair.why}" if pair.why else ""
        if verdict == "same":
            return f"“{new}” comes to the same as “{old}”, {known()}"
        if verdict == "stricter":
            return f"“{new}” is never looser than “{old}”, {known()}{because}{self.before(pair)}"
        if pair.first is None:
            return self._open(pair, f"“{new}” cannot be compared with “{old}”")
        what = f"“{new}” is looser than “{old}”"
        return f"{what}, for the first time with {self.dates(pair, pair.first)}, {known()}"

    def before(self, pair: _Pair) -> str:
        """What an earlier start means for whoever has to keep the limit."""
        if not pair.why:
            return ""
        return f"; it can run out before {self.start(pair.old, new=False)}"

    def _open(self, pair: _Pair, cannot: str) -> str:
        if pair.may_be_later:
            late = self.start(pair.new, new=True)
            return f"{cannot}: it counts from what comes later, {late}, and how much later is open"
        why = pair.why or "no order of the two events that they count from is certain"
        return f"{cannot}: {why}"

    def dates(self, pair: _Pair, dates: Dates) -> str:
        """The first dates on which the new limit is looser, with both due dates."""
        new, old = self.start(pair.new, new=True), self.start(pair.old, new=False)
        begun = f"{new} on {day(dates.new_start)}"
        if new != old and dates.new_start == dates.old_start:
            begun = f"{new} and {old} both on {day(dates.new_start)}"
        elif new != old:
            begun += f" and {old} on {day(dates.old_start)}"
        told = f"{begun}: due on {day(dates.new_due)} instead of {day(dates.old_due)}"
        if dates.new_due == dates.old_due and dates.old_opens is not None:
            opens = "any time before" if dates.new_opens is None else f"{day(dates.new_opens)}"
            told = f"{begun}: from {opens} on instead of {day(dates.old_opens)}"
        return told
