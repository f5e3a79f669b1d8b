"""What changed beside the requirements: documents, contacts, bodies, roles, words, gaps.

None of it decides a case by itself; it decides what is said, and to whom.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cspr_core.comparing.versions import Version
from cspr_core.comparing.yaml_lines import line_of
from cspr_core.model.arrangements import Arrangements, Body, Contact, Cover, Duty
from cspr_core.report.outline import dated
from cspr_core.report.words import Words, capital, day, listing, spaced

Section = Literal[
    "name", "covers", "not_covered", "bodies", "agencies", "roles", "words", "contacts"
]
TITLES: Mapping[Section, str] = {
    "name": "Name",
    "covers": "Documents",
    "not_covered": "Not covered",
    "bodies": "Bodies",
    "agencies": "Names of agencies",
    "roles": "Roles and their duties",
    "words": "Words of the area's own",
    "contacts": "Contacts",
}


@dataclass(frozen=True)
class SectionChange:
    """One entry of a section that was added, removed or changed; both values are in words."""

    section: Section
    change: Literal["removed", "changed", "re-dated", "added"]
    what: str
    was: str
    now: str
    old_line: int | None
    new_line: int | None


@dataclass(frozen=True)
class _Entry:
    """An entry in words; `days` are its dates, apart from the rest of it."""

    what: str
    text: str
    days: str
    line: int


_Entries = dict[tuple[str, ...], _Entry]


def section_changes(old: Version, new: Version) -> Iterator[SectionChange]:
    """Everything that changed beside the requirements, section by section."""
    before, after = _entries(old), _entries(new)
    for section in TITLES:
        was, now = before[section], after[section]
        for key in dict.fromkeys((*was, *now)):
            one, other = was.get(key), now.get(key)
            if one is None and other is not None:
                told = _whole(other)
                yield SectionChange(section, "added", other.what, "", told, None, other.line)
            elif one is not None and other is None:
                told = _whole(one)
                yield SectionChange(section, "removed", one.what, told, "", one.line, None)
            elif one is not None and other is not None and _whole(one) != _whole(other):
                change: Literal["changed", "re-dated"] = (
                    "changed" if one.text != other.text else "re-dated"
                )
                yield SectionChange(
                    section, change, other.what, _whole(one), _whole(other), one.line, other.line
                )


def _whole(entry: _Entry) -> str:
    return "; ".join(filter(None, (entry.text, entry.days)))


def _entries(version: Version) -> dict[Section, _Entries]:
    arrangements, document = version.plugin.arrangements, version.document
    words = Words(version.rules)

    def line(*loc: str | int, key: bool = False) -> int:
        return line_of(document, loc, key=key)

    def named(section: Section, given: Mapping[str, str]) -> _Entries:
        return {
            (word,): _Entry(capital(spaced(word)), text, "", line(section, word, key=True))
            for word, text in given.items()
        }

    return {
        "name": {(): _Entry("The partnership's name", arrangements.name, "", line("name"))},
        "covers": {
            (cover.document,): _Entry(
                cover.document, _cover(cover), cover_days(cover), line("covers", index)
            )
            for index, cover in enumerate(arrangements.covers)
        },
        "not_covered": {
            (text,): _Entry("", text, "", line("not_covered", index))
            for index, text in enumerate(arrangements.not_covered)
        },
        "bodies": named("bodies", {word: _body(b) for word, b in arrangements.bodies.items()}),
        "agencies": named("agencies", arrangements.agencies),
        "roles": _roles(arrangements, version),
        "words": {
            (word,): _Entry(word, text, "", line("words", word, key=True))
            for word, text in arrangements.words.items()
        },
        "contacts": _contacts(arrangements.contacts, words, version),
    }


def _cover(cover: Cover) -> str:
    under = f"written under {spaced(cover.written_under)}" if cover.written_under else ""
    stages = f"speaks of {listing(map(spaced, cover.stages))}" if cover.stages else ""
    return "; ".join(filter(None, (under, stages)))


def cover_days(cover: Cover) -> str:
    """The dates of a document: its own, since when it is in force, when it was checked."""
    force = cover.in_force_from
    return "; ".join(
        (
            f"dated {dated(cover.dated)}" if cover.dated else "undated",
            "held against any date" if force is None else f"in force from {day(force)}",
            f"checked {day(cover.checked)}",
        )
    )


def _body(body: Body) -> str:
    return f"{body.name} ({body.note.rstrip('.')})" if body.note else body.name


def _roles(arrangements: Arrangements, version: Version) -> _Entries:
    """The names of roles, and each duty by its role, stage and words."""
    found: _Entries = {}
    for word, profile in arrangements.roles.items():
        line = line_of(version.document, ("roles", word), key=True)
        found[word,] = _Entry(capital(spaced(word)), profile.name, "", line)
        for index, duty in enumerate(profile.duties):
            line = line_of(version.document, ("roles", word, "duties", index))
            found[word, duty.stage, duty.what] = _Entry(
                f"{profile.name}, {spaced(duty.stage)}", _duty(duty), "", line
            )
    return found


def _duty(duty: Duty) -> str:
    return f"{duty.what.rstrip('.')} ({duty.binding}; {duty.source.section})"


def _contacts(contacts: Sequence[Contact], words: Words, version: Version) -> _Entries:
    """Contacts by what they are for, and by their place among those for the same."""
    found: _Entries = {}
    for index, contact in enumerate(contacts):
        nth = sum(other.for_ == contact.for_ for other in contacts[:index])
        line = line_of(version.document, ("contacts", index))
        found[contact.for_, str(nth)] = _Entry(
            capital(words.name(contact.for_)), reach(contact), contact_days(contact), line
        )
    return found


def reach(contact: Contact) -> str:
    """How to reach a contact: name, role, e-mail, telephone, address; with its note."""
    parts = (contact.name, contact.role, contact.email, contact.phone, contact.url)
    told = ", ".join(filter(None, parts))
    return f"{told} ({contact.note.rstrip('.')})" if contact.note else told


def contact_days(contact: Contact) -> str:
    """Where and when a contact was published, and when it was last confirmed."""
    when = f", {dated(contact.as_of)}" if contact.as_of else ", undated"
    confirmed = contact.confirmed_on
    since = "never confirmed since" if confirmed is None else f"confirmed {day(confirmed)}"
    return f"published in {contact.published_in}{when}; {since}"
