"""An impact as text, Markdown and JSON: what is said, how wide, and under which keys."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cspr_core.comparing.changes import Hook, difference_of
from cspr_core.comparing.versions import read_versions
from cspr_core.impact import telling
from cspr_core.impact.as_json import json_of, values_of
from cspr_core.impact.as_markdown import markdown_of
from cspr_core.impact.as_text import text_of
from cspr_core.impact.order import State
from cspr_core.impact.result import Change, Days, Example, Explained, Group, Impact, Told
from cspr_core.model.finding import Evidence, Finding, Missing, SourceRef
from tests.impact.barset import write_plugin

UPCOMING, OVERDUE = State("upcoming", None, "must"), State("overdue", None, "must")
EXAMPLE = Example("barset", "B-2", None, date(2026, 5, 30), date(2026, 6, 3))
GROUP = Group(
    "barset.notice",
    OVERDUE,
    UPCOMING,
    "later",
    "better",
    12,
    14,
    {"barset": 12},
    Days(4, 4, 4),
    (EXAMPLE, replace(EXAMPLE, case="B-3", subject="police")),
)
CHANGE = Change(
    GROUP,
    "The Panel has the report before publication",
    None,
    ("“at least 14 days before publication” became “at least 10 days before publication”",),
)
REMOVED = Change(
    replace(
        GROUP, requirement="barset.letter", new=None, moved="same", direction="other", days=None
    ),
    "The family has a letter",
    None,
    ("removed",),
)


def finding(status: str, due: date) -> Finding:
    return Finding(
        requirement="barset.notice",
        title="The Panel has the report before publication",
        kind="deadline",
        stage="publication",
        status=status,
        subject=None,
        answer=None,
        due=due,
        agreed_due=None,
        done=None,
        working_days_left=None,
        provisional=False,
        counted_from=None,
        value=None,
        authority="local",
        binding="must",
        tightens=None,
        verified=True,
        confirmed=False,
        message=f"A sentence on what is {status}.",
        next_step=None,
        missing=(),
        waits_for=None,
        source=SourceRef(document="Made-up Guide", section="Publication"),
        reading="Calendar days.",
        evidence=(Evidence(fact="publication planned", file="B-2.yaml", line=8, column=5),),
    )


EXPLAINED = Explained(
    CHANGE,
    EXAMPLE,
    Told(finding("overdue", date(2026, 5, 30)), "at least 14 days before publication"),
    Told(finding("upcoming", date(2026, 6, 3)), "at least 10 days before publication"),
)


@pytest.fixture
def found(tmp_path: Path) -> Impact:
    """An impact made by hand: 12 cases get better, and 12 lose a finding that was wrong."""
    write_plugin(tmp_path / "old")
    write_plugin(tmp_path / "new", ("before: {n: 14,", "before: {n: 10,"))
    return Impact(
        difference_of(*read_versions("old", "new", None, tmp_path)),
        date(2026, 6, 1),
        {"barset": 1200},
        {},
        (),
        0,
        (),
        (),
        (CHANGE, REMOVED),
        {"worse": 0, "better": 12, "other": 12},
        20,
        12,
        EXPLAINED,
    )


# --- sentences ----------------------------------------------------------------------------------


def words(**changed: object) -> str:
    return telling.change_of(replace(GROUP, **changed), "->")  # type: ignore[arg-type]


def test_from_what_to_what() -> None:
    assert words() == "overdue -> upcoming, due 4 days later"
    assert words(old=UPCOMING, days=Days(1, 1, 1)) == "upcoming as before, due 1 day later"
    assert words(new=None, days=None, moved="same") == "overdue -> no such finding"
    assert words(old=None, days=None, moved="same") == "no such finding -> upcoming"
    late = State("met_late", None, "must")
    assert words(new=late, days=None, moved="same") == "overdue -> met late"


def test_dates_that_move_by_several_days() -> None:
    assert words(days=Days(2, 3, 11)) == "overdue -> upcoming, due 2 to 11 days (median 3) later"


def test_dates_that_come_and_go() -> None:
    same = {"old": UPCOMING, "days": None}
    assert words(**same, moved="given") == "upcoming as before, now with a due date"
    assert words(**same, moved="taken") == "upcoming as before, without a due date now"


def test_answers_and_how_binding_it_is() -> None:
    old, new = State("met", None, "should"), State("met", "no", "must")
    told = words(old=old, new=new, days=None, moved="same")
    assert told == "met as before, answer none -> no, should -> must"


def test_a_rule_that_is_as_it_was() -> None:
    assert telling.because(replace(CHANGE, rule=())) == (
        "This rule is as it was; one that it depends on is not."
    )


def test_the_whole_in_a_sentence(found: Impact) -> None:
    assert telling.verdict(found) == (
        "Nothing gets worse. 20 of 1,200 cases change: something gets better in 12 and something"
        " is otherwise different in 12. In 12 cases something wrong is no longer asked about."
    )
    worse = replace(found, touched={"worse": 1, "better": 0, "other": 0}, changed=1, lost=0)
    assert telling.verdict(worse) == "1 of 1,200 cases changes: something gets worse in 1."
    assert telling.verdict(replace(found, changes=())) == "No finding changes."


def test_over_which_cases(found: Impact) -> None:
    assert telling.compared(found) == "As of Mon 1 June 2026, over 1,200 cases."
    mixed = replace(found, areas={"essex": 1, "leeds": 2}, left_out={"barset": 3})
    assert telling.compared(mixed) == (
        "As of Mon 1 June 2026, over 3 cases (1 of essex and 2 of leeds); 3 of barset left out."
    )


def test_what_is_missing_is_said(found: Impact) -> None:
    assert telling.missing(found) is None
    short = replace(found, unread=1, refused=("a", "b"), taken=("c",))
    assert telling.missing(short) == (
        "INCOMPLETE: what could not be used is missing in every count here (1 problem under either"
        " version, 2 under the new one alone and 1 under the old one alone)."
    )


# --- text ---------------------------------------------------------------------------------------


def test_text_says_the_worst_first_and_explains_one(found: Impact) -> None:
    lines = text_of(found, 79).splitlines()
    assert lines[0] == "Barset Safeguarding Partnership: what the change does to cases"
    assert "BETTER (1): something that was wrong is right, or there is more time" in lines
    assert "  12 cases, 14 findings: overdue -> upcoming, due 4 days later" in lines
    assert "    For example B-2 and B-3 (police)" in lines
    assert lines.index("OTHER (1): nothing goes wrong by it, and nothing is put right") > (
        lines.index("    barset.notice")
    )
    assert "    Answer     OVERDUE, must" in lines
    assert "    Due        Sat 30 May 2026" in lines
    assert "    Due        Wed 3 June 2026" in lines
    assert "  Evidence   publication planned  (B-2.yaml:8:5)" in lines
    assert lines.count("  Source     Made-up Guide: Publication") == 1


@pytest.mark.parametrize("width", [40, 79])
def test_lines_are_no_wider_than_asked(found: Impact, width: int) -> None:
    for line in text_of(found, width).splitlines():
        assert len(line) <= width or " " not in line.strip()


def test_text_needs_no_letter_that_a_windows_console_lacks(found: Impact) -> None:
    text_of(found, 79).encode("cp1252")


def test_a_title_and_its_rule_are_told_once(found: Impact) -> None:
    again = replace(CHANGE, group=replace(GROUP, old=UPCOMING))
    text = text_of(replace(found, changes=(CHANGE, again), explained=None), 79)
    assert text.count("The Panel has the report before publication") == 1
    assert text.count("became") == 1
    assert text.count("barset.notice\n") == 2
    page = markdown_of(replace(found, changes=(CHANGE, again), explained=None))
    assert page.count("” became “") == 1
    assert page.count("| `barset.notice` |") == 2


def test_what_one_version_cannot_check_is_listed(found: Impact) -> None:
    text = text_of(replace(found, refused=("B-9.yaml:9:5: No such.",), notes=("A note.",)), 79)
    assert "CAN'T BE CHECKED UNDER THE NEW VERSION (1)\n  B-9.yaml:9:5: No such.\n" in text
    assert "\nA note.\n" in text
    text = text_of(replace(found, taken=("B-9.yaml:9:5: No such.",)), 79)
    assert "CAN'T BE CHECKED UNDER THE OLD VERSION (1)\n" in text


def test_hooks_are_named_as_not_compared(found: Impact) -> None:
    difference = replace(found.difference, hooks=(Hook("cspr_facts", "in the new version alone"),))
    hooked = replace(found, difference=difference)
    assert text_of(hooked, 79).endswith(
        "NOT COMPARED: PYTHON\n\n  cspr_facts: in the new version alone.\n"
    )
    assert "- Not compared, in Python: cspr_facts: in the new version alone." in markdown_of(hooked)
    assert values_of(hooked)["not_compared"] == [
        {"name": "cspr_facts", "words": "in the new version alone"}
    ]


def test_of_several_areas_each_is_named(found: Impact) -> None:
    group = replace(GROUP, areas={"barset": 8, "essex": 4})
    areas = replace(
        found, areas={"barset": 600, "essex": 600}, changes=(replace(CHANGE, group=group),)
    )
    text = text_of(areas, 79)
    assert "    8 of barset and 4 of essex\n" in text
    assert "    For example B-2 (barset) and B-3 (barset, police)\n" in text


def test_a_rule_under_another_name(found: Impact) -> None:
    renamed = replace(found, changes=(replace(CHANGE, renamed_from="barset.old_notice"),))
    assert "    Before: barset.old_notice\n" in text_of(renamed, 79)
    assert "`barset.notice` (before: `barset.old_notice`)" in markdown_of(renamed)


def test_a_side_without_the_finding(found: Impact) -> None:
    text = text_of(replace(found, explained=replace(EXPLAINED, new=None)), 79)
    assert "  Under the new\n    Answer     no such finding\n" in text


def test_an_explanation_names_what_is_waited_for_and_not_known(found: Impact) -> None:
    waiting = finding("pending", date(2026, 6, 3)).model_copy(
        update={
            "due": None,
            "answer": "unknown",
            "waits_for": "the decision",
            "missing": (Missing(fact="whether `gp` was involved", where="B-2.yaml:3"),),
            "evidence": (),
        }
    )
    told = Told(waiting, None)
    text = text_of(replace(found, explained=replace(EXPLAINED, old=told, new=told)), 79)
    assert "    Answer     PENDING (answer: unknown), must\n" in text
    assert "    Waits for  the decision\n" in text
    assert "    Not known  whether `gp` was involved\n" in text
    assert "  Evidence   nothing on record in the case\n" in text


# --- Markdown and JSON --------------------------------------------------------------------------


def test_markdown_is_a_line_a_table_and_folded_details(found: Impact) -> None:
    page = markdown_of(found)
    assert page.startswith(
        "## Barset Safeguarding Partnership: what the change does to cases\n\n"
        "**Nothing gets worse. 20 of 1,200 cases change: "
    )
    assert (
        "| better | 12 cases, 14 findings | overdue → upcoming, due 4 days later |"
        " `barset.notice` | B-2 and B-3 (police) |\n"
    ) in page
    assert page.count("<details>") == page.count("</details>") == 3
    assert "- Answer: OVERDUE, must\n" in page
    assert "INCOMPLETE" not in page


def test_markdown_says_what_is_missing(found: Impact) -> None:
    page = markdown_of(replace(found, refused=("B-9.yaml:9:5: No such.",), notes=("A note.",)))
    assert "> **INCOMPLETE: " in page
    assert "<summary>Can't be checked under the new version (1)</summary>" in page
    assert "- B-9.yaml:9:5: No such.\n" in page
    assert "- A note.\n" in page


def test_markdown_of_nothing_has_no_table(found: Impact) -> None:
    page = markdown_of(replace(found, changes=(), explained=None))
    assert "**No finding changes.**" in page
    assert "| Direction |" not in page


def test_json_has_every_key(found: Impact) -> None:
    values = json.loads(json_of(found))
    assert list(values) == [
        "schema_version",
        "partnership",
        "name",
        "old",
        "new",
        "as_of",
        "complete",
        "missing",
        "notes",
        "cases",
        "changes",
        "explained",
        "not_compared",
    ]
    assert values["cases"] == {
        "compared": 1200,
        "areas": {"barset": 1200},
        "left_out": {},
        "changed": 20,
        "worse": 0,
        "better": 12,
        "other": 12,
        "lost": 12,
    }
    first, removed = values["changes"]
    assert first == {
        "requirement": "barset.notice",
        "renamed_from": None,
        "title": "The Panel has the report before publication",
        "direction": "better",
        "old": {"status": "overdue", "answer": None, "binding": "must"},
        "new": {"status": "upcoming", "answer": None, "binding": "must"},
        "moved": "later",
        "days": {"min": 4, "median": 4, "max": 4},
        "only_date": False,
        "cases": 12,
        "findings": 14,
        "areas": {"barset": 12},
        "rule": list(CHANGE.rule),
        "examples": [
            {
                "partnership": "barset",
                "case": name,
                "subject": subject,
                "old_due": "2026-05-30",
                "new_due": "2026-06-03",
            }
            for name, subject in (("B-2", None), ("B-3", "police"))
        ],
    }
    assert (removed["new"], removed["days"]) == (None, None)
    assert values["explained"]["old"]["status"] == "overdue"
    assert values["explained"]["new"]["counted"] == "at least 10 days before publication"


def test_json_of_nothing_and_of_a_part(found: Impact) -> None:
    values = values_of(replace(found, changes=(), explained=None, taken=("x",)))
    assert (values["explained"], values["complete"]) == (None, False)
    assert values["missing"] == {"both": 0, "new": [], "old": ["x"]}
    one_side = values_of(replace(found, explained=replace(EXPLAINED, old=None)))
    assert one_side["explained"]["old"] is None


def test_json_for_a_console_without_unicode(found: Impact) -> None:
    json_of(found, ascii_only=True).encode("ascii")
