"""A report put in the order in which people act on it, before any format is chosen.

What is overdue or breached comes first, then what is not known, then what is due next, then what
has no date; what only should be done stands apart, in the same order. Table and markdown both
render this: they lay out, and decide nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from cspr_core.model.finding import CoverRef, Finding, Report
from cspr_core.reading.case_files import kind_of
from cspr_core.report.words import amount, capital, day, listing

Name = Callable[[str], str]
UNDATED = "STILL TO DO, NO DATE STATED"
UNVERIFIED = "Not verified against the source's text."
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_REACHED = ("upcoming", "overdue", "undetermined", "breached")
# What the heading of a section says already.
_EXPECTED = re.compile(
    r"(Due by [^:]+: -?\d+ working days? left|Not answered|"
    r"Not recorded as done; no date is stated)\.\s*"
)
_UNDATED, _ONE_LINE = 3, 160  # more than this is for --all
_COUNTED = (
    ("met", "met"),
    ("met_late", "met late"),
    ("excused", "excused"),
    ("pending", "not in play yet"),
    ("not_applicable", "not applicable"),
)


class Line(NamedTuple):
    """One subject (or several alike) of an item, and the sentence about it; either may be empty."""

    label: str
    text: str


class Item(NamedTuple):
    """One requirement with its subjects: what it is, the sentences, and what to do about it.

    `when` leads where the section goes by date. `notes` are pairs of a fixed word and a text:
    `To do`, `Look in`, `Read as`, `Who`, `Rule`. `listed` lines are a list of requirements.
    """

    when: str
    head: str
    lines: tuple[Line, ...]
    notes: tuple[tuple[str, str], ...]
    listed: bool = False


@dataclass(frozen=True)
class Section:
    """Items under a heading, and how many findings they stand for; `part` is the block above."""

    title: str
    count: int
    items: tuple[Item, ...]
    part: str = ""


class Outline(NamedTuple):
    """Everything that a person is shown of one report."""

    title: str
    against: str
    summary: tuple[str, ...]
    sections: tuple[Section, ...]
    closing: tuple[tuple[str, str], ...]


def outline_of(  # noqa: PLR0913  (what is shown, and how it is called)
    report: Report,
    *,
    name: Name,
    area: str,
    everything: bool = False,
    contacts: str = "",
    on_paper: bool = False,
) -> Outline:
    """The report in the order of its reading.

    `name` gives a word as the area calls it, `area` is the partnership's name; `everything` adds
    what is met, not in play, not applicable and the advice. `contacts` is a sentence on the age
    of the published contacts, shown where something is left to be done. `on_paper`: whoever reads
    it can't call the command again, and is told of no options.
    """
    return _Outliner(report, name, area, everything, contacts, on_paper).outline()


def sentence(line: Line) -> str:
    """A line as it is read: `Police: was due by …`, or `For: the Panel` where that is all."""
    if not line.label:
        return line.text
    if not line.text:
        return f"For: {line.label}" if "(" not in line.label else line.label
    return f"{line.label}: {line.text[:1].lower()}{line.text[1:]}"


def dated(text: str | None) -> str:
    """`2020-12` as `December 2020`, `2020-12-01` as `1 December 2020`; nothing for nothing."""
    if text is None:
        return ""
    if len(text) == len("2020-12"):
        year, number = text.split("-")
        return f"{_MONTHS[int(number) - 1]} {year}"
    return day(date.fromisoformat(text)).partition(" ")[2]


def document(cover: CoverRef) -> str:
    """A covered document with its date: `Framework and Practice Guidance (December 2020)`."""
    when = dated(cover.dated)
    return f"{cover.document} ({when})" if when else cover.document


class _Outliner:
    def __init__(  # noqa: PLR0913, PLR0917
        self,
        report: Report,
        name: Name,
        area: str,
        everything: bool,  # noqa: FBT001
        contacts: str,
        on_paper: bool,  # noqa: FBT001
    ) -> None:
        self.report, self.name, self.area = report, name, area
        self.everything, self.contacts = everything, contacts
        self.with_all = "" if on_paper else " (--all)"
        self.read: set[str] = set()  # readings that the section has shown already
        self.advice = [f for f in report.findings if f.kind == "advice"]
        self.rest = [f for f in report.findings if f.kind != "advice"]

    def outline(self) -> Outline:
        report = self.report
        musts = [f for f in self.rest if f.binding == "must"]
        shoulds = [f for f in self.rest if f.binding != "must"]
        sections = [
            *self._block(musts, ""),
            *self._block(shoulds, "SHOULD BE DONE"),
            *(self._everything() if self.everything else ()),
        ]
        documents = dict.fromkeys(document(cover) for cover in report.covers)
        return Outline(
            title=f"{report.case}: {self.area}",
            against=(
                f"As of {day(report.as_of)}, checked against"
                f" {listing([*documents, 'the national duties'])}."
            ),
            summary=(
                *report.notes,
                self._summary("Must", musts),
                self._summary("Should", shoulds),
            ),
            sections=tuple(sections),
            closing=tuple(self._closing()),
        )

    # --- the sections -------------------------------------------------------------------------

    def _block(self, findings: Sequence[Finding], part: str) -> Iterator[Section]:
        for title, chosen, by_date in self._chosen(findings):
            self.read.clear()
            if title == "NOT KNOWN":
                items = tuple(self._unknown(chosen))
            elif title == UNDATED and not self.everything:
                items = tuple(self._by_who(chosen))
            else:
                items = tuple(self._items(chosen, by_date=by_date))
            if items:
                yield Section(title, len(chosen), items, part)

    def _chosen(self, findings: Sequence[Finding]) -> Iterator[tuple[str, list[Finding], bool]]:
        wrong = [f for f in findings if f.status in ("overdue", "breached")]
        unknown = [f for f in findings if f.status == "undetermined"]
        ahead = [f for f in findings if _is_ahead(f)]
        holds = [f for f in ahead if f.kind == "hold"]
        coming = [f for f in ahead if f.kind != "hold" and _by(f) is not None]
        undated = [f for f in ahead if f.kind != "hold" and _by(f) is None]
        yield "OVERDUE OR BREACHED", wrong, False
        yield "NOT KNOWN", unknown, False
        yield "NOT TO BE DONE FOR NOW", holds, False
        yield "COMING UP", coming, True
        yield UNDATED, undated, False

    def _everything(self) -> Iterator[Section]:
        reached = [f for f in self.advice if f.status in _REACHED]
        yield from self._plain("ADVICE FOR THE STAGES REACHED", reached)
        groups = (
            ("MET", ("met", "met_late")),
            ("EXCUSED", ("excused",)),
            ("NOT IN PLAY YET", ("pending",)),
            ("NOT APPLICABLE", ("not_applicable",)),
        )
        for title, statuses in groups:
            chosen = [f for f in self.report.findings if f.status in statuses]
            if title == "EXCUSED":
                chosen = [f for f in chosen if not _is_ahead(f)]
            yield from self._plain(title, chosen)

    def _plain(self, title: str, findings: Sequence[Finding]) -> Iterator[Section]:
        if findings:
            items = tuple(self._item(group, "") for group in _grouped(findings))
            yield Section(title, len(findings), items, "EVERYTHING ELSE")

    def _items(self, findings: Sequence[Finding], *, by_date: bool) -> Iterator[Item]:
        if by_date:
            days = sorted({by for f in findings if (by := _by(f)) is not None})
            for by in days:
                left = amount_left(self.report.as_of, by, findings)
                same = [f for f in findings if _by(f) == by]
                for group in _grouped(sorted(same, key=_sibling)):
                    yield self._item(group, f"{day(by)} ({left})")
            return
        for group in _grouped(sorted(findings, key=_oldest_first)):
            yield self._item(group, "")

    def _unknown(self, findings: Sequence[Finding]) -> Iterator[Item]:
        """What is not known, each once, with the answers that depend on it."""
        groups: dict[str, list[Finding]] = {}
        for finding in sorted(findings, key=_oldest_first):
            what = listing(m.fact for m in finding.missing) or "something it depends on"
            groups.setdefault(what, []).append(finding)
        for what, group in groups.items():
            missing = (m.where for f in group for m in f.missing)
            places = dict.fromkeys(where for where in missing if _is_place(where))
            undated = [f for f in group if f.due is None]
            shown = list(group)
            if len(undated) > _UNDATED and not self.everything:
                shown = [f for f in group if f.due is not None]
            lines = [Line(self._headed(f), self._if_known(f)) for f in shown]
            if len(shown) < len(group):
                other = "other requirements" if shown else "requirements"
                lines.append(
                    Line("", f"{len(undated)} {other} without a date depend on it{self.with_all}.")
                )
            notes = [("Look in", ", ".join(places))] if places else []
            yield Item("", f"Find out and record: {what}", tuple(lines), tuple(notes), listed=True)

    def _by_who(self, findings: Sequence[Finding]) -> Iterator[Item]:
        """What has no date, by who acts: one line a requirement."""
        groups: dict[str, list[Line]] = {}
        for group in _grouped(sorted(findings, key=_sibling)):
            first = group[0]
            step = first.title if first.next_step is None else first.next_step.what
            labels = _together(f.subject.label for f in group if f.subject is not None)
            about = f", for {labels}" if labels else ""
            said = dict.fromkeys(self._said(f, expected=True) for f in group)
            more = "".join(f". {text.rstrip('.')}" for text in said if text)
            mark = "" if all(f.verified for f in group) else ", not verified"
            line = Line("", f"{step}{about}{more} ({first.requirement}{mark})")
            groups.setdefault(self._who(group, always=True), []).append(line)
        for who in sorted(groups):
            yield Item("", who or "Whoever it concerns", tuple(groups[who]), (), listed=True)

    def _said(self, finding: Finding, *, expected: bool) -> str:
        """The message, less what the table marks in its own way (and what the heading says)."""
        text = " ".join(finding.message.replace(UNVERIFIED, "").split())
        return _EXPECTED.sub("", text).strip() if expected else text

    def _headed(self, finding: Finding) -> str:
        """A requirement by title, subject and id, where several stand together."""
        about = "" if finding.subject is None else f", {finding.subject.label}"
        mark = "" if finding.verified else ", not verified"
        return f"{finding.title}{about} ({finding.requirement}{mark})"

    def _if_known(self, finding: Finding) -> str:
        text = re.sub(r"^Not known: [^.]*\.\s*", "", self._said(finding, expected=False))
        if _past(finding, self.report.as_of):
            text += " That date has passed."
        return text.strip()

    def _item(self, group: Sequence[Finding], when: str) -> Item:
        first = group[0]
        steps = list(dict.fromkeys(f.next_step.what for f in group if f.next_step is not None))
        doing = first.status == "upcoming" and bool(steps) and first.kind != "advice"
        head = steps[0] if doing else first.title
        return Item(
            when=when,
            head=head,
            lines=tuple(self._lines(group, when)),
            notes=tuple(self._notes(group, steps, doing=doing)),
        )

    def _lines(self, group: Sequence[Finding], when: str) -> Iterator[Line]:
        said: dict[str, list[str]] = {}
        for finding in group:
            expected = bool(when) or finding.status == "upcoming"
            labels = said.setdefault(self._said(finding, expected=expected), [])
            if finding.subject is not None:
                labels.append(finding.subject.label)
        for text, labels in said.items():
            label = _together(labels)
            if label and not text and not self._who(group):
                yield Line("", f"Who: {label}")  # the subject itself acts
            elif label or text:
                yield Line(label, text)

    def _notes(
        self, group: Sequence[Finding], steps: Sequence[str], *, doing: bool
    ) -> Iterator[tuple[str, str]]:
        first = group[0]
        if steps and not doing and steps[0] != first.title:
            yield "To do", f"{steps[0]}."
        active = first.status in _REACHED
        if active and first.reading and first.reading not in self.read:
            self.read.add(first.reading)
            yield "Read as", first.reading
        who = self._who(group)
        if active and who:
            yield "Who", who
        mark = "" if all(f.verified for f in group) else " (not verified)"
        yield "Rule", f"{first.requirement}{mark}"

    def _who(self, group: Sequence[Finding], *, always: bool = False) -> str:
        """Who acts, unless it is everywhere the subject itself, which stands there already."""
        steps = [(f.next_step.who, f.subject) for f in group if f.next_step is not None]
        themselves = all(subject is not None and who == subject.id for who, subject in steps)
        if themselves and steps:
            return "The agencies themselves" if always else ""
        return capital(listing(dict.fromkeys(self.name(who) for who, _ in steps if who)))

    # --- what stands around them --------------------------------------------------------------

    def _summary(self, label: str, findings: Sequence[Finding]) -> str:
        return f"{label}: {', '.join(self._counts(findings)) or 'nothing is open'}."

    def _counts(self, findings: Sequence[Finding]) -> Iterator[str]:
        words = {
            "OVERDUE OR BREACHED": "overdue or breached",
            "NOT KNOWN": "not known",
            "NOT TO BE DONE FOR NOW": "not to be done for now",
            "COMING UP": "coming up",
            UNDATED: "without a date",
        }
        for title, chosen, _ in self._chosen(findings):
            if chosen:
                yield f"{len(chosen)} {words[title]}"

    def _closing(self) -> Iterator[tuple[str, str]]:
        report = self.report
        counts = dict.fromkeys((status for status, _ in _COUNTED), 0)
        for finding in report.findings:
            if finding.status in counts:
                counts[finding.status] += 1
        told = [f"{counts[status]} {words}" for status, words in _COUNTED if counts[status]]
        reached = sum(f.status in _REACHED for f in self.advice)
        if reached:
            told.append(f"{reached} {'piece' if reached == 1 else 'pieces'} of advice")
        if told:
            more = " (--all shows them)" if self.with_all and not self.everything else ""
            yield "Besides", f"{', '.join(told)}{more}."
        if report.not_covered:
            yield "Not covered", self._not_covered()
        if any(not f.verified for f in report.findings):
            yield "Not verified", "nobody has checked this rule against its source's own text yet."
        if self.contacts and report.next_steps:
            yield "Contacts", self.contacts
        if report.next_steps:
            yield "Why", "`cspr explain CASE RULE` counts the days and names source and evidence."
        yield "Checked by", _made_with(report)

    def _not_covered(self) -> str:
        texts = [text.rstrip(".") for text in self.report.not_covered]
        shown = list(texts)
        while not self.everything and len(shown) > 1 and len("; ".join(shown)) > _ONE_LINE:
            shown.pop()
        left = len(texts) - len(shown)
        return "; ".join(shown) + (f"; and {left} more{self.with_all}." if left else ".")


def _is_place(where: str) -> bool:
    """Whether a place is one where something can be written: a file of facts has no lines."""
    return kind_of(Path(where.rpartition(":")[0])) != "facts"


def contacts_hint(contacts: Iterable[tuple[str | None, date | None]], area: str) -> str:
    """One sentence on contacts that nobody has confirmed; pairs of published and confirmed.

    Published without a date (`None`) counts as older than any date.
    """
    never = [published for published, confirmed in contacts if confirmed is None]
    if not never:
        return ""
    oldest = min(never, key=lambda published: published or "")
    when = f"published {dated(oldest)}" if oldest else "published without a date"
    return (
        f"{when} and never confirmed since; make sure of an address before"
        f" you use it (cspr contacts {area})."
    )


def amount_left(as_of: date, by: date, findings: Sequence[Finding]) -> str:
    """How long until a day, from the findings that are due on it."""
    if by == as_of:
        return "today"
    lefts = [f.working_days_left for f in findings if f.due == by]
    left = next((n for n in lefts if n is not None), None)
    if left is None:
        return "agreed new date"
    return f"{amount(abs(left), 'working_days')} {'left' if by > as_of else 'ago'}"


def _made_with(report: Report) -> str:
    versions = report.versions
    engines = (
        "two engines that agree (durable-rules and reference)"
        if "rete" in versions.engines
        else "the reference engine alone (durable-rules is not installed)"
    )
    return (
        f"{engines}; cspr {versions.cspr}, {report.partnership} {versions.plugin}, national"
        f" {versions.national}; public holidays known to {day(versions.calendar_verified_to)}."
    )


def _is_ahead(finding: Finding) -> bool:
    """Still to come: upcoming, or excused until an agreed new date."""
    return finding.status == "upcoming" or (
        finding.status == "excused" and finding.agreed_due is not None
    )


def _by(finding: Finding) -> date | None:
    return finding.agreed_due or finding.due


def _past(finding: Finding, as_of: date) -> bool:
    return finding.due is not None and finding.due < as_of


def _together(labels: Iterable[str]) -> str:
    """Subjects in one sentence: `The Panel and the Secretary of State`."""
    first, *others = dict.fromkeys(labels) or ("",)
    return listing([first, *(re.sub(r"^The ", "the ", label) for label in others)])


def _sibling(finding: Finding) -> tuple[str, str]:
    return finding.requirement, "" if finding.subject is None else finding.subject.id


def _oldest_first(finding: Finding) -> tuple[date, str, str]:
    return (_by(finding) or date.max, *_sibling(finding))


def _grouped(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Findings of one requirement together, at the place of the first of them."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.requirement, []).append(finding)
    yield from groups.values()
