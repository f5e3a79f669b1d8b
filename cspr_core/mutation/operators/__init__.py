"""The ways in which people get a requirement wrong, one file each.

An operator takes a requirement as its file has it and gives every change of its sort. It knows
nothing of cases or scenarios; that a change makes no valid requirement is not its concern.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from cspr_core.mutation.change import Change, Raw
from cspr_core.mutation.operators import (
    binding,
    choice,
    condition,
    detail,
    direction,
    dropped,
    effect,
    exception,
    hold,
    number,
    same,
    start,
    unit,
)

Operator = Callable[[Raw], Iterator[Change]]
_MODULES = (
    number,
    unit,
    direction,
    start,
    binding,
    dropped,
    hold,
    condition,
    same,
    detail,
    choice,
    effect,
    exception,
)
OPERATORS: Mapping[str, Operator] = {module.NAME: module.changes for module in _MODULES}
NAMES: Mapping[str, str] = {module.NAME: module.TITLE for module in _MODULES}
