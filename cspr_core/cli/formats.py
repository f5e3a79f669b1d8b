"""In which format a command writes: what `--format` says, or the ending of the name in `--out`.

One rule for every command: an ending never promises what the file does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cspr_core.cli.errors import CommandError

# The first ending of a format is the one that messages name.
_OF_ENDING = {
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".md": "markdown",
    ".markdown": "markdown",
    ".docx": "word",
    ".ics": "calendar",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
}
# What nothing here writes: whoever names a file so would get something that does not open.
_OTHERS = tuple(
    ".doc .gif .gz .jpg .odp .ods .odt .pdf .png .ppt .pptx .ps .rtf .svg .tsv .xls .xlsm .xlsx"
    " .xml .yaml .yml .zip".split()
)


def format_of(
    form: str | None,
    out: Path | None,
    formats: Sequence[str],
    *,
    also: Sequence[str] = (),
    instead: Mapping[str, str] | None = None,
) -> str:
    """The format to write in, one of `formats`, of which the first is what the screen shows.

    Without `--format` an ending that is known chooses it. `also`: formats that the command has in
    other cases, whose endings are named too. `instead`: what to say more of a format that is not
    there. Raises `CommandError` for an ending that contradicts `--format`, or that is of a format
    which is not there; any other ending, or none, says nothing.
    """
    hints = instead or {}
    if form is not None and form not in formats:
        from cspr_core.reading.words import nearest

        there = f"There are: {', '.join(formats)}."
        near = nearest(form, formats)
        hint = hints.get(form) or (f"Did you mean {near}?" if near else "")
        raise CommandError(
            f"--format {form}: there is no such format here. {there} {hint}".rstrip()
        )
    ending = "" if out is None else out.suffix.lower()
    meant = _OF_ENDING.get(ending)
    if meant is None and ending not in _OTHERS:
        return form or formats[0]
    if meant is not None and meant in formats and form in (None, meant):
        return meant
    if form is not None and meant in (*formats, *also):
        raise CommandError(
            f"--out {out}: this name is that of a {meant} file, and --format says {form}. Write the"
            " same in both, or leave --format out."
        )
    there, hint = _endings((*formats, *also)), hints.get(meant or "", "")
    raise CommandError(f"--out {out}: nothing is written as {ending} here. {there} {hint}".rstrip())


def chosen_by(out: Path | None) -> str | None:
    """The format that the ending of a name stands for, if it is a known one."""
    return None if out is None else _OF_ENDING.get(out.suffix.lower())


def _endings(formats: Sequence[str]) -> str:
    first = {form: ending for ending, form in reversed(_OF_ENDING.items())}
    there = [first[form] for form in formats if form in first]
    if not there:
        return "Write .txt or no ending: the file holds what the screen shows."
    return (
        f"There {'is' if len(there) == 1 else 'are'} {', '.join(there)}; with .txt or none, the"
        " file holds what the screen shows."
    )
