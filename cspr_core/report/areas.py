"""What an area's arrangements hold, for reading: requirements, contacts.

These pages say what the rules are; what they come to for one case is `cspr check`'s to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from cspr_core.check import Rules
from cspr_core.model.arrangements import Arrangements, Contact, Hold, Limited, Requirement
from cspr_core.model.patterns import (
    Anchor,
    EventPattern,
    FormPattern,
    MeetingPattern,
    Period,
    Start,
)
from cspr_core.report.lines import wrapped
from cspr_core.report.outline import dated
from cspr_core.report.words import Words, amount, capital, day, listing, spaced
from cspr_core.vocabulary import vocabulary

_FORMS = ("within", "before", "around", "by")
_AUTHORITIES = {
    "statute": "an Act or regulations",
    "statutory_guidance": "statutory guidance",
    "panel_guidance": "the Panel's guidance",
    "local": "the area's own",
}
_WHO = {"agency": "the agency itself"}


# --- requirements -------------------------------------------------------------------------------


def chosen(rules: Rules, stage: str | None = None, kind: str | None = None) -> list[Requirement]:
    """The requirements of an area and of the nation, of a stage or a kind; by stage, then id."""
    stages = list(vocabulary().words("stages"))
    found = [lowered.requirement for lowered in rules.lowered]
    return sorted(
        (r for r in found if stage in (None, r.stage) and kind in (None, r.kind_name)),
        key=lambda r: (stages.index(r.stage), r.id),
    )


def requirement_values(rules: Rules, requirements: Iterable[Requirement]) -> list[dict[str, Any]]:
    """Requirements as plain values, for JSON; absent values are `None`."""
    words = Words(rules)
    return [
        {
            "id": r.id,
            "title": r.title,
            "kind": r.kind_name,
            "stage": r.stage,
            "binding": r.binding,
            "authority": r.authority,
            "limit": limit_words(words, rules, r),
            "who": r.who,
            "source": {"document": document_of(rules, r), "section": r.source.section},
            "reading": r.reading,
            "tightens": r.tightens,
            "verified": r.verified == "yes",
            "in_force_from": _iso(rules.in_force.get(r.id)),
        }
        for r in requirements
    ]


def requirements_page(rules: Rules, requirements: Sequence[Requirement], width: int) -> str:
    """Requirements as text, stage by stage."""
    words = Words(rules)
    lines = [f"{rules.plugin.arrangements.name}: {len(requirements)} requirements"]
    stage = ""
    for requirement in requirements:
        if requirement.stage != stage:
            stage = requirement.stage
            lines += ["", spaced(stage).upper()]
        lines += ["", *_requirement(words, rules, requirement, width)]
    return "\n".join(lines) + "\n"


def _requirement(words: Words, rules: Rules, r: Requirement, width: int) -> Iterator[str]:
    yield from wrapped(r.title, width, "  ")
    limit = limit_words(words, rules, r)
    binding = "Advice" if r.kind_name == "advice" else capital(r.binding)
    rows = [
        (binding, limit or "no date stated"),
        ("Who", who_words(words, r)),
        ("Source", f"{document_of(rules, r)}, {r.source.section}"),
        ("Read as", r.reading),
        ("Stricter than", r.tightens),
        ("Rule", f"{r.id} ({r.kind_name}, {_AUTHORITIES[r.authority]}{_mark(r)})"),
    ]
    for label, text in rows:
        if text:
            yield from wrapped(f"{label}: {text}", width, "    ", "      ")


def _mark(requirement: Requirement) -> str:
    values = getattr(requirement, "values", ())
    unsure = requirement.verified == "no" or any(value.verified == "no" for value in values)
    return ", not verified" if unsure else ""


def document_of(rules: Rules, requirement: Requirement) -> str:
    """The document that a requirement cites; the area's first where it names none."""
    return requirement.source.document or rules.plugin.arrangements.covers[0].document


def who_words(words: Words, requirement: Requirement) -> str:
    """Who acts, as the area calls them; empty where the source does not say."""
    who = requirement.who
    return "" if who is None else capital(_WHO.get(who) or words.name(who))


def limit_words(words: Words, rules: Rules, requirement: Requirement) -> str | None:
    """A requirement's limit in words: `within 7 working days of a request for information`."""
    if not isinstance(requirement, Limited | Hold):
        return None
    parts = list(_periods(words, rules, requirement))
    for value in requirement.values:
        text = "; ".join(_periods(words, rules, value))
        since = "" if value.in_force_from is None else f" (from {day(value.in_force_from)})"
        parts.append(text + (since if len(requirement.values) > 1 else ""))
    return "; ".join(parts) or None


def _periods(words: Words, rules: Rules, holder: object) -> Iterator[str]:
    for form in _FORMS:
        period = getattr(holder, form, None)
        if isinstance(period, Period):
            yield _period(words, rules, form, period)


def _period(words: Words, rules: Rules, form: str, period: Period) -> str:
    if period.as_ is not None:
        other = rules.by_id.get(period.as_)
        return f"as for {period.as_ if other is None else other.requirement.id}"
    start = _start(words, period.of)
    if form == "by":
        named = isinstance(period.of, Anchor) and period.of.field is not None
        return f"by {'the day named in ' if named else ''}{start}"
    length = amount(period.n or 0, period.unit or "days")
    if form == "before":
        return f"at least {length} before {start}"
    if form == "around":
        return f"at most {length} before or after {start}"
    return f"within {length} of {start}"


def _start(words: Words, start: Start | None) -> str:
    if isinstance(start, EventPattern | MeetingPattern | FormPattern):
        return words.done((start,))
    return "its own date" if hasattr(start, "subject") else "the incident"


# --- contacts -----------------------------------------------------------------------------------


def contacts_page(rules: Rules, as_of: date, width: int) -> str:
    """Contacts with their age: where and when published, when last confirmed."""
    arrangements, words = rules.plugin.arrangements, Words(rules)
    lines = [f"{arrangements.name}: contacts as of {day(as_of)}"]
    if not arrangements.contacts:
        lines += ["", "  The arrangements name no contact."]
    for contact in arrangements.contacts:
        lines += ["", *_contact(words, contact, as_of, width)]
    return "\n".join(lines) + "\n"


def _contact(words: Words, contact: Contact, as_of: date, width: int) -> Iterator[str]:
    yield from wrapped(capital(words.name(contact.for_)), width, "  ")
    rows = (
        ("Name", contact.name),
        ("Role", contact.role),
        ("E-mail", contact.email),
        ("Telephone", contact.phone),
        ("Web", contact.url),
        ("Published", age_words(contact, as_of)),
        ("Note", contact.note),
    )
    for label, text in rows:
        if text:
            yield from wrapped(f"{label}: {text}", width, "    ", "      ")


def age_words(contact: Contact, as_of: date) -> str:
    """`December 2020 (5 years ago) in …; never confirmed since`, in whole months or years.

    What has no date is `undated`.
    """
    published = "undated"
    if contact.as_of is not None:
        published = f"{dated(contact.as_of)} ({_ago(_day(contact.as_of), as_of)})"
    confirmed = contact.confirmed_on
    since = (
        "never confirmed since"
        if confirmed is None
        else f"last confirmed {day(confirmed)} ({_ago(confirmed, as_of)})"
    )
    return f"{published} in {contact.published_in}; {since}"


def _day(text: str) -> date:
    return date.fromisoformat(text if len(text) > len("2020-12") else f"{text}-01")


def _ago(then: date, now: date) -> str:
    months = (now.year - then.year) * 12 + now.month - then.month - (now.day < then.day)
    if months < 0:
        return "still to come"
    if months < 1:
        return "less than a month ago"
    if months < 12:  # noqa: PLR2004
        return f"{amount(months, 'months')} ago"
    years = months // 12
    return f"{years} year{'' if years == 1 else 's'} ago"


def covered(arrangements: Arrangements) -> str:
    """The documents that arrangements follow, with their dates, in one line."""
    return listing(
        f"{cover.document} ({dated(cover.dated)})" if cover.dated else cover.document
        for cover in arrangements.covers
    )


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
