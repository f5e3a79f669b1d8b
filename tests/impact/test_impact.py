"""What a change of the rules does to a few small cases, each worked out by hand.

All as of Monday 1 June 2026. The made-up rule `notice` asks that the Panel has the report at least
14 days (calendar days) before publication.
"""

from datetime import date
from pathlib import Path

import pytest

from cspr_core.impact.computing import Computed
from cspr_core.impact.order import State
from cspr_core.impact.result import Change, Days, Example, Group
from tests.impact.barset import BARSET, impact, write_case

PLANNED = "type: publication, what: report, planned: {}"
PUBLISHED = "type: publication, what: report, date: {}"
SENT = "type: report_sent, to: panel, date: {}"
HELD = "type: practitioner_event, date: {}"
CASES = {
    "B-1": [PLANNED.format("2026-06-20")],
    "B-2": [PLANNED.format("2026-06-13")],
    "B-3": [SENT.format("2026-05-08"), PUBLISHED.format("2026-05-20")],
    "B-4": [PUBLISHED.format("2026-05-20")],
    "B-5": [],
    "B-6": [PLANNED.format("2026-06-21")],
    "B-7": [PLANNED.format("2026-06-22")],
    "B-8": [PLANNED.format("2026-06-23")],
}


def must(status: str) -> State:
    return State(status, None, "must")


def group_of(computed: Computed, case: str) -> Group:
    """The one group that has this case among its examples."""
    (group,) = [
        change.group
        for change in computed.impact.changes
        if case in {example.case for example in change.group.examples}
    ]
    return group


# --- 14 days changed to 10 ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def ten(tmp_path_factory: pytest.TempPathFactory) -> Computed:
    """The notice of 14 days changed to 10."""
    return impact(tmp_path_factory.mktemp("ten"), CASES, ("before: {n: 14,", "before: {n: 10,"))


def test_a_date_that_only_moves(ten: Computed) -> None:
    # 20 June less 14 days is 6 June, less 10 days is 10 June: four days later, and both ahead.
    # B-6 to B-8, a day later each, move alike; three of the four are shown, the first by name.
    assert group_of(ten, "B-1") == Group(
        "barset.notice",
        must("upcoming"),
        must("upcoming"),
        "later",
        "better",
        4,
        4,
        {"barset": 4},
        Days(4, 4, 4),
        (
            Example("barset", "B-1", None, date(2026, 6, 6), date(2026, 6, 10)),
            Example("barset", "B-6", None, date(2026, 6, 7), date(2026, 6, 11)),
            Example("barset", "B-7", None, date(2026, 6, 8), date(2026, 6, 12)),
        ),
    )


def test_overdue_becomes_upcoming(ten: Computed) -> None:
    # 13 June less 14 days is 30 May: past on 1 June. Less 10 days it is 3 June: not past.
    group = group_of(ten, "B-2")
    assert (group.old, group.new) == (must("overdue"), must("upcoming"))
    assert group.examples == (Example("barset", "B-2", None, date(2026, 5, 30), date(2026, 6, 3)),)
    assert (group.direction, group.days) == ("better", Days(4, 4, 4))


def test_met_late_becomes_met(ten: Computed) -> None:
    # Published on 20 May: due on 6 May, or with 10 days on 10 May. Sent on 8 May, between them.
    group = group_of(ten, "B-3")
    assert (group.old, group.new) == (must("met_late"), must("met"))
    assert group.direction == "better"


def test_what_can_no_longer_be_put_right_stays_so(ten: Computed) -> None:
    # Published on 20 May and never sent: breached with 14 days as with 10; only its date moves.
    group = group_of(ten, "B-4")
    assert (group.old, group.new, group.moved) == (must("breached"), must("breached"), "later")
    assert group.direction == "other"


def test_a_case_without_a_publication_does_not_change(ten: Computed) -> None:
    # Eight cases, and all but B-5 change: B-1, B-6, B-7, B-8 and B-2, B-3 for the better.
    assert ten.impact.areas == {"barset": 8}
    assert ten.impact.changed == 7
    assert ten.impact.touched == {"worse": 0, "other": 1, "better": 6}
    assert not ten.impact.worse
    assert ten.impact.differs


def test_one_case_is_explained_under_both(ten: Computed) -> None:
    # Nothing gets worse; of what gets better, B-2 has come the farthest of those that still stand
    # worst: upcoming, and overdue before.
    told = ten.impact.explained
    assert told is not None
    assert told.example.case == "B-2"
    assert told.old is not None
    assert told.new is not None
    assert told.old.counted == "at least 14 days before publication (planned for Sat 13 Jun 2026)"
    assert told.new.counted == "at least 10 days before publication (planned for Sat 13 Jun 2026)"
    assert (told.old.finding.status, told.old.finding.due) == ("overdue", date(2026, 5, 30))
    assert (told.new.finding.status, told.new.finding.due) == ("upcoming", date(2026, 6, 3))
    (evidence,) = told.new.finding.evidence
    assert (Path(evidence.file).name, evidence.line) == ("B-2.yaml", 8)
    assert told.new.finding.source.section == "Publication"


def test_a_stricter_rule_makes_worse(tmp_path: Path) -> None:
    # B-1: 20 June less 21 days is 30 May: past, and 6 June was not. B-2: published on 20 May, less
    # 21 days is 29 April: sent on 4 May is late; with 14 days, due on 6 May, it was in time.
    cases = {
        "B-1": [PLANNED.format("2026-06-20")],
        "B-2": [SENT.format("2026-05-04"), PUBLISHED.format("2026-05-20")],
    }
    told: list[tuple[int, int]] = []
    stricter = ("before: {n: 14,", "before: {n: 21,")
    computed = impact(tmp_path, cases, stricter, progress=lambda n, done: told.append((n, done)))
    found = [c.group for c in computed.impact.changes]
    assert [(g.direction, g.old, g.new, g.days) for g in found] == [
        ("worse", must("upcoming"), must("overdue"), Days(7, 7, 7)),
        ("worse", must("met"), must("met_late"), Days(7, 7, 7)),
    ]
    assert computed.impact.worse
    assert computed.impact.explained is not None
    assert computed.impact.explained.example.case == "B-1"
    # Two cases in the one part, which is checked under one version after the other.
    assert told == [(2, 1), (2, 2)]


# --- rules that come, go and change their names -------------------------------------------------

CONFIRMED = """\
confirmed:
  - {requirement: barset.genogram, subject: null, answer: yes, on: 2026-05-12,
     by: business_manager, reference: Minute 3}
"""
TERMS = (
    "  - {id: terms, kind: step, title: Terms are written, stage: review,"
    " met_by: {event: terms_of_reference}, source: {section: Review}}\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("many")


@pytest.fixture(scope="module")
def many(folder: Path) -> Computed:
    """A rule each: loosened, removed, added, made a must and renamed, renamed and loosened."""
    write_case(folder / "cases", "B-3", more=CONFIRMED)
    cases = {
        "B-1": [HELD.format("2026-03-02"), HELD.format("2026-03-09")],
        "B-2": [HELD.format("2026-03-02"), PLANNED.format("2026-06-13")],
    }
    letter = BARSET[BARSET.index("  - id: letter") : BARSET.index("  - id: genogram")]
    return impact(
        folder,
        cases,
        ("max: 1", "max: 2"),
        (letter, TERMS),
        ("id: genogram", "id: family_tree"),
        ("binding: should", "binding: must"),
        ("id: notice", "id: notice_to_panel"),
        ("before: {n: 14,", "before: {n: 10,"),
    )


def change_of(computed: Computed, requirement: str) -> Change:
    (change,) = [c for c in computed.impact.changes if c.group.requirement == requirement]
    return change


def test_breached_becomes_met(many: Computed) -> None:
    # Two events where one is the most: too many. Where two are the most: enough.
    group = change_of(many, "barset.one_event").group
    assert (group.old, group.new, group.direction) == (must("breached"), must("met"), "better")
    assert [example.case for example in group.examples] == ["B-1"]
    assert (group.moved, group.days) == ("same", None)


def test_a_rule_that_is_removed(many: Computed) -> None:
    # Due five days after 6 January, on 11 January, and overdue since in both cases. Nothing is put
    # right by it that nobody asks any more.
    change = change_of(many, "barset.letter")
    assert (change.group.old, change.group.new) == (must("overdue"), None)
    assert (change.group.direction, change.group.cases) == ("other", 2)
    assert change.group.examples[0].old_due == date(2026, 1, 11)
    assert (change.title, change.rule) == ("The family has a letter", ("removed",))
    assert many.impact.lost == 2


def test_a_rule_that_is_added(many: Computed) -> None:
    group = change_of(many, "barset.terms").group
    assert (group.old, group.new) == (None, must("upcoming"))
    assert group.direction == "other"


def test_a_should_that_becomes_a_must(many: Computed) -> None:
    change = change_of(many, "barset.family_tree")
    assert change.group.old == State("upcoming", None, "should")
    assert (change.group.new, change.group.direction) == (must("upcoming"), "worse")
    assert change.renamed_from == "barset.genogram"


def test_a_renamed_rule_is_held_against_itself(many: Computed) -> None:
    # Planned for 13 June: due on 30 May with 14 days, on 3 June with 10.
    change = change_of(many, "barset.notice_to_panel")
    assert change.renamed_from == "barset.notice"
    assert (change.group.old, change.group.new) == (must("overdue"), must("upcoming"))


def test_a_renamed_rule_is_explained_under_both_names(many: Computed) -> None:
    told = many.impact.explained
    assert told is not None
    assert told.old is not None
    assert told.new is not None
    assert told.old.finding.requirement == "barset.genogram"
    assert told.new.finding.requirement == "barset.family_tree"


def test_a_case_that_names_a_rule_which_is_gone(many: Computed, folder: Path) -> None:
    # Seven lines of the case, `confirmed:` in the eighth, and what it names in the ninth.
    (line,) = many.impact.refused
    assert line.startswith(f"{folder / 'cases' / 'B-3.yaml'}:9:")
    assert "barset.genogram" in line
    assert many.impact.areas == {"barset": 2}  # the others, which both versions can check
    assert (many.impact.missing, many.impact.taken, many.unread) == (1, (), ())
    assert many.impact.worse
