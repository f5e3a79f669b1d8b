"""Guidance as one page of HTML, its flowcharts drawn inside it.

The page is whole in itself: no script, no reference to anything outside. It is plain ASCII, so
that no console, mail program or file server can spoil its characters.
"""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from cspr_core.report.guidance.document import Guidance, Picture, Text, led
from cspr_core.report.guidance.drawing import drawings_of, svg_of


def html_of(guidance: Guidance) -> str:
    """The document as a page, whole."""
    text = _environment().get_template("guidance.html.jinja").render(guidance=guidance)
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")


@cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        loader=PackageLoader("cspr_core", "report/guidance/templates"),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters.update(text=_text, running=_running)
    environment.globals.update(led=led, kind=lambda block: type(block).__name__, drawn=_drawn)
    return environment


def _running(text: str) -> str:
    """A text for the head of every printed page, as CSS has it between quotes."""
    return re.sub(r"[^A-Za-z0-9 .,:_-]", " ", text)


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
