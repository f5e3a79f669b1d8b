"""Mutants: the valid arrangements that come of one change each, in the file's order.

A change goes the way that any arrangements go: through the model, and lowered. What is refused
there is no mutant and is only counted. Nothing here plays a scenario.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from cspr_core.check import Rules, nation_alone
from cspr_core.kinds import Lowered, LoweringError, lower
from cspr_core.model.arrangements import AnyRequirement, Cover, Requirement
from cspr_core.mutation.change import Change
from cspr_core.mutation.operators import OPERATORS, effect
from cspr_core.plugins import NATIONAL, Plugin
from cspr_core.reading.document import Document, read_document
from cspr_core.testing.suites import Suite

COVERS = "covers"  # stands for the document's own date of effect, where no requirement is meant


@dataclass(frozen=True)
class Mutant:
    """One change that makes valid arrangements: of which requirement, where, and in words.

    `lowered` is the requirement as changed (`None`: it is left out); `covers` the documents, where
    it is their date that was changed.
    """

    requirement: str
    operator: str
    line: int
    column: int
    what: str
    lowered: Lowered | None = None
    covers: tuple[Cover, ...] | None = None


@dataclass(frozen=True)
class Mutants:
    """The mutants of an area, and how many changes made no valid arrangements."""

    found: tuple[Mutant, ...]
    invalid: int


def owner(suite: Suite) -> Plugin:
    """The plugin whose requirements are changed: the area's, or the national provisions."""
    return suite.rules.nation if suite.area == NATIONAL else suite.rules.plugin


def mutants(
    suite: Suite,
    only: Collection[str] | None = None,
    operators: Collection[str] | None = None,
) -> Mutants:
    """The mutants of a suite's arrangements; of these requirements and operators alone, if given.

    What a plugin's Python adds stands in no file, and is not changed. Raises `BadInput` where the
    arrangements can't be read.
    """
    plugin = owner(suite)
    document = read_document(suite.arrangements)
    make = _Maker(plugin, document)
    found: list[Mutant] = []
    for index in range(len(document.data["requirements"] or [])):
        if only is None or plugin.lowered[index].requirement.id in only:
            found += make.of_requirement(index, operators)
    if only is None and (operators is None or effect.NAME in operators):
        found += make.of_covers()
    return Mutants(tuple(found), make.invalid)


def mutated(suite: Suite, mutant: Mutant) -> Rules:
    """The suite's rules with one mutant in the place of what was changed."""
    plugin = owner(suite)
    if mutant.covers is not None:
        arrangements = plugin.arrangements.model_copy(update={"covers": mutant.covers})
        changed = replace(plugin, arrangements=arrangements)
    else:
        lowered = tuple(
            other
            for old in plugin.lowered
            if (other := mutant.lowered if old.requirement.id == mutant.requirement else old)
            is not None
        )
        changed = replace(plugin, lowered=lowered)
    return nation_alone(changed) if suite.area == NATIONAL else Rules(changed, suite.rules.nation)


@cache
def _model() -> TypeAdapter[Requirement]:
    return TypeAdapter(AnyRequirement)


class _Maker:
    def __init__(self, plugin: Plugin, document: Document) -> None:
        self.plugin, self.document = plugin, document
        self.invalid = 0
        self._read = frozenset().union(*(low.program.reads for low in plugin.lowered))

    def of_requirement(self, index: int, operators: Collection[str] | None) -> Iterator[Mutant]:
        raw = self.document.data["requirements"][index]
        old = self.plugin.lowered[index]
        seen: list[Requirement | None] = [old.requirement]
        for name, changes in OPERATORS.items():
            if operators is not None and name not in operators:
                continue
            for change in changes(raw):
                try:
                    new = None if change.raw is None else self._valid(change.raw, index)
                except (ValidationError, LoweringError):
                    self.invalid += 1
                    continue
                if new is None and old.requirement.id in self._read:
                    self.invalid += 1
                elif (requirement := None if new is None else new.requirement) not in seen:
                    seen.append(requirement)
                    yield self._mutant(change, ("requirements", index), old.requirement.id, new)

    def _valid(self, raw: Mapping[str, Any], index: int) -> Lowered:
        """The requirement as changed; raises what a mistake in the file would be told by."""
        old = self.plugin.lowered[index]
        model = _model().validate_python(raw, by_alias=True, by_name=False)
        return lower(model.model_copy(update={"id": old.requirement.id}))

    def _mutant(
        self, change: Change, at: tuple[str | int, ...], requirement: str, new: Lowered | None
    ) -> Mutant:
        place = self.document.place((*at, *change.loc))
        return Mutant(requirement, change.operator, place.line, place.column, change.what, new)

    def of_covers(self) -> Iterator[Mutant]:
        """The documents' dates of effect, moved."""
        raw = self.document.data
        area = self.plugin.arrangements.partnership
        for index, cover in enumerate(self.plugin.arrangements.covers):
            if cover.in_force_from is None:
                continue
            for change in effect.moved(raw, ("covers", index, "in_force_from")):
                covers = (change.raw or {})["covers"]
                place = self.document.place(change.loc)
                yield Mutant(
                    f"{area} ({COVERS})",
                    effect.NAME,
                    place.line,
                    place.column,
                    change.what,
                    covers=tuple(Cover.model_validate(c, by_alias=True) for c in covers),
                )
