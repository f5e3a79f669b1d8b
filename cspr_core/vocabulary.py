"""The words that all areas share, read once from `vocabulary.yaml`.

It holds words and their meaning only: what an area calls them stands in its plugin.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from cspr_core import compiled

VOCABULARY = Path(__file__).with_name("vocabulary.yaml")


class Attribute(NamedTuple):
    """One attribute of an event type: what it may hold, and whether it has to be there."""

    of: tuple[str, ...]
    words: tuple[str, ...]
    required: bool


class EventType(NamedTuple):
    """An event type: its meaning, its attributes, and whether it is also a gathering."""

    name: str
    meaning: str
    attributes: dict[str, Attribute]
    gathering: bool


class Vocabulary(NamedTuple):
    """Word classes (`stages`, `bodies`, …: word to meaning) and the event types."""

    classes: dict[str, dict[str, str]]
    events: dict[str, EventType]

    def words(self, name: str) -> dict[str, str]:
        """The words of one class, each with its meaning; `KeyError` for an unknown class."""
        return self.classes[name]

    def allowed(self, attribute: Attribute) -> tuple[str, ...]:
        """The fixed words that an attribute may hold (agencies and persons of a case apart)."""
        found = list(attribute.words)
        for name in attribute.of:
            if name == "agency":
                found += self.classes["agencies"]
            elif name in self.classes:
                found += self.classes[name]
        return tuple(dict.fromkeys(found))


def _event(name: str, row: dict[str, Any]) -> EventType:
    attributes = {
        key: Attribute(
            tuple(a.get("of", ())), tuple(a.get("words", ())), bool(a.get("required", False))
        )
        for key, a in row["attributes"].items()
    }
    return EventType(name, row["meaning"], attributes, bool(row.get("gathering", False)))


def written() -> dict[str, Any]:
    """What `vocabulary.yaml` holds, as it stands there."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = VOCABULARY.read_text("utf-8")
    data: dict[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506  (a safe loader, our file)
    return data


@cache
def vocabulary() -> Vocabulary:
    """The shipped vocabulary; read on first use."""
    data = compiled.read(VOCABULARY, compiled.digest_of([VOCABULARY])) or written()
    events = {name: _event(name, row) for name, row in data.pop("events").items()}
    return Vocabulary(data, events)
