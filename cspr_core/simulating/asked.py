"""What an area's arrangements ask for beyond the story itself, each in time, late or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cspr_core.simulating.limits import Subject
from cspr_core.simulating.log import Tests
from cspr_core.simulating.meetings import attend, set_agenda
from cspr_core.simulating.setting import Asked, Fill, FormAsked
from cspr_core.simulating.story import Data, Story
from cspr_core.vocabulary import vocabulary

_NEAR = 14  # days: a meeting after a thing in whose minutes it may still stand
_REASONS = ("no_other_found", "small_team", "not_in_contact", "not_possible_in_time")


def fill(story: Story) -> None:
    """Tell of the events that requirements ask for and the story has not told of."""
    for one in story.setting.fills:
        if one.asked.each == "agency" and one.subject:
            for agency in story.involved():
                _fill(story, one, agency)
        elif story.log.first(one.type, one.tests) is None:
            _fill(story, one, None)
    for type_, asked in story.setting.own_events:
        if "review" in story.stages and story.yes(story.by.own_events):
            _own_event(story, type_, asked)


def _fill(story: Story, one: Fill, agency: str | None) -> None:
    if story.yes(story.by.step_missing):
        return
    when = _when(story, one.asked, Subject(agency), story.horizon)
    if when is None:
        return
    day = when.day
    attributes = {name: [_word(story, words)] for name, words in one.tests}
    if agency is not None:
        attributes["agency"] = [agency]
    entry = story.log.event(one.type, day, **attributes)
    if one.type == "publication_date_told":
        known = [planned for since, planned in story.plans if since <= day]
        if known:
            entry["for"] = known[-1:]
    kind = vocabulary().events.get(one.type)
    if kind is not None and kind.gathering:
        entry["id"] = f"{one.type}_{len(story.log.by_type[one.type])}"
        people = story.groups["review_group"]["people"] if "review_group" in story.groups else []
        attend(story, entry, one.type, people[:3], leader=story.with_role("lead_reviewer"))
        set_agenda(story, entry, one.type, (), first=True)


def _word(story: Story, words: frozenset[str]) -> str:
    """One of the words; mostly the first by the alphabet that every area knows."""
    shared = sorted(words, key=lambda word: ("." in word, word))
    return shared[0] if story.yes(story.by.usual_word) else story.dice.one(shared)


class When(NamedTuple):
    """The day on which something is done, when it was asked for, and by when it was due."""

    day: int
    since: int
    due: int | None


def _when(story: Story, asked: Asked, subject: Subject, until: int) -> When | None:
    """When something asked for is done; nothing where it does not come to that until a day."""
    log, by, days = story.log, story.by, story.days
    stage = story.stages.get(asked.stage)
    if stage is None or stage > until:
        return None
    since = asked.since(log)
    if since is None or since > until:
        return None
    start = max(since, stage, subject.day or 0)
    first = asked.after(log)
    opens, due = story.window(asked, subject)
    if first is not None:
        if story.yes(by.out_of_order):
            return When(days.plus(first, -1 - story.length(by.shortly)), start, due)
        start = max(start, first)
    if due is None:
        due = asked.ahead(log)
        if due is None:
            return When(story.after(start, by.soon), start, None)
    day = story.against(due, by.step)
    if day <= due:
        if opens is not None and day < opens:
            day = story.dice.whole(opens, due)
        day = max(min(start, due), day)
    return When(day, start, due)


def _own_event(story: Story, type_: str, asked: tuple[Tests, ...]) -> None:
    attributes: dict[str, list[str]] = {}
    for tests in asked:
        if story.yes(story.by.own_event_complete):
            attributes |= {name: [_word(story, words)] for name, words in tests}
    day = story.after(story.stages["review"], story.by.first_draft)
    story.log.event(type_, day, **attributes)["id"] = type_.rpartition(".")[2]


# --- forms ---------------------------------------------------------------------------------------

_COMES_WITH = {
    "referral": ("referral_received",),
    "rapid_review": ("information_returned",),
    "review": ("analysis_returned",),
}


def send_forms(story: Story) -> None:
    """Tell of the area's forms: each comes with what it belongs to at its stage."""
    for form in story.setting.forms:
        for day, sender in _senders(story, form.stage):
            if not story.yes(story.by.form_missing):
                _send(story, form, day, sender)


def _senders(story: Story, stage: str) -> Iterator[tuple[int, str]]:
    log = story.log
    for type_ in _COMES_WITH.get(stage, ()):
        for entry in log.by_type.get(type_, ()):
            for sender in entry.get("agency") or entry.get("from") or ():
                yield entry["date"], sender
    if stage not in _COMES_WITH and stage in story.stages:
        yield story.stages[stage], "local_authority"


def _send(story: Story, form: FormAsked, day: int, sender: str) -> None:
    by = story.by
    complete = not story.yes(by.form_incomplete)
    boxes = form.boxes or ("dated",)
    empty = [] if complete else story.dice.some(boxes, 1 + story.dice.tail(1))
    entry = _receipt(story, form, day, sender, empty)
    if not complete and story.yes(by.form_returned):
        entry["returned"] = story.days.plus(day, story.length(by.shortly))
        again = story.days.plus(entry["returned"], 1 + story.length(by.shortly))
        if not story.yes(by.form_missing):
            _receipt(story, form, again, sender, [])


def _receipt(story: Story, form: FormAsked, day: int, sender: str, empty: list[str]) -> Data:
    number = len(story.log.forms) + 1
    entry: Data = {"id": f"f{number}", "form": form.form, "from": sender, "received": day}
    if not story.yes(story.by.form_unread):
        entry["empty"] = empty
    signed: Data = {}
    for role in form.signed:
        if not story.yes(story.by.form_unsigned):
            unknown = story.yes(story.by.signed_unknown)
            signed[role] = (
                "unknown" if unknown else story.days.plus(day, -story.length(story.by.shortly))
            )
    if signed:
        entry["signed"] = signed
    story.log.forms.append(entry)
    return entry


# --- what the office confirms, and what is excepted ----------------------------------------------


def confirm(story: Story) -> None:
    """Tell what the office confirms from minutes, for all or for each apart."""
    by = story.by
    stages, as_of = story.stages, story.world.as_of
    for asked in story.setting.confirmable:
        if stages.get(asked.stage, as_of + 1) > as_of:
            continue
        if asked.each is None:
            _confirm(story, asked, Subject(), None)
            continue
        subjects = _subjects(story, asked)
        if not subjects:
            continue
        if not story.yes(by.confirmed_each):
            _confirm(story, asked, subjects[0][0], None)
        else:
            for subject, name in subjects:
                _confirm(story, asked, subject, name)
    for asked, done in story.setting.besides:
        if story.yes(by.confirmed_besides) and done(story.log) is None:
            _confirm(story, asked, Subject(), None)


def _confirm(story: Story, asked: Asked, subject: Subject, name: str | None) -> None:
    if not story.yes(story.by.confirmed):
        return
    when = _when(story, asked, subject, story.world.as_of)
    if when is None:
        return
    entry: Data = {"requirement": asked.id}
    if name is not None:
        entry["subject"] = name
    entry["answer"] = "no" if story.yes(story.by.confirmed_no) else "yes"
    entry["on"] = _minuted(story, when)
    entry["by"] = "business_manager"
    entry["reference"] = f"Minute {1 + len(story.confirmed)}"
    story.confirmed.append(entry)


def _minuted(story: Story, when: When) -> int:
    """The day of the meeting whose minutes show it, where there is one that fits."""
    if when.due is not None and when.day > when.due:
        return when.day
    until = when.day + _NEAR if when.due is None else when.due
    held = [m["date"] for m in story.log.meetings if when.since <= m["date"] <= until]
    later = [day for day in held if day >= when.day]
    return min(later) if later else max(held, default=when.day)


def _subjects(story: Story, asked: Asked) -> list[tuple[Subject, str | None]]:
    """Whom or what a requirement is asked of here, each with its id; people are not told apart."""
    log, each = story.log, asked.each
    if each == "agency":
        return [(Subject(agency=name), name) for name in story.involved()]
    if each == "meeting":
        found = [m for body in asked.of for m in (*log.by_body.get(body, ()),
                                                  *log.by_type.get(body, ()))]  # fmt: skip
        return [(Subject(day=m["date"]), m["id"]) for m in found]
    if each == "form":
        forms = [f for f in log.forms if f["form"] in asked.of]
        return [(Subject(day=f["received"]), f["id"]) for f in forms]
    if each == "parallel":
        running = [p for p in log.parallel if p["type"] in asked.of]
        return [(Subject(day=p["opened"]), p["id"]) for p in running]
    if each == "event":
        events = [e for type_ in asked.of for e in log.by_type.get(type_, ())]
        return [(Subject(day=e["date"]), None) for e in events]
    return [(Subject(), None)] if "review" in story.stages else []


def excuse(story: Story) -> None:
    """Tell of exceptions recorded to rules that allow one."""
    for asked in story.setting.excusable:
        if not story.yes(story.by.exceptions):
            continue
        since, stage = asked.since(story.log), story.stages.get(asked.stage)
        if since is None or stage is None:
            continue
        subject = None
        if asked.each == "person" and story.people and story.yes(story.by.exception_for_one):
            subject = story.dice.one(list(story.people))
        day = story.after(max(since, stage), story.by.soon)
        entry: Data = {"requirement": asked.id}
        if subject is not None:
            entry["subject"] = subject
            day = max(day, story.people[subject]["_since"])
        entry["reason"] = story.dice.one(_REASONS)
        entry["by"] = "chair"
        entry["on"] = day
        story.exceptions.append(entry)
