"""`cspr due` over a folder of cases, against composing the files and checking the cases.

The other side composes each file with libyaml (`yaml.compose`, `CSafeLoader`) and throws the tree
away; and it checks the same cases, read before. What lies between the two is reading: typing each
value, holding entries against one another, knowing each place; and the list itself.
"""

from __future__ import annotations

import re
import tempfile
from datetime import date
from pathlib import Path

import yaml

from benchmarks.measure import Result, alternate, result
from cspr_core.check import check_case
from cspr_core.reading.case import read_case
from cspr_core.report.due import due_list, due_text, find_cases
from cspr_core.report.findings import report_of

DAYS = 10
_CASE = re.compile(r"^case: *(\S+)", re.MULTILINE)


def due(examples: list[Path], as_of: date, files: int, pairs: int) -> tuple[list[Result], str]:
    """The list over so many files, made from the examples under references of their own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(files):
            text = examples[number % len(examples)].read_text("utf-8")
            path = folder / f"case-{number:03}.yaml"
            path.write_text(_CASE.sub(rf"case: \1-{number}", text, count=1), "utf-8")
        paths = sorted(folder.iterdir())
        cases = [read_case(path, today=None) for path in paths]

        def ours() -> str:
            found, problems = due_list(find_cases([folder]), as_of, DAYS)
            if problems or found.cases != files:
                raise RuntimeError(f"not every case was listed: {problems}")
            return due_text(found)

        def composed() -> None:
            for path in paths:
                yaml.compose(path.read_text("utf-8"), Loader=yaml.CSafeLoader)

        def base() -> None:
            composed()
            for case in cases:
                report_of(check_case(case, as_of))

        taken = alternate(ours, base, pairs)
        size = sum(path.stat().st_size for path in paths)
        return [result(f"`due` over {files} files", taken, 1.5)], f"{size / 1024:.0f} KiB of YAML"
