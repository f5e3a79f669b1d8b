"""An area's guidance put together: chapters in the order of a case, then who, what and whence.

Everything is made from the arrangements and the national provisions. The day on which contacts are
aged is the only thing from outside, so that the same input gives the same document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from cspr_core.check import Rules
from cspr_core.model.arrangements import (
    Attendance,
    Composition,
    Contact,
    Cover,
    Criterion,
    Duty,
    Hold,
    Limited,
    Requirement,
)
from cspr_core.model.patterns import ParallelIs
from cspr_core.report.areas import age_words, document_of
from cspr_core.report.guidance import terms
from cspr_core.report.guidance.document import (
    Block,
    Bullets,
    Chapter,
    Guidance,
    Paragraph,
    Picture,
    Run,
    Section,
    Step,
    Table,
    Text,
    plain,
    text_of,
)
from cspr_core.report.guidance.flow import Stage, flow_of
from cspr_core.report.guidance.sentences import (
    RAPID,
    REVIEWED,
    Sentences,
    ended,
    opens_with,
    sentence_of,
    verb_of,
)
from cspr_core.report.guidance.topics import by_topic
from cspr_core.report.outline import dated
from cspr_core.report.roles import STAGES, bodies_of, role_names, tasks_of
from cspr_core.report.timing import Timing
from cspr_core.report.words import Words, capital, day, listing, spaced
from cspr_core.vocabulary import vocabulary

TITLE = "Child safeguarding practice reviews: practice guidance"
_FIRST = 3  # the number of the first stage's chapter, after how to read and the dates
_GROUP = 3  # as many steps as have all but their title in common stand under one sentence
_AUTHORITIES = {
    "statute": "The law says so",
    "statutory_guidance": "Statutory guidance says so",
    "panel_guidance": "The Panel's guidance says so",
}
_OLDEST = date(2018, 6, 29)  # when today's arrangements for reviews came in
_CODE = re.compile(r" \([^()]*`[^()]*\)")  # how something is recorded in a case file
_BRACKETS = re.compile(r" \([^()]*\)")
_REACHED = {
    **dict.fromkeys(RAPID, "This stage is reached once a rapid review is due."),
    **dict.fromkeys(REVIEWED, "This stage follows a decision for a local review."),
}
_VERBS = ("must", "should", "may")


def guidance_of(rules: Rules, as_of: date) -> Guidance:
    """The guidance of an area; `as_of` is the day on which its contacts are so many years old."""
    return _Writer(rules, as_of).guidance()


@dataclass(frozen=True)
class _Group:
    """Requirements that stand under one sentence, or one by itself."""

    requirements: tuple[Requirement, ...]

    @property
    def shared(self) -> bool:
        """Whether one sentence leads several."""
        return len(self.requirements) > 1


@dataclass(frozen=True)
class _Part:
    """A part of a stage: its heading, what is asked, and what is only to be borne in mind."""

    title: str
    groups: tuple[_Group, ...]
    advice: tuple[Requirement, ...]

    def all(self) -> Iterator[Requirement]:
        """The requirements in the order in which they are told."""
        for group in self.groups:
            yield from group.requirements
        yield from self.advice


class _Writer:
    def __init__(self, rules: Rules, as_of: date) -> None:
        self.rules, self.as_of = rules, as_of
        self.arrangements = rules.plugin.arrangements
        self.words, self.timing = Words(rules), Timing(rules)
        self.local = [lowered.requirement for lowered in rules.plugin.lowered]
        self.national = [lowered.requirement for lowered in rules.nation.lowered]
        self.everything = [*self.local, *self.national]
        self.numbers: dict[str, str] = {}
        self.chapter_of: dict[str, int] = {}
        self.sources: dict[tuple[str, str], int] = {}
        # What stands together is settled before there are numbers to refer to.
        self.sentences = Sentences(rules, str)
        self.stages = [
            stage
            for stage in vocabulary().words("stages")
            if any(r.stage == stage for r in self.everything)
        ]
        self.parts = {stage: self._parts(self.local, stage) for stage in self.stages}
        self.duties = {stage: self._parts(self.national, stage) for stage in self.stages}
        self._number()
        self.sentences = Sentences(rules, self.numbers.__getitem__)

    def guidance(self) -> Guidance:
        number = _FIRST + len(self.stages)
        stages = [self._stage(stage) for stage in self.stages]
        rest: list[tuple[str, list[Section]]] = [
            ("Bodies: who sits on them, and how they work", list(self._bodies())),
            ("Roles and their duties", list(self._roles())),
            ("Where other processes run, and what is held back", list(self._parallel())),
            ("Contacts", list(self._contacts())),
            ("What this guidance does not cover", list(self._not_covered())),
        ]
        chapters = [
            Chapter(1, "How to read this guidance", tuple(self._how_to_read())),
            Chapter(2, "The dates at a glance", tuple(self._dates())),
            *stages,
            *(Chapter(number + i, title, tuple(parts)) for i, (title, parts) in enumerate(rest)),
        ]
        number += len(rest)
        chapters.append(Chapter(number, "Sources", tuple(self._sources())))
        said = "\n".join(_said(chapters))
        chapters.append(Chapter(number + 1, "Words used", tuple(self._glossary(said))))
        return Guidance(
            partnership=self.arrangements.name,
            title=TITLE,
            facts=tuple(self._facts()),
            notice=tuple(self._notice()),
            chapters=tuple(chapters),
            date=max(cover.checked for cover in self.arrangements.covers).isoformat(),
        )

    # --- order and numbers --------------------------------------------------------------------

    def _parts(self, requirements: Iterable[Requirement], stage: str) -> list[_Part]:
        found = []
        for title, chosen in by_topic([r for r in requirements if r.stage == stage]):
            asked = [r for r in chosen if r.kind_name != "advice"]
            advice = [r for r in chosen if r.kind_name == "advice"]
            advice.sort(key=lambda r: _VERBS.index(verb_of(r)))
            found.append(_Part(title, tuple(self._groups(asked)), tuple(advice)))
        return found

    def _groups(self, requirements: Sequence[Requirement]) -> Iterator[_Group]:
        """What has all but its title in common, together where the first of it stands."""
        keyed: dict[tuple[str, ...], list[Requirement]] = {}
        for r in requirements:
            keyed.setdefault(self._key(r), []).append(r)
        told: set[str] = set()
        for r in requirements:
            same = keyed[self._key(r)]
            if r.id in told:
                continue
            if len(same) < _GROUP:
                same = [r]
            told |= {other.id for other in same}
            yield _Group(tuple(same))

    def _key(self, r: Requirement) -> tuple[str, ...]:
        said = self.sentences.said(r)
        if not said.when or not said.who:
            return (r.id,)
        kind = "criterion" if isinstance(r, Criterion) else ""
        return (*said.key, kind, r.authority, str(r.tightens))

    def _number(self) -> None:
        for index, stage in enumerate(self.stages):
            self.chapter_of[stage] = chapter = _FIRST + index
            ordered = [r for part in self.parts[stage] for r in part.all()]
            self.numbers |= {r.id: f"{chapter}.{i}" for i, r in enumerate(ordered, 1)}
        duties = [r for s in self.stages for part in self.duties[s] for r in part.all()]
        self.numbers |= {r.id: f"N{i}" for i, r in enumerate(duties, 1)}

    # --- the front page -----------------------------------------------------------------------

    def _facts(self) -> Iterator[tuple[str, str]]:
        for cover in self.arrangements.covers:
            when = dated(cover.dated)
            yield "Follows", f"“{cover.document}”, {when or 'undated'}"
            force = cover.in_force_from
            yield "In force from", "no day stated" if force is None else _date(force)
            if cover.written_under:
                yield "Written under", _edition(cover)
            yield "Last checked against it", _date(cover.checked)
        nation = self.rules.nation.arrangements.covers[0]
        yield (
            "National duties",
            f"“{nation.document}” and the law, last checked {_date(nation.checked)}",
        )
        if self.arrangements.contacts:
            yield "Age of contacts", f"as of {_date(self.as_of)}"

    def _notice(self) -> Iterator[str]:
        document = listing(f"“{cover.document}”" for cover in self.arrangements.covers)
        yield (
            f"This guidance writes out the arrangements of {self.arrangements.name} as they are"
            f" kept for checking cases. It puts {document} into other words, step by step. Where"
            " the two differ, the document counts; the law comes before both."
        )

    # --- how to read, and the dates -----------------------------------------------------------

    def _how_to_read(self) -> Iterator[Section]:
        own = next((n for n in self.numbers.values() if not n.startswith("N")), "")
        example = f" (for example {own})" if own else ""
        yield Section("", (Paragraph(text_of(self._scope())),))
        yield Section(
            "How binding a step is",
            (
                Bullets(
                    (
                        text_of("**must**: a duty, or something that the source states as a fact."),
                        text_of("**should**: expected, asked for or recommended."),
                        text_of(
                            "**may**: open to those concerned, or good to know; nothing is amiss"
                            " where it is not done."
                        ),
                    )
                ),
            ),
        )
        yield Section(
            "Local steps and national duties",
            (
                Paragraph(
                    text_of(
                        "Each stage gives first what the partnership itself lays down, in steps"
                        f" numbered within the chapter{example}. Then follow the national duties"
                        " that hold besides, numbered N1, N2 and so on through the whole document."
                        " Where both speak of the"
                        " same thing, both hold: whatever is due first comes first. Meeting the"
                        " definition of a serious case, or any criterion, makes no review"
                        " automatic: the partners decide."
                    )
                ),
            ),
        )
        yield Section("Dates", (Bullets(tuple(self._counting())),))
        yield Section(
            "Sources and notes",
            (
                Paragraph(
                    text_of(
                        "The number in square brackets is that of the source, listed near the end."
                        " “Note” says that the source leaves room: how it is read here stands at"
                        " the end of the chapter, under the step's number. “Not verified” says that"
                        " the words of the source were not at hand: look them up before relying on"
                        " the step. Where no time is given, the source states none."
                    )
                ),
            ),
        )
        yield Section(
            "Flowcharts",
            (
                Paragraph(
                    text_of(
                        "Each stage has a flowchart. Rounded boxes begin and end a stage, boxes"
                        " with corners are steps, boxes with a double edge are lists of steps"
                        " that share a date or an occasion, and six-sided boxes ask a question. An"
                        " arrow leads to what comes after or is counted from there. Boxes that hang"
                        " side by side from one line wait for the same thing; the order among them"
                        " is open, unless a line says otherwise. Each line names its step, who"
                        " acts, and by when. The rounded box at the end says where the case goes"
                        " on when the stage is done."
                    )
                ),
            ),
        )

    def _scope(self) -> str:
        own = [s for s in self.stages if self.parts[s]]
        silent = [s for s in self.stages if not self.parts[s]]
        told = f"The partnership's document speaks of {listing(map(_stage_name, own))}."
        if not own:
            told = "No rule of the partnership's own has been written down yet."
        if silent:
            told += (
                f" Of {listing(map(_stage_name, silent))} it lays nothing down: there the national"
                " duties hold alone."
            )
        return f"A case goes through stages, and this guidance follows them in order. {told}"

    def _counting(self) -> Iterator[Text]:
        yield text_of(
            "**Working days** leave out Saturdays, Sundays and the public holidays of England and"
            " Wales. Plain **days** leave out nothing."
        )
        yield text_of(
            "**Within** so many days of something: that day is day 0, and the last day still"
            " counts. Aware on Saturday 1 March 2025, five working days end on Friday 7 March 2025."
        )
        yield text_of(
            "**At least** so many days **before** something: counted backwards, that day left out."
        )
        yield text_of(
            "**Months** end on the same day of the month, or on its last day where it is shorter:"
            " six months from 29 August 2025 end on 28 February 2026."
        )
        yield text_of("**By the day of** something: on that day at the latest.")

    def _dates(self) -> Iterator[Section]:
        rows: list[tuple[Text, ...]] = []
        days: dict[str, list[Requirement]] = {}
        for r in self._in_order():
            if not isinstance(r, Limited | Hold | Criterion | Composition):
                continue
            limits = self.timing.limits(r)
            figures = [limit for limit in limits if any(c.isdigit() for c in limit.when)]
            if figures:
                rows.append(
                    (
                        self._ref(r),
                        text_of(r.title),
                        text_of(self.sentences.said(r).when),
                        text_of(self._who(r) or "Not stated"),
                        text_of(verb_of(r)),
                    )
                )
            elif limit := self.sentences.limits(r):
                days.setdefault(limit.removeprefix("shown at the latest "), []).append(r)
        yield Section(
            "Limits in days and months",
            (
                Table(
                    "Limits in days and months, in the order of the stages",
                    ("Step", "What", "When", "Who", "Binding"),
                    tuple(rows),
                    (8, 36, 27, 18, 11),
                ),
            ),
        )
        if days:
            yield Section(
                "By the day of something else",
                (
                    Table(
                        "What has to be there by the day of something else",
                        ("When", "Steps"),
                        tuple(
                            (text_of(capital(when)), self._refs(rs)) for when, rs in days.items()
                        ),
                        (60, 40),
                    ),
                ),
            )

    def _in_order(self) -> Iterator[Requirement]:
        for stage in self.stages:
            for part in (*self.parts[stage], *self.duties[stage]):
                yield from part.all()

    # --- a stage ------------------------------------------------------------------------------

    def _stage(self, stage: str) -> Chapter:
        name = capital(_stage_name(stage))
        sections = [Section("", tuple(self._opening(stage, name)))]
        parts = self.parts[stage]
        for part in parts:
            title = part.title or "What the partnership lays down"
            sections.append(Section(title, tuple(self._part(part))))
        duties = [block for part in self.duties[stage] for block in self._part(part)]
        if duties:
            sections.append(Section("National duties at this stage", tuple(duties)))
        readings = list(self._readings(stage))
        if readings:
            sections.append(Section("How unclear passages are read", (Bullets(tuple(readings)),)))
        return Chapter(self.chapter_of[stage], name, tuple(sections), stage)

    def _opening(self, stage: str, name: str) -> Iterator[Block]:
        told = (vocabulary().words("stages")[stage], _REACHED.get(stage, ""))
        yield Paragraph(text_of(" ".join(filter(None, told))))
        if not self.parts[stage]:
            yield Paragraph(
                text_of(
                    "The partnership's document lays nothing down for this stage. The national"
                    " duties hold."
                )
            )
        requirements = [r for r in self._in_order() if r.stage == stage]
        chapters = {
            s: f"chapter {n} ({capital(_stage_name(s))})" for s, n in self.chapter_of.items()
        }
        flow = flow_of(Stage(stage, name, requirements, chapters), self.sentences, self.everything)
        if flow is not None:
            yield Picture(flow.title, flow)

    def _part(self, part: _Part) -> Iterator[Block]:
        for group in part.groups:
            if group.shared:
                yield from self._shared(group.requirements)
            else:
                yield self._step(group.requirements[0])
        yield from self._advice(part.advice)

    def _step(self, r: Requirement) -> Step:
        said = self.sentences.said(r)
        text = text_of(sentence_of(said), *self._besides(r), self._cited(r))
        return self._numbered(r, text)

    def _numbered(self, r: Requirement, text: Text, lead: Text = ()) -> Step:
        number = self.numbers[r.id]
        return Step(number, r.id, text, _anchor(number), lead)

    def _shared(self, requirements: Sequence[Requirement]) -> Iterator[Block]:
        first = requirements[0]
        said = self.sentences.said(first)
        does = "see to each of these"
        if isinstance(first, Criterion):
            does = "consider each of these and record the answer with its reason"
        who = said.who if said.when else capital(said.who)
        lead = f"{capital(said.when)}, {who} **{said.verb}** {does}."
        if said.when.startswith("shown "):
            lead = f"{capital(said.who)} **{said.verb}** {does}, {said.when}."
        text = text_of(" ".join((lead, *said.more)), *self._besides(first))
        for r in requirements:
            title = r.title.removeprefix("Considered: ") if isinstance(r, Criterion) else r.title
            yield self._numbered(r, text_of(ended(capital(title)), self._cited(r)), text)

    def _advice(self, advice: Sequence[Requirement]) -> Iterator[Block]:
        leads = {
            "should": "These **should** be borne in mind as well:",
            "may": "These **may** help, or are open to those concerned:",
        }
        for r in advice:
            said = self.sentences.said(r)
            who = f" This is for {said.who}." if said.who and not opens_with(said) else ""
            when, act = " ".join(said.more), said.act
            do = "" if not act else f" {ended(capital(act))}"
            text = text_of(
                ended(capital(r.title)), do, who, f" {when}" if when else "", self._cited(r)
            )
            yield self._numbered(r, text, text_of(leads[verb_of(r)]))

    def _besides(self, r: Requirement) -> Iterator[str | Run | Text]:
        """What is said of a requirement beside the step itself."""
        if r.tightens is not None:
            duty = self.numbers[r.tightens]
            yield text_of(" National duty ", Run(duty, link=_anchor(duty)), " holds besides.")
        if r.authority != "local":
            yield f" {_AUTHORITIES[r.authority]}."
        since = r.in_force_from
        if since is not None and since > _OLDEST:
            yield f" It holds from {_date(since)} on."
        if r.note:
            yield f" {ended(r.note)}"

    def _cited(self, r: Requirement) -> Text:
        """The source's number, whether there is a note, and whether the source was at hand."""
        source = self._source(r.source.document or document_of(self.rules, r), r.source.section)
        runs = [Run(" ["), Run(str(source), link=f"source-{source}")]
        if not _sure(r):
            runs.append(Run(", not verified"))
        if r.reading:
            runs += [Run(", "), Run("note", link=f"note-{_anchor(self.numbers[r.id])}")]
        return (*runs, Run("]"))

    def _source(self, document: str, section: str) -> int:
        return self.sources.setdefault((document, section), len(self.sources) + 1)

    def _readings(self, stage: str) -> Iterator[Text]:
        readings: dict[str, list[Requirement]] = {}
        for r in self._in_order():
            if r.stage == stage and r.reading:
                reading = _uncoded(" ".join(r.reading.split()))
                readings.setdefault(reading, []).append(r)
        for reading, requirements in readings.items():
            anchors = (Run("", anchor=f"note-{_anchor(self.numbers[r.id])}") for r in requirements)
            yield (*anchors, *self._refs(requirements), *text_of(f": {ended(reading)}"))

    # --- references ---------------------------------------------------------------------------

    def _ref(self, r: Requirement) -> Text:
        number = self.numbers[r.id]
        return (Run(number, link=_anchor(number)),)

    def _refs(self, requirements: Iterable[Requirement]) -> Text:
        """Several steps, each with its link: `5.1, 5.4 to 5.7 and N3`."""
        runs: list[list[str]] = []
        for number in (self.numbers[r.id] for r in requirements):
            if runs and number == _next(runs[-1][-1]):
                runs[-1].append(number)
            else:
                runs.append([number])
        parts: list[Text] = []
        for run in runs:
            first, last = Run(run[0], link=_anchor(run[0])), Run(run[-1], link=_anchor(run[-1]))
            if len(run) > 2:  # noqa: PLR2004
                parts.append((first, Run(" to "), last))
            else:
                parts += [(Run(n, link=_anchor(n)),) for n in run]
        found: list[Run] = []
        for index, part in enumerate(parts):
            if index:
                found.append(Run(" and " if index == len(parts) - 1 else ", "))
            found += part
        return tuple(found)

    def _steps(self, requirements: Sequence[Requirement]) -> Text:
        """`step 5.1`, `steps 5.1 and 5.2`."""
        return text_of("step " if len(requirements) == 1 else "steps ", self._refs(requirements))

    def _who(self, r: Requirement) -> str:
        return capital(self.sentences.who(r))

    # --- bodies -------------------------------------------------------------------------------

    def _bodies(self) -> Iterator[Section]:
        asked = [r for r in self._in_order() if r.kind_name != "advice"]
        meanings = vocabulary().words("bodies")
        for word, body in self.arrangements.bodies.items():
            blocks: list[Block] = []
            told = " ".join(filter(None, (meanings.get(word), body.note and ended(body.note))))
            blocks += [Paragraph(text_of(told))] if told else []
            for r in asked:
                if isinstance(r, Composition) and r.body == word:
                    seats = [text_of(ended(seat)) for seat in self.sentences.seats(r)]
                    lead = text_of("It is made up as follows (", self._steps([r]), "):")
                    blocks += [Paragraph(lead, lead=True), Bullets(tuple(seats))] if seats else []
            for label, rs in self._about(word, asked):
                if rs:
                    blocks.append(Paragraph(text_of(f"**{label}**: ", self._steps(rs), ".")))
            if not blocks:
                blocks.append(Paragraph(text_of("The document says no more of it.")))
            yield Section(body.name, tuple(blocks))
        if not self.arrangements.bodies:
            yield Section("", (Paragraph(text_of("The document names none.")),))

    def _about(
        self, word: str, asked: Sequence[Requirement]
    ) -> Iterator[tuple[str, list[Requirement]]]:
        """What is laid down of a body, by what it is about."""

        def each(r: Requirement, name: str) -> object:
            return None if r.for_each is None else getattr(r.for_each, name)

        there = [
            r
            for r in asked
            if isinstance(r, Attendance) and (each(r, "meeting") == word or r.everyone == word)
        ]
        yield "Who has to be at its meetings", [r for r in there if each(r, "meeting") == word]
        yield (
            "Where else its members have to be",
            [r for r in there if each(r, "meeting") != word],
        )
        yield "Substitutes", [r for r in asked if each(r, "substitute") == word]
        yield (
            "Independence of its members",
            [
                r
                for r in asked
                if r.for_each is not None
                and r.for_each.person is not None
                and r.for_each.person.body == word
            ],
        )
        yield "What it has to do or to see to", [r for r in asked if r.who == word]

    # --- roles --------------------------------------------------------------------------------

    def _roles(self) -> Iterator[Section]:
        asked = [r for r in self._in_order() if r.kind_name != "advice"]
        meanings = {**vocabulary().words("roles"), **vocabulary().words("agencies")}
        silent = []
        for role, name in role_names(self.rules).items():
            profile = self.arrangements.roles.get(role)
            duties = () if profile is None else profile.duties
            if role in self.arrangements.bodies and not duties:
                continue
            own = [r for r in asked if r.who == role]
            if not duties and not own:
                silent.append(name)
                continue
            blocks: list[Block] = []
            if meaning := meanings.get(role):
                blocks.append(Paragraph(text_of(meaning)))
            bodies = [self.timing.body(body) for body in bodies_of(self.rules, role)]
            bodies = [body for body in bodies if body != f"the {name}"]  # its people bear its name
            if bodies:
                blocks.append(Paragraph(text_of(f"Sits in {listing(bodies)}.")))
            blocks += self._duties(role, duties)
            if own:
                blocks.append(
                    Paragraph(text_of("**Has to do or to see to**: ", self._steps(own), "."))
                )
            yield Section(name, tuple(blocks))
        if silent:
            yield Section(
                "Others",
                (
                    Paragraph(
                        text_of(
                            "Nothing is laid down by name for"
                            f" {listing(n[:1].lower() + n[1:] for n in silent)}."
                        )
                    ),
                ),
            )

    def _duties(self, role: str, duties: Sequence[Duty]) -> Iterator[Block]:
        """The duties of a role's profile, each with the steps that say the same."""
        behind = {
            (task.stage, _BRACKETS.sub("", task.text)): task.rules
            for task in tasks_of(self.rules, role).own
        }
        for verb in _VERBS:
            items = []
            for duty in duties:
                if duty.binding != verb:
                    continue
                document = duty.source.document or self.arrangements.covers[0].document
                source = self._source(document, duty.source.section)
                what = _uncoded(duty.what).rstrip(".")
                rules = behind.get((duty.stage, _BRACKETS.sub("", what)), ())
                see: Text = text_of(" See ", self._steps(self._sorted(rules)), ".") if rules else ()
                items.append(
                    text_of(
                        f"{capital(_stage_name(duty.stage))}: {_lowered(ended(what))}",
                        see,
                        (Run(" ["), Run(str(source), link=f"source-{source}"), Run("]")),
                    )
                )
            if items:
                yield Paragraph(text_of(f"Whoever has this role **{verb}**:"), lead=True)
                yield Bullets(tuple(items))

    def _sorted(self, requirements: Iterable[Requirement]) -> list[Requirement]:
        order = [r.id for r in self._in_order()]
        return sorted(requirements, key=lambda r: order.index(r.id))

    # --- parallel processes, contacts, the end ------------------------------------------------

    def _parallel(self) -> Iterator[Section]:
        rows = []
        for word, meaning in vocabulary().words("parallel").items():
            about = [r for r in self._in_order() if word in _processes(r)]
            if about:
                rows.append(
                    (
                        text_of(capital(self.words.name(word))),
                        text_of(meaning),
                        self._refs(about),
                    )
                )
        if rows:
            lead = (
                "Where one of these runs beside the review, the steps named hold besides the"
                " others."
            )
            yield Section(
                "Processes",
                (
                    Paragraph(text_of(lead), lead=True),
                    Table(
                        "Processes that run beside a review",
                        ("Process", "What it is", "Steps"),
                        tuple(rows),
                        (30, 45, 25),
                    ),
                ),
            )
        else:
            yield Section(
                "Processes",
                (
                    Paragraph(
                        text_of("Nothing is laid down for processes that run beside a review.")
                    ),
                ),
            )
        holds = [r for r in self._in_order() if isinstance(r, Hold)]
        for heading, several in (
            ("What is held back", [r for r in holds if r.running]),
            ("What has to last", [r for r in holds if not r.running]),
        ):
            items = [text_of(ended(r.title), " See ", self._steps([r]), ".") for r in several]
            if items:
                yield Section(heading, (Bullets(tuple(items)),))
        delays = [
            r
            for r in self._in_order()
            if r.delay is not None
            or (r.for_each is not None and r.for_each.delay is not None)
            or "delay" in r.title.lower()
        ]
        if delays:
            text = text_of("What is laid down of delays: ", self._steps(delays), ".")
            yield Section("Delays", (Paragraph(text),))

    def _contacts(self) -> Iterator[Section]:
        contacts = self.arrangements.contacts
        if not contacts:
            yield Section("", (Paragraph(text_of("The document gives no contact.")),))
            return
        blocks: list[Block] = []
        if any(contact.confirmed_on is None for contact in contacts):
            blocks.append(
                Paragraph(
                    text_of(
                        "These are as published, and may have changed since. Make sure that an"
                        " address still holds before sending anything confidential."
                    )
                )
            )
        rows = tuple(self._contact(contact) for contact in contacts)
        head = ("For", "Contact", "Published and confirmed")
        blocks.append(Table("Contacts, as published", head, rows, (20, 45, 35)))
        yield Section("", tuple(blocks))

    def _contact(self, contact: Contact) -> tuple[Text, ...]:
        reach = (contact.name, contact.role, contact.email, contact.phone, contact.url)
        told = ", ".join(filter(None, reach))
        note = f". {ended(contact.note)}" if contact.note else ""
        return (
            text_of(capital(self.words.name(contact.for_))),
            text_of(f"{told}{note}"),
            text_of(ended(capital(age_words(contact, self.as_of)))),
        )

    def _not_covered(self) -> Iterator[Section]:
        items = [text_of(ended(_uncoded(t))) for t in self.arrangements.not_covered]
        silent = [s for s in vocabulary().words("stages") if s not in self.stages]
        if silent:
            names = listing(map(_stage_name, silent))
            items.append(
                text_of(
                    f"Neither the document nor the national duties lay anything down for {names}."
                )
            )
        nation = self.rules.nation.arrangements.not_covered
        items += [text_of(ended(text)) for text in nation]
        items.append(
            text_of(
                "Whether a review is required is never answered here: the safeguarding partners"
                " decide."
            )
        )
        yield Section("", (Bullets(tuple(items)),))

    def _sources(self) -> Iterator[Section]:
        yield Section(
            "",
            (
                Paragraph(
                    text_of(
                        "The numbers are those in square brackets after each step. How unclear"
                        " passages are read stands at the end of each stage's chapter."
                    )
                ),
            ),
        )
        documents: dict[str, list[tuple[Text, ...]]] = {}
        for (document, section), number in self.sources.items():
            row = ((Run(str(number), anchor=f"source-{number}"),), text_of(capital(section)))
            documents.setdefault(document, []).append(row)
        for document, rows in documents.items():
            table = Table(
                f"Sections of {document}, by their numbers",
                ("Number", "Section"),
                tuple(rows),
                (12, 88),
            )
            yield Section(document + self._dated(document), (table,))

    def _dated(self, document: str) -> str:
        covers = {c.document: dated(c.dated) for c in self.arrangements.covers}
        when = covers.get(document)
        return f" ({when})" if when else ""

    def _glossary(self, said: str) -> Iterator[Section]:
        found = dict(terms.used(said))
        own = self.rules.plugin.area
        found |= {
            f"“{spaced(word)}”": ended(text.partition(". ")[0])
            for word, text in self.arrangements.words.items()
            if f"“{spaced(word)}”" in said and word.startswith(f"{own}.")
        }
        found |= {
            body.name: f"This area's name for {_lowered(ended(meaning))}"
            for word, body in self.arrangements.bodies.items()
            if (meaning := vocabulary().words("bodies").get(word))
        }
        rows = tuple(
            (text_of(f"**{term}**"), text_of(found[term])) for term in sorted(found, key=str.lower)
        )
        yield Section("", (Table("Words used", ("Word", "What it means"), rows, (32, 68)),))


def _uncoded(text: str) -> str:
    """A text without how something is recorded in a case file; what is left of it, in words."""
    text = _CODE.sub("", text)
    return re.sub("`([^`]*)`", lambda found: found[1].replace("_", " "), text)


def _processes(r: Requirement) -> set[str]:
    """The processes beside a review that a requirement is about."""
    each = r.for_each
    found = set() if each is None else set(each.parallel)
    found |= {w for c in r.when if isinstance(c, ParallelIs) for w in c.parallel}
    return found | set(getattr(r, "running", ()))


def _said(chapters: Iterable[Chapter]) -> Iterator[str]:
    """Every text of some chapters."""
    for chapter in chapters:
        for block in chapter.blocks:
            if isinstance(block, Paragraph | Step):
                yield plain(block.text)
            elif isinstance(block, Bullets):
                yield from map(plain, block.items)
            elif isinstance(block, Table):
                yield from (plain(cell) for row in block.rows for cell in row)


def _anchor(number: str) -> str:
    return f"step-{number.replace('.', '-').lower()}"


def _next(number: str) -> str:
    """The number after this one: `5.3` after `5.2`, `N4` after `N3`."""
    head, dot, tail = number.rpartition(".")
    return f"{head}{dot}{int(tail) + 1}" if dot else f"N{int(number[1:]) + 1}"


def _stage_name(stage: str) -> str:
    return STAGES.get(stage) or spaced(stage)


def _lowered(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _sure(r: Requirement) -> bool:
    """Whether the source's words were at hand, for the rule and for each of its values."""
    return r.verified == "yes" and all(v.verified == "yes" for v in getattr(r, "values", ()))


def _edition(cover: Cover) -> str:
    return spaced(cover.written_under or "").capitalize().replace("together", "Together")


def _date(value: date) -> str:
    return day(value).partition(" ")[2]
