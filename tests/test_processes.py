"""Processes that share work: each made ready, and deaf to Ctrl-C from its first moment."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cspr_core import processes
from cspr_core.processes import Processes

# Two processes that begin slowly, as those do that import much, told to stop while they begin.
PROGRAM = """
import sys, time
sys.path.insert(0, sys.argv[1])
from cspr_core.processes import Processes
import slow
if __name__ == "__main__":
    pool = Processes(2)
    waiting = [pool.submit(slow.work) for _ in range(2)]
    print("begun", flush=True)
    try:
        [each.result() for each in waiting]
    except KeyboardInterrupt:
        print("stopped", flush=True)
    finally:
        pool.shutdown(cancel_futures=True)
"""
SLOW = """
import time
time.sleep(1)

def work():
    return None
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no groups of processes there")
def test_ctrl_c_is_heard_by_the_one_process_that_ends_the_others(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "slow.py").write_text(SLOW, encoding="utf-8")
    begun = subprocess.Popen(  # noqa: S603  (our own interpreter, our own program)
        [sys.executable, tmp_path / "program.py", tmp_path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    with begun:
        assert begun.stdout is not None
        assert begun.stderr is not None
        assert begun.stdout.readline() == "begun\n"
        time.sleep(0.3)  # they are importing
        os.killpg(begun.pid, signal.SIGINT)
        assert begun.stdout.read() == "stopped\n"
        assert begun.stderr.read() == ""


def test_a_process_is_made_ready_with_what_it_is_given() -> None:
    usual, told = signal.getsignal(signal.SIGINT), list[int]()
    try:
        processes.begin(told.append, (3,))
        processes.begin(None, ())
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        assert told == [3]
    finally:
        signal.signal(signal.SIGINT, usual)


def test_ctrl_c_waits_only_while_a_process_may_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    if not hasattr(signal, "pthread_sigmask"):
        pytest.skip("no masks of signals there")
    masks = []

    def submit(_pool: object, function: object) -> object:
        masks.append(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()))
        return function

    monkeypatch.setattr(processes.ProcessPoolExecutor, "submit", submit)
    with Processes(1) as pool:
        assert pool.submit(len) is len  # type: ignore[comparison-overlap]
    assert masks == [True]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_where_there_are_no_masks_it_is_begun_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "pthread_sigmask", raising=False)
    with processes.unheard():
        pass
