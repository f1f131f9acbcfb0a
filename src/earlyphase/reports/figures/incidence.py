"""Cumulative incidence: the event and what competes with it, beside the curve that censors the competing events."""

from earlyphase.analysis.aalen_johansen import CumulativeIncidence, incidence_at
from earlyphase.analysis.time_to_event import TimeToEvent
from earlyphase.dates import MONTH
from earlyphase.reports.figures.theme import WIDTH, Spec, ticks, titled
from earlyphase.reports.palette import BLUE, MUTED, VERMILION
from earlyphase.reports.values import Figure
from earlyphase.reports.wording import percent, percent_interval

_HEIGHT = 240
EVENT, COMPETING, CENSORED = "event", "competing event", "event, competing events censored (1 − Kaplan–Meier)"
_LOOK = {EVENT: (BLUE.light, [1, 0]), COMPETING: (VERMILION.light, [6, 3]), CENSORED: (MUTED.light, [2, 2])}


def cumulative_incidence(time: TimeToEvent) -> Figure | None:
    """Draw the cumulative incidences of an endpoint with competing events; None for one without, or without anybody."""
    curve, endpoint = time.incidence, time.endpoint
    if curve is None or not curve.n:
        return None
    end = endpoint.horizon_days / MONTH
    rows = [*_steps(curve, 1, EVENT), *_steps(curve, 2, COMPETING), *_censored(time)]
    last = [{**[row for row in rows if row["curve"] == name][-1], "time": end} for name in _LOOK]
    x: Spec = {
        "field": "time",
        "type": "quantitative",
        "scale": {"domain": [0, end], "nice": False},
        "axis": {"title": f"Months from {endpoint.origin.value}", "values": ticks(end, months=True), "grid": False},
    }
    y: Spec = {
        "field": "chance",
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "axis": {"title": None, "values": [0, 0.25, 0.5, 0.75, 1], "labelExpr": "round(100 * datum.value) + '\u202f%'"},
    }
    spec = titled(
        width=WIDTH,
        height=_HEIGHT,
        data={"values": [*rows, *last]},
        mark={"type": "line", "interpolate": "step-after", "strokeWidth": 2, "strokeCap": "butt"},
        encoding={"x": x, "y": y, "color": _by(0), "strokeDash": _by(1)},
    )
    title = f"{endpoint.title}: cumulative incidence"
    caption = "Aalen–Johansen; dotted: 1 − Kaplan–Meier, which treats competing events as censoring and lies above."
    return Figure(f"cif-{endpoint.id.lower()}", title, _in_words(title, curve, endpoint.horizon_days), caption, spec)


def _by(part: int) -> Spec:
    scale = {"domain": list(_LOOK), "range": [look[part] for look in _LOOK.values()]}
    legend = {"title": None, "symbolType": "stroke", "symbolSize": 260, "symbolStrokeWidth": 2, "columns": 2}
    return {"field": "curve", "type": "nominal", "scale": scale, "legend": legend}


def _steps(curve: CumulativeIncidence, cause: int, name: str) -> list[Spec]:
    values = zip((curve.times / MONTH).tolist(), curve.incidence[cause - 1].tolist(), strict=True)
    return [{"curve": name, "time": time, "chance": chance} for time, chance in ((0.0, 0.0), *values)]


def _censored(time: TimeToEvent) -> list[Spec]:
    values = zip((time.curve.times / MONTH).tolist(), (1 - time.curve.survival).tolist(), strict=True)
    return [{"curve": CENSORED, "time": at, "chance": chance} for at, chance in ((0.0, 0.0), *values)]


def _in_words(title: str, curve: CumulativeIncidence, day: int) -> str:
    event, other = incidence_at(curve, 1, day), incidence_at(curve, 2, day)
    return (
        f"{title} of {curve.n} participants. At the end of the time frame: event {percent(event.estimate)} "
        f"({percent_interval(event)}), competing event {percent(other.estimate)} ({percent_interval(other)})."
    )
