"""Other engines are given the same requirements, and come to the same answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("pyarrow")

import pyarrow.parquet as pq  # noqa: E402

from benchmarks.caseload import PEERS, Side, asked_by, installed, made, models_for  # noqa: E402
from benchmarks.peers import columns, requirements  # noqa: E402
from benchmarks.peers.reference import subset  # noqa: E402
from benchmarks.peers.requirements import Answer, Column, Literal, Model  # noqa: E402
from cspr_core.caseload.answers import reference_answers  # noqa: E402
from cspr_core.caseload.columns import CaseFacts, table_of  # noqa: E402
from cspr_core.check import facts_for, rules_for  # noqa: E402
from cspr_core.generated import drawn_cases  # noqa: E402
from cspr_core.program import FACT_TYPES, STATUSES  # noqa: E402
from cspr_core.program import Test as Asks  # noqa: E402

AS_OF = date(2026, 6, 1)
DAY = AS_OF.toordinal()


@pytest.fixture(scope="module")
def model() -> Model:
    return models_for(limited=False)[0]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[Any, Any]]:
    """Random cases as a file of facts, with the reference engine's answers."""
    rules = rules_for("northamptonshire", None)
    cases = [
        CaseFacts(f"drawn-{number}", "northamptonshire", facts_for(one.casefile, rules, AS_OF).rows)
        for number, one in enumerate(drawn_cases(rules, 5, 40))
    ]
    table = table_of(cases, AS_OF)
    path = tmp_path_factory.mktemp("drawn") / "facts.parquet"
    pq.write_table(table, path)
    few = subset(rules, {one.requirement for one in asked_by(limited=False)})
    rows = reference_answers(table, few, AS_OF).to_pylist()
    keys = ("case", "requirement", "subject")
    return path, {
        tuple(row[k] or "" for k in keys): (row["status"], row["due"], row["done"]) for row in rows
    }


# --- requirements as rows -------------------------------------------------------------------------


def before(left: str, right: int | str) -> Literal:
    return Literal(left, "<", right)


def from_on(left: str, right: int | str) -> Literal:
    return Literal(left, ">=", right)


def test_of_two_tests_of_one_column_the_narrower_is_kept() -> None:
    assert requirements.both((from_on("due", 1),), (from_on("due", 5),)) == (from_on("due", 5),)
    assert requirements.both((before("due", 9),), (before("due", 5),)) == (before("due", 5),)


def test_tests_that_leave_no_day_are_none_at_all() -> None:
    # from day 5 on, and before day 5: no day; before day 6: day 5
    assert requirements.both((from_on("due", 5),), (before("due", 5),)) is None
    assert requirements.both((from_on("due", 5),), (before("due", 6),)) is not None


def test_what_rows_before_have_settled_is_not_asked_again() -> None:
    late = (before("did", 100), from_on("due", 1))
    settled = [(from_on("did", 100),)]  # it was not done: so here it was
    assert requirements.without_the_sure(late, settled) == (from_on("due", 1),)


def test_what_rows_before_have_not_settled_is_asked() -> None:
    late = (before("did", 100), from_on("due", 1))
    both = [(from_on("did", 100), before("due", 1))]  # either may be why it did not hold
    assert requirements.without_the_sure(late, both) == (before("did", 100), from_on("due", 1))


def test_a_requirement_is_left_out_where_it_can_not_be_said_exactly() -> None:
    rules = rules_for("northamptonshire", None)
    _, left_out = requirements.model_of(rules, AS_OF)
    assert left_out["northamptonshire.information_return"] == "it has several subjects"
    assert left_out["northamptonshire.debrief_open"] == "its limit is a window around a day"
    _, left_out = requirements.model_of(rules, AS_OF, agencies=True)
    assert "northamptonshire.information_return" not in left_out
    assert left_out["northamptonshire.dispute_to_group"] == (
        "it reads what is found of another requirement"
    )


def test_the_six_months_are_asked_row_by_row(model: Model) -> None:
    # the order of docs/how-it-decides.md: not in force; not decided so; done; waits; no start;
    # agreed delay; passed; otherwise
    (asked,) = (one for one in model.asked if one.requirement == "national.publish_6_months")
    assert [row.status for row in asked.rows] == [
        *("not_applicable", "not_applicable", "met", "met_late", "met", "pending", "pending"),
        *("excused", "overdue", "upcoming"),
    ]
    due = "due_first_decision_local_review_plus_6_months"
    assert asked.rows[2].tests == (from_on(due, "first_publication"),)
    assert asked.rows[-2] == Answer((before(due, DAY),), "overdue", due)


def test_each_recipient_is_a_subject_of_its_own(model: Model) -> None:
    found = [one.subject for one in model.asked if one.requirement == "national.final_report"]
    assert found == ["panel", "secretary_of_state", "ofsted"]


def test_a_cut_model_keeps_what_it_reads(model: Model) -> None:
    decision = [one for one in model.asked if one.requirement == "national.decision"]
    cut = model.only(decision)
    assert [one.requirement for one in cut.asked] == ["national.rapid_review", "national.decision"]
    assert [choice.name for choice in cut.choices] == ["due_rapid_review"]


# --- columns --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "way", "unit", "n", "due"),
    [
        ("2024-12-24", "on", "working_days", 5, "2025-01-03"),  # 27, 30, 31 Dec, 2, 3 Jan
        ("2025-03-01", "on", "working_days", 5, "2025-03-07"),  # a Saturday: 3, 4, 5, 6, 7 March
        # 5, 2 Jan, 31, 30, 29, 24, 23 December
        ("2026-01-06", "back", "working_days", 7, "2025-12-23"),
        ("2026-01-06", "back", "days", 14, "2025-12-23"),
        ("2025-08-29", "on", "months", 6, "2026-02-28"),  # the last day of February
    ],
)
def test_a_due_date_is_looked_up(start: str, way: str, unit: Any, n: int, due: str) -> None:
    first = Column("start", "first", "event", PUBLISHED)
    column = Column("due", "due", words=(way, unit), n=n, of="start")
    case = [event(1, "publication", date=date.fromisoformat(start).toordinal())]
    found = [date.fromisoformat(due).toordinal(), requirements.NONE]
    assert column_of(column, case, [], first=first) == found


PUBLISHED = ((Asks("name", "==", "publication"),),)


def event(number: int, name: str, **said: Any) -> dict[str, Any]:
    rows = dict.fromkeys(FACT_TYPES["event"])
    return {**rows, "fid": number, "name": name, "entry": number, "id": f"e{number}",
        "stands": "yes", "latest": "no", "reviewer_named": "unknown", **said}  # fmt: skip


def column_of(
    column: Column, *cases: Sequence[dict[str, Any]], first: Column | None = None
) -> list[int]:
    """A column over cases of events, as a file has them; `first`: one that it is made of."""
    wanted = [column] if first is None else [first, column]
    table = table_of(
        [CaseFacts(str(n), "x", {"event": rows}) for n, rows in enumerate(cases)], AS_OF
    )
    found: list[int] = columns.Facts(table, AS_OF).columns(wanted)[column.name].tolist()
    return found


def test_the_first_of_several_days_counts() -> None:
    column = Column("first", "first", "event", PUBLISHED)
    twice = [event(1, "publication", date=DAY - 3), event(2, "publication", date=DAY - 5)]
    assert column_of(column, twice, [event(1, "decision", date=DAY)]) == [
        DAY - 5,
        requirements.NEVER,
    ]


def test_what_happened_counts_before_what_is_planned() -> None:
    column = Column("start", "start", "event", PUBLISHED, ("either",))
    both = [event(1, "publication", planned=DAY - 9), event(2, "publication", date=DAY - 5)]
    assert column_of(column, both, [event(1, "publication", planned=DAY + 9)]) == [DAY - 5, DAY + 9]


def test_a_plan_whose_day_has_gone_by_is_none() -> None:
    column = Column("start", "start", "event", PUBLISHED, ("either", "lapses"))
    gone, today = ([event(1, "publication", planned=day)] for day in (DAY - 1, DAY))
    assert column_of(column, gone, today) == [requirements.NEVER, DAY]


def test_a_decision_as_asked_for_counts_before_another_of_the_day() -> None:
    column = Column("outcome", "outcome", words=("local_review",))
    one = event(1, "decision", date=DAY, latest="yes", outcome="no_review")
    other = event(2, "decision", date=DAY, latest="yes", outcome="local_review")
    assert column_of(column, [one, other], [one], []) == [1, 2, 0]


def test_a_day_of_one_agency_is_not_anothers() -> None:
    tests = ((Asks("name", "==", "information_returned"), Asks("agency", "==", requirements.EACH)),)
    column = Column("first", "first", "event", tests, each=True)
    listed = [
        {"fid": n, "agency": name, "kind": name, "value": "yes", "listed": "yes"}
        for n, name in enumerate(("police", "school"), 10)
    ]
    returned = [event(1, "information_returned", agency="school", date=DAY - 4)]
    nobody = CaseFacts("none", "x", {"event": returned})  # no agency is listed there
    some = CaseFacts("some", "x", {"event": returned, "involvement": listed})
    facts = columns.Facts(table_of([nobody, some], AS_OF), AS_OF).of_agencies()
    assert facts.names.to_pylist() == ["police", "school"]
    assert facts.columns([column])["first"].tolist() == [requirements.NEVER, DAY - 4]


# --- engines --------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("peer", "form"), [("openfisca", ""), ("clips", ""), ("zen", ""), ("zen", "tables")]
)
def test_an_engine_answers_as_ours_does(
    peer: str,
    form: str,
    drawn: tuple[Path, Mapping[Any, Any]],
    tmp_path: Path,
) -> None:
    if not installed(peer):
        pytest.skip(f"{PEERS[peer]} is not installed (`uv sync --group bench`)")
    path, expected = drawn
    engines = made(Side(peer, form=form))
    models = models_for(limited=False)
    found = {}
    (facts,) = columns.groups_of(path, models, [0], AS_OF)
    sides = zip(models, engines, (facts, facts.of_agencies()), strict=True)
    for model, engine, given in sides:
        said = engine(given.columns(model.columns))
        with pq.ParquetWriter(tmp_path / "said.parquet", columns.SCHEMA) as writer:
            columns.write_answers(writer, [given], model.asked, said)
        for row in pq.read_table(tmp_path / "said.parquet").to_pylist():
            key = row["case"], row["requirement"], row["subject"]
            found[key] = row["status"], row["due"], row["done"]
    of_agencies = {one.requirement for one in models[1].asked}
    wanted = {key: said for key, said in expected.items() if _compared(key, models)}
    assert wanted == found
    # what is compared is worth comparing: every status, and agencies among the subjects
    assert {status for status, *_ in found.values()} == set(STATUSES)
    assert {requirement for _, requirement, _ in found} >= of_agencies


def _compared(key: tuple[str, str, str], models: Sequence[Model]) -> bool:
    _, requirement, subject = key
    alone, each = ({(one.requirement, one.subject) for one in model.asked} for model in models)
    return (requirement, subject) in alone or bool(
        subject and (requirement, requirements.EACH) in each
    )
