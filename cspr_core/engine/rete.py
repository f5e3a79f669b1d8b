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
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
READY = "ready"
# At most 256 rules may share a pattern (in truth 255: the 256th is read past), so at most so many
# wait for one trigger.
TRIGGERED = 200
# A node of the network looks its next tests up in a table of 512, and searches without end when it
# is full.
TESTS_PER_NODE = 480
RULES_PER_NODE = 250
# The tests of one fact that still have to be followed stand on a stack of 64.
STACK = 64
# The library follows every joining test of a node, and never shares them: so many under one node,
# the next ones behind a test that always holds.
TAILS = 24
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
        self._waiting = 0
        self._tails: Counter[tuple[Any, ...]] = Counter()
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
            anchor = "go"
            tests = [("==", "t", "go"), ("==", "n", self._trigger(rule.stratum))]
            patterns.append(self._pattern("go", tests, []))
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
        number = self._waiting // TRIGGERED
        self._waiting += 1
        numbers = self.triggers.setdefault(stratum, [])
        if number not in numbers:
            numbers.append(number)
        return number

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
        if joins:
            group = self._tails[tuple(constants)] // TAILS
            self._tails[tuple(constants)] += 1
            if group:
                constants = [*constants, ("<", "k", group + 1)]  # k is 1: it always holds
        node = self.root
        for test in constants:
            node = node.child(test)
        for op, column, value in joins:
            # A join's test is never shared: its own name makes it one of its own here too.
            node = node.child((f"join {op}", column, (name, value, id(joins))))
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


class _Columns:
    """What the rules read of the facts of a type: the columns, and which facts at all."""

    def __init__(self, fact_type: str, patterns: Sequence[Pattern]) -> None:
        joined = {test.column for pattern in patterns for test in pattern.tests}
        self.fact_type = fact_type
        self.names = {name: _column(name) for name in sorted(joined)}
        self.types: dict[str, type] = {
            name: int if name == ID or FACT_TYPES[fact_type][name].type == "number" else str
            for name in self.names
        }
        self.gate = self._gate(patterns)

    def add(self, names: Iterable[str]) -> None:
        """Further columns, which the patterns of other facts read."""
        for name in names:
            self.names.setdefault(name, _column(name))
            number = name == ID or FACT_TYPES[self.fact_type][name].type == "number"
            self.types.setdefault(name, int if number else str)

    @staticmethod
    def _gate(patterns: Sequence[Pattern]) -> tuple[str, frozenset[Any]] | None:
        """A column that every pattern holds against a constant, and the constants."""
        fixed = [
            {t.column: t.value for t in p.tests if t.op == "==" and not isinstance(t.value, Ref)}
            for p in patterns
        ]
        shared = sorted(set.intersection(*(set(tests) for tests in fixed)))
        if not shared:
            return None
        best = max(shared, key=lambda column: len({tests[column] for tests in fixed}))
        return best, frozenset(tests[best] for tests in fixed)

    def write(self, row: FactRow, number: int) -> dict[str, Any] | None:
        """A fact as the library takes it; `None` if no rule could match it.

        Raises `ReteError` for a value of the wrong type: the library would let 1 join "1".
        """
        if self.gate is not None and row[self.gate[0]] not in self.gate[1]:
            return None
        fact: dict[str, Any] = {"sid": STATE, "id": str(number), "t": self.fact_type, "k": 1}
        for name, column in self.names.items():
            value = row[name]
            if value is None:
                continue  # `unknown` is a column that is not there: null would join null
            if type(value) is not self.types[name] or (
                isinstance(value, int) and value not in WHOLE_NUMBERS
            ):
                raise ReteError(f"{self.fact_type}.{name} can't be {type(value).__name__} here")
            fact[column] = value
        return fact


def _read_columns(rules: Sequence[_Rule]) -> dict[str, _Columns]:
    patterns: dict[str, list[Pattern]] = {}
    for rule in rules:
        for pattern in rule.body:
            patterns.setdefault(pattern.type, []).append(pattern)
    read = {fact_type: _Columns(fact_type, found) for fact_type, found in patterns.items()}
    for rule in rules:
        types = {pattern.alias: pattern.type for pattern in rule.body}
        for pattern in rule.body:
            for test in pattern.tests:
                if isinstance(test.value, Ref):
                    read[types[test.value.alias]].add([test.value.column])
    return read


# --- the engine ---------------------------------------------------------------------------------

_names = count(1)


class _Ruleset:
    """A compiled ruleset, and the raw calls. Not for two threads at once."""

    def __init__(self, rules: str) -> None:
        self._module = importlib.import_module(MODULE)
        self._handle = self._call("compile the rules", "create_ruleset", f"cspr-{next(_names)}", rules)
        # A state that is deleted before any rule has fired frees pointers that were never set. This
        # firing sets them in the memory that every later state of the ruleset is given.
        self.fire([{"sid": STATE, "id": "0", "t": READY}])
        self.forget()
        weakref.finalize(self, self._module.delete_ruleset, self._handle)

    def fire(self, facts: Sequence[Mapping[str, Any]]) -> list[tuple[str, dict[str, int]]]:
        """Assert `facts` in one batch: for each firing the rule, and alias to number of a fact."""
        written = to_json(facts)
        code, state = self._call("assert the facts", "assert_facts", self._handle, written)
        if code > 1:  # 1: there was a fact that no rule reads
            raise ReteError(f"durable-rules could not assert the facts: {ERRORS[code]} ({code})")
        fired = []
        answer = self._call("start the rules", "start_action_for_state", self._handle, state)
        message = answer[1] if answer else None
        while message:
            ((name, bound),) = json.loads(message).items()
            fired.append((name, {alias: int(fact["id"]) for alias, fact in bound.items()}))
            message = self._call("go on", "complete_and_start_action", self._handle, state)
        return fired

    def forget(self) -> None:
        """Delete the state: what is left behind would stay for good."""
        self._call("forget the facts", "delete_state", self._handle, STATE)

    def _call(self, what: str, function: str, *arguments: object) -> Any:
        try:
            return getattr(self._module, function)(*arguments)
        except self._module.error as error:
            found = re.search(r"error code: (\d+)", str(error))
            code = int(found[1]) if found else 0
            reason = ERRORS.get(code, "it does not say why")
            raise ReteError(f"durable-rules could not {what}: {reason} ({code})") from error


class ReteEngine:
    """Programs for durable-rules, compiled at the first run; `run` answers them for one case.

    An engine may be used from several threads: its runs wait for each other.
    """

    name = "rete"

    def __init__(self, programs: Sequence[Program]) -> None:
        """Take `programs`; raises `ProgramError` where they wait for each other."""
        self._read = frozenset[str]().union(*(program.reads for program in programs))
        self._strata = strata(programs)
        self._lock = threading.Lock()
        self._ruleset: _Ruleset | None = None

    def compile(self) -> None:
        """Compile the programs, if that has not been done.

        Raises `ReteError` where durable-rules can't take them, `ImportError` where it is missing.
        """
        with self._lock:
            self._compile()

    def _compile(self) -> _Ruleset:
        if self._ruleset is None:
            rules = _rules(self._strata)
            writer = _Writer(rules)
            written = writer.write()
            self._rules = {rule.name: rule for rule in rules}
            self._columns = _read_columns(rules)
            self._triggers = writer.triggers
            self._ruleset = _Ruleset(written)
        return self._ruleset

    def run(self, rows: Rows) -> list[Decision]:
        """The decisions for one case, sorted by requirement and subject.

        Raises `ReteError` where durable-rules can't take the programs or the facts, `ImportError`
        where it is missing.
        """
        with self._lock:
            return _Run(self._compile(), self._rules, self._columns, self._triggers).decide(
                self._strata, rows, self._read
            )


class _Run:
    """One case on its way through a ruleset."""

    def __init__(
        self,
        ruleset: _Ruleset,
        rules: Mapping[str, _Rule],
        columns: Mapping[str, _Columns],
        triggers: Mapping[int, Sequence[int]],
    ) -> None:
        self._ruleset, self._rules = ruleset, rules
        self._columns, self._triggers = columns, triggers
        self._facts: list[FactRow] = []
        self._hits: dict[str, list[Hit]] = {}
        self._used = False

    def decide(
        self, ordered: Sequence[Sequence[Program]], rows: Rows, read: frozenset[str]
    ) -> list[Decision]:
        found: list[Decision] = []
        try:
            for number, stratum in enumerate(ordered):
                # A finding's number is the same in every stratum: what came before is there.
                known = len(self._facts)
                del known
                self._assert(rows, self._triggers.get(number, ()))
                for program in stratum:
                    found += decide(program, self._hits.pop(program.requirement, ()))
                rows = {"finding": finding_rows(found, read)}
        finally:
            if self._used:
                self._ruleset.forget()
        return sorted(found)

    def _assert(self, rows: Rows, triggers: Sequence[int]) -> None:
        pass
