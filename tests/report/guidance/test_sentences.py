"""Conditions, names and what has happened, in words."""

import pytest

from cspr_core.model.patterns import (
    AllOf,
    AnswerIs,
    AnyOf,
    DecisionIs,
    EventPattern,
    FindingIs,
    Happened,
    InPlay,
    Not,
    Started,
)
from cspr_core.report.guidance.sentences import Sentences, after, small, smooth
from tests.report.guidance.areas import MADE_UP, rules

PUBLISHED = Happened(happened=(EventPattern(event="publication"),))
DIED = AnswerIs(answer="died")
CONDITIONS = {
    "after publication": PUBLISHED,
    "once publication is planned": PUBLISHED.model_copy(update={"planned": "yes"}),
    "until there is a decision": Not(not_=Happened(happened=(EventPattern(event="decision"),))),
    "if the child died": Not(not_=Not(not_=DIED)),
    "unless the child died": Not(not_=DIED),
    "if the child died and the child was looked after, all for the same child": AnswerIs(
        answer=("died", "looked_after")
    ),
    "if the child died and after publication": AllOf(all=(DIED, PUBLISHED, Started(started="yes"))),
    "once the decision is for no review": DecisionIs(decision=("no_review",)),
    "if step 9 is answered no": FindingIs(finding="westshire.learning", answer="no"),
    "if it is a serious case": FindingIs(finding="national.serious_case", answer="yes"),
    "once step 9 applies": InPlay(in_play="westshire.learning"),
    "once a rapid review is due": InPlay(in_play="national.rapid_review"),
    "where step 9 is overdue or does not apply": FindingIs(
        finding="westshire.learning", status=("overdue", "not_applicable")
    ),
    "where step 9 or step 9 is overdue": AnyOf(
        any=(
            FindingIs(finding="westshire.learning", status=("overdue",)),
            FindingIs(finding="westshire.information", status=("overdue",)),
        )
    ),
}


@pytest.mark.parametrize("said", CONDITIONS)
def test_a_condition_is_a_clause(said: str) -> None:
    sentences = Sentences(rules(MADE_UP), lambda requirement: "9")
    assert sentences.condition(CONDITIONS[said]) == said


@pytest.mark.parametrize(
    ("nouns", "said"),
    [
        (["the sharing of a draft with the Panel"], "once a draft has been shared with the Panel"),
        (
            ["the agreement of the terms of reference"],
            "once the terms of reference have been agreed",
        ),
        (["publication"], "after publication"),
        (
            ["the return of the chronology", "publication"],
            "after the return of the chronology and publication",
        ),
        (
            ["the return of the chronology or the return of the analysis"],
            "after the return of the chronology or the return of the analysis",
        ),
    ],
)
def test_what_has_happened_is_a_clause_where_it_has_a_verb(nouns: list[str], said: str) -> None:
    assert after(nouns) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Team manager", "team manager"),
        ("Practitioner", "practitioner"),
        ("Strategic Leads", "Strategic Leads"),
        ("NSCP Business Office", "NSCP Business Office"),
        ("Sub-committee member", "Sub-committee member"),
    ],
)
def test_a_name_inside_a_sentence_keeps_what_is_proper(name: str, said: str) -> None:
    assert small(name) == said


@pytest.mark.parametrize(
    ("rough", "said"),
    [
        (
            "after the comments on first, revised, agreed or final",
            "after the comments on any draft",
        ),
        (
            "after the comments on agreed or final",
            "after the comments on the agreed or final draft",
        ),
        ("the de-brief (involved)", "the de-brief for those involved"),
    ],
)
def test_attributes_are_said_in_words(rough: str, said: str) -> None:
    assert smooth(rough) == said
