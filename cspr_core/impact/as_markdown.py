"""An impact as Markdown, for a pull request: one line, a table, and the details folded away."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.impact import telling
from cspr_core.impact.result import Change, Explained, Impact, Told
from cspr_core.report.guide import escaped

_ARROW = "→"


def markdown_of(impact: Impact) -> str:
    """The impact as Markdown, its headings from the second level."""
    return "\n".join(_lines(impact)).rstrip("\n") + "\n"


def _lines(impact: Impact) -> Iterator[str]:
    yield from (f"## {escaped(telling.title(impact))}", "")
    yield from (f"**{escaped(telling.verdict(impact))}** {escaped(telling.compared(impact))}", "")
    missing = telling.missing(impact)
    if missing is not None:
        yield from (f"> **{escaped(missing)}**", "")
    if impact.changes:
        yield "| Direction | Cases | Change | Rule | For example |"
        yield "|---|---:|---|---|---|"
        yield from (_row(change, impact) for change in impact.changes)
        yield ""
    for name, lines in (("new", impact.refused), ("old", impact.taken)):
        if lines:
            summary = f"Can't be checked under the {name} version ({len(lines)})"
            yield from _folded(summary, [f"- {escaped(line)}" for line in lines])
    if impact.changes:
        yield from _folded("What became of the rules", list(_rules(impact)))
    if impact.explained is not None:
        yield from _folded(
            f"One case, explained: {telling.subject_of(impact.explained)}",
            list(_explained(impact.explained)),
        )
    versions = [f"- {name}: `{called}`" for name, called in telling.versions(impact).items()]
    hooks = [f"- Not compared, in Python: {line}." for line in telling.hooks(impact)]
    notes = ["Days by which dates move are calendar days.", *impact.notes]
    said = [f"- {escaped(note)}" for note in notes]
    yield from _folded("What was compared", [*versions, *said, *hooks])


def _row(change: Change, impact: Impact) -> str:
    group = change.group
    cells = (
        group.direction,
        telling.how_many(group),
        escaped(telling.change_of(group, _ARROW)),
        f"`{group.requirement}`",
        escaped(telling.examples(change, areas=len(impact.areas) > 1)),
    )
    return f"| {' | '.join(cells)} |"


def _folded(summary: str, lines: list[str]) -> Iterator[str]:
    yield from ("<details>", f"<summary>{escaped(summary)}</summary>", "")
    yield from (*lines, "", "</details>", "")


def _rules(impact: Impact) -> Iterator[str]:
    yield from (f"{escaped(telling.rules(impact))}", "")
    told: set[str] = set()
    for change in impact.changes:
        name = change.group.requirement
        if name in told:
            continue
        told.add(name)
        was = "" if change.renamed_from is None else f" (before: `{change.renamed_from}`)"
        yield f"- **{escaped(change.title)}** `{name}`{was}: {escaped(telling.because(change))}"


def _explained(explained: Explained) -> Iterator[str]:
    for name, side in (("Under the old version", explained.old), ("Under the new", explained.new)):
        yield from (f"**{name}**", "")
        yield from _side(side)
        yield ""
    for label, texts in telling.shared(explained).items():
        for text in texts:
            yield f"- {label}: {escaped(text)}"


def _side(side: Told | None) -> Iterator[str]:
    for label, text in telling.told(side).items():
        yield f"- {label}: {escaped(text)}"
