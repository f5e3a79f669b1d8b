"""What a requirement lowers to: its program, its limit, and what words and dates need to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cspr_core.kinds.patterns import Conditions, Gate, LoweringError, Origin, Subjects, Way
from cspr_core.kinds.patterns import origins as origins_of
from cspr_core.model.arrangements import DatedValue, Hold, Limited, Requirement
from cspr_core.model.patterns import Anchor, EventPattern, Period
from cspr_core.program import Condition as Holds
from cspr_core.program import Count as Tally
from cspr_core.program import Every, Match, Pattern, Program, Ref, Row, Test, eq, match_tags
from cspr_core.program import Some as AnyHolds

FORMS = ("within", "before", "around", "by")


@dataclass(frozen=True)
class LimitValue:
    """One dated value of a limit: so many units after, before or around an origin."""

    form: str
    n: int
    unit: str
    origins: tuple[Origin, ...]
    governed: tuple[tuple[Origin, ...], ...]
    in_force_from: date | None
    verified: bool
    reference: str | None


@dataclass(frozen=True)
class Limit:
    """A requirement's limit: dated values, or another requirement's limit."""

    values: tuple[LimitValue, ...] = ()
    copies: str | None = None
    optional: bool = False

    @property
    def soft(self) -> bool:
        """Without a start there is no date, but the requirement is in play all the same."""
        return self.optional or (
            bool(self.values) and all(value.form == "by" for value in self.values)
        )

    @property
    def windowed(self) -> bool:
        """What is done may be too early, or too late to count at all."""
        return any(value.form in ("before", "around") for value in self.values)


@dataclass(frozen=True)
class Lowered:
    """A requirement, lowered: the one value that everything after the kinds works with."""

    requirement: Requirement
    program: Program
    subject: Subjects
    limit: Limit | None = None
    gates: tuple[Gate, ...] = ()
    waiting: tuple[str, ...] = ()
    dates: Mapping[str, str] = field(default_factory=dict)  # fact type → column of "done"


class Lowering(Conditions):
    """Builds one requirement's program: matches gathered, rows put in order."""

    def __init__(self, requirement: Requirement, subject: Subjects) -> None:
        """For one requirement and its subjects."""
        super().__init__(requirement.id, subject)
        self.model = requirement
        self.gates: list[tuple[str, Gate]] = []
        self._marked = False

    def prepare(self) -> None:
        """The matches that every kind needs: the subjects, the conditions, the marks."""
        if self.subject.body:
            self.add("subject", evidence=True)
        if self.subject.involved:
            self.add("involved", split="value")
            yes, no, unknown = (Tally(f"involved.{word}") for word in ("yes", "no", "unknown"))
            self.gates.append(("involved", Gate(yes, no, unknown)))
        for index, condition in enumerate(self.model.when):
            tag = f"when.{index}"
            self.gates.append((tag, self.gate(condition, tag)))
        tests = (eq("requirement", self.requirement), *self.subject.limit_tests)
        self.add("mark", Pattern("k", "mark", tests), split="what")

    def limit_match(self) -> None:
        """Tallies `limit.open`, `limit.passed` and `limit.shut`; the start is the evidence."""
        tests = (eq("requirement", self.requirement), *self.subject.limit_tests)
        body = (*self.subject.body, Pattern("l", "limit", tests))
        self.matches.append(
            Match(
                "limit",
                body,
                Ref("l"),
                self.subject.ref,
                (Ref("l", "anchor"),),
                Ref("l", "state"),
            )
        )

    def done_matches(self, ways: Sequence[Way], *, windowed: bool, limited: bool) -> None:
        """Tallies of what was done: `did`, `in_time`, `in_reach`, `held` (no date), `maybe`."""
        limit = Pattern(
            "l", "limit", (eq("requirement", self.requirement), *self.subject.limit_tests)
        )
        for way in ways:
            if not way.sure:
                self.add("maybe", *way.body)
                continue
            if way.date is None:
                self.add("held", *way.body)
                continue
            self.add("did", *way.body)
            if not limited:
                continue
            by = Test(way.date, "<=", Ref("l", "date"))
            since = (Test(way.date, ">=", Ref("l", "opens")),) if windowed else ()
            self.add("in_time", limit, *way.when(by, *since))
            if windowed:
                closes = Test(way.date, "<=", Ref("l", "closes"))
                self.add("in_reach", limit, *way.when(closes, *since))

    def has(self, tag: str) -> bool:
        """Whether some match has this tag (or splits it)."""
        return any(match.tag == tag for match in self.matches)

    # --- rows that every kind shares, in their order ------------------------------------------

    def excluded(self) -> list[Row]:
        """Not in force then; a condition that does not hold."""
        rows = [Row("not_applicable", Tally("mark.not_in_force"), "not_in_force")]
        rows += [
            Row("not_applicable", gate.no, f"{tag}.no", self._shown(tag))
            for tag, gate in self.gates
        ]
        return rows

    def recorded(self) -> list[Row]:
        """What minutes confirm, and exceptions that the requirement allows."""
        rows: list[Row] = []
        if self.model.confirmable == "yes":
            rows += [
                Row("met", Tally("mark.confirmed"), "confirmed", ("mark.confirmed",)),
                Row(
                    "met_late", Tally("mark.confirmed_late"), "confirmed", ("mark.confirmed_late",)
                ),
                Row("breached", Tally("mark.confirmed_no"), "confirmed_no", ("mark.confirmed_no",)),
            ]
        if self.model.unless == "recorded":
            rows.append(Row("excused", Tally("mark.excepted"), "excepted", ("mark.excepted",)))
        return rows

    @property
    def in_play(self) -> Holds:
        """Every condition certainly holds: only then is something recorded a breach."""
        return Every(tuple(gate.yes for _, gate in self.gates))

    def waiting(self) -> list[Row]:
        """Conditions that depend on what is not known, or that do not hold yet, in their order.

        Whether an agency was involved comes last: until something is in play it does not matter.
        """
        rows: list[Row] = []
        for tag, gate in sorted(self.gates, key=lambda pair: pair[0] == "involved"):
            shown = self._shown(tag)
            rows.append(Row("undetermined", gate.unknown, f"{tag}.unknown", shown))
            rows.append(Row("pending", gate.waits, f"{tag}.waits"))
        return rows

    def _of_the_case(self) -> list[Row]:
        """What conditions say where there is no subject at all: those that ask of none."""
        asked = Conditions(self.requirement, Subjects())
        rows: list[Row] = []
        for index, condition in enumerate(self.model.when):
            try:
                gate = asked.gate(condition, f"case.{index}")
            except LoweringError:  # it speaks of the subject, and there is none
                asked.matches = [m for m in asked.matches if not m.tag.startswith(f"case.{index}")]
                continue
            rows.append(Row("not_applicable", gate.no, f"when.{index}.no"))
        self.matches += asked.matches
        return rows

    def _shown(self, tag: str) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(
                t
                for match in self.matches
                if match.evidence and (match.tag == tag or match.tag.startswith(f"{tag}."))
                for t in match_tags(match)
            )
        )

    def lowered(
        self,
        rows: Sequence[Row],
        *,
        limit: Limit | None = None,
        empty: Row | None = None,
        ways: Sequence[Way] = (),
    ) -> Lowered:
        """The program out of what was gathered; `empty` answers where there is no subject."""
        none = empty or Row("pending", why="no_subject")
        nobody = () if self.subject.ref is None else (*self._of_the_case(), none)
        program = Program(
            self.requirement,
            tuple(self.matches),
            tuple(row for row in rows if row.when != AnyHolds()),
            nobody or None,
        )
        dates = {way.body[-1].type: way.date for way in ways if way.sure and way.date is not None}
        gates = tuple(gate for _, gate in self.gates)
        return Lowered(
            self.model,
            program,
            self.subject,
            limit,
            gates,
            tuple(tag for tag, _ in self.gates),
            dates,
        )


def limit_of(requirement: Limited | Hold, subject: Subjects) -> Limit | None:
    """The limit that a requirement states; raises `LoweringError` where it states two."""
    if requirement.values:
        if any(getattr(requirement, form, None) is not None for form in FORMS):
            raise LoweringError("a limit stands on its own line or under `values`, not both")
        return Limit(tuple(_value(dated, subject) for dated in requirement.values))
    given = [form for form in FORMS if getattr(requirement, form, None) is not None]
    if not given:
        return None
    if len(given) > 1:
        raise LoweringError("a requirement has one limit: within, before, around or by")
    period: Period = getattr(requirement, given[0])
    if period.as_ is not None:
        return Limit(copies=period.as_)
    return Limit((_period(given[0], period, subject, None),))


def start_limit(start: Period, subject: Subjects) -> Limit:
    """The limit "by the day of" something."""
    return Limit((_period("by", start, subject, None),))


def _value(dated: DatedValue, subject: Subjects) -> LimitValue:
    given = [form for form in FORMS if getattr(dated, form) is not None]
    if len(given) != 1:
        raise LoweringError("a dated value has one limit: within, before, around or by")
    return _period(given[0], getattr(dated, given[0]), subject, dated)


def _period(form: str, period: Period, subject: Subjects, dated: DatedValue | None) -> LimitValue:
    if period.of is None:
        raise LoweringError(f"`{form}` says what it counts from: `of`")
    if form == "by":
        n, unit = period.n or 0, period.unit or "days"
    elif period.n is None or period.unit is None:
        raise LoweringError(f"`{form}` needs `n` and `unit`")
    else:
        n, unit = period.n, period.unit
    plans = form != "within"
    governed = () if dated is None else dated.governed_by
    return LimitValue(
        form,
        n,
        unit,
        tuple(origins_of(period.of, subject, plans=plans)),
        tuple(_governing(pattern, subject) for pattern in governed),
        None if dated is None else dated.in_force_from,
        dated is None or dated.verified == "yes",
        None if dated is None else dated.reference,
    )


def _governing(pattern: EventPattern, subject: Subjects) -> tuple[Origin, ...]:
    anchor = Anchor.model_construct(**vars(pattern))
    return tuple(origins_of(anchor, subject, plans=False))
