"""The JSON Schema of `cspr check --format json`, made from the model of a report.

It is published in `report.schema.json` beside this file; a test keeps the two alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cspr_core.kinds import KINDS
from cspr_core.model.finding import Report
from cspr_core.program import STATUSES
from cspr_core.report.findings import SCHEMA_VERSION

_SUBJECTS = (
    "child agency person body meeting event substitute form delay parallel recipient"
).split()
_CLOSED: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("Report", "schema_version"): (SCHEMA_VERSION,),
    ("Subject", "type"): tuple(_SUBJECTS),
    ("Finding", "kind"): tuple(KINDS),
    ("Finding", "status"): STATUSES,
    ("Finding", "answer"): ("yes", "no", "unknown"),
    ("Finding", "authority"): ("statute", "statutory_guidance", "panel_guidance", "local"),
    ("Finding", "binding"): ("must", "should"),
    ("LimitValue", "unit"): ("working_days", "days", "months"),
}


def report_schema() -> dict[str, Any]:
    """The schema: a report for one case, an array of reports for several."""
    found = Report.model_json_schema(mode="serialization", ref_template="#/$defs/{model}")
    definitions: dict[str, Any] = found.pop("$defs")
    definitions["Report"] = found
    for (model, name), words in _CLOSED.items():
        _close(definitions[model]["properties"][name], words)
    counts = found["properties"]["summary"]
    counts["propertyNames"] = {"enum": list(STATUSES)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The report of `cspr check --format json`",
        "description": "One case is an object, several are an array.",
        "anyOf": [
            {"$ref": "#/$defs/Report"},
            {"type": "array", "items": {"$ref": "#/$defs/Report"}},
        ],
        "$defs": dict(sorted(definitions.items())),
    }


def _close(value: dict[str, Any], words: tuple[str, ...]) -> None:
    """Let a text hold these words only; one that may be null stays so."""
    text = next((part for part in value.get("anyOf", ()) if part.get("type") == "string"), value)
    text["enum"] = list(words)
