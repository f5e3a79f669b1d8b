"""CSPR407: what the plugin says it covers, and what it has rules for."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.lint.framework import Context, Message, Severity

CODE = "CSPR407"
TITLE = "Stages covered do not agree with the requirements"
SEVERITY: Severity = "error"


def check(context: Context) -> Iterator[Message]:
    """Each requirement in a stage that is not declared, and each stage declared for nothing."""
    declared = {stage for cover in context.arrangements.covers for stage in cover.stages}
    told: set[str] = set()
    for requirement in context.requirements:
        stage = requirement.stage
        if stage not in declared | told:
            told.add(stage)
            yield context.about(
                requirement,
                f"`{requirement.id}` belongs to the stage `{stage}`, and no document under"
                " `covers` names that stage: reports would say that it is not covered",
                f"Add {stage} to the `stages` of its document, or correct the stage",
                "stage",
            )
    used = {requirement.stage for requirement in context.requirements}
    used |= {d.stage for role in context.arrangements.roles.values() for d in role.duties}
    for n, cover in enumerate(context.arrangements.covers):
        for m, stage in enumerate(cover.stages):
            if stage not in used:
                yield Message(
                    ("covers", n, "stages", m),
                    f"No requirement and no duty belongs to the stage `{stage}`: reports would say"
                    " that it is covered",
                    "Take it out, or write what the document asks for there",
                )
