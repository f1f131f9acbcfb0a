"""The swimmer plot: one lane a participant, from the infusion to the end of follow-up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from earlyphase.dates import MONTH
from earlyphase.reports.figures.theme import WIDTH, Spec, ticks, titled
from earlyphase.reports.palette import BLUE, GREEN, GRID, INK, LINE, MUTED, ORANGE, PAPER, PURPLE, SKY, VERMILION
from earlyphase.reports.values import Figure

_LANE = 17
"""The height of a lane. Units: pixels."""


class Mark(StrEnum):
    """What is marked on a lane."""

    DLT = "DLT"
    RESPONSE = "response"
    RELAPSE = "relapse or progression"
    TRANSPLANT = "transplant"
    NEW_THERAPY = "new therapy"
    DEATH = "death"
    LEFT = "left the study"
    ONGOING = "in follow-up"


_CROSS = "M-1,-0.65L-0.65,-1L0,-0.35L0.65,-1L1,-0.65L0.35,0L1,0.65L0.65,1L0,0.35L-0.65,1L-1,0.65L-0.35,0Z"
_LOOK = {
    Mark.DLT: ("triangle-up", VERMILION.light),
    Mark.RESPONSE: ("circle", GREEN.light),
    Mark.RELAPSE: ("diamond", ORANGE.light),
    Mark.TRANSPLANT: ("square", BLUE.light),
    Mark.NEW_THERAPY: ("triangle-down", PURPLE.light),
    Mark.DEATH: (_CROSS, INK.light),
    Mark.LEFT: ("M-0.3,-1H0.3V1H-0.3Z", INK.light),
    Mark.ONGOING: ("triangle-right", MUTED.light),
}


@dataclass(frozen=True, slots=True)
class Lane:
    """One participant's course."""

    participant: str
    level: str
    """The name of the dose level: lanes are grouped by it."""
    end: int
    """The last day of follow-up. Units: days from the infusion."""
    marks: tuple[tuple[int, Mark], ...] = ()
    """What happened, by day."""
    responding: tuple[tuple[int, int], ...] = field(default=())
    """The spans in response, from day to day."""


def swimmer(lanes: Sequence[Lane], *, id: str = "swimmer") -> Figure:  # noqa: A002 - the word for it
    """Draw each participant's course since the infusion, by dose level and in the order given."""
    people = [lane.participant for lane in lanes]
    end = max((lane.end for lane in lanes), default=1) / MONTH * 1.04 or 1.0
    x: Spec = {
        "field": "start",
        "type": "quantitative",
        "scale": {"domain": [0, end], "nice": False},
        "axis": {
            "title": "Months from infusion",
            "values": ticks(end, months=True),
            "grid": True,
            "gridColor": GRID.light,
        },
    }
    y: Spec = {
        "field": "participant",
        "type": "ordinal",
        "sort": people,
        "scale": {"domain": people, "paddingInner": 0.35, "paddingOuter": 0.3},
        "axis": {"title": None, "domain": False, "ticks": False, "grid": False, "labelColor": INK.light},
    }
    spec = titled(
        width=WIDTH - 150,
        height=_LANE * max(1, len(lanes)),
        layer=[*_bars(lanes, x, y), *_levels(lanes, y), _events(lanes, x, y)],
    )
    caption = "Bars: time from infusion to the last observation. Green: in response. Lanes are grouped by dose level."
    return Figure(id, "Course of each participant", _in_words(lanes), caption, spec)


def _bars(lanes: Sequence[Lane], x: Spec, y: Spec) -> list[Spec]:
    followed = [{"participant": lane.participant, "start": 0, "end": lane.end / MONTH} for lane in lanes]
    responding = [
        {"participant": lane.participant, "start": begun / MONTH, "end": ended / MONTH}
        for lane in lanes
        for begun, ended in lane.responding
    ]
    encoding: Spec = {"x": x, "x2": {"field": "end"}, "y": y}
    return [
        {"data": {"values": followed}, "mark": {"type": "bar", "color": SKY.light}, "encoding": encoding},
        {
            "data": {"values": responding},
            "mark": {"type": "bar", "color": GREEN.light, "opacity": 0.6},
            "encoding": encoding,
        },
    ]


def _levels(lanes: Sequence[Lane], y: Spec) -> list[Spec]:
    """Name each level beside its first lane, with a rule above it."""
    firsts = [lane for place, lane in enumerate(lanes) if place == 0 or lanes[place - 1].level != lane.level]
    rows = [{"participant": lane.participant, "level": lane.level} for lane in firsts]
    text = {
        "data": {"values": rows},
        "mark": {"type": "text", "align": "left", "x": {"expr": "width + 10"}, "color": MUTED.light},
        "encoding": {"y": y, "text": {"field": "level"}},
    }
    rule = {
        "data": {"values": rows[1:]},
        "mark": {"type": "rule", "x": 0, "x2": {"expr": "width + 90"}, "color": LINE.light, "yOffset": -_LANE / 2},
        "encoding": {"y": {**y, "bandPosition": 0.5}},
    }
    return [rule, text]


def _events(lanes: Sequence[Lane], x: Spec, y: Spec) -> Spec:
    rows = [
        {"participant": lane.participant, "start": day / MONTH, "what": mark.value}
        for lane in lanes
        for day, mark in sorted(lane.marks, key=_drawn)
    ]
    seen = [mark for mark in _LOOK if any(row["what"] == mark.value for row in rows)]
    domain = [mark.value for mark in seen]

    def scale(part: int) -> Spec:
        found = [_LOOK[mark][part] for mark in seen]
        return {
            "field": "what",
            "type": "nominal",
            "scale": {"domain": domain, "range": found},
            "legend": {"title": None, "columns": 4},
        }

    return {
        "data": {"values": rows},
        "mark": {"type": "point", "filled": True, "size": 66, "opacity": 1, "stroke": PAPER.light, "strokeWidth": 0.8},
        "encoding": {"x": x, "y": y, "shape": scale(0), "fill": scale(1)},
    }


def _drawn(mark: tuple[int, Mark]) -> int:
    """Draw deaths last, so that nothing hides them."""
    return mark[1] is Mark.DEATH


def _in_words(lanes: Sequence[Lane]) -> str:
    if not lanes:
        return "Nobody has been infused."
    counts = ((mark, sum(any(each is mark for _, each in lane.marks) for lane in lanes)) for mark in _LOOK)
    told = ", ".join(f"{count} with {mark.value}" for mark, count in counts if count)
    return f"{len(lanes)} infused participants: {told or 'nothing to mark'}."
