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
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count, product
from typing import Any, NamedTuple

from cspr_core.engine.plan import Fire, Plan, answer, planned
from cspr_core.matching import Body, Bound, FactRow, Firings, Part, Rows
from cspr_core.program import FACT_TYPES, ID, Decision, Program

MODULE = "durable_rules_engine"
# One case at a time: a ruleset has one state, deleted after each run.
STATE = "case"
# How a fact begins, as it is handed over and as a firing gives it back: then its number follows.
FACT = f'{{"sid":"{STATE}","id":"'
BOUND = f'":{FACT}'
READY, TRIGGER = "ready", "go"
# At most 256 rules may share a pattern (in truth 255: behind the 256th it reads on). So at most
# this many wait for one trigger or share one pattern; the next ones stand behind a test that always
# holds.
SHARED = 200
# A node of the network looks its next tests up in a table of 512, and searches without end when it
# is full.
TESTS_PER_NODE = 480
# The tests of one fact that still have to be followed stand on a stack of 64.
STACK = 64
# Every joining test of a node is followed, and none is ever shared, so fewer patterns that join.
JOINED = 24
FACTS_IN_A_MATCH = 15  # beside the trigger
JOINS = 24  # in a pattern
RULES = 4000
# Facts are numbered from here, so that all numbers have as many digits. Behind the last of these,
# two might have the same hash, and the library would take them for one.
FIRST, FACTS, DIGITS = 10_000, 90_000, 5
_NUMBER = slice(DIGITS)
LEAST, MOST = -(2**63), 2**63 - 1  # of a whole number

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
_WORDS: Mapping[str, str] = {
    "!=": "$neq",
    "<": "$lt",
    "<=": "$lte",
    ">": "$gt",
    ">=": "$gte",
    "known": "$ex",
    "unknown": "$nex",
}


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
    """Rules and facts as JSON, in the one way: the library compares texts as they are written.

    Plain ASCII, as a lone half of a character could not be handed over as UTF-8.
    """
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


WORDS_KEPT = 128  # of a column, once written: words come again in every case, ids do not

_quoted = json.encoder.encode_basestring_ascii  # as `to_json` writes a text


def _column(name: str) -> str:
    # `id` and `sid` are the library's own: a join on them reads memory that was freed.
    return f"c_{name}"


# --- from bodies to rules -----------------------------------------------------------------------

Constant = tuple[str, str, Any]  # a test against a constant: operator, column, value


class _Rule(NamedTuple):
    """A body, free of `in`: one of those that stand for a body of the plan."""

    name: str
    of: int
    stratum: int
    body: Body
    binds: int  # how many facts
    waits: bool  # a negation holds as long as its fact has not come: for a trigger, after all facts

    @property
    def begins(self) -> str:
        """How a firing begins, as the library writes it."""
        return f'{{"{self.name}":{{"{TRIGGER if self.waits else "a0"}'

    @property
    def fires(self) -> _Fires:
        """What is to be known of a firing."""
        later = range(0 if self.waits else 1, self.binds)
        tails = tuple(f'}},"a{position}' for position in later)
        return len(tails) + 2, self.of, self.stratum, self.waits, tails


# How many pieces a firing is read as; the rule's body, its stratum, and whether it waits; and how
# what is written of each fact (the trigger, too) but the last ends: with the next one's name.
_Fires = tuple[int, int, int, bool, tuple[str, ...]]


def _rules(plan: Plan) -> list[_Rule]:
    found: list[_Rule] = []
    for number, (stratum, body, *_) in enumerate(plan.bodies):
        for split in product(*map(_parts, body)):
            joined = tuple(part for parts in split for part in parts)
            binds = sum(not part.negated for part in joined)
            waits = joined[-1].negated
            found.append(_Rule(f"r{len(found)}", number, stratum, joined, binds, waits))
    return found


def _parts(part: Part) -> list[tuple[Part, ...]]:
    """What stands for a pattern: one of several, as `in` is a rule for each value.

    (`$or` would do for constants, but lets too much through beside a join.) A negated pattern
    becomes several negated ones in one rule instead: no fact with any of the values.
    """
    constants = tuple(test for test in part.constants if test[0] != "in")
    choices = [
        [("==", column, value) for value in dict.fromkeys(values)]
        for op, column, values in part.constants
        if op == "in"
    ]
    each = [part._replace(constants=(*constants, *choice)) for choice in product(*choices)]
    return [tuple(each)] if part.negated else [(part,) for part in each]


# --- from rules to JSON -------------------------------------------------------------------------


class _Node:
    """A test of the library's network, with what hangs from it: counted before it is built."""

    __slots__ = ("joining", "next")

    def __init__(self) -> None:
        self.next: dict[Constant, _Node] = {}
        self.joining = 0  # patterns that go on with a join: a test that is followed and not shared

    def check(self, path: tuple[Constant, ...] = ()) -> int:
        """How much of the stack one fact may take here; raises `ReteError` at a limit."""
        tests = len(self.next) + self.joining
        if tests > TESTS_PER_NODE:
            raise _too_much(f"{tests} different tests", path)
        # Of the equalities of one column, one holds at a time; of all other tests, all may.
        single = {column for op, column, _ in self.next if op == "=="}
        together = len(single) + sum(op != "==" for op, _, _ in self.next) + self.joining
        deepest = 1 if self.joining else 0
        for test, node in self.next.items():
            if node.next or node.joining:
                deepest = max(deepest, node.check((*path, test)))
        needed = max(together, together - 1 + deepest)
        if needed > STACK:
            raise _too_much(f"{needed} tests that one fact might pass", path)
        return needed


def _too_much(what: str, path: Sequence[Constant]) -> ReteError:
    after = ", ".join(f"{column} {op} {value!r}" for op, column, value in path) or "the start"
    return ReteError(f"durable-rules can't take these rules: after {after} stand {what}")


class _Start(NamedTuple):
    """The tests of a pattern against constants: written out, and the last one's node."""

    written: str
    node: _Node


class _Writer:
    """Writes rules as the library's JSON, in the one shape in which it is right and safe."""

    def __init__(self, plan: Plan, rules: Sequence[_Rule]) -> None:
        self._plan, self.rules = plan, rules
        self.root = _Node()
        self.triggers: dict[int, list[int]] = {}
        self._waiting: Counter[int] = Counter()
        self._paths: dict[tuple[str, tuple[Constant, ...]], tuple[Constant, ...]] = {}
        self._starts: dict[tuple[tuple[Constant, ...], int], _Start] = {}
        self._alike: Counter[tuple[bool, tuple[Constant, ...]]] = Counter()
        self._usual = Counter(
            (part.type, column)
            for rule in rules
            for part in rule.body
            for op, column, _ in part.constants
            if op == "=="
        )

    def write(self) -> str:
        """The ruleset; raises `ReteError` where the library could not take it."""
        if len(self.rules) > RULES:
            raise ReteError(f"durable-rules takes {RULES} rules; these are {len(self.rules)}")
        written = [
            f'"{READY}":{{"all":[{self._pattern(READY, Part(READY, (), (), negated=False))}]}}'
        ]
        written += [f'"{rule.name}":{self._rule(rule)}' for rule in self.rules]
        self.root.check()
        return "{" + ",".join(written) + "}"

    def _rule(self, rule: _Rule) -> str:
        where = self._plan.bodies[rule.of].requirements[0]
        if rule.binds > FACTS_IN_A_MATCH:
            raise ReteError(
                f"durable-rules takes {FACTS_IN_A_MATCH} facts in a match; {where} has more"
            )
        patterns = []
        anchor = "a0"
        if rule.waits:
            anchor = TRIGGER
            number = self._trigger(rule.stratum)
            patterns.append(
                self._pattern(
                    TRIGGER, Part(TRIGGER, (("==", "number", number),), (), negated=False)
                )
            )
        for position, part in enumerate(rule.body):
            if len(part.joins) > JOINS:
                raise ReteError(f"durable-rules takes {JOINS} joins in a pattern; {where} has more")
            alias = f"a{position}$not" if part.negated else f"a{position}"
            patterns.append(self._pattern(alias, part, anchor))
        # With `dist`, the default, no fact could play two parts in a rule.
        return f'{{"dist":0,"all":[{",".join(patterns)}]}}'

    def _trigger(self, stratum: int) -> int:
        """The number of a trigger of this stratum for which not too many rules wait yet."""
        numbers = self.triggers.setdefault(stratum, [])
        if self._waiting[stratum] % SHARED == 0:
            numbers.append(sum(map(len, self.triggers.values())))
        self._waiting[stratum] += 1
        return numbers[-1]

    def _pattern(self, alias: str, part: Part, anchor: str = "") -> str:
        joins = [
            _written(op, _column(column), f'{{"a{position}":"{_column(referred)}"}}')
            for op, column, (position, referred) in part.joins
        ]
        if joins or part.negated:
            # Behind an inequality that is false the library looks for a further test, and reads
            # past its array if there is none. This one always holds.
            joins.append(_written("==", "k", f'{{"{anchor}":"k"}}'))
        start = self._start(part, joining=bool(joins))
        start.node.joining += bool(joins)
        return f'{{"{alias}":{{"$and":[{",".join((start.written, *joins))}]}}}}'

    def _start(self, part: Part, *, joining: bool) -> _Start:
        path = self._path(part.type, part.constants)
        group = self._alike[joining, path] // (JOINED if joining else SHARED)
        self._alike[joining, path] += 1
        found = self._starts.get((path, group))
        if found is None:
            # k is 1: that it is below a number holds always, and is another test for each number.
            tests = (*path, ("<", "k", group + 1)) if group else path
            node = self.root
            for test in tests:
                node = node.next.setdefault(test, _Node())
            written = ",".join(_written(op, column, to_json(value)) for op, column, value in tests)
            found = self._starts[path, group] = _Start(written, node)
        return found

    def _path(self, fact_type: str, constants: tuple[Constant, ...]) -> tuple[Constant, ...]:
        """Tests against constants, the usual ones first, so that patterns share them."""

        def order(test: Constant) -> tuple[bool, int, str, str]:
            op, column, value = test
            return op != "==", -self._usual[fact_type, column], column, f"{op} {value}"

        found = self._paths.get((fact_type, constants))
        if found is None:
            tests = sorted(dict.fromkeys(constants), key=order)
            found = self._paths[fact_type, constants] = (
                ("==", "t", fact_type),
                *((op, _column(column), 1 if value is None else value)
                  for op, column, value in tests),
            )  # fmt: skip
        return found


def _written(op: str, column: str, value: str) -> str:
    return f'{{"{column}":{value}}}' if op == "==" else f'{{"{_WORDS[op]}":{{"{column}":{value}}}}}'


# --- facts --------------------------------------------------------------------------------------


class _Words(dict[Any, str]):
    """A column's words as they are written.

    What has been written is kept, as words come again in case after case.
    """

    def __init__(self, fact_type: str, column: str) -> None:
        super().__init__()
        self._of, self._key = (fact_type, column), f",{to_json(_column(column))}:"
        self[None] = ""  # what is unknown is left out: null would join null

    def __missing__(self, value: object) -> str:
        if not isinstance(value, str):
            raise _wrong(*self._of, "text", value)
        written = f"{self._key}{_quoted(value)}"
        if len(self) <= WORDS_KEPT:
            self[value] = written
        return written


def _wrong(fact_type: str, column: str, wanted: str, value: object) -> ReteError:
    return ReteError(f"{fact_type}.{column} is {wanted}, not {type(value).__name__}")


class _Reader:
    """What the rules read of the facts of one type: which facts, and which of their columns."""

    def __init__(self, fact_type: str, parts: Sequence[Part], referred: set[str]) -> None:
        tests = [test for part in parts for test in (*part.constants, *part.joins)]
        read = sorted({column for _, column, _ in tests} | referred)
        numbers = [c for c in read if c == ID or FACT_TYPES[fact_type][c].type == "number"]
        self._type = fact_type
        self._head = f'","t":{to_json(fact_type)},"k":1'
        self._words = [(c, _Words(fact_type, c)) for c in read if c not in numbers]
        self._numbers = [(c, f",{to_json(_column(c))}:") for c in numbers]
        self._gate, self._let_in = self._narrow(parts)

    @staticmethod
    def _narrow(parts: Sequence[Part]) -> tuple[str, frozenset[Any]]:
        """A column that every pattern holds against a constant, and these; `""` if there is none.

        Facts that no rule can match cost as much as others, so they stay out.
        """
        fixed = [{c: value for op, c, value in part.constants if op == "=="} for part in parts]
        shared = sorted(set.intersection(*(set(tests) for tests in fixed)))
        if not shared:
            return "", frozenset()
        gate = max(shared, key=lambda column: len({tests[column] for tests in fixed}))
        return gate, frozenset(tests[gate] for tests in fixed)

    def write(self, rows: Sequence[FactRow], facts: dict[str, FactRow], batch: list[str]) -> None:
        """Add the facts that some rule can match to `facts`, and as the library takes them.

        Raises `ReteError` for a value of the wrong type: the library would let 1 join "1".
        """
        gate, let_in, head = self._gate, self._let_in, self._head
        columns, numbers = self._words, self._numbers
        for row in rows:
            if gate and row[gate] not in let_in:
                continue
            number = str(FIRST + len(facts))
            written = f"{FACT}{number}{head}"
            for column, words in columns:
                written += words[row[column]]
            for column, key in numbers:
                value = row[column]
                if value is not None:
                    if type(value) is not int or not LEAST <= value <= MOST:
                        raise _wrong(self._type, column, "a whole number", value)
                    written += f"{key}{value}"
            batch.append(written + "}")
            facts[number] = row


def _readers(rules: Sequence[_Rule]) -> dict[str, _Reader]:
    parts: dict[str, list[Part]] = {}
    referred: dict[str, set[str]] = {}
    for rule in rules:
        for part in rule.body:
            parts.setdefault(part.type, []).append(part)
            for _, _, (position, column) in part.joins:
                referred.setdefault(rule.body[position].type, set()).add(column)
    return {
        fact_type: _Reader(fact_type, found, referred.get(fact_type, set()))
        for fact_type, found in parts.items()
    }


# --- the engine ---------------------------------------------------------------------------------

_numbers = count(1)  # of rulesets: each needs a name of its own


class Ruleset:
    """The C module's calls on one compiled ruleset. Not for two threads at once."""

    def __init__(self, rules: str) -> None:
        self._module = importlib.import_module(MODULE)
        name = f"cspr-{next(_numbers)}"
        self._handle = self._call("compile the rules", "create_ruleset", name, rules)
        weakref.finalize(self, self._module.delete_ruleset, self._handle)
        # To delete a state in which nothing has fired would free pointers that were never set. One
        # firing sets them, in the memory that every later state of the ruleset is given.
        self.fire([f'{FACT}0","t":"{READY}"}}'])
        self.forget()

    def fire(self, facts: Sequence[str]) -> list[str]:
        """Assert `facts`, at least one, in a batch; each firing as the library writes it."""
        written = f"[{','.join(facts)}]"
        code, state = self._call("assert the facts", "assert_facts", self._handle, written)
        if code not in (0, 1):  # 1: no rule takes one of the facts
            raise ReteError(_failure("assert the facts", code))
        answer = self._call("start the rules", "start_action_for_state", self._handle, state)
        message = answer[1] if answer else None
        messages: list[str] = []
        with self._told("go on"):
            go_on, handle = self._module.complete_and_start_action, self._handle
            while message:
                messages.append(message)
                message = go_on(handle, state)
        return messages

    def forget(self) -> None:
        """Delete the state; without this, it would stay for as long as the ruleset."""
        self._call("forget the facts", "delete_state", self._handle, STATE)

    def _call(self, what: str, function: str, *arguments: object) -> Any:
        with self._told(what):
            return getattr(self._module, function)(*arguments)

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Say what failed, and why, where the library only has a number."""
        try:
            yield
        except self._module.error as error:
            code = re.search(r"error code: (\d+)", str(error))
            raise ReteError(_failure(what, int(code[1]) if code else 0)) from error


def _failure(what: str, code: int) -> str:
    return f"durable-rules could not {what}: {ERRORS.get(code, 'it does not say why')} ({code})"


class _Compiled(NamedTuple):
    """What the first run makes of the programs; `fires` by how a rule's firings begin."""

    fires: Mapping[str, _Fires]
    readers: Mapping[str, _Reader]
    triggers: Mapping[int, Sequence[int]]
    ruleset: Ruleset


class Written(NamedTuple):
    """A ruleset as the library reads it, and the triggers of each stratum."""

    text: str
    triggers: Mapping[int, Sequence[int]]


class ReteEngine:
    """Programs for durable-rules, compiled at the first run; `run` answers them for one case.

    Several threads may use one engine: their runs wait for each other.
    """

    name = "rete"

    def __init__(self, programs: Plan | Sequence[Program], written: Written | None = None) -> None:
        """Take `programs`; raises `ProgramError` where they wait for each other.

        `written` is what `written()` of an engine with the very same programs gave: then they need
        not be written again.
        """
        self.plan = planned(programs)
        self._written = written
        self._lock = threading.Lock()
        self._compiled: _Compiled | None = None

    def written(self) -> Written:
        """The ruleset; raises `ReteError` where durable-rules could not take it."""
        if self._written is None:
            writer = _Writer(self.plan, _rules(self.plan))
            self._written = Written(writer.write(), writer.triggers)
        return self._written

    def compile(self) -> None:
        """Compile the programs, unless that has been done.

        Raises `ReteError` where durable-rules can't take them, `ImportError` where it is missing.
        """
        with self._lock:
            self._compile()

    @contextmanager
    def case(self) -> Iterator[Fire]:
        """What fires for one case, stratum by stratum; nothing is left of it at the end.

        Raises `ReteError` where durable-rules can't take the programs or the facts, `ImportError`
        where it is missing.
        """
        with self._lock:
            case = _Case(self._compile())
            try:
                yield case.fire
            finally:
                case.forget()

    def run(self, rows: Rows) -> list[Decision]:
        """The decisions for one case, sorted by requirement and subject; raises as `case`."""
        with self.case() as fire:
            return answer(self.plan, fire, rows)

    def _compile(self) -> _Compiled:
        if self._compiled is None:
            rules = _rules(self.plan)
            text, triggers = self.written()
            fires = {rule.begins: rule.fires for rule in rules}
            self._compiled = _Compiled(fires, _readers(rules), triggers, Ruleset(text))
        return self._compiled


class _Case:
    """One case's facts on their way through a ruleset, and the firings so far."""

    def __init__(self, compiled: _Compiled) -> None:
        self._compiled = compiled
        self._facts: dict[str, FactRow] = {}  # by the numbers that the library knows them by
        self._told = 0
        self._fired: defaultdict[int, dict[int, list[Bound]]] = defaultdict(dict)
        self._begun = False

    def fire(self, rows: Rows, stratum: int) -> Firings:
        """Assert facts and then the stratum's triggers; the firings of the stratum's bodies."""
        batch: list[str] = []
        facts = self._facts
        for fact_type, reader in self._compiled.readers.items():
            found = rows.get(fact_type, ())
            if fact_type == "finding":
                found, self._told = found[self._told :], len(found)
            if found:
                reader.write(found, facts, batch)
        batch += [
            f'{FACT}go{n}","t":"{TRIGGER}","k":1,"{_column("number")}":{n}}}'
            for n in self._compiled.triggers.get(stratum, ())
        ]
        if len(facts) > FACTS:
            raise ReteError(f"durable-rules takes {FACTS} facts; these are {len(facts)}")
        if batch:  # of an empty one the library says nothing, not even that it was empty
            self._begun = True
            self._keep(self._compiled.ruleset.fire(batch))
        # What reads findings may fire before all that it reads has been found.
        return self._fired[stratum]

    def _keep(self, messages: Sequence[str]) -> None:
        """Take firings: `{"r7":{"a0":{"sid":"case","id":"10012",…},"a1":{"sid":"case",…}}}`.

        Of each fact only its number is of use, and all else is left unread. A quotation mark inside
        a value is escaped, so that nothing that is looked for here can stand in a value.
        """
        facts, rules, fired = self._facts, self._compiled.fires, self._fired
        for message in messages:
            pieces = message.split(BOUND)  # how it begins, and each fact from its number on
            rule = rules.get(pieces[0])
            if rule is None or len(pieces) != rule[0]:
                raise ReteError("durable-rules fired what it was not given")
            _, of, stratum, waits, tails = rule
            last = facts[pieces[-1][_NUMBER]]
            found: Bound
            if not tails:
                found = (last,)
            elif not all(map(str.endswith, pieces[1:], tails)):
                name = pieces[0].split('"')[1]
                raise ReteError(f"durable-rules mixes up the facts of {name}")
            elif len(tails) == 1:  # most are two facts, or a trigger and a fact
                found = (last,) if waits else (facts[pieces[1][_NUMBER]], last)
            else:
                before = pieces[2 if waits else 1 : -1]
                found = (*[facts[fact[_NUMBER]] for fact in before], last)
            fires = fired[stratum]
            if of in fires:
                fires[of].append(found)
            else:
                fires[of] = [found]

    def forget(self) -> None:
        """Leave nothing of the case behind."""
        if self._begun:
            self._compiled.ruleset.forget()
