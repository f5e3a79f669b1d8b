"""The made-up area of these tests, and who tells its cases."""

from datetime import date
from pathlib import Path

from cspr_core.check import rules_for
from cspr_core.simulating.distributions import Distributions, shipped_distributions
from cspr_core.simulating.telling import Teller, teller_of

AS_OF = date(2026, 6, 1)  # a Monday
BARSET = """\
schema: cspr.arrangements/1
partnership: barset
name: Barset Safeguarding Partnership
covers:
  - {document: Made-up Guide, dated: 2020-01, in_force_from: 2020-01-01, checked: 2026-01-10, stages: [review]}
not_covered: [Nothing is said of the press.]
words:
  barset.request: The form on which a case is brought
  barset.plan_agreed: A plan for the review was agreed
  barset.resignation: A member resigned
  barset.handover_told: An agency told the office of a handover
  barset.record: The record of the decision
requirements:
  - id: request_form
    kind: form
    title: The request form is complete and signed
    stage: referral
    for_each: {form: barset.request}
    signed: [senior_manager]
    boxes: [dated, rationale]
    source: {section: Referral}
  - id: no_event_shows_it
    kind: step
    title: Asked for in words that no case file can hold
    stage: review
    for_each: {agency: involved}
    when: {decision: local_review}
    met_by: {event: told, whom: business_office, of: handover, same: agency}
    source: {section: Review}
  - id: no_word_for_it
    kind: step
    title: Asked for in a word that no case file can hold
    stage: review
    when: {decision: local_review}
    met_by: {event: told, whom: nobody_known}
    source: {section: Review}
  - id: decision_record
    kind: form
    title: The decision is on record
    stage: decision
    for_each: {form: barset.record}
    source: {section: Decision}
  - id: chronology_complete
    kind: step
    title: Each agency's chronology is complete by the day asked for
    stage: review
    for_each: {agency: involved}
    when: {decision: local_review}
    by: {of: {event: author_asked, field: return_by, same: agency}}
    source: {section: Review}
  - id: returned_in_ten
    kind: deadline
    title: Agencies answer within ten working days
    stage: rapid_review
    for_each: {agency: involved}
    within: {n: 10, unit: working_days, of: {event: information_requested, same: agency}}
    met_by: {event: information_returned, same: agency}
    who: agency
    source: {section: Rapid review}
    reading: Each agency counts from its own request.
  - id: plan_agreed
    kind: step
    title: A plan is agreed before the terms of reference are set
    stage: review
    when: {decision: local_review}
    after: [{event: reviewer_appointed}]
    ahead_of: {event: terms_of_reference}
    met_by: {event: barset.plan_agreed}
    source: {section: Review}
  - id: told_of_handover
    kind: notification
    title: Each agency tells the office of a handover
    stage: review
    for_each: {agency: involved}
    when: {decision: local_review}
    met_by: {event: barset.handover_told, same: agency}
    source: {section: Review}
  - id: resignation_written
    kind: step
    title: A resignation is in writing
    stage: review
    for_each: {event: barset.resignation}
    met_by: {event: barset.resignation, to: chair, same: event}
    source: {section: Review}
  - id: chaired
    kind: attendance
    title: The lead reviewer chairs the review group
    stage: review
    for_each: {meeting: review_group}
    when: {decision: local_review}
    led_by: [lead_reviewer]
    source: {section: Review}
  - id: family_on_agenda
    kind: step
    title: The family is on every agenda
    stage: review
    for_each: {meeting: review_group}
    when: {decision: local_review}
    before: {n: 0, unit: days, of: {subject: date}}
    met_by: {subject: agenda, item: family_engagement}
    unless: recorded
    source: {section: Review}
  - id: genogram
    kind: step
    title: A genogram is drawn by the first meeting
    stage: review
    when: {decision: local_review}
    by: {of: {meeting: review_group, first: yes}}
    source: {section: Review}
  - id: support
    kind: step
    title: Practitioners of each agency have support
    stage: review
    for_each: {agency: involved}
    when: {decision: local_review}
    source: {section: Review}
  - id: debrief
    kind: deadline
    title: A de-brief is held around publication
    stage: publication
    when: {decision: local_review}
    around: {n: 2, unit: days, of: {event: publication, as: planned}}
    met_by: {event: debrief, audience: involved}
    source: {section: Publication}
"""  # noqa: E501


def written(folder: Path) -> Path:
    """A folder for `--plugins` that holds Barset's arrangements."""
    place = folder / "plugins" / "barset"
    place.mkdir(parents=True, exist_ok=True)
    (place / "arrangements.yaml").write_text(BARSET, encoding="utf-8")
    return place.parent


def teller(
    folder: Path,
    *,
    by: Distributions | None = None,
    seed: int = 1,
    as_of: date = AS_OF,
    years: int = 5,
) -> Teller:
    """Who tells the cases of Barset."""
    rules = rules_for("barset", written(folder))
    return teller_of(rules, by or shipped_distributions(), seed=seed, as_of=as_of, years=years)


def other_shares(folder: Path, text: str) -> Path:
    """A file of distributions that puts other figures in the place of some."""
    path = folder / "shares.yaml"
    path.write_text(f"schema: cspr.distributions/1\n{text}", encoding="utf-8")
    return path
