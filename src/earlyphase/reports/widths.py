"""How a table on paper shares the width of its page among its columns."""

import itertools
import re
from dataclasses import dataclass
from unicodedata import east_asian_width

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
    widths = _capped([wish.least for wish in wishes], room)
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


def least_width(table: Table, size: float) -> float:
    """Give the width that a table needs at the least: that of the longest word of each column.

    Units: mm.
    """
    return sum(_wish(table, place, size).least for place in range(len(table.columns)))


def _capped(widths: list[float], room: float) -> list[float]:
    """Where the longest words do not fit beside one another, take from the widest columns: their words are broken."""
    for _ in widths:
        over = sum(widths) - room
        widest = max(widths, default=0.0)
        rank = [place for place, width in enumerate(widths) if width >= widest - _NEAR]
        next_widest = max((width for width in widths if width < widest - _NEAR), default=0.0)
        if over <= 0 or not rank:
            break
        cut = min(over / len(rank), widest - next_widest)
        widths = [width - cut if place in rank else width for place, width in enumerate(widths)]
    return widths


_NEAR = 0.01
"""Widths so close are the same. Units: mm."""


def _wish(table: Table, place: int, size: float) -> Wish:
    """Measure a column; headings may be broken, and figures may not."""
    number = table.columns[place].kind == "number"
    texts = [_tabular(row.cells[place].text) if number else row.cells[place].text for row in table.rows]
    cells = [
        (text, row.strong, row.indent * _INDENT * (place == 0)) for text, row in zip(texts, table.rows, strict=True)
    ]
    whole = [_measured(text, size, strong) + indent for text, strong, indent in cells]
    words = [_measured(word, size, strong) + indent for text, strong, indent in cells for word in pieces(text)]
    heading = [_measured(word, size, strong=True) for word in table.columns[place].heading.split(" ")]
    short = [length for length in whole if length <= _SHORT or not number]
    least = max([*heading, *(short if number else words)], default=0.0)
    natural = max([*whole, _measured(table.columns[place].heading, size, strong=True)], default=0.0)
    return Wish(least + _GUTTER, min(natural, max(_LINE, least)) + _GUTTER)


def _tabular(text: str) -> str:
    """Take every digit for the widest: in columns of figures all of them are set as wide."""
    return "".join("4" if character.isdecimal() else character for character in text)


_SHORT = 38.0
"""A figure up to this length is not broken over lines. Units: mm."""


def _measured(text: str, size: float, strong: bool) -> float:  # noqa: FBT001 - one of two weights
    return width(text, size, bold=strong) * _POINT


FEW = 6
"""Chinese text may be broken anywhere, but a line of it has so many characters."""

LONGEST = 26
"""Words of more characters than this may be broken."""


def pieces(text: str) -> list[str]:
    """Part a text where a line may be broken: at blanks, among Chinese characters, within very long words."""
    found: list[str] = []
    for word in text.split(" "):
        for wide, run in itertools.groupby(word, key=lambda one: east_asian_width(one) in "WF"):
            whole = "".join(run)
            size = FEW if wide else min(len(whole), LONGEST)
            found += [whole[place : place + size] for place in range(0, len(whole), size)]
    return found


def breakable(text: str) -> str:
    """Mark within very long words where they may be broken."""
    return _VERY_LONG.sub(lambda word: "\N{ZERO WIDTH SPACE}".join(_parts(word.group())), text)


_VERY_LONG = re.compile(rf"[!-\u2e7f]{{{LONGEST + 1},}}")
"""A run of characters that are neither blanks nor Chinese."""


def _parts(word: str) -> list[str]:
    return [word[place : place + LONGEST // 2] for place in range(0, len(word), LONGEST // 2)]
