"""The participant flow: how many reached each step, and why the others did not."""

from collections.abc import Sequence
from dataclasses import dataclass

from earlyphase.reports.figures.boxes import PAD, SIZE, Box, Line, Link, chart
from earlyphase.reports.outlines import width, wrap
from earlyphase.reports.values import Figure

_MAIN = 230
_SIDE = 290
_GAP = 40
_BETWEEN = 20


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


def participant_flow(steps: Sequence[Step], *, id: str = "flow") -> Figure:  # noqa: A002 - the word for it
    """Draw the flow of participants as CONSORT does: steps downwards, losses to the side.

    Source:
        Hopewell S, Chan A-W, Collins GS, et al. CONSORT 2025; DEFINE extension: Yap C, et al. BMJ 2023;383:e076387.
    """
    boxes, links, height = _laid_out(steps)
    across = _MAIN + _GAP + _SIDE
    spec = chart(boxes, links, across, height)
    told = " ".join(_in_words(step) for step in steps)
    return Figure(
        id,
        "Participant flow",
        told,
        "Downwards: participants who reached each step. To the right: who did not, and why.",
        spec,
    )


def _laid_out(steps: Sequence[Step]) -> tuple[list[Box], list[Link], float]:
    boxes: list[Box] = []
    links: list[Link] = []
    y = 0.0
    for place, step in enumerate(steps):
        box = Box(0, y, _MAIN, _step_lines(step), main=True)
        boxes.append(box)
        bottom = y + box.height
        y = bottom + _BETWEEN
        if step.losses:
            side = Box(_MAIN + _GAP, bottom + _BETWEEN / 2, _SIDE, loss_lines(step.losses, _SIDE), main=False)
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


def loss_lines(losses: Sequence[Loss], across: float) -> tuple[Line, ...]:
    """Write the reasons, set in from their counts, for a box so wide; none where nobody was lost."""
    inset = max((width(str(loss.count), SIZE) for loss in losses), default=0.0) + 8
    lines: list[Line] = []
    for loss in losses:
        first, *rest = wrap(loss.reason, SIZE, across - 2 * PAD - inset) or [""]
        lines += [((str(loss.count), 0.0), (first, inset)), *(((line, inset),) for line in rest)]
    return tuple(lines)


def _in_words(step: Step) -> str:
    lost = "; ".join(f"{loss.count} {loss.reason}" for loss in step.losses)
    return f"{step.label}: {step.count}." + (f" Lost: {lost}." if lost else "")
