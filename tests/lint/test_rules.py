"""What the smaller rules find, and what they let pass, beyond their two examples."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cspr_core.lint import (
    contacts_malformed,
    contacts_old,
    coverage_page,
    days,
    dead_values,
    duplicates,
    empty_requirements,
    nobody_named,
    one_for_all,
    order_cycles,
    placeholders,
    raw_rules,
    readings,
    restated,
    sources,
    stages_covered,
    unchecked,
    unexercised,
    unreadable_scenarios,
    unused_anchors,
    unused_words,
)
from tests.lint.said import result, said, step, write

# --- words and texts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Report TODO", "TODO"),
        ("xxx", "xxx"),
        ("Lorem  ipsum dolor", "Lorem  ipsum"),
        ("To be confirmed.", "To be confirmed."),
        ("See www.example.org for more", "example.org"),
        ("The report is …", "…"),
        ("'The report is ...'", "..."),
        ("'<name of the partnership>'", "<name of the partnership>"),
        ("'[insert the name]'", "[insert the name]"),
        ("'{{ name }}'", "{{ name }}"),
        ("Who is it??", "??"),
    ],
)
def test_a_placeholder(text: str, shown: str, tmp_path: Path) -> None:
    path = write(tmp_path, step(title=text))
    assert said(path, placeholders) == [f"7:34: A placeholder stands here: {shown}"]


@pytest.mark.parametrize("text", ["''", "' '"])
def test_a_text_that_is_none(text: str, tmp_path: Path) -> None:
    assert said(write(tmp_path, step(title=text)), placeholders) == ["7:34: There is no text here"]


@pytest.mark.parametrize(
    "text",
    [
        "Send the form back to be completed",
        "What is there to do for the TBCs",
        "Tell them '… and why' in words",
        "Write to office@exshire.example",
        "Why? Who?",
        "Fewer than < 3 days",
    ],
)
def test_what_only_looks_like_a_placeholder(text: str, tmp_path: Path) -> None:
    assert said(write(tmp_path, step(title=text)), placeholders) == []


def test_a_word_that_a_raw_rule_uses_is_used(tmp_path: Path) -> None:
    rule = (
        "{id: r, kind: rule, title: R, stage: review, who: author, source: {section: 1},"
        " match: {a: [{fact: event, where: {name: exshire.plan}}]},"
        " decide: [{status: met, all: [a]}, {status: upcoming}]}"
    )
    words = "words: {exshire.plan: A plan, exshire.other: Another}\n"
    assert said(write(tmp_path, rule, sections=words), unused_words) == [
        "6:31: No requirement uses `exshire.other`, so what a case records under it changes nothing"
    ]


def test_an_anchor_that_is_written_over_before_it_is_used(tmp_path: Path) -> None:
    one, two, three = (step(id_=name) for name in ("one", "two", "three"))
    path = write(
        tmp_path,
        one.replace("source: {", "source: &a {"),
        two.replace("source: {", "source: &a {"),
        three.replace("source: {section: 1}", "source: *a"),
    )
    # the first is at the source of the first requirement
    (found,) = said(path, unused_anchors)
    assert found.startswith("7:")
    assert found.endswith("The anchor &a is never referred to")


def test_json_has_no_anchors(tmp_path: Path) -> None:
    path = tmp_path / "arrangements.json"
    path.write_text(
        '{"schema": "cspr.arrangements/1", "partnership": "exshire", "name": "Exshire",'
        ' "covers": [{"document": "Guide", "checked": "2026-11-01"}]}',
        encoding="utf-8",
    )
    assert said(path, unused_anchors) == []


def test_advice_needs_nobody_to_act(tmp_path: Path) -> None:
    advice = "{id: a, kind: advice, title: A, stage: review, source: {section: 1}}"
    assert said(write(tmp_path, advice), nobody_named) == []


# --- limits and conditions ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "found"),
    [
        # what the limit counts from is another agency's request
        (
            (
                "for_each: {agency: involved},"
                " within: {n: 7, unit: days, of: {event: information_requested}},"
                " met_by: {event: information_returned, same: agency}"
            ),
            1,
        ),
        ("for_each: {recipient: [panel, ofsted]}, met_by: {event: report_sent}", 1),
        ("for_each: {recipient: [panel, ofsted]}, met_by: {event: report_sent, to: panel}", 0),
        # what is done once for all has no agency of its own
        ("for_each: {agency: involved}, met_by: {event: author_briefing}", 0),
        ("for_each: {child: all}, met_by: {event: notified, to: panel}", 0),
        # a condition is no answer
        (
            (
                "for_each: {agency: involved}, when: {happened: {event: author_asked}},"
                " met_by: {event: chronology_returned, same: agency}"
            ),
            0,
        ),
    ],
)
def test_one_answers_for_all(more: str, found: int, tmp_path: Path) -> None:
    assert len(said(write(tmp_path, step(more)), one_for_all)) == found


def test_values_governed_by_other_events_stand_beside_each_other(tmp_path: Path) -> None:
    values = (
        "values: [{in_force_from: 2026-06-01, governed_by: [{event: notified}],"
        " within: {n: 9, unit: days, of: {event: aware}}},"
        " {within: {n: 5, unit: days, of: {event: aware}}}], met_by: {event: decision}"
    )
    assert said(write(tmp_path, step(values)), dead_values) == []


def test_a_value_without_a_day_takes_the_place_of_all_before_it(tmp_path: Path) -> None:
    values = (
        "values: [{within: {n: 9, unit: days, of: {event: aware}}},"
        " {within: {n: 5, unit: days, of: {event: aware}}}], met_by: {event: decision}"
    )
    (found,) = said(write(tmp_path, step(values)), dead_values)
    assert found.endswith(
        "This value of `exshire.one`, from any date, never holds: a value after it holds from any"
        " date"
    )


def test_a_match_that_no_row_names(tmp_path: Path) -> None:
    rule = (
        "{id: r, kind: rule, title: R, stage: review, who: author, source: {section: 1},"
        " match: {a: [{fact: child}], b: [{fact: child}]},"
        " decide: [{status: breached, all: [a]}, {status: met, all: [a]}, {status: upcoming}]}"
    )
    # a breach waits until every condition holds, so that the row after it can be reached
    (found,) = said(write(tmp_path, rule), raw_rules)
    assert found.endswith("No row of `decide` in `exshire.r` names the match `b`")


@pytest.mark.parametrize(
    ("requirement", "what"),
    [
        (
            "kind: composition, body: review_group, further: {n: 1, uninvolved: 2},",
            "asks for 2 of 1 further partners to be uninvolved",
        ),
        ("kind: composition, body: review_group,", "names nobody who has to be in the body"),
        (
            "kind: composition, body: review_group, further: {n: 0},",
            "names nobody who has to be in the body",
        ),
        ("kind: attendance, for_each: {meeting: review_group},", "asks for nobody"),
        (
            "kind: independence, for_each: {person: {role: author}},",
            "asks nothing of the person",
        ),
    ],
)
def test_what_asks_for_nothing(requirement: str, what: str, tmp_path: Path) -> None:
    text = (
        f"{{id: one, {requirement} title: One, stage: review, who: author, source: {{section: 1}}}}"
    )
    (found,) = said(write(tmp_path, text), empty_requirements)
    assert found.endswith(f"`exshire.one` {what}")


@pytest.mark.parametrize(
    "requirement",
    [
        "kind: composition, body: review_group, further: {n: 2, uninvolved: 2},",
        "kind: composition, body: review_group, chair: {role: chair},",
        "kind: attendance, for_each: {meeting: review_group}, agencies: {n: 3},",
        "kind: independence, for_each: {person: {role: author}}, not_in: [review_group],",
        "kind: count, of: {event: practitioner_event}, max: 2,",
    ],
)
def test_what_asks_for_something(requirement: str, tmp_path: Path) -> None:
    text = (
        f"{{id: one, {requirement} title: One, stage: review, who: author, source: {{section: 1}}}}"
    )
    assert said(write(tmp_path, text), empty_requirements) == []


# --- twice, and in a circle -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("met_by: {event: decision}", "met_by: {event: decision}", 1),
        ("met_by: {event: decision}", "met_by: {event: sign_off}", 0),
        # what minutes alone can show is told apart by its words
        ("", "", 0),
        (
            "within: {n: 5, unit: days, of: {event: aware}}, met_by: {event: decision}",
            "within: {n: 5, unit: working_days, of: {event: aware}}, met_by: {event: decision}",
            1,
        ),
        (
            "within: {n: 5, unit: days, of: {event: aware}}, met_by: {event: decision}",
            "within: {n: 5, unit: days, of: {event: notified}}, met_by: {event: decision}",
            0,
        ),
        (
            "within: {n: 5, unit: days, of: {event: aware}}, met_by: {event: decision}",
            (
                "within: {n: 5, unit: days, of: {event: aware}}, met_by: {event: decision},"
                " binding: should"
            ),
            0,
        ),
        (
            "values: [{within: {n: 5, unit: days, of: {event: aware}}}], met_by: {event: decision}",
            "values: [{within: {n: 6, unit: days, of: {event: aware}}}], met_by: {event: decision}",
            1,
        ),
    ],
)
def test_the_same_twice(one: str, other: str, found: int, tmp_path: Path) -> None:
    path = write(tmp_path, step(one), step(other, "two", "Two"))
    assert len(said(path, duplicates)) == found


def test_advice_may_be_given_twice(tmp_path: Path) -> None:
    advice = "{id: %s, kind: advice, title: A, stage: review, source: {section: 1}}"
    assert said(write(tmp_path, advice % "a", advice % "b"), duplicates) == []


def test_the_other_limit_is_told(tmp_path: Path) -> None:
    one = "within: {n: 1, unit: months, of: {event: aware}}, met_by: {event: decision}"
    other = "within: {as: national.rapid_review}, met_by: {event: decision}"
    same = "within: {n: 30, unit: days, of: {event: aware}}, met_by: {event: decision}"
    path = write(tmp_path, step(one), step(same, "two"), step(other, "three"))
    (found,) = said(path, duplicates)
    assert found.endswith("with another limit: 30 days here, 1 month there")


DRAFT, TERMS, SIGNED = "{event: draft_shared}", "{event: terms_of_reference}", "{event: sign_off}"


def test_a_circle_of_three(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        step(f"after: {SIGNED}, met_by: {TERMS}", "one"),
        step(f"after: {TERMS}, met_by: {DRAFT}", "two"),
        step(f"ahead_of: {SIGNED}, met_by: {DRAFT}", "three"),
    )
    (found,) = said(path, order_cycles)
    assert found.startswith(
        "9:10: `exshire.three` goes round in a circle with `exshire.one`, `exshire.two`"
    )


@pytest.mark.parametrize(
    "others",
    [
        # one of several will do
        [f"after: {{any: [{DRAFT}, {SIGNED}]}}, met_by: {TERMS}"],
        [f"after: {DRAFT}, met_by: [{TERMS}, {SIGNED}]"],
        [f"ahead_of: [{DRAFT}, {SIGNED}], met_by: {TERMS}"],
        # asked of others
        [f"for_each: {{agency: any}}, after: {DRAFT}, met_by: {TERMS}"],
        # what can't be told apart by its pattern
        ["after: {role: author}, met_by: {event: terms_of_reference}"],
        ["after: {event: decision}, met_by: {form: exshire.summary}"],
    ],
)
def test_no_circle(others: list[str], tmp_path: Path) -> None:
    requirements = [step(more, f"other{n}") for n, more in enumerate(others)]
    path = write(tmp_path, step(f"after: {TERMS}, met_by: {DRAFT}"), *requirements)
    assert said(path, order_cycles) == []


def test_a_step_after_itself(tmp_path: Path) -> None:
    (found,) = said(write(tmp_path, step(f"after: {DRAFT}, met_by: {DRAFT}")), order_cycles)
    assert "goes round in a circle with itself" in found


def test_a_circle_is_told_once(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        step(f"after: {DRAFT}, met_by: {TERMS}", "one"),
        # both say that the draft comes after the terms: the second closes no circle of its own
        step(f"after: {TERMS}, ahead_of: {TERMS}, met_by: {DRAFT}", "two"),
    )
    found = said(path, order_cycles)
    assert [text.split(" goes ")[0] for text in found] == ["8:10: `exshire.two`"] * len(found)


# --- national duties ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "found"),
    [
        (
            (
                "within: {n: 3, unit: months, of: {event: decision}}, met_by: {event: publication,"
                " what: report}"
            ),
            1,
        ),
        # in the other direction, from another start, met by something else, without a limit
        (
            (
                "before: {n: 3, unit: months, of: {event: decision}}, met_by: {event: publication,"
                " what: report}"
            ),
            0,
        ),
        ("within: {n: 3, unit: months, of: {event: aware}}, met_by: {event: publication}", 0),
        ("within: {n: 3, unit: months, of: {event: decision}}, met_by: {event: sign_off}", 0),
        ("met_by: {event: publication, what: report}", 0),
        ("within: {n: 3, unit: months, of: {event: decision}}, met_by: {meeting: executive}", 0),
        ("within: {as: national.rapid_review}, met_by: {event: decision}", 1),
        (
            (
                "within: {as: national.rapid_review}, met_by: {event: decision},"
                " tightens: national.decision"
            ),
            0,
        ),
    ],
)
def test_a_national_duty_restated(more: str, found: int, tmp_path: Path) -> None:
    assert len(said(write(tmp_path, step(more)), restated)) == found


# --- sources, readings, days ----------------------------------------------------------------------


def test_a_section_that_says_nothing(tmp_path: Path) -> None:
    roles = (
        "roles: {author: {name: A, duties: [{stage: review, what: W, source: {section: ' '}}]}}\n"
    )
    path = write(tmp_path, step().replace("section: 1", "section: ''"), sections=roles)
    assert [text.partition(": ")[2] for text in said(path, sources)] == [
        "The source of a duty of `author` names no section",
        "The source of `exshire.one` names no section",
    ]


def test_a_document_far_from_any_that_is_covered(tmp_path: Path) -> None:
    path = write(tmp_path, step().replace("section: 1", "section: 1, document: Constitution"))
    (found,) = result(path, sources).found
    assert found.remedy == "Add the document to `covers`, with its date and the day it was checked"


def test_the_nearest_document_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, step().replace("section: 1", "section: 1, document: Guide to review"))
    (found,) = result(path, sources).found
    assert found.remedy.startswith("Write `Guide to reviews` if that was meant")


@pytest.mark.parametrize(
    ("checked", "as_of", "found"),
    [
        # a year after 29 February 2024 is 28 February 2025
        ("2024-02-29", date(2025, 2, 28), 0),
        ("2024-02-29", date(2025, 3, 1), 1),
        ("2026-11-22", date(2026, 11, 21), 1),
        ("2026-11-21", date(2026, 11, 21), 0),
    ],
)
def test_checked_within_a_year(checked: str, as_of: date, found: int, tmp_path: Path) -> None:
    covers = f"covers: [{{document: Guide, checked: {checked}}}]\n"
    assert len(said(write(tmp_path, covers=covers), unchecked, as_of)) == found


def test_a_requirement_checked_by_itself(tmp_path: Path) -> None:
    path = write(tmp_path, step("checked: 2024-01-01"))
    (found,) = said(path, unchecked)
    assert found.endswith(
        "`exshire.one` was last checked on 2024-01-01, over a year before 2026-11-21"
    )


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Done approximately 10 working days later", "approximately 10 working days"),
        ("Done within a couple of weeks", "a couple of weeks"),
        ("Done as soon as it is known", "as soon as"),
        ("Done without undue delay", "without undue delay"),
        ("Done in a timely manner", "in a timely manner"),
        ("Monitored at regular intervals", "at regular intervals"),
    ],
)
def test_a_loose_time(title: str, words: str, tmp_path: Path) -> None:
    (found,) = said(write(tmp_path, step(title=title)), readings)
    assert f"says `{words}`" in found


@pytest.mark.parametrize(
    ("title", "more", "found"),
    [
        # usually is loose about a limit, and about nothing else
        ("Usually done in time", "within: {n: 1, unit: days, of: {event: aware}}", 1),
        ("Usually on the website", "", 0),
        ("Talk about two children", "", 0),
        ("Learn about the day", "", 0),
        ("Done as soon as possible", "reading: No date is stated", 0),
    ],
)
def test_what_is_loose_about_a_time(title: str, more: str, found: int, tmp_path: Path) -> None:
    more = f"{more}, met_by: {{event: decision}}" if more else ""
    assert len(said(write(tmp_path, step(more, title=title)), readings)) == found


def test_advice_may_be_loose(tmp_path: Path) -> None:
    advice = (
        "{id: a, kind: advice, title: As soon as it can be, stage: review, source: {section: 1}}"
    )
    assert said(write(tmp_path, advice), readings) == []


@pytest.mark.parametrize(
    ("unit", "title", "reading", "found"),
    [
        ("days", "Within seven working days", "", 1),
        ("days", "Within 7 working-days", "", 1),
        # another figure: it may be another limit
        ("days", "Within 10 working days", "", 0),
        ("days", "Within 7 days", "", 0),
        ("days", "Within 7 days", "The national 7 working days hold beside the calendar days.", 0),
        ("days", "Within 7 days", "Not working days.", 0),
        ("working_days", "Within 7 days", "", 1),
        ("working_days", "Within seven calendar days", "", 1),
        ("working_days", "Within 7 days", "Read as working days.", 0),
        ("working_days", "Within 7 working days", "", 0),
        ("months", "Within 7 working days", "", 0),
    ],
)
def test_days_and_working_days(
    unit: str, title: str, reading: str, found: int, tmp_path: Path
) -> None:
    more = f"within: {{n: 7, unit: {unit}, of: {{event: aware}}}}, met_by: {{event: decision}}"
    more += f", reading: {reading}" if reading else ""
    assert len(said(write(tmp_path, step(more, title=title)), days)) == found


def test_a_dated_value_is_read_by_its_reference_too(tmp_path: Path) -> None:
    more = (
        "values: [{within: {n: 7, unit: days, of: {event: aware}},"
        " reference: 7 working days until 2025}], met_by: {event: decision}"
    )
    (found,) = said(write(tmp_path, step(more)), days)
    assert "its reference says 7 working days" in found


# --- contacts and coverage ------------------------------------------------------------------------


def contact(more: str) -> str:
    return f"contacts: [{{for: panel, {more}, published_in: Guide, as_of: 2026-01}}]\n"


@pytest.mark.parametrize(
    "more",
    [
        "email: office@exshire.gov.uk",
        "email: first.o'last+case@sub.exshire.gov.uk",
        "phone: 01632 960123",
        "phone: '+44 (0)1632 960123'",
        "phone: 020 7946 0123, url: https://www.exshire.gov.uk/contact",
        "phone: 0300 123 4567 ext 3",
        "phone: '101'",
        "url: https://panel.example",
    ],
)
def test_a_contact_that_is_well_formed(more: str, tmp_path: Path) -> None:
    assert said(write(tmp_path, sections=contact(more)), contacts_malformed) == []


@pytest.mark.parametrize(
    "more",
    [
        "email: office at exshire.gov.uk",
        "email: office@exshire",
        "email: office@@exshire.gov.uk",
        "email: office@exshire.gov.uk.",
        "phone: 1632 960123",
        "phone: 01632 96",
        "phone: 01632 960123 456",
        "phone: see website",
        "url: www.exshire.gov.uk",
        "url: https://exshire",
        "url: 'https://[exshire'",
        "url: mailto:office@exshire.gov.uk",
        "name: The office",
    ],
)
def test_a_contact_that_is_not(more: str, tmp_path: Path) -> None:
    assert len(said(write(tmp_path, sections=contact(more)), contacts_malformed)) == 1


@pytest.mark.parametrize(
    ("as_of", "confirmed", "what"),
    [
        # the last day of November 2025 is under a year ago
        ("2025-11", "null", ""),
        ("2025-10", "null", "published in 2025-10 and never confirmed: over a year before"),
        ("2025-11-20", "null", "published in 2025-11-20 and never confirmed: over a year before"),
        ("2025-11-21", "null", ""),
        ("2020-12", "2026-01-10", ""),
        ("2020-12", "2025-01-10", "published in 2020-12, last confirmed on 2025-01-10: over a"),
        ("null", "null", "published without a date and never confirmed"),
        ("null", "2026-01-10", ""),
        ("null", "2025-01-10", "published in a text without a date, last confirmed on 2025-01-10"),
    ],
)
def test_how_old_a_contact_is(as_of: str, confirmed: str, what: str, tmp_path: Path) -> None:
    contacts = (
        "contacts: [{for: panel, email: a@exshire.gov.uk, published_in: Guide,"
        f" as_of: {as_of}, confirmed_on: {confirmed}}}]\n"
    )
    found = said(write(tmp_path, sections=contacts), contacts_old)
    assert len(found) == bool(what)
    assert all(what in text for text in found)


def test_a_stage_with_a_duty_alone_is_covered(tmp_path: Path) -> None:
    roles = "roles: {author: {name: A, duties: [{stage: review, what: W, source: {section: 1}}]}}\n"
    assert said(write(tmp_path, sections=roles), stages_covered) == []


def test_a_stage_that_is_not_declared_is_told_once(tmp_path: Path) -> None:
    elsewhere = [step(id_=name).replace("review", "decision") for name in ("one", "two")]
    path = write(tmp_path, step(id_="three"), *elsewhere)
    (found,) = said(path, stages_covered)
    assert "`exshire.one` belongs to the stage `decision`" in found


# --- the plugin's folder --------------------------------------------------------------------------


def test_a_file_that_stands_alone_has_no_scenarios_to_miss(tmp_path: Path) -> None:
    path = write(tmp_path, step())
    assert said(path, unexercised) == []
    assert said(path, coverage_page) == []


def test_while_a_scenario_cannot_be_read_none_is_missed(tmp_path: Path) -> None:
    path = write(tmp_path, step())
    (tmp_path / "scenarios").mkdir()
    scenario = tmp_path / "scenarios" / "one.yaml"
    scenario.write_text(
        "schema: cspr.scenario/1\ntitle: One\nbase: base/none.yaml\nexpect:\n"
        "  - {requirement: exshire.one, as_of: 2026-05-05, status: met, because: So}\n",
        encoding="utf-8",
    )
    assert said(path, unexercised) == []  # what that one expects is not known
    (found,) = result(path, unreadable_scenarios).found
    assert (found.file, found.line, found.column) == (str(scenario), 3, 7)
    assert found.what == "There is no case file at this path"


def test_a_requirement_that_is_far_from_any(tmp_path: Path) -> None:
    path = write(tmp_path, step())
    (tmp_path / "COVERAGE.md").write_text(
        "`exshire.one`, `exshire.qqqqq`, `national.criteria`, `whatever`, `devon.two`\n", "utf-8"
    )
    (found,) = result(path, coverage_page).found
    assert (found.what, found.remedy) == ("`exshire.qqqqq` is not a requirement", "Take it out")


def test_a_scenario_of_what_is_far_from_any(tmp_path: Path) -> None:
    path = write(tmp_path, step())
    folder = tmp_path / "scenarios"
    (folder / "base").mkdir(parents=True)
    (folder / "base" / "case.yaml").write_text(
        "schema: cspr.case/1\ncase: EX-1\npartnership: exshire\n"
        "children: [{id: child_1}]\nincident: {area: exshire}\n"
        "events: [{type: aware, by: local_authority, date: 2026-03-03}]\n",
        encoding="utf-8",
    )
    (folder / "one.yaml").write_text(
        "schema: cspr.scenario/1\ntitle: One\nbase: base/case.yaml\nexpect:\n"
        "  - {requirement: exshire.qqqqq, as_of: 2026-05-05, status: met, because: So}\n",
        encoding="utf-8",
    )
    (found,) = result(path, unreadable_scenarios).found
    assert found.remedy == "Take its id from `cspr requirements exshire`"
