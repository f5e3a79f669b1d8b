"""When something has to be done, in words, for requirements as such: no case, no dates.

What a limit comes to in a case is `cspr_core.limits`'s to count and a finding's to tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cspr_core.check import Rules
from cspr_core.model.arrangements import (
    Composition,
    Criterion,
    Hold,
    Limited,
    Requirement,
    Step,
)
from cspr_core.model.patterns import (
    AllOf,
    AnswerIs,
    AnyOf,
    Condition,
    DecisionIs,
    DelayIs,
    Done,
    EventPattern,
    FindingIs,
    ForEach,
    FormPattern,
    Happened,
    IncidentDate,
    InPlay,
    MeetingPattern,
    Not,
    OneOf,
    ParallelIs,
    Period,
    RolePattern,
    Start,
    SubjectPattern,
)
from cspr_core.report.words import Words, amount, day, listing, questions, spaced
from cspr_core.vocabulary import vocabulary

# Each event type as a noun; what its attributes say follows it.
NOUNS = {
    "referral_received": "the referral",
    "referral_answered": "the answer to the referrer",
    "aware": "becoming aware of the incident",
    "death": "the death",
    "notified": "the notification",
    "notification_withdrawn": "the withdrawal of the notification",
    "information_requested": "the request for information",
    "information_returned": "the return of the information",
    "rapid_review_sent": "the sending of the rapid review",
    "panel_response": "the Panel's answer",
    "decision": "the decision",
    "rationale_shared": "the sharing of the reasons for the decision",
    "reviewer_appointed": "the appointment of the lead reviewer",
    "announced": "the announcement of the review",
    "terms_of_reference": "the agreement of the terms of reference",
    "author_asked": "the request for a chronology and an analysis",
    "author_briefing": "the author briefing",
    "chronology_returned": "the return of the chronology",
    "analysis_returned": "the return of the analysis",
    "invited": "the invitation",
    "papers_sent": "the sending of papers",
    "practitioner_event": "the practitioner event",
    "family_letter": "the letter to the family",
    "family_meeting": "the meeting with the family",
    "findings_shared": "the sharing of the findings",
    "draft_shared": "the sharing of a draft",
    "comment": "comments",
    "sign_off": "sign-off",
    "report_sent": "the sending of the full report",
    "publication_date_told": "the notice of the publication date",
    "members_briefed": "the briefing of elected members",
    "press_statement": "the press statement",
    "debrief": "the de-brief",
    "publication": "publication",
    "taken_down": "the withdrawal of the report from the public",
    "told": "the message",
    "escalated": "the escalation of a dispute",
    "learning_briefing": "the learning briefing",
    "learning_discussed": "the discussion of the learning",
    "learning_event": "the learning event",
    "action_plan": "the action plan",
}
_FORMS = ("within", "before", "around", "by")
_DETAILS = (  # the attribute, and the word before what it holds
    ("outcome", "for"),
    ("from_", "from"),
    ("to", "to"),
    ("with_", "with"),
    ("whom", "to"),
    ("by", "by"),
    ("of", "of"),
    ("on", "on"),
    ("for_", "for"),
)
_BRACKETED = ("view", "stage", "audience", "state")
_PROCESSES = {
    "criminal_investigation": "a criminal investigation",
    "prosecution": "a prosecution",
    "inquest": "an inquest",
    "domestic_homicide_review": "a domestic homicide review",
    "adult_review": "an adult review",
    "single_agency_review": "an agency's own review",
    "child_death_review": "a child death review",
    "disciplinary": "a disciplinary process",
}
_IN_PLAY = {
    "national.rapid_review": "once a rapid review is due",
    "national.notify_panel": "once the incident has to be notified",
}
_OWN_DATE = "its own day"
_OF_ITS_OWN = {  # what a requirement may ask of its subject
    "agenda": "its place on the agenda",
    "led_by": "the choice of who leads it",
    "invited": "the invitation to it",
    "named": "the naming of the substitute",
    "briefed": "the briefing of the substitute",
    "equivalent_seniority": "the choice of somebody as senior",
    "considered": "its consideration",
    "told": "word of it",
    "returned": "its return to the sender",
}


@dataclass(frozen=True)
class Limit:
    """A limit in words: `within 7 working days`, of what, and from when on it holds."""

    when: str
    start: str
    since: str = ""

    @property
    def whole(self) -> str:
        """The limit in one clause."""
        joined = f"{self.when} {self.start}".strip()
        return f"{joined} ({self.since})" if self.since else joined


class Timing:
    """When an area's requirements have to be done, in words."""

    def __init__(self, rules: Rules) -> None:
        """For the area whose rules these are."""
        self.rules = rules
        self.words = Words(rules)

    def clause(self, requirement: Requirement, *, agency: bool = True) -> str:
        """Everything that says when: limits, order, subjects, conditions; empty for nothing.

        `agency=False` leaves out that it is asked of each agency: for whoever acts for one.
        """
        limits = self.limits(requirement)
        parts = [limit.whole for limit in limits] + list(self._order(requirement))
        parts += self._subject(requirement, agency=agency)
        for condition in requirement.when:
            clause = self._condition(condition, requirement)
            known = any(clause == f"after {limit.start}" for limit in limits)
            parts += [clause] if clause and not known else []
        return "; ".join(dict.fromkeys(parts))

    # --- limits -------------------------------------------------------------------------------

    def limits(self, requirement: Requirement) -> list[Limit]:
        """A requirement's limits; several where its values are dated."""
        if isinstance(requirement, Composition):
            return [Limit("by the day of", f"the first meeting of {self.body(requirement.body)}")]
        if isinstance(requirement, Criterion) and requirement.question is not None:
            return [Limit("by the day of", "the decision")]
        if not isinstance(requirement, Limited | Hold):
            return []
        found = list(self._periods(requirement, requirement.for_each))
        for value in requirement.values:
            since = ""
            if len(requirement.values) > 1 and value.in_force_from is not None:
                since = f"from {day(value.in_force_from).partition(' ')[2]} on"
            found += [
                Limit(limit.when, limit.start, since)
                for limit in self._periods(value, requirement.for_each)
            ]
        return found

    def _periods(self, holder: object, each: ForEach | None) -> Iterator[Limit]:
        for form in _FORMS:
            period = getattr(holder, form, None)
            if isinstance(period, Period):
                yield from self._period(form, period, each)

    def _period(self, form: str, period: Period, each: ForEach | None) -> Iterator[Limit]:
        if period.as_ is not None:
            # A requirement that takes over another's limit never takes over its own.
            yield from self.limits(self.rules.by_id[period.as_].requirement)
            return
        start = self._start(period.of, each)
        if form == "by" or period.n == 0:
            named = getattr(period.of, "field", None) is not None
            yield Limit("by the day named in" if named else "by the day of", start)
            return
        length = amount(period.n or 0, period.unit or "days")
        fits = {
            "within": f"within {length} of",
            "before": f"at least {length} before",
            "around": f"at most {length} before or after",
        }
        yield Limit(fits[form], start)

    def _start(self, start: Start | None, each: ForEach | None) -> str:
        if isinstance(start, EventPattern | MeetingPattern | FormPattern):
            return self.noun(start)
        if isinstance(start, IncidentDate):
            return "the incident"
        if each is not None and each.substitute is not None:
            return f"the meeting of {self.body(each.substitute)}"
        name = None if each is None else each.meeting or each.event
        return _OWN_DATE if name is None else f"each {self._one(name)}"

    # --- order, subjects, conditions ----------------------------------------------------------

    def _order(self, requirement: Requirement) -> Iterator[str]:
        if isinstance(requirement, Step):
            if requirement.after:
                yield f"after {listing(self.noun(first) for first in requirement.after)}"
            if requirement.ahead_of:
                yield f"by the day of {self._first(requirement.ahead_of)}"
        if isinstance(requirement, Limited) and requirement.since:
            yield f"not counting what came before {self._first(requirement.since)}"

    def _subject(self, requirement: Requirement, *, agency: bool) -> Iterator[str]:
        each = requirement.for_each
        at = getattr(requirement, "at", None)
        if at is not None:
            yield f"at one {spaced(at)} at least"
        if each is None or any(
            limit.start == self._start(None, each) for limit in self.limits(requirement)
        ):
            return
        if each.meeting is not None:
            yield f"at {'the first' if each.first else 'each'} {self._one(each.meeting)}"
        elif each.agency is not None and agency:
            yield "each agency involved" if each.agency == "involved" else "each agency"
        elif each.event is not None:
            yield f"each time: {spaced(each.event)}"

    def _condition(self, condition: Condition, requirement: Requirement) -> str:
        if isinstance(condition, DecisionIs) and condition.decision == ("local_review",):
            return ""  # what the stages of a review are about anyway
        if isinstance(condition, Happened):
            own = [getattr(done, "same", ()) for done in condition.happened]
            each = requirement.for_each
            if each is not None and any("meeting" in same for same in own):
                return "once it has been held"
        return self.condition(condition)

    def condition(self, condition: Condition) -> str:
        """A condition as a clause of its own: `if …`, `once …`, `unless …`."""
        if isinstance(condition, DecisionIs):
            return f"once the decision is for {self._names(condition.decision, 'or')}"
        if isinstance(condition, Happened):
            nouns = self.nouns(condition.happened, "or")
            return f"once {nouns} is planned" if condition.planned else f"after {nouns}"
        if isinstance(condition, AnswerIs):
            return f"if {questions(condition.answer)}"
        if isinstance(condition, ParallelIs):
            state = "runs" if condition.running else "runs or has run"
            named = listing(
                (_PROCESSES.get(w) or self.words.name(w) for w in condition.parallel), "or"
            )
            if condition.during is not None:
                event = NOUNS.get(condition.during) or f"the {spaced(condition.during)}"
                state = f"ran on the day of {event}"
            return f"if {named} {state}"
        if isinstance(condition, DelayIs):
            return "if there is a delay"
        if isinstance(condition, InPlay):
            known = _IN_PLAY.get(condition.in_play)
            return known or f"once this applies: {self._title(condition.in_play)}"
        if isinstance(condition, FindingIs):
            return self._finding(condition)
        if isinstance(condition, AnyOf | AllOf):
            several = condition.any if isinstance(condition, AnyOf) else condition.all
            joint = "or" if isinstance(condition, AnyOf) else "and"
            return listing(filter(None, map(self.condition, several)), joint)
        if isinstance(condition, Not):
            return self._not(condition.not_)
        return ""  # `started`: the limit itself says from when

    def _not(self, inner: Condition) -> str:
        if isinstance(inner, Not):
            return self.condition(inner.not_)
        if isinstance(inner, Happened):
            return f"only before {self.nouns(inner.happened, 'or')}"
        return f"unless {self.condition(inner).removeprefix('if ').removeprefix('once ')}"

    def _finding(self, condition: FindingIs) -> str:
        title = self._title(condition.finding)
        if condition.finding == "national.serious_case":
            no = "no" if condition.answer == "no" else "a"
            return f"if it is {no} serious case"
        if condition.answer is not None:
            return f"if answered {condition.answer}: {title}"
        return f"if {listing(map(spaced, condition.status), 'or')}: {title}"

    def _title(self, requirement: str) -> str:
        return f"“{self.rules.by_id[requirement].requirement.title}”"

    # --- nouns --------------------------------------------------------------------------------

    def nouns(self, patterns: tuple[Done, ...], joint: str) -> str:
        """What was done, joined."""
        return listing(map(self.noun, patterns), joint)

    def noun(self, pattern: Done | OneOf) -> str:
        """What was done, as a noun: `the sending of the rapid review to the Panel`."""
        if isinstance(pattern, OneOf):
            return self.nouns(pattern.any, "or")
        if isinstance(pattern, EventPattern):
            return self._event(pattern)
        if isinstance(pattern, MeetingPattern):
            first = "the first" if pattern.first else "a"
            on = f" on {self.words.name(pattern.agenda)}" if pattern.agenda else ""
            return f"{first} {self._one(pattern.meeting)}{on}"
        if isinstance(pattern, FormPattern):
            back = "the return of " if pattern.returned else ""
            return f"{back}the form “{self.words.name(pattern.form)}”"
        if isinstance(pattern, RolePattern):
            return f"the choice of the {self.words.name(pattern.role)}"
        if isinstance(pattern, SubjectPattern):
            return _OF_ITS_OWN[pattern.subject]
        return "word of the delay"

    def _first(self, patterns: tuple[Done, ...]) -> str:
        which = ", whichever comes first" if len(patterns) > 1 else ""
        return f"{self.nouns(patterns, 'or')}{which}"

    def _event(self, pattern: EventPattern) -> str:
        text = NOUNS.get(pattern.event) or f"“{spaced(pattern.event)}”"
        if pattern.event == "aware" and pattern.by:
            return f"{self._names(pattern.by, 'or')} {text}"
        if pattern.event == "publication" and pattern.what == ("improvements",):
            text = "publication of the improvements"
        if pattern.version:
            text = text.replace("a draft", f"the {self._names(pattern.version, 'or')} draft")
        for attribute in _BRACKETED:
            if held := getattr(pattern, attribute):
                text += f" ({self._names(held, 'or')})"
        for attribute, word in _DETAILS:
            if held := getattr(pattern, attribute):
                text += f" {word} {self._names(held, 'or')}"
        return text

    def gathering(self, name: str) -> str:
        """A meeting of a body, or a gathering, as a noun with its article."""
        return NOUNS.get(name) or f"the {self._one(name)}"

    def body(self, name: str) -> str:
        """A body with its article: `the Review Group`."""
        return f"the {self.words.name(name)}"

    def _one(self, name: str) -> str:
        """One of several meetings or gatherings, without an article."""
        if name in vocabulary().words("bodies"):
            return f"meeting of {self.body(name)}"
        return (NOUNS.get(name) or spaced(name)).removeprefix("the ")

    def _names(self, words: tuple[str, ...], joint: str) -> str:
        bodies = self.rules.plugin.arrangements.bodies
        once = [w for w in words if f"{w}s" not in words]  # practitioners, and so a practitioner
        return listing((self.body(w) if w in bodies else self.words.name(w) for w in once), joint)
