"""`cspr plugin check`: what a careful reader would say of a plugin."""

from __future__ import annotations

import typer


def register(group: typer.Typer) -> None:
    """Add the commands."""
