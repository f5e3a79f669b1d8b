"""What a failing expectation is told with: the fact, the line and the day that made it so."""

from __future__ import annotations

from pathlib import Path

import pytest

from cspr_core.check import nation_alone
from cspr_core.scenarios import read_scenario
from cspr_core.testing import difference
from cspr_core.testing.difference import Failure, failure_of
from cspr_core.testing.playing import Player
from cspr_core.testing.suites import suite_of
from tests.testing.areas import RETURN, Area


def _failure(area: Area, rest: str) -> Failure:
    suite = suite_of(str(area.folder))
    player = Player(suite.rules)
    replay, results = player.play(read_scenario(area.scenario(rest)))
    (failed,) = (r for r in results if not r.holds)
    return failure_of(replay, suite.rules, failed)


def _differences(area: Area, rest: str) -> list[str]:
    found = _failure(area, rest).differences
    return [text.replace(f"{area.scenarios}/", "") for text in found]


def test_the_whole_of_a_failure(area: Area) -> None:
    area.change("{n: 7,", "{n: 8,")
    rest = f"""\
        change:
          set: {{agencies: {{gp: {{involved: unknown}}}}}}
        expect:
          - {{{RETURN}, as_of: 2026-03-18, status: upcoming, due: 2026-03-19, because: The seventh}}
        """
    text = "\n".join(_failure(area, rest).lines()).replace(str(area.folder), "testshire")
    # 11, 12, 13 March (3), weekend, 16 to 20 (8)
    assert (
        text
        == """\
FAILED testshire/scenarios/one.yaml:7:5
  A title
  testshire.information_return/police as of Wed 18 March 2026

              expected                found
status        upcoming                upcoming
due           Thu 19 March 2026       Fri 20 March 2026  <-

Expected    because: The seventh
Found       Due by Fri 20 March 2026: 2 working days left.
Difference  The rule counts 8 working days; the expected day would be number 7.
Facts       counted from: information_requested police 2026-03-10
            (testshire/scenarios/base/case.yaml:15:5)
Rule        testshire.information_return (deadline)
            (testshire/cspr_testshire/arrangements.yaml:7:1)
            within: {n: 8, unit: working_days, of: {event:
            information_requested, same: agency}}
            (testshire/cspr_testshire/arrangements.yaml:12:5)
Counted     8 working days after a request for information (Tue 10 Mar 2026)
              0  Tue 10 Mar 2026  the day it counts from
              1  Wed 11 Mar 2026
              2  Thu 12 Mar 2026
              3  Fri 13 Mar 2026
              -  Sat 14 Mar and Sun 15 Mar: weekend, not counted
              4  Mon 16 Mar 2026
              5  Tue 17 Mar 2026
              6  Wed 18 Mar 2026  <- as of
              7  Thu 19 Mar 2026  <- expected
              8  Fri 20 Mar 2026  due"""
    )


def test_the_expected_day_is_counted_on_to(area: Area) -> None:
    rest = (
        f"expect: [{{{RETURN}, as_of: 2026-03-10, status: upcoming, due: 2026-03-22, because: x}}]"
    )
    lines = list(_failure(area, rest).lines())
    # the seventh day is Thursday 19 March; Sunday 22 is no day of the count
    assert lines[-3:] == [
        "              7  Thu 19 Mar 2026  due",
        "              8  Fri 20 Mar 2026",
        "              -  Sat 21 Mar and Sun 22 Mar: weekend, not counted  <- expected",
    ]
    assert "The expected day is not counted: Sunday." in _differences(area, rest)


def test_the_change_that_made_the_difference(area: Area) -> None:
    rest = f"""\
        change:
          add:
            events:
              - {{type: terms_of_reference, date: 2026-03-13}}
              - {{type: information_returned, agency: police, date: 2026-03-13}}
        expect:
          - {{{RETURN}, as_of: 2026-03-17, status: upcoming, because: x}}
        """
    assert _differences(area, rest)[0] == (
        "Without this change of the scenario the status is as expected: add.events  (one.yaml:8:9)"
    )


def test_a_change_that_another_needs_is_not_taken_away_alone(area: Area) -> None:
    rest = """\
        change:
          add:
            people: {p3: {agency: police}}
            meetings: [{id: m2, body: oversight_group, date: 2026-03-12, attended: [p2, p3]}]
        expect:
          - {requirement: testshire.quorum, subject: m2, as_of: 2026-03-13, status: breached, because: x}
        """  # noqa: E501
    # without p3 in `people` the meeting names nobody: that would be no case
    assert _differences(area, rest) == [
        "Without this the status is as expected: `p2` in `attended`  (one.yaml:7:77)",
        "Without this the status is as expected: `p3` in `attended`  (one.yaml:7:81)",
    ]


def test_a_change_without_which_there_is_no_case_is_left_alone(area: Area) -> None:
    rest = f"""\
        change:
          remove: {{events: [{{type: aware}}]}}
          add: {{events: [{{type: aware, by: safeguarding_partners, date: 2026-03-03}}]}}
        expect: [{{{RETURN}, as_of: 2026-03-17, status: pending, because: x}}]
        """
    # a case begins with a referral or with somebody's becoming aware
    assert not [one for one in _differences(area, rest) if "this change" in one]


def test_the_fact_of_the_base_that_made_the_difference(area: Area) -> None:
    with_return = area.base.read_text("utf-8").replace(
        "meetings:", "  - {type: information_returned, agency: police, date: 2026-03-13}\nmeetings:"
    )
    area.base.write_text(with_return, encoding="utf-8")
    rest = f"expect: [{{{RETURN}, as_of: 2026-03-17, status: upcoming, because: x}}]"
    assert (
        "Without this the status is as expected: information_returned police 2026-03-13"
        "  (base/case.yaml:16:5)"
    ) in _differences(area, rest)


def test_somebody_in_a_list_who_made_the_difference(area: Area) -> None:
    quorum = "requirement: testshire.quorum, subject: m1, as_of: 2026-03-13"
    there = "change: {set: {meetings: [{id: m1, body: oversight_group, date: 2026-03-12, "
    assert _differences(area, f"expect: [{{{quorum}, status: met, because: x}}]") == [
        "With `p1` in `attended` too the status is as expected  (base/case.yaml:17:65)"
    ]
    rest = f"{there}attended: [p1, p2]}}]}}}}\nexpect: [{{{quorum}, status: breached, because: x}}]"
    found = _differences(area, rest)
    assert "Without this the status is as expected: `p1` in `attended`  (one.yaml:4:88)" in found


def test_an_answer_that_is_not_known(area: Area) -> None:
    rest = f"""\
        change: {{set: {{agencies: {{police: {{involved: unknown}}}}}}}}
        expect: [{{{RETURN}, as_of: 2026-03-17, status: not_applicable, because: x}}]
        """
    found = _differences(area, rest)
    assert any("`agencies: police` is unknown" in one for one in found) is True
    assert any("with `involved: no` it is not applicable" in one for one in found) is True


def test_what_is_not_on_record(area: Area) -> None:
    rest = f"expect: [{{{RETURN}, as_of: 2026-03-17, status: met, due: 2026-03-19, because: x}}]"
    found = _differences(area, rest)
    assert found[0] == (
        "This is not on record under `events`; with it, dated Tue 17 March 2026, it is met, as"
        " expected: - {type: information_returned, agency: police, date: YYYY-MM-DD}"
    )


def test_the_day_on_which_it_is_as_expected(area: Area) -> None:
    rest = f"expect: [{{{RETURN}, as_of: 2026-03-18, status: overdue, because: x}}]"
    assert _differences(area, rest) == [
        (
            "On another day it is as expected: as of Fri 20 March 2026, after the day that the"
            " scenario names."
        )
    ]


def test_a_status_that_the_requirement_never_has(area: Area) -> None:
    rest = (
        "expect: [{requirement: testshire.quorum, subject: m1, as_of: 2026-03-13, status: overdue,"
        " because: x}]"
    )
    assert _differences(area, rest) == [
        (
            "This requirement never comes to overdue: only to met, upcoming, breached,"
            " undetermined, pending or not applicable."
        )
    ]


def test_another_start_that_would_give_the_day(area: Area) -> None:
    # Aware on Tuesday 3 March: 4, 5, 6, 9, 10, 11, 12
    rest = (
        f"expect: [{{{RETURN}, as_of: 2026-03-12, status: upcoming, due: 2026-03-12, because: x}}]"
    )
    assert (
        "Counted from this instead it is the expected day: aware local_authority 2026-03-03"
        "  (base/case.yaml:14:5)"
    ) in _differences(area, rest)


def test_a_condition_that_decides_is_shown_with_its_line(area: Area) -> None:
    rest = (
        "expect: [{requirement: testshire.terms, as_of: 2026-03-13, status: upcoming, because: x}]"
    )
    failure = _failure(area, rest)
    assert [(at.what, at.line) for at in failure.rule] == [
        ("testshire.terms (step)", 16),
        ("when: {decision: local_review}", 20),
    ]


def test_the_head_of_a_failure_says_it_in_a_line(area: Area) -> None:
    failure = _failure(
        area,
        f"expect: [{{{RETURN}, as_of: 2026-03-19, status: upcoming, due: null,"
        " counted_from: aware, because: x}]",
    )
    assert failure.head.replace(str(area.folder), "testshire") == (
        "testshire/scenarios/one.yaml:4:10: testshire.information_return/police on 2026-03-19:"
        " due is 2026-03-19, not none and counted_from is information_requested, not aware"
    )


def test_what_is_to_be_none_is_shown_so(area: Area) -> None:
    rest = f"expect: [{{{RETURN}, as_of: 2026-03-19, status: upcoming, due: null, because: x}}]"
    assert (
        "due           none                    Thu 19 March 2026  <-"
        in _failure(area, rest).lines()
    )


def test_what_is_required_can_not_be_taken_away(area: Area) -> None:
    casefile = read_scenario(area.scenario()).casefile
    assert difference._without(casefile, ("children", 0)) is None  # noqa: SLF001


def test_what_the_file_does_not_say_has_no_value(area: Area) -> None:
    casefile = read_scenario(area.scenario()).casefile
    assert difference._value_at(casefile, ("agencies", "icb", "involved")) is None  # noqa: SLF001


def test_a_requirement_made_in_python_has_no_line(area: Area) -> None:
    suite = suite_of(str(area.folder))
    area.change("id: information_return", "id: information_returned")
    difference._document.cache_clear()  # noqa: SLF001
    rest = f"expect: [{{{RETURN}, as_of: 2026-03-19, status: met, because: x}}]"
    replay, (result,) = Player(suite.rules).play(read_scenario(area.scenario(rest)))
    (at,) = failure_of(replay, suite.rules, result).rule
    assert at.what == "testshire.information_return: added by the plugin's Python"
    area.arrangements.unlink()
    difference._document.cache_clear()  # noqa: SLF001
    (at,) = failure_of(replay, suite.rules, result).rule
    assert at.line == 1


def test_nothing_single_is_told_as_such(area: Area) -> None:
    rest = (
        "expect: [{requirement: testshire.terms, as_of: 2026-03-13, status: pending,"
        " binding: must, because: x}]"
    )
    assert _differences(area, rest) == [
        "No single change, fact, entry or day makes it as expected: look at the lines of the rule."
    ]


def test_what_is_missing_has_its_place(area: Area) -> None:
    rest = f"""\
        change: {{set: {{agencies: {{police: {{involved: unknown}}}}}}}}
        expect: [{{{RETURN}, as_of: 2026-03-17, status: met, because: x}}]
        """
    at = _failure(area, rest).evidence[-1]
    assert (at.what.startswith("not known: "), Path(at.file).name, at.line) == (True, "one.yaml", 4)


@pytest.mark.parametrize(
    ("name", "form"),
    [("national.rapid_review", "in_force_from: 2025-06-01"), ("national.decision", "decision")],
)
def test_the_dated_value_that_holds_is_shown(tmp_path: Path, name: str, form: str) -> None:
    from cspr_core.testing.suites import HOME  # noqa: PLC0415

    base = HOME / "scenarios" / "base" / "notified.yaml"
    path = tmp_path / "one.yaml"
    path.write_text(
        f"schema: cspr.scenario/1\ntitle: A title\nbase: {base}\n"
        f"expect: [{{requirement: {name}, as_of: 2026-03-27, status: upcoming, because: x}}]\n",
        encoding="utf-8",
    )
    rules = nation_alone()
    replay, (result,) = Player(rules).play(read_scenario(path))
    assert any(form in at.what for at in failure_of(replay, rules, result).rule)
