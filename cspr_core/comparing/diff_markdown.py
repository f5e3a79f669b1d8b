"""A difference as Markdown, for a pull request: a table of what changed, then each change."""

from __future__ import annotations

from collections.abc import Iterator

from cspr_core.comparing.changes import CHANGES, Difference, RequirementChange
from cspr_core.comparing.diff_text import called, summary, verdict
from cspr_core.comparing.sections import TITLES
from cspr_core.report.guide import escaped
from cspr_core.report.words import capital, listing


def markdown_of(difference: Difference) -> str:
    """The difference as Markdown, its headings from the second level."""
    return "\n".join(_lines(difference)).rstrip("\n") + "\n"


def _lines(difference: Difference) -> Iterator[str]:
    yield from (f"## {escaped(difference.name)}: what changed", "")
    yield f"- old: `{called(difference.old)}`"
    yield from (f"- new: `{called(difference.new)}`", "")
    yield from (f"**{verdict(difference)}** {summary(difference)}.", "")
    for change, meaning in CHANGES.items():
        found = difference.of(change)
        if found:
            yield from (f"### {capital(change)} ({len(found)})", "", f"{capital(meaning)}.", "")
        for one in found:
            yield from _requirement(one)
    if difference.redated:
        yield from ("### Held from another day, with their document", "")
        for redated in difference.redated:
            ids = listing(f"`{name}`" for name in redated.requirements)
            yield f"- {escaped(redated.document)}: {redated.words}. {ids}."
        yield ""
    for section, title in TITLES.items():
        rows = [one for one in difference.sections if one.section == section]
        if rows:
            yield from (f"### {title}", "", "| What | Change | Before | Now |", "|---|---|---|---|")
        for row in rows:
            cells = (row.what, row.change, row.was, row.now)
            yield f"| {' | '.join(map(escaped, cells))} |"
        if rows:
            yield ""
    if difference.hooks:
        yield from ("### Not compared: Python", "")
        yield from (f"- `{hook.name}`: {hook.words}." for hook in difference.hooks)


def _requirement(one: RequirementChange) -> Iterator[str]:
    was = f" (before: `{one.renamed_from}`)" if one.renamed_from else ""
    yield f"- **{escaped(one.title)}** `{one.id}`{was}"
    side = one.new or one.old
    if one.change in ("removed", "added") and side is not None:
        yield f"  - {capital(escaped(side.words))}."
    for aspect in one.aspects:
        if aspect.name == "wording":
            yield f"  - {aspect.keys[0]}: before {_quoted(aspect.was)}, now {_quoted(aspect.now)}"
        else:
            yield f"  - {capital(escaped(aspect.words))}."
    if one.shows_lines:
        yield from _yaml(one)
    yield ""


def _quoted(text: str) -> str:
    return f"“{escaped(text)}”" if text else "none"


def _yaml(one: RequirementChange) -> Iterator[str]:
    """The lines of both versions, as a diff."""
    yield from ("", "  ```diff")
    for name, mark, side in (("old", "-", one.old), ("new", "+", one.new)):
        before = 0
        for line in () if side is None else side.lines:
            if line.number != before + 1:
                yield f"  @@ {name} line {line.number} @@"
            yield f"  {mark} {line.text}"
            before = line.number
    yield "  ```"
