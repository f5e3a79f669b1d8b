"""`cspr simulate`: what it writes where, and what it says to bad input."""

from pathlib import Path

import pytest

from cspr_core.cli import simulating
from tests.cli.conftest import Run


def simulate(
    run: Run, area: Path, out: Path, *more: str | Path, cases: str = "3"
) -> tuple[int, str]:
    ran = run("simulate", "--areas", "testshire", "--plugins", area, "--cases", cases,
              "--as-of", "2026-06-01", "--out", out, *more)  # fmt: skip
    assert ran.out == ""
    return ran.status, ran.err


def test_a_folder_of_case_files_can_be_checked(run: Run, area: Path, tmp_path: Path) -> None:
    status, said = simulate(run, area, tmp_path / "made")

    assert (status, said) == (
        0,
        f"cspr: 3 simulated cases as of 2026-06-01 in {tmp_path / 'made'}.\n",
    )
    files = sorted((tmp_path / "made").iterdir())
    assert [file.name for file in files] == [f"SIM-testshire-00000{n}.yaml" for n in (1, 2, 3)]
    checked = run("check", *files, "--plugins", area, "--as-of", "2026-06-01")
    assert (checked.status in (0, 1), checked.err) == (True, "")


@pytest.mark.parametrize(
    ("name", "begins"), [("made.jsonl", b'{"schema"'), ("made.parquet", b"PAR1")]
)
def test_a_files_ending_says_what_is_written(
    run: Run, area: Path, tmp_path: Path, name: str, begins: bytes
) -> None:
    assert simulate(run, area, tmp_path / name)[0] == 0
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_another_seed_gives_other_cases(run: Run, area: Path, tmp_path: Path) -> None:
    for name, more in (("a", ()), ("b", ("--seed", "1")), ("c", ("--seed", "2"))):
        simulate(run, area, tmp_path / f"{name}.jsonl", *more)
    a, b, c = ((tmp_path / f"{name}.jsonl").read_bytes() for name in "abc")

    assert a == b != c


def test_every_area_installed_has_its_turn_where_none_is_named(run: Run, tmp_path: Path) -> None:
    ran = run("simulate", "--cases", "5", "--as-of", "2026-06-01", "--out", tmp_path / "made")

    assert ran.status == 0
    areas = {file.name.split("-")[1] for file in (tmp_path / "made").iterdir()}
    assert areas >= {"essex", "leeds", "northamptonshire", "south_glos", "staffordshire"}


def test_other_shares_are_read_from_a_file(run: Run, area: Path, tmp_path: Path) -> None:
    shares = tmp_path / "shares.yaml"
    shares.write_text("schema: cspr.distributions/1\nreferred: {share: 100}\n", encoding="utf-8")

    simulate(run, area, tmp_path / "made.jsonl", "--distributions", shares, cases="20")

    lines = (tmp_path / "made.jsonl").read_text("utf-8").splitlines()
    assert all("referral_received" in line or '"aware"' in line for line in lines)
    assert sum("referral_received" in line for line in lines) >= 18  # one may be to come


def test_a_bad_share_is_told_with_its_line(run: Run, area: Path, tmp_path: Path) -> None:
    shares = tmp_path / "shares.yaml"
    shares.write_text("schema: cspr.distributions/1\nreferred: {share: 140}\n", encoding="utf-8")

    status, said = simulate(run, area, tmp_path / "made.jsonl", "--distributions", shares)

    assert status == 2
    assert (
        said == f"{shares}:2:19: This is not a share in a hundred. Write a figure from 0 to 100.\n"
    )


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--cases", "0"), "--cases 0: there is no such caseload."),
        (("--cases", "-3"), "--cases -3: there is no such caseload."),
        (("--cases", "100001"), "a folder takes at most 100,000 files."),
        (("--cases", "many"), "Invalid value for '--cases'"),
        (("--years", "0"), "--years 0: write a number from 1 to 30."),
        (("--years", "31"), "--years 31: write a number from 1 to 30."),
        (("--as-of", "1991-12-31"), "--as-of: The year 1991 cannot be right."),
        (("--as-of", "2099-01-01"), "--as-of: The year 2099 cannot be right."),
        (("--as-of", "soon"), "--as-of: This is not a date."),
        (("--areas", "testshyre"), "Did you mean `testshire`?"),
        (("--areas", "testshire,testshire"), "write each area once"),
        (("--areas", "testshire,"), "write each area once"),
        (("--out", "made.csv"), "--out made.csv: no caseload is written as .csv."),
        (("--processes", "0"), "Invalid value for '--processes'"),
        (("--distributions", "gone.yaml"), "gone.yaml:1:1:"),
    ],
)
def test_bad_input_is_told_in_a_line(
    run: Run, area: Path, tmp_path: Path, more: tuple[str, ...], said: str
) -> None:
    status, told = simulate(run, area, tmp_path / "made", *more)

    assert status == 2
    assert said in told
    assert told.count("\n") == 1
    assert not (tmp_path / "made").exists()


def test_a_folder_with_something_in_it_stays_as_it_is(run: Run, area: Path, tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "notes.txt").write_text("mine", encoding="utf-8")

    status, said = simulate(run, area, full)

    assert (status, [file.name for file in full.iterdir()]) == (2, ["notes.txt"])
    assert "nothing is overwritten. Name a new or an empty folder." in said


def test_a_file_is_no_folder(run: Run, area: Path, tmp_path: Path) -> None:
    (tmp_path / "made").write_text("mine", encoding="utf-8")

    assert "nothing is overwritten" in simulate(run, area, tmp_path / "made")[1]
    assert (tmp_path / "made").read_text("utf-8") == "mine"


def test_a_folder_whose_name_has_an_ending_is_a_folder(
    run: Run, area: Path, tmp_path: Path
) -> None:
    (tmp_path / "cases.d").mkdir()

    assert simulate(run, area, tmp_path / "cases.d")[0] == 0
    assert len(list((tmp_path / "cases.d").iterdir())) == 3


def test_a_file_that_cspr_reads_is_not_written_over(run: Run, area: Path, tmp_path: Path) -> None:
    simulate(run, area, tmp_path / "made.jsonl")

    status, said = simulate(run, area, tmp_path / "made.jsonl")

    assert status == 2
    assert "this file is one that cspr reads, and would be lost. Name another file." in said


def test_a_place_that_is_none_is_told(run: Run, area: Path, tmp_path: Path) -> None:
    status, said = simulate(run, area, tmp_path / "gone" / "made.jsonl")

    assert status == 2
    assert "there is no such folder" in said


@pytest.mark.parametrize(
    ("missing", "said"), [("pyarrow", "Install `cspr[caseload]`"), ("other", "Internal")]
)
def test_what_is_not_installed_is_named(  # noqa: PLR0913, PLR0917  (fixtures)
    run: Run, area: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str, said: str
) -> None:
    def write(*_args: object, **_more: object) -> None:
        raise ModuleNotFoundError(name=missing)

    monkeypatch.setattr("cspr_core.simulating.writing.write", write)

    status, told = simulate(run, area, tmp_path / "made.parquet")

    assert status == 2
    assert said in told


def test_a_terminal_is_shown_how_far_it_is(
    run: Run, area: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[int] = []
    monkeypatch.setattr(simulating, "_is_terminal", lambda: True)
    monkeypatch.setattr(
        "rich.progress.Progress.update", lambda *_, completed: shown.append(completed)
    )

    assert simulate(run, area, tmp_path / "made.jsonl")[0] == 0
    assert shown == [3]
