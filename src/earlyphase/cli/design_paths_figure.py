"""Draws the paths of an escalation: cohorts from left to right, what is decided by colour and in words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from earlyphase.cli.figure_file import save
from earlyphase.escalation.design import Act, Recommendation
from earlyphase.escalation.paths import Path as Course
from earlyphase.reports.figures.theme import titled
from earlyphase.reports.palette import BLUE, GREEN, INK, LINE, ORANGE, VERMILION
from earlyphase.reports.values import Figure

BETWEEN, DOWN = 56, 20
"""Pixels from the words of a cohort to the next cohort, and from path to path."""

LETTER = 5.6
"""Pixels that a letter takes, on average; no less than that of the font."""

BESIDE = 10
"""Pixels from a point to its words."""

COLOURS = {
    Act.START: INK,
    Act.ESCALATE: BLUE,
    Act.STAY: GREEN,
    Act.DE_ESCALATE: ORANGE,
    Act.STOP: VERMILION,
}


@dataclass(slots=True)
class _Drawing:
    """What has been placed so far."""

    points: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    lines: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    words: int = 0
    """Pixels that the longest words beside a point take."""
    rows: int = 0
    deepest: int = 0


def save_paths(now: Recommendation, results: tuple[Course, ...], path: Path) -> None:
    """Draw the paths into a file."""
    save(paths_figure(now, results), path, "--figure")


def paths_figure(now: Recommendation, results: tuple[Course, ...]) -> Figure:
    """Make the figure of the paths."""
    drawing = _Drawing(words=_width(max(_texts(now, "now", results), key=len)))
    _place(drawing, 0, now, "now", results)
    width, height = (drawing.deepest + 1) * (drawing.words + BETWEEN), drawing.rows * DOWN
    x = {"field": "x", "type": "quantitative", "scale": {"domain": [0, width], "nice": False}, "axis": None}
    y = {"field": "y", "type": "quantitative", "scale": {"domain": [height, 0], "nice": False}, "axis": None}
    colour = {
        "field": "act",
        "type": "nominal",
        "scale": {"domain": list(COLOURS), "range": [shade.light for shade in COLOURS.values()]},
        "legend": {"title": None},
    }
    at = {"x": x, "y": y}
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": drawing.lines},
            "mark": {"type": "rule", "color": LINE.light},
            "encoding": at | {"x2": {"field": "x2"}, "y2": {"field": "y2"}},
        },
        {
            "data": {"values": drawing.points},
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "encoding": at | {"color": colour},
        },
        {
            "data": {"values": drawing.points},
            "mark": {"type": "text", "align": "left", "dx": BESIDE},
            "encoding": at | {"text": {"field": "text"}},
        },
    ]
    told = "; ".join(f"after {each.word}: {each.advice.in_short()}" for each in results)
    caption = "Each word is the result of a cohort (N no DLT, T DLT); beside it stands what the design then advises."
    return Figure("paths", "Paths of the escalation", told, caption, titled(width=width, height=height, layer=layers))


def _place(drawing: _Drawing, depth: int, advice: Recommendation, word: str, results: tuple[Course, ...]) -> float:
    """Place a result and what follows from it; its height is the middle of what follows."""
    drawing.deepest = max(drawing.deepest, depth)
    if results:
        heights = [_place(drawing, depth + 1, each.advice, each.word, each.next) for each in results]
        y = (heights[0] + heights[-1]) / 2
    else:
        heights, y = [], (drawing.rows + 0.5) * DOWN
        drawing.rows += 1
    text = _text(word, advice)
    x = depth * (drawing.words + BETWEEN) + BESIDE
    end, following = x + drawing.words, x + drawing.words + BETWEEN - BESIDE
    if heights:
        drawing.lines.append({"x": x + _width(text), "y": y, "x2": end, "y2": y})
    drawing.lines += [{"x": end, "y": y, "x2": following, "y2": below} for below in heights]
    drawing.points.append({"x": x, "y": y, "act": advice.decision, "text": text})
    return y


def _texts(advice: Recommendation, word: str, results: tuple[Course, ...]) -> Iterator[str]:
    """Give the words of every point."""
    yield _text(word, advice)
    for each in results:
        yield from _texts(each.advice, each.word, each.next)


def _text(word: str, advice: Recommendation) -> str:
    """Write the words beside a point."""
    return f"{word}: {advice.in_short()}"


def _width(text: str) -> int:
    """Give the pixels that words take, with what keeps them apart from a line."""
    return BESIDE + round(LETTER * len(text)) + BESIDE
