"""A table as RTF, for the word processors of regulators' offices."""

import itertools
from typing import Any

from earlyphase.reports.outputs.paper import Paper, paper_for
from earlyphase.reports.page import spans
from earlyphase.reports.values import Table

_HIGHEST = 32767
"""RTF writes the number of a character as a signed number of 16 bits."""
_INDENT = 220
"""How far a term is set in under its class. Units: twentieths of a point."""
_SIZE = 9
_ARIAL = 4
"""As rtflite numbers its fonts."""


def table_rtf(table: Table, heading: str, foot: str) -> bytes:
    """Write a table as RTF.

    Args:
        table: the table.
        heading: the line above it: `Table 3. Dose-limiting toxicity`.
        foot: the line at the foot of each page: what it was made from.
    """
    import polars as pl  # noqa: PLC0415 - only who writes RTF waits for it

    rtf = _rtflite()
    paper = paper_for(table)
    rows = [[rtf_text(cell.text) for cell in row.cells] for row in table.rows]
    kept = rows or [[rtf_text(table.empty), *([""] * (len(table.columns) - 1))]]
    names = [f"c{place}" for place in range(len(table.columns))]
    wide = paper.landscape
    document = rtf.RTFDocument(
        df=pl.DataFrame(dict(zip(names, map(list, zip(*kept, strict=True)), strict=True))),
        rtf_page=rtf.RTFPage(orientation="landscape" if wide else "portrait", nrow=paper.lines),
        rtf_title=rtf.RTFTitle(text=[rtf_text(heading)], text_convert=False, text_font=_ARIAL, text_justification="l"),
        rtf_column_header=_headings(table, paper),
        rtf_body=rtf.RTFBody(text_convert=False, col_rel_width=list(paper.widths), text_font=_ARIAL, **_body(table)),
        rtf_footnote=rtf.RTFFootnote(
            text=[rtf_text(note) for note in table.footnotes], text_convert=False, text_font=_ARIAL, as_table=False
        )
        if table.footnotes
        else None,
        rtf_page_footer=rtf.RTFPageFooter(
            text=[rtf_text(foot)], text_convert=False, text_font=_ARIAL, text_font_size=7
        ),
    )
    return document.rtf_encode().encode("ascii", "replace")


def _body(table: Table) -> dict[str, Any]:
    """Give how cells are set: numbers to the right, terms set in, totals in bold."""
    columns = ["r" if one.kind == "number" else "l" for one in table.columns]
    rows = table.rows or (None,)
    return {
        "text_justification": [columns] * len(rows),
        "text_indent_left": [[_INDENT * (row.indent if row else 0), *([0] * (len(columns) - 1))] for row in rows],
        "text_format": [["b" if row and row.strong else ""] * len(columns) for row in rows],
        "text_font_size": _SIZE - (len(columns) > _DENSE),
    }


_DENSE = 9
"""More columns than this are set one point smaller."""


def _rtflite() -> Any:  # noqa: ANN401 - its types refuse what it takes
    import rtflite  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs] - as above

    return rtflite


def _headings(table: Table, paper: Paper) -> list[Any]:
    rtf = _rtflite()
    rows = [([column.heading for column in table.columns], list(paper.widths))]
    if over := spans(table):
        edges = [sum(span for _, span in over[:place]) for place in range(len(over) + 1)]
        widths = [sum(paper.widths[a:b]) for a, b in itertools.pairwise(edges)]
        rows.insert(0, ([name for name, _ in over], widths))
    return [
        rtf.RTFColumnHeader(
            text=[rtf_text(one) for one in texts],
            col_rel_width=widths,
            text_convert=False,
            text_font=_ARIAL,
            text_format="b",
            text_justification=["l", *(["c"] * (len(texts) - 1))],
        )
        for texts, widths in rows
    ]


def rtf_text(text: str) -> str:
    """Write a text as RTF does: its own signs are escaped, and other characters stand as numbers."""
    return "".join(_escaped(character) for character in text)


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
