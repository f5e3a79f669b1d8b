"""CSPR101: every place in arrangements where a word of a closed list stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from cspr_core.lint import unknown_words
from tests.lint.said import result, said, step, write

# One requirement, and the word in it that nothing defines.
WRONG = [
    (step("met_by: {event: comment, by: exectuive}"), "exectuive"),
    (step("met_by: {meeting: review_grup}"), "review_grup"),
    (step("met_by: {meeting: review_group, agenda: delayed}"), "delayed"),
    (step("met_by: {meeting: review_group, invited: reviewers}"), "reviewers"),
    (step("met_by: {form: exshire.referral}"), "exshire.referral"),
    (step("met_by: {role: lead_reviwer}"), "lead_reviwer"),
    (step("met_by: {role: author, body: review_grup}"), "review_grup"),
    (step("when: {decision: local_reveiw}"), "local_reveiw"),
    (step("when: {parallel: prosecutions}"), "prosecutions"),
    (step("when: {parallel: inquest, during: publicaton}"), "publicaton"),
    (step("for_each: {meeting: review_grup}"), "review_grup"),
    (step("for_each: {recipient: [pannel]}"), "pannel"),
    (step("for_each: {recipient: [panel], should: [ofstd]}"), "ofstd"),
    (step("for_each: {substitute: review_grup}"), "review_grup"),
    (step("for_each: {form: exshire.referral}"), "exshire.referral"),
    (step("for_each: {parallel: inquests}"), "inquests"),
    (step("for_each: {person: {role: lead_reviwer}}"), "lead_reviwer"),
    (step("for_each: {person: {body: review_grup}}"), "review_grup"),
    (
        step("for_each: {meeting: review_group}, met_by: {subject: agenda, item: delayed}"),
        "delayed",
    ),
    (step("for_each: {meeting: review_group}, met_by: {subject: led_by, item: leader}"), "leader"),
    (step("delay: {told: [pannel]}"), "pannel"),
    (step().replace("who: author", "who: authour"), "authour"),
    (
        (
            "{id: c, kind: criterion, title: C, stage: review, who: author,"
            " question: criteria.themes, source: {section: 1}}"
        ),
        "criteria.themes",
    ),
    (
        (
            "{id: c, kind: criterion, title: C, stage: review, who: author, all: [died, alive],"
            " for_each: {child: all}, source: {section: 1}}"
        ),
        "alive",
    ),
    (
        (
            "{id: c, kind: composition, title: C, stage: review, who: author, body: review_grup,"
            " seats: [{kind: police}], source: {section: 1}}"
        ),
        "review_grup",
    ),
    (
        (
            "{id: c, kind: composition, title: C, stage: review, who: author, body: review_group,"
            " seats: [{kind: polis}], source: {section: 1}}"
        ),
        "polis",
    ),
    (
        (
            "{id: c, kind: independence, title: C, stage: review, who: author, no: [knows_chld],"
            " for_each: {person: {role: author}}, source: {section: 1}}"
        ),
        "knows_chld",
    ),
    (
        (
            "{id: c, kind: attendance, title: C, stage: review, who: author, led_by: [reviewr],"
            " for_each: {meeting: review_group}, source: {section: 1}}"
        ),
        "reviewr",
    ),
    (
        (
            "{id: c, kind: attendance, title: C, stage: review, who: author,"
            " absent: {role: managr}, for_each: {meeting: review_group}, source: {section: 1}}"
        ),
        "managr",
    ),
    (
        (
            "{id: c, kind: hold, title: C, stage: review, who: author, running: [prosecutions],"
            " hold: {event: publication}, source: {section: 1}}"
        ),
        "prosecutions",
    ),
]


@pytest.mark.parametrize(("requirement", "word"), WRONG)
def test_a_word_that_is_not_on_its_list(requirement: str, word: str, tmp_path: Path) -> None:
    path = write(tmp_path, requirement)
    text = path.read_text("utf-8").splitlines()[6]
    (found,) = result(path, unknown_words).found
    assert found.what == f"`{word}` is a word that nothing defines here"
    assert (found.line, text[found.column - 1 :].startswith(word)) == (7, True)


def raw(where: str, fact: str = "event") -> str:
    return (
        "{id: r, kind: rule, title: R, stage: review, who: author, source: {section: 1},"
        f" match: {{a: [{{fact: {fact}, where: {{{where}}}}}]}},"
        " decide: [{status: met, all: [a]}, {status: upcoming}]}"
    )


@pytest.mark.parametrize(
    ("fact", "where", "wrong"),
    [
        ("event", "name: publicaton", "publicaton"),
        ("event", "name: [publication, death]", None),
        ("event", "name: incident", None),  # the facts' own name for the day of the incident
        ("quality", "name: knows_chld", "knows_chld"),
        ("member", "body: review_grup", "review_grup"),
        ("member", "kind: [police, gp]", None),
        ("person", "agency: anything", None),  # a case's own key may stand here
        ("event", "to: known, name: notified", None),
        ("parallel", "type: unknown", None),
    ],
)
def test_words_of_a_raw_rule(fact: str, where: str, wrong: str | None, tmp_path: Path) -> None:
    found = said(write(tmp_path, raw(where, fact)), unknown_words)
    assert [text.partition(": ")[2] for text in found] == (
        [f"`{wrong}` is a word that nothing defines here"] if wrong else []
    )


def test_another_patterns_column_is_no_word(tmp_path: Path) -> None:
    requirement = (
        "{id: r, kind: rule, title: R, stage: review, who: author, source: {section: 1},"
        " match: {a: [{fact: member, as: m, where: {body: review_group}},"
        " {fact: member, where: {kind: =m.kind}}]},"
        " decide: [{status: met, all: [a]}, {status: upcoming}]}"
    )
    assert said(write(tmp_path, requirement), unknown_words) == []


def test_an_attribute_that_the_event_does_not_have(tmp_path: Path) -> None:
    path = write(tmp_path, step("met_by: {event: death, to: panel}"))
    (found,) = result(path, unknown_words).found
    assert found.what == "`death` has no `to`, so nothing can ever be recorded so"
    assert found.remedy == "Leave it out"


def test_what_an_event_has_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, step("met_by: {event: notified, by: executive}"))
    (found,) = result(path, unknown_words).found
    assert found.remedy == "Leave it out; what goes with it is to"


def test_an_areas_own_event_may_have_any_attribute(tmp_path: Path) -> None:
    own = step("met_by: {event: exshire.plan, to: anybody}")
    path = write(tmp_path, own, sections="words: {exshire.plan: A plan}\n")
    assert said(path, unknown_words) == []


def test_words_of_the_other_sections(tmp_path: Path) -> None:
    sections = """\
    bodies: {panel_group: {name: A group}, exshire.forum: {name: A forum}}
    agencies: {polis: Police}
    roles:
      reviewr: {name: Reviewer, duties: [{stage: reviewing, what: Write, source: {section: 1}}]}
    words: {devon.plan: A plan}
    contacts:
      - {for: offce, email: a@exshire.gov.uk, published_in: Guide, as_of: 2026-01}
    """
    covers = (
        "covers:\n  - {document: Guide, checked: 2026-11-01, written_under: working_together_2017,"
        " stages: [reveiw]}\n"
    )
    found = said(write(tmp_path, sections=sections, covers=covers), unknown_words)
    assert found == [
        "5:59: `working_together_2017` is a word that nothing defines here",
        "5:91: `reveiw` is a word that nothing defines here",
        "6:10: `panel_group` is a word that nothing defines here",
        "7:12: `polis` is a word that nothing defines here",
        "9:3: `reviewr` is a word that nothing defines here",
        "9:46: `reviewing` is a word that nothing defines here",
        "10:9: `devon.plan` does not begin with the area's name",
        "12:11: `offce` is a word that nothing defines here",
    ]
