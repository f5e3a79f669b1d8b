"""What engines are given: the distinct bodies of all matches, and what each one counts for.

Many requirements ask the same of a case. A plan holds each body once, with the matches whose hits
its firings are, in the order in which findings allow them to be asked. An engine finds the firings;
what they mean (tally and decide) is the same for every engine, and done once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from cspr_core.engine.decide import Decider, Emit, Places, Tallies, Tests, add, in_order
from cspr_core.matching import Body, FactRow, Firings, Place, Rows, body_of, positions
from cspr_core.program import Decision, Match, Program, Ref, strata

# New facts and a stratum's number, the first being 0 → the firings of that stratum's bodies. Of
# findings, it is given all that there are so far.
Fire = Callable[[Rows, int], Firings]


class Planned(NamedTuple):
    """A body, the stratum in which it is asked, and the matches that it stands for."""

    stratum: int
    body: Body
    emits: list[Emit]

    @property
    def requirements(self) -> list[str]:
        """The requirements that ask it, each once."""
        return list(dict.fromkeys(name for emit in self.emits for name in emit.requirements))

    def stand_for(self, requirement: str, match: Match) -> None:
        """Add a match of a requirement."""
        given = _places(match)
        for emit in self.emits:
            if given == (emit.tag, emit.split, emit.subject, emit.key, emit.evidence):
                break
        else:
            emit = Emit(given)
            self.emits.append(emit)
        emit.requirements.append(requirement)


class Plan:
    """Programs as an engine runs them."""

    def __init__(self, programs: Sequence[Program]) -> None:
        """Take `programs`; raises `ProgramError` where they wait for each other."""
        ordered = strata(programs)
        self.read = frozenset[str]().union(*(program.reads for program in programs))
        tests: Tests = {}
        self.deciders = [[Decider(program, tests) for program in stratum] for stratum in ordered]
        bodies: dict[int, Body] = {}  # by the identity of what is one in several programs
        found: dict[tuple[int, Body], Planned] = {}
        for number, stratum in enumerate(ordered):
            for program in stratum:
                for match in program.matches:
                    body = bodies.get(id(match.body))
                    if body is None:
                        body = bodies[id(match.body)] = body_of(match.body)
                    # From stratum to stratum only findings differ; all else is there at first.
                    first = number if any(part.type == "finding" for part in body) else 0
                    planned = found.get((first, body))
                    if planned is None:
                        planned = found[first, body] = Planned(first, body, [])
                    planned.stand_for(program.requirement, match)
        self.bodies: Sequence[Planned] = list(found.values())

    def stratum(self, number: int) -> Mapping[int, Body]:
        """The bodies of a stratum, by their numbers."""
        return {n: one.body for n, one in enumerate(self.bodies) if one.stratum == number}


def planned(programs: Plan | Sequence[Program]) -> Plan:
    """The plan of these programs; raises `ProgramError` where they wait for each other."""
    return programs if isinstance(programs, Plan) else Plan(programs)


def answer(plan: Plan, fire: Fire, rows: Rows) -> list[Decision]:
    """The decisions for one case, sorted by requirement and subject, from what fires."""
    case = _Case(plan)
    for stratum in range(len(plan.deciders)):
        case.take(stratum, fire(rows, stratum))
        rows = {"finding": case.findings}
    return in_order(case.found)


def _places(match: Match) -> Places:
    at = positions(match.body)

    def place(ref: Ref) -> Place:
        return at[ref.alias], ref.column

    return (
        match.tag,
        None if match.split is None else place(match.split),
        None if match.subject is None else place(match.subject),
        place(match.key),
        tuple(map(place, match.evidence)),
    )


class _Case:
    """What is known of one case so far."""

    def __init__(self, plan: Plan) -> None:
        """Nothing has fired yet."""
        self._plan = plan
        self._tallies = Tallies()
        self.found: list[Decision] = []
        self.findings: list[FactRow] = []  # those that the next stratum reads

    def take(self, stratum: int, firings: Firings) -> None:
        """Tally what has fired, and decide the requirements of a stratum."""
        bodies, tallies = self._plan.bodies, self._tallies
        for number, found in firings.items():
            for emit in bodies[number].emits:
                add(tallies, emit, found)
        read = self._plan.read
        for decider in self._plan.deciders[stratum]:
            decided = decider(tallies)
            if decider.requirement in read:
                self.findings += finding_rows(decided, len(self.found))
            self.found += decided


def finding_rows(decisions: Sequence[Decision], before: int) -> list[FactRow]:
    """Decisions as facts; their numbers are negative, and go on from those `before`."""
    return [
        {
            "fid": -number,
            "requirement": decision.requirement,
            "subject": decision.subject,
            "status": decision.status,
            "answer": decision.answer or "unknown",
        }
        for number, decision in enumerate(decisions, before + 1)
    ]
