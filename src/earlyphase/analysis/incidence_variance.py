"""Two variances of a cumulative incidence: the infinitesimal jackknife and Aalen's."""

from dataclasses import dataclass

import numpy as np

from earlyphase.analysis.follow_up import CENSORED, Counts, Numbers, RiskTable


@dataclass(frozen=True, slots=True, eq=False)
class Transitions:
    """What both variances are made from."""

    table: RiskTable
    before: Numbers
    """The event-free chance just before each time."""
    event_free: Numbers
    """The event-free chance from each time on."""
    incidence: Numbers
    """The cumulative incidence: a row for each cause."""


def jackknife_variance(steps: Transitions) -> Numbers:
    """Sum the squared influence of every participant on each incidence.

    All who are still at risk have one influence in common. Who leaves at a time keeps an influence `a + b F(t)`, linear
    in the incidence F, so that three running sums replace the participants.

    Returns:
        The variances: a row for each cause.

    Source:
        Therneau, R package survival 3.5, vignette on methods: infinitesimal jackknife of Aalen–Johansen curves.
    """
    return np.stack([_jackknife_of(steps, cause) for cause in range(1, steps.table.ends.shape[0])])


def _jackknife_of(steps: Transitions, cause: int) -> Numbers:
    """Sum the squared influences on the incidence of one cause."""
    table, incidence = steps.table, steps.incidence[cause - 1]
    at_risk, events = table.at_risk.astype(np.float64), table.ends[1:].sum(axis=0)
    staying = at_risk - events
    left = 1 / np.where(staying > 0, staying, np.inf)
    loss = np.cumsum(events / at_risk * left)
    step = steps.before * table.ends[cause] / at_risk
    shared = np.cumsum(step * (loss - events / at_risk * left - 1 / at_risk))
    jump = steps.before / at_risk
    groups = (
        (table.ends[CENSORED], shared, loss),
        (table.ends[cause], shared + jump, loss - left),
        (events - table.ends[cause], shared, loss - left),
    )
    total = (staying - table.ends[CENSORED]) * shared**2
    for count, influence, slope in groups:
        start = influence - slope * incidence
        total = total + np.cumsum(count * start**2)
        total = total + incidence * (2 * np.cumsum(count * start * slope) + incidence * np.cumsum(count * slope**2))
    return total


def aalen_variance(steps: Transitions) -> Numbers:
    """Sum the variances that each step of the hazards brings, with a correction for ties.

    Returns:
        The variances: a row for each cause.

    Source:
        Aalen OO. Ann Stat 1978;6:534, as in cuminc() of Gray, R package cmprsk 2.2.
    """
    return np.stack([_aalen_of(steps, cause) for cause in range(1, steps.table.ends.shape[0])])


def _aalen_of(steps: Transitions, cause: int) -> Numbers:
    """Sum the steps of one cause and of all others."""
    table, incidence = steps.table, steps.incidence[cause - 1]
    own, others = table.ends[cause], table.ends[1:].sum(axis=0) - table.ends[cause]
    some_left = steps.event_free > 0
    inverse = 1 / np.where(some_left, steps.event_free, np.inf)
    total = np.zeros_like(incidence)
    for events, direct in ((own, 1.0), (others, 0.0)):
        weight = steps.before**2 * _tied_variance(events, table.at_risk)
        start = direct + inverse * incidence
        total = total + np.cumsum(weight * start**2)
        total = total - 2 * incidence * np.cumsum(weight * start * inverse)
        total = total + incidence**2 * np.cumsum(weight * inverse**2)
    return total


def _tied_variance(events: Counts, at_risk: Counts) -> Numbers:
    """Give the variance of a hazard step, smaller where several events share one time."""
    ties = np.maximum(events - 1, 0) / np.maximum(at_risk - 1, 1)
    return (1 - ties) * events / at_risk.astype(np.float64) ** 2
