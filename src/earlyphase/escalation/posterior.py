"""What counts say about a DLT probability that was uniform before: Beta(1 + DLTs, 1 + others), for whole counts."""

from functools import cache
from itertools import accumulate
from math import comb

TIE = 1e-12
"""Masses nearer to one another than this are equal."""


def chance_above(limit: float, evaluable: int, dlts: int) -> float:
    """Give the posterior chance that the DLT probability exceeds a limit.

    Units: probability.

    Returns:
        P(p > limit) under a uniform prior; by the identity with the binomial distribution, without quadrature.

    Source: Liu & Yuan 2015, J R Stat Soc C 64:507, section 3 (dose elimination).
    """
    return _cumulative(limit, evaluable + 1)[dlts]


def chance_between(low: float, high: float, evaluable: int, dlts: int) -> float:
    """Give the posterior chance that the DLT probability lies in an interval.

    Units: probability.

    Source: Ji 2010, Clin Trials 7:653 (the interval masses of mTPI).
    """
    return chance_above(low, evaluable, dlts) - chance_above(high, evaluable, dlts)


def strongest(masses: list[float]) -> int:
    """Give the place of the largest mass; of masses that tie, the one of higher probabilities, which is the safer.

    Source: at target 0.25 ± 0.05, 1 of 2 gives mTPI two equal masses, and escalation 0.2.3 de-escalates.
    """
    least = max(masses) - TIE
    return max(at for at, mass in enumerate(masses) if mass >= least)


@cache
def _cumulative(chance: float, trials: int) -> tuple[float, ...]:
    """Give the binomial distribution function at 0, 1, … trials."""
    terms = (comb(trials, hits) * chance**hits * (1 - chance) ** (trials - hits) for hits in range(trials + 1))
    return tuple(accumulate(terms))
