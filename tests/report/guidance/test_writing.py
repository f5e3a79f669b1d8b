"""What the guidance says: everything that the tool checks, once, and rightly bound."""

import re
from collections import Counter

import pytest

from cspr_core.report.guidance.as_markdown import markdown_of
from cspr_core.report.guidance.document import Bullets, Picture, Step, Table, plain
from cspr_core.report.guidance.sentences import verb_of
from cspr_core.report.guidance.writing import guidance_of
from cspr_core.report.timing import Timing
from cspr_core.report.words import capital
from tests.golden import is_as_it_was_read
from tests.report.guidance.areas import BARE, DAY, MADE_UP, REAL, guidance, rules, step, words

EVERY = (*REAL, MADE_UP)


# --- nothing missing -----------------------------------------------------------------------------


@pytest.mark.parametrize("area", EVERY)
def test_every_requirement_stands_once_in_the_chapter_of_its_stage(area: str) -> None:
    found = [(s.requirement, c.stage) for c in guidance(area).chapters for s in c.steps]
    wanted = [(low.requirement.id, low.requirement.stage) for low in rules(area).lowered]
    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize("area", EVERY)
def test_every_step_bears_the_verb_of_its_source_and_no_stronger_one(area: str) -> None:
    requirements = {low.requirement.id: low.requirement for low in rules(area).lowered}
    for chapter in guidance(area).chapters:
        for found in chapter.steps:
            r = requirements[found.requirement]
            strong = [run.text for run in (*found.lead, *found.text) if run.strong]
            # A step that is shared has its verb in the sentence above; some recipients only should.
            assert strong[0] == verb_of(r), r.id
            others = {"should"} if r.for_each is not None and r.for_each.should else set()
            assert set(strong[1:]) <= others, r.id


@pytest.mark.parametrize("area", EVERY)
def test_every_step_names_its_limit_in_figures(area: str) -> None:
    timing = Timing(rules(area))
    for low in rules(area).lowered:
        r = low.requirement
        for limit in timing.limits(r):
            for length in re.findall(r"\d+ (?:working )?(?:day|month)s?", limit.when):
                assert length in step(area, r.id), r.id


@pytest.mark.parametrize("area", EVERY)
def test_every_step_says_who_acts(area: str) -> None:
    for low in rules(area).lowered:
        r = low.requirement
        if r.who == "agency":
            assert "ach agency" in step(area, r.id), r.id
        elif r.who in rules(area).plugin.arrangements.bodies:
            name = rules(area).plugin.arrangements.bodies[r.who].name
            assert name in step(area, r.id), r.id
        elif r.who == "safeguarding_partners":
            assert "afeguarding partners" in step(area, r.id), r.id


@pytest.mark.parametrize("area", EVERY)
def test_every_step_cites_a_source_that_is_listed(area: str) -> None:
    made = guidance(area)
    requirements = {low.requirement.id: low.requirement for low in rules(area).lowered}
    listed = {}
    for block in made.chapters[-2].blocks:
        if isinstance(block, Table):
            listed |= {plain(number): plain(section) for number, section in block.rows}
    assert made.chapters[-2].title == "Sources"
    for chapter in made.chapters:
        for found in chapter.steps:
            number = next(run.text for run in found.text if run.link.startswith("source-"))
            section = requirements[found.requirement].source.section
            assert listed[number].lower() == section.lower()


@pytest.mark.parametrize("area", EVERY)
def test_every_reading_stands_at_the_end_of_its_chapter(area: str) -> None:
    requirements = {low.requirement.id: low.requirement for low in rules(area).lowered}
    for chapter in guidance(area).chapters:
        notes = {}
        for section in chapter.sections:
            if section.title == "How unclear passages are read":
                (block,) = section.blocks
                assert isinstance(block, Bullets)
                for item in block.items:
                    text = plain(item).partition(": ")[2]
                    notes |= {run.anchor: text for run in item if run.anchor}
        for found in chapter.steps:
            reading = requirements[found.requirement].reading
            links = [run.link for run in found.text if run.text == "note"]
            assert len(links) == (reading is not None)
            if reading is not None:
                # Up to the first bracket, where how to record something may have stood.
                start = " ".join(reading.split()).partition("(")[0]
                start = start.replace("`", "").replace("_", " ")
                assert notes[links[0]].startswith(start.rstrip(" .")), found.number


@pytest.mark.parametrize("area", EVERY)
def test_every_duty_of_a_role_stands_under_the_role(area: str) -> None:
    (chapter,) = [c for c in guidance(area).chapters if c.title == "Roles and their duties"]
    for profile in rules(area).plugin.arrangements.roles.values():
        for duty in profile.duties:
            (section,) = [s for s in chapter.sections if s.title == capital(profile.name)]
            told = "\n".join(
                plain(item) for b in section.blocks if isinstance(b, Bullets) for item in b.items
            )
            assert duty.what.partition(" (`")[0].rstrip(".")[1:] in told


@pytest.mark.parametrize("area", EVERY)
def test_every_figure_is_in_the_table_of_dates(area: str) -> None:
    table = next(b for b in guidance(area).chapters[1].blocks if isinstance(b, Table))
    told = {plain(row[0]): plain(row[2]) for row in table.rows}
    numbers = {s.requirement: s.number for c in guidance(area).chapters for s in c.steps}
    timing = Timing(rules(area))
    for low in rules(area).lowered:
        for limit in timing.limits(low.requirement):
            for length in re.findall(r"\d+ (?:working )?(?:day|month)s?", limit.when):
                assert length in told[numbers[low.requirement.id]]


@pytest.mark.parametrize("area", EVERY)
def test_every_link_leads_to_one_place(area: str) -> None:
    made = guidance(area)
    places = Counter(c.anchor for c in made.chapters)
    links = set()
    for chapter in made.chapters:
        for block in chapter.blocks:
            texts = []
            if isinstance(block, Step):
                places[block.anchor] += 1
                texts = [block.lead, block.text]
            elif isinstance(block, Bullets):
                texts = list(block.items)
            elif isinstance(block, Table):
                texts = [cell for row in block.rows for cell in row]
            elif not isinstance(block, Picture):
                texts = [block.text]
            for text in texts:
                places.update(run.anchor for run in text if run.anchor)
                links |= {run.link for run in text if run.link}
    assert links <= set(places)
    assert max(places.values()) == 1


@pytest.mark.parametrize("area", EVERY)
def test_what_is_not_covered_is_said(area: str) -> None:
    told = words(area, "What this guidance does not cover")
    for text in rules(area).plugin.arrangements.not_covered:
        assert text.rstrip(".") in told


@pytest.mark.parametrize("area", EVERY)
def test_nothing_of_a_case_file_shows(area: str) -> None:
    code = re.compile(r"`|\w_\w|\bNone\b|\bnational\.\w")
    for chapter in guidance(area).chapters:
        assert [t for t in words(area, chapter.title).splitlines() if code.search(t)] == []


def test_the_same_arrangements_give_the_same_guidance() -> None:
    assert guidance_of(rules(MADE_UP), DAY) == guidance(MADE_UP)


# --- the sentences -------------------------------------------------------------------------------


def test_an_action_that_says_what_the_title_says_stands_alone() -> None:
    assert step(MADE_UP, "westshire.reviewer").startswith(
        "The Chief Officers must appoint a lead reviewer. ["
    )


def test_a_title_that_says_more_keeps_its_words() -> None:
    # "at once" is not in the action, which is only "Consider the delay".
    assert step(MADE_UP, "westshire.delay_considered").startswith(
        "The Standing Group must consider a delay at once. ["
    )


def test_a_local_step_names_the_national_duty_beside_it() -> None:
    assert step(MADE_UP, "westshire.notify_sooner") == (
        "The Panel is notified within three days. The local authority must notify the Panel within"
        " 3 days of the incident, for each child. This applies if it is a serious case and if the"
        " incident is this area's to notify. National duty N2 holds besides. Sundays count too."
        " [2, note]"
    )


def test_a_dated_value_says_which_held_before() -> None:
    assert (
        "within 15 working days of the notification to the Panel (from 1 June 2025 on; before"
        " that, of becoming aware of the incident)"
    ) in step(MADE_UP, "national.rapid_review")


def test_what_takes_a_duty_away_is_said() -> None:
    told = step(MADE_UP, "national.rapid_review")
    assert (
        "It falls away after the withdrawal of the notification, unless there is another"
        " notification to the Panel."
    ) in told


def test_a_condition_that_takes_it_away_may_be_of_any_kind() -> None:
    assert step(MADE_UP, "westshire.told_at_once").startswith(
        "The partners are told at once. The local authority must see to this. It falls away"
        " unless the child died and if the incident is this area's to notify. ["
    )


def test_a_body_of_which_no_more_is_said_is_named() -> None:
    assert "The document says no more of it." in words(
        MADE_UP, "Bodies: who sits on them, and how they work"
    )


def test_steps_that_share_all_but_their_title_stand_under_one_sentence() -> None:
    assert step(MADE_UP, "westshire.aim_two") == (
        "The lead reviewer must see to each of these, shown at the latest by the day of sign-off by"
        " the Chief Officers. The review is fair. [15, note]"
    )


def test_a_form_lists_its_boxes_and_who_signs() -> None:
    told = step(MADE_UP, "westshire.intake_complete")
    assert "Its boxes: child name and date of birth." in told
    assert "It is signed by the author and the senior manager." in told


def test_advice_is_a_may_unless_the_document_says_should() -> None:
    assert step(MADE_UP, "westshire.fairness_shown").startswith("These may help")
    assert step(MADE_UP, "westshire.fairness_kept").startswith("These should be borne in mind")


def test_what_nobody_is_named_for_has_no_subject() -> None:
    assert "This should be so." in step(MADE_UP, "westshire.panel_members")
    assert "What must be done: agree the plan, once the lead reviewer has been appointed" in step(
        MADE_UP, "westshire.plan"
    )


def test_what_came_too_early_does_not_count() -> None:
    told = step(MADE_UP, "westshire.learning")
    assert "What was done before the decision does not count." in told
    assert "This applies once the decision is for no review and where step 5.1 is done." in told


def test_a_recipient_who_only_should_have_it_is_told_apart() -> None:
    assert "It goes to the Panel and the Secretary of State. It should also go to Ofsted." in step(
        MADE_UP, "national.final_report"
    )


def test_what_goes_on_is_only_shown_by_the_day_of_sign_off() -> None:
    assert (
        "must keep the child at the centre of the review, shown at the latest by the day of"
        " sign-off by the Strategic Leads."
    ) in step("northamptonshire", "northamptonshire.child_at_centre")


def test_a_day_that_is_planned_is_called_so() -> None:
    assert "at most 2 days before or after the day planned for publication." in step(
        "northamptonshire", "northamptonshire.debrief_open"
    )
    assert "by the day planned for publication." in step(
        "northamptonshire", "northamptonshire.published_on_website"
    )


def test_a_group_that_agrees_the_report_does_not_sign_it_off() -> None:
    assert (
        "after agreement by the Review Group and agreement by the Local Learning Review Sub Group."
    ) in step("northamptonshire", "northamptonshire.strategic_leads_sign_off")


def test_what_an_action_says_of_its_day_is_left_to_the_limit() -> None:
    assert "must comment on the rapid review, by the day of the decision." in step(
        "northamptonshire", "northamptonshire.scrutineer_informs_decision"
    )
    assert step("northamptonshire", "northamptonshire.chronology_return").startswith(
        "Each agency involved should return its chronologies, by the day named in the request for"
    )


def test_what_is_named_in_a_request_does_not_come_after_it() -> None:
    told = step("northamptonshire", "northamptonshire.author_time_frame")
    assert "This applies once there is a request for a chronology and an analysis." in told


def test_a_step_does_not_apply_because_it_is_done() -> None:
    # In play also once it has been escalated to the partners, which is what is asked.
    told = step("northamptonshire", "northamptonshire.dispute_to_partners")
    told = told.partition("This applies ")[2]
    assert told.startswith("once a dispute has been escalated and where step 5.2, step ")
    assert told.endswith(" is overdue. [12, note]")


def test_advice_whose_title_opens_with_whom_it_is_for_says_so_once() -> None:
    told = step("northamptonshire", "northamptonshire.information_formal_power")
    assert told.count("afeguarding partners") == 1


def test_a_form_is_named_also_where_its_author_is_called_after_it() -> None:
    assert step("northamptonshire", "northamptonshire.key_event_analysis").startswith(
        "The key event analysis is complete and signed by its author and the agency's manager. The"
        " author of an agency's chronology and key event analysis must complete every box, sign,"
    )


# --- the rest of the document --------------------------------------------------------------------


def test_the_front_page_says_what_it_follows_and_when_it_was_checked() -> None:
    # In force from April 2021, checked on 2 March 2026; the contacts are aged on that day too.
    assert guidance(MADE_UP).facts == (
        ("Follows", "“Guide to Reviews”, March 2021"),
        ("In force from", "1 April 2021"),
        ("Written under", "Working Together 2018"),
        ("Last checked against it", "2 March 2026"),
        (
            "National duties",
            "“Working Together to Safeguard Children” and the law, last checked 21 November 2026",
        ),
        ("Age of contacts", "as of 2 March 2026"),
    )


def test_contacts_have_their_age() -> None:
    # From 1 March 2021 to 2 March 2026 are five years.
    table = next(
        b
        for c in guidance(MADE_UP).chapters
        if c.title == "Contacts"
        for b in c.blocks
        if isinstance(b, Table)
    )
    assert [plain(cell) for cell in table.rows[0]] == [
        "Business office",
        "The office, office@westshire.example. Forms go here.",
        "March 2021 (5 years ago) in Guide to Reviews; never confirmed since.",
    ]


def test_a_body_has_its_make_up_and_what_is_laid_down_of_it() -> None:
    (chapter,) = [c for c in guidance(MADE_UP).chapters if c.title.startswith("Bodies")]
    (panel,) = [s for s in chapter.sections if s.title == "Review Panel"]
    told = []
    for block in panel.blocks:
        told += map(plain, block.items) if isinstance(block, Bullets) else [plain(block.text)]
    assert told == [
        "The senior people who support the lead reviewer of one review. Senior people.",
        "It is made up as follows (step 7.5):",
        "Chair: the lead reviewer.",
        "Westshire Police.",
        "The designated doctor from the integrated care board.",
        (
            "Two further partner agencies, one of them without any involvement with the child or"
            " the family."
        ),
        "Who has to be at its meetings: step 7.7.",
        "Substitutes: step 7.8.",
        "Independence of its members: step 7.6.",
        "What it has to do or to see to: step 8.2.",
    ]


def test_the_arrangements_own_words_are_explained() -> None:
    table = next(b for b in guidance(MADE_UP).chapters[-1].blocks if isinstance(b, Table))
    explained = {plain(word): plain(meaning) for word, meaning in table.rows}
    assert explained["“plan agreed”"] == "It was agreed what the plan is."
    assert "Working day" in explained
    assert "LADO" not in explained  # which this area never speaks of


def test_what_has_to_come_before_something_is_in_the_tables_of_days() -> None:
    (table,) = [
        b
        for b in guidance("northamptonshire").chapters[1].blocks
        if isinstance(b, Table) and len(b.head) == 2
    ]
    days = {plain(when): plain(steps) for when, steps in table.rows}
    # Agencies' four steps and the questions; the officer's three; the social worker's three.
    assert days["By the day of the practitioner event"].count("to") == 3
    assert days["By the day planned for publication"] == "9.10"
    assert days["By the day of publication"] == "9.3 to 9.5, 9.7 and 9.8"


def test_the_leads_do_not_sit_in_themselves() -> None:
    assert "Sits in the Strategic Leads" not in words("northamptonshire", "Roles and their duties")


def test_the_example_of_a_number_is_one_that_there_is() -> None:
    # The factsheet is silent on the first three stages, chapters 3 to 5.
    assert "(for example 6.1)" in words("south_glos", "How to read this guidance")


def test_what_is_held_back_is_apart_from_what_has_to_last() -> None:
    (chapter,) = [
        c for c in guidance("northamptonshire").chapters if c.title.startswith("Where other")
    ]
    told = {
        s.title: plain(b.items[0])
        for s in chapter.sections
        for b in s.blocks
        if isinstance(b, Bullets)
    }
    assert told == {
        "What is held back": (
            "The report is not published before a prosecution has ended. See step 9.17."
        ),
        "What has to last": "The report stays public for a year or more. See step N25.",
    }


def test_an_area_that_names_no_body_and_no_contact_says_so() -> None:
    assert words("essex", "Contacts") == "The document gives no contact."


def test_the_made_up_area_as_it_was_read(pytestconfig: pytest.Config) -> None:
    is_as_it_was_read(pytestconfig, "guidance/westshire.md", markdown_of(guidance(MADE_UP)))


def test_an_area_that_says_little_says_so() -> None:
    assert words(BARE, "Bodies: who sits on them, and how they work") == "The document names none."
    facts = dict(guidance(BARE).facts)
    assert facts["Follows"] == "“Leaflet”, undated"
    assert facts["In force from"] == "no day stated"
    assert not {"Written under", "Age of contacts"} & set(facts)


def test_steps_about_one_thing_need_no_headings() -> None:
    (chapter,) = [c for c in guidance(BARE).chapters if c.stage == "rapid_review"]
    assert [section.title for section in chapter.sections] == [
        "",
        "What the partnership lays down",
        "National duties at this stage",
        "How unclear passages are read",
    ]
