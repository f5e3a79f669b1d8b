"""A made-up area in two versions."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cspr_core.comparing.changes import Difference, difference_of
from cspr_core.comparing.versions import read_versions
from tests.builders import replaced

BARSET = """\
schema: cspr.arrangements/1
partnership: barset
name: Barset Safeguarding Partnership
covers:
  - {document: Made-up Guide, dated: 2024-01, in_force_from: 2024-01-01, checked: 2026-01-10, stages: [review]}
not_covered: [Nothing is said of the press.]
bodies:
  review_group: {name: Review Team}
roles:
  lead_reviewer:
    name: Reviewer
    duties:
      - {stage: review, what: Meet the family., source: {section: Roles}}
words:
  barset.form: A form
contacts:
  - {for: business_office, email: office@barset.example, published_in: Made-up Guide, as_of: 2024-01, confirmed_on: null}
requirements:
  # --- Before publication ---
  - id: notice
    kind: deadline
    title: The Panel has the report before publication
    stage: publication
    before: {n: 14, unit: days, of: {event: publication}}
    met_by: {event: report_sent, to: panel}
    who: business_office
    source: {section: Publication}

  # --- Groups ---
  - id: team
    kind: composition
    title: The Review Team is complete
    stage: review
    body: review_group
    seats:
      - {kind: police}
      - {kind: icb}
    source: {section: Groups}
  - {id: terms, kind: step, title: Terms are written, stage: review, met_by: {event: terms_of_reference}, source: {section: Review}}
  - id: draft
    kind: step
    title: The draft follows the terms
    stage: sign_off
    after: {event: terms_of_reference}
    when: {finding: barset.terms, status: [met, met_late]}
    met_by: {event: draft_shared}
    source: {section: Review}
"""  # noqa: E501

Write = Callable[..., Path]
Diff = Callable[..., Difference]


@pytest.fixture
def plugin(tmp_path: Path) -> Write:
    """A plugin's folder: Barset's arrangements with some texts replaced, and its Python."""

    def plugin(name: str, *changes: tuple[str, str], python: str = "", under: str = "") -> Path:
        text = replaced(BARSET, *changes)
        folder = tmp_path / under / name
        package = folder / "cspr_barset"
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").write_text(python, "utf-8")
        (package / "arrangements.yaml").write_text(text, "utf-8")
        return folder

    return plugin


@pytest.fixture
def diff(plugin: Write, tmp_path: Path) -> Diff:
    """The difference that some changes of text make to Barset's arrangements."""

    def diff(*changes: tuple[str, str]) -> Difference:
        plugin("old")
        plugin("new", *changes)
        return difference_of(*read_versions("old", "new", None, tmp_path))

    return diff
