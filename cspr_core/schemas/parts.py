"""The parts that the schemas are built of: dates, words, groups of keys, one of several forms.

They are made so that one mistake gives one message, in yaml-language-server and in any other
validator: where one of several forms may stand, `if`/`then`/`else` picks the one that was meant,
and only that one speaks. `errorMessage` and `patternErrorMessage` are words of that server, which
others leave aside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Schema = dict[str, Any]

_LONG = 6  # more words than a message should list
_YEAR = r"(199[2-9]|20[0-8]\d|209[0-8])"
_LEAP = r"(199[26]|20([02468][048]|[13579][26]))"  # within those years every fourth is one
_MONTH = r"(0[1-9]|1[0-2])"
_DAY = (
    rf"({_YEAR}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)"
    rf"|02-(0[1-9]|1\d|2[0-8]))|{_LEAP}-02-29)"
)
_WORD = r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*"
OWN = r"(?!national\.)[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+"
# What `cspr_core.model.scalars` refuses as looking like a name or a number of a person.
_NAME = r"[A-Z][a-z]+([_.-]+[A-Z][a-z-]+)*|[A-Z][a-z]+[A-Z][a-z]+"
_NUMBER = r"\d{3}-?\d{3}-?\d{4}|(44|0)[\d-]{8,13}"
_POSTCODE = r"[A-Za-z]{1,2}\d[A-Za-z\d]?\d[A-Za-z]{2}"
KEY = rf"(?!({_NAME}|{_NUMBER}|{_POSTCODE})(/|$))[A-Za-z0-9][A-Za-z0-9_.-]{{0,59}}"
_SUBJECT = rf"{KEY}(/{KEY})*"


def whole(pattern: str) -> str:
    """A pattern for the whole of a text."""
    return f"^({pattern})$"


def _text(title: str, pattern: str, message: str) -> Schema:
    return {"title": title, "type": "string", "pattern": whole(pattern), "errorMessage": message}


DATE = _text("A date", _DAY, "Write a date as year, month and day, for example 2026-03-12.")
MONTH_OR_DATE = _text(
    "A date or a month",
    rf"{_YEAR}-{_MONTH}|{_DAY}",
    "Write a date such as 2026-03-12, or a month such as 2026-03.",
)
WORD = _text("A word", _WORD, "Write one word in lower case, with underscores for spaces.")
OWN_WORD = _text("A word of the area's own", OWN, "Write a word of the area's own: <area>.<word>.")
# An editor makes a number of `7`; an id may be one.
ID = {
    "title": "An id",
    "type": ["string", "number"],
    "pattern": whole(KEY),
    "maximum": 999_999_999,
    "errorMessage": "Write a pseudonym such as child_1, never a name or a number of a person.",
}
SUBJECT = {
    "title": "An id as reports show it",
    "type": ["string", "number"],
    "pattern": whole(_SUBJECT),
    "maximum": 999_999_999,
    "errorMessage": "Write the id as a report names it, for example police or child_1/panel.",
}
TEXT = {
    "title": "Text",
    "type": ["string", "number"],
    "errorMessage": "Write text here, in quotes if need be.",
}
SAID = {**TEXT, "pattern": r"\S"}
NUMBER = {
    "title": "A whole number",
    "type": ["integer", "string"],
    "minimum": 0,
    "maximum": 999_999,
    "pattern": r"^\d{1,6}$",
    "errorMessage": "Write a whole number in figures, for example 7.",
}


def closed(words: Mapping[str, str], message: str = "") -> Schema:
    """One of these words, each shown with its meaning."""
    found: Schema = {
        "title": "One of these words",
        "enum": list(words),
        "enumDescriptions": list(words.values()),
    }
    if message or len(words) > _LONG:
        found["errorMessage"] = message or (
            "This is not one of the words that may stand here. Press Ctrl+Space for the list."
        )
    return found


def own_or(words: Mapping[str, str]) -> Schema:
    """One of these words, or one of an area's own."""
    known = "|".join(word.replace(".", r"\.") for word in words)
    return _text(
        "One of these words",
        f"{OWN}|{known}",
        "Write words of the list, or of the area's own: <area>.<word>.",
    )


def either(*options: Schema) -> Schema:
    """One of several scalars; the first says what is wrong where none fits."""
    flat: list[Schema] = []
    for option in options:
        flat += option["anyOf"] if set(option) == {"anyOf"} else [option]
    return flat[0] if len(flat) == 1 else {"anyOf": flat}


def or_nothing(schema: Schema) -> Schema:
    """The same, or no value at all."""
    return either(schema, {"title": "Nothing", "type": "null"})


def one_or_several(*options: Schema, listed: Schema | None = None, least: int = 0) -> Schema:
    """A word, or a list of words; `listed` is what a list may hold beside the first option alone.

    Lists have the first option and `listed` in turn, not one of both item by item: an editor
    offers the words of the first either way, and nothing that is no word.
    """
    lists = [options[0]] if listed is None else [options[0], listed]
    several: list[Schema] = [{"title": "Several", "type": "array", "items": item} for item in lists]
    if least:
        several = [{**schema, "minItems": least} for schema in several]
    return either(*options, *several)


def group_or_several(schema: Schema) -> Schema:
    """A group of keys, or a list of them."""
    return {
        "type": ["object", "array"],
        "errorMessage": "Write keys with colons, or a list of such groups.",
        "if": {"type": "array"},
        "then": {"items": schema},
        "else": {"if": {"type": "object"}, "then": schema},
    }


def keys(
    title: str,
    properties: Mapping[str, Schema],
    required: Sequence[str] = (),
    one_of: Sequence[str] = (),
    message: str = "",
) -> Schema:
    """A group of keys: these and no others; of `one_of` at least one, or the message says so.

    What is required is asked for only where no key is unknown: a required key that is misspelt is
    one mistake.
    """
    found: Schema = {
        "title": title,
        "type": "object",
        "properties": dict(properties),
        "additionalProperties": False,
    }
    known: Schema = {"propertyNames": {"enum": list(properties)}}
    if required:
        found |= {"if": known, "then": {"required": list(required)}}
    if one_of:
        needed: Schema = {"required": [one_of[0]], "errorMessage": message}
        found["allOf"] = [{"if": {**known, "not": has(*one_of)}, "then": needed}]
    return found


def has(*names: str) -> Schema:
    """Whether one of these keys is there."""
    wanted: list[Schema] = [{"required": [name]} for name in names]
    return wanted[0] if len(wanted) == 1 else {"anyOf": wanted}


def says(key: str, words: Sequence[str]) -> Schema:
    """Whether a key is there with one of these words.

    A pattern, as yaml-language-server takes half a word for a whole one of an `enum` while typing.
    """
    return told(key, "|".join(word.replace(".", r"\.") for word in words))


def told(key: str, pattern: str) -> Schema:
    """Whether a key is there with a word that fits the pattern."""
    return {"required": [key], "properties": {key: {"type": "string", "pattern": whole(pattern)}}}


def chosen(options: Sequence[tuple[Schema, Schema]], otherwise: Schema) -> Schema:
    """The first of the options whose condition holds, or what stands where none does."""
    found = otherwise
    for condition, then in reversed(options):
        found = {"if": {"type": "object", **condition}, "then": then, "else": found}
    return found


def mapping(named: Mapping[str, Schema], other: str | None, value: Schema, message: str) -> Schema:
    """Keys that are words (`named`) or fit the pattern `other`, with their values."""
    found: Schema = {
        "type": "object",
        "properties": dict(named),
        "additionalProperties": False,
        "errorMessage": message,
    }
    if other is not None:
        apart = "|".join(word.replace(".", r"\.") for word in named)
        pattern = rf"^(?!({apart})$)({other})$" if apart else whole(other)
        found["patternProperties"] = {pattern: value}
    return found
