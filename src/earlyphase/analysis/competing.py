"""What a competing event does to an endpoint: censored, and competing, side by side; and further specifications."""

from dataclasses import dataclass

from earlyphase.analysis.aalen_johansen import incidence_at
from earlyphase.analysis.estimates import Estimate
from earlyphase.analysis.kaplan_meier import numbers_at_risk, survival_at
from earlyphase.analysis.time_to_event import TimeToEvent
from earlyphase.protocol.endpoints import Endpoint, Happening, IntervalType, Origin, Population
from earlyphase.protocol.model import Protocol
from earlyphase.protocol.stated import Basis, Source

LANDMARKS = (91, 183, 274, 365, 548, 730)
"""Days at which survival is read: 3, 6, 9, 12, 18 and 24 months of 30.4 days."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The chance of the event by the end of the time frame, made in two ways."""

    time: TimeToEvent
    censored: Estimate
    """1 − Kaplan–Meier: who had a competing event could still have had the event."""
    competing: Estimate
    """Aalen–Johansen: who had a competing event cannot have it any more."""

    @property
    def difference(self) -> float | None:
        """How much censoring overstates the chance of the event."""
        if self.censored.estimate is None or self.competing.estimate is None:
            return None
        return self.censored.estimate - self.competing.estimate


def compared(time: TimeToEvent) -> Compared | None:
    """Hold censoring of the competing events against letting them compete.

    Returns:
        None for an endpoint without competing events.

    Source:
        Putter H, Fiocco M, Geskus RB. Stat Med 2007;26:2389: 1 − Kaplan–Meier overstates where events compete.
    """
    if time.incidence is None:
        return None
    alive = time.at_horizon
    lower, upper = (None if one is None else 1 - one for one in (alive.upper, alive.lower))
    share = None if alive.estimate is None else 1 - alive.estimate
    censored = Estimate(share, lower, upper, alive.interval, alive.level, alive.standard_error, alive.note)
    return Compared(time, censored, incidence_at(time.incidence, 1, time.endpoint.horizon_days))


@dataclass(frozen=True, slots=True)
class Landmark:
    """Survival at a moment."""

    day: int
    at_risk: int
    survival: Estimate


def landmarks(time: TimeToEvent) -> tuple[Landmark, ...]:
    """Read an endpoint's curve at the landmarks within its time frame.

    Source:
        FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics, December 2018: landmark analyses.
    """
    days = [day for day in LANDMARKS if day <= time.endpoint.horizon_days]
    at_risk = numbers_at_risk(time.curve, days) if time.curve.n else (0,) * len(days)
    return tuple(Landmark(day, number, survival_at(time.curve, day)) for day, number in zip(days, at_risk, strict=True))


REMISSIONS = frozenset({"CR", "CRh", "CRi"})
"""Source: Döhner 2022, table 9: event-free and relapse-free survival."""

DEADLINE = 84
"""By when a remission is looked for where the protocol has no response rate. Units: days. Assumed."""


def further_endpoints(protocol: Protocol, horizon_days: int = 730) -> tuple[Endpoint, ...]:
    """Give the usual endpoints of acute leukaemia that a protocol may not have named: EFS and RFS.

    Args:
        protocol: the time frame of its response rate is the deadline for a remission.
        horizon_days: until when they are followed. Units: days.

    Source:
        Döhner H, Wei AH, Appelbaum FR, et al. Blood 2022;140:1345, table 9: event-free and relapse-free survival.
    """
    rates = (one.horizon_days for one in protocol.endpoints if one.measure == "proportion" and one.responses)
    common = {
        "role": "exploratory",
        "measure": "time to event",
        "basis": Basis.ASSUMED,
        "source": Source(document="Döhner 2022", place="table 9"),
        "why": "Not an endpoint of the protocol; given because readers of leukaemia studies look for it.",
        "events": frozenset({Happening.RELAPSE, Happening.PROGRESSION, Happening.DEATH}),
        "responses": REMISSIONS,
        "interval": IntervalType.LOG_LOG,
        "horizon_days": horizon_days,
    }
    free = {"population": Population.INFUSED, "origin": Origin.INFUSION}
    after = {"population": Population.RESPONDERS, "origin": Origin.FIRST_REMISSION}
    efs = {"id": "EFS", "title": "Event-free survival", "remission_within_days": next(rates, DEADLINE), **free}
    rfs = {"id": "RFS", "title": "Relapse-free survival", **after}
    return tuple(Endpoint.model_validate(common | one) for one in (efs, rfs))
