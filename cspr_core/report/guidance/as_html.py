"""Guidance as one page of HTML, its flowcharts drawn inside it.

The page is whole in itself: no script, no reference to anything outside. It is plain ASCII, so
that no console, mail program or file server can spoil its characters.
"""

from __future__ import annotations

from functools import cache

from jinja2 import Environment
from markupsafe import Markup, escape

from cspr_core.report.guidance.document import Guidance, Picture, Text, led
from cspr_core.report.guidance.drawing import drawings_of, svg_of
from cspr_core.report.html import environment, plain, running


def html_of(guidance: Guidance) -> str:
    """The document as a page, whole."""
    text = _environment().get_template("guidance.html.jinja").render(guidance=guidance)
    return plain(text)


@cache
def _environment() -> Environment:
    made = environment("report/guidance/templates")
    made.filters.update(text=_text, running=running)
    made.globals.update(led=led, kind=lambda block: type(block).__name__, drawn=_drawn)
    return made


def _text(text: Text) -> Markup:
    """A text with its strong words and its links."""
    found = Markup("")
    for run in text:
        piece = escape(run.text)
        if run.strong:
            piece = Markup("<strong>{}</strong>").format(piece)
        if run.link:
            piece = Markup('<a href="#{}">{}</a>').format(run.link, piece)
        if run.anchor:
            piece = Markup('<span id="{}">{}</span>').format(run.anchor, piece)
        found += piece
    return found


def _drawn(picture: Picture, prefix: str) -> list[Markup]:
    """The drawings of a flow; ElementTree has escaped their texts."""
    return [
        Markup(svg_of(drawing, f"{prefix}-{index}"))  # noqa: S704
        for index, drawing in enumerate(drawings_of(picture.flow), 1)
    ]
