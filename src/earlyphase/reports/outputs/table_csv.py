"""A table as CSV: what its cells show, with one line of headings."""

import csv
import io

from earlyphase.analysis.results import inert
from earlyphase.reports.results_data import named
from earlyphase.reports.values import Table


def table_csv(table: Table) -> bytes:
    """Write a table as CSV, in UTF-8 with a mark that spreadsheets need to read it so.

    A term under its class is written with it, so that each line can be read alone.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([f"{one.group}: {one.heading}" if one.group else one.heading for one in table.columns])
    for row, name in named(table.rows):
        writer.writerow([inert(name), *(cell.text for cell in row.cells[1:])])
    return text.getvalue().encode("utf-8-sig")
