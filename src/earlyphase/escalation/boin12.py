"""BOIN12: toxicity and efficacy together; the dose goes where the desirability ranks highest."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy.special import betainc

from earlyphase.escalation.batch import Ints, States
from earlyphase.escalation.behaving import cohort_sizes
from earlyphase.escalation.boin import boin_limits
from earlyphase.escalation.design import Design
from earlyphase.escalation.interval import cutoff_of, target_of
from earlyphase.escalation.isotonic import IsotonicSelection, too_toxic
from earlyphase.escalation.options import Options
from earlyphase.escalation.timed_advice import Known
from earlyphase.escalation.timed_options import ladder, most_of
from earlyphase.escalation.underway import WAIT, Floats, Moves, Truths, Underway
from earlyphase.faults import InvalidInput

EFFICACY, FUTILE = 0.25, 0.90
"""Lowest acceptable response probability, and the chance of lying below it from which on a dose is futile. Source: Lin
2020, JCO Precis Oncol 4:1393."""

UTILITY = (40.0, 60.0)
"""Utilities of neither response nor DLT, and of both; 100 for a response alone, 0 for a DLT alone. Source: as above."""

EXPLORED = 6
"""Participants at a dose from which on the next higher is no longer tried between the limits. Source: as above."""

DIGITS = 12
"""Desirabilities nearer than this are equal."""


class Score(NamedTuple):
    """One row of the table of desirability scores."""

    patients: int
    dlts: int
    responses: int
    rank: float | None
    """None where the dose is not admissible on these counts."""


@dataclass(frozen=True, slots=True)
class Tradeoff:
    """How toxicity and efficacy are weighed."""

    toxicity: float
    """Highest acceptable DLT probability."""
    efficacy: float = EFFICACY
    utility: tuple[float, float] = UTILITY
    cutoff: float = 0.95
    futile: float = FUTILE

    @property
    def benchmark(self) -> float:
        """Give the utility that a dose should exceed: midway between that of a barely acceptable dose and the best.

        Source: Lin 2020, JCO Precis Oncol 4:1393.
        """
        p, q = self.toxicity, self.efficacy
        acceptable = 100 * q * (1 - p) + self.utility[0] * (1 - q) * (1 - p) + self.utility[1] * q * p
        return (acceptable + (100 - acceptable) / 2) / 100

    def gained(self, patients: Floats, dlts: Floats, responses: Floats) -> Floats:
        """Give the utility of all patients of a dose together, in units of the best outcome of one.

        The points of neither outcome and of both add up to 100, so that each outcome has its own share of them.

        Source: Lin 2020, JCO Precis Oncol 4:1393.
        """
        return (self.utility[0] * (patients - dlts) + self.utility[1] * responses) / 100

    def desirability(self, patients: Floats, dlts: Floats, responses: Floats) -> Floats:
        """Give the posterior chance that a dose's mean utility exceeds the benchmark.

        Source: Lin 2020, JCO Precis Oncol 4:1393, the quasi-binomial likelihood.
        """
        gained = self.gained(patients, dlts, responses)
        return 1 - np.asarray(betainc(1 + gained, 1 + patients - gained, self.benchmark), np.float64)

    def admissible(self, patients: Floats, dlts: Floats, responses: Floats) -> Truths:
        """Say whether a dose is neither too toxic nor futile.

        Source: Lin 2020, JCO Precis Oncol 4:1393.
        """
        toxic = 1 - betainc(1 + dlts, 1 + patients - dlts, self.toxicity) > self.cutoff
        futile = betainc(1 + responses, 1 + patients - responses, self.efficacy) > self.futile
        return ~((toxic | futile) & (patients > 0))


@lru_cache(maxsize=16)
def desirability_scores(tradeoff: Tradeoff, sizes: tuple[int, ...]) -> tuple[Score, ...]:
    """Give the rank-based desirability scores: every result on so many patients, ranked by desirability.

    Args:
        tradeoff: how toxicity and efficacy are weighed.
        sizes: the numbers of patients at a dose that the study can come to, 0 included.

    Returns:
        One row for each result; those of equal desirability share the mean of their ranks.

    Source: Lin 2020, JCO Precis Oncol 4:1393; escalation 0.2.3.
    """
    results = [(n, y, r) for n in sizes for y, r in product(range(n + 1), range(n + 1))]
    columns = [np.array(column, np.float64) for column in zip(*results, strict=True)]
    allowed = tradeoff.admissible(columns[0], columns[1], columns[2])
    value = np.round(tradeoff.desirability(columns[0], columns[1], columns[2]), DIGITS)
    _, place, times = np.unique(value[allowed], return_inverse=True, return_counts=True)
    ranks = np.full(len(results), np.nan)
    ranks[allowed] = (np.cumsum(times) - (times - 1) / 2)[place]
    found = zip(results, ranks.tolist(), allowed.tolist(), strict=True)
    return tuple(Score(*result, rank if fits else None) for result, rank, fits in found)


@dataclass(frozen=True, slots=True)
class Boin12:
    """BOIN12: the next cohort goes to the admissible neighbour, or stays, where the desirability is highest.

    At a DLT rate at or above the upper limit the dose is lowered; between the limits the next higher dose is no longer
    tried once six were treated. Nobody is treated before the cohort's responses and DLTs are known. In the end the
    optimal biological dose is, of the admissible doses up to the MTD, the one with the highest mean utility.

    Source: Lin 2020, JCO Precis Oncol 4:1393.
    """

    doses: int
    tradeoff: Tradeoff
    rates: tuple[float, float]
    most: int
    cohort_size: int = 3
    start: int = 1

    def decide(self, underway: Underway) -> Moves:
        """Say what each study does next.

        Source: as the class.
        """
        treated, dlts = (part.astype(np.float64) for part in underway.counts[:2])
        responses, current = underway.responses().astype(np.float64), underway.current.astype(np.int64)
        wanted = self._wanted(treated, dlts, responses, current)
        left = self.most - treated.sum(axis=0).astype(np.int64)
        dose = np.where(left <= 0, 0, np.where(current == 0, self.start, wanted))
        dose = np.where(underway.pending.any(axis=0), WAIT, dose)
        size = np.where(dose > 0, np.minimum(self.cohort_size, left), 0)
        best = self._best(treated, dlts, responses)
        return Moves(dose, size, np.where(dose == 0, best, 0), np.zeros(len(dose), np.bool_))

    def select_many(self, states: States) -> Ints:
        """Select the MTD of each tally by toxicity alone, 0 for none.

        Source: isotonic regression, as BOIN: Yuan 2016, Clin Cancer Res 22:4291.
        """
        out = too_toxic(self.tradeoff.toxicity, self.tradeoff.cutoff, states.evaluable, states.dlts)
        return IsotonicSelection(self.tradeoff.toxicity).select(states.evaluable, states.dlts, out)

    def explain(self, underway: Underway, moves: Moves) -> str:
        """Say which rule decided for the first study.

        Source: as the class.
        """
        if moves.dose[0] == WAIT:
            return "the cohort is followed until DLTs and responses are known"
        treated, dlts, _, _ = (part[0] for part in underway.here)
        if dlts / max(treated, 1) >= self.rates[1]:
            return f"at a rate of {self.rates[1]:.3f} or more the dose is lowered"
        columns = [*underway.counts[:2], underway.responses()]
        value = self.tradeoff.desirability(*(column[:, 0].astype(np.float64) for column in columns))
        shown = ", ".join(f"{each:.3f}" for each in value)
        return f"the chances of a utility above {100 * self.tradeoff.benchmark:.1f} are {shown}"

    def _wanted(self, treated: Floats, dlts: Floats, responses: Floats, current: Ints) -> Ints:
        """Give the next dose, 0 where no dose is admissible."""
        at, study = np.maximum(current, 1) - 1, np.arange(len(current))
        n, y = treated[at, study], dlts[at, study]
        rate, doses = y / np.maximum(n, 1), np.arange(1, self.doses + 1)[:, None]
        tries_higher = (rate <= self.rates[0]) | (n < EXPLORED)
        highest = np.where(rate >= self.rates[1], current - 1, current + tries_higher)
        highest = np.maximum(highest, 1)
        allowed = self.tradeoff.admissible(treated, dlts, responses) & self._below_toxic(treated, dlts)
        near: Truths = allowed & (doses <= highest) & (doses >= np.minimum(current - 1, highest))
        value = np.round(np.where(near, self.tradeoff.desirability(treated, dlts, responses), -1.0), DIGITS)
        fallback = np.where(allowed & (doses <= highest), doses, 0).max(axis=0)
        nowhere: Truths = np.sum(near, axis=0) == 0
        found: Ints = np.argmax(value, axis=0) + 1
        found[nowhere] = fallback[nowhere]
        return found

    def _below_toxic(self, treated: Floats, dlts: Floats) -> Truths:
        """Say which doses lie below every dose that is too toxic."""
        toxic = too_toxic(self.tradeoff.toxicity, self.tradeoff.cutoff, treated.astype(np.int64), dlts.astype(np.int64))
        beyond: Truths = np.cumsum(toxic, axis=0) > 0
        return ~beyond

    def _best(self, treated: Floats, dlts: Floats, responses: Floats) -> Ints:
        """Give the optimal biological dose of each study, 0 for none."""
        counts = [part.T.astype(np.int64) for part in (treated, dlts)]
        highest = self.select_many(States(counts[0], counts[1], np.zeros(len(counts[0]), np.int64)))
        doses = np.arange(1, self.doses + 1)[:, None]
        allowed = self.tradeoff.admissible(treated, dlts, responses) & (treated > 0) & (doses <= highest)
        mean = np.where(allowed, (1 + self.tradeoff.gained(treated, dlts, responses)) / (2 + treated), -1.0)
        return np.where(allowed.any(axis=0), np.argmax(mean, axis=0) + 1, 0)


def from_options(options: Options) -> Design:
    """Make the design from a user's options, for questions where everyone is known.

    Raises:
        InvalidInput: an option is missing or wrong.

    Source: as `Boin12`.
    """
    return Known(timed_from_options(options), by_response=True)


def timed_from_options(options: Options) -> Boin12:
    """Make the design from a user's options; `--target` is the highest acceptable DLT probability.

    Raises:
        InvalidInput: an option is missing or wrong.

    Source: as `Boin12`; the limits are those of BOIN, Liu & Yuan 2015.
    """
    toxicity, (doses, start) = target_of(options), ladder(options)
    efficacy = EFFICACY if options.efficacy is None else options.efficacy
    if not 0 < efficacy < 1:
        raise InvalidInput("--efficacy", efficacy, "is not between 0 and 1.", f"{EFFICACY:g} is usual.")
    utility = UTILITY if options.utility is None else options.utility
    if len(utility) != len(UTILITY) or not all(0 <= each <= 100 for each in utility) or sum(utility) != 100:  # noqa: PLR2004 - points of 100
        rule = "are not the points of neither outcome and of both, which add up to 100."
        raise InvalidInput("--utility", utility, rule, "As in 40,60.")
    tradeoff = Tradeoff(toxicity, efficacy, (utility[0], utility[1]), cutoff_of(options))
    rates = boin_limits(toxicity, options.under, options.over)
    return Boin12(doses, tradeoff, rates, most_of(options), cohort_sizes(options)[-1], start)
