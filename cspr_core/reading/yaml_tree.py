"""YAML text to a tree, with implicit types left alone; syntax errors in plain words.

Nothing is guessed from how a value looks: `no`, `10:00` and `2026-03-02` stay text, and only an
empty plain value, `~` or `null` is None. YAML's tags, merge keys and second documents are refused.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from cspr_core.model.characters import ODD, odd_character
from cspr_core.reading.problems import START, Place, Problem
from cspr_core.reading.source import controls, position
from cspr_core.reading.tree import At, Builder, TooMuchError, Tree

_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
Told = tuple[Place, str, str]  # where, what is wrong, the remedy
_TAB = r"(?m)^ *(\t)"
_MAX_TABS = 5  # a file indented with tabs throughout is one mistake
# a word processor's character where YAML's own should stand
_MISPLACED = rf"(?m)(?:^[ ]*|[:,\[{{-] ?)([{''.join(map(re.escape, ODD))}])"
_TIGHT = r"[ ]*(?:- )?[a-z_]+:(?=[^\s:])"
_QUOTE_IT = 'Put the whole value in quotes ("…")'
_ESCAPE = ("A backslash stands here inside double quotes", "Use single quotes ('…') instead")
_TAG = ("A tag (!) stands here", "Leave out the word that begins with !")

# what the parser says: (what is wrong, the remedy); the first that fits
_WORDS = (
    (
        "mapping values are not allowed",
        "A colon is not allowed here",
        (
            'Put text with a colon in it in quotes ("…"); '
            "if this is a key, begin it in the same column as the keys beside it"
        ),
    ),
    (
        "found unexpected ':'",
        "There is nothing after this colon, not even a space",
        "Write a space and the value after the colon",
    ),
    (
        "could not find expected ':'",
        "This line has no colon after its key",
        "Write a colon and a space after the key, or indent the line further if it is text",
    ),
    (
        "quoted scalar",
        "A quotation mark opens here and is not closed",
        "Close it, or double a quotation mark that belongs to the text",
    ),
    (
        "flow mapping",
        "This brace ({) is not closed, or a comma is missing inside it",
        "Write a comma between two keys, and } at the end",
    ),
    (
        "flow sequence",
        "This bracket ([) is not closed, or a comma is missing inside it",
        "Write a comma between two entries, and ] at the end",
    ),
    (
        "sequence entries are not allowed",
        "A list may not begin here",
        "Begin the list in a line of its own, below its key",
    ),
    ("tag", *_TAG),
    ("scanning an alias", "A value may not begin with *", _QUOTE_IT),
    ("scanning an anchor", "A value may not begin with &", _QUOTE_IT),
    ("block scalar", "A value may not begin with > or |", _QUOTE_IT),
    ("directive", "A line may not begin with %", "Delete the line"),
    (
        "mapping keys are not allowed",
        "A question mark is not allowed here",
        _QUOTE_IT,
    ),
    ("expected the node content", "A value is missing here", "Write it, or delete the comma"),
    (
        "<document start>",
        "This does not belong to what stands above it",
        "Begin it in the same column as the keys above it, each with a colon",
    ),
)


def read_yaml(text: str, file: str) -> tuple[Tree | None, list[Problem]]:
    """A tree (None where none can be made) and every problem of form, in no order.

    `text` has line feeds only and no control characters (`source.decode`).
    """
    builder = Builder(file)
    tabs = _tabs(text, file)
    builder.problems += tabs
    try:
        _feed(builder, _FAST(text))
    except TooMuchError:
        builder.root = None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        builder.root = None
        found = _syntax(text, file, error)
        told = {p.place for p in builder.problems}
        if found.place not in told and all(found.line != tab.line for tab in tabs):
            builder.problems.append(found)
    else:
        if builder.root is None:
            builder.problem((1, 1), "The file is empty", "Fill it in")
    return builder.root, builder.problems


def _tabs(text: str, file: str) -> list[Problem]:
    """Tabs at the beginning of a line, where each reader counts them differently."""
    if "\t" not in text:
        return []
    problems = []
    for match in re.finditer(_TAB, text):
        place = position(text, match.start(1))
        problems.append(
            Problem(
                file,
                place.line,
                place.column,
                "There is a tab at the beginning of this line",
                "Type spaces instead",
            )
        )
    return problems[:_MAX_TABS]


def _feed(builder: Builder, parser: Any) -> None:
    """Hand the parser's events to the builder, up to the end of the first document."""
    documents = 0
    next_event = parser.get_event
    while (event := next_event()) is not None:
        kind = type(event)
        mark = event.start_mark
        at = (mark.line + 1, mark.column + 1)
        if kind is yaml.ScalarEvent:
            _scalar(builder, event, at)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            if event.tag is not None:
                builder.problem(at, *_TAG)
            builder.start(at, is_dict=kind is yaml.MappingStartEvent, anchor=event.anchor)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            builder.end()
        elif kind is yaml.AliasEvent:
            builder.alias(event.anchor, at)
        elif kind is yaml.DocumentStartEvent:
            documents += 1
            if documents > 1:
                builder.problem(at, "A second document begins here", "Keep one document in a file")
                return


def _scalar(builder: Builder, event: yaml.ScalarEvent, at: At) -> None:
    value: str | None = event.value
    if event.tag is not None:
        builder.problem(at, *_TAG)
    if not event.style and value in _NULL:
        value = None
    elif event.style == '"' and any(controls(event.value)):
        builder.problem(at, "A control character stands in this text", "Delete what begins with \\")
        value = None
    builder.scalar(value, at, event.anchor)


def _syntax(text: str, file: str, error: Exception) -> Problem:
    """A parser's error in plain words, with its place.

    The pure-Python parser's wording is taken where it finds the error too, so that messages
    do not depend on which libyaml is installed.
    """
    try:
        _feed(Builder(file), yaml.SafeLoader(text))
    except (yaml.YAMLError, ValueError, OverflowError) as pure:
        error = pure
    except TooMuchError:
        pass
    if not isinstance(error, yaml.MarkedYAMLError):
        at, what, remedy = (
            START,
            "A character code (\\U…) in this file stands for nothing",
            ("Type the character itself"),
        )
    else:
        mark = error.problem_mark or error.context_mark
        at = Place(mark.line + 1, mark.column + 1) if mark else START
        lines = text.split("\n")
        at, what, remedy = _at_sight(lines, at) or _in_words(lines, at, error)
    return Problem(file, at.line, at.column, what, remedy)


def _at_sight(lines: list[str], at: Place) -> Told | None:
    """What the line of an error, or the one before it, shows to be wrong by itself."""
    near = [(n, lines[n - 1]) for n in (at.line, at.line - 1) if 1 <= n <= len(lines)]
    for number, line in near:
        match = re.search(_MISPLACED, line)
        odd = odd_character(match[1]) if match else None
        if match and odd:
            return Place(number, match.start(1) + 1), *odd
    for number, line in near:
        if match := re.match(_TIGHT, line):
            place = Place(number, match.end())
            return place, "There is no space after this colon", "Write one"
    return None


def _among_others(lines: list[str], at: Place, rest: str, column: int) -> Told | None:
    """What is wrong with a line whose column is not: a list where there are keys, or no dash."""
    above = [
        (number, line.rstrip())
        for number, line in enumerate(lines[: at.line - 1], 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if above and above[-1][1].endswith(("[]", "{}")):
        number, line = above[-1]
        empty = line[-2:]
        what = f"Line {number} says `{empty}`, that there is nothing, and here something follows"
        return at, what, f"Take the `{empty}` away in line {number}"
    if column != at.column:
        return None
    if rest.startswith("- "):
        what = "A list entry stands here, among keys"
        return at, what, "Begin it two spaces further in, below the key that it belongs to"
    what = "A list entry is due here, and this line has no dash"
    return at, what, "Put `- ` before it, or begin it further in if it goes on with the entry above"


def _in_words(lines: list[str], at: Place, error: yaml.MarkedYAMLError) -> Told:
    """What the parser says, in plain words."""
    problem, context = str(error.problem or ""), str(error.context or "")
    began = error.context_mark
    rest = lines[at.line - 1][at.column - 1 :] if at.line <= len(lines) else ""
    if "that cannot start any token" in problem:
        if rest.startswith("\t"):
            return at, "There is a tab here", "Type spaces instead"
        return at, f"A value may not begin with {rest[:1]}", _QUOTE_IT
    if "<block end>" in problem and began is not None:
        if rest.startswith(":"):
            return at, "There is no key before the colon", "Write a key, or delete the line"
        if (told := _among_others(lines, at, rest, began.column + 1)) is not None:
            return told
        return (
            at,
            "This line begins in the wrong column",
            (
                f"Begin it in column {began.column + 1}, as line {began.line + 1} does, "
                "or check the quotes and brackets above it"
            ),
        )
    if "escape" in problem:
        return Place(at.line, at.column - 1), *_ESCAPE  # the parser is one sign further on
    if began is not None and ("quoted" in context or "flow " in context):
        at = Place(began.line + 1, began.column + 1)
    said = f"{context} {problem}"
    for sign, what, remedy in _WORDS:
        if sign in said:
            return at, what, remedy
    return (
        at,
        "This cannot be read",
        "Check the quotes, brackets, colons and indentation of this line and the one above",
    )
