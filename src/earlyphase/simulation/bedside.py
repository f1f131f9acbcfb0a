"""What the bedside chart says of a virtual participant who has CRS or ICANS: findings of the grade of each day."""

from collections.abc import Iterator, Mapping
from typing import Any

from earlyphase.protocol.dlt import Scale
from earlyphase.simulation.events import Event
from earlyphase.toxicity.syndromes import syndrome_of

LONGEST = 21
"""The chart is kept no longer than so many days from the onset. Units: days."""

AT = {Scale.CRS: "08:00", Scale.ICANS: "09:00"}
"""The round on which each is looked at."""


def _body(temperature: float, pressors: int, oxygen: str, flow: int | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "temperature": {"value": temperature, "unit": "Cel"},
        "hypotension": bool(pressors) or oxygen != "room air",
        "vasopressors": pressors,
        "oxygen": oxygen,
    }
    return found | ({"flow": {"value": flow, "unit": "L/min"}} if flow else {})


def _mind(ice: int, wakes: str) -> dict[str, Any]:
    return {"ice": ice, "wakes": wakes, "seizure": "none", "motor": "none", "pressure": "none"}


FINDINGS: Mapping[Scale, tuple[Mapping[str, Any], ...]] = {
    Scale.CRS: (
        {**_body(36.7, 0, "room air"), "hypotension": False},
        {**_body(38.6, 0, "room air"), "hypotension": False},
        _body(39.1, 0, "cannula", 2),
        _body(39.4, 1, "cannula", 10),
        _body(39.6, 2, "positive pressure"),
    ),
    Scale.ICANS: (
        _mind(10, "spontaneously"),
        _mind(8, "spontaneously"),
        _mind(5, "to voice"),
        _mind(1, "to touch only"),
        _mind(0, "only to vigorous stimuli, or not"),
    ),
}
"""Findings of the grades 0 to 4: an illustration. Source: ASTCT consensus, Lee et al. 2019, for the grade of each."""


def chart_days(event: Event, last: int) -> Iterator[int]:
    """Give the days on which an event is charted, up to a last one: from its onset to its end. Units: days."""
    if _scale(event) is not None:
        end = event.ends if event.ends is not None else event.onset + LONGEST
        yield from range(max(event.onset, 0), min(end, event.onset + LONGEST, last) + 1)


def chart_row(event: Event, day: int) -> dict[str, Any]:
    """Give what the chart says of an event on a day."""
    scale = _scale(event)
    if scale is None:
        return {}
    findings = FINDINGS[scale]
    return {"at": AT[scale], **findings[min(event.grade_on(day), len(findings) - 1)]}


def _scale(event: Event) -> Scale | None:
    found = syndrome_of(event.scale, event.term)
    return found.scale if found is not None and found.scale in FINDINGS else None
