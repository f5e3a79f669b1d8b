"""The answers to every requirement for every case of a table of facts, as a table of findings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cspr_core.caseload.columns import facts_again, rows_of, stand_in
from cspr_core.check import Checked, Rules
from cspr_core.limits import derive
from cspr_core.report.findings import bare_findings

if TYPE_CHECKING:
    import pyarrow as pa

WORDS = ("partnership", "case", "requirement", "subject", "status", "answer", "binding")
DATES = ("due", "done")
FINDINGS = (*WORDS, *DATES)
SCHEMA = "cspr.findings/1"  # what a file of findings says of itself
_PREFIX = SCHEMA.partition("/")[0] + "/"
_NOWHERE = Path()  # no words are asked for, and so no place


class Answer(NamedTuple):
    """One row of the table of findings: one requirement of one case, for one subject."""

    partnership: str
    case: str
    requirement: str
    subject: str | None
    status: str
    answer: str | None
    binding: str
    due: date | None
    done: date | None


def findings_schema() -> pa.Schema:
    """The schema of a table of findings: words as codes into a dictionary, and days."""
    import pyarrow as pa  # noqa: PLC0415  (heavy, and only caseloads need it)

    word = pa.dictionary(pa.int32(), pa.string())
    return pa.schema([(name, word) for name in WORDS] + [(name, pa.date32()) for name in DATES])


def said_by(schema: pa.Schema) -> str:
    """What a Parquet file says that it is; nothing where it says nothing."""
    metadata: dict[bytes, bytes] = schema.metadata or {}
    return metadata.get(b"schema", b"").decode("utf-8", "replace")


def holds_findings(path: Path) -> bool:
    """Whether a file says of itself that it holds findings, of this version or another."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        return path.is_file() and said_by(pq.read_schema(path)).startswith(_PREFIX)
    except (pa.ArrowException, OSError):
        return False


def findings_table(answers: Iterable[Answer]) -> pa.Table:
    """Answers as a table of findings."""
    import pyarrow as pa  # noqa: PLC0415

    schema, rows = findings_schema(), list(answers)
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def reference_answers(facts: pa.Table, rules: Rules, as_of: date) -> pa.Table:
    """The answers by the reference engine, one case after the other."""
    found: list[tuple[str, int, str, Answer]] = []
    for number, one in enumerate(rows_of(facts)):
        with_limits, limits = derive(facts_again(one), rules.lowered, as_of, rules.in_force)
        decisions = tuple(rules.reference.run(with_limits.rows))
        checked = Checked(
            stand_in(one, _NOWHERE), rules, as_of, with_limits, limits, decisions, ("reference",)
        )
        for (requirement, subject), bare in bare_findings(checked).items():
            answer = Answer(
                rules.plugin.area,
                one.case,
                requirement,
                subject or None,
                bare.status,
                bare.answer,
                bare.binding,
                bare.due,
                bare.done,
            )
            found.append((requirement, number, subject, answer))
    found.sort(key=lambda each: each[:3])
    return findings_table(answer for *_, answer in found)


def answers(facts: pa.Table, rules: Rules, as_of: date) -> pa.Table:
    """The answers by the table engine, all cases at once."""
    from cspr_core.caseload.tabled import prepared  # noqa: PLC0415  (heavy)

    return rules.once(prepared).answers(facts, as_of)


def leaves(rules: Rules) -> list[str]:
    """The columns within facts that `answers` reads, as Parquet names them."""
    from cspr_core.caseload.loading import paths  # noqa: PLC0415  (heavy)
    from cspr_core.caseload.tabled import prepared  # noqa: PLC0415

    return paths(rules.once(prepared).read)
