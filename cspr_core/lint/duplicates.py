"""CSPR203: one thing asked for twice, in the same words or with two limits."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.lint.parts import LIMITS, counted, periods
from cspr_core.model.arrangements import Limited, Requirement

CODE = "CSPR203"
TITLE = "The same thing is required twice"
SEVERITY: Severity = "warning"

# What only says something of a requirement, and is not what it asks for.
_WORDS = frozenset(
    {"id", "title", "action", "source", "reading", "note", "who", "checked", "stage", "verified"}
    | {"reference"}
)


def check(context: Context) -> Iterator[Message]:
    """Each pair that differs in words only, or only in how long the limit is."""
    asked = [(r, _asked(r)) for r in context.requirements if _says(r)]
    for (one, first), (other, second) in combinations(asked, 2):
        if first == second:
            yield context.about(
                other,
                f"`{other.id}` asks for what `{one.id}` asks for already",
                "Keep one of the two, or write what makes them different",
                "id",
            )
        elif isinstance(other, Limited) and _timeless(first) == _timeless(second):
            yield context.about(
                other,
                f"`{other.id}` asks for what `{one.id}` asks for, with another limit:"
                f" {_limits(other)} here, {_limits(one)} there",
                "Keep the limit that the document states, or write what makes them different",
                "id",
            )


def _says(requirement: Requirement) -> bool:
    """Whether what is asked for stands in keys: what minutes alone can show stands in words."""
    if requirement.kind_name == "advice":
        return False
    return not isinstance(requirement, Limited) or bool(requirement.met_by)


def _asked(requirement: Requirement) -> dict[str, Any]:
    return {k: v for k, v in requirement.model_dump(by_alias=True).items() if k not in _WORDS}


def _timeless(asked: dict[str, Any]) -> Any:
    """The same without how long: with the form of each limit and what it counts from."""
    values = [
        {k: _start(v) if k in LIMITS else v for k, v in value.items() if k not in _WORDS}
        for value in asked.get("values", ())
    ]
    own = {k: _start(v) if k in LIMITS else v for k, v in asked.items()}
    return {**own, "values": values}


def _start(period: Any) -> Any:
    return None if period is None else period["of"]


def _limits(requirement: Requirement) -> str:
    found = [counted(period) for _, _, period in periods(requirement) if period.n is not None]
    return " or ".join(found) or "none"
