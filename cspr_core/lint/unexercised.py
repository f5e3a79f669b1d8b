"""CSPR501: requirements that no scenario holds to anything."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.scenarios import ScenarioFile

CODE = "CSPR501"
TITLE = "A requirement that no scenario exercises"
SEVERITY: Severity = "warning"


def check(context: Context) -> Iterator[Message]:
    """Each requirement that no expectation of any scenario names.

    Where the plugin has no folder (it is installed, or its file stands alone) nothing is known of
    its scenarios, and nothing is said; nor while a scenario can't be read. Whether the statuses are
    covered, `cspr test` tells.
    """
    if context.folder is None or context.is_national:
        return
    if not context.scenarios:
        yield Message(
            (),
            "This plugin has no scenarios",
            "Write some into `scenarios/`: a case, what has to come out, and why",
        )
        return
    readable = [read for _, read in context.scenarios if isinstance(read, ScenarioFile)]
    if len(readable) < len(context.scenarios):
        return  # CSPR502 says which can't be read: what they expect is not known
    named = {expected.requirement for read in readable for expected in read.scenario.expect}
    for requirement in context.requirements:
        if requirement.id not in named and requirement.kind_name != "advice":
            yield context.about(
                requirement,
                f"No scenario expects anything of `{requirement.id}`",
                "Write one, with the dates worked out by hand and the reason",
                "id",
            )
