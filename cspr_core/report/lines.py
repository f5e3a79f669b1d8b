"""Breaking text into lines for a console: dates and figures with their unit stay whole."""

from __future__ import annotations

import re
import textwrap

_GLUE = "\x00"
_WHOLE = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?\d{1,2} [A-Z][a-z]{2,8} \d{4}"
    r"|[A-Z][a-z]{2,8} (?:19|20)\d{2}|\d+ (?:working )?(?:day|month|year)s?|   Rule: \S+"
)


def wrapped(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """The text in lines of at most `width` (a longer word apart), begun with `first` and `rest`."""
    lines = textwrap.wrap(
        _WHOLE.sub(lambda found: found[0].replace(" ", _GLUE), text),
        width,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_GLUE, " ") for line in lines]
