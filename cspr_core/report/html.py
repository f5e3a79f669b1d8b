"""What every page of HTML has in common: how templates are read, and how the page is written.

A page is whole in itself, with no script and no reference to anything outside. It is plain ASCII,
so that no console, mail program or file server can spoil its characters.
"""

from __future__ import annotations

import re

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

_SHARED = "report/templates"


def environment(folder: str) -> Environment:
    """Templates of a folder of `cspr_core`, and what pages share; what is undefined is an error."""
    folders = dict.fromkeys((folder, _SHARED))
    return Environment(
        autoescape=True,
        loader=ChoiceLoader([PackageLoader("cspr_core", name) for name in folders]),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )


def plain(page: str) -> str:
    """A page in ASCII: every other character as its number."""
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")


def running(text: str) -> str:
    """A text for the head of every printed page, as CSS has it between quotes."""
    return re.sub(r"[^A-Za-z0-9 .,:_-]", " ", text)
