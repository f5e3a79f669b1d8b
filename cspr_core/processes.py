"""Processes of this machine that share some work: begun afresh, and deaf to Ctrl-C.

What they do, and what becomes of it, is the business of whoever begins them.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Processes(ProcessPoolExecutor):
    """So many processes, each made ready by `prepare(*arguments)`.

    They are spawned, as what threads left behind can't be forked. Ctrl-C reaches every process of
    a terminal: this one has to end the others, which would only tell of it, each in its own way.
    """

    def __init__(
        self, processes: int, prepare: Callable[..., object] | None = None, *arguments: Any
    ) -> None:
        super().__init__(
            processes,
            multiprocessing.get_context("spawn"),
            initializer=begin,
            initargs=(prepare, arguments),
        )

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As any executor does; a process is begun where one is needed."""
        with unheard():
            return super().submit(fn, *args, **kwargs)


@contextmanager
def unheard() -> Iterator[None]:
    """Keep Ctrl-C waiting: a process that begins meanwhile never hears it, from its first moment.

    On Windows it hears it until it is ready.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    usual = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, usual)


def begin(prepare: Callable[..., object] | None, arguments: tuple[Any, ...]) -> None:
    """Make a process ready, and deaf to Ctrl-C where it was not begun so."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if prepare is not None:
        prepare(*arguments)
