"""`cspr roles` and the page of an area, over an area made up for these tests and the real ones."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.golden import is_as_it_was_read

ROOT = Path(__file__).parent.parent.parent
PLUGINS = ROOT / "plugins"
DAY = "2026-11-21"


def flat(text: str) -> str:
    return " ".join(text.split())


def test_roles_are_listed_with_how_much_they_have_to_do(run: Callable, area: Path) -> None:
    out = flat(run("roles", "testshire", "--plugins", area).out)
    # One duty of the profile, the terms of reference, and the nation's content of the report.
    assert "- lead_reviewer: Independent Reviewer, 3 must" in out
    assert "- agency: Each agency, 1 must" in out


def test_roles_without_a_duty_are_listed_apart(run: Callable, area: Path) -> None:
    out = flat(run("roles", "testshire", "--plugins", area).out)
    silent = out.partition("NOTHING IS LAID DOWN FOR THESE")[2]
    assert "“Made-up Guide” (December 2020) gives them no duty by name" in silent
    assert "scrutineer: The independent scrutineer, who challenges the arrangements" in silent


def test_role_has_duties_by_stage_with_sections(run: Callable, area: Path) -> None:
    out = flat(run("roles", "testshire", "lead_reviewer", "--plugins", area).out)
    assert (
        "REVIEW The local child safeguarding practice review itself. You must: - Chairs the Review"
        " Team. [1] - See to it: the terms of reference are written. [2]"
    ) in out
    assert "SECTIONS - 1: Roles - 2: Review - 3: Child Safeguarding Practice Review and" in out


def test_limit_is_told_in_words(run: Callable, area: Path) -> None:
    out = flat(run("roles", "testshire", "agency", "--plugins", area).out)
    assert "Return the template. [1] When: within 7 working days of the request for" in out


def test_role_may_be_written_as_people_write(run: Callable, area: Path) -> None:
    plain = run("roles", "testshire", "lead_reviewer", "--plugins", area)
    assert run("roles", "testshire", "Lead reviewer", "--plugins", area) == plain


def test_role_without_duties_says_so(run: Callable, area: Path) -> None:
    out = flat(run("roles", "testshire", "social_worker", "--plugins", area).out)
    assert "The document lays nothing down for this role by name" in out


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("lead_reviwer",), "ROLE lead_reviwer: there is no such word here. Did you mean lead_rev"),
        (("lead_reviewer", "--format", "json"), "There are: table, markdown."),
        (("--case", "any.yaml"), "--case: name the role too, for example lead_reviewer."),
    ],
)
def test_bad_usage_is_told(run: Callable, area: Path, argv: tuple[str, ...], told: str) -> None:
    ran = run("roles", "testshire", *argv, "--plugins", area)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err


# --- with a case --------------------------------------------------------------------------------


@pytest.fixture
def marked(run: Callable, area: Path, case: Path) -> Callable[[str, str, str], str]:
    """The page of a role, with more lines in the case file."""

    def marked(role: str, as_of: str, more: str = "") -> str:
        case.write_text(case.read_text(encoding="utf-8") + more, encoding="utf-8")
        argv = ("roles", "testshire", role, "--case", case, "--as-of", as_of, "--plugins", area)
        ran = run(*argv)
        assert (ran.status, ran.err) == (0, "")
        return flat(ran.out)

    return marked


def test_case_says_what_is_next_and_for_whom(marked: Callable) -> None:
    # Asked on Tue 10 March 2026: 11, 12, 13, 16, 17, 18, 19 March are seven working days.
    assert (
        "IN THIS CASE TS-2026-01 as of Thu 12 March 2026: 2 to do. It says how everybody stands"
        " whom the case names: read it through before it is handed to one of them. Next, by date: -"
        " Thu 19 March 2026: Return the template (General practice and Police)"
    ) in marked("agency", "2026-03-12")


def test_case_says_what_is_overdue(marked: Callable) -> None:
    text = marked("agency", "2026-03-20")
    assert "as of Fri 20 March 2026: 2 overdue." in text
    assert "Overdue: - Thu 19 March 2026: Return the template" in text
    assert (
        "In this case, OVERDUE: General practice and Police: Was due by Thu 19 March 2026"
        " (1 working day ago); not recorded as done."
    ) in text


def test_case_says_what_is_done(marked: Callable) -> None:
    done = "  - {type: information_returned, agency: [police, gp], date: 2026-03-18}\n"
    assert (
        "In this case, DONE: General practice and Police: Wed 18 March 2026, due by"
        " Thu 19 March 2026."
    ) in marked("agency", "2026-03-20", done)


def test_case_says_what_is_waited_for(marked: Callable) -> None:
    text = marked("lead_reviewer", "2026-03-12")
    assert "In this case, NOT YET: waits for a decision for a local review." in text


def test_case_says_what_has_no_date(marked: Callable) -> None:
    decided = "  - {type: decision, outcome: local_review, date: 2026-03-16}\n"
    text = marked("lead_reviewer", "2026-03-20", decided)
    assert "Still to do, with no date: - See to it: the terms of reference are written" in text
    assert "the terms of reference are written. [2] In this case, TO DO" in text


def test_days_of_gatherings_are_told(marked: Callable) -> None:
    days = (
        "  - {type: author_briefing, date: 2026-03-16}\n"
        "  - {type: practitioner_event, planned: 2026-05-12}\n"
        "  - {type: debrief, date: 2026-03-19}\n"  # after the day of the page
    )
    text = marked("practitioner", "2026-03-18", days)
    assert (
        "Days on record: - The author briefing: held on Mon 16 March 2026"
        " - The practitioner event: planned for Tue 12 May 2026 "
    ) in text
    assert "de-brief" not in text


def test_nothing_to_check_is_told(marked: Callable) -> None:
    assert "nothing that a check can see is addressed to this role." in marked(
        "practitioner", "2026-03-12"
    )


def test_what_is_unknown_is_for_the_office(marked: Callable, case: Path) -> None:
    text = case.read_text(encoding="utf-8").replace(
        "gp: {involved: yes}", "gp: {involved: unknown}"
    )
    case.write_text(text, encoding="utf-8")
    assert (
        "Not known yet, and for the business office to find out: - Thu 19 March 2026: Return the"
        " template (General practice)"
    ) in marked("agency", "2026-03-12")


def test_case_of_another_area_is_held_against_the_area_named(run: Callable, area: Path) -> None:
    case = ROOT / "examples" / "northamptonshire" / "in-review.yaml"
    argv = ("roles", "testshire", "agency", "--case", case, "--as-of", "2025-07-01")
    ran = run(*argv, "--plugins", area)
    assert ran.status == 0
    assert "Testshire" in ran.out


# --- the pages of five people, as they were last read ------------------------------------------

PEOPLE = [
    ("staffordshire", "practitioner", "examples/staffordshire/event-planned.yaml", "2026-05-11"),
    ("south_glos", "practitioner", "examples/south_glos/event-held.yaml", "2026-11-21"),
    ("essex", "author", "examples/essex/in-review.yaml", "2025-03-10"),
    ("leeds", "practitioner", "examples/leeds/lessons-being-discussed.yaml", "2026-10-05"),
    ("northamptonshire", "scrutineer", "examples/northamptonshire/in-review.yaml", "2025-07-01"),
]


Person = tuple[str, str, str, str]


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: "-".join(person[:2]))
def test_page_is_as_it_was_read(run: Callable, pytestconfig: pytest.Config, person: Person) -> None:
    area, role, _, _ = person
    out = run("roles", area, role, "--as-of", DAY, "--plugins", PLUGINS).out
    is_as_it_was_read(pytestconfig, f"roles/{area}-{role}.txt", out)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: "-".join(person[:2]))
def test_page_with_a_case_is_as_it_was_read(
    run: Callable, pytestconfig: pytest.Config, person: Person
) -> None:
    area, role, case, day = person
    argv = ("roles", area, role, "--case", ROOT / case, "--as-of", day, "--format", "markdown")
    out = run(*argv, "--plugins", PLUGINS).out
    is_as_it_was_read(pytestconfig, f"roles/{area}-{role}-case.md", out)


# --- the page of an area ------------------------------------------------------------------------


def area_page(run: Callable, area: Path) -> str:
    ran = run("requirements", "testshire", "--plugins", area, "--format", "markdown")
    assert (ran.status, ran.err) == (0, "")
    return str(ran.out)


def test_area_page_says_what_is_covered(run: Callable, area: Path) -> None:
    out = area_page(run, area)
    assert (
        "| Made-up Guide | December 2020 | 1 December 2020 | not said | 21 November 2026 |"
    ) in out
    assert "- The flow chart is not in the text at hand." in out


def test_area_page_has_a_table_of_limits(run: Callable, area: Path) -> None:
    assert (
        "| Agencies return the template (`testshire.information_return`) | within 7 working days of"
        " | the request for information | Each agency | Must |  | Rapid Review |"
    ) in area_page(run, area)


def test_area_page_has_requirements_by_stage(run: Callable, area: Path) -> None:
    assert (
        "- **Agencies return the template.**<br>Who: Each agency. When: within 7 working days of"
        " the request for information. Section: Rapid Review. `testshire.information_return`"
    ) in area_page(run, area)


def test_area_page_says_what_is_not_verified(run: Callable, area: Path) -> None:
    out = area_page(run, area)
    line = next(x for x in out.splitlines() if x.endswith("`national.stay_public`"))
    assert "Must, by an Act or regulations." in line
    assert "Not verified against the source's text." in line


def test_area_page_has_contacts_as_published(run: Callable, area: Path) -> None:
    out = area_page(run, area)
    assert (
        "| Business office | office@testshire.example | Made-up Guide, December 2020 | never |  |"
    ) in out
    assert "| Made-up Guide, 5 December 2020 | 20 May 2026 |  |" in out


def test_area_page_has_readings(run: Callable, area: Path) -> None:
    assert "- **Agencies return the template.** Each agency counts from" in area_page(run, area)


def test_area_page_says_where_there_is_nothing(run: Callable, area: Path) -> None:
    path = area / "testshire" / "arrangements.yaml"
    text = path.read_text(encoding="utf-8").replace("reading: Each", "note: Each")
    start, end = text.index("bodies:"), text.index("requirements:")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    out = area_page(run, area)
    assert "## Bodies\n\nThe document names none." in out
    assert "## Contacts, as published\n\nThe document gives none." in out
    assert "## How unclear passages are read\n\nThe arrangements note none." in out


@pytest.mark.parametrize("option", [("--stage", "review"), ("--kind", "step")])
def test_area_page_is_of_the_whole_area(run: Callable, area: Path, option: tuple[str, str]) -> None:
    argv = ("requirements", "testshire", "--plugins", area, "--format", "markdown", *option)
    ran = run(*argv)
    assert (ran.status, ran.out) == (2, "")
    assert "this is the page of the whole area. Leave --stage and --kind out." in ran.err
