"""`--format` and the ending of `--out`: one rule, in every command that writes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cspr_core.cli.errors import CommandError
from cspr_core.cli.formats import chosen_by, format_of

THREE = ("table", "json", "markdown")


@pytest.mark.parametrize(
    ("form", "out", "found"),
    [
        (None, None, "table"),
        ("json", None, "json"),
        (None, "a.json", "json"),
        (None, "a.MD", "markdown"),
        ("markdown", "a.markdown", "markdown"),
        (None, "a.txt", "table"),
        ("json", "a.txt", "json"),
        (None, "a", "table"),
        (None, "a.2026", "table"),
    ],
)
def test_an_ending_that_is_known_chooses(form: str | None, out: str | None, found: str) -> None:
    assert format_of(form, out and Path(out), THREE) == found


@pytest.mark.parametrize(
    ("form", "out", "said"),
    [
        ("json", "a.md", "this name is that of a markdown file, and --format says json."),
        ("table", "a.json", "this name is that of a json file, and --format says table."),
        (
            None,
            "a.xlsx",
            "nothing is written as .xlsx here. There are .json, .md, .csv; with .txt or none,",
        ),
        ("json", "a.pdf", "nothing is written as .pdf here."),
        ("json", "a.csv", "this name is that of a csv file"),
        (None, "a.csv", "nothing is written as .csv here."),
        (None, "a.htm", "the file holds what the screen shows. A page is for one case."),
    ],
)
def test_an_ending_promises_nothing_that_the_file_does_not_hold(
    form: str | None, out: str, said: str
) -> None:
    more = {"html": "A page is for one case."}
    with pytest.raises(CommandError) as refused:
        format_of(form, Path(out), THREE, also=("csv",), instead=more)
    assert str(refused.value).startswith(f"--out {out}: ")
    assert said in str(refused.value)


def test_a_format_that_is_none_is_named_with_those_there_are() -> None:
    with pytest.raises(CommandError) as refused:
        format_of("jsn", None, THREE)
    assert str(refused.value) == (
        "--format jsn: there is no such format here. There are: table, json, markdown. Did you mean"
        " json?"
    )


def test_what_has_no_format_of_its_own_says_so() -> None:
    with pytest.raises(CommandError, match=r"Write \.txt or no ending"):
        format_of(None, Path("a.md"), ("text",))


def test_the_ending_alone() -> None:
    assert (chosen_by(None), chosen_by(Path("a.pq")), chosen_by(Path("a.b"))) == (
        *(None, "parquet", None),
    )


AT = ("--as-of", "2026-03-20")


@pytest.mark.parametrize(
    ("argv", "out"),
    [
        (("check", "CASE", *AT), "x.pdf"),
        (("check", "CASE", *AT, "--format", "html"), "x.csv"),
        (("check", "FOLDER", *AT), "x.html"),
        (("check", "FOLDER", *AT), "x.xlsx"),
        (("due", "FOLDER", *AT), "x.csv"),
        (("stats", "FOLDER", *AT), "x.pdf"),
        (("stats", "FOLDER", *AT, "--format", "csv"), "x.html"),
        (("impact", "--from", "HEAD", "--cases", "FOLDER"), "x.html"),
        (("timetable", "CASE", *AT), "x.json"),
        (("explain", "CASE", "national.rapid_review", *AT), "x.md"),
        (("calendar", "CASE", *AT), "x.csv"),
        (("requirements", "testshire"), "x.html"),
        (("contacts", "testshire"), "x.json"),
        (("roles", "testshire"), "x.docx"),
        (("schema", "case"), "x.yaml"),
        (("compare", "testshire", "leeds"), "x.json"),
        (("diff", "HEAD", "HEAD"), "x.docx"),
        (("plugin", "check", "leeds"), "x.html"),
        (("plugin", "doc", "leeds"), "x.pdf"),
        (("test", "leeds"), "x.md"),
    ],
)
def test_every_command_refuses_before_the_work(
    run: Callable, case: Path, monkeypatch: pytest.MonkeyPatch, argv: tuple[str, ...], out: str
) -> None:
    monkeypatch.chdir(case.parent)
    names = {"CASE": str(case), "FOLDER": str(case.parent)}
    ran = run(*(names.get(word, word) for word in argv), "--out", out)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"cspr: --out {out}: ")
    assert not Path(out).exists()


@pytest.mark.parametrize(
    ("argv", "out", "begins"),
    [
        (("check", "CASE", *AT), "x.html", "<!DOCTYPE html>"),
        (("check", "CASE", *AT), "x.json", "{"),
        (("due", "CASE", *AT), "x.json", "{"),
        (("requirements", "testshire"), "x.json", "["),
    ],
)
def test_the_ending_chooses_where_no_format_is_named(  # noqa: PLR0913, PLR0917
    run: Callable,
    case: Path,
    area: Path,
    monkeypatch: pytest.MonkeyPatch,
    argv: tuple[str, ...],
    out: str,
    begins: str,
) -> None:
    monkeypatch.chdir(case.parent)
    words = [str(case) if word == "CASE" else word for word in argv]
    assert run(*words, "--plugins", area, "--out", out).status != 2
    assert Path(out).read_text("utf-8").startswith(begins)
