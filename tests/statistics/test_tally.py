"""Counting findings: every finding in one class, days by the calendar, partitions that add up."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cspr_core.caseload.answers import Answer, findings_table
from cspr_core.program import STATUSES
from cspr_core.statistics.kinds import named_by_kind
from cspr_core.statistics.outcomes import AGENCIES, ALL, CLASSES, Key, class_of
from cspr_core.statistics.tally import Group, merged, tally_of
from tests.statistics.caseload import AS_OF, CATALOGUE, MAY_1, answer, tally

NORTH = Key("area", area="north")


def counts(group: Group) -> dict[str, int]:
    """The classes of which there is any."""
    return {name: group.counts[name] for name in CLASSES if group.counts[name]}


# --- classes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "due", "expected"),
    [
        ("met", MAY_1, "on_time"),
        ("met_late", MAY_1, "late"),
        ("overdue", MAY_1, "overdue"),
        ("breached", MAY_1, "breached"),
        ("undetermined", MAY_1, "not_known"),
        # Due on the day of the check itself: there is still time.
        ("met", AS_OF, "done"),
        ("undetermined", AS_OF, "unclear"),
        ("met", None, "done"),
        ("met_late", None, "done"),
        ("breached", None, "broken"),
        ("breached", AS_OF, "broken"),
        ("undetermined", None, "unclear"),
        ("upcoming", None, "upcoming"),
        ("pending", None, "pending"),
        # Its first date has passed, and another one was agreed.
        ("excused", MAY_1, "excused"),
        ("not_applicable", MAY_1, "not_applicable"),
    ],
)
def test_a_finding_counts_as(status: str, due: date | None, expected: str) -> None:
    assert counts(tally([answer("N-1", status, due)])[ALL]) == {expected: 1}


def test_advice_is_advice_whatever_its_status() -> None:
    found = tally([answer("N-1", "met", MAY_1, requirement="north.tip")])
    assert counts(found[ALL]) == {"advice": 1}


def test_every_status_has_a_class() -> None:
    found = {class_of(s, passed=p, advice=False) for s in STATUSES for p in (True, False)}
    assert found == set(CLASSES) - {"advice"}


# --- groups -------------------------------------------------------------------------------------


def test_findings_and_cases_are_counted_apart() -> None:
    # Three findings, of two cases: two were overdue (one case), one was met.
    found = tally([
        answer("N-1", "overdue", MAY_1),
        answer("N-1", "overdue", MAY_1, requirement="north.quorum"),
        answer("N-2", "met", MAY_1),
    ])  # fmt: skip
    assert (found[ALL].counts["overdue"], found[ALL].cases["overdue"]) == (2, 1)
    assert (found[ALL].counts["due"], found[ALL].cases["due"]) == (3, 2)
    assert found[ALL].cases["all"] == 2


def test_groups_are_by_area_requirement_and_binding() -> None:
    found = tally([
        answer("N-1", "met", MAY_1),
        answer("S-1", "met", MAY_1, area="south", binding="should"),
    ])  # fmt: skip
    assert found[NORTH].counts["on_time"] == 1
    assert found[Key("binding", binding="should")].counts["on_time"] == 1
    assert {(k.requirement, k.binding) for k in found if k.by == "requirement"} == {
        ("national.sent", "must"),
        ("national.sent", "should"),
    }


def test_agencies_are_counted_where_a_requirement_is_answered_for_each() -> None:
    returned = "north.returned"
    found = tally([
        answer("N-1", "met", MAY_1, requirement=returned, subject="police"),
        answer("N-1", "overdue", MAY_1, requirement=returned, subject="kettering_general"),
        # For nobody yet, and for somebody who is no agency:
        answer("N-2", "pending", requirement=returned),
        answer("N-2", "met", MAY_1, subject="police"),
    ])  # fmt: skip
    assert counts(found[AGENCIES]) == {"on_time": 1, "overdue": 1}
    by = {key.agency: counts(group) for key, group in found.items() if key.by == "agency"}
    # Only findings are at hand here, and they do not say what kind of agency that is.
    assert by == {"police": {"on_time": 1}, "kind_not_known": {"overdue": 1}}


def test_agencies_of_one_kind_are_one_whatever_each_case_calls_them() -> None:
    kinds = {("N-1", "general"): "acute_hospital", ("N-2", "infirmary"): "acute_hospital"}

    def look(pairs: Sequence[tuple[str, str]]) -> list[str]:
        return [kinds[pair] for pair in pairs]

    answers = [
        answer(case, "met", MAY_1, requirement="north.returned", subject=agency)
        for case, agency in kinds
    ]
    found = tally_of(findings_table(answers), AS_OF, CATALOGUE, look)
    assert found[Key("agency", agency="acute_hospital")].counts["on_time"] == 2


def test_quarters_are_those_of_the_due_date() -> None:
    # 31 March is of the first quarter, whenever it was done; what has no date has no quarter.
    found = tally([
        answer("N-1", "met_late", date(2026, 3, 31), date(2026, 4, 2)),
        answer("N-1", "overdue", date(2026, 4, 1)),
        answer("N-1", "breached"),
        answer("N-1", "upcoming", date(2026, 7, 1)),
    ])  # fmt: skip
    by = {key.quarter: counts(group) for key, group in found.items() if key.by == "quarter"}
    assert by == {2026 * 4: {"late": 1}, 2026 * 4 + 1: {"overdue": 1}}
    assert counts(found[Key("area_quarter", area="north", quarter=2026 * 4)]) == {"late": 1}


def test_no_findings_are_an_empty_tally() -> None:
    assert tally([]) == {}


# --- days ---------------------------------------------------------------------------------------


def test_days_late_leave_out_weekends_and_bank_holidays() -> None:
    # Friday 1 May to Tuesday 5 May: Saturday, Sunday and the bank holiday of 4 May do not count.
    found = tally([
        answer("N-1", "met_late", MAY_1, date(2026, 5, 5)),
        answer("N-2", "met_late", MAY_1, date(2026, 5, 8)),
        answer("N-3", "met_late", MAY_1, date(2026, 5, 8)),
        # Late, and done on the Saturday: no working day has gone by.
        answer("N-4", "met_late", MAY_1, date(2026, 5, 2)),
        # Nobody recorded on which day.
        answer("N-5", "met_late", MAY_1),
    ])  # fmt: skip
    assert found[ALL].late == {0: 1, 1: 1, 4: 2}
    assert found[ALL].counts["late"] == 5


def test_days_overdue_go_up_to_the_day_of_the_check() -> None:
    # To Monday 1 June: 19 from Friday 1 May, 1 from Friday 29 May, 0 from Sunday 31 May's Monday.
    found = tally([
        answer("N-1", "overdue", MAY_1),
        answer("N-2", "overdue", date(2026, 5, 29)),
        answer("N-3", "overdue", date(2026, 5, 31)),
    ])  # fmt: skip
    assert found[ALL].overdue == {1: 2, 19: 1}
    assert found[ALL].oldest == MAY_1


def test_a_date_outside_the_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="1990 to 2100"):
        tally([answer("N-1", "overdue", date(1989, 12, 29))])


# --- partitions ---------------------------------------------------------------------------------

_DAYS = st.dates(date(2025, 1, 1), date(2026, 5, 31))


@st.composite
def caseloads(draw: st.DrawFn) -> list[Answer]:
    answers = []
    for number in range(draw(st.integers(1, 8))):
        area = draw(st.sampled_from(("north", "south")))
        for requirement in draw(
            st.sets(st.sampled_from(sorted(CATALOGUE.requirements)), min_size=1)
        ):
            status = draw(st.sampled_from(STATUSES))
            due = draw(st.none() | _DAYS) if status != "overdue" else draw(_DAYS)
            late = status == "met_late" and due is not None
            done = due + timedelta(draw(st.integers(1, 90))) if late and due else None
            agency = draw(st.sampled_from((None, "police", "gp", "elsewhere")))
            subject = agency if requirement == "north.returned" else None
            made = answer(
                f"C-{number}",
                status,
                due,
                done,
                requirement=requirement,
                subject=subject,
                area=area,
                binding=draw(st.sampled_from(("must", "should"))),
            )
            answers.append(made)
    return answers


@settings(max_examples=20)
@given(caseloads(), st.integers(1, 4))
def test_the_tallies_of_partitions_add_up_to_that_of_the_whole(
    answers: list[Answer], parts: int
) -> None:
    split = [[a for a in answers if int(a.case[2:]) % parts == n] for n in range(parts)]
    tables = [findings_table(part) for part in split]
    tallies = [tally_of(table, AS_OF, CATALOGUE, named_by_kind) for table in tables]
    assert merged(tallies) == tally(answers)


@settings(max_examples=20)
@given(caseloads())
def test_every_finding_is_counted_once_in_each_breakdown(answers: list[Answer]) -> None:
    found = tally(answers)
    for by in ("all", "binding", "area", "requirement"):
        assert sum(g.counts["all"] for key, g in found.items() if key.by == by) == len(answers)
    assert found[ALL].cases["all"] == len({a.case for a in answers})
    dated = sum(found[ALL].counts[name] for name in CLASSES[:5])
    assert sum(g.counts["all"] for key, g in found.items() if key.by == "quarter") == dated
