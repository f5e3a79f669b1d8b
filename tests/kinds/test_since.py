"""`since`: what was done before an event does not count, whatever the kind that asks for it."""

from __future__ import annotations

import pytest

from cspr_core.kinds import LoweringError
from tests.builders import it, lowered

LEARNT = """
kind: step
for_each: {agency: any}
met_by: {event: learning_discussed, same: agency}
since: {event: practitioner_event}
"""
EVENT = "{type: practitioner_event, date: 2026-05-12}"


def status(*days: str, event: str = EVENT) -> str:
    entries = [event] + [
        f"{{type: learning_discussed, agency: gp, date: {day}, id: l{i}}}"
        for i, day in enumerate(days)
    ]
    text = f"agencies: {{gp: {{}}}}\nevents: [{', '.join(entries)}]"
    return it(LEARNT, text, subject="gp").status


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (("2026-05-11",), "upcoming"),  # the day before
        (("2026-05-12",), "met"),
        (("2026-05-13",), "met"),
        (("2026-05-11", "2026-05-13"), "met"),
        ((), "upcoming"),
    ],
)
def test_what_was_done_before_does_not_count(days: tuple[str, ...], expected: str) -> None:
    assert status(*days) == expected


def test_nothing_counts_until_then() -> None:
    planned = "{type: practitioner_event, planned: 2026-07-01}"
    assert status("2026-05-13", event=planned) == "upcoming"


def test_something_without_a_day_is_refused() -> None:
    with pytest.raises(LoweringError, match="`since` needs a day"):
        lowered("kind: step\nmet_by: {role: author}\nsince: {event: practitioner_event}")


EITHER = LEARNT.replace("{event: practitioner_event}", "[{event: sign_off}, {event: publication}]")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-05-11", "upcoming"),  # before both
        ("2026-05-12", "met"),  # signed off
        ("2026-05-13", "met"),  # and not published yet
    ],
)
def test_the_first_of_several_is_enough(day: str, expected: str) -> None:
    entries = [
        "{type: sign_off, date: 2026-05-12}",
        "{type: publication, what: report, date: 2026-05-20}",
        f"{{type: learning_discussed, agency: gp, date: {day}}}",
    ]
    decided = "{type: decision, outcome: local_review, date: 2026-01-12}"
    text = f"agencies: {{gp: {{}}}}\nevents: [{decided}, {', '.join(entries)}]"
    assert it(EITHER, text, subject="gp").status == expected
