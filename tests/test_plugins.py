"""Plugins: what an arrangements file is refused for, with its place; hooks; both engines."""

from __future__ import annotations

import atexit
import os
import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib.metadata import Distribution, EntryPoint
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from cspr_core import plugins
from cspr_core.check import EnginesDifferError, check_case
from cspr_core.engine.plan import Fire
from cspr_core.engine.reference import ReferenceEngine
from cspr_core.model.patterns import AnyOf
from cspr_core.plugins import PluginError, load, load_arrangements
from cspr_core.reading.case import read_case
from cspr_core.reading.problems import BadInput
from cspr_core.report.findings import report_of

HEAD = """\
schema: cspr.arrangements/1
partnership: midshire
name: Midshire
covers: [{document: Guide, checked: 2026-11-21}]
words: {midshire.note: A note}
requirements:
"""
STEP = "  - {id: one, kind: step, title: One, stage: review, source: {section: 1}%s}\n"


def arrangements(folder: Path, *requirements: str, head: str = HEAD) -> Path:
    path = folder / "midshire" / "arrangements.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(head + "".join(requirements), encoding="utf-8")
    return path


def refused(path: Path, area: str | None = None) -> list[str]:
    with pytest.raises(BadInput) as error:
        load_arrangements(path, area)
    return [str(problem).removeprefix(f"{path}:") for problem in error.value.problems]


def test_another_area_than_the_entry_point_says(tmp_path: Path) -> None:
    path = arrangements(tmp_path, STEP % "")
    assert refused(path, "midshir") == [
        (
            "2:14: The entry point is called `midshir` and the file says another partnership."
            " Write midshir here, or name the entry point after the partnership."
        )
    ]


def test_a_folder_stands_for_the_file_in_it(tmp_path: Path) -> None:
    arrangements(tmp_path, STEP % "")
    assert load_arrangements(tmp_path).area == "midshire"
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match=r"arrangements\.yaml"):
        load_arrangements(tmp_path / "empty")


def test_every_mistake_is_told_in_order_of_line(tmp_path: Path) -> None:
    path = arrangements(
        tmp_path,
        STEP % "",
        STEP % "",
        STEP.replace("one", "two") % ", tightens: national.notify_panl",
        STEP.replace("one", "three").replace("review", "reviewing") % "",
        STEP.replace("one", "four") % ", met_by: {event: publicaton}",
        STEP.replace("one", "five") % ", met_by: {event: decision, same: child}",
        STEP.replace("one", "six") % ", tightens: national.xyzzy",
        STEP.replace("one", "seven") % ", met_by: {event: qqqqq}",
    )
    assert refused(path) == [
        (
            "8:10: `midshire.one` is the id of another requirement too."
            " Give each requirement an id of its own."
        ),
        (
            "9:86: No requirement is called `national.notify_panl`."
            " Write national.notify_panel if that was meant."
        ),
        (
            "10:48: `reviewing` is no stage. Write one of referral, notification, rapid_review,"
            " decision, review, sign_off, publication, learning."
        ),
        "11:93: `publicaton` is no event type. Write publication if that was meant.",
        (
            "12:10: `midshire.five`: `same: child` needs a `for_each` that names one: the case does"
            " not. Change the requirement."
        ),
        "13:86: No requirement is called `national.xyzzy`. Name one that there is.",
        "14:94: `qqqqq` is no event type. Declare it under `words`.",
    ]


def test_requirements_that_wait_for_each_other(tmp_path: Path) -> None:
    path = arrangements(
        tmp_path,
        STEP % ", when: {in_play: midshire.two}",
        STEP.replace("one", "two") % ", when: {in_play: midshire.one}",
    )
    assert refused(path) == [
        "7:3: these requirements wait for each other: midshire.one, midshire.two. Break the circle."
    ]


def test_a_meeting_is_asked_for_one_thing(tmp_path: Path) -> None:
    both = "{meeting: review_group, agenda: delay, invited: scrutineer}"
    path = arrangements(tmp_path, STEP % f", met_by: {both}")
    assert refused(path) == [
        (
            "7:10: `midshire.one`: a meeting is asked for its `agenda` or for who was `invited`."
            " Change the requirement."
        )
    ]


def test_a_condition_that_is_none(tmp_path: Path) -> None:
    assert len(refused(arrangements(tmp_path, STEP % ", when: {nothing: yes}"))) == 1
    with pytest.raises(ValidationError):
        AnyOf(any=("nothing",))  # type: ignore[arg-type]


# --- hooks ----------------------------------------------------------------------------------------


class _Here(Distribution):
    """A distribution that is not on disk."""

    version = "1"

    def read_text(self, filename: str) -> str | None:
        return "Name: cspr-midshire\nVersion: 1\n" if filename == "METADATA" else None

    def locate_file(self, path: Any) -> Any:
        return path


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A plugin's package, of which a test writes the Python."""
    folder = tmp_path / "cspr_midshire"
    folder.mkdir()
    path = arrangements(tmp_path, STEP % "")
    (folder / "arrangements.yaml").write_text(path.read_text("utf-8"), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    point = EntryPoint("midshire", "cspr_midshire", "cspr")
    vars(point)["dist"] = _Here()
    monkeypatch.setattr(plugins, "installed", lambda: {"midshire": (point,)})
    yield folder / "__init__.py"
    sys.modules.pop("cspr_midshire", None)


CASE = """\
schema: cspr.case/1
case: MS-1
partnership: midshire
children: [{id: child_1, outcome: seriously_harmed}]
incident: {area: midshire, abuse_or_neglect: known}
events: [{type: aware, by: local_authority, date: 2026-01-05}]
"""


def case_file(folder: Path, text: str = CASE) -> Path:
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_package_without_hooks_has_its_yaml_beside_it(package: Path) -> None:
    package.write_text('"""Midshire."""\n', encoding="utf-8")
    plugin = load("midshire")
    assert (plugin.version, plugin.distribution) == ("1", "cspr-midshire")
    assert dict(plugin.formats()) == {}


def test_hooks_add_facts_requirements_and_formats(package: Path, tmp_path: Path) -> None:
    package.write_text(
        "from cspr_core.hookspecs import hookimpl\n"
        "from cspr_core.model.arrangements import Advice, Source\n"
        "@hookimpl\n"
        "def cspr_facts(case, as_of):\n"
        "    return [('note', '', case.case)]\n"
        "@hookimpl\n"
        "def cspr_requirements(arrangements):\n"
        "    return [Advice(id='midshire.more', title='More', stage='referral',\n"
        "                   source=Source(section='2'))]\n"
        "@hookimpl\n"
        "def cspr_report_formats():\n"
        "    return {'short': lambda reports: 'short'}\n",
        encoding="utf-8",
    )
    plugin = load("midshire")
    case = read_case(case_file(tmp_path), today=None).case
    assert list(plugin.facts(case, date(2026, 2, 2))) == [("note", "", "MS-1")]
    assert [r.id for r in plugin.arrangements.requirements] == ["midshire.one", "midshire.more"]
    assert plugin.formats()["short"](()) == "short"


@pytest.mark.parametrize(
    ("code", "line"),
    [("def cspr_requirements(arrangements):\n    raise ValueError\n", 4)],
)
def test_a_hook_that_raises_is_named(package: Path, code: str, line: int) -> None:
    package.write_text(f"from cspr_core.hookspecs import hookimpl\n@hookimpl\n{code}", "utf-8")
    with pytest.raises(PluginError, match=rf"midshire.*ValueError in __init__.py, line {line}"):
        load("midshire")


@pytest.mark.parametrize("error", ["ValueError()", "SystemExit(3)"])
def test_facts_that_raise_name_the_plugin(package: Path, tmp_path: Path, error: str) -> None:
    package.write_text(
        "from cspr_core.hookspecs import hookimpl\n"
        f"@hookimpl\ndef cspr_facts(case, as_of):\n    raise {error}\n",
        encoding="utf-8",
    )
    plugin = load("midshire")
    case = read_case(case_file(tmp_path), today=None).case
    with pytest.raises(PluginError, match="midshire"):
        list(plugin.facts(case, date(2026, 2, 2)))


def test_a_keyboard_interrupt_is_nobodys_fault(package: Path) -> None:
    package.write_text("raise KeyboardInterrupt\n", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        load("midshire")


# --- the check ------------------------------------------------------------------------------------


class _Blind(ReferenceEngine):
    """An engine that sees nothing."""

    @contextmanager
    def case(self) -> Iterator[Fire]:
        yield lambda _rows, _stratum: {}


def test_engines_that_differ_give_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrangements(tmp_path, STEP % "")
    monkeypatch.setattr("cspr_core.check.available", lambda: True)
    monkeypatch.setattr("cspr_core.check.ReteEngine", lambda plan, _: _Blind(plan))
    casefile = read_case(case_file(tmp_path), today=None)
    with pytest.raises(EnginesDifferError, match=r"the engines differ on [a-z_., ]+ \("):
        check_case(casefile, date(2026, 2, 2), directory=tmp_path)


def test_words_of_an_area_that_is_not_at_hand_are_not_checked(tmp_path: Path) -> None:
    arrangements(tmp_path, STEP % "")
    text = CASE.replace("partnership: midshire", "partnership: nowhere")
    casefile = read_case(case_file(tmp_path, text), today=None)
    checked = check_case(casefile, date(2026, 2, 2), partnership="midshire", directory=tmp_path)
    assert checked.rules.plugin.area == "midshire"


def test_words_of_a_finding(tmp_path: Path) -> None:
    arrangements(
        tmp_path,
        "  - {id: apart, kind: independence, title: Apart, stage: review, source: {section: 1},"
        " note: Ask., for_each: {person: {body: review_group}}, not_role: [author]}\n",
        "  - {id: guest, kind: step, title: Guest, stage: review, source: {section: 1},"
        " when: {happened: {meeting: review_group, invited: scrutineer}}}\n",
        "  - {id: soon, kind: deadline, title: Soon, stage: review, source: {section: 1},"
        " within: {n: 2, unit: days, of: {incident: date}}, met_by: {event: decision}}\n",
        "  - {id: too, kind: deadline, title: Too, stage: review, source: {section: 1},"
        " within: {as: midshire.soon}, met_by: {event: decision}}\n",
        STEP.replace("one", "who") % ", when: {happened: {role: author, body: executive}}",
        STEP.replace("one", "unless")
        % ", when: {not: {finding: national.serious_case, answer: yes}}",
    )
    text = CASE.replace("abuse_or_neglect: known", "abuse_or_neglect: unknown") + (
        "people: {p1: {agency: police, roles: [author]}}\ngroups: {review_group: {members: [p1]}}\n"
    )
    casefile = read_case(case_file(tmp_path, text), today=None)
    report = report_of(check_case(casefile, date(2026, 2, 2), directory=tmp_path))
    said = {f.requirement: f.message for f in report.findings}
    assert said["midshire.apart"] == "This person is also author. Ask."
    guest = "Not in play yet: waits for scrutineer being invited to a meeting of review group."
    assert said["midshire.guest"] == guest
    assert said["midshire.soon"] == "Not in play yet: waits for its date."
    assert said["midshire.too"] == said["midshire.soon"]
    assert said["midshire.who"] == "Not in play yet: waits for somebody as author in executive."
    assert said["midshire.unless"] == "Not known: abuse_or_neglect of child_1."


def test_it_runs_as_a_module(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["cspr", "--version"])
    monkeypatch.setattr(os, "_exit", sys.exit)  # it would end the tests, too
    monkeypatch.setattr(atexit, "_run_exitfuncs", lambda: None)
    with pytest.raises(SystemExit):
        runpy.run_path(str(Path(plugins.__file__).with_name("__main__.py")), run_name="__main__")
    assert capsys.readouterr().out.startswith("cspr ")
