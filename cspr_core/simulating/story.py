"""A case in the making: what is known of it so far, and how the next thing is drawn.

Days are ordinals. A story is told to its end, whatever the day of the caseload; `cut` then leaves
what can be known on that day.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

from cspr_core.simulating.days import WorkingDays
from cspr_core.simulating.dice import Dice
from cspr_core.simulating.distributions import Chances, Distributions, Gap, Share, Shares, Timing
from cspr_core.simulating.limits import Subject, Window, window
from cspr_core.simulating.log import Log
from cspr_core.simulating.setting import PARTNERS, Asked, Setting

W = TypeVar("W", bound=str)
Data = dict[str, Any]
_EVERYTHING = 10**9
_AHEAD = 200  # days
WORKED_WITH_CHILD = frozenset(
    "practitioner line_manager team_manager social_worker officer_in_charge".split()
)
_FURTHER = ("education", "housing", "community_health", "probation", "mental_health",
            "youth_justice", "voluntary_sector")  # fmt: skip
_SENIOR = frozenset("member chair senior_manager designated_doctor".split())


class World(NamedTuple):
    """What all cases of one area have in common: its arrangements, the shares, the years."""

    setting: Setting
    by: Distributions
    days: WorkingDays
    first: int  # the first day on which a case may begin
    as_of: int


class Story:
    """One case: its people, its events and what is recorded of it."""

    def __init__(self, name: str, world: World) -> None:
        """Take the name that all chance in the story depends on."""
        self.dice = Dice(name)
        self._random = self.dice.random
        self.world, self.by, self.days, self.setting = world, world.by, world.days, world.setting
        self.log = Log()
        self.children: list[Data] = []
        self.incident: Data = {}
        self.agencies: dict[str, Data] = {}
        self.criteria: Data = {}
        self.criteria_on = _EVERYTHING
        self.people: dict[str, Data] = {}
        self.groups: dict[str, Data] = {}
        self.confirmed: list[Data] = []
        self.exceptions: list[Data] = []
        self.plans: list[tuple[int, int]] = []  # when a day for publication was set, and which
        self.stages: dict[str, int] = {}  # the first day of each stage that is reached
        self.horizon = world.as_of + _AHEAD  # what lies beyond can't be known yet
        self.end = _EVERYTHING  # the day on which the review stopped, if it did

    # --- what is drawn ---

    def yes(self, share: Share) -> bool:
        """Whether it is so in this case."""
        return self._random() * 100 < share.share

    def pick(self, shares: Shares[W]) -> W:
        """One of the words, by their shares."""
        return self.dice.among(*shares.table)

    def chosen(self, chances: Chances[W]) -> list[W]:
        """Those of the words that it falls on."""
        return [word for word, percent in chances.chances.items() if self.dice.share(percent)]

    def length(self, gap: Gap) -> int:
        """A number of days, of the gap's own unit."""
        between = gap.gap
        return min(between.least + self.dice.tail(between.mean - between.least), between.most)

    def after(self, day: int, gap: Gap) -> int:
        """A day after another, or on it; a working day where the gap is one of working days."""
        length = self.length(gap)
        if gap.gap.unit == "days":
            return day + length
        return self.days.plus(day - 1, 1 + length)

    def against(self, due: int, timing: Timing) -> int:
        """A working day on or before a limit, or past it."""
        when = timing.timing
        if self.dice.share(when.late):
            late = min(1 + self.dice.tail(when.after - 1), when.most)
            return self.days.plus(due, late)
        return self.days.plus(due + 1, -1 - self.dice.tail(when.before))

    # --- limits ---

    def window(self, asked: Asked, subject: Subject | None = None) -> Window:
        """From when until when something is in time."""
        return window(asked.limit, self.setting.limits, self.log, self.days, subject or Subject())

    def due(self, event: str, subject: Subject | None = None) -> int | None:
        """The day by which deadlines ask for an event of this type, as far as it can be told."""
        limit = self.setting.by_event.get(event)
        if limit is None:
            return None
        limits = self.setting.limits
        return window(limit, limits, self.log, self.days, subject or Subject()).due

    # --- agencies and people ---

    def involved(self) -> list[str]:
        """The agencies that were involved, by key."""
        return [name for name, agency in self.agencies.items() if agency["involved"] == "yes"]

    def key_of(self, kind: str) -> str:
        """The key of an agency of this kind; the kind itself where none has another."""
        for name, agency in self.agencies.items():
            if agency.get("kind") == kind:
                return name
        return kind

    def person(self, agency: str | None, roles: list[str], since: int) -> str:
        """Somebody new, with what is known of them, from a day on."""
        name = f"p{len(self.people) + 1}"
        person: Data = {} if agency is None else {"agency": agency}
        person["roles"] = roles
        for quality in self.setting.qualities:
            if not self.yes(self.by.quality_unknown):
                usual = self._usually(quality, roles) != self.yes(self.by.quality_unusual)
                person[quality] = "yes" if usual else "no"
        person["_since"] = since
        self.people[name] = person
        return name

    @staticmethod
    def _usually(quality: str, roles: list[str]) -> bool:
        """Whether the answer is yes for people with these roles."""
        if quality == "senior_manager":
            return not _SENIOR.isdisjoint(roles)
        if quality == "multi_agency_experience":
            return True
        return not WORKED_WITH_CHILD.isdisjoint(roles)

    def with_role(self, role: str) -> str | None:
        """The first person with this role."""
        for name, person in self.people.items():
            if role in person["roles"]:
                return name
        return None

    def member(self, kind: str, roles: list[str], since: int, taken: list[str]) -> str:
        """Somebody of this kind with these roles who is not among the taken, found or new."""
        key = self.key_of(kind)
        for name, person in self.people.items():
            if name in taken or person.get("agency") != key or "member" not in person["roles"]:
                continue
            if set(roles) <= set(person["roles"]):
                return name
        return self.person(key, [*roles, "member"], since)

    def group(self, body: str, since: int, *, apart_from: tuple[str, ...] = ()) -> Data:
        """The people of a body, as its arrangements ask for them; made when first needed."""
        if body in self.groups:
            return self.groups[body]
        members: list[str] = []
        others = [m for other in apart_from for m in self.groups.get(other, {}).get("people", ())]
        overlap = self.yes(self.by.in_both_groups)
        for kinds, roles in self._places(body):
            if self.yes(self.by.seat_open):
                continue
            taken = members if overlap else [*members, *others]
            members.append(self.member(self.dice.one(kinds), roles, since, taken))
        for kind in self._more_kinds(body):
            if not self.yes(self.by.seat_open):
                self._note_involvement(kind)
                members.append(self.member(kind, [], since, members))
        found: Data = {"people": members, "since": since, "_left": {}}
        self._chair(body, found, since)
        self.groups[body] = found
        return found

    def _places(self, body: str) -> list[tuple[tuple[str, ...], list[str]]]:
        """Kinds of agency and roles of each place in a body."""
        seats = [s for s in self.setting.seats.get(body, ()) if s.kind or s.role]
        places: dict[tuple[tuple[str, ...], tuple[str, ...]], None] = {}
        for seat in seats:
            places[(seat.kind or ("icb",), seat.role[:1])] = None
        covered = {kinds for kinds, _ in places}
        for kind in PARTNERS:
            if (kind,) not in covered:
                places[((kind,), ())] = None
        return [(kinds, list(roles)) for kinds, roles in places if roles != ("scrutineer",)]

    def _more_kinds(self, body: str) -> list[str]:
        """The kinds of the partners beyond the places of a body."""
        if body != "review_group":
            return []
        more = self.setting.further.get(body, 2)
        strangers = [kind for kind in _FURTHER if self._stands_apart(kind)]
        others = [kind for kind in _FURTHER if kind not in strangers]
        return [*self.dice.some(strangers, 1), *self.dice.some(others, more - 1)]

    def _stands_apart(self, kind: str) -> bool:
        """Whether agencies of this kind have had nothing to do with the child or the family."""
        agency = self.agencies.get(self.key_of(kind))
        return agency is None or agency["involved"] == "no"

    def _note_involvement(self, kind: str) -> None:
        """Record of an agency that comes into the review's group that it was not involved."""
        key = self.key_of(kind)
        if key not in self.agencies and not self.yes(self.by.quality_unknown):
            self.agencies[key] = {"involved": "no"}

    def _chair(self, body: str, group: Data, since: int) -> None:
        if body == "review_group":
            group["chair"] = self.with_role("lead_reviewer")
            return
        seat = self.setting.chairs.get(body)
        role = seat.role[0] if seat is not None and seat.role else None
        if role is not None and not self.yes(self.by.led_by_another):
            group["chair"] = self.with_role(role) or self.person(
                self.key_of("icb"), [role, "member"], since
            )
        elif group["people"]:
            group["chair"] = self.dice.one(group["people"])
