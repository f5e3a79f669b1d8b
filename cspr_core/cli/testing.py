"""`cspr test`: scenarios, what they cover, and whether they notice a changed rule."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the commands."""
