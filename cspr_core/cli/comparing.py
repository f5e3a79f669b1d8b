"""`cspr compare` and `cspr diff`: how arrangements differ."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the commands."""
