"""Shares, medians and what may be shown, worked out by hand for a small caseload.

North, national.sent (must), 12 cases that came due: 7 met in time, 3 late, 1 overdue, 1 breached;
one more unknown past its date. South, 5 cases: 4 in time, 1 overdue.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from cspr_core.caseload.answers import Answer
from cspr_core.statistics.as_rows import csv_of
from cspr_core.statistics.measures import BREAKDOWNS, Line, Mark, Oldest, Statistics
from cspr_core.statistics.tally import Tally
from tests.statistics.caseload import MAY_1, answer, statistics, tally

LATE = (date(2026, 5, 5), date(2026, 5, 7), date(2026, 5, 8))  # 1, 3 and 4 working days


def caseload() -> Iterator[Answer]:
    for n in range(7):
        yield answer(f"N-{n}", "met", MAY_1, MAY_1)
    for n, done in enumerate(LATE):
        yield answer(f"N-1{n}", "met_late", MAY_1, done)
    yield answer("N-20", "overdue", date(2026, 5, 29))
    yield answer("N-21", "breached", MAY_1)
    yield answer("N-22", "undetermined", MAY_1)
    for n in range(4):
        yield answer(f"S-{n}", "met", date(2026, 3, 2), area="south")
    yield answer("S-9", "overdue", date(2026, 3, 2), area="south")


def line(made: Statistics, by: str, **key: object) -> Line:
    (found,) = (
        each
        for each in made.lines[by]
        if all(getattr(each.key, name) == value for name, value in key.items())
    )
    return found


@pytest.fixture(scope="module")
def everything() -> Statistics:
    return statistics(caseload())


# --- shares -------------------------------------------------------------------------------------


def test_the_share_on_time_is_of_what_came_due_and_is_known(everything: Statistics) -> None:
    # 7 of 7 + 3 + 1 + 1 = 12. The one that is not known stands beside it, and is in neither.
    north = line(everything, "area", area="north")
    assert (north["on_time"], north["due"], north["share_on_time"]) == (7, 12, 7 / 12)
    assert north["not_known"] == 1


def test_the_whole_adds_up(everything: Statistics) -> None:
    # 7 + 4 of 12 + 5; overdue 1 + 1; 13 + 5 cases.
    whole = everything.whole
    assert whole["share_on_time"] == 11 / 17
    assert (whole["overdue"], whole["cases"]) == (2, 18)


def test_the_share_kept_is_of_what_is_settled_with_or_without_a_date() -> None:
    # Done: 1 in time, 1 late, 2 without a date. Not: 1 overdue, 1 breached without. 4 of 6.
    made = statistics([
        answer("N-1", "met", MAY_1),
        answer("N-2", "met_late", MAY_1, LATE[0]),
        answer("N-3", "met"),
        answer("N-4", "met"),
        answer("N-5", "overdue", MAY_1),
        answer("N-6", "breached"),
        answer("N-7", "upcoming"),
        answer("N-8", "undetermined", MAY_1),
    ]).whole  # fmt: skip
    assert (made["kept"], made["settled"], made["share_kept"]) == (4, 6, 4 / 6)
    assert (made["on_time"], made["due"]) == (1, 3)


def test_what_is_left_out_is_counted() -> None:
    statuses = ("upcoming", "pending", "pending", "excused", "not_applicable", "undetermined")
    whole = statistics(answer(f"N-{n}", status) for n, status in enumerate(statuses)).whole
    names = ("upcoming", "pending", "excused", "not_applicable", "unclear")
    assert [whole[name] for name in names] == [1, 2, 1, 1, 1]
    assert (whole["share_on_time"], whole["share_kept"]) == (Mark.NONE, Mark.NONE)


def test_a_caseload_without_any_finding_has_a_line_of_noughts() -> None:
    whole = statistics([]).whole
    assert (whole["cases"], whole["due"], whole["share_on_time"]) == (0, 0, Mark.NONE)


# --- medians ------------------------------------------------------------------------------------


def test_a_median_is_the_middle_one(everything: Statistics) -> None:
    # 1, 3 and 4 working days.
    assert line(everything, "area", area="north")["median_late"] == 3


@pytest.mark.parametrize(("done", "median"), [(LATE[:2], 2), (LATE[1:], 3.5), (LATE[:1], 1)])
def test_of_an_even_number_it_is_halfway(done: tuple[date, ...], median: float) -> None:
    # 1 and 3: 2. 3 and 4: 3.5.
    made = statistics(answer(f"N-{n}", "met_late", MAY_1, day) for n, day in enumerate(done))
    assert made.whole["median_late"] == median


def test_a_median_counts_what_stands_many_times() -> None:
    # 1, 1, 1, 4, 4: the third of five is 1.
    days = [LATE[0]] * 3 + [LATE[2]] * 2
    made = statistics(answer(f"N-{n}", "met_late", MAY_1, day) for n, day in enumerate(days))
    assert made.whole["median_late"] == 1


def test_overdue_has_a_median_of_its_own(everything: Statistics) -> None:
    # From Friday 29 May to Monday 1 June: 1 working day.
    north = line(everything, "area", area="north")
    assert (north["overdue"], north["median_overdue"]) == (1, 1)


def test_the_oldest_is_a_day_only_where_everything_is_shown(everything: Statistics) -> None:
    quarter = 2026 * 4  # January to March
    assert everything.whole["oldest_overdue"] == Oldest(quarter, date(2026, 3, 2))
    many = [answer(f"N-{n}", "overdue", date(2026, 3, 2)) for n in range(6)]
    assert statistics(many, 5).whole["oldest_overdue"] == Oldest(quarter, None)


def test_without_any_there_is_no_median_and_no_oldest() -> None:
    whole = statistics([answer("N-1", "met", MAY_1)]).whole
    names = ("median_late", "median_overdue", "oldest_overdue")
    assert [whole[name] for name in names] == [Mark.NONE] * 3


# --- order and names ----------------------------------------------------------------------------


def test_quarters_come_in_their_order_and_by_the_year_asked_for() -> None:
    calendar, financial = statistics(caseload()), statistics(caseload(), year="april")
    assert [each.name for each in calendar.lines["quarter"]] == ["2026 Q1", "2026 Q2"]
    assert [each.name for each in financial.lines["quarter"]] == ["2025-26 Q4", "2026-27 Q1"]


def test_requirements_come_by_stage_and_carry_their_title() -> None:
    made = statistics([
        answer("N-1", "met", requirement="north.quorum"),
        answer("N-1", "met", requirement="other.unknown"),
        answer("N-1", "met", requirement="national.sent"),
    ])  # fmt: skip
    assert [(each.name, each.stage) for each in made.lines["requirement"]] == [
        ("The rapid review is sent", "Rapid review"),
        ("The meeting has its quorum", "Review"),
        ("other.unknown", ""),  # no arrangements at hand say what it is
    ]


# --- what is withheld ---------------------------------------------------------------------------


def test_a_small_count_is_withheld_with_what_would_give_it_away() -> None:
    # North alone: 7 in time, 3 late, 1 overdue, 1 breached of 12, 1 not known. 3 + 1 + 1 = 5 are
    # small, and so few that one of three could be no more than 3: with 7 in time, all go.
    made = statistics([a for a in caseload() if a.partnership == "north"], 5).whole
    names = ("on_time", "late", "overdue", "breached", "not_known", "share_on_time", "median_late")
    assert {name: made[name] for name in names} == dict.fromkeys(names, Mark.WITHHELD)
    assert made["due"] == 12
    assert made["cases"] == 13


def test_noughts_are_shown() -> None:
    made = statistics([answer(f"N-{n}", "met", MAY_1) for n in range(6)], 5).whole
    assert (made["on_time"], made["overdue"], made["share_on_time"]) == (6, 0, 1.0)


def test_many_findings_of_few_cases_are_withheld() -> None:
    # Twelve findings, four families.
    answers = [
        answer(f"N-{n}", "overdue", MAY_1, requirement=requirement)
        for n in range(4)
        for requirement in ("north.quorum", "national.sent", "other.thing")
    ]
    made = statistics(answers, 5).whole
    assert (made["overdue"], made["cases"]) == (Mark.WITHHELD, Mark.WITHHELD)
    assert statistics(answers, 4).whole["overdue"] == 12


def test_a_median_of_fewer_days_than_the_threshold_is_withheld() -> None:
    # Six were late, and only of four is it known when they were done.
    answers = [answer(f"N-{n}", "met_late", MAY_1, LATE[0] if n < 4 else None) for n in range(6)]
    made = statistics(answers, 5).whole
    assert (made["late"], made["median_late"]) == (6, Mark.WITHHELD)


def test_how_many_are_withheld_is_known() -> None:
    assert statistics(caseload(), None).withheld == 0
    assert statistics(caseload(), 5).withheld > 0


# --- a reader who tries to work it out ----------------------------------------------------------


def caseload_of_two() -> list[Answer]:
    """Two areas and three requirements over a year: large counts, and small ones among them."""
    statuses = ("met", "met", "met", "met_late", "overdue", "met", "breached", "undetermined")
    found = []
    for n in range(120):
        area = "north" if n % 3 else "south"
        month = n % 11 + 1
        for place, requirement in enumerate(("national.sent", "north.quorum", "north.returned")):
            status = statuses[(n * 7 + place * 3 + n // 13) % len(statuses)]
            if status in ("overdue", "breached") and n % 4:
                status = "met"
            due = None if (n + place) % 9 == 0 else date(2025, month, 1 + n % 28)
            if due is None and status == "overdue":
                status = "upcoming"
            subject = ("police", "gp", "housing")[n % 17 % 3] if place == 2 else None
            binding = "should" if place == 1 else "must"
            found.append(
                answer(
                    f"{area}-{n}",
                    status,
                    due,
                    requirement=requirement,
                    subject=subject,
                    area=area,
                    binding=binding,
                )
            )
    return found


def rows_of(made: Statistics) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_of(made, BREAKDOWNS))))


COUNTS = (
    *("cases", "due", "on_time", "late", "overdue", "breached", "not_known", "settled", "kept"),
    *("done", "broken", "unclear", "upcoming", "pending", "excused", "not_applicable", "advice"),
)
Cell = tuple[int, str]


def equations(rows: list[dict[str, str]]) -> list[tuple[Cell, list[Cell]]]:
    """The sums that a reader of the CSV knows of, whole and parts."""
    by: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        by.setdefault(row["by"], []).append(number)
    whole = by["all"][0]
    found: list[tuple[Cell, list[Cell]]] = []
    for n in range(len(rows)):
        found.append(((n, "due"), [(n, x) for x in ("on_time", "late", "overdue", "breached")]))
        found.append(((n, "settled"), [(n, x) for x in ("due", "done", "broken")]))
        found.append(((n, "kept"), [(n, x) for x in ("on_time", "late", "done")]))
    for name in COUNTS:
        found += [
            ((whole, name), [(n, name) for n in by[b]])
            for b in ("area", "binding", "requirement", "quarter")
        ]
        found.append(((by["agencies"][0], name), [(n, name) for n in by["agency"]]))
        returned = [n for n in by["requirement"] if rows[n]["requirement"] == "north.returned"]
        found.append(((by["agencies"][0], name), [(n, name) for n in returned]))
        for n in by["area"]:
            parts = [m for m in by["area_quarter"] if rows[m]["area"] == rows[n]["area"]]
            found.append(((n, name), [(m, name) for m in parts]))
        for n in by["quarter"]:
            parts = [m for m in by["area_quarter"] if rows[m]["quarter"] == rows[n]["quarter"]]
            found.append(((n, name), [(m, name) for m in parts]))
    return found


def small_counts(found: Tally, rows: list[dict[str, str]]) -> set[Cell]:
    """The counts that rest on fewer than five cases, by the rows of the CSV."""
    small = set()
    for number, row in enumerate(rows):
        for key, group in found.items():
            same = ("by", "area", "requirement", "binding", "agency")
            if [row[name] for name in same] != list(key[:5]):
                continue
            quarter = f"{key.quarter // 4} Q{key.quarter % 4 + 1}" if key.quarter else ""
            if row["quarter"] == quarter:
                for name in COUNTS:
                    cases = group.cases["all" if name == "cases" else name]
                    small |= {(number, name)} if 0 < cases < 5 else set()
    return small


def test_nobody_can_work_out_of_the_csv_what_it_withholds() -> None:
    answers = caseload_of_two()
    open_, shut = rows_of(statistics(answers)), rows_of(statistics(answers, 5))
    there = {
        (n, name) for n, row in enumerate(open_) for name in COUNTS if row[name] not in ("[z]", "")
    }
    hidden = sorted((n, name) for n, name in there if shut[n][name] == "[c]")
    at = {cell: place for place, cell in enumerate(hidden)}
    # Each sum that holds in the numbers gives a row on the unknown counts.
    matrix = []
    for total, parts in equations(open_):
        cells = [part for part in parts if part in there]
        if total not in there or not cells:
            continue
        value = int(open_[total[0]][total[1]])
        if value != sum(int(open_[n][name]) for n, name in cells):
            continue
        row = np.zeros(len(hidden))
        for cell in cells:
            if cell in at:
                row[at[cell]] += 1
        if total in at:
            row[at[total]] -= 1
        matrix.append(row)
    _, values, rows = np.linalg.svd(np.array(matrix))
    free = rows[int((values > 1e-9).sum()) :]
    worked_out = {cell for cell, place in at.items() if np.allclose(free[:, place], 0, atol=1e-9)}
    small = small_counts(tally(answers), open_) & there
    assert small <= {(n, name) for n, name in hidden}
    assert len(small) > 20
    assert not worked_out & small


def test_what_is_shown_is_what_it_is_without_suppression() -> None:
    answers = caseload_of_two()
    shown = 0
    for shut, open_ in zip(
        rows_of(statistics(answers, 5)), rows_of(statistics(answers)), strict=True
    ):
        for name in (*COUNTS, "share_on_time", "share_kept", "median_overdue"):
            if shut[name] not in ("[c]", "[z]"):
                assert shut[name] == open_[name]
                shown += 1
    assert shown > 100
