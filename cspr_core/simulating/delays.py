"""Delays: what is late, who considered it and was told of it, and the new day agreed."""

from __future__ import annotations

from cspr_core.simulating.limits import window
from cspr_core.simulating.meetings import meet
from cspr_core.simulating.story import Data, Story

_NATION = "national"
_TOLD = ("panel", "secretary_of_state")
_BECAUSE = ("late_returns", "staff_absence", "family_not_ready", "more_to_learn")


def delay(story: Story) -> None:
    """Tell of the delay of a publication that comes after the limit, where it is recorded."""
    published = story.log.first("publication")
    if published is None or story.end < published:
        return
    for number, requirement in enumerate(story.setting.delayed):
        limit = story.setting.limits[requirement]
        due = window(limit, story.setting.limits, story.log, story.days).due
        if due is None or published <= due or not story.yes(story.by.delay_recorded):
            continue
        if not requirement.startswith(_NATION) and not story.yes(story.by.delay_local):
            continue
        _delay(story, f"delay_{number + 1}", requirement, due, published)


def _delay(story: Story, name: str, requirement: str, due: int, published: int) -> None:
    by, days = story.by, story.days
    arose = days.plus(due, 10 - story.length(by.delay_arose))
    arose = max(arose, story.stages["review"])
    entry: Data = {"id": name, "requirement": requirement, "reason": _reason(story, due)}
    entry["arose"] = arose
    considered = {
        body: story.after(arose, by.delay_considered)
        for body in ("oversight_group", "executive")
        if not story.yes(by.delay_not_considered)
    }
    if not story.log.delays and "oversight_group" in considered:
        meet(story, "oversight_group", considered["oversight_group"], ["delay"])
    told = {
        body: story.after(arose, by.delay_told)
        for body in dict.fromkeys((*_TOLD, *story.setting.delay_told))
        if not story.yes(by.delay_not_told)
    }
    entry |= {"considered": considered, "told": told}
    if story.yes(by.delay_agreed):
        on = max([arose, *considered.values()])
        enough = story.yes(by.delay_enough)
        until = days.plus(published, 5) if enough else days.plus(published, -15)
        entry["agreed_by"] = "executive"
        entry["agreed_due"] = max(until, days.plus(on, 20))
        entry["review_on"] = days.plus(on, 60)
        entry["_agreed"] = on
    story.log.delays.append(entry)


def _reason(story: Story, due: int) -> str:
    for kind in ("prosecution", "inquest", "care_proceedings"):
        for process in story.log.parallel:
            if process["type"] == kind and process["opened"] <= due <= process["closed"]:
                return kind
    return story.dice.one(_BECAUSE)
