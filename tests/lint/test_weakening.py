"""What the rule says of the five areas: each verdict judged by hand against the documents."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from cspr_core.check import Rules
from cspr_core.lint import weakening
from cspr_core.lint.framework import Found, context_of, run
from cspr_core.plugins import load, national

NEVER, MIXED, OPEN = "Never looser", "Stricter in one point", "Cannot be compared"
REST, LOOSER = "In the rest not looser", "Looser"

# Requirement: what its messages begin with, in the order of their lines.
BY_HAND = {
    "essex": {
        # A must with a meeting, where nationally a letter will do; but an exception excuses it.
        "family_meeting": [MIXED],
        "practitioner_meeting": [MIXED],
        # The role profile says should of what the Regulations require of a report; signed off by
        # the sub-committee, of which no order with the Executive is certain.
        "report_sound_analysis": [OPEN],
        "report_actions_and_learning": [OPEN],
        # An invitation to the event counts here, the event itself does not.
        "practitioners_invited": [MIXED],
    },
    "leeds": {},  # the leaflet says nothing of what the nation asks
    "northamptonshire": {
        # Five days from the incident end before five working days from awareness of it.
        "notify_panel_5_days": [NEVER],
        "strategic_leads_decision": [NEVER],
        "rapid_review_to_panel": [NEVER],
        "rationale_shared": [OPEN],  # another thing: that the reasons are shared
        "review_announced": [NEVER],
        "reasons_established": [NEVER],
        "recommendations_improve": [NEVER],
        # A delay is told to the Panel; nationally to the Secretary of State too.
        "completed_6_months": [REST],
        "delay_panel_advised": [OPEN],
        "family_informed_by_letter": [NEVER],
        "family_invited": [MIXED],  # a must, with an exception
        "family_expectations": [OPEN],
        "family_offered_talk": [NEVER],
        "family_letter_midway": [NEVER],
        "practitioners_involved": [NEVER],
        "practitioner_event": [NEVER],
        # Fourteen days are stricter than seven working days; a should, and to the Panel alone.
        "panel_final_report": [MIXED],
        "published_on_website": [NEVER],
    },
    "south_glos": {
        "practitioners_heard": [NEVER],
        "event_without_blame": [OPEN],
        # A should, and only after sign-off: the national must holds beside it.
        "published_on_website": [MIXED],
    },
    "staffordshire": {
        # Only after the notification; but the group's meeting alone will do.
        "rapid_review_after_notification": [MIXED],
        "one_or_two_events": [OPEN],
        "event_during_review": [NEVER],
        "event_without_blame": [OPEN],
    },
}


@cache
def found(area: str) -> tuple[Found, ...]:
    plugin = national() if area == "national" else load(area)
    context = context_of(plugin, Rules(plugin, national()), None, date(2026, 11, 21))
    return run(context, [weakening]).found


@pytest.mark.parametrize("area", sorted(BY_HAND))
def test_each_area_as_judged_by_hand(area: str) -> None:
    said: dict[str, list[str]] = {}
    for one in found(area):
        assert one.requirement is not None
        said.setdefault(one.requirement.removeprefix(f"{area}."), []).append(one.what)
    assert sorted(said) == sorted(BY_HAND[area])
    for name, begins in BY_HAND[area].items():
        assert len(said[name]) == len(begins), name
        for what, begin in zip(said[name], begins, strict=True):
            assert what.startswith(begin), name


def test_no_area_has_an_error() -> None:
    for area in BY_HAND:
        assert {one.severity for one in found(area)} <= {"note", "warning"}


def test_northamptonshires_fourteen_days_are_told() -> None:
    (one,) = (
        f
        for f in found("northamptonshire")
        if f.requirement == "northamptonshire.panel_final_report"
    )
    assert one.severity == "note"
    assert (
        "“at least 14 days before publication” is never looser than “at least 7 working days"
        " before publication”, on the calendar known to Sun 31 December 2028"
    ) in one.what


def test_that_the_limit_can_pass_before_anybody_is_aware_is_told() -> None:
    (one,) = (
        f
        for f in found("northamptonshire")
        if f.requirement == "northamptonshire.notify_panel_5_days"
    )
    assert "as nobody can be aware of an incident before it happens" in one.what
    assert "it can run out before the local authority becoming aware of the incident" in one.what


def test_the_nation_tightens_nothing() -> None:
    assert found("national") == ()
