"""Guidance as a Word document: real headings, numbers, tables and links, pictures with their words.

It is made by python-docx, with what that has no call for written as Word's own elements. Whatever
would differ from one run to the next (who, when, the order in the archive) is set, so that the same
guidance gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import count
from typing import cast

from docx import Document
from docx.document import Document as Doc
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as DocTable
from docx.text.paragraph import Paragraph as DocParagraph

from cspr_core.report.guidance.document import (
    Block,
    Bullets,
    Chapter,
    Guidance,
    Paragraph,
    Picture,
    Run,
    Step,
    Table,
    Text,
    led,
)
from cspr_core.report.guidance.drawing import Drawing, drawings_of, png_of

_FONT = "Arial"  # on every office machine, and with its like elsewhere
_INK = RGBColor(0x16, 0x16, 0x16)
_WIDTH, _HEIGHT = 17.0, 21.5  # centimetres of a page that pictures may take
_UNIT = 17.0 / 760.0  # centimetres to a drawing's unit
_CHAPTERS, _DUTIES, _LISTED = "21", "22", "23"  # the numberings' ids
_OLD = (1980, 1, 1, 0, 0, 0)  # the earliest that an archive can hold
_STEP, _SHARED, _DUTY, _SHARED_DUTY = "Step", "Shared step", "National duty", "Shared national duty"


def word_of(guidance: Guidance) -> bytes:
    """The document as the bytes of a .docx file."""
    return _Writer(guidance).bytes()


class _Writer:
    def __init__(self, guidance: Guidance) -> None:
        self.guidance = guidance
        self.document: Doc = Document()
        self.ids = count(1)  # of bookmarks and pictures
        # Each stage begins on a page of its own; what comes after them all runs on.
        self.seen_a_stage = self.after_a_stage = False

    def bytes(self) -> bytes:
        self._properties()
        self._page()
        self._styles()
        self._numbering()
        self._front()
        self._contents()
        for chapter in self.guidance.chapters:
            self._chapter(chapter)
        stream = io.BytesIO()
        self.document.save(stream)
        return _settled(stream.getvalue())

    # --- the frame ----------------------------------------------------------------------------

    def _properties(self) -> None:
        """What Word says of the file: nobody's name, and the day of the arrangements."""
        core = self.document.core_properties
        day = datetime.fromisoformat(self.guidance.date).replace(tzinfo=UTC)
        core.title = f"{self.guidance.partnership}: {self.guidance.title}"
        core.author = core.last_modified_by = core.comments = core.keywords = ""
        core.subject, core.category = "Practice guidance", ""
        core.language, core.revision = "en-GB", 1
        core.created = core.modified = day
        package = self.document.part.package
        for key, relation in list(package.rels.items()):
            if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
                del package.rels[key]  # a picture of python-docx's own template

    def _page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin, section.bottom_margin = Cm(2.2), Cm(2)
        section.different_first_page_header_footer = True
        head = section.header.paragraphs[0]
        head.style = self.document.styles["Header"]
        head.add_run(self.guidance.partnership)
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        foot.add_run("Page ")
        _field(foot, "PAGE", "1")
        foot.add_run(" of ")
        _field(foot, "NUMPAGES", "1")

    def _styles(self) -> None:
        styles = self.document.styles
        defaults = styles.element.find(qn("w:docDefaults"))
        for old in [] if defaults is None else list(defaults.iter(qn("w:lang"))):
            old.set(qn("w:val"), "en-GB")
        self._style("Normal", 10.5, after=6)
        self._style("Header", 8.5)
        self._style("Footer", 8.5)
        self._style("Title", 26, bold=True, before=120, after=14)
        self._style("Subtitle", 14, after=4)
        self._style("Heading 1", 17, bold=True, before=22, after=8, keep=True)
        self._style("Heading 2", 12.5, bold=True, before=14, after=4, keep=True)
        self._style("List Bullet", 10.5, after=3)
        self._style("Caption", 9, after=10)
        for name, left in ((_STEP, 1.5), (_SHARED, 2.3), (_DUTY, 1.5), (_SHARED_DUTY, 2.3)):
            style = self._style(name, 10.5, after=3 if left > 2 else 6)  # noqa: PLR2004
            style.paragraph_format.left_indent = Cm(left)
            style.paragraph_format.first_line_indent = Cm(-1.5)
        for name in ("Contents heading", "Contents line", "Table text", "Table head", "Small"):
            self._style(name, 10.5)
        self._style("Contents heading", 17, bold=True, after=10, keep=True)
        self._style("Contents line", 11, after=4)
        self._style("Table text", 9, before=2, after=2)
        self._style("Table head", 9, bold=True, before=2, after=2, keep=True)
        self._style("Small", 9.5, after=4)

    def _style(  # noqa: PLR0913  (a style has so many sides)
        self,
        name: str,
        size: float,
        *,
        bold: bool = False,
        before: float = 0,
        after: float = 0,
        keep: bool = False,
    ) -> ParagraphStyle:
        styles = self.document.styles
        style = styles[name] if name in styles else None  # noqa: SIM401  (styles have no get)
        if not isinstance(style, ParagraphStyle):
            style = cast("ParagraphStyle", styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH))
            style.base_style = styles["Normal"]
            style.quick_style = True
        style.font.name, style.font.size, style.font.bold = _FONT, Pt(size), bold
        style.font.italic, style.font.color.rgb = False, _INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:cs"), _FONT)
        border = style.element.pPr.find(qn("w:pBdr")) if style.element.pPr is not None else None
        if border is not None:
            border.getparent().remove(border)
        spacing = style.paragraph_format
        spacing.space_before, spacing.space_after = Pt(before), Pt(after)
        spacing.line_spacing, spacing.keep_with_next = 1.15, keep
        spacing.widow_control = True
        return style

    def _numbering(self) -> None:
        """Chapters and their steps as one numbering of two levels; national duties as another."""
        numbering = self.document.part.numbering_part.element
        chapters = _levels(_CHAPTERS, (("Heading1", "%1", 0, 850), (_id(_STEP), "%1.%2", 850, 850)))
        duties = _levels(_DUTIES, ((_id(_DUTY), "N%1", 850, 850),))
        first = numbering.find(qn("w:num"))
        for element in (chapters, duties):
            first.addprevious(element)
        for number in (_CHAPTERS, _DUTIES):
            numbering.append(
                parse_xml(
                    f'<w:num {nsdecls("w")} w:numId="{number}">'
                    f'<w:abstractNumId w:val="{number}"/></w:num>'
                )
            )
        for style, number, level in (
            ("Heading 1", _CHAPTERS, "0"),
            (_STEP, _CHAPTERS, "1"),
            (_DUTY, _DUTIES, "0"),
        ):
            properties = self.document.styles[style].element.get_or_add_pPr()
            found = properties.get_or_add_numPr()
            found.get_or_add_ilvl().val = int(level)
            found.get_or_add_numId().val = int(number)

    # --- front page and contents --------------------------------------------------------------

    def _front(self) -> None:
        guidance = self.guidance
        name = self.document.add_paragraph(guidance.partnership, style="Subtitle")
        name.paragraph_format.space_before = Pt(110)
        title = self.document.add_paragraph(guidance.title, style="Title")
        title.paragraph_format.space_before = Pt(6)
        table = self.document.add_table(rows=0, cols=2)
        for label, text in guidance.facts:
            cells = table.add_row().cells
            for cell, words, style in zip(
                cells, (label, text), ("Table head", "Table text"), strict=True
            ):
                cell.paragraphs[0]._p.style = _id(style)  # noqa: SLF001
                cell.paragraphs[0].add_run(words)
        _laid_out(table, (30, 70))
        _lines(table)
        for notice in guidance.notice:
            paragraph = self.document.add_paragraph(notice)
            paragraph.paragraph_format.space_before = Pt(14)

    def _contents(self) -> None:
        """A contents field with its lines in it; Word adds the pages when it opens the file."""
        heading = self.document.add_paragraph("Contents", style="Contents heading")
        heading.paragraph_format.page_break_before = True
        chapters = self.guidance.chapters
        for index, chapter in enumerate(chapters):
            line = self.document.add_paragraph(style="Contents line")
            if index == 0:
                _field_begin(line, r'TOC \o "1-1" \h \z', dirty=True)
            _link(line, f"{chapter.number}   {chapter.title}", chapter.anchor)
            if index == len(chapters) - 1:
                _field_end(line)

    # --- chapters -----------------------------------------------------------------------------

    def _chapter(self, chapter: Chapter) -> None:
        heading = self._new("Heading 1")
        self._named(heading, chapter.anchor, chapter.title)
        new_page = bool(chapter.stage) or not self.seen_a_stage
        if new_page or self.after_a_stage:
            heading.paragraph_format.page_break_before = True
        self.after_a_stage = bool(chapter.stage)
        self.seen_a_stage = self.seen_a_stage or bool(chapter.stage)
        for section in chapter.sections:
            if section.title:
                self._new("Heading 2").add_run(section.title)
            for lead, blocks in led(section.blocks):
                if lead:
                    paragraph = self._paragraph(lead)
                    paragraph.paragraph_format.keep_with_next = True
                self._blocks(blocks, shared=bool(lead))

    def _blocks(self, blocks: Iterable[Block], *, shared: bool) -> None:
        for block in blocks:
            if isinstance(block, Paragraph):
                paragraph = self._paragraph(block.text)
                paragraph.paragraph_format.keep_with_next = block.lead
            elif isinstance(block, Step):
                self._step(block, shared=shared)
            elif isinstance(block, Bullets):
                for item in block.items:
                    self._paragraph(item, "List Bullet")
            elif isinstance(block, Table):
                self._table(block)
            else:
                self._picture(block)

    def _new(self, style: str) -> DocParagraph:
        """A paragraph in a style; python-docx would look through every style each time."""
        paragraph = self.document.add_paragraph()
        paragraph._p.style = _id(style)  # noqa: SLF001
        return paragraph

    def _paragraph(self, text: Text, style: str = "Normal") -> DocParagraph:
        paragraph = self._new(style)
        self._runs(paragraph, text)
        return paragraph

    def _step(self, step: Step, *, shared: bool) -> None:
        styles = (_DUTY, _SHARED_DUTY) if step.national else (_STEP, _SHARED)
        paragraph = self._new(styles[shared])
        if shared:
            # The level is another style's, so that the number has to be asked for here.
            number = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001
            number.get_or_add_ilvl().val = 0 if step.national else 1
            number.get_or_add_numId().val = int(_DUTIES if step.national else _CHAPTERS)
            paragraph.paragraph_format.left_indent = Cm(2.3)
            paragraph.paragraph_format.first_line_indent = Cm(-1.5)
        self._named(paragraph, step.anchor)
        self._runs(paragraph, step.text)

    def _runs(self, paragraph: DocParagraph, text: Text) -> None:
        for run in text:
            if run.anchor:
                self._named(paragraph, run.anchor, run.text)
            elif run.link:
                _link(paragraph, run.text, run.link)
            elif run.text:
                paragraph.add_run(run.text).bold = run.strong or None

    def _named(self, paragraph: DocParagraph, anchor: str, text: str = "") -> None:
        """A bookmark, with a text in it or none."""
        number = str(next(self.ids))
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        start.set(qn("w:id"), number)
        start.set(qn("w:name"), _bookmark(anchor))
        end.set(qn("w:id"), number)
        paragraph._p.append(start)  # noqa: SLF001  (python-docx has no call for it)
        if text:
            paragraph.add_run(text)
        paragraph._p.append(end)  # noqa: SLF001

    def _table(self, block: Table) -> None:
        table = self.document.add_table(rows=1 + len(block.rows), cols=len(block.head))
        heads = tuple((Run(head),) for head in block.head)
        for index, (row, texts) in enumerate(zip(table.rows, (heads, *block.rows), strict=True)):
            properties = row._tr.get_or_add_trPr()  # noqa: SLF001
            properties.append(OxmlElement("w:cantSplit"))
            if index == 0:
                properties.append(OxmlElement("w:tblHeader"))
            for cell, text in zip(row.cells, texts, strict=True):
                paragraph = cell.paragraphs[0]
                paragraph._p.style = _id("Table text" if index else "Table head")  # noqa: SLF001
                self._runs(paragraph, text)
        _laid_out(table, block.widths)
        _lines(table)
        described = OxmlElement("w:tblCaption")
        described.set(qn("w:val"), block.caption)
        table._tbl.tblPr.append(described)  # noqa: SLF001
        self._new("Small")

    def _picture(self, block: Picture) -> None:
        drawings = drawings_of(block.flow)
        for drawing in drawings:
            self._drawn(drawing)
            self._new("Caption").add_run(drawing.title)

    def _drawn(self, drawing: Drawing) -> None:
        scale = min(1.0, _HEIGHT / (drawing.height * _UNIT))
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.line_spacing = 1.0
        shape = paragraph.add_run().add_picture(
            io.BytesIO(png_of(drawing)), width=Cm(_WIDTH * scale)
        )
        properties = shape._inline.docPr  # noqa: SLF001
        number = next(self.ids)
        properties.set("id", str(number))
        properties.set("name", f"Flowchart {number}")
        properties.set("title", drawing.title)
        properties.set("descr", drawing.told)


# --- Word's own elements ------------------------------------------------------------------------


def _id(style: str) -> str:
    """A style's id, as python-docx makes it of its name."""
    return style.replace(" ", "")


def _levels(number: str, levels: Iterable[tuple[str, str, int, int]]) -> BaseOxmlElement:
    """A numbering: for each level its style, its pattern, and its indents in twentieths."""
    rows = "".join(
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        f'<w:pStyle w:val="{style}"/><w:suff w:val="tab"/><w:lvlText w:val="{pattern}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left or hanging}"'
        f' w:hanging="{hanging}"/></w:pPr>'
        f"<w:rPr><w:b/></w:rPr></w:lvl>"
        for index, (style, pattern, left, hanging) in enumerate(levels)
    )
    return parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">'
        f'<w:multiLevelType w:val="multilevel"/>{rows}</w:abstractNum>'
    )


def _bookmark(anchor: str) -> str:
    """A bookmark's name: letters, digits and underscores, at most 40."""
    return anchor.replace("-", "_")[:40]


def _run(text: str) -> BaseOxmlElement:
    run, words = OxmlElement("w:r"), OxmlElement("w:t")
    words.text = text
    words.set(qn("xml:space"), "preserve")
    run.append(words)
    return run


def _link(paragraph: DocParagraph, text: str, anchor: str) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), _bookmark(anchor))
    link.set(qn("w:history"), "1")
    link.append(_run(text))
    paragraph._p.append(link)  # noqa: SLF001


def _character(paragraph: DocParagraph, kind: str, *, dirty: bool = False) -> None:
    run, mark = OxmlElement("w:r"), OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    if dirty:
        mark.set(qn("w:dirty"), "true")
    run.append(mark)
    paragraph._p.append(run)  # noqa: SLF001


def _field_begin(paragraph: DocParagraph, code: str, *, dirty: bool = False) -> None:
    _character(paragraph, "begin", dirty=dirty)
    run, text = OxmlElement("w:r"), OxmlElement("w:instrText")
    text.text = f" {code} "
    text.set(qn("xml:space"), "preserve")
    run.append(text)
    paragraph._p.append(run)  # noqa: SLF001
    _character(paragraph, "separate")


def _field_end(paragraph: DocParagraph) -> None:
    _character(paragraph, "end")


def _field(paragraph: DocParagraph, code: str, shown: str) -> None:
    _field_begin(paragraph, code)
    paragraph._p.append(_run(shown))  # noqa: SLF001
    _field_end(paragraph)


def _laid_out(table: DocTable, widths: Iterable[int]) -> None:
    """Columns of fixed widths, in hundredths of the page's."""
    table.autofit = False
    wide = [Cm(_WIDTH * width / 100) for width in widths]
    for column, width in zip(table.columns, wide, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, wide, strict=True):
            cell.width = width


def _lines(table: DocTable) -> None:
    """Thin lines between the rows, and nothing else."""
    rows = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="767B82"/>'
        for side in ("top", "bottom", "insideH")
    )
    properties = table._tbl.tblPr  # noqa: SLF001
    borders = parse_xml(f"<w:tblBorders {nsdecls('w')}>{rows}</w:tblBorders>")
    # Word takes these in one order only.
    later = next(e for e in properties if e.tag in (qn("w:tblLayout"), qn("w:tblLook")))
    later.addprevious(borders)


def _settled(made: bytes) -> bytes:
    """An archive whose members carry no time and stand in one order."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(made)) as before,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        names = sorted(before.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            info = zipfile.ZipInfo(name, _OLD)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            after.writestr(info, before.read(name))
    return stream.getvalue()
