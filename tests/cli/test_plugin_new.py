"""`cspr plugin new`, with answers by options and at the prompt, and what its plugin can do."""

import io
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ANSWERS = ("--title", "Barset Safeguarding Partnership", "--document", "Practice Guidance")
CASE = """\
schema: cspr.case/1
case: MADE-UP-02
partnership: barset
children:
  - {id: child_1, outcome: seriously_harmed, looked_after: no, care_leaver: no}
incident: {date: 2026-02-28, area: barset, residence: barset, abuse_or_neglect: suspected}
events:
  - {type: aware, by: local_authority, date: 2026-03-02}
"""


class _Somebody(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_made_in_this_folder_and_used_from_it(run: Callable, here: Path) -> None:
    made = run("plugin", "new", "barset", *ANSWERS)
    assert made.status == 0
    assert made.out.startswith("Made barset: a plugin for Barset Safeguarding Partnership.\n")
    (here / "case.yaml").write_text(CASE, "utf-8")
    # Aware on Monday 2 March 2026; 3, 4, 5, 6 and 9 March are the five working days.
    checked = run("check", "case.yaml", "--plugins", ".", "--as-of", "2026-03-10")
    assert checked.status == 1
    assert "Barset Safeguarding Partnership" in checked.out
    assert "Mon 9 March 2026" in checked.out


def test_made_plugin_passes_the_linter(run: Callable) -> None:
    run("plugin", "new", "barset", *ANSWERS, "--dated", "2025-03")
    linted = run("plugin", "check", "barset")
    assert (linted.status, linted.err) == (0, "")


def test_made_plugin_passes_its_scenarios(run: Callable) -> None:
    run("plugin", "new", "barset", *ANSWERS)
    tested = run("test", "barset")
    assert (tested.status, tested.err) == (0, "")
    assert "3 scenarios" in tested.out


def test_the_commands_that_are_told_next_work(run: Callable, here: Path) -> None:
    out = run("plugin", "new", "barset", *ANSWERS).out
    told = [line.split() for line in out.splitlines() if line.startswith("  cspr ")]
    (here / "CASE.yaml").write_text(CASE, "utf-8")
    assert [words[1] for words in told] == ["plugin", "test", "check"]
    # The incident was made known long ago, and nothing followed: status 1 is the check's answer.
    assert [run(*words[1:]).status for words in told] == [0, 0, 1]


def test_questions_are_asked_where_somebody_is(
    run: Callable, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What it calls itself (Enter: as proposed); the document, first left out; dated; in force;
    # the office's name; e-mail; telephone.
    typed = "\n\nPractice Guidance\n2025-03\n\nSupport Team\noffice@barset.invalid\n\n"
    monkeypatch.setattr("sys.stdin", _Somebody(typed))
    made = run("plugin", "new", "barset")
    assert made.status == 0
    text = (here / "barset" / "cspr_barset" / "arrangements.yaml").read_text("utf-8")
    assert 'name: "Barset Safeguarding Children Partnership"' in text
    assert 'document: "Practice Guidance", dated: 2025-03, in_force_from: null' in text
    assert 'business_office: {name: "Support Team"}' in text
    assert "email: office@barset.invalid, published_in" in text
    assert made.out.strip().startswith("Made barset")  # the questions went to stderr


def test_what_was_given_is_not_asked(run: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", _Somebody("\n\n\n\n"))
    given = ("--office", "The Office", "--email", "a@barset.invalid", "--phone", "01632 960123")
    made = run("plugin", "new", "barset", *ANSWERS, *given, "--dated", "2025-03")
    assert made.status == 0
    assert "The title of its document" not in made.err


def test_nobody_to_ask(run: Callable, here: Path) -> None:
    said = run("plugin", "new", "barset")
    assert (said.status, said.out) == (2, "")
    title, document = said.err.splitlines()
    assert title.startswith("cspr: --title is missing, and nobody is there to ask.")
    assert title.endswith('Give --title "Barset Safeguarding Children Partnership".')
    assert document.endswith('Give --document "Practice Guidance".')
    assert list(here.iterdir()) == []


def test_wrong_answers_make_nothing(run: Callable, here: Path) -> None:
    said = run("plugin", "new", "barset", *ANSWERS, "--dated", "last March", "--email", "office")
    assert said.status == 2
    assert [line.split(": ")[1] for line in said.err.splitlines()] == ["--dated", "--email"]
    assert list(here.iterdir()) == []


def test_word_that_no_area_can_have(run: Callable) -> None:
    said = run("plugin", "new", "West-Barset", *ANSWERS)
    assert said.status == 2
    assert said.err.endswith("Write west_barset.\n")


def test_nothing_is_overwritten(run: Callable, here: Path) -> None:
    run("plugin", "new", "barset", *ANSWERS)
    mine = here / "barset" / "COVERAGE.md"
    mine.write_text("mine", "utf-8")
    said = run("plugin", "new", "barset", *ANSWERS)
    assert said.status == 2
    assert "there is something here already, and nothing is overwritten" in said.err
    assert mine.read_text("utf-8") == "mine"


def test_installed_plugin_is_not_made_again(run: Callable) -> None:
    said = run("plugin", "new", "essex", *ANSWERS)
    assert said.status == 2
    assert "a plugin `essex` is installed already" in said.err


def test_another_folder(run: Callable, here: Path) -> None:
    made = run("plugin", "new", "barset", *ANSWERS, "--into", here / "work" / "plugins")
    assert made.status == 0
    assert (here / "work" / "plugins" / "barset" / "README.md").is_file()


def _copy(to: Path) -> Path:
    """The repository, as far as `uv sync` reads it."""
    shutil.copytree(ROOT / "plugins", to / "plugins")
    shutil.copytree(ROOT / "cspr_core", to / "cspr_core")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, to / name)
    return to


def test_in_the_repository_it_stands_beside_the_others(
    run: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(_copy(tmp_path))
    made = run("plugin", "new", "barset", *ANSWERS)
    assert made.status == 0
    told = [line.strip() for line in made.out.splitlines() if line.startswith("  ")]
    assert "uv sync" in told
    assert "cspr plugin check barset" in told
    assert "cspr test barset" in told
    assert any(line.startswith("python scripts/area_pages.py") for line in told)
    assert (tmp_path / "plugins" / "barset" / "pyproject.toml").is_file()
    project = tomllib.loads((tmp_path / "pyproject.toml").read_text("utf-8"))
    assert "cspr-barset" in project["dependency-groups"]["plugins"]


def _uv() -> str | None:
    fetched = ROOT / ".tools" / "uv" / "bin" / "uv"
    return str(fetched) if fetched.exists() else shutil.which("uv")


@pytest.mark.slow
@pytest.mark.skipif(_uv() is None, reason="uv is not here; the set-up fetches it")
def test_uv_sync_picks_it_up(
    run: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(_copy(tmp_path))
    run("plugin", "new", "barset", *ANSWERS)
    environment = os.environ | {
        # What the set-up has fetched is used, and nothing else: no test reaches a network.
        "UV_OFFLINE": "1",
        "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", str(ROOT / ".tools" / "cache")),
        "UV_PROJECT_ENVIRONMENT": str(tmp_path / "env"),
    }
    environment.pop("VIRTUAL_ENV", None)
    # Plain but for the tools of tests and style, which would only take time.
    command = [str(_uv()), "sync", "--python", sys.executable, "--no-group", "test"]
    command += ["--no-group", "lint", "--no-install-package", "durable-rules"]
    synced = subprocess.run(  # noqa: S603  (our own arguments)
        command, env=environment, capture_output=True, text=True, check=False
    )
    assert synced.returncode == 0, synced.stderr
    listed = subprocess.run(  # noqa: S603
        [tmp_path / "env" / "bin" / "cspr", "plugins"], capture_output=True, text=True, check=True
    )
    assert "barset: ok, 0 requirements, Practice Guidance" in listed.stdout
    assert "essex: ok" in listed.stdout


def test_made_beside_the_folder_that_we_are_in(
    run: Callable, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "in").mkdir()
    monkeypatch.chdir(here / "in")
    made = run("plugin", "new", "barset", *ANSWERS, "--into", "..")
    assert made.status == 0
    assert str(Path("..") / "barset") in made.out


def test_guidance_of_a_plugin_that_says_nothing_yet(run: Callable) -> None:
    run("plugin", "new", "barset", *ANSWERS)
    guidance = run("plugin", "doc", "barset")
    assert guidance.status == 0
    assert "No rule of the partnership's own has been written down yet." in guidance.out
