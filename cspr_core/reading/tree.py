"""Plain values with the place of each: dictionaries, lists, text and None.

The tree grows from events (a list begins, a value, a list ends), one after the other and
without recursion, so that no input can exhaust the stack. Who makes the events is not its
concern (`yaml_tree`, `json_tree`), and neither is which keys a file may have.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from cspr_core.model.characters import odd_character
from cspr_core.reading.problems import Problem

MAX_DEPTH = 30
MAX_ALIASED = 10_000  # values that aliases may stand for, all in all
_PLAIN_KEY = r"[A-Za-z0-9_.][A-Za-z0-9_./-]{0,59}\Z"

At = tuple[int, int]  # a line and a column, both counted from 1


class Mark(NamedTuple):
    """Where a value stands, and the marks of what it holds.

    `inside` is None for a single value, a list of marks for a list, and for a dictionary the
    marks by key, each with the line and column of the key itself.
    """

    line: int
    column: int
    inside: list[Mark] | dict[str, tuple[int, int, Mark]] | None = None


class Tree(NamedTuple):
    """A file's value, and its marks."""

    data: Any
    mark: Mark


class TooMuchError(Exception):
    """A limit is passed: reading stops (the problem is noted)."""


def quote(key: str, otherwise: str = "this key") -> str:
    """A key as an error may show it: only what looks like a key, never what looks like text."""
    return f"`{key}`" if re.match(_PLAIN_KEY, key) else otherwise


class _Frame:
    """A dictionary or list that is still open."""

    __slots__ = ("anchor", "as_key", "awaits_key", "data", "is_dict", "key", "key_at", "mark",
                 "size")  # fmt: skip

    def __init__(self, data: Any, mark: Mark, anchor: str | None, *, as_key: bool) -> None:
        self.data, self.mark, self.anchor = data, mark, anchor
        self.as_key = as_key  # stands where a key is due: read to its end, never used
        self.is_dict = self.awaits_key = isinstance(data, dict)
        self.key: str | None = None  # None: a key that cannot be used; its value is dropped
        self.key_at: At = (0, 0)
        self.size = 1


class Builder:
    """Puts a tree together from events, and gathers every problem on the way."""

    def __init__(self, file: str) -> None:
        """For a file of this name."""
        self.file = file
        self.problems: list[Problem] = []
        self.root: Tree | None = None
        self._open: list[_Frame] = []
        self._anchors: dict[str, tuple[Any, Mark, int] | None] = {}
        self._aliased = 0

    def problem(self, at: At, what: str, remedy: str) -> None:
        """Note one problem at a line and column."""
        self.problems.append(Problem(self.file, at[0], at[1], what, remedy))

    def start(self, at: At, *, is_dict: bool, anchor: str | None = None) -> None:
        """Open a dictionary or a list; raises `TooMuchError` past the limit of depth."""
        as_key = bool(self._open) and self._open[-1].awaits_key
        if as_key:
            self.problem(
                at,
                "A list or a group of keys stands here in the place of a key",
                "Write one word as key, then a colon",
            )
            self._lose_key()
        data: Any = {} if is_dict else []
        inside: Any = {} if is_dict else []
        self._open.append(_Frame(data, Mark(*at, inside), anchor, as_key=as_key))
        if anchor:
            self._anchors[anchor] = None  # not yet complete: an alias to it would hold itself
        if len(self._open) > MAX_DEPTH:
            self.problem(
                at,
                f"Lists and keys are nested more than {MAX_DEPTH} deep here",
                "Close the brackets that are open, or indent less",
            )
            raise TooMuchError

    def end(self) -> None:
        """Close the innermost dictionary or list."""
        frame = self._open.pop()
        if frame.anchor:
            self._anchors[frame.anchor] = (frame.data, frame.mark, frame.size)
        if not frame.as_key:
            self._put(frame.data, frame.mark, frame.size)

    def scalar(self, value: str | None, at: At, anchor: str | None = None) -> None:
        """Take a single value, or a key where one is due."""
        if anchor:
            self._anchors[anchor] = (value, Mark(*at), 1)
        if self._open and self._open[-1].awaits_key:
            self._take_key(value or "", at)
        else:
            self._put(value, Mark(*at), 1)

    def alias(self, name: str, at: At) -> None:
        """Put what an anchor stands for in the place of its alias; raises `TooMuchError`."""
        if self._open and self._open[-1].awaits_key:
            self.problem(at, "An alias (*) stands here in the place of a key", "Write the key out")
            self._lose_key()
            return
        found = self._anchors.get(name)
        if found is None:
            what = (
                "This alias (*) stands inside what it refers to"
                if name in self._anchors
                else "This alias (*) refers to nothing above it"
            )
            self.problem(at, what, "Write the value out")
            self._put(None, Mark(*at), 1)
            return
        data, mark, size = found
        self._aliased += size
        if self._aliased > MAX_ALIASED:
            self.problem(
                at,
                f"The aliases (*) up to here stand for more than {MAX_ALIASED} values",
                "Write the values out",
            )
            raise TooMuchError
        self._put(data, mark, size)

    def _lose_key(self) -> None:
        self._open[-1].awaits_key, self._open[-1].key = False, None

    def _take_key(self, key: str, at: At) -> None:
        """Take what stands as key, or note what is wrong with it."""
        self._lose_key()
        top = self._open[-1]
        if key in top.data:
            name = quote(key)
            self.problem(
                at,
                f"{name[0].upper() + name[1:]} stands here a second time; "
                f"the first is in line {top.mark.inside[key][0]}",  # type: ignore[index,call-overload]
                "Keep one of the two",
            )
        elif not key.strip():
            self.problem(at, "There is no key before the colon", "Write a key, or delete the line")
        elif key == "<<":
            self.problem(at, "Merge keys (<<) are not used here", "Write the keys out")
        elif odd := odd_character(key):
            self.problem(at, f"{odd[0].removesuffix(' here')} in this key", odd[1])
        else:
            top.key, top.key_at = key, at

    def _put(self, value: Any, mark: Mark, size: int) -> None:
        if not self._open:
            self.root = Tree(value, mark)
            return
        top = self._open[-1]
        top.size += size
        inside: Any = top.mark.inside
        if not top.is_dict:
            top.data.append(value)
            inside.append(mark)
            return
        if top.key is not None:
            top.data[top.key] = value
            inside[top.key] = (*top.key_at, mark)
        top.awaits_key = True
