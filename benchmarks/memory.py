"""How much more memory a process holds after many checks, in a process of its own.

`python -m benchmarks.memory CHECKS CASE...` writes the growth in megabytes.
"""

from __future__ import annotations

import gc
import subprocess
import sys
from datetime import date
from pathlib import Path

from cspr_core.check import check_case
from cspr_core.reading.case import read_case
from cspr_core.report.findings import report_of

WARM_UP = 200  # checks before the first measurement: caches fill, memory is taken from the system
AS_OF = date(2026, 6, 1)


def resident() -> float:
    """Megabytes that the process holds in memory (Linux)."""
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the system does not say how much memory there is in use")


def growth(checks: int, cases: list[Path]) -> float:
    """Megabytes more after so many checks with both engines, reports included."""
    files = [read_case(case, today=None) for case in cases]

    def run(n: int) -> None:
        for number in range(n):
            report_of(check_case(files[number % len(files)], AS_OF))

    run(WARM_UP)
    gc.collect()
    before = resident()
    run(checks)
    gc.collect()
    return resident() - before


def in_a_process(checks: int, cases: list[Path]) -> float:
    """As `growth`, in a process of its own."""
    done = subprocess.run(  # noqa: S603  (our own interpreter)
        [sys.executable, "-m", "benchmarks.memory", str(checks), *map(str, cases)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return float(done.stdout)


if __name__ == "__main__":
    sys.stdout.write(f"{growth(int(sys.argv[1]), [Path(name) for name in sys.argv[2:]])}\n")
