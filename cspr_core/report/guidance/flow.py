"""A stage as a flow: what happens in it, what waits for what, what is asked, where it leads on.

Derived from the requirements alone: what meets them makes the boxes, what they count from or come
after makes the arrows, and what puts them in play makes the questions. Every requirement that asks
for something stands in its stage's flow exactly once. How a flow is drawn is none of its concern.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from cspr_core.model.arrangements import (
    Attendance,
    Composition,
    Criterion,
    Form,
    Hold,
    Requirement,
    Step,
)
from cspr_core.model.patterns import (
    AnswerIs,
    DecisionIs,
    EventPattern,
    FindingIs,
    FormPattern,
    Happened,
    MeetingPattern,
    OneOf,
    ParallelIs,
    Period,
)
from cspr_core.report.guidance.sentences import (
    RAPID,
    REVIEWED,
    Said,
    Sentences,
    agreed,
    ended,
)
from cspr_core.report.words import Words, capital, listing
from cspr_core.vocabulary import vocabulary

Shape = Literal["start", "step", "list", "question", "end"]

_LIST = 3  # more steps than this under a question stand as one list
# Attributes that tell two happenings of one type apart; who decides or publishes does not.
_TELLING = ("to", "outcome", "stage", "with_", "version", "whom", "for_", "of", "on", "audience")
_BY = ("sign_off", "comment", "aware")


@dataclass(frozen=True)
class Node:
    """A box of a flow.

    `title` leads it; `lines` follow, each one requirement's; `requirements` are their ids. What
    comes after it hangs below it, each with a word for the way there (`yes`), or none.
    """

    shape: Shape
    title: str
    lines: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    then: tuple[tuple[str, Node], ...] = ()

    def all(self) -> Iterator[Node]:
        """The node, and every one below it."""
        yield self
        for _, node in self.then:
            yield from node.all()


@dataclass(frozen=True)
class Flow:
    """A stage's flow, from its start; `title` names it."""

    title: str
    start: Node

    @property
    def told(self) -> str:
        """The flow in words, for whoever can't see it."""
        steps = [n for n in self.start.all() if n.shape in ("step", "list", "question")]
        ends = [
            f"{word}: {below.title}" if word else below.title
            for n in self.start.all()
            for word, below in n.then
            if below.shape == "end"
        ]
        told = " ".join(ended(f"{i}. {n.title}") for i, n in enumerate(steps, 1))
        return f"Begins with: {ended(self.start.title)} {told} Ends with: {'. Or: '.join(ends)}."


@dataclass
class _Draft:
    """A node while it is being put together."""

    shape: Shape
    title: str
    requirements: list[Requirement] = field(default_factory=list)
    then: list[tuple[str, _Draft]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


Key = tuple[str, ...]

_ASKED = {
    "abuse_or_neglect": "is abuse or neglect known or suspected",
    "died_or_seriously_harmed": "did the child die, or was the child seriously harmed",
    "died": "did the child die",
    "looked_after": "was the child looked after",
    "care_leaver": "was the child a care leaver",
    "own_area": "is the incident this area's to notify",
}
_OPENINGS = {
    "referral": "A case is brought to the partnership",
    "notification": "The local authority becomes aware of an incident",
    "learning": "There is learning to pass on",
}


@dataclass(frozen=True)
class Stage:
    """What a flow is made from: a stage, its name, its requirements, where the others stand.

    `chapters` are the numbers and titles of every stage's chapter, in order.
    """

    word: str
    name: str
    requirements: Sequence[Requirement]
    chapters: Mapping[str, str]


def flow_of(stage: Stage, sentences: Sentences, everything: Iterable[Requirement]) -> Flow | None:
    """The flow of a stage; nothing where nothing is asked in it.

    `everything` are all requirements, which say what follows on each outcome of the decision.
    """
    asked = [r for r in stage.requirements if r.kind_name != "advice"]
    if not asked:
        return None
    return _Flow(stage, sentences, asked, list(everything)).flow()


class _Flow:
    def __init__(
        self,
        stage: Stage,
        sentences: Sentences,
        asked: list[Requirement],
        everything: list[Requirement],
    ) -> None:
        self.stage, self.sentences, self.asked = stage, sentences, asked
        self.everything, self.words = everything, Words(sentences.rules)
        self.said: dict[str, Said] = {r.id: sentences.said(r) for r in asked}
        self.happenings: dict[Key, _Draft] = {}
        self.lists: dict[Key, _Draft] = {}
        self.listed: list[Requirement] = []
        self.questions: dict[str, _Draft] = {}
        self.roots: list[_Draft] = []
        self.placed: dict[int, int] = {}  # the draft above, by draft

    def flow(self) -> Flow:
        for r in self.asked:
            self._take(r)
        for r in self.listed:
            self._put_on_list(r)
        for key, draft in (*self.happenings.items(), *self.lists.items()):
            self._hang(key, draft)
        self._order()
        start = _Draft("start", self._opens())
        ends = list(self._leads_on())
        start.then = [("", draft) for draft in self.roots] + ends
        return Flow(f"{self.stage.name}: what happens, and what waits for what", self._node(start))

    # --- boxes --------------------------------------------------------------------------------

    def _take(self, r: Requirement) -> None:
        """Put a requirement into the box of what meets it, of its list, or under its question."""
        asked = self._question(r)
        if asked is not None:
            question = self.questions.get(asked)
            if question is None:
                question = self.questions[asked] = _Draft("question", asked)
                self.roots.append(question)
            question.requirements.append(r)
            return
        if isinstance(r, Criterion) and r.question is None:
            self._question_of(r)
            return
        happening = self._happening(r)
        if happening is not None:
            draft = self.happenings.setdefault(happening, _Draft("step", ""))
            draft.requirements.append(r)
            return
        self.listed.append(r)

    def _put_on_list(self, r: Requirement) -> None:
        """Put a requirement without a day of its own on the list that hangs where it belongs."""
        heading = self._heading(r)
        above = next((d for key in _waits_for(r) if (d := self._find(key)) is not None), None)
        place = "" if above is None else str(list(self.happenings.values()).index(above))
        draft = self.lists.setdefault(("list", heading, place), _Draft("list", heading))
        draft.requirements.append(r)

    def _question_of(self, r: Requirement) -> None:
        """A definition is a question of its own; what hangs on its answer comes below it."""
        title = r.title if r.title.endswith("?") else f"{r.title}?"
        draft = self.questions.get(title)
        if draft is None:
            draft = self.questions[title] = _Draft("question", title)
            self.roots.append(draft)
        draft.lines.append(self._line(r))
        draft.requirements.insert(0, r)

    def _question(self, r: Requirement) -> str | None:
        """The question on whose answer it depends whether a requirement is in play."""
        each = r.for_each
        if each is not None and each.delay is not None:
            return "Is there a delay?"
        if each is not None and each.parallel:
            return self._runs(each.parallel)
        if isinstance(r, Hold) and r.running:
            return self._runs(r.running)
        for condition in r.when:
            if isinstance(condition, ParallelIs):
                return self._runs(condition.parallel)
            if isinstance(condition, FindingIs) and condition.answer == "yes":
                other = self.sentences.rules.by_id[condition.finding].requirement
                if other.stage == self.stage.word:
                    return other.title if other.title.endswith("?") else f"{other.title}?"
            if isinstance(condition, AnswerIs) and (defined := self._defined(condition)):
                return defined
        answers = [_ASKED[q] for c in r.when if isinstance(c, AnswerIs) for q in c.answer]
        return capital(f"{listing(answers)}?") if answers else None

    def _defined(self, asked: AnswerIs) -> str | None:
        """The definition of this stage, of which a condition asks every question itself."""
        for r in self.asked:
            if isinstance(r, Criterion) and r.all and set(r.all) <= set(asked.answer):
                return r.title if r.title.endswith("?") else f"{r.title}?"
        return None

    def _runs(self, processes: tuple[str, ...]) -> str:
        clause = agreed(self.sentences.timing.condition(ParallelIs(parallel=processes)))
        several = clause.endswith("run or have run")
        named = re.split(r" runs? or ", clause.removeprefix("if "))[0]
        return f"{'Do' if several else 'Does'} {named} run beside the review?"

    def _happening(self, r: Requirement) -> Key | None:
        if isinstance(r, Attendance | Composition):
            return None
        if isinstance(r, Form):
            each = r.for_each
            return None if each is None or each.form is None else ("form", each.form)
        met_by = getattr(r, "met_by", ())
        found = [key for done in met_by if (key := _key(done)) is not None]
        return found[0] if found else None

    def _heading(self, r: Requirement) -> str:
        """What a list of steps without a day of their own stands under."""
        if isinstance(r, Criterion):
            return "Consider, and record the answer with its reason"
        when = self.said[r.id].when
        if when:
            return capital(when)
        conditions = [c for c in r.when if isinstance(c, Happened)]
        clause = self.sentences.condition(conditions[0]) if conditions else ""
        clause = self.sentences.smooth(clause)
        return capital(clause) if clause else "In the course of this stage"

    # --- arrows -------------------------------------------------------------------------------

    def _hang(self, key: Key, draft: _Draft) -> None:
        """Hang a box below the last of what it waits for in this stage, or below the start."""
        for r in draft.requirements:
            found = [self._find(first) for first in reversed(list(_waits_for(r)))]
            fit = [d for d in found if d is not None and not self._is_below(d, draft)]
            if fit:
                above = next((d for d in fit if self._comes_before(fit[0], d)), fit[0])
                above.then.append(("", draft))
                self.placed[id(draft)] = id(above)
                return
        general = self._general(key)
        if general is not None and not self._is_below(general, draft):
            general.then.append(("", draft))
            self.placed[id(draft)] = id(general)
            return
        self.roots.append(draft)

    def _comes_before(self, draft: _Draft, other: _Draft) -> bool:
        """Whether what a box is about has to be there before another."""
        keys = (key for r in draft.requirements for key in _comes_before(r))
        return draft is not other and any(self._find(key) is other for key in keys)

    def _general(self, key: Key) -> _Draft | None:
        """The box of the same happening with less said of it: the draft, above whom it goes to."""
        found = [
            (len(other), draft)
            for other, draft in self.happenings.items()
            if other[0] == key[0] and set(other) < set(key) and len(other) > 1
        ]
        return max(found, key=lambda row: row[0])[1] if found else None

    def _order(self) -> None:
        """In the order of the steps, and what has to be there before something before it."""
        place = {r.id: i for i, r in enumerate(self.asked)}
        first = {id(d): min(place[r.id] for r in d.requirements) for d in self.roots}
        self.roots.sort(key=lambda d: (first[id(d)], d.shape != "question"))
        for draft in list(self.roots):
            for r in draft.requirements:
                for key in _comes_before(r):
                    later = self._find(key)
                    root = None if later is None else self._root(later)
                    if root is None or root is draft or root not in self.roots:
                        continue
                    # Beside what comes up further down its place is open: after all of that.
                    after = later is not root
                    self.roots.remove(draft)
                    self.roots.insert(self.roots.index(root) + after, draft)
        for draft in (*self.happenings.values(), *self.lists.values()):
            self._order_below(draft, place)

    def _order_below(self, above: _Draft, place: Mapping[str, int]) -> None:
        """The same for what hangs side by side below a box."""
        below = [draft for _, draft in above.then]
        below.sort(key=lambda d: min(place[r.id] for r in d.requirements))
        for draft in list(below):
            waiting = [d for d in below if d is not draft and self._waits_below(d, draft)]
            first = min((below.index(d) for d in waiting), default=len(below))
            if first < below.index(draft):
                below.remove(draft)
                below.insert(first, draft)
        above.then = [("", draft) for draft in below]

    def _waits_below(self, draft: _Draft, other: _Draft) -> bool:
        """Whether a box, or one below it, waits for what another box is about."""
        return any(
            self._find(key) is other for r in draft.requirements for key in _waits_for(r)
        ) or any(self._waits_below(below, other) for _, below in draft.then)

    def _root(self, draft: _Draft) -> _Draft:
        by_id = {id(d): d for d in (*self.happenings.values(), *self.lists.values())}
        while id(draft) in self.placed:
            draft = by_id[self.placed[id(draft)]]
        return draft

    def _is_below(self, draft: _Draft, above: _Draft) -> bool:
        found: int | None = id(draft)
        while found is not None:
            if found == id(above):
                return True
            found = self.placed.get(found)
        return False

    def _find(self, wanted: Key) -> _Draft | None:
        exact = self.happenings.get(wanted)
        if exact is not None:
            return exact
        kind, *attributes = wanted
        for key, draft in self.happenings.items():
            if key[0] == kind and set(attributes) <= set(key[1:]):
                return draft
        return None

    # --- ends ---------------------------------------------------------------------------------

    def _opens(self) -> str:
        """What opens the stage."""
        if self.stage.word in RAPID:
            return "A rapid review is due"
        if self.stage.word in REVIEWED:
            return "A local review has been decided"
        return _OPENINGS[self.stage.word]

    def _leads_on(self) -> Iterator[tuple[str, _Draft]]:
        decision = self.happenings.get(("decision",))
        if self.stage.word == "decision" and decision is not None:
            question = _Draft("question", "What is decided?")
            question.then = [(o, _Draft("end", to)) for o, to in self._outcomes()]
            decision.then.append(("", question))
            return
        stages = list(self.stage.chapters)
        after = stages[stages.index(self.stage.word) + 1 :]
        told = f"Go on to {self.stage.chapters[after[0]]}" if after else "The end of the process"
        yield "", _Draft("end", told)

    def _outcomes(self) -> Iterator[tuple[str, str]]:
        """Each outcome of the decision, and the chapters in which something follows on it."""
        order = list(self.stage.chapters)
        for outcome in vocabulary().words("outcomes"):
            stages = {
                r.stage
                for r in self.everything
                if any(isinstance(c, DecisionIs) and outcome in c.decision for c in r.when)
            }
            chapters = [self.stage.chapters[s] for s in order if s in stages]
            told = f"Go on to {listing(chapters)}" if chapters else "No further step is laid down"
            yield self.words.name(outcome), told

    # --- nodes --------------------------------------------------------------------------------

    def _node(self, draft: _Draft) -> Node:
        then = [(word, self._node(below)) for word, below in draft.then]
        requirements = draft.requirements
        if draft.shape == "step":
            return self._step(requirements, then)
        if draft.shape == "list":
            return self._list(draft.title, requirements, then)
        if draft.shape != "question" or not requirements:
            return Node(draft.shape, draft.title, then=tuple(then))
        own = requirements[:1] if draft.lines else []
        below = [("yes", node) for node in self._below(requirements[len(own) :])]
        lines = (*draft.lines, "If not, nothing follows from it.")
        ids = tuple(r.id for r in own)
        return Node("question", draft.title, lines, ids, (*below, *then))

    def _below(self, asked: Sequence[Requirement]) -> Iterator[Node]:
        """What follows where a question is answered yes: boxes, or one list of many."""
        if len(asked) > _LIST:
            yield self._list("Then", asked, [], when=True)
            return
        boxes: dict[Key, list[Requirement]] = {}
        for r in asked:
            act = self.said[r.id].act
            boxes.setdefault(self._happening(r) or ("own", act or r.id), []).append(r)
        for rs in boxes.values():
            yield self._step(rs, [])

    def _step(self, requirements: Sequence[Requirement], then: list[tuple[str, Node]]) -> Node:
        title = self._title(requirements)
        alike = len({(r.title, self.said[r.id].act) for r in requirements}) == 1
        lines = [self._line(r, what=not alike) for r in requirements]
        ids = tuple(r.id for r in requirements)
        return Node("step", title.rstrip("."), tuple(lines), ids, tuple(then))

    def _list(
        self,
        heading: str,
        requirements: Sequence[Requirement],
        then: list[tuple[str, Node]],
        *,
        when: bool = False,
    ) -> Node:
        """Steps under a heading, those of the same people together."""
        whose: dict[str, list[Requirement]] = {}
        for r in requirements:
            whose.setdefault(self._whose(r), []).append(r)
        lines: list[str] = []
        for who, rs in whose.items():
            shared = len(rs) > 1
            lines += [f"{capital(who)}:"] if shared else []
            lines += [self._line(r, what=True, when=when, whose=not shared) for r in rs]
        return Node("list", heading, tuple(lines), tuple(r.id for r in requirements), tuple(then))

    def _title(self, requirements: Sequence[Requirement]) -> str:
        """What a box is called: what is done in it, by the first that says so."""
        key = self._happening(requirements[0])
        if key is not None and key[0] == "meeting" and len(requirements) > 1:
            which = "the first " if "first" in key else ""
            return capital(f"{which}{self.sentences.one_meeting(key[1])}")
        for r in requirements:
            act = self.said[r.id].act
            if act and not isinstance(r, Form):
                return capital(act)
        return requirements[0].title

    def _whose(self, r: Requirement) -> str:
        said = self.said[r.id]
        return f"{said.who or 'this'} {said.verb}"

    def _line(
        self, r: Requirement, *, what: bool = False, when: bool = True, whose: bool = True
    ) -> str:
        """A requirement in a line: its number, who does it, how binding it is, and by when."""
        told = capital(r.title.rstrip(".").removeprefix("Considered: ")) if what else ""
        if whose:
            told = f"{told} ({self._whose(r)})" if told else capital(self._whose(r))
        more = [self.said[r.id].when] if when and self.said[r.id].when else []
        if any(isinstance(c, AnswerIs) and "own_area" in c.answer for c in r.when):
            more.append("if the incident is this area's to notify")
        return f"{self.sentences.reference(r.id)} {', '.join((told, *more))}"


def _comes_before(r: Requirement) -> Iterator[Key]:
    """What a requirement has to be done by, before or ahead of."""
    if isinstance(r, Criterion):
        yield ("decision",)
    if isinstance(r, Hold) and (held := _key(r.hold)) is not None:
        yield held
    ahead: list[object] = list(r.ahead_of) if isinstance(r, Step) else []
    for value in (r, *getattr(r, "values", ())):
        for name in ("before", "by"):
            period = getattr(value, name, None)
            named = getattr(getattr(period, "of", None), "field", None)
            if isinstance(period, Period) and period.of is not None and named is None:
                ahead.append(period.of)
    for one in ahead:
        key = _key(one)
        if key is not None:
            yield key


def _key(done: object) -> Key | None:
    """What happens, so that two requirements on the same thing share a box."""
    if isinstance(done, EventPattern):
        told = [w for name in _TELLING for w in getattr(done, name)]
        if done.event in _BY:
            told += done.by
        if done.event in ("decision", "publication"):
            told = []
        return (done.event, *told)
    if isinstance(done, MeetingPattern):
        return ("meeting", done.meeting, *(("first",) if done.first else ()))
    if isinstance(done, FormPattern):
        return ("form", done.form)
    return None


def _waits_for(r: Requirement) -> Iterator[Key]:
    """What a requirement counts from or comes after."""
    for start in _starts(r):
        several = start.any if isinstance(start, OneOf) else (start,)
        for one in several:
            key = _key(one)
            if key is not None:
                yield key


def _starts(r: Requirement) -> Iterator[object]:
    for value in (r, *getattr(r, "values", ())):
        for name in ("within", "around", "by"):
            period = getattr(value, name, None)
            counted = name != "by" or getattr(getattr(period, "of", None), "field", None)
            if isinstance(period, Period) and period.of is not None and counted:
                yield period.of
    for condition in r.when:
        if isinstance(condition, Happened) and condition.planned is None:
            yield from condition.happened
    if isinstance(r, Step):
        yield from r.after
    for done in getattr(r, "met_by", ()):
        if isinstance(done, EventPattern) and done.event == "comment":  # on a draft that is there
            yield from (EventPattern(event="draft_shared", version=(v,)) for v in done.on)
    each = r.for_each
    if each is not None and each.meeting is not None:
        yield MeetingPattern(meeting=each.meeting)
        yield EventPattern(event=each.meeting)
    if each is not None and each.form is not None:
        yield FormPattern(form=each.form)
