"""CSPR208: parts of a raw rule that can't make a difference."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.model.arrangements import Rule, RuleRow

CODE = "CSPR208"
TITLE = "A raw rule with a part that does nothing"
SEVERITY: Severity = "error"


def check(context: Context) -> Iterator[Message]:
    """Matches that no row names, and rows that an earlier row always comes before."""
    for requirement in context.requirements:
        if not isinstance(requirement, Rule):
            continue
        named = {name for row in requirement.decide for name in (*row.all, *row.none)}
        for name in requirement.match:
            if name not in named:
                loc = context.loc(requirement, "match", name)
                what = f"No row of `decide` in `{requirement.id}` names the match `{name}`"
                remedy = "Name it in a row, or delete it"
                yield Message(loc, what, remedy, requirement.id, at_key=True)
        for index, row in enumerate(requirement.decide):
            number = _before(requirement.decide[:index], row)
            if number is not None:
                yield context.about(
                    requirement,
                    f"This row of `{requirement.id}` is never reached: row {number + 1} holds"
                    " whenever it does",
                    "Put it before that row, or delete it",
                    "decide",
                    index,
                )


def _before(earlier: tuple[RuleRow, ...], row: RuleRow) -> int | None:
    """The number of an earlier row that asks for no more than this one does."""
    for number, other in enumerate(earlier):
        # a breach waits until every condition certainly holds, and so lets others come first
        less = set(other.all) <= set(row.all) and set(other.none) <= set(row.none)
        if less and other.status != "breached":
            return number
    return None
