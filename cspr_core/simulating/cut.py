"""What can be known of a story on the day of the caseload, as a case file has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any

from cspr_core.model.scalars import FIRST_YEAR, LAST_YEAR
from cspr_core.simulating.log import Entry
from cspr_core.simulating.story import Data, Story
from cspr_core.vocabulary import vocabulary

_EARLIEST = date(FIRST_YEAR, 1, 1).toordinal()
_LATEST = date(LAST_YEAR, 12, 31).toordinal()
_PLANNABLE = frozenset(
    [name for name, kind in vocabulary().events.items() if kind.gathering]
    + ["publication", "findings_shared", "press_statement", "members_briefed", "sign_off"]
)
_DAYS = frozenset({"date", "planned", "return_by"})
_MANY = frozenset({"attended", "unclear", "invited", "agenda", "apologies", "substitutes"})
_ATTENDANCE = ("attended", "unclear", "apologies")


@cache
def _day(ordinal: int) -> date:
    """The day, or the nearest that a case file takes."""
    return date.fromordinal(min(max(ordinal, _EARLIEST), _LATEST))


def cut(story: Story, reference: str) -> Data:
    """The story as the case file of this reference, as of the day of the caseload."""
    return _Cut(story).case(reference)


class _Cut:
    def __init__(self, story: Story) -> None:
        self.story = story
        self.as_of = story.world.as_of
        self.until = min(self.as_of, story.end)
        self.people = {n for n, p in story.people.items() if p["_since"] <= self.as_of}

    def case(self, reference: str) -> Data:
        """All sections that hold something, in the order of a case file."""
        story = self.story
        data: Data = {
            "schema": "cspr.case/1",
            "case": reference,
            "partnership": story.setting.area,
            "children": story.children,
            "incident": self._dated(story.incident, ("date",)),
        }
        sections: Data = {
            "agencies": story.agencies,
            "criteria": story.criteria if story.criteria_on <= self.until else {},
            "people": {name: _shown(story.people[name]) for name in story.people
                       if name in self.people},
            "groups": self._groups(),
            "events": self._events(),
            "meetings": self._meetings(),
            "forms": [self._form(form) for form in story.log.forms
                      if form["received"] <= self.until],
            "parallel": list(self._parallel()),
            "delays": [self._delay(one) for one in story.log.delays if one["arose"] <= self.until],
        }  # fmt: skip
        known = self._ids(sections)
        delays = sections.pop("delays")
        sections["confirmed"] = self._said(story.confirmed, known)
        sections["exceptions"] = self._said(story.exceptions, known)
        sections["delays"] = delays
        return data | {name: entries for name, entries in sections.items() if entries}

    @staticmethod
    def _ids(sections: Data) -> set[str]:
        """What may be the subject of a confirmation or an exception."""
        lists = ("events", "meetings", "forms", "parallel")
        ids = {str(one["id"]) for name in lists for one in sections[name] if "id" in one}
        return ids.union(sections["agencies"], sections["people"])

    def _said(self, entries: Iterable[Entry], known: set[str]) -> list[Entry]:
        """What has been confirmed or excepted by now, of what the case still knows."""
        return [
            self._dated(one, ("on",))
            for one in entries
            if one["on"] <= self.until and ("subject" not in one or one["subject"] in known)
        ]

    @staticmethod
    def _dated(entry: Entry, keys: Iterable[str]) -> Entry:
        """The entry with days in the place of ordinals."""
        made = _shown(entry)
        for key in keys:
            if isinstance(made.get(key), int):
                made[key] = _day(made[key])
        return made

    # --- groups ---

    def _groups(self) -> Data:
        return {
            body: self._group(group)
            for body, group in self.story.groups.items()
            if group["since"] <= self.as_of
        }

    def _group(self, group: Data) -> Data:
        made: Data = {}
        if group.get("chair") in self.people:
            made["chair"] = group["chair"]
        members: list[Any] = []
        for name in [*group["people"], *group.get("_came", ())]:
            if name not in self.people:
                continue
            left, came = group["_left"].get(name), group.get("_came", {}).get(name)
            if came is not None:
                members.append({"person": name, "from": _day(came)})
            elif left is not None and left <= self.as_of:
                members.append({"person": name, "to": _day(left)})
            else:
                members.append(name)
        made["members"] = members
        return made

    # --- events and meetings ---

    def _events(self) -> list[Entry]:
        found, planned = list[Entry](), list[Entry]()
        for entry in sorted(self.story.log.events, key=_date):
            if entry["date"] <= self.until:
                found.append(self._happened(entry))
            elif (expected := self._expected(entry)) is not None:
                planned.append(expected)
        return [*_once(found), *_once(planned)]

    def _happened(self, entry: Entry) -> Entry:
        made: Entry = {}
        for name, value in entry.items():
            if name in _DAYS:
                if value is not None:
                    made[name] = _day(value)
            elif type(value) is not list or name in _MANY:
                made[name] = value
            else:
                words = [_day(w).isoformat() if type(w) is int else w for w in value]
                made[name] = words[0] if len(words) == 1 else words
        return self._gathering(made) if "substitutes" in made or "apologies" in made else made

    def _expected(self, entry: Entry) -> Entry | None:
        """The entry as planned, where its day is known already."""
        story, day = self.story, entry["date"]
        if story.end <= self.as_of or entry["type"] not in _PLANNABLE:
            return None
        if entry["type"] == "publication":
            known = [planned for since, planned in story.plans if since <= self.as_of]
            if not known:
                return None
            day = known[-1]
        elif not self._known(day):
            return None
        if day > _LATEST:
            return None
        return self._ahead(self._happened(entry), day)

    def _known(self, day: int) -> bool:
        by = self.story.by
        ahead = self.story.after(self.as_of, by.planned_ahead)
        return day <= ahead and self.story.yes(by.planned_known)

    def _ahead(self, made: Entry, day: int) -> Entry:
        """What is only planned: nobody has attended it yet."""
        made = {k: v for k, v in made.items() if k not in ("date", "planned", *_ATTENDANCE)}
        made["planned"] = _day(day)
        if made.get("led_by", "") not in self.people:
            made.pop("led_by", None)
        if "invited" in made:
            made["invited"] = [name for name in made["invited"] if name in self.people]
        return made

    def _gathering(self, made: Entry) -> Entry:
        if "apologies" in made:
            made["apologies"] = [self._dated(one, ("date",)) for one in made["apologies"]]
        if "substitutes" in made:
            named = [one for one in made["substitutes"]
                     if one["by"] in self.people and one["for"] in self.people
                     and (one["named"] == "unknown" or one["named"] <= self.as_of)]  # fmt: skip
            made["substitutes"] = [self._dated(one, ("named",)) for one in named]
            if not named:
                del made["substitutes"]
        return made

    def _meetings(self) -> list[Entry]:
        found = []
        for entry in sorted(self.story.log.meetings, key=lambda each: each["date"]):
            made = self._gathering(self._dated(entry, ("date",)))
            day = entry["date"]
            if day <= self.until:
                found.append(made)
            elif self.story.end > self.as_of and day <= _LATEST and self._known(day):
                found.append(self._ahead(made, day))
        return found

    # --- the rest ---

    def _form(self, form: Entry) -> Entry:
        made = self._dated(form, ("received", "returned"))
        if form.get("returned", 0) > self.until:
            del made["returned"]
        if "signed" in form:
            made["signed"] = self._dated(form["signed"], form["signed"])
        return made

    def _parallel(self) -> Iterator[Entry]:
        for entry in self.story.log.parallel:
            if entry["opened"] > self.as_of:
                continue
            made = self._dated(entry, ("opened", "closed"))
            unknown = entry.get("_unknown")
            if unknown is not None:
                made[unknown] = "unknown"
            elif entry["closed"] > self.as_of:
                del made["closed"]
            if made.get("closed", "unknown") != "unknown" and entry["closed"] > self.as_of:
                del made["closed"]
            yield made

    def _delay(self, entry: Entry) -> Entry:
        made = self._dated(entry, ("arose", "agreed_due", "review_on"))
        for key in ("considered", "told"):
            past = {word: day for word, day in entry[key].items() if day <= self.until}
            made[key] = self._dated(past, past)
            if not past:
                del made[key]
        if entry.get("_agreed", 0) > self.until:
            for key in ("agreed_by", "agreed_due", "review_on"):
                del made[key]
        return made


def _shown(entry: Entry) -> Entry:
    """The entry without what only the story knows."""
    return {name: value for name, value in entry.items() if name[0] != "_"}


def _date(entry: Entry) -> int:
    day: int = entry["date"]
    return day


def _once(entries: list[Entry]) -> Iterator[Entry]:
    """The entries, each once; alike are only such of one type on one day."""
    seen: dict[tuple[str, date], list[Entry]] = {}
    for entry in entries:
        alike = seen.setdefault((entry["type"], entry.get("date") or entry["planned"]), [])
        if entry not in alike:
            alike.append(entry)
            yield entry
