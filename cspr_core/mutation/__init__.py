"""Mutation testing of rules: arrangements changed in the ways people get wrong.

Each change that makes valid arrangements is held against the area's scenarios, which have to
notice it. Nothing here judges whether a rule is right: that stands in the scenarios.
"""

from __future__ import annotations

from cspr_core.mutation.operators import NAMES
from cspr_core.mutation.result import MutationResult
from cspr_core.mutation.running import mutate

__all__ = ["NAMES", "MutationResult", "mutate"]
