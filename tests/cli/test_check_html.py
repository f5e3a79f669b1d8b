"""`cspr check --format html` as people call it."""

import os
import stat
from collections.abc import Callable
from pathlib import Path


def test_page_is_written_for_its_owner_alone(
    run: Callable, case: Path, area: Path, tmp_path: Path
) -> None:
    out = tmp_path / "page.html"
    ran = run(
        *("check", case, "--plugins", area, "--as-of", "2026-03-20"),
        *("--format", "html", "--out", out),
    )
    assert (ran.status, ran.out, ran.err) == (1, "", "")  # two returns are overdue
    text = out.read_text(encoding="ascii")
    assert text.startswith("<!DOCTYPE html>\n")
    assert "<h1>TS-2026-01: Testshire Safeguarding Partnership</h1>" in text
    assert str(tmp_path) not in text.replace(str(case), "")
    if os.name == "posix":
        assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_page_holds_each_case_that_can_be_checked(
    run: Callable, case: Path, area: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(case.read_text("utf-8").replace("TS-2026-01", "TS-2026-02"), encoding="utf-8")
    ran = run(
        *("check", case, tmp_path / "none.yaml", other, "--plugins", area),
        *("--as-of", "2026-03-12", "--format", "html"),
    )
    assert ran.status == 2
    assert "<h1>Check of 2 cases</h1>" in ran.out
    assert ran.out.count("<article") == 2
