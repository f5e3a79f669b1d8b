"""What a change of the rules does to a caseload, as plain values: formats only lay them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cspr_core.comparing.changes import Difference
from cspr_core.impact.order import Direction, Moved, State
from cspr_core.model.finding import Finding


@dataclass(frozen=True)
class Days:
    """By how many calendar days due dates moved: the least, the middle one and the most.

    Of an even number of dates, the middle one is the smaller of two.
    """

    least: int
    median: int
    most: int


@dataclass(frozen=True)
class Example:
    """One case of a change, with the first finding of it that changes so."""

    partnership: str
    case: str
    subject: str | None
    old_due: date | None
    new_due: date | None


@dataclass(frozen=True)
class Group:
    """Findings on one requirement that change alike, and the cases that they belong to.

    `old` is absent where only the new rules have such a finding, `new` where only the old ones
    have. `areas`: cases by the area checked under. `days` belongs to a date that moved.
    """

    requirement: str
    old: State | None
    new: State | None
    moved: Moved
    direction: Direction
    cases: int
    findings: int
    areas: Mapping[str, int]
    days: Days | None
    examples: tuple[Example, ...]

    @property
    def only_date(self) -> bool:
        """Whether nothing but the due date is another."""
        return self.old == self.new


@dataclass(frozen=True)
class Change:
    """A group of findings, with the title of its requirement and what became of the rule itself.

    `rule` says in clauses what is new in the rule; without any, the rule is as it was and another
    that it depends on is not. `renamed_from` is the id that it had.
    """

    group: Group
    title: str
    renamed_from: str | None
    rule: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """A finding under one version, with what its due date is counted from, in words."""

    finding: Finding
    counted: str | None


@dataclass(frozen=True)
class Explained:
    """One finding of one case under both versions; a side is absent that has no such finding."""

    change: Change
    example: Example
    old: Told | None
    new: Told | None


@dataclass(frozen=True)
class Impact:
    """What the change of one plugin, or of the national provisions, does to a caseload.

    `areas`: the cases compared, by area; `left_out`: cases of other areas, by area. `notes`:
    sentences on what is not as complete as it would be from case files. `unread`: how many
    problems neither version could get over; `refused` are those that only the new version has,
    `taken` those that only the old one has: each is a line with its place. What they concern is
    missing in the counts. `touched`: cases with a change of each direction; `changed`: with any;
    `lost`: with something wrong that is no longer asked about.
    """

    difference: Difference
    as_of: date
    areas: Mapping[str, int]
    left_out: Mapping[str, int]
    notes: tuple[str, ...]
    unread: int
    refused: tuple[str, ...]
    taken: tuple[str, ...]
    changes: tuple[Change, ...]
    touched: Mapping[Direction, int]
    changed: int
    lost: int
    explained: Explained | None

    @property
    def cases(self) -> int:
        """How many cases were compared."""
        return sum(self.areas.values())

    @property
    def missing(self) -> int:
        """How many files, lines or rows are missing in the counts."""
        return self.unread + len(self.refused) + len(self.taken)

    def of(self, direction: Direction) -> list[Change]:
        """The changes of one direction, the worst first."""
        return [change for change in self.changes if change.group.direction == direction]

    @property
    def worse(self) -> bool:
        """Whether anything gets worse; a case that can't be checked any more does."""
        return bool(self.refused or self.touched["worse"])

    @property
    def differs(self) -> bool:
        """Whether anything changes at all."""
        return bool(self.refused or self.taken or self.changes)
