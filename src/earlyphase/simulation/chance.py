"""Chance: every virtual participant has a source of their own, so that nobody's course hangs on the order of others."""

import math
from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

from earlyphase.dates import MONTH
from earlyphase.simulation.truth import Span

T = TypeVar("T")

YEAR = 12 * MONTH
"""Units: days."""

ARRIVALS, PEOPLE, PAPER, COMMITTEE, REPORTS = range(5)
"""What draws from a seed, each on branches of its own: what is written of people never changes what happens to them."""


class Chance:
    """A source of random draws."""

    def __init__(self, seed: int, *branch: int) -> None:
        """Open the branch of a seed that belongs to one person, or one purpose."""
        self._generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=branch))

    def happens(self, probability: float) -> bool:
        """Tell whether something of a probability happens."""
        return float(self._generator.random()) < probability

    def days(self, span: Span) -> int:
        """Draw from a span.

        Units: days.
        """
        return int(self._generator.integers(span.least, span.most, endpoint=True))

    def between(self, least: float, most: float) -> float:
        """Draw a number between two ends."""
        return float(self._generator.uniform(least, most))

    def around(self, typical: float, spread: float) -> float:
        """Draw a positive number around a typical one.

        Args:
            typical: the median.
            spread: the standard deviation of its logarithm.
        """
        return typical * math.exp(spread * float(self._generator.standard_normal()))

    def after_median(self, median: float) -> int:
        """Draw a waiting time without memory, by its median.

        Units: days, at least 1.
        """
        return 1 + int(self._generator.exponential(median / math.log(2)))

    def after_rate(self, per_year: float) -> float:
        """Draw a waiting time without memory, by its rate; endless where the rate is 0.

        Units: days.
        """
        return float(self._generator.exponential(YEAR / per_year)) if per_year else math.inf

    def one_of(self, things: Sequence[T]) -> T:
        """Draw one of several, each as likely."""
        return things[int(self._generator.integers(len(things)))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """Draw one of several by their weights."""
        point = float(self._generator.random()) * sum(weights.values())
        for thing, weight in weights.items():
            point -= weight
            if point < 0:
                return thing
        return list(weights)[-1]
