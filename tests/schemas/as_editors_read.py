"""YAML as an editor resolves it (YAML 1.2's core schema), for holding files against the schemas.

`no` and `2026-03-02` stay text there, `7` is a number, `true` a truth value, `~` nothing.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import yaml


class _Core(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


for tag, pattern, first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        list("-+.0123456789"),
    ),
):
    _Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{pattern})$"), first)


def _integer(loader: Any, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    base = {"0o": 8, "0x": 16}.get(text[:2])
    return int(text[2:], base) if base else int(text)


_Core.add_constructor("tag:yaml.org,2002:int", _integer)


def read(text: str) -> Any:
    """The file's content as an editor sees it."""
    return yaml.load(text, Loader=_Core)  # noqa: S506  (a safe loader)


def read_file(path: Path) -> Any:
    """The same, of a file."""
    return read(path.read_text("utf-8-sig"))
