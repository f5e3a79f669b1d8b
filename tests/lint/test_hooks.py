"""What a plugin's Python may do wrong, and that it is named with its place."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cspr_core.cli import main
from cspr_core.lint import evaluation, hooks
from cspr_core.lint.framework import run
from cspr_core.lint.targets import Target, context_for
from tests.lint.examples import TODAY, installed
from tests.lint.said import step, write

HEAD = "from cspr_core.hookspecs import hookimpl\n@hookimpl\n"
ADVICE = "Advice(id='{}', title='A', stage='review', source=Source(section='1'))"


def plugin(folder: Path, python: str) -> Path:
    package = folder / "cspr_exshire"
    package.mkdir()
    write(package, step())
    (package / "__init__.py").write_text(python, encoding="utf-8")
    return package


def said(folder: Path, monkeypatch: pytest.MonkeyPatch, python: str) -> list[str]:
    package = plugin(folder, python)
    monkeypatch.setattr(evaluation, "CASES", 2)  # one that the hook spoils, one without it
    with installed(folder, monkeypatch):
        result = run(context_for(Target("exshire"), TODAY), [hooks, evaluation])
    return [str(one).removeprefix(f"{package / '__init__.py'}:") for one in result.found]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("python", "what"),
    [
        (
            "def cspr_facts(case, as_of):\n    raise ValueError(case)\n",
            "4:1: CSPR601 error: The hook `cspr_facts` raises ValueError. Repair it.",
        ),
        (
            "def cspr_facts(case, as_of):\n    raise SystemExit(0)\n",
            "4:1: CSPR601 error: The hook `cspr_facts` raises SystemExit. Repair it.",
        ),
        (
            "def cspr_facts(case, as_of):\n    return None\n",
            "2:1: CSPR601 error: The hook `cspr_facts` raises TypeError. Repair it.",
        ),
        (
            "def cspr_facts(case, as_of):\n    return [('seen', '', 1)]\n",
            (
                "2:1: CSPR601 error: The hook `cspr_facts` gives a row that is not three texts."
                " Give rows of three texts: name, subject (empty: the case) and value."
            ),
        ),
        (
            "def cspr_report_formats():\n    return ['short']\n",
            (
                "2:1: CSPR601 error: The hook `cspr_report_formats` gives list where a dictionary"
                " is due. Give a dictionary from the format's name to a function."
            ),
        ),
        (
            "def cspr_report_formats():\n    return {'short': 'short'}\n",
            (
                "2:1: CSPR601 error: The hook `cspr_report_formats` gives an entry that is not a"
                " name with a function. Give a dictionary from the format's name to a function."
            ),
        ),
        (
            "def cspr_commands(app):\n    app.nothing()\n",
            "4:1: CSPR601 error: The hook `cspr_commands` raises AttributeError. Repair it.",
        ),
        (
            (
                "def cspr_requirements(arrangements):\n"
                "    from cspr_core.model.arrangements import Advice, Source\n"
                f"    return [{ADVICE.format('learning')}]\n"
            ),
            (
                "2:1: CSPR601 error: The hook `cspr_requirements` gives a requirement `learning`,"
                " whose id does not begin with `exshire.`. Give each requirement an id that begins"
                " with the area's name."
            ),
        ),
    ],
)
def test_a_hook_that_does_wrong(
    python: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # and nothing is said of the requirements, which are well
    assert said(tmp_path, monkeypatch, HEAD + python) == [what]


def test_hooks_that_do_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = (
        HEAD + "def cspr_facts(case):\n    return [('seen', '', case.case)]\n"
        "@hookimpl\ndef cspr_report_formats():\n    return {'short': str}\n"
        "@hookimpl\ndef cspr_requirements():\n"
        "    from cspr_core.model.arrangements import Advice, Source\n"
        f"    return [{ADVICE.format('exshire.learning')}]\n"
        "@hookimpl\ndef cspr_commands(app):\n    app.command('tell')(lambda: None)\n"
    )
    assert said(tmp_path, monkeypatch, python) == []


def test_ctrl_c_is_nobodys_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt):
        said(tmp_path, monkeypatch, HEAD + "def cspr_facts(case):\n    raise KeyboardInterrupt\n")


@pytest.mark.parametrize(
    ("python", "at", "what"),
    [
        ("raise RuntimeError\n", "1:1", "RuntimeError in __init__.py, line 1"),
        ("\nraise SystemExit(0)\n", "2:1", "SystemExit in __init__.py, line 2"),
        ("def broken(:\n", "1:12", "SyntaxError in __init__.py, line 1"),
        ("import nothing_of_the_kind\n", "1:1", "ModuleNotFoundError in __init__.py, line 1"),
        (HEAD + "def cspr_requirements():\n    raise SystemExit(0)\n", "4:1", "SystemExit in"),
        (
            HEAD + "def cspr_requirements():\n    return ['advice']\n",
            "2:1",
            "cspr_requirements in __init__.py, line 2, gives str where a requirement is due",
        ),
    ],
)
def test_a_plugin_that_cannot_be_loaded_is_named_with_its_place(  # noqa: PLR0913, PLR0917
    python: str,
    at: str,
    what: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    package = plugin(tmp_path, python)
    with installed(tmp_path, monkeypatch), pytest.raises(SystemExit) as left:
        main(["plugin", "check", "exshire"])
    assert left.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{package / '__init__.py'}:{at}: The plugin `exshire` (cspr-exshire)")
    assert what in line


def test_an_entry_point_that_is_no_package_has_no_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plugin(tmp_path, "")
    with installed(tmp_path, monkeypatch, "cspr_exshire:__name__"), pytest.raises(SystemExit):
        main(["plugin", "check", "exshire"])
    (line,) = capsys.readouterr().err.splitlines()
    assert "its entry point is no package" in line


def test_help_imports_no_plugin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plugin(tmp_path, "raise SystemExit(0)\n")
    with installed(tmp_path, monkeypatch), pytest.raises(SystemExit) as left:
        main(["plugin", "check", "--help"])
    assert not left.value.code
    assert "cspr plugin check" in capsys.readouterr().out
    assert "cspr_exshire" not in sys.modules
