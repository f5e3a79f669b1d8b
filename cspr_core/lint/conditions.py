"""Whether conditions can all hold at once, as far as that can be proved.

Conditions are turned into alternatives, each a set of simple statements that all have to hold; an
alternative falls where two of its statements can't both be true. What is not seen to fall is taken
to be possible: "never" is proved, "possible" is not. Of several decisions recorded on one day each
counts; nobody means that by two outcomes at once, and it is left out of account here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from cspr_core.kinds import Lowered
from cspr_core.kinds.advice import REVIEW_STAGES
from cspr_core.kinds.patterns import EVENT_ATTRIBUTES
from cspr_core.model.arrangements import Requirement
from cspr_core.model.patterns import (
    AllOf,
    AnswerIs,
    AnyOf,
    Condition,
    DecisionIs,
    EventPattern,
    FindingIs,
    Happened,
    InPlay,
    Not,
    ParallelIs,
    Started,
    Value,
)
from cspr_core.program import OUTCOMES, STATUSES

MOST = 256  # alternatives; past it nothing is proved
IN_PLAY = frozenset({"met", "met_late", "upcoming", "overdue", "breached", "excused"})
# What a requirement can still come to whose conditions can't all hold: done before they are known.
_NEVER_IN_PLAY = frozenset({"not_applicable", "pending", "undetermined", "met", "met_late"})
_NO_DECISION = "none yet"
_IMPLIED: Mapping[str, str] = {"died": "died_or_seriously_harmed"}


@dataclass(frozen=True)
class Statement:
    """A simple condition, and whether it holds or does not."""

    condition: Value
    holds: bool = True


Alternative = frozenset[Statement]


def can_be_in_play(requirement: Requirement, by_id: Mapping[str, Lowered]) -> bool:
    """False where it is proved that the requirement's conditions can't all hold."""
    return _Logic(by_id).possible(requirement)


def can_meet(requirements: Sequence[Requirement], by_id: Mapping[str, Lowered]) -> bool:
    """False where it is proved that the requirements' conditions can't all hold together."""
    logic = _Logic(by_id)
    conditions = [c for r in requirements for c in logic.conditions(r)]
    return logic.satisfiable(conditions, requirements[0].id)


class _Logic:
    """Looks other requirements up, each once."""

    def __init__(self, by_id: Mapping[str, Lowered]) -> None:
        self.by_id = by_id
        self._known: dict[str, bool] = {}

    def possible(self, requirement: Requirement) -> bool:
        """Whether the requirement can be in play."""
        if requirement.id not in self._known:
            self._known[requirement.id] = True  # requirements that wait for each other are refused
            conditions = self.conditions(requirement)
            self._known[requirement.id] = self.satisfiable(conditions, requirement.id)
        return self._known[requirement.id]

    def conditions(self, requirement: Requirement) -> list[Condition]:
        """What has to hold: `when`, and for advice of a review's stages that there is one."""
        found = list(requirement.when)
        if requirement.kind_name == "advice" and requirement.stage in REVIEW_STAGES:
            others = tuple(outcome for outcome in OUTCOMES if outcome != "local_review")
            found.append(Not.model_validate({"not": DecisionIs(decision=others)}))
        return found

    def satisfiable(self, conditions: Iterable[Condition], requirement: str) -> bool:
        alternatives: list[Alternative] = [frozenset()]
        for condition in conditions:
            more = _alternatives(condition, holds=True)
            alternatives = [one | other for one, other in product(alternatives, more)]
            if len(alternatives) > MOST:
                return True
        return any(self._stands(alternative, requirement) for alternative in alternatives)

    def _stands(self, alternative: Alternative, requirement: str) -> bool:
        alone = all(self._can_hold(statement, requirement) for statement in alternative)
        return alone and not any(_clash(a, b) for a, b in combinations(self._all(alternative), 2))

    def _all(self, alternative: Alternative) -> list[Statement]:
        """The statements, and what follows from another requirement's being in play."""
        found = list(alternative)
        for statement in alternative:
            condition = statement.condition
            if isinstance(condition, InPlay) and statement.holds:
                other = self.by_id.get(condition.in_play)
                for part in () if other is None else self.conditions(other.requirement):
                    # it may be in play, as done, before anything is decided; not against it
                    if isinstance(part, DecisionIs):
                        against = tuple(o for o in OUTCOMES if o not in part.decision)
                        found.append(Statement(DecisionIs(decision=against), holds=False))
        return found

    def _can_hold(self, statement: Statement, requirement: str) -> bool:
        condition = statement.condition
        if not statement.holds:
            return True
        if isinstance(condition, Started):
            lowered = self.by_id.get(requirement)
            return lowered is None or lowered.limit is not None
        if isinstance(condition, InPlay):
            other = self.by_id.get(condition.in_play)
            return other is None or self.possible(other.requirement)
        if isinstance(condition, FindingIs) and condition.status:
            other = self.by_id.get(condition.finding)
            if other is None or self.possible(other.requirement):
                return True
            return bool(_NEVER_IN_PLAY & set(condition.status))
        return True


def _alternatives(condition: Condition, *, holds: bool) -> list[Alternative]:
    """The ways in which a condition holds, or does not."""
    if isinstance(condition, Not):
        return _alternatives(condition.not_, holds=not holds)
    if isinstance(condition, (AnyOf, AllOf)):
        inside = condition.any if isinstance(condition, AnyOf) else condition.all
        parts = [_alternatives(part, holds=holds) for part in inside]
        if isinstance(condition, AnyOf) == holds:
            return [alternative for part in parts for alternative in part]
        return _joined(parts)
    if isinstance(condition, Happened):
        each = [condition.model_copy(update={"happened": (p,)}) for p in condition.happened]
        if holds:
            return [frozenset({Statement(one)}) for one in each]
        return [frozenset(Statement(one, holds=False) for one in each)]
    return [frozenset({Statement(condition, holds)})]


def _joined(parts: list[list[Alternative]]) -> list[Alternative]:
    found: list[Alternative] = [frozenset()]
    for part in parts:
        found = [one | other for one, other in product(found, part)][: MOST + 1]
    return found


def _clash(one: Statement, other: Statement) -> bool:
    """Whether two statements can't both be true."""
    for a, b in ((one, other), (other, one)):
        if a.holds and not b.holds and _implies(a.condition, b.condition):
            return True
    outcomes = _outcomes(one), _outcomes(other)
    if outcomes[0] is not None and outcomes[1] is not None:
        return not outcomes[0] & outcomes[1]
    return _findings_clash(one, other)


def _outcomes(statement: Statement) -> frozenset[str] | None:
    """The latest decisions with which a statement on the decision is true."""
    if not isinstance(statement.condition, DecisionIs):
        return None
    named = frozenset(statement.condition.decision)
    return named if statement.holds else frozenset({*OUTCOMES, _NO_DECISION}) - named


def _findings_clash(one: Statement, other: Statement) -> bool:
    a, b = one.condition, other.condition
    if isinstance(a, FindingIs) and isinstance(b, FindingIs) and a.finding == b.finding:
        answers = {a.answer, b.answer}
        if a.same == b.same and one.holds and other.holds and answers == {"yes", "no"}:
            return True
    first, second = _statuses(one), _statuses(other)
    if first is None or second is None or first[0] != second[0]:
        return False
    return not first[1] & second[1]


def _statuses(statement: Statement) -> tuple[object, frozenset[str]] | None:
    """About whose finding a statement is, and the statuses with which it is true.

    Only where it is about one finding: without `same` any of several may be meant.
    """
    condition = statement.condition
    if isinstance(condition, InPlay) and condition.same:
        about, named = (condition.in_play, condition.same), IN_PLAY
    elif isinstance(condition, FindingIs) and condition.status and condition.same:
        about, named = (condition.finding, condition.same), frozenset(condition.status)
    else:
        return None
    return about, named if statement.holds else frozenset(STATUSES) - named


def _implies(one: Value, other: Value) -> bool:
    """Whether the one can't hold without the other."""
    if one == other:
        return True
    if isinstance(one, AnswerIs) and isinstance(other, AnswerIs):
        follows = {*one.answer, *(_IMPLIED.get(question) for question in one.answer)}
        return one.same == other.same and set(other.answer) <= follows
    if isinstance(one, ParallelIs) and isinstance(other, ParallelIs):
        less = other.running in (None, one.running) and other.during in (None, one.during)
        return less and set(one.parallel) <= set(other.parallel)
    if isinstance(one, Happened) and isinstance(other, Happened):
        planned = other.planned == "yes" or one.planned is None
        return planned and all(any(narrower(a, b) for b in other.happened) for a in one.happened)
    return False


def narrower(one: Value, other: Value) -> bool:
    """Whether whatever is as the one says is as the other says too."""
    if not (isinstance(one, EventPattern) and isinstance(other, EventPattern)):
        return one == other
    if one.event != other.event or not set(other.same) <= set(one.same):
        return False
    if other.stands == "yes" and one.stands != "yes":
        return False
    if other.reviewer_named is not None and one.reviewer_named is None:
        return False
    return all(_less(getattr(one, name), getattr(other, name)) for name in EVENT_ATTRIBUTES)


def _less(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return not other or (bool(one) and set(one) <= set(other))


def clashes(requirement: Requirement) -> Iterator[tuple[Condition, Condition]]:
    """Pairs of a requirement's own conditions that can't both hold, to be named in words."""
    for one, other in combinations(requirement.when, 2):
        ways = product(_alternatives(one, holds=True), _alternatives(other, holds=True))
        if all(any(_clash(a, b) for a, b in product(x, y)) for x, y in ways):
            yield one, other
