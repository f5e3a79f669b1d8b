"""One case of a change under both versions, wherever the case stands; and where it no longer does.

The made-up rule `letter` asks for a letter within 5 days of awareness, on 6 January: by 11 January.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from cspr_core.caseload.columns import CaseFacts
from cspr_core.caseload.partition import Job, rules_of
from cspr_core.caseload.sources import partitions
from cspr_core.caseload.store import FactsWriter
from cspr_core.check import facts_for
from cspr_core.comparing.versions import read_versions
from cspr_core.impact.explaining import Explainer
from cspr_core.impact.order import State
from cspr_core.impact.result import Change, Example, Explained, Group
from cspr_core.impact.sides import Sides
from cspr_core.reading.case import read_case
from tests.impact.barset import AS_OF, BARSET, write_case, write_plugin

DUE = date(2026, 1, 11)
LETTER = BARSET[BARSET.index("  - id: letter") : BARSET.index("  - id: genogram")]


@dataclass(frozen=True)
class Place:
    """A folder with a case, and the jobs under two versions of Barset's rules."""

    case: Path
    old: Job
    new: Job

    def explained(self, source: Path, *, area: str = "barset") -> Explained | None:
        """The explanation of the letter that became another, or is asked for no more."""
        example = Example(area, "B-1", None, DUE, None)
        group = Group(
            "barset.letter",
            State("overdue", None, "must"),
            None,
            "same",
            "other",
            1,
            1,
            {area: 1},
            None,
            (example,),
        )
        change = Change(group, "The family has a letter", None, ())
        return Explainer(partitions([str(source)]), self.old, self.new).explained(change)


Make = Callable[..., Place]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def make(*changes: tuple[str, str]) -> Place:
        write_plugin(tmp_path / "old")
        write_plugin(tmp_path / "new", *changes)
        sides = Sides(*read_versions("old", "new", None, tmp_path), None)
        case = write_case(tmp_path / "cases", "B-1")
        return Place(case, *sides.jobs(Job(AS_OF), tmp_path / "rules"))

    return make


def test_a_finding_that_one_version_alone_has(make: Make) -> None:
    place = make((LETTER, ""))
    told = place.explained(place.case.parent)
    assert told is not None
    assert told.new is None
    assert told.old is not None
    assert (told.old.finding.status, told.old.finding.due) == ("overdue", DUE)
    assert told.old.counted == "5 days after awareness of the incident (Tue 6 Jan 2026)"


def test_a_case_that_stands_in_a_table_of_facts(make: Make, tmp_path: Path) -> None:
    # With 200 days instead of 5 the letter is due on 25 July: 25 days are left of January, then
    # 28, 31, 30, 31 and 30 to the end of June: 175, and 25 more.
    place = make(("n: 5, unit: days", "n: 200, unit: days"))
    casefile = read_case(place.case, today=None)
    facts = facts_for(casefile, rules_of("barset", place.old), AS_OF)
    stored = tmp_path / "facts.parquet"
    with FactsWriter(stored, AS_OF) as write:
        write.add([CaseFacts("B-1", "barset", facts.rows)])
    told = place.explained(stored)
    assert told is not None
    assert told.old is not None
    assert told.new is not None
    assert (told.old.finding.status, told.old.finding.due) == ("overdue", DUE)
    assert (told.new.finding.status, told.new.finding.due) == ("upcoming", date(2026, 7, 25))


def test_a_case_of_another_area_with_the_same_reference(make: Make) -> None:
    place = make()
    assert place.explained(place.case.parent, area="essex") is None


def test_a_case_that_was_spoiled_since(make: Make) -> None:
    place = make()
    text = place.case.read_text("utf-8")
    place.case.write_text(text.replace("outcome: died", "outcome: dead"), "utf-8")
    assert place.explained(place.case.parent) is None


def test_a_case_that_is_there_no_more(make: Make) -> None:
    place = make()
    write_case(place.case.parent, "B-2")
    source = place.case.parent
    parts = partitions([str(source)])
    place.case.unlink()
    assert [path.name for path in parts[0].paths] == ["B-1.yaml", "B-2.yaml"]
    assert place.explained(source) is None
