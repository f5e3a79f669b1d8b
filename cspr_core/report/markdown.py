"""A report as a Markdown page, for minutes: what the table says, in the same order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cspr_core.report.outline import Item, Outline, sentence

# What would be read as markup; backticks are ours, and an underscore inside a word is none.
_MARKUP = re.compile(r"([\\*<>\[\]|#])")


def markdown_of(outline: Outline) -> str:
    """The report as Markdown, its headings from the first level."""
    lines = [f"# {_plain(outline.title)}", "", _plain(outline.against), ""]
    lines += [*(f"- {_plain(text)}" for text in outline.summary), ""]
    part = ""
    for section in outline.sections:
        if section.part != part:
            part = section.part
            lines += [f"## {part.capitalize()}", ""]
        lines += [f"{'###' if part else '##'} {section.title.capitalize()} ({section.count})", ""]
        previous = ""
        for item in section.items:
            if item.when and item.when != previous:
                previous = item.when
                lines += [f"**{item.when}**", ""]
            lines += [*_item(item), ""]
    lines += ["---", ""]
    lines += [f"- {label}: {_plain(text)}" for label, text in outline.closing]
    return "\n".join(lines) + "\n"


def _item(item: Item) -> Iterator[str]:
    yield f"- **{_plain(item.head)}**"
    for line in item.lines:
        yield f"  - {_plain(sentence(line))}"
    for label, text in item.notes:
        yield f"  - {label}: " + (f"`{text}`" if label == "Rule" else _plain(text))


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)
