"""How a study is conducted in calendar time: what decides how long it takes."""

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from earlyphase.faults import InvalidInput


class Arrivals(StrEnum):
    """How patients arrive."""

    POISSON = "poisson"
    """Independently of one another."""
    EVEN = "even"
    """At equal distances."""


def _said(default: float, text: str) -> Any:  # noqa: ANN401 - a dataclass field stands for a value of its own type
    """Declare a figure with its help."""
    return field(default=default, metadata={"help": text})


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """The conduct of a study. Patients are not kept waiting: where nobody may be treated, the next one is awaited.

    Units: days; shares of 1.

    Source: the protocol's conduct; what simulations of late toxicity take into account, Yuan 2018, Clin Cancer Res
    24:4921, and what cell therapy adds.
    """

    accrual: float = _said(15.0, "Days between two arriving patients, on average.")
    window: float = _said(28.0, "Days of the DLT window.")
    stagger_first: float = _said(0.0, "Days between the first participant of a dose and the next.")
    stagger: float = _said(0.0, "Days between later participants of a dose.")
    committee: float = _said(0.0, "Days from a decision to the next treatment.")
    vein_to_vein: float = _said(0.0, "Days from enrolment to infusion, on average.")
    vein_to_vein_sd: float = _said(0.0, "Their standard deviation (a gamma distribution).")
    failure: float = _said(0.0, "Share of products that cannot be made; the participant is replaced.")
    dropout: float = _said(0.0, "Share of the infused who are not DLT-evaluable and are replaced.")
    late: float = _said(0.5, "Share of the DLTs that come in the second half of the window.")
    arrivals: str = field(default=Arrivals.POISSON, metadata={"help": "How patients arrive: poisson or even."})

    def __post_init__(self) -> None:
        """Refuse figures that cannot be.

        Raises:
            InvalidInput: with the option at fault.
        """
        if self.arrivals not in tuple(Arrivals):
            raise InvalidInput("--arrivals", self.arrivals, "is not known.", f"There are: {', '.join(Arrivals)}.")
        for entry in fields(self):
            value, place = getattr(self, entry.name), f"--{entry.name.replace('_', '-')}"
            if entry.name in ("accrual", "window") and not value > 0:
                raise InvalidInput(place, value, "is not a number of days above 0.", "Give days, as in 28.")
            if entry.name in ("failure", "dropout") and not 0 <= value < 1:
                raise InvalidInput(place, value, "is not a share from 0 to below 1.", "Give a share, as in 0.1.")
            if entry.name == "late" and not 0 <= value <= 1:
                raise InvalidInput(place, value, "is not a share from 0 to 1.", "Give a share, as in 0.5.")
            if entry.name not in ("arrivals", "late") and not value >= 0:
                raise InvalidInput(place, value, "is below 0.", "Give days, 0 or more.")
