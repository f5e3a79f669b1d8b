"""A caseload written: the same bytes from any number of processes, whole or not at all."""

import os
import stat
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cspr_core.caseload.columns import CaseFacts, table_of
from cspr_core.caseload.errors import CaseloadError
from cspr_core.caseload.store import open_facts
from cspr_core.check import facts_for
from cspr_core.reading.case import read_case
from cspr_core.reading.document import parse_document
from cspr_core.simulating import writing
from cspr_core.simulating.telling import Teller
from cspr_core.simulating.writing import Caseload, write
from tests.simulating.barset import AS_OF, written

ENDINGS = {"files": "", "lines": ".jsonl", "facts": ".parquet"}


@pytest.fixture
def caseload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Caseload:
    """Twelve cases of Barset and of Leeds, in blocks of five: the last is smaller."""
    monkeypatch.setattr(writing, "BLOCK", 5)
    return Caseload(("barset", "leeds"), 12, 1, AS_OF, plugins=written(tmp_path))


def bytes_of(path: Path) -> dict[str, bytes]:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return {file.name: file.read_bytes() for file in files}


def test_a_folder_gets_a_file_for_each_case(caseload: Caseload, tmp_path: Path) -> None:
    write(caseload, "files", tmp_path / "made", processes=1)

    names = [f"SIM-{area}-{n:06}.yaml" for area in ("barset", "leeds") for n in range(1, 7)]
    assert list(bytes_of(tmp_path / "made")) == names
    first = (tmp_path / "made" / names[0]).read_text("utf-8").splitlines()[0]
    assert first == (
        "# Simulated: nobody's case. Number 1 of barset from the seed 1, as it stands on"
        " 2026-06-01. --as-of 2026-06-01"
    )


def test_an_empty_folder_is_filled(caseload: Caseload, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()

    write(caseload, "files", tmp_path / "made", processes=1)

    assert len(list((tmp_path / "made").iterdir())) == 12


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
@pytest.mark.parametrize("kind", ENDINGS)
def test_only_its_owner_reads_it(caseload: Caseload, tmp_path: Path, kind: writing.Kind) -> None:
    out = tmp_path / f"made{ENDINGS[kind]}"
    write(caseload, kind, out, processes=1)

    for path in (out, *(out.iterdir() if out.is_dir() else ())):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_lines_hold_what_files_hold(caseload: Caseload, tmp_path: Path) -> None:
    write(caseload, "files", tmp_path / "made", processes=1)
    write(caseload, "lines", tmp_path / "made.jsonl", processes=1)
    lines = (tmp_path / "made.jsonl").read_text("utf-8").splitlines()

    assert len(lines) == 12
    for line in lines:
        data = parse_document(line, "line.json").data
        path = tmp_path / "made" / f"{data['case']}.yaml"
        assert parse_document(path.read_text("utf-8"), "case.yaml").data == data


def test_stored_facts_are_those_of_the_files(caseload: Caseload, tmp_path: Path) -> None:
    write(caseload, "files", tmp_path / "made", processes=1)
    write(caseload, "facts", tmp_path / "made.parquet", processes=1)
    facts = []
    for index in range(12):
        teller, number = caseload.place(index)
        path = tmp_path / "made" / f"{teller.reference(number)}.yaml"
        case = read_case(path, today=AS_OF)
        rows = facts_for(case, teller.rules, AS_OF).rows
        facts.append(CaseFacts(case.case.case, case.case.partnership, rows))

    stored = open_facts(tmp_path / "made.parquet")

    assert stored.as_of == AS_OF
    assert stored.read(0).equals(table_of(facts, AS_OF))


def test_the_first_of_many_are_all_of_few(caseload: Caseload, tmp_path: Path) -> None:
    write(caseload, "lines", tmp_path / "many.jsonl", processes=1)
    write(replace(caseload, cases=7), "lines", tmp_path / "few.jsonl", processes=1)

    few = (tmp_path / "few.jsonl").read_bytes()
    assert (tmp_path / "many.jsonl").read_bytes().startswith(few)
    assert few.count(b"\n") == 7


@pytest.mark.slow
def test_any_number_of_processes_writes_the_same(
    caseload: Caseload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(caseload, "lines", tmp_path / "one.jsonl", processes=1)
    monkeypatch.setattr(writing, "BLOCK", 1)  # more blocks than may be under way at a time

    write(caseload, "lines", tmp_path / "two.jsonl", processes=2)

    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


def test_progress_tells_the_cases_made(caseload: Caseload, tmp_path: Path) -> None:
    made: list[int] = []

    write(caseload, "lines", tmp_path / "made.jsonl", processes=1, progress=made.append)

    assert made == [5, 10, 12]


@pytest.mark.parametrize("kind", ENDINGS)
@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_what_is_not_whole_is_not_there(
    caseload: Caseload,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: writing.Kind,
    error: type[BaseException],
) -> None:
    def data(self: Teller, number: int) -> dict[str, Any]:
        if number > 4:
            raise error
        return made(self, number)

    made = Teller.data
    monkeypatch.setattr(Teller, "data", data)

    with pytest.raises(error):
        write(caseload, kind, tmp_path / f"made{ENDINGS[kind]}", processes=1)

    assert [path.name for path in tmp_path.iterdir()] == ["plugins"]


@pytest.mark.parametrize("kind", ENDINGS)
def test_a_place_that_is_none_is_told(
    caseload: Caseload, tmp_path: Path, kind: writing.Kind
) -> None:
    with pytest.raises(CaseloadError, match="there is no such folder"):
        write(caseload, kind, tmp_path / "gone" / f"made{ENDINGS[kind]}", processes=1)


def test_a_process_that_dies_is_told(
    caseload: Caseload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Dying:
        def __init__(self, *_args: object, **_more: object) -> None:
            pass

        def submit(self, *_args: object) -> None:
            raise BrokenProcessPool("killed")

        def shutdown(self, **_more: object) -> None:
            pass

    monkeypatch.setattr(writing, "Processes", Dying)

    with pytest.raises(CaseloadError, match="ended before its time"):
        write(caseload, "lines", tmp_path / "made.jsonl", processes=2)

    assert not (tmp_path / "made.jsonl").exists()


def test_a_process_of_its_own_makes_the_blocks_that_it_is_told(
    caseload: Caseload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_here", [])
    write(caseload, "lines", tmp_path / "made.jsonl", processes=1)
    monkeypatch.setattr(writing.gc, "set_threshold", lambda *_: None)

    writing._prepare(caseload, "lines", tmp_path)  # noqa: SLF001

    there = [writing._made_there(block) for block in (range(5), range(5, 10), range(10, 12))]  # noqa: SLF001
    assert b"".join(there) == (tmp_path / "made.jsonl").read_bytes()


def test_as_many_processes_as_there_are_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)

    assert writing._cores() == 1  # noqa: SLF001


def test_a_caseload_of_no_area_is_no_caseload(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs an area"):
        write(Caseload((), 1, 1, AS_OF), "lines", tmp_path / "made.jsonl")
