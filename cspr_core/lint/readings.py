"""CSPR403: loose words about time, and no reading that says how they were taken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cspr_core.lint.framework import Context, Message, Severity

CODE = "CSPR403"
TITLE = "A loose time without a reading"
SEVERITY: Severity = "warning"

_NUMBER = (
    r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|fourteen|fifteen|twenty|thirty)"
)
_UNIT = r"(?:(?:working|calendar|school)\s+)?(?:day|week|fortnight|month|hour)s?"
_LOOSE = re.compile(
    rf"\b(?:about|around|approximately|roughly|some|nearly|circa|up\s+to\s+about)\s+{_NUMBER}\s+{_UNIT}\b"
    rf"|\b(?:a\s+couple\s+of|a\s+few|several)\s+{_UNIT}\b"
    r"|\bas\s+(?:soon|quickly|early|promptly)\s+as\b"
    r"|\bwithout\s+(?:undue\s+)?delay\b|\bat\s+the\s+earliest\s+opportunity\b"
    r"|\bin\s+(?:good\s+time|a\s+timely\s+(?:way|manner|fashion))\b"
    r"|\b(?:promptly|shortly\s+(?:before|after)|at\s+regular\s+intervals)\b",
    re.IGNORECASE,
)
_LOOSE_LIMIT = re.compile(r"\b(?:usually|normally|generally|ideally|typically)\b", re.IGNORECASE)


def check(context: Context) -> Iterator[Message]:
    """Each requirement, advice apart, that speaks so of a time and has no `reading`."""
    for requirement in context.requirements:
        if requirement.kind_name == "advice" or (requirement.reading or "").strip():
            continue
        limited = any(
            getattr(requirement, form, None) for form in ("within", "before", "around", "values")
        )
        for key in ("title", "action", "note"):
            text = getattr(requirement, key) or ""
            found = _LOOSE.search(text) or (_LOOSE_LIMIT.search(text) if limited else None)
            if found is not None:
                words = " ".join(found[0].split()).lower()
                yield context.about(
                    requirement,
                    f"`{requirement.id}` says `{words}`, and no `reading` says how that is counted",
                    "Add `reading:` with what it was taken to mean",
                    key,
                )
                break
