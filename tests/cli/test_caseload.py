"""`cspr check` of many cases: the summary, the rows, and what a tired person gets wrong.

What the caseload holds, and which dates are due, stands in `caseloads`.
"""

import errno
import json
import os
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cspr_core.caseload import results, running
from cspr_core.caseload.errors import CaseloadError
from cspr_core.cli import caseload
from tests.cli.caseloads import AS_OF, write_area, write_facts, write_lines
from tests.cli.conftest import CASE, RETURNED

SECOND = CASE.replace("TS-2026-01", "TS-2026-02") + RETURNED
OVERDUE = "testshire,TS-2026-01,testshire.information_return,police,overdue,,must,2026-03-19,"
RETURN = "testshire,TS-2026-02,testshire.information_return,police,met,,must,2026-03-19,2026-03-18"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of work that is the present one, so that names in errors are short."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="module")
def area(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up area in one place for all of these tests: its rules are prepared once."""
    return write_area(tmp_path_factory.mktemp("plugins"))


@pytest.fixture
def cases(here: Path) -> Path:
    """A folder of two cases."""
    folder = here / "cases"
    folder.mkdir()
    (folder / "first.yaml").write_text(CASE, "utf-8")
    (folder / "second.yaml").write_text(SECOND, "utf-8")
    return folder


@pytest.fixture
def check(run: Callable, area: Path) -> Callable:
    """`cspr check` under the made-up area."""
    return lambda *argv: run("check", *argv, "--plugins", area)


def left_behind(folder: Path) -> list[str]:
    """What a run left in a folder beside the cases."""
    return sorted(path.name for path in folder.iterdir() if path.name != "cases")


# --- the summary --------------------------------------------------------------------------------


def test_a_folder_has_one_summary_with_what_is_wrong_first(check: Callable, cases: Path) -> None:
    ran = check(cases, *AS_OF)
    assert (ran.status, ran.err) == (1, "")
    said = " ".join(ran.out.split())
    assert said.startswith("2 cases of 1 area as of Fri 20 March 2026: ")
    assert "Overdue or breached: in 1 case something that must be done." in said
    assert "TS-2026-01 testshire 2 0 0 Thu 19 Mar 2026" in said
    assert (
        "2 0 0 1 Thu 19 Mar 2026 Agencies return the template (testshire.information_return)"
        in said
    )
    assert said.index("CASES MOST IN NEED") < said.index("CASES BY AREA")
    assert "TS-2026-02" not in said


def test_nothing_wrong_is_status_0(check: Callable, cases: Path) -> None:
    ran = check(cases, "--as-of", "2026-03-19")
    assert ran.status == 0
    assert "Nothing that must be done is overdue, breached" in ran.out


def test_summary_as_json_counts_what_the_table_shows(check: Callable, cases: Path) -> None:
    found = json.loads(check(cases, *AS_OF, "--format", "json").out)
    assert (found["as_of"], found["cases"], found["cases_wrong"]) == ("2026-03-20", 2, 1)
    assert found["not_used"] == 0
    assert [(c["case"], c["overdue"], c["oldest_due"]) for c in found["in_need"]] == [
        ("TS-2026-01", 2, "2026-03-19")
    ]
    (area,) = found["areas"]
    assert (area["area"], area["statuses"]["overdue"]) == ("testshire", 2)
    assert area["answers"] == sum(area["statuses"].values()) == found["answers"]


def test_summary_as_markdown_for_minutes(check: Callable, cases: Path) -> None:
    out = check(cases, *AS_OF, "--out", "summary.md")
    assert (out.status, out.out) == (1, "")
    page = Path("summary.md").read_text("utf-8")
    assert page.startswith("# 2 cases of 1 area as of Fri 20 March 2026")
    assert "| TS-2026-01 | testshire | 2 | 0 | 0 | Thu 19 Mar 2026 |" in page


@pytest.mark.parametrize("made", ["lines", "facts"])
def test_a_file_of_many_cases_says_what_the_folder_says(
    check: Callable, cases: Path, area: Path, made: str
) -> None:
    files = sorted(cases.iterdir())
    if made == "lines":
        argv = [write_lines(Path("cases.jsonl"), files), *AS_OF]
    else:
        argv = [write_facts(Path("cases.parquet"), files, area)]
    assert check(*argv).out == check(cases, *AS_OF).out


def test_a_quoted_pattern_is_many_cases(check: Callable, cases: Path) -> None:
    found = json.loads(check(cases / "f*.yaml", *AS_OF, "--format", "json").out)
    assert found["cases"] == 1


def test_all_names_every_requirement_and_case(
    check: Callable, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caseload, "_NAMED", 1)
    (cases / "third.yaml").write_text(CASE.replace("TS-2026-01", "TS-2026-03"), "utf-8")
    short, whole = check(cases, *AS_OF).out, check(cases, *AS_OF, "--all").out
    assert "And 1 more case (--all)." in short
    assert "TS-2026-03" not in short
    assert "TS-2026-03" in whole


def test_cases_can_be_checked_under_another_area(check: Callable, cases: Path, area: Path) -> None:
    other = area / "othershire"
    other.mkdir()
    text = (area / "testshire" / "arrangements.yaml").read_text("utf-8")
    text = text.replace("partnership: testshire", "partnership: othershire")
    (other / "arrangements.yaml").write_text(text, "utf-8")
    argv = (cases, *AS_OF, "--partnership", "othershire", "--format", "json")
    assert [found["area"] for found in json.loads(check(*argv).out)["areas"]] == ["othershire"]


# --- the rows -----------------------------------------------------------------------------------


def test_rows_go_to_a_file_for_its_owner_alone(check: Callable, cases: Path, here: Path) -> None:
    ran = check(cases, *AS_OF, "--format", "csv", "--out", "answers.csv")
    lines = (here / "answers.csv").read_text("utf-8").splitlines()
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == (
        f"cspr: answers.csv: {len(lines) - 1} answers for 2 cases as of 2026-03-20."
        " Overdue or breached: in 1 case.\n"
    )
    assert {OVERDUE, RETURN} <= set(lines)
    assert left_behind(here) == ["answers.csv"]
    if os.name == "posix":
        assert stat.S_IMODE((here / "answers.csv").stat().st_mode) == 0o600


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_format_follows_from_the_ending(check: Callable, cases: Path, form: str) -> None:
    check(cases, *AS_OF, "--out", f"a.{form}")
    check(cases, *AS_OF, "--out", "b.txt", "--format", form)
    assert Path(f"a.{form}").read_bytes() == Path("b.txt").read_bytes()


def test_rows_of_case_files_named_one_by_one(check: Callable, cases: Path) -> None:
    check(cases / "first.yaml", cases / "second.yaml", *AS_OF, "--out", "rows.csv")
    check(cases, *AS_OF, "--out", "folder.csv")
    assert Path("rows.csv").read_bytes() == Path("folder.csv").read_bytes()


def test_parquet_says_as_of_when_and_with_what(check: Callable, cases: Path) -> None:
    check(cases, "--as-of", "2026-03-19", "--out", "answers.parquet")
    check(cases, *AS_OF, "--out", "answers.parquet")  # a newer result takes its place
    said = pq.read_schema("answers.parquet").metadata
    assert (said[b"as_of"], said[b"not_used"]) == (b"2026-03-20", b"0")
    assert {b"version.cspr", b"version.national", b"version.testshire"} <= set(said)


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("--format", "csv", "--out", "a.parquet"), "is that of a parquet file"),
        (("--format", "table", "--out", "a.csv"), "is that of a csv file"),
        (("--format", "csv"), "Name it with --out FILE."),
        (("--format", "csv", "--out", "."), "this is a folder. Name a file in it."),
        (("--format", "html"), "add --case REF"),
        (("--format", "xml"), "There are: table, json, markdown, csv, jsonl, parquet."),
    ],
)
def test_a_format_that_can_not_be_is_told_before_anything_is_read(
    check: Callable, cases: Path, here: Path, argv: tuple[str, ...], told: str
) -> None:
    ran = check(cases, *AS_OF, *argv)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err
    assert len(ran.err.splitlines()) == 1
    assert left_behind(here) == []


def test_rows_can_go_to_a_device(check: Callable, cases: Path) -> None:
    ran = check(cases, *AS_OF, "--format", "csv", "--out", os.devnull)
    assert ran.status == 1
    assert not Path(os.devnull).is_file()


# --- what can't be written ----------------------------------------------------------------------


def full_disk(*_argv: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_full_disk_leaves_the_old_file_as_it_was(
    check: Callable, cases: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "answers.csv").write_text("of last night\n", "utf-8")
    monkeypatch.setattr(results, "write_rows", full_disk)
    ran = check(cases, *AS_OF, "--out", "answers.csv")
    assert ran.status == 2
    assert "answers.csv: could not be written: the disk is full." in ran.err
    assert (here / "answers.csv").read_text("utf-8") == "of last night\n"
    assert left_behind(here) == ["answers.csv"]


def test_a_run_that_stops_half_way_leaves_no_file(
    check: Callable, cases: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_argv: object, **_options: object) -> Iterator[object]:
        raise CaseloadError("part 1 can't be checked. Try again.")
        yield

    monkeypatch.setattr(running, "run", stopped)
    ran = check(cases, *AS_OF, "--out", "answers.csv")
    assert (ran.status, ran.err) == (2, "cspr: part 1 can't be checked. Try again.\n")
    assert left_behind(here) == []


def test_a_folder_that_is_not_there_is_told_before_the_work(
    check: Callable, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caseload, "prepared", lambda asked: pytest.fail("it was read"))
    ran = check(cases, *AS_OF, "--out", "nowhere/answers.csv")
    assert ran.status == 2
    assert "there is no such folder" in ran.err


@pytest.mark.parametrize("name", ["cases.jsonl", "cases.parquet"])
def test_out_never_takes_the_place_of_what_is_read(
    check: Callable, cases: Path, area: Path, name: str
) -> None:
    files = sorted(cases.iterdir())
    write_lines(Path("cases.jsonl"), files)
    write_facts(Path("cases.parquet"), files, area)
    before = Path(name).read_bytes()
    for given in (name, "cases"):
        ran = check(given, "--out", name)
        assert ran.status == 2
        assert "is one that cspr reads, and would be lost" in ran.err
    assert Path(name).read_bytes() == before


# --- what can't be read -------------------------------------------------------------------------


def test_a_bad_file_is_told_and_the_summary_is_not_the_whole(check: Callable, cases: Path) -> None:
    (cases / "broken.yaml").write_text("schema: cspr.case/1\ncase: TS-9\n", "utf-8")
    ran = check(cases, *AS_OF)
    assert ran.status == 2
    assert ran.out.splitlines()[1].startswith("NOT THE WHOLE CASELOAD: 1 file or entry could")
    assert "2 cases of 1 area" in ran.out
    assert {line.partition(":")[0] for line in ran.err.splitlines()} == {str(cases / "broken.yaml")}


def test_rows_of_the_good_files_are_written_and_what_is_missing_is_told(
    check: Callable, cases: Path
) -> None:
    (cases / "broken.yaml").write_bytes(b"schema: cspr.case/1\ncase: Caf\xe9\n")
    ran = check(cases, *AS_OF, "--out", "answers.parquet")
    assert ran.status == 2
    assert "NOT THE WHOLE: 1 could not be used." in ran.err
    assert pq.read_schema("answers.parquet").metadata[b"not_used"] == b"1"
    assert set(pq.read_table("answers.parquet").column("case").to_pylist()) == {
        "TS-2026-01",
        "TS-2026-02",
    }


def test_a_bad_line_is_one_entry_that_is_missing(check: Callable, cases: Path) -> None:
    path = write_lines(Path("cases.jsonl"), sorted(cases.iterdir()))
    path.write_text('\n{"schema": "cspr.case/1"}\n' + path.read_text("utf-8"), "utf-8")
    ran = check(path, *AS_OF, "--format", "json")
    assert ran.status == 2
    assert json.loads(ran.out)["not_used"] == 1
    assert all(line.startswith("cases.jsonl:2:") for line in ran.err.splitlines())


def test_nothing_is_given_where_no_file_can_be_used(
    check: Callable, cases: Path, here: Path
) -> None:
    for path in cases.iterdir():
        path.write_text("schema: cspr.case/1\n", "utf-8")
    ran = check(cases, "--out", "answers.csv")
    assert (ran.status, ran.out) == (2, "")
    assert left_behind(here) == []


def test_a_case_that_stands_twice_is_in_no_result(check: Callable, cases: Path) -> None:
    (cases / "copy of first.yaml").write_text(CASE, "utf-8")
    ran = check(cases, *AS_OF, "--out", "answers.csv")
    rows = Path("answers.csv").read_text("utf-8")
    assert ran.status == 2
    assert "first.yaml" in ran.err
    assert "copy of first.yaml" in ran.err
    assert "NOT THE WHOLE: 2 could not be used." in ran.err
    assert "TS-2026-01" not in rows
    assert "TS-2026-02" in rows


def test_ended_by_a_signal_it_leaves_nothing(
    check: Callable, cases: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: object) -> None:
        assert list(here.glob(".answers.csv.*.part"))  # it has begun to write
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            signal.raise_signal(signal.SIGTERM)  # as `timeout` does: what tidies up goes on

    def by_default(*_: object) -> None:
        pytest.fail("nothing has taken care of the signal")

    monkeypatch.setattr(results, "write_rows", ended)
    usual = signal.signal(signal.SIGTERM, by_default)
    try:
        ran = check(cases, *AS_OF, "--out", "answers.csv")
        assert signal.getsignal(signal.SIGTERM) is by_default
    finally:
        signal.signal(signal.SIGTERM, usual)
    assert (ran.status, ran.out, ran.err) == (143, "", "")
    assert left_behind(here) == []


def test_a_signal_that_is_ignored_from_outside_stays_so(
    check: Callable, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def goes_on(*given: Any) -> int:
        signal.raise_signal(signal.SIGTERM)
        return write_rows(*given)

    write_rows = results.write_rows
    monkeypatch.setattr(results, "write_rows", goes_on)
    usual = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        assert check(cases, *AS_OF, "--out", "answers.csv").status == 1
    finally:
        signal.signal(signal.SIGTERM, usual)
    assert OVERDUE in Path("answers.csv").read_text("utf-8")


def test_what_a_folder_holds_beside_cases_is_named_and_no_mistake(
    check: Callable, cases: Path
) -> None:
    (cases / "scene.yaml").write_text("schema: cspr.scenario/1\n", "utf-8")
    (cases / "first.identities.yaml").write_text("child_1: {name: A Name}\n", "utf-8")
    ran = check(cases, *AS_OF, "--format", "json")
    assert ran.status == 1
    assert ran.err == f"{cases / 'scene.yaml'}: skipped: scenario, not a case.\n"
    assert json.loads(ran.out)["not_used"] == 0


def test_of_many_other_files_the_first_are_named(
    check: Callable, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caseload, "_MOST", 1)
    for number in range(3):
        (cases / f"scene{number}.yaml").write_text("schema: cspr.scenario/1\n", "utf-8")
    err = check(cases, *AS_OF).err.splitlines()
    assert err[0].endswith("scene0.yaml: skipped: scenario, not a case.")
    assert err[1:] == ["cspr: And 2 more files that are no cases."]


def test_a_folder_of_other_files_has_no_case(check: Callable, here: Path) -> None:
    (here / "scene.yaml").write_text("schema: cspr.scenario/1\n", "utf-8")
    ran = check(here, "--out", "answers.csv")
    assert (ran.status, ran.out) == (2, "")
    assert "There is no case in what was named." in ran.err
    assert left_behind(here) == ["scene.yaml"]


def test_an_empty_folder_is_told(check: Callable, here: Path) -> None:
    ran = check(here)
    assert ran.status == 2
    assert "There is no case file in this folder." in ran.err


def test_a_misspelt_name_among_several_spoils_no_other(check: Callable, cases: Path) -> None:
    ran = check(cases, "nothing/*.yaml", *AS_OF, "--format", "json")
    assert ran.status == 2
    assert ran.err.startswith("nothing/*.yaml:1:1: No case file matches this pattern.")
    found = json.loads(ran.out)
    assert (found["cases"], found["not_used"]) == (2, 1)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(check: Callable, cases: Path) -> None:
    (cases / "first.yaml").chmod(0)
    ran = check(cases, *AS_OF)
    assert ran.status == 2
    assert "may not be read" in ran.err


def test_of_thousands_of_problems_the_first_are_shown_and_the_rest_counted(
    check: Callable, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caseload, "_MOST", 2)
    monkeypatch.setattr(caseload, "_KINDS", 1)
    for number in range(5):
        (cases / f"empty{number}.yaml").write_text("", "utf-8")
    (cases / "zoned.yaml").write_text(CASE.replace("2026-03-02", "2nd March"), "utf-8")
    err = check(cases, *AS_OF, "--errors", "errors.txt").err.splitlines()
    assert [line.partition(":")[0] for line in err[:2]] == [
        str(cases / f"empty{number}.yaml") for number in range(2)
    ]
    assert err[2] == "cspr: And 4 more problems:"
    assert err[3].startswith("cspr: 3 times: ")
    assert err[4] == "cspr: 1 times: something else"
    assert err[5] == "cspr: errors.txt holds all of them, one a line."
    every = Path("errors.txt").read_text("utf-8").splitlines()
    assert len(every) == 6
    assert every[:2] == err[:2]


def test_without_problems_the_file_for_them_is_empty(check: Callable, cases: Path) -> None:
    Path("errors.txt").write_text("of last night\n", "utf-8")
    assert check(cases, "--as-of", "2026-03-19", "--errors", "errors.txt").status == 0
    assert Path("errors.txt").read_bytes() == b""


def test_without_a_file_for_them_all_the_way_to_one_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(caseload, "_MOST", 1)
    caseload.tell_problems(["a:1:1: No `x`. Add it.", "b:1:1: No `y`. Add it.", "b:1:1: No `y`."])
    assert capsys.readouterr().err.splitlines() == [
        "a:1:1: No `x`. Add it.",
        "cspr: And 2 more problems:",
        "cspr: 1 times: No …. Add it.",
        "cspr: 1 times: No ….",
        "cspr: `--errors FILE` writes all of them, one a line.",
    ]


# --- the day of stored facts --------------------------------------------------------------------


def test_facts_stand_as_of_their_own_day(check: Callable, cases: Path, area: Path) -> None:
    path = write_facts(Path("a.parquet"), sorted(cases.iterdir()), area, "2026-03-19")
    assert json.loads(check(path, "--format", "json").out)["as_of"] == "2026-03-19"
    assert check(path, "--as-of", "2026-03-19").status == 0
    ran = check(path, "--as-of", "2026-03-20")
    assert (ran.status, ran.out) == (2, "")
    assert "the facts in a.parquet stand as of 2026-03-19" in ran.err
    assert "Leave --as-of out" in ran.err


def test_a_file_of_facts_that_is_none_is_one_that_is_missing(
    check: Callable, cases: Path, here: Path
) -> None:
    (here / "a.parquet").write_bytes(b"no Parquet file at all")
    ran = check(cases, "a.parquet", *AS_OF, "--format", "json", "--processes", "1")
    assert ran.status == 2
    found = json.loads(ran.out)
    assert (found["cases"], found["not_used"]) == (2, 1)


def test_facts_of_different_days_are_not_mixed(check: Callable, cases: Path, area: Path) -> None:
    write_facts(Path("a.parquet"), [cases / "first.yaml"], area, "2026-03-19")
    write_facts(Path("b.parquet"), [cases / "second.yaml"], area, "2026-03-20")
    ran = check("a.parquet", "b.parquet")
    assert ran.status == 2
    assert "different days: a.parquet (2026-03-19), b.parquet (2026-03-20)" in ran.err


@pytest.mark.parametrize("content", [b"", b"no Parquet file at all", b"PAR1 cut off"])
def test_a_file_of_facts_that_is_none_is_told(check: Callable, here: Path, content: bytes) -> None:
    (here / "a.parquet").write_bytes(content)
    ran = check("a.parquet")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("a.parquet:1:1: ")
    assert len(ran.err.splitlines()) == 1


# --- one case of many ---------------------------------------------------------------------------


def test_one_case_of_a_folder_has_its_whole_report(check: Callable, cases: Path) -> None:
    asked = check(cases, *AS_OF, "--case", "TS-2026-01")
    assert asked == check(cases / "first.yaml", *AS_OF)
    assert asked.status == 1


def test_several_cases_come_in_the_order_asked_for(check: Callable, cases: Path) -> None:
    argv = ("--case", "TS-2026-02", "--case", "TS-2026-01", "--format", "json")
    found = json.loads(check(cases, *AS_OF, *argv).out)
    assert [report["case"] for report in found] == ["TS-2026-02", "TS-2026-01"]


def test_one_case_of_a_file_of_lines(check: Callable, cases: Path) -> None:
    write_lines(Path("cases.jsonl"), sorted(cases.iterdir()))
    asked = json.loads(check("cases.jsonl", *AS_OF, "--case", "TS-2026-02", "--format", "json").out)
    evidence = [e for finding in asked["findings"] for e in finding["evidence"]]
    assert {(e["file"], e["line"]) for e in evidence} == {("cases.jsonl", 2)}


def test_one_case_of_stored_facts_says_the_same_without_lines_of_a_case_file(
    check: Callable, cases: Path, area: Path
) -> None:
    write_facts(Path("a.parquet"), sorted(cases.iterdir()), area)
    argv = ("--case", "TS-2026-01", "--format", "json")
    stored, filed = check("a.parquet", *argv), check(cases, *AS_OF, *argv)
    assert stored.status == filed.status == 1
    one, other = json.loads(stored.out), json.loads(filed.out)
    evidence = [e for finding in one["findings"] for e in finding.pop("evidence")]
    assert {(e["file"], e["line"], e["column"]) for e in evidence} == {("a.parquet", 1, 1)}
    assert len(evidence) == sum(len(finding.pop("evidence")) for finding in other["findings"])
    for finding in (*one["findings"], *other["findings"]):
        finding["missing"] = [item["fact"] for item in finding["missing"]]
    assert one == other


@pytest.mark.parametrize("argv", [("--format", "csv"), ("--out", "a.jsonl")])
def test_rows_are_not_for_one_case(
    check: Callable, cases: Path, here: Path, argv: tuple[str, str]
) -> None:
    ran = check(cases, "--case", "TS-2026-01", *argv)
    assert (ran.status, ran.out) == (2, "")
    assert "is for rows of many cases" in ran.err
    assert left_behind(here) == []


def test_a_report_never_takes_the_place_of_the_facts(
    check: Callable, cases: Path, area: Path
) -> None:
    path = write_facts(Path("a.parquet"), sorted(cases.iterdir()), area)
    before = path.read_bytes()
    ran = check(path, "--case", "TS-2026-01", "--format", "json", "--out", path)
    assert ran.status == 2
    assert path.read_bytes() == before


def test_a_page_needs_a_case_file(check: Callable, cases: Path, area: Path) -> None:
    write_facts(Path("a.parquet"), sorted(cases.iterdir()), area)
    ran = check("a.parquet", "--case", "TS-2026-01", "--format", "html")
    assert (ran.status, ran.out) == (2, "")
    assert "needs a case file" in ran.err
    assert check(cases, *AS_OF, "--case", "TS-2026-01", "--format", "html").status == 1


@pytest.mark.parametrize("made", ["folder", "lines", "facts"])
def test_a_case_that_is_not_there(check: Callable, cases: Path, area: Path, made: str) -> None:
    files = sorted(cases.iterdir())
    given = {"folder": cases, "lines": Path("a.jsonl"), "facts": Path("a.parquet")}[made]
    write_lines(Path("a.jsonl"), files)
    write_facts(Path("a.parquet"), files, area)
    ran = check(given, "--case", "TS-2026-0", "--case", "TS-2026-02")
    assert ran.status == 2
    assert ran.err.startswith("cspr: --case TS-2026-0: no case of this reference")
    assert ran.out.startswith("TS-2026-02: ")


def test_a_case_that_stands_twice_has_two_reports(check: Callable, cases: Path) -> None:
    (cases / "again.yaml").write_text(CASE, "utf-8")
    ran = check(cases, *AS_OF, "--case", "TS-2026-01")
    assert ran.status == 2
    assert "this case stands 2 times" in ran.err
    assert ran.out.count("TS-2026-01: Testshire") == 2


def test_a_broken_file_that_may_be_the_case_asked_for_is_told(check: Callable, cases: Path) -> None:
    (cases / "broken.yaml").write_text("case: TS-2026-07\n  x: {\n", "utf-8")
    (cases / "other.yaml").write_text("case: TS-2026-08\n  x: {\n", "utf-8")
    ran = check(cases, *AS_OF, "--case", "TS-2026-07")
    assert (ran.status, ran.out) == (2, "")
    assert "broken.yaml:" in ran.err
    assert "other.yaml" not in ran.err


def test_a_case_asked_for_with_a_mistake_in_it_is_told(check: Callable, cases: Path) -> None:
    text = CASE.replace("TS-2026-01", "TS-2026-07").replace("date: 2026-03-09", "date: 9 March")
    (cases / "third.yaml").write_text(text, "utf-8")
    ran = check(cases, *AS_OF, "--case", "TS-2026-07")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"{cases / 'third.yaml'}:12:")
    assert "no case of this reference" not in ran.err


# --- how it is called ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "argv", [("--processes", "2"), ("--cluster", "tcp://x:1"), ("--errors", "e.txt")]
)
def test_what_is_for_many_cases_is_refused_for_one(
    check: Callable, cases: Path, argv: tuple[str, str]
) -> None:
    ran = check(cases / "first.yaml", *argv)
    assert (ran.status, ran.out) == (2, "")
    assert "are for many cases" in ran.err


def test_progress_is_shown_on_a_terminal(
    check: Callable, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = check(cases, "--as-of", "2026-03-19")
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich asks the stream too, which is none here
    monkeypatch.setattr(caseload, "is_terminal", lambda _stream: True)
    seen = check(cases, "--as-of", "2026-03-19")
    assert "Checking" in seen.err
    assert "2 cases" in seen.err
    assert seen.out == plain.out


class Terminal:
    """A stream that says it is a terminal, or that nobody can say."""

    def __init__(self, says: object) -> None:
        self.says = says

    def isatty(self) -> object:
        if self.says is None:
            raise ValueError("closed")
        return self.says


@pytest.mark.parametrize(
    ("says", "term", "shown"),
    [(True, "xterm", True), (True, "dumb", False), (False, "xterm", False), (None, "xterm", False)],
)
def test_progress_needs_a_terminal_whose_line_can_move(
    monkeypatch: pytest.MonkeyPatch, says: object, term: str, shown: object
) -> None:
    monkeypatch.setenv("TERM", term)
    assert caseload.is_terminal(Terminal(says)) is shown


@pytest.mark.parametrize("name", ["pyarrow", "duckdb"])
def test_what_has_to_be_installed_is_named(
    check: Callable, cases: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    ran = check(cases, *AS_OF)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == (
        f"cspr: Many cases at once need {name}, which is not installed. Install `cspr[caseload]`,"
        " or name case files one by one.\n"
    )


def test_another_module_that_is_missing_is_no_matter_of_installing_this(
    check: Callable, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_argv: object, **_options: object) -> None:
        raise ModuleNotFoundError("No module named 'theirs'", name="theirs")

    monkeypatch.setattr(running, "run", broken)
    ran = check(cases, *AS_OF)
    assert ran.status == 2
    assert "Internal error: ModuleNotFoundError" in ran.err


def test_on_a_cluster_the_results_stand_where_all_can_see_them(
    check: Callable, cases: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Path, object]] = []

    def run(_parts: object, _job: object, folder: Path, **options: object) -> list[object]:
        asked.append((folder.parent, options["cluster"]))
        return []

    monkeypatch.setattr(running, "run", run)
    check(cases, "--cluster", "tcp://machine:8786")
    assert asked == [(here, "tcp://machine:8786")]
    assert left_behind(here) == []


def test_a_check_of_one_file_loads_nothing_for_many(
    spawn: Callable, case: Path, area: Path
) -> None:
    code = (
        "import sys\nfrom cspr_core.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = ('pyarrow', 'duckdb', 'numpy', 'cspr_core.caseload', 'cspr_core.cli.caseload')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    ran = spawn("check", case, "--plugins", area, *AS_OF, code=code)
    assert ran.out.endswith("\n[]\n")
