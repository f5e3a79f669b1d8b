"""Two requirements, aspect by aspect: whether the new one is stricter or looser than the old.

For two versions of one requirement, and for a local requirement beside the national one that it
tightens. What only words say (a title, a reading) is told as reworded, never weighed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from cspr_core.check import Rules
from cspr_core.model.arrangements import (
    Advice,
    Deadline,
    Limited,
    Notification,
    Requirement,
    Step,
)
from cspr_core.model.patterns import Condition, Done, EventPattern, OneOf
from cspr_core.report.timing import Timing
from cspr_core.report.words import day, listing, spaced
from cspr_core.strictness.limits import compare_limits, limit_of
from cspr_core.strictness.parts import Part, Said, of_kind, subjects
from cspr_core.strictness.patterns import covered, implication, narrower
from cspr_core.strictness.verdicts import PUBLISHED, Calendar, Comparison, Verdict, overall

# Kinds that ask for the same thing, that something is done.
_DOING = (Deadline, Notification, Step)
# Keys that only words or bookkeeping are in.
_WORDING = (
    "title action who stage reading note source authority verified checked tightens"
).split()
_KEYS = {
    "people": tuple(
        "seats further chair no yes not_in not_role only present substitutes agencies everyone"
        " absent led_by body at".split()
    ),
    "form": ("signed", "boxes"),
    "count": ("of", "min", "max"),
    "question": ("question", "reason", "all"),
    "hold": ("hold", "running"),
    "rule": ("match", "decide"),
}


@dataclass(frozen=True)
class _Two:
    """Two requirements with the rules that each is read by."""

    old: Requirement
    new: Requirement
    old_rules: Rules
    new_rules: Rules
    calendar: Calendar
    before: str = "before that"

    @cached_property
    def said(self) -> Said:
        """The words of both, and what the old is called."""
        return Said(Timing(self.old_rules), Timing(self.new_rules), self.before)

    def aspects(self) -> Iterator[Comparison]:
        """Every aspect in which they differ, the weightiest first."""
        yield from self.kind()
        if self.alike:
            yield from self.limit()
        if not any(isinstance(r, Advice) for r in (self.old, self.new)):
            yield from self.binding()
        if self.alike:
            yield from self._of_kind()
            yield from self.subjects()
            yield from self.conditions()
            yield from self.done()
            yield from self._order()
            yield from self._since()
        yield from self._exceptions()
        yield from self._delays()
        yield from self._minutes()
        yield from self._in_force()
        yield from self._wording()

    # --- what is asked ------------------------------------------------------------------------

    @cached_property
    def alike(self) -> bool:
        """Of one kind, or of kinds that ask for the same thing."""
        doing = isinstance(self.old, _DOING) and isinstance(self.new, _DOING)
        return doing or type(self.old) is type(self.new)

    def kind(self) -> Iterator[Comparison]:
        was, now = (spaced(r.kind_name) for r in (self.old, self.new))
        if self.alike:
            if was != now:
                yield Comparison(
                    "kind", "same", f"called a {now}, {self.before} a {was}", ("kind",)
                )
        elif isinstance(self.new, Advice):
            yield Comparison("kind", "looser", f"advice only, {self.before} a {was}", ("kind",))
        elif isinstance(self.old, Advice):
            yield Comparison("kind", "stricter", f"a {now}, {self.before} advice only", ("kind",))
        else:
            what = f"a {now} cannot be compared with a {was}: they ask for different things"
            yield Comparison("kind", "cannot be compared", what, ("kind",))

    def limit(self) -> Iterator[Comparison]:
        """The limits, where there is one."""
        old = limit_of(self.old, _requirements(self.old_rules))
        new = limit_of(self.new, _requirements(self.new_rules))
        if old == new:
            return
        yield compare_limits(
            old, new, self.calendar, old_words=self.said.old, new_words=self.said.new
        )

    def binding(self) -> Iterator[Comparison]:
        """A should in the place of a must, or the other way round."""
        if self.old.binding != self.new.binding:
            verdict: Verdict = "looser" if self.new.binding == "should" else "stricter"
            what = f"a {self.new.binding}, {self.before} a {self.old.binding}"
            yield Comparison("binding", verdict, what, ("binding",))

    def _of_kind(self) -> Iterator[Comparison]:
        aspect, parts = of_kind(self.old, self.new, self.said)
        yield from _joined(aspect, parts, *_KEYS.get(aspect, ()))

    def subjects(self) -> Iterator[Comparison]:
        """Whom or what it is asked of."""
        yield from _joined(
            "subjects", subjects(self.old.for_each, self.new.for_each, self.said), "for_each"
        )

    def conditions(self) -> Iterator[Comparison]:
        """When it is in play at all: in fewer cases is looser."""
        if self.old.when == self.new.when:
            return
        implied = implication(self.old.when, self.new.when)
        verdicts: dict[tuple[bool, bool] | None, tuple[Verdict, str]] = {
            (True, True): ("same", "its conditions come to the same"),
            (True, False): ("looser", "in play in fewer cases"),
            (False, True): ("stricter", "in play in more cases"),
        }
        either: tuple[Verdict, str] = ("cannot be compared", "in play in other cases")
        verdict, what = verdicts.get(implied, either)
        if verdict != "same":
            now, was = (
                self._when(self.new.when, self.said.new),
                self._when(self.old.when, self.said.old),
            )
            what = f"{what}: {now}, {self.before} {was}"
        yield Comparison("conditions", verdict, what, ("when",))

    @staticmethod
    def _when(conditions: Sequence[Condition], words: Timing) -> str:
        clauses = (words.condition(condition) for condition in conditions)
        return listing(filter(None, clauses)) or "in every case"

    def done(self) -> Iterator[Comparison]:
        """What meets it: more ways are looser."""
        old, new = (getattr(r, "met_by", ()) for r in (self.old, self.new))
        if old == new:
            return
        now, was = self._nouns(new, self.said.new), self._nouns(old, self.said.old)
        told = f"met by {now}, {self.before} by {was}"
        if now == was:
            told = f"met by {now}, of other sorts than {self.before}"
        if not old or not new:
            yield Comparison("done", "cannot be compared", told, ("met_by",))
            return
        narrow, wide = covered(new, old), covered(old, new)
        verdict: Verdict = "cannot be compared"
        if narrow:
            verdict = "same" if wide else "stricter"
        elif wide:
            verdict = "looser"
        elif any(covered([one], old) for one in new) or any(covered([one], new) for one in old):
            verdict = "mixed"
        yield Comparison("done", verdict, told, ("met_by",))

    @staticmethod
    def _nouns(patterns: tuple[Done, ...], words: Timing) -> str:
        return words.nouns(patterns, "or") if patterns else "minutes alone"

    def _order(self) -> Iterator[Comparison]:
        """What comes first, all of it; and what it is ahead of, the first of several."""
        old, new = (r if isinstance(r, Step) else None for r in (self.old, self.new))
        was: Sequence[Done | OneOf] = () if old is None else old.after
        now: Sequence[Done | OneOf] = () if new is None else new.after
        gone = [one for one in was if not any(narrower(other, one) for other in now)]
        come = [one for one in now if not any(narrower(other, one) for other in was)]
        parts = []
        if gone:
            named = listing(map(self.said.old.noun, gone))
            parts.append(Part("looser", f"no longer only after {named}"))
        if come:
            named = listing(map(self.said.new.noun, come))
            parts.append(Part("stricter", f"only after {named}"))
        yield from _joined("order", parts, "after")
        ahead = () if old is None else old.ahead_of, () if new is None else new.ahead_of
        yield from self._firsts(*ahead, "ahead_of", "ahead of")

    def _since(self) -> Iterator[Comparison]:
        old, new = (r.since if isinstance(r, Limited) else () for r in (self.old, self.new))
        yield from self._firsts(old, new, "since", "not counting what came before")

    def _firsts(
        self, old: tuple[EventPattern, ...], new: tuple[EventPattern, ...], key: str, words: str
    ) -> Iterator[Comparison]:
        """The day of the first of several: an earlier one is stricter ahead of it, looser since."""
        if old == new:
            return
        now = f"{words} {self.said.new.nouns(new, 'or')}" if new else "at any time"
        was = f"{words} {self.said.old.nouns(old, 'or')}" if old else "at any time"
        earlier, later = bool(new) and covered(old, new), bool(old) and covered(new, old)
        verdict: Verdict = "cannot be compared"
        if not old or not new:
            verdict = "stricter" if new else "looser"
        elif earlier or later:
            verdict = "same" if earlier and later else "stricter" if earlier else "looser"
            if key == "since" and verdict != "same":
                verdict = "looser" if earlier else "stricter"
        aspect = "order" if key == "ahead_of" else key
        yield Comparison(aspect, verdict, f"{now}, {self.before} {was}", (key,))

    # --- what excuses, confirms, and since when -----------------------------------------------

    def _exceptions(self) -> Iterator[Comparison]:
        if self.old.unless != self.new.unless:
            allowed = self.new.unless is not None
            what = "a recorded exception excuses it" if allowed else "no exception excuses it"
            yield Comparison("exceptions", "looser" if allowed else "stricter", what, ("unless",))

    def _delays(self) -> Iterator[Comparison]:
        old, new = self.old.delay, self.new.delay
        if old == new:
            return
        name = self.said.new.words.name
        if old is None or new is None:
            excuses = "an agreed delay excuses it" if old is None else "no delay excuses it"
            verdict: Verdict = "looser" if old is None else "stricter"
            yield Comparison("delays", verdict, excuses, ("delay",))
            return
        gone = [word for word in old.told if word not in new.told]
        come = [word for word in new.told if word not in old.told]
        parts = []
        if gone:
            whom = listing(map(name, gone))
            parts.append(Part("looser", f"a delay excuses it without {whom} being told"))
        if come:
            whom = listing(map(name, come))
            parts.append(Part("stricter", f"a delay excuses it only once {whom} is told"))
        yield from _joined("delays", parts, "delay")

    def _minutes(self) -> Iterator[Comparison]:
        if self.old.confirmable != self.new.confirmable:
            may = self.new.confirmable == "yes"
            what = "minutes can confirm it" if may else "minutes cannot confirm it any more"
            verdict: Verdict = "looser" if may else "stricter"
            yield Comparison("minutes", verdict, what, ("confirmable",))

    def _in_force(self) -> Iterator[Comparison]:
        old = self.old_rules.in_force.get(self.old.id)
        new = self.new_rules.in_force.get(self.new.id)
        if old != new:
            later = (new or date.min) > (old or date.min)
            told = ["for any date" if d is None else f"from {day(d)} on" for d in (new, old)]
            what = f"in force {told[0]}, {self.before} {told[1]}"
            verdict: Verdict = "looser" if later else "stricter"
            yield Comparison("in force", verdict, what, ("in_force_from",))

    def _wording(self) -> Iterator[Comparison]:
        keys = [key for key in _WORDING if getattr(self.old, key) != getattr(self.new, key)]
        if keys:
            what = f"reworded: {listing(map(spaced, keys))}"
            yield Comparison("wording", "same", what, tuple(keys))


def _joined(
    aspect: str, parts: Sequence[Part] | Iterator[Part], *keys: str
) -> Iterator[Comparison]:
    found = list(parts)
    if found:
        verdict = overall(part.verdict for part in found)
        yield Comparison(aspect, verdict, "; ".join(part.words for part in found), keys)


def _requirements(rules: Rules) -> dict[str, Requirement]:
    return {name: lowered.requirement for name, lowered in rules.by_id.items()}


def compare_requirements(
    old: Requirement,
    new: Requirement,
    old_rules: Rules,
    new_rules: Rules | None = None,
    calendar: Calendar = PUBLISHED,
) -> tuple[Comparison, ...]:
    """Every aspect in which a requirement's new version differs from the old, weightiest first.

    Empty where nothing differs. `old_rules` and `new_rules` are the rules that each version is
    read by; without `new_rules`, both are of the same.
    """
    return tuple(_Two(old, new, old_rules, new_rules or old_rules, calendar).aspects())


def compare_beside(
    duty: Requirement, local: Requirement, rules: Rules, calendar: Calendar = PUBLISHED
) -> tuple[Comparison, ...]:
    """A local requirement against the national duty that it tightens, and which still holds.

    Beside a duty a requirement without a limit of its own takes none away, conditions count only
    where they are narrower, and since when it is in force weighs nothing.
    """
    duty, told = _for_whom(duty, local, rules)
    two = _Two(duty, local, rules, rules, calendar, "nationally")
    if not two.alike:
        found = [*two.kind(), *two.binding()]
        return tuple(found)
    has_limit = limit_of(local, _requirements(rules)) is not None
    left_out = {"minutes", "in force", "wording", "kind"} | (set() if has_limit else {"limit"})
    aspects = [a for a in two.aspects() if a.aspect not in left_out]
    own = ("same", "stricter", "cannot be compared")
    aspects = [a for a in aspects if a.aspect != "conditions" or a.verdict not in own]
    if has_limit and not any(a.aspect == "limit" for a in aspects):
        limit = limit_of(local, _requirements(rules))
        words = two.said.new
        aspects.insert(0, compare_limits(limit, limit, calendar, old_words=words, new_words=words))
    return (*aspects, *told)


def _for_whom(
    duty: Requirement, local: Requirement, rules: Rules
) -> tuple[Requirement, tuple[Comparison, ...]]:
    """A duty towards each of several, as one towards the one whom the local requirement names."""
    each = duty.for_each
    named = [done.to for done in getattr(local, "met_by", ()) if isinstance(done, EventPattern)]
    if each is None or local.for_each is not None or len(named) != 1 or len(named[0]) != 1:
        return duty, ()
    everybody, whom = (*each.recipient, *each.should), named[0][0]
    if whom not in everybody or each.child is not None:
        return duty, ()
    name = Timing(rules).words.name
    others = listing(name(word) for word in everybody if word != whom)
    what = f"it speaks of {name(whom)} only, the national duty of {others} too"
    met_by = tuple(_towards(done, whom) for done in getattr(duty, "met_by", ()))
    binding = "should" if whom in each.should else duty.binding
    narrowed = duty.model_copy(update={"for_each": None, "met_by": met_by, "binding": binding})
    return narrowed, (Comparison("subjects", "looser", what, ("met_by",)),)


def _towards(done: Done, whom: str) -> Done:
    if not isinstance(done, EventPattern) or "recipient" not in done.same:
        return done
    same = tuple(name for name in done.same if name != "recipient")
    return done.model_copy(update={"to": (whom,), "same": same})
