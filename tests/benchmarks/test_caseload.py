"""The benchmarks of a caseload run, on a size that tells nothing about speed."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks import __main__ as command
from benchmarks import caseload
from benchmarks.caseload import PEERS, Side, Team, installed

pytestmark = pytest.mark.slow
TINY = ("--processes", "1", "--pairs", "1", "--cases", "6", "--sample", "6", "--reference", "2")


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few simulated cases."""
    path = tmp_path_factory.mktemp("simulated") / "facts.parquet"
    caseload.simulate(path, 6, "facts", 1)
    return path


def rows(text: str) -> list[list[str]]:
    """The rows of the tables that were written, without their heads."""
    found = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [row for row in found if row[0] not in ("what", "cases", "a folder of")]


@pytest.mark.parametrize("peer", sorted(PEERS))
def test_another_engine_is_held_against_ours(
    peer: str, facts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command.main(["caseload", peer, *TINY, "--facts", str(facts)])
    out = capsys.readouterr().out
    if not installed(peer):
        assert f"{PEERS[peer]} is not installed" in out
        pytest.skip(f"{PEERS[peer]} is not installed (`uv sync --group bench`)")
    first, alone, *_ = rows(out)
    assert first[0].endswith("the whole way")
    assert alone[0].endswith("its evaluation alone")
    assert first[1] == "6"
    assert "compared and the same" in out


def test_the_reference_engine_has_a_part_of_the_cases(
    facts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command.main(["caseload", "reference", *TINY, "--facts", str(facts)])
    (row,) = rows(capsys.readouterr().out)
    assert row[:2] == ["the reference engine, all requirements", "6"]
    assert row[-1].strip(" |") == "10"


@pytest.mark.skipif(sys.platform != "linux", reason="memory in use is read from /proc")
def test_growth_tells_time_and_memory(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command.main(["caseload", "growth", *TINY, "--growth", "1", "7", "--facts", str(facts)])
    small, large = rows(capsys.readouterr().out)
    assert (small[0], large[0]) == ("1", "7")
    assert all(float(row[3].strip(" |").replace(",", "")) > 1 for row in (small, large))


def test_a_folder_is_held_against_composing_it(capsys: pytest.CaptureFixture[str]) -> None:
    command.main(["caseload", "files", *TINY, "--files", "3"])
    out = capsys.readouterr().out
    (row,) = rows(out)
    assert row[0] == "3 files"
    assert re.search(r"^0 MB of YAML\.$", out, re.MULTILINE)


def test_more_cases_are_the_same_under_other_names(facts: Path, tmp_path: Path) -> None:
    out = caseload.repeated(facts, 13, tmp_path / "more.parquet")
    names = pq.read_table(out, columns=["case"])["case"].to_pylist()
    assert len(set(names)) == 13
    assert [names[0], names[6], names[12]] == [names[0], f"{names[0]}-1", f"{names[0]}-2"]


def test_an_answer_that_differs_ends_the_run(facts: Path, tmp_path: Path) -> None:
    sides = Side("table", limited=True), Side("reference", limited=True)
    ours, theirs = (Team(side, 1, tmp_path) for side in sides)
    ours.run(facts)
    theirs.run(facts)
    assert caseload.compare(ours, theirs) == 6 * len(caseload.asked_by(limited=True))
    (path,) = theirs.results()
    table: Any = pq.read_table(path)
    number = table.schema.get_field_index("done")
    empty = table["done"].cast("int32").is_null()
    gone = pc.if_else(empty, pa.scalar(9, "int32"), None).cast("date32")
    pq.write_table(table.set_column(number, "done", gone), path)
    with pytest.raises(RuntimeError, match=r"answers differ; the first: .*national\.\w+"):
        caseload.compare(ours, theirs)


def test_an_answer_that_one_side_lacks_ends_the_run(facts: Path, tmp_path: Path) -> None:
    sides = Side("table", limited=True), Side("reference", limited=True)
    ours, theirs = (Team(side, 1, tmp_path) for side in sides)
    ours.run(facts)
    theirs.run(facts)
    (path,) = ours.results()
    table: Any = pq.read_table(path)
    pq.write_table(table.slice(1), path)
    with pytest.raises(RuntimeError, match="1 answers of one side only: "):
        caseload.compare(ours, theirs)
