"""A report as plain text for a console: short lines, no colour, no boxes."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from cspr_core.report.outline import Item, Outline, sentence

_GLUE = "\x00"
_TOGETHER = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?\d{1,2} [A-Z][a-z]{2,8} \d{4}|\d+ working days?|   Rule: \S+"
)


def table_of(outline: Outline, width: int) -> str:
    """The report as text whose lines are at most `width` characters (long words apart)."""
    lines = [*_wrapped(outline.title, width), *_wrapped(outline.against, width)]
    for text in outline.summary:
        lines += _wrapped(text, width, "", "  ")
    lines.append("")
    part = ""
    for section in outline.sections:
        if section.part != part:
            part = section.part
            lines += [_ruled(part, width), ""]
        lines += _wrapped(f"{section.title} ({section.count})", width)
        if section.note:
            lines += _wrapped(section.note, width)
        lines.append("")
        previous = ""
        for item in section.items:
            if item.when and item.when != previous:
                previous = item.when
                lines += _wrapped(item.when, width, "  ")
            lines += [*_item(item, width, "    " if item.when else "  "), ""]
    lines.append(_ruled("", width))
    for label, text in outline.closing:
        lines += _wrapped(f"{label}: {text}", width, "", "  ")
    return "\n".join(lines) + "\n"


def _item(item: Item, width: int, indent: str) -> Iterator[str]:
    yield from _wrapped(item.head, width, f"{indent}", f"{indent}")
    inner = f"{indent}  "
    for line in item.lines:
        yield from _wrapped(sentence(line), width, inner, f"{inner}  ")
    notes = [f"{label}: {text}" for label, text in item.notes]
    last = "   ".join(notes[-2:])
    if len(notes) > 1 and item.notes[-2][0] == "Who" and len(inner) + len(last) <= width:
        notes[-2:] = [last]  # who acts and by which rule, on one line
    for note in notes:
        yield from _wrapped(note, width, inner, f"{inner}  ")


def _ruled(title: str, width: int) -> str:
    return f"{'-' * 3} {title} {'-' * (width - len(title) - 5)}" if title else "-" * width


def _wrapped(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    # Dates and figures with their unit stay on one line, and so do the gaps that we mean.
    lines = textwrap.wrap(
        _TOGETHER.sub(lambda found: found[0].replace(" ", _GLUE), text),
        width,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_GLUE, " ") for line in lines]
