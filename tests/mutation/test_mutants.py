"""Mutants: valid arrangements only, each once, in the file's order and with its place."""

from __future__ import annotations

from cspr_core.mutation.mutants import mutants, mutated
from cspr_core.testing.suites import suite_of
from tests.mutation.conftest import RETURN, Area

STEPS = """\
- id: first
  kind: step
  title: First
  stage: review
  when: {decision: local_review}
  met_by: {event: terms_of_reference}
  source: {section: Steps}
- id: second
  kind: step
  title: Second
  stage: review
  when: {finding: anyshire.first, status: [met, met_late]}
  met_by: {event: publication}
  source: {section: Steps}
"""
FIRST = (
    "- {requirement: anyshire.first, as_of: 2025-05-01, status: pending, because: no decision yet}"
)


def test_each_mutant_has_its_place_and_its_words(area: Area) -> None:
    found = mutants(area(), operators={"number"}).found
    # line 12 of the file: six lines of its head, `within` is the sixth of the requirement
    assert [(m.requirement, m.line, m.column, m.what) for m in found] == [
        ("anyshire.information_return", 12, 17, "7 working days → 8 working days"),
        ("anyshire.information_return", 12, 17, "7 working days → 6 working days"),
    ]


def test_what_makes_no_valid_arrangements_is_only_counted(area: Area) -> None:
    text = """\
    - id: reviewer
      kind: independence
      title: Independent
      stage: review
      for_each: {person: {role: lead_reviewer}}
      only: [independent]
      source: {section: Reviewers}
    - id: counted
      kind: count
      title: One or two
      stage: review
      of: {event: practitioner_event}
      min: 2
      max: 2
      source: {section: Reviewers}
    """
    expected = FIRST.replace("anyshire.first", "anyshire.counted").replace("pending", "upcoming")
    made = mutants(area(text, expected), operators={"number"})
    # min 1..3 and max 1..3 about 2: `min: 3` with `max: 2` and `max: 1` with `min: 2` are refused
    assert [m.what for m in made.found] == ["min 2 → 1", "max 2 → 3"]
    assert made.invalid == 2


def test_the_same_requirement_is_made_once(area: Area) -> None:
    found = mutants(area()).found
    made = [m.lowered.requirement for m in found if m.lowered is not None]
    assert all(one not in made[:index] for index, one in enumerate(made))


def test_only_what_is_asked_for(area: Area) -> None:
    suite = area(STEPS, FIRST)
    found = mutants(suite, only={"anyshire.second"}).found
    assert {m.requirement for m in found} == {"anyshire.second"}
    assert mutants(suite, only={"anyshire.nothing"}).found == ()


def test_the_documents_date_of_effect_is_moved(area: Area) -> None:
    suite = area()
    earlier, later = mutants(suite, operators={"effect"}).found
    assert earlier.requirement == "anyshire (covers)"
    assert (earlier.line, earlier.what) == (5, "in force from 2024-01-01 → from 2023-12-01")
    day = mutated(suite, later).in_force["anyshire.information_return"]
    assert day is not None
    assert day.isoformat() == "2024-02-01"


def test_the_rules_have_the_mutant_and_all_else_as_it_is(area: Area) -> None:
    suite = area(STEPS, FIRST)
    mutant = mutants(suite, only={"anyshire.first"}).found[0]
    rules = mutated(suite, mutant)
    assert rules.by_id["anyshire.first"] is mutant.lowered
    assert rules.by_id["anyshire.second"] is suite.rules.by_id["anyshire.second"]
    assert rules.nation is suite.rules.nation


HOLD = """\
- id: no_publication
  kind: hold
  title: Not published while it runs
  stage: publication
  running: [prosecution]
  hold: {event: publication}
  source: {section: Holds}
"""
HELD = (
    "- {requirement: anyshire.no_publication, as_of: 2025-05-01, status: not_applicable,"
    " because: nothing runs}"
)


def test_a_hold_is_removed(area: Area) -> None:
    suite = area(HOLD, HELD)
    (mutant,) = mutants(suite, operators={"hold"}).found
    assert "anyshire.no_publication" not in mutated(suite, mutant).by_id


def test_a_hold_that_another_reads_can_not_be_removed(area: Area) -> None:
    reads = STEPS.replace("anyshire.first, status", "anyshire.no_publication, status")
    made = mutants(area(HOLD + reads, HELD), operators={"hold"})
    assert (made.found, made.invalid) == ((), 1)


def test_no_change_makes_a_requirement_read_another(area: Area) -> None:
    # so that no two can come to wait for each other
    suite = area(STEPS, FIRST)
    old = suite.rules.by_id
    for mutant in mutants(suite).found:
        if mutant.lowered is not None:
            before = old[mutant.requirement].program.reads
            assert mutant.lowered.program.reads <= before


def test_the_nation_is_changed_where_it_is_meant() -> None:
    suite = suite_of("national")
    mutant = mutants(suite, only={"national.notify_panel"}, operators={"number"}).found[0]
    rules = mutated(suite, mutant)
    assert rules.nation.lowered != suite.rules.nation.lowered
    assert rules.by_id["national.notify_panel"] is mutant.lowered


def test_every_requirement_of_the_file_is_changed(area: Area) -> None:
    assert {m.requirement for m in mutants(area(STEPS + RETURN, FIRST)).found} == {
        "anyshire.first",
        "anyshire.second",
        "anyshire.information_return",
        "anyshire (covers)",
    }
