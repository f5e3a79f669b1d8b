"""Areas side by side as Markdown: a table for each topic, an area a column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cspr_core.comparing.compare_text import (
    NONE,
    NOT_NAMED,
    limit_note,
    limit_words,
    silence,
    title_of,
)
from cspr_core.comparing.side_by_side import PARTS, Column, Entry, SideBySide, Topic, Words_
from cspr_core.report.guide import escaped


def markdown_of(compared: SideBySide) -> str:
    """The comparison as Markdown, its headings from the first level."""
    return "\n".join(_lines(compared)).rstrip("\n") + "\n"


def _lines(compared: SideBySide) -> Iterator[str]:
    yield from (f"# {escaped(title_of(compared))}", "")
    areas = compared.areas
    yield from _words(PARTS["documents"], areas, compared.documents)
    yield from _words("How many rules each has of its own", areas, compared.counts)
    if compared.limits:
        yield from (f"## {PARTS['deadlines']}", "")
        yield from _head("What", compared.columns)
        for row in compared.limits:
            cells = [
                _cell([escaped(words) for words in limit_words(cell)], silent)
                for cell, silent in zip(row.cells, row.silent, strict=True)
            ]
            label = f"{row.label}. {row.between}" if row.between else row.label
            yield f"| {escaped(label)} | {' | '.join(cells)} |"
        yield from ("", limit_note(), "")
    yield from _words(PARTS["bodies"], areas, (*compared.bodies, *compared.roles), NOT_NAMED)
    for stage in compared.stages:
        yield from (f"## {stage.title}", "")
        for topic in stage.topics:
            yield from _topic(topic, compared)
    yield from _words(PARTS["contacts"], areas, compared.contacts)
    yield from _words(PARTS["not_covered"], areas, compared.not_covered)


def _words(
    title: str, columns: Sequence[Column], rows: Sequence[Words_], silent: str = NONE
) -> Iterator[str]:
    if not rows:
        return
    yield from (f"## {title}", "")
    yield from _head("", columns)
    for row in rows:
        cells = [_cell([escaped(text) for text in cell], silent) for cell in row.cells]
        yield f"| {escaped(row.label)} | {' | '.join(cells)} |"
    yield ""


def _head(first: str, columns: Sequence[Column]) -> Iterator[str]:
    yield f"| {first} | {' | '.join(column.short for column in columns)} |"
    yield f"|{'---|' * (len(columns) + 1)}"


def _cell(texts: Sequence[str], silent: str) -> str:
    if len(texts) > 1:
        return "<br>".join(f"• {text}" for text in texts)
    return texts[0] if texts else f"*{silent}*"


def _topic(topic: Topic, compared: SideBySide) -> Iterator[str]:
    yield from (f"### {topic.title}", "")
    if topic.shared:
        yield from _head("What", compared.columns)
        for row in topic.shared:
            cells = [
                _cell([_entry(entry) for entry in cell], silent)
                for cell, silent in zip(row.cells, row.silent, strict=True)
            ]
            yield f"| {escaped(row.label)} | {' | '.join(cells)} |"
        yield ""
    lead = "Besides, in" if topic.shared else "In"
    for column, cell in zip(compared.columns, topic.besides, strict=True):
        if cell:
            yield from (f"{lead} {column.short}:", "")
            yield from (f"- {_entry(entry)}" for entry in cell)
            yield ""
    if not topic.shared and topic.silent:
        yield from (silence(topic), "")


def _entry(entry: Entry) -> str:
    when = f"; {entry.when}" if entry.when else ""
    more = f" {' '.join(entry.more)}" if entry.more else ""
    return f"{escaped(entry.title + when)} (**{entry.verb}**).{escaped(more)}"
