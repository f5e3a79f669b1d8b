"""`cspr explain`: its exit status and its errors; what it says is tested in `tests/report`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.report.office_cases import AREAS, CASES

Run = Callable
CASE = CASES / "easter.yaml"


def test_explanation_of_an_overdue_answer_is_no_failure(run: Run) -> None:
    ran = run(
        "explain", CASE, "information_return/police", "--as-of", "2025-04-28", "--plugins", AREAS
    )
    assert (ran.status, ran.err) == (0, "")
    assert "Good Friday, not counted" in ran.out


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("notify_panl", "Did you mean `national.notify_panel`?"),
        ("information_return/nobody", "It has: anytown_general, icb and police."),
        ("rapid_review/police", "leave out `/police`"),
    ],
)
def test_unknown_names_are_told_with_what_there_is(run: Run, asked: str, said: str) -> None:
    ran = run("explain", CASE, asked, "--as-of", "2025-04-28", "--plugins", AREAS)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1


def test_explanation_into_a_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "why.txt"
    ran = run("explain", CASE, "press", "--plugins", AREAS, "--as-of", "2025-04-28", "--out", path)
    assert (ran.status, ran.out) == (0, "")
    assert "midshire.press" in path.read_text("utf-8")


def test_bad_file(run: Run) -> None:
    assert run("explain", "nowhere.yaml", "press", "--plugins", AREAS).status == 2
