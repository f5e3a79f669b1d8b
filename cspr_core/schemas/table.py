"""What `fields.yaml` says of each key: its sentence, and the lists that its words come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import yaml

from cspr_core.vocabulary import Attribute, vocabulary

Words = Mapping[str, str]
EVENTS, GATHERINGS, REQUIREMENTS = "events", "gatherings", "requirements"
IDS, ANY_WORD, OWN_WORDS = "ids", "words", "own"


class SchemaError(Exception):
    """The table and the models do not fit: a sentence for whoever changes one of them."""


@dataclass(frozen=True)
class Told:
    """What is said of one key, and by which model: the sentence, and the lists of its words.

    `own`: an area's own words may stand there too.
    """

    says: str
    of: tuple[str, ...] = ()
    own: bool = True
    model: str = ""


@dataclass
class Table:
    """The table for one kind of file; it notes what was asked for, so that nothing is left over."""

    kind: str
    models: Mapping[str, Any]
    lists: Mapping[str, Words]
    asked: set[tuple[str, str]] = field(default_factory=set)

    def title(self, model: type) -> str:
        """What a group of keys is called."""
        try:
            return str(self.models[model.__name__]["title"])
        except KeyError:
            raise SchemaError(
                f"fields.yaml has no `{model.__name__}` under `{self.kind}`"
            ) from None

    def told(self, model: type, key: str) -> Told:
        """What is said of a key, by the model or by the nearest that it inherits from."""
        for ancestor in model.__mro__:
            row = self.models.get(ancestor.__name__, {}).get("fields", {}).get(key)
            if row is not None:
                self.asked.add((ancestor.__name__, key))
                row = {"says": row} if isinstance(row, str) else row
                if not {"says"} <= row.keys() <= {"says", "of", "own"}:
                    raise SchemaError(f"fields.yaml: `{key}` in `{ancestor.__name__}`: {row}")
                of = tuple(row.get("of", ()))
                return Told(row["says"], of, row.get("own") != "no", ancestor.__name__)
        raise SchemaError(f"fields.yaml says nothing of `{key}` in `{model.__name__}`")

    def left_over(self) -> list[tuple[str, str]]:
        """The keys in the table that no model has."""
        all_of_them = {(m, key) for m, row in self.models.items() for key in row.get("fields", {})}
        return sorted(all_of_them - self.asked)

    def is_open(self, name: str) -> bool:
        """Whether an area may add words of its own to a list."""
        return name == REQUIREMENTS or name in (EVENTS, GATHERINGS) or name not in self.lists

    def words(self, name: str) -> Words:
        """The words of a list, each with its meaning."""
        shared = vocabulary()
        if name in (EVENTS, GATHERINGS):
            return {
                word: event.meaning
                for word, event in shared.events.items()
                if name == EVENTS or event.gathering
            }
        if name in (IDS, ANY_WORD, OWN_WORDS):
            return {}
        found = self.lists.get(name) or shared.classes.get(name)
        if found is None:
            raise SchemaError(f"fields.yaml names a list that is not there: `{name}`")
        return found

    def of_attribute(self, attribute: Attribute) -> tuple[tuple[str, ...], Words]:
        """The lists of an event's attribute, and its fixed words with their meaning."""
        names = {"agency": "agencies", "person": IDS}
        of = [names.get(name, name) for name in attribute.of]
        if "agency" in attribute.of and IDS not in of:
            of.append(IDS)
        return tuple(of), {word: self._meaning(word) for word in attribute.words}

    def _meaning(self, word: str) -> str:
        more = self.lists["more"]
        known = (words[word] for words in vocabulary().classes.values() if word in words)
        found = more.get(word) or next(known, None)
        if found is None:
            raise SchemaError(f"fields.yaml has no meaning for `{word}` under `more`")
        return found


def tables(requirements: Words) -> dict[str, Table]:
    """The table of each kind of file; `requirements` are the national ones with their titles."""
    text = files("cspr_core.schemas").joinpath("fields.yaml").read_text("utf-8")
    # The base loader leaves `yes` and `no` the words that they are.
    data = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  (makes text, lists and mappings)
    lists = {**data.pop("lists"), REQUIREMENTS: requirements}
    return {kind: Table(kind, models, lists) for kind, models in data.items()}
