"""A case's stages as a timeline: its main dates and open deadlines, and their drawing as SVG.

`timeline_of` decides what is shown, `svg_of` draws it. Each date has a number, which the drawing
and the table of the same dates share; shapes tell states apart, so that no colour is needed.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET  # only to write
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from cspr_core.check import Checked
from cspr_core.model.finding import Finding, Report
from cspr_core.model.patterns import Value
from cspr_core.report.dates import dates_of
from cspr_core.report.due import due_of, who_and_whom
from cspr_core.report.layout import short
from cspr_core.report.words import Words, capital, day, listing
from cspr_core.vocabulary import vocabulary

State = Literal["done", "planned", "due", "overdue", "breached", "unknown"]

STATES: dict[State, str] = {
    "done": "happened",
    "planned": "planned",
    "due": "due",
    "overdue": "overdue",
    "breached": "breached",
    "unknown": "due only if something not yet known proves so",
}
# Whose dates mark a stage's way; the case file holds the others.
_MAIN = {
    "referral": "referral_received referral_answered",
    "notification": "aware notified notification_withdrawn",
    "rapid_review": "information_requested rapid_review_group rapid_review_sent panel_response",
    "decision": "decision announced",
    "review": "reviewer_appointed terms_of_reference author_briefing review_group"
    " practitioner_event family_meeting draft_shared",
    "sign_off": "sign_off",
    "publication": "report_sent publication debrief taken_down",
    "learning": "learning_briefing learning_event action_plan",
}
_STAGE_OF = {kind: stage for stage, kinds in _MAIN.items() for kind in kinds.split()}
_WORST: tuple[State, ...] = ("breached", "overdue", "unknown", "due", "planned", "done")


class Item(Value):
    """One thing on a day: its state, what it is, and the state in words."""

    state: State
    what: str
    told: str


class Entry(Value):
    """A day of a stage, numbered: what happened or is planned then, or what is due."""

    number: int
    day: date
    deadline: bool
    items: tuple[Item, ...]

    @property
    def state(self) -> State:
        """The state that weighs most."""
        return min((item.state for item in self.items), key=_WORST.index)


class Stage(Value):
    """A stage with its dates; `told` says in words how it stands, `brief` only what weighs most."""

    word: str
    name: str
    told: str
    brief: str
    entries: tuple[Entry, ...]


class Timeline(Value):
    """The stages of one case, in their order."""

    case: str
    as_of: date
    stages: tuple[Stage, ...]


# --- what is shown ------------------------------------------------------------------------------


def timeline_of(checked: Checked, report: Report) -> Timeline:
    """The stages of a checked case: dates that mark their way, and what is due and not met.

    Entries are numbered through, stage by stage: first what happened or is planned, by day, then
    what is due, by day.
    """
    words = Words(checked.rules)
    found: dict[str, list[tuple[date, bool, Item]]] = {}
    for stage, when, deadline, item in (*_main_dates(checked), *_deadlines(checked, report)):
        found.setdefault(stage, []).append((when, deadline, item))
    stages: list[Stage] = []
    number = 0
    for word in vocabulary().words("stages"):
        together: dict[tuple[date, bool], dict[Item, None]] = {}
        for when, deadline, item in found.get(word, ()):
            together.setdefault((when, deadline), {})[item] = None
        entries = tuple(
            Entry(number=number + index, day=when, deadline=deadline, items=tuple(items))
            for index, ((when, deadline), items) in enumerate(_sorted_days(together), 1)
        )
        number += len(entries)
        told, brief = _standing(f for f in report.findings if f.stage == word)
        name = capital(words.name(word))
        stages.append(Stage(word=word, name=name, told=told, brief=brief, entries=entries))
    return Timeline(case=report.case, as_of=report.as_of, stages=tuple(stages))


def _sorted_days(
    together: dict[tuple[date, bool], dict[Item, None]],
) -> list[tuple[tuple[date, bool], dict[Item, None]]]:
    """What happened or is planned, by day, and then what is due, by day."""
    return sorted(together.items(), key=lambda pair: (pair[0][1], pair[0][0]))


def _main_dates(checked: Checked) -> Iterator[tuple[str, date, bool, Item]]:
    for entry in dates_of(checked):
        stage = _STAGE_OF.get(entry.type)
        if stage is None:
            continue
        state: State = "planned" if entry.planned else "done"
        passed = entry.planned and entry.day < checked.as_of
        told = "planned, and not recorded as done" if passed else STATES[state]
        yield stage, entry.day, False, Item(state=state, what=entry.what, told=told)


def _deadlines(checked: Checked, report: Report) -> Iterator[tuple[str, date, bool, Item]]:
    by_id = checked.rules.by_id
    for line in due_of(checked, report.findings):
        what = line.what + (f" ({listing(line.labels)})" if line.labels else "")
        state: State = "due"
        told = "agreed new date" if line.agreed else STATES["due"]
        if line.status == "overdue":
            state, told = "overdue", STATES["overdue"]
        elif line.condition is not None:
            state, told = "unknown", f"due {line.condition}"
            told = told.replace("due depends", "depends")
        told += " (should)" if line.binding == "should" else ""
        stage = by_id[line.requirement].requirement.stage
        yield stage, line.due, True, Item(state=state, what=what, told=told)
    for finding in report.findings:
        if finding.status == "breached" and finding.due is not None:
            requirement = by_id[finding.requirement].requirement
            _, label = who_and_whom(Words(checked.rules), requirement, finding.subject)
            what = finding.title + (f" ({label})" if label else "")
            told = STATES["breached"] + (" (should)" if finding.binding == "should" else "")
            item = Item(state="breached", what=what, told=told)
            yield finding.stage, finding.due, True, item


_COUNTED = {
    "wrong": "overdue or breached",
    "unknown": "not known",
    "open": "still to do",
    "met": "met",
}
_COUNTED_AS = {
    "overdue": "wrong",
    "breached": "wrong",
    "undetermined": "unknown",
    "upcoming": "open",
    "excused": "open",
    "met": "met",
    "met_late": "met",
}


def _standing(findings: Iterable[Finding]) -> tuple[str, str]:
    """How a stage stands, in words: everything, and only what weighs most."""
    listed = [f for f in findings if f.kind != "advice"]
    counts = Counter(_COUNTED_AS.get(f.status, f.status) for f in listed)
    told = [f"{counts[name]} {words}" for name, words in _COUNTED.items() if counts[name]]
    if told:
        return ", ".join(told), told[0]
    nothing = "not in play yet" if counts["pending"] else "nothing applies"
    return nothing, nothing


# --- the drawing --------------------------------------------------------------------------------

_WIDTH, _LEFT, _RIGHT = 900, 176, 874
_TOP, _LANE = 44, 62
_EVENTS, _DEADLINES = 22, 50  # the two tracks of a lane, from its top
_ABOVE = 10  # a label over its marks
_CHARACTER = 6.4  # the width of a figure in the drawing's text
_GAP = 5  # between two labels
_MOST_TICKS = 13
_BY_WEEK = 2  # months
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)  # months between ticks


@dataclass(frozen=True)
class _Scale:
    """Days across the drawing, from the first of a month to the first of another."""

    first: date
    last: date

    def x(self, when: date) -> float:
        share = (when - self.first).days / (self.last - self.first).days
        return round(_LEFT + share * (_RIGHT - _LEFT), 1)

    def ticks(self) -> list[date]:
        """Mondays where the case is young, else the first days of months."""
        months = _months(self.first, self.last)
        if months <= _BY_WEEK:
            monday = self.first + timedelta(days=-self.first.weekday() % 7)
            weeks = (self.last - monday).days // 7
            return [monday + timedelta(weeks=n) for n in range(weeks + 1)]
        step = next((s for s in _STEPS if months / s <= _MOST_TICKS), _STEPS[-1])
        return [_month(self.first, n) for n in range(0, months + 1, step)]


def _month(first: date, n: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + n, 12)
    return date(year, month + 1, 1)


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _scale(timeline: Timeline) -> _Scale:
    days = [timeline.as_of, *(e.day for stage in timeline.stages for e in stage.entries)]
    return _Scale(min(days).replace(day=1), _month(max(days).replace(day=1), 1))


def svg_of(timeline: Timeline, prefix: str) -> str:
    """The timeline as an `svg` element with title and description; ids begin with `prefix`."""
    scale = _scale(timeline)
    height = _TOP + _LANE * len(timeline.stages) + 8
    svg = ET.Element(
        "svg",
        {
            "viewBox": f"0 0 {_WIDTH} {height}",
            "role": "img",
            "class": "timeline",
            "aria-labelledby": f"{prefix}-title {prefix}-desc",
        },
    )
    _add(svg, "title", id=f"{prefix}-title").text = f"The stages of {timeline.case} over time"
    _add(svg, "desc", id=f"{prefix}-desc").text = description(timeline)
    _axis(svg, timeline, scale, height)
    for index, stage in enumerate(timeline.stages):
        _lane(svg, stage, scale, _TOP + index * _LANE)
    return ET.tostring(svg, encoding="unicode")


def description(timeline: Timeline) -> str:
    """The drawing in a few sentences: each stage, how it stands, and its first and last date."""
    parts = [f"As of {day(timeline.as_of)}."]
    for stage in timeline.stages:
        text = f"{stage.name}: {stage.told}"
        if stage.entries:
            days = [entry.day for entry in stage.entries]
            first, last = min(days), max(days)
            text += f"; {day(first)}" if first == last else f"; {day(first)} to {day(last)}"
        parts.append(f"{text}.")
    return " ".join(parts)


def symbol(state: State) -> str:
    """A state's mark alone, for a key; its words stand beside it."""
    svg = ET.Element(
        "svg", {"viewBox": "-8 -8 16 16", "class": "mark", "aria-hidden": "true", "width": "16"}
    )
    svg.set("height", "16")
    _mark(svg, state, 0, 0)
    return ET.tostring(svg, encoding="unicode")


def _add(parent: ET.Element, tag: str, **attributes: str | float) -> ET.Element:
    named = {name.replace("_", "-").strip("-"): f"{v}" for name, v in attributes.items()}
    return ET.SubElement(parent, tag, named)


def _text(parent: ET.Element, x: float, y: float, text: str, style: str = "small") -> None:
    _add(parent, "text", x=x, y=y, class_=style).text = text


def _axis(svg: ET.Element, timeline: Timeline, scale: _Scale, height: int) -> None:
    bottom = height - 8
    ticks = scale.ticks()
    by_month = all(tick.day == 1 for tick in ticks)
    for index, tick in enumerate(ticks):
        x = scale.x(tick)
        _add(svg, "line", x1=x, y1=_TOP - 4, x2=x, y2=bottom, class_="grid")
        if tick < scale.last:
            new_year = index == 0 or tick.year != ticks[index - 1].year
            _text(svg, x + 2, _TOP - 22, f"{tick.year}" if new_year else "", "year")
            _, number, month, _ = short(tick).split()
            _text(svg, x + 2, _TOP - 8, month if by_month else f"{number} {month}")
    x = scale.x(timeline.as_of)
    _add(svg, "line", x1=x, y1=_TOP - 4, x2=x, y2=bottom, class_="today")
    half = 4.2 * _CHARACTER
    middle = min(max(x, _LEFT + half), _RIGHT - half)
    _add(svg, "rect", x=middle - half, y=0, width=2 * half, height=16, class_="flag")
    # `%d` has no form without a nought on every system
    _add(
        svg, "text", x=middle, y=12, class_="flag-text"
    ).text = f"{timeline.as_of.day} {timeline.as_of:%b}"


def _lane(svg: ET.Element, stage: Stage, scale: _Scale, top: int) -> None:
    _add(svg, "line", x1=0, y1=top, x2=_WIDTH, y2=top, class_="rule")
    _text(svg, 0, top + 26, stage.name, "name")
    _text(svg, 0, top + 43, stage.brief)
    for deadline, track in ((False, _EVENTS), (True, _DEADLINES)):
        entries = [entry for entry in stage.entries if entry.deadline is deadline]
        y = top + track
        if entries and not deadline:
            start, end = scale.x(entries[0].day), scale.x(entries[-1].day)
            _add(svg, "line", x1=start, y1=y, x2=end, y2=y, class_="span")
        for entry in entries:
            _mark(svg, entry.state, scale.x(entry.day), y)
        for label in _labels(entries, scale):
            _text(svg, label.middle, y - _ABOVE, label.text, "number")


@dataclass(frozen=True)
class _Label:
    """The numbers of entries so near to each other that one label has to do for them."""

    entries: tuple[Entry, ...]
    scale: _Scale

    @property
    def text(self) -> str:
        return numbers(entry.number for entry in self.entries)

    @property
    def middle(self) -> float:
        first, last = self.scale.x(self.entries[0].day), self.scale.x(self.entries[-1].day)
        half = self._half
        return round(min(max((first + last) / 2, _LEFT + half), _WIDTH - half), 1)

    @property
    def _half(self) -> float:
        return _CHARACTER * len(self.text) / 2

    def meets(self, other: _Label) -> bool:
        """Whether the next label would touch this one."""
        return other.middle - other._half < self.middle + self._half + _GAP


def _labels(entries: Sequence[Entry], scale: _Scale) -> list[_Label]:
    labels: list[_Label] = []
    for entry in entries:
        label = _Label((entry,), scale)
        while labels and labels[-1].meets(label):
            label = _Label((*labels.pop().entries, *label.entries), scale)
        labels.append(label)
    return labels


def numbers(values: Iterable[int]) -> str:
    """Numbers as a reader groups them: 3, 4, 5, 8 as `3-5, 8`."""
    runs: list[list[int]] = []
    for value in values:
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def _mark(svg: ET.Element, state: State, x: float, y: float) -> None:
    """A state's shape: each is another one, filled or hollow."""
    if state == "done":
        _add(svg, "circle", cx=x, cy=y, r=5, class_="filled")
    elif state == "planned":
        _add(svg, "circle", cx=x, cy=y, r=4.5, class_="hollow")
    elif state == "due":
        _shape(svg, x, y, ((0, -6), (6, 0), (0, 6), (-6, 0)), "hollow")
    elif state == "overdue":
        _shape(svg, x, y, ((0, -6.5), (6.5, 5.5), (-6.5, 5.5)), "late")
    elif state == "breached":
        _add(
            svg,
            "path",
            d=f"M{x - 5:.1f} {y - 5:.1f}l10 10m0 -10l-10 10",
            class_="cross",
        )
    else:
        _add(svg, "rect", x=round(x - 6, 1), y=y - 6, width=12, height=12, class_="hollow")
        _add(svg, "text", x=x, y=y + 4, class_="asked").text = "?"


def _shape(
    svg: ET.Element, x: float, y: float, corners: Sequence[tuple[float, float]], style: str
) -> None:
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    _add(svg, "polygon", points=points, class_=style)
