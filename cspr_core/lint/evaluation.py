"""CSPR503: requirements that fail, or on which the engines differ, for cases drawn from a seed."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from cspr_core.check import Rules, check_facts, facts_for
from cspr_core.engine.compared import EnginesDifferError
from cspr_core.generated import Drawn, drawn_cases
from cspr_core.kinds import Lowered
from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.plugins import Plugin
from cspr_core.report.findings import report_of

CODE = "CSPR503"
TITLE = "An internal error on a drawn case"
SEVERITY: Severity = "error"

SEED = 1
CASES = 50


def check(context: Context) -> Iterator[Message]:
    """Each requirement that can't be evaluated, with every engine there is, for 50 cases."""
    rules = context.rules
    without_hooks = Rules(replace(rules.plugin, hooks=None), rules.nation)
    for drawn in drawn_cases(context.rules, SEED, CASES):
        error = _fails(rules, drawn)
        if error is not None and rules.plugin.hooks is not None:
            # what a hook does wrong is a rule of its own: from here on it is not asked
            rules = without_hooks
            error = _fails(rules, drawn)
        if error is None:
            continue
        culprits = [one for one in context.lowered if _fails(_only(rules, one), drawn)]
        for lowered in culprits or context.lowered[:1]:
            told = f"`{lowered.requirement.id}` fails" if culprits else "The check fails"
            yield context.about(
                lowered.requirement,
                f"{told} on the case drawn from seed {drawn.seed}: {_said(error)}",
                "Look for a figure in it that can't be meant; if there is none, please report this"
                " line as an internal error",
                "id",
            )
        return  # one case says enough


def _fails(rules: Rules, drawn: Drawn) -> Exception | None:
    """What is raised on the way from the case to its report; nothing where all goes well."""
    try:
        casefile = drawn.casefile
        facts = facts_for(casefile, rules, drawn.as_of)
        report_of(check_facts(casefile, rules, drawn.as_of, facts))
    except Exception as error:  # noqa: BLE001  (whatever it is, it is what was looked for)
        return error
    return None


def _only(rules: Rules, lowered: Lowered) -> Rules:
    """The rules with this requirement, and those that it reads or waits for, alone."""
    wanted, left = {lowered.requirement.id}, [lowered]
    while left:
        one = left.pop()
        copied = one.limit.copies if one.limit is not None else None
        for name in {*one.program.reads, *({copied} if copied else ())} - wanted:
            wanted.add(name)
            left += [rules.by_id[name]] if name in rules.by_id else []
    return Rules(_kept(rules.plugin, wanted), _kept(rules.nation, wanted))


def _kept(plugin: Plugin, wanted: set[str]) -> Plugin:
    """The plugin with these of its requirements."""
    lowered = tuple(one for one in plugin.lowered if one.requirement.id in wanted)
    requirements = tuple(one.requirement for one in lowered)
    arrangements = plugin.arrangements.model_copy(update={"requirements": requirements})
    return replace(plugin, arrangements=arrangements, lowered=lowered)


def _said(error: Exception) -> str:
    """The error's type and place, or its own words where they hold nothing of a case."""
    if isinstance(error, EnginesDifferError):
        return str(error).removeprefix("Internal error: ").partition(". ")[0].rstrip(".")
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} in {Path(frames[-1].filename).name}, line {frames[-1].lineno}"
