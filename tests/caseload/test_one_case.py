"""Where cases stand in a caseload; what a damaged or missing part of it has to do with that."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cspr_core.caseload import one_case
from cspr_core.caseload.columns import CaseFacts, table_of
from cspr_core.caseload.one_case import Found, find
from cspr_core.caseload.sources import Partition
from cspr_core.reading.problems import BadInput, Problem

DAY = date(2026, 3, 2)
CASES = [CaseFacts(f"T-{n}", "testshire", {}) for n in range(4)]
BAD = Problem("a.parquet", 1, 1, "It is damaged", "Copy it again")


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "a.parquet"
    pq.write_table(table_of(CASES, DAY), path)
    return path


def test_a_case_is_found_among_stored_facts(facts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(monkeypatch, lambda *_argv: (table_of(CASES, DAY), ()))
    (found,) = find([Partition(0, "facts", (facts,), 0, 1)], ["T-2"])
    assert isinstance(found, Found)
    assert (found.case, found.path, found.said.case) == ("T-2", facts, "T-2")


def test_a_part_without_the_case_is_not_read_whole(
    facts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    replaced(monkeypatch, lambda *argv: asked.append(argv) or (table_of(CASES, DAY), ()))
    assert list(find([Partition(0, "facts", (facts,), 0, 1)], ["T-9"])) == []
    assert len(asked) == 1


def test_a_damaged_part_may_hold_the_case(facts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_argv: object) -> Any:
        raise BadInput([BAD])

    replaced(monkeypatch, damaged)
    (found,) = find([Partition(0, "facts", (facts,), 0, 1)], ["T-1"])
    assert isinstance(found, BadInput)


def test_a_case_with_values_that_can_not_be_is_told(
    facts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # First the references are read, then all that is known of those that are sound.
    answers = iter([(table_of(CASES, DAY), ()), (table_of(CASES[:1], DAY), (BAD,))])
    replaced(monkeypatch, lambda *_argv: next(answers))
    (found,) = find([Partition(0, "facts", (facts,), 0, 1)], ["T-1"])
    assert isinstance(found, BadInput)
    assert found.problems == (BAD,)


def replaced(monkeypatch: pytest.MonkeyPatch, read: Callable[..., Any]) -> None:
    """Let `read` stand for the reading of a part of a file of facts."""
    monkeypatch.setattr("cspr_core.caseload.store.FactsFile.read_sound", read)


def test_a_file_that_has_gone_is_no_place_for_a_case(tmp_path: Path) -> None:
    gone = Partition(0, "files", (tmp_path / "gone.yaml",))
    lines = Partition(1, "lines", (tmp_path / "gone.jsonl",), 0, 10)
    assert list(find([gone, lines], ["T-1"])) == []


def test_a_line_of_a_file_says_its_number_for_what_stands_nowhere() -> None:
    document = one_case.document_of(b'{"schema": "cspr.case/1", "case": "T-1"}', 7, Path("a.jsonl"))
    assert document is not None
    assert document.place(("events", 0)) == (7, 1)
    assert document.place(("case",)).line == 7


def test_a_blank_line_is_no_case() -> None:
    assert one_case.document_of(b"  \n", 7, Path("a.jsonl")) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes there")
def test_a_pipe_is_no_place_for_a_case(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    part = Partition(0, "files", (tmp_path / "pipe.yaml",), walked=True)
    assert list(find([part], ["A-1"])) == []
