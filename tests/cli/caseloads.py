"""A caseload for these tests: cases of the made-up area, in a folder, as facts and as lines.

As of Fri 20 March 2026. In `TS-2026-01` police and general practice have not returned what was due
on Thu 19 March (see `test_check`): two musts overdue. In `TS-2026-02` both returned it in time.
"""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from cspr_core.caseload.columns import CaseFacts
from cspr_core.caseload.store import FactsWriter
from cspr_core.check import facts_for, rules_for
from cspr_core.reading.case import read_case
from cspr_core.reading.document import read_document
from tests.cli.conftest import ARRANGEMENTS

DAY = "2026-03-20"
AS_OF = ("--as-of", DAY)


def write_area(folder: Path, name: str = "testshire") -> Path:
    """The made-up area's arrangements, in a folder for `--plugins`."""
    text = ARRANGEMENTS.replace("partnership: testshire", f"partnership: {name}")
    (folder / name).mkdir(parents=True)
    (folder / name / "arrangements.yaml").write_text(text, encoding="utf-8")
    return folder


def write_facts(path: Path, cases: Sequence[Path], plugins: Path, as_of: str = DAY) -> Path:
    """The facts of case files as one Parquet file."""
    day = date.fromisoformat(as_of)
    with FactsWriter(path, day) as writer:
        for case in cases:
            file = read_case(case, today=None)
            area = file.case.partnership
            facts = facts_for(file, rules_for(area, plugins), day)
            writer.add([CaseFacts(file.case.case, area, facts.rows)])
    return path


def write_lines(path: Path, cases: Sequence[Path]) -> Path:
    """Case files as one JSONL file."""
    lines = [json.dumps(read_document(case).data) + "\n" for case in cases]
    path.write_text("".join(lines), encoding="utf-8")
    return path
