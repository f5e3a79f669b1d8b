"""A small oracle for statuses, by hand: what CONTRACTS says, as straight-line Python.

It knows no program, no facts and no engine: it reads a `Case` and a day, and says the status of
each national duty and of one plain requirement of each kind (`PLAIN`). Slow and plain on purpose;
where it and the product differ, one of them is wrong. It shares the calendar only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from cspr_core.calendar import is_working_day
from cspr_core.model.case import Case, Event

Findings = dict[tuple[str, str], str]
CRITERIA = (
    "improvements",
    "recurrent_themes",
    "agencies_together",
    "panel_view",
    "single_agency",
    "no_agency",
    "several_areas",
    "institutional",
)
IN_PLAY = ("met", "met_late", "upcoming", "overdue")
AREA = "exshire"
# One plain requirement of each kind; what each says, the oracle says again in Python below.
PLAIN: list[dict[str, Any]] = [
    {
        "id": "exshire.deadline",
        "kind": "deadline",
        "for_each": {"agency": "involved"},
        "within": {
            "n": "7",
            "unit": "working_days",
            "of": {"event": "information_requested", "same": "agency"},
        },
        "met_by": {"event": "information_returned", "same": "agency"},
    },
    {
        "id": "exshire.notification",
        "kind": "notification",
        "when": {"decision": "local_review"},
        "within": {"n": "14", "unit": "days", "of": {"event": "decision"}},
        "met_by": {"event": "announced", "to": "panel"},
    },
    {
        "id": "exshire.step",
        "kind": "step",
        "met_by": {"event": "sign_off", "by": "executive"},
        "after": {"event": "sign_off", "by": "oversight_group"},
    },
    {
        "id": "exshire.composition",
        "kind": "composition",
        "body": "review_group",
        "seats": [{"kind": "police"}, {"kind": ["icb", "gp"]}],
        "further": {"n": "1", "uninvolved": "1"},
    },
    {
        "id": "exshire.independence",
        "kind": "independence",
        "for_each": {"person": {"body": "review_group"}},
        "no": "involved_with_child",
        "not_in": "oversight_group",
        "unless": "recorded",
    },
    {
        "id": "exshire.attendance",
        "kind": "attendance",
        "for_each": {"meeting": "oversight_group"},
        "present": [{"kind": "police"}, {"role": ["chair", "lead_reviewer"]}],
        "substitutes": "yes",
    },
    {
        "id": "exshire.form",
        "kind": "form",
        "for_each": {"form": "exshire.referral"},
        "signed": "senior_manager",
    },
    {
        "id": "exshire.count",
        "kind": "count",
        "of": {"event": "practitioner_event"},
        "min": "1",
        "max": "1",
    },
    {
        "id": "exshire.hold",
        "kind": "hold",
        "running": "prosecution",
        "hold": {"event": "publication"},
    },
    {"id": "exshire.criterion", "kind": "criterion", "question": "criteria.improvements"},
    {
        "id": "exshire.rule",
        "kind": "rule",
        "match": {
            "harmed": [{"fact": "answer", "where": {"question": "died", "value": "yes"}}],
            "told": [{"fact": "event", "where": {"name": "death", "date": "known"}}],
        },
        "decide": [
            {"status": "met", "all": ["harmed", "told"]},
            {"status": "overdue", "all": "harmed", "none": "told"},
            {"status": "not_applicable"},
        ],
    },
    {"id": "exshire.advice", "kind": "advice", "stage": "review"},
]
for _plain in PLAIN:
    _plain.update({"title": "It", "source": {"section": "1"}})
    _plain.setdefault("stage", "review")


# --- three values -------------------------------------------------------------------------------


def both(*answers: str) -> str:
    if "no" in answers:
        return "no"
    return "unknown" if "unknown" in answers else "yes"


def either(answers: Iterable[str]) -> str:
    found = list(answers)
    if "yes" in found:
        return "yes"
    return "unknown" if "unknown" in found else "no"


# --- days ---------------------------------------------------------------------------------------


def working_days(day: date, n: int, step: int = 1) -> date:
    while n:
        day += timedelta(step)
        n -= is_working_day(day)
    return day


def months(day: date, n: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(last, day.day))
        except ValueError:
            continue
    raise AssertionError


def by_limit(done: date | None, due: date | None, as_of: date) -> str:
    """The status of something with a due date and no conditions left."""
    if done is not None:
        return "met" if due is None or done <= due else "met_late"
    if due is None:
        return "pending"
    return "overdue" if as_of > due else "upcoming"


class Oracle:
    """The answers for one case on one day."""

    def __init__(self, case: Case, as_of: date) -> None:
        self.case, self.as_of = case, as_of
        self.found: Findings = {}
        self.children = [child.id for child in case.children]
        self._nation()
        self._plain()

    # --- reading the case ---

    def past(self, day: object) -> bool:
        return isinstance(day, date) and day <= self.as_of

    def events(self, name: str, **attributes: str) -> Iterator[Event]:
        """Events of a type, happened or not, that have each of these attributes."""
        for event in self.case.events:
            if event.type == name and all(
                word in getattr(event, key) for key, word in attributes.items()
            ):
                yield event

    def days(self, name: str, child: str | None = None, **attributes: str) -> list[date]:
        """The days on which something happened; with `child`, about that child or about all."""
        return sorted(
            event.date
            for event in self.events(name, **attributes)
            if event.date is not None
            and event.date <= self.as_of
            and (child is None or not event.child or child in event.child)
        )

    def first(self, name: str, child: str | None = None, **attributes: str) -> date | None:
        return next(iter(self.days(name, child, **attributes)), None)

    def plans(self, name: str) -> list[date]:
        """What is planned and has not happened."""
        return sorted(
            event.planned
            for event in self.events(name)
            if event.planned is not None and not self.past(event.date)
        )

    def standing_notifications(self) -> list[date]:
        found = []
        for event in self.events("notified", to="panel"):
            if event.date is None or event.date > self.as_of:
                continue
            withdrawn: set[str] = set()
            for other in self.events("notification_withdrawn"):
                if self.past(other.date) and other.date is not None and other.date >= event.date:
                    withdrawn |= set(other.child or self.children)
            if not set(event.child or self.children) <= withdrawn:
                found.append(event.date)
        return sorted(found)

    def outcomes(self) -> set[str]:
        """What the decisions of the latest day of decision came to."""
        last = max(self.days("decision"), default=None)
        if last is None:
            return set()
        return {o for event in self.events("decision") if event.date == last for o in event.outcome}

    def confirmed(self, requirement: str, subject: str = "") -> tuple[str, date] | None:
        """What minutes say: for the subject, else for all; and since when they have said so.

        What is said of all is said of the subject too, from that day on.
        """
        own = self._said(requirement, subject)
        general = self._said(requirement, "")
        if own is None or general is None or own[0] != general[0]:
            return own or general
        return own[0], min(own[1], general[1])

    def _said(self, requirement: str, subject: str) -> tuple[str, date] | None:
        days: dict[date, set[str]] = {}
        for entry in self.case.confirmed:
            if (entry.requirement, entry.subject or "") == (requirement, subject):
                days.setdefault(entry.on, set()).add(entry.answer)
        said: tuple[str, date] | None = None
        for day in sorted(day for day in days if day <= self.as_of):
            answer = "no" if "no" in days[day] else "yes"
            if said is None or said[0] != answer:
                said = answer, day
        return said

    def excepted(self, requirement: str, subject: str) -> bool:
        return any(
            e.requirement == requirement and (e.subject or subject) == subject
            for e in self.case.exceptions
            if e.on <= self.as_of
        )

    def kind(self, agency: str | None) -> str:
        entry = self.case.agencies.get(agency or "")
        return (entry.kind if entry else None) or agency or "unknown"

    def agency(self, person: str) -> str | None:
        entry = self.case.people.get(person)
        return entry.agency if entry else None

    def members(self, body: str) -> list[str]:
        group = self.case.groups.get(body)
        return [
            m.person
            for m in (group.members if group else ())
            if (m.from_ is None or m.from_ <= self.as_of) and (m.to is None or m.to >= self.as_of)
        ]

    def has_role(self, person: str, roles: tuple[str, ...]) -> bool:
        entry = self.case.people.get(person)
        held = set(entry.roles if entry else ())
        if any(group.chair == person for group in self.case.groups.values()):
            held.add("chair")
        if any(
            person in event.person and self.past(event.date)
            for event in self.events("reviewer_appointed")
        ):
            held.add("lead_reviewer")
        return bool(held & set(roles))

    # --- the nation ---

    def _nation(self) -> None:
        case = self.case
        serious: dict[str, str] = {}
        ours: dict[str, str] = {}
        died: dict[str, str] = {}
        abuse = {"known": "yes", "suspected": "yes"}.get(
            case.incident.abuse_or_neglect, case.incident.abuse_or_neglect
        )
        for child in case.children:
            harm = {"died": "yes", "seriously_harmed": "yes", "neither": "no"}.get(
                child.outcome, "unknown"
            )
            serious[child.id] = both(abuse, harm)
            known = "unknown" not in (abuse, harm)
            self.put("serious_case", "met" if known else "undetermined", child.id)
            died[child.id] = {"died": "yes", "unknown": "unknown"}.get(child.outcome, "no")
            home = child.residence or case.incident.residence
            if case.incident.area == case.partnership:
                ours[child.id] = "yes"
            elif case.incident.area == "outside_england":
                ours[child.id] = {case.partnership: "yes", "unknown": "unknown"}.get(home, "no")
            else:
                ours[child.id] = "unknown" if case.incident.area == "unknown" else "no"
        to_notify = {c: both(serious[c], ours[c]) for c in self.children}
        for child_id in self.children:
            aware = self.first("aware", child_id, by="local_authority")
            done = self.first("notified", child_id, to="panel")
            self.put("notify_panel", self._notify(to_notify[child_id], aware, done), child_id)
        aware = self.first("aware", by="local_authority")
        done = self.first("notified", to="partners")
        self.put("notify_partners", self._notify(either(to_notify.values()), aware, done))
        self._deaths(died)
        self._rapid_review(either(serious.values()))
        self._review()
        self._publication()

    def put(self, name: str, status: str, *subject: str) -> None:
        self.found[f"national.{name}", "/".join(subject)] = status

    def _notify(self, applies: str, aware: date | None, done: date | None) -> str:
        due = None if aware is None else working_days(aware, 5)
        if applies == "no":
            return "not_applicable"
        if done is None and applies == "unknown":
            return "undetermined"
        return by_limit(done, due, self.as_of)

    def _deaths(self, died: dict[str, str]) -> None:
        starts = [
            *self.days("referral_received"),
            *self.days("aware"),
            *self.days("notified"),
        ]
        incident = self.case.incident.date
        if not starts and self.past(incident) and isinstance(incident, date):
            starts = [incident]
        early = bool(starts) and min(starts) < date(2023, 12, 15)
        for child in self.case.children:
            for to in ("secretary_of_state", "ofsted"):
                done = self.first("notified", child.id, to=to)
                for name, answer, too_early in (
                    ("looked_after_death", child.looked_after, False),
                    ("care_leaver_death", child.care_leaver, early),
                ):
                    applies = both(died[child.id], answer)
                    status = "upcoming"
                    if too_early or applies == "no":
                        status = "not_applicable"
                    elif done is not None:
                        status = "met"
                    elif applies == "unknown":
                        status = "undetermined"
                    self.put(name, status, child.id, to)

    def _rapid_review(self, serious: str) -> None:  # noqa: C901  (one thing after another)
        standing = self.standing_notifications()
        aware = self.first("aware")
        governing = standing[0] if standing else aware
        start = aware
        if governing is not None and governing >= date(2025, 6, 1):
            start = standing[0] if standing else None
        due = None if start is None else working_days(start, 15)
        ended = not standing and (bool(self.days("notification_withdrawn")) or serious == "no")
        applies = "yes" if standing else serious if start is not None else "waits"

        def status(done: date | None) -> str:
            if ended:
                return "not_applicable"
            if done is None and applies == "unknown":
                return "undetermined"
            if done is None and applies == "waits":
                return "pending"
            return by_limit(done, due, self.as_of)

        review = status(self.first("rapid_review_sent", to="panel"))
        decided = self.first("decision")
        self.put("rapid_review", review)
        if ended:
            self.put("decision", "not_applicable")
        elif decided is None and review == "undetermined":
            self.put("decision", "undetermined")
        elif decided is None and review == "pending":
            self.put("decision", "pending")
        else:
            self.put("decision", by_limit(decided, due, self.as_of))
        for name in CRITERIA:
            answer = self.case.criteria.get(name)
            if ended:
                found = "not_applicable"
            elif answer is not None and answer.answer != "unknown" and answer.reason:
                found = "met"
            elif review in ("undetermined", "pending"):
                found = review
            else:
                past = decided is not None and self.as_of > decided
                found = "overdue" if past else "upcoming"
            self.put(f"criteria.{name}", found)

    def _hanging(self, done: str | None) -> str:
        """What hangs on the decision for a review, done (with its status) or not, no date."""
        outcomes = self.outcomes()
        if outcomes and "local_review" not in outcomes:
            return "not_applicable"
        if done is not None:
            return done
        return "upcoming" if outcomes else "pending"

    def _review(self) -> None:
        for to in ("panel", "ofsted", "dfe"):
            named = {e.reviewer_named for e in self.events("announced", to=to) if self.past(e.date)}
            done = "met" if "yes" in named else "undetermined" if "unknown" in named else None
            self.put("announce_review", self._hanging(done), to)
        shown = {
            "monitor": False,
            "families": bool(
                self.days("family_letter")
                or self.days("family_meeting")
                or self.days("invited", whom="family")
            ),
            "practitioners": bool(
                self.days("practitioner_event")
                or self.days("invited", whom="practitioners")
                or self.days("invited", whom="practitioner")
            ),
        }
        for name, done_so in shown.items():
            minutes = self.confirmed(f"national.{name}")
            said = None if minutes is None else {"yes": "met", "no": "breached"}[minutes[0]]
            self.put(name, self._hanging("met" if done_so else said))
        signed = self.first("sign_off", by="executive")
        minutes = self.confirmed("national.report_content")
        status = None
        if minutes is not None and minutes[0] == "no":
            status = "breached"
        elif minutes is not None:
            status = "met_late" if signed is not None and minutes[1] > signed else "met"
        found = self._hanging(status)
        if found == "upcoming" and signed is not None and self.as_of > signed:
            found = "overdue"
        self.put("report_content", found)

    def _publication(self) -> None:
        as_of = self.as_of
        decided = self.first("decision", outcome="local_review")
        due = None if decided is None else months(decided, 6)
        published, planned = self.first("publication"), self.plans("publication")
        self.put("publish", self._hanging("met" if published else None))
        delays = [
            d
            for d in self.case.delays
            if d.requirement == "national.publish_6_months"
            and not (isinstance(d.arose, date) and d.arose > as_of)
        ]
        late = published is not None and due is not None and published > due
        status = self._hanging(None if published is None else "met_late" if late else "met")
        missing = due is not None and as_of > due and (published is None or published > due)
        if status == "upcoming" and missing:
            agreed = [
                d.agreed_due
                for d in delays
                if d.agreed_by is not None
                and d.agreed_due is not None
                and all(self.past(d.told.get(to)) for to in ("panel", "secretary_of_state"))
            ]
            status = "excused" if agreed and as_of <= max(agreed) else "overdue"
        self.put("publish_6_months", status)
        in_time = published is not None and not late
        moved = due is not None and not in_time and any(day > due for day in planned)
        for to in ("panel", "secretary_of_state"):
            told = sorted(d.told[to] for d in delays if self.past(d.told.get(to)))
            done = None
            if told:
                done = by_limit(told[0], due, as_of)
            found = self._hanging(done)
            if status == "met" and not delays:
                found = "not_applicable"  # published in time: nothing is left to explain
            if found == "upcoming":
                in_play = bool(delays) or moved or missing
                found = by_limit(None, due, as_of) if in_play else "pending"
            self.put("explain_delay", found, to)
        self._final_report(published, planned)
        if published is None:
            self.put("stay_public", "pending")
            return
        year = months(published, 12)
        if any(published <= day < year for day in self.days("taken_down")):
            self.put("stay_public", "breached")
        else:
            self.put("stay_public", "met" if as_of > year else "upcoming")

    def _final_report(self, published: date | None, planned: list[date]) -> None:
        day = published or (planned[0] if planned else None)
        plans = {p for e in self.events("publication") if (p := e.planned) is not None}
        plans |= {e.date for e in self.events("publication") if e.date and self.past(e.date)}
        for to in ("panel", "secretary_of_state", "ofsted"):
            sent = sorted(
                e.date
                for e in self.events("report_sent", to=to)
                if e.date is not None
                and e.date <= self.as_of
                and (not e.for_ or not plans or {p.isoformat() for p in plans} & set(e.for_))
            )
            if day is None:
                status = "met" if sent else "pending"
            else:
                due = working_days(day, 7, -1)
                if sent and (published is None or sent[0] <= published):
                    status = by_limit(sent[0], due, self.as_of)
                elif published is not None:
                    status = "breached"
                else:
                    status = by_limit(None, due, self.as_of)
            self.put("final_report", status, to)

    # --- one plain requirement of each kind ---

    def set(self, kind: str, status: str, subject: str = "") -> None:
        """The status, unless minutes say otherwise where they may."""
        self.found[f"{AREA}.{kind}", subject] = status

    def minutes(self, kind: str, subject: str = "", due: date | None = None) -> str | None:
        said = self.confirmed(f"{AREA}.{kind}", subject)
        if said is None:
            return None
        if said[0] == "no":
            return "breached"
        return "met_late" if due is not None and said[1] > due else "met"

    def _plain(self) -> None:
        self._deadline()
        self._notification()
        self._step()
        self._composition()
        self._independence()
        self._attendance()
        self._form()
        self._count()
        self._hold()
        answer = self.case.criteria.get("improvements")
        decided = self.first("decision")
        late = decided is not None and self.as_of > decided
        if answer is not None and answer.answer != "unknown":
            self.set("criterion", "met")
        else:
            self.set("criterion", "overdue" if late else "upcoming")
        dead = any(child.outcome == "died" for child in self.case.children)
        told = bool(self.days("death"))
        # a recorded fact wins over minutes
        done = "met" if dead and told else self.minutes("rule")
        self.set("rule", done or ("overdue" if dead else "not_applicable"))
        minutes = self.minutes("advice")
        if minutes == "met":
            self.set("advice", "met")
        else:
            self.set("advice", self._hanging(None))

    def _deadline(self) -> None:
        named = list(self.case.agencies)
        for event in self.case.events:
            if self.past(event.date) or event.planned is not None:
                named += event.agency
        for agency in dict.fromkeys(named):
            entry = self.case.agencies.get(agency)
            involved = entry.involved if entry else "unknown"
            asked = self.first("information_requested", agency=agency)
            due = None if asked is None else working_days(asked, 7)
            done = self.first("information_returned", agency=agency)
            status = self.minutes("deadline", agency, due) if done is None else None
            if involved == "no":
                status = "not_applicable"
            elif status is None and done is None and involved == "unknown":
                status = "undetermined"
            self.set("deadline", status or by_limit(done, due, self.as_of), agency)
        if not named:
            self.set("deadline", "pending")

    def _notification(self) -> None:
        decided = self.first("decision")
        due = None if decided is None else decided + timedelta(14)
        done = self.first("announced", to="panel")
        status = None if done is None else by_limit(done, due, self.as_of)
        status = self._hanging(status or self.minutes("notification", due=due))
        if status == "upcoming":
            status = by_limit(None, due, self.as_of)
        self.set("notification", status)

    def _step(self) -> None:
        done = self.days("sign_off", by="executive")
        # Where nobody says who signed off, it may have been whoever should.
        nobody = [
            event.date
            for event in self.case.events
            if event.type == "sign_off" and not event.by and self.past(event.date)
        ]
        first = [*self.days("sign_off", by="oversight_group"), *nobody]
        if done:
            in_order = bool(first) and max(done) >= min(first)
            self.set("step", "met" if in_order else "breached")
        else:
            open_status = "undetermined" if nobody else "upcoming"
            self.set("step", self.minutes("step") or open_status)

    def _composition(self) -> None:
        members = self.members("review_group")
        kinds = {self.kind(self.agency(person)) for person in members}
        partners = {
            agency
            for person in members
            if (agency := self.agency(person)) is not None
            and self.kind(agency) not in ("police", "icb", "gp", "independent", "business_office")
        }
        involved = {
            a: self.case.agencies[a].involved if a in self.case.agencies else "unknown"
            for a in partners
        }
        seated = "police" in kinds and bool(kinds & {"icb", "gp"})
        held = [
            m.date for m in self.case.meetings if m.body == "review_group" and self.past(m.date)
        ]
        first = min((day for day in held if day is not None), default=None)
        if seated and "no" in involved.values():
            status: str | None = "met"
        else:
            status = self.minutes("composition", due=first)
        if status is None and seated and "unknown" in involved.values():
            status = "undetermined"
        past = first is not None and self.as_of > first
        self.set("composition", status or ("overdue" if past else "upcoming"))

    def _independence(self) -> None:
        people = self.members("review_group")
        for person in people:
            answer = self.case.people[person].involved_with_child
            wrong = answer == "yes" or person in self.members("oversight_group")
            if not wrong and answer == "no":
                status: str | None = "met"
            elif self.excepted("exshire.independence", person):
                status = "excused"
            elif wrong:
                status = "breached"
            else:
                status = self.minutes("independence", person)
            self.set("independence", status or "undetermined", person)
        if not people:
            self.set("independence", "pending")

    def _from_police(self, person: str) -> str:
        kind = self.kind(self.agency(person))
        return {"police": "yes", "unknown": "unknown"}.get(kind, "no")

    def _chairs_or_reviews(self, person: str) -> str:
        return "yes" if self.has_role(person, ("chair", "lead_reviewer")) else "no"

    def _attendance(self) -> None:
        meetings = [
            m
            for m in self.case.meetings
            if m.body == "oversight_group" and (self.past(m.date) or m.planned is not None)
        ]
        for meeting in meetings:
            held = self.past(meeting.date)
            there, unclear = set(meeting.attended or ()), set(meeting.unclear)
            stands_in = [
                s
                for s in meeting.substitutes
                if not (isinstance(s.named, date) and s.named > self.as_of)
            ]
            wide_there = there | {s.for_ for s in stands_in if s.by in there}
            wide_unclear = unclear | {s.for_ for s in stands_in if s.by in unclear}
            places = []
            for fits in (self._from_police, self._chairs_or_reviews):
                sure = any(fits(p) == "yes" for p in wide_there)
                perhaps = any(fits(p) == "unknown" for p in there | unclear) or any(
                    fits(p) == "yes" for p in wide_unclear
                )
                places.append("yes" if sure else "unknown" if perhaps else "no")
            quorum = both(*places)
            if meeting.attended is None and quorum != "yes":
                quorum = "unknown"
            status = {"yes": "met", "no": "breached"}.get(quorum) if held else None
            status = status or self.minutes("attendance", meeting.id)
            self.set("attendance", status or ("undetermined" if held else "upcoming"), meeting.id)
        if not meetings:
            self.set("attendance", "pending")

    def _form(self) -> None:
        received = [
            f for f in self.case.forms if f.form == "exshire.referral" and self.past(f.received)
        ]
        for form in received:
            rank = {None: 1, (): 2}

            def order(one: Any) -> tuple[Any, int]:
                return one.received, rank.get(one.empty, 0)  # noqa: B023

            copies = [other for other in received if other.from_ == form.from_]
            signed = form.signed.get("senior_manager")
            by_hand = signed == "unknown" or self.past(signed)
            if any(order(other) > order(form) for other in copies):
                status: str | None = "not_applicable"
            elif form.empty == () and by_hand:
                status = "met"
            else:
                status = self.minutes("form", form.id)
            unknown = form.empty is None and by_hand
            self.set("form", status or ("undetermined" if unknown else "upcoming"), form.id)
        if not received:
            self.set("form", "pending")

    def _count(self) -> None:
        number = len([e for e in self.events("practitioner_event") if self.past(e.date)])
        if number:
            self.set("count", "met" if number == 1 else "breached")
        else:
            self.set("count", self.minutes("count") or "upcoming")

    def _hold(self) -> None:
        published = self.days("publication")
        running = [
            p
            for p in self.case.parallel
            if p.type == "prosecution"
            and not (isinstance(p.opened, date) and p.opened > self.as_of)
        ]
        for process in running:
            begin = process.opened if isinstance(process.opened, date) else None
            end = process.closed if isinstance(process.closed, date) else None
            end = end if self.past(end) else None
            meanwhile = [d for d in published if end is None or d < end]
            if begin is not None and process.closed != "unknown":
                meanwhile = [d for d in meanwhile if d >= begin]
                status = "breached" if meanwhile else "upcoming" if end is None else "met"
            elif begin is None and end is not None and not meanwhile:
                status = "met"
            else:
                status = "undetermined"
            self.set("hold", status, process.id)
        if not running:
            self.set("hold", "not_applicable")


def oracle(case: Case, as_of: date) -> Findings:
    """The status of every national duty and of `PLAIN`, by requirement and subject."""
    return Oracle(case, as_of).found
