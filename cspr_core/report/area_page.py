"""The page of a whole area in Markdown: what its arrangements hold, for people who read them.

Made from the arrangements and the national provisions alone, with nothing of the day on which it
is made, so that the same arrangements give the same page: `docs/areas` holds one for each area.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cspr_core.check import Rules
from cspr_core.model.arrangements import Contact, Cover, Limited, Requirement
from cspr_core.report.guide import escaped
from cspr_core.report.outline import dated
from cspr_core.report.roles import (
    BINDINGS,
    STAGES,
    is_person,
    role_name,
    role_names,
    tasks_of,
)
from cspr_core.report.timing import Timing
from cspr_core.report.words import Words, capital, listing, spaced
from cspr_core.vocabulary import vocabulary

_BINDINGS = {"must": "Must", "should": "Should", "advice": "Advice"}
_AUTHORITIES = {
    "statute": "an Act or regulations",
    "statutory_guidance": "statutory guidance",
    "panel_guidance": "the Panel's guidance",
}


def area_page(rules: Rules) -> str:
    """The page of an area, its headings from the first level."""
    return "\n".join(_Page(rules).lines()).rstrip("\n") + "\n"


class _Page:
    def __init__(self, rules: Rules) -> None:
        self.rules, self.arrangements = rules, rules.plugin.arrangements
        self.words, self.timing = Words(rules), Timing(rules)
        self.local = [lowered.requirement for lowered in rules.plugin.lowered]
        self.national = [lowered.requirement for lowered in rules.nation.lowered]

    def lines(self) -> Iterator[str]:
        area = self.rules.plugin.area
        yield from (f"# {escaped(self.arrangements.name)}", "")
        yield (
            f"Made from the area's arrangements by `cspr requirements {area} --format markdown`;"
            " change the arrangements, not this page."
        )
        yield ""
        parts = (
            ("What it covers", self._covers()),
            ("What it does not cover", _bullets(self.arrangements.not_covered)),
            ("Bodies", self._bodies()),
            ("Stages", self._stages()),
            ("Time limits", self._limits()),
            ("Requirements, stage by stage", self._requirements()),
            ("National duties that hold beside them", self._national()),
            ("Roles", self._roles()),
            ("Contacts, as published", self._contacts()),
            ("How unclear passages are read", self._readings()),
        )
        for title, lines in parts:
            yield from (f"## {title}", "", *lines, "")

    # --- the frame ----------------------------------------------------------------------------

    def _covers(self) -> Iterator[str]:
        yield from _table(
            ("Document", "Dated", "In force from", "Written under", "Last read"),
            (self._cover(cover) for cover in self.arrangements.covers),
        )
        yield ""
        yield (
            "A rule is held only against what began on or after the day on which its document came"
            " into force. The national duties hold besides, and alone wherever the document is"
            " silent."
        )

    def _cover(self, cover: Cover) -> Sequence[str]:
        force = "any date" if cover.in_force_from is None else _date(cover.in_force_from)
        under = spaced(cover.written_under or "").capitalize().replace("together", "Together")
        return (
            cover.document,
            dated(cover.dated) or "undated",
            force,
            under or "not said",
            _date(cover.checked),
        )

    def _bodies(self) -> Iterator[str]:
        if not self.arrangements.bodies:
            yield "The document names none."
            return
        meanings = vocabulary().words("bodies")
        yield from _table(
            ("Called here", "Word in a case file", "What it is"),
            (
                (body.name, f"`{word}`", " ".join(filter(None, (meanings.get(word), body.note))))
                for word, body in self.arrangements.bodies.items()
            ),
        )

    def _stages(self) -> Iterator[str]:
        rows = []
        for stage, meaning in vocabulary().words("stages").items():
            counts = [
                str(sum((r.stage, _binding(r)) == (stage, binding) for r in self.local))
                for binding in _BINDINGS
            ]
            national = sum(r.stage == stage for r in self.national)
            rows.append((_stage(stage), meaning, *counts, str(national)))
        yield from _table(("Stage", "What happens", *_BINDINGS.values(), "National"), rows)

    def _limits(self) -> Iterator[str]:
        yield (
            "“By the day of” something: done at the latest on that day. Working days leave out"
            " Saturdays, Sundays and public holidays; plain days leave out nothing."
        )
        yield ""
        rows = [
            (
                f"{r.title} (`{r.id}`)",
                limit.when,
                f"{limit.start}{f' ({limit.since})' if limit.since else ''}",
                self._who(r),
                _BINDINGS[_binding(r)],
                "" if r.tightens is None else f"`{r.tightens}`",
                r.source.section,
            )
            for r in self._by_stage([*self.local, *self.national])
            if isinstance(r, Limited)
            for limit in self.timing.limits(r)
        ]
        yield from _table(
            ("What", "When", "Counted from", "Who", "Binding", "Stricter than", "Section"), rows
        )

    # --- requirements -------------------------------------------------------------------------

    def _by_stage(self, requirements: Iterable[Requirement]) -> list[Requirement]:
        stages = list(vocabulary().words("stages"))
        return sorted(requirements, key=lambda r: stages.index(r.stage))

    def _requirements(self) -> Iterator[str]:
        for stage, meaning in vocabulary().words("stages").items():
            yield from (f"### {_stage(stage)}", "", meaning, "")
            chosen = [r for r in self.local if r.stage == stage]
            if not chosen:
                yield from ("The document lays nothing down here; see the national duties.", "")
            for binding, title in _BINDINGS.items():
                rows = [r for r in chosen if _binding(r) == binding]
                if rows:
                    yield from (f"**{title}**", "", *map(self._requirement, rows), "")

    def _requirement(self, r: Requirement, *more: str) -> str:
        """A requirement on two lines: what it is; then who, when, where it stands."""
        agency = r.who != "agency"  # else `who` says it
        told = (
            *more,
            self._labelled("Who", self._who(r)),
            self._labelled("When", self.timing.clause(r, agency=agency)),
            self._labelled("Section", r.source.section),
            self._labelled("Stricter than", f"`{r.tightens}`" if r.tightens else ""),
            f"`{r.id}`",
        )
        title = r.title if r.title.endswith("?") else f"{r.title}."
        return f"- **{escaped(title)}**<br>{escaped(' '.join(filter(None, told)))}"

    def _labelled(self, label: str, text: str) -> str:
        return f"{label}: {text}." if text else ""

    def _national(self) -> Iterator[str]:
        for r in self._by_stage(self.national):
            sure = r.verified == "yes" and all(
                value.verified == "yes" for value in getattr(r, "values", ())
            )
            yield self._requirement(
                r,
                f"{_BINDINGS[_binding(r)]}, by {_AUTHORITIES[r.authority]}.",
                self._labelled("Document", r.source.document or ""),
                "" if sure else "Not verified against the source's text.",
            )

    def _who(self, r: Requirement) -> str:
        return "" if r.who is None else role_name(self.words, r.who)

    # --- people, and what is read into the text -----------------------------------------------

    def _roles(self) -> Iterator[str]:
        yield (
            f"What one of them has to do, as a page to hand out: `cspr roles"
            f" {self.rules.plugin.area} ROLE`."
        )
        yield ""
        rows, silent = [], []
        for role, name in role_names(self.rules).items():
            tasks = tasks_of(self.rules, role).own
            counts = [str(sum(t.binding == binding for t in tasks)) for binding in BINDINGS]
            if tasks:
                rows.append((name, f"`{role}`", *counts))
            elif is_person(self.rules, role):
                silent.append(name.lower())
        yield from _table(("Called here", "ROLE", "Must", "Should", "May"), rows)
        if silent:
            yield ""
            yield f"Nothing is laid down by name for: {escaped(listing(silent))}."

    def _contacts(self) -> Iterator[str]:
        if not self.arrangements.contacts:
            yield "The document gives none."
            return
        yield from _table(
            ("For", "Contact", "Published", "Confirmed since", "Note"),
            (self._contact(contact) for contact in self.arrangements.contacts),
        )

    def _contact(self, contact: Contact) -> Sequence[str]:
        reach = (contact.name, contact.role, contact.email, contact.phone, contact.url)
        return (
            capital(self.words.name(contact.for_)),
            ", ".join(filter(None, reach)),
            f"{contact.published_in}, {dated(contact.as_of) or 'undated'}",
            "never" if contact.confirmed_on is None else _date(contact.confirmed_on),
            contact.note or "",
        )

    def _readings(self) -> Iterator[str]:
        readings: dict[str, list[str]] = {}
        for r in self._by_stage(self.local):
            if r.reading is not None:
                readings.setdefault(r.reading.strip(), []).append(r.title)
        if not readings:
            yield "The arrangements note none."
        for reading, titles in readings.items():
            yield f"- **{escaped('; '.join(titles))}.** {escaped(reading)}"


def _stage(stage: str) -> str:
    return capital(STAGES.get(stage) or spaced(stage))


def _binding(r: Requirement) -> str:
    return "advice" if r.kind_name == "advice" else r.binding


def _date(value: object) -> str:
    return dated(str(value))


def _bullets(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield f"- {escaped(text)}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(escaped(cell) for cell in row)} |"
