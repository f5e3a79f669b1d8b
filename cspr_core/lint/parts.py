"""The parts of a requirement, each with the place at which it stands, and what they have in common.

Shared by the rules; says nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cspr_core.lint.framework import Context
from cspr_core.model.arrangements import Requirement
from cspr_core.model.patterns import Period, Value
from cspr_core.reading.document import Document, Loc

LIMITS = ("within", "before", "around", "by")


def parts(context: Context, requirement: Requirement) -> Iterator[tuple[Loc, Value]]:
    """The requirement and every value within it, with the loc of each in the file."""
    yield from _parts(context.document, context.loc(requirement), requirement)


def key_of(value: Value, field: str) -> str:
    """The key under which a field is written: `from` for `from_`."""
    return type(value).model_fields[field].alias or field


def texts(requirement: Requirement) -> Iterator[tuple[str, str]]:
    """What the requirement says in words, and under which key: title, action, reading, note."""
    for key in ("title", "action", "reading", "note"):
        text = getattr(requirement, key)
        if text is not None:
            yield key, text


def periods(requirement: Requirement) -> Iterator[tuple[Loc, str, Period]]:
    """Every period of a limit: its keys from the requirement's entry on, and its form."""
    for form in LIMITS:
        period = getattr(requirement, form, None)
        if period is not None:
            yield (form,), form, period
    for index, value in enumerate(getattr(requirement, "values", ())):
        for form in LIMITS:
            period = getattr(value, form)
            if period is not None:
                yield ("values", index, form), form, period


def counted(period: Period) -> str:
    """A period in words: `7 working days`, `1 month`."""
    unit = (period.unit or "days").replace("_", " ")
    return f"{period.n} {unit.removesuffix('s') if period.n == 1 else unit}"


def data_at(document: Document, loc: Loc) -> Any:
    """What stands in the file at a loc; `None` where nothing does."""
    data = document.data
    for step in loc:
        inside = isinstance(data, dict) and step in data
        listed = isinstance(data, list) and isinstance(step, int) and step < len(data)
        if not (inside or listed):
            return None
        data = data[step]
    return data


def _parts(document: Document, loc: Loc, value: Any) -> Iterator[tuple[Loc, Value]]:
    if isinstance(value, Value):
        yield loc, value
        inside = [(key_of(value, name), inner) for name, inner in vars(value).items()]
    elif isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, (tuple, list)):
        listed = isinstance(data_at(document, loc), list)
        for index, inner in enumerate(value):
            # a single value may stand for a list of one
            yield from _parts(document, (*loc, index) if listed else loc, inner)
        return
    else:
        return
    written = data_at(document, loc)
    for key, inner in inside:
        # `by: {event: …}` is short for `by: {of: {event: …}}`
        short = isinstance(value, Period) and isinstance(written, dict) and key not in written
        yield from _parts(document, loc if short else (*loc, key), inner)
