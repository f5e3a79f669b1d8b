"""Facts: a case flattened to rows, as they stand on a day."""

from __future__ import annotations

from datetime import date

import pytest

from cspr_core.facts import event_id, facts_of, own_area
from cspr_core.program import FACT_TYPES
from cspr_core.vocabulary import vocabulary
from tests.builders import a_case, facts, ordinal, rows

# Free text, each with a word that is found nowhere else
SECRET = "zebra"
FULL = f"""
case: NH-2026-03
children: [{{id: child_1, outcome: died, looked_after: yes, care_leaver: no, harm: [physical]}}]
incident: {{date: 2026-03-02, area: northamptonshire, residence: leeds, abuse_or_neglect: known}}
agencies:
  police: {{involved: yes}}
  kettering: {{kind: acute_hospital, involved: no}}
criteria:
  improvements: {{answer: yes, reason: "The {SECRET} was missed."}}
people:
  p1: {{agency: independent, roles: [lead_reviewer], involved_with_child: no}}
  p2: {{agency: police, senior_manager: yes}}
  p7: {{agency: kettering}}
groups:
  review_group: {{chair: p1, members: [{{person: p2, from: 2026-05-01, to: 2026-07-31}}]}}
events:
  - {{type: aware, by: local_authority, date: 2026-03-03}}
  - {{type: notified, to: [panel, ofsted], date: 2026-03-09}}
  - {{type: publication, what: report, planned: 2026-12-01}}
meetings:
  - {{id: m1, body: review_group, date: 2026-05-12, led_by: p1, attended: [p1, p2], agenda: [delay],
     invited: [p1], substitutes: [{{for: p2, by: p7, named: 2026-05-08, briefed: yes}}]}}
forms:
  - {{id: f1, form: northamptonshire.referral, from: police, received: 2026-02-27, empty: [dated],
     returned: 2026-03-05, signed: {{senior_manager: 2026-02-26, chair: unknown}}}}
parallel:
  - {{id: x1, type: prosecution, opened: 2026-04-01, closed: 2026-08-01, agency: police}}
confirmed:
  - {{requirement: northamptonshire.genogram, answer: yes, on: 2026-05-12, by: business_manager,
     reference: "Minute {SECRET}"}}
exceptions:
  - {{requirement: essex.review_team, subject: p2, reason: nobody_else, by: chair, on: 2026-05-01}}
delays:
  - {{requirement: national.publish_6_months, reason: prosecution, arose: 2026-06-02,
     considered: {{executive: 2026-06-25}}, told: {{panel: 2026-08-20}}, agreed_by: executive,
     agreed_due: 2027-01-31}}
"""


# --- the shape of all facts ---------------------------------------------------------------------


def test_every_fact_has_the_columns_of_its_type_and_a_number_of_its_own() -> None:
    found = facts(FULL, "2027-01-01")
    numbers = [row["fid"] for kind in found.rows for row in found.of(kind)]
    assert len(numbers) == len(set(numbers)) == len(found.places)
    for kind, its in found.rows.items():
        for row in its:
            assert set(row) == {*FACT_TYPES[kind], "fid"}


def test_every_column_holds_what_its_type_says() -> None:
    found = facts(FULL, "2027-01-01")
    for kind, its in found.rows.items():
        for name, column in FACT_TYPES[kind].items():
            for row in its:
                value = row[name]
                if value is None:
                    assert column.optional, (kind, name)
                else:
                    assert isinstance(value, int if column.type == "number" else str), (kind, name)
                    assert not column.words or value in column.words, (kind, name)


def test_free_text_is_never_a_fact() -> None:
    found = facts(FULL, "2027-01-01")
    everything = repr(found.rows) + repr(found.places)
    assert SECRET not in everything
    assert "genogram" in everything  # what is looked at is there


def test_every_fact_knows_its_line() -> None:
    case = a_case(FULL)
    lines = {("events", 1): (30, 5)}
    found = facts_of(case, date(2026, 6, 1), lambda loc: lines.get(loc, (1, 1)))
    notified = rows(found, "event", name="notified", to="panel")[0]
    place = found.places[notified["fid"]]
    assert (place.words, place.loc) == ("notified panel 2026-03-09", ("events", 1))
    assert (place.line, place.column) == (30, 5)


def test_facts_by_number() -> None:
    found = facts(FULL)
    child = rows(found, "child")[0]
    assert found.by_number()[child["fid"]] == ("child", child)


def test_what_a_plugin_adds() -> None:
    found = facts_of(
        a_case(), date(2026, 6, 1), extra=[("northamptonshire.seen", "child_1", "yes")]
    )
    assert rows(found, "noted", name="northamptonshire.seen", subject="child_1", value="yes")


# --- what is dated after the check does not count yet -------------------------------------------

DATED = [
    # fact type, columns, the day from which the fact is there
    ("event", {"name": "incident"}, "2026-03-02"),
    ("event", {"name": "notified", "to": "panel"}, "2026-03-09"),
    ("attendance", {"person": "p1"}, "2026-05-12"),
    ("represented", {"person": "p2"}, "2026-05-12"),
    ("form", {"id": "f1"}, "2026-02-27"),
    ("form", {"returned": ordinal("2026-03-05")}, "2026-03-05"),
    ("parallel", {"parallel": "x1"}, "2026-04-01"),
    ("closed", {"parallel": "x1"}, "2026-08-01"),
    ("confirmation", {"answer": "yes"}, "2026-05-12"),
    ("exception", {"subject": "p2"}, "2026-05-01"),
    ("delay", {"delay": "delay_1"}, "2026-06-02"),
    ("delay_considered", {"by": "executive"}, "2026-06-25"),
    ("delay_told", {"to": "panel"}, "2026-08-20"),
    ("member", {"person": "p2"}, "2026-05-01"),
]


@pytest.mark.parametrize(("kind", "columns", "day"), DATED)
def test_from_its_day_on_and_not_before(kind: str, columns: dict[str, object], day: str) -> None:
    eve = date.fromordinal(ordinal(day) - 1).isoformat()
    assert not rows(facts(FULL, eve), kind, **columns)
    assert rows(facts(FULL, day), kind, **columns)


def test_a_signature_counts_from_its_day_and_one_of_unknown_day_with_the_form() -> None:
    text = """
forms: [{id: f1, form: northamptonshire.referral, received: 2026-03-02,
  signed: {senior_manager: 2026-03-09, chair: unknown}}]"""
    assert [s["by"] for s in facts(text, "2026-03-08").of("signature")] == ["chair"]
    assert {s["by"] for s in facts(text, "2026-03-09").of("signature")} == {
        "chair",
        "senior_manager",
    }


def test_a_substitute_named_after_the_check_is_none_yet() -> None:
    text = """
people: {p2: {agency: police}, p7: {agency: police}}
meetings: [{id: m1, body: executive, planned: 2026-05-12,
  substitutes: [{for: p2, by: p7, named: 2026-05-08}]}]"""
    assert not facts(text, "2026-05-07").of("substitute")
    assert facts(text, "2026-05-08").of("substitute")[0]["named"] == ordinal("2026-05-08")


def test_a_meeting_to_come_is_there_with_its_plan_and_without_attendance() -> None:
    text = """
people: {p1: {agency: police}}
meetings: [{id: m1, body: executive, planned: 2026-05-10, date: 2026-05-12, attended: [p1]}]"""
    before = facts(text, "2026-05-11")
    assert before.of("meeting")[0]["date"] is None
    assert before.of("meeting")[0]["planned"] == ordinal("2026-05-10")
    assert not before.of("attendance")
    assert facts(text, "2026-05-12").of("meeting")[0]["date"] == ordinal("2026-05-12")


def test_an_event_still_to_come_without_a_plan_is_not_there_at_all() -> None:
    text = "events: [{type: information_requested, agency: gp, date: 2026-05-12}]"
    found = facts(text, "2026-05-11")
    assert not rows(found, "event", name="information_requested")
    assert not rows(found, "involvement", agency="gp")


# --- events -------------------------------------------------------------------------------------


def test_a_list_stands_for_one_event_each() -> None:
    text = """
children: [{id: a}, {id: b}]
events: [{type: notified, to: [panel, ofsted], child: [a, b], date: 2026-03-09}]"""
    found = rows(facts(text), "event", name="notified")
    assert {(row["to"], row["child"]) for row in found} == {
        ("panel", "a"),
        ("panel", "b"),
        ("ofsted", "a"),
        ("ofsted", "b"),
    }
    assert len({row["entry"] for row in found}) == 1  # one entry of the file


def test_without_an_id_an_event_is_called_by_type_and_date() -> None:
    text = """
events:
  - {type: practitioner_event, date: 2026-05-12}
  - {type: family_meeting, planned: 2026-06-12}
  - {type: debrief, id: d1, date: 2026-05-12}"""
    assert [event_id(e) for e in a_case(text).events[1:]] == [
        "practitioner_event-2026-05-12",
        "family_meeting-2026-06-12",
        "d1",
    ]


@pytest.mark.parametrize(("text", "value"), [(", reviewer_named: yes", "yes"), ("", "unknown")])
def test_a_missing_answer_of_an_event_is_unknown(text: str, value: str) -> None:
    found = facts(f"events: [{{type: announced, to: panel, date: 2026-03-09{text}}}]")
    assert rows(found, "event", name="announced")[0]["reviewer_named"] == value


def latest(text: str, as_of: str = "2026-06-01") -> set[tuple[str, str]]:
    found = rows(facts(text, as_of), "event", name="decision")
    return {(row["outcome"], row["latest"]) for row in found}


def test_the_latest_decision_is_marked() -> None:
    text = """
events:
  - {type: decision, outcome: no_review, date: 2026-05-01}
  - {type: decision, outcome: local_review, date: 2026-03-26}"""
    assert latest(text, "2026-04-01") == {("local_review", "yes")}
    assert latest(text) == {("no_review", "yes"), ("local_review", "no")}


def test_a_planned_decision_is_never_the_latest() -> None:
    text = """
events:
  - {type: decision, outcome: no_review, planned: 2026-05-01}
  - {type: decision, outcome: local_review, date: 2026-03-26}"""
    assert latest(text) == {("no_review", "no"), ("local_review", "yes")}


def test_decisions_of_one_day_are_both_the_latest() -> None:
    text = """
events:
  - {type: decision, outcome: national_referral, date: 2026-03-26}
  - {type: decision, outcome: local_review, date: 2026-03-26}"""
    assert latest(text) == {("national_referral", "yes"), ("local_review", "yes")}


# --- what stands --------------------------------------------------------------------------------


def stands(text: str, name: str, as_of: str = "2026-06-01") -> list[str]:
    return [row["stands"] for row in rows(facts(text, as_of), "event", name=name)]


NOTIFIED = "{type: notified, to: panel, date: 2026-03-09}"


@pytest.mark.parametrize(
    ("withdrawn", "expected"),
    [
        ("date: 2026-03-12", "no"),
        ("date: 2026-03-09", "no"),
        ("date: 2026-06-02", "yes"),  # after the check
        ("planned: 2026-03-12", "yes"),
    ],
)
def test_a_notification_stands_until_it_is_withdrawn(withdrawn: str, expected: str) -> None:
    text = f"events: [{NOTIFIED}, {{type: notification_withdrawn, {withdrawn}}}]"
    assert stands(text, "notified") == [expected]


def test_a_withdrawal_touches_only_what_went_to_the_panel_before_it() -> None:
    text = """
events:
  - {type: notified, to: partners, date: 2026-03-09}
  - {type: notified, id: n1, to: panel, date: 2026-03-09}
  - {type: notification_withdrawn, date: 2026-03-12}
  - {type: notified, id: n2, to: panel, date: 2026-03-16}"""
    found = rows(facts(text), "event", name="notified")
    assert {(row["to"], row["id"]): row["stands"] for row in found} == {
        ("partners", "notified-2026-03-09"): "yes",
        ("panel", "n1"): "no",
        ("panel", "n2"): "yes",
    }


@pytest.mark.parametrize(
    ("which", "expected"), [("child: a, ", "yes"), ("child: [a, b], ", "no"), ("", "no")]
)
def test_a_notification_about_all_is_withdrawn_when_it_is_for_each(
    which: str, expected: str
) -> None:
    text = f"""
children: [{{id: a}}, {{id: b}}]
events: [{NOTIFIED}, {{type: notification_withdrawn, {which}date: 2026-03-12}}]"""
    assert stands(text, "notified") == [expected]


SENT = "{type: report_sent, to: panel, date: 2026-03-09, for: 2026-04-14}"


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("{type: publication, what: report, planned: 2026-04-14}", "yes"),
        ("{type: publication, what: report, planned: 2026-05-12}", "no"),
        ("{type: publication, what: report, date: 2026-04-14}", "yes"),
        ("{type: learning_briefing, date: 2026-04-14}", "yes"),  # no publication in sight
    ],
)
def test_what_was_sent_for_a_date_lapses_when_the_plan_moves(plan: str, expected: str) -> None:
    decided = "{type: decision, outcome: local_review, date: 2026-02-02}"
    assert stands(f"events: [{decided}, {SENT}, {plan}]", "report_sent") == [expected]


def test_a_date_that_was_told_lapses_too() -> None:
    text = """
events:
  - {type: publication_date_told, to: panel, date: 2026-03-09, for: 2026-04-14}
  - {type: publication, what: report, planned: 2026-05-12}"""
    assert stands(text, "publication_date_told") == ["no"]


# --- answers about children ---------------------------------------------------------------------


def answers(text: str) -> dict[str, str]:
    return {row["question"]: row["value"] for row in facts(text).of("answer") if row["child"]}


@pytest.mark.parametrize(
    ("outcome", "died", "serious"),
    [
        ("died", "yes", "yes"),
        ("seriously_harmed", "no", "yes"),
        ("neither", "no", "no"),
        ("unknown", "unknown", "unknown"),
    ],
)
def test_what_became_of_a_child(outcome: str, died: str, serious: str) -> None:
    found = answers(f"children: [{{id: c, outcome: {outcome}}}]")
    assert (found["died"], found["died_or_seriously_harmed"]) == (died, serious)


@pytest.mark.parametrize(
    ("word", "value"),
    [("known", "yes"), ("suspected", "yes"), ("no", "no"), ("unknown", "unknown")],
)
def test_abuse_known_or_suspected(word: str, value: str) -> None:
    text = f"incident: {{area: leeds, abuse_or_neglect: {word}}}"
    assert answers(text)["abuse_or_neglect"] == value


def test_what_nobody_answered_is_written_out_as_unknown() -> None:
    found = answers("children: [{id: c}]\nincident: {area: leeds}")
    assert found["looked_after"] == found["care_leaver"] == found["abuse_or_neglect"] == "unknown"


@pytest.mark.parametrize(
    ("area", "residence", "own", "expected"),
    [
        ("northamptonshire", "leeds", None, "yes"),
        ("leeds", "northamptonshire", None, "no"),
        ("unknown", "northamptonshire", None, "unknown"),
        ("outside_england", "northamptonshire", None, "yes"),
        ("outside_england", "leeds", None, "no"),
        ("outside_england", "unknown", None, "unknown"),
        ("outside_england", "leeds", "northamptonshire", "yes"),
        ("outside_england", "northamptonshire", "leeds", "no"),
    ],
)
def test_own_area(area: str, residence: str, own: str | None, expected: str) -> None:
    child = f", residence: {own}" if own else ""
    text = f"""
children: [{{id: c{child}}}]
incident: {{area: {area}, residence: {residence}}}"""
    assert own_area(a_case(text), 0) == expected


def test_every_criterion_has_its_answer() -> None:
    text = """
criteria: {improvements: {answer: yes, reason: R}, no_agency: {answer: no}}"""
    found = {
        row["question"]: (row["value"], row["reasoned"])
        for row in facts(text).of("answer")
        if not row["child"]
    }
    expected = {f"criteria.{name}": ("unknown", "no") for name in vocabulary().words("criteria")}
    expected["criteria.improvements"] = ("yes", "yes")
    expected["criteria.no_agency"] = ("no", "no")
    assert found == expected


def test_an_areas_own_criterion_has_an_answer_too() -> None:
    found = facts("criteria: {northamptonshire.own: {answer: yes, reason: R}}")
    own = rows(found, "answer", question="criteria.northamptonshire.own")
    assert [row["value"] for row in own] == ["yes"]


# --- agencies and people ------------------------------------------------------------------------


def test_agencies_by_key_and_kind_and_those_that_only_appear() -> None:
    text = """
agencies: {police: {involved: yes}, kettering: {kind: acute_hospital, involved: unknown}}
people: {p1: {agency: housing}, p2: {agency: police}}
events: [{type: information_requested, agency: gp, date: 2026-03-10}]"""
    found = {
        row["agency"]: (row["kind"], row["value"], row["listed"])
        for row in facts(text).of("involvement")
    }
    assert found == {
        "police": ("police", "yes", "yes"),
        "kettering": ("acute_hospital", "unknown", "yes"),
        "gp": ("gp", "unknown", "yes"),
        "housing": ("housing", "unknown", "no"),  # somebody comes from there, no more
    }


def test_a_person_without_an_agency_is_of_an_unknown_one() -> None:
    found = facts("people: {p1: {}}").of("person")
    assert [(row["agency"], row["kind"]) for row in found] == [("unknown", "unknown")]


def test_every_question_about_a_person_is_answered_or_unknown() -> None:
    found = facts("people: {p1: {involved_with_child: no}}").of("quality")
    assert {row["name"]: row["value"] for row in found} == {
        "involved_with_child": "no",
        "knows_child": "unknown",
        "senior_manager": "unknown",
        "multi_agency_experience": "unknown",
        "contributed": "unknown",
    }


def roles(text: str, as_of: str = "2026-06-01") -> set[tuple[str, str]]:
    return {(row["person"], row["role"]) for row in facts(text, as_of).of("role")}


def test_roles_by_hand_by_the_chair_and_by_what_somebody_did() -> None:
    text = """
people: {p1: {roles: [chair]}, p2: {}, p3: {}, p4: {}}
groups: {executive: {chair: p1}, review_group: {chair: p2}}
events:
  - {type: reviewer_appointed, person: p3, date: 2026-04-01}
  - {type: chronology_returned, agency: police, by: p4, date: 2026-05-01}
  - {type: analysis_returned, agency: police, by: p4, planned: 2026-05-02}"""
    assert roles(text, "2026-04-01") == {("p1", "chair"), ("p2", "chair"), ("p3", "lead_reviewer")}
    assert roles(text) == {
        ("p1", "chair"),
        ("p2", "chair"),
        ("p3", "lead_reviewer"),
        ("p4", "author"),
    }
    assert len(facts(text).of("role")) == 4  # nobody twice


@pytest.mark.parametrize(
    ("as_of", "there"),
    [("2026-04-30", False), ("2026-05-01", True), ("2026-07-31", True), ("2026-08-01", False)],
)
def test_a_member_from_the_first_to_the_last_day(as_of: str, there: bool) -> None:  # noqa: FBT001
    assert bool(facts(FULL, as_of).of("member")) == there


# --- meetings -----------------------------------------------------------------------------------


def first(text: str, as_of: str = "2026-06-01") -> set[str]:
    return {row["meeting"] for row in rows(facts(text, as_of), "meeting", first="yes")}


MEETINGS = """
meetings:
  - {id: m1, body: executive, date: 2026-05-12}
  - {id: m2, body: executive, planned: 2026-05-05}
  - {id: m3, body: executive, date: 2026-05-20}
  - {id: m4, body: review_group, planned: 2026-07-01}"""


def test_the_first_meeting_of_each_body_is_one_that_was_held() -> None:
    assert first(MEETINGS) == {"m1", "m4"}
    # before any was held, the earliest plan
    assert first(MEETINGS, "2026-05-01") == {"m2", "m4"}


def test_two_first_meetings_on_one_day_are_both_first() -> None:
    text = MEETINGS.replace("2026-05-20", "2026-05-12")
    assert first(text) == {"m1", "m3", "m4"}


def test_a_gathering_is_a_meeting_under_the_name_of_its_type() -> None:
    text = "events: [{type: debrief, id: d1, audience: involved, date: 2026-05-12, online: yes}]"
    found = facts(text).of("meeting")[0]
    assert (found["meeting"], found["body"], found["audience"]) == ("d1", "debrief", "involved")
    assert found["online"] == "yes"


def test_no_list_of_attendance_is_unlisted_and_an_empty_one_is_listed() -> None:
    text = """
meetings:
  - {id: m1, body: executive, date: 2026-05-12}
  - {id: m2, body: executive, date: 2026-05-13, attended: [], agenda: []}"""
    found = {row["meeting"]: row for row in facts(text).of("meeting")}
    assert (found["m1"]["attendance"], found["m1"]["agenda"]) == ("unlisted", "unlisted")
    assert (found["m2"]["attendance"], found["m2"]["agenda"]) == ("listed", "listed")


def test_present_and_unclear() -> None:
    text = """
people: {p1: {agency: police}, p2: {agency: gp}}
meetings: [{id: m1, body: executive, date: 2026-05-12, attended: [p1], unclear: [p2]}]"""
    found = facts(text).of("attendance")
    assert {(row["person"], row["kind"], row["how"]) for row in found} == {
        ("p1", "police", "present"),
        ("p2", "gp", "unknown"),
    }


def test_an_invitation_is_the_persons_and_the_roles() -> None:
    text = """
people: {p1: {roles: [social_worker, practitioner]}}
meetings: [{id: m1, body: executive, planned: 2026-05-12, invited: [p1]}]"""
    found = {row["whom"] for row in facts(text).of("invitation")}
    assert found == {"p1", "social_worker", "practitioner"}


def test_a_substitute_and_whom_they_represent() -> None:
    found = facts(FULL)
    substitute = found.of("substitute")[0]
    assert (substitute["substitute"], substitute["for"], substitute["by"]) == ("m1/p7", "p2", "p7")
    assert (substitute["for_agency"], substitute["for_kind"]) == ("police", "police")
    assert (substitute["briefed"], substitute["equivalent_seniority"]) == ("yes", "unknown")


def test_a_substitute_whose_naming_is_undated_is_one() -> None:
    text = """
people: {p2: {agency: police}, p7: {}}
meetings: [{id: m1, body: executive, planned: 2026-05-12, substitutes: [{for: p2, by: p7}]}]"""
    assert facts(text).of("substitute")[0]["named"] is None


def test_who_comes_in_anothers_place_represents_them() -> None:
    text = """
people: {p2: {agency: police}, p7: {agency: police}}
meetings: [{id: m1, body: executive, date: 2026-05-12, attended: [p7],
  substitutes: [{for: p2, by: p7}]}]"""
    assert {row["person"] for row in facts(text).of("represented")} == {"p2", "p7"}


# --- forms, parallel processes, what is recorded ------------------------------------------------


@pytest.mark.parametrize(
    ("empty", "complete"), [(", empty: []", "yes"), (", empty: [a]", "no"), ("", "unknown")]
)
def test_whether_a_form_is_complete(empty: str, complete: str) -> None:
    text = f"forms: [{{id: f1, form: northamptonshire.x, received: 2026-03-02{empty}}}]"
    assert facts(text).of("form")[0]["complete"] == complete


def test_a_form_that_was_not_received_is_no_fact() -> None:
    assert not facts("forms: [{id: f1, form: northamptonshire.x}]").of("form")


def copies(*entries: str, as_of: str = "2026-06-01") -> dict[str, str]:
    lines = ", ".join(f"{{form: northamptonshire.x, {entry}}}" for entry in entries)
    return {row["id"]: row["latest"] for row in facts(f"forms: [{lines}]", as_of).of("form")}


def test_the_latest_copy_of_each_form_and_sender() -> None:
    found = copies(
        "id: f1, from: police, received: 2026-03-02",
        "id: f2, from: police, received: 2026-03-09",
        "id: f3, from: gp, received: 2026-03-03",
    )
    assert found == {"f1": "no", "f2": "yes", "f3": "yes"}


def test_two_copies_alike_on_one_day_both_stand() -> None:
    found = copies("id: f1, received: 2026-03-02", "id: f2, received: 2026-03-02")
    assert found == {"f1": "yes", "f2": "yes"}


@pytest.mark.parametrize(
    ("process", "state", "ended"),
    [
        ("opened: 2026-03-02", "open", 0),
        ("opened: 2026-03-02, closed: 2026-04-01", "closed", 1),
        ("opened: 2026-03-02, closed: 2026-06-02", "open", 0),  # after the check
        ("opened: unknown, closed: unknown", "unknown", 0),
    ],
)
def test_the_state_of_a_parallel_process(process: str, state: str, ended: int) -> None:
    found = facts(f"parallel: [{{id: x1, type: inquest, {process}}}]")
    assert found.of("parallel")[0]["state"] == state
    assert len(found.of("closed")) == ended


CONFIRMED = """
confirmed:
  - {requirement: northamptonshire.a, answer: yes, on: 2026-05-01}
  - {requirement: northamptonshire.a, answer: no, on: 2026-04-01}
  - {requirement: northamptonshire.a, subject: child_1, answer: no, on: 2026-03-01}
  - {requirement: northamptonshire.b, answer: yes, on: 2026-04-01}"""


def confirmations(text: str, as_of: str = "2026-06-01") -> dict[tuple[str, str], str]:
    found = facts(text, as_of).of("confirmation")
    assert len(found) == len({(row["requirement"], row["subject"]) for row in found})
    return {(row["requirement"], row["subject"]): row["answer"] for row in found}


def test_the_latest_confirmation_of_each_requirement_and_subject_counts() -> None:
    assert confirmations(CONFIRMED) == {
        ("northamptonshire.a", ""): "yes",
        ("northamptonshire.a", "child_1"): "no",
        ("northamptonshire.b", ""): "yes",
    }
    assert confirmations(CONFIRMED, "2026-04-30")["northamptonshire.a", ""] == "no"


@pytest.mark.parametrize("order", [("yes", "no"), ("no", "yes")])
def test_of_two_confirmations_on_one_day_the_no_counts(order: tuple[str, str]) -> None:
    lines = (f"{{requirement: northamptonshire.a, answer: {a}, on: 2026-05-01}}" for a in order)
    assert confirmations(f"confirmed: [{', '.join(lines)}]") == {("northamptonshire.a", ""): "no"}


@pytest.mark.parametrize(
    ("more", "agreed"),
    [
        ("agreed_by: executive, agreed_due: 2027-01-31", "yes"),
        ("agreed_by: executive", "no"),
        ("agreed_due: 2027-01-31", "no"),
    ],
)
def test_a_delay_is_agreed_by_somebody_until_some_day(more: str, agreed: str) -> None:
    text = f"delays: [{{requirement: national.publish_6_months, reason: inquest, {more}}}]"
    found = facts(text).of("delay")[0]
    assert (found["agreed"], found["date"]) == (agreed, None)


def test_delays_are_numbered_or_called_by_their_id() -> None:
    text = """
delays:
  - {requirement: national.publish_6_months, reason: inquest}
  - {id: d7, requirement: national.publish_6_months, reason: prosecution}"""
    assert [row["delay"] for row in facts(text).of("delay")] == ["delay_1", "d7"]


# --- recipients and stages ----------------------------------------------------------------------


def test_recipients_with_and_without_a_child() -> None:
    found = rows(facts("children: [{id: a}, {id: b}]"), "recipient", to="panel")
    assert {(row["recipient"], row["child"]) for row in found} == {
        ("panel", None),
        ("a/panel", "a"),
        ("b/panel", "b"),
    }


def stages(*events: str) -> set[str]:
    text = f"events: [{', '.join(events)}]"
    return {row["stage"] for row in facts(text).of("stage")}


REFERRED = "{type: referral_received, date: 2026-02-02}"
AWARE = "{type: aware, by: local_authority, date: 2026-02-02}"
REVIEW = "{type: decision, outcome: local_review, date: 2026-03-02}"


@pytest.mark.parametrize(
    ("events", "reached"),
    [
        ((REFERRED,), {"referral"}),
        ((AWARE,), {"referral", "notification"}),
        ((AWARE, NOTIFIED), {"referral", "notification", "rapid_review", "decision"}),
        (
            (REFERRED, "{type: information_requested, agency: gp, date: 2026-02-03}"),
            {"referral", "rapid_review", "decision"},
        ),
        (
            (REFERRED, "{type: decision, outcome: no_review, date: 2026-03-02}"),
            {"referral", "rapid_review", "decision", "learning"},
        ),
        ((REFERRED, REVIEW), {"referral", "rapid_review", "decision", "learning", "review"}),
        (
            (REFERRED, REVIEW, "{type: publication, what: report, planned: 2026-09-01}"),
            {"referral", "rapid_review", "decision", "learning", "review", "publication"},
        ),
        (
            (REFERRED, REVIEW, "{type: draft_shared, with: practitioners, date: 2026-05-01}"),
            {"referral", "rapid_review", "decision", "learning", "review", "sign_off"},
        ),
        (
            (REFERRED, REVIEW, "{type: sign_off, by: executive, date: 2026-05-01}"),
            set(vocabulary().words("stages")) - {"notification"},
        ),
        (
            (REFERRED, REVIEW, "{type: sign_off, by: review_group, date: 2026-05-01}"),
            {"referral", "rapid_review", "decision", "learning", "review", "sign_off"},
        ),
    ],
)
def test_the_stages_that_a_case_has_reached(events: tuple[str, ...], reached: set[str]) -> None:
    assert stages(*events) == reached
