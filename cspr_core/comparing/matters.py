"""What a requirement is about, so that areas stand side by side on the same thing.

It goes by the words that all areas share (events, bodies, roles, kinds), never by ids: two areas'
rules on the return of a chronology are one matter, whatever they are called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cspr_core.model.arrangements import (
    Attendance,
    Composition,
    Criterion,
    Form,
    Hold,
    Independence,
    Number_,
    Requirement,
)
from cspr_core.model.patterns import EventPattern, FormPattern, MeetingPattern, Value
from cspr_core.report.guidance.topics import topic_of
from cspr_core.report.words import capital, spaced

# The topics in the order in which they are told within a stage.
TOPICS: Mapping[str, str] = {
    "referral": "The referral",
    "notification": "The notification",
    "information": "Information from agencies",
    "rapid_review": "The rapid review and its report",
    "decision": "The criteria and the decision",
    "reviewer": "The lead reviewer, and setting the review up",
    "make_up": "The groups: make-up, attendance, substitutes",
    "scrutineer": "The scrutineer",
    "family": "The family",
    "authors": "Chronologies and analyses",
    "practitioners": "Practitioners and their event",
    "disputes": "Disputes over information",
    "delay": "Delays",
    "parallel": "Where other processes run",
    "drafts": "Drafts and comments",
    "content": "What the report holds",
    "sign_off": "Agreement and sign-off",
    "telling": "Who is told, and who has the report",
    "publication": "Publication",
    "debrief": "De-briefs",
    "learning": "Learning",
    "other": "Everything else",
}
# What the guidance's topics are called here.
_GUIDANCE = {
    "dispute": "disputes",
    "groups": "make_up",
    "setting_up": "reviewer",
    "report": "drafts",
    "general": "other",
}
_FIT = (
    "delay",
    "parallel",
    "dispute",
    "debrief",
    "authors",
    "family",
    "practitioners",
    "information",
    "report",
    "telling",
    "rapid_review",
    "groups",
    "setting_up",
    "content",
    "sign_off",
    "publication",
)
# Where a stage has one topic for what says nothing more.
_OF_STAGE = {
    "referral": "referral",
    "notification": "notification",
    "rapid_review": "rapid_review",
    "decision": "decision",
    "publication": "publication",
    "learning": "learning",
}
# The stage in which a topic is told, whatever stage a rule of it stands in; others are told where
# most of a matter's rules stand.
HOMES: Mapping[str, str] = {
    **{topic: stage for stage, topic in _OF_STAGE.items()},
    "information": "rapid_review",
    "reviewer": "review",
    "scrutineer": "review",
    "authors": "review",
    "practitioners": "review",
    "disputes": "review",
    "delay": "review",
    "drafts": "sign_off",
    "content": "sign_off",
    "sign_off": "sign_off",
    "telling": "publication",
    "debrief": "publication",
}
_EVENTS: Mapping[str, tuple[str, str]] = {
    "referral_received": ("referral", "The referral and its form"),
    "referral_answered": ("referral", "The answer to the referrer"),
    "notified": ("notification", "Notifying the incident"),
    "information_requested": ("information", "The request to agencies"),
    "information_returned": ("information", "Agencies return their information"),
    "rapid_review_sent": ("rapid_review", "The rapid review is done and sent"),
    "panel_response": ("decision", "The Panel’s answer"),
    "decision": ("decision", "The decision"),
    "rationale_shared": ("decision", "Sharing the reasons"),
    "reviewer_appointed": ("reviewer", "Appointing the lead reviewer"),
    "announced": ("reviewer", "Announcing the review"),
    "terms_of_reference": ("reviewer", "Terms of reference and lines of enquiry"),
    "author_asked": ("authors", "Asking for chronologies and analyses"),
    "author_briefing": ("authors", "Meeting or briefing the authors"),
    "chronology_returned": ("authors", "The return of chronologies and analyses"),
    "analysis_returned": ("authors", "The return of chronologies and analyses"),
    "practitioner_event": ("practitioners", "Hearing practitioners: the event"),
    "family_letter": ("family", "Telling, inviting and hearing the family"),
    "family_meeting": ("family", "Telling, inviting and hearing the family"),
    "findings_shared": ("family", "The family hears the findings"),
    "comment": ("drafts", "Comments on drafts"),
    "sign_off": ("sign_off", "Who agrees and signs off"),
    "report_sent": ("telling", "The full report before publication"),
    "publication_date_told": ("telling", "The date of publication is told"),
    "members_briefed": ("telling", "Elected members and the press"),
    "press_statement": ("telling", "Elected members and the press"),
    "debrief": ("debrief", "De-briefs: when, and in which order"),
    "publication": ("publication", "Publication"),
    "taken_down": ("publication", "How long it stays public"),
    "escalated": ("disputes", "Escalating a dispute"),
    "learning_briefing": ("learning", "The learning briefing"),
    "learning_discussed": ("learning", "Spreading the learning"),
    "learning_event": ("learning", "Learning events"),
    "action_plan": ("learning", "The action plan"),
}
# Whoever has a draft, in the order in which one of them gives a matter its name.
_DRAFTS = (
    ("family", "Drafts for the family"),
    ("practitioners", "Drafts for practitioners and contributors"),
    ("contributors", "Drafts for practitioners and contributors"),
)
_INVITED = {
    "practitioner_event": ("practitioners", "Who is invited to the practitioner event"),
    "author_briefing": ("authors", "Meeting or briefing the authors"),
}
# Gatherings, with the topic that who attends them belongs to.
_GATHERINGS = {
    "practitioner_event": ("practitioners", "Who is at the practitioner event"),
    "author_briefing": ("authors", "Meeting or briefing the authors"),
    "debrief": ("debrief", "Who is at the de-briefs, and who leads them"),
    "learning_event": ("learning", "Learning events"),
    "family_meeting": ("family", "Telling, inviting and hearing the family"),
}
# National duties that are wider than what may meet them.
_NATIONAL = {
    "national.serious_case": ("notification", "A serious case"),
    "national.publish_6_months": ("publication", "Completed and published in time"),
    "national.explain_delay": ("delay", "A delay is agreed and told"),
    "national.families": ("family", "Telling, inviting and hearing the family"),
    "national.practitioners": ("practitioners", "Hearing practitioners: the event"),
    "national.report_content": ("content", "What the report holds"),
    "national.monitor": ("other", "Seeing that the review goes well"),
    "national.care_leaver_death": ("notification", "A death in care or after care"),
    "national.looked_after_death": ("notification", "A death in care or after care"),
}
_BESIDES = "Besides"
# What only minutes can show is known by its title: topics that it may be found in (any without),
# what the title speaks of, and the matter.
_TITLED: tuple[tuple[tuple[str, ...], str, tuple[str, str]], ...] = (
    (("reviewer", "make_up"), r"terms of reference|lines of enquiry",
     ("reviewer", _EVENTS["terms_of_reference"][1])),
    ((), r"\bresign", ("make_up", "Who leaves a group")),
    ((), r"\bsupport(?:ed)?\b.*\bpractitioner|practitioner.*\bsupport",
     ("practitioners", "Support for practitioners")),
    (("practitioners", "other"), r"\bblame|safe place|\bsafe\b|informal|open and (?:honest|colla)",
     ("practitioners", "How the conversation is held")),
    (("practitioners",), r"confidential|\bnotes\b", ("practitioners", "Confidentiality and notes")),
    (("practitioners",), r"\bbrief|guidance|beforehand|\bsummary reaches|questions for the event",
     ("practitioners", "Preparing practitioners")),
    (("practitioners",), r"freed?\b|encourage|identif|enable|commit themselves|is agreed which",
     ("practitioners", "Finding and freeing practitioners")),
    (("practitioners",), r"aim of the event|purpose|themes|findings|point of view|timeline",
     ("practitioners", "What the event is about")),
    ((), r"child.{0,30}centre|child.s perspective|voice of the child",
     ("content", "The child at the centre")),
    (("content", "other"), r"system|structures|errors|mistakes|accountab",
     ("content", "Learning of the system, and accountability")),
    (("content",), r"publi(?:sh|c)|anonym|plain English|identified",
     ("content", "Fit to be published")),
    (("content",), r"recommend", ("content", "Recommendations")),
    (("family",), r"\bvoice|consider|contribut", ("family", "The family’s part in the review")),
    (("make_up",), r"contact details", ("make_up", "Contact details of members")),
    (("make_up",), r"actions", ("make_up", "Actions from meetings")),
    (("authors",), r"chronolog|analys|key event|barriers|learn|guidance",
     ("authors", "What chronologies and analyses hold")),
    (("rapid_review", "information"), r"^information on|health records", ("information", _BESIDES)),
    (("other",), r"\bpolice\b", ("parallel", _BESIDES)),
)  # fmt: skip


@dataclass(frozen=True)
class Matter:
    """What requirements of several areas have in common: a topic, and a heading within it.

    Without a `label` of its own it is what the topic has besides.
    """

    topic: str
    label: str

    @property
    def named(self) -> bool:
        """Whether it says more than the topic does."""
        return self.label != _BESIDES


def matter_of(r: Requirement) -> Matter:
    """What a requirement is about."""
    duty = r.id if r.id in _NATIONAL else r.tightens
    if duty in _NATIONAL:
        return Matter(*_NATIONAL[duty])
    if "scrutineer" in _words(r):
        return Matter("scrutineer", "What the scrutineer does")
    return _of_its_kind(r) or _by_event(r) or _by_title(r)


def _words(value: object) -> Iterator[str]:
    """Every word that a value and what it holds are made of."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Value):
        yield from _words(tuple(vars(value).values()))
    elif isinstance(value, tuple):
        for one in value:
            yield from _words(one)


def _of_its_kind(r: Requirement) -> Matter | None:
    each = r.for_each
    if isinstance(r, Criterion):
        return Matter("decision", "The criteria")
    if isinstance(r, Composition):
        return Matter("make_up", f"{_body(r.body)}: make-up")
    if each is not None and each.substitute is not None:
        return Matter("make_up", f"{_body(each.substitute)}: substitutes")
    if isinstance(r, Independence) and each is not None and each.person is not None:
        person = each.person
        if person.body is not None:
            return Matter("make_up", f"{_body(person.body)}: who may be a member")
        role = person.role or ""
        topic = {"lead_reviewer": "reviewer", "author": "authors"}.get(role, "make_up")
        return Matter(topic, f"{capital(spaced(role))}: independence")
    if isinstance(r, Attendance):
        return _attended(r)
    if isinstance(r, Form):
        topic = _topic(r)
        label = "The referral and its form" if topic == "referral" else "Forms, complete and signed"
        return Matter(topic, label)
    if isinstance(r, Hold):
        if r.running:
            return Matter("parallel", "What waits while another process runs")
        return Matter(_EVENTS.get(r.hold.event, ("other", ""))[0], _held(r.hold))
    if isinstance(r, Number_):
        return _of_event(r.of)
    return None


def _held(event: EventPattern) -> str:
    return _EVENTS.get(event.event, ("", "What is held back"))[1]


def _attended(r: Attendance) -> Matter:
    each = r.for_each
    where = r.at or (each and (each.meeting or each.event)) or ""
    if where in _GATHERINGS:
        return Matter(*_GATHERINGS[where])
    if where == "rapid_review_group":
        return Matter("rapid_review", "Who is at the rapid review meeting")
    return Matter("make_up", f"{_body(where)}: who attends")


def _by_event(r: Requirement) -> Matter | None:
    """By the first thing that meets it and that has a matter."""
    for done in getattr(r, "met_by", ()):
        found = None
        if isinstance(done, EventPattern):
            found = _of_event(done)
        elif isinstance(done, MeetingPattern) and done.invited and done.meeting in _INVITED:
            found = Matter(*_INVITED[done.meeting])
        elif isinstance(done, FormPattern) and _topic(r) == "referral":
            found = Matter("referral", "The referral and its form")
        if found is not None:
            return found
    return None


def _of_event(event: EventPattern) -> Matter | None:
    if event.event == "draft_shared":
        for whom, label in _DRAFTS:
            if whom in event.with_:
                return Matter("drafts", label)
        return Matter("drafts", "Drafts for the groups")
    if event.event == "invited":
        for what in event.for_:
            if what in _INVITED:
                return Matter(*_INVITED[what])
        return None
    if event.event == "findings_shared" and "family" not in event.with_:
        return Matter("drafts", "Sharing themes and findings")
    if event.event not in _EVENTS:
        return None
    return Matter(*_EVENTS[event.event])


def _by_title(r: Requirement) -> Matter:
    topic = _topic(r)
    for topics, spoken, matter in _TITLED:
        if (not topics or topic in topics) and re.search(spoken, r.title, re.IGNORECASE):
            return Matter(*matter)
    return Matter(topic, _BESIDES)


def _topic(r: Requirement) -> str:
    """The topic of a requirement that nothing else tells of."""
    if r.stage in ("referral", "notification", "decision"):
        return _OF_STAGE[r.stage]
    if r.stage == "learning":
        return "learning"
    early = r.stage == "rapid_review"
    found = topic_of(r, ("information", "groups", "rapid_review") if early else _FIT)
    if not found:
        return _OF_STAGE.get(r.stage, "content" if r.stage == "sign_off" else "other")
    return _GUIDANCE.get(found, found)


def _body(word: str) -> str:
    return capital(spaced(word))
