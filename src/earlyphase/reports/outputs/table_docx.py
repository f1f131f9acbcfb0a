"""A table as a Word document: headings that repeat on every page, real rows and cells, the same bytes every time."""

import datetime as dt
import io
import zipfile
from typing import Any

from earlyphase.reports.outputs.paper import NO_BREAK, Paper, paper_for
from earlyphase.reports.page import spans
from earlyphase.reports.values import Row, Stamp, Table

_FONT, _CHINESE = "Arial", "SimSun"
_SIZE, _SMALL = 9, 7.5
_FIRST = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that a ZIP archive can hold: files are dated by their data, not by the clock."""


def table_docx(table: Table, heading: str, foot: str, stamp: Stamp) -> bytes:
    """Write a table as a Word document.

    Args:
        table: the table.
        heading: the line above it: `Table 3. Dose-limiting toxicity`.
        foot: the line at the foot of each page: what it was made from.
        stamp: when the data are from.
    """
    import docx  # noqa: PLC0415 - only who writes Word documents waits for it
    from docx.shared import Pt  # noqa: PLC0415 - as above

    document, paper = docx.Document(), paper_for(table)
    _lay(document, paper)
    _edges(document, foot, stamp)
    document.add_paragraph(heading, style="Heading 1")
    if table.rows:
        _rows(document, table, paper)
    else:
        document.add_paragraph(table.empty)
    for note in table.footnotes:
        document.add_paragraph(note).paragraph_format.space_before = Pt(3)
    _date(document, heading, stamp)
    text = io.BytesIO()
    document.save(text)
    return _same_bytes(text.getvalue())


def _lay(document: Any, paper: Paper) -> None:  # noqa: ANN401 - python-docx has no complete types
    """Set page, margins and fonts."""
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415 - as above
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above
    from docx.shared import Mm, Pt, RGBColor  # noqa: PLC0415 - as above

    section, normal, title = document.sections[0], document.styles["Normal"], document.styles["Heading 1"]
    short, long = Mm(210), Mm(297)
    section.orientation = WD_ORIENT.LANDSCAPE if paper.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if paper.landscape else (short, long)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
    for style, size in ((normal, _SIZE), (title, 11)):
        style.font.name, style.font.size = _FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(name), None)
        fonts.set(qn("w:eastAsia"), _CHINESE)
    title.font.color.rgb = RGBColor(0, 0, 0)


def _edges(document: Any, foot: str, stamp: Stamp) -> None:  # noqa: ANN401 - as above
    """Write what stands at the head and the foot of every page: the label, what it was made from, the page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415 - as above
    from docx.oxml import parse_xml  # noqa: PLC0415 - as above
    from docx.shared import Pt, RGBColor  # noqa: PLC0415 - as above

    section = document.sections[0]
    if stamp.label:
        above = section.header.paragraphs[0]
        above.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        label = above.add_run(f"{stamp.label.value}. {stamp.label.says}")
        label.font.bold, label.font.color.rgb = True, RGBColor(0x8A, 0x5A, 0x00)
    below = section.footer.paragraphs[0]
    for text, field in ((f"{foot}  ", "PAGE"), ("/", "NUMPAGES")):
        below.add_run(text).font.size = Pt(_SMALL)
        number = f'<w:rPr><w:sz w:val="{round(2 * _SMALL)}"/></w:rPr><w:t>1</w:t>'
        below._p.append(parse_xml(f'<w:fldSimple {_NAMES} w:instr="{field}"><w:r>{number}</w:r></w:fldSimple>'))  # noqa: SLF001 - it has no fields


def _rows(document: Any, table: Table, paper: Paper) -> None:  # noqa: ANN401 - as above
    """Write the table; rows are made as text, for thousands of them."""
    over = spans(table)
    word = document.add_table(rows=0, cols=len(table.columns))
    word.autofit = False
    body = word._tbl  # noqa: SLF001 - python-docx has no faster way to add thousands of rows
    _rule(word)
    for column, width in zip(body.tblGrid.gridCol_lst, paper.widths, strict=True):
        column.w = round(width * 36000)
    kinds = [column.kind for column in table.columns]
    if over:
        body.append(_row([(name, span) for name, span in over], paper, header=True))
    body.append(_row([(column.heading, 1) for column in table.columns], paper, header=True, kinds=kinds))
    for row in table.rows:
        body.append(_row([(cell.text, 1) for cell in row.cells], paper, kinds=kinds, look=row))


def _rule(word: Any) -> None:  # noqa: ANN401 - as above
    """Draw the lines of the table, and give its cells room; Word wants the properties in the order of its schema."""
    from docx.oxml import parse_xml  # noqa: PLC0415 - as above
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    sides = "".join(f'<w:{side} w:val="single" w:sz="8" w:color="000000"/>' for side in ("top", "bottom"))
    room = "".join(f'<w:{side} w:w="60" w:type="dxa"/>' for side in ("left", "right"))
    sides += '<w:insideH w:val="single" w:sz="2" w:color="C3CAD3"/>'
    layout = word._tbl.tblPr.find(qn("w:tblLayout"))  # noqa: SLF001 - as above
    layout.addprevious(parse_xml(f"<w:tblBorders {_NAMES}>{sides}</w:tblBorders>"))
    layout.addnext(parse_xml(f"<w:tblCellMar {_NAMES}>{room}</w:tblCellMar>"))


_NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _row(
    cells: list[tuple[str, int]],
    paper: Paper,
    *,
    header: bool = False,
    kinds: list[Any] | None = None,
    look: Row | None = None,
) -> Any:  # noqa: ANN401 - as above
    from docx.oxml import parse_xml  # noqa: PLC0415 - as above

    start, parts = 0, [f"<w:tr {_NAMES}><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if header else ''}</w:trPr>"]
    for text, span in cells:
        twips = round(sum(paper.widths[start : start + span]) * 56.69)
        right = kinds is not None and span == 1 and kinds[start] == "number"
        across = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        side = '<w:jc w:val="right"/>' if right else '<w:jc w:val="center"/>' if header and kinds is None else ""
        indent = f'<w:ind w:left="{220 * look.indent}"/>' if look and look.indent and start == 0 else ""
        bold = "<w:rPr><w:b/></w:rPr>" if header or (look and look.strong) else ""
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{twips}" w:type="dxa"/>{across}</w:tcPr><w:p><w:pPr>'
            f'<w:spacing w:before="20" w:after="20"/>{indent}{side}</w:pPr>'
            f'<w:r>{bold}<w:t xml:space="preserve">{_xml(text)}</w:t></w:r></w:p></w:tc>'
        )
        start += span
    return parse_xml("".join((*parts, "</w:tr>")))


def _xml(text: str) -> str:
    """Escape a text; signs that XML cannot hold are left out."""
    kept = "".join(one for one in text.translate(NO_BREAK) if one.isprintable() or one in "\t\N{NO-BREAK SPACE}")
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _date(document: Any, heading: str, stamp: Stamp) -> None:  # noqa: ANN401 - as above
    about = document.core_properties
    about.title, about.author, about.subject = heading, f"earlyphase {stamp.software}", stamp.study
    about.comments = f"Data cut-off {stamp.cutoff}, journal head {stamp.head}"
    moment = dt.datetime.fromisoformat(stamp.as_of) if stamp.as_of else dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
    about.created = about.modified = moment.replace(tzinfo=None)


def _same_bytes(content: bytes) -> bytes:
    """Pack the archive again with dates that do not depend on the clock."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in given.namelist():
            made.writestr(zipfile.ZipInfo(name, _FIRST), given.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
