"""A difference as JSON, for programs; absent values are `null`, never left out."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from cspr_core.comparing.changes import CHANGES, Difference, Side
from cspr_core.comparing.versions import Version


def json_of(difference: Difference, *, ascii_only: bool = False) -> str:
    """The difference as a JSON object."""
    return json.dumps(values_of(difference), ensure_ascii=ascii_only, indent=2)


def values_of(difference: Difference) -> dict[str, Any]:
    """The difference as plain values."""
    return {
        "schema_version": "1",
        "partnership": difference.area,
        "name": difference.name,
        "old": version_values(difference.old),
        "new": version_values(difference.new),
        "same": difference.same,
        "checks_differ": difference.affects,
        "summary": {
            **{change.replace(" ", "_"): len(difference.of(change)) for change in CHANGES},
            "as_before": difference.unchanged,
        },
        "requirements": [
            {
                "requirement": one.id,
                "renamed_from": one.renamed_from,
                "title": one.title,
                "change": one.change,
                "checks_differ": one.affects,
                "aspects": [asdict(aspect) for aspect in one.aspects],
                "old": _side(one.old),
                "new": _side(one.new),
            }
            for one in difference.requirements
        ],
        "held_from_another_day": [
            {
                "document": one.document,
                "old": None if one.was is None else one.was.isoformat(),
                "new": None if one.now is None else one.now.isoformat(),
                "requirements": list(one.requirements),
            }
            for one in difference.redated
        ],
        "sections": [asdict(one) for one in difference.sections],
        "not_compared": [asdict(one) for one in difference.hooks],
    }


def version_values(version: Version) -> dict[str, Any]:
    """What a version is called, and where it was read from."""
    return {"name": version.name, "file": version.file, "commit": version.commit}


def _side(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    return {
        "id": side.id,
        "title": side.title,
        "words": side.words,
        "line": side.line,
        "lines": [asdict(line) for line in side.lines],
    }
