"""The facts of many cases as one table: a row for each case, a list for each type of facts.

Facts are as they stand on one day, which is part of the table's schema. No free text is among
them, nor where they stand in a case file. `pyarrow` (the extra `caseload`) is imported when a
table is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache, partial
from itertools import count
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import cspr_core
from cspr_core.facts import Facts, Place, Row, event_words
from cspr_core.model.case import Case, Incident
from cspr_core.program import FACT_TYPES, ID, Column
from cspr_core.reading.case import CaseFile
from cspr_core.reading.document import Document
from cspr_core.reading.problems import START
from cspr_core.reading.tree import Mark

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA = "cspr.facts/1"
CASE, PARTNERSHIP = "case", "partnership"
DERIVED = ("limit", "mark", "finding")  # made anew for each set of requirements
STORED = tuple(name for name in FACT_TYPES if name not in DERIVED)


class CaseFacts(NamedTuple):
    """A case by its reference, whose it is, and its facts by type."""

    case: str
    partnership: str
    rows: Mapping[str, Sequence[Row]]


@cache
def columns_of(fact_type: str) -> Mapping[str, Column]:
    """The columns of a type of facts, its own number first."""
    return {ID: Column("number"), **FACT_TYPES[fact_type]}


def facts_schema(as_of: date) -> pa.Schema:
    """The schema of facts as of a day."""
    return _schema().with_metadata(
        {"schema": SCHEMA, "as_of": as_of.isoformat(), "cspr": cspr_core.__version__}
    )


def table_of(cases: Sequence[CaseFacts], as_of: date) -> pa.Table:
    """The facts of cases as one table, as of the day as of which they were made."""
    import pyarrow as pa  # noqa: PLC0415  (heavy, and only caseloads need it)

    schema = facts_schema(as_of)
    arrays = [
        pa.array([one.case for one in cases], pa.string()),
        pa.array([one.partnership for one in cases], pa.string()),
    ]
    arrays += [_lists(name, cases) for name in STORED]
    return pa.Table.from_arrays(arrays, schema=schema)


def rows_of(facts: pa.Table) -> Iterator[CaseFacts]:
    """Each case of a table with its facts as engines of single cases take them.

    Columns that the table was read without are unknown; without their numbers, facts are numbered.
    """
    held = {field.name: {inner.name for inner in field.type.value_type} for field in facts.schema
            if field.name in STORED}  # fmt: skip
    lacking = {
        name: dict.fromkeys(set(columns_of(name)) - columns) for name, columns in held.items()
    }
    for batch in facts.to_batches(max_chunksize=1000):
        for one in batch.to_pylist():
            rows: dict[str, Sequence[Row]] = {name: one[name] for name in held if one[name]}
            if any(lacking.values()):
                number = count(1)
                rows = {
                    name: [
                        {**lacking[name], **row, ID: row.get(ID) or next(number)} for row in found
                    ]
                    for name, found in rows.items()
                }
            yield CaseFacts(one[CASE], one[PARTNERSHIP], rows)


def facts_again(one: CaseFacts) -> Facts:
    """A stored case's facts, each with a place that says its words and stands in no file."""
    facts = Facts({name: list(rows) for name, rows in one.rows.items()})
    for fact_type, rows in one.rows.items():
        for row in rows:
            number = row[ID]
            words = partial(words_of, fact_type, row)
            facts.places[number] = Place(words, (fact_type, number))
    return facts


def stand_in(one: CaseFacts, path: Path) -> CaseFile:
    """What a report asks of a stored case beside its facts: reference, partnership, file."""
    # Where the incident was is told only of one that happened elsewhere: where, no fact says.
    incident = Incident.model_construct(area="another area")
    case = Case.model_construct(
        schema_="cspr.case/1",
        case=one.case,
        partnership=one.partnership,
        children=(),
        incident=incident,
    )
    return CaseFile(case, str(path), Document(str(path), None, Mark(*START)))


def words_of(fact_type: str, row: Row) -> str:
    """A stored fact in the words that its case file's line would have: keys, fixed words, days."""
    if fact_type == "event":
        return event_words(row["name"], row)
    days = {
        name: "unknown" if row[name] is None else str(date.fromordinal(row[name]))
        for name, column in FACT_TYPES[fact_type].items()
        if column.type == "number" and name not in _NO_DAY
    }
    if fact_type == "meeting" and row["date"] is None:
        days["date"] = f"planned {days['planned']}"
    return _SAID[fact_type].format_map({**row, **days}).replace("/", " ")


# What a fact of each type says; an event's words are made of its attributes.
_SAID: Mapping[str, str] = {
    "child": "child {child}",
    "recipient": "{recipient}",
    "answer": "{question} {value}",
    "involvement": "{agency} involved {value}",
    "person": "{person} {agency}",
    "quality": "{person} {name} {value}",
    "role": "{person} {role}",
    "member": "{person} in {body}",
    "chair": "{person} chairs {body}",
    "meeting": "{body} {meeting} {date}",
    "attendance": "{person} {how} at {meeting}",
    "represented": "{person} represented at {meeting}",
    "invitation": "{whom} invited to {meeting}",
    "agenda_item": "{meeting} agenda {item}",
    "substitute": "{by} for {for} at {meeting} named {named}",
    "form": "{form} {id} received {date}",
    "signature": "{id} signed by {by} {date}",
    "parallel": "{type} {parallel} opened {opened}",
    "closed": "{parallel} closed {date}",
    "delay": "delay of {requirement}",
    "delay_told": "delay told {to} {date}",
    "delay_considered": "delay considered {by} {date}",
    "confirmation": "confirmed {answer} on {date}",
    "exception": "exception on {date}",
    "stage": "stage {stage}",
    "noted": "{name} {value}",
}
_NO_DAY = ("entry", "since")  # the one is a number, the other often from the beginning


def as_of(schema: pa.Schema) -> date | None:
    """The day as of which a table's facts stand, if its schema says so."""
    said = (schema.metadata or {}).get(b"as_of", b"").decode("ascii", "replace")
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def types_of(fact_type: str) -> pa.StructType:
    """The columns of a type of facts, as the table has them."""
    import pyarrow as pa  # noqa: PLC0415

    types = {"text": pa.string(), "number": pa.int32()}
    return pa.struct([(name, types[column.type]) for name, column in columns_of(fact_type).items()])


@cache
def _schema() -> Any:
    import pyarrow as pa  # noqa: PLC0415

    fields = [pa.field(name, pa.string(), nullable=False) for name in (CASE, PARTNERSHIP)]
    fields += [pa.field(name, pa.list_(types_of(name)), nullable=False) for name in STORED]
    return pa.schema(fields)


def _lists(fact_type: str, cases: Sequence[CaseFacts]) -> pa.Array:
    """The facts of one type of all cases: a list for each case."""
    import pyarrow as pa  # noqa: PLC0415

    offsets, facts = [0], list[Row]()
    for one in cases:
        facts += one.rows.get(fact_type, ())
        offsets.append(len(facts))
    struct = types_of(fact_type)
    names = [field.name for field in struct]
    values = list(zip(*map(itemgetter(*names), facts), strict=True)) or [()] * len(names)
    columns = [pa.array(value, field.type) for value, field in zip(values, struct, strict=True)]
    return pa.ListArray.from_arrays(
        pa.array(offsets, pa.int32()), pa.StructArray.from_arrays(columns, fields=list(struct))
    )
