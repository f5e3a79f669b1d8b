"""A small case to change, and a way to read one from text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from cspr_core.reading.case import CaseFile, read_case

SMALL = """\
schema: cspr.case/1
case: NH-2026-03
partnership: northamptonshire
children:
  - {id: child_1, outcome: seriously_harmed}
incident: {date: 2026-03-02, area: northamptonshire, abuse_or_neglect: suspected}
events:
  - {type: aware, by: local_authority, date: 2026-03-03}
"""

Read = Callable[..., CaseFile]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a case from text or bytes: `read(text, name="case.yaml", today=None)`."""

    def _read(content: str | bytes, name: str = "case.yaml", today: date | None = None) -> CaseFile:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_case(path, today=today)

    return _read


@pytest.fixture
def small() -> str:
    """The smallest case: eight lines, the events last."""
    return SMALL
