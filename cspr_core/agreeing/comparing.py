"""Every engine on the same cases, held against each other in all that they say.

Compared are, for each case: the facts themselves, before and after they were stored; limits and
marks (derived for one case, and over columns); every firing of every pattern (durable-rules against
the reference engine, where it is installed); decisions with their evidence; and findings. An engine
that stops with an error differs, too.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cspr_core.caseload.answers import FINDINGS, Answer, reference_answers
from cspr_core.caseload.columns import STORED, CaseFacts, rows_of
from cspr_core.caseload.store import FactsWriter, open_facts
from cspr_core.caseload.tabled import Tabled, prepared
from cspr_core.check import Checked, EnginesDifferError, Rules
from cspr_core.engine.table import Joining
from cspr_core.facts import Facts, facts_of
from cspr_core.limits import Limits, derive
from cspr_core.matching import FactRow
from cspr_core.model.case import Case
from cspr_core.program import FACT_TYPES, ID, Decision
from cspr_core.reading.case import CaseFile
from cspr_core.reading.document import Document
from cspr_core.reading.tree import Mark
from cspr_core.report.findings import bare_findings

if TYPE_CHECKING:
    import pyarrow as pa

    from cspr_core.engine.tables import Tables

COUNTED = ("cases", "facts", "limits", "marks", "decisions", "evidence", "findings")
WHOLE = -1  # in place of a case's number: all of them together
# Of so many cases of a batch, one is also answered from the stored facts alone, by the reference
# engine: beyond what is compared for all of them that is but another way to write it down.
_STORED = 10
Key = tuple[int, str, str]  # a case's number, a requirement (or type of facts), a subject


class Difference(NamedTuple):
    """What engines say differently: of which case, in what, and each engine's words for it.

    `requirement` is empty where no single one is concerned; of facts it is their type.
    """

    case: int
    what: str
    requirement: str
    subject: str
    said: tuple[tuple[str, str], ...]

    @property
    def cause(self) -> str:
        """What is the same for differences that most likely have one cause."""
        return self.requirement or self.what


class Agreement(NamedTuple):
    """How much was compared, by its name in `COUNTED`, and all that differed."""

    counts: Counter[str]
    differences: list[Difference]


def compare(rules: Rules, cases: Sequence[Case], as_of: date, only: str | None = None) -> Agreement:
    """Hold every engine against the others on some cases as of a day.

    `only` names the one thing to be compared (`PARTS`), where the others don't matter.
    """
    together = Together(rules, cases, as_of)
    found: list[Difference] = []
    for what, part in PARTS.items():
        if only is None or what == only:
            try:
                found += part(together)
            except Exception as error:  # noqa: BLE001  (whatever stops an engine)
                said = (("error", f"{type(error).__name__}: {error}"),)
                found.append(Difference(WHOLE, what, "", "", said))
    return Agreement(together.counts, found)


class Together:
    """Some cases of one area as of a day, and what each engine says of them when it is asked."""

    def __init__(self, rules: Rules, cases: Sequence[Case], as_of: date) -> None:
        """Nothing is worked out yet."""
        self.rules, self.cases, self.as_of = rules, cases, as_of
        self.counts: Counter[str] = Counter(cases=len(cases))

    # --- what is given ---

    @cached_property
    def facts(self) -> Sequence[Facts]:
        """The facts of each case."""
        plugin = self.rules.plugin
        return [
            facts_of(case, self.as_of, extra=plugin.facts(case, self.as_of)) for case in self.cases
        ]

    @cached_property
    def stored(self) -> pa.Table:
        """The facts of all cases as a table that has been a file."""
        area = self.rules.plugin.area
        cases = [CaseFacts(str(n), area, facts.rows) for n, facts in enumerate(self.facts)]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "facts.parquet")
            with FactsWriter(path, self.as_of) as writer:
                writer.add(cases)
            return open_facts(path).read(0)

    # --- one case after the other ---

    @cached_property
    def derived(self) -> Sequence[tuple[Facts, Limits]]:
        """The facts of each case with its limits and marks."""
        rules = self.rules
        return [derive(f, rules.lowered, self.as_of, rules.in_force) for f in self.facts]

    @cached_property
    def fired(self) -> tuple[Sequence[tuple[Decision, ...]], Mapping[int, str]]:
        """The decisions on each case, and where durable-rules did not fire as the other engine."""
        found: list[tuple[Decision, ...]] = []
        torn: dict[int, str] = {}
        for number, (facts, _) in enumerate(self.derived):
            try:
                decisions = self.rules.engines.run(facts.rows)
            except EnginesDifferError as error:
                torn[number] = str(error)
                decisions = self.rules.reference.run(facts.rows)
            found.append(tuple(decisions))
        return found, torn

    @property
    def decisions(self) -> Sequence[tuple[Decision, ...]]:
        """The decisions on each case."""
        return self.fired[0]

    @cached_property
    def bare(self) -> Sequence[Answer]:
        """The findings of each case, in the order of a table of findings."""
        rules, found = self.rules, list[tuple[str, int, str, Answer]]()
        names = rules.engines.names
        for number, (facts, limits) in enumerate(self.derived):
            decisions = self.decisions[number]
            casefile = CaseFile(self.cases[number], "", Document("", None, Mark(1, 1)))
            checked = Checked(casefile, rules, self.as_of, facts, limits, decisions, names)
            for (requirement, subject), bare in bare_findings(checked).items():
                answer = Answer(
                    rules.plugin.area,
                    str(number),
                    requirement,
                    subject or None,
                    bare.status,
                    bare.answer,
                    bare.binding,
                    bare.due,
                    bare.done,
                )
                found.append((requirement, number, subject, answer))
        found.sort(key=lambda one: one[:3])
        return [answer for *_, answer in found]

    # --- all at once ---

    @property
    def tabled(self) -> Tabled:
        """The table engine of the rules."""
        return self.rules.once(prepared)

    @cached_property
    def columns(self) -> Tables:
        """The facts as the table engine has them, limits and marks included."""
        with Joining() as connection:
            return self.tabled.tables(self.stored, self.as_of, connection)[0]

    def dated(self, fact_type: str) -> Mapping[Key, list[Any]]:
        """Limits or marks as the table engine derives them."""
        tables, names = self.columns, [*FACT_TYPES[fact_type]]
        found: dict[Key, list[Any]] = {}
        columns = [
            [tables.words[code] for code in values.tolist()]
            if FACT_TYPES[fact_type][name].type == "text"
            else values.tolist()
            for name in names
            for values in [tables.column(fact_type, name)]
        ]
        cases = tables.column(fact_type, "c").tolist()
        for case, requirement, subject, *rest in zip(cases, *columns, strict=True):
            found.setdefault((case, requirement, subject), []).append(tuple(rest))
        return _sorted(found)


# --- what is compared ----------------------------------------------------------------------------


def _facts(together: Together) -> Iterator[Difference]:
    """The facts, against what is read back from a file of them."""
    counted = 0
    again = list(rows_of(together.stored))
    for number, (facts, one) in enumerate(zip(together.facts, again, strict=True)):
        for name in STORED:
            mine, stored = facts.rows.get(name, ()), one.rows.get(name, ())
            counted += len(mine)
            if list(map(dict, mine)) != list(map(dict, stored)):
                said = (("the case", _listed(mine)), ("stored", _listed(stored)))
                yield Difference(number, "facts", name, "", said)
    together.counts["facts"] += counted


def _limits(together: Together) -> Iterator[Difference]:
    return _dated(together, "limit")


def _marks(together: Together) -> Iterator[Difference]:
    return _dated(together, "mark")


def _dated(together: Together, fact_type: str) -> Iterator[Difference]:
    """Limits or marks: each column but their own numbers."""
    _, _, *rest = FACT_TYPES[fact_type]
    mine: dict[Key, list[Any]] = {}
    for number, (facts, _) in enumerate(together.derived):
        for row in facts.of(fact_type):
            key = (number, row["requirement"], row["subject"])
            mine.setdefault(key, []).append(tuple(row[name] for name in rest))
    together.counts[f"{fact_type}s"] += sum(map(len, mine.values()))

    def told(values: Sequence[tuple[Any, ...]]) -> str:
        return "; ".join(
            ", ".join(f"{name} {_shown(name, v)}" for name, v in zip(rest, value, strict=True))
            for value in values
        )

    yield from _differences(f"{fact_type}s", _sorted(mine), together.dated(fact_type), told)


def _firings(together: Together) -> Iterator[Difference]:
    """Durable-rules against the reference engine, pattern by pattern."""
    for number, told in together.fired[1].items():
        yield Difference(number, "firings", "", "", (("both", told),))


def _decisions(together: Together) -> Iterator[Difference]:
    """Decisions and their evidence, of the table engine against those of single cases."""
    want = together.decisions
    together.counts["decisions"] += sum(map(len, want))
    together.counts["evidence"] += sum(len(d.evidence) for one in want for d in one)
    got = together.tabled.engine.run_all([facts.rows for facts, _ in together.derived])
    for number, (mine, theirs) in enumerate(zip(want, got, strict=True)):
        if list(mine) != list(theirs):
            yield from _differences("decisions", _keyed(number, mine), _keyed(number, theirs), _say)


def _keyed(number: int, decisions: Sequence[Decision]) -> Mapping[Key, list[Any]]:
    found: dict[Key, list[Any]] = {}
    for decision in decisions:
        found.setdefault((number, decision.requirement, decision.subject), []).append(decision[2:])
    return found


def _findings(together: Together) -> Iterator[Difference]:
    """Findings of the table engine, in every column, and those from stored facts alone."""
    mine = together.bare
    together.counts["findings"] += len(mine)
    rules, as_of, stored = together.rules, together.as_of, together.stored
    yield from _answers("table", mine, _rows(together.tabled.answers(stored, as_of)))
    few = -(-stored.num_rows // _STORED)
    first = [answer for answer in mine if int(answer.case) < few]
    again = _rows(reference_answers(stored.slice(0, few), rules, as_of))
    yield from _answers("reference, from stored facts", first, again)


def _rows(findings: pa.Table) -> list[Answer]:
    columns = (findings.column(name).to_pylist() for name in FINDINGS)
    return [Answer(*values) for values in zip(*columns, strict=True)]


def _answers(other: str, mine: Sequence[Answer], theirs: Sequence[Answer]) -> Iterator[Difference]:
    if list(mine) == list(theirs):
        return

    def keyed(answers: Sequence[Answer]) -> Mapping[Key, list[Any]]:
        found: dict[Key, list[Any]] = {}
        for one in answers:
            key = (int(one.case), one.requirement, one.subject or "")
            found.setdefault(key, []).append(one)
        return found

    def told(answers: Sequence[Answer]) -> str:
        return "; ".join(
            ", ".join(
                f"{name} {value}"
                for name, value in one._asdict().items()
                if name not in ("case", "requirement", "subject")
            )
            for one in answers
        )

    ours, others = keyed(mine), keyed(theirs)
    if ours == others:
        said = (("reference", "in order"), (other, "in another order"))
        yield Difference(WHOLE, "findings", "", "", said)
    yield from _differences("findings", ours, others, told, other)


PARTS: Mapping[str, Callable[[Together], Iterator[Difference]]] = {
    "facts": _facts,
    "limits": _limits,
    "marks": _marks,
    "firings": _firings,
    "decisions": _decisions,
    "findings": _findings,
}


# --- in words ------------------------------------------------------------------------------------


def _sorted(found: Mapping[Key, list[Any]]) -> Mapping[Key, list[Any]]:
    return {key: sorted(values) for key, values in found.items()}


def _differences(
    what: str,
    mine: Mapping[Key, list[Any]],
    theirs: Mapping[Key, list[Any]],
    told: Callable[[Sequence[Any]], str],
    other: str = "table",
) -> Iterator[Difference]:
    """Where two engines' words for a case, requirement and subject are not the same."""
    if mine == theirs:
        return
    for key in sorted(mine.keys() | theirs.keys()):
        ours, others = mine.get(key, []), theirs.get(key, [])
        if ours != others:
            said = (("reference", told(ours) or "nothing"), (other, told(others) or "nothing"))
            yield Difference(key[0], what, key[1], key[2], said)


def _say(decisions: Sequence[Any]) -> str:
    said = []
    for status, why, answer, evidence in decisions:
        words = [status, *(f"({why})" for _ in why[:1]), *(f"answer {answer}" for _ in answer[:1])]
        shown = ", ".join(f"{tag} {fact}" for tag, fact in evidence) or "none"
        said.append(f"{' '.join(words)}; evidence: {shown}")
    return "; ".join(said)


def _shown(name: str, value: Any) -> str:
    """A limit's columns as they are read: days as dates."""
    is_day = name in ("start", "opens", "date", "closes") and isinstance(value, int)
    if is_day and 0 < value <= date.max.toordinal():
        return date.fromordinal(value).isoformat()
    return str(value)


def _listed(rows: Sequence[FactRow]) -> str:
    return (
        "; ".join(
            f"{row[ID]}: "
            + ", ".join(f"{name} {value!r}" for name, value in row.items() if name != ID)
            for row in rows
        )
        or "nothing"
    )
