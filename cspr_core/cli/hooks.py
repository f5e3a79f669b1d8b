"""Running what a plugin's hooks give: whatever it does wrong becomes one line that names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from cspr_core.plugins import Plugin

T = TypeVar("T")


def ask(plugin: Plugin, run: Callable[[], T]) -> T:
    """What `run`, which calls the plugin's code, gives; raises `PluginError`.

    `SystemExit` and the like are the plugin's fault too; the user's Ctrl-C is not.
    """
    from cspr_core.plugins import PluginError

    try:
        return run()
    except (KeyboardInterrupt, PluginError):
        raise
    except BaseException as error:
        raise PluginError(
            f"The plugin `{plugin.area}` ({plugin.distribution}) can't do this:"
            f" {type(error).__name__}. Repair or uninstall it; the other plugins work."
        ) from error
