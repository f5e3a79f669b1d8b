"""Requirements as ordered rows over columns: what every engine compared is given.

A requirement of the case itself (or of a recipient, of whom there is always one) is taken from its
own program: tags become tests of columns, conditions become rows of tests that all have to hold,
and the first row wins. One that is asked of each agency goes into a model of its own, whose columns
are of agencies. What cannot be said so exactly (other subjects, bodies that join facts, windows
around a day) is left out, never approximated. A column is one number for each case: the first day
of some event, a due date, whether something is on record, what minutes confirm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from cspr_core.check import Rules
from cspr_core.kinds import Lowered
from cspr_core.kinds.lowered import LimitValue
from cspr_core.limits import REVIEW_STAGES
from cspr_core.model.patterns import DecisionIs
from cspr_core.program import (
    OUTCOMES,
    Condition,
    Count,
    Every,
    Match,
    Pattern,
    Program,
    Ref,
    Row,
    Test,
)
from cspr_core.report.findings import DONE_TAGS

NEVER = 4_000_000  # a day that has not come: after every ordinal that a date can have
NONE = 0  # no due date, nothing confirmed, no
PLAYS = ("met", "met_late", "upcoming", "overdue", "breached", "excused")
# What stands for a status where only that matters: in play, undetermined, pending, not applicable.
PLAY = {**dict.fromkeys(PLAYS, 1), "undetermined": 2, "pending": 3, "not_applicable": 4}
RAPID_REVIEW = "national.rapid_review"
_SERIOUS = "national.serious_case"
_DOMAINS: Mapping[str, tuple[int, ...]] = {
    "play": (1, 2, 3, 4),
    "outcome": (0, 1, 2),
    "involved": (1, 2, 3),
}
INVOLVED = {"yes": 1, "no": 2, "unknown": 3}
EACH = "*"  # in place of a subject: each agency of the case
_FLAG = (0, 1)


class Column(NamedTuple):
    """One number for each case, as the facts have it.

    `what`: `first` or `last` day of the facts that pass one of `tests` (their date, or the day that
    `words` names); `start`, what a limit
    counts from (`prefer` as for an origin), and `due`, so many units on or back; `flag`, whether
    there is such a fact; `outcome`, how it was decided; `involved`, whether an agency was;
    `confirmed` (its day, negative for a no), `since` (for everyone, too), `excepted` and `delayed`
    (until when it is agreed) for a requirement; `begun`, the first day on record.
    """

    name: str
    what: str
    type: str = ""
    tests: tuple[tuple[Test, ...], ...] = ()
    words: tuple[str, ...] = ()
    n: int = 0
    of: str = ""
    each: bool = False  # a number for each agency of a case


class Literal(NamedTuple):
    """One test: a column before (`<`) or not before (`>=`) a day or column, or `in` values."""

    left: str
    op: str
    right: int | str | tuple[int, ...]


Term = tuple[Literal, ...]  # all of these hold


class Answer(NamedTuple):
    """One row: if all tests hold, this status; `due` and `done` name columns, or nothing."""

    tests: Term
    status: str
    due: str = ""
    done: str = ""


@dataclass(frozen=True)
class Asked:
    """A requirement for one subject (`""`: the case itself), as rows, the first of which wins."""

    requirement: str
    subject: str
    rows: tuple[Answer, ...]
    limited: bool

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it reads."""
        found = {name for row in self.rows for name in (row.due, row.done) if name}
        for row in self.rows:
            found |= read_by(row.tests)
        return frozenset(found)


class Choice(NamedTuple):
    """A column that is made of others, as the first row that holds says: its name, and rows."""

    name: str
    rows: tuple[tuple[Term, int | str], ...]


@dataclass(frozen=True)
class Model:
    """What an engine is given: columns, choices among them, and the requirements."""

    columns: tuple[Column, ...]
    choices: tuple[Choice, ...]
    asked: tuple[Asked, ...]

    @cached_property
    def deciding(self) -> tuple[Asked, ...]:
        """Those of which others ask whether they are in play: at most one, and the first."""
        return tuple(one for one in self.asked if one.requirement == RAPID_REVIEW)

    def only(self, wanted: Sequence[Asked]) -> Model:
        """The same with some requirements, and what these read."""
        asked = [one for one in self.asked if one in wanted]
        choices, names = self._reads(asked)
        if "play" in names and not any(one.requirement == RAPID_REVIEW for one in asked):
            asked = [*self.deciding, *asked]
            choices, names = self._reads(asked)
        columns, read = list[Column](), set(names)
        for column in reversed(self.columns):  # a column is made of those before it
            if column.name in read:
                columns.append(column)
                read.add(column.of)
        return Model(tuple(reversed(columns)), choices, tuple(asked))

    def _reads(self, asked: Sequence[Asked]) -> tuple[tuple[Choice, ...], set[str]]:
        names = set[str]().union(*(one.columns for one in asked))
        choices = tuple(choice for choice in self.choices if choice.name in names)
        for choice in choices:
            for tests, value in choice.rows:
                names |= read_by(tests) | ({value} if isinstance(value, str) else set())
        return choices, names - {choice.name for choice in choices}

    @property
    def given(self) -> tuple[str, ...]:
        """The columns that requirements read themselves, without those that only lead to them."""
        _, names = self._reads(self.asked)
        return tuple(column.name for column in self.columns if column.name in names)


class LeftOutError(ValueError):
    """A requirement that can't be said in rows over columns."""


def read_by(tests: Term) -> set[str]:
    """The columns that some tests read."""
    names = {test.left for test in tests}
    return names | {test.right for test in tests if isinstance(test.right, str)}


def model_of(
    rules: Rules, as_of: date, *, agencies: bool = False
) -> tuple[Model, Mapping[str, str]]:
    """The requirements of an area that can be said in rows; and why each other one is left out.

    They are about the case itself, or with `agencies` about each agency, in columns of agencies.
    """
    making, left_out = _Making(rules, as_of, agencies=agencies), dict[str, str]()
    asked: list[Asked] = []
    for lowered in rules.lowered:
        try:
            asked += making.asked(lowered)
        except LeftOutError as error:
            left_out[lowered.requirement.id] = str(error)
    first = [one for one in asked if one.requirement == RAPID_REVIEW]
    asked = first + [one for one in asked if one not in first]
    whole = Model(tuple(making.columns.values()), tuple(making.choices), tuple(asked))
    return whole.only(asked), left_out


# --- tests ---------------------------------------------------------------------------------------


def opposite(test: Literal) -> Literal:
    """The test that holds exactly where this one does not."""
    if isinstance(test.right, tuple):
        domain = domain_of(test.left)
        return test._replace(right=tuple(v for v in domain if v not in test.right))
    return test._replace(op={"<": ">=", ">=": "<"}[test.op])


def domain_of(column: str) -> tuple[int, ...]:
    """The values that a column of `in` tests can have."""
    return _DOMAINS.get(column.partition("_")[0], _FLAG)


def both(left: Term, right: Term) -> Term | None:
    """All tests of two terms, the narrower of two alike; `None` where they can't all hold."""
    found = {_key(test): test for test in left}
    for test in right:
        key = _key(test)
        narrower = _narrower(found.get(key, test), test)
        against = found.get(_key(opposite(test)))
        if narrower is None or (against is not None and _excludes(against, test)):
            return None
        found[key] = narrower
    return tuple(found.values())


def _key(test: Literal) -> tuple[object, ...]:
    """Of tests with one key, one is the narrower."""
    if isinstance(test.right, tuple):
        return (test.left,)
    return (test.left, test.op, test.right if isinstance(test.right, str) else "")


def _narrower(one: Literal, other: Literal) -> Literal | None:
    if isinstance(one.right, tuple) and isinstance(other.right, tuple):
        values = tuple(value for value in one.right if value in other.right)
        return one._replace(right=values) if values else None
    if isinstance(one.right, int) and isinstance(other.right, int):
        return one._replace(right=(min if one.op == "<" else max)(one.right, other.right))
    return one


def _excludes(one: Literal, other: Literal) -> bool:
    """Whether two tests of one column with opposite operators can't both hold."""
    if isinstance(one.right, int) and isinstance(other.right, int):
        upper, lower = (one, other) if one.op == "<" else (other, one)
        return int(str(upper.right)) <= int(str(lower.right))
    return one == opposite(other)


def _implies(term: Term, test: Literal) -> bool:
    joined = both(term, (test,))
    return joined is not None and set(joined) == set(term)


def covers(wide: Term, narrow: Term) -> bool:
    """Whether all tests of the one hold wherever those of the other do."""
    return all(_implies(narrow, test) for test in wide)


def without_the_sure(term: Term, before: Sequence[Term]) -> Term:
    """The tests of a term that are not sure already, where none of the rows before has held."""
    kept = list(term)
    for test in term:
        rest = tuple(other for other in kept if other != test)
        wider: Literal | None = test
        for row in before:
            for other in row:
                if wider and _alike(other, wider) and covers(_less(row, other), rest):
                    wider = _wider(wider, other)
        kept = [other for other in kept if other != test] if wider is None else kept
    return tuple(kept)


def _less(term: Term, test: Literal) -> Term:
    return tuple(other for other in term if other != test)


def _alike(one: Literal, other: Literal) -> bool:
    if isinstance(one.right, tuple) or isinstance(other.right, tuple):
        return one.left == other.left
    return one == opposite(other)


def _wider(test: Literal, excluded: Literal) -> Literal | None:
    """A test together with what is excluded already; `None` where nothing is left to be asked."""
    if not isinstance(test.right, tuple) or not isinstance(excluded.right, tuple):
        return None if opposite(test) == excluded else test
    values = tuple(v for v in domain_of(test.left) if v in (*test.right, *excluded.right))
    return None if values == domain_of(test.left) else test._replace(right=values)


# --- conditions as terms -------------------------------------------------------------------------


class Formula(NamedTuple):
    """Tests joined: `all` of the parts hold, or `any` of them."""

    how: str
    parts: tuple[Formula | Literal, ...]


YES, NO = Formula("all", ()), Formula("any", ())


def denied(formula: Formula | Literal) -> Formula | Literal:
    """The formula that holds exactly where this one does not."""
    if isinstance(formula, Literal):
        return opposite(formula)
    how = "any" if formula.how == "all" else "all"
    return Formula(how, tuple(denied(part) for part in formula.parts))


def terms_of(formula: Formula | Literal) -> list[Term]:
    """Terms of which one holds exactly where the formula does; none that another one covers."""
    if isinstance(formula, Literal):
        return [] if formula.right == () else [(formula,)]
    if formula.how == "any":
        found = [term for part in formula.parts for term in terms_of(part)]
    else:
        found = [()]
        for part in formula.parts:
            joined = [both(left, right) for left in found for right in terms_of(part)]
            found = _uncovered([term for term in joined if term is not None])
    return _uncovered(found)


def _uncovered(terms: list[Term]) -> list[Term]:
    kept: list[Term] = []
    for term in sorted(dict.fromkeys(terms), key=len):
        if not any(covers(other, term) for other in kept):
            kept.append(term)
    return kept


def before(left: str, right: int | str) -> Literal:
    """One day, or column, lies before another."""
    return Literal(left, "<", right)


def from_on(left: str, right: int | str) -> Literal:
    """One day, or column, does not lie before another."""
    return Literal(left, ">=", right)


def flagged(column: str) -> Literal:
    """A flag is up."""
    return Literal(column, "in", (1,))


# --- from programs to rows -----------------------------------------------------------------------

_RECIPIENT, _CASE = "recipient", ""
_SOME = ((">=", 1), (">", 0), ("!=", 0))
_DECIDED = (Test("name", "==", "decision"), Test("latest", "==", "yes"), Test("outcome", "known"))


class _Making:
    """Makes rows, and the columns that they read."""

    def __init__(self, rules: Rules, as_of: date, *, agencies: bool) -> None:
        self.rules, self.as_of, self.agencies = rules, as_of.toordinal(), agencies
        self.columns: dict[str, Column] = {}
        self.choices: list[Choice] = []

    def asked(self, lowered: Lowered) -> Iterator[Asked]:
        """A requirement for each of its subjects; raises `LeftOutError`."""
        requirement = lowered.requirement
        subjects: tuple[str, ...]
        if self.agencies:
            if lowered.subject.type != "agency":
                raise LeftOutError("it is not asked of each agency")
            subjects = (EACH,)
        elif lowered.subject.ref is None:
            subjects = (_CASE,)
        elif lowered.subject.type == _RECIPIENT and "child" not in lowered.subject.same:
            if requirement.confirmable == "yes" or requirement.unless:
                raise LeftOutError("minutes can speak of all subjects at once")
            (to,) = (t for p in lowered.subject.body for t in p.tests if t.column == "to")
            several = to.value if isinstance(to.value, tuple) else (to.value,)
            subjects = tuple(map(str, several))
        else:
            raise LeftOutError("it has several subjects")
        for subject in subjects:
            yield _Rows(self, lowered, subject).asked()

    def column(self, what: str, slug: str, **said: object) -> str:
        """A column by its name: made when it is first asked for."""
        name = f"{what}_{slug}"
        made = Column(name, what, **said)  # type: ignore[arg-type]
        number = 1
        while self.columns.get(name, made)._replace(name="") != made._replace(name=""):
            number += 1
            name = f"{what}_{slug}_{number}"
        self.columns[name] = made._replace(name=name)
        return name

    def of_facts(self, what: str, bodies: Sequence[Pattern], day: str = "date") -> str:
        """The column of facts of one type that pass the tests of one of these patterns."""
        types = {body.type for body in bodies}
        if len(types) != 1:
            raise LeftOutError("it speaks of two types of facts at once")
        if any(isinstance(t.value, Ref) for body in bodies for t in body.tests):
            raise LeftOutError("its facts are joined")
        tests = tuple(dict.fromkeys(body.tests for body in bodies))
        slug, each = _slug(bodies[0]), _of_each(tests)
        slug, words = (slug, ()) if day == "date" else (f"{slug}_{day}", (day,))
        return self.column(what, slug, type=types.pop(), tests=tests, words=words, each=each)


def _of_each(tests: Sequence[tuple[Test, ...]]) -> bool:
    found = {any(test.value == EACH for test in some) for some in tests}
    if len(found) != 1:
        raise LeftOutError("some of its facts name the agency, and some do not")
    return found.pop()


def _slug(pattern: Pattern) -> str:
    words = [
        str(test.value).replace("northamptonshire.", "").replace("criteria.", "")
        for test in pattern.tests
        if test.op == "==" and test.column != "stands" and test.value != EACH
    ]
    return "_".join([pattern.type if not words else words[0], *words[1:]])


class _Rows:
    """One requirement, for one subject."""

    def __init__(self, making: _Making, lowered: Lowered, subject: str) -> None:
        self.making, self.lowered, self.subject = making, lowered, subject
        self.program: Program = lowered.program
        self.id = lowered.requirement.id
        skipped = len(lowered.subject.body)
        self.matches: dict[str, list[tuple[Match, tuple[Pattern, ...]]]] = {}
        for match in self.program.matches:
            body = tuple(map(self._about, match.body[skipped if match.subject else 0 :]))
            self.matches.setdefault(match.tag, []).append((match, body))
        self.start = self.due = self.happened = self.in_force_before = ""
        self._limit()
        self.did = self._did()

    def _about(self, pattern: Pattern) -> Pattern:
        """A pattern with the subject's words in place of what points to it."""
        tests = tuple(
            replace(t, value=self.subject)
            if isinstance(t.value, Ref) and t.value.alias == "s"
            else t
            for t in pattern.tests
        )
        return replace(pattern, tests=tests)

    def asked(self) -> Asked:
        rows: list[Answer] = []
        for row in self.program.rows:
            for term in terms_of(self._formula(row.when)):
                done = self._done(row)
                due = "" if row.status in ("pending", "not_applicable") else self.due
                before = [other.tests for other in rows]
                if any(covers(other, term) for other in before):
                    continue
                rows.append(Answer(without_the_sure(term, before), row.status, due, done))
        last = [number for number, row in enumerate(rows) if not row.tests]
        return Asked(self.id, self.subject, _needed(rows[: last[0] + 1]), bool(self.due))

    def _done(self, row: Row) -> str:
        if row.why == "confirmed":
            return self._confirmed()
        return self.did if any(tag in DONE_TAGS for tag in row.evidence) else ""

    # --- what was done, and by when -----------------------------------------------------------

    def _did(self) -> str:
        found = self.matches.get("did", ())
        if "held" in self.matches:
            raise LeftOutError("what was done has no day")
        if not found:
            return ""
        if any(len(body) != 1 for _, body in found):
            raise LeftOutError("what was done is told by facts that are joined")
        if self.lowered.dates.get(found[0][1][0].type, "date") != "date":
            raise LeftOutError("the day on which it was done is not a fact's date")
        return self.making.of_facts("first", [body[0] for _, body in found])

    def _limit(self) -> None:
        limit = self.lowered.limit
        if limit is None:
            return
        if limit.copies is not None:
            source = self.making.rules.by_id[limit.copies]
            other = _Rows(self.making, source, _CASE)
            self.start, self.due, self.happened = other.start, other.due, other.happened
            self.in_force_before = other.in_force_before
            return
        if self.id == RAPID_REVIEW:
            self._rapid_review(limit.values)
            return
        if len(limit.values) != 1 or limit.values[0].governed:
            raise LeftOutError("its limit has several dated values")
        (value,) = limit.values
        if value.form == "around":
            raise LeftOutError("its limit is a window around a day")
        self.start, self.happened = self._start(value)
        since = value.in_force_from
        self.in_force_before = "" if since is None else str(since.toordinal())
        self.due = self._due(value, self.start)

    def _start(self, value: LimitValue) -> tuple[str, str]:
        """The column of the day that a limit counts from, and of that day if it has come."""
        skipped = len(self.lowered.subject.body)
        bodies = [tuple(map(self._about, o.body[skipped:])) for o in value.origins]
        prefers = {origin.prefer for origin in value.origins}
        if len(prefers) != 1 or any(len(body) != 1 for body in bodies):
            raise LeftOutError("what its limit counts from is told by facts that are joined")
        patterns = [body[0] for body in bodies]
        (prefer,) = prefers
        days = {origin.date.column for origin in value.origins}
        known = [replace(p, tests=_dated(p)) for p in patterns]
        happened = self.making.of_facts("first", known, days.pop())
        if days:
            raise LeftOutError("its limit counts from several columns")
        if prefer == "date" or all(origin.planned is None for origin in value.origins):
            return happened, happened
        lapses = value.form == "by" and prefer != "planned"
        slug = f"{_slug(patterns[0])}_{prefer}{'_by' if lapses else ''}"
        tests = tuple(dict.fromkeys(pattern.tests for pattern in patterns))
        said = {"type": patterns[0].type, "tests": tests, "each": _of_each(tests)}
        start = self.making.column("start", slug, words=(prefer, *("lapses",) * lapses), **said)
        return start, happened

    def _due(self, value: LimitValue, start: str) -> str:
        back = value.form == "before"
        slug = f"{start}_{'less' if back else 'plus'}_{value.n}_{value.unit}"
        words = ("back" if back else "on", value.unit)
        return self.making.column("due", slug, words=words, n=value.n, of=start)

    def _rapid_review(self, values: Sequence[LimitValue]) -> None:
        """The one limit of two dated values, of which the notification's day decides."""
        older, newer = values
        aware, notified = self._start(older)[0], self._start(newer)[0]
        turn = newer.in_force_from
        begun = older.in_force_from
        if turn is None or begun is None:
            raise LeftOutError("its dated values are not as they were")
        new, old = turn.toordinal(), begun.toordinal()
        by_aware, by_notified = self._due(older, aware), self._due(newer, notified)
        sent, unsent = before(notified, NEVER), from_on(notified, NEVER)
        self.making.choices = [
            Choice(
                "due_rapid_review",
                (
                    ((sent, from_on(notified, new)), by_notified),
                    ((unsent, from_on(aware, new)), NONE),
                    ((), by_aware),
                ),
            )
        ]
        self.due, self.start = "due_rapid_review", "rapid_review"
        self.too_early = Formula(
            "any", (before(notified, old), Formula("all", (unsent, before(aware, old))))
        )

    # --- tags as tests ------------------------------------------------------------------------

    def _formula(self, condition: Condition) -> Formula | Literal:
        grouped = self._in_play(condition) or self._outcome(condition)
        if grouped is not None:
            return grouped
        if isinstance(condition, Count):
            positive = (condition.op, condition.n) in _SOME
            if not positive and (condition.op, condition.n) not in (("==", 0), ("<", 1)):
                raise LeftOutError("it counts")
            found = self._tag(condition.tag)
            return found if positive else denied(found)
        how = "all" if isinstance(condition, Every) else "any"
        return Formula(how, tuple(self._formula(part) for part in condition.of))

    def _in_play(self, condition: Condition) -> Literal | None:
        """The usual group of statuses in which a requirement is in play, as one test."""
        if isinstance(condition, Count) or not condition.of:
            return None
        counts = [part for part in condition.of if isinstance(part, Count)]
        stems = {part.tag.rpartition(".")[0] for part in counts}
        ends = {part.tag.rpartition(".")[2] for part in counts}
        if len(counts) != len(condition.of) or ends != set(PLAYS) or len(stems) != 1:
            return None
        self._asks_rapid_review(stems.pop())
        play = Literal("play", "in", (1,))
        return play if counts[0].op == ">=" else opposite(play)

    def _outcome(self, condition: Condition) -> Literal | None:
        """How it was decided, as one test: as is asked for (1), otherwise (2), not yet (0).

        Of several decisions of one day one as asked is enough, so that what else was decided is
        never asked but where none is.
        """
        counts = [condition] if isinstance(condition, Count) else list(condition.of)
        plain = [part for part in counts if isinstance(part, Count)]
        stems = {part.tag.rpartition(".")[0] for part in plain}
        if len(stems) != 1 or len(plain) != len(counts):
            return None
        (stem,) = stems
        bodies = [body for _, body in self.matches.get(stem, ())]
        if not bodies or not bodies[0] or bodies[0][-1].tests != _DECIDED:
            return None
        words = {part.tag.rpartition(".")[2] for part in plain}
        some = all((part.op, part.n) in _SOME for part in plain)
        if isinstance(condition, Every) and len(plain) > 1 and some:
            raise LeftOutError("it asks for several decisions at once")
        wanted = self._wanted(stem)
        if words not in (wanted, set(OUTCOMES) - wanted):
            raise LeftOutError("it asks for a decision in another way")
        slug = "_or_".join(word for word in OUTCOMES if word in wanted)
        column = self.making.column("outcome", slug, words=tuple(sorted(wanted)))
        found = Literal(column, "in", (1,) if words == wanted else (2,))
        return found if some else opposite(found)

    def _wanted(self, stem: str) -> set[str]:
        """The decisions that a condition asks for: advice asks for a local review."""
        _, _, number = stem.partition("when.")
        condition = self.lowered.requirement.when[int(number)] if number.isdecimal() else None
        return set(condition.decision) if isinstance(condition, DecisionIs) else {"local_review"}

    def _asks_rapid_review(self, stem: str) -> None:
        if self.making.agencies:
            raise LeftOutError("it reads what is found of another requirement")
        for _, body in self.matches.get(stem, ()):
            wanted = {t.value for p in body for t in p.tests if t.column == "requirement"}
            if wanted != {RAPID_REVIEW} or body[-1].type != "finding":
                raise LeftOutError("it reads what is found of another requirement")

    def _tag(self, tag: str) -> Formula | Literal:
        if tag in self.matches:
            return self._unsplit(tag)
        stem, _, word = tag.rpartition(".")
        if stem not in self.matches:
            raise LeftOutError(f"nothing is tagged {tag}")
        if stem == "limit":
            return self._limit_is(word)
        if stem == "mark":
            return self._marked(word)
        return self._split(stem, word)

    def _unsplit(self, tag: str) -> Formula | Literal:
        if tag in ("did", "in_time", "in_reach"):
            return self._when_done(tag)
        if tag.startswith("after."):
            return self._after(tag)
        found = self.matches[tag]
        if any(match.body and body[-1].type == "limit" for match, body in found):
            return from_on(self.due, 1) if self.due else NO
        if any(len(body) != 1 or body[0].negated for _, body in found):
            raise LeftOutError("a condition joins facts")
        bodies = [body[0] for _, body in found]
        if any(body.type == "finding" for body in bodies):
            raise LeftOutError("it reads what is found of another requirement")
        parts: list[Formula | Literal] = []
        for fact_type in sorted({body.type for body in bodies}):
            alike = [body for body in bodies if body.type == fact_type]
            if all(Test("date", "known") in body.tests for body in alike):
                parts.append(before(self.making.of_facts("first", alike), NEVER))
            else:
                parts.append(flagged(self.making.of_facts("flag", alike)))
        return Formula("any", tuple(parts))

    def _when_done(self, tag: str) -> Formula | Literal:
        done = before(self.did, NEVER)
        if tag == "did":
            return done
        if tag == "in_time":
            return from_on(self.due, self.did)
        limit = from_on(self.due, 1)
        if not self._backwards:
            return Formula("all", (done, limit))
        here = from_on(self.happened, self.did)
        reach = Formula("any", (here, denied(self._limit_is("shut"))))
        return Formula("all", (done, limit, reach))

    @property
    def _backwards(self) -> bool:
        limit = self.lowered.limit
        return limit is not None and any(value.form == "before" for value in limit.values)

    def _limit_is(self, state: str) -> Formula | Literal:
        if state == "open":
            return from_on(self.due, self.making.as_of)
        passed = (before(self.due, self.making.as_of), from_on(self.due, 1))
        if not self._backwards:
            return Formula("all", passed) if state == "passed" else NO
        come = before(self.happened, NEVER)
        if state == "shut":
            return Formula("all", (come, *passed))
        return Formula("all", (opposite(come), *passed))

    def _marked(self, word: str) -> Formula | Literal:
        if word == "not_in_force":
            return self._not_in_force()
        if word == "excepted":
            own = {"of": self.id, "each": self.subject == EACH}
            return flagged(self.making.column("excepted", self._own, **own))
        if word == "extended":
            rule = self.lowered.requirement
            told = () if rule.delay is None else tuple(rule.delay.told)
            names = tuple(filter(None, (self.id, rule.tightens)))
            until = self.making.column(
                "delayed",
                self._own,
                words=told,
                tests=tuple((Test("requirement", "==", n),) for n in names),
            )
            return Formula("all", (from_on(until, self.making.as_of), self._limit_is("passed")))
        said = self._confirmed()
        if word == "confirmed_no":
            return before(said, NONE)
        yes = from_on(said, 1)
        if not self.due:
            return yes if word == "confirmed" else NO
        since = said  # what is confirmed for everyone holds for each, from that day on
        if self.subject == EACH:
            since = self.making.column("since", self._own, of=self.id, each=True)
        late = Formula("all", (before(self.due, since), from_on(self.due, 1)))
        return Formula("all", (yes, late if word == "confirmed_late" else denied(late)))

    @property
    def _own(self) -> str:
        return self.id.partition(".")[2].replace(".", "_")

    def _confirmed(self) -> str:
        return self.making.column("confirmed", self._own, of=self.id, each=self.subject == EACH)

    def _not_in_force(self) -> Formula | Literal:
        if self.id == RAPID_REVIEW:
            return self.too_early
        making = self.making
        parts: list[Formula | Literal] = []
        if self.in_force_before:
            parts.append(before(self.start, int(self.in_force_before)))
        since = making.rules.in_force.get(self.id)
        if since is not None:
            parts += self._before_it_was(since.toordinal())
        return Formula("any", tuple(parts))

    def _before_it_was(self, since: int) -> Iterator[Formula | Literal]:
        requirement, making = self.lowered.requirement, self.making
        of_review = requirement.stage in REVIEW_STAGES or any(
            isinstance(condition, DecisionIs) for condition in requirement.when
        )
        general = making.column("begun", "review" if of_review else "case")
        if not self.start:
            yield before(general, since)
            return
        if self.start == "rapid_review":
            (choice,) = making.choices
            aware = _source(making, choice.rows[-1][1])
            notified = _source(making, choice.rows[0][1])
            new = Formula("all", choice.rows[0][0])
            started = from_on(self.due, 1)
            yield Formula("all", (started, new, before(notified, since)))
            yield Formula("all", (started, denied(new), before(aware, since)))
            yield Formula("all", (opposite(started), before(general, since)))
            return
        yield before(self.start, since)
        yield Formula("all", (from_on(self.start, NEVER), before(general, since)))

    def _split(self, stem: str, word: str) -> Formula | Literal:
        found = self.matches[stem]
        if stem == "involved" and self.subject == EACH:
            column = self.making.column("involved", "agency", each=True)
            return Literal(column, "in", (INVOLVED[word],))
        if any(len(body) != 1 for _, body in found):
            raise LeftOutError("a condition joins facts")
        bodies = [body[0] for _, body in found]
        if bodies[0].type == "finding":
            return self._found(stem, bodies, word)
        split = found[0][0].split
        column = "" if split is None else split.column
        words = [replace(b, tests=(*b.tests, Test(column, "==", word))) for b in bodies]
        return flagged(self.making.of_facts("flag", words))

    def _found(self, stem: str, bodies: Sequence[Pattern], word: str) -> Formula | Literal:
        wanted = {t.value for body in bodies for t in body.tests if t.column == "requirement"}
        if wanted == {_SERIOUS} and word in ("yes", "no", "unknown"):
            return self._serious(word)
        self._asks_rapid_review(stem)
        if word in PLAYS:
            raise LeftOutError("it asks for one status of another requirement")
        return Literal("play", "in", (PLAY[word],))

    def _serious(self, word: str) -> Formula | Literal:
        """Whether the definition is met for some child: of its two questions, one is the case's."""

        def answer(question: str, value: str) -> Literal:
            tests = (Test("question", "==", question), Test("value", "==", value))
            return flagged(self.making.of_facts("flag", [Pattern("a", "answer", tests)]))

        abuse = {value: answer("abuse_or_neglect", value) for value in ("yes", "no", "unknown")}
        harm = {
            value: answer("died_or_seriously_harmed", value) for value in ("yes", "no", "unknown")
        }
        if word == "yes":
            return Formula("all", (abuse["yes"], harm["yes"]))
        if word == "no":
            return Formula("any", (abuse["no"], harm["no"]))
        perhaps = Formula("any", (harm["yes"], harm["unknown"]))
        known = Formula("all", (abuse["yes"], harm["unknown"]))
        return Formula("any", (Formula("all", (abuse["unknown"], perhaps)), known))

    def _after(self, tag: str) -> Formula | Literal:
        """Done after something else: its first day lies no later than the last day of doing."""
        done, firsts = list[Pattern](), list[Pattern]()
        for _, body in self.matches[tag]:
            if len(body) != 2:  # noqa: PLR2004 (what came first, what was done)
                raise LeftOutError("an order joins facts")
            first, last = body
            joined = [t for t in last.tests if isinstance(t.value, Ref)]
            if [(t.column, t.op) for t in joined] != [("date", ">=")]:
                raise LeftOutError("an order joins facts")
            done.append(replace(last, tests=tuple(t for t in last.tests if t not in joined)))
            firsts.append(first)
        if any(Test("date", "known") not in first.tests for first in firsts):
            raise LeftOutError("what comes first has no day")
        parts: list[Formula | Literal] = []
        latest = self.making.of_facts("last", done)
        for fact_type in sorted({first.type for first in firsts}):
            alike = [first for first in firsts if first.type == fact_type]
            parts.append(from_on(latest, self.making.of_facts("first", alike)))
        return Formula("any", tuple(parts))


def _needed(rows: Sequence[Answer]) -> tuple[Answer, ...]:
    """Rows without those after which the next ones would come to the same answer."""
    kept = list(rows)
    for row in reversed(rows):
        for other in kept[kept.index(row) + 1 :]:
            if other[1:] != row[1:]:
                break
            if covers(other.tests, row.tests):
                kept.remove(row)
                break
    return tuple(kept)


def _dated(pattern: Pattern) -> tuple[Test, ...]:
    known = Test("date", "known")
    return pattern.tests if known in pattern.tests else (*pattern.tests, known)


def _source(making: _Making, due: int | str) -> str:
    return making.columns[str(due)].of
