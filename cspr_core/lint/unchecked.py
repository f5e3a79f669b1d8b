"""CSPR402: figures that nobody has held against their source for over a year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cspr_core import calendar
from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.reading.document import Loc

CODE = "CSPR402"
TITLE = "Not checked against its source for over a year"
SEVERITY: Severity = "warning"

MONTHS = 12


def check(context: Context) -> Iterator[Message]:
    """Each covered document, and each requirement with a day of its own, checked too long ago."""
    days: list[tuple[Loc, date, str]] = [
        (("covers", n, "checked"), cover.checked, "This document was last checked")
        for n, cover in enumerate(context.arrangements.covers)
    ]
    for requirement in context.requirements:
        if requirement.checked is not None:
            loc = context.loc(requirement, "checked")
            days.append((loc, requirement.checked, f"`{requirement.id}` was last checked"))
    for loc, day, what in days:
        if day > context.as_of:
            yield Message(
                loc,
                f"{what} on {day}, which is still to come",
                "Write the day on which somebody last held it against the text",
            )
        elif calendar.after(day, MONTHS, "months") < context.as_of:
            yield Message(
                loc,
                f"{what} on {day}, over a year before {context.as_of}",
                "Hold it against the current text of its source, and write that day",
            )
