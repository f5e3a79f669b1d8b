"""Who was at a meeting or a gathering, who led it, and what was on its agenda."""

from __future__ import annotations

from collections.abc import Sequence

from cspr_core.simulating.story import Data, Story


def meet(story: Story, body: str, day: int, extra: Sequence[str] = (), **more: str | None) -> Data:
    """Tell of a meeting of a body, with further items on its agenda."""
    group = story.group(body, day - 1)
    number = len(story.log.by_body.get(body, ())) + 1
    entry = story.log.meeting(body, day, f"{body.removesuffix('_group')}_{number}")
    people = [m for m in group["people"] if group["_left"].get(m, day) >= day]
    guests = [g for g in more.values() if g is not None and g not in people]
    attend(story, entry, body, people, leader=group.get("chair"), guests=guests)
    if body == "review_group" or extra:
        set_agenda(story, entry, body, extra, first=number == 1)
    return entry


def attend(  # noqa: PLR0913  (each is another thing that is known of a meeting)
    story: Story,
    entry: Data,
    body: str,
    people: Sequence[str],
    *,
    leader: str | None,
    guests: Sequence[str] = (),
) -> None:
    """Tell who led it, who was there, and who came in whose place."""
    by = story.by
    asked = [name for role in story.setting.led_by.get(body, ()) if (name := story.with_role(role))]
    leader = asked[0] if asked else leader
    everybody = list(dict.fromkeys([*([leader] if leader else []), *people, *guests]))
    if leader is not None and not story.yes(by.led_by_unknown):
        other = story.yes(by.led_by_another) and people
        entry["led_by"] = story.dice.one(people) if other else leader
    present, unclear = list[str](), list[str]()
    for name in everybody:
        if name != entry.get("led_by") and story.yes(by.absent):
            _away(story, entry, name, present)
        elif story.yes(by.attendance_unclear):
            unclear.append(name)
        else:
            present.append(name)
    if not story.yes(by.attendance_unlisted):
        entry["attended"] = present
        if unclear:
            entry["unclear"] = unclear


def _away(story: Story, entry: Data, name: str, present: list[str]) -> None:
    """Somebody who is not there: a substitute comes, or apologies do, or nothing."""
    by, day = story.by, entry["date"]
    person = story.people[name]
    if story.yes(by.represented) and "agency" in person and "member" in person["roles"]:
        named = story.days.plus(day, -story.length(by.substitute_named))
        if story.yes(by.substitute_late):
            named = day + story.dice.whole(0, 3)
        since = min(named, day)
        come = story.person(person["agency"], ["substitute"], since)
        substitute: Data = {"for": name, "by": come}
        unknown = story.yes(by.substitute_named_unknown)
        substitute["named"] = "unknown" if unknown else named
        substitute["briefed"] = story.pick(by.substitute_fit)
        substitute["equivalent_seniority"] = story.pick(by.substitute_fit)
        entry.setdefault("substitutes", []).append(substitute)
        present.append(come)
    elif story.yes(by.apologies):
        apology = {"by": name, "date": story.days.plus(day, -1)}
        entry.setdefault("apologies", []).append(apology)


def set_agenda(story: Story, entry: Data, body: str, extra: Sequence[str], *, first: bool) -> None:
    """Tell what was on the agenda: what is due there, and what the case brought."""
    due = [item for item, once in story.setting.agenda.get(body, ()) if first or not once]
    if not (due or extra) or story.yes(story.by.agenda_unlisted):
        return
    items = [item for item in due if not story.yes(story.by.agenda_missed)]
    entry["agenda"] = list(dict.fromkeys([*items, *extra]))
