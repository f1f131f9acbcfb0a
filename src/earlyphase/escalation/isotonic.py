"""Isotonic regression, and the MTD that it selects when a count-driven escalation is over."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from earlyphase.escalation.decision_table import eliminated

Numbers = NDArray[np.float64]
Counts = NDArray[np.integer[Any]]
Truths = NDArray[np.bool_]

PSEUDO = 0.05
"""Added to DLTs and to the others before the fit. Source: BOIN's select.mtd, Yuan 2016, Clin Cancer Res 22:4291."""

BLOCK = 16_384
"""Tallies that are worked through at once."""

TIE = 1e-10
"""Added per dose after the fit, so that of equal estimates below the target the higher dose wins. Source: as above."""


def isotonic(values: ArrayLike, weights: ArrayLike | None = None) -> Numbers:
    """Fit values that do not decrease, by weighted least squares.

    Args:
        values: along the last axis; further axes hold further fits.
        weights: of the same shape; a value of weight 0 is left out, and its fit is not a number.

    Returns:
        The fit.

    Source: Barlow 1972, Statistical Inference under Order Restrictions (the min–max formula).
    """
    given = np.asarray(values, np.float64)
    observed = np.ascontiguousarray(given.reshape(-1, given.shape[-1]).T)
    weight = np.ones_like(observed) if weights is None else np.asarray(weights, np.float64).reshape(observed.T.shape).T
    fit = np.full_like(observed, -np.inf)
    for first in range(len(observed)):
        least = np.full(observed.shape[1:], np.inf)
        means = _running_means(observed, weight, first)
        for last in range(len(observed) - 1, first - 1, -1):
            np.fmin(least, means[last - first], out=least)
            np.maximum(fit[last], least, out=fit[last])
    return np.where(weight > 0, fit, np.nan).T.reshape(given.shape)


def _running_means(observed: Numbers, weight: Numbers, first: int) -> list[Numbers]:
    """Give the weighted means of the values from `first` to each later one; not a number where nothing weighs."""
    total, mass = np.zeros(observed.shape[1:]), np.zeros(observed.shape[1:])
    means: list[Numbers] = []
    for last in range(first, len(observed)):
        total = total + weight[last] * observed[last]
        mass = mass + weight[last]
        with np.errstate(invalid="ignore"):
            means.append(total / mass)
    return means


@dataclass(frozen=True, slots=True)
class IsotonicSelection:
    """How the MTD is selected: the dose whose isotonic estimate is nearest to the target, of those not eliminated."""

    target: float
    highest_estimate: float | None = None
    """Where given, the MTD's own estimate may not exceed it."""

    def select(self, evaluable: Counts, dlts: Counts, out: Truths) -> NDArray[np.int8]:
        """Select the MTD of each tally.

        Args:
            evaluable: a row for each tally, a column for each dose.
            dlts: in the same shape.
            out: in the same shape, whether the dose is eliminated by its own counts; those above it then are too.

        Returns:
            The dose, counted from 1; 0 where there is none.

        Source: BOIN 2.7.2 `select.mtd`; Yuan 2016, Clin Cancer Res 22:4291.
        """
        blocks = range(0, len(evaluable), BLOCK)
        parts = [slice(first, first + BLOCK) for first in blocks]
        chosen = [self._select(evaluable[part], dlts[part], out[part]) for part in parts]
        return np.concatenate(chosen) if chosen else np.zeros(0, np.int8)

    def _select(self, evaluable: Counts, dlts: Counts, out: Truths) -> NDArray[np.int8]:
        """Select the MTD of tallies that are few enough for the processor's cache."""
        admissible = (evaluable > 0) & ~np.logical_or.accumulate(out, axis=1)
        fit = estimates(evaluable, dlts, admissible)
        fit += TIE * np.cumsum(admissible, axis=1)
        if self.highest_estimate is not None:
            admissible &= fit <= self.highest_estimate
        distance = np.where(admissible, np.abs(fit - self.target), np.inf)
        chosen = np.argmin(distance, axis=1) + 1
        return np.where(admissible.any(axis=1), chosen, 0).astype(np.int8)


def too_toxic(target: float, cutoff: float, evaluable: Counts, dlts: Counts) -> Truths:
    """Say where P(p > target) exceeds the cutoff, on three participants or more.

    Source: Liu & Yuan 2015, J R Stat Soc C 64:507, section 3.
    """
    return _too_toxic(target, cutoff, int(evaluable.max(initial=0)))[evaluable, dlts]


def estimates(evaluable: Counts, dlts: Counts, admissible: Truths) -> Numbers:
    """Estimate the DLT probability at each admissible dose by isotonic regression.

    Units: probability.

    Returns:
        The fit, weighted by inverse variance; not a number at other doses.

    Source: BOIN 2.7.2 `select.mtd`; Yuan 2016.
    """
    value, weight = _pseudo_estimates(int(evaluable.max(initial=0)))
    return isotonic(value[evaluable, dlts], np.where(admissible, weight[evaluable, dlts], 0.0))


@lru_cache(maxsize=64)
def _pseudo_estimates(most: int) -> tuple[Numbers, Numbers]:
    """Give for each n and DLTs the estimate before the fit, and its inverse variance."""
    evaluable = np.arange(most + 1)[:, None]
    hits, total = np.minimum(np.arange(most + 1), evaluable) + PSEUDO, evaluable + 2 * PSEUDO
    return hits / total, total**2 * (total + 1) / (hits * (total - hits))


@lru_cache(maxsize=64)
def _too_toxic(target: float, cutoff: float, most: int) -> Truths:
    """Say for each n and DLTs whether the dose is eliminated."""
    table = np.zeros((most + 1, most + 1), np.bool_)
    for n in range(most + 1):
        table[n, : n + 1] = [eliminated(target, cutoff, n, dlts) for dlts in range(n + 1)]
    return table
