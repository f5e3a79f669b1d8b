"""Reports as JSON, for other programs: the shape that `report.schema.json` describes."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cspr_core.model.finding import Report


def json_of(reports: Sequence[Report], *, several: bool, ascii_only: bool = False) -> str:
    """One report as an object, `several` as an array; absent values are null, dates ISO text.

    `ascii_only` writes other characters as JSON's own escapes, for consoles that lack them.
    """
    values = [report.model_dump(mode="json") for report in reports]
    shown = values if several else values[0]
    return json.dumps(shown, ensure_ascii=ascii_only, indent=2) + "\n"
