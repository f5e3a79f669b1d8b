"""CSPR406: contacts that nobody has confirmed for over a year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cspr_core import calendar
from cspr_core.lint.framework import Context, Message, Severity

CODE = "CSPR406"
TITLE = "A contact is old"
SEVERITY: Severity = "warning"

MONTHS = 12


def check(context: Context) -> Iterator[Message]:
    """Each contact published, and last confirmed, over a year ago, or without any date.

    A month of publication is taken as its last day.
    """
    for n, contact in enumerate(context.arrangements.contacts):
        confirmed, published = contact.confirmed_on, contact.as_of
        known = [day for day in (confirmed, _last(published)) if day is not None]
        key = "as_of" if confirmed is None else "confirmed_on"
        if not known:
            what = "This contact was published without a date and never confirmed"
        elif calendar.after(max(known), MONTHS, "months") < context.as_of:
            what = f"This contact was published in {published or 'a text without a date'}"
            last = f", last confirmed on {confirmed}" if confirmed else " and never confirmed"
            what += f"{last}: over a year before {context.as_of}"
        else:
            continue
        yield Message(
            ("contacts", n, key),
            what,
            "Ask whether it still holds, and write that day under `confirmed_on`",
        )


def _last(published: str | None) -> date | None:
    """The day of a date, or the last day of a month."""
    if published is None:
        return None
    if published.count("-") > 1:
        return date.fromisoformat(published)
    return calendar.before(
        calendar.after(date.fromisoformat(f"{published}-01"), 1, "months"), 1, "days"
    )
