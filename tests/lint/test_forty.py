"""An arrangements file with forty mistakes gets forty messages, one each, in order, in one run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cspr_core.cli import main
from cspr_core.plugins import load_arrangements
from cspr_core.reading.problems import BadInput
from tests.lint.examples import HERE

FILE = HERE / "forty" / "mistakes.yaml"


def problems() -> list[str]:
    with pytest.raises(BadInput) as error:
        load_arrangements(FILE)
    return [str(problem).removeprefix(f"{FILE}:") for problem in error.value.problems]


def test_each_mistake_gets_one_message_in_its_own_line() -> None:
    # each mistake's number stands in its line
    numbered = {
        int(found[1]): line
        for line, text in enumerate(FILE.read_text("utf-8").splitlines(), 1)
        if (found := re.search(r"# (\d+)$", text))
    }
    assert list(numbered) == list(range(1, 41))
    assert [int(text.partition(":")[0]) for text in problems()] == list(numbered.values())


def test_each_message_is_as_it_was_judged() -> None:
    assert problems() == (FILE.parent / "expected.txt").read_text("utf-8").splitlines()


def test_no_two_are_told_alike() -> None:
    told = [text.split(": ", 1)[1] for text in problems()]
    assert len(set(told)) >= 38  # two dates without a day, two words with capitals


def test_the_command_tells_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["plugin", "check", str(FILE)])
    assert left.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [f"{FILE}:{line}" for line in problems()]


def test_what_is_cut_out_for_its_own_mistake_may_be_named_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "arrangements.yaml"
    path.write_text(
        "schema: cspr.arrangements/1\npartnership: exshire\nname: Exshire\n"
        "covers: [{document: Guide, checked: 2026-11-01}]\nrequirements:\n"
        "  - {id: one, kind: stp, title: One, stage: review, source: {section: 1}}\n"
        "  - {id: two, kind: step, title: Two, stage: review, when: {in_play: exshire.one},"
        " source: {section: 1}}\n",
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as error:
        load_arrangements(path)
    assert [problem.line for problem in error.value.problems] == [6]
