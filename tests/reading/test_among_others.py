"""What is said of a line whose column is right and whose place is not: lists, keys, and `[]`."""

import pytest

from cspr_core.model.arrangements import Arrangements
from cspr_core.reading.document import build, parse_document
from cspr_core.reading.problems import BadInput


def said(text: str) -> str:
    with pytest.raises(BadInput) as refused:
        parse_document(text, "f.yaml")
    (problem,) = refused.value.problems
    return str(problem)


@pytest.mark.parametrize("indent", ["", "  "])
def test_rules_below_empty_brackets(indent: str) -> None:
    text = f"name: x\nrequirements: []\n# a comment\n\n{indent}- id: one\n{indent}  kind: step\n"
    assert said(text) == (
        f"f.yaml:5:{len(indent) + 1}: Line 2 says `[]`, that there is nothing, and here something"
        " follows. Take the `[]` away in line 2."
    )


def test_a_key_below_empty_braces() -> None:
    assert said("bodies: {}\n  executive: {name: x}\n").endswith("Take the `{}` away in line 1.")


def test_a_list_entry_among_keys() -> None:
    assert said("a: 1\nrequirements:\n  x: 2\n- id: one\n") == (
        "f.yaml:4:1: A list entry stands here, among keys."
        " Begin it two spaces further in, below the key that it belongs to."
    )


def test_an_entry_without_its_dash() -> None:
    assert said("requirements:\n  - id: one\n    kind: step\n  id: two\n") == (
        "f.yaml:4:3: A list entry is due here, and this line has no dash."
        " Put `- ` before it, or begin it further in if it goes on with the entry above."
    )


def test_a_column_that_is_no_ones() -> None:
    assert "begins in the wrong column" in said("a:\n  - id: one\n    kind: x\n   title: y\n")


def arrangements(requirements: str) -> list[str]:
    head = (
        "schema: cspr.arrangements/1\npartnership: midshire\nname: Midshire\n"
        "covers: [{document: G, checked: 2026-11-21}]\nrequirements:\n"
    )
    document = parse_document(head + requirements, "a.yaml")
    _, problems = build(document, Arrangements)
    return [str(problem) for problem in problems]


def test_a_misspelt_kind_hides_no_other_mistake() -> None:
    first, second = arrangements(
        "  - id: one\n    kind: deadlin\n    titel: x\n    title: y\n    stage: review\n"
        "    source: {section: S}\n"
    )
    assert first.startswith("a.yaml:7:11: `deadlin` is not one of the words that may stand here.")
    assert second.startswith("a.yaml:8:5: `titel` is not a key that may stand here.")


def test_a_kind_that_is_no_kinds_is_told_alone() -> None:
    (only,) = arrangements("  - id: one\n    kind: zzzzzz\n    titel: x\n    stage: review\n")
    assert only.startswith("a.yaml:7:11: ")


def test_a_key_of_another_kind_leads_to_the_kind() -> None:
    (only,) = arrangements(
        "  - id: one\n    kind: attendance\n    title: y\n    stage: review\n"
        "    body: review_group\n    source: {section: S}\n"
    )
    assert only == (
        "a.yaml:10:5: `body` does not go with `kind: attendance`."
        " Correct `kind` if composition was meant; else leave this key out."
    )
