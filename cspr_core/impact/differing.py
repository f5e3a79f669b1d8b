"""The findings of the same cases under two sets of rules, and which of them differ.

What differs in status, answer, how binding it is or its due date, and what only one side has. When
something was done is no difference: that is the case's, not the rules'.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Codes = Mapping[str, np.ndarray[Any, np.dtype[np.int32]]]

_AREA, _CASE, _REQUIREMENT = "partnership", "case", "requirement"
_WORDS = (_AREA, _CASE, _REQUIREMENT, "subject", "status", "answer", "binding")
_COLUMNS = (*_WORDS, "due")
_NONE = -(2**31)  # stands for a null among codes and days

_DIFFERENCES = """
SELECT
    coalesce(o.partnership, n.partnership) AS partnership,
    coalesce(o."case", n."case") AS "case",
    coalesce(o.requirement, n.requirement) AS requirement,
    coalesce(o.subject, n.subject) AS subject,
    o.status AS old_status, o.answer AS old_answer, o.binding AS old_binding,
    n.status AS new_status, n.answer AS new_answer, n.binding AS new_binding,
    o.due AS old_due, n.due AS new_due,
    CASE
        WHEN o.due > n.due THEN 'earlier'
        WHEN o.due < n.due THEN 'later'
        -- Where another status brings or takes the date, the status says it all.
        WHEN o.status IS DISTINCT FROM n.status OR o.due IS NOT DISTINCT FROM n.due THEN 'same'
        WHEN o.due IS NULL THEN 'given'
        ELSE 'taken'
    END AS moved,
    n.due - o.due AS days
FROM old_findings o FULL JOIN new_findings n
    ON o.partnership = n.partnership AND o."case" = n."case" AND o.requirement = n.requirement
    AND o.subject IS NOT DISTINCT FROM n.subject
WHERE o.status IS DISTINCT FROM n.status OR o.answer IS DISTINCT FROM n.answer
    OR o.binding IS DISTINCT FROM n.binding OR o.due IS DISTINCT FROM n.due
"""


def write_differences(
    old: Path, new: Path, out: Path, renamed: Mapping[str, str]
) -> dict[str, int]:
    """Hold two Parquet files of findings of the same cases against each other.

    Each case stands in a file once (`caseload.running.run` sees to that). `out` takes the findings
    that differ, one row each: `days` is by how many calendar days the due date moved (earlier:
    negative), and `moved` which way. `renamed` gives new ids by old ones: such requirements are
    compared under the new id. Returns how many cases were compared, by area.
    """
    import duckdb  # noqa: PLC0415  (heavy, and only caseloads need it)
    import pyarrow.parquet as pq  # noqa: PLC0415

    sides = [pq.read_table(file, columns=list(_COLUMNS)) for file in (old, new)]
    sides[0] = _called(sides[0], renamed)
    first, second, areas = _comparable(*_unified(*sides))
    doubtful = _unlike(first, second)
    with duckdb.connect() as connection:
        connection.register("old_findings", _only(first, doubtful))
        connection.register("new_findings", _only(second, doubtful))
        pq.write_table(connection.sql(_DIFFERENCES).to_arrow_table(), out)
    return areas


def _called(findings: pa.Table, renamed: Mapping[str, str]) -> pa.Table:
    """The findings with each requirement by the id that it has now."""
    import pyarrow as pa  # noqa: PLC0415

    chunks = [
        pa.DictionaryArray.from_arrays(
            chunk.indices,
            pa.array([renamed.get(one, one) for one in chunk.dictionary.to_pylist()], pa.string()),
        )
        for chunk in findings.column(_REQUIREMENT).chunks
    ]
    where = findings.schema.get_field_index(_REQUIREMENT)
    field = findings.schema.field(where)
    return findings.set_column(where, field, pa.chunked_array(chunks, field.type))


def _unified(old: pa.Table, new: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Both tables with the same code for the same word."""
    import pyarrow as pa  # noqa: PLC0415

    both = pa.concat_tables([old, new]).unify_dictionaries()
    return both.slice(0, old.num_rows), both.slice(old.num_rows)


def _comparable(old: pa.Table, new: pa.Table) -> tuple[pa.Table, pa.Table, dict[str, int]]:
    """The findings of the cases that both sides have; how many, by area.

    A case that only one version can check is told as such, and has nothing to be held against.
    """
    import numpy as np  # noqa: PLC0415

    areas, references = (_dictionary(name, old, new) for name in (_AREA, _CASE))
    # A row for each area, a column for each reference: whether a side has such a case.
    there = np.zeros((2, len(areas), len(references)), bool)
    places = []
    for side, table in enumerate((old, new)):
        codes = _codes(table, _AREA, _CASE)
        places.append((codes[_AREA], codes[_CASE]))
        there[side][places[side]] = True
    both = there[0] & there[1]
    counts = zip(areas, both.sum(axis=1).tolist(), strict=True)
    tables = (_rows(old, both[places[0]]), _rows(new, both[places[1]]))
    return *tables, {name: n for name, n in counts if n}


def _unlike(old: pa.Table, new: pa.Table) -> list[str]:
    """The requirements whose findings are not the same on both sides, in the same order.

    Nearly all of them are, and need no join.
    """
    import numpy as np  # noqa: PLC0415

    names = _dictionary(_REQUIREMENT, old, new)
    sides = []
    for table in (old, new):
        codes = _codes(table, *_COLUMNS)
        order = np.argsort(codes[_REQUIREMENT], kind="stable")
        ends = np.cumsum(np.bincount(codes[_REQUIREMENT], minlength=len(names)))
        sides.append(({name: column[order] for name, column in codes.items()}, ends))
    (old_codes, old_ends), (new_codes, new_ends) = sides
    found = []
    for number, name in enumerate(names):
        was, now = (
            slice(ends[number - 1] if number else 0, ends[number]) for ends in (old_ends, new_ends)
        )
        if not all(np.array_equal(old_codes[c][was], new_codes[c][now]) for c in _COLUMNS):
            found.append(name)
    return found


def _only(findings: pa.Table, requirements: list[str]) -> pa.Table:
    """The findings on these requirements."""
    import numpy as np  # noqa: PLC0415

    asked = np.isin(_dictionary(_REQUIREMENT, findings), requirements)
    return _rows(findings, asked[_codes(findings, _REQUIREMENT)[_REQUIREMENT]])


# --- codes --------------------------------------------------------------------------------------


def _codes(table: pa.Table, *columns: str) -> Codes:
    """Columns as whole numbers: codes of words, days of dates."""
    import numpy as np  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    found = {}
    for name in columns:
        parts = [
            (chunk.indices if name in _WORDS else chunk.cast(pa.int32()))
            .fill_null(_NONE)
            .to_numpy(zero_copy_only=False)
            for chunk in table.column(name).chunks
        ]
        found[name] = np.concatenate([np.empty(0, np.int32), *parts])
    return found


def _dictionary(column: str, *tables: pa.Table) -> list[str]:
    """The words of a column by their codes, which all chunks of unified tables have the same."""
    for table in tables:
        for chunk in table.column(column).chunks:
            return list(chunk.dictionary.to_pylist())
    return []


def _rows(table: pa.Table, mask: np.ndarray[Any, Any]) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415

    return table if mask.all() else table.filter(pa.array(mask, pa.bool_()))
