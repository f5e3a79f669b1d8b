"""What becomes of a mutant: killed by an expectation, survived, proved equivalent, in error."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cspr_core.kinds import Lowered
from cspr_core.mutation.judging import Judge, Verdict
from cspr_core.mutation.mutants import Mutant, mutants, mutated
from cspr_core.reading.problems import BadInput
from cspr_core.scenarios import read_scenario
from cspr_core.testing.playing import Replay
from cspr_core.testing.suites import Suite, suite_of
from tests.mutation.conftest import CASE, DUE, RETURN, Area

REPOSITORY = Path(__file__).parents[2]


def verdicts(suite: Suite, *operators: str) -> dict[str, str]:
    """The changes of these operators, each with what became of it."""
    judge = Judge(suite)
    return {m.what: judge(m).outcome for m in mutants(suite, operators=operators).found}


def the(suite: Suite, operator: str, what: str) -> Mutant:
    """The mutant of these words."""
    return next(m for m in mutants(suite, operators={operator}).found if what in m.what)


def test_a_due_date_notices_a_number(area: Area) -> None:
    # the eighth working day is 28 April, the sixth 24 April
    assert verdicts(area(), "number") == {
        "7 working days → 8 working days": "killed",
        "7 working days → 6 working days": "killed",
    }


def test_the_verdict_names_the_expectation_that_noticed(area: Area) -> None:
    suite = area(RETURN, f"{DUE}\n{DUE.replace('as_of: 2025-04-25', 'as_of: 2025-04-24')}")
    verdict = Judge(suite)(the(suite, "number", "→ 8"))
    assert verdict == Verdict("killed", f"{suite.paths[0]}, expectation 1")


def test_what_no_expectation_touches_survives(area: Area) -> None:
    # all expectations are of police, and only police were asked
    assert verdicts(area(), "same") == {"`same: agency` dropped": "survived"}


def test_a_status_that_the_change_turns_notices_it(area: Area) -> None:
    # education was asked nothing; with the join dropped it would be due with police
    nothing = (
        "- {requirement: anyshire.information_return, subject: education, as_of: 2025-04-25,"
        " status: pending, because: it was not asked}"
    )
    suite = area(RETURN, nothing)
    assert Judge(suite)(the(suite, "same", "same: agency")).outcome == "killed"


def test_must_for_should_is_noticed_where_the_binding_is_expected(area: Area) -> None:
    assert verdicts(area(), "binding") == {"must → should": "survived"}


def test_must_for_should_is_noticed(area: Area) -> None:
    suite = area(RETURN, DUE.replace("because", "binding: must, because"))
    assert verdicts(suite, "binding") == {"must → should": "killed"}


READS = """\
- id: asked
  kind: step
  title: Asked
  stage: rapid_review
  when: {decision: local_review}
  met_by: {event: terms_of_reference}
  source: {section: Rapid Review}
- id: reader
  kind: step
  title: Reader
  stage: rapid_review
  when: {in_play: anyshire.asked}
  met_by: {event: publication}
  source: {section: Rapid Review}
"""


def test_who_reads_the_requirement_notices_too(area: Area) -> None:
    # not decided yet: `asked` is pending, and so is who reads it; without its condition both are on
    waits = "- {requirement: anyshire.reader, as_of: 2025-05-01, status: pending, because: waits}"
    suite = area(READS, waits)
    mutant = the(suite, "condition", "condition removed: {decision")
    assert Judge(suite)(mutant).outcome == "killed"


def test_a_subject_that_is_gone_is_noticed(area: Area) -> None:
    text = """\
    - id: told
      kind: notification
      title: Told
      stage: review
      for_each: {recipient: [panel, ofsted]}
      met_by: {event: announced, same: recipient}
      source: {section: Telling}
    """
    ofsted = (
        "- {requirement: anyshire.told, subject: ofsted, as_of: 2025-05-01, status: upcoming,"
        " because: nobody told them}"
    )
    assert verdicts(area(text, ofsted), "dropped") == {
        "panel dropped from `recipient`": "survived",
        "ofsted dropped from `recipient`": "killed",
    }


def test_the_documents_own_date_is_noticed(area: Area) -> None:
    # asked on 15 January 2024, in force from the 1st: seven working days on is the 24th
    case = CASE.replace("2025-04-14", "2024-01-15").replace("2025-03", "2024-01")
    asked = DUE.replace("2025-04-25", "2024-01-24")
    assert verdicts(area(RETURN, asked, case=case), "effect") == {
        "in force from 2024-01-01 → from 2023-12-01": "survived",
        "in force from 2024-01-01 → from 2024-02-01": "killed",
    }


# --- equivalent only where proved -----------------------------------------------------------------


def test_no_days_and_no_working_days_are_proved_the_same_by_the_calendar(area: Area) -> None:
    text = RETURN.replace("n: 7", "n: 0")
    # due on the day of the request itself
    expected = DUE.replace("2025-04-25", "2025-04-14")
    suite = area(text, expected)
    verdict = Judge(suite)(the(suite, "unit", "0 working days → 0 days"))
    assert verdict.outcome == "equivalent"
    assert "on the calendar known to" in verdict.why


def test_a_number_that_no_scenario_notices_is_not_called_equivalent(area: Area) -> None:
    nothing = (
        "- {requirement: anyshire.information_return, subject: education, as_of: 2025-04-25,"
        " status: pending, because: it was not asked}"
    )
    assert set(verdicts(area(RETURN, nothing), "number", "unit").values()) == {"survived"}


FIRST_MEETING = """\
- id: genogram
  kind: step
  title: A genogram by the first meeting
  stage: review
  by: {meeting: review_group, first: yes}
  after: {meeting: executive, first: yes}
  met_by: {event: terms_of_reference}
  source: {section: Genogram}
"""
NOT_DONE = (
    "- {requirement: anyshire.genogram, as_of: 2025-05-01, status: upcoming, because: not done}"
)


def test_of_several_meetings_the_first_counts_anyway(area: Area) -> None:
    suite = area(FIRST_MEETING, NOT_DONE)
    judge = Judge(suite)
    found = [m for m in mutants(suite, operators={"condition"}).found if "`first" in m.what]
    assert [judge(m) for m in found] == [
        Verdict("equivalent", "of several meetings the first counts anyway"),
        Verdict("equivalent", "of several meetings the first counts anyway"),
    ]


def test_what_only_the_first_meeting_does_is_not_what_any_does(area: Area) -> None:
    text = FIRST_MEETING.replace("{event: terms_of_reference}", "{meeting: executive, first: yes}")
    suite = area(text, NOT_DONE)
    last = [m for m in mutants(suite, operators={"condition"}).found if "`first" in m.what][-1]
    assert Judge(suite)(last).outcome == "survived"


def test_what_nothing_depends_on_is_proved_by_the_program(area: Area) -> None:
    suite = area()
    old = suite.rules.by_id["anyshire.information_return"]
    reworded = old.requirement.model_copy(update={"title": "Other words", "who": "police"})
    mutant = Mutant(old.requirement.id, "words", 1, 1, "", replace(old, requirement=reworded))
    assert Judge(suite).proof(mutant) == "it lowers to the same program"


@pytest.mark.slow
def test_nothing_that_a_scenario_notices_would_be_proved_equivalent() -> None:
    suite = suite_of(str(REPOSITORY / "plugins" / "south_glos"))
    judge = Judge(suite)
    killed = [m for m in mutants(suite).found if judge(m).outcome == "killed"]
    assert killed
    assert [m.what for m in killed if judge.proof(m)] == []


# --- errors, and scenarios that are wrong themselves ----------------------------------------------


def test_what_fails_in_the_check_is_an_error_and_shown(area: Area) -> None:
    suite = area()
    mutant = the(suite, "number", "→ 8")
    assert isinstance(mutant.lowered, Lowered)
    broken = replace(mutant, lowered=replace(mutant.lowered, limit="nonsense"))  # type: ignore[arg-type]
    verdict = Judge(suite)(broken)
    assert verdict.outcome == "error"
    assert "AttributeError" in verdict.why


def test_an_expectation_that_does_not_hold_as_it_is_notices_nothing(area: Area) -> None:
    wrong = DUE.replace("status: upcoming, due: 2025-04-25", "status: upcoming, due: 2025-04-24")
    suite = area(RETURN, wrong)
    judge = Judge(suite)
    assert judge.failing == ((str(suite.paths[0]), 1),)
    assert judge(the(suite, "number", "→ 6")).outcome == "survived"


def test_only_scenarios_that_a_change_can_touch_are_held_against_it(area: Area) -> None:
    waits = "- {requirement: anyshire.reader, as_of: 2025-05-01, status: pending, because: waits}"
    suite = area(READS + RETURN, DUE, waits)
    of_asked = Judge(suite, {"anyshire.asked"}).replays  # the second speaks of who reads it
    assert [path for path, _ in of_asked] == [str(suite.paths[1])]
    assert len(Judge(suite).replays) == 2


def test_every_scenario_that_can_not_be_read_is_told(area: Area) -> None:
    suite = area(RETURN, DUE, DUE)
    for path in suite.paths:
        path.write_text("schema: cspr.scenario/1\n", "utf-8")
    with pytest.raises(BadInput) as raised:
        Judge(suite)
    assert {p.file for p in raised.value.problems} == {str(path) for path in suite.paths}


@pytest.mark.slow
@pytest.mark.durable
def test_a_sample_comes_to_the_same_under_all_rules_and_on_both_engines() -> None:
    """A mutant is judged on few rules and one engine: that must not change what is noticed."""
    suite = suite_of(str(REPOSITORY / "plugins" / "south_glos"))
    judge = Judge(suite)
    replays = [Replay(read_scenario(path), suite.rules) for path in suite.paths]
    for mutant in mutants(suite).found[::40]:
        rules = mutated(suite, mutant)
        noticed = any(replay.failing(rules, engines="both") for replay in replays)
        assert (judge(mutant).outcome == "killed") == noticed, mutant.what
