"""What is due over all cases: what is listed, in which order, and what is told apart."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from cspr_core.report.due import DueList, condition_words, due_list, due_text, find_cases, marks_of
from cspr_core.report.findings import report_of
from tests.report import office_cases as office


def listed(as_of: str, *paths: Path, days: int = 10, area: str | None = None) -> DueList:
    found, problems = due_list(
        find_cases(paths), date.fromisoformat(as_of), days, directory=office.AREAS, area=area
    )
    assert problems == ()
    return found


def case(name: str) -> Path:
    return office.CASES / f"{name}.yaml"


def test_agency_asked_before_easter_is_due_after_it() -> None:
    # asked Mon 14 April 2025: 15, 16, 17, (Good Friday, weekend, Easter Monday), 22, 23, 24, 25
    found = listed("2025-04-22", case("easter"))
    police = [line for line in found.due if line.who == "police"]
    assert [(line.due, line.working_days_left) for line in police] == [(date(2025, 4, 25), 3)]


def test_working_days_ahead_are_counted_over_christmas() -> None:
    # after Thu 18 Dec 2025: 19, 22, 23, 24, 29, 30, 31 Dec, 2, 5, 6 Jan
    assert listed("2025-12-18", case("publishing")).until == date(2026, 1, 6)


def test_what_falls_on_the_weekend_after_the_last_day_is_listed() -> None:
    # the genogram: one month after 29 May 2025 is Sun 29 June; one working day after Thu 26 is Fri
    found = listed("2025-06-26", case("publishing"), days=1)
    assert date(2025, 6, 29) in {line.due for line in found.due}


def test_what_falls_on_the_next_working_day_is_not_listed() -> None:
    # Tue 1 July 2025 is the second working day after Fri 27 June
    found = listed("2025-06-27", case("publishing"), days=1)
    assert date(2025, 7, 1) not in {line.due for line in found.due}
    assert found.later > 0


def test_overdue_comes_first_then_by_date() -> None:
    found = listed("2025-12-18", case("publishing"), case("easter"))
    days = [line.due for line in found.due]
    assert days == sorted(days)
    assert found.due[0].case == "MS-2025-02"
    text = due_text(found)
    assert text.index("OVERDUE") < text.index("NEXT")


def test_due_today_is_not_overdue() -> None:
    text = due_text(listed("2025-04-25", case("easter")))
    assert text.index("NEXT") < text.index("Return the information template")
    assert "Fri 25 Apr 2025  today" in text


def test_what_is_not_known_says_on_what_it_depends() -> None:
    found = listed("2026-03-30", case("new"))
    assert {line.condition for line in found.due} == {
        "if abuse or neglect is known or suspected and the child died or was seriously harmed"
    }
    assert "only if abuse or neglect is known or suspected" in due_text(found)


def test_unknown_involvement_says_so() -> None:
    found = listed("2025-04-22", case("easter"))
    icb = next(line for line in found.due if line.who == "icb")
    assert icb.condition == "if this agency was involved"


def test_another_unknown_is_named() -> None:
    checked = office.checked("publishing", "2025-12-18")
    findings = {(f.requirement, f.status): f for f in report_of(checked).findings}
    finding = findings["midshire.substitute_named", "undetermined"]
    assert condition_words(finding) == ("depends on what is not known: when p3 was named")
    assert condition_words(findings["national.publish", "upcoming"]) is None


def test_recipients_of_one_date_share_a_line_and_a_should_stands_apart() -> None:
    found = listed("2025-12-18", case("publishing"))
    reports = [line for line in found.due if line.requirement == "national.final_report"]
    assert [(line.subjects, line.binding) for line in reports] == [
        (("panel", "secretary_of_state"), "must"),
        (("ofsted",), "should"),
    ]


def test_met_and_withdrawn_are_not_listed() -> None:
    found = listed("2025-12-18", case("withdrawn"))
    assert found.due == ()
    assert not found.wrong
    assert "Nothing is overdue" in due_text(found)


def test_agreed_delay_is_listed_under_its_new_date(tmp_path: Path) -> None:
    delay = (
        "delays:\n  - {requirement: midshire.genogram, reason: prosecution, arose: 2025-06-20,"
        " told: {panel: 2025-06-21}, agreed_by: executive, agreed_due: 2025-12-19}\n"
    )
    path = tmp_path / "delayed.yaml"
    path.write_text(case("publishing").read_text("utf-8") + delay, "utf-8")
    found = listed("2025-12-18", path)
    line = next(line for line in found.due if line.requirement == "midshire.genogram")
    assert (line.due, line.working_days_left, line.status) == (date(2025, 12, 19), 1, "excused")
    assert marks_of(line) == ["the agreed new date"]


def test_provisional_and_unverified_are_marked(tmp_path: Path) -> None:
    path = tmp_path / "far.yaml"
    text = case("new").read_text("utf-8").replace("2026", "2029").replace("unknown", "known", 0)
    path.write_text(text, "utf-8")
    found = listed("2029-03-28", path)
    assert "provisional: holidays not yet published" in marks_of(found.due[0])


def test_breached_must_is_named_and_wrong(tmp_path: Path) -> None:
    path = tmp_path / "out-of-order.yaml"
    more = "  - {type: sign_off, by: executive, date: 2025-12-01}\nmeetings:"
    path.write_text(case("publishing").read_text("utf-8").replace("meetings:", more), "utf-8")
    found = listed("2025-12-18", path)
    assert [(item.case, item.n) for item in found.breached] == [("MS-2025-07", 1)]
    assert found.wrong
    assert "Breached:   MS-2025-07 (1)." in due_text(found)


def test_overdue_should_alone_is_not_wrong() -> None:
    # on 22 April only the report to the partners (a should) is late
    found = listed("2025-04-22", case("easter"))
    assert {line.binding for line in found.due if line.due < found.as_of} == {"should"}
    assert not found.wrong


def test_unknown_past_its_date_is_wrong() -> None:
    assert not listed("2026-04-07", case("new")).wrong
    assert listed("2026-04-08", case("new")).wrong


def test_national_and_local_duties_that_read_alike_are_told_once() -> None:
    found = listed("2025-12-18", case("publishing"))
    line = next(line for line in found.due if line.requirement == "national.publish_6_months")
    twice = found.model_copy(
        update={"due": (line, line.model_copy(update={"requirement": "midshire.twin"}))}
    )
    assert due_text(twice).count("Complete and publish the review") == 1


def test_free_text_is_not_shown() -> None:
    # the case gives a reason for a criterion
    assert "Zebra" in case("easter").read_text("utf-8")
    assert "Zebra" not in due_text(listed("2025-04-28", case("easter")))


def test_only_one_area() -> None:
    assert listed("2025-12-18", case("publishing"), area="midshire").cases == 1
    assert listed("2025-12-18", case("publishing"), area="elsewhere").cases == 0


# --- which files --------------------------------------------------------------------------------


def test_folder_gives_its_cases_once_and_tells_the_rest(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    shutil.copy(case("new"), tmp_path / "sub" / "a.yaml")
    (tmp_path / "a.identities.yaml").write_text("children: {child_1: x}", "utf-8")
    (tmp_path / ".hidden.yaml").write_text("schema: cspr.case/1", "utf-8")
    (tmp_path / "notes.txt").write_text("no case", "utf-8")
    (tmp_path / "s.yaml").write_text("schema: cspr.scenario/1", "utf-8")
    (tmp_path / "o.json").write_text('{"schema": "other/2"}', "utf-8")
    (tmp_path / "p.yml").write_text("a: b", "utf-8")
    found = find_cases([tmp_path, tmp_path / "sub" / "a.yaml"])
    assert [Path(d.file).name for d in found.documents] == ["a.yaml"]
    assert [(Path(s.file).name, s.why) for s in found.skipped] == [
        ("o.json", "not a case"),
        ("p.yml", "not a case"),
        ("s.yaml", "scenario, not a case"),
    ]
    assert found.problems == []


def test_case_without_its_schema_is_read_as_a_case(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("case: MS-1\nchildren: []\n", "utf-8")
    assert len(find_cases([tmp_path]).documents) == 1


def test_folder_without_cases_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("schema: cspr.scenario/1", "utf-8")
    assert "no case file in this folder" in str(find_cases([tmp_path]).problems[0])


def test_broken_file_is_told_and_the_rest_is_listed(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("schema: [", "utf-8")
    (tmp_path / "b.yaml").write_text("schema: cspr.case/1\ncase: MS-1\n", "utf-8")
    text = case("new").read_text("utf-8")
    (tmp_path / "c.yaml").write_text(text.replace("midshire", "elsewhere"), "utf-8")
    shutil.copy(case("new"), tmp_path / "d.yaml")
    found, problems = due_list(
        find_cases([tmp_path]), date(2026, 3, 30), 10, directory=office.AREAS
    )
    assert found.cases == 1
    assert {Path(p.split(":")[0]).name for p in problems} == {"a.yaml", "b.yaml", "c.yaml"}
    assert any("c.yaml:3:14: There is no plugin" in p for p in problems)


def test_case_in_two_files_is_noted(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        shutil.copy(case("new"), tmp_path / name)
    found, problems = due_list(
        find_cases([tmp_path]), date(2026, 3, 30), 10, directory=office.AREAS
    )
    assert (found.cases, found.not_used) == (2, 0)
    assert {line.file for line in found.due} == {str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")}
    assert "MS-2026-01 stands in several places, and is listed for each" in found.notes[0]
    assert "Note:" in due_text(found)
    (told,) = problems
    assert told == (
        f"{tmp_path / 'b.yaml'}:2:1: The case `MS-2026-01` of midshire stands here and first in"
        f" {tmp_path / 'a.yaml'}:2; both are listed. Keep one of them."
    )


@pytest.mark.parametrize("as_of", ["2025-04-22", "2025-12-18", "2026-01-08"])
def test_no_line_is_wider_than_a_console(as_of: str) -> None:
    text = due_text(listed(as_of, office.CASES))
    assert max(map(len, text.splitlines())) <= 79


def test_a_long_reference_shifts_no_column(tmp_path: Path) -> None:
    long = "MS-" + "2026-" * 8 + "01"  # 45 characters, and 24 have room
    path = tmp_path / "long.yaml"
    path.write_text(case("easter").read_text("utf-8").replace("MS-2025-02", long), "utf-8")
    found = listed("2025-04-22", path)
    assert {line.case for line in found.due} == {long}
    lines = due_text(found).splitlines()
    head = next(line for line in lines if line.startswith("By "))
    row = next(number for number, line in enumerate(lines) if line.endswith(long))
    assert lines[row + 1][: head.index("Who acts")].strip() == ""
    assert lines[row + 1][head.index("Who acts")] != " "
    assert max(map(len, lines)) <= 79
