"""CSPR207: dated values of a limit that no date can ever choose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.model.arrangements import DatedValue

CODE = "CSPR207"
TITLE = "A dated value that never holds"
SEVERITY: Severity = "error"


def check(context: Context) -> Iterator[Message]:
    """Each value that a later entry in the list always takes the place of.

    Of several values in force the last in the list holds, so that an entry is dead where one
    after it is in force from the same day or sooner and is governed by the same events.
    """
    for requirement in context.requirements:
        values: tuple[DatedValue, ...] = getattr(requirement, "values", ())
        for index, value in enumerate(values):
            for later in values[index + 1 :]:
                if _governed(later) == _governed(value) and _from(later) <= _from(value):
                    yield context.about(
                        requirement,
                        f"This value of `{requirement.id}`, {_since(value)}, never holds: a"
                        f" value after it holds {_since(later)}",
                        "Put the values in order of `in_force_from`, each with a day of its own",
                        "values",
                        index,
                    )
                    break


def _from(value: DatedValue) -> date:
    return value.in_force_from or date.min


def _since(value: DatedValue) -> str:
    return f"from {value.in_force_from}" if value.in_force_from else "from any date"


def _governed(value: DatedValue) -> object:
    """What decides whether the value holds: the events named, or what it counts from."""
    periods = (value.within, value.before, value.around, value.by)
    return value.governed_by or tuple(p.of for p in periods if p is not None)
