"""The colours of pages, documents and figures, each with its counterpart on a dark screen.

Data colours are those of Okabe and Ito, which stay apart for every kind of colour vision; beside colour, each mark also
differs in shape or dash, so that figures read in grey.

Source: Okabe M, Ito K. Color Universal Design 2008, jfly.uni-koeln.de/color.
"""

from typing import NamedTuple


class Shade(NamedTuple):
    """One colour, on paper and on a dark screen."""

    light: str
    dark: str


INK = Shade("#16202c", "#e6eaef")
MUTED = Shade("#56616e", "#a3adb9")
LINE = Shade("#c3cad3", "#4a5563")
GRID = Shade("#e4e8ed", "#2b343f")
FILL = Shade("#f3f5f8", "#1d252f")
PAPER = Shade("#ffffff", "#12181f")

BLUE = Shade("#0072b2", "#4aa8e0")
VERMILION = Shade("#d55e00", "#f0803c")
GREEN = Shade("#009e73", "#2fc296")
PURPLE = Shade("#a8568a", "#d58abb")
ORANGE = Shade("#c98500", "#e9ad3a")
SKY = Shade("#cddeec", "#2b4a61")

SHADES = (INK, MUTED, LINE, GRID, FILL, PAPER, BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)
"""All of them: a page maps each light colour of a figure to its dark one."""

SERIES = (BLUE, VERMILION, GREEN, PURPLE)
"""The colours of groups, in order."""

DASHES = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3))
"""The dashes of groups, in the same order: how they differ in grey."""
