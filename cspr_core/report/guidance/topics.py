"""What each requirement of a long stage is about, so that its steps stand under headings.

It goes by what the requirement speaks of (its events, meetings, forms and processes), then by its
title, and else by its neighbour above: authors write down together what belongs together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cspr_core.model.arrangements import Composition, Requirement
from cspr_core.model.patterns import ParallelIs, Value
from cspr_core.vocabulary import vocabulary

_MANY = 10  # steps from which on a stage has headings
_STRUCTURED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("delay", ("delay:", "delayed:")),
    ("parallel", ("parallel:", "running:", "of:parallel_process")),
    ("dispute", ("event:escalated",)),
    ("debrief", ("event:debrief", "meeting:debrief")),
    (
        "authors",
        (
            "event:author_asked",
            "event:author_briefing",
            "event:chronology_returned",
            "event:analysis_returned",
            "meeting:author_briefing",
            "role:author",
        ),
    ),
    (
        "family",
        (
            "event:family_letter",
            "event:family_meeting",
            "whom:family",
            "with_:family",
            "agenda:family_engagement",
            "item:family_engagement",
        ),
    ),
    (
        "practitioners",
        (
            "event:practitioner_event",
            "meeting:practitioner_event",
            "for_:practitioner_event",
            "with_:practitioners",
            "by:practitioners",
            "whom:practitioner",
        ),
    ),
    ("information", ("event:information_requested", "event:information_returned")),
    ("report", ("event:draft_shared", "event:comment")),
    (
        "telling",
        (
            "event:publication_date_told",
            "event:report_sent",
            "event:members_briefed",
            "event:press_statement",
            "whom:press",
        ),
    ),
    ("rapid_review", ("event:rapid_review_sent", "meeting:rapid_review_group")),
    ("groups", ("substitute:", "body:", "person:")),
    (
        "setting_up",
        (
            "event:reviewer_appointed",
            "event:announced",
            "event:terms_of_reference",
            "meeting:review_group",
        ),
    ),
)
_TITLES = (
    ("general", r"^The review\b"),
    ("delay", r"\bdelay"),
    ("parallel", r"\bparallel|prosecution|criminal|\bcourt\b|\bLADO\b|care proceedings"),
    ("dispute", r"\bdispute"),
    ("authors", r"\bauthors?\b|chronolog|key event|\banalys[ei]s\b"),
    ("practitioners", r"practitioner|frontline|\bthe events?\b"),
    ("family", r"\bfamil|\bparent"),
    ("information", r"\binformation\b"),
    ("rapid_review", r"\brapid review\b|\bthe meeting\b"),
    ("setting_up", r"lead reviewer|terms of reference|genogram|\breviewers?\b"),
)
# The headings that fit a stage, in the order of a case; a stage with none stands as it is.
_FIT = {
    "rapid_review": ("information", "groups", "rapid_review"),
    "review": (
        "setting_up",
        "groups",
        "family",
        "authors",
        "practitioners",
        "information",
        "general",
        "dispute",
        "delay",
        "parallel",
    ),
    "sign_off": ("report", "sign_off", "content", "telling"),
    "publication": ("telling", "family", "publication", "debrief", "parallel"),
}
_HEADINGS = {
    "delay": "Delays",
    "parallel": "Where other processes run",
    "dispute": "Disputes over information",
    "debrief": "De-briefs",
    "authors": "Chronologies and analyses",
    "family": "The family",
    "practitioners": "Practitioners",
    "information": "Information",
    "report": "Drafts and comments",
    "telling": "Who is told, and who has the report",
    "rapid_review": "The rapid review meeting and its report",
    "groups": "The groups and their members",
    "setting_up": "Setting the review up",
    "general": "Throughout",
    "content": "What the report holds",
    "sign_off": "Agreement and sign-off",
    "publication": "Publication",
}


def by_topic(requirements: Sequence[Requirement]) -> list[tuple[str, list[Requirement]]]:
    """A stage's requirements under headings, each in their own order; few of them under none.

    The headings stand in the order of a case.
    """
    fit = _FIT.get(requirements[0].stage) if len(requirements) >= _MANY else None
    if fit is None:
        return [("", list(requirements))] if requirements else []
    found: dict[str, list[Requirement]] = {}
    last = fit[0]
    for r in requirements:
        last = topic_of(r, fit) or last
        found.setdefault(last, []).append(r)
    if len(found) == 1:
        return [("", list(requirements))]
    return [(_HEADINGS[topic], found[topic]) for topic in fit if topic in found]


def topic_of(r: Requirement, fit: Sequence[str]) -> str:
    """What a requirement is about, of the topics that fit; empty where it does not say."""
    spoken = list(_spoken(r))
    if "event:sign_off" in spoken and not _met_by(r):
        ending = next((topic for topic in ("content", "general") if topic in fit), "")
        if ending and not _matching(r, spoken, [t for t in fit if t != "groups"], titles=False):
            return ending
    return _matching(r, spoken, fit, titles=True)


def _matching(r: Requirement, spoken: Sequence[str], fit: Sequence[str], *, titles: bool) -> str:
    first = list(_own(r))
    for words in (first, [word for word in spoken if word not in first]):
        for topic, marks in _STRUCTURED:
            if topic in fit and any(word.startswith(mark) for word in words for mark in marks):
                return topic
            if topic == "groups" and topic in fit and words is first and _is_of_a_body(r):
                return topic
    for topic, pattern in _TITLES if titles else ():
        if topic in fit and re.search(pattern, r.title):
            return topic
    for topic in ("sign_off", "publication"):
        if topic in fit and f"event:{topic}" in spoken and _met_by(r):
            return topic
    return ""


def _met_by(r: Requirement) -> bool:
    """Whether something on record shows that it was done, rather than minutes alone."""
    return bool(getattr(r, "met_by", None))


def _is_of_a_body(r: Requirement) -> bool:
    """Whether it is about a body: its make-up, or each of its meetings."""
    each = r.for_each
    meeting = None if each is None or each.first else each.meeting
    return isinstance(r, Composition) or meeting in vocabulary().words("bodies")


def _own(r: Requirement) -> Iterator[str]:
    """What a requirement is asked of and met by, which says more of it than what it waits for."""
    for key in ("for_each", "met_by", "at", "running"):
        yield from _words(key, getattr(r, key, None))
    for condition in r.when:
        if isinstance(condition, ParallelIs):
            yield from _words("when", condition)


def _spoken(r: Requirement) -> Iterator[str]:
    """Every word of a requirement's patterns, with the key that it stands under."""
    for key in ("for_each", "met_by", "within", "before", "around", "by", "after", "ahead_of"):
        yield from _words(key, getattr(r, key, None))
    for key in ("when", "running", "hold", "present", "at", "of"):
        yield from _words(key, getattr(r, key, None))


def _words(key: str, value: object) -> Iterator[str]:
    if isinstance(value, Value):
        for name in type(value).model_fields:
            yield from _words(name, getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from _words(key, one)
    elif isinstance(value, str):
        yield f"{key}:{value}"
