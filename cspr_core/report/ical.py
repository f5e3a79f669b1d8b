"""Deadlines and planned dates of cases as an iCalendar file (RFC 5545), and how it is kept current.

`entries_of` says what one case puts into the calendar, `merged` holds that against the file made
before, `calendar_text` writes it. An event keeps its UID for good. Its SEQUENCE rises when
something of it changes, so that a calendar takes the file again and replaces what it has; what was
done, or is no longer due, is cancelled. Nothing but pseudonyms and fixed words goes in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Alarm, Calendar, Component, Event

from cspr_core import calendar
from cspr_core.check import Checked
from cspr_core.model.finding import Finding
from cspr_core.model.patterns import Value
from cspr_core.report.dates import dates_of
from cspr_core.report.due import due_of, marks_of
from cspr_core.report.findings import report_of
from cspr_core.report.timetable import counted_words
from cspr_core.report.words import Words, capital, listing

PRODUCT = "-//cspr//calendar//EN"
NAME = "Safeguarding practice reviews"
# The longer notice first: Outlook keeps one reminder for an appointment ([MS-OXCICAL] has one
# VALARM at most), and a week is more use than a day.
ALARMS = (5, 1)
_ALARM_TIME = timedelta(hours=9)
# Without the file made before, a day's events still follow on those of any day before it.
_COUNTED_FROM = date(2020, 1, 1)
_DONE, _MISSED, _GONE, _OVERDUE = "Done", "Missed", "No longer due", "Overdue"
_CLOSED = {"met": _DONE, "met_late": _DONE, "breached": _MISSED}
_CASE = "X-CSPR-CASE"


class NotOursError(Exception):
    """The file is no calendar that this module wrote."""


class Entry(Value):
    """One day to keep in mind: an event's identity and what it says."""

    uid: str
    case: str
    day: date
    summary: str
    description: str
    remind: bool


class CaseEntries(Value):
    """What one case puts into the calendar; `closed` says of other UIDs why they are not in it."""

    case: str
    entries: tuple[Entry, ...]
    closed: Mapping[str, str]


class Made(Value):
    """An event as it is written: `stamped` is the day of its last change."""

    uid: str
    case: str
    day: date
    summary: str
    description: str
    remind: bool
    cancelled: bool
    sequence: int
    stamped: date


class Merged(Value):
    """The calendar's events, and the cases of the file before that were not among those named.

    Their events were left as they are (`kept`) or cancelled (`dropped`).
    """

    events: tuple[Made, ...]
    kept: tuple[str, ...]
    dropped: tuple[str, ...]


# --- what a case puts in ------------------------------------------------------------------------


def entries_of(checked: Checked) -> CaseEntries:
    """Deadlines of a case that are not met, one for each subject, and its planned dates."""
    entries: list[Entry] = []
    closed: dict[str, str] = {}
    for finding in report_of(checked).findings:
        uid = _uid(checked, finding.requirement, finding.subject.id if finding.subject else "")
        entry = _deadline(checked, finding, uid)
        if entry is None:
            closed[uid] = _CLOSED.get(finding.status, _GONE)
        else:
            entries.append(entry)
    for found in dates_of(checked):
        uid = _uid(checked, "planned", found.key)
        if not found.planned:
            closed[uid] = _DONE
            continue
        case = checked.casefile.case.case
        passed = found.day < checked.as_of
        entry = Entry(
            uid=uid,
            case=case,
            day=found.day,
            summary=f"{case}: planned: {found.what}",
            description="Planned, and not recorded as done." if passed else "Planned.",
            remind=not passed,
        )
        entries.append(entry)
    return CaseEntries(case=checked.casefile.case.case, entries=tuple(entries), closed=closed)


def _uid(checked: Checked, what: str, subject: str) -> str:
    """The same for the same duty of the same case, always; a hash, so that it says nothing."""
    case = checked.casefile.case
    named = f"cspr\n{case.partnership}\n{case.case}\n{what}\n{subject}"
    return f"{hashlib.sha256(named.encode()).hexdigest()[:32]}@cspr"


def _deadline(checked: Checked, finding: Finding, uid: str) -> Entry | None:
    for line in due_of(checked, [finding]):
        what = line.what + (f" ({listing(line.labels)})" if line.labels else "")
        if line.condition is not None:
            what = f"{_if(line.condition)}: {what}"
        late = f"{_OVERDUE}: " if line.status == "overdue" else ""
        should = " [should]" if line.binding == "should" else ""
        return Entry(
            uid=uid,
            case=line.case,
            day=line.due,
            summary=f"{late}{line.case}: {what}{should}",
            description="\n".join(_details(checked, finding, line.who_label, marks_of(line))),
            remind=line.due >= checked.as_of,
        )
    return None


def _if(condition: str) -> str:
    """A condition as the title of an event begins with it; it is always one of "if"."""
    if condition.startswith("if "):
        return condition
    return f"if it applies (not known: {condition.partition(': ')[2]})"


def _details(
    checked: Checked, finding: Finding, who: str | None, marks: Sequence[str]
) -> Iterator[str]:
    if who is not None:
        yield f"Who acts: {who}."
    key = (finding.requirement, finding.subject.id if finding.subject else "")
    limit = checked.limits.details.get(key)
    if limit is not None:
        yield f"Counted: {counted_words(Words(checked.rules), limit)}."
    for mark in marks:
        yield f"{capital(mark)}."
    yield f"Rule: {finding.requirement}."
    yield f"Source: {finding.source.document}, {finding.source.section}."


# --- what becomes of it -------------------------------------------------------------------------


def merged(
    cases: Sequence[CaseEntries],
    as_of: date,
    before: Mapping[str, Made],
    *,
    whole: bool = False,
) -> Merged:
    """The events to write, in order of their days: those of the cases, held against those before.

    What is as it was keeps its SEQUENCE; what changed gets a higher one. An event of a case named
    here that is no longer due is cancelled. With `whole`, the cases are all that there are, and
    events of others are cancelled too; without, they stay as they are.
    """
    events = {
        entry.uid: _made(entry, before.get(entry.uid), as_of)
        for case in cases
        for entry in case.entries
    }
    named = {case.case for case in cases}
    closed = {uid: why for case in cases for uid, why in case.closed.items()}
    kept: dict[str, None] = {}
    dropped: dict[str, None] = {}
    for uid, old in before.items():
        if uid in events:
            continue
        if old.cancelled:
            events[uid] = old
        elif old.case in named or whole:
            events[uid] = _cancelled(old, closed.get(uid, _GONE), as_of)
            if old.case not in named:
                dropped[old.case] = None
        else:
            events[uid] = old
            kept[old.case] = None
    return Merged(
        events=tuple(sorted(events.values(), key=lambda e: (e.day, e.case, e.summary, e.uid))),
        kept=tuple(sorted(kept)),
        dropped=tuple(sorted(dropped)),
    )


def _made(entry: Entry, old: Made | None, as_of: date) -> Made:
    said = entry.model_dump()
    if old is not None and not old.cancelled:
        now = (entry.day, entry.summary, entry.description)
        if (old.day, old.summary, old.description) == now:
            return old
    return Made(**said, cancelled=False, sequence=_sequence(old, as_of), stamped=as_of)


def _cancelled(old: Made, why: str, as_of: date) -> Made:
    # What stands before the case is how it stood: `Overdue: NH-1: ...` becomes `Done: NH-1: ...`
    _, found, what = old.summary.partition(f"{old.case}: ")
    return old.model_copy(
        update={
            "summary": f"{why}: {found}{what}" if found else f"{why}: {old.summary}",
            "cancelled": True,
            "remind": False,
            "sequence": _sequence(old, as_of),
            "stamped": as_of,
        }
    )


def _sequence(old: Made | None, as_of: date) -> int:
    """Higher than before; and higher than of any earlier day, should the file before be lost."""
    return max(0 if old is None else old.sequence + 1, (as_of - _COUNTED_FROM).days, 0)


# --- reading and writing ------------------------------------------------------------------------


def events_in(data: bytes) -> dict[str, Made]:
    """The events of a file that `calendar_text` wrote; raises `NotOursError` for any other."""
    try:
        found = Calendar.from_ical(data)
        if str(found.get("PRODID")) != PRODUCT:
            raise NotOursError
        return {event.uid: event for event in map(_read, found.walk("VEVENT"))}
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise NotOursError from error


def _read(event: Component) -> Made:
    return Made(
        uid=str(event["UID"]),
        case=str(event[_CASE]),
        day=event.decoded("DTSTART"),
        summary=str(event["SUMMARY"]),
        description=str(event["DESCRIPTION"]),
        remind=bool(event.walk("VALARM")),
        cancelled=str(event["STATUS"]) == "CANCELLED",
        sequence=int(str(event["SEQUENCE"])),
        stamped=event.decoded("DTSTAMP").date(),
    )


def calendar_text(events: Sequence[Made]) -> str:
    """The events as iCalendar text, its lines folded and ended with CR and LF.

    There is no METHOD: one would make it a message of an organiser (RFC 5546), which it is not.
    """
    made = Calendar()
    made.add("PRODID", PRODUCT)
    made.add("VERSION", "2.0")
    made.add("CALSCALE", "GREGORIAN")
    made.add("X-WR-CALNAME", NAME)
    for event in events:
        made.add_component(_event(event))
    data: bytes = made.to_ical()
    return data.decode("utf-8")


def _event(made: Made) -> Event:
    event = Event()
    event.add("UID", made.uid)
    event.add("DTSTAMP", datetime.combine(made.stamped, time(), UTC))
    event.add("SEQUENCE", made.sequence)
    event.add("STATUS", "CANCELLED" if made.cancelled else "CONFIRMED")
    event.add("DTSTART", made.day)
    event.add("DTEND", made.day + timedelta(days=1))
    event.add("SUMMARY", made.summary)
    event.add("DESCRIPTION", made.description)
    event.add("CLASS", "PRIVATE")
    event.add("TRANSP", "TRANSPARENT")
    # Outlook's own words for a whole day that keeps nobody from meeting.
    event.add("X-MICROSOFT-CDO-ALLDAYEVENT", "TRUE")
    event.add("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
    event.add(_CASE, made.case)
    for day in _alarm_days(made):
        alarm = Alarm()
        alarm.add("ACTION", "DISPLAY")
        alarm.add("DESCRIPTION", made.summary)
        # Counted from midnight of the day, wherever the reader is: nine in the morning there.
        alarm.add("TRIGGER", day - made.day + _ALARM_TIME)
        event.add_component(alarm)
    return event


def _alarm_days(made: Made) -> list[date]:
    """Five working days and one before, those that are still to come; else the day itself."""
    if not made.remind:
        return []
    days = [calendar.before(made.day, n, "working_days") for n in ALARMS]
    return [day for day in days if day >= made.stamped] or [made.day]
