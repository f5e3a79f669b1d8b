"""The smallest parts against the strict reader: what one takes as text, the other takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from cspr_core.model import scalars
from cspr_core.schemas import parts


def _takes(reader: Callable[[str], object], text: str) -> bool:
    try:
        reader(text)
    except PydanticCustomError:
        return False
    return True


def _fits(schema: parts.Schema, text: str) -> bool:
    return re.search(schema["pattern"], text) is not None


_IDS = st.text("aAbBzZ019._-/ ", max_size=14) | st.from_regex(
    r"[A-Z][a-z]{1,4}([._-][A-Z][a-z]{1,4})?|\d{3}-?\d{3}-?\d{4}|0\d{9}|[A-Z]{1,2}\d{1,2}[A-Z]{2}",
    fullmatch=True,
)


@given(_IDS)
def test_ids(text: str) -> None:
    assert _fits(parts.ID, text) == _takes(scalars.key, text)


@given(_IDS | st.tuples(_IDS, _IDS).map("/".join))
def test_ids_as_reports_show_them(text: str) -> None:
    fits, takes = _fits(parts.SUBJECT, text), _takes(scalars.subject, text)
    # The reader lets a slash stand anywhere; the schema wants an id on either side of it.
    assert fits == takes or (takes and not all(text.split("/")))


@given(st.text("az_09.A ", max_size=8))
def test_words(text: str) -> None:
    assert _fits(parts.WORD, text) == _takes(scalars.word, text)


@given(
    st.tuples(st.integers(1980, 2110), st.integers(0, 13), st.integers(0, 32)).map(
        lambda day: f"{day[0]}-{day[1]:02}-{day[2]:02}"
    )
    | st.dates(date(1992, 1, 1), date(2098, 12, 31)).map(str)
)
def test_dates(text: str) -> None:
    assert _fits(parts.DATE, text) == _takes(scalars.iso_date, text)


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("2024-02-29", True),  # 2024 is a leap year
        ("2023-02-29", False),
        ("2000-02-29", True),  # a century that 400 divides
        ("2026-04-31", False),
        ("2026-12-31", True),
        ("1991-12-31", False),  # before the first year that is taken
        ("2099-01-01", False),
        ("26-01-01", False),
    ],
)
def test_days_that_there_are(text: str, there: bool) -> None:  # noqa: FBT001
    assert _fits(parts.DATE, text) is there


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("midshire.referral", True),
        ("midshire.sub.word", True),
        ("referral", False),
        ("national.referral", False),
        ("Midshire.referral", False),
        ("midshire.", False),
    ],
)
def test_words_of_an_area_s_own(text: str, own: bool) -> None:  # noqa: FBT001
    assert _fits(parts.OWN_WORD, text) is own
