"""The decision and what follows it: a review from its reviewer to its publication, or none."""

from __future__ import annotations

from cspr_core.simulating.beginning import consider, how_many
from cspr_core.simulating.limits import Subject
from cspr_core.simulating.meetings import attend, meet, set_agenda
from cspr_core.simulating.story import Story

_MOST_MEETINGS = 6
_ASK_AGAIN = ("disagrees", "asks_again", "local_review")
_NATIONAL = ("panel", "secretary_of_state", "ofsted")


def decide(story: Story) -> str:
    """Tell of the rapid review, the decision and the Panel's answer; what is decided at last."""
    log, by = story.log, story.by
    notified = story.stages["rapid_review"]
    due = story.due("decision") or story.days.plus(notified, 15)
    decided = max(story.days.plus(notified, 3), story.against(due, by.decision))
    _rapid_review_meetings(story, notified, decided)
    outcome = story.pick(by.outcome_decided)
    who = ["executive"] if story.yes(by.decision_by_recorded) else None
    log.event("decision", decided, outcome=outcome, by=who)
    if story.yes(by.sent_before_decision):
        sent = max(notified, story.days.plus(decided, -1 - story.length(by.shortly)))
    else:
        sent = story.after(decided, by.rapid_review_sent)
    log.event("rapid_review_sent", sent, to=["panel"])
    if not story.yes(by.panel_silent):
        answered = max(story.after(sent, by.panel_response), decided)
        view = story.pick(by.panel_view)
        log.event("panel_response", answered, view=view)
        if view in _ASK_AGAIN and outcome != "local_review" and story.yes(by.decided_again):
            outcome = story.dice.one(("local_review", "local_review", outcome))
            decided = story.after(answered, by.rapid_review_sent)
            log.event("decision", decided, outcome=outcome, by=who)
            log.event("panel_response", story.after(decided, by.panel_response), view="agrees")
    story.stages["decision"] = story.stages["learning"] = decided
    return outcome


def _rapid_review_meetings(story: Story, notified: int, decided: int) -> None:
    number = how_many(story.pick(story.by.rapid_review_meetings))
    last = max(notified, story.days.plus(decided, -story.length(story.by.meeting_before_decision)))
    for day in [max(notified, story.days.plus(last, -4)), last][2 - number :]:
        meet(story, "rapid_review_group", day)
    consider(story, last)


def learn(story: Story, since: int) -> None:
    """Tell of a learning briefing after the decision or the report, discussed in the agencies."""
    if story.yes(story.by.step_missing):
        return
    briefing = story.after(since, story.by.briefing)
    story.log.event("learning_briefing", briefing)
    discussed: dict[int, list[str]] = {}
    for agency in story.involved():
        if not story.yes(story.by.step_missing):
            day = story.after(briefing, story.by.learning_discussed)
            discussed.setdefault(day, []).append(agency)
    for day in sorted(discussed):
        story.log.event("learning_discussed", day, agency=discussed[day])


def plan_actions(story: Story, since: int, body: str) -> None:
    """Tell of an action plan and of the bodies that review it."""
    if story.yes(story.by.step_missing):
        return
    agreed = story.after(since, story.by.soon)
    story.log.event("action_plan", agreed, state="agreed", by=[body])
    for reviewing in ("executive", "oversight_group"):
        if not story.yes(story.by.step_missing):
            day = story.after(agreed, story.by.plan_reviewed)
            story.log.event("action_plan", day, state="reviewed", by=[reviewing])


def review(story: Story) -> None:
    """Tell of a local review, to its publication or to the day on which it stops."""
    decided = story.stages["decision"]
    story.stages["review"] = decided
    first = _set_up(story, decided)
    back = _accounts(story, first)
    events = _practitioners(story, back)
    signed = _report(story, first, events)
    if story.yes(story.by.review_stops):
        story.end = story.dice.whole(first, signed)
    published = _publish(story, decided, first, signed)
    plan_actions(story, signed, "executive")
    learn(story, published)


def _set_up(story: Story, decided: int) -> int:
    """The reviewer, the announcement, the family, the group; the day of its first meeting."""
    log, by = story.log, story.by
    ready = story.setting.ready["reviewer_appointed"](log) or decided
    start = decided if story.yes(by.out_of_order) else max(decided, ready)
    appointed = story.after(start, by.reviewer_appointed)
    agency = "police" if story.yes(by.reviewer_not_independent) else "independent"
    reviewer = story.person(agency, ["lead_reviewer"], appointed)
    log.event("reviewer_appointed", appointed, person=[reviewer])
    to = [name for name in ("panel", "ofsted", "dfe") if not story.yes(by.announced_missing)]
    named = None if story.yes(by.reviewer_unnamed) else "yes"
    if to:
        log.event("announced", story.after(appointed, by.soon), to=to, reviewer_named=named)
    if not story.yes(by.step_missing):
        log.event("family_letter", story.after(decided, by.soon), stage="decision")
    first = story.after(appointed, by.review_group_first)
    if "scrutineer" in story.setting.roles:
        story.person("independent", ["scrutineer"], appointed)
    story.group("review_group", first - 1, apart_from=("oversight_group",))
    _replace_member(story, first)
    guest = story.with_role("scrutineer")
    meet(story, "review_group", first, guest=guest)
    if not story.yes(by.step_missing):
        late = story.length(by.soon) if story.yes(by.terms_set_later) else 0
        on = story.days.plus(first, late)
        log.event("terms_of_reference", on, by=["review_group"])
    return first


def _replace_member(story: Story, first: int) -> None:
    """Somebody leaves the group, and somebody else of the same agency comes."""
    group = story.groups["review_group"]
    if group["people"] and story.yes(story.by.member_changed):
        leaves = story.dice.one(group["people"])
        on = first + story.dice.whole(20, 150)
        comes = story.person(story.people[leaves]["agency"], ["member"], on)
        group["_left"][leaves] = on - 1
        group["_came"] = {comes: on}


def _accounts(story: Story, first: int) -> int:
    """Chronologies and analyses, agency by agency; the day on which they are due."""
    log, by = story.log, story.by
    asked = story.after(first, by.authors_asked)
    due = story.after(asked, by.author_time)
    agencies = [name for name in story.involved() if not story.yes(by.not_requested)]
    briefed = max(first, story.days.plus(asked, -story.length(by.shortly)))
    authors: dict[str, str] = {}
    if "author" in story.setting.roles:
        named = [name for name in agencies if story.yes(by.author_named)]
        authors = {name: story.person(name, ["author"], briefed) for name in named}
    if not story.yes(by.step_missing):
        entry = log.event("author_briefing", briefed)
        entry["id"] = "author_briefing_1"
        people = [*story.groups["review_group"]["people"], *authors.values()]
        attend(story, entry, "author_briefing", people, leader=story.with_role("lead_reviewer"))
        set_agenda(story, entry, "author_briefing", (), first=True)
    if agencies:
        day = due if story.yes(by.author_day_named) else None
        log.event("author_asked", asked, agency=agencies, return_by=day)
    for name in agencies:
        _account(story, name, authors.get(name), asked, due)
    return due


def _account(story: Story, agency: str, author: str | None, asked: int, due: int) -> None:
    log, by = story.log, story.by
    last = due
    for kind in ("chronology_returned", "analysis_returned"):
        if story.yes(by.author_missing):
            last = due + 30
            continue
        day = max(asked, story.against(due, by.author_returned))
        last = max(last, day)
        log.event(kind, day, agency=[agency], by=None if author is None else [author])
    if last > due and story.yes(by.disputes):
        taken = story.days.plus(due, 2 + story.length(by.shortly))
        to = story.dice.one(("review_group", "oversight_group"))
        log.event("escalated", taken, agency=[agency], to=[to])
        if story.yes(by.disputes_go_on):
            on = story.after(taken, by.soon)
            log.event("escalated", on, agency=[agency], to=["executive"])


def _practitioners(story: Story, back: int) -> int:
    """The practitioner events, and the family beside them; the day of the last."""
    log, by = story.log, story.by
    day = back
    people = _invited(story, back)
    for number in range(how_many(story.pick(by.practitioner_events))):
        day = story.after(day, by.event_after)
        entry = log.event("practitioner_event", day)
        entry["id"] = f"practitioner_event_{number + 1}"
        if not story.yes(by.step_missing):
            entry["invited"] = people
        come = story.dice.some(people, len(people) - story.dice.tail(1))
        come += _from_bodies(story, "practitioner_event")
        attend(story, entry, "practitioner_event", come, leader=story.with_role("lead_reviewer"))
        entry["online"] = "yes" if story.yes(by.online) else "no"
    if not story.yes(by.step_missing):
        log.event("family_letter", story.after(back, by.soon), stage="midway")
    if story.yes(by.family_met):
        on = story.after(back, by.event_after)
        entry = log.event("family_meeting", on)
        entry["id"] = "family_meeting_1"
        entry["led_by"] = story.with_role("lead_reviewer")
    return day


_AT_EVENTS = ("safeguarding_lead", "line_manager", "team_manager")


def _invited(story: Story, since: int) -> list[str]:
    """Who is to come to practitioner events: from each agency, and by what runs beside."""
    found = []
    wanted = [role for role in _AT_EVENTS if role in story.setting.roles]
    for agency in story.involved():
        found.append(story.person(agency, ["practitioner"], since))
        if wanted and story.yes(story.by.managers_invited):
            found.append(story.person(agency, [story.dice.one(wanted)], since))
    running = {p["type"] for p in story.log.parallel}
    if "officer_in_charge" in story.setting.roles and "criminal_investigation" in running:
        found.append(story.person("police", ["officer_in_charge"], since))
    if "care_proceedings" in running:
        found += [
            story.person("childrens_social_care", [role], since)
            for role in ("social_worker", "team_manager")
            if role in story.setting.roles
        ]
    if not story.yes(story.by.absent):
        found.append(story.person("business_office", ["business_manager"], since))
    if story.involved() and story.yes(story.by.senior_manager_invited):
        found.append(story.person(story.dice.one(story.involved()), ["senior_manager"], since))
    return found


def _from_bodies(story: Story, gathering: str) -> list[str]:
    """A member of each body that has a place at a gathering."""
    bodies = [seat.body for seat in story.setting.seats.get(gathering, ()) if seat.body]
    groups = [story.groups[body]["people"] for body in bodies if body in story.groups]
    return [story.dice.one(people) for people in groups if people]


def _report(story: Story, first: int, events: int) -> int:
    """The drafts, the groups' agreement and the meetings until then; the day of the sign-off."""
    log, by = story.log, story.by
    draft = story.after(events, by.first_draft)
    story.stages["sign_off"] = draft
    log.event("draft_shared", draft, version="first", **{"with": ["review_group"]})
    agreed = story.after(draft, by.sign_off)
    passed = story.after(agreed, by.sign_off)
    signed = story.after(passed, by.sign_off)
    if story.yes(by.out_of_order):
        agreed, passed = passed, agreed
    for body, day in (("review_group", agreed), ("oversight_group", passed), ("executive", signed)):
        if not story.yes(by.step_missing):
            log.event("sign_off", day, by=[body])
    if not story.yes(by.step_missing):
        on = story.days.plus(signed, -1 - story.length(by.shortly))
        log.event("draft_shared", on, version="final", **{"with": ["executive"]})
    day, guest = first, story.with_role("scrutineer") if story.yes(by.scrutineer_attends) else None
    while len(log.by_body["review_group"]) < _MOST_MEETINGS:
        day = story.after(day, by.meetings_apart)
        if day >= agreed:
            break
        meet(story, "review_group", day, ["draft_report"] if day >= draft else [], guest=guest)
    meet(story, "oversight_group", passed, ["draft_report"])
    story.stages["publication"] = signed
    return signed


def _publish(story: Story, decided: int, first: int, signed: int) -> int:
    """The plan for publication, who is told, and the day; the day itself."""
    log, by = story.log, story.by
    planned = max(story.after(signed, by.publication_after), signed + 1)
    trial = [p["closed"] for p in log.parallel if p["type"] == "prosecution"]
    if trial and story.yes(by.waits_for_prosecution):
        planned = max(planned, story.days.plus(trial[0], 10))
    day = story.after(planned, by.moved_by) if story.yes(by.publication_moved) else planned
    if not story.yes(by.publication_unplanned):
        if story.yes(by.planned_early):
            story.plans.append((first, story.days.working(decided + 170)))
        story.plans.append((signed, planned))
        if day != planned and story.yes(by.move_known):
            story.plans.append((story.days.plus(planned, -3), day))
    what = ["improvements" if story.yes(by.improvements_only) else "report"]
    entry = log.event("publication", day, what=what)
    if story.plans:
        entry["planned"] = story.plans[-1][1]
    sent: dict[int, list[str]] = {}
    for body in _NATIONAL:
        if not story.yes(by.report_not_sent):
            due = story.due("report_sent", Subject()) or story.days.plus(day, -7)
            on = max(signed, story.against(due, by.report_sent))
            sent.setdefault(on, []).append(body)
    for on in sorted(sent):
        log.event("report_sent", on, to=sent[on], **{"for": _told(story, on)})
    if story.yes(by.taken_down):
        log.event("taken_down", day + story.dice.whole(20, 700))
    return day


def _told(story: Story, on: int) -> list[int] | None:
    """The day for publication that was planned on a day, where one was."""
    known = [planned for since, planned in story.plans if since <= on]
    return known[-1:] if known and story.yes(story.by.date_named) else None
