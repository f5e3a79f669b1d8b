"""Scenarios: a base case, changed, checked, and held against what was worked out by hand.

A scenario file says of at most five findings what they have to be, each with its reason. Nothing
here writes an expectation: what the program answers is never the measure of what is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from cspr_core.check import Rules, check_case, rules_for
from cspr_core.model.finding import Finding, Report
from cspr_core.model.scenario import Expectation, Scenario
from cspr_core.reading.case import CaseFile
from cspr_core.reading.case import check_case as case_from
from cspr_core.reading.document import Document, build, read_document
from cspr_core.reading.problems import BadInput, Place, Problem, in_order
from cspr_core.reading.tree import Mark, Tree, quote
from cspr_core.reading.words import nearest
from cspr_core.report.findings import report_of

Loc = tuple[str | int, ...]
# Entries that a scenario adds to its base keep their own places, told apart by a line that no
# case file can have.
_OFFSET = 10_000_000
_LINE = re.compile(r"line (1\d{7})")
_COMPARED = ("status", "due", "answer", "done")


@dataclass(frozen=True)
class ScenarioFile:
    """A scenario, the file's values with their places, and its case as changed."""

    scenario: Scenario
    path: str
    document: Document
    casefile: CaseFile

    def place(self, index: int) -> Place:
        """Where an expectation stands."""
        return self.document.place(("expect", index))


@dataclass(frozen=True)
class Difference:
    """A finding that is not what its expectation says: what was found, in one line."""

    expectation: Expectation
    finding: Finding
    file: str
    line: int
    column: int
    what: str

    def __str__(self) -> str:
        """One line for a person: `FILE:LINE:COLUMN: what was found.`."""
        return f"{self.file}:{self.line}:{self.column}: {self.what}."


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
    base = read_document(base_path)
    merged = _merged(base, document)
    try:
        casefile = case_from(merged, today=None)
    except BadInput as error:
        raise BadInput(_placed(p, str(path)) for p in error.problems) from error
    return ScenarioFile(scenario, str(path), document, casefile)


def play(file: ScenarioFile, directory: Path | None = None) -> tuple[Difference, ...]:
    """Check the scenario's case as of each day named, and return every difference.

    Raises `BadInput` where an expectation names no requirement there is, or no finding of it;
    `PluginError` where the area's plugin can't be used.
    """
    rules = rules_for(file.casefile.case.partnership, directory)
    _known(file, rules)
    reports: dict[date, Report] = {}
    problems: list[Problem] = []
    found: list[Difference] = []
    for index, expected in enumerate(file.scenario.expect):
        report = reports.get(expected.as_of)
        if report is None:
            report = _report(file, expected.as_of, directory)
            reports[expected.as_of] = report
        findings = [f for f in report.findings if f.requirement == expected.requirement]
        finding = next((f for f in findings if _subject(f) == expected.subject), None)
        if finding is None:
            problems.append(_no_finding(file, index, expected, findings))
        elif what := _differs(expected, finding):
            at = file.place(index)
            found.append(Difference(expected, finding, file.path, at.line, at.column, what))
    if problems:
        raise BadInput(problems)
    return tuple(found)


def _report(file: ScenarioFile, as_of: date, directory: Path | None) -> Report:
    try:
        return report_of(check_case(file.casefile, as_of, directory=directory))
    except BadInput as error:
        raise BadInput(_placed(p, file.path) for p in error.problems) from error


def _subject(finding: Finding) -> str | None:
    return None if finding.subject is None else finding.subject.id


def _differs(expected: Expectation, finding: Finding) -> str:
    """What is not as expected, in words; nothing where all is."""
    wrong: list[str] = []
    for name in _COMPARED:
        wanted = getattr(expected, name)
        written = name == "status" or name in expected.model_fields_set
        given = getattr(finding, name)
        if written and wanted != given:
            wrong.append(f"{name} is {_shown(given)}, not {_shown(wanted)}")
    if not wrong:
        return ""
    about = expected.requirement + (f" {expected.subject}" if expected.subject else "")
    return f"{about} on {expected.as_of}: {' and '.join(wrong)} ({finding.message.rstrip('.')})"


def _shown(value: object) -> str:
    return "none" if value is None else str(value)


# --- expectations that can't be held against anything --------------------------------------------


def _known(file: ScenarioFile, rules: Rules) -> None:
    problems: list[Problem] = []
    for index, expected in enumerate(file.scenario.expect):
        name = expected.requirement
        if name in rules.by_id:
            continue
        near = nearest(name, list(rules.by_id))
        problems.append(
            file.document.problem(
                ("expect", index, "requirement"),
                f"{quote(name, 'This')} is not a requirement",
                f"Write {near} if that was meant"
                if near
                else f"Take its id from `cspr requirements {rules.plugin.area}`",
            )
        )
    if problems:
        raise BadInput(problems)


def _no_finding(
    file: ScenarioFile, index: int, expected: Expectation, findings: list[Finding]
) -> Problem:
    subjects = [subject for f in findings if (subject := _subject(f)) is not None]
    about = "the case itself" if expected.subject is None else f"`{expected.subject}`"
    written = expected.subject is not None
    return file.document.problem(
        ("expect", index, "subject") if written else ("expect", index),
        f"{expected.requirement} has no finding about {about} on {expected.as_of}",
        f"Write one of the subjects that it has: {', '.join(subjects)}"
        if subjects
        else "Leave `subject` out: there is one finding, about the case itself",
    )


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
    """The scenario files of a folder and its folders, in order; base cases are none."""
    for path in sorted(folder.rglob("*.yaml")):
        if "base" not in path.relative_to(folder).parts[:-1]:
            yield path
