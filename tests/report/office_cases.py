"""The cases of the office's tests, checked under an invented partnership (`office/areas`)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cspr_core.check import Checked, Rules, check_case, check_facts
from cspr_core.facts import facts_of
from cspr_core.reading.case import CaseFile
from cspr_core.reading.case import check_case as read
from cspr_core.reading.document import parse_document

OFFICE = Path(__file__).parent / "office"
AREAS, CASES = OFFICE / "areas", OFFICE / "cases"


def checked(name: str, as_of: str, *changes: tuple[str, str], more: str = "") -> Checked:
    """A case of the folder as of a day; `changes` replace text in it, `more` follows it."""
    text = (CASES / f"{name}.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    casefile = read(parse_document(text + more, f"{name}.yaml"), today=None)
    return check_case(casefile, date.fromisoformat(as_of), directory=AREAS)


def check_facts_of(casefile: CaseFile, rules: Rules, as_of: date) -> Checked:
    """A case under rules put together by hand."""
    return check_facts(casefile, rules, as_of, facts_of(casefile.case, as_of))
