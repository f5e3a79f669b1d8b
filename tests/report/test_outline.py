"""The order and the words of a report, from findings made by hand; table and markdown alike."""

from datetime import date
from typing import Any

import pytest

from cspr_core.model.finding import (
    CoverRef,
    Finding,
    Missing,
    NextStep,
    Report,
    ReportStep,
    SourceRef,
    Subject,
    Versions,
)
from cspr_core.report.lines import wrapped
from cspr_core.report.markdown import markdown_of
from cspr_core.report.outline import Outline, contacts_hint, dated, outline_of
from cspr_core.report.table import table_of

AS_OF = date(2026, 3, 12)  # a Thursday
STEP = NextStep(what="Do it", who="office")


def finding(requirement: str, status: str, **more: Any) -> Finding:
    values: dict[str, Any] = {
        "requirement": f"area.{requirement}",
        "title": f"Title of {requirement}",
        "kind": "deadline",
        "stage": "review",
        "status": status,
        "subject": None,
        "answer": None,
        "due": None,
        "agreed_due": None,
        "done": None,
        "working_days_left": None,
        "provisional": False,
        "counted_from": None,
        "value": None,
        "authority": "local",
        "binding": "must",
        "tightens": None,
        "verified": True,
        "confirmed": False,
        "message": f"Message of {requirement}.",
        "next_step": STEP if status in ("upcoming", "overdue") else None,
        "missing": (),
        "waits_for": None,
        "source": SourceRef(document="Guide", section="One"),
        "reading": None,
        "evidence": (),
    }
    return Finding(**{**values, **more})


def outline(
    *findings: Finding,
    everything: bool = False,
    contacts: str = "",
    not_covered: tuple[str, ...] = (),
    engines: tuple[str, ...] = ("rete", "reference"),
) -> Outline:
    report = Report(
        schema_version="1",
        case="X-1",
        partnership="area",
        as_of=AS_OF,
        versions=Versions(
            cspr="1",
            plugin="2",
            national="3",
            calendar_verified_to=date(2028, 12, 31),
            engines=engines,
        ),
        covers=(
            CoverRef(
                document="Guide",
                dated="2020-12",
                in_force_from=None,
                written_under=None,
                checked=AS_OF,
                stages=(),
            ),
            CoverRef(
                document="Leaflet",
                dated=None,
                in_force_from=None,
                written_under=None,
                checked=AS_OF,
                stages=(),
            ),
        ),
        not_covered=not_covered,
        summary={},
        next_steps=tuple(
            ReportStep(what="x", who=None, by=None, requirement=f.requirement, subject=None)
            for f in findings
            if f.next_step is not None
        ),
        findings=findings,
    )
    return outline_of(
        report,
        name={"office": "the Office", "police": "Police"}.__getitem__,
        area="Area Partnership",
        everything=everything,
        contacts=contacts,
    )


def table(*findings: Finding, **more: Any) -> str:
    return table_of(outline(*findings, **more), 79)


def agency(word: str) -> Subject:
    return Subject(type="agency", id=word, label=word.capitalize())


def test_heading_says_case_area_day_and_documents() -> None:
    assert table().splitlines()[:4] == [
        "X-1: Area Partnership",
        "As of Thu 12 March 2026, checked against Guide (December 2020), Leaflet and the",
        "national duties.",
        "Must: nothing is open.",
    ]


def test_blocks_stand_in_the_order_of_acting() -> None:
    found = outline(
        finding("undated", "upcoming"),
        finding("coming", "upcoming", due=date(2026, 3, 20), working_days_left=6),
        finding("hold", "upcoming", kind="hold", next_step=None),
        finding("unknown", "undetermined"),
        finding("late", "overdue"),
        finding("should_late", "overdue", binding="should"),
        finding("should_undated", "upcoming", binding="should"),
    )
    assert [(s.part, s.title) for s in found.sections] == [
        ("", "OVERDUE OR BREACHED"),
        ("", "NOT KNOWN"),
        ("", "NOT TO BE DONE FOR NOW"),
        ("", "COMING UP"),
        ("", "STILL TO DO, NO DATE STATED"),
        ("SHOULD BE DONE", "OVERDUE OR BREACHED"),
        ("SHOULD BE DONE", "STILL TO DO, NO DATE STATED"),
    ]
    must, should = found.summary
    assert must == (
        "Must: 1 overdue or breached, 1 not known, 1 not to be done for now, 1 coming up,"
        " 1 without a date."
    )
    assert should == "Should: 1 overdue or breached, 1 without a date."


def test_oldest_of_the_overdue_comes_first() -> None:
    found = outline(
        finding("a", "overdue", due=date(2026, 3, 10)),
        finding("b", "breached"),
        finding("c", "overdue", due=date(2026, 2, 2)),
    )
    assert [item.head for item in found.sections[0].items] == [
        "Title of c",
        "Title of a",
        "Title of b",
    ]


def test_one_day_stands_once_over_all_that_is_due_on_it() -> None:
    due = {"due": date(2026, 3, 13), "working_days_left": 1}
    text = table(finding("a", "upcoming", **due), finding("b", "upcoming", **due))
    assert text.count("Fri 13 March 2026 (1 working day left)") == 1


@pytest.mark.parametrize(
    ("due", "left", "words"),
    [
        (date(2026, 3, 12), 0, "today"),
        (date(2026, 3, 16), 2, "2 working days left"),
        (date(2026, 3, 10), -2, "2 working days ago"),
    ],
)
def test_how_long_there_is_stands_beside_the_day(due: date, left: int, words: str) -> None:
    found = outline(finding("a", "upcoming", due=due, working_days_left=left))
    assert found.sections[0].items[0].when.endswith(f"({words})")


def test_agreed_new_date_is_when_an_excused_one_comes_up() -> None:
    found = outline(
        finding("a", "excused", due=date(2026, 2, 2), agreed_due=date(2026, 5, 1), message="Later.")
    )
    assert found.sections[0].title == "COMING UP"
    assert found.sections[0].items[0].when == "Fri 1 May 2026 (agreed new date)"


def test_exception_on_record_is_counted_and_shown_only_with_everything() -> None:
    excused = finding("a", "excused", message="Excused: an exception is on record.")
    assert "Besides: 1 excused (--all shows them)." in table(excused)
    assert "EXCUSED (1)" not in table(excused)
    assert "EXCUSED (1)" in table(excused, everything=True)


def test_what_is_not_known_stands_once_with_all_that_depends_on_it() -> None:
    missing = (Missing(fact="whether police was involved", where="case.yaml:7"),)
    text = table(
        finding(
            "a",
            "undetermined",
            missing=missing,
            due=date(2026, 3, 20),
            verified=False,
            message="Not known: whether police was involved. If so: due Fri 20 March 2026. Not"
            " verified against the source's text.",
        ),
        *(
            finding(name, "undetermined", missing=missing, message="Not known: x.")
            for name in ("b", "c", "d", "e")
        ),
    )
    assert text.count("whether police was involved") == 1
    assert (
        "    - Title of a (area.a, not verified): if so: due Fri 20 March 2026.\n"
        "    - 4 other requirements without a date depend on it (--all).\n"
        "    Look in: case.yaml:7\n"
    ) in text


def test_few_that_depend_on_it_are_named() -> None:
    missing = (Missing(fact="agenda of m1", where="case.yaml:7"),)
    text = table(finding("b", "undetermined", missing=missing, message="Not known: x."))
    assert "    - Title of b (area.b)\n" in text


def test_many_without_any_date_are_a_count() -> None:
    missing = (Missing(fact="agenda of m1", where="case.yaml:7"),)
    many = [finding(name, "undetermined", missing=missing) for name in "abcd"]
    assert "- 4 requirements without a date depend on it (--all)." in table(*many)
    assert "Title of d" in table(*many, everything=True)


def test_unknown_past_its_date_says_so() -> None:
    text = table(
        finding(
            "a",
            "undetermined",
            due=date(2026, 3, 11),
            subject=agency("police"),
            message="Not known: it. It would be due Wed 11 March 2026.",
        )
    )
    assert "Find out and record: something it depends on" in text
    assert "Title of a, Police (area.a): it would be due Wed 11 March 2026." in text
    assert "11 March 2026. That date has passed." in " ".join(text.split())


def test_undated_stand_by_who_acts() -> None:
    text = table(
        finding("a", "upcoming", message="Not answered."),
        finding(
            "b",
            "upcoming",
            subject=agency("police"),
            next_step=NextStep(what="Return it", who="police"),
            message="Boxes are empty.",
        ),
        finding("c", "upcoming", next_step=None, verified=False),
    )
    assert (
        "  The Office\n"
        "    - Do it (area.a)\n"
        "\n"
        "  The agencies themselves\n"
        "    - Return it, for Police. Boxes are empty (area.b)\n"
    ) in text
    assert "  Whoever it concerns\n    - Title of c. Message of c (area.c, not verified)\n" in text


def test_subject_that_acts_itself_is_who() -> None:
    step = NextStep(what="Return it", who="police")
    text = table(
        finding(
            "a",
            "upcoming",
            due=date(2026, 3, 13),
            working_days_left=1,
            subject=agency("police"),
            next_step=step,
            message="Due by Fri 13 March 2026: 1 working day left.",
        )
    )
    assert "    Return it\n      Who: Police\n      Rule: area.a\n" in text


def test_others_are_whom_it_is_for() -> None:
    due = {"due": date(2026, 3, 13), "working_days_left": 1, "message": "Not answered."}
    labels = ("The Panel", "The Secretary of State")
    text = table(
        *(
            finding(
                "a", "upcoming", subject=Subject(type="recipient", id=label, label=label), **due
            )
            for label in labels
        )
    )
    assert "      For: The Panel and the Secretary of State\n      Who: The Office   Rule" in text


def test_one_reading_is_told_once_in_a_section() -> None:
    text = table(
        finding("a", "overdue", reading="As it stands."),
        finding("b", "overdue", reading="As it stands."),
    )
    assert text.count("Read as: As it stands.") == 1


def test_what_to_do_is_told_where_the_title_does_not() -> None:
    same = NextStep(what="Title of b", who=None)
    text = table(finding("a", "overdue"), finding("b", "overdue", next_step=same))
    assert "To do: Do it." in text
    assert "To do: Title of b" not in text


def test_unverified_is_marked_beside_the_rule_and_explained() -> None:
    text = table(
        finding(
            "a",
            "overdue",
            verified=False,
            message="Late. Not verified against the source's text.",
        )
    )
    assert "Rule: area.a (not verified)" in text
    assert text.count("verified against") == 0
    assert "Not verified: nobody has checked this rule" in text


def test_advice_is_a_count_unless_asked_for() -> None:
    advice = [
        finding(name, "upcoming", kind="advice", next_step=None, binding="should")
        for name in ("a", "b")
    ]
    assert "Besides: 2 pieces of advice (--all shows them)." in table(*advice)
    assert "ADVICE FOR THE STAGES REACHED (2)" in table(*advice, everything=True)
    assert "Should: nothing is open." in table(*advice)


def test_what_is_not_covered_is_cut_to_a_line_unless_asked_for() -> None:
    parts = tuple(f"Part {n} of the document with all of its many pages." for n in range(1, 7))
    short = " ".join(table(not_covered=parts).split())
    whole = " ".join(table(not_covered=parts, everything=True).split())
    # 51 characters each without the full stop, and 2 between: three make 157, four 210.
    assert "Not covered: Part 1 of" in short
    assert "; and 3 more (--all)." in short
    assert "Part 4" not in short
    assert "Part 6 of the document with all of its many pages." in whole


def test_contacts_are_told_where_there_is_something_to_do() -> None:
    hint = contacts_hint([("2020-12", None), ("2024-01", date(2026, 1, 1))], "area")
    assert "Contacts: published December 2020 and never confirmed" in table(
        finding("a", "overdue"), contacts=hint
    )
    assert "Contacts:" not in table(contacts=hint)


def test_contacts_that_were_confirmed_need_no_hint() -> None:
    assert contacts_hint([("2020-12", date(2026, 1, 1))], "area") == ""


def test_engine_that_ran_alone_is_named() -> None:
    assert "Checked by: the reference engine alone" in table(engines=("reference",))
    assert "Checked by: two engines that agree" in table()


@pytest.mark.parametrize(
    ("text", "words"),
    [(None, ""), ("2020-12", "December 2020"), ("2020-12-05", "5 December 2020")],
)
def test_months_and_days_of_documents_are_in_words(text: str | None, words: str) -> None:
    assert dated(text) == words


def test_markdown_escapes_what_would_be_markup() -> None:
    page = markdown_of(outline(finding("a", "overdue", title="Read <this> [now] * #1")))
    assert r"- **Read \<this\> \[now\] \* \#1**" in page


def test_markdown_has_a_heading_for_each_block() -> None:
    page = markdown_of(outline(finding("a", "overdue"), finding("b", "overdue", binding="should")))
    headings = [line for line in page.splitlines() if line.startswith("#")]
    assert headings == [
        "# X-1: Area Partnership",
        "## Overdue or breached (1)",
        "## Should be done",
        "### Overdue or breached (1)",
    ]


def test_a_date_never_breaks_over_two_lines() -> None:
    # `due by Thu` would fit into ten characters, but not the whole date.
    assert wrapped("due by Thu 12 March 2026", 12) == ["due by", "Thu 12 March 2026"]


def test_lines_begin_as_asked() -> None:
    assert wrapped("one two", 7, "- ", "  ") == ["- one", "  two"]
    assert wrapped("one two", 5, "> ") == ["> one", "> two"]


def test_a_file_of_facts_has_no_line_to_look_in() -> None:
    missing = Missing(fact="the outcome", where="caseload.parquet:1")
    text = table(finding("a", "undetermined", message="Not known: it.", missing=(missing,)))
    assert "Find out and record: the outcome" in text
    assert "Look in" not in text
