"""Reading scenarios: a base case, changed, and what was worked out by hand that it has to come to.

A scenario file says of at most five findings what they have to be, each with its reason. It is held
against rules by `cspr_core.testing`. Nothing writes an expectation: what the program answers is
never the measure of what is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from cspr_core.model.scenario import Scenario
from cspr_core.reading.case import CaseFile
from cspr_core.reading.case import check_case as case_from
from cspr_core.reading.document import Document, build, read_document
from cspr_core.reading.problems import BadInput, Place, Problem, in_order
from cspr_core.reading.tree import Mark, Tree

Loc = tuple[str | int, ...]
# Entries that a scenario adds to its base keep their own places, told apart by a line that no
# case file can have.
_OFFSET = 10_000_000
_LINE = re.compile(r"line (1\d{7})")
_CASE = re.compile(rb"^schema: *cspr\.case/1\s*$", re.MULTILINE)
_EXPECT = re.compile(rb"^expect:", re.MULTILINE)


@dataclass(frozen=True)
class ScenarioFile:
    """A scenario, its values with their places, its case as changed, and the base as it was."""

    scenario: Scenario
    path: str
    document: Document
    casefile: CaseFile
    base: Document

    def place(self, index: int) -> Place:
        """Where an expectation stands."""
        return self.document.place(("expect", index))

    def origin(self, line: int) -> tuple[str, int]:
        """The file and line that a line of the merged case comes from: the base's or its own."""
        if line > _OFFSET:
            return self.path, line - _OFFSET
        return self.casefile.path, line


def read_scenario(path: Path) -> ScenarioFile:
    """Read a scenario and the case that it makes of its base.

    Raises `BadInput` with every problem of the scenario, of its base, or of the case as changed;
    what a change brings into the case is reported at its place in the scenario.
    """
    document = read_document(path)
    scenario, problems = build(document, Scenario)
    if scenario is None or problems:
        raise BadInput(problems)
    base_path = path.parent / scenario.base
    if not base_path.is_file():
        raise BadInput(
            [
                document.problem(
                    ("base",),
                    "There is no case file at this path",
                    "Write the path of a case file as seen from this scenario's folder",
                )
            ]
        )
    stat = base_path.stat()
    base = _base(base_path, (stat.st_mtime_ns, stat.st_size))
    merged = _merged(base, document)
    try:
        casefile = case_from(merged, today=None)
    except BadInput as error:
        raise BadInput(_placed(p, str(path)) for p in error.problems) from error
    return ScenarioFile(scenario, str(path), document, casefile, base)


@lru_cache(maxsize=32)
def _base(path: Path, _stamp: tuple[int, int]) -> Document:
    """A base, read once for the many scenarios that begin with it; again where it has changed."""
    return read_document(path)


def changes_of(file: ScenarioFile) -> Iterator[Loc]:
    """Where in a scenario's file each single thing stands that it changes in its base."""
    yield from _leaves(file.document.data.get("change"), ("change",))


def _leaves(value: Any, loc: Loc) -> Iterator[Loc]:
    """The entries of lists and the single values, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, (*loc, name))
    elif isinstance(value, list):
        yield from ((*loc, index) for index in range(len(value)))
    elif value is not None:
        yield loc


def unchanged(file: ScenarioFile, loc: Loc) -> CaseFile | None:
    """The scenario's case without the one change at `loc`; `None` where that makes no case."""
    try:
        return case_from(_merged(file.base, file.document.without({loc})), today=None)
    except BadInput:
        return None


# --- merging a change into the base case ---------------------------------------------------------


def _placed(problem: Problem, file: str) -> Problem:
    """The problem at its place in the scenario, if it is about what the scenario brought in."""
    what = _LINE.sub(lambda m: f"line {int(m[1]) - _OFFSET} of the scenario", problem.what)
    if problem.line > _OFFSET:
        return replace(problem, file=file, line=problem.line - _OFFSET, what=what)
    return replace(problem, what=what)


def _merged(base: Document, scenario: Document) -> Document:
    """The base case with the scenario's change in it, every value with its own place."""
    merge = _Merge(scenario)
    tree = Tree(base.data, base.mark)
    change = scenario.data.get("change") or {}
    for name, apply in (("remove", merge.remove), ("set", merge.set), ("add", merge.add)):
        if change.get(name) is not None:
            tree = apply(tree, merge.tree("change", name), ("change", name))
    if merge.problems:
        raise BadInput(in_order(merge.problems))
    return Document(base.file, tree.data, tree.mark, base.problems)


class _Merge:
    """Merges values and their marks alike, and gathers what can't be merged."""

    def __init__(self, scenario: Document) -> None:
        self.scenario = scenario
        self.problems: list[Problem] = []

    def tree(self, *keys: str) -> Tree:
        """A part of the scenario, its lines moved out of the way of the base's."""
        part = Tree(self.scenario.data, _moved(self.scenario.mark))
        for key in keys:
            part = _at(part, key)
        return part

    def _refuse(self, loc: Loc, what: str, remedy: str) -> None:
        self.problems.append(self.scenario.problem(loc, what, remedy))

    def add(self, old: Tree, new: Tree, loc: Loc) -> Tree:
        """Entries at the end of lists, keys where there are none."""
        if isinstance(old.data, dict) and isinstance(new.data, dict):
            return self._keys(old, new, loc, self.add)
        if isinstance(old.data, list) and isinstance(new.data, list):
            marks = [*_marks(old), *_marks(new)]
            return Tree([*old.data, *new.data], old.mark._replace(inside=marks))
        if type(old.data) is not type(new.data):
            self._refuse(loc, *_SHAPES)
        else:
            self._refuse(loc, "The base has a value here already", "Write it under `set`")
        return old

    def set(self, old: Tree, new: Tree, loc: Loc) -> Tree:
        """What stands there is replaced; keys that are not named stay."""
        if isinstance(old.data, dict) and isinstance(new.data, dict):
            return self._keys(old, new, loc, self.set)
        return new

    def _keys(self, old: Tree, new: Tree, loc: Loc, merge: Callable[..., Tree]) -> Tree:
        data, marks = dict(old.data), dict(_named(old))
        for name in new.data:
            line, column, _ = (_named(old) if name in data else _named(new))[name]
            part = _at(new, name)
            if name in data:
                part = merge(_at(old, name), part, (*loc, name))
            data[name], marks[name] = part.data, (line, column, part.mark)
        return Tree(data, old.mark._replace(inside=marks))

    def remove(self, old: Tree, less: Tree, loc: Loc) -> Tree:
        """Without the keys, or the entries, that `less` names."""
        names = less.data if isinstance(less.data, list) else [less.data]
        if isinstance(old.data, dict) and isinstance(less.data, dict):
            return self._below(old, less, loc)
        if isinstance(old.data, dict) and all(isinstance(name, str) for name in names):
            return self._without_keys(old, names, loc)
        if isinstance(old.data, list):
            return self._without_entries(old, names, loc)
        self._refuse(loc, *_SHAPES)
        return old

    def _below(self, old: Tree, less: Tree, loc: Loc) -> Tree:
        data, marks = dict(old.data), dict(_named(old))
        for name in less.data:
            if name not in data:
                self._refuse((*loc, name), *_NOTHING)
                continue
            line, column, _ = marks[name]
            rest = self.remove(_at(old, name), _at(less, name), (*loc, name))
            data[name], marks[name] = rest.data, (line, column, rest.mark)
        return Tree(data, old.mark._replace(inside=marks))

    def _without_keys(self, old: Tree, names: list[Any], loc: Loc) -> Tree:
        if any(name not in old.data for name in names):
            self._refuse(loc, *_NOTHING)
        kept = {name: value for name, value in old.data.items() if name not in names}
        return Tree(kept, old.mark._replace(inside={name: _named(old)[name] for name in kept}))

    def _without_entries(self, old: Tree, names: list[Any], loc: Loc) -> Tree:
        for index, name in enumerate(names):
            if not any(_is(entry, name) for entry in old.data):
                self._refuse((*loc, index), *_NOTHING)
        kept = [
            (entry, mark)
            for entry, mark in zip(old.data, _marks(old), strict=True)
            if not any(_is(entry, name) for name in names)
        ]
        marks = [mark for _, mark in kept]
        return Tree([entry for entry, _ in kept], old.mark._replace(inside=marks))


_NOTHING = ("The base has nothing like this to remove", "Correct it, or leave it out")
_SHAPES = ("The base has something of another shape here", "Follow the base's lists and keys")


def _is(entry: Any, name: Any) -> bool:
    """Whether an entry of a list is meant: the same, or with all of these keys the same."""
    if isinstance(entry, dict) and isinstance(name, dict):
        return bool(name) and all(key in entry and entry[key] == name[key] for key in name)
    return bool(entry == name)


def _marks(tree: Tree) -> list[Mark]:
    return tree.mark.inside if isinstance(tree.mark.inside, list) else []


def _named(tree: Tree) -> dict[str, tuple[int, int, Mark]]:
    return tree.mark.inside if isinstance(tree.mark.inside, dict) else {}


def _at(tree: Tree, key: str) -> Tree:
    return Tree(tree.data[key], _named(tree)[key][2])


def _moved(mark: Mark) -> Mark:
    inside: Any = mark.inside
    if isinstance(inside, list):
        inside = [_moved(inner) for inner in inside]
    elif isinstance(inside, dict):
        inside = {
            name: (line + _OFFSET, column, _moved(inner))
            for name, (line, column, inner) in inside.items()
        }
    return Mark(mark.line + _OFFSET, mark.column, inside)


def scenarios_in(folder: Path) -> Iterator[Path]:
    """The scenario files of a folder and its folders, in order.

    Base cases are none: what stands in a folder `base`, and what says that it is a case.
    """
    for path in sorted(folder.rglob("*.yaml")):
        if "base" not in path.relative_to(folder).parts[:-1] and not _is_case(path):
            yield path


def _is_case(path: Path) -> bool:
    try:
        text = path.read_bytes()
    except OSError:
        return False  # whoever reads it says what is wrong
    return _CASE.search(text) is not None and _EXPECT.search(text) is None
