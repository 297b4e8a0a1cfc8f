"""The paper as DOCX, to be worked on further; the same document gives the same bytes."""

import io
import zipfile
from datetime import datetime, time
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from web.briefing.document import Block, Document
from web.briefing.pdf import to_picture
from web.briefing.svg import UNWRITABLE

# What decree 30 asks for, and what every office has.
FONT, SIZE = "Times New Roman", 13.5
WIDTH = Mm(165)
# The first moment that a ZIP file can hold: it tells nothing of when the file was made.
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
ALIGNED = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
CENTRE = WD_ALIGN_PARAGRAPH.CENTER
RULE = "———————"


def to_docx(document: Document) -> bytes:
    """The same words, tables and drawings as the PDF, the drawings as pictures."""
    book = docx.Document()
    _set_page(book, document)
    _head(book, document)
    for section in document.sections:
        _say(book.add_heading("", 1), section.title, bold=True)
        for block in section.blocks:
            _block(book, block)
    _foot(book, document)
    content = io.BytesIO()
    book.save(content)
    return _without_times(content.getvalue())


def _set_page(book: WordDocument, document: Document) -> None:
    page = book.sections[0]
    page.orientation = WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin = page.bottom_margin = Mm(20)
    page.left_margin, page.right_margin = Mm(30), Mm(15)
    for name in ("Normal", "Heading 1"):
        style = book.styles[name]
        style.font.name, style.font.size = FONT, Pt(SIZE)
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{script}"), None)
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), FONT)
    # Numbers stand on top from the second page on, the mark below on every one.
    page.different_first_page_header_footer = True
    _page_number(page.header.paragraphs[0])
    for footer in (page.footer, page.first_page_footer):
        line = footer.paragraphs[0]
        line.alignment = CENTRE
        _say(line, document.mark, bold=True, size=10.5)
    told = book.core_properties
    told.author = told.last_modified_by = "Bienmap"
    told.title, told.comments, told.language = document.title, "", document.language
    told.created = told.modified = datetime.combine(document.dated, time())
    told.revision = 1


def _page_number(line: Paragraph) -> None:
    line.alignment = CENTRE
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    line._p.append(field)


def _head(book: WordDocument, document: Document) -> None:
    said = document.said
    left, right = book.add_table(1, 2).rows[0].cells
    left.width, right.width = Mm(69), Mm(96)
    _lines(
        left,
        (said["agency_above"], {"size": 12}),
        (said["agency"], {"size": 12, "bold": True}),
        (RULE, {"size": 6}),
        (said["number"], {"size": 12.5}),
    )
    _lines(
        right,
        (said["state"], {"size": 12, "bold": True}),
        (said["motto"], {"size": 13, "bold": True, "underline": True}),
        (document.place_and_day, {"size": 13, "italic": True}),
    )
    for text, size in ((said["report"], 14), (document.title, 14), (document.period, SIZE)):
        line = book.add_paragraph()
        line.alignment = CENTRE
        line.paragraph_format.space_after = Pt(2)
        _say(line, text, bold=text != document.period, size=size)


def _lines(cell: _Cell, *lines: tuple[str, dict[str, Any]]) -> None:
    for number, (text, look) in enumerate(lines):
        line = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        line.alignment = CENTRE
        line.paragraph_format.space_after = Pt(0)
        _say(line, text, **look)


def _block(book: WordDocument, block: Block) -> None:
    if block.kind == "drawing":
        line = book.add_paragraph()
        line.paragraph_format.keep_with_next = True
        picture = line.add_run().add_picture(io.BytesIO(to_picture(block.svg)), width=WIDTH)
        picture._inline.docPr.set("descr", block.alternative)
        _caption(book, block.text, keeps=False)
    elif block.kind == "table":
        _caption(book, block.text, keeps=True)
        _table(book, block)
    else:
        line = book.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        line.paragraph_format.space_after = Pt(6)
        if block.kind == "note":
            _say(line, block.text, italic=True, size=11)
        else:
            line.paragraph_format.first_line_indent = Mm(10)
            _say(line, f"- {block.text}")


def _caption(book: WordDocument, text: str, *, keeps: bool) -> None:
    line = book.add_paragraph()
    line.alignment = CENTRE
    line.paragraph_format.keep_with_next = keeps
    _say(line, text, bold=True, size=12)


def _table(book: WordDocument, block: Block) -> None:
    table = book.add_table(1, len(block.columns), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    whole = sum(one.width for one in block.columns)
    heading = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(heading)
    for _ in block.rows:
        table.add_row()
    rows = [[one.title for one in block.columns], *block.rows]
    for number, (row, cells) in enumerate(zip(table.rows, rows, strict=True)):
        for cell, text, column in zip(row.cells, cells, block.columns, strict=True):
            cell.width = int(WIDTH * column.width / whole)
            line = cell.paragraphs[0]
            line.alignment = ALIGNED[column.align] if number else CENTRE
            line.paragraph_format.space_after = Pt(0)
            line.paragraph_format.keep_with_next = number < len(block.rows)
            _say(line, text, bold=number == 0, size=11.5)
    book.add_paragraph().paragraph_format.space_after = Pt(0)


def _foot(book: WordDocument, document: Document) -> None:
    said = document.said
    left, right = book.add_table(1, 2).rows[0].cells
    _lines(right, (said["signature"], {"bold": True}), *((" ", {}) for _ in range(5)))
    _lines(
        left,
        (said["recipients"], {"size": 12, "bold": True, "italic": True}),
        (said["recipient"], {"size": 11}),
        (said["recipient"], {"size": 11}),
        (said["archive"], {"size": 11}),
    )
    for line in left.paragraphs:
        line.alignment = WD_ALIGN_PARAGRAPH.LEFT


def _say(
    line: Paragraph,
    text: str,
    *,
    size: float = SIZE,
    bold: bool = False,
    italic: bool = False,
    underline: bool = False,
) -> None:
    run = line.add_run(UNWRITABLE.sub("", text))
    run.font.size = Pt(size)
    run.bold, run.italic, run.underline = bold, italic, underline


def _without_times(content: bytes) -> bytes:
    """The same file, its members as of one moment."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for member in source.infolist():
            told = zipfile.ZipInfo(member.filename, ZIP_TIME)
            told.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(told, source.read(member))
    return made.getvalue()
