"""Differences summed: groups, counts, days and examples, each worked out by hand."""

from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq

from cspr_core.caseload.answers import Answer, findings_table
from cspr_core.impact.differing import write_differences
from cspr_core.impact.order import State
from cspr_core.impact.result import Days, Example
from cspr_core.impact.summing import Summed, summed

JUNE = date(2026, 6, 10)
UPCOMING, OVERDUE = State("upcoming", None, "must"), State("overdue", None, "must")
Pair = tuple[Answer, Answer]


def pair(  # noqa: PLR0913
    case: str,
    days: int = 0,
    new: str = "upcoming",
    *,
    requirement: str = "barset.notice",
    subject: str | None = None,
    area: str = "barset",
) -> Pair:
    """A finding that was upcoming, and what it is now, due so many days later."""
    was = Answer(area, case, requirement, subject, "upcoming", None, "must", JUNE, None)
    return was, was._replace(status=new, due=JUNE + timedelta(days))


def sum_up(folder: Path, *parts: list[Pair], examples: int = 3) -> Summed:
    files = []
    for number, pairs in enumerate(parts):
        for side in (0, 1):
            rows = findings_table(both[side] for both in pairs)
            pq.write_table(rows, folder / f"{side}.parquet")
        out = folder / f"differences-{number}.parquet"
        write_differences(folder / "0.parquet", folder / "1.parquet", out, {})
        files.append(out)
    return summed(files, folder, examples)


def test_no_difference_at_all(tmp_path: Path) -> None:
    found = sum_up(tmp_path, [pair("B-1")])
    assert found == ((), {"worse": 0, "better": 0, "other": 0}, 0, 0)


def test_days_of_a_group(tmp_path: Path) -> None:
    # 2, 3, 9 and 11 days later: of the two in the middle, 3 and 9, the smaller.
    pairs = [pair(f"B-{days}", days) for days in (9, 2, 11, 3)]
    (group,) = sum_up(tmp_path, pairs).groups
    assert (group.moved, group.days) == ("later", Days(2, 3, 11))
    assert group.only_date


def test_earlier_and_later_are_groups_of_their_own(tmp_path: Path) -> None:
    first, second = sum_up(tmp_path, [pair("B-1", 5), pair("B-2", -7)]).groups
    assert (first.direction, first.moved, first.days) == ("worse", "earlier", Days(7, 7, 7))
    assert (second.direction, second.moved, second.days) == ("better", "later", Days(5, 5, 5))


def test_parts_are_summed_and_cases_counted_once(tmp_path: Path) -> None:
    found = sum_up(
        tmp_path,
        [pair("B-1", 0, "overdue", subject=name) for name in ("police", "gp")],
        [pair("B-2", 0, "overdue", subject="gp"), pair("B-3", 4, requirement="barset.letter")],
    )
    worse, better = found.groups
    assert (worse.old, worse.new) == (UPCOMING, OVERDUE)
    assert (worse.cases, worse.findings, worse.days) == (2, 3, None)
    # B-1 has two such findings, and is shown once, by the first of its subjects.
    assert worse.examples == (
        Example("barset", "B-1", "gp", JUNE, JUNE),
        Example("barset", "B-2", "gp", JUNE, JUNE),
    )
    assert better.requirement == "barset.letter"
    assert found.touched == {"worse": 2, "other": 0, "better": 1}
    assert found.changed == 3


def test_a_case_that_gets_worse_and_better_is_changed_once(tmp_path: Path) -> None:
    found = sum_up(
        tmp_path, [pair("B-1", 0, "overdue"), pair("B-1", 3, requirement="barset.letter")]
    )
    assert found.touched == {"worse": 1, "other": 0, "better": 1}
    assert found.changed == 1


def test_cases_by_area_and_references_that_two_areas_use(tmp_path: Path) -> None:
    pairs = [pair("C-1", 1), pair("C-1", 1, area="essex"), pair("C-2", 1, area="essex")]
    (group,) = sum_up(tmp_path, pairs, examples=2).groups
    assert group.areas == {"barset": 1, "essex": 2}
    assert group.cases == 3
    assert [(one.case, one.partnership) for one in group.examples] == [
        ("C-1", "barset"),
        ("C-1", "essex"),
    ]


def test_the_worst_stands_first(tmp_path: Path) -> None:
    pairs = [
        pair("B-1", 4),  # more time
        pair("B-2", 0, "not_applicable"),
        pair("B-3", -4),  # less time
        pair("B-4", 0, "overdue"),
        pair("B-5", 0, "breached", requirement="barset.letter"),
        pair("B-6", 0, "breached", requirement="barset.draft"),
        pair("B-7", 0, "breached", requirement="barset.draft"),
    ]
    found = [(group.direction, group.examples[0].case) for group in sum_up(tmp_path, pairs).groups]
    assert found == [
        ("worse", "B-6"),  # breached in two cases, so before B-5 with one
        ("worse", "B-5"),
        ("worse", "B-4"),
        ("worse", "B-3"),
        ("better", "B-1"),
        ("other", "B-2"),
    ]


def test_a_wrong_that_is_no_longer_asked_about_is_counted(tmp_path: Path) -> None:
    late = [pair(case, requirement=rule) for case in ("B-1", "B-2") for rule in ("b.x", "b.y")]
    pairs = [(old._replace(status="overdue"), new._replace(status="pending")) for old, new in late]
    found = sum_up(tmp_path, [*pairs, pair("B-3", 0, "pending")])
    assert found.lost == 2  # B-1 and B-2, by two rules each; nothing was wrong with B-3
    assert found.touched == {"worse": 0, "better": 0, "other": 3}
