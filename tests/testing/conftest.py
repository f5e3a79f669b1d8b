from pathlib import Path

import pytest

from tests.testing import areas


@pytest.fixture
def area(tmp_path: Path) -> areas.Area:
    """The plugin Testshire, in a folder of its own, with one scenario that holds."""
    return areas.make(tmp_path / "testshire")
