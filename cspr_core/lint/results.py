"""What the rules found, as text for a person and as JSON for a program.

The JSON's shape is `check.schema.json` beside this module.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from cspr_core.lint.framework import SEVERITIES, Found, Result, rules
from cspr_core.lint.ignoring import CODE_OF_ITS_OWN, TITLE

VERSION = "1"


def as_text(results: Iterable[Result], as_of: date) -> str:
    """One line a message, then one line for each plugin that was checked."""
    lines: list[str] = []
    for result in results:
        lines += [str(_shortened(found)) for found in result.found]
        lines.append(_summary(result, as_of))
    return "\n".join(lines)


def as_json(results: Iterable[Result], as_of: date) -> str:
    """The same as JSON: an object with `checked`, one entry for each plugin."""
    value = {
        "schema_version": VERSION,
        "as_of": as_of.isoformat(),
        "checked": [_checked(result) for result in results],
    }
    return json.dumps(value, ensure_ascii=True, indent=2)


def check_schema() -> dict[str, Any]:
    """The JSON Schema of what `as_json` gives."""
    text = Path(__file__).with_name("check.schema.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def short(file: str) -> str:
    """A file's name as seen from the current folder, where it is below it."""
    path, here = Path(file), Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else file


def _shortened(found: Found) -> Found:
    return Found(**{**vars(found), "file": short(found.file)})


def _summary(result: Result, as_of: date) -> str:
    counts = ", ".join(_many(result.count(severity), severity) for severity in SEVERITIES)
    context = result.context
    asked = _many(len(context.requirements), "requirement")
    left_out = "".join(f" {sentence}" for sentence in _left_out(result))
    return f"{context.area}: {counts} in {asked}, as of {as_of}.{left_out}"


def _left_out(result: Result) -> list[str]:
    """What the check could not look at."""
    context = result.context
    found = []
    if context.folder is None and not context.is_national:
        found.append("Its scenarios are not at hand.")
    if context.plugin.hooks is None and not context.is_national:
        found.append("Only its YAML was read: Python that it may have was not run.")
    return found


def _checked(result: Result) -> dict[str, Any]:
    titles = {rule.CODE: rule.TITLE for rule in rules()} | {CODE_OF_ITS_OWN: TITLE}
    context = result.context
    return {
        "area": context.area,
        "file": short(context.document.file),
        "requirements": len(context.requirements),
        "scenarios": len(context.scenarios) if context.folder is not None else None,
        "hooks": context.plugin.hooks is not None,
        "summary": {severity: result.count(severity) for severity in SEVERITIES},
        "problems": [_problem(found, titles[found.code]) for found in result.found],
    }


def _problem(found: Found, title: str) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": found.severity,
        "title": title,
        "file": short(found.file),
        "line": found.line,
        "column": found.column,
        "requirement": found.requirement,
        "what": found.what,
        "remedy": found.remedy,
    }


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
