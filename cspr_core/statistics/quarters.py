"""Quarters of the year, as calendar years or as financial years (April to March) name them."""

from __future__ import annotations

from datetime import date
from typing import Literal

Year = Literal["january", "april"]
_MONTHS = ("Jan\u2013Mar", "Apr\u2013Jun", "Jul\u2013Sep", "Oct\u2013Dec")
_FIRST = {"january": 0, "april": 1}  # the quarter in which the year begins


def quarter_of(day: date) -> int:
    """The number of a day's quarter: four times the year, and 0 to 3."""
    return day.year * 4 + (day.month - 1) // 3


def begins(quarter: int) -> date:
    """The first day of a quarter."""
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)


def name_of(quarter: int, year: Year) -> str:
    """A quarter for a table: `2026 Q2`, or `2026-27 Q1` of a financial year."""
    of_year, number = divmod(quarter - _FIRST[year], 4)
    named = f"{of_year}" if year == "january" else f"{of_year}-{(of_year + 1) % 100:02}"
    return f"{named} Q{number + 1}"


def months_of(quarter: int) -> str:
    """A quarter by its months: `Apr–Jun 2026`."""
    return f"{_MONTHS[quarter % 4]} {quarter // 4}"
