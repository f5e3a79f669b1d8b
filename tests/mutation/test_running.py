"""Judging all mutants of an area: what is told on the way, and with several processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cspr_core.mutation import mutate, running
from cspr_core.reading.problems import BadInput
from tests.mutation.conftest import Area


def test_progress_is_told_from_nought_to_all(area: Area) -> None:
    told: list[tuple[int, int]] = []
    result = mutate(area(), operators={"number"}, progress=lambda done, of: told.append((done, of)))
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert result.score == 100.0


def test_the_result_names_the_file_and_the_area(
    area: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = area()
    monkeypatch.chdir(suite.arrangements.parents[1])
    result = mutate(suite, operators={"number"})
    assert (result.area, Path(result.file)) == ("anyshire", Path("anyshire/arrangements.yaml"))
    assert "anyshire/arrangements.yaml:12:17" not in result.text()  # killed ones are not listed
    assert (result.invalid, result.failing) == (0, ())


def test_a_worker_reads_for_itself_and_judges_by_number(area: Area) -> None:
    suite = area()
    running.start(suite.again, None, ["number"])
    share = running.judged([1, 0])
    assert {number: v.outcome for number, v in share.verdicts.items()} == {1: "killed", 0: "killed"}


def test_a_worker_that_can_not_read_says_why(area: Area) -> None:
    suite = area()
    suite.paths[0].write_text("schema: cspr.scenario/1\n", "utf-8")
    running.start(suite.again, None, None)
    assert {p.file for p in running.judged([0]).problems} == {str(suite.paths[0])}


@pytest.mark.slow
def test_several_processes_come_to_the_same_as_one(
    area: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_WORTH_A_WORKER", 1)
    monkeypatch.setattr(running, "_AT_ONCE", 3)
    suite = area()
    told: list[int] = []
    several = mutate(suite, jobs=2, progress=lambda done, of: told.append(done))
    assert several == mutate(suite, jobs=1)
    assert told[-1] == len(several.judged)
    suite.paths[0].write_text("schema: cspr.scenario/1\n", "utf-8")
    with pytest.raises(BadInput, match="title"):
        mutate(suite, jobs=2)
