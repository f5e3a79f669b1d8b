"""The calendar: what stands in it, and what a second file does to the first.

`icalendar` writes; `vobject` reads back. An importer is simulated as RFC 5546 has it: the event
with the higher SEQUENCE takes the place of the one with the same UID.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import vobject

from cspr_core.check import Checked
from cspr_core.report.ical import (
    CaseEntries,
    Entry,
    Made,
    NotOursError,
    calendar_text,
    entries_of,
    events_in,
    merged,
)
from tests.report import office_cases as office

RETURNED = "  - {type: information_returned, agency: police, date: 2025-04-22}\n"


def read(text: str) -> dict[str, Any]:
    """The events by UID, as another library reads them."""
    calendar = vobject.readOne(text)
    found = [*getattr(calendar, "vevent_list", ())]
    events = {event.uid.value: event for event in found}
    assert len(events) == len(found)
    return events


def written(*cases: Checked, as_of: str, before: str | None = None, whole: bool = False) -> str:
    """The file for cases as of a day, where `before` was made before."""
    old: Mapping[str, Made] = {} if before is None else events_in(before.encode())
    day = date.fromisoformat(as_of)
    entries = [entries_of(case) for case in cases]
    return calendar_text(merged(entries, day, old, whole=whole).events)


def easter(as_of: str, *changes: tuple[str, str], more: str = "") -> str:
    return written(office.checked("easter", as_of, *changes, more=more), as_of=as_of)


def titled(events: Mapping[str, Any], words: str) -> Any:
    """The one event whose title ends so."""
    found = [e for e in events.values() if e.summary.value.endswith(words)]
    assert len(found) == 1, [e.summary.value for e in events.values()]
    return found[0]


class Importer:
    """A calendar that takes files, one after the other."""

    def __init__(self) -> None:
        self.held: dict[str, Any] = {}

    def take(self, text: str) -> None:
        for uid, event in read(text).items():
            held = self.held.get(uid)
            if held is None or int(event.sequence.value) > int(held.sequence.value):
                self.held[uid] = event

    def live(self) -> dict[str, Any]:
        return {uid: event for uid, event in self.held.items() if event.status.value != "CANCELLED"}


# --- the form -----------------------------------------------------------------------------------


def test_lines_end_with_cr_lf_and_are_folded_at_75_octets() -> None:
    text = easter("2025-04-22")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) == 75


def test_head_says_version_and_product_and_is_no_message() -> None:
    lines = easter("2025-04-22").split("\r\n")
    assert {"VERSION:2.0", "PRODID:-//cspr//calendar//EN", "CALSCALE:GREGORIAN"} <= set(lines)
    assert not any(line.startswith(("METHOD", "ORGANIZER", "ATTENDEE")) for line in lines)


def test_a_deadline_is_a_whole_day_private_and_keeps_nobody_busy() -> None:
    # Asked on Mon 14 April 2025; 15, 16, 17, then after Easter 22, 23, 24, 25: 7 working days.
    event = titled(read(easter("2025-04-22")), "Return the information template (police)")
    assert event.summary.value == "MS-2025-02: Return the information template (police)"
    assert event.dtstart.value == date(2025, 4, 25)
    assert event.dtend.value == date(2025, 4, 26)
    assert event.dtstart.params == {"VALUE": ["DATE"]}
    assert (event.contents["class"][0].value, event.transp.value) == ("PRIVATE", "TRANSPARENT")
    assert event.status.value == "CONFIRMED"
    assert event.dtstamp.value == datetime(2025, 4, 22, tzinfo=UTC)


def test_the_same_question_gives_the_same_bytes() -> None:
    assert easter("2025-04-22") == easter("2025-04-22")


def test_each_event_says_who_why_and_by_which_rule() -> None:
    event = titled(read(easter("2025-04-22")), "Return the information template (police)")
    assert event.description.value.split("\n") == [
        "Who acts: Police.",
        "Counted: 7 working days after a request for information (Mon 14 Apr 2025).",
        "Rule: midshire.information_return.",
        "Source: Midshire Practice Guide, Rapid reviews.",
    ]


def test_what_only_should_be_done_and_what_nobody_verified_says_so() -> None:
    event = titled(read(easter("2025-04-22")), "send it to the Panel [should]")
    assert {"Should.", "Not verified against the source."} <= set(
        event.description.value.split("\n")
    )


def test_no_free_text_and_no_path_goes_in() -> None:
    text = easter("2025-04-22").replace("\r\n ", "")
    assert "Zebra" not in text
    assert ".yaml" not in text


def test_uids_are_hashes_that_name_nothing() -> None:
    assert all(re.fullmatch(r"[0-9a-f]{32}@cspr", uid) for uid in read(easter("2025-04-22")))


def test_uids_differ_between_cases() -> None:
    other = easter("2025-04-22", ("MS-2025-02", "MS-2025-03"))
    assert not set(read(other)) & set(read(easter("2025-04-22")))


# --- what goes in -------------------------------------------------------------------------------


def test_each_agency_has_its_own_event() -> None:
    titles = [e.summary.value for e in read(easter("2025-04-22")).values()]
    assert sum("Return the information template" in title for title in titles) == 3


def test_what_is_met_or_only_advice_or_has_no_date_is_not_in_it() -> None:
    titles = " ".join(e.summary.value for e in read(easter("2025-04-24")).values())
    assert "anytown general" not in titles  # returned on 23 April
    assert "referral" not in titles  # no date


def test_what_depends_on_something_unknown_begins_with_if() -> None:
    events = read(easter("2025-04-22"))
    event = titled(events, "(the integrated care board)")
    assert event.summary.value == (
        "MS-2025-02: if this agency was involved: Return the information template"
        " (the integrated care board)"
    )


def test_what_depends_on_another_unknown_says_if_too() -> None:
    # The meeting is planned for Thu 8 January 2026; two working days before: 7, 6 January.
    case = office.checked("publishing", "2025-12-18")
    event = titled(read(written(case, as_of="2025-12-18")), "(m2/p3)")
    assert event.summary.value.startswith(
        "MS-2025-07: if it applies (not known: when p3 was named): "
    )
    assert event.dtstart.value == date(2026, 1, 6)


def test_planned_dates_are_in_it() -> None:
    events = read(written(office.checked("publishing", "2025-12-18"), as_of="2025-12-18"))
    planned = {
        (e.dtstart.value, e.summary.value)
        for e in events.values()
        if "planned: " in e.summary.value
    }
    assert planned == {
        (date(2026, 1, 6), "MS-2025-07: planned: Publication (report)"),
        (date(2026, 1, 8), "MS-2025-07: planned: Meeting of Learning Sub Group (m2)"),
    }


def test_a_plan_that_has_passed_says_so() -> None:
    events = read(written(office.checked("publishing", "2026-01-07"), as_of="2026-01-07"))
    event = titled(events, "planned: Publication (report)")
    assert event.description.value == "Planned, and not recorded as done."
    assert "valarm" not in event.contents


def test_when_a_delay_is_looked_at_again_is_in_it() -> None:
    delay = (
        "delays:\n  - {requirement: midshire.genogram, reason: family_asked, arose: 2025-06-02,"
        " told: {panel: 2025-06-03}, agreed_by: executive, agreed_due: 2026-02-02,"
        " review_on: 2026-01-15}\n"
    )
    case = office.checked("publishing", "2025-12-18", more=delay)
    events = read(written(case, as_of="2025-12-18"))
    assert titled(events, "looked at again").dtstart.value == date(2026, 1, 15)
    genogram = titled(events, "Draw the genogram")
    assert genogram.dtstart.value == date(2026, 2, 2)
    assert "The agreed new date." in genogram.description.value


def test_what_is_overdue_stays_on_its_day_and_says_so() -> None:
    event = titled(read(easter("2025-04-28")), "Return the information template (police)")
    assert event.summary.value.startswith("Overdue: MS-2025-02: ")
    assert event.dtstart.value == date(2025, 4, 25)
    assert "valarm" not in event.contents


# --- alarms -------------------------------------------------------------------------------------


def alarms(day: date, stamped: date) -> list[datetime]:
    """When the alarms of a deadline go off, on the clock of whoever has the calendar."""
    entry = Made(
        uid="x@cspr",
        case="X",
        day=day,
        summary="X: y",
        description="",
        remind=True,
        cancelled=False,
        sequence=1,
        stamped=stamped,
    )
    event = read(calendar_text([entry]))["x@cspr"]
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001  (floating, as it should be)
    assert all(alarm.action.value == "DISPLAY" for alarm in event.valarm_list)
    assert all(isinstance(alarm.trigger.value, timedelta) for alarm in event.valarm_list)
    return [midnight + alarm.trigger.value for alarm in event.valarm_list]


def test_alarms_go_off_at_nine_five_working_days_and_one_before() -> None:
    # Before Thu 19 March 2026: 18, 17, 16, 13, 12 March. The longer notice comes first.
    assert alarms(date(2026, 3, 19), date(2026, 3, 2)) == [
        datetime(2026, 3, 12, 9),  # noqa: DTZ001
        datetime(2026, 3, 18, 9),  # noqa: DTZ001
    ]


def test_alarms_step_over_weekends_and_holidays() -> None:
    # Before Fri 25 April 2025: 24, 23, 22 April, then before Easter 17, 16 April.
    assert alarms(date(2025, 4, 25), date(2025, 4, 1)) == [
        datetime(2025, 4, 16, 9),  # noqa: DTZ001
        datetime(2025, 4, 24, 9),  # noqa: DTZ001
    ]


def test_an_alarm_that_is_over_is_left_out() -> None:
    assert alarms(date(2026, 3, 19), date(2026, 3, 13)) == [
        datetime(2026, 3, 18, 9)  # noqa: DTZ001
    ]


def test_what_is_due_today_is_called_to_mind_today() -> None:
    assert alarms(date(2026, 3, 19), date(2026, 3, 19)) == [
        datetime(2026, 3, 19, 9)  # noqa: DTZ001
    ]


# --- the second file ----------------------------------------------------------------------------


def second(first: str, as_of: str, *changes: tuple[str, str], more: str = "") -> str:
    case = office.checked("easter", as_of, *changes, more=more)
    return written(case, as_of=as_of, before=first)


def test_nothing_changed_gives_the_same_file() -> None:
    unmet = ("  - {type: information_returned, agency: anytown_general, date: 2025-04-23}\n", "")
    first = easter("2025-04-22", unmet)
    assert second(first, "2025-04-22", unmet) == first
    # nor has anything changed on the next day: nothing was due or done on either
    assert second(first, "2025-04-23", unmet) == first


def test_what_moved_takes_the_place_of_what_was() -> None:
    # The request turns out to have gone out on Tue 15 April: 16, 17, 22, 23, 24, 25, 28 April.
    calendar = Importer()
    calendar.take(first := easter("2025-04-16"))
    moved = ("agency: police, date: 2025-04-14", "agency: police, date: 2025-04-15")
    calendar.take(second(first, "2025-04-17", moved))
    event = titled(calendar.live(), "Return the information template (police)")
    assert event.dtstart.value == date(2025, 4, 28)
    assert len(calendar.live()) == len(read(first))


def test_only_what_changed_has_a_higher_sequence() -> None:
    first = easter("2025-04-16")
    moved = ("agency: police, date: 2025-04-14", "agency: police, date: 2025-04-15")
    old, new = read(first), read(second(first, "2025-04-16", moved))
    changed = [
        new[uid].summary.value
        for uid in old
        if int(new[uid].sequence.value) == int(old[uid].sequence.value) + 1
    ]
    same = [uid for uid in old if new[uid].sequence.value == old[uid].sequence.value]
    assert changed == ["MS-2025-02: Return the information template (police)"]
    assert len(same) == len(old) - 1


def test_what_was_done_is_cancelled() -> None:
    calendar = Importer()
    calendar.take(first := easter("2025-04-17"))
    calendar.take(text := second(first, "2025-04-22", more=RETURNED))
    event = titled(read(text), "Return the information template (police)")
    assert event.summary.value == "Done: MS-2025-02: Return the information template (police)"
    assert event.status.value == "CANCELLED"
    assert "valarm" not in event.contents
    assert event.uid.value not in calendar.live()


def test_what_is_no_longer_asked_is_cancelled() -> None:
    first = easter("2025-04-22")
    text = second(first, "2025-04-22", ("icb: {involved: unknown}", "icb: {involved: no}"))
    event = titled(read(text), "(the integrated care board)")
    assert event.status.value == "CANCELLED"
    assert event.summary.value.startswith("No longer due: MS-2025-02: ")


def test_what_vanished_from_the_case_is_cancelled() -> None:
    old = office.checked("publishing", "2025-12-18")
    new = office.checked("publishing", "2025-12-18", ("{id: m2", "{id: m3"))
    first = written(old, as_of="2025-12-18")
    events = read(written(new, as_of="2025-12-18", before=first))
    assert titled(events, "Sub Group (m2)").status.value == "CANCELLED"
    assert titled(events, "Sub Group (m3)").status.value == "CONFIRMED"


def test_what_can_no_longer_be_done_is_cancelled_as_missed() -> None:
    first = written(office.checked("publishing", "2025-12-18"), as_of="2025-12-18")
    out = office.checked("publishing", "2026-01-07", ("planned: 2026-01-06}", "date: 2026-01-06}"))
    events = read(written(out, as_of="2026-01-07", before=first))
    event = titled(events, "Send the final report to the Panel")
    assert event.summary.value.startswith("Missed: ")
    assert titled(events, "Publication (report)").summary.value.startswith("Done: ")


def test_a_plan_that_moves_keeps_its_event() -> None:
    calendar = Importer()
    case = office.checked("publishing", "2025-12-18")
    calendar.take(first := written(case, as_of="2025-12-18"))
    moved = office.checked(
        "publishing", "2025-12-18", ("planned: 2026-01-06", "planned: 2026-02-10")
    )
    calendar.take(written(moved, as_of="2025-12-18", before=first))
    event = titled(calendar.live(), "planned: Publication (report)")
    assert event.dtstart.value == date(2026, 2, 10)


def test_what_was_cancelled_and_is_due_again_comes_back() -> None:
    calendar = Importer()
    calendar.take(first := easter("2025-04-22"))
    calendar.take(done := second(first, "2025-04-22", more=RETURNED))
    calendar.take(second(done, "2025-04-22"))
    event = titled(calendar.live(), "Return the information template (police)")
    assert event.status.value == "CONFIRMED"
    assert int(event.sequence.value) == int(read(first)[event.uid.value].sequence.value) + 2


def test_what_is_cancelled_stays_as_it_was_cancelled() -> None:
    done = second(easter("2025-04-22"), "2025-04-22", more=RETURNED)
    assert second(done, "2025-04-22", more=RETURNED) == done


def test_a_later_day_has_a_higher_sequence_even_where_the_file_was_lost() -> None:
    first, later = read(easter("2025-04-16")), read(easter("2025-04-17"))
    # 17 April 2025 is 1,933 days after 1 January 2020: 5 x 365 + 2 leap days + 90 + 16
    assert {int(e.sequence.value) for e in later.values()} == {1933}
    assert {int(e.sequence.value) for e in first.values()} == {1932}


def test_a_day_before_that_count_begins_at_nought() -> None:
    entry = Entry(
        uid="u", case="X", day=date(2019, 1, 4), summary="X: y", description="", remind=False
    )
    found = merged([CaseEntries(case="X", entries=(entry,), closed={})], date(2019, 1, 2), {})
    assert [event.sequence for event in found.events] == [0]


# --- cases that are not named again -------------------------------------------------------------


def both() -> tuple[Checked, Checked, str]:
    one, other = office.checked("easter", "2025-04-22"), office.checked("new", "2026-03-30")
    return one, other, written(one, other, as_of="2026-03-30")


def of_case(events: Mapping[str, Any], case: str) -> Sequence[Any]:
    return [e for e in events.values() if e.x_cspr_case.value == case]


def test_events_of_a_case_not_named_stay_as_they_are() -> None:
    one, other, first = both()
    found = merged([entries_of(one)], date(2026, 3, 30), events_in(first.encode()))
    assert (found.kept, found.dropped) == (("MS-2026-01",), ())
    assert calendar_text(found.events) == first
    assert of_case(read(first), other.casefile.case.case)


def test_events_of_a_case_that_is_gone_are_cancelled() -> None:
    one, _, first = both()
    before = events_in(first.encode())
    found = merged([entries_of(one)], date(2026, 3, 30), before, whole=True)
    assert (found.kept, found.dropped) == ((), ("MS-2026-01",))
    events = read(calendar_text(found.events))
    assert {e.status.value for e in of_case(events, "MS-2026-01")} == {"CANCELLED"}
    assert {e.status.value for e in of_case(events, "MS-2025-02")} == {"CONFIRMED"}


# --- reading what was written -------------------------------------------------------------------


def test_what_was_written_is_read_as_it_was() -> None:
    text = easter("2025-04-22")
    assert calendar_text([*events_in(text.encode()).values()]) == text


def test_a_title_changed_by_hand_is_cancelled_whole() -> None:
    text = easter("2025-04-22").replace(
        "MS-2025-02: Return the information template (police)", "Ask"
    )
    cancelled = second(text, "2025-04-22", more=RETURNED)
    assert "SUMMARY:Done: Ask\r\n" in cancelled


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a calendar",
        b"\xff\xfe\x00\x01",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//somebody//else//EN\r\nEND:VCALENDAR\r\n",
        (
            b"BEGIN:VCALENDAR\r\nPRODID:-//cspr//calendar//EN\r\nBEGIN:VEVENT\r\nUID:x\r\n"
            b"END:VEVENT\r\nEND:VCALENDAR\r\n"
        ),
    ],
)
def test_a_file_that_is_not_ours_is_refused(data: bytes) -> None:
    with pytest.raises(NotOursError):
        events_in(data)


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        (r"DTSTART;VALUE=DATE:\d+", "DTSTART;VALUE=DATE:soon"),
        (r"SEQUENCE:\d+", "SEQUENCE:many"),
        (r"X-CSPR-CASE:\S+", "X-CSPR-OTHER:1"),
    ],
)
def test_an_event_that_was_spoilt_is_refused(line: str, changed: str) -> None:
    text = re.sub(line, changed, easter("2025-04-22"), count=1)
    with pytest.raises(NotOursError):
        events_in(text.encode())
