"""The profile of one participant: one page, one timeline, with treatment, disease, events by grade, and counts."""

import datetime as dt
from collections.abc import Iterator

from earlyphase.analysis.happenings import last_known_alive
from earlyphase.dates import days_from
from earlyphase.journal.payloads.leaving import NewTherapy, Relapse, Transplant, Withdrawal
from earlyphase.journal.payloads.observations import Laboratory, Marrow, Mrd, ResponseAssessment
from earlyphase.journal.payloads.treatment import Leukapheresis, Lymphodepletion
from earlyphase.quantities import shown_unit
from earlyphase.reports.figures.theme import WIDTH, Spec, titled
from earlyphase.reports.palette import BLUE, GREEN, GRID, INK, MUTED
from earlyphase.reports.tables.listings import row_id
from earlyphase.reports.values import Figure
from earlyphase.reports.wording import level
from earlyphase.study.state import Participant

_SHADES = ("#cddeec", "#86b6d9", "#e0a060", "#c25510", "#16202c")
"""Grades 1 to 5, each darker than the one before."""
_COUNTS = ("neutrophils", "platelets")
_LANE = 15
"""Units: pixels."""
_LATEST = 730
_LANES = {
    "title": None,
    "domain": False,
    "ticks": False,
    "grid": True,
    "gridColor": GRID.light,
    "labelColor": INK.light,
    "minExtent": 190,
    "maxExtent": 190,
    "labelLimit": 185,
}
"""The axis of lanes: all charts of a profile keep as much room beside them."""
_THERAPY = {"bridging": "bridging therapy", "after the study product": "new therapy"}


def profile(person: Participant) -> Figure | None:
    """Draw everything that happened to one infused participant on one axis of days; None for who was not infused."""
    infusion = person.infusion
    if infusion is None:
        return None
    day_0 = infusion.on
    end = min(max(days_from(day_0, last_known_alive(person)), 28), _LATEST)
    start = min([-5, *(row["day"] for row in _happened(person, day_0))])
    scale = {"domain": [start, end + 0.12 * (end - start)], "nice": False}
    x: Spec = {"field": "day", "type": "quantitative", "scale": scale}
    charts = [
        _marks(person, day_0, end, x),
        _events(person, day_0, end, x),
        *(_count(person, name, day_0, end, x) for name in _COUNTS),
    ]
    shown = [chart for chart in charts if chart]
    shown[-1] = _with_axis(shown[-1])
    spec = titled(vconcat=shown, spacing=10)
    title = f"Profile of participant {person.id}"
    events = len(person.adverse_events)
    alt = (
        f"{title}: {level(person.level)}, infused on {day_0} (day 0), {infusion.administered}; {events} events; "
        f"followed to day {end}."
    )
    given = f"Days from the infusion on {day_0}; {level(person.level)}, {infusion.administered}."
    caption = f"{given} Bars: adverse events by worst grade."
    return Figure(f"profile-{row_id(person.id).removeprefix('participant-')}", title, alt, caption, spec)


def _with_axis(chart: Spec) -> Spec:
    """Let the lowest chart name the axis."""
    axis = {"title": "Days from infusion", "grid": False}

    def named(encoding: Spec) -> Spec:
        return {**encoding, "x": {**encoding["x"], "axis": axis}}

    if "encoding" in chart:
        return {**chart, "encoding": named(chart["encoding"])}
    return {**chart, "layer": [{**one, "encoding": named(one["encoding"])} for one in chart["layer"]]}


def _marks(person: Participant, day_0: dt.date, end: int, x: Spec) -> Spec:
    rows = [row for row in _happened(person, day_0) if row["day"] <= end]
    names = list(dict.fromkeys(row["lane"] for row in rows))
    y: Spec = {"field": "lane", "type": "nominal", "sort": names, "scale": {"domain": names}, "axis": _LANES}
    place: Spec = {"x": {**x, "axis": None}, "y": y}
    text = {"type": "text", "align": "left", "dx": 6, "fontSize": 9, "color": MUTED.light, "clip": True, "limit": 90}
    return {
        "width": WIDTH - 200,
        "height": _LANE * max(1, len(names)),
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "point", "filled": True, "size": 40, "color": BLUE.light, "opacity": 1},
                "encoding": place,
            },
            {"mark": text, "encoding": {**place, "text": {"field": "says"}}},
        ],
    }


def _happened(person: Participant, day_0: dt.date) -> Iterator[Spec]:
    def row(lane: str, on: dt.date, says: str = "") -> Spec:
        return {"lane": lane, "day": days_from(day_0, on), "says": says}

    yield from (row("leukapheresis", one.on) for one in person.every(Leukapheresis))
    yield from (row("lymphodepletion", one.first_day) for one in person.every(Lymphodepletion))
    yield row("infusion", day_0)
    yield from (row("marrow blasts, %", one.on, f"{one.blasts.value:g}") for one in person.every(Marrow))
    yield from (row("MRD", one.on, "+" if one.detected else "neg") for one in person.every(Mrd))
    yield from (row("response (investigator)", one.on, one.response.value) for one in person.every(ResponseAssessment))
    yield from (row(one.kind, one.on) for one in person.every(Relapse))
    yield from (row("transplant", one.on) for one in person.every(Transplant))
    yield from (row(_THERAPY[one.purpose], one.on, one.therapy) for one in person.every(NewTherapy))
    yield from (row("withdrawal", one.on) for one in person.every(Withdrawal))
    if person.death:
        yield row("death", person.death.on, person.death.cause)


def _events(person: Participant, day_0: dt.date, end: int, x: Spec) -> Spec | None:
    rows: list[Spec] = []
    for fact in person.adverse_events:
        event = fact.payload
        begun = days_from(day_0, event.onset.earliest)
        over = days_from(day_0, event.resolved.latest) if event.resolved else end
        if begun <= end:
            grade = f"grade {event.grade}"
            rows.append({"lane": event.term, "day": begun, "end": min(max(over, begun + 1), end), "grade": grade})
    if not rows:
        return None
    names = list(dict.fromkeys(row["lane"] for row in sorted(rows, key=lambda row: row["day"])))
    scale = {"domain": [f"grade {grade}" for grade in range(1, 6)], "range": list(_SHADES)}
    return {
        "width": WIDTH - 200,
        "height": _LANE * len(names),
        "data": {"values": rows},
        "mark": {"type": "bar", "height": {"band": 0.7}},
        "encoding": {
            "x": {**x, "axis": None},
            "x2": {"field": "end"},
            "y": {"field": "lane", "type": "nominal", "sort": names, "axis": _LANES},
            "color": {"field": "grade", "type": "ordinal", "scale": scale, "legend": {"title": None}},
        },
    }


def _count(person: Participant, name: str, day_0: dt.date, end: int, x: Spec) -> Spec | None:
    rows = [
        {"day": days_from(day_0, sample.on), "value": one.value.value, "unit": one.value.unit}
        for sample in sorted(person.every(Laboratory), key=lambda sample: sample.on)
        for one in sample.results
        if one.analyte == name and days_from(day_0, sample.on) <= end
    ]
    units = {row["unit"] for row in rows}
    if len(units) != 1:
        return None
    axis = {
        "title": None,
        "minExtent": 190,
        "maxExtent": 190,
        "tickCount": 3,
        "grid": True,
        "gridColor": GRID.light,
    }
    return {
        "width": WIDTH - 200,
        "height": 60,
        "title": {"text": f"{name[0].upper()}{name[1:]}, {shown_unit(units.pop())}", "offset": 4},
        "data": {"values": rows},
        "mark": {"type": "line", "point": {"size": 16}, "color": GREEN.light, "strokeWidth": 1.3, "clip": True},
        "encoding": {"x": {**x, "axis": None}, "y": {"field": "value", "type": "quantitative", "axis": axis}},
    }
