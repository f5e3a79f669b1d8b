"""The nearest known word, and what may be quoted of an unknown one."""

from __future__ import annotations

import re
from collections.abc import Iterable

_TOKEN = r"(?!.*\d{5})[A-Za-z][A-Za-z0-9_./-]{0,39}\Z"
_MAX_LISTED = 20
_ANSWERS = {
    "yes": {"y", "yes", "true", "1", "on", "x", "ja", "oui", "confirmed"},
    "no": {"n", "no", "false", "0", "off", "none", "non", "not"},
    "unknown": {
        "?", "??", "unk", "unknown", "n/k", "nk", "not known", "tbc", "tba", "tbd", "unclear",
        "unsure", "maybe", "dont know", "don't know", "not sure", "n/a", "na", "to be confirmed",
        "awaited", "pending",
    },
}  # fmt: skip
# what people call things, beside the vocabulary's words
_ALSO = {
    "ccg": "icb",
    "nhs": "icb",
    "council": "local_authority",
    "la": "local_authority",
    "social_care": "childrens_social_care",
    "csc": "childrens_social_care",
    "social_services": "childrens_social_care",
    "school": "education",
    "college": "education",
    "nursery": "early_years",
    "hospital": "acute_hospital",
    "health_visiting": "community_health",
    "school_nursing": "community_health",
    "camhs": "mental_health",
    "yot": "youth_justice",
    "yjs": "youth_justice",
    "dead": "died",
    "deceased": "died",
    "fatal": "died",
    "serious_harm": "seriously_harmed",
    "harmed": "seriously_harmed",
    "none": "neither",
    "sin": "notified",
    "agree": "agrees",
    "published": "publication",
    "withdrawn": "notification_withdrawn",
    "lcspr": "local_review",
    "cspr": "local_review",
    "local": "local_review",
    "national": "national_referral",
    "sos": "secretary_of_state",
    "national_panel": "panel",
    "strategic_leads": "executive",
    "dhr": "domestic_homicide_review",
    "sar": "adult_review",
    "trial": "prosecution",
    "court": "care_proceedings",
    "coroner": "inquest",
    "police_investigation": "criminal_investigation",
    "reviewer": "lead_reviewer",
}


def plain(text: str) -> str:
    """A word as the vocabulary would spell it: lower case, underscores for spaces and hyphens."""
    return re.sub(r"[\s-]+", "_", text.strip().strip("'\"‘’“”.,;:").lower()).replace("'", "")


def nearest(text: str, known: Iterable[str]) -> str | None:
    """The known word that was most likely meant, or None where none is near."""
    words = sorted(set(known))
    wanted = plain(text)
    if wanted in words:
        return wanted
    if _ALSO.get(wanted) in words:
        return _ALSO[wanted]
    # of `northamptonshire.genogramm` the part behind the dot decides: the area's name is long
    tails = {w.rsplit(".", 1)[-1]: w for w in reversed(words)}
    area, _, tail = wanted.rpartition(".")
    tails.update(
        {w.removeprefix(f"{area}."): w for w in words if area and w.startswith(f"{area}.")}
    )
    import difflib  # noqa: PLC0415  (only a mistake needs it)

    found = difflib.get_close_matches(tail, tails, n=1, cutoff=0.7)
    if found:
        return tails[found[0]]
    parts = [w for w in words if tail.removesuffix("s") in w.split("_")]
    return parts[0] if len(parts) == 1 else None


def token(text: str) -> str:
    """A misspelt fixed word as an error may show it; `This value` for what may be free text."""
    return f"`{text}`" if re.match(_TOKEN, text) else "This value"


def alternatives(known: Iterable[str]) -> str:
    """`a, b or c`; of many the first, and that there are more."""
    words = list(known)
    if len(words) > _MAX_LISTED:
        return f"{', '.join(words[:_MAX_LISTED])} or another of its kind"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def refuse_word(text: str, known: Iterable[str]) -> tuple[str, str]:
    """What is wrong with a word that is none of `known`, and what to write instead."""
    words = list(known)
    what = f"{token(text)} is not one of the words that may stand here"
    if "yes" in words and "no" in words:
        answer = text.strip().lower().rstrip(".!")
        for meant, ways in _ANSWERS.items():
            if answer in ways and meant in words:
                return what, f"Write {meant}"
        return what, f"Write {alternatives(words)}"
    near = nearest(text, words)
    if near is None:
        return what, f"Write {alternatives(words)}"
    others = [w for w in words if w != near]
    if near == plain(text) or not others:
        return what, f"Write {near}"
    if len(words) > _MAX_LISTED:
        return what, f"Write {near} if that was meant"
    return what, f"Write {near} if that was meant; other words are {', '.join(others)}"
