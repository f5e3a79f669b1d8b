"""One case out of a caseload, for the whole report with evidence and words.

A case that stands in a file of its own is checked from that file, as any other. One that stands in
a table of facts is checked from these facts, by the same engines: what it says is the same, but
its evidence names the table and no line of a case file, since there is none.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from cspr_core.caseload.columns import CASE, STORED, CaseFacts, facts_again, rows_of, stand_in
from cspr_core.caseload.partition import Job, of_line, rules_of
from cspr_core.caseload.sources import Partition
from cspr_core.caseload.store import open_facts
from cspr_core.check import Checked, check_facts
from cspr_core.reading.document import Document, Loc, read_document
from cspr_core.reading.problems import START, BadInput, Place


class Found(NamedTuple):
    """A case that was asked for: the file it stands in, and what it says there.

    That is a document, or else its facts, where they are all there is.
    """

    case: str
    path: Path
    said: Document | CaseFacts


class Line(Document):
    """A line of a JSONL file: what stands nowhere in it stands in that line, not in the first."""

    __slots__ = ()

    def place(self, loc: Loc, key: bool = False) -> Place:  # noqa: FBT001, FBT002
        """As `Document.place`."""
        return max(super().place(loc, key), Place(self.mark.line, START.column))


def document_of(content: bytes, number: int, path: Path) -> Line | None:
    """A line of a JSONL file as a document, if it is not blank; raises `BadInput`."""
    document = of_line(content, number, path)
    return None if document is None else Line(*document)


def find(parts: Sequence[Partition], wanted: Collection[str]) -> Iterator[Found | BadInput]:
    """Where the cases of these references stand, in the caseload's order; each as often as it does.

    A file that can't be read, and may hold one of them, comes as its problems.
    """
    for part in parts:
        if part.kind == "files":
            for path in part.paths:
                yield from _in_file(path, wanted)
        elif part.kind == "lines":
            yield from _in_lines(part, wanted)
        else:
            yield from _in_facts(part, wanted)


def check_stored(found: CaseFacts, path: Path, job: Job) -> Checked:
    """A case checked from its stored facts, under its own partnership or the job's.

    Raises `PluginError`, `EnginesDifferError`.
    """
    rules = rules_of(job.partnership or found.partnership, job)
    return check_facts(stand_in(found, path), rules, job.as_of, facts_again(found))


def _in_file(path: Path, wanted: Collection[str]) -> Iterator[Found | BadInput]:
    try:
        content = path.read_bytes() if path.is_file() else b""
    except OSError:
        return  # the caseload's own check names it; whose case it is, nobody can say
    if _may_hold(content, wanted):
        yield from _asked_for(partial(read_document, path), path, wanted)


def lines_of(part: Partition) -> Iterator[tuple[int, bytes]]:
    """The lines of a part of a JSONL file, each with its number in the file; raises `OSError`."""
    number = part.line
    with part.paths[0].open("rb") as stream:
        stream.seek(part.start)
        while stream.tell() < part.stop:
            yield number, stream.readline()
            number += 1


def _in_lines(part: Partition, wanted: Collection[str]) -> Iterator[Found | BadInput]:
    path = part.paths[0]
    with contextlib.suppress(OSError):  # as for files
        for number, content in lines_of(part):
            if _may_hold(content, wanted):
                yield from _asked_for(partial(document_of, content, number, path), path, wanted)


def _may_hold(content: bytes, wanted: Collection[str]) -> bool:
    """Whether one of the references stands there at all: to read it all takes far longer."""
    return any(case.encode() in content for case in wanted)


def _asked_for(
    read: Callable[[], Document | None], path: Path, wanted: Collection[str]
) -> Iterator[Found | BadInput]:
    try:
        document = read()
    except BadInput as error:
        yield error
        return
    data = None if document is None else document.data
    if document is not None and isinstance(data, dict) and data.get("case") in wanted:
        yield Found(data["case"], path, document)


def _in_facts(part: Partition, wanted: Collection[str]) -> Iterator[Found | BadInput]:
    import pyarrow as pa  # noqa: PLC0415  (heavy, and only caseloads need it)
    import pyarrow.compute as pc  # noqa: PLC0415

    path, asked = part.paths[0], pa.array(sorted(wanted), pa.string())
    file = open_facts(path)
    for group in range(part.start, part.stop):
        try:
            names, _ = file.read_sound(group, STORED[:1])
            there = names.filter(pc.is_in(names.column(CASE), asked)).column(CASE).to_pylist()
            if not there:
                continue
            facts, problems = file.read_sound(group)
        except BadInput as error:
            yield error
            continue
        sound = list(rows_of(facts.filter(pc.is_in(facts.column(CASE), asked))))
        for one in sound:
            yield Found(one.case, path, one)
        if len(sound) < len(there):
            yield BadInput(problems)  # one of them may stand for several cases
