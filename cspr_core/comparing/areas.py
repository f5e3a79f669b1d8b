"""The areas that are to be compared: each by its name, or by the folder of its plugin."""

from __future__ import annotations

from pathlib import Path

from cspr_core.check import Rules, nation_alone, rules_for
from cspr_core.plugins import NATIONAL, in_directory, installed, load_arrangements, national


def rules_of(area: str, directory: Path | None) -> Rules:
    """The rules of an area that is installed or in `directory`, else of the plugin at a path.

    A path is read as YAML alone. Raises `PluginError` or `BadInput`.
    """
    if area == NATIONAL:
        return nation_alone()
    if area in installed() or (directory is not None and area in in_directory(directory)):
        return rules_for(area, directory)
    path = Path(area)
    if path.exists() or path.suffix or len(path.parts) > 1:
        return Rules(load_arrangements(path), national())
    return rules_for(area, directory)  # which says what there is
