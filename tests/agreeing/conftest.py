"""An area that does not exist, whose rules show each of the mistakes in `wrong.py`."""

from pathlib import Path

import pytest

ARRANGEMENTS = """\
schema: cspr.arrangements/1
partnership: exshire
name: Exshire, which does not exist
covers: [{document: Made up, checked: 2026-11-01}]
requirements:
  - {id: same_day, kind: deadline, title: Decided on the day of the decision, stage: decision,
     within: {n: 0, unit: days, of: {event: decision}}, met_by: {event: decision},
     source: {section: 1}}
  - {id: twice, kind: count, title: Two events, stage: review,
     of: {event: practitioner_event}, min: 2, source: {section: 2}}
  - id: undecided
    kind: rule
    title: Decided once asked
    stage: decision
    match:
      asked: [{fact: event, as: a, where: {name: information_requested}}]
      undecided:
        - {fact: event, as: a, where: {name: information_requested}}
        - {fact: event, as: d, where: {name: decision}, absent: yes}
    decide:
      - {status: overdue, all: [undecided]}
      - {status: met, all: [asked]}
      - {status: pending}
    source: {section: 3}
"""


@pytest.fixture
def exshire(tmp_path: Path) -> Path:
    """A folder with its arrangements, for `--plugins`."""
    folder = tmp_path / "plugins"
    (folder / "exshire").mkdir(parents=True)
    (folder / "exshire" / "arrangements.yaml").write_text(ARRANGEMENTS, encoding="utf-8")
    return folder
