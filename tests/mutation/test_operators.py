"""Each way of getting a requirement wrong: what it changes, in words and in the requirement."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cspr_core.mutation.change import drop, put
from cspr_core.mutation.operators import NAMES, OPERATORS
from tests.builders import data


def said(operator: str, text: str) -> list[str]:
    """The changes of an operator, in words."""
    return [change.what for change in OPERATORS[operator](data(text))]


def made(operator: str, text: str) -> list[Any]:
    """The requirements that an operator makes."""
    return [change.raw for change in OPERATORS[operator](data(text))]


def test_every_operator_says_what_it_does() -> None:
    assert list(NAMES) == list(OPERATORS)
    assert all(title[0].isupper() or title[0] == "`" for title in NAMES.values())


def test_an_edit_leaves_the_original_alone() -> None:
    raw = {"a": [{"b": "1", "c": "2"}], "d": "3"}
    assert put(raw, ("a", 0, "b"), "9") == {"a": [{"b": "9", "c": "2"}], "d": "3"}
    assert raw == {"a": [{"b": "1", "c": "2"}], "d": "3"}


def test_what_is_left_empty_goes_too() -> None:
    assert drop({"when": {"decision": "local_review"}}, ("when", "decision")) == {}
    assert drop({"a": [{"b": "1"}, {"c": "2"}]}, ("a", 0, "b")) == {"a": [{"c": "2"}]}


# --- numbers, units, directions -------------------------------------------------------------------


def test_a_number_is_one_more_and_one_less() -> None:
    text = "within: {n: 7, unit: working_days, of: {event: aware}}"
    assert said("number", text) == [
        "7 working days → 8 working days",
        "7 working days → 6 working days",
    ]
    assert [raw["within"]["n"] for raw in made("number", text)] == ["8", "6"]


def test_no_number_goes_below_nought() -> None:
    assert said("number", "before: {n: 0, unit: days, of: {subject: date}}") == ["0 days → 1 days"]


def test_dated_values_and_counts_are_numbers_too() -> None:
    dated = "values: [{in_force_from: 2018-06-29, within: {n: 5, unit: days, of: {event: aware}}}]"
    assert said("number", dated) == ["5 days → 6 days", "5 days → 4 days"]
    assert said("number", "{min: 1, max: 2}") == [
        "min 1 → 2",
        "min 1 → 0",
        "max 2 → 3",
        "max 2 → 1",
    ]
    assert said("number", "further: {n: 2, uninvolved: 1}") == [
        "2 → 3",
        "2 → 1",
        "uninvolved 1 → 2",
        "uninvolved 1 → 0",
    ]


def test_a_limit_taken_over_from_another_has_no_number() -> None:
    for operator in ("number", "unit", "direction", "start"):
        assert said(operator, "within: {as: national.rapid_review}") == []


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("{n: 7, unit: working_days, of: {event: aware}}", "7 working days → 7 days"),
        ("{n: 14, unit: days, of: {event: aware}}", "14 days → 14 working days"),
        # thirty days to the month: six months are 180
        ("{n: 6, unit: months, of: {event: aware}}", "6 months → 180 days"),
    ],
)
def test_another_unit(period: str, words: str) -> None:
    assert said("unit", f"within: {period}") == [words]


def test_before_for_after() -> None:
    text = "before: {n: 14, unit: days, of: {event: publication}}"
    (changed,) = made("direction", text)
    assert changed == data("within: {n: 14, unit: days, of: {event: publication}}")


def test_around_becomes_either() -> None:
    text = "around: {n: 2, unit: days, of: {event: publication}}"
    assert [list(raw) for raw in made("direction", text)] == [["within"], ["before"]]


def test_what_comes_first_comes_last_and_back() -> None:
    (changed,) = made("direction", "after: {event: sign_off}")
    assert changed == data("ahead_of: [{event: sign_off}]")
    (changed,) = made("direction", "ahead_of: {event: sign_off}")
    assert changed == data("after: [{event: sign_off}]")


# --- starts ---------------------------------------------------------------------------------------


def test_counted_from_what_is_taken_for_it_and_from_the_others() -> None:
    text = """
    within: {n: 5, unit: working_days, of: {event: aware, by: local_authority, same: child}}
    met_by: {event: rapid_review_sent, to: panel}
    """
    assert [raw["within"]["of"] for raw in made("start", text)] == [
        {"event": "notified", "to": "panel", "same": ["child"]},
        {"event": "rapid_review_sent", "to": "panel", "same": ["child"]},
    ]


def test_a_join_that_the_other_event_cannot_have_is_left_out() -> None:
    text = "by: {event: author_asked, field: return_by, same: agency}"
    assert [raw["by"] for raw in made("start", text)] == [{"event": "author_briefing"}]
    text = "within: {n: 1, unit: days, of: {event: announced, as: planned, same: recipient}}\n"
    text += "met_by: {event: report_sent, to: panel}"
    (changed,) = made("start", text)  # whom it is sent to is the recipient, not the Panel alone
    assert changed["within"]["of"] == {
        "event": "report_sent",
        "same": ["recipient"],
        "as": "planned",
    }


def test_a_date_that_both_events_have_is_still_the_one_meant() -> None:
    text = "by: {event: information_requested, field: return_by, same: agency}"
    (changed,) = made("start", text)
    assert changed["by"] == {"event": "author_asked", "same": ["agency"], "field": "return_by"}


def test_the_incident_and_a_body_are_taken_for_others() -> None:
    (changed,) = made("start", "within: {n: 5, unit: days, of: {incident: date}}")
    assert changed["within"]["of"] == {"event": "aware"}
    (changed,) = made("start", "by: {meeting: review_group, first: yes}")
    assert changed["by"] == {"meeting": "oversight_group", "first": "yes"}
    assert said("start", "by: {meeting: communications_group}") == []


def test_since_ahead_of_and_what_governs_are_starts() -> None:
    assert said("start", "since: {event: publication}") == [
        "since {event: publication} → {event: sign_off}"
    ]
    assert said("start", "ahead_of: [{event: sign_off}, {event: publication}]") == []
    text = "values: [{governed_by: [{event: aware}], by: {event: decision}}]"
    assert said("start", text) == [
        "counted from {event: decision} → {event: rapid_review_sent, to: panel}",
        "governed_by {event: aware} → {event: notified, to: panel}",
    ]


# --- binding, lists, conditions -------------------------------------------------------------------


def test_must_for_should_and_back() -> None:
    assert said("binding", "kind: step") == ["must → should"]
    assert made("binding", "binding: should") == [{"binding": "must"}]


def test_advice_has_no_binding_to_get_wrong() -> None:
    assert said("binding", "{kind: advice, binding: should}") == []


def test_a_recipient_alone_changes_its_binding() -> None:
    text = "for_each: {recipient: [panel, dfe], should: ofsted}"
    changed = {c.what: (c.raw or {})["for_each"] for c in OPERATORS["binding"](data(text)) if c.raw}
    assert changed["panel: must → should"] == {"recipient": ["dfe"], "should": ["ofsted", "panel"]}
    assert changed["ofsted: should → must"] == {"recipient": ["panel", "dfe", "ofsted"]}


def test_each_of_several_words_is_dropped_and_a_single_one_is_not() -> None:
    assert said("dropped", "for_each: {recipient: [panel, ofsted]}") == [
        "panel dropped from `recipient`",
        "ofsted dropped from `recipient`",
    ]
    assert said("dropped", "for_each: {recipient: [panel]}") == []


def test_a_place_is_dropped_even_where_it_is_the_only_one() -> None:
    assert said("dropped", "seats: [{kind: icb}]") == ["{kind: icb} dropped from `seats`"]
    assert made("dropped", "seats: [{kind: icb}]") == [{}]


def test_conditions_are_no_list_of_words() -> None:
    assert said("dropped", "hold: {all: [{answer: died}, {decision: no_review}]}") == []
    assert said("dropped", "all: [died, looked_after]") == [
        "died dropped from `all`",
        "looked_after dropped from `all`",
    ]


def test_a_box_of_a_form_decides_nothing() -> None:
    assert said("dropped", "boxes: [dated, signed]") == []


def test_a_hold_is_left_out() -> None:
    assert made("hold", "kind: hold") == [None]
    assert made("hold", "kind: step") == []


def test_each_condition_is_left_out() -> None:
    text = "when: [{decision: local_review}, {happened: {event: publication}}]"
    assert made("condition", text) == [
        {"when": [{"happened": {"event": "publication"}}]},
        {"when": [{"decision": "local_review"}]},
    ]
    assert made("condition", "when: {decision: local_review}") == [{}]


def test_a_not_is_left_out_and_each_part_of_an_any() -> None:
    text = "when: {not: {any: [{decision: no_review}, {answer: died}]}}"
    assert said("condition", text) == [
        "condition removed: {not: {any: [{decision: no_review}, {answer: died}]}}",
        "`not` removed: {any: [{decision: no_review}, {answer: died}]}",
        "dropped from `any`: {decision: no_review}",
        "dropped from `any`: {answer: died}",
    ]


def test_an_answer_is_turned_round() -> None:
    text = "when: {finding: national.serious_case, answer: yes, same: child}"
    assert "national.serious_case answered yes → no" in said("condition", text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("reason: required", "`reason` removed: required"),
        ("no: [knows_child]", "`no` removed: knows_child"),
        ("further: {n: 2}", "`further` removed: {n: 2}"),
        ("after: {event: sign_off}", "`after` removed: {event: sign_off}"),
        ("for_each: {agency: involved}", "agencies involved → any"),
        ("for_each: {agency: any}", "agencies any → involved"),
        ("for_each: {meeting: review_group, first: yes}", "`first: yes` removed"),
    ],
)
def test_a_part_of_what_is_asked_is_forgotten(text: str, words: str) -> None:
    assert said("condition", text) == [words]


def test_of_a_list_of_words_each_is_dropped_and_not_the_whole() -> None:
    assert said("condition", "not_in: [executive, oversight_group]") == []


def test_a_join_is_loosened() -> None:
    text = "met_by: {event: notified, same: [child, recipient]}"
    assert made("same", text) == [
        {"met_by": {"event": "notified", "same": ["recipient"]}},
        {"met_by": {"event": "notified", "same": ["child"]}},
    ]
    assert said("same", "match: {own: [{fact: event, where: {agency: =s.agency}}]}") == [
        "`agency: =s.agency` dropped"
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("met_by: {event: notified, to: panel}", ["`to: panel` left out"]),
        ("of: {event: notified, to: panel}", ["`to: panel` left out"]),
        ("for_each: {event: publication, first: yes}", []),
        ("seats: [{kind: icb, role: member}]", ["`kind: icb` left out", "`role: member` left out"]),
        ("seats: [{kind: icb}]", []),
        ("absent: {role: author, yes: [knows_child]}", 2),
        ("absent: {role: author}", []),
        ("agencies: {n: 2, role: practitioner}", ["`role: practitioner` left out"]),
        (
            "match: {a: [{fact: event, where: {name: sign_off, date: known, by: =s.by}}]}",
            ["`date: known` left out"],
        ),
    ],
)
def test_what_it_has_to_say_of_itself_is_left_out(text: str, words: list[str] | int) -> None:
    found = said("detail", text)
    assert (len(found) if isinstance(words, int) else found) == words


def test_and_for_or() -> None:
    assert made("choice", "when: {any: [{answer: died}, {decision: no_review}]}") == [
        {"when": {"all": [{"answer": "died"}, {"decision": "no_review"}]}}
    ]
    assert made("choice", "when: [{answer: died}, {decision: no_review}]") == [
        {"when": [{"any": [{"answer": "died"}, {"decision": "no_review"}]}]}
    ]


def test_one_of_several_first_becomes_each_of_them() -> None:
    text = "after: [{event: sign_off}, {any: [{event: comment}, {event: decision}]}]"
    assert data("after: [{event: sign_off}, {event: comment}, {event: decision}]") in made(
        "choice", text
    )


def test_a_row_of_a_raw_pattern_is_turned_round() -> None:
    text = "decide: [{status: met, all: [own]}, {status: upcoming}]"
    (changed,) = made("choice", text)
    assert changed["decide"][0] == {"status": "met", "none": ["own"]}


# --- dates of effect, exceptions ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "earlier", "later"),
    [
        ("2018-06-29", "2018-05-29", "2018-07-29"),
        ("2024-03-31", "2024-02-29", "2024-04-30"),  # clipped to the shorter months' last days
        ("2020-12", "2020-11", "2021-01"),
        ("2021-01-15", "2020-12-15", "2021-02-15"),
    ],
)
def test_a_date_of_effect_moves_by_a_month(old: str, earlier: str, later: str) -> None:
    assert made("effect", f"in_force_from: {old}") == [
        {"in_force_from": earlier},
        {"in_force_from": later},
    ]


def test_a_dated_value_moves_and_no_date_does_not() -> None:
    assert len(made("effect", "values: [{in_force_from: 2018-06-29}, {in_force_from: null}]")) == 2
    assert made("effect", "in_force_from: null") == []


def test_an_exception_excuses_no_longer() -> None:
    assert made("exception", "{kind: step, unless: recorded}") == [{"kind": "step"}]


def test_an_exception_excuses_where_an_order_or_a_person_is_asked_for() -> None:
    assert said("exception", "kind: independence") == ["`unless: recorded` added"]
    assert said("exception", "{kind: step, after: {event: sign_off}}") == [
        "`unless: recorded` added"
    ]
    assert said("exception", "kind: step") == []


def test_the_page_tells_of_every_kind_of_change() -> None:
    page = (Path(__file__).parents[2] / "docs" / "mutation.md").read_text("utf-8")
    table = page.partition("## The kinds of change")[2].partition("##")[0]
    rows = [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")]
    assert rows == ["--operator", *NAMES]
