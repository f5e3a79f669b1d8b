"""Explanations: names, sources, values, the days counted, evidence, and what would change."""

import pytest

from cspr_core.check import Checked
from cspr_core.report.explain import Named, UnknownNameError, explain_text, named
from tests.report import office_cases as office


def explained(name: str, as_of: str, asked: str, *changes: tuple[str, str], more: str = "") -> str:
    checked = office.checked(name, as_of, *changes, more=more)
    return explain_text(checked, named(checked.rules, asked))


def flat(text: str) -> str:
    """The text on one line: where a line breaks is not what a test is about."""
    return " ".join(text.split())


@pytest.fixture(scope="module")
def easter() -> Checked:
    return office.checked("easter", "2025-04-28")


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("midshire.press", Named("midshire.press", None)),
        ("press", Named("midshire.press", None)),
        ("notify_panel", Named("national.notify_panel", None)),
        ("improvements", Named("national.criteria.improvements", None)),
        ("information_return/police", Named("midshire.information_return", "police")),
        (
            "looked_after_death/child_1/ofsted",
            Named("national.looked_after_death", "child_1/ofsted"),
        ),
        ("press/", Named("midshire.press", None)),
    ],
)
def test_names_with_and_without_their_area(easter: Checked, asked: str, found: Named) -> None:
    assert named(easter.rules, asked) == found


def test_nearest_name_is_suggested(easter: Checked) -> None:
    with pytest.raises(UnknownNameError, match=r"Did you mean `national\.notify_panel`\?"):
        named(easter.rules, "notify_panl")


def test_name_like_no_other_points_to_the_list(easter: Checked) -> None:
    with pytest.raises(UnknownNameError, match="`cspr requirements midshire` lists them"):
        named(easter.rules, "zzzz")


def test_name_of_two_requirements_names_both(easter: Checked) -> None:
    rules = type(easter.rules)(easter.rules.plugin, easter.rules.nation)
    twin = {**easter.rules.by_id}
    twin["midshire.publish"] = twin["national.publish"]
    rules.__dict__["by_id"] = twin
    with pytest.raises(UnknownNameError, match=r"midshire\.publish or national\.publish"):
        named(rules, "publish")


def test_unknown_subject_lists_the_subjects(easter: Checked) -> None:
    with pytest.raises(UnknownNameError, match=r"It has: anytown_general, icb and police\."):
        explain_text(easter, Named("midshire.information_return", "school"))


def test_subject_of_a_requirement_without_one(easter: Checked) -> None:
    with pytest.raises(UnknownNameError, match="leave out `/police`"):
        explain_text(easter, Named("national.rapid_review", "police"))


def test_of_several_subjects_the_worst_is_explained() -> None:
    text = explained("easter", "2025-04-28", "information_return")
    assert text.startswith("3 subjects:")
    assert "midshire.information_return/police, case MS-2025-02" in text
    assert "write midshire.information_return/icb." in text


def test_a_must_comes_before_a_should() -> None:
    text = explained("publishing", "2025-12-18", "final_report")
    assert "national.final_report/panel, case" in text


# --- answer, source, values ---------------------------------------------------------------------


def test_answer_source_binding_and_reading() -> None:
    text = flat(explained("easter", "2025-04-28", "information_return/police"))
    assert "Answer OVERDUE as of Mon 28 April 2025" in text
    assert "Source Midshire Practice Guide: Rapid reviews" in text
    assert "Binding local; must; held from Thu 1 April 2021" in text
    assert "Read as Each agency counts from the day its own request was made." in text


def test_what_a_requirement_adds_to_is_named() -> None:
    assert "adds to national.final_report" in flat(
        explained("publishing", "2025-12-18", "report_to_panel")
    )


def test_dated_values_and_the_one_that_holds() -> None:
    # aware Wed 2 April 2025, notified on the 8th: before June 2025 the first value holds
    text = flat(explained("easter", "2025-04-28", "rapid_review"))
    assert "HOLDS HERE: from Fri 29 June 2018: 15 working days after awareness" in text
    assert "else of awareness of the incident" in text
    assert "HOLDS HERE: from Sun 1 June 2025" not in text


def test_limit_taken_over_is_named() -> None:
    assert "taken over from national.rapid_review" in explained(
        "easter", "2025-04-28", "national.decision"
    )


def test_answer_of_a_criterion_is_shown() -> None:
    text = explained("easter", "2025-04-28", "improvements")
    assert "MET (answer: yes)" in text
    assert "Zebra" not in text


# --- the count ----------------------------------------------------------------------------------


def test_days_across_easter_are_counted_one_by_one() -> None:
    text = explained("easter", "2025-04-28", "information_return/police")
    lines = [line.strip() for line in text.splitlines()]
    start = lines.index("0  Mon 14 Apr 2025  the day it counts from")
    assert lines[start + 1 : start + 12] == [
        "1  Tue 15 Apr 2025",
        "2  Wed 16 Apr 2025",
        "3  Thu 17 Apr 2025",
        "-  Fri 18 Apr: Good Friday, not counted",
        "-  Sat 19 Apr and Sun 20 Apr: weekend, not counted",
        "-  Mon 21 Apr: Easter Monday, not counted",
        "4  Tue 22 Apr 2025",
        "5  Wed 23 Apr 2025",
        "6  Thu 24 Apr 2025",
        "7  Fri 25 Apr 2025  due",
        "",
    ]


def test_days_are_counted_backwards_over_christmas() -> None:
    lines = [
        line.strip()
        for line in explained("publishing", "2025-12-18", "final_report/panel").splitlines()
    ]
    assert "0  Tue  6 Jan 2026  counting back from here" in lines
    assert "-  Thu 25 Dec: Christmas Day, not counted" in lines
    assert "-  Sun 4 Jan and Sat 3 Jan: weekend, not counted" in lines
    assert "7  Tue 23 Dec 2025  due" in lines


def test_a_start_on_a_saturday_skips_the_sunday_alone() -> None:
    saturday = (
        "2025-04-14}\n  - {type: information_requested, agency: any",
        "2025-04-12}\n  - {type: information_requested, agency: any",
    )
    text = explained("easter", "2025-04-28", "information_return/police", saturday)
    assert "-  Sun 13 Apr: Sunday, not counted" in text


def test_calendar_days_are_not_listed() -> None:
    text = explained("publishing", "2025-12-18", "report_to_panel")
    assert "every day counts, weekends too" in text
    assert " 14  Tue 23 Dec 2025  due" in text


def test_month_without_that_day_says_so() -> None:
    # one month after 31 January is 28 February
    decided = ("outcome: local_review, date: 2025-05-29", "outcome: local_review, date: 2026-01-31")
    text = explained("publishing", "2026-02-02", "genogram", decided)
    assert "due: 1 month on" in text
    assert "that month has no day 31: its last day" in text


def test_window_around_a_day() -> None:
    text = flat(explained("publishing", "2025-12-18", "press"))
    assert "Not before Sun 4 January 2026, not after Thu 8 January 2026" in text


def test_day_asked_for() -> None:
    text = flat(explained("publishing", "2025-12-18", "chronology/police"))
    assert "Due on that day: Fri 18 July 2025" in text


def test_other_start_is_named() -> None:
    # 15 working days after Tue 8 April 2025: 9-11, 14-17, 22-25, 28-30 April, 1 May
    text = flat(explained("easter", "2025-04-28", "rapid_review"))
    assert "Counted from the notification instead: Thu 1 May 2025" in text


def test_agreed_new_date_and_provisional_date() -> None:
    delay = (
        "delays:\n  - {requirement: midshire.genogram, reason: prosecution, arose: 2025-06-20,"
        " told: {panel: 2025-06-21}, agreed_by: executive, agreed_due: 2025-12-31}\n"
    )
    text = flat(explained("publishing", "2025-12-18", "genogram", more=delay))
    assert "Agreed new date: Wed 31 December 2025" in text
    assert "if nothing more is recorded, overdue from Thu 1 January 2026" in text
    late = explained("new", "2029-03-28", "notify_panel", ("2026", "2029"))
    assert "Provisional: public holidays are published to 2028 only." in late


def test_evidence_has_its_line_and_column() -> None:
    text = flat(explained("easter", "2025-04-28", "information_return/police"))
    # the request stands on line 16 of the file, behind the hyphen
    assert "information_requested police 2025-04-14 (easter.yaml:16:5)" in text


# --- what it asks for ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("make_up", "in Review Panel: police (p2) in Review Panel: the integrated care board (p3)"),
        ("make_up", "further partners: 1 or more, 1 of them without any involvement"),
        ("make_up", "in the chair: lead reviewer"),
        ("quorum/m2", "present: police; the integrated care board (or a substitute)"),
        ("quorum/m2", "not present: anybody (involved with child: yes)"),
        ("independent/p2", "involved with child: no; not in Learning Sub Group"),
        ("midshire.prosecution/x1", "no publication while this runs: prosecution"),
        ("practitioner_events", "at least 1, at most 2: practitioner event"),
        ("midshire.sign_off", "after sign-off by Review Panel by the day of publication"),
        ("partners_only/p2", "only from police or the integrated care board"),
        ("reviewers_meeting", "present: anybody, from 2 different agencies or more"),
        ("reviewers_meeting", "present: everyone of Review Panel, or a substitute"),
        ("reviewers_meeting", "led by: lead reviewer"),
        ("each_agency_once/police", "at one of these at least: practitioner event"),
        ("reviewers_meeting", "present: a member of Review Panel"),
        ("minutes/m1", "not before a decision on a review"),
        ("tell_the_police", "last checked Sat 21 November 2026"),
        ("serious_case/child_1", "abuse or neglect is known or suspected and the child died"),
    ],
)
def test_what_a_kind_asks_for(asked: str, words: str) -> None:
    assert words in flat(explained("publishing", "2025-12-18", asked))


def test_what_a_form_asks_for() -> None:
    form = "forms:\n  - {id: f1, form: midshire.referral, received: 2025-05-02}\n"
    text = flat(explained("publishing", "2025-12-18", "referral_form", more=form))
    assert "no box empty; signed by senior manager" in text
    assert "`empty: []` gives" in text


def test_empty_seat_says_nobody() -> None:
    text = flat(
        explained("publishing", "2025-12-18", "make_up", ("members: [p2, p3]", "members: [p3]"))
    )
    assert "police (nobody yet)" in text


def test_hold_for_a_time() -> None:
    done = ("planned: 2026-01-06}", "date: 2025-12-01}")
    text = flat(explained("publishing", "2025-12-18", "stay_public", done))
    assert "no taken down for a time" in text
    # 12 months after 1 December 2025
    assert "12 Tue 1 Dec 2026 due: 12 months on" in text


# --- what would change it -----------------------------------------------------------------------


def test_return_in_time_would_meet_it_and_a_later_one_late() -> None:
    text = flat(explained("easter", "2025-04-28", "information_return/police"))
    assert "dated on or before Fri 25 April 2025, met; dated later, met late." in text
    assert "- {type: information_returned, agency: police, date: YYYY-MM-DD}" in text


def test_involvement_no_would_make_it_not_applicable() -> None:
    text = flat(explained("easter", "2025-04-28", "information_return/police"))
    assert "`involved: no` gives: not applicable" in text


def test_unknown_involvement_is_tried_both_ways() -> None:
    text = flat(explained("easter", "2025-04-28", "information_return/icb"))
    assert "`agencies: icb`, line 10, now unknown:" in text
    assert "`involved: yes` gives: overdue, due Fri 25 April 2025" in text
    assert "`involved: no` gives: not applicable" in text


def test_two_unknown_answers_are_tried_one_by_one_and_together() -> None:
    # on 8 April 2026 the date, Tue 7 April, has passed
    text = flat(explained("new", "2026-04-08", "notify_panel"))
    assert "`abuse_or_neglect: suspected` gives: still undetermined, due Tue 7 April 2026" in text
    assert "`abuse_or_neglect: no` gives: not applicable" in text
    assert "`outcome: neither` gives: not applicable" in text
    assert "With all that is unknown answered yes: overdue, due Tue 7 April 2026." in text


def test_time_alone_would_make_it_overdue() -> None:
    text = flat(explained("easter", "2025-04-22", "information_return/police"))
    assert "if nothing more is recorded, overdue from Sat 26 April 2025" in text


def test_pending_says_what_would_start_it() -> None:
    text = flat(explained("new", "2026-03-30", "publish_6_months"))
    assert "Waits for a decision for a local review" in text
    # six months after Mon 30 March 2026
    assert "(tried with today): upcoming, due Wed 30 September 2026" in text
    assert "Recorded under" not in text


def test_confirmation_exception_and_delay_are_offered_where_they_would_help() -> None:
    independent = flat(explained("publishing", "2025-12-18", "independent/p3"))
    assert "under `exceptions`: excused." in independent
    assert "subject: p3, answer: yes, on: YYYY-MM-DD" in independent
    genogram = flat(explained("publishing", "2025-12-18", "genogram"))
    assert "under `delays`: excused until its `agreed_due`." in genogram
    assert "Confirmed from minutes" in genogram


def test_national_deadline_takes_no_confirmation() -> None:
    assert "confirmed" not in explained("easter", "2025-04-28", "rapid_review")


def test_planned_event_is_done_by_its_date() -> None:
    text = flat(explained("publishing", "2025-12-18", "publish_6_months"))
    assert "Recorded under `events`, line 25, where it is planned" in text


def test_sign_off_out_of_order_says_what_comes_first() -> None:
    text = flat(explained("publishing", "2025-12-18", "midshire.sign_off"))
    assert "breached, as long as this is not on record before it: sign-off by Review Panel" in text


def test_process_that_ends_ends_the_hold() -> None:
    text = flat(explained("publishing", "2025-12-18", "midshire.prosecution/x1"))
    assert "`closed: YYYY-MM-DD` gives: met" in text


def test_process_whose_end_is_unknown_is_tried_both_ways() -> None:
    unknown = ("opened: 2025-09-01}", "opened: 2025-09-01, closed: unknown}")
    text = flat(explained("publishing", "2025-12-18", "midshire.prosecution/x1", unknown))
    assert "`closed` left out (it still runs) gives: upcoming" in text


def test_other_area_would_make_the_notification_another_ones() -> None:
    text = flat(explained("new", "2026-03-30", "notify_panel"))
    assert "`area: another area` gives: not applicable" in text


def test_death_would_bring_the_notification_of_a_looked_after_child_into_play() -> None:
    looked_after = ("looked_after: no", "looked_after: yes")
    text = flat(explained("new", "2026-03-30", "looked_after_death/child_1/ofsted", looked_after))
    assert "`outcome: died` gives: upcoming" in text
    known = ("outcome: unknown", "outcome: died")
    text = flat(explained("new", "2026-03-30", "looked_after_death/child_1/ofsted", known))
    assert "`looked_after: yes` gives: upcoming" in text


def test_end_of_a_process_that_a_condition_reads() -> None:
    text = flat(explained("publishing", "2025-12-18", "tell_the_police"))
    assert "`closed: YYYY-MM-DD` gives: not applicable" in text


def test_announcement_needs_the_reviewers_name() -> None:
    text = flat(
        explained("publishing", "2025-12-18", "announce_review/dfe", ("ofsted, dfe]", "ofsted]"))
    )
    assert "- {type: announced, to: dfe, reviewer_named: yes, date: YYYY-MM-DD}" in text


def test_what_only_its_own_meeting_could_meet_is_not_invented() -> None:
    assert "Recorded under" not in explained("publishing", "2025-12-18", "minutes/m1")
    text = flat(explained("publishing", "2025-12-18", "papers/m2"))
    assert "Waits for" in text
    assert "Recorded under" not in text
    assert "Once this is on record" not in text


def test_excused_by_a_delay_stays_so_until_its_new_date() -> None:
    delay = (
        "delays:\n  - {requirement: midshire.genogram, reason: prosecution, arose: 2025-06-20,"
        " told: {panel: 2025-06-21}, agreed_by: executive, agreed_due: 2025-12-31}\n"
    )
    text = flat(explained("publishing", "2025-12-18", "genogram", more=delay))
    assert "EXCUSED" in text


def test_nothing_to_change_is_said() -> None:
    text = explained("withdrawn", "2025-12-18", "national.criteria.improvements")
    assert "What would change the answer" in text
    text = explained("publishing", "2025-12-18", "announce_review/panel")
    assert "Nothing that one entry in the case file could say." in text


def test_meeting_or_form_would_meet_a_step() -> None:
    text = flat(explained("publishing", "2025-12-18", "learning_meeting"))
    assert "Recorded under `meetings`" in text
    assert "- {id: m9, body: executive, date: YYYY-MM-DD, agenda: [draft_report]}" in text
    text = flat(explained("publishing", "2025-12-18", "first_referral"))
    assert "Recorded under `forms`" in text


@pytest.mark.slow
def test_every_answer_of_every_case_can_be_explained_within_the_width() -> None:
    for name in ("easter", "publishing", "withdrawn"):
        checked = office.checked(name, "2025-12-18")
        for decision in checked.decisions:
            asked = Named(decision.requirement, decision.subject or None)
            lines = explain_text(checked, asked).splitlines()
            assert max(map(len, lines)) <= 79, decision
