"""`cspr check`: cases, each held against its partnership's arrangements and the nation's."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check() -> None:
    """x"""
