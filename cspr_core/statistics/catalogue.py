"""What the requirements of a caseload are called, and which are answered for each agency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cspr_core.check import Rules, nation_alone, rules_for
from cspr_core.plugins import PluginError
from cspr_core.report.words import Words, capital
from cspr_core.vocabulary import vocabulary


@dataclass(frozen=True)
class About:
    """What a requirement is: its title, its stage (a word of the vocabulary), and for whom."""

    title: str
    stage: str
    of_agencies: bool = False
    advice: bool = False


@dataclass(frozen=True)
class Catalogue:
    """The requirements of some areas by id, and the areas' names.

    `unread` are areas whose arrangements are not at hand.
    """

    requirements: Mapping[str, About] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    def about(self, requirement: str) -> About:
        """What a requirement is; its id in the place of a title where that is not at hand."""
        return self.requirements.get(requirement) or About(requirement, "")

    def of_agencies(self, requirement: str) -> bool:
        """Whether it is answered for each agency."""
        return self.about(requirement).of_agencies

    def is_advice(self, requirement: str) -> bool:
        """Whether it is advice, which nobody fails."""
        return self.about(requirement).advice

    def area(self, word: str) -> str:
        """An area's name."""
        return self.areas.get(word, word)


def catalogue_of(areas: Iterable[str], directory: Path | None = None) -> Catalogue:
    """The requirements of these areas and of the nation; plugins are read from `directory` first.

    Raises `BadInput` for arrangements that can't be read.
    """
    requirements = _requirements(nation_alone())
    names: dict[str, str] = {}
    unread: list[str] = []
    for area in sorted(set(areas)):
        try:
            rules = rules_for(area, directory)
        except PluginError:
            unread.append(area)
            continue
        requirements |= _requirements(rules)
        names[area] = rules.plugin.arrangements.name
    return Catalogue(requirements, names, tuple(unread))


def _requirements(rules: Rules) -> dict[str, About]:
    return {
        one.requirement.id: About(
            one.requirement.title,
            one.requirement.stage,
            one.subject.type == "agency",
            one.requirement.kind_name == "advice",
        )
        for one in rules.lowered
    }


def agency_name(kind: str) -> str:
    """A kind of agency for a person: `Children's social care`."""
    if kind not in vocabulary().words("agencies"):
        return "Agencies by names of their own (kind not in these findings)"
    name = Words(nation_alone()).name(kind).removeprefix("the ")
    return capital(name.replace("childrens", "children's"))


def stage_name(word: str) -> str:
    """A stage for a person."""
    return capital(word.replace("_", " "))
