"""The participant flow: how many reached each step, and why the others did not."""

from collections.abc import Sequence
from dataclasses import dataclass

from earlyphase.reports.figures.theme import Spec, titled
from earlyphase.reports.outlines import width, wrap
from earlyphase.reports.palette import FILL, INK, LINE, MUTED, PAPER
from earlyphase.reports.values import Figure

_MAIN = 230
_SIDE = 290
_GAP = 40
_LINE = 15
_PAD = 10
_BETWEEN = 20
_SIZE = 11


@dataclass(frozen=True, slots=True)
class Loss:
    """Why participants did not reach the next step."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the flow."""

    label: str
    count: int
    losses: tuple[Loss, ...] = ()
    """Why the next step has fewer."""
    notes: tuple[str, ...] = ()
    """Lines beneath the label: the counts by level."""


Line = tuple[tuple[str, float], ...]
"""The pieces of a line, each with how far it is set in."""


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    lines: tuple[Line, ...]
    main: bool

    @property
    def height(self) -> float:
        return len(self.lines) * _LINE + 2 * _PAD - 3


def participant_flow(steps: Sequence[Step], *, id: str = "flow") -> Figure:  # noqa: A002 - the word for it
    """Draw the flow of participants as CONSORT does: steps downwards, losses to the side.

    Source:
        Hopewell S, Chan A-W, Collins GS, et al. CONSORT 2025; DEFINE extension: Yap C, et al. BMJ 2023;383:e076387.
    """
    boxes, links, height = _laid_out(steps)
    across = _MAIN + _GAP + _SIDE
    x: Spec = {"field": "x", "type": "quantitative", "scale": {"domain": [0, across], "nice": False}, "axis": None}
    y: Spec = {"field": "y", "type": "quantitative", "scale": {"domain": [height, 0], "nice": False}, "axis": None}
    spec = titled(width=across, height=height, layer=[_lines(links, x, y), _arrows(links, x, y), *_boxes(boxes, x, y)])
    told = " ".join(_in_words(step) for step in steps)
    return Figure(
        id,
        "Participant flow",
        told,
        "Downwards: participants who reached each step. To the right: who did not, and why.",
        spec,
    )


def _laid_out(steps: Sequence[Step]) -> tuple[list[_Box], list[tuple[float, float, float, float]], float]:
    boxes: list[_Box] = []
    links: list[tuple[float, float, float, float]] = []
    y = 0.0
    for place, step in enumerate(steps):
        box = _Box(0, y, _MAIN, _step_lines(step), main=True)
        boxes.append(box)
        bottom = y + box.height
        y = bottom + _BETWEEN
        if step.losses:
            side = _Box(_MAIN + _GAP, bottom + _BETWEEN / 2, _SIDE, _loss_lines(step.losses), main=False)
            boxes.append(side)
            middle = side.y + side.height / 2
            links.append((_MAIN / 2, middle, side.x, middle))
            y = side.y + side.height + _BETWEEN / 2
        if place + 1 < len(steps):
            links.append((_MAIN / 2, bottom, _MAIN / 2, y))
        else:
            y = bottom if not step.losses else y
    return boxes, links, y + 2


def _step_lines(step: Step) -> tuple[Line, ...]:
    return tuple(((text, 0.0),) for text in (f"{step.label}: {step.count}", *step.notes))


def _loss_lines(losses: Sequence[Loss]) -> tuple[Line, ...]:
    """Set the reasons in from their counts."""
    inset = max(width(str(loss.count), _SIZE) for loss in losses) + 8
    lines: list[Line] = []
    for loss in losses:
        first, *rest = wrap(loss.reason, _SIZE, _SIDE - 2 * _PAD - inset) or [""]
        lines += [((str(loss.count), 0.0), (first, inset)), *(((line, inset),) for line in rest)]
    return tuple(lines)


def _lines(links: Sequence[tuple[float, float, float, float]], x: Spec, y: Spec) -> Spec:
    rows = [{"x": left, "y": top, "x2": right, "y2": bottom} for left, top, right, bottom in links]
    encoding = {"x": x, "y": y, "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    return {
        "data": {"values": rows},
        "mark": {"type": "rule", "color": MUTED.light, "strokeWidth": 1},
        "encoding": encoding,
    }


def _arrows(links: Sequence[tuple[float, float, float, float]], x: Spec, y: Spec) -> Spec:
    rows = [
        {"x": right - 3 * (right != left), "y": bottom - 3 * (right == left), "turn": 90 if right != left else 180}
        for left, _, right, bottom in links
    ]
    return {
        "data": {"values": rows},
        "mark": {"type": "point", "shape": "triangle", "filled": True, "size": 34, "color": MUTED.light, "opacity": 1},
        "encoding": {"x": x, "y": y, "angle": {"field": "turn", "type": "quantitative", "scale": None}},
    }


def _boxes(boxes: Sequence[_Box], x: Spec, y: Spec) -> list[Spec]:
    """Draw the boxes, then their words: first those in bold."""
    encoding = {"x": x, "y": y, "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    fill = {"field": "fill", "type": "nominal", "scale": None}
    outline: Spec = {
        "data": {"values": [_outline(box) for box in boxes]},
        "mark": {"type": "rect", "stroke": LINE.light, "strokeWidth": 1, "cornerRadius": 2},
        "encoding": {**encoding, "fill": fill},
    }
    return [outline, *(_words(boxes, x, y, bold=bold) for bold in (True, False))]


def _outline(box: _Box) -> Spec:
    corners = {"x": box.x, "y": box.y, "x2": box.x + box.width, "y2": box.y + box.height}
    return {**corners, "fill": FILL.light if box.main else PAPER.light}


def _words(boxes: Sequence[_Box], x: Spec, y: Spec, *, bold: bool) -> Spec:
    rows = [
        {"x": box.x + _PAD + inset, "y": box.y + _PAD + 8 + place * _LINE, "text": text}
        for box in boxes
        for place, line in enumerate(box.lines)
        for text, inset in line
        if bold is (box.main and place == 0)
    ]
    mark = {"type": "text", "align": "left", "baseline": "middle", "fontSize": _SIZE, "color": INK.light}
    return {
        "data": {"values": rows},
        "mark": {**mark, "fontWeight": 600 if bold else 400},
        "encoding": {"x": x, "y": y, "text": {"field": "text"}},
    }


def _in_words(step: Step) -> str:
    lost = "; ".join(f"{loss.count} {loss.reason}" for loss in step.losses)
    return f"{step.label}: {step.count}." + (f" Lost: {lost}." if lost else "")
