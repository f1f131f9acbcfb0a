"""The escalation ladder: one mark a participant, at the level and in the order of their enrolment."""

from collections.abc import Sequence
from dataclasses import dataclass

from earlyphase.reports.figures.theme import WIDTH, Spec, titled
from earlyphase.reports.outlines import width
from earlyphase.reports.palette import BLUE, GRID, INK, LINE, MUTED, PAPER, VERMILION
from earlyphase.reports.values import Figure
from earlyphase.study.standing import DltState

_LEVEL = 54
"""The height of a level. Units: pixels."""
_PLOT = WIDTH - 70
_SMALL = 10
_UPRIGHT = 10
"""How many participants' numbers fit side by side."""
_LEGEND = {"title": None, "orient": "bottom"}

_LOOK = {
    DltState.NO_DLT: ("circle", BLUE.light, BLUE.light),
    DltState.DLT: ("triangle-up", VERMILION.light, VERMILION.light),
    DltState.PENDING: ("circle", PAPER.light, BLUE.light),
    DltState.PREPARING: ("square", PAPER.light, MUTED.light),
    DltState.NOT_EVALUABLE: ("cross", PAPER.light, MUTED.light),
}
"""Shape, fill and outline of each state: they differ in shape or filling as well as in colour."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One participant on the ladder."""

    participant: str
    level: int
    state: DltState


@dataclass(frozen=True, slots=True)
class Turn:
    """One decision on the ladder."""

    after: int
    """How many participants were enrolled before it."""
    label: str


def escalation_ladder(
    rungs: Sequence[Rung],
    levels: Sequence[tuple[int, str]],
    turns: Sequence[Turn],
    *,
    id: str = "ladder",  # noqa: A002 - the word for it
) -> Figure:
    """Draw who was treated where, and what became of it.

    Args:
        rungs: the participants, in the order of their enrolment.
        levels: every planned level with its name, lowest first.
        turns: the committee's decisions, in order.
        id: a name that is the figure's own on its page.
    """
    height = _LEVEL * max(1, len(levels))
    spec = titled(
        width=_PLOT, height=height, layer=[*_turns(turns, len(rungs), height), *_marks(rungs, *_axes(rungs, levels))]
    )
    caption = (
        "Dashed lines: the committee's decisions. Filled marks count in the DLT rate; open ones do not, or not yet."
    )
    return Figure(id, "Escalation ladder", _in_words(rungs, levels), caption, spec)


def _axes(rungs: Sequence[Rung], levels: Sequence[tuple[int, str]]) -> tuple[Spec, Spec]:
    people = [rung.participant for rung in rungs]
    x: Spec = {
        "field": "participant",
        "type": "ordinal",
        "sort": people,
        "scale": {"domain": people, "paddingOuter": 0.5},
        "axis": {
            "title": "Participants in the order of their enrolment",
            "labelAngle": -90 if len(people) > _UPRIGHT else 0,
            "domain": False,
            "ticks": False,
            "grid": False,
        },
    }
    y: Spec = {
        "field": "level",
        "type": "ordinal",
        "sort": None,
        "scale": {"domain": [number for number, _ in reversed(levels)]},
        "axis": {
            "title": None,
            "domain": False,
            "ticks": False,
            "grid": True,
            "gridColor": GRID.light,
            "labelColor": INK.light,
            "labelExpr": _names(levels),
        },
    }
    return x, y


def _names(levels: Sequence[tuple[int, str]]) -> str:
    cases = "".join(f"datum.value == {number} ? {name!r} : " for number, name in levels)
    return f"{cases}datum.label"


def _marks(rungs: Sequence[Rung], x: Spec, y: Spec) -> list[Spec]:
    rows = [
        {"participant": rung.participant, "level": rung.level, "state": rung.state.value, "place": place}
        for place, rung in enumerate(rungs)
    ]
    seen = [state for state in _LOOK if any(rung.state is state for rung in rungs)]
    domain = [state.value for state in seen]

    def scale(part: int) -> Spec:
        found = [_LOOK[state][part] for state in seen]
        return {"field": "state", "type": "nominal", "scale": {"domain": domain, "range": found}, "legend": _LEGEND}

    path = {
        "data": {"values": rows},
        "mark": {"type": "line", "color": LINE.light, "strokeWidth": 1, "interpolate": "step"},
        "encoding": {"x": x, "y": y, "order": {"field": "place", "type": "quantitative"}},
    }
    marks = {
        "data": {"values": rows},
        "mark": {"type": "point", "size": 110, "strokeWidth": 1.6, "opacity": 1, "filled": True},
        "encoding": {"x": x, "y": y, "shape": scale(0), "fill": scale(1), "stroke": scale(2)},
    }
    return [path, marks]


def _turns(turns: Sequence[Turn], people: int, height: float) -> list[Spec]:
    """Draw each decision as a line between the participants before and after it, its name above."""
    layers: list[Spec] = []
    reached = [-1.0, -1.0]
    for turn in turns:
        place = turn.after * _PLOT / max(people, 1)
        half = width(turn.label, _SMALL) / 2 + 4
        middle = min(max(place, half), _PLOT - half)
        row = 0 if middle - half > reached[0] else 1
        reached[row] = middle + half
        top = -8 - 13 * row
        line = {"x": {"value": place}, "y": {"value": top + 2}, "y2": {"value": height}}
        label = {"x": {"value": middle}, "y": {"value": top}, "text": {"value": turn.label}}
        layers.append(_fixed({"type": "rule", "strokeDash": [2, 3]}, line))
        layers.append(_fixed({"type": "text", "fontSize": _SMALL, "baseline": "bottom"}, label))
    return layers


def _fixed(mark: Spec, encoding: Spec) -> Spec:
    return {"data": {"values": [{}]}, "mark": {**mark, "color": MUTED.light}, "encoding": encoding}


def _in_words(rungs: Sequence[Rung], levels: Sequence[tuple[int, str]]) -> str:
    if not rungs:
        return "Nobody has been enrolled."
    told = (_level_in_words(name, [rung for rung in rungs if rung.level == number]) for number, name in levels)
    return f"{len(rungs)} participants enrolled. " + " ".join(sentence for sentence in told if sentence)


def _level_in_words(name: str, here: Sequence[Rung]) -> str:
    if not here:
        return f"{name}: nobody."
    counts = ((state, sum(rung.state is state for rung in here)) for state in _LOOK)
    return f"{name}: " + ", ".join(f"{count} {state.value}" for state, count in counts if count) + "."
