"""Several engines on one case, held against each other: a difference is an error, not a result.

What is compared is what each engine itself does: every way in which every body of the plan holds,
fact by fact, in each stratum. Hits, tallies and decisions follow from that alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from operator import is_
from typing import Protocol

from cspr_core.engine.plan import Fire, Plan, answer
from cspr_core.matching import Bound, Firings, Rows
from cspr_core.program import Decision


class Engine(Protocol):
    """What finds the firings of a plan's bodies."""

    @property
    def name(self) -> str:
        """What a report calls it."""

    def case(self) -> AbstractContextManager[Fire]:
        """What fires for one case."""


class EnginesDifferError(Exception):
    """The engines came to different answers: an internal error, and how to report it."""


class Compared:
    """Engines with the same plan; `run` answers it for one case if they agree."""

    def __init__(self, plan: Plan, engines: Sequence[Engine]) -> None:
        """Take at least one engine."""
        self.plan, self.engines = plan, engines
        self.names = tuple(engine.name for engine in engines)

    def run(self, rows: Rows) -> list[Decision]:
        """The decisions for one case, sorted by requirement and subject.

        Raises `EnginesDifferError` where the engines do not agree, and what an engine raises.
        """
        with ExitStack() as cases:
            first, *others = [cases.enter_context(engine.case()) for engine in self.engines]

            def fire(found: Rows, stratum: int) -> Firings:
                fired = first(found, stratum)
                for other in others:
                    for body in _different(fired, other(found, stratum)):
                        raise EnginesDifferError(self._message(body))
                return fired

            return answer(self.plan, fire, rows)

    def _message(self, body: int) -> str:
        asking = self.plan.bodies[body].requirements
        return (
            f"Internal error: the engines differ on {', '.join(asking)}"
            f" ({', '.join(self.names)}, pattern {body})."
            " Nothing was decided. Please report this line, without the case file."
        )


def _different(one: Firings, other: Firings) -> Iterator[int]:
    """The bodies that do not fire alike: the same facts, as often, in whatever order."""
    if one.keys() != other.keys():
        yield from one.keys() ^ other.keys()
        return
    for body, mine in one.items():
        theirs = other[body]
        if len(mine) == len(theirs) == 1:  # as most
            if not _alike(mine[0], theirs[0]):
                yield body
        # Of several, durable-rules finds most in the opposite order.
        elif len(mine) == len(theirs) and all(map(_alike, mine, reversed(theirs))):
            continue
        elif _numbers(mine) != _numbers(theirs):
            yield body


def _alike(mine: Bound, theirs: Bound) -> bool:
    """Whether these are the very same facts: every engine is given, and gives back, the same."""
    return len(mine) == len(theirs) and all(map(is_, mine, theirs))


def _numbers(firings: Sequence[Bound]) -> list[list[int]]:
    return sorted([list(map(id, bound)) for bound in firings])
