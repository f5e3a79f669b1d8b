"""ZEN: requirements as a decision model in JSON (JDM), evaluated from Python.

As its documentation has it: the model is parsed and compiled once, by a static loader, and asked
by its key (`ZenEngine.evaluate`; `ZenDecision.evaluate` makes a runtime for every call). There are
two forms. `tables` has a decision table for each requirement, whose first row wins: what JDM is
known for. `expressions` has one node that makes all answers: the quickest that was found, and what
the comparison is made with. Many cases in one call (a node in loop mode, or `evaluate_batch`), and
cases given as JSON, were tried, and are no quicker.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata
from typing import Any

import numpy as np
import zen

from benchmarks.peers.columns import Numbers, Said, missing
from benchmarks.peers.requirements import (
    NEVER,
    NONE,
    PLAY,
    Answer,
    Asked,
    Choice,
    Literal,
    Model,
    Term,
    domain_of,
)
from cspr_core.program import STATUSES

NAME = f"ZEN (zen-engine {metadata.version('zen-engine')})"
FORMS = ("expressions", "tables")
KEY = "requirements"
_PARTS = 3  # status, due, done
Json = dict[str, Any]


class Engine:
    """A decision model of these requirements; `form` is how they are written."""

    def __init__(self, model: Model, day: str, form: str = FORMS[0]) -> None:
        """Take the requirements; the day on which they are asked is in their rows."""
        del day
        self.model, self.form = model, form
        self.seconds = 0.0  # of evaluation alone, so far
        self._default = {column.name: missing(column) for column in model.columns}
        made = _Written(model, self._default)
        content = made.tables() if form == "tables" else made.expressions()
        self.engine = zen.ZenEngine({"loader": {"type": "static", "content": {KEY: content}}})

    def given(self, columns: Mapping[str, Numbers]) -> list[Json]:
        """Each case as a dictionary of what is known of it."""
        names = self.model.given
        numbers = np.stack([columns[name] for name in names], axis=1)
        default = np.array([self._default[name] for name in names], np.int32)
        known = numbers != default
        at, counts = np.nonzero(known)[1], known.sum(axis=1)
        pairs = zip(map(names.__getitem__, at.tolist()), numbers[known].tolist(), strict=True)
        return [dict(itertools.islice(pairs, count)) for count in counts.tolist()]

    def evaluate(self, cases: Sequence[Json]) -> list[Any]:
        """What the engine says of each case."""
        ask = self.engine.evaluate
        return [ask(KEY, case)["result"] for case in cases]

    def said(self, answers: Sequence[Any]) -> Said:
        """Its answers as arrays."""
        chain = itertools.chain.from_iterable
        if self.form == "tables":
            names = [f"a{number}" for number in range(len(self.model.asked))]
            parts = chain([case[name].get(p) for name in names for p in "sud"] for case in answers)
        else:
            parts = chain(chain(case["a"]) for case in answers)
        whole = np.nan_to_num(np.array(list(parts), np.float64), nan=NONE).astype(np.int32)
        shaped = whole.reshape(len(answers), len(self.model.asked), _PARTS)
        status, due, done = (np.ascontiguousarray(shaped[:, :, n].T) for n in range(_PARTS))
        return Said(status.astype(np.uint8), due, done)

    def __call__(self, columns: Mapping[str, Numbers]) -> Said:
        """What it says of a group of cases."""
        cases = self.given(columns)
        begun = time.perf_counter()
        answers = self.evaluate(cases)
        self.seconds += time.perf_counter() - begun
        return self.said(answers)


class _Written:
    """The model as JDM."""

    def __init__(self, model: Model, default: Mapping[str, int]) -> None:
        self.model, self.default = model, default
        self.made = frozenset[str]()  # what the node itself has made before: `$.name` in it

    def expressions(self) -> Json:
        """One node, with `[[status, due, done], …]` for all requirements in their order."""
        first = self._before()
        rows = ", ".join(self._rows(asked.rows, self._answer) for asked in self.model.asked)
        return _graph([_expressions("all", [*first, ("a", f"[{rows}]")])])

    def tables(self) -> Json:
        """A table for each requirement, side by side."""
        first = _expressions("first", self._before(), passThrough=True)
        self.made = frozenset()
        return _graph([first], [self._table(n, asked) for n, asked in enumerate(self.model.asked)])

    def _before(self) -> list[tuple[str, str]]:
        said = [self._choice(choice) for choice in self.model.choices]
        self.made = frozenset(name for name, _ in said)
        said += [("play", self._rows(a.rows, _play)) for a in self.model.deciding]
        self.made = frozenset(name for name, _ in said)
        return said

    def _choice(self, choice: Choice) -> tuple[str, str]:
        *rows, (_, last) = choice.rows
        said = "".join(f"{self._all(tests)} ? {self._name(value)} : " for tests, value in rows)
        return choice.name, said + self._name(last)

    def _rows(self, rows: Sequence[Answer], say: Callable[[Answer], str]) -> str:
        *some, last = rows
        return "".join(f"{self._all(row.tests)} ? {say(row)} : " for row in some) + say(last)

    def _answer(self, row: Answer) -> str:
        days = ", ".join(self._name(name or NONE) for name in (row.due, row.done))
        return f"[{STATUSES.index(row.status)}, {days}]"

    def _name(self, value: int | str) -> str:
        if isinstance(value, str):
            return f"$.{value}" if value in self.made else value
        return str(value) if value else "null"

    # --- tests: what is not known of a case is not in it, and compares with nothing ------------

    def _all(self, tests: Term) -> str:
        sure = {t.left for t in tests if _makes_sure(t)}
        ordered = sorted(tests, key=lambda t: (not _makes_sure(t), isinstance(t.right, str)))
        return " and ".join(self._test(test, sure) for test in ordered)

    def _test(self, test: Literal, sure: set[str]) -> str:
        left, right = test.left, test.right
        if isinstance(right, tuple):
            return self._one_of(left, right)
        unknown = self.default.get(left, NONE)
        plain = f"{self._name(left)} {test.op} {self._name(right) if right else 0}"
        if isinstance(right, str):
            other = self.default.get(right, NONE)
            said = self._guarded(plain, right, sure, holds=_holds(_DAY, test.op, other))
            return self._guarded(said, left, sure, holds=_holds(unknown, test.op, _DAY))
        if not left.startswith("confirmed") and (right, unknown) in _KNOWN:
            known = (test.op == "<") == (right == NEVER)
            return f"{self._name(left)} {'!=' if known else '=='} null"
        itself = sure - {left} if _makes_sure(test) else sure
        return self._guarded(plain, left, itself, holds=_holds(unknown, test.op, right))

    def _guarded(self, plain: str, name: str, sure: set[str], *, holds: bool) -> str:
        """A test with what it comes to where a column is not known."""
        if name in sure:
            return plain
        name = self._name(name)
        return f"({name} == null or {plain})" if holds else f"({name} != null and {plain})"

    def _one_of(self, left: str, values: Sequence[int]) -> str:
        name = self._name(left)
        if NONE in values:
            others = [value for value in domain_of(left) if value not in values]
            return " and ".join(f"{name} != {value}" for value in others)
        said = [f"{name} == {value}" for value in values]
        return said[0] if len(said) == 1 else f"({' or '.join(said)})"

    def _table(self, number: int, asked: Asked) -> Json:
        """A column for each test, a row for each row; an empty cell asks nothing."""
        fields = list(dict.fromkeys(self._test(t, set()) for row in asked.rows for t in row.tests))
        rules = []
        for place, row in enumerate(asked.rows):
            wanted = {self._test(test, set()) for test in row.tests}
            rule: Json = {"_id": str(place)}
            rule |= {f"i{n}": "true" * (field in wanted) for n, field in enumerate(fields)}
            rule |= {"s": str(STATUSES.index(row.status)), "u": row.due, "d": row.done}
            rules.append(rule)
        content = {
            "hitPolicy": "first",
            "inputs": [{"id": f"i{n}", "name": f, "field": f} for n, f in enumerate(fields)],
            "outputs": [{"id": key, "name": key, "field": f"a{number}.{key}"} for key in "sud"],
            "rules": rules,
            "passThrough": False,
        }
        return _node("decisionTableNode", f"t{number}", content)


_DAY = NEVER // 2  # stands for any day, in place of a column that is known
_KNOWN = ((NEVER, NEVER), (1, NONE))


def _play(row: Answer) -> str:
    return str(PLAY[row.status])


def _makes_sure(test: Literal) -> bool:
    """Whether the column is known where the test holds."""
    return (test.op, test.right) in (("<", NEVER), (">=", 1))


def _holds(left: int, op: str, right: int) -> bool:
    return left < right if op == "<" else left >= right


def _node(kind: str, name: str, content: Json) -> Json:
    place = {"x": 0, "y": 0}
    return {"type": kind, "id": name, "name": name, "content": content, "position": place}


def _expressions(name: str, said: Sequence[tuple[str, str]], **how: Any) -> Json:
    each = [{"id": f"{name}-{key}", "key": key, "value": value} for key, value in said]
    return _node("expressionNode", name, {"expressions": each, "passThrough": False, **how})


def _graph(line: Sequence[Json], side: Sequence[Json] = ()) -> Json:
    """Nodes one after the other, and behind them nodes side by side."""
    steps = [_node("inputNode", "in", {"schema": ""}), *line]
    last = _node("outputNode", "out", {"schema": ""})
    pairs = list(itertools.pairwise(steps))
    pairs += [(steps[-1], node) for node in side]
    pairs += [(node, last) for node in side or steps[-1:]]
    edges = [
        {"id": f"e{n}", "type": "edge", "sourceId": a["id"], "targetId": b["id"]}
        for n, (a, b) in enumerate(pairs)
    ]
    nodes = [*steps, *side, last]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}
