"""The durable-rules engine: programs as a ruleset of the C module `durable_rules_engine`.

It does every pattern, join and negation; `cspr_core.engine.decide` tallies and decides. This is
the only module that knows how durable-rules behaves: what it refuses, and how it must be used to
give right answers and touch no memory that is not its own. The C module is called directly:
`durable.lang` keeps global state, and `durable.engine.Host` swallows exceptions in a thread.
"""

from __future__ import annotations

import importlib
import json
import re
import threading
import weakref
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, product
from typing import Any

from cspr_core.engine.decide import decide
from cspr_core.engine.reference import finding_rows
from cspr_core.matching import FactRow, Hit, Rows
from cspr_core.program import FACT_TYPES, ID, Decision, Match, Pattern, Program, Ref, Test, strata

MODULE = "durable_rules_engine"
# One case at a time: a ruleset has one state, deleted after each run.
STATE = "case"
READY, TRIGGER = "ready", "go"
# At most 256 rules may share a pattern (in truth 255: behind the 256th it reads on). So at most this
# many wait for one trigger or share one pattern; the next ones stand behind a test that always holds.
SHARED = 200
# A node of the network looks its next tests up in a table of 512, and searches without end when it
# is full.
TESTS_PER_NODE = 480
RULES_PER_NODE = 250
# The tests of one fact that still have to be followed stand on a stack of 64.
STACK = 64
# Every joining test of a node is followed, and none is ever shared, so fewer patterns that join.
JOINED = 24
FACTS_PER_RULE = 15
JOINS_PER_PATTERN = 24
RULES = 4000
# Above this, two ids might have the same hash, and the library would take them for one.
FACTS = 90_000
WHOLE_NUMBERS = range(-(2**63), 2**63)

ERRORS: Mapping[int, str] = {
    1: "a fact was not handled",
    2: "two facts have one id",
    3: "a fact was put off",
    101: "out of memory",
    102: "a value of the wrong type",
    103: "a name is too long",
    104: "a value that it does not expect",
    105: "a name that it does not know",
    106: "too many rules or tests",
    107: "too many tests that a column is missing",
    108: "too many rules share one pattern",
    109: "a pattern without a name",
    110: "a setting is missing",
    111: "the ruleset is gone",
    112: "too many rulesets",
    113: "too many joins in one pattern",
    201: "a value can't be read",
    202: "a text can't be read",
    203: "a number can't be read",
    204: "an object can't be read",
    205: "a list can't be read",
    302: "a fact has too many columns",
    303: "one fact passes too many tests at once",
    304: "too many facts in one rule",
    305: "a fact of a rule is missing",
    306: "a place in memory is missing",
    307: "a match was deleted",
    308: "a match is in use",
    309: "the state is missing",
    310: "nothing fires",
    311: "a column that a join reads is missing",
    312: "values of these types can't be compared",
    313: "a fact is too large",
    314: "a column is too large",
}
_OPERATORS = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}


class ReteError(RuntimeError):
    """durable-rules can't take these rules or facts, or has failed on them."""


def why_not() -> str | None:
    """In one line why durable-rules can't be used here; `None` if it can."""
    try:
        importlib.import_module(MODULE)
    except ImportError as error:
        missing = isinstance(error, ModuleNotFoundError) and error.name == MODULE
        reason = "is not installed" if missing else f"does not load: {error}"
        return " ".join(f"durable-rules {reason}".split())
    return None


def available() -> bool:
    """Whether durable-rules can be used here."""
    return why_not() is None


def to_json(value: object) -> str:
    """Rules and facts as JSON. The library compares texts as they are written, so there is one way
    of writing them; plain ASCII also keeps it clear of half characters.
    """
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _column(name: str) -> str:
    # `id` and `sid` are the library's own: a join on them reads memory that was freed.
    return f"c_{name}"


# --- from matches to rules ----------------------------------------------------------------------


@dataclass(frozen=True)
class _Rule:
    """A body, free of `in`, and the matches that its firings are hits of."""

    name: str
    stratum: int
    body: tuple[Pattern, ...]
    emits: list[tuple[str, Match, tuple[str, ...]]] = field(default_factory=list)


def _alternatives(pattern: Pattern) -> list[tuple[Pattern, ...]]:
    """The patterns that stand for one with `in`, one for each value, as `$or` beside a join lets
    too much through. A list of several is a disjunction; a negated pattern becomes a conjunction:
    no fact with any of the values.
    """
    position = next((i for i, test in enumerate(pattern.tests) if test.op == "in"), None)
    if position is None:
        return [(pattern,)]
    test = pattern.tests[position]
    values = test.value if isinstance(test.value, tuple) else ()
    before, after = pattern.tests[:position], pattern.tests[position + 1 :]
    each = [
        alternative
        for value in dict.fromkeys(values)
        for alternative in _alternatives(
            replace(pattern, tests=(*before, Test(test.column, "==", value), *after))
        )
    ]
    return [tuple(part for parts in each for part in parts)] if pattern.negated else each


def _bodies(match: Match) -> Iterator[tuple[Pattern, ...]]:
    """The bodies without `in` that together match what the body of `match` does, none twice.

    Aliases become positions, so that equal bodies of different matches are equal.
    """
    names = {pattern.alias: f"a{index}" for index, pattern in enumerate(match.body)}

    def renamed(pattern: Pattern, test: Test) -> Test:
        if isinstance(test.value, Ref):
            return replace(test, value=Ref(names[test.value.alias], test.value.column))
        return test

    body = [
        replace(p, alias=names[p.alias], tests=tuple(dict.fromkeys(renamed(p, t) for t in p.tests)))
        for p in match.body
    ]
    for parts in product(*(_alternatives(pattern) for pattern in body)):
        yield tuple(pattern for part in parts for pattern in part)


def _rules(ordered: Sequence[Sequence[Program]]) -> list[_Rule]:
    found: dict[tuple[int, tuple[Pattern, ...]], _Rule] = {}
    for number, stratum in enumerate(ordered):
        for program in stratum:
            for match in program.matches:
                aliases = tuple(p.alias for p in match.body if not p.negated)
                for body in _bodies(match):
                    rule = found.setdefault(
                        (number, body), _Rule(f"r{len(found)}", number, body)
                    )
                    rule.emits.append((program.requirement, match, aliases))
    return list(found.values())


# --- from rules to JSON -------------------------------------------------------------------------


class _Node:
    """A test of the library's network, with what hangs from it: counted before it is built."""

    def __init__(self) -> None:
        self.next: dict[tuple[str, str, Any], _Node] = {}
        self.rules = 0

    def child(self, test: tuple[str, str, Any]) -> _Node:
        return self.next.setdefault(test, _Node())

    def check(self, where: str) -> int:
        """How much of the stack one fact may take here; raises `ReteError` at a limit."""
        if len(self.next) > TESTS_PER_NODE or self.rules > RULES_PER_NODE:
            raise ReteError(
                f"durable-rules can't take these rules: {len(self.next)} tests and {self.rules}"
                f" patterns share what comes before them ({where or 'nothing'})"
            )
        # Of the equalities of one column, one holds at a time; of all else, everything may.
        columns = {column for op, column, _ in self.next if op == "=="}
        together = len(columns) + sum(op != "==" for op, _, _ in self.next)
        deepest = max(
            (node.check(f"{where} {test[1]} {test[0]} {test[2]!r}".strip()))
            for test, node in self.next.items()
        ) if self.next else 0
        needed = max(together, together - 1 + deepest)
        if needed > STACK:
            raise ReteError(
                "durable-rules can't take these rules: one fact might pass"
                f" {needed} tests at once ({where or 'at the start'})"
            )
        return needed


class _Writer:
    """Writes rules as the library's JSON, in the one shape in which it is right and safe."""

    def __init__(self, rules: Sequence[_Rule]) -> None:
        self.rules = rules
        self.root = _Node()
        self.triggers: dict[int, list[int]] = {}
        self._waiting: Counter[int] = Counter()
        self._joined = count()
        self._alike: Counter[tuple[Any, ...]] = Counter()
        self._usual = Counter(
            (pattern.type, test.column)
            for rule in rules
            for pattern in rule.body
            for test in pattern.tests
            if test.op == "==" and not isinstance(test.value, Ref)
        )

    def write(self) -> str:
        """The ruleset; raises `ReteError` where the library could not take it."""
        if len(self.rules) > RULES:
            raise ReteError(f"durable-rules takes {RULES} rules; these are {len(self.rules)}")
        ready = {"dist": 0, "all": [self._pattern("a", [("==", "t", READY)], [])]}
        ruleset = {READY: ready, **{rule.name: self._rule(rule) for rule in self.rules}}
        self.root.check("")
        return to_json(ruleset)

    def _rule(self, rule: _Rule) -> dict[str, Any]:
        if len(rule.body) > FACTS_PER_RULE:
            raise ReteError(
                f"durable-rules takes {FACTS_PER_RULE} patterns in a match; in"
                f" {rule.emits[0][0]} there are {len(rule.body)}"
            )
        patterns = []
        anchor = rule.body[0].alias
        if any(pattern.negated for pattern in rule.body):
            # A negation holds as long as its fact has not come. The trigger comes after all facts.
            anchor = TRIGGER
            tests = [("==", "t", TRIGGER), ("==", "n", self._trigger(rule.stratum))]
            patterns.append(self._pattern(TRIGGER, tests, []))
        for index, pattern in enumerate(rule.body):
            # Several negated patterns may stand for one with `in`: each has a name of its own.
            name = f"n{index}$not" if pattern.negated else pattern.alias
            constants, joins = self._tests(pattern)
            if len(joins) > JOINS_PER_PATTERN:
                raise ReteError(f"durable-rules takes {JOINS_PER_PATTERN} joins in a pattern")
            if joins or pattern.negated:
                # Behind an inequality that is false the library looks for a further test, and
                # reads past its array if there is none. This one always holds.
                joins.append(("==", "k", Ref(anchor, "k")))
            patterns.append(self._pattern(name, constants, joins))
        # Without `dist`, no fact could play two parts in a rule.
        return {"dist": 0, "all": patterns}

    def _trigger(self, stratum: int) -> int:
        """The number of a trigger of this stratum for which not too many rules wait yet."""
        numbers = self.triggers.setdefault(stratum, [])
        if self._waiting[stratum] % SHARED == 0:
            numbers.append(sum(map(len, self.triggers.values())))
        self._waiting[stratum] += 1
        return numbers[-1]

    def _tests(self, pattern: Pattern) -> tuple[list[Any], list[Any]]:
        """The pattern's tests against constants, the usual ones first, so that the patterns of a
        type share them; then its joins.
        """

        def order(test: Test) -> tuple[int, int, str, str, str]:
            usual = self._usual[pattern.type, test.column]
            rank = 0 if test.op == "==" else 1 if test.op in ("known", "unknown") else 2
            return rank, -usual, test.column, test.op, str(test.value)

        fixed = [test for test in pattern.tests if not isinstance(test.value, Ref)]
        constants = [
            ("==", "t", pattern.type),
            *((test.op, _column(test.column), test.value) for test in sorted(fixed, key=order)),
        ]
        joins = [
            (test.op, _column(test.column), Ref(test.value.alias, _column(test.value.column)))
            for test in pattern.tests
            if isinstance(test.value, Ref)
        ]
        return constants, joins

    def _pattern(self, name: str, constants: list[Any], joins: list[Any]) -> dict[str, Any]:
        alike = (bool(joins), *constants)
        group = self._alike[alike] // (JOINED if joins else SHARED)
        self._alike[alike] += 1
        if group:
            constants = [*constants, ("<", "k", group + 1)]  # k is 1: it always holds
        node = self.root
        for test in constants:
            node = node.child(test)
        for op, column, value in joins:
            # A join's test is never shared, be it the same: a number keeps it apart here too.
            node = node.child((f"join {op}", column, next(self._joined)))
        node.rules += 1
        return {name: {"$and": [_test(test) for test in (*constants, *joins)]}}


def _test(test: tuple[str, str, Any]) -> dict[str, Any]:
    op, column, value = test
    if op == "known":
        return {"$ex": {column: 1}}
    if op == "unknown":
        return {"$nex": {column: 1}}
    against = {value.alias: value.column} if isinstance(value, Ref) else value
    return {column: against} if op == "==" else {_OPERATORS[op]: {column: against}}


# --- facts --------------------------------------------------------------------------------------


class _Reader:
    """What the rules read of the facts of one type: which facts, and which of their columns."""

    def __init__(self, fact_type: str, patterns: Sequence[Pattern], referred: set[str]) -> None:
        names = {test.column for pattern in patterns for test in pattern.tests} | referred
        self._type = fact_type
        self._columns = [
            (name, _column(name), _is_number(fact_type, name)) for name in sorted(names)
        ]
        self._gate, self._let_in = self._narrow(patterns)

    @staticmethod
    def _narrow(patterns: Sequence[Pattern]) -> tuple[str, frozenset[Any]]:
        """A column that every pattern holds against a constant, and these; `""` if there is none.

        Facts that no rule can match cost as much as others, so they stay out.
        """
        fixed = [
            {t.column: t.value for t in p.tests if t.op == "==" and not isinstance(t.value, Ref)}
            for p in patterns
        ]
        shared = sorted(set.intersection(*(set(tests) for tests in fixed)))
        if not shared:
            return "", frozenset()
        gate = max(shared, key=lambda column: len({tests[column] for tests in fixed}))
        return gate, frozenset(tests[gate] for tests in fixed)

    def write(self, row: FactRow, number: int) -> dict[str, Any] | None:
        """A fact as the library takes it, or `None` if no rule can match it.

        Raises `ReteError` for a value of the wrong type: the library would let 1 join "1".
        """
        if self._gate and row[self._gate] not in self._let_in:
            return None
        fact: dict[str, Any] = {"sid": STATE, "id": str(number), "t": self._type, "k": 1}
        for name, column, number_wanted in self._columns:
            value = row[name]
            if value is None:
                continue  # what is unknown is left out: null would join null
            right = _is_whole(value) if number_wanted else isinstance(value, str)
            if not right:
                wanted = "a whole number" if number_wanted else "text"
                raise ReteError(f"{self._type}.{name} is {wanted}, not {type(value).__name__}")
            fact[column] = value
        return fact


def _is_number(fact_type: str, name: str) -> bool:
    return name == ID or FACT_TYPES[fact_type][name].type == "number"


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in WHOLE_NUMBERS


def _readers(rules: Sequence[_Rule]) -> dict[str, _Reader]:
    patterns: dict[str, list[Pattern]] = {}
    referred: dict[str, set[str]] = {}
    for rule in rules:
        types = {pattern.alias: pattern.type for pattern in rule.body}
        for pattern in rule.body:
            patterns.setdefault(pattern.type, []).append(pattern)
            for test in pattern.tests:
                if isinstance(test.value, Ref):
                    referred.setdefault(types[test.value.alias], set()).add(test.value.column)
    return {
        fact_type: _Reader(fact_type, found, referred.get(fact_type, set()))
        for fact_type, found in patterns.items()
    }


# --- the engine ---------------------------------------------------------------------------------

_numbers = count(1)  # of rulesets: each needs a name of its own


class _Ruleset:
    """The C module's calls on one compiled ruleset. Not for two threads at once."""

    def __init__(self, rules: str) -> None:
        self._module = importlib.import_module(MODULE)
        name = f"cspr-{next(_numbers)}"
        self._handle = self._call("compile the rules", "create_ruleset", name, rules)
        weakref.finalize(self, self._module.delete_ruleset, self._handle)
        # To delete a state in which nothing has fired would free pointers that were never set. One
        # firing sets them, in the memory that every later state of the ruleset is given.
        self.fire([{"sid": STATE, "id": "0", "t": READY}])
        self.forget()

    def fire(self, facts: Sequence[Mapping[str, Any]]) -> list[tuple[str, dict[str, int]]]:
        """Assert `facts`, at least one, in a batch; for each firing the rule, and alias to fact."""
        written = to_json(facts)
        code, state = self._call("assert the facts", "assert_facts", self._handle, written)
        if code not in (0, 1):  # 1: no rule takes one of the facts
            raise ReteError(_failure("assert the facts", code))
        fired = []
        answer = self._call("start the rules", "start_action_for_state", self._handle, state)
        message = answer[1] if answer else None
        while message:
            ((rule, bound),) = json.loads(message).items()
            bound.pop(TRIGGER, None)
            fired.append((rule, {alias: int(fact["id"]) for alias, fact in bound.items()}))
            message = self._call("go on", "complete_and_start_action", self._handle, state)
        return fired

    def forget(self) -> None:
        """Delete the state; without this, it would stay for as long as the ruleset."""
        self._call("forget the facts", "delete_state", self._handle, STATE)

    def _call(self, what: str, function: str, *arguments: object) -> Any:
        try:
            return getattr(self._module, function)(*arguments)
        except self._module.error as error:
            code = re.search(r"error code: (\d+)", str(error))
            raise ReteError(_failure(what, int(code[1]) if code else 0)) from error


def _failure(what: str, code: int) -> str:
    return f"durable-rules could not {what}: {ERRORS.get(code, 'it does not say why')} ({code})"


@dataclass(frozen=True)
class _Compiled:
    """What the first run makes of the programs."""

    rules: Mapping[str, _Rule]
    readers: Mapping[str, _Reader]
    triggers: Mapping[int, Sequence[int]]
    ruleset: _Ruleset


class ReteEngine:
    """Programs for durable-rules, compiled at the first run; `run` answers them for one case.

    Several threads may use one engine: their runs wait for each other.
    """

    name = "rete"

    def __init__(self, programs: Sequence[Program]) -> None:
        """Take `programs`; raises `ProgramError` where they wait for each other."""
        self._read = frozenset[str]().union(*(program.reads for program in programs))
        self._strata = strata(programs)
        self._lock = threading.Lock()
        self._compiled: _Compiled | None = None

    def compile(self) -> None:
        """Compile the programs, unless that has been done.

        Raises `ReteError` where durable-rules can't take them, `ImportError` where it is missing.
        """
        with self._lock:
            self._compile()

    def run(self, rows: Rows) -> list[Decision]:
        """The decisions for one case, sorted by requirement and subject.

        Raises `ReteError` where durable-rules can't take the programs or the facts, `ImportError`
        where it is missing.
        """
        with self._lock:
            case = _Case(self._compile())
            try:
                return self._decide(case, rows)
            finally:
                case.forget()

    def _compile(self) -> _Compiled:
        if self._compiled is None:
            rules = _rules(self._strata)
            writer = _Writer(rules)
            ruleset = _Ruleset(writer.write())
            by_name = {rule.name: rule for rule in rules}
            self._compiled = _Compiled(by_name, _readers(rules), writer.triggers, ruleset)
        return self._compiled

    def _decide(self, case: _Case, rows: Rows) -> list[Decision]:
        found: list[Decision] = []
        told = 0
        for number, stratum in enumerate(self._strata):
            case.take(rows, number)
            for program in stratum:
                found += decide(program, case.hits(program.requirement))
            findings = finding_rows(found, self._read)
            rows, told = {"finding": findings[told:]}, len(findings)
        return sorted(found)


class _Case:
    """One case's facts on their way through a ruleset, and the hits so far."""

    def __init__(self, compiled: _Compiled) -> None:
        self._compiled = compiled
        self._facts: list[FactRow] = []
        self._hits: dict[str, list[Hit]] = {}
        self._begun = False

    def take(self, rows: Rows, stratum: int) -> None:
        """Assert facts and then the stratum's triggers; keep the hits."""
        batch = []
        for fact_type, reader in self._compiled.readers.items():
            for row in rows.get(fact_type, ()):
                fact = reader.write(row, len(self._facts))
                if fact is not None:
                    self._facts.append(row)
                    batch.append(fact)
        for number in self._compiled.triggers.get(stratum, ()):
            batch.append({"sid": STATE, "id": f"go{number}", "t": TRIGGER, "n": number, "k": 1})
        if len(self._facts) > FACTS:
            raise ReteError(f"durable-rules takes {FACTS} facts; these are {len(self._facts)}")
        if not batch:
            return  # of an empty batch the library says nothing, not even that it was empty
        self._begun = True
        for rule, bound in self._compiled.ruleset.fire(batch):
            self._keep(self._compiled.rules[rule], bound)

    def _keep(self, rule: _Rule, bound: Mapping[str, int]) -> None:
        facts = self._facts
        for requirement, match, aliases in rule.emits:
            row = {alias: facts[bound[f"a{i}"]] for i, alias in enumerate(aliases)}
            split, subject = match.split, match.subject
            hit = Hit(
                match.tag if split is None else f"{match.tag}.{row[split.alias][split.column]}",
                "" if subject is None else row[subject.alias][subject.column],
                row[match.key.alias][match.key.column],
                tuple(row[ref.alias][ref.column] for ref in match.evidence),
            )
            self._hits.setdefault(requirement, []).append(hit)

    def hits(self, requirement: str) -> Sequence[Hit]:
        """The hits of a requirement, as far as the strata have been run."""
        return self._hits.get(requirement, ())

    def forget(self) -> None:
        """Leave nothing of the case behind."""
        if self._begun:
            self._compiled.ruleset.forget()
