"""Errors as people see them: the one place that turns what went wrong into lines on stderr.

One line a problem and exit status 2, never a traceback, unless `--debug` or `CSPR_DEBUG=1` asks for
it. An error that nobody foresaw is named by its type and place alone: its text could hold anything.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from cspr_core.cli import output

BAD = 2
_INTERRUPTED = 130  # what some versions of typer make of Ctrl-C
_asked: list[bool] = []  # whether `--debug` was given in this run


class CommandError(Exception):
    """A command can't do what it was asked to; each line says why and what to do instead."""

    def __init__(self, *lines: str) -> None:
        """Take one line a problem."""
        self.lines = lines
        super().__init__("\n".join(lines))


def show_tracebacks() -> None:
    """From now on show where an error comes from, as `--debug` asks."""
    _asked.append(True)


def debugging() -> bool:
    """Whether tracebacks are asked for."""
    return bool(_asked) or os.environ.get("CSPR_DEBUG", "") not in ("", "0")


def expected() -> tuple[type[Exception], ...]:
    """The errors that spoil one case or plugin and leave the others as they are."""
    from cspr_core.check import EnginesDifferError
    from cspr_core.plugins import PluginError
    from cspr_core.reading.problems import BadInput

    return BadInput, PluginError, EnginesDifferError


def complain(error: BaseException, told: set[str] | None = None) -> None:
    """Write the lines for an error to stderr, and its traceback where that is asked for.

    `told` holds the lines already written, which are not written again.
    """
    if debugging():
        traceback.print_exception(error)
    for line in lines_of(error):
        if told is None or line not in told:
            output.note(line)
        if told is not None:
            told.add(line)


def guarded(argv: Sequence[str] | None, run: Callable[[Sequence[str] | None], object]) -> int:
    """The exit status of `run(argv)`, with every error turned into lines."""
    output.prepare()
    _asked.clear()
    try:
        status = run(argv)
        output.flush()
    except SystemExit as error:  # typer's completion leaves so
        return error.code if isinstance(error.code, int) else (BAD if error.code else 0)
    except output.ReaderGoneError:
        return BAD
    except KeyboardInterrupt as error:
        complain(error)
        return BAD
    except Exception as error:  # noqa: BLE001  (nothing may reach the user as a traceback)
        complain(error)
        return BAD
    if status == _INTERRUPTED:
        complain(KeyboardInterrupt())
        return BAD
    return status if isinstance(status, int) else 0


def lines_of(error: BaseException) -> tuple[str, ...]:
    """What to tell about an error, one line a problem."""
    from cspr_core.reading.problems import BadInput

    if isinstance(error, BadInput):
        return tuple(_one_line(str(problem)) for problem in error.problems)
    if isinstance(error, CommandError):
        return tuple(_one_line(f"cspr: {line}") for line in error.lines)
    if isinstance(error, (*expected(), output.OutputError)):
        return (_one_line(f"cspr: {error}"),)
    if isinstance(error, KeyboardInterrupt) or type(error).__name__ == "Abort":
        return ("cspr: Stopped before the end.",)
    if hasattr(error, "format_message"):  # a usage error of typer's
        return (_usage(error),)
    if isinstance(error, OSError):
        return (_one_line(f"cspr: {_named(error)}"),)
    return (_unforeseen(error),)


def _usage(error: BaseException) -> str:
    context = getattr(error, "ctx", None)
    command = "cspr" if context is None else context.command_path
    said = str(error.format_message()).rstrip(".")  # type: ignore[attr-defined]
    end = "" if said.endswith("?") else "."
    return _one_line(f"{command}: {said}{end} `{command} --help` shows how to call it.")


def _named(error: OSError) -> str:
    name = f"{error.filename}: " if error.filename else ""
    return f"{name}{error.strerror or type(error).__name__}."


def _unforeseen(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return (
        f"cspr: Internal error: {type(error).__name__}{where}. Please report this line, without"
        " the case file; CSPR_DEBUG=1 shows where it comes from."
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
