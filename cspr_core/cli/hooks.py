"""Running what a plugin's hooks give: whatever it does wrong becomes one line that names it."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cspr_core.cli import errors, output

if TYPE_CHECKING:
    from cspr_core.plugins import Plugin

T = TypeVar("T")


def ask(plugin: Plugin, call: Callable[[], T]) -> T:
    """What `call`, which runs the plugin's code, gives; raises `PluginError`.

    `SystemExit` and the like are the plugin's fault too; the user's Ctrl-C is not.
    """
    try:
        return call()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise _broken(plugin, error) from error


def run(plugin: Plugin, call: Callable[[], T]) -> T:
    """As `ask`, for a command of the plugin's: its usage errors and its exit status are its own."""
    try:
        return call()
    except Exception as error:
        ours = (errors.CommandError, output.OutputError, output.ReaderGoneError)
        if isinstance(error, (*ours, *errors.expected())) or hasattr(error, "format_message"):
            raise
        raise _broken(plugin, error) from error


def _broken(plugin: Plugin, error: BaseException) -> Exception:
    from cspr_core.plugins import PluginError

    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}"
    return PluginError(
        f"The plugin `{plugin.area}` ({plugin.distribution}) can't do this:"
        f" {type(error).__name__}{where}. Repair or uninstall it; the other plugins work."
    )
