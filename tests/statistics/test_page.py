"""The page: valid, whole in itself, with words for every chart, and nothing that is withheld."""

import importlib
import os
import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest

from cspr_core.caseload.answers import Answer
from cspr_core.statistics import charts, svg
from cspr_core.statistics.as_html import html_of
from cspr_core.statistics.measures import Statistics
from tests.statistics.caseload import MAY_1, answer, statistics

TEMPLATES = Path(__file__).parents[2] / "cspr_core/statistics/templates"


def caseload() -> list[Answer]:
    """Two areas over two years: large numbers, and in each quarter of an area a small one."""
    found = []
    for n in range(420):
        area = "north" if n % 2 else "south"
        due = date(2024 + n // 24 % 2, n // 2 % 12 + 1, 3)
        status = "met" if n % 5 else "overdue"
        done = None
        if n % 7 == 0:
            status, done = "met_late", date(due.year, due.month, 20)
        found.append(
            answer(
                f"{area}-{n}", status, due, done, area=area, binding="must" if n % 3 else "should"
            )
        )
        subject = ("police", "gp")[n % 2]
        found.append(
            answer(
                f"{area}-{n}", status, due, done, requirement="north.returned", subject=subject,
                area=area,
            )
        )  # fmt: skip
    found += [answer(f"north-{n}", "breached", requirement="north.quorum") for n in (1, 3)]
    return found


@pytest.fixture(scope="module")
def made() -> Statistics:
    return statistics(caseload(), 5, not_used=3, versions={"cspr": "0.1.0", "national": "1"})


@pytest.fixture(scope="module")
def text(made: Statistics) -> str:
    return html_of(made)


@pytest.fixture
def tree(text: str) -> Element:
    """The page as a tree; html5lib raises for every error in it."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def every(tree: Element, *tags: str) -> Iterator[Element]:
    return (e for e in tree.iter() if isinstance(e.tag, str) and e.tag.split("}")[-1] in tags)


def words_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


# --- the page as a document ---------------------------------------------------------------------


def test_the_page_is_html_in_plain_ascii(text: str, tree: Element) -> None:
    assert text.isascii()
    assert tree.get("lang") == "en-GB"


def test_nothing_outside_the_page_is_named(text: str, tree: Element) -> None:
    assert not list(every(tree, "script", "link", "img", "iframe", "object", "embed", "base"))
    assert not re.search(r"@import|https?:|//\w|url\([^#]", text)
    links = [
        value
        for element in tree.iter()
        for name, value in element.attrib.items()
        if name.split("}")[-1] in ("href", "src", "action", "data")
    ]
    assert links
    assert all(link.startswith("#") for link in links)


def test_ids_are_unique_and_what_refers_to_them_finds_them(text: str, tree: Element) -> None:
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    named = set(re.findall(r"url\(#([^)]+)\)", text))
    for element in tree.iter():
        named |= set((element.get("aria-labelledby") or "").split())
        if (element.get("href") or "").startswith("#"):
            named.add(element.get("href", "")[1:])
    assert named <= set(ids)


def test_headings_skip_no_level(tree: Element) -> None:
    levels = [int(e.tag[1]) for e in every(tree, "h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(then <= before + 1 for before, then in pairwise(levels))


def test_tables_have_captions_and_heads_with_a_scope(tree: Element) -> None:
    tables = list(every(tree, "table"))
    assert len(tables) == 8
    for table in tables:
        assert words_of(table[0])
        assert table[0].tag == "caption"
        heads = list(every(table, "th"))
        assert {e.get("scope") for e in heads} <= {"col", "row", "rowgroup"}
        width = sum(e.get("scope") == "col" for e in heads)
        for row in every(table, "tr"):
            assert sum(int(cell.get("colspan", "1")) for cell in row) == width


def test_what_is_missing_stands_on_top(tree: Element) -> None:
    header = next(every(tree, "header"))
    assert "NOT THE WHOLE CASELOAD: 3 files or entries could not be used" in words_of(header)
    assert "NOTHING IS WITHHELD" not in words_of(header)


def test_an_unprotected_page_says_so_on_top() -> None:
    page = html_of(statistics([answer("N-1", "pending")]))
    assert page.index("NOTHING IS WITHHELD") < page.index("<main")


# --- charts -------------------------------------------------------------------------------------


def test_each_chart_has_a_title_and_says_its_values_in_words(tree: Element) -> None:
    drawings = [e for e in every(tree, "svg") if e.get("role") == "img"]
    assert len(drawings) == 4
    for drawing in drawings:
        title, description = list(drawing)[:2]
        assert [e.tag.split("}")[-1] for e in (title, description)] == ["title", "desc"]
        named = f"{title.get('id')} {description.get('id')}"
        assert drawing.get("aria-labelledby") == named
        assert words_of(title)
        assert re.search(r"\d", words_of(description))
    assert len(list(every(tree, "figcaption"))) == len(drawings)


def test_what_a_chart_shows_is_what_it_says(made: Statistics) -> None:
    # Of 420 findings of north.returned every fifth is overdue, but for those that a seventh made
    # late. The police, even numbers: 0, 10, ..., 410 are 42, without 0, 70, ..., 350: 36. General
    # practice, odd ones: 5, 15, ..., 415 are 42, without 35, 105, ..., 385: 36.
    chart = charts.overdue_by_agency(made)
    assert chart is not None
    assert "Police: 36. General practice: 36." in chart.svg
    assert chart.svg.count(">36</text>") >= 2


def test_a_chart_has_its_mark_where_a_value_is_withheld() -> None:
    # October to December: 10 of 10. January to March: 20 of 23, and April to June: 30 of 33, where
    # the 3 that are overdue would be the difference.
    answers = [answer(f"N-{n}", "met", date(2025, 11, 3)) for n in range(10)]
    for due, met in ((date(2026, 2, 2), 20), (MAY_1, 30)):
        answers += [answer(f"N-{due.month}-{n}", "met", due) for n in range(met)]
        answers += [answer(f"N-{due.month}-{met + n}", "overdue", due) for n in range(3)]
    chart = charts.by_quarter(statistics(answers, 5))
    assert chart is not None
    assert chart.svg.count("[c]</text>") >= 2
    assert "2025 Q4 100% (n 10), 2026 Q1 [c] (n " in chart.svg


def test_charts_are_black_white_and_grey(text: str) -> None:
    drawn = "".join(re.findall(r"<svg.*?</svg>", text, re.DOTALL))
    colours = set(re.findall(r"#[0-9a-f]{6}\b", drawn))
    assert colours
    for colour in colours:
        red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
        assert max(red, green, blue) - min(red, green, blue) <= 16, colour


def test_text_stays_text_in_the_pages_fonts(text: str) -> None:
    assert "DejaVu" not in text
    assert "&#39;Segoe UI&#39;" in text or "'Segoe UI'" in text


def test_the_same_data_give_the_same_page(made: Statistics, text: str) -> None:
    assert html_of(made) == text


def test_the_users_own_style_changes_nothing(
    made: Statistics, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = importlib.import_module("matplotlib").rcParams
    monkeypatch.setitem(params, "lines.linewidth", 9.0)
    monkeypatch.setitem(params, "axes.facecolor", "red")
    assert html_of(made) == text


def test_there_is_no_chart_of_nothing() -> None:
    nothing = statistics([answer("N-1", "pending")], 5)
    assert charts.by_quarter(nothing) is None
    assert charts.by_requirement(nothing) is None
    assert charts.days_late(nothing) is None
    assert charts.overdue_by_agency(nothing) is None
    assert "<svg" not in html_of(nothing)


def test_a_caseload_without_cases_has_a_page() -> None:
    html5lib.HTMLParser(strict=True).parse(html_of(statistics([], 5)))


def test_one_area_has_one_panel() -> None:
    chart = charts.by_quarter(statistics([a for a in caseload() if a.partnership == "north"]))
    assert chart is not None
    assert "North Partnership: " in chart.svg
    assert "The whole caseload" not in chart.svg


def test_an_area_of_which_nothing_may_be_shown_has_no_panel() -> None:
    answers = [answer(f"N-{n}", "met", MAY_1) for n in range(20)]
    answers += [answer(f"S-{n}", "met", MAY_1, area="south") for n in range(6)]
    answers += [answer(f"W-{n}", "met", MAY_1, area="west") for n in range(2)]
    answers += [answer(f"E-{n}", "met", MAY_1, area="east") for n in range(4)]
    chart = charts.by_quarter(statistics(answers, 5))
    assert chart is not None
    # East and west protect each other: 32 - 20 - 6 = 6.
    assert chart.note.endswith("No share may be shown of 2 areas.")
    assert "west" not in chart.svg


def test_of_more_than_two_years_the_chart_shows_the_last_and_the_table_all() -> None:
    days = [date(2023 + n // 4, n % 4 * 3 + 2, 3) for n in range(12)]
    answers = [answer(f"N-{n}-{i}", "met", day) for n, day in enumerate(days) for i in range(6)]
    answers += [answer(f"S-{i}", "met", days[-1], area="south") for i in range(6)]
    made = statistics(answers, 5)
    chart = charts.by_quarter(made)
    assert chart is not None
    assert chart.note.endswith("The last 8 quarters; the table has all.")
    assert "2023 Q4" not in chart.svg
    page = html_of(made)
    # South has one quarter of twelve.
    assert page.count("<td>none</td>") == 11
    assert page.count("<td>100% (n 6)</td>") == 13


def test_of_many_areas_and_requirements_the_charts_say_which_they_show() -> None:
    answers = [
        answer(f"C-{n}-{area}", status, MAY_1, date(2026, 5, 20), area=f"area_{area}",
               requirement=f"north.r{area}")
        for area in range(25)
        for n, status in enumerate(("met", "met_late", "overdue"))
    ]  # fmt: skip
    made = statistics(answers)
    quarters, shares, late = (
        charts.by_quarter(made), charts.by_requirement(made), charts.days_late(made)
    )  # fmt: skip
    assert quarters is not None
    assert "The 12 areas where most came due." in quarters.note
    assert shares is not None
    assert shares.note.endswith("The 20 lowest of 25; the table has all.")
    assert late is not None
    assert late.note.endswith("The 20 longest of 25; the table has all.")
    tables = re.findall(
        r"quarter and area, with n, the number that came due \((\d) of 4\)<", html_of(made)
    )
    assert tables == ["1", "2", "3", "4"]


# --- colours ------------------------------------------------------------------------------------


def test_every_text_has_a_contrast_of_at_least_four_and_a_half_to_one() -> None:
    base = (TEMPLATES.parents[1] / "report/templates/base.css").read_text("utf-8")
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6});", base))
    used = set(
        re.findall(r"color: var\(--(\w+)\)", (TEMPLATES / "statistics.css").read_text("utf-8"))
    )
    assert used >= {"ink", "quiet"}
    for name in used - {"faint", "line", "paper", "band"}:
        for ground in ("paper", "band"):
            assert contrast(colours[name], colours[ground]) >= 4.5


def contrast(one: str, other: str) -> float:
    """As WCAG 2 defines it."""
    first, second = sorted((luminance(one), luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# --- what is withheld in places -----------------------------------------------------------------


def test_bars_say_none_and_withheld() -> None:
    # 20 in time, 6 late, 3 overdue, 4 breached: 3 + 4 = 7 protect each other, and late may be told.
    answers = [
        *(answer(f"N-{n}", "met", MAY_1) for n in range(20)),
        *(answer(f"N-3{n}", "met_late", MAY_1, date(2026, 5, 8)) for n in range(6)),
        *(answer(f"N-4{n}", "overdue", MAY_1) for n in range(3)),
        *(answer(f"N-5{n}", "breached", MAY_1) for n in range(4)),
    ]
    withheld = charts.days_late(statistics(answers, 5))
    assert withheld is not None
    assert "done late 4  (n 6). overdue so far [c]." in withheld.svg
    none = charts.days_late(statistics(answers[:26], 5))
    assert none is not None
    assert "overdue so far none." in none.svg


def test_a_quarter_of_an_area_may_be_withheld_with_its_number() -> None:
    answers = [
        answer(f"{area}-{month}-{n}", "met", date(2025, month, 3), area=area)
        for area, number in (("north", 9), ("south", 2))
        for month in (1, 5)
        for n in range(number)
    ]
    page = html_of(statistics(answers, 5))
    table = page[page.index('id="table-areas-1"') :]
    cells = re.findall(r"<td>(.*?)</td>", table[: table.index("</table>")])
    # South's two cases of each quarter are withheld, and North's beside them: 11 - 9 = 2.
    assert cells == ["[c]", "[c]", "[c]", "[c]"]


def test_a_folder_that_the_user_has_chosen_for_matplotlib_stays_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MPLCONFIGDIR", "somewhere")
    svg._loaded.cache_clear()  # noqa: SLF001  (as in a process that has drawn nothing yet)
    svg._loaded()  # noqa: SLF001
    assert os.environ["MPLCONFIGDIR"] == "somewhere"
    monkeypatch.delenv("MPLCONFIGDIR")
    svg._loaded.cache_clear()  # noqa: SLF001
    svg._loaded()  # noqa: SLF001
    assert "MPLCONFIGDIR" not in os.environ
