"""The pytest plugin: scenarios and plugins' arrangements are collected as tests.

It is loaded wherever `cspr` is installed, so nothing of the core is imported here until a file of
the core's is found. What is collected, `cspr_core.testing.collecting` says.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

MARKERS = (
    "cspr_scenario: a scenario of a partnership's plugin",
    "cspr_contract: a promise that every partnership's plugin has to keep",
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A scenario, or a plugin's arrangements; nothing else."""
    if file_path.suffix != ".yaml":
        return None
    if file_path.name == "arrangements.yaml":
        schema = b"cspr.arrangements/1"
    elif "scenarios" in file_path.parts or parent.session.isinitpath(file_path):
        schema = b"cspr.scenario/1"
    else:
        return None
    if schema not in file_path.read_bytes():
        return None
    from cspr_core.testing import collecting  # noqa: PLC0415  (no other project pays for it)

    return collecting.collector(file_path, parent)
