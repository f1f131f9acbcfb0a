"""How a table on paper shares the width of its page among its columns."""

from dataclasses import dataclass

from earlyphase.reports.outlines import width
from earlyphase.reports.values import Table

_GUTTER = 2.9
"""The space beside each column. Units: mm."""
_POINT = 0.3528
"""Units: mm."""
_LINE = 110.0
"""No column asks for lines longer than this. Units: mm."""
_INDENT = 3.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What a column needs, and what it would like."""

    least: float
    """Its longest word. Units: mm."""
    most: float
    """Its longest text on one line. Units: mm."""


def column_widths(table: Table, size: float, room: float) -> list[float]:
    """Give each column its longest word, then share what is left by how much each still wants.

    Args:
        table: the table.
        size: the size of its text. Units: points.
        room: the width of the page. Units: mm.

    Returns:
        The widths, which fill the room. Units: mm.
    """
    wishes = [_wish(table, place, size) for place in range(len(table.columns))]
    widths = [wish.least for wish in wishes]
    for _ in wishes:
        left = room - sum(widths)
        wants = [max(0.0, wish.most - width) for wish, width in zip(wishes, widths, strict=True)]
        if left <= 0 or sum(wants) == 0:
            break
        part = min(1.0, left / sum(wants))
        widths = [width + part * want for width, want in zip(widths, wants, strict=True)]
    if sum(widths) < room and widths:
        widths[0] += room - sum(widths)
    return [round(width, 2) for width in widths]


def _wish(table: Table, place: int, size: float) -> Wish:
    """Measure a column; headings may be broken, and figures may not."""
    number = table.columns[place].kind == "number"
    texts = [_tabular(row.cells[place].text) if number else row.cells[place].text for row in table.rows]
    cells = [
        (text, row.strong, row.indent * _INDENT * (place == 0)) for text, row in zip(texts, table.rows, strict=True)
    ]
    whole = [_measured(text, size, strong) + indent for text, strong, indent in cells]
    words = [_measured(word, size, strong) + indent for text, strong, indent in cells for word in text.split(" ")]
    heading = [_measured(word, size, strong=True) for word in table.columns[place].heading.split(" ")]
    short = [length for length in whole if length <= _SHORT or not number]
    least = max([*heading, *(short if number else words)], default=0.0)
    natural = max([*whole, _measured(table.columns[place].heading, size, strong=True)], default=0.0)
    return Wish(least + _GUTTER, min(natural, max(_LINE, least)) + _GUTTER)


def _tabular(text: str) -> str:
    """Take every digit for the widest: in columns of figures all of them are set as wide."""
    return "".join("4" if character.isdecimal() else character for character in text)


_SHORT = 24.0
"""A figure up to this length is not broken over lines. Units: mm."""


def _measured(text: str, size: float, strong: bool) -> float:  # noqa: FBT001 - one of two weights
    return width(text, size, bold=strong) * _POINT
