"""What kind of change each is: every expectation is worked out by hand."""

from collections.abc import Callable
from datetime import date

import pytest

from cspr_core.comparing import changes
from cspr_core.comparing.changes import Difference

Diff = Callable[..., Difference]


def kinds(difference: Difference) -> list[tuple[str, str]]:
    return [(one.id, one.change) for one in difference.requirements]


def test_nothing_differs(diff: Diff) -> None:
    found = diff()
    assert (found.same, found.affects, found.unchanged) == (True, False, 4)


def test_fewer_days_of_notice_are_loosened_with_the_first_date(diff: Diff) -> None:
    found = diff(("{n: 14, unit: days", "{n: 10, unit: days"))
    assert kinds(found) == [("barset.notice", "loosened")]
    assert found.affects
    (aspect,) = found.requirements[0].aspects
    # The first date there is to count from is 1 July 2018; 14 days before it is 17 June, and
    # 10 days before it 21 June.
    assert aspect.first == {
        "old_start": "2018-07-01",
        "old_due": "2018-06-17",
        "new_start": "2018-07-01",
        "new_due": "2018-06-21",
    }
    assert (aspect.was, aspect.now) == (
        "at least 14 days before publication",
        "at least 10 days before publication",
    )


def test_more_days_of_notice_are_tightened(diff: Diff) -> None:
    found = diff(("{n: 14, unit: days", "{n: 21, unit: days"))
    assert kinds(found) == [("barset.notice", "tightened")]


def test_lines_are_those_of_the_keys_that_differ(diff: Diff) -> None:
    # One line more above it: `before` stands in line 24 of the old file and 25 of the new one.
    found = diff(
        ("name: Barset Safeguarding", "name: >-\n  Barset Safeguarding"),
        ("{n: 14, unit: days", "{n: 10, unit: days"),
    )
    (one,) = found.requirements
    assert one.old is not None
    assert one.new is not None
    assert [(line.number, line.text) for line in one.old.lines] == [
        (24, "    before: {n: 14, unit: days, of: {event: publication}}")
    ]
    assert [(line.number, line.text) for line in one.new.lines] == [
        (25, "    before: {n: 10, unit: days, of: {event: publication}}")
    ]


def test_should_for_must_is_loosened(diff: Diff) -> None:
    found = diff(("    who: business_office\n", "    who: business_office\n    binding: should\n"))
    assert kinds(found) == [("barset.notice", "loosened")]
    (aspect,) = found.requirements[0].aspects
    assert (aspect.name, aspect.words) == ("binding", "a should, before that a must")


def test_must_for_should_is_tightened(diff: Diff) -> None:
    found = diff(("  - id: team\n", "  - id: team\n    binding: should\n"))
    back = changes.difference_of(found.new, found.old)
    assert kinds(back) == [("barset.team", "tightened")]


def test_a_dropped_seat_is_loosened(diff: Diff) -> None:
    assert kinds(diff(("      - {kind: icb}\n", ""))) == [("barset.team", "loosened")]


def test_an_added_exception_is_loosened(diff: Diff) -> None:
    found = diff(("  - id: team\n", "  - id: team\n    unless: recorded\n"))
    assert kinds(found) == [("barset.team", "loosened")]
    assert found.requirements[0].aspects[0].words == "a recorded exception excuses it"


def test_looser_in_one_point_and_stricter_in_another(diff: Diff) -> None:
    # Ten days for fourteen is looser; no delay, exception or title makes up for it, but minutes
    # that can't confirm it any more are stricter.
    found = diff(
        ("{n: 14, unit: days", "{n: 10, unit: days"),
        ("    who: business_office\n", "    who: business_office\n    confirmable: no\n"),
    )
    assert kinds(found) == [("barset.notice", "loosened in part")]


def test_another_event_to_count_from_cannot_be_compared(diff: Diff) -> None:
    found = diff(
        ("before: {n: 14, unit: days, of: {event: publication}}",
         "before: {n: 14, unit: days, of: {event: members_briefed}}"),
    )  # fmt: skip
    assert kinds(found) == [("barset.notice", "changed")]
    assert found.affects


def test_a_limit_taken_away_shows_the_line_it_had(diff: Diff) -> None:
    # Without a limit it is no deadline any more, but a notification.
    found = diff(
        ("    before: {n: 14, unit: days, of: {event: publication}}\n", ""),
        ("    kind: deadline\n", "    kind: notification\n"),
    )
    (one,) = found.requirements
    assert one.change == "loosened"
    limit = next(aspect for aspect in one.aspects if aspect.name == "limit")
    assert (limit.was, limit.now) == ("at least 14 days before publication", "no limit")
    assert one.old is not None
    assert one.new is not None
    assert "    before: {n: 14, unit: days, of: {event: publication}}" in [
        line.text for line in one.old.lines
    ]
    assert not any("before:" in line.text for line in one.new.lines)


def test_another_title_is_reworded_and_nothing_checked_differs(diff: Diff) -> None:
    found = diff(("title: Terms are written", "title: The terms are written"))
    assert kinds(found) == [("barset.terms", "reworded")]
    (aspect,) = found.requirements[0].aspects
    assert (aspect.keys, aspect.was, aspect.now) == (
        ("title",),
        "Terms are written",
        "The terms are written",
    )
    assert not found.affects


@pytest.mark.parametrize(
    ("old", "new", "was", "now"),
    [
        ("    who: business_office\n", "    who: lead_reviewer\n", "Business office", "Reviewer"),
        ("    stage: publication\n", "    stage: learning\n", "publication", "learning"),
        ("    source: {section: Publication}\n", "    source: {section: Press}\n",
         "Made-up Guide, Publication", "Made-up Guide, Press"),
        ("  - id: notice\n", "  - id: notice\n    authority: panel_guidance\n",
         "local", "panel guidance"),
        ("  - id: notice\n", "  - id: notice\n    note: Mind it\n", "", "Mind it"),
    ],
)  # fmt: skip
def test_other_words_are_told_in_both_versions(
    diff: Diff, old: str, new: str, was: str, now: str
) -> None:
    (one,) = diff((old, new)).requirements
    assert one.change == "reworded"
    assert (one.aspects[0].was, one.aspects[0].now) == (was, now)


def test_advice_shown_at_another_stage_is_changed(diff: Diff) -> None:
    advice = "  - {id: think, kind: advice, title: Think, stage: review, source: {section: R}}\n"
    first = diff(("  # --- Groups ---\n", advice))
    second = diff(("  # --- Groups ---\n", advice.replace("review", "learning")))
    found = changes.difference_of(first.new, second.new)
    assert kinds(found) == [("barset.think", "changed")]
    assert found.affects


def test_checked_again_is_re_dated_and_nothing_checked_differs(diff: Diff) -> None:
    found = diff(
        ("    who: business_office\n", "    who: business_office\n    checked: 2026-02-01\n")
    )
    assert kinds(found) == [("barset.notice", "re-dated")]
    assert found.requirements[0].aspects[0].now == "Sun 1 February 2026"
    assert not found.affects


def test_its_own_date_of_effect_is_re_dated_and_affects(diff: Diff) -> None:
    found = diff(
        ("    who: business_office\n", "    who: business_office\n    in_force_from: 2025-01-01\n")
    )
    assert kinds(found) == [("barset.notice", "re-dated")]
    assert found.affects
    assert found.requirements[0].aspects[0].words == (
        "in force from Wed 1 January 2025 on, before that from Mon 1 January 2024 on"
    )


def test_the_documents_date_of_effect_is_told_once_for_all_that_follow_it(diff: Diff) -> None:
    found = diff(("in_force_from: 2024-01-01", "in_force_from: 2025-01-01"))
    assert found.requirements == ()
    (redated,) = found.redated
    assert (redated.was, redated.now) == (date(2024, 1, 1), date(2025, 1, 1))
    assert redated.requirements == ("barset.notice", "barset.team", "barset.terms", "barset.draft")
    assert redated.words == (
        "held against dates from Wed 1 January 2025 on, before that against dates from"
        " Mon 1 January 2024 on"
    )
    assert found.affects
    assert found.unchanged == 0


def test_a_document_without_a_date_of_effect_holds_for_any(diff: Diff) -> None:
    (redated,) = diff(("in_force_from: 2024-01-01", "in_force_from: null")).redated
    assert redated.words == (
        "held against any date, before that against dates from Mon 1 January 2024 on"
    )


def test_removed_and_added(diff: Diff) -> None:
    found = diff(
        ("  - id: notice\n", "  - id: press\n"),
        ("title: The Panel has the report before publication", "title: The press is told"),
    )
    assert kinds(found) == [("barset.notice", "removed"), ("barset.press", "added")]
    removed, added = found.requirements
    assert removed.old is not None
    assert removed.new is None
    # From its id to its source; the blank line and the comment below are no part of it.
    assert [line.number for line in removed.old.lines] == list(range(20, 28))
    assert removed.old.words == "must, at least 14 days before publication"
    assert added.old is None
    assert added.new is not None
    assert (added.id, added.title) == ("barset.press", "The press is told")


def test_the_same_under_another_id_is_renamed_and_so_is_what_names_it(diff: Diff) -> None:
    found = diff(
        ("{id: terms,", "{id: terms_written,"),
        ("finding: barset.terms,", "finding: barset.terms_written,"),
    )
    assert kinds(found) == [("barset.terms_written", "renamed")]
    assert found.requirements[0].renamed_from == "barset.terms"
    assert found.unchanged == 3
    assert found.affects


def test_a_raw_rule_that_names_what_was_renamed_is_the_same(diff: Diff) -> None:
    rule = (
        "  - {id: raw, kind: rule, title: Raw, stage: review, source: {section: R},"
        " match: {late: [{fact: delay, where: {requirement: [barset.NAME, national.publish]}}]},"
        " decide: [{status: met, all: late}, {status: overdue}]}\n"
    )
    groups, renaming = "  # --- Groups ---\n", ("  - id: notice\n", "  - id: panel_notice\n")
    old = diff((groups, rule.replace("NAME", "notice"))).new
    new = diff((groups, rule.replace("NAME", "panel_notice")), renaming).new
    assert kinds(changes.difference_of(old, new)) == [("barset.panel_notice", "renamed")]


def test_renamed_and_loosened_is_both(diff: Diff) -> None:
    found = diff(("  - id: notice\n", "  - id: panel_notice\n"), ("{n: 14,", "{n: 10,"))
    (one,) = found.requirements
    assert (one.change, one.id, one.renamed_from) == (
        "loosened",
        "barset.panel_notice",
        "barset.notice",
    )


def test_two_alike_cannot_be_told_from_each_other(diff: Diff) -> None:
    row = "  - {id: NAME, kind: advice, title: Think, stage: review, source: {section: R}}\n"
    one = diff(("  # --- Groups ---\n", row.replace("NAME", "a") + row.replace("NAME", "b")))
    two = diff(("  # --- Groups ---\n", row.replace("NAME", "c") + row.replace("NAME", "d")))
    found = changes.difference_of(one.new, two.new)
    assert sorted(kinds(found)) == [
        ("barset.a", "removed"),
        ("barset.b", "removed"),
        ("barset.c", "added"),
        ("barset.d", "added"),
    ]


def test_another_kind_for_the_same_is_rewritten(diff: Diff) -> None:
    # A deadline and a notification ask for the same: that it is done by then.
    found = diff(("    kind: deadline\n", "    kind: notification\n"))
    assert kinds(found) == [("barset.notice", "rewritten")]
    assert not found.affects


def test_another_kind_that_asks_for_something_else_cannot_be_compared(diff: Diff) -> None:
    found = diff(
        ("{id: terms, kind: step,", "{id: terms, kind: count, min: 1,"),
        ("stage: review, met_by: {event: terms_of_reference},",
         "stage: review, of: {event: terms_of_reference},"),
    )  # fmt: skip
    assert kinds(found) == [("barset.terms", "changed")]
    assert [aspect.name for aspect in found.requirements[0].aspects] == ["kind"]


def test_the_same_limit_written_in_another_way_is_rewritten(diff: Diff) -> None:
    value = "    values: [{before: {n: 14, unit: days, of: {event: publication}}}]\n"
    found = diff(("    before: {n: 14, unit: days, of: {event: publication}}\n", value))
    assert kinds(found) == [("barset.notice", "rewritten")]


def test_a_key_that_nothing_weighs_is_never_passed_over(
    diff: Diff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "compare_requirements", lambda *_: ())
    found = diff(("    who: business_office\n", "    who: business_office\n    unless: recorded\n"))
    assert kinds(found) == [("barset.notice", "changed")]
    assert found.requirements[0].aspects[0].words == "unless: not the same as before"


def test_the_worst_stands_first(diff: Diff) -> None:
    found = diff(
        ("title: Terms are written", "title: The terms are written"),
        ("{n: 14, unit: days", "{n: 21, unit: days"),
        ("      - {kind: icb}\n", ""),
    )
    assert [one.change for one in found.requirements] == ["loosened", "tightened", "reworded"]


# --- beside the requirements --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("as_of: 2024-01, confirmed_on: null", "as_of: 2024-01, confirmed_on: 2026-02-01",
         ("contacts", "re-dated", "Business office",
          "office@barset.example; published in Made-up Guide, January 2024; never confirmed since",
          ("office@barset.example; published in Made-up Guide, January 2024;"
          " confirmed Sun 1 February 2026"))),
        ("office@barset.example", "team@barset.example",
         ("contacts", "changed", "Business office",
          "office@barset.example; published in Made-up Guide, January 2024; never confirmed since",
          "team@barset.example; published in Made-up Guide, January 2024; never confirmed since")),
        ("checked: 2026-01-10", "checked: 2026-02-10",
         ("covers", "re-dated", "Made-up Guide",
          ("speaks of review; dated January 2024; in force from Mon 1 January 2024;"
          " checked Sat 10 January 2026"),
          ("speaks of review; dated January 2024; in force from Mon 1 January 2024;"
          " checked Tue 10 February 2026"))),
        ("{name: Review Team}", "{name: Review Team, note: It meets monthly.}",
         ("bodies", "changed", "Review group", "Review Team", "Review Team (It meets monthly)")),
        ("[Nothing is said of the press.]", "[]",
         ("not_covered", "removed", "", "Nothing is said of the press.", "")),
        ("barset.form: A form\n", "barset.form: A form\n  barset.other: Another\n",
         ("words", "added", "barset.other", "", "Another")),
        ("source: {section: Roles}}", "source: {section: Roles}, binding: should}",
         ("roles", "changed", "Reviewer, review", "Meet the family (must; Roles)",
          "Meet the family (should; Roles)")),
        ("name: Barset Safeguarding Partnership", "name: Barset Partnership",
         ("name", "changed", "The partnership's name", "Barset Safeguarding Partnership",
          "Barset Partnership")),
    ],
)  # fmt: skip
def test_sections(diff: Diff, old: str, new: str, expected: tuple[str, str, str, str, str]) -> None:
    found = diff((old, new))
    (one,) = found.sections
    assert (one.section, one.change, one.what, one.was, one.now) == expected
    assert not found.same
    assert not found.affects


def test_lines_of_a_section(diff: Diff) -> None:
    (one,) = diff(
        ("barset.form: A form\n", "barset.other: Other\n  barset.form: A form\n")
    ).sections
    assert (one.old_line, one.new_line) == (None, 15)
