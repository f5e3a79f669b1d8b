"""Running a suite: every scenario read and played, and what that comes to as a whole.

A scenario that can't be read spoils no other: it stands in the outcome with its problems.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from cspr_core.engine.compared import EnginesDifferError
from cspr_core.engine.rete import available
from cspr_core.plugins import PluginError
from cspr_core.reading.problems import BadInput
from cspr_core.scenarios import ScenarioFile, read_scenario
from cspr_core.testing.coverage import Coverage, coverage_of
from cspr_core.testing.difference import Failure, failure_of
from cspr_core.testing.playing import Player, Result
from cspr_core.testing.suites import Suite


@dataclass(frozen=True)
class Played:
    """One scenario: what its expectations came to, or why it could not be played.

    `seconds` is how long that took.
    """

    path: Path
    file: ScenarioFile | None
    results: tuple[Result, ...]
    failures: tuple[Failure, ...]
    problems: tuple[str, ...]
    seconds: float

    @property
    def title(self) -> str:
        """The scenario's title, or its file's name where it could not be read."""
        return self.path.stem if self.file is None else self.file.scenario.title

    @property
    def outcome(self) -> str:
        """`passed`, `failed`, or `error` where it could not be played."""
        if self.problems:
            return "error"
        return "failed" if self.failures else "passed"


@dataclass(frozen=True)
class Ran:
    """A suite, played. `part`: not all of the area's scenarios were."""

    suite: Suite
    played: tuple[Played, ...]
    coverage: Coverage
    part: bool

    @property
    def failed(self) -> tuple[Played, ...]:
        """The scenarios of which something is not as expected."""
        return tuple(p for p in self.played if p.outcome == "failed")

    @property
    def unread(self) -> tuple[Played, ...]:
        """The scenarios that could not be played."""
        return tuple(p for p in self.played if p.outcome == "error")

    @property
    def expectations(self) -> int:
        """How many expectations were held against the rules."""
        return sum(len(p.results) for p in self.played)


def engines() -> tuple[str, ...]:
    """The engines that every scenario is played on."""
    return ("rete", "reference") if available() else ("reference",)


@dataclass(frozen=True)
class Selection:
    """Which scenarios of a suite to play: all, where nothing is said.

    `text` stands in the path or the title, in whatever case; `requirements` (ids, with or without
    the area) are expected something of. `first`: stop at the first that is not as expected.
    """

    text: str = ""
    requirements: tuple[str, ...] = ()
    first: bool = False

    def wants(self, path: Path, file: ScenarioFile | None) -> bool:
        """Whether to play a scenario; one that can't be read is wanted unless its name is not."""
        if file is None:
            return not self.text or self.text.lower() in str(path).lower()
        named = {e.requirement for e in file.scenario.expect}
        if self.requirements and named.isdisjoint(self.requirements):
            return False
        words = " ".join((str(path), file.scenario.title, *sorted(named))).lower()
        return self.text.lower() in words


def run(
    suite: Suite,
    selection: Selection | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Ran:
    """Play a suite's scenarios; `progress` is told how many of how many are done."""
    selection = selection or Selection()
    player = Player(suite.rules)
    played: list[Played] = []
    for number, path in enumerate(suite.paths, 1):
        one = _played(player, path, selection)
        if one is not None:
            played.append(one)
        if progress is not None:
            progress(number, len(suite.paths))
        if selection.first and one is not None and one.outcome != "passed":
            break
    shown: dict[str, set[str]] = {}
    for result in (r for p in played for r in p.results if r.holds):
        shown.setdefault(result.expected.requirement, set()).add(result.expected.status)
    wanted = [
        lowered
        for lowered in suite.lowered
        if not selection.requirements or lowered.requirement.id in selection.requirements
    ]
    part = not suite.whole or bool(selection.text) or len(played) < len(suite.paths)
    if selection.requirements and suite.whole and not selection.text:
        part = selection.first and any(p.outcome != "passed" for p in played)
    return Ran(suite, tuple(played), coverage_of(suite.rules, wanted, shown), part)


def _played(player: Player, path: Path, selection: Selection) -> Played | None:
    """A scenario, played; `None` where it is not wanted."""
    started = perf_counter()
    file: ScenarioFile | None = None
    results: tuple[Result, ...] = ()
    failures: tuple[Failure, ...] = ()
    problems: tuple[str, ...] = ()
    try:
        file = read_scenario(path)
        if not selection.wants(path, file):
            return None
        replay, results = player.play(file)
        failures = tuple(failure_of(replay, player.rules, r) for r in results if not r.holds)
    except (BadInput, PluginError, EnginesDifferError) as error:
        if not selection.wants(path, file):
            return None
        problems, results = tuple(_lines(error, path)), ()
    return Played(path, file, results, failures, problems, perf_counter() - started)


def _lines(error: Exception, path: Path) -> Iterator[str]:
    if isinstance(error, BadInput):
        yield from map(str, error.problems)
    else:
        yield f"{path}:1:1: {error}"
