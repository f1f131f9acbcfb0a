"""The participant flow by cohort: who was assigned, infused and analysed at each dose, and what was decided then."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from earlyphase.reports.figures.boxes import LINE_HEIGHT, PAD, SIZE, Box, Line, Link, chart
from earlyphase.reports.figures.flow import Loss, loss_lines
from earlyphase.reports.outlines import wrap
from earlyphase.reports.values import Figure

_BOX, _GAP, _BETWEEN = 152.0, 22.0, 18.0


@dataclass(frozen=True, slots=True)
class Stage:
    """How many of a cohort reached a stage."""

    label: str
    count: int
    losses: tuple[Loss, ...] = ()
    """Why the others of the cohort did not."""
    note: str = ""
    """A line beneath: how many had a DLT."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Participants who were assigned one level between two decisions."""

    level: str
    dose: str
    stages: tuple[Stage, ...]
    decided: str
    """What the committee decided after them; empty while it has not."""


def cohort_flow(cohorts: Sequence[Cohort], *, id: str = "flow-cohorts") -> Figure:  # noqa: A002 - the word for it
    """Draw the flow of each cohort from left to right, and the decisions from cohort to cohort downwards.

    Source:
        Yap C, Solovyeva O, de Bono J, et al. CONSORT-DEFINE. BMJ 2023;383:e076387, participant flow: the participants
        assigned, treated and analysed at each dose, with the dose decisions between them.
    """
    boxes: list[Box] = []
    links: list[Link] = []
    y = 0.0
    for number, cohort in enumerate(cohorts, start=1):
        row = _row(number, cohort, y)
        boxes += row
        middle = y + PAD + LINE_HEIGHT / 2
        links += [(left.x + left.width, middle, right.x, middle) for left, right in itertools.pairwise(row)]
        y = max(box.y + box.height for box in row) + _BETWEEN
        if cohort.decided:
            box = Box(0, y, _across(cohort), _told(cohort), main=False)
            links.append((_BOX / 2, row[0].y + row[0].height, _BOX / 2, y))
            boxes.append(box)
            y += box.height + _BETWEEN
            if number < len(cohorts):
                links.append((_BOX / 2, box.y + box.height, _BOX / 2, y))
    across = max((_across(cohort) for cohort in cohorts), default=_BOX)
    told = " ".join(_in_words(number, cohort) for number, cohort in enumerate(cohorts, start=1))
    caption = (
        "Each row is a cohort: the participants who were assigned one dose level between two decisions of the "
        "committee. To the right: who of them reached each stage, and why the others did not."
    )
    return Figure(id, "Participant flow by cohort and dose level", told, caption, chart(boxes, links, across, y))


def _across(cohort: Cohort) -> float:
    return len(cohort.stages) * (_BOX + _GAP) - _GAP


def _row(number: int, cohort: Cohort, y: float) -> list[Box]:
    boxes: list[Box] = []
    for place, stage in enumerate(cohort.stages):
        lines: list[Line] = [((f"{stage.label}: {stage.count}", 0.0),)]
        if place == 0:
            lines = [((f"Cohort {number}, {cohort.level.lower()}", 0.0),), ((cohort.dose, 0.0),), *lines]
        lines += [((text, 0.0),) for text in ((stage.note,) if stage.note else ())]
        lines += loss_lines(stage.losses, _BOX)
        boxes.append(Box(place * (_BOX + _GAP), y, _BOX, tuple(lines), main=True))
    return boxes


def _told(cohort: Cohort) -> tuple[Line, ...]:
    return tuple(((line, 0.0),) for line in wrap(cohort.decided, SIZE, _across(cohort) - 2 * PAD))


def _small(label: str) -> str:
    """Begin with a small letter, but for abbreviations."""
    return label if label[:2].isupper() else label[0].lower() + label[1:]


def _in_words(number: int, cohort: Cohort) -> str:
    stages = ", ".join(
        f"{_small(stage.label)} {stage.count}" + (f" ({stage.note})" if stage.note else "") for stage in cohort.stages
    )
    lost = "; ".join(f"{loss.count} {loss.reason}" for stage in cohort.stages for loss in stage.losses)
    decided = f" {cohort.decided}." if cohort.decided else ""
    return f"Cohort {number} at {cohort.level.lower()}: {stages}." + (f" Lost: {lost}." if lost else "") + decided
