"""The page for a meeting: well-formed, readable by everyone, and the same as the table says.

html5lib reads it strictly, by the rules of HTML. Dates are counted by hand beside each test.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest

from cspr_core.check import Checked
from cspr_core.report.findings import report_of
from cspr_core.report.outline import Outline, outline_of, sentence
from cspr_core.report.page import CasePage, page_of
from cspr_core.report.timeline import (
    STATES,
    Entry,
    Item,
    Stage,
    State,
    Timeline,
    description,
    numbers,
    svg_of,
    timeline_of,
)
from cspr_core.report.words import Words
from tests.golden import is_as_it_was_read
from tests.report import office_cases as office

CSS = (Path(__file__).parents[2] / "cspr_core/report/templates/page.css").read_text("utf-8")
AREA = "Midshire Safeguarding Children Partnership"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
VOID_ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row"}


def outline(checked: Checked, *, area: str = AREA, everything: bool = False) -> Outline:
    name = Words(checked.rules).name
    return outline_of(
        report_of(checked), name=name, area=area, everything=everything, on_paper=True
    )


def page(*cases: Checked, area: str = AREA, everything: bool = False) -> str:
    return page_of(
        [
            CasePage(
                outline(case, area=area, everything=everything), timeline_of(case, report_of(case))
            )
            for case in cases
        ]
    )


def read(text: str) -> Element:
    """The page as a tree; html5lib raises for every error in it."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def words_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def every(tree: Element, *tags: str) -> Iterator[Element]:
    """Elements by name; those within the drawing carry its namespace."""
    return (e for e in tree.iter() if isinstance(e.tag, str) and e.tag.split("}")[-1] in tags)


@pytest.fixture(scope="module")
def publishing() -> Checked:
    return office.checked("publishing", "2025-12-18")


@pytest.fixture(scope="module")
def easter() -> Checked:
    return office.checked("easter", "2025-04-28")


@pytest.fixture(scope="module")
def new() -> Checked:
    return office.checked("new", "2026-03-30")


@pytest.fixture(scope="module", params=["one", "everything", "several"])
def text(request: pytest.FixtureRequest, publishing: Checked, easter: Checked, new: Checked) -> str:
    if request.param == "several":
        return page(publishing, easter, new, everything=True)
    return page(publishing, everything=request.param == "everything")


@pytest.fixture
def tree(text: str) -> Element:
    return read(text)


# --- the page as a document ---------------------------------------------------------------------


def test_the_page_is_html_without_an_error(tree: Element) -> None:
    assert tree.tag == "html"
    assert tree.get("lang") == "en-GB"


def test_nothing_outside_the_page_is_named(text: str, tree: Element) -> None:
    assert not list(every(tree, "script", "link", "img", "iframe", "object", "embed", "base"))
    references = [
        value
        for element in tree.iter()
        for name, value in element.attrib.items()
        if name.split("}")[-1] in ("href", "src", "srcset", "action", "data", "poster")
    ]
    assert references
    assert all(value.startswith("#") for value in references)
    assert not re.search(r"url\(|@import|https?:|//\w", text)


def test_no_script_or_address_is_let_in_either(tree: Element) -> None:
    metas = {e.get("http-equiv"): e.get("content") for e in every(tree, "meta")}
    assert metas["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert not any(name.startswith("on") for e in tree.iter() for name in e.attrib)


def test_the_page_is_plain_ascii(text: str) -> None:
    assert text.isascii()


def test_there_is_one_first_heading_and_none_is_skipped(tree: Element) -> None:
    levels = [int(e.tag[1]) for e in every(tree, *HEADINGS)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(then <= before + 1 for before, then in pairwise(levels))


def test_the_skip_link_comes_first_and_leads_to_the_report(tree: Element) -> None:
    body = next(every(tree, "body"))
    assert body[0].tag == "a"
    assert words_of(body[0]) == "Skip to the report"
    main = next(every(tree, "main"))
    assert body[0].get("href") == f"#{main.get('id')}"


def test_landmarks_hold_everything(tree: Element) -> None:
    body = next(every(tree, "body"))
    assert [child.tag for child in body] == ["a", "header", "main", "footer"]


def test_ids_are_unique_and_what_refers_to_them_finds_them(tree: Element) -> None:
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    for element in tree.iter():
        named = (element.get("aria-labelledby") or "").split()
        if (element.get("href") or "").startswith("#"):
            named.append(element.get("href", "")[1:])
        assert set(named) <= set(ids)


def test_every_table_has_a_caption_and_heads_with_a_scope(tree: Element) -> None:
    tables = list(every(tree, "table"))
    assert tables
    for table in tables:
        assert table[0].tag == "caption"
        assert words_of(table[0])
        heads = list(every(table, "th"))
        assert {e.get("scope") for e in heads} == {"col", "row"} | (
            {"rowgroup"} if any(e.get("scope") == "rowgroup" for e in heads) else set()
        )
        width = sum(e.get("scope") == "col" for e in heads)
        for row in every(table, "tr"):
            assert sum(int(cell.get("colspan", "1")) for cell in row) == width


def test_roles_keep_tables_tables_where_a_small_screen_stacks_them(tree: Element) -> None:
    for element in every(tree, *VOID_ROLES):
        assert element.get("role") == VOID_ROLES[element.tag]
    assert {e.get("role") for e in every(tree, "td")} == {"cell"}
    scopes = {(e.get("scope"), e.get("role")) for e in every(tree, "th")}
    assert scopes <= {("col", "columnheader"), ("row", "rowheader"), ("rowgroup", "rowheader")}


def test_what_can_be_scrolled_can_be_reached_by_keyboard(tree: Element) -> None:
    for element in tree.iter("div"):
        if element.get("class") == "scroll":
            assert (element.get("tabindex"), element.get("role")) == ("0", "region")
            assert element.get("aria-label")


# --- colours ------------------------------------------------------------------------------------


def colours() -> dict[str, str]:
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", CSS))


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_counted_as_wcag_counts_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    # (0.2126 + 0.05) / 0.05 for pure red on black
    assert contrast("#ff0000", "#000000") == pytest.approx(5.252)


def test_every_colour_comes_from_the_palette() -> None:
    outside = re.sub(r":root \{.*?\}", "", CSS, count=1, flags=re.DOTALL)
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?!-)", outside)
    assert set(re.findall(r"var\(--(\w+)\)", CSS)) == set(colours())


def test_text_has_a_contrast_of_four_and_a_half_on_every_background() -> None:
    palette = colours()
    texts = set(re.findall(r"(?<![-\w])color: var\(--(\w+)\)", CSS))
    texts |= set(re.findall(r"svg (?:text|\.small) \{[^}]*fill: var\(--(\w+)\)", CSS))
    grounds = set(re.findall(r"background: var\(--(\w+)\)", CSS))
    assert (texts, grounds) == ({"ink", "quiet", "link"}, {"paper", "band"})
    for text in texts:
        for ground in grounds:
            assert contrast(palette[text], palette[ground]) >= 4.5, (text, ground)


def test_marks_have_a_contrast_of_three_on_paper() -> None:
    palette = colours()
    for name in ("ink", "late", "line"):
        assert contrast(palette[name], palette["paper"]) >= 3


def test_on_paper_there_is_no_colour() -> None:
    printed = CSS[CSS.index("@media print") :]
    assert "late) " not in printed
    for rule in ("svg .late { fill: var(--ink)", "svg .cross { stroke: var(--ink)"):
        assert rule in printed
    assert "size: A4" in printed


# --- what it says -------------------------------------------------------------------------------


def said(found: Outline) -> Iterator[str]:
    """Everything of an outline, in its order, as the table has it."""
    yield from (found.title, found.against, *found.summary)
    for section in found.sections:
        yield f"{section.title.capitalize()} ({section.count})"
        for item in section.items:
            yield item.head
            yield from map(sentence, item.lines)
            yield from (f"{label}: {text}" for label, text in item.notes)
    for label, text in found.closing:
        yield f"{label}{text}"


@pytest.mark.parametrize("everything", [False, True])
def test_it_says_what_the_table_says_in_the_same_order(
    publishing: Checked,
    *,
    everything: bool,
) -> None:
    shown = words_of(next(every(read(page(publishing, everything=everything)), "body")))
    at = 0
    for text in said(outline(publishing, everything=everything)):
        plain = " ".join(text.replace("`", "").split())
        found = shown.find(plain, at)
        assert found >= 0, plain
        at = found


def test_what_is_due_on_one_day_stands_under_that_day(publishing: Checked) -> None:
    # as of Thu 18 Dec 2025: 19, 22, 23 are 3 working days
    tree = read(page(publishing))
    rows = [words_of(e) for e in every(tree, "th") if e.get("scope") == "rowgroup"]
    assert rows.count("Tue 23 December 2025 (3 working days left)") == 2  # once must, once should


def test_what_only_should_be_done_is_a_part_of_its_own(publishing: Checked) -> None:
    tree = read(page(publishing))
    headings = [(e.tag, words_of(e)) for e in every(tree, *HEADINGS)]
    part = headings.index(("h2", "Should be done"))
    assert {tag for tag, _ in headings[1:part]} == {"h2"}
    assert headings[part + 1][0] == "h3"


def test_several_cases_have_a_section_each(publishing: Checked, easter: Checked) -> None:
    tree = read(page(publishing, easter))
    assert words_of(next(every(tree, "h1"))) == "Check of 2 cases"
    titles = [f"MS-2025-07: {AREA}", f"MS-2025-02: {AREA}"]
    assert [words_of(article[0]) for article in every(tree, "article")] == titles
    assert [words_of(e) for e in every(next(every(tree, "nav")), "li")] == titles


def test_one_case_gives_the_page_its_title(easter: Checked) -> None:
    tree = read(page(easter))
    assert words_of(next(every(tree, "title"))) == f"MS-2025-02: {AREA}, as of Mon 28 April 2025"
    assert not list(every(tree, "article", "nav"))


def test_each_printed_page_names_case_and_day(easter: Checked) -> None:
    assert '@top-left { content: "MS-2025-02, as of Mon 28 April 2025"; }' in page(easter)


def test_markup_in_a_name_stays_text(easter: Checked) -> None:
    name = '</style><script>alert("x")</script> & Co “quoted”'
    tree = read(page(easter, area=name))
    assert not list(every(tree, "script"))
    assert words_of(next(every(tree, "h1"))) == f"MS-2025-02: {name}"


def test_free_text_of_the_case_is_not_in_it(easter: Checked) -> None:
    assert "Zebra" not in page(easter, everything=True)


@pytest.mark.durable  # the page names the engines that ran
def test_the_page_as_it_is_read_aloud(request: pytest.FixtureRequest, publishing: Checked) -> None:
    tree = read(page(publishing))
    lines = [words_of(e) for e in _blocks(next(every(tree, "body")))]
    text = "\n".join(line for line in lines if line and not line.startswith("Checked by"))
    is_as_it_was_read(request.config, "check-html.txt", f"{text}\n")


def _blocks(element: Element) -> Iterator[Element]:
    """The innermost blocks, in their order."""
    own = ("p", "li", "th", "caption", "title", "desc", "a", "dt", "dd", *HEADINGS)
    for child in element:
        tag = child.tag.split("}")[-1]
        plain_cell = tag == "td" and not list(every(child, "p", "li"))
        if tag in own or plain_cell:
            yield child
        elif tag == "text":
            continue
        else:
            yield from _blocks(child)


# --- the timeline -------------------------------------------------------------------------------


def stage(timeline: Timeline, word: str) -> Stage:
    return next(found for found in timeline.stages if found.word == word)


def states(found: Stage) -> list[tuple[date, str, str]]:
    return [(e.day, item.state, item.told) for e in found.entries for item in e.items]


def test_stages_stand_in_the_order_of_the_vocabulary(easter: Checked) -> None:
    found = timeline_of(easter, report_of(easter))
    assert [s.name for s in found.stages] == [
        "Referral",
        "Notification",
        "Rapid review",
        "Decision",
        "Review",
        "Sign off",
        "Publication",
        "Learning",
    ]


def test_what_happened_comes_before_what_is_due(easter: Checked) -> None:
    # Asked on Mon 14 April 2025; 15, 16, 17, then after Easter 22, 23, 24, 25: 7 working days.
    # The rapid review: aware on 2 April; 3, 4, 7-11, 14-17, 22-25: 15 working days.
    found = stage(timeline_of(easter, report_of(easter)), "rapid_review")
    assert states(found) == [
        (date(2025, 4, 14), "done", "happened"),
        (date(2025, 4, 14), "done", "happened"),
        (date(2025, 4, 14), "done", "happened"),
        (date(2025, 4, 25), "unknown", "due if this agency was involved"),
        (date(2025, 4, 25), "overdue", "overdue"),
        (date(2025, 4, 25), "overdue", "overdue (should)"),
    ]
    assert [e.number for e in found.entries] == [4, 5]
    assert found.entries[1].state == "overdue"


def test_a_stage_says_how_it_stands(publishing: Checked) -> None:
    found = timeline_of(publishing, report_of(publishing))
    assert (stage(found, "notification").told, stage(found, "notification").brief) == (
        "5 met",
        "5 met",
    )
    review = stage(found, "review")
    assert review.told.startswith("2 overdue or breached, 3 not known, ")
    assert review.brief == "2 overdue or breached"


def test_a_stage_not_reached_says_so(new: Checked) -> None:
    found = timeline_of(new, report_of(new))
    assert stage(found, "publication").told == "not in play yet"
    assert stage(found, "learning").told == "nothing applies"


def test_a_plan_that_has_passed_is_told() -> None:
    late = office.checked("publishing", "2026-01-07")
    found = stage(timeline_of(late, report_of(late)), "publication")
    assert (date(2026, 1, 6), "planned", "planned, and not recorded as done") in states(found)


def test_what_can_no_longer_be_done_is_a_cross() -> None:
    # Published on Tue 6 January 2026 without the Panel having had the report by 23 December.
    late = office.checked("publishing", "2026-01-07", ("planned: 2026-01-06}", "date: 2026-01-06}"))
    found = stage(timeline_of(late, report_of(late)), "publication")
    assert (date(2025, 12, 23), "breached", "breached") in states(found)


def test_an_agreed_new_date_is_told() -> None:
    delay = (
        "delays:\n  - {requirement: midshire.genogram, reason: family_asked, arose: 2025-06-02,"
        " told: {panel: 2025-06-03}, agreed_by: executive, agreed_due: 2026-02-02}\n"
    )
    case = office.checked("publishing", "2025-12-18", more=delay)
    found = stage(timeline_of(case, report_of(case)), "review")
    assert (date(2026, 2, 2), "due", "agreed new date") in states(found)


def test_the_drawing_has_title_and_description(publishing: Checked) -> None:
    found = timeline_of(publishing, report_of(publishing))
    tree = read(page(publishing))
    svg = next(e for e in every(tree, "svg") if e.get("role") == "img")
    title, desc = svg.get("aria-labelledby", "").split()
    texts = {e.get("id"): words_of(e) for e in every(svg, "title", "desc")}
    assert texts == {title: "The stages of MS-2025-07 over time", desc: description(found)}
    assert "Notification: 5 met; Wed 7 May 2025 to Mon 12 May 2025." in texts[desc]
    assert "Rapid review: 1 met; Thu 29 May 2025." in texts[desc]
    assert "Learning: nothing applies." in texts[desc]


def test_the_table_holds_every_number_of_the_drawing(publishing: Checked) -> None:
    tree = read(page(publishing))
    drawn: list[int] = []
    for label in every(tree, "text"):
        if label.get("class") == "number":
            for run in words_of(label).split(", "):
                first, _, last = run.partition("-")
                drawn += range(int(first), int(last or first) + 1)
    table = next(e for e in every(tree, "table") if e.get("class") == "dates")
    rows = [int(words_of(e)) for e in every(table, "th") if e.get("scope") == "row"]
    assert sorted(drawn) == rows == list(range(1, len(rows) + 1))


def test_every_state_has_a_shape_of_its_own() -> None:
    """Told apart without colour: by what is drawn, filled or hollow."""
    day = date(2026, 3, 2)
    shapes: dict[State, str] = {}
    for state in STATES:
        item = Item(state=state, what="x", told="y")
        entry = Entry(number=1, day=day, deadline=True, items=(item,))
        only = Stage(word="review", name="Review", told="1", brief="1", entries=(entry,))
        svg = svg_of(Timeline(case="X", as_of=day, stages=(only,)), "p")
        mark = re.findall(r"<(?:circle|polygon|path|rect)[^>]*>", svg)[-1]
        shapes[state] = re.sub(r'(?:cx|cy|x|y)="[^"]*"', "", mark)
    for one, other in combinations(shapes.values(), 2):
        assert one != other
    tags = {state: (mark.split()[0], "hollow" in mark) for state, mark in shapes.items()}
    assert len(set(tags.values())) == len(STATES)


@pytest.mark.parametrize(
    ("values", "text"),
    [([], ""), ([4], "4"), ([4, 5], "4-5"), ([1, 2, 3, 7, 9, 10], "1-3, 7, 9-10")],
)
def test_numbers_are_grouped_as_a_reader_does(values: list[int], text: str) -> None:
    assert numbers(values) == text


def drawn(as_of: date, *days: date) -> Element:
    entries = tuple(
        Entry(
            number=n,
            day=day,
            deadline=False,
            items=(Item(state="done", what="x", told="happened"),),
        )
        for n, day in enumerate(days, 1)
    )
    only = Stage(word="review", name="Review", told="1", brief="1", entries=entries)
    return html5lib.parseFragment(
        svg_of(Timeline(case="X", as_of=as_of, stages=(only,)), "p"), namespaceHTMLElements=False
    )


def labels(svg: Element, kind: str) -> list[str]:
    return [words_of(e) for e in every(svg, "text") if e.get("class") == kind]


def test_labels_that_would_touch_are_one() -> None:
    # Over a year a day is under 2 wide, and a label of one figure over 6.
    svg = drawn(date(2026, 12, 1), date(2026, 1, 5), date(2026, 1, 6), date(2026, 6, 1))
    assert labels(svg, "number") == ["1-2", "3"]


def test_a_young_case_is_drawn_by_weeks() -> None:
    # March 2026 begins on a Sunday: its Mondays are the 2nd, 9th, 16th, 23rd and 30th.
    svg = drawn(date(2026, 3, 20), date(2026, 3, 3))
    ticks = [text for text in labels(svg, "small") if text.endswith("Mar")]
    assert ticks == ["2 Mar", "9 Mar", "16 Mar", "23 Mar", "30 Mar"]


def test_an_old_case_is_drawn_by_years() -> None:
    # From January 2016 to January 2027 are 132 months: at most 13 ticks, so one in twelve months.
    svg = drawn(date(2026, 12, 1), date(2016, 1, 5))
    assert labels(svg, "year") == [*map(str, range(2016, 2027))]


def test_the_day_of_the_check_stays_within_the_drawing() -> None:
    svg = drawn(date(2026, 1, 1), date(2026, 12, 31))
    flag = next(e for e in every(svg, "rect") if e.get("class") == "flag")
    assert float(flag.get("x", "")) == 176  # the left edge of the dates
    assert labels(svg, "flag-text") == ["1 Jan"]
