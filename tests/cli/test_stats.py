"""`cspr stats`: what it counts, writes and says, and what bad input gets.

The caseload: six cases of Testshire. Of each, the police and general practice were asked on Tuesday
10 March 2026 and had seven working days: until Thursday 19 March. The police returned it on the
18th; general practice did so in three cases, and in three it is overdue.
"""

import csv
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cspr_core.check import rules_for
from tests.cli.conftest import CASE, RETURNED, Ran, Run

Call = Callable[..., Ran]

AS_OF = ("--as-of", "2026-06-01")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    folder = tmp_path / "cases"
    folder.mkdir()
    for n in range(6):
        text = CASE.replace("TS-2026-01", f"TS-2026-{n:02}") + RETURNED
        if n % 2:
            text = text.replace(
                "  - {type: information_returned, agency: gp, date: 2026-03-18}\n", ""
            )
        (folder / f"case-{n}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def call(run: Run, area: Path, cases: Path) -> Call:
    """`cspr stats` over the folder of cases, in this process."""

    def call(*options: str | Path, source: Path | None = None) -> Ran:
        return run(
            "stats", source or cases, "--plugins", area, "--processes", "1", *AS_OF, *options
        )

    return call


def row(text: str, **keys: str) -> dict[str, str]:
    rows = csv.DictReader(io.StringIO(text))
    (found,) = (r for r in rows if all(r[name] == value for name, value in keys.items()))
    return found


RETURN = {"by": "requirement", "requirement": "testshire.information_return"}


def test_the_shares_are_those_worked_out_by_hand(call: Call) -> None:
    ran = call("--format", "csv", "--no-suppression")
    # Twelve returns: six of the police and three of general practice on time, three overdue.
    found = row(ran.out, **RETURN)
    assert (found["due"], found["on_time"], found["share_on_time"]) == ("12", "9", "0.75")
    assert found["oldest_overdue"] == "2026-03-19"
    # After 19 March: 20; 23 to 27; 30 March to 2 April (3 and 6 April: Easter); 7 to 10; 13 to 17;
    # 20 to 24; 27 April to 1 May; 5 to 8 May; 11 to 15; 18 to 22; 26 to 29 May; 1 June:
    # 1 + 5 + 4 + 4 + 5 + 5 + 5 + 4 + 5 + 5 + 4 + 1 = 48.
    assert found["median_overdue"] == "48"
    practice = row(ran.out, by="agency", agency="gp")
    assert (practice["due"], practice["on_time"], practice["overdue"]) == ("6", "3", "3")
    assert row(ran.out, by="agency", agency="police")["share_on_time"] == "1.0"
    assert row(ran.out, by="area", area="testshire")["cases"] == "6"
    assert ran.status == 0


def test_small_numbers_are_withheld_unless_asked_for(call: Call) -> None:
    found = row(call("--format", "csv").out, by="agency", agency="gp")
    assert (found["due"], found["on_time"], found["overdue"]) == ("6", "[c]", "[c]")
    found = row(call("--format", "csv", "--suppress-below", "3").out, by="agency", agency="gp")
    assert (found["on_time"], found["overdue"]) == ("3", "3")


def test_the_table_is_for_a_person(call: Call) -> None:
    ran = call("--by", "area,agency")
    assert "6 cases of 1 area, as of Mon 1 June 2026." in ran.out
    assert "--- BY AGENCY" in ran.out
    assert "--- BY QUARTER" not in ran.out
    assert (ran.status, ran.err) == (0, "")


def test_json_knows_the_year_and_what_counted_it(call: Call) -> None:
    made = json.loads(call("--format", "json", "--year", "april", "--by", "quarter").out)
    assert made["year_begins"] == "april"
    assert set(made["versions"]) == {"cspr", "national", "testshire"}
    # 19 March 2026 is of the last quarter of 2025-26.
    assert "2025-26 Q4" in {each["quarter"] for each in made["rows"]}


@pytest.mark.slow
def test_the_ending_of_the_file_chooses_the_format(call: Call, tmp_path: Path) -> None:
    page = tmp_path / "statistics.html"
    assert call("--out", page).status == 0
    assert page.read_text("ascii").startswith("<!DOCTYPE html>")
    if os.name != "nt":
        assert page.stat().st_mode & 0o777 == 0o600
    call("--out", tmp_path / "statistics.csv")
    assert (tmp_path / "statistics.csv").read_text("utf-8").startswith("by,area,")


def test_findings_that_check_wrote_give_the_same(
    call: Call, run: Run, area: Path, cases: Path
) -> None:
    run(
        "check", cases, "--plugins", area, "--processes", "1", *AS_OF, "--format", "parquet",
        "--out", "findings.parquet",
    )  # fmt: skip
    rules_for.cache_clear()
    options = ("--format", "csv", "--no-suppression")
    ran = run("stats", "findings.parquet", "--plugins", area, *options)
    assert ran.out == call(*options).out
    assert (ran.status, ran.err) == (0, "")


# --- bad input ----------------------------------------------------------------------------------


def test_a_bad_file_is_told_and_the_rest_counted(call: Call, cases: Path) -> None:
    (cases / "broken.yaml").write_text("case: [\n", encoding="utf-8")
    ran = call()
    assert ran.status == 2
    assert "broken.yaml:" in ran.err
    assert "NOT THE WHOLE CASELOAD: 1 file or entry could not be used" in ran.out
    assert "6 cases of 1 area" in ran.out


def test_what_is_missing_from_findings_is_told_too(run: Run, area: Path, cases: Path) -> None:
    (cases / "broken.yaml").write_text("case: [\n", encoding="utf-8")
    run(
        "check", cases, "--plugins", area, "--processes", "1", *AS_OF, "--format", "parquet",
        "--out", "findings.parquet",
    )  # fmt: skip
    ran = run("stats", "findings.parquet", "--plugins", area)
    assert ran.status == 2
    assert "NOT THE WHOLE CASELOAD: 1 file or entry" in ran.out


def test_where_no_file_can_be_used_there_are_no_figures(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "broken.yaml").write_text("case: [\n", encoding="utf-8")
    ran = call(source=folder)
    assert (ran.status, ran.out) == (2, "")
    assert "broken.yaml:" in ran.err


def test_where_there_is_no_case_at_all_that_is_told(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "notes.yaml").write_text("schema: something/1\n", encoding="utf-8")
    ran = call(source=folder)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.splitlines()[-1].startswith("cspr: ")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--by", "area,town"), "there is no such breakdown as `town`"),
        (("--year", "may"), "--year may: there is no such word here"),
        (
            ("--format", "pdf"),
            "--format pdf: there is no such format here. There are: table, csv, json, html.",
        ),
    ],
)
def test_unknown_words_are_refused_before_the_work(
    call: Call, options: tuple[str, ...], said: str
) -> None:
    ran = call(*options)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_without_matplotlib_a_page_says_what_to_install(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    ran = call("--format", "html")
    assert (ran.status, ran.out) == (2, "")
    assert 'pip install "cspr[charts]"' in ran.err


def test_findings_and_cases_are_not_counted_together(run: Run, area: Path, cases: Path) -> None:
    run(
        "check", cases, "--plugins", area, "--processes", "1", *AS_OF, "--format", "parquet",
        "--out", "findings.parquet",
    )  # fmt: skip
    ran = run("stats", "findings.parquet", cases, "--plugins", area)
    assert (ran.status, ran.out) == (2, "")
    assert "this is not a file of findings, and findings.parquet is" in ran.err
    ran = run("stats", "findings.parquet", "--partnership", "leeds")
    assert "--partnership: the findings in findings.parquet are made already" in ran.err
    ran = run("stats", "findings.parquet", "--cluster", "tcp://127.0.0.1:1")
    assert "--cluster: the findings" in ran.err
    ran = run("stats", "findings.parquet", "--as-of", "2026-05-01")
    assert "These findings are as of 2026-06-01, not of 2026-05-01" in ran.err
    Path("case.txt").write_text("schema: cspr.case/1\n", "utf-8")
    ran = run("stats", "findings.parquet", "--out", "case.txt")
    assert ran.status == 2
    assert "this file is one that cspr reads" in ran.err


def test_nothing_withheld_and_a_threshold_contradict_each_other(call: Call) -> None:
    ran = call("--no-suppression", "--suppress-below", "3")
    assert (ran.status, ran.out) == (2, "")
    assert "Leave one of them out." in ran.err


def test_a_case_without_agencies_counts_like_any_other(call: Call, cases: Path) -> None:
    agencies = "agencies:\n  police: {involved: yes}\n  gp: {involved: yes}\n"
    bare, _, _ = CASE.replace(agencies, "").partition("  - {type: information_requested")
    (cases / "bare.yaml").write_text(bare.replace("TS-2026-01", "TS-2026-50"), "utf-8")
    own = CASE.replace("police", "north_police").replace("{involved", "{kind: police, involved", 1)
    (cases / "own.yaml").write_text(own.replace("TS-2026-01", "TS-2026-51"), "utf-8")
    ran = call("--format", "csv", "--no-suppression")
    assert (ran.status, ran.err) == (0, "")
    # six cases return the police's part in time; the seventh, by a name of its own, does not
    assert row(ran.out, by="agency", agency="police")["due"] == "7"


def test_files_of_many_cases_in_a_folder_are_named(call: Call, cases: Path) -> None:
    (cases / "more.jsonl").write_text("{}\n", "utf-8")
    ran = call()
    assert ran.status == 0
    assert "more.jsonl: skipped: it may hold many cases" in ran.err
    assert "Note: Not looked at, as in a folder only case files are:" in " ".join(ran.out.split())
