"""How a table lies on a page of a word processor."""

from dataclasses import dataclass

from earlyphase.reports.values import Table
from earlyphase.reports.widths import column_widths, least_width

MARGIN = 20.0
"""Units: mm."""
NO_BREAK = {ord("\N{NARROW NO-BREAK SPACE}"): "\N{NO-BREAK SPACE}"}
"""What Arial does not have, and a word processor would take from another font and break a line at."""
_SIZE = 9.0
"""The size of the text. Widths are measured in our own font, which is a little wider than Arial. Units: points."""
_MANY = 6
"""A table of more columns is laid on its side."""
_LONG = 400
"""So is one whose longest row has more characters."""
_PORTRAIT, _LANDSCAPE = 210.0 - 2 * MARGIN, 297.0 - 2 * MARGIN


@dataclass(frozen=True, slots=True)
class Paper:
    """The page of one table."""

    landscape: bool
    widths: tuple[float, ...]
    """The widths of the columns. Units: mm."""

    @property
    def room(self) -> float:
        """The width between the margins of A4. Units: mm."""
        return _LANDSCAPE if self.landscape else _PORTRAIT


def paper_for(table: Table) -> Paper:
    """Choose a page for a table, and share its width among the columns."""
    longest = max((sum(len(cell.text) for cell in row.cells) for row in table.rows), default=0)
    wide = len(table.columns) > _MANY or longest > _LONG or least_width(table, _SIZE) > _PORTRAIT
    return Paper(wide, tuple(column_widths(table, _SIZE, _LANDSCAPE if wide else _PORTRAIT)))
