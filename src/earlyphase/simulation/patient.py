"""One virtual patient: what is theirs from the beginning, and what the infusion made of it."""

import datetime as dt
import math
from dataclasses import dataclass, field

from earlyphase.dates import days_from
from earlyphase.journal.payloads.observations import Response
from earlyphase.simulation.chance import Chance
from earlyphase.simulation.fate import Fate
from earlyphase.simulation.truth import Measure

CONDITIONED, LOWEST, LOW_UNTIL, RECOVERED = -5, 3, 9, 32
"""The course of blood counts after conditioning. Units: days from the infusion."""

NOTED_BLASTS = {Response.CR: (0.2, 4.0), Response.CRI: (0.4, 4.6), Response.PR: (6.0, 22.0)}
"""The marrow blasts that go with a response. Units: percent."""

HALF = 0.5
"""A partial response has at most this share of the blasts that there were."""


@dataclass
class Patient:
    """Somebody who was referred to the study."""

    index: int
    """Counted from 1 in the order of referral."""
    until: dt.date
    """How long they can wait."""
    chance: Chance
    """What happens to them."""
    paper: Chance
    """What is measured, found and written of them."""
    number: str = ""
    """The participant number, once they consented."""
    infused_on: dt.date | None = None
    fate: Fate | None = None
    """What is to happen after the infusion."""
    blasts: float = 0.0
    """Marrow blasts before treatment. Units: percent."""
    usual: dict[str, float] = field(default_factory=dict[str, float])
    """The patient's own typical value of each analyte."""
    outside: tuple[str, ...] | None = None
    """Where the disease was outside the marrow before treatment; None while nobody has looked."""

    def day(self, on: dt.date) -> int | None:
        """Count a date from the infusion; None before it."""
        return days_from(self.infused_on, on) if self.infused_on else None

    def value(self, measure: Measure, on: dt.date) -> float:
        """Draw what a measurement gives on a date."""
        if measure.analyte not in self.usual:
            self.usual[measure.analyte] = self.paper.around(measure.typical, measure.spread)
        drawn = self.paper.around(self.usual[measure.analyte], measure.spread / 3)
        drawn *= measure.nadir ** _depth(self.day(on)) * (measure.fever if self._feverish(on) else 1)
        kept = max(round(drawn, measure.decimals), 10**-measure.decimals)
        kept = min(kept, 100) if measure.unit == "%" else kept
        return float(kept) if measure.decimals else int(kept)

    def marrow_blasts(self, on: dt.date) -> float:
        """Draw the share of blasts in the marrow on a date.

        Units: percent.
        """
        response = self.response(on)
        if response is not None and response in NOTED_BLASTS:
            least, most = NOTED_BLASTS[response]
            most = min(most, self.blasts * HALF) if response is Response.PR else most
            return round(self.paper.between(min(least, most), most), 1)
        if self.fate is None:
            return self.blasts
        return min(99.0, round(self.paper.between(max(25.0, 0.8 * self.blasts), 1.3 * max(25.0, self.blasts)), 1))

    def response(self, on: dt.date) -> Response | None:
        """Give the state of the disease on a date; None before the infusion."""
        day, fate = self.day(on), self.fate
        if day is None or fate is None:
            return None
        if fate.progression is not None and day >= fate.progression:
            return Response.PROGRESSION
        return fate.response or Response.NO_RESPONSE

    def _feverish(self, on: dt.date) -> bool:
        day = self.day(on)
        return day is not None and self.fate is not None and self.fate.feverish(day)


def _depth(day: int | None) -> float:
    """Give how far blood counts have fallen: 1 at the lowest, 0 before conditioning and after recovery."""
    if day is None or not CONDITIONED < day < RECOVERED:
        return 0.0
    falling = (day - CONDITIONED) / (LOWEST - CONDITIONED)
    rising = (RECOVERED - day) / (RECOVERED - LOW_UNTIL)
    return min(1.0, falling, math.sqrt(rising))
