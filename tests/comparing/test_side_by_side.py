"""Areas side by side: what stands in one row, what is said of a silent area, and the formats."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import html5lib
import pytest

from cspr_core.check import Rules, rules_for
from cspr_core.comparing.compare_html import html_of
from cspr_core.comparing.compare_markdown import markdown_of
from cspr_core.comparing.compare_text import text_of
from cspr_core.comparing.matters import HOMES, TOPICS, Matter, matter_of
from cspr_core.comparing.side_by_side import (
    DUTY_APPLIES,
    NO_DUTY,
    NO_RULE,
    Row,
    SideBySide,
    side_by_side,
)
from cspr_core.plugins import load_arrangements, national
from cspr_core.vocabulary import vocabulary
from tests.builders import a_requirement

HEAD = """\
schema: cspr.arrangements/1
partnership: {area}
name: {name} Partnership
covers:
  - {{document: Guide, dated: 2024-01, in_force_from: 2024-01-01, written_under: working_together_2023, checked: 2026-01-10}}
not_covered: [Nothing is said of the press.]
bodies:
  review_group: {{name: Review Team}}
  executive: {{name: Chiefs}}
roles:
  lead_reviewer:
    name: Reviewer
    duties:
      - {{stage: review, what: Meet the family., source: {{section: Roles}}}}
contacts:
  - {{for: dfe, email: office@{area}.example, published_in: Guide, as_of: 2024-01, confirmed_on: null}}
requirements:
"""  # noqa: E501
NOTICE = """\
  - id: notice
    kind: deadline
    title: The Panel has the report
    stage: publication
    before: {n: N, unit: days, of: {event: publication}}
    met_by: {event: report_sent, to: panel}
    tightens: national.final_report
    source: {section: Publication}
"""
PRESS = """\
  - id: press
    kind: deadline
    title: The press statement is out
    stage: publication
    before: {n: N, unit: days, of: {event: publication}}
    met_by: {event: press_statement}
    source: {section: Press}
"""
TEAM = """\
  - id: team
    kind: composition
    title: The Review Team is complete
    stage: review
    body: review_group
    seats: [{kind: police}]
    further: {n: 2}
    source: {section: Groups}
"""
TEA = """\
  - id: tea
    kind: step
    title: Tea is served
    stage: review
    unless: recorded
    source: {section: Review}
"""
DEBRIEF = """\
  - id: debrief
    kind: step
    title: There is a de-brief
    stage: publication
    met_by: {event: debrief}
    source: {section: De-briefs}
"""


Area = Callable[..., Rules]


@pytest.fixture
def area(tmp_path: Path) -> Area:
    """The rules of a made-up area with these requirements."""

    def area(name: str, *requirements: str) -> Rules:
        file = tmp_path / f"{name}.yaml"
        head = HEAD.format(area=name, name=name.capitalize())
        body = "".join(requirements)
        file.write_text(head + body if body else head.replace("requirements:\n", ""), "utf-8")
        return Rules(load_arrangements(file), national())

    return area


def rows(compared: SideBySide) -> dict[str, Row]:
    return {
        row.label: row for stage in compared.stages for topic in stage.topics for row in topic.rows
    }


def ids(compared: SideBySide) -> Iterator[str]:
    for stage in compared.stages:
        for topic in stage.topics:
            for row in topic.rows:
                yield from (entry.id for cell in row.cells for entry in cell)
            for cell in topic.unnamed:
                yield from (entry.id for entry in cell)


# --- what a requirement is about ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("requirement", "topic", "label"),
    [
        ("{kind: step, met_by: {event: chronology_returned}}",
         "authors", "The return of chronologies and analyses"),
        ("{kind: step, met_by: {event: draft_shared, with: family}}",
         "drafts", "Drafts for the family"),
        ("{kind: step, met_by: {event: draft_shared, with: [practitioners]}}",
         "drafts", "Drafts for practitioners and contributors"),
        ("{kind: step, met_by: {event: draft_shared, with: executive}}",
         "drafts", "Drafts for the groups"),
        ("{kind: step, met_by: {event: findings_shared, with: family}}",
         "family", "The family hears the findings"),
        ("{kind: step, met_by: {event: findings_shared, with: review_group}}",
         "drafts", "Sharing themes and findings"),
        ("{kind: step, met_by: {event: invited, whom: practitioner, for: practitioner_event}}",
         "practitioners", "Who is invited to the practitioner event"),
        ("{kind: step, met_by: {meeting: practitioner_event, invited: practitioner}}",
         "practitioners", "Who is invited to the practitioner event"),
        ("{kind: step, met_by: {event: invited, whom: police, for: meeting}}",
         "other", "Besides"),
        ("{kind: step, met_by: {event: draft_shared, with: scrutineer}}",
         "scrutineer", "What the scrutineer does"),
        ("{kind: step, who: scrutineer, stage: learning}",
         "scrutineer", "What the scrutineer does"),
        ("{kind: step, met_by: {event: taken_down}, tightens: national.families}",
         "family", "Telling, inviting and hearing the family"),
        ("{kind: composition, body: review_group, seats: [{kind: police}]}",
         "make_up", "Review group: make-up"),
        (("{kind: deadline, for_each: {substitute: oversight_group},"
         " before: {n: 2, unit: days, of: {subject: date}}, met_by: {subject: named}}"),
         "make_up", "Oversight group: substitutes"),
        ("{kind: independence, for_each: {person: {body: review_group}}, no: [knows_child]}",
         "make_up", "Review group: who may be a member"),
        ("{kind: independence, for_each: {person: {role: author}}, no: [involved_with_child]}",
         "authors", "Author: independence"),
        ("{kind: attendance, for_each: {meeting: oversight_group}, present: [{kind: police}]}",
         "make_up", "Oversight group: who attends"),
        ("{kind: attendance, for_each: {meeting: rapid_review_group}, present: [{kind: police}]}",
         "rapid_review", "Who is at the rapid review meeting"),
        ("{kind: attendance, for_each: {agency: involved}, at: debrief, present: [{role: member}]}",
         "debrief", "Who is at the de-briefs, and who leads them"),
        ("{kind: form, for_each: {form: x.referral}, stage: referral, boxes: [dated]}",
         "referral", "The referral and its form"),
        (("{kind: form, for_each: {form: x.returned}, stage: rapid_review, boxes: [dated],"
         " title: The information is complete}"),
         "information", "Forms, complete and signed"),
        ("{kind: step, met_by: {form: x.referral}, stage: referral}",
         "referral", "The referral and its form"),
        ("{kind: hold, running: [prosecution], hold: {event: publication}}",
         "parallel", "What waits while another process runs"),
        (("{kind: hold, within: {n: 12, unit: months, of: {event: publication}},"
         " hold: {event: taken_down}}"),
         "publication", "How long it stays public"),
        (("{kind: hold, within: {n: 1, unit: months, of: {event: publication}},"
         " hold: {event: draft_shared}}"),
         "other", "What is held back"),
        ("{kind: count, of: {event: learning_event}, min: 1}", "learning", "Learning events"),
        ("{kind: criterion, question: improvements}", "decision", "The criteria"),
        ("{kind: step, title: A member resigns in writing}", "make_up", "Who leaves a group"),
        ("{kind: step, title: Practitioners have support}",
         "practitioners", "Support for practitioners"),
        ("{kind: step, title: Tea is served, stage: learning}", "learning", "Besides"),
        ("{kind: step, title: Tea is served, stage: sign_off}", "content", "Besides"),
        ("{kind: step, title: Anything, stage: rapid_review}", "rapid_review", "Besides"),
        ("{kind: step, title: Anything, stage: decision}", "decision", "Besides"),
    ],
)  # fmt: skip
def test_what_a_requirement_is_about(requirement: str, topic: str, label: str) -> None:
    assert matter_of(a_requirement(requirement)) == Matter(topic, label)


def test_every_home_is_a_stage_and_every_topic_is_told() -> None:
    assert set(HOMES.values()) <= set(vocabulary().words("stages"))
    assert set(HOMES) <= set(TOPICS)


# --- rows ---------------------------------------------------------------------------------------


def test_the_same_matter_stands_in_one_row_whatever_it_is_called(area: Area) -> None:
    other = TEAM.replace("id: team", "id: panel").replace("The Review Team", "The panel")
    row = rows(side_by_side([area("barset", TEAM), area("loamshire", other)]))[
        "Review group: make-up"
    ]
    assert [[entry.title for entry in cell] for cell in row.cells] == [
        [],
        ["The Review Team is complete"],
        ["The panel is complete"],
    ]
    assert row.silent[0] == NO_DUTY


def test_an_area_is_silent_where_the_nation_speaks_and_where_nobody_does(area: Area) -> None:
    compared = side_by_side(
        [area("barset", NOTICE.replace("N,", "14,"), DEBRIEF), area("loamshire", TEAM)]
    )
    found = rows(compared)
    assert found["The full report before publication"].silent == (
        NO_DUTY,
        DUTY_APPLIES,
        DUTY_APPLIES,
    )
    assert found["De-briefs: when, and in which order"].silent[2] == NO_RULE
    debrief = next(t for s in compared.stages for t in s.topics if t.word == "debrief")
    assert [column.area for column in debrief.silent] == ["loamshire"]
    assert debrief.shared == ()
    assert [[entry.id for entry in cell] for cell in debrief.besides] == [
        [],
        ["barset.debrief"],
        [],
    ]


def test_rules_of_no_common_matter_are_never_set_beside_each_other(area: Area) -> None:
    other = TEA.replace("tea", "timeline")
    compared = side_by_side([area("barset", TEA), area("loamshire", other)])
    topic = next(t for s in compared.stages for t in s.topics if t.word == "other")
    assert [[entry.id for entry in cell] for cell in topic.unnamed] == [
        [],
        ["barset.tea"],
        ["loamshire.timeline"],
    ]


def test_an_entry_says_what_else_belongs_to_it(area: Area) -> None:
    compared = side_by_side([area("barset", TEAM, TEA), area("loamshire")], "review")
    team = rows(compared)["Review group: make-up"].cells[1][0]
    assert (team.verb, team.when) == ("must", "by the day of the first meeting of the Review Team")
    assert team.more == ("Police.", "Two further partner agencies.")
    (tea,) = next(t for t in compared.stages[0].topics if t.word == "other").unnamed[1]
    assert tea.more == ("An exception is put on record, with its reason.",)


def test_partners_are_no_further_ones_where_there_are_no_seats(area: Area) -> None:
    alone = TEAM.replace("    seats: [{kind: police}]\n", "")
    compared = side_by_side([area("barset", alone), area("loamshire")], "review")
    assert rows(compared)["Review group: make-up"].cells[1][0].more == ("Two partner agencies.",)


def test_a_limit_that_the_title_says_is_not_said_again(area: Area) -> None:
    title = PRESS.replace("N,", "2,").replace("is out", "is out at least 2 days before publication")
    compared = side_by_side([area("barset", title), area("loamshire")], "publication")
    assert rows(compared)["Elected members and the press"].cells[1][0].when == ""


# --- time limits --------------------------------------------------------------------------------


def test_limits_say_how_they_stand_to_the_national_duty(area: Area) -> None:
    # The nation: 7 working days before. 14 days are never fewer: they hold two weekends, so at
    # least 10 days of the week and with Christmas or Easter at most 3 holidays less. 2 days are.
    long, short = NOTICE.replace("N,", "14,"), NOTICE.replace("N,", "2,")
    compared = side_by_side([area("barset", long), area("loamshire", short)], topic="deadlines")
    (row,) = [row for row in compared.limits if row.label == "The full report before publication"]
    assert [limit.words for cell in row.cells for limit in cell] == [
        "at least 7 working days before publication",
        "at least 14 days before publication",
        "at least 2 days before publication",
    ]
    assert [limit.beside for cell in row.cells[1:] for limit in cell] == [
        "stricter than the national duty",
        "looser than the national duty, which holds beside it",
    ]
    assert row.between.startswith("Barset is stricter than Loamshire, on the calendar known")


@pytest.mark.parametrize(
    ("one", "other", "start"),
    [("2", "5", "Loamshire is stricter than Barset"), ("2", "2", "Barset and Loamshire come to")],
)
def test_two_areas_limits_are_compared(area: Area, one: str, other: str, start: str) -> None:
    compared = side_by_side(
        [
            area("barset", PRESS.replace("N,", f"{one},")),
            area("loamshire", PRESS.replace("N,", f"{other},")),
        ],
        topic="deadlines",
    )
    row = next(row for row in compared.limits if row.label == "Elected members and the press")
    assert row.between.startswith(start)


def test_limits_from_different_events_are_not_judged(area: Area) -> None:
    one = PRESS.replace("N,", "2,")
    other = one.replace("of: {event: publication}", "of: {event: sign_off}")
    compared = side_by_side([area("barset", one), area("loamshire", other)], topic="deadlines")
    row = next(row for row in compared.limits if row.label == "Elected members and the press")
    assert row.between == ""


def test_a_rule_without_a_limit_is_told_from_no_rule(area: Area) -> None:
    told = "  - {id: told, kind: step, title: The press is told, stage: publication, met_by: {event: press_statement}, source: {section: P}}\n"  # noqa: E501
    compared = side_by_side(
        [area("barset", PRESS.replace("N,", "2,")), area("loamshire", told)], topic="deadlines"
    )
    row = next(row for row in compared.limits if row.label == "Elected members and the press")
    assert row.silent[2] == "No time stated"


# --- the whole ----------------------------------------------------------------------------------


def test_every_requirement_of_the_areas_and_the_nation_is_told_once() -> None:
    rules = [rules_for("essex"), rules_for("northamptonshire")]
    told = Counter(ids(side_by_side(rules)))
    known = {lowered.requirement.id for one in rules for lowered in one.lowered}
    assert set(told) == known
    assert set(told.values()) == {1}


def test_a_stage_shows_itself_alone(area: Area) -> None:
    compared = side_by_side([area("barset", TEAM, DEBRIEF), area("loamshire")], "publication")
    assert [stage.word for stage in compared.stages] == ["publication"]
    assert "barset.debrief" in set(ids(compared))
    assert "barset.team" not in set(ids(compared))
    assert (compared.documents, compared.contacts, compared.not_covered) == ((), (), ())
    assert compared.limits
    assert not compared.whole


def test_documents_counts_names_contacts_and_gaps(area: Area) -> None:
    compared = side_by_side([area("barset", TEAM, DEBRIEF), area("loamshire", TEAM)])
    assert compared.documents[1].cells[0] == (
        "Guide: dated January 2024; in force from Mon 1 January 2024; checked Sat 10 January 2026",
    )
    assert compared.documents[2].cells[0] == ("Working Together 2023",)
    counts = {row.label: row.cells for row in compared.counts}
    assert counts["Publication"] == (("1",), ("none",))
    assert counts["Together"] == (("2",), ("1",))
    assert {row.label: row.cells for row in compared.bodies}["Executive"] == (
        ("Chiefs",),
        ("Chiefs",),
    )
    assert compared.roles[0].cells[0] == ("Reviewer (1 duty)",)
    (contact,) = compared.contacts
    assert contact.label == "The Department for Education"
    assert contact.cells[1] == (
        "office@loamshire.example; published in Guide, January 2024; never confirmed since",
    )
    assert compared.not_covered[0].cells[0] == ("Nothing is said of the press.",)


# --- formats ------------------------------------------------------------------------------------


@pytest.fixture
def pair(area: Area) -> list[Rules]:
    return [
        area("barset", TEAM, PRESS.replace("N,", "2,"), TEA, DEBRIEF),
        area("loamshire", TEAM),
    ]


def test_text_in_brief_names_what_is_spoken_of(pair: list[Rules]) -> None:
    text = text_of(side_by_side(pair), 79)
    assert "                Barset  Loamshire\n" in text
    assert "  Publication        2       none\n" in text
    assert (
        "  The groups: make-up, attendance, substitutes (Barset 1, Loamshire 1)\n"
        "    Both: Review group: make-up\n"
    ) in text
    assert (
        "  De-briefs (Barset 1)\n"
        "    Barset: De-briefs: when, and in which order\n"
        "    No local rule in Loamshire.\n"
    ) in text
    assert "    National duty alone: The criteria\n" not in text  # with the decision, in one line
    assert "National duty alone: The criteria; The decision" in text
    assert "The Review Team is complete" not in text
    assert text.endswith("All of it: --all, or --format html --out barset-loamshire.html\n")


def test_text_of_everything_says_what_they_say(pair: list[Rules]) -> None:
    text = text_of(side_by_side(pair), 79, everything=True)
    assert (
        "  Review group: make-up\n"
        "    Barset     The Review Team is complete; by the day of the first meeting of\n"
        "               the Review Team (must)\n"
        "                 Police. Two further partner agencies.\n"
        "    Loamshire  The Review Team is complete; by the day of the first meeting of\n"
        "               the Review Team (must)\n"
    ) in text
    assert (
        "DE-BRIEFS\n"
        "\n"
        "  In Barset\n"
        "    - There is a de-brief (must)\n"
        "\n"
        "  No local rule in Loamshire.\n"
    ) in text
    assert "WHAT IS NOT COVERED\n" in text
    assert "--all" not in text
    assert max(map(len, text.splitlines())) <= 79


def test_text_of_a_silent_area_says_that_the_duty_applies(pair: list[Rules]) -> None:
    text = text_of(side_by_side(pair, topic="telling"), 79)
    assert (
        "  The full report before publication\n"
        "    National   The full report is sent before publication; at least\n"
        "               7 working days before publication (must)\n"
    ) in text
    assert "    Barset     No local rule: the national duty applies\n" in text


def test_text_of_several_in_one_cell_has_bullets(area: Area) -> None:
    second = DEBRIEF.replace("id: debrief", "id: again").replace("There is a", "There is another")
    text = text_of(
        side_by_side(
            [area("barset", DEBRIEF, second), area("loamshire", DEBRIEF)], topic="debrief"
        ),
        79,
    )
    assert (
        "    Barset     - There is a de-brief (must)\n"
        "               - There is another de-brief (must)\n"
        "    Loamshire  There is a de-brief (must)\n"
    ) in text


def test_text_of_what_nobody_speaks_of(area: Area) -> None:
    text = text_of(side_by_side([area("barset"), area("loamshire")], topic="debrief"), 79)
    assert text == (
        "Arrangements side by side: Barset and Loamshire\n"
        "\n"
        "  None of these areas says anything of it, nor does the nation.\n"
    )


def test_text_of_many_areas_counts_in_lines_where_columns_have_no_room(area: Area) -> None:
    names = [f"shire_{letter * 12}" for letter in "abcd"]
    text = text_of(side_by_side([area(name, TEAM) for name in names]), 79)
    assert "  Review: Shire Aaaaaaaaaaaa 1, Shire Bbbbbbbbbbbb 1, " in text
    assert "    All: Review group: make-up\n" in text
    assert max(map(len, text.splitlines())) <= 79 + len("-".join(names))


def test_text_of_three_names_two_that_speak(area: Area) -> None:
    compared = side_by_side([area("barset", TEAM), area("loamshire", TEAM), area("midshire")])
    assert "    Barset and Loamshire: Review group: make-up\n" in text_of(compared, 79)


def test_text_says_which_of_two_limits_is_stricter(area: Area) -> None:
    one, other = (area(name, PRESS.replace("N,", n)) for name, n in (("a", "2,"), ("b", "5,")))
    text = text_of(side_by_side([one, other], topic="deadlines"), 79)
    assert "    B is stricter than A, on the calendar known to Sun 31 December 2028.\n" in text


def test_markdown(pair: list[Rules]) -> None:
    text = markdown_of(side_by_side(pair))
    assert text.startswith(
        "# Arrangements side by side: Barset and Loamshire\n\n## The documents\n"
    )
    assert "|  | Barset | Loamshire |\n|---|---|---|\n" in text
    assert (
        "| Review group: make-up | *No national duty* | The Review Team is complete; by the day of"
        " the first meeting of the Review Team (**must**). Police. Two further partner agencies. |"
    ) in text
    assert "| *No local rule: the national duty applies* |" in text
    assert (
        "### De-briefs\n\nIn Barset:\n\n- There is a de-brief (**must**).\n\nNo local rule in"
        in text
    )
    assert "## What is not covered\n" in text
    assert markdown_of(side_by_side(pair, topic="contacts")).count("## ") == 1


def test_markdown_of_several_in_a_cell_and_of_limits_between(area: Area) -> None:
    second = DEBRIEF.replace("id: debrief", "id: again").replace("There is a", "There is another")
    one = area("barset", DEBRIEF, second, PRESS.replace("N,", "2,"))
    other = area("loamshire", DEBRIEF, PRESS.replace("N,", "2,"))
    text = markdown_of(side_by_side([one, other]))
    assert (
        "| • There is a de-brief (**must**).<br>• There is another de-brief (**must**). |" in text
    )
    assert "| Elected members and the press. Barset and Loamshire come to the same, on the" in text


def test_the_page_is_whole_in_itself_and_valid(pair: list[Rules]) -> None:
    page = html_of(side_by_side(pair))
    assert page.isascii()
    parser = html5lib.HTMLParser(strict=True)
    tree = parser.parse(page)
    assert parser.errors == []
    names = {
        element.tag.rpartition("}")[2] for element in tree.iter() if isinstance(element.tag, str)
    }
    assert not names & {"script", "link", "img", "iframe"}
    assert "http" not in page.replace("http-equiv", "")


def test_the_pages_links_lead_somewhere_and_tables_have_captions(pair: list[Rules]) -> None:
    tree = html5lib.parse(html_of(side_by_side(pair)), namespaceHTMLElements=False)
    anchors = [element.get("id") for element in tree.iter() if element.get("id")]
    links = [element.get("href") for element in tree.iter("a")]
    assert len(anchors) == len(set(anchors))
    assert links
    assert {str(link).removeprefix("#") for link in links} <= set(anchors)
    for table in tree.iter("table"):
        assert table.find("caption") is not None
        assert all(head.get("scope") for head in table.iter("th"))


def test_the_page_escapes_what_areas_write(area: Area) -> None:
    odd = TEAM.replace("The Review Team is complete", '"<b>Team</b> & co"')
    page = html_of(side_by_side([area("barset", odd), area("loamshire")]))
    assert "&lt;b&gt;Team&lt;/b&gt; &amp; co" in page


def test_the_page_of_one_topic_has_no_contents(pair: list[Rules]) -> None:
    page = html_of(side_by_side(pair, topic="debrief"))
    assert "<nav" not in page
    assert "No local rule in Loamshire." in page
