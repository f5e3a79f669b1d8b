"""The reference commands, over an area made up for these tests."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cspr_core.cli import options, reference
from cspr_core.report.schema import report_schema


def flat(text: str) -> str:
    return " ".join(text.split())


# --- requirements -------------------------------------------------------------------------------


def test_requirements_are_local_and_national(run: Callable, area: Path) -> None:
    ran = run("requirements", "testshire", "--plugins", area, "--format", "json")
    ids = [row["id"] for row in json.loads(ran.out)]
    assert ran.status == 0
    assert {"testshire.information_return", "national.notify_panel"} <= set(ids)


def test_requirement_says_limit_who_source_and_reading(run: Callable, area: Path) -> None:
    out = flat(run("requirements", "testshire", "--plugins", area, "--stage", "rapid_review").out)
    assert (
        "Agencies return the template Must: within 7 working days of a request for information"
        " Who: The agency itself Source: Made-up Guide, Rapid Review Read as: Each agency counts"
        " from its own request. Rule: testshire.information_return (deadline, the area's own)"
    ) in out


def test_requirement_as_json_is_complete(run: Callable, area: Path) -> None:
    ran = run("requirements", "testshire", "--plugins", area, "--format", "json")
    row = next(r for r in json.loads(ran.out) if r["id"] == "testshire.information_return")
    assert row == {
        "id": "testshire.information_return",
        "title": "Agencies return the template",
        "kind": "deadline",
        "stage": "rapid_review",
        "binding": "must",
        "authority": "local",
        "limit": "within 7 working days of a request for information",
        "who": "agency",
        "source": {"document": "Made-up Guide", "section": "Rapid Review"},
        "reading": "Each agency counts from its own request.",
        "tightens": None,
        "verified": True,
        "in_force_from": "2020-12-01",  # a month means its first day
    }


def test_requirements_of_one_kind(run: Callable, area: Path) -> None:
    argv = ("requirements", "testshire", "--plugins", area, "--format", "json", "--kind", "advice")
    assert [row["id"] for row in json.loads(run(*argv).out)] == ["testshire.think"]


def test_advice_is_no_must(run: Callable, area: Path) -> None:
    out = flat(run("requirements", "testshire", "--plugins", area, "--kind", "advice").out)
    assert "Think of siblings Advice: no date stated Source: Made-up Guide" in out


def test_dated_values_are_all_told(run: Callable, area: Path) -> None:
    out = flat(run("requirements", "testshire", "--plugins", area, "--stage", "rapid_review").out)
    assert (
        "Should: within 15 working days of awareness of the incident (from Fri 29 June 2018);"
        " within 15 working days of the notification to the Panel (from Sun 1 June 2025)"
    ) in out
    assert "national.rapid_review (deadline, the Panel's guidance, not verified)" in out


PERIODS = """
  - id: {name}
    kind: {kind}
    title: Something
    stage: review
    {line}
    {met}
    source: {{section: Limits}}
"""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "before: {n: 14, unit: days, of: {event: publication}}",
            "at least 14 days before publication",
        ),
        (
            "around: {n: 2, unit: days, of: {event: publication, as: planned}}",
            "at most 2 days before or after publication",
        ),
        (
            "by: {event: information_requested, field: return_by}",
            "by the day named in a request for information",
        ),
        ("by: {event: publication}", "by publication"),
        ("within: {n: 1, unit: months, of: {incident: date}}", "within 1 month of the incident"),
        ("within: {as: national.rapid_review}", "as for national.rapid_review"),
    ],
)
def test_each_form_of_limit_has_its_words(run: Callable, area: Path, line: str, words: str) -> None:
    path = area / "testshire" / "arrangements.yaml"
    if line.startswith("by: {"):
        line = line.replace("by: {event", "by: {of: {event") + "}"
    text = PERIODS.format(name="x", kind="deadline", line=line, met="met_by: {event: sign_off}")
    path.write_text(path.read_text(encoding="utf-8") + text[1:], encoding="utf-8")
    ran = run("requirements", "testshire", "--plugins", area, "--format", "json")
    assert ran.err == ""
    row = next(r for r in json.loads(ran.out) if r["id"] == "testshire.x")
    assert row["limit"] == words


def test_limit_from_a_meetings_own_date(run: Callable, area: Path) -> None:
    path = area / "testshire" / "arrangements.yaml"
    text = PERIODS.format(
        name="x",
        kind="deadline",
        line="within: {n: 5, unit: days, of: {subject: date}}\n"
        "    for_each: {meeting: review_group}",
        met="met_by: {event: sign_off}",
    )
    path.write_text(path.read_text(encoding="utf-8") + text[1:], encoding="utf-8")
    ran = run("requirements", "testshire", "--plugins", area, "--format", "json")
    row = next(r for r in json.loads(ran.out) if r["id"] == "testshire.x")
    assert row["limit"] == "within 5 days of its own date"


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (
            ("--stage", "rapid_reveiw"),
            "--stage rapid_reveiw: there is no such word here. Did you mean rapid_review?",
        ),
        (("--kind", "deadlines"), "Did you mean deadline?"),
        (("--format", "xml"), "There are: table, json, markdown."),
    ],
)
def test_words_that_are_none_are_refused(
    run: Callable, area: Path, argv: tuple[str, ...], told: str
) -> None:
    ran = run("requirements", "testshire", "--plugins", area, *argv)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err


def test_unknown_area_names_the_nearest(run: Callable, area: Path) -> None:
    ran = run("requirements", "testshir", "--plugins", area)
    assert ran.status == 2
    assert ran.err == (
        "cspr: There is no plugin for the partnership `testshir`. Did you mean `testshire`?\n"
    )


def test_stages_and_areas_are_completed(installed: Callable) -> None:
    installed("testshire", "raise SystemExit")
    installed("othershire")
    assert options.area_names("test") == ["testshire"]
    assert reference.complete_stages("re") == ["referral", "review"]


# --- contacts -----------------------------------------------------------------------------------


def test_contacts_say_how_old_they_are(run: Callable, area: Path) -> None:
    out = flat(run("contacts", "testshire", "--plugins", area, "--as-of", "2026-06-19").out)
    # December 2020 to June 2026: five years and six months. Confirmed Wed 20 May 2026: a month
    # is complete only on 20 June.
    assert (
        "E-mail: office@testshire.example Published: December 2020 (5 years ago) in Made-up Guide;"
        " never confirmed since"
    ) in out
    assert (
        "The Panel Web: https://panel.example Published: 5 December 2020 (5 years ago) in"
        " Made-up Guide; last confirmed Wed 20 May 2026 (less than a month ago)"
    ) in out


@pytest.mark.parametrize(
    ("as_of", "age"),
    [
        ("2020-11-30", "still to come"),
        ("2020-12-31", "less than a month ago"),
        ("2021-01-01", "1 month ago"),
        ("2021-11-30", "11 months ago"),
        ("2021-12-01", "1 year ago"),
    ],
)
def test_age_is_in_whole_months_then_years(run: Callable, area: Path, as_of: str, age: str) -> None:
    out = flat(run("contacts", "testshire", "--plugins", area, "--as-of", as_of).out)
    assert f"Published: December 2020 ({age})" in out


def test_area_without_contacts_says_so(run: Callable, area: Path) -> None:
    path = area / "testshire" / "arrangements.yaml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("contacts:"), text.index("requirements:")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    assert "name no contact" in run("contacts", "testshire", "--plugins", area).out


# --- plugins ------------------------------------------------------------------------------------


def line_of(out: str, name: str) -> str:
    return next(line for line in out.splitlines() if line.startswith(f"{name}: "))


def test_plugins_tell_document_distribution_and_version(run: Callable, installed: Callable) -> None:
    installed("testshire")
    ran = run("plugins")
    assert ran.status == 0
    assert line_of(ran.out, "testshire") == (
        "testshire: ok, 3 requirements, Made-up Guide (December 2020), cspr-testshire 1.0"
    )


def test_broken_plugins_are_told_in_one_line_each_and_the_others_listed(
    run: Callable, installed: Callable
) -> None:
    installed("broken", "def (")
    installed("leaves", "raise SystemExit")
    installed("wrongtype", "five = 5\n", target="cspr_wrongtype:five")
    installed("twice", distribution="cspr-twice")
    installed("twice", distribution="cspr-twice-again")
    installed("noyaml", yaml=None)
    installed("testshire")
    ran = run("plugins")
    assert (ran.status, ran.err) == (0, "")
    assert "BROKEN: The plugin `broken` (cspr-broken) can't be used: SyntaxError" in line_of(
        ran.out, "broken"
    )
    assert "SystemExit" in line_of(ran.out, "leaves")
    assert "BROKEN: The plugin `wrongtype`" in line_of(ran.out, "wrongtype")
    assert "Two plugins are called `twice`" in line_of(ran.out, "twice")
    assert "There is no such file" in line_of(ran.out, "noyaml")
    assert line_of(ran.out, "testshire").startswith("testshire: ok")


def test_plugins_strictly_are_an_error_once_one_is_broken(
    run: Callable, installed: Callable
) -> None:
    assert run("plugins", "--strict").status == 0
    installed("broken", "def (")
    assert run("plugins", "--strict").status == 2


def test_problems_of_arrangements_are_counted(run: Callable, installed: Callable) -> None:
    installed("untidy", yaml="schema: cspr.arrangements/1\npartnership: testshire\n")
    line = line_of(run("plugins").out, "untidy")
    assert "untidy: BROKEN: " in line
    assert "more problem" in line


def test_plugins_of_a_folder_are_listed_by_their_file(run: Callable, area: Path) -> None:
    line = line_of(run("plugins", "--plugins", area).out, "testshire")
    assert line.endswith(str(area / "testshire" / "arrangements.yaml"))


def test_no_plugin_at_all_is_said(run: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cspr_core.plugins.installed", dict)
    assert run("plugins").out == "No plugin is installed.\n"


# --- schema -------------------------------------------------------------------------------------


def test_schema_of_the_report_is_written(run: Callable) -> None:
    assert json.loads(run("schema", "report").out) == report_schema()


def test_unknown_schema_is_refused(run: Callable) -> None:
    ran = run("schema", "reports")
    assert (ran.status, ran.out) == (2, "")
    assert "WHAT reports: there is no such word here. Did you mean report?" in ran.err


# --- commands of an area ------------------------------------------------------------------------

COMMANDS = """\
import typer
from cspr_core.hookspecs import hookimpl

@hookimpl
def cspr_commands(app):
    @app.command()
    def greet(name: str, loud: bool = False):
        print(f"{'HELLO' if loud else 'Hello'} {name}")

    @app.command()
    def stop(status: int):
        raise typer.Exit(status)

    @app.command()
    def fail():
        {}["nothing"]
"""


def test_area_runs_the_command_of_its_plugin(run: Callable, installed: Callable) -> None:
    installed("testshire", COMMANDS)
    ran = run("area", "testshire", "greet", "office", "--loud")
    assert (ran.status, ran.out) == (0, "HELLO office\n")


def test_area_loads_that_plugin_alone(run: Callable, installed: Callable) -> None:
    installed("testshire", COMMANDS)
    installed("broken", "def (")
    assert run("area", "testshire", "greet", "office").status == 0


def test_status_of_an_areas_command_is_kept(run: Callable, installed: Callable) -> None:
    installed("testshire", COMMANDS)
    assert run("area", "testshire", "stop", "1").status == 1


def test_help_after_the_area_is_the_plugins(run: Callable, installed: Callable) -> None:
    installed("testshire", COMMANDS)
    ran = run("area", "testshire", "--help")
    assert ran.status == 0
    assert "Commands of testshire." in ran.out
    assert "greet" in ran.out


@pytest.mark.parametrize("argv", [("area",), ("area", "--help"), ("area", "-h")])
def test_help_before_the_area_is_the_commands_own(run: Callable, argv: tuple[str, ...]) -> None:
    ran = run(*argv)
    assert ran.status == 0
    assert "Run a command that an area's plugin adds" in ran.out


def test_wrong_use_of_an_areas_command_is_told(run: Callable, installed: Callable) -> None:
    installed("testshire", COMMANDS)
    ran = run("area", "testshire", "greet")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("cspr area testshire greet: Missing argument")


def test_failing_command_of_an_area_is_told_in_one_line(run: Callable, installed: Callable) -> None:
    installed("testshire", COMMANDS)
    ran = run("area", "testshire", "fail")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == (
        "cspr: The plugin `testshire` (cspr-testshire) can't do this: KeyError in __init__.py,"
        " line 16. Repair or uninstall it; the other plugins work.\n"
    )


def test_area_without_commands_says_so(run: Callable, installed: Callable) -> None:
    installed("testshire")
    ran = run("area", "testshire", "greet")
    assert ran.status == 2
    assert ran.err == "cspr: The area testshire adds no commands of its own.\n"


def test_hook_that_fails_is_told(run: Callable, installed: Callable) -> None:
    installed(
        "testshire",
        "from cspr_core.hookspecs import hookimpl\n"
        "@hookimpl\ndef cspr_commands(app):\n    raise RuntimeError\n",
    )
    ran = run("area", "testshire", "greet")
    assert ran.status == 2
    assert "RuntimeError in __init__.py, line 4" in ran.err


def test_ctrl_c_in_a_plugin_stops_the_run(run: Callable, installed: Callable) -> None:
    installed(
        "testshire",
        "from cspr_core.hookspecs import hookimpl\n"
        "@hookimpl\ndef cspr_commands(app):\n    raise KeyboardInterrupt\n",
    )
    ran = run("area", "testshire", "greet")
    assert (ran.status, ran.err) == (2, "cspr: Stopped before the end.\n")
