"""CLIPS, by clipspy: requirements as rules, one for each row, over one fact for each case.

As its manuals have it: templates with typed slots, rules that tell rows apart by their patterns
(constants first, as these are tested before facts are joined) and never by salience, and what
rules come to written by CLIPS itself (`printout` to a file), not handed to Python one by one.
Facts are loaded as text (`load_facts`), those of some cases at a time, then `run`, then `reset`:
what clipspy 1.0.6 asserts through a template it never lets go of, so that each fact takes longer.
Other numbers of cases at a time, `format`, and rules with `if` on their right-hand side were tried,
and are no quicker.
"""

from __future__ import annotations

import itertools
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import clips  # type: ignore[import-untyped, unused-ignore]
import numpy as np

from benchmarks.peers.columns import Numbers, Said, missing
from benchmarks.peers.requirements import (
    NEVER,
    NONE,
    PLAY,
    Asked,
    Literal,
    Model,
    Term,
    both,
    covers,
    opposite,
)
from cspr_core.program import STATUSES

NAME = f"CLIPS (clipspy {metadata.version('clipspy')})"
CHUNK = 50  # cases in working memory at a time
_FILE = "said"  # the logical name of the file that rules write to
_NUMBERS = 5  # of a line: case, requirement, status, due, done


class Engine:
    """An environment with these requirements as rules."""

    def __init__(self, model: Model, day: str) -> None:
        """Take the requirements; the day on which they are asked is in their rows."""
        del day
        self.model = model
        self.seconds = 0.0  # of evaluation alone, so far
        self._default = {column.name: missing(column) for column in model.columns}
        self.environment = clips.Environment()
        for construct in constructs(model, self._default):
            self.environment.build(construct)
        for router in self.environment.routers():  # else Python is asked at every `printout`
            router.deactivate()

    def given(self, columns: Mapping[str, Numbers]) -> list[str]:
        """Each case as its fact in CLIPS' own language, without slots that have their default."""
        names = self.model.given
        numbers = np.stack([columns[name] for name in names], axis=1)
        default = np.array([self._default[name] for name in names], np.int32)
        known = numbers != default
        at, counts = np.nonzero(known)[1].tolist(), known.sum(axis=1).tolist()
        slots = (
            f"({names[n]} {value})" for n, value in zip(at, numbers[known].tolist(), strict=True)
        )
        return [
            f"(case (case {case}) {' '.join(itertools.islice(slots, count))})"
            for case, count in enumerate(counts)
        ]

    def evaluate(self, cases: Sequence[str], path: Path) -> None:
        """Write what the rules say of each case to a file: a line for each answer."""
        environment = self.environment
        environment.eval(f'(open "{path.as_posix()}" {_FILE} "w")')
        for first in range(0, len(cases), CHUNK):
            environment.load_facts("\n".join(cases[first : first + CHUNK]))
            environment.run()
            environment.reset()
        environment.eval(f"(close {_FILE})")

    def said(self, path: Path, count: int) -> Said:
        """What stands in the file, as arrays."""
        lines = np.fromfile(path, np.int32, sep=" ").reshape(-1, _NUMBERS)
        shape = (len(self.model.asked), count)
        if len(lines) != shape[0] * shape[1]:
            raise ValueError(f"{len(lines)} answers in place of {shape[0] * shape[1]}")
        at = lines[:, 1], lines[:, 0]
        status, due, done = (
            np.zeros(shape, np.uint8),
            np.zeros(shape, np.int32),
            np.zeros(shape, np.int32),
        )
        status[at], due[at] = lines[:, 2], lines[:, 3]
        done[at] = np.where(lines[:, 4] < NEVER, lines[:, 4], NONE)
        return Said(status, due, done)

    def __call__(self, columns: Mapping[str, Numbers]) -> Said:
        """What it says of a group of cases."""
        cases = self.given(columns)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "said"
            begun = time.perf_counter()
            self.evaluate(cases, path)
            self.seconds += time.perf_counter() - begun
            return self.said(path, len(cases))


def constructs(model: Model, default: Mapping[str, int]) -> Iterator[str]:
    """Templates and rules, in CLIPS' own language."""
    slots = " ".join(f"(slot {n} (type INTEGER) (default {default[n]}))" for n in model.given)
    yield f"(deftemplate case (slot case (type INTEGER)) {slots})"
    asked = Counter(test.left for one in model.asked for row in one.rows for test in row.tests)
    rank = {name: -times for name, times in asked.items()}
    made = [choice.name for choice in model.choices] + ["play"] * bool(model.deciding)
    for name in made:
        yield f"(deftemplate {name} (slot case (type INTEGER)) (slot value (type INTEGER)))"
    for choice in model.choices:
        for number, (tests, value) in enumerate(apart([tests for tests, _ in choice.rows])):
            said = choice.rows[number][1]
            read = _Patterns(made, rank, tests, value, [said] if isinstance(said, str) else [])
            fact = f"(assert ({choice.name} (case ?case) (value {read.value(said)})))"
            yield f"(defrule {choice.name}-{number} {read.patterns()} => {fact})"
    for number, one in enumerate(model.asked):
        yield from _rules(model, one, number, (made, rank))


def _rules(
    model: Model, asked: Asked, number: int, known: tuple[Sequence[str], Mapping[str, int]]
) -> Iterator[str]:
    for place, (tests, unless) in enumerate(apart([row.tests for row in asked.rows])):
        row = asked.rows[place]
        read = _Patterns(*known, tests, unless, [name for name in (row.due, row.done) if name])
        days = ' " " '.join(read.value(name) for name in (row.due, row.done))
        fixed = f'" {number} {STATUSES.index(row.status)} "'
        then = f"(printout {_FILE} ?case {fixed} {days} crlf)"
        if asked in model.deciding:
            then += f" (assert (play (case ?case) (value {PLAY[row.status]})))"
        yield f"(defrule r{number}-{place} {read.patterns()} => {then})"


def apart(rows: Sequence[Term]) -> list[tuple[Term, tuple[Term, ...]]]:
    """Rows of which the first wins as rows of which one holds: its tests, and terms that do not."""
    found = []
    for number, tests in enumerate(rows):
        own, unless = tests, list[Term]()
        for row in sorted(rows[:number], key=len):
            rest = tuple(test for test in row if not covers((test,), own))
            if both(own, row) is None:
                continue
            narrower = both(own, (opposite(rest[0]),)) if len(rest) == 1 else None
            if narrower is None:
                unless.append(rest)
            else:
                own = narrower
        found.append((own, tuple(unless)))
    return found


class _Patterns:
    """The patterns of a rule: the case's fact, and those that rules have made of it."""

    def __init__(
        self,
        made: Sequence[str],
        rank: Mapping[str, int],
        tests: Term,
        unless: Sequence[Term],
        shown: Sequence[str],
    ) -> None:
        self._made = made
        self._unless = unless
        names = [name for test in tests for name in _names(test)] + list(shown)
        names += [name for term in unless for test in term for name in _names(test)]
        own: dict[str, list[str]] = {name: [f"?{name}"] for name in names}
        alone = [test for test in tests if not isinstance(test.right, str)]
        for test in alone:
            own[test.left].append(_constant(test) or f":{_said(test)}")
        order = sorted(own, key=lambda n: (n in made, -_fixed(own[n]), rank.get(n, 0), n))
        for test in tests:
            if isinstance(test.right, str):  # on the later of the two, where both are known
                own[max(_names(test), key=order.index)].append(f":{_said(test)}")
        self._of = {name: own[name] for name in order}

    def value(self, name: int | str) -> str:
        """A column's variable, or a number."""
        return f"?{name}" if isinstance(name, str) and name else str(name or NONE)

    def patterns(self) -> str:
        """All patterns, the case's first."""
        slots = [
            f"({name} {'&'.join(tests)})"
            for name, tests in self._of.items()
            if name not in self._made
        ]
        said = [f"(case (case ?case) {' '.join(slots)})"]
        said += [
            f"({name} (case ?case) (value {'&'.join(tests)}))"
            for name, tests in self._of.items()
            if name in self._made
        ]
        said += [f"(test (not (and {' '.join(map(_said, term))})))" for term in self._unless]
        return " ".join(said)


def _fixed(tests: Sequence[str]) -> int:
    """How early a slot is tested: constants first, then what is computed, then what is read."""
    _, *rest = tests
    return 0 if not rest else 1 if any(":" in test for test in rest) else 2


def _names(test: Literal) -> tuple[str, ...]:
    return (test.left, test.right) if isinstance(test.right, str) else (test.left,)


def _constant(test: Literal) -> str:
    """A test as a constraint on constants, which CLIPS tests soonest."""
    if isinstance(test.right, tuple):
        return "|".join(map(str, test.right))
    if test.right == NEVER:
        return f"~{NEVER}" if test.op == "<" else str(NEVER)
    if test.right == 1 and not test.left.startswith("confirmed"):
        return str(NONE) if test.op == "<" else f"~{NONE}"
    return ""


def _said(test: Literal) -> str:
    if isinstance(test.right, tuple):
        same = [f"(= ?{test.left} {value})" for value in test.right]
        return same[0] if len(same) == 1 else f"(or {' '.join(same)})"
    right: Any = f"?{test.right}" if isinstance(test.right, str) else test.right
    return f"({test.op} ?{test.left} {right})"
