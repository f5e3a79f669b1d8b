"""CSPR408: a limit whose figure is not the one that the requirement's own title gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cspr_core.lint.days import number_of
from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.lint.parts import counted, periods

CODE = "CSPR408"
TITLE = "The figure is not the one that the title gives"
SEVERITY: Severity = "error"

_SAID = re.compile(
    r"\b(\d+|[a-z]+)[\s-]+((?:working|business|calendar)[\s-]+)?(day|month)s?\b", re.IGNORECASE
)


def check(context: Context) -> Iterator[Message]:
    """Each requirement with one limit, and one such figure in its title, where the two differ.

    Whether days or working days are meant, CSPR404 says; a title with several figures, or a
    requirement with several limits, may mean either, and nothing is said.
    """
    for requirement in context.requirements:
        limits = [(loc, period) for loc, _, period in periods(requirement) if period.n is not None]
        said = [
            (n, found[0], found[3].lower())
            for found in _SAID.finditer(requirement.title)
            if (n := number_of(found[1])) is not None
        ]
        if len(limits) != 1 or len(said) != 1:
            continue
        (loc, period), (n, words, unit) = limits[0], said[0]
        if (period.unit == "months") == (unit == "month") and period.n != n:
            yield context.about(
                requirement,
                f"The limit of `{requirement.id}` is {counted(period)}, and its title says {words}",
                "Look in the source which of the two is right, and correct the other",
                *loc,
            )
