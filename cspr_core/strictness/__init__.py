"""Whether one requirement is stricter or looser than another: for lint, diffs and mutants.

Pure analysis of arrangements: no case, no file, no today. Limits are compared on every date that
they can count from (`limits`), everything else by what implies what (`patterns`, `conditions`,
`requirements`). What can't be proved either way is said to be so, with the reason.
"""

from cspr_core.strictness.limits import (
    Limit,
    Piece,
    compare_limits,
    limit_of,
    safe_number,
    same_on_calendar,
)
from cspr_core.strictness.orders import ORDERS, Order
from cspr_core.strictness.requirements import compare_beside, compare_requirements
from cspr_core.strictness.verdicts import (
    PUBLISHED,
    Calendar,
    Comparison,
    Dates,
    Verdict,
    known,
    opposite,
    overall,
)

__all__ = [
    "ORDERS",
    "PUBLISHED",
    "Calendar",
    "Comparison",
    "Dates",
    "Limit",
    "Order",
    "Piece",
    "Verdict",
    "compare_beside",
    "compare_limits",
    "compare_requirements",
    "known",
    "limit_of",
    "opposite",
    "overall",
    "safe_number",
    "same_on_calendar",
]
