"""Of which kind an agency is, from facts, case files or lines."""

import json
from datetime import date
from pathlib import Path

import pytest

from cspr_core.caseload.columns import CaseFacts
from cspr_core.caseload.sources import partitions
from cspr_core.caseload.store import FactsWriter
from cspr_core.check import facts_for, rules_for
from cspr_core.reading.case import read_case
from cspr_core.statistics.kinds import kinds_of, named_by_kind

DATA = {
    "schema": "cspr.case/1",
    "case": "LD-1",
    "partnership": "leeds",
    "children": [{"id": "child_1", "outcome": "died"}],
    "incident": {"area": "leeds"},
    "agencies": {
        "police": {"involved": "yes"},
        "infirmary": {"kind": "acute_hospital", "involved": "yes"},
    },
    "events": [{"type": "aware", "by": "local_authority", "date": "2026-03-03"}],
}
PAIRS = [("LD-1", "police"), ("LD-1", "infirmary"), ("LD-2", "infirmary")]


@pytest.fixture(params=["files", "lines", "facts"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The same case three ways; beside files and lines, one that can't be read."""
    case = tmp_path / "cases" / "case.json"
    case.parent.mkdir()
    case.write_text(json.dumps(DATA), encoding="utf-8")
    if request.param == "files":
        (case.parent / "broken.yaml").write_text("case: [", encoding="utf-8")
        (case.parent / "other.yaml").write_text("- 1", encoding="utf-8")
        return case.parent
    if request.param == "lines":
        path = tmp_path / "cases.jsonl"
        path.write_text(f"{{broken\n{json.dumps(DATA)}\n", encoding="utf-8")
        return path
    path = tmp_path / "cases.parquet"
    day = date(2026, 6, 1)
    facts = facts_for(read_case(case, today=None), rules_for("leeds"), day)
    with FactsWriter(path, day) as writer:
        writer.add([CaseFacts("LD-1", "leeds", facts.rows)])
    return path


def test_a_key_of_its_own_has_the_kind_that_its_case_says(source: Path) -> None:
    (partition,) = partitions([str(source)])
    assert kinds_of(partition)(PAIRS) == ["police", "acute_hospital", "kind_not_known"]


def test_nothing_is_read_where_all_are_named_by_their_kind(source: Path) -> None:
    (partition,) = partitions([str(source)])
    for path in partition.paths:
        path.unlink()
    assert kinds_of(partition)([("LD-1", "police"), ("LD-1", "gp")]) == ["police", "gp"]


def test_findings_alone_know_only_names_that_are_kinds() -> None:
    assert named_by_kind(PAIRS) == ["police", "kind_not_known", "kind_not_known"]


@pytest.mark.parametrize("form", ["files", "lines"])
def test_a_case_without_agencies_beside_others_has_none(tmp_path: Path, form: str) -> None:
    bare = {key: value for key, value in DATA.items() if key != "agencies"} | {"case": "LD-2"}
    odd = [bare, {}, {"case": "LD-3", "agencies": ["police"]}, {"agencies": {"gp": None}}, DATA]
    folder = tmp_path / "cases"
    folder.mkdir()
    if form == "files":
        for number, data in enumerate(odd):
            (folder / f"{number}.json").write_text(json.dumps(data), encoding="utf-8")
    else:
        lines = "".join(f"{json.dumps(data)}\n" for data in odd) + "[" * 100_000 + "\n"
        (folder / "cases.jsonl").write_text(lines, encoding="utf-8")
    source = folder if form == "files" else folder / "cases.jsonl"
    (partition,) = partitions([str(source)])
    assert kinds_of(partition)(PAIRS) == ["police", "acute_hospital", "kind_not_known"]
