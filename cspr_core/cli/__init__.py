"""The command line: thin commands over the core. `command` is what `cspr` runs, `main` its work."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

from cspr_core.cli.errors import guarded

# What a command loads, it keeps: to look through it for garbage again and again while it grows
# took a sixth of a check's time. One check makes fewer objects than this; hundreds make more.
_SELDOM = (1_000_000, 20, 20)
# Pydantic would look for plug-ins of its own in every package that is installed, and hand them
# what it validates: nobody else's code has a part in reading a case.
_NO_PLUGINS = "PYDANTIC_DISABLE_PLUGINS"
_TERMINATED = 128 + signal.SIGTERM  # as a shell tells of a process that this signal ended


def command() -> NoReturn:
    """Run `cspr` as the process that it is, and end it without taking its memory to pieces.

    To free each object by itself before the system takes back all of it takes a tenth of a
    check's time. What is to be done at the end of a process is done, and what was written is out.
    """
    try:
        main()
    except SystemExit as left:
        atexit._run_exitfuncs()  # noqa: SLF001  (`os._exit` would leave them out)
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):  # its reader has gone, and has been told so
                stream.flush()
        os._exit(left.code if isinstance(left.code, int) else 2)


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run `cspr` with these arguments (those of the process without) and leave with its status.

    Raises `SystemExit`: 0 nothing wrong, 1 something is overdue or breached, 2 the input or the
    usage is wrong, 143 ended by SIGTERM.
    """
    os.environ.setdefault(_NO_PLUGINS, "__all__")
    usual = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        with _tidied():
            status = guarded(argv, _run)
    finally:
        gc.set_threshold(*usual)
    raise SystemExit(status)


@contextmanager
def _tidied() -> Iterator[None]:
    """Let SIGTERM end the work as an error would: what was begun is taken away again.

    Its default would leave half-written files, with what cases hold in them.
    """
    usual = signal.getsignal(signal.SIGTERM)
    theirs = usual in {signal.SIG_IGN, None}  # somebody wants it so, or it is not Python's
    if theirs or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, usual)


def _end(*_: Any) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # `timeout` sends it twice: tidy up all the same
    raise SystemExit(_TERMINATED)


def _run(argv: Sequence[str] | None) -> object:
    from cspr_core.cli.app import run

    return run(argv)
