"""`cspr test --mutate`: the command's side of mutation testing: a progress bar, output, status."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

import typer

from cspr_core.cli import errors, output

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cspr_core.mutation import MutationResult
    from cspr_core.testing.suites import Suite


def mutate_suites(  # noqa: PLR0913  (one for each option)
    suites: Sequence[Suite],
    *,
    only: Collection[str],
    operators: Sequence[str],
    jobs: int | None,
    fail_under: float | None,
    form: str,
    out: Path | None,
) -> int:
    """Judge each suite's mutants and tell of them; the exit status.

    `only` are ids of requirements (all without any), `fail_under` a score in percent. What can't
    be read is told on stderr. Raises `CommandError` where there is no such kind of change.
    """
    names = _operators(operators)
    results: list[MutationResult] = []
    status = 0
    for suite in suites:
        try:
            results.append(_judged(suite, frozenset(only) or None, names, jobs))
        except errors.expected() as error:
            errors.complain(error)
            status = errors.BAD
    if results:
        output.emit(_told(results, form, out), out)
    for result in results:
        if result.failing:
            status = status or 1
        if fail_under is not None and result.score < fail_under:
            output.note(
                f"cspr: {result.area}: {result.score:.1f}% of the changed rules are noticed, and"
                f" {fail_under:g}% is asked for."
            )
            status = status or 1
    return status


def _operators(asked: Sequence[str]) -> frozenset[str] | None:
    from cspr_core.mutation import NAMES
    from cspr_core.reading.words import nearest

    for name in asked:
        if name not in NAMES:
            near = nearest(name, list(NAMES))
            hint = f"Did you mean {near}?" if near else f"Use one of {', '.join(NAMES)}."
            raise errors.CommandError(f"--operator {name}: there is no such change. {hint}")
    return frozenset(asked) or None


def _judged(
    suite: Suite,
    only: frozenset[str] | None,
    operators: frozenset[str] | None,
    jobs: int | None,
) -> MutationResult:
    from cspr_core.mutation import mutate

    with _Bar(suite.area) as bar:
        return mutate(suite, only=only, operators=operators, jobs=jobs, progress=bar)


class _Bar:
    """A bar on stderr while mutants are judged; nothing at all where that is no terminal."""

    def __init__(self, label: str) -> None:
        self.label, self.done = label, 0
        self.shown = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __call__(self, done: int, of: int) -> None:
        if not self.shown:
            return
        if not done:
            self.bar = typer.progressbar(length=of, label=self.label, file=sys.stderr)
            self.bar.__enter__()
        self.bar.update(done - self.done)
        self.done = done

    def __exit__(self, *about: object) -> None:
        if hasattr(self, "bar"):
            self.bar.__exit__(None, None, None)


def _told(results: Sequence[MutationResult], form: str, out: Path | None) -> str:
    import json

    from cspr_core.mutation.result import SCHEMA_VERSION

    if form == "text":
        return "\n\n".join(result.text() for result in results)
    suites = [result.as_json() for result in results]
    data = {"schema_version": SCHEMA_VERSION, "suites": suites}
    plain = out is None and not output.is_unicode()
    return json.dumps(data, indent=2, ensure_ascii=plain)
