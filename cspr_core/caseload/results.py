"""What became of a caseload: a summary for a person, and its answers as one file of rows.

Both are made from the partitions' own results, once all of them are there. The summary reads them
with DuckDB, which goes over them without holding them; rows are written one part of a partition
after the other. What could not be used is counted into the summary, so that a part is never taken
for the whole. Cases are named by the office's references alone.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from cspr_core.caseload.answers import DATES, FINDINGS, SCHEMA, findings_schema
from cspr_core.caseload.partition import Outcome
from cspr_core.model.patterns import Value
from cspr_core.program import STATUSES

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

SUMMARY_SCHEMA_VERSION = "1"
ROWS = ("csv", "jsonl", "parquet")  # the formats of one row for each answer
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so
_AT_ONCE = 65_536  # answers made into text at a time
# As `report.findings.is_wrong`: what makes the exit status 1.
_WRONG = """
    binding = 'must' AND status = 'overdue' AS is_overdue,
    binding = 'must' AND status = 'breached' AS is_breached,
    binding = 'must' AND status = 'undetermined' AND coalesce(due < {day}, false) AS is_unknown
"""


class Made(NamedTuple):
    """As of which day a result was made, with what, and how many cases should be in it.

    `versions`: of cspr, of the national provisions (`national`) and of each area's plugin.
    `expected`: the files, lines or rows that were given, but for those that are no cases. `notes`:
    what else has to be known of what was given.
    """

    as_of: date
    versions: Mapping[str, str]
    expected: int
    notes: tuple[str, ...] = ()


class AreaCount(Value):
    """An area's cases and answers, and how many of them have a must that is wrong.

    `cases_wrong`: cases with a `must` overdue or breached; `cases_unknown`: further cases with a
    `must` that is unknown and past the date it would have. `statuses` counts every answer.
    """

    area: str
    cases: int
    answers: int
    cases_wrong: int
    cases_unknown: int
    statuses: Mapping[str, int]


class RequirementCount(Value):
    """How often a `must` is overdue, breached, or unknown past its date, and in how many cases.

    A national duty is counted once, over all areas; `area` is then `national`.
    """

    requirement: str
    title: str | None
    area: str
    overdue: int
    breached: int
    unknown: int
    cases: int
    oldest_due: date | None


class CaseInNeed(Value):
    """A case with a `must` that is overdue, breached, or unknown past its date."""

    case: str
    area: str
    overdue: int
    breached: int
    unknown: int
    oldest_due: date | None


class Summary(Value):
    """A caseload as of a day, what is wrong first.

    `not_used`: files, lines or rows that are missing from all the numbers. `cases` were answered.
    `requirements` and `in_need` are sorted, the worst first, and hold as many as were asked for;
    `more_requirements` and `more_in_need` say how many there are besides.
    """

    schema_version: str
    as_of: date
    versions: Mapping[str, str]
    engines: tuple[str, ...]
    not_used: int
    cases: int
    answers: int
    cases_wrong: int
    cases_unknown: int
    areas: tuple[AreaCount, ...]
    requirements: tuple[RequirementCount, ...]
    more_requirements: int
    in_need: tuple[CaseInNeed, ...]
    more_in_need: int
    notes: tuple[str, ...]

    @property
    def wrong(self) -> bool:
        """Whether the exit status is 1, were every file in order."""
        return bool(self.cases_wrong or self.cases_unknown)


def summary_of(
    outcomes: Sequence[Outcome],
    made: Made,
    *,
    title: Callable[[str, str], str | None] = lambda _area, _requirement: None,
    most: int | None = None,
) -> Summary:
    """The summary of a run's outcomes; `most` is how many requirements and cases it names.

    `title` gives a requirement's title, from the area and its id.
    """
    engines = dict.fromkeys(name for outcome in outcomes for name in outcome.engines)
    told = (note for outcome in outcomes for note in outcome.notes)
    notes = dict.fromkeys((*made.notes, *told))
    paths = [str(outcome.result) for outcome in outcomes if outcome.cases]
    areas: tuple[AreaCount, ...] = ()
    requirements, cases = _Rows([], 0), _Rows([], 0)
    if paths:
        with _opened(paths, made.as_of) as found:
            areas = tuple(_areas(found))
            requirements = _first(found, _REQUIREMENTS, most)
            cases = _first(found, _IN_NEED, most)
    answered = sum(area.cases for area in areas)
    return Summary(
        schema_version=SUMMARY_SCHEMA_VERSION,
        as_of=made.as_of,
        versions=made.versions,
        engines=tuple(engines),
        not_used=made.expected - answered,
        cases=answered,
        answers=sum(area.answers for area in areas),
        cases_wrong=sum(area.cases_wrong for area in areas),
        cases_unknown=sum(area.cases_unknown for area in areas),
        areas=areas,
        requirements=tuple(_requirement(title, **row) for row in requirements.rows),
        more_requirements=requirements.more,
        in_need=tuple(CaseInNeed(**row) for row in cases.rows),
        more_in_need=cases.more,
        notes=tuple(notes),
    )


def _requirement(
    title: Callable[[str, str], str | None], *, asked_in: str, requirement: str, **counts: Any
) -> RequirementCount:
    """A requirement is of the area in front of its id; every area asks the national ones."""
    area, said = requirement.partition(".")[0], title(asked_in, requirement)
    return RequirementCount(requirement=requirement, title=said, area=area, **counts)


# --- the summary's questions --------------------------------------------------------------------

_COUNTED = """
    sum(is_overdue::INT) AS overdue, sum(is_breached::INT) AS breached,
    sum(is_unknown::INT) AS unknown
"""
_BY_AREA = f"""
    SELECT partnership, count(*), count(*) FILTER (overdue + breached > 0),
           count(*) FILTER (overdue + breached = 0 AND unknown > 0)
    FROM (SELECT partnership, "case", {_COUNTED} FROM findings GROUP BY ALL)
    GROUP BY ALL ORDER BY ALL
"""  # noqa: S608  (no value of anybody's stands in it)
_BY_STATUS = "SELECT partnership, status, count(*) FROM findings GROUP BY ALL"
_REQUIREMENTS = f"""
    SELECT requirement, min(partnership) AS asked_in, {_COUNTED},
           count(DISTINCT (partnership, "case")) AS cases, min(due) AS oldest_due
    FROM findings WHERE is_overdue OR is_breached OR is_unknown GROUP BY requirement
    ORDER BY overdue DESC, breached DESC, unknown DESC, cases DESC, requirement
"""  # noqa: S608
_IN_NEED = f"""
    SELECT "case", partnership AS area, {_COUNTED}, min(due) AS oldest_due
    FROM findings WHERE is_overdue OR is_breached OR is_unknown GROUP BY ALL
    ORDER BY overdue + breached DESC, unknown DESC, oldest_due NULLS LAST, "case", area
"""  # noqa: S608


def connection() -> DuckDBPyConnection:
    """A DuckDB of our own, in memory, that fetches nothing from anywhere."""
    import duckdb  # noqa: PLC0415  (heavy, and only caseloads need it)

    return duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    )


def _opened(paths: Sequence[str], as_of: date) -> DuckDBPyConnection:
    """The findings of all partitions as one view, each with what is wrong about it."""
    found = connection()
    found.execute("SET temp_directory = ''")  # nothing is written that nobody asked for
    found.read_parquet(list(paths)).create_view("results")
    wrong = _WRONG.format(day=f"DATE '{as_of.isoformat()}'")
    found.execute(f"CREATE VIEW findings AS SELECT *, {wrong} FROM results")  # noqa: S608
    return found


def _areas(found: DuckDBPyConnection) -> Iterator[AreaCount]:
    counts: Counter[tuple[str, str]] = Counter()
    for area, status, n in found.execute(_BY_STATUS).fetchall():
        counts[area, status] = n
    for area, cases, wrong, unknown in found.execute(_BY_AREA).fetchall():
        statuses = {status: counts[area, status] for status in STATUSES}
        yield AreaCount(
            area=area,
            cases=cases,
            answers=sum(statuses.values()),
            cases_wrong=wrong,
            cases_unknown=unknown,
            statuses=statuses,
        )


class _Rows(NamedTuple):
    """The first rows of an answer by their columns' names, and how many there are besides."""

    rows: list[dict[str, Any]]
    more: int


def _first(found: DuckDBPyConnection, query: str, most: int | None) -> _Rows:
    asked = found.execute(query)
    names = [column[0] for column in asked.description or ()]
    rows = asked.fetchall() if most is None else asked.fetchmany(most)
    more = 0
    while most is not None and (rest := asked.fetchmany(10_000)):
        more += len(rest)
    return _Rows([dict(zip(names, row, strict=True)) for row in rows], more)


# --- the rows -----------------------------------------------------------------------------------


def write_rows(
    outcomes: Sequence[Outcome],
    stream: IO[bytes],
    form: str,
    summary: Summary,
) -> int:
    """Write every answer of the outcomes, in their order, as `csv`, `jsonl` or `parquet`.

    Returns how many; `summary` is that of these outcomes. CSV is UTF-8 with a header, and no value
    begins as a formula would; a JSONL line has every key, `null` where there is nothing; dates are
    ISO dates. Parquet carries in its metadata the schema's name, `as_of`, how many files were not
    used and the versions.
    """
    tables = _tables(outcomes)
    if form == "parquet":
        said = {"schema": SCHEMA, "as_of": summary.as_of.isoformat()}
        said["not_used"] = str(summary.not_used)
        versions = {f"version.{name}": version for name, version in summary.versions.items()}
        return _write_parquet(tables, stream, {**said, **versions})
    if form == "csv":
        stream.write((",".join(FINDINGS) + "\n").encode())
    line = _csv_line() if form == "csv" else _json_line()
    encode = csv_word if form == "csv" else json.dumps
    written = 0
    for table in tables:
        for batch in table.to_batches(max_chunksize=_AT_ONCE):
            stream.write(_text_of(batch, encode, line))
            written += batch.num_rows
    return written


def csv_word(value: str | None) -> str:
    """A value as a field of a CSV file: quoted where needed, and never a formula.

    What begins like a formula is led by an apostrophe, which a spreadsheet takes for "this is
    text".
    """
    if value is None:
        return ""
    made = io.StringIO()
    said = f"'{value}" if value.startswith(_FORMULA) else value
    csv.writer(made, lineterminator="").writerow([said])
    return made.getvalue()


def _tables(outcomes: Sequence[Outcome]) -> Iterator[pa.Table]:
    import pyarrow.parquet as pq  # noqa: PLC0415  (heavy, and only caseloads need it)

    for outcome in outcomes:
        if outcome.cases:
            with pq.ParquetFile(outcome.result) as file:
                for group in range(file.num_row_groups):
                    yield file.read_row_group(group, columns=list(FINDINGS))


def _write_parquet(tables: Iterator[pa.Table], stream: IO[bytes], said: Mapping[str, str]) -> int:
    import pyarrow.parquet as pq  # noqa: PLC0415

    schema = findings_schema().with_metadata(dict(said))
    written = 0
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table.cast(schema))
            written += table.num_rows
    return written


def _csv_line() -> list[str]:
    """What stands before, between and after the values of a line."""
    return ["", *[","] * (len(FINDINGS) - 1), "\n"]


def _json_line() -> list[str]:
    first, *rest = (json.dumps(name) for name in FINDINGS)
    return [f"{{{first}: ", *(f", {name}: " for name in rest), "}\n"]


def _text_of(batch: pa.RecordBatch, encode: Callable[[str | None], str], line: list[str]) -> bytes:
    """Answers as lines of text; each different value is encoded once."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    parts: list[Any] = [line[0]]
    for name, after in zip(FINDINGS, line[1:], strict=True):
        parts += [_encoded(batch.column(name), encode, is_date=name in DATES), after]
    lines = pc.binary_join_element_wise(*parts, "")
    whole = pa.ListArray.from_arrays(pa.array([0, len(lines)], pa.int32()), lines)
    return bytes(pc.binary_join(whole, "")[0].as_buffer())


def _encoded(column: pa.Array, encode: Callable[[str | None], str], *, is_date: bool) -> pa.Array:
    import pyarrow as pa  # noqa: PLC0415

    coded = column.dictionary_encode() if is_date else column
    values = [str(value) for value in coded.dictionary.to_pylist()]
    nothing = len(values)  # the code of what is null
    words = pa.array([*map(encode, values), encode(None)], pa.string())
    return words.take(coded.indices.fill_null(nothing))
