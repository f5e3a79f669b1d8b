"""The areas whose guidance these tests read: the real ones, and one made up that has it all."""

from datetime import date
from functools import cache
from pathlib import Path

from cspr_core.check import Rules, rules_for
from cspr_core.report.guidance.document import Bullets, Guidance, Paragraph, Step, plain
from cspr_core.report.guidance.writing import guidance_of

DAY = date(2026, 3, 2)
REAL = ("essex", "leeds", "northamptonshire", "south_glos", "staffordshire")
MADE_UP, BARE = "westshire", "bareshire"


@cache
def rules(area: str) -> Rules:
    return rules_for(area, Path(__file__).parent if area in (MADE_UP, BARE) else None)


@cache
def guidance(area: str) -> Guidance:
    return guidance_of(rules(area), DAY)


def step(area: str, requirement: str) -> str:
    """A step as it is read: the sentence that leads it, and its own."""
    found = [s for c in guidance(area).chapters for s in c.steps if s.requirement == requirement]
    (only,) = found
    return f"{plain(only.lead)} {plain(only.text)}".strip()


def words(area: str, chapter: str) -> str:
    """Every paragraph, step and bullet of a chapter."""
    (found,) = [c for c in guidance(area).chapters if c.title == chapter]
    told = []
    for block in found.blocks:
        if isinstance(block, Paragraph | Step):
            told.append(plain(block.text))
        elif isinstance(block, Bullets):
            told += map(plain, block.items)
    return "\n".join(told)
