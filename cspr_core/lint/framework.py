"""What a lint rule is, what it is given, and how the rules are run and their messages put in order.

A rule sees validated arrangements with the place of every key, the lowered programs, the national
provisions and the plugin's own folder; it yields messages. It changes nothing and knows of no
other rule.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import Literal, Protocol, cast

from cspr_core.check import Rules
from cspr_core.kinds import Lowered
from cspr_core.lint import ignoring
from cspr_core.model.arrangements import Arrangements, Requirement
from cspr_core.plugins import NATIONAL, Plugin
from cspr_core.reading.document import Document, Loc, read_document
from cspr_core.reading.problems import BadInput
from cspr_core.scenarios import ScenarioFile, read_scenario, scenarios_in

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
SCENARIOS = "scenarios"


@dataclass(frozen=True)
class Message:
    """What a rule says: where in the arrangements (`loc`), `what` is wrong and the `remedy`.

    Both are sentences without their full stop. `severity` is the rule's own where it is `None`;
    `requirement` is the id of the requirement that it is about; `document` is another file that
    `loc` leads into.
    """

    loc: Loc
    what: str
    remedy: str
    requirement: str | None = None
    severity: Severity | None = None
    at_key: bool = False
    document: Document | None = None


@dataclass(frozen=True)
class Found:
    """One message with its file, place, rule and severity: what the command shows."""

    file: str
    line: int
    column: int
    code: str
    severity: Severity
    what: str
    remedy: str
    requirement: str | None = None

    def __str__(self) -> str:
        """One line for a person: `FILE:LINE:COLUMN: CODE severity: what is wrong. Remedy.`."""
        return (
            f"{self.file}:{self.line}:{self.column}: {self.code} {self.severity}:"
            f" {self.what}. {self.remedy}."
        )


@dataclass(frozen=True)
class Context:
    """What a rule is given.

    `plugin` is what is checked, `rules` the same with the national provisions beside it (of the
    national provisions themselves: they alone). `folder` holds `scenarios/` and `COVERAGE.md`,
    and may hold neither; it is `None` where there is no such folder. `as_of` is the day that
    counts as today.
    """

    plugin: Plugin
    rules: Rules
    document: Document
    folder: Path | None
    as_of: date

    @property
    def area(self) -> str:
        """The area's name, or `national`."""
        return self.plugin.area

    @property
    def is_national(self) -> bool:
        """Whether the national provisions themselves are checked."""
        return self.area == NATIONAL

    @property
    def arrangements(self) -> Arrangements:
        """The arrangements: every id begins with the area's name."""
        return self.plugin.arrangements

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """The requirements that are checked, in the file's order; those made by hooks at the end.

        Of an area: its own alone. The national ones stand in `rules.nation`.
        """
        return tuple(self.arrangements.requirements)

    @property
    def lowered(self) -> tuple[Lowered, ...]:
        """The same requirements with their programs."""
        return self.plugin.lowered

    @cached_property
    def national(self) -> Mapping[str, Requirement]:
        """The national requirements by id."""
        return {r.id: r for r in self.rules.nation.arrangements.requirements}

    @cached_property
    def _index(self) -> Mapping[str, int]:
        return {r.id: index for index, r in enumerate(self.arrangements.requirements)}

    def loc(self, requirement: Requirement, *keys: str | int) -> Loc:
        """The loc of a requirement's entry in the file, or of a key in it.

        A key that is not written there leads to the entry itself. What a hook made has no place
        of its own: it leads to the list of requirements.
        """
        return ("requirements", self._index[requirement.id], *keys)

    def about(
        self,
        requirement: Requirement,
        what: str,
        remedy: str,
        *keys: str | int,
        severity: Severity | None = None,
    ) -> Message:
        """A message about a requirement, at its entry or at a key of it."""
        loc = self.loc(requirement, *keys)
        return Message(loc, what, remedy, requirement=requirement.id, severity=severity)

    @cached_property
    def scenarios(self) -> tuple[tuple[Path, ScenarioFile | BadInput], ...]:
        """Every scenario of the plugin by its path: read, or what is wrong with it."""
        if self.folder is None or not (self.folder / SCENARIOS).is_dir():
            return ()
        return tuple((path, _scenario(path)) for path in scenarios_in(self.folder / SCENARIOS))


def _scenario(path: Path) -> ScenarioFile | BadInput:
    try:
        return read_scenario(path)
    except BadInput as error:
        return error


class Rule(Protocol):
    """A module of this package that says one thing."""

    CODE: str
    TITLE: str
    SEVERITY: Severity

    def check(self, context: Context) -> Iterator[Message]:
        """Everything that the rule has to say."""
        ...


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, by its code."""
    folder = str(Path(__file__).parent)
    names = [module.name for module in pkgutil.iter_modules([folder])]
    modules = [import_module(f"{__package__}.{name}") for name in names]
    found = [cast("Rule", module) for module in modules if hasattr(module, "CODE")]
    return tuple(sorted(found, key=lambda rule: rule.CODE))


@dataclass(frozen=True)
class Result:
    """What was checked and everything that was found, in order of place."""

    context: Context
    found: tuple[Found, ...]

    def count(self, severity: Severity) -> int:
        """How many messages there are of a severity."""
        return sum(one.severity == severity for one in self.found)


def context_of(plugin: Plugin, rules: Rules, folder: Path | None, as_of: date) -> Context:
    """The context for a plugin; raises `BadInput` where its file can't be read."""
    return Context(plugin, rules, read_document(Path(plugin.file)), folder, as_of)


def run(context: Context, chosen: Iterable[Rule] | None = None) -> Result:
    """Everything that the rules (all of them, unless some are chosen) find, in order of place.

    A message whose rule is named by a comment at its line (`cspr_core.lint.ignoring`) is left
    out. A comment without its reason, and one that leaves nothing out, are found themselves.
    """
    ran = tuple(rules() if chosen is None else chosen)
    found = {_placed(context, rule, message) for rule in ran for message in rule.check(context)}
    kept, about = ignoring.apply(
        context.document.file,
        [(one.file, one.line, one.code) for one in found],
        {rule.CODE for rule in ran},
    )
    left = [one for one in found if (one.file, one.line, one.code) in kept]
    left += [
        Found(context.document.file, line, column, ignoring.CODE_OF_ITS_OWN, "warning", *said)
        for line, column, said in about
    ]
    return Result(context, tuple(sorted(left, key=_order)))


def _order(found: Found) -> tuple[str | int, ...]:
    return found.file, found.line, found.column, found.code, found.what


def _placed(context: Context, rule: Rule, message: Message) -> Found:
    document = message.document or context.document
    at = document.place(message.loc, message.at_key)
    return Found(
        document.file,
        at.line,
        at.column,
        rule.CODE,
        message.severity or rule.SEVERITY,
        message.what,
        message.remedy,
        message.requirement,
    )
