"""Every row of the national table: in play, met, not met, and each boundary that is stated.

Expected dates are counted by hand in comments. `WD` there means working days. Cases are written
as an office would write them and have to pass the reader's checks.
"""

from __future__ import annotations

import pytest

from cspr_core.model.arrangements import Requirement
from cspr_core.plugins import national
from tests.builders import Answer, Answers, a_case, nation

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
# aware Mon 2 Mar 2026, notified Thu 5 Mar: rapid review within 15 WD of 5 March:
# 6, 9-13 (6), 16-20 (11), 23-26 (15): Thu 26 March 2026
NOTIFIED = """
  - {type: aware, by: local_authority, date: 2026-03-02}
  - {type: notified, to: [panel, partners], date: 2026-03-05}
"""
RAPID = "2026-03-26"
# decided Thu 26 Mar 2026: 6 months end on Sat 26 Sep 2026
REVIEW = f"""
  {NOTIFIED.strip()}
  - {{type: rapid_review_sent, to: panel, date: 2026-03-26}}
  - {{type: decision, outcome: local_review, date: 2026-03-26}}
"""
SIX_MONTHS = "2026-09-26"
# published Tue 6 Jan 2026 (Domain's example), at least 7 WD before: 5, 2 Jan, 31, 30, 29, 24,
# 23 Dec (1 Jan, 25 and 26 Dec are holidays): Tue 23 Dec 2025
DECIDED_2025 = """
  - {type: aware, by: local_authority, date: 2025-08-04}
  - {type: notified, to: panel, date: 2025-08-05}
  - {type: decision, outcome: local_review, date: 2025-08-29}
"""


def on(as_of: str, events: str, more: str = "") -> Answers:
    return nation(f"{more}\nevents:{events}", as_of)


def one(as_of: str, requirement: str, events: str, subject: str = "", more: str = "") -> Answer:
    return on(as_of, events, more)[f"national.{requirement}", subject]


def children(*lines: str) -> str:
    return "children:\n" + "\n".join(f"  - {{{line}}}" for line in lines)


def incident(area: str, residence: str = "northamptonshire", abuse: str = "suspected") -> str:
    return f"incident: {{area: {area}, residence: {residence}, abuse_or_neglect: {abuse}}}"


AWARE = "\n  - {type: aware, by: local_authority, date: 2026-03-02}"


# --- serious_case -------------------------------------------------------------------------------


@pytest.mark.parametrize("abuse", ["known", "suspected"])
@pytest.mark.parametrize("outcome", ["died", "seriously_harmed"])
def test_abuse_with_death_or_serious_harm_is_a_serious_case(abuse: str, outcome: str) -> None:
    more = incident("northamptonshire", abuse=abuse) + "\n" + children(f"id: c, outcome: {outcome}")
    found = one("2026-03-03", "serious_case", AWARE, "c", more)
    assert (found.status, found.answer) == ("met", "yes")


@pytest.mark.parametrize(("abuse", "outcome"), [("no", "died"), ("known", "neither")])
def test_one_half_missing_is_no_serious_case_and_an_answer_all_the_same(
    abuse: str, outcome: str
) -> None:
    more = incident("northamptonshire", abuse=abuse) + "\n" + children(f"id: c, outcome: {outcome}")
    found = one("2026-03-03", "serious_case", AWARE, "c", more)
    assert (found.status, found.answer) == ("met", "no")


@pytest.mark.parametrize(("abuse", "outcome"), [("unknown", "died"), ("known", "unknown")])
def test_serious_case_is_undetermined_while_an_answer_is_unknown(abuse: str, outcome: str) -> None:
    more = incident("northamptonshire", abuse=abuse) + "\n" + children(f"id: c, outcome: {outcome}")
    found = one("2026-03-03", "serious_case", AWARE, "c", more)
    assert (found.status, found.answer) == ("undetermined", "unknown")


@pytest.mark.parametrize(("abuse", "outcome"), [("unknown", "neither"), ("no", "unknown")])
def test_an_unknown_that_decides_nothing_leaves_the_notification_not_applicable(
    abuse: str, outcome: str
) -> None:
    more = incident("northamptonshire", abuse=abuse) + "\n" + children(f"id: c, outcome: {outcome}")
    found = on("2026-03-03", AWARE, more)
    assert found["national.serious_case", "c"].status == "undetermined"
    assert found["national.notify_panel", "c"].status == "not_applicable"
    assert found["national.notify_partners"].status == "not_applicable"


def test_serious_case_is_answered_for_each_child() -> None:
    more = children("id: a, outcome: died", "id: b, outcome: neither", "id: c")
    found = on("2026-03-03", AWARE, more)
    assert [found["national.serious_case", child].answer for child in "abc"] == [
        "yes",
        "no",
        "unknown",
    ]


# --- notify_panel -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("aware", "due"),
    [
        # Tue 24 Dec 2024: 27, 30, 31 Dec, 2, 3 Jan (25, 26 Dec, 1 Jan are holidays)
        ("2024-12-24", "2025-01-03"),
        # Thu 17 Apr 2025: 22, 23, 24, 25, 28 Apr (18 Good Friday, 21 Easter Monday)
        ("2025-04-17", "2025-04-28"),
        # Sat 1 Mar 2025: 3, 4, 5, 6, 7 Mar
        ("2025-03-01", "2025-03-07"),
    ],
)
def test_notification_is_due_on_the_fifth_working_day_after_awareness(aware: str, due: str) -> None:
    events = f"\n  - {{type: aware, by: local_authority, date: {aware}}}"
    assert one(due, "notify_panel", events, "child_1").short == ("upcoming", due)
    after = f"{due[:-2]}{int(due[-2:]) + 1:02}"
    assert one(after, "notify_panel", events, "child_1").short == ("overdue", due)


@pytest.mark.parametrize(("sent", "status"), [("2025-03-07", "met"), ("2025-03-08", "met_late")])
def test_notified_on_the_due_day_is_in_time_and_the_day_after_is_late(
    sent: str, status: str
) -> None:
    events = f"""
  - {{type: aware, by: local_authority, date: 2025-03-01}}
  - {{type: notified, to: panel, date: {sent}}}"""
    assert one("2025-04-01", "notify_panel", events, "child_1").short == (status, "2025-03-07")


def test_notification_dated_after_the_check_does_not_count_yet() -> None:
    events = """
  - {type: aware, by: local_authority, date: 2025-03-01}
  - {type: notified, to: panel, date: 2025-03-06}"""
    assert one("2025-03-05", "notify_panel", events, "child_1").status == "upcoming"


def test_planned_notification_is_never_done() -> None:
    events = """
  - {type: aware, by: local_authority, date: 2025-03-01}
  - {type: notified, to: panel, planned: 2025-03-06}"""
    assert one("2025-03-10", "notify_panel", events, "child_1").status == "overdue"


def test_notified_to_partners_alone_is_not_notified_to_the_panel() -> None:
    events = AWARE + "\n  - {type: notified, to: partners, date: 2026-03-03}"
    # 3, 4, 5, 6, 9 March 2026
    assert one("2026-03-09", "notify_panel", events, "child_1").short == ("upcoming", "2026-03-09")


@pytest.mark.parametrize("abuse", ["unknown", "no"])
def test_notification_follows_whether_abuse_is_known_or_suspected(abuse: str) -> None:
    expected = {"unknown": "undetermined", "no": "not_applicable"}[abuse]
    found = one(
        "2026-03-20", "notify_panel", AWARE, "child_1", incident("northamptonshire", abuse=abuse)
    )
    assert found.status == expected


def test_undetermined_notification_carries_the_date_that_it_would_have() -> None:
    # "if suspected: due Fri 7 March": 3, 4, 5, 6, 7 March 2025
    events = "\n  - {type: aware, by: local_authority, date: 2025-03-01}"
    more = incident("northamptonshire", abuse="unknown")
    found = one("2025-03-20", "notify_panel", events, "child_1", more)
    assert found.short == ("undetermined", "2025-03-07")


def test_what_is_done_is_met_though_applicability_is_unknown() -> None:
    more = incident("northamptonshire", abuse="unknown")
    assert one("2026-03-20", "notify_panel", NOTIFIED, "child_1", more).status == "met"


@pytest.mark.parametrize(
    ("area", "residence", "status"),
    [
        ("northamptonshire", "leeds", "overdue"),
        ("leeds", "northamptonshire", "not_applicable"),
        ("outside_england", "northamptonshire", "overdue"),
        ("outside_england", "leeds", "not_applicable"),
        ("outside_england", "unknown", "undetermined"),
        ("unknown", "northamptonshire", "undetermined"),
    ],
)
def test_whose_notification_it_is(area: str, residence: str, status: str) -> None:
    found = one("2026-03-20", "notify_panel", AWARE, "child_1", incident(area, residence))
    assert found.status == status


def test_a_childs_own_residence_overrides_the_incidents() -> None:
    more = (
        incident("outside_england", "leeds")
        + "\n"
        + children("id: a, outcome: died, residence: northamptonshire", "id: b, outcome: died")
    )
    found = on("2026-03-20", AWARE, more)
    assert found["national.notify_panel", "a"].status == "overdue"
    assert found["national.notify_panel", "b"].status == "not_applicable"


def test_one_notification_does_for_siblings_who_were_harmed() -> None:
    more = children("id: a, outcome: seriously_harmed", "id: b, outcome: seriously_harmed")
    found = on("2026-03-20", NOTIFIED, more)
    assert [found["national.notify_panel", child].status for child in "ab"] == ["met", "met"]


def test_a_notification_for_one_child_leaves_the_other_child_to_notify() -> None:
    more = children("id: a, outcome: died", "id: b, outcome: died")
    events = AWARE + "\n  - {type: notified, to: panel, child: a, date: 2026-03-03}"
    found = on("2026-03-20", events, more)
    assert found["national.notify_panel", "a"].status == "met"
    # 3, 4, 5, 6, 9 March
    assert found["national.notify_panel", "b"].short == ("overdue", "2026-03-09")


def test_each_child_counts_from_the_awareness_about_that_child() -> None:
    more = children("id: a, outcome: died", "id: b, outcome: seriously_harmed")
    events = """
  - {type: aware, by: local_authority, child: a, date: 2026-03-02}
  - {type: aware, by: local_authority, child: b, date: 2026-03-16}"""
    found = on("2026-03-12", events, more)
    assert found["national.notify_panel", "a"].short == ("overdue", "2026-03-09")
    # `b`: not aware yet on 12 March; on 16 March: 17, 18, 19, 20, 23 March
    assert found["national.notify_panel", "b"].short == ("pending", None)
    found = on("2026-03-16", events, more)
    assert found["national.notify_panel", "b"].short == ("upcoming", "2026-03-23")


def test_the_first_of_several_awarenesses_counts() -> None:
    events = """
  - {type: aware, by: local_authority, date: 2026-03-04}
  - {type: aware, by: local_authority, date: 2026-03-02}"""
    assert one("2026-03-05", "notify_panel", events, "child_1").due == "2026-03-09"


def test_only_the_local_authoritys_awareness_starts_the_five_days() -> None:
    events = "\n  - {type: aware, by: safeguarding_partners, date: 2026-03-02}"
    assert one("2026-03-20", "notify_panel", events, "child_1").short == ("pending", None)


def test_a_withdrawn_notification_was_made_all_the_same() -> None:
    events = NOTIFIED + "  - {type: notification_withdrawn, date: 2026-03-12}"
    assert one("2026-03-20", "notify_panel", events, "child_1").status == "met"


@pytest.mark.parametrize(
    ("aware", "status"), [("2018-06-28", "not_applicable"), ("2018-06-29", "overdue")]
)
def test_the_duty_holds_from_29_june_2018(aware: str, status: str) -> None:
    events = f"\n  - {{type: aware, by: local_authority, date: {aware}}}"
    assert one("2018-09-03", "notify_panel", events, "child_1").status == status


# --- notify_partners ----------------------------------------------------------------------------


def test_partners_are_told_within_five_working_days_too() -> None:
    assert one("2026-03-09", "notify_partners", AWARE).short == ("upcoming", "2026-03-09")
    assert one("2026-03-10", "notify_partners", AWARE).short == ("overdue", "2026-03-09")
    assert one("2026-03-10", "notify_partners", NOTIFIED).short == ("met", "2026-03-09")


def test_partners_are_told_once_for_any_serious_case_among_the_children() -> None:
    more = children("id: a, outcome: neither", "id: b, outcome: seriously_harmed")
    assert one("2026-03-10", "notify_partners", AWARE, "", more).status == "overdue"


def test_no_serious_case_nothing_to_tell_the_partners() -> None:
    more = children("id: a, outcome: neither")
    assert one("2026-03-10", "notify_partners", AWARE, "", more).status == "not_applicable"


def test_partners_undetermined_where_one_child_is_unknown_and_no_other_is_serious() -> None:
    more = children("id: a, outcome: neither", "id: b")
    assert one("2026-03-10", "notify_partners", AWARE, "", more).short == (
        "undetermined",
        "2026-03-09",
    )


def test_partners_undetermined_though_the_panel_was_told_already() -> None:
    more = incident("northamptonshire", abuse="unknown")
    events = AWARE + "\n  - {type: notified, to: panel, date: 2026-03-05}"
    assert one("2026-03-10", "notify_partners", events, "", more).short == (
        "undetermined",
        "2026-03-09",
    )


@pytest.mark.parametrize("outcome", ["unknown", "neither", "seriously_harmed"])
def test_partners_overdue_for_a_certain_child_whatever_the_one_that_was_known_of(
    outcome: str,
) -> None:
    # The event meets the criteria for `a`, and the authority has been aware of it, by `b`, since
    # Mon 2 March 2026: 3, 4, 5, 6, 9 March. Of `a` alone it was not told.
    more = children("id: a, outcome: died", f"id: b, outcome: {outcome}")
    events = "\n  - {type: aware, by: local_authority, child: b, date: 2026-03-02}"
    found = on("2026-03-10", events, more)
    assert found["national.notify_partners"].short == ("overdue", "2026-03-09")
    assert found["national.notify_panel", "a"].short == ("pending", None)


@pytest.mark.parametrize("outcome", ["unknown", "neither", "seriously_harmed"])
def test_partners_wait_for_awareness_where_one_child_is_certain(outcome: str) -> None:
    # Nothing to count from, whatever became of `b`: nothing is asked of the office about `b`.
    more = children("id: a, outcome: died", f"id: b, outcome: {outcome}")
    events = "\n  - {type: referral_received, date: 2026-03-02}"
    assert one("2026-03-10", "notify_partners", events, "", more).short == ("pending", None)


def test_partners_undetermined_where_the_unknown_child_alone_is_of_this_area() -> None:
    # Outside England: `a` was harmed and lives in Leeds, so is not ours; `b` is, and of `b` the
    # outcome is not known, though the Panel was told of `b` in time.
    more = (
        incident("outside_england", "leeds")
        + "\n"
        + children(
            "id: a, outcome: seriously_harmed",
            "id: b, outcome: unknown, residence: northamptonshire",
        )
    )
    events = AWARE + "\n  - {type: notified, to: panel, child: b, date: 2026-03-05}"
    found = on("2026-03-10", events, more)
    assert found["national.notify_panel", "a"].status == "not_applicable"
    assert found["national.notify_panel", "b"].status == "met"
    # 3, 4, 5, 6, 9 March 2026
    assert found["national.notify_partners"].short == ("undetermined", "2026-03-09")


def test_the_serious_child_and_the_child_of_this_area_have_to_be_the_same() -> None:
    # `a` was harmed and lives in Leeds; `b` lives here and was not: no child's notification is ours
    more = (
        incident("outside_england", "leeds")
        + "\n"
        + children(
            "id: a, outcome: seriously_harmed",
            "id: b, outcome: neither, residence: northamptonshire",
        )
    )
    found = on("2026-03-10", AWARE, more)
    assert found["national.notify_panel", "a"].status == "not_applicable"
    assert found["national.notify_panel", "b"].status == "not_applicable"
    assert found["national.notify_partners"].status == "not_applicable"


# --- looked-after children and care leavers who die ---------------------------------------------

DIED = "outcome: died, looked_after: {}, care_leaver: {}"


@pytest.mark.parametrize("duty", ["looked_after_death", "care_leaver_death"])
def test_each_recipient_of_a_death_is_told_without_a_date(duty: str) -> None:
    more = children("id: c, " + DIED.format("yes", "yes"))
    events = AWARE + "\n  - {type: notified, to: ofsted, date: 2026-03-05}"
    found = on("2027-03-05", events, more)
    assert found[f"national.{duty}", "c/ofsted"].short == ("met", None)
    assert found[f"national.{duty}", "c/secretary_of_state"].short == ("upcoming", None)


@pytest.mark.parametrize(
    ("outcome", "answer", "status"),
    [
        ("died", "no", "not_applicable"),
        ("seriously_harmed", "yes", "not_applicable"),
        ("died", "unknown", "undetermined"),
        ("unknown", "yes", "undetermined"),
        ("unknown", "no", "not_applicable"),
    ],
)
def test_whose_death_has_to_be_notified(outcome: str, answer: str, status: str) -> None:
    more = children(f"id: c, outcome: {outcome}, looked_after: {answer}, care_leaver: {answer}")
    found = on("2026-03-05", AWARE, more)
    for duty in ("looked_after_death", "care_leaver_death"):
        assert found[f"national.{duty}", "c/ofsted"].status == status


def test_a_looked_after_death_is_notified_whether_or_not_abuse_is_suspected() -> None:
    more = (
        incident("northamptonshire", abuse="no")
        + "\n"
        + children("id: c, " + DIED.format("yes", "no"))
    )
    found = on("2026-03-05", AWARE, more)
    assert found["national.looked_after_death", "c/ofsted"].status == "upcoming"
    assert found["national.notify_panel", "c"].status == "not_applicable"


def test_a_death_notified_to_ofsted_starts_no_rapid_review() -> None:
    more = children("id: c, " + DIED.format("yes", "no"))
    events = AWARE + "\n  - {type: notified, to: [secretary_of_state, ofsted], date: 2026-03-05}"
    assert one("2026-05-05", "rapid_review", events, "", more).status == "pending"


def test_a_notification_about_one_child_does_not_tell_of_the_other() -> None:
    more = children("id: a, " + DIED.format("yes", "no"), "id: b, " + DIED.format("yes", "no"))
    events = AWARE + "\n  - {type: notified, to: ofsted, child: a, date: 2026-03-05}"
    found = on("2026-03-05", events, more)
    assert found["national.looked_after_death", "a/ofsted"].status == "met"
    assert found["national.looked_after_death", "b/ofsted"].status == "upcoming"


def test_a_care_leavers_death_is_notified_since_the_edition_of_2023() -> None:
    # in force from 15 December 2023: awareness of 14 December lies before it
    more = children("id: c, " + DIED.format("yes", "yes"))
    for day, status in (("2023-12-14", "not_applicable"), ("2023-12-15", "upcoming")):
        events = f"\n  - {{type: aware, by: local_authority, date: {day}}}"
        found = on("2024-01-15", events, more)
        assert found["national.care_leaver_death", "c/ofsted"].status == status
        assert found["national.looked_after_death", "c/ofsted"].status == "upcoming"


# --- rapid_review and decision ------------------------------------------------------------------


def rapid(as_of: str, events: str, more: str = "") -> tuple[str, str | None]:
    return one(as_of, "rapid_review", events, "", more).short


def test_the_rapid_review_counts_from_the_notification() -> None:
    assert rapid("2026-03-26", NOTIFIED) == ("upcoming", RAPID)
    assert rapid("2026-03-27", NOTIFIED) == ("overdue", RAPID)


@pytest.mark.parametrize(("sent", "status"), [("26", "met"), ("27", "met_late")])
def test_the_rapid_review_is_met_when_it_is_sent_to_the_panel(sent: str, status: str) -> None:
    events = NOTIFIED + f"  - {{type: rapid_review_sent, to: panel, date: 2026-03-{sent}}}"
    assert rapid("2026-03-31", events) == (status, RAPID)


def test_a_decision_alone_is_no_rapid_review() -> None:
    events = NOTIFIED + "  - {type: decision, outcome: no_review, date: 2026-03-20}"
    found = on("2026-03-27", events)
    assert found["national.rapid_review"].status == "overdue"
    assert found["national.decision"].short == ("met", RAPID)


def test_a_rapid_review_sent_to_a_body_of_the_partnership_is_not_sent_to_the_panel() -> None:
    events = NOTIFIED + "  - {type: rapid_review_sent, to: executive, date: 2026-03-20}"
    assert rapid("2026-03-27", events)[0] == "overdue"


def test_the_two_starts_of_the_rapid_review() -> None:
    # aware Fri 30 May 2025, notified Thu 5 June 2025: after 1 June, so the notification governs.
    # from 30 May: 2-6 (5), 9-13 (10), 16-20 June (15): Fri 20 June
    # from 5 June: 6, 9-13 (6), 16-20 (11), 23-26 (15): Thu 26 June
    aware = "\n  - {type: aware, by: local_authority, date: 2025-05-30}"
    notified = aware + "\n  - {type: notified, to: panel, date: 2025-06-05}"
    # until it is sent, awareness governs and is where the count starts
    assert rapid("2025-06-04", notified) == ("upcoming", "2025-06-20")
    found = one("2025-06-05", "rapid_review", notified)
    assert found.short == ("upcoming", "2025-06-26")
    assert found.detail is not None
    assert found.detail.other is not None
    assert found.detail.other[0].isoformat() == "2025-06-20"


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        # Sat 31 May: the earlier start governs: 15 WD from Fri 30 May: Fri 20 June
        ("2025-05-31", "2025-06-20"),
        # Sun 1 June: the later one: 2-6 (5), 9-13 (10), 16-20 (15): Fri 20 June too
        ("2025-06-01", "2025-06-20"),
        # Mon 2 June: 3-6 (4), 9-13 (9), 16-20 (14), 23 (15): Mon 23 June
        ("2025-06-02", "2025-06-23"),
    ],
)
def test_the_day_of_the_notification_governs_which_start_holds(sent: str, due: str) -> None:
    events = f"""
  - {{type: aware, by: local_authority, date: 2025-05-30}}
  - {{type: notified, to: panel, date: {sent}}}"""
    found = one("2025-06-10", "rapid_review", events)
    assert found.short == ("upcoming", due)
    assert found.detail is not None
    assert found.detail.start.event == ("aware" if sent < "2025-06-01" else "notified")


def test_under_the_earlier_start_a_serious_case_is_in_play_before_it_is_notified() -> None:
    # aware Wed 1 May 2024: 2, 3 (2), 7-10 (6; 6 May is a holiday), 13-17 (11), 20-23 (15): 23 May
    events = "\n  - {type: aware, by: local_authority, date: 2024-05-01}"
    assert rapid("2024-05-23", events) == ("upcoming", "2024-05-23")
    assert rapid("2024-05-24", events) == ("overdue", "2024-05-23")


def test_under_the_earlier_start_an_unknown_answer_leaves_it_undetermined_with_its_date() -> None:
    events = "\n  - {type: aware, by: local_authority, date: 2024-05-01}"
    more = incident("northamptonshire", abuse="unknown")
    assert rapid("2024-05-24", events, more) == ("undetermined", "2024-05-23")


def test_under_the_earlier_start_no_serious_case_has_no_rapid_review() -> None:
    events = "\n  - {type: aware, by: local_authority, date: 2024-05-01}"
    more = incident("northamptonshire", abuse="no")
    assert rapid("2024-05-24", events, more)[0] == "not_applicable"


def test_under_the_later_start_nothing_is_in_play_before_the_notification() -> None:
    assert rapid("2026-06-01", AWARE) == ("pending", None)


def test_a_notification_is_followed_by_a_rapid_review_whatever_the_definition_says() -> None:
    more = incident("northamptonshire", abuse="no")
    assert rapid("2026-03-27", NOTIFIED, more) == ("overdue", RAPID)


@pytest.mark.parametrize("duty", ["rapid_review", "decision", "criteria.improvements"])
def test_withdrawn_ends_the_rapid_review_and_what_hangs_on_it(duty: str) -> None:
    events = NOTIFIED + "  - {type: notification_withdrawn, date: 2026-03-12}"
    assert one("2026-03-11", duty, events).status == "upcoming"
    assert one("2026-03-12", duty, events).status == "not_applicable"


def test_notified_again_after_a_withdrawal_counts_anew() -> None:
    # notified again Mon 16 Mar: 17-20 (4), 23-27 (9), 30, 31 Mar, 1, 2 Apr (13; 3 and 6 April
    # are Good Friday and Easter Monday), 7, 8 April (15): Wed 8 April 2026
    events = (
        NOTIFIED
        + """  - {type: notification_withdrawn, date: 2026-03-12}
  - {type: notified, to: panel, date: 2026-03-16}"""
    )
    assert rapid("2026-03-20", events) == ("upcoming", "2026-04-08")


def test_a_withdrawal_for_one_child_leaves_the_others_rapid_review() -> None:
    more = children("id: a, outcome: seriously_harmed", "id: b, outcome: seriously_harmed")
    events = NOTIFIED + "  - {type: notification_withdrawn, child: a, date: 2026-03-12}"
    assert rapid("2026-03-20", events, more) == ("upcoming", RAPID)
    both = NOTIFIED + "  - {type: notification_withdrawn, child: [a, b], date: 2026-03-12}"
    assert rapid("2026-03-20", both, more)[0] == "not_applicable"


def test_a_planned_withdrawal_withdraws_nothing() -> None:
    events = NOTIFIED + "  - {type: notification_withdrawn, planned: 2026-03-12}"
    assert rapid("2026-03-20", events) == ("upcoming", RAPID)


def test_before_29_june_2018_there_was_no_rapid_review() -> None:
    events = """
  - {type: aware, by: local_authority, date: 2018-06-25}
  - {type: notified, to: panel, date: 2018-06-28}"""
    found = on("2018-10-01", events)
    assert found["national.rapid_review"].status == "not_applicable"
    assert found["national.decision"].status == "not_applicable"


@pytest.mark.parametrize(
    "outcome", ["local_review", "no_review", "national_referral", "alternative_review"]
)
def test_any_outcome_is_a_decision(outcome: str) -> None:
    events = NOTIFIED + f"  - {{type: decision, outcome: {outcome}, date: 2026-03-26}}"
    assert one("2026-03-27", "decision", events).short == ("met", RAPID)


def test_the_decision_is_due_with_the_rapid_review() -> None:
    assert one("2026-03-26", "decision", NOTIFIED).short == ("upcoming", RAPID)
    assert one("2026-03-27", "decision", NOTIFIED).short == ("overdue", RAPID)
    late = NOTIFIED + "  - {type: decision, outcome: no_review, date: 2026-03-27}"
    assert one("2026-03-27", "decision", late).short == ("met_late", RAPID)


def test_a_planned_decision_is_none() -> None:
    events = NOTIFIED + "  - {type: decision, outcome: no_review, planned: 2026-03-26}"
    assert one("2026-03-27", "decision", events).status == "overdue"


# --- criteria -----------------------------------------------------------------------------------

DECIDED = NOTIFIED + "  - {type: decision, outcome: no_review, date: 2026-03-26}"


def criterion(name: str, value: str) -> str:
    return f"criteria: {{{name}: {value}}}"


@pytest.mark.parametrize("name", CRITERIA)
def test_a_criterion_is_pending_until_the_rapid_review_is_in_play(name: str) -> None:
    assert one("2026-03-03", f"criteria.{name}", AWARE).status == "pending"


@pytest.mark.parametrize("name", CRITERIA)
def test_a_criterion_is_upcoming_until_the_decision_and_then_overdue(name: str) -> None:
    duty = f"criteria.{name}"
    assert one("2026-03-25", duty, DECIDED).short == ("upcoming", None)
    # on the day of the decision itself it can still be recorded
    assert one("2026-03-26", duty, DECIDED).short == ("upcoming", "2026-03-26")
    assert one("2026-03-27", duty, DECIDED).short == ("overdue", "2026-03-26")


@pytest.mark.parametrize("name", CRITERIA)
@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_criterion_is_met_by_either_answer_with_its_reason(name: str, answer: str) -> None:
    more = criterion(name, f"{{answer: {answer}, reason: Considered at the meeting}}")
    found = one("2026-03-27", f"criteria.{name}", DECIDED, "", more)
    assert (found.status, found.answer) == ("met", answer)


@pytest.mark.parametrize("value", ["{answer: yes}", "{answer: no}"])
def test_a_criterion_without_a_reason_is_not_met_and_keeps_its_answer(value: str) -> None:
    found = one(
        "2026-03-27", "criteria.improvements", DECIDED, "", criterion("improvements", value)
    )
    assert (found.status, found.answer) == ("overdue", value[9:-1])


def test_a_criterion_answered_unknown_is_not_answered() -> None:
    more = criterion("improvements", "{answer: unknown, reason: Not discussed}")
    found = one("2026-03-27", "criteria.improvements", DECIDED, "", more)
    assert (found.status, found.answer) == ("overdue", "unknown")


def test_a_planned_decision_gives_the_criterion_its_date_and_never_makes_it_overdue() -> None:
    events = NOTIFIED + "  - {type: decision, outcome: no_review, planned: 2026-03-20}"
    assert one("2026-03-20", "criteria.improvements", events).short == ("upcoming", "2026-03-20")
    # the plan has lapsed, and no date is known
    assert one("2026-03-25", "criteria.improvements", events).short == ("upcoming", None)


def test_the_first_decision_is_the_criterias_date() -> None:
    events = DECIDED + "\n  - {type: decision, outcome: local_review, date: 2026-04-10}"
    assert one("2026-04-01", "criteria.improvements", events).short == ("overdue", "2026-03-26")


def test_an_answered_criterion_is_met_even_before_anything_is_in_play() -> None:
    more = criterion("improvements", "{answer: yes, reason: Known at once}")
    assert one("2026-03-03", "criteria.improvements", AWARE, "", more).status == "met"


# --- once there is a review ---------------------------------------------------------------------

HANGS_ON_REVIEW = (
    ("announce_review", "panel"),
    ("publish_6_months", ""),
    ("publish", ""),
    ("monitor", ""),
    ("families", ""),
    ("practitioners", ""),
    ("report_content", ""),
    ("explain_delay", "panel"),
)


@pytest.mark.parametrize(("duty", "subject"), HANGS_ON_REVIEW)
def test_nothing_of_a_review_is_in_play_before_the_decision(duty: str, subject: str) -> None:
    assert one("2026-03-20", duty, NOTIFIED, subject).status == "pending"


@pytest.mark.parametrize(("duty", "subject"), HANGS_ON_REVIEW)
@pytest.mark.parametrize("outcome", ["no_review", "national_referral", "alternative_review"])
def test_any_other_outcome_ends_what_hangs_on_a_review(
    duty: str, subject: str, outcome: str
) -> None:
    events = NOTIFIED + f"  - {{type: decision, outcome: {outcome}, date: 2026-03-26}}"
    assert one("2027-03-26", duty, events, subject).status == "not_applicable"


@pytest.mark.parametrize(("duty", "subject"), HANGS_ON_REVIEW)
def test_the_latest_decision_says_what_is_in_play(duty: str, subject: str) -> None:
    events = REVIEW + "  - {type: decision, outcome: no_review, date: 2026-05-01}"
    assert one("2026-05-01", duty, events, subject).status == "not_applicable"


def test_the_first_decision_for_a_review_starts_the_six_months() -> None:
    events = (
        NOTIFIED
        + """  - {type: decision, outcome: no_review, date: 2026-03-26}
  - {type: decision, outcome: local_review, date: 2026-05-01}
  - {type: decision, outcome: no_review, date: 2026-05-10}
  - {type: decision, outcome: local_review, date: 2026-06-10}"""
    )
    assert one("2026-04-01", "publish_6_months", events).status == "not_applicable"
    assert one("2026-05-11", "publish_6_months", events).status == "not_applicable"
    # in play again since 10 June; the first local_review was on 1 May: Sun 1 Nov 2026
    assert one("2026-06-10", "publish_6_months", events).short == ("upcoming", "2026-11-01")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_review_decided_on_the_same_day_as_a_referral_is_in_play(order: tuple[int, int]) -> None:
    decisions = [
        "  - {type: decision, outcome: local_review, date: 2026-03-26}\n",
        "  - {type: decision, outcome: national_referral, date: 2026-03-26}\n",
    ]
    events = NOTIFIED + "".join(decisions[i] for i in order)
    assert one("2026-03-27", "publish_6_months", events).short == ("upcoming", SIX_MONTHS)


def test_a_decision_with_two_outcomes_stands_for_one_of_each() -> None:
    events = (
        NOTIFIED
        + "  - {type: decision, outcome: [local_review, national_referral], date: 2026-03-26}"
    )
    assert one("2026-03-27", "publish", events).status == "upcoming"


def announced(named: str, to: str = "panel") -> str:
    return REVIEW + f"  - {{type: announced, to: {to}, date: 2026-03-27{named}}}"


@pytest.mark.parametrize("recipient", ["panel", "ofsted", "dfe"])
def test_each_national_body_is_told_of_the_review_with_the_reviewers_name(recipient: str) -> None:
    events = announced(", reviewer_named: yes", recipient)
    found = on("2026-04-01", events)
    for other in ("panel", "ofsted", "dfe"):
        expected = ("met" if other == recipient else "upcoming", None)
        assert found["national.announce_review", other].short == expected


@pytest.mark.parametrize(
    ("named", "status"),
    [
        (", reviewer_named: yes", "met"),
        (", reviewer_named: no", "upcoming"),
        (", reviewer_named: unknown", "undetermined"),
        ("", "undetermined"),
    ],
)
def test_whether_the_reviewer_was_named(named: str, status: str) -> None:
    assert one("2026-04-01", "announce_review", announced(named), "panel").status == status


def test_announcing_has_no_date_and_is_never_overdue() -> None:
    assert one("2027-04-01", "announce_review", REVIEW, "panel").short == ("upcoming", None)


@pytest.mark.parametrize("duty", ["monitor", "families", "practitioners", "report_content"])
@pytest.mark.parametrize(("answer", "status"), [("yes", "met"), ("no", "breached")])
def test_what_minutes_confirm(duty: str, answer: str, status: str) -> None:
    more = f"""
confirmed:
  - {{requirement: national.{duty}, subject: null, answer: {answer}, on: 2026-05-12}}"""
    assert one("2026-05-11", duty, REVIEW, "", more).status == "upcoming"
    assert one("2026-05-12", duty, REVIEW, "", more).status == status


@pytest.mark.parametrize(
    ("duty", "event"),
    [
        ("families", "{type: family_letter, stage: decision, date: 2026-04-01}"),
        ("families", "{type: family_meeting, date: 2026-04-01}"),
        ("families", "{type: invited, whom: family, date: 2026-04-01}"),
        ("practitioners", "{type: practitioner_event, date: 2026-04-01}"),
        ("practitioners", "{type: invited, whom: practitioners, date: 2026-04-01}"),
    ],
)
def test_events_that_show_involvement(duty: str, event: str) -> None:
    assert one("2026-03-31", duty, REVIEW + "  - " + event).status == "upcoming"
    assert one("2026-04-01", duty, REVIEW + "  - " + event).status == "met"


def test_somebody_elses_invitation_shows_no_involvement_of_the_family() -> None:
    events = REVIEW + "  - {type: invited, whom: police, date: 2026-04-01}"
    found = on("2026-04-01", events)
    assert found["national.families"].status == "upcoming"
    assert found["national.practitioners"].status == "upcoming"


def test_the_reports_content_is_confirmed_by_the_executives_sign_off() -> None:
    events = REVIEW + "  - {type: sign_off, by: executive, date: 2026-08-03}"
    assert one("2026-08-03", "report_content", events).short == ("upcoming", "2026-08-03")
    assert one("2026-08-04", "report_content", events).short == ("overdue", "2026-08-03")
    more = "confirmed: [{requirement: national.report_content, answer: yes, on: 2026-08-04}]"
    assert one("2026-08-04", "report_content", events, "", more).status == "met_late"


# --- publication --------------------------------------------------------------------------------


def test_the_six_months_end_on_the_last_day_of_a_shorter_month() -> None:
    # decided Fri 29 Aug 2025; February 2026 has no 29th: Sat 28 Feb 2026
    assert one("2026-02-28", "publish_6_months", DECIDED_2025).short == ("upcoming", "2026-02-28")
    assert one("2026-03-01", "publish_6_months", DECIDED_2025).short == ("overdue", "2026-02-28")


@pytest.mark.parametrize("what", ["report", "improvements"])
def test_published_in_time_or_late(what: str) -> None:
    for day, status in (("2026-09-26", "met"), ("2026-09-27", "met_late")):
        events = REVIEW + f"  - {{type: publication, what: {what}, date: {day}}}"
        found = on("2026-12-01", events)
        assert found["national.publish_6_months"].short == (status, SIX_MONTHS)
        assert found["national.publish"].short == ("met", None)


def test_publishing_as_such_has_no_date_of_its_own() -> None:
    assert one("2027-09-27", "publish", REVIEW).short == ("upcoming", None)


def test_a_planned_publication_publishes_nothing() -> None:
    events = REVIEW + "  - {type: publication, what: report, planned: 2026-09-01}"
    assert one("2026-09-27", "publish_6_months", events).short == ("overdue", SIX_MONTHS)


def delay(told: str = "panel: 2026-08-20, secretary_of_state: 2026-08-20", more: str = "") -> str:
    given = more or "agreed_by: executive, agreed_due: 2027-01-29"
    agreed = "\n".join(f"    {line}" for line in given.split(", "))
    return f"""
delays:
  - requirement: national.publish_6_months
    reason: prosecution
    arose: 2026-06-02
    told: {{{told}}}
{agreed}"""


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        ("2026-09-26", "upcoming"),  # not yet past the original date
        ("2026-09-27", "excused"),
        ("2027-01-29", "excused"),
        ("2027-01-30", "overdue"),
    ],
)
def test_an_agreed_and_told_delay_excuses_until_its_new_date(as_of: str, status: str) -> None:
    found = one(as_of, "publish_6_months", REVIEW, "", delay())
    assert found.short == (status, SIX_MONTHS)
    assert found.detail is not None
    assert found.detail.agreed_due is not None
    assert found.detail.agreed_due.isoformat() == "2027-01-29"


@pytest.mark.parametrize(
    "recorded",
    [
        delay("panel: 2026-08-20"),  # the Secretary of State was not told
        delay("secretary_of_state: 2026-08-20"),
        delay("panel: 2026-08-20, secretary_of_state: 2026-10-02"),  # told after the check
        delay(more="agreed_by: executive"),  # no new date
        delay(more="agreed_due: 2027-01-29"),  # nobody agreed to it
        delay(more="agreed_by: executive, agreed_due: 2026-09-20"),  # over before the due date
    ],
)
def test_a_delay_that_is_not_agreed_and_told_excuses_nothing(recorded: str) -> None:
    assert one("2026-10-01", "publish_6_months", REVIEW, "", recorded).status == "overdue"


def test_a_delay_that_arises_later_does_not_count_yet() -> None:
    recorded = delay().replace("2026-06-02", "2026-12-01")
    assert one("2026-10-01", "publish_6_months", REVIEW, "", recorded).status == "overdue"


def test_published_within_the_agreed_time_is_late_all_the_same() -> None:
    events = REVIEW + "  - {type: publication, what: report, date: 2027-01-20}"
    assert one("2027-02-01", "publish_6_months", events, "", delay()).short == (
        "met_late",
        SIX_MONTHS,
    )


# --- explain_delay ------------------------------------------------------------------------------


def explained(
    as_of: str, events: str = REVIEW, more: str = "", to: str = "panel"
) -> tuple[str, str | None]:
    return one(as_of, "explain_delay", events, to, more).short


def test_no_delay_nothing_to_explain() -> None:
    assert explained("2026-09-26")[0] == "pending"


def test_a_recorded_delay_is_to_be_explained_before_the_six_months_end() -> None:
    untold = delay(told="", more="agreed_by: executive")
    assert explained("2026-06-01", more=untold)[0] == "pending"
    assert explained("2026-06-02", more=untold) == ("upcoming", SIX_MONTHS)
    assert explained("2026-09-27", more=untold) == ("overdue", SIX_MONTHS)


def test_a_publication_planned_after_the_six_months_is_to_be_explained() -> None:
    later = REVIEW + "  - {type: publication, what: report, planned: 2026-09-27}"
    in_time = REVIEW + "  - {type: publication, what: report, planned: 2026-09-26}"
    assert explained("2026-05-01", later) == ("upcoming", SIX_MONTHS)
    assert explained("2026-05-01", in_time)[0] == "pending"


def test_a_publication_missing_at_the_end_of_the_six_months_is_to_be_explained() -> None:
    assert explained("2026-09-27") == ("overdue", SIX_MONTHS)


def test_a_late_publication_without_an_explanation_stays_unexplained() -> None:
    events = REVIEW + "  - {type: publication, what: report, date: 2026-10-05}"
    assert explained("2026-10-06", events) == ("overdue", SIX_MONTHS)


@pytest.mark.parametrize(("told", "status"), [("2026-09-26", "met"), ("2026-09-27", "met_late")])
def test_a_delay_is_explained_by_telling(told: str, status: str) -> None:
    more = delay(f"panel: {told}, secretary_of_state: {told}")
    for to in ("panel", "secretary_of_state"):
        assert explained("2026-10-01", more=more, to=to) == (status, SIX_MONTHS)


def test_telling_the_panel_does_not_tell_the_secretary_of_state() -> None:
    more = delay("panel: 2026-08-20")
    assert explained("2026-09-01", more=more) == ("met", SIX_MONTHS)
    assert explained("2026-09-01", more=more, to="secretary_of_state") == ("upcoming", SIX_MONTHS)


def test_a_recorded_and_told_delay_is_explained_though_publication_came_in_time() -> None:
    events = REVIEW + "  - {type: publication, what: report, date: 2026-09-20}"
    assert explained("2026-10-01", events, delay()) == ("met", SIX_MONTHS)


def test_published_in_time_without_a_recorded_delay_leaves_nothing_to_explain() -> None:
    events = REVIEW + "  - {type: publication, what: report, date: 2026-09-20}"
    assert explained("2026-10-01", events)[0] == "not_applicable"


# --- final_report -------------------------------------------------------------------------------

PUBLISHED = DECIDED_2025 + "  - {type: publication, what: report, date: 2026-01-06}\n"
PLANNED = DECIDED_2025 + "  - {type: publication, what: report, planned: 2026-01-06}\n"


def final(as_of: str, events: str, to: str = "panel") -> tuple[str, str | None]:
    return one(as_of, "final_report", events, to).short


def test_the_final_report_counts_back_from_the_planned_publication() -> None:
    assert final("2025-12-23", PLANNED) == ("upcoming", "2025-12-23")
    assert final("2025-12-24", PLANNED) == ("overdue", "2025-12-23")


def test_no_publication_in_sight_no_final_report_yet() -> None:
    assert final("2025-12-24", DECIDED_2025) == ("pending", None)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("2025-12-23", "met"),
        ("2025-12-24", "met_late"),
        ("2026-01-06", "met_late"),  # on the day of publication: before it was too late to count
        ("2026-01-07", "breached"),
    ],
)
def test_the_final_report_sent_in_time_late_or_after_publication(sent: str, status: str) -> None:
    events = PUBLISHED + f"  - {{type: report_sent, to: panel, date: {sent}}}"
    assert final("2026-02-02", events) == (status, "2025-12-23")


@pytest.mark.parametrize("recipient", ["panel", "secretary_of_state", "ofsted"])
def test_published_without_the_final_report_is_breached(recipient: str) -> None:
    assert final("2026-01-06", PUBLISHED, recipient) == ("breached", "2025-12-23")


def test_each_recipient_is_sent_the_final_report() -> None:
    events = PUBLISHED + "  - {type: report_sent, to: [panel, ofsted], date: 2025-12-19}"
    assert final("2026-01-06", events, "panel")[0] == "met"
    assert final("2026-01-06", events, "ofsted")[0] == "met"
    assert final("2026-01-06", events, "secretary_of_state")[0] == "breached"


def test_a_report_sent_for_a_date_lapses_when_the_plan_moves() -> None:
    sent = "  - {type: report_sent, to: panel, date: 2025-12-19, for: 2026-01-06}\n"
    assert final("2025-12-22", PLANNED + sent)[0] == "met"
    # moved to Tue 3 Feb 2026: 2 Feb, 30, 29, 28, 27, 26, 23 Jan: Fri 23 January
    moved = PLANNED.replace("2026-01-06", "2026-02-03")
    assert final("2025-12-22", moved + sent) == ("upcoming", "2026-01-23")


def test_a_report_sent_for_no_particular_date_stays_sent_when_the_plan_moves() -> None:
    sent = "  - {type: report_sent, to: panel, date: 2025-12-19}\n"
    moved = PLANNED.replace("2026-01-06", "2026-02-03")
    assert final("2025-12-22", moved + sent) == ("met", "2026-01-23")


def test_the_date_of_publication_goes_before_the_planned_one() -> None:
    # planned Tue 6 Jan, published Tue 3 Feb 2026
    events = PLANNED.replace("planned: 2026-01-06", "planned: 2026-01-06, date: 2026-02-03")
    assert final("2026-01-02", events) == ("overdue", "2025-12-23")
    assert final("2026-02-03", events) == ("breached", "2026-01-23")


# --- stay_public --------------------------------------------------------------------------------


def public(as_of: str, events: str) -> tuple[str, str | None]:
    return one(as_of, "stay_public", events).short


def test_a_report_stays_public_for_twelve_months() -> None:
    assert public("2026-01-05", PUBLISHED) == ("pending", None)
    assert public("2026-01-06", PUBLISHED) == ("upcoming", "2027-01-06")
    assert public("2027-01-06", PUBLISHED) == ("upcoming", "2027-01-06")
    assert public("2027-01-07", PUBLISHED) == ("met", "2027-01-06")


@pytest.mark.parametrize(
    ("taken_down", "status"),
    [
        ("2026-06-01", "breached"),
        ("2027-01-05", "breached"),
        ("2027-01-06", "met"),  # public for the whole of the year
    ],
)
def test_taken_down_sooner_is_breached(taken_down: str, status: str) -> None:
    events = PUBLISHED + f"  - {{type: taken_down, date: {taken_down}}}"
    assert public("2027-03-01", events)[0] == status


def test_a_planned_publication_is_not_public() -> None:
    assert public("2026-01-20", PLANNED)[0] == "pending"


# --- the table as a whole -----------------------------------------------------------------------


def test_every_national_requirement_has_its_finding_in_the_smallest_case() -> None:
    found = nation(a_case(), "2026-01-05")
    named = {requirement for requirement, _ in found.found}
    assert named == {r.id for r in national().arrangements.requirements}


# DOMAIN's table: authority and binding of each id
TABLE = {
    "serious_case": ("statute", "must"),
    "notify_panel": ("statute", "must"),
    "notify_partners": ("statutory_guidance", "should"),
    "looked_after_death": ("statutory_guidance", "must"),
    "care_leaver_death": ("statutory_guidance", "should"),
    "rapid_review": ("panel_guidance", "should"),
    "criteria.improvements": ("statute", "must"),
    "criteria.recurrent_themes": ("statute", "must"),
    "criteria.agencies_together": ("statute", "must"),
    "criteria.panel_view": ("statute", "must"),
    "criteria.single_agency": ("statutory_guidance", "should"),
    "criteria.no_agency": ("statutory_guidance", "should"),
    "criteria.several_areas": ("statutory_guidance", "should"),
    "criteria.institutional": ("statutory_guidance", "should"),
    "decision": ("statutory_guidance", "must"),
    "announce_review": ("statutory_guidance", "should"),
    "monitor": ("statute", "must"),
    "publish_6_months": ("statutory_guidance", "should"),
    "explain_delay": ("statutory_guidance", "should"),
    "final_report": ("statute", "must"),
    "publish": ("statute", "must"),
    "stay_public": ("statute", "must"),
    "report_content": ("statute", "must"),
    "families": ("statutory_guidance", "should"),
    "practitioners": ("statutory_guidance", "should"),
}


def by_id(name: str) -> Requirement:
    return next(r for r in national().arrangements.requirements if r.id == f"national.{name}")


def test_the_national_ids_are_those_of_the_table() -> None:
    assert {r.id for r in national().arrangements.requirements} == {
        f"national.{name}" for name in TABLE
    }


@pytest.mark.parametrize("name", TABLE)
def test_how_binding_each_duty_is_and_on_whose_authority(name: str) -> None:
    requirement = by_id(name)
    assert (requirement.authority, requirement.binding) == TABLE[name]


def test_ofsted_should_be_sent_the_final_report() -> None:
    each = by_id("final_report").for_each
    assert each is not None
    assert (each.recipient, each.should) == (("panel", "secretary_of_state"), ("ofsted",))


# common knowledge that no text at hand confirms: the whole duty, or only its limit
UNVERIFIED = {
    "care_leaver_death",
    "explain_delay",
    "final_report",
    "publish",
    "stay_public",
    "report_content",
}


@pytest.mark.parametrize("name", TABLE)
def test_what_no_text_confirms_is_marked(name: str) -> None:
    assert by_id(name).verified == ("no" if name in UNVERIFIED else "yes")


def test_neither_start_of_the_rapid_review_is_verified() -> None:
    found = one("2026-03-26", "rapid_review", NOTIFIED)
    assert found.detail is not None
    assert not found.detail.value.verified
