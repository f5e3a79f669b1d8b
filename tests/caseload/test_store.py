"""Parquet files of facts: what is written, what is refused, and what is left after a failure."""

import errno
import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cspr_core.caseload import store
from cspr_core.caseload.columns import CaseFacts, facts_schema, rows_of, table_of
from cspr_core.caseload.errors import CaseloadError
from cspr_core.caseload.store import FactsWriter, open_facts, told, whole_file
from cspr_core.reading.problems import BadInput
from tests.caseload.made import AREA, AS_OF, case_facts

Change = Callable[[pa.Table], pa.Table]


def _foreign(folder: Path, cases: Sequence[CaseFacts]) -> Path:
    """As another program writes facts: the writer itself refuses what no case gives."""
    path = folder / "facts.parquet"
    pq.write_table(table_of(cases, AS_OF), path)
    return path


def _written(folder: Path, cases: Sequence[CaseFacts], name: str = "facts.parquet") -> Path:
    path = folder / name
    with FactsWriter(path, AS_OF) as writer:
        writer.add(cases)
    return path


def _changed(folder: Path, change: Change) -> Path:
    """A file of one case, as another program might have made it."""
    path = folder / "facts.parquet"
    pq.write_table(change(table_of([case_facts()], AS_OF)), path)
    return path


def _lines(error: pytest.ExceptionInfo[BadInput]) -> list[str]:
    return [str(problem).partition("facts.parquet:")[2] for problem in error.value.problems]


def _refused(path: Path) -> list[str]:
    with pytest.raises(BadInput) as error:
        open_facts(path)
    return _lines(error)


def _without(name: str) -> Change:
    return lambda table: table.drop_columns([name])


def _inner(name: str, change: Callable[[list[pa.Field]], list[pa.Field]]) -> Change:
    """The column of a type of facts with other columns within it, and no facts."""

    def made(table: pa.Table) -> pa.Table:
        fields = change(list(table.schema.field(name).type.value_type))
        column = pa.array([[]], pa.list_(pa.struct(fields)))
        return table.set_column(table.schema.get_field_index(name), name, column)

    return made


def _said(**metadata: str) -> Change:
    """Other metadata; what is not given goes."""
    return lambda table: table.replace_schema_metadata(metadata)


# --- writing --------------------------------------------------------------------------------------


def test_what_was_written_is_read_back_case_by_case(tmp_path: Path) -> None:
    cases = [case_facts("A-1"), case_facts("B-2", "essex")]
    file = open_facts(_written(tmp_path, cases))
    assert (file.as_of, file.cases, file.groups) == (AS_OF, 2, 1)
    assert list(rows_of(file.read(0))) == cases


def test_some_columns_come_with_the_case_and_its_partnership(tmp_path: Path) -> None:
    file = open_facts(_written(tmp_path, [case_facts()]))
    assert file.read(0, ["child"]).column_names == ["case", "partnership", "child"]


def test_row_groups_have_as_many_cases_as_are_stated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "GROUP", 3)
    cases = [case_facts(f"A-{n}") for n in range(7)]
    file = open_facts(_written(tmp_path, cases))
    assert file.sizes == (3, 3, 1)  # 7 = 3 + 3 + 1
    read = [one.case for group in range(3) for one in rows_of(file.read(group))]
    assert read == [one.case for one in cases]


def test_how_the_cases_come_in_does_not_show_in_the_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "GROUP", 4)
    monkeypatch.setattr(store, "_AT_ONCE", 2)
    cases = [case_facts(f"A-{n}", AREA if n % 3 else "essex") for n in range(9)]
    at_once = _written(tmp_path, cases, "a.parquet").read_bytes()
    with FactsWriter(tmp_path / "b.parquet", AS_OF) as writer:
        for one in cases[:5]:
            writer.add([one])
        writer.add_table(table_of(cases[5:], AS_OF))
    assert writer.cases == 9
    assert (tmp_path / "b.parquet").read_bytes() == at_once


def test_a_file_without_cases_is_whole(tmp_path: Path) -> None:
    assert open_facts(_written(tmp_path, [])).sizes == ()


@pytest.mark.skipif(os.name == "nt", reason="Windows has access control lists")
def test_the_file_is_its_owners_only(tmp_path: Path) -> None:
    assert _written(tmp_path, [case_facts()]).stat().st_mode & 0o777 == 0o600


def test_words_are_kept_once_for_each_row_group(tmp_path: Path) -> None:
    path = _written(tmp_path, [case_facts(f"A-{n}") for n in range(3)])
    group = pq.ParquetFile(path).metadata.row_group(0)
    columns = [group.column(n) for n in range(group.num_columns)]
    (status,) = [one for one in columns if one.path_in_schema == "answer.list.element.value"]
    assert "RLE_DICTIONARY" in status.encodings
    assert {one.compression for one in columns} == {"ZSTD"}


def test_a_table_of_something_else_is_not_taken(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match="not the columns"),
        FactsWriter(tmp_path / "f", AS_OF) as writer,
    ):
        writer.add_table(pa.table({"case": ["A-1"]}))
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_where_the_writing_program_fails(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    path.write_bytes(b"what was there before")
    with pytest.raises(KeyError), FactsWriter(path, AS_OF) as writer:
        writer.add([case_facts(), {}["another"]])
    assert path.read_bytes() == b"what was there before"
    assert list(tmp_path.iterdir()) == [path]


class _Full:
    """A stream on a disk with little room left."""

    def __init__(self, stream: Any, room: int) -> None:
        self._stream, self.room = stream, room

    def write(self, data: Any) -> int:
        self.room -= len(data)
        if self.room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return int(self._stream.write(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@pytest.mark.parametrize("room", [0, 10, 3_000, 20_000])
def test_a_full_disk_is_told_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    opened = os.fdopen
    monkeypatch.setattr(store.os, "fdopen", lambda *args: _Full(opened(*args), room))
    monkeypatch.setattr(store, "GROUP", 2)
    path = tmp_path / "facts.parquet"
    with pytest.raises(CaseloadError) as error, FactsWriter(path, AS_OF) as writer:
        writer.add([case_facts(f"A-{n}") for n in range(7)])
    assert str(error.value) == (
        f"{path}: could not be written: the disk is full. Nothing was left there. Free some room,"
        " or name a place on another disk."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(CaseloadError, match="there is no such folder"),
        FactsWriter(tmp_path / "none" / "f", AS_OF),
    ):
        pass


def test_other_reasons_are_told_in_the_systems_words(tmp_path: Path) -> None:
    with pytest.raises(CaseloadError, match="could not be written: "), told(tmp_path):
        raise OSError(errno.EIO, "Input/output error")


def test_what_fails_within_a_whole_file_is_not_taken_for_its_own_failure(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), whole_file(tmp_path / "f"):
        (tmp_path / "another").read_bytes()


# --- what the two ends and the footer show --------------------------------------------------------


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert _refused(tmp_path / "facts.parquet") == [
        "1:1: There is no such file. Check the name and the folder."
    ]


def test_a_folder_in_the_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "facts.parquet").mkdir()
    assert _refused(tmp_path / "facts.parquet") == [
        "1:1: This is a folder, not a file. Name a Parquet file in it."
    ]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (PermissionError(), "1:1: This file may not be read. Ask its owner for access."),
        (
            OSError(),
            "1:1: This file cannot be read. Check the name, and that the drive is connected.",
        ),
    ],
)
def test_a_file_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, line: str
) -> None:
    path = _written(tmp_path, [])

    def failing(*_args: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", failing)
    assert _refused(path) == [line]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (
            b"case,partnership\n",
            "1:1: This is not a Parquet file. Name a file of facts, or a folder of case files.",
        ),
        (b"", "1:1: This is not a Parquet file. Name a file of facts, or a folder of case files."),
        (
            b"PAR1",
            (
                "1:1: This Parquet file is truncated: its end is missing. Copy the file again, or"
                " make it anew."
            ),
        ),
        (
            b"PAREabcdefghijPARE",
            "1:1: This Parquet file is encrypted. Make it without encryption.",
        ),
        (
            b"PAR1 nonsense \x07\x00\x00\x00PAR1",
            (
                "1:1: The end of this Parquet file, which says what it holds, is damaged. Copy the"
                " file again, or make it anew."
            ),
        ),
    ],
)
def test_what_is_no_whole_parquet_file(tmp_path: Path, content: bytes, line: str) -> None:
    path = tmp_path / "facts.parquet"
    path.write_bytes(content)
    assert _refused(path) == [line]


def test_a_truncated_file(tmp_path: Path) -> None:
    path = _written(tmp_path, [case_facts()])
    path.write_bytes(path.read_bytes()[:-100])
    (line,) = _refused(path)
    assert line.startswith("1:1: This Parquet file is truncated: its end is missing.")


def test_a_file_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    pq.write_table(pa.table({"colour": ["red"]}), path)
    lines = _refused(path)
    # schema, as_of, case, partnership, and a column for each type of facts
    assert len(lines) == 4 + len(facts_schema(AS_OF)) - 2
    assert (
        "1:1: This Parquet file does not say that it holds facts of cases (`schema`). Make it with"
        " `cspr simulate`, or with the version of cspr that reads it."
    ) in lines
    assert "1:1: The column `case` is missing. Add it." in lines
    assert (
        "1:1: The column `event` is missing. Add it; a case without such facts has an empty list."
    ) in lines


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            _said(schema="cspr.facts/2", as_of="2026-06-01"),
            (
                "1:1: This file says `cspr.facts/2` where `cspr.facts/1` is due. Make it with `cspr"
                " simulate`, or with the version of cspr that reads it."
            ),
        ),
        (
            _said(schema="of someone's, in free text", as_of="2026-06-01"),
            (
                "1:1: This file says something else where `cspr.facts/1` is due. Make it with `cspr"
                " simulate`, or with the version of cspr that reads it."
            ),
        ),
        (
            _said(schema="cspr.facts/1"),
            (
                "1:1: This Parquet file does not say as of which day its facts stand (`as_of`). Add"
                " `as_of` to its metadata, for example 2026-06-01."
            ),
        ),
        (
            _said(schema="cspr.facts/1", as_of="1 June"),
            (
                "1:1: This Parquet file does not say as of which day its facts stand (`as_of`). Add"
                " `as_of` to its metadata, for example 2026-06-01."
            ),
        ),
        (
            _without("closed"),
            (
                "1:1: The column `closed` is missing. Add it; a case without such facts has an"
                " empty list."
            ),
        ),
        (
            lambda table: table.set_column(0, "case", pa.array([1])),
            "1:1: The column `case` holds int64, not string. Write it as string.",
        ),
        (
            lambda table: table.append_column("case", pa.array(["A-1"])),
            "1:1: There are 2 columns `case`. Keep one of them.",
        ),
        (
            lambda table: table.set_column(2, "event", pa.array(["notified"])),
            "1:1: The column `event` holds string. Let it hold a list of structs for each case.",
        ),
        (
            _inner("closed", lambda fields: fields[:-1]),
            ("1:1: The column `closed.date` is missing. Add it."),
        ),
        (
            _inner("closed", lambda fields: [*fields[:-1], pa.field("date", pa.date32())]),
            "1:1: The column `closed.date` holds date32[day], not int32. Write it as int32.",
        ),
    ],
)
def test_what_the_footer_shows(tmp_path: Path, change: Change, line: str) -> None:
    assert _refused(_changed(tmp_path, change)) == [line]


def test_all_that_is_wrong_comes_in_one_run(tmp_path: Path) -> None:
    path = _changed(tmp_path, lambda table: _said(schema="cspr.facts/1")(_without("case")(table)))
    assert len(_refused(path)) == 2  # no day, no column `case`


def test_columns_beside_those_of_facts_are_let_be(tmp_path: Path) -> None:
    def more(table: pa.Table) -> pa.Table:
        fields = [*table.schema.field("closed").type.value_type, pa.field("note", pa.string())]
        changed = _inner("closed", lambda _: fields[::-1])(table)
        return changed.append_column("__index__", pa.array([1]))

    read = open_facts(_changed(tmp_path, more)).read(0)
    assert read.schema.equals(facts_schema(AS_OF))


# --- what shows when the values are read ----------------------------------------------------------


def test_a_damaged_part_is_told_when_it_is_read(tmp_path: Path) -> None:
    path = _written(tmp_path, [case_facts(f"A-{n}") for n in range(50)])
    content = bytearray(path.read_bytes())
    content[4:400] = bytes(396)
    path.write_bytes(bytes(content))
    with pytest.raises(BadInput) as error:
        open_facts(path).read(0)
    assert _lines(error) == [
        (
            "1:1: Part 1 of 1 of this file is damaged, and its 50 cases can't be read. Copy the"
            " file again, or make it anew."
        )
    ]


def test_values_that_no_case_file_gives_are_refused_or_left_out(tmp_path: Path) -> None:
    wrong = case_facts("B-2", more={"stage": [{"fid": 900, "stage": "rapid review"}]})
    file = open_facts(_foreign(tmp_path, [case_facts("A-1"), wrong, case_facts("C-3")]))
    line = (
        "1:1: The column `stage.stage` holds a word that nobody knows (case `B-2`). Write one of"
        " the vocabulary's, or an area's own as `area.word`."
    )
    with pytest.raises(BadInput) as error:
        file.read(0)
    assert _lines(error) == [line]
    table, problems = file.read_sound(0)
    assert [str(problem) for problem in problems] == [f"{file.path}:{line}"]
    assert table.column("case").to_pylist() == ["A-1", "C-3"]
    assert file.read_part(0).rows.tolist() == [0, 2]


def test_the_day_of_the_facts_is_that_of_the_file(tmp_path: Path) -> None:
    with FactsWriter(tmp_path / "facts.parquet", date(2025, 1, 2)):
        pass
    assert open_facts(tmp_path / "facts.parquet").as_of == date(2025, 1, 2)


# --- words as codes ------------------------------------------------------------------------------


def test_words_as_codes_are_the_same_words(tmp_path: Path) -> None:
    file = open_facts(_written(tmp_path, [case_facts("A-1"), case_facts("B-2", "essex")]))
    coded = file.read_part(0, coded=True).facts
    assert coded.to_pylist() == file.read(0).to_pylist()
    answers = coded.schema.field("answer").type.value_type
    assert answers.field("value").type == pa.dictionary(pa.int32(), pa.string())
    assert coded.schema.field("case").type == pa.string()


def test_words_as_codes_of_another_programs_file(tmp_path: Path) -> None:
    # Others name what is within a list as they like, and write no dictionaries.
    path = tmp_path / "facts.parquet"
    table = table_of([case_facts()], AS_OF)
    fields = [*table.schema.field("stage").type.value_type, pa.field("more", pa.string())]
    kind = pa.list_(pa.field("entry", pa.struct(fields)))
    stages = [{"fid": 900, "stage": "referral", "more": "x"}]
    where = table.schema.get_field_index("stage")
    table = table.set_column(where, "stage", pa.array([stages], kind))
    pq.write_table(table, path, use_dictionary=False, use_compliant_nested_type=False)
    coded = open_facts(path).read_part(0, coded=True)
    assert coded.facts["stage"].to_pylist() == [[{"fid": 900, "stage": "referral"}]]
    assert coded.problems == ()


def test_values_that_no_case_file_gives_are_found_among_codes(tmp_path: Path) -> None:
    cases = [
        case_facts("A-1"),
        case_facts("B-2", more={"stage": [{"fid": 900, "stage": "rapid review"}]}),
        case_facts("C-3", more={"stage": [{"fid": 900, "stage": "barset.own"}]}),
        _with_answer("D-4", "perhaps"),
        _with_answer("E-5", None),
    ]
    file = open_facts(_foreign(tmp_path, cases))
    plain, coded = file.read_part(0), file.read_part(0, coded=True)
    assert coded.problems == plain.problems
    assert coded.rows.tolist() == plain.rows.tolist() == [0, 2]


def _with_answer(case: str, value: str | None) -> CaseFacts:
    one = case_facts(case)
    first, *rest = one.rows["answer"]
    return one._replace(rows={**one.rows, "answer": [{**first, "value": value}, *rest]})


def test_a_row_group_without_rows(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    table = table_of([case_facts()], AS_OF)
    with pq.ParquetWriter(path, table.schema) as writer:
        writer.write_table(table.slice(0, 0))
        writer.write_table(table)
    file = open_facts(path)
    assert [file.read(group).num_rows for group in range(file.groups)] == list(file.sizes)


def test_two_columns_of_one_name_within_facts(tmp_path: Path) -> None:
    path = _changed(tmp_path, _inner("closed", lambda fields: [*fields, fields[0]]))
    assert _refused(path) == ["1:1: There are 2 columns `closed.fid`. Keep one of them."]


# --- seals ----------------------------------------------------------------------------------------


def test_a_written_row_group_is_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    with FactsWriter(path, AS_OF) as writer:
        writer.add([case_facts("A-1"), case_facts("A-2")])
    found = open_facts(path)
    assert found.sealed(0)
    read = found.read_sealed(0, ["child.list.element.child"])
    assert read.column("case").to_pylist() == ["A-1", "A-2"]
    assert read.column_names == ["case", "partnership", "child"]


def test_a_changed_byte_breaks_the_seal(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    with FactsWriter(path, AS_OF) as writer:
        writer.add([case_facts("A-1")])
    end = open_facts(path).seals[0].end
    content = bytearray(path.read_bytes())
    content[end // 2] ^= 1
    path.write_bytes(content)
    assert not open_facts(path).sealed(0)


def test_another_programs_copy_has_no_seal_though_it_keeps_what_the_footer_said(
    tmp_path: Path,
) -> None:
    path, copy = tmp_path / "facts.parquet", tmp_path / "copy.parquet"
    with FactsWriter(path, AS_OF) as writer:
        writer.add([case_facts("A-1")])
    table = pq.read_table(path)
    said = {**(table.schema.metadata or {}), **pq.ParquetFile(path).metadata.metadata}
    pq.write_table(table.replace_schema_metadata(said), copy, compression="none")
    assert not any(open_facts(copy).sealed(n) for n in range(open_facts(copy).groups))


@pytest.mark.parametrize("seals", ["[]", "no list", "[[4]]", '[["x", "y"]]', '[[9, "00"]]'])
def test_what_is_no_seal_of_this_file_is_none(tmp_path: Path, seals: str) -> None:
    path = tmp_path / "facts.parquet"
    table = table_of([case_facts("A-1")], AS_OF)
    pq.write_table(table.replace_schema_metadata({**table.schema.metadata, "seals": seals}), path)
    assert open_facts(path).seals == ()
    assert not open_facts(path).sealed(0)


def test_what_no_case_gives_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    with (
        pytest.raises(ValueError, match="what no case gives: The column `stage` is empty"),
        FactsWriter(path, AS_OF) as writer,
    ):
        writer.add([case_facts("A-1", more={"stage": []})])
    assert not path.exists()
