"""Findings written out one by one, and an area's requirements made up for these tests.

As of Monday 1 June 2026. Working days after Friday 1 May 2026 up to and including a day, with the
bank holidays of 4 and 25 May left out:
Tue 5 May 1, Wed 6 May 2, Thu 7 May 3, Fri 8 May 4; 11 to 15 May 5 to 9; 18 to 22 May 10 to 14;
26 to 29 May 15 to 18; Mon 1 June 19.
"""

from collections.abc import Iterable
from datetime import date

import pyarrow as pa

from cspr_core.caseload.answers import Answer, findings_schema, findings_table
from cspr_core.statistics.catalogue import About, Catalogue
from cspr_core.statistics.kinds import named_by_kind
from cspr_core.statistics.measures import Statistics, statistics_of
from cspr_core.statistics.tally import Tally, tally_of

AS_OF = date(2026, 6, 1)
MAY_1 = date(2026, 5, 1)
CATALOGUE = Catalogue(
    {
        "north.returned": About("Agencies return the template", "rapid_review", of_agencies=True),
        "north.quorum": About("The meeting has its quorum", "review"),
        "north.tip": About("Think of siblings", "review", advice=True),
        "national.sent": About("The rapid review is sent", "rapid_review"),
    },
    {"north": "North Partnership", "south": "South Partnership"},
)


def answer(  # noqa: PLR0913  (one for each column)
    case: str,
    status: str,
    due: date | None = None,
    done: date | None = None,
    *,
    requirement: str = "national.sent",
    subject: str | None = None,
    area: str = "north",
    binding: str = "must",
) -> Answer:
    return Answer(area, case, requirement, subject, status, None, binding, due, done)


def tally(answers: Iterable[Answer]) -> Tally:
    return tally_of(findings_table(answers), AS_OF, CATALOGUE, named_by_kind)


def statistics(
    answers: Iterable[Answer], threshold: int | None = None, **more: object
) -> Statistics:
    return statistics_of(tally(answers), AS_OF, CATALOGUE, threshold=threshold, **more)  # type: ignore[arg-type]


def stored(answers: Iterable[Answer], **metadata: str) -> pa.Table:
    """The answers as `cspr check --format parquet` stores them."""
    said = {"schema": "cspr.findings/1", "as_of": AS_OF.isoformat(), "not_used": "0", **metadata}
    return findings_table(answers).cast(findings_schema().with_metadata(said))
