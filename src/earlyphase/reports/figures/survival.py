"""The Kaplan–Meier figure: curves with their intervals, censoring marks, and the numbers at risk beneath."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from earlyphase.analysis.estimates import Estimate
from earlyphase.analysis.follow_up import finite
from earlyphase.analysis.kaplan_meier import KaplanMeier, numbers_at_risk
from earlyphase.analysis.survival_quantiles import median
from earlyphase.reports.figures.theme import WIDTH, Spec, ticks, titled
from earlyphase.reports.outlines import width
from earlyphase.reports.palette import DASHES, INK, LINE, MUTED, SERIES
from earlyphase.reports.values import Figure

HEIGHT = 280
_ROW = 18
_NARROW, _WIDE = 56, 190
"""Least and most room beside the plot, for the names of groups. Units: pixels."""
_APART = 18
"""Between the name of a group and its numbers."""


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """How the time of a curve is shown."""

    title: str = "Time"
    per: float = 1
    """The curve's unit of time in one unit of the axis: 30.4375 shows days as months."""
    end: float | None = None
    """Where the axis ends, in its own unit; at the last follow-up when absent."""

    @property
    def months(self) -> bool:
        """Whether the axis counts months, which are ticked by threes, sixes and twelves."""
        return "month" in self.title.lower()


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the curves and the numbers beneath them share."""

    axis: TimeAxis
    end: float
    places: list[float]
    last: float
    """Where observation ends: who is followed until then is at risk then."""
    room: int

    def time(self, axis: Spec) -> Spec:
        scale = {"domain": [0, self.end], "nice": False}
        return {
            "field": "time",
            "type": "quantitative",
            "scale": scale,
            "axis": {"values": self.places, "format": ".3~f", **axis},
        }

    def at_risk(self, curve: KaplanMeier) -> tuple[int, ...]:
        return numbers_at_risk(curve, [min(place, self.last) * self.axis.per for place in self.places])


def kaplan_meier(
    groups: Sequence[tuple[str, KaplanMeier]],
    *,
    title: str,
    id: str = "km",  # noqa: A002 - the word for it
    axis: TimeAxis | None = None,
    shows: str = "Without the event",
) -> Figure:
    """Draw Kaplan–Meier curves with their pointwise intervals and the numbers at risk.

    Args:
        groups: each group's name and its curve.
        title: what is estimated: `Overall survival`.
        id: a name that is the figure's own on its page.
        axis: how time is shown.
        shows: what the curve is the share of: `Alive`.
    """
    axis = axis or TimeAxis()
    end = (
        axis.end
        or max((float(curve.times[-1]) / axis.per for _, curve in groups if curve.times.size), default=1.0)
        or 1.0
    )
    places = ticks(end, months=axis.months)
    names = [name for name, _ in groups]
    room = min(max((width(name, 11) + _APART + 4 for name in names), default=0), _WIDE)
    frame = _Frame(axis, max(end, places[-1]), places, end, max(round(room), _NARROW))
    spec = titled(spacing=18, vconcat=[_curves(groups, frame, shows), _at_risk(groups, frame)])
    first = groups[0][1] if groups else None
    interval = f"{100 * first.level:g} % pointwise confidence interval ({first.interval.value})" if first else ""
    caption = f"Ticks mark censored participants. Band: {interval}. Beneath: participants at risk."
    return Figure(id, title, _in_words(title, groups, axis), caption, spec)


def _curves(groups: Sequence[tuple[str, KaplanMeier]], frame: _Frame, shows: str) -> Spec:
    per, end, names = frame.axis.per, frame.end, [name for name, _ in groups]
    colour = _by_group(names, [shade.light for shade in SERIES])
    place: Spec = {"x": frame.time({"title": frame.axis.title, "grid": False}), "y": _share(frame), "color": colour}
    rows = [[row for name, curve in groups for row in rows_of(name, curve, per, end)] for rows_of in _ROWS]
    band = {"y": {**_share(frame), "field": "lower"}, "y2": {"field": "upper"}, "detail": {"field": "piece"}}
    dash = {"strokeDash": _by_group(names, [list(dash) for dash in DASHES])}
    opacity = 0.18 if len(names) <= 1 else 0.1
    half: Spec = {
        "data": {"values": [{"survival": 0.5}]},
        "mark": {"type": "rule", "color": LINE.light, "strokeDash": [3, 3]},
        "encoding": {"y": _share(frame)},
    }
    layers: list[Spec] = [
        half,
        {"data": {"values": rows[0]}, "mark": {**_AREA, "opacity": opacity}, "encoding": {**place, **band}},
        {"data": {"values": rows[1]}, "mark": _STEP, "encoding": {**place, **dash}},
        {"data": {"values": rows[2]}, "mark": _TICK, "encoding": place},
    ]
    return {"width": WIDTH - frame.room, "height": HEIGHT, "title": {"text": shows}, "layer": layers}


_AREA = {"type": "area", "interpolate": "step-after", "clip": True}
_STEP = {"type": "line", "interpolate": "step-after", "strokeWidth": 2, "clip": True, "strokeCap": "butt"}
_TICK = {"type": "tick", "orient": "vertical", "size": 10, "thickness": 1.5, "clip": False}


def _by_group(names: list[str], looks: Sequence[object]) -> Spec:
    """Let groups differ; a single group needs no legend."""
    key = {"title": None, "symbolType": "stroke", "symbolSize": 260, "symbolStrokeWidth": 2, "symbolOpacity": 1}
    scale = {"domain": names, "range": list(looks)}
    return {"field": "group", "type": "nominal", "scale": scale, "legend": key if len(names) > 1 else None}


def _share(frame: _Frame) -> Spec:
    axis = {
        "title": None,
        "values": [0, 0.25, 0.5, 0.75, 1],
        "labelExpr": "round(100 * datum.value) + '\u202f%'",
        "domain": False,
        "ticks": False,
        "minExtent": frame.room,
        "maxExtent": frame.room,
    }
    return {"field": "survival", "type": "quantitative", "scale": {"domain": [0, 1]}, "axis": axis}


def _at_risk(groups: Sequence[tuple[str, KaplanMeier]], frame: _Frame) -> Spec:
    rows = [
        {"group": name, "time": place, "n": number}
        for name, curve in groups
        for place, number in zip(frame.places, frame.at_risk(curve), strict=True)
    ]
    names = [name for name, _ in groups]
    y = {
        "field": "group",
        "type": "nominal",
        "sort": names,
        "scale": {"domain": names},
        "axis": {
            "title": None,
            "domain": False,
            "ticks": False,
            "grid": False,
            "labelColor": INK.light,
            "labelPadding": _APART,
            "minExtent": frame.room,
            "maxExtent": frame.room,
            "labelLimit": frame.room - _APART,
        },
    }
    return {
        "width": WIDTH - frame.room,
        "height": _ROW * max(1, len(names)),
        "title": {"text": "Number at risk", "offset": 6},
        "data": {"values": rows},
        "mark": {"type": "text", "color": MUTED.light, "fontSize": 11},
        "encoding": {
            "x": {**frame.time({}), "axis": None},
            "y": y,
            "text": {"field": "n", "type": "quantitative"},
        },
    }


def _steps(name: str, curve: KaplanMeier, per: float, end: float) -> list[Spec]:
    """Give the corners of a curve, from everybody at time 0 to the last follow-up."""
    corners = [(0.0, 1.0), *zip((curve.times / per).tolist(), curve.survival.tolist(), strict=True)]
    shown = [corner for corner in corners if corner[0] <= end]
    if len(shown) < len(corners):
        shown.append((end, shown[-1][1]))
    return [{"group": name, "time": time, "survival": value} for time, value in shown]


def _band(name: str, curve: KaplanMeier, per: float, end: float) -> list[Spec]:
    """Give the corners of a curve's interval; a piece ends where there are no limits."""
    rows: list[Spec] = []
    piece, last = 0, end
    for place, time in enumerate((curve.times / per).tolist()):
        lower, upper = finite(float(curve.lower[place])), finite(float(curve.upper[place]))
        until = float(curve.times[place + 1]) / per if place + 1 < curve.times.size else time
        if lower is None or upper is None or time > end:
            piece += 1
            continue
        limits = {"group": name, "piece": f"{name} {piece}", "lower": lower, "upper": upper}
        rows += [{**limits, "time": time}, {**limits, "time": min(until, last)}]
    return rows


def _censored(name: str, curve: KaplanMeier, per: float, end: float) -> list[Spec]:
    places: list[tuple[float, float, int]] = list(
        zip((curve.times / per).tolist(), curve.survival.tolist(), curve.censored.tolist(), strict=True)
    )
    return [
        {"group": name, "time": time, "survival": value} for time, value, number in places if number and time <= end
    ]


_ROWS = (_band, _steps, _censored)


def _in_words(title: str, groups: Sequence[tuple[str, KaplanMeier]], axis: TimeAxis) -> str:
    """Say what the figure shows."""
    if not groups:
        return f"{title}: nobody to follow."
    return f"{title}, Kaplan–Meier. " + " ".join(_group_in_words(name, curve, axis) for name, curve in groups)


def _group_in_words(name: str, curve: KaplanMeier, axis: TimeAxis) -> str:
    who = f"{name}: " if name else ""
    half = median(curve)
    unit = f" {axis.title.split(' from ')[0].lower()}" if "Time" not in axis.title else ""
    return f"{who}{curve.n} participants, {int(curve.events.sum())} events; median {_in_figures(half, axis.per)}{unit}."


def _in_figures(estimate: Estimate, per: float) -> str:
    def shown(value: Any) -> str:  # noqa: ANN401 - a number or None
        return "not reached" if value is None else f"{value / per:.1f}"

    limits = f"{100 * estimate.level:g} % interval {shown(estimate.lower)} to {shown(estimate.upper)}"
    return f"{shown(estimate.estimate)} ({limits})"
