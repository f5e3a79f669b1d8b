"""The scenarios that areas bring along, for the tests: what they say and what they leave out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from cspr_core.model.scenario import Expectation
from cspr_core.scenarios import ScenarioFile, read_scenario, scenarios_in

PLUGINS = Path(__file__).parents[1] / "plugins"
MET = frozenset({"met", "met_late"})
NOT_MET = frozenset({"upcoming", "overdue", "breached", "undetermined"})


def areas() -> list[str]:
    """The areas whose plugins bring scenarios along."""
    return sorted(folder.parent.name for folder in PLUGINS.glob("*/scenarios"))


@cache
def read(path: Path) -> ScenarioFile:
    """A scenario, read once."""
    return read_scenario(path)


def expectations(area: str) -> Iterator[Expectation]:
    """Every expectation of an area."""
    for path in scenarios_in(PLUGINS / area / "scenarios"):
        yield from read(path).scenario.expect
