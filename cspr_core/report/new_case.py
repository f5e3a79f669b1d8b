"""A new case file: the few lines that the first hour of a case needs, with the unknown named.

It makes text only; what is written where, the command decides. Whether the text can be read, the
strict reader says: every new file is read back before it is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pydantic_core import PydanticCustomError

from cspr_core.model.scalars import key
from cspr_core.reading.case import CaseFile, check_case
from cspr_core.reading.document import parse_document
from cspr_core.reading.words import refuse_word
from cspr_core.schemas import FOLDER, modeline

MOST_CHILDREN = 6
OUTCOMES = ("died", "seriously_harmed", "neither", "unknown")


@dataclass(frozen=True)
class NewCase:
    """What is known when a case begins. Dates are calendar days; `incident` may be unknown."""

    area: str
    aware: date
    case: str | None = None
    incident: date | None = None
    outcome: str = "unknown"
    children: int = 1

    @property
    def reference(self) -> str:
        """The case's reference; without one of the office's, the area and the day of awareness."""
        return self.case or f"{self.area}-{self.aware.isoformat()}"


def case_text(new: NewCase) -> str:
    """The case file, at most 15 lines: what is not known is written as unknown.

    Its first line names to editors the schema that `cspr new` puts beside it (`put_schema`).

    Raises ValueError for fewer children than one or more than six.
    """
    if not 1 <= new.children <= MOST_CHILDREN:
        raise ValueError(f"A new case has from 1 to {MOST_CHILDREN} children.")
    happened = "unknown" if new.incident is None else new.incident.isoformat()
    incident = f"date: {happened}, area: unknown, residence: unknown, abuse_or_neglect: unknown"
    child = f"outcome: {new.outcome}, looked_after: unknown, care_leaver: unknown"
    return "\n".join(
        (
            modeline(FOLDER, "case"),
            "schema: cspr.case/1",
            f"case: {new.reference}",
            f"partnership: {new.area}",
            "children:",
            *(f"  - {{id: child_{n}, {child}}}" for n in range(1, new.children + 1)),
            f"incident: {{{incident}}}",
            "events:",
            "  # one line for each thing that happens; `planned:` for what is intended",
            f"  - {{type: aware, by: local_authority, date: {new.aware.isoformat()}}}",
            "",
        )
    )


def read_new(text: str, name: str, *, today: date | None) -> CaseFile:
    """The new file as the strict reader reads it; raises `BadInput`."""
    return check_case(parse_document(text, name), today=today)


def refuse_new(new: NewCase, as_of: date) -> tuple[str, ...]:
    """What is wrong with the options that a new case was asked for with, one line each."""
    problems: list[str] = []
    try:
        key(new.reference)
    except PydanticCustomError as error:
        context = error.context or {}
        problems.append(f"--case: {context['what']}. {context['remedy']}.")
    if new.outcome not in OUTCOMES:
        what, remedy = refuse_word(new.outcome, OUTCOMES)
        problems.append(f"--outcome: {what}. {remedy}.")
    if not 1 <= new.children <= MOST_CHILDREN:
        problems.append(
            f"--children: a new file has from 1 to {MOST_CHILDREN} children. Add more of them in"
            " the file."
        )
    if new.aware > as_of:
        problems.append("--aware: this day is still to come. Write the day on which it was known.")
    if new.incident is not None and new.incident > new.aware:
        problems.append(
            "--incident: this day is after the day of becoming aware. Correct one of the two."
        )
    return tuple(problems)
