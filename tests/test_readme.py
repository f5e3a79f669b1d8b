"""What the README shows has been run: its commands give what stands below them."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from cspr_core.cli import main

ROOT = Path(__file__).parent.parent
MORE = "[…]"  # the output goes on


def shown() -> Iterator[tuple[str, list[str]]]:
    for block in re.findall(
        r"```\n\$ (.+?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL
    ):
        command, *lines = block.replace("\\\n", " ").splitlines()
        if lines:
            yield command, lines


@pytest.mark.parametrize(("command", "lines"), list(shown()))
def test_the_command_gives_what_the_readme_shows(
    command: str,
    lines: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    program, *arguments = shlex.split(command)
    assert program == ".venv/bin/cspr"
    with pytest.raises(SystemExit):
        main(arguments)
    said = capsys.readouterr().out.splitlines()
    for number, line in enumerate(lines):
        if line == MORE:
            return
        assert said[number] == line
    assert len(said) == len(lines)


def test_there_are_outputs_to_hold_it_to() -> None:
    assert len(list(shown())) >= 2


@pytest.mark.parametrize(
    "target", re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text("utf-8"))
)
def test_what_the_readme_links_to_is_there(target: str) -> None:
    assert (ROOT / target).exists()
