"""What all figures share: the look, the axes, and how numbers are ticked."""

import math
from collections.abc import Mapping
from typing import Any

from earlyphase.reports.outlines import FAMILY
from earlyphase.reports.palette import GRID, INK, LINE, MUTED

Spec = dict[str, Any]

WIDTH = 640
"""The width of a figure's plot. Units: pixels; a page scales the whole."""

CONFIG: Mapping[str, Any] = {
    "background": "transparent",
    "font": FAMILY,
    "padding": 4,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": 400,
        "labelColor": MUTED.light,
        "titleColor": MUTED.light,
        "domainColor": LINE.light,
        "tickColor": LINE.light,
        "gridColor": GRID.light,
        "titlePadding": 10,
        "labelPadding": 5,
        "labelOverlap": False,
        "labelFlush": False,
    },
    "legend": {
        "labelFontSize": 11,
        "labelColor": INK.light,
        "titleFontSize": 11,
        "titleFontWeight": 400,
        "titleColor": MUTED.light,
        "orient": "top",
        "direction": "horizontal",
        "symbolSize": 70,
        "columnPadding": 16,
        "labelLimit": 320,
    },
    "title": {
        "fontSize": 11,
        "fontWeight": 400,
        "color": MUTED.light,
        "anchor": "start",
        "frame": "group",
        "offset": 8,
    },
    "text": {"fontSize": 11, "color": INK.light},
}

_STEPS = (1, 2, 5)
_MONTHS = (1, 3, 6, 12, 24, 36, 60, 120)
_MOST = 9
_NEARLY = 0.02
"""How far from round is nearly round, in steps: 365 days are 11.99 months."""


def titled(**spec: object) -> Spec:
    """Complete a specification with the house look."""
    return {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "config": CONFIG, **spec}


def ticks(end: float, *, months: bool = False) -> list[float]:
    """Choose round places for an axis from 0, up to its end; an end that is nearly round is taken as round."""
    if end <= 0:
        return [0.0]
    step = next((float(step) for step in _MONTHS if end / step <= _MOST), 0.0) if months else 0.0
    step = step or _round_step(end)
    return [round(place * step, 10) for place in range(int(end / step + _NEARLY) + 1)]


def _round_step(end: float) -> float:
    power = 10.0 ** math.floor(math.log10(end / _MOST))
    return next(step * power for step in (*_STEPS, 10) if end / (step * power) <= _MOST)
