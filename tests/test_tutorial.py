"""The tutorial on writing a plugin, run from its first line to its last."""

from pathlib import Path

import pytest

from tests.tutorial import PAGE, differences, steps


@pytest.mark.slow
def test_every_command_of_the_tutorial_gives_what_it_shows(tmp_path: Path) -> None:
    assert list(differences(tmp_path)) == [], "renew it: python -m tests.tutorial, and read it"


def test_tutorial_uses_the_kit() -> None:
    run = [s.text.split()[1:4] for s in steps(PAGE.read_text("utf-8")) if s.action == "run"]
    assert {" ".join(words[:2]) for words in run} >= {"cspr plugin", "cspr test", "cspr check"}
    assert ["cspr", "plugin", "new"] in run
