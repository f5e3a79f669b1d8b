"""The shipped vocabulary against what CONTRACTS fixes."""

from __future__ import annotations

import pytest

from cspr_core.program import FACT_TYPES, OUTCOMES
from cspr_core.vocabulary import Attribute, vocabulary

FIXED = {
    "stages": "referral notification rapid_review decision review sign_off publication learning",
    "bodies": "rapid_review_group review_group oversight_group executive communications_group"
    " business_office",
    "agencies": "local_authority childrens_social_care police icb gp acute_hospital"
    " community_health mental_health ambulance education early_years probation youth_justice"
    " housing cafcass voluntary_sector other independent business_office",
    "roles": "lead_reviewer scrutineer chair member substitute author practitioner line_manager"
    " senior_manager safeguarding_lead designated_doctor business_manager project_officer"
    " officer_in_charge social_worker team_manager",
    "parallel": "criminal_investigation prosecution care_proceedings inquest child_death_review"
    " domestic_homicide_review adult_review single_agency_review disciplinary lado",
}
EVENTS = (
    "referral_received referral_answered aware death notified notification_withdrawn"
    " information_requested information_returned rapid_review_sent panel_response decision"
    " rationale_shared reviewer_appointed announced terms_of_reference author_asked"
    " author_briefing chronology_returned analysis_returned invited papers_sent"
    " practitioner_event family_letter family_meeting findings_shared draft_shared comment"
    " sign_off report_sent publication_date_told members_briefed press_statement debrief"
    " publication taken_down told escalated learning_briefing learning_discussed learning_event"
    " action_plan"
)
GATHERINGS = "practitioner_event author_briefing debrief learning_event family_meeting"
# where CONTRACTS names a `to`, `by` of `aware`, `agency`, `outcome`, `what`, `stage` or `with`
REQUIRED = {
    "aware": "by",
    "notified": "to",
    "information_requested": "agency",
    "information_returned": "agency",
    "rapid_review_sent": "to",
    "decision": "outcome",
    "announced": "to",
    "author_asked": "agency",
    "chronology_returned": "agency",
    "analysis_returned": "agency",
    "family_letter": "stage",
    "findings_shared": "with",
    "report_sent": "to",
    "publication_date_told": "to",
    "publication": "what",
    "escalated": "agency to",
    "learning_discussed": "agency",
    "draft_shared": "with",
}


@pytest.mark.parametrize("name", FIXED)
def test_the_words_of_each_class(name: str) -> None:
    words = vocabulary().words(name)
    assert list(words) == FIXED[name].split()
    assert all(words.values())  # each with its meaning


def test_the_event_types() -> None:
    assert list(vocabulary().events) == EVENTS.split()
    assert all(event.meaning for event in vocabulary().events.values())


def test_the_gatherings() -> None:
    found = {event.name for event in vocabulary().events.values() if event.gathering}
    assert found == set(GATHERINGS.split())


def test_the_attributes_that_have_to_be_there() -> None:
    found = {
        event.name: {name for name, a in event.attributes.items() if a.required}
        for event in vocabulary().events.values()
    }
    assert {name: needed for name, needed in found.items() if needed} == {
        name: set(words.split()) for name, words in REQUIRED.items()
    }


@pytest.mark.parametrize(
    ("event", "attribute", "words"),
    [
        ("aware", "by", "local_authority safeguarding_partners"),
        ("notified", "to", "panel partners secretary_of_state ofsted dfe"),
        ("panel_response", "view", "agrees disagrees asks_again local_review national_review"),
        ("decision", "outcome", "local_review no_review national_referral alternative_review"),
        ("announced", "to", "panel ofsted dfe"),
        ("family_letter", "stage", "decision midway"),
        ("report_sent", "to", "panel secretary_of_state ofsted"),
        ("debrief", "audience", "involved open"),
        ("publication", "what", "report improvements"),
        ("action_plan", "state", "agreed reviewed"),
        ("draft_shared", "version", "first revised agreed final"),
    ],
)
def test_what_an_attribute_may_hold(event: str, attribute: str, words: str) -> None:
    found = vocabulary().allowed(vocabulary().events[event].attributes[attribute])
    assert list(found) == words.split()


def test_agencies_are_among_what_may_stand_for_an_agency() -> None:
    found = vocabulary().allowed(Attribute(("agency", "person"), ("safeguarding_partners",), False))
    assert found[0] == "safeguarding_partners"
    assert set(FIXED["agencies"].split()) <= set(found)


def test_outcomes_are_those_that_programs_know() -> None:
    assert tuple(vocabulary().words("outcomes")) == OUTCOMES


def test_every_attribute_of_an_event_is_a_column_of_the_facts() -> None:
    names = {n for event in vocabulary().events.values() for n in event.attributes}
    assert names <= set(FACT_TYPES["event"])


def test_an_unknown_class_has_no_words() -> None:
    with pytest.raises(KeyError):
        vocabulary().words("ghosts")
