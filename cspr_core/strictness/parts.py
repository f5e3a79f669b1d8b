"""The makings of requirements against each other: who is asked, told, there, and what has to be so.

Each function gives parts: a verdict on one point, with a clause that says it. No limits here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from cspr_core.model.arrangements import (
    Absent,
    Attendance,
    Composition,
    Criterion,
    Form,
    Further,
    Hold,
    Independence,
    Number_,
    Requirement,
    Rule,
    Seat,
)
from cspr_core.model.patterns import ForEach
from cspr_core.report.timing import Timing
from cspr_core.report.words import listing, spaced
from cspr_core.strictness.patterns import narrower, narrower_seat, within
from cspr_core.strictness.verdicts import Verdict


class Part(NamedTuple):
    """A verdict on one point of the new requirement, and a clause that says it."""

    verdict: Verdict
    words: str


Parts = Iterator[Part]


class Said(NamedTuple):
    """The words of the old and the new area; and what the old is called: before that."""

    old: Timing
    new: Timing
    before: str = "before that"


def _more(
    old: Iterable[str], new: Iterable[str], what: str, name: Callable[[str], str] = spaced
) -> Parts:
    """Of what all has to be so: fewer is looser, more is stricter."""
    gone, come = [w for w in old if w not in new], [w for w in new if w not in old]
    if gone:
        yield Part("looser", f"no longer {what}: {listing(map(name, gone))}")
    if come:
        yield Part("stricter", f"{what} as well: {listing(map(name, come))}")


def _narrowed(old: tuple[str, ...], new: tuple[str, ...], what: str, said: Said) -> Parts:
    """Of what one has to be so, or anything where none is named: fewer is stricter."""
    if set(old) == set(new):
        return
    now, was = (listing(map(said.new.words.name, w), "or") or "any" for w in (new, old))
    told = f"{what}: {now}, {said.before} {was}"
    narrow, wide = within(new, old), within(old, new)
    yield Part("stricter" if narrow else "looser" if wide else "cannot be compared", told)


def _number(old: int, new: int, what: str) -> Parts:
    """Of what there have to be so many: fewer is looser."""
    if new != old:
        yield Part("stricter" if new > old else "looser", f"{what}: {new} instead of {old}")


def _one(old: object, new: object, added: str, dropped: str) -> Parts:
    """What is asked for or is not; another one can't be compared."""
    if old == new:
        return
    if old is None or new is None:
        yield Part("stricter", added) if old is None else Part("looser", dropped)
    else:
        yield Part("cannot be compared", f"{added}, and no longer what was asked for before")


# --- seats --------------------------------------------------------------------------------------


def _seats(old: Sequence[Seat], new: Sequence[Seat], said: Said) -> Parts:
    """Places that have all to be filled: one that nothing in the new ones fills is dropped."""
    for seat in _unfilled(old, new):
        yield Part("looser", f"nobody has to be there for: {said.old.words.seat(seat)}")
    for seat in _unfilled(new, old):
        yield Part("stricter", f"somebody has to be there for: {said.new.words.seat(seat)}")


def _unfilled(wanted: Sequence[Seat], given: Sequence[Seat]) -> list[Seat]:
    """The places that are left when each is filled by one that is at least as narrow."""
    filler: dict[int, int] = {}  # which of the given fills which of the wanted

    def fill(seat: int, tried: set[int]) -> bool:
        for index, other in enumerate(given):
            if index not in tried and narrower_seat(other, wanted[seat]):
                tried.add(index)
                holder = next((w for w, g in filler.items() if g == index), None)
                if holder is None or fill(holder, tried):
                    filler[seat] = index
                    return True
        return False

    return [seat for index, seat in enumerate(wanted) if not fill(index, set())]


# --- kinds --------------------------------------------------------------------------------------


def composition(old: Composition, new: Composition, said: Said) -> Parts:
    """Who a body is made up of."""
    if old.body != new.body:
        yield Part("cannot be compared", "it is about another body")
        return
    yield from _seats(old.seats, new.seats, said)
    none = Further(n=0)
    was, now = old.further or none, new.further or none
    yield from _number(was.n, now.n, "further partners")
    yield from _number(was.uninvolved, now.uninvolved, "partners without any involvement")
    led, leads = (() if r.chair is None else (r.chair,) for r in (old, new))
    for part in _seats(led, leads, said):
        yield Part(part.verdict, part.words.replace("be there for", "be in the chair as"))


def independence(old: Independence, new: Independence, said: Said) -> Parts:
    """What has to be true of each person."""
    name = said.new.words.name
    yield from _more(old.no, new.no, "asked to be no")
    yield from _more(old.yes, new.yes, "asked to be yes")
    yield from _more(old.not_in, new.not_in, "kept apart from", name)
    yield from _more(old.not_role, new.not_role, "kept apart from the role of", name)
    yield from _narrowed(old.only, new.only, "from which agencies", said)


def attendance(old: Attendance, new: Attendance, said: Said) -> Parts:
    """Who is there, and who is not."""
    if old.at != new.at:
        yield Part("cannot be compared", "it is asked of other meetings")
    yield from _seats(old.present, new.present, said)
    if old.substitutes != new.substitutes:
        allowed = new.substitutes is not None
        yield Part(
            "looser" if allowed else "stricter",
            "substitutes count" if allowed else "substitutes do not count any more",
        )
    sent, send = (0 if r.agencies is None else r.agencies.n for r in (old, new))
    yield from _number(sent, send, "agencies")
    if old.agencies is not None and new.agencies is not None:
        roles = old.agencies.role, new.agencies.role
        yield from _narrowed(*roles, "whom the agencies send", said)
    yield from _one(
        old.everyone, new.everyone, "every member has to be there", "not every member has to come"
    )
    yield from _absent(old.absent, new.absent)
    yield from _narrowed(old.led_by, new.led_by, "who leads it", said)


def _absent(old: Absent | None, new: Absent | None) -> Parts:
    if old == new:
        return
    told = "fewer people have to stay away", "more people have to stay away"
    if old is None or new is None:
        yield Part("stricter", told[1]) if old is None else Part("looser", told[0])
        return
    qualities = [
        {("role", one.role)} - {("role", None)}
        | {("yes", word) for word in one.yes}
        | {("no", word) for word in one.no}
        for one in (old, new)
    ]
    if qualities[0] < qualities[1]:
        yield Part("looser", told[0])
    elif qualities[1] < qualities[0]:
        yield Part("stricter", told[1])
    else:
        yield Part("cannot be compared", "other people have to stay away")


def form(old: Form, new: Form, said: Said) -> Parts:
    """What a form has to have."""
    yield from _more(old.signed, new.signed, "signed by", said.new.words.name)
    yield from _more(old.boxes, new.boxes, "filled in")


def count(old: Number_, new: Number_, said: Said) -> Parts:
    """How many there are."""
    if old.of != new.of:
        yield Part("cannot be compared", "something else is counted")
        return
    yield from _number(old.min, new.min, "at least")
    if old.max != new.max:
        most = float("inf")
        fewer = (most if new.max is None else new.max) < (most if old.max is None else old.max)
        allowed = "any number" if new.max is None else str(new.max)
        before = "any number" if old.max is None else str(old.max)
        yield Part("stricter" if fewer else "looser", f"at most: {allowed}, {said.before} {before}")


def criterion(old: Criterion, new: Criterion, _said: Said) -> Parts:
    """What has to be considered and answered."""
    if old.question != new.question:
        yield Part("cannot be compared", "another question is asked")
    yield from _one(old.reason, new.reason, "a reason is asked for", "no reason is asked for")
    yield from _more(old.all, new.all, "asked about each child")


def hold(old: Hold, new: Hold, said: Said) -> Parts:
    """What is not done meanwhile, and while what runs."""
    yield from _more(old.running, new.running, "held while this runs", said.new.words.name)
    if bool(old.running) != bool(new.running):
        yield Part("cannot be compared", "one holds while something runs, the other for a time")
    wide, narrow = narrower(old.hold, new.hold), narrower(new.hold, old.hold)
    if not (wide and narrow):
        told = f"held: {said.new.noun(new.hold)}, {said.before} {said.old.noun(old.hold)}"
        yield Part("stricter" if wide else "looser" if narrow else "cannot be compared", told)


def rule(old: Rule, new: Rule, _said: Said) -> Parts:
    """Raw patterns: alike, or nobody can say."""
    if (old.match, old.decide) != (new.match, new.decide):
        yield Part("cannot be compared", "its patterns are others: read both")


def subjects(old: ForEach | None, new: ForEach | None, said: Said) -> Parts:
    """Whom or what it is asked of, one by one."""
    old, new = old or ForEach(), new or ForEach()
    if old == new:
        return
    name = said.new.words.name
    told = (*old.recipient, *old.should), (*new.recipient, *new.should)
    own = {"recipient": (), "should": (), "agency": None, "first": None}
    if old.model_copy(update=own) != new.model_copy(update=own) or (
        (old.agency is None) != (new.agency is None) or bool(told[0]) != bool(told[1])
    ):
        yield Part("cannot be compared", "it is asked of others, one by one")
        return
    yield from _more(*told, "told", name)
    forced = (
        [r for r in new.should if r in old.recipient],
        [r for r in new.recipient if r in old.should],
    )
    if forced[0]:
        yield Part("looser", f"only a should for {listing(map(name, forced[0]))}")
    if forced[1]:
        yield Part("stricter", f"more than a should for {listing(map(name, forced[1]))}")
    if old.agency != new.agency:
        every = new.agency == "any"
        whom = "every agency on record" if every else "only those agencies that were involved"
        yield Part("stricter" if every else "looser", f"asked of {whom}")
    if old.first != new.first:
        every = new.first is None
        which = "every meeting" if every else "the first meeting only"
        yield Part("stricter" if every else "looser", f"asked of {which}")


_BY_KIND: dict[type[Requirement], tuple[str, Callable[..., Parts]]] = {
    Composition: ("people", composition),
    Independence: ("people", independence),
    Attendance: ("people", attendance),
    Form: ("form", form),
    Number_: ("count", count),
    Criterion: ("question", criterion),
    Hold: ("hold", hold),
    Rule: ("rule", rule),
}


def of_kind(old: Requirement, new: Requirement, said: Said) -> tuple[str, list[Part]]:
    """What two requirements of one kind come to in what is their kind's own: its aspect, parts."""
    if type(new) not in _BY_KIND:
        return "", []
    aspect, compare = _BY_KIND[type(new)]
    return aspect, list(compare(old, new, said))
