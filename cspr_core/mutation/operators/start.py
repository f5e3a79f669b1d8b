"""Counted from another event: one that is easily taken for it, or another of the requirement's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cspr_core.mutation.change import Change, Loc, Raw, entries, flow, groups, listed, periods, put
from cspr_core.vocabulary import vocabulary

NAME = "start"
TITLE = "Counted from another event"
# Each event with the one that happens about then, or that people mean when they say it.
_TAKEN_FOR: Mapping[str, Raw] = {
    "incident": {"event": "aware"},
    "death": {"event": "aware"},
    "referral_received": {"event": "aware"},
    "aware": {"event": "notified", "to": "panel"},
    "notified": {"event": "aware"},
    "information_requested": {"event": "author_asked"},
    "rapid_review_sent": {"event": "decision"},
    "decision": {"event": "rapid_review_sent", "to": "panel"},
    "panel_response": {"event": "decision"},
    "reviewer_appointed": {"event": "decision"},
    "terms_of_reference": {"event": "reviewer_appointed"},
    "author_asked": {"event": "author_briefing"},
    "author_briefing": {"event": "author_asked"},
    "chronology_returned": {"event": "analysis_returned"},
    "analysis_returned": {"event": "chronology_returned"},
    "practitioner_event": {"event": "learning_event"},
    "draft_shared": {"event": "comment"},
    "comment": {"event": "draft_shared"},
    "sign_off": {"event": "publication"},
    "publication": {"event": "sign_off"},
    "report_sent": {"event": "publication"},
    "debrief": {"event": "publication"},
}
_BODY_TAKEN_FOR: Mapping[str, str] = {
    "rapid_review_group": "review_group",
    "review_group": "oversight_group",
    "oversight_group": "review_group",
    "executive": "oversight_group",
}
_KEPT = ("same", "as", "field")


def changes(raw: Raw) -> Iterator[Change]:
    """Each start of a limit (`of`, `since`, `ahead_of`, `governed_by`) as another one."""
    for loc, period in periods(raw):
        if isinstance(period.get("of"), dict):
            yield from _others(raw, (*loc, "of"), period["of"])
        elif "n" not in period and "as" not in period:
            yield from _others(raw, loc, period)  # a start that stands alone
    lists: list[Loc] = [(key,) for key in ("since", "ahead_of") if key in raw]
    lists += [
        ("values", number, "governed_by")
        for number, value in enumerate(raw.get("values") or [])
        if "governed_by" in value
    ]
    for place in lists:
        several = entries(raw, place)
        for loc, entry in several:
            yield from _others(raw, loc, entry, [other for _, other in several], str(place[-1]))


def _others(
    raw: Raw, loc: Loc, start: Any, there: Sequence[Any] = (), name: str = "counted from"
) -> Iterator[Change]:
    """One start as each other; what stands beside it already would only leave it out."""
    seen = [start, *there]
    for other in _candidates(raw, start):
        if other not in seen:
            seen.append(other)
            what = f"{name} {flow(start)} → {flow(other)}"
            yield Change(NAME, loc, what, put(raw, loc, other))


def _candidates(raw: Raw, start: Raw) -> Iterator[Raw]:
    if "meeting" in start:
        if (body := _BODY_TAKEN_FOR.get(start["meeting"])) is not None:
            yield {**start, "meeting": body}
        return
    name = start.get("event", "incident" if "incident" in start else None)
    if name in _TAKEN_FOR:
        yield _fitting(_TAKEN_FOR[str(name)], start)
    for key in ("met_by", "after", "since", "ahead_of", "within", "before", "around", "by"):
        if key in raw:
            for _, group in groups(raw[key]):
                if "event" in group and group["event"] != name:
                    yield _fitting({k: v for k, v in group.items() if k not in _KEPT}, start)


def _fitting(other: Raw, start: Raw) -> Raw:
    """The other event, tied to the subject as the first was, as far as it can be."""
    known = vocabulary().events.get(other["event"])
    has = {"child"} if known is None else {"child", *known.attributes}
    same = [name for name in listed(start.get("same", [])) if name in has or name == "recipient"]
    same = [name for name in same if name != "recipient" or "to" in has]
    kept: dict[str, Any] = {"same": same} if same else {}
    if "as" in start:
        kept["as"] = start["as"]
    if "field" in start and start["field"] in has:
        kept["field"] = start["field"]
    return {**{k: v for k, v in other.items() if k != "to" or "recipient" not in same}, **kept}
