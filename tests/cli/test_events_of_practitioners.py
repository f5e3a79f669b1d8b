"""What leaflets ask of practitioner events, as the command line tells it; undated contacts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

REQUIREMENTS = """
  - id: agencies_there
    kind: attendance
    title: Practitioners of two agencies come
    stage: review
    for_each: {meeting: practitioner_event}
    agencies: {n: 2, role: practitioner}
    source: {section: Events}
  - id: each_there
    kind: attendance
    title: Each agency sends somebody
    stage: review
    for_each: {agency: involved}
    at: practitioner_event
    present: [{role: practitioner}]
    source: {section: Events}
  - id: learnt
    kind: step
    title: Learning is discussed after the event
    stage: learning
    for_each: {agency: involved}
    since: {event: practitioner_event}
    met_by: {event: learning_discussed, same: agency}
    source: {section: Events}
"""
EVENT = """\
  - {type: practitioner_event, id: e1, date: 2026-05-12, attended: [p1, p2]}
people:
  p1: {agency: police, roles: [practitioner]}
  p2: {roles: [practitioner]}
"""


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def events_area(area: Path) -> Path:
    path = area / "testshire" / "arrangements.yaml"
    path.write_text(path.read_text(encoding="utf-8") + REQUIREMENTS[1:], encoding="utf-8")
    return area


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("agencies_there/e1", "present: practitioner, from 2 different agencies or more"),
        ("each_there/gp", "present: practitioner at one of these at least: practitioner event"),
        ("learnt/gp", "learning discussed not before practitioner event"),
    ],
)
def test_explain_says_what_is_asked(
    run: Callable, events_area: Path, case: Path, asked: str, words: str
) -> None:
    case.write_text(case.read_text(encoding="utf-8") + EVENT, encoding="utf-8")
    ran = run(
        *("explain", case, f"testshire.{asked}", "--as-of", "2026-05-12"),
        *("--plugins", events_area),
    )
    assert f"Asks for {words}" in flat(ran.out)


@pytest.mark.parametrize("asked", ["agencies_there/e1", "each_there/gp"])
def test_somebody_of_no_recorded_agency_is_what_is_not_known(
    run: Callable, events_area: Path, case: Path, asked: str
) -> None:
    case.write_text(case.read_text(encoding="utf-8") + EVENT, encoding="utf-8")
    ran = run(
        *("explain", case, f"testshire.{asked}", "--as-of", "2026-05-12"),
        *("--plugins", events_area),
    )
    assert "Not known: the agency of p2." in flat(ran.out)


@pytest.fixture
def undated(area: Path) -> Path:
    path = area / "testshire" / "arrangements.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("as_of: 2020-12,", "as_of: null,"), encoding="utf-8")
    return area


def test_contact_without_a_date_is_undated(run: Callable, undated: Path) -> None:
    out = flat(run("contacts", "testshire", "--plugins", undated, "--as-of", "2026-06-19").out)
    assert "Published: undated in Made-up Guide; never confirmed since" in out


def test_a_check_says_so_too(run: Callable, undated: Path, case: Path) -> None:
    out = flat(run("check", case, "--plugins", undated, "--as-of", "2026-03-12").out)
    assert "Contacts: published without a date and never confirmed since" in out
