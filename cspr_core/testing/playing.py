"""Playing a scenario: its case checked as of each day named, and held against each expectation.

Only the requirements that a scenario speaks of are asked, with whatever they read: that comes to
the same as asking all of them (a test plays every scenario both ways), in a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from cspr_core.check import Checked, Rules, check_facts, check_words, facts_for
from cspr_core.facts import Facts
from cspr_core.kinds import Lowered
from cspr_core.limits import derive
from cspr_core.model.scenario import Expectation
from cspr_core.plugins import Plugin
from cspr_core.program import Program
from cspr_core.reading.problems import BadInput, Problem
from cspr_core.reading.tree import quote
from cspr_core.reading.words import nearest
from cspr_core.report.findings import Bare, bare_findings
from cspr_core.scenarios import ScenarioFile

Engines = Literal["both", "reference"]
COMPARED = ("status", "due", "answer", "done", "binding", "counted_from")
_NAMING = ("finding", "limit", "mark")  # facts that tell of a requirement


# --- fewer rules ----------------------------------------------------------------------------------


def needs(lowered: Lowered) -> frozenset[str] | None:
    """The other requirements that one reads or takes its limit from; `None`: perhaps any."""
    found = set() if lowered.limit is None else {lowered.limit.copies} - {None}
    for names in _named(lowered.program):
        if names is None:
            return None
        found |= names
    return frozenset(name for name in found if name is not None) - {lowered.requirement.id}


def _named(program: Program) -> Iterable[frozenset[str] | None]:
    for match in program.matches:
        for pattern in match.body:
            if pattern.type in _NAMING:
                tests = [t for t in pattern.tests if t.column == "requirement"]
                values = [t.value for t in tests if t.op in ("==", "in")]
                if not values:
                    yield None
                for value in values:
                    several = value if isinstance(value, tuple) else (value,)
                    yield frozenset(name for name in several if isinstance(name, str))


def narrowed(rules: Rules, requirements: Iterable[str]) -> Rules:
    """The rules of these requirements alone, and of all that they read.

    Each of them comes to the same under these as under all of the rules.
    """
    wanted, left = set[str](), list(requirements)
    while left:
        name = left.pop()
        if name in wanted or name not in rules.by_id:
            continue
        wanted.add(name)
        others = needs(rules.by_id[name])
        if others is None:
            return rules
        left += others
    return Rules(_only(rules.plugin, wanted), _only(rules.nation, wanted))


def _only(plugin: Plugin, names: Collection[str]) -> Plugin:
    kept = tuple(lowered for lowered in plugin.lowered if lowered.requirement.id in names)
    return replace(plugin, lowered=kept)


def dependents(rules: Rules, requirement: str) -> frozenset[str]:
    """The requirement and all whose answer may depend on it."""
    read_by: dict[str, set[str]] = {}
    of_all: set[str] = set()
    for name, lowered in rules.by_id.items():
        others = needs(lowered)
        if others is None:
            of_all.add(name)
        for other in others or ():
            read_by.setdefault(other, set()).add(name)
    found, left = set[str](), [requirement, *of_all]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += read_by.get(name, ())
    return frozenset(found)


# --- one scenario ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """One expectation, and what was found; `found` is None where there is no such finding."""

    index: int
    expected: Expectation
    found: Bare | None

    @property
    def wrong(self) -> tuple[str, ...]:
        """The names of the values that are not as expected."""
        return unlike(self.expected, self.found)

    @property
    def holds(self) -> bool:
        """Whether all is as expected."""
        return not self.wrong


def compared(expected: Expectation) -> tuple[str, ...]:
    """The names of the values that an expectation states."""
    return tuple(n for n in COMPARED if n == "status" or n in expected.model_fields_set)


def unlike(expected: Expectation, found: Bare | None) -> tuple[str, ...]:
    """The names of the values that are not as expected; nothing where all are."""
    return tuple(
        name
        for name in compared(expected)
        if found is None or getattr(expected, name) != getattr(found, name)
    )


class Replay:
    """A scenario that can be held against many rules: the facts of each day are made once."""

    def __init__(self, file: ScenarioFile, rules: Rules) -> None:
        """For a scenario of the area whose rules these are.

        Raises `BadInput` for requirements that are none and for words that nobody declares.
        """
        self.file, self.rules = file, rules
        self.expectations = file.scenario.expect
        self.requirements = frozenset(e.requirement for e in self.expectations)
        _check_names(file, rules)
        try:
            check_words(file.casefile, rules)
        except BadInput as error:
            raise BadInput(_placed(p, file) for p in error.problems) from error
        self._facts: dict[date, Facts] = {}

    def facts(self, as_of: date) -> Facts:
        """The facts of a day, without limits; raises `PluginError` where a hook fails."""
        found = self._facts.get(as_of)
        if found is None:
            found = facts_for(self.file.casefile, self.rules, as_of)
            self._facts[as_of] = found
        return found

    def checked(self, rules: Rules, as_of: date, engines: Engines = "both") -> Checked:
        """The case, checked under rules; raises `EnginesDifferError` where engines differ."""
        facts = self.facts(as_of)
        if engines == "both":
            return check_facts(self.file.casefile, rules, as_of, facts)
        facts, limits = derive(facts, rules.lowered, as_of, rules.in_force)
        decisions = tuple(rules.reference.run(facts.rows))
        return Checked(self.file.casefile, rules, as_of, facts, limits, decisions, ("reference",))

    def results(
        self,
        rules: Rules | None = None,
        *,
        only: Collection[str] | None = None,
        engines: Engines = "both",
    ) -> tuple[Result, ...]:
        """What each expectation comes to under rules; `only` those of these requirements."""
        rules = rules or self.rules
        found: dict[date, Mapping[tuple[str, str], Bare]] = {}
        results = []
        for index, expected in enumerate(self.expectations):
            if only is not None and expected.requirement not in only:
                continue
            if expected.as_of not in found:
                checked = self.checked(rules, expected.as_of, engines)
                found[expected.as_of] = bare_findings(checked)
            key = (expected.requirement, expected.subject or "")
            results.append(Result(index, expected, found[expected.as_of].get(key)))
        return tuple(results)

    def failing(
        self,
        rules: Rules | None = None,
        *,
        only: Collection[str] | None = None,
        engines: Engines = "reference",
    ) -> tuple[int, ...]:
        """Which expectations do not hold under rules, by their number from 0."""
        results = self.results(rules, only=only, engines=engines)
        return tuple(result.index for result in results if not result.holds)


class Player:
    """Plays the scenarios of one area; rules that several of them need are made once."""

    def __init__(self, rules: Rules) -> None:
        """For the area whose rules these are."""
        self.rules = rules
        self._narrowed: dict[frozenset[str], Rules] = {}

    def play(self, file: ScenarioFile) -> tuple[Replay, tuple[Result, ...]]:
        """Hold a scenario against the rules, on every engine that there is.

        Raises `BadInput` where an expectation is about nothing that there is, `PluginError` where
        the plugin's hooks fail, `EnginesDifferError` where the engines do not agree.
        """
        replay = Replay(file, self.rules)
        rules = self._narrowed.get(replay.requirements)
        if rules is None:
            rules = narrowed(self.rules, replay.requirements)
            self._narrowed[replay.requirements] = rules
        results = replay.results(rules)
        problems = [_no_finding(replay, rules, r) for r in results if r.found is None]
        if problems:
            raise BadInput(problems)
        return replay, results


# --- expectations that can't be held against anything ---------------------------------------------


def _placed(problem: Problem, file: ScenarioFile) -> Problem:
    name, line = file.origin(problem.line)
    return replace(problem, file=name, line=line)


def _check_names(file: ScenarioFile, rules: Rules) -> None:
    """Raises `BadInput` for what is no requirement, and for what is expected twice."""
    problems: list[Problem] = []
    seen: set[tuple[str, str | None, date]] = set()
    for index, expected in enumerate(file.scenario.expect):
        about = (expected.requirement, expected.subject, expected.as_of)
        if about in seen:
            problems.append(
                file.document.problem(
                    ("expect", index),
                    "This is expected in an entry above already: requirement, subject and day are"
                    " the same",
                    "Make one entry of the two",
                )
            )
        seen.add(about)
        name = expected.requirement
        if name in rules.by_id:
            continue
        near = nearest(name, list(rules.by_id))
        problems.append(
            file.document.problem(
                ("expect", index, "requirement"),
                f"{quote(name, 'This')} is not a requirement",
                f"Write {near} if that was meant"
                if near
                else f"Take its id from `cspr requirements {rules.plugin.area}`",
            )
        )
    if problems:
        raise BadInput(problems)


def _no_finding(replay: Replay, rules: Rules, result: Result) -> Problem:
    expected = result.expected
    decisions = replay.checked(rules, expected.as_of, "reference").decisions
    subjects = [d.subject for d in decisions if d.requirement == expected.requirement and d.subject]
    about = "the case itself" if expected.subject is None else f"`{expected.subject}`"
    loc = ("expect", result.index)
    return replay.file.document.problem(
        loc if expected.subject is None else (*loc, "subject"),
        f"{expected.requirement} has no finding about {about} on {expected.as_of}",
        f"Write one of the subjects that it has: {', '.join(subjects)}"
        if subjects
        else "Leave `subject` out: there is one finding, about the case itself",
    )
