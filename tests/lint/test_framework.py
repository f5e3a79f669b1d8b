"""How rules are found, what they are given, and how messages are put in order and left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from cspr_core.lint import contacts_old, nobody_named, placeholders
from cspr_core.lint.framework import SEVERITIES, Context, Message, rules, run
from cspr_core.lint.parts import data_at, parts
from cspr_core.lint.targets import Target, context_for
from tests.lint.said import TODAY, step, write

OLD = "{for: panel, email: a@exshire.gov.uk, published_in: Guide, as_of: 2020-01}"


def found(path: Path, *chosen: object) -> list[str]:
    result = run(context_for(Target(file=path), TODAY), chosen or None)  # type: ignore[arg-type]
    return [f"{one.line}:{one.column} {one.code}" for one in result.found]


def test_every_rule_says_what_it_is() -> None:
    for rule in rules():
        assert rule.TITLE
        assert rule.SEVERITY in SEVERITIES
        assert rule.check.__doc__


def test_messages_stand_in_order_of_place_each_once(tmp_path: Path) -> None:
    def check(context: Context) -> Iterator[Message]:
        one, two = context.requirements
        yield context.about(two, "Two", "Do it")
        yield context.about(one, "One", "Do it", "title")
        yield context.about(one, "One", "Do it", "title")
        yield context.about(one, "None", "Do it", "note", severity="note")

    rule = SimpleNamespace(CODE="CSPR999", TITLE="A test", SEVERITY="error", check=check)
    path = write(tmp_path, step(), step(id_="two"))
    result = run(context_for(Target(file=path), TODAY), [rule])  # type: ignore[list-item]
    assert [str(one).removeprefix(f"{path}:") for one in result.found] == [
        # a key that is not written leads to its entry
        "7:5: CSPR999 note: None. Do it.",
        "7:34: CSPR999 error: One. Do it.",
        "8:5: CSPR999 error: Two. Do it.",
    ]
    assert [result.count(severity) for severity in SEVERITIES] == [2, 0, 1]
    assert result.found[0].requirement == "exshire.one"


def test_without_a_choice_every_rule_runs(tmp_path: Path) -> None:
    assert found(write(tmp_path, step(), sections=f"contacts: [{OLD}]\n")) == ["6:78 CSPR406"]


# --- comments that leave a message out ------------------------------------------------------------


@pytest.mark.parametrize(
    ("sections", "left"),
    [
        (f"contacts:\n- {OLD}  # cspr: ignore CSPR406 the office was asked\n", []),
        (f"contacts:\n# cspr: ignore CSPR406: the office was asked\n- {OLD}\n", []),
        (f"contacts:\n# CSPR is not cspr\n- {OLD}\n", ["8:69 CSPR406"]),
        # of another rule, in another line, without a reason
        (f"contacts:\n- {OLD}  # cspr: ignore CSPR103 the office was asked\n",
         ["7:69 CSPR406", "7:79 CSPR001"]),
        (f"contacts:\n- {OLD}\n# cspr: ignore CSPR406 the office was asked\n",
         ["7:69 CSPR406", "8:1 CSPR001"]),
        (f"contacts:\n- {OLD}  # cspr: ignore CSPR406 fine\n", ["7:69 CSPR406", "7:79 CSPR001"]),
        (f"contacts:\n- {OLD}  # cspr: ignore\n", ["7:69 CSPR406", "7:79 CSPR001"]),
    ],
)  # fmt: skip
def test_a_comment_that_ignores(sections: str, left: list[str], tmp_path: Path) -> None:
    path = write(tmp_path, sections=sections)
    assert found(path, contacts_old, placeholders) == left


def test_a_comment_on_a_rule_that_did_not_run_is_not_judged(tmp_path: Path) -> None:
    sections = f"contacts:\n- {OLD}  # cspr: ignore CSPR103 the office was asked\n"
    assert found(write(tmp_path, sections=sections), contacts_old) == ["7:69 CSPR406"]


def test_what_stands_inside_a_text_is_no_comment(tmp_path: Path) -> None:
    sections = f"""\
contacts:
- {OLD}
not_covered:
- "A text with # cspr: ignore CSPR406 the office was asked"
"""
    assert found(write(tmp_path, sections=sections), contacts_old) == ["7:69 CSPR406"]


def test_what_a_comment_names_is_left_out_in_json_too(tmp_path: Path) -> None:
    path = tmp_path / "arrangements.json"
    path.write_text(
        '{"schema": "cspr.arrangements/1", "partnership": "exshire", "name": "Exshire",'
        ' "covers": [{"document": "Guide", "checked": "2026-11-01"}]}',
        encoding="utf-8",
    )
    assert found(path, nobody_named) == []


# --- parts and their places -----------------------------------------------------------------------


def test_parts_have_the_places_at_which_they_are_written(tmp_path: Path) -> None:
    more = (
        "by: {event: decision}, met_by: [{event: aware}, {event: comment, from: police}],"
        " when: {happened: {event: death}}, delay: {told: panel}"
    )
    context = context_for(Target(file=write(tmp_path, step(more))), date(2026, 11, 21))
    (requirement,) = context.requirements
    locs = {loc[2:] for loc, _ in parts(context, requirement)}
    # a list written as one value has no numbers, and `by` its event at once
    assert locs == {
        (),
        ("by",),
        ("met_by", 0),
        ("met_by", 1),
        ("when",),
        ("when", "happened"),
        ("source",),
        ("delay",),
    }
    assert all(data_at(context.document, loc) is not None for loc, _ in parts(context, requirement))


def test_what_is_not_in_the_file_is_nothing(tmp_path: Path) -> None:
    context = context_for(Target(file=write(tmp_path, step())), TODAY)
    assert data_at(context.document, ("requirements", 7)) is None
    assert data_at(context.document, ("requirements", 0, "note")) is None
