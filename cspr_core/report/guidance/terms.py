"""The field's own terms, from `terms.yaml`: which of them a text uses, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import yaml


def used(text: str) -> Iterator[tuple[str, str]]:
    """The terms that a text uses, each with its meaning, in the order of the file."""
    for row in _terms():
        if re.search(row["found"], text):
            yield row["term"], row["meaning"]


@cache
def _terms() -> tuple[dict[str, str], ...]:
    text = files("cspr_core.report.guidance").joinpath("terms.yaml").read_text(encoding="utf-8")
    return tuple(yaml.safe_load(text))
