"""What one rule says of a few lines of arrangements."""

from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path

from cspr_core.lint.framework import Result, Rule, run
from cspr_core.lint.targets import Target, context_for

TODAY = date(2026, 11, 21)
HEAD = """\
schema: cspr.arrangements/1
partnership: exshire
name: Exshire Safeguarding Children Partnership
"""
COVERS = """\
covers:
  - {document: Guide to reviews, dated: 2026-01, checked: 2026-11-01, stages: [review]}
"""
STEP = (
    "{{id: {id}, kind: step, title: {title}, stage: review, who: author,"
    " {more}source: {{section: 1}}}}"
)


def step(more: str = "", id_: str = "one", title: str = "One") -> str:
    """One requirement of the kind `step` on one line."""
    return STEP.format(id=id_, title=title, more=f"{more}, " if more else "")


def write(folder: Path, *requirements: str, sections: str = "", covers: str = COVERS) -> Path:
    """A file with these requirements; each is one entry, on one line or more."""
    entries = [
        textwrap.indent(textwrap.dedent(r).strip("\n"), "    ").strip() for r in requirements
    ]
    text = "".join(f"  - {entry}\n" for entry in entries)
    path = folder / "arrangements.yaml"
    body = f"requirements:\n{text}" if entries else ""
    path.write_text(HEAD + covers + textwrap.dedent(sections) + body, encoding="utf-8")
    return path


def result(path: Path, rule: Rule, as_of: date = TODAY) -> Result:
    """What a rule finds in a file."""
    return run(context_for(Target(file=path), as_of), [rule])


def said(path: Path, rule: Rule, as_of: date = TODAY) -> list[str]:
    """What a rule says is wrong in a file, with line and column, in order of place."""
    return [f"{one.line}:{one.column}: {one.what}" for one in result(path, rule, as_of).found]
