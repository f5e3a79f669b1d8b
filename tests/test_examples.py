"""The example cases: every requirement is answered, and their pages are as they were last read.

How to write the pages anew after a change that is meant stands in `tests/golden.py`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cspr_core.check import rules_for
from cspr_core.cli import main
from tests.golden import is_as_it_was_read

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted(ROOT.glob("examples/*/*.yaml"))
_AS_OF = re.compile(r"# Made up\. .*--as-of (\d{4}-\d\d-\d\d)")
# What differs from case to case; titles, sources and readings are the rules' own.
_SHOWN = ("requirement", "status", "answer", "due", "agreed_due", "done", "message")


def _as_of(path: Path) -> str:
    """The day that the example's first line proposes."""
    match = _AS_OF.match(path.read_text(encoding="utf-8"))
    assert match is not None, f"{path.name} does not open with what it shows and a good --as-of"
    return match[1]


def _name(path: Path) -> str:
    return f"examples/{path.parent.name}/{path.stem}"


def _check(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *more: str
) -> tuple[int, str]:
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as left:
        main(["check", path.relative_to(ROOT).as_posix(), "--as-of", _as_of(path), *more])
    said = capsys.readouterr()
    assert said.err == ""
    return int(left.value.code or 0), said.out


@pytest.mark.parametrize("path", EXAMPLES, ids=_name)
def test_every_requirement_of_area_and_nation_is_answered(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, out = _check(path, capsys, monkeypatch, "--format", "json")
    answered = {finding["requirement"] for finding in json.loads(out)["findings"]}
    assert answered == set(rules_for(path.parent.name).by_id)


@pytest.mark.parametrize("path", EXAMPLES, ids=_name)
def test_the_page_is_as_it_was_read(
    path: Path,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, out = _check(path, capsys, monkeypatch)
    shown, _, _ = out.partition("Checked by: ")  # what ran is not the same everywhere
    is_as_it_was_read(request.config, f"{_name(path)}.txt", shown)


@pytest.mark.parametrize("path", EXAMPLES, ids=_name)
def test_the_findings_are_as_they_were_read(
    path: Path,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, out = _check(path, capsys, monkeypatch, "--format", "json")
    report = json.loads(out)
    lines = [{"summary": report["summary"]}]
    for finding in report["findings"]:
        subject = finding["subject"] and finding["subject"]["id"]
        shown = {key: finding[key] for key in _SHOWN if finding[key] is not None}
        if finding["status"] in ("pending", "not_applicable"):
            del shown["message"]  # the page and other tests have it
        lines.append({"subject": subject, **shown} if subject else shown)
    text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
    is_as_it_was_read(request.config, f"{_name(path)}.jsonl", text)


# 0: nothing that must be done is overdue, breached, or past its date and unknown.
@pytest.mark.parametrize(
    ("example", "status"),
    [
        ("just-notified", 0),
        ("rapid-review-returns-missing", 1),
        ("ended-after-rapid-review", 0),
        ("in-review", 1),
        ("delayed-by-prosecution", 0),
        ("ready-to-publish", 0),
        ("crossing-christmas", 0),
        # notified on the 19th: a day late by the county's five days, and done all the same
        ("two-siblings-two-areas", 0),
        # the county's five days have passed (18 + 5 = 23 September), whatever it turns out to be
        ("abuse-or-neglect-unknown", 1),
    ],
)
def test_the_exit_status_says_whether_something_is_wrong(
    example: str, status: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ROOT / "examples" / "northamptonshire" / f"{example}.yaml"
    assert _check(path, capsys, monkeypatch)[0] == status


def test_the_examples_of_northamptonshire_are_complete() -> None:
    names = {path.stem for path in EXAMPLES if path.parent.name == "northamptonshire"}
    assert names == {
        "just-notified",
        "rapid-review-returns-missing",
        "ended-after-rapid-review",
        "in-review",
        "delayed-by-prosecution",
        "ready-to-publish",
        "crossing-christmas",
        "two-siblings-two-areas",
        "abuse-or-neglect-unknown",
    }
