"""A stage's flow: everything that is asked in it, once; what waits for what; where it leads on."""

from collections import Counter
from collections.abc import Iterator

import pytest

from cspr_core.report.guidance.document import Picture
from cspr_core.report.guidance.flow import Flow, Node
from tests.report.guidance.areas import BARE, MADE_UP, REAL, guidance, rules


def flow(area: str, stage: str) -> Flow:
    (chapter,) = [c for c in guidance(area).chapters if c.stage == stage]
    (picture,) = [b for b in chapter.blocks if isinstance(b, Picture)]
    return picture.flow


def node(area: str, stage: str, title: str) -> Node:
    (found,) = [n for n in flow(area, stage).start.all() if n.title == title]
    return found


def ways(found: Node) -> list[tuple[str, str]]:
    return [(word, below.title) for word, below in found.then]


def pairs(found: Node) -> Iterator[tuple[str, str]]:
    for _, below in found.then:
        yield found.title, below.title
        yield from pairs(below)


@pytest.mark.parametrize("area", [*REAL, MADE_UP])
def test_everything_that_is_asked_stands_in_its_stages_flow_once(area: str) -> None:
    for chapter in guidance(area).chapters:
        if not chapter.stage:
            continue
        found = Counter(r for n in flow(area, chapter.stage).start.all() for r in n.requirements)
        wanted = [
            low.requirement.id
            for low in rules(area).lowered
            if low.requirement.stage == chapter.stage and low.requirement.kind_name != "advice"
        ]
        assert found == Counter(wanted)


@pytest.mark.parametrize("area", [*REAL, MADE_UP])
def test_every_line_names_its_step(area: str) -> None:
    numbers = {s.requirement: s.number for c in guidance(area).chapters for s in c.steps}
    for chapter in guidance(area).chapters:
        for found in flow(area, chapter.stage).start.all() if chapter.stage else ():
            lines = [line.partition(" ")[0] for line in found.lines]
            assert all(numbers[r] in lines for r in found.requirements)


def test_what_counts_from_something_hangs_below_it() -> None:
    # The first meeting comes after the plan, the plan after the reviewer's appointment.
    assert ("Appoint a lead reviewer", "Agree the plan") in pairs(flow(MADE_UP, "review").start)
    assert ("Agree the plan", "Hold the first meeting of the Review Panel") in pairs(
        flow(MADE_UP, "review").start
    )


def test_requirements_on_the_same_thing_share_a_box() -> None:
    box = node(MADE_UP, "notification", "Notify the Panel")
    assert box.requirements == ("westshire.notify_sooner", "national.notify_panel")
    assert box.lines == (
        (
            "4.1 The Panel is notified within three days (the local authority must), within 3 days"
            " of the incident, for each child, if the incident is this area's to notify"
        ),
        (
            "N2 The local authority notifies the incident to the Panel (the local authority must),"
            " within 5 working days of the local authority becoming aware of the incident, for"
            " each child, if the incident is this area's to notify"
        ),
    )


def test_a_definition_is_a_question_and_its_duties_follow_on_yes() -> None:
    asked = node(MADE_UP, "notification", "Is it a serious child safeguarding case?")
    assert asked.shape == "question"
    assert ways(asked) == [
        ("yes", "Notify the Panel"),
        (
            "yes",
            "Report the event to the safeguarding partners, of other areas too where appropriate",
        ),
    ]


def test_a_process_beside_the_review_is_a_question() -> None:
    police = node(MADE_UP, "review", "Does a criminal investigation run beside the review?")
    assert ways(police) == [("yes", "Tell the police")]
    court = node(MADE_UP, "review", "Do care proceedings run beside the review?")
    assert ways(court) == [("yes", "Tell the court")]


def test_many_steps_under_a_question_are_one_list() -> None:
    asked = node("northamptonshire", "review", "Do care proceedings run beside the review?")
    ((word, below),) = asked.then
    assert (word, below.shape, below.title) == ("yes", "list", "Then")
    assert len(below.requirements) == 6  # two updates, three invitations, staying in touch


def test_criteria_come_before_the_decision() -> None:
    roots = [below.title for _, below in flow("essex", "decision").start.then]
    assert roots == [
        "Consider, and record the answer with its reason",
        (
            "Decide whether to carry out a local review or refer the case for a national one, and"
            " record and share the rationale"
        ),
    ]
    assert ways(node("essex", "decision", roots[-1])) == [("", "What is decided?")]


def test_each_outcome_leads_to_the_chapters_that_follow_on_it() -> None:
    # Northamptonshire's learning follows on a decision for no review too.
    assert ways(node("northamptonshire", "decision", "What is decided?")) == [
        (
            "a local review",
            (
                "Go on to chapter 7 (Review), chapter 8 (Sign-off), chapter 9 (Publication) and"
                " chapter 10 (Learning)"
            ),
        ),
        ("no review", "Go on to chapter 10 (Learning)"),
        ("a referral for a national review", "No further step is laid down"),
        ("another form of review", "No further step is laid down"),
    ]


def test_what_has_to_be_there_first_stands_above() -> None:
    roots = [below.title for _, below in flow("northamptonshire", "publication").start.then]
    assert roots.index("Send the Panel the final report") < roots.index(
        "Complete and publish the review"
    )


def test_a_hold_is_a_question_above_what_is_held_back() -> None:
    roots = [below.title for _, below in flow("northamptonshire", "publication").start.then]
    asked = "Does a prosecution run beside the review?"
    assert roots.index(asked) < roots.index("Complete and publish the review")
    assert ways(node("northamptonshire", "publication", asked)) == [
        ("yes", "Keep the report back until the prosecution has ended")
    ]


def test_beside_each_other_what_another_waits_for_comes_first() -> None:
    # The sign-off, far below the revised report, waits for the Review Group's agreement.
    below = [title for _, title in ways(node("northamptonshire", "sign_off", "Draft the report"))]
    assert below.index("Agree the report") < below.index(
        "Send the revised report to the Local Learning Review Sub Group"
    )


def test_of_two_that_it_waits_for_the_later_stands_above() -> None:
    # The briefing comes after the terms of reference and the meeting by which they are set.
    assert ("The first meeting of the Review Group", "Hold the author briefing") in pairs(
        flow("northamptonshire", "review").start
    )


def test_comments_hang_below_the_draft_that_they_are_on() -> None:
    found = dict(pairs(flow(MADE_UP, "sign_off").start))
    assert found["Send the first draft to the Review Panel"] == "Comment on the draft"


def test_a_stage_leads_on_to_the_next_and_the_last_to_the_end() -> None:
    assert flow(MADE_UP, "referral").start.then[-1][1].title == "Go on to chapter 4 (Notification)"
    assert flow(MADE_UP, "learning").start.then[-1][1].title == "The end of the process"


def test_the_flow_is_told_in_words() -> None:
    assert flow(MADE_UP, "rapid_review").told == (
        "Begins with: A rapid review is due. 1. Return the information. 2. Complete the rapid"
        " review and send it to the Panel. Ends with: Go on to chapter 6 (Decision)."
    )


def test_each_outcome_is_told_with_where_it_leads() -> None:
    assert flow(MADE_UP, "decision").told.partition("Ends with: ")[2].startswith("a local review: ")
    assert ". Or: a referral for a national review: " in flow(MADE_UP, "decision").told


def test_a_circle_is_drawn_from_its_first_step() -> None:
    assert list(pairs(flow(BARE, "referral").start)) == [
        ("A case is brought to the partnership", "The other comes after one"),
        ("The other comes after one", "One comes after the other"),
        ("A case is brought to the partnership", "Go on to chapter 4 (Notification)"),
    ]


def test_a_stage_in_which_nothing_is_asked_has_no_flow() -> None:
    (chapter,) = [c for c in guidance(BARE).chapters if c.stage == "learning"]
    assert not any(isinstance(block, Picture) for block in chapter.blocks)
