"""What a comparison can come to, and the dates over which limits are compared. Values only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from cspr_core.calendar import LAST_PUBLISHED
from cspr_core.report.words import day

Verdict = Literal["same", "stricter", "looser", "mixed", "cannot be compared"]


@dataclass(frozen=True)
class Calendar:
    """The dates from which limits are counted when they are compared: both ends included."""

    first: date
    last: date


# From the month in which the national duties began to the last year of published holidays.
PUBLISHED = Calendar(date(2018, 7, 1), LAST_PUBLISHED)


def known() -> str:
    """The words that go with each verdict on dates: a holiday may still be proclaimed."""
    return f"on the calendar known to {day(LAST_PUBLISHED)}"


@dataclass(frozen=True)
class Dates:
    """The first dates on which the new limit is looser than the old: starts and due dates.

    `old_opens` and `new_opens` are the first days of a limit around something.
    """

    old_start: date
    old_due: date
    new_start: date
    new_due: date
    old_opens: date | None = None
    new_opens: date | None = None


@dataclass(frozen=True)
class Comparison:
    """One aspect in which the new requirement differs from the old: the verdict is on the new.

    - stricter: never looser, and stricter somewhere; looser: the other way round
    - mixed: looser on some dates or in some point; stricter, or not comparable, in others
    - cannot be compared: nothing is proved either way, and `words` say why

    `words` is a clause in plain English without its full stop; `keys` are the keys of the YAML
    that it is about; `first` are the first dates on which a limit is looser; `may_be_later`: a
    limit that can't be compared counts from what comes later than the other's start.
    """

    aspect: str
    verdict: Verdict
    words: str
    keys: tuple[str, ...] = ()
    first: Dates | None = None
    may_be_later: bool = False


_OPPOSITE: dict[Verdict, Verdict] = {"stricter": "looser", "looser": "stricter"}


def opposite(verdict: Verdict) -> Verdict:
    """The verdict when old and new change places."""
    return _OPPOSITE.get(verdict, verdict)


def overall(comparisons: Iterable[Comparison | Verdict]) -> Verdict:
    """One verdict of several."""
    given = (one if isinstance(one, str) else one.verdict for one in comparisons)
    found = {verdict for verdict in given if verdict != "same"}
    if not found:
        return "same"
    if len(found) == 1:
        return found.pop()
    return "mixed" if found & {"looser", "mixed"} else "cannot be compared"
