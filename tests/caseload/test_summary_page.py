"""The summary as a page: what stands first, and that it fits where it is read."""

from datetime import date

import pytest

from cspr_core.caseload.results import AreaCount, CaseInNeed, RequirementCount, Summary
from cspr_core.caseload.summary_page import amount_of, summary_markdown, summary_text
from cspr_core.program import STATUSES

TODAY = date(2026, 3, 2)


def area(name: str, cases: int, wrong: int, unknown: int, answers: int) -> AreaCount:
    """Each status has the same number of answers."""
    return AreaCount(
        area=name,
        cases=cases,
        answers=answers * len(STATUSES),
        cases_wrong=wrong,
        cases_unknown=unknown,
        statuses=dict.fromkeys(STATUSES, answers),
    )


def summary(*areas: AreaCount, **values: object) -> Summary:
    usual: dict[str, object] = {
        "schema_version": "1",
        "as_of": TODAY,
        "versions": {"cspr": "1.0", "national": "2.0"},
        "engines": ("table", "reference"),
        "not_used": 0,
        "cases": sum(one.cases for one in areas),
        "answers": sum(one.answers for one in areas),
        "cases_wrong": sum(one.cases_wrong for one in areas),
        "cases_unknown": sum(one.cases_unknown for one in areas),
        "areas": areas,
        "requirements": (),
        "more_requirements": 0,
        "in_need": (),
        "more_in_need": 0,
        "notes": (),
    }
    return Summary(**{**usual, **values})


NEED = CaseInNeed(
    case="T-1", area="testshire", overdue=2, breached=0, unknown=1, oldest_due=date(2026, 2, 27)
)
RULE = RequirementCount(
    requirement="testshire.return",
    title="Agencies return | the template",
    area="testshire",
    overdue=2,
    breached=0,
    unknown=0,
    cases=1,
    oldest_due=None,
)
TWO = (area("othershire", 1, 0, 0, 1), area("testshire", 2, 1, 1, 3))


def test_areas_are_added_up_where_there_are_several() -> None:
    said = summary_text(summary(*TWO), 79)
    assert "All areas       3                    1                       1" in said
    assert "All areas    36        4         4             4" in said  # 1 + 3 of each of 9 statuses
    assert "All areas" not in summary_text(summary(TWO[1]), 79)


def test_what_is_missing_stands_above_everything() -> None:
    lines = summary_text(summary(*TWO, not_used=1_200), 79).splitlines()
    assert lines[1].startswith("NOT THE WHOLE CASELOAD: 1,200 files or entries could not be used")
    one = " ".join(summary_text(summary(*TWO, not_used=1), 79).split())
    assert "1 file or entry could not be used, and nothing here counts it." in one


@pytest.mark.parametrize("width", [60, 79, 100])
def test_no_line_is_wider_than_the_console(width: int) -> None:
    wide = area("south_gloucestershire", 2_000_000, 1_000_000, 900_000, 123_456_789)
    named = {"in_need": (NEED,), "requirements": (RULE,), "notes": ("A note. " * 20,)}
    said = summary_text(summary(wide, TWO[0], **named), width)
    assert max(map(len, said.splitlines())) <= width
    assert "123,456,789" in said


def test_every_part_of_a_wide_table_names_its_rows() -> None:
    said = summary_text(summary(*TWO), 60)
    assert said.count("othershire") == 2 + 2  # the cases in two parts, and the answers in two


def test_a_rule_without_a_title_is_named_by_its_id() -> None:
    bare = RULE.model_copy(update={"title": None, "oldest_due": TODAY})
    assert "\n    testshire.return\n" in summary_text(summary(*TWO, requirements=(bare,)), 79)


def test_markdown_has_the_same_and_no_text_becomes_markup() -> None:
    page = summary_markdown(
        summary(*TWO, in_need=(NEED,), requirements=(RULE,), more_in_need=4, notes=("A *note*.",))
    )
    assert "| T-1 | testshire | 2 | 0 | 1 | Fri 27 Feb 2026 |" in page
    assert "| Agencies return \\| the template (testshire.return) | 2 | 0 | 0 | 1 |  |" in page
    assert "And 4 more cases (--all)." in page
    assert "- Note: A \\*note\\*." in page


def test_nothing_at_all_is_a_page_too() -> None:
    said = summary_text(summary(engines=("table",)), 79)
    assert said.startswith("0 cases of 0 areas as of Mon 2 March 2026: 0 answers.\n")
    assert "Checked by: table engine; cspr 1.0, national 2.0." in said


@pytest.mark.parametrize(
    ("n", "said"), [(0, "0 cases"), (1, "1 case"), (2, "2 cases"), (12_345, "12,345 cases")]
)
def test_amounts_are_counted_as_people_do(n: int, said: str) -> None:
    assert amount_of(n, "case") == said
