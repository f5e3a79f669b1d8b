"""Facts made by hand for the tests of the engines, and the check that all engines agree on them."""

from collections.abc import Sequence
from typing import Any

from cspr_core.engine.reference import ReferenceEngine
from cspr_core.engine.rete import ReteEngine
from cspr_core.engine.table import TableEngine
from cspr_core.matching import Rows
from cspr_core.program import FACT_TYPES, Decision, Pattern, Program, Ref, eq
from cspr_core.program import Test as Check

AGENCY = Pattern("s", "involvement", (eq("listed", "yes"),))


def of(name: str, *more: Check, negated: bool = False) -> Pattern:
    """An event of the agency that is the subject (`AGENCY`)."""
    tests = (eq("name", name), eq("agency", Ref("s", "agency")), *more)
    return Pattern("e", "event", tests, negated)


def fact(fact_type: str, fid: int, **columns: Any) -> dict[str, Any]:
    """A fact in which what is not given is unknown, or empty where it can't be unknown."""
    empty: dict[str, Any] = {
        name: None if column.optional else 0 if column.type == "number" else ""
        for name, column in FACT_TYPES[fact_type].items()
    }
    return {**empty, "fid": fid, **columns}


def answer(programs: Sequence[Program], rows: Rows) -> list[Decision]:
    """The answer of durable-rules, which must be that of the other engines."""
    found = ReteEngine(programs).run(rows)
    assert found == ReferenceEngine(programs).run(rows)
    if _fits_tables(rows):
        assert found == answer_in_tables(programs, rows)
    return found


def _fits_tables(rows: Rows) -> bool:
    """Whether all numbers have 32 bits, as facts in tables have them."""
    values = (value for facts in rows.values() for one in facts for value in one.values())
    return all(abs(value) < 2**31 - 1 for value in values if isinstance(value, int))


def answer_in_tables(programs: Sequence[Program], rows: Rows) -> list[Decision]:
    """The answer of the table engine: the same alone, and between cases that have no facts."""
    engine = TableEngine(programs)
    found = engine.run(rows)
    nothing = ReferenceEngine(programs).run({})
    assert engine.run_all([{}, rows, rows, {}]) == [nothing, found, found, nothing]
    return found
