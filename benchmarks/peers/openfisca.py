"""OpenFisca-core: a country package of one entity, the case, with a formula for each requirement.

As its documentation has it for large populations: a simulation of all cases of a group at once,
inputs given as arrays (`set_input`), formulas of numpy over whole arrays, no tracing, and each
variable calculated once. Days are whole numbers (`int`), statuses too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from importlib import metadata
from typing import Any

import numpy as np
from openfisca_core import entities, periods
from openfisca_core import taxbenefitsystems as systems  # type: ignore[attr-defined, unused-ignore]
from openfisca_core import variables as made_of  # type: ignore[attr-defined, unused-ignore]
from openfisca_core.simulations import (  # type: ignore[import-untyped, unused-ignore]
    SimulationBuilder,
)

from benchmarks.peers.columns import Numbers, Said
from benchmarks.peers.requirements import NEVER, NONE, PLAY, Asked, Choice, Literal, Model, Term
from cspr_core.program import STATUSES

NAME = f"OpenFisca-core {metadata.version('openfisca-core')}"
_DAY = periods.DateUnit.DAY
_ALWAYS = periods.DateUnit.ETERNITY
Read = Callable[[str], Any]


class Engine:
    """A tax and benefit system whose only law is these requirements."""

    def __init__(self, model: Model, day: str) -> None:
        """Take the requirements, and the day (YYYY-MM-DD) on which they are asked."""
        self.model, self.day = model, day
        self.seconds = 0.0  # of evaluation alone, so far
        self.case = entities.Entity("case", "cases", "A case", "")
        self.system = systems.TaxBenefitSystem([self.case])
        for name in model.given:
            self._add(name, _ALWAYS)
        for choice in model.choices:
            self._add(choice.name, _DAY, _choosing(choice))
        for number, asked in enumerate(model.asked):
            self._add(f"row_{number}", _DAY, _finding(asked))
            self._add(f"status_{number}", _DAY, _status(number, asked))
            self._add(f"due_{number}", _DAY, _day(number, asked, "due"))
            self._add(f"done_{number}", _DAY, _day(number, asked, "done"))
            if asked in model.deciding:
                self._add("play", _DAY, _play(number))

    def _add(
        self,
        name: str,
        period: Any,
        formula: Callable[[Any, Any], Any] | None = None,
    ) -> None:
        said = {"value_type": int, "entity": self.case, "definition_period": period, "label": name}
        if formula is not None:
            said["formula"] = formula
        self.system.add_variable(type(name, (made_of.Variable,), said))

    def __call__(self, columns: Mapping[str, Numbers]) -> Said:
        """What it says of a group of cases."""
        begun = time.perf_counter()
        said = self._evaluated(columns)
        self.seconds += time.perf_counter() - begun
        return said

    def _evaluated(self, columns: Mapping[str, Numbers]) -> Said:
        count = len(next(iter(columns.values())))
        simulation = SimulationBuilder().build_default_simulation(self.system, count)
        for name in self.model.given:
            simulation.set_input(name, _ALWAYS.name, columns[name])
        numbers = range(len(self.model.asked))

        def whole(what: str, dtype: Any) -> Any:
            found = np.empty((len(numbers), count), dtype)
            for number in numbers:
                found[number] = simulation.calculate(f"{what}_{number}", self.day)
            return found

        return Said(whole("status", np.uint8), whole("due", np.int32), whole("done", np.int32))


def _test(read: Read, test: Literal) -> Any:
    left = read(test.left)
    if isinstance(test.right, tuple):
        if len(test.right) == 1:
            return left == test.right[0]
        found = left == test.right[0]
        for value in test.right[1:]:
            found |= left == value
        return found
    right = read(test.right) if isinstance(test.right, str) else test.right
    return left < right if test.op == "<" else left >= right


def _all(read: Read, tests: Term) -> Any:
    found = None
    for test in tests:
        one = _test(read, test)
        found = one if found is None else found & one
    return found


def _reader(case: Any, period: Any) -> Read:
    return lambda name: case(name, period)


def _choosing(choice: Choice) -> Callable[[Any, Any], Any]:
    def formula(case: Any, period: Any) -> Any:
        read = _reader(case, period)
        *rows, (_, last) = choice.rows
        conditions = [_all(read, tests) for tests, _ in rows]
        values = [read(v) if isinstance(v, str) else v for _, v in rows]
        return np.select(conditions, values, read(last) if isinstance(last, str) else last)

    return formula


def _finding(asked: Asked) -> Callable[[Any, Any], Any]:
    """The number of the first row that holds: the last row is written first, the first last."""
    *rows, _ = asked.rows

    def formula(case: Any, period: Any) -> Any:
        read = _reader(case, period)
        found = np.full(case.count, len(rows), np.int32)
        for number in reversed(range(len(rows))):
            found[_all(read, rows[number].tests)] = number
        return found

    return formula


def _status(number: int, asked: Asked) -> Callable[[Any, Any], Any]:
    codes = np.array([STATUSES.index(row.status) for row in asked.rows], np.int32)
    return lambda case, period: codes[case(f"row_{number}", period)]


def _play(number: int) -> Callable[[Any, Any], Any]:
    codes = np.array([PLAY[status] for status in STATUSES], np.int32)
    return lambda case, period: codes[case(f"status_{number}", period)]


def _day(number: int, asked: Asked, what: str) -> Callable[[Any, Any], Any]:
    names = [getattr(row, what) for row in asked.rows]
    used = list(dict.fromkeys(filter(None, names)))

    def formula(case: Any, period: Any) -> Any:
        found = np.zeros(case.count, np.int32)
        if not used:
            return found
        row = case(f"row_{number}", period)
        for name in used:
            here = np.array([other == name for other in names])[row]
            np.copyto(found, case(name, period), where=here)
        found[found >= NEVER] = NONE  # what was not done has no day
        return found

    return formula
