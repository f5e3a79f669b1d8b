"""The benchmarks run, on a size that tells nothing about speed."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks.cold import cold
from benchmarks.measure import result

pytestmark = pytest.mark.slow
SMALL = Path(__file__).parents[1] / "examples" / "northamptonshire" / "just-notified.yaml"


def test_the_ratio_is_the_median_of_the_pairs() -> None:
    # 3/1 = 3, 4/2 = 2, 10/2 = 5: the median is 3; of 3, 4, 10 it is 4, of 1, 2, 2 it is 2
    found = result("x", [(3.0, 1.0), (4.0, 2.0), (10.0, 2.0)], 1.5)
    assert (found.ours, found.base, found.ratio) == (4000.0, 2000.0, 3.0)


@pytest.mark.slow
def test_the_bare_side_imports_what_the_check_imports() -> None:
    results, libraries = cold(SMALL, "2026-06-01", 1)
    assert {"pydantic", "typer", "yaml", "pluggy", "holidays"} <= libraries.keys()
    assert not {"cspr_core", "cspr_northamptonshire", "rich", "pytest"} & libraries.keys()
    assert all(found.ratio > 1 for found in results if "processor" in found.what)


@pytest.mark.slow
@pytest.mark.durable
def test_engines_and_due_give_a_row_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("durable_rules_engine")
    command.main(["engines", "due", "--pairs", "1", "--calls", "1", "--files", "2"])
    rows = [line for line in capsys.readouterr().out.splitlines() if re.match(r"\| [a-z`]", line)]
    named = [row.split("|")[1].strip() for row in rows if "ours" not in row]
    assert "to findings, both engines" in named
    assert "`due` over 2 files" in named


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory in use is read from /proc")
@pytest.mark.durable
def test_memory_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    command.main(["memory", "--checks", "2"])
    assert re.search(r"Memory after 2 checks: [+-]\d+\.\d MB", capsys.readouterr().out)
