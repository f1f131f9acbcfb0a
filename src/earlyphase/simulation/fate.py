"""What is to happen to a virtual participant after the infusion, drawn at once."""

import math
from dataclasses import dataclass
from typing import Literal

from earlyphase.journal.payloads.observations import Response
from earlyphase.protocol.model import Protocol
from earlyphase.protocol.schedule import Anchor
from earlyphase.simulation.chance import Chance
from earlyphase.simulation.events import FEVER_GRADE, Event, Limiting, harmless, limiting
from earlyphase.simulation.truth import Truth

COMPLETE = (Response.CR, Response.CRI, Response.CRH)

FIRST_RELAPSE = 40
"""A response lasts at least to this day. Units: days from the infusion."""


@dataclass(frozen=True, slots=True)
class Disease:
    """The course of the disease. Units: days from the infusion; None where it does not happen."""

    response: Response | None
    mrd_negative: bool
    progression: int | None
    transplant: int | None
    new_therapy: int | None


@dataclass(frozen=True, slots=True)
class Departure:
    """What ends observation."""

    day: int
    how: Literal["death", "withdrawal", "loss", "last visit"]
    cause: Literal["disease", "adverse event", "other"] | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """All that is to happen. Units: days from the infusion."""

    events: tuple[Event, ...]
    dlt: Limiting | None
    disease: Disease
    departure: Departure

    @property
    def response(self) -> Response | None:
        """The best response; None where there is none."""
        return self.disease.response

    @property
    def progression(self) -> int | None:
        """The day of relapse or progression."""
        return self.disease.progression

    def feverish(self, day: int) -> bool:
        """Tell whether cytokine release syndrome of grade 2 or more is there on a day."""
        return any("Cytokine" in event.term and event.grade_on(day) >= FEVER_GRADE for event in self.events)


def draw_fate(truth: Truth, protocol: Protocol, level: int, chance: Chance) -> Fate:
    """Draw what is to happen to a participant who was infused at a level."""
    dlt = limiting(truth, protocol, chance) if chance.happens(truth.dlt.at(level, protocol.doses)) else None
    disease = _disease(truth, protocol, level, chance)
    departure = _departure(truth, protocol, disease, dlt, chance)
    events = [event for one in truth.toxicities if (event := harmless(one, protocol, chance))]
    if dlt:
        events = [event for event in events if event.term != dlt.event.term] + [dlt.event]
    known = tuple(event.cut(departure.day) for event in events if event.onset <= departure.day)
    return Fate(known, dlt if dlt and dlt.event.onset <= departure.day else None, disease, departure)


def _disease(truth: Truth, protocol: Protocol, level: int, chance: Chance) -> Disease:
    window = protocol.dlt.window_days
    if chance.happens(truth.early_progression):
        day = max(1, int(chance.between(min(8, window - 1), window)))
        return _progressing(truth, None, day, chance)
    if not chance.happens(truth.response.at(level, protocol.doses)):
        return _progressing(truth, None, window + 2 + chance.after_median(truth.progression_median_days), chance)
    response = chance.weighted(truth.responses)
    relapse = max(FIRST_RELAPSE, window + 2) + chance.after_median(truth.relapse_median_days)
    return _progressing(truth, response, relapse, chance)


def _progressing(truth: Truth, response: Response | None, day: int, chance: Chance) -> Disease:
    complete = response in COMPLETE
    transplant = chance.days(truth.transplant_days) if complete and chance.happens(truth.transplant) else None
    later = day + chance.days(truth.new_therapy_days) if chance.happens(truth.new_therapy) else None
    return Disease(
        response=response,
        mrd_negative=complete and chance.happens(truth.mrd_negative),
        progression=day,
        transplant=transplant if transplant is not None and transplant < day else None,
        new_therapy=later,
    )


def _departure(truth: Truth, protocol: Protocol, disease: Disease, dlt: Limiting | None, chance: Chance) -> Departure:
    progression = disease.progression or 0
    of_disease = progression + chance.after_median(truth.death_after_progression_median_days)
    otherwise = protocol.dlt.window_days + 2 + chance.after_rate(truth.death_without_progression_per_year)
    ends = [
        Departure(last_day(protocol), "last visit"),
        Departure(of_disease, "death", "disease"),
        *_at(1 + chance.after_rate(truth.withdrawal_per_year), "withdrawal"),
        *_at(2 + chance.after_rate(truth.loss_per_year), "loss"),
    ]
    if otherwise < progression:
        ends.append(Departure(int(otherwise), "death", "other"))
    if dlt and dlt.death is not None:
        ends.append(Departure(dlt.death, "death", "adverse event"))
    return min(ends, key=lambda end: end.day)


def _at(day: float, how: Literal["withdrawal", "loss"]) -> list[Departure]:
    return [] if math.isinf(day) else [Departure(int(day), how)]


def last_day(protocol: Protocol) -> int:
    """Give the day on which follow-up ends: the last visit, and never before the DLT window is over.

    Units: days from the infusion.
    """
    planned = [visit.last for visit in protocol.schedule.visits if protocol.schedule.anchor is Anchor.INFUSION]
    horizons = [endpoint.horizon_days for endpoint in protocol.endpoints] if not planned else []
    return max([*planned, *horizons, protocol.dlt.window_days + 3])
