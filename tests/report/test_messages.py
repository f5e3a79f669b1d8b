"""What findings say that few cases come to: too early, too many, and a rule that asks nothing."""

from __future__ import annotations

from datetime import date

from cspr_core.check import check_case
from cspr_core.model.finding import Finding
from cspr_core.reading.case import check_case as read_case
from cspr_core.reading.document import parse_document
from cspr_core.report.findings import report_of

CASE = """\
schema: cspr.case/1
case: MADE-UP-07
partnership: {area}
children: [{{id: child_1, outcome: died}}]
incident: {{date: 2025-01-06, area: {area}, residence: {area}, abuse_or_neglect: known}}
events:
  - {{type: aware, by: local_authority, date: 2025-01-07}}
  - {{type: notified, to: panel, date: 2025-01-08}}
  - {{type: decision, outcome: local_review, date: 2025-01-24}}
"""


def finding(area: str, rest: str, requirement: str, as_of: date) -> Finding:
    document = parse_document(CASE.format(area=area) + rest, "case.yaml")
    checked = check_case(read_case(document, today=None), as_of)
    (found,) = (f for f in report_of(checked).findings if f.requirement == requirement)
    return found


def test_too_early() -> None:
    # To be published on Thursday 10 July 2025: two days either side, from the 8th; done on the 4th.
    rest = """\
  - {type: debrief, audience: involved, date: 2025-07-04}
  - {type: publication, what: report, planned: 2025-07-10}
"""
    found = finding("northamptonshire", rest, "northamptonshire.debrief_involved", date(2025, 7, 5))
    assert found.status == "breached"
    assert found.message.startswith(
        "Done on Fri 4 July 2025: before Tue 8 July 2025, when its time began."
    )


def test_too_many() -> None:
    rest = "".join(
        f"  - {{type: practitioner_event, date: 2025-06-{day}}}\n" for day in (10, 11, 12)
    )
    found = finding("staffordshire", rest, "staffordshire.one_or_two_events", date(2025, 7, 1))
    assert (found.status, found.message) == ("breached", "There are more than there should be.")


def test_a_rule_that_asks_nothing_of_this_subject() -> None:
    # A delay of something else than publication: the Panel need not be advised of it.
    rest = """\
delays:
  - {requirement: northamptonshire.information_return, reason: illness, arose: 2025-03-03}
"""
    found = finding(
        "northamptonshire", rest, "northamptonshire.delay_panel_advised", date(2025, 7, 1)
    )
    assert (found.status, found.message) == ("not_applicable", "Does not apply.")
