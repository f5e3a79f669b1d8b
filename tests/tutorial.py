"""Runs docs/writing-a-plugin.md from its first line to its last: its files are written as it says,
its commands run, and what comes out is held against what stands below them.

`python -m tests.tutorial` writes what came out into the page, to be read before it is committed.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cspr_core.check import rules_for
from cspr_core.cli import main

PAGE = Path(__file__).parent.parent / "docs" / "writing-a-plugin.md"
_BLOCK = re.compile(r"(?:<!-- (\w+) (\S+)(?: (\w+))? -->\n)?```(\w*)\n(.*?)```", re.DOTALL)
_MOST = 60  # lines of output that the page shows
MORE = "[…]"  # the output goes on


@dataclass(frozen=True)
class Step:
    """A block of the page: a file to write or to change, or a command with what it gives."""

    start: int
    end: int
    action: str
    path: str
    section: str
    text: str


def steps(page: str) -> Iterator[Step]:
    """The blocks that do something, in order."""
    for found in _BLOCK.finditer(page):
        action, path, section, _, text = found.groups()
        if action or text.startswith("$ "):
            kind = action or "run"
            yield Step(found.start(5), found.end(5), kind, path or "", section or "", text)


def write(step: Step, folder: Path) -> None:
    """Write or change a file as the page says."""
    path = folder / step.path
    if step.action == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(step.text, "utf-8")
        return
    text = path.read_text("utf-8")
    if step.action == "rows":
        text += step.text
    elif step.action == "section":
        # The section as it is, commented out or not, up to the next blank line and headline.
        old = re.compile(
            rf"^(# )?{step.section}:.*?(?=^\n?^# ---|^\n(?:# )?\w|\Z)", re.MULTILINE | re.DOTALL
        )
        text, n = old.subn(lambda _: step.text, text, count=1)
        assert n == 1, step.section
    elif step.action == "replace":
        for line in step.text.splitlines():
            key = line.strip().partition(":")[0]
            wanted = [
                old
                for old in text.splitlines()
                if old.startswith(line[: line.index(key)] + key + ":") and _alike(old, line)
            ]
            assert len(wanted) == 1, (line, wanted)
            text = text.replace(wanted[0], line)
    else:
        raise AssertionError(step.action)
    path.write_text(text, "utf-8")


def _alike(old: str, new: str) -> bool:
    """Whether a line is the one that another takes the place of: most of their words agree."""
    one, other = set(re.findall(r"\w+", old)), set(re.findall(r"\w+", new))
    return len(one & other) * 2 > min(len(one), len(other))


def run(command: str) -> list[str]:
    """What a command prints, in the folder that we are in, and its exit status if not 0."""
    program, *arguments = shlex.split(command)
    if program == "cp":
        shutil.copytree(*arguments[1:])
        return []
    assert program == "cspr"
    rules_for.cache_clear()  # the arrangements change between two commands
    out = io.StringIO()
    status = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            main(arguments)
        except SystemExit as left:
            status = int(left.code or 0)
    lines = out.getvalue().splitlines()
    return [*lines, f"(exit status {status})"] if status else lines


def differences(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """Each command whose output is not what the page shows: it, what is shown, what came out."""
    with contextlib.chdir(folder):
        for step in steps(PAGE.read_text("utf-8")):
            if step.action != "run":
                write(step, folder)
                continue
            first, *shown = step.text.splitlines()
            came = run(first.removeprefix("$ "))
            whole = MORE not in shown
            kept = shown if whole else shown[: shown.index(MORE)]
            if (came if whole else came[: len(kept)]) != kept:
                yield first, shown, came


def renew() -> None:
    """Write what comes out into the page."""
    page = PAGE.read_text("utf-8")
    made: list[tuple[int, int, str]] = []
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        for step in steps(page):
            if step.action != "run":
                write(step, Path(name))
                continue
            first = step.text.splitlines()[0]
            came = run(first.removeprefix("$ "))
            status = came[-1:] if came and came[-1].startswith("(exit status") else []
            if len(came) > _MOST:
                came = [*came[:_MOST], MORE, *status]
            made.append((step.start, step.end, "\n".join([first, *came]) + "\n"))
    for start, end, text in reversed(made):
        page = page[:start] + text + page[end:]
    PAGE.write_text(page, "utf-8", newline="\n")


if __name__ == "__main__":
    renew()
