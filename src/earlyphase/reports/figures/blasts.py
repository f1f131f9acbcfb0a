"""Marrow blasts: the best change of each participant as a waterfall, the course of each as a spider."""

from collections.abc import Sequence

from earlyphase.analysis.blasts import BlastCourse
from earlyphase.dates import MONTH
from earlyphase.reports.figures.theme import WIDTH, Spec, titled
from earlyphase.reports.palette import DASHES, LINE, SERIES
from earlyphase.reports.values import Figure
from earlyphase.reports.wording import level

_HEIGHT = 240
_MOST = 200.0
"""Changes above this are drawn at this: one fast relapse must not flatten the others. Units: percent."""
_CHANGE = "Change of marrow blasts from baseline"
_FALL = -50
"""The fall that a partial response needs: ELN 2024. Units: percent."""


def waterfall(courses: Sequence[BlastCourse]) -> Figure | None:
    """Draw the best change of each participant; None where nobody has one."""
    seen = sorted(
        ((one, best) for one in courses if (best := one.best) is not None),
        key=lambda pair: (-pair[1], pair[0].participant),
    )
    if not seen:
        return None
    people = [one.participant for one, _ in seen]
    rows = [
        {"participant": one.participant, "change": min(best, _MOST), "level": level(one.level), "best": round(best, 1)}
        for one, best in seen
    ]
    axis = {"title": None, "labelAngle": -90, "domain": False, "ticks": False}
    x: Spec = {"field": "participant", "type": "ordinal", "sort": people, "axis": axis}
    bars: Spec = {
        "data": {"values": rows},
        "mark": {"type": "bar", "stroke": "#ffffff", "strokeWidth": 0.5},
        "encoding": {"x": x, "y": _change(rows), "color": _by_level(courses, "color")},
    }
    spec = titled(width=WIDTH, height=_HEIGHT, layer=[bars, _line(_FALL)])
    half = sum(best <= _FALL for _, best in seen)
    alt = f"{_CHANGE}, at best, of {len(seen)} participants: {half} with a fall of at least {-_FALL} %."
    caption = f"Each bar is a participant. Dashed: a fall of {-_FALL} %. Rises above {_MOST:g} % are cut."
    return Figure("waterfall", f"{_CHANGE}: best", alt, caption, spec)


def spider(courses: Sequence[BlastCourse]) -> Figure | None:
    """Draw the course of each participant; None where nobody has one."""
    seen = [one for one in courses if one.changes]
    if not seen:
        return None
    rows = [
        {"participant": one.participant, "time": day / MONTH, "change": min(change, _MOST), "level": level(one.level)}
        for one in seen
        for day, change in ((0, 0.0), *one.changes)
    ]
    end = max(row["time"] for row in rows)
    axis = {"title": "Months from infusion", "grid": False}
    x: Spec = {"field": "time", "type": "quantitative", "scale": {"domain": [0, end], "nice": False}, "axis": axis}
    encoding: Spec = {
        "x": x,
        "y": _change(rows),
        "detail": {"field": "participant"},
        "color": _by_level(courses, "color"),
        "strokeDash": _by_level(courses, "strokeDash"),
    }
    mark = {"type": "line", "point": {"size": 16}, "strokeWidth": 1.3, "opacity": 0.85}
    lines: Spec = {"data": {"values": rows}, "mark": mark, "encoding": encoding}
    spec = titled(width=WIDTH, height=_HEIGHT, layer=[lines, _line(_FALL)])
    alt = f"{_CHANGE} over time, one line for each of {len(seen)} participants."
    caption = f"Dashed: a fall of {-_FALL} %. Rises above {_MOST:g} % are cut. Lines end at another therapy."
    return Figure("spider", f"{_CHANGE}: over time", alt, caption, spec)


def _change(rows: Sequence[Spec]) -> Spec:
    most = max(50.0, *(row["change"] for row in rows))
    axis = {"title": _CHANGE, "labelExpr": "datum.value + '\u202f%'"}
    return {"field": "change", "type": "quantitative", "scale": {"domain": [-100, most]}, "axis": axis}


def _line(value: float) -> Spec:
    return {
        "data": {"values": [{"change": value}]},
        "mark": {"type": "rule", "strokeDash": [4, 3], "color": LINE.light},
        "encoding": {"y": {"field": "change", "type": "quantitative"}},
    }


def _by_level(courses: Sequence[BlastCourse], channel: str) -> Spec:
    names = [level(number) for number in sorted({one.level for one in courses})]
    looks: Sequence[object] = [shade.light for shade in SERIES] if channel == "color" else [list(one) for one in DASHES]
    scale = {"domain": names, "range": [looks[place % len(looks)] for place in range(len(names))]}
    return {
        "field": "level",
        "type": "nominal",
        "scale": scale,
        "legend": {"title": None, "symbolType": "square" if channel == "color" else "stroke"},
    }
