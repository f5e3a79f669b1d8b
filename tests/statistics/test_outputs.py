"""What the console, CSV and JSON say: the same figures, and the same marks for what is withheld."""

import csv
import io
import json
from datetime import date

import pytest

from cspr_core.caseload.answers import Answer
from cspr_core.statistics.as_rows import csv_of, json_of
from cspr_core.statistics.as_text import text_of
from cspr_core.statistics.measures import BREAKDOWNS, Mark, Oldest
from cspr_core.statistics.wording import opening, percent, shown
from tests.statistics.caseload import MAY_1, answer, statistics


def caseload() -> list[Answer]:
    """Six met in time and six overdue, of the police; two of another area, of which one is late."""
    returned = {"requirement": "north.returned", "subject": "police"}
    return [
        *(answer(f"N-{n}", "met", MAY_1, **returned) for n in range(6)),
        *(answer(f"N-1{n}", "overdue", date(2026, 3, 2), **returned) for n in range(6)),
        answer("S-1", "met_late", MAY_1, date(2026, 5, 8), area="south"),
        answer("S-2", "met", MAY_1, area="south"),
        answer("S-2", "met", area="south", requirement="north.quorum", binding="should"),
    ]


# --- figures as words ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0%"), (1, "100%"), (0.5, "50.0%"), (2 / 3, "66.7%"), (0.9999, "99.9%"), (1e-6, "0.1%")],
)
def test_only_none_is_nought_and_only_all_is_a_hundred(share: float, text: str) -> None:
    assert percent(share) == text


def test_figures_as_they_are_shown() -> None:
    assert shown(12345) == "12,345"
    assert shown(2.5) == "2.5"
    assert shown(Mark.WITHHELD) == "[c]"
    assert shown(Mark.NONE) == "[z]"
    assert shown(Oldest(2026 * 4, None)) == "Jan–Mar 2026"
    assert shown(Oldest(2026 * 4, date(2026, 3, 2))) == "Mon 2 Mar 2026"


def test_what_is_missing_and_what_is_not_withheld_come_first() -> None:
    assert opening(statistics(caseload(), 5)) == ["14 cases of 2 areas, as of Mon 1 June 2026."]
    one = opening(statistics(caseload(), 5, not_used=1))
    assert one[1].startswith("NOT THE WHOLE CASELOAD: 1 file or entry could not be used")
    many = opening(statistics(caseload(), not_used=1234))
    assert many[1].startswith("NOT THE WHOLE CASELOAD: 1,234 files or entries")
    assert many[2].startswith("NOTHING IS WITHHELD")


def test_even_how_many_cases_there_are_may_be_withheld() -> None:
    few = opening(statistics(caseload()[:3], 5))
    assert few == ["Fewer cases than may be shown of 1 area, as of Mon 1 June 2026."]


# --- the console --------------------------------------------------------------------------------


def test_the_console_has_sentences_and_a_table_for_each_breakdown() -> None:
    text = text_of(statistics(caseload()), BREAKDOWNS, 79)
    # 7 of 14 in time, 1 late by 4 working days, 6 overdue since 2 March.
    assert "On time:     50.0% of the 14 that came due (7).\n" in text
    assert "Late:        1, by a median of 4 working days.\n" in text
    assert "the oldest came due on Mon 2 March 2026." in " ".join(text.split())
    for title in ("BY AREA", "BY REQUIREMENT", "BY AGENCY", "BY QUARTER"):
        assert f"--- {title}" in text
    assert "\nRapid review:\n" in text
    assert "Agencies return the template (must, north)" in " ".join(text.split())
    assert "Of 1 more, nothing has come due." in text
    assert max(map(len, text.splitlines())) <= 79


def test_the_console_names_the_quarter_that_is_not_over() -> None:
    text = text_of(statistics(caseload()), ["quarter"], 79)
    assert "2026 Q1, Jan–Mar 2026" in text
    assert "2026 Q2 (Apr–Jun 2026) is not over: it holds what came due before\n" in text
    assert "BY AREA" not in text


def test_the_console_says_how_to_see_what_is_withheld() -> None:
    assert "--no-suppression shows everything" in text_of(statistics(caseload(), 5), ["area"], 79)
    assert "--no-suppression" not in text_of(statistics(caseload(), None), ["area"], 79)


def test_where_nothing_came_due_the_console_says_so() -> None:
    made = statistics([answer("N-1", "pending")], notes=["Something is less complete."])
    text = text_of(made, BREAKDOWNS, 79)
    assert text.count("Nothing has come due.") == 4
    assert "Note: Something is less complete." in text
    assert "Overdue now: 0.\n" in text


# --- rows ---------------------------------------------------------------------------------------


def test_csv_has_a_row_for_each_group() -> None:
    rows = list(csv.DictReader(io.StringIO(csv_of(statistics(caseload()), BREAKDOWNS))))
    assert [row["by"] for row in rows] == (
        ["all", "binding", "binding", "area", "area"]
        + ["requirement"] * 3
        + ["agencies", "agency", "quarter", "quarter"]
        + ["area_quarter"] * 3
    )
    north = rows[3]
    assert (north["area"], north["name"]) == ("north", "North Partnership")
    assert (north["due"], north["on_time"], north["share_on_time"]) == ("12", "6", "0.5")
    assert (north["overdue"], north["oldest_overdue"]) == ("6", "2026-03-02")
    assert (north["late"], north["median_late"]) == ("0", "[z]")


def test_csv_marks_what_is_withheld() -> None:
    rows = list(csv.DictReader(io.StringIO(csv_of(statistics(caseload(), 5), ["area"]))))
    assert {row["by"] for row in rows} == {"all", "binding", "area"}
    south = rows[-1]
    assert (south["cases"], south["late"], south["median_late"]) == ("[c]", "[c]", "[c]")
    assert south["overdue"] == "0"


def test_json_has_null_and_says_what_was_withheld() -> None:
    made = json.loads(json_of(statistics(caseload(), 5), ["area"], ascii_only=True))
    assert made["as_of"] == "2026-06-01"
    assert (made["suppress_below"], made["not_used"]) == (5, 0)
    whole, *_, south = made["rows"]
    assert whole["late"] is None
    assert "late" in whole["withheld"]
    assert (south["name"], south["overdue"], south["median_overdue"]) == (
        "South Partnership",
        0,
        None,
    )
    assert "median_overdue" not in south["withheld"]


def test_json_of_what_may_be_shown() -> None:
    north = [each for each in caseload() if each.partnership == "north"]
    made = json.loads(json_of(statistics(north, 5), ["agency"], ascii_only=True))
    _, agencies, police = made["rows"]
    assert (agencies["by"], police["agency"], police["overdue"]) == ("agencies", "police", 6)
    assert (police["share_on_time"], police["oldest_overdue"]) == (0.5, "2026 Q1")


def test_the_order_of_breakdowns_is_always_the_same() -> None:
    made = statistics(caseload(), 5)
    assert csv_of(made, ["area", "quarter"]).count("area_quarter") == 3
    assert "area_quarter" not in csv_of(made, ["quarter"])


def test_a_name_that_looks_like_a_formula_is_none() -> None:
    made = statistics([answer("N-1", "met", requirement="=1+1")])
    assert "'=1+1" in csv_of(made, ["requirement"])
