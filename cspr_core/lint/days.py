"""CSPR404: days where the words say working days, or the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.lint.parts import counted, periods, texts
from cspr_core.model.arrangements import Requirement
from cspr_core.model.patterns import Period

CODE = "CSPR404"
TITLE = "Days and working days do not agree with the words"
SEVERITY: Severity = "error"

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
).split()
_NUMBER = rf"(\d+|{'|'.join(_WORDS)})"
_WORKING = re.compile(
    rf"(?<!not )\b{_NUMBER}[\s-]+(?:working|business)[\s-]+days?\b", re.IGNORECASE
)
_PLAIN = re.compile(rf"\b{_NUMBER}[\s-]+(?:calendar[\s-]+)?days?\b", re.IGNORECASE)
_EXPLAINED = re.compile(r"\b(?:calendar\s+days?|not\s+(?:as\s+)?working\s+days?)\b", re.IGNORECASE)
_ANY_WORKING = re.compile(r"\b(?:working|business)[\s-]+days?\b", re.IGNORECASE)


def check(context: Context) -> Iterator[Message]:
    """Each period whose unit is not the one that the requirement's own words give its number.

    A reading that speaks of calendar days, or says that working days are not meant, explains the
    plain days; any mention of working days explains those.
    """
    for requirement in context.requirements:
        said = _said(requirement)
        for loc, _, period in periods(requirement):
            key = _wrong(period, said)
            if key is not None:
                other = "days" if period.unit == "working_days" else "working days"
                yield context.about(
                    requirement,
                    f"The limit of `{requirement.id}` is {counted(period)}, and its {key} says"
                    f" {period.n} {other}",
                    "Count as the source does; where its words are not clear, say in `reading` how"
                    " they were taken",
                    *loc,
                )


def _said(requirement: Requirement) -> list[tuple[str, str]]:
    found = list(texts(requirement))
    found.append(("source", requirement.source.section))
    found += [
        ("reference", value.reference)
        for value in getattr(requirement, "values", ())
        if value.reference is not None
    ]
    return found


def _wrong(period: Period, said: list[tuple[str, str]]) -> str | None:
    """Under which key the words give the period another unit; nothing where they do not."""
    everything = " ".join(text for _, text in said)
    if period.unit == "days" and not _EXPLAINED.search(everything):
        other = _WORKING
    elif period.unit == "working_days" and not _ANY_WORKING.search(everything):
        other = _PLAIN
    else:
        return None
    for key, text in said:
        if any(number_of(found) == period.n for found in other.findall(text)):
            return key
    return None


def number_of(text: str) -> int | None:
    """The number that a word or figures mean; nothing for any other word."""
    if text.isdigit():
        return int(text)
    return _WORDS.index(text.lower()) if text.lower() in _WORDS else None
