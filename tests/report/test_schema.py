"""The published JSON Schema: kept true, and true of real reports."""

import copy
import json
from collections.abc import Callable
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cspr_core.check import check_case
from cspr_core.plugins import installed
from cspr_core.reading.case import read_case
from cspr_core.report.as_json import json_of
from cspr_core.report.findings import report_of
from cspr_core.report.schema import report_schema

EXAMPLES = Path(__file__).parents[2] / "examples"
CASES = sorted(path for area in installed() for path in (EXAMPLES / area).glob("*.yaml"))


def as_of(path: Path) -> str:
    """The day that an example names in its first line."""
    words = path.read_text(encoding="utf-8").partition("\n")[0].split()
    return words[words.index("--as-of") + 1].rstrip(",.")


@cache
def reports(path: Path) -> Any:
    """The JSON of an example, read back; not to be changed."""
    checked = check_case(read_case(path, today=None), date.fromisoformat(as_of(path)))
    return json.loads(json_of([report_of(checked)], several=False))


def test_published_schema_is_the_models() -> None:
    published = files("cspr_core.report").joinpath("report.schema.json").read_text("utf-8")
    # `cspr schema report --out cspr_core/report/report.schema.json` writes it anew.
    assert json.loads(published) == report_schema()


def test_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(report_schema())


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(report_schema())


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_report_of_each_example_is_valid(validator: Draft202012Validator, path: Path) -> None:
    report = reports(path)
    assert list(validator.iter_errors(report)) == []
    assert list(validator.iter_errors([report, report])) == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_findings_are_sorted_by_code_point(path: Path) -> None:
    keys = [
        (f["requirement"], f["subject"]["id"] if f["subject"] else "")
        for f in reports(path)["findings"]
    ]
    assert keys == sorted(keys)


SPOIL: dict[str, Callable[[Any], object]] = {
    "a status that is none": lambda r: r["findings"][0].update(status="late"),
    "a key left out": lambda r: r["findings"][0].pop("due"),
    "a unit that is none": lambda r: r["findings"][0].update(
        value={"n": 1, "unit": "weeks", "in_force_from": None}
    ),
    "a count of no status": lambda r: r["summary"].update(late=1),
    "another version": lambda r: r.update(schema_version="2"),
    "an answer that is none": lambda r: r["findings"][0].update(answer="perhaps"),
}


@pytest.mark.parametrize("name", SPOIL)
def test_schema_refuses(validator: Draft202012Validator, name: str) -> None:
    report = reports(CASES[0])
    assert validator.is_valid(report)
    spoilt = copy.deepcopy(report)
    SPOIL[name](spoilt)
    assert not validator.is_valid(spoilt)
