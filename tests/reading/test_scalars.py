"""Single values: what is taken, and what a refusal says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from cspr_core.model import scalars


def _refusal(function: Any, value: Any) -> tuple[str, str]:
    with pytest.raises(PydanticCustomError) as caught:
        function(value)
    context = caught.value.context or {}
    return context["what"], context["remedy"]


@given(st.dates(date(1992, 1, 1), date(2098, 12, 31)))
def test_every_day_in_iso_form_is_taken(day: date) -> None:
    assert scalars.iso_date(day.isoformat()) == day
    assert scalars.iso_date(day) == day


@given(st.dates(date(1992, 1, 1), date(2069, 12, 31)))
def test_a_british_date_is_read_day_first(day: date) -> None:
    for text in (f"{day:%d/%m/%Y}", f"{day:%d.%m.%y}", f"{day:%d-%m-%Y}"):
        if day.year < 2000 and len(text) == 8:
            continue  # two figures below 70 are of this century
        assert _refusal(scalars.iso_date, text)[1].startswith(f"Write {day.isoformat()}")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("3 March 2026", "2026-03-03"),
        ("3rd of Mar. 2026", "2026-03-03"),
        ("Tuesday, 3rd March 2026", "2026-03-03"),
        ("Mar 3 2026", "2026-03-03"),
        ("20260303", "2026-03-03"),
        ("03032026", "2026-03-03"),  # no year 0303: read as day, month, year
        ("2026.3.3", "2026-03-03"),
        ("2026-03-03 10:00", "2026-03-03"),
        ("46084", "2026-03-03"),  # 30 December 1899 + 46,084 days
        ("03/03/98", "1998-03-03"),
    ],
)
def test_another_style_is_told_as_the_date_meant(text: str, meant: str) -> None:
    assert meant in _refusal(scalars.iso_date, text)[1]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("2026-04-31", "There is no 31 April 2026"),
        ("2026-02-00", "There is no day 00"),
        ("2026-00-10", "There is no month 0"),
        ("2026-14-44", "There is no month 14"),
        ("0000-01-01", "The year 0000 cannot be right"),
        ("1926-03-03", "The year 1926 cannot be right"),
        ("12/2026", "This date has no day"),
        ("March 2026", "This date has no day"),
        ("31/02/2026", "This date is not written as YYYY-MM-DD"),
        ("5 Smarch 2026", "This is not a date"),
        ("Smarch 5 2026", "This is not a date"),
        ("", "There is no date here"),
        ("yesterday", "`yesterday` is not a date: it means another day whenever the file is read"),
    ],
)
def test_what_is_no_day_is_refused(text: str, what: str) -> None:
    assert _refusal(scalars.iso_date, text)[0] == what


@pytest.mark.parametrize("value", [None, {}, [], 7])
@pytest.mark.parametrize("function", [scalars.iso_date, scalars.key, scalars.word, scalars.text,
                                      scalars.choice, scalars.subject, scalars.number])  # fmt: skip
def test_what_is_not_text_is_refused(function: Any, value: Any) -> None:
    if function is scalars.number and value == 7:
        assert function(value) == 7
        return
    what, remedy = _refusal(function, value)
    assert what.startswith(("There is", "There are", "This value is not text"))
    assert remedy.startswith("Write ")


@pytest.mark.parametrize(
    "text", ["child_1", "p1", "NH-2026-03", "P1", "kettering_general", "m1.2", "e-mail-1"]
)
def test_pseudonyms_are_taken(text: str) -> None:
    assert scalars.key(text) == text
    assert scalars.subject(f"{text}/ofsted") == f"{text}/ofsted"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Jane Example", "This id looks like a person's name"),
        ("Jane_Example", "This id looks like a person's name"),
        ("JaneExample", "This id looks like a person's name"),
        ("9434765919", "This id looks like an NHS number"),
        ("01604000000", "This id looks like a telephone number"),
        ("+44 1604 000000", "This id looks like a telephone number"),
        ("zz11zz", "This id looks like a postcode"),
        ("p1@example.org", "This id looks like an e-mail address"),
        (" ", "There is no value here"),
        ("child\u00a01", "There is a non-breaking space (U+00A0) here"),
        ("_p1", "An id has letters, figures, hyphens, full stops and underscores only, at most 60"),
    ],
)
def test_an_id_that_could_name_somebody_is_refused_and_not_quoted(text: str, what: str) -> None:
    said = _refusal(scalars.key, text)
    assert said[0] == what
    assert not text.strip() or text not in " ".join(said)


def test_each_part_of_a_subject_is_looked_at() -> None:
    assert _refusal(scalars.subject, "child_1/Example")[0] == "This id looks like a person's name"
    assert _refusal(scalars.subject, "child 1")[0] == "An id has no spaces in it"


def test_words() -> None:
    assert scalars.word("northamptonshire.referral") == "northamptonshire.referral"
    assert _refusal(scalars.word, "Review Group")[0] == "This is not one word in lower case"
    assert _refusal(scalars.word, " ")[0] == "There is no value here"
    assert _refusal(scalars.word, "review\u2011group")[0].startswith("There is a non-breaking")
    assert scalars.choice("Review Group") == "Review Group"
    assert _refusal(scalars.choice, "")[0] == "There is no value here"


def test_numbers() -> None:
    assert scalars.number("7") == 7
    assert scalars.number("-2") == -2
    for text in ("seven", "7.0", "1e3", "\u0667", "1234567"):
        assert _refusal(scalars.number, text)[0] == "This is not a whole number"
    assert _refusal(scalars.number, "\u20117")[0].startswith("There is a non-breaking hyphen")
