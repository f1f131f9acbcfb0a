"""The two-parameter logistic model: its posterior on a grid, and the chance of each interval of DLT probability.

At dose d the odds of a DLT are alpha (d / reference)^beta; log alpha and log beta have normal priors. The grid is
uniform, which for such smooth functions that vanish on all sides is as exact as Gauss quadrature. The chance that a DLT
probability exceeds a limit is the integral beyond a point between the grid's lines: it is taken of the band-limited
function through the grid, whose weights are sine integrals.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import log, pi, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import sici

Floats = NDArray[np.float64]

REACH = 6.0
"""How many prior standard deviations the grid covers."""

STEPS = (0.2, 0.2)
"""The distance of its lines, for log alpha and log beta."""

BLOCK = 8
"""Tallies that are fitted at once: so few that the linear algebra stays on one core and in its cache."""


@dataclass(frozen=True, slots=True)
class Prior:
    """The bivariate normal prior of log alpha and log beta.

    Source: Neuenschwander 2008, Stat Med 27:2420.
    """

    mean_alpha: float
    sd_alpha: float
    mean_beta: float
    sd_beta: float
    correlation: float = 0.0


@dataclass(frozen=True, slots=True)
class TwoParameter:
    """The model of some doses.

    Source: Neuenschwander 2008, Stat Med 27:2420.
    """

    amounts: tuple[float, ...]
    """How much each dose is, in any unit."""
    reference: float
    """The dose at which the odds of a DLT are alpha, in the same unit."""
    prior: Prior

    def fit(self, evaluable: Floats, dlts: Floats, limits: tuple[float, float]) -> "Posterior":
        """Fit the model to many tallies.

        Args:
            evaluable: a row for each tally, a column for each dose.
            dlts: in the same shape.
            limits: the lower and the upper end of the target interval.

        Source: Neuenschwander 2008, Stat Med 27:2420.
        """
        grid, counts = _grid(self, limits), np.concatenate([dlts, evaluable - dlts], axis=1)
        blocks = [counts[first : first + BLOCK] for first in range(0, max(1, len(counts)), BLOCK)]
        sums = np.concatenate([_sums(block, grid) for block in blocks])
        mean, square, low, high = np.split(sums[:, 1:] / sums[:, :1], 4, axis=1)
        return Posterior(mean, np.sqrt(np.maximum(square - mean**2, 0)), 1 - low, low - high, high)


class Posterior(NamedTuple):
    """What is known of the DLT probabilities: a row for each tally, a column for each dose."""

    mean: Floats
    sd: Floats
    under: Floats
    """The chance that the DLT probability lies below the target interval."""
    target: Floats
    """The chance that it lies in it."""
    over: Floats
    """The chance that it lies above."""


class _Grid(NamedTuple):
    """The logarithms of the chances at each point, and the columns to be summed there."""

    logs: Floats
    """A row for each dose's DLT, then for each dose's absence of one; a column for each point."""
    log_prior: Floats
    columns: Floats
    """Ones, DLT probabilities, their squares, shares beyond the lower limit, shares beyond the upper."""


@lru_cache(maxsize=16)
def _grid(model: TwoParameter, limits: tuple[float, float]) -> _Grid:
    """Lay the grid, and compute all that does not depend on what was seen."""
    prior = model.prior
    alpha, beta = _line(prior.mean_alpha, prior.sd_alpha, STEPS[0]), _line(prior.mean_beta, prior.sd_beta, STEPS[1])
    log_alpha, log_beta = (axis.ravel() for axis in np.meshgrid(alpha, beta, indexing="ij"))
    ratios = np.log(np.array(model.amounts) / model.reference)[:, None]
    logit = log_alpha + np.exp(log_beta) * ratios
    chance = 1 / (1 + np.exp(-np.clip(logit, -700, 700)))
    step = alpha[1] - alpha[0]
    beyond = [_share_beyond((logit - log(limit / (1 - limit))) / step) for limit in limits]
    logs = np.concatenate([-np.logaddexp(0, -logit), -np.logaddexp(0, logit)])
    columns = np.concatenate([np.ones((1, len(log_alpha))), chance, chance**2, *beyond]).T
    return _Grid(logs, _log_density(prior, log_alpha, log_beta), columns)


def _share_beyond(distance: Floats) -> Floats:
    """Give how much of each point's mass lies beyond a limit, from its distance above it in steps of the grid."""
    sine_integral: Floats = sici(pi * distance)[0]  # pyright: ignore[reportUnknownVariableType] - scipy's stub leaves it open
    return 0.5 + sine_integral / pi


def _line(mean: float, sd: float, step: float) -> Floats:
    """Give the grid's lines along one parameter."""
    half = int(np.ceil(REACH * sd / step))
    return mean + step * np.arange(-half, half + 1, dtype=np.float64)


def _log_density(prior: Prior, log_alpha: Floats, log_beta: Floats) -> Floats:
    """Give the logarithm of the prior's density, but for a constant."""
    first = (log_alpha - prior.mean_alpha) / prior.sd_alpha
    second = ((log_beta - prior.mean_beta) / prior.sd_beta - prior.correlation * first) / sqrt(1 - prior.correlation**2)
    return -(first**2 + second**2) / 2


def _sums(counts: Floats, grid: _Grid) -> Floats:
    """Sum the columns over the grid, weighted by prior and likelihood."""
    mass = counts @ grid.logs
    mass += grid.log_prior
    mass -= mass.max(axis=1, keepdims=True)
    return np.exp(mass, out=mass) @ grid.columns
