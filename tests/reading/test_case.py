"""Whole cases: what is taken, and checks that look at more than one entry."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from cspr_core.reading.case import CaseFile, read_case
from cspr_core.reading.problems import BadInput, Place, Problem
from cspr_core.reading.references import check_references

Read = Callable[..., CaseFile]


def _problems(read: Read, text: str, **options: object) -> list[str]:
    try:
        read(text, **options)
    except BadInput as bad:
        return [f"{p.line}:{p.column}: {p.what}. {p.remedy}." for p in bad.problems]
    return []


def test_the_smallest_case(read: Read, small: str) -> None:
    found = read(small)
    assert found.case.case == "NH-2026-03"
    assert found.case.incident.date == date(2026, 3, 2)
    assert found.case.children[0].looked_after == "unknown"
    assert found.place(("events", 0)) == Place(8, 5)
    assert found.place(("incident",), key=True) == Place(6, 1)
    assert found.path.endswith("case.yaml")


def test_a_problem_is_one_line_for_a_person() -> None:
    problem = Problem("case.yaml", 3, 7, "This is wrong", "Write that")
    assert str(problem) == "case.yaml:3:7: This is wrong. Write that."
    assert problem.place == Place(3, 7)
    assert str(BadInput([problem, problem])) == str(problem)


def test_a_mark_and_windows_line_ends_change_nothing(read: Read, small: str) -> None:
    other = b"\xef\xbb\xbf" + small.replace("\n", "\r\n").encode()
    assert read(other).case == read(small).case


def test_json_gives_the_same_case(read: Read, small: str) -> None:
    data = {
        "schema": "cspr.case/1",
        "case": "NH-2026-03",
        "partnership": "northamptonshire",
        "children": [{"id": "child_1", "outcome": "seriously_harmed"}],
        "incident": {
            "date": "2026-03-02", "area": "northamptonshire", "abuse_or_neglect": "suspected"
        },
        "events": [{"type": "aware", "by": "local_authority", "date": "2026-03-03"}],
    }  # fmt: skip
    assert read(json.dumps(data), name="case.json").case == read(small).case


def test_a_referral_is_enough_to_begin_with(read: Read, small: str) -> None:
    text = small.replace("aware, by: local_authority", "referral_received, from: education")
    assert read(text).case.events[0].from_ == ("education",)


def test_all_problems_come_in_one_run_in_order(read: Read, small: str) -> None:
    text = (
        small.replace("case: NH-2026-03", "case: NH-2026-03\ncase: x")  # a key twice
        .replace("id: child_1", "id: child_1, looked_after: y")  # an answer
        .replace("2026-03-02", "2/3/2026")  # a date
        + "  - {type: notified, to: pannel, date: 2026-03-05}\n"  # a word
        + "  - {type: decision, outcome: local_review, date: 2026-03-20}\n"
        + "  - {type: publication, what: report, date: 2026-03-19}\n"  # a contradiction
    )
    assert [p.split(":")[0] for p in _problems(read, text)] == ["3", "6", "7", "10", "12"]


def test_an_entry_with_a_mistake_is_not_blamed_for_what_the_mistake_hides(
    read: Read, small: str
) -> None:
    text = small.replace("date: 2026-03-03", "date: 3/3/2026")  # no `date` left: told once
    assert len(_problems(read, text)) == 1
    text = small.replace("type: aware", "type: awre")  # no `aware` left: told once
    assert len(_problems(read, text)) == 1
    text = small.replace("type: aware", "typ: aware")
    assert len(_problems(read, text)) == 1
    text = small + "people:\n  p1: police\nmeetings:\n  - {id: m1, body: executive, led_by: p1}\n"
    # p1 is no proper entry, but it is there; the meeting has no date
    assert [p.split(":")[0] for p in _problems(read, text)] == ["10", "12"]


def test_dates_to_come_are_an_error_only_where_today_is_given(read: Read, small: str) -> None:
    text = (
        small
        + "  - {type: publication, what: report, planned: 2027-01-10}\n"  # may lie ahead
        + "  - {type: information_requested, agency: police, date: 2026-03-10, "
        + "return_by: 2026-03-19}\n"  # may lie ahead
    )
    assert _problems(read, text) == []
    assert _problems(read, text, today=date(2026, 3, 10)) == []
    assert _problems(read, text, today=date(2026, 3, 9)) == [
        (
            "10:57: 2026-03-10 is still to come: today is 2026-03-09. "
            "Write `planned: 2026-03-10` instead of `date`."
        )
    ]


def test_every_date_that_says_something_happened_is_held_against_today(
    read: Read, small: str
) -> None:
    text = small + (
        "people:\n"
        "  p1: {agency: police}\n"
        "  p2: {agency: gp}\n"
        "meetings:\n"
        "  - {id: m1, body: executive, planned: 2026-08-01, apologies: [{by: p1, "
        "date: 2026-07-01}],"
        " substitutes: [{for: p1, by: p2, named: 2026-07-02}]}\n"
        "forms:\n"
        "  - {id: f1, form: a.b, received: 2026-07-03, returned: 2026-07-04,"
        " signed: {senior_manager: 2026-07-05}}\n"
        "parallel:\n"
        "  - {id: x1, type: inquest, opened: 2026-07-06, closed: 2026-07-07}\n"
        "confirmed:\n"
        "  - {requirement: a.b, answer: yes, on: 2026-07-08}\n"
        "exceptions:\n"
        "  - {requirement: a.b, reason: none_other, on: 2026-07-09}\n"
        "delays:\n"
        "  - {requirement: a.b, reason: inquest, arose: 2026-07-10, considered: {executive:"
        " 2026-07-11}, told: {panel: 2026-07-12}, agreed_due: 2027-01-01, review_on: 2026-12-01}\n"
    )
    told = _problems(read, text, today=date(2026, 6, 1))
    # 1 to 12 July: twelve dates, each told; `planned`, `agreed_due`, `review_on` may lie ahead
    assert sorted(p.split(": ")[1][:10] for p in told) == [f"2026-07-{n:02}" for n in range(1, 13)]


@pytest.mark.parametrize(
    "more",
    [
        # of several requests the first counts
        (
            "  - {type: information_requested, agency: gp, date: 2026-03-10}\n"
            "  - {type: information_returned, agency: gp, date: 2026-03-12}\n"
            "  - {type: information_requested, agency: gp, date: 2026-03-20}\n"
        ),
        # another agency's request is another matter
        (
            "  - {type: information_requested, agency: gp, date: 2026-03-10}\n"
            "  - {type: information_returned, agency: police, date: 2026-03-09}\n"
        ),
        # the same day is in order
        (
            "  - {type: decision, outcome: local_review, date: 2026-03-20}\n"
            "  - {type: publication, what: report, date: 2026-03-20}\n"
        ),
        # odd orders that the requirements judge
        (
            "  - {type: publication, what: report, date: 2026-03-20}\n"
            "  - {type: debrief, audience: open, date: 2026-03-19}\n"
            "  - {type: report_sent, to: panel, date: 2026-04-01}\n"
        ),
        # one event for each agency, on one day
        (
            "  - {type: information_requested, agency: gp, date: 2026-03-10}\n"
            "  - {type: information_requested, agency: police, date: 2026-03-10}\n"
            "  - {type: information_requested, agency: [icb, housing], date: 2026-03-10}\n"
        ),
        # an area's own event takes what its plugin says
        "  - {type: essex.visit, by: someone, on: 2026-03-10, date: 2026-03-10}\n",
        # two gatherings on one day, with ids
        (
            "  - {type: practitioner_event, id: e1, date: 2026-03-10}\n"
            "  - {type: practitioner_event, id: e2, date: 2026-03-10}\n"
        ),
    ],
)
def test_what_is_no_mistake(read: Read, small: str, more: str) -> None:
    assert _problems(read, small + more) == []


def test_events_of_two_children_do_not_contradict_each_other(read: Read, small: str) -> None:
    text = small.replace(
        "seriously_harmed}\n", "seriously_harmed}\n  - {id: child_2, outcome: died}\n"
    ) + (
        "  - {type: notified, to: panel, child: child_1, date: 2026-03-09}\n"
        "  - {type: notification_withdrawn, child: child_2, date: 2026-03-06}\n"
        "  - {type: death, child: [child_2], date: 2026-03-04}\n"
    )
    assert _problems(read, text) == []


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("  - {type: reviewer_appointed, person: Jane, date: 2026-04-01}\n", "9:40: `Jane` stands"),
        ("  - {type: essex.visit, by: Some One, date: 2026-04-01}\n", "9:29: This is not one word"),
        ("  - {type: notified, to: [], date: 2026-03-05}\n", "9:5: `notified` needs `to`"),
        ("  - {type: reviewer_appointed, whom: x, date: 2026-04-01}\n",
         ("9:32: `whom` does not go with `reviewer_appointed`. Leave it out; "
         "what goes with it is person.")),
        ("confirmed:\n  - {requirement: a.b, subject: zzzzz, answer: yes, on: 2026-03-05}\n",
         "10:33: `zzzzz` stands nowhere else in this case. Write the subject as "),
    ],
)  # fmt: skip
def test_further_mistakes(read: Read, small: str, more: str, told: str) -> None:
    assert [p.startswith(told) for p in _problems(read, small + more)] == [True]


def test_of_many_words_the_first_are_told_or_the_nearest_alone(read: Read, small: str) -> None:
    far = small + "  - {type: told, whom: zzzzz, date: 2026-04-01}\n"
    assert _problems(read, far)[0].endswith("or another of its kind.")
    near = small + "  - {type: told, whom: lead_reviwer, date: 2026-04-01}\n"
    assert _problems(read, near) == [
        (
            "9:24: `lead_reviwer` is not one of the words that may stand here. "
            "Write lead_reviewer if that was meant."
        )
    ]


def test_subjects_may_be_joined(read: Read, small: str) -> None:
    text = small + (
        "confirmed:\n"
        "  - {requirement: a.b, subject: child_1/ofsted, answer: yes, on: 2026-03-05}\n"
        "  - {requirement: a.b, subject: aware-2026-03-03, answer: yes, on: 2026-03-05}\n"
    )
    assert _problems(read, text) == []


def test_what_the_plugins_declare_is_no_problem(read: Read, small: str) -> None:
    casefile = read(
        small
        + "  - {type: essex.visit, by: essex.nurse, date: 2026-04-01}\n"
        + "confirmed:\n  - {requirement: essex.plan, answer: yes, on: 2026-04-01}\n"
    )
    assert (
        check_references(
            casefile, words=["essex.visit"], requirements=["essex.plan"], not_confirmable={}
        )
        == []
    )
    assert (
        len(check_references(casefile, words=[], requirements=[], not_confirmable={})) == 2
    )  # the event's type, and the requirement


def test_free_text_is_in_no_message(read: Read, small: str) -> None:
    secret = "Xanthippe"
    for more in (
        f"criteria:\n  improvements: {{answer: yes, reason: {secret} said so, zz: {secret} x}}\n",
        f"criteria:\n  improvements: {{answer: yes, reason: [{secret}]}}\n",
        f"criteria:\n  improvements: {{answer: {secret} said no}}\n",
        f"criteria:\n  improvements: {{answer: yes, reason: {secret}: no}}\n",
        f"criteria:\n  improvements: {{answer: yes, reason: '{secret}}}\n",
        f"criteria:\n  {secret} and others: {{answer: yes}}\n",
        f"confirmed:\n  - {{requirement: a.b, answer: yes, on: {secret}, reference: {secret}}}\n",
        f"people:\n  {secret}: {{agency: police}}\n",
    ):
        told = _problems(read, small + more)
        assert told
        assert secret not in " ".join(told)


def test_nothing_but_a_directory(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="This is a directory"):
        read_case(tmp_path, today=None)
