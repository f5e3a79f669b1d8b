"""A report as plain text for a console: short lines, no colour, no boxes."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.report.lines import wrapped
from cspr_core.report.outline import Item, Outline, sentence


def table_of(outline: Outline, width: int) -> str:
    """The report as text whose lines are at most `width` characters (long words apart)."""
    lines = [*wrapped(outline.title, width), *wrapped(outline.against, width)]
    for text in outline.summary:
        lines += wrapped(text, width, "", "  ")
    lines.append("")
    part = ""
    for section in outline.sections:
        if section.part != part:
            part = section.part
            lines += [_ruled(part, width), ""]
        lines += wrapped(f"{section.title} ({section.count})", width)
        lines.append("")
        previous = ""
        for item in section.items:
            if item.when and item.when != previous:
                previous = item.when
                lines += wrapped(item.when, width, "  ")
            lines += [*_item(item, width, "    " if item.when else "  "), ""]
    lines.append(_ruled("", width))
    for label, text in outline.closing:
        lines += wrapped(f"{label}: {text}", width, "", "  ")
    return "\n".join(lines) + "\n"


def _item(item: Item, width: int, indent: str) -> Iterator[str]:
    yield from wrapped(item.head, width, f"{indent}", f"{indent}")
    inner = f"{indent}  "
    for line in item.lines:
        bullet = "- " if item.listed else ""
        yield from wrapped(f"{bullet}{sentence(line)}", width, inner, f"{inner}  ")
    notes = [f"{label}: {text}" for label, text in item.notes]
    last = "   ".join(notes[-2:])
    if len(notes) > 1 and item.notes[-2][0] == "Who" and len(inner) + len(last) <= width:
        notes[-2:] = [last]  # who acts and by which rule, on one line
    for note in notes:
        yield from wrapped(note, width, inner, f"{inner}  ")


def _ruled(title: str, width: int) -> str:
    return f"{'-' * 3} {title} {'-' * (width - len(title) - 5)}" if title else "-" * width
