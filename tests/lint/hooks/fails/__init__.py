"""Exshire's plugin: arrangements in YAML, and facts of its own."""

from collections.abc import Iterable
from typing import Any

from cspr_core.hookspecs import hookimpl
from cspr_core.model.case import Case


@hookimpl
def cspr_facts(case: Case) -> Iterable[Any]:
    return [("seen", case.case)]
