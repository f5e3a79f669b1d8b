"""Facts made by hand for the tests of the engines, and the check that two engines agree on them."""

from collections.abc import Sequence
from typing import Any

from cspr_core.engine.reference import ReferenceEngine
from cspr_core.engine.rete import ReteEngine
from cspr_core.matching import Rows
from cspr_core.program import FACT_TYPES, Decision, Program


def fact(fact_type: str, fid: int, **columns: Any) -> dict[str, Any]:
    """A fact in which what is not given is unknown, or empty where it can't be unknown."""
    empty: dict[str, Any] = {
        name: None if column.optional else 0 if column.type == "number" else ""
        for name, column in FACT_TYPES[fact_type].items()
    }
    return {**empty, "fid": fid, **columns}


def answer(programs: Sequence[Program], rows: Rows) -> list[Decision]:
    """The answer of durable-rules, which must be the reference engine's."""
    found = ReteEngine(programs).run(rows)
    assert found == ReferenceEngine(programs).run(rows)
    return found
