"""The attrition funnel of a population: who is left after each criterion, and what each criterion does alone."""

from collections.abc import Sequence
from typing import Any

from earlyphase.eligibility.attrition import Attrition
from earlyphase.reports.figures.theme import WIDTH, Spec, titled
from earlyphase.reports.outlines import wrap
from earlyphase.reports.palette import BLUE, INK, MUTED, ORANGE, PAPER, VERMILION
from earlyphase.reports.values import Figure

_ROW = 24
_SIZE = 11
_SCREENED = "screened"
_ASIDE = ("fail it", "only obstacle")
_ASIDE_WIDTH = 70
_TITLE_WIDTH = 0.45
_LEFT, _OPEN, _TAKEN = "left", "left, and this one is open", "taken by this one"
_LOOK = {_LEFT: BLUE.light, _OPEN: ORANGE.light, _TAKEN: PAPER.light}
_EDGE = {_LEFT: BLUE.light, _OPEN: ORANGE.light, _TAKEN: VERMILION.light}


def attrition_funnel(each: Sequence[tuple[str, Attrition]], *, id: str = "funnel") -> Figure:  # noqa: A002 - the word for it
    """Draw how a population narrows in the order of the protocol; several readings of the criteria side by side.

    Args:
        each: a heading with the counts, for each reading.
        id: what the figure is called.

    Source:
        Hopewell S, Chan A-W, Collins GS, et al. CONSORT 2025: who was assessed, and why others were not eligible.
    """
    across = WIDTH / len(each) - (_ASIDE_WIDTH * len(_ASIDE) if len(each) > 1 else 0) / 2
    panels = [_panel(heading, found, across, first=place == 0) for place, (heading, found) in enumerate(each)]
    alt = " ".join(_in_words(heading, found) for heading, found in each)
    caption = (
        "Criteria in the order of the protocol. Bars: of those whom no earlier criterion took. At the right, each "
        "criterion alone: how many of all fail it, and for how many it is the only obstacle."
    )
    spec = titled(hconcat=panels, spacing=36) if len(panels) > 1 else titled(**panels[0])
    return Figure(id, "Attrition", alt, caption, spec)


def _panel(heading: str, found: Attrition, across: float, *, first: bool) -> Spec:
    order = [_SCREENED, *(one.id for one in found.criteria)]
    y: Spec = {
        "field": "criterion",
        "type": "nominal",
        "sort": order,
        "axis": {"title": None, "domain": False, "ticks": False, "labels": first},
    }
    spec: Spec = {
        "width": across,
        "height": _ROW * len(order),
        "layer": [_bars(found, y), _counts(found, y), *(_aside(found, place, across, y) for place in range(2))],
    }
    if heading:
        spec["title"] = {"text": wrap(heading, _SIZE, across), "offset": 24}
    return spec


def _bars(found: Attrition, y: Spec) -> Spec:
    rows: list[dict[str, Any]] = [{"criterion": _SCREENED, "who": _LEFT, "from": 0, "to": found.screened}]
    for one in found.criteria:
        settled = one.remaining - one.unsettled_here
        ends = (0, settled, one.remaining, one.remaining + one.failed_here)
        rows += [
            {"criterion": one.id, "who": who, "from": start, "to": end}
            for who, start, end in zip(_LOOK, ends, ends[1:], strict=False)
            if end > start
        ]
    x = {"field": "from", "type": "quantitative", "axis": None, "scale": {"domain": [0, max(found.screened, 1)]}}
    legend = {"title": None, "columns": 3}
    fill = {"field": "who", "type": "nominal", "scale": {"domain": list(_LOOK), "range": list(_LOOK.values())}}
    edge = {"field": "who", "type": "nominal", "scale": {"domain": list(_EDGE), "range": list(_EDGE.values())}}
    return {
        "data": {"values": rows},
        "mark": {"type": "bar", "height": _ROW * 0.6, "strokeWidth": 1},
        "encoding": {
            "y": y,
            "x": x,
            "x2": {"field": "to"},
            "fill": {**fill, "legend": legend},
            "stroke": {**edge, "legend": legend},
        },
    }


def _counts(found: Attrition, y: Spec) -> Spec:
    """Write who is left into the beginning of each bar."""
    rows = [{"criterion": _SCREENED, "text": str(found.screened), "at": 0}]
    rows += [{"criterion": one.id, "text": str(one.remaining), "at": 0} for one in found.criteria]
    mark = {"type": "text", "align": "left", "dx": 5, "fontSize": _SIZE, "fontWeight": 600, "color": PAPER.light}
    settled = {one.id: one.remaining - one.unsettled_here for one in found.criteria} | {_SCREENED: found.screened}
    for row in rows:
        row["colour"] = PAPER.light if settled[str(row["criterion"])] * 12 > found.screened else INK.light
    return {
        "data": {"values": rows},
        "mark": mark,
        "encoding": {
            "y": y,
            "x": {"value": 0},
            "text": {"field": "text"},
            "color": {"field": "colour", "type": "nominal", "scale": None},
        },
    }


def _aside(found: Attrition, place: int, across: float, y: Spec) -> Spec:
    """Write what each criterion does alone beside the bars."""
    rows = [{"criterion": _SCREENED, "text": _ASIDE[place], "colour": MUTED.light}]
    rows += [
        {"criterion": one.id, "text": str((one.failed, one.only_obstacle)[place]), "colour": INK.light}
        for one in found.criteria
    ]
    return {
        "data": {"values": rows},
        "mark": {"type": "text", "align": "right", "fontSize": _SIZE},
        "encoding": {
            "y": y,
            "x": {"value": across + 62 + place * (_ASIDE_WIDTH + 16)},
            "text": {"field": "text"},
            "color": {"field": "colour", "type": "nominal", "scale": None},
        },
    }


def _in_words(heading: str, found: Attrition) -> str:
    taken = ", ".join(f"{one.id} takes {one.failed_here}" for one in found.criteria if one.failed_here)
    said = f"{heading}: " if heading else ""
    ends = f"{found.eligible} eligible, {found.unsettled} unsettled, {found.not_eligible} not eligible."
    return f"{said}{found.screened} screened; {taken or 'no criterion takes anybody'}; {ends}"
