"""What a finding counts as, and which of those make up each figure.

Every finding falls into exactly one class, so nothing is dropped: what a share leaves out is
counted in a class of its own. A date *has passed* if it lies before the day as of which the
caseload was checked: on the day itself there is still time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cspr_core.program import STATUSES

CLASSES = (
    # Its due date has passed.
    "on_time",  # done by it
    "late",  # done after it
    "overdue",  # not recorded as done, and can still be
    "breached",  # can no longer be put right
    "not_known",  # depends on something unknown
    # It has no date, or one that has not passed.
    "done",
    "broken",  # breached
    # Left out of every share, and counted.
    "unclear",  # depends on something unknown, and no date has passed
    "upcoming",
    "pending",
    "excused",
    "not_applicable",
    "advice",
)
LEFT_OUT = CLASSES[7:]
DATED = 5  # the first so many classes have a date that has passed

# Each figure is the number of findings in some classes.
FIGURES: Mapping[str, tuple[str, ...]] = {
    **{name: (name,) for name in CLASSES},
    "due": ("on_time", "late", "overdue", "breached"),
    "not_on_time": ("late", "overdue", "breached"),
    "settled": ("on_time", "late", "overdue", "breached", "done", "broken"),
    "kept": ("on_time", "late", "done"),
    "not_kept": ("overdue", "breached", "broken"),
    "all": CLASSES,
}
MASKS: Mapping[str, int] = {
    name: sum(1 << CLASSES.index(each) for each in classes) for name, classes in FIGURES.items()
}
_PLAIN = ("upcoming", "pending", "excused", "not_applicable")


def class_of(status: str, *, passed: bool, advice: bool) -> str:
    """The class of a finding, by its status and whether it has a date that has passed."""
    if advice:
        return "advice"
    if status in _PLAIN:
        return status
    if passed:
        dated = {"met": "on_time", "met_late": "late", "undetermined": "not_known"}
        return dated.get(status, status)
    return {"undetermined": "unclear", "breached": "broken"}.get(status, "done")


def class_numbers() -> dict[tuple[str, bool, bool], int]:
    """The number of the class by status, whether the date has passed, and whether it is advice."""
    return {
        (status, passed, advice): CLASSES.index(class_of(status, passed=passed, advice=advice))
        for status in STATUSES
        for passed in (False, True)
        for advice in (False, True)
    }


class Key(NamedTuple):
    """What a group of findings has in common: the breakdown, and its area, agency and so on.

    `quarter` counts calendar quarters: four times the year, and 0 to 3. What a breakdown does not
    go by is empty.
    """

    by: str
    area: str = ""
    requirement: str = ""
    binding: str = ""
    agency: str = ""
    quarter: int = 0


ALL = Key("all")
AGENCIES = Key("agencies")  # what is answered for each agency, together
NO_KIND = "kind_not_known"  # an agency by a name of its own, where only findings are at hand
