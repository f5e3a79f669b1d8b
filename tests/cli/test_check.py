"""`cspr check`: its formats, its exit status, and what is shown in which order.

The case: police and general practice were asked on Tue 10 March 2026 and have 7 working days: 11,
12, 13, 16, 17, 18, 19 March, so Thu 19 March. The Panel was notified on Mon 9 March; 15 working
days: 10 to 13, 16 to 20, 23 to 27 March are 14, so Mon 30 March for rapid review and decision.
"""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

RETURNED = """\
  - {type: information_returned, agency: police, date: 2026-03-18}
  - {type: information_returned, agency: gp, date: 2026-03-18}
"""


def test_status_is_0_while_nothing_is_overdue(run: Callable, case: Path, area: Path) -> None:
    ran = run("check", case, "--plugins", area, "--as-of", "2026-03-19")
    assert (ran.status, ran.err) == (0, "")


def test_status_is_1_once_a_must_is_overdue(run: Callable, case: Path, area: Path) -> None:
    ran = run("check", case, "--plugins", area, "--as-of", "2026-03-20")
    assert (ran.status, ran.err) == (1, "")


def test_status_is_0_where_only_a_should_is_overdue(run: Callable, case: Path, area: Path) -> None:
    # `rapid_review` (should) was due on 30 March; `decision` (must) is on record.
    text = case.read_text(encoding="utf-8") + RETURNED
    text += "  - {type: decision, outcome: no_review, by: executive, date: 2026-03-30}\n"
    answers = "".join(
        f"  {name}: {{answer: no, reason: Considered.}}\n"
        for name in ("improvements", "recurrent_themes", "agencies_together", "panel_view")
    )
    case.write_text(text.replace("events:\n", f"criteria:\n{answers}events:\n"), encoding="utf-8")
    ran = run("check", case, "--plugins", area, "--as-of", "2026-03-31")
    assert ran.status == 0
    assert "--- SHOULD BE DONE" in ran.out
    assert "Should: 5 overdue or breached" in ran.out  # the review and four of the criteria


def test_unknown_past_its_date_is_status_1(run: Callable, case: Path, area: Path) -> None:
    # Aware Tue 3 March; 5 working days: 4, 5, 6, 9, 10 March.
    text = case.read_text(encoding="utf-8")
    text = text.replace("abuse_or_neglect: suspected", "abuse_or_neglect: unknown")
    case.write_text(text.partition("  - {type: notified")[0], encoding="utf-8")
    on = run("check", case, "--plugins", area, "--as-of", "2026-03-10")
    past = run("check", case, "--plugins", area, "--as-of", "2026-03-11")
    assert (on.status, past.status) == (0, 1)
    told = "if abuse or neglect is known or suspected: due Tue 10 March 2026."
    assert told in " ".join(on.out.split())
    assert f"{told} That date has passed." in " ".join(past.out.split())


def test_what_is_overdue_stands_before_what_is_coming(
    run: Callable, case: Path, area: Path
) -> None:
    out = run("check", case, "--plugins", area, "--as-of", "2026-03-20").out
    headings = ["OVERDUE OR BREACHED (2)", "COMING UP (1)", "STILL TO DO", "SHOULD BE DONE"]
    places = [out.index(heading) for heading in headings]
    assert places == sorted(places)


def test_siblings_alike_stand_on_one_line(run: Callable, case: Path, area: Path) -> None:
    out = " ".join(run("check", case, "--plugins", area, "--as-of", "2026-03-20").out.split())
    assert (
        "General practice and Police: was due by Thu 19 March 2026 (1 working day ago); not"
        " recorded as done." in out
    )
    assert out.count("testshire.information_return") == 1


def test_what_is_met_is_a_count_unless_asked_for(run: Callable, case: Path, area: Path) -> None:
    argv = ("check", case, "--plugins", area, "--as-of", "2026-03-12")
    short, whole = run(*argv).out, run(*argv, "--all").out
    assert "Done on" not in short
    assert "Besides: 3 met" in short  # serious case, notified to the Panel and to the partners
    assert "child_1: done on Mon 9 March 2026" in " ".join(whole.split())
    for heading in ("ADVICE FOR THE STAGES REACHED (1)", "MET (3)", "NOT IN PLAY YET"):
        assert heading in whole
        assert heading not in short


def test_no_line_is_wider_than_a_small_console(run: Callable, case: Path, area: Path) -> None:
    out = run("check", case, "--plugins", area, "--as-of", "2026-03-20", "--all").out
    assert max(map(len, out.splitlines())) < 80


def test_table_fits_a_windows_console_of_old(run: Callable, case: Path, area: Path) -> None:
    out = run("check", case, "--plugins", area, "--as-of", "2026-03-20", "--all").out
    assert out.encode("cp1252").decode("cp1252") == out


def test_json_of_one_case_is_an_object(run: Callable, case: Path, area: Path) -> None:
    ran = run("check", case, "--plugins", area, "--as-of", "2026-03-20", "--format", "json")
    report = json.loads(ran.out)
    assert (report["case"], report["as_of"]) == ("TS-2026-01", "2026-03-20")
    found = next(
        f
        for f in report["findings"]
        if f["requirement"] == "testshire.information_return" and f["subject"]["id"] == "police"
    )
    assert (found["status"], found["due"], found["working_days_left"]) == (
        "overdue",
        "2026-03-19",
        -1,
    )
    assert found["done"] is None


def test_json_of_several_cases_is_an_array(run: Callable, case: Path, area: Path) -> None:
    ran = run("check", case, case, "--plugins", area, "--as-of", "2026-03-12", "--format", "json")
    assert [report["case"] for report in json.loads(ran.out)] == ["TS-2026-01", "TS-2026-01"]


def test_json_is_ascii_where_the_console_is_not_unicode(
    run: Callable, case: Path, area: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cspr_core.cli.output.is_unicode", lambda: False)
    out = run("check", case, "--plugins", area, "--as-of", "2026-03-12", "--format", "json").out
    assert out.isascii()
    assert json.loads(out)["case"] == "TS-2026-01"


def test_a_bad_file_is_told_and_the_others_are_shown(
    run: Callable, case: Path, area: Path, tmp_path: Path
) -> None:
    missing = tmp_path / "gone.yaml"
    ran = run("check", missing, case, "--plugins", area, "--as-of", "2026-03-12")
    assert ran.status == 2
    assert ran.err == f"{missing}:1:1: There is no such file. Check the name and the folder.\n"
    assert ran.out.startswith("TS-2026-01: Testshire Safeguarding Partnership\n")


def test_json_of_several_bad_files_is_an_empty_array(run: Callable, tmp_path: Path) -> None:
    ran = run("check", tmp_path / "a.yaml", tmp_path / "b.yaml", "--format", "json")
    assert (ran.status, json.loads(ran.out)) == (2, [])
    assert len(ran.err.splitlines()) == 2


def test_nothing_is_shown_for_one_bad_file(run: Callable, tmp_path: Path) -> None:
    ran = run("check", tmp_path / "a.yaml", "--format", "json")
    assert (ran.status, ran.out) == (2, "")


def test_out_writes_a_file_for_its_owner_alone(
    run: Callable, case: Path, area: Path, tmp_path: Path
) -> None:
    out = tmp_path / "page.md"
    ran = run(
        *("check", case, "--plugins", area, "--as-of", "2026-03-12"),
        *("--format", "markdown", "--out", out),
    )
    assert (ran.status, ran.out, ran.err) == (0, "", "")
    assert out.read_text(encoding="utf-8").startswith("# TS-2026-01: Testshire")
    if os.name == "posix":
        assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_markdown_says_what_the_table_says(run: Callable, case: Path, area: Path) -> None:
    argv = ("check", case, "--plugins", area, "--as-of", "2026-03-20", "--format", "markdown")
    out = run(*argv).out
    assert "## Overdue or breached (2)" in out
    assert "**Mon 30 March 2026 (6 working days left)**" in out
    assert "  - Rule: `testshire.information_return`" in out


def test_without_as_of_a_date_to_come_is_an_error(run: Callable, case: Path, area: Path) -> None:
    text = case.read_text(encoding="utf-8").replace("date: 2026-03-09", "date: 2090-03-09")
    case.write_text(text, encoding="utf-8")
    ran = run("check", case, "--plugins", area)
    assert ran.status == 2
    assert "planned" in ran.err


def test_partnership_checks_under_another_area(run: Callable, case: Path, area: Path) -> None:
    other = area / "othershire"
    other.mkdir()
    text = (area / "testshire" / "arrangements.yaml").read_text(encoding="utf-8")
    text = text.replace("partnership: testshire", "partnership: othershire")
    (other / "arrangements.yaml").write_text(text, encoding="utf-8")
    ran = run(
        *("check", case, "--plugins", area, "--as-of", "2026-03-20"),
        *("--partnership", "othershire", "--format", "json"),
    )
    report = json.loads(ran.out)
    assert report["partnership"] == "othershire"
    ids = {f["requirement"] for f in report["findings"]}
    assert "othershire.information_return" in ids
    assert "testshire.information_return" not in ids


def test_a_plugin_may_add_a_format(run: Callable, case: Path, installed: Callable) -> None:
    installed(
        "testshire",
        "from cspr_core.hookspecs import hookimpl\n"
        "@hookimpl\ndef cspr_report_formats():\n"
        "    return {'names': lambda reports: ', '.join(r.case for r in reports)}\n",
    )
    ran = run("check", case, "--as-of", "2026-03-12", "--format", "names")
    assert (ran.status, ran.out, ran.err) == (0, "TS-2026-01\n", "")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("lambda reports: 1 / 0", "ZeroDivisionError in __init__.py"),
        ("lambda reports: exit(3)", "SystemExit"),
        ("lambda reports: 5", "gave no text"),
    ],
)
def test_a_format_that_fails_is_told_in_one_line(
    run: Callable, case: Path, installed: Callable, body: str, told: str
) -> None:
    installed(
        "testshire",
        "from cspr_core.hookspecs import hookimpl\n"
        f"@hookimpl\ndef cspr_report_formats():\n    return {{'names': {body}}}\n",
    )
    ran = run("check", case, "--as-of", "2026-03-12", "--format", "names")
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err
    assert "`testshire` (cspr-testshire)" in ran.err
    assert len(ran.err.splitlines()) == 1
