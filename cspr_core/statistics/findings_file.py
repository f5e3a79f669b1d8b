"""Findings of a caseload in a Parquet file, as `cspr check --format parquet` writes them.

A file is checked by its footer before anything is read, and then read so many cases at a time:
what a caseload holds does not have to fit into memory. All findings of a case come together,
wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cspr_core.caseload.answers import DATES, FINDINGS, SCHEMA, WORDS, said_by
from cspr_core.caseload.columns import as_of as day_of_schema
from cspr_core.caseload.results import connection
from cspr_core.program import STATUSES
from cspr_core.reading.problems import START, BadInput, Problem
from cspr_core.reading.tree import quote
from cspr_core.statistics.tally import coded

if TYPE_CHECKING:
    import pyarrow as pa

AT_ONCE = 2_000_000  # findings counted at a time, about
_AGAIN = "Make it anew with `cspr check ... --format parquet --out FILE`"


@dataclass(frozen=True)
class FindingsFile:
    """A file of findings whose footer is in order: of which day, how many, and of what it lacks.

    `not_used` counts files, lines or rows that could not be used when it was made.
    """

    path: Path
    as_of: date
    findings: int
    not_used: int = 0


def open_findings(paths: Sequence[Path], day: date | None = None) -> tuple[FindingsFile, ...]:
    """Files of findings as of one day; `day` is the one that was asked for, if one was.

    Raises `BadInput` with every problem: another version, missing or wrongly typed columns, another
    day than asked for or than the others have.
    """
    found, problems = list[FindingsFile](), list[Problem]()
    for path in paths:
        file, wrong = _opened(path)
        problems += [Problem(str(path), *START, *each) for each in wrong]
        if file is not None:
            found.append(file)
    if found and day is None:
        day = found[0].as_of
    problems += [_of_another_day(file, day) for file in found if day and file.as_of != day]
    if problems:
        raise BadInput(problems)
    return tuple(found)


def areas_of(files: Sequence[FindingsFile]) -> frozenset[str]:
    """The areas under whose arrangements the findings were made; raises `BadInput`."""
    return frozenset(area for (area,) in _asked(files, "SELECT DISTINCT partnership FROM findings"))


def parts(files: Sequence[FindingsFile], at_once: int = AT_ONCE) -> Iterator[pa.Table]:
    """The findings in parts of about `at_once`, all those of a case in one of them.

    Files are cut where no case stands on both sides, as `cspr check` writes them; where that would
    make a part too large, cases are picked out of all of it, so many at a time.

    Raises `BadInput` for a finding that stands twice, an unknown status, and where a file can't be
    read.
    """
    for place in _cuts(files, at_once):
        rows = sum(piece.findings for piece in place)
        if rows <= at_once:
            table = _read(place)
            _refuse(files, table)
            yield table
            continue
        number = -(-rows // at_once)
        for part in range(number):
            columns = ", ".join(f'"{name}"' for name in FINDINGS)
            # The names are ours, and the numbers counted here.
            query = f'SELECT {columns} FROM findings WHERE hash("case") % {number} = {part}'  # noqa: S608
            table = _asked(files, query, arrow=True)
            _refuse(files, table)
            yield table


class _Piece(NamedTuple):
    """A row group of a file."""

    path: Path
    group: int
    findings: int


def _cuts(files: Sequence[FindingsFile], at_once: int) -> Iterator[list[_Piece]]:
    """Row groups that belong together, as a case stands in several of them; small ones together.

    Where more than `at_once` belong together, everything does.
    """
    last: dict[str, int] = {}
    pieces: list[_Piece] = []
    for piece, cases in _cases(files):
        last |= dict.fromkeys(cases, len(pieces))
        pieces.append(piece)
    ends, until = list[int](), 0
    for number, (_, cases) in enumerate(_cases(files)):
        until = max([until, *(last[case] for case in cases)])
        if until == number:
            ends.append(number + 1)
    together = [pieces[a:b] for a, b in pairwise([0, *ends])]
    if any(sum(piece.findings for piece in part) > at_once for part in together):
        yield pieces
        return
    waiting: list[_Piece] = []
    for part in together:
        if sum(piece.findings for piece in (*waiting, *part)) > at_once:
            yield waiting
            waiting = []
        waiting += part
    yield waiting


def _cases(files: Sequence[FindingsFile]) -> Iterator[tuple[_Piece, list[str]]]:
    """Each row group, and the cases in it."""
    import pyarrow.compute as pc  # noqa: PLC0415  (heavy, and only caseloads need it)
    import pyarrow.parquet as pq  # noqa: PLC0415

    for file in files:
        with _readable(file.path), pq.ParquetFile(file.path) as parquet:
            for group in range(parquet.num_row_groups):
                column = parquet.read_row_group(group, ["case"]).column("case")
                yield _Piece(file.path, group, len(column)), pc.unique(column).to_pylist()


def _read(pieces: Sequence[_Piece]) -> pa.Table:
    """Row groups as one table."""
    import pyarrow as pa  # noqa: PLC0415  (heavy, and only caseloads need it)
    import pyarrow.parquet as pq  # noqa: PLC0415

    tables = []
    for path, found in groupby(pieces, key=lambda piece: piece.path):
        with _readable(path), pq.ParquetFile(path) as parquet:
            groups = [piece.group for piece in found]
            tables.append(parquet.read_row_groups(groups, columns=list(FINDINGS)))
    return pa.concat_tables(tables)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Say of a file that it is damaged where it can't be read."""
    import duckdb  # noqa: PLC0415  (heavy, and only caseloads need it)
    import pyarrow as pa  # noqa: PLC0415

    try:
        yield
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        what = "This file is damaged, and its findings can't be read"
        raise BadInput([Problem(str(path), *START, what, _AGAIN)]) from error


def _opened(path: Path) -> tuple[FindingsFile | None, tuple[tuple[str, str], ...]]:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        with pq.ParquetFile(path) as parquet:
            schema, rows = parquet.schema_arrow, parquet.metadata.num_rows
    except (pa.ArrowException, OSError):
        return None, (("This is not a Parquet file, or not the whole of one", _AGAIN),)
    problems = tuple(_of_schema(schema))
    day = day_of_schema(schema)
    if day is None:
        return None, (*problems, ("It does not say as of which day its findings are", _AGAIN))
    if problems:
        return None, problems
    lacks = (schema.metadata or {}).get(b"not_used", b"0")
    return FindingsFile(path, day, rows, int(lacks) if lacks.isdigit() else 0), ()


def _of_schema(schema: pa.Schema) -> Iterator[tuple[str, str]]:
    import pyarrow as pa  # noqa: PLC0415

    if (said := said_by(schema)) != SCHEMA:
        yield f"This file says {quote(said, 'nothing')} where `{SCHEMA}` is due", _AGAIN
    for name in FINDINGS:
        where = schema.get_all_field_indices(name)
        if len(where) != 1:
            missing = "is missing" if not where else f"is there {len(where)} times"
            yield f"The column `{name}` {missing}", _AGAIN
            continue
        kind = schema.field(where[0]).type
        word = kind.value_type if pa.types.is_dictionary(kind) else kind
        if name in DATES and kind != pa.date32():
            yield f"The column `{name}` holds {kind}, not date32", _AGAIN
        elif name in WORDS and not (pa.types.is_string(word) or pa.types.is_large_string(word)):
            yield f"The column `{name}` holds {kind}, not words", _AGAIN


def _of_another_day(file: FindingsFile, day: date) -> Problem:
    what = f"These findings are as of {file.as_of.isoformat()}, not of {day.isoformat()}"
    remedy = "Count those of one day together, or leave --as-of out"
    return Problem(str(file.path), *START, what, remedy)


def _asked(files: Sequence[FindingsFile], query: str, *, arrow: bool = False) -> Any:
    with _readable(files[0].path), connection() as found:
        found.execute("SET temp_directory = ''")  # nothing is written that nobody asked for
        found.read_parquet([str(file.path) for file in files]).create_view("findings")
        asked = found.sql(query)
        return asked.to_arrow_table() if arrow else asked.fetchall()


def _refuse(files: Sequence[FindingsFile], findings: pa.Table) -> None:
    """Refuse what could only be counted wrongly."""
    import numpy as np  # noqa: PLC0415  (heavy, and only caseloads need it)
    import pyarrow.compute as pc  # noqa: PLC0415

    problems: list[tuple[str, str]] = []
    for name in ("partnership", "case", "requirement", "status", "binding"):
        if findings.column(name).null_count:
            problems += [(f"A row has nothing in the column `{name}`", _AGAIN)]
    statuses = set(pc.unique(findings.column("status")).to_pylist()) - {*STATUSES, None}
    if statuses:
        problems.append(("A row has a status that there is not", _AGAIN))
    case, requirement, subject = (coded(findings, n) for n in ("case", "requirement", "subject"))
    keys = case.codes * len(requirement.words) + requirement.codes
    keys = np.sort(keys * (len(subject.words) + 1) + subject.codes + 1)
    twice = keys[1:][keys[1:] == keys[:-1]]
    if len(twice):
        number = int(twice[0]) // (len(subject.words) + 1) // len(requirement.words)
        problems.append((
            f"{quote(case.words[number], 'A case')} stands in it twice (in {_files(files)})",
            "Keep one of the two; each case is counted once",
        ))  # fmt: skip
    if problems:
        raise BadInput(Problem(str(files[0].path), *START, *each) for each in problems)


def _files(files: Iterable[FindingsFile]) -> str:
    return ", ".join(file.path.name for file in files)
