"""One table or one figure of a report as a file, in any format."""

import dataclasses
from collections.abc import Callable, Mapping

from earlyphase.reports.document import document
from earlyphase.reports.outputs.figure_files import figure_png, interactive, on_white
from earlyphase.reports.outputs.table_csv import table_csv
from earlyphase.reports.outputs.table_docx import table_docx
from earlyphase.reports.outputs.table_rtf import table_rtf
from earlyphase.reports.page import foot, page
from earlyphase.reports.values import Figure, Report, Section, Table

_Table = Callable[[Report, Table, int], bytes]
_Figure = Callable[[Report, Figure, int, str], bytes]


def _heading(table: Table, number: int) -> str:
    return f"Table {number}. {table.title}"


def _alone(report: Report, part: Table | Figure) -> Report:
    """Give a report of one part, under the same stamp and the title of its section."""
    home = next(section for section in report.sections if part in section.parts)
    return dataclasses.replace(report, sections=(Section(f"{part.id}-section", home.title, (part,)),))


TABLE_FILES: Mapping[str, _Table] = {
    "html": lambda report, table, number: page(_alone(report, table), {}, {table.id: number}).encode(),
    "rtf": lambda report, table, number: table_rtf(table, _heading(table, number), foot(report), report.stamp),
    "docx": lambda report, table, number: table_docx(table, _heading(table, number), foot(report), report.stamp),
    "pdf": lambda report, table, number: document(_alone(report, table), {}, {table.id: number}),
    "csv": lambda _report, table, _number: table_csv(table),
}
"""How a table is written, by the format."""

FIGURE_FILES: Mapping[str, _Figure] = {
    "svg": lambda _report, _figure, _number, svg: on_white(svg).encode(),
    "png": lambda _report, _figure, _number, svg: figure_png(on_white(svg)),
    "pdf": lambda report, figure, number, svg: document(_alone(report, figure), {figure.id: svg}, {figure.id: number}),
    "html": lambda report, figure, _number, _svg: interactive(figure, report.stamp).encode(),
}
"""How a figure is written, by the format."""
