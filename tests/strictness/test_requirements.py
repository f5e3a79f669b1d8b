"""Requirements against each other, aspect by aspect; and beside the national duty."""

from __future__ import annotations

from functools import cache

import pytest

from cspr_core.check import Rules
from cspr_core.model.arrangements import Requirement
from cspr_core.plugins import load, national
from cspr_core.strictness import Comparison, compare_beside, compare_requirements, opposite, overall
from tests.builders import a_requirement


@cache
def nation() -> Rules:
    return Rules(national(), national())


@cache
def rules() -> Rules:
    return Rules(load("northamptonshire"), national())


def compared(old: str | Requirement, new: str | Requirement) -> tuple[Comparison, ...]:
    both = [a_requirement(one) if isinstance(one, str) else one for one in (old, new)]
    return compare_requirements(*both, nation())


def verdicts(old: str, new: str) -> dict[str, str]:
    return {one.aspect: one.verdict for one in compared(old, new)}


STEP = "kind: step\nmet_by: {event: publication}\n"
REVIEW = "kind: composition\nbody: review_group\n"
EVENT = "kind: attendance\nfor_each: {meeting: practitioner_event}\n"
PERSON = "kind: independence\nfor_each: {person: {body: review_group}}\n"
CHILD = "kind: criterion\nfor_each: {child: all}\n"
FORM = "kind: form\nfor_each: {form: northamptonshire.referral}\n"
COUNT = "kind: count\nof: {event: practitioner_event}\n"
HOLD = "kind: hold\nhold: {event: publication}\n"
TOLD = "kind: notification\nmet_by: {event: announced, same: recipient}\n"
TO_PANEL = "kind: step\nfor_each: {recipient: panel}\n"
SERIOUS = "{finding: national.serious_case, answer: yes}"

# Old, new, the aspect, the verdict on the new, and words of it. Each is held the other way
# round as well: what is looser there is stricter back.
LOOSER = [
    (STEP, STEP + "binding: should", "binding", "a should, before that a must"),
    (STEP, "kind: advice", "kind", "advice only, before that a step"),
    # people
    (
        REVIEW + "seats: [{kind: police}, {kind: icb}]",
        REVIEW + "seats: [{kind: police}]",
        "people",
        "nobody has to be there for: the integrated care board",
    ),
    (
        REVIEW + "seats: [{kind: police}]",
        REVIEW + "seats: [{kind: [police, probation]}]",
        "people",
        "nobody has to be there for: police",
    ),
    (
        REVIEW + "seats: [{kind: police, role: chair}]",
        REVIEW + "seats: [{kind: police}]",
        "people",
        "police as chair",
    ),
    (
        REVIEW + "further: {n: 2, uninvolved: 1}",
        REVIEW + "further: {n: 2}",
        "people",
        "partners without any involvement: 0 instead of 1",
    ),
    (
        REVIEW + "further: {n: 2}",
        REVIEW,
        "people",
        "further partners: 0 instead of 2",
    ),
    (
        REVIEW + "chair: {role: lead_reviewer}",
        REVIEW,
        "people",
        "nobody has to be in the chair as: lead reviewer",
    ),
    (
        PERSON + "no: [involved_with_child, knows_child]",
        PERSON + "no: involved_with_child",
        "people",
        "no longer asked to be no: knows child",
    ),
    (
        PERSON + "yes: senior_manager",
        PERSON,
        "people",
        "no longer asked to be yes: senior manager",
    ),
    (
        PERSON + "not_in: oversight_group",
        PERSON,
        "people",
        "no longer kept apart from: oversight group",
    ),
    (
        PERSON + "not_role: author",
        PERSON,
        "people",
        "no longer kept apart from the role of: author",
    ),
    (
        PERSON + "only: independent",
        PERSON + "only: [independent, police]",
        "people",
        "from which agencies: independent or police, before that independent",
    ),
    (PERSON + "only: independent", PERSON, "people", "from which agencies: any, before that"),
    (EVENT + "led_by: lead_reviewer", EVENT, "people", "who leads it: any, before that"),
    (
        EVENT + "present: [{role: chair}]",
        EVENT + "present: [{role: chair}]\nsubstitutes: yes",
        "people",
        "substitutes count",
    ),
    (
        EVENT + "agencies: {n: 2}",
        EVENT + "agencies: {n: 1}",
        "people",
        "agencies: 1 instead of 2",
    ),
    (
        EVENT + "agencies: {n: 2, role: practitioner}",
        EVENT + "agencies: {n: 2, role: [practitioner, line_manager]}",
        "people",
        "whom the agencies send",
    ),
    (EVENT + "everyone: review_group", EVENT, "people", "not every member has to come"),
    (EVENT + "absent: {role: line_manager}", EVENT, "people", "fewer people have to stay away"),
    (
        EVENT + "absent: {role: line_manager}",
        EVENT + "absent: {role: line_manager, yes: contributed}",
        "people",
        "fewer people have to stay away",
    ),
    # forms, counts, questions, holds
    (FORM + "signed: senior_manager", FORM, "form", "no longer signed by: senior manager"),
    (FORM + "boxes: [dated, signed]", FORM + "boxes: dated", "form", "no longer filled in: signed"),
    (COUNT + "min: 2", COUNT + "min: 1", "count", "at least: 1 instead of 2"),
    (COUNT + "max: 2", COUNT + "max: 3", "count", "at most: 3, before that 2"),
    (COUNT + "max: 2", COUNT, "count", "at most: any number, before that 2"),
    (
        CHILD + "question: criteria.improvements\nreason: required",
        CHILD + "question: criteria.improvements",
        "question",
        "no reason is asked for",
    ),
    (
        CHILD + "all: [died, looked_after]",
        CHILD + "all: died",
        "question",
        "no longer asked about each child: looked after",
    ),
    (
        HOLD + "running: [prosecution, inquest]",
        HOLD + "running: prosecution",
        "hold",
        "no longer held while this runs: inquest",
    ),
    (
        HOLD + "running: inquest",
        "kind: hold\nhold: {event: publication, what: report}\nrunning: inquest",
        "hold",
        "held: publication, before that publication",
    ),
    # whom it is asked of
    (
        TOLD + "for_each: {recipient: [panel, ofsted]}",
        TOLD + "for_each: {recipient: panel}",
        "subjects",
        "no longer told: Ofsted",
    ),
    (
        TOLD + "for_each: {recipient: [panel, ofsted]}",
        TOLD + "for_each: {recipient: panel, should: ofsted}",
        "subjects",
        "only a should for Ofsted",
    ),
    (
        STEP + "for_each: {agency: any}",
        STEP + "for_each: {agency: involved}",
        "subjects",
        "asked of only those agencies that were involved",
    ),
    (
        EVENT.replace("practitioner_event", "review_group"),
        EVENT.replace("practitioner_event", "review_group, first: yes"),
        "subjects",
        "asked of the first meeting only",
    ),
    # when it is in play
    (STEP, STEP + "when: {decision: local_review}", "conditions", "in play in fewer cases: once"),
    (
        STEP + "when: {decision: [local_review, alternative_review]}",
        STEP + "when: {decision: local_review}",
        "conditions",
        "in play in fewer cases",
    ),
    (
        STEP + "when: {any: [{decision: local_review}, {parallel: prosecution}]}",
        STEP + "when: {all: [{decision: local_review}, {parallel: prosecution}]}",
        "conditions",
        "in play in fewer cases",
    ),
    (
        STEP + "when: {happened: {event: publication}, planned: yes}",
        STEP + "when: {happened: {event: publication}}",
        "conditions",
        "in play in fewer cases",
    ),
    (
        STEP + "when: {happened: {event: publication}}",
        STEP + "when: {happened: {event: publication, what: report}}",
        "conditions",
        "in play in fewer cases",
    ),
    (
        STEP + "when: {parallel: [prosecution, inquest]}",
        STEP + "when: {parallel: prosecution, running: yes}",
        "conditions",
        "in play in fewer cases: if a prosecution runs",
    ),
    (
        STEP + "when: {not: {parallel: prosecution, running: yes}}",
        STEP + "when: {not: {parallel: prosecution}}",
        "conditions",
        "in play in fewer cases: unless",
    ),
    (
        STEP + "when: {delayed: national.publish_6_months, by_plan: {event: publication}}",
        STEP + "when: {delayed: national.publish_6_months}",
        "conditions",
        "in play in fewer cases: if there is a delay",
    ),
    (
        STEP + "for_each: {child: all}\nwhen: " + SERIOUS,
        STEP + "for_each: {child: all}\nwhen: " + SERIOUS.replace("yes}", "yes, same: child}"),
        "conditions",
        "in play in fewer cases",
    ),
    (
        # Both of one child, and so each of some child; not the other way round.
        STEP + "when: [{answer: died}, {answer: looked_after}]",
        STEP + "when: {answer: [died, looked_after]}",
        "conditions",
        "in play in fewer cases",
    ),
    (
        # No child of theirs, and so not this one either: in fewer cases.
        STEP + "for_each: {child: all}\nwhen: " + SERIOUS.replace("yes}", "no, same: child}"),
        STEP + "for_each: {child: all}\nwhen: " + SERIOUS.replace("yes}", "no}"),
        "conditions",
        "in play in fewer cases",
    ),
    (
        STEP + "when: {finding: national.publish_6_months, status: [overdue, met_late]}",
        STEP + "when: {finding: national.publish_6_months, status: overdue}",
        "conditions",
        "in play in fewer cases",
    ),
    # what meets it
    (
        "kind: step\nmet_by: {event: report_sent, to: panel}",
        "kind: step\nmet_by: {event: report_sent, to: [panel, ofsted]}",
        "done",
        "met by the sending of the full report to the Panel or Ofsted, before that by",
    ),
    (
        "kind: step\nfor_each: {agency: any}\nmet_by: {event: information_returned, same: agency}",
        "kind: step\nfor_each: {agency: any}\nmet_by: {event: information_returned}",
        "done",
        "met by the return of the information, of other sorts than before that",
    ),
    (
        "kind: step\nmet_by: {meeting: review_group, agenda: family_engagement}",
        "kind: step\nmet_by: {meeting: review_group}",
        "done",
        "met by",
    ),
    (
        "kind: step\nmet_by: {meeting: review_group, first: yes}",
        "kind: step\nmet_by: {meeting: review_group}",
        "done",
        "met by",
    ),
    (
        "kind: step\nmet_by: {form: northamptonshire.referral, complete: yes}",
        "kind: step\nmet_by: {form: northamptonshire.referral}",
        "done",
        "met by",
    ),
    (
        "kind: step\nmet_by: {role: lead_reviewer, body: review_group}",
        "kind: step\nmet_by: {role: lead_reviewer}",
        "done",
        "met by",
    ),
    (
        TO_PANEL + "met_by: {delay_told: national.publish_6_months, same: recipient}",
        TO_PANEL + "met_by: {delay_told: national.publish_6_months}",
        "done",
        "met by word of the delay",
    ),
    # order
    (
        STEP + "after: [{event: decision}, {event: sign_off}]",
        STEP + "after: [{event: decision}]",
        "order",
        "no longer only after sign-off",
    ),
    (
        STEP + "after: [{event: sign_off, by: executive}]",
        STEP + "after: [{any: [{event: sign_off, by: executive}, {event: decision}]}]",
        "order",
        "no longer only after sign-off by executive",
    ),
    (STEP + "ahead_of: {event: press_statement}", STEP, "order", "at any time, before that ahead"),
    (
        STEP + "ahead_of: [{event: press_statement}, {event: debrief}]",
        STEP + "ahead_of: {event: debrief}",
        "order",
        "ahead of the de-brief, before that",
    ),
    (STEP + "since: {event: decision}", STEP, "since", "at any time, before that not counting"),
    (
        STEP + "since: {event: decision}",
        STEP + "since: [{event: decision}, {event: sign_off}]",
        "since",
        "not counting what came before the decision or sign-off",
    ),
    # what excuses and confirms
    (STEP, STEP + "unless: recorded", "exceptions", "a recorded exception excuses it"),
    (STEP, STEP + "delay: {told: panel}", "delays", "an agreed delay excuses it"),
    (
        STEP + "delay: {told: [panel, secretary_of_state]}",
        STEP + "delay: {told: panel}",
        "delays",
        "a delay excuses it without the Secretary of State being told",
    ),
    (STEP + "confirmable: no", STEP, "minutes", "minutes can confirm it"),
    # limits
    (
        STEP + "within: {n: 5, unit: days, of: {event: aware}}",
        STEP + "within: {n: 6, unit: days, of: {event: aware}}",
        "limit",
        "“within 6 days of becoming aware of the incident” is looser than",
    ),
    (
        STEP + "within: {n: 5, unit: days, of: {event: aware}}",
        STEP,
        "limit",
        "no limit, where the other has one: within 5 days of becoming aware of the incident",
    ),
]


@pytest.mark.parametrize(("old", "new", "aspect", "words"), LOOSER)
def test_what_is_looser_is_named_and_stricter_the_other_way(
    old: str, new: str, aspect: str, words: str
) -> None:
    (found,) = compared(old, new)
    assert (found.aspect, found.verdict) == (aspect, "looser")
    assert words in found.words
    (back,) = compared(new, old)
    assert (back.aspect, back.verdict) == (aspect, opposite("looser"))


@pytest.mark.parametrize(
    ("old", "new", "aspect", "words"),
    [
        (STEP, COUNT, "kind", "a count cannot be compared with a step"),
        (REVIEW, REVIEW.replace("review", "oversight"), "people", "it is about another body"),
        (EVENT + "at: x", EVENT, "people", "it is asked of other meetings"),
        (EVENT + "everyone: review_group", EVENT + "everyone: executive", "people", "no longer"),
        (
            EVENT + "absent: {role: chair}",
            EVENT + "absent: {role: author}",
            "people",
            "other people have to stay away",
        ),
        (PERSON + "only: police", PERSON + "only: icb", "people", "from which agencies"),
        (COUNT, COUNT.replace("practitioner", "learning"), "count", "something else is counted"),
        (CHILD + "question: a", CHILD + "question: b", "question", "another question"),
        (
            HOLD + "running: inquest",
            "kind: hold\nhold: {event: debrief}\nrunning: inquest",
            "hold",
            "held: the de-brief, before that publication",
        ),
        (
            "kind: rule\nmatch: {}\ndecide: [{status: met}]",
            "kind: rule\nmatch: {}\ndecide: [{status: upcoming}]",
            "rule",
            "its patterns are others",
        ),
        (STEP, STEP + "for_each: {child: all}", "subjects", "it is asked of others"),
        (STEP, STEP + "for_each: {agency: any}", "subjects", "it is asked of others"),
        (STEP, STEP + "for_each: {recipient: panel}", "subjects", "it is asked of others"),
        (
            STEP + "when: {decision: local_review}",
            STEP + "when: {parallel: inquest}",
            "conditions",
            "in play in other cases: if an inquest runs or has run, before that once the decision",
        ),
        (STEP, "kind: step", "done", "met by minutes alone, before that by publication"),
        (STEP, "kind: step\nmet_by: {event: debrief}", "done", "met by the de-brief"),
        (
            "kind: step\nmet_by: {meeting: review_group, invited: chair}",
            "kind: step\nmet_by: {meeting: review_group}",
            "done",
            "met by",
        ),
        (
            "kind: step\nfor_each: {meeting: review_group}\nmet_by: {subject: agenda, item: delay}",
            "kind: step\nfor_each: {meeting: review_group}\nmet_by: {subject: led_by, item: chair}",
            "done",
            "met by the choice of who leads it",
        ),
        (STEP + "ahead_of: {event: debrief}", STEP + "ahead_of: {event: told}", "order", "ahead"),
    ],
)
def test_what_cannot_be_compared_says_why(old: str, new: str, aspect: str, words: str) -> None:
    for pair in ((old, new), (new, old)):
        (found,) = compared(*pair)
        assert (found.aspect, found.verdict) == (aspect, "cannot be compared")
    assert words in compared(old, new)[0].words


def test_a_hold_for_a_time_cannot_be_compared_with_one_while_something_runs() -> None:
    timed = HOLD + "within: {n: 1, unit: months, of: {event: decision}}"
    assert verdicts(HOLD + "running: inquest", timed)["hold"] == "mixed"


@pytest.mark.parametrize(
    ("old", "new", "aspect"),
    [
        # Another way beside one that there was, and one fewer.
        (
            "kind: step\nmet_by: [{event: debrief}, {event: publication}]",
            "kind: step\nmet_by: [{event: debrief}, {event: told}]",
            "done",
        ),
        (
            REVIEW + "seats: [{kind: police}]",
            REVIEW + "seats: [{kind: icb}]",
            "people",
        ),
        (STEP + "after: [{event: decision}]", STEP + "after: [{event: sign_off}]", "order"),
        (STEP + "delay: {told: panel}", STEP + "delay: {told: ofsted}", "delays"),
    ],
)
def test_less_of_one_and_more_of_another_is_mixed(old: str, new: str, aspect: str) -> None:
    assert verdicts(old, new) == {aspect: "mixed"}
    assert verdicts(new, old) == {aspect: "mixed"}


@pytest.mark.parametrize(
    ("old", "new", "aspect"),
    [
        (STEP, STEP.replace("step", "deadline"), "kind"),
        (
            STEP + "when: [{decision: local_review}, {parallel: inquest}]",
            STEP + "when: {all: [{parallel: inquest}, {decision: local_review}]}",
            "conditions",
        ),
        (
            STEP + "when: {not: {not: {decision: [local_review, no_review]}}}",
            STEP + "when: {any: [{decision: no_review}, {decision: local_review}]}",
            "conditions",
        ),
        (
            "kind: step\nmet_by: {event: notified, to: [panel, ofsted]}",
            "kind: step\nmet_by: [{event: notified, to: ofsted}, {event: notified, to: panel}]",
            "done",
        ),
        (STEP, STEP + "title: Other\nreading: Other", "wording"),
        (
            STEP + "ahead_of: {event: notified, to: [panel, ofsted]}",
            STEP + "ahead_of: {event: notified, to: [ofsted, panel]}",
            "order",
        ),
    ],
)
def test_what_only_reads_otherwise_comes_to_the_same(old: str, new: str, aspect: str) -> None:
    (found,) = compared(old, new)
    assert (found.aspect, found.verdict) == (aspect, "same")
    assert overall([found]) == "same"


def test_more_conditions_than_can_be_tried_are_not_compared() -> None:
    many = [f"{{decision: local_review}}, {{parallel: w{n}}}" for n in range(13)]
    old, new = (STEP + f"when: [{', '.join(part)}]" for part in (many, many[:7]))
    assert verdicts(old, new) == {"conditions": "cannot be compared"}
    assert verdicts(old, old) == {}


def test_nothing_differs_from_itself() -> None:
    for lowered in rules().lowered:
        assert compare_requirements(lowered.requirement, lowered.requirement, rules()) == ()


def test_a_later_date_of_effect_is_looser() -> None:
    own = {r.id: r for r in rules().plugin.arrangements.requirements}
    old = own["northamptonshire.information_return"]
    plugin = rules().plugin
    cover = plugin.arrangements.covers[0].model_copy(update={"in_force_from": None})
    arrangements = plugin.arrangements.model_copy(update={"covers": (cover,)})
    always = Rules(type(plugin)(**{**vars(plugin), "arrangements": arrangements}), national())
    (found,) = compare_requirements(old, old, always, rules())
    assert (found.aspect, found.verdict) == ("in force", "looser")
    assert found.words == "in force from Tue 1 December 2020 on, before that for any date"
    assert compare_requirements(old, old, rules(), always)[0].verdict == "stricter"


# --- beside the national duty -------------------------------------------------------------------


def beside(name: str, local: str) -> dict[str, str]:
    duty = rules().by_id[f"national.{name}"].requirement
    found = compare_beside(duty, a_requirement(local), rules())
    return {one.aspect: one.verdict for one in found}


def test_northamptonshires_report_to_the_panel_beside_the_national_duty() -> None:
    local = rules().by_id["northamptonshire.panel_final_report"].requirement
    duty = rules().by_id["national.final_report"].requirement
    found = {one.aspect: one for one in compare_beside(duty, local, rules())}
    assert {name: one.verdict for name, one in found.items()} == {
        "limit": "stricter",
        "binding": "looser",
        "subjects": "looser",
    }
    assert found["binding"].words == "a should, nationally a must"
    assert found["subjects"].words == (
        "it speaks of the Panel only, the national duty of the Secretary of State and Ofsted too"
    )


def test_towards_ofsted_the_national_duty_is_a_should_too() -> None:
    local = "kind: deadline\nbinding: should\nmet_by: {event: report_sent, to: ofsted}\n"
    limit = "before: {n: 7, unit: working_days, of: {event: publication}}"
    assert beside("final_report", local + limit) == {"limit": "same", "subjects": "looser"}


def test_told_to_somebody_else_is_another_duty() -> None:
    local = "kind: deadline\nmet_by: {event: report_sent, to: partners}\n"
    assert beside("final_report", local)["done"] == "cannot be compared"


def test_without_a_limit_of_its_own_the_national_one_is_not_taken_away() -> None:
    local = "kind: step\nmet_by: {event: rapid_review_sent, to: panel}"
    assert beside("rapid_review", local) == {"binding": "stricter"}


def test_narrower_conditions_than_the_national_ones_are_looser() -> None:
    local = "kind: step\nmet_by: {event: publication}\nwhen: "
    assert beside("publish", local + "{decision: local_review}") == {}
    both = "[{decision: local_review}, {parallel: inquest}]"
    assert beside("publish", local + both) == {"conditions": "looser"}


def test_a_limit_that_is_taken_over_is_told_as_the_same() -> None:
    local = rules().by_id["northamptonshire.strategic_leads_decision"].requirement
    duty = rules().by_id["national.decision"].requirement
    limit, done = compare_beside(duty, local, rules())
    assert (limit.aspect, limit.verdict) == ("limit", "same")
    assert (done.aspect, done.verdict) == ("done", "stricter")


def test_another_kind_is_compared_in_its_force_alone() -> None:
    assert beside("practitioners", COUNT + "min: 1") == {
        "kind": "cannot be compared",
        "binding": "stricter",
    }


def test_told_of_a_delay_stays_as_it_is() -> None:
    local = "kind: notification\nbinding: should\nmet_by: {event: told, whom: [panel, ofsted]}"
    assert "done" in beside("explain_delay", local)
    one = "kind: notification\nbinding: should\nmet_by: {event: told, to: panel}"
    assert beside("explain_delay", one)["done"] == "cannot be compared"


def test_several_answers_about_the_child_itself_are_each_of_them() -> None:
    one = STEP + "for_each: {child: all}\nwhen: {answer: [died, looked_after], same: child}"
    each = "[{answer: looked_after, same: child}, {answer: died, same: child}]"
    other = STEP + "for_each: {child: all}\nwhen: " + each
    assert verdicts(one, other) == {"conditions": "same"}
