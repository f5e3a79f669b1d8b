"""Areas side by side as one page of HTML, to be read on a screen or printed across A4.

The page is whole in itself: no script, no reference to anything outside. It is plain ASCII, so
that no console, mail program or file server can spoil its characters.
"""

from __future__ import annotations

from functools import cache

from jinja2 import Environment

from cspr_core.comparing.compare_text import (
    NONE,
    NOT_NAMED,
    limit_note,
    limit_words,
    silence,
    title_of,
)
from cspr_core.comparing.side_by_side import PARTS, SideBySide
from cspr_core.report.html import environment, plain


def html_of(compared: SideBySide) -> str:
    """The comparison as a page, whole."""
    text = (
        _environment()
        .get_template("compare.html.jinja")
        .render(
            compared=compared,
            title=title_of(compared),
            tables=[
                ("documents", PARTS["documents"], compared.documents, NONE),
                ("counts", "How many rules each has of its own", compared.counts, NONE),
            ],
            names=("bodies", PARTS["bodies"], (*compared.bodies, *compared.roles), NOT_NAMED),
            endings=[
                ("contacts", PARTS["contacts"], compared.contacts, NONE),
                ("not-covered", PARTS["not_covered"], compared.not_covered, NONE),
            ],
            deadlines=PARTS["deadlines"],
            note=limit_note(),
        )
    )
    return plain(text)


@cache
def _environment() -> Environment:
    made = environment("comparing/templates")
    made.filters.update(limits=limit_words, silence=silence)
    return made
