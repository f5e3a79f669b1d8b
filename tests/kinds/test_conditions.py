"""Conditions (`when`): when each certainly holds, certainly does not, is unknown, or waits."""

from __future__ import annotations

import pytest

from cspr_core.kinds import LoweringError
from tests.builders import answers, it, lowered

STEP = "kind: step\nmet_by: {event: learning_event}\nwhen: "
# a step that is in play is `upcoming`
YES, NO, UNKNOWN, WAITS = "upcoming", "not_applicable", "undetermined", "pending"


def status(when: str, text: str) -> str:
    return it(STEP + when, text).status


def decided(*outcomes: str) -> str:
    lines = (
        f"{{type: decision, outcome: {o}, date: 2026-03-{10 + n}}}" for n, o in enumerate(outcomes)
    )
    return f"events: [{', '.join(lines)}]" if outcomes else ""


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((), WAITS),
        (("local_review",), YES),
        (("alternative_review",), YES),
        (("no_review",), NO),
        (("local_review", "no_review"), NO),
        (("no_review", "local_review"), YES),
    ],
)
def test_the_latest_decision(outcomes: tuple[str, ...], expected: str) -> None:
    assert status("{decision: [local_review, alternative_review]}", decided(*outcomes)) == expected


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("", WAITS),
        ("{type: announced, to: panel, date: 2026-03-10, reviewer_named: yes}", YES),
        ("{type: announced, to: panel, date: 2026-03-10, reviewer_named: no}", WAITS),
        ("{type: announced, to: panel, date: 2026-03-10}", UNKNOWN),
        ("{type: announced, to: panel, planned: 2026-03-10, reviewer_named: yes}", WAITS),
    ],
)
def test_something_happened(event: str, expected: str) -> None:
    text = f"events: [{event}]" if event else ""
    assert status("{happened: {event: announced, reviewer_named: yes}}", text) == expected


def test_something_happened_or_is_planned() -> None:
    when = "{happened: {event: publication}, planned: yes}"
    assert status(when, "") == WAITS
    for how in ("date", "planned"):
        text = f"events: [{{type: publication, what: report, {how}: 2026-03-10}}]"
        assert status(when, text) == YES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", WAITS),
        ("forms: [{id: f1, form: northamptonshire.x, received: 2026-03-02, empty: []}]", YES),
        ("forms: [{id: f1, form: northamptonshire.x, received: 2026-03-02, empty: [a]}]", WAITS),
        ("forms: [{id: f1, form: northamptonshire.x, received: 2026-03-02}]", UNKNOWN),
    ],
)
def test_a_form_came_complete(text: str, expected: str) -> None:
    assert status("{happened: {form: northamptonshire.x, complete: yes}}", text) == expected


def test_a_form_came_from_the_agency_itself() -> None:
    requirement = """
kind: deadline
for_each: {agency: any}
within: {n: 5, unit: days, of: {event: information_requested, same: agency}}
met_by: {form: northamptonshire.x, same: agency}"""
    text = """
events:
  - {type: information_requested, agency: police, date: 2026-03-02}
  - {type: information_requested, agency: gp, date: 2026-03-02}
forms: [{id: f1, form: northamptonshire.x, from: police, received: 2026-03-03}]"""
    found = answers(text, "2026-06-01", requirement)
    assert found["northamptonshire.it", "police"].status == "met"
    assert found["northamptonshire.it", "gp"].status == "overdue"


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        (("died", "unknown"), YES),
        (("neither", "unknown"), UNKNOWN),
        (("neither", "seriously_harmed"), NO),
    ],
)
def test_an_answer_about_any_child(children: tuple[str, ...], expected: str) -> None:
    entries = ", ".join(f"{{id: c{n}, outcome: {o}}}" for n, o in enumerate(children))
    assert status("{answer: died}", f"children: [{entries}]") == expected


DIED_OR_LOOKED_AFTER = """{id: a, outcome: neither, looked_after: yes},
  {id: b, outcome: died, looked_after: no}"""


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        # died, looked after: of one child, both
        ("{id: a, outcome: died, looked_after: yes}, {id: b}", YES),
        # each of another child, and of neither both
        (DIED_OR_LOOKED_AFTER, NO),
        # what is unknown of `a` makes no difference, of `b` it does
        ("{id: a, looked_after: no}, {id: b, outcome: neither, looked_after: yes}", NO),
        ("{id: a, outcome: died, looked_after: no}, {id: b, looked_after: yes}", UNKNOWN),
        ("{id: a, outcome: died}, {id: b, outcome: neither}", UNKNOWN),
        ("{id: a}", UNKNOWN),
    ],
)
def test_several_answers_are_all_about_one_child(entries: str, expected: str) -> None:
    assert status("{answer: [died, looked_after]}", f"children: [{entries}]") == expected


def test_several_answers_about_the_child_itself() -> None:
    requirement = STEP + "{answer: [died, looked_after], same: child}\nfor_each: {child: all}"
    text = """children:
  - {id: a, outcome: died, looked_after: yes}
  - {id: b, outcome: died, looked_after: no}
  - {id: c, outcome: died}
  - {id: d, outcome: neither}"""
    found = answers(text, "2026-06-01", requirement)
    assert [found["northamptonshire.it", c].status for c in "abcd"] == [YES, NO, UNKNOWN, NO]


def test_an_answer_about_the_child_itself() -> None:
    requirement = STEP + "{answer: died, same: child}\nfor_each: {child: all}"
    text = "children: [{id: a, outcome: died}, {id: b, outcome: neither}, {id: c}]"
    found = answers(text, "2026-06-01", requirement)
    assert [found["northamptonshire.it", c].status for c in "abc"] == [YES, NO, UNKNOWN]


# `other` is answered in every way, by what is recorded of each child
OTHER = """
id: northamptonshire.other
kind: notification
for_each: {child: all}
when: [{answer: died, same: child}, {happened: {event: death, same: child}}]
met_by: {event: told, whom: family, same: child}
"""


def children(*outcomes: str, deaths: str = "") -> str:
    entries = ", ".join(f"{{id: c{n}, outcome: {o}}}" for n, o in enumerate(outcomes))
    events = ", ".join(f"{{type: death, child: {d}, date: 2026-03-02}}" for d in deaths.split())
    return f"children: [{entries}]" + (f"\nevents: [{events}]" if events else "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (children("died", deaths="c0"), YES),
        (children("died"), WAITS),
        (children("unknown"), UNKNOWN),
        (children("neither"), NO),
        (children("died", "unknown", deaths="c0"), YES),  # one is enough
        (children("neither", "unknown"), UNKNOWN),
        (children("neither", "died"), WAITS),
    ],
)
def test_another_requirement_is_in_play_for_anybody(text: str, expected: str) -> None:
    found = answers(text, "2026-06-01", STEP + "{in_play: northamptonshire.other}", OTHER)
    assert found["northamptonshire.it"].status == expected


def test_another_requirement_is_in_play_for_the_child_itself() -> None:
    requirement = STEP + "{in_play: northamptonshire.other, same: child}\nfor_each: {child: all}"
    text = children("died", "neither", "unknown", deaths="c0")
    found = answers(text, "2026-06-01", requirement, OTHER)
    assert [found["northamptonshire.it", f"c{n}"].status for n in range(3)] == [YES, NO, UNKNOWN]


@pytest.mark.parametrize(
    ("text", "expected"),
    [(children("died", deaths="c0"), YES), (children("died"), NO), (children("neither"), NO)],
)
def test_another_requirement_has_a_status(text: str, expected: str) -> None:
    when = "{finding: northamptonshire.other, status: [upcoming, met]}"
    assert answers(text, "2026-06-01", STEP + when, OTHER)["northamptonshire.it"].status == expected


DEFINITION = """
id: northamptonshire.definition
kind: criterion
for_each: {child: all}
all: [died]
"""


@pytest.mark.parametrize(
    ("outcomes", "yes", "no"),
    [
        (("died",), YES, NO),
        (("neither",), NO, YES),
        (("unknown",), UNKNOWN, NO),
        (("died", "unknown"), YES, NO),
        (("neither", "unknown"), UNKNOWN, NO),
    ],
)
def test_another_requirement_has_an_answer(outcomes: tuple[str, ...], yes: str, no: str) -> None:
    """`answer: no` asks for a certain no of everybody."""
    for answer, expected in (("yes", yes), ("no", no)):
        when = f"{{finding: northamptonshire.definition, answer: {answer}}}"
        found = answers(children(*outcomes), "2026-06-01", STEP + when, DEFINITION)
        assert found["northamptonshire.it"].status == expected


@pytest.mark.parametrize(
    ("process", "recorded", "running"),
    [
        ("", NO, NO),
        ("{id: x1, type: inquest, opened: 2026-03-02}", YES, YES),
        ("{id: x1, type: inquest, opened: 2026-03-02, closed: 2026-04-01}", YES, NO),
        ("{id: x1, type: inquest, opened: 2026-03-02, closed: unknown}", YES, UNKNOWN),
        ("{id: x1, type: prosecution, opened: 2026-03-02}", NO, NO),
    ],
)
def test_a_parallel_process(process: str, recorded: str, running: str) -> None:
    text = f"parallel: [{process}]" if process else ""
    assert status("{parallel: inquest}", text) == recorded
    assert status("{parallel: inquest, running: yes}", text) == running


def test_a_delay_is_recorded() -> None:
    when = "{delayed: northamptonshire.other}"
    text = "delays: [{requirement: northamptonshire.other, reason: inquest}]"
    assert status(when, "") == WAITS
    assert status(when, text) == YES


@pytest.mark.parametrize(("planned", "expected"), [("2026-03-20", WAITS), ("2026-03-21", YES)])
def test_what_meets_it_is_planned_after_its_limit(planned: str, expected: str) -> None:
    other = """
id: northamptonshire.other
kind: deadline
within: {n: 10, unit: days, of: {event: decision}}
met_by: {event: publication}"""
    when = "{delayed: northamptonshire.other, by_plan: {event: publication}}"
    text = f"""
events:
  - {{type: decision, outcome: local_review, date: 2026-03-10}}
  - {{type: publication, what: report, planned: {planned}}}"""
    found = answers(text, "2026-03-12", STEP + when, other)
    assert found["northamptonshire.it"].status == expected


def test_the_limit_has_a_start() -> None:
    requirement = """
kind: deadline
when: {started: yes}
within: {n: 10, unit: days, of: {event: decision}}
met_by: {event: publication}"""
    assert it(requirement, "").status == WAITS
    assert it(requirement, decided("no_review")).status == "overdue"


@pytest.mark.parametrize(
    ("outcome", "decision", "both", "either"),
    [
        ("died", "local_review", YES, YES),
        ("died", "no_review", NO, YES),
        ("died", "", WAITS, YES),
        ("neither", "local_review", NO, YES),
        ("neither", "no_review", NO, NO),
        ("neither", "", NO, WAITS),
        ("unknown", "local_review", UNKNOWN, YES),
        ("unknown", "no_review", NO, UNKNOWN),
        ("unknown", "", WAITS, UNKNOWN),
    ],
)
def test_all_and_any(outcome: str, decision: str, both: str, either: str) -> None:
    text = f"children: [{{id: c, outcome: {outcome}}}]\n{decided(*decision.split())}"
    parts = "[{answer: died}, {decision: local_review}]"
    assert status(f"{{all: {parts}}}", text) == both
    assert status(f"{{any: {parts}}}", text) == either


@pytest.mark.parametrize(
    ("outcome", "expected"), [("died", NO), ("neither", YES), ("unknown", UNKNOWN)]
)
def test_not(outcome: str, expected: str) -> None:
    assert status("{not: {answer: died}}", f"children: [{{id: c, outcome: {outcome}}}]") == expected


def test_what_has_not_happened_yet_holds_as_not_happened() -> None:
    when = "{not: {happened: {event: publication}}}"
    assert status(when, "") == YES
    text = "events: [{type: publication, what: report, date: 2026-03-10}]"
    assert status(when, text) == NO


def test_conditions_are_asked_in_turn() -> None:
    when = "[{answer: died}, {decision: local_review}]"
    assert status(when, "children: [{id: c}]") == UNKNOWN
    assert status(when, f"children: [{{id: c}}]\n{decided('no_review')}") == NO
    assert status(when, "children: [{id: c, outcome: died}]") == WAITS


def test_for_each_event_of_a_type() -> None:
    requirement = """
kind: deadline
for_each: {event: sign_off}
within: {n: 5, unit: days, of: {subject: date}}
met_by: {event: publication}"""
    text = "events: [{type: sign_off, id: e1, by: executive, date: 2026-03-02}]"
    assert it(requirement, text, subject="e1").short == ("overdue", "2026-03-07")


def test_in_order_after_an_item_on_an_agenda() -> None:
    requirement = """
kind: step
met_by: {event: author_briefing}
after: {meeting: review_group, agenda: terms_of_reference}"""
    text = """
meetings: [{{id: m1, body: review_group, date: {}, agenda: [terms_of_reference]}}]
events: [{{type: author_briefing, date: 2026-03-12}}]"""
    assert it(requirement, text.format("2026-03-11")).status == "met"
    assert it(requirement, text.format("2026-03-13")).status == "breached"


def test_what_was_done_only_perhaps_is_not_out_of_order() -> None:
    requirement = """
kind: step
met_by: {event: announced, reviewer_named: yes}
after: {event: comment}"""
    text = "events: [{type: announced, to: panel, date: 2026-03-12}]"
    assert it(requirement, text).status == UNKNOWN


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ("{happened: {meeting: executive}, planned: yes}", "speaks of events only"),
        ("{finding: northamptonshire.other}", "goes with an `answer` or with a `status`"),
        (
            "{finding: northamptonshire.other, answer: yes, status: met}",
            "goes with an `answer` or with a `status`",
        ),
        ("{finding: northamptonshire.other, status: fine}", "'fine' is no status"),
        ("{in_play: northamptonshire.other, same: child}", "`same: child` needs a `for_each`"),
    ],
)
def test_what_can_not_be_meant(when: str, sentence: str) -> None:
    with pytest.raises(LoweringError, match=sentence):
        lowered(STEP + when)
