"""Each file here holds one mistake; the text beside it is what a person is shown.

`NAME.yaml` or `NAME.json` goes with `NAME.txt`: the exact lines, with the file's base name.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cspr_core.reading.case import read_case
from cspr_core.reading.problems import BadInput, Problem
from cspr_core.reading.references import check_references

HERE = Path(__file__).parent
FILES = sorted(p for p in HERE.iterdir() if p.suffix in {".yaml", ".json"})
TODAY = date(2026, 6, 1)


def _problems(path: Path) -> tuple[Problem, ...]:
    try:
        casefile = read_case(path, today=TODAY)
    except BadInput as bad:
        return bad.problems
    return tuple(
        check_references(
            casefile,
            words={"northamptonshire.referral", "northamptonshire.additional_information"},
            requirements={
                "national.notify_panel",
                "national.publish_6_months",
                "northamptonshire.genogram",
            },
            not_confirmable={
                "national.notify_panel": "Record the `notified` event with its date instead"
            },
        )
    )


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_the_mistake_is_told_with_its_place_and_remedy(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE)
    lines = "".join(f"{p}\n" for p in _problems(Path(path.name)))
    assert lines == path.with_suffix(".txt").read_text("utf-8")


def test_every_file_holds_a_different_mistake() -> None:
    told = [p.with_suffix(".txt").read_text("utf-8").split(": ", 1)[1] for p in FILES]
    assert len(set(told)) >= 70
    assert len(FILES) >= 70


def test_no_text_is_left_without_its_file() -> None:
    assert {p.stem for p in HERE.glob("*.txt")} == {p.stem for p in FILES}
