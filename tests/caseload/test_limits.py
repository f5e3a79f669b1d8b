"""Calendar facts over columns: what `cspr_core.limits` derives for one case, for many at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cspr_core import calendar
from cspr_core.agreeing.comparing import Together, compare
from cspr_core.caseload.limits import shifted
from cspr_core.model.case import Case
from tests.caseload.made import case_data
from tests.strategies import rules_of

UNITS = ("working_days", "days", "months")


def on_columns(days: Sequence[date], n: int, unit: str, *, backwards: bool) -> list[date]:
    ordinals = np.array([day.toordinal() for day in days], np.int32)
    found = shifted(ordinals, n, unit, backwards=backwards)
    return [date.fromordinal(int(day)) for day in found]


def one_by_one(days: Sequence[date], n: int, unit: Any, *, backwards: bool) -> list[date]:
    count = calendar.before if backwards else calendar.after
    return [count(day, n, unit) for day in days]


# --- days ----------------------------------------------------------------------------------------

ALL_DAYS = [date(2023, 12, 1) + timedelta(n) for n in range(3 * 366)]  # to the end of 2026


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("unit", UNITS)
def test_every_day_of_three_years(unit: str, *, backwards: bool) -> None:
    for n in (0, 1, 2, 6, 7, 12, 15):
        found = on_columns(ALL_DAYS, n, unit, backwards=backwards)
        assert found == one_by_one(ALL_DAYS, n, unit, backwards=backwards)


@given(
    # Any year that a case's dates may have, and the longest periods that fit behind them.
    days=st.lists(st.dates(date(1992, 1, 1), date(2098, 12, 31)), min_size=1, max_size=20),
    n=st.integers(0, 24),
    unit=st.sampled_from(UNITS),
    backwards=st.booleans(),
)
def test_any_days(days: list[date], n: int, unit: str, *, backwards: bool) -> None:
    assert on_columns(days, n, unit, backwards=backwards) == one_by_one(
        days, n, unit, backwards=backwards
    )


@pytest.mark.parametrize(
    ("day", "n", "unit", "backwards", "expected"),
    [
        # Easter 2025: 15, 16, 17 April; Good Friday, weekend, Monday; 22, 23, 24, 25.
        (date(2025, 4, 14), 7, "working_days", False, date(2025, 4, 25)),
        # From the Saturday on, the first working day is the Monday; before it, the Friday.
        (date(2026, 6, 6), 1, "working_days", False, date(2026, 6, 8)),
        (date(2026, 6, 6), 1, "working_days", True, date(2026, 6, 5)),
        # Back over Easter: 24, 23, 22, then 17 April.
        (date(2025, 4, 25), 4, "working_days", True, date(2025, 4, 17)),
        # A month that is shorter ends on its last day, leap years included.
        (date(2025, 1, 31), 1, "months", False, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, "months", False, date(2024, 2, 29)),
        (date(2025, 8, 31), 6, "months", False, date(2026, 2, 28)),
        (date(2025, 3, 31), 1, "months", True, date(2025, 2, 28)),
        (date(2025, 12, 31), 2, "months", False, date(2026, 2, 28)),
        (date(2025, 1, 15), 1, "months", True, date(2024, 12, 15)),
        (date(2024, 2, 29), 12, "months", False, date(2025, 2, 28)),
        (date(2024, 2, 28), 2, "days", False, date(2024, 3, 1)),
        (date(2024, 3, 1), 2, "days", True, date(2024, 2, 28)),
    ],
)
def test_days_worked_out_by_hand(
    day: date, n: int, unit: str, *, backwards: bool, expected: date
) -> None:
    assert on_columns([day, day], n, unit, backwards=backwards) == [expected, expected]


def test_no_days() -> None:
    assert on_columns([], 3, "months", backwards=False) == []


# --- limits and marks ----------------------------------------------------------------------------

REQUIREMENT = {
    "id": "exshire.r",
    "kind": "deadline",
    "title": "Made up",
    "stage": "rapid_review",
    "source": {"section": "Made up"},
    "met_by": [{"event": "information_returned"}],
}


def dated(fact_type: str, more: dict[str, Any], *cases: dict[str, Any], as_of: date) -> list[Any]:
    """What is derived for one requirement by case: subject and columns; the same for each alone."""
    requirement = {k: v for k, v in {**REQUIREMENT, **more}.items() if v is not None}
    rules = rules_of([requirement], area="exshire")
    models = [Case.model_validate(data) for data in cases]
    for what in ("limits", "marks"):
        assert compare(rules, models, as_of, only=what).differences == []
    found: list[list[Any]] = [[] for _ in cases]
    for (case, name, subject), values in Together(rules, models, as_of).dated(fact_type).items():
        if name == "exshire.r":
            found[case] += [(subject, *value) for value in values]
    return [sorted(one) for one in found]


def asked(*days: str, **more: Any) -> dict[str, Any]:
    """A case in which information was asked for on some days."""
    requests = [{"type": "information_requested", "agency": "police", "date": day} for day in days]
    return case_data(area="exshire", events=[*case_data()["events"], *requests], **more)


WITHIN = {"within": {"n": 7, "unit": "working_days", "of": {"event": "information_requested"}}}


def days(columns: tuple[Any, ...]) -> tuple[Any, ...]:
    """Of a limit: start, opens (`None`: always), due, state."""
    _, _, start, opens, due, _, state = columns
    opened = date.fromordinal(opens).isoformat() if opens else None
    return (*(date.fromordinal(day).isoformat() for day in (start, due)), opened, state)


def test_a_limit_counts_from_the_first_and_passes_after_its_day() -> None:
    cases = [asked("2025-04-16", "2025-04-14"), asked(), asked("2025-04-15")]
    first, none, second = dated("limit", WITHIN, *cases, as_of=date(2025, 4, 28))
    # From the 14th: the 25th (Easter lies between); from the 15th: the 28th, which is today.
    assert [days(one) for one in first] == [("2025-04-14", "2025-04-25", None, "passed")]
    assert none == []
    assert [days(one) for one in second] == [("2025-04-15", "2025-04-28", None, "open")]


def test_a_limit_before_an_event_is_shut_when_that_has_happened() -> None:
    before = {"before": {"n": 14, "unit": "days", "of": {"event": "publication"}}}

    def published(**when: str) -> dict[str, Any]:
        events = [*case_data()["events"], {"type": "publication", "what": "report", **when}]
        return case_data(area="exshire", events=events)

    cases = [
        published(date="2026-03-15"),
        published(date="2026-03-16"),
        published(planned="2026-03-30"),
        published(planned="2026-03-29"),
    ]
    found = dated("limit", before, *cases, as_of=date(2026, 3, 16))
    # Fourteen days before: 1, 2, 16 and 15 March. What happened shuts the limit, on its day if
    # the limit lay before; a plan leaves it open up to the due date itself.
    assert [days(one) for [one] in found] == [
        ("2026-03-15", "2026-03-01", None, "shut"),
        ("2026-03-16", "2026-03-02", None, "shut"),
        ("2026-03-30", "2026-03-16", None, "open"),
        ("2026-03-29", "2026-03-15", None, "passed"),
    ]


def test_a_limit_around_a_day_opens_before_it() -> None:
    around = {"around": {"n": 1, "unit": "months", "of": {"event": "information_requested"}}}
    [[one]] = dated("limit", around, asked("2026-03-31"), as_of=date(2026, 4, 1))
    assert days(one) == ("2026-03-31", "2026-04-30", "2026-02-28", "open")


def test_a_limit_by_a_plan_that_has_passed_is_none() -> None:
    by = {"by": {"of": {"event": "publication"}}}

    def planned(day: str) -> dict[str, Any]:
        events = [{"type": "publication", "what": "report", "planned": day}]
        return case_data(area="exshire", events=[*case_data()["events"], *events])

    found = dated(
        "limit", by, planned("2026-03-16"), planned("2026-03-15"), as_of=date(2026, 3, 16)
    )
    assert [[days(one) for one in case] for case in found] == [
        [("2026-03-16", "2026-03-16", None, "open")],
        [],
    ]


def test_each_subject_has_its_own_limit() -> None:
    each = {
        "for_each": {"agency": "any"},
        "within": {
            "n": 2, "unit": "days", "of": {"event": "information_requested", "same": "agency"},
        },
        "met_by": [{"event": "information_returned", "same": "agency"}],
    }  # fmt: skip
    requests = [
        {"type": "information_requested", "agency": agency, "date": day}
        for agency, day in (("police", "2026-02-02"), ("gp", "2026-02-03"), ("gp", "2026-02-01"))
    ]
    agencies = {name: {"involved": "yes"} for name in ("police", "gp", "education")}
    events = [*case_data()["events"], *requests]
    case = case_data(area="exshire", agencies=agencies, events=events)
    [found] = dated("limit", each, case, as_of=date(2026, 2, 4))
    # gp: from the 1st to the 3rd; police: from the 2nd to the 4th; nobody asked education.
    assert [(one[0], *days(one)) for one in found] == [
        ("gp", "2026-02-01", "2026-02-03", None, "passed"),
        ("police", "2026-02-02", "2026-02-04", None, "open"),
    ]


def test_the_last_value_in_force_counts() -> None:
    values = {
        "values": [
            {"in_force_from": "2024-01-01", **WITHIN},
            {
                "in_force_from": "2025-04-15",
                "within": {"n": 3, "unit": "days", "of": {"event": "information_requested"}},
            },
        ]
    }
    cases = [asked("2025-04-14"), asked("2025-04-15"), asked("2023-12-31")]
    found = dated("limit", values, *cases, as_of=date(2025, 5, 1))
    assert [[days(one)[1] for one in case] for case in found] == [
        ["2025-04-25"],  # seven working days over Easter
        ["2025-04-18"],  # three days
        [],
    ]
    # Nothing was in force at the end of 2023.
    marks = dated("mark", values, *cases, as_of=date(2025, 5, 1))
    assert marks == [[], [], [("", "not_in_force")]]


def test_a_limit_of_another_requirement_is_its_own() -> None:
    copied = {"within": {"as": "national.notify_panel"}, "for_each": {"child": "all"}}
    [found] = dated("limit", copied, case_data(area="exshire"), as_of=date(2026, 1, 12))
    # Five working days after Monday 5 January 2026, when the authority became aware: the 12th.
    assert [(one[0], *days(one)) for one in found] == [
        ("child_1", "2026-01-05", "2026-01-12", None, "open")
    ]


def confirmed(answer: str, on: str, subject: str | None = None) -> dict[str, Any]:
    return {
        "requirement": "exshire.r",
        "subject": subject,
        "answer": answer,
        "on": on,
        "by": "business_manager",
        "reference": "Minute 3",
    }


def test_minutes_confirm_in_time_or_late_or_deny() -> None:
    cases = [
        asked("2025-04-14", confirmed=[confirmed(answer, day)])
        for answer, day in (("yes", "2025-04-25"), ("yes", "2025-04-26"), ("no", "2025-04-20"))
    ]
    found = dated("mark", WITHIN, *cases, as_of=date(2025, 5, 1))
    assert found == [[("", "confirmed")], [("", "confirmed_late")], [("", "confirmed_no")]]


def test_minutes_for_everyone_count_for_those_who_have_none_of_their_own() -> None:
    each = {"for_each": {"child": "all"}, "met_by": [{"event": "family_meeting"}]}
    minutes = [
        {**confirmed("yes", "2026-02-01"), "subject": None},
        confirmed("no", "2026-02-02", "child_1"),
    ]
    children = [{"id": "child_1", "outcome": "died"}, {"id": "child_2", "outcome": "died"}]
    case = case_data(area="exshire", children=children, confirmed=minutes)
    [found] = dated("mark", {**each, "kind": "step"}, case, as_of=date(2026, 3, 1))
    assert found == [("child_1", "confirmed_no"), ("child_2", "confirmed")]


def test_a_recorded_exception() -> None:
    excused = [
        {"requirement": "exshire.r", "subject": None, "reason": "other", "by": "chair",
         "on": "2026-02-01"},
    ]  # fmt: skip
    case = asked("2026-01-20", exceptions=excused)
    [found] = dated("mark", {**WITHIN, "unless": "recorded"}, case, as_of=date(2026, 3, 1))
    assert found == [("", "excepted")]


@pytest.mark.parametrize("told", [["panel"], ["panel", "ofsted"]])
def test_a_delay_that_was_agreed_and_told_runs_on(told: list[str]) -> None:
    def delayed(until: str) -> dict[str, Any]:
        delay = {
            "requirement": "exshire.r",
            "reason": "prosecution",
            "arose": "2026-02-01",
            "told": dict.fromkeys(told, "2026-02-02"),
            "agreed_by": "executive",
            "agreed_due": until,
        }
        return asked("2026-01-20", delays=[delay])

    # Due on 29 January (seven working days after the 20th); as of 10 March.
    cases = [delayed("2026-03-10"), delayed("2026-03-09"), asked("2026-01-20")]
    more = {**WITHIN, "delay": {"told": ["panel", "ofsted"]}}
    found = dated("mark", more, *cases, as_of=date(2026, 3, 10))
    runs = [("", "extended")] if len(told) == 2 else []
    assert found == [runs, [], []]


def test_no_case_has_anything_to_count_from() -> None:
    nothing = case_data(area="exshire", events=[case_data()["events"][0]])
    assert dated("limit", WITHIN, nothing, nothing, as_of=date(2026, 3, 1)) == [[], []]
