"""Limits and marks: the calendar facts that are derived before any engine runs."""

from __future__ import annotations

from datetime import date

import pytest

from cspr_core.facts import FOREVER
from cspr_core.limits import LimitDetail
from tests.builders import Answers, answers, ordinal, rows

DECIDED = "{type: decision, outcome: local_review, date: 2026-03-10}"


def limit(requirement: str, text: str, as_of: str = "2026-06-01", subject: str = "") -> LimitDetail:
    found = answers(text, as_of, f"kind: deadline\nmet_by: {{event: death}}\n{requirement}")
    return found.limits.details["northamptonshire.it", subject]


def none(requirement: str, text: str, as_of: str = "2026-06-01") -> bool:
    found = answers(text, as_of, f"kind: deadline\nmet_by: {{event: death}}\n{requirement}")
    return not found.limits.details


def events(*lines: str) -> str:
    return f"events: [{', '.join(lines)}]"


# --- the four forms -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "due"),
    [
        # decided Tue 10 March 2026
        ("within: {n: 5, unit: working_days, of: {event: decision}}", "2026-03-17"),
        ("within: {n: 5, unit: days, of: {event: decision}}", "2026-03-15"),
        ("within: {n: 6, unit: months, of: {event: decision}}", "2026-09-10"),
        ("within: {n: 0, unit: days, of: {event: decision}}", "2026-03-10"),
        ("before: {n: 5, unit: working_days, of: {event: decision}}", "2026-03-03"),
        ("before: {n: 14, unit: days, of: {event: decision}}", "2026-02-24"),
        ("around: {n: 2, unit: days, of: {event: decision}}", "2026-03-12"),
        ("by: {of: {event: decision}}", "2026-03-10"),
        ("by: {n: 2, unit: days, of: {event: decision}}", "2026-03-12"),
    ],
)
def test_the_due_date_of_each_form(period: str, due: str) -> None:
    assert limit(period, events(DECIDED)).due.isoformat() == due


def test_a_window_around_opens_as_long_before() -> None:
    found = limit("around: {n: 2, unit: days, of: {event: decision}}", events(DECIDED))
    assert found.opens == date(2026, 3, 8)


@pytest.mark.parametrize(
    ("as_of", "state", "closes"),
    [
        ("2026-03-03", "open", FOREVER),
        ("2026-03-04", "passed", FOREVER),
        ("2026-03-09", "passed", FOREVER),
        ("2026-03-10", "shut", ordinal("2026-03-10")),
    ],
)
def test_a_limit_before_shuts_when_its_event_happens(as_of: str, state: str, closes: int) -> None:
    text = events(DECIDED.replace("date: 2026-03-10", "planned: 2026-03-10, date: 2026-03-10"))
    requirement = """
kind: deadline
met_by: {event: death}
before: {n: 5, unit: working_days, of: {event: decision}}"""
    row = rows(answers(text, as_of, requirement).facts, "limit")[0]
    assert (row["state"], row["closes"]) == (state, closes)


@pytest.mark.parametrize(
    ("as_of", "state"), [("2026-03-17", "open"), ("2026-03-18", "passed"), ("2030-01-01", "passed")]
)
def test_a_limit_within_passes_and_never_shuts(as_of: str, state: str) -> None:
    requirement = """
kind: deadline
met_by: {event: death}
within: {n: 5, unit: working_days, of: {event: decision}}"""
    found = answers(events(DECIDED), as_of, requirement)
    assert rows(found.facts, "limit")[0]["state"] == state


def test_a_due_date_beyond_the_published_holidays_is_provisional() -> None:
    period = "within: {n: 6, unit: months, of: {event: decision}}"
    last = limit(period, events(DECIDED.replace("2026-03-10", "2028-06-30")), "2028-07-03")
    beyond = limit(period, events(DECIDED.replace("2026-03-10", "2028-07-01")), "2028-07-03")
    # six months from 30 June: 30 December 2028; from 1 July: 1 January 2029
    assert (last.provisional, beyond.provisional) == (False, True)


# --- where it counts from -----------------------------------------------------------------------

PLAN = "{type: publication, what: report, planned: 2026-05-12}"
DONE = "{type: publication, what: report, date: 2026-05-20}"
BOTH = "{type: publication, what: report, planned: 2026-05-12, date: 2026-05-20}"


@pytest.mark.parametrize(
    ("publication", "form", "start", "planned"),
    [
        # before and around: what happened, else what is planned
        (PLAN, "before: {n: 1, unit: days, of: {event: publication}}", "2026-05-12", True),
        (DONE, "before: {n: 1, unit: days, of: {event: publication}}", "2026-05-20", False),
        (BOTH, "before: {n: 1, unit: days, of: {event: publication}}", "2026-05-20", False),
        (BOTH, "around: {n: 1, unit: days, of: {event: publication}}", "2026-05-20", False),
        # as planned: the plan, else what happened
        (
            BOTH,
            "around: {n: 1, unit: days, of: {event: publication, as: planned}}",
            "2026-05-12",
            True,
        ),
        (
            DONE,
            "around: {n: 1, unit: days, of: {event: publication, as: planned}}",
            "2026-05-20",
            False,
        ),
        # within: only what happened
        (BOTH, "within: {n: 1, unit: days, of: {event: publication}}", "2026-05-20", False),
    ],
)
def test_the_date_or_the_plan(publication: str, form: str, start: str, planned: bool) -> None:  # noqa: FBT001
    found = limit(form, events(publication)).start
    assert (found.day.isoformat(), found.planned) == (start, planned)


def test_within_counts_from_no_plan() -> None:
    assert none("within: {n: 1, unit: days, of: {event: publication}}", events(PLAN))


def test_an_event_still_to_come_counts_by_its_plan() -> None:
    form = "before: {n: 1, unit: days, of: {event: publication}}"
    assert limit(form, events(BOTH), "2026-05-19").start.day == date(2026, 5, 12)


def test_the_first_that_happened_is_the_anchor_whatever_is_planned_sooner() -> None:
    form = "before: {n: 1, unit: days, of: {event: publication}}"
    assert limit(form, events(PLAN, DONE)).start.day == date(2026, 5, 20)
    two = events(DONE, DONE.replace("05-20", "05-18"))
    assert limit(form, two).start.day == date(2026, 5, 18)


def test_counted_from_the_incident() -> None:
    text = "incident: {date: 2026-01-02, area: leeds}"
    form = "within: {n: 5, unit: days, of: {incident: date}}"
    found = limit(form, text)
    assert (found.due, found.start.event) == (date(2026, 1, 7), "incident")
    assert none(form, "incident: {area: leeds}")


def test_counted_from_a_meeting_and_from_the_first() -> None:
    text = """
meetings:
  - {id: m1, body: executive, date: 2026-05-12}
  - {id: m2, body: executive, date: 2026-05-20}"""
    first = "within: {n: 1, unit: days, of: {meeting: executive, first: yes}}"
    assert limit(first, text).due == date(2026, 5, 13)
    each = "for_each: {meeting: executive}\nwithin: {n: 1, unit: days, of: {subject: date}}"
    assert limit(each, text, subject="m2").due == date(2026, 5, 21)
    same = each.replace("{subject: date}", "{meeting: executive, same: meeting}")
    assert limit(same, text, subject="m2").due == date(2026, 5, 21)


def test_counted_from_a_forms_receipt_and_its_return() -> None:
    text = "forms: [{id: f1, form: northamptonshire.x, received: 2026-03-02, returned: 2026-03-04}]"
    received = "within: {n: 1, unit: days, of: {form: northamptonshire.x}}"
    returned = "within: {n: 1, unit: days, of: {form: northamptonshire.x, returned: yes}}"
    assert limit(received, text).due == date(2026, 3, 3)
    assert limit(returned, text).due == date(2026, 3, 5)
    assert none(returned, text.replace(", returned: 2026-03-04", ""))


def test_each_subject_counts_from_its_own_event() -> None:
    text = events(
        "{type: information_requested, agency: police, date: 2026-03-10}",
        "{type: information_requested, agency: gp, date: 2026-03-12}",
    )
    form = (
        "for_each: {agency: any}\n"
        "within: {n: 1, unit: days, of: {event: information_requested, same: agency}}"
    )
    assert limit(form, text, subject="police").due == date(2026, 3, 11)
    assert limit(form, text, subject="gp").due == date(2026, 3, 13)


def test_a_delay_that_arose_on_an_unknown_day_has_no_limit() -> None:
    form = "for_each: {delay: any}\nwithin: {n: 1, unit: days, of: {subject: date}}"
    text = "delays: [{id: d1, requirement: national.publish_6_months, reason: inquest}]"
    assert none(form, text)
    assert limit(form, text.replace("inquest", "inquest, arose: 2026-03-02"), subject="d1").due == (
        date(2026, 3, 3)
    )


# --- dated values, copies -----------------------------------------------------------------------

DATED = """
id: northamptonshire.dated
kind: deadline
met_by: {event: death}
values:
  - {in_force_from: 2020-01, within: {n: 10, unit: days, of: {event: decision}}}
  - {in_force_from: 2026-03-10, within: {n: 5, unit: days, of: {event: decision}}}
"""


@pytest.mark.parametrize(
    ("decided", "n"), [("2020-01-01", 10), ("2026-03-09", 10), ("2026-03-10", 5)]
)
def test_the_value_in_force_on_the_day_of_the_start_holds(decided: str, n: int) -> None:
    text = f"""
events:
  - {{type: referral_received, date: 2019-06-03}}
  - {{type: decision, outcome: no_review, date: {decided}}}"""
    found = answers(text, "2026-06-01", DATED)
    assert found.limits.details["northamptonshire.dated", ""].value.n == n


def test_a_start_before_every_value_is_not_in_force() -> None:
    text = """
events:
  - {type: referral_received, date: 2019-06-03}
  - {type: decision, outcome: no_review, date: 2019-12-31}"""
    for since in (None, "2019-01-01"):  # the arrangements' own day makes no difference
        found = answers(text, "2026-06-01", DATED, since=since)
        assert found["northamptonshire.dated"].status == "not_applicable"
        assert found.limits.not_in_force == {("northamptonshire.dated", ""): date(2019, 12, 31)}


GOVERNED = """
id: northamptonshire.dated
kind: deadline
met_by: {event: death}
values:
  - in_force_from: 2020-01
    governed_by: [{event: notified, to: panel}, {event: aware}]
    within: {n: 10, unit: days, of: {event: aware}}
  - in_force_from: 2026-02-01
    governed_by: [{event: notified, to: panel}, {event: aware}]
    within: {n: 10, unit: days, of: {event: notified, to: panel}}
"""
AWARE = "{type: aware, by: local_authority, date: 2026-01-30}"


BY_A_PLAN = """
id: northamptonshire.dated
kind: deadline
met_by: {event: death}
values:
  - in_force_from: 2020-01
    governed_by: [{event: aware}]
    by: {of: {event: publication}}
"""


@pytest.mark.parametrize(
    ("as_of", "due"),
    # On the planned day the plan still stands; from the next day on no date is known.
    [("2026-03-01", [date(2026, 3, 1)]), ("2026-03-02", [])],
)
def test_a_plan_that_has_passed_lapses_under_dated_values_too(as_of: str, due: list[date]) -> None:
    text = f"events: [{AWARE}, {{type: publication, what: report, planned: 2026-03-01}}]"
    details = answers(text, as_of, BY_A_PLAN).limits.details
    assert [detail.due for detail in details.values()] == due


def test_where_nothing_that_governs_has_happened_there_is_no_limit() -> None:
    text = "events: [{type: referral_received, date: 2026-02-02}]"
    assert not answers(text, "2026-06-01", GOVERNED).limits.details


@pytest.mark.parametrize(
    ("notified", "due", "other"),
    [
        # aware 30 January, ten days: 9 February
        (None, "2026-02-09", None),
        ("2026-01-31", "2026-02-09", "2026-02-10"),
        ("2026-02-01", "2026-02-11", "2026-02-09"),
    ],
)
def test_the_governing_event_decides_and_the_other_start_is_named(
    notified: str | None, due: str, other: str | None
) -> None:
    lines = [AWARE] + ([f"{{type: notified, to: panel, date: {notified}}}"] if notified else [])
    detail = answers(events(*lines), "2026-06-01", GOVERNED).limits.details[
        "northamptonshire.dated", ""
    ]
    assert detail.due.isoformat() == due
    assert (detail.other and detail.other[0].isoformat()) == other


def test_governed_by_a_later_value_whose_start_is_missing_there_is_no_limit() -> None:
    text = events(AWARE.replace("2026-01-30", "2026-02-02"))
    assert not answers(text, "2026-06-01", GOVERNED).limits.details


def test_a_copied_limit_is_the_others_whatever_it_is_on_the_day() -> None:
    copy = """
id: northamptonshire.copy
kind: deadline
met_by: {event: publication}
within: {as: northamptonshire.dated}"""
    for decided, due in (("2026-03-09", "2026-03-19"), ("2026-03-10", "2026-03-15")):
        text = events(DECIDED.replace("2026-03-10", decided))
        for order in ((DATED, copy), (copy, DATED)):
            found = answers(text, "2026-06-01", *order)
            assert found["northamptonshire.copy"].short == ("overdue", due)


def test_a_copy_of_a_limit_that_is_not_there_waits() -> None:
    copy = """
kind: deadline
met_by: {event: publication}
within: {as: northamptonshire.elsewhere}"""
    assert answers(events(DECIDED), "2026-06-01", copy)["northamptonshire.it"].status == "pending"


# --- in force -----------------------------------------------------------------------------------

STEP = "kind: step\nmet_by: {event: publication}\n"


def marks(found: Answers) -> set[tuple[str, str]]:
    return {(row["subject"], row["what"]) for row in found.facts.of("mark")}


@pytest.mark.parametrize(
    ("stage", "since", "expected"),
    [
        # referred 2 February, aware 5 February, decided 10 March
        ("referral", "2026-02-02", False),
        ("referral", "2026-02-03", True),
        ("learning", "2026-02-03", True),
        ("review", "2026-02-03", False),
        ("review", "2026-03-10", False),
        ("review", "2026-03-11", True),
        ("sign_off", "2026-03-11", True),
        ("publication", "2026-03-11", True),
    ],
)
def test_without_a_limit_the_decision_for_a_review_or_the_first_thing_on_record_counts(
    stage: str,
    since: str,
    expected: bool,  # noqa: FBT001
) -> None:
    text = events(
        "{type: referral_received, date: 2026-02-02}",
        "{type: aware, by: local_authority, date: 2026-02-05}",
        DECIDED,
    )
    found = answers(text, "2026-06-01", f"stage: {stage}\n{STEP}", since=since)
    assert (("", "not_in_force") in marks(found)) == expected
    assert (found["northamptonshire.it"].status == "not_applicable") == expected


def test_a_condition_on_the_decision_makes_it_a_requirement_of_the_review() -> None:
    text = events("{type: referral_received, date: 2026-02-02}", DECIDED)
    requirement = f"stage: referral\nwhen: {{decision: local_review}}\n{STEP}"
    found = answers(text, "2026-06-01", requirement, since="2026-03-01")
    assert found["northamptonshire.it"].status == "upcoming"


def test_no_decision_yet_is_no_reason_to_doubt_that_it_holds() -> None:
    text = events("{type: referral_received, date: 2026-02-02}")
    found = answers(text, "2026-06-01", STEP, since="2026-03-01")
    assert found["northamptonshire.it"].status == "upcoming"


@pytest.mark.parametrize(("received", "held"), [("2026-02-28", False), ("2026-03-01", True)])
def test_a_subject_counts_by_its_own_date(received: str, held: bool) -> None:  # noqa: FBT001
    text = f"forms: [{{id: f1, form: northamptonshire.x, received: {received}, empty: [a]}}]"
    requirement = "kind: form\nfor_each: {form: northamptonshire.x}"
    found = answers(text, "2026-06-01", requirement, since="2026-03-01")
    expected = "upcoming" if held else "not_applicable"
    assert found["northamptonshire.it", "f1"].status == expected


def test_the_limits_own_start_goes_before_everything_else() -> None:
    # the case began before the arrangements; the request was made after
    text = events(
        "{type: referral_received, date: 2026-02-02}",
        "{type: information_requested, agency: gp, date: 2026-03-02}",
    )
    requirement = """
kind: deadline
for_each: {agency: any}
within: {n: 7, unit: working_days, of: {event: information_requested, same: agency}}
met_by: {event: information_returned, same: agency}"""
    found = answers(text, "2026-06-01", requirement, since="2026-03-01")
    assert found["northamptonshire.it", "gp"].status == "overdue"
    found = answers(text, "2026-06-01", requirement, since="2026-03-03")
    assert found["northamptonshire.it", "gp"].status == "not_applicable"


def test_without_a_referral_or_awareness_that_counts_the_incident_does() -> None:
    text = """
incident: {date: 2026-01-02, area: leeds}
events: [{type: aware, by: local_authority, date: 2026-07-01}]"""
    found = answers(text, "2026-06-01", f"stage: referral\n{STEP}", since="2026-01-03")
    assert found["northamptonshire.it"].status == "not_applicable"


# --- confirmations and exceptions ---------------------------------------------------------------

EACH = """
kind: notification
for_each: {recipient: [panel, ofsted]}
within: {n: 5, unit: days, of: {event: decision}}
met_by: {event: announced, same: recipient}
unless: recorded
"""


def confirmed(*lines: str) -> str:
    entries = ", ".join(f"{{requirement: northamptonshire.it, {line}}}" for line in lines)
    return f"{events(DECIDED)}\nconfirmed: [{entries}]"


def test_a_general_confirmation_is_for_everyone() -> None:
    # decided 10 March and five days: 15 March
    found = answers(confirmed("answer: yes, on: 2026-03-15"), "2026-06-01", EACH)
    assert marks(found) == {("panel", "confirmed"), ("ofsted", "confirmed")}


def test_a_confirmation_for_somebody_goes_before_the_general_one() -> None:
    text = confirmed("answer: yes, on: 2026-03-15", "subject: ofsted, answer: no, on: 2026-03-12")
    found = answers(text, "2026-06-01", EACH)
    assert marks(found) == {("panel", "confirmed"), ("ofsted", "confirmed_no")}


@pytest.mark.parametrize(
    ("on", "what"), [("2026-03-15", "confirmed"), ("2026-03-16", "confirmed_late")]
)
def test_confirmed_in_time_or_late(on: str, what: str) -> None:
    found = answers(confirmed(f"subject: panel, answer: yes, on: {on}"), "2026-06-01", EACH)
    assert marks(found) == {("panel", what)}


def test_confirmed_after_the_check_is_not_confirmed_yet() -> None:
    found = answers(confirmed("answer: yes, on: 2026-03-15"), "2026-03-14", EACH)
    assert not marks(found)


def test_exceptions_for_one_and_for_everyone() -> None:
    text = f"""
{events(DECIDED)}
exceptions: [{{requirement: northamptonshire.it, subject: panel, reason: r, on: 2026-03-12}}]"""
    assert marks(answers(text, "2026-06-01", EACH)) == {("panel", "excepted")}
    general = text.replace("subject: panel, ", "")
    found = answers(general, "2026-06-01", EACH)
    assert marks(found) == {("panel", "excepted"), ("ofsted", "excepted")}


def test_what_is_confirmed_of_another_areas_requirement_is_left_alone() -> None:
    text = (
        events(DECIDED)
        + """
confirmed: [{requirement: essex.genogram, answer: yes, on: 2026-03-12}]"""
    )
    assert not marks(answers(text, "2026-06-01", EACH))


# --- delays -------------------------------------------------------------------------------------

LIMITED = """
kind: deadline
within: {n: 5, unit: days, of: {event: decision}}
met_by: {event: publication}
delay: {told: [panel]}
"""


def delay(until: str, told: str = "panel: 2026-03-12", by: str = "executive") -> str:
    return (
        f"{{requirement: northamptonshire.it, reason: r, told: {{{told}}}, agreed_by: {by},"
        f" agreed_due: {until}}}"
    )


def extended(as_of: str, *delays: str) -> tuple[bool, str | None]:
    text = f"{events(DECIDED)}\ndelays: [{', '.join(delays)}]"
    found = answers(text, as_of, LIMITED)
    until = found.limits.details["northamptonshire.it", ""].agreed_due
    return ("", "extended") in marks(found), None if until is None else until.isoformat()


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [("2026-03-15", False), ("2026-03-16", True), ("2026-04-30", True), ("2026-05-01", False)],
)
def test_extended_after_the_due_date_and_until_the_agreed_one(as_of: str, expected: bool) -> None:  # noqa: FBT001
    assert extended(as_of, delay("2026-04-30")) == (expected, "2026-04-30")


def test_the_latest_agreed_date_that_was_told_counts() -> None:
    both = (delay("2026-04-30"), delay("2026-05-31", by="oversight_group"))
    assert extended("2026-05-15", *both) == (True, "2026-05-31")
    untold = (delay("2026-04-30"), delay("2026-05-31", told=""))
    assert extended("2026-05-15", *untold) == (False, "2026-04-30")


def test_told_counts_from_the_day_of_telling() -> None:
    late = delay("2026-04-30", told="panel: 2026-03-20")
    assert extended("2026-03-19", late) == (False, None)
    assert extended("2026-03-20", late) == (True, "2026-04-30")


def test_a_delay_of_another_requirement_extends_nothing() -> None:
    other = delay("2026-04-30").replace("northamptonshire.it", "national.publish_6_months")
    assert extended("2026-03-20", other) == (False, None)


def test_what_the_case_says_is_left_as_it_is() -> None:
    found = answers(events(DECIDED), "2026-06-01", LIMITED)
    numbers = [row["fid"] for kind in found.facts.rows for row in found.facts.of(kind)]
    assert len(numbers) == len(set(numbers))
    limit_row = rows(found.facts, "limit")[0]
    assert found.facts.places[limit_row["fid"]].words == "northamptonshire.it due 2026-03-15"


@pytest.mark.parametrize(("as_of", "due"), [("2026-03-11", "2026-03-11"), ("2026-03-12", None)])
def test_by_something_planned_lapses_with_the_plan(as_of: str, due: str | None) -> None:
    text = events("{type: sign_off, by: executive, planned: 2026-03-11}")
    requirement = """
kind: deadline
by: {of: {event: sign_off}}
met_by: {event: draft_shared}"""
    assert answers(text, as_of, requirement)["northamptonshire.it"].short == ("upcoming", due)


@pytest.mark.parametrize(
    ("sign_off", "status"),
    [("planned: 2026-03-11", "met"), ("date: 2026-03-11", "met_late")],
)
def test_by_something_that_is_only_planned_nothing_is_late(sign_off: str, status: str) -> None:
    plan = f"{{type: sign_off, by: executive, {sign_off}}}"
    decided = DECIDED.replace("03-10", "02-10")
    requirement = """
kind: deadline
by: {of: {event: sign_off}}
met_by: {event: draft_shared}"""
    done = events(decided, plan, "{type: draft_shared, with: executive, date: 2026-03-12}")
    assert answers(done, "2026-04-01", requirement)["northamptonshire.it"].status == status
    minutes = "confirmed: [{requirement: northamptonshire.it, answer: yes, on: 2026-03-12}]"
    text = f"{events(decided, plan)}\n{minutes}"
    assert answers(text, "2026-04-01", requirement)["northamptonshire.it"].status == status


def test_a_value_whose_governing_event_has_not_happened_is_passed_over() -> None:
    requirement = """
id: northamptonshire.dated
kind: deadline
met_by: {event: death}
values:
  - {in_force_from: 2020-01, within: {n: 10, unit: days, of: {event: aware}}}
  - in_force_from: 2020-01
    governed_by: [{event: notified, to: panel}]
    within: {n: 5, unit: days, of: {event: aware}}"""
    # aware 30 January: ten days, 9 February; once notified five, 4 February
    notified = "{type: notified, to: panel, date: 2026-02-02}"
    for text, due in ((events(AWARE), "2026-02-09"), (events(AWARE, notified), "2026-02-04")):
        found = answers(text, "2026-06-01", requirement)
        assert found["northamptonshire.dated"].short == ("overdue", due)
