"""Figures as people read them, and what each of them is called and means."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from cspr_core.report.layout import short
from cspr_core.report.words import day, not_the_whole
from cspr_core.statistics.measures import Figure, Line, Mark, Oldest, Statistics
from cspr_core.statistics.quarters import begins, months_of, quarter_of


class Heading(NamedTuple):
    """What a figure is called: at the head of a column, and in a sentence that says what it is."""

    short: str
    meaning: str


FIGURES: Mapping[str, Heading] = {
    "cases": Heading("Cases", "cases that were checked"),
    "share_on_time": Heading("On time", "share done in time of what came due"),
    "due": Heading("Came due", "findings whose due date has passed, and whose outcome is known"),
    "on_time": Heading("In time", "of them: done by the due date"),
    "late": Heading("Late", "of them: done after the due date"),
    "overdue": Heading("Overdue", "of them: not recorded as done, and can still be done"),
    "breached": Heading("Breached", "of them: can no longer be put right"),
    "not_known": Heading(
        "Not known", "the due date has passed, and the outcome depends on something unknown"
    ),
    "median_late": Heading("Median late", "working days from the due date to the day it was done"),
    "median_overdue": Heading(
        "Median overdue", "working days from the due date to the day of the check, so far"
    ),
    "oldest_overdue": Heading("Oldest", "when the oldest of what is overdue came due"),
    "share_kept": Heading("Kept", "share done, in time or late, of what is settled"),
    "settled": Heading(
        "Settled", "what came due, and what was done or breached without a date that has passed"
    ),
    "kept": Heading("Done", "of what is settled: done, in time or late"),
    "done": Heading("Done, no date", "done without a date, or before a date that has not passed"),
    "broken": Heading("Breached, no date", "breached without a date that has passed"),
    "unclear": Heading("Unclear", "depends on something unknown, and no date has passed"),
    "upcoming": Heading("Upcoming", "not recorded as done, and not overdue"),
    "pending": Heading("Pending", "not in play yet"),
    "excused": Heading("Excused", "a recorded delay or exception that is allowed"),
    "not_applicable": Heading("Not applicable", "does not apply to the case"),
    "advice": Heading("Advice", "shown at its stage, and failed by nobody"),
}
SHARES = ("share_on_time", "share_kept")
_MOST_DIGITS = 0.001  # what lies nearer to none or all than this is not rounded to it


def said(line: Line, name: str) -> str:
    """A figure of a line as it is shown."""
    return shown(line[name], share=name in SHARES)


def shown(figure: Figure, *, share: bool = False) -> str:
    """A figure as it is shown: `1,234`, `81.9%`, `2.5`, `Jan–Mar 2025`, `[c]` or `[z]`."""
    if isinstance(figure, Mark):
        return figure.value
    if isinstance(figure, Oldest):
        return (
            months_of(figure.quarter) if figure.day is None else " ".join(short(figure.day).split())
        )
    if share:
        return percent(figure)
    return f"{figure:,}"


def percent(share: float) -> str:
    """A share with one decimal; only none is 0% and only all is 100%."""
    if share in (0, 1):
        return f"{share:.0%}"
    return f"{min(max(share, _MOST_DIGITS), 1 - _MOST_DIGITS):.1%}"


def amount(n: int, one: str) -> str:
    """A number with what it counts: `1 case`, `2,000 cases`."""
    return f"{n:,} {one}{'' if n == 1 else 's'}"


def opening(statistics: Statistics) -> list[str]:
    """What has to be known before any figure: of when, of how many, and what is missing."""
    cases = statistics.whole["cases"]
    areas = amount(len(statistics.lines.get("area", ())), "area")
    counted = amount(cases, "case") if isinstance(cases, int) else "Fewer cases than may be shown"
    lines = [f"{counted} of {areas}, as of {day(statistics.as_of)}."]
    if statistics.not_used:
        lines.append(not_the_whole(statistics.not_used, "no figure counts"))
    if statistics.threshold is None:
        lines.append(
            "NOTHING IS WITHHELD: small numbers are shown, which may point to a child, a family or"
            " a practitioner. For use inside the partnership only; do not publish or pass on."
        )
    return lines


def protection(statistics: Statistics) -> str:
    """How small numbers are protected, in a sentence or two."""
    if statistics.threshold is None:
        return "[z] means that there is nothing to count."
    return (
        f"[c] means withheld: a count that rests on fewer than {statistics.threshold} cases, or"
        " another one from which such a count could be worked out. [z] means that there is nothing"
        " to count."
    )


def headline(statistics: Statistics) -> list[tuple[str, str]]:
    """The figures of the whole caseload: what each is about, and a sentence."""
    whole = statistics.whole
    of = partial(said, whole)
    late, overdue = _days(whole, "median_late"), _days(whole, "median_overdue")
    since = "" if whole["oldest_overdue"] is Mark.NONE else f"; the oldest came due {_when(whole)}"
    not_known = (
        f"{of('not_known')} more have passed their date, and depend on something unknown: in no"
        " share, neither as on time nor as late."
    )
    left_out = (
        f"{of('upcoming')} upcoming, {of('pending')} pending, {of('excused')} excused,"
        f" {of('not_applicable')} not applicable, {of('unclear')} unclear, {of('advice')} pieces of"
        " advice."
    )
    return [
        ("On time", f"{of('share_on_time')} of the {of('due')} that came due ({of('on_time')})."),
        ("Late", f"{of('late')}{late}."),
        ("Overdue now", f"{of('overdue')}{overdue}{since}."),
        ("Breached", f"{of('breached')} of those that came due; {of('broken')} without a date."),
        ("Not known", not_known),
        ("Kept", f"{of('share_kept')} of the {of('settled')} that are settled, in time or late."),
        ("Left out", left_out),
    ]


def _when(line: Line) -> str:
    oldest = line["oldest_overdue"]
    if isinstance(oldest, Oldest) and oldest.day is not None:
        return f"on {day(oldest.day)}"
    return f"in {shown(oldest)}"


def _days(line: Line, name: str) -> str:
    figure = line[name]
    if isinstance(figure, Mark):
        return ""
    so_far = " so far" if name == "median_overdue" else ""
    return f", by a median of {shown(figure)} working day{'' if figure == 1 else 's'}{so_far}"


def unfinished(statistics: Statistics) -> str:
    """The quarter that is not over, and what that means, or nothing."""
    quarter = quarter_of(statistics.as_of)
    for line in statistics.lines.get("quarter", ()):
        if line.key.quarter == quarter and statistics.as_of >= begins(quarter):
            return (
                f"{line.name} ({months_of(quarter)}) is not over: it holds what came due before"
                f" {day(statistics.as_of)}."
            )
    return ""
