"""Guidance as Markdown, its flowcharts as Mermaid source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cspr_core.report.guidance.document import (
    Block,
    Bullets,
    Chapter,
    Guidance,
    Paragraph,
    Picture,
    Step,
    Table,
    Text,
    led,
)
from cspr_core.report.guidance.mermaid import mermaid_of
from cspr_core.report.guide import escaped

_SLUG = re.compile(r"[^a-z0-9 -]")


def markdown_of(guidance: Guidance) -> str:
    """The document as Markdown, its headings from the first level."""
    return "\n".join(_lines(guidance)).rstrip("\n") + "\n"


def _lines(guidance: Guidance) -> Iterator[str]:
    yield from (f"# {escaped(guidance.title)}", "", f"**{escaped(guidance.partnership)}**", "")
    yield from (f"- {escaped(label)}: {escaped(text)}" for label, text in guidance.facts)
    yield ""
    for notice in guidance.notice:
        yield from (escaped(notice), "")
    yield from ("## Contents", "")
    for chapter in guidance.chapters:
        name = _name(chapter)
        slug = _SLUG.sub("", name.lower()).replace(" ", "-")
        yield f"- [{escaped(name)}](#{slug})"
    yield ""
    for chapter in guidance.chapters:
        yield from (f"## {escaped(_name(chapter))}", "")
        for section in chapter.sections:
            if section.title:
                yield from (f"### {escaped(section.title)}", "")
            yield from _blocks(section.blocks)


def _name(chapter: Chapter) -> str:
    return f"{chapter.number} {chapter.title}"


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for lead, group in led(blocks):
        if lead:
            yield from (_text(lead), "")
        for block in group:
            yield from _block(block)
        if isinstance(group[-1], Step):
            yield ""


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield from (_text(block.text), "")
    elif isinstance(block, Step):
        yield f"- **{block.number}** {_text(block.text)}"
    elif isinstance(block, Bullets):
        yield from (f"- {_text(item)}" for item in block.items)
        yield ""
    elif isinstance(block, Table):
        yield f"| {' | '.join(block.head)} |"
        yield f"|{'---|' * len(block.head)}"
        yield from (f"| {' | '.join(map(_text, row))} |" for row in block.rows)
        yield ""
    elif isinstance(block, Picture):
        yield from (f"{escaped(block.caption)}:", "", "```mermaid")
        yield mermaid_of(block.flow).rstrip("\n")
        yield from ("```", "")


def _text(text: Text) -> str:
    return "".join(f"**{escaped(run.text)}**" if run.strong else escaped(run.text) for run in text)
