"""A simulated caseload as case files, JSON lines or Parquet facts: block after block, in order.

Blocks of numbers are made in processes of their own where there are several, and come back in
order, so that what is written is the same however many made it. Only a few blocks wait at a time.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from cspr_core.caseload.columns import CaseFacts, table_of
from cspr_core.caseload.errors import CaseloadError
from cspr_core.caseload.store import FactsWriter, told, whole_file
from cspr_core.check import rules_for
from cspr_core.processes import Processes
from cspr_core.simulating.distributions import Distributions, shipped_distributions
from cspr_core.simulating.telling import Teller, teller_of
from cspr_core.simulating.text import as_line, as_yaml

BLOCK = 250  # cases that are made at a time
_WAITING = 3  # blocks under way for each process, so that none has to wait for the writer
_SELDOM = (100_000, 20, 20)  # cases hold no circles: to look for them took a third of the time
_PRIVATE_FILE = 0o600

Kind = Literal["files", "lines", "facts"]
Progress = Callable[[int], None]  # called with the number of cases made


@dataclass(frozen=True)
class Caseload:
    """The caseload that is asked for: `cases` in all, dealt out to the areas in turn."""

    areas: tuple[str, ...]
    cases: int
    seed: int
    as_of: date
    years: int = 5
    by: Distributions = field(default_factory=shipped_distributions)
    plugins: Path | None = None

    @cached_property
    def tellers(self) -> tuple[Teller, ...]:
        """Whoever tells the cases of each area; raises `PluginError` or `BadInput`."""
        return tuple(
            teller_of(
                rules_for(area, self.plugins),
                self.by,
                seed=self.seed,
                as_of=self.as_of,
                years=self.years,
            )
            for area in self.areas
        )

    def place(self, index: int) -> tuple[Teller, int]:
        """Who tells the case at a place of the caseload, from 0, and its number in its area."""
        area, number = index % len(self.areas), index // len(self.areas) + 1
        return self.tellers[area], number


def write(
    caseload: Caseload,
    kind: Kind,
    out: Path,
    *,
    processes: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Write a caseload: a folder of case files, a file of JSON lines, or Parquet facts.

    Whole or not at all, and readable by its owner only. `processes`: how many to use (None: as
    many as there are cores). The bytes are the same for the same caseload. Raises `CaseloadError`
    where it can't be written or a process ends before its time, `PluginError` or `BadInput` where
    an area's plugin can't be used.
    """
    if not caseload.tellers:  # what is wrong with a plugin shows here, and not in a process
        raise ValueError("a caseload needs an area")
    if kind == "files":
        _write_folder(caseload, out, processes, progress)
    elif kind == "lines":
        with whole_file(out) as stream:
            for made in _blocks(caseload, kind, out, processes, progress):
                with told(out):
                    stream.write(made)
    else:
        with FactsWriter(out, caseload.as_of) as writer:
            for made in _blocks(caseload, kind, out, processes, progress):
                writer.add_table(made)


def _write_folder(
    caseload: Caseload, out: Path, processes: int | None, progress: Progress | None
) -> None:
    place = Path(os.path.realpath(out))  # a link stays a link
    with told(out):
        part = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent))
    try:
        for _ in _blocks(caseload, "files", part, processes, progress):
            pass
        with told(out):
            with suppress(FileNotFoundError):
                place.rmdir()  # an empty one, which not every system lets another take the place of
            part.rename(place)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


# --- blocks --------------------------------------------------------------------------------------


def _blocks(
    caseload: Caseload, kind: Kind, out: Path, processes: int | None, progress: Progress | None
) -> Iterator[Any]:
    """What each block gives, in order: a table of facts, lines as bytes, or nothing but files."""
    ends = range(BLOCK, caseload.cases + BLOCK, BLOCK)
    blocks = [range(end - BLOCK, min(end, caseload.cases)) for end in ends]
    wanted = min(processes or _cores(), len(blocks))
    if wanted <= 1:
        made: Iterator[Any] = (_block(caseload, kind, out, block) for block in blocks)
    else:
        made = _in_processes(caseload, kind, out, blocks, wanted)
    for block, given in zip(blocks, made, strict=True):
        yield given
        if progress is not None:
            progress(block.stop)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _block(caseload: Caseload, kind: Kind, out: Path, places: range) -> Any:
    """The cases of a block, made here."""
    told_by = [caseload.place(index) for index in places]
    if kind == "files":
        for teller, number in told_by:
            _write_file(out, teller, number)
        return None
    if kind == "lines":
        return "".join(as_line(teller.data(number)) for teller, number in told_by).encode()
    facts = [_facts(teller, number) for teller, number in told_by]
    return table_of(facts, caseload.as_of)


def _facts(teller: Teller, number: int) -> CaseFacts:
    case = teller.case(number)
    return CaseFacts(case.case, case.partnership, teller.facts(case).rows)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, _PRIVATE_FILE)


def _write_file(folder: Path, teller: Teller, number: int) -> None:
    day = date.fromordinal(teller.world.as_of)
    comment = (
        f"Simulated: nobody's case. Number {number} of {teller.area} from the seed {teller.seed},"
        f" as it stands on {day}. --as-of {day}"
    )
    path = folder / f"{teller.reference(number)}.yaml"
    # binary on every system, and its owner's alone from the beginning
    with told(path), open(path, "xb", opener=_private) as stream:
        stream.write(as_yaml(teller.data(number), comment).encode())


# --- processes -----------------------------------------------------------------------------------

_here: list[tuple[Caseload, Kind, Path]] = []  # what a process of its own was started for


def _prepare(caseload: Caseload, kind: Kind, out: Path) -> None:
    """Make a process ready."""
    gc.set_threshold(*_SELDOM)
    _here.append((caseload, kind, out))


def _made_there(places: range) -> Any:
    caseload, kind, out = _here[-1]
    return _block(caseload, kind, out, places)


def _in_processes(
    caseload: Caseload, kind: Kind, out: Path, blocks: Sequence[range], processes: int
) -> Iterator[Any]:
    with _pool(caseload, kind, out, processes) as pool:
        waiting: deque[Future[Any]] = deque()
        for block in blocks:
            waiting.append(pool.submit(_made_there, block))
            if len(waiting) >= processes * _WAITING:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def _pool(caseload: Caseload, kind: Kind, out: Path, processes: int) -> Iterator[Processes]:
    """Processes that make blocks; none is left behind. Raises `CaseloadError` where one dies."""
    fresh = replace(caseload)  # what it has made ready here is made ready there anew
    pool = Processes(processes, _prepare, fresh, kind, out)
    try:
        yield pool
    except BrokenProcessPool as error:
        raise CaseloadError(
            "A process that made cases ended before its time, perhaps for lack of memory. Nothing"
            " was written. Try again with fewer of them (--processes 1)."
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)
