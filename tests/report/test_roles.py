"""Who has to do what: which duties and requirements are one thing, and what a role's page says."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from cspr_core.check import Rules, rules_for
from cspr_core.model.arrangements import AnyRequirement, Duty
from cspr_core.plugins import in_directory
from cspr_core.report import timing
from cspr_core.report.guide import guide_text
from cspr_core.report.roles import (
    OWN,
    Likeness,
    bodies_of,
    instruction,
    is_same,
    likeness,
    role_guide,
    role_names,
    tasks_of,
)
from cspr_core.vocabulary import vocabulary

PLUGINS = Path(__file__).parent.parent.parent / "plugins"
AREAS = sorted(in_directory(PLUGINS))
ADAPTER: TypeAdapter[AnyRequirement] = TypeAdapter(AnyRequirement)


def rules_of(area: str) -> Rules:
    return rules_for(area, PLUGINS)


def step(**keys: object) -> AnyRequirement:
    given = {"id": "x", "kind": "step", "title": "It is done", "stage": "review"}
    return ADAPTER.validate_python({**given, "source": {"section": "One"}, **keys})


def page(area: str, role: str) -> str:
    return " ".join(guide_text(role_guide(rules_of(area), role, date(2026, 11, 21)), 79).split())


# --- instructions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"action": "Do it."}, "Do it"),
        ({"action": "Do it, and confirm it"}, "Do it"),
        ({"action": "Do it, and confirm it from the minutes"}, "Do it"),
        ({"action": "Consider it; the office confirms it"}, "Consider it"),
        ({}, "See to it: it is done"),
        ({"action": "Confirm the thing"}, "See to it: it is done"),
        ({"title": "Ofsted is told"}, "See to it: Ofsted is told"),
        ({"kind": "advice", "title": "Events are a safe place"}, "Events are a safe place"),
    ],
)
def test_requirement_is_an_instruction(keys: dict[str, object], words: str) -> None:
    assert instruction(step(**keys)) == words


# --- a duty and a requirement that say the same --------------------------------------------------


def duty(what: str, section: str = "One") -> Duty:
    return Duty.model_validate({"stage": "review", "what": what, "source": {"section": section}})


def test_likeness_counts_words_that_both_have() -> None:
    # Rule: agree, draft, report. Duty: agree, draft, report, group, comment. "the" is no word.
    rule = step(title="The draft report is agreed")
    assert likeness(duty("Agree the draft report with the group, and comment"), rule) == Likeness(
        1.0, 3 / 5, 3
    )


def test_another_section_is_another_thing() -> None:
    rule = step(title="The draft report is agreed")
    assert likeness(duty("Agree the draft report", "Two"), rule) == Likeness()


def test_a_section_named_beside_others_is_the_same_section() -> None:
    rule = step(title="The draft report is agreed", source={"section": "Two; One"})
    assert likeness(duty("Agree the draft report"), rule).rule == 1.0


def test_two_words_in_common_are_enough_only_where_they_are_all() -> None:
    assert is_same(Likeness(1.0, 0.2, 2), OWN)
    assert not is_same(Likeness(2 / 3, 0.4, 2), OWN)


# Judged one by one against the documents: what a duty of a profile and somebody else's requirement
# have in common, or the person's own. A change of wording that joins or parts two shows here.
SAME = {
    ("essex", "author", "essex.chronology_returned"),
    ("essex", "author", "essex.authors_independent"),
    ("leeds", "practitioner", "leeds.lessons_discussed"),
    ("leeds", "practitioner", "leeds.concerns_resolution"),
    ("leeds", "senior_manager", "leeds.supervision_judged"),
    ("northamptonshire", "practitioner", "northamptonshire.information_return"),
    ("northamptonshire", "northamptonshire.strategic_lead",
     "northamptonshire.strategic_leads_sign_off"),
    ("northamptonshire", "line_manager", "northamptonshire.event_practitioners_freed"),
}  # fmt: skip
APART = {
    ("northamptonshire", "lead_reviewer", "northamptonshire.practitioner_event"),
    ("northamptonshire", "team_manager", "northamptonshire.event_support_before"),
    ("northamptonshire", "designated_doctor", "northamptonshire.rapid_review_meeting"),
    ("south_glos", "practitioner", "south_glos.written_account"),
    ("staffordshire", "business_office", "staffordshire.event_business_team"),
}


def behind_duties(area: str, role: str) -> set[str]:
    profile = rules_of(area).plugin.arrangements.roles[role]
    said = {duty.what.rstrip(".") for duty in profile.duties}
    return {r.id for task in tasks_of(rules_of(area), role).own if task.text in said
            for r in task.rules}  # fmt: skip


@pytest.mark.parametrize(("area", "role", "requirement"), sorted(SAME))
def test_duty_and_requirement_are_one(area: str, role: str, requirement: str) -> None:
    assert requirement in behind_duties(area, role)


@pytest.mark.parametrize(("area", "role", "requirement"), sorted(APART))
def test_duty_and_requirement_stay_apart(area: str, role: str, requirement: str) -> None:
    assert requirement not in behind_duties(area, role)


@pytest.mark.parametrize("area", AREAS)
def test_nothing_addressed_to_a_role_is_lost_or_told_twice(area: str) -> None:
    rules = rules_of(area)
    for role in role_names(rules):
        told = [r.id for task in tasks_of(rules, role).own for r in task.rules]
        own = [x.requirement.id for x in rules.lowered if x.requirement.who == role]
        assert sorted(set(told)) == sorted(told)
        assert set(own) <= set(told)


@pytest.mark.parametrize("area", AREAS)
def test_no_duty_of_a_profile_is_lost(area: str) -> None:
    rules = rules_of(area)
    for role, profile in rules.plugin.arrangements.roles.items():
        told = [task.text for task in tasks_of(rules, role).own]
        for given in profile.duties:
            assert any(given.what.rstrip(".")[:30] in text for text in told)


# --- bodies in which a role sits -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "role", "bodies"),
    [
        ("northamptonshire", "member", ("review_group",)),  # Review Group member
        ("northamptonshire", "designated_doctor", ("rapid_review_group",)),  # by its seat
        ("northamptonshire", "northamptonshire.strategic_lead", ("executive",)),
        ("northamptonshire", "northamptonshire.police_representative", ("oversight_group",)),
        ("essex", "essex.sub_committee_member", ("oversight_group",)),  # CSPR Sub-committee
        ("essex", "business_manager", ("business_office",)),
        ("staffordshire", "practitioner", ()),
        ("northamptonshire", "executive", ()),
    ],
)
def test_bodies_of_a_role(area: str, role: str, bodies: tuple[str, ...]) -> None:
    assert bodies_of(rules_of(area), role) == bodies


# --- the page -----------------------------------------------------------------------------------


@pytest.mark.parametrize("area", AREAS)
def test_every_role_of_every_area_has_a_page(area: str) -> None:
    rules = rules_of(area)
    for role in role_names(rules):
        text = guide_text(role_guide(rules, role, date(2026, 11, 21)), 79)
        assert "WHOM TO ASK" in text
        assert "WHAT THE DOCUMENT DOES NOT SAY" in text
        assert "cspr contacts" not in text  # who is handed the page has no such command


def test_must_should_and_may_stand_apart() -> None:
    text = page("staffordshire", "practitioner")
    must, should, may = (text.index(f"{w}:") for w in ("must", "should", "can expect"))
    assert must < text.index("Keep what is said at the event confidential") < should
    assert should < text.index("Take part without judging or blaming anybody") < may
    assert may < text.index("Talk openly and honestly")


def test_time_limit_stands_in_words() -> None:
    assert "When: within 7 working days of the request for information." in page(
        "northamptonshire", "practitioner"
    )


def test_contacts_have_their_age() -> None:
    # December 2020 to 21 November 2026: five whole years.
    assert "Published: December 2020 (5 years ago)" in page("northamptonshire", "scrutineer")


def test_national_mailboxes_are_for_those_who_write_to_them() -> None:
    mailbox = "Mailbox.NationalReviewPanel@education.gov.uk"
    assert mailbox in page("northamptonshire", "project_officer")
    assert mailbox not in page("northamptonshire", "practitioner")


def test_note_that_contacts_share_is_told_once() -> None:
    assert page("staffordshire", "practitioner").count("On the process, the practitioner") == 1


def test_without_contacts_the_office_is_named() -> None:
    assert "The document gives no contact. Ask the ESCB Support Team." in page("essex", "author")


def test_role_of_which_the_document_says_nothing_says_so() -> None:
    text = page("staffordshire", "project_officer")
    assert (
        "lays nothing down for this role by name, and no national duty is addressed to it. What"
        " the SSCB business team has to do stands below."
    ) in text


def test_national_duty_names_its_document() -> None:
    text = page("staffordshire", "lead_reviewer")
    assert "Regulations 2018 (SI 2018/789), Part 3" in text


def test_who_asks_for_support_is_told_what_others_do() -> None:
    text = page("staffordshire", "practitioner")
    assert (
        "Practitioners have the support of their review team member before the event."
    ) in text.partition("WHAT YOU CAN EXPECT OF OTHERS")[2]


def test_people_are_spared_what_concerns_the_record() -> None:
    text = page("essex", "author")
    assert "return_by" not in text
    assert "The time is the one given with the request; the document states none of" in text
    assert "In play once" not in text


def test_agencies_are_told_how_things_are_recorded() -> None:
    assert "(`return_by`)" in page("essex", "agency")


# --- when ---------------------------------------------------------------------------------------


def test_every_event_type_has_a_noun() -> None:
    assert set(timing.NOUNS) == set(vocabulary().events)


PANEL_VIEW = "Considered: the Panel has concluded that a local review may be more appropriate"
TIMES = [
    ({"after": {"event": "notified", "to": "panel"}}, "after the notification to the Panel"),
    ({"ahead_of": {"event": "publication"}}, "by the day of publication"),
    ({"ahead_of": [{"event": "debrief"}, {"event": "publication"}]},
     "by the day of the de-brief or publication, whichever comes first"),
    ({"since": {"event": "practitioner_event"}},
     "not counting what came before the practitioner event"),
    ({"by": {"event": "author_asked", "field": "return_by"}},
     "by the day named in the request for a chronology and an analysis"),
    ({"before": {"n": "14", "unit": "days", "of": {"event": "publication"}}},
     "at least 14 days before publication"),
    ({"around": {"n": "2", "unit": "days", "of": {"event": "publication"}}},
     "at most 2 days before or after publication"),
    ({"within": {"n": "5", "unit": "days", "of": {"incident": "date"}}},
     "within 5 days of the incident"),
    ({"within": {"n": "5", "unit": "days", "of": {"event": "aware", "by": "local_authority"}}},
     "within 5 days of the local authority becoming aware of the incident"),
    ({"within": {"as": "national.notify_panel"}},
     "within 5 working days of the local authority becoming aware of the incident"),
    ({"by": {"of": {"subject": "date"}}, "for_each": {"meeting": "review_group"}},
     "by the day of each meeting of the Review Group"),
    ({"by": {"of": {"subject": "date"}}, "for_each": {"delay": "any"}},
     "by the day of its own day"),
    ({"before": {"n": "2", "unit": "working_days", "of": {"subject": "date"}},
      "for_each": {"substitute": "review_group"}},
     "at least 2 working days before the meeting of the Review Group"),
    ({"by": {"of": {"meeting": "review_group", "first": "yes", "agenda": "draft_report"}}},
     "by the day of the first meeting of the Review Group on draft report"),
    ({"by": {"of": {"form": "northamptonshire.referral", "returned": "yes"}}},
     "by the day of the return of the form “Request for consideration of a review (Appendix 1)”"),
    ({"after": {"any": [{"event": "panel_response", "view": "agrees"}, {"role": "chair"}]}},
     "after the Panel's answer (agrees) or the choice of the chair"),
    ({"after": {"subject": "agenda"}, "for_each": {"event": "practitioner_event"}},
     "after its place on the agenda; each time: practitioner event"),
    ({"after": {"delay_told": "national.publish_6_months"}}, "after word of the delay"),
    ({"for_each": {"meeting": "review_group", "first": "yes"}},
     "at the first meeting of the Review Group"),
    ({"for_each": {"agency": "any"}}, "each agency"),
    ({"for_each": {"meeting": "review_group"},
      "when": {"happened": {"meeting": "review_group", "same": "meeting"}}},
     "at each meeting of the Review Group; once it has been held"),
    ({"when": {"decision": "local_review"}}, ""),
    ({"when": {"decision": "no_review"}}, "once the decision is for no review"),
    ({"when": {"happened": {"event": "publication", "what": "improvements"}, "planned": "yes"}},
     "once publication of the improvements is planned"),
    ({"when": {"happened": {"event": "draft_shared", "version": "agreed", "with": "executive"}}},
     "after the sharing of the agreed draft with the Strategic Leads"),
    ({"when": {"answer": "died"}}, "if the child died"),
    ({"when": {"parallel": ["prosecution", "care_proceedings"], "running": "yes"}},
     "if a prosecution or care proceedings runs"),
    ({"when": {"delayed": "national.publish_6_months"}}, "if there is a delay"),
    ({"when": {"in_play": "national.rapid_review"}}, "once a rapid review is due"),
    ({"when": {"in_play": "national.publish"}}, "once this applies: “The report is published”"),
    ({"when": {"finding": "national.serious_case", "answer": "no"}}, "if it is no serious case"),
    ({"when": {"finding": "national.publish", "status": "met"}},
     "if met: “The report is published”"),
    ({"when": {"finding": "national.criteria.panel_view", "answer": "yes"}},
     f"if answered yes: “{PANEL_VIEW}”"),
    ({"when": {"not": {"happened": {"event": "notified"}}}}, "only before the notification"),
    ({"when": {"not": {"not": {"answer": "died"}}}}, "if the child died"),
    ({"when": {"not": {"any": [{"answer": "died"}, {"all": [{"started": "yes"}]}]}}},
     "unless the child died"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "words"), TIMES, ids=lambda value: str(value)[:60])
def test_when_in_words(keys: dict[str, object], words: str) -> None:
    assert timing.Timing(rules_of("northamptonshire")).clause(step(**keys)) == words


def test_each_agency_is_left_out_for_whoever_acts_for_one() -> None:
    clause = timing.Timing(rules_of("essex")).clause
    assert clause(step(for_each={"agency": "involved"})) == "each agency involved"
    assert clause(step(for_each={"agency": "involved"}), agency=False) == ""


def test_body_is_complete_by_its_first_meeting() -> None:
    rule = step(kind="composition", body="review_group")
    words = timing.Timing(rules_of("northamptonshire")).clause(rule)
    assert words == "by the day of the first meeting of the Review Group"


def test_attendance_at_one_gathering_of_several() -> None:
    rule = step(kind="attendance", at="practitioner_event", for_each={"agency": "involved"})
    words = timing.Timing(rules_of("south_glos")).clause(rule, agency=False)
    assert words == "at one practitioner event at least"
