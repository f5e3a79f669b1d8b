"""A difference as plain text for a console: short lines, no colour, the worst first."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import dedent

from cspr_core.comparing.changes import CHANGES, Aspect, Difference, RequirementChange, Side
from cspr_core.comparing.sections import TITLES, SectionChange
from cspr_core.comparing.versions import Version
from cspr_core.report.lines import wrapped
from cspr_core.report.words import capital, listing

_MOST = 6  # lines of YAML that are shown of a side
_IDS = 5  # requirements that are named of many


def summary(difference: Difference) -> str:
    """How many requirements changed in which way: `1 removed, 2 loosened; 186 as before`."""
    counts = [f"{len(found)} {change}" for change in CHANGES if (found := difference.of(change))]
    held = sum(len(one.requirements) for one in difference.redated)
    if held:
        counts.append(f"{held} held from another day with their document")
    told = listing(counts) or "no requirement differs"
    return f"{capital(told)}; {difference.unchanged} as before"


def verdict(difference: Difference) -> str:
    """Whether anything differs, in one sentence."""
    if difference.same:
        return "Nothing differs."
    if difference.affects:
        return "What is checked differs."
    return "What is checked is the same; only what is said differs."


def called(version: Version) -> str:
    """What a version is called: its file, with the commit where it is a revision."""
    return version.file if version.commit is None else f"{version.file} ({version.commit[:10]})"


def text_of(difference: Difference, width: int) -> str:
    """The whole difference in lines of at most `width`; lines of YAML and long words apart."""
    lines = [
        *wrapped(f"{difference.name}: what changed", width),
        f"  old  {called(difference.old)}",
        f"  new  {called(difference.new)}",
        "",
        *wrapped(f"{verdict(difference)} {summary(difference)}.", width),
    ]
    for change, meaning in CHANGES.items():
        found = difference.of(change)
        if found:
            lines += ["", *wrapped(f"{change.upper()} ({len(found)}): {meaning}", width)]
        for one in found:
            lines += ["", *_requirement(one, width)]
    if difference.redated:
        lines += ["", "HELD FROM ANOTHER DAY, WITH THEIR DOCUMENT"]
    for redated in difference.redated:
        many = len(redated.requirements)
        shown = [*redated.requirements[:_IDS]]
        shown += [f"{many - _IDS} more"] if many > _IDS else []
        told = f"{redated.document}: {redated.words}. This is of {listing(shown)}."
        lines += ["", *wrapped(told, width, "  ", "    ")]
    lines += _sections(difference, width)
    if difference.hooks:
        lines += ["", "NOT COMPARED: PYTHON"]
        lines += [""]
        for hook in difference.hooks:
            lines += wrapped(f"{hook.name}: {hook.words}.", width, "  ", "    ")
    return "\n".join(lines) + "\n"


def _requirement(one: RequirementChange, width: int) -> Iterator[str]:
    yield from wrapped(one.title, width, "  ")
    yield from wrapped(one.id, width, "    ")
    if one.renamed_from:
        yield from wrapped(f"Before: {one.renamed_from}", width, "    ", "      ")
    if not one.aspects:
        side = one.new or one.old
        if side is not None and one.change in ("removed", "added"):
            yield from wrapped(f"{capital(side.words)}.", width, "    ", "      ")
    for aspect in one.aspects:
        yield from _aspect(aspect, one, width)
    if one.shows_lines:
        yield from _yaml("old", one.old)
        yield from _yaml("new", one.new)
    else:  # the words say all that the lines do
        sides = [("old", one.old), ("new", one.new)]
        places = ", ".join(f"{name} line {side.line}" for name, side in sides if side is not None)
        yield f"    {capital(places)}"


def _aspect(aspect: Aspect, one: RequirementChange, width: int) -> Iterator[str]:
    if aspect.name == "wording":
        (key,) = aspect.keys
        yield from wrapped(f"- {key}: {aspect.was or 'none'}", width, "    ", "        ")
        yield from wrapped(f"+ {key}: {aspect.now or 'none'}", width, "    ", "        ")
        return
    mixed = one.change in ("loosened in part", "changed", "re-dated")
    verdicts = {"looser": "Looser: ", "stricter": "Stricter: ", "mixed": "Looser in part: "}
    told = verdicts.get(aspect.verdict, "") if mixed else ""
    words = aspect.words if told else capital(aspect.words)
    yield from wrapped(f"{told}{words}.", width, "    ", "      ")


def _yaml(name: str, side: Side | None) -> Iterator[str]:
    if side is None:
        return
    if not side.lines:
        yield f"    {name} {side.line:>5} | (has no such key)"
        return
    texts = dedent("\n".join(line.text for line in side.lines)).split("\n")
    # One line more takes no more room than to say that there is one.
    shown = len(texts) if len(texts) <= _MOST + 1 else _MOST
    for line, text in zip(side.lines[:shown], texts, strict=False):
        yield f"    {name} {line.number:>5} | {text}"
    if len(texts) > shown:
        yield f"    {name}       | and {len(texts) - shown} more lines"


def _sections(difference: Difference, width: int) -> Iterator[str]:
    for section, title in TITLES.items():
        found = [one for one in difference.sections if one.section == section]
        if found:
            yield from ("", title.upper())
        for one in found:
            yield ""
            yield from section_lines(one, width)


def section_lines(one: SectionChange, width: int) -> Iterator[str]:
    """One change of a section, both values in words."""
    lines = (("old line", one.old_line), ("new line", one.new_line))
    places = ", ".join(f"{name} {line}" for name, line in lines if line is not None)
    what = f"{one.what}, {one.change}" if one.what else capital(one.change)
    yield from wrapped(f"{what} ({places})", width, "  ", "    ")
    if one.was:
        yield from wrapped(f"- {one.was}", width, "    ", "      ")
    if one.now:
        yield from wrapped(f"+ {one.now}", width, "    ", "      ")
