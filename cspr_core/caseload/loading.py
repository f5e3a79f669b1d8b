"""From a caseload's table of facts to columns of whole numbers, as the table engine reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cspr_core.caseload.columns import STORED, columns_of
from cspr_core.engine.tables import CASE, Stored, Tables
from cspr_core.program import ID


def load(facts: pa.Table, needed: Mapping[str, Iterable[str]], words: Iterable[str]) -> Tables:
    """The `needed` columns of the types of facts; `words` are further texts that need codes.

    Where the facts' own numbers are not needed, they are numbered in the order in which they stand.
    """
    found: dict[str, dict[str, Any]] = {}
    spoken = set(words)
    for fact_type in STORED:
        if fact_type in needed:
            columns = _flat(facts.column(fact_type), fact_type, needed[fact_type])
            if len(columns[CASE]):
                found[fact_type] = columns
                for column in columns.values():
                    if isinstance(column, pa.DictionaryArray):
                        spoken.update(column.dictionary.to_pylist())
    tables = Tables(facts.num_rows, filter(None, spoken))
    number = 1
    for fact_type, columns in found.items():
        coded: dict[str, Any] = {name: _stored(c, tables.codes) for name, c in columns.items()}
        if ID not in coded:  # facts of two types are two
            after = number + len(columns[CASE])
            coded[ID] = np.arange(number, after, dtype=np.int32)
            number = after
        tables.put(fact_type, coded)
    return tables


def _flat(column: pa.ChunkedArray, fact_type: str, names: Iterable[str]) -> dict[str, Any]:
    """A list of facts for each case as columns, with the number of the case."""
    lists = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    struct = lists.flatten()
    flat: dict[str, Any] = {CASE: pc.list_parent_indices(lists).cast(pa.int32())}
    kinds = columns_of(fact_type)
    for name in sorted(set(names) & set(kinds)):
        values = struct.field(name)
        if kinds[name].type == "text" and not pa.types.is_dictionary(values.type):
            values = values.dictionary_encode()
        flat[name] = values
    return flat


def _stored(column: Any, codes: Mapping[str, int]) -> Stored:
    """A column of numbers, or of words by their codes; nothing is copied."""
    if isinstance(column, pa.DictionaryArray):
        words = column.dictionary.to_pylist()
        return _values(column.indices, [codes.get(word or "", 0) for word in words])
    return _values(column, None)


def _values(column: Any, codes: Sequence[int] | None) -> Stored:
    validity, values = column.buffers()
    first, count = column.offset, len(column)
    kind = np.dtype(column.type.to_pandas_dtype())
    read = np.frombuffer(values, kind, count, first * kind.itemsize)
    known = None
    if column.null_count:
        # Eight rows are one byte, the first of them its lowest bit.
        bits = np.frombuffer(validity, np.uint8)[first // 8 : (first + count + 7) // 8]
        known = np.unpackbits(bits, bitorder="little")[first % 8 :][:count].view(bool)
    return Stored(read, known, codes)


def merged(*needs: Mapping[str, Iterable[str]]) -> Mapping[str, frozenset[str]]:
    """Columns that several need, by type of facts."""
    found: dict[str, set[str]] = {}
    for need in needs:
        for fact_type, names in need.items():
            found.setdefault(fact_type, set()).update(names)
    return {fact_type: frozenset(names) for fact_type, names in found.items()}


def paths(needed: Mapping[str, Sequence[str] | frozenset[str]]) -> list[str]:
    """The columns of a Parquet file that have to be read for these."""
    found = []
    for fact_type, names in needed.items():
        if fact_type in STORED:
            # Where no column is asked for, it counts that there are such facts.
            read = sorted(set(names) & set(columns_of(fact_type))) or [ID]
            found += [f"{fact_type}.list.element.{name}" for name in read]
    return found
