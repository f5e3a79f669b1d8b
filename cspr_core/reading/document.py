"""A file as plain values with places, and its making into a typed model.

Used for cases, arrangements and scenarios alike: nothing here knows what a file is about. What
pydantic finds becomes problems by way of `mistakes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from cspr_core.reading.problems import START, BadInput, Place, Problem, in_order
from cspr_core.reading.source import decode, read_bytes
from cspr_core.reading.tree import Mark
from cspr_core.reading.yaml_tree import read_yaml

if TYPE_CHECKING:
    from cspr_core.reading.mistakes import Mistake

Loc = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)
_MAX_PRUNINGS = 50


class Document(NamedTuple):
    """A file's values, and where each stands.

    `data` holds dictionaries, lists, text and None. `problems` are those of form that left a
    tree to go on with (a key twice, a tag, …): `build` reports them with its own.
    """

    file: str
    data: Any
    mark: Mark
    problems: tuple[Problem, ...] = ()

    def place(self, loc: Loc, key: bool = False) -> Place:  # noqa: FBT001, FBT002
        """Where the value at `loc` stands, or its key with `key`.

        What is not in the file (a default, an entry of a list written as one value) stands
        where its nearest holder does.
        """
        mark = self.mark
        # what is wrong with the whole file stands at its beginning
        line, column = START.line, START.column
        for step in loc:
            inside = mark.inside
            if isinstance(inside, dict) and isinstance(step, str) and step in inside:
                line, column, mark = inside[step]
                if not key:
                    line, column = mark.line, mark.column
            elif isinstance(inside, list) and isinstance(step, int) and step < len(inside):
                mark = inside[step]
                line, column = mark.line, mark.column
            else:
                break
        return Place(line, column)

    def problem(self, loc: Loc, what: str, remedy: str, key: bool = False) -> Problem:  # noqa: FBT001, FBT002
        """A problem at the place of `loc`."""
        at = self.place(loc, key)
        return Problem(self.file, at.line, at.column, what, remedy)

    def without(self, locs: set[Loc]) -> Document:
        """The document without the entries at `locs`; places of the rest stay right."""
        data, mark = _without(self.data, self.mark, locs)
        return Document(self.file, data, mark, self.problems)


def _mistakes(error: ValidationError, data: Any, model: type[BaseModel]) -> list[Mistake]:
    """What a failed validation tells of: what is in order never needs the words for it."""
    from cspr_core.reading.mistakes import find_mistakes  # noqa: PLC0415

    return find_mistakes(error, data, model)


def _all_mistakes(error: ValidationError, data: Any, model: type[BaseModel]) -> list[Mistake]:
    """As `_mistakes`, with those too that a misspelt word hides on which an entry hangs."""
    found = _mistakes(error, data, model)
    meant = {m.loc: m.meant for m in found if m.meant is not None}
    if not meant:
        return found
    try:
        corrected = _corrected(data, meant)
        model.model_validate(corrected, by_alias=True, by_name=False)
    except ValidationError as more:
        known = {(m.loc, m.missing) for m in found}
        found += [m for m in _mistakes(more, corrected, model) if (m.loc, m.missing) not in known]
    return found


def _corrected(data: Any, words: Mapping[Loc, str]) -> Any:
    """A copy with other words at some places; what no place leads into is shared, not copied."""
    if () in words:
        return words[()]
    below: dict[str | int, dict[Loc, str]] = {}
    for loc, word in words.items():
        below.setdefault(loc[0], {})[loc[1:]] = word
    copy = data.copy()
    for step, inner in below.items():
        copy[step] = _corrected(data[step], inner)
    return copy


def _without(data: Any, mark: Mark, locs: set[Loc]) -> tuple[Any, Mark]:
    """Copies without the entries at `locs`; what no loc leads into is shared, not copied."""
    below: dict[str | int, set[Loc]] = {}
    for loc in locs:
        below.setdefault(loc[0], set()).add(loc[1:])
    inside: Any = mark.inside
    if isinstance(data, dict):
        kept: dict[str, Any] = {}
        marks: dict[str, tuple[int, int, Mark]] = {}
        for name, value in data.items():
            line, column, inner = inside[name]
            under = below.get(name)
            if under is None:
                kept[name], marks[name] = value, (line, column, inner)
            elif () not in under:
                kept[name], inner = _without(value, inner, under)
                marks[name] = (line, column, inner)
        return kept, mark._replace(inside=marks)
    values: list[Any] = []
    places: list[Mark] = []
    for index, value in enumerate(data):
        inner = inside[index]
        under = below.get(index)
        if under is not None and () in under:
            continue
        if under is not None:
            value, inner = _without(value, inner, under)  # noqa: PLW2901
        values.append(value)
        places.append(inner)
    return values, mark._replace(inside=places)


def read_document(path: Path) -> Document:
    """The values of a YAML file, or of a JSON file where its name ends in `.json`.

    Raises `BadInput` where nothing can be made of the file; smaller problems of form come
    with the document.
    """
    return parse_document(decode(read_bytes(path), str(path)), str(path))


def parse_document(text: str, file: str) -> Document:
    """As `read_document`, from text with plain line feeds; `file` is its name in problems."""
    if file.lower().endswith(".json"):
        from cspr_core.reading.json_tree import read_json as read  # noqa: PLC0415  (seldom)
    else:
        read = read_yaml
    tree, problems = read(text, file)
    if tree is None:
        raise BadInput(problems)
    return Document(file, tree.data, tree.mark, in_order(problems))


class Remainder(NamedTuple):
    """What is left of a document once its mistakes are cut out, for checks that go further.

    `spoiled` holds the places of the lists' and dictionaries' entries that lost something;
    `cut` the locs (of the original document) at which something was cut out.
    """

    document: Document
    spoiled: frozenset[Place]
    cut: frozenset[Loc]


def build(document: Document, model: type[M]) -> tuple[M | None, list[Problem]]:
    """The model's value, and every problem by place, those of the document's form included.

    With problems, the value is what is left once the mistakes are cut out (None where too
    little is left): good for finding further problems, for nothing else.
    """
    value, problems, _ = build_with_remainder(document, model)
    return value, problems


def build_with_remainder(
    document: Document, model: type[M]
) -> tuple[M | None, list[Problem], Remainder]:
    """As `build`, with the document that belongs to a value with parts cut out."""
    try:
        value = model.model_validate(document.data, by_alias=True, by_name=False)
    except ValidationError as error:
        found = _all_mistakes(error, document.data, model)
    else:
        return value, list(document.problems), Remainder(document, frozenset(), frozenset())
    told = {p.place for p in document.problems}  # one mistake, one problem
    problems = [
        *document.problems,
        *(
            p
            for m in found
            if (p := document.problem(m.loc, m.what, m.remedy, m.at_key)).place not in told
        ),
    ]
    pruned, rest = _prune(document, model, found)
    return pruned, list(in_order(problems)), rest


def _prune(document: Document, model: type[M], found: list[Mistake]) -> tuple[M | None, Remainder]:
    """Cut mistakes out, each as small as it can be, until the rest is valid."""
    spoiled: set[Place] = set()
    cut: set[Loc] = {m.loc for m in found}
    rest = document
    for _ in range(_MAX_PRUNINGS):
        # what is missing cannot be cut out: its holder is
        locs = {m.loc[:-1] if m.missing else m.loc for m in found}
        for loc in locs:
            spoiled.update(rest.place(loc[:n]) for n in range(1, len(loc) + 1))
        if () in locs:
            break
        rest = rest.without(locs)
        try:
            value = model.model_validate(rest.data, by_alias=True, by_name=False)
        except ValidationError as error:
            found = _mistakes(error, rest.data, model)
        else:
            return value, Remainder(rest, frozenset(spoiled), frozenset(cut))
    return None, Remainder(rest, frozenset(spoiled), frozenset(cut))
