"""How a table lies on a page of a word processor."""

from dataclasses import dataclass

from earlyphase.reports.values import Table
from earlyphase.reports.widths import column_widths

_MANY = 6
"""A table of more columns is laid on its side."""
_LONG = 400
"""So is one whose longest row has more characters."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The page of one table."""

    landscape: bool
    widths: tuple[float, ...]
    """The widths of the columns. Units: mm."""
    lines: int
    """How many lines a page has room for."""

    @property
    def room(self) -> float:
        """The width between the margins of A4. Units: mm."""
        return 257.0 if self.landscape else 170.0


def paper_for(table: Table) -> Paper:
    """Choose a page for a table, and share its width among the columns."""
    longest = max((sum(len(cell.text) for cell in row.cells) for row in table.rows), default=0)
    wide = len(table.columns) > _MANY or longest > _LONG
    paper = Paper(wide, (), 26 if wide else 42)
    return Paper(wide, tuple(column_widths(table, 9.0, paper.room)), paper.lines)
