"""The files that the schemas are held against: those shipped, and a small one of each kind."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

from cspr_core.schemas import schema_text

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(
    path
    for folder in ("examples", "plugins", "cspr_core/national")
    for path in (ROOT / folder).rglob("*.yaml")
)

ARRANGEMENTS = """\
schema: cspr.arrangements/1
partnership: midshire
name: Midshire Safeguarding Children Partnership
covers:
  - {document: Practice Guidance, dated: 2024-01, checked: 2026-01-05, stages: [review]}
requirements:
  - id: told_in_time
    kind: deadline
    title: The Panel is told in time
    stage: review
    source: {section: Telling others}
    for_each: {agency: involved}
    when: {decision: local_review}
    within: {n: 7, unit: working_days, of: {event: publication}}
    met_by: {event: notified, to: panel}
"""
CASE = """\
schema: cspr.case/1
case: MS-2026-03
partnership: midshire
children:
  - {id: child_1, outcome: seriously_harmed, looked_after: no}
incident: {date: 2026-03-02, area: midshire, abuse_or_neglect: suspected}
events:
  - {type: aware, by: local_authority, date: 2026-03-03}
"""
SCENARIO = """\
schema: cspr.scenario/1
title: The seventh working day
base: base/case.yaml
change:
  add:
    events: [{type: notified, to: panel, date: 2026-03-09}]
expect:
  - {requirement: national.notify_panel, as_of: 2026-03-10, status: met, because: Told.}
"""
SMALL = {"arrangements": ARRANGEMENTS, "case": CASE, "scenario": SCENARIO}


def kind_of(data: Any) -> str:
    """Which schema a file's content says that it follows."""
    return str(data["schema"]).removeprefix("cspr.").partition("/")[0]


@cache
def schema(kind: str) -> dict[str, Any]:
    """A shipped schema; not to be changed."""
    found: dict[str, Any] = json.loads(schema_text(kind))
    return found


@cache
def validator(kind: str) -> Draft7Validator:
    """What holds a file against a shipped schema."""
    return Draft7Validator(schema(kind))
