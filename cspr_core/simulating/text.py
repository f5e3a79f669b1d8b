"""A case as text: a case file that people read, or one line of JSON; always the same bytes.

The YAML is written here and not by a library, whose line breaks and quotes change from version to
version: a key a line, an entry a line, and nothing that would need an anchor or a tag.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from cspr_core.simulating.story import Data

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./ '-]*(?<! )\Z")
_NOTHING = frozenset({"null", "Null", "NULL"})  # a plain one would be no value at all


def as_yaml(data: Data, comment: str) -> str:
    """A case file; `comment` stands in its first line."""
    lines = [f"# {comment}"]
    for name, value in data.items():
        if isinstance(value, list):
            lines += [f"{name}:", *(f"  - {_flow(each)}" for each in value)]
        elif isinstance(value, dict) and name != "incident":
            lines += [f"{name}:", *(f"  {key}: {_flow(each)}" for key, each in value.items())]
        else:
            lines.append(f"{name}: {_flow(value)}")
    return "\n".join([*lines, ""])


def as_line(data: Data) -> str:
    """A case as one line of JSON, with its line feed."""
    return f"{json.dumps(data, default=date.isoformat)}\n"


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(each)}' for key, each in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    if _PLAIN.match(text) and text not in _NOTHING:
        return text
    return f"""'{text.replace("'", "''")}'"""
