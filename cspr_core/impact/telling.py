"""The sentences of an impact that every format says alike: what changes, in how many cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cspr_core.comparing.diff_text import called, summary
from cspr_core.impact.order import Direction, State
from cspr_core.impact.result import Change, Days, Example, Explained, Group, Impact, Told
from cspr_core.plugins import NATIONAL
from cspr_core.report.words import capital, day, listing, spaced

NOBODY = "no such finding"
_BECOMES: Mapping[Direction, str] = {
    "worse": "something gets worse",
    "better": "something gets better",
    "other": "something is otherwise different",
}


def count(n: int, noun: str) -> str:
    """`1 case`, `12,345 cases`."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def title(impact: Impact) -> str:
    """What the whole is about."""
    difference = impact.difference
    national = difference.area == NATIONAL
    name = f"The national provisions of {difference.name}" if national else difference.name
    return f"{name}: what the change does to cases"


def versions(impact: Impact) -> dict[str, str]:
    """What each version is called."""
    return {"old": called(impact.difference.old), "new": called(impact.difference.new)}


def compared(impact: Impact) -> str:
    """As of when, and over which cases."""
    areas = f" ({by_area(impact.areas)})" if len(impact.areas) > 1 else ""
    text = f"As of {day(impact.as_of)}, over {count(impact.cases, 'case')}{areas}"
    if impact.left_out:
        text += f"; {by_area(impact.left_out)} left out"
    return f"{text}."


def missing(impact: Impact) -> str | None:
    """What the counts are without; nothing where they hold every case."""
    if not impact.missing:
        return None
    parts = []
    if impact.unread:
        parts.append(f"{count(impact.unread, 'problem')} under either version")
    if impact.refused:
        parts.append(f"{len(impact.refused):,} under the new one alone")
    if impact.taken:
        parts.append(f"{len(impact.taken):,} under the old one alone")
    return f"INCOMPLETE: what could not be used is missing in every count here ({listing(parts)})."


def verdict(impact: Impact) -> str:
    """Whether anything gets worse, and how many cases change."""
    if not impact.changes:
        return "No finding changes."
    touched = impact.touched
    parts = [f"{words} in {touched[d]:,}" for d, words in _BECOMES.items() if touched[d]]
    lead = "" if touched["worse"] else "Nothing gets worse. "
    changed = f"{impact.changed:,} of {count(impact.cases, 'case')}"
    verb = "changes" if impact.changed == 1 else "change"
    told = f"{lead}{changed} {verb}: {listing(parts)}."
    if impact.lost:
        told += f" In {count(impact.lost, 'case')} something wrong is no longer asked about."
    return told


def rules(impact: Impact) -> str:
    """What changed in the rules themselves, in numbers."""
    return f"The rules: {summary(impact.difference)}."


def change_of(group: Group, arrow: str) -> str:
    """From what to what, and how the date moved: `overdue → upcoming, due 4 days later`."""
    parts = [_statuses(group, arrow)]
    old, new = group.old, group.new
    if old is not None and new is not None:
        if old.answer != new.answer:
            parts.append(f"answer {old.answer or 'none'} {arrow} {new.answer or 'none'}")
        if old.binding != new.binding:
            parts.append(f"{old.binding} {arrow} {new.binding}")
    if moved := _moved(group):
        parts.append(moved)
    return ", ".join(parts)


def _statuses(group: Group, arrow: str) -> str:
    was, now = _status(group.old), _status(group.new)
    return f"{now} as before" if was == now else f"{was} {arrow} {now}"


def _status(state: State | None) -> str:
    return NOBODY if state is None else spaced(state.status)


def _moved(group: Group) -> str:
    if group.moved == "given":
        return "now with a due date"
    if group.moved == "taken":
        return "without a due date now"
    return "" if group.days is None else f"due {days(group.days)} {group.moved}"


def days(moved: Days) -> str:
    """By how many calendar days: `4 days`, `2 to 9 days (median 4)`."""
    if moved.least == moved.most:
        return count(moved.least, "day")
    return f"{moved.least:,} to {count(moved.most, 'day')} (median {moved.median:,})"


def how_many(group: Group) -> str:
    """In how many cases, and how many findings where they are more."""
    if group.findings == group.cases:
        return count(group.cases, "case")
    return f"{count(group.cases, 'case')}, {count(group.findings, 'finding')}"


def because(change: Change) -> str:
    """What became of the rule itself."""
    if change.rule:
        return f"{capital('; '.join(change.rule))}."
    return "This rule is as it was; one that it depends on is not."


def examples(change: Change, *, areas: bool) -> str:
    """The example cases, each with whom or what its finding is about."""
    return listing(_example(one, areas=areas) for one in change.group.examples)


def _example(one: Example, *, areas: bool) -> str:
    said = [one.partnership] if areas else []
    said += [one.subject] if one.subject is not None else []
    return f"{one.case} ({', '.join(said)})" if said else one.case


def hooks(impact: Impact) -> list[str]:
    """The hooks in Python that are not compared, each with how its files stand to each other."""
    return [f"{hook.name}: {hook.words}" for hook in impact.difference.hooks]


def subject_of(explained: Explained) -> str:
    """What is explained: a requirement, for whom, in which case."""
    example, group = explained.example, explained.change.group
    whom = f"/{example.subject}" if example.subject is not None else ""
    return f"{group.requirement}{whom}, case {example.case} of {example.partnership}"


def told(side: Told | None) -> dict[str, str]:
    """A finding under one version, as labelled sentences."""
    if side is None:
        return {"Answer": NOBODY}
    finding = side.finding
    answer = spaced(finding.status).upper()
    if finding.answer is not None:
        answer += f" (answer: {finding.answer})"
    lines = {"Answer": f"{answer}, {finding.binding}"}
    if finding.due is not None:
        lines["Due"] = day(finding.due)
    if side.counted is not None:
        lines["Counted"] = side.counted
    lines["Why"] = finding.message.replace("`", "")
    if finding.waits_for is not None:
        lines["Waits for"] = finding.waits_for.replace("`", "")
    if finding.missing:
        lines["Not known"] = listing(one.fact for one in finding.missing)
    return lines


def shared(explained: Explained) -> dict[str, list[str]]:
    """What both sides of an explanation rest on: the evidence, the sources, how they are read."""
    findings = [side.finding for side in (explained.old, explained.new) if side is not None]
    evidence = {
        f"{item.fact}  ({item.file}:{item.line}:{item.column})": None
        for finding in findings
        for item in finding.evidence
    }
    return {
        "Evidence": list(evidence) or ["nothing on record in the case"],
        "Source": _each(f"{f.source.document}: {f.source.section}" for f in findings),
        "Read as": _each(f.reading for f in findings if f.reading is not None),
    }


def _each(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def by_area(areas: Mapping[str, int]) -> str:
    """Cases by area: `12 of essex and 3 of leeds`."""
    return listing(f"{n:,} of {area}" for area, n in areas.items())
