"""Notification: somebody is told, with or without a limit."""

from __future__ import annotations

from cspr_core.kinds.doing import lower_doing
from cspr_core.kinds.lowered import Lowered
from cspr_core.model.arrangements import Notification


def lower(requirement: Notification) -> Lowered:
    """As a deadline; without a limit `upcoming` until it is done."""
    return lower_doing(requirement)
