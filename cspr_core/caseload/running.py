"""A caseload's partitions over processes of this machine, or over a cluster of several.

What comes out does not depend on where, in what order or at which try a partition was checked. What
a partition holds, and how it is checked, is none of this module's business.
"""

from __future__ import annotations

import concurrent.futures
import gc
import logging
import os
from collections import Counter, deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from cspr_core.caseload.errors import CaseloadError
from cspr_core.caseload.partition import (
    Job,
    LeftOut,
    Outcome,
    check_partition,
    key_of,
    left_out,
    place_of,
    ready,
    without,
)
from cspr_core.caseload.sources import Partition
from cspr_core.caseload.store import told
from cspr_core.processes import Processes
from cspr_core.reading.problems import START, Problem, in_order

Progress = Callable[[int, int], None]

TRIES = 3  # how often a partition is tried whose worker dies
_AHEAD = 2  # partitions in hand for each worker: one that it checks, and the next
_LISTED = 100  # cases that stand twice, told one by one
_ANSWERS = 30  # seconds in which a scheduler has to answer, and a first worker has to be there
_LOOK = 5.0  # seconds between looks at whether a cluster still has workers
_PATIENCE = 120  # seconds without any worker: one that died may come back


def run(  # noqa: PLR0913  (what a caseload needs, and where it runs)
    partitions: Sequence[Partition],
    job: Job,
    folder: Path,
    *,
    processes: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Outcome]:
    """Check all partitions; their outcomes in order of their numbers, once all of them are known.

    Results are written into `folder`, one file for each partition (its outcome's `result`); who
    calls owns the folder, and takes it away when done. Nothing comes before the last partition is
    checked: a case that stands twice in the caseload is in doubt, so it is a problem (with both
    places) and in no result, wherever it stood. What concerns a whole area (no plugin for it, a
    plugin that can't be used) is one problem, with the number of its cases and one as an example.

    `processes`: how many of this machine (None: as many as it has cores, but not more than there
    are partitions; 1: this one). `cluster`: the address of a Dask scheduler instead; its workers
    have to see the files and `folder` under the same paths. `progress` is called with the number
    of cases checked and of partitions finished.

    The results are the same, byte for byte, however many processes or machines there are. A
    worker that dies has its partition tried again, three times in all. Raises `CaseloadError`
    (a partition can't be checked, no cluster, a full disk), `EnginesDifferError`, and for the
    area that the job names or the files that it holds `PluginError` and `BadInput`; then no
    result is left in `folder`.
    """
    if cluster is not None:
        partitions = [partition.absolute() for partition in partitions]
        job, folder = job.absolute(), folder.absolute()
    ready(job)  # what stops every partition, no worker need find out
    with told(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
    try:
        found: dict[int, Outcome] = {}
        checked, start = 0, _pools(len(partitions), processes, cluster)
        # Closed at once, whatever happens here: its workers must not outlive it.
        with closing(_checked(partitions, job, folder, start)) as coming:
            for outcome in coming:
                found[outcome.number] = outcome
                checked += outcome.cases
                if progress is not None:
                    progress(checked, len(found))
        outcomes = _settled(partitions, [found[part.number] for part in partitions], job)
    except BaseException:
        for partition in partitions:
            with suppress(OSError):
                result_of(partition, folder).unlink(missing_ok=True)
        raise
    finally:
        _sweep(folder)
    yield from outcomes


def result_of(partition: Partition, folder: Path) -> Path:
    """Where a partition's result stands."""
    return folder / f"{partition.number:06}.parquet"


def cores() -> int:
    """How many processes this machine has room for."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _sweep(folder: Path) -> None:
    """Take away what a worker that was ended had begun to write."""
    with suppress(OSError):
        for part in folder.glob(".*.parquet.*.part"):
            part.unlink(missing_ok=True)


# --- workers --------------------------------------------------------------------------------------


class _DiedError(Exception):
    """A worker died over a partition."""


class _Pool:
    """Workers that check partitions: this process itself, where no other is asked for."""

    room = 1  # how many partitions are in hand at once
    die_together = False  # whether a worker that dies takes along what the others have in hand

    def submit(self, partition: Partition, job: Job, out: Path) -> Future[Outcome]:
        """Let a partition be checked."""
        future: Future[Outcome] = Future()
        try:
            future.set_result(check_partition(partition, job, out))
        except Exception as error:  # noqa: BLE001  (whoever asks for the result gets it)
            future.set_exception(error)
        return future

    def result(self, future: Future[Outcome]) -> Outcome:
        """The outcome; raises `_DiedError`, and what checking the partition raised."""
        return future.result()

    def look(self) -> None:
        """Raise `CaseloadError` where nobody is left to wait for."""

    def close(self) -> None:
        """End the workers, which have nothing left to do."""

    def stop(self) -> None:
        """End the workers, whatever they are doing."""


class _Processes(_Pool):
    """Processes of this machine: begun afresh, as what threads left behind can't be forked."""

    die_together = True

    def __init__(self, processes: int) -> None:
        self.room = processes * _AHEAD
        self._executor = Processes(processes, _begin)

    def submit(self, partition: Partition, job: Job, out: Path) -> Future[Outcome]:
        try:
            return self._executor.submit(check_partition, partition, job, out)
        except BrokenProcessPool as error:  # one has just died
            future: Future[Outcome] = Future()
            future.set_exception(error)
            return future

    def result(self, future: Future[Outcome]) -> Outcome:
        try:
            return future.result()
        except BrokenProcessPool as error:
            raise _DiedError from error

    def close(self) -> None:
        self._executor.shutdown()

    def stop(self) -> None:
        # Only Python 3.14 has a name for it: without, each would first finish its partition.
        for process in list((self._executor._processes or {}).values()):  # noqa: SLF001
            process.terminate()
        self._executor.shutdown(cancel_futures=True)


def _begin() -> None:
    """Make a process ready: one thread is all it uses."""
    import pyarrow as pa  # noqa: PLC0415  (heavy, and only caseloads need it)

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    gc.freeze()


class _Cluster(_Pool):
    """A Dask cluster: the same function, by the interface of executors that its client has."""

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client, KilledWorker  # noqa: PLC0415  (an extra, and heavy)
        except ImportError as error:
            raise CaseloadError(
                "--cluster needs Dask's `distributed`. Install cspr with its extra `cluster`."
            ) from error
        self._killed, self._address = KilledWorker, address
        # It would write on stderr of each worker that dies: what is to be told of it, we tell.
        logging.getLogger("distributed.client").setLevel(logging.ERROR)
        try:
            self._client = Client(address, timeout=_ANSWERS, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise CaseloadError(
                f"--cluster {address}: no Dask scheduler answers there. Check the address, for"
                " example tcp://10.0.0.5:8786, and that the scheduler runs."
            ) from error
        try:
            self._client.wait_for_workers(1, timeout=_ANSWERS)
        except TimeoutError as error:
            self._client.close()
            raise self._no_worker() from error
        self._executor = self._client.get_executor(pure=False)
        self.room = _AHEAD * sum(self._client.nthreads().values())
        self._seen = monotonic()

    def submit(self, partition: Partition, job: Job, out: Path) -> Future[Outcome]:
        future: Future[Outcome] = self._executor.submit(check_partition, partition, job, out)
        return future

    def result(self, future: Future[Outcome]) -> Outcome:
        try:
            return future.result()
        except self._killed as error:
            raise _DiedError from error
        except CancelledError as error:
            raise self._lost() from error
        except ModuleNotFoundError as error:
            raise CaseloadError(
                f"--cluster {self._address}: a worker lacks `{error.name}`. Install the same"
                " version of cspr, with its extra `cluster` and the areas' plugins, on every"
                " machine."
            ) from error

    def look(self) -> None:
        try:
            if self._client.nthreads():
                self._seen = monotonic()
        except (OSError, TimeoutError) as error:
            raise self._lost() from error
        if monotonic() - self._seen > _PATIENCE:
            raise self._no_worker()

    def close(self) -> None:
        self._client.close()

    def stop(self) -> None:
        with suppress(Exception):  # the cluster may be what failed
            self._executor.shutdown(wait=False)
        self._client.close()

    def _lost(self) -> CaseloadError:
        return CaseloadError(
            f"--cluster {self._address}: the connection to the scheduler was lost. Nothing was"
            " written; try again once it runs."
        )

    def _no_worker(self) -> CaseloadError:
        return CaseloadError(
            f"--cluster {self._address}: the scheduler has no worker. Start some, with the same"
            " version of cspr, and try again."
        )


Start = Callable[[], _Pool]


def _pools(partitions: int, processes: int | None, cluster: str | None) -> Start:
    """What starts the workers that are asked for, and starts them again."""
    if cluster is not None:
        return lambda: _Cluster(cluster)
    wanted = min(cores(), partitions) if processes is None else processes
    return _Pool if wanted <= 1 else lambda: _Processes(wanted)


# --- all partitions -------------------------------------------------------------------------------


def _checked(
    partitions: Sequence[Partition], job: Job, folder: Path, start: Start
) -> Generator[Outcome, None, None]:
    """The outcomes of all partitions as they come; ends its workers however it ends.

    When one of several processes dies, nobody knows over which of the partitions in hand: those
    are tried again one at a time, so that none is blamed for another.
    """
    waiting, suspects = deque(partitions), deque[Partition]()
    tries: Counter[int] = Counter()

    def tried(partition: Partition) -> bool:
        return tries[partition.number] > 0

    pool, running = start(), dict[Future[Outcome], Partition]()
    try:
        while waiting or suspects or running:
            while (suspects or waiting) and len(running) < pool.room:
                one_by_one = pool.die_together and (suspects or any(map(tried, running.values())))
                if one_by_one and running:
                    break
                partition = (suspects or waiting).popleft()
                out = result_of(partition, folder)
                running[pool.submit(partition, job, out)] = partition
            done, _ = concurrent.futures.wait(running, _LOOK, concurrent.futures.FIRST_COMPLETED)
            if not done:
                pool.look()
            dead = list[Partition]()
            for future in done:
                partition = running.pop(future)
                try:
                    outcome = pool.result(future)
                except _DiedError:
                    dead.append(partition)
                else:
                    yield _there(outcome, partition)
            if dead and pool.die_together:
                dead += running.values()
                running.clear()
                pool.stop()
                suspects += _again(dead, tries)
                pool = start()
            else:
                suspects += _again(dead, tries)
    except BaseException:
        pool.stop()
        raise
    pool.close()


def _again(dead: Iterable[Partition], tries: Counter[int]) -> list[Partition]:
    """The partitions to be tried again; raises `CaseloadError` where one was tried enough."""
    tries.update(partition.number for partition in dead)
    for partition in dead:
        if tries[partition.number] >= TRIES:
            raise CaseloadError(
                f"{partition}: the process that checked it was ended {TRIES} times. Nothing was"
                " written. Most often the memory was full: try fewer processes, or find the case"
                " by checking half of these at a time."
            )
    return sorted(dead, key=lambda partition: partition.number)


def _there(outcome: Outcome, partition: Partition) -> Outcome:
    """The outcome, once its result is found where it was to be written."""
    if not outcome.result.is_file():
        raise CaseloadError(
            f"{partition}: its result is not in {outcome.result.parent}. Name a folder that this"
            " machine and every worker see under the same path."
        )
    return outcome


# --- what only the whole shows --------------------------------------------------------------------


def _settled(
    partitions: Sequence[Partition], outcomes: Sequence[Outcome], job: Job
) -> list[Outcome]:
    """The outcomes without cases that stand twice, and with what the whole caseload gives to tell.

    Raises `CaseloadError` where the workers did not ask the same of the cases of an area.
    """
    _same_rules(outcomes)
    more: dict[int, list[Problem]] = {outcome.number: [] for outcome in outcomes}
    doubled = _doubled(partitions, outcomes)
    for number, problem in (*_told_twice(doubled), *_without_rules(outcomes)):
        more[number].append(problem)
    doubted: dict[int, set[tuple[str, str]]] = {}
    for one in doubled:
        for number, _ in one.places:
            doubted.setdefault(number, set()).add((one.area, one.case))
    settled, told_problems, told_notes = [], set[Problem](), set[str]()
    for outcome in outcomes:
        left = outcome
        if (cases := doubted.get(outcome.number)) is not None:
            left = without(outcome, cases, job.as_of)
        problems = set(outcome.problems).union(more[outcome.number]) - told_problems
        notes = tuple(note for note in outcome.notes if note not in told_notes)
        told_problems |= problems
        told_notes.update(notes)
        settled.append(replace(left, problems=in_order(problems), notes=notes))
    return settled


def _same_rules(outcomes: Iterable[Outcome]) -> None:
    known: dict[str, str] = {}
    for outcome in outcomes:
        for area, digest in outcome.rules:
            if known.setdefault(area, digest) != digest:
                raise CaseloadError(
                    f"The plugin `{area}` was not the same for all partitions. Install the same on"
                    " every machine, change it at no time in between, and try again."
                )


def _without_rules(outcomes: Iterable[Outcome]) -> Iterator[tuple[int, Problem]]:
    """One problem for each area that has no rules, at the first of its cases."""
    first: dict[str, tuple[int, LeftOut]] = {}
    cases: Counter[str] = Counter()
    for outcome in outcomes:
        for left in outcome.left_out:
            first.setdefault(left.area, (outcome.number, left))
            cases[left.area] += left.cases
    for area, (number, left) in first.items():
        what = left.what
        if cases[area] > 1 or left.place == START:  # a file of facts has no other place
            what += left_out(cases[area], left.example)
        yield number, Problem(left.file, *left.place, what, left.remedy)


class _Doubled(NamedTuple):
    """A case that stands in several places: the outcome's number, and the place within it."""

    area: str
    case: str
    places: list[tuple[int, Problem]]


def _doubled(partitions: Sequence[Partition], outcomes: Sequence[Outcome]) -> list[_Doubled]:
    """The cases whose area (that is checked under) and reference come more than once."""
    import numpy as np  # noqa: PLC0415  (heavy, and only caseloads need it)

    keys = np.frombuffer(b"".join(outcome.keys for outcome in outcomes), "<u8").reshape(-1, 2)
    order = np.lexsort(keys.T)
    keys = keys[order]
    same = (keys[1:] == keys[:-1]).all(axis=1)
    if not same.any():
        return []
    counts = [len(outcome.at) // 8 for outcome in outcomes]
    owners = np.repeat(np.arange(len(outcomes)), counts)
    at = np.frombuffer(b"".join(outcome.at for outcome in outcomes), "<i8")
    found: dict[bytes, list[tuple[int, int]]] = {}
    twice = np.concatenate([[False], same]) | np.concatenate([same, [False]])
    for n in np.sort(order[twice]).tolist():
        owner = int(owners[n])
        key = outcomes[owner].keys[16 * (n - sum(counts[:owner])) :][:16]
        found.setdefault(key, []).append((owner, int(at[n])))
    names = _names(outcomes, {owner for places in found.values() for owner, _ in places}, found)
    return [
        _Doubled(
            *names[key],
            [(outcomes[o].number, place_of(partitions[o], place)) for o, place in places],
        )
        for key, places in found.items()
    ]


def _names(
    outcomes: Sequence[Outcome], owners: Iterable[int], keys: Collection[bytes]
) -> Mapping[bytes, tuple[str, str]]:
    """The area and reference behind each of these keys, from the results themselves."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    names: dict[bytes, tuple[str, str]] = {}
    for owner in owners:
        pairs = pq.read_table(outcomes[owner].result, columns=["partnership", "case"])
        pairs = pairs.unify_dictionaries()  # each area's row group has words of its own
        for row in pairs.group_by(["partnership", "case"]).aggregate([]).to_pylist():
            key = key_of(row["partnership"], row["case"])
            if key in keys:
                names[key] = row["partnership"], row["case"]
    return names


def _told_twice(doubled: Sequence[_Doubled]) -> Iterator[tuple[int, Problem]]:
    """A problem for each place but the first of each case, up to as many as anybody would read."""
    told = 0
    for one in doubled:
        (_, first), *others = one.places
        n = len(one.places)
        all_of_them, keep = ("both", "two") if n == 2 else (f"all {n}", str(n))  # noqa: PLR2004
        for number, other in others:
            told += 1
            if told <= _LISTED:
                where = f"{first.file}:{first.line}" + (f", {first.what}" if first.what else "")
                here = f" ({other.what})" if other.what else ""
                what = (
                    f"The case `{one.case}` of {one.area} stands here{here} and first in"
                    f" {where}; {all_of_them} are left out"
                )
                yield number, replace(other, what=what, remedy=f"Keep one of the {keep}")
    if told > _LISTED:
        number, last = doubled[-1].places[-1]
        rest = told - _LISTED
        entries = "1 more entry is" if rest == 1 else f"{rest:,} more entries are"
        what = f"{entries} of cases that stand elsewhere too; all of these are left out"
        yield number, replace(last, what=what, remedy="Keep one of each")
