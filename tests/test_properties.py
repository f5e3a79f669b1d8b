"""What holds of every case: properties of the answers, whatever the case and the arrangements.

Each example is a random case (`tests.strategies`); what breaks a property is shown as the smallest
case that still does.
"""
# ruff: noqa: S311 (nothing here is a secret)

from __future__ import annotations

import copy
import os
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cspr_core.agreeing.cutting import smallest
from cspr_core.check import Rules
from cspr_core.facts import event_id, facts_of
from cspr_core.generated import Data, Drawn, random_case, speech_of
from cspr_core.kinds import Lowered
from cspr_core.limits import derive
from cspr_core.model.case import Case
from cspr_core.model.patterns import DelayTold, EventPattern, FormPattern, MeetingPattern
from cspr_core.program import YES_NO, Decision
from cspr_core.reading.case import check_case
from cspr_core.reading.document import parse_document
from tests.strategies import arrangements, cases, real_rules, rules_of

# An eighth of the cases over which the engines are compared.
EXAMPLES = max(25, int(os.environ.get("CSPR_EXAMPLES", "1000")) // 8)
Answers = dict[tuple[str, str], Decision]
# From best to worst. `met_late` is done, which is better than not done.
RANK = {
    status: rank
    for rank, status in enumerate(
        (
            "met",
            "met_late",
            "not_applicable",
            "pending",
            "upcoming",
            "excused",
            "undetermined",
            "overdue",
            "breached",
        )
    )
}
# A seed is no smaller for being a smaller number: `smallest` cuts the case down instead.
some = settings(
    max_examples=EXAMPLES,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
seeds = st.integers(0, 2**32)
real_cases = st.deferred(lambda: cases(speech_of(real_rules())))


def decided(data: Data, as_of: date, rules: Rules | None = None) -> Answers:
    rules = rules or real_rules()
    facts = facts_of(Case.model_validate(data), as_of)
    derived, _ = derive(facts, rules.lowered, as_of, rules.in_force)
    return {(d.requirement, d.subject): d for d in rules.reference.run(derived.rows)}


def holds(drawn: Drawn, complaints: Callable[[Data, date], Sequence[str]]) -> None:
    """Fails with the smallest case about which there are complaints, if there are any here."""
    if not complaints(drawn.data, drawn.as_of):
        return
    small = smallest(drawn.data, lambda data: bool(complaints(data, drawn.as_of)))
    told = "\n".join(complaints(small, drawn.as_of)[:5])
    case = yaml.safe_dump(small, sort_keys=False)
    pytest.fail(f"seed {drawn.seed}, as of {drawn.as_of}:\n{told}\n{case}", pytrace=False)


def brief(found: Decision | None) -> str:
    return "nothing" if found is None else f"{found.status} ({found.why})"


# --- every requirement has its answer ------------------------------------------------------------


@given(real_cases)
@some
def test_every_requirement_has_an_answer(drawn: Drawn) -> None:
    def complaints(data: Data, as_of: date) -> list[str]:
        answered = {requirement for requirement, _ in decided(data, as_of)}
        return sorted(set(real_rules().by_id) - answered)

    holds(drawn, complaints)


# --- time alone ----------------------------------------------------------------------------------

# What can change when nothing happens but that days pass.
_BY_TIME = {
    ("upcoming", "overdue"),
    ("upcoming", "excused"),
    # On the day of what it has to come before it can still be done, on the next it can't.
    ("upcoming", "breached"),
    ("excused", "overdue"),
    # What waits for another requirement to be overdue comes into play with it.
    ("pending", "overdue"),
    ("pending", "upcoming"),
}
_INTENDED = ("planned", "return_by", "for", "agreed_due", "review_on")


def _days(value: Any, key: str = "") -> Iterator[date]:
    """The days on which something happened, began, or was over (the day after a `to`)."""
    if key in _INTENDED:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _days(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _days(inner, key)
    elif isinstance(value, str):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return
        yield day + timedelta(1) if key == "to" else day


def _time_is_up(lowered: Lowered, before: Decision, after: Decision) -> bool:
    """Something has to hold for a time, and the time is over: the contract's own exception."""
    return lowered.requirement.kind_name == "hold" and (before.status, after.status, after.why) == (
        "upcoming",
        "met",
        "over",
    )


@given(real_cases, st.integers(1, 400))
@some
def test_time_alone_makes_nothing_better(drawn: Drawn, on: int) -> None:
    def complaints(data: Data, as_of: date) -> list[str]:
        later = as_of + timedelta(on)
        to_come = [day for day in _days(data) if day > as_of]
        if to_come:
            later = min(later, min(to_come) - timedelta(1))
        before, after = decided(data, as_of), decided(data, later)
        found = [f"only once: {key}" for key in before.keys() ^ after.keys()]
        for key in before.keys() & after.keys():
            one, other = before[key], after[key]
            if one.status == other.status or (one.status, other.status) in _BY_TIME:
                continue
            if not _time_is_up(real_rules().by_id[key[0]], one, other):
                found.append(f"{key}: {brief(one)}, on {later} {brief(other)}")
        return found

    holds(drawn, complaints)


# --- the order of entries ------------------------------------------------------------------------


def _with_ids(data: Data) -> Data:
    """Every entry under the id that it has in any order."""
    case = Case.model_validate(data)
    events = [
        {**entry, "id": event_id(event)}
        for entry, event in zip(data["events"], case.events, strict=True)
    ]
    delays = [{**entry, "id": f"d{n}"} for n, entry in enumerate(data.get("delays", ()))]
    return {**data, "events": events, "delays": delays}


def _shuffled(data: Data, dice: random.Random) -> Data:
    found: Data = {}
    for section, value in data.items():
        if isinstance(value, list):
            found[section] = dice.sample(value, len(value))
        elif isinstance(value, dict):
            found[section] = dict(dice.sample(list(value.items()), len(value)))
        else:
            found[section] = value
    return found


@given(real_cases)
@some
def test_the_order_of_entries_changes_no_answer(drawn: Drawn) -> None:
    def complaints(data: Data, as_of: date) -> list[str]:
        named = _with_ids(data)
        plain = decided(named, as_of)
        mixed = decided(_shuffled(named, random.Random(drawn.seed)), as_of)
        backwards = {k: v[::-1] if isinstance(v, list) else v for k, v in named.items()}
        found = []
        for other in (mixed, decided(backwards, as_of)):
            for key in plain.keys() | other.keys():
                one, two = plain.get(key), other.get(key)
                if (
                    one is None
                    or two is None
                    or one._replace(evidence=()) != two._replace(evidence=())
                ):
                    found.append(f"{key}: {brief(one)}, in another order {brief(two)}")
        return found

    holds(drawn, complaints)


# --- recording what was done ---------------------------------------------------------------------


def _recorded(lowered: Lowered, subject: str, as_of: date) -> Iterator[tuple[str, Data]]:
    """Entries that meet the requirement for this subject: section and entry."""
    if lowered.subject.ref is not None and not subject:
        return  # there is nobody to record it for
    parts = subject.split("/")
    who = {
        "child": {"child": parts[0]},
        "agency": {"agency": subject},
        "recipient": {"recipient": parts[-1], "child": parts[0]},
        "person": {"person": subject},
    }.get(lowered.subject.type or "", {})
    for pattern in getattr(lowered.requirement, "met_by", ()):
        if isinstance(pattern, EventPattern):
            if not set(pattern.same) <= set(who):
                continue
            told = pattern.model_dump(by_alias=True, exclude_defaults=True)
            told = {k: v[0] if isinstance(v, tuple) else v for k, v in told.items()}
            told.pop("same", None)
            told.pop("stands", None)
            told |= {"to" if n == "recipient" else n: who[n] for n in pattern.same}
            entry = {"type": told.pop("event"), "id": "recorded", "date": str(as_of), **told}
            yield "events", entry
        elif isinstance(pattern, MeetingPattern) and not pattern.same and not pattern.first:
            agenda = [pattern.agenda] if pattern.agenda else []
            meeting = {"id": "recorded", "body": pattern.meeting, "agenda": agenda}
            yield "meetings", {**meeting, "date": str(as_of)}
        elif isinstance(pattern, FormPattern) and set(pattern.same) <= set(who):
            form: Data = {"id": "recorded", "form": pattern.form, "empty": []}
            if pattern.same:
                form["from"] = subject
            if pattern.returned:
                form["returned"] = str(as_of)
            yield "forms", {**form, "received": str(as_of)}
        elif isinstance(pattern, DelayTold):
            told_whom = {parts[-1]: str(as_of)} if pattern.same else {"panel": str(as_of)}
            delay = {"id": "recorded", "requirement": pattern.delay_told, "reason": "inquest"}
            yield "delays", {**delay, "told": told_whom}


def _done_wrongly(lowered: Lowered, after: Decision) -> bool:
    """What was recorded does not meet it: before its time, or before what has to come first."""
    if after.why == "out_of_order":
        return bool(getattr(lowered.requirement, "after", ()))
    return after.why == "too_early" and getattr(lowered.requirement, "around", None) is not None


@given(real_cases, seeds)
@some
def test_recording_what_was_done_makes_the_requirement_no_worse(drawn: Drawn, pick: int) -> None:
    def complaints(data: Data, as_of: date) -> list[str]:
        before = decided(data, as_of)
        options = [
            (key, section, entry)
            for key in before
            for section, entry in _recorded(real_rules().by_id[key[0]], key[1], as_of)
        ]
        found = []
        for key, section, entry in random.Random(pick).sample(options, min(6, len(options))):
            with_it = {**data, section: [*data.get(section, ()), entry]}
            one, other = before[key], decided(with_it, as_of).get(key)
            if one.why == "confirmed":
                continue  # a recorded fact wins over a minute, be it later
            worse = other is None or RANK[other.status] > RANK[one.status]
            if worse and not (other and _done_wrongly(real_rules().by_id[key[0]], other)):
                found.append(f"{key}: {brief(one)}, with {entry} {brief(other)}")
        return found

    holds(drawn, complaints)


@given(real_cases, seeds)
@some
def test_confirming_makes_the_requirement_no_worse(drawn: Drawn, pick: int) -> None:
    def complaints(data: Data, as_of: date) -> list[str]:
        before = decided(data, as_of)
        options = [
            (requirement, subject)
            for requirement, subject in before
            if real_rules().by_id[requirement].requirement.confirmable == "yes"
            and real_rules().by_id[requirement].requirement.kind_name not in ("criterion", "hold")
        ]
        found = []
        for key in random.Random(pick).sample(options, min(6, len(options))):
            entry = {"requirement": key[0], "answer": "yes", "on": str(as_of)}
            entry |= {"subject": key[1]} if key[1] else {}
            with_it = {**data, "confirmed": [*data.get("confirmed", ()), entry]}
            one, other = before[key], decided(with_it, as_of)[key]
            if RANK[other.status] > RANK[one.status]:
                found.append(f"{key}: {brief(one)}, confirmed {brief(other)}")
        return found

    holds(drawn, complaints)


_CHAIR = "northamptonshire.oversight_group_chair"


def _chair_confirmed(*minutes: tuple[str, str]) -> Decision:
    """The answer on 1 July 2022; due on the day of the first meeting, 28 May 2021."""
    data: Data = {
        "schema": "cspr.case/1",
        "case": "EX-2021-01",
        "partnership": "northamptonshire",
        "children": [{"id": "child_1"}],
        "incident": {},
        "events": [{"type": "aware", "by": "local_authority", "date": "2021-01-11"}],
        "meetings": [{"id": "m1", "body": "oversight_group", "date": "2021-05-28"}],
        "confirmed": [{"requirement": _CHAIR, "answer": a, "on": on} for a, on in minutes],
    }
    return decided(data, date(2022, 7, 1))[_CHAIR, ""]


def test_what_minutes_say_again_was_done_when_they_first_said_so() -> None:
    assert _chair_confirmed(("yes", "2021-01-20"), ("yes", "2022-06-01")).status == "met"


def test_what_minutes_took_back_was_done_when_they_said_so_again() -> None:
    minutes = ("yes", "2021-01-20"), ("no", "2021-03-01"), ("yes", "2022-06-01")
    assert _chair_confirmed(*minutes).status == "met_late"


# --- unknown is a value --------------------------------------------------------------------------

_PERSON = ("involved_with_child", "knows_child", "senior_manager", "multi_agency_experience",
           "contributed")  # fmt: skip


Slot = tuple[tuple[str | int, ...], str, tuple[Any, ...]]  # where, which key, every answer


def _unknowns(data: Data) -> Iterator[tuple[str, list[Data]]]:
    """Each thing that is not known, with the case as it would be under every answer."""
    for path, name, answers in (*_about_children(data), *_about_people(data), *_about_forms(data)):
        if _at(data, path).get(name, "unknown") == "unknown":
            yield f"{path} {name}", [_put(data, path, name, answer) for answer in answers]
    for section in ("events", "meetings"):
        for n, entry in enumerate(data.get(section, ())):
            if "attended" in entry and entry.get("unclear"):
                person, *rest = entry["unclear"]
                without = _put(data, (section, n), "unclear", rest)
                there = _put(without, (section, n), "attended", [*entry["attended"], person])
                yield f"{section} {n} {person}", [there, without]


def _at(data: Data, path: Sequence[str | int]) -> Any:
    found: Any = data
    for step in path:
        found = found[step]
    return found


def _put(data: Data, path: Sequence[str | int], name: str, value: Any) -> Data:
    changed = copy.deepcopy(data)
    _at(changed, path)[name] = value
    return changed


def _about_children(data: Data) -> Iterator[Slot]:
    yield ("incident",), "abuse_or_neglect", ("known", "suspected", "no")
    yield ("incident",), "area", (data["partnership"], "elsewhere")
    for n in range(len(data["children"])):
        yield ("children", n), "outcome", ("died", "seriously_harmed", "neither")
        yield ("children", n), "looked_after", YES_NO
        yield ("children", n), "care_leaver", YES_NO


def _about_people(data: Data) -> Iterator[Slot]:
    for name in data.get("agencies", ()):
        yield ("agencies", name), "involved", YES_NO
    for name in data.get("people", ()):
        for quality in _PERSON:
            yield ("people", name), quality, YES_NO
    for section in ("events", "meetings"):
        for n, entry in enumerate(data.get(section, ())):
            for m in range(len(entry.get("substitutes", ()))):
                yield (section, n, "substitutes", m), "briefed", YES_NO
                yield (section, n, "substitutes", m), "equivalent_seniority", YES_NO


def _about_forms(data: Data) -> Iterator[Slot]:
    for n in range(len(data.get("forms", ()))):
        yield ("forms", n), "empty", ([], ["dated"])
    for n, entry in enumerate(data["events"]):
        if entry["type"] == "announced":
            yield ("events", n), "reviewer_named", YES_NO


_DONE = ("met", "met_late")


@cache
def _reads(requirement: str) -> frozenset[str]:
    """The requirements on whose findings one depends, directly or by way of others."""
    read = real_rules().by_id[requirement].program.reads & set(real_rules().by_id)
    return read.union(*(_reads(other) for other in read))


def _stands(unknown: Decision, known: Decision | None, *, follows: bool) -> bool:
    """Whether an answer given without knowing holds now that it is known.

    `undetermined` and `pending` promise nothing. What is done is `met` even where it is not known
    whether it applies, and then may turn out not to; so may what `follows` from its being done.
    """
    if unknown.status in ("undetermined", "pending"):
        return True
    if known is None:
        return False
    if known.status in ("not_applicable", "pending") and follows:
        return True
    done = unknown.status in _DONE and known.status == "not_applicable"
    return done or known.status == unknown.status


@given(real_cases, seeds)
@some
def test_an_answer_that_does_not_wait_for_the_unknown_holds_whatever_it_is(
    drawn: Drawn, pick: int
) -> None:
    def complaints(data: Data, as_of: date) -> list[str]:
        # Minutes are believed only as long as no recorded fact is there: another property.
        data = {k: v for k, v in data.items() if k not in ("confirmed", "exceptions")}
        before = decided(data, as_of)
        options = list(_unknowns(data))
        found = []
        for label, known in random.Random(pick).sample(options, min(3, len(options))):
            for changed in known:
                after = decided(changed, as_of)
                dropped = {
                    requirement
                    for (requirement, subject), one in before.items()
                    if one.status in _DONE
                    and (other := after.get((requirement, subject))) is not None
                    and other.status == "not_applicable"
                }
                found += [
                    f"{label}: {key} {brief(one)}, once known {brief(after.get(key))}"
                    for key, one in before.items()
                    if not _stands(one, after.get(key), follows=bool(_reads(key[0]) & dropped))
                ]
        return found

    holds(drawn, complaints)


# --- requirements stand alone; checking is pure --------------------------------------------------


def _shown(data: Data, as_of: date, rules: Rules) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Decisions with what their evidence says, in place of the numbers of facts."""
    facts = facts_of(Case.model_validate(data), as_of)
    derived, _ = derive(facts, rules.lowered, as_of, rules.in_force)
    return {
        (d.requirement, d.subject): (
            d.status,
            d.why,
            d.answer,
            sorted((tag, str(derived.places.get(fact, fact < 0))) for tag, fact in d.evidence),
        )
        for d in rules.reference.run(derived.rows)
    }


@given(arrangements(8), seeds)
@settings(some, max_examples=EXAMPLES // 4)
def test_a_requirement_more_changes_no_other_answer(requirements: list[Data], seed: int) -> None:
    # Nothing reads the last: each reads only those before it.
    *fewer, last = requirements
    few, more = rules_of(fewer), rules_of([*fewer, last])
    speech = speech_of(more)

    def complaints(data: Data, as_of: date) -> list[str]:
        one, other = _shown(data, as_of, few), _shown(data, as_of, more)
        other = {key: found for key, found in other.items() if key[0] != last["id"]}
        return [
            f"{key}: {one.get(key)}, with {last} {other.get(key)}"
            for key in one.keys() | other.keys()
            if one.get(key) != other.get(key)
        ]

    for more_seeds in range(3):
        holds(random_case(seed + more_seeds, speech), complaints)


@given(real_cases, real_cases)
@settings(some, max_examples=EXAMPLES // 4)
def test_checking_leaves_no_trace(drawn: Drawn, between: Drawn) -> None:
    rules = real_rules()
    kept = copy.deepcopy(drawn.data)
    first = _shown(drawn.data, drawn.as_of, rules)
    _shown(between.data, between.as_of, rules)
    assert _shown(drawn.data, drawn.as_of, rules) == first
    assert drawn.data == kept

    facts = facts_of(drawn.case, drawn.as_of)
    before = copy.deepcopy((facts.rows, facts.places))
    derived, _ = derive(facts, rules.lowered, drawn.as_of, rules.in_force)
    assert (facts.rows, facts.places) == before
    rows = copy.deepcopy(derived.rows)
    rules.reference.run(derived.rows)
    assert derived.rows == rows


# --- the cases themselves ------------------------------------------------------------------------


@given(real_cases)
@settings(some, max_examples=EXAMPLES // 4)
def test_random_cases_are_such_as_the_reader_takes(drawn: Drawn) -> None:
    text = yaml.safe_dump(drawn.data, sort_keys=False)
    assert check_case(parse_document(text, "case.yaml"), today=None).case == drawn.case
