"""The program language: all that an engine knows.

Every requirement kind lowers to a `Program`: **match → tally → decide**. A match is a conjunction
of patterns over facts; it emits hits. A tally counts the distinct keys of the hits of each tag. A
decision is an ordered list of rows, the first of which holds; the last always holds, so that every
requirement has its finding by construction. There is no arithmetic, recursion, general "or" or
nested negation. Facts and findings are described here too, because programs are checked against
them; what the facts of a case are, `cspr_core.facts` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Operator = Literal["==", "!=", "<", "<=", ">", ">=", "known", "unknown", "in"]
Constant = str | int
ANSWERS = ("yes", "no", "unknown")
YES_NO = ("yes", "no")
STATUSES = (
    "met",
    "met_late",
    "upcoming",
    "overdue",
    "breached",
    "undetermined",
    "pending",
    "not_applicable",
    "excused",
)
MARKS = ("confirmed", "confirmed_late", "confirmed_no", "excepted", "not_in_force", "extended")
LIMIT_STATES = ("open", "passed", "shut")  # shut: what it bounds has happened
# Attributes of events that hold words; `outcome` is one too, of a closed set.
EVENT_WORDS = (
    *("to", "by", "from", "agency", "what", "stage", "with", "view", "person", "version"),
    *("whom", "for", "of", "on", "audience", "state"),
)
OUTCOMES = ("local_review", "no_review", "national_referral", "alternative_review")


class ProgramError(ValueError):
    """A program that no engine could run as it was meant."""


@dataclass(frozen=True, slots=True)
class Column:
    """A fact's column: text or a whole number, always there or not, perhaps of a closed set."""

    type: Literal["text", "number"] = "text"
    optional: bool = False
    words: tuple[str, ...] = ()


_TEXT, _NUMBER = Column(), Column("number")
_MAYBE, _MAYBE_NUMBER = Column(optional=True), Column("number", optional=True)


def _closed(*words: str) -> Column:
    return Column(words=words)


_YES_NO, _ANSWER = _closed(*YES_NO), _closed(*ANSWERS)

FACT_TYPES: Mapping[str, Mapping[str, Column]] = {
    # One row per event and combination of listed values; dates are proleptic ordinals.
    "event": {
        "name": _TEXT,
        "entry": _NUMBER,
        "id": _TEXT,
        "date": _MAYBE_NUMBER,
        "planned": _MAYBE_NUMBER,
        "return_by": _MAYBE_NUMBER,
        "child": _MAYBE,
        "stands": _YES_NO,
        "latest": _YES_NO,
        "reviewer_named": _ANSWER,
        "outcome": Column(optional=True, words=OUTCOMES),
        **dict.fromkeys(EVENT_WORDS, _MAYBE),
    },
    "child": {"child": _TEXT},
    "recipient": {"recipient": _TEXT, "to": _TEXT, "child": _MAYBE},
    "answer": {"question": _TEXT, "child": _TEXT, "value": _ANSWER, "reasoned": _YES_NO},
    "involvement": {"agency": _TEXT, "kind": _TEXT, "value": _ANSWER, "listed": _YES_NO},
    "person": {"person": _TEXT, "agency": _TEXT, "kind": _TEXT},
    "quality": {"person": _TEXT, "name": _TEXT, "value": _ANSWER},
    "role": {"person": _TEXT, "role": _TEXT},
    "member": {
        "body": _TEXT,
        "person": _TEXT,
        "agency": _TEXT,
        "kind": _TEXT,
        "since": _NUMBER,
    },
    "chair": {"body": _TEXT, "person": _TEXT},
    "meeting": {
        "meeting": _TEXT,
        "body": _TEXT,
        "entry": _NUMBER,
        "date": _MAYBE_NUMBER,
        "planned": _MAYBE_NUMBER,
        "first": _YES_NO,
        "attendance": _closed("listed", "unlisted"),
        "agenda": _closed("listed", "unlisted"),
        "online": _ANSWER,
        "audience": _MAYBE,
        "led_by": _MAYBE,
    },
    "attendance": {
        "meeting": _TEXT,
        "person": _TEXT,
        "agency": _TEXT,
        "kind": _TEXT,
        "how": _closed("present", "unknown"),
    },
    # A member of a body who was there, or had somebody there in their place.
    "represented": {
        "meeting": _TEXT,
        "person": _TEXT,
        "how": _closed("present", "unknown"),
    },
    "invitation": {"meeting": _TEXT, "whom": _TEXT},
    "agenda_item": {"meeting": _TEXT, "item": _TEXT},
    "substitute": {
        "substitute": _TEXT,
        "meeting": _TEXT,
        "body": _TEXT,
        "for": _TEXT,
        "for_agency": _TEXT,
        "for_kind": _TEXT,
        "by": _TEXT,
        "named": _MAYBE_NUMBER,
        "date": _MAYBE_NUMBER,
        "planned": _MAYBE_NUMBER,
        "briefed": _ANSWER,
        "equivalent_seniority": _ANSWER,
    },
    "form": {
        "id": _TEXT,
        "form": _TEXT,
        "agency": _MAYBE,
        "date": _NUMBER,
        "complete": _ANSWER,
        "latest": _YES_NO,
        "returned": _MAYBE_NUMBER,
    },
    "signature": {"id": _TEXT, "by": _TEXT, "date": _MAYBE_NUMBER},
    "parallel": {
        "parallel": _TEXT,
        "type": _TEXT,
        "opened": _MAYBE_NUMBER,
        "state": _closed("open", "closed", "unknown"),
        "agency": _MAYBE,
    },
    "closed": {"parallel": _TEXT, "date": _NUMBER},
    "delay": {
        "delay": _TEXT,
        "requirement": _TEXT,
        "date": _MAYBE_NUMBER,
        "agreed": _YES_NO,
        "agreed_due": _MAYBE_NUMBER,
    },
    "delay_told": {"delay": _TEXT, "to": _TEXT, "date": _NUMBER},
    "delay_considered": {"delay": _TEXT, "by": _TEXT, "date": _NUMBER},
    "confirmation": {
        "requirement": _TEXT,
        "subject": _TEXT,
        "answer": _YES_NO,
        "date": _NUMBER,
    },
    "exception": {"requirement": _TEXT, "subject": _TEXT, "date": _NUMBER},
    "stage": {"stage": _TEXT},
    "noted": {"name": _TEXT, "subject": _TEXT, "value": _TEXT},
    # Derived for each requirement before any engine runs, by `cspr_core.limits`.
    "limit": {
        "requirement": _TEXT,
        "subject": _TEXT,
        "anchor": _NUMBER,
        "start": _NUMBER,
        "opens": _NUMBER,
        "date": _NUMBER,
        "closes": _NUMBER,
        "state": _closed(*LIMIT_STATES),
    },
    "mark": {"requirement": _TEXT, "subject": _TEXT, "what": _closed(*MARKS)},
    # What earlier strata found.
    "finding": {
        "requirement": _TEXT,
        "subject": _TEXT,
        "status": _closed(*STATUSES),
        "answer": _ANSWER,
    },
}
ID = "fid"  # every fact's own number, unique within a case


@dataclass(frozen=True, slots=True)
class Ref:
    """A column of a pattern named before; the fact's own number unless said otherwise."""

    alias: str
    column: str = ID


@dataclass(frozen=True, slots=True)
class Test:
    """A test of one column: against a constant, several (`in`) or an earlier pattern's column.

    A column that is not there fails every test but `unknown`.
    """

    column: str
    op: Operator
    value: Constant | Ref | tuple[Constant, ...] | None = None


def eq(column: str, value: Constant | Ref) -> Test:
    """The column equals the value."""
    return Test(column, "==", value)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A fact of a type that passes every test; `negated`: no such fact (the last of its match)."""

    alias: str
    type: str
    tests: tuple[Test, ...] = ()
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A conjunction of patterns that emits a hit for each way in which it holds.

    `key` is what is counted (distinct); `subject` says whose tally it is; `evidence` names the
    facts that show it. With `split`, the tag goes on with a dot and that column's word.
    """

    tag: str
    body: tuple[Pattern, ...]
    key: Ref
    subject: Ref | None = None
    evidence: tuple[Ref, ...] = ()
    split: Ref | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """The number of a tag's distinct keys, held against `n`."""

    tag: str
    op: Literal["==", "!=", "<", "<=", ">", ">="] = ">="
    n: int = 1


@dataclass(frozen=True, slots=True)
class Every:
    """All of these hold; of none at all, always."""

    of: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of these holds; of none at all, never."""

    of: tuple[Condition, ...] = ()


Condition = Count | Every | Some
ALWAYS, NEVER = Every(), Some()
_OPPOSITE: Mapping[str, Literal["==", "!=", "<", "<=", ">", ">="]] = {
    ">=": "<",
    "<": ">=",
    "==": "!=",
    "!=": "==",
    ">": "<=",
    "<=": ">",
}


def negation(condition: Condition) -> Condition:
    """The condition that holds exactly where this one does not."""
    if isinstance(condition, Count):
        return Count(condition.tag, _OPPOSITE[condition.op], condition.n)
    turned = tuple(negation(part) for part in condition.of)
    return Some(turned) if isinstance(condition, Every) else Every(turned)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a decision: if `when` holds, the status is this, for the reason `why`.

    `evidence` names the tags whose facts show it; `answer` is a criterion's answer.
    """

    status: str
    when: Condition = ALWAYS
    why: str = ""
    evidence: tuple[str, ...] = ()
    answer: str = ""


@dataclass(frozen=True)
class Program:
    """What a requirement lowers to; checked when made.

    `empty` is the list of rows for "no subject at all"; `None` where the case itself is the
    subject. Where there are subjects, a match without one is for those rows alone, and its tag
    begins with `case.`. Raises `ProgramError` where an engine could not run it as it was meant.
    """

    requirement: str
    matches: tuple[Match, ...]
    rows: tuple[Row, ...]
    empty: tuple[Row, ...] | None = None

    def __post_init__(self) -> None:
        for match in self.matches:
            _check_match(self.requirement, match, per_subject=self.empty is not None)
        tags = set(self.tags)
        for rows in (self.rows, self.empty):
            if rows is None:
                continue
            if not rows or rows[-1].when != ALWAYS:
                raise ProgramError(f"{self.requirement}: the last row must hold always")
            for row in rows:
                if row.status not in STATUSES:
                    raise ProgramError(f"{self.requirement}: {row.status!r} is no status")
                for tag in (*condition_tags(row.when), *row.evidence):
                    if tag not in tags:
                        raise ProgramError(f"{self.requirement}: no match is tagged {tag!r}")

    @property
    def tags(self) -> tuple[str, ...]:
        """Every tag that a match can emit."""
        return tuple(dict.fromkeys(tag for match in self.matches for tag in match_tags(match)))

    @property
    def reads(self) -> frozenset[str]:
        """The requirements whose findings it reads."""
        return frozenset(
            value
            for match in self.matches
            for pattern in match.body
            if pattern.type == "finding"
            for test in pattern.tests
            if test.column == "requirement"
            for value in (test.value if isinstance(test.value, tuple) else (test.value,))
            if isinstance(value, str)
        )


class Decision(NamedTuple):
    """An engine's answer to one requirement for one subject (`""`: the case itself).

    `evidence` holds pairs of tag and fact number, sorted.
    """

    requirement: str
    subject: str
    status: str
    why: str
    answer: str
    evidence: tuple[tuple[str, int], ...]


def condition_tags(condition: Condition) -> Iterator[str]:
    """The tags that a condition counts."""
    if isinstance(condition, Count):
        yield condition.tag
    else:
        for part in condition.of:
            yield from condition_tags(part)


def match_tags(match: Match) -> tuple[str, ...]:
    """The tags that a match can emit: one, or one for each word of the column that splits it."""
    if match.split is None:
        return (match.tag,)
    pattern = next(p for p in match.body if p.alias == match.split.alias)
    return tuple(
        f"{match.tag}.{word}" for word in FACT_TYPES[pattern.type][match.split.column].words
    )


def _column(where: str, pattern: Pattern, name: str) -> Column:
    if pattern.type not in FACT_TYPES:
        raise ProgramError(f"{where}: no facts are of the type {pattern.type!r}")
    if name == ID:
        return _NUMBER
    try:
        return FACT_TYPES[pattern.type][name]
    except KeyError:
        raise ProgramError(f"{where}: {pattern.type!r} has no column {name!r}") from None


def _check_test(where: str, pattern: Pattern, test: Test, seen: Mapping[str, Pattern]) -> None:
    column = _column(where, pattern, test.column)
    if test.op in ("known", "unknown"):
        return
    if isinstance(test.value, Ref):
        source = seen.get(test.value.alias)
        if source is None:
            raise ProgramError(f"{where}: {test.value.alias!r} is not a pattern before this one")
        other = _column(where, source, test.value.column)
        if other.type != column.type:
            raise ProgramError(f"{where}: {test.column!r} and {test.value.column!r} differ in type")
        if other.optional and not any(
            t.column == test.value.column and t.op != "unknown" for t in source.tests
        ):
            raise ProgramError(
                f"{where}: {test.value.alias}.{test.value.column} may be unknown:"
                " test that it is known first"
            )
        return
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    if not values or (test.op == "in") != isinstance(test.value, tuple):
        raise ProgramError(f"{where}: 'in' takes several values, every other test one")
    for value in values:
        if not isinstance(value, int if column.type == "number" else str):
            raise ProgramError(f"{where}: {test.column!r} can't be held against {value!r}")
        if column.words and value not in column.words:
            raise ProgramError(f"{where}: {test.column!r} is never {value!r}")
    if column.type == "text" and test.op not in ("==", "!=", "in"):
        raise ProgramError(f"{where}: text has no order")


def _check_match(requirement: str, match: Match, *, per_subject: bool) -> None:
    where = f"{requirement}, {match.tag}"
    seen: dict[str, Pattern] = {}
    for index, pattern in enumerate(match.body):
        if pattern.alias in seen:
            raise ProgramError(f"{where}: two patterns are called {pattern.alias!r}")
        if pattern.negated and (index == 0 or index != len(match.body) - 1):
            raise ProgramError(f"{where}: a negated pattern is the last of several")
        _column(where, pattern, ID)
        for test in pattern.tests:
            _check_test(where, pattern, test, seen)
        if not pattern.negated:
            seen[pattern.alias] = pattern
    refs = [match.key, *match.evidence]
    refs += [ref for ref in (match.subject, match.split) if ref is not None]
    for ref in refs:
        if ref.alias not in seen:
            raise ProgramError(f"{where}: no pattern is called {ref.alias!r}")
        column = _column(where, seen[ref.alias], ref.column)
        tested = any(t.column == ref.column and t.op != "unknown" for t in seen[ref.alias].tests)
        if column.optional and not tested:
            raise ProgramError(f"{where}: {ref.alias}.{ref.column} may be unknown")
        if ref is match.split and not column.words:
            raise ProgramError(f"{where}: {ref.column!r} is not of a closed set of words")
    about_subject = per_subject and not match.tag.startswith("case.")
    if about_subject != (match.subject is not None):
        raise ProgramError(f"{where}: either all matches have a subject or none")


def strata(programs: Sequence[Program]) -> list[list[Program]]:
    """The programs in the order in which they can run: whoever reads a finding comes after it.

    Raises `ProgramError` where requirements wait for each other.
    """
    names = {program.requirement for program in programs}
    left, done, ordered = list(programs), set[str](), list[list[Program]]()
    while left:
        ready = [program for program in left if not (program.reads & names) - done]
        if not ready:
            waiting = ", ".join(sorted(program.requirement for program in left))
            raise ProgramError(f"these requirements wait for each other: {waiting}")
        ordered.append(ready)
        done |= {program.requirement for program in ready}
        left = [program for program in left if program.requirement not in done]
    return ordered


def all_tags(matches: Iterable[Match]) -> frozenset[str]:
    """Every tag that these matches can emit."""
    return frozenset(tag for match in matches for tag in match_tags(match))
