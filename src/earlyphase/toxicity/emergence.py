"""Whether an adverse event is treatment-emergent: it began, or worsened, after treatment had begun."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from earlyphase.toxicity.events import GradedEvent, span


class Emergence(StrEnum):
    """Whether an event is treatment-emergent."""

    NEW = "began after treatment"
    WORSENED = "worsened after treatment"
    NO = "not treatment-emergent"
    UNKNOWN = "unknown"

    @property
    def emergent(self) -> bool | None:
        """Whether it counts as a TEAE; None where that is not known."""
        return None if self is Emergence.UNKNOWN else self is not Emergence.NO


@dataclass(frozen=True, slots=True)
class EmergenceFinding:
    """The finding with its sentence."""

    emergence: Emergence
    reason: str


def emergence(event: GradedEvent, treated_from: dt.date) -> EmergenceFinding:
    """Tell whether an event is treatment-emergent.

    Args:
        event: the event with its grades over time.
        treated_from: the first day of treatment; an event of that day counts as after it.

    Returns:
        The finding; unknown where it hangs on a partial date. An unknown one is counted as emergent in safety tables.

    Source: ICH E9, glossary: emerges during treatment, having been absent before, or worsens relative to before.
    """
    onset = span(event.onset)
    if onset.earliest.date() >= treated_from:
        return EmergenceFinding(Emergence.NEW, f"{event.name} began on {event.onset}, from {treated_from} on.")
    before = [step for step in event.steps if span(step.start).latest.date() < treated_from]
    after = [step for step in event.steps if span(step.start).earliest.date() >= treated_from]
    if len(before) + len(after) < len(event.steps):
        return EmergenceFinding(
            Emergence.UNKNOWN, f"{event.name}: {event.onset} can be before or after {treated_from}."
        )
    worst = max(step.grade_max for step in before)
    worse = next((step for step in after if step.grade_min > worst), None)
    if worse is not None:
        reason = f"{event.name} worsened from grade {worst} to {worse.grade_min} on {worse.start}."
        return EmergenceFinding(Emergence.WORSENED, reason)
    return EmergenceFinding(
        Emergence.NO, f"{event.name} began on {event.onset} and did not worsen from {treated_from} on."
    )
