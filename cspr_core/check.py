"""A check: a case, held against a partnership's arrangements and the national provisions.

`check_case` is the one way from a case file to decisions: facts, limits, engines. What its answers
say in words, `cspr_core.report` adds. Both engines run and are compared: a difference is an
internal error, never a result.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

from cspr_core.engine.compared import Compared, EnginesDifferError
from cspr_core.engine.plan import Plan
from cspr_core.engine.reference import ReferenceEngine
from cspr_core.engine.rete import ReteEngine, Written, available
from cspr_core.facts import Facts, Place, facts_of
from cspr_core.kinds import Lowered
from cspr_core.limits import LimitDetail, Limits, derive
from cspr_core.model.arrangements import Requirement
from cspr_core.plugins import Plugin, PluginError, load, national
from cspr_core.program import Decision
from cspr_core.reading.case import CaseFile
from cspr_core.reading.problems import BadInput
from cspr_core.reading.references import check_references

__all__ = [
    "Checked",
    "EnginesDifferError",
    "Rules",
    "check_case",
    "check_facts",
    "check_words",
    "facts_for",
    "rules_for",
]

T = TypeVar("T")
_RECORD_IT = {
    "criterion": "Record the answer itself in the case",
    "hold": "Record in `parallel` what began and what ended",
}


@dataclass(frozen=True)
class Rules:
    """What cases of one area are checked against: its plugin and the nation's provisions."""

    plugin: Plugin
    nation: Plugin

    @cached_property
    def lowered(self) -> tuple[Lowered, ...]:
        """Every requirement, national ones first."""
        return (*self.nation.lowered, *self.plugin.lowered)

    @cached_property
    def by_id(self) -> Mapping[str, Lowered]:
        """Every requirement by its id."""
        return {lowered.requirement.id: lowered for lowered in self.lowered}

    @cached_property
    def in_force(self) -> Mapping[str, date | None]:
        """From which day each requirement is held (`None`: for any date)."""
        found: dict[str, date | None] = {}
        for lowered in self.nation.lowered:
            found[lowered.requirement.id] = lowered.requirement.in_force_from
        for lowered in self.plugin.lowered:
            requirement = lowered.requirement
            found[requirement.id] = requirement.in_force_from or self._document_date(requirement)
        return found

    def _document_date(self, requirement: Requirement) -> date | None:
        covers = self.plugin.arrangements.covers
        named = [c for c in covers if c.document == requirement.source.document]
        return (named or list(covers))[0].in_force_from

    @cached_property
    def _once(self) -> dict[Callable[[Rules], Any], Any]:
        return {}

    def once(self, make: Callable[[Rules], T]) -> T:
        """What `make` makes of these rules, made once for all cases."""
        if make not in self._once:
            self._once[make] = make(self)
        made: T = self._once[make]
        return made

    @cached_property
    def plan(self) -> Plan:
        """What the engines are asked."""
        return Plan([lowered.program for lowered in self.lowered])

    @cached_property
    def reference(self) -> ReferenceEngine:
        """The reference engine for these requirements."""
        return ReferenceEngine(self.plan)

    @cached_property
    def rete(self) -> ReteEngine | None:
        """The durable-rules engine, where the library is installed."""
        return ReteEngine(self.plan, self.ruleset) if available() else None

    @property
    def ruleset(self) -> Written | None:
        """The ruleset, where it was written beforehand for these very requirements."""
        ruleset, nation = self.plugin.ruleset, national()
        same = ruleset is not None and ruleset.of is self.plugin.lowered
        if ruleset is None or not same or self.nation.lowered is not nation.lowered:
            return None
        return Written(ruleset.text, ruleset.triggers)

    @cached_property
    def engines(self) -> Compared:
        """Every engine that there is, held against each other."""
        return Compared(self.plan, [e for e in (self.rete, self.reference) if e is not None])


@dataclass(frozen=True)
class Checked:
    """A case with the answer to every requirement, before any words."""

    casefile: CaseFile
    rules: Rules
    as_of: date
    facts: Facts
    limits: Limits
    decisions: tuple[Decision, ...]
    engines: tuple[str, ...]

    def limit(self, decision: Decision) -> LimitDetail | None:
        """The limit of the requirement and subject that a decision is about."""
        return self.limits.details.get((decision.requirement, decision.subject))

    def place(self, fact: int) -> Place:
        """What a fact says and where it stands."""
        return self.facts.places[fact]


def nation_alone(nation: Plugin | None = None) -> Rules:
    """The national provisions (or those given), with no partnership's arrangements beside them."""
    nation = nation or national()
    arrangements = nation.arrangements.model_copy(update={"requirements": ()})
    return Rules(replace(nation, arrangements=arrangements, lowered=()), nation)


@cache
def rules_for(area: str, directory: Path | None = None) -> Rules:
    """The rules of an area; raises `PluginError` or `BadInput`."""
    return Rules(load(area, directory), national())


def check_case(
    casefile: CaseFile,
    as_of: date,
    *,
    partnership: str | None = None,
    directory: Path | None = None,
) -> Checked:
    """Check a case as of a day, under its own partnership or another.

    Raises `BadInput` for words and requirements that nobody declares, `PluginError` where a
    plugin can't be used, `EnginesDifferError` where the engines do not agree.
    """
    rules = rules_for(partnership or casefile.case.partnership, directory)
    check_words(casefile, rules, lambda area: rules_for(area, directory))
    return check_facts(casefile, rules, as_of, facts_for(casefile, rules, as_of))


def facts_for(casefile: CaseFile, rules: Rules, as_of: date) -> Facts:
    """A case's facts as of a day, with those that the rules' plugin adds; no limits yet.

    Raises `PluginError` where the plugin's hook fails.
    """
    case = casefile.case
    return facts_of(case, as_of, casefile.place, rules.plugin.facts(case, as_of))


def check_facts(casefile: CaseFile, rules: Rules, as_of: date, facts: Facts) -> Checked:
    """The decisions for a case's facts, from every engine there is."""
    facts, limits = derive(facts, rules.lowered, as_of, rules.in_force)
    decisions = tuple(rules.engines.run(facts.rows))
    return Checked(casefile, rules, as_of, facts, limits, decisions, rules.engines.names)


def check_words(
    casefile: CaseFile, rules: Rules, rules_of: Callable[[str], Rules] = rules_for
) -> None:
    """Refuse words and requirements that neither area declares; raises `BadInput`.

    `rules_of` gives the rules of the case's own area, where that is another; what it raises as
    `PluginError` leaves these words unchecked.
    """
    case = casefile.case
    words: Collection[str] = rules.plugin.words
    known: Collection[str] = rules.by_id
    if case.partnership != rules.plugin.area:
        try:
            own = rules_of(case.partnership).plugin
        except PluginError:
            return  # its own plugin is not at hand: its words can't be checked
        words = {*words, *own.words}
        known = {*known, *(lowered.requirement.id for lowered in own.lowered)}
    refused = rules.once(_not_confirmable)
    problems = check_references(casefile, words=words, requirements=known, not_confirmable=refused)
    if problems:
        raise BadInput(problems)


def _not_confirmable(rules: Rules) -> Mapping[str, str]:
    """What to record in place of minutes, for what minutes can't confirm."""
    return {
        lowered.requirement.id: _RECORD_IT.get(lowered.requirement.kind_name)
        or "Record the event itself in the case"
        for lowered in rules.lowered
        if lowered.requirement.confirmable == "no" or lowered.requirement.kind_name in _RECORD_IT
    }
