"""Areas side by side as plain text for a console, one below the other under each matter.

A line of 79 columns has no room for columns of text, so each area has lines of its own, with its
name before them. Unless all of it is asked for, the whole comparison names the matters of which
areas speak, and leaves what they say of them to `--topic` and `--stage`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cspr_core.comparing.side_by_side import (
    DUTY_APPLIES,
    PARTS,
    Column,
    Entry,
    Limit,
    Row,
    SideBySide,
    Stage,
    Topic,
    Words_,
)
from cspr_core.plugins import NATIONAL
from cspr_core.report.lines import wrapped
from cspr_core.report.words import listing
from cspr_core.strictness import known

NONE = "none"
NOT_NAMED = "not named"


def title_of(compared: SideBySide) -> str:
    """What is compared, in one line."""
    return f"Arrangements side by side: {listing(area.short for area in compared.areas)}"


def limit_note() -> str:
    """What stricter and looser are said of."""
    return (
        f"Stricter and looser are said of the limits alone, {known()}. A “should” binds less than a"
        " “must”, whatever its limit."
    )


def limit_words(limits: Sequence[Limit]) -> list[str]:
    """The limits of a cell; with the titles of their rules where they differ."""
    told = [f"({limit.verb}{f'; {limit.beside}' if limit.beside else ''})" for limit in limits]
    plain = [f"{limit.words} {verb}" for limit, verb in zip(limits, told, strict=True)]
    if len(set(plain)) == 1:
        return plain[:1]
    return [f"{limit.title}: {words}" for limit, words in zip(limits, plain, strict=True)]


def silence(topic: Topic) -> str:
    """Which areas say nothing of a topic; empty where each says something."""
    if not topic.silent:
        return ""
    duty = any(row.silent[-1] == DUTY_APPLIES for row in topic.rows)
    names = listing(column.short for column in topic.silent)
    return f"No local rule in {names}{': the national duty applies' if duty else ''}."


def text_of(compared: SideBySide, width: int, *, everything: bool = False) -> str:
    """The comparison in lines of at most `width` (longer words apart)."""
    return "\n".join(_Page(compared, width, everything=everything).lines()) + "\n"


class _Page:
    def __init__(self, compared: SideBySide, width: int, *, everything: bool) -> None:
        self.compared, self.width = compared, width
        self.brief = compared.whole and not everything
        self.room = max(len(c.short) for c in compared.columns) + 6

    def lines(self) -> Iterator[str]:
        compared = self.compared
        yield from wrapped(title_of(compared), self.width)
        yield from self._words("documents", compared.documents)
        yield from self._counts()
        yield from self._limits()
        yield from self._words("bodies", compared.bodies, NOT_NAMED)
        if not self.brief:
            yield from self._words("", compared.roles, NOT_NAMED)
        if self.brief:
            yield from ("", "WHAT THE AREAS SPEAK OF")
        for stage in compared.stages:
            yield from ("", self._ruled(stage.title.upper()))
            yield from self._outline(stage) if self.brief else self._stage(stage)
        yield from self._end()

    def _end(self) -> Iterator[str]:
        compared = self.compared
        if not self.brief:
            yield from self._words("contacts", compared.contacts)
            yield from self._words("not_covered", compared.not_covered)
            if not any((compared.documents, compared.limits, compared.bodies, compared.stages,
                        compared.contacts, compared.not_covered)):  # fmt: skip
                yield from ("", "  None of these areas says anything of it, nor does the nation.")
            return
        areas = " ".join(area.area for area in compared.areas)
        yield from ("", self._ruled(""))
        yield from (
            "What they say of it, word for word beside each other:",
            f"  cspr compare {areas} --topic practitioners",
            f"  cspr compare {areas} --stage publication",
            "Contacts and what is not covered: --topic contacts, --topic not_covered",
            f"All of it: --all, or --format html --out {areas.replace(' ', '-')}.html",
        )

    def _ruled(self, title: str) -> str:
        return f"--- {title} {'-' * (self.width - len(title) - 5)}" if title else "-" * self.width

    # --- words --------------------------------------------------------------------------------

    def _counts(self) -> Iterator[str]:
        """The rules of each area by stage, in columns where they have room."""
        rows = self.compared.counts
        if not rows:
            return
        heads = [area.short for area in self.compared.areas]
        yield from ("", "HOW MANY RULES EACH HAS OF ITS OWN", "")
        first = max(len(row.label) for row in rows)
        if first + sum(len(head) + 2 for head in heads) + 2 > self.width:
            for row in rows:
                told = zip(heads, row.cells, strict=True)
                text = ", ".join(f"{head} {cell[0]}" for head, cell in told)
                yield from wrapped(f"{row.label}: {text}", self.width, "  ", "    ")
            return
        yield f"  {' ' * first}" + "".join(f"  {head}" for head in heads)
        for row in rows:
            cells = (f"  {c[0]:>{len(head)}}" for head, c in zip(heads, row.cells, strict=True))
            yield f"  {row.label:<{first}}" + "".join(cells)

    def _words(self, part: str, rows: Sequence[Words_], silent: str = NONE) -> Iterator[str]:
        if rows and part:
            yield from ("", PARTS[part].upper())
        for row in rows:
            yield ""
            if row.label:
                yield f"  {row.label}"
            for column, cell in zip(self.compared.areas, row.cells, strict=True):
                yield from self._cell(column, list(cell) or [silent])

    def _cell(self, column: Column, texts: Sequence[str]) -> Iterator[str]:
        """A column's texts, with its name before the first of them."""
        bullet = "- " if len(texts) > 1 else ""
        for index, text in enumerate(texts):
            yield from wrapped(
                f"{bullet}{text}",
                self.width,
                self._head(column, index),
                self._head(column, 1) + " " * len(bullet),
            )

    def _head(self, column: Column, index: int) -> str:
        return " " * self.room if index else f"{f'    {column.short}':<{self.room}}"

    def _limits(self) -> Iterator[str]:
        if not self.compared.limits:
            return
        yield from ("", PARTS["deadlines"].upper())
        for row in self.compared.limits:
            yield from ("", f"  {row.label}")
            cells = zip(self.compared.columns, row.cells, row.silent, strict=True)
            for column, cell, silent in cells:
                if cell or column.area != NATIONAL:
                    yield from self._cell(column, limit_words(cell) or [silent])
            if row.between:
                yield from wrapped(row.between, self.width, "    ")
        yield ""
        yield from wrapped(limit_note(), self.width, "  ")

    # --- requirements -------------------------------------------------------------------------

    def _outline(self, stage: Stage) -> Iterator[str]:
        """The matters of each topic, by who speaks of them."""
        for topic in stage.topics:
            counted = zip(self.compared.columns, topic.counts, strict=True)
            counts = ", ".join(f"{c.short} {n}" for c, n in counted if n)
            yield ""
            yield from wrapped(f"{topic.title} ({counts})", self.width, "  ", "    ")
            for who, labels in self._speaking(topic):
                text = f"{who}: {'; '.join(labels)}"
                yield from wrapped(text, self.width, "    ", "      ")
            if quiet := silence(topic):
                yield from wrapped(quiet, self.width, "    ", "      ")

    def _speaking(self, topic: Topic) -> Iterator[tuple[str, list[str]]]:
        """Matters under the names of the areas that speak of them, most areas first."""
        found: dict[tuple[str, ...], list[str]] = {}
        for row in topic.rows:
            cells = zip(self.compared.columns, row.cells, strict=True)
            areas = tuple(c.short for c, cell in cells if cell and c.area != NATIONAL)
            found.setdefault(areas, []).append(row.label)
        for areas in sorted(found, key=lambda areas: -len(areas)):
            everyone = len(areas) == len(self.compared.areas)
            both = "Both" if len(areas) == 2 else "All"  # noqa: PLR2004
            who = both if everyone else listing(areas) or "National duty alone"
            yield who, found[areas]

    def _stage(self, stage: Stage) -> Iterator[str]:
        for topic in stage.topics:
            yield from ("", topic.title.upper())
            for row in topic.shared:
                yield from ("", f"  {row.label}")
                yield from self._row(row)
            lead = "Besides, in" if topic.shared else "In"
            for column, cell in zip(self.compared.columns, topic.besides, strict=True):
                if cell:
                    yield from ("", f"  {lead} {column.short}")
                for entry in cell:
                    yield from self._entry(entry, "    - ")
            if not topic.shared and topic.silent:
                yield from ("", f"  {silence(topic)}")

    def _row(self, row: Row) -> Iterator[str]:
        for column, cell, silent in zip(self.compared.columns, row.cells, row.silent, strict=True):
            if not cell and column.area != NATIONAL:
                yield from self._cell(column, [silent])
            bullet = "- " if len(cell) > 1 else ""
            for index, entry in enumerate(cell):
                yield from self._entry(entry, f"{self._head(column, index)}{bullet}")

    def _entry(self, entry: Entry, first: str) -> Iterator[str]:
        when = f"; {entry.when}" if entry.when else ""
        rest = " " * len(first)
        yield from wrapped(f"{entry.title}{when} ({entry.verb})", self.width, first, rest)
        if entry.more:
            yield from wrapped(_joined(entry.more), self.width, f"{rest}  ")


def _joined(sentences: Iterable[str]) -> str:
    return " ".join(sentences)
