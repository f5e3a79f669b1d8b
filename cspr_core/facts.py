"""A case as facts: typed rows with small whole numbers, each of which knows its place.

One direction: `facts_of(case)` is the only way from a case to what engines see. Free text never
becomes a fact. Unknown answers are written out as rows. What is dated after `as_of` does not count
yet. Limits and marks, which depend on requirements, are added by `cspr_core.limits`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from cspr_core.model.case import Case, Confirmation, Event, Form, Gathering, Meeting, Substitute
from cspr_core.program import FACT_TYPES
from cspr_core.vocabulary import vocabulary

Loc = tuple[str | int, ...]
Row = dict[str, Any]
FOREVER = date.max.toordinal()
UNKNOWN_AGENCY = "unknown"
_LISTED = (
    "to by from_ agency outcome what stage with_ view person version whom for_ of on audience state"
).split()
_COLUMNS = {name: name.rstrip("_") for name in _LISTED}  # `from_` of an event is the column `from`
_SHOWN = ("child", *_COLUMNS.values())
QUALITIES = (
    "involved_with_child",
    "knows_child",
    "senior_manager",
    "multi_agency_experience",
    "contributed",
)
CRITERIA = "criteria"
_EVENT: Row = {
    **dict.fromkeys(FACT_TYPES["event"]),
    "stands": "yes",
    "latest": "no",
    "reviewer_named": "unknown",
}


Locate = Callable[[Loc], tuple[int, int]]


def _nowhere(_loc: Loc) -> tuple[int, int]:
    return (1, 1)


Said = str | Callable[[], str]  # words, or what makes them when they are asked for


class Place:
    """What a fact says in words, and where in the case file it stands (line and column from 1).

    Words, line and column are found when they are asked for: of most facts nobody asks.
    """

    __slots__ = ("_at", "_locate", "loc", "said")

    def __init__(self, words: Said, loc: Loc = (), locate: Locate = _nowhere) -> None:
        """What says the words, the path into the case file, and what tells its line and column."""
        self.said, self.loc, self._locate = words, loc, locate
        self._at: tuple[int, int] | None = None

    @property
    def words(self) -> str:
        """Type, keys, fixed words and dates; never free text."""
        if not isinstance(self.said, str):
            self.said = self.said()
        return self.said

    @property
    def at(self) -> tuple[int, int]:
        """Line and column."""
        if self._at is None:
            self._at = self._locate(self.loc)
        return self._at

    @property
    def line(self) -> int:
        """The line, from 1."""
        return self.at[0]

    @property
    def column(self) -> int:
        """The column, from 1."""
        return self.at[1]

    def saying(self, words: Said) -> Place:
        """The same place with other words."""
        return Place(words, self.loc, self._locate)

    def _shown(self) -> tuple[str, Loc, int, int]:
        return self.words, self.loc, *self.at

    def __eq__(self, other: object) -> bool:
        """Whether both say the same of the same place."""
        return isinstance(other, Place) and self._shown() == other._shown()

    # Words and place may still have to be found.
    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """For whoever looks for a mistake."""
        return "Place({!r}, {!r}, {}:{})".format(*self._shown())


@dataclass(frozen=True)
class Facts:
    """A case's facts by type; `places` tells of each fact by its number where it comes from."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)

    def of(self, fact_type: str) -> list[Row]:
        """The facts of one type."""
        return self.rows.get(fact_type, [])

    def by_number(self) -> dict[int, tuple[str, Row]]:
        """Each fact with its type, by its number."""
        return {row["fid"]: (kind, row) for kind, rows in self.rows.items() for row in rows}


def facts_of(
    case: Case,
    as_of: date,
    locate: Locate = _nowhere,
    extra: Iterable[tuple[str, str, str]] = (),
) -> Facts:
    """The facts of `case` as they stand on `as_of`.

    `locate` turns a path into the case file into line and column. `extra` is what a plugin's hook
    adds: name, subject and value, which become facts of the type `noted`.
    """
    return _Builder(case, as_of, locate).build(extra)


class _Builder:
    def __init__(self, case: Case, as_of: date, locate: Locate) -> None:
        self.case, self.as_of, self.locate = case, as_of, locate
        self.facts = Facts()
        self._children = tuple(child.id for child in case.children)

    def build(self, extra: Iterable[tuple[str, str, str]]) -> Facts:
        for step in (
            self._about_children,
            self._agencies,
            self._people,
            self._events,
            self._meetings,
            self._forms,
            self._parallel,
            self._recorded,
            self._recipients,
            self._stages,
        ):
            step()
        for name, subject, value in extra:
            self._add(
                "noted", f"{name} {value}", (), {"name": name, "subject": subject, "value": value}
            )
        return self.facts

    def _add(self, fact_type: str, words: Said, loc: Loc, row: Row) -> Row:
        """Add a fact: `row` has all columns of its type, and becomes it."""
        rows, places = self.facts.rows, self.facts.places
        row["fid"] = number = len(places) + 1
        if fact_type in rows:
            rows[fact_type].append(row)
        else:
            rows[fact_type] = [row]
        places[number] = Place(words, loc, self.locate)
        return row

    def _past(self, day: date | str | None) -> int | None:
        """The ordinal of a day that has come by `as_of`; else `None`."""
        if not isinstance(day, date) or day > self.as_of:
            return None
        return day.toordinal()

    # --- children, the incident, the criteria -------------------------------------------------

    def _about_children(self) -> None:
        case, incident = self.case, self.case.incident
        abuse = {"known": "yes", "suspected": "yes"}.get(
            incident.abuse_or_neglect, incident.abuse_or_neglect
        )
        at = ("incident", "abuse_or_neglect")
        for index, child in enumerate(case.children):
            loc = ("children", index)
            self._add("child", f"child {child.id}", loc, {"child": child.id})
            died = _outcome(child.outcome, ("died",))
            serious = _outcome(child.outcome, ("died", "seriously_harmed"))
            answers: list[tuple[str, str, str, Loc]] = [
                ("abuse_or_neglect", abuse, f"abuse_or_neglect {incident.abuse_or_neglect}", at),
                ("died", died, f"{child.id} outcome {child.outcome}", (*loc, "outcome")),
                (
                    "died_or_seriously_harmed",
                    serious,
                    f"{child.id} outcome {child.outcome}",
                    (*loc, "outcome"),
                ),
                (
                    "looked_after",
                    child.looked_after,
                    f"{child.id} looked_after {child.looked_after}",
                    (*loc, "looked_after"),
                ),
                (
                    "care_leaver",
                    child.care_leaver,
                    f"{child.id} care_leaver {child.care_leaver}",
                    (*loc, "care_leaver"),
                ),
                (
                    "own_area",
                    own_area(case, index),
                    f"incident area {incident.area}",
                    ("incident", "area"),
                ),
            ]
            for question, value, words, place in answers:
                self._add(
                    "answer",
                    words,
                    place,
                    {"question": question, "child": child.id, "value": value, "reasoned": "no"},
                )
        for name in vocabulary().words(CRITERIA):
            self._criterion(name)
        for name in case.criteria:
            if name not in vocabulary().words(CRITERIA):
                self._criterion(name)
        if (day := self._past(incident.date)) is not None:
            named = {"name": "incident", "id": "incident", "entry": -1, "date": day}
            self._event_row(("incident", "date"), named)

    def _criterion(self, name: str) -> None:
        answer = self.case.criteria.get(name)
        value = answer.answer if answer else "unknown"
        reasoned = "yes" if answer and answer.reason else "no"
        self._add(
            "answer",
            f"{name} {value}",
            (CRITERIA, name),
            {"question": f"{CRITERIA}.{name}", "child": "", "value": value, "reasoned": reasoned},
        )

    def _recipients(self) -> None:
        for name in vocabulary().words("recipients"):
            self._add("recipient", name, (), {"recipient": name, "to": name, "child": None})
            for child in self._children:
                self._add(
                    "recipient",
                    f"{child} {name}",
                    (),
                    {"recipient": f"{child}/{name}", "to": name, "child": child},
                )

    # --- agencies and people ------------------------------------------------------------------

    def kind(self, agency: str | None) -> str:
        """The kind of an agency: a key of the case's agencies, or a kind word itself."""
        if agency is None:
            return UNKNOWN_AGENCY
        entry = self.case.agencies.get(agency)
        return (entry.kind if entry else None) or agency

    def _agencies(self) -> None:
        case = self.case
        named: dict[str, Loc] = {name: ("agencies", name) for name in case.agencies}
        for index, event in enumerate(case.events):
            if self._counts(event):
                for name in event.agency:
                    named.setdefault(name, ("events", index))
        for name, loc in named.items():
            self._involvement(name, loc, "yes")
        for person, entry in case.people.items():
            if entry.agency is not None and entry.agency not in named:
                named[entry.agency] = ("people", person)
                self._involvement(entry.agency, ("people", person), "no")

    def _involvement(self, name: str, loc: Loc, listed: str) -> None:
        entry = self.case.agencies.get(name)
        value = entry.involved if entry else "unknown"
        place = (*loc, "involved") if entry else loc
        self._add(
            "involvement",
            f"{name} involved {value}",
            place,
            {"agency": name, "kind": self.kind(name), "value": value, "listed": listed},
        )

    def _people(self) -> None:
        case, roles = self.case, set[tuple[str, str]]()
        for key, person in case.people.items():
            loc = ("people", key)
            kind = self.kind(person.agency)
            self._add(
                "person",
                f"{key} {person.agency or 'agency unknown'}",
                loc,
                {"person": key, "agency": person.agency or UNKNOWN_AGENCY, "kind": kind},
            )
            for name in QUALITIES:
                value = getattr(person, name)
                self._add(
                    "quality",
                    f"{key} {name} {value}",
                    (*loc, name),
                    {"person": key, "name": name, "value": value},
                )
            for role in person.roles:
                self._role(roles, key, role, (*loc, "roles"))
        for body, group in case.groups.items():
            loc = ("groups", body)
            if group.chair is not None:
                self._add(
                    "chair",
                    f"{group.chair} chairs {body}",
                    (*loc, "chair"),
                    {"body": body, "person": group.chair},
                )
                self._role(roles, group.chair, "chair", (*loc, "chair"))
            for index, member in enumerate(group.members):
                ended = member.to is not None and member.to < self.as_of
                if (member.from_ is not None and member.from_ > self.as_of) or ended:
                    continue
                agency = self._agency_of(member.person)
                self._add(
                    "member",
                    f"{member.person} in {body}",
                    (*loc, "members", index),
                    {
                        "body": body,
                        "person": member.person,
                        "agency": agency,
                        "kind": self.kind(agency),
                        "since": member.from_.toordinal() if member.from_ else 0,
                    },
                )
        by_event = {
            "reviewer_appointed": "lead_reviewer",
            "chronology_returned": "author",
            "analysis_returned": "author",
        }
        for index, event in enumerate(case.events):
            if (held := by_event.get(event.type)) and self._past(event.date) is not None:
                for key in (*event.person, *event.by):
                    if key in case.people:
                        self._role(roles, key, held, ("events", index))

    def _agency_of(self, person: str) -> str:
        entry = self.case.people.get(person)
        return (entry.agency if entry else None) or UNKNOWN_AGENCY

    def _role(self, seen: set[tuple[str, str]], person: str, role: str, loc: Loc) -> None:
        if (person, role) not in seen:
            seen.add((person, role))
            self._add("role", f"{person} {role}", loc, {"person": person, "role": role})

    # --- events and meetings ------------------------------------------------------------------

    def _counts(self, entry: Event | Meeting) -> bool:
        return self._past(entry.date) is not None or entry.planned is not None

    def _event_row(self, loc: Loc, *columns: Row) -> None:
        row = _EVENT.copy()
        for some in columns:
            row.update(some)
        self._add("event", partial(event_words, row["name"], row), loc, row)

    def _events(self) -> None:
        latest = self._latest_decisions()
        for index, event in enumerate(self.case.events):
            if not self._counts(event):
                continue
            named, loc = event_id(event), ("events", index)
            said = {
                "name": event.type,
                "id": named,
                "entry": index,
                "date": self._past(event.date),
                "planned": event.planned.toordinal() if event.planned else None,
                "return_by": event.return_by.toordinal() if event.return_by else None,
                "reviewer_named": event.reviewer_named,
                "latest": "yes" if index in latest else "no",
            }
            for columns in self._combinations(event):
                said["stands"] = "yes" if self._stands(event, columns) else "no"
                self._event_row(loc, said, columns)
            kind = vocabulary().events.get(event.type)
            if kind is not None and kind.gathering:
                self._gathering(event, named, event.type, index, loc)

    def _combinations(self, event: Event) -> Iterator[dict[str, str]]:
        """A list as a value stands for one event each; what is not written is left out."""
        said = vars(event)
        values: dict[str, Iterable[str]] = {
            column: found for name, column in _COLUMNS.items() if (found := said[name])
        }
        if event.whom:
            values["whom"] = self._with_roles(event.whom)
        if event.child:
            values["child"] = event.child
        for combination in itertools.product(*values.values()):
            yield dict(zip(values, combination, strict=True))

    def _latest_decisions(self) -> frozenset[int]:
        """The decisions of the last day on which there was one: their order says nothing."""
        dated = {
            index: day
            for index, event in enumerate(self.case.events)
            if event.type == "decision" and (day := self._past(event.date)) is not None
        }
        last = max(dated.values(), default=None)
        return frozenset(index for index, day in dated.items() if day == last)

    def _stands(self, event: Event, columns: Mapping[str, Any]) -> bool:
        """Not withdrawn (a notification to the Panel), and not lapsed when the plan moved."""
        if event.type == "notified" and columns.get("to") == "panel" and event.date is not None:
            children = event.child or self._children
            withdrawn = [
                other
                for other in self.case.events
                if other.type == "notification_withdrawn"
                and self._past(other.date) is not None
                and other.date is not None
                and other.date >= event.date
            ]
            return not all(
                any(not w.child or child in w.child for w in withdrawn) for child in children
            )
        if event.type in ("report_sent", "publication_date_told") and "for" in columns:
            plans = {
                day
                for other in self.case.events
                if other.type == "publication"
                for day in (other.planned, other.date if self._past(other.date) else None)
                if day is not None
            }
            return not plans or columns["for"] in {day.isoformat() for day in plans}
        return True

    def _meetings(self) -> None:
        for index, meeting in enumerate(self.case.meetings):
            if self._counts(meeting):
                self._gathering(meeting, meeting.id, meeting.body, index, ("meetings", index))
        first: dict[str, tuple[bool, int]] = {}
        for row in self.facts.of("meeting"):
            first[row["body"]] = min(first.get(row["body"], _when(row)), _when(row))
        for row in self.facts.of("meeting"):
            row["first"] = "yes" if _when(row) == first[row["body"]] else "no"

    def _gathering(self, entry: Event | Meeting, id_: str, body: str, index: int, loc: Loc) -> None:
        happened = self._past(entry.date)
        planned = entry.planned.toordinal() if entry.planned else None
        words = f"{body} {id_} {_day_words(happened, planned)}"
        listed = entry.attended is not None
        row = self._add(
            "meeting",
            words,
            loc,
            {
                "meeting": id_,
                "body": body,
                "entry": index,
                "date": happened,
                "planned": planned,
                "first": "no",
                "attendance": "listed" if listed else "unlisted",
                "agenda": "unlisted" if entry.agenda is None else "listed",
                "online": entry.online,
                "led_by": entry.led_by,
                "audience": entry.audience[0]
                if isinstance(entry, Event) and entry.audience
                else None,
            },
        )
        if happened is not None:
            self._attendance(entry, id_, loc)
        for whom in self._with_roles(entry.invited or ()):
            self._add(
                "invitation",
                f"{whom} invited to {id_}",
                (*loc, "invited"),
                {"meeting": id_, "whom": whom},
            )
        for item in entry.agenda or ():
            self._add(
                "agenda_item",
                f"{id_} agenda {item}",
                (*loc, "agenda"),
                {"meeting": id_, "item": item},
            )
        for number, substitute in enumerate(entry.substitutes):
            self._substitute(substitute, row, (*loc, "substitutes", number))

    def _with_roles(self, keys: Iterable[str]) -> Iterator[str]:
        seen: dict[str, None] = {}
        for key in keys:
            person = self.case.people.get(key)
            seen.update(dict.fromkeys((key, *(person.roles if person else ()))))
        yield from seen

    def _attendance(self, entry: Gathering, id_: str, loc: Loc) -> None:
        there = [(key, "present", "attended") for key in entry.attended or ()]
        there += [(key, "unknown", "unclear") for key in entry.unclear]
        for key, how, where in there:
            agency = self._agency_of(key) if key in self.case.people else key
            self._add(
                "attendance",
                f"{key} {how} at {id_}",
                (*loc, where),
                {
                    "meeting": id_,
                    "person": key,
                    "agency": agency,
                    "kind": self.kind(agency),
                    "how": how,
                },
            )
            for person in (key, *(s.for_ for s in entry.substitutes if s.by == key)):
                words = f"{person} represented at {id_}" if person != key else f"{key} {how}"
                self._add(
                    "represented",
                    words,
                    (*loc, where),
                    {"meeting": id_, "person": person, "how": how},
                )

    def _substitute(self, entry: Substitute, meeting: Row, loc: Loc) -> None:
        agency = self._agency_of(entry.for_)
        named = self._past(entry.named)
        if isinstance(entry.named, date) and named is None:
            return  # named after `as_of`: not yet
        words = f"{entry.by} for {entry.for_} at {meeting['meeting']} named {entry.named}"
        self._add(
            "substitute",
            words,
            loc,
            {
                "substitute": f"{meeting['meeting']}/{entry.by}",
                "meeting": meeting["meeting"],
                "body": meeting["body"],
                "by": entry.by,
                "named": named,
                "for_agency": agency,
                "for_kind": self.kind(agency),
                "date": meeting["date"],
                "planned": meeting["planned"],
                "briefed": entry.briefed,
                "equivalent_seniority": entry.equivalent_seniority,
                "for": entry.for_,
            },
        )

    # --- forms, parallel processes, what is recorded ------------------------------------------

    def _forms(self) -> None:
        latest: dict[tuple[str, str | None], list[Row]] = {}
        for index, form in enumerate(self.case.forms):
            received = self._past(form.received)
            if received is None:
                continue
            loc = ("forms", index)
            complete = "unknown" if form.empty is None else "no" if form.empty else "yes"
            row = self._add(
                "form",
                form_words(form),
                loc,
                {
                    "id": form.id,
                    "form": form.form,
                    "agency": form.from_,
                    "date": received,
                    "complete": complete,
                    "latest": "no",
                    "returned": self._past(form.returned),
                },
            )
            latest.setdefault((form.form, form.from_), []).append(row)
            for role, day in form.signed.items():
                signed = self._past(day)
                if signed is not None or day == "unknown":
                    self._add(
                        "signature",
                        f"{form.id} signed by {role} {day}",
                        (*loc, "signed", role),
                        {"id": form.id, "by": role, "date": signed},
                    )
        for copies in latest.values():
            best = max(_latest_copy(row) for row in copies)
            for row in copies:
                row["latest"] = "yes" if _latest_copy(row) == best else "no"

    def _parallel(self) -> None:
        for index, entry in enumerate(self.case.parallel):
            if isinstance(entry.opened, date) and entry.opened > self.as_of:
                continue
            closed = self._past(entry.closed)
            state = (
                "unknown" if entry.closed == "unknown" else "open" if closed is None else "closed"
            )
            loc = ("parallel", index)
            words = f"{entry.type} {entry.id} opened {entry.opened}"
            self._add(
                "parallel",
                words,
                loc,
                {
                    "parallel": entry.id,
                    "type": entry.type,
                    "opened": self._past(entry.opened),
                    "state": state,
                    "agency": entry.agency,
                },
            )
            if closed is not None:
                self._add(
                    "closed",
                    f"{entry.id} closed {entry.closed}",
                    (*loc, "closed"),
                    {"parallel": entry.id, "date": closed},
                )

    def _confirmed_since(self, alike: Sequence[int], latest: int) -> int:
        """The confirmation from which on the minutes have said what the latest says.

        What was done in time stays so when a later minute says it again. `alike` are all that
        confirm the same of the same.
        """
        confirmed = self.case.confirmed
        last = confirmed[latest]
        before = [(confirmed[index], index) for index in alike if confirmed[index].on <= last.on]
        otherwise = max(
            (entry.on for entry, _ in before if entry.answer != last.answer), default=date.min
        )
        return min(
            (entry.on, index)
            for entry, index in before
            if entry.answer == last.answer
            and (entry.on > otherwise or (entry.on == otherwise and entry.answer == "no"))
        )[1]

    def _recorded(self) -> None:
        case = self.case
        latest: dict[tuple[str, str | None], int] = {}
        alike: dict[tuple[str, str | None], list[int]] = {}
        for index, entry in enumerate(case.confirmed):
            key = (entry.requirement, entry.subject)
            alike.setdefault(key, []).append(index)
            if self._past(entry.on) is None:
                continue
            best = latest.get(key)
            if best is None or _counts_more(entry, case.confirmed[best]):
                latest[key] = index
        for key, latest_index in latest.items():
            index = self._confirmed_since(alike[key], latest_index)
            entry = case.confirmed[index]
            words = f"confirmed {entry.answer} on {entry.on}"
            self._add(
                "confirmation",
                words,
                ("confirmed", index),
                {
                    "requirement": entry.requirement,
                    "subject": entry.subject or "",
                    "answer": entry.answer,
                    "date": entry.on.toordinal(),
                },
            )
        for index, exception in enumerate(case.exceptions):
            if (day := self._past(exception.on)) is not None:
                self._add(
                    "exception",
                    f"exception {exception.reason} on {exception.on}",
                    ("exceptions", index),
                    {
                        "requirement": exception.requirement,
                        "subject": exception.subject or "",
                        "date": day,
                    },
                )
        for index, delay in enumerate(case.delays):
            if isinstance(delay.arose, date) and delay.arose > self.as_of:
                continue
            id_, loc = delay.id or f"delay_{index + 1}", ("delays", index)
            agreed = delay.agreed_by is not None and delay.agreed_due is not None
            self._add(
                "delay",
                f"delay of {delay.requirement}: {delay.reason}",
                loc,
                {
                    "delay": id_,
                    "requirement": delay.requirement,
                    "date": self._past(delay.arose),
                    "agreed": "yes" if agreed else "no",
                    "agreed_due": delay.agreed_due.toordinal() if delay.agreed_due else None,
                },
            )
            for fact_type, column, days in (
                ("delay_told", "to", delay.told),
                ("delay_considered", "by", delay.considered),
            ):
                for word, on in days.items():
                    if (past := self._past(on)) is not None:
                        self._add(
                            fact_type,
                            f"delay {fact_type[6:]} {word} {on}",
                            (*loc, fact_type[6:], word),
                            {"delay": id_, "date": past, column: word},
                        )

    def _stages(self) -> None:
        dated = [row for row in self.facts.of("event") if row["date"] is not None]
        happened = {row["name"] for row in dated}
        reached = {"referral"}
        if happened & {"aware", "notified"}:
            reached.add("notification")
        panel = any(row["name"] == "notified" and row["to"] == "panel" for row in dated)
        if panel or happened & {"information_requested", "rapid_review_sent", "decision"}:
            reached |= {"rapid_review", "decision"}
        if "decision" in happened:
            reached.add("learning")
        if any(row["latest"] == "yes" and row["outcome"] == "local_review" for row in dated):
            reached.add("review")
            if happened & {"draft_shared", "sign_off", "publication"}:
                reached.add("sign_off")
            planned = any(row["name"] == "publication" for row in self.facts.of("event"))
            signed = any(
                row["name"] == "sign_off" and row["by"] in ("executive", None) for row in dated
            )
            if planned or signed:
                reached.add("publication")
        for stage in vocabulary().words("stages"):
            if stage in reached:
                self._add("stage", f"stage {stage}", (), {"stage": stage})


def _outcome(outcome: str, wanted: tuple[str, ...]) -> str:
    return "unknown" if outcome == "unknown" else "yes" if outcome in wanted else "no"


def own_area(case: Case, child: int) -> str:
    """Whether the incident is the case's own area's to notify (`yes`, `no`, `unknown`).

    It is where the incident happened in the area, or outside England while the child normally
    resides in it (Children Act 2004, section 16C(1)).
    """
    incident = case.incident
    if incident.area == case.partnership:
        return "yes"
    if incident.area == "unknown":
        return "unknown"
    if incident.area != "outside_england":
        return "no"
    residence = case.children[child].residence or incident.residence
    return "yes" if residence == case.partnership else "unknown" if residence == "unknown" else "no"


def event_id(event: Event) -> str:
    """An event's id; without one of its own, its type and date."""
    return event.id or f"{event.type}-{event.date or event.planned}"


def _when(row: Row) -> tuple[bool, int]:
    """What orders meetings: those that were held come before those that are only planned."""
    held = row["date"] is not None
    return (not held, row["date"] if held else row["planned"])


def _latest_copy(row: Row) -> tuple[int, int]:
    """What orders the copies of a form: its day, and on one day the more complete copy."""
    return (row["date"], ("no", "unknown", "yes").index(row["complete"]))


def _counts_more(entry: Confirmation, other: Confirmation) -> bool:
    """The later counts; of two on one day, the one that says no."""
    return (entry.on, entry.answer == "no") > (other.on, other.answer == "no")


def _day_words(happened: int | None, planned: int | None) -> str:
    if happened is not None:
        return date.fromordinal(happened).isoformat()
    return f"planned {date.fromordinal(planned).isoformat()}" if planned is not None else "undated"


def event_words(name: str, columns: Mapping[str, Any]) -> str:
    """An event as a line of evidence: type, attributes, date; fixed words and keys only."""
    shown = [str(value) for key in _SHOWN if (value := columns.get(key)) is not None]
    return " ".join([name, *shown, _day_words(columns.get("date"), columns.get("planned"))])


def form_words(form: Form) -> str:
    """A form's receipt as a line of evidence."""
    return f"{form.form} {form.id} received {form.received}"
