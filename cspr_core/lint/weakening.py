"""Finds a local requirement that is looser than the national one that it tightens.

Limits are compared on every date that they can count from. Where all is well, a note says so; a
lower force beside a national duty is one too, where the local requirement asks for more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.model.arrangements import Requirement
from cspr_core.strictness import Comparison, compare_beside, limit_of, safe_number

CODE = "CSPR301"
TITLE = "A national duty is weakened"
SEVERITY: Severity = "error"

# What a duty consists of. In the rest, less weighs less where more is asked for elsewhere.
_SUBSTANCE = frozenset({"limit", "people", "form", "count", "question", "hold", "rule"})
_MORE = _SUBSTANCE | {"done", "order", "since"}
_REMEDIES = {
    "limit": "Shorten it, or count from the same event as the national duty",
    "binding": "Write `binding: must`, or leave `tightens` out and say in `note` what holds",
    "exceptions": "Leave `unless` out: the national duty knows no exception",
    "delays": "Name under `told` everybody whom the national duty names",
    "conditions": "Take the condition away, or leave `tightens` out",
    "subjects": "Name everybody whom the national duty names, or leave `tightens` out",
    "done": "Ask for no less than the national duty, or leave `tightens` out",
}
_ELSE = "Ask for what the national duty asks for, and more if the document does"
_NOTHING = "Nothing to do"
_READ = "Read the two beside each other, and say in `reading` how they go together"


def check(context: Context) -> Iterator[Message]:
    """One message for each way in which a requirement is looser; one note on all the rest."""
    if context.is_national:
        return
    for requirement in context.requirements:
        if requirement.tightens is not None and requirement.tightens in context.national:
            duty = context.national[requirement.tightens]
            yield from _about(context, requirement, duty)


def _about(context: Context, local: Requirement, duty: Requirement) -> Iterator[Message]:
    aspects = compare_beside(duty, local, context.rules)
    rest: list[Comparison] = []
    for aspect in aspects:
        severity = _severity(aspect, aspects)
        if severity is None:
            rest.append(aspect)
            continue
        what = f"Looser than `{duty.id}`: {aspect.words}"
        if aspect.verdict == "cannot be compared":
            what = f"Perhaps looser than `{duty.id}`: {aspect.words}"
        remedy = _remedy(context, local, duty, aspect)
        yield context.about(local, what, remedy, *_key(local, aspect), severity=severity)
    weakened = len(rest) < len(aspects)
    if rest or not weakened:
        yield _note(context, local, duty, rest, weakened=weakened)


def _severity(aspect: Comparison, aspects: Sequence[Comparison]) -> Severity | None:
    """How bad it is that a requirement is looser in this; `None` where it is not, or is made up."""
    if aspect.verdict == "cannot be compared" and aspect.aspect == "limit":
        return "warning" if aspect.may_be_later else None
    if aspect.verdict not in ("looser", "mixed"):
        return None
    if aspect.aspect in _SUBSTANCE:
        return "error"
    counts = _MORE if aspect.aspect == "binding" else _MORE | {"binding"}
    more = any(other.verdict == "stricter" and other.aspect in counts for other in aspects)
    return None if more else "warning"


def _key(local: Requirement, aspect: Comparison) -> tuple[str, ...]:
    written = local.model_fields_set
    return next(((key,) for key in aspect.keys if key in written), ())


def _remedy(context: Context, local: Requirement, duty: Requirement, aspect: Comparison) -> str:
    if aspect.aspect == "limit" and aspect.verdict == "cannot be compared":
        return "Count from the same event as the national duty"
    if aspect.aspect == "limit":
        by_id = {name: lowered.requirement for name, lowered in context.rules.by_id.items()}
        old, new = limit_of(duty, by_id), limit_of(local, by_id)
        if old is not None and new is not None and (n := safe_number(old, new)) is not None:
            longer = new.holds or aspect.keys == ("before",)
            return f"Write `n: {n}` or {'more' if longer else 'less'}: never looser then"
    return _REMEDIES.get(aspect.aspect, _ELSE)


def _note(
    context: Context,
    local: Requirement,
    duty: Requirement,
    rest: Sequence[Comparison],
    *,
    weakened: bool,
) -> Message:
    """What else there is to say: that all is well, or what can't be said."""
    told = "; ".join(aspect.words for aspect in rest)
    less = [aspect for aspect in rest if aspect.verdict in ("looser", "mixed")]
    unclear = [aspect for aspect in rest if aspect.verdict == "cannot be compared"]
    if unclear:
        begin, remedy = f"Cannot be compared with `{duty.id}`, which holds beside it", _READ
    elif weakened:
        begin, remedy = f"In the rest not looser than `{duty.id}`", _NOTHING
    elif less:
        begin = (
            f"Stricter in one point and less so in another than `{duty.id}`, which holds beside it"
        )
        remedy = _NOTHING
    else:
        begin, remedy = f"Never looser than `{duty.id}`", _NOTHING
    return context.about(
        local, f"{begin}: {told}" if told else begin, remedy, "tightens", severity="note"
    )
