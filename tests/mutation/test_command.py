"""`cspr test --mutate`: what it shows, its options and its exit status."""

from __future__ import annotations

import json
import sys

import pytest

from cspr_core import cli
from tests.mutation.conftest import DUE, RETURN, Area


def run(*argv: str) -> int:
    """The exit status of a command, run in this process."""
    with pytest.raises(SystemExit) as left:
        cli.main(argv)
    assert isinstance(left.value.code, int)
    return left.value.code


def test_survivors_are_shown_and_are_no_failure(
    area: Area,
    capsys: pytest.CaptureFixture[str],
) -> None:
    suite = area()
    assert run("test", str(suite.again[0]), "--mutate", "--jobs", "1") == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("Survived: no scenario notices the change")
    assert "anyshire.information_return: must → should [binding]" in shown.out
    assert shown.err == ""  # no bar where stderr is no terminal


def test_too_low_a_score_is_a_failure(
    area: Area,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = str(area().again[0])
    asked = ("test", folder, "--mutate", "--operator", "binding", "--fail-under")
    assert run(*asked, "0") == 0
    capsys.readouterr()
    assert run(*asked, "95") == 1
    assert capsys.readouterr().err == (
        "cspr: anyshire: 0.0% of the changed rules are noticed, and 95% is asked for.\n"
    )


def test_only_one_requirement(area: Area, capsys: pytest.CaptureFixture[str]) -> None:
    second = RETURN.replace("information_return\n", "second\n", 1)
    folder = str(area(RETURN + second, DUE).again[0])
    asked = ("test", folder, "--mutate", "-r", "anyshire.second", "--format", "json")
    assert run(*asked, "--operator", "number", "--operator", "binding") == 0
    data = json.loads(capsys.readouterr().out)
    assert data["schema_version"] == "1"
    (suite,) = data["suites"]
    assert set(suite["requirements"]) == {"anyshire.second"}
    assert [m["change"] for m in suite["mutants"]] == [
        "7 working days → 8 working days",
        "7 working days → 6 working days",
        "must → should",
    ]


def test_an_expectation_that_does_not_hold_is_a_failure(
    area: Area,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = str(area(RETURN, DUE.replace("status: upcoming", "status: met")).again[0])
    assert run("test", folder, "--mutate", "--operator", "number") == 1
    assert "Left out: does not hold as the arrangements are (1)" in capsys.readouterr().out


def test_a_scenario_that_can_not_be_read_is_told(
    area: Area,
    capsys: pytest.CaptureFixture[str],
) -> None:
    suite = area()
    suite.paths[0].write_text("schema: cspr.scenario/1\n", "utf-8")
    assert run("test", str(suite.again[0]), "--mutate") == 2
    assert str(suite.paths[0]) in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--mutate", "--operator", "numbr"), "Did you mean number?"),
        (("--mutate", "--operator", "xyz"), "Use one of number, unit, direction"),
        (("--mutate", "-x"), "leave out -k, -x,"),
        (("--jobs", "2"), "--operator and --jobs go with --mutate"),
    ],
)
def test_options_that_do_not_go_together(
    area: Area,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    said: str,
) -> None:
    assert run("test", str(area().again[0]), *options) == 2
    assert said in capsys.readouterr().err


def test_a_bar_on_a_terminal(
    area: Area,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert run("test", str(area().again[0]), "--mutate", "--operator", "number") == 0
    shown = capsys.readouterr()
    assert "anyshire" in shown.err
    assert "100%" in shown.err
    assert "[#" not in shown.out
