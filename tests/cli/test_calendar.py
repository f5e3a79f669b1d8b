"""`cspr calendar`: the file, its second run, and what it tells about cases it can't take.

The case: police and general practice were asked on Tue 10 March 2026 and have 7 working days: 11,
12, 13, 16, 17, 18, 19 March, so Thu 19 March.
"""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import vobject

AT = ("--as-of", "2026-03-12")
RETURNED = "  - {type: information_returned, agency: police, date: 2026-03-11}\n"


def titles(text: str) -> dict[str, str]:
    events = vobject.readOne(text).vevent_list
    return {event.summary.value: event.status.value for event in events}


@pytest.fixture
def folder(case: Path, tmp_path: Path) -> Path:
    """A folder with two cases."""
    folder = tmp_path / "cases"
    folder.mkdir()
    text = case.read_text(encoding="utf-8")
    (folder / "one.yaml").write_text(text, encoding="utf-8")
    (folder / "two.yaml").write_text(text.replace("TS-2026-01", "TS-2026-02"), encoding="utf-8")
    return folder


def test_the_file_is_its_owners_alone_and_holds_every_case(
    run: Callable, folder: Path, area: Path, tmp_path: Path
) -> None:
    out = tmp_path / "reviews.ics"
    ran = run("calendar", folder, "--plugins", area, *AT, "--out", out)
    assert (ran.status, ran.out, ran.err) == (0, "", "")
    data = out.read_bytes()
    assert data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")
    found = titles(data.decode("utf-8"))
    for number in (1, 2):
        assert f"TS-2026-0{number}: Return the template (police)" in found
    if os.name == "posix":
        assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_a_second_run_brings_the_file_up_to_date(
    run: Callable, case: Path, area: Path, tmp_path: Path
) -> None:
    out = tmp_path / "reviews.ics"
    argv = ("calendar", case, "--plugins", area, *AT, "--out", out)
    run(*argv)
    first = out.read_bytes()
    assert run(*argv).status == 0
    assert out.read_bytes() == first
    case.write_text(case.read_text("utf-8") + RETURNED, encoding="utf-8")
    assert run(*argv).status == 0
    found = titles(out.read_text("utf-8"))
    assert found["Done: TS-2026-01: Return the template (police)"] == "CANCELLED"
    assert found["TS-2026-01: Return the template (general practice)"] == "CONFIRMED"


def test_without_out_it_is_printed_as_the_format_has_it(
    run: Callable, case: Path, area: Path
) -> None:
    ran = run("calendar", case, "--plugins", area, *AT)
    assert ran.status == 0
    assert ran.out.startswith("BEGIN:VCALENDAR\r\n")


def test_the_calendar_before_may_be_another_file(
    run: Callable, case: Path, area: Path, tmp_path: Path
) -> None:
    old, new = tmp_path / "old.ics", tmp_path / "new.ics"
    run("calendar", case, "--plugins", area, *AT, "--out", old)
    before = old.read_bytes()
    case.write_text(case.read_text("utf-8") + RETURNED, encoding="utf-8")
    run("calendar", case, "--plugins", area, *AT, "--update", old, "--out", new)
    assert "Done: TS-2026-01: Return the template (police)" in titles(new.read_text("utf-8"))
    assert old.read_bytes() == before


def test_a_file_that_is_no_calendar_of_ours_is_left_alone(
    run: Callable, case: Path, area: Path, tmp_path: Path
) -> None:
    out = tmp_path / "letter.txt"
    out.write_text("Dear all", encoding="utf-8")
    ran = run("calendar", case, "--plugins", area, *AT, "--out", out)
    assert ran.status == 2
    assert "no calendar that `cspr calendar` wrote" in ran.err
    assert "with --out" in ran.err
    assert out.read_text("utf-8") == "Dear all"


def test_a_calendar_to_update_that_is_not_there_is_told(
    run: Callable, case: Path, area: Path, tmp_path: Path
) -> None:
    ran = run("calendar", case, "--plugins", area, *AT, "--update", tmp_path / "none.ics")
    assert (ran.status, ran.out) == (2, "")
    assert "none.ics" in ran.err


def test_a_case_that_left_the_folder_is_cancelled_and_told(
    run: Callable, folder: Path, area: Path, tmp_path: Path
) -> None:
    out = tmp_path / "reviews.ics"
    argv = ("calendar", folder, "--plugins", area, *AT, "--out", out)
    run(*argv)
    (folder / "two.yaml").unlink()
    ran = run(*argv)
    assert ran.status == 0
    assert ran.err == "TS-2026-02: no longer among the cases; its events are cancelled.\n"
    assert "No longer due: TS-2026-02: Return the template (police)" in titles(
        out.read_text("utf-8")
    )


def test_a_case_not_named_is_left_as_it_was_and_told(
    run: Callable, folder: Path, area: Path, tmp_path: Path
) -> None:
    out = tmp_path / "reviews.ics"
    run("calendar", folder, "--plugins", area, *AT, "--out", out)
    first = out.read_bytes()
    ran = run("calendar", folder / "one.yaml", "--plugins", area, *AT, "--out", out)
    assert ran.status == 0
    assert ran.err == "TS-2026-02: not among the cases named; its events are left as they are.\n"
    assert out.read_bytes() == first


def test_a_case_that_can_not_be_read_keeps_its_events(
    run: Callable, folder: Path, area: Path, tmp_path: Path
) -> None:
    out = tmp_path / "reviews.ics"
    argv = ("calendar", folder, "--plugins", area, *AT, "--out", out)
    run(*argv)
    first = out.read_bytes()
    broken = folder / "two.yaml"
    broken.write_text(broken.read_text("utf-8").replace("yes", "perhaps"), encoding="utf-8")
    ran = run(*argv)
    assert ran.status == 2
    assert f"{broken}:" in ran.err
    assert out.read_bytes() == first


def test_a_file_that_is_not_yaml_is_told_and_the_rest_is_written(
    run: Callable, folder: Path, area: Path
) -> None:
    (folder / "zzz.yaml").write_text("case: [", encoding="utf-8")
    (folder / "other.yaml").write_text("schema: cspr.scenario/1\n", encoding="utf-8")
    ran = run("calendar", folder, "--plugins", area, *AT)
    assert ran.status == 2
    assert "zzz.yaml:" in ran.err
    assert "other.yaml: skipped: scenario, not a case." in ran.err
    assert len(titles(ran.out)) > 0


def test_one_case_in_two_files_is_told(run: Callable, folder: Path, area: Path) -> None:
    (folder / "two.yaml").write_text((folder / "one.yaml").read_text("utf-8"), encoding="utf-8")
    ran = run("calendar", folder, "--plugins", area, *AT)
    assert ran.status == 2
    assert "two.yaml: the case TS-2026-01 stands in" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_no_case_at_all_is_told(run: Callable, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("schema: cspr.scenario/1\n", encoding="utf-8")
    ran = run("calendar", other)
    assert (ran.status, ran.out) == (2, "")
    assert "There is no case in what was named." in ran.err


def test_nothing_is_written_where_no_case_can_be_used(
    run: Callable, case: Path, area: Path, tmp_path: Path
) -> None:
    out = tmp_path / "reviews.ics"
    case.write_text("case: [", encoding="utf-8")
    ran = run("calendar", case, "--plugins", area, *AT, "--out", out)
    assert ran.status == 2
    assert not out.exists()


def test_the_text_is_utf_8_with_its_own_line_ends_on_any_console(
    spawn: Callable, case: Path, area: Path
) -> None:
    ran = spawn("calendar", case, "--plugins", area, *AT, PYTHONIOENCODING="cp1252")
    assert ran.status == 0
    assert ran.out.count("\r\n") == ran.out.count("\n")
    assert "\ufffd" not in ran.out


def test_an_area_without_a_plugin_is_told_with_its_case(
    run: Callable, folder: Path, area: Path
) -> None:
    one = folder / "one.yaml"
    text = one.read_text("utf-8").replace("partnership: testshire", "partnership: testshre")
    one.write_text(text, encoding="utf-8")
    ran = run("calendar", folder, "--plugins", area, *AT)
    assert ran.status == 2
    assert ran.err == (
        f"{one}:3:14: There is no plugin for the partnership `testshre`. Did you mean"
        " `testshire`?\n"
    )


def test_files_of_many_cases_are_no_case_files(run: Callable, tmp_path: Path) -> None:
    ran = run("calendar", tmp_path / "cases.jsonl")
    assert (ran.status, ran.out) == (2, "")
    assert "This file holds many cases, and this command reads files of one case." in ran.err
