"""A table as RTF, for the word processors of regulators' offices: real rows, headings that repeat on every page."""

import itertools
from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

from earlyphase.reports.outputs.paper import MARGIN, NO_BREAK, Paper, paper_for
from earlyphase.reports.page import spans
from earlyphase.reports.values import Row, Stamp, Table

_HIGHEST = 32767
"""RTF writes the number of a character as a signed number of 16 bits."""
_TWIPS = 56.69
"""How many twentieths of a point are a millimetre."""
_INDENT = 220
"""How far a term is set in under its class. Units: twentieths of a point."""
_SIZE, _TITLE, _SMALL = 18, 22, 15
"""Units: half points."""
_PAD = 60
"""The room on either side of a cell. Units: twentieths of a point."""
_HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0\uc1\deflang2057"
    r"{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fnil\fcharset134 SimSun;}}"
    r"{\colortbl;\red195\green202\blue211;\red138\green90\blue0;}"
)
_RULE, _HAIR = r"\brdrs\brdrw20", r"\brdrs\brdrw5\brdrcf1"


def table_rtf(table: Table, heading: str, foot: str, stamp: Stamp | None = None) -> bytes:
    """Write a table as RTF.

    Args:
        table: the table.
        heading: the line above it: `Table 3. Dose-limiting toxicity`.
        foot: the line at the foot of each page: what it was made from.
        stamp: whose label stands on each page, where it has one.
    """
    paper = paper_for(table)
    lines = [_HEAD, _page(paper), _label(stamp), _foot(foot), _paragraph(heading, rf"\sb0\sa120\keepn\b\fs{_TITLE}")]
    lines += _rows(table, paper) if table.rows else [_paragraph(table.empty, rf"\sa60\fs{_SIZE}")]
    lines += [_paragraph(note, rf"\sb60\fs{_SMALL}") for note in table.footnotes]
    return "\n".join((*lines, "}")).encode("ascii", "replace")


def _page(paper: Paper) -> str:
    short, long, margin = round(210 * _TWIPS), round(297 * _TWIPS), round(MARGIN * _TWIPS)
    wide, high = (long, short) if paper.landscape else (short, long)
    margins = "".join(rf"\marg{side}{margin}" for side in "lrtb")
    turned = r"\landscape\lndscpsxn" if paper.landscape else ""
    return rf"\paperw{wide}\paperh{high}{margins}{turned}\sectd\pgwsxn{wide}\pghsxn{high}"


def _label(stamp: Stamp | None) -> str:
    if stamp is None or stamp.label is None:
        return ""
    said = rtf_run(f"{stamp.label.value}. {stamp.label.says}")
    return rf"{{\header\pard\plain\f0\qr\b\cf2\fs{_SIZE} {said}\par}}"


def _foot(foot: str) -> str:
    number = "/".join(rf"{{\field{{\*\fldinst {name}}}{{\fldrslt\f0\fs{_SMALL} 1}}}}" for name in ("PAGE", "NUMPAGES"))
    return rf"{{\footer\pard\plain\f0\fs{_SMALL} {rtf_run(foot)}  {number}\par}}"


def _paragraph(text: str, look: str) -> str:
    return rf"{{\pard\plain\f0\ql{look} {rtf_run(text)}\par}}"


def _rows(table: Table, paper: Paper) -> Iterator[str]:
    """Give the rows: the headings, marked to repeat, then the others; none is broken over two pages."""
    edges = [round(sum(paper.widths[:place]) * _TWIPS) for place in range(len(paper.widths) + 1)]
    if over := spans(table):
        ends = list(itertools.accumulate(span for _, span in over))
        cells = [(name, r"\qc\b") for name, _ in over]
        yield _row(cells, [edges[end] for end in ends], (_RULE, _HAIR), header=True)
    heads = [(one.heading, (r"\qr" if one.kind == "number" else r"\ql") + r"\b") for one in table.columns]
    yield _row(heads, edges[1:], (_HAIR if over else _RULE, _RULE), header=True)
    last = len(table.rows) - 1
    for place, row in enumerate(table.rows):
        yield _row(list(_looks(table, row)), edges[1:], ("", _RULE if place == last else _HAIR))


def _looks(table: Table, row: Row) -> Iterator[tuple[str, str]]:
    for place, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
        side = r"\qr" if column.kind == "number" else r"\ql"
        indent = rf"\li{_INDENT * row.indent}" if row.indent and place == 0 else ""
        yield cell.text, side + indent + (r"\b" if row.strong else "")


def _row(
    cells: Sequence[tuple[str, str]], edges: Sequence[int], borders: tuple[str, str], *, header: bool = False
) -> str:
    sides = "".join(rf"\clbrdr{side}{rule}" for side, rule in zip("tb", borders, strict=True) if rule)
    ends = "".join(rf"{sides}\cellx{edge}" for edge in edges)
    texts = "".join(rf"\pard\plain\intbl\f0\fs{_SIZE}\sb20\sa20{look} {rtf_run(text)}\cell" for text, look in cells)
    repeated = r"\trhdr" if header else ""
    return rf"\trowd\trgaph{_PAD}\trleft0\trkeep{repeated}{ends}{texts}\row"


def rtf_run(text: str) -> str:
    """Write a text, Chinese characters in their own font."""
    parts = itertools.groupby(text, key=lambda one: east_asian_width(one) in "WF")
    texts = ((wide, rtf_text("".join(run))) for wide, run in parts)
    return "".join(rf"{{\f1 {run}}}" if wide else run for wide, run in texts)


def rtf_text(text: str) -> str:
    """Write a text as RTF does: its own signs are escaped, and other characters stand as numbers."""
    return "".join(_escaped(character) for character in text.translate(NO_BREAK))


def _escaped(character: str) -> str:
    if character in "\\{}":
        return f"\\{character}"
    if character in "\n\r":
        return " "
    if character.isascii():
        return character
    units = character.encode("utf-16-le")
    numbers = (int.from_bytes(units[place : place + 2], "little") for place in range(0, len(units), 2))
    return "".join(f"\\u{number - 65536 if number > _HIGHEST else number}?" for number in numbers)
