"""An impact as plain text for a console: short lines, no colour, the worst first."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.impact import telling
from cspr_core.impact.order import DIRECTIONS
from cspr_core.impact.result import Change, Explained, Impact, Told
from cspr_core.report.lines import wrapped

_ARROW = "->"  # as readable where a console has no arrows
_LABEL = 11  # how wide the column of labels is


def text_of(impact: Impact, width: int) -> str:
    """The whole impact in lines of at most `width`; long words apart."""
    return "\n".join(_lines(impact, width)) + "\n"


def _lines(impact: Impact, width: int) -> Iterator[str]:
    yield from _head(impact, width)
    seen: set[str] = set()
    for direction, meaning in DIRECTIONS.items():
        found = impact.of(direction)
        if found:
            yield from ("", *wrapped(f"{direction.upper()} ({len(found)}): {meaning}", width))
        for change in found:
            yield ""
            yield from _change(change, impact, seen, width)
    if impact.explained is not None:
        yield from ("", *_explained(impact.explained, width))
    hooks = telling.hooks(impact)
    if hooks:
        yield from ("", "NOT COMPARED: PYTHON", "")
    for line in hooks:
        yield from wrapped(f"{line}.", width, "  ", "    ")


def _head(impact: Impact, width: int) -> Iterator[str]:
    """What was compared, what is missing from it, and the whole in three sentences."""
    yield from wrapped(telling.title(impact), width)
    for name, called in telling.versions(impact).items():
        yield f"  {name}  {called}"
    yield ""
    missing = telling.missing(impact)
    if missing is not None:
        yield from (*wrapped(missing, width), "")
    for sentence in (telling.compared(impact), telling.verdict(impact), telling.rules(impact)):
        yield from wrapped(sentence, width)
    for note in impact.notes:
        yield from wrapped(note, width)
    if impact.changes:
        yield from wrapped("Days by which dates move are calendar days.", width)
    for name, lines in (("new", impact.refused), ("old", impact.taken)):
        if lines:
            what = f"CAN'T BE CHECKED UNDER THE {name.upper()} VERSION ({len(lines)})"
            yield from ("", *wrapped(what, width))
        for line in lines:
            yield from wrapped(line, width, "  ", "    ")


def _change(change: Change, impact: Impact, seen: set[str], width: int) -> Iterator[str]:
    """One change; the title and what became of the rule only where it comes first."""
    group = change.group
    words = f"{telling.how_many(group)}: {telling.change_of(group, _ARROW)}"
    yield from wrapped(words, width, "  ", "    ")
    several = len(impact.areas) > 1
    if several and len(group.areas) > 1:
        yield from wrapped(telling.by_area(group.areas), width, "    ", "      ")
    yield from wrapped(group.requirement, width, "    ")
    if group.requirement not in seen:
        seen.add(group.requirement)
        yield from wrapped(change.title, width, "    ", "      ")
        if change.renamed_from is not None:
            yield from wrapped(f"Before: {change.renamed_from}", width, "    ", "      ")
        yield from wrapped(telling.because(change), width, "    ", "      ")
    if group.examples:
        shown = telling.examples(change, areas=several)
        yield from wrapped(f"For example {shown}", width, "    ", "      ")


def _explained(explained: Explained, width: int) -> Iterator[str]:
    yield from wrapped("ONE CASE, EXPLAINED", width)
    yield from wrapped(telling.subject_of(explained), width, "  ", "    ")
    for name, side in (("Under the old version", explained.old), ("Under the new", explained.new)):
        yield from ("", f"  {name}")
        yield from _side(side, width)
    yield ""
    for label, texts in telling.shared(explained).items():
        for index, text in enumerate(texts):
            yield from _labelled("" if index else label, text, width, "  ")


def _side(side: Told | None, width: int) -> Iterator[str]:
    for label, text in telling.told(side).items():
        yield from _labelled(label, text, width, "    ")


def _labelled(label: str, text: str, width: int, indent: str) -> list[str]:
    return wrapped(text, width, f"{indent}{label:<{_LABEL}}", indent + " " * _LABEL)
