"""What is taken for a caseload, and how it is cut."""

import os
import pickle
from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cspr_core.caseload import sources, store
from cspr_core.caseload.answers import findings_schema
from cspr_core.caseload.columns import table_of
from cspr_core.caseload.sources import Partition, partitions, taken
from cspr_core.caseload.store import FactsWriter
from cspr_core.reading.problems import BadInput
from tests.caseload.made import AS_OF, case_facts


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _put(*names: str) -> None:
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", "utf-8")


def _taken(*given: str, size: int = 500) -> list[str]:
    return [path.as_posix() for part in partitions(given, size=size) for path in part.paths]


def _refused(*given: str) -> list[str]:
    with pytest.raises(BadInput) as error:
        partitions(given)
    return [str(problem) for problem in error.value.problems]


def _facts(name: str, groups: Iterable[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with row groups of so many cases."""
    with FactsWriter(Path(name), AS_OF) as writer:
        for rows in groups:
            monkeypatch.setattr(store, "GROUP", rows)
            writer.add_table(table_of([case_facts(f"A-{row}") for row in range(rows)], AS_OF))


def test_a_folder_gives_its_case_files_and_those_below_it_in_order() -> None:
    _put("c/b.yaml", "c/a.yml", "c/A.JSON", "c/sub/z.yaml", "c/sub/deeper/k.yaml")
    _put("c/notes.txt", "c/facts.parquet", "c/lines.jsonl")
    assert _taken("c") == [
        "c/A.JSON", "c/a.yml", "c/b.yaml", "c/sub/z.yaml", "c/sub/deeper/k.yaml",
    ]  # fmt: skip


def test_hidden_files_and_identities_are_passed_over() -> None:
    _put("c/a.yaml", "c/.hidden.yaml", "c/.cspr/b.yaml", "c/a.identities.yaml")
    assert _taken("c") == ["c/a.yaml"]
    assert _taken("c/*.yaml") == ["c/a.yaml"]


def test_a_pattern_reaches_below() -> None:
    _put("c/a.yaml", "c/2025/b.yaml", "c/2025/b.txt", "c/2026/deep/c.json")
    assert _taken("c/**/*.yaml") == ["c/2025/b.yaml", "c/a.yaml"]
    assert _taken("c/202?/*") == ["c/2025/b.yaml", "c/2026/deep/c.json"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file() -> None:
    _put("a[1].yaml", "a1.yaml")
    assert _taken("a[1].yaml") == ["a[1].yaml"]


def test_a_file_named_twice_is_taken_once() -> None:
    _put("c/a.yaml", "c/b.yaml")
    assert _taken("c/b.yaml", "c", "./c/../c/*.yaml") == ["c/b.yaml", "c/a.yaml"]


def test_files_found_in_folders_are_told_from_those_named() -> None:
    _put("c/a.yaml", "d/b.yaml", "e.yaml")
    found = [(part.walked, len(part.paths)) for part in partitions(["c", "d", "e.yaml"])]
    assert found == [(True, 2), (False, 1)]


def test_many_files_are_cut_into_partitions_of_about_the_same_size() -> None:
    _put(*(f"c/{n:02}.yaml" for n in range(11)))
    parts = partitions(["c"], size=4)
    # 11 files, at most 4 each: three partitions, which end at 11/3 = 3, 22/3 = 7 and 11
    assert [len(part.paths) for part in parts] == [3, 4, 4]
    assert [part.number for part in parts] == [0, 1, 2]
    assert str(parts[0]) == f"{Path('c/00.yaml')} to {Path('c/02.yaml')} (3 files)"


def test_a_file_that_is_not_there_is_left_to_its_partition() -> None:
    assert _taken("none.yaml") == ["none.yaml"]
    (part,) = partitions(["none.jsonl"])
    assert (part.kind, part.start, part.stop) == ("lines", 0, 0)
    (part,) = partitions(["none.parquet"])
    assert (part.kind, part.start, part.stop) == ("facts", 0, 0)


def test_what_can_be_made_nothing_of_is_told_in_one_run() -> None:
    _put("empty/notes.txt", "notes.docx", "a.identities.yaml", "facts/a.parquet")
    assert _refused("empty", "notes.docx", "a.identities.yaml", "facts", "no-*.yaml", "e*") == [
        (
            "a.identities.yaml:1:1: This file holds identities, which no check reads. Name the case"
            " file itself."
        ),
        "e*:1:1: No case file matches this pattern. Check it, and the folder it starts from.",
        (
            "empty:1:1: There is no case file in this folder. Name a folder that holds case files,"
            " or make one with `cspr new`."
        ),
        (
            "facts:1:1: There is no case file in this folder. Name its Parquet or JSONL files one"
            " by one, or with a pattern."
        ),
        (
            "no-*.yaml:1:1: No case file matches this pattern. Check it, and the folder it starts"
            " from."
        ),
        (
            "notes.docx:1:1: This kind of file is not read. Name a folder, or files that end in"
            " .yaml, .yml, .json, .parquet, .jsonl."
        ),
    ]


def test_a_pattern_may_match_files_of_every_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    _put("x.yaml", "y.jsonl", "z.docx")
    _facts("f.parquet", [1], monkeypatch)
    assert [part.kind for part in partitions(["*"])] == ["facts", "files", "lines"]


# --- Parquet --------------------------------------------------------------------------------------


def test_small_row_groups_go_together_and_large_ones_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _facts("f.parquet", [1, 2, 1, 5, 1], monkeypatch)
    monkeypatch.setattr(sources, "GROUP", 4)
    parts = partitions(["f.parquet"])
    # at most 4 cases together: 1 + 2 + 1, then 5 by itself, then 1
    assert [(part.start, part.stop) for part in parts] == [(0, 3), (3, 4), (4, 5)]
    assert str(parts[0]) == "f.parquet, parts 1 to 3"


def test_a_parquet_file_without_cases_has_a_partition_all_the_same() -> None:
    with FactsWriter(Path("f.parquet"), AS_OF):
        pass
    assert [(part.start, part.stop) for part in partitions(["f.parquet"])] == [(0, 0)]


# --- lines ----------------------------------------------------------------------------------------


def test_lines_are_cut_where_they_end() -> None:
    Path("c.jsonl").write_bytes(b"one\n\ntwo\nthree")
    parts = partitions(["c.jsonl"], size=2)
    assert [(part.start, part.stop, part.line) for part in parts] == [(0, 5, 1), (5, 14, 3)]
    assert str(parts[1]) == "c.jsonl, from line 3"


def test_a_file_of_whole_parts_has_no_empty_one_at_its_end() -> None:
    Path("c.jsonl").write_bytes(b"one\ntwo\n")
    assert [(part.start, part.stop) for part in partitions(["c.jsonl"], size=2)] == [(0, 8)]


@given(
    lines=st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"x"))),
    size=st.integers(1, 5),
    block=st.integers(1, 20),
)
def test_the_parts_of_a_file_are_the_file(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], size: int, block: int
) -> None:
    content = b"\n".join(lines)
    path = tmp_path_factory.getbasetemp() / "c.jsonl"
    path.write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "_BLOCK", block)
        parts = partitions([str(path)], size=size)
    assert b"".join(content[part.start : part.stop] for part in parts) == content
    for part in parts:
        assert content[: part.start].count(b"\n") == part.line - 1
        assert content[part.start : part.stop].count(b"\n") <= size


# --- partitions -----------------------------------------------------------------------------------


def test_a_partition_travels_between_processes() -> None:
    part = Partition(3, "files", (Path("a.yaml"), Path("b.yaml")), walked=True)
    assert pickle.loads(pickle.dumps(part)) == part  # noqa: S301  (made here)


def test_a_partition_of_one_file_is_named_after_it() -> None:
    assert str(Partition(0, "files", (Path("a.yaml"),))) == "a.yaml"


def test_a_partition_for_another_folder_has_whole_paths(tmp_path: Path) -> None:
    part = Partition(0, "files", (Path("a.yaml"),))
    assert part.absolute().paths == (tmp_path.resolve() / "a.yaml",)


@pytest.mark.skipif(os.name == "nt", reason="links need a right there that few have")
def test_a_link_to_a_file_is_no_second_case() -> None:
    _put("c/a.yaml")
    Path("c/b.yaml").symlink_to(Path("a.yaml"))
    Path("c/gone.yaml").symlink_to(Path("nowhere.yaml"))
    assert _taken("c") == ["c/a.yaml", "c/gone.yaml"]


# --- what is not taken ----------------------------------------------------------------------------


def test_files_of_many_cases_in_a_folder_are_told_unless_named() -> None:
    _put("c/a.yaml", "c/facts.parquet", "c/sub/lines.jsonl", "c/.hidden/b.jsonl")
    names = [name for name, _ in taken(["c"]).passed_over]
    assert [Path(name).as_posix() for name in names] == ["c/facts.parquet", "c/sub/lines.jsonl"]
    named = taken(["c", "c/facts.parquet", "*"]).passed_over
    assert [Path(name).as_posix() for name, _ in named] == ["c/sub/lines.jsonl"]


def test_a_file_of_findings_holds_no_cases() -> None:
    schema = findings_schema().with_metadata({"schema": "cspr.findings/1"})
    pq.write_table(schema.empty_table(), "findings.parquet")
    (told,) = _refused("findings.parquet")
    assert told == (
        "findings.parquet:1:1: This file holds findings, the result of a check, and no cases. Name"
        " the cases themselves; `cspr stats` counts findings."
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes there")
def test_a_pipe_is_not_waited_for() -> None:
    for name in ("f.jsonl", "f.parquet", "f.yaml"):
        os.mkfifo(name)
        assert _refused(name) == [
            f"{name}:1:1: This is not an ordinary file. Name a file or a folder."
        ]


def test_what_is_not_there_is_not_a_kind_of_file() -> None:
    assert _refused("nowhere") == [
        "nowhere:1:1: There is no such file or folder. Check the name and the folder."
    ]
