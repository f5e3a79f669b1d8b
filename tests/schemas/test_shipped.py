"""The shipped schemas: kept true to the models, and explained throughout."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import pytest
from jsonschema import Draft7Validator
from pydantic import BaseModel, BeforeValidator

from cspr_core.kinds import KINDS as REQUIREMENT_KINDS
from cspr_core.model.case import Child
from cspr_core.program import FACT_TYPES, STATUSES
from cspr_core.schemas import KINDS, making, schema_text
from cspr_core.schemas.making import make_text
from cspr_core.schemas.table import SchemaError, Table, Told, Words, tables
from cspr_core.vocabulary import Attribute, vocabulary
from tests.schemas.files import schema


@pytest.mark.parametrize("kind", KINDS)
def test_shipped_schema_is_what_the_models_say(kind: str) -> None:
    # `.venv/bin/python scripts/schemas.py` writes them anew.
    assert make_text(kind) == schema_text(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_schema_is_a_schema(kind: str) -> None:
    Draft7Validator.check_schema(schema(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_schema_reaches_for_nothing_outside_itself(kind: str) -> None:
    references = [part["$ref"] for part in _parts(schema(kind)) if "$ref" in part]
    assert references
    assert {ref.partition("/")[0] for ref in references} == {"#"}
    assert "$id" not in schema(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_explained(kind: str) -> None:
    whole = schema(kind)
    dumb = [
        name
        for part in _parts(whole)
        if part.get("additionalProperties") is False
        for name, value in part["properties"].items()
        if not _resolved(whole, value).get("description", "").strip()
    ]
    assert dumb == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_word_of_a_closed_list_has_its_meaning(kind: str) -> None:
    for part in _parts(schema(kind)):
        if part.get("title") == "One of these words" and "enum" in part:
            assert len(part["enum"]) == len(part["enumDescriptions"])
            assert all(meaning.strip() for meaning in part["enumDescriptions"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_group_of_keys_has_a_title_for_people(kind: str) -> None:
    titles = [p["title"] for p in _parts(schema(kind)) if "additionalProperties" in p and "if" in p]
    assert titles
    assert all(title[0].isupper() and "Schema" not in title for title in titles)


def test_lists_that_the_program_knows_are_whole() -> None:
    table = tables({})["arrangements"]
    assert list(table.words("status")) == list(STATUSES)
    assert set(table.words("kind")) == set(REQUIREMENT_KINDS)
    assert set(table.words("fact")) == set(FACT_TYPES)


def test_event_types_are_those_of_the_vocabulary() -> None:
    assert schema("case")["definitions"]["words:events"]["enum"] == list(vocabulary().events)


# --- a table that does not fit --------------------------------------------------------------------


def _table(**fields: Any) -> Table:
    return Table("case", {"Child": {"title": "A child", "fields": fields}}, {"more": {}})


def test_key_that_the_table_does_not_explain_is_refused() -> None:
    with pytest.raises(SchemaError, match="says nothing of `outcome` in `Child`"):
        _table(id="The id.").told(Child, "outcome")


def test_model_that_the_table_does_not_have_is_refused() -> None:
    class Stranger(BaseModel):
        pass

    with pytest.raises(SchemaError, match="has no `Stranger` under `case`"):
        _table().title(Stranger)


def test_key_that_no_model_has_is_named() -> None:
    table = _table(id="The id.", age="How old the child is.")
    table.told(Child, "id")
    assert table.left_over() == [("Child", "age")]


def test_sentence_cut_short_by_a_comma_is_refused() -> None:
    # {says: Days, months, of: [unit]} makes a key `months` of what was meant as the sentence's end
    with pytest.raises(SchemaError, match="`id` in `Child`"):
        _table(id={"says": "Days", "months": "", "of": ["unit"]}).told(Child, "id")


def test_list_that_is_nowhere_is_refused() -> None:
    with pytest.raises(SchemaError, match="not there: `colours`"):
        _table().words("colours")


def test_word_of_an_event_without_a_meaning_is_refused() -> None:
    with pytest.raises(SchemaError, match="no meaning for `perhaps`"):
        _table().of_attribute(Attribute((), ("perhaps",), False))


@pytest.mark.parametrize(
    ("annotation", "told", "message"),
    [
        (complex, Told("A number."), "no schema for the type <class 'complex'>"),
        (Literal["red"], Told("A colour.", ("answer",)), r"explains none of the words \('red',\)"),
        (Annotated[str, BeforeValidator(str.upper)], Told("A word."), "what `upper` reads"),
    ],
)
def test_type_that_no_schema_can_be_made_of_is_refused(
    annotation: Any, told: Told, message: str
) -> None:
    with pytest.raises(SchemaError, match=message):
        making.CaseMaker(tables({})["case"]).shape(annotation, (), told)


def test_keys_left_over_stop_the_making(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_one_more(requirements: Words) -> dict[str, Table]:
        found = tables(requirements)
        found["case"].models["Child"]["fields"]["age"] = "How old the child is."
        return found

    monkeypatch.setattr(making, "tables", with_one_more)
    with pytest.raises(SchemaError, match=r"no model has: \[\('Child', 'age'\)\]"):
        making.make("case")


# --- helpers --------------------------------------------------------------------------------------


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a schema."""
    if isinstance(value, dict):
        yield value
        value = value.values()
    elif not isinstance(value, list):
        return
    for inner in value:
        yield from _parts(inner)


def _resolved(whole: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    while "description" not in part and "$ref" in part:
        part = whole["definitions"][part["$ref"].removeprefix("#/definitions/")]
    return part
