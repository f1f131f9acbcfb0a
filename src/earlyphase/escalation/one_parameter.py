"""The one-parameter models of the CRM: the likelihood on a grid, and what it says of the parameter.

The parameter b has a normal prior around 0; a dose with the label x has the DLT probability exp(x e^b) in the empiric
model and 1 / (1 + exp(-intercept - x e^b)) in the logistic one. Both fall as b grows, at doses with x < 0.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from earlyphase.escalation.skeletons import INTERCEPT, Model, Scale

Floats = NDArray[np.float64]

PRIOR_SD = sqrt(1.34)
"""Standard deviation of the parameter's prior. Source: O'Quigley & Shen 1996, Biometrics 52:673; dfcrm 0.2-2.1."""

REACH = 8.0
"""How many prior standard deviations the quadrature covers: what lies beyond has a mass of 1e-15."""

POINTS = {Model.EMPIRIC: 61, Model.LOGISTIC: 201}
"""Points of the Gauss quadrature on each of its two intervals, so 402 for the steeper flanks of the logistic."""

BOUND = 10.0
"""The estimate by maximum likelihood is sought within ± this. Source: dfcrm 0.2-2.1."""

HALVINGS = 60
"""Bisections of that interval, down to 2e-17 of it."""


class Estimate(NamedTuple):
    """What is known of the parameter after each of many tallies."""

    mean: Floats
    variance: Floats
    above: Floats
    """The chance that the DLT probability of the lowest dose exceeds the limit that was asked for."""


class Grid(NamedTuple):
    """The points of a quadrature, and their weights with the prior's density."""

    points: Floats
    weights: Floats
    below: int
    """How many points lie where the lowest dose's DLT probability exceeds the limit."""


@dataclass(frozen=True, slots=True)
class OneParameter:
    """A one-parameter model of the doses: its kind, its labels, its prior."""

    skeleton: tuple[float, ...]
    model: Model = Model.EMPIRIC
    prior_sd: float = PRIOR_SD
    intercept: float = INTERCEPT

    @property
    def labels(self) -> Floats:
        """Give the label of each dose.

        Source: Cheung 2011, Dose Finding by the Continual Reassessment Method, chapter 3.
        """
        scale = Scale(self.model, self.intercept)
        return np.array([scale.label(value) for value in self.skeleton])

    def log_chances(self, parameter: Floats) -> tuple[Floats, Floats]:
        """Give the logarithms of the DLT probability, and of its complement: a row for each dose.

        Source: O'Quigley 1990, Biometrics 46:33; Goodman 1995, Stat Med 14:1149.
        """
        reached = self.labels[:, None] * np.exp(parameter)
        if self.model is Model.EMPIRIC:
            return reached, np.log(-np.expm1(np.minimum(reached, -1e-300)))
        return -np.logaddexp(0, -self.intercept - reached), -np.logaddexp(0, self.intercept + reached)

    def chances(self, parameter: Floats) -> Floats:
        """Give the DLT probability at each dose: a row for each parameter.

        Units: probability.

        Source: as `log_chances`.
        """
        return np.exp(self.log_chances(parameter)[0]).T

    def grid(self, limit: float) -> Grid:
        """Give the quadrature, split where the lowest dose's DLT probability is the limit.

        Source: Gauss–Legendre quadrature on two intervals.
        """
        return _grid(self, limit)

    def split(self, limit: float) -> float:
        """Give the parameter at which the lowest dose has this DLT probability.

        Source: the model, solved for its parameter.
        """
        scale = Scale(self.model, self.intercept)
        ratio = scale.label(limit) / scale.label(self.skeleton[0])
        return log(ratio) if ratio > 0 else -REACH * self.prior_sd


@lru_cache(maxsize=32)
def _grid(model: OneParameter, limit: float) -> Grid:
    """Make the quadrature."""
    end = REACH * model.prior_sd
    middle = min(max(model.split(limit), -end), end)
    nodes, masses = np.polynomial.legendre.leggauss(POINTS[model.model])
    halves = [(nodes * (high - low) + high + low) / 2 for low, high in ((-end, middle), (middle, end))]
    points = np.concatenate(halves)
    lengths = np.repeat([(middle + end) / 2, (end - middle) / 2], len(nodes))
    density = np.exp(-((points / model.prior_sd) ** 2) / 2)
    return Grid(points, np.tile(masses, 2) * lengths * density, len(nodes))


def posterior(grid: Grid, log_likelihood: Floats) -> Estimate:
    """Give the posterior mean and variance of the parameter, and the chance that the lowest dose exceeds the limit.

    Args:
        grid: the points.
        log_likelihood: a row for each tally, a column for each point; it is overwritten.

    Source: O'Quigley 1990, Biometrics 46:33.
    """
    log_likelihood -= log_likelihood.max(axis=1, keepdims=True)
    mass = np.exp(log_likelihood, out=log_likelihood)
    lowest = np.arange(len(grid.points)) < grid.below
    columns = np.stack([np.ones_like(grid.points), grid.points, grid.points**2, lowest], axis=1) * grid.weights[:, None]
    total, first, second, above = (mass @ columns).T
    mean = first / total
    return Estimate(mean, second / total - mean**2, above / total)


def log_likelihood(model: OneParameter, parameter: Floats, evaluable: Floats, dlts: Floats) -> Floats:
    """Give the log-likelihood of many tallies: a row for each, a column for each parameter.

    Source: the binomial likelihood.
    """
    both = np.concatenate(model.log_chances(parameter))
    return np.concatenate([dlts, evaluable - dlts], axis=1) @ both


def most_likely(model: OneParameter, evaluable: Floats, dlts: Floats) -> Floats:
    """Give the parameter of the highest likelihood of each tally, within ± 10.

    Source: O'Quigley & Shen 1996, Biometrics 52:673.
    """
    low, high = np.full(len(evaluable), -BOUND), np.full(len(evaluable), BOUND)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        rises = _slope(model, middle, evaluable, dlts) > 0
        low, high = np.where(rises, middle, low), np.where(rises, high, middle)
    return (low + high) / 2


def _slope(model: OneParameter, parameter: Floats, evaluable: Floats, dlts: Floats) -> Floats:
    """Give a number of the sign of the log-likelihood's derivative; the likelihood has one peak."""
    hit = model.log_chances(parameter)[0].T
    if model.model is Model.EMPIRIC:
        odds = np.exp(hit) / -np.expm1(np.minimum(hit, -1e-300))
        return np.sum(hit * (dlts - (evaluable - dlts) * odds), axis=1)
    return np.sum(model.labels * (dlts - evaluable * np.exp(hit)), axis=1)
