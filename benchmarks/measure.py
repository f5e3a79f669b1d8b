"""Pairs of measurements, one side after the other, and what comes out of them.

A machine that others use is slow by turns: a ratio of two things measured right after each other
tells more than two figures, and the median of many such ratios more than their mean.
"""

from __future__ import annotations

import gc
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata

from cspr_core.cli import _SELDOM


@dataclass(frozen=True)
class Result:
    """What was measured: ours, what it is held against, and at most how many times that it may be.

    Times are medians in milliseconds; `ratio` is the median of the pairs' ratios.
    """

    what: str
    ours: float
    base: float
    ratio: float
    target: float | None

    def __str__(self) -> str:
        """A row of a Markdown table."""
        wanted = "" if self.target is None else f"{self.target:.1f}"
        return f"| {self.what} | {self.ours:.1f} | {self.base:.1f} | {self.ratio:.2f} | {wanted} |"


HEAD = "| what | ours (ms) | held against (ms) | ratio | at most |\n|---|---|---|---|---|"


def result(what: str, pairs: list[tuple[float, float]], target: float | None = None) -> Result:
    """The result of pairs of times in seconds: ours, and what it is held against."""
    ours, base = zip(*pairs, strict=True)
    return Result(
        what,
        1000 * statistics.median(ours),
        1000 * statistics.median(base),
        statistics.median(a / b for a, b in pairs),
        target,
    )


@contextmanager
def seldom() -> Iterator[None]:
    """Both sides with the garbage collector as the command `cspr` sets it."""
    usual = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def alternate(
    ours: Callable[[], object], base: Callable[[], object], pairs: int
) -> list[tuple[float, float]]:
    """Seconds of processor time of both, in turns; each is run once before, unmeasured."""
    ours()
    base()
    gc.collect()
    return [(_seconds(ours), _seconds(base)) for _ in range(pairs)]


def machine(libraries: Sequence[str]) -> list[str]:
    """The day, the machine, the versions of libraries, and how much else there is to do."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in libraries)
    where = f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} processors"
    return [f"{datetime.now(UTC).date()}, {where}; {versions}.", load(), ""]


def load() -> str:
    """How much the machine has to do: the means of one, five and fifteen minutes."""
    return f"Load: {', '.join(f'{n:.2f}' for n in os.getloadavg())}."


def say(*lines: str) -> None:
    """Write lines as soon as they are known."""
    for line in lines:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def _seconds(run: Callable[[], object]) -> float:
    begun = time.process_time()
    run()
    return time.process_time() - begun
