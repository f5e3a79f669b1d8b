"""Plain words for dates, subjects, conditions and reasons.

Everything that a person reads about a finding is made here, after the engines, from fixed words,
keys and dates: never from free text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from cspr_core.check import Rules
from cspr_core.model.arrangements import Requirement, Seat
from cspr_core.model.patterns import (
    AllOf,
    AnswerIs,
    AnyOf,
    Condition,
    DecisionIs,
    DelayIs,
    DelayTold,
    Done,
    EventPattern,
    FindingIs,
    FormPattern,
    Happened,
    InPlay,
    MeetingPattern,
    OneOf,
    ParallelIs,
    RolePattern,
    Started,
)

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
UNITS = {"working_days": "working day", "days": "day", "months": "month"}
_QUESTIONS = {
    "abuse_or_neglect": "abuse or neglect is known or suspected",
    "died_or_seriously_harmed": "the child died or was seriously harmed",
    "died": "the child died",
    "looked_after": "the child was looked after",
    "care_leaver": "the child was a care leaver",
    "own_area": "the incident is this area's to notify",
    "area": "the incident is this area's to notify",
}
# Questions of which the case file holds one answer, a child's `outcome`.
OUTCOMES = {"died": "died?", "died_or_seriously_harmed": "died or seriously harmed?"}
_NAMES = {
    "panel": "the Panel",
    "partners": "the safeguarding partners",
    "safeguarding_partners": "the safeguarding partners",
    "local_authority": "the local authority",
    "secretary_of_state": "the Secretary of State",
    "ofsted": "Ofsted",
    "dfe": "the Department for Education",
    "icb": "the integrated care board",
    "gp": "general practice",
    "cafcass": "Cafcass",
    "elected_members": "elected members",
    "press": "the press",
    "lado": "an allegation against staff (LADO)",
    "local_review": "a local review",
    "no_review": "no review",
    "national_referral": "a referral for a national review",
    "alternative_review": "another form of review",
}
_HAPPENED = {
    "aware": "awareness of the incident",
    "notified": "the notification",
    "notification_withdrawn": "a withdrawal of the notification",
    "information_requested": "a request for information",
    "information_returned": "the return of information",
    "rapid_review_sent": "the rapid review being sent",
    "decision": "a decision on a review",
    "reviewer_appointed": "the appointment of a lead reviewer",
    "publication": "publication",
    "sign_off": "sign-off",
    "incident": "the incident",
    "death": "the death",
    "referral_received": "a referral",
    "author_asked": "a request to an author",
    "debrief": "a de-brief",
}


@lru_cache(maxsize=4096)
def day(value: date) -> str:
    """A date for a person: `Fri 7 March 2025`."""
    return f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]} {value.year}"


def amount(n: int, unit: str) -> str:
    """`5 working days`, `1 month`."""
    return f"{n} {UNITS[unit]}{'' if n == 1 else 's'}"


def not_the_whole(n: int, counts: str = "nothing here counts") -> str:
    """What has to stand above numbers that `n` files, lines or rows are missing from."""
    what, them = ("1 file or entry", "it") if n == 1 else (f"{n:,} files or entries", "them")
    return f"NOT THE WHOLE CASELOAD: {what} could not be used, and {counts} {them}."


def spaced(word: str) -> str:
    """A word of the vocabulary for a person: `review_group` → `review group`."""
    return word.rpartition(".")[2].replace("_", " ")


def listing(parts: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    words = list(parts)
    if len(words) < 2:  # noqa: PLR2004
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def capital(sentence: str) -> str:
    """The sentence with a capital letter."""
    return sentence[:1].upper() + sentence[1:]


class Words:
    """Words as one area says them: its labels before the shared ones."""

    def __init__(self, rules: Rules) -> None:
        """For the area whose rules these are."""
        self.rules = rules
        arrangements = rules.plugin.arrangements
        self._labels: dict[str, str] = {
            **{name: role.name for name, role in arrangements.roles.items()},
            **arrangements.agencies,
            **arrangements.words,
            **{name: body.name for name, body in arrangements.bodies.items()},
        }

    def name(self, word: str) -> str:
        """A body, role, agency, recipient or other word, as the area calls it."""
        return self._labels.get(word) or _NAMES.get(word) or spaced(word)

    def subject(self, kind: str | None, key: str) -> str:
        """A subject's label; composite ids are joined by a comma."""
        if kind in ("agency", "recipient", "body"):
            return capital(", ".join(self.name(part) for part in key.split("/")))
        return key

    def who(self, requirement: Requirement, subject: str | None) -> str | None:
        """Who acts: the requirement's word, or the subject agency itself."""
        return subject if requirement.who == "agency" and subject else requirement.who

    # --- what happened, what has to hold ------------------------------------------------------

    def seat(self, seat: Seat) -> str:
        """A place at a meeting or in a body: `Police as a member of Review Team`."""
        kinds = listing(map(self.name, seat.kind), "or")
        roles = listing(map(self.name, seat.role), "or")
        body = "" if seat.body is None else f"a member of {self.name(seat.body)}"
        return " as ".join(part for part in (kinds, roles, body) if part)

    def event(self, pattern: EventPattern) -> str:
        """An event pattern as a noun: `the notification to the Panel`."""
        text = _HAPPENED.get(pattern.event) or f"`{spaced(pattern.event)}`"
        if pattern.to:
            text += f" to {listing(map(self.name, pattern.to), 'or')}"
        if pattern.by:
            text += f" by {listing(map(self.name, pattern.by), 'or')}"
        details = (
            *pattern.outcome,
            *pattern.audience,
            *pattern.version,
            *pattern.stage,
            *pattern.whom,
            *pattern.on,
            *pattern.with_,
            *pattern.what,
        )
        if details:
            text += f" ({listing(map(self.name, details), 'or')})"
        return text

    def done(self, patterns: Sequence[Done | OneOf]) -> str:
        """What would meet a requirement, as nouns joined by "or"."""
        return listing((self._done(pattern) for pattern in patterns), "or")

    def _done(self, pattern: Done | OneOf) -> str:
        if isinstance(pattern, OneOf):
            return self.done(pattern.any)
        if isinstance(pattern, EventPattern):
            return self.event(pattern)
        if isinstance(pattern, MeetingPattern):
            text = (
                f"{'the first' if pattern.first else 'a'} meeting of {self.name(pattern.meeting)}"
            )
            if pattern.invited is not None:
                return f"{self.name(pattern.invited)} being invited to {text}"
            return text + (
                f" with {spaced(pattern.agenda)} on its agenda" if pattern.agenda else ""
            )
        if isinstance(pattern, FormPattern):
            return f"the form {self.name(pattern.form)}" + (
                " sent back" if pattern.returned else ""
            )
        if isinstance(pattern, RolePattern):
            where = f" in {self.name(pattern.body)}" if pattern.body else ""
            return f"somebody as {self.name(pattern.role)}{where}"
        if isinstance(pattern, DelayTold):
            return "the delay being told"
        item = f" {self.name(pattern.item)}" if pattern.item else ""
        return f"{spaced(pattern.subject)}{item}"

    def condition(self, condition: Condition) -> str:
        """A condition as a clause that can follow "if" or "waits for"."""
        if isinstance(condition, DecisionIs):
            outcomes = listing(map(self.name, condition.decision), "or")
            return f"a decision for {outcomes}"
        if isinstance(condition, Happened):
            return self.done(condition.happened)
        if isinstance(condition, AnswerIs):
            return questions(condition.answer)
        if isinstance(condition, InPlay | FindingIs):
            return self._finding(condition)
        if isinstance(condition, ParallelIs):
            state = " that still runs" if condition.running else ""
            return f"{listing(map(self.name, condition.parallel), 'or')}{state}"
        if isinstance(condition, DelayIs):
            return "a delay"
        if isinstance(condition, Started):
            return "something to count from"
        if isinstance(condition, AnyOf):
            return listing((self.condition(part) for part in condition.any), "or")
        if isinstance(condition, AllOf):
            return listing(self.condition(part) for part in condition.all)
        return f"not {self.condition(condition.not_)}"

    def _finding(self, condition: InPlay | FindingIs) -> str:
        if isinstance(condition, InPlay):
            other = self.rules.by_id.get(condition.in_play)
            title = condition.in_play if other is None else other.requirement.title
            return f"“{title}” being in play"
        other = self.rules.by_id.get(condition.finding)
        title = condition.finding if other is None else other.requirement.title
        if condition.answer is not None:
            serious = condition.finding == "national.serious_case"
            what = "a serious case" if serious else f"“{title}” answered {condition.answer}"
            return ("no " + what[2:]) if serious and condition.answer == "no" else what
        return f"“{title}” {listing(map(spaced, condition.status), 'or')}"


def questions(names: Sequence[str]) -> str:
    """Fixed questions about a child as a clause: several are about one and the same child."""
    together = ", all for the same child" if len(names) > 1 else ""
    return f"{listing(_QUESTIONS[name] for name in names)}{together}"


def question(name: str) -> str | None:
    """A fixed question about a child as a clause; `None` for another question."""
    return _QUESTIONS.get(name)


def clause_of(fact: str) -> str | None:
    """What is not known, as a finding names it, as a clause that can follow "if"."""
    for name, asked in OUTCOMES.items():
        if fact.endswith(f"({asked})"):
            return question(name)
    return question(fact.partition(" of ")[0])
