"""Made-up cases for tests of caseloads: as files, as lines, and as stored facts."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from cspr_core.caseload.columns import CaseFacts
from cspr_core.facts import facts_of
from tests.builders import a_case

AS_OF = date(2026, 6, 1)  # a Monday
AREA = "northamptonshire"


def case_data(case: str = "TEST-1", area: str = AREA, **more: Any) -> dict[str, Any]:
    """A small case as a file holds it: aware on 5 January 2026, the Panel notified on the 9th."""
    child = {"id": "child_1", "outcome": "seriously_harmed", "looked_after": "no"}
    incident = {"area": area, "residence": area, "abuse_or_neglect": "suspected"}
    return {
        "schema": "cspr.case/1",
        "case": case,
        "partnership": area,
        "children": [{**child, "care_leaver": "no"}],
        "incident": incident,
        "events": [
            {"type": "aware", "by": "local_authority", "date": "2026-01-05"},
            {"type": "notified", "to": "panel", "date": "2026-01-09"},
        ],
        **more,
    }


def case_text(case: str = "TEST-1", area: str = AREA, **more: Any) -> str:
    """The same as the text of a file: what JSON's writer writes, YAML's reader reads."""
    return json.dumps(case_data(case, area, **more), indent=1) + "\n"


def case_file(folder: Path, case: str = "TEST-1", area: str = AREA, **more: Any) -> Path:
    """The same in a file named after it."""
    path = folder / f"{case}.yaml"
    path.write_text(case_text(case, area, **more), "utf-8")
    return path


def case_line(case: str = "TEST-1", area: str = AREA, **more: Any) -> str:
    """The same as a line of a JSONL file."""
    return json.dumps(case_data(case, area, **more)) + "\n"


def case_facts(
    case: str = "TEST-1", area: str = AREA, more: Mapping[str, Any] | None = None
) -> CaseFacts:
    """The same as facts as of `AS_OF`; `more` are rows of further types."""
    facts = facts_of(a_case(case_text(case, area)), AS_OF)
    return CaseFacts(case, area, {**facts.rows, **(more or {})})
