"""From a table of facts to columns of numbers: every fact of every case, however it is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from cspr_core.caseload.columns import CaseFacts, facts_schema, table_of, words_of
from cspr_core.caseload.loading import load, merged, paths
from cspr_core.engine.tables import NONE
from tests.caseload.made import AREA, AS_OF
from tests.engine.handmade import fact

EVENTS = [
    [fact("event", 1, name="decision", outcome="no_review", date=7), fact("event", 2, name="told")],
    [],
    [fact("event", 1, name="told", to="panel", date=9)],
    [fact("event", 5, name="aware")],
]
NEEDED = {"event": ["fid", "name", "to", "date"], "child": ["child"]}


def a_table(*events: Sequence[Mapping[str, Any]]) -> pa.Table:
    cases = [CaseFacts(f"T-{n}", AREA, {"event": list(one)}) for n, one in enumerate(events)]
    return table_of(cases, AS_OF)


def loaded(table: pa.Table) -> list[tuple[Any, ...]]:
    """Case, number, name, recipient and day of each event."""
    tables = load(table, NEEDED, ["words", "besides"])
    columns = [tables.column("event", name).tolist() for name in ("c", "fid", "name", "to", "date")]

    def word(code: int) -> str | None:
        return None if code == NONE else tables.words[code]

    return sorted(
        (c, fid, word(name), word(to), None if day == NONE else day)
        for c, fid, name, to, day in zip(*columns, strict=True)
    )


def expected(*events: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    return [
        (n, row["fid"], row["name"], row["to"], row["date"])
        for n, one in enumerate(events)
        for row in one
    ]


def test_every_fact_has_its_case() -> None:
    assert loaded(a_table(*EVENTS)) == expected(*EVENTS)


def test_a_part_of_a_table_is_a_table() -> None:
    table = a_table(*EVENTS)
    assert loaded(table.slice(2, 2)) == expected(*EVENTS[2:])
    assert loaded(table.slice(1, 1)) == []


def test_a_table_in_pieces() -> None:
    table = a_table(*EVENTS)
    pieces = pa.concat_tables([table.slice(0, 1), table.slice(1, 0), table.slice(1, 3)])
    assert loaded(pieces) == expected(*EVENTS)
    assert loaded(facts_schema(AS_OF).empty_table()) == []


def test_words_that_are_codes_already() -> None:
    table = a_table(*EVENTS)
    facts = table.column("event").chunk(0)
    struct = facts.flatten()
    columns = [
        values.dictionary_encode() if pa.types.is_string(values.type) else values
        for values in struct.flatten()
    ]
    names = [field.name for field in struct.type]
    again = pa.ListArray.from_arrays(facts.offsets, pa.StructArray.from_arrays(columns, names))
    place = table.schema.get_field_index("event")
    assert loaded(table.set_column(place, "event", again)) == expected(*EVENTS)


def test_what_is_not_needed_is_not_there() -> None:
    tables = load(a_table(*EVENTS), {"event": ["name"]}, [])
    with pytest.raises(KeyError):
        tables.column("event", "to")
    assert tables.column("child", "child").tolist() == []
    assert tables.cases == 4


def test_words_have_codes_in_their_own_order() -> None:
    tables = load(a_table(*EVENTS), NEEDED, ["zebra", "ant"])
    assert tables.words == ["", "ant", "aware", "decision", "panel", "told", "zebra"]
    assert [tables.codes[word] for word in tables.words] == list(range(7))


def test_needs_of_several_are_needs_together() -> None:
    assert merged({"event": ["name"]}, {"event": ["to"], "child": ["child"]}, {}) == {
        "event": {"name", "to"},
        "child": {"child"},
    }


def test_paths_name_what_stands_in_a_file() -> None:
    needed = {"event": ["to", "date", "no_such"], "limit": ["date"], "child": ["child"]}
    assert paths(needed) == [
        "event.list.element.date",
        "event.list.element.to",
        "child.list.element.child",
    ]


def test_a_stored_meeting_that_is_planned_says_so() -> None:
    planned = date(2026, 3, 2).toordinal()
    row = {"meeting": "m1", "body": "review_group", "date": None, "planned": planned}
    assert words_of("meeting", row) == "review_group m1 planned 2026-03-02"
