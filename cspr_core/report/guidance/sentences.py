"""A requirement as sentences: what happens, who does it, how binding it is, and by when.

The words are the arrangements' own titles and actions; this puts them together with the verb that
the source bears (must, should), the limit and what puts the requirement in play.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cspr_core.check import Rules
from cspr_core.model.arrangements import (
    Attendance,
    Composition,
    Criterion,
    Form,
    Hold,
    Limited,
    Number_,
    Requirement,
    Seat,
    Step,
)
from cspr_core.model.patterns import (
    AllOf,
    AnyOf,
    Condition,
    DecisionIs,
    EventPattern,
    FindingIs,
    Happened,
    InPlay,
    Not,
    OneOf,
    ParallelIs,
    Period,
    Started,
)
from cspr_core.report.roles import role_name
from cspr_core.report.timing import Limit, Timing
from cspr_core.report.words import Words, capital, listing, spaced
from cspr_core.vocabulary import vocabulary

Reference = Callable[[str], str]

# Stages that wait for a rapid review to be due, and those that wait for a local review.
RAPID = ("rapid_review", "decision")
REVIEWED = ("review", "sign_off", "publication")

# What is said for the office's record, and not to whoever acts.
_RECORD = re.compile(
    r",? and confirm (?:it|that|who|from)\b[^;.]*|,? and record [^,;.]* or confirm it"
    r"|; (?:the office|where they) .*| \([a-z]+_[a-z_]+\)"
)
_CONFIRM = re.compile(r"^(?:Confirm|Record) ")
_SEVERAL = ("practitioner", "line_manager", "senior_manager", "safeguarding_lead", "author")
_MEMBERS = ("member", "substitute")
_ARTICLED = ("a ", "an ", "the ", "each ", "any ")
# Words without which two sentences still say the same: no "not", no "only", no "at once".
_EMPTY = frozenset(
    "a about an and any are as at be been by each for from get gets give given go goes had has have"
    " held her his hold in into is it its made make of on or other others own see send sent so"
    " somebody take taken takes tell that the their them there they this those to told was were"
    " which who whom with".split()
)
_MIXED = re.compile(r" or (?:if|once|where) ")
_FIGURE = re.compile(r"\d")
_SMOOTH = (
    ("the de-brief (involved)", "the de-brief for those involved"),
    ("the de-brief (open)", "the open de-brief"),
    ("the letter to the family (decision)", "the letter to the family on the decision"),
    ("the letter to the family (midway)", "the letter to the family midway"),
    ("the action plan (reviewed)", "the review of the action plan"),
    ("the action plan (agreed)", "the agreement of the action plan"),
    ("(agrees or a local review)", "that it agrees, or that a local review is right"),
    ("after the form “", "after receipt of the form “"),
    ("or the form “", "or receipt of the form “"),
    ("comments by the", "the comments of the"),
)
_PRONOUN = re.compile(r"^\S+ (?:them|it|all|both)\b")
_SENT = re.compile(r"the (sending|sharing) of (.+?)((?: (?:to|with|for) .+)?)$")
_YOU = re.compile(r"\byour?\b")
_OF_ITSELF = ("at each", "at the first", "by the day of each", "after ", "once ")
_APART = ("for ", "at each", "at one", "at the", "by ", "after ", "once ", "shown ")
_BEFORE = re.compile(r",? (?:just )?before ([^,;]+)$")
_NOUNS = re.compile(r"(?:^|(?<= or )|(?<=, ))the (\w)")
_DONE = {
    "sending": "sent",
    "sharing": "shared",
    "return": "returned",
    "appointment": "appointed",
    "agreement": "agreed",
    "escalation": "escalated",
}
_DOINGS = re.compile(
    rf"the ({'|'.join(_DONE)}) of ((?:a|an|the) (?:(?! or the ).)+?)((?: (?:to|with) .+)?)"
)
_VERSION = "(?:first|revised|agreed|final)"
_DRAFTS = re.compile(rf" on ({_VERSION}(?:(?:, | or ){_VERSION})*)(?! draft)\b")
_PLURAL = re.compile(r"^(?:the )?(?:terms|reasons|findings|papers)\b")
_MONTHS = re.compile(r"within (\d+ (?:months?|days?)) of ")


@dataclass(frozen=True)
class Said:
    """A requirement in parts: the sentence about it, and what puts it in play.

    `title` is what happens, `act` what somebody does (a bare verb first, or nothing), `who` the
    subject (or nothing), `verb` must, should or may, `when` the limit, `more` further sentences.
    `names` are what a title may call whoever acts; `form` says that it is about a form.
    """

    title: str
    act: str
    who: str
    verb: str
    when: str
    more: tuple[str, ...]
    names: tuple[str, ...] = ()
    form: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """What steps have in common that can stand under one sentence."""
        return (self.who, self.verb, self.when, *self.more)


class Sentences:
    """Requirements of an area in words."""

    def __init__(self, rules: Rules, reference: Reference) -> None:
        """For the area whose rules these are; `reference` gives a requirement's step number."""
        self.rules, self.reference = rules, reference
        self.words, self.timing = Words(rules), Timing(rules)
        self._told: dict[str, Said] = {}
        self._agreeing = [
            self.timing.body(body)
            for lowered in rules.plugin.lowered
            for done in getattr(lowered.requirement, "met_by", ())
            if isinstance(done, EventPattern) and done.event == "sign_off"
            if re.search(r"\bagree\b", lowered.requirement.action or "", re.IGNORECASE)
            for body in done.by
        ]

    def said(self, r: Requirement) -> Said:
        """A requirement in parts."""
        if r.id not in self._told:
            self._told[r.id] = self._say(r)
        return self._told[r.id]

    def _say(self, r: Requirement) -> Said:
        return Said(
            title=r.title.rstrip("."),
            act=self._act(r),
            who=self.who(r),
            verb=verb_of(r),
            when=self.smooth(self.when(r)),
            more=tuple(map(self.smooth, self._more(r))),
            names=self._names(r),
            form=isinstance(r, Form),
        )

    def smooth(self, text: str) -> str:
        """A text whose words stand as they do inside a sentence."""
        for profile in self.rules.plugin.arrangements.roles.values():
            if profile.name != small(profile.name):
                inside = rf"(?<=[a-z,] ){re.escape(profile.name)}"
                text = re.sub(inside, small(profile.name), text)
        for body in self._agreeing:  # it agrees the report; to sign it off is for others
            text = re.sub(rf"sign-off (by {re.escape(body)})(?! or )", r"agreement \1", text)
        return smooth(text)

    # --- who ----------------------------------------------------------------------------------

    def who(self, r: Requirement) -> str:
        """Who acts, as the subject of a sentence, in small letters; empty where nobody is named."""
        if r.who is None:
            return ""
        if r.who == "agency":
            each = r.for_each
            involved = each is not None and each.agency == "involved"
            return "each agency involved" if involved else "each agency"
        name = self.named(r.who)
        # One form is one person's to fill in.
        return re.sub("^each ", "the ", name) if isinstance(r, Form) else name

    def named(self, word: str) -> str:
        """A role, a body or an agency with its article, as it stands inside a sentence."""
        if word in self.rules.plugin.arrangements.bodies or word in vocabulary().words("bodies"):
            return self.timing.body(word)
        name = small(re.sub(r" \(.*\)$", "", role_name(self.words, word)))
        if word in vocabulary().words("agencies") or name.startswith(_ARTICLED):
            return name
        several = word in (*_SEVERAL, *_MEMBERS) or word.endswith(("_member", "_author"))
        return f"each {name}" if several else f"the {name}"

    def limits(self, r: Requirement) -> str:
        """The limits of a requirement and what it has to come before, without whom it is asked of.

        Empty where there are none.
        """
        return self.smooth(", ".join(filter(None, (self._limits(r), self._ahead(r)))))

    def _names(self, r: Requirement) -> tuple[str, ...]:
        if r.who is None:
            return ()
        if r.who == "agency":
            return ("agencies", "each agency")
        name = re.sub(r" \(.*\)$", "", role_name(self.words, r.who))
        return tuple(dict.fromkeys((name.lower(), spaced(r.who))))

    # --- what ---------------------------------------------------------------------------------

    def _act(self, r: Requirement) -> str:
        """The action as it follows a verb; nothing where it only says what to record."""
        if r.action is None or (_CONFIRM.match(r.action) and not isinstance(r, Criterion)):
            return ""
        if _YOU.search(r.action):
            return ""  # spoken to whoever acts
        text = _RECORD.sub("", r.action).rstrip(".,")
        return text[:1].lower() + text[1:] if not text[1:2].isupper() else text

    # --- when ---------------------------------------------------------------------------------

    def when(self, r: Requirement) -> str:
        """The limit and the order, as they close a sentence: `within 7 working days of …`."""
        if isinstance(r, Criterion) and r.question is None:
            return ""
        parts = [self._limits(r)]
        if isinstance(r, Step):
            if r.after:
                parts.append(self._after(r))
            parts.append(self._ahead(r))
        parts.append(self._subject(r))
        return ", ".join(dict.fromkeys(filter(None, parts)))

    def _ahead(self, r: Requirement) -> str:
        if not isinstance(r, Step) or not r.ahead_of:
            return ""
        first = ", whichever comes first" if len(r.ahead_of) > 1 else ""
        return self._by_day(self.timing.nouns(r.ahead_of, "or")) + first

    def _after(self, r: Step) -> str:
        only = r.after[0]
        if isinstance(only, OneOf) and len(r.after) == 1:
            return after([self.timing.noun(done) for done in only.any], "or")
        return after([self.timing.noun(first) for first in r.after])

    def limit(self, limit: Limit) -> str:
        """One limit in words, as it closes a sentence."""
        if limit.when == "by the day of":
            return self.smooth(self._by_day(limit.start))
        return self.smooth(f"{limit.when} {limit.start}")

    def _limits(self, r: Requirement) -> str:
        limits = self.timing.limits(r)
        if isinstance(r, Hold):
            return listing(_MONTHS.sub(r"for \1 from ", self.limit(limit)) for limit in limits)
        if len(limits) > 1 and all(limit.since for limit in limits):
            *_, before, last = limits
            same = last.when == before.when and last.when.endswith(" of")
            earlier = f"of {before.start}" if same else self.limit(before)
            return f"{self.limit(last)} ({last.since}; before that, {earlier})"
        text = listing(map(self.limit, limits))
        if limits and _is_planned(r):
            start = limits[0].start
            text = (
                text.removesuffix(start).removesuffix("the day of ")
                + f"the day planned for {start}"
            )
        return f"shown at the latest {text}" if _goes_on(r) else text

    def _by_day(self, noun: str) -> str:
        if (sent := _SENT.fullmatch(noun)) and " or " not in noun:
            kind, what, whom = sent.groups()
            be = "are" if _PLURAL.match(what) else "is"
            return (
                f"by the day on which {what} {be} {'sent' if kind == 'sending' else 'shared'}"
                + (whom)
            )
        return f"by the day of {noun}"

    def _subject(self, r: Requirement) -> str:
        """Of whom or what it is asked, where neither the title nor who acts says so."""
        each = r.for_each
        at = getattr(r, "at", None)
        if at is not None:
            return f"at one {spaced(at)} at least"
        if each is None:
            return ""
        if each.meeting is not None:
            one = self.one_meeting(each.meeting)
            limits = self.timing.limits(r)
            known = any(limit.start == f"each {one}" for limit in limits)
            at = "for" if limits else "at"
            return "" if known else f"{at} {'the first' if each.first else 'each'} {one}"
        if each.agency is not None and r.who != "agency":
            return (
                "for each agency that was involved"
                if each.agency == "involved"
                else ("for each agency concerned")
            )
        if each.event is not None:
            return f"at each {spaced(each.event)}"
        return "for each child" if each.child is not None and not each.recipient else ""

    def one_meeting(self, name: str) -> str:
        """One of several meetings or gatherings, without an article."""
        return self.timing.gathering(name).removeprefix("the ")

    # --- conditions and the rest --------------------------------------------------------------

    def _more(self, r: Requirement) -> Iterator[str]:
        yield from self._whom(r)
        yield from self._applies(r)
        yield from self._make_up(r)
        if isinstance(r, Limited) and r.since:
            noun = self.timing.nouns(r.since, "or")
            yield f"What was done before {noun} does not count."
        if r.unless == "recorded":
            yield "An exception is put on record, with its reason."
        if r.delay is not None:
            told = listing(map(self.words.name, r.delay.told))
            to = f" and told to {told}" if told else ""
            yield f"A delay that is agreed, with a new date,{to} excuses it until then."

    def _whom(self, r: Requirement) -> Iterator[str]:
        each = r.for_each
        if each is None:
            return
        names = [self.words.name(word) for word in each.recipient]
        if any(name not in r.title for name in names):
            yield f"It goes to {listing(names)}."
        if each.should:
            yield f"It **should** also go to {listing(map(self.words.name, each.should))}."

    def _applies(self, r: Requirement) -> Iterator[str]:
        """What puts it in play, beyond what its whole stage waits for."""
        each = r.for_each
        clauses: list[str] = []
        if each is not None and each.parallel:
            clauses.append(self.timing.condition(ParallelIs(parallel=each.parallel)))
        if each is not None and each.delay is not None:
            clauses.append("if there is a delay")
        limits = {f"after {limit.start}" for limit in self.timing.limits(r)}
        falls: list[str] = []
        for condition in _not_of_itself(r):
            if is_the_stages(condition, r.stage) or self._is_held(condition):
                continue
            if isinstance(condition, Not) and isinstance(condition.not_, AllOf):
                falls.append(self._falls(condition.not_))
                continue
            clause = self.condition(condition)
            if clause and clause not in limits:
                clauses.append(clause)
        clauses = [c for c in clauses if not ("delay" in c and "delay" in r.title)]
        if r.kind_name == "rule":  # it says how something is, and not what is done after it
            clauses = [_there_is(c) for c in clauses]
        first = [c for c in clauses if c.startswith("after ") and not _MIXED.search(c)]
        rest = [c for c in clauses if c not in first]
        if first:
            yield f"It comes {listing(dict.fromkeys(first))}."
        if rest:
            yield f"This applies {listing(dict.fromkeys(map(agreed, rest)))}."
        for clause in filter(None, falls):
            yield f"It falls away {agreed(clause)}."

    def _falls(self, both: AllOf) -> str:
        """What takes a requirement out of play: `where …, unless …`.

        What depends on another requirement's state is that one's to tell.
        """
        if any(isinstance(c, FindingIs) and c.status for c in both.all):
            return ""
        absent = [c for c in both.all if isinstance(c, Not) and isinstance(c.not_, Happened)]
        unless = [
            self.timing.nouns(c.not_.happened, "or") for c in absent if isinstance(c.not_, Happened)
        ]
        where = [self.condition(c) for c in both.all if c not in absent]
        again = unarticled(listing(unless, "or"))
        if any("withdrawal" in clause for clause in where):
            again = re.sub("^an? ", "another ", again)
        return listing(where) + (f", unless there is {again}" if unless else "")

    def _is_held(self, condition: Condition) -> bool:
        """Whether a condition says no more than that its own meeting was held."""
        return isinstance(condition, Happened) and any(
            "meeting" in getattr(done, "same", ()) for done in condition.happened
        )

    def condition(self, condition: Condition) -> str:
        """A condition as a clause: `if …`, `once …`, `after …`; empty where nothing is to be said.

        What depends on how another requirement stands names its step.
        """
        if isinstance(condition, FindingIs) and condition.status:
            return self._standing(condition)
        if isinstance(condition, FindingIs) and condition.finding != "national.serious_case":
            return f"if step {self.reference(condition.finding)} is answered {condition.answer}"
        if isinstance(condition, InPlay) and not condition.in_play.startswith("national."):
            return f"once step {self.reference(condition.in_play)} applies"
        if isinstance(condition, Started):
            return ""
        if isinstance(condition, DecisionIs):
            outcomes = listing(map(self.words.name, condition.decision), "or")
            return f"once the decision is for {outcomes}"
        if isinstance(condition, Not):
            return self._not(condition.not_)
        if isinstance(condition, AnyOf):
            clauses = _joined(filter(None, map(self.condition, condition.any)))
            if len({clause.partition(" ")[0] for clause in clauses}) == 1:
                return listing(clauses, "or")
            return ", or ".join(map(_there_is, clauses))
        if isinstance(condition, AllOf):
            return listing(dict.fromkeys(filter(None, map(self.condition, condition.all))))
        if isinstance(condition, Happened) and condition.planned is None:
            return after([self.timing.noun(done) for done in condition.happened], "or")
        return self.timing.condition(condition)

    def _not(self, inner: Condition) -> str:
        if isinstance(inner, Not):
            return self.condition(inner.not_)
        if isinstance(inner, Happened):
            return f"until there is {unarticled(self.timing.nouns(inner.happened, 'or'))}"
        clause = self.condition(inner)
        return f"unless {re.sub('^(?:if|once|where) ', '', clause)}" if clause else ""

    def _standing(self, condition: FindingIs) -> str:
        step = f"step {self.reference(condition.finding)}"
        words = {
            "met": "is done",
            "met_late": "is done late",
            "overdue": "is overdue",
            "excused": "is excused by an agreed delay",
            "breached": "can no longer be done",
            "undetermined": "can't be told from what is known",
            "not_applicable": "does not apply",
            "upcoming": "is still to be done",
            "pending": "does not apply yet",
        }
        statuses = [s for s in condition.status if s != "met_late" or "met" not in condition.status]
        return f"where {step} {listing((words[s] for s in statuses), 'or')}"

    # --- make-up ------------------------------------------------------------------------------

    def _make_up(self, r: Requirement) -> Iterator[str]:
        if isinstance(r, Form):
            if r.boxes:
                yield f"Its boxes: {listing(map(spaced, r.boxes))}."
            if r.signed and "signed" not in r.title:
                names = (re.sub("^(each|the) ", "", self.named(word)) for word in r.signed)
                yield f"It is signed by {listing(f'the {name}' for name in names)}."
        elif isinstance(r, Number_):
            least = f"at least {r.min}" if r.min else ""
            most = "" if r.max is None else f"at most {r.max}"
            yield f"There are {listing(filter(None, (least, most)))}."
        elif isinstance(r, Attendance) and r.substitutes == "yes":
            yield "A substitute may take a place."

    def seats(self, r: Composition) -> Iterator[str]:
        """The places of a body, each in words."""
        if r.chair is not None:
            yield f"Chair: {self.seat(r.chair)}"
        for seat in r.seats:
            yield capital(self.seat(seat))
        if r.further is not None:
            without = r.further.uninvolved
            of_whom = (
                f", {'one' if without == 1 else without} of them without any involvement with the"
                " child or the family"
                if without
                else ""
            )
            yield f"{capital(_count(r.further.n))} further partner agencies{of_whom}"

    def seat(self, seat: Seat) -> str:
        """A place: `a designated doctor from …`."""
        kinds = listing((_agency(self.words.name(kind)) for kind in seat.kind), "or")
        roles = listing((self.named(role) for role in seat.role), "or")
        body = "" if seat.body is None else f"a member of {self.timing.body(seat.body)}"
        return listing(filter(None, (roles, kinds, body)), "from" if not body else "as")


def verb_of(r: Requirement) -> str:
    """How binding it is: must or should; advice is a should where it says so, else a may."""
    if r.kind_name == "advice":
        return "should" if "binding" in r.model_fields_set else "may"
    return r.binding


def sentence_of(said: Said) -> str:
    """A requirement as one or more sentences, the verb between `**`."""
    who, verb = capital(said.who) or "This", f"**{said.verb}**"
    when = _closing(said)
    said = replace(said, act=_without_limit(said)) if when else said
    if not said.act:
        does = f"{who} {verb} see to this" if said.who else f"This {verb} be so"
        text = f"{ended(said.title)} {does}{when}."
    elif not said.who:
        text = f"{ended(said.title)} What {verb} be done: {said.act}{when}."
    elif _covers(said):
        text = f"{who} {verb} {said.act}{when}."
    elif own := _retold(said):
        text = f"{who} {verb} {own}{when}."
    elif _stems(said.act) <= _stems(said.title):
        text = f"{ended(said.title)} {who} {verb} see to this{when}."
    else:
        text = f"{ended(said.title)} {who} {verb} {said.act}{when}."
    return " ".join((text, *said.more))


def _closing(said: Said) -> str:
    """The limit as it closes the sentence; nothing where what is done says as much."""
    when = said.when
    if not when:
        return ""
    of_itself = when.startswith(_OF_ITSELF)
    if of_itself and not _FIGURE.search(when) and _stems(when) - _stems("day") <= _stems(said.act):
        return ""
    # A limit in figures belongs to what is done; the rest is set off.
    apart = when.startswith(_APART)
    return f", {when}" if apart or "," in said.act else f" {when}"


def _covers(said: Said) -> bool:
    """Whether the action and who acts say everything that the title says."""
    if _PRONOUN.search(said.act):
        return False
    told = _stems(f"{said.act} {said.when}")
    # The author of a form is called after it, and yet the form has to be named.
    return _stems(said.title) <= told | (_stems(said.who) if not said.form else set())


def opens_with(said: Said) -> bool:
    """Whether the title begins with whoever acts."""
    names = "|".join(re.escape(re.sub(r"^(?:the|each) ", "", name)) for name in said.names)
    return bool(names and re.match(rf"(?:the |each )?(?:{names})s?\b", said.title, re.IGNORECASE))


def _without_limit(said: Said) -> str:
    """The action without a `before …` of its own, where the limit names that day."""
    found = _BEFORE.search(said.act)
    if found is None or not said.when.startswith("by the day"):
        return said.act
    return said.act[: found.start()] if _stems(found[1]) <= _stems(said.when) else said.act


def _retold(said: Said) -> str:
    """The title's own words after the verb, where it begins with who acts and what they do.

    `The Review Group comments on the first draft`, with the action `Comment on the draft`, gives
    `comment on the first draft`.
    """
    verb = said.act.partition(" ")[0]
    title = re.sub(r"^(?:the|each) ", "", said.title, flags=re.IGNORECASE)
    for name in said.names:
        called = re.escape(re.sub(r"^(?:the|each) ", "", name))
        found = re.match(rf"{called} ({re.escape(verb)}(?:s|es)?) (.+)", title, re.IGNORECASE)
        # A second verb would have to be changed too.
        if found and " and " not in found[2] and ";" not in found[2]:
            own = found[2]
            if said.when.startswith("by the day"):  # which says it more exactly
                own = re.sub(r" (?:before|by the day) .+$", "", own)
            return f"{verb} {own.replace('their ', 'its ') if 'agency' in said.who else own}"
    return ""


def _stems(text: str) -> set[str]:
    found = re.findall(r"[a-z0-9]+", text.lower().replace("-", ""))
    return {re.sub(r"(ies|es|ed|ings?|ly|s|e|y)$", "", w) for w in found if w not in _EMPTY}


def _joined(clauses: Iterable[str]) -> list[str]:
    """Clauses, those on several steps in one state as one: `where step 1 or step 2 is overdue`."""
    found: dict[str, list[str]] = {}
    for clause in clauses:
        step = re.fullmatch(r"where (step \S+) (.+)", clause)
        found.setdefault(step[2] if step else clause, []).append(step[1] if step else "")
    return [
        f"where {listing(steps, 'or')} {state}" if steps[0] else state
        for state, steps in found.items()
    ]


def is_the_stages(condition: Condition, stage: str) -> bool:
    """Whether a condition is what its whole stage waits for, which the chapter says once."""
    if isinstance(condition, DecisionIs):
        return condition.decision == ("local_review",) and stage in REVIEWED
    return (
        isinstance(condition, InPlay)
        and condition.in_play == "national.rapid_review"
        and stage in RAPID
    )


def smooth(text: str) -> str:
    """A text in which attributes in brackets are said in words."""
    for rough, words in _SMOOTH:
        text = text.replace(rough, words)
    return _DRAFTS.sub(_on_drafts, text)


def _on_drafts(found: re.Match[str]) -> str:
    versions = found[1]
    return " on any draft" if versions.count(",") > 1 else f" on the {versions} draft"


def after(nouns: Sequence[str], joint: str = "and") -> str:
    """What has to have happened: `once a draft has been shared`, or `after publication`."""
    done = [_once(noun) for noun in nouns]
    if all(done):
        return f"once {listing(done, joint)}"
    return f"after {listing(nouns, joint)}"


def _once(noun: str) -> str:
    found = _DOINGS.fullmatch(noun)
    if found is None:
        return ""
    kind, what, whom = found.groups()
    have = "have" if _PLURAL.match(what) else "has"
    return f"{what} {have} been {_DONE[kind]}{whom or ''}"


def small(name: str) -> str:
    """A name as it stands inside a sentence: `Team manager` as `team manager`."""
    first, _, rest = name.partition(" ")
    proper = first[1:] != first[1:].lower() or "’s" in first or "'s" in first
    if proper or any(word[:1].isupper() for word in rest.split()[:1]) or "Sub-" in first:
        return name
    return first.lower() + (f" {rest}" if rest else "")


def ended(text: str) -> str:
    """A sentence with its full stop."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def unarticled(noun: str) -> str:
    """Nouns of what may happen: `a notification to the Panel`, `an answer or a decision`."""
    return _NOUNS.sub(lambda found: f"{'an' if found[1] in 'aeiou' else 'a'} {found[1]}", noun)


def _there_is(clause: str) -> str:
    """What is to have happened, as something that is there: `once there is a decision`."""
    if not clause.startswith("after the "):
        return clause
    return f"once there is {unarticled(clause.removeprefix('after '))}"


def _is_planned(r: Requirement) -> bool:
    """Whether a limit counts from the day that is planned for something."""
    periods = (getattr(r, form, None) for form in ("within", "before", "around", "by"))
    starts = (p.of for p in periods if isinstance(p, Period))
    return any(isinstance(s, EventPattern) and s.as_ is not None for s in starts)


def _goes_on(r: Requirement) -> bool:
    """Whether what is asked goes on in its own stage, and sign-off is only when it has to show."""
    if not isinstance(r, Step) or r.met_by or r.by is None or r.stage == "sign_off":
        return False
    return isinstance(r.by.of, EventPattern) and r.by.of.event == "sign_off"


def _not_of_itself(r: Requirement) -> Iterator[Condition]:
    """What puts a requirement in play; not that it has been done already, where else would do."""
    met_by = getattr(r, "met_by", ())
    for condition in r.when:
        if isinstance(condition, AnyOf):
            rest = tuple(
                c
                for c in condition.any
                if not (isinstance(c, Happened) and all(done in met_by for done in c.happened))
            )
            yield AnyOf(any=rest or condition.any)
        else:
            yield condition


def _agency(name: str) -> str:
    """An agency's name in a list of places: a board, unlike a force, has an article."""
    board = small(name)
    return f"the {board}" if board.startswith("integrated care board") else name


def agreed(clause: str) -> str:
    """A clause whose verb agrees with a plural: `care proceedings run`."""
    return clause.replace("proceedings runs or has run", "proceedings run or have run").replace(
        "proceedings runs", "proceedings run"
    )


def _count(n: int) -> str:
    words = "none one two three four five six seven eight nine ten".split()
    return words[n] if n < len(words) else str(n)
