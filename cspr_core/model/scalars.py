"""How single values are typed: text in, a typed value or a sentence that helps out.

A case file's scalars arrive as text (nothing is guessed from how they look), so `no`, `10:00`
and `01454` stay what the writer meant. Every refusal is a `PydanticCustomError` whose context
holds `what` is wrong and the `remedy`; neither quotes what could be free text or a name.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Any

from pydantic_core import PydanticCustomError

from cspr_core.model.characters import odd_character

# Narrower than the calendar, so that counting from any date stays inside it.
FIRST_YEAR, LAST_YEAR = 1992, 2098

WORD = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*\Z")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}\Z")
_SUBJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]{0,199}\Z")

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)\Z")
_MONTHS = {name[:3].lower(): n for n, name in enumerate(calendar.month_name) if n}
# What a date looks like that is none of ours is compiled when one is first met: hardly ever.
_DAY_FIRST = r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4}|\d{2})\Z"
_YEAR_FIRST = r"(\d{4})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{1,2})\Z"
_NAMED = (
    r"(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?([A-Za-z]{3,9})\.?,?[\s-]+"
    r"(\d{4}|\d{2})\Z"
)
_NAMED_US = r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\Z"
_WITH_TIME = r"(\d{4}-\d\d-\d\d)[T ]\s*\d{1,2}:\d\d"
_MONTH_ONLY = r"\d{4}-\d{1,2}\Z|\d{1,2}/\d{4}\Z|[A-Za-z]{3,9}\s+\d{4}\Z"
_NOT_YET = {"tbc", "tba", "tbd", "n/a", "na", "n/k", "nk", "none", "asap", "ongoing", "pending"}
_RELATIVE = {"today", "yesterday", "tomorrow", "now"}


def refuse(what: str, remedy: str) -> PydanticCustomError:
    """The error for one bad value: `what` is wrong and the `remedy`, without full stops."""
    return PydanticCustomError(
        "cspr",
        "{what}. {remedy}.",  # type: ignore[arg-type,unused-ignore]
        {"what": what, "remedy": remedy},
    )


def _scalar(value: Any, due: str) -> str:
    """The value as text, or a refusal that says what is `due` here."""
    if isinstance(value, str):
        return value
    if value is None:
        raise refuse("There is no value here", f"Write {due}, or leave the key out")
    if isinstance(value, dict):
        raise refuse("There are keys here where one value is due", f"Write {due}")
    if isinstance(value, (list, tuple)):
        raise refuse("There is a list here where one value is due", f"Write {due}")
    raise refuse("This value is not text", f"Write {due}")


def _year(text: str) -> int:
    """A year of two or four figures: `25` is 2025, `99` is 1999."""
    year = int(text)
    if len(text) == 4:  # noqa: PLR2004
        return year
    return year + (2000 if year < 70 else 1900)  # noqa: PLR2004


def _meant(year: int, month: int, day: int) -> str | None:
    """The ISO date of three numbers, or None where there is no such day."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found.isoformat() if FIRST_YEAR <= year <= LAST_YEAR else None


def _guess(text: str) -> tuple[str, str | None]:
    """What kind of date a person probably wrote, and the ISO date they probably meant."""
    if match := re.match(_WITH_TIME, text):
        return "This date has a time of day", match[1]
    if re.fullmatch(r"\d{8}", text):
        found = _meant(int(text[:4]), int(text[4:6]), int(text[6:]))
        if found is None:
            found = _meant(int(text[4:]), int(text[2:4]), int(text[:2]))
        return "This date has no hyphens", found
    if match := re.match(_YEAR_FIRST, text):
        return (
            "This date is not written as YYYY-MM-DD",
            _meant(int(match[1]), int(match[2]), int(match[3])),
        )
    if match := re.match(_DAY_FIRST, text):
        return (
            "This date is not written as YYYY-MM-DD",
            _meant(_year(match[3]), int(match[2]), int(match[1])),
        )
    if (match := re.match(_NAMED, text)) and match[2][:3].lower() in _MONTHS:
        return (
            "This date has its month in words",
            _meant(_year(match[3]), _MONTHS[match[2][:3].lower()], int(match[1])),
        )
    if (match := re.match(_NAMED_US, text)) and match[1][:3].lower() in _MONTHS:
        return (
            "This date has its month in words",
            _meant(int(match[3]), _MONTHS[match[1][:3].lower()], int(match[2])),
        )
    return "This is not a date", None


_AN_EXAMPLE = "Write year, month and day, for example 2026-03-12"


def _refuse_date(text: str) -> PydanticCustomError:
    stripped = text.strip()
    low = stripped.lower().rstrip(".?! ")
    if not stripped:
        return refuse("There is no date here", f"{_AN_EXAMPLE}, or leave the key out")
    if low in _RELATIVE:
        return refuse(
            f"`{low}` is not a date: it means another day whenever the file is read", _AN_EXAMPLE
        )
    if low in _NOT_YET or low == "unknown":
        return refuse(
            f"`{low}` is not a date",
            "Leave the entry out until its date is known; what is intended goes under `planned`",
        )
    if re.fullmatch(r"[34]\d{4}(\.\d+)?", stripped):  # 1982 to 2036 as a spreadsheet counts days
        day = date(1899, 12, 30) + timedelta(days=int(stripped[:5]))
        return refuse("This is a date as Excel stores it", f"Write {day.isoformat()}")
    if re.match(_MONTH_ONLY, stripped) and not re.match(_DAY_FIRST, stripped):
        return refuse("This date has no day", _AN_EXAMPLE)
    kind, meant = _guess(stripped)
    if meant is None:
        return refuse(kind, _AN_EXAMPLE)
    british = " (read the British way, day first)" if re.match(_DAY_FIRST, stripped) else ""
    return refuse(kind, f"Write {meant}{british}")


def iso_date(value: Any) -> date:
    """A day written as `2026-03-12`; every other style is refused with what was probably meant.

    Raises `PydanticCustomError` for another style, for a day that does not exist, and for a
    year outside 1992 to 2098.
    """
    if type(value) is date:
        return value
    text = _scalar(value, "a date such as 2026-03-12")
    match = _ISO.match(text)
    if match is None:
        raise _refuse_odd(text) or _refuse_date(text)
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise _refuse_impossible(int(match[1]), int(match[2]), int(match[3])) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise refuse(
            f"The year {found.year:04} cannot be right",
            f"Write a year from {FIRST_YEAR} to {LAST_YEAR}",
        )
    return found


def _refuse_impossible(year: int, month: int, day: int) -> PydanticCustomError:
    if not 1 <= month <= 12:  # noqa: PLR2004
        swapped = _meant(year, day, month)
        if swapped:
            return refuse(f"There is no month {month}", f"Write {swapped} if that was meant")
        return refuse(f"There is no month {month}", "Write a month from 01 to 12")
    if year < 1:
        return refuse(
            "The year 0000 cannot be right", f"Write a year from {FIRST_YEAR} to {LAST_YEAR}"
        )
    last = calendar.monthrange(year, month)[1]
    name = calendar.month_name[month]
    return refuse(
        f"There is no {day} {name} {year}" if day else "There is no day 00",
        f"Write a day from 01 to {last}: {name} {year} ends on the {last}{_th(last)}",
    )


def _th(day: int) -> str:
    return {30: "th", 31: "st", 28: "th", 29: "th"}[day]


def _refuse_odd(text: str) -> PydanticCustomError | None:
    """A refusal that names a word processor's character in the value, if there is one."""
    found = odd_character(text)
    return refuse(*found) if found else None


_PERSONAL = (
    (re.compile(r"[^@\s]+@[^@\s]+"), "looks like an e-mail address"),
    (re.compile(r"\d{3}[ -]?\d{3}[ -]?\d{4}\Z"), "looks like an NHS number"),
    (re.compile(r"(\+?44|0)[\d ()-]{8,13}\Z"), "looks like a telephone number"),
    (re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\Z", re.IGNORECASE), "looks like a postcode"),
    (re.compile(r"[A-Z][a-z'’]+([ _.-]+[A-Z][a-z'’-]+)+\Z"), "looks like a person's name"),
    (re.compile(r"[A-Z][a-z]+([A-Z][a-z]+)?\Z"), "looks like a person's name"),
)
_PSEUDONYM = (
    "Use a pseudonym such as child_1, p1 or NH-2026-03; who is who goes into the identities file"
)


def _refuse_key(text: str) -> PydanticCustomError:
    for pattern, looks in _PERSONAL:
        if pattern.match(text):
            return refuse(f"This id {looks}", _PSEUDONYM)
    if not text.strip():
        return refuse("There is no value here", "Write an id such as p1, or leave the key out")
    if odd := _refuse_odd(text):
        return odd
    if re.search(r"\s", text):
        return refuse(
            "An id has no spaces in it",
            f"Write underscores for them. If it is a name, {_PSEUDONYM[0].lower()}{_PSEUDONYM[1:]}",
        )
    return refuse(
        "An id has letters, figures, hyphens, full stops and underscores only, at most 60",
        _PSEUDONYM,
    )


def key(value: Any) -> str:
    """An id: letters, figures, `-`, `_`, `.`; never what looks like a name or a number of a person.

    Raises `PydanticCustomError`, which does not quote the value.
    """
    text = _scalar(value, "an id such as p1")
    if not _KEY.match(text) or _looks_personal(text):
        raise _refuse_key(text)
    return text


def _looks_personal(text: str) -> bool:
    # Lower case with letters and figures mixed is the usual pseudonym: quick to let through.
    if WORD.match(text) and not _PERSONAL[3][0].match(text):
        return False
    return any(pattern.match(text) for pattern, _ in _PERSONAL)


def subject(value: Any) -> str:
    """What a requirement is about, as the report names it: an id, or ids joined by `/`."""
    text = _scalar(value, "the id that the report shows, for example police")
    if not _SUBJECT.match(text):
        raise _refuse_key(text)
    for part in text.split("/"):
        if _looks_personal(part):
            raise _refuse_key(part)
    return text


def word(value: Any) -> str:
    """A word in lower case with underscores, perhaps with its area: `northamptonshire.referral`.

    Raises `PydanticCustomError`, which does not quote the value.
    """
    text = _scalar(value, "one word in lower case, for example review_group")
    if WORD.match(text):
        return text
    if not text.strip():
        raise refuse("There is no value here", "Write one word, or leave the key out")
    raise _refuse_odd(text) or refuse(
        "This is not one word in lower case",
        "Write lower case letters, with underscores for spaces, for example review_group",
    )


def choice(value: Any) -> str:
    """Text where a word of a list is due; the list is looked up later, with the nearest named."""
    text = _scalar(value, "one of the words that may stand here")
    if not text.strip():
        raise refuse(
            "There is no value here",
            "Write one of the words that may stand here, or leave the key out",
        )
    return text


def text(value: Any) -> str:
    """Free text: anything that is one value. It is never quoted, and decides nothing."""
    return _scalar(value, "text")


def number(value: Any) -> int:
    """A whole number in figures, of at most six digits."""
    if type(value) is int:
        return value
    found = _scalar(value, "a whole number in figures, for example 7")
    if not re.fullmatch(r"-?[0-9]{1,6}", found):
        raise _refuse_odd(found) or refuse(
            "This is not a whole number", "Write it in figures, for example 7"
        )
    return int(found)
