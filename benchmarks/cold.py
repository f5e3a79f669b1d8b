"""A cold `cspr check` of one case, against a Python that only imports the same libraries.

The libraries are not chosen by hand: the check is run once, and every module that it has loaded
from site-packages and that is not ours is imported by the other side, in the same order.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Result, result

_CHECK = "from cspr_core.cli import command; command()"  # what the script `cspr` holds
_LOADED = """
import sys, sysconfig
from cspr_core.cli import main
try:
    main()
except SystemExit:
    pass
site = sysconfig.get_paths()["purelib"], sysconfig.get_paths()["platlib"]
for name, module in sys.modules.items():
    if (getattr(module, "__file__", None) or "").startswith(site):
        if not name.startswith(("cspr_", "_", "benchmarks")):
            sys.stderr.write(name + "\\n")
"""


def cold(case: Path, as_of: str, pairs: int) -> tuple[list[Result], dict[str, int]]:
    """Wall clock and processor time of both, as a table and as JSON; and the libraries."""
    arguments = ["check", str(case), "--as-of", as_of]
    modules = _loaded(arguments)
    bare = [sys.executable, "-c", f"import {', '.join(modules)}"]
    results = []
    for form in ("table", "json"):
        ours = [sys.executable, "-c", _CHECK, *arguments, "--format", form]
        taken = [(_process(ours, ok=(0, 1)), _process(bare)) for _ in range(pairs)]
        wall = [(a[0], b[0]) for a, b in taken]
        processor = [(a[1], b[1]) for a, b in taken]
        results.append(result(f"cold check, {form}, wall clock", wall, 1.5))
        results.append(result(f"cold check, {form}, processor time", processor, 1.5))
    return results, dict(Counter(name.partition(".")[0] for name in modules))


def _loaded(arguments: Sequence[str]) -> list[str]:
    done = subprocess.run(  # noqa: S603  (our own interpreter and text)
        [sys.executable, "-c", _LOADED, *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=_environment(),
    )
    return done.stderr.split()


def _process(command: Sequence[str], ok: tuple[int, ...] = (0,)) -> tuple[float, float]:
    """Seconds on the clock and of the processor; raises `RuntimeError` where it failed."""
    before, begun = _children(), time.perf_counter()
    done = subprocess.run(  # noqa: S603  (our own interpreter and text)
        command, check=False, stdout=subprocess.DEVNULL, env=_environment()
    )
    wall = time.perf_counter() - begun
    if done.returncode not in ok:
        raise RuntimeError(f"{command} left with {done.returncode}")
    return wall, _children() - before


def _children() -> float:
    """Seconds of the processor, in the system's too, that finished processes have taken."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _environment() -> dict[str, str]:
    """As an installed command has it: with compiled bytecode."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
