"""All partitions: in this process, in several and over a cluster, with workers that die."""
# ruff: noqa: SLF001 (how a worker dies is played from within)

import builtins
import errno
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cspr_core.caseload import partition as partition_module
from cspr_core.caseload import running, store
from cspr_core.caseload.answers import reference_answers
from cspr_core.caseload.errors import CaseloadError
from cspr_core.caseload.partition import Job, Outcome, check_partition
from cspr_core.caseload.running import run
from cspr_core.caseload.sources import Partition, partitions
from cspr_core.caseload.store import FactsWriter
from cspr_core.check import EnginesDifferError
from cspr_core.plugins import UnknownPartnershipError
from tests.caseload.made import AREA, AS_OF, case_facts, case_file, case_line, case_text

JOB = Job(AS_OF)
RESULTS = Path("results")
_POSIX = pytest.mark.skipif(os.name == "nt", reason="nobody is killed there by a signal")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # What the table engine answers, its own tests show: here it is who asks that counts.
    monkeypatch.setattr(partition_module.engines, "answers", reference_answers)


def _cases(number: int) -> None:
    Path("cases").mkdir()
    for n in range(number):
        case_file(Path("cases"), f"A-{n:02}", "leeds")


def _run(*given: str, size: int = 2, job: Job = JOB, **how: Any) -> list[Outcome]:
    return list(run(partitions(given, size=size), job, RESULTS, **{"processes": 1, **how}))


def _bytes(outcomes: Sequence[Outcome]) -> list[bytes]:
    return [outcome.result.read_bytes() for outcome in outcomes]


def _told(outcomes: Sequence[Outcome]) -> list[str]:
    return [str(problem) for outcome in outcomes for problem in outcome.problems]


def _answered(outcomes: Sequence[Outcome]) -> list[str]:
    tables = [pq.read_table(outcome.result, columns=["case"]) for outcome in outcomes]
    return sorted({case for table in tables for case in table["case"].to_pylist()})


def _left() -> list[str]:
    return sorted(path.name for path in RESULTS.glob("*")) if RESULTS.exists() else []


# --- in order, and once --------------------------------------------------------------------------


def test_outcomes_come_in_order_with_their_results() -> None:
    _cases(5)
    seen: list[tuple[int, int]] = []
    outcomes = _run("cases", progress=lambda *so_far: seen.append(so_far))
    assert [outcome.number for outcome in outcomes] == [0, 1, 2]
    assert [outcome.result for outcome in outcomes] == sorted(RESULTS.glob("*.parquet"))
    assert _answered(outcomes) == [f"A-{n:02}" for n in range(5)]
    # 5 cases in 3 partitions, which end at 5/3 = 1, 10/3 = 3 and 5
    assert seen == [(1, 1), (3, 2), (5, 3)]


def test_nothing_comes_before_all_is_checked() -> None:
    _cases(3)
    seen: list[int] = []
    found = run(
        partitions(["cases"], size=1),
        JOB,
        RESULTS,
        processes=1,
        progress=lambda _, n: seen.append(n),
    )
    next(found)
    assert seen == [1, 2, 3]


def test_how_many_processes_there_are() -> None:
    assert running.cores() >= 1
    assert running._pools(1, None, None) is running._Pool
    assert running._pools(9, 1, None) is running._Pool
    assert running._pools(9, 3, None)().room == 6


def test_a_machine_that_does_not_say_which_cores_are_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert running.cores() == 1


# --- what only the whole shows -------------------------------------------------------------------


def test_a_case_that_stands_in_two_files_is_left_out_with_both_places() -> None:
    for folder in ("a", "b"):
        Path(folder).mkdir()
        case_file(Path(folder), "A-1")
    case_file(Path("a"), "A-0")
    case_file(Path("b"), "A-2")
    outcomes = _run("a", "b", size=1)
    first, second = Path("a/A-1.yaml"), Path("b/A-1.yaml")
    assert _told(outcomes) == [
        (
            f"{second}:3:10: The case `A-1` of northamptonshire stands here and first in"
            f" {first}:3; both are left out. Keep one of the two."
        )
    ]
    assert _answered(outcomes) == ["A-0", "A-2"]
    assert [outcome.cases for outcome in outcomes] == [1, 0, 0, 1]
    assert _left() == [f"00000{n}.parquet" for n in range(4)]


def test_a_case_that_stands_twice_in_one_file_of_facts() -> None:
    with FactsWriter(Path("f.parquet"), AS_OF) as writer:
        writer.add([case_facts(name) for name in ("A-1", "B-2", "A-1", "C-3")])
    outcomes = _run("f.parquet")
    assert _told(outcomes) == [
        (
            "f.parquet:1:1: The case `A-1` of northamptonshire stands here (row 3) and first in"
            " f.parquet:1, row 1; both are left out. Keep one of the two."
        )
    ]
    assert _answered(outcomes) == ["B-2", "C-3"]


def test_a_case_that_stands_in_a_line_and_in_a_file() -> None:
    Path("c.jsonl").write_text(case_line("B-2") + "\n" + case_line("A-1"), "utf-8")
    case_file(Path(), "A-1")
    outcomes = _run("A-1.yaml", "c.jsonl")
    assert _told(outcomes) == [
        (
            "c.jsonl:3:1: The case `A-1` of northamptonshire stands here and first in A-1.yaml:3;"
            " both are left out. Keep one of the two."
        )
    ]


def test_a_case_that_stands_twice_among_several_areas() -> None:
    # One file of facts, one area after another: each has words of its own in the result.
    with FactsWriter(Path("f.parquet"), AS_OF) as writer:
        writer.add([case_facts("A-1", "essex"), case_facts("A-1"), case_facts("B-2"),
                    case_facts("B-2")])  # fmt: skip
    outcomes = _run("f.parquet")
    assert _told(outcomes) == [
        (
            "f.parquet:1:1: The case `B-2` of northamptonshire stands here (row 4) and first in"
            " f.parquet:1, row 3; both are left out. Keep one of the two."
        )
    ]
    assert outcomes[0].areas == (("essex", 1), ("northamptonshire", 1))


def test_a_case_that_stands_three_times() -> None:
    for name, case in (("a", "A-1"), ("b", "A-1"), ("c", "A-1"), ("d", "B-2")):
        Path(f"{name}.yaml").write_text(case_text(case), "utf-8")
    (outcome,) = _run("*.yaml", size=4)
    assert _told([outcome]) == [
        (
            f"{name}:3:10: The case `A-1` of northamptonshire stands here and first in a.yaml:3;"
            " all 3 are left out. Keep one of the 3."
        )
        for name in ("b.yaml", "c.yaml")
    ]
    # Of four cases three are left out.
    assert (outcome.cases, outcome.areas) == (1, (("northamptonshire", 1),))


def test_one_reference_of_two_areas_is_two_cases_unless_one_area_checks_both() -> None:
    with FactsWriter(Path("f.parquet"), AS_OF) as writer:
        writer.add([case_facts("A-1"), case_facts("A-1", "essex")])
    assert _told(_run("f.parquet")) == []
    assert len(_told(_run("f.parquet", job=Job(AS_OF, partnership="essex")))) == 1


def test_of_many_cases_that_stand_twice_some_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_LISTED", 2)
    with FactsWriter(Path("f.parquet"), AS_OF) as writer:
        writer.add([case_facts(f"A-{n % 4}") for n in range(9)])
    lines = _told(_run("f.parquet"))
    # 4 references stand 9 times: 5 of these are not the first
    assert len(lines) == 3
    assert lines[0] == (
        "f.parquet:1:1: 3 more entries are of cases that stand elsewhere too; all of these are"
        " left out. Keep one of each."
    )
    monkeypatch.setattr(running, "_LISTED", 4)
    assert _told(_run("f.parquet"))[0].startswith("f.parquet:1:1: 1 more entry is of cases that")


def test_an_area_without_a_plugin_is_one_problem_over_all_partitions() -> None:
    for n in range(3):
        case_file(Path(), f"A-{n}", "nowhere")
    case_file(Path(), "B-2")
    outcomes = _run("*.yaml", size=1)
    (line,) = _told(outcomes)
    assert line.startswith(
        "A-0.yaml:4:17: There is no plugin for the partnership `nowhere`: 3 cases are left out,"
        " `A-0` is the first. Installed: essex"
    )
    assert _answered(outcomes) == ["B-2"]


def test_one_case_of_facts_of_an_area_without_a_plugin_is_named() -> None:
    with FactsWriter(Path("f.parquet"), AS_OF) as writer:
        writer.add([case_facts("A-1"), case_facts("A-2", "essx")])
    (line,) = _told(_run("f.parquet"))
    assert line == (
        "f.parquet:1:1: There is no plugin for the partnership `essx`: the case `A-2` is left out."
        " Did you mean `essex`?"
    )


def test_one_case_of_an_area_without_a_plugin_is_told_as_a_check_tells_it() -> None:
    case_file(Path(), "A-1", "essx")
    (line,) = _told(_run("A-1.yaml"))
    assert line == (
        "A-1.yaml:4:17: There is no plugin for the partnership `essx`. Did you mean `essex`?"
    )


def _altered(change: Callable[[Outcome], Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every partition have another outcome than it has."""

    def checked(partition: Partition, job: Job, out: Path) -> Outcome:
        return change(check_partition(partition, job, out))

    monkeypatch.setattr(running, "check_partition", checked)


def test_what_several_partitions_tell_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    _altered(lambda outcome: replace(outcome, notes=("It is so.",)), monkeypatch)
    _cases(3)
    assert [outcome.notes for outcome in _run("cases", size=1)] == [("It is so.",), (), ()]


def test_workers_that_ask_different_requirements_are_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _altered(lambda o: replace(o, rules=((AREA, f"version {o.number}"),)), monkeypatch)
    _cases(3)
    with pytest.raises(CaseloadError, match="`northamptonshire` was not the same"):
        _run("cases", size=1)
    assert _left() == []


# --- what stops a run ----------------------------------------------------------------------------


def test_an_area_that_cannot_be_used_stops_a_run_before_it_begins() -> None:
    _cases(1)
    with pytest.raises(UnknownPartnershipError):
        _run("cases", job=Job(AS_OF, partnership="essx"))
    assert not RESULTS.exists()


def test_engines_that_differ_stop_a_run_and_leave_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def differing(outcome: Outcome) -> Outcome:
        if outcome.number == 1:
            raise EnginesDifferError("They differ.")
        return outcome

    _altered(differing, monkeypatch)
    _cases(3)
    with pytest.raises(EnginesDifferError):
        _run("cases", size=1)
    assert _left() == []


def test_a_disk_that_fills_up_stops_a_run_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _cases(3)
    made: list[int] = []
    sync = os.fsync

    def full(handle: int) -> None:
        made.append(handle)
        if len(made) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(CaseloadError, match="the disk is full"):
        _run("cases", size=1)
    assert _left() == []


def test_a_run_that_is_stopped_leaves_nothing() -> None:
    _cases(3)

    def stop(_cases: int, done: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    RESULTS.mkdir()
    (RESULTS / ".000002.parquet.abc.part").touch()  # of a worker that was ended
    with pytest.raises(KeyboardInterrupt):
        _run("cases", size=1, progress=stop)
    assert _left() == []


def test_a_folder_for_results_below_none() -> None:
    _cases(1)
    with pytest.raises(CaseloadError, match="there is no such folder"):
        list(run(partitions(["cases"]), JOB, Path("none/results"), processes=1))


def test_a_result_that_this_machine_does_not_see(monkeypatch: pytest.MonkeyPatch) -> None:
    _altered(lambda outcome: replace(outcome, result=Path("elsewhere/r.parquet")), monkeypatch)
    _cases(1)
    with pytest.raises(CaseloadError) as error:
        _run("cases")
    assert str(error.value) == (
        f"{Path('cases/A-00.yaml')}: its result is not in elsewhere. Name a folder that this"
        " machine and every worker see under the same path."
    )


# --- workers that die, played in this process ----------------------------------------------------


class _Mortal(running._Pool):
    """Workers that check one partition after the other, and die over some of them."""

    room = 4
    die_together = True
    deadly: Callable[[Partition], bool] = staticmethod(lambda _: False)
    begun = 0
    in_hand: list[list[int]] = []  # noqa: RUF012  (each test has a class of its own)

    def __init__(self) -> None:
        type(self).begun += 1
        self._dead = False
        self._hand: dict[Future[Outcome], Partition] = {}

    def submit(self, partition: Partition, job: Job, out: Path) -> Future[Outcome]:
        future = super().submit(partition, job, out)
        self._hand[future] = partition
        type(self).in_hand.append(sorted(one.number for one in self._hand.values()))
        return future

    def result(self, future: Future[Outcome]) -> Outcome:
        partition = self._hand.pop(future)
        if self._dead or self.deadly(partition):
            self._dead = self.die_together
            raise running._DiedError
        return super().result(future)


@pytest.fixture
def mortal(monkeypatch: pytest.MonkeyPatch) -> type[_Mortal]:
    class Mortal(_Mortal):
        in_hand: list[list[int]] = []  # noqa: RUF012  (each test has a class of its own)

    monkeypatch.setattr(running, "_pools", lambda *_: Mortal)
    return Mortal


def test_what_a_dead_worker_had_in_hand_is_tried_again_one_at_a_time(
    mortal: type[_Mortal],
) -> None:
    _cases(6)
    died: list[int] = []

    def deadly(partition: Partition) -> bool:
        if partition.number == 1 and not died:
            died.append(1)
            return True
        return False

    mortal.deadly = staticmethod(deadly)
    outcomes = _run("cases", size=1)
    assert [outcome.number for outcome in outcomes] == list(range(6))
    assert mortal.begun == 2
    assert _answered(outcomes) == [f"A-{n:02}" for n in range(6)]


def test_a_partition_over_which_workers_die_is_named_and_no_other(mortal: type[_Mortal]) -> None:
    _cases(6)
    mortal.deadly = staticmethod(lambda partition: partition.number == 2)
    with pytest.raises(CaseloadError) as error:
        _run("cases", size=1)
    assert str(error.value) == (
        f"{Path('cases/A-02.yaml')}: the process that checked it was ended 3 times. Nothing was"
        " written. Most often the memory was full: try fewer processes, or find the case by"
        " checking half of these at a time."
    )
    assert _left() == []
    # Tried once beside others, then twice by itself: with the first try, three pools.
    assert mortal.begun == 3
    together, alone = mortal.in_hand[:4], mortal.in_hand[4:]
    assert together[-1] == [0, 1, 2, 3]
    assert all(len(hand) == 1 for hand in alone)
    assert alone.count([2]) == 2


def test_where_others_live_on_only_the_dead_ones_partition_is_tried_again(
    mortal: type[_Mortal],
) -> None:
    _cases(4)
    tries: list[int] = []

    def deadly(partition: Partition) -> bool:
        tries.append(partition.number)
        return partition.number == 1 and tries.count(1) < 3

    mortal.deadly = staticmethod(deadly)
    mortal.die_together = False
    outcomes = _run("cases", size=1)
    assert (len(outcomes), mortal.begun) == (4, 1)
    assert sorted(tries) == [0, 1, 1, 1, 2, 3]


def test_whoever_is_waited_for_is_looked_after(monkeypatch: pytest.MonkeyPatch) -> None:
    _cases(1)
    monkeypatch.setattr(running, "_LOOK", 0.01)

    class Silent(_Mortal):
        def submit(self, *_args: object) -> Future[Outcome]:
            return Future()

        def look(self) -> None:
            raise CaseloadError("Nobody is left.")

    monkeypatch.setattr(running, "_pools", lambda *_: Silent)
    with pytest.raises(CaseloadError, match="Nobody is left"):
        _run("cases")


def test_processes_are_ended_whatever_they_are_doing() -> None:
    pool = running._Processes(2)
    ended: list[str] = []
    executor = SimpleNamespace(
        _processes={1: SimpleNamespace(terminate=lambda: ended.append("one"))},
        shutdown=lambda **how: ended.append(str(how)),
    )
    pool.close()
    pool._executor = executor  # type: ignore[assignment]
    pool.stop()
    assert ended == ["one", "{'cancel_futures': True}"]


def test_processes_that_have_just_died_take_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = running._Processes(1)

    def broken(*_args: object) -> None:
        raise running.BrokenProcessPool

    monkeypatch.setattr(pool._executor, "submit", broken)
    future = pool.submit(Partition(0, "files", (Path("a.yaml"),)), JOB, Path("r"))
    with pytest.raises(running._DiedError):
        pool.result(future)
    pool.close()


def test_a_process_is_made_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    threads = pa.cpu_count(), pa.io_thread_count()
    monkeypatch.setattr(running.gc, "freeze", lambda: None)
    try:
        running._begin()
        assert (pa.cpu_count(), pa.io_thread_count()) == (1, 1)
    finally:
        pa.set_cpu_count(threads[0])
        pa.set_io_thread_count(threads[1])


# --- processes of their own ----------------------------------------------------------------------


@pytest.mark.slow
@_POSIX
def test_several_processes_one_of_them_killed_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    _cases(8)
    expected = _bytes(_run("cases"))
    killed: list[int] = []

    def kill(_cases: int, _done: int) -> None:
        if not killed:
            process = multiprocessing.active_children()[0]
            killed.append(process.pid or 0)
            os.kill(killed[0], signal.SIGKILL)

    outcomes = _run("cases", size=2, processes=2, progress=kill)
    assert killed
    assert _bytes(outcomes) == expected
    assert _left() == [f"00000{n}.parquet" for n in range(4)]
    assert multiprocessing.active_children() == []


@pytest.mark.slow
def test_processes_are_ended_when_the_run_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    _cases(4)

    def stop(_cases: int, _done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _run("cases", size=1, processes=2, progress=stop)
    assert multiprocessing.active_children() == []
    assert _left() == []


# --- a cluster -----------------------------------------------------------------------------------


@pytest.mark.slow
@_POSIX
# Scheduler and workers speak over sockets, on this machine alone: no other test opens one.
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_cluster_with_a_worker_killed_midway_gives_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    _cases(16)
    expected = _bytes(_run("cases"))
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        silence_logs=50,
    ) as cluster:
        before = {worker.pid for worker in cluster.workers.values()}
        at: list[int] = []

        def kill(_cases: int, done: int) -> None:
            if not at:
                at.append(done)
                os.kill(min(before), signal.SIGKILL)

        outcomes = _run("cases", cluster=cluster.scheduler_address, progress=kill)
        after = {worker.pid for worker in cluster.workers.values()}
    assert at == [1]  # seven of the eight partitions were still to come
    assert min(before) not in after
    assert _bytes(outcomes) == expected
    assert _left() == [f"00000{n}.parquet" for n in range(8)]


class _KilledWorkerError(Exception):
    """What a cluster raises that gave a task up, as too many workers died over it."""


class _Client:
    """A client of a cluster as far as we speak with it, without one."""

    workers: dict[str, int] = {"tcp://one": 1, "tcp://two": 2}  # noqa: RUF012  (the same)
    closed = 0

    def __init__(self, address: str, **_how: object) -> None:
        if address == "tcp://nobody:1":
            raise OSError("Timed out")

    def wait_for_workers(self, _number: int, timeout: float) -> None:
        if not self.workers:
            raise TimeoutError(timeout)

    def get_executor(self, *, pure: bool) -> running._Pool:
        assert not pure
        return running._Pool()

    def nthreads(self) -> dict[str, int]:
        return self.workers

    def close(self) -> None:
        type(self).closed += 1


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> type[_Client]:
    class Client(_Client):
        pass

    # To import the true one takes longer than all of these tests.
    stand_in = SimpleNamespace(Client=Client, KilledWorker=_KilledWorkerError)
    monkeypatch.setitem(sys.modules, "distributed", stand_in)
    return Client


def _cluster(address: str = "tcp://one:8786") -> running._Cluster:
    return running._Cluster(address)


def test_as_many_partitions_are_in_hand_as_the_workers_can_do_soon(client: type[_Client]) -> None:
    pool = running._pools(9, None, "tcp://one:8786")()
    assert pool.room == 6  # (1 + 2 threads) * 2
    pool.look()
    pool.close()
    assert client.closed == 1


@pytest.mark.usefixtures("client")
def test_a_cluster_runs_the_very_function_that_a_process_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool = _cluster()
    asked: list[tuple[object, ...]] = []

    def submit(*args: object) -> Future[Outcome]:
        asked.append(args)
        return Future()

    monkeypatch.setattr(pool._executor, "submit", submit)
    partition = Partition(0, "files", (Path("a.yaml"),))
    pool.submit(partition, JOB, Path("r"))
    assert asked == [(check_partition, partition, JOB, Path("r"))]


@pytest.mark.usefixtures("client")
def test_a_scheduler_that_does_not_answer() -> None:
    with pytest.raises(CaseloadError) as error:
        _cluster("tcp://nobody:1")
    assert str(error.value) == (
        "--cluster tcp://nobody:1: no Dask scheduler answers there. Check the address, for example"
        " tcp://10.0.0.5:8786, and that the scheduler runs."
    )


def test_a_scheduler_without_workers(client: type[_Client]) -> None:
    client.workers = {}
    with pytest.raises(CaseloadError, match="the scheduler has no worker"):
        _cluster()
    assert client.closed == 1


def test_workers_that_are_gone_for_good(
    client: type[_Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = _cluster()
    client.workers = {}
    pool.look()  # they may come back
    monkeypatch.setattr(running, "_PATIENCE", -1)
    with pytest.raises(CaseloadError, match="the scheduler has no worker"):
        pool.look()


def test_a_scheduler_that_is_lost(client: type[_Client], monkeypatch: pytest.MonkeyPatch) -> None:
    pool = _cluster()

    def lost(_self: object) -> None:
        raise OSError

    monkeypatch.setattr(client, "nthreads", lost)
    with pytest.raises(CaseloadError, match="the connection to the scheduler was lost"):
        pool.look()
    pool.stop()
    assert client.closed == 1


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize(
    ("raised", "match"),
    [
        (CancelledError(), "the connection to the scheduler was lost"),
        (ModuleNotFoundError(name="cspr_core"), "a worker lacks `cspr_core`"),
    ],
)
def test_what_a_cluster_answers_in_the_place_of_an_outcome(
    raised: BaseException, match: str
) -> None:
    future: Future[Outcome] = Future()
    future.set_exception(raised)
    with pytest.raises(CaseloadError, match=match):
        _cluster().result(future)


@pytest.mark.usefixtures("client")
def test_a_cluster_that_gave_up_a_partition() -> None:
    future: Future[Outcome] = Future()
    future.set_exception(_KilledWorkerError("a task"))
    with pytest.raises(running._DiedError):
        _cluster().result(future)


def test_a_cluster_without_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "distributed":
            raise ImportError(name)
        return usual(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(CaseloadError) as error:
        _cluster()
    assert str(error.value) == (
        "--cluster needs Dask's `distributed`. Install cspr with its extra `cluster`."
    )


def test_paths_for_a_cluster_are_whole(
    mortal: type[_Mortal], monkeypatch: pytest.MonkeyPatch
) -> None:
    _cases(1)
    asked: list[tuple[Path, Path | None, Path]] = []

    class Noting(mortal):  # type: ignore[misc,valid-type]
        def submit(self, partition: Partition, job: Job, out: Path) -> Future[Outcome]:
            asked.append((partition.paths[0], job.plugins, out))
            return super().submit(partition, job, out)

    monkeypatch.setattr(running, "_pools", lambda *_: Noting)
    _run("cases", cluster="tcp://one:8786", job=Job(AS_OF, plugins=Path("plugins")))
    here = Path.cwd()
    assert asked == [
        (here / "cases" / "A-00.yaml", here / "plugins", here / "results" / "000000.parquet")
    ]
