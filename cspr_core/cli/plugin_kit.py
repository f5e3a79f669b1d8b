"""`cspr plugin`: what somebody who writes a partnership's plugin needs."""

from __future__ import annotations

import typer

from cspr_core.cli import plugin_check, plugin_doc, plugin_new


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    group = typer.Typer(no_args_is_help=True)
    for module in (plugin_new, plugin_check, plugin_doc):
        module.register(group)
    app.add_typer(group, name="plugin", help="Write, check and publish a partnership's plugin.")
