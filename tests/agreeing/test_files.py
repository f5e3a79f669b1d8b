"""Differences as case files: readable, plainly made up, and the same case again when read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cspr_core.agreeing.comparing import Difference
from cspr_core.agreeing.files import Head, area_in, day_in, paths_in, texts
from cspr_core.agreeing.shrinking import Small
from cspr_core.check import rules_for
from cspr_core.generated import drawn_cases
from cspr_core.reading.case import read_case

DIFFERENCE = Difference(
    0,
    "decisions",
    "leeds.something",
    "police",
    (
        ("reference", "met (done)"),
        ("table", "overdue (late); evidence: " + "a very long list " * 12),
    ),
)
AS_OF = date(2025, 4, 28)


def written(folder: Path, *cases: dict[str, object], plugins: Path | None = None) -> list[Path]:
    paths = paths_in(folder, len(cases))
    head = Head("leeds", AS_OF, "cspr agree --areas leeds --cases 20 --seed 7", plugins)
    made = texts(Small(cases, DIFFERENCE), paths, head)
    for path, text in zip(paths, made, strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


@pytest.fixture
def case() -> dict[str, object]:
    return next(drawn_cases(rules_for("leeds"), 3, 1)).data


def test_the_head_says_what_differs_and_how_to_see_it_again(
    tmp_path: Path, case: dict[str, object]
) -> None:
    [path] = written(tmp_path, case, plugins=tmp_path / "my plugins")
    head = [line for line in path.read_text("utf-8").splitlines() if line.startswith("#")]
    assert head[0].startswith("# A made-up case ")
    assert head[1:4] == [
        "# area: leeds",
        "# as of: 2025-04-28",
        "# drawn by: cspr agree --areas leeds --cases 20 --seed 7",
    ]
    assert head[5:9] == [
        "# what differs: decisions",
        "# requirement: leeds.something",
        "# subject: police",
        "# reference: met (done)",
    ]
    assert max(map(len, head[:-1])) <= 100
    plugins = f"--plugins '{tmp_path / 'my plugins'}'"
    assert head[-1] == f"# To see it again: cspr agree {path} {plugins}"


def test_the_case_is_the_same_when_it_is_read(tmp_path: Path) -> None:
    for one in drawn_cases(rules_for("leeds"), 5, 6):
        [path] = written(tmp_path, one.data)
        assert read_case(path, today=None).case == one.case


def test_days_and_answers_stand_without_quotes(tmp_path: Path) -> None:
    events = [{"type": "aware", "by": "local_authority", "date": "2025-04-13"}]
    child = {"id": "child_1", "looked_after": "yes", "care_leaver": "no"}
    [path] = written(tmp_path, {"case": "EX-2026-01", "children": [child], "events": events})
    body = path.read_text("utf-8")
    assert "date: 2025-04-13\n" in body
    assert "looked_after: yes\n" in body
    assert "care_leaver: no\n" in body


def test_the_day_and_the_area_are_read_from_the_head(
    tmp_path: Path, case: dict[str, object]
) -> None:
    [path] = written(tmp_path, case)
    assert (day_in(path), area_in(path)) == (AS_OF, "leeds")
    plain = tmp_path / "plain.yaml"
    plain.write_text("schema: cspr.case/1\n# as of: 2020-01-01\n# area: essex\n", encoding="utf-8")
    assert (day_in(plain), area_in(plain)) == (None, None)


def test_several_cases_are_several_files_of_one_number(
    tmp_path: Path, case: dict[str, object]
) -> None:
    assert [path.name for path in written(tmp_path, case)] == ["difference-01.yaml"]
    several = written(tmp_path, case, case)
    assert [path.name for path in several] == ["difference-02-a.yaml", "difference-02-b.yaml"]
    assert "number 2 of 2 that show it together only" in several[1].read_text("utf-8")
    assert str(several[0]) in several[1].read_text("utf-8")
    assert [path.name for path in paths_in(tmp_path, 1)] == ["difference-03.yaml"]


def test_there_may_be_more_cases_than_letters(tmp_path: Path) -> None:
    names = [path.name for path in paths_in(tmp_path, 28)]
    assert names[25:] == ["difference-01-z.yaml", "difference-01-27.yaml", "difference-01-28.yaml"]
