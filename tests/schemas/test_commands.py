"""`cspr schema`, and what `cspr new` puts beside a case."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from cspr_core.report.new_case import NewCase, case_text
from cspr_core.schemas import KINDS, put_schema, schema_text
from tests.schemas.asking import cspr, new_case


@pytest.mark.parametrize("kind", KINDS)
def test_schema_of_a_kind_of_file(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cspr("schema", kind) == 0
    schema = json.loads(capsys.readouterr().out)
    fixed = schema["properties"]["schema"]["$ref"].removeprefix("#/definitions/")
    assert schema["definitions"][fixed]["enum"] == [f"cspr.{kind}/1"]


@pytest.mark.parametrize("kind", KINDS)
def test_schema_can_be_written_again_over_itself(kind: str, tmp_path: Path) -> None:
    # A file that could be a case is never overwritten; a schema that speaks of cases is none.
    path = tmp_path / "a.schema.json"
    assert cspr("schema", kind, "--out", str(path)) == 0
    assert cspr("schema", kind, "--out", str(path)) == 0
    assert path.read_text("utf-8") == schema_text(kind)


def test_new_case_names_its_schema_and_finds_it_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "MS-1.yaml"
    new_case(path)
    first = path.read_text("utf-8").partition("\n")[0]
    assert first == "# yaml-language-server: $schema=.cspr/case.schema.json"
    named = tmp_path / first.partition("$schema=")[2]
    assert named.read_text("utf-8") == schema_text("case")
    assert capsys.readouterr().err == ""


def test_new_case_is_written_where_the_schema_can_t_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".cspr").write_text("in the way", "utf-8")
    path = tmp_path / "MS-1.yaml"
    new_case(path)
    assert path.is_file()
    assert ".cspr: could not be written. The case is whole" in capsys.readouterr().err


def test_schema_beside_a_case_is_renewed_only_where_it_differs(tmp_path: Path) -> None:
    case = tmp_path / "a.yaml"
    put_schema(case, "case")
    schema = tmp_path / ".cspr" / "case.schema.json"
    before = schema.stat().st_mtime_ns
    put_schema(case, "case")
    assert schema.stat().st_mtime_ns == before
    schema.write_text("{}", "utf-8")
    put_schema(case, "case")
    assert schema.read_text("utf-8") == schema_text("case")


def test_new_case_with_the_most_children_has_fifteen_lines() -> None:
    text = case_text(NewCase("midshire", date(2026, 3, 27), children=6))
    # the schema's line, four up to `children`, six children, incident, events, a comment, aware
    assert len(text.splitlines()) == 1 + 4 + 6 + 4
