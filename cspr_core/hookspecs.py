"""The hooks that a partnership's plugin may implement: all of them, and nothing else.

A plugin is a package with an entry point in the group `cspr`, named after its area. One that has
`arrangements.yaml` beside its `__init__.py` needs no hook at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:  # pragma: no cover
    from cspr_core.model.arrangements import Arrangements, Requirement
    from cspr_core.model.case import Case
    from cspr_core.model.finding import Report

PROJECT = "cspr"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec(firstresult=True)
def cspr_arrangements() -> Path | None:
    """The path of the area's `arrangements.yaml`; without the hook, the one beside the package."""


@hookspec
def cspr_facts(case: Case, as_of: date) -> Iterable[tuple[str, str, str]]:  # type: ignore[empty-body]
    """Facts of the area's own about a case: name, subject (`""`: the case) and value.

    They become facts of the type `noted`, which requirements of the kind `rule` can match. Never
    put free text or a name into them.
    """


@hookspec
def cspr_requirements(arrangements: Arrangements) -> Iterable[Requirement]:  # type: ignore[empty-body]
    """Requirements that YAML can't say, made in Python; their ids begin with the area's name."""


@hookspec
def cspr_report_formats() -> Mapping[str, Callable[[tuple[Report, ...]], str]]:  # type: ignore[empty-body]
    """Report formats by name, for `cspr check --format NAME`: reports in, text out."""


@hookspec
def cspr_commands(app: Any) -> None:
    """Add commands to the typer application `app`; they run as `cspr area AREA COMMAND`."""
