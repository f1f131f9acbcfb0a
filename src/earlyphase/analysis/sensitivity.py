"""Sensitivity to censoring choices: an endpoint estimated under other specifications, and what that changes."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from earlyphase.analysis.aalen_johansen import incidence_at
from earlyphase.analysis.estimates import Estimate
from earlyphase.analysis.follow_up_ends import OF_THE_DISEASE
from earlyphase.analysis.time_to_event import TimeToEvent, time_to_event
from earlyphase.protocol.endpoints import Endpoint, Happening, Variation
from earlyphase.study.state import Study

SIDES = ("events", "competing", "censored_at")


@dataclass(frozen=True, slots=True)
class Varied:
    """An endpoint under one variation."""

    variation: Variation
    main: TimeToEvent
    time: TimeToEvent
    changed: tuple[str, ...]
    """The participants whose time ends on another day, or otherwise."""

    @property
    def difference(self) -> float | None:
        """How much the chance of being without the event at the horizon differs from the main analysis."""
        now, before = without_event(self.time).estimate, without_event(self.main).estimate
        return None if now is None or before is None else now - before


@lru_cache(maxsize=1)
def usual_variations() -> tuple[Variation, ...]:
    """Read the usual sensitivity analyses.

    Source:
        Each names its own, in the table.
    """
    path = resources.files("earlyphase.analysis") / "data" / "sensitivity.toml"
    return tuple(Variation.model_validate(row) for row in tomllib.loads(path.read_text("utf-8"))["variations"])


def varied(endpoint: Endpoint, variation: Variation) -> Endpoint | None:
    """Give an endpoint as a variation specifies it.

    Returns:
        None where it is made for other endpoints, or changes nothing of this one.

    Source:
        ICH E9(R1), A.5.2.2: sensitivity analysis changes one assumption of the estimator at a time.
    """
    if variation.only_for and endpoint.id not in variation.only_for:
        return None
    moved = variation.event | variation.competing | variation.censored_at | variation.ignored
    sides: dict[str, frozenset[Happening]] = {name: getattr(endpoint, name) - moved for name in SIDES}
    for name, more in zip(SIDES, (variation.event, variation.competing, variation.censored_at), strict=True):
        sides[name] |= more
    settings = variation.set.model_dump(exclude_none=True) if variation.set else {}
    made = endpoint.model_copy(update={**sides, **settings})
    return None if made == endpoint or not _sensible(endpoint, made, variation) else made


def _sensible(endpoint: Endpoint, made: Endpoint, variation: Variation) -> bool:
    """Leave out what asks nothing: of survival what ends a response, of others the settings that they do not have."""
    settings = variation.set
    if settings and settings.failure_on and endpoint.remission_within_days is None:
        return False
    of_disease = (settings and settings.missed_assessments) or variation.event
    if of_disease and not endpoint.events & OF_THE_DISEASE:
        return False
    return bool(made.events)


def sensitivity(study: Study, main: TimeToEvent) -> tuple[Varied, ...]:
    """Estimate an endpoint under the variations that its protocol names, or under the usual ones.

    Source:
        ICH E9(R1), A.5.2.2.
    """
    variations: Sequence[Variation] = main.endpoint.sensitivity or usual_variations()
    made = [(one, endpoint) for one in variations if (endpoint := varied(main.endpoint, one)) is not None]
    return tuple(_estimated(study, main, one, endpoint) for one, endpoint in made)


def _estimated(study: Study, main: TimeToEvent, variation: Variation, endpoint: Endpoint) -> Varied:
    found = time_to_event(study, endpoint)
    before = {one.participant: one for one in main.follow_ups}
    changed = [
        one.participant
        for one in found.follow_ups
        if (one.ended, one.end) != (before[one.participant].ended, before[one.participant].end)
    ]
    return Varied(variation, main, found, tuple(changed))


def without_event(time: TimeToEvent) -> Estimate:
    """Give the chance of being without the event at the end of the time frame, as the endpoint takes what competes.

    Returns:
        By Kaplan–Meier where nothing competes, else 1 − the cumulative incidence.

    Source:
        Putter H, Fiocco M, Geskus RB. Stat Med 2007;26:2389.
    """
    if time.incidence is None:
        return time.at_horizon
    event = incidence_at(time.incidence, 1, time.endpoint.horizon_days)
    lower, upper = (None if one is None else 1 - one for one in (event.upper, event.lower))
    share = None if event.estimate is None else 1 - event.estimate
    return Estimate(share, lower, upper, event.interval, event.level, event.standard_error, event.note)
