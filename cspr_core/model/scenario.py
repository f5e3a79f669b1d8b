"""A scenario: a case, what is changed in it, and what has to come out. Values only.

How a scenario is read stands in `cspr_core.scenarios`, how it is played in `cspr_core.testing`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from cspr_core.model.case import Answer, Date, Entry, Subject, Text, Word
from cspr_core.model.scalars import refuse

MOST_EXPECTATIONS = 5
Status = Literal[
    "met",
    "met_late",
    "upcoming",
    "overdue",
    "breached",
    "undetermined",
    "pending",
    "not_applicable",
    "excused",
]


def _said(value: Any) -> Any:
    """Text that says something."""
    if isinstance(value, str) and not value.strip():
        raise refuse("There is no value here", "Say it in words")
    return value


def _few(value: Any) -> Any:
    """A list of at most five."""
    if isinstance(value, list) and len(value) > MOST_EXPECTATIONS:
        raise refuse(
            f"There are {len(value)} expectations here, and a scenario has at most"
            f" {MOST_EXPECTATIONS}",
            "Make a second scenario of the rest",
        )
    return value


Said = Annotated[Text, BeforeValidator(_said)]


class Change(Entry):
    """What is changed in the base case: first what goes, then what is replaced, then what comes.

    `remove` names keys (in a list), or goes down by keys to a list and gives of each entry that
    goes enough keys to know it by. `set` and `add` are merged key by key: `set` replaces what is
    there, `add` puts entries at the end of lists and keys where there are none.
    """

    remove: Any = None
    set: Any = None
    add: Any = None


class Expectation(Entry):
    """What one requirement has to come to for one subject on one day, and why (worked by hand).

    Without `subject`, the finding is about the case itself. `due`, `answer`, `done`, `binding` and
    `counted_from` (the event that the limit is counted from) are held against the finding where
    they are written; `null` says that there is to be none.
    """

    requirement: Word
    subject: Subject | None = None
    as_of: Date
    status: Status
    due: Date | None = None
    answer: Answer | None = None
    done: Date | None = None
    binding: Literal["must", "should"] | None = None
    counted_from: Word | None = None
    because: Said


class Scenario(Entry):
    """A scenario file: `base` is a case file, by its path from the scenario's own folder."""

    schema_: Literal["cspr.scenario/1"] = Field(alias="schema")
    title: Said
    base: Said
    change: Change | None = None
    expect: Annotated[tuple[Expectation, ...], Field(min_length=1), BeforeValidator(_few)]
