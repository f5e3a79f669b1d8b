"""What people read, whole: the pages of one made-up case, as they stood when they were last read.

After a change that is meant, look at the difference and write the new page into `tests/golden`.
What ran and its versions, the last line, is left out: it is not the same everywhere.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize(
    ("name", "argv"),
    [
        ("check-table.txt", ()),
        ("check-table-all.txt", ("--all",)),
        ("check-markdown.md", ("--format", "markdown")),
    ],
)
def test_page_is_as_it_was_read(
    run: Callable, case: Path, area: Path, name: str, argv: tuple[str, ...]
) -> None:
    out = run("check", case, "--plugins", area, "--as-of", "2026-03-20", *argv).out
    shown, _, _ = out.partition("Checked by: ")
    assert shown == (GOLDEN / name).read_text(encoding="utf-8")
