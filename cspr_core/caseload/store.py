"""Facts of many cases in a Parquet file: written as a stream, and read in parts.

A file is written beside its place and renamed when it is whole. What is wrong with one is found as
soon as it shows: in the footer when the file is opened, in the values when they are read. What
the facts mean is none of this module's business.
"""

from __future__ import annotations

import errno
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, Self

from cspr_core.caseload.columns import (
    CASE,
    PARTNERSHIP,
    SCHEMA,
    STORED,
    CaseFacts,
    as_of,
    columns_of,
    facts_schema,
    table_of,
    types_of,
)
from cspr_core.caseload.errors import CaseloadError
from cspr_core.caseload.values import Sound, sound
from cspr_core.reading.problems import START, BadInput, Problem
from cspr_core.reading.tree import quote

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

GROUP = 10_000  # cases of a row group
COMPRESSION = "zstd"
_AT_ONCE = 250  # cases whose rows are held as Python's objects, which take a hundred times the room
_SEALS = b"seals"
_MAGIC, _ENCRYPTED = b"PAR1", b"PARE"
_SMALLEST = 12  # bytes: the magic number twice, and how long the footer is
_AGAIN = "Copy the file again, or make it anew"
_MAKE = "Make it with `cspr simulate`, or with the version of cspr that reads it"


# --- writing -------------------------------------------------------------------------------------


@contextmanager
def whole_file(path: Path) -> Iterator[Any]:
    """A binary stream that becomes the file `path` when all went well, readable by its owner only.

    It is written beside its place, under a hidden name that ends in `.part`, and taken away where
    anything goes wrong. Raises `CaseloadError` where it can't be made or kept; what is written to
    the stream goes within `told`.
    """
    with told(path):
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        part, stream = Path(name), os.fdopen(handle, "wb")
    try:
        yield stream
        with told(path):
            stream.flush()
            os.fsync(stream.fileno())
            stream.close()
            part.replace(path)
    finally:
        with suppress(OSError):  # what is still in its buffer has no room: that is told already
            stream.close()
        part.unlink(missing_ok=True)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Whatever stops a file from being written becomes a `CaseloadError` that says why."""
    try:
        yield
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> CaseloadError:
    """What to say where a file can't be written."""
    reasons = {
        errno.ENOSPC: ("the disk is full", "Free some room, or name a place on another disk"),
        errno.EDQUOT: ("the disk is full", "Free some room, or name a place on another disk"),
        errno.EACCES: ("it may not be written there", "Name another folder"),
        errno.EPERM: ("it may not be written there", "Name another folder"),
        errno.EROFS: ("the drive may only be read", "Name another drive"),
        errno.ENOENT: ("there is no such folder", "Make it, or name another"),
        errno.ENOTDIR: ("there is no such folder", "Make it, or name another"),
        errno.EISDIR: ("this is a folder", "Name a file in it"),
    }
    why, remedy = reasons.get(
        error.errno or 0, (os.strerror(error.errno or errno.EIO), "Name another place")
    )
    return CaseloadError(f"{path}: could not be written: {why}. Nothing was left there. {remedy}.")


@contextmanager
def parquet_file(
    path: Path,
    schema: pa.Schema,
    *,
    compression: str = COMPRESSION,
    sealed: bool = False,
    **options: Any,
) -> Iterator[Callable[[pa.Table], None]]:
    """A Parquet file as a stream, whole or not at all: what writes a table as one row group.

    With `sealed` the footer says of each row group where it ends, and a hash of its bytes: who
    reads them can tell whether they are as they were written. Raises `CaseloadError` where the
    file can't be written.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415  (heavy, and only caseloads need it)

    with whole_file(path) as plain:
        stream = _Sealing(plain) if sealed else plain
        with told(path):
            writer = pq.ParquetWriter(stream, schema, compression=compression, **options)

        def write(table: pa.Table) -> None:
            if table.num_rows:
                with told(path):
                    writer.write_table(table, row_group_size=table.num_rows)
                    if isinstance(stream, _Sealing):
                        stream.seal()

        try:
            yield write
            with told(path):
                if isinstance(stream, _Sealing):
                    writer.add_key_value_metadata({_SEALS: json.dumps(stream.seals)})
                writer.close()
        finally:
            if writer.is_open:  # something failed, so this is for nothing but to let go of it
                with suppress(OSError):
                    writer.close()
                writer.is_open = False


class FactsWriter:
    """Writes facts as a stream, in row groups of `GROUP` cases; the same cases, the same bytes.

    A context manager: the file stands in its place once the block has ended well, and nothing
    does otherwise. Raises `CaseloadError` where it can't be written (a full disk, no folder).
    """

    def __init__(self, path: Path, as_of: date) -> None:
        """Take the file's place, and the day as of which all facts were made."""
        self.path, self.as_of = path, as_of
        self.cases = 0
        self._schema = facts_schema(as_of)
        self._file = parquet_file(path, self._schema, sealed=True, use_dictionary=text_columns())
        self._put: Callable[[pa.Table], None]
        self._waiting: list[CaseFacts] = []
        self._tables: list[pa.Table] = []
        self._rows = 0

    def __enter__(self) -> Self:
        self._put = self._file.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            try:
                self._gather()
                self._write(self._rows)
            except BaseException as failed:
                self._file.__exit__(type(failed), failed, failed.__traceback__)
                raise
        self._file.__exit__(kind, error, trace)

    def add(self, cases: Sequence[CaseFacts]) -> None:
        """Add cases, any number at a time; their facts stand as of the writer's day.

        Raises `ValueError` for values that no case gives.
        """
        for start in range(0, len(cases), _AT_ONCE):
            self._waiting += cases[start : start + _AT_ONCE]
            if len(self._waiting) >= _AT_ONCE:
                self._gather()

    def add_table(self, facts: pa.Table) -> None:
        """Add a table of facts, as `columns.table_of` makes it of cases' own facts.

        Raises `ValueError` for another schema, and for values that no case gives.
        """
        if not facts.schema.equals(self._schema, check_metadata=False):
            raise ValueError("this table has not the columns of a table of facts")
        self._gather()
        self._take(facts)

    def _gather(self) -> None:
        if self._waiting:
            table = table_of(self._waiting, self.as_of)
            self._waiting = []
            self._take(table)

    def _take(self, table: pa.Table) -> None:
        # What a seal stands for: the values were in order when they were written.
        if problems := sound(self.path, table, self.as_of).problems:
            raise ValueError(f"these facts hold what no case gives: {problems[0].what}")
        self._tables.append(table)
        self._rows += table.num_rows
        self.cases += table.num_rows
        while self._rows >= GROUP:
            self._write(GROUP)

    def _write(self, rows: int) -> None:
        """Write the first rows as a row group; what is left waits for more."""
        import pyarrow as pa  # noqa: PLC0415

        if self._tables:
            table = pa.concat_tables(self._tables)
            # In one piece: how the cases came in must not show in the bytes.
            self._put(table.slice(0, rows).combine_chunks())
            self._rows -= rows
            self._tables = [table.slice(rows)] if self._rows else []


def text_columns() -> list[str]:
    """The columns that hold words, by the names that Parquet gives them."""
    nested = [
        f"{name}.list.element.{column}"
        for name in STORED
        for column, described in columns_of(name).items()
        if described.type == "text"
    ]
    return [PARTNERSHIP, *nested]


class _Sealing(io.RawIOBase):
    """A stream to write to that hashes what goes through, row group by row group."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream, self._hash, self._at = stream, _hash(), 0
        self.seals: list[tuple[int, str]] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._hash.update(data)
        written = self._stream.write(data)
        self._at += written
        return written

    def seal(self) -> None:
        """What was written since the last time is a row group."""
        self.seals.append((self._at, self._hash.hexdigest()))
        self._hash = _hash()


def _hash() -> Any:
    return sha256()  # where a processor knows it, the quickest of those that can be relied on


# --- reading -------------------------------------------------------------------------------------


class Seal(NamedTuple):
    """Where a row group's bytes stand in a file, and the hash that they had when written."""

    start: int
    end: int
    digest: str


@dataclass(frozen=True)
class FactsFile:
    """A Parquet file of facts whose footer is in order: what it holds, and its row groups."""

    path: Path
    as_of: date
    sizes: tuple[int, ...]  # cases of each row group
    seals: tuple[Seal, ...] = ()  # of each row group, where the file has them

    @property
    def cases(self) -> int:
        """How many cases it holds."""
        return sum(self.sizes)

    @property
    def groups(self) -> int:
        """How many row groups it has."""
        return len(self.sizes)

    def read(self, group: int, columns: Sequence[str] | None = None) -> pa.Table:
        """A row group, all its columns or some; `case` and `partnership` are always among them.

        Raises `BadInput` where it can't be read, and for each value that no case file gives.
        """
        found = self.read_part(group, columns)
        if found.problems:
            raise BadInput(found.problems)
        return found.facts

    def read_sound(
        self, group: int, columns: Sequence[str] | None = None
    ) -> tuple[pa.Table, tuple[Problem, ...]]:
        """As `read`, without the cases that hold such values; these are told as problems.

        Raises `BadInput` where the row group can't be read at all.
        """
        found = self.read_part(group, columns)
        return found.facts, found.problems

    def read_part(
        self, group: int, columns: Sequence[str] | None = None, *, coded: bool = False
    ) -> Sound:
        """As `read_sound`, with the numbers of the rows that can be used.

        With `coded` the words within facts come as codes into dictionaries, as the file has them:
        quicker, and half the room.
        """
        import pyarrow as pa  # noqa: PLC0415

        names = [CASE, PARTNERSHIP, *(STORED if columns is None else columns)]
        names = list(dict.fromkeys(names))
        try:
            parquet = self._coded if coded else self._parquet
            table = parquet.read_row_group(group, columns=names, use_threads=False)
            # What a damaged page decodes to may be no text at all.
            table.validate(full=True)
        except (pa.ArrowException, OSError) as error:
            raise BadInput([
                _problem(
                    self.path,
                    f"Part {group + 1} of {self.groups} of this file is damaged, and its"
                    f" {self.sizes[group]} cases can't be read",
                    _AGAIN,
                )
            ]) from error  # fmt: skip
        first = sum(self.sizes[:group])
        return sound(self.path, _as_stored(table, self.as_of, coded=coded), self.as_of, first)

    def sealed(self, group: int) -> bool:
        """Whether a row group is as it was written: its values were in order then, and still are.

        Facts are written by what makes them of cases; another program's have no seal, nor have
        those that it has changed.
        """
        if not self.seals:
            return False
        start, end, digest = self.seals[group]
        found = _hash()
        with self.path.open("rb") as stream:
            stream.seek(start)
            found.update(stream.read(end - start))
        return bool(found.hexdigest() == digest)

    def read_sealed(
        self, group: int, leaves: Sequence[str], whose: Sequence[str] = (CASE, PARTNERSHIP)
    ) -> pa.Table:
        """Some columns of the facts of a sealed row group, words as codes into dictionaries.

        `leaves` are columns within facts, as Parquet names them; `whose` come too.
        """
        names = [*whose, *leaves]
        return self._coded.read_row_group(group, columns=names, use_threads=False)

    @cached_property
    def _parquet(self) -> pq.ParquetFile:
        import pyarrow.parquet as pq  # noqa: PLC0415

        return pq.ParquetFile(self.path)

    @cached_property
    def _coded(self) -> pq.ParquetFile:
        import pyarrow.parquet as pq  # noqa: PLC0415

        columns = map(self._parquet.schema.column, range(len(self._parquet.schema)))
        words = [one.path for one in columns if one.physical_type == "BYTE_ARRAY"]
        within = [path for path in words if "." in path]
        footer = self._parquet.metadata  # read once
        return pq.ParquetFile(self.path, read_dictionary=within, metadata=footer)


def open_facts(path: Path) -> FactsFile:
    """A Parquet file of facts, once all that its footer shows is found to be in order.

    Raises `BadInput` with every problem: no such file, not Parquet, truncated, not facts or of
    another version, no day as of which they stand, columns that are missing or of another type.
    """
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    if (wrong := _not_whole(path)) is not None:
        raise BadInput([_problem(path, *wrong)])
    try:
        with pq.ParquetFile(path) as parquet:
            schema, footer = parquet.schema_arrow, parquet.metadata
            groups = [footer.row_group(n) for n in range(footer.num_row_groups)]
            sizes = tuple(group.num_rows for group in groups)
            seals = _seals(footer.metadata or {}, groups)
    except (pa.ArrowException, OSError) as error:
        wrong = "The end of this Parquet file, which says what it holds, is damaged", _AGAIN
        raise BadInput([_problem(path, *wrong)]) from error
    day = as_of(schema)
    problems = [_problem(path, *each) for each in _of_schema(schema)]
    if problems or day is None:
        raise BadInput(problems)
    return FactsFile(path, day, sizes, seals)


def _seals(said: Mapping[bytes, bytes], groups: Sequence[pq.RowGroupMetaData]) -> tuple[Seal, ...]:
    """The seals of all row groups; none at all where they are not those of this very file."""
    try:
        told = [(int(end), str(digest)) for end, digest in json.loads(said.get(_SEALS, b"[]"))]
    except (ValueError, TypeError):
        return ()
    starts = [0, *(end for end, _ in told)]
    seals = tuple(Seal(start, *seal) for start, seal in zip(starts, told, strict=False))
    if len(seals) != len(groups):
        return ()
    for seal, group in zip(seals, groups, strict=True):
        for number in range(group.num_columns):
            column = group.column(number)
            first = column.dictionary_page_offset or column.data_page_offset
            if not seal.start <= first <= first + column.total_compressed_size <= seal.end:
                return ()
    return seals


def _problem(path: Path, what: str, remedy: str) -> Problem:
    return Problem(str(path), START.line, START.column, what, remedy)


def _not_whole(path: Path) -> tuple[str, str] | None:
    """What shows at the two ends of a file that is no whole Parquet file."""
    try:
        if path.is_dir():
            return "This is a folder, not a file", "Name a Parquet file in it"
        with path.open("rb") as stream:
            first = stream.read(len(_MAGIC))
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(size - len(_MAGIC), 0))
            last = stream.read()
    except OSError as error:
        return unreadable(error)
    if first == _ENCRYPTED:
        return "This Parquet file is encrypted", "Make it without encryption"
    if first != _MAGIC:
        return "This is not a Parquet file", "Name a file of facts, or a folder of case files"
    if last != _MAGIC or size < _SMALLEST:
        return "This Parquet file is truncated: its end is missing", _AGAIN
    return None


def unreadable(error: OSError) -> tuple[str, str]:
    """What to say where a file can't be read, and the remedy."""
    if isinstance(error, FileNotFoundError):
        return "There is no such file", "Check the name and the folder"
    if isinstance(error, PermissionError):
        return "This file may not be read", "Ask its owner for access"
    return "This file cannot be read", "Check the name, and that the drive is connected"


def _of_schema(schema: pa.Schema) -> Iterator[tuple[str, str]]:
    said = (schema.metadata or {}).get(b"schema", b"").decode("utf-8", "replace")
    if not said:
        yield "This Parquet file does not say that it holds facts of cases (`schema`)", _MAKE
    elif said != SCHEMA:
        yield f"This file says {quote(said, 'something else')} where `{SCHEMA}` is due", _MAKE
    if as_of(schema) is None:
        yield (
            "This Parquet file does not say as of which day its facts stand (`as_of`)",
            "Add `as_of` to its metadata, for example 2026-06-01",
        )
    import pyarrow as pa  # noqa: PLC0415

    for name in (CASE, PARTNERSHIP):
        yield from _of_column(schema, name, pa.string())
    for name in STORED:
        yield from _of_column(schema, name, pa.list_(types_of(name)))


def _of_column(schema: pa.Schema, name: str, due: pa.DataType) -> Iterator[tuple[str, str]]:
    """What is wrong with a column, or with those that it holds for each fact."""
    import pyarrow.types as kinds  # noqa: PLC0415

    where = schema.get_all_field_indices(name)
    if not where:
        yield f"The column `{name}` is missing", _column_remedy(name)
        return
    if len(where) > 1:
        yield f"There are {len(where)} columns `{name}`", "Keep one of them"
        return
    found = schema.field(where[0]).type
    if not kinds.is_list(due):
        if found != due:
            yield _other(name, found, due)
        return
    if not kinds.is_list(found) or not kinds.is_struct(found.value_type):
        yield f"The column `{name}` holds {found}", "Let it hold a list of structs for each case"
        return
    for field in due.value_type:
        inner = f"{name}.{field.name}"
        match found.value_type.get_all_field_indices(field.name):
            case []:
                yield f"The column `{inner}` is missing", "Add it"
            case [index]:
                held = found.value_type.field(index).type
                if held != field.type:
                    yield _other(inner, held, field.type)
            case several:
                yield f"There are {len(several)} columns `{inner}`", "Keep one of them"


def _column_remedy(name: str) -> str:
    nothing = "" if name in (CASE, PARTNERSHIP) else "; a case without such facts has an empty list"
    return f"Add it{nothing}"


def _other(name: str, found: pa.DataType, due: pa.DataType) -> tuple[str, str]:
    return f"The column `{name}` holds {found}, not {due}", f"Write it as {due}"


def _as_stored(table: pa.Table, day: date, *, coded: bool) -> pa.Table:
    """The table with the columns, and within them those of each fact, that facts have."""
    import pyarrow as pa  # noqa: PLC0415

    wanted = facts_schema(day)
    arrays, fields = [], []
    for name in table.column_names:
        field = wanted.field(name)
        column = table.column(name).combine_chunks()
        if not pa.types.is_string(field.type):
            due = _coded_type(field.type) if coded else field.type
            column, field = _lists(column, due), field.with_type(due)
        arrays.append(column)
        fields.append(field)
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields, wanted.metadata))


def _coded_type(lists: pa.ListType) -> pa.ListType:
    """The type of a column of facts whose words are codes."""
    import pyarrow as pa  # noqa: PLC0415

    word = pa.dictionary(pa.int32(), pa.string())
    fields = [
        field.with_type(word) if pa.types.is_string(field.type) else field
        for field in lists.value_type
    ]
    return pa.list_(pa.struct(fields))


def _lists(column: pa.ListArray, due: pa.ListType) -> pa.ListArray:
    import pyarrow as pa  # noqa: PLC0415

    if column.type.equals(due):
        return column
    facts = column.values
    inner = [facts.field(field.name) for field in due.value_type]
    mask = facts.is_null() if facts.null_count else None
    structs = pa.StructArray.from_arrays(inner, fields=list(due.value_type), mask=mask)
    missing = column.is_null() if column.null_count else None
    return pa.ListArray.from_arrays(column.offsets, structs, type=due, mask=missing)
