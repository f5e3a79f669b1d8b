"""How a case begins: the incident, who was involved, referral, notification and information."""

from __future__ import annotations

from datetime import date

from cspr_core.model.scalars import FIRST_YEAR
from cspr_core.simulating.limits import Subject
from cspr_core.simulating.setting import PARTNERS
from cspr_core.simulating.story import Data, Story

_SERIOUS = ("died", "seriously_harmed", "unknown")
_REASONS = {
    "improvements": "What was learnt of handovers.",
    "recurrent_themes": "A theme of earlier reviews was looked for.",
    "agencies_together": "How agencies shared what they knew.",
    "panel_view": "What the Panel had said by then.",
    "single_agency": "Whether one agency stands out.",
    "no_agency": "Who knew the family.",
    "several_areas": "Where the family lived.",
    "institutional": "Where the child lived.",
}
_EARLIEST = date(FIRST_YEAR, 1, 1).toordinal()
_NUMBERS = {"none": 0, "one": 1, "two": 2, "three": 3}


def begin(story: Story) -> None:
    """Tell of the incident and of how the partnership came to hear of it."""
    aware = story.dice.whole(story.world.first, story.world.as_of)
    happened = max(aware - story.length(story.by.aware_after), _EARLIEST)
    _children(story)
    _incident(story, happened)
    _agencies(story)
    story.stages["referral"] = story.stages["notification"] = aware
    for child in story.children:
        if child["outcome"] == "died":
            late = story.dice.whole(0, (aware - happened) // 2)
            story.log.event("death", happened + late, child=_one(story, child))
    _processes(story, happened)


def how_many(word: str) -> int:
    """The number that a word of the distributions stands for."""
    return _NUMBERS[word]


def refer(story: Story) -> bool:
    """Tell of a referral, if there is one; whether the case goes on after it."""
    aware = story.stages["notification"]
    if not story.yes(story.by.referred):
        return True
    goes_on = not story.yes(story.by.referral_only)
    day = story.after(aware, story.by.referral_after) if goes_on else aware
    story.stages["referral"] = day
    sender = story.dice.one(story.involved() or PARTNERS)
    story.log.event("referral_received", day, **{"from": [sender]})
    if not goes_on:
        _answer(story, day)
    return goes_on


def _answer(story: Story, received: int) -> None:
    if not story.yes(story.by.step_missing):
        due = story.days.plus(received, 15)
        story.log.event(
            "referral_answered", max(received, story.against(due, story.by.referral_answered))
        )


def notify(story: Story) -> bool:
    """Tell of becoming aware and of the notification; whether a rapid review follows."""
    aware = story.stages["notification"]
    story.log.event("aware", aware, by=["local_authority"])
    if story.yes(story.by.partners_aware):
        story.log.event("aware", story.days.plus(aware, 1), by=["safeguarding_partners"])
    if (received := story.log.first("referral_received")) is not None:
        _answer(story, received)
    serious = [c for c in story.children if c["outcome"] in _SERIOUS]
    if not serious or story.incident["abuse_or_neglect"] == "no":
        if story.yes(story.by.withdrawn):
            _notify_panel(story, aware, story.children)
            _withdraw(story)
        return False
    if story.yes(story.by.not_notified):
        return False
    _notify_panel(story, aware, serious)
    _notify_of_looked_after(story, aware)
    if story.yes(story.by.withdrawn):
        _withdraw(story)
        return False
    return True


def _notify_panel(story: Story, aware: int, children: list[Data]) -> None:
    """One notification for those who were harmed, one for each child who died."""
    log, by = story.log, story.by
    died = [c["id"] for c in children if c["outcome"] == "died"]
    harmed = [c["id"] for c in children if c["outcome"] != "died"]
    due = story.due("notified") or story.days.plus(aware, 5)
    first = max(aware, story.against(due, story.by.notified))
    groups = [[child] for child in died] + ([harmed] if harmed else [])
    partners = story.yes(story.by.partners_notified)
    for group in groups:
        whom = None if len(story.children) == len(group) else group
        late = (
            1 + story.length(by.shortly)
            if group is not groups[0] and story.yes(by.notified_apart)
            else 0
        )
        to = ["panel", "partners"] if partners and group is groups[0] else ["panel"]
        log.event("notified", story.days.plus(first, late), to=to, child=whom)
    story.stages["rapid_review"] = log.first("notified") or first


def _notify_of_looked_after(story: Story, aware: int) -> None:
    for child in story.children:
        told = child["outcome"] == "died" and "yes" in (child["looked_after"], child["care_leaver"])
        if told and not story.yes(story.by.step_missing):
            day = story.after(aware, story.by.information_requested)
            whom = ["secretary_of_state", "ofsted"]
            story.log.event("notified", day, to=whom, child=_one(story, child))


def _withdraw(story: Story) -> None:
    last = max(entry["date"] for entry in story.log.by_type["notified"])
    story.log.event("notification_withdrawn", story.after(last, story.by.soon))


def _one(story: Story, child: Data) -> list[str] | None:
    """Which child an event is about, where the case has several."""
    return [child["id"]] if len(story.children) > 1 else None


def inform(story: Story) -> None:
    """Tell of the requests for information, agency by agency, and of what came back."""
    log, days = story.log, story.days
    asked = story.after(story.stages["rapid_review"], story.by.information_requested)
    agencies = [a for a in story.involved() if not story.yes(story.by.not_requested)]
    agencies += [n for n, a in story.agencies.items() if a["involved"] == "unknown"]
    later = story.dice.some(agencies, 1) if story.yes(story.by.asked_later) else []
    first = [name for name in agencies if name not in later]
    length = story.length(story.by.return_asked)
    for names, day in ((first, asked), (later, days.plus(asked, 2))):
        if not names:
            continue
        entry = log.event("information_requested", day, agency=names)
        due = story.due("information_returned", Subject(names[0]))
        due = days.plus(day, length) if due is None else due
        if story.yes(story.by.return_by_named):
            entry["return_by"] = due
        returned: dict[int, list[str]] = {}
        for name in names:
            if not story.yes(story.by.returns_missing):
                on = max(day, story.against(due, story.by.information_returned))
                returned.setdefault(on, []).append(name)
        for on in sorted(returned):
            log.event("information_returned", on, agency=returned[on])


def consider(story: Story, on: int) -> None:
    """Tell how the partners answered the criteria, on the day of their meeting."""
    story.criteria_on = on
    for name, percent in story.by.criteria_answers.chances.items():
        if story.yes(story.by.criteria_missing):
            continue
        answer = "yes" if story.dice.share(percent) else "no"
        entry = {"answer": "unknown" if story.yes(story.by.criteria_unknown) else answer}
        if not story.yes(story.by.criteria_without_reason):
            entry["reason"] = _REASONS[name]
        story.criteria[name] = entry


# --- the incident --------------------------------------------------------------------------------


def _children(story: Story) -> None:
    by = story.by
    for number in range(how_many(story.pick(by.children))):
        outcome = story.pick(by.sibling_outcome if number else by.outcome)
        child: Data = {"id": f"child_{number + 1}", "outcome": outcome}
        if outcome == "seriously_harmed":
            child["harm"] = story.chosen(by.harm) or ["physical"]
        child["looked_after"] = story.pick(by.looked_after)
        child["care_leaver"] = "no" if number else story.pick(by.care_leaver)
        story.children.append(child)


def _incident(story: Story, happened: int) -> None:
    by, area = story.by, story.setting.area
    where, lives = story.pick(by.incident_area), story.pick(by.residence)
    dated = not story.yes(by.incident_undated)
    story.incident = {
        "date": happened if dated else "unknown",
        "area": area if where == "own" else where,
        "residence": area if lives == "own" else lives,
        "abuse_or_neglect": story.pick(by.abuse_or_neglect),
    }
    if dated:
        story.log.incident(happened)


def _agencies(story: Story) -> None:
    by, counts = story.by, dict[str, int]()
    for kind, percent in by.involved.chances.items():
        if story.dice.share(percent):
            involved = "yes"
        elif story.yes(by.involvement_unknown):
            involved = "unknown"
        elif story.yes(by.not_involved_recorded):
            involved = "no"
        else:
            continue
        if kind not in PARTNERS and story.yes(by.agency_named):
            counts[kind] = counts.get(kind, 0) + 1
            story.agencies[f"{kind}_{counts[kind]}"] = {"kind": kind, "involved": involved}
        else:
            story.agencies[kind] = {"involved": involved}


def _processes(story: Story, happened: int) -> None:
    """Processes beside the case, each from a day on and mostly to another."""
    died = any(child["outcome"] == "died" for child in story.children)
    for kind in story.chosen(story.by.parallel):
        if kind in ("inquest", "child_death_review") and not died:
            continue
        opened = story.after(happened, story.by.process_after)
        closed = opened + story.length(story.by.process_length)
        _process(story, kind, opened, closed)
        if kind == "criminal_investigation" and story.yes(story.by.prosecution):
            ended = closed + story.length(story.by.prosecution_length)
            _process(story, "prosecution", closed, ended)


def _process(story: Story, kind: str, opened: int, closed: int) -> None:
    entry: Data = {"id": kind, "type": kind, "opened": opened, "closed": closed}
    if story.yes(story.by.process_unknown):
        entry["_unknown"] = story.dice.one(("opened", "closed"))
    story.log.parallel.append(entry)
