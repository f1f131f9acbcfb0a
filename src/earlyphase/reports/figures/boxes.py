"""Boxes with words, joined by arrows: what the figures of participant flow are drawn with."""

from collections.abc import Sequence
from dataclasses import dataclass

from earlyphase.reports.figures.theme import Spec, titled
from earlyphase.reports.palette import FILL, INK, LINE, MUTED, PAPER

LINE_HEIGHT, PAD, SIZE = 15, 10, 11
"""Units: pixels."""

Line = tuple[tuple[str, float], ...]
"""The pieces of a line, each with how far it is set in."""

Link = tuple[float, float, float, float]
"""An arrow: from left and top to right and bottom."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box with lines of text; a main one is filled, and its first line is bold."""

    x: float
    y: float
    width: float
    lines: tuple[Line, ...]
    main: bool

    @property
    def height(self) -> float:
        """How high its text makes it. Units: pixels."""
        return len(self.lines) * LINE_HEIGHT + 2 * PAD - 3


def chart(boxes: Sequence[Box], links: Sequence[Link], across: float, height: float) -> Spec:
    """Specify a drawing of boxes and arrows."""
    x: Spec = {"field": "x", "type": "quantitative", "scale": {"domain": [0, across], "nice": False}, "axis": None}
    y: Spec = {"field": "y", "type": "quantitative", "scale": {"domain": [height, 0], "nice": False}, "axis": None}
    layers = [_lines(links, x, y), _arrows(links, x, y), *_boxes(boxes, x, y)]
    return titled(width=across, height=height, layer=layers)


def _lines(links: Sequence[Link], x: Spec, y: Spec) -> Spec:
    rows = [{"x": left, "y": top, "x2": right, "y2": bottom} for left, top, right, bottom in links]
    encoding = {"x": x, "y": y, "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    return {
        "data": {"values": rows},
        "mark": {"type": "rule", "color": MUTED.light, "strokeWidth": 1},
        "encoding": encoding,
    }


def _arrows(links: Sequence[Link], x: Spec, y: Spec) -> Spec:
    rows = [
        {"x": right - 3 * (right != left), "y": bottom - 3 * (right == left), "turn": 90 if right != left else 180}
        for left, _, right, bottom in links
    ]
    return {
        "data": {"values": rows},
        "mark": {"type": "point", "shape": "triangle", "filled": True, "size": 34, "color": MUTED.light, "opacity": 1},
        "encoding": {"x": x, "y": y, "angle": {"field": "turn", "type": "quantitative", "scale": None}},
    }


def _boxes(boxes: Sequence[Box], x: Spec, y: Spec) -> list[Spec]:
    """Draw the boxes, then their words: first those in bold."""
    encoding = {"x": x, "y": y, "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    fill = {"field": "fill", "type": "nominal", "scale": None}
    outline: Spec = {
        "data": {"values": [_outline(box) for box in boxes]},
        "mark": {"type": "rect", "stroke": LINE.light, "strokeWidth": 1, "cornerRadius": 2},
        "encoding": {**encoding, "fill": fill},
    }
    return [outline, *(_words(boxes, x, y, bold=bold) for bold in (True, False))]


def _outline(box: Box) -> Spec:
    corners = {"x": box.x, "y": box.y, "x2": box.x + box.width, "y2": box.y + box.height}
    return {**corners, "fill": FILL.light if box.main else PAPER.light}


def _words(boxes: Sequence[Box], x: Spec, y: Spec, *, bold: bool) -> Spec:
    rows = [
        {"x": box.x + PAD + inset, "y": box.y + PAD + 8 + place * LINE_HEIGHT, "text": text}
        for box in boxes
        for place, line in enumerate(box.lines)
        for text, inset in line
        if bold is (box.main and place == 0)
    ]
    mark = {"type": "text", "align": "left", "baseline": "middle", "fontSize": SIZE, "color": INK.light}
    return {
        "data": {"values": rows},
        "mark": {**mark, "fontWeight": 600 if bold else 400},
        "encoding": {"x": x, "y": y, "text": {"field": "text"}},
    }
