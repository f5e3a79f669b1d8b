"""An impact as JSON, for programs; absent values are `null`, never left out."""

from __future__ import annotations

import json
from typing import Any

from cspr_core.comparing.diff_json import version_values
from cspr_core.impact.order import DIRECTIONS, State
from cspr_core.impact.result import Change, Example, Explained, Impact, Told


def json_of(impact: Impact, *, ascii_only: bool = False) -> str:
    """The impact as a JSON object."""
    return json.dumps(values_of(impact), ensure_ascii=ascii_only, indent=2)


def values_of(impact: Impact) -> dict[str, Any]:
    """The impact as plain values; `docs/impact.md` says what each key holds."""
    difference = impact.difference
    return {
        "schema_version": "1",
        "partnership": difference.area,
        "name": difference.name,
        "old": version_values(difference.old),
        "new": version_values(difference.new),
        "as_of": impact.as_of.isoformat(),
        "complete": not impact.missing,
        "missing": {
            "both": impact.unread,
            "new": list(impact.refused),
            "old": list(impact.taken),
        },
        "notes": list(impact.notes),
        "cases": {
            "compared": impact.cases,
            "areas": dict(impact.areas),
            "left_out": dict(impact.left_out),
            "changed": impact.changed,
            **{direction: impact.touched[direction] for direction in DIRECTIONS},
            "lost": impact.lost,
        },
        "changes": [_change(change) for change in impact.changes],
        "explained": None if impact.explained is None else _explained(impact.explained),
        "not_compared": [{"name": hook.name, "words": hook.words} for hook in difference.hooks],
    }


def _change(change: Change) -> dict[str, Any]:
    group = change.group
    return {
        "requirement": group.requirement,
        "renamed_from": change.renamed_from,
        "title": change.title,
        "direction": group.direction,
        "old": _state(group.old),
        "new": _state(group.new),
        "moved": group.moved,
        "days": None
        if group.days is None
        else {"min": group.days.least, "median": group.days.median, "max": group.days.most},
        "only_date": group.only_date,
        "cases": group.cases,
        "findings": group.findings,
        "areas": dict(group.areas),
        "rule": list(change.rule),
        "examples": [_example(one) for one in group.examples],
    }


def _state(state: State | None) -> dict[str, Any] | None:
    return None if state is None else state._asdict()


def _example(one: Example) -> dict[str, Any]:
    return {
        "partnership": one.partnership,
        "case": one.case,
        "subject": one.subject,
        "old_due": None if one.old_due is None else one.old_due.isoformat(),
        "new_due": None if one.new_due is None else one.new_due.isoformat(),
    }


def _explained(explained: Explained) -> dict[str, Any]:
    return {
        "requirement": explained.change.group.requirement,
        "example": _example(explained.example),
        "old": _told(explained.old),
        "new": _told(explained.new),
    }


def _told(side: Told | None) -> dict[str, Any] | None:
    """A finding as `cspr check --format json` has it, and what its date is counted from."""
    if side is None:
        return None
    return {**side.finding.model_dump(mode="json"), "counted": side.counted}
