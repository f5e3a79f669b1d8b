"""Values of a table of facts that no case file gives: each is found, by column and case."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from cspr_core.caseload import values
from cspr_core.caseload.columns import CaseFacts, table_of
from cspr_core.caseload.values import sound
from cspr_core.check import facts_for, rules_for
from cspr_core.generated import generated_cases
from tests.caseload.made import AREA, AS_OF, case_facts

PATH = Path("facts.parquet")
_LATER = AS_OF.toordinal() + 1


def _rows(case: CaseFacts, fact_type: str, **columns: Any) -> CaseFacts:
    """The case with other values in the first fact of a type."""
    first, *rest = case.rows[fact_type]
    return case._replace(rows={**case.rows, fact_type: [{**first, **columns}, *rest]})


def _said(table: pa.Table, first: int = 0) -> list[str]:
    return [str(problem) for problem in sound(PATH, table, AS_OF, first).problems]


def _among_others(case: CaseFacts) -> pa.Table:
    return table_of([case_facts("A-1"), case, case_facts("C-3")], AS_OF)


@pytest.mark.parametrize("area", ["essex", AREA])
def test_all_that_case_files_give_is_sound(area: str) -> None:
    rules = rules_for(area)
    files = generated_cases(rules, seed=4, n=6)
    cases = [
        CaseFacts(f"G-{n}", area, facts_for(f, rules, AS_OF).rows) for n, f in enumerate(files)
    ]
    table = table_of(cases, AS_OF)
    found = sound(PATH, table, AS_OF)
    assert (found.problems, found.facts) == ((), table)
    assert found.rows.tolist() == list(range(6))


def test_a_table_without_columns_of_facts_is_sound() -> None:
    table = table_of([case_facts("A-1"), case_facts("B-2")], AS_OF)
    found = sound(PATH, table.select(["case", "partnership"]), AS_OF)
    assert (found.facts.num_rows, found.problems, found.rows.tolist()) == (2, (), [0, 1])


def test_a_table_without_cases_is_sound() -> None:
    table = table_of([], AS_OF)
    assert sound(PATH, table, AS_OF).facts is table


@pytest.mark.parametrize(
    ("fact_type", "columns", "line"),
    [
        (
            "answer",
            {"value": "perhaps"},
            (
                "The column `answer.value` holds a word that is none of its own (case `B-2`). Write"
                " one of yes, no, unknown."
            ),
        ),
        (
            "answer",
            {"value": None},
            "The column `answer.value` is empty (case `B-2`). Write its value.",
        ),
        (
            "event",
            {"outcome": "something"},
            (
                "The column `event.outcome` holds a word that is none of its own (case `B-2`)."
                " Write one of local_review, no_review, national_referral, alternative_review."
            ),
        ),
        (
            "event",
            {"name": "notifed"},
            (
                "The column `event.name` holds a word that nobody knows (case `B-2`). Write one of"
                " the vocabulary's, or an area's own as `area.word`."
            ),
        ),
        (
            "event",
            {"date": _LATER},
            (
                "The column `event.date` holds what is no day from 1992-01-01 to 2026-06-01, as of"
                " which the facts stand (case `B-2`). Write a day as its number, counted from 1"
                " January of the year 1; leave out what has not happened yet."
            ),
        ),
        (
            "event",
            {"planned": 20_260_601},
            (
                "The column `event.planned` holds what is no day from 1992-01-01 to 2098-12-31"
                " (case `B-2`). Write a day as its number, counted from 1 January of the year 1."
            ),
        ),
        (
            "event",
            {"entry": -2},
            (
                "The column `event.entry` holds a number below -1 (case `B-2`). Number what a case"
                " holds, from 1."
            ),
        ),
        (
            "event",
            {"fid": 0},
            (
                "The column `event.fid` holds a number below 1 (case `B-2`). Number what a case"
                " holds, from 1."
            ),
        ),
        (
            "event",
            {"fid": None},
            "The column `event.fid` is empty (case `B-2`). Write its value.",
        ),
    ],
)
def test_a_value_that_no_case_file_gives(
    fact_type: str, columns: Mapping[str, Any], line: str
) -> None:
    table = _among_others(_rows(case_facts("B-2"), fact_type, **columns))
    found = sound(PATH, table, AS_OF)
    assert [str(problem) for problem in found.problems] == [f"facts.parquet:1:1: {line}"]
    assert found.facts.column("case").to_pylist() == ["A-1", "C-3"]


@pytest.mark.parametrize(
    "columns",
    [
        {"name": "essex.scoping"},
        {"planned": _LATER, "date": None},
        {"outcome": None},
        {"return_by": _LATER},
    ],
)
def test_a_value_that_a_case_file_may_give(columns: Mapping[str, Any]) -> None:
    assert _said(_among_others(_rows(case_facts("B-2"), "event", **columns))) == []


def test_a_member_for_as_long_as_anybody_knows() -> None:
    member = {"fid": 900, "body": "executive", "person": "p1", "agency": "police", "kind": "police"}
    for since, known in ((0, True), (AS_OF.toordinal(), True), (_LATER, False), (5, False)):
        case = case_facts("B-2", more={"member": [{**member, "since": since}]})
        assert (not _said(_among_others(case))) is known


def test_facts_with_one_number_in_one_case() -> None:
    taken = case_facts("B-2").rows["event"][0]["fid"]
    case = _rows(case_facts("B-2"), "answer", fid=taken)
    assert _said(_among_others(case)) == [
        (
            "facts.parquet:1:1: Two facts of a case have the same number (`fid`) (case `B-2`). Give"
            " each fact of a case a number of its own."
        )
    ]


def test_numbers_far_apart_are_found_as_well() -> None:
    # One number of two thousand million: a list of all up to it would not fit into memory.
    far = _rows(case_facts("B-2"), "event", fid=2**31 - 1)
    assert _said(_among_others(far)) == []
    twice = _rows(far, "answer", fid=2**31 - 1)
    assert len(_said(_among_others(twice))) == 1


@pytest.mark.parametrize("fact_type", ["child", "answer", "recipient", "stage"])
def test_what_every_case_has(fact_type: str) -> None:
    case = case_facts("B-2", more={fact_type: []})
    assert _said(_among_others(case)) == [
        (
            f"facts.parquet:1:1: The column `{fact_type}` is empty, and every case has such facts"
            " (case `B-2`). Write what is not known as facts too, as `cspr simulate` does."
        )
    ]


@pytest.mark.parametrize("reference", ["", "A name, in words", "A-1\n", "x" * 61])
def test_a_reference_that_is_none_is_named_by_its_row(reference: str) -> None:
    table = _among_others(case_facts("B-2")._replace(case=reference))
    assert _said(table, first=10_000) == [
        (
            "facts.parquet:1:1: The column `case` is empty or holds what is no reference of a case"
            " (row 10002). Write the office's reference: letters, digits, `.`, `_` and `-`, at most"
            " 60."
        )
    ]


def test_a_partnership_that_is_no_word() -> None:
    table = _among_others(case_facts("B-2")._replace(partnership="West Barset"))
    assert _said(table) == [
        (
            "facts.parquet:1:1: The column `partnership` is empty or holds what is no word (case"
            " `B-2`). Write the area as its plugin calls it."
        )
    ]


def test_many_cases_are_one_problem_with_one_of_them() -> None:
    wrong = [_rows(case_facts(f"A-{n}"), "answer", value="perhaps") for n in range(3)]
    (line,) = _said(table_of([case_facts("A-9"), *wrong], AS_OF))
    assert "(case `A-0`, and 2 more)" in line


def test_several_things_wrong_are_several_problems() -> None:
    case = _rows(_rows(case_facts("B-2"), "answer", value="perhaps"), "event", name="notifed")
    assert len(_said(_among_others(case))) == 2


def _with_column(name: str, column: pa.Array) -> pa.Table:
    """A table of three cases with another column, as a program of somebody's may have made it."""
    table = _among_others(case_facts("B-2"))
    where = table.schema.get_field_index(name)
    return table.set_column(where, pa.field(name, table.schema.field(name).type), column)


def test_no_list_where_one_is_due() -> None:
    kind = table_of([], AS_OF).schema.field("closed").type
    assert _said(_with_column("closed", pa.array([[], None, []], kind))) == [
        (
            "facts.parquet:1:1: The column `closed` has no list (case `B-2`). Write an empty list"
            " for no facts."
        )
    ]


def test_nothing_in_the_place_of_a_fact() -> None:
    kind = table_of([], AS_OF).schema.field("closed").type
    assert _said(_with_column("closed", pa.array([[], [None], []], kind))) == [
        (
            "facts.parquet:1:1: The column `closed` holds nothing for a fact (case `B-2`). Leave"
            " the fact out."
        )
    ]


def test_a_part_of_a_table_is_looked_at_as_that_part() -> None:
    wrong = _rows(case_facts("B-2"), "answer", value="perhaps")
    table = table_of([wrong, case_facts("A-1"), wrong, case_facts("C-3")], AS_OF).slice(1, 2)
    found = sound(PATH, table, AS_OF, first=1)
    assert found.facts.column("case").to_pylist() == ["A-1"]
    assert found.rows.dtype == np.int64


def test_every_shared_word_has_its_place_in_the_facts() -> None:
    columns = values.columns_of
    assert all(name in columns(fact_type) for fact_type, name in values._SHARED)  # noqa: SLF001  (a misspelt one would be never looked at)


def test_facts_without_any_number() -> None:
    case = case_facts("B-2")
    rows = {kind: [{**row, "fid": None} for row in rows] for kind, rows in case.rows.items()}
    lines = _said(table_of([case._replace(rows=rows)], AS_OF))
    assert lines
    assert all(".fid` is empty (case `B-2`)" in line for line in lines)
