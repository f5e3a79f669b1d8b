"""Cases drawn from a seed: the same each time, valid, and in the area's own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from cspr_core.check import Rules, check_case, rules_for
from cspr_core.generated import (
    acceptable,
    drawn_cases,
    generated_cases,
    random_case,
    refused,
    speech_of,
)
from cspr_core.model.case import Case
from cspr_core.plugins import NATIONAL, load_arrangements, national
from cspr_core.vocabulary import vocabulary

AREAS = ("essex", "leeds", "northamptonshire", "south_glos", "staffordshire")


def cases(area: str, seed: int, n: int) -> list[Case]:
    return [file.case for file in generated_cases(rules_for(area), seed, n)]


def test_the_same_seed_draws_the_same_cases() -> None:
    assert cases("essex", 3, 4) == cases("essex", 3, 4)


def test_fewer_are_the_first_of_more() -> None:
    assert cases("essex", 3, 2) == cases("essex", 3, 4)[:2]


def test_another_seed_draws_others() -> None:
    assert not set(map(str, cases("essex", 3, 4))) & set(map(str, cases("essex", 4, 4)))


@pytest.mark.parametrize("area", AREAS)
def test_a_check_takes_them(area: str) -> None:
    # reading them refuses what is not valid, the check what the area does not declare
    for drawn in drawn_cases(rules_for(area), 5, 3):
        assert drawn.casefile.case == drawn.case
        assert check_case(drawn.casefile, drawn.as_of).decisions


def test_each_entry_has_its_place() -> None:
    for drawn in drawn_cases(rules_for("essex"), 1, 3):
        lines = drawn.text.splitlines()
        place = drawn.casefile.place(("events", 0, "type"))
        assert lines[place.line - 1][place.column - 1 :] == drawn.case.events[0].type


FORUM = """\
schema: cspr.arrangements/1
partnership: exshire
name: Exshire
covers: [{document: Guide, checked: 2026-11-01}]
words: {exshire.plan: A plan, exshire.referral: A form, exshire.adviser: An adviser}
requirements:
  - {id: plan, kind: step, title: A plan, stage: review, met_by: {event: exshire.plan, to: press},
     source: {section: 1}}
  - {id: form, kind: form, title: A form, stage: review, for_each: {form: exshire.referral},
     signed: [exshire.adviser], source: {section: 1}}
  - {id: forum, kind: composition, title: A group, stage: review, body: communications_group,
     seats: [{role: exshire.adviser}], source: {section: 1}}
"""


def test_they_speak_the_areas_own_words(tmp_path: Path) -> None:
    path = tmp_path / "arrangements.yaml"
    path.write_text(FORUM, encoding="utf-8")
    rules = Rules(load_arrangements(path), national())
    drawn = [file.case for file in generated_cases(rules, 1, 30)]
    assert {form.form for case in drawn for form in case.forms} == {"exshire.referral"}
    plans = [e for case in drawn for e in case.events if e.type == "exshire.plan"]
    assert plans
    assert all(plan.to == ("press",) for plan in plans)
    assert any("exshire.adviser" in p.roles for case in drawn for p in case.people.values())
    assert any("communications_group" in case.groups for case in drawn)


def test_where_no_form_is_named_none_is_drawn() -> None:
    assert not any(case.forms for case in cases("staffordshire", 1, 20))


def test_what_the_reader_would_refuse_is_left_out() -> None:
    data = {
        "schema": "cspr.case/1",
        "case": "EX-1",
        "partnership": "exshire",
        "children": [{"id": "child_1"}],
        "incident": {"area": "exshire"},
        "agencies": {"police": {}, "forum": {}},  # the forum is of no kind
        "events": [
            {"type": "aware", "by": "local_authority", "date": "2026-03-03"},
            {"type": "notified", "date": "2026-03-04"},  # to whom?
        ],
    }
    kept = acceptable(data)
    assert kept["agencies"] == {"police": {}}
    assert [event["type"] for event in kept["events"]] == ["aware"]
    assert len(data["events"]) == 2  # what was given is as it was


def test_what_leaving_out_mends_nothing_of_is_told() -> None:
    data = {
        "schema": "cspr.case/1",
        "case": "EX-1",
        "partnership": "exshire",
        "children": [{"id": "child_1"}],
        "incident": {"area": "exshire"},
        "events": [{"type": "sign_off", "date": "2026-03-03"}],  # nothing that it began with
    }
    assert refused(data) == {("", 0)}
    assert acceptable(data) == data


def test_a_hundred_cases_hold_every_type_of_event() -> None:
    speech = speech_of(rules_for("essex"))
    drawn = [random_case(seed, speech).case for seed in range(100)]
    assert set(vocabulary().events) <= {event.type for case in drawn for event in case.events}


def test_the_nation_has_cases_too() -> None:
    rules = Rules(national(), national())
    assert {file.case.partnership for file in generated_cases(rules, 1, 3)} == {NATIONAL}
