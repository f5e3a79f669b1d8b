"""Commands, called in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

from cspr_core.cli import main
from tests.report.office_cases import AREAS


def cspr(*arguments: str) -> int:
    """The exit status of a command."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert isinstance(left.value.code, int)
    return left.value.code


def new_case(path: Path) -> None:
    """A case file as `cspr new` makes it."""
    made = ("--area", "midshire", "--aware", "2026-03-27", "--as-of", "2026-03-30")
    assert cspr("new", *made, "--out", str(path), "--plugins", str(AREAS)) == 0
