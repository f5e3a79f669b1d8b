"""A caseload: our table engine against other engines, and its growth.

Each side goes the whole way, from one Parquet file of facts to a written Parquet file of findings,
in the same number of processes, which are started and have their rules ready before. Sides run in
turns; where the requirements are the same, every status, due date and day of doing is compared,
and a difference ends the run. What is counted is answers: cases, times requirements, times
subjects.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import math
import multiprocessing
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import util
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml

from benchmarks.measure import load, machine, say, seldom
from benchmarks.peers.columns import SCHEMA, Facts, groups_of, write_answers
from benchmarks.peers.reference import WRITTEN, Ours, subset
from benchmarks.peers.requirements import EACH, Asked, Model, model_of
from cspr_core.caseload.answers import answers
from cspr_core.caseload.columns import CaseFacts, table_of
from cspr_core.caseload.partition import Job
from cspr_core.caseload.running import run
from cspr_core.caseload.sources import partitions
from cspr_core.caseload.store import GROUP, open_facts, parquet_file, text_columns
from cspr_core.check import check_words, facts_for, rules_for
from cspr_core.program import STATUSES
from cspr_core.reading.case import read_case
from cspr_core.simulating.distributions import shipped_distributions
from cspr_core.simulating.writing import Caseload, write

AREA, SEED, YEARS = "northamptonshire", 7, 5
AS_OF = date(2026, 6, 1)
PEERS = {"zen": "zen-engine", "clips": "clipspy", "openfisca": "openfisca-core"}
MODULES = {"zen": "zen", "clips": "clips", "openfisca": "openfisca_core"}
AT_LEAST = {"zen": 5.0, "openfisca": 1.0}  # times as many answers a second
TOGETHER = 10  # row groups that OpenFisca is given at once: the more, the quicker
MEMORY = 4 * 1024  # megabytes that a run may take at most
_STATUS = {status: number for number, status in enumerate(STATUSES)}
_MOST_SIMULATED = 20_000  # simulating takes longer than checking: more are these again


class Took(NamedTuple):
    """What one side took: seconds by the clock, those of evaluation alone, and answers given."""

    seconds: float
    evaluating: float
    answers: int


@dataclass(frozen=True)
class Side:
    """One side of a comparison, as every process of it is made: `zen`, …, `table`, `reference`.

    `limited`: the requirements with a due date only. `whole`: all requirements of the area.
    """

    engine: str
    limited: bool = False
    whole: bool = False
    form: str = ""


# --- in a process ---------------------------------------------------------------------------------


@cache
def models_for(*, limited: bool) -> tuple[Model, ...]:
    """What other engines can be given: on the case itself, and on each agency of a case.

    `limited`: only what is about the case itself and has a due date.
    """
    rules = rules_for(AREA, None)
    model, _ = model_of(rules, AS_OF)
    if limited:
        return (model.only([one for one in model.asked if one.limited]),)
    return model, model_of(rules, AS_OF, agencies=True)[0]


def asked_by(*, limited: bool) -> list[Asked]:
    """All requirements, with their subjects, that other engines can be given."""
    return [one for model in models_for(limited=limited) for one in model.asked]


@cache
def made(side: Side) -> Any:
    """An engine with its rules, made once in each process; of another's, one for each model."""
    if side.engine in PEERS:
        engine = importlib.import_module(f"benchmarks.peers.{side.engine}").Engine
        more = {"form": side.form} if side.form else {}
        return [engine(m, AS_OF.isoformat(), **more) for m in models_for(limited=side.limited)]
    rules = rules_for(AREA, None)
    if side.whole:
        return Ours(rules, AS_OF, reference=side.engine == "reference")
    rules = subset(rules, {one.requirement for one in asked_by(limited=side.limited)})
    # The same columns are written by all sides.
    return Ours(rules, AS_OF, columns=SCHEMA.names)


def _ready(side: Side) -> None:
    made(side)


def part(side: Side, path: Path, groups: Sequence[int], out: Path) -> tuple[float, int]:
    """Answer the cases of some row groups; seconds of evaluation alone, and answers written."""
    found = made(side)
    engines = found if isinstance(found, list) else [found]
    before = sum(engine.seconds for engine in engines)
    with seldom():
        if isinstance(found, Ours):
            answers = found.run(path, groups, out)
        else:
            answers = _peer(side, found, path, groups, out)
    return sum(engine.seconds for engine in engines) - before, answers


def _peer(side: Side, engines: Any, path: Path, groups: Sequence[int], out: Path) -> int:
    models, answers = models_for(limited=side.limited), 0
    with pq.ParquetWriter(out, SCHEMA, **WRITTEN) as writer:
        for read in _together(groups_of(path, models, groups, AS_OF), side):
            for number, (model, engine) in enumerate(zip(models, engines, strict=True)):
                facts = [one.of_agencies() if number else one for one in read]
                columns = [one.columns(model.columns) for one in facts]
                joined = {
                    name: np.concatenate([one[name] for one in columns]) for name in columns[0]
                }
                said = engine(joined)
                write_answers(writer, facts, model.asked, said)
                answers += said.status.size
    return answers


def _together(found: Iterator[Facts], side: Side) -> Iterator[list[Facts]]:
    size, some = TOGETHER if side.engine == "openfisca" else 1, list[Facts]()
    for facts in found:
        some.append(facts)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some


# --- processes ------------------------------------------------------------------------------------


class Team:
    """A side in so many processes, started and ready; with one, in this process itself."""

    def __init__(self, side: Side, processes: int, folder: Path) -> None:
        """Start the processes; results are written into `folder`."""
        self.side, self.processes = side, processes
        self.folder = folder / "-".join(map(str, vars(side).values()))
        self.folder.mkdir()
        self._pool: ProcessPoolExecutor | None = None
        if processes > 1:
            spawned = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(processes, spawned, _ready, (side,))
            list(self._pool.map(_ready, [side] * processes))
        else:
            _ready(side)

    def run(self, path: Path) -> Took:
        """The whole way for a file of facts."""
        groups = range(pq.ParquetFile(path).num_row_groups)
        tasks = [
            (self.side, path, groups[n :: self.processes], self.folder / f"{n}.parquet")
            for n in range(self.processes)
        ]
        begun = time.perf_counter()
        if self._pool is None:
            found = [part(*task) for task in tasks]
        else:
            found = list(self._pool.map(part, *zip(*tasks, strict=True)))
        seconds = time.perf_counter() - begun
        evaluating, answers = zip(*found, strict=True)
        return Took(seconds, statistics.mean(evaluating), sum(answers))

    def results(self) -> list[Path]:
        """The files of findings of the last run."""
        return sorted(self.folder.glob("*.parquet"))

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown()


@contextlib.contextmanager
def teams(processes: int, *sides: Side) -> Iterator[list[Team]]:
    """Sides, each in so many processes of its own."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as open_:
        found = []
        for side in sides:
            found.append(Team(side, processes, Path(name)))
            open_.callback(found[-1].close)
        yield found


# --- the same answers -----------------------------------------------------------------------------


Answers = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]


class Comparing:
    """Answers by numbers: what is asked of whom, and status, due and done of it."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        """Take the requirements that are compared."""
        self.asked = {(one.requirement, one.subject): n for n, one in enumerate(asked)}
        self._cases: dict[str, int] = {}
        self._subjects: dict[str, int] = {"": 0}

    def answers(self, paths: Sequence[Path]) -> Answers:
        """Keys in their order, and for each status, due and done (days since 1970, or 0)."""
        parts = [
            self._batch(pa.Table.from_batches([batch]))
            for path in paths
            for batch in pq.ParquetFile(path).iter_batches(1 << 20, columns=_COMPARED)
        ]
        keys = np.concatenate([keys for keys, _ in parts])
        values = np.concatenate([values for _, values in parts], axis=1)
        order = np.argsort(keys)
        return keys[order], values[:, order]

    def named(self, key: int) -> str:
        """What a key stands for, in words."""
        whom, case = divmod(key, _MANY)
        one, subject = divmod(whom, _MANY)
        case_of = {number: name for name, number in self._cases.items()}
        subject_of = {number: name for name, number in self._subjects.items()}
        return f"{case_of[case]}, {list(self.asked)[one][0]} {subject_of[subject]}".rstrip()

    def _batch(self, table: pa.Table) -> Answers:
        requirements, names = _coded(table, "requirement")
        subjects, whom = _coded(table, "subject")
        pairs = np.array([[self._place(name, of) for of in whom] for name in names])
        at = pairs[requirements, subjects]
        subject = np.array([self._subjects.setdefault(word, len(self._subjects)) for word in whom])
        codes, words = _coded(table, "case")
        case = np.array([self._cases.setdefault(word, len(self._cases)) for word in words])
        status, known = _coded(table, "status")
        days = [table[name].cast(pa.int32()).fill_null(0).to_numpy() for name in ("due", "done")]
        place = np.array([_STATUS.get(word, -1) for word in known])
        values = np.stack([place[status], *days])
        keys = (at * _MANY + subject[subjects]) * _MANY + case[codes]
        return keys[at >= 0], values[:, at >= 0]

    def _place(self, requirement: str, subject: str) -> int:
        found = self.asked.get((requirement, subject), -1)
        return self.asked.get((requirement, EACH), -1) if found < 0 and subject else found


_MANY = 1 << 24  # more than there are cases, or subjects
_COMPARED = ["case", "requirement", "subject", "status", "due", "done"]


def _coded(table: pa.Table, name: str) -> tuple[np.ndarray[Any, Any], list[str]]:
    """A column of words as numbers, and the words; no word is an empty one, the last."""
    column = table[name].combine_chunks()
    words = [word or "" for word in column.dictionary.to_pylist()] + [""]
    return column.indices.fill_null(len(words) - 1).to_numpy(), words


def compare(ours: Team, theirs: Team) -> int:
    """Hold two sides' last answers against each other; how many there were. Raises on any."""
    comparing = Comparing(asked_by(limited=theirs.side.limited))
    keys, left = comparing.answers(ours.results())
    other, right = comparing.answers(theirs.results())
    if not np.array_equal(keys, other):
        odd = np.setxor1d(keys, other)
        raise RuntimeError(f"{len(odd)} answers of one side only: {comparing.named(int(odd[0]))}")
    differing = np.flatnonzero((left != right).any(axis=0))
    if len(differing):
        at = differing[0]
        raise RuntimeError(
            f"{len(differing)} answers differ; the first: {comparing.named(int(keys[at]))}:"
            f" {left[:, at]} and {right[:, at]}"
        )
    return len(keys)


# --- comparisons ----------------------------------------------------------------------------------


class Row(NamedTuple):
    """A row of the table: answers a second of ours and of the other side, and their ratio."""

    what: str
    cases: int
    ours: float
    other: float
    ratio: float
    at_least: float | None

    def __str__(self) -> str:
        """A row of a Markdown table."""
        wanted = "" if self.at_least is None else f"{self.at_least:g}"
        return (
            f"| {self.what} | {self.cases:,} | {self.ours / 1000:,.0f} | {self.other / 1000:,.0f}"
            f" | {self.ratio:.2f} | {wanted} |"
        )


HEAD = (
    "| what | cases | ours (thousand answers/s) | the other | ratio | at least |\n"
    "|---|---|---|---|---|---|"
)


def against(
    peer: str, path: Path, *, processes: int, pairs: int, form: str = ""
) -> tuple[list[Row], str]:
    """Ours against another engine on the requirements that it can be given, same answers."""
    limited = peer == "openfisca"
    theirs = Side(peer, limited=limited, form=form)
    with teams(processes, Side("table", limited=limited), theirs) as (mine, other):
        taken = [(mine.run(path), other.run(path)) for _ in range(pairs + 1)][1:]  # one to warm up
        answers = compare(mine, other)
    name = importlib.import_module(f"benchmarks.peers.{peer}").NAME
    name += f", {form}" if form else ""
    cases = open_facts(path).cases
    wanted = AT_LEAST.get(peer) if not form else None
    whole = _row(
        f"{name}, the whole way", cases, answers, [(a.seconds, b.seconds) for a, b in taken]
    )
    alone = _row(
        f"{name}, its evaluation alone",
        cases,
        answers,
        [(a.seconds, b.evaluating) for a, b in taken],
    )
    asked = {one.requirement for one in asked_by(limited=limited)}
    share = statistics.median(1 - b.evaluating / b.seconds for _, b in taken)
    said = (
        f"{name}: {len(asked)} requirements, {answers / cases:.0f} answers a case,"
        f" {answers:,} compared and the same;"
        f" {100 * share:.0f}% of its time is reading, columns and writing"
    )
    return [whole._replace(at_least=wanted), alone], said


def _row(what: str, cases: int, answers: int, pairs: Sequence[tuple[float, float]]) -> Row:
    ours, other = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    return Row(what, cases, answers / ours, answers / other, ratio, None)


def against_reference(
    path: Path, sample: Path, *, processes: int, pairs: int
) -> tuple[list[Row], str]:
    """All requirements: the table engine over a file, the reference engine over a part of it."""
    sides = Side("table", whole=True), Side("reference", whole=True)
    with teams(processes, *sides) as (mine, other):
        taken = [(mine.run(path), other.run(sample)) for _ in range(pairs)]
    cases, some = open_facts(path).cases, open_facts(sample).cases
    rates = [(a.answers / a.seconds, b.answers / b.seconds) for a, b in taken]
    ours, theirs = (statistics.median(side) for side in zip(*rates, strict=True))
    ratio = statistics.median(a / b for a, b in rates)
    said = (
        f"All requirements: {taken[0][0].answers:,} answers; the reference engine had {some:,} of"
        " the cases"
    )
    return [Row("the reference engine, all requirements", cases, ours, theirs, ratio, 10.0)], said


def growth(paths: Sequence[Path], processes: int) -> Iterator[str]:
    """The command's own way over files of growing size: time for a case, and memory at most."""
    yield "| cases | seconds | microseconds for a case | memory at most (MB) |\n|---|---|---|---|"
    for path in paths:
        with tempfile.TemporaryDirectory() as name, peak() as most:
            begun = time.perf_counter()
            done = list(run(partitions([str(path)]), Job(AS_OF), Path(name), processes=processes))
            seconds = time.perf_counter() - begun
        cases = sum(outcome.cases for outcome in done)
        each = 1e6 * seconds / cases
        yield f"| {cases:,} | {seconds:.1f} | {each:.0f} | {most[0]:,.0f} |"
    yield f"\nMemory: at most {MEMORY:,} MB, all processes together."


@contextlib.contextmanager
def peak() -> Iterator[list[float]]:
    """The most megabytes that this process and all below it held, looked at 10 times a second."""
    most, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            most[0] = max(most[0], resident(os.getpid()))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield most
    finally:
        most[0] = max(most[0], resident(os.getpid()))
        over.set()
        watcher.join()


def resident(process: int) -> float:
    """Megabytes held by a process and all below it; pages that they share count twice (Linux)."""
    found, waiting = 0, [process]
    while waiting:
        folder = Path(f"/proc/{waiting.pop()}")
        with contextlib.suppress(OSError):  # it may have ended meanwhile
            found += int((folder / "statm").read_text("ascii").split()[1])
            for task in (folder / "task").iterdir():
                waiting += map(int, (task / "children").read_text("ascii").split())
    return found * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


def directory(cases: int, processes: int, pairs: int) -> tuple[str, str]:
    """A folder of case files, against composing them and checking the same cases."""
    with tempfile.TemporaryDirectory() as name:
        folder, out = Path(name, "cases"), Path(name, "out")
        simulate(folder, cases, "files", processes)
        files = sorted(str(path) for path in folder.rglob("*.yaml"))
        if len(files) != cases:
            raise RuntimeError(f"{len(files)} files in place of {cases}")

        def checked() -> float:
            begun = time.perf_counter()
            done = list(run(partitions([str(folder)]), Job(AS_OF), out, processes=processes))
            if sum(outcome.cases for outcome in done) != cases:
                raise RuntimeError("not every case was checked")
            return time.perf_counter() - begun

        with _readers(processes) as read:
            taken = [(checked(), *read(files)) for _ in range(pairs)]
        ratio = statistics.median(a / (b + c) for a, b, c in taken)
        ours, reading, checking = (statistics.median(side) for side in zip(*taken, strict=True))
        size = sum(Path(file).stat().st_size for file in files)
    head = (
        "| a folder of | seconds | composing | checking | ratio | at most |\n"
        "|---|---|---|---|---|---|"
    )
    row = f"| {cases:,} files | {ours:.1f} | {reading:.1f} | {checking:.1f} | {ratio:.2f} | 1.5 |"
    return f"{head}\n{row}", f"{size / 1024 / 1024:.0f} MB of YAML"


@contextlib.contextmanager
def _readers(processes: int) -> Iterator[Callable[[Sequence[str]], tuple[float, float]]]:
    """Processes that compose files, and then check the same cases: seconds by the clock of each."""
    with contextlib.ExitStack() as open_:
        each: Callable[..., Any] = map
        if processes > 1:
            spawned = multiprocessing.get_context("spawn")
            each = open_.enter_context(ProcessPoolExecutor(processes, spawned)).map
        list(each(_checking, [[]] * processes))

        def read(files: Sequence[str]) -> tuple[float, float]:
            size = math.ceil(len(files) / processes / 4)  # as evenly as it goes
            parts = [files[n : n + size] for n in range(0, len(files), size)]
            begun = time.perf_counter()
            list(each(_compose, parts))
            composing = time.perf_counter() - begun
            return composing, sum(each(_checking, parts)) / processes

        yield read


def _compose(files: Sequence[str]) -> None:
    for file in files:
        yaml.compose(Path(file).read_text("utf-8"), Loader=yaml.CSafeLoader)


def _checking(files: Sequence[str]) -> float:
    """Seconds for the check of cases that are parsed before: words, facts, answers, results."""
    rules = rules_for(AREA, None)
    with seldom(), tempfile.TemporaryDirectory() as name:
        cases = [read_case(Path(file), today=None) for file in files]
        begun = time.perf_counter()
        stored = []
        for one in cases:
            check_words(one, rules)
            found = facts_for(one, rules, AS_OF)
            stored.append(CaseFacts(one.case.case, one.case.partnership, found.rows))
        if stored:
            answered = answers(table_of(stored, AS_OF), rules, AS_OF)
            with parquet_file(Path(name, "found"), answered.schema, **WRITTEN) as put:
                put(answered)
        return time.perf_counter() - begun


# --- caseloads ------------------------------------------------------------------------------------


def simulate(out: Path, cases: int, kind: Any, processes: int) -> None:
    """So many simulated cases of the area, the same each time."""
    caseload = Caseload((AREA,), cases, SEED, AS_OF, YEARS, shipped_distributions(), None)
    write(caseload, kind, out, processes=processes)


def repeated(source: Path, cases: int, out: Path, group: int = GROUP) -> Path:
    """So many cases of a file of facts; where it has fewer, its cases again under other names."""
    left, turn = cases, 0
    with (
        pq.ParquetFile(source) as file,
        # As `cspr simulate` writes it: sealed, a row group for so many cases.
        parquet_file(out, file.schema_arrow, sealed=True, use_dictionary=text_columns()) as put,
    ):
        while left:
            for number in range(file.num_row_groups):
                table = file.read_row_group(number).slice(0, left)
                left -= table.num_rows
                if turn:
                    names = pc.binary_join_element_wise(table["case"], str(turn), "-")
                    table = table.set_column(0, table.schema.field(0), names)
                for start in range(0, table.num_rows, group):
                    put(table.slice(start, group).combine_chunks())
                if not left:
                    break
            turn += 1
    return out


def installed(peer: str) -> bool:
    """Whether another engine is here to be compared with."""
    return util.find_spec(MODULES[peer]) is not None


# --- the command ----------------------------------------------------------------------------------


def main(argv: Sequence[str] | None = None) -> None:
    """Run what is named, or all of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks caseload", description=__doc__)
    add = parser.add_argument
    add("what", nargs="*", metavar="NAME", choices=[[], *NAMES], help=f"{', '.join(NAMES)} (all)")
    add("--cases", type=int, default=200_000, help="against reference and OpenFisca (200000)")
    add("--sample", type=int, default=20_000, help="cases against ZEN and CLIPS (20000)")
    add("--reference", type=int, default=2_000, help="cases for the reference engine (2000)")
    add("--growth", type=int, nargs="+", default=[10_000, 100_000, 2_000_000], metavar="N")
    add("--files", type=int, default=10_000, help="in a folder (10000)")
    add("--pairs", type=int, default=3, help="measurements in turns (3)")
    add("--processes", type=int, default=2, help="of each side (2)")
    add("--facts", type=Path, help="simulated facts as of 2026-06-01, in place of new ones")
    given = parser.parse_args(argv)
    what = given.what or NAMES
    say(*machine(("duckdb", "numpy", "pyarrow", *(PEERS[p] for p in PEERS if installed(p)))))
    with tempfile.TemporaryDirectory() as name:
        _Run(given, Path(name)).run(what)
    say(load())


class _Run:
    def __init__(self, given: argparse.Namespace, folder: Path) -> None:
        self.given, self.folder = given, folder

    def run(self, what: Sequence[str]) -> None:
        for name in what:
            if name in PEERS:
                self._peer(name)
            elif name == "reference":
                facts, sample = self._facts(self.given.cases), self._facts(self.given.reference)
                self._tell(against_reference(facts, sample, **self._how))
            elif name == "growth":
                say(*growth([self._facts(n) for n in self.given.growth], self.given.processes), "")
            else:
                table, size = directory(self.given.files, self.given.processes, self.given.pairs)
                say(table, "", f"{size}.")

    @property
    def _how(self) -> dict[str, Any]:
        return {"processes": self.given.processes, "pairs": self.given.pairs}

    def _peer(self, peer: str) -> None:
        if not installed(peer):
            say(f"{PEERS[peer]} is not installed (`uv sync --group bench`).", "")
            return
        facts = self._facts(self.given.cases if peer == "openfisca" else self.given.sample)
        self._tell(against(peer, facts, **self._how))
        if peer == "zen":
            some = self._facts(max(2, self.given.sample // 10))
            self._tell(against(peer, some, form="tables", **self._how))

    def _tell(self, found: tuple[list[Row], str]) -> None:
        rows, said = found
        say(HEAD, *map(str, rows), "", f"{said}. {load()}", "")

    @cache  # noqa: B019 (there is one of these)
    def _simulated(self) -> Path:
        if self.given.facts is not None:
            return Path(self.given.facts)
        most = max(self.given.cases, self.given.sample, *self.given.growth)
        out = self.folder / "simulated.parquet"
        simulate(out, min(most, _MOST_SIMULATED), "facts", self.given.processes)
        return out

    @cache  # noqa: B019 (there is one of these)
    def _facts(self, cases: int) -> Path:
        """A file of so many cases, in at least as many row groups as there are processes."""
        group = min(GROUP, math.ceil(cases / self.given.processes))
        return repeated(self._simulated(), cases, self.folder / f"facts-{cases}.parquet", group)


NAMES = (*PEERS, "reference", "growth", "files")
