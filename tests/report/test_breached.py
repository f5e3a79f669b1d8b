"""What a breach says: who was missing at a meeting, what should have come first."""

from __future__ import annotations

from datetime import date

import pytest

from cspr_core.check import check_case
from cspr_core.reading.case import check_case as read_case
from cspr_core.reading.document import parse_document
from cspr_core.report.findings import report_of

CASE = """\
schema: cspr.case/1
case: ESX-2025-99
partnership: essex
children: [{id: child_1, outcome: died}]
incident: {date: 2025-01-06, area: essex, residence: essex, abuse_or_neglect: known}
people:
  p1: {agency: independent, roles: [lead_reviewer]}
  p2: {agency: police}
  p3: {agency: icb}
  p4: {agency: childrens_social_care}
  p5: {agency: acute_hospital}
  p6: {}
groups:
  review_group: {members: [p2, p4]}
  oversight_group: {members: [p2, p3, p4]}
events:
  - {type: aware, by: local_authority, date: 2025-01-07}
  - {type: decision, outcome: local_review, date: 2025-01-24}
"""


def message(rest: str, requirement: str, subject: str | None) -> str:
    document = parse_document(CASE + rest, "case.yaml")
    checked = check_case(read_case(document, today=None), date(2025, 6, 30))
    (found,) = (
        f
        for f in report_of(checked).findings
        if f.requirement == requirement and (f.subject and f.subject.id) == subject
    )
    assert found.status == "breached"
    return found.message


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ("attended: [p2, p4, p5]", "Not there: Health (integrated care board)."),
        (
            "attended: [p4]",
            "Not there: Health (integrated care board); Police.",
        ),
        # Health may have been there, so only the police are certainly missing.
        ("attended: [p4], unclear: [p3]", "Not there: Police."),
    ],
)
def test_the_places_that_stayed_empty_are_named(there: str, said: str) -> None:
    meeting = f"meetings: [{{id: s1, body: oversight_group, date: 2025-02-06, {there}}}]\n"
    assert message(meeting, "essex.sub_committee_quorum", "s1") == said


def test_members_who_were_missing_are_named() -> None:
    meeting = "meetings: [{id: s1, body: oversight_group, date: 2025-02-06, attended: [p5]}]\n"
    said = "Neither there nor represented: p2, p3 and p4."
    assert message(meeting, "essex.sub_committee_attendance", "s1") == said


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ("led_by: p2, attended: [p2]", "Somebody else led it."),
        ("led_by: p2", "Somebody else led it."),  # who was there is not known
        ("led_by: p1, attended: [p1]", "Not there: a member of Review Team."),
        ("led_by: p5, attended: [p5]", "Not there: a member of Review Team. Somebody else led it."),
    ],
)
def test_who_led_it_is_told_apart_from_who_was_there(held: str, said: str) -> None:
    event = f"  - {{type: practitioner_event, id: e1, date: 2025-04-10, {held}}}\n"
    assert message(event, "essex.practitioner_meeting_co_led", "e1") == said


def test_only_what_did_not_come_first_is_named() -> None:
    # The terms of reference came first; the choice of practitioners is not on record.
    events = (
        "  - {type: terms_of_reference, date: 2025-02-20}\n"
        "  - {type: chronology_returned, agency: police, date: 2025-03-13}\n"
    )
    said = message(events, "essex.written_information", None)
    assert "practitioners agreed" in said
    assert "terms of reference" not in said
