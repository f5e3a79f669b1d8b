"""A difference as text, Markdown and JSON: whole outputs, as somebody reads them."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from cspr_core.comparing.changes import Difference, Hook, difference_of
from cspr_core.comparing.diff_json import json_of, values_of
from cspr_core.comparing.diff_markdown import markdown_of
from cspr_core.comparing.diff_text import text_of

Diff = Callable[..., Difference]
FILE = "cspr_barset/arrangements.yaml"
LESS = ("{n: 14, unit: days", "{n: 10, unit: days")


def test_text_of_one_change(diff: Diff) -> None:
    # 14 days before 1 July 2018, the first date there is, are 17 June; 10 days are 21 June.
    assert text_of(diff(LESS), 79) == (
        "Barset Safeguarding Partnership: what changed\n"
        f"  old  old/{FILE}\n"
        f"  new  new/{FILE}\n"
        "\n"
        "What is checked differs. 1 loosened; 3 as before.\n"
        "\n"
        "LOOSENED (1): it asks for less\n"
        "\n"
        "  The Panel has the report before publication\n"
        "    barset.notice\n"
        "    “at least 10 days before publication” is looser than “at least 14 days\n"
        "      before publication”, for the first time with publication on\n"
        "      Sun 1 July 2018: due on Thu 21 June 2018 instead of Sun 17 June 2018, on\n"
        "      the calendar known to Sun 31 December 2028.\n"
        "    old    24 | before: {n: 14, unit: days, of: {event: publication}}\n"
        "    new    24 | before: {n: 10, unit: days, of: {event: publication}}\n"
    )


def test_text_of_nothing(diff: Diff) -> None:
    assert "\nNothing differs. No requirement differs; 4 as before.\n" in text_of(diff(), 79)


def test_text_of_words_alone_shows_them_and_their_lines(diff: Diff) -> None:
    found = diff(("    who: business_office\n", "    who: business_office\n    note: Mind it.\n"))
    text = text_of(found, 79)
    assert "What is checked is the same; only what is said differs. 1 reworded;" in text
    assert "    - note: none\n    + note: Mind it.\n    Old line 20, new line 20\n" in text


def test_text_of_removed_shows_its_first_lines(diff: Diff) -> None:
    less = diff()
    arrangements = less.new.plugin.arrangements
    left = tuple(r for r in arrangements.requirements if r.id != "barset.notice")
    plugin = replace(
        less.new.plugin, arrangements=arrangements.model_copy(update={"requirements": left})
    )
    text = text_of(difference_of(less.old, replace(less.new, plugin=plugin)), 79)
    assert (
        "REMOVED (1): it is not asked for any more\n"
        "\n"
        "  The Panel has the report before publication\n"
        "    barset.notice\n"
        "    Must, at least 14 days before publication.\n"
        "    old    20 | - id: notice\n"
        "    old    21 |   kind: deadline\n"
    ) in text
    # Eight lines, from 20 to 27: six are shown.
    assert "    old    25 |   met_by: {event: report_sent, to: panel}\n" in text
    assert "    old       | and 2 more lines\n" in text


def test_text_of_a_key_that_is_new(diff: Diff) -> None:
    text = text_of(diff(("  - id: team\n", "  - id: team\n    unless: recorded\n")), 79)
    assert "    old    30 | (has no such key)\n    new    31 | unless: recorded\n" in text


def test_text_of_renamed(diff: Diff) -> None:
    text = text_of(diff(("  - id: notice\n", "  - id: panel_notice\n")), 79)
    assert (
        "    barset.panel_notice\n"
        "    Before: barset.notice\n"
        "    old    20 | - id: notice\n"
        "    new    20 | - id: panel_notice\n"
    ) in text


def test_text_says_which_point_is_looser_where_others_are_not(diff: Diff) -> None:
    stricter = ("    who: business_office\n", "    who: business_office\n    confirmable: no\n")
    text = text_of(diff(LESS, stricter), 79)
    assert "LOOSENED IN PART (1): less in one point or on some dates, more in others\n" in text
    assert "    Looser: “at least 10 days before publication” is looser than" in text
    assert "    Stricter: minutes cannot confirm it any more.\n" in text


def test_text_of_a_documents_date(diff: Diff) -> None:
    text = text_of(diff(("in_force_from: 2024-01-01", "in_force_from: 2025-01-01")), 79)
    assert (
        "What is checked differs. 4 held from another day with their document; 0 as\nbefore."
        in text
    )
    assert (
        "HELD FROM ANOTHER DAY, WITH THEIR DOCUMENT\n"
        "\n"
        "  Made-up Guide: held against dates from Wed 1 January 2025 on, before that\n"
        "    against dates from Mon 1 January 2024 on. This is of barset.notice,\n"
        "    barset.team, barset.terms and barset.draft.\n"
    ) in text
    assert (
        "DOCUMENTS\n\n  Made-up Guide, re-dated (old line 5, new line 5)\n    - speaks of" in text
    )


def test_text_names_five_of_many(diff: Diff) -> None:
    found = diff(("in_force_from: 2024-01-01", "in_force_from: 2025-01-01"))
    many = replace(found.redated[0], requirements=tuple(f"barset.r{i}" for i in range(7)))
    text = text_of(replace(found, redated=(many,)), 79)
    assert "barset.r3, barset.r4 and 2 more." in " ".join(text.split())


def test_text_of_what_is_left_out_and_of_python(diff: Diff) -> None:
    found = diff(("[Nothing is said of the press.]", "[]"))
    text = text_of(found, 79)
    assert "NOT COVERED\n\n  Removed (old line 6)\n    - Nothing is said of the press.\n" in text


def test_text_and_markdown_name_python_that_is_not_compared(diff: Diff) -> None:
    hook = Hook("cspr_facts", "in both, in files that differ")
    found = replace(diff(), hooks=(hook,))
    assert text_of(found, 79).endswith(
        "NOT COMPARED: PYTHON\n\n  cspr_facts: in both, in files that differ.\n"
    )
    assert markdown_of(found).endswith(
        "### Not compared: Python\n\n- `cspr_facts`: in both, in files that differ.\n"
    )


def test_no_line_is_longer_than_the_console_but_yaml(diff: Diff) -> None:
    text = text_of(diff(LESS, ("[Nothing is said of the press.]", "[]")), 40)
    assert max(len(line) for line in text.splitlines() if " | " not in line) <= 41


def test_markdown(diff: Diff) -> None:
    found = diff(
        LESS,
        ("title: Terms are written", "title: The *terms* are written"),
        ("[Nothing is said of the press.]", "[]"),
    )
    assert markdown_of(found) == (
        "## Barset Safeguarding Partnership: what changed\n"
        "\n"
        f"- old: `old/{FILE}`\n"
        f"- new: `new/{FILE}`\n"
        "\n"
        "**What is checked differs.** 1 loosened and 1 reworded; 2 as before.\n"
        "\n"
        "### Loosened (1)\n"
        "\n"
        "It asks for less.\n"
        "\n"
        "- **The Panel has the report before publication** `barset.notice`\n"
        "  - “at least 10 days before publication” is looser than “at least 14 days before"
        " publication”, for the first time with publication on Sun 1 July 2018: due on"
        " Thu 21 June 2018 instead of Sun 17 June 2018, on the calendar known to"
        " Sun 31 December 2028.\n"
        "\n"
        "  ```diff\n"
        "  @@ old line 24 @@\n"
        "  -     before: {n: 14, unit: days, of: {event: publication}}\n"
        "  @@ new line 24 @@\n"
        "  +     before: {n: 10, unit: days, of: {event: publication}}\n"
        "  ```\n"
        "\n"
        "### Reworded (1)\n"
        "\n"
        "Other words alone.\n"
        "\n"
        "- **The \\*terms\\* are written** `barset.terms`\n"
        "  - title: before “Terms are written”, now “The \\*terms\\* are written”\n"
        "\n"
        "### Not covered\n"
        "\n"
        "| What | Change | Before | Now |\n"
        "|---|---|---|---|\n"
        "|  | removed | Nothing is said of the press. |  |\n"
    )


def test_markdown_of_renamed_added_and_re_dated(diff: Diff) -> None:
    found = diff(
        ("  - id: notice\n", "  - id: panel_notice\n"),
        ("in_force_from: 2024-01-01", "in_force_from: 2025-01-01"),
        ("  # --- Groups ---\n",
         "  - {id: think, kind: advice, title: Think, stage: review, source: {section: R}}\n"),
    )  # fmt: skip
    text = markdown_of(found)
    assert "`barset.panel_notice` (before: `barset.notice`)\n" in text
    assert (
        "- **Think** `barset.think`\n  - Advice.\n\n  ```diff\n  @@ new line 29 @@\n  +   - {id: "
        in text
    )
    assert "- Made-up Guide: held against dates from Wed 1 January 2025 on" in text


def test_markdown_of_a_note_that_is_new(diff: Diff) -> None:
    found = diff(("    who: business_office\n", "    who: business_office\n    note: Mind it.\n"))
    assert "  - note: before none, now “Mind it.”\n" in markdown_of(found)


def test_json_says_all_of_it(diff: Diff) -> None:
    found = diff(LESS, ("in_force_from: 2024-01-01", "in_force_from: null"))
    told = json.loads(json_of(found))
    assert told["schema_version"] == "1"
    assert told["old"] == {"name": "old", "file": f"old/{FILE}", "commit": None}
    assert (told["same"], told["checks_differ"]) == (False, True)
    assert told["summary"]["loosened"] == 1
    assert told["summary"]["loosened_in_part"] == 0
    (one,) = told["requirements"]
    assert (one["requirement"], one["renamed_from"], one["change"]) == (
        "barset.notice",
        None,
        "loosened",
    )
    assert one["aspects"][0]["first"]["new_due"] == "2018-06-21"
    assert one["new"]["lines"] == [
        {"number": 24, "text": "    before: {n: 10, unit: days, of: {event: publication}}"}
    ]
    (redated,) = told["held_from_another_day"]
    assert (redated["old"], redated["new"]) == ("2024-01-01", None)


def test_json_of_added_has_no_old_side(diff: Diff) -> None:
    found = diff(
        ("  # --- Groups ---\n",
         "  - {id: think, kind: advice, title: Think, stage: review, source: {section: R}}\n"),
    )  # fmt: skip
    (one,) = values_of(found)["requirements"]
    assert one["old"] is None
    assert one["new"]["words"] == "advice"


@pytest.mark.parametrize("ascii_only", [True, False])
def test_json_in_plain_characters_where_asked(diff: Diff, *, ascii_only: bool) -> None:
    assert json_of(diff(LESS), ascii_only=ascii_only).isascii() is ascii_only
