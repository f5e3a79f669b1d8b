"""Scenarios and plugins as pytest's items: one for each scenario, one for each promise.

A failure reads as `cspr test` tells it, without a traceback. Collecting reads a scenario's title
only: whatever is wrong with the file is the item's failure, and stops no other test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cspr_core.check import Rules
from cspr_core.engine.compared import EnginesDifferError
from cspr_core.plugins import ARRANGEMENTS, PluginError
from cspr_core.reading.problems import BadInput
from cspr_core.scenarios import ScenarioFile, read_scenario
from cspr_core.testing import contract
from cspr_core.testing.difference import failure_of
from cspr_core.testing.playing import Player
from cspr_core.testing.suites import area_rules, plugin_above, rules_at

_TITLE = re.compile(r"^title: *(.+?) *$", re.MULTILINE)
_REQUIREMENT = re.compile(r"\brequirement: *([\w.]+)")
_PLAYERS = pytest.StashKey[dict[str, Player]]()
_SUBJECTS = pytest.StashKey[dict[str, contract.Subject]]()
_EXPECTED = (BadInput, PluginError, EnginesDifferError)


class NotKeptError(Exception):
    """A scenario or a promise that does not hold; its text is all that is to be shown."""


def collector(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The collector of a scenario's or a plugin's file.

    Arrangements without a project or scenarios (an area made for some test) are nobody's plugin.
    """
    if path.name != ARRANGEMENTS:
        return ScenarioCollector.from_parent(parent, path=path)
    subject = contract.Subject(path)
    if subject.scenarios is None and not (subject.home / contract.PROJECT).is_file():
        return None
    return PluginCollector.from_parent(parent, path=path)


# --- scenarios ------------------------------------------------------------------------------------


class ScenarioCollector(pytest.File):
    """A scenario's file."""

    def collect(self) -> Iterator[pytest.Item]:
        """The one item of the file, by its title."""
        text = self.path.read_text("utf-8", errors="replace")
        found = _TITLE.search(text)
        title = found[1].strip("\"'").replace("::", ":") if found else self.path.stem
        yield ScenarioItem.from_parent(self, name=title, named=_REQUIREMENT.findall(text))


class _Item(pytest.Item):
    """An item whose failures are told in words."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The text of what does not hold; a traceback only for what nobody foresaw."""
        if isinstance(excinfo.value, (NotKeptError, *_EXPECTED)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The file, and the item's name."""
        return self.path, 0, self.name


class ScenarioItem(_Item):
    """A scenario: every expectation of it has to hold."""

    def __init__(self, *, named: list[str], **more: Any) -> None:
        """Take the requirements of which the file speaks, for `-k`."""
        super().__init__(**more)
        self.extra_keyword_matches.update(named)
        self.add_marker("cspr_scenario")

    def runtest(self) -> None:
        """Play the scenario; raises `NotKeptError` with every expectation that does not hold."""
        file = read_scenario(self.path)
        player = self._player(file)
        replay, results = player.play(file)
        failed = [failure_of(replay, player.rules, r) for r in results if not r.holds]
        if failed:
            raise NotKeptError("\n\n".join("\n".join(failure.lines()) for failure in failed))

    def _player(self, file: ScenarioFile) -> Player:
        """The player of the plugin in whose folder the file is, else of the case's own area."""
        players = self.config.stash.setdefault(_PLAYERS, {})
        above = plugin_above(self.path)
        area = file.casefile.case.partnership
        key = area if above is None else str(above)
        if key not in players:
            rules: Rules = area_rules(area) if above is None else rules_at(above)
            players[key] = Player(rules)
        return players[key]


# --- what every plugin has to keep ----------------------------------------------------------------


class PluginCollector(pytest.File):
    """A plugin's arrangements."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item for each promise."""
        for check in contract.CHECKS:
            yield PromiseItem.from_parent(self, name=check.__name__, check=check)


class PromiseItem(_Item):
    """A promise that every plugin has to keep."""

    def __init__(self, *, check: Callable[[contract.Subject], Iterator[str]], **more: Any) -> None:
        """Take the function that says what is wrong."""
        super().__init__(**more)
        self.check = check
        self.add_marker("cspr_contract")

    def runtest(self) -> None:
        """Ask whether it is kept; raises `NotKeptError` with every line on why it is not."""
        subjects = self.config.stash.setdefault(_SUBJECTS, {})
        subject = subjects.setdefault(str(self.path), contract.Subject(self.path))
        wrong = list(self.check(subject))
        if wrong:
            promise = str(self.check.__doc__).partition("\n")[0]
            raise NotKeptError("\n".join([f"Not kept: {promise}", *wrong]))
