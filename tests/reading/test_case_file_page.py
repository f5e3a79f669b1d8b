"""The page on the case file: its examples are read, and no word is left out of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cspr_core.model import case as model
from cspr_core.reading.case import check_case
from cspr_core.reading.document import parse_document
from cspr_core.reading.uses import uses
from cspr_core.vocabulary import vocabulary

PAGE = (Path(__file__).parents[2] / "docs" / "case-file.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(schema: .*?)```", PAGE, re.DOTALL)


def test_there_is_a_smallest_and_a_full_example() -> None:
    assert len(EXAMPLES) == 2


@pytest.mark.parametrize("example", EXAMPLES, ids=["smallest", "full"])
def test_examples_are_read_without_a_problem(example: str) -> None:
    assert check_case(parse_document(example, "f.yaml"), today=None).case.case == "NH-2026-03"


def test_the_full_example_uses_every_section() -> None:
    found = check_case(parse_document(EXAMPLES[1], "f.yaml"), today=None).case
    assert found.model_fields_set == set(model.Case.model_fields)
    assert all(use.text for use in uses(found))


def test_every_word_and_event_type_is_on_the_page() -> None:
    shared = vocabulary()
    for name in {*shared.events, *(w for words in shared.classes.values() for w in words)}:
        assert f"`{name}`" in PAGE, name


def test_every_key_is_on_the_page() -> None:
    models = [m for m in vars(model).values() if isinstance(m, type) and issubclass(m, model.Entry)]
    for key in {info.alias or name for m in models for name, info in m.model_fields.items()}:
        assert f"`{key}`" in PAGE, key


def test_keys_of_each_event_type_stand_in_its_row() -> None:
    for event in vocabulary().events.values():
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{event.name}` |"))
        for key, spec in event.attributes.items():
            assert (f"**`{key}`**" if spec.required else f"`{key}`") in row
        assert row.endswith("a gathering |") == event.gathering
