"""Reports as one page of HTML, for a meeting: what the table says, with the stages as a timeline.

The page is whole in itself: no script, no reference to anything outside, its style inside it. It is
plain ASCII, so that no console, mail program or file server can spoil its characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from jinja2 import Environment
from markupsafe import Markup, escape

from cspr_core.report.html import environment, plain, running
from cspr_core.report.outline import UNDATED, Item, Outline, Section, sentence
from cspr_core.report.timeline import STATES, State, Timeline, svg_of, symbol
from cspr_core.report.words import day

_CODE = re.compile("`([^`]+)`")
_HEADS = {
    "NOT KNOWN": ("What is not known", "What depends on it, and where to look"),
    UNDATED: ("Who acts", "To do"),
}
_SHAPES: dict[str, tuple[State, ...]] = {
    "OVERDUE OR BREACHED": ("overdue", "breached"),
    "NOT KNOWN": ("unknown",),
    "COMING UP": ("due",),
    "MET": ("done",),
}


@dataclass(frozen=True)
class CasePage:
    """What a page shows of one case: the report as it is read, and its timeline."""

    outline: Outline
    timeline: Timeline


def page_of(cases: Sequence[CasePage]) -> str:
    """The page, whole; several cases get a section each, and a list of them at the head."""
    template = _environment().get_template("page.html.jinja")
    text = template.render(cases=cases, single=len(cases) == 1)
    return plain(text)


@cache
def _environment() -> Environment:
    made = environment("report/templates")
    made.filters.update(
        code=_code, day=day, rule=_rule, sentence=sentence, by_day=_by_day, running=running
    )
    made.globals.update(
        STATES=STATES,
        columns=_columns,
        parts=_parts,
        shapes=_shapes,
        svg=_svg,
        symbol=_symbol,
    )
    return made


def _code(text: str) -> Markup:
    """A text in which what stands between backticks is shown as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704  (escaped)


def _rule(text: str) -> Markup:
    """A rule's id, which may break after each of its words."""
    return Markup(re.sub(r"([._])", r"\1<wbr>", str(escape(text))))  # noqa: S704  (escaped)


def _columns(section: Section) -> tuple[str, ...]:
    """The heads of a section's columns."""
    return _HEADS.get(
        section.title if _is_listed(section) else "",
        ("What", "How it stands, and what to do", "Who acts, and the rule"),
    )


def _is_listed(section: Section) -> bool:
    return all(item.listed for item in section.items)


def _shapes(section: Section) -> Markup:
    """The shapes that mark a section's heading, or nothing."""
    return Markup("").join(map(_symbol, _SHAPES.get(section.title, ())))


def _symbol(state: State) -> Markup:
    return Markup(symbol(state))  # noqa: S704  (drawn here, without any text from outside)


def _svg(timeline: Timeline, prefix: str) -> Markup:
    return Markup(svg_of(timeline, prefix))  # noqa: S704  (ElementTree has escaped its texts)


def _parts(outline: Outline) -> Iterator[tuple[str, list[Section]]]:
    """The sections under the block that they belong to; the first block has no name."""
    for part, sections in groupby(outline.sections, key=lambda section: section.part):
        yield part, list(sections)


def _by_day(section: Section) -> Iterator[tuple[str, list[Item]]]:
    """A section's items under the day that leads them, if there is one."""
    for when, items in groupby(section.items, key=lambda item: item.when):
        yield when, list(items)
