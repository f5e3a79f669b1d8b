"""The table of kinds and statuses in `docs/how-it-decides.md` against the kinds' own rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from cspr_core.kinds import KINDS
from cspr_core.program import STATUSES, Count, Program
from tests.builders import lowered

PAGE = Path(__file__).parent.parent / "docs" / "how-it-decides.md"
# Conditions that may be unknown, not hold yet and not hold at all; an exception; a delay.
ANY = """
when: [{answer: died}, {decision: local_review}]
unless: recorded
"""
LIMIT = "{n: 7, unit: days, of: {event: publication}}"
SAMPLES = {
    "criterion": [
        "question: criteria.improvements\nreason: required",
        "for_each: {child: all}\nall: [died, looked_after]",
    ],
    "deadline": [
        f"within: {LIMIT}\nmet_by: {{event: announced, reviewer_named: yes}}\ndelay: {{}}",
        f"before: {LIMIT}\nmet_by: {{event: report_sent}}",
        f"around: {LIMIT}\nmet_by: {{event: press_statement}}",
    ],
    "step": [
        "met_by: {event: sign_off}\nafter: {event: comment}",
        f"within: {LIMIT}\nmet_by: {{event: learning_event}}\ndelay: {{}}",
        "met_by: {event: comment}\nahead_of: {event: sign_off}",
    ],
    "composition": [
        "body: review_group\nseats: [{kind: police}]\nfurther: {n: 2, uninvolved: 1}",
    ],
    "independence": ["for_each: {person: {role: author}}\nno: involved_with_child"],
    "attendance": [
        "for_each: {meeting: executive}\npresent: [{kind: police}]\nabsent: {role: author}"
    ],
    "notification": [
        "met_by: {event: told}",
        f"within: {LIMIT}\nmet_by: {{event: told}}\ndelay: {{}}",
    ],
    "form": ["for_each: {form: northamptonshire.referral}\nsigned: chair"],
    "count": ["of: {event: announced, reviewer_named: yes}\nmin: 1\nmax: 2"],
    "hold": [
        "running: prosecution\nhold: {event: publication}",
        f"within: {LIMIT}\nhold: {{event: taken_down}}",
    ],
    "rule": [
        "match: {x: [{fact: child}]}\ndecide: ["
        + ", ".join(f"{{status: {status}, all: x}}" for status in STATUSES)
        + ", {status: upcoming}]"
    ],
    "advice": ["stage: review"],
}


def table() -> dict[str, dict[str, str]]:
    """The page's table: kind to status to cell."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in PAGE.read_text("utf-8").splitlines()
        if line.startswith("|") and not line.startswith("|---")
    ]
    head, *body = rows
    assert all(len(row) == len(head) for row in body)
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in body}


def given(program: Program, *, limited: bool) -> set[str]:
    """The statuses of a program's rows.

    Minutes can be late only where there is a limit; a row for no subject counts too.
    """
    late = Count("mark.confirmed_late")
    rows = (*program.rows, *(program.empty or ()))
    return {row.status for row in rows if limited or row.when != late}


def test_the_table_has_every_kind_and_every_status() -> None:
    found = table()
    assert set(found) == set(KINDS)
    assert all(tuple(cells) == STATUSES for cells in found.values())


def test_no_cell_is_empty() -> None:
    assert all(cell for cells in table().values() for cell in cells.values())


@pytest.mark.parametrize("kind", KINDS)
def test_the_statuses_of_a_kind_are_those_of_its_rows(kind: str) -> None:
    produced: set[str] = set()
    for sample in SAMPLES[kind]:
        one = lowered(f"kind: {kind}\n{sample}\n{ANY}")
        produced |= given(one.program, limited=one.limit is not None)
    assert produced == {status for status, cell in table()[kind].items() if cell != "-"}
