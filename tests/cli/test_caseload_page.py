"""What docs/caseload.md shows has been run: its commands give what stands below them."""

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "caseload.md"
MORE = "[…]"  # the output goes on


def shown() -> Iterator[tuple[str, list[str]]]:
    for block in re.findall(r"```\n\$ (.+?)```", PAGE.read_text("utf-8"), re.DOTALL):
        command, *lines = block.splitlines()
        yield command, lines


@pytest.mark.slow
@pytest.mark.parametrize(("command", "lines"), list(shown()))
def test_the_command_gives_what_the_page_shows(
    command: str, lines: list[str], run: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    program, *arguments = shlex.split(command)
    assert program == "cspr"
    ran = run(*arguments)
    said = (ran.out + ran.err).splitlines()
    whole = MORE not in lines
    kept = lines if whole else lines[: lines.index(MORE)]
    assert kept
    assert (said if whole else said[: len(kept)]) == kept


def test_the_page_shows_each_use() -> None:
    assert len(list(shown())) == 4
