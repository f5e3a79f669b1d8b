"""Help while typing, with the real yaml-language-server: completion, hover, one mark a mistake."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from cspr_core.kinds import KINDS
from cspr_core.vocabulary import vocabulary
from tests.schemas.asking import new_case
from tests.schemas.files import ARRANGEMENTS, CASE, ROOT, SCENARIO, SHIPPED, SMALL
from tests.schemas.language_server import LanguageServer

# Where the settings in .vscode look for each kind of file; nothing is written there.
AT = {
    "arrangements": ROOT / "plugins" / "midshire" / "cspr_midshire" / "typed.yaml",
    "case": ROOT / "examples" / "midshire" / "typed.yaml",
    "scenario": ROOT / "plugins" / "midshire" / "scenarios" / "review" / "typed.yaml",
}
_LIST = "This is not one of the words that may stand here. Press Ctrl+Space for the list."
_PERIOD = "within: {n: 7, unit: working_days, of: {event: publication}}"
_DONE = "met_by: {event: notified, to: panel}"
_WHEN = "when: {decision: local_review}"
_AWARE = "{type: aware, by: local_authority, date: 2026-03-03}"


class Mistake(NamedTuple):
    """A mistake in a small file, and all that is to be marked for it."""

    kind: str
    old: str
    new: str
    marked: str


def _words(*words: str) -> str:
    listed = ", ".join(json.dumps(word) for word in words)
    return f"Value is not accepted. Valid values: {listed}."


A, C, S = "arrangements", "case", "scenario"
MISTAKES = [
    # a misspelt key, one that has to be there too, and one of another kind of requirement
    Mistake(A, "met_by:", "metby:", "15:5: Property metby is not allowed."),
    Mistake(A, "title:", "titel:", "9:5: Property titel is not allowed."),
    Mistake(A, "partnership:", "partnersip:", "2:1: Property partnersip is not allowed."),
    Mistake(A, _DONE, "seats: [{kind: police}]", "15:5: Property seats is not allowed."),
    Mistake(A, "agency: involved", "agncy: involved", (
        "12:5: Write one of these keys: child, recipient, should, agency, meeting, event, person,"
        " substitute, form, delay, parallel."
    )),
    # the word that decides
    Mistake(A, "kind: deadline", "kind: deadlin", f"8:11: {_LIST}"),
    Mistake(A, "    kind: deadline\n", "", '7:5: Missing property "kind".'),
    Mistake(A, "event: notified", "event: notifid", f"15:21: {_LIST}"),
    # a wrong word, type or shape
    Mistake(A, "stage: review", "stage: reviw", f"10:12: {_LIST}"),
    Mistake(A, "to: panel", "to: pannel",
            "15:35: " + _words("panel", "partners", "secretary_of_state", "ofsted", "dfe")),
    Mistake(A, "to: panel", "with: panel", "15:31: Property with is not allowed."),
    Mistake(A, "agency: involved", "agency: [involved]", "12:24: " + _words("involved", "any")),
    Mistake(A, "source: {section: Telling others}", "source: Telling others",
            '11:13: Incorrect type. Expected "A source".'),
    Mistake(A, _DONE, "met_by: notified",
            "15:13: Write keys with colons, or a list of such groups."),
    Mistake(A, "dated: 2024-01", "dated: January 2024",
            "5:42: Write a date such as 2026-03-12, or a month such as 2026-03."),
    # what is missing
    Mistake(A, "    source: {section: Telling others}\n", "", '7:5: Missing property "source".'),
    Mistake(A, f"    {_PERIOD}\n", "",
            "7:5: A deadline has a limit: add within, before, around, by or values."),
    # inside a period
    Mistake(A, "n: 7", "n: seven", "14:17: Write a whole number in figures, for example 7."),
    Mistake(A, "unit: working_days", "unit: workdays",
            "14:26: " + _words("working_days", "days", "months")),
    Mistake(A, "unit:", "unti:", "14:20: Property unti is not allowed."),
    Mistake(A, ", of: {event: publication}", "", '14:5: Missing property "of".'),
    Mistake(A, "event: publication", "event: publicaton", f"14:52: {_LIST}"),
    Mistake(A, "event: publication", "evnt: publication",
            "14:40: Write one of these keys first: event, meeting, form, incident, subject."),
    Mistake(A, _PERIOD, "within: 7 days",
            "14:13: Write a period: {n: 7, unit: working_days, of: {event: publication}}."),
    Mistake(A, _PERIOD, "within: {as: national.rapid}", f"14:18: {_LIST}"),
    # inside conditions and lists of them
    Mistake(A, _WHEN, "when: {decison: local_review}", (
        "13:5: Write one of these keys first: decision, happened, answer, in_play, finding,"
        " parallel, delayed, started, any, all, not."
    )),
    Mistake(A, _WHEN, "when: {not: {any: [{parallel: inqest}]}}", f"13:35: {_LIST}"),
    Mistake(A, _DONE, "met_by: [{event: notified}, {event: debrif}]", f"15:41: {_LIST}"),
    # a case
    Mistake(C, "looked_after", "lookedafter", "5:46: Property lookedafter is not allowed."),
    Mistake(C, "looked_after: no", "looked_after: nein", "5:60: " + _words("yes", "no", "unknown")),
    Mistake(C, "outcome: seriously_harmed", "outcome: harmed",
            "5:28: " + _words("died", "seriously_harmed", "neither", "unknown")),
    Mistake(C, "incident:", "incidnt:", "6:1: Property incidnt is not allowed."),
    Mistake(C, "date: 2026-03-02", "date: tbc", (
        "6:18: Write a date as year, month and day, for example 2026-03-12. Or write unknown."
    )),
    Mistake(C, "case: MS-2026-03", "case: Jo Smith",
            "2:7: Write a pseudonym such as child_1, never a name or a number of a person."),
    Mistake(C, "type: aware", "type: awre", f"8:12: {_LIST}"),
    Mistake(C, "type: aware", "typ: aware", '8:5: Missing property "type".'),
    Mistake(C, "by: local_authority, ", "", '8:5: Missing property "by".'),
    Mistake(C, "by: local_authority", "by: council",
            "8:23: " + _words("local_authority", "safeguarding_partners")),
    Mistake(C, "by: local_authority", "too: local_authority",
            "8:19: Property too is not allowed."),
    Mistake(C, ", date: 2026-03-03", "",
            "8:5: Add `date` for what has happened, or `planned` for what is intended."),
    Mistake(C, "date: 2026-03-03", "dat: 2026-03-03", "8:40: Property dat is not allowed."),
    Mistake(C, "date: 2026-03-03", "date: 03/03/2026",
            "8:46: Write a date as year, month and day, for example 2026-03-12."),
    Mistake(C, _AWARE, "{type: death, date: 2026-03-03}",
            "8:3: Add an event `aware` or `referral_received`: a case begins with one."),
    Mistake(C, "events:", "agencies: {polcie: {involved: yes}}\nevents:",
            "7:12: This key is no kind of agency: correct it, or add `kind`."),
    Mistake(C, "events:", "criteria: {improvement: {answer: yes}}\nevents:",
            "7:12: Write as keys the words that may stand here. Press Ctrl+Space for the list."),
    Mistake(C, "events:", "meetings: [{id: m1, body: reviw_group, date: 2026-05-12}]\nevents:",
            "7:27: " + _words(*vocabulary().words("bodies"))),
    # a scenario
    Mistake(S, "status: met", "status: done", f"8:69: {_LIST}"),
    Mistake(S, "because:", "becuse:", "8:74: Property becuse is not allowed."),
    Mistake(S, ", because: Told.", "", '8:5: Missing property "because".'),
    Mistake(S, "as_of: 2026-03-10", "as_of: 10 March 2026",
            "8:49: Write a date as year, month and day, for example 2026-03-12."),
    Mistake(S, "  add:", "  plus:", "5:3: Property plus is not allowed."),
    Mistake(S, "to: panel", "to: pannel",
            "6:35: " + _words("panel", "partners", "secretary_of_state", "ofsted", "dfe")),
    Mistake(S, "type: notified", "type: notifid", f"6:21: {_LIST}"),
    Mistake(S, "national.notify_panel", "national.notify", f"8:19: {_LIST}"),
]  # fmt: skip


def _text(mistake: Mistake) -> str:
    text = SMALL[mistake.kind].replace(mistake.old, mistake.new, 1)
    assert text != SMALL[mistake.kind], "the mistake is not in the file"
    return text


@pytest.fixture(scope="session")
def marks(server: LanguageServer) -> dict[Mistake, list[str]]:
    """What is marked in each file with a mistake; all are opened at once."""
    found = server.diagnostics(*((AT[m.kind], _text(m)) for m in MISTAKES))
    return dict(zip(MISTAKES, found, strict=True))


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: f"{m.kind}-{m.new or m.old}"[:60])
def test_one_mark_a_mistake(marks: dict[Mistake, list[str]], mistake: Mistake) -> None:
    assert marks[mistake] == [mistake.marked]


def test_small_files_have_no_mark(server: LanguageServer) -> None:
    found = server.diagnostics(*((AT[kind], text) for kind, text in sorted(SMALL.items())))
    assert found == [[], [], []]


@pytest.mark.slow
def test_shipped_files_have_no_mark_but_for_what_is_put_into_them(server: LanguageServer) -> None:
    # All arrangements and examples, and of each area one base case and one scenario. The key that
    # none of them may have shows that the settings find the schema for each.
    areas: dict[tuple[str, bool], Path] = {}
    chosen = []
    for path in SHIPPED:
        area, found, _ = path.as_posix().partition("/scenarios/")
        if found:
            areas[area, "base" in path.parts] = path
        else:
            chosen.append(path)
    chosen += areas.values()
    texts = [(path, path.read_text("utf-8") + "\nno_such_key: 1\n") for path in chosen]
    unexpected = {}
    for path, marked in zip(chosen, server.diagnostics(*texts), strict=True):
        # An anchor that nothing refers to is the server's own remark, not the schema's.
        told = [mark.partition(": ")[2] for mark in marked if "Unused anchor" not in mark]
        if told != ["Property no_such_key is not allowed."]:
            unexpected[str(path)] = marked
    assert unexpected == {}


def test_new_case_is_checked_by_the_schema_beside_it(
    server: LanguageServer, tmp_path: Path
) -> None:
    path = tmp_path / "MS-1.yaml"
    new_case(path)
    text = path.read_text("utf-8")
    assert server.diagnostics((path, text), (path, text.replace("events:", "evnts:"))) == [
        [],
        ["8:1: Property evnts is not allowed."],  # after the schema's line and six of the case
    ]


# --- completion -----------------------------------------------------------------------------------

_BEFORE = ARRANGEMENTS.partition("  - id: told_in_time")[0]


def _arrangements(server: LanguageServer, requirement: str) -> dict[str, str]:
    return server.completion(AT["arrangements"], _BEFORE + requirement)


def _case(server: LanguageServer, more: str) -> dict[str, str]:
    return server.completion(AT["case"], CASE + more)


@pytest.mark.parametrize(
    "typed", ["  - kind: |\n", "  - id: a\n    kind: dead|\n", "  - kind: |\n    title: A title\n"]
)
def test_kinds_of_requirement_are_offered_each_with_its_meaning(
    server: LanguageServer, typed: str
) -> None:
    offered = _arrangements(server, typed)
    assert set(offered) == set(KINDS)
    assert offered["deadline"] == "Something is done by a date."


def test_keys_of_the_kind_that_was_chosen_are_offered_and_no_others(server: LanguageServer) -> None:
    composition = _arrangements(server, "  - id: a\n    kind: composition\n    |\n")
    deadline = _arrangements(server, "  - id: a\n    kind: deadline\n    |\n")
    assert {"body", "seats", "further", "chair"} <= set(composition)
    assert {"within", "before", "around", "by", "values", "met_by", "since"} <= set(deadline)
    assert not {"within", "met_by", "running"} & set(composition)
    assert not {"body", "seats", "running"} & set(deadline)
    assert {"title", "stage", "source", "when"} <= set(composition) & set(deadline)
    assert deadline["met_by"].startswith("What shows that it was done")


def test_before_a_kind_is_chosen_it_is_offered_with_what_all_have(server: LanguageServer) -> None:
    offered = set(_arrangements(server, "  - |\n"))
    assert {"id", "kind", "title", "source"} <= offered
    assert not {"within", "seats"} & offered


def test_types_of_event_are_offered(server: LanguageServer) -> None:
    events = set(vocabulary().events)
    assert set(_case(server, "  - type: |\n")) == events
    met_by = ARRANGEMENTS.replace("event: notified, to: panel", "event: |")
    assert set(server.completion(AT["arrangements"], met_by)) == events


def test_keys_of_the_type_of_event_are_offered_and_no_others(server: LanguageServer) -> None:
    assert set(_case(server, "  - type: publication\n    |\n")) == {
        "id", "child", "date", "planned", "what",
    }  # fmt: skip
    # on one line in braces the server waits for the first letter
    typed = ARRANGEMENTS.replace("event: notified, to: panel", "event: notified, t|")
    assert set(server.completion(AT["arrangements"], typed)) == {"to", "same", "stands"}


@pytest.mark.parametrize("typed", ["to: |", "to: [|]", "to: [panel, |]", "to: p|"])
def test_words_of_an_event_are_offered_alone_and_in_a_list(
    server: LanguageServer, typed: str
) -> None:
    offered = _case(server, f"  - {{type: notified, date: 2026-03-04, {typed}}}\n")
    assert set(offered) == {"panel", "partners", "secretary_of_state", "ofsted", "dfe"}
    assert offered["dfe"] == "The Department for Education."


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("people: {p1: {roles: [|]}}\n", set(vocabulary().words("roles"))),
        ("meetings:\n  - id: m1\n    body: |\n", set(vocabulary().words("bodies"))),
        ("criteria:\n  i|\n", set(vocabulary().words("criteria"))),
        ("agencies:\n  p|\n", set(vocabulary().words("agencies"))),
        ("parallel:\n  - id: x1\n    type: |\n", set(vocabulary().words("parallel"))),
        ("meetings:\n  - {id: m1, body: executive, agenda: [|]}\n",
         set(vocabulary().words("agenda"))),
    ],
)  # fmt: skip
def test_words_of_the_vocabulary_are_offered(
    server: LanguageServer, typed: str, words: set[str]
) -> None:
    assert set(_case(server, typed)) == words


def test_answers_are_offered(server: LanguageServer) -> None:
    typed = CASE.replace("looked_after: no", "looked_after: |")
    # quoted, so that every reader of YAML takes them for words; the strict reader takes both
    assert set(server.completion(AT["case"], typed)) == {'"yes"', '"no"', "unknown"}


def test_national_requirements_are_offered_with_their_titles(server: LanguageServer) -> None:
    typed = ARRANGEMENTS + "    tightens: |\n"
    offered = server.completion(AT["arrangements"], typed)
    assert "national.rapid_review" in offered
    assert all(offered[word] for word in offered if word.startswith("national."))


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("within:\n      |\n", {"n", "unit", "of", "as"}),
        ("within:\n      n: 7\n      |\n", {"unit", "of"}),
        ("for_each:\n      a|\n", {"child", "agency", "meeting", "person", "form"}),
        ("when:\n      - d|\n", {"decision", "happened", "any", "all", "not"}),
        ("met_by:\n      - |\n", {"event", "meeting", "form", "subject", "role"}),
    ],
)
def test_keys_inside_a_requirement_are_offered(
    server: LanguageServer, typed: str, keys: set[str]
) -> None:
    assert keys <= set(_arrangements(server, f"  - id: a\n    kind: deadline\n    {typed}"))


def test_statuses_are_offered_in_a_scenario(server: LanguageServer) -> None:
    offered = server.completion(AT["scenario"], SCENARIO.replace("status: met", "status: |"))
    assert {"met", "met_late", "overdue", "undetermined"} <= set(offered)


def test_sections_of_a_case_are_offered_in_a_change(server: LanguageServer) -> None:
    typed = SCENARIO.replace("    events: [", "    |\n    events: [")
    offered = set(server.completion(AT["scenario"], typed))
    assert {"children", "meetings", "forms", "delays"} <= offered


# --- hover ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "at", "shown"),
    [
        ("arrangements", "met|_by", "What shows that it was done; of several, one will do."),
        ("arrangements", "wit|hin", "At most so long after something"),
        ("arrangements", "un|it", "`working_days`: Days without Saturdays, Sundays and public"),
        ("arrangements", "kind: dead|line", "`deadline`: Something is done by a date."),
        ("arrangements", "event: pub|lication", "`publication`: Published."),
        ("case", "look|ed_after", "Whether the child was looked after by a local authority."),
        ("case", "type: aw|are", "`aware`: Became aware of the incident."),
        ("case", "even|ts", "What has happened (`date`) or is intended (`planned`)"),
        ("scenario", "beca|use", "Why, worked out by hand"),
        ("scenario", "stat|us", "`met_late`: Done after the due date."),
    ],
)
def test_what_is_shown_of_a_key_or_a_word(
    server: LanguageServer, kind: str, at: str, shown: str
) -> None:
    text = SMALL[kind].replace(at.replace("|", ""), at, 1)
    assert shown in server.hover(AT[kind], text)
