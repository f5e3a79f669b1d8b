"""The examples of the rules: each a plugin's folder that fails, and one that passes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib.metadata import Distribution, EntryPoint
from pathlib import Path
from typing import Any

import pytest

from cspr_core import plugins
from cspr_core.lint import evaluation
from cspr_core.lint.framework import Result, rules, run
from cspr_core.lint.ignoring import CODE_OF_ITS_OWN
from cspr_core.lint.targets import Target, context_for

HERE = Path(__file__).parent
TODAY = date(2026, 11, 21)
NAMES = sorted(path.parent.name for path in HERE.glob("*/fails"))


def codes() -> dict[str, str]:
    """Every rule's code by the name of its module, hyphens for underscores."""
    found = {
        rule.__name__.rpartition(".")[2].replace("_", "-"): rule.CODE  # type: ignore[attr-defined]
        for rule in rules()
    }
    return found | {"ignoring": CODE_OF_ITS_OWN}


class Here(Distribution):
    """A distribution that is not on disk."""

    version = "1"

    def read_text(self, filename: str) -> str | None:
        return "Name: cspr-exshire\nVersion: 1\n" if filename == "METADATA" else None

    def locate_file(self, path: Any) -> Any:
        return path


@contextmanager
def installed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, value: str = "cspr_exshire"
) -> Iterator[Path]:
    """The package `cspr_exshire` in a folder, as if its distribution were installed."""
    monkeypatch.syspath_prepend(folder)
    point = EntryPoint("exshire", value, "cspr")
    vars(point)["dist"] = Here()
    for module in (plugins, sys.modules["cspr_core.lint.targets"]):
        monkeypatch.setattr(module, "installed", lambda: {"exshire": (point,)})
    try:
        yield folder / "cspr_exshire"
    finally:
        sys.modules.pop("cspr_exshire", None)


def checked(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    """What the rules find in an example; with its Python, where it has some.

    To check fifty cases takes long, so that only the examples of that rule go through it.
    """
    own = folder.parent.name == "evaluation"
    chosen = [rule for rule in rules() if own or rule.CODE != evaluation.CODE]
    if not (folder / "__init__.py").is_file():
        return run(context_for(Target(file=folder / "arrangements.yaml"), TODAY), chosen)
    shutil.copytree(folder, tmp_path / "cspr_exshire")
    with installed(tmp_path, monkeypatch):
        return run(context_for(Target("exshire"), TODAY), chosen)


def lines(result: Result, folder: Path) -> list[str]:
    """The messages as `expected.txt` has them: the file's name left out of its own."""
    found = []
    for one in result.found:
        text = str(one).removeprefix(f"{result.context.document.file}:")
        for start in (f"{folder}/", f"{Path(result.context.document.file).parent}/"):
            text = text.removeprefix(start)
        found.append(text)
    return found
