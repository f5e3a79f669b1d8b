"""Pages as they were last read: `tests/golden` holds them, and `--update-golden` renews them.

Renew them only after a change that is meant, and read the difference before it is committed:

    python -m pytest -p tests.golden --update-golden tests/test_examples.py
"""

from __future__ import annotations

from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"
OPTION = "--update-golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        OPTION, action="store_true", default=False, help="write tests/golden anew, to be read"
    )


def is_as_it_was_read(config: pytest.Config, name: str, text: str) -> None:
    """Assert that `text` is what `tests/golden/NAME` holds, or write it there with the option."""
    path = GOLDEN / name
    if config.getoption(OPTION, default=False):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        pytest.skip(f"written anew: read the difference of {path.name}")
    assert text == path.read_text(encoding="utf-8")
