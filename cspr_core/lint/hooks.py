"""CSPR601: what a plugin's Python gives, or raises, where the core asks it.

A plugin of which the YAML alone was read has no hooks here. What stops it from being loaded at all
is reported by the command.
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cspr_core.generated import drawn_cases
from cspr_core.lint.evaluation import SEED
from cspr_core.lint.framework import Context, Message, Severity
from cspr_core.reading.document import Document
from cspr_core.reading.tree import Mark

CODE = "CSPR601"
TITLE = "A hook fails, or gives the wrong thing"
SEVERITY: Severity = "error"

CASES = 10


def check(context: Context) -> Iterator[Message]:
    """Each hook that raises, or gives something other than `cspr_core.hookspecs` says."""
    manager = context.plugin.hooks
    if manager is None:
        return
    calls: Mapping[str, tuple[Callable[[Any], Any], Callable[[Context, Any], str | None]]] = {
        "cspr_facts": (lambda f: _facts(context, f), _wrong_facts),
        "cspr_requirements": (lambda f: list(f(context.arrangements)), _wrong_requirements),
        "cspr_report_formats": (lambda f: f(), _wrong_formats),
        "cspr_commands": (_commands, lambda _context, _given: None),
    }
    for name, (call, judge) in calls.items():
        for implementation in getattr(manager.hook, name).get_hookimpls():
            yield from _asked(context, name, implementation.function, call, judge)


def _asked(
    context: Context,
    name: str,
    function: Callable[..., Any],
    call: Callable[[Any], Any],
    judge: Callable[[Context, Any], str | None],
) -> Iterator[Message]:
    def ask(*given: Any) -> Any:
        # pluggy lets an implementation take fewer arguments than the hook has
        return function(*given[: len(inspect.signature(function).parameters)])

    try:
        wrong = judge(context, call(ask))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  (SystemExit too: nothing may end the check)
        what = f"The hook `{name}` raises {type(error).__name__}"
        yield _message(_raised(error, function), what, "Repair it")
        return
    if wrong is not None:
        yield _message(_defined(function), f"The hook `{name}` gives {wrong}", _REMEDIES[name])


_REMEDIES = {
    "cspr_facts": "Give rows of three texts: name, subject (empty: the case) and value",
    "cspr_requirements": "Give each requirement an id that begins with the area's name",
    "cspr_report_formats": "Give a dictionary from the format's name to a function",
}


def _facts(context: Context, function: Callable[..., Any]) -> list[Any]:
    return [
        row
        for drawn in drawn_cases(context.rules, SEED, CASES)
        for row in function(drawn.case, drawn.as_of)
    ]


def _wrong_facts(_context: Context, rows: Any) -> str | None:
    for row in rows:
        if not isinstance(row, tuple) or [type(value) for value in row] != [str, str, str]:
            return "a row that is not three texts"
    return None


def _wrong_requirements(context: Context, given: Any) -> str | None:
    for one in given:
        # that it is a requirement, loading the plugin has made sure
        if not one.id.startswith(f"{context.area}."):
            return f"a requirement `{one.id}`, whose id does not begin with `{context.area}.`"
    return None


def _wrong_formats(_context: Context, given: Any) -> str | None:
    if not isinstance(given, Mapping):
        return f"{type(given).__name__} where a dictionary is due"
    for name, function in given.items():
        if not isinstance(name, str) or not callable(function):
            return "an entry that is not a name with a function"
    return None


def _commands(function: Callable[..., Any]) -> None:
    import typer  # noqa: PLC0415  (asked for only where there are hooks)

    function(typer.Typer())


def _raised(error: BaseException, function: Callable[..., Any]) -> tuple[str, int]:
    """The last place in the plugin's own folder that the error came through."""
    file, line = _defined(function)
    folder = Path(file).parent
    for frame in traceback.extract_tb(error.__traceback__):
        if Path(frame.filename).is_relative_to(folder) and frame.lineno is not None:
            file, line = frame.filename, frame.lineno
    return file, line


def _defined(function: Callable[..., Any]) -> tuple[str, int]:
    code = inspect.unwrap(function).__code__
    return code.co_filename, code.co_firstlineno


def _message(at: tuple[str, int], what: str, remedy: str) -> Message:
    mark = Mark(at[1], 1)
    here = Document(at[0], None, mark._replace(inside=[mark]))
    return Message((0,), what, remedy, document=here)
