"""The one command: every benchmark in one run, as Markdown.

`python -m benchmarks caseload …` is a run of its own, with options of its own.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from benchmarks.cold import cold
from benchmarks.engines import engines
from benchmarks.measure import HEAD, Result, load, machine, say
from benchmarks.memory import in_a_process
from benchmarks.office import due
from cspr_core import compiling

EXAMPLES = Path(__file__).parents[1] / "examples"
CASE = EXAMPLES / "northamptonshire" / "in-review.yaml"
SMALL = ["just-notified", "abuse-or-neglect-unknown", "rapid-review-returns-missing"]
AS_OF = date(2026, 6, 1)
NAMES = ("cold", "engines", "due", "memory")
GROWTH = 10  # megabytes
LIBRARIES = ("durable-rules", "holidays", "pluggy", "pydantic", "PyYAML", "typer")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the benchmarks that are named, or all but those of a caseload."""
    words = sys.argv[1:] if argv is None else list(argv)
    if words[:1] == ["caseload"]:
        from benchmarks import caseload  # noqa: PLC0415  (it needs more than the others)

        caseload.main(words[1:])
        return
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        choices=[[], *NAMES],
        metavar="NAME",
        help="which of cold, engines, due, memory (all without)",
    )
    parser.add_argument("--pairs", type=int, default=15, help="of processes (15)")
    parser.add_argument("--calls", type=int, default=60, help="of a case to its findings (60)")
    parser.add_argument("--files", type=int, default=200, help="for `due` (200)")
    parser.add_argument("--checks", type=int, default=20_000, help="in one process (20000)")
    given = parser.parse_args(words)
    names = given.names or NAMES
    say(*machine(LIBRARIES))
    if "cold" in names:
        compiling.main()  # as set-up does: arrangements may have changed since
        results, libraries = cold(CASE, AS_OF.isoformat(), given.pairs)
        _table(results)
        modules = ", ".join(f"{name} {n}" for name, n in sorted(libraries.items()))
        say(f"Imported bare, with the number of modules: {modules}.")
    if "engines" in names:
        results, size = engines(CASE, AS_OF, given.calls)
        _table(results)
        say(f"{size}.")
    if "due" in names:
        found = sorted(EXAMPLES.glob("*/*.yaml"))
        results, size = due(found, AS_OF, given.files, max(3, given.pairs // 3))
        _table(results)
        say(f"{size}.")
    if "memory" in names:
        cases = [EXAMPLES / "northamptonshire" / f"{name}.yaml" for name in SMALL]
        grown = in_a_process(given.checks, cases)
        say(f"Memory after {given.checks} checks: {grown:+.1f} MB (at most {GROWTH}).")
    say(load())


def _table(results: Sequence[Result]) -> None:
    say(HEAD, *map(str, results), "")


if __name__ == "__main__":
    main()
