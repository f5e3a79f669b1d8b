"""`cspr plugin doc`: the arrangements as practice guidance."""

from __future__ import annotations

import typer


def register(group: typer.Typer) -> None:
    """Add the commands."""
