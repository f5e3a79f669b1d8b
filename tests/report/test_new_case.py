"""A new case file: short, readable by the strict reader, with the unknown written as unknown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cspr_core.report.new_case import OUTCOMES, NewCase, case_text, read_new, refuse_new

AWARE = date(2026, 3, 27)


@given(
    st.integers(1, 6),
    st.sampled_from(OUTCOMES),
    st.none() | st.dates(date(2020, 1, 1), AWARE),
    st.none() | st.just("MS-2026-01"),
)
def test_every_new_file_is_short_and_read_without_a_problem(
    children: int, outcome: str, incident: date | None, case: str | None
) -> None:
    new = NewCase("midshire", AWARE, case, incident, outcome, children)
    text = case_text(new)
    assert len(text.splitlines()) <= 15
    read = read_new(text, "new.yaml", today=date(2026, 3, 30)).case
    assert len(read.children) == children
    assert {child.outcome for child in read.children} == {outcome}
    assert read.incident.date == (incident or "unknown")
    assert [(event.type, event.date) for event in read.events] == [("aware", AWARE)]


def test_reference_is_made_of_the_area_and_the_day() -> None:
    assert NewCase("midshire", AWARE).reference == "midshire-2026-03-27"


def test_what_is_not_known_is_written_as_unknown() -> None:
    text = case_text(NewCase("midshire", AWARE))
    assert text.count("unknown") == 7  # three of the child, four of the incident


@pytest.mark.parametrize("children", [0, 7])
def test_too_few_or_too_many_children_are_refused(children: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 6"):
        case_text(NewCase("midshire", AWARE, children=children))


def test_all_that_is_wrong_is_told_at_once() -> None:
    wrong = NewCase(
        "midshire",
        AWARE,
        case="Jo Smith",
        incident=date(2026, 3, 28),
        outcome="dead",
        children=0,
    )
    problems = refuse_new(wrong, date(2026, 3, 26))
    assert [problem.partition(":")[0] for problem in problems] == [
        "--case",
        "--outcome",
        "--children",
        "--aware",
        "--incident",
    ]
    assert not any("Smith" in problem for problem in problems)
    assert "Write died" in problems[1]


def test_nothing_is_wrong_with_good_options() -> None:
    assert refuse_new(NewCase("midshire", AWARE, incident=AWARE), AWARE) == ()
