"""A page of headings and lists to hand to somebody, as text or as Markdown.

It lays out and decides nothing; what stands on the page is made by its callers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cspr_core.report.lines import wrapped

_MARKUP = re.compile(r"([\\*<>\[\]|#])")


@dataclass(frozen=True)
class Entry:
    """One thing on a list, with notes below it (`When: …`); `source` closes it: a number."""

    text: str
    notes: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Block:
    """Entries, under a line of their own where `title` is not empty."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Part:
    """A heading, sentences below it, and blocks."""

    title: str
    blocks: tuple[Block, ...] = ()
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guide:
    """The whole page."""

    title: str
    sentences: tuple[str, ...]
    parts: tuple[Part, ...]


def guide_text(guide: Guide, width: int) -> str:
    """The page as plain text whose lines are at most `width` characters (long words apart)."""
    lines = wrapped(guide.title, width)
    for sentence in guide.sentences:
        lines += ["", *wrapped(sentence, width)]
    for part in guide.parts:
        lines += ["", *wrapped(part.title.upper(), width)]
        for sentence in part.sentences:
            lines += wrapped(sentence, width)
        for block in part.blocks:
            lines += ["", *wrapped(block.title, width, "  ")] if block.title else [""]
            for entry in block.entries:
                lines += _entry(entry, width)
    return "\n".join(lines) + "\n"


def _entry(entry: Entry, width: int) -> Iterator[str]:
    yield from wrapped(f"{entry.text}{_source(entry)}", width, "  - ", "    ")
    for note in entry.notes:
        yield from wrapped(note, width, "      ", "        ")


def guide_markdown(guide: Guide) -> str:
    """The page as Markdown, its headings from the first level."""
    lines = [f"# {escaped(guide.title)}", ""]
    for sentence in guide.sentences:
        lines += [escaped(sentence), ""]
    for part in guide.parts:
        lines += [f"## {escaped(part.title)}", ""]
        for sentence in part.sentences:
            lines += [escaped(sentence), ""]
        for block in part.blocks:
            lines += [f"**{escaped(block.title)}**", ""] if block.title else []
            for entry in block.entries:
                lines.append(f"- {escaped(entry.text + _source(entry))}")
                lines += [f"  - {escaped(note)}" for note in entry.notes]
            lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _source(entry: Entry) -> str:
    return f" [{entry.source}]" if entry.source else ""


def escaped(text: str) -> str:
    """Text in which nothing is read as Markdown's own; backticks are ours and stay."""
    return _MARKUP.sub(r"\\\1", text)
