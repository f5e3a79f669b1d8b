# ruff: noqa: SLF001  (what Word reads is python-docx's own elements)
"""The same guidance as Markdown, as a page and in Word: whole, linked, and the same each time."""

import io
import re
import zipfile
from collections import Counter
from functools import cache
from itertools import pairwise
from xml.etree.ElementTree import Element

import html5lib
import pytest
from docx import Document
from docx.document import Document as Doc
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from cspr_core.report.guidance.as_html import html_of
from cspr_core.report.guidance.as_markdown import markdown_of
from cspr_core.report.guidance.as_word import word_of
from cspr_core.report.guidance.document import Paragraph, Picture, Step, Table, plain, text_of
from cspr_core.report.guidance.drawing import drawings_of
from cspr_core.report.guidance.flow import Flow, Node
from cspr_core.report.guidance.mermaid import escaped, mermaid_of
from tests.report.guidance.areas import MADE_UP, guidance

# --- Mermaid -------------------------------------------------------------------------------------

_LINE = re.compile(
    r'  (?:n\d+(?:\(\["[^"]*"\]\)|\["[^"]*"\]|\[\["[^"]*"\]\]|\{\{"[^"]*"\}\})'
    r'|n\d+ -->(?:\|"[^"]*"\|)? n\d+|acc(?:Title|Descr): [^{}#;"<>]+)'
)


@given(st.text(min_size=1), st.text(min_size=1))
def test_no_text_ends_a_label_or_begins_another(title: str, label: str) -> None:
    flow = Flow("A flow", Node("start", title, (title,), then=((label, Node("step", title)),)))
    first, *lines = mermaid_of(flow).splitlines()
    assert first == "flowchart LR"
    assert [line for line in lines if not _LINE.fullmatch(line)] == []


def test_what_mermaid_reads_as_its_own_is_a_numbered_entity() -> None:
    # 34 is the quotation mark, 93 the bracket, 59 the semicolon, 35 the number sign.
    assert escaped('a"];#b') == "a#34;#93;#59;#35;b"


def test_a_flow_is_boxes_and_ways() -> None:
    start = Node(
        "start",
        "Begin",
        then=(
            ("", Node("question", "So?", then=(("yes", Node("list", "Then", ("3.1 One",))),))),
            ("", Node("end", "End")),
        ),
    )
    assert mermaid_of(Flow("A flow", start)) == (
        "flowchart LR\n"
        "  accTitle: A flow\n"
        "  accDescr: Begins with: Begin. 1. So? 2. Then. Ends with: End.\n"
        '  n0(["Begin"])\n'
        '  n1{{"So?"}}\n'
        '  n2[["Then<br/>3.1 One"]]\n'
        '  n1 -->|"yes"| n2\n'
        "  n0 --> n1\n"
        '  n3(["End"])\n'
        "  n0 --> n3\n"
    )


# --- Markdown ------------------------------------------------------------------------------------


def test_the_contents_lead_to_the_headings() -> None:
    made = markdown_of(guidance(MADE_UP))
    links = re.findall(r"^- \[.*\]\(#(.*)\)$", made, re.MULTILINE)
    heads = [
        re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-")
        for head in re.findall(r"^## (.*)$", made, re.MULTILINE)
    ]
    assert heads == ["contents", *links]


def test_each_stage_has_its_flowchart() -> None:
    made = markdown_of(guidance(MADE_UP))
    assert made.count("```mermaid\nflowchart LR\n") == 8


# --- a page --------------------------------------------------------------------------------------


@cache
def page() -> Element:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    found: Element = parser.parse(html_of(guidance(MADE_UP)))
    return found


def test_the_page_is_well_formed_british_and_ascii() -> None:
    assert html_of(guidance(MADE_UP)).isascii()
    assert page().get("lang") == "en-GB"


def test_the_page_refers_to_nothing_outside() -> None:
    made = html_of(guidance(MADE_UP))
    assert "<script" not in made
    assert "http" not in made.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")


def test_every_link_of_the_page_has_its_place() -> None:
    ids = Counter(e.get("id") for e in page().iter() if e.get("id"))
    links = {e.get("href", "")[1:] for e in page().iter("a")}
    assert links <= set(ids)
    assert max(ids.values()) == 1


def test_headings_go_down_one_level_at_a_time() -> None:
    levels = [int(e.tag[1]) for e in page().iter() if re.fullmatch("h[1-6]", str(e.tag))]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_heads() -> None:
    for table in page().iter("table"):
        assert table.find("caption") is not None
        heads = list(table.iter("th"))
        assert {head.get("scope") for head in heads} == {"col", "row"}


def test_every_step_of_the_page_is_there() -> None:
    numbers = [e.text for e in page().iter("span") if e.get("class") == "number"]
    assert numbers == [s.number for c in guidance(MADE_UP).chapters for s in c.steps]


# --- Word ----------------------------------------------------------------------------------------


@cache
def made() -> bytes:
    return word_of(guidance(MADE_UP))


@cache
def document() -> Doc:
    return Document(io.BytesIO(made()))


def numbered() -> list[str]:
    """The numbers of chapters and steps as Word counts them: by their styles and levels."""
    found = []
    chapter = step = duty = 0
    for paragraph in document().paragraphs:
        style = paragraph.style.name if paragraph.style is not None else ""
        if style == "Heading 1":
            chapter, step = chapter + 1, 0
            found.append(str(chapter))
        elif style in ("Step", "Shared step"):
            step += 1
            found.append(f"{chapter}.{step}")
        elif style in ("National duty", "Shared national duty"):
            duty += 1
            found.append(f"N{duty}")
    return found


def test_the_same_guidance_gives_the_same_bytes() -> None:
    assert word_of(guidance(MADE_UP)) == made()


def test_the_archive_carries_no_time_and_no_name() -> None:
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "docProps/thumbnail.jpeg" not in archive.namelist()
    core = document().core_properties
    assert (core.author, core.last_modified_by, core.comments) == ("", "", "")
    # The arrangements were checked on 2 March 2026.
    assert core.created is not None
    assert core.created.date().isoformat() == "2026-03-02"
    assert core.modified == core.created
    assert core.language == "en-GB"


def test_word_counts_the_numbers_that_the_text_refers_to() -> None:
    wanted = []
    for chapter in guidance(MADE_UP).chapters:
        wanted += [str(chapter.number), *(s.number for s in chapter.steps)]
    assert numbered() == wanted


def test_the_numbering_is_words_own() -> None:
    numbering = document().part.numbering_part.element
    patterns = {
        level.find(qn("w:pStyle")).get(qn("w:val")): level.find(qn("w:lvlText")).get(qn("w:val"))
        for level in numbering.iter(qn("w:lvl"))
        if level.find(qn("w:pStyle")) is not None
    }
    assert patterns["Heading1"] == "%1"
    assert patterns["Step"] == "%1.%2"
    assert patterns["Nationalduty"] == "N%1"
    shared = [p for p in document().paragraphs if p.style and p.style.name.startswith("Shared")]
    assert shared
    assert all(p._p.pPr.numPr is not None for p in shared)


def test_headings_are_real_headings() -> None:
    found = [
        (p.style.name, p.text)
        for p in document().paragraphs
        if p.style is not None and p.style.name in ("Heading 1", "Heading 2")
    ]
    wanted = []
    for chapter in guidance(MADE_UP).chapters:
        wanted.append(("Heading 1", chapter.title))
        wanted += [("Heading 2", section.title) for section in chapter.sections if section.title]
    assert found == wanted


def test_word_says_what_the_guidance_says() -> None:
    # A link's text is not a run's, so the paragraphs' own XML is read.
    told = [
        "".join(text.text or "" for text in p._p.iter(qn("w:t"))) for p in document().paragraphs
    ]
    for chapter in guidance(MADE_UP).chapters:
        for block in chapter.blocks:
            if isinstance(block, Step | Paragraph):
                assert plain(block.text) in told


def test_table_heads_repeat_and_rows_are_not_cut() -> None:
    tables = [b for c in guidance(MADE_UP).chapters for b in c.blocks if isinstance(b, Table)]
    found = document().tables[1:]  # the first is the front page's
    assert len(found) == len(tables)
    for table, wanted in zip(found, tables, strict=True):
        assert [cell.text for cell in table.rows[0].cells] == list(wanted.head)
        assert len(table.rows) == 1 + len(wanted.rows)
        first, *rest = (row._tr.trPr for row in table.rows)
        assert first.find(qn("w:tblHeader")) is not None
        assert all(row.find(qn("w:tblHeader")) is None for row in rest)
        assert all(row.find(qn("w:cantSplit")) is not None for row in (first, *rest))


def test_every_picture_has_words_in_its_place() -> None:
    found = [(p.get("title"), p.get("descr")) for p in document().element.iter(qn("wp:docPr"))]
    wanted = [
        (drawing.title, drawing.told)
        for chapter in guidance(MADE_UP).chapters
        for block in chapter.blocks
        if isinstance(block, Picture)
        for drawing in drawings_of(block.flow)
    ]
    assert found == wanted


def test_pictures_fit_the_page() -> None:
    for shape in document().inline_shapes:
        assert shape.width.cm <= 17.01
        assert shape.height.cm <= 21.6


def test_links_lead_to_bookmarks() -> None:
    body = document().element
    marks = Counter(mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart")))
    links = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))}
    assert links <= set(marks)
    assert max(marks.values()) == 1
    assert all(len(name) <= 40 for name in marks)


def test_there_is_a_contents_field_with_every_chapter_and_pages_are_numbered() -> None:
    codes = [text.text.strip() for text in document().element.iter(qn("w:instrText"))]
    assert codes == [r'TOC \o "1-1" \h \z']
    lines = [p for p in document().paragraphs if p.style and p.style.name == "Contents line"]
    assert len(lines) == len(guidance(MADE_UP).chapters)
    foot = document().sections[0].footer._element
    assert [text.text.strip() for text in foot.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]


def test_the_language_is_british_english() -> None:
    found = {lang.get(qn("w:val")) for lang in document().styles.element.iter(qn("w:lang"))}
    assert found == {"en-GB"}


def test_borders_stand_where_word_looks_for_them() -> None:
    order = [qn(f"w:{n}") for n in ("tblStyle", "tblW", "tblBorders", "tblLayout", "tblLook")]
    for table in document().tables:
        tags = [e.tag for e in table._tbl.tblPr if e.tag in order]
        assert tags == sorted(tags, key=order.index)


# --- runs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "strong"),
    [("You **must** go", ["must"]), ("Nothing", []), ("**All**", ["All"])],
)
def test_what_stands_between_stars_is_strong(text: str, strong: list[str]) -> None:
    runs = text_of(text)
    assert [run.text for run in runs if run.strong] == strong
    assert plain(runs) == text.replace("*", "")
