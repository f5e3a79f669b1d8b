"""`cspr plugin new`: a complete plugin for a new partnership."""

from __future__ import annotations

import typer


def register(group: typer.Typer) -> None:
    """Add the commands."""
