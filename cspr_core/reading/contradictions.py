"""Entries of one case that cannot both be true.

Only true contradictions. Cases run in odd orders, and whether an order breaks a rule (a report
sent after publication, a de-brief before it) is for the requirements to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cspr_core.model.case import Event
from cspr_core.reading.consistency import Reading
from cspr_core.reading.problems import Problem
from cspr_core.reading.uses import Loc

Dated = tuple[int, Event, date]

# (the later event, the earlier one, whether both are about the same agency)
_ORDER = (
    ("information_returned", "information_requested", True),
    ("chronology_returned", "author_asked", True),
    ("analysis_returned", "author_asked", True),
    ("referral_answered", "referral_received", False),
    ("notified", "aware", False),
    ("rapid_review_sent", "aware", False),
    ("notification_withdrawn", "notified", False),
    ("publication", "decision", False),
    ("sign_off", "decision", False),
    ("taken_down", "publication", False),
)


def check_contradictions(reading: Reading) -> Iterator[Problem]:
    """Every pair of entries that cannot both be true, at the place of the later entry.

    1. nothing comes back before it was asked for, agency by agency
    2. nothing is sent, withdrawn, published, signed off or taken down before there can be such
    3. nobody hears of an incident, and nobody notifies it, before it happened
    4. a child's outcome and a recorded death agree
    5. nothing ends before it begins
    """
    by_type: dict[str, list[Dated]] = {}
    for n, event in enumerate(reading.case.events):
        if event.date is not None:
            by_type.setdefault(event.type, []).append((n, event, event.date))
    yield from _order(reading, by_type)
    yield from _incident(reading, by_type)
    yield from _deaths(reading)
    yield from _ends(reading)


def _order(reading: Reading, by_type: dict[str, list[Dated]]) -> Iterator[Problem]:
    for later, earlier, same_agency in _ORDER:
        for n, event, day in by_type.get(later, ()):
            agencies = event.agency if same_agency else (None,)
            for agency in agencies:
                first = min(
                    (
                        (d, i)
                        for i, e, d in by_type.get(earlier, ())
                        if (agency is None or agency in e.agency) and _share_child(event, e)
                    ),
                    default=None,
                )
                if first is None or day >= first[0]:
                    continue
                line = reading.document.place(("events", first[1])).line
                of = f" of `{agency}`" if agency else ""
                yield reading.problem(
                    ("events", n, "date"),
                    f"`{later}`{of} on {day} lies before `{earlier}` on {first[0]} (line {line})",
                    "Correct one of the two dates",
                )


def _share_child(a: Event, b: Event) -> bool:
    """Whether two events can be about one child; an event that names none is about all."""
    return not a.child or not b.child or not set(a.child).isdisjoint(b.child)


def _incident(reading: Reading, by_type: dict[str, list[Dated]]) -> Iterator[Problem]:
    happened = reading.case.incident.date
    if not isinstance(happened, date):
        return
    for name in ("aware", "notified", "death"):
        for n, _, day in by_type.get(name, ()):
            if day < happened:
                line = reading.document.place(("incident", "date")).line
                yield reading.problem(
                    ("events", n, "date"),
                    f"`{name}` on {day} lies before the incident of {happened} (line {line})",
                    "Correct one of the two dates",
                )


def _deaths(reading: Reading) -> Iterator[Problem]:
    children = reading.case.children
    for n, event in enumerate(reading.case.events):
        if event.type != "death" or event.date is None:
            continue
        for child in children:
            if event.child and child.id not in event.child:
                continue
            if child.outcome in {"seriously_harmed", "neither"}:
                yield reading.problem(
                    ("events", n),
                    f"A death is recorded of `{child.id}`, whose outcome is {child.outcome}",
                    "Write outcome: died"
                    if event.child or len(children) == 1
                    else "Say with `child:` who died, or write outcome: died",
                )


def _ends(reading: Reading) -> Iterator[Problem]:
    """What has a beginning and an end: begin, end and their keys, section by section."""
    case = reading.case
    pairs: list[tuple[Loc, str, object, str, object]] = []
    for name, group in case.groups.items():
        for n, member in enumerate(group.members):
            pairs.append((("groups", name, "members", n), "from", member.from_, "to", member.to))
    for n, form in enumerate(case.forms):
        pairs.append((("forms", n), "received", form.received, "returned", form.returned))
    for n, process in enumerate(case.parallel):
        pairs.append((("parallel", n), "opened", process.opened, "closed", process.closed))
    for n, delay in enumerate(case.delays):
        pairs.append((("delays", n), "arose", delay.arose, "agreed_due", delay.agreed_due))
    for loc, begin, began, end, ended in pairs:
        if isinstance(began, date) and isinstance(ended, date) and ended < began:
            yield reading.problem(
                (*loc, end),
                f"`{end}` {ended} lies before `{begin}` {began}",
                "Correct one of the two dates",
            )
