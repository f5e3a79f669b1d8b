"""Lines for print: width, hanging indents, dates in columns."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cspr_core.report.layout import labelled, short, wrapped


@pytest.mark.parametrize(
    ("value", "text"),
    [(date(2026, 3, 3), "Tue  3 Mar 2026"), (date(2026, 12, 31), "Thu 31 Dec 2026")],
)
def test_dates_in_a_column_are_equally_wide(value: date, text: str) -> None:
    assert short(value) == text


def test_following_lines_stand_under_the_first() -> None:
    assert wrapped("word " * 20, "- ")[1].startswith("  word")
    assert labelled("Source", "word " * 20)[1].startswith(" " * 12 + "word")


def test_nothing_still_gives_its_label() -> None:
    assert labelled("Source", "") == ["Source"]


@given(st.lists(st.text("abc", min_size=1, max_size=20)).map(" ".join))
def test_no_line_is_wider_than_a_console(text: str) -> None:
    assert all(len(line) <= 79 for line in wrapped(text, "    "))
