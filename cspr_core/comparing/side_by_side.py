"""Arrangements of several areas side by side: what is at stake first, then topic by topic.

The national duties have a column of their own, as they hold in every area beside its own rules.
Nothing is judged but limits, and those only where one of two can be proved the stricter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from cspr_core.check import Rules, nation_alone
from cspr_core.comparing.matters import HOMES, TOPICS, Matter, matter_of
from cspr_core.comparing.sections import contact_days, cover_days, reach
from cspr_core.model.arrangements import Composition, Deadline, Requirement
from cspr_core.plugins import NATIONAL
from cspr_core.report.guidance.sentences import Sentences, verb_of
from cspr_core.report.roles import STAGES, role_name
from cspr_core.report.timing import Timing
from cspr_core.report.words import Words, capital, spaced
from cspr_core.strictness import (
    Comparison,
    compare_beside,
    compare_limits,
    known,
    limit_of,
)
from cspr_core.vocabulary import vocabulary

NATION = "National duty"
NO_DUTY = "No national duty"
NO_RULE = "No local rule"
DUTY_APPLIES = "No local rule: the national duty applies"
# What is no topic of a stage, and stands for itself.
PARTS: Mapping[str, str] = {
    "documents": "The documents",
    "deadlines": "Time limits",
    "bodies": "What the bodies and roles are called",
    "contacts": "Contacts",
    "not_covered": "What is not covered",
}
_BESIDE = {
    "stricter": "stricter than the national duty",
    "same": "the same as the national duty",
    "looser": "looser than the national duty, which holds beside it",
    "mixed": "looser than the national duty on some dates; it holds beside it",
    "cannot be compared": "neither is proved stricter than the national duty; both hold",
}


@dataclass(frozen=True)
class Column:
    """An area, or the nation: its word, its short name and its full one."""

    area: str
    short: str
    name: str


@dataclass(frozen=True)
class Entry:
    """One requirement in words.

    `when` is its limit and order where the title does not say it, `more` what else belongs to it:
    conditions, places, exceptions.
    """

    id: str
    verb: str
    title: str
    when: str
    more: tuple[str, ...]
    section: str


@dataclass(frozen=True)
class Limit:
    """A limit of a requirement in words, and how it stands to the national duty."""

    id: str
    title: str
    words: str
    verb: str
    beside: str = ""


@dataclass(frozen=True)
class Row:
    """One matter: what each column has on it, in the order of the columns.

    `silent` is what is said of a column with nothing.
    """

    label: str
    cells: tuple[tuple[Entry, ...], ...]
    silent: tuple[str, ...]

    @property
    def speaking(self) -> int:
        """How many columns have something."""
        return sum(bool(cell) for cell in self.cells)


@dataclass(frozen=True)
class LimitRow:
    """One matter with a time limit: the limits of each column, and one sentence on two areas."""

    label: str
    cells: tuple[tuple[Limit, ...], ...]
    silent: tuple[str, ...]
    between: str = ""


@dataclass(frozen=True)
class Topic:
    """A topic of a stage: its matters in order, and by column what belongs to none of them.

    `silent` are the areas that say nothing at all of it, in this stage or another.
    """

    word: str
    title: str
    rows: tuple[Row, ...]
    unnamed: tuple[tuple[Entry, ...], ...]
    silent: tuple[Column, ...]

    @property
    def shared(self) -> tuple[Row, ...]:
        """The matters of which several speak, or the nation: what no area adds to applies too."""
        return tuple(row for row in self.rows if row.speaking > 1 or row.cells[0])

    @property
    def besides(self) -> tuple[tuple[Entry, ...], ...]:
        """By column, what one alone speaks of, and what belongs to no matter."""
        alone = [row for row in self.rows if row not in self.shared]
        return tuple(
            (*(entry for row in alone for entry in row.cells[index]), *unnamed)
            for index, unnamed in enumerate(self.unnamed)
        )

    @property
    def counts(self) -> tuple[int, ...]:
        """How many requirements each column has on it."""
        return tuple(
            sum(len(row.cells[index]) for row in self.rows) + len(unnamed)
            for index, unnamed in enumerate(self.unnamed)
        )


@dataclass(frozen=True)
class Stage:
    """A stage with its topics."""

    word: str
    title: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True)
class Words_:  # noqa: N801  (`Words` is the report's)
    """A row of plain words: a heading, and what each area has."""

    label: str
    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class SideBySide:
    """The whole comparison. `columns` begin with the nation; rows of words leave it out."""

    columns: tuple[Column, ...]
    whole: bool
    documents: tuple[Words_, ...]
    counts: tuple[Words_, ...]
    limits: tuple[LimitRow, ...]
    bodies: tuple[Words_, ...]
    roles: tuple[Words_, ...]
    stages: tuple[Stage, ...]
    contacts: tuple[Words_, ...]
    not_covered: tuple[Words_, ...]

    @property
    def areas(self) -> tuple[Column, ...]:
        """The columns without the nation."""
        return self.columns[1:]


def side_by_side(
    rules: Sequence[Rules], stage: str | None = None, topic: str | None = None
) -> SideBySide:
    """The arrangements of these areas; with `stage` or `topic`, that part of them alone."""
    return _Table(rules, stage, topic).whole()


class _Table:
    def __init__(self, rules: Sequence[Rules], stage: str | None, topic: str | None) -> None:
        self.rules = rules
        self.stage, self.topic = stage, topic
        nation = nation_alone()
        self.voices = [_Voice(nation, national=True), *(_Voice(one) for one in rules)]
        self.columns = tuple(voice.column for voice in self.voices)
        self.mute: dict[str, tuple[Column, ...]] = {}

    def whole(self) -> SideBySide:
        placed = self._rows()
        self.mute = self._silent_on(placed)
        rows = [row for row in placed if self.stage in (None, row[0])]
        return SideBySide(
            columns=self.columns,
            whole=self.stage is None and self.topic is None,
            documents=tuple(self._documents()) if self._wanted("documents") else (),
            counts=tuple(self._counts()) if self._wanted("") else (),
            limits=tuple(self._limits(rows)) if self._wanted("deadlines", staged=True) else (),
            bodies=tuple(self._bodies()) if self._wanted("bodies") else (),
            roles=tuple(self._roles()) if self._wanted("bodies") else (),
            stages=tuple(self._stages(rows)) if self.topic not in PARTS else (),
            contacts=tuple(self._contacts()) if self._wanted("contacts") else (),
            not_covered=tuple(self._not_covered()) if self._wanted("not_covered") else (),
        )

    def _wanted(self, part: str, *, staged: bool = False) -> bool:
        return self.topic in (None, part) and (self.stage is None or staged)

    # --- requirements ---------------------------------------------------------------------------

    def _rows(self) -> list[tuple[str, Matter, list[list[Requirement]]]]:
        """Each matter with its stage and what each column has on it, as a case goes."""
        order = list(vocabulary().words("stages"))
        found: dict[tuple[Matter, str], list[list[Requirement]]] = {}
        for index, voice in enumerate(self.voices):
            for r in voice.requirements:
                matter = matter_of(r)
                stage = HOMES.get(matter.topic) or ("" if matter.named else r.stage)
                found.setdefault((matter, stage), [[] for _ in self.voices])[index].append(r)
        placed = [
            (stage or _most([r.stage for cell in cells for r in cell], order), matter, cells)
            for (matter, stage), cells in found.items()
        ]
        topics = list(TOPICS)
        placed.sort(key=lambda row: (order.index(row[0]), topics.index(row[1].topic)))
        return placed

    def _stages(
        self, rows: Sequence[tuple[str, Matter, list[list[Requirement]]]]
    ) -> Iterator[Stage]:
        for stage in vocabulary().words("stages"):
            topics = []
            for word, title in TOPICS.items():
                own = [(m, cells) for s, m, cells in rows if (s, m.topic) == (stage, word)]
                if own and self.topic in (None, word):
                    topics.append(self._topic(word, title, own))
            if topics:
                yield Stage(stage, capital(STAGES.get(stage) or spaced(stage)), tuple(topics))

    def _topic(
        self, word: str, title: str, rows: Sequence[tuple[Matter, list[list[Requirement]]]]
    ) -> Topic:
        named: list[Row] = []
        unnamed: tuple[tuple[Entry, ...], ...] = ((),) * len(self.voices)
        for matter, cells in rows:
            entries = tuple(
                tuple(voice.entry(r) for r in cell)
                for voice, cell in zip(self.voices, cells, strict=True)
            )
            if matter.named:
                named.append(Row(matter.label, entries, self._silent(cells)))
            else:
                unnamed = entries
        return Topic(word, title, tuple(named), unnamed, self.mute[word])

    def _silent_on(
        self, rows: Sequence[tuple[str, Matter, list[list[Requirement]]]]
    ) -> dict[str, tuple[Column, ...]]:
        """By topic, the areas that say nothing of it in any stage."""
        spoken = {
            (matter.topic, column)
            for _, matter, cells in rows
            for column, cell in zip(self.columns, cells, strict=True)
            if cell
        }
        return {
            topic: tuple(c for c in self.columns[1:] if (topic, c) not in spoken)
            for topic in TOPICS
        }

    def _silent(self, cells: Sequence[Sequence[Requirement]]) -> tuple[str, ...]:
        duty = any(r.kind_name != "advice" for r in cells[0])
        return (NO_DUTY, *((DUTY_APPLIES if duty else NO_RULE) for _ in self.rules))

    # --- time limits ----------------------------------------------------------------------------

    def _limits(
        self, rows: Sequence[tuple[str, Matter, list[list[Requirement]]]]
    ) -> Iterator[LimitRow]:
        for _, matter, cells in rows:
            given = [
                tuple(limit for r in cell for limit in voice.limits(r))
                for voice, cell in zip(self.voices, cells, strict=True)
            ]
            if any(given):
                label = matter.label if matter.named else TOPICS[matter.topic]
                silent = [
                    "No time stated" if cell else words
                    for cell, words in zip(cells, self._silent(cells), strict=True)
                ]
                yield LimitRow(label, tuple(given), tuple(silent), self._between(cells))

    def _between(self, cells: Sequence[Sequence[Requirement]]) -> str:
        """Which of two areas is stricter, where each has one limit and that can be proved."""
        limited = [
            (voice, [r for r in cell if any(voice.limits(r))])
            for voice, cell in zip(self.voices[1:], cells[1:], strict=True)
        ]
        single = [(voice, found[0]) for voice, found in limited if len(found) == 1]
        if len(single) != 2:  # noqa: PLR2004
            return ""
        (one, its), (other, other_its) = single
        compared = _limits_of(one, its, other, other_its)
        if compared.verdict == "same":
            return f"{one.column.short} and {other.column.short} come to the same, {known()}."
        if compared.verdict not in ("stricter", "looser"):
            return ""
        stricter = other if compared.verdict == "stricter" else one
        looser = one if stricter is other else other
        return f"{stricter.column.short} is stricter than {looser.column.short}, {known()}."

    # --- the rest -------------------------------------------------------------------------------

    def _documents(self) -> Iterator[Words_]:
        areas = [voice.rules.plugin.arrangements for voice in self.voices[1:]]
        yield Words_("Partnership", tuple((a.name,) for a in areas))
        yield Words_(
            "Document",
            tuple(tuple(f"{c.document}: {cover_days(c)}" for c in a.covers) for a in areas),
        )
        yield Words_(
            "Written under",
            tuple(
                tuple(
                    dict.fromkeys(
                        spaced(c.written_under).title() if c.written_under else "Not stated"
                        for c in a.covers
                    )
                )
                for a in areas
            ),
        )

    def _counts(self) -> Iterator[Words_]:
        counted = [Counter(r.stage for r in voice.requirements) for voice in self.voices[1:]]
        for stage in vocabulary().words("stages"):
            cells = tuple((str(count[stage]) if count[stage] else "none",) for count in counted)
            yield Words_(capital(STAGES.get(stage) or spaced(stage)), cells)
        yield Words_("Together", tuple((str(sum(count.values())),) for count in counted))

    def _bodies(self) -> Iterator[Words_]:
        areas = [voice.rules.plugin.arrangements for voice in self.voices[1:]]
        for word in (*vocabulary().words("bodies"), *_own(a.bodies for a in areas)):
            cells = [(a.bodies[word].name,) if word in a.bodies else () for a in areas]
            if any(cells):
                yield Words_(self._label(word), tuple(cells))

    def _roles(self) -> Iterator[Words_]:
        areas = [voice.rules.plugin.arrangements for voice in self.voices[1:]]
        for word in (*vocabulary().words("roles"), *_own(a.roles for a in areas)):
            told = []
            for voice, a in zip(self.voices[1:], areas, strict=True):
                profile = a.roles.get(word)
                duties = 0 if profile is None else len(profile.duties)
                count = f" ({duties} {'duty' if duties == 1 else 'duties'})" if duties else ""
                name = role_name(voice.words, word)
                told.append(() if profile is None else (f"{name}{count}",))
            if any(told):
                yield Words_(self._label(word), tuple(told))

    def _label(self, word: str) -> str:
        """A word that all areas share, or that is one area's own and so in its words."""
        owner = word.partition(".")[0]
        voices = [voice for voice in self.voices if voice.column.area == owner]
        return capital((voices or self.voices)[0].words.name(word))

    def _contacts(self) -> Iterator[Words_]:
        areas = [voice.rules.plugin.arrangements for voice in self.voices[1:]]
        for word in dict.fromkeys(c.for_ for a in areas for c in a.contacts):
            yield Words_(
                self._label(word),
                tuple(
                    tuple(f"{reach(c)}; {contact_days(c)}" for c in a.contacts if c.for_ == word)
                    for a in areas
                ),
            )

    def _not_covered(self) -> Iterator[Words_]:
        areas = [voice.rules.plugin.arrangements for voice in self.voices[1:]]
        yield Words_("Not covered", tuple(a.not_covered for a in areas))


def _own(given: Iterable[Mapping[str, object]]) -> list[str]:
    """Words of the areas' own, which are in no shared list."""
    return list(dict.fromkeys(word for words in given for word in words if "." in word))


def _most(stages: Sequence[str], order: Sequence[str]) -> str:
    """The stage that most have; the earliest of several."""
    count = Counter(stages)
    return min(count, key=lambda stage: (-count[stage], order.index(stage)))


class _Voice:
    """One area, or the nation, with its requirements in words."""

    def __init__(self, rules: Rules, *, national: bool = False) -> None:
        self.rules, self.national = rules, national
        self.words, self.timing = Words(rules), Timing(rules)
        self.sentences = Sentences(rules, self._title)

    @cached_property
    def column(self) -> Column:
        if self.national:
            return Column(NATIONAL, "National", NATION)
        area = self.rules.plugin.area
        short = " ".join(word.capitalize() for word in area.split("_"))
        return Column(area, short, self.rules.plugin.arrangements.name)

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        plugin = self.rules.nation if self.national else self.rules.plugin
        return tuple(lowered.requirement for lowered in plugin.lowered)

    def _title(self, requirement: str) -> str:
        return f"“{self.rules.by_id[requirement].requirement.title}”"

    def entry(self, r: Requirement) -> Entry:
        said = self.sentences.said(r)
        more = [_plain(text) for text in said.more]
        if isinstance(r, Composition):
            seats = [f"{capital(seat)}." for seat in self.sentences.seats(r)]
            if not r.seats:  # there is nothing that they would be further to
                seats = [seat.replace(" further partner", " partner") for seat in seats]
            more = [*seats, *more]
        when = _plain(said.when)
        if _said_already(when, said.title):
            when = ""
        return Entry(r.id, verb_of(r), said.title, when, tuple(more), r.source.section)

    def limits(self, r: Requirement) -> Iterator[Limit]:
        """A requirement's limit, where it is one in figures or the requirement is a deadline."""
        found = self.timing.limits(r)
        figures = any(c.isdigit() for limit in found for c in limit.when)
        if found and (figures or isinstance(r, Deadline)):
            words = _plain(self.sentences.smooth(self.sentences.when(r)))
            yield Limit(r.id, r.title, words, verb_of(r), self._beside(r) if figures else "")

    def _beside(self, r: Requirement) -> str:
        duty = self.rules.by_id.get(r.tightens or "")
        if duty is None or limit_of(duty.requirement, self._others) is None:
            return ""
        compared = compare_beside(duty.requirement, r, self.rules)
        limit = next((one for one in compared if one.aspect == "limit"), None)
        return "" if limit is None else _BESIDE[limit.verdict]

    @cached_property
    def _others(self) -> dict[str, Requirement]:
        return {name: lowered.requirement for name, lowered in self.rules.by_id.items()}


def _limits_of(one: _Voice, its: Requirement, other: _Voice, other_its: Requirement) -> Comparison:
    return compare_limits(
        limit_of(its, one._others),  # noqa: SLF001
        limit_of(other_its, other._others),  # noqa: SLF001
        old_words=one.timing,
        new_words=other.timing,
    )


def _plain(text: str) -> str:
    """A text without what marks words out, in which other rules are named by their titles."""
    text = text.replace("**", "").replace("step “", "“")
    # The national provisions alone have no name for the body.
    return re.sub(r"\bby executive\b", "by the executive", text)


def _said_already(when: str, title: str) -> bool:
    """Whether a title says every word of a limit."""
    said, words = (set(re.findall(r"[a-z0-9]+", text.lower())) for text in (title, when))
    return words - {"the", "of", "day", "by", "a"} <= said
