"""The schemas and the strict reader agree: what is right is taken, what is wrong mostly refused."""

from __future__ import annotations

import posixpath
from datetime import date
from pathlib import Path, PurePosixPath

import pytest
import yaml

from cspr_core.scaffold import NewPlugin, render
from tests.schemas.as_editors_read import read, read_file
from tests.schemas.files import ARRANGEMENTS, CASE, SHIPPED, SMALL, kind_of, validator

ERRORS = sorted((Path(__file__).parents[1] / "errors").glob("*.yaml"))

# The errors of tests/errors that a schema can't see, by the beginning of the file's name.
_PLUGIN = "what an area's plugin declares, or lets minutes confirm, stands in no schema"
_TWO = "two entries, or two dates, are held against each other"
_TODAY = "it depends on the day"
_IDS = "the ids of the same file are no fixed list"
_TEXT = "an editor's own YAML reader says it, or no schema can see it in the value"
BEYOND = {
    "area-event-undeclared": _PLUGIN,
    "area-not-confirmable": _PLUGIN,
    "area-requirement-misspelt": _PLUGIN,
    "area-requirement-unknown": _PLUGIN,
    "area-word-undeclared": _PLUGIN,
    "clash-": _TWO,
    "date-still-to-come": _TODAY,
    "file-line-separator": _TEXT,
    "form-duplicate-key": _TEXT,
    "form-escaped-control": _TEXT,
    "form-tag": _TEXT,
    "id-doubled": _TWO,
    "id-events-alike": _TWO,
    "id-taken-by-default": _TWO,
    "ref-agency": _IDS,
    "ref-child": _IDS,
    "ref-person": _IDS,
    "ref-subject": _IDS,
}


def _is_beyond(name: str) -> bool:
    return any(name.startswith(beginning) for beginning in BEYOND)


def _refused(text: str) -> bool:
    try:
        data = read(text)
    except (yaml.YAMLError, ValueError, TypeError):
        return True  # the editor's YAML reader says it
    return not validator("case").is_valid(data)


@pytest.mark.slow
def test_every_shipped_file_is_taken() -> None:
    assert len(SHIPPED) > 100
    wrong = []
    for path in SHIPPED:
        data = read_file(path)
        check = validator(kind_of(data))
        if not check.is_valid(data):
            wrong.append((str(path), [error.message for error in check.iter_errors(data)]))
    assert wrong == []


@pytest.mark.parametrize("kind", sorted(SMALL))
def test_small_files_are_taken(kind: str) -> None:
    assert list(validator(kind).iter_errors(read(SMALL[kind]))) == []


def test_errors_are_refused_but_for_those_that_no_schema_can_see() -> None:
    taken, refused = set(), set()
    for path in ERRORS:
        try:
            text = path.read_text("utf-8-sig")
        except UnicodeDecodeError:
            continue  # an editor shows that itself
        (refused if _refused(text) else taken).add(path.stem)
    assert len(refused) > 100
    # neither is a mistake let through that is not listed above, nor one listed that is refused
    assert {name for name in taken if not _is_beyond(name)} == set()
    assert {name for name in refused if _is_beyond(name)} == set()


def test_each_reason_still_has_its_error() -> None:
    names = [path.stem for path in ERRORS]
    assert [start for start in BEYOND if not any(n.startswith(start) for n in names)] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("looked_after: no", "looked_after: 'yes'"),
        ("looked_after: no", "looked_after: unknown, residence: ~"),
        ("id: child_1", "id: 7"),
        ("case: MS-2026-03", "case: 2026"),
        ("abuse_or_neglect: suspected", "abuse_or_neglect: no"),
        ("date: 2026-03-02", "date: unknown"),
        ("by: local_authority", "by: [local_authority, safeguarding_partners]"),
        ("type: aware, by: local_authority", "type: midshire.heard, by: anybody"),
        ("events:", "criteria: {improvements: {answer: yes, reason: 12}}\nevents:"),
        ("events:", "agencies: {st_mary: {kind: acute_hospital, involved: no}}\nevents:"),
        ("events:", "forms: [{id: f1, form: midshire.referral, empty: []}]\nevents:"),
        ("events:", "parallel: [{id: x1, type: inquest, closed: ~}]\nevents:"),
    ],
)
def test_what_the_reader_takes_the_schema_takes(old: str, new: str) -> None:
    text = CASE.replace(old, new, 1)
    if "midshire.heard" in new:  # the case still has to begin
        text += "  - {type: aware, by: local_authority, date: 2026-03-03}\n"
    assert text != CASE
    assert list(validator("case").iter_errors(read(text))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("n: 7", "n: '7'"),
        ("within: {n: 7, unit: working_days, of: {event: publication}}",
         "within: {as: national.rapid_review}"),
        ("within: {n: 7, unit: working_days, of: {event: publication}}",
         "by: {event: information_requested, field: return_by}"),
        ("within: {n: 7, unit: working_days, of: {event: publication}}",
         "by: {of: {event: publication, as: planned}}"),
        ("met_by: {event: notified, to: panel}", "met_by: [{event: notified}, {form: midshire.f}]"),
        ("when: {decision: local_review}",
         "when: [{not: {any: [{happened: {event: publication}}, {parallel: inquest}]}}]"),
        ("when: {decision: local_review}", "when: {finding: midshire.a, answer: yes}"),
        ("for_each: {agency: involved}", "for_each: {child: all, recipient: [panel, ofsted]}"),
        ("dated: 2024-01", "dated: null"),
    ],
)  # fmt: skip
def test_forms_that_arrangements_may_take(old: str, new: str) -> None:
    text = ARRANGEMENTS.replace(old, new, 1)
    assert text != ARRANGEMENTS
    assert list(validator("arrangements").iter_errors(read(text))) == []


def test_files_of_a_new_plugin_are_taken_and_name_their_schema() -> None:
    new = NewPlugin("devon", "Partnership", "Guidance", date(2026, 1, 5))
    files = render(new, workspace=False)
    written = {Path(name): text for name, text in files.items() if name.endswith(".yaml")}
    assert len(written) >= 3
    for path, text in written.items():
        kind = kind_of(read(text))
        assert list(validator(kind).iter_errors(read(text))) == []
        named = text.partition("\n")[0].removeprefix("# yaml-language-server: $schema=")
        beside = PurePosixPath(posixpath.normpath((path.parent / named).as_posix()))
        assert beside == PurePosixPath("schemas", f"{kind}.schema.json")
        assert str(beside) in files
